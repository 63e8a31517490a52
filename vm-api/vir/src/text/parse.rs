//! Text to units.

use super::lexer::{Line, ParseError, Token, index_of};
use super::operand::Operand;
use crate::entity::{
    BlockId, CodeRef, FeedbackRef, FloatBits, InvokeId, Reason, Ref, StateId, StubCallId, StubId, Type, VectorRef,
};
use crate::inst::operand::{Bool, F64, I64, Ptr, Tagged};
use crate::inst::{Inst, instruction_table};
use crate::unit::{
    Callee, CellInfo, FrameState, Invoke, List, Resume, StubCall, StubOperands, StubUse, Terminator, Unit, UnitKind,
};
use crate::{CellId, Cond, FloatOp, IntOp};
use std::borrow::Cow;
use std::collections::HashMap;
use vm_code::Effects;
use vm_heap::ShapeIndex;

/// Reads a unit. What it says may still make no sense: [`crate::verify`] it. Lines before the unit's first that are empty or
/// hold only a comment are skipped.
pub fn parse(text: &str) -> Result<Unit, ParseError> {
    let mut parser: Option<Parser> = None;
    let mut last = 0;
    for (number, text) in (1..).zip(text.lines()) {
        let mut line = Line::new(text, number)?;
        last = number;
        if line.is_empty() {
            continue;
        }
        match &mut parser {
            None => parser = Some(Parser { unit: head(&mut line)?, names: HashMap::new(), blocks: HashMap::new() }),
            Some(p) => p.statement(&mut line)?,
        }
        line.end()?;
    }
    let Some(parser) = parser else {
        return Err(ParseError { line: last, message: "there is no unit".into() });
    };
    parser.finish()
}

/// The first line.
fn head(line: &mut Line<'_>) -> Result<Unit, ParseError> {
    line.keyword("unit")?;
    let name = line.string("the unit's name")?;
    let code = CodeRef::parse(line)?;
    let feedback = VectorRef::parse(line)?;
    line.keyword("registers")?;
    let registers = line.integer("number of registers")?;
    line.keyword("extent")?;
    let extent = line.integer("number of registers")?;
    let kind = if line.take_word("osr") {
        UnitKind::Osr { position: line.integer("position")? }
    } else {
        line.keyword("function")?;
        UnitKind::Function
    };
    let mut unit = Unit::new(&name, kind, code, registers);
    unit.feedback = feedback;
    unit.extent = extent;
    unit.registers_in_memory = line.take_word("in_memory");
    Ok(unit)
}

struct Parser {
    unit: Unit,
    /// Numbers in the text to values. Until [`Parser::finish`], values in the unit are numbers in the text.
    names: HashMap<u32, Ref>,
    /// The same for blocks.
    blocks: HashMap<u32, BlockId>,
}

impl Parser {
    fn statement(&mut self, line: &mut Line<'_>) -> Result<(), ParseError> {
        let Some(Token::Word(word)) = line.peek() else { return Err(line.expected("a statement")) };
        let word = *word;
        if index_of(word, BlockId::PREFIX).is_some() {
            return self.block(line);
        }
        if line.peek_second() == Some(&Token::Sign('=')) && index_of(word, Ref::PREFIX).is_none() {
            return self.declaration(line);
        }
        let block = match self.unit.blocks.len() {
            0 => return Err(line.error("an instruction outside of a block")),
            n => BlockId(n as u32 - 1),
        };
        if self.unit.block(block).terminator != Terminator::None {
            return Err(line.error("the block has ended"));
        }
        if let Some(terminator) = self.terminator(line)? {
            self.unit.terminate(block, terminator);
            return Ok(());
        }
        let name = if line.peek_second() == Some(&Token::Sign('=')) {
            let n = line.index(Ref::PREFIX, "a value")?;
            line.sign('=')?;
            Some(n)
        } else {
            None
        };
        let inst = self.inst(line)?;
        if matches!(inst, Inst::Param(_)) {
            return Err(line.error("parameters stand at the head of a block"));
        }
        let v = self.unit.push(block, inst);
        match (name, inst.result()) {
            (None, Type::Void) => Ok(()),
            (Some(n), t) if t != Type::Void => self.define(n, v, line),
            (Some(_), _) => Err(line.error("the instruction has no result")),
            (None, _) => Err(line.error("the instruction's result needs a name")),
        }
    }

    fn define(&mut self, name: u32, v: Ref, line: &Line<'_>) -> Result<(), ParseError> {
        match self.names.insert(name, v) {
            None => Ok(()),
            Some(_) => Err(line.error(format!("v{name} is defined twice"))),
        }
    }

    fn declaration(&mut self, line: &mut Line<'_>) -> Result<(), ParseError> {
        let sequential = |line: &Line<'_>, i: u32, n: usize| {
            if i as usize == n { Ok(()) } else { Err(line.error(format!("number {n} is next"))) }
        };
        if !self.unit.blocks.is_empty() {
            return Err(line.error("declarations stand before the blocks"));
        }
        if line.at_index(StubId::PREFIX) {
            let i = line.index(StubId::PREFIX, "a stub")?;
            sequential(line, i, self.unit.stubs.len())?;
            line.sign('=')?;
            let stub = stub_use(line)?;
            self.unit.stubs.push(stub);
        } else if line.at_index(CellId::PREFIX) {
            let i = line.index(CellId::PREFIX, "a cell")?;
            sequential(line, i, self.unit.cells.len())?;
            line.sign('=')?;
            let weak = line.take_word("weak");
            if !weak {
                line.keyword("strong")?;
            }
            let name = line.string("the cell's name")?.into();
            self.unit.cells.push(CellInfo { weak, name });
        } else {
            let i = line.index(StateId::PREFIX, "a declaration")?;
            sequential(line, i, self.unit.states.len())?;
            line.sign('=')?;
            self.state(line)?;
        }
        Ok(())
    }

    fn state(&mut self, line: &mut Line<'_>) -> Result<(), ParseError> {
        let caller = if line.take_word("in") { Some(StateId::parse(line)?) } else { None };
        let code = CodeRef::parse(line)?;
        let feedback = VectorRef::parse(line)?;
        line.keyword("at")?;
        let position = line.integer("position")?;
        let resume = match line.word("`execute`, `result` or `again`")? {
            "execute" => Resume::Execute,
            "result" => Resume::Result { register: u16::parse(line)? },
            "again" => Resume::Again { register: u16::parse(line)? },
            other => return Err(line.error(format!("`{other}` is no way to go on"))),
        };
        line.sign('+')?;
        let offset = line.integer("offset")?;
        let function = Ref::parse(line)?;
        line.sign('{')?;
        let mut registers = Vec::new();
        line.items('}', |line| {
            let register = u16::parse(line)?;
            line.sign(':')?;
            registers.push((register, Ref::parse(line)?));
            Ok(())
        })?;
        let state = FrameState { caller, code, feedback, position, resume, offset, function, registers: List::EMPTY };
        self.unit.add_state(state, &registers);
        Ok(())
    }

    fn block(&mut self, line: &mut Line<'_>) -> Result<(), ParseError> {
        let i = line.index(BlockId::PREFIX, "a block")?;
        let block = self.unit.add_block();
        if self.blocks.insert(i, block).is_some() {
            return Err(line.error(format!("block{i} is defined twice")));
        }
        line.sign('(')?;
        line.items(')', |line| {
            let name = line.index(Ref::PREFIX, "a parameter")?;
            line.sign(':')?;
            let ty = Type::parse(line)?;
            let v = if block == BlockId(0) {
                self.unit.entry.push(u16::parse(line)?);
                self.unit.add_param(block, ty)
            } else {
                self.unit.add_param(block, ty)
            };
            self.define(name, v, line)
        })?;
        self.unit.blocks[block.index()].cold = line.take_word("cold");
        line.sign(':')
    }

    fn terminator(&mut self, line: &mut Line<'_>) -> Result<Option<Terminator>, ParseError> {
        let block = |line: &mut Line<'_>| line.index(BlockId::PREFIX, "a block").map(BlockId);
        Ok(Some(if line.take_word("jump") {
            let target = block(line)?;
            let list = if line.take_sign('(') { self.list(line, ')')? } else { List::EMPTY };
            Terminator::Jump(target, list)
        } else if line.take_word("branch") {
            let c = Ref::parse(line)?;
            line.sign(',')?;
            let yes = block(line)?;
            line.sign(',')?;
            Terminator::Branch(c, yes, block(line)?)
        } else if line.take_word("return") {
            Terminator::Return(Ref::parse(line)?)
        } else if line.take_word("fail") {
            Terminator::Fail
        } else if line.take_word("unreachable") {
            Terminator::Unreachable
        } else if line.take_word("exit") {
            let reason = Reason::parse(line)?;
            line.sign(',')?;
            Terminator::Exit(StateId::parse(line)?, reason)
        } else {
            return Ok(None);
        }))
    }

    fn list(&mut self, line: &mut Line<'_>, close: char) -> Result<List, ParseError> {
        let mut refs = Vec::new();
        line.items(close, |line| {
            refs.push(Ref::parse(line)?);
            Ok(())
        })?;
        Ok(self.unit.list(&refs))
    }

    fn inst(&mut self, line: &mut Line<'_>) -> Result<Inst, ParseError> {
        let name = line.word("an instruction")?;
        match name {
            "stub" => self.stub_call(line),
            "invoke" => self.invoke(line),
            _ => parse_row(name, line),
        }
    }

    fn stub_call(&mut self, line: &mut Line<'_>) -> Result<Inst, ParseError> {
        let name = line.word("a stub's name")?;
        let Some(stub) = self.unit.stubs.iter().position(|s| s.name == name) else {
            return Err(line.error(format!("stub `{name}` is not declared")));
        };
        let operands = if line.take_sign('(') {
            let mut refs = Vec::new();
            line.items(')', |line| {
                refs.push(Ref::parse(line)?);
                Ok(())
            })?;
            let Ok(refs) = refs.try_into() else { return Err(line.error("a fixed stub has three operands")) };
            StubOperands::Fixed(refs)
        } else {
            line.sign('[')?;
            if line.at_index("r") {
                let base = u16::parse(line)?;
                line.sign('+')?;
                let count = line.integer("number of registers")?;
                line.sign(']')?;
                StubOperands::Registers { base, count }
            } else {
                StubOperands::Window(self.list(line, ']')?)
            }
        };
        let immediate = if line.take_word("imm") { line.integer("immediate")? } else { 0 };
        let feedback = match line.peek() {
            Some(Token::Word(_)) if !line.at_index(StateId::PREFIX) => FeedbackRef::parse(line)?,
            _ => FeedbackRef::NONE,
        };
        let state = match line.peek() {
            Some(_) => Some(StateId::parse(line)?),
            None => None,
        };
        let call = StubCall { stub: StubId(stub as u32), operands, immediate, feedback, state };
        Ok(Inst::Stub(self.unit.add_stub_call(call)))
    }

    fn invoke(&mut self, line: &mut Line<'_>) -> Result<Inst, ParseError> {
        let callee = match line.at_index(CodeRef::PREFIX) {
            true => Callee::Known(CodeRef::parse(line)?),
            false => Callee::Computed(Ref::parse(line)?),
        };
        let function = Ref::parse(line)?;
        line.sign('(')?;
        let (arguments, in_place) = if line.take_word("in_place") {
            let n = line.integer("number of arguments")?;
            line.sign(')')?;
            (List::EMPTY, n)
        } else {
            (self.list(line, ')')?, 0)
        };
        line.sign('+')?;
        let offset = line.integer("offset")?;
        let feedback = VectorRef::parse(line)?;
        let state = StateId::parse(line)?;
        let call = Invoke { callee, function, arguments, in_place, offset, feedback, state };
        Ok(Inst::Invoke(self.unit.add_invoke(call)))
    }

    /// Replaces the numbers of the text by values.
    fn finish(mut self) -> Result<Unit, ParseError> {
        let mut missing = None;
        let names = &self.names;
        self.unit.each_ref_mut(|v| match names.get(&v.0) {
            Some(found) => *v = *found,
            None => missing = Some(v.to_string()),
        });
        for block in &mut self.unit.blocks {
            let mut rename = |b: &mut BlockId| match self.blocks.get(&b.0) {
                Some(found) => *b = *found,
                None => missing = Some(b.to_string()),
            };
            match &mut block.terminator {
                Terminator::Jump(target, _) => rename(target),
                Terminator::Branch(_, yes, no) => [yes, no].into_iter().for_each(rename),
                _ => {}
            }
        }
        match missing {
            None => Ok(self.unit),
            Some(name) => Err(ParseError { line: 0, message: format!("{name} is used but not defined") }),
        }
    }
}

fn stub_use(line: &mut Line<'_>) -> Result<StubUse, ParseError> {
    let number = line.integer("stub number")?;
    let name = Cow::Owned(line.word("the stub's name")?.to_owned());
    let window = line.take_word("window");
    if !window {
        line.keyword("fixed")?;
    }
    let effects = Effects {
        collects: line.take_word("collects"),
        runs_language: line.take_word("runs_language"),
        writes: line.take_word("writes"),
        raises: line.take_word("raises"),
    };
    Ok(StubUse { name, number, window, effects })
}

/// Reads operands with commas between them.
struct Operands<'l, 't> {
    line: &'l mut Line<'t>,
    first: bool,
}

impl Operands<'_, '_> {
    fn next<T: Operand>(&mut self) -> Result<T, ParseError> {
        if !std::mem::replace(&mut self.first, false) {
            self.line.sign(',')?;
        }
        T::parse(self.line)
    }
}

macro_rules! parsing {
    ($($(#[$doc:meta])* $name:ident $text:literal ($($field:ident: $kind:ident),*) -> $result:ident [$($fact:ident)*];)*) => {
        /// Reads the operands of the instruction `name` as the table has them.
        fn parse_row(name: &str, line: &mut Line<'_>) -> Result<Inst, ParseError> {
            let mut operands = Operands { line, first: true };
            Ok(match name {
                $($text => {
                    $(let $field: $kind = operands.next()?;)*
                    Inst::$name($($field),*)
                })*
                _ => return Err(operands.line.error(format!("there is no instruction `{name}`"))),
            })
        }
    };
}
instruction_table!(parsing);
