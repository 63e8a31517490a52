//! Text of dates, times and offsets: ISO's forms, and formats of `strftime`.

use crate::calendar::{DAY, Day, SECOND, clock_fields};
use crate::support::{call_method, call_module};
use crate::zone;
use python_objects::{Object, Py, R, Value, string};

pub(crate) fn date(day: Day) -> String {
    format!("{:04}-{:02}-{:02}", day.year, day.month, day.day)
}

/// A time of day, as precise as `timespec` says; `None` for an unknown one.
pub(crate) fn time(time: i64, timespec: &str) -> Option<String> {
    let [hour, minute, second, microsecond] = clock_fields(time);
    let seconds = format!("{hour:02}:{minute:02}:{second:02}");
    Some(match timespec {
        "auto" if microsecond == 0 => seconds,
        "auto" | "microseconds" => format!("{seconds}.{microsecond:06}"),
        "milliseconds" => format!("{seconds}.{:03}", microsecond / 1000),
        "seconds" => seconds,
        "minutes" => format!("{hour:02}:{minute:02}"),
        "hours" => format!("{hour:02}"),
        _ => return None,
    })
}

/// An offset of less than a day, in microseconds: `+01:30`, seconds and microseconds if there are any.
pub(crate) fn offset(micros: i64, separator: &str) -> String {
    let sign = if micros < 0 { '-' } else { '+' };
    let micros = micros.abs().min(DAY - 1);
    let [hour, minute, second, microsecond] = clock_fields(micros);
    let mut text = format!("{sign}{hour:02}{separator}{minute:02}");
    if micros % (60 * SECOND) != 0 {
        text += &format!("{separator}{second:02}");
    }
    if microsecond != 0 {
        text += &format!(".{microsecond:06}");
    }
    text
}
/// The same of a zone; nothing if it has none for `v`.
pub(crate) fn offset_of(py: Py<'_>, zone: Value, v: Value, separator: &str) -> R<String> {
    let micros = zone::ask(py, zone, "utcoffset", v)?;
    Ok(micros.map_or_else(String::new, |micros| offset(micros as i64, separator)))
}

/// A zone's name with its percent signs doubled: as its own method `replace` does that.
fn escaped(py: Py<'_>, name: Value) -> R<String> {
    let arguments = [py.str("%")?, py.str("%%")?];
    let replaced = call_method(py, name, "replace", &arguments)?;
    match string::exact_or_payload(py, replaced) {
        Some(s) => py.utf8(s),
        None => py.type_error("tzname.replace() did not return a string"),
    }
}
/// What a format can ask for beside what `time.strftime` knows.
pub(crate) struct Subject {
    /// Microseconds within the second.
    pub(crate) micros: i32,
    pub(crate) zone: Value,
    /// What the zone is asked of.
    pub(crate) of: Value,
}

/// `strftime`, with `%z`, `%Z`, `%f` and `%:z` replaced before the format goes to `time.strftime`.
pub(crate) fn by_format(py: Py<'_>, format: Object, fields: Value, subject: &Subject) -> R {
    let points: Vec<u32> = string::code_points(format).collect();
    let (mut out, mut rest) = (Vec::new(), points.iter().copied());
    while let Some(c) = rest.next() {
        if c != u32::from(b'%') {
            string::push_code_point(c, &mut out);
            continue;
        }
        let mut ahead = rest.clone();
        match ahead.next().and_then(char::from_u32) {
            Some('z') => {
                out.extend_from_slice(offset_of(py, subject.zone, subject.of, "")?.as_bytes());
                rest = ahead;
            }
            Some(':') if ahead.next() == Some(u32::from(b'z')) => {
                out.extend_from_slice(offset_of(py, subject.zone, subject.of, ":")?.as_bytes());
                rest = ahead;
            }
            Some('Z') => {
                let name = zone::ask_name(py, subject.zone, subject.of)?;
                if name != Value::NONE {
                    out.extend_from_slice(escaped(py, name)?.as_bytes());
                }
                rest = ahead;
            }
            Some('f') => {
                out.extend_from_slice(format!("{:06}", subject.micros).as_bytes());
                rest = ahead;
            }
            Some('%') => {
                out.extend_from_slice(b"%%");
                rest = ahead;
            }
            _ => out.push(b'%'),
        }
    }
    let format = py.str_from_wtf8(&out)?;
    call_module(py, "time", "strftime", &[format.value(), fields])
}
/// An argument that must be a string.
pub(crate) fn string_argument(py: Py<'_>, v: Value, function: &str, position: usize) -> R<Object> {
    match string::exact_or_payload(py, v) {
        Some(s) => Ok(s),
        None => {
            let class = if v == Value::NONE { "None".to_owned() } else { py.class_name(v) };
            py.type_error(&format!("{function}() argument {position} must be str, not {class}"))
        }
    }
}
/// `__format__`: by the method `strftime`, or as `str` does where nothing is asked for.
pub(crate) fn formatted(py: Py<'_>, v: Value, spec: Value) -> R {
    let spec = string_argument(py, spec, "__format__", 1)?;
    if string::length(spec) == 0 {
        return py.str_of(v).map(Object::value);
    }
    call_method(py, v, "strftime", &[spec.value()])
}
/// `ctime`
pub(crate) fn c_time(day: Day, time: i64) -> String {
    const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
    const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let [hour, minute, second, _] = clock_fields(time);
    let (weekday, month) = (DAYS[day.weekday() as usize], MONTHS[(day.month as usize - 1).min(11)]);
    format!("{weekday} {month} {:2} {hour:02}:{minute:02}:{second:02} {:04}", day.day, day.year)
}
/// `time.struct_time`
pub(crate) fn fields(py: Py<'_>, day: Day, time: i64, saving: i64) -> R {
    let [hour, minute, second, _] = clock_fields(time);
    let numbers = [day.year, day.month, day.day, hour, minute, second, day.weekday(), day.day_of_year()];
    let mut values = [Value::int(saving); 9];
    for (v, n) in values.iter_mut().zip(numbers) {
        *v = Value::int(n.into());
    }
    let tuple = py.tuple(&values)?;
    call_module(py, "time", "struct_time", &[tuple])
}
