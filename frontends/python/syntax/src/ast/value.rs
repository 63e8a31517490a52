//! Constants of the tree. Long ones (text, bytes, digits) stand in a buffer of the arena.

/// A range of the arena's text buffer.
#[derive(Clone, Copy, Debug)]
pub struct Text {
    pub(super) start: u32,
    pub(super) len: u32,
}

/// The value of a literal. Integers are never negative (a minus sign is a `UnaryOp`).
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
    /// An integer below 2^63.
    Int(i64),
    /// A larger integer; read it with [`Ast::big_int`](super::Ast::big_int).
    BigInt(Text),
    /// A float, never negative, possibly infinite.
    Float(f64),
    /// An imaginary literal: the imaginary part.
    Complex(f64),
    /// Text; read it with [`Ast::str`](super::Ast::str).
    Str(Text),
    /// Bytes; read them with [`Ast::bytes`](super::Ast::bytes).
    Bytes(Text),
}

/// An integer literal too large for an `i64`: its digits, without prefix, underscores and leading zeros, in lower case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BigInt<'a> {
    /// 2, 8, 10 or 16.
    pub radix: u32,
    /// ASCII digits of that radix, the most significant first.
    pub digits: &'a str,
}
