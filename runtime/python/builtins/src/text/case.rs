//! Case and other properties of characters.

use super::{Subject, build};
use python_objects::{Args, Native, Py, R, Value};
use python_text::case::{Case, change_case, change_short_ascii};
use python_text::predicates::{self, Property};
use std::marker::PhantomData;

/// Methods that answer a copy in another case.
macro_rules! case_changes {
    ($Subject:ty; $($name:literal $Case:ident $doc:literal;)*) => {
        &[$(python_objects::Native::method(
            $name,
            "self, /",
            |py, args| $crate::text::change::<$Subject>(py, args, python_text::case::Case::$Case),
            $doc,
        )),*]
    };
}
/// Methods that answer whether all characters are of a kind.
macro_rules! properties {
    ($Subject:ty; $($name:literal $Property:ident $doc:literal;)*) => {
        &[$(python_objects::Native::method(
            $name,
            "self, /",
            |py, args| $crate::text::is::<$Subject>(py, args, python_text::predicates::Property::$Property),
            $doc,
        )),*]
    };
}
pub(crate) use {case_changes, properties};

pub(super) struct Methods<S>(PhantomData<S>);

impl<S: Subject> Methods<S> {
    pub(super) const TABLES: [&'static [Native]; 2] = [
        case_changes! { S;
            "upper" Upper "A copy in upper case.";
            "lower" Lower "A copy in lower case.";
            "title" Title "A copy whose words begin in title case, the rest in lower case.";
            "capitalize" Capitalize "A copy whose first character is in title case, the rest in lower case.";
            "swapcase" Swap "A copy with upper and lower case exchanged.";
        },
        properties! { S;
            "isalnum" Alphanumeric "True if there are characters, all letters or numbers.";
            "isalpha" Alphabetic "True if there are characters, all letters.";
            "isascii" Ascii "True if all characters are ASCII.";
            "isdigit" Digit "True if there are characters, all digits.";
            "islower" Lower "True if there are cased characters, all in lower case.";
            "isspace" Space "True if there are characters, all white space.";
            "istitle" Title "True if there are cased characters, and words begin in title case.";
            "isupper" Upper "True if there are cased characters, all in upper case.";
        },
    ];
}

/// A copy in another case.
pub(crate) fn change<S: Subject>(py: Py<'_>, args: Args<'_>, case: Case) -> R {
    let content = S::this(py, args)?;
    if let Some(bytes) = S::short(&content) {
        return S::with_bytes(py, args, bytes.len(), |to| {
            to.copy_from_slice(bytes);
            change_short_ascii(to, case);
        });
    }
    build::<S>(py, args, |out| change_case(S::units(&content), case, S::ALPHABET, out))
}

/// Whether all characters are so.
pub(crate) fn is<S: Subject>(py: Py<'_>, args: Args<'_>, property: Property) -> R {
    let content = S::this(py, args)?;
    let found = predicates::is(S::units(&content), property, S::ALPHABET, &mut py.work());
    found.map(Value::bool).map_err(|e| py.interrupted(e))
}
