//! `bytes` and `bytearray`: case and other properties of ASCII characters.

use super::{made_with, this};
use python_objects::{Args, Native, Py, R, Value};
use python_text::case::{Case, change_case};
use python_text::predicates::{self, Property};
use python_text::{Alphabet, Units};

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

static CHANGES: [Native; 5] = changes! {
    "upper" Upper "A copy with ASCII letters in upper case.";
    "lower" Lower "A copy with ASCII letters in lower case.";
    "title" Title "A copy whose words begin in upper case, the rest in lower case.";
    "capitalize" Capitalize "A copy whose first byte is in upper case, the rest in lower case.";
    "swapcase" Swap "A copy with upper and lower case exchanged.";
};

static PROPERTIES: [Native; 8] = properties! {
    "isalnum" Alphanumeric "True if there are bytes, all ASCII letters or digits.";
    "isalpha" Alphabetic "True if there are bytes, all ASCII letters.";
    "isascii" Ascii "True if all bytes are ASCII.";
    "isdigit" Digit "True if there are bytes, all ASCII digits.";
    "islower" Lower "True if there are letters, all in lower case.";
    "isspace" Space "True if there are bytes, all white space.";
    "istitle" Title "True if there are letters, and words begin in upper case.";
    "isupper" Upper "True if there are letters, all in upper case.";
};

pub(super) static METHODS: [&[Native]; 2] = [&CHANGES, &PROPERTIES];

fn change(py: Py<'_>, args: Args<'_>, case: Case) -> R {
    let content = this(py, args)?;
    made_with(py, args, |out| change_case(Units::One(&content), case, Alphabet::Ascii, out))
}

fn is(py: Py<'_>, args: Args<'_>, property: Property) -> R {
    Ok(Value::bool(predicates::is(Units::One(&this(py, args)?), property, Alphabet::Ascii)))
}
