//! Bytes-like arguments: what is read of them, and what is written into them.
//!
//! Where a bytearray's content lies may change while Python code runs, so nothing here keeps it beyond a call: ranges are
//! copied, and every access says whether what it reaches is (still) there.

use python_objects::memoryview::{self, word};
use python_objects::symbol::sym;
use python_objects::text::Content;
use python_objects::{Exc, Kind, Object, Py, R, Value, bytes};

/// What `PyBUF_SIMPLE` and `PyBUF_WRITABLE` ask of `__buffer__` (PEP 688).
const SIMPLE: i64 = 0;
const WRITABLE: i64 = 1;

/// The view that an object of another kind gives of itself. Runs Python code.
fn exported(py: Py<'_>, v: Value, flags: i64) -> R<Option<Object>> {
    let view = py.call_special(v, sym::BUFFER, &[Value::int(flags)])?;
    Ok(view.and_then(|view| py.of_kind(view, Kind::MEMORYVIEW)))
}
fn is_released(py: Py<'_>, v: Value) -> bool {
    py.of_kind(v, Kind::MEMORYVIEW).is_some_and(|view| memoryview::base(view).is_none())
}
/// Refuses what has no bytes, or not in one piece.
fn refuse<T>(py: Py<'_>, v: Value) -> R<T> {
    if is_released(py, v) {
        return py.value_error("operation forbidden on released memoryview object");
    }
    if py.of_kind(v, Kind::MEMORYVIEW).is_some() {
        return py.err(Exc::BufferError, "memoryview: underlying buffer is not C-contiguous");
    }
    py.type_error(&format!("a bytes-like object is required, not '{}'", py.class_name(v)))
}
/// A range of a bytearray that may be written to, or of bytes that are only read.
#[derive(Clone, Copy)]
pub struct Window {
    base: Object,
    start: usize,
    /// How many bytes it has.
    pub length: usize,
    writable: bool,
}
impl Window {
    /// Of a value of a built-in kind whose bytes lie in one piece.
    fn of(py: Py<'_>, v: Value) -> Option<Window> {
        if let Some(b) = py.as_bytes(v) {
            return Some(Window { base: b, start: 0, length: bytes::slice(b).len(), writable: false });
        }
        let o = Object::from_value(v)?;
        match py.object_kind(o) {
            Kind::BYTEARRAY => Some(Window { base: o, start: 0, length: bytes::array_length(o), writable: true }),
            Kind::MEMORYVIEW if memoryview::is_contiguous(o) => Some(Window {
                base: memoryview::base(o)?,
                start: o.word(word::START) as usize,
                length: memoryview::byte_length(o),
                writable: !py.memoryview_readonly(o),
            }),
            _ => None,
        }
    }
    /// For reading. Runs Python code; TypeError for what has no bytes.
    pub fn for_reading(py: Py<'_>, v: Value) -> R<Window> {
        if let Some(window) = Window::of(py, v) {
            return Ok(window);
        }
        if let Some(window) = exported(py, v, SIMPLE)?.and_then(|view| Window::of(py, view.value())) {
            return Ok(window);
        }
        refuse(py, v)
    }
    /// For writing. Runs Python code; `None` for what cannot be written to.
    pub fn for_writing(py: Py<'_>, v: Value) -> R<Option<Window>> {
        let window = match Window::of(py, v) {
            Some(window) => Some(window),
            None => exported(py, v, WRITABLE)?.and_then(|view| Window::of(py, view.value())),
        };
        Ok(window.filter(|w| w.writable))
    }
    /// `length` bytes from `at` on; an error if they are not there (any more).
    pub fn read(self, py: Py<'_>, at: usize, length: usize) -> R<Content<'_>> {
        let (from, to) = (self.start + at, self.start + at + length);
        let found = match py.object_kind(self.base) {
            Kind::BYTEARRAY => py.bytearray_range(self.base, from, to).map(Content::Copied),
            _ => bytes::slice(self.base).get(from..to).map(Content::Borrowed),
        };
        match found {
            Some(content) => Ok(content),
            None => py.value_error("the buffer has shrunk meanwhile"),
        }
    }
    /// Writes bytes from `at` on; an error if there is no room for them (any more).
    pub fn write(self, py: Py<'_>, at: usize, content: &[u8]) -> R<()> {
        let from = self.start + at;
        if !self.writable || from + content.len() > bytes::array_length(self.base) {
            return py.value_error("the buffer has shrunk meanwhile");
        }
        py.bytearray_write(self.base, from, content);
        Ok(())
    }
}
