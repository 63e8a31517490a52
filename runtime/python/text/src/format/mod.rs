//! The format specification mini-language: `format(value, "*>+#12,.3f")`, as PEP 3101 began it.
//!
//! A specification is parsed for a kind of value ([`Target`]), then puts a value out: text, a number's digits as the
//! caller converts them, a float, a complex number. Classes that these know are those built in; what `type(value)` is
//! called goes into messages.

mod complex;
mod float;
mod number;
mod spec;

pub(crate) use float::FloatText;
pub use number::Locale;
pub use spec::{Align, FormatSpec, IntegerForm, Separator, Sign, Target};

use crate::Units;
use crate::unicode::decimal_value;

/// A decimal number at the beginning of the text, from an index on: its value and where it ends. `Err` for one beyond
/// `isize::MAX`.
pub(crate) fn parse_number(text: Units<'_>, from: usize) -> Result<(usize, usize), ()> {
    let (mut value, mut at) = (0_usize, from);
    while let Some(digit) = text.get(at).and_then(decimal_value) {
        value = value.checked_mul(10).and_then(|value| value.checked_add(digit.into())).ok_or(())?;
        if value > isize::MAX as usize {
            return Err(());
        }
        at += 1;
    }
    Ok((value, at))
}
