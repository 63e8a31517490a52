//! `%` of `bytes` and `bytearray` (PEP 461).

use super::construct::by_method;
use super::{buffer, finished};
use crate::string::{Directive, Operands, conversion, put_number};
use python_objects::kind::special;
use python_objects::text::Content;
use python_objects::{Args, Exc, Kind, Native, Py, R, Value, int};
use python_text::percent::{ARGUMENTS_LEFT_BYTES, Conversion, NO_BYTE, Parser, WANTS_BYTE};
use python_text::{TextBuilder, Units};

pub(super) static METHODS: &[Native] = &[
    Native::wrapper("__mod__", "self, value, /", |py, a| modulo(py, a, a.at(1)), "Return self%value."),
    Native::wrapper("__rmod__", "self, value, /", |_, _| Ok(special::NOT_IMPLEMENTED), "Return value%self."),
];

fn modulo(py: Py<'_>, args: Args<'_>, operand: Value) -> R {
    let format = super::this(py, args)?;
    let mut operands = Operands::new(py, operand, &[Kind::BYTES, Kind::BYTEARRAY, Kind::STR])?;
    let units = Units::One(&format);
    let mut parser = Parser::new(units, operands.is_mapping(), true);
    let mut out = py.text_builder();
    while let Some(directive) = conversion(py, &mut parser, &mut operands)? {
        match directive {
            Directive::Literal(range) => out.push_units(units.slice(range)),
            Directive::Key(range) => {
                let key = py.bytes(&format[range])?;
                operands.set_key(key.value())?;
            }
            Directive::Convert(c, v) => put(py, &c, v, &mut out)?,
        }
    }
    operands.finish(ARGUMENTS_LEFT_BYTES)?;
    finished(py, args, out)
}

fn put(py: Py<'_>, c: &Conversion, v: Value, out: &mut TextBuilder) -> R<()> {
    match char::from_u32(c.character) {
        Some('s' | 'b') => {
            let content: Content<'_> = match py.content_of(v) {
                Some(content) => content,
                None => match by_method(py, v)? {
                    Some(r) => buffer(py, r)?,
                    None => {
                        return py.type_error(&format!(
                            "%b requires a bytes-like object, or an object that implements __bytes__, not '{}'",
                            py.class_name(v)
                        ));
                    }
                },
            };
            c.put_text(Units::One(&content), out);
        }
        Some('r' | 'a') => {
            let s = py.ascii(v)?;
            c.put_text(py.units_of(s.value()).unwrap_or(Units::One(&[])), out);
        }
        Some('c') => {
            if matches!(py.kind(v), Kind::BYTES | Kind::BYTEARRAY)
                && let Some(content) = py.content_of(v)
            {
                if content.len() != 1 {
                    return py.type_error(WANTS_BYTE);
                }
                c.put_character(Units::One(&content), out);
                return Ok(());
            }
            let i = py.index(v);
            let Some(i) = py.caught(i, Exc::TypeError)? else { return py.type_error(WANTS_BYTE) };
            match int::to_i64(i).and_then(|i| u8::try_from(i).ok()) {
                Some(b) => c.put_character(Units::One(&[b]), out),
                None => return py.err(Exc::OverflowError, NO_BYTE),
            }
        }
        Some('e' | 'E' | 'f' | 'F' | 'g' | 'G') => {
            let f = py.real(v);
            match py.caught(f, Exc::TypeError)? {
                Some(f) => c.put_float(f, out),
                None => {
                    return py.type_error(&format!("float argument required, not {}", py.class_name(v)));
                }
            }
        }
        _ if put_number(py, c, v, out)? => {}
        _ => return Err(py.text_error(&c.unsupported())),
    }
    Ok(())
}
