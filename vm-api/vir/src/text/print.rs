//! Units to text.

use super::lexer::escape;
use super::operand::Operand;
use crate::entity::{BlockId, FeedbackRef, Ref, StateId, Type};
use crate::inst::{Inst, instruction_table};
use crate::unit::{Callee, Invoke, List, Resume, StubCall, StubOperands, Terminator, Unit, UnitKind};
use std::fmt::{self, Write};

impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&print(self))
    }
}

/// The text of a unit. Its indices must be in range, as they are after verification.
fn print(unit: &Unit) -> String {
    let mut p = Printer { unit, out: String::new() };
    p.head();
    for block in unit.block_ids() {
        p.block(block);
    }
    p.out
}

struct Printer<'u> {
    unit: &'u Unit,
    out: String,
}

impl Printer<'_> {
    fn put(&mut self, text: &str) {
        self.out.push_str(text);
    }
    fn operand(&mut self, x: &impl Operand) {
        x.print(&mut self.out);
    }
    fn formatted(&mut self, text: fmt::Arguments<'_>) {
        _ = self.out.write_fmt(text);
    }

    fn head(&mut self) {
        let u = self.unit;
        self.put("unit ");
        escape(&u.name, &mut self.out);
        self.formatted(format_args!(" {} ", u.code));
        self.operand(&u.feedback);
        self.formatted(format_args!(" registers {} extent {}", u.registers, u.extent));
        match u.kind {
            UnitKind::Function => self.put(" function"),
            UnitKind::Osr { position } => self.formatted(format_args!(" osr {position}")),
        }
        self.put(if u.registers_in_memory { " in_memory\n" } else { "\n" });
        for (i, stub) in u.stubs.iter().enumerate() {
            let kind = if stub.window { "window" } else { "fixed" };
            self.formatted(format_args!("stub{i} = {} {} {kind}", stub.number, stub.name));
            let e = stub.effects;
            let effects = [
                (e.collects, " collects"),
                (e.runs_language, " runs_language"),
                (e.writes, " writes"),
                (e.raises, " raises"),
            ];
            effects.iter().filter(|(yes, _)| *yes).for_each(|(_, name)| self.put(name));
            self.put("\n");
        }
        for (i, cell) in u.cells.iter().enumerate() {
            self.formatted(format_args!("cell{i} = {} ", if cell.weak { "weak" } else { "strong" }));
            escape(&cell.name, &mut self.out);
            self.put("\n");
        }
        for i in 0..u.states.len() as u32 {
            self.state(StateId(i));
        }
    }

    fn state(&mut self, id: StateId) {
        let s = self.unit.state(id);
        self.formatted(format_args!("{id} = "));
        if let Some(caller) = s.caller {
            self.formatted(format_args!("in {caller} "));
        }
        self.formatted(format_args!("{} ", s.code));
        self.operand(&s.feedback);
        self.formatted(format_args!(" at {} ", s.position));
        match s.resume {
            Resume::Execute => self.put("execute"),
            Resume::Result { register } => self.formatted(format_args!("result r{register}")),
            Resume::Again { register } => self.formatted(format_args!("again r{register}")),
        }
        self.formatted(format_args!(" + {} {} {{", s.offset, s.function));
        for (i, (register, v)) in self.unit.registers_of(id).iter().enumerate() {
            let comma = if i == 0 { "" } else { ", " };
            self.formatted(format_args!("{comma}r{register}: {v}"));
        }
        self.put("}\n");
    }

    fn block(&mut self, id: BlockId) {
        let block = self.unit.block(id);
        self.formatted(format_args!("{id}("));
        for (i, v) in block.params.iter().enumerate() {
            let comma = if i == 0 { "" } else { ", " };
            self.formatted(format_args!("{comma}{v}: {}", self.unit.ty(*v).name()));
            if let (BlockId(0), Some(register)) = (id, self.unit.entry.get(i)) {
                self.formatted(format_args!(" r{register}"));
            }
        }
        self.put(if block.cold { ") cold:\n" } else { "):\n" });
        for v in &block.insts {
            self.put("  ");
            let inst = self.unit.inst(*v);
            if inst.result() != Type::Void {
                self.formatted(format_args!("{v} = "));
            }
            self.inst(&inst);
            if id != BlockId(0) {
                self.constants(&inst);
            }
            self.put("\n");
        }
        self.put("  ");
        self.terminator(&block.terminator);
        self.put("\n");
    }

    /// As a comment, which of the operands are constants of the first block.
    fn constants(&mut self, inst: &Inst) {
        let mut before = "  ; ";
        let mut seen = Vec::new();
        self.unit.each_operand(inst, |_, v| {
            if self.unit.inst(v).is_constant() && !seen.contains(&v) && self.unit.block(BlockId(0)).insts.contains(&v) {
                seen.push(v);
            }
        });
        for v in seen {
            self.formatted(format_args!("{before}{v} = "));
            self.inst(&self.unit.inst(v));
            before = ", ";
        }
    }

    fn terminator(&mut self, t: &Terminator) {
        match *t {
            Terminator::None => self.put("; no end"),
            Terminator::Jump(target, list) => {
                self.formatted(format_args!("jump {target}"));
                if list.len > 0 {
                    self.list('(', list, ')');
                }
            }
            Terminator::Branch(c, yes, no) => self.formatted(format_args!("branch {c}, {yes}, {no}")),
            Terminator::Return(v) => self.formatted(format_args!("return {v}")),
            Terminator::Fail => self.put("fail"),
            Terminator::Exit(state, reason) => self.formatted(format_args!("exit {}, {state}", reason.name())),
            Terminator::Unreachable => self.put("unreachable"),
        }
    }

    fn list(&mut self, open: char, list: List, close: char) {
        self.refs(open, self.unit.operands(list), close);
    }
    fn refs(&mut self, open: char, refs: &[Ref], close: char) {
        self.out.push(open);
        for (i, v) in refs.iter().enumerate() {
            self.formatted(format_args!("{}{v}", if i == 0 { "" } else { ", " }));
        }
        self.out.push(close);
    }

    fn inst(&mut self, inst: &Inst) {
        match *inst {
            Inst::Stub(call) => self.stub_call(&self.unit.stub_calls[call.index()]),
            Inst::Invoke(call) => self.invoke(&self.unit.invokes[call.index()]),
            _ => print_row(inst, &mut self.out),
        }
    }

    fn stub_call(&mut self, call: &StubCall) {
        self.formatted(format_args!("stub {}", self.unit.stubs[call.stub.index()].name));
        match &call.operands {
            StubOperands::Fixed(refs) => self.refs('(', refs, ')'),
            StubOperands::Window(list) => self.list('[', *list, ']'),
            StubOperands::Registers { base, count } => self.formatted(format_args!("[r{base} + {count}]")),
        }
        if call.immediate != 0 {
            self.formatted(format_args!(" imm {}", call.immediate));
        }
        if call.feedback != FeedbackRef::NONE {
            self.put(" ");
            self.operand(&call.feedback);
        }
        if let Some(state) = call.state {
            self.formatted(format_args!(" {state}"));
        }
    }

    fn invoke(&mut self, call: &Invoke) {
        match call.callee {
            Callee::Known(code) => self.formatted(format_args!("invoke {code} {}", call.function)),
            Callee::Computed(v) => self.formatted(format_args!("invoke {v} {}", call.function)),
        }
        match call.in_place {
            0 => self.list('(', call.arguments, ')'),
            n => self.formatted(format_args!("(in_place {n})")),
        }
        self.formatted(format_args!(" + {} ", call.offset));
        self.operand(&call.feedback);
        self.formatted(format_args!(" {}", call.state));
    }
}

/// Writes operands with separators between them.
struct Operands<'o> {
    out: &'o mut String,
    separator: &'static str,
}

impl Operands<'_> {
    fn next(&mut self, x: &impl Operand) {
        self.out.push_str(self.separator);
        x.print(self.out);
        self.separator = ", ";
    }
}

macro_rules! printing {
    ($($(#[$doc:meta])* $name:ident $text:literal ($($field:ident: $kind:ident),*) -> $result:ident [$($fact:ident)*];)*) => {
        /// Appends an instruction as the table has it.
        fn print_row(inst: &Inst, out: &mut String) {
            out.push_str(inst.name());
            let mut operands = Operands { out, separator: " " };
            match inst { $(Inst::$name($($field),*) => { $(operands.next($field);)* })* }
        }
    };
}
instruction_table!(printing);
