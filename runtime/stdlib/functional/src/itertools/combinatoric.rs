//! Selections in lexicographic order: `product`, `combinations`, `combinations_with_replacement`.
//!
//! All keep a row of indices into their pools in an array of small integers; EMPTY in its place says that there is none
//! yet, and the last field says that there are no more.

use super::deprecated;
use crate::support::{class_value, identity, make, size};
use python_objects::kind::special;
use python_objects::{Args, Exc, Native, Object, Py, R, TypeSpec, Value, dict, string};

/// Bound on the length of rows: none can be this long.
pub(super) const MOST: i64 = 1 << 40;

/// The index at `i` of a row.
#[inline]
pub(super) fn at(indices: Object, i: usize) -> usize {
    indices.element(i).as_int() as usize
}
pub(super) fn set(py: Py<'_>, indices: Object, i: usize, v: usize) {
    py.heap().store_element(indices, i, Value::int(v as i64));
}
/// A row of indices from `0` on, `n` of them, each `step` above the one before.
pub(super) fn row(py: Py<'_>, n: usize, step: usize) -> R<Object> {
    let indices = py.new_array(n)?;
    for i in 0..n {
        set(py, indices, i, i * step);
    }
    Ok(indices)
}
/// A row of indices from a state's tuple, each brought into `0..bound(i)`.
pub(super) fn row_from(py: Py<'_>, state: Object, bound: impl Fn(usize) -> usize) -> R<Object> {
    let indices = py.new_array(state.length())?;
    for i in 0..state.length() {
        let v = size(py, state.element(i))?.clamp(0, bound(i).saturating_sub(1) as i64);
        set(py, indices, i, v as usize);
    }
    Ok(indices)
}
pub(super) fn selected(py: Py<'_>, pool: Object, indices: Object, n: usize) -> R {
    py.tuple_with(n, |i| pool.element(at(indices, i)))
}
/// A tuple of the indices.
pub(super) fn as_tuple(py: Py<'_>, indices: Object) -> R {
    py.tuple_with(indices.length(), |i| indices.element(i))
}
/// A state that must be a tuple of `n` numbers.
pub(super) fn row_state(py: Py<'_>, v: Value, n: usize) -> R<Object> {
    match py.as_tuple(v) {
        Some(t) if t.length() == n => Ok(t),
        _ => py.value_error("invalid arguments"),
    }
}

pub(super) static PRODUCT: TypeSpec = TypeSpec::values(
    "itertools",
    "product",
    3,
    PRODUCT_METHODS,
    "product(*iterables, repeat=1) --> product object\n\nCartesian product of input iterables.  Equivalent to nested for-loops.",
)
.inheritable();
/// Fields of `product`: tuple of pools, indices, at its end?
static PRODUCT_METHODS: &[Native] = &[
    Native::static_method("__new__", "cls, /, *iterables, **kwargs", product_new, "Create and return a new object."),
    Native::wrapper("__iter__", "self, /", identity, "Implement iter(self)."),
    Native::wrapper("__next__", "self, /", product_next, "Implement next(self)."),
    Native::method("__reduce__", "self, /", product_reduce, "Return state information for pickling."),
    Native::method("__setstate__", "self, state, /", product_set_state, "Set state information for unpickling."),
];

fn product_new(py: Py<'_>, args: Args<'_>) -> R {
    let mut repeat = 1;
    if let Some(keywords) = Object::from_value(args.at(2)) {
        let mut i = 0;
        while let Some((at, key, value)) = dict::next_entry(keywords, i) {
            i = at + 1;
            match string::exact_or_payload(py, key) {
                Some(k) if string::is(k, "repeat") => repeat = size(py, value)?,
                k => {
                    let name = k.map_or_else(String::new, string::to_rust);
                    return py.type_error(&format!("'{name}' is an invalid keyword argument for product()"));
                }
            }
        }
    }
    if repeat < 0 {
        return py.value_error("repeat argument cannot be negative");
    }
    let iterables = Object::of(args.at(1));
    let n = if repeat == 0 { 0 } else { iterables.length() };
    let total = (n as i64).checked_mul(repeat).filter(|t| *t < MOST);
    let Some(total) = total else { return py.err(Exc::OverflowError, "repeat argument too large") };
    let pools = py.new_array(n)?;
    for i in 0..n {
        let pool = py.tuple_from(iterables.element(i))?;
        py.heap().store_element(pools, i, pool.value());
    }
    let all = py.tuple_with(total as usize, |i| pools.element(i % n.max(1)))?;
    make(py, args.at(0), &PRODUCT, &[all, Value::EMPTY, Value::FALSE])
}
fn product_next(py: Py<'_>, args: Args<'_>) -> R {
    let o = py.native_self(args.at(0), &PRODUCT)?;
    if o.get(3) == Value::TRUE {
        return Ok(special::END);
    }
    let pools = Object::of(o.get(1));
    let n = pools.length();
    let length = |i: usize| Object::of(pools.element(i)).length();
    let indices = match Object::from_value(o.get(2)) {
        None => {
            if (0..n).any(|i| length(i) == 0) {
                py.store(o, 3, Value::TRUE);
                return Ok(special::END);
            }
            let indices = row(py, n, 0)?;
            py.store(o, 2, indices.value());
            indices
        }
        Some(indices) => {
            // Counts on from the right, as an odometer.
            let mut i = n;
            loop {
                if i == 0 {
                    py.store(o, 3, Value::TRUE);
                    return Ok(special::END);
                }
                i -= 1;
                let next = at(indices, i) + 1;
                if next < length(i) {
                    set(py, indices, i, next);
                    break;
                }
                set(py, indices, i, 0);
            }
            indices
        }
    };
    py.tuple_with(n, |i| Object::of(pools.element(i)).element(at(indices, i)))
}
fn product_reduce(py: Py<'_>, args: Args<'_>) -> R {
    let o = py.native_self(args.at(0), &PRODUCT)?;
    deprecated(py)?;
    let class = class_value(py, o);
    if o.get(3) == Value::TRUE {
        let empty = py.tuple(&[py.empty_tuple()])?;
        return py.tuple(&[class, empty]);
    }
    match Object::from_value(o.get(2)) {
        None => py.tuple(&[class, o.get(1)]),
        Some(indices) => {
            let indices = as_tuple(py, indices)?;
            py.tuple(&[class, o.get(1), indices])
        }
    }
}
fn product_set_state(py: Py<'_>, args: Args<'_>) -> R {
    let o = py.native_self(args.at(0), &PRODUCT)?;
    deprecated(py)?;
    let pools = Object::of(o.get(1));
    let state = row_state(py, args.at(1), pools.length())?;
    let length = |i: usize| Object::of(pools.element(i)).length();
    if (0..pools.length()).any(|i| length(i) == 0) {
        py.store(o, 3, Value::TRUE);
        return Ok(Value::NONE);
    }
    let indices = row_from(py, state, length)?;
    py.store(o, 2, indices.value());
    Ok(Value::NONE)
}

macro_rules! combinations {
    ($SPEC:ident $METHODS:ident $name:literal $new:ident $next:ident $reduce:ident $set_state:ident, $doc:literal) => {
        pub(super) static $SPEC: TypeSpec = TypeSpec::values("itertools", $name, 4, $METHODS, $doc).inheritable();
        /// Fields: pool, how many are chosen, indices, at its end?
        static $METHODS: &[Native] = &[
            Native::static_method("__new__", "cls, iterable, r", $new, "Create and return a new object."),
            Native::wrapper("__iter__", "self, /", identity, "Implement iter(self)."),
            Native::wrapper("__next__", "self, /", $next, "Implement next(self)."),
            Native::method("__reduce__", "self, /", $reduce, "Return state information for pickling."),
            Native::method("__setstate__", "self, state, /", $set_state, "Set state information for unpickling."),
        ];
        fn $new(py: Py<'_>, args: Args<'_>) -> R {
            new_combinations(py, args, &$SPEC)
        }
        fn $reduce(py: Py<'_>, args: Args<'_>) -> R {
            reduce_combinations(py, args, &$SPEC)
        }
        fn $set_state(py: Py<'_>, args: Args<'_>) -> R {
            set_combinations(py, args, &$SPEC)
        }
    };
}

combinations! {
    COMBINATIONS COMBINATIONS_METHODS "combinations" combinations_new combinations_next combinations_reduce combinations_set_state,
    "Return successive r-length combinations of elements in the iterable.\n\ncombinations(range(4), 3) --> (0,1,2), (0,1,3), (0,2,3), (1,2,3)"
}
combinations! {
    COMBINATIONS_WITH_REPLACEMENT REPLACEMENT_METHODS "combinations_with_replacement" replacement_new replacement_next replacement_reduce
        replacement_set_state,
    "Return successive r-length combinations of elements in the iterable allowing individual elements to have successive repeats.\n\ncombinations_with_replacement('ABC', 2) --> ('A','A'), ('A','B'), ('A','C'), ('B','B'), ('B','C'), ('C','C')"
}

fn new_combinations(py: Py<'_>, args: Args<'_>, spec: &'static TypeSpec) -> R {
    let r = size(py, args.at(2))?;
    let pool = py.tuple_from(args.at(1))?;
    if r < 0 {
        return py.value_error("r must be non-negative");
    }
    let n = pool.length() as i64;
    let with_replacement = std::ptr::eq(spec, &COMBINATIONS_WITH_REPLACEMENT);
    let ended = if with_replacement { n == 0 && r > 0 } else { r > n };
    if !ended && r >= MOST {
        return Err(py.out_of_memory(vm_api::heap::OutOfMemory));
    }
    make(py, args.at(0), spec, &[pool.value(), Value::int(r.min(MOST)), Value::EMPTY, Value::bool(ended)])
}
/// Pool, how many are chosen, and the indices of the row before the next one; at the first, `first` makes them.
fn combination(py: Py<'_>, o: Object, first: usize) -> R<(Object, usize, Option<Object>)> {
    let (pool, r) = (Object::of(o.get(1)), o.get(2).as_int() as usize);
    if let Some(indices) = Object::from_value(o.get(3)) {
        return Ok((pool, r, Some(indices)));
    }
    let indices = row(py, r, first)?;
    py.store(o, 3, indices.value());
    Ok((pool, r, None))
}
fn combinations_next(py: Py<'_>, args: Args<'_>) -> R {
    let o = py.native_self(args.at(0), &COMBINATIONS)?;
    if o.get(4) == Value::TRUE {
        return Ok(special::END);
    }
    let (pool, r, before) = combination(py, o, 1)?;
    let n = pool.length();
    if let Some(indices) = before {
        // The rightmost index that is not at its largest moves on, and those behind it follow closely.
        let Some(i) = (0..r).rev().find(|i| at(indices, *i) != i + n - r) else {
            py.store(o, 4, Value::TRUE);
            return Ok(special::END);
        };
        let first = at(indices, i) + 1;
        for j in i..r {
            set(py, indices, j, first + j - i);
        }
    }
    selected(py, pool, Object::of(o.get(3)), r)
}
fn replacement_next(py: Py<'_>, args: Args<'_>) -> R {
    let o = py.native_self(args.at(0), &COMBINATIONS_WITH_REPLACEMENT)?;
    if o.get(4) == Value::TRUE {
        return Ok(special::END);
    }
    let (pool, r, before) = combination(py, o, 0)?;
    let n = pool.length();
    if let Some(indices) = before {
        let Some(i) = (0..r).rev().find(|i| at(indices, *i) + 1 != n) else {
            py.store(o, 4, Value::TRUE);
            return Ok(special::END);
        };
        let next = at(indices, i) + 1;
        for j in i..r {
            set(py, indices, j, next);
        }
    }
    selected(py, pool, Object::of(o.get(3)), r)
}
fn reduce_combinations(py: Py<'_>, args: Args<'_>, spec: &'static TypeSpec) -> R {
    let o = py.native_self(args.at(0), spec)?;
    deprecated(py)?;
    let class = class_value(py, o);
    let pool = if o.get(4) == Value::TRUE && !o.get(3).is_empty() { py.empty_tuple() } else { o.get(1) };
    let arguments = py.tuple(&[pool, o.get(2)])?;
    match Object::from_value(o.get(3)) {
        Some(indices) if o.get(4) == Value::FALSE => {
            let indices = as_tuple(py, indices)?;
            py.tuple(&[class, arguments, indices])
        }
        _ => py.tuple(&[class, arguments]),
    }
}
fn set_combinations(py: Py<'_>, args: Args<'_>, spec: &'static TypeSpec) -> R {
    let o = py.native_self(args.at(0), spec)?;
    deprecated(py)?;
    let (n, r) = (Object::of(o.get(1)).length(), o.get(2).as_int() as usize);
    let state = row_state(py, args.at(1), r)?;
    if n == 0 && r > 0 {
        return Ok(Value::NONE);
    }
    let with_replacement = std::ptr::eq(spec, &COMBINATIONS_WITH_REPLACEMENT);
    let indices = row_from(py, state, |i| if with_replacement { n } else { (i + 1 + n).saturating_sub(r) })?;
    py.store(o, 3, indices.value());
    Ok(Value::NONE)
}
