//! `gc`: the collector as programs see it.

use crate::support::{add, constants};
use crate::{census, heap_view};
use python_objects::{Args, Native, Object, Py, R, Value};
use std::cell::Cell;
use vm_api::engine::WantedCollection;
use vm_api::heap::CollectKind;

struct Switches {
    enabled: Cell<bool>,
    thresholds: Cell<[i64; 3]>,
    debug: Cell<i64>,
    /// How often each generation was collected.
    collections: Cell<[i64; 3]>,
    /// How many objects its collections have found, by request.
    collected: Cell<[i64; 3]>,
}

/// `DEBUG_SAVEALL`
const SAVE_ALL: i64 = 32;

fn switches(py: Py<'_>) -> std::rc::Rc<Switches> {
    py.state().data("gc", || Switches {
        enabled: Cell::new(true),
        thresholds: Cell::new([700, 10, 10]),
        debug: Cell::new(0),
        collections: Cell::new([0; 3]),
        collected: Cell::new([0; 3]),
    })
}

static FUNCTIONS: &[Native] = &[
    Native::function(
        "collect",
        "generation=2",
        collect,
        "Run the collector; return how many dead objects reference counts would have left.",
    ),
    Native::function("enable", "", enable, "Say that automatic collection is wanted."),
    Native::function("disable", "", disable, "Say that it is not; the heap is collected all the same."),
    Native::function("isenabled", "", isenabled, "Return what enable() and disable() said."),
    Native::function("get_threshold", "", get_threshold, "Return the thresholds that were set."),
    Native::function("set_threshold", "threshold0, threshold1=10, threshold2=10, /", set_threshold, "Set thresholds."),
    Native::function("get_count", "", get_count, "Return counts of allocations: unknown here."),
    Native::function("get_stats", "", get_stats, "Return a list of dictionaries, one a generation."),
    Native::function("get_debug", "", get_debug, "Return the debugging flags."),
    Native::function("set_debug", "flags, /", set_debug, "Set the debugging flags."),
    Native::function("is_tracked", "obj, /", is_tracked, "Could the object stand in a cycle?"),
    Native::function("is_finalized", "obj, /", is_finalized, "Has the finalizer run?"),
    Native::function("freeze", "", none, "Does nothing: the collector decides what it does not look at again."),
    Native::function("unfreeze", "", none, "Does nothing."),
    Native::function("get_freeze_count", "", zero, "Return 0."),
    Native::function("get_objects", "generation=None", get_objects, "Return all objects that hold others."),
    Native::function("get_referrers", "*objs", heap_view::referrers, "Return what refers to the objects."),
    Native::function("get_referents", "*objs", heap_view::referents, "Return what the objects refer to."),
];

pub(crate) fn init(py: Py<'_>, module: Object) -> R<()> {
    py.add_functions(module, FUNCTIONS)?;
    add(py, module, "callbacks", py.new_list(0)?.value())?;
    add(py, module, "garbage", py.new_list(0)?.value())?;
    constants(
        py,
        module,
        &[
            ("DEBUG_STATS", 1),
            ("DEBUG_COLLECTABLE", 2),
            ("DEBUG_UNCOLLECTABLE", 4),
            ("DEBUG_SAVEALL", SAVE_ALL),
            ("DEBUG_LEAK", 38),
        ],
    )
}

fn collect(py: Py<'_>, args: Args<'_>) -> R {
    let generation = args.opt(0).map_or(Ok(2), |v| py.index_i64(v))?;
    if !(0..=2).contains(&generation) {
        return py.value_error("invalid generation");
    }
    tell_callbacks(py, "start", generation, 0)?;
    crate::pending::run(py)?;
    census::found(py).collected.set(0);
    if generation == 2 {
        let saves = switches(py).debug.get() & SAVE_ALL != 0;
        let (saving, counting) =
            (WantedCollection::FullAfter(census::saving), WantedCollection::FullShowing(census::counting));
        py.ops().request_collection(py.0, if saves { saving } else { counting });
    } else {
        py.ops().request_collection(py.0, WantedCollection::Plain(CollectKind::Minor));
    }
    py.after_safepoint(&COLLECTED, Value::int(generation))
}

static COLLECTED: Native = Native::function("collect", "generation, /", collected, "");

/// The end of `collect`.
fn collected(py: Py<'_>, args: Args<'_>) -> R {
    py.ops().collect_requested(py.0);
    crate::pending::run(py)?;
    // What finalizers could still reach, if the first collection was only now.
    py.ops().collect_requested(py.0);
    crate::pending::run(py)?;
    let (generation, count) = (args.at(0).as_int(), census::found(py).collected.get() as i64);
    let switches = switches(py);
    let add = |counts: &Cell<[i64; 3]>, n: i64| {
        let mut new = counts.get();
        new[generation as usize] += n;
        counts.set(new);
    };
    add(&switches.collections, 1);
    add(&switches.collected, count);
    tell_callbacks(py, "stop", generation, count)?;
    Ok(Value::int(count))
}

fn tell_callbacks(py: Py<'_>, phase: &str, generation: i64, collected: i64) -> R<()> {
    let module = crate::import::import_name(py, "gc")?;
    let Some(callbacks) = py.module_item(module, "callbacks")?.and_then(|v| py.as_list(v)) else { return Ok(()) };
    let mut i = 0;
    while let Some(callback) = python_objects::list::get(callbacks, i) {
        i += 1;
        let info = py.new_dict()?;
        for (name, n) in [("generation", generation), ("collected", collected), ("uncollectable", 0)] {
            py.dict_set_text(info, name, Value::int(n))?;
        }
        let phase = py.str(phase)?;
        if py.call(callback, &[phase, info.value()]).is_err() {
            crate::sys::hooks::report_unraisable(py, None, callback);
        }
    }
    Ok(())
}

fn enable(py: Py<'_>, _: Args<'_>) -> R {
    switches(py).enabled.set(true);
    Ok(Value::NONE)
}
fn disable(py: Py<'_>, _: Args<'_>) -> R {
    switches(py).enabled.set(false);
    Ok(Value::NONE)
}
fn isenabled(py: Py<'_>, _: Args<'_>) -> R {
    Ok(Value::bool(switches(py).enabled.get()))
}
fn get_threshold(py: Py<'_>, _: Args<'_>) -> R {
    py.tuple(&switches(py).thresholds.get().map(Value::int))
}
fn set_threshold(py: Py<'_>, args: Args<'_>) -> R {
    let switches = switches(py);
    let mut thresholds = switches.thresholds.get();
    for (i, threshold) in thresholds.iter_mut().enumerate() {
        if let Some(v) = args.opt(i) {
            *threshold = i64::from(py.index_i32(v)?);
        }
    }
    switches.thresholds.set(thresholds);
    Ok(Value::NONE)
}
fn get_count(py: Py<'_>, _: Args<'_>) -> R {
    py.tuple(&[Value::int(0); 3])
}
fn get_stats(py: Py<'_>, _: Args<'_>) -> R {
    let list = py.new_list(3)?;
    let switches = switches(py);
    for (collections, collected) in switches.collections.get().into_iter().zip(switches.collected.get()) {
        let d = py.new_dict()?;
        for (name, n) in [("collections", collections), ("collected", collected), ("uncollectable", 0)] {
            py.dict_set_text(d, name, Value::int(n))?;
        }
        py.list_push(list, d.value())?;
    }
    Ok(list.value())
}
fn get_debug(py: Py<'_>, _: Args<'_>) -> R {
    Ok(Value::int(switches(py).debug.get()))
}
fn set_debug(py: Py<'_>, args: Args<'_>) -> R {
    switches(py).debug.set(i64::from(py.index_i32(args.at(0))?));
    Ok(Value::NONE)
}
fn is_tracked(py: Py<'_>, args: Args<'_>) -> R {
    Ok(Value::bool(Object::from_value(args.at(0)).is_some_and(|o| heap_view::Sight::of(py).is_tracked(o))))
}
fn is_finalized(py: Py<'_>, args: Args<'_>) -> R {
    use vm_api::heap::header::flag;
    let v = args.at(0);
    let Some(o) = Object::from_value(v) else { return Ok(Value::FALSE) };
    let has = py.special(v, python_objects::symbol::sym::DEL).is_some();
    Ok(Value::bool(has && o.flags() & flag::FINALIZABLE == 0))
}
fn none(_: Py<'_>, _: Args<'_>) -> R {
    Ok(Value::NONE)
}
fn zero(_: Py<'_>, _: Args<'_>) -> R {
    Ok(Value::int(0))
}
static OBJECTS: Native = Native::function("get_objects", "state, /", objects, "");
fn objects(py: Py<'_>, _: Args<'_>) -> R {
    py.ops().collect_requested(py.0);
    heap_view::objects(py)
}
/// Objects do not show their generation: all of them are in the oldest.
fn get_objects(py: Py<'_>, args: Args<'_>) -> R {
    let generation = args.some(0).map_or(Ok(2), |v| py.index_i64(v))?;
    match generation {
        0 | 1 => Ok(py.new_list(0)?.value()),
        2 => {
            // What the list of an earlier call holds must not live on by a stale word of the native stack.
            py.ops().request_collection(py.0, WantedCollection::Plain(CollectKind::Full));
            py.after_safepoint(&OBJECTS, Value::NONE)
        }
        n if n < 0 => py.value_error("generation parameter cannot be negative"),
        _ => py.value_error("generation parameter must be less than the number of available generations (3)"),
    }
}
