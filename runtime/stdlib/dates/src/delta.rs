//! `timedelta`: durations.

use crate::calendar::{DAY, SECOND};
use crate::support::{call_method, comparisons, holds, number};
use python_objects::compare::CompareOp;
use python_objects::kind::special;
use python_objects::operator::BinaryOp;
use python_objects::{Args, Exc, Native, Object, Py, R, TypeSpec, Value, int};

static DELTA: TypeSpec = TypeSpec::values(
    "datetime",
    "timedelta",
    3,
    METHODS,
    "The duration between two moments.\n\ntimedelta(days=0, seconds=0, microseconds=0, milliseconds=0, minutes=0, hours=0, weeks=0)\n\nArguments are integers or floats, of either sign.",
)
.inheritable()
.with_methods(comparisons!(compare));
mod word {
    pub(super) const DAYS: usize = 1;
    pub(super) const SECONDS: usize = 2;
    pub(super) const MICROSECONDS: usize = 3;
}
static METHODS: &[Native] = &[
    Native::static_method(
        "__new__",
        "cls, /, days=0, seconds=0, microseconds=0, milliseconds=0, minutes=0, hours=0, weeks=0",
        new,
        "Create and return a new object.",
    ),
    Native::wrapper("__repr__", "self, /", repr, "Return repr(self)."),
    Native::wrapper("__str__", "self, /", to_str, "Return str(self)."),
    Native::wrapper("__hash__", "self, /", hash, "Return hash(self)."),
    Native::wrapper("__bool__", "self, /", |py, a| Ok(Value::bool(this(py, a)? != 0)), "True if self else False"),
    Native::wrapper("__neg__", "self, /", |py, a| from_micros(py, -this(py, a)?), "-self"),
    Native::wrapper("__pos__", "self, /", |py, a| from_micros(py, this(py, a)?), "+self"),
    Native::wrapper("__abs__", "self, /", |py, a| from_micros(py, this(py, a)?.abs()), "abs(self)"),
    Native::wrapper("__add__", "self, value, /", |py, a| sum(py, a, |a, b| a + b), "Return self+value."),
    Native::wrapper("__radd__", "self, value, /", |py, a| sum(py, a, |a, b| b + a), "Return value+self."),
    Native::wrapper("__sub__", "self, value, /", |py, a| sum(py, a, |a, b| a - b), "Return self-value."),
    Native::wrapper("__rsub__", "self, value, /", |py, a| sum(py, a, |a, b| b - a), "Return value-self."),
    Native::wrapper("__mul__", "self, value, /", times, "Return self*value."),
    Native::wrapper("__rmul__", "self, value, /", times, "Return value*self."),
    Native::wrapper("__truediv__", "self, value, /", divide, "Return self/value."),
    Native::wrapper("__rtruediv__", "self, value, /", not_implemented, "Return value/self."),
    Native::wrapper("__floordiv__", "self, value, /", divide_down, "Return self//value."),
    Native::wrapper("__rfloordiv__", "self, value, /", not_implemented, "Return value//self."),
    Native::wrapper("__mod__", "self, value, /", remainder, "Return self%value."),
    Native::wrapper("__rmod__", "self, value, /", not_implemented, "Return value%self."),
    Native::wrapper("__divmod__", "self, value, /", quotient_and_remainder, "Return divmod(self, value)."),
    Native::wrapper("__rdivmod__", "self, value, /", not_implemented, "Return divmod(value, self)."),
    Native::method("total_seconds", "self, /", total_seconds, "The duration in seconds."),
    Native::method("__reduce__", "self, /", reduce, "__reduce__() -> (cls, state)"),
    Native::member("days", |py, a| part(py, a, word::DAYS), "Number of days."),
    Native::member("seconds", |py, a| part(py, a, word::SECONDS), "Number of seconds (>= 0 and less than 1 day)."),
    Native::member(
        "microseconds",
        |py, a| part(py, a, word::MICROSECONDS),
        "Number of microseconds (>= 0 and less than 1 second).",
    ),
];
/// Most days of either sign.
const MOST_DAYS: i128 = 999_999_999;

pub(crate) fn install(py: Py<'_>) -> R<Object> {
    let class = py.native_type(&DELTA)?;
    let day = i128::from(DAY);
    for (name, micros) in [("resolution", 1), ("min", -MOST_DAYS * day), ("max", (MOST_DAYS + 1) * day - 1)] {
        let (name, v) = (py.intern(name)?, from_micros(py, micros)?);
        py.class_set(class, name, Some(v))?;
    }
    Ok(class)
}

/// The microseconds of a duration; `None` for what is none.
pub(crate) fn micros(py: Py<'_>, v: Value) -> Option<i128> {
    py.of_kind(v, DELTA.kind).map(micros_of)
}
/// Its days, seconds and microseconds.
pub(crate) fn parts(o: Object) -> [i64; 3] {
    [word::DAYS, word::SECONDS, word::MICROSECONDS].map(|word| number(o, word))
}
fn micros_of(o: Object) -> i128 {
    let [days, seconds, micros] = parts(o).map(i128::from);
    days * i128::from(DAY) + seconds * i128::from(SECOND) + micros
}
/// A duration of so many microseconds.
pub(crate) fn from_micros(py: Py<'_>, micros: i128) -> R {
    let class = py.native_type(&DELTA)?;
    make(py, class.value(), micros)
}
#[cold]
fn too_large<T>(py: Py<'_>) -> R<T> {
    py.err(Exc::OverflowError, "Python int too large to convert to C int")
}
fn make(py: Py<'_>, class: Value, micros: i128) -> R {
    let (days, rest) = (micros.div_euclid(i128::from(DAY)), micros.rem_euclid(i128::from(DAY)) as i64);
    if i32::try_from(days).is_err() {
        return too_large(py);
    }
    if days.abs() > MOST_DAYS {
        return py.err(Exc::OverflowError, &format!("days={days}; must have magnitude <= {MOST_DAYS}"));
    }
    let o = py.new_native_of(class, &DELTA)?;
    o.init(word::DAYS, Value::int(days as i64));
    o.init(word::SECONDS, Value::int(rest / SECOND));
    o.init(word::MICROSECONDS, Value::int(rest % SECOND));
    Ok(o.value())
}
fn this(py: Py<'_>, args: Args<'_>) -> R<i128> {
    py.native_self(args.at(0), &DELTA).map(micros_of)
}
fn part(py: Py<'_>, args: Args<'_>, word: usize) -> R {
    Ok(Value::int(number(py.native_self(args.at(0), &DELTA)?, word)))
}
fn not_implemented(_: Py<'_>, _: Args<'_>) -> R {
    Ok(special::NOT_IMPLEMENTED)
}

fn new(py: Py<'_>, args: Args<'_>) -> R {
    // Slot, name, unit; the fractions of floats add up in this order.
    const UNITS: [(usize, &str, i128); 7] = [
        (3, "microseconds", 1),
        (4, "milliseconds", 1000),
        (2, "seconds", 1_000_000),
        (5, "minutes", 60_000_000),
        (6, "hours", 3_600_000_000),
        (1, "days", 86_400_000_000),
        (7, "weeks", 604_800_000_000),
    ];
    let (mut sum, mut fraction) = (0i128, 0f64);
    for (slot, name, unit) in UNITS {
        let Some(v) = args.opt(slot) else { continue };
        if let Some(i) = py.as_int(v) {
            let whole = int::with_operand(i, |i| i.to_i128()).and_then(|i| i.checked_mul(unit));
            match whole.and_then(|i| sum.checked_add(i)) {
                Some(total) => sum = total,
                None => return too_large(py),
            }
        } else if let Some(f) = py.as_float(v) {
            if !f.is_finite() {
                py.int_from_f64(f)?;
            }
            let small = f.fract() * unit as f64;
            fraction += small.fract();
            // What does not fit saturates, and is too large.
            let total = (f.trunc() as i128).checked_mul(unit).and_then(|whole| sum.checked_add(whole));
            match total.and_then(|total| total.checked_add(small.trunc() as i128)) {
                Some(total) => sum = total,
                None => return too_large(py),
            }
        } else {
            let class = py.class_name(v);
            return py.type_error(&format!("unsupported type for timedelta {name} component: {class}"));
        }
    }
    if fraction != 0.0 {
        let mut whole = fraction.round();
        if (whole - fraction).abs() == 0.5 {
            // In the middle: to the even one of the sums.
            let odd = (sum & 1) as f64;
            whole = 2.0 * ((fraction + odd) * 0.5).round() - odd;
        }
        match sum.checked_add(whole as i128) {
            Some(total) => sum = total,
            None => return too_large(py),
        }
    }
    make(py, args.at(0), sum)
}

fn compare(py: Py<'_>, args: Args<'_>, op: CompareOp) -> R {
    let a = this(py, args)?;
    match micros(py, args.at(1)) {
        Some(b) => holds(op, a.cmp(&b)),
        None => Ok(special::NOT_IMPLEMENTED),
    }
}
fn hash(py: Py<'_>, args: Args<'_>) -> R {
    let parts = parts(py.native_self(args.at(0), &DELTA)?);
    let state = py.tuple(&parts.map(Value::int))?;
    py.int(py.hash(state)?)
}
fn reduce(py: Py<'_>, args: Args<'_>) -> R {
    let o = py.native_self(args.at(0), &DELTA)?;
    let state = py.tuple(&parts(o).map(Value::int))?;
    py.tuple(&[py.class_of(o.value()).value(), state])
}
fn repr(py: Py<'_>, args: Args<'_>) -> R {
    let o = py.native_self(args.at(0), &DELTA)?;
    let shown: Vec<String> = parts(o)
        .iter()
        .zip(["days", "seconds", "microseconds"])
        .filter(|(n, _)| **n != 0)
        .map(|(n, name)| format!("{name}={n}"))
        .collect();
    let shown = if shown.is_empty() { "0".to_owned() } else { shown.join(", ") };
    py.str(&format!("{}({shown})", py.class_name(o.value())))
}
fn to_str(py: Py<'_>, args: Args<'_>) -> R {
    let [days, seconds, micros] = parts(py.native_self(args.at(0), &DELTA)?);
    let mut text = match days {
        0 => String::new(),
        1 | -1 => format!("{days} day, "),
        _ => format!("{days} days, "),
    };
    text += &format!("{}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
    if micros != 0 {
        text += &format!(".{micros:06}");
    }
    py.str(&text)
}
fn total_seconds(py: Py<'_>, args: Args<'_>) -> R {
    let micros = py.int_i128(this(py, args)?)?;
    python_objects::number::ints(py, BinaryOp::TrueDiv, micros, Value::int(SECOND))
}

fn sum(py: Py<'_>, args: Args<'_>, f: fn(i128, i128) -> i128) -> R {
    let a = this(py, args)?;
    match micros(py, args.at(1)) {
        Some(b) => from_micros(py, f(a, b)),
        None => Ok(special::NOT_IMPLEMENTED),
    }
}

/// A quotient rounded to the nearest, in the middle to the even one.
fn nearest(a: i128, b: i128) -> i128 {
    let (a, b) = if b < 0 { (-a, -b) } else { (a, b) };
    let (q, r) = (a.div_euclid(b), a.rem_euclid(b));
    // Not 2 * r, which may be too large.
    if r > b - r || r == b - r && q % 2 != 0 { q + 1 } else { q }
}
/// A finite float as an odd mantissa (or 0) and an exponent of 2.
fn ratio(py: Py<'_>, f: f64) -> R<(i128, i32)> {
    if f.is_nan() {
        return py.value_error("cannot convert NaN to integer ratio");
    }
    if f.is_infinite() {
        return py.err(Exc::OverflowError, "cannot convert Infinity to integer ratio");
    }
    let bits = f.abs().to_bits();
    let (exponent, fraction) = ((bits >> 52) as i32, (bits & ((1 << 52) - 1)) as i128);
    let (mut mantissa, mut exponent) =
        if exponent == 0 { (fraction, -1074) } else { (fraction | 1 << 52, exponent - 1075) };
    if mantissa == 0 {
        return Ok((0, 0));
    }
    let zeros = mantissa.trailing_zeros();
    mantissa >>= zeros;
    exponent += zeros as i32;
    Ok((if f < 0.0 { -mantissa } else { mantissa }, exponent))
}
/// `a * 2**exponent`, if that is not beyond what durations can be by far.
fn scaled(a: i128, exponent: i32) -> Option<i128> {
    if a == 0 {
        return Some(0);
    }
    if exponent >= 126 { None } else { a.checked_mul(1 << exponent) }
}

/// Numerator and denominator that a float of a subclass says it is.
fn own_ratio(py: Py<'_>, v: Value) -> R<(i128, i128)> {
    let r = call_method(py, v, "as_integer_ratio", &[])?;
    let Some(pair) = py.as_tuple(r) else {
        let class = py.class_name(r);
        return py
            .type_error(&format!("unexpected return type from as_integer_ratio(): expected tuple, got '{class}'"));
    };
    if pair.length() != 2 {
        return py.value_error("as_integer_ratio() must return a 2-tuple");
    }
    let mut numbers = [0; 2];
    for (i, n) in numbers.iter_mut().enumerate() {
        let Some(found) = py.as_int(pair.element(i)) else {
            let class = py.class_name(pair.element(i));
            return py
                .type_error(&format!("unexpected return type from as_integer_ratio(): expected int, got '{class}'"));
        };
        match int::with_operand(found, |i| i.to_i128()) {
            Some(found) if found != i128::MIN => *n = found,
            _ => return too_large(py),
        }
    }
    Ok((numbers[0], numbers[1]))
}
/// `a * b / c`, rounded to the nearest.
fn scaled_by(py: Py<'_>, a: i128, b: i128, c: i128) -> R {
    if c == 0 {
        return by_zero(py, BY_ZERO);
    }
    match a.checked_mul(b) {
        Some(product) if product != i128::MIN => from_micros(py, nearest(product, c)),
        _ => too_large(py),
    }
}
fn times(py: Py<'_>, args: Args<'_>) -> R {
    let (a, b) = (this(py, args)?, args.at(1));
    let product = if let Some(i) = py.as_int(b) {
        match int::with_operand(i, |i| i.to_i128()) {
            Some(i) => a.checked_mul(i),
            None => Some(0).filter(|_| a == 0),
        }
    } else if py.as_float(b).is_some() && !b.is_float() {
        let (numerator, denominator) = own_ratio(py, b)?;
        return scaled_by(py, a, numerator, denominator);
    } else if let Some(f) = py.as_float(b) {
        let (mantissa, exponent) = ratio(py, f)?;
        // Of less than 67 and 53 bits.
        let product = a * mantissa;
        match exponent {
            0.. => scaled(product, exponent),
            // Less than half a microsecond.
            ..=-126 => Some(0),
            _ => Some(nearest(product, 1 << -exponent)),
        }
    } else {
        return Ok(special::NOT_IMPLEMENTED);
    };
    match product {
        Some(product) => from_micros(py, product),
        None => too_large(py),
    }
}
const BY_ZERO: &str = "integer division or modulo by zero";
fn by_zero<T>(py: Py<'_>, message: &str) -> R<T> {
    py.err(Exc::ZeroDivisionError, message)
}
fn divide(py: Py<'_>, args: Args<'_>) -> R {
    let (a, b) = (this(py, args)?, args.at(1));
    if let Some(b) = micros(py, b) {
        let (a, b) = (py.int_i128(a)?, py.int_i128(b)?);
        return python_objects::number::ints(py, BinaryOp::TrueDiv, a, b);
    }
    let quotient = if let Some(i) = py.as_int(b) {
        match int::with_operand(i, |i| i.to_i128()) {
            Some(0) => return by_zero(py, BY_ZERO),
            Some(i) if i != i128::MIN => nearest(a, i),
            _ => 0,
        }
    } else if py.as_float(b).is_some() && !b.is_float() {
        let (numerator, denominator) = own_ratio(py, b)?;
        return scaled_by(py, a, denominator, numerator);
    } else if let Some(f) = py.as_float(b) {
        let (mantissa, exponent) = ratio(py, f)?;
        if mantissa == 0 {
            return by_zero(py, BY_ZERO);
        }
        if exponent >= 0 {
            scaled(mantissa, exponent).map_or(0, |divisor| nearest(a, divisor))
        } else {
            match scaled(a, -exponent) {
                Some(dividend) => nearest(dividend, mantissa),
                None => return too_large(py),
            }
        }
    } else {
        return Ok(special::NOT_IMPLEMENTED);
    };
    from_micros(py, quotient)
}
fn divide_down(py: Py<'_>, args: Args<'_>) -> R {
    let (a, b) = (this(py, args)?, args.at(1));
    if let Some(b) = micros(py, b) {
        let (a, b) = (py.int_i128(a)?, py.int_i128(b)?);
        return python_objects::number::ints(py, BinaryOp::FloorDiv, a, b);
    }
    let Some(i) = py.as_int(b) else { return Ok(special::NOT_IMPLEMENTED) };
    if int::is_zero(i) {
        return by_zero(py, BY_ZERO);
    }
    let negative = int::is_negative(i);
    let quotient = match int::with_operand(i, |i| i.to_i128()) {
        Some(i) if i != i128::MIN => {
            let (a, b) = if negative { (-a, -i) } else { (a, i) };
            a.div_euclid(b)
        }
        // Beyond all durations.
        _ => -i128::from(a != 0 && (a < 0) != negative),
    };
    from_micros(py, quotient)
}
/// The quotient rounded down, and what is left, with the divisor's sign.
fn split(py: Py<'_>, args: Args<'_>) -> R<Option<(i128, i128)>> {
    let a = this(py, args)?;
    let Some(b) = micros(py, args.at(1)) else { return Ok(None) };
    if b == 0 {
        return by_zero(py, "integer modulo by zero");
    }
    let rest = a.rem_euclid(b);
    let rest = if b < 0 && rest != 0 { rest + b } else { rest };
    Ok(Some(((a - rest) / b, rest)))
}
fn remainder(py: Py<'_>, args: Args<'_>) -> R {
    match split(py, args)? {
        Some((_, rest)) => from_micros(py, rest),
        None => Ok(special::NOT_IMPLEMENTED),
    }
}
fn quotient_and_remainder(py: Py<'_>, args: Args<'_>) -> R {
    let Some((quotient, rest)) = split(py, args)? else { return Ok(special::NOT_IMPLEMENTED) };
    let (quotient, rest) = (py.int_i128(quotient)?, from_micros(py, rest)?);
    py.tuple(&[quotient, rest])
}

/// The microseconds of an argument that must be a duration.
pub(crate) fn argument(py: Py<'_>, v: Value, function: &str, position: usize) -> R<i128> {
    match micros(py, v) {
        Some(micros) => Ok(micros),
        None => {
            let class = if v == Value::NONE { "None".to_owned() } else { py.class_name(v) };
            py.type_error(&format!("{function}() argument {position} must be datetime.timedelta, not {class}"))
        }
    }
}
