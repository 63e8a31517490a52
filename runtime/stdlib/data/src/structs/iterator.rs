//! The iterator of `iter_unpack`.

use super::{error, object, values};
use crate::buffer::Window;
use python_objects::kind::special;
use python_objects::{Args, Native, Object, Py, R, TypeSpec, Value};

static ITERATOR: TypeSpec = TypeSpec::values("_struct", "unpack_iterator", 3, METHODS, "");
mod word {
    pub(super) const STRUCT: usize = 1;
    /// EMPTY at the end.
    pub(super) const BUFFER: usize = 2;
    /// Where the next values begin.
    pub(super) const AT: usize = 3;
}
static METHODS: &[Native] = &[
    Native::wrapper("__iter__", "self, /", |_, args| Ok(args.at(0)), "Implement iter(self)."),
    Native::wrapper("__next__", "self, /", next, "Implement next(self)."),
    Native::method("__length_hint__", "self, /", length_hint, ""),
];

pub(super) fn make(py: Py<'_>, this: Object, buffer: Value) -> R {
    let size = object::size(this);
    if size == 0 {
        return error(py, "cannot iteratively unpack with a struct of length 0");
    }
    let window = Window::for_reading(py, buffer)?;
    if size > 0 && window.length as i64 % size != 0 {
        return error(py, &format!("iterative unpacking requires a buffer of a multiple of {size} bytes"));
    }
    let o = py.new_native(&ITERATOR)?;
    o.init(word::STRUCT, this.value());
    o.init(word::BUFFER, buffer);
    o.init(word::AT, Value::int(0));
    Ok(o.value())
}
/// The window and where in it to go on; `None` at the end.
fn rest(py: Py<'_>, o: Object) -> R<Option<(Window, usize)>> {
    if o.get(word::BUFFER).is_empty() {
        return Ok(None);
    }
    let (window, at) = (Window::for_reading(py, o.get(word::BUFFER))?, o.get(word::AT).as_int() as usize);
    let size = object::size(Object::of(o.get(word::STRUCT))).max(1) as usize;
    if at + size > window.length {
        py.store(o, word::BUFFER, Value::EMPTY);
        return Ok(None);
    }
    Ok(Some((window, at)))
}
fn next(py: Py<'_>, args: Args<'_>) -> R {
    let o = py.native_self(args.at(0), &ITERATOR)?;
    let Some((window, at)) = rest(py, o)? else { return Ok(special::END) };
    let this = Object::of(o.get(word::STRUCT));
    let size = object::size(this).max(0) as usize;
    let content = window.read(py, at, size)?;
    py.store(o, word::AT, Value::int((at + size) as i64));
    values(py, this, &content)
}
fn length_hint(py: Py<'_>, args: Args<'_>) -> R {
    let o = py.native_self(args.at(0), &ITERATOR)?;
    let size = object::size(Object::of(o.get(word::STRUCT))).max(1) as usize;
    py.int_usize(rest(py, o)?.map_or(0, |(window, at)| (window.length - at) / size))
}
