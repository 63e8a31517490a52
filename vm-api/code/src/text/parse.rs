//! Parsing.

use super::KINDS;
use super::constants::parse_constant;
use super::tokens::{Token, Tokens, indexed, parse_number};
use crate::code::{Code, ExceptionEntry, Position, Suspension};
use crate::constant::{Constant, MAX_NESTING, depth};
use crate::instruction::Instruction;
use crate::opcode::{Immediate, OpcodeInfo, Operand, SlotKind};
use std::collections::HashMap;
use std::sync::Arc;

/// What is wrong with a text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ParseError {
    /// The line, from 1.
    pub line: usize,
    /// What is wrong there.
    pub message: String,
}

impl std::fmt::Display for ParseError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "line {}: {}", self.line, self.message)
    }
}

impl std::error::Error for ParseError {}

/// Reads a listing. The code is not verified. Total: any text gives a code or an error.
pub fn parse(text: &str, table: &[OpcodeInfo]) -> Result<Code, ParseError> {
    let opcodes: HashMap<&str, u16> = table.iter().enumerate().map(|(op, info)| (info.name, op as u16)).collect();
    let lines: Vec<&str> = text.lines().collect();
    let is_head = |line: &str| line.starts_with("code ");
    let heads: Vec<usize> = (0..lines.len()).filter(|&k| is_head(lines[k])).collect();
    if let Some(stray) =
        lines.iter().take(heads.first().copied().unwrap_or(lines.len())).position(|l| !l.trim().is_empty())
    {
        return Err(ParseError { line: stray + 1, message: "a code section expected".to_string() });
    }
    // From the last section to the first, since codes refer to later ones.
    let mut made: Vec<Option<(Arc<Code>, usize)>> = vec![None; heads.len()];
    for (number, &head) in heads.iter().enumerate().rev() {
        let end = heads.get(number + 1).copied().unwrap_or(lines.len());
        let mut section = Section::new(table, &opcodes, &mut made, number);
        for (k, line) in lines[head..end].iter().enumerate() {
            section.line(line).map_err(|message| ParseError { line: head + k + 1, message })?;
        }
        let made_here = section.finish().map_err(|message| ParseError { line: head + 1, message })?;
        made[number] = Some(made_here);
    }
    let mut made = made.into_iter();
    match made.next() {
        Some(Some((code, _))) if made.all(|other| other.is_none()) => {
            Ok(Arc::try_unwrap(code).unwrap_or_else(|shared| (*shared).clone()))
        }
        Some(_) => Err(ParseError { line: 1, message: "a code that no constant refers to".to_string() }),
        None => Err(ParseError { line: 1, message: "no code".to_string() }),
    }
}

/// The codes made so far, by number, each with its depth of nesting, until something refers to them.
type Made = Vec<Option<(Arc<Code>, usize)>>;

/// The part of a section that a line belongs to.
#[derive(Clone, Copy, PartialEq)]
enum Part {
    Header,
    Names,
    Constants,
    Extra,
    Exceptions,
    Suspensions,
    Instructions,
}

struct Section<'a> {
    table: &'a [OpcodeInfo],
    opcodes: &'a HashMap<&'a str, u16>,
    made: &'a mut Made,
    number: usize,
    /// Levels of constants inside.
    depth: usize,
    part: Part,
    code: Code,
    names: Vec<Box<str>>,
    constants: Vec<Constant>,
    extra: Vec<Constant>,
    /// Labels of start, end and handler, and the register.
    exceptions: Vec<([u32; 3], u16)>,
    suspensions: Vec<Suspension>,
    instructions: Vec<Instruction>,
    positions: Vec<Position>,
    slots: Vec<(u32, SlotKind)>,
    labels: HashMap<u32, u32>,
    jumps: Vec<(usize, u32)>,
}

type Parsed<T> = Result<T, String>;

impl<'a> Section<'a> {
    fn new(
        table: &'a [OpcodeInfo],
        opcodes: &'a HashMap<&'a str, u16>,
        made: &'a mut Made,
        number: usize,
    ) -> Section<'a> {
        Section {
            table,
            opcodes,
            made,
            number,
            depth: 0,
            part: Part::Header,
            code: Code::default(),
            names: Vec::new(),
            constants: Vec::new(),
            extra: Vec::new(),
            exceptions: Vec::new(),
            suspensions: Vec::new(),
            instructions: Vec::new(),
            positions: Vec::new(),
            slots: Vec::new(),
            labels: HashMap::new(),
            jumps: Vec::new(),
        }
    }

    fn line(&mut self, line: &str) -> Parsed<()> {
        let mut tokens = Tokens::new(line);
        if tokens.at_end() {
            return Ok(());
        }
        if self.part != Part::Instructions {
            let mut ahead = Tokens::new(line);
            if let Ok(Some(Token::Word(word))) = ahead.next()
                && self.head(word, &mut ahead)?
            {
                return ahead.end();
            }
        }
        match self.part {
            Part::Header => return Err("an entry of the header expected".to_string()),
            Part::Names => {
                in_order(tokens.indexed("n")?, self.names.len())?;
                self.names.push(tokens.name()?);
            }
            Part::Constants => {
                in_order(tokens.indexed("k")?, self.constants.len())?;
                let constant = self.constant(&mut tokens)?;
                self.constants.push(constant);
            }
            Part::Extra => {
                let constant = self.constant(&mut tokens)?;
                self.extra.push(constant);
            }
            Part::Exceptions => {
                let labels = [tokens.indexed("L")?, tokens.indexed("L")?, tokens.indexed("L")?];
                self.exceptions.push((labels, tokens.indexed("r")?));
            }
            Part::Suspensions => {
                in_order(tokens.indexed("s")?, self.suspensions.len())?;
                if tokens.word()? != "live" {
                    return Err("live expected".to_string());
                }
                let mut lists = [Vec::new(), Vec::new()];
                let mut list = 0;
                while !tokens.at_end() {
                    match tokens.word()? {
                        "dirty" if list == 0 => list = 1,
                        word => lists[list].push(indexed(word, "r")?),
                    }
                }
                let [live, dirty] = lists.map(Vec::into_boxed_slice);
                self.suspensions.push(Suspension { live, dirty });
            }
            Part::Instructions => self.instruction(&mut tokens)?,
        }
        tokens.end()
    }

    /// An entry of the header, or the beginning of another part. Is it one?
    fn head(&mut self, word: &str, tokens: &mut Tokens<'_>) -> Parsed<bool> {
        let code = &mut self.code;
        match word {
            "code" if self.part == Part::Header => {
                in_order(tokens.number()?, self.number)?;
                code.name = tokens.name()?;
            }
            "qualified" => code.qualified_name = tokens.name()?,
            "source" => code.source = tokens.name()?,
            "line" => code.first_line = tokens.number()?,
            "flags" => {
                let flags = tokens.word()?.strip_prefix("0x").and_then(|hex| u32::from_str_radix(hex, 16).ok());
                code.flags = flags.ok_or("a hexadecimal number expected")?;
            }
            "parameters" => {
                let p = &mut code.parameters;
                p.positional = tokens.number()?;
                p.positional_only = tokens.number()?;
                p.keyword_only = tokens.number()?;
                while !tokens.at_end() {
                    match tokens.word()? {
                        "variadic" => p.variadic = true,
                        "keywords" => p.keywords = true,
                        _ => return Err("variadic or keywords expected".to_string()),
                    }
                }
            }
            "registers" => code.registers = tokens.number()?,
            "variables" => code.variables = names(tokens)?,
            "free" => code.free = names(tokens)?,
            "cells" => {
                let mut cells = Vec::new();
                while !tokens.at_end() {
                    cells.push(tokens.indexed("r")?);
                }
                code.cells = cells.into();
            }
            "caught" => code.caught = Some(tokens.indexed("r")?),
            "names" => self.part = Part::Names,
            "constants" => self.part = Part::Constants,
            "extra" => self.part = Part::Extra,
            "exceptions" => self.part = Part::Exceptions,
            "suspensions" => self.part = Part::Suspensions,
            "instructions" => self.part = Part::Instructions,
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn constant(&mut self, tokens: &mut Tokens<'_>) -> Parsed<Constant> {
        let (made, number) = (&mut *self.made, self.number);
        let mut inner = 0;
        let constant = parse_constant(tokens, &mut |k| {
            let other = made.get_mut(k).filter(|_| k > number).and_then(Option::take);
            let (code, depth) = other.ok_or("no such code, or one that another constant refers to")?;
            inner = inner.max(depth);
            Ok(Constant::Code(code))
        })?;
        // An upper bound: the deepest code in the deepest place.
        self.depth = self.depth.max(depth(&constant) + inner.saturating_sub(1));
        if self.depth >= MAX_NESTING { Err("constants nest too deep".to_string()) } else { Ok(constant) }
    }

    fn instruction(&mut self, tokens: &mut Tokens<'_>) -> Parsed<()> {
        let mut word = tokens.word()?;
        if let Some(label) = word.strip_suffix(':') {
            let known = self.labels.insert(indexed(label, "L")?, self.instructions.len() as u32);
            return if known.is_none() { Ok(()) } else { Err("a label bound twice".to_string()) };
        }
        if word.bytes().all(|b| b.is_ascii_digit()) {
            in_order(parse_number(word)?, self.instructions.len())?;
            word = tokens.word()?;
        }
        let op = *self.opcodes.get(word).ok_or_else(|| format!("unknown opcode {word:?}"))?;
        let info = &self.table[usize::from(op)];
        let mut operands = Operands { tokens, first: true, position: Position::default() };
        let mut fields = [0; 3];
        for (field, operand) in fields.iter_mut().zip(info.operands) {
            *field = match operand {
                Operand::Unused => 0,
                Operand::Read | Operand::Write | Operand::ReadWrite => indexed(operands.word()?, "r")?,
                Operand::Window { .. } | Operand::WindowRead { .. } | Operand::WindowWrite { .. } => {
                    indexed(operands.word()?.strip_suffix("..").ok_or("a window expected")?, "r")?
                }
                Operand::Count | Operand::Number => parse_number(operands.word()?)?,
                Operand::Name => indexed(operands.word()?, "n")?,
                Operand::Constant => indexed(operands.word()?, "k")?,
                Operand::Free => indexed(operands.word()?, "v")?,
            };
        }
        let mut d = 0;
        match info.immediate {
            Immediate::Unused => {}
            Immediate::Jump | Immediate::Branch | Immediate::LoopBack => {
                self.jumps.push((self.instructions.len(), indexed(operands.word()?, "L")?));
            }
            Immediate::Constant => d = indexed(operands.word()?, "k")?,
            Immediate::Name => d = indexed(operands.word()?, "n")?,
            Immediate::Free => d = indexed(operands.word()?, "v")?,
            Immediate::Suspension => d = indexed(operands.word()?, "s")?,
            Immediate::Number => d = parse_number(operands.word()?)?,
        }
        let [a, b, c] = fields;
        let mut i = Instruction::new(op, a, b, c, d);
        if info.slot != SlotKind::None {
            let (slot, kind) = operands.word()?.split_once(':').ok_or("a feedback slot expected")?;
            i.feedback = indexed(slot, "f")?;
            let kind = KINDS.iter().find(|(_, name)| *name == kind).ok_or("unknown kind of feedback slot")?;
            self.slots.push((i.feedback, kind.0));
        }
        operands.end()?;
        self.positions.push(operands.position);
        self.instructions.push(i);
        Ok(())
    }

    fn finish(self) -> Parsed<(Arc<Code>, usize)> {
        let Section { mut code, labels, mut instructions, slots, .. } = self;
        let bound = |label: u32| labels.get(&label).copied().ok_or_else(|| format!("label L{label} is not bound"));
        for (at, label) in self.jumps {
            let distance = i64::from(bound(label)?) - at as i64 - 1;
            instructions[at].d = i32::try_from(distance).map_err(|_| "a jump too far")?;
        }
        let mut exceptions = Vec::new();
        for ([start, end, handler], register) in self.exceptions {
            exceptions.push(ExceptionEntry {
                start: bound(start)?,
                end: bound(end)?,
                handler: bound(handler)?,
                register,
            });
        }
        let mut feedback = vec![SlotKind::None; slots.len()];
        for (slot, kind) in slots {
            // A slot left out here means that another one is named twice; the verifier reports that.
            *feedback
                .get_mut(slot as usize)
                .ok_or_else(|| format!("feedback slot f{slot} without those before it"))? = kind;
        }
        code.names = self.names.into();
        code.constants = self.constants.into();
        code.extra = self.extra.into();
        code.exceptions = exceptions.into();
        code.suspensions = self.suspensions.into();
        code.instructions = instructions.into();
        code.positions = self.positions.into();
        code.feedback = feedback.into();
        Ok((Arc::new(code), self.depth + 1))
    }
}

/// The operands of an instruction, between commas, and its position.
struct Operands<'t, 'a> {
    tokens: &'t mut Tokens<'a>,
    first: bool,
    position: Position,
}

impl<'a> Operands<'_, 'a> {
    fn word(&mut self) -> Parsed<&'a str> {
        if !std::mem::take(&mut self.first) && !matches!(self.tokens.next()?, Some(Token::Punctuation(','))) {
            return Err("',' and another operand expected".to_string());
        }
        self.tokens.word()
    }

    fn end(&mut self) -> Parsed<()> {
        match self.tokens.next()? {
            None => Ok(()),
            Some(Token::Position(text)) => {
                self.position = position(text).ok_or("line:column-line:column expected")?;
                Ok(())
            }
            Some(_) => Err("too many operands".to_string()),
        }
    }
}

fn position(text: &str) -> Option<Position> {
    let (start, end) = text.split_once('-')?;
    let (line, column) = start.split_once(':')?;
    let (end_line, end_column) = end.split_once(':')?;
    let number = |s: &str| s.parse().ok();
    Some(Position {
        line: number(line)?,
        end_line: number(end_line)?,
        column: number(column)?,
        end_column: number(end_column)?,
    })
}

fn names(tokens: &mut Tokens<'_>) -> Parsed<Box<[Box<str>]>> {
    let mut names = Vec::new();
    while !tokens.at_end() {
        names.push(tokens.name()?);
    }
    Ok(names.into())
}

fn in_order(found: usize, expected: usize) -> Parsed<()> {
    if found == expected { Ok(()) } else { Err(format!("number {expected} expected, not {found}")) }
}
