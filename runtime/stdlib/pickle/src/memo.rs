//! The proxies through which programs see memos.

use crate::kept::call_method;
use crate::pickler;
use crate::unpickler;
use python_objects::kind::class::DICT;
use python_objects::symbol::sym;
use python_objects::{Args, Native, Object, Py, R, TypeSpec, Value};

macro_rules! proxy {
    ($SPEC:ident, $name:literal, $copy:path, $clear:path) => {
        pub(crate) static $SPEC: TypeSpec = TypeSpec::values(
            "_pickle",
            $name,
            1,
            &[
                Native::method(
                    "clear",
                    "self, /",
                    |py, a| $clear(py, owner(py, a, &$SPEC)?),
                    "Remove all items from memo.",
                ),
                Native::method(
                    "copy",
                    "self, /",
                    |py, a| $copy(py, owner(py, a, &$SPEC)?),
                    "Copy the memo to a new object.",
                ),
                Native::method(
                    "__reduce__",
                    "self, /",
                    |py, a| reduced(py, $copy(py, owner(py, a, &$SPEC)?)?),
                    "Implement pickle support.",
                ),
            ],
            "",
        );
    };
}
proxy!(PICKLER_MEMO, "PicklerMemoProxy", pickler::memo_copy, pickler::memo_clear);
proxy!(UNPICKLER_MEMO, "UnpicklerMemoProxy", unpickler::memo_copy, unpickler::memo_clear);

const OWNER: usize = 1;

/// A proxy of an object's memo.
pub(crate) fn make(py: Py<'_>, spec: &'static TypeSpec, owner: Object) -> R {
    let class = py.native_type(spec)?;
    if !py.class_defines(class, sym::HASH) {
        py.add_no_hash(class)?;
    }
    let o = py.alloc_instance(class)?;
    o.init(OWNER, owner.value());
    Ok(o.value())
}
fn owner(py: Py<'_>, args: Args<'_>, spec: &'static TypeSpec) -> R<Object> {
    Ok(Object::of(py.native_self(args.at(0), spec)?.get(OWNER)))
}
/// The object that a proxy is of; `None` if it is no such proxy.
pub(crate) fn owner_of(py: Py<'_>, v: Value, spec: &'static TypeSpec) -> Option<Object> {
    py.of_kind(v, spec.kind).map(|o| Object::of(o.get(OWNER)))
}
fn reduced(py: Py<'_>, copy: Value) -> R {
    let arguments = py.tuple(&[copy])?;
    py.tuple(&[py.root(DICT), arguments])
}
/// The items of a dictionary, as pairs, for loops that may change it.
pub(crate) fn pairs(py: Py<'_>, d: Value) -> R<Object> {
    let items = call_method(py, d, "items", &[])?;
    py.list_from(items)
}
