//! Time of the operations on integers by size of their operands: `cargo bench -p python-numbers`.
//!
//! The sizes of pidigits are a few to some hundred limbs; its divisions are of two large numbers with a small quotient.

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use python_numbers::bigint::{self, BigInt};

fn never() -> bool {
    false
}

/// A number without pattern (SplitMix64).
fn random(limbs: usize, seed: u64) -> BigInt {
    let mut state = seed;
    let next = || {
        state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (state ^ state >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ mixed >> 31
    };
    BigInt::new(false, std::iter::repeat_with(next).take(limbs).collect())
}

fn operators(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("operators");
    let (mut first, mut second) = (BigInt::default(), BigInt::default());
    for limbs in [1, 2, 4, 8, 16, 30, 100, 300, 3000] {
        let (a, b, double, one) = (random(limbs, 1), random(limbs, 2), random(2 * limbs, 3), random(1, 4));
        let multiple = bigint::mul(a.as_int(), BigInt::from_i64(7).as_int(), &never).expect("a product");
        let (x, y, one) = (a.as_int(), b.as_int(), one.as_int());
        group.bench_function(BenchmarkId::new("add", limbs), |bencher| {
            bencher.iter(|| bigint::add(black_box(x), black_box(y)));
        });
        group.bench_function(BenchmarkId::new("add again", limbs), |bencher| {
            bencher.iter(|| bigint::add_into(&mut first, black_box(x), black_box(y)));
        });
        group.bench_function(BenchmarkId::new("mul", limbs), |bencher| {
            bencher.iter(|| bigint::mul(black_box(x), black_box(y), &never));
        });
        group.bench_function(BenchmarkId::new("mul again", limbs), |bencher| {
            bencher.iter(|| bigint::mul_into(&mut first, black_box(x), black_box(y), &never));
        });
        group.bench_function(BenchmarkId::new("mul by a limb", limbs), |bencher| {
            bencher.iter(|| bigint::mul(black_box(x), black_box(one), &never));
        });
        group.bench_function(BenchmarkId::new("divmod of twice as many", limbs), |bencher| {
            bencher.iter(|| bigint::divmod(black_box(double.as_int()), black_box(y), &never));
        });
        group.bench_function(BenchmarkId::new("divmod to a limb again", limbs), |bencher| {
            let dividend = multiple.as_int();
            bencher.iter(|| bigint::divmod_into(&mut first, &mut second, black_box(dividend), black_box(y), &never));
        });
    }
    group.finish();
}

fn large(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("large");
    group.sample_size(10);
    let (ten, seven) = (BigInt::from_i64(10), BigInt::from_i64(7));
    group.bench_function("10 ** 10 ** 6", |bencher| {
        bencher.iter(|| bigint::pow(black_box(ten.as_int()), 1_000_000, &never));
    });
    // A million digits.
    let number = bigint::pow(seven.as_int(), 1_183_294, &never).expect("a power");
    group.bench_function("str", |bencher| {
        bencher.iter(|| bigint::to_decimal(black_box(number.as_int()), 0, &never));
    });
    let text = bigint::to_decimal(number.as_int(), 0, &never).expect("a text");
    group.bench_function("int", |bencher| {
        bencher.iter(|| bigint::from_str(black_box(text.as_bytes()), 10, 0, &never));
    });
    group.bench_function("isqrt", |bencher| {
        bencher.iter(|| bigint::isqrt(black_box(number.as_int()), &never));
    });
    group.finish();
}

criterion_group!(benches, operators, large);
criterion_main!(benches);
