//! `lock` and `RLock`.

use super::{Patience, ident, patience, waiting};
use python_objects::{Args, Exc, Native, Object, Py, R, TypeSpec, Value};

/// Words of a lock: how often it is held, and (of an `RLock`) by which thread.
const COUNT: usize = 1;
const OWNER: usize = 2;

const fn lock_type(name: &'static str, words: u32, methods: &'static [Native]) -> TypeSpec {
    TypeSpec::values("_thread", name, words, methods, "").weakly_referenced()
}

pub(super) static LOCK: TypeSpec = lock_type(
    "lock",
    1,
    &[
        Native::method("acquire", "self, blocking=True, timeout=-1", acquire, "Acquire the lock."),
        Native::method("acquire_lock", "self, blocking=True, timeout=-1", acquire, "Acquire the lock."),
        Native::method("release", "self, /", release, "Release the lock."),
        Native::method("release_lock", "self, /", release, "Release the lock."),
        Native::method("locked", "self, /", locked, "Is the lock held?"),
        Native::method("locked_lock", "self, /", locked, "Is the lock held?"),
        Native::method("_at_fork_reinit", "self, /", reset, ""),
        Native::method("__enter__", "self, /", enter, "Acquire the lock."),
        Native::method("__exit__", "self, /, *args", release, "Release the lock."),
        Native::wrapper("__repr__", "self, /", repr, "Return repr(self)."),
    ],
);
pub(super) static RLOCK: TypeSpec = lock_type(
    "RLock",
    2,
    &[
        Native::static_method("__new__", "cls, /, *args, **kwargs", new_rlock, "").ignoring_arguments(),
        Native::method("acquire", "self, blocking=True, timeout=-1", acquire_again, "Acquire the lock."),
        Native::method("release", "self, /", release_again, "Release the lock."),
        Native::method("_is_owned", "self, /", is_owned, ""),
        Native::method("_acquire_restore", "self, state, /", acquire_restore, ""),
        Native::method("_release_save", "self, /", release_save, ""),
        Native::method("_recursion_count", "self, /", recursion_count, ""),
        Native::method("_at_fork_reinit", "self, /", reset, ""),
        Native::method("__enter__", "self, /", enter_again, "Acquire the lock."),
        Native::method("__exit__", "self, /, *args", release_again, "Release the lock."),
        Native::wrapper("__repr__", "self, /", repr, "Return repr(self)."),
    ],
)
.inheritable();

pub(super) fn allocate(py: Py<'_>, _: Args<'_>) -> R {
    Ok(py.new_native(&LOCK)?.value())
}
fn new_rlock(py: Py<'_>, args: Args<'_>) -> R {
    Ok(py.new_native_of(args.at(0), &RLOCK)?.value())
}

fn this(py: Py<'_>, args: Args<'_>) -> R<Object> {
    match py.of_kind(args.at(0), LOCK.kind).or_else(|| py.of_kind(args.at(0), RLOCK.kind)) {
        Some(o) => Ok(o),
        None => py.type_error("a lock is required"),
    }
}
fn count(o: Object) -> i64 {
    let count = o.get(COUNT);
    if count.is_int() { count.as_int() } else { 0 }
}
fn set_count(py: Py<'_>, o: Object, count: i64) {
    py.store(o, COUNT, Value::int(count));
}
fn take(py: Py<'_>, o: Object, wait: Patience) -> R<bool> {
    let free = || {
        let free = count(o) == 0;
        if free {
            set_count(py, o, 1);
        }
        free
    };
    if free() {
        return Ok(true);
    }
    if let Patience::None = wait {
        return Ok(false);
    }
    waiting::wait(py, py.identity(o.value()), wait, free)
}

fn acquire(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    let wait = patience(py, args.opt(1), args.opt(2))?;
    take(py, o, wait).map(Value::bool)
}
fn enter(py: Py<'_>, args: Args<'_>) -> R {
    take(py, this(py, args)?, Patience::Endless).map(Value::bool)
}
fn release(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    if count(o) == 0 {
        return py.err(Exc::RuntimeError, "release unlocked lock");
    }
    open(py, o);
    Ok(Value::NONE)
}
/// Releases a lock, whoever holds it.
pub(super) fn open(py: Py<'_>, o: Object) {
    set_count(py, o, 0);
    super::changed(py, o);
}
fn locked(py: Py<'_>, args: Args<'_>) -> R {
    Ok(Value::bool(count(this(py, args)?) > 0))
}
fn reset(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    set_count(py, o, 0);
    if py.of_kind(o.value(), RLOCK.kind).is_some() {
        py.store(o, OWNER, Value::EMPTY);
    }
    Ok(Value::NONE)
}

// ---- RLock

fn is_mine(o: Object) -> bool {
    count(o) > 0 && o.get(OWNER) == ident()
}
fn take_again(py: Py<'_>, o: Object, wait: Patience, times: i64) -> R<bool> {
    if is_mine(o) {
        set_count(py, o, count(o) + times);
        return Ok(true);
    }
    let taken = take(py, o, wait)?;
    if taken {
        set_count(py, o, times);
        py.store(o, OWNER, ident());
    }
    Ok(taken)
}
fn acquire_again(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    let wait = patience(py, args.opt(1), args.opt(2))?;
    take_again(py, o, wait, 1).map(Value::bool)
}
fn enter_again(py: Py<'_>, args: Args<'_>) -> R {
    take_again(py, this(py, args)?, Patience::Endless, 1).map(Value::bool)
}
fn owned(py: Py<'_>, args: Args<'_>) -> R<Object> {
    let o = this(py, args)?;
    if is_mine(o) { Ok(o) } else { py.err(Exc::RuntimeError, "cannot release un-acquired lock") }
}
fn release_again(py: Py<'_>, args: Args<'_>) -> R {
    let o = owned(py, args)?;
    set_count(py, o, count(o) - 1);
    if count(o) == 0 {
        py.store(o, OWNER, Value::EMPTY);
        super::changed(py, o);
    }
    Ok(Value::NONE)
}
fn is_owned(py: Py<'_>, args: Args<'_>) -> R {
    Ok(Value::bool(is_mine(this(py, args)?)))
}
fn acquire_restore(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    let state = py.as_tuple(args.at(1)).filter(|t| t.length() == 2 && t.element(0).is_int());
    let Some(state) = state.filter(|t| t.element(0).as_int() > 0) else {
        return py.type_error("_acquire_restore() needs what _release_save() returned");
    };
    let times = state.element(0).as_int();
    take(py, o, Patience::Endless)?;
    set_count(py, o, times);
    py.store(o, OWNER, state.element(1));
    Ok(Value::NONE)
}
fn release_save(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    if count(o) == 0 {
        return py.err(Exc::RuntimeError, "cannot release un-acquired lock");
    }
    let state = py.tuple(&[Value::int(count(o)), o.get(OWNER)])?;
    py.store(o, OWNER, Value::EMPTY);
    open(py, o);
    Ok(state)
}
fn recursion_count(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    py.int(if is_mine(o) { count(o) } else { 0 })
}

fn repr(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    let held = count(o);
    let state = if held > 0 { "locked" } else { "unlocked" };
    let at = py.address_text(o.value());
    let name = py.class_full_name(py.class_of(o.value()));
    if py.of_kind(o.value(), RLOCK.kind).is_some() {
        let owner = o.get(OWNER);
        let owner = if owner.is_int() { owner.as_int() } else { 0 };
        return py.str(&format!("<{state} {name} object owner={owner} count={held} at {at}>"));
    }
    py.str(&format!("<{state} {name} object at {at}>"))
}
