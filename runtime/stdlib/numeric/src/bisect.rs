//! `_bisect`

use python_objects::compare::CompareOp;
use python_objects::kind::shape;
use python_objects::{Args, Native, Object, Py, R, Value};

static FUNCTIONS: &[Native] = &[
    Native::function(
        "bisect_left",
        "a, x, lo=0, hi=None, *, key=None",
        |py, args| bisect(py, args, Side::Left),
        "Return the index where to insert item x in list a, assuming a is sorted.\n\nThe return value i is such that all e in a[:i] have e < x, and all e in\na[i:] have e >= x.",
    ),
    Native::function(
        "bisect_right",
        "a, x, lo=0, hi=None, *, key=None",
        |py, args| bisect(py, args, Side::Right),
        "Return the index where to insert item x in list a, assuming a is sorted.\n\nThe return value i is such that all e in a[:i] have e <= x, and all e in\na[i:] have e > x.",
    ),
    Native::function(
        "insort_left",
        "a, x, lo=0, hi=None, *, key=None",
        |py, args| insort(py, args, Side::Left),
        "Insert item x in list a, and keep it sorted assuming a is sorted.\n\nIf x is already in a, insert it to the left of the leftmost x.",
    ),
    Native::function(
        "insort_right",
        "a, x, lo=0, hi=None, *, key=None",
        |py, args| insort(py, args, Side::Right),
        "Insert item x in list a, and keep it sorted assuming a is sorted.\n\nIf x is already in a, insert it to the right of the rightmost x.",
    ),
];

/// Fills the module.
pub(crate) fn init(py: Py<'_>, m: Object) -> R<()> {
    py.add_functions(m, FUNCTIONS)
}

#[derive(Clone, Copy)]
enum Side {
    Left,
    Right,
}

/// The place for `x`, a key if there is a key function.
fn place(py: Py<'_>, args: Args<'_>, x: Value, side: Side) -> R<i64> {
    let a = args.at(0);
    let mut low = args.opt(2).map_or(Ok(0), |v| py.index_i64(v))?;
    if low < 0 {
        return py.value_error("lo must be non-negative");
    }
    let mut high = match args.some(3) {
        Some(v) => py.index_i64(v)?,
        None => -1,
    };
    if high == -1 {
        high = py.length(a)? as i64;
    }
    let key = args.some(4);
    while low < high {
        let middle = low + (high - low) / 2;
        let index = py.int(middle)?;
        let mut item = py.get_item(a, index)?;
        if let Some(key) = key {
            item = py.call(key, &[item])?;
        }
        let behind = match side {
            Side::Left => py.compare(CompareOp::Lt, item, x)?,
            Side::Right => !py.compare(CompareOp::Lt, x, item)?,
        };
        if behind {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    Ok(low)
}
fn bisect(py: Py<'_>, args: Args<'_>, side: Side) -> R {
    let i = place(py, args, args.at(1), side)?;
    py.int(i)
}
fn insort(py: Py<'_>, args: Args<'_>, side: Side) -> R {
    let (a, x) = (args.at(0), args.at(1));
    let key = match args.some(4) {
        Some(f) => py.call(f, &[x])?,
        None => x,
    };
    let i = place(py, args, key, side)?;
    if let Some(l) = Object::from_value(a).filter(|o| o.shape() == shape::LIST) {
        let n = python_objects::list::length(l);
        py.list_insert(l, (i as usize).min(n), x)?;
        return Ok(Value::NONE);
    }
    let (insert, index) = (py.intern("insert")?, py.int(i)?);
    py.call_method(a, insert, &[index, x])?;
    Ok(Value::NONE)
}
