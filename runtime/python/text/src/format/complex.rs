//! Formatting of complex numbers: two floats, and padding around both.

use python_numbers::float::Layout;

use super::float::FloatText;
use super::{Align, FormatSpec, Locale, Sign};
use crate::TextBuilder;
use crate::error::Error;

impl FormatSpec {
    /// Puts out a complex number.
    ///
    /// # Errors
    /// A ValueError for what complex numbers cannot have.
    pub fn format_complex(
        &self,
        real: f64,
        imaginary: f64,
        locale: &Locale<'_>,
        out: &mut TextBuilder,
    ) -> Result<(), Error> {
        let (kind, precision) = self.float_code()?;
        if self.fill == u32::from('0') {
            return Err(Error::value("Zero padding is not allowed in complex format specifier"));
        }
        if self.align == Align::AfterSign {
            return Err(Error::value("'=' alignment flag is not allowed in complex format specifier"));
        }
        // An omitted type is as in `str`: parentheses around both parts, no real part that is plus zero.
        let only_imaginary = self.kind.is_none() && real == 0.0 && real.is_sign_positive();
        let parentheses = self.kind.is_none() && !only_imaginary;
        let layout = Layout { alternate: self.alternate, point_zero: false };
        let part = |value: f64, sign: Option<Sign>| {
            let mut text = FloatText::new(value, kind, precision, layout);
            if self.no_negative_zero {
                text = text.without_negative_zero();
            }
            let (digits, rest) = text.parts();
            let plain = FormatSpec { fill: u32::from(' '), align: Align::Left, width: None, sign, ..*self };
            let mut put = out.like();
            plain.put_number(text.negative, "", digits, &rest, locale, &mut put);
            put
        };
        let real = if only_imaginary { out.like() } else { part(real, self.sign) };
        let imaginary = part(imaginary, if only_imaginary { self.sign } else { Some(Sign::Plus) });
        if out.refuse_as(&real) || out.refuse_as(&imaginary) {
            return Ok(());
        }
        let length = real.len() + imaginary.len() + 1 + if parentheses { 2 } else { 0 };
        self.pad(length, out, |out| {
            out.push_str(if parentheses { "(" } else { "" });
            out.push_units(real.units());
            out.push_units(imaginary.units());
            out.push_str(if parentheses { "j)" } else { "j" });
        });
        Ok(())
    }
}
