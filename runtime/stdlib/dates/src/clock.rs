//! The system's clock and time zone.

use crate::calendar::{Day, SECOND, clock_fields, time_of};
use crate::support;
use python_objects::{Exc, Py, R, Value, int};
use stdlib_system::BrokenDown;

/// A day: how far apart two moments of the same local time are looked for.
const FAR: i64 = 24 * 3600;

/// Seconds and microseconds since 1970, now.
pub(crate) fn now(py: Py<'_>) -> R<(i64, i32)> {
    const REALTIME: i32 = 0;
    match stdlib_system::clock(REALTIME) {
        Ok(ns) => Ok((ns.div_euclid(1_000_000_000) as i64, (ns.rem_euclid(1_000_000_000) / 1000) as i32)),
        Err(e) => Err(py.os_error(&e, None)),
    }
}
/// Seconds and microseconds of a timestamp: an integer, or a float rounded to the nearest microsecond, in the middle to the
/// even one.
pub(crate) fn timestamp(py: Py<'_>, v: Value) -> R<(i64, i32)> {
    let too_large = || py.err(Exc::OverflowError, "timestamp out of range for platform time_t");
    if let Some(f) = py.as_float(v) {
        if f.is_nan() {
            return py.value_error("Invalid value NaN (not a number)");
        }
        let (mut whole, mut micros) = (f.trunc(), (f.fract() * 1e6).round_ties_even());
        if micros >= 1e6 {
            (whole, micros) = (whole + 1.0, micros - 1e6);
        } else if micros < 0.0 {
            (whole, micros) = (whole - 1.0, micros + 1e6);
        }
        return if whole.abs() < 9.2e18 { Ok((whole as i64, micros as i32)) } else { too_large() };
    }
    match int::to_i64(py.index(v)?) {
        Some(seconds) => Ok((seconds, 0)),
        None => too_large(),
    }
}

/// Day and time of day of seconds since 1970, in local time or UTC.
pub(crate) fn broken_down(py: Py<'_>, seconds: i64, local: bool) -> R<(Day, i64, BrokenDown)> {
    match stdlib_system::broken_down(seconds, local) {
        Ok(found) => {
            let [year, month, day, hour, minute, second, ..] = found.fields;
            let day = support::day(py, year, month, day)?;
            // A leap second is no second of ours.
            Ok((day, time_of([hour, minute, second.min(59), 0]), found))
        }
        Err(e) => Err(py.os_error(&e, None)),
    }
}
/// Seconds that a local clock shows at seconds since 1970, counted as if it showed UTC.
fn shown(py: Py<'_>, seconds: i64) -> R<i64> {
    let (day, time, _) = broken_down(py, seconds, true)?;
    Ok(day.seconds() + time / SECOND)
}

/// Does the local clock show this for the second time?
pub(crate) fn is_second(py: Py<'_>, seconds: i64) -> R<bool> {
    let now = shown(py, seconds)?;
    let Some(earlier) = seconds.checked_sub(FAR) else { return Ok(false) };
    // At the ends of the years that there are, nothing is repeated.
    if earlier < Day::FIRST.seconds() + FAR {
        return Ok(false);
    }
    let set_back = now - shown(py, earlier)? - FAR;
    Ok(set_back < 0 && shown(py, seconds + set_back)? == now)
}

/// Seconds since 1970 at which the local clock shows this; `fold` chooses among two, and says which way a gap is left.
pub(crate) fn seconds_of_local(py: Py<'_>, day: Day, time: i64, fold: bool) -> R<i64> {
    let [hour, minute, second, _] = clock_fields(time);
    let wanted = day.seconds() + i64::from((hour * 60 + minute) * 60 + second);
    let first = wanted - (shown(py, wanted)? - wanted);
    let there = shown(py, first)?;
    let ahead = if there == wanted {
        // The other one, if there is one, has the offset of a day before or after.
        let far = if fold { first + FAR } else { first - FAR };
        let ahead = shown(py, far)? - far;
        if ahead == wanted - first {
            return Ok(first);
        }
        ahead
    } else {
        there - first
    };
    let second = wanted - ahead;
    if shown(py, second)? == wanted {
        return Ok(second);
    }
    if there == wanted {
        return Ok(first);
    }
    // In a gap.
    Ok(if fold { first.min(second) } else { first.max(second) })
}

/// The local zone at a moment: its offset in seconds, and its name.
pub(crate) fn local_zone(py: Py<'_>, seconds: i64) -> R {
    let found = match stdlib_system::broken_down(seconds, true) {
        Ok(found) => found,
        Err(e) => return Err(py.os_error(&e, None)),
    };
    let name = py.str(&found.zone)?;
    crate::zone::of_offset(py, i128::from(found.offset) * i128::from(SECOND), name)
}
