//! Constants of the tree. Long ones (text, bytes, digits) stand in a buffer of the arena.

use super::id::List;

/// A range of the arena's text buffer.
#[derive(Clone, Copy, Debug)]
pub struct Text {
    pub(super) start: u32,
    pub(super) len: u32,
}

/// The value of a literal. The parser makes no negative numbers (a minus sign is a `UnaryOp`), no complex numbers with a
/// real part, and no groups; trees that programs make may have them.
#[derive(Clone, Copy, Debug)]
pub enum Constant {
    /// `None`
    None,
    /// `True`
    True,
    /// `False`
    False,
    /// `...`
    Ellipsis,
    /// An integer of 64 bits.
    Int(i64),
    /// A larger integer; read it with [`Ast::big_int`](super::Ast::big_int).
    BigInt(Text),
    /// A float, possibly infinite.
    Float(f64),
    /// A complex number: real and imaginary part.
    Complex(f64, f64),
    /// Text; read it with [`Ast::str`](super::Ast::str).
    Str(Text),
    /// Bytes; read them with [`Ast::bytes`](super::Ast::bytes).
    Bytes(Text),
    /// A tuple.
    Tuple(List<Constant>),
    /// A frozen set.
    FrozenSet(List<Constant>),
}

/// An integer too large for an `i64`: its digits, without prefix, underscores and leading zeros, in lower case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BigInt<'a> {
    /// Below zero?
    pub negative: bool,
    /// 2, 8, 10 or 16.
    pub radix: u32,
    /// ASCII digits of that radix, the most significant first.
    pub digits: &'a str,
}
