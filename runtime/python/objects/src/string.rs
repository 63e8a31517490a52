//! `str`: code units of 1, 2 or 4 bytes behind hash and symbol.
//!
//! Word 1 is the payload's size in bytes (16 more than the units take), word 2 the hash (0: not computed), word 3 the symbol
//! (0: not interned), the unit's width and whether all is ASCII. The units begin at word 4. A string uses the narrowest
//! units that hold it, so equal strings have equal units; it ends with its payload. Never changes but for hash and symbol.
//!
//! A second shape holds strings that grow ([`crate::string_growth`]).
//!
//! Instances of subclasses are boxes: a dictionary and the exact string.

use crate::kind::{Kind, shape};
use crate::py::{Py, R, root};
use crate::string_growth::holder;
use crate::symbol::Symbol;
use python_algorithms::siphash;
use std::borrow::Cow;
use vm_api::heap::{Object, Value};

/// Bytes before the units within the payload.
pub(crate) const FIELDS: usize = 16;
/// Size of the payload of an empty string, which its first word tells.
pub const EMPTY_BYTES: i64 = FIELDS as i64;
/// Byte offset of the payload's size, which counts [`EMPTY_BYTES`] more than the units take, from the header, for compiled code.
pub const SIZE_OFFSET: u32 = 8;
/// Byte offset of the units.
pub const UNITS_OFFSET: u32 = 32;
/// Byte offset of the raw hash; 0 if it was not computed.
pub const HASH_OFFSET: u32 = 16;
/// Byte offset of the word with symbol, width and ASCII flag.
pub const INFO_OFFSET: u32 = 24;
/// Bits of that word that are 0 where units are bytes.
pub const WIDTH_BITS: i64 = 3 << 32;
const HASH: usize = 2;
pub(crate) const INFO: usize = 3;
const ASCII: u64 = 1 << 40;

/// A string's code units: those that `python-text`'s algorithms take.
pub use python_text::Units;

/// `log2` of the width of a unit.
#[inline(always)]
pub(crate) fn width(s: Object) -> u32 {
    (s.word(INFO) >> 32) as u32 & 3
}
/// The word [`INFO`] of a string that is not interned.
pub(crate) fn info(width: u32, ascii: bool) -> u64 {
    u64::from(width) << 32 | if ascii { ASCII } else { 0 }
}
/// How many units of a width a plain string or a buffer has room for.
pub(crate) fn capacity(o: Object, width: u32) -> usize {
    (o.length() - FIELDS) >> width
}
/// Is it an instance of `str` itself?
#[inline(always)]
pub fn is_exact(o: Object) -> bool {
    o.shape() == shape::STR || o.shape() == shape::STR_VIEW
}
#[inline(always)]
fn units_address(s: Object) -> *mut u8 {
    holder(s).bytes_address().wrapping_add(FIELDS)
}
/// Number of code points.
#[inline(always)]
pub fn length(s: Object) -> usize {
    (s.length() - FIELDS) >> width(s)
}
/// Are all code points below 128?
#[inline(always)]
pub fn is_ascii(s: Object) -> bool {
    s.word(INFO) & ASCII != 0
}
/// The units. As [`Object::bytes`]: they stay in place as long as a pointer to them is on the native stack.
#[inline]
pub fn units<'a>(s: Object) -> Units<'a> {
    let (p, n) = (units_address(s), length(s));
    // SAFETY: the object holds that many units from there on, aligned (the payload begins at a word), and never changes.
    unsafe {
        match width(s) {
            0 => Units::One(std::slice::from_raw_parts(p, n)),
            1 => Units::Two(std::slice::from_raw_parts(p.cast(), n)),
            _ => Units::Four(std::slice::from_raw_parts(p.cast(), n)),
        }
    }
}
/// The text, if it is ASCII.
#[inline]
pub fn ascii<'a>(s: Object) -> Option<&'a str> {
    match units(s) {
        // SAFETY: ASCII is UTF-8.
        Units::One(b) if is_ascii(s) => Some(unsafe { std::str::from_utf8_unchecked(b) }),
        _ => None,
    }
}
/// Code point `i`, which must be in range.
#[inline]
pub fn at(s: Object, i: usize) -> u32 {
    match units(s) {
        Units::One(u) => u32::from(u[i]),
        Units::Two(u) => u32::from(u[i]),
        Units::Four(u) => u[i],
    }
}
/// The text, lone surrogates replaced: for messages and files' names.
pub fn to_rust(s: Object) -> String {
    text(s).into_owned()
}
/// The same without a copy where possible.
pub fn text<'a>(s: Object) -> Cow<'a, str> {
    if let Some(text) = ascii(s) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(code_points(s).map(|c| char::from_u32(c).unwrap_or(char::REPLACEMENT_CHARACTER)).collect())
}
/// The code points.
pub fn code_points(s: Object) -> impl DoubleEndedIterator<Item = u32> + ExactSizeIterator {
    let n = length(s);
    (0..n).map(move |i| at(s, i))
}
/// The symbol of an interned string.
#[inline(always)]
pub fn symbol(s: Object) -> Option<Symbol> {
    match s.word(INFO) as u32 {
        0 => None,
        n => Some(Symbol(n)),
    }
}
pub(crate) fn set_symbol(s: Object, symbol: Symbol) {
    s.set_word(INFO, s.word(INFO) >> 32 << 32 | u64::from(symbol.0));
}
/// The hash of a string whose hash has been computed.
#[inline(always)]
pub(crate) fn known_hash(s: Object) -> i64 {
    s.word(HASH) as i64
}
/// Notes the hash of a string, which must be right.
pub(crate) fn set_hash(s: Object, hash: i64) {
    debug_assert!(matches!(known_hash(s), 0) || known_hash(s) == hash, "a string has one hash");
    s.set_word(HASH, hash as u64);
}
/// CPython's hash: SipHash-1-3 of the units.
#[inline]
pub fn hash(py: Py<'_>, s: Object) -> i64 {
    match s.word(HASH) as i64 {
        0 => hash_slow(py, s),
        h => h,
    }
}
#[cold]
fn hash_slow(py: Py<'_>, s: Object) -> i64 {
    let key = py.state().hash_key;
    let h = match units(s) {
        Units::One(u) => siphash::hash_bytes(key, u),
        Units::Two(u) => siphash::hash_units16(key, u),
        Units::Four(u) => siphash::hash_units32(key, u),
    };
    s.set_word(HASH, h as u64);
    h
}
/// Have they the same units?
#[inline]
pub fn equal(a: Object, b: Object) -> bool {
    if a == b {
        return true;
    }
    if a.length() != b.length() || width(a) != width(b) {
        return false;
    }
    let n = a.length() - FIELDS;
    // SAFETY: both have that many bytes there; they never change.
    unsafe { std::slice::from_raw_parts(units_address(a), n) == std::slice::from_raw_parts(units_address(b), n) }
}
/// Is it this text?
pub fn is(s: Object, text: &str) -> bool {
    match ascii(s) {
        Some(a) => a == text,
        None => code_points(s).eq(text.chars().map(u32::from)),
    }
}
/// Order by code points.
pub fn compare(a: Object, b: Object) -> std::cmp::Ordering {
    match (units(a), units(b)) {
        (Units::One(x), Units::One(y)) => x.cmp(y),
        (Units::Two(x), Units::Two(y)) => x.cmp(y),
        (Units::Four(x), Units::Four(y)) => x.cmp(y),
        _ => code_points(a).cmp(code_points(b)),
    }
}

/// The exact string of a value of kind `STR`: itself, or what an instance of a subclass holds.
#[inline(always)]
pub fn exact_or_payload(py: Py<'_>, v: Value) -> Option<Object> {
    let o = Object::from_value(v)?;
    if o.shape() == shape::STR {
        return Some(o);
    }
    payload_slow(py, o)
}
#[cold]
fn payload_slow(py: Py<'_>, o: Object) -> Option<Object> {
    if o.shape() == shape::STR_VIEW {
        return Some(o);
    }
    (py.object_kind(o) == Kind::STR).then(|| Object::of(crate::instance::payload(o)))
}

/// A string under construction: units of a width chosen in advance, written in place before anybody else sees it.
pub struct StrBuilder {
    object: Object,
    width: u32,
    at: usize,
}

impl Py<'_> {
    #[inline]
    fn raw_str(self, length: usize, width: u32, ascii: bool) -> R<Object> {
        let s = self.alloc_array(shape::STR, FIELDS + (length << width))?;
        s.set_word(INFO, info(width, ascii));
        Ok(s)
    }
    /// A builder for `length` code points, none above `most`. All must be written before it is finished, at least one must
    /// need the width that `most` implies.
    pub fn str_builder(self, length: usize, most: u32) -> R<StrBuilder> {
        let width = width_for(most);
        Ok(StrBuilder { object: self.raw_str(length, width, most < 128)?, width, at: 0 })
    }
    /// A string from UTF-8.
    pub fn new_str(self, text: &str) -> R<Object> {
        if text.is_ascii() {
            return self.new_ascii(text.as_bytes());
        }
        let most = text.chars().max().map_or(0, u32::from);
        let mut b = self.str_builder(text.chars().count(), most)?;
        text.chars().for_each(|c| b.push(u32::from(c)));
        Ok(b.finish())
    }
    /// The same as a value.
    #[inline]
    pub fn str(self, text: &str) -> R {
        Ok(self.new_str(text)?.value())
    }
    /// A string from bytes that are all ASCII.
    pub fn new_ascii(self, bytes: &[u8]) -> R<Object> {
        debug_assert!(bytes.is_ascii());
        match *bytes {
            [] => return Ok(Object::of(self.root(root::EMPTY_STRING))),
            [b] => return self.character(u32::from(b)),
            _ => {}
        }
        let s = self.raw_str(bytes.len(), 0, true)?;
        // SAFETY: the fresh object has room for them, and nobody else sees it.
        let to = unsafe { std::slice::from_raw_parts_mut(s.bytes_address().add(FIELDS), bytes.len()) };
        self.in_pieces(bytes.len(), |a, b| to[a..b].copy_from_slice(&bytes[a..b]))?;
        Ok(s)
    }
    /// A string of so many bytes, all ASCII, that `write` puts there.
    #[inline]
    pub fn ascii_with(self, length: usize, write: impl FnOnce(&mut [u8])) -> R<Object> {
        if length < 2 {
            let mut bytes = [0];
            write(&mut bytes[..length]);
            return self.new_ascii(&bytes[..length]);
        }
        let s = self.raw_str(length, 0, true)?;
        // SAFETY: the fresh object has room for them, and nobody else sees it.
        let to = unsafe { std::slice::from_raw_parts_mut(s.bytes_address().add(FIELDS), length) };
        write(to);
        debug_assert!(to.is_ascii());
        Ok(s)
    }
    /// The string of one code point.
    #[inline]
    pub fn character(self, c: u32) -> R<Object> {
        if c < 256 {
            let table = self.root(root::CHARACTERS);
            if let Some(o) = Object::from_value(table).and_then(|t| Object::from_value(t.element(c as usize))) {
                return Ok(o);
            }
        }
        let mut b = self.str_builder(1, c)?;
        b.push(c);
        Ok(b.finish())
    }
    /// A string from code points (surrogates allowed).
    pub fn str_from_code_points(self, units: &[u32]) -> R<Object> {
        let most = units.iter().copied().max().unwrap_or(0);
        if let [c] = *units {
            return self.character(c);
        }
        if units.is_empty() {
            return Ok(Object::of(self.root(root::EMPTY_STRING)));
        }
        let mut b = self.str_builder(units.len(), most)?;
        units.iter().for_each(|c| b.push(*c));
        Ok(b.finish())
    }
    /// A string from units of any width; the narrowest width is found.
    pub fn str_from_units(self, units: Units<'_>) -> R<Object> {
        match units {
            Units::One(u) if u.is_ascii() => self.new_ascii(u),
            Units::One(u) => {
                if let [c] = *u {
                    return self.character(u32::from(c));
                }
                let mut b = self.str_builder(u.len(), 255)?;
                self.push_units(&mut b, Units::One(u))?;
                Ok(b.finish())
            }
            Units::Two(u) => {
                let most = u.iter().copied().max().unwrap_or(0);
                self.narrowed(u.len(), u32::from(most), units)
            }
            Units::Four(u) => {
                let most = u.iter().copied().max().unwrap_or(0);
                self.narrowed(u.len(), most, units)
            }
        }
    }
    fn narrowed(self, n: usize, most: u32, units: Units<'_>) -> R<Object> {
        match (n, units) {
            (0, _) => Ok(Object::of(self.root(root::EMPTY_STRING))),
            (1, _) => self.character(most),
            _ => {
                let mut b = self.str_builder(n, most)?;
                self.push_units(&mut b, units)?;
                Ok(b.finish())
            }
        }
    }
    /// `s[start:end]`, indices in range.
    pub fn substring(self, s: Object, start: usize, end: usize) -> R<Object> {
        if start == 0 && end == length(s) {
            return Ok(s);
        }
        if end - start == 1 {
            return self.character(at(s, start));
        }
        match units(s) {
            Units::One(u) if is_ascii(s) => self.new_ascii(&u[start..end]),
            Units::One(u) => self.str_from_units(Units::One(&u[start..end])),
            Units::Two(u) => self.str_from_units(Units::Two(&u[start..end])),
            Units::Four(u) => self.str_from_units(Units::Four(&u[start..end])),
        }
    }
    /// Appends units to a string that is being built, however many.
    pub fn push_units(self, to: &mut StrBuilder, units: Units<'_>) -> R<()> {
        self.in_pieces(units.len(), |a, b| to.push_units(units.slice(a..b)))
    }
}

/// A bound on the code points of a string that implies its width.
#[inline]
pub fn most(s: Object) -> u32 {
    match width(s) {
        0 if is_ascii(s) => 127,
        0 => 255,
        1 => 0xFFFF,
        _ => 0x10_FFFF,
    }
}
fn width_for(most: u32) -> u32 {
    if most < 256 { 0 } else { 1 + u32::from(most > 0xFFFF) }
}

impl StrBuilder {
    /// Goes on behind the first `at` units of a buffer, whose free room nobody else sees.
    pub(crate) fn behind(buffer: Object, width: u32, at: usize) -> StrBuilder {
        StrBuilder { object: buffer, width, at }
    }
    #[inline]
    fn units_address(&self) -> *mut u8 {
        self.object.bytes_address().wrapping_add(FIELDS)
    }
    #[inline]
    fn capacity(&self) -> usize {
        capacity(self.object, self.width)
    }
    /// Appends a code point.
    #[inline]
    pub fn push(&mut self, c: u32) {
        assert!(self.at < self.capacity() && width_for(c) <= self.width, "a string is built as announced");
        // SAFETY: within the capacity; the object is fresh and on the stack in `self`.
        unsafe {
            match self.width {
                0 => *self.units_address().add(self.at) = c as u8,
                1 => *self.units_address().cast::<u16>().add(self.at) = c as u16,
                _ => *self.units_address().cast::<u32>().add(self.at) = c,
            }
        }
        self.at += 1;
    }
    /// Appends a code point so many times.
    pub fn push_repeated(&mut self, c: u32, count: usize) {
        assert!(count <= self.capacity() - self.at && width_for(c) <= self.width, "a string is built as announced");
        // SAFETY: within the capacity; the object is fresh and on the stack in `self`.
        unsafe {
            let start = self.units_address().add(self.at << self.width);
            match self.width {
                0 => start.write_bytes(c as u8, count),
                1 => std::slice::from_raw_parts_mut(start.cast::<u16>(), count).fill(c as u16),
                _ => std::slice::from_raw_parts_mut(start.cast::<u32>(), count).fill(c),
            }
        }
        self.at += count;
    }
    /// Appends units that are no wider than the builder's.
    #[inline]
    pub fn push_units(&mut self, units: Units<'_>) {
        let copy = |this: &mut Self, p: *const u8, n: usize| {
            assert!(n <= this.capacity() - this.at, "a string is built as announced");
            // SAFETY: within the capacity, same width; the target is fresh, so they do not overlap.
            unsafe {
                std::ptr::copy_nonoverlapping(p, this.units_address().add(this.at << this.width), n << this.width)
            };
            this.at += n;
        };
        match units {
            Units::One(u) if self.width == 0 => copy(self, u.as_ptr(), u.len()),
            Units::Two(u) if self.width == 1 => copy(self, u.as_ptr().cast(), u.len()),
            Units::Four(u) if self.width == 2 => copy(self, u.as_ptr().cast(), u.len()),
            Units::One(u) => u.iter().for_each(|c| self.push(u32::from(*c))),
            Units::Two(u) => u.iter().for_each(|c| self.push(u32::from(*c))),
            Units::Four(u) => u.iter().for_each(|c| self.push(*c)),
        }
    }
    /// Appends a text.
    pub fn push_str(&mut self, text: &str) {
        text.chars().for_each(|c| self.push(u32::from(c)));
    }
    /// The string. Everything that was announced must have been written.
    pub fn finish(self) -> Object {
        assert_eq!(self.at, self.capacity(), "a string is built as announced");
        self.object
    }
}

/// Appends the text to generalized UTF-8: surrogates get their three-byte forms.
pub fn push_wtf8(s: Object, out: &mut Vec<u8>) {
    match units(s) {
        Units::One(u) if is_ascii(s) => out.extend_from_slice(u),
        _ => code_points(s).for_each(|c| push_code_point(c, out)),
    }
}
/// Appends one code point to generalized UTF-8.
pub fn push_code_point(c: u32, out: &mut Vec<u8>) {
    match c {
        0..0x80 => out.push(c as u8),
        0x80..0x800 => out.extend_from_slice(&[0xC0 | (c >> 6) as u8, 0x80 | (c & 63) as u8]),
        0x800..0x1_0000 => {
            out.extend_from_slice(&[0xE0 | (c >> 12) as u8, 0x80 | (c >> 6 & 63) as u8, 0x80 | (c & 63) as u8]);
        }
        _ => out.extend_from_slice(&[
            0xF0 | (c >> 18) as u8,
            0x80 | (c >> 12 & 63) as u8,
            0x80 | (c >> 6 & 63) as u8,
            0x80 | (c & 63) as u8,
        ]),
    }
}
/// The code points of generalized UTF-8, which must be well formed (this process made it).
pub fn wtf8_code_points(mut text: &[u8]) -> impl Iterator<Item = u32> {
    std::iter::from_fn(move || {
        let (first, rest) = text.split_first()?;
        let (length, bits) = match first {
            0..0x80 => (0, u32::from(*first)),
            0xC0..0xE0 => (1, u32::from(first & 0x1F)),
            0xE0..0xF0 => (2, u32::from(first & 0x0F)),
            _ => (3, u32::from(first & 7)),
        };
        let (more, rest) = rest.split_at(length.min(rest.len()));
        text = rest;
        Some(more.iter().fold(bits, |c, b| c << 6 | u32::from(b & 63)))
    })
}

impl Py<'_> {
    /// A string from generalized UTF-8 that this process made.
    pub fn str_from_wtf8(self, text: &[u8]) -> R<Object> {
        if text.is_ascii() {
            return self.new_ascii(text);
        }
        let (mut most, mut n) = (0, 0);
        for c in wtf8_code_points(text) {
            most = most.max(c);
            n += 1;
        }
        if n == 1 {
            return self.character(most);
        }
        let mut b = self.str_builder(n, most)?;
        wtf8_code_points(text).for_each(|c| b.push(c));
        Ok(b.finish())
    }
}
