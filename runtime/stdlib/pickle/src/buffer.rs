//! `PickleBuffer`: an object's memory, to be pickled within the pickle or outside of it.

use python_objects::kind::class::MEMORYVIEW;
use python_objects::{Args, Exc, Kind, Native, Object, Py, R, TypeSpec, Value, memoryview};

pub(crate) static BUFFER: TypeSpec =
    TypeSpec::values("pickle", "PickleBuffer", 1, METHODS, "Wrapper for potentially out-of-band buffers")
        .weakly_referenced();
/// The view of the object; None: it was released.
const VIEW: usize = 1;
static METHODS: &[Native] = &[
    Native::static_method("__new__", "cls, object, /", new, "Create and return a new object."),
    Native::wrapper(
        "__buffer__",
        "self, flags, /",
        buffer,
        "Return a buffer object that exposes the underlying memory of the object.",
    ),
    Native::wrapper(
        "__release_buffer__",
        "self, buffer, /",
        |_, _| Ok(Value::NONE),
        "Release the buffer object that exposes the underlying memory of the object.",
    ),
    Native::method(
        "raw",
        "self, /",
        raw,
        "A memoryview of the raw bytes. BufferError if they do not lie in one piece.",
    ),
    Native::method("release", "self, /", release, "Release the underlying buffer."),
];

fn new(py: Py<'_>, args: Args<'_>) -> R {
    let view = py.call(py.root(MEMORYVIEW), &[args.at(1)])?;
    let o = py.new_native_of(args.at(0), &BUFFER)?;
    o.init(VIEW, view);
    Ok(o.value())
}
/// The view of a pickle buffer that was not released.
pub(crate) fn view(py: Py<'_>, v: Value) -> R<Object> {
    let o = py.native_self(v, &BUFFER)?;
    match py.of_kind(o.get(VIEW), Kind::MEMORYVIEW) {
        Some(view) => Ok(view),
        None => py.value_error("operation forbidden on released PickleBuffer object"),
    }
}
fn buffer(py: Py<'_>, args: Args<'_>) -> R {
    let view = view(py, args.at(0))?;
    let flags = py.index_i64(args.at(1))?;
    if flags & 1 != 0 && py.memoryview_readonly(view) {
        return py.err(Exc::BufferError, "Object is not writable.");
    }
    py.call(py.root(MEMORYVIEW), &[view.value()])
}
fn raw(py: Py<'_>, args: Args<'_>) -> R {
    let view = view(py, args.at(0))?;
    let (Some(base), true) = (memoryview::base(view), memoryview::is_contiguous(view)) else {
        return py.err(Exc::BufferError, "cannot extract raw buffer from non-contiguous buffer");
    };
    let start = view.word(memoryview::word::START) as usize;
    let readonly = py.memoryview_readonly(view);
    let raw = py.new_memoryview(base, start, memoryview::byte_length(view), Value::EMPTY, readonly)?;
    py.store(raw, memoryview::word::EXPORTER, view.get(memoryview::word::EXPORTER));
    Ok(raw.value())
}
fn release(py: Py<'_>, args: Args<'_>) -> R {
    let o = py.native_self(args.at(0), &BUFFER)?;
    py.store(o, VIEW, Value::NONE);
    Ok(Value::NONE)
}
