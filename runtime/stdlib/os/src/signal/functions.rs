//! Handlers, and sending signals.

use super::{checked, handlers, signal_number};
use python_objects::{Args, Exc, Native, Py, R, Value};
use stdlib_core::audit;
use stdlib_system::signals;

pub(super) static FUNCTIONS: &[Native] = &[
    Native::function(
        "signal",
        "signalnum, handler, /",
        signal,
        "Set what happens when a signal comes; return what did.",
    ),
    Native::function("getsignal", "signalnum, /", getsignal, "Return what happens when a signal comes."),
    Native::function("default_int_handler", "signalnum, frame, /", interrupt, "Raise KeyboardInterrupt."),
    Native::function("raise_signal", "signalnum, /", raise_signal, "Send a signal to the running process."),
    Native::function("pthread_kill", "thread_id, signalnum, /", pthread_kill, "Send a signal to a thread."),
    Native::function(
        "pidfd_send_signal",
        "pidfd, signalnum, siginfo=None, flags=0, /",
        pidfd_send_signal,
        "Send a signal to the process of a descriptor.",
    ),
    Native::function("siginterrupt", "signalnum, flag, /", siginterrupt, "Say whether a signal interrupts calls."),
    Native::function("strsignal", "signalnum, /", strsignal, "Return the system's description of a signal."),
    Native::function(
        "set_wakeup_fd",
        "fd, /, *, warn_on_full_buffer=True",
        set_wakeup_fd,
        "Set where the number of each signal is written; return where it was.",
    ),
    Native::function("pause", "", pause, "Wait until a signal comes."),
];

fn signal(py: Py<'_>, args: Args<'_>) -> R {
    handlers::set(py, args.at(0), args.at(1))
}
fn getsignal(py: Py<'_>, args: Args<'_>) -> R {
    handlers::handler(py, signal_number(py, args.at(0))?)
}
fn interrupt(py: Py<'_>, args: Args<'_>) -> R {
    py.index_i32(args.at(0))?;
    let e = py.new_exception(Exc::KeyboardInterrupt, &[])?;
    Err(py.throw(e))
}
fn raise_signal(py: Py<'_>, args: Args<'_>) -> R {
    checked(py, signals::raise(py.index_i32(args.at(0))?))?;
    py.poll().map(|()| Value::NONE)
}
fn pthread_kill(py: Py<'_>, args: Args<'_>) -> R {
    let (thread, signal) = (py.index_i64(args.at(0))?, py.index_i32(args.at(1))?);
    let arguments = [args.at(0), Value::int(i64::from(signal))];
    audit::event(py, "signal.pthread_kill", &arguments)?;
    checked(py, stdlib_core::threads::send_signal(py, thread, signal))?;
    py.poll().map(|()| Value::NONE)
}
fn pidfd_send_signal(py: Py<'_>, args: Args<'_>) -> R {
    let (pidfd, signal) = (py.index_i32(args.at(0))?, py.index_i32(args.at(1))?);
    if args.some(2).is_some() {
        return py.type_error("siginfo must be None");
    }
    let flags = args.opt(3).map_or(Ok(0), |v| py.index_i32(v))?;
    checked(py, signals::send_to_pidfd(pidfd, signal, flags as u32))?;
    py.poll().map(|()| Value::NONE)
}
fn siginterrupt(py: Py<'_>, args: Args<'_>) -> R {
    let signal = signal_number(py, args.at(0))?;
    let interrupt = py.index_i32(args.at(1))? != 0;
    checked(py, signals::interrupt_calls(signal, interrupt)).map(|()| Value::NONE)
}
fn strsignal(py: Py<'_>, args: Args<'_>) -> R {
    match signals::text(signal_number(py, args.at(0))?) {
        Some(text) if !text.starts_with("Unknown signal") => py.str(&text),
        _ => Ok(Value::NONE),
    }
}
fn set_wakeup_fd(py: Py<'_>, args: Args<'_>) -> R {
    let complains = match args.opt(1) {
        Some(v) => py.truth(v)?,
        None => true,
    };
    let fd = py.index_i32(args.at(0))?;
    let signals = handlers::signals(py)?;
    if !signals.inbox.is_of_this_thread() {
        return py.value_error("set_wakeup_fd only works in main thread of the main interpreter");
    }
    if fd != -1 {
        checked(py, stdlib_system::stat_descriptor(fd))?;
        if checked(py, stdlib_system::is_blocking(fd))? {
            return py.value_error(&format!("the fd {fd} must be in non-blocking mode"));
        }
    }
    Ok(Value::int(i64::from(signals.inbox.set_wakeup(fd, complains))))
}
fn pause(py: Py<'_>, _: Args<'_>) -> R {
    py.blocking(signals::pause);
    py.poll().map(|()| Value::NONE)
}
