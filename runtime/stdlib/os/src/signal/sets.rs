//! Sets of signals: blocking them, waiting for them.

use super::{SIGINFO, checked};
use crate::time::timeout;
use python_objects::kind::shape;
use python_objects::{Args, Native, Py, R, Value, int};
use std::io::ErrorKind;
use std::time::Instant;
use stdlib_system::signals::{self, NSIG, SignalInfo, SignalSet};

pub(super) static FUNCTIONS: &[Native] = &[
    Native::function("pthread_sigmask", "how, mask, /", pthread_sigmask, "Change the set of blocked signals."),
    Native::function("sigpending", "", sigpending, "Return the blocked signals that have come."),
    Native::function("sigwait", "sigset, /", sigwait, "Wait for one of the signals; return its number."),
    Native::function(
        "sigwaitinfo",
        "sigset, /",
        sigwaitinfo,
        "Wait for one of the signals; return what is known of it.",
    ),
    Native::function(
        "sigtimedwait",
        "sigset, timeout, /",
        sigtimedwait,
        "The same for some time; None when it is over.",
    ),
    Native::function("valid_signals", "", |py, _| to_set(py, SignalSet::all()), "Return the signals of this system."),
];

fn to_set(py: Py<'_>, signals: SignalSet) -> R {
    let set = py.new_set(shape::SET)?;
    for signal in signals.members() {
        py.set_add(set, Value::int(i64::from(signal)))?;
    }
    Ok(set.value())
}

fn from_iterable(py: Py<'_>, v: Value) -> R<SignalSet> {
    let mut set = SignalSet::EMPTY;
    let valid = SignalSet::all();
    py.each(v, |item| {
        let n = py.index(item)?;
        match int::to_i64(n).and_then(|n| i32::try_from(n).ok()) {
            Some(signal) if (1..NSIG).contains(&signal) => {
                if !valid.contains(signal) {
                    // The C library keeps it for itself; CPython warns and goes on.
                    return Ok(());
                }
                set.insert(signal);
                Ok(())
            }
            _ => {
                let n = py.str_text(n)?;
                py.value_error(&format!("signal number {n} out of range [1; {}]", NSIG - 1))
            }
        }
    })?;
    Ok(set)
}

fn pthread_sigmask(py: Py<'_>, args: Args<'_>) -> R {
    let how = py.index_i32(args.at(0))?;
    let set = from_iterable(py, args.at(1))?;
    let before = checked(py, signals::change_mask(how, set))?;
    // Signals that are no longer blocked come at once.
    py.poll()?;
    to_set(py, before)
}
fn sigpending(py: Py<'_>, _: Args<'_>) -> R {
    to_set(py, checked(py, signals::pending())?)
}
fn sigwait(py: Py<'_>, args: Args<'_>) -> R {
    let set = from_iterable(py, args.at(0))?;
    let waited = py.blocking(|| signals::wait(set));
    Ok(Value::int(i64::from(checked(py, waited)?)))
}

fn to_info(py: Py<'_>, info: &SignalInfo) -> R {
    let mut fields = [Value::NONE; 7];
    for (field, n) in fields.iter_mut().zip(info) {
        *field = py.int(*n)?;
    }
    py.struct_sequence(&SIGINFO, &fields)
}
fn sigwaitinfo(py: Py<'_>, args: Args<'_>) -> R {
    let set = from_iterable(py, args.at(0))?;
    let waited = py.restarting(|| signals::wait_for_info(set, None))?;
    to_info(py, &checked(py, waited)?)
}
fn sigtimedwait(py: Py<'_>, args: Args<'_>) -> R {
    let Some(time) = timeout(py, args.at(1))? else {
        return py.value_error("timeout must be non-negative");
    };
    let set = from_iterable(py, args.at(0))?;
    let start = Instant::now();
    let waited = py.restarting(|| signals::wait_for_info(set, Some(time.saturating_sub(start.elapsed()))))?;
    match waited {
        Err(e) if e.kind() == ErrorKind::WouldBlock => Ok(Value::NONE),
        waited => to_info(py, &checked(py, waited)?),
    }
}
