//! Functions of rows of numbers.

use python_numbers::math::{self, Fsum, FsumError, ProductSum};
use python_objects::native::variadic;
use python_objects::operator::BinaryOp;
use python_objects::{Args, Exc, Native, Object, Py, R, Value, int, tuple};

fn fsum(py: Py<'_>, args: Args<'_>) -> R {
    let mut sum = Fsum::new();
    let failed = |e| match e {
        FsumError::IntermediateOverflow => py.error(Exc::OverflowError, "intermediate overflow in fsum"),
        FsumError::OppositeInfinities => py.error(Exc::ValueError, "-inf + inf in fsum"),
    };
    py.each(args.at(0), |v| sum.add(py.real(v)?).map_err(failed))?;
    sum.finish().map(Value::float).map_err(failed)
}
fn prod(py: Py<'_>, args: Args<'_>) -> R {
    let mut product = args.opt(1).unwrap_or(Value::int(1));
    py.each(args.at(0), |v| {
        product = py.binary(BinaryOp::Mul, product, v)?;
        Ok(())
    })?;
    Ok(product)
}
fn hypot(py: Py<'_>, args: Args<'_>) -> R {
    let mut coordinates = Vec::new();
    for v in variadic(args, 0) {
        coordinates.push(py.real(v)?);
    }
    Ok(Value::float(math::hypot(&coordinates)))
}
fn dist(py: Py<'_>, args: Args<'_>) -> R {
    let (p, q) = (py.tuple_from(args.at(0))?, py.tuple_from(args.at(1))?);
    if p.length() != q.length() {
        return py.value_error("both points must have the same number of dimensions");
    }
    let point = |t: Object| -> R<Vec<f64>> {
        let mut point = Vec::with_capacity(t.length());
        for v in tuple::items(t) {
            point.push(py.real(v)?);
        }
        Ok(point)
    };
    Ok(Value::float(math::dist(&point(p)?, &point(q)?)))
}

/// Both as floats, if they are a float and a float, an int or a bool.
fn float_pair(py: Py<'_>, p: Value, q: Value) -> Option<(f64, f64)> {
    let float = |v: Value| if v.is_float() { Some(v.as_float()) } else { int::to_f64(py.exact_int(v)?) };
    (p.is_float() || q.is_float()).then_some(())?;
    Some((float(p)?, float(q)?))
}
/// Machine integers as long as nothing overflows, then floats in triple length as long as they are finite, then the
/// operators: as CPython, since the order of additions shows in the result.
fn sumprod(py: Py<'_>, args: Args<'_>) -> R {
    let (left, right) = (py.iter(args.at(0))?, py.iter(args.at(1))?);
    let mut total = Value::int(0);
    let (mut integers, mut floats) = (Some(0i64), Some(ProductSum::default()));
    let (mut has_integers, mut has_floats) = (false, false);
    loop {
        let (p, q) = (py.next(left)?, py.next(right)?);
        let pair = match (p, q) {
            (Some(p), Some(q)) => Some((p, q)),
            (None, None) => None,
            _ => return py.value_error("Inputs are not the same length"),
        };
        if let Some(sum) = integers {
            let exact = |v: Value| if v.is_bool() { None } else { py.exact_int(v).and_then(int::to_i64) };
            let next =
                pair.and_then(|(p, q)| exact(p)?.checked_mul(exact(q)?)).and_then(|product| sum.checked_add(product));
            if let Some(next) = next {
                (integers, has_integers) = (Some(next), true);
                continue;
            }
            if has_integers {
                let sum = py.int(sum)?;
                total = py.binary(BinaryOp::Add, total, sum)?;
            }
            integers = None;
        }
        if let Some(mut sum) = floats {
            if let Some((p, q)) = pair.and_then(|(p, q)| float_pair(py, p, q))
                && sum.add(p, q)
            {
                (floats, has_floats) = (Some(sum), true);
                continue;
            }
            if has_floats {
                total = py.binary(BinaryOp::Add, total, Value::float(sum.total()))?;
            }
            floats = None;
        }
        let Some((p, q)) = pair else { return Ok(total) };
        let product = py.binary(BinaryOp::Mul, p, q)?;
        total = py.binary(BinaryOp::Add, total, product)?;
    }
}

pub(super) static FUNCTIONS: &[Native] = &[
    Native::function("dist", "p, q, /", dist, "Return the Euclidean distance between two points p and q."),
    Native::function("fsum", "seq, /", fsum, "Return an accurate floating point sum of values in the iterable seq."),
    Native::function(
        "hypot",
        "*coordinates",
        hypot,
        "hypot(*coordinates) -> value\n\nMultidimensional Euclidean distance from the origin to a point.",
    ),
    Native::function(
        "prod",
        "iterable, /, *, start=1",
        prod,
        "Calculate the product of all the elements in the input iterable.",
    ),
    Native::function("sumprod", "p, q, /", sumprod, "Return the sum of products of values from two iterables p and q."),
];
