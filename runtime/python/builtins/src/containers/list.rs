//! `list`

use crate::containers::sort;
use crate::wrappers::{self, this};
use python_objects::kind::{class, shape};
use python_objects::native::Intrinsic;
use python_objects::slice::Selection;
use python_objects::symbol::sym;
use python_objects::{Args, Exc, Kind, Native, Object, Py, R, Value, list};

fn list_of(py: Py<'_>, args: Args<'_>) -> R<Object> {
    this(py, args, Kind::LIST)
}

fn new(py: Py<'_>, args: Args<'_>) -> R {
    Ok(py.alloc_instance(wrappers::new_class(py, args.at(0), class::LIST)?)?.value())
}
fn init(py: Py<'_>, args: Args<'_>) -> R {
    let l = list_of(py, args)?;
    // A subclass with a `__new__` of its own may pass it keywords.
    if args.opt(2).is_some() {
        let (cls, base) = (py.class_of(l.value()), py.builtin_class(class::LIST));
        if cls == base || py.lookup(cls, sym::NEW) == py.lookup(base, sym::NEW) {
            wrappers::no_keywords(py, args, 2, "list")?;
        }
    }
    if list::length(l) > 0 {
        py.list_clear(l);
    }
    if let Some(iterable) = args.opt(1) {
        py.extend_list(l, iterable)?;
    }
    Ok(Value::NONE)
}

fn append(py: Py<'_>, args: Args<'_>) -> R {
    py.list_push(list_of(py, args)?, args.at(1))?;
    Ok(Value::NONE)
}
fn clear(py: Py<'_>, args: Args<'_>) -> R {
    py.list_clear(list_of(py, args)?);
    Ok(Value::NONE)
}
fn copy(py: Py<'_>, args: Args<'_>) -> R {
    Ok(copied(py, list_of(py, args)?)?.value())
}
/// An exact list of the same items.
fn copied(py: Py<'_>, l: Object) -> R<Object> {
    match list::length(l) {
        0 => py.new_list(0),
        n => py.list_of_elements(list::array(l), 0, n),
    }
}
fn extend(py: Py<'_>, args: Args<'_>) -> R {
    extend_by(py, list_of(py, args)?, args.at(1))?;
    Ok(Value::NONE)
}
fn extend_by(py: Py<'_>, l: Object, iterable: Value) -> R<()> {
    if iterable == l.value() {
        // Iterating over what grows would never end.
        let items = copied(py, l)?;
        return py.extend_list(l, items.value());
    }
    py.extend_list(l, iterable)
}
fn insert(py: Py<'_>, args: Args<'_>) -> R {
    let l = list_of(py, args)?;
    let i = py.index_i64(args.at(1))?;
    let n = list::length(l);
    let at = if i < 0 { i.saturating_add(n as i64).max(0) as usize } else { (i as usize).min(n) };
    py.list_insert(l, at, args.at(2))?;
    Ok(Value::NONE)
}
fn pop(py: Py<'_>, args: Args<'_>) -> R {
    let l = list_of(py, args)?;
    let i = match args.opt(1) {
        Some(i) => py.index_i64(i)?,
        None => -1,
    };
    let n = list::length(l);
    if n == 0 {
        return py.err(Exc::IndexError, "pop from empty list");
    }
    let i = py.checked_index(i, n, "pop index out of range")?;
    Ok(py.list_pop(l, i))
}
fn remove(py: Py<'_>, args: Args<'_>) -> R {
    let l = list_of(py, args)?;
    let mut i = 0;
    while let Some(v) = list::get(l, i) {
        if py.equal_or_same(v, args.at(1))? {
            // The comparison may have shortened the list.
            let end = (i + 1).min(list::length(l));
            py.list_remove_range(l, i.min(end), end);
            return Ok(Value::NONE);
        }
        i += 1;
        poll(py, i)?;
    }
    py.value_error("list.remove(x): x not in list")
}
fn poll(py: Py<'_>, round: usize) -> R<()> {
    if round & 0xFFF == 0 { py.poll() } else { Ok(()) }
}
fn count(py: Py<'_>, args: Args<'_>) -> R {
    let l = list_of(py, args)?;
    let (mut i, mut found) = (0, 0);
    while let Some(v) = list::get(l, i) {
        found += usize::from(py.equal_or_same(v, args.at(1))?);
        i += 1;
        poll(py, i)?;
    }
    py.int_usize(found)
}
fn index(py: Py<'_>, args: Args<'_>) -> R {
    let l = list_of(py, args)?;
    let (mut i, stop) = wrappers::search_bounds(py, args, 2, list::length(l))?;
    while i < stop
        && let Some(v) = list::get(l, i)
    {
        if py.equal_or_same(v, args.at(1))? {
            return py.int_usize(i);
        }
        i += 1;
        poll(py, i)?;
    }
    py.value_error(&format!("{} is not in list", py.repr_text(args.at(1))?))
}
fn reverse(py: Py<'_>, args: Args<'_>) -> R {
    let l = list_of(py, args)?;
    let n = list::length(l);
    for i in 0..n / 2 {
        let (a, b) = (list::item(l, i), list::item(l, n - 1 - i));
        py.list_set(l, i, b);
        py.list_set(l, n - 1 - i, a);
    }
    Ok(Value::NONE)
}
fn sort_method(py: Py<'_>, args: Args<'_>) -> R {
    let reverse = match args.opt(2) {
        Some(v) => py.truth(v)?,
        None => false,
    };
    sort::sort(py, list_of(py, args)?, args.some(1), reverse)?;
    Ok(Value::NONE)
}
fn reversed(py: Py<'_>, args: Args<'_>) -> R {
    let l = list_of(py, args)?;
    let i = py.alloc(shape::LIST_REVERSE_ITERATOR, 3)?;
    i.set_word(1, (list::length(l) as i64 - 1) as u64);
    i.init(2, l.value());
    Ok(i.value())
}

fn getitem(py: Py<'_>, args: Args<'_>) -> R {
    let (l, key) = (list_of(py, args)?, args.at(1));
    if let Some(slice) = py.as_slice(key) {
        let bounds = py.slice_bounds(slice)?;
        let s = bounds.fit(list::length(l));
        if s.count == 0 {
            return Ok(py.new_list(0)?.value());
        }
        let items = list::array(l);
        if s.step == 1 {
            let range = s.range();
            return Ok(py.list_of_elements(items, range.start, range.end)?.value());
        }
        let r = py.new_list(s.count)?;
        for (to, i) in s.indices().enumerate() {
            py.list_push(r, items.element(i))?;
            poll(py, to + 1)?;
        }
        return Ok(r.value());
    }
    let i = wrappers::sequence_index(py, key, "list")?;
    let i = py.checked_index(i, list::length(l), "list index out of range")?;
    Ok(list::item(l, i))
}
fn setitem(py: Py<'_>, args: Args<'_>) -> R {
    let (l, key, v) = (list_of(py, args)?, args.at(1), args.at(2));
    if let Some(slice) = py.as_slice(key) {
        let bounds = py.slice_bounds(slice)?;
        let s = bounds.fit(list::length(l));
        if s.step == 1 {
            let items = sequence_of(py, v, l, "can only assign an iterable")?;
            // Making the sequence may have changed the list.
            let length = list::length(l);
            let s = bounds.fit(length);
            return splice(py, l, s, items).map(|()| Value::NONE);
        }
        let items = sequence_of(py, v, l, "must assign iterable to extended slice")?;
        let s = bounds.fit(list::length(l));
        let given = list::length(items);
        if given != s.count {
            return py.value_error(&format!(
                "attempt to assign sequence of size {given} to extended slice of size {}",
                s.count
            ));
        }
        for (from, to) in s.indices().enumerate() {
            py.list_set(l, to, list::item(items, from));
        }
        return Ok(Value::NONE);
    }
    let i = wrappers::sequence_index(py, key, "list")?;
    let i = py.checked_index(i, list::length(l), "list assignment index out of range")?;
    py.list_set(l, i, v);
    Ok(Value::NONE)
}
/// The items of an iterable as a list that is not `l` itself.
fn sequence_of(py: Py<'_>, v: Value, l: Object, message: &str) -> R<Object> {
    if let Some(o) = Object::from_value(v)
        && o.shape() == shape::LIST
        && o != l
    {
        return Ok(o);
    }
    let iterator = py.iter(v);
    match py.caught(iterator, Exc::TypeError)? {
        Some(_) if v == l.value() => copied(py, l),
        Some(i) => py.list_from(i),
        None => py.type_error(message),
    }
}
/// Replaces the items of a selection with step 1.
fn splice(py: Py<'_>, l: Object, s: Selection, items: Object) -> R<()> {
    let (range, n, given) = (s.range(), list::length(l), list::length(items));
    let (old, tail) = (range.len(), n - range.end);
    if given > old {
        py.list_reserve(l, given - old)?;
        if tail > 0 {
            py.heap().move_elements(list::array(l), range.end, range.start + given, tail);
        }
        // The gap holds items that are there twice until it is filled: nothing runs in between.
        py.list_replace(l, list::array(l).value(), n + given - old);
    } else if given < old {
        py.list_remove_range(l, range.start + given, range.end);
    }
    if given > 0 {
        py.heap().copy_elements(list::array(items), 0, list::array(l), range.start, given);
    }
    Ok(())
}
fn delitem(py: Py<'_>, args: Args<'_>) -> R {
    let (l, key) = (list_of(py, args)?, args.at(1));
    if let Some(slice) = py.as_slice(key) {
        let bounds = py.slice_bounds(slice)?;
        let s = bounds.fit(list::length(l));
        if s.count == 0 {
            return Ok(Value::NONE);
        }
        if s.step == 1 {
            let range = s.range();
            py.list_remove_range(l, range.start, range.end);
            return Ok(Value::NONE);
        }
        delete_spread(py, l, s);
        return Ok(Value::NONE);
    }
    let i = wrappers::sequence_index(py, key, "list")?;
    let i = py.checked_index(i, list::length(l), "list assignment index out of range")?;
    py.list_remove_range(l, i, i + 1);
    Ok(Value::NONE)
}
/// Deletes the items of a selection, not empty, by one pass over those behind its first.
fn delete_spread(py: Py<'_>, l: Object, s: Selection) {
    let (first, last) = (s.at(0).min(s.at(s.count - 1)), s.at(0).max(s.at(s.count - 1)));
    let (step, n) = (s.step.unsigned_abs() as usize, list::length(l));
    let mut to = first;
    for from in first..n {
        if from <= last && (from - first) % step == 0 {
            continue;
        }
        py.list_set(l, to, list::item(l, from));
        to += 1;
    }
    py.list_remove_range(l, to, n);
}
fn contains(py: Py<'_>, args: Args<'_>) -> R {
    let l = list_of(py, args)?;
    let mut i = 0;
    while let Some(v) = list::get(l, i) {
        if py.equal_or_same(v, args.at(1))? {
            return Ok(Value::TRUE);
        }
        i += 1;
        poll(py, i)?;
    }
    Ok(Value::FALSE)
}

fn add(py: Py<'_>, args: Args<'_>) -> R {
    let l = list_of(py, args)?;
    match py.as_list(args.at(1)) {
        Some(other) => py.concat_lists(l, other),
        None => {
            let given = py.class_name(args.at(1));
            py.type_error(&format!("can only concatenate list (not \"{given}\") to list"))
        }
    }
}
fn iadd(py: Py<'_>, args: Args<'_>) -> R {
    extend_by(py, list_of(py, args)?, args.at(1))?;
    Ok(args.at(0))
}
fn mul(py: Py<'_>, args: Args<'_>) -> R {
    let l = list_of(py, args)?;
    let times = wrappers::repetitions(py, args.at(1))?;
    let r = copied(py, l)?;
    repeat(py, r, times)?;
    Ok(r.value())
}
fn imul(py: Py<'_>, args: Args<'_>) -> R {
    let l = list_of(py, args)?;
    let times = wrappers::repetitions(py, args.at(1))?;
    repeat(py, l, times)?;
    Ok(args.at(0))
}
/// Repeats the items in place.
fn repeat(py: Py<'_>, l: Object, times: usize) -> R<()> {
    let n = list::length(l);
    if n == 0 || times == 1 {
        return Ok(());
    }
    if times == 0 {
        py.list_clear(l);
        return Ok(());
    }
    let Some(extra) = n.checked_mul(times - 1) else {
        return Err(py.out_of_memory(vm_api::heap::OutOfMemory));
    };
    py.list_reserve(l, extra)?;
    let items = list::array(l);
    // Without running Python code, which could change the list meanwhile.
    let store = |i, v| py.heap().store_element(items, n + i, v);
    if n == 1 {
        let v = items.element(0);
        py.in_pieces(extra, |from, to| (from..to).for_each(|i| store(i, v)))?;
    } else {
        py.in_pieces(extra, |from, to| (from..to).for_each(|i| store(i, items.element(i))))?;
    }
    py.list_replace(l, items.value(), n + extra);
    Ok(())
}
fn sizeof(py: Py<'_>, args: Args<'_>) -> R {
    // CPython's header, and a word for each item that there is room for.
    py.int_usize(40 + 8 * list::capacity(list_of(py, args)?))
}

static METHODS: &[Native] = &[
    Native::static_method("__new__", "cls, /, *args, **kwargs", new, "Create and return a new object.")
        .ignoring_arguments(),
    Native::wrapper("__init__", "self, iterable=(), /, **kwargs", init, "Initialize self."),
    Native::wrapper("__getitem__", "self, index, /", getitem, "Return self[index]."),
    Native::wrapper("__setitem__", "self, key, value, /", setitem, "Set self[key] to value."),
    Native::wrapper("__delitem__", "self, key, /", delitem, "Delete self[key]."),
    Native::wrapper("__contains__", "self, key, /", contains, "Return bool(key in self)."),
    Native::wrapper("__add__", "self, value, /", add, "Return self+value."),
    Native::wrapper("__iadd__", "self, value, /", iadd, "Implement self+=value."),
    Native::wrapper("__mul__", "self, value, /", mul, "Return self*value."),
    Native::wrapper("__rmul__", "self, value, /", mul, "Return value*self."),
    Native::wrapper("__imul__", "self, value, /", imul, "Implement self*=value."),
    Native::method("__reversed__", "self, /", reversed, "Return a reverse iterator over the list."),
    Native::method("__sizeof__", "self, /", sizeof, "Return the size of the list in memory, in bytes."),
    Native::method("append", "self, object, /", append, "Append object to the end of the list.").in_place(Intrinsic::Append),
    Native::method("clear", "self, /", clear, "Remove all items from list."),
    Native::method("copy", "self, /", copy, "Return a shallow copy of the list."),
    Native::method("count", "self, value, /", count, "Return number of occurrences of value."),
    Native::method("extend", "self, iterable, /", extend, "Extend list by appending elements from the iterable."),
    Native::method(
        "index",
        "self, value, start=0, stop=9223372036854775807, /",
        index,
        "Return first index of value.\n\nRaises ValueError if the value is not present.",
    ),
    Native::method("insert", "self, index, object, /", insert, "Insert object before index.").in_place(Intrinsic::Insert),
    Native::method(
        "pop",
        "self, index=-1, /",
        pop,
        "Remove and return item at index (default last).\n\nRaises IndexError if list is empty or index is out of range.",
    ).in_place(Intrinsic::Pop),
    Native::method(
        "remove",
        "self, value, /",
        remove,
        "Remove first occurrence of value.\n\nRaises ValueError if the value is not present.",
    ),
    Native::method("reverse", "self, /", reverse, "Reverse *IN PLACE*."),
    Native::method(
        "sort",
        "self, /, *, key=None, reverse=False",
        sort_method,
        "Sort the list in ascending order, in place, and return None. The sort is stable; `key` is applied once to each \
         item; `reverse` sorts in descending order.",
    ),
];

pub(crate) fn install(py: Py<'_>) -> R<()> {
    use wrappers::{CLASS_GETITEM, COMPARISONS, ITER, LEN, REPR};
    wrappers::add(py, class::LIST, &[METHODS, COMPARISONS, ITER, LEN, REPR, CLASS_GETITEM])?;
    wrappers::unhashable(py, class::LIST)?;
    wrappers::document(
        py,
        class::LIST,
        "Built-in mutable sequence.\n\nIf no argument is given, the constructor creates a new empty list.\nThe argument \
         must be an iterable if specified.",
    )
}
