//! printf-style formatting, with a `%` operator over integers, floats and text.

use python_text::percent::{self, Parser, Piece};
use python_text::repr::{push_ascii, push_repr};
use python_text::{Error, ErrorKind, Text, TextBuilder, Units};

use crate::formats::digits;
use crate::{Argument, built, check, show, show_error};

enum Value {
    Integer(i128),
    Float(f64),
    Text(Text),
}

impl Value {
    /// From a letter for the type and the value's `str`.
    fn new(shown: &str) -> Self {
        let (kind, value) = shown.split_at(1);
        match kind {
            "i" => Value::Integer(value.parse().expect("an integer")),
            "f" => Value::Float(value.parse().expect("a float")),
            _ => Value::Text(Argument(value).text()),
        }
    }

    fn type_name(&self, bytes: bool) -> &'static str {
        match self {
            Value::Integer(_) => "int",
            Value::Float(_) => "float",
            Value::Text(_) if bytes => "bytes",
            Value::Text(_) => "str",
        }
    }
}

fn error(kind: ErrorKind, message: &str) -> Error {
    Error { kind, message: message.into() }
}

/// The operator: arguments in order, or a mapping with names.
fn format(
    form: Units<'_>,
    mapping: bool,
    bytes: bool,
    values: &[(Text, Value)],
) -> Result<TextBuilder<'static>, Vec<String>> {
    let mut out = TextBuilder::with_limit(1 << 30);
    let mut parser = Parser::new(form, mapping, bytes);
    let mut next = values.iter();
    let mut named = None;
    let fail = |kind, message: &str| show_error(&error(kind, message));
    let few = || fail(ErrorKind::Type, percent::NOT_ENOUGH_ARGUMENTS);
    while let Some(piece) = parser.next_piece().map_err(|error| show_error(&error))? {
        match piece {
            Piece::Literal(range) => out.push_units(form.slice(range)),
            Piece::Key(range) => {
                let key = form.slice(range);
                let found = values.iter().find(|(name, _)| name.units().equals(key));
                named = Some(found.ok_or_else(|| {
                    let repr = built(|out| push_repr(key, out));
                    vec!["!KeyError".into(), show(repr.units())]
                })?);
            }
            Piece::Width | Piece::Precision => {
                // A key's item is the only argument, which the first asterisk takes.
                let value = named.take().or_else(|| if mapping { None } else { next.next() });
                let (_, Value::Integer(value)) = value.ok_or_else(few)? else {
                    return Err(fail(ErrorKind::Type, percent::WANTS_INTEGER));
                };
                if piece == Piece::Width {
                    let large = "Python int too large to convert to C ssize_t";
                    parser.set_width(isize::try_from(*value).map_err(|_| fail(ErrorKind::Overflow, large))?);
                } else {
                    let large = "Python int too large to convert to C int";
                    parser.set_precision(i32::try_from(*value).map_err(|_| fail(ErrorKind::Overflow, large))?);
                }
            }
            Piece::Convert(field) => {
                // A mapping without a key would itself be the argument; such cases are not generated.
                let value = named.take().or_else(|| if mapping { None } else { next.next() });
                let (_, value) = value.ok_or_else(few)?;
                let not_a_number = || show_error(&field.not_a_number(value.type_name(bytes)));
                match char::from_u32(field.character) {
                    Some('d' | 'i' | 'u' | 'o' | 'x' | 'X') => {
                        let value = match value {
                            Value::Integer(value) => *value,
                            Value::Float(value) if field.radix() == 10 && value.is_finite() => *value as i128,
                            Value::Float(value) if field.radix() == 10 => {
                                let infinite = "cannot convert float infinity to integer";
                                assert!(value.is_infinite());
                                return Err(fail(ErrorKind::Overflow, infinite));
                            }
                            _ => return Err(not_a_number()),
                        };
                        field.put_integer(value < 0, &digits(value.unsigned_abs(), field.radix()), &mut out);
                    }
                    Some('e' | 'E' | 'f' | 'F' | 'g' | 'G') => field.put_float(
                        match value {
                            Value::Integer(value) => *value as f64,
                            Value::Float(value) => *value,
                            Value::Text(_) if bytes => {
                                return Err(fail(ErrorKind::Type, "float argument required, not bytes"));
                            }
                            Value::Text(_) => return Err(fail(ErrorKind::Type, "must be real number, not str")),
                        },
                        &mut out,
                    ),
                    Some('c') => match value {
                        Value::Integer(value) => {
                            let limit = if bytes { 256 } else { 0x11_0000 };
                            let message = if bytes { percent::NO_BYTE } else { percent::NO_CODE_POINT };
                            let point = u32::try_from(*value).ok().filter(|&point| point < limit);
                            let point = point.ok_or_else(|| fail(ErrorKind::Overflow, message))?;
                            field.put_character(Units::Four(&[point]), &mut out);
                        }
                        Value::Text(text) if text.units().len() == 1 => field.put_character(text.units(), &mut out),
                        _ => {
                            let message = if bytes { percent::WANTS_BYTE } else { percent::WANTS_CHARACTER };
                            return Err(fail(ErrorKind::Type, message));
                        }
                    },
                    Some(kind @ ('s' | 'r' | 'a')) if !bytes => {
                        let text = match value {
                            Value::Integer(value) => Text::from(value.to_string().as_str()),
                            Value::Float(value) => Text::from(python_numbers::float::repr(*value).as_str()),
                            Value::Text(text) if kind == 's' => text.clone(),
                            Value::Text(text) => built(|out| push_repr(text.units(), out)),
                        };
                        let text = if kind == 'a' { built(|out| push_ascii(text.units(), out)) } else { text };
                        field.put_text(text.units(), &mut out);
                    }
                    _ => return Err(show_error(&field.unsupported())),
                }
            }
        }
    }
    if next.next().is_some() && !mapping {
        let message = if bytes { percent::ARGUMENTS_LEFT_BYTES } else { percent::ARGUMENTS_LEFT };
        return Err(fail(ErrorKind::Type, message));
    }
    Ok(out)
}

#[test]
fn operator() {
    for (operation, bytes) in [("percent", false), ("bytes.percent", true)] {
        check(operation, |arguments| {
            let mapping = arguments[1].0 == "True";
            let values: Vec<(Text, Value)> = arguments[2]
                .0
                .split('|')
                .skip(1)
                .map(|shown| match shown.split_once(':') {
                    Some((name, value)) if mapping => (Argument(name).text(), Value::new(value)),
                    _ => (Text::from(""), Value::new(shown)),
                })
                .collect();
            match format(arguments[0].text().units(), mapping, bytes, &values) {
                Ok(out) => vec![show(out.units())],
                Err(error) => error,
            }
        });
    }
}
