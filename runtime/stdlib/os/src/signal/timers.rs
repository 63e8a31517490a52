//! Alarms and interval timers.

use crate::time::nanoseconds;
use python_objects::{Args, Native, Object, Py, R, Value};
use stdlib_system::signals::{self, Timer};

pub(super) static FUNCTIONS: &[Native] = &[
    Native::function("alarm", "seconds, /", alarm, "Let SIGALRM come after some seconds; return what was left."),
    Native::function("setitimer", "which, seconds, interval=0.0, /", setitimer, "Set a timer; return what it was."),
    Native::function("getitimer", "which, /", getitimer, "Return a timer's time left and its interval."),
];

pub(super) const REAL: i32 = 0;
pub(super) const VIRTUAL: i32 = 1;
pub(super) const PROFILING: i32 = 2;

/// Number of the kept class `ItimerError`.
struct TimerError(u32);

pub(super) fn keep_error(py: Py<'_>, class: Object) -> R<()> {
    let number = py.keep(class.value())?;
    py.state().data("_signal.ItimerError", || TimerError(number));
    Ok(())
}

fn to_tuple(py: Py<'_>, timer: std::io::Result<Timer>) -> R {
    match timer {
        Ok(timer) => py.tuple(&timer.map(|microseconds| Value::float(microseconds as f64 / 1e6))),
        Err(e) => {
            let number = py.state().data("_signal.ItimerError", || TimerError(0)).0;
            let errno = e.raw_os_error().unwrap_or(0);
            let text = py.str(&stdlib_system::error_text(errno))?;
            let e = py.call(py.kept(number), &[Value::int(i64::from(errno)), text])?;
            Err(py.throw(Object::of(e)))
        }
    }
}

fn alarm(py: Py<'_>, args: Args<'_>) -> R {
    let seconds = py.index_i32(args.at(0))?;
    Ok(Value::int(i64::from(signals::alarm(seconds as u32))))
}
fn setitimer(py: Py<'_>, args: Args<'_>) -> R {
    let which = py.index_i32(args.at(0))?;
    // A time that is not zero must not become so: that would stop the timer.
    let microseconds = |v| Ok(((nanoseconds(py, v)? + 999).div_euclid(1000)) as i64);
    let value = microseconds(args.at(1))?;
    let interval = args.opt(2).map_or(Ok(0), microseconds)?;
    to_tuple(py, signals::set_timer(which, [value, interval]))
}
fn getitimer(py: Py<'_>, args: Args<'_>) -> R {
    to_tuple(py, signals::timer(py.index_i32(args.at(0))?))
}
