//! `time`: times of day.

use crate::calendar::{Day, clock_fields, time_of};
use crate::format::{self, Subject};
use crate::iso::{self, Offset};
use crate::support::{self, call_method, comparisons, field, holds, number, unequal};
use crate::{date, delta, zone};
use python_objects::compare::CompareOp;
use python_objects::kind::special;
use python_objects::{Args, Native, Object, Py, R, TypeSpec, Value, string};

static TIME: TypeSpec = TypeSpec::values(
    "datetime",
    "time",
    3,
    METHODS,
    "time([hour[, minute[, second[, microsecond[, tzinfo]]]]]) --> a time object\n\nAll arguments may be left out; tzinfo is None or a tzinfo, the others are integers.",
)
.inheritable()
.with_methods(comparisons!(compare));
mod word {
    /// Microseconds since midnight.
    pub(super) const TIME: usize = 1;
    pub(super) const ZONE: usize = 2;
    pub(super) const FOLD: usize = 3;
}
static METHODS: &[Native] = &[
    Native::static_method(
        "__new__",
        "cls, /, hour=0, minute=0, second=0, microsecond=0, tzinfo=None, *, fold=0",
        new,
        "Create and return a new object.",
    ),
    Native::wrapper("__repr__", "self, /", repr, "Return repr(self)."),
    Native::wrapper("__str__", "self, /", |py, a| call_method(py, a.at(0), "isoformat", &[]), "Return str(self)."),
    Native::wrapper("__hash__", "self, /", hash, "Return hash(self)."),
    Native::method(
        "isoformat",
        "self, /, timespec='auto'",
        iso_format,
        "Return string in ISO 8601 format, [HH[:MM[:SS[.mmm[uuu]]]]][+HH:MM].\n\nHow much of it, timespec says: 'auto', 'hours', 'minutes', 'seconds',\n'milliseconds' or 'microseconds'.",
    ),
    Native::method("strftime", "self, /, format", strftime, "format -> strftime() style string."),
    Native::method(
        "__format__",
        "self, spec, /",
        |py, a| format::formatted(py, a.at(0), a.at(1)),
        "Format by strftime.",
    ),
    Native::method("utcoffset", "self, /", |py, a| ask(py, a, "utcoffset"), "Return self.tzinfo.utcoffset(self)."),
    Native::method(
        "tzname",
        "self, /",
        |py, a| zone::ask_name(py, field(this(py, a)?, word::ZONE), Value::NONE),
        "Return self.tzinfo.tzname(self).",
    ),
    Native::method("dst", "self, /", |py, a| ask(py, a, "dst"), "Return self.tzinfo.dst(self)."),
    Native::method(
        "replace",
        "self, /, hour=None, minute=None, second=None, microsecond=None, tzinfo=None, *, fold=None",
        replace,
        "Return time with new specified fields.",
    ),
    Native::class_method(
        "fromisoformat",
        "cls, string, /",
        from_iso_format,
        "string -> the time that ISO 8601 writes so",
    ),
    Native::method("__reduce_ex__", "self, proto, /", reduce_ex, "__reduce_ex__(proto) -> (cls, state)"),
    Native::method("__reduce__", "self, /", |py, a| reduce(py, this(py, a)?, false), "__reduce__() -> (cls, state)"),
    Native::getter("hour", |py, a| part(py, a, 0), ""),
    Native::getter("minute", |py, a| part(py, a, 1), ""),
    Native::getter("second", |py, a| part(py, a, 2), ""),
    Native::getter("microsecond", |py, a| part(py, a, 3), ""),
    Native::getter("tzinfo", |py, a| Ok(field(this(py, a)?, word::ZONE)), ""),
    Native::getter("fold", |py, a| Ok(Value::int(number(this(py, a)?, word::FOLD))), ""),
];

pub(crate) fn install(py: Py<'_>) -> R<Object> {
    let class = py.native_type(&TIME)?;
    for (name, time) in [("min", 0), ("max", crate::calendar::DAY - 1)] {
        let (name, v) = (py.intern(name)?, make(py, time, Value::NONE, false)?);
        py.class_set(class, name, Some(v))?;
    }
    let (name, v) = (py.intern("resolution")?, delta::from_micros(py, 1)?);
    py.class_set(class, name, Some(v))?;
    Ok(class)
}

/// Time of day, zone and fold of a time; `None` for what is none.
pub(crate) fn get(py: Py<'_>, v: Value) -> Option<(i64, Value, bool)> {
    let o = py.of_kind(v, TIME.kind)?;
    Some((number(o, word::TIME), field(o, word::ZONE), number(o, word::FOLD) != 0))
}
pub(crate) fn make(py: Py<'_>, time: i64, zone: Value, fold: bool) -> R {
    let class = py.native_type(&TIME)?;
    of_class(py, class.value(), time, zone, fold)
}
fn of_class(py: Py<'_>, class: Value, time: i64, zone: Value, fold: bool) -> R {
    let o = py.new_native_of(class, &TIME)?;
    o.init(word::TIME, Value::int(time));
    o.init(word::ZONE, zone);
    o.init(word::FOLD, Value::int(fold.into()));
    Ok(o.value())
}
fn this(py: Py<'_>, args: Args<'_>) -> R<Object> {
    py.native_self(args.at(0), &TIME)
}
fn part(py: Py<'_>, args: Args<'_>, i: usize) -> R {
    Ok(Value::int(clock_fields(number(this(py, args)?, word::TIME))[i].into()))
}
fn ask(py: Py<'_>, args: Args<'_>, method: &str) -> R {
    zone::ask_value(py, field(this(py, args)?, word::ZONE), method, Value::NONE)
}

/// The bytes that pickles have of a time of day.
pub(crate) fn state(time: i64) -> [u8; 6] {
    let [hour, minute, second, micros] = clock_fields(time);
    let [_, a, b, c] = (micros as u32).to_be_bytes();
    [hour as u8, minute as u8, second as u8, a, b, c]
}
/// The time of day of such bytes, if the hour is one; the rest is put right.
pub(crate) fn of_state([hour, minute, second, a, b, c]: [u8; 6]) -> Option<i64> {
    let micros = u32::from_be_bytes([0, a, b, c]).min(999_999) as i32;
    (hour < 24).then(|| time_of([hour.into(), minute.min(59).into(), second.min(59).into(), micros]))
}
/// The bit of the first byte that says fold.
pub(crate) const FOLD: u8 = 0x80;

fn new(py: Py<'_>, args: Args<'_>) -> R {
    if let Some(first) = args.opt(1)
        && (3..=6).all(|i| args.opt(i).is_none() || i == 6)
    {
        let plain = |[hour, rest @ ..]: [u8; 6]| {
            let [a, b, c, d, e] = rest;
            of_state([hour & !FOLD, a, b, c, d, e])
        };
        let state = support::state::<6>(py, first, None, |s| s[0] & !FOLD < 24)?;
        if let Some((state, time)) = state.and_then(|state| Some((state, plain(state)?))) {
            let zone = args.opt(2).unwrap_or(Value::NONE);
            if zone::check(py, zone).is_err() {
                py.take_exception();
                return py.type_error("bad tzinfo state arg");
            }
            return of_class(py, args.at(0), time, zone, state[0] & FOLD != 0);
        }
    }
    let mut fields = [0; 4];
    for (i, n) in fields.iter_mut().enumerate() {
        if let Some(v) = args.opt(1 + i) {
            *n = py.index_i32(v)?;
        }
    }
    let zone = args.opt(5).unwrap_or(Value::NONE);
    let fold = args.opt(6).map_or(Ok(0), |v| py.index_i32(v))?;
    let time = support::time_of_day(py, fields)?;
    let fold = support::fold(py, Some(Value::int(fold.into())))?;
    let zone = zone::check(py, zone)?;
    of_class(py, args.at(0), time, zone, fold)
}
fn reduce_ex(py: Py<'_>, args: Args<'_>) -> R {
    let protocol = py.index_i32(args.at(1))?;
    reduce(py, this(py, args)?, protocol > 3)
}
fn reduce(py: Py<'_>, o: Object, with_fold: bool) -> R {
    let mut state = state(number(o, word::TIME));
    if with_fold && number(o, word::FOLD) != 0 {
        state[0] |= FOLD;
    }
    let (bytes, zone) = (py.bytes(&state)?.value(), field(o, word::ZONE));
    let arguments = if zone == Value::NONE { py.tuple(&[bytes])? } else { py.tuple(&[bytes, zone])? };
    py.tuple(&[py.class_of(o.value()).value(), arguments])
}

/// How far the zone's time is ahead of UTC, as it is without fold.
fn offset(py: Py<'_>, o: Object) -> R<Option<i128>> {
    zone::ask(py, field(o, word::ZONE), "utcoffset", Value::NONE)
}
fn hash(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    let time = number(o, word::TIME);
    let of = match offset(py, o)? {
        None => py.bytes(&state(time))?.value(),
        Some(offset) => delta::from_micros(py, i128::from(time) - offset)?,
    };
    py.int(py.hash(of)?)
}
fn compare(py: Py<'_>, args: Args<'_>, op: CompareOp) -> R {
    let a = this(py, args)?;
    let Some(b) = py.of_kind(args.at(1), TIME.kind) else { return Ok(special::NOT_IMPLEMENTED) };
    let (x, y) = (i128::from(number(a, word::TIME)), i128::from(number(b, word::TIME)));
    if field(a, word::ZONE) == field(b, word::ZONE) {
        return holds(op, x.cmp(&y));
    }
    match (offset(py, a)?, offset(py, b)?) {
        (None, None) => holds(op, x.cmp(&y)),
        (Some(ahead), Some(other)) => holds(op, (x - ahead).cmp(&(y - other))),
        _ => match unequal(op) {
            Some(v) => Ok(v),
            None => py.type_error("can't compare offset-naive and offset-aware times"),
        },
    }
}

/// The rest of a `repr` behind the fields.
fn repr(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    let [hour, minute, second, micros] = clock_fields(number(o, word::TIME));
    let mut text = format!("{}({hour}, {minute}", py.class_name(o.value()));
    if micros != 0 {
        text += &format!(", {second}, {micros}");
    } else if second != 0 {
        text += &format!(", {second}");
    }
    let mut text = text.into_bytes();
    if field(o, word::ZONE) != Value::NONE {
        text.extend_from_slice(b", tzinfo=");
        py.repr_into(field(o, word::ZONE), &mut text)?;
    }
    if number(o, word::FOLD) != 0 {
        text.extend_from_slice(b", fold=1");
    }
    text.push(b')');
    py.str_from_wtf8(&text).map(Object::value)
}
fn iso_format(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    let precision = match args.opt(1) {
        Some(v) => string::to_rust(format::string_argument(py, v, "isoformat", 1)?),
        None => "auto".to_owned(),
    };
    let Some(mut text) = format::time(number(o, word::TIME), &precision) else {
        return py.value_error("Unknown timespec value");
    };
    text += &format::offset_of(py, field(o, word::ZONE), Value::NONE, ":")?;
    py.str(&text)
}
fn strftime(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    let format = format::string_argument(py, args.at(1), "strftime", 1)?;
    let time = number(o, word::TIME);
    let fields = format::fields(py, Day { year: 1900, ..Day::FIRST }, time, -1)?;
    let micros = clock_fields(time)[3];
    format::by_format(py, format, fields, &Subject { micros, zone: field(o, word::ZONE), of: Value::NONE })
}
fn replace(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    let mut fields = clock_fields(number(o, word::TIME));
    for (i, n) in fields.iter_mut().enumerate() {
        if let Some(v) = args.opt(1 + i) {
            *n = py.index_i32(v)?;
        }
    }
    let zone = args.opt(5).unwrap_or(field(o, word::ZONE));
    let fold = support::fold(py, Some(args.opt(6).unwrap_or(o.get(word::FOLD))))?;
    let time = support::time_of_day(py, fields)?;
    let zone = zone::check(py, zone)?;
    of_class(py, py.class_of(o.value()).value(), time, zone, fold)
}
/// The zone of an offset that was read.
pub(crate) fn zone_of(py: Py<'_>, offset: Offset) -> R {
    match offset {
        Offset::None => Ok(Value::NONE),
        Offset::Micros(micros) => zone::of_offset(py, micros.into(), Value::EMPTY),
    }
}
fn from_iso_format(py: Py<'_>, args: Args<'_>) -> R {
    let text = date::iso_text(py, args.at(1))?;
    let text = if text.first() == Some(&u32::from(b'T')) { &text[1..] } else { &text[..] };
    let Some((fields, offset)) = iso::time(text) else { return date::wrong_iso(py, args.at(1)) };
    let zone = zone_of(py, offset)?;
    let time = support::time_of_day(py, fields)?;
    if args.at(0) == py.native_type(&TIME)?.value() {
        return make(py, time, zone, false);
    }
    let [hour, minute, second, micros] = fields.map(|n| Value::int(n.into()));
    py.call(args.at(0), &[hour, minute, second, micros, zone])
}
