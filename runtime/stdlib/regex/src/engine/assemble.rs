//! From the words of Lib/re/_compiler.py to a program. What that compiler cannot have made is refused.

use super::case::{CATEGORIES, POSITIONS, position};
use super::charset;
use super::program::{code, header, op, operands};

/// A part of the code that ends at a known place, within another or the whole.
struct Block {
    /// Where in the compiler's words it ends.
    end: usize,
    what: What,
}

enum What {
    Loop { start: usize, slots: u32, least: u32, most: u32 },
    Possessive { slots: u32, test: usize },
    Atomic { slots: u32 },
    Assert { slots: u32 },
    AssertNot { slots: u32, start: usize },
    Alternative { split: Option<usize>, tails: Vec<usize>, target: Option<usize> },
    Then { start: usize },
    Else { jump: usize },
}

/// The words of the compiler are not such as it makes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Invalid;

struct Assembler<'c> {
    words: &'c [u32],
    groups: u32,
    /// Header, prefix and sets.
    data: Vec<u32>,
    out: Vec<u32>,
    slots: u32,
    open: Vec<Block>,
}

/// Checks the words and returns the program for them, as bytes.
pub fn assemble(words: &[u32], groups: usize) -> Result<Vec<u8>, Invalid> {
    // Every group has two marks of two words; the bound keeps made-up numbers from asking for memory.
    if groups.saturating_mul(2) > words.len() || words.len() > 1 << 28 || words.last() != Some(&code::SUCCESS) {
        return Err(Invalid);
    }
    let groups = u32::try_from(groups).map_err(|_| Invalid)?;
    let (data, out) = (vec![0; header::LENGTH], Vec::with_capacity(words.len() + 1));
    let mut a = Assembler { words, groups, data, out, slots: groups * 2 + 1, open: Vec::new() };
    let start = a.info()?;
    let first = (a.word(start), a.word(start + 1));
    let anchored = matches!(first, (Ok(code::AT), Ok(position::BEGINNING | position::BEGINNING_STRING)));
    a.body(start)?;
    a.emit(op::MATCH, &[]);
    a.data[header::GROUPS] = groups;
    a.data[header::SLOTS] = a.slots;
    a.data[header::ANCHORED] = u32::from(anchored);
    a.data[header::ENTRY] = u32::try_from(a.data.len()).map_err(|_| Invalid)?;
    Ok(a.data.iter().chain(&a.out).flat_map(|w| w.to_le_bytes()).collect())
}

impl Assembler<'_> {
    fn word(&self, i: usize) -> Result<u32, Invalid> {
        self.words.get(i).copied().ok_or(Invalid)
    }
    /// Where the skip at `i` leads, plus `more`.
    fn skip(&self, i: usize) -> Result<usize, Invalid> {
        Ok(i + self.word(i)? as usize)
    }
    fn emit(&mut self, op: u32, arguments: &[u32]) -> usize {
        debug_assert_eq!(arguments.len(), operands(op));
        let at = self.out.len();
        self.out.push(op);
        self.out.extend(arguments);
        at
    }
    /// The place of the next instruction.
    fn here(&self) -> u32 {
        // Bounded: at most a few words for each of the compiler's, which are limited.
        self.out.len() as u32
    }
    fn new_slots(&mut self, n: u32) -> u32 {
        self.slots += n;
        self.slots - n
    }
    /// Where the innermost open block ends.
    fn limit(&self) -> usize {
        self.open.last().map_or(self.words.len() - 1, |b| b.end)
    }
    fn open(&mut self, end: usize, what: What) -> Result<(), Invalid> {
        if end > self.limit() {
            return Err(Invalid);
        }
        self.open.push(Block { end, what });
        Ok(())
    }
    fn require(&self, i: usize, op: u32) -> Result<(), Invalid> {
        if self.word(i)? == op { Ok(()) } else { Err(Invalid) }
    }

    /// Takes what the INFO block says; returns where the code begins.
    fn info(&mut self) -> Result<usize, Invalid> {
        const PREFIX: u32 = 1;
        const LITERAL: u32 = 2;
        const CHARSET: u32 = 4;
        if self.word(0)? != code::INFO {
            return Ok(0);
        }
        let end = self.skip(1)?;
        let (flags, least) = (self.word(2)?, self.word(3)?);
        if end < 5 || end >= self.words.len() || flags & !(PREFIX | LITERAL | CHARSET) != 0 {
            return Err(Invalid);
        }
        if flags & PREFIX != 0 && flags & CHARSET != 0 || flags & LITERAL != 0 && flags & PREFIX == 0 {
            return Err(Invalid);
        }
        self.data[header::LEAST] = least;
        if flags & PREFIX != 0 {
            let length = self.word(5)? as usize;
            // The prefix, then the table of its overlaps, which we do not need.
            if length == 0 || 7 + length * 2 != end || length > least as usize {
                return Err(Invalid);
            }
            self.data[header::PREFIX] = length as u32;
            self.data.extend(&self.words[7..7 + length]);
        } else if flags & CHARSET != 0 {
            let set = &self.words[5..end];
            if charset::check(set) != Some(set.len()) || least == 0 {
                return Err(Invalid);
            }
            self.data[header::FIRST] = charset::add(set, &mut self.data);
        }
        Ok(end)
    }

    /// The test of one character at `i`: its instruction, operand, and what follows it.
    fn single(&mut self, i: usize) -> Result<Option<(u32, u32, usize)>, Invalid> {
        let (kind, is_set) = match self.word(i)? {
            code::ANY => return Ok(Some((op::ANY, 0, i + 1))),
            code::ANY_ALL => return Ok(Some((op::ANY_ALL, 0, i + 1))),
            code::LITERAL => (op::LITERAL, false),
            code::NOT_LITERAL => (op::NOT_LITERAL, false),
            code::LITERAL_IGNORE => (op::LITERAL_IGNORE, false),
            code::NOT_LITERAL_IGNORE => (op::NOT_LITERAL_IGNORE, false),
            code::LITERAL_LOC_IGNORE => (op::LITERAL_LOC_IGNORE, false),
            code::NOT_LITERAL_LOC_IGNORE => (op::NOT_LITERAL_LOC_IGNORE, false),
            code::LITERAL_UNI_IGNORE => (op::LITERAL_UNI_IGNORE, false),
            code::NOT_LITERAL_UNI_IGNORE => (op::NOT_LITERAL_UNI_IGNORE, false),
            code::CATEGORY if self.word(i + 1)? < CATEGORIES => (op::CATEGORY, false),
            code::IN => (op::IN, true),
            code::IN_IGNORE => (op::IN_IGNORE, true),
            code::IN_LOC_IGNORE => (op::IN_LOC_IGNORE, true),
            code::IN_UNI_IGNORE => (op::IN_UNI_IGNORE, true),
            _ => return Ok(None),
        };
        if !is_set {
            return Ok(Some((kind, self.word(i + 1)?, i + 2)));
        }
        let end = self.skip(i + 1)?;
        let set = self.words.get(i + 2..end).ok_or(Invalid)?;
        if charset::check(set) != Some(set.len()) {
            return Err(Invalid);
        }
        Ok(Some((kind, charset::add(set, &mut self.data), end)))
    }

    /// Everything from `i` to the last SUCCESS.
    fn body(&mut self, mut i: usize) -> Result<(), Invalid> {
        loop {
            let limit = self.limit();
            if i > limit {
                return Err(Invalid);
            }
            if i < limit {
                i = self.instruction(i)?;
                continue;
            }
            match self.open.pop() {
                Some(block) => i = self.close(block)?,
                None => return Ok(()),
            }
        }
    }

    /// The instruction at `i`; returns where the next one is.
    fn instruction(&mut self, i: usize) -> Result<usize, Invalid> {
        if let Some((kind, operand, next)) = self.single(i)? {
            self.emit(kind, &[operand]);
            return Ok(next);
        }
        match self.word(i)? {
            code::FAILURE => {
                self.emit(op::FAIL, &[]);
                return Ok(i + 1);
            }
            code::MARK => {
                let slot = self.word(i + 1)?;
                if slot >= self.groups * 2 {
                    return Err(Invalid);
                }
                self.emit(op::MARK, &[slot]);
                return Ok(i + 2);
            }
            code::AT => {
                let position = self.word(i + 1)?;
                if position >= POSITIONS {
                    return Err(Invalid);
                }
                self.emit(op::AT, &[position]);
                return Ok(i + 2);
            }
            code::JUMP => return self.otherwise(i),
            code::BRANCH => {
                self.alternative(i + 1, Vec::new(), None)?;
                return Ok(i + 2);
            }
            code::GROUPREF => return self.reference(op::GROUPREF, i),
            code::GROUPREF_IGNORE => return self.reference(op::GROUPREF_IGNORE, i),
            code::GROUPREF_LOC_IGNORE => return self.reference(op::GROUPREF_LOC_IGNORE, i),
            code::GROUPREF_UNI_IGNORE => return self.reference(op::GROUPREF_UNI_IGNORE, i),
            code::GROUPREF_EXISTS => {
                let group = self.group(i + 1)?;
                let end = i + 1 + self.word(i + 2)? as usize;
                let start = self.emit(op::GROUPREF_EXISTS, &[group, 0]);
                self.open(end, What::Then { start })?;
                return Ok(i + 3);
            }
            code::REPEAT_ONE => return self.repeat_one(op::REPEAT_ONE, i),
            code::MIN_REPEAT_ONE => return self.repeat_one(op::MIN_REPEAT_ONE, i),
            code::POSSESSIVE_REPEAT_ONE => return self.repeat_one(op::POSSESSIVE_ONE, i),
            _ => {}
        }
        // The others have a body, of which the word behind the operation says the end.
        let end = self.skip(i + 1)?;
        match self.word(i)? {
            code::REPEAT => {
                let (least, most) = self.bounds(i + 2)?;
                let slots = self.new_slots(2);
                let start = self.emit(op::REPEAT, &[slots, 0]);
                self.open(end, What::Loop { start, slots, least, most })?;
                Ok(i + 4)
            }
            code::POSSESSIVE_REPEAT => {
                let (least, most) = self.bounds(i + 2)?;
                let slots = self.new_slots(3);
                self.emit(op::POSSESSIVE, &[slots]);
                let test = self.emit(op::POSSESSIVE_TEST, &[slots, least, most, 0]);
                self.open(end, What::Possessive { slots, test })?;
                Ok(i + 4)
            }
            code::ATOMIC_GROUP => {
                let slots = self.new_slots(1);
                self.emit(op::ATOMIC, &[slots]);
                self.open(end - 1, What::Atomic { slots })?;
                Ok(i + 2)
            }
            code::ASSERT => {
                let (slots, back) = (self.new_slots(2), self.word(i + 2)?);
                self.emit(op::ASSERT, &[slots, back]);
                self.open(end - 1, What::Assert { slots })?;
                Ok(i + 3)
            }
            code::ASSERT_NOT => {
                let (slots, back) = (self.new_slots(1), self.word(i + 2)?);
                let start = self.emit(op::ASSERT_NOT, &[slots, back, 0]);
                self.open(end - 1, What::AssertNot { slots, start })?;
                Ok(i + 3)
            }
            // SUBPATTERN has a number, but the compiler only emits what is in it.
            code::SUBPATTERN => Err(Invalid),
            _ => Err(Invalid),
        }
    }

    /// Ends a block; returns where the code goes on.
    fn close(&mut self, block: Block) -> Result<usize, Invalid> {
        let Block { end, what } = block;
        match what {
            What::Loop { start, slots, least, most } => {
                self.out[start + 2] = self.here();
                let body = (start + 1 + operands(op::REPEAT)) as u32;
                match self.word(end)? {
                    code::MAX_UNTIL => {
                        self.emit(op::MAX_UNTIL, &[slots, least, most, body]);
                    }
                    code::MIN_UNTIL => {
                        self.emit(op::MIN_UNTIL, &[slots, least, most, body]);
                        self.emit(op::MIN_MORE, &[slots, most, body]);
                    }
                    _ => return Err(Invalid),
                }
            }
            What::Possessive { slots, test } => {
                self.emit(op::POSSESSIVE_END, &[slots, test as u32]);
                self.out[test + 4] = self.here();
                self.require(end, code::SUCCESS)?;
            }
            What::Atomic { slots } => {
                self.emit(op::ATOMIC_END, &[slots]);
                self.require(end, code::SUCCESS)?;
            }
            What::Assert { slots } => {
                self.emit(op::ASSERT_END, &[slots]);
                self.require(end, code::SUCCESS)?;
            }
            What::AssertNot { slots, start } => {
                self.emit(op::ASSERT_NOT_END, &[slots]);
                self.out[start + 3] = self.here();
                self.require(end, code::SUCCESS)?;
            }
            What::Alternative { split, mut tails, target } => {
                self.require(end, code::JUMP)?;
                let goal = self.skip(end + 1)?;
                if target.is_some_and(|t| t != goal) {
                    return Err(Invalid);
                }
                let Some(split) = split else {
                    // The last one: all jumps lead behind the zero that ends the list.
                    for tail in tails {
                        self.out[tail + 1] = self.here();
                    }
                    return if goal == end + 3 { Ok(goal) } else { Err(Invalid) };
                };
                tails.push(self.emit(op::JUMP, &[0]));
                self.out[split + 1] = self.here();
                self.alternative(end + 2, tails, Some(goal))?;
                return Ok(end + 3);
            }
            What::Then { start } => {
                self.out[start + 2] = self.here();
                return Ok(end);
            }
            What::Else { jump } => {
                self.out[jump + 1] = self.here();
                return Ok(end);
            }
        }
        Ok(end + 1)
    }

    /// Opens the alternative whose skip is at `i`.
    fn alternative(&mut self, i: usize, tails: Vec<usize>, target: Option<usize>) -> Result<(), Invalid> {
        let next = self.skip(i)?;
        if next < i + 3 || next >= self.limit() {
            return Err(Invalid);
        }
        let is_last = self.word(next)? == 0;
        let split = if is_last { None } else { Some(self.emit(op::SPLIT, &[0])) };
        self.open(next - 2, What::Alternative { split, tails, target })
    }

    /// The jump at the end of a conditional's first part, over the second.
    fn otherwise(&mut self, i: usize) -> Result<usize, Invalid> {
        let Some(&Block { end, what: What::Then { start } }) = self.open.last() else { return Err(Invalid) };
        if i + 2 != end {
            return Err(Invalid);
        }
        self.open.pop();
        let jump = self.emit(op::JUMP, &[0]);
        self.out[start + 2] = self.here();
        self.open(self.skip(i + 1)?, What::Else { jump })?;
        Ok(end)
    }

    fn group(&self, i: usize) -> Result<u32, Invalid> {
        self.word(i).and_then(|g| if g < self.groups { Ok(g) } else { Err(Invalid) })
    }
    fn reference(&mut self, op: u32, i: usize) -> Result<usize, Invalid> {
        let group = self.group(i + 1)?;
        self.emit(op, &[group]);
        Ok(i + 2)
    }
    /// The least and the greatest number of a repetition.
    fn bounds(&self, i: usize) -> Result<(u32, u32), Invalid> {
        let (least, most) = (self.word(i)?, self.word(i + 1)?);
        if least <= most { Ok((least, most)) } else { Err(Invalid) }
    }
    fn repeat_one(&mut self, op: u32, i: usize) -> Result<usize, Invalid> {
        let end = self.skip(i + 1)?;
        let (least, most) = self.bounds(i + 2)?;
        let Some((kind, operand, next)) = self.single(i + 4)? else { return Err(Invalid) };
        if next + 1 != end {
            return Err(Invalid);
        }
        self.require(next, code::SUCCESS)?;
        self.emit(op, &[least, most, kind, operand]);
        Ok(end)
    }
}
