//! `permutations`

use super::combinatoric::{MOST, as_tuple, at, row, selected, set};
use super::deprecated;
use crate::support::{class_value, identity, make, size};
use python_objects::kind::special;
use python_objects::{Args, Native, Object, Py, R, TypeSpec, Value};

pub(super) static PERMUTATIONS: TypeSpec = TypeSpec::values(
    "itertools",
    "permutations",
    5,
    METHODS,
    "Return successive r-length permutations of elements in the iterable.\n\npermutations(range(3), 2) --> (0,1), (0,2), (1,0), (1,2), (2,0), (2,1)",
)
.inheritable();
/// Fields: pool, how many are chosen, indices (all of the pool, EMPTY before the first), cycles (how many choices each
/// chosen place has left, the present one included), at its end?
static METHODS: &[Native] = &[
    Native::static_method("__new__", "cls, iterable, r=None", new, "Create and return a new object."),
    Native::wrapper("__iter__", "self, /", identity, "Implement iter(self)."),
    Native::wrapper("__next__", "self, /", next, "Implement next(self)."),
    Native::method("__reduce__", "self, /", reduce, "Return state information for pickling."),
    Native::method("__setstate__", "self, state, /", set_state, "Set state information for unpickling."),
];

fn new(py: Py<'_>, args: Args<'_>) -> R {
    let pool = py.tuple_from(args.at(1))?;
    let n = pool.length() as i64;
    let r = match args.some(2) {
        None => n,
        Some(v) if py.as_int(v).is_some() => size(py, v)?,
        Some(_) => return py.type_error("Expected int as r"),
    };
    if r < 0 {
        return py.value_error("r must be non-negative");
    }
    make(
        py,
        args.at(0),
        &PERMUTATIONS,
        &[pool.value(), Value::int(r.min(MOST)), Value::EMPTY, Value::EMPTY, Value::bool(r > n)],
    )
}
fn next(py: Py<'_>, args: Args<'_>) -> R {
    let o = py.native_self(args.at(0), &PERMUTATIONS)?;
    if o.get(5) == Value::TRUE {
        return Ok(special::END);
    }
    let (pool, r) = (Object::of(o.get(1)), o.get(2).as_int() as usize);
    let n = pool.length();
    let Some(indices) = Object::from_value(o.get(3)) else {
        let (indices, cycles) = (row(py, n, 1)?, py.new_array(r)?);
        for i in 0..r {
            set(py, cycles, i, n - i);
        }
        py.store(o, 3, indices.value());
        py.store(o, 4, cycles.value());
        return selected(py, pool, indices, r);
    };
    let cycles = Object::of(o.get(4));
    for i in (0..r).rev() {
        let left = at(cycles, i) - 1;
        if left == 0 {
            // This place has had all choices: its index goes to the end again.
            let first = indices.element(i);
            py.heap().move_elements(indices, i + 1, i, n - 1 - i);
            py.heap().store_element(indices, n - 1, first);
            set(py, cycles, i, n - i);
        } else {
            set(py, cycles, i, left);
            let (a, b) = (indices.element(i), indices.element(n - left));
            py.heap().store_element(indices, i, b);
            py.heap().store_element(indices, n - left, a);
            return selected(py, pool, indices, r);
        }
    }
    py.store(o, 5, Value::TRUE);
    Ok(special::END)
}
fn reduce(py: Py<'_>, args: Args<'_>) -> R {
    let o = py.native_self(args.at(0), &PERMUTATIONS)?;
    deprecated(py)?;
    let class = class_value(py, o);
    let started = Object::from_value(o.get(3));
    let ended = started.is_some() && o.get(5) == Value::TRUE;
    let arguments = py.tuple(&[if ended { py.empty_tuple() } else { o.get(1) }, o.get(2)])?;
    match started {
        Some(indices) if !ended => {
            let (indices, cycles) = (as_tuple(py, indices)?, as_tuple(py, Object::of(o.get(4)))?);
            let state = py.tuple(&[indices, cycles])?;
            py.tuple(&[class, arguments, state])
        }
        _ => py.tuple(&[class, arguments]),
    }
}
fn set_state(py: Py<'_>, args: Args<'_>) -> R {
    let o = py.native_self(args.at(0), &PERMUTATIONS)?;
    deprecated(py)?;
    let (n, r) = (Object::of(o.get(1)).length(), o.get(2).as_int() as usize);
    let parts = py.as_tuple(args.at(1)).filter(|t| t.length() == 2).and_then(|t| {
        let (i, c) = (py.as_tuple(t.element(0))?, py.as_tuple(t.element(1))?);
        (i.length() == n && c.length() == r).then_some((i, c))
    });
    let Some((given_indices, given_cycles)) = parts else { return py.value_error("invalid arguments") };
    let (indices, cycles) = (py.new_array(n)?, py.new_array(r)?);
    for i in 0..n {
        let v = size(py, given_indices.element(i))?.clamp(0, n as i64 - 1);
        set(py, indices, i, v as usize);
    }
    for i in 0..r.min(n) {
        let v = size(py, given_cycles.element(i))?.clamp(1, (n - i) as i64);
        set(py, cycles, i, v as usize);
    }
    py.store(o, 3, indices.value());
    py.store(o, 4, cycles.value());
    Ok(Value::NONE)
}
