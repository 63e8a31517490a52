//! printf-style formatting: the `%` operator of `str` and `bytes`.
//!
//! [`Parser`] gives the format's pieces in the order in which CPython looks at the arguments, so that errors come in its
//! order too: a field begins with [`Piece::Key`] if it names one, then [`Piece::Width`] and [`Piece::Precision`] where an
//! asterisk takes them from the arguments, and ends with [`Piece::Convert`]. The caller answers:
//!
//! - `Key`: that item of the mapping is the field's only argument;
//! - `Width`, `Precision`: the next argument is an integer ([`WANTS_INTEGER`]), given to [`Parser::set_width`] or
//!   [`Parser::set_precision`];
//! - `Convert`: the argument is converted by [`Conversion::character`] and put out by one of [`Conversion`]'s methods.
//!
//! Where the right operand is neither a tuple nor used by key, it is itself the only argument.
//!
//! What may go wrong with the arguments has its messages here as constants.

use std::ops::Range;

use python_numbers::float::Layout;

use crate::error::{Error, ErrorKind};
use crate::format::FloatText;
use crate::{TextBuilder, Units};

/// TypeError: an asterisk's argument is no `int`.
pub const WANTS_INTEGER: &str = "* wants int";
/// TypeError: there are fewer arguments than fields.
pub const NOT_ENOUGH_ARGUMENTS: &str = "not enough arguments for format string";
/// TypeError at the end: arguments are left, which are no mapping.
pub const ARGUMENTS_LEFT: &str = "not all arguments converted during string formatting";
/// The same for `bytes`.
pub const ARGUMENTS_LEFT_BYTES: &str = "not all arguments converted during bytes formatting";
/// TypeError: `%c` of neither an integer nor a text of one character.
pub const WANTS_CHARACTER: &str = "%c requires int or char";
/// OverflowError: `%c` of no code point.
pub const NO_CODE_POINT: &str = "%c arg not in range(0x110000)";
/// TypeError: `%c` in `bytes`.
pub const WANTS_BYTE: &str = "%c requires an integer in range(256) or a single byte";
/// OverflowError: `%c` in `bytes`.
pub const NO_BYTE: &str = "%c arg not in range(256)";

/// A part of a format.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// Text as it stands in the format (the second character of `%%` among it).
    Literal(Range<usize>),
    /// The range of a mapping key.
    Key(Range<usize>),
    /// The next argument is the width.
    Width,
    /// The next argument is the precision.
    Precision,
    /// The end of a field.
    Convert(Conversion),
}

/// A field's conversion.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Conversion {
    pub flags: Flags,
    pub width: Option<usize>,
    pub precision: Option<usize>,
    /// The conversion's character; none of the caller's is [`Conversion::unsupported`].
    pub character: u32,
    /// Where it stands in the format.
    pub index: usize,
}

/// Flags of a conversion.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Flags {
    /// `-`
    pub left: bool,
    /// `+`
    pub plus: bool,
    /// A space.
    pub space: bool,
    /// `#`
    pub alternate: bool,
    /// `0`
    pub zero: bool,
}

/// The parser of a format.
#[derive(Clone, Debug)]
pub struct Parser<'a> {
    format: Units<'a>,
    at: usize,
    /// Whether the arguments are a mapping.
    mapping: bool,
    bytes: bool,
    state: State,
    field: Conversion,
}

/// What comes next in a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Literal,
    Key,
    Flags,
    Width,
    AfterWidth,
    AfterPrecision,
}

const INCOMPLETE: &str = "incomplete format";

impl<'a> Parser<'a> {
    /// For the format of a `str`, or of `bytes`; `mapping` says whether the right operand is a mapping (and no tuple or
    /// text).
    pub fn new(format: Units<'a>, mapping: bool, bytes: bool) -> Self {
        Parser { format, at: 0, mapping, bytes, state: State::Literal, field: Conversion::default() }
    }

    /// The answer to [`Piece::Width`]: a negative one is to the left.
    pub fn set_width(&mut self, width: isize) {
        self.field.flags.left |= width < 0;
        self.field.width = Some(width.unsigned_abs());
    }

    /// The answer to [`Piece::Precision`]: a negative one is 0.
    pub fn set_precision(&mut self, precision: i32) {
        self.field.precision = Some(usize::try_from(precision).unwrap_or(0));
    }

    /// The next piece; `None` at the end.
    ///
    /// # Errors
    /// A ValueError for a format that is wrong, a TypeError for keys without a mapping. Then the format is done.
    pub fn next_piece(&mut self) -> Result<Option<Piece>, Error> {
        loop {
            let piece = match self.state {
                State::Literal => {
                    let Some(c) = self.peek() else { return Ok(None) };
                    if c != '%' {
                        return Ok(Some(self.literal()));
                    }
                    self.at += 1;
                    if self.peek() == Some('%') {
                        self.at += 1;
                        return Ok(Some(Piece::Literal(self.at - 1..self.at)));
                    }
                    self.field = Conversion::default();
                    // Most fields are a letter alone.
                    if self.peek().is_some_and(|c| c.is_ascii_alphabetic()) {
                        return self.convert().map(Some);
                    }
                    self.state = State::Key;
                    None
                }
                State::Key => {
                    self.state = State::Flags;
                    if self.peek() == Some('(') { Some(self.key()?) } else { None }
                }
                State::Flags => {
                    self.flags();
                    self.state = State::Width;
                    None
                }
                State::Width => {
                    self.state = State::AfterWidth;
                    self.width()?
                }
                State::AfterWidth => {
                    self.state = State::AfterPrecision;
                    self.precision()?
                }
                State::AfterPrecision => {
                    self.state = State::Literal;
                    return self.convert().map(Some);
                }
            };
            if piece.is_some() {
                return Ok(piece);
            }
        }
    }

    /// The character to come; what is no Rust character means nothing in a format.
    fn peek(&self) -> Option<char> {
        self.format.get(self.at).map(|point| char::from_u32(point).unwrap_or('\u{FFFD}'))
    }

    fn literal(&mut self) -> Piece {
        let start = self.at;
        let rest = self.format.slice(start..self.format.len());
        let length = crate::find::find_ascii(rest, b'%').unwrap_or(rest.len());
        self.at += length;
        Piece::Literal(start..self.at)
    }

    fn key(&mut self) -> Result<Piece, Error> {
        if !self.mapping {
            return Err(Error::new(ErrorKind::Type, "format requires a mapping"));
        }
        self.at += 1;
        let start = self.at;
        let mut depth = 1_usize;
        while depth > 0 {
            match self.peek() {
                Some('(') => depth += 1,
                Some(')') => depth -= 1,
                Some(_) => {}
                None => return Err(Error::value("incomplete format key")),
            }
            self.at += 1;
        }
        Ok(Piece::Key(start..self.at - 1))
    }

    fn flags(&mut self) {
        let flags = &mut self.field.flags;
        while let Some(point) = self.format.get(self.at) {
            match char::from_u32(point) {
                Some('-') => flags.left = true,
                Some('+') => flags.plus = true,
                Some(' ') => flags.space = true,
                Some('#') => flags.alternate = true,
                Some('0') => flags.zero = true,
                _ => return,
            }
            self.at += 1;
        }
    }

    /// Decimal digits (ASCII ones here); `None` if there are none, `Err` if the number is too big.
    fn number(&mut self, most: usize) -> Result<Option<usize>, ()> {
        let mut value = None;
        while let Some(digit) = self.peek().and_then(|c| c.to_digit(10)) {
            let next = value.unwrap_or(0_usize).checked_mul(10).and_then(|value| value.checked_add(digit as usize));
            value = Some(next.filter(|&next| next <= most).ok_or(())?);
            self.at += 1;
        }
        Ok(value)
    }

    fn width(&mut self) -> Result<Option<Piece>, Error> {
        if self.peek() == Some('*') {
            self.at += 1;
            return Ok(Some(Piece::Width));
        }
        self.field.width = self.number(isize::MAX as usize).map_err(|()| Error::value("width too big"))?;
        Ok(None)
    }

    fn precision(&mut self) -> Result<Option<Piece>, Error> {
        if self.peek() != Some('.') {
            return Ok(None);
        }
        self.at += 1;
        if self.peek() == Some('*') {
            self.at += 1;
            return Ok(Some(Piece::Precision));
        }
        let message = if self.bytes { "prec too big" } else { "precision too big" };
        let precision = self.number(i32::MAX as usize).map_err(|()| Error::value(message))?;
        self.field.precision = Some(precision.unwrap_or(0));
        Ok(None)
    }

    fn convert(&mut self) -> Result<Piece, Error> {
        // The C types' sizes mean nothing.
        if let Some('h' | 'l' | 'L') = self.peek() {
            self.at += 1;
        }
        let Some(character) = self.format.get(self.at) else { return Err(Error::value(INCOMPLETE)) };
        self.field.character = character;
        self.field.index = self.at;
        self.at += 1;
        Ok(Piece::Convert(self.field))
    }
}

impl Conversion {
    /// The ValueError for a conversion character that there is not.
    pub fn unsupported(&self) -> Error {
        let shown = char::from_u32(self.character).filter(|c| ('\x1F'..='~').contains(c)).unwrap_or('?');
        let (point, index) = (self.character, self.index);
        Error::value(&format!("unsupported format character '{shown}' (0x{point:x}) at index {index}"))
    }

    /// The TypeError for an integer conversion of what is no number.
    pub fn not_a_number(&self, type_name: &str) -> Error {
        let wanted = match char::from_u32(self.character) {
            Some('o' | 'x' | 'X') => "an integer",
            _ => "a real number",
        };
        let character = char::from_u32(self.character).unwrap_or('?');
        Error::new(ErrorKind::Type, &format!("%{character} format: {wanted} is required, not {type_name}"))
    }

    /// Is it a letter alone?
    #[inline]
    pub fn is_plain(&self) -> bool {
        self.flags == Flags::default() && self.width.is_none() && self.precision.is_none()
    }

    /// Puts out text: what `%s`, `%r` and `%a` converted to, cut to the precision. `%c` is text of one character, which
    /// [`Conversion::put_character`] does not cut.
    pub fn put_text(&self, text: Units<'_>, out: &mut TextBuilder) {
        if self.is_plain() {
            return out.push_units(text);
        }
        self.put_character(text.slice(0..self.precision.unwrap_or(usize::MAX)), out);
    }

    /// Puts out the text of `%c`.
    pub fn put_character(&self, text: Units<'_>, out: &mut TextBuilder) {
        self.pad("", "", text.len(), false, out, |out| out.push_units(text));
    }

    /// The radix of an integer conversion's digits.
    pub fn radix(&self) -> u32 {
        match char::from_u32(self.character) {
            Some('o') => 8,
            Some('x' | 'X') => 16,
            _ => 10,
        }
    }

    /// Puts out an integer whose absolute value has these digits, of [`Conversion::radix`] and in lower case.
    pub fn put_integer(&self, negative: bool, digits: &str, out: &mut TextBuilder) {
        let prefix = match char::from_u32(self.character) {
            Some('o') if self.flags.alternate => "0o",
            Some('x') if self.flags.alternate => "0x",
            Some('X') if self.flags.alternate => "0X",
            _ => "",
        };
        let zeros = self.precision.unwrap_or(0).saturating_sub(digits.len());
        let length = digits.len().saturating_add(zeros);
        self.pad(self.sign(negative), prefix, length, self.flags.zero, out, |out| {
            out.push_repeated(u32::from('0'), zeros);
            if self.character == u32::from('X') {
                out.push_str(&digits.to_ascii_uppercase());
            } else {
                out.push_str(digits);
            }
        });
    }

    /// Puts out a float.
    pub fn put_float(&self, value: f64, out: &mut TextBuilder) {
        let layout = Layout { alternate: self.flags.alternate, point_zero: false };
        let kind = char::from_u32(self.character).unwrap_or('g');
        let text = FloatText::new(value, kind, self.precision.unwrap_or(6), layout);
        self.pad(self.sign(text.negative), "", text.len(), self.flags.zero, out, |out| text.put(out));
    }

    fn sign(&self, negative: bool) -> &'static str {
        match self.flags {
            _ if negative => "-",
            Flags { plus: true, .. } => "+",
            Flags { space: true, .. } => " ",
            _ => "",
        }
    }

    fn pad(
        &self,
        sign: &str,
        prefix: &str,
        length: usize,
        zeros: bool,
        out: &mut TextBuilder,
        content: impl FnOnce(&mut TextBuilder),
    ) {
        let others = length.saturating_add(sign.len() + prefix.len());
        let fill = self.width.unwrap_or(0).saturating_sub(others);
        let (spaces, zeros, behind) = match (self.flags.left, zeros) {
            (true, _) => (0, 0, fill),
            (false, true) => (0, fill, 0),
            (false, false) => (fill, 0, 0),
        };
        out.push_repeated(u32::from(' '), spaces);
        out.push_str(sign);
        out.push_str(prefix);
        out.push_repeated(u32::from('0'), zeros);
        content(out);
        out.push_repeated(u32::from(' '), behind);
    }
}
