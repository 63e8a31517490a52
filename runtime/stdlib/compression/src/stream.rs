//! What the types of `_bz2` and `_lzma` have in common.

use python_objects::{Args, Py, R, Value};
use stdlib_data::buffer::Window;

/// `__reduce__` of what cannot be pickled.
pub(crate) fn no_pickling(py: Py<'_>, args: Args<'_>) -> R {
    let class = py.class_full_name(py.class_of(args.at(0)));
    py.type_error(&format!("cannot pickle '{class}' object"))
}
/// The content of a bytes-like argument.
pub(crate) fn content(py: Py<'_>, v: Value) -> R<Vec<u8>> {
    let window = Window::for_reading(py, v)?;
    Ok(window.read(py, 0, window.length)?.to_vec())
}
