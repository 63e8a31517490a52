//! The writer: rows to lines.

use super::dialect::{Options, line_terminator, options};
use super::{error, make_dialect, quote, with_dialect};
use python_objects::symbol::sym;
use python_objects::{Args, Exc, Kind, Native, Object, Py, R, TypeSpec, Value, string};

pub(super) static WRITER: TypeSpec =
    TypeSpec::values("_csv", "writer", 2, METHODS, "An object that writes rows into a CSV file.");
mod word {
    /// The file's method.
    pub(super) const WRITE: usize = 1;
    pub(super) const DIALECT: usize = 2;
}
static METHODS: &[Native] = &[
    Native::method(
        "writerow",
        "self, row, /",
        write_row,
        "writerow(iterable)\n\nWrite a row; return what the file's method returns.",
    ),
    Native::method("writerows", "self, rows, /", write_rows, "writerows(iterable of iterables)\n\nWrite several rows."),
    Native::member("dialect", |py, args| Ok(this(py, args)?.get(word::DIALECT)), ""),
];

fn this(py: Py<'_>, args: Args<'_>) -> R<Object> {
    py.native_self(args.at(0), &WRITER)
}
pub(super) fn make(py: Py<'_>, args: Args<'_>) -> R {
    let (file, arguments) = with_dialect(py, args)?;
    let dialect = make_dialect(py, arguments, args.at(1))?;
    let Some(write) = py.get_optional(file, sym::WRITE)?.filter(|write| py.is_callable(*write)) else {
        return py.type_error("argument 1 must have a \"write\" method");
    };
    let o = py.new_native(&WRITER)?;
    o.init(word::WRITE, write);
    o.init(word::DIALECT, dialect.value());
    Ok(o.value())
}

struct Row<'a, 't> {
    py: Py<'t>,
    options: &'a Options,
    terminator: Object,
    out: Vec<u32>,
    fields: usize,
}
impl Row<'_, '_> {
    fn append(&mut self, field: Option<Object>, mut quoted: bool) -> R<()> {
        if self.fields > 0 {
            self.out.push(self.options.delimiter);
        }
        self.fields += 1;
        let (start, options) = (self.out.len(), self.options);
        for (i, c) in field.into_iter().flat_map(string::code_points).enumerate() {
            if i % 4096 == 4095 {
                self.py.poll()?;
            }
            let (is_quote, is_escape) = (options.quote == Some(c), options.escape == Some(c));
            let is_special =
                is_quote || is_escape || c == options.delimiter || string::code_points(self.terminator).any(|t| t == c);
            if is_special {
                let mut escaped = options.quoting == quote::NONE || is_escape && !is_quote;
                if is_quote && options.quoting != quote::NONE {
                    match (options.doublequote, options.quote) {
                        (true, Some(quote)) => self.out.push(quote),
                        _ => escaped = true,
                    }
                }
                match options.escape {
                    Some(escape) if escaped => self.out.push(escape),
                    None if escaped => return error(self.py, "need to escape, but no escapechar set"),
                    _ => quoted = true,
                }
            }
            self.out.push(c);
        }
        if let Some(quote) = options.quote.filter(|_| quoted) {
            self.out.insert(start, quote);
            self.out.push(quote);
        }
        Ok(())
    }
}
fn is_number(py: Py<'_>, v: Value) -> bool {
    matches!(py.kind(v), Kind::INT | Kind::BOOL | Kind::FLOAT | Kind::COMPLEX)
        || [sym::INDEX, sym::INT, sym::FLOAT].iter().any(|name| py.special(v, *name).is_some())
}
fn write(py: Py<'_>, o: Object, row: Value) -> R {
    let dialect = Object::of(o.get(word::DIALECT));
    let options = options(py, dialect);
    let fields = match py.iter(row) {
        Ok(fields) => fields,
        Err(stop) => {
            if py.catch(Exc::TypeError).is_none() {
                return Err(stop);
            }
            return error(py, &format!("iterable expected, not {}", py.class_name(row)));
        }
    };
    let terminator = line_terminator(dialect);
    let mut line = Row { py, options: &options, terminator, out: Vec::new(), fields: 0 };
    while let Some(field) = py.next(fields)? {
        let text = string::exact_or_payload(py, field);
        let null = field == Value::NONE;
        let quoted = match options.quoting {
            quote::NONNUMERIC => !is_number(py, field),
            quote::ALL => true,
            quote::STRINGS => text.is_some(),
            quote::NOTNULL => !null,
            _ => false,
        };
        let text = match text {
            Some(s) => Some(s),
            None if null => None,
            None => {
                let s = py.str_of(field)?;
                string::exact_or_payload(py, s.value())
            }
        };
        line.append(text, quoted)?;
    }
    if line.fields > 0 && line.out.is_empty() {
        if options.quoting == quote::NONE {
            return error(py, "single empty field record must be quoted");
        }
        line.fields -= 1;
        line.append(None, true)?;
    }
    line.out.extend(string::code_points(terminator));
    let text = py.str_from_code_points(&line.out)?;
    py.call(o.get(word::WRITE), &[text.value()])
}
fn write_row(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    write(py, o, args.at(1))
}
fn write_rows(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    py.each(args.at(1), |row| write(py, o, row).map(|_| ()))?;
    Ok(Value::NONE)
}
