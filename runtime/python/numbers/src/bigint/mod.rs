//! Integers of any size.
//!
//! Operands are [`Int`]: a sign and a borrowed, normalised magnitude (little-endian limbs of 64 bits, no high zero
//! limb, zero is the empty slice and never negative). Results are [`BigInt`], owned and normalised in the same way. So
//! a caller whose limbs lie in a movable heap lends them for the time of a call and copies the result.
//!
//! What may run long takes a [`Poll`]: it is asked every few milliseconds, and can end the operation with
//! [`Error::Interrupted`]. What may become large has an estimate in [`mod@size`] that costs nothing, so that the caller
//! can refuse before the work begins; allocations of that order fail with [`Error::Memory`] instead of aborting.
//!
//! Between small operands most of an operation's time is the allocation of its result. Two ways avoid it: numbers of up to
//! 128 bits go through [`IntBuffer`] and machine arithmetic, and the functions `…_into` write to a number whose memory is
//! used again and again.

mod arithmetic;
mod bitwise;
mod bytes;
mod divide;
mod floats;
mod gcd;
mod hash;
pub(crate) mod limbs;
mod modular;
mod multiply;
mod number_theory;
mod parse;
mod power;
pub mod size;
mod square;
mod text;
mod transform;

pub use arithmetic::{
    abs, add, add_into, compare, divmod, divmod_into, floor_div, modulo, mul, mul_into, neg, round_to_places, shl, shr,
    sub, sub_into,
};
pub use bitwise::{and, bit_count, bit_length, invert, or, xor};
pub use bytes::{ByteOrder, from_bytes, to_bytes};
pub use floats::{compare_f64, frexp, from_f64, to_f64, true_div};
pub use gcd::{gcd, lcm};
pub use hash::{HASH_MODULUS, hash, hash_i64};
pub use modular::{inverse_mod, pow_mod};
pub use number_theory::{comb, factorial, isqrt, perm};
pub use parse::{ParseError, from_str, short_from_str};
pub use power::pow;
pub use text::{to_decimal, to_string};
pub use transform::convolve;

pub use python_algorithms::work::Poll;
pub(crate) use python_algorithms::work::{Interrupted, Work};

/// Why an operation has no result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Error {
    /// Division by zero, or a modulus of zero.
    ZeroDivision,
    /// The result does not fit the type asked for: a float, a number of bytes, the machine's size.
    Overflow,
    /// A negative operand where none may be: shift counts, factorials, square roots, unsigned bytes.
    Negative,
    /// The base has no inverse for the modulus.
    NotInvertible,
    /// The result has more decimal digits than the limit given.
    TooManyDigits,
    /// The allocator refused.
    Memory,
    /// The poll said to stop.
    Interrupted,
}

impl From<Interrupted> for Error {
    fn from(_: Interrupted) -> Error {
        Error::Interrupted
    }
}

/// A borrowed integer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Int<'a> {
    /// Never set for zero.
    pub negative: bool,
    /// Little-endian limbs; the last is not zero.
    pub magnitude: &'a [u64],
}

impl<'a> Int<'a> {
    /// Zero.
    pub const ZERO: Int<'static> = Int { negative: false, magnitude: &[] };
    /// One.
    pub const ONE: Int<'static> = Int { negative: false, magnitude: &[1] };

    /// From a sign and limbs that may have high zeros.
    pub fn new(negative: bool, limbs: &'a [u64]) -> Int<'a> {
        let magnitude = limbs::trimmed(limbs);
        Int { negative: negative && !magnitude.is_empty(), magnitude }
    }

    /// Whether this is zero.
    #[inline]
    pub fn is_zero(self) -> bool {
        self.magnitude.is_empty()
    }

    /// Whether this is odd.
    #[inline]
    pub fn is_odd(self) -> bool {
        self.magnitude.first().is_some_and(|limb| limb & 1 == 1)
    }

    /// The number with its sign away.
    #[inline]
    pub fn abs(self) -> Int<'a> {
        Int { negative: false, magnitude: self.magnitude }
    }

    /// The value where it fits.
    #[inline]
    pub fn to_i64(self) -> Option<i64> {
        match *self.magnitude {
            [] => Some(0),
            [limb] if self.negative => 0i64.checked_sub_unsigned(limb),
            [limb] => i64::try_from(limb).ok(),
            _ => None,
        }
    }

    /// The value where it is not negative and fits.
    #[inline]
    pub fn to_u64(self) -> Option<u64> {
        match *self.magnitude {
            [] => Some(0),
            [limb] if !self.negative => Some(limb),
            _ => None,
        }
    }

    /// The value where it fits.
    pub fn to_i128(self) -> Option<i128> {
        let magnitude = match *self.magnitude {
            [] => 0,
            [low] => u128::from(low),
            [low, high] => u128::from(high) << 64 | u128::from(low),
            _ => return None,
        };
        if self.negative { 0i128.checked_sub_unsigned(magnitude) } else { i128::try_from(magnitude).ok() }
    }
}

/// An owned integer.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct BigInt {
    /// Never set for zero.
    pub negative: bool,
    /// Little-endian limbs; the last is not zero.
    pub magnitude: Vec<u64>,
}

impl BigInt {
    /// From a sign and limbs that may have high zeros.
    pub fn new(negative: bool, mut magnitude: Vec<u64>) -> BigInt {
        limbs::trim(&mut magnitude);
        BigInt { negative: negative && !magnitude.is_empty(), magnitude }
    }

    /// The same number, borrowed.
    #[inline]
    pub fn as_int(&self) -> Int<'_> {
        Int { negative: self.negative, magnitude: &self.magnitude }
    }

    /// From a machine integer.
    pub fn from_i64(value: i64) -> BigInt {
        BigInt::new(value < 0, vec![value.unsigned_abs()])
    }

    /// From a machine integer.
    pub fn from_u64(value: u64) -> BigInt {
        BigInt::new(false, vec![value])
    }

    /// From a machine integer.
    pub fn from_i128(value: i128) -> BigInt {
        let magnitude = value.unsigned_abs();
        BigInt::new(value < 0, vec![magnitude as u64, (magnitude >> 64) as u64])
    }

    /// The value where it fits.
    pub fn to_i64(&self) -> Option<i64> {
        self.as_int().to_i64()
    }

    /// The value where it is not negative and fits.
    pub fn to_u64(&self) -> Option<u64> {
        self.as_int().to_u64()
    }

    /// The value where it fits.
    pub fn to_i128(&self) -> Option<i128> {
        self.as_int().to_i128()
    }
}

/// The limbs of a machine integer, to make an [`Int`] without allocation: `IntBuffer::from(-5).as_int()`.
#[derive(Clone, Copy, Debug)]
pub struct IntBuffer {
    negative: bool,
    limbs: [u64; 2],
}

impl From<i64> for IntBuffer {
    #[inline]
    fn from(value: i64) -> IntBuffer {
        IntBuffer { negative: value < 0, limbs: [value.unsigned_abs(), 0] }
    }
}

impl IntBuffer {
    /// From a machine integer.
    #[inline]
    pub fn from_u64(value: u64) -> IntBuffer {
        IntBuffer { negative: false, limbs: [value, 0] }
    }

    /// From a machine integer.
    #[inline]
    pub fn from_i128(value: i128) -> IntBuffer {
        let magnitude = value.unsigned_abs();
        IntBuffer { negative: value < 0, limbs: [magnitude as u64, (magnitude >> 64) as u64] }
    }

    /// The number, borrowed from the buffer.
    #[inline]
    pub fn as_int(&self) -> Int<'_> {
        Int { negative: self.negative, magnitude: limbs::trimmed(&self.limbs) }
    }
}
