//! Comparisons with numbers of all types, and hashes that agree with them.

use crate::argument::{from_f64, from_int, small_operand};
use crate::context::{self, run_quietly};
use crate::decimal::{number, this};
use crate::kept;
use crate::number::small;
use crate::number::{Context, Dec, Kind, arithmetic, compare, status};
use crate::signals::signal;
use python_numbers::bigint::HASH_MODULUS;
use python_objects::compare::CompareOp;
use python_objects::kind::special;
use python_objects::{Args, Kind as Type, Object, Py, R, Value};

/// The other operand, and this one multiplied by what that was multiplied with (the denominator of a fraction).
fn other(py: Py<'_>, d: &Dec, v: Value, op: CompareOp, context: Object) -> R<Option<(Dec, Dec)>> {
    if let Some(other) = number(py, v) {
        return Ok(Some((d.clone(), other)));
    }
    if let Some(i) = py.as_int(v) {
        return Ok(Some((d.clone(), from_int(py, i)?)));
    }
    let equality = matches!(op, CompareOp::Eq | CompareOp::Ne);
    let float = match py.kind(v) {
        Type::FLOAT => py.as_float(v),
        Type::COMPLEX if equality => py.as_complex(v).filter(|c| c.1 == 0.0).map(|c| c.0),
        _ => None,
    };
    if let Some(f) = float {
        // Asking whether they are equal is harmless: it is noted, not trapped.
        if equality {
            context::add_status(context, status::FLOAT_OPERATION);
        } else {
            signal(py, context, status::FLOAT_OPERATION)?;
        }
        return Ok(Some((d.clone(), from_f64(py, f)?)));
    }
    if py.kind(v) == Type::COMPLEX || !py.isinstance(v, py.kept(kept::get(py)?.rational))? {
        return Ok(None);
    }
    let part = |name: &str| -> R<Option<Dec>> {
        let v = py.get_attribute_text(v, name)?;
        match py.as_int(v) {
            Some(i) => from_int(py, i).map(Some),
            None => py.type_error("argument must be an integer"),
        }
    };
    let (Some(top), Some(bottom)) = (part("numerator")?, part("denominator")?) else { return Ok(None) };
    if d.is_special() {
        return Ok(Some((d.clone(), top)));
    }
    let (scaled, _) = run_quietly(py, &Context::MAX, |_, env| arithmetic::exact_product(d, &bottom, env))?;
    Ok(Some((scaled, top)))
}
pub(crate) fn rich(py: Py<'_>, args: Args<'_>, op: CompareOp) -> R {
    if let (Some(a), Some(b)) = (small_operand(py, args.at(0)), small_operand(py, args.at(1)))
        && let Some(order) = small::order(&a, &b)
    {
        return Ok(Value::bool(op.holds(order)));
    }
    let d = this(py, args)?;
    let context = context::current(py)?;
    let Some((a, b)) = other(py, &d, args.at(1), op, context)? else { return Ok(special::NOT_IMPLEMENTED) };
    if a.is_nan() || b.is_nan() {
        // Signaling ones signal always, quiet ones where there is no order.
        let signals = a.is_signaling() || b.is_signaling() || !matches!(op, CompareOp::Eq | CompareOp::Ne);
        if signals {
            signal(py, context, status::INVALID_OPERATION)?;
        }
        return Ok(Value::bool(op == CompareOp::Ne));
    }
    let (order, _) = run_quietly(py, &Context::MAX, |_, env| compare::order(&a, &b, env))?;
    Ok(Value::bool(op.holds(order)))
}

/// `base ** exponent` modulo that of hashes.
fn power(base: u64, mut exponent: u64) -> u64 {
    let times = |a: u64, b: u64| (u128::from(a) * u128::from(b) % u128::from(HASH_MODULUS)) as u64;
    let (mut result, mut square) = (1, base);
    while exponent > 0 {
        if exponent & 1 == 1 {
            result = times(result, square);
        }
        square = times(square, square);
        exponent >>= 1;
    }
    result
}
/// The inverse of 10.
const INVERSE_TEN: u64 = 2_075_258_708_292_324_556;

pub(crate) fn hash(py: Py<'_>, args: Args<'_>) -> R {
    let o = py.native_self(args.at(0), &crate::decimal::DECIMAL)?;
    let d = crate::decimal::load(o);
    match d.kind {
        Kind::Signaling => return py.type_error("Cannot hash a signaling NaN value"),
        Kind::Quiet => return py.int(py.identity_hash(o)),
        Kind::Infinite => return py.int(if d.negative { -314_159 } else { 314_159 }),
        Kind::Finite => {}
    }
    let modulus = u128::from(HASH_MODULUS);
    let base = u128::from(crate::number::limbs::BASE);
    let coefficient = d.limbs.iter().rev().fold(0, |h, limb| (h * base + u128::from(*limb)) % modulus);
    let scale = power(if d.exp < 0 { INVERSE_TEN } else { 10 }, d.exp.unsigned_abs());
    let magnitude = (coefficient * u128::from(scale) % modulus) as i64;
    let hash = if d.negative { -magnitude } else { magnitude };
    py.int(if hash == -1 { -2 } else { hash })
}
