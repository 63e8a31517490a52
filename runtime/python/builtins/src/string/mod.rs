//! `str`: methods over `python-text`'s algorithms.

mod case;
pub mod codec;
mod format;
mod join;
mod object;
mod percent;
mod translate;

use crate::text::{SHORT, Subject};
use crate::wrappers::wrong_self;
use python_objects::kind::class;
use python_objects::{Args, Object, Py, R, Value, string};
use python_text::{Alphabet, TextBuilder, Units};
use std::ops::Range;

pub(crate) use codec::{decode, decode_arguments, encode, optional_text};
pub(crate) use format::object_format;
pub(crate) use percent::{Directive, Operands, conversion, put_number};

/// The exact string of `self`.
fn this(py: Py<'_>, args: Args<'_>) -> R<Object> {
    match string::exact_or_payload(py, args.at(0)) {
        Some(s) => Ok(s),
        None => wrong_self(py, args.at(0)),
    }
}

/// An argument that must be a string; `which` names it in the message: `replace() argument 1`.
fn text_argument(py: Py<'_>, v: Value, which: &str) -> R<Object> {
    match string::exact_or_payload(py, v) {
        Some(s) => Ok(s),
        None => py.type_error(&format!("{which} must be str, not {}", py.class_name(v))),
    }
}

/// `str` in the methods that it shares with `bytes`.
pub(crate) struct Str;

impl Subject for Str {
    const ALPHABET: Alphabet = Alphabet::Unicode;
    const NOT_FOUND: &'static str = "substring not found";
    const JUSTIFY: &'static str = "self, width, fillchar=' ', /";
    const STRIP: &'static str = "self, chars=None, /";
    /// An exact string.
    type Content<'t> = Object;

    fn units<'a>(content: &'a Object) -> Units<'a> {
        string::units(*content)
    }
    fn this(py: Py<'_>, args: Args<'_>) -> R<Object> {
        this(py, args)
    }
    fn content(py: Py<'_>, v: Value) -> Option<Object> {
        string::exact_or_payload(py, v)
    }
    fn argument(py: Py<'_>, v: Value, which: Option<&str>) -> R<Object> {
        match (string::exact_or_payload(py, v), which) {
            (Some(s), _) => Ok(s),
            (None, Some(which)) => text_argument(py, v, which),
            (None, None) => py.type_error(&format!("must be str, not {}", py.class_name(v))),
        }
    }
    fn needle(py: Py<'_>, v: Value) -> R<Object> {
        Self::argument(py, v, None)
    }
    fn separator(py: Py<'_>, v: Value) -> R<Object> {
        match string::exact_or_payload(py, v) {
            Some(s) => Ok(s),
            None => py.type_error(&format!("must be str or None, not {}", py.class_name(v))),
        }
    }
    fn strip_set(py: Py<'_>, v: Value, method: &str) -> R<Object> {
        match string::exact_or_payload(py, v) {
            Some(s) => Ok(s),
            None => py.type_error(&format!("{method} arg must be None or str")),
        }
    }
    fn affix(py: Py<'_>, v: Value, method: &str) -> R<Object> {
        match string::exact_or_payload(py, v) {
            Some(s) => Ok(s),
            None => py.type_error(&format!("tuple for {method} must only contain str, not {}", py.class_name(v))),
        }
    }
    fn not_affix<T>(py: Py<'_>, v: Value, method: &str) -> R<T> {
        py.type_error(&format!("{method} first arg must be str or a tuple of str, not {}", py.class_name(v)))
    }
    fn fill(py: Py<'_>, v: Value, _: &str) -> R<u32> {
        match string::exact_or_payload(py, v) {
            Some(c) if string::length(c) == 1 => Ok(string::at(c, 0)),
            Some(_) => py.type_error("The fill character must be exactly one character long"),
            None => py.type_error(&format!("The fill character must be a unicode character, not {}", py.class_name(v))),
        }
    }
    fn part(py: Py<'_>, _: Args<'_>, content: &Object, range: Range<usize>) -> R {
        Ok(py.substring(*content, range.start, range.end)?.value())
    }
    #[inline]
    fn short(content: &Object) -> Option<&[u8]> {
        string::ascii(*content).filter(|text| text.len() <= SHORT).map(str::as_bytes)
    }
    #[inline]
    fn with_bytes(py: Py<'_>, _: Args<'_>, length: usize, write: impl FnOnce(&mut [u8])) -> R {
        Ok(py.ascii_with(length, write)?.value())
    }
    fn built(py: Py<'_>, _: Args<'_>, out: TextBuilder) -> R {
        Ok(py.finish_text(out)?.value())
    }
}

pub(crate) fn install(py: Py<'_>) -> R<()> {
    let class = py.builtin_class(class::STR);
    crate::wrappers::document(
        py,
        class::STR,
        "A string from any object by its __str__, or from bytes-like objects by an encoding.",
    )?;
    for table in crate::text::tables::<Str>() {
        py.add_methods(class, table)?;
    }
    for table in [
        object::METHODS,
        join::METHODS,
        case::CHANGES,
        case::PROPERTIES,
        translate::METHODS,
        codec::METHODS,
        format::METHODS,
        percent::METHODS,
        crate::wrappers::COMPARISONS,
        crate::wrappers::LEN,
        crate::wrappers::ITER,
        crate::wrappers::HASH,
        crate::wrappers::REPR,
    ] {
        py.add_methods(class, table)?;
    }
    Ok(())
}
