//! Functions of `builtins` that iterate: `len`, `iter`, `next`, `sorted`, `sum`, `min`, `max`, `any`, `all`.

use crate::containers::sort;
use python_objects::combine::is_combined;
use python_objects::compare::CompareOp;
use python_objects::iterate::is_native_iterator;
use python_objects::kind::{shape, special};
use python_objects::native::Intrinsic;
use python_objects::operator::BinaryOp;
use python_objects::symbol::sym;
use python_objects::{Args, Exc, Kind, Native, Object, Py, R, Value, int};

/// Items between two polls.
const POLL: u32 = 1 << 12;

fn len(py: Py<'_>, args: Args<'_>) -> R {
    let n = py.length(args.at(0))?;
    py.int_usize(n)
}
fn iter(py: Py<'_>, args: Args<'_>) -> R {
    let Some(sentinel) = args.opt(1) else { return py.iter(args.at(0)) };
    if !py.is_callable(args.at(0)) {
        return py.type_error("iter(object, sentinel): object must be callable");
    }
    Ok(py.new_object(shape::CALLABLE_ITERATOR, 3, &[args.at(0), sentinel])?.value())
}
fn next(py: Py<'_>, args: Args<'_>) -> R {
    let r = step(py, args.at(0));
    match args.opt(1) {
        None => r,
        Some(default) => Ok(py.caught(r, Exc::StopIteration)?.unwrap_or(default)),
    }
}
/// The next item; the StopIteration of an iterator that has ended, with the value that it carries.
pub(super) fn step(py: Py<'_>, iterator: Value) -> R {
    if let Some(o) = Object::from_value(iterator) {
        let kind = py.object_kind(o);
        if kind == Kind::GENERATOR {
            let step = py.resume_generator(o, Value::NONE)?;
            return py.step_result(step);
        }
        if (is_native_iterator(kind) || is_combined(kind)) && o.shape().0 <= shape::LEAF.0 {
            let item = if is_combined(kind) { Some(py.next_combined(o)) } else { py.native_next(o) };
            if let Some(item) = item {
                return item?.ok_or_else(|| py.stop_iteration(Value::NONE));
            }
        }
    }
    let r = py.call_special(iterator, sym::NEXT, &[])?;
    match r {
        Some(v) if v == special::END => Err(py.stop_iteration(Value::NONE)),
        Some(v) => Ok(v),
        None => py.type_error(&format!("'{}' object is not an iterator", py.class_name(iterator))),
    }
}
fn aiter(py: Py<'_>, args: Args<'_>) -> R {
    let given = args.at(0);
    let Some(iterator) = py.call_special(given, sym::AITER, &[])? else {
        return py.type_error(&format!("'{}' object is not an async iterable", py.class_name(given)));
    };
    if py.special(iterator, sym::ANEXT).is_none() {
        let made = py.class_name(iterator);
        return py.type_error(&format!("aiter() returned not an async iterator of type '{made}'"));
    }
    Ok(iterator)
}

fn sorted(py: Py<'_>, args: Args<'_>) -> R {
    let l = py.list_from(args.at(0))?;
    let reverse = match args.opt(2) {
        Some(v) => py.truth(v)?,
        None => false,
    };
    sort::sort(py, l, args.some(1), reverse)?;
    Ok(l.value())
}
fn any(py: Py<'_>, args: Args<'_>) -> R {
    find(py, args.at(0), true).map(Value::bool)
}
fn all(py: Py<'_>, args: Args<'_>) -> R {
    find(py, args.at(0), false).map(|found| Value::bool(!found))
}
/// Has any item this truth?
fn find(py: Py<'_>, iterable: Value, truth: bool) -> R<bool> {
    let iterator = py.iter(iterable)?;
    let mut n = 0u32;
    while let Some(v) = py.next(iterator)? {
        if py.truth(v)? == truth {
            return Ok(true);
        }
        n = n.wrapping_add(1);
        if n.is_multiple_of(POLL) {
            py.poll()?;
        }
    }
    Ok(false)
}

fn sum(py: Py<'_>, args: Args<'_>) -> R {
    let iterator = py.iter(args.at(0))?;
    let start = args.opt(1).unwrap_or(Value::int(0));
    let refused = match py.kind(start) {
        Kind::STR => Some(("strings", "''")),
        Kind::BYTES => Some(("bytes", "b''")),
        Kind::BYTEARRAY => Some(("bytearray", "b''")),
        _ => None,
    };
    if let Some((what, joiner)) = refused {
        return py.type_error(&format!("sum() can't sum {what} [use {joiner}.join(seq) instead]"));
    }
    let mut total = start;
    let mut n = 0u32;
    let mut next = || {
        n = n.wrapping_add(1);
        if n.is_multiple_of(POLL) {
            py.poll()?;
        }
        py.next(iterator)
    };
    // Exact integers within a word, then floats with compensation, then whatever there is: each goes on where the one
    // before it met something else.
    if total.is_int() {
        let mut sum = total.as_int();
        loop {
            let Some(v) = next()? else { return py.int(sum) };
            let added = if v.is_int() {
                sum.checked_add(v.as_int())
            } else if v.is_bool() {
                sum.checked_add(i64::from(v.as_bool()))
            } else {
                None
            };
            match added {
                Some(s) => sum = s,
                None => {
                    total = py.binary(BinaryOp::Add, py.int(sum)?, v)?;
                    break;
                }
            }
        }
    }
    if total.is_float() {
        let mut sum = Compensated { sum: total.as_float(), lost: 0.0 };
        loop {
            let Some(v) = next()? else { return Ok(Value::float(sum.total())) };
            if v.is_float() {
                sum.add(v.as_float());
            } else if let Some(i) = py.as_int(v).and_then(int::to_i64) {
                sum.sum += i as f64;
            } else {
                total = py.binary(BinaryOp::Add, Value::float(sum.total()), v)?;
                break;
            }
        }
    }
    while let Some(v) = next()? {
        total = py.binary(BinaryOp::Add, total, v)?;
    }
    Ok(total)
}
/// A sum of floats with what rounding lost of it: Neumaier's variant of Kahan's summation (1974).
struct Compensated {
    sum: f64,
    lost: f64,
}
impl Compensated {
    fn add(&mut self, x: f64) {
        let sum = self.sum + x;
        self.lost += if self.sum.abs() >= x.abs() { (self.sum - sum) + x } else { (x - sum) + self.sum };
        self.sum = sum;
    }
    fn total(&self) -> f64 {
        // An infinite or undefined sum has lost nothing that could be told.
        if self.lost != 0.0 && self.lost.is_finite() { self.sum + self.lost } else { self.sum }
    }
}

fn min(py: Py<'_>, args: Args<'_>) -> R {
    extreme(py, args, "min", CompareOp::Lt)
}
fn max(py: Py<'_>, args: Args<'_>) -> R {
    extreme(py, args, "max", CompareOp::Gt)
}
/// Slots: `key`, `default`, `*args`.
fn extreme(py: Py<'_>, args: Args<'_>, name: &str, better: CompareOp) -> R {
    let (key, default, given) = (args.some(0), args.opt(1), Object::of(args.at(2)));
    let over = match given.length() {
        0 => return py.type_error(&format!("{name} expected at least 1 argument, got 0")),
        1 => given.element(0),
        _ if default.is_some() => {
            return py.type_error(&format!("Cannot specify a default for {name}() with multiple positional arguments"));
        }
        _ => given.value(),
    };
    let iterator = py.iter(over)?;
    let mut best: Option<(Value, Value)> = None;
    let mut n = 0u32;
    while let Some(v) = py.next(iterator)? {
        let k = match key {
            Some(f) => py.call(f, &[v])?,
            None => v,
        };
        match best {
            Some((best_key, _)) if !py.compare(better, k, best_key)? => {}
            _ => best = Some((k, v)),
        }
        n = n.wrapping_add(1);
        if n.is_multiple_of(POLL) {
            py.poll()?;
        }
    }
    match best.map(|(_, v)| v).or(default) {
        Some(v) => Ok(v),
        None => py.value_error(&format!("{name}() iterable argument is empty")),
    }
}

static FUNCTIONS: &[Native] = &[
    Native::function("aiter", "async_iterable, /", aiter, "Return an AsyncIterator for an AsyncIterable object."),
    Native::function(
        "all",
        "iterable, /",
        all,
        "Return True if bool(x) is True for all values x in the iterable.\n\nIf the iterable is empty, return True.",
    ),
    Native::function(
        "any",
        "iterable, /",
        any,
        "Return True if bool(x) is True for any x in the iterable.\n\nIf the iterable is empty, return False.",
    ),
    Native::function(
        "iter",
        "object, sentinel=NULL, /",
        iter,
        "Get an iterator from an object.\n\nIn the first form, the argument must supply its own iterator, or be a \
         sequence.\nIn the second form, the callable is called until it returns the sentinel.",
    ),
    Native::function("len", "obj, /", len, "Return the number of items in a container.").in_place(Intrinsic::Len),
    Native::function(
        "max",
        "*args, key=None, default=NULL",
        max,
        "max(iterable, *[, default=obj, key=func]) -> value\nmax(arg1, arg2, *args, *[, key=func]) -> value\n\nWith a \
         single iterable argument, return its biggest item. The\ndefault keyword-only argument specifies an object to \
         return if\nthe provided iterable is empty.\nWith two or more arguments, return the largest argument.",
    )
    .in_place(Intrinsic::Max),
    Native::function(
        "min",
        "*args, key=None, default=NULL",
        min,
        "min(iterable, *[, default=obj, key=func]) -> value\nmin(arg1, arg2, *args, *[, key=func]) -> value\n\nWith a \
         single iterable argument, return its smallest item. The\ndefault keyword-only argument specifies an object to \
         return if\nthe provided iterable is empty.\nWith two or more arguments, return the smallest argument.",
    )
    .in_place(Intrinsic::Min),
    Native::function(
        "next",
        "iterator, default=NULL, /",
        next,
        "Return the next item from the iterator.\n\nIf default is given and the iterator is exhausted,\nit is returned \
         instead of raising StopIteration.",
    ),
    Native::function(
        "sorted",
        "iterable, /, *, key=None, reverse=False",
        sorted,
        "Return a new list containing all items from the iterable in ascending order.\n\nA custom key function can be \
         supplied to customize the sort order, and the\nreverse flag can be set to request the result in descending \
         order.",
    ),
    Native::function(
        "sum",
        "iterable, /, start=0",
        sum,
        "Return the sum of a 'start' value (default: 0) plus an iterable of numbers\n\nWhen the iterable is empty, \
         return the start value.\nThis function is intended specifically for use with numeric values and may\nreject \
         non-numeric types.",
    ),
];

pub(crate) fn install(py: Py<'_>) -> R<()> {
    super::add(py, FUNCTIONS)
}
