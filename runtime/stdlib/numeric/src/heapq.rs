//! `_heapq`: heaps in lists, with the comparisons that CPython makes, in its order.

use python_objects::compare::CompareOp;
use python_objects::{Args, Exc, Native, Object, Py, R, Value, list};

static FUNCTIONS: &[Native] = &[
    Native::function("heappush", "heap, item, /", push, "Push item onto heap, maintaining the heap invariant."),
    Native::function(
        "heappushpop",
        "heap, item, /",
        push_pop,
        "Push item on the heap, then pop and return the smallest item from the heap.\n\nThe combined action runs more efficiently than heappush() followed by\na separate call to heappop().",
    ),
    Native::function(
        "heappop",
        "heap, /",
        |py, args| pop(py, args, &SMALLEST, "heappop"),
        "Pop the smallest item off the heap, maintaining the heap invariant.",
    ),
    Native::function(
        "heapreplace",
        "heap, item, /",
        |py, args| replace(py, args, &SMALLEST, "heapreplace"),
        "Pop and return the current smallest value, and add the new item.",
    ),
    Native::function(
        "heapify",
        "heap, /",
        |py, args| heapify(py, args, &SMALLEST, "heapify"),
        "Transform list into a heap, in-place, in O(len(heap)) time.",
    ),
    Native::function(
        "_heappop_max",
        "heap, /",
        |py, args| pop(py, args, &LARGEST, "_heappop_max"),
        "Maxheap variant of heappop.",
    ),
    Native::function(
        "_heapreplace_max",
        "heap, item, /",
        |py, args| replace(py, args, &LARGEST, "_heapreplace_max"),
        "Maxheap variant of heapreplace.",
    ),
    Native::function(
        "_heapify_max",
        "heap, /",
        |py, args| heapify(py, args, &LARGEST, "_heapify_max"),
        "Maxheap variant of heapify.",
    ),
];

/// Fills the module.
pub(crate) fn init(py: Py<'_>, m: Object) -> R<()> {
    let about = py.str("Heap queues: lists whose item k is at most as large as items 2*k+1 and 2*k+2.")?;
    py.dict_set_text(py.module_dict(m), "__about__", about)?;
    py.add_functions(m, FUNCTIONS)
}

/// Which item is on top.
struct Order {
    /// Does `a` belong above `b`?
    above: fn(Py<'_>, Value, Value) -> R<bool>,
}
static SMALLEST: Order = Order { above: |py, a, b| py.compare(CompareOp::Lt, a, b) };
static LARGEST: Order = Order { above: |py, a, b| py.compare(CompareOp::Lt, b, a) };

fn heap(py: Py<'_>, args: Args<'_>, name: &str) -> R<Object> {
    match py.as_list(args.at(0)) {
        Some(l) => Ok(l),
        None => {
            let given = py.class_name(args.at(0));
            let argument = if args.len() > 1 { "argument 1" } else { "argument" };
            py.type_error(&format!("{name}() {argument} must be list, not {given}"))
        }
    }
}
/// Compares two items; RuntimeError if that changes the length.
fn above(py: Py<'_>, l: Object, order: &Order, i: usize, j: usize) -> R<bool> {
    let n = list::length(l);
    let r = (order.above)(py, list::item(l, i), list::item(l, j))?;
    if list::length(l) != n {
        return py.err(Exc::RuntimeError, "list changed size during iteration");
    }
    Ok(r)
}
fn swap(py: Py<'_>, l: Object, i: usize, j: usize) {
    let (a, b) = (list::item(l, i), list::item(l, j));
    py.list_set(l, i, b);
    py.list_set(l, j, a);
}
/// Moves item `at` up to where it belongs, not above `top`.
fn rise(py: Py<'_>, l: Object, order: &Order, top: usize, mut at: usize) -> R<()> {
    if at >= list::length(l) {
        return py.err(Exc::IndexError, "index out of range");
    }
    while at > top {
        let parent = (at - 1) / 2;
        if !above(py, l, order, at, parent)? {
            break;
        }
        swap(py, l, at, parent);
        at = parent;
    }
    Ok(())
}
/// Moves item `top` down to the bottom along the items that belong above, then up to where it belongs: fewer comparisons
/// than stopping on the way (Knuth, volume 3, 5.2.3, exercise 18).
fn sink(py: Py<'_>, l: Object, order: &Order, top: usize) -> R<()> {
    let n = list::length(l);
    if top >= n {
        return py.err(Exc::IndexError, "index out of range");
    }
    let mut at = top;
    while at < n / 2 {
        let mut child = 2 * at + 1;
        if child + 1 < n && !above(py, l, order, child, child + 1)? {
            child += 1;
        }
        swap(py, l, at, child);
        at = child;
    }
    rise(py, l, order, top, at)
}

fn push(py: Py<'_>, args: Args<'_>) -> R {
    let l = heap(py, args, "heappush")?;
    py.list_push(l, args.at(1))?;
    rise(py, l, &SMALLEST, 0, list::length(l) - 1)?;
    Ok(Value::NONE)
}
fn pop(py: Py<'_>, args: Args<'_>, order: &Order, name: &str) -> R {
    let l = heap(py, args, name)?;
    let Some(last) = list::length(l).checked_sub(1) else {
        return py.err(Exc::IndexError, "index out of range");
    };
    let item = py.list_pop(l, last);
    if last == 0 {
        return Ok(item);
    }
    let top = list::item(l, 0);
    py.list_set(l, 0, item);
    sink(py, l, order, 0)?;
    Ok(top)
}
fn replace(py: Py<'_>, args: Args<'_>, order: &Order, name: &str) -> R {
    let l = heap(py, args, name)?;
    let Some(top) = list::get(l, 0) else { return py.err(Exc::IndexError, "index out of range") };
    py.list_set(l, 0, args.at(1));
    sink(py, l, order, 0)?;
    Ok(top)
}
fn push_pop(py: Py<'_>, args: Args<'_>) -> R {
    let l = heap(py, args, "heappushpop")?;
    let Some(top) = list::get(l, 0) else { return Ok(args.at(1)) };
    if !py.compare(CompareOp::Lt, top, args.at(1))? {
        return Ok(args.at(1));
    }
    let Some(top) = list::get(l, 0) else { return py.err(Exc::IndexError, "index out of range") };
    py.list_set(l, 0, args.at(1));
    sink(py, l, &SMALLEST, 0)?;
    Ok(top)
}
fn heapify(py: Py<'_>, args: Args<'_>, order: &Order, name: &str) -> R {
    let l = heap(py, args, name)?;
    for i in (0..list::length(l) / 2).rev() {
        sink(py, l, order, i)?;
        if i & 0xFF == 0 {
            py.poll()?;
        }
    }
    Ok(Value::NONE)
}
