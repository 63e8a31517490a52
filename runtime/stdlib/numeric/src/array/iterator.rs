//! Iterators over arrays.

use super::{ARRAY, item};
use python_objects::kind::special;
use python_objects::py::root;
use python_objects::{Args, Native, Object, Py, R, TypeSpec, Value, dict};

static ITERATOR: TypeSpec = TypeSpec::values("array", "arrayiterator", 2, METHODS, "");
/// Words: array (EMPTY at the end), index of the next item.
static METHODS: &[Native] = &[
    Native::wrapper("__iter__", "self, /", |_, args| Ok(args.at(0)), "Implement iter(self)."),
    Native::wrapper("__next__", "self, /", next, "Implement next(self)."),
    Native::method("__reduce__", "self, /", reduce, "Return state information for pickling."),
    Native::method("__setstate__", "self, state, /", set_state, "Set state information for unpickling."),
];

pub(super) fn iter(py: Py<'_>, args: Args<'_>) -> R {
    let array = py.native_self(args.at(0), &ARRAY)?;
    let o = py.new_native(&ITERATOR)?;
    o.init(1, array.value());
    o.init(2, Value::int(0));
    Ok(o.value())
}
fn next(py: Py<'_>, args: Args<'_>) -> R {
    let o = py.native_self(args.at(0), &ITERATOR)?;
    let Some(array) = Object::from_value(o.get(1)) else { return Ok(special::END) };
    let i = o.get(2).as_int();
    match item(py, array, i as usize)? {
        Some(v) => {
            py.store(o, 2, Value::int(i + 1));
            Ok(v)
        }
        None => {
            py.store(o, 1, Value::EMPTY);
            Ok(special::END)
        }
    }
}
fn reduce(py: Py<'_>, args: Args<'_>) -> R {
    let o = py.native_self(args.at(0), &ITERATOR)?;
    let name = py.intern("iter")?;
    let iter = dict::get_symbol(py, Object::of(py.root(root::BUILTINS_DICT)), name).unwrap_or(Value::NONE);
    if o.get(1).is_empty() {
        let empty = py.tuple(&[py.empty_tuple()])?;
        return py.tuple(&[iter, empty]);
    }
    let array = py.tuple(&[o.get(1)])?;
    py.tuple(&[iter, array, o.get(2)])
}
fn set_state(py: Py<'_>, args: Args<'_>) -> R {
    let o = py.native_self(args.at(0), &ITERATOR)?;
    let i = py.index_i64(args.at(1))?.clamp(0, 1 << 40);
    if !o.get(1).is_empty() {
        py.store(o, 2, Value::int(i));
    }
    Ok(Value::NONE)
}
