//! `tee`: several iterators over one. What the foremost has read lies in a chain of blocks that the others follow; blocks
//! that all have passed are garbage.

use super::deprecated;
use super::joining::copy_method;
use crate::support::{class_value, identity, make, size, state_items};
use python_objects::kind::special;
use python_objects::{Args, Exc, Native, Object, Py, R, TypeSpec, Value, list};

/// Items in a block.
const BLOCK: usize = 57;

pub(super) static TEE_DATA: TypeSpec = TypeSpec::values(
    "itertools",
    "_tee_dataobject",
    4,
    DATA_METHODS,
    "teedataobject(iterable, values, next, /)\n--\n\nData container common to multiple tee objects.",
);
/// Fields of a block: iterator, list of the items, next block (or EMPTY), is the iterator being read?
static DATA_METHODS: &[Native] = &[
    Native::static_method("__new__", "cls, it, values, next, /", data_new, "Create and return a new object."),
    Native::method("__reduce__", "self, /", data_reduce, "Return state information for pickling."),
];

pub(super) static TEE: TypeSpec =
    TypeSpec::values("itertools", "_tee", 2, TEE_METHODS, "Iterator wrapped to make it copyable.").weakly_referenced();
/// Fields of a `_tee`: block, position in it.
static TEE_METHODS: &[Native] = &[
    Native::static_method("__new__", "cls, iterable, /", tee_new, "Create and return a new object."),
    Native::wrapper("__iter__", "self, /", identity, "Implement iter(self)."),
    Native::wrapper("__next__", "self, /", tee_next, "Implement next(self)."),
    Native::method("__copy__", "self, /", tee_copy, "Returns an independent iterator."),
    Native::method("__reduce__", "self, /", tee_reduce, "Return state information for pickling."),
    Native::method("__setstate__", "self, state, /", tee_set_state, "Set state information for unpickling."),
];
pub(super) static FUNCTIONS: &[Native] =
    &[Native::function("tee", "iterable, n=2, /", tee, "Returns a tuple of n independent iterators.")];

fn new_data(py: Py<'_>, iterator: Value) -> R {
    let items = py.new_list(BLOCK)?;
    let class = py.native_type(&TEE_DATA)?;
    make(py, class.value(), &TEE_DATA, &[iterator, items.value(), Value::EMPTY, Value::FALSE])
}
fn data_new(py: Py<'_>, args: Args<'_>) -> R {
    let Some(items) = py.as_list(args.at(2)) else {
        return py.type_error("_tee_dataobject() argument 2 must be list");
    };
    let n = list::length(items);
    let next = args.at(3);
    let data = Object::of(new_data(py, args.at(1))?);
    let full = n == BLOCK;
    if n > BLOCK || !full && next != Value::NONE {
        return py.value_error("Invalid arguments");
    }
    if full && next != Value::NONE {
        let next = py.native_self(next, &TEE_DATA)?;
        py.store(data, 3, next.value());
    }
    if n > 0 {
        py.list_push_elements(Object::of(data.get(2)), list::array(items), 0, n)?;
    }
    Ok(data.value())
}
fn data_reduce(py: Py<'_>, args: Args<'_>) -> R {
    let o = py.native_self(args.at(0), &TEE_DATA)?;
    deprecated(py)?;
    let items = py.list_from(o.get(2))?;
    let next = if o.get(3).is_empty() { Value::NONE } else { o.get(3) };
    let arguments = py.tuple(&[o.get(1), items.value(), next])?;
    py.tuple(&[class_value(py, o), arguments])
}
/// Item `i` of a block, read from the iterator if it is the next; `None` at the end.
fn item(py: Py<'_>, data: Object, i: usize) -> R<Option<Value>> {
    let items = Object::of(data.get(2));
    if let Some(v) = list::get(items, i) {
        return Ok(Some(v));
    }
    if data.get(4) == Value::TRUE {
        return py.err(Exc::RuntimeError, "cannot re-enter the tee iterator");
    }
    py.store(data, 4, Value::TRUE);
    let r = py.next(data.get(1));
    py.store(data, 4, Value::FALSE);
    let Some(v) = r? else { return Ok(None) };
    py.list_push(items, v)?;
    Ok(Some(v))
}
/// The block behind a full one.
fn following(py: Py<'_>, data: Object) -> R<Object> {
    if let Some(next) = Object::from_value(data.get(3)) {
        return Ok(next);
    }
    let next = Object::of(new_data(py, data.get(1))?);
    py.store(data, 3, next.value());
    Ok(next)
}

fn new_tee(py: Py<'_>, data: Value, position: Value) -> R {
    let class = py.native_type(&TEE)?;
    make(py, class.value(), &TEE, &[data, position])
}
/// A `_tee` over an iterable: a copy, if it is one already.
fn tee_of(py: Py<'_>, iterable: Value) -> R {
    let iterator = py.iter(iterable)?;
    if let Some(o) = py.of_kind(iterator, TEE.kind) {
        return new_tee(py, o.get(1), o.get(2));
    }
    let data = new_data(py, iterator)?;
    new_tee(py, data, Value::int(0))
}
fn tee_new(py: Py<'_>, args: Args<'_>) -> R {
    tee_of(py, args.at(1))
}
fn tee_next(py: Py<'_>, args: Args<'_>) -> R {
    let o = py.native_self(args.at(0), &TEE)?;
    let (mut data, mut position) = (Object::of(o.get(1)), o.get(2).as_int() as usize);
    if position >= BLOCK {
        data = following(py, data)?;
        position = 0;
        py.store(o, 1, data.value());
        py.store(o, 2, Value::int(0));
    }
    let Some(v) = item(py, data, position)? else { return Ok(special::END) };
    py.store(o, 2, Value::int(position as i64 + 1));
    Ok(v)
}
fn tee_copy(py: Py<'_>, args: Args<'_>) -> R {
    let o = py.native_self(args.at(0), &TEE)?;
    new_tee(py, o.get(1), o.get(2))
}
fn tee_reduce(py: Py<'_>, args: Args<'_>) -> R {
    let o = py.native_self(args.at(0), &TEE)?;
    deprecated(py)?;
    let arguments = py.tuple(&[py.empty_tuple()])?;
    let state = py.tuple(&[o.get(1), o.get(2)])?;
    py.tuple(&[class_value(py, o), arguments, state])
}
fn tee_set_state(py: Py<'_>, args: Args<'_>) -> R {
    let o = py.native_self(args.at(0), &TEE)?;
    deprecated(py)?;
    let state = state_items(py, args.at(1), 2)?;
    let data = py.native_self(state.element(0), &TEE_DATA)?;
    let position = size(py, state.element(1))?;
    if !(0..=BLOCK as i64).contains(&position) {
        return py.value_error("Index out of range");
    }
    py.store(o, 1, data.value());
    py.store(o, 2, Value::int(position));
    Ok(Value::NONE)
}

fn tee(py: Py<'_>, args: Args<'_>) -> R {
    let n = match args.opt(1) {
        Some(v) => size(py, v)?,
        None => 2,
    };
    if n < 0 {
        return py.value_error("n must be >= 0");
    }
    if n == 0 {
        return Ok(py.empty_tuple());
    }
    let mut first = py.iter(args.at(0))?;
    let copy = match copy_method(py, first)? {
        Some(copy) => copy,
        None => {
            first = tee_of(py, first)?;
            match copy_method(py, first)? {
                Some(copy) => copy,
                None => return py.type_error("_tee objects have no __copy__"),
            }
        }
    };
    let all = py.new_list(n.min(64) as usize)?;
    py.list_push(all, first)?;
    for _ in 1..n {
        let v = py.call(copy, &[])?;
        py.list_push(all, v)?;
        py.poll()?;
    }
    py.list_to_tuple(all)
}
