//! `_thread`: locks for the one thread that there is. Starting another is an error.

use crate::support::add;
use python_objects::{Args, Exc, Native, Object, Py, R, TypeSpec, Value};

/// Words of a lock: how often it is held, and the dictionary of `_local`.
const COUNT: usize = 1;

const fn lock_type(name: &'static str, methods: &'static [Native]) -> TypeSpec {
    TypeSpec::values("_thread", name, 1, methods, "").weakly_referenced()
}

static LOCK: TypeSpec = lock_type(
    "lock",
    &[
        Native::method("acquire", "self, blocking=True, timeout=-1", acquire, "Acquire the lock."),
        Native::method("acquire_lock", "self, blocking=True, timeout=-1", acquire, "Acquire the lock."),
        Native::method("release", "self, /", release, "Release the lock."),
        Native::method("release_lock", "self, /", release, "Release the lock."),
        Native::method("locked", "self, /", locked, "Is the lock held?"),
        Native::method("locked_lock", "self, /", locked, "Is the lock held?"),
        Native::method("_at_fork_reinit", "self, /", reset, ""),
        Native::method("__enter__", "self, /", enter, ""),
        Native::method("__exit__", "self, /, *args", release, ""),
        Native::wrapper("__repr__", "self, /", repr, "Return repr(self)."),
    ],
);
static RLOCK: TypeSpec = lock_type(
    "RLock",
    &[
        Native::static_method("__new__", "cls, /, *args, **kwargs", |py, _| Ok(py.new_native(&RLOCK)?.value()), ""),
        Native::method("acquire", "self, blocking=True, timeout=-1", acquire_again, "Acquire the lock."),
        Native::method("release", "self, /", release_again, "Release the lock."),
        Native::method("_is_owned", "self, /", locked, ""),
        Native::method("_acquire_restore", "self, state, /", acquire_restore, ""),
        Native::method("_release_save", "self, /", release_save, ""),
        Native::method("_recursion_count", "self, /", recursion_count, ""),
        Native::method("_at_fork_reinit", "self, /", reset, ""),
        Native::method("__enter__", "self, /", enter_again, ""),
        Native::method("__exit__", "self, /, *args", release_again, ""),
        Native::wrapper("__repr__", "self, /", repr, "Return repr(self)."),
    ],
);
/// One thread's attributes are all that there are.
static LOCAL: TypeSpec =
    TypeSpec::values("_thread", "_local", 1, &[], "Thread-local data").inheritable().weakly_referenced().with_dict(1);

static FUNCTIONS: &[Native] = &[
    Native::function("allocate_lock", "", |py, _| Ok(py.new_native(&LOCK)?.value()), "Make a lock."),
    Native::function("allocate", "", |py, _| Ok(py.new_native(&LOCK)?.value()), "Make a lock."),
    Native::function("get_ident", "", |_, _| Ok(Value::int(MAIN)), "Return the number of the running thread."),
    Native::function("get_native_id", "", get_native_id, "Return the system's number of the running thread."),
    Native::function("start_new_thread", "function, args, kwargs={}, /", no_threads, "Start a thread."),
    Native::function("start_new", "function, args, kwargs={}, /", no_threads, "Start a thread."),
    Native::function("_count", "", |_, _| Ok(Value::int(0)), "Return how many other threads run."),
    Native::function("stack_size", "size=0, /", |_, _| Ok(Value::int(0)), "Return the stack size of new threads."),
    Native::function("exit", "", exit, "Raise SystemExit."),
    Native::function("exit_thread", "", exit, "Raise SystemExit."),
    Native::function("interrupt_main", "signum=2, /", interrupt_main, "Simulate a signal for the main thread."),
    Native::function(
        "_set_sentinel",
        "",
        |py, _| Ok(py.new_native(&LOCK)?.value()),
        "Make the lock that is released when the thread ends.",
    ),
    Native::function("_is_main_interpreter", "", |_, _| Ok(Value::TRUE), "It is."),
    Native::function("daemon_threads_allowed", "", |_, _| Ok(Value::TRUE), "They are."),
    Native::function("_excepthook", "exc_info, /", excepthook, "Handle an exception of a thread."),
];

pub(crate) fn init(py: Py<'_>, module: Object) -> R<()> {
    py.add_functions(module, FUNCTIONS)?;
    add(py, module, "LockType", py.native_type(&LOCK)?.value())?;
    add(py, module, "RLock", py.native_type(&RLOCK)?.value())?;
    add(py, module, "_local", py.native_type(&LOCAL)?.value())?;
    add(py, module, "error", py.root(Exc::RuntimeError.root()))?;
    add(py, module, "TIMEOUT_MAX", Value::float(9_223_372_036.0))
}

fn count(py: Py<'_>, args: Args<'_>) -> R<(Object, i64)> {
    let Some(o) = py.of_kind(args.at(0), LOCK.kind).or_else(|| py.of_kind(args.at(0), RLOCK.kind)) else {
        return py.type_error("a lock is required");
    };
    let count = o.get(COUNT);
    Ok((o, if count.is_int() { count.as_int() } else { 0 }))
}

/// Does `acquire` wait? Its arguments are checked.
fn waits(py: Py<'_>, args: Args<'_>) -> R<Option<f64>> {
    let blocking = match args.opt(1) {
        Some(v) => py.truth(v)?,
        None => true,
    };
    let timeout = args.opt(2).map_or(Ok(-1.0), |v| py.real(v))?;
    if !blocking && timeout != -1.0 {
        return py.value_error("can't specify a timeout for a non-blocking call");
    }
    if timeout < 0.0 && timeout != -1.0 {
        return py.value_error("timeout value must be a non-negative number");
    }
    Ok(blocking.then_some(timeout))
}

fn acquire(py: Py<'_>, args: Args<'_>) -> R {
    let (o, held) = count(py, args)?;
    let waits = waits(py, args)?;
    if held == 0 {
        py.store(o, COUNT, Value::int(1));
        return Ok(Value::TRUE);
    }
    match waits {
        None => Ok(Value::FALSE),
        Some(-1.0) => py.err(Exc::RuntimeError, "deadlock: the only thread waits for a lock that it holds"),
        Some(seconds) => {
            // Nobody can release it meanwhile, but a signal handler.
            super::clock::sleep_for(py, seconds)?;
            let (o, held) = count(py, args)?;
            if held == 0 {
                py.store(o, COUNT, Value::int(1));
            }
            Ok(Value::bool(held == 0))
        }
    }
}

fn release(py: Py<'_>, args: Args<'_>) -> R {
    let (o, held) = count(py, args)?;
    if held == 0 {
        return py.err(Exc::RuntimeError, "release unlocked lock");
    }
    py.store(o, COUNT, Value::int(0));
    Ok(Value::NONE)
}
fn enter(py: Py<'_>, args: Args<'_>) -> R {
    acquire(py, Args::of(&[args.at(0), Value::EMPTY, Value::EMPTY]))
}
fn locked(py: Py<'_>, args: Args<'_>) -> R {
    let (_, held) = count(py, args)?;
    Ok(Value::bool(held > 0))
}
fn reset(py: Py<'_>, args: Args<'_>) -> R {
    let (o, _) = count(py, args)?;
    py.store(o, COUNT, Value::int(0));
    Ok(Value::NONE)
}

fn acquire_again(py: Py<'_>, args: Args<'_>) -> R {
    let (o, held) = count(py, args)?;
    waits(py, args)?;
    py.store(o, COUNT, Value::int(held + 1));
    Ok(Value::TRUE)
}
fn release_again(py: Py<'_>, args: Args<'_>) -> R {
    let (o, held) = count(py, args)?;
    if held == 0 {
        return py.err(Exc::RuntimeError, "cannot release un-acquired lock");
    }
    py.store(o, COUNT, Value::int(held - 1));
    Ok(Value::NONE)
}
fn enter_again(py: Py<'_>, args: Args<'_>) -> R {
    acquire_again(py, Args::of(&[args.at(0), Value::EMPTY, Value::EMPTY]))
}
fn acquire_restore(py: Py<'_>, args: Args<'_>) -> R {
    let (o, _) = count(py, args)?;
    match py.as_tuple(args.at(1)).filter(|t| t.length() == 2 && t.element(0).is_int()) {
        Some(t) => py.store(o, COUNT, t.element(0)),
        None => return py.type_error("_acquire_restore() needs what _release_save() returned"),
    }
    Ok(Value::NONE)
}
fn release_save(py: Py<'_>, args: Args<'_>) -> R {
    let (o, held) = count(py, args)?;
    if held == 0 {
        return py.err(Exc::RuntimeError, "cannot release un-acquired lock");
    }
    py.store(o, COUNT, Value::int(0));
    py.tuple(&[Value::int(held), Value::int(MAIN)])
}
fn recursion_count(py: Py<'_>, args: Args<'_>) -> R {
    let (_, held) = count(py, args)?;
    py.int(held)
}
fn repr(py: Py<'_>, args: Args<'_>) -> R {
    let (o, held) = count(py, args)?;
    let state = if held > 0 { "locked" } else { "unlocked" };
    let at = py.address_text(o.value());
    let name = py.class_full_name(py.class_of(o.value()));
    if py.of_kind(args.at(0), RLOCK.kind).is_some() {
        let owner = if held > 0 { MAIN } else { 0 };
        return py.str(&format!("<{state} {name} object owner={owner} count={held} at {at}>"));
    }
    py.str(&format!("<{state} {name} object at {at}>"))
}

/// The number of the one thread.
const MAIN: i64 = 1;

fn get_native_id(py: Py<'_>, _: Args<'_>) -> R {
    py.int(i64::from(stdlib_system::identities()[0]))
}
fn no_threads(py: Py<'_>, _: Args<'_>) -> R {
    py.err(Exc::RuntimeError, "can't start new thread: Prism runs one thread")
}
fn exit(py: Py<'_>, _: Args<'_>) -> R {
    let e = py.new_exception(Exc::SystemExit, &[])?;
    Err(py.throw(e))
}
fn interrupt_main(py: Py<'_>, args: Args<'_>) -> R {
    let signal = args.opt(0).map_or(Ok(2), |v| py.index_i32(v))?;
    if !(1..65).contains(&signal) {
        return py.value_error("signal number out of range");
    }
    match stdlib_system::kill(stdlib_system::identities()[0] as i32, signal) {
        Ok(()) => Ok(Value::NONE),
        Err(e) => Err(py.os_error(&e, None)),
    }
}
fn excepthook(py: Py<'_>, args: Args<'_>) -> R {
    let fields = py.tuple_from(args.at(0))?;
    if fields.length() < 3 {
        return py.type_error("_thread.excepthook argument type must be ExceptHookArgs");
    }
    let hook = py.sys_item(python_objects::symbol::sym::EXCEPTHOOK).unwrap_or(Value::NONE);
    py.call(hook, &[fields.element(0), fields.element(1), fields.element(2)])
}

/// Sends a thread a signal, by the number that `get_ident` gives it.
///
/// # Errors
/// There is no such thread (`ESRCH`), or the number is no signal's.
pub fn send_signal(thread: i64, signal: i32) -> std::io::Result<()> {
    const NO_SUCH_PROCESS: i32 = 3;
    if thread != MAIN {
        return Err(std::io::Error::from_raw_os_error(NO_SUCH_PROCESS));
    }
    stdlib_system::signals::send_to_this_thread(signal)
}
