//! The functions of `sys` that look at or change the interpreter.

use crate::support::expect_text;
use python_objects::exception::word;
use python_objects::kind::Kind;
use python_objects::py::root;
use python_objects::symbol::sym;
use python_objects::{Args, Exc, Native, Object, Py, R, Value, dict, list, string};
use std::time::Duration;

pub(super) static FUNCTIONS: &[Native] = &[
    Native::function("exit", "status=None, /", exit, "Exit the interpreter by raising SystemExit(status)."),
    Native::function("intern", "string, /", intern, "Return the one string object that all equal interned ones share."),
    Native::function("getsizeof", "object, default=None", getsizeof, "Return the size of object in bytes."),
    Native::function("getrecursionlimit", "", getrecursionlimit, "Return the recursion limit."),
    Native::function("setrecursionlimit", "limit, /", setrecursionlimit, "Set the recursion limit."),
    Native::function("exc_info", "", exc_info, "Return the exception being handled as (type, value, traceback)."),
    Native::function("exception", "", exception, "Return the exception being handled, or None."),
    Native::function("getdefaultencoding", "", utf8, "Return the default encoding of strings."),
    Native::function("getfilesystemencoding", "", utf8, "Return the encoding of file names."),
    Native::function("getfilesystemencodeerrors", "", surrogateescape, "Return the error handler of file names."),
    Native::function("get_int_max_str_digits", "", get_digits, "Return the most digits of int-str conversions."),
    Native::function("set_int_max_str_digits", "maxdigits", set_digits, "Set the most digits of int-str conversions."),
    Native::function("is_finalizing", "", is_finalizing, "Return True if the interpreter is shutting down."),
    Native::function("getswitchinterval", "", getswitchinterval, "Return the thread switch interval in seconds."),
    Native::function("setswitchinterval", "interval, /", setswitchinterval, "Set the thread switch interval."),
    Native::function("getallocatedblocks", "", allocated, "Return a number that grows with what is allocated."),
    Native::function("_clear_type_cache", "", clear_type_cache, "Forget cached attribute lookups."),
    Native::function("_getframe", "depth=0, /", get_frame, "Return a frame object from the call stack."),
    Native::function("_getframemodulename", "depth=0", frame_module_name, "Return the module name of a frame."),
    Native::function(
        "get_coroutine_origin_tracking_depth",
        "",
        get_origin_depth,
        "Return the depth of origin tracking.",
    ),
    Native::function(
        "set_coroutine_origin_tracking_depth",
        "depth",
        set_origin_depth,
        "Set of how many frames cr_origin tells.",
    ),
    Native::function("get_asyncgen_hooks", "", get_asyncgen_hooks, "Return the hooks of asynchronous generators."),
    Native::function("set_asyncgen_hooks", "firstiter=None, finalizer=None", set_asyncgen_hooks, "Set those hooks."),
    Native::function("is_stack_trampoline_active", "", no, "Return whether a stack profiler trampoline is active."),
];

fn exit(py: Py<'_>, args: Args<'_>) -> R {
    let class = py.exception_class(Exc::SystemExit);
    let e = match args.some(0) {
        None => py.new_exception(Exc::SystemExit, &[])?,
        // A tuple is the exception's arguments, as for any exception that is raised lazily.
        Some(status) => match py.as_tuple(status) {
            Some(t) => py.make_exception(py.call_tuple(class.value(), t, Value::EMPTY)?)?,
            None => py.make_exception(py.call(class.value(), &[status])?)?,
        },
    };
    if e.get(word::OWN).is_empty() {
        py.store(e, word::OWN, args.some(0).unwrap_or(Value::NONE));
    }
    Err(py.throw(e))
}

fn intern(py: Py<'_>, args: Args<'_>) -> R {
    match py.of_kind(args.at(0), Kind::STR) {
        Some(s) if string::is_exact(s) => {
            let symbol = py.symbol_of(s)?;
            Ok(py.symbol_string(symbol).value())
        }
        Some(_) => py.type_error(&format!("can't intern {}", py.class_name(args.at(0)))),
        None => py.type_error(&format!("intern() argument must be str, not {}", py.class_name(args.at(0)))),
    }
}

fn getsizeof(py: Py<'_>, args: Args<'_>) -> R {
    let v = args.at(0);
    if py.special(v, sym::SIZEOF).is_some() {
        let r = py.call_special(v, sym::SIZEOF, &[]);
        let r = match (r, args.opt(1)) {
            (Err(_), Some(default)) if py.catch(Exc::TypeError).is_some() => return Ok(default),
            (r, _) => r?,
        };
        let Some(n) = r.filter(|n| py.as_int(*n).is_some()) else {
            return match args.opt(1) {
                Some(default) => Ok(default),
                None => py.type_error("an integer is required"),
            };
        };
        if py.index_i64(n)? < 0 {
            return py.value_error("__sizeof__() should return >= 0");
        }
        return Ok(n);
    }
    let Some(o) = Object::from_value(v) else { return Ok(Value::int(8)) };
    let own = |o: Object| o.size_words(py.heap().layouts()) as i64 * 8;
    // What belongs to a container alone counts with it.
    let mut bytes = own(o);
    match py.kind(v) {
        Kind::LIST => bytes += own(list::array(o)),
        Kind::DICT | Kind::SET | Kind::FROZENSET => {
            let parts = if py.kind(v) == Kind::DICT { 1..=2 } else { 1..=1 };
            bytes += parts.filter_map(|w| Object::from_value(o.get(w))).map(own).sum::<i64>();
        }
        _ => {}
    }
    py.int(bytes)
}

fn getrecursionlimit(py: Py<'_>, _: Args<'_>) -> R {
    Ok(Value::int(i64::from(py.state().recursion_limit.get())))
}

fn setrecursionlimit(py: Py<'_>, args: Args<'_>) -> R {
    let limit = py.index_i32(args.at(0))?;
    let Ok(limit @ 1..) = u32::try_from(limit) else {
        return py.value_error("recursion limit must be greater or equal than 1");
    };
    let mut depth = 0u32;
    py.ops().walk_frames(py.0, &mut |_, _, _| {
        depth += 1;
        true
    });
    if depth >= limit {
        return py.err(
            Exc::RecursionError,
            &format!("cannot set the recursion limit to {limit} at the recursion depth {depth}: the limit is too low"),
        );
    }
    py.set_recursion_limit(limit);
    Ok(Value::NONE)
}

fn exc_info(py: Py<'_>, _: Args<'_>) -> R {
    match Object::from_value(py.handled()) {
        None => py.tuple(&[Value::NONE; 3]),
        Some(e) => {
            let traceback = e.get(word::TRACEBACK);
            let traceback = if traceback.is_empty() { Value::NONE } else { traceback };
            py.tuple(&[py.class_of(e.value()).value(), e.value(), traceback])
        }
    }
}

fn exception(py: Py<'_>, _: Args<'_>) -> R {
    let e = py.handled();
    Ok(if e.is_empty() { Value::NONE } else { e })
}

fn utf8(py: Py<'_>, _: Args<'_>) -> R {
    py.str("utf-8")
}
fn surrogateescape(py: Py<'_>, _: Args<'_>) -> R {
    py.str("surrogateescape")
}
fn no(_: Py<'_>, _: Args<'_>) -> R {
    Ok(Value::FALSE)
}

fn get_digits(py: Py<'_>, _: Args<'_>) -> R {
    py.int_usize(py.state().digits_limit.get())
}

fn set_digits(py: Py<'_>, args: Args<'_>) -> R {
    const LEAST: i32 = 640;
    let digits = py.index_i32(args.at(0))?;
    if digits != 0 && digits < LEAST {
        return py.value_error(&format!("maxdigits must be 0 or larger than {LEAST}"));
    }
    py.state().digits_limit.set(digits as usize);
    Ok(Value::NONE)
}

fn is_finalizing(py: Py<'_>, _: Args<'_>) -> R {
    Ok(Value::bool(crate::shutdown::is_finalizing(py)))
}

fn getswitchinterval(py: Py<'_>, _: Args<'_>) -> R {
    // As CPython, which counts microseconds.
    Ok(Value::float(1e-6 * py.ops().switch_interval(py.0).as_micros() as f64))
}

fn setswitchinterval(py: Py<'_>, args: Args<'_>) -> R {
    let seconds = py.real(args.at(0))?;
    if seconds.is_nan() || seconds <= 0.0 {
        return py.value_error("switch interval must be strictly positive");
    }
    let interval = Duration::from_micros(((1e6 * seconds) as u64).max(1));
    py.ops().set_switch_interval(py.0, interval);
    Ok(Value::NONE)
}

fn allocated(py: Py<'_>, _: Args<'_>) -> R {
    let mut count = 0;
    py.heap().each_object(&mut |_| count += 1);
    py.int(count)
}

fn clear_type_cache(py: Py<'_>, _: Args<'_>) -> R {
    py.forget_lookups();
    Ok(Value::NONE)
}

/// The running function of the visible frame at a depth, if there is one.
fn function_at(py: Py<'_>, depth: i64) -> Option<Value> {
    let (mut left, mut found) = (depth.max(0), None);
    py.ops().walk_frames(py.0, &mut |index, _, function| {
        if py.ops().code(py.0, index).flags & vm_api::code::code::code_flag::HIDDEN != 0 {
            return true;
        }
        if left == 0 {
            found = Some(function);
        }
        left -= 1;
        found.is_none()
    });
    found
}

fn get_frame(py: Py<'_>, args: Args<'_>) -> R {
    let depth = args.opt(0).map_or(Ok(0), |v| py.index_i64(v))?;
    match py.frame_at(depth.max(0) as usize)? {
        Some(frame) => Ok(frame.value()),
        None => py.value_error("call stack is not deep enough"),
    }
}

fn frame_module_name(py: Py<'_>, args: Args<'_>) -> R {
    let depth = args.opt(0).map_or(Ok(0), |v| py.index_i64(v))?;
    let function = function_at(py, depth).and_then(Object::from_value);
    let globals = function.and_then(|f| Object::from_value(f.get(python_objects::function::word::GLOBALS)));
    Ok(globals.and_then(|g| dict::get_symbol(py, g, sym::NAME)).unwrap_or(Value::NONE))
}

fn get_origin_depth(py: Py<'_>, _: Args<'_>) -> R {
    py.int_usize(py.state().origin_depth.get())
}

fn set_origin_depth(py: Py<'_>, args: Args<'_>) -> R {
    match usize::try_from(py.index_i32(args.at(0))?) {
        Ok(depth) => py.state().origin_depth.set(depth),
        Err(_) => return py.value_error("depth must be >= 0"),
    }
    Ok(Value::NONE)
}

fn get_asyncgen_hooks(py: Py<'_>, _: Args<'_>) -> R {
    static HOOKS: python_objects::struct_sequence::StructSequence = python_objects::struct_sequence::StructSequence {
        name: "asyncgen_hooks",
        module: "sys",
        fields: &["firstiter", "finalizer"],
        visible: 2,
        constructible: false,
        doc: "sys.asyncgen_hooks\n\nHooks of asynchronous generators.",
    };
    let hooks = [root::ASYNC_FIRST_ITERATION, root::ASYNC_FINALIZER].map(|r| {
        let v = py.root(r);
        if v.is_empty() { Value::NONE } else { v }
    });
    py.struct_sequence(&HOOKS, &hooks)
}

fn set_asyncgen_hooks(py: Py<'_>, args: Args<'_>) -> R {
    for (i, root) in [root::ASYNC_FIRST_ITERATION, root::ASYNC_FINALIZER].into_iter().enumerate() {
        let Some(hook) = args.opt(i) else { continue };
        if hook != Value::NONE && !py.is_callable(hook) {
            let which = if i == 0 { "firstiter" } else { "finalizer" };
            return py.type_error(&format!("callable {which} expected, got {}", py.class_name(hook)));
        }
        py.set_root(root, if hook == Value::NONE { Value::EMPTY } else { hook });
    }
    Ok(Value::NONE)
}

/// The names that a string argument may be: kept here so that messages agree.
pub(super) fn event_name(py: Py<'_>, v: Value) -> R<String> {
    match string::exact_or_payload(py, v) {
        Some(s) => Ok(string::to_rust(s)),
        None => expect_text(py, v, "audit", 1),
    }
}
