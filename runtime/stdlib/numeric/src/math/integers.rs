//! Functions of integers.

use python_numbers::bigint::{self, BigInt, Error, size};
use python_objects::native::variadic;
use python_objects::{Args, Exc, Native, Py, R, Value, int};

type Pairwise = fn(bigint::Int<'_>, bigint::Int<'_>, &dyn bigint::Poll) -> Result<BigInt, Error>;

/// `gcd` and `lcm`: folds the arguments, beginning with `start`.
fn fold(py: Py<'_>, args: Args<'_>, start: i64, f: Pairwise) -> R {
    let mut all = Value::int(start);
    for v in variadic(args, 0) {
        let v = py.index(v)?;
        let poll = py.poller();
        all = py.int_result(int::with_operands(all, v, |a, b| f(a, b, poll)))?;
    }
    Ok(all)
}
fn gcd(py: Py<'_>, args: Args<'_>) -> R {
    fold(py, args, 0, |a, b, poll| bigint::gcd(a, b, poll))
}
fn lcm(py: Py<'_>, args: Args<'_>) -> R {
    fold(py, args, 1, |a, b, poll| bigint::lcm(a, b, poll))
}
fn factorial(py: Py<'_>, args: Args<'_>) -> R {
    let n = py.index(args.at(0))?;
    let Some(n) = int::to_i64(n) else {
        if int::is_negative(n) {
            return py.value_error("factorial() not defined for negative values");
        }
        return py.err(Exc::OverflowError, &format!("factorial() argument should not exceed {}", i64::MAX));
    };
    let Ok(n) = u64::try_from(n) else { return py.value_error("factorial() not defined for negative values") };
    py.check_bits(size::factorial_bits(n))?;
    let poll = py.poller();
    py.int_result(bigint::factorial(n, poll))
}
/// The two arguments of `comb` and `perm`, neither negative.
fn chosen(py: Py<'_>, n: Value, k: Value) -> R<(Value, Value)> {
    let (n, k) = (py.index(n)?, py.index(k)?);
    for (v, name) in [(n, "n"), (k, "k")] {
        if int::is_negative(v) {
            return py.value_error(&format!("{name} must be a non-negative integer"));
        }
    }
    Ok((n, k))
}
fn comb(py: Py<'_>, args: Args<'_>) -> R {
    let (n, k) = chosen(py, args.at(0), args.at(1))?;
    let poll = py.poller();
    match int::with_operands(n, k, |n, k| bigint::comb(n, k, poll)) {
        Err(Error::Overflow) => py.err(Exc::OverflowError, &format!("min(n - k, k) must not exceed {}", i64::MAX)),
        r => py.int_result(r),
    }
}
fn perm(py: Py<'_>, args: Args<'_>) -> R {
    let Some(k) = args.some(1) else { return factorial(py, args.first(1)) };
    let (n, k) = chosen(py, args.at(0), k)?;
    let poll = py.poller();
    match int::with_operands(n, k, |n, k| bigint::perm(n, k, poll)) {
        Err(Error::Overflow) => py.err(Exc::OverflowError, &format!("k must not exceed {}", i64::MAX)),
        r => py.int_result(r),
    }
}

pub(super) static FUNCTIONS: &[Native] = &[
    Native::function(
        "comb",
        "n, k, /",
        comb,
        "Number of ways to choose k items from n items without repetition and without order.",
    ),
    Native::function("factorial", "n, /", factorial, "Find n!."),
    Native::function("gcd", "*integers", gcd, "Greatest Common Divisor."),
    Native::function("lcm", "*integers", lcm, "Least Common Multiple."),
    Native::function(
        "perm",
        "n, k=None, /",
        perm,
        "Number of ways to choose k items from n items without repetition and with order.",
    ),
];
