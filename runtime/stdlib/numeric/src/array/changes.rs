//! The methods of arrays that change them, and operators.

use super::{as_array, code, content, exact_around, find, item, length, new_exact, place, this};
use python_objects::bytes;
use python_objects::symbol::sym;
use python_objects::{Args, Exc, Object, Py, R, Value};

/// Replaces the items from `from` to `to`.
fn splice(py: Py<'_>, o: Object, from: usize, to: usize, new: &[u8]) -> R<()> {
    let size = code(o).size;
    py.bytearray_splice(content(o), from * size, to * size, new)
}
fn push(py: Py<'_>, o: Object, v: Value) -> R<()> {
    let bytes = code(o).put(py, v)?;
    let n = length(o);
    splice(py, o, n, n, &bytes[..code(o).size])
}
/// Appends the items of any iterable.
pub(super) fn append_items(py: Py<'_>, o: Object, iterable: Value) -> R<()> {
    if let Some(other) = as_array(py, iterable)
        && code(other) == code(o)
    {
        let n = length(o);
        return splice(py, o, n, n, &py.bytearray_content(content(other)));
    }
    py.each(iterable, |v| push(py, o, v))
}
pub(super) fn append(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    push(py, o, args.at(1))?;
    Ok(Value::NONE)
}
pub(super) fn extend(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    if as_array(py, args.at(1)).is_some_and(|a| code(a) != code(o)) {
        return py.type_error("can only extend with array of same kind");
    }
    append_items(py, o, args.at(1))?;
    Ok(Value::NONE)
}
pub(super) fn insert(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    let i = py.index_i64(args.at(1))?;
    let bytes = code(o).put(py, args.at(2))?;
    let n = length(o) as i64;
    let i = (if i < 0 { i.saturating_add(n).max(0) } else { i.min(n) }) as usize;
    splice(py, o, i, i, &bytes[..code(o).size])?;
    Ok(Value::NONE)
}
pub(super) fn pop(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    let i = args.opt(1).map_or(Ok(-1), |v| py.index_i64(v))?;
    if length(o) == 0 {
        return py.err(Exc::IndexError, "pop from empty array");
    }
    let i = py.checked_index(i, length(o), "pop index out of range")?;
    let v = item(py, o, i)?.unwrap_or(Value::NONE);
    splice(py, o, i, i + 1, &[])?;
    Ok(v)
}
pub(super) fn remove(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    match find(py, o, args.at(1), 0, usize::MAX)? {
        Some(i) if i < length(o) => {
            splice(py, o, i, i + 1, &[])?;
            Ok(Value::NONE)
        }
        _ => py.value_error("array.remove(x): x not in array"),
    }
}
/// Rewrites the content, whose length stays.
fn rewrite(py: Py<'_>, o: Object, f: impl FnOnce(&mut Vec<u8>)) -> R<()> {
    let mut all = py.bytearray_long_content(content(o))?;
    f(&mut all);
    py.check_interrupt()?;
    py.bytearray_write(content(o), 0, &all);
    Ok(())
}
pub(super) fn reverse(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    let size = code(o).size;
    rewrite(py, o, |all| {
        all.reverse();
        all.chunks_exact_mut(size).for_each(<[u8]>::reverse);
    })?;
    Ok(Value::NONE)
}
pub(super) fn byteswap(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    let size = code(o).size;
    rewrite(py, o, |all| all.chunks_exact_mut(size).for_each(<[u8]>::reverse))?;
    Ok(Value::NONE)
}
pub(super) fn setitem(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    let Some(slice) = py.as_slice(args.at(1)) else {
        let i = place(py, o, args.at(1), "array assignment index out of range")?;
        let bytes = code(o).put(py, args.at(2))?;
        if i >= length(o) {
            return py.err(Exc::IndexError, "array assignment index out of range");
        }
        py.bytearray_write(content(o), i * code(o).size, &bytes[..code(o).size]);
        return Ok(Value::NONE);
    };
    let Some(other) = as_array(py, args.at(2)) else {
        let given = py.class_name(args.at(2));
        return py.type_error(&format!("can only assign array (not \"{given}\") to array slice"));
    };
    if code(other) != code(o) {
        return py.type_error("bad argument type for built-in operation");
    }
    let bounds = py.slice_bounds(slice)?;
    let (new, size) = (py.bytearray_content(content(other)), code(o).size);
    let selection = bounds.fit(length(o));
    if selection.step == 1 {
        let range = selection.range();
        splice(py, o, range.start, range.end, &new)?;
        return Ok(Value::NONE);
    }
    let given = new.len() / size;
    if given != selection.count {
        return py.value_error(&format!(
            "attempt to assign array of size {given} to extended slice of size {}",
            selection.count
        ));
    }
    let mut items = selection.indices().zip(new.chunks_exact(size));
    py.in_pieces(given, |a, b| {
        items.by_ref().take(b - a).for_each(|(i, bytes)| py.bytearray_write(content(o), i * size, bytes));
    })?;
    Ok(Value::NONE)
}
pub(super) fn delitem(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    let Some(slice) = py.as_slice(args.at(1)) else {
        let i = place(py, o, args.at(1), "array assignment index out of range")?;
        splice(py, o, i, i + 1, &[])?;
        return Ok(Value::NONE);
    };
    let selection = py.slice_bounds(slice)?.fit(length(o));
    if selection.step == 1 {
        let range = selection.range();
        splice(py, o, range.start, range.end, &[])?;
        return Ok(Value::NONE);
    }
    let (size, all) = (code(o).size, py.bytearray_content(content(o)));
    let mut gone = vec![false; length(o)];
    selection.indices().for_each(|i| gone[i] = true);
    let mut kept = Vec::with_capacity(all.len());
    let mut items = all.chunks_exact(size).zip(&gone);
    py.in_pieces(gone.len(), |a, b| {
        items.by_ref().take(b - a).filter(|(_, gone)| !**gone).for_each(|(item, _)| kept.extend_from_slice(item));
    })?;
    let n = length(o);
    splice(py, o, 0, n, &kept)?;
    Ok(Value::NONE)
}

pub(super) fn add(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    let Some(other) = as_array(py, args.at(1)) else {
        return py.type_error(&format!("can only append array (not \"{}\") to array", py.class_name(args.at(1))));
    };
    if code(other) != code(o) {
        return py.type_error("bad argument type for built-in operation");
    }
    let mut bytes = py.bytearray_long_content(content(o))?;
    bytes.extend(py.bytearray_long_content(content(other))?);
    new_exact(py, code(o), &bytes).map(Object::value)
}
pub(super) fn iadd(py: Py<'_>, args: Args<'_>) -> R {
    if as_array(py, args.at(1)).is_none() {
        let given = py.class_name(args.at(1));
        return py.type_error(&format!("can only extend array with array (not \"{given}\")"));
    }
    extend(py, args)?;
    Ok(args.at(0))
}
/// The content so many times over.
fn repeated(py: Py<'_>, o: Object, times: Value) -> R<Object> {
    if py.as_int(times).is_none() && py.special(times, sym::INDEX).is_none() {
        return py.type_error(&format!("can't multiply sequence by non-int of type '{}'", py.class_name(times)));
    }
    let times = py.index_fitting(times, Exc::OverflowError)?.max(0) as usize;
    let n = bytes::array_length(content(o));
    let total = n.checked_mul(times);
    match total {
        Some(total) if total <= py.heap().options().limit => {
            py.bytearray_repeated(&py.bytearray_long_content(content(o))?, times)
        }
        _ => Err(py.out_of_memory(vm_api::heap::OutOfMemory)),
    }
}
pub(super) fn mul(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    let all = repeated(py, o, args.at(1))?;
    exact_around(py, code(o), all).map(Object::value)
}
pub(super) fn imul(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    let all = repeated(py, o, args.at(1))?;
    py.bytearray_adopt(content(o), all)?;
    Ok(args.at(0))
}
