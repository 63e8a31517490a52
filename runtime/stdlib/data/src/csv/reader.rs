//! The reader: an automaton over the characters of lines.

use super::dialect::{Options, options};
use super::{error, kept, make_dialect, quote, with_dialect};
use python_objects::kind::{class as builtin, special};
use python_objects::{Args, Native, Object, Py, R, TypeSpec, Value, string};

pub(super) static READER: TypeSpec =
    TypeSpec::values("_csv", "reader", 3, METHODS, "An iterator over the rows of a CSV file.");
mod word {
    pub(super) const LINES: usize = 1;
    pub(super) const DIALECT: usize = 2;
    pub(super) const LINE_NUMBER: usize = 3;
}
static METHODS: &[Native] = &[
    Native::wrapper("__iter__", "self, /", |_, args| Ok(args.at(0)), "Implement iter(self)."),
    Native::wrapper("__next__", "self, /", next, "Implement next(self)."),
    Native::member("dialect", |py, args| Ok(this(py, args)?.get(word::DIALECT)), ""),
    Native::member("line_num", |py, args| Ok(this(py, args)?.get(word::LINE_NUMBER)), ""),
];

fn this(py: Py<'_>, args: Args<'_>) -> R<Object> {
    py.native_self(args.at(0), &READER)
}
pub(super) fn make(py: Py<'_>, args: Args<'_>) -> R {
    let (lines, arguments) = with_dialect(py, args)?;
    let lines = py.iter(lines)?;
    let dialect = make_dialect(py, arguments, args.at(1))?;
    let o = py.new_native(&READER)?;
    o.init(word::LINES, lines);
    o.init(word::DIALECT, dialect.value());
    o.init(word::LINE_NUMBER, Value::int(0));
    Ok(o.value())
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    StartRecord,
    StartField,
    Escaped,
    AfterEscapedLineEnd,
    InField,
    InQuoted,
    EscapedInQuoted,
    QuoteInQuoted,
    /// Behind the line's end only more of it may come.
    EatLineEnd,
}
/// The end of a line as a character.
const END: u32 = u32::MAX;
const NEWLINE: u32 = b'\n' as u32;
const RETURN: u32 = b'\r' as u32;

struct Parser<'a, 't> {
    py: Py<'t>,
    options: &'a Options,
    limit: i64,
    fields: Object,
    field: Vec<u32>,
    /// Is the field to be a number?
    numeric: bool,
    state: State,
}
impl Parser<'_, '_> {
    fn add(&mut self, c: u32) -> R<()> {
        if self.field.len() as i64 >= self.limit {
            return error(self.py, &format!("field larger than field limit ({})", self.limit));
        }
        self.field.push(c);
        Ok(())
    }
    fn save(&mut self) -> R<()> {
        let text = self.py.str_from_code_points(&self.field)?;
        self.field.clear();
        let v = if std::mem::take(&mut self.numeric) {
            self.py.call(self.py.root(builtin::FLOAT), &[text.value()])?
        } else {
            text.value()
        };
        self.py.list_push(self.fields, v)
    }
    /// The field ends with the line.
    fn end_line(&mut self, c: u32) -> R<()> {
        self.save()?;
        self.state = if c == END { State::StartRecord } else { State::EatLineEnd };
        Ok(())
    }
    fn is_quote(&self, c: u32) -> bool {
        self.options.quote == Some(c) && self.options.quoting != quote::NONE
    }
    fn feed(&mut self, c: u32) -> R<()> {
        let is_line_end = matches!(c, NEWLINE | RETURN | END);
        let is_escape = self.options.escape == Some(c);
        match self.state {
            State::StartRecord if c == END => {}
            State::StartRecord if is_line_end => self.state = State::EatLineEnd,
            State::StartRecord | State::StartField => match c {
                _ if is_line_end => self.end_line(c)?,
                _ if self.is_quote(c) => self.state = State::InQuoted,
                _ if is_escape => self.state = State::Escaped,
                _ if c == u32::from(b' ') && self.options.skip_space => self.state = State::StartField,
                _ if c == self.options.delimiter => {
                    self.save()?;
                    self.state = State::StartField;
                }
                _ => {
                    self.numeric = self.options.quoting == quote::NONNUMERIC;
                    self.add(c)?;
                    self.state = State::InField;
                }
            },
            State::Escaped if matches!(c, NEWLINE | RETURN) => {
                self.add(c)?;
                self.state = State::AfterEscapedLineEnd;
            }
            State::Escaped => {
                self.add(if c == END { NEWLINE } else { c })?;
                self.state = State::InField;
            }
            State::AfterEscapedLineEnd if c == END => {}
            State::AfterEscapedLineEnd | State::InField => match c {
                _ if is_line_end => self.end_line(c)?,
                _ if is_escape => self.state = State::Escaped,
                _ if c == self.options.delimiter => {
                    self.save()?;
                    self.state = State::StartField;
                }
                _ => {
                    self.add(c)?;
                    self.state = State::InField;
                }
            },
            State::InQuoted => match c {
                END => {}
                _ if is_escape => self.state = State::EscapedInQuoted,
                _ if self.is_quote(c) => {
                    self.state = if self.options.doublequote { State::QuoteInQuoted } else { State::InField };
                }
                _ => self.add(c)?,
            },
            State::EscapedInQuoted => {
                self.add(if c == END { NEWLINE } else { c })?;
                self.state = State::InQuoted;
            }
            State::QuoteInQuoted => match c {
                _ if self.is_quote(c) => {
                    self.add(c)?;
                    self.state = State::InQuoted;
                }
                _ if c == self.options.delimiter => {
                    self.save()?;
                    self.state = State::StartField;
                }
                _ if is_line_end => self.end_line(c)?,
                _ if self.options.strict => {
                    let shown = |c: Option<u32>| c.and_then(char::from_u32).unwrap_or(char::REPLACEMENT_CHARACTER);
                    let (delimiter, quote) = (shown(Some(self.options.delimiter)), shown(self.options.quote));
                    return error(self.py, &format!("'{delimiter}' expected after '{quote}'"));
                }
                _ => {
                    self.add(c)?;
                    self.state = State::InField;
                }
            },
            State::EatLineEnd => match c {
                NEWLINE | RETURN => {}
                END => self.state = State::StartRecord,
                _ => {
                    return error(
                        self.py,
                        "new-line character seen in unquoted field - do you need to open the file in universal-newline mode?",
                    );
                }
            },
        }
        Ok(())
    }
}

fn next(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    let options = options(py, Object::of(o.get(word::DIALECT)));
    let fields = py.new_list(0)?;
    let limit = kept(py).limit.get();
    let mut parser =
        Parser { py, options: &options, limit, fields, field: Vec::new(), numeric: false, state: State::StartRecord };
    loop {
        let Some(line) = py.next(o.get(word::LINES))? else {
            if parser.field.is_empty() && parser.state != State::InQuoted {
                return Ok(special::END);
            }
            if options.strict {
                return error(py, "unexpected end of data");
            }
            parser.save()?;
            break;
        };
        let Some(text) = string::exact_or_payload(py, line) else {
            let class = py.class_name(line);
            return error(
                py,
                &format!("iterator should return strings, not {class} (the file should be opened in text mode)"),
            );
        };
        let number = o.get(word::LINE_NUMBER).as_int() + 1;
        py.store(o, word::LINE_NUMBER, Value::int(number));
        for (i, c) in string::code_points(text).enumerate() {
            if i % 4096 == 4095 {
                py.poll()?;
            }
            parser.feed(c)?;
        }
        parser.feed(END)?;
        if parser.state == State::StartRecord {
            break;
        }
    }
    Ok(fields.value())
}
