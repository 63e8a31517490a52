//! Programs from bytes, made as a front end makes them: with the builder, structured statements and temporaries in a stack.
//! Every one is well-formed, which the builder's verification checks in debug builds.

use super::{Bytes, TABLE, op};
use crate::builder::{Builder, Label, Region};
use crate::code::{Code, Parameters, Position};
use crate::constant::Constant;
use crate::text_encoding::push_surrogate;
use std::sync::Arc;

/// The program that `bytes` stand for.
///
/// # Panics
///
/// If the builder refuses it: a fault of the builder, the verifier or this generator.
pub fn generate(bytes: &mut Bytes<'_>) -> Code {
    program(bytes, 0)
}

const NAMES: [&str; 6] = ["x", "print", "\u{e9}t\u{e9}", "a b\n\"", "", "\u{1d49c}"];

fn program(bytes: &mut Bytes<'_>, level: usize) -> Code {
    let mut b = Builder::new(&TABLE, NAMES[bytes.below(6)], "generated");
    b.qualified_name("outer.inner");
    b.first_line(bytes.below(1000) as u32);
    b.add_flags((bytes.below(4) as u32) << 16);
    let p = Parameters {
        positional: 1 + bytes.below(3) as u16,
        positional_only: bytes.below(2) as u16,
        keyword_only: bytes.below(2) as u16,
        variadic: bytes.below(2) == 1,
        keywords: bytes.below(2) == 1,
    };
    b.parameters(p);
    // Now and then enough variables for several words of registers.
    let more = if bytes.below(16) == 0 { 150 } else { bytes.below(5) };
    for k in 0..p.registers() + more {
        b.variable(&format!("v{k}"));
    }
    for _ in 0..bytes.below(3) {
        b.cell(bytes.below(p.registers() + more) as u16);
    }
    b.free("outer");
    b.free(NAMES[2]);
    let named = b.variable_count();
    if bytes.below(2) == 0 {
        b.caught("caught");
    }
    let mut g = Generator { bytes, b, named, loops: Vec::new(), regions: Vec::new(), depth: 0, level, line: 1 };
    for _ in 0..g.bytes.below(3) {
        let c = g.constant_value(0);
        g.b.extra(c);
    }
    g.block(12);
    let result = g.expression(2);
    g.b.emit(op::give, result, 0, 0, 0);
    match g.b.finish() {
        Ok(code) => code,
        Err(e) => panic!("a generated program is refused: {e}"),
    }
}

struct Generator<'b, 'd> {
    bytes: &'b mut Bytes<'d>,
    b: Builder<'static>,
    /// The variables that instructions may name.
    named: usize,
    /// Head and exit of the loops around, and how many regions were open there.
    loops: Vec<(Label, Label, usize)>,
    regions: Vec<Region>,
    depth: usize,
    level: usize,
    line: u32,
}

impl Generator<'_, '_> {
    fn variable(&mut self) -> u16 {
        // Variables are the registers below the first temporary; parameters are at least one.
        let variables = self.variables();
        self.bytes.below(variables) as u16
    }

    fn variables(&self) -> usize {
        self.named
    }

    fn block(&mut self, most: usize) {
        for _ in 0..1 + self.bytes.below(most) {
            if self.bytes.is_empty() || !self.b.reachable() {
                return;
            }
            self.line += self.bytes.below(3) as u32;
            let column = self.bytes.below(80) as u32;
            let end_line = self.line + self.bytes.below(2) as u32;
            let none = self.bytes.below(8) == 0;
            let here = Position { line: self.line, end_line, column, end_column: column + 3 };
            self.b.position(if none { Position::default() } else { here });
            let top = self.b.top();
            self.depth += 1;
            self.statement();
            self.depth -= 1;
            self.b.release_to(top);
        }
    }

    fn statement(&mut self) {
        let deep = self.depth > 5;
        match self.bytes.below(14) {
            0 | 1 => {
                let (to, from) = (self.variable(), self.expression(3));
                self.b.emit(op::copy, to, from, 0, 0);
            }
            2 | 3 if !deep => self.conditional(),
            4 | 5 if !deep => self.repetition(),
            6 | 7 if !deep => self.handler(),
            8 => {
                let to = self.variable();
                let from = self.expression(2);
                self.b.emit(op::suspend, to, from, 0, 0);
            }
            9 => {
                let count = self.bytes.below(4);
                let from = self.variable();
                let window = self.b.temporaries(count);
                self.b.emit(op::unpack, from, window, count as u16, 0);
                for k in 0..count as u16 {
                    let to = self.variable();
                    self.b.emit(op::copy, to, window + k, 0, 0);
                }
            }
            10 => self.leave(),
            11 => {
                let value = self.expression(2);
                let name = self.b.name(NAMES[self.bytes.below(6)]);
                // There are six names.
                self.b.emit(op::set_name, name as u16, value, 0, 0);
            }
            12 => {
                let by = self.bytes.byte();
                let v = if by & 1 == 0 { self.variable() } else { self.expression(1) };
                self.b.emit(op::increment, v, 0, by.into(), 0);
            }
            _ => {
                self.b.emit(op::nothing, 0, 0, 0, 0);
            }
        }
    }

    fn conditional(&mut self) {
        let (other, end) = (self.b.label(), self.b.label());
        let condition = self.expression(2);
        if self.bytes.below(2) == 1 {
            let by = self.expression(1);
            self.b.jump(op::less_or_skip, condition, by, condition, other);
        }
        self.b.jump(op::branch, condition, 0, 0, other);
        self.block(3);
        if self.b.reachable() {
            self.b.jump(op::jump, 0, 0, 0, end);
        }
        self.b.bind(other);
        if self.bytes.below(2) == 1 {
            self.block(3);
        }
        self.b.bind(end);
        self.b.emit(op::nothing, 0, 0, 0, 0);
    }

    fn repetition(&mut self) {
        // A temporary that lives through the loop, as an iterator does.
        let kept = self.b.temporary();
        let from = self.variable();
        self.b.emit(op::copy, kept, from, 0, 0);
        let (head, exit) = (self.b.bound_label(), self.b.label());
        let condition = self.b.temporary();
        self.b.emit(op::add, condition, kept, kept, 0);
        self.b.jump(op::branch, condition, 0, 0, exit);
        self.b.release_to(condition);
        self.loops.push((head, exit, self.regions.len()));
        self.block(4);
        self.loops.pop();
        if self.b.reachable() {
            self.b.jump(op::loop_back, 0, 0, 0, head);
        }
        self.b.bind(exit);
        self.b.emit(op::nothing, 0, 0, 0, 0);
    }

    fn handler(&mut self) {
        let (handler, end) = (self.b.label(), self.b.label());
        let kept = self.b.temporary();
        let from = self.variable();
        self.b.emit(op::copy, kept, from, 0, 0);
        let exception = self.b.temporary();
        let region = self.b.begin_region(handler, exception);
        self.regions.push(region);
        self.block(4);
        self.regions.pop();
        self.b.end_region(region);
        if self.b.reachable() {
            self.b.jump(op::jump, 0, 0, 0, end);
        }
        self.b.bind(handler);
        let to = self.variable();
        self.b.emit(op::add, to, kept, exception, 0);
        self.block(3);
        if self.b.reachable() {
            self.b.emit(op::add, to, kept, exception, 0);
        }
        self.b.bind(end);
        self.b.emit(op::nothing, 0, 0, 0, 0);
    }

    /// Leaves the function, a region or a loop.
    fn leave(&mut self) {
        match (self.bytes.below(4), self.loops.last().copied(), self.regions.first().copied()) {
            (0, Some((head, exit, regions)), _) if regions == self.regions.len() => {
                if self.bytes.below(2) == 1 {
                    self.b.jump(op::loop_back, 0, 0, 0, head);
                } else {
                    self.b.jump(op::jump, 0, 0, 0, exit);
                }
            }
            // As a `return` through a `finally` does: its body stands in line, outside the regions.
            (1, _, Some(outermost)) => {
                let value = self.expression(2);
                let paused = self.b.pause_regions(outermost);
                let to = self.variable();
                self.b.emit(op::add, to, value, value, 0);
                self.b.emit(op::give, value, 0, 0, 0);
                self.b.resume_regions(paused);
            }
            (2, ..) => {
                let value = self.expression(1);
                self.b.emit(op::throw, value, 0, 0, 0);
            }
            (3, ..) => {
                let value = self.expression(1);
                self.b.emit(op::give, value, 0, 0, 0);
            }
            _ => {}
        }
    }

    /// Computes something into a new temporary; those above it are free again.
    fn expression(&mut self, depth: usize) -> u16 {
        let to = self.b.temporary();
        if depth == 0 {
            let from = self.variable();
            self.b.emit(op::copy, to, from, 0, 0);
            return to;
        }
        match self.bytes.below(9) {
            0 => {
                let c = self.constant();
                self.b.emit(op::constant, to, 0, 0, c);
            }
            1 | 2 => {
                let (l, r) = (self.expression(depth - 1), self.expression(depth - 1));
                self.b.emit(op::add, to, l, r, 0);
            }
            3 => {
                let name = self.b.name(NAMES[self.bytes.below(6)]);
                self.b.emit(op::get_name, to, 0, 0, name);
            }
            4 | 5 => {
                let arguments = self.bytes.below(3);
                let window = self.b.top();
                for _ in 0..=arguments {
                    self.expression(depth - 1);
                }
                let number = self.bytes.below(300) as i32 - 150;
                self.b.emit(op::call, to, window, arguments as u16, number);
            }
            6 => {
                let count = self.bytes.below(self.variables().min(4) + 1);
                self.b.emit(op::tuple, to, 0, count as u16, 0);
            }
            7 => {
                self.b.emit(op::get_free, to, self.bytes.below(2) as u16, 0, 0);
                let (c, from) = (self.constant(), to);
                self.b.emit(op::add_constant, to, from, c as u16, 0);
            }
            _ => {
                self.b.emit(op::closure_of, to, 0, 0, self.bytes.below(2) as i32);
            }
        }
        self.b.release_to(to + 1);
        to
    }

    fn constant(&mut self) -> i32 {
        let value = self.constant_value(0);
        self.b.constant(value)
    }

    fn constant_value(&mut self, depth: usize) -> Constant {
        let n = i64::from_le_bytes([0; 8].map(|_: u8| self.bytes.byte()));
        match self.bytes.below(if depth > 2 { 12 } else { 15 }) {
            0 => Constant::None,
            1 => Constant::Empty,
            2 => Constant::Ellipsis,
            3 => Constant::Special(n as u32),
            4 => Constant::Bool(n & 1 != 0),
            5 => Constant::Int(n >> (n & 63)),
            6 => Constant::integer(n & 1 != 0, &[n as u32, (n >> 32) as u32, (n >> 8) as u32]),
            7 => Constant::Float(f64::from_bits(n as u64)),
            8 => Constant::Complex(f64::from_bits(n as u64), -0.0),
            9 => Constant::Str(NAMES[(n & 3) as usize].as_bytes().into()),
            10 => {
                let mut text = n.to_string().into_bytes();
                push_surrogate(&mut text, 0xDC00 | (n & 0x3FF) as u16);
                Constant::Str(text.into())
            }
            11 => Constant::Bytes(n.to_be_bytes().into()),
            12 => Constant::Tuple((0..n & 3).map(|_| self.constant_value(depth + 1)).collect()),
            13 => Constant::FrozenSet((0..n & 3).map(|_| self.constant_value(depth + 1)).collect()),
            _ if self.level < 3 && !self.bytes.is_empty() => {
                Constant::Code(Arc::new(program(self.bytes, self.level + 1)))
            }
            _ => Constant::None,
        }
    }
}
