//! Streams that nobody can reach and that were not closed.
//!
//! Collectors find a stream and what lies under it at once. The outer ones come first then, so that what they have buffered
//! is written; and what is no stream comes before all of them, since it may write to one.

use super::{base, buffered, file, text};
use python_objects::{Exc, Py, R, Value};

/// The number of [`rank`]s.
pub(crate) const RANKS: usize = 4;

/// When a finalizer has its turn among others.
pub(crate) fn rank(py: Py<'_>, v: Value) -> usize {
    if text::is(py, v) {
        return 1;
    }
    if buffered::find(py, v).is_some() {
        return 2;
    }
    match base::io_base(py) {
        Ok(base) if py.is_instance(v, base) => 3,
        Ok(_) => 0,
        Err(_) => {
            py.take_exception();
            0
        }
    }
}

/// Warns of a file that is closed because it is garbage, by the name of the stream that is.
pub(super) fn warn(py: Py<'_>, stream: Value) -> R<()> {
    let mut under = stream;
    while let Some(next) = text::under(py, under).or_else(|| buffered::under(py, under)) {
        under = next;
    }
    if !file::holds_descriptor(py, under) {
        return Ok(());
    }
    let message = py.str(&format!("unclosed file {}", py.repr_text(stream)?))?;
    let category = py.exception_class(Exc::ResourceWarning);
    python_builtins::warnings::warn_here(py, category, message, 1, stream)
}
