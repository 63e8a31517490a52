//! The methods of `deque` that change it.

use super::deque::{copy_of, place, this};
use super::ring;
use python_objects::{Args, Exc, Object, Py, R, Value, list};

pub(super) fn init(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    let maximum = match args.some(2) {
        None => None,
        Some(v) if py.as_int(v).is_none() => return py.type_error("an integer is required"),
        Some(v) => match py.index_i64(v)? {
            n @ 0.. => Some(n as usize),
            _ => return py.value_error("maxlen must be non-negative"),
        },
    };
    ring::reset(py, o, maximum);
    if let Some(iterable) = args.opt(1) {
        extend_with(py, o, iterable)?;
    }
    Ok(Value::NONE)
}
/// The items of an iterable, those of the deque itself as they are now.
fn source(py: Py<'_>, o: Object, iterable: Value) -> R {
    if iterable == o.value() { ring::to_list(py, o).map(Object::value) } else { Ok(iterable) }
}
pub(super) fn extend_with(py: Py<'_>, o: Object, iterable: Value) -> R<()> {
    let items = source(py, o, iterable)?;
    py.each(items, |v| ring::push_right(py, o, v))
}
pub(super) fn extend(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    extend_with(py, o, args.at(1))?;
    Ok(Value::NONE)
}
pub(super) fn extendleft(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    let items = source(py, o, args.at(1))?;
    py.each(items, |v| ring::push_left(py, o, v))?;
    Ok(Value::NONE)
}
pub(super) fn append(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    ring::push_right(py, o, args.at(1))?;
    Ok(Value::NONE)
}
pub(super) fn appendleft(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    ring::push_left(py, o, args.at(1))?;
    Ok(Value::NONE)
}
fn popped(py: Py<'_>, v: Option<Value>) -> R {
    match v {
        Some(v) => Ok(v),
        None => py.err(Exc::IndexError, "pop from an empty deque"),
    }
}
pub(super) fn pop(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    popped(py, ring::pop_right(py, o))
}
pub(super) fn popleft(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    popped(py, ring::pop_left(py, o))
}
pub(super) fn clear(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    ring::clear(py, o);
    Ok(Value::NONE)
}
pub(super) fn setitem(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    let i = place(py, o, args.at(1))?;
    ring::set(py, o, i, args.at(2));
    Ok(Value::NONE)
}
pub(super) fn delitem(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    let i = place(py, o, args.at(1))?;
    ring::remove(py, o, i);
    Ok(Value::NONE)
}
pub(super) fn insert(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    let i = py.index_i64(args.at(1))?;
    let n = ring::length(o);
    if ring::maximum(o) == Some(n) {
        return py.err(Exc::IndexError, "deque already at its maximum size");
    }
    let i = if i < 0 { i.saturating_add(n as i64).max(0) } else { i.min(n as i64) };
    ring::insert(py, o, i as usize, args.at(2))?;
    Ok(Value::NONE)
}
pub(super) fn remove(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    let before = ring::changes(o);
    let mut i = 0;
    while let Some(v) = ring::get(o, i) {
        let found = py.equal_or_same(v, args.at(1))?;
        if ring::changes(o) != before {
            return py.err(Exc::IndexError, "deque mutated during remove().");
        }
        if found {
            ring::remove(py, o, i);
            return Ok(Value::NONE);
        }
        i += 1;
        if i & 0xFFF == 0 {
            py.poll()?;
        }
    }
    let shown = py.repr_text(args.at(1))?;
    py.value_error(&format!("{shown} is not in deque"))
}
pub(super) fn reverse(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    let n = ring::length(o);
    for i in 0..n / 2 {
        if let (Some(a), Some(b)) = (ring::get(o, i), ring::get(o, n - 1 - i)) {
            ring::set(py, o, i, b);
            ring::set(py, o, n - 1 - i, a);
        }
    }
    Ok(Value::NONE)
}
pub(super) fn rotate(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    let n = args.opt(1).map_or(Ok(1), |v| py.index_i64(v))?;
    ring::rotate(py, o, n)?;
    Ok(Value::NONE)
}
pub(super) fn iadd(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    extend_with(py, o, args.at(1))?;
    Ok(o.value())
}
/// Repeats the items of a deque in place.
fn repeat(py: Py<'_>, o: Object, times: Value) -> R<()> {
    if py.as_int(times).is_none() && py.special(times, python_objects::symbol::sym::INDEX).is_none() {
        return py.type_error(&format!("can't multiply sequence by non-int of type '{}'", py.class_name(times)));
    }
    let times = py.index_fitting(times, Exc::OverflowError)?;
    let n = ring::length(o);
    if n == 0 || times == 1 {
        return Ok(());
    }
    if times <= 0 {
        ring::clear(py, o);
        return Ok(());
    }
    let Some(total) = n.checked_mul(times as usize).filter(|t| *t < 1 << 40) else {
        return Err(py.out_of_memory(vm_api::heap::OutOfMemory));
    };
    // Of many rounds over a bounded deque only the last ones leave a trace: as many as fill it, in the same phase.
    let rounds = match ring::maximum(o) {
        Some(m) if total > m => (times as usize).min(m / n + 2),
        _ => times as usize,
    };
    let items = ring::to_list(py, o)?;
    for round in 1..rounds {
        for i in 0..list::length(items) {
            ring::push_right(py, o, list::item(items, i))?;
        }
        if round & 0xFF == 0 {
            py.poll()?;
        }
    }
    Ok(())
}
pub(super) fn imul(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    repeat(py, o, args.at(1))?;
    Ok(o.value())
}
pub(super) fn mul(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    let copy = Object::of(copy_of(py, o)?);
    repeat(py, copy, args.at(1))?;
    Ok(copy.value())
}
