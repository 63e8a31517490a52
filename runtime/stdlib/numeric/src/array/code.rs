//! Typecodes: how items lie in memory, and their conversions.

use python_objects::bytes::array_offset;
use python_objects::{Exc, Py, R, Value, int, string};

/// What the items of an array are.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Code {
    /// The letter.
    pub(super) letter: u8,
    /// Bytes of an item.
    pub(super) size: usize,
    /// How items are converted.
    pub(super) item: Item,
    /// Number of the format in pickles, in this machine's byte order.
    pub(super) format: u8,
}
/// How items are converted.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Item {
    /// An integer, with the name of its C type in messages.
    Signed(&'static str),
    /// See above; whether it converts by way of C's `long`, as the small ones do.
    Unsigned(&'static str, bool),
    Float,
    Character,
}

/// `big` formats are odd.
const fn code(letter: u8, size: usize, item: Item, format: u8) -> Code {
    Code { letter, size, item, format: if cfg!(target_endian = "big") && size > 1 { format + 1 } else { format } }
}
const _: () = {
    assert!(CODES[array_offset::DOUBLES as usize].letter == b'd');
    assert!(CODES[array_offset::INTS as usize].letter == b'i');
    assert!(array_offset::CODE as usize == 8 * super::CODE);
};
/// All of them, in the order of `array.typecodes`.
pub(super) static CODES: [Code; 13] = [
    code(b'b', 1, Item::Signed("signed char"), 1),
    code(b'B', 1, Item::Unsigned("unsigned byte integer", true), 0),
    code(b'u', 4, Item::Character, 20),
    code(b'h', 2, Item::Signed("signed short integer"), 4),
    code(b'H', 2, Item::Unsigned("unsigned short", true), 2),
    code(b'i', 4, Item::Signed("signed integer"), 8),
    code(b'I', 4, Item::Unsigned("unsigned int", false), 6),
    code(b'l', 8, Item::Signed("long"), 12),
    code(b'L', 8, Item::Unsigned("unsigned long", false), 10),
    code(b'q', 8, Item::Signed("long long"), 12),
    code(b'Q', 8, Item::Unsigned("long long", false), 10),
    code(b'f', 4, Item::Float, 14),
    code(b'd', 8, Item::Float, 16),
];

/// A double from bits that Python code may have made: of NaNs only the sign is kept, since the others may look like
/// something else than a number.
pub(super) fn clean(f: f64) -> f64 {
    if f.is_nan() { f64::NAN.copysign(f) } else { f }
}

impl Code {
    /// The code of a letter.
    pub(super) fn of(letter: u32) -> Option<Code> {
        CODES.into_iter().find(|c| u32::from(c.letter) == letter)
    }
    /// An item from its bytes, the first `size` of them, in this machine's order.
    #[inline]
    pub(super) fn get(self, py: Py<'_>, bytes: [u8; 8]) -> R {
        let word = if cfg!(target_endian = "big") {
            u64::from_be_bytes(bytes) >> (64 - 8 * self.size)
        } else {
            u64::from_le_bytes(bytes)
        };
        let unused = 64 - 8 * self.size as u32;
        match self.item {
            Item::Signed(_) => py.int(((word << unused) as i64) >> unused),
            Item::Unsigned(..) => py.int_u64(word << unused >> unused),
            Item::Float if self.size == 8 => Ok(Value::float(clean(f64::from_bits(word)))),
            Item::Float => Ok(Value::float(clean(f64::from(f32::from_bits(word as u32))))),
            Item::Character => match word as u32 {
                c @ 0..=0x10_FFFF => py.character(c).map(|s| s.value()),
                c => py.value_error(&format!("character U+{c:x} is not in range [U+0000; U+10ffff]")),
            },
        }
    }
    /// The bytes of an item, `size` of them.
    #[inline]
    pub(super) fn put(self, py: Py<'_>, v: Value) -> R<[u8; 8]> {
        let word = match self.item {
            Item::Float if self.size == 8 => py.real(v)?.to_bits(),
            Item::Float => u64::from((py.real(v)? as f32).to_bits()),
            Item::Signed(name) => self.signed(py, v, name)? as u64,
            Item::Unsigned(name, true) => self.small_unsigned(py, v, name)?,
            Item::Unsigned(name, false) => self.unsigned(py, v, name)?,
            Item::Character => match string::exact_or_payload(py, v).filter(|s| string::length(*s) == 1) {
                Some(s) => u64::from(string::at(s, 0)),
                None => return py.type_error("array item must be unicode character"),
            },
        };
        Ok(if cfg!(target_endian = "big") { (word << (64 - 8 * self.size)).to_be_bytes() } else { word.to_le_bytes() })
    }
    fn long(py: Py<'_>, v: Value) -> R<i64> {
        let i = py.index(v)?;
        match int::to_i64(i) {
            Some(i) => Ok(i),
            None => py.err(Exc::OverflowError, "Python int too large to convert to C long"),
        }
    }
    fn signed(self, py: Py<'_>, v: Value, name: &str) -> R<i64> {
        if name == "long long" {
            let i = py.index(v)?;
            return match int::to_i64(i) {
                Some(i) => Ok(i),
                None => py.err(Exc::OverflowError, "int too big to convert"),
            };
        }
        let i = Code::long(py, v)?;
        let bits = 8 * self.size as u32;
        let (least, most) = (i64::MIN >> (64 - bits), i64::MAX >> (64 - bits));
        // A byte is converted by way of a short, whose bounds are checked first.
        if self.size == 1 && i16::try_from(i).is_err() {
            return py.err(Exc::OverflowError, &out_of("signed short integer", i > most));
        }
        if (least..=most).contains(&i) { Ok(i) } else { py.err(Exc::OverflowError, &out_of(name, i > most)) }
    }
    fn small_unsigned(self, py: Py<'_>, v: Value, name: &str) -> R<u64> {
        let i = Code::long(py, v)?;
        let most = (1 << (8 * self.size)) - 1;
        // A short is converted by way of an int, whose bounds are checked first.
        if self.size == 2 && i32::try_from(i).is_err() {
            return py.err(Exc::OverflowError, &out_of("signed integer", i > most));
        }
        if (0..=most).contains(&i) { Ok(i as u64) } else { py.err(Exc::OverflowError, &out_of(name, i > most)) }
    }
    fn unsigned(self, py: Py<'_>, v: Value, name: &str) -> R<u64> {
        let i = py.index(v)?;
        let long_long = name == "long long";
        if int::is_negative(i) {
            let what = if long_long { "int to unsigned" } else { "value to unsigned int" };
            return py.err(Exc::OverflowError, &format!("can't convert negative {what}"));
        }
        match int::with_operand(i, |i| i.to_u64()) {
            Some(n) if self.size == 8 || n <= u64::from(u32::MAX) => Ok(n),
            Some(_) => py.err(Exc::OverflowError, &out_of(name, true)),
            None if long_long => py.err(Exc::OverflowError, "int too big to convert"),
            None => py.err(Exc::OverflowError, "Python int too large to convert to C unsigned long"),
        }
    }
}
fn out_of(name: &str, above: bool) -> String {
    let (which, bound) = if above { ("greater", "maximum") } else { ("less", "minimum") };
    format!("{name} is {which} than {bound}")
}
