//! `_string`: the parsers of `string.Formatter`.

use python_objects::{Args, Native, Object, Py, R, Value, string};
use python_text::template::{Accessor, FieldName, First, Parser};

static FUNCTIONS: &[Native] = &[
    Native::function("formatter_parser", "format_string, /", parser, "Return an iterator over a template's pieces."),
    Native::function("formatter_field_name_split", "field_name, /", split, "Split a field's name into its steps."),
];

pub(crate) fn init(py: Py<'_>, module: Object) -> R<()> {
    py.add_functions(module, FUNCTIONS)
}

fn text(py: Py<'_>, v: Value) -> R<Object> {
    match string::exact_or_payload(py, v) {
        Some(s) => Ok(s),
        None => py.type_error(&format!("expected str, got {}", py.class_name(v))),
    }
}

fn parse_error<T>(py: Py<'_>, e: &python_text::Error) -> R<T> {
    let message = py.str_from_text(&e.message)?;
    Err(py.error_with(python_objects::Exc::ValueError, message.value()))
}

fn parser(py: Py<'_>, args: Args<'_>) -> R {
    let s = text(py, args.at(0))?;
    let mut parser = Parser::new(string::units(s), 0..string::length(s));
    let pieces = py.new_list(4)?;
    loop {
        let piece = match parser.next_piece() {
            Ok(Some(piece)) => piece,
            Ok(None) => break,
            Err(e) => return parse_error(py, &e),
        };
        let part = |range: std::ops::Range<usize>| py.substring(s, range.start, range.end).map(Object::value);
        let literal = part(piece.literal)?;
        let row = match piece.field {
            None => [literal, Value::NONE, Value::NONE, Value::NONE],
            Some(field) => {
                let conversion = match field.conversion {
                    Some(c) => py.character(c)?.value(),
                    None => Value::NONE,
                };
                [literal, part(field.name)?, part(field.spec)?, conversion]
            }
        };
        let row = py.tuple(&row)?;
        py.list_push(pieces, row)?;
    }
    py.iter(pieces.value())
}

fn split(py: Py<'_>, args: Args<'_>) -> R {
    let s = text(py, args.at(0))?;
    let (first, mut rest) = match FieldName::new(string::units(s), 0..string::length(s)) {
        Ok(parts) => parts,
        Err(e) => return parse_error(py, &e),
    };
    let part = |range: std::ops::Range<usize>| py.substring(s, range.start, range.end).map(Object::value);
    let first = match first {
        First::Automatic => py.str("")?,
        First::Index(i) => py.int_usize(i)?,
        First::Name(range) => part(range)?,
    };
    let steps = py.new_list(2)?;
    loop {
        let (is_attribute, v) = match rest.next_accessor() {
            Ok(None) => break,
            Ok(Some(Accessor::Attribute(range))) => (true, part(range)?),
            Ok(Some(Accessor::Key(range))) => (false, part(range)?),
            Ok(Some(Accessor::Index(i))) => (false, py.int_usize(i)?),
            Err(e) => return parse_error(py, &e),
        };
        let step = py.tuple(&[Value::bool(is_attribute), v])?;
        py.list_push(steps, step)?;
    }
    py.tuple(&[first, py.iter(steps.value())?])
}
