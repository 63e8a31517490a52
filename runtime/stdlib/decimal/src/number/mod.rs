//! Decimal arithmetic after IBM's General Decimal Arithmetic specification, on plain data.

pub(crate) mod arithmetic;
pub(crate) mod compare;
pub(crate) mod convert;
mod divide;
pub(crate) mod env;
pub(crate) mod exponential;
pub(crate) mod format;
pub(crate) mod limbs;
pub(crate) mod logic;
mod multiply;
pub(crate) mod power;
pub(crate) mod quotient;
pub(crate) mod root;
pub(crate) mod round;
pub(crate) mod scale;
pub(crate) mod small;
#[cfg(test)]
mod tests;
pub(crate) mod text;

pub(crate) use env::{Env, Error};
pub(crate) use limbs::Limbs;

/// What an operation gives.
pub(crate) type Res<T = Dec> = Result<T, Error>;

/// Most digits of a precision, and the largest exponent.
pub(crate) const MAX_PREC: i64 = 999_999_999_999_999_999;
pub(crate) const MAX_EMAX: i64 = MAX_PREC;
pub(crate) const MIN_EMIN: i64 = -MAX_PREC;
pub(crate) const MIN_ETINY: i64 = MIN_EMIN - (MAX_PREC - 1);
/// An exponent beyond all limits.
pub(crate) const HUGE: i64 = 2_000_000_000_000_000_001;

/// Conditions, as bits.
pub(crate) mod status {
    pub(crate) const CLAMPED: u32 = 1;
    pub(crate) const CONVERSION_SYNTAX: u32 = 1 << 1;
    pub(crate) const DIVISION_BY_ZERO: u32 = 1 << 2;
    pub(crate) const DIVISION_IMPOSSIBLE: u32 = 1 << 3;
    pub(crate) const DIVISION_UNDEFINED: u32 = 1 << 4;
    pub(crate) const INEXACT: u32 = 1 << 6;
    pub(crate) const INVALID_CONTEXT: u32 = 1 << 7;
    pub(crate) const INVALID_OPERATION: u32 = 1 << 8;
    pub(crate) const FLOAT_OPERATION: u32 = 1 << 10;
    pub(crate) const OVERFLOW: u32 = 1 << 11;
    pub(crate) const ROUNDED: u32 = 1 << 12;
    pub(crate) const SUBNORMAL: u32 = 1 << 13;
    pub(crate) const UNDERFLOW: u32 = 1 << 14;
    /// All that the signal InvalidOperation stands for.
    pub(crate) const INVALID: u32 =
        CONVERSION_SYNTAX | DIVISION_IMPOSSIBLE | DIVISION_UNDEFINED | INVALID_CONTEXT | INVALID_OPERATION;
    /// All that leave no proper result.
    pub(crate) const ERRORS: u32 = INVALID | DIVISION_BY_ZERO;
}

/// Rounding modes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub(crate) enum Rounding {
    Up,
    Down,
    Ceiling,
    Floor,
    HalfUp,
    HalfDown,
    HalfEven,
    ZeroFiveUp,
}
/// Their names, in order.
pub(crate) const ROUNDINGS: [(&str, Rounding); 8] = [
    ("ROUND_UP", Rounding::Up),
    ("ROUND_DOWN", Rounding::Down),
    ("ROUND_CEILING", Rounding::Ceiling),
    ("ROUND_FLOOR", Rounding::Floor),
    ("ROUND_HALF_UP", Rounding::HalfUp),
    ("ROUND_HALF_DOWN", Rounding::HalfDown),
    ("ROUND_HALF_EVEN", Rounding::HalfEven),
    ("ROUND_05UP", Rounding::ZeroFiveUp),
];

/// What results are fitted into.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Context {
    pub(crate) prec: i64,
    pub(crate) emin: i64,
    pub(crate) emax: i64,
    pub(crate) round: Rounding,
    pub(crate) clamp: bool,
}
impl Context {
    /// The widest.
    pub(crate) const MAX: Context =
        Context { prec: MAX_PREC, emin: MIN_EMIN, emax: MAX_EMAX, round: Rounding::HalfEven, clamp: false };
    pub(crate) fn etiny(&self) -> i64 {
        self.emin - (self.prec - 1)
    }
    pub(crate) fn etop(&self) -> i64 {
        self.emax - (self.prec - 1)
    }
    pub(crate) fn with_prec(self, prec: i64) -> Context {
        Context { prec, ..self }
    }
    pub(crate) fn rounding(self, round: Rounding) -> Context {
        Context { round, ..self }
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub(crate) enum Kind {
    Finite,
    Infinite,
    Quiet,
    Signaling,
}

/// A number: `(-1)**negative * limbs * 10**exp`. The limbs of a NaN are its payload.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Dec {
    pub(crate) negative: bool,
    pub(crate) kind: Kind,
    pub(crate) exp: i64,
    pub(crate) limbs: Limbs,
}
impl Dec {
    pub(crate) fn new(negative: bool, limbs: Limbs, exp: i64) -> Dec {
        Dec { negative, kind: Kind::Finite, exp, limbs }
    }
    /// A small number.
    pub(crate) fn small(negative: bool, n: u64, exp: i64) -> Dec {
        Dec::new(negative, limbs::from_u128(n.into()), exp)
    }
    pub(crate) fn from_i64(n: i64) -> Dec {
        Dec::small(n < 0, n.unsigned_abs(), 0)
    }
    pub(crate) fn zero(negative: bool, exp: i64) -> Dec {
        Dec::new(negative, Limbs::new(), exp)
    }
    pub(crate) fn one() -> Dec {
        Dec::small(false, 1, 0)
    }
    pub(crate) fn infinity(negative: bool) -> Dec {
        Dec { kind: Kind::Infinite, ..Dec::zero(negative, 0) }
    }
    pub(crate) fn nan() -> Dec {
        Dec { kind: Kind::Quiet, ..Dec::zero(false, 0) }
    }
    pub(crate) fn is_finite(&self) -> bool {
        self.kind == Kind::Finite
    }
    pub(crate) fn is_special(&self) -> bool {
        self.kind != Kind::Finite
    }
    pub(crate) fn is_infinite(&self) -> bool {
        self.kind == Kind::Infinite
    }
    pub(crate) fn is_nan(&self) -> bool {
        matches!(self.kind, Kind::Quiet | Kind::Signaling)
    }
    pub(crate) fn is_signaling(&self) -> bool {
        self.kind == Kind::Signaling
    }
    /// Is it a finite zero?
    pub(crate) fn is_zero(&self) -> bool {
        self.is_finite() && self.limbs.is_empty()
    }
    pub(crate) fn digits(&self) -> i64 {
        limbs::digits(&self.limbs)
    }
    /// The exponent of the highest digit.
    pub(crate) fn adjusted(&self) -> i64 {
        self.exp + self.digits() - 1
    }
    pub(crate) fn with_sign(self, negative: bool) -> Dec {
        Dec { negative, ..self }
    }
    pub(crate) fn abs(&self) -> Dec {
        self.clone().with_sign(false)
    }
    /// Is it an integer?
    pub(crate) fn is_integer(&self) -> bool {
        self.is_finite() && (self.exp >= 0 || self.limbs.is_empty() || limbs::trailing_zeros(&self.limbs) >= -self.exp)
    }
    /// Of an integer: is it odd?
    pub(crate) fn is_odd(&self) -> bool {
        let exp = self.exp;
        if exp == 0 {
            return limbs::is_odd(&self.limbs);
        }
        exp < 0 && usize::try_from(-exp).is_ok_and(|at| limbs::digit(&self.limbs, at) % 2 == 1)
    }
    /// An integer without a fraction of zeros, if it fits.
    pub(crate) fn to_i64(&self) -> Option<i64> {
        if !self.is_integer() {
            return None;
        }
        if self.limbs.is_empty() {
            return Some(0);
        }
        if self.adjusted() > 18 {
            return None;
        }
        let mut limbs = self.limbs.clone();
        let magnitude = if self.exp < 0 {
            limbs::shift_right(&mut limbs, -self.exp);
            limbs::to_u128(&limbs)?
        } else {
            limbs::to_u128(&limbs)? * 10u128.pow(self.exp as u32)
        };
        let value = i64::try_from(magnitude).ok()?;
        Some(if self.negative { -value } else { value })
    }
}
/// The quiet NaN that an invalid operation gives.
pub(crate) fn invalid(env: &mut Env<'_>, condition: u32) -> Dec {
    env.status |= condition;
    Dec::nan()
}
