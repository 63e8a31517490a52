//! `exp`, `ln` and `log10`, correctly rounded: computed with a few digits more than asked for, and with more again as long
//! as the error could change how the result is rounded (Ziv's strategy). None of them is ever halfway between two numbers
//! except where it is exact, which is sorted out first.

use super::arithmetic::{add, mul, sub};
use super::limbs::is_power_of_ten;
use super::quotient::div;
use super::round::{check_nans, finalize, padded};
use super::scale::round_to;
use super::{Context, Dec, Env, Res, Rounding, invalid, status};

/// Floating-point numbers of so many digits and nearly any exponent.
fn digits(p: i64) -> Context {
    Context::MAX.with_prec(p.clamp(1, super::MAX_PREC))
}
/// Rounds what `approximate` computes to so many digits with an error below one unit of the last, and signals that it is
/// not exact.
fn correctly(cx: &Context, env: &mut Env<'_>, mut approximate: impl FnMut(i64, &mut Env<'_>) -> Res) -> Res {
    let cx = &cx.rounding(Rounding::HalfEven);
    let mut p = cx.prec + 3;
    loop {
        let (rounded, _) = env.apart(|env| {
            let d = approximate(p, env)?;
            let unit = Dec::small(false, 1, d.adjusted() + 1 - p);
            let wide = digits(cx.prec);
            let (above, below) = (add(&d, &unit, &wide, env)?, sub(&d, &unit, &wide, env)?);
            if super::compare::order(&above, &below, env)?.is_ne() {
                return Ok(None);
            }
            // A digit behind the last one says that it goes on.
            let d = padded(d, &digits(p), env)?;
            let limbs = super::limbs::shift_left(&d.limbs, 1, env)?;
            let limbs = super::limbs::add(&limbs, &[1], env)?;
            Ok(Some(Dec::new(d.negative, limbs, d.exp - 1)))
        })?;
        if let Some(d) = rounded {
            env.status |= status::INEXACT | status::ROUNDED;
            return finalize(d, cx, env);
        }
        p += 19;
    }
}
/// e to a power that is not zero and below 10^20, with a relative error below 10^-p.
fn exp_near(x: &Dec, p: i64, env: &mut Env<'_>) -> Res {
    // e^x = (e^(x / 10^k))^(10^k): the series of a small number is short.
    let whole = (x.adjusted() + 1).max(0);
    let extra = (p.isqrt() / 2).max(2);
    let k = whole + (extra + x.adjusted().min(0)).max(0);
    let p = p + k + 8;
    let cx = &digits(p);
    let mut x = round_to(x, p, cx, env)?;
    x.exp -= k;
    // The first term that does not count: x^n / n! < 10^-p.
    let (small, mut n, mut log) = (-(x.adjusted() + 1) as f64, 1i64, 0f64);
    while n as f64 * small + log < p as f64 + 1.0 {
        n += 1;
        log += (n as f64).log10();
        if n % 4096 == 0 {
            env.work.spend(1 << 14)?;
        }
    }
    let one = Dec::one();
    let mut sum = one.clone();
    for i in (1..n).rev() {
        let product = mul(&sum, &x, cx, env)?;
        sum = add(&one, &div(&product, &Dec::from_i64(i), cx, env)?, cx, env)?;
    }
    for _ in 0..k {
        let square = mul(&sum, &sum, cx, env)?;
        let fourth = mul(&square, &square, cx, env)?;
        sum = mul(&mul(&fourth, &fourth, cx, env)?, &square, cx, env)?;
    }
    Ok(sum)
}
pub(crate) fn exp(a: &Dec, cx: &Context, env: &mut Env<'_>) -> Res {
    if let Some(nan) = check_nans(&[a], cx, env)? {
        return Ok(nan);
    }
    if a.is_infinite() {
        return Ok(if a.negative { Dec::zero(false, 0) } else { a.clone() });
    }
    if a.is_zero() {
        return Ok(Dec::one());
    }
    // Beyond every exponent.
    if a.adjusted() >= 19 {
        let exp = if a.negative { cx.etiny() - 1 } else { super::HUGE };
        return finalize(Dec::small(false, 1, exp), &cx.rounding(Rounding::HalfEven), env);
    }
    // Nothing but 1 within the precision; exact arithmetic would be long.
    if a.adjusted() < -cx.prec - 1 {
        env.status |= status::INEXACT | status::ROUNDED;
        return padded(Dec::one(), cx, env);
    }
    let round = cx.rounding(Rounding::HalfEven);
    // Far out of the range that the context has: no digits are needed.
    let estimate = leading(a) * std::f64::consts::LOG10_E;
    if estimate > cx.emax as f64 + 2.0 + cx.emax as f64 * 1e-9 {
        return finalize(Dec::small(false, 1, super::HUGE), &round, env);
    }
    if estimate < cx.etiny() as f64 * (1.0 + 1e-9) - 2.0 {
        return finalize(Dec::small(false, 1, cx.etiny() - 1), &round, env);
    }
    correctly(cx, env, |p, env| exp_near(a, p, env))
}
/// The number, to the precision of a float.
fn leading(a: &Dec) -> f64 {
    let top = a.limbs.iter().rev().take(2).fold(0f64, |v, l| v * 1e19 + *l as f64);
    let places = a.exp + 19 * (a.limbs.len() as i64 - 2).max(0);
    let magnitude = if (-300..300).contains(&places) {
        top * 10f64.powi(places as i32)
    } else if places > 0 {
        f64::INFINITY
    } else {
        0.0
    };
    if a.negative { -magnitude } else { magnitude }
}
/// The logarithm of a number between 0.1 and 100, with an absolute error below 10^-p.
fn ln_near(m: &Dec, p: i64, env: &mut Env<'_>) -> Res {
    let cx = &digits(p + 4);
    let m = &round_to(m, p + 4, cx, env)?;
    let one = Dec::one();
    let distance = sub(m, &one, cx, env)?;
    if distance.is_zero() {
        return Ok(distance);
    }
    if distance.adjusted() < -8 && (distance.adjusted() < -p / 8 || p < 100) {
        return series(m, p, env);
    }
    // A first guess y, and the logarithm of m / e^y, which is close to 1.
    let guess =
        if p > 60 { ln_near(m, p / 3 + 1, env)? } else { Dec::from_i64((leading(m).ln() * 1e15).round() as i64) };
    let mut guess = round_to(&guess, (p / 3 + 2).max(18), cx, env)?;
    if p <= 60 {
        guess.exp -= 15;
    }
    if guess.is_zero() {
        return series(m, p, env);
    }
    let back = exp_near(&guess.clone().with_sign(!guess.negative), p + 4, env)?;
    let near = mul(m, &back, cx, env)?;
    add(&guess, &series(&near, p, env)?, cx, env)
}
/// ln m = 2 artanh((m - 1) / (m + 1)), by its power series.
fn series(m: &Dec, p: i64, env: &mut Env<'_>) -> Res {
    let one = Dec::one();
    let difference = sub(m, &one, &digits(p + 8), env)?;
    if difference.is_zero() {
        return Ok(difference);
    }
    // Digits of the result that count.
    let cx = &digits((p + difference.adjusted()).max(1) + 8);
    let u = div(&difference, &add(m, &one, &digits(p + 8), env)?, cx, env)?;
    let square = mul(&u, &u, cx, env)?;
    let (mut sum, mut power, mut n) = (u.clone(), u, 1);
    loop {
        power = mul(&power, &square, cx, env)?;
        n += 2;
        if power.is_zero() || power.adjusted() < -p - 3 {
            break;
        }
        sum = add(&sum, &div(&power, &Dec::from_i64(n), cx, env)?, cx, env)?;
    }
    add(&sum, &sum, cx, env)
}
/// The logarithm of 10, with an error below 10^-p.
fn ln_ten(p: i64, env: &mut Env<'_>) -> Res {
    if let Some((have, known)) = &env.ln_ten
        && *have >= p
    {
        return Ok(known.clone());
    }
    let computed = ln_near(&Dec::from_i64(10), p, env)?;
    env.ln_ten = Some((p, computed.clone()));
    Ok(computed)
}
/// The logarithm of what is positive and not 1, with a relative error below 10^-p.
fn ln_approximately(a: &Dec, p: i64, env: &mut Env<'_>) -> Res {
    let mut places = a.adjusted();
    let mut m = a.clone();
    m.exp -= places;
    if leading(&m) > 3.1622 {
        (places, m.exp) = (places + 1, m.exp - 1);
    }
    if places == 0 {
        let distance = sub(&m, &Dec::one(), &digits(m.digits() + 2), env)?;
        return ln_near(&m, p + 2 - distance.adjusted(), env);
    }
    let near = ln_near(&m, p + 4, env)?;
    let cx = &digits(p + 26);
    let ten = mul(&ln_ten(p + 26, env)?, &Dec::from_i64(places), cx, env)?;
    add(&near, &ten, cx, env)
}
/// The logarithm where it is exact, or not to be had.
fn special_logarithm(a: &Dec, cx: &Context, env: &mut Env<'_>) -> Res<Option<Dec>> {
    if let Some(nan) = check_nans(&[a], cx, env)? {
        return Ok(Some(nan));
    }
    Ok(if a.is_zero() {
        Some(Dec::infinity(true))
    } else if a.negative {
        Some(invalid(env, status::INVALID_OPERATION))
    } else if a.is_infinite() {
        Some(a.clone())
    } else {
        None
    })
}
pub(crate) fn ln(a: &Dec, cx: &Context, env: &mut Env<'_>) -> Res {
    if let Some(special) = special_logarithm(a, cx, env)? {
        return Ok(special);
    }
    if a.adjusted() == 0 && is_power_of_ten(&a.limbs) {
        return Ok(Dec::zero(false, 0));
    }
    correctly(cx, env, |p, env| ln_approximately(a, p, env))
}
pub(crate) fn log10(a: &Dec, cx: &Context, env: &mut Env<'_>) -> Res {
    if let Some(special) = special_logarithm(a, cx, env)? {
        return Ok(special);
    }
    if is_power_of_ten(&a.limbs) {
        return finalize(Dec::from_i64(a.adjusted()), &cx.rounding(Rounding::HalfEven), env);
    }
    correctly(cx, env, |p, env| {
        let cx = &digits(p + 4);
        let (top, bottom) = (ln_approximately(a, p + 4, env)?, ln_ten(p + 4, env)?);
        div(&top, &bottom, cx, env)
    })
}
/// The power of a positive number, with some digits more than the context has.
pub(super) fn real_power(base: &Dec, exponent: &Dec, cx: &Context, env: &mut Env<'_>) -> Res {
    let cx = &digits(base.digits().max(cx.prec) + 4 + 19);
    let product = mul(&ln(base, cx, env)?, exponent, cx, env)?;
    exp(&product, cx, env)
}
