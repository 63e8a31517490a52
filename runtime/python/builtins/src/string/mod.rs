//! `str`: methods over `python-text`'s algorithms.

mod case;
pub mod codec;
mod format;
mod layout;
mod object;
mod percent;
mod pieces;
mod search;
mod translate;

use crate::wrappers::wrong_self;
use python_objects::kind::class;
use python_objects::{Args, Object, Py, R, Value, string};

pub(crate) use codec::{decode, decode_arguments, encode, optional_text};
pub(crate) use format::object_format;
pub(crate) use object::index;
pub(crate) use percent::{Directive, Operands, conversion, put_number};
pub(crate) use pieces::{joinable, reverse};

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

/// The same where CPython's message names nothing.
fn plain_text(py: Py<'_>, v: Value) -> R<Object> {
    match string::exact_or_payload(py, v) {
        Some(s) => Ok(s),
        None => py.type_error(&format!("must be str, not {}", py.class_name(v))),
    }
}

/// A count argument (`maxsplit`, `count`): negative and absent ones mean all.
pub(crate) fn most(py: Py<'_>, v: Option<Value>) -> R<usize> {
    match v {
        None => Ok(usize::MAX),
        Some(v) => Ok(usize::try_from(py.index_i64(v)?).unwrap_or(usize::MAX)),
    }
}

pub(crate) fn install(py: Py<'_>) -> R<()> {
    let class = py.builtin_class(class::STR);
    crate::wrappers::document(
        py,
        class::STR,
        "A string from any object by its __str__, or from bytes-like objects by an encoding.",
    )?;
    for table in [
        object::METHODS,
        search::METHODS,
        pieces::METHODS,
        case::METHODS[0],
        case::METHODS[1],
        layout::METHODS,
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
