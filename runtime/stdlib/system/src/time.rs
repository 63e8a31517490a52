//! Clocks, waiting, times in fields.

use crate::checked;
use std::io;

/// A time as the system takes it.
pub(crate) fn to_system(time: std::time::Duration) -> libc::timespec {
    libc::timespec {
        tv_sec: libc::time_t::try_from(time.as_secs()).unwrap_or(libc::time_t::MAX),
        tv_nsec: time.subsec_nanos().into(),
    }
}
/// Waits, at most until a signal is handled.
pub fn sleep(time: std::time::Duration) {
    let time = to_system(time);
    // SAFETY: the time is valid; nobody asks what was left of it.
    unsafe { libc::nanosleep(&raw const time, std::ptr::null_mut()) };
}
/// Nanoseconds of a clock (`CLOCK_REALTIME` and the like).
pub fn clock(clock: i32) -> io::Result<i128> {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: there is room for the result.
    checked(unsafe { libc::clock_gettime(clock, &raw mut time) })?;
    Ok(i128::from(time.tv_sec) * 1_000_000_000 + i128::from(time.tv_nsec))
}
/// Resolution of a clock in nanoseconds.
pub fn clock_resolution(clock: i32) -> io::Result<i128> {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: there is room for the result.
    checked(unsafe { libc::clock_getres(clock, &raw mut time) })?;
    Ok(i128::from(time.tv_sec) * 1_000_000_000 + i128::from(time.tv_nsec))
}
/// Broken-down local time or UTC of seconds since the epoch.
pub fn broken_down(seconds: i64, local: bool) -> io::Result<BrokenDown> {
    // SAFETY: all zeros is a value of this plain struct.
    let mut tm: libc::tm = unsafe { std::mem::zeroed() };
    let result = if local {
        // SAFETY: both pointers are to locals.
        unsafe { libc::localtime_r(&raw const seconds, &raw mut tm) }
    } else {
        // SAFETY: as above.
        unsafe { libc::gmtime_r(&raw const seconds, &raw mut tm) }
    };
    if result.is_null() {
        return Err(io::Error::from_raw_os_error(libc::EOVERFLOW));
    }
    let zone = if tm.tm_zone.is_null() {
        String::new()
    } else {
        // SAFETY: the C library's zone name is a text with NUL at its end that stays.
        unsafe { std::ffi::CStr::from_ptr(tm.tm_zone) }.to_string_lossy().into_owned()
    };
    Ok(BrokenDown {
        fields: [
            tm.tm_year + 1900,
            tm.tm_mon + 1,
            tm.tm_mday,
            tm.tm_hour,
            tm.tm_min,
            tm.tm_sec,
            tm.tm_wday,
            tm.tm_yday + 1,
            tm.tm_isdst,
        ],
        zone,
        offset: tm.tm_gmtoff,
    })
}
/// A time in fields.
#[derive(Clone, Debug)]
pub struct BrokenDown {
    /// Year, month (1–12), day, hour, minute, second, weekday (0: Sunday), day of the year (1–366), daylight saving.
    pub fields: [i32; 9],
    /// Name of the time zone.
    pub zone: String,
    /// Seconds east of UTC.
    pub offset: i64,
}
/// `mktime(3)`: seconds since the epoch of local time, in the fields of [`BrokenDown`].
pub fn seconds_of_local(fields: [i32; 9]) -> Option<i64> {
    // SAFETY: all zeros is a value of this plain struct.
    let mut tm: libc::tm = unsafe { std::mem::zeroed() };
    tm.tm_year = fields[0].checked_sub(1900)?;
    tm.tm_mon = fields[1].checked_sub(1)?;
    [tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec] = [fields[2], fields[3], fields[4], fields[5]];
    tm.tm_isdst = fields[8];
    // So that -1 can be told from an error.
    tm.tm_wday = -1;
    // SAFETY: the pointer is to a local.
    let seconds = unsafe { libc::mktime(&raw mut tm) };
    if seconds == -1 && tm.tm_wday == -1 { None } else { Some(seconds) }
}
/// `tzset(3)`
pub fn refresh_time_zone() {
    unsafe extern "C" {
        safe fn tzset();
    }
    tzset();
}
/// `times(2)` in seconds: user, system, children's user, children's system, elapsed.
pub fn process_times() -> io::Result<[f64; 5]> {
    // SAFETY: all zeros is a value of this plain struct.
    let mut t: libc::tms = unsafe { std::mem::zeroed() };
    // SAFETY: there is room for the result.
    let elapsed = checked(unsafe { libc::times(&raw mut t) })?;
    // SAFETY: no memory is involved.
    let ticks = unsafe { libc::sysconf(libc::_SC_CLK_TCK) } as f64;
    Ok([t.tms_utime, t.tms_stime, t.tms_cutime, t.tms_cstime, elapsed].map(|n| n as f64 / ticks))
}
