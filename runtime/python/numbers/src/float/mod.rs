//! Floats: IEEE 754 doubles with Python's text forms, hash and arithmetic.
//!
//! Conversions between doubles and decimal text are the standard library's, which are correctly rounded in both
//! directions (shortest digits as in Grisu and Dragon4, exact digits to any precision, parsing as in Eisel-Lemire with a
//! slow path); this module adds Python's grammar and layout around them.

mod arithmetic;
mod format;
mod hex;
mod parse;
mod round;
mod scale;

pub use arithmetic::{PowError, as_integer_ratio, divmod, floor_div, hash, modulo, pow};
pub use format::{FormatCode, Layout, format, repr};
pub use hex::{HexError, fromhex, hex};
pub use parse::{ParseFloatError, parse};
pub(crate) use parse::{scan_number, trim, without_underscores};
pub use round::{RoundError, round_half_even, round_to_digits};
pub use scale::{frexp, ldexp, nextafter, ulp};
