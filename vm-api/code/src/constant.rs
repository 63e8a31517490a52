//! Constants of a code, independent of any heap.

use crate::code::Code;
use crate::serial::Deferred;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

/// A constant. Equality is structural and exact: floats by bits, so that `0.0` and `-0.0` stay apart, and `1`, `1.0` and
/// `true` differ.
#[derive(Clone, Debug)]
pub enum Constant {
    /// The language's null.
    None,
    /// The hole (`Value::EMPTY`).
    Empty,
    /// Python's `...`.
    Ellipsis,
    /// Python's `NotImplemented`-like special constants, by the language's number.
    Special(u32),
    /// A truth value.
    Bool(bool),
    /// An integer of 64 bits.
    Int(i64),
    /// An integer that does not fit 64 bits: sign and magnitude in little-endian 32-bit digits without leading zeros. Use
    /// [`Constant::integer`] to make one.
    BigInt { negative: bool, digits: Box<[u32]> },
    /// A float.
    Float(f64),
    /// A complex number.
    Complex(f64, f64),
    /// Text in generalized UTF-8: surrogates may stand as their three-byte forms, a high one even before a low one.
    Str(Box<[u8]>),
    /// Bytes.
    Bytes(Box<[u8]>),
    /// An immutable sequence.
    Tuple(Box<[Constant]>),
    /// An immutable set; the order is that of the source.
    FrozenSet(Box<[Constant]>),
    /// A nested code.
    Code(Arc<Code>),
    /// A nested code that is still in its file. It equals itself only, not what it would be read as.
    Deferred(Deferred),
}

impl Constant {
    /// The integer of this sign and magnitude (little-endian digits), as [`Constant::Int`] where it fits.
    pub fn integer(negative: bool, digits: &[u32]) -> Constant {
        let digits = &digits[..digits.iter().rposition(|&d| d != 0).map_or(0, |last| last + 1)];
        if !fits_i64(negative, digits) {
            return Constant::BigInt { negative, digits: digits.into() };
        }
        let magnitude = digits.iter().rev().fold(0u64, |m, &d| m << 32 | u64::from(d));
        Constant::Int(if negative { magnitude.wrapping_neg() as i64 } else { magnitude as i64 })
    }
}

/// Is there a shorter form: leading zeros, or 64 bits suffice?
pub(crate) fn fits_i64(negative: bool, digits: &[u32]) -> bool {
    match *digits {
        [] | [.., 0] | [_] => true,
        [low, high] => {
            let magnitude = u64::from(high) << 32 | u64::from(low);
            magnitude <= i64::MAX as u64 + u64::from(negative)
        }
        _ => false,
    }
}

impl PartialEq for Constant {
    fn eq(&self, other: &Constant) -> bool {
        use Constant::*;
        match (self, other) {
            (None, None) | (Empty, Empty) | (Ellipsis, Ellipsis) => true,
            (Special(a), Special(b)) => a == b,
            (Bool(a), Bool(b)) => a == b,
            (Int(a), Int(b)) => a == b,
            (BigInt { negative: n, digits: d }, BigInt { negative: m, digits: e }) => n == m && d == e,
            (Float(a), Float(b)) => a.to_bits() == b.to_bits(),
            (Complex(a, b), Complex(c, d)) => a.to_bits() == c.to_bits() && b.to_bits() == d.to_bits(),
            (Str(a), Str(b)) | (Bytes(a), Bytes(b)) => a == b,
            (Tuple(a), Tuple(b)) | (FrozenSet(a), FrozenSet(b)) => a == b,
            (Code(a), Code(b)) => a == b,
            (Deferred(a), Deferred(b)) => a == b,
            _ => false,
        }
    }
}

impl Eq for Constant {}

/// Agrees with equality. A code counts with its name and size only: hashing it whole would be slow, and two of them are
/// rarely equal.
impl Hash for Constant {
    fn hash<H: Hasher>(&self, state: &mut H) {
        std::mem::discriminant(self).hash(state);
        match self {
            Constant::None | Constant::Empty | Constant::Ellipsis | Constant::Deferred(_) => {}
            Constant::Special(n) => n.hash(state),
            Constant::Bool(b) => b.hash(state),
            Constant::Int(i) => i.hash(state),
            Constant::BigInt { negative, digits } => (negative, digits).hash(state),
            Constant::Float(f) => f.to_bits().hash(state),
            Constant::Complex(re, im) => (re.to_bits(), im.to_bits()).hash(state),
            Constant::Str(s) | Constant::Bytes(s) => s.hash(state),
            Constant::Tuple(items) | Constant::FrozenSet(items) => items.hash(state),
            Constant::Code(code) => (&code.qualified_name, code.first_line, code.instructions.len()).hash(state),
        }
    }
}

/// How deep constants may nest, a tuple, a set or a code counting one level each. Dropping and comparing constants
/// recurses, so [`crate::verify`](crate::verify::verify), the loader and the builder refuse deeper ones.
pub const MAX_NESTING: usize = 500;

/// Constants directly inside `constant` (not those of a code).
pub(crate) fn items(constant: &Constant) -> &[Constant] {
    match constant {
        Constant::Tuple(items) | Constant::FrozenSet(items) => items,
        _ => &[],
    }
}

/// Levels of tuples, sets and codes in `constant`; what is inside a code does not count.
pub(crate) fn depth(constant: &Constant) -> usize {
    let mut level: Vec<&Constant> = vec![constant];
    let mut depth = 0;
    while level
        .iter()
        .any(|c| matches!(c, Constant::Tuple(_) | Constant::FrozenSet(_) | Constant::Code(_) | Constant::Deferred(_)))
    {
        depth += 1;
        level = level.into_iter().flat_map(items).collect();
    }
    depth
}

// There are many of them.
const _: () = assert!(size_of::<Constant>() == 24);
