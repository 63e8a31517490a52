//! Times that programs give in seconds, as ints or floats.

use python_objects::{Exc, Py, R, Value, int};
use std::time::Duration;

/// Seconds as nanoseconds, rounded up: what waits must not wake too early. OverflowError for what no time can be, ValueError for NaN.
pub(crate) fn nanoseconds(py: Py<'_>, v: Value) -> R<i128> {
    let too_large = || py.err(Exc::OverflowError, "timestamp too large to convert to C _PyTime_t");
    if let Some(seconds) = py.as_float(v) {
        if seconds.is_nan() {
            return py.value_error("Invalid value NaN (not a number)");
        }
        let ns = (seconds * 1e9).ceil();
        return if ns.abs() < i64::MAX as f64 { Ok(ns as i128) } else { too_large() };
    }
    let seconds = py.index(v)?;
    match int::to_i64(seconds).map(|s| i128::from(s) * 1_000_000_000) {
        Some(ns) if i64::try_from(ns).is_ok() => Ok(ns),
        _ => too_large(),
    }
}

/// A time to wait, in seconds; `None` if it is negative.
pub(crate) fn timeout(py: Py<'_>, v: Value) -> R<Option<Duration>> {
    let ns = nanoseconds(py, v)?;
    Ok(u64::try_from(ns).ok().map(Duration::from_nanos))
}

/// A file's time in seconds, rounded down to nanoseconds.
pub(crate) fn file_time(py: Py<'_>, v: Value) -> R<(i64, i64)> {
    if let Some(seconds) = py.as_float(v) {
        if seconds.is_nan() {
            return py.value_error("Invalid value NaN (not a number)");
        }
        let whole = seconds.floor();
        if whole.abs() >= i64::MAX as f64 {
            return py.err(Exc::OverflowError, "timestamp out of range for platform time_t");
        }
        return Ok((whole as i64, ((seconds - whole) * 1e9).floor().min(999_999_999.0) as i64));
    }
    match int::to_i64(py.index(v)?) {
        Some(seconds) => Ok((seconds, 0)),
        None => py.err(Exc::OverflowError, "timestamp out of range for platform time_t"),
    }
}

/// A file's time in nanoseconds.
pub(crate) fn file_time_of_nanoseconds(py: Py<'_>, v: Value) -> R<(i64, i64)> {
    let ns = py.index(v)?;
    match int::with_operand(ns, |ns| ns.to_i128()) {
        Some(ns) if i64::try_from(ns.div_euclid(1_000_000_000)).is_ok() => {
            Ok((ns.div_euclid(1_000_000_000) as i64, ns.rem_euclid(1_000_000_000) as i64))
        }
        _ => py.err(Exc::OverflowError, "timestamp out of range for platform time_t"),
    }
}
