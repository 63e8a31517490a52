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
