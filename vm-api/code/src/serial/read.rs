//! Reading.

use super::input::{Input, Read};
use super::{FORMAT_VERSION, LoadError, MAGIC, constants, fingerprint};
use crate::code::{Code, ExceptionEntry, Parameters, Position, Suspension};
use crate::instruction::Instruction;
use crate::opcode::{Immediate, OpcodeInfo, Operand, SlotKind};
use crate::verify::verify;
use std::sync::Arc;

/// Texts are stored once and copied for each use. A file may not make more of them than this many bytes, plus
/// [`TEXT_FACTOR`] times its size: far above what any real source gives.
const TEXT_ALLOWANCE: usize = 1 << 22;
const TEXT_FACTOR: usize = 256;

/// Reads a code and verifies it.
pub fn load(bytes: &[u8], table: &[OpcodeInfo]) -> Result<Code, LoadError> {
    let code = read(bytes, table)?;
    verify(&code, table).map_err(LoadError::Refused)?;
    Ok(code)
}

/// Reads a code without verifying it: for tests and tools. Use [`load`].
pub fn read(bytes: &[u8], table: &[OpcodeInfo]) -> Result<Code, LoadError> {
    let mut input = Input::new(bytes);
    if input.array() != Ok(MAGIC) {
        return Err(LoadError::Magic);
    }
    let version = input.varint()?;
    if version != u64::from(FORMAT_VERSION) {
        return Err(LoadError::Version(version));
    }
    if input.array() != Ok(fingerprint(table).to_le_bytes()) {
        return Err(LoadError::Fingerprint);
    }
    let strings = input.list(|input| {
        let length = input.number()?;
        std::str::from_utf8(input.bytes(length)?).map_err(|_| LoadError::Malformed("a name is not UTF-8"))
    })?;
    let allowance = bytes.len().saturating_mul(TEXT_FACTOR).saturating_add(TEXT_ALLOWANCE);
    let mut reader = Reader { input, table, strings, allowance, made: Vec::new() };
    let count = reader.input.count()?;
    for _ in 0..count {
        let code = reader.code()?;
        reader.made.push(Some(code));
    }
    let Some(Some((code, _))) = reader.made.pop() else { return Err(LoadError::Malformed("no code")) };
    if reader.made.iter().any(Option::is_some) {
        return Err(LoadError::Malformed("a code that nothing refers to"));
    }
    if !reader.input.is_empty() {
        return Err(LoadError::Malformed("bytes after the end"));
    }
    Ok(Arc::try_unwrap(code).unwrap_or_else(|shared| (*shared).clone()))
}

struct Reader<'a> {
    input: Input<'a>,
    table: &'a [OpcodeInfo],
    strings: Box<[&'a str]>,
    /// Bytes of text that may still be made.
    allowance: usize,
    /// The codes so far, until referred to, and how many levels of constants each brings: its own included.
    made: Vec<Option<(Arc<Code>, usize)>>,
}

impl Reader<'_> {
    fn code(&mut self) -> Read<(Arc<Code>, usize)> {
        let mut code = Code {
            name: self.string()?,
            qualified_name: self.string()?,
            source: self.string()?,
            first_line: self.input.number()?,
            flags: self.input.number()?,
            ..Code::default()
        };
        code.parameters = self.parameters()?;
        code.registers = self.input.number()?;
        code.variables = self.texts()?;
        code.cells = self.input.list(Input::number)?;
        code.free = self.texts()?;
        code.names = self.texts()?;
        let mut levels = 0;
        let made = &mut self.made;
        let mut constant = |input: &mut Input<'_>| {
            let mut nested = |k: usize| {
                let code = made.get_mut(k).and_then(Option::take);
                code.ok_or(LoadError::Malformed("a code that is not there, or referred to twice"))
            };
            let (constant, depth) = constants::read(input, &mut nested)?;
            levels = levels.max(depth);
            Ok(constant)
        };
        code.constants = self.input.list(&mut constant)?;
        code.extra = self.input.list(&mut constant)?;
        self.instructions(&mut code)?;
        self.tables(&mut code)?;
        Ok((Arc::new(code), levels + 1))
    }

    fn parameters(&mut self) -> Read<Parameters> {
        let input = &mut self.input;
        let mut p = Parameters {
            positional: input.number()?,
            positional_only: input.number()?,
            keyword_only: input.number()?,
            ..Parameters::default()
        };
        let bits: u64 = input.varint()?;
        if bits > 3 {
            return Err(LoadError::Malformed("unknown kind of parameter"));
        }
        (p.variadic, p.keywords) = (bits & 1 != 0, bits & 2 != 0);
        Ok(p)
    }

    fn string(&mut self) -> Read<Box<str>> {
        let text = *self.strings.get(self.input.number::<usize>()?).ok_or(LoadError::Malformed("no such text"))?;
        // The text and what holds it.
        let cost = text.len() + size_of::<Box<str>>();
        self.allowance = self.allowance.checked_sub(cost).ok_or(LoadError::Malformed("too much text"))?;
        Ok(text.into())
    }

    fn texts(&mut self) -> Read<Box<[Box<str>]>> {
        let n = self.input.count()?;
        (0..n).map(|_| self.string()).collect()
    }

    fn instructions(&mut self, code: &mut Code) -> Read<()> {
        let table = self.table;
        let mut kinds: Vec<(u32, SlotKind)> = Vec::new();
        code.instructions = self.input.list(|input| {
            let op: u16 = input.number()?;
            let info = table.get(usize::from(op)).ok_or(LoadError::Malformed("unknown opcode"))?;
            let i = instruction(input, info, op, kinds.len() as u32)?;
            if info.slot != SlotKind::None {
                kinds.push((i.feedback, info.slot));
            }
            Ok(i)
        })?;
        let mut feedback = vec![SlotKind::None; kinds.len()];
        for (slot, kind) in kinds {
            *feedback.get_mut(slot as usize).ok_or(LoadError::Malformed("no such feedback slot"))? = kind;
        }
        code.feedback = feedback.into();
        Ok(())
    }

    fn tables(&mut self, code: &mut Code) -> Read<()> {
        let input = &mut self.input;
        let (mut last, mut line) = (Position::default(), code.first_line);
        let mut positions = Vec::with_capacity(code.instructions.len());
        for _ in 0..code.instructions.len() {
            last = position(input, last, line)?;
            if last != Position::default() {
                line = last.line;
            }
            positions.push(last);
        }
        code.positions = positions.into();
        code.exceptions = input.list(|input| {
            let start = input.number()?;
            let end = input.above(start)?;
            Ok(ExceptionEntry { start, end, handler: input.above(end)?, register: input.number()? })
        })?;
        code.suspensions = input.list(|input| Ok(Suspension { live: registers(input)?, dirty: registers(input)? }))?;
        Ok(())
    }
}

fn instruction(input: &mut Input<'_>, info: &OpcodeInfo, op: u16, slots: u32) -> Read<Instruction> {
    let mut fields = [0; 3];
    for (field, operand) in fields.iter_mut().zip(info.operands) {
        if operand != Operand::Unused {
            *field = input.number()?;
        }
    }
    let [a, b, c] = fields;
    let mut i = Instruction::new(op, a, b, c, 0);
    if info.immediate != Immediate::Unused {
        i.d = i32::try_from(input.signed()?).map_err(|_| LoadError::Malformed("a number is out of range"))?;
    }
    if info.slot != SlotKind::None {
        i.feedback = input.near(slots)?;
    }
    Ok(i)
}

fn position(input: &mut Input<'_>, last: Position, line: u32) -> Read<Position> {
    match input.varint()? {
        0 => Ok(last),
        1 => Ok(Position::default()),
        n => {
            let n = n - 2;
            let delta = (n >> 1) as i64 ^ -((n & 1) as i64);
            let line = i64::from(line).checked_add(delta).and_then(|n| u32::try_from(n).ok());
            let line = line.ok_or(LoadError::Malformed("a line is out of range"))?;
            let end_line = input.above(line)?;
            let column = input.number()?;
            Ok(Position { line, end_line, column, end_column: input.near(column)? })
        }
    }
}

fn registers(input: &mut Input<'_>) -> Read<Box<[u16]>> {
    let mut last: u32 = 0;
    input.list(|input| {
        last = input.above(last)?;
        u16::try_from(last).map_err(|_| LoadError::Malformed("a register is out of range"))
    })
}
