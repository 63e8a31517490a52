//! `_thread`: locks. Starting threads raises, since there is one Python thread so far.
//!
//! A lock's object holds one raw word: whether it is held, or how often for an `RLock`.

use crate::time::sleep_for;
use python_objects::create::TypeSpec;
use python_objects::exception::Exc;
use python_objects::{Args, Kind, Native, Object, Py, R, Value};
use std::time::Duration;
use vm_api::heap::Layout;

const LOCK: Kind = Kind::extension("_thread.lock");
const RLOCK: Kind = Kind::extension("_thread.RLock");
/// Word of the state.
const HELD: usize = 1;
/// `threading.TIMEOUT_MAX`, in seconds.
const LONGEST: f64 = 9_223_372_036.0;

static LOCK_TYPE: TypeSpec = TypeSpec {
    name: "lock",
    module: "_thread",
    kind: LOCK,
    layout: Layout::Leaf { words: 2 },
    is_base: false,
    weakrefs: true,
    dict_word: 0,
    methods: LOCK_METHODS,
    doc: "A lock object is a synchronization primitive.",
};
static RLOCK_TYPE: TypeSpec = TypeSpec {
    name: "RLock",
    module: "_thread",
    kind: RLOCK,
    layout: Layout::Leaf { words: 2 },
    is_base: true,
    weakrefs: true,
    dict_word: 0,
    methods: RLOCK_METHODS,
    doc: "A lock that its owner may acquire again.",
};

static LOCK_METHODS: &[Native] = &[
    Native::method("acquire", "self, /, blocking=True, timeout=-1", acquire, "Locks the lock."),
    Native::method("release", "self, /", release, "Releases the lock."),
    Native::method("locked", "self, /", locked, "Tells whether the lock is locked."),
    Native::method("acquire_lock", "self, /, blocking=True, timeout=-1", acquire, "An old synonym of acquire()."),
    Native::method("release_lock", "self, /", release, "An old synonym of release()."),
    Native::method("locked_lock", "self, /", locked, "An old synonym of locked()."),
    Native::method("__enter__", "self, /", acquire, "Locks the lock."),
    Native::method("__exit__", "self, /, *exc_info", release_at_exit, "Releases the lock."),
    Native::wrapper("__repr__", "self, /", repr, "Return repr(self)."),
];
static RLOCK_METHODS: &[Native] = &[
    Native::static_method("__new__", "cls, /, *args, **kwargs", new_rlock, "Creates and returns a new object."),
    Native::method("acquire", "self, /, blocking=True, timeout=-1", acquire_again, "Locks the lock."),
    Native::method("release", "self, /", release, "Releases the lock."),
    Native::method("_is_owned", "self, /", locked, "For internal use by `threading.Condition`."),
    Native::method("_recursion_count", "self, /", count, "For internal use by reentrancy checks."),
    Native::method("__enter__", "self, /", acquire_again, "Locks the lock."),
    Native::method("__exit__", "self, /, *exc_info", release_at_exit, "Releases the lock."),
    Native::wrapper("__repr__", "self, /", repr, "Return repr(self)."),
];

fn lock(py: Py<'_>, v: Value) -> R<Object> {
    match py.of_kind(v, LOCK).or_else(|| py.of_kind(v, RLOCK)) {
        Some(o) => Ok(o),
        None => py.type_error(&format!("a lock is required, not '{}'", py.class_name(v))),
    }
}
/// Waits until the lock is free: nobody else can free it, so that only the time-out or an interrupt ends it.
fn wait(py: Py<'_>, timeout: f64) -> R {
    if timeout >= 0.0 {
        sleep_for(py, Duration::try_from_secs_f64(timeout).unwrap_or(Duration::MAX))?;
        return Ok(Value::FALSE);
    }
    loop {
        sleep_for(py, Duration::from_secs(1))?;
    }
}
fn acquire(py: Py<'_>, args: Args<'_>) -> R {
    let o = lock(py, args.at(0))?;
    let blocking = match args.0.get(1).and_then(|_| args.opt(1)) {
        Some(v) => py.truth(v)?,
        None => true,
    };
    let timeout = match args.opt(2) {
        Some(v) => match (py.as_float(v), py.as_int(v)) {
            (Some(f), _) => f,
            (None, Some(i)) => python_objects::int::to_f64(i).unwrap_or(f64::INFINITY),
            _ => return py.type_error(&format!("'{}' object cannot be interpreted as an integer", py.class_name(v))),
        },
        None => -1.0,
    };
    if !blocking && timeout != -1.0 {
        return py.value_error("can't specify a timeout for a non-blocking call");
    }
    if timeout < 0.0 && timeout != -1.0 {
        return py.value_error("timeout value must be a non-negative number");
    }
    if timeout > LONGEST {
        return py.err(Exc::OverflowError, "timeout value is too large");
    }
    if o.word(HELD) == 0 {
        o.set_word(HELD, 1);
        return Ok(Value::TRUE);
    }
    if blocking { wait(py, timeout) } else { Ok(Value::FALSE) }
}
fn acquire_again(py: Py<'_>, args: Args<'_>) -> R {
    let o = lock(py, args.at(0))?;
    o.set_word(HELD, o.word(HELD) + 1);
    Ok(Value::TRUE)
}
fn release(py: Py<'_>, args: Args<'_>) -> R {
    let o = lock(py, args.at(0))?;
    if o.word(HELD) == 0 {
        let message =
            if py.object_kind(o) == RLOCK { "cannot release un-acquired lock" } else { "release unlocked lock" };
        return py.err(Exc::RuntimeError, message);
    }
    o.set_word(HELD, o.word(HELD) - 1);
    Ok(Value::NONE)
}
fn release_at_exit(py: Py<'_>, args: Args<'_>) -> R {
    release(py, args.first(1))
}
fn locked(py: Py<'_>, args: Args<'_>) -> R {
    Ok(Value::bool(lock(py, args.at(0))?.word(HELD) != 0))
}
fn count(py: Py<'_>, args: Args<'_>) -> R {
    let n = lock(py, args.at(0))?.word(HELD);
    py.int_u64(n)
}
fn repr(py: Py<'_>, args: Args<'_>) -> R {
    let o = lock(py, args.at(0))?;
    let (state, name) =
        (if o.word(HELD) == 0 { "unlocked" } else { "locked" }, py.class_full_name(py.class_of(o.value())));
    let owner = if py.object_kind(o) == RLOCK {
        let owner = if o.word(HELD) == 0 { 0 } else { IDENT };
        format!(" owner={owner} count={}", o.word(HELD))
    } else {
        String::new()
    };
    py.str(&format!("<{state} {name} object{owner} at {}>", py.address_text(o.value())))
}
fn new_rlock(py: Py<'_>, args: Args<'_>) -> R {
    match py.of_kind(args.at(0), Kind::TYPE) {
        Some(class) => Ok(py.alloc_instance(class)?.value()),
        None => py.type_error("RLock.__new__(X): X is not a type object"),
    }
}

/// `get_ident()` of the one thread: any number but 0.
const IDENT: i64 = 1;

fn allocate_lock(py: Py<'_>, _: Args<'_>) -> R {
    Ok(py.new_native(&LOCK_TYPE)?.value())
}
fn get_ident(_: Py<'_>, _: Args<'_>) -> R {
    Ok(Value::int(IDENT))
}
fn get_native_id(_: Py<'_>, _: Args<'_>) -> R {
    Ok(Value::int(i64::from(std::process::id())))
}
fn start_new_thread(py: Py<'_>, _: Args<'_>) -> R {
    py.err(Exc::RuntimeError, "can't start new thread: this build runs one Python thread")
}
fn thread_count(_: Py<'_>, _: Args<'_>) -> R {
    Ok(Value::int(0))
}

static FUNCTIONS: &[Native] = &[
    Native::function("allocate_lock", "", allocate_lock, "Creates a new lock object."),
    Native::function("allocate", "", allocate_lock, "An old synonym of allocate_lock()."),
    Native::function("get_ident", "", get_ident, "Returns a number that identifies the running thread."),
    Native::function("get_native_id", "", get_native_id, "Returns the number that the system gave the thread."),
    Native::function("start_new_thread", "function, args, kwargs={}, /", start_new_thread, "Starts a new thread."),
    Native::function("start_new", "function, args, kwargs={}, /", start_new_thread, "An old synonym."),
    Native::function("_count", "", thread_count, "Returns the number of threads beside the main one."),
];

/// Fills the module.
pub(crate) fn init(py: Py<'_>, m: Object) -> R<()> {
    py.add_functions(m, FUNCTIONS)?;
    let d = py.module_dict(m);
    let (lock, rlock) = (py.native_type(&LOCK_TYPE)?, py.native_type(&RLOCK_TYPE)?);
    py.dict_set_text(d, "LockType", lock.value())?;
    py.dict_set_text(d, "RLock", rlock.value())?;
    py.dict_set_text(d, "error", py.exception_class(Exc::RuntimeError).value())?;
    py.dict_set_text(d, "TIMEOUT_MAX", Value::float(LONGEST))
}
