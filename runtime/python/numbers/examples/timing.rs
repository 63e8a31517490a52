use num_bigint::BigInt as R;
use python_numbers::bigint::{self, BigInt};
use std::hint::black_box;
use std::time::Instant;
fn never() -> bool {
    false
}
fn random(limbs: usize, seed: u64) -> BigInt {
    let mut state = limbs as u64 ^ seed;
    BigInt::new(
        false,
        (0..limbs)
            .map(|_| {
                state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
                let mixed = (state ^ state >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
                let mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
                mixed ^ mixed >> 31
            })
            .collect(),
    )
}
fn r(v: &BigInt) -> R {
    let d = v.magnitude.iter().flat_map(|&l| [l as u32, (l >> 32) as u32]).collect();
    R::from_biguint(num_bigint::Sign::Plus, num_bigint::BigUint::new(d))
}
fn time<T>(f: impl Fn() -> T) -> f64 {
    let mut n = 1u64;
    loop {
        let s = Instant::now();
        for _ in 0..n {
            black_box(f());
        }
        let t = s.elapsed().as_secs_f64();
        if t > 0.05 {
            let mut best = t;
            for _ in 0..3 {
                let s = Instant::now();
                for _ in 0..n {
                    black_box(f());
                }
                best = best.min(s.elapsed().as_secs_f64());
            }
            return best / n as f64 * 1e9;
        }
        n *= 2;
    }
}
fn main() {
    println!(
        "{:>7} {:>24} {:>24} {:>24} {:>24} {:>24}",
        "limbs", "add ours/num", "mul", "mul by 1 limb", "sub", "divmod 2n/n"
    );
    for n in [1, 2, 3, 4, 8, 16, 24, 30, 40, 64, 100, 200, 400, 1000, 3000, 10000, 30000] {
        let (a, b, c, d) = (random(n, 1), random(n, 2), random(1, 3), random(2 * n, 4));
        let (x, y, z, w) = (r(&a), r(&b), r(&c), r(&d));
        print!("{n:>7}");
        print!(
            " {:>11.0} {:>11.0} |",
            time(|| bigint::add(black_box(a.as_int()), b.as_int())),
            time(|| black_box(&x) + &y)
        );
        print!(
            " {:>11.0} {:>11.0} |",
            time(|| bigint::mul(black_box(a.as_int()), b.as_int(), &mut never)),
            time(|| black_box(&x) * &y)
        );
        print!(
            " {:>11.0} {:>11.0} |",
            time(|| bigint::mul(black_box(a.as_int()), c.as_int(), &mut never)),
            time(|| black_box(&x) * &z)
        );
        print!(
            " {:>11.0} {:>11.0} |",
            time(|| bigint::sub(black_box(a.as_int()), b.as_int())),
            time(|| black_box(&x) - &y)
        );
        print!(
            " {:>11.0} {:>11.0} |",
            time(|| bigint::divmod(black_box(d.as_int()), b.as_int(), &mut never)),
            time(|| num_integer::Integer::div_mod_floor(black_box(&w), &y))
        );
        // small quotient
        let e = bigint::mul(a.as_int(), BigInt::from_i64(7).as_int(), &mut never).unwrap();
        let v = r(&e);
        println!(
            " {:>11.0} {:>11.0} |",
            time(|| bigint::floor_div(black_box(e.as_int()), b.as_int(), &mut never)),
            time(|| num_integer::Integer::div_floor(black_box(&v), &y))
        );
    }
    let big = |name: &str, f: &dyn Fn()| {
        let s = Instant::now();
        f();
        println!("{name}: {:.3} s", s.elapsed().as_secs_f64());
    };
    let ten = BigInt::from_i64(10);
    big("10**10**6", &|| {
        black_box(bigint::pow(ten.as_int(), 1_000_000, &mut never).unwrap());
    });
    big("10**10**7", &|| {
        black_box(bigint::pow(ten.as_int(), 10_000_000, &mut never).unwrap());
    });
    let p = bigint::pow(BigInt::from_i64(7).as_int(), 1_183_294, &mut never).unwrap();
    big("str of 10**6 digits", &|| {
        black_box(bigint::to_decimal(p.as_int(), 0, &mut never).unwrap().len());
    });
    let s = bigint::to_decimal(p.as_int(), 0, &mut never).unwrap();
    big("int of 10**6 digits", &|| {
        black_box(bigint::from_str(s.as_bytes(), 10, 0, &mut never).unwrap());
    });
    big("factorial 10**6", &|| {
        black_box(bigint::factorial(1_000_000, &mut never).unwrap());
    });
    big("isqrt", &|| {
        black_box(bigint::isqrt(p.as_int(), &mut never).unwrap());
    });
    let (g, h) = (random(10000, 7), random(10000, 9));
    big("gcd 10000 limbs", &|| {
        black_box(bigint::gcd(g.as_int(), h.as_int(), &mut never).unwrap());
    });
    for n in [4usize, 16, 32, 64] {
        let (b, e, m) = (random(n, 7), random(n, 9), random(n, 11));
        big(&format!("pow_mod {n}"), &|| {
            black_box(bigint::pow_mod(b.as_int(), e.as_int(), m.as_int(), &mut never).unwrap());
        });
    }
}
