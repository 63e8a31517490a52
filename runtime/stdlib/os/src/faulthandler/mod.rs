//! `faulthandler`: where a program stands, when something is wrong.
//!
//! What is written of frames is written at safepoints: at once by `dump_traceback`, where a thread next polls by the rest.
//! The handlers of faults themselves only name the fault (`docs/differences.md`).

mod dump;
mod later;
mod registered;

pub(crate) use registered::{came, forget};

use python_objects::symbol::sym;
use python_objects::{Args, Exc, Native, Object, Py, R, Value};
use std::cell::Cell;
use std::sync::Arc;
use stdlib_system::{faults, signals};

static FUNCTIONS: &[Native] = &[
    Native::function(
        "enable",
        "file=sys.stderr, all_threads=True",
        enable,
        "enable(file=sys.stderr, all_threads=True): from now on, name the fault that ends the process",
    ),
    Native::function("disable", "", disable, "disable(): leave faults alone; return whether they were not"),
    Native::function(
        "is_enabled",
        "",
        |_, _| Ok(Value::bool(faults::is_enabled())),
        "is_enabled()->bool: is the fault named that ends the process?",
    ),
    Native::function(
        "dump_traceback",
        "file=sys.stderr, all_threads=True",
        dump_traceback,
        "dump_traceback(file=sys.stderr, all_threads=True): write where the thread stands, or all threads",
    ),
    Native::function(
        "dump_traceback_later",
        "timeout, repeat=False, file=sys.stderr, exit=False",
        later::start,
        "dump_traceback_later(timeout, repeat=False, file=sys.stderr, exit=False):\nwrite where all threads stand in so many seconds, once or again and again, and then perhaps end the process",
    ),
    Native::function(
        "cancel_dump_traceback_later",
        "",
        later::cancel,
        "cancel_dump_traceback_later():\nforget what dump_traceback_later() was told",
    ),
    Native::function(
        "register",
        "signum, file=sys.stderr, all_threads=True, chain=False",
        registered::register,
        "register(signum, file=sys.stderr, all_threads=True, chain=False): write where the thread stands, or all threads, when a signal comes; with chain, let what was to happen then happen, too",
    ),
    Native::function(
        "unregister",
        "signum",
        registered::unregister,
        "unregister(signum): undo register(); return whether there was something to undo",
    ),
    Native::function("_read_null", "", |py, _| fault(py, libc::SIGSEGV), "_read_null(): end as reading address 0 does"),
    Native::function(
        "_sigsegv",
        "release_gil=False, /",
        |py, _| fault(py, libc::SIGSEGV),
        "_sigsegv(release_gil=False): send the process SIGSEGV",
    ),
    Native::function("_sigabrt", "", |py, _| fault(py, libc::SIGABRT), "_sigabrt(): send the process SIGABRT"),
    Native::function("_sigfpe", "", |py, _| fault(py, libc::SIGFPE), "_sigfpe(): send the process SIGFPE"),
];

/// What the module keeps.
#[derive(Default)]
struct Kept {
    /// The timer of `dump_traceback_later`.
    watch: Arc<later::Watch>,
    /// Number of the kept list of files that descriptors belong to: of `enable`, of the timer.
    files: Cell<Option<u32>>,
}
mod file {
    pub(super) const FAULTS: usize = 0;
    pub(super) const TIMER: usize = 1;
}
fn kept(py: Py<'_>) -> std::rc::Rc<Kept> {
    py.state().data("faulthandler", Kept::default)
}

pub(crate) fn init(py: Py<'_>, module: Object) -> R<()> {
    if kept(py).files.get().is_none() {
        let files = py.list(&[Value::NONE, Value::NONE])?;
        kept(py).files.set(Some(py.keep(files)?));
    }
    py.add_functions(module, FUNCTIONS)
}
/// Keeps the file alive whose descriptor is written to.
fn keep_file(py: Py<'_>, which: usize, v: Value) {
    if let Some(number) = kept(py).files.get() {
        py.list_set(Object::of(py.kept(number)), which, v);
    }
}

/// The descriptor of an argument `file`, and the file, if it is one.
fn descriptor(py: Py<'_>, v: Option<Value>) -> R<(i32, Value)> {
    let v = match v.filter(|v| *v != Value::NONE) {
        Some(v) => v,
        None => match py.sys_item(sym::STDERR) {
            None => return py.err(Exc::RuntimeError, "unable to get sys.stderr"),
            Some(v) if v == Value::NONE => return py.err(Exc::RuntimeError, "sys.stderr is None"),
            Some(v) => v,
        },
    };
    if py.as_int(v).is_some() {
        return match py.index_i32(v)? {
            fd if fd < 0 => py.value_error("file is not a valid file descriptor"),
            fd => Ok((fd, Value::NONE)),
        };
    }
    let fileno = py.intern("fileno")?;
    let fd = py.call_method(v, fileno, &[])?;
    let fd = match py.as_int(fd) {
        Some(fd) => i32::try_from(py.index_clamped(fd)?).ok().filter(|fd| *fd >= 0),
        None => None,
    };
    let Some(fd) = fd else {
        return py.err(Exc::RuntimeError, "file.fileno() is not a valid file descriptor");
    };
    let flushed = py.call_method(v, sym::FLUSH, &[]);
    // What has not been written yet is no reason not to write this.
    py.caught(flushed, Exc::Exception)?;
    Ok((fd, v))
}
fn flag(py: Py<'_>, v: Option<Value>, otherwise: bool) -> R<bool> {
    v.map_or(Ok(otherwise), |v| py.truth(v))
}

fn enable(py: Py<'_>, args: Args<'_>) -> R {
    let (fd, file) = descriptor(py, args.opt(0))?;
    flag(py, args.opt(1), true)?;
    keep_file(py, file::FAULTS, file);
    match faults::enable(fd) {
        Ok(()) => Ok(Value::NONE),
        Err(e) => Err(py.os_error(&e, None)),
    }
}
fn disable(py: Py<'_>, _: Args<'_>) -> R {
    let was = faults::disable();
    keep_file(py, file::FAULTS, Value::NONE);
    Ok(Value::bool(was))
}
fn dump_traceback(py: Py<'_>, args: Args<'_>) -> R {
    let (fd, _) = descriptor(py, args.opt(0))?;
    let all = flag(py, args.opt(1), true)?;
    dump::write(py, fd, "", all);
    Ok(Value::NONE)
}
/// Sends the process a fault, for tests of what is then written.
fn fault(py: Py<'_>, signal: i32) -> R {
    // Rust's own handler of overflows of the stack only takes itself away at other faults: those come again.
    match signals::raise(signal).and_then(|()| signals::raise(signal)) {
        Ok(()) => Ok(Value::NONE),
        Err(e) => Err(py.os_error(&e, None)),
    }
}
