//! Parsing of specifications; the formatting of text.

use super::{Locale, parse_number};
use crate::error::{Error, ErrorKind};
use crate::{TextBuilder, Units};

/// What kind of value a specification is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    Text,
    Integer,
    Float,
    Complex,
}

/// Where the value stands in the width.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Align {
    Left,
    Right,
    Center,
    /// The padding goes between the sign (and prefix) and the digits.
    AfterSign,
}

impl Align {
    fn from_point(point: u32) -> Option<Self> {
        Some(match char::from_u32(point)? {
            '<' => Align::Left,
            '>' => Align::Right,
            '^' => Align::Center,
            '=' => Align::AfterSign,
            _ => return None,
        })
    }
}

/// What stands before a number that is not negative.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign {
    /// Nothing, said explicitly (`-`).
    Minus,
    Plus,
    Space,
}

/// What separates groups of digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Separator {
    Comma,
    Underscore,
}

impl Separator {
    pub(super) fn text(self) -> &'static str {
        match self {
            Separator::Comma => ",",
            Separator::Underscore => "_",
        }
    }
}

/// How an integer is to be put out, by its type character.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IntegerForm {
    /// As digits in this radix: [`FormatSpec::format_integer`].
    Digits(u32),
    /// As a character: [`FormatSpec::format_character`].
    Character,
    /// Converted to a float: [`FormatSpec::format_float`].
    Float,
}

/// A parsed specification.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FormatSpec {
    pub fill: u32,
    pub align: Align,
    pub sign: Option<Sign>,
    /// `z`: no minus before what rounds to zero.
    pub no_negative_zero: bool,
    /// `#`.
    pub alternate: bool,
    pub width: Option<usize>,
    pub separator: Option<Separator>,
    pub precision: Option<usize>,
    /// The type character.
    pub kind: Option<char>,
}

/// A character as messages show it: itself, or its number if it is not visible ASCII.
fn shown(point: u32) -> String {
    match char::from_u32(point) {
        Some(c @ '!'..='\x7F') => c.to_string(),
        _ => format!("\\x{point:x}"),
    }
}

impl FormatSpec {
    /// Parses a specification. `type_name` is the value's class, for messages.
    ///
    /// # Errors
    /// A ValueError for what is no specification, or has a type character that the target does not know.
    pub fn parse(spec: Units<'_>, target: Target, type_name: &str) -> Result<Self, Error> {
        let default_align = if target == Target::Text { Align::Left } else { Align::Right };
        let mut parsed = FormatSpec {
            fill: u32::from(' '),
            align: default_align,
            sign: None,
            no_negative_zero: false,
            alternate: false,
            width: None,
            separator: None,
            precision: None,
            kind: None,
        };
        let mut at = 0;
        let is = |at: usize, c: char| spec.get(at) == Some(c.into());
        let align_at = |at: usize| spec.get(at).and_then(Align::from_point);
        let mut fill_given = false;
        let mut align_given = true;
        if let Some(align) = align_at(1) {
            parsed.align = align;
            parsed.fill = spec.get(0).unwrap_or_default();
            fill_given = true;
            at = 2;
        } else if let Some(align) = align_at(0) {
            parsed.align = align;
            at = 1;
        } else {
            align_given = false;
        }
        parsed.sign = match spec.get(at).and_then(char::from_u32) {
            Some('+') => Some(Sign::Plus),
            Some('-') => Some(Sign::Minus),
            Some(' ') => Some(Sign::Space),
            _ => None,
        };
        at += usize::from(parsed.sign.is_some());
        parsed.no_negative_zero = is(at, 'z');
        at += usize::from(parsed.no_negative_zero);
        parsed.alternate = is(at, '#');
        at += usize::from(parsed.alternate);
        if !fill_given && is(at, '0') {
            parsed.fill = u32::from('0');
            if !align_given && default_align == Align::Right {
                parsed.align = Align::AfterSign;
            }
            at += 1;
        }
        let number = |at: &mut usize| -> Result<Option<usize>, Error> {
            let (value, end) =
                parse_number(spec, *at).map_err(|()| Error::value("Too many decimal digits in format string"))?;
            let given = end > *at;
            *at = end;
            Ok(given.then_some(value))
        };
        parsed.width = number(&mut at)?;
        if is(at, ',') {
            parsed.separator = Some(Separator::Comma);
            at += 1;
        }
        if is(at, '_') {
            if parsed.separator.is_some() {
                return Err(both_separators());
            }
            parsed.separator = Some(Separator::Underscore);
            at += 1;
        }
        if is(at, ',') && parsed.separator == Some(Separator::Underscore) {
            return Err(both_separators());
        }
        if is(at, '.') {
            at += 1;
            parsed.precision = number(&mut at)?;
            if parsed.precision.is_none() {
                return Err(Error::value("Format specifier missing precision"));
            }
        }
        let kind = spec.get(at);
        if spec.len() > at + 1 {
            return Err(Error::value_quoting(
                "Invalid format specifier '",
                spec,
                &format!("' for object of type '{type_name}'"),
            ));
        }
        parsed.check_separator(kind, target)?;
        parsed.kind = parsed.check_kind(kind, target, type_name)?;
        Ok(parsed)
    }

    fn check_separator(&self, kind: Option<u32>, target: Target) -> Result<(), Error> {
        let Some(separator) = self.separator else { return Ok(()) };
        // An omitted type is 's' for text, which does not go with separators.
        let kind = kind.unwrap_or(if target == Target::Text { u32::from('s') } else { 0 });
        match char::from_u32(kind) {
            Some('d' | 'e' | 'f' | 'g' | 'E' | 'G' | '%' | 'F' | '\0') => Ok(()),
            Some('b' | 'o' | 'x' | 'X') if separator == Separator::Underscore => Ok(()),
            _ => Err(Error::value(&format!("Cannot specify '{}' with '{}'.", separator.text(), shown(kind)))),
        }
    }

    fn check_kind(&self, kind: Option<u32>, target: Target, type_name: &str) -> Result<Option<char>, Error> {
        // A zero is what CPython writes for no type.
        let Some(kind) = kind.filter(|&kind| kind != 0 || matches!(target, Target::Text | Target::Integer)) else {
            return Ok(None);
        };
        let known = match target {
            Target::Text => "s",
            Target::Integer => "bcdoxXneEfFgG%",
            Target::Float => "eEfFgGn%",
            Target::Complex => "eEfFgGn",
        };
        match char::from_u32(kind).filter(|&kind| known.contains(kind)) {
            Some(kind) => Ok(Some(kind)),
            None => {
                Err(Error::value(&format!("Unknown format code '{}' for object of type '{type_name}'", shown(kind))))
            }
        }
    }

    /// Puts out text.
    ///
    /// # Errors
    /// A ValueError for what only numbers can have.
    pub fn format_text(&self, text: Units<'_>, out: &mut TextBuilder) -> Result<(), Error> {
        let refused = if let Some(sign) = self.sign {
            Some(match sign {
                Sign::Space => "Space not allowed in string format specifier",
                Sign::Plus | Sign::Minus => "Sign not allowed in string format specifier",
            })
        } else if self.no_negative_zero {
            Some("Negative zero coercion (z) not allowed in string format specifier")
        } else if self.alternate {
            Some("Alternate form (#) not allowed in string format specifier")
        } else if self.align == Align::AfterSign {
            Some("'=' alignment not allowed in string format specifier")
        } else {
            None
        };
        if let Some(message) = refused {
            return Err(Error::value(message));
        }
        let text = text.slice(0..self.precision.unwrap_or(usize::MAX));
        self.pad(text.len(), out, |out| out.push_units(text));
        Ok(())
    }

    /// Puts out `content`, of this length, with padding around.
    pub(super) fn pad(&self, length: usize, out: &mut TextBuilder, content: impl FnOnce(&mut TextBuilder)) {
        let fill = self.width.unwrap_or(0).saturating_sub(length);
        let left = match self.align {
            Align::Left | Align::AfterSign => 0,
            Align::Right => fill,
            Align::Center => fill / 2,
        };
        out.push_repeated(self.fill, left);
        content(out);
        out.push_repeated(self.fill, fill - left);
    }

    /// How to put out an integer.
    pub fn integer_form(&self) -> IntegerForm {
        match self.kind {
            Some('b') => IntegerForm::Digits(2),
            Some('o') => IntegerForm::Digits(8),
            Some('x' | 'X') => IntegerForm::Digits(16),
            Some('c') => IntegerForm::Character,
            Some('e' | 'E' | 'f' | 'F' | 'g' | 'G' | '%') => IntegerForm::Float,
            _ => IntegerForm::Digits(10),
        }
    }

    fn check_integer(&self) -> Result<(), Error> {
        if self.precision.is_some() {
            return Err(Error::value("Precision not allowed in integer format specifier"));
        }
        if self.no_negative_zero {
            return Err(Error::value("Negative zero coercion (z) not allowed in integer format specifier"));
        }
        Ok(())
    }

    /// Puts out an integer whose absolute value has these digits, of the radix that [`FormatSpec::integer_form`] says,
    /// in lower case.
    ///
    /// # Errors
    /// A ValueError for what integers cannot have.
    pub fn format_integer(
        &self,
        negative: bool,
        digits: &str,
        locale: &Locale<'_>,
        out: &mut TextBuilder,
    ) -> Result<(), Error> {
        self.check_integer()?;
        let prefix = match self.kind {
            Some('b') if self.alternate => "0b",
            Some('o') if self.alternate => "0o",
            Some('x') if self.alternate => "0x",
            Some('X') if self.alternate => "0X",
            _ => "",
        };
        let upper;
        let digits = if self.kind == Some('X') {
            upper = digits.to_ascii_uppercase();
            &upper
        } else {
            digits
        };
        self.put_number(negative, prefix, digits, &[], locale, out);
        Ok(())
    }

    /// Puts out an integer as a character. For one beyond 64 bits the OverflowError ("Python int too
    /// large to convert to C long") is the caller's.
    ///
    /// # Errors
    /// An OverflowError for no code point, a ValueError for what characters cannot have.
    pub fn format_character(&self, value: i64, out: &mut TextBuilder) -> Result<(), Error> {
        self.check_integer()?;
        if self.sign.is_some() {
            return Err(Error::value("Sign not allowed with integer format specifier 'c'"));
        }
        if self.alternate {
            return Err(Error::value("Alternate form (#) not allowed with integer format specifier 'c'"));
        }
        let point = u32::try_from(value)
            .ok()
            .filter(|&point| point < 0x11_0000)
            .ok_or_else(|| Error::new(ErrorKind::Overflow, "%c arg not in range(0x110000)"))?;
        let align = if self.align == Align::AfterSign { Align::Right } else { self.align };
        FormatSpec { align, ..*self }.pad(1, out, |out| out.push(point));
        Ok(())
    }
}

fn both_separators() -> Error {
    Error::value("Cannot specify both ',' and '_'.")
}
