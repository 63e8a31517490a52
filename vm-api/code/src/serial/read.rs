//! Reading.

use super::deferred::{Deferred, Header};
use super::input::{Input, Read};
use super::tables::Tables;
use super::{LoadError, constants, fingerprint};
use crate::code::{Code, ExceptionEntry, Parameters, Position, Suspension};
use crate::constant::Constant;
use crate::instruction::Instruction;
use crate::opcode::{Immediate, OpcodeInfo, Operand, SlotKind};
use crate::positions::Positions;
use crate::verify::verify;
use std::ops::RangeInclusive;
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
    let tables = Tables::of(bytes, fingerprint(table))?;
    let last = tables.codes().checked_sub(1).ok_or(LoadError::Malformed("no code"))?;
    range(tables, table, bytes.len(), 0..=last)
}

/// Reads the last code of a range, with the others inside it. `size`: of the file.
pub(super) fn range(
    tables: Tables<'_>,
    table: &[OpcodeInfo],
    size: usize,
    numbers: RangeInclusive<usize>,
) -> Read<Code> {
    let (start, last) = numbers.into_inner();
    let mut reader = Reader::new(tables, table, size);
    // The codes so far that are not yet referred to: the first code inside, the number, the code, and how many levels of
    // constants it brings, its own included.
    let mut made: Vec<(usize, Constant, usize)> = Vec::new();
    for number in start..=last {
        // Those that this one refers to are the last of `made`, in order; how many shows as they are met.
        let mut inner: Vec<usize> = Vec::new();
        let (code, levels) = reader.code(number, &mut |k| {
            let at = made.binary_search_by_key(&k, |(number, ..)| *number).map_err(|_| NOT_THERE)?;
            if inner.last().is_some_and(|last| last + 1 != at) {
                return Err(NOT_THERE);
            }
            inner.push(at);
            let (_, code, levels) = &mut made[at];
            Ok((std::mem::replace(code, Constant::Empty), *levels))
        })?;
        match (inner.first(), inner.last()) {
            (Some(&first), Some(last)) if last + 1 == made.len() => made.truncate(first),
            (None, None) => {}
            _ => return Err(NOT_THERE),
        }
        made.push((number, Constant::Code(Arc::new(code)), levels));
    }
    match (made.pop(), made.is_empty()) {
        (Some((_, Constant::Code(code), _)), true) => Ok(Arc::unwrap_or_clone(code)),
        _ => Err(LoadError::Malformed("a code that nothing refers to")),
    }
}

const NOT_THERE: LoadError = LoadError::Malformed("a code that is not there, or referred to out of order");

/// The first of the codes inside code `k`, to which code `outer` refers; `next` is the first that none referred to before it
/// has inside, and afterwards the one behind `k`.
pub(super) fn inner_range(next: &mut usize, k: usize, outer: usize) -> Read<usize> {
    if k < *next || k >= outer {
        return Err(NOT_THERE);
    }
    Ok(std::mem::replace(next, k + 1))
}

/// What a code begins with.
pub(super) fn header<'a>(tables: &Tables<'a>, input: &mut Input<'a>) -> Read<Header<'a>> {
    Ok(Header {
        name: tables.text(input.number()?)?,
        qualified_name: tables.text(input.number()?)?,
        source: tables.text(input.number()?)?,
        first_line: input.number()?,
        flags: input.number()?,
    })
}

/// Constants, and how deep they nest.
pub(super) fn constants(
    input: &mut Input<'_>,
    nested: &mut impl FnMut(usize) -> Read<(Constant, usize)>,
) -> Read<(Box<[Constant]>, usize)> {
    let mut levels = 0;
    let list = input.list(|input| {
        let (constant, depth) = constants::read(input, nested)?;
        levels = levels.max(depth);
        Ok(constant)
    })?;
    Ok((list, levels))
}

pub(super) struct Reader<'a> {
    tables: Tables<'a>,
    input: Input<'a>,
    table: &'a [OpcodeInfo],
    /// Bytes of text that may still be made.
    allowance: usize,
    /// The code whose positions stay in its file.
    keeping: Option<Deferred>,
}

impl<'a> Reader<'a> {
    /// A reader of codes of a file of `size` bytes.
    pub(super) fn new(tables: Tables<'a>, table: &'a [OpcodeInfo], size: usize) -> Reader<'a> {
        let allowance = size.saturating_mul(TEXT_FACTOR).saturating_add(TEXT_ALLOWANCE);
        Reader { tables, input: Input::new(&[]), table, allowance, keeping: None }
    }

    /// The same for one code of them, whose positions stay in the file.
    pub(super) fn keeping(self, code: Deferred) -> Reader<'a> {
        Reader { keeping: Some(code), ..self }
    }

    /// Reads code `number`; `nested` gives the codes to which it refers, with the levels of constants that each brings. The
    /// code, and the levels that it brings.
    pub(super) fn code(
        &mut self,
        number: usize,
        nested: &mut impl FnMut(usize) -> Read<(Constant, usize)>,
    ) -> Read<(Code, usize)> {
        self.input = self.tables.code(number)?;
        let header = header(&self.tables, &mut self.input)?;
        let mut code = Code {
            name: self.copy(header.name)?,
            qualified_name: self.copy(header.qualified_name)?,
            source: self.copy(header.source)?,
            first_line: header.first_line,
            flags: header.flags,
            ..Code::default()
        };
        let (extra, levels) = constants(&mut self.input, nested)?;
        code.extra = extra;
        code.parameters = self.parameters()?;
        code.registers = self.input.number()?;
        code.variables = self.texts()?;
        code.cells = self.input.list(Input::number)?;
        let caught: u32 = self.input.number()?;
        code.caught = caught
            .checked_sub(1)
            .map(u16::try_from)
            .transpose()
            .map_err(|_| LoadError::Malformed("no such register"))?;
        code.free = self.texts()?;
        code.names = self.texts()?;
        let (list, more) = constants(&mut self.input, nested)?;
        code.constants = list;
        self.instructions(&mut code)?;
        self.tables(&mut code)?;
        if !self.input.is_empty() {
            return Err(LoadError::Malformed("bytes after a code"));
        }
        Ok((code, levels.max(more) + 1))
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
        let text = self.tables.text(self.input.number()?)?;
        self.copy(text)
    }

    fn copy(&mut self, text: &str) -> Read<Box<str>> {
        // The text and what holds it.
        let cost = text.len() + size_of::<Box<str>>();
        self.allowance = self.allowance.checked_sub(cost).ok_or(LoadError::Malformed("too much text"))?;
        Ok(text.into())
    }

    fn texts(&mut self) -> Read<Box<[Box<str>]>> {
        let n = self.input.count()?;
        let mut texts = Vec::with_capacity(n);
        for _ in 0..n {
            texts.push(self.string()?);
        }
        Ok(texts.into())
    }

    fn instructions(&mut self, code: &mut Code) -> Read<()> {
        let table = self.table;
        let mut kinds: Vec<(u32, SlotKind)> = Vec::with_capacity(64);
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
        let is_kept = self.keeping.is_some();
        let mut positions = Vec::with_capacity(if is_kept { 0 } else { code.instructions.len() });
        for _ in 0..code.instructions.len() {
            last = position(input, last, line)?;
            if last != Position::default() {
                line = last.line;
            }
            if !is_kept {
                positions.push(last);
            }
        }
        code.positions = self.keeping.take().map_or_else(|| positions.into(), Positions::kept);
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
