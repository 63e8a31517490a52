//! The value encoding: one 64-bit word, pointer-favouring NaN boxing.
//!
//! | bits | meaning |
//! | --- | --- |
//! | `0` | [`Value::EMPTY`]: a hole, an unbound variable, zeroed memory; never visible to a program |
//! | high 17 bits zero, low 3 bits zero, nonzero | pointer to a heap object |
//! | high 16 bits zero, low 3 bits `2` or `6` | a special constant ([`Value::special`]) |
//! | `1<<48 ..  0xFFFC<<48` | a double, its bits plus [`DOUBLE_OFFSET`] |
//! | `>= 0xFFFC<<48` | a 50-bit small integer |
//!
//! The offset scheme keeps boxed and raw pointers alike, so conservative and precise scanning agree on what a
//! pointer is. The gap between the largest hardware NaN (`0xFFF8<<48`, plus the offset) and the integer range
//! means that arithmetic results need no canonicalising; only foreign bit patterns do ([`Value::from_foreign_f64`]).
//! [`ENCODING`] is the table that compilers read, so that another encoding can be compared later.

/// Added to a double's bits to make its boxed form.
pub const DOUBLE_OFFSET: u64 = 1 << 48;
/// The lowest boxed small integer; also the bits that are or-ed onto a payload.
pub const INT_TAG: u64 = 0xFFFC << 48;
/// Number of payload bits of a small integer, sign included.
pub const INT_BITS: u32 = 50;
/// Left shift that puts a small integer's sign bit into bit 63.
pub const INT_SHIFT: u32 = 64 - INT_BITS;
/// Largest small integer.
pub const INT_MAX: i64 = (1 << (INT_BITS - 1)) - 1;
/// Smallest small integer.
pub const INT_MIN: i64 = -(1 << (INT_BITS - 1));
/// Heaps lie below this address: no program of x86-64 has higher ones, and where 48 bits are usual they can be avoided.
pub const POINTER_END: u64 = 1 << POINTER_BITS;
const POINTER_BITS: u32 = 47;
/// Bits that are all zero in a pointer.
pub const NOT_POINTER_MASK: u64 = !(POINTER_END - 1) | 7;

/// What a compiler must know to work on boxed values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Encoding {
    /// See [`DOUBLE_OFFSET`].
    pub double_offset: u64,
    /// See [`INT_TAG`].
    pub int_tag: u64,
    /// See [`INT_SHIFT`].
    pub int_shift: u32,
    /// See [`NOT_POINTER_MASK`].
    pub not_pointer_mask: u64,
    /// Bits of the false constant.
    pub false_bits: u64,
    /// Bits of the true constant; differs from false in one bit.
    pub true_bits: u64,
}

/// The one encoding of this build.
pub const ENCODING: Encoding = Encoding {
    double_offset: DOUBLE_OFFSET,
    int_tag: INT_TAG,
    int_shift: INT_SHIFT,
    not_pointer_mask: NOT_POINTER_MASK,
    false_bits: Value::FALSE.0,
    true_bits: Value::TRUE.0,
};

/// One tagged word. Copying it roots nothing; see the crate header for where it may live.
#[derive(Clone, Copy, PartialEq, Eq)]
#[repr(transparent)]
pub struct Value(u64);

impl Value {
    /// A hole: unbound variable, empty table slot, zeroed memory.
    pub const EMPTY: Value = Value(0);
    /// `None`, `nil`: the language's null.
    pub const NONE: Value = Value::special(0);
    /// False. `TRUE` differs from it in bit 3 only.
    pub const FALSE: Value = Value(6);
    /// True.
    pub const TRUE: Value = Value(14);

    /// The `n`-th special constant with tag bits `2`; `0` is [`Value::NONE`]. Languages name theirs from 1 on.
    pub const fn special(n: u32) -> Value {
        Value((n as u64) << 3 | 2)
    }
    /// Number of a special constant, if this is one with tag bits `2`.
    pub const fn special_number(self) -> Option<u32> {
        if self.0 >> 48 == 0 && self.0 & 7 == 2 { Some((self.0 >> 3) as u32) } else { None }
    }
    /// A word with these bits. The caller vouches that they are a valid encoding.
    #[inline(always)]
    pub const fn from_bits(bits: u64) -> Value {
        Value(bits)
    }
    /// The word itself.
    #[inline(always)]
    pub const fn bits(self) -> u64 {
        self.0
    }
    /// Boxes a small integer; `None` outside [`INT_MIN`]..=[`INT_MAX`].
    #[inline(always)]
    pub const fn try_int(i: i64) -> Option<Value> {
        if int_fits(i) { Some(Value::int(i)) } else { None }
    }
    /// Boxes an integer that fits (debug-checked).
    #[inline(always)]
    pub const fn int(i: i64) -> Value {
        debug_assert!(int_fits(i));
        Value(i as u64 | INT_TAG)
    }
    /// Boxes a double that arithmetic produced.
    #[inline(always)]
    pub const fn float(f: f64) -> Value {
        Value(f.to_bits().wrapping_add(DOUBLE_OFFSET))
    }
    /// Boxes a double whose bits come from outside (files, foreign memory): NaN payloads that collide with the
    /// integer range are replaced by the quiet NaN of the same sign.
    pub fn from_foreign_f64(f: f64) -> Value {
        if f.is_nan() && f.to_bits() >> 48 > 0xFFF8 {
            Value::float(f64::from_bits(0xFFF8 << 48))
        } else {
            Value::float(f)
        }
    }
    /// Boxes a truth value.
    #[inline(always)]
    pub const fn bool(b: bool) -> Value {
        Value(Value::FALSE.0 + ((b as u64) << 3))
    }
    /// Is this a small integer?
    #[inline(always)]
    pub const fn is_int(self) -> bool {
        self.0 >= INT_TAG
    }
    /// Are both small integers? One compare.
    #[inline(always)]
    pub const fn both_int(self, other: Value) -> bool {
        self.0 & other.0 >= INT_TAG
    }
    /// Is this a double?
    #[inline(always)]
    pub const fn is_float(self) -> bool {
        ((self.0 >> 48) as u32).wrapping_sub(1) < (INT_TAG >> 48) as u32 - 1
    }
    /// Is this a pointer to a heap object? False for [`Value::EMPTY`].
    #[inline(always)]
    pub const fn is_object(self) -> bool {
        // Rotated to the low end, the bits of the mask are an immediate operand. That the word is not zero is tested at the
        // same time; so is the first address that is no pointer taken for one, which no value has.
        self.0.wrapping_sub(8).rotate_left(64 - POINTER_BITS) & ((1 << (64 - POINTER_BITS + 3)) - 1) == 0
    }
    /// Is this true or false?
    #[inline(always)]
    pub const fn is_bool(self) -> bool {
        self.0 & !8 == Value::FALSE.0
    }
    /// Is this a hole?
    #[inline(always)]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }
    /// The integer of a value that [`is_int`](Value::is_int).
    #[inline(always)]
    pub const fn as_int(self) -> i64 {
        ((self.0 << INT_SHIFT) as i64) >> INT_SHIFT
    }
    /// The double of a value that [`is_float`](Value::is_float).
    #[inline(always)]
    pub const fn as_float(self) -> f64 {
        f64::from_bits(self.0.wrapping_sub(DOUBLE_OFFSET))
    }
    /// The truth of a value that [`is_bool`](Value::is_bool).
    #[inline(always)]
    pub const fn as_bool(self) -> bool {
        self.0 == Value::TRUE.0
    }
}

/// Does `i` fit the small-integer range?
#[inline(always)]
pub const fn int_fits(i: i64) -> bool {
    (i << INT_SHIFT) >> INT_SHIFT == i
}

impl std::fmt::Debug for Value {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match *self {
            Value::EMPTY => f.write_str("EMPTY"),
            Value::NONE => f.write_str("NONE"),
            Value::FALSE => f.write_str("false"),
            Value::TRUE => f.write_str("true"),
            v if v.is_int() => write!(f, "{}", v.as_int()),
            v if v.is_float() => write!(f, "{:?}", v.as_float()),
            v if v.is_object() => write!(f, "@{:#x}", v.0),
            v => write!(f, "special({:#x})", v.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_disjoint_at_their_borders() {
        let samples = [
            Value::EMPTY,
            Value::NONE,
            Value::TRUE,
            Value::FALSE,
            Value::special(7),
            Value::from_bits(0x7fff_ffff_fff8),
            Value::int(0),
            Value::int(INT_MAX),
            Value::int(INT_MIN),
            Value::float(0.0),
            Value::float(-0.0),
            Value::float(f64::INFINITY),
            Value::float(f64::NEG_INFINITY),
            Value::float(f64::from_bits(0x7FF8 << 48)),
            Value::float(f64::from_bits(0xFFF8 << 48)),
            Value::from_foreign_f64(f64::from_bits(u64::MAX)),
        ];
        for v in samples {
            let kinds =
                [v.is_int(), v.is_float(), v.is_object(), v.is_bool(), v.is_empty(), v.special_number().is_some()];
            assert_eq!(kinds.iter().filter(|k| **k).count(), 1, "{v:?} {:#x} {kinds:?}", v.bits());
        }
    }

    #[test]
    fn integers_round_trip_and_overflow_is_seen() {
        for i in [0, 1, -1, 12345, INT_MAX, INT_MIN, INT_MAX - 1, INT_MIN + 1] {
            assert_eq!(Value::int(i).as_int(), i);
        }
        assert!(Value::try_int(INT_MAX + 1).is_none() && Value::try_int(INT_MIN - 1).is_none());
    }

    #[test]
    fn doubles_round_trip_bit_for_bit() {
        for f in [0.0, -0.0, 1.5, f64::MIN_POSITIVE, f64::MAX, f64::INFINITY, f64::NEG_INFINITY] {
            assert_eq!(Value::float(f).as_float().to_bits(), f.to_bits());
        }
    }
}
