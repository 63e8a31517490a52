//! Writing.

use super::input::Output;
use super::{FORMAT_VERSION, MAGIC, constants, fingerprint};
use crate::code::{Code, Position};
use crate::constant::{Constant, items};
use crate::instruction::Instruction;
use crate::opcode::{Immediate, OpcodeInfo, Operand, SlotKind};
use std::collections::HashMap;
use std::sync::Arc;

/// Serialises `code`, which is complete ([`Code::complete`]), and all codes among its constants; one that several constants
/// share is written for each. A code that the verifier accepts reads back equal; of others, what the form cannot hold is lost.
pub fn write(code: &Code, table: &[OpcodeInfo]) -> Vec<u8> {
    let order = inner_first(code);
    let mut strings = Strings::default();
    let mut codes = Output::default();
    let mut ends = Vec::with_capacity(order.len());
    // Codes that are written and not yet referred to. Those of one outer code come together, in order.
    let mut ready: Vec<u64> = Vec::new();
    for (number, &(code, nested)) in order.iter().enumerate() {
        let mut inner = ready.split_off(ready.len().saturating_sub(nested)).into_iter();
        let mut section = Section { out: &mut codes, code, table, strings: &mut strings };
        section.write(&mut |_| inner.next().unwrap_or(u64::MAX));
        ready.push(number as u64);
        ends.push(codes.bytes.len());
    }
    let mut out = Output { bytes: header(table) };
    out.words(&strings.ends());
    out.words(&ends);
    strings.list.iter().for_each(|s| out.bytes.extend(s.as_bytes()));
    out.bytes.extend(codes.bytes);
    out.bytes
}

/// What a file begins with.
pub(crate) fn header(table: &[OpcodeInfo]) -> Vec<u8> {
    let mut out = Output::default();
    out.bytes.extend(MAGIC);
    out.number(FORMAT_VERSION);
    out.bytes.extend(fingerprint(table).to_le_bytes());
    out.bytes
}

/// All codes, those that others refer to first, each with the number of codes directly inside.
fn inner_first(code: &Code) -> Vec<(&Code, usize)> {
    let mut order = Vec::new();
    let mut waiting = vec![code];
    // Outer before inner and later before earlier, then turned round.
    while let Some(code) = waiting.pop() {
        let nested = nested(code);
        order.push((code, nested.len()));
        waiting.extend(nested);
    }
    order.reverse();
    order
}

/// The codes directly inside, in the order in which the constants are written.
fn nested(code: &Code) -> Vec<&Code> {
    let mut found: Vec<&Code> = Vec::new();
    let mut waiting: Vec<&Constant> = code.extra.iter().chain(&code.constants).rev().collect();
    while let Some(constant) = waiting.pop() {
        if let Constant::Code(code) = constant {
            found.push(code);
        }
        waiting.extend(items(constant).iter().rev());
    }
    found
}

#[derive(Default)]
struct Strings<'a> {
    list: Vec<&'a str>,
    index: HashMap<&'a str, u64>,
}

impl<'a> Strings<'a> {
    fn index(&mut self, text: &'a str) -> u64 {
        *self.index.entry(text).or_insert_with(|| {
            self.list.push(text);
            self.list.len() as u64 - 1
        })
    }

    /// Where each text ends when they stand one behind the other.
    fn ends(&self) -> Vec<usize> {
        let lengths = self.list.iter().map(|s| s.len());
        lengths.scan(0, |end, length| Some(std::mem::replace(end, *end + length) + length)).collect()
    }
}

struct Section<'o, 'a> {
    out: &'o mut Output,
    code: &'a Code,
    table: &'a [OpcodeInfo],
    strings: &'o mut Strings<'a>,
}

impl<'a> Section<'_, 'a> {
    fn write(&mut self, number: &mut impl FnMut(&Arc<Code>) -> u64) {
        let code = self.code;
        for text in [&code.name, &code.qualified_name, &code.source] {
            self.string(text);
        }
        let (out, p) = (&mut *self.out, &code.parameters);
        out.number(code.first_line);
        out.number(code.flags);
        out.list(&code.extra, |out, c| constants::write(out, c, number));
        [p.positional, p.positional_only, p.keyword_only].into_iter().for_each(|n| out.number(n));
        out.number(u8::from(p.variadic) | u8::from(p.keywords) << 1);
        out.number(code.registers);
        self.texts(&code.variables);
        self.out.list(&code.cells, |out, &c| out.number(c));
        // None, or the register and one.
        self.out.number(code.caught.map_or(0, |r| u32::from(r) + 1));
        self.texts(&code.free);
        self.texts(&code.names);
        self.out.list(&code.constants, |out, c| constants::write(out, c, number));
        self.instructions();
        self.tables();
    }

    fn string(&mut self, text: &'a str) {
        let index = self.strings.index(text);
        self.out.varint(index);
    }

    fn texts(&mut self, texts: &'a [Box<str>]) {
        self.out.count(texts.len());
        texts.iter().for_each(|t| self.string(t));
    }

    fn instructions(&mut self) {
        let table = self.table;
        let mut slots = 0;
        self.out.list(&self.code.instructions, |out, i| {
            out.number(i.op);
            if let Some(info) = table.get(usize::from(i.op)) {
                instruction(out, info, i, &mut slots);
            }
        });
    }

    fn tables(&mut self) {
        let (out, code) = (&mut *self.out, self.code);
        let (mut last, mut line) = (Position::default(), code.first_line);
        for p in code.positions.iter() {
            position(out, p, &last, line);
            last = *p;
            if *p != Position::default() {
                line = p.line;
            }
        }
        out.list(&code.exceptions, |out, e| {
            out.number(e.start);
            out.number(e.end.wrapping_sub(e.start));
            out.number(e.handler.wrapping_sub(e.end));
            out.number(e.register);
        });
        out.list(&code.suspensions, |out, s| {
            for list in [&s.live, &s.dirty] {
                let mut last = 0;
                out.list(list, |out, &r| out.number(r.wrapping_sub(std::mem::replace(&mut last, r))));
            }
        });
    }
}

fn instruction(out: &mut Output, info: &OpcodeInfo, i: &Instruction, slots: &mut u32) {
    for (field, operand) in [i.a, i.b, i.c].into_iter().zip(info.operands) {
        if operand != Operand::Unused {
            out.number(field);
        }
    }
    if info.immediate != Immediate::Unused {
        out.signed(i.d.into());
    }
    if info.slot != SlotKind::None {
        out.signed(i64::from(i.feedback) - i64::from(*slots));
        *slots += 1;
    }
}

fn position(out: &mut Output, p: &Position, last: &Position, line: u32) {
    if p == last {
        out.number(0u8);
    } else if *p == Position::default() {
        out.number(1u8);
    } else {
        let delta = i64::from(p.line) - i64::from(line);
        out.varint((delta << 1 ^ delta >> 63) as u64 + 2);
        out.number(p.end_line.wrapping_sub(p.line));
        out.number(p.column);
        out.signed(i64::from(p.end_column) - i64::from(p.column));
    }
}
