//! Formatting of floats.

use python_numbers::float::{self, FormatCode, Layout};

use super::{FormatSpec, Locale};
use crate::error::Error;
use crate::{TextBuilder, Units};

/// More digits than any double has: what a greater precision asks for are zeros.
const MOST_DIGITS: usize = 1100;

/// The text of a float's absolute value, with zeros that a great precision asks for counted instead of written.
pub(crate) struct FloatText {
    text: String,
    /// Where the zeros go.
    zeros_at: usize,
    zeros: usize,
    pub(crate) negative: bool,
}

impl FloatText {
    /// `kind` is one of `eEfFgGr`.
    pub(crate) fn new(value: f64, kind: char, precision: usize, layout: Layout) -> Self {
        let code = match kind {
            'e' | 'E' => FormatCode::Exponent,
            'f' | 'F' => FormatCode::Fixed,
            'r' => FormatCode::Repr,
            _ => FormatCode::General,
        };
        let shown = precision.min(MOST_DIGITS);
        let padded = match code {
            FormatCode::Exponent | FormatCode::Fixed => true,
            FormatCode::General => layout.alternate,
            FormatCode::Repr => false,
        };
        let mut text = float::format(value, code, shown, layout);
        if kind.is_ascii_uppercase() {
            text.make_ascii_uppercase();
        }
        FloatText {
            zeros_at: text.find(['e', 'E']).unwrap_or(text.len()),
            text,
            zeros: if padded && value.is_finite() { precision - shown } else { 0 },
            negative: value.is_sign_negative() && !value.is_nan(),
        }
    }

    /// Whether it shows zero.
    fn is_zero(&self) -> bool {
        self.text[..self.zeros_at].bytes().all(|byte| matches!(byte, b'0' | b'.'))
    }

    pub(super) fn without_negative_zero(mut self) -> Self {
        self.negative &= !self.is_zero();
        self
    }

    /// The digits before the point or exponent; the rest, with zeros.
    pub(super) fn parts(&self) -> (&str, [(&str, usize); 2]) {
        let whole = self.text.find(|c: char| !c.is_ascii_digit()).unwrap_or(self.text.len());
        let (before, behind) = (&self.text[whole..self.zeros_at.max(whole)], &self.text[self.zeros_at.max(whole)..]);
        (&self.text[..whole], [(before, self.zeros), (behind, 0)])
    }

    /// How many characters, without a sign.
    pub(crate) fn len(&self) -> usize {
        self.text.len().saturating_add(self.zeros)
    }

    /// Adds it, without a sign.
    pub(crate) fn put(&self, out: &mut TextBuilder) {
        let (before, behind) = self.text.as_bytes().split_at(self.zeros_at);
        out.push_units(Units::One(before));
        out.push_repeated(u32::from('0'), self.zeros);
        out.push_units(Units::One(behind));
    }
}

impl FormatSpec {
    /// The type, precision and layout of a float's text: an omitted type is `r` without a precision, else `g`.
    pub(super) fn float_code(&self) -> Result<(char, usize), Error> {
        if self.precision.is_some_and(|precision| precision > i32::MAX as usize) {
            return Err(Error::value("precision too big"));
        }
        Ok(match (self.kind, self.precision) {
            (None, None) => ('r', 0),
            (None | Some('n'), precision) => ('g', precision.unwrap_or(6)),
            (Some('%'), precision) => ('f', precision.unwrap_or(6)),
            (Some(kind), precision) => (kind, precision.unwrap_or(6)),
        })
    }

    /// Puts out a float (or an integer converted to one, for [`super::IntegerForm::Float`]).
    ///
    /// # Errors
    /// A ValueError for a precision beyond a C `int`.
    pub fn format_float(&self, value: f64, locale: &Locale<'_>, out: &mut TextBuilder) -> Result<(), Error> {
        let (kind, precision) = self.float_code()?;
        let percent = self.kind == Some('%');
        let value = if percent { value * 100.0 } else { value };
        let layout = Layout { alternate: self.alternate, point_zero: self.kind.is_none() };
        let mut text = FloatText::new(value, kind, precision, layout);
        if self.no_negative_zero {
            text = text.without_negative_zero();
        }
        let (digits, [before, behind]) = text.parts();
        let sign = if percent { "%" } else { "" };
        self.put_number(text.negative, "", digits, &[before, behind, (sign, 0)], locale, out);
        Ok(())
    }
}
