//! `_thread`: threads, locks, data of each thread; `_queue`.
//!
//! Threads run in turns under the VM's global lock (`runtime_core::threads`). What stands in objects and in [`Threads`] is
//! looked at and changed under it, so a lock of Python's is a few words in the heap and a queue of those who wait for it
//! ([`waiting`]); only waiting itself happens without the global lock.

mod hook;
mod local;
mod lock;
pub(crate) mod queue;
mod start;
mod waiting;

use crate::support::add;
use python_objects::py::root;
use python_objects::{Args, Exc, Native, Object, Py, R, Value};
use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

/// The longest time that may be waited for a lock, in seconds.
const TIMEOUT_MAX: f64 = 9_223_372_036.0;

static FUNCTIONS: &[Native] = &[
    Native::function("allocate_lock", "", lock::allocate, "Make a lock."),
    Native::function("allocate", "", lock::allocate, "Make a lock."),
    Native::function("get_ident", "", |_, _| Ok(ident()), "Return the number of the running thread."),
    Native::function(
        "get_native_id",
        "",
        |_, _| Ok(Value::int(stdlib_system::native_thread_number().into())),
        "Return the system's number of the running thread.",
    ),
    Native::function("start_new_thread", "function, args, kwargs={}, /", start::start_new_thread, "Start a thread."),
    Native::function("start_new", "function, args, kwargs={}, /", start::start_new_thread, "Start a thread."),
    Native::function("_count", "", start::count, "Return how many other threads there are."),
    Native::function(
        "stack_size",
        "size=0, /",
        start::stack_size,
        "Set the stack size of new threads; return what it was.",
    ),
    Native::function("exit", "", exit, "Raise SystemExit: the thread ends."),
    Native::function("exit_thread", "", exit, "Raise SystemExit: the thread ends."),
    Native::function("interrupt_main", "signum=2, /", interrupt_main, "Simulate a signal for the main thread."),
    Native::function("_set_sentinel", "", start::set_sentinel, "Make the lock that is released when the thread ends."),
    Native::function("_is_main_interpreter", "", |_, _| Ok(Value::TRUE), "Is this the main interpreter?"),
    Native::function("daemon_threads_allowed", "", |_, _| Ok(Value::TRUE), "May there be daemon threads?"),
    Native::function("_excepthook", "exc_info, /", hook::excepthook, "Print the exception that ended a thread."),
];

/// What the interpreter knows of its threads, beside what each has in its own roots.
struct Threads {
    waiting: waiting::Table,
    /// Number of the thread that handles signals.
    main: Cell<u64>,
    /// Bytes that new threads may use of their native stacks; 0: the usual.
    stack_size: Cell<usize>,
}

fn threads(py: Py<'_>) -> Rc<Threads> {
    py.state().data("_thread", || Threads {
        waiting: waiting::Table::default(),
        main: Cell::new(py.number()),
        stack_size: Cell::new(0),
    })
}

/// Enters the main thread, which runs. Once, at the beginning.
pub(crate) fn install(py: Py<'_>) {
    threads(py);
    enter(py);
}

pub(crate) fn init(py: Py<'_>, module: Object) -> R<()> {
    py.add_functions(module, FUNCTIONS)?;
    add(py, module, "LockType", py.native_type(&lock::LOCK)?.value())?;
    add(py, module, "RLock", py.native_type(&lock::RLOCK)?.value())?;
    add(py, module, "_local", py.native_type(&local::LOCAL)?.value())?;
    add(py, module, "_ExceptHookArgs", py.struct_sequence_type(&hook::ARGUMENTS)?.value())?;
    add(py, module, "error", py.root(Exc::RuntimeError.root()))?;
    add(py, module, "TIMEOUT_MAX", Value::float(TIMEOUT_MAX))
}

/// The thread's numbers, for others to see.
fn enter(py: Py<'_>) {
    py.set_root(root::THREAD_IDENT, ident());
    py.set_root(root::THREAD_NATIVE_ID, Value::int(stdlib_system::native_thread_number().into()));
    // Tools that monitor monitor all threads.
    py.update_stepping();
}

/// The running thread's number as programs know it. (Addresses have fewer bits than small integers.)
pub(crate) fn ident() -> Value {
    Value::int(stdlib_system::signals::thread_number() as i64)
}

/// Is there a thread of this number?
pub(crate) fn is_alive(py: Py<'_>, ident: Value) -> bool {
    let mut found = false;
    py.ops().each_thread(py.0, &mut |t| found |= t.root(root::THREAD_IDENT) == ident);
    found
}

/// Waits until `take` has got what it wants of an object, which those who change it tell by [`changed`].
///
/// # Errors
/// A signal's handler raised.
pub(crate) fn wait_for(py: Py<'_>, o: Object, take: impl Fn() -> bool) -> R<()> {
    waiting::wait(py, py.identity(o.value()), Patience::Endless, take).map(|_| ())
}

/// An object that threads may wait for has changed.
pub(crate) fn changed(py: Py<'_>, o: Object) {
    if waiting::anybody(py) {
        waiting::wake(py, py.identity(o.value()));
    }
}

/// Is this the thread that handles signals?
fn is_main(py: Py<'_>) -> bool {
    threads(py).main.get() == py.number()
}

/// In the child of a fork, where the running thread is the only one, and the main thread. Before anything else runs.
pub fn after_fork(py: Py<'_>) {
    py.ops().after_fork(py.0);
    let threads = threads(py);
    threads.main.set(py.number());
    threads.waiting.clear();
    enter(py);
}

/// Waits until all threads have ended that the program is to wait for; from then on no other thread runs. At the end of a
/// program.
pub(crate) fn shutdown(py: Py<'_>) {
    let modules = Object::of(py.root(root::MODULES));
    let ended = (|| -> R<()> {
        let name = py.new_str("threading")?;
        match python_objects::dict::get_str(py, modules, name) {
            Some(threading) if threading != Value::NONE => {
                let shutdown = py.get_attribute_text(threading, "_shutdown")?;
                py.call(shutdown, &[]).map(|_| ())
            }
            _ => Ok(()),
        }
    })();
    if ended.is_err() {
        crate::report_unraisable(py, Some("Exception ignored in threading._shutdown()"), Value::NONE);
    }
}

fn exit(py: Py<'_>, _: Args<'_>) -> R {
    let e = py.new_exception(Exc::SystemExit, &[])?;
    Err(py.throw(e))
}
fn interrupt_main(py: Py<'_>, args: Args<'_>) -> R {
    let signal = args.opt(0).map_or(Ok(2), |v| py.index_i32(v))?;
    if !(1..stdlib_system::signals::NSIG).contains(&signal) {
        return py.value_error("signal number out of range");
    }
    stdlib_system::signals::simulate(signal);
    Ok(Value::NONE)
}

/// Sends a thread a signal, by the number that `get_ident` gives it.
///
/// # Errors
/// There is no such thread (`ESRCH`), or the number is no signal's.
pub fn send_signal(py: Py<'_>, thread: i64, signal: i32) -> std::io::Result<()> {
    const NO_SUCH_PROCESS: i32 = 3;
    let mut native = None;
    py.ops().each_thread(py.0, &mut |t| {
        let (ident, id) = (t.root(root::THREAD_IDENT), t.root(root::THREAD_NATIVE_ID));
        if ident.is_int() && ident.as_int() == thread && id.is_int() {
            native = Some(id.as_int());
        }
    });
    match native {
        Some(native) => stdlib_system::signals::send_to_native_thread(native as u32, signal),
        None => Err(std::io::Error::from_raw_os_error(NO_SUCH_PROCESS)),
    }
}

/// How long `acquire` waits: its arguments are checked.
#[derive(Clone, Copy)]
enum Patience {
    /// Not at all.
    None,
    /// For so long.
    For(Duration),
    /// Until it is done.
    Endless,
}

/// What `blocking` and `timeout` ask for.
fn patience(py: Py<'_>, blocking: Option<Value>, timeout: Option<Value>) -> R<Patience> {
    let blocking = match blocking {
        Some(v) => py.truth(v)?,
        None => true,
    };
    let timeout = timeout.map_or(Ok(-1.0), |v| py.real(v))?;
    if !blocking && timeout != -1.0 {
        return py.value_error("can't specify a timeout for a non-blocking call");
    }
    if timeout.is_nan() {
        return py.value_error("Invalid value NaN (not a number)");
    }
    if timeout * 1e9 >= i64::MAX as f64 {
        return py.err(Exc::OverflowError, "timestamp out of range for platform time_t");
    }
    if timeout < 0.0 && timeout != -1.0 {
        return py.value_error("timeout value must be positive");
    }
    if timeout > TIMEOUT_MAX {
        return py.err(Exc::OverflowError, "timeout value is too large");
    }
    Ok(match (blocking, Duration::try_from_secs_f64(timeout)) {
        (false, _) => Patience::None,
        (true, Ok(time)) => Patience::For(time),
        (true, Err(_)) => Patience::Endless,
    })
}
