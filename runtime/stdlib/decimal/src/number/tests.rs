//! What all the rest stands on, against the integers of `python_numbers`.

use super::convert::{from_digits, to_bigint, to_digits};
use super::divide::divide;
use super::env::Env;
use super::limbs::{Limbs, add, by_base, digits, shift_left, shift_right, sub};
use super::multiply::mul;
use super::small::{self, Small};
use super::text::{Style, parse, to_text};
use super::{Context, Dec, exponential, power, root};
use crate::operators::{Binary, OfSmall};
use python_algorithms::work::{UNINTERRUPTED, Work};
use python_numbers::bigint;

fn env() -> Env<'static> {
    Env { work: Work::new(UNINTERRUPTED), poll: UNINTERRUPTED, most: 1 << 24, status: 0, ln_ten: None }
}
/// So many digits, the same for the same seed; some are all nines or zeros.
fn number(length: usize, seed: u64, env: &mut Env<'_>) -> Limbs {
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    let text: Vec<u8> = (0..length)
        .map(|i| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            match (seed + i as u64 / 40) % 4 {
                0 => b'9',
                1 => b'0',
                _ => b'0' + ((state >> 33) % 10) as u8,
            }
        })
        .collect();
    from_digits(&text, env).expect("it fits")
}
#[test]
fn division_by_the_base_is_exact() {
    let base = u128::from(super::limbs::BASE);
    let mut value = 1u128;
    for i in 0..200_000u128 {
        value = value.wrapping_mul(0x2360_ED05_1FC6_5DA4_4385_DF64_9FCC_F645).wrapping_add(i);
        let value = value % (base << 64);
        assert_eq!(by_base(value), ((value / base) as u64, (value % base) as u64));
    }
}
#[test]
fn products_and_quotients_are_those_of_integers() {
    let env = &mut env();
    for (i, (a, b)) in [
        (1, 1),
        (38, 38),
        (40, 20),
        (500, 3),
        (1000, 990),
        (4000, 1500),
        (9000, 4001),
        (40_000, 16_000),
        (17_000, 30_000),
    ]
    .into_iter()
    .enumerate()
    {
        for seed in 0..4 {
            let (a, b) = (number(a, seed + i as u64, env), number(b, seed * 3 + 2, env));
            let product = mul(&a, &b, env).expect("it fits");
            let (x, y) = (to_bigint(false, &a, env).expect("fits"), to_bigint(false, &b, env).expect("fits"));
            let expected = bigint::mul(x.as_int(), y.as_int(), UNINTERRUPTED).expect("fits");
            assert_eq!(to_bigint(false, &product, env).expect("fits"), expected);
            if b.is_empty() {
                continue;
            }
            let larger = add(&product, &a, env).expect("fits");
            for dividend in [&product, &larger, &a] {
                let (q, r) = divide(dividend, &b, env).expect("fits");
                let n = to_bigint(false, dividend, env).expect("fits");
                let (quotient, rest) = bigint::divmod(n.as_int(), y.as_int(), UNINTERRUPTED).expect("fits");
                assert_eq!(to_bigint(false, &q, env).expect("fits"), quotient);
                assert_eq!(to_bigint(false, &r, env).expect("fits"), rest);
            }
        }
    }
}
#[test]
fn shifts_move_digits() {
    let env = &mut env();
    let a = number(100, 7, env);
    let text = to_digits(&a, env).expect("fits");
    for count in [0, 1, 18, 19, 20, 37, 38, 99, 100] {
        let left = shift_left(&a, count, env).expect("fits");
        assert_eq!(to_digits(&left, env).expect("fits"), [&text[..], &vec![b'0'; count as usize]].concat());
        let mut right = a.clone();
        shift_right(&mut right, count);
        let kept = text.len().saturating_sub(count as usize);
        if kept > 0 {
            assert_eq!(to_digits(&right, env).expect("fits"), &text[..kept]);
            assert_eq!(digits(&right), kept as i64);
        } else {
            assert!(right.is_empty());
        }
        let back = sub(&left, &left, env).expect("fits");
        assert!(back.is_empty());
    }
}
fn shown(f: impl FnOnce(&Context, &mut Env<'_>) -> super::Res) -> String {
    let (cx, env) = (Context { prec: 50, emin: -999_999, emax: 999_999, ..Context::MAX }, &mut env());
    let d = f(&cx, env).expect("it has a result");
    to_text(&d, Style::Scientific, true, 1, env).expect("fits")
}
#[test]
fn known_constants() {
    let read = |text: &str, env: &mut Env<'_>| parse(text.as_bytes(), &Context::MAX, env).expect("a number");
    assert_eq!(
        shown(|cx, env| exponential::exp(&read("1", env), cx, env)),
        "2.7182818284590452353602874713526624977572470937000"
    );
    assert_eq!(
        shown(|cx, env| exponential::ln(&read("2", env), cx, env)),
        "0.69314718055994530941723212145817656807550013436026"
    );
    assert_eq!(
        shown(|cx, env| exponential::log10(&read("2", env), cx, env)),
        "0.30102999566398119521373889472449302676818988146211"
    );
    assert_eq!(
        shown(|cx, env| root::sqrt(&read("2", env), cx, env)),
        "1.4142135623730950488016887242096980785696718753769"
    );
    assert_eq!(
        shown(|cx, env| power::pow(&read("2", env), &read("0.5", env), cx, env)),
        "1.4142135623730950488016887242096980785696718753769"
    );
}
/// Numbers in registers against the general arithmetic: results and conditions, near all limits.
#[test]
fn small_numbers_are_as_all_others() {
    let env = &mut env();
    let mut state = 7u64;
    let mut random = |below: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    };
    let as_dec = |s: &Small| Dec::new(s.negative, super::limbs::from_u128(s.coefficient), s.exp);
    let operations: [(&str, Binary, OfSmall); 5] = [
        ("add", super::arithmetic::add, small::add),
        ("sub", super::arithmetic::sub, small::sub),
        ("mul", super::arithmetic::mul, small::mul),
        ("div", super::quotient::div, small::div),
        ("quantize", super::scale::quantize, small::quantize),
    ];
    let mut answered = [0; 5];
    for _ in 0..200_000 {
        let mut number = || {
            let digits = [1, 2, 9, 18, 19, 20, 38][random(7) as usize];
            let power = 10u128.pow(digits);
            let coefficient = match random(8) {
                0 => 0,
                1 => power - 1,
                2 => power / 10,
                3 => power / 2,
                4 => 10u128.pow(random(u64::from(digits)) as u32) * u128::from(1 + random(9)),
                _ => {
                    (u128::from(random(1 << 31)) << 96
                        | u128::from(random(1 << 31)) << 50
                        | u128::from(random(1 << 31)))
                        % power
                }
            };
            Small { negative: random(2) == 1, exp: random(24) as i64 - 12, coefficient }
        };
        let (a, b) = (number(), number());
        assert_eq!(Small::from_limbs(a.negative, a.exp, a.limbs().0[0], a.limbs().0[1]), a);
        let cx = Context {
            prec: [1, 2, 9, 19, 28, 38, 50][random(7) as usize],
            emin: -(random(20) as i64),
            emax: random(60) as i64,
            round: super::ROUNDINGS[random(8) as usize].1,
            clamp: random(4) == 0,
        };
        for (i, (name, general, of_small)) in operations.iter().enumerate() {
            let Some((result, conditions)) = of_small(&a, &b, &cx) else { continue };
            answered[i] += 1;
            env.status = 0;
            let expected = general(&as_dec(&a), &as_dec(&b), &cx, env).expect("it fits");
            assert_eq!((as_dec(&result), conditions), (expected, env.status), "{name} {a:?} {b:?} {cx:?}");
        }
        if let Some(order) = small::order(&a, &b) {
            assert_eq!(order, super::compare::order(&as_dec(&a), &as_dec(&b), env).expect("it fits"), "{a:?} {b:?}");
        }
    }
    assert!(answered.iter().all(|n| *n > 20_000), "{answered:?}");
}
