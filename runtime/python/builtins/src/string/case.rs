//! `str`: case and other properties of characters that `bytes` do not have.

use super::Str;
use crate::text::{case_changes, properties};
use python_objects::Native;

pub(super) static CHANGES: &[Native] = case_changes! { Str;
    "casefold" Fold "A copy for comparisons without regard to case.";
};

pub(super) static PROPERTIES: &[Native] = properties! { Str;
    "isdecimal" Decimal "True if there are characters, all decimal digits.";
    "isidentifier" Identifier "True if the string is a valid identifier.";
    "isnumeric" Numeric "True if there are characters, all numeric.";
    "isprintable" Printable "True if all characters are printable.";
};
