//! How each kind of operand is written.

use super::lexer::{Line, ParseError, Token};
use crate::arithmetic::{Cond, FloatOp, IntOp};
use crate::entity::{
    CellId, CodeRef, FeedbackRef, FloatBits, InvokeId, Reason, Ref, StateId, StubCallId, Type, VectorRef,
};
use std::fmt::Write;
use vm_heap::ShapeIndex;

/// A kind of operand.
pub(super) trait Operand: Sized {
    /// Appends the text.
    fn print(&self, out: &mut String);
    /// Reads it.
    fn parse(line: &mut Line<'_>) -> Result<Self, ParseError>;
}

macro_rules! operands {
    ($($type:ty = $what:literal, |$x:ident, $out:ident| $print:expr, |$line:ident| $parse:expr;)*) => { $(
        impl Operand for $type {
            fn print(&self, $out: &mut String) {
                let $x = self;
                $print
            }
            fn parse($line: &mut Line<'_>) -> Result<Self, ParseError> {
                const WHAT: &str = $what;
                let parsed: Result<Self, ParseError> = $parse(WHAT);
                parsed
            }
        }
    )* };
}

macro_rules! indices {
    ($($type:ident = $what:literal;)*) => { $(
        impl Operand for $type {
            fn print(&self, out: &mut String) {
                _ = write!(out, "{self}");
            }
            fn parse(line: &mut Line<'_>) -> Result<Self, ParseError> {
                line.index($type::PREFIX, $what).map($type)
            }
        }
    )* };
}

macro_rules! names {
    ($($type:ident = $what:literal;)*) => { $(
        impl Operand for $type {
            fn print(&self, out: &mut String) {
                out.push_str(self.name());
            }
            fn parse(line: &mut Line<'_>) -> Result<Self, ParseError> {
                let name = match line.peek() {
                    Some(Token::Word(w)) => $type::from_name(w),
                    _ => None,
                };
                let found = name.ok_or_else(|| line.expected($what))?;
                line.word($what)?;
                Ok(found)
            }
        }
    )* };
}

indices! {
    Ref = "a value";
    StateId = "a frame state";
    CellId = "a cell";
    CodeRef = "a code";
    StubCallId = "a stub call";
    InvokeId = "a call";
}

names! {
    IntOp = "an integer operator";
    FloatOp = "a float operator";
    Cond = "a comparison";
    Type = "a type";
    Reason = "a reason";
}

operands! {
    bool = "`true` or `false`", |x, out| out.push_str(if *x { "true" } else { "false" }), |line| |what: &str| {
        if line.take_word("true") { Ok(true) } else if line.take_word("false") { Ok(false) } else { Err(line.expected(what)) }
    };
    i64 = "integer", |x, out| _ = write!(out, "{x}"), |line| |what: &str| line.integer(what);
    u32 = "number", |x, out| _ = write!(out, "{x}"), |line| |what: &str| line.integer(what);
    u64 = "word (0x…)", |x, out| _ = write!(out, "{x:#x}"), |line| |what: &str| {
        let n = line.number(what)?;
        hexadecimal(n).ok_or_else(|| line.error(format!("`{n}` is no {what}")))
    };
    u16 = "a register", |x, out| _ = write!(out, "r{x}"), |line| |what: &str| {
        let r = line.index("r", what)?;
        u16::try_from(r).map_err(|_| line.error("there are 65536 registers"))
    };
    ShapeIndex = "a shape", |x, out| _ = write!(out, "shape{}", x.0), |line| |what: &str| {
        line.index("shape", what).map(ShapeIndex)
    };
    FloatBits = "float", |x, out| print_float(x.get(), out), |line| |what: &str| {
        if line.take_word("inf") {
            return Ok(f64::INFINITY.into());
        }
        let n = line.number(what)?;
        let float = match n {
            "-inf" => Some(f64::NEG_INFINITY.into()),
            _ if n.starts_with("0x") => hexadecimal(n).map(FloatBits),
            _ => n.parse::<f64>().ok().map(FloatBits::from),
        };
        float.ok_or_else(|| line.error(format!("`{n}` is no {what}")))
    };
    VectorRef = "a feedback vector", |x, out| match *x {
        VectorRef::NONE => out.push_str("none"),
        _ => _ = write!(out, "{x}"),
    }, |line| |what: &str| {
        if line.take_word("none") { Ok(VectorRef::NONE) } else { line.index(VectorRef::PREFIX, what).map(VectorRef) }
    };
    FeedbackRef = "a feedback slot", |x, out| {
        x.vector.print(out);
        if x.is_some() {
            _ = write!(out, "[{}]", x.slot);
        }
    }, |line| |_what: &str| {
        let vector = VectorRef::parse(line)?;
        if !line.take_sign('[') {
            return Ok(FeedbackRef { vector, slot: FeedbackRef::NONE.slot });
        }
        let slot = line.integer("slot number")?;
        line.sign(']')?;
        Ok(FeedbackRef { vector, slot })
    };
}

fn hexadecimal(n: &str) -> Option<u64> {
    let digits = n.strip_prefix("0x")?;
    if digits.starts_with('+') { None } else { u64::from_str_radix(digits, 16).ok() }
}

/// A float as the shortest decimal that reads back; NaNs by their bits.
fn print_float(f: f64, out: &mut String) {
    _ = if f.is_nan() { write!(out, "{:#x}", f.to_bits()) } else { write!(out, "{f:?}") };
}
