//! `date`: days of the calendar.

use crate::calendar::{Day, WrongWeek};
use crate::format::{self, Subject};
use crate::support::{self, call_method, call_module, comparisons, holds, number};
use crate::{clock, delta, iso, moment};
use python_objects::compare::CompareOp;
use python_objects::kind::special;
use python_objects::struct_sequence::StructSequence;
use python_objects::{Args, Exc, Native, Object, Py, R, TypeSpec, Value, string};

static DATE: TypeSpec = TypeSpec::values("datetime", "date", 1, METHODS, "date(year, month, day) --> date object")
    .inheritable()
    .with_methods(comparisons!(compare));
/// The day, packed. Moments have it in the same word.
pub(crate) const DAY: usize = 1;

static METHODS: &[Native] = &[
    Native::static_method("__new__", "cls, /, year=None, month=None, day=None", new, "Create and return a new object."),
    Native::wrapper("__repr__", "self, /", repr, "Return repr(self)."),
    Native::wrapper("__str__", "self, /", |py, a| call_method(py, a.at(0), "isoformat", &[]), "Return str(self)."),
    Native::wrapper("__hash__", "self, /", hash, "Return hash(self)."),
    Native::wrapper("__add__", "self, value, /", add, "Return self+value."),
    Native::wrapper("__radd__", "self, value, /", add, "Return value+self."),
    Native::wrapper("__sub__", "self, value, /", subtract, "Return self-value."),
    Native::wrapper("__rsub__", "self, value, /", |_, _| Ok(special::NOT_IMPLEMENTED), "Return value-self."),
    Native::class_method(
        "fromtimestamp",
        "cls, timestamp, /",
        from_timestamp,
        "The local day of a POSIX timestamp, which is a number of seconds.",
    ),
    Native::class_method(
        "fromordinal",
        "cls, ordinal, /",
        from_ordinal,
        "int -> the day of this number; 1: 0001-01-01.",
    ),
    Native::class_method("fromisoformat", "cls, string, /", from_iso_format, "str -> the day that ISO 8601 writes so."),
    Native::class_method(
        "fromisocalendar",
        "cls, year, week, day",
        from_iso_calendar,
        "int, int, int -> the day of ISO's year, week and day of the week.\n\nWhat isocalendar() takes apart.",
    ),
    Native::class_method("today", "cls, /", today, "The current day: self.__class__.fromtimestamp(time.time())."),
    Native::method("ctime", "self, /", c_time, "Return ctime() style string."),
    Native::method("strftime", "self, /, format", strftime, "format -> strftime() style string."),
    Native::method(
        "__format__",
        "self, spec, /",
        |py, a| format::formatted(py, a.at(0), a.at(1)),
        "Format by strftime.",
    ),
    Native::method("timetuple", "self, /", time_tuple, "The fields as time.localtime() has them."),
    Native::method("isocalendar", "self, /", iso_calendar, "A named tuple of ISO's year, week and day of the week."),
    Native::method("isoformat", "self, /", iso_format, "Return string in ISO 8601 format, YYYY-MM-DD."),
    Native::method(
        "isoweekday",
        "self, /",
        |py, a| Ok(Value::int(i64::from(this(py, a)?.weekday()) + 1)),
        "The day of the week.\nMonday == 1 ... Sunday == 7",
    ),
    Native::method(
        "toordinal",
        "self, /",
        |py, a| py.int(this(py, a)?.ordinal()),
        "The day's number; 0001-01-01 has 1.",
    ),
    Native::method(
        "weekday",
        "self, /",
        |py, a| Ok(Value::int(this(py, a)?.weekday().into())),
        "The day of the week.\nMonday == 0 ... Sunday == 6",
    ),
    Native::method(
        "replace",
        "self, /, year=None, month=None, day=None",
        replace,
        "Return date with new specified fields.",
    ),
    Native::method("__reduce__", "self, /", reduce, "__reduce__() -> (cls, state)"),
    Native::getter("year", |py, a| Ok(Value::int(this(py, a)?.year.into())), ""),
    Native::getter("month", |py, a| Ok(Value::int(this(py, a)?.month.into())), ""),
    Native::getter("day", |py, a| Ok(Value::int(this(py, a)?.day.into())), ""),
];

static ISO: StructSequence = StructSequence {
    name: "IsoCalendarDate",
    module: "datetime",
    fields: &["year", "week", "weekday"],
    visible: 3,
    constructible: false,
    doc: "A date by year, week and day of the week, as ISO 8601 counts them.",
};
static ISO_METHODS: &[Native] = &[Native::method(
    "__reduce__",
    "self, /",
    |py, args| {
        let Some(t) = py.as_tuple(args.at(0)) else { return py.type_error("a tuple is required") };
        let class = py.builtin_class(python_objects::kind::class::TUPLE);
        let plain = py.tuple(&[t.value()])?;
        py.tuple(&[class.value(), plain])
    },
    "For pickling: as a plain tuple.",
)];

pub(crate) fn install(py: Py<'_>) -> R<Object> {
    let class = py.native_type(&DATE)?;
    for (name, day) in [("min", Day::FIRST), ("max", Day::LAST)] {
        let (name, v) = (py.intern(name)?, of_class(py, class.value(), day)?);
        py.class_set(class, name, Some(v.value()))?;
    }
    let (name, v) = (py.intern("resolution")?, delta::from_micros(py, crate::calendar::DAY.into())?);
    py.class_set(class, name, Some(v))?;
    let iso = py.struct_sequence_type(&ISO)?;
    py.add_methods(iso, ISO_METHODS)?;
    Ok(class)
}
/// The class itself.
pub(crate) fn class(py: Py<'_>) -> R<Object> {
    py.native_type(&DATE)
}

/// The day of a date or a moment.
pub(crate) fn get(py: Py<'_>, v: Value) -> Option<Day> {
    py.of_kind(v, DATE.kind).or_else(|| moment::get(py, v)).map(day_of)
}
pub(crate) fn day_of(o: Object) -> Day {
    match number(o, DAY) {
        0 => Day::FIRST,
        packed => Day::unpacked(packed),
    }
}
fn this(py: Py<'_>, args: Args<'_>) -> R<Day> {
    match get(py, args.at(0)) {
        Some(day) => Ok(day),
        None => {
            let class = py.class_name(args.at(0));
            py.type_error(&format!("expected a 'datetime.date' object, not '{class}'"))
        }
    }
}
/// A date, of the class that `__new__` was given.
fn of_class(py: Py<'_>, class: Value, day: Day) -> R<Object> {
    let o = py.new_native_of(class, &DATE)?;
    o.init(DAY, Value::int(day.packed()));
    Ok(o)
}
pub(crate) fn make(py: Py<'_>, day: Day) -> R {
    let class = class(py)?;
    of_class(py, class.value(), day).map(Object::value)
}
/// What a class makes of a day: subclasses are called.
fn made_by(py: Py<'_>, class: Value, day: Day) -> R {
    if class == self::class(py)?.value() {
        return make(py, day);
    }
    if class == moment::class(py)?.value() {
        return moment::make(py, day, 0, Value::NONE, false);
    }
    py.call(class, &[day.year, day.month, day.day].map(|n| Value::int(n.into())))
}

/// The bytes that pickles have of a day.
pub(crate) fn state(day: Day) -> [u8; 4] {
    let [high, low] = (day.year as u16).to_be_bytes();
    [high, low, day.month as u8, day.day as u8]
}
/// The day of such bytes: of the month alone it depends whether they are taken for a state. What else is wrong in them is
/// put right, so that there are no dates that are none.
pub(crate) fn of_state([high, low, month, day]: [u8; 4]) -> Option<Day> {
    Day::nearest(u16::from_be_bytes([high, low]).into(), month.into(), day.into())
}
fn new(py: Py<'_>, args: Args<'_>) -> R {
    let Some(year) = args.opt(1) else { return support::missing(py, "year", 1) };
    let Some(month) = args.opt(2) else {
        let state = support::state::<4>(py, year, Some("date"), |state| of_state(*state).is_some())?;
        return match state.and_then(of_state) {
            Some(day) => of_class(py, args.at(0), day).map(Object::value),
            None => {
                py.index_i32(year)?;
                support::missing(py, "month", 2)
            }
        };
    };
    let Some(day) = args.opt(3) else { return support::missing(py, "day", 3) };
    let day = support::day(py, py.index_i32(year)?, py.index_i32(month)?, py.index_i32(day)?)?;
    of_class(py, args.at(0), day).map(Object::value)
}
fn reduce(py: Py<'_>, args: Args<'_>) -> R {
    let bytes = py.bytes(&state(this(py, args)?))?;
    let arguments = py.tuple(&[bytes.value()])?;
    py.tuple(&[py.class_of(args.at(0)).value(), arguments])
}
fn hash(py: Py<'_>, args: Args<'_>) -> R {
    let bytes = py.bytes(&state(this(py, args)?))?;
    py.int(py.hash(bytes.value())?)
}
fn repr(py: Py<'_>, args: Args<'_>) -> R {
    let Day { year, month, day } = this(py, args)?;
    py.str(&format!("{}({year}, {month}, {day})", py.class_name(args.at(0))))
}
fn compare(py: Py<'_>, args: Args<'_>, op: CompareOp) -> R {
    let a = this(py, args)?;
    match get(py, args.at(1)) {
        Some(b) => holds(op, a.cmp(&b)),
        None => Ok(special::NOT_IMPLEMENTED),
    }
}
/// The day so many days later, of the same class.
fn later(py: Py<'_>, v: Value, days: i64) -> R {
    let Some(day) = get(py, v) else { return Ok(special::NOT_IMPLEMENTED) };
    match Day::from_ordinal(day.ordinal() + days) {
        Some(day) => made_by(py, py.class_of(v).value(), day),
        None => support::out_of_range(py),
    }
}
/// The whole days of a duration.
fn days(micros: i128) -> i64 {
    micros.div_euclid(crate::calendar::DAY.into()) as i64
}
fn add(py: Py<'_>, args: Args<'_>) -> R {
    match delta::micros(py, args.at(1)) {
        Some(micros) if !moment::is(py, args.at(0)) => later(py, args.at(0), days(micros)),
        _ => Ok(special::NOT_IMPLEMENTED),
    }
}
fn subtract(py: Py<'_>, args: Args<'_>) -> R {
    let (a, b) = (args.at(0), args.at(1));
    if moment::is(py, a) || moment::is(py, b) {
        return Ok(special::NOT_IMPLEMENTED);
    }
    if let Some(micros) = delta::micros(py, b) {
        return later(py, a, -days(micros));
    }
    match (get(py, a), get(py, b)) {
        (Some(a), Some(b)) => {
            delta::from_micros(py, i128::from(a.ordinal() - b.ordinal()) * i128::from(crate::calendar::DAY))
        }
        _ => Ok(special::NOT_IMPLEMENTED),
    }
}

fn from_timestamp(py: Py<'_>, args: Args<'_>) -> R {
    let (seconds, _) = clock::timestamp(py, args.at(1))?;
    let (day, ..) = clock::broken_down(py, seconds, true)?;
    made_by(py, args.at(0), day)
}
fn today(py: Py<'_>, args: Args<'_>) -> R {
    let now = call_module(py, "time", "time", &[])?;
    call_method(py, args.at(0), "fromtimestamp", &[now])
}
fn from_ordinal(py: Py<'_>, args: Args<'_>) -> R {
    let i = py.index(args.at(1))?;
    let Some(ordinal) = python_objects::int::to_i64(i).filter(|i| i.abs() < 1 << 60) else {
        return py.err(Exc::OverflowError, "Python int too large to convert to C long");
    };
    match Day::from_ordinal(ordinal) {
        Some(day) => made_by(py, args.at(0), day),
        None if ordinal < 1 => py.value_error("ordinal must be >= 1"),
        None => py.value_error(&format!("year {} is out of range", Day::year_of(ordinal))),
    }
}
/// The characters of an argument of `fromisoformat`.
pub(crate) fn iso_text(py: Py<'_>, v: Value) -> R<Vec<u32>> {
    /// No form is nearly as long.
    const MOST: usize = 1000;
    match string::exact_or_payload(py, v) {
        Some(s) if string::length(s) <= MOST => Ok(string::code_points(s).collect()),
        Some(_) => wrong_iso(py, v),
        None => py.type_error("fromisoformat: argument must be str"),
    }
}
pub(crate) fn wrong_iso<T>(py: Py<'_>, v: Value) -> R<T> {
    let mut message = b"Invalid isoformat string: ".to_vec();
    py.repr_into(v, &mut message)?;
    let message = py.str_from_wtf8(&message)?;
    Err(py.error_with(Exc::ValueError, message.value()))
}
/// The day of what was read.
pub(crate) fn of_iso(py: Py<'_>, found: iso::Date) -> R<Day> {
    support::day(py, found.year, found.month, found.day)
}
fn from_iso_format(py: Py<'_>, args: Args<'_>) -> R {
    let text = iso_text(py, args.at(1))?;
    let found = if [7, 8, 10].contains(&text.len()) { iso::date(&text) } else { None };
    match found {
        Some(found) => made_by(py, args.at(0), of_iso(py, found)?),
        None => wrong_iso(py, args.at(1)),
    }
}
fn from_iso_calendar(py: Py<'_>, args: Args<'_>) -> R {
    let mut numbers = [0; 3];
    for (i, n) in numbers.iter_mut().enumerate() {
        match i32::try_from(py.index_clamped(args.at(1 + i))?) {
            Ok(found) => *n = found,
            Err(_) => return py.value_error("ISO calendar component out of range"),
        }
    }
    let [year, week, day] = numbers;
    match Day::from_iso(year, week, day) {
        Ok(day) => made_by(py, args.at(0), day),
        Err(WrongWeek::Year) => py.value_error(&format!("Year is out of range: {year}")),
        Err(WrongWeek::Week) => py.value_error(&format!("Invalid week: {week}")),
        Err(WrongWeek::Day) => py.value_error(&format!("Invalid day: {day} (range is [1, 7])")),
        Err(WrongWeek::Beyond) => py.value_error(&format!("year {} is out of range", year + 1)),
    }
}

fn c_time(py: Py<'_>, args: Args<'_>) -> R {
    py.str(&format::c_time(this(py, args)?, 0))
}
fn iso_format(py: Py<'_>, args: Args<'_>) -> R {
    py.str(&format::date(this(py, args)?))
}
fn iso_calendar(py: Py<'_>, args: Args<'_>) -> R {
    let (year, week, weekday) = this(py, args)?.iso();
    py.struct_sequence(&ISO, &[year, week, weekday].map(|n| Value::int(n.into())))
}
fn time_tuple(py: Py<'_>, args: Args<'_>) -> R {
    format::fields(py, this(py, args)?, 0, -1)
}
/// Of moments, too.
fn strftime(py: Py<'_>, args: Args<'_>) -> R {
    let v = args.at(0);
    this(py, args)?;
    let format = format::string_argument(py, args.at(1), "strftime", 1)?;
    let fields = call_method(py, v, "timetuple", &[])?;
    let subject = match moment::get(py, v) {
        Some(o) => Subject { micros: crate::calendar::clock_fields(moment::time(o))[3], zone: moment::zone(o), of: v },
        None => Subject { micros: 0, zone: Value::NONE, of: v },
    };
    format::by_format(py, format, fields, &subject)
}
fn replace(py: Py<'_>, args: Args<'_>) -> R {
    let old = this(py, args)?;
    let number = |i: usize, old: i32| args.opt(i).map_or(Ok(old), |v| py.index_i32(v));
    let day = support::day(py, number(1, old.year)?, number(2, old.month)?, number(3, old.day)?)?;
    of_class(py, py.class_of(args.at(0)).value(), day).map(Object::value)
}
