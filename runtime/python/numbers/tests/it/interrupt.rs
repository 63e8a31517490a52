//! Long operations ask their poll often enough to be stopped, and stop.

use std::cell::Cell;
use std::time::{Duration, Instant};

use python_numbers::bigint::{self, BigInt, Error, Poll};

/// Runs an operation until 30 ms have passed, then has the poll say stop; the whole must end soon after.
fn stops<T: std::fmt::Debug>(name: &str, operation: impl Fn(&dyn Poll) -> Result<T, Error>) {
    let start = Instant::now();
    let asked = Cell::new(0);
    let result = operation(&|| {
        asked.set(asked.get() + 1);
        start.elapsed() > Duration::from_millis(30)
    });
    let took = start.elapsed();
    assert!(matches!(result, Err(Error::Interrupted)), "{name} ended after {took:?} and {} polls", asked.get());
    // Loaded test machines and unoptimized builds need room.
    assert!(took < Duration::from_secs(2), "{name} stopped after {took:?}");
}

/// A number without pattern (SplitMix64).
fn random(limbs: usize) -> BigInt {
    let mut state = limbs as u64;
    let next = || {
        state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (state ^ state >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ mixed >> 31
    };
    BigInt::new(false, std::iter::repeat_with(next).take(limbs).collect())
}

#[test]
fn long_operations_stop() {
    let ten = BigInt::from_i64(10);
    let (large, huge) = (random(100_000), random(1_000_000));
    stops("10 ** 10 ** 8", |poll| bigint::pow(ten.as_int(), 100_000_000, poll));
    stops("product", |poll| bigint::mul(huge.as_int(), huge.as_int(), poll));
    stops("quotient", |poll| bigint::divmod(huge.as_int(), large.as_int(), poll));
    stops("text", |poll| bigint::to_string(huge.as_int(), 10, poll));
    let digits = vec![b'7'; 10_000_000];
    stops("number of text", |poll| {
        bigint::from_str(&digits, 10, 0, poll).map_err(|error| match error {
            bigint::ParseError::Failed(error) => error,
            other => panic!("{other:?}"),
        })
    });
    stops("divisor", |poll| bigint::gcd(huge.as_int(), random(999_999).as_int(), poll));
    stops("root", |poll| bigint::isqrt(huge.as_int(), poll));
    let modulus = random(3000);
    stops("modular power", |poll| bigint::pow_mod(large.as_int(), large.as_int(), modulus.as_int(), poll));
    stops("inverse", |poll| bigint::inverse_mod(random(19_999).as_int(), random(20_000).as_int(), poll));
    stops("factorial", |poll| bigint::factorial(10_000_000, poll));
    let wide = BigInt::from_i64(1 << 40);
    stops("permutations", |poll| bigint::perm(wide.as_int(), BigInt::from_i64(10_000_000).as_int(), poll));
    stops("combinations", |poll| bigint::comb(wide.as_int(), BigInt::from_i64(10_000_000).as_int(), poll));
}
