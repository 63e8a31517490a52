//! How errors are handled: three handlers are built in here, others are called with an exception.

use crate::multibyte::Fault;
use python_builtins::string::codec::lookup_handler;
use python_objects::exception::word;
use python_objects::{Args, Exc, Object, Py, R, Value, string};
use python_text::codec::CodecError;
use std::ops::Range;

/// How errors are handled.
#[derive(Clone, Copy)]
pub(crate) enum Errors {
    Strict,
    Ignore,
    Replace,
    /// By what the program registered under a name.
    Named(Object),
}

impl Errors {
    /// From a name that is kept in a field.
    pub(crate) fn of(py: Py<'_>, v: Value) -> Errors {
        match string::exact_or_payload(py, v) {
            None => Errors::Strict,
            Some(s) if string::is(s, "strict") => Errors::Strict,
            Some(s) if string::is(s, "ignore") => Errors::Ignore,
            Some(s) if string::is(s, "replace") => Errors::Replace,
            Some(s) => Errors::Named(s),
        }
    }
}

/// The name of a handler that a function was given: `argument` says which that is, for messages.
pub(crate) fn name(py: Py<'_>, v: Option<Value>, argument: &str, or_none: bool) -> R {
    let v = match v {
        None => return py.str("strict"),
        Some(Value::NONE) if or_none => return py.str("strict"),
        Some(v) => v,
    };
    let Some(s) = string::exact_or_payload(py, v) else {
        let wanted = if or_none { "str or None" } else { "str" };
        return py.type_error(&format!("{argument} must be {wanted}, not {}", py.class_name(v)));
    };
    stdlib_core::support::utf8(py, s)?;
    Ok(s.value())
}

/// Attribute `errors` of the types that have one, which is in this word.
pub(crate) fn set(py: Py<'_>, o: Object, word: usize, args: Args<'_>) -> R {
    let v = args.at(1);
    if v.is_empty() {
        return py.err(Exc::AttributeError, "cannot delete attribute");
    }
    match string::exact_or_payload(py, v) {
        Some(s) => py.store(o, word, s.value()),
        None => return py.type_error("errors must be a string"),
    }
    Ok(Value::NONE)
}

/// What went wrong in which part of the input: the exception, which the handlers of one conversion share.
#[derive(Default)]
pub(crate) struct Trouble(pub(crate) Option<Object>);

impl Trouble {
    /// The exception for a fault at a place of an input that has so many units.
    pub(crate) fn exception(
        &mut self,
        py: Py<'_>,
        class: Exc,
        encoding: &'static str,
        input: Value,
        fault: Fault,
        part: Range<usize>,
    ) -> R<Object> {
        let reason = match fault {
            Fault::Incomplete => "incomplete multibyte sequence",
            _ => "illegal multibyte sequence",
        };
        let e = CodecError { encoding, start: part.start, end: part.end, reason };
        match self.0 {
            None => Ok(*self.0.insert(py.unicode_error(class, input, e)?)),
            Some(exception) => {
                let fields = [py.int_usize(e.start)?, py.int_usize(e.end)?, py.str(e.reason)?];
                for (i, v) in fields.into_iter().enumerate() {
                    py.store(exception, word::OWN + 2 + i, v);
                }
                Ok(exception)
            }
        }
    }
}

/// What part of the rest of an input a fault is about. RuntimeError for one that is about the state.
pub(crate) fn part(py: Py<'_>, fault: Fault, at: usize, length: usize) -> R<Range<usize>> {
    match fault {
        Fault::Illegal(n) => Ok(at..at + n),
        Fault::Incomplete => Ok(at..length),
        Fault::Internal => py.err(Exc::RuntimeError, "internal codec error"),
    }
}

/// Asks a handler: what it puts in, which `accept` takes, and where in an input of so many units to go on.
pub(crate) fn ask<T>(
    py: Py<'_>,
    errors: Object,
    exception: Object,
    length: usize,
    accept: impl Fn(Value) -> Option<T>,
) -> R<(T, usize)> {
    let handler = lookup_handler(py, errors)?;
    let answer = py.call(handler, &[exception.value()])?;
    let taken = py.as_tuple(answer).filter(|t| t.length() == 2).and_then(|t| {
        let position = py.as_int(t.element(1)).is_some().then(|| t.element(1))?;
        Some((accept(t.element(0))?, position))
    });
    let Some((stand, position)) = taken else {
        let what = if exception_is_decoding(py, exception) { "decoding" } else { "encoding" };
        return py.type_error(&format!("{what} error handler must return (str, int) tuple"));
    };
    let position = py.index_clamped(position)?;
    let at = if position < 0 { position.saturating_add(length as i64) } else { position };
    match usize::try_from(at) {
        Ok(at) if at <= length => Ok((stand, at)),
        _ => py.err(Exc::IndexError, &format!("position {at} from error handler out of bounds")),
    }
}

fn exception_is_decoding(py: Py<'_>, exception: Object) -> bool {
    py.is_subclass(py.class_of(exception.value()), py.exception_class(Exc::UnicodeDecodeError))
}
