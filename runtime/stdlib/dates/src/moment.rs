//! `datetime`: moments, as days and times of day, perhaps of a zone. Here: what they are, are made of, and are ordered by.

use crate::calendar::{DAY, Day, clock_fields};
use crate::support::{self, comparisons, field, holds, number, unequal};
use crate::{date, delta, moment_methods, time, zone};
use python_objects::compare::CompareOp;
use python_objects::kind::special;
use python_objects::{Args, Native, Object, Py, R, TypeSpec, Value};

static MOMENT: TypeSpec = TypeSpec::values(
    "datetime",
    "datetime",
    4,
    METHODS,
    "datetime(year, month, day[, hour[, minute[, second[, microsecond[,tzinfo]]]]])\n\nYear, month and day must be given. tzinfo is None or a tzinfo, the others are\nintegers.",
)
.inheritable()
.with_methods(comparisons!(compare))
.with_methods(moment_methods::METHODS);
mod word {
    /// Microseconds since midnight. (The day is where dates have it.)
    pub(super) const TIME: usize = 2;
    pub(super) const ZONE: usize = 3;
    pub(super) const FOLD: usize = 4;
}
static METHODS: &[Native] = &[
    Native::static_method(
        "__new__",
        "cls, /, year=None, month=None, day=None, hour=0, minute=0, second=0, microsecond=0, tzinfo=None, *, fold=0",
        new,
        "Create and return a new object.",
    ),
    Native::wrapper("__repr__", "self, /", repr, "Return repr(self)."),
    Native::wrapper("__hash__", "self, /", hash, "Return hash(self)."),
    Native::wrapper("__add__", "self, value, /", add, "Return self+value."),
    Native::wrapper("__radd__", "self, value, /", add, "Return value+self."),
    Native::wrapper("__sub__", "self, value, /", subtract, "Return self-value."),
    Native::wrapper("__rsub__", "self, value, /", |_, _| Ok(special::NOT_IMPLEMENTED), "Return value-self."),
    Native::method("__reduce_ex__", "self, proto, /", reduce_ex, "__reduce_ex__(proto) -> (cls, state)"),
    Native::method("__reduce__", "self, /", |py, a| reduce(py, this(py, a)?, false), "__reduce__() -> (cls, state)"),
    Native::getter("hour", |py, a| part(py, a, 0), ""),
    Native::getter("minute", |py, a| part(py, a, 1), ""),
    Native::getter("second", |py, a| part(py, a, 2), ""),
    Native::getter("microsecond", |py, a| part(py, a, 3), ""),
    Native::getter("tzinfo", |py, a| Ok(zone(this(py, a)?)), ""),
    Native::getter("fold", |py, a| Ok(Value::int(fold(this(py, a)?).into())), ""),
];

pub(crate) fn install(py: Py<'_>) -> R<Object> {
    let class = py.native_subtype(&MOMENT, date::class(py)?)?;
    for (name, day, time) in [("min", Day::FIRST, 0), ("max", Day::LAST, DAY - 1)] {
        let (name, v) = (py.intern(name)?, make(py, day, time, Value::NONE, false)?);
        py.class_set(class, name, Some(v))?;
    }
    let (name, v) = (py.intern("resolution")?, delta::from_micros(py, 1)?);
    py.class_set(class, name, Some(v))?;
    Ok(class)
}
/// The class itself.
pub(crate) fn class(py: Py<'_>) -> R<Object> {
    py.native_type(&MOMENT)
}

/// Is it a moment?
pub(crate) fn is(py: Py<'_>, v: Value) -> bool {
    get(py, v).is_some()
}
pub(crate) fn get(py: Py<'_>, v: Value) -> Option<Object> {
    py.of_kind(v, MOMENT.kind)
}
pub(crate) fn this(py: Py<'_>, args: Args<'_>) -> R<Object> {
    py.native_self(args.at(0), &MOMENT)
}
pub(crate) fn day(o: Object) -> Day {
    date::day_of(o)
}
pub(crate) fn time(o: Object) -> i64 {
    number(o, word::TIME)
}
pub(crate) fn zone(o: Object) -> Value {
    field(o, word::ZONE)
}
pub(crate) fn fold(o: Object) -> bool {
    number(o, word::FOLD) != 0
}
/// Gives a fresh moment another zone.
pub(crate) fn set_zone(py: Py<'_>, o: Object, zone: Value) {
    py.store(o, word::ZONE, zone);
}
/// Says of a fresh moment that clocks show it for the second time.
pub(crate) fn set_fold(py: Py<'_>, o: Object) {
    py.store(o, word::FOLD, Value::int(1));
}
fn part(py: Py<'_>, args: Args<'_>, i: usize) -> R {
    Ok(Value::int(clock_fields(time(this(py, args)?))[i].into()))
}
pub(crate) fn make(py: Py<'_>, day: Day, time: i64, zone: Value, fold: bool) -> R {
    let class = class(py)?;
    of_class(py, class.value(), day, time, zone, fold)
}
/// A moment of the class that `__new__` was given.
pub(crate) fn of_class(py: Py<'_>, class: Value, day: Day, time: i64, zone: Value, fold: bool) -> R {
    let o = py.new_native_of(class, &MOMENT)?;
    o.init(date::DAY, Value::int(day.packed()));
    o.init(word::TIME, Value::int(time));
    o.init(word::ZONE, zone);
    o.init(word::FOLD, Value::int(fold.into()));
    Ok(o.value())
}
/// What a class makes of these: subclasses are called.
pub(crate) fn made_by(py: Py<'_>, class: Value, day: Day, time: i64, zone: Value, fold: bool) -> R {
    if class == self::class(py)?.value() {
        return make(py, day, time, zone, fold);
    }
    let [hour, minute, second, micros] = clock_fields(time);
    let mut arguments = [zone; 8];
    for (v, n) in arguments.iter_mut().zip([day.year, day.month, day.day, hour, minute, second, micros]) {
        *v = Value::int(n.into());
    }
    let made = py.call(class, &arguments)?;
    if fold && let Some(o) = get(py, made) {
        py.store(o, word::FOLD, Value::int(1));
    }
    Ok(made)
}
/// Microseconds since the beginning of the calendar, as the moment's own clock shows them.
pub(crate) fn shown(o: Object) -> i128 {
    i128::from(day(o).ordinal()) * i128::from(DAY) + i128::from(time(o))
}
/// Day and time of such microseconds.
pub(crate) fn of_shown(py: Py<'_>, micros: i128) -> R<(Day, i64)> {
    let (days, time) = (micros.div_euclid(DAY.into()), micros.rem_euclid(DAY.into()));
    match i64::try_from(days).ok().and_then(Day::from_ordinal) {
        Some(day) => Ok((day, time as i64)),
        None => support::out_of_range(py),
    }
}
/// The moment so much later by its own clock, of the same class and zone.
pub(crate) fn shifted(py: Py<'_>, o: Object, micros: i128) -> R {
    let (day, time) = of_shown(py, shown(o) + micros)?;
    made_by(py, py.class_of(o.value()).value(), day, time, zone(o), false)
}
/// How far the moment's clock is ahead of UTC.
pub(crate) fn offset(py: Py<'_>, o: Object) -> R<Option<i128>> {
    zone::ask(py, zone(o), "utcoffset", o.value())
}

/// The bytes that pickles have.
fn state(o: Object) -> [u8; 10] {
    let ([a, b, c, d], [e, f, g, h, i, j]) = (date::state(day(o)), time::state(time(o)));
    [a, b, c, d, e, f, g, h, i, j]
}
/// Day, time and fold of such bytes.
fn of_state([a, b, c, d, e, f, g, h, i, j]: [u8; 10]) -> Option<(Day, i64, bool)> {
    let day = date::of_state([a, b, c & !time::FOLD, d])?;
    // Only the month decides.
    Some((day, time::of_state([e.min(23), f, g, h, i, j])?, c & time::FOLD != 0))
}
fn new(py: Py<'_>, args: Args<'_>) -> R {
    let Some(year) = args.opt(1) else { return support::missing(py, "year", 1) };
    if (3..=8).all(|i| args.opt(i).is_none()) {
        let state = support::state::<10>(py, year, Some("datetime"), |state| of_state(*state).is_some())?;
        if let Some((day, time, fold)) = state.and_then(of_state) {
            let zone = args.opt(2).unwrap_or(Value::NONE);
            if zone::check(py, zone).is_err() {
                py.take_exception();
                return py.type_error("bad tzinfo state arg");
            }
            return of_class(py, args.at(0), day, time, zone, fold);
        }
    }
    let Some(month) = args.opt(2) else { return support::missing(py, "month", 2) };
    let Some(day) = args.opt(3) else { return support::missing(py, "day", 3) };
    let (year, month, day) = (py.index_i32(year)?, py.index_i32(month)?, py.index_i32(day)?);
    let mut fields = [0; 4];
    for (i, n) in fields.iter_mut().enumerate() {
        if let Some(v) = args.opt(4 + i) {
            *n = py.index_i32(v)?;
        }
    }
    let zone = args.opt(8).unwrap_or(Value::NONE);
    let fold = args.opt(9).map_or(Ok(0), |v| py.index_i32(v))?;
    let day = support::day(py, year, month, day)?;
    let time = support::time_of_day(py, fields)?;
    let fold = support::fold(py, Some(Value::int(fold.into())))?;
    let zone = zone::check(py, zone)?;
    of_class(py, args.at(0), day, time, zone, fold)
}
fn reduce_ex(py: Py<'_>, args: Args<'_>) -> R {
    let protocol = py.index_i32(args.at(1))?;
    reduce(py, this(py, args)?, protocol > 3)
}
fn reduce(py: Py<'_>, o: Object, with_fold: bool) -> R {
    let mut state = state(o);
    if with_fold && fold(o) {
        state[2] |= time::FOLD;
    }
    let (bytes, zone) = (py.bytes(&state)?.value(), zone(o));
    let arguments = if zone == Value::NONE { py.tuple(&[bytes])? } else { py.tuple(&[bytes, zone])? };
    py.tuple(&[py.class_of(o.value()).value(), arguments])
}
fn repr(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    let (Day { year, month, day }, [hour, minute, second, micros]) = (day(o), clock_fields(time(o)));
    let mut text = format!("{}({year}, {month}, {day}, {hour}, {minute}", py.class_name(o.value()));
    if micros != 0 {
        text += &format!(", {second}, {micros}");
    } else if second != 0 {
        text += &format!(", {second}");
    }
    if fold(o) {
        text += ", fold=1";
    }
    let mut text = text.into_bytes();
    if zone(o) != Value::NONE {
        text.extend_from_slice(b", tzinfo=");
        py.repr_into(zone(o), &mut text)?;
    }
    text.push(b')');
    py.str_from_wtf8(&text).map(Object::value)
}

/// The offset with and without fold; where they differ, two moments are not equal across zones.
fn offset_without_fold(py: Py<'_>, o: Object) -> R<Option<i128>> {
    if !fold(o) {
        return offset(py, o);
    }
    let first = make(py, day(o), time(o), zone(o), false)?;
    zone::ask(py, zone(o), "utcoffset", first)
}
fn depends_on_fold(py: Py<'_>, o: Object, known: Option<i128>) -> R<bool> {
    let other = made_by_fold(py, o)?;
    Ok(zone::ask(py, zone(o), "utcoffset", other)? != known)
}
/// The same with the other fold.
fn made_by_fold(py: Py<'_>, o: Object) -> R {
    make(py, day(o), time(o), zone(o), !fold(o))
}
fn hash(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    let of = match offset_without_fold(py, o)? {
        None => py.bytes(&state(o))?.value(),
        Some(offset) => delta::from_micros(py, shown(o) - offset)?,
    };
    py.int(py.hash(of)?)
}
fn compare(py: Py<'_>, args: Args<'_>, op: CompareOp) -> R {
    let a = this(py, args)?;
    let Some(b) = get(py, args.at(1)) else {
        if date::get(py, args.at(1)).is_none() {
            return Ok(special::NOT_IMPLEMENTED);
        }
        return match unequal(op) {
            Some(v) => Ok(v),
            None => {
                let (a, b) = (py.class_name(args.at(0)), py.class_name(args.at(1)));
                py.type_error(&format!("can't compare {a} to {b}"))
            }
        };
    };
    let (x, y) = (shown(a), shown(b));
    if zone(a) == zone(b) {
        return holds(op, x.cmp(&y));
    }
    let (ahead, other) = (offset(py, a)?, offset(py, b)?);
    let order = match (ahead, other) {
        (None, None) => return holds(op, x.cmp(&y)),
        (Some(ahead), Some(other)) => (x - ahead).cmp(&(y - other)),
        _ => {
            return match unequal(op) {
                Some(v) => Ok(v),
                None => py.type_error("can't compare offset-naive and offset-aware datetimes"),
            };
        }
    };
    if let Some(v) = unequal(op)
        && order.is_eq()
        && (depends_on_fold(py, a, ahead)? || depends_on_fold(py, b, other)?)
    {
        return Ok(v);
    }
    holds(op, order)
}
fn add(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    match delta::micros(py, args.at(1)) {
        Some(micros) => shifted(py, o, micros),
        None => Ok(special::NOT_IMPLEMENTED),
    }
}
fn subtract(py: Py<'_>, args: Args<'_>) -> R {
    let a = this(py, args)?;
    if let Some(micros) = delta::micros(py, args.at(1)) {
        return shifted(py, a, -micros);
    }
    let Some(b) = get(py, args.at(1)) else { return Ok(special::NOT_IMPLEMENTED) };
    let mut apart = shown(a) - shown(b);
    if zone(a) != zone(b) {
        match (offset(py, a)?, offset(py, b)?) {
            (None, None) => {}
            (Some(ahead), Some(other)) => apart += other - ahead,
            _ => return py.type_error("can't subtract offset-naive and offset-aware datetimes"),
        }
    }
    delta::from_micros(py, apart)
}
