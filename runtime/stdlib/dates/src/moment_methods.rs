//! Methods of moments: making them from other things, and other things from them.

use crate::calendar::{EPOCH, SECOND, clock_fields};
use crate::iso::{self, Offset};
use crate::moment::{self, day, fold, made_by, offset, shown, this, time, zone};
use crate::support::{self, call_method, call_module};
use crate::{clock, date, format, zone as zones};
use python_objects::operator::BinaryOp;
use python_objects::{Args, Native, Object, Py, R, Value, string};

pub(crate) static METHODS: &[Native] = &[
    Native::class_method(
        "now",
        "cls, /, tz=None",
        now,
        "The current moment, of a time zone or as the local clock shows it.",
    ),
    Native::class_method("utcnow", "cls, /", utc_now, "The current moment, as a clock of UTC shows it; without zone."),
    Native::class_method(
        "fromtimestamp",
        "cls, /, timestamp, tz=None",
        from_timestamp,
        "timestamp[, tz] -> the moment of a POSIX timestamp, of a time zone or as the local clock shows it.",
    ),
    Native::class_method(
        "utcfromtimestamp",
        "cls, timestamp, /",
        utc_from_timestamp,
        "The moment of a POSIX timestamp, as a clock of UTC shows it; without zone.",
    ),
    Native::class_method(
        "strptime",
        "cls, string, format, /",
        strptime,
        "string, format -> what time.strptime() reads.",
    ),
    Native::class_method(
        "combine",
        "cls, /, date, time, tzinfo=None",
        combine,
        "date, time -> the moment of this day and time of day",
    ),
    Native::class_method(
        "fromisoformat",
        "cls, string, /",
        from_iso_format,
        "string -> the moment that ISO 8601 writes so, in most of its forms",
    ),
    Native::wrapper(
        "__str__",
        "self, /",
        |py, a| call_method(py, a.at(0), "isoformat", &[py.str(" ")?]),
        "Return str(self).",
    ),
    Native::method("date", "self, /", |py, a| date::make(py, day(this(py, a)?)), "The day as a date."),
    Native::method(
        "time",
        "self, /",
        |py, a| {
            let o = this(py, a)?;
            crate::time::make(py, time(o), Value::NONE, fold(o))
        },
        "The time of day, without zone.",
    ),
    Native::method(
        "timetz",
        "self, /",
        |py, a| {
            let o = this(py, a)?;
            crate::time::make(py, time(o), zone(o), fold(o))
        },
        "The time of day, with the zone.",
    ),
    Native::method(
        "ctime",
        "self, /",
        |py, a| {
            let o = this(py, a)?;
            py.str(&format::c_time(day(o), time(o)))
        },
        "Return ctime() style string.",
    ),
    Native::method("timetuple", "self, /", time_tuple, "The fields as time.localtime() has them."),
    Native::method("timestamp", "self, /", timestamp, "Return POSIX timestamp as float."),
    Native::method("utctimetuple", "self, /", utc_time_tuple, "The fields in UTC, as time.localtime() has them."),
    Native::method(
        "isoformat",
        "self, /, sep='T', timespec='auto'",
        iso_format,
        "[sep] -> string in ISO 8601 format, YYYY-MM-DDT[HH[:MM[:SS[.mmm[uuu]]]]][+HH:MM].\nsep stands between day and time. How much of the time, timespec says: 'auto',\n'hours', 'minutes', 'seconds', 'milliseconds' or 'microseconds'.",
    ),
    Native::method("utcoffset", "self, /", |py, a| ask(py, a, "utcoffset"), "Return self.tzinfo.utcoffset(self)."),
    Native::method(
        "tzname",
        "self, /",
        |py, a| zones::ask_name(py, zone(this(py, a)?), a.at(0)),
        "Return self.tzinfo.tzname(self).",
    ),
    Native::method("dst", "self, /", |py, a| ask(py, a, "dst"), "Return self.tzinfo.dst(self)."),
    Native::method(
        "replace",
        "self, /, year=None, month=None, day=None, hour=None, minute=None, second=None, microsecond=None, tzinfo=None, *, fold=None",
        replace,
        "Return datetime with new specified fields.",
    ),
    Native::method("astimezone", "self, /, tz=None", as_time_zone, "tz -> the same moment in another time zone\n"),
];

fn ask(py: Py<'_>, args: Args<'_>, method: &str) -> R {
    zones::ask_value(py, zone(this(py, args)?), method, args.at(0))
}

/// What a class makes of seconds and microseconds since 1970, in a zone or (without) in local time.
fn of_timestamp(py: Py<'_>, class: Value, (seconds, micros): (i64, i32), zone: Value) -> R {
    let local = zone == Value::NONE;
    let (day, time, _) = clock::broken_down(py, seconds, local)?;
    let fold = local && clock::is_second(py, seconds)?;
    let made = made_by(py, class, day, time + i64::from(micros), zone, fold)?;
    if local { Ok(made) } else { call_method(py, zone, "fromutc", &[made]) }
}
/// The same in UTC, without zone.
fn of_timestamp_in_utc(py: Py<'_>, class: Value, (seconds, micros): (i64, i32)) -> R {
    let (day, time, _) = clock::broken_down(py, seconds, false)?;
    made_by(py, class, day, time + i64::from(micros), Value::NONE, false)
}
fn zone_argument(py: Py<'_>, v: Option<Value>) -> R {
    zones::check(py, v.unwrap_or(Value::NONE))
}
fn now(py: Py<'_>, args: Args<'_>) -> R {
    let zone = zone_argument(py, args.opt(1))?;
    of_timestamp(py, args.at(0), clock::now(py)?, zone)
}
fn from_timestamp(py: Py<'_>, args: Args<'_>) -> R {
    let zone = zone_argument(py, args.opt(2))?;
    of_timestamp(py, args.at(0), clock::timestamp(py, args.at(1))?, zone)
}
/// Warns of functions whose results say UTC without saying so.
fn deprecated(py: Py<'_>, function: &str, instead: &str) -> R<()> {
    py.state().deprecated.get()(
        py,
        &format!(
            "datetime.datetime.{function}() is deprecated and scheduled for removal in a future version. Use timezone-aware \
             objects to represent datetimes in UTC: datetime.datetime.{instead}."
        ),
    )
}
fn utc_now(py: Py<'_>, args: Args<'_>) -> R {
    deprecated(py, "utcnow", "now(datetime.UTC)")?;
    of_timestamp_in_utc(py, args.at(0), clock::now(py)?)
}
fn utc_from_timestamp(py: Py<'_>, args: Args<'_>) -> R {
    deprecated(py, "utcfromtimestamp", "fromtimestamp(timestamp, datetime.UTC)")?;
    of_timestamp_in_utc(py, args.at(0), clock::timestamp(py, args.at(1))?)
}
fn strptime(py: Py<'_>, args: Args<'_>) -> R {
    for i in 1..=2 {
        format::string_argument(py, args.at(i), "strptime", i)?;
    }
    call_module(py, "_strptime", "_strptime_datetime", &[args.at(0), args.at(1), args.at(2)])
}
fn combine(py: Py<'_>, args: Args<'_>) -> R {
    let wrong = |i: usize, what: &str| {
        let class = py.class_name(args.at(i));
        py.type_error(&format!("combine() argument {i} must be datetime.{what}, not {class}"))
    };
    let Some(day) = date::get(py, args.at(1)) else { return wrong(1, "date") };
    let Some((time, own, fold)) = crate::time::get(py, args.at(2)) else { return wrong(2, "time") };
    let zone = zones::check(py, args.opt(3).unwrap_or(own))?;
    made_by(py, args.at(0), day, time, zone, fold)
}
fn from_iso_format(py: Py<'_>, args: Args<'_>) -> R {
    let text = date::iso_text(py, args.at(1))?;
    let read = || {
        let length = iso::date_length(&text)?;
        let found = iso::date(text.get(..length)?)?;
        match text.get(length + 1..) {
            Some([]) => None,
            Some(rest) => iso::time(rest).map(|(fields, offset)| (found, fields, offset)),
            None => Some((found, [0; 4], Offset::None)),
        }
    };
    let Some((found, fields, offset)) = read() else { return date::wrong_iso(py, args.at(1)) };
    let zone = crate::time::zone_of(py, offset)?;
    let day = date::of_iso(py, found)?;
    let time = support::time_of_day(py, fields)?;
    made_by(py, args.at(0), day, time, zone, false)
}

fn time_tuple(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    let saving = match zones::ask(py, zone(o), "dst", o.value())? {
        Some(0) => 0,
        Some(_) => 1,
        None => -1,
    };
    format::fields(py, day(o), time(o), saving)
}
fn utc_time_tuple(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    let ahead = offset(py, o)?.unwrap_or(0);
    let (day, time) = moment::of_shown(py, shown(o) - ahead)?;
    format::fields(py, day, time, 0)
}
/// Seconds since 1970 of a moment that is meant by the local clock.
fn local_seconds(py: Py<'_>, o: Object) -> R<i64> {
    clock::seconds_of_local(py, day(o), time(o), fold(o))
}
fn timestamp(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    if zone(o) == Value::NONE {
        let micros = clock_fields(time(o))[3];
        return Ok(Value::float(local_seconds(py, o)? as f64 + f64::from(micros) / 1e6));
    }
    let ahead = offset(py, o)?;
    let Some(ahead) = ahead else {
        return py.type_error("can't subtract offset-naive and offset-aware datetimes");
    };
    let since = py.int_i128(shown(o) - ahead - i128::from(EPOCH) * i128::from(crate::calendar::DAY))?;
    python_objects::number::ints(py, BinaryOp::TrueDiv, since, Value::int(SECOND))
}
fn iso_format(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    let separator = match args.opt(1) {
        None => u32::from(b'T'),
        Some(v) => match string::exact_or_payload(py, v) {
            Some(s) if string::length(s) == 1 => string::at(s, 0),
            _ => {
                let class = py.class_name(v);
                return py.type_error(&format!("isoformat() argument 1 must be a unicode character, not {class}"));
            }
        },
    };
    let precision = match args.opt(2) {
        Some(v) => string::to_rust(format::string_argument(py, v, "isoformat", 2)?),
        None => "auto".to_owned(),
    };
    let Some(clock) = format::time(time(o), &precision) else { return py.value_error("Unknown timespec value") };
    let mut text = format::date(day(o)).into_bytes();
    string::push_code_point(separator, &mut text);
    text.extend_from_slice(clock.as_bytes());
    text.extend_from_slice(format::offset_of(py, zone(o), o.value(), ":")?.as_bytes());
    py.str_from_wtf8(&text).map(Object::value)
}
fn replace(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    let (old, mut fields) = (day(o), clock_fields(time(o)));
    let number = |i: usize, old: i32| args.opt(i).map_or(Ok(old), |v| py.index_i32(v));
    let (year, month, day) = (number(1, old.year)?, number(2, old.month)?, number(3, old.day)?);
    for (i, n) in fields.iter_mut().enumerate() {
        *n = number(4 + i, *n)?;
    }
    let fold = support::fold(py, Some(args.opt(9).unwrap_or(Value::int(fold(o).into()))))?;
    let (day, time) = (support::day(py, year, month, day)?, support::time_of_day(py, fields)?);
    let zone = zones::check(py, args.opt(8).unwrap_or(zone(o)))?;
    moment::of_class(py, py.class_of(o.value()).value(), day, time, zone, fold)
}
fn as_time_zone(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    let target = zone_argument(py, args.opt(1))?;
    if zone(o) != Value::NONE && zone(o) == target {
        return Ok(o.value());
    }
    let ahead = match offset(py, o)? {
        Some(ahead) => ahead,
        None => {
            // By the local clock. In a gap, the offset from the side that the moment is not led to.
            let (day, time, fold) = (day(o), time(o), fold(o));
            let seconds = clock::seconds_of_local(py, day, time, fold)?;
            let other = clock::seconds_of_local(py, day, time, !fold)?;
            let in_gap = other != seconds && (other > seconds) == fold;
            let local = clock::local_zone(py, if in_gap { other } else { seconds })?;
            zones::ask(py, local, "utcoffset", o.value())?.unwrap_or(0)
        }
    };
    let (day, time) = moment::of_shown(py, shown(o) - ahead)?;
    let target =
        if target == Value::NONE { clock::local_zone(py, day.seconds() + time.div_euclid(SECOND))? } else { target };
    let made = made_by(py, py.class_of(o.value()).value(), day, time, zones::utc(py)?, false)?;
    if let Some(made) = moment::get(py, made) {
        moment::set_zone(py, made, target);
    }
    call_method(py, target, "fromutc", &[made])
}
