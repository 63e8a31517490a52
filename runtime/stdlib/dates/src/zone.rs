//! `tzinfo` and `timezone`, and what other types ask of them.

use crate::calendar::DAY;
use crate::support::{call_method, comparisons};
use crate::{delta, format, moment};
use python_objects::compare::CompareOp;
use python_objects::kind::special;
use python_objects::symbol::sym;
use python_objects::{Args, Exc, Native, Object, Py, R, TypeSpec, Value, string};
use std::cell::Cell;

/// The one field is room that an object must have.
static BASE: TypeSpec =
    TypeSpec::values("datetime", "tzinfo", 1, BASE_METHODS, "Abstract base class for time zone info objects.")
        .inheritable();
static BASE_METHODS: &[Native] = &[
    Native::static_method(
        "__new__",
        "cls, /, *args, **kwargs",
        |py, args| py.new_native_of(args.at(0), &BASE).map(Object::value),
        "Create and return a new object.",
    ),
    Native::method("tzname", "self, dt, /", |py, _| lacking(py, "tzname"), "datetime -> string name of time zone."),
    Native::method(
        "utcoffset",
        "self, dt, /",
        |py, _| lacking(py, "utcoffset"),
        "datetime -> timedelta, how far local time is ahead of UTC",
    ),
    Native::method("dst", "self, dt, /", |py, _| lacking(py, "dst"), "datetime -> timedelta, how much of that is DST."),
    Native::method("fromutc", "self, dt, /", base_from_utc, "datetime in UTC -> datetime in local time."),
    Native::method("__reduce__", "self, /", base_reduce, "-> (cls, state)"),
];

static FIXED: TypeSpec =
    TypeSpec::values("datetime", "timezone", 2, FIXED_METHODS, "Fixed offset from UTC implementation of tzinfo.")
        .with_methods(comparisons!(compare));
mod word {
    pub(super) const OFFSET: usize = 1;
    /// Its name, or EMPTY.
    pub(super) const NAME: usize = 2;
}
static FIXED_METHODS: &[Native] = &[
    Native::static_method("__new__", "cls, /, offset, name=None", new, "Create and return a new object."),
    Native::wrapper("__repr__", "self, /", repr, "Return repr(self)."),
    Native::wrapper("__str__", "self, /", |py, args| name(py, this(py, args)?), "Return str(self)."),
    Native::wrapper(
        "__hash__",
        "self, /",
        |py, args| py.int(py.hash(this(py, args)?.get(word::OFFSET))?),
        "Return hash(self).",
    ),
    Native::method(
        "tzname",
        "self, dt, /",
        |py, args| {
            argument(py, args, "tzname")?;
            name(py, this(py, args)?)
        },
        "The name that was given, or one made of the offset.",
    ),
    Native::method(
        "utcoffset",
        "self, dt, /",
        |py, args| {
            argument(py, args, "utcoffset")?;
            Ok(this(py, args)?.get(word::OFFSET))
        },
        "Return fixed offset.",
    ),
    Native::method("dst", "self, dt, /", |py, args| argument(py, args, "dst").map(|()| Value::NONE), "Return None."),
    Native::method("fromutc", "self, dt, /", fixed_from_utc, "datetime in UTC -> datetime in local time."),
    Native::method("__getinitargs__", "self, /", init_args, "pickle support"),
];

/// Number of the kept zone of UTC.
struct Kept(Cell<Option<u32>>);
fn kept(py: Py<'_>) -> std::rc::Rc<Kept> {
    py.state().data("_datetime", || Kept(Cell::new(None)))
}

pub(crate) fn install(py: Py<'_>) -> R<Object> {
    py.native_type(&BASE)
}
pub(crate) fn install_fixed(py: Py<'_>) -> R<Object> {
    let class = py.native_subtype(&FIXED, py.native_type(&BASE)?)?;
    let utc = fixed(py, 0, Value::EMPTY)?;
    kept(py).0.set(Some(py.keep(utc)?));
    let most = i128::from(DAY) - 60_000_000;
    for (name, zone) in
        [("utc", utc), ("min", fixed(py, -most, Value::EMPTY)?), ("max", fixed(py, most, Value::EMPTY)?)]
    {
        let name = py.intern(name)?;
        py.class_set(class, name, Some(zone))?;
    }
    Ok(class)
}
/// `timezone.utc`
pub(crate) fn utc(py: Py<'_>) -> R {
    match kept(py).0.get() {
        Some(number) => Ok(py.kept(number)),
        None => fixed(py, 0, Value::EMPTY),
    }
}
fn fixed(py: Py<'_>, offset: i128, name: Value) -> R {
    let offset = delta::from_micros(py, offset)?;
    let o = py.new_native(&FIXED)?;
    o.init(word::OFFSET, offset);
    o.init(word::NAME, name);
    Ok(o.value())
}
/// Is an offset less than a day?
fn in_range(micros: i128) -> bool {
    micros.abs() < i128::from(DAY)
}
const RANGE: &str = "offset must be a timedelta strictly between -timedelta(hours=24) and timedelta(hours=24)";

/// A zone of this offset; UTC itself for the one without offset and name (EMPTY).
pub(crate) fn of_offset(py: Py<'_>, micros: i128, name: Value) -> R {
    if micros == 0 && name.is_empty() {
        return utc(py);
    }
    if !in_range(micros) {
        let offset = delta::from_micros(py, micros)?;
        return py.value_error(&format!("{RANGE}, not {}.", py.repr_text(offset)?));
    }
    fixed(py, micros, name)
}
fn new(py: Py<'_>, args: Args<'_>) -> R {
    let micros = delta::argument(py, args.at(1), "timezone", 1)?;
    let name = match args.opt(2) {
        None => Value::EMPTY,
        Some(v) if string::exact_or_payload(py, v).is_some() => v,
        Some(v) => {
            let class = if v == Value::NONE { "None".to_owned() } else { py.class_name(v) };
            return py.type_error(&format!("timezone() argument 2 must be str, not {class}"));
        }
    };
    of_offset(py, micros, name)
}
fn this(py: Py<'_>, args: Args<'_>) -> R<Object> {
    py.native_self(args.at(0), &FIXED)
}
fn offset(py: Py<'_>, o: Object) -> i128 {
    delta::micros(py, o.get(word::OFFSET)).unwrap_or(0)
}
fn name(py: Py<'_>, o: Object) -> R {
    let own = o.get(word::NAME);
    if !own.is_empty() {
        return Ok(own);
    }
    match offset(py, o) as i64 {
        0 => py.str("UTC"),
        micros => py.str(&format!("UTC{}", format::offset(micros, ":"))),
    }
}
fn repr(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    if Ok(o.value()) == utc(py) {
        return py.str("datetime.timezone.utc");
    }
    let mut text = format!("{}({}", py.class_name(o.value()), py.repr_text(o.get(word::OFFSET))?).into_bytes();
    if !o.get(word::NAME).is_empty() {
        text.extend_from_slice(b", ");
        py.repr_into(o.get(word::NAME), &mut text)?;
    }
    text.push(b')');
    py.str_from_wtf8(&text).map(Object::value)
}
fn compare(py: Py<'_>, args: Args<'_>, op: CompareOp) -> R {
    let this = this(py, args)?;
    match (py.of_kind(args.at(1), FIXED.kind), op) {
        (Some(other), CompareOp::Eq) => Ok(Value::bool(offset(py, this) == offset(py, other))),
        (Some(other), CompareOp::Ne) => Ok(Value::bool(offset(py, this) != offset(py, other))),
        _ => Ok(special::NOT_IMPLEMENTED),
    }
}
/// The methods take a moment or None.
fn argument(py: Py<'_>, args: Args<'_>, function: &str) -> R<()> {
    let v = args.at(1);
    if v == Value::NONE || moment::is(py, v) {
        return Ok(());
    }
    let class = py.class_name(v);
    py.type_error(&format!("{function}(dt) argument must be a datetime instance or None, not {class}"))
}
fn init_args(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    let (offset, name) = (o.get(word::OFFSET), o.get(word::NAME));
    if name.is_empty() { py.tuple(&[offset]) } else { py.tuple(&[offset, name]) }
}
/// The moment that `fromutc` gets: of its own zone.
fn own_moment(py: Py<'_>, args: Args<'_>) -> R<Object> {
    let Some(dt) = moment::get(py, args.at(1)) else { return py.type_error("fromutc: argument must be a datetime") };
    if moment::zone(dt) != args.at(0) {
        return py.value_error("fromutc: dt.tzinfo is not self");
    }
    Ok(dt)
}
fn fixed_from_utc(py: Py<'_>, args: Args<'_>) -> R {
    let dt = own_moment(py, args)?;
    moment::shifted(py, dt, offset(py, this(py, args)?))
}

fn lacking(py: Py<'_>, method: &str) -> R {
    py.err(Exc::NotImplementedError, &format!("a tzinfo subclass must implement {method}()"))
}
fn base_from_utc(py: Py<'_>, args: Args<'_>) -> R {
    let (dt, own) = (own_moment(py, args)?, args.at(0));
    let needed = |name: &str, v: Option<i128>| match v {
        Some(micros) => Ok(micros),
        None => py.value_error(&format!("fromutc: non-None {name}() result required")),
    };
    let ahead = needed("utcoffset", ask(py, own, "utcoffset", dt.value())?)?;
    let saving = needed("dst", ask(py, own, "dst", dt.value())?)?;
    if ahead == saving {
        return if saving == 0 { Ok(dt.value()) } else { moment::shifted(py, dt, saving) };
    }
    let standard = moment::shifted(py, dt, ahead - saving)?;
    let Some(saving) = ask(py, own, "dst", standard)? else {
        return py.value_error("fromutc: tz.dst() gave inconsistent results; cannot convert");
    };
    match moment::get(py, standard) {
        Some(standard) if saving != 0 => moment::shifted(py, standard, saving),
        _ => Ok(standard),
    }
}
fn base_reduce(py: Py<'_>, args: Args<'_>) -> R {
    let own = args.at(0);
    let name = py.intern("__getinitargs__")?;
    let arguments = match py.find_attribute(own, name)? {
        Some(f) => py.call(f, &[])?,
        None => py.empty_tuple(),
    };
    let state = py.call_method(own, sym::GETSTATE, &[])?;
    py.tuple(&[py.class_of(own).value(), arguments, state])
}

/// TypeError unless it is None or a zone.
pub(crate) fn check(py: Py<'_>, v: Value) -> R {
    let quick = v == Value::NONE || py.of_kind(v, FIXED.kind).is_some() || py.of_kind(v, BASE.kind).is_some();
    // Native types that inherit from it are of kinds of their own.
    if quick || py.is_instance(v, py.native_type(&BASE)?) {
        return Ok(v);
    }
    let class = py.class_name(v);
    py.type_error(&format!("tzinfo argument must be None or of a tzinfo subclass, not type '{class}'"))
}
/// What a zone's `utcoffset` or `dst` says of `v`: None, or a duration of less than a day.
pub(crate) fn ask_value(py: Py<'_>, zone: Value, method: &str, v: Value) -> R {
    if zone == Value::NONE {
        return Ok(zone);
    }
    if let Some(o) = py.of_kind(zone, FIXED.kind) {
        return Ok(if method == "dst" { Value::NONE } else { o.get(word::OFFSET) });
    }
    let r = call_method(py, zone, method, &[v])?;
    if r == Value::NONE {
        return Ok(r);
    }
    match delta::micros(py, r) {
        Some(micros) if in_range(micros) => Ok(r),
        Some(_) => py.value_error(&format!("{RANGE}.")),
        None => {
            let class = py.class_name(r);
            py.type_error(&format!("tzinfo.{method}() must return None or timedelta, not '{class}'"))
        }
    }
}
/// The same in microseconds.
pub(crate) fn ask(py: Py<'_>, zone: Value, method: &str, v: Value) -> R<Option<i128>> {
    if zone == Value::NONE {
        return Ok(None);
    }
    ask_value(py, zone, method, v).map(|r| delta::micros(py, r))
}
/// What a zone's `tzname` says of `v`: a string or None.
pub(crate) fn ask_name(py: Py<'_>, zone: Value, v: Value) -> R {
    if zone == Value::NONE {
        return Ok(zone);
    }
    if let Some(o) = py.of_kind(zone, FIXED.kind) {
        return name(py, o);
    }
    let r = call_method(py, zone, "tzname", &[v])?;
    if r == Value::NONE || string::exact_or_payload(py, r).is_some() {
        return Ok(r);
    }
    let class = py.class_name(r);
    py.type_error(&format!("tzinfo.tzname() must return None or a string, not '{class}'"))
}
