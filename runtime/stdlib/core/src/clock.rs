//! `time`

use crate::support::{add, constants};
use python_objects::struct_sequence::StructSequence;
use python_objects::{Args, Exc, Native, Object, Py, R, Value, string};
use std::time::{Duration, Instant};
use stdlib_system::BrokenDown;

static STRUCT_TIME: StructSequence = StructSequence {
    name: "struct_time",
    module: "time",
    fields: &[
        "tm_year",
        "tm_mon",
        "tm_mday",
        "tm_hour",
        "tm_min",
        "tm_sec",
        "tm_wday",
        "tm_yday",
        "tm_isdst",
        "tm_zone",
        "tm_gmtoff",
    ],
    visible: 9,
    constructible: true,
    doc: "A time in fields, as gmtime(), localtime() and strptime() return it.",
};

const REALTIME: i32 = 0;
const MONOTONIC: i32 = 1;
const PROCESS: i32 = 2;
const THREAD: i32 = 3;

static FUNCTIONS: &[Native] = &[
    Native::function("time", "", |py, _| seconds(py, REALTIME), "Return the seconds since the epoch."),
    Native::function("time_ns", "", |py, _| ticks(py, REALTIME), "Return the nanoseconds since the epoch."),
    Native::function("monotonic", "", |py, _| seconds(py, MONOTONIC), "Seconds of a clock that never goes back."),
    Native::function("monotonic_ns", "", |py, _| ticks(py, MONOTONIC), "Nanoseconds of a clock that never goes back."),
    Native::function("perf_counter", "", |py, _| seconds(py, MONOTONIC), "Seconds of the clock for measuring."),
    Native::function("perf_counter_ns", "", |py, _| ticks(py, MONOTONIC), "Nanoseconds of the clock for measuring."),
    Native::function("process_time", "", |py, _| seconds(py, PROCESS), "Seconds of processor time of the process."),
    Native::function(
        "process_time_ns",
        "",
        |py, _| ticks(py, PROCESS),
        "Nanoseconds of processor time of the process.",
    ),
    Native::function("thread_time", "", |py, _| seconds(py, THREAD), "Seconds of processor time of the thread."),
    Native::function("thread_time_ns", "", |py, _| ticks(py, THREAD), "Nanoseconds of processor time of the thread."),
    Native::function("clock_gettime", "clk_id, /", clock_gettime, "Seconds of a clock."),
    Native::function(
        "clock_gettime_ns",
        "clk_id, /",
        |py, a| ticks(py, py.index_i32(a.at(0))?),
        "Nanoseconds of a clock.",
    ),
    Native::function("clock_getres", "clk_id, /", clock_getres, "Resolution of a clock."),
    Native::function("sleep", "seconds, /", sleep, "Wait."),
    Native::function("gmtime", "seconds=None, /", gmtime, "Convert seconds since the epoch to UTC."),
    Native::function("localtime", "seconds=None, /", localtime, "Convert seconds since the epoch to local time."),
    Native::function("mktime", "tuple, /", mktime, "Convert local time to seconds since the epoch."),
    Native::function("asctime", "tuple=None, /", asctime, "Convert a time to text."),
    Native::function("ctime", "seconds=None, /", ctime, "Convert seconds to a text of local time."),
    Native::function("strftime", "format, tuple=None, /", strftime, "Convert a time to text by a format."),
    Native::function("strptime", "string, format='%a %b %d %H:%M:%S %Y', /", strptime, "Parse a time."),
    Native::function("get_clock_info", "name, /", get_clock_info, "Return what is known of a clock."),
    Native::function("tzset", "", tzset, "Take the time zone from the environment anew."),
];

pub(crate) fn init(py: Py<'_>, module: Object) -> R<()> {
    py.add_functions(module, FUNCTIONS)?;
    add(py, module, "struct_time", py.struct_sequence_type(&STRUCT_TIME)?.value())?;
    constants(
        py,
        module,
        &[
            ("CLOCK_REALTIME", 0),
            ("CLOCK_MONOTONIC", 1),
            ("CLOCK_PROCESS_CPUTIME_ID", 2),
            ("CLOCK_THREAD_CPUTIME_ID", 3),
            ("CLOCK_MONOTONIC_RAW", 4),
            ("CLOCK_BOOTTIME", 7),
            ("CLOCK_TAI", 11),
            ("_STRUCT_TM_ITEMS", 11),
        ],
    )?;
    set_zone(py, module)
}

/// `timezone`, `altzone`, `daylight`, `tzname`: from the offsets of this year's January and July.
fn set_zone(py: Py<'_>, module: Object) -> R<()> {
    let year = stdlib_system::clock(REALTIME).map_or(1970, |ns| 1970 + (ns / 1_000_000_000 / 31_556_952) as i64);
    let start = (year - 1970) * 31_556_952;
    let at = |seconds| stdlib_system::broken_down(seconds, true).ok();
    let (Some(january), Some(july)) = (at(start + 86_400 * 5), at(start + 86_400 * 186)) else { return Ok(()) };
    let (standard, daylight) = if january.offset < july.offset { (january, july) } else { (july, january) };
    let has_daylight = standard.offset != daylight.offset;
    let names = py.tuple(&[py.str(&standard.zone)?, py.str(&daylight.zone)?])?;
    add(py, module, "tzname", names)?;
    let numbers =
        [("timezone", -standard.offset), ("altzone", -daylight.offset), ("daylight", i64::from(has_daylight))];
    constants(py, module, &numbers)
}

fn nanoseconds(py: Py<'_>, clock: i32) -> R<i128> {
    match stdlib_system::clock(clock) {
        Ok(ns) => Ok(ns),
        Err(e) => Err(py.os_error(&e, None)),
    }
}
fn ticks(py: Py<'_>, clock: i32) -> R {
    py.int_i128(nanoseconds(py, clock)?)
}
fn seconds(py: Py<'_>, clock: i32) -> R {
    Ok(Value::float(nanoseconds(py, clock)? as f64 / 1e9))
}
fn clock_gettime(py: Py<'_>, args: Args<'_>) -> R {
    seconds(py, py.index_i32(args.at(0))?)
}
fn clock_getres(py: Py<'_>, args: Args<'_>) -> R {
    match stdlib_system::clock_resolution(py.index_i32(args.at(0))?) {
        Ok(ns) => Ok(Value::float(ns as f64 / 1e9)),
        Err(e) => Err(py.os_error(&e, None)),
    }
}

/// Waits; a signal ends that. In slices, for the signal that comes between looking for one and waiting.
pub(crate) fn sleep_for(py: Py<'_>, seconds: f64) -> R<()> {
    const SLICE: Duration = Duration::from_millis(50);
    let Ok(all) = Duration::try_from_secs_f64(seconds) else {
        return py.err(Exc::OverflowError, "timestamp too large to convert to C _PyTime_t");
    };
    let start = Instant::now();
    loop {
        py.poll()?;
        let left = all.saturating_sub(start.elapsed());
        if left.is_zero() {
            return Ok(());
        }
        py.blocking(|| stdlib_system::sleep(left.min(SLICE)));
    }
}

fn sleep(py: Py<'_>, args: Args<'_>) -> R {
    let seconds = py.real(args.at(0))?;
    if seconds.is_nan() {
        return py.value_error("Invalid value NaN (not a number)");
    }
    if seconds < 0.0 {
        return py.value_error("sleep length must be non-negative");
    }
    sleep_for(py, seconds)?;
    Ok(Value::NONE)
}

/// Seconds since the epoch of an argument; now without one.
fn timestamp(py: Py<'_>, v: Option<Value>) -> R<i64> {
    let Some(v) = v else { return Ok((nanoseconds(py, REALTIME)? / 1_000_000_000) as i64) };
    if v.is_float() || py.as_int(v).is_none() {
        let f = py.real(v)?;
        if f.is_nan() {
            return py.value_error("Invalid value NaN (not a number)");
        }
        if f.abs() >= 9.2e18 {
            return py.err(Exc::OverflowError, "timestamp out of range for platform time_t");
        }
        return Ok(f.floor() as i64);
    }
    match python_objects::int::to_i64(py.as_int(v).unwrap_or(v)) {
        Some(n) => Ok(n),
        None => py.err(Exc::OverflowError, "timestamp out of range for platform time_t"),
    }
}

fn fields(py: Py<'_>, args: Args<'_>, local: bool) -> R {
    let seconds = timestamp(py, args.some(0))?;
    match stdlib_system::broken_down(seconds, local) {
        Ok(time) => to_struct(py, &time),
        Err(e) => Err(py.os_error(&e, None)),
    }
}
fn to_struct(py: Py<'_>, time: &BrokenDown) -> R {
    let mut fields = [Value::NONE; 11];
    for (i, n) in time.fields.iter().enumerate() {
        fields[i] = Value::int(i64::from(*n));
    }
    // Python's week begins with Monday.
    fields[6] = Value::int(i64::from((time.fields[6] + 6) % 7));
    fields[9] = py.str(&time.zone)?;
    fields[10] = Value::int(time.offset);
    py.struct_sequence(&STRUCT_TIME, &fields)
}
fn gmtime(py: Py<'_>, args: Args<'_>) -> R {
    fields(py, args, false)
}
fn localtime(py: Py<'_>, args: Args<'_>) -> R {
    fields(py, args, true)
}

/// The fields of a tuple or struct_time, with the weekday as C counts it; now without one.
fn fields_argument(py: Py<'_>, v: Option<Value>) -> R<[i32; 9]> {
    let Some(v) = v else {
        return match stdlib_system::broken_down(timestamp(py, None)?, true) {
            Ok(time) => Ok(time.fields),
            Err(e) => Err(py.os_error(&e, None)),
        };
    };
    let Some(t) = py.as_tuple(v) else { return py.type_error("Tuple or struct_time argument required") };
    if t.length() != 9 {
        return py.type_error("illegal time tuple argument");
    }
    let mut fields = [0; 9];
    for (i, field) in fields.iter_mut().enumerate() {
        *field = py.index_i32(t.element(i))?;
    }
    fields[6] = (fields[6] + 1).rem_euclid(7);
    Ok(fields)
}

fn mktime(py: Py<'_>, args: Args<'_>) -> R {
    match stdlib_system::seconds_of_local(fields_argument(py, Some(args.at(0)))?) {
        Some(seconds) => Ok(Value::float(seconds as f64)),
        None => py.err(Exc::OverflowError, "mktime argument out of range"),
    }
}

const DAYS: [&str; 7] = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// Refuses fields that have no name or digits.
fn check_fields(py: Py<'_>, f: &mut [i32; 9]) -> R<()> {
    // Zero stands for the first, as under CPython.
    f[1] = f[1].max(i32::from(f[1] == 0));
    f[2] = f[2].max(i32::from(f[2] == 0));
    f[7] = f[7].max(i32::from(f[7] == 0));
    let checks = [
        (1..=12, f[1], "month out of range"),
        (1..=31, f[2], "day of month out of range"),
        (0..=23, f[3], "hour out of range"),
        (0..=59, f[4], "minute out of range"),
        (0..=61, f[5], "seconds out of range"),
        (1..=366, f[7], "day of year out of range"),
    ];
    for (range, value, message) in checks {
        if !range.contains(&value) {
            return py.value_error(message);
        }
    }
    Ok(())
}

fn as_text(f: &[i32; 9]) -> String {
    let day = DAYS[f[6] as usize % 7];
    let month = MONTHS[(f[1] - 1) as usize % 12];
    format!("{} {} {:2} {:02}:{:02}:{:02} {}", &day[..3], &month[..3], f[2], f[3], f[4], f[5], f[0])
}
fn asctime(py: Py<'_>, args: Args<'_>) -> R {
    let mut f = fields_argument(py, args.some(0))?;
    check_fields(py, &mut f)?;
    py.str(&as_text(&f))
}
fn ctime(py: Py<'_>, args: Args<'_>) -> R {
    match stdlib_system::broken_down(timestamp(py, args.some(0))?, true) {
        Ok(time) => py.str(&as_text(&time.fields)),
        Err(e) => Err(py.os_error(&e, None)),
    }
}

fn strftime(py: Py<'_>, args: Args<'_>) -> R {
    let Some(format) = string::exact_or_payload(py, args.at(0)) else {
        return py.type_error(&format!("strftime() argument 1 must be str, not {}", py.class_name(args.at(0))));
    };
    let mut f = fields_argument(py, args.some(1))?;
    check_fields(py, &mut f)?;
    let zone = stdlib_system::seconds_of_local(f).and_then(|s| stdlib_system::broken_down(s, true).ok());
    py.str(&format_time(&string::to_rust(format), &f, zone.as_ref()))
}

/// `strftime` in the C locale.
fn format_time(format: &str, f: &[i32; 9], zone: Option<&BrokenDown>) -> String {
    let [year, month, day, hour, minute, second, weekday, yearday, _] = *f;
    let (day_name, month_name) = (DAYS[weekday as usize % 7], MONTHS[(month - 1) as usize % 12]);
    let hour12 = if hour % 12 == 0 { 12 } else { hour % 12 };
    let (iso_year, iso_week) = iso_week(year, yearday, weekday);
    let sunday_week = (yearday + 6 - weekday) / 7;
    let monday_week = (yearday + 6 - (weekday + 6) % 7) / 7;
    let again = |format: &str| format_time(format, f, zone);
    let mut out = String::new();
    let mut chars = format.chars().peekable();
    while let Some(c) = chars.next() {
        if c != '%' {
            out.push(c);
            continue;
        }
        // Flags of GNU's: no padding.
        let unpadded = chars.next_if_eq(&'-').is_some();
        let number = |n: i32, width: usize| if unpadded { n.to_string() } else { format!("{n:0width$}") };
        match chars.next() {
            Some('a') => out.push_str(&day_name[..3]),
            Some('A') => out.push_str(day_name),
            Some('b' | 'h') => out.push_str(&month_name[..3]),
            Some('B') => out.push_str(month_name),
            Some('c') => out.push_str(&again("%a %b %e %H:%M:%S %Y")),
            Some('C') => out.push_str(&number(year.div_euclid(100), 2)),
            Some('d') => out.push_str(&number(day, 2)),
            Some('D' | 'x') => out.push_str(&again("%m/%d/%y")),
            Some('e') => out.push_str(&format!("{day:2}")),
            Some('F') => out.push_str(&again("%Y-%m-%d")),
            Some('g') => out.push_str(&number(iso_year.rem_euclid(100), 2)),
            Some('G') => out.push_str(&iso_year.to_string()),
            Some('H') => out.push_str(&number(hour, 2)),
            Some('I') => out.push_str(&number(hour12, 2)),
            Some('j') => out.push_str(&number(yearday, 3)),
            Some('m') => out.push_str(&number(month, 2)),
            Some('M') => out.push_str(&number(minute, 2)),
            Some('n') => out.push('\n'),
            Some('p') => out.push_str(if hour < 12 { "AM" } else { "PM" }),
            Some('r') => out.push_str(&again("%I:%M:%S %p")),
            Some('R') => out.push_str(&again("%H:%M")),
            Some('s') => out.push_str(&stdlib_system::seconds_of_local(*f).unwrap_or(-1).to_string()),
            Some('S') => out.push_str(&number(second, 2)),
            Some('t') => out.push('\t'),
            Some('T' | 'X') => out.push_str(&again("%H:%M:%S")),
            Some('u') => out.push_str(&(if weekday == 0 { 7 } else { weekday }).to_string()),
            Some('U') => out.push_str(&number(sunday_week, 2)),
            Some('V') => out.push_str(&number(iso_week, 2)),
            Some('w') => out.push_str(&weekday.to_string()),
            Some('W') => out.push_str(&number(monday_week, 2)),
            Some('y') => out.push_str(&number(year.rem_euclid(100), 2)),
            Some('Y') => out.push_str(&year.to_string()),
            Some('z') => {
                let offset = zone.map_or(0, |z| z.offset);
                let sign = if offset < 0 { '-' } else { '+' };
                out.push_str(&format!("{sign}{:02}{:02}", offset.abs() / 3600, offset.abs() / 60 % 60));
            }
            Some('Z') => out.push_str(zone.map_or("", |z| &z.zone)),
            Some('%') => out.push('%'),
            Some(other) => {
                out.push('%');
                out.push(other);
            }
            None => out.push('%'),
        }
    }
    out
}

/// Year and week of ISO 8601 for a day of the year (from 1) and a weekday (0: Sunday).
fn iso_week(year: i32, yearday: i32, weekday: i32) -> (i32, i32) {
    let leap = |y: i32| y % 4 == 0 && (y % 100 != 0 || y % 400 == 0);
    let days = |y: i32| if leap(y) { 366 } else { 365 };
    // The Thursday of the week decides.
    let thursday = yearday + 3 - (weekday + 6) % 7;
    if thursday < 1 {
        (year - 1, (thursday + days(year - 1) - 1) / 7 + 1)
    } else if thursday > days(year) {
        (year + 1, 1)
    } else {
        (year, (thursday - 1) / 7 + 1)
    }
}

fn strptime(py: Py<'_>, args: Args<'_>) -> R {
    let module = crate::import::import_name(py, "_strptime")?;
    let f = py.get_attribute_text(module.value(), "_strptime_time")?;
    match args.opt(1) {
        Some(format) => py.call(f, &[args.at(0), format]),
        None => py.call(f, &[args.at(0)]),
    }
}

fn get_clock_info(py: Py<'_>, args: Args<'_>) -> R {
    let name = crate::support::expect_text(py, args.at(0), "get_clock_info", 1)?;
    let (clock, call, monotonic) = match name.as_str() {
        "time" => (REALTIME, "clock_gettime(CLOCK_REALTIME)", false),
        "monotonic" | "perf_counter" => (MONOTONIC, "clock_gettime(CLOCK_MONOTONIC)", true),
        "process_time" => (PROCESS, "clock_gettime(CLOCK_PROCESS_CPUTIME_ID)", true),
        "thread_time" => (THREAD, "clock_gettime(CLOCK_THREAD_CPUTIME_ID)", true),
        _ => return py.value_error("unknown clock"),
    };
    let d = py.new_dict()?;
    let resolution = stdlib_system::clock_resolution(clock).map_or(1e-9, |ns| ns as f64 / 1e9);
    crate::support::set(py, d, "implementation", py.str(call)?)?;
    crate::support::set(py, d, "monotonic", Value::bool(monotonic))?;
    crate::support::set(py, d, "adjustable", Value::bool(clock == REALTIME))?;
    crate::support::set(py, d, "resolution", Value::float(resolution))?;
    Ok(py.new_object(python_objects::kind::shape::NAMESPACE, 2, &[d.value()])?.value())
}

fn tzset(py: Py<'_>, _: Args<'_>) -> R {
    stdlib_system::refresh_time_zone();
    set_zone(py, crate::import::import_name(py, "time")?)?;
    Ok(Value::NONE)
}
