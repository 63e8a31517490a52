//! Arithmetic of exact `int`, `bool`, `float` and `complex`: the operators' native answers.

use crate::exception::Exc;
use crate::int::{self, with_operands};
use crate::kind::{Kind, shape, special};
use crate::operator::{BinaryOp, UnaryOp};
use crate::py::{Py, R};
use python_numbers::bigint::{self, size};
use python_numbers::complex::{self, Complex, ComplexError};
use python_numbers::float::{self, PowError};
use vm_api::heap::{Object, Value};

/// A number as the operators see it.
#[derive(Clone, Copy)]
enum Number {
    Int(Value),
    Bool(bool),
    Float(f64),
    Complex(Complex),
}

#[inline]
fn number(v: Value) -> Option<Number> {
    if v.is_int() {
        return Some(Number::Int(v));
    }
    if v.is_float() {
        return Some(Number::Float(v.as_float()));
    }
    if v.is_bool() {
        return Some(Number::Bool(v.as_bool()));
    }
    let o = Object::from_value(v)?;
    match o.shape() {
        shape::INT => Some(Number::Int(v)),
        shape::COMPLEX => Some(Number::Complex(Complex::new(f64::from_bits(o.word(1)), f64::from_bits(o.word(2))))),
        _ => None,
    }
}

impl Number {
    fn as_int(self) -> Option<Value> {
        match self {
            Number::Int(v) => Some(v),
            Number::Bool(b) => Some(Value::int(i64::from(b))),
            _ => None,
        }
    }
    fn as_f64(self, py: Py<'_>) -> R<Option<f64>> {
        Ok(Some(match self {
            Number::Float(f) => f,
            Number::Complex(_) => return Ok(None),
            Number::Bool(b) => f64::from(u8::from(b)),
            Number::Int(v) => match int::to_f64(v) {
                Some(f) => f,
                None => return py.err(Exc::OverflowError, "int too large to convert to float"),
            },
        }))
    }
    fn as_complex(self, py: Py<'_>) -> R<Complex> {
        Ok(match self {
            Number::Complex(c) => c,
            other => Complex::new(other.as_f64(py)?.unwrap_or(0.0), 0.0),
        })
    }
}

/// `a op b` for exact numbers; `None` if one is none, or the operation is not theirs.
#[inline]
pub fn binary(py: Py<'_>, op: BinaryOp, a: Value, b: Value) -> R<Option<Value>> {
    let (Some(x), Some(y)) = (number(a), number(b)) else { return Ok(None) };
    binary_numbers(py, op, x, y)
}

#[inline(never)]
fn binary_numbers(py: Py<'_>, op: BinaryOp, x: Number, y: Number) -> R<Option<Value>> {
    if op == BinaryOp::MatMul {
        return Ok(None);
    }
    if let (Number::Bool(x), Number::Bool(y)) = (x, y) {
        match op {
            BinaryOp::And => return Ok(Some(Value::bool(x & y))),
            BinaryOp::Or => return Ok(Some(Value::bool(x | y))),
            BinaryOp::Xor => return Ok(Some(Value::bool(x ^ y))),
            _ => {}
        }
    }
    if let (Some(x), Some(y)) = (x.as_int(), y.as_int()) {
        return ints(py, op, x, y).map(Some);
    }
    if matches!(x, Number::Complex(_)) || matches!(y, Number::Complex(_)) {
        return complexes(py, op, x.as_complex(py)?, y.as_complex(py)?);
    }
    let (Some(x), Some(y)) = (x.as_f64(py)?, y.as_f64(py)?) else { return Ok(None) };
    floats(py, op, x, y)
}

/// The same for any exact integers.
pub fn ints(py: Py<'_>, op: BinaryOp, a: Value, b: Value) -> R {
    if a.is_int()
        && b.is_int()
        && let Some(r) = small_ints(a.as_int(), b.as_int(), op)
    {
        return py.int(r);
    }
    if let (Some(x), Some(y)) = (int::to_i64(a), int::to_i64(b))
        && let Some(r) = words(x, y, op)
    {
        return py.int(r);
    }
    let poll = py.poller();
    match op {
        BinaryOp::Add => py.int_result(with_operands(a, b, bigint::add)),
        BinaryOp::Sub => py.int_result(with_operands(a, b, bigint::sub)),
        BinaryOp::Mul => {
            py.check_bits(with_operands(a, b, size::mul_bits))?;
            py.int_result(with_operands(a, b, |x, y| bigint::mul(x, y, poll)))
        }
        BinaryOp::FloorDiv | BinaryOp::DivMod if int::is_zero(b) => Err(py.int_error(bigint::Error::ZeroDivision)),
        BinaryOp::FloorDiv => py.int_result(with_operands(a, b, |x, y| bigint::floor_div(x, y, poll))),
        BinaryOp::Mod => {
            if int::is_zero(b) {
                return py.err(Exc::ZeroDivisionError, "integer modulo by zero");
            }
            py.int_result(with_operands(a, b, |x, y| bigint::modulo(x, y, poll)))
        }
        BinaryOp::DivMod => match with_operands(a, b, |x, y| bigint::divmod(x, y, poll)) {
            Ok((q, r)) => {
                let (q, r) = (py.int_from(q.as_int())?, py.int_from(r.as_int())?);
                py.tuple(&[q, r])
            }
            Err(e) => Err(py.int_error(e)),
        },
        BinaryOp::TrueDiv if int::is_zero(b) => py.err(Exc::ZeroDivisionError, "division by zero"),
        BinaryOp::TrueDiv => match with_operands(a, b, |x, y| bigint::true_div(x, y, poll)) {
            Ok(f) => Ok(Value::float(f)),
            Err(bigint::Error::Overflow) => py.err(Exc::OverflowError, "integer division result too large for a float"),
            Err(e) => Err(py.int_error(e)),
        },
        BinaryOp::Pow => int_power(py, a, b),
        BinaryOp::LShift | BinaryOp::RShift => {
            if int::is_negative(b) {
                return py.value_error("negative shift count");
            }
            let count = int::to_i64(b);
            match (op, count) {
                (BinaryOp::LShift, _) if int::is_zero(a) => Ok(Value::int(0)),
                (BinaryOp::LShift, Some(n)) => {
                    py.check_bits(int::with_operand(a, |x| size::shl_bits(x, n as u64)))?;
                    py.int_result(int::with_operand(a, |x| bigint::shl(x, n as u64)))
                }
                (BinaryOp::LShift, None) => py.err(Exc::OverflowError, "too many digits in integer"),
                (_, Some(n)) => py.int_result(int::with_operand(a, |x| bigint::shr(x, n as u64))),
                (_, None) => Ok(Value::int(if int::is_negative(a) { -1 } else { 0 })),
            }
        }
        BinaryOp::And => py.int_result(with_operands(a, b, bigint::and)),
        BinaryOp::Or => py.int_result(with_operands(a, b, bigint::or)),
        BinaryOp::Xor => py.int_result(with_operands(a, b, bigint::xor)),
        BinaryOp::MatMul => Ok(special::NOT_IMPLEMENTED),
    }
}

/// Operations on small integers whose result fits 64 bits.
#[inline]
fn small_ints(x: i64, y: i64, op: BinaryOp) -> Option<i64> {
    match op {
        BinaryOp::Add => Some(x + y),
        BinaryOp::Sub => Some(x - y),
        BinaryOp::Mul => x.checked_mul(y),
        BinaryOp::FloorDiv if y != 0 => Some(x.div_euclid(y) - i64::from(y < 0 && x.rem_euclid(y) != 0)),
        BinaryOp::Mod if y != 0 => {
            let r = x % y;
            Some(if r != 0 && (r < 0) != (y < 0) { r + y } else { r })
        }
        BinaryOp::And => Some(x & y),
        BinaryOp::Or => Some(x | y),
        BinaryOp::Xor => Some(x ^ y),
        BinaryOp::LShift if (0..13).contains(&y) => Some(x << y),
        BinaryOp::RShift if y >= 0 => Some(x >> y.min(63)),
        _ => None,
    }
}

/// Operations on integers of 64 bits whose result has no more.
#[inline]
pub fn words(x: i64, y: i64, op: BinaryOp) -> Option<i64> {
    match op {
        BinaryOp::Add => x.checked_add(y),
        BinaryOp::Sub => x.checked_sub(y),
        BinaryOp::Mul => x.checked_mul(y),
        BinaryOp::FloorDiv | BinaryOp::Mod if y > 0 => small_ints(x, y, op),
        BinaryOp::And | BinaryOp::Or | BinaryOp::Xor => small_ints(x, y, op),
        BinaryOp::LShift if (0..63).contains(&y) => Some(x << y).filter(|r| r >> y == x),
        BinaryOp::RShift if y >= 0 => Some(x >> y.min(63)),
        BinaryOp::Pow if y == 2 => x.checked_mul(x),
        _ => None,
    }
}

fn int_power(py: Py<'_>, a: Value, b: Value) -> R {
    if int::is_negative(b) {
        let (Some(x), Some(y)) = (int::to_f64(a), int::to_f64(b)) else {
            return py.err(Exc::OverflowError, "int too large to convert to float");
        };
        return float_power(py, x, y);
    }
    let Some(n) = int::to_i64(b) else {
        // Only 0, 1 and -1 have such powers.
        return match int::to_i64(a) {
            Some(0) => Ok(Value::int(0)),
            Some(1) => Ok(Value::int(1)),
            Some(-1) => Ok(Value::int(if int::with_operand(b, |i| i.is_odd()) { -1 } else { 1 })),
            _ => Err(py.out_of_memory(vm_api::heap::OutOfMemory)),
        };
    };
    py.check_bits(int::with_operand(a, |x| size::pow_bits(x, n as u64)))?;
    let poll = py.poller();
    py.int_result(int::with_operand(a, |x| bigint::pow(x, n as u64, poll)))
}

/// `pow(a, b, m)` for exact integers.
pub fn pow_mod(py: Py<'_>, a: Value, b: Value, m: Value) -> R {
    if int::is_zero(m) {
        return py.value_error("pow() 3rd argument cannot be 0");
    }
    let poll = py.poller();
    let mut buffer = bigint::IntBuffer::from(0);
    let m = int::operand(m, &mut buffer);
    py.int_result(with_operands(a, b, |x, y| bigint::pow_mod(x, y, m, poll)))
}

fn float_power(py: Py<'_>, x: f64, y: f64) -> R {
    match float::pow(x, y) {
        Ok(f) => Ok(Value::float(f)),
        Err(PowError::ZeroDivision) => py.err(Exc::ZeroDivisionError, "0.0 cannot be raised to a negative power"),
        Err(PowError::Overflow) => {
            let (number, text) = (Value::int(34), py.str("Numerical result out of range")?);
            let e = py.new_exception(Exc::OverflowError, &[number, text])?;
            Err(py.throw(e))
        }
        Err(PowError::Complex) => complex_power(py, Complex::new(x, 0.0), Complex::new(y, 0.0)),
    }
}

fn complex_power(py: Py<'_>, x: Complex, y: Complex) -> R {
    match complex::pow(x, y) {
        Ok(c) => py.complex(c.real, c.imaginary),
        Err(ComplexError::ZeroDivision) => py.err(Exc::ZeroDivisionError, "0.0 to a negative or complex power"),
        Err(ComplexError::Overflow) => py.err(Exc::OverflowError, "complex exponentiation"),
    }
}

fn floats(py: Py<'_>, op: BinaryOp, x: f64, y: f64) -> R<Option<Value>> {
    let divided = |r: Option<f64>, message: &str| match r {
        Some(f) => Ok(Some(Value::float(f))),
        None => py.err(Exc::ZeroDivisionError, message),
    };
    match op {
        BinaryOp::Add => Ok(Some(Value::float(x + y))),
        BinaryOp::Sub => Ok(Some(Value::float(x - y))),
        BinaryOp::Mul => Ok(Some(Value::float(x * y))),
        BinaryOp::TrueDiv => divided((y != 0.0).then(|| x / y), "float division by zero"),
        BinaryOp::FloorDiv => divided(float::floor_div(x, y), "float floor division by zero"),
        BinaryOp::Mod => divided(float::modulo(x, y), "float modulo"),
        BinaryOp::DivMod => match float::divmod(x, y) {
            Some((q, r)) => py.tuple(&[Value::float(q), Value::float(r)]).map(Some),
            None => py.err(Exc::ZeroDivisionError, "float divmod()"),
        },
        BinaryOp::Pow => float_power(py, x, y).map(Some),
        _ => Ok(None),
    }
}

fn complexes(py: Py<'_>, op: BinaryOp, x: Complex, y: Complex) -> R<Option<Value>> {
    let c = match op {
        BinaryOp::Add => complex::add(x, y),
        BinaryOp::Sub => complex::sub(x, y),
        BinaryOp::Mul => complex::mul(x, y),
        BinaryOp::TrueDiv => match complex::div(x, y) {
            Ok(c) => c,
            Err(_) => return py.err(Exc::ZeroDivisionError, "complex division by zero"),
        },
        BinaryOp::Pow => return complex_power(py, x, y).map(Some),
        _ => return Ok(None),
    };
    py.complex(c.real, c.imaginary).map(Some)
}

/// `op a` for exact numbers.
pub fn unary(py: Py<'_>, op: UnaryOp, a: Value) -> R<Option<Value>> {
    // `~` of a truth value has a method of its own, which warns.
    if op == UnaryOp::Invert && a.is_bool() {
        return Ok(None);
    }
    let Some(x) = number(a) else { return Ok(None) };
    if let Some(i) = x.as_int() {
        return match op {
            UnaryOp::Pos => Ok(Some(i)),
            UnaryOp::Neg => py.int_result(int::with_operand(i, bigint::neg)).map(Some),
            UnaryOp::Invert => py.int_result(int::with_operand(i, bigint::invert)).map(Some),
        };
    }
    match (x, op) {
        (Number::Float(f), UnaryOp::Neg) => Ok(Some(Value::float(-f))),
        (Number::Float(_) | Number::Complex(_), UnaryOp::Pos) => Ok(Some(a)),
        (Number::Complex(c), UnaryOp::Neg) => py.complex(-c.real, -c.imaginary).map(Some),
        _ => Ok(None),
    }
}

/// A number of any of the four types or their subclasses as the exact value; `None` for others.
pub fn exact(py: Py<'_>, v: Value) -> R<Option<Value>> {
    if let Some(i) = py.as_int(v) {
        return Ok(Some(if v.is_bool() { v } else { i }));
    }
    if let Some(f) = py.as_float(v) {
        return Ok(Some(Value::float(f)));
    }
    if v.is_object() && py.kind(v) == Kind::COMPLEX {
        let o = Object::of(v);
        return Ok(Some(if o.shape() == shape::COMPLEX { v } else { crate::instance::payload(o) }));
    }
    Ok(None)
}
