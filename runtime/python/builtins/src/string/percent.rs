//! `%`: printf-style formatting. What `str` and `bytes` share of it are the operands and the conversion of numbers.

use python_objects::kind::special;
use python_objects::{Exc, Kind, Native, Object, Py, R, Value, int, string};
use python_text::percent::{
    ARGUMENTS_LEFT, Conversion, NO_CODE_POINT, NOT_ENOUGH_ARGUMENTS, Parser, Piece, WANTS_CHARACTER, WANTS_INTEGER,
};
use python_text::{TextBuilder, Units};

pub(super) static METHODS: &[Native] = &[
    Native::wrapper("__mod__", "self, value, /", |py, a| modulo(py, a.at(0), a.at(1)), "Return self%value."),
    Native::wrapper("__rmod__", "self, value, /", |py, a| modulo(py, a.at(1), a.at(0)), "Return value%self."),
];

fn modulo(py: Py<'_>, format: Value, operand: Value) -> R {
    match string::exact_or_payload(py, format) {
        Some(format) => Ok(format_str(py, format, operand)?.value()),
        None => Ok(special::NOT_IMPLEMENTED),
    }
}

/// The right operand of `%`, as the format asks for its parts.
pub(crate) struct Operands<'t> {
    py: Py<'t>,
    operand: Value,
    tuple: Option<Object>,
    next: usize,
    /// What the field being converted names by a key.
    keyed: Option<Value>,
    used_by_key: bool,
    is_mapping: bool,
}

impl<'t> Operands<'t> {
    /// For a right operand; `text` says what kinds are no mappings although they have items.
    pub(crate) fn new(py: Py<'t>, operand: Value, text: &[Kind]) -> R<Operands<'t>> {
        let kind = py.kind(operand);
        let has_items = py.special(operand, python_objects::symbol::sym::GETITEM).is_some() || kind == Kind::DICT;
        Ok(Operands {
            py,
            operand,
            tuple: py.as_tuple(operand),
            next: 0,
            keyed: None,
            used_by_key: false,
            is_mapping: has_items && kind != Kind::TUPLE && !text.contains(&kind),
        })
    }
    /// Can fields name items?
    pub(crate) fn is_mapping(&self) -> bool {
        self.is_mapping
    }
    /// The field that follows takes the item of this key.
    pub(crate) fn set_key(&mut self, key: Value) -> R<()> {
        self.keyed = Some(self.py.get_item(self.operand, key)?);
        self.used_by_key = true;
        Ok(())
    }
    /// The next argument.
    pub(crate) fn next(&mut self) -> R {
        if let Some(v) = self.keyed.take() {
            return Ok(v);
        }
        let i = self.next;
        self.next += 1;
        match self.tuple {
            Some(t) if i < t.length() => Ok(t.element(i)),
            None if i == 0 && !self.used_by_key => Ok(self.operand),
            _ => self.py.type_error(NOT_ENOUGH_ARGUMENTS),
        }
    }
    /// The next argument for an asterisk.
    pub(crate) fn next_integer(&mut self) -> R<Value> {
        let v = self.next()?;
        match self.py.as_int(v) {
            Some(i) => Ok(i),
            None => self.py.type_error(WANTS_INTEGER),
        }
    }
    /// TypeError if arguments are left.
    pub(crate) fn finish(&self, message: &str) -> R<()> {
        let left = match self.tuple {
            Some(t) => self.next < t.length(),
            None => self.next == 0 && !self.is_mapping,
        };
        if left { self.py.type_error(message) } else { Ok(()) }
    }
}

/// A part of a format that both `str` and `bytes` treat alike is dealt with; what is left is theirs.
pub(crate) enum Directive {
    Literal(std::ops::Range<usize>),
    Key(std::ops::Range<usize>),
    Convert(Conversion, Value),
}

/// The next part of a format, its asterisks answered.
pub(crate) fn conversion(py: Py<'_>, parser: &mut Parser<'_>, operands: &mut Operands<'_>) -> R<Option<Directive>> {
    loop {
        match parser.next_piece().map_err(|e| py.text_error(&e))? {
            None => return Ok(None),
            Some(Piece::Literal(range)) => return Ok(Some(Directive::Literal(range))),
            Some(Piece::Key(range)) => return Ok(Some(Directive::Key(range))),
            Some(Piece::Width) => {
                let i = operands.next_integer()?;
                match int::to_i64(i) {
                    Some(i) => parser.set_width(i as isize),
                    None => return py.err(Exc::OverflowError, "Python int too large to convert to C ssize_t"),
                }
            }
            Some(Piece::Precision) => {
                let i = operands.next_integer()?;
                parser.set_precision(py.index_i32(i)?);
            }
            Some(Piece::Convert(c)) => {
                let v = operands.next()?;
                return Ok(Some(Directive::Convert(c, v)));
            }
        }
    }
}

/// Puts out a number, if the conversion is one of a number's. Runs Python code.
pub(crate) fn put_number(py: Py<'_>, c: &Conversion, v: Value, out: &mut TextBuilder) -> R<bool> {
    match char::from_u32(c.character) {
        Some('d' | 'i' | 'u') => {
            let i = match py.as_int(v) {
                Some(i) => Some(i),
                None if py.kind(v) == Kind::FLOAT || has_number(py, v) => {
                    let r = py.int_of_number(v);
                    py.caught(r, Exc::TypeError)?.flatten()
                }
                None => None,
            };
            put_int(py, c, v, i, out)?;
        }
        Some('o' | 'x' | 'X') => {
            let i = match py.as_int(v) {
                Some(i) => Some(i),
                None => {
                    let r = py.index(v);
                    py.caught(r, Exc::TypeError)?
                }
            };
            put_int(py, c, v, i, out)?;
        }
        Some('e' | 'E' | 'f' | 'F' | 'g' | 'G') => c.put_float(py.real(v)?, out),
        _ => return Ok(false),
    }
    Ok(true)
}

/// Is it a number by its methods (`PyNumber_Check`)?
fn has_number(py: Py<'_>, v: Value) -> bool {
    use python_objects::symbol::sym;
    [sym::INDEX, sym::INT, sym::FLOAT].into_iter().any(|name| py.special(v, name).is_some())
}

fn put_int(py: Py<'_>, c: &Conversion, v: Value, i: Option<Value>, out: &mut TextBuilder) -> R<()> {
    let Some(i) = i else { return Err(py.text_error(&c.not_a_number(&py.class_name(v)))) };
    let digits = py.int_digits(i, c.radix())?;
    c.put_integer(int::is_negative(i), &digits, out);
    Ok(())
}

/// `format % operand` for an exact string. Runs Python code.
fn format_str(py: Py<'_>, format: Object, operand: Value) -> R<Object> {
    let mut operands = Operands::new(py, operand, &[Kind::STR])?;
    let units = string::units(format);
    let mut parser = Parser::new(units, operands.is_mapping(), false);
    let mut out = py.text_builder();
    while let Some(directive) = conversion(py, &mut parser, &mut operands)? {
        match directive {
            Directive::Literal(range) => out.push_units(units.slice(range)),
            Directive::Key(range) => {
                let key = py.substring(format, range.start, range.end)?;
                operands.set_key(key.value())?;
            }
            Directive::Convert(c, v) => put(py, &c, v, &mut out)?,
        }
    }
    operands.finish(ARGUMENTS_LEFT)?;
    py.finish_text(out)
}

fn put(py: Py<'_>, c: &Conversion, v: Value, out: &mut TextBuilder) -> R<()> {
    let text = |s: Object| py.units_of(s.value()).unwrap_or(Units::One(&[]));
    let plain = c.is_plain();
    match char::from_u32(c.character) {
        Some('s' | 'd') if plain && v.is_int() => out.push_integer(v.as_int()),
        Some('s') => c.put_text(text(py.str_of(v)?), out),
        Some('r') => c.put_text(text(py.repr(v)?), out),
        Some('a') => c.put_text(text(py.ascii(v)?), out),
        Some('c') => {
            if let Some(s) = string::exact_or_payload(py, v) {
                if string::length(s) != 1 {
                    return py.type_error(WANTS_CHARACTER);
                }
                c.put_character(string::units(s), out);
                return Ok(());
            }
            let i = py.index(v);
            let Some(i) = py.caught(i, Exc::TypeError)? else { return py.type_error(WANTS_CHARACTER) };
            match int::to_i64(i).and_then(|i| u32::try_from(i).ok()).filter(|i| *i < 0x11_0000) {
                Some(point) => c.put_character(Units::Four(&[point]), out),
                None => return py.err(Exc::OverflowError, NO_CODE_POINT),
            }
        }
        _ if put_number(py, c, v, out)? => {}
        _ => return Err(py.text_error(&c.unsupported())),
    }
    Ok(())
}
