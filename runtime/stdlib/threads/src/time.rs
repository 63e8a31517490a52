//! `time`: the clocks and `sleep`. Calendar functions (`localtime`, `strftime`, …) are absent so far.

use python_objects::exception::Exc;
use python_objects::{Args, Native, Object, Py, R, Value, int};
use std::time::{Duration, Instant};

/// The system's numbers of its clocks (`clock_gettime(2)`).
#[derive(Clone, Copy)]
enum Clock {
    Realtime = 0,
    Monotonic = 1,
    Process = 2,
    Thread = 3,
}

fn nanoseconds(py: Py<'_>, clock: Clock) -> R<i128> {
    stdlib_system::clock(clock as i32).map_err(|e| py.os_error(&e, None))
}
fn seconds(py: Py<'_>, clock: Clock) -> R {
    Ok(Value::float(nanoseconds(py, clock)? as f64 / 1e9))
}
fn whole(py: Py<'_>, clock: Clock) -> R {
    let n = nanoseconds(py, clock)?;
    py.int_i128(n)
}

macro_rules! clocks {
    ($($clock:ident $seconds:ident $whole:ident;)*) => {
        $(
            fn $seconds(py: Py<'_>, _: Args<'_>) -> R {
                seconds(py, Clock::$clock)
            }
            fn $whole(py: Py<'_>, _: Args<'_>) -> R {
                whole(py, Clock::$clock)
            }
        )*
        static CLOCKS: &[Native] = &[$(
            Native::function(stringify!($seconds), "", $seconds, "Returns a clock's time in seconds."),
            Native::function(stringify!($whole), "", $whole, "Returns a clock's time in nanoseconds."),
        )*];
    };
}

clocks! {
    Realtime time time_ns;
    Monotonic monotonic monotonic_ns;
    Monotonic perf_counter perf_counter_ns;
    Process process_time process_time_ns;
    Thread thread_time thread_time_ns;
}

/// A number of seconds as a duration. ValueError for negative ones.
fn duration(py: Py<'_>, v: Value) -> R<Duration> {
    let seconds = match (py.as_float(v), py.as_int(v)) {
        (Some(f), _) if f.is_nan() => return py.value_error("Invalid value NaN (not a number)"),
        (Some(f), _) => f,
        (None, Some(i)) => int::to_f64(i).unwrap_or(f64::INFINITY),
        (None, None) => {
            let i = py.index(v)?;
            int::to_f64(i).unwrap_or(f64::INFINITY)
        }
    };
    if seconds < 0.0 {
        return py.value_error("sleep length must be non-negative");
    }
    match Duration::try_from_secs_f64(seconds) {
        Ok(d) if d.as_secs() < i64::MAX as u64 / 1_000_000_000 => Ok(d),
        _ => py.err(Exc::OverflowError, "timestamp too large to convert to C _PyTime_t"),
    }
}

/// Sleeps in slices, so that signals are seen.
pub(crate) fn sleep_for(py: Py<'_>, length: Duration) -> R<()> {
    let until = Instant::now() + length;
    loop {
        py.poll()?;
        let left = until.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Ok(());
        }
        std::thread::sleep(left.min(Duration::from_millis(20)));
    }
}

fn sleep(py: Py<'_>, args: Args<'_>) -> R {
    let length = duration(py, args.at(0))?;
    sleep_for(py, length)?;
    Ok(Value::NONE)
}

static FUNCTIONS: &[Native] =
    &[Native::function("sleep", "seconds, /", sleep, "Delays execution for a given number of seconds.")];

/// Fills the module.
pub(crate) fn init(py: Py<'_>, m: Object) -> R<()> {
    py.add_functions(m, CLOCKS)?;
    py.add_functions(m, FUNCTIONS)
}
