//! `Dialect`: the options, checked.

use super::{is_empty, known_dialect, quote};
use python_objects::{Args, Exc, Native, Object, Py, R, TypeSpec, Value, int, string};

pub(super) static DIALECT: TypeSpec = TypeSpec::values(
    "_csv",
    "Dialect",
    8,
    METHODS,
    "Options of a CSV file.\n\nThe methods of this module make it from what programs pass as dialect and options.",
)
.inheritable();
/// Words, in the order of the options below.
mod word {
    pub(super) const DELIMITER: usize = 1;
    pub(super) const DOUBLEQUOTE: usize = 2;
    pub(super) const ESCAPECHAR: usize = 3;
    pub(super) const LINETERMINATOR: usize = 4;
    pub(super) const QUOTECHAR: usize = 5;
    pub(super) const QUOTING: usize = 6;
    pub(super) const SKIPINITIALSPACE: usize = 7;
    pub(super) const STRICT: usize = 8;
}
const OPTIONS: [&str; 8] =
    ["delimiter", "doublequote", "escapechar", "lineterminator", "quotechar", "quoting", "skipinitialspace", "strict"];
static METHODS: &[Native] = &[
    Native::static_method("__new__", "cls, /, *args, **kwargs", new, "Create and return a new object."),
    Native::method("__reduce__", "self, /", no_pickling, "raises an exception to avoid pickling"),
    Native::method("__reduce_ex__", "self, protocol, /", no_pickling, "raises an exception to avoid pickling"),
    Native::getter("delimiter", |py, args| field(py, args, word::DELIMITER), ""),
    Native::member("doublequote", |py, args| field(py, args, word::DOUBLEQUOTE), ""),
    Native::getter("escapechar", |py, args| field(py, args, word::ESCAPECHAR), ""),
    Native::getter("lineterminator", |py, args| field(py, args, word::LINETERMINATOR), ""),
    Native::getter("quotechar", |py, args| field(py, args, word::QUOTECHAR), ""),
    Native::getter("quoting", |py, args| field(py, args, word::QUOTING), ""),
    Native::member("skipinitialspace", |py, args| field(py, args, word::SKIPINITIALSPACE), ""),
    Native::member("strict", |py, args| field(py, args, word::STRICT), ""),
];

/// The options as the reader and the writer need them.
#[derive(Clone, Copy)]
pub(super) struct Options {
    pub(super) delimiter: u32,
    pub(super) doublequote: bool,
    pub(super) escape: Option<u32>,
    pub(super) quote: Option<u32>,
    pub(super) quoting: i64,
    pub(super) skip_space: bool,
    pub(super) strict: bool,
}
fn character(py: Py<'_>, v: Value) -> Option<u32> {
    string::exact_or_payload(py, v).filter(|s| string::length(*s) == 1).map(|s| string::at(s, 0))
}
/// The options of a dialect.
pub(super) fn options(py: Py<'_>, o: Object) -> Options {
    Options {
        delimiter: character(py, o.get(word::DELIMITER)).unwrap_or(u32::from(b',')),
        doublequote: o.get(word::DOUBLEQUOTE) == Value::TRUE,
        escape: character(py, o.get(word::ESCAPECHAR)),
        quote: character(py, o.get(word::QUOTECHAR)),
        quoting: o.get(word::QUOTING).as_int(),
        skip_space: o.get(word::SKIPINITIALSPACE) == Value::TRUE,
        strict: o.get(word::STRICT) == Value::TRUE,
    }
}
/// What ends lines that are written.
pub(super) fn line_terminator(o: Object) -> Object {
    Object::of(o.get(word::LINETERMINATOR))
}

fn field(py: Py<'_>, args: Args<'_>, word: usize) -> R {
    Ok(py.native_self(args.at(0), &DIALECT)?.get(word))
}
fn no_pickling(py: Py<'_>, args: Args<'_>) -> R {
    let class = python_objects::class::name(py, py.class_of(args.at(0)));
    py.type_error(&format!("cannot pickle '{class}' instances"))
}

/// A dialect by name, or an object with the options as attributes; options given beside it count first.
fn new(py: Py<'_>, args: Args<'_>) -> R {
    let (given, keywords) = (Object::of(args.at(1)), args.at(2));
    let count = given.length() + Object::from_value(keywords).map_or(0, python_objects::dict::length);
    if count > OPTIONS.len() + 1 {
        return py.type_error(&format!("function takes at most {} arguments ({count} given)", OPTIONS.len() + 1));
    }
    let mut dialect = if given.length() > 0 { given.element(0) } else { Value::EMPTY };
    let mut found = [Value::EMPTY; OPTIONS.len()];
    for (i, v) in found.iter_mut().enumerate().take(given.length().saturating_sub(1)) {
        *v = given.element(i + 1);
    }
    if let Some(keywords) = Object::from_value(keywords) {
        let mut i = 0;
        while let Some((at, name, value)) = python_objects::dict::next_entry(keywords, i) {
            i = at + 1;
            let name = string::exact_or_payload(py, name).map_or_else(String::new, string::to_rust);
            if name == "dialect" && dialect.is_empty() {
                dialect = value;
            } else if let Some(place) =
                OPTIONS.iter().position(|option| *option == name).filter(|i| found[*i].is_empty())
            {
                found[place] = value;
            } else {
                return py.type_error(&format!("'{name}' is an invalid keyword argument for this function"));
            }
        }
    }
    if dialect == Value::NONE {
        dialect = Value::EMPTY;
    }
    if !dialect.is_empty() {
        if string::exact_or_payload(py, dialect).is_some() {
            dialect = known_dialect(py, dialect)?;
        }
        // One that is checked already is as good as new.
        if is_empty(keywords) && given.length() <= 1 && py.of_kind(dialect, DIALECT.kind).is_some() {
            return Ok(dialect);
        }
        for (option, v) in OPTIONS.iter().zip(&mut found) {
            if v.is_empty() {
                let name = py.intern(option)?;
                let attribute = py.get_attribute(dialect, name);
                *v = py.caught(attribute, Exc::Exception)?.unwrap_or(Value::EMPTY);
            }
        }
    }
    checked(py, args.at(0), &found)
}

fn option(v: Value) -> Option<Value> {
    (!v.is_empty()).then_some(v)
}
fn truth(py: Py<'_>, v: Value, otherwise: bool) -> R {
    Ok(Value::bool(option(v).map_or(Ok(otherwise), |v| py.truth(v))?))
}
/// A string of one character, as it is. `may_be_none`: None, too.
fn one_character(py: Py<'_>, name: &str, v: Value, may_be_none: bool) -> R {
    if may_be_none && v == Value::NONE {
        return Ok(v);
    }
    let Some(s) = string::exact_or_payload(py, v) else {
        let or_none = if may_be_none { " or None" } else { "" };
        return py.type_error(&format!("\"{name}\" must be string{or_none}, not {}", py.class_name(v)));
    };
    if string::length(s) != 1 {
        return py.type_error(&format!("\"{name}\" must be a 1-character string"));
    }
    Ok(s.value())
}
fn checked(py: Py<'_>, class: Value, found: &[Value; OPTIONS.len()]) -> R {
    let [delimiter, doublequote, escape, terminator, quote_char, quoting, skip_space, strict] = *found;
    let default = |v: Value, text: &str| if v.is_empty() { py.str(text) } else { Ok(v) };
    let delimiter = one_character(py, "delimiter", default(delimiter, ",")?, false)?;
    let doublequote = truth(py, doublequote, true)?;
    let escape = one_character(py, "escapechar", option(escape).unwrap_or(Value::NONE), true)?;
    let terminator = default(terminator, "\r\n")?;
    if terminator != Value::NONE && string::exact_or_payload(py, terminator).is_none() {
        return py.type_error("\"lineterminator\" must be a string");
    }
    let given_quote = quote_char;
    let quote_char = one_character(py, "quotechar", default(quote_char, "\"")?, true)?;
    let method = match option(quoting) {
        Some(v) => match py.exact_int(v).filter(|_| !v.is_bool()) {
            Some(i) => int::to_i64(i).unwrap_or(-1),
            None => return py.type_error("\"quoting\" must be an integer"),
        },
        None if given_quote == Value::NONE => quote::NONE,
        None => quote::MINIMAL,
    };
    let (skip_space, strict) = (truth(py, skip_space, false)?, truth(py, strict, false)?);
    if !(quote::MINIMAL..=quote::NOTNULL).contains(&method) {
        return py.type_error("bad \"quoting\" value");
    }
    if method != quote::NONE && quote_char == Value::NONE {
        return py.type_error("quotechar must be set if quoting enabled");
    }
    let Some(terminator) = string::exact_or_payload(py, terminator) else {
        return py.type_error("lineterminator must be set");
    };
    let o = py.new_native_of(class, &DIALECT)?;
    let fields =
        [delimiter, doublequote, escape, terminator.value(), quote_char, Value::int(method), skip_space, strict];
    for (i, v) in fields.into_iter().enumerate() {
        o.init(1 + i, v);
    }
    Ok(o.value())
}
