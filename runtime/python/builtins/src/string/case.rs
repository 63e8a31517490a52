//! `str`: case and other properties of characters.

use super::this;
use python_objects::{Args, Native, Py, R, Value, string};
use python_text::Alphabet;
use python_text::case::{Case, change_case};
use python_text::predicates::{self, Property};

macro_rules! changes {
    ($($name:literal $Case:ident $doc:literal;)*) => {
        [$(Native::method($name, "self, /", |py, a| change(py, a, Case::$Case), $doc)),*]
    };
}
macro_rules! properties {
    ($($name:literal $Property:ident $doc:literal;)*) => {
        [$(Native::method($name, "self, /", |py, a| is(py, a, Property::$Property), $doc)),*]
    };
}

static CHANGES: [Native; 6] = changes! {
    "upper" Upper "A copy in upper case.";
    "lower" Lower "A copy in lower case.";
    "title" Title "A copy whose words begin in title case, the rest in lower case.";
    "capitalize" Capitalize "A copy whose first character is in title case, the rest in lower case.";
    "swapcase" Swap "A copy with upper and lower case exchanged.";
    "casefold" Fold "A copy for comparisons without regard to case.";
};

static PROPERTIES: [Native; 12] = properties! {
    "isalnum" Alphanumeric "True if there are characters, all letters or numbers.";
    "isalpha" Alphabetic "True if there are characters, all letters.";
    "isascii" Ascii "True if all characters are ASCII.";
    "isdecimal" Decimal "True if there are characters, all decimal digits.";
    "isdigit" Digit "True if there are characters, all digits.";
    "isidentifier" Identifier "True if the string is a valid identifier.";
    "islower" Lower "True if there are cased characters, all in lower case.";
    "isnumeric" Numeric "True if there are characters, all numeric.";
    "isprintable" Printable "True if all characters are printable.";
    "isspace" Space "True if there are characters, all white space.";
    "istitle" Title "True if there are cased characters, and words begin in title case.";
    "isupper" Upper "True if there are cased characters, all in upper case.";
};

pub(super) static METHODS: [&[Native]; 2] = [&CHANGES, &PROPERTIES];

fn change(py: Py<'_>, args: Args<'_>, case: Case) -> R {
    let s = this(py, args)?;
    Ok(py.text_with(|out| change_case(string::units(s), case, Alphabet::Unicode, out))?.value())
}

fn is(py: Py<'_>, args: Args<'_>, property: Property) -> R {
    Ok(Value::bool(predicates::is(string::units(this(py, args)?), property, Alphabet::Unicode)))
}
