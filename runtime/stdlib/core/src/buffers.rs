//! Buffers that calls of the system fill: bytearrays, arrays, and memoryviews of them.

use python_objects::bytes::{NATIVE_ARRAY, NATIVE_ARRAY_CONTENT};
use python_objects::{Kind, Object, Py, Value, bytes, memoryview};

/// What a buffer lies in, and where; `None` if nothing can be written into it in one piece.
fn target(py: Py<'_>, v: Value) -> Option<(Object, usize, usize)> {
    let o = Object::from_value(v)?;
    match py.object_kind(o) {
        Kind::BYTEARRAY => Some((o, 0, bytes::array_length(o))),
        NATIVE_ARRAY => target(py, o.get(NATIVE_ARRAY_CONTENT)),
        Kind::MEMORYVIEW if !py.memoryview_readonly(o) && memoryview::is_contiguous(o) => {
            let start = usize::try_from(py.memoryview_offset(o, 0)).ok()?;
            Some((memoryview::base(o)?, start, memoryview::byte_length(o)))
        }
        _ => None,
    }
}

/// How many bytes a writable buffer has room for; `None` if it is none.
pub fn target_length(py: Py<'_>, v: Value) -> Option<usize> {
    target(py, v).map(|(_, _, length)| length)
}

/// Writes into such a buffer, from a place on. What has no room (any more) is left out as a whole.
pub fn fill_target(py: Py<'_>, v: Value, at: usize, content: &[u8]) {
    if let Some((base, start, length)) = target(py, v)
        && at + content.len() <= length
        && start + at + content.len() <= bytes::array_length(base)
    {
        py.bytearray_write(base, start + at, content);
    }
}
