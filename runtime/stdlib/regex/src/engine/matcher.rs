//! Runs a program by backtracking.
//!
//! What may be tried otherwise lies on one stack, and between it what must be undone to try it: old contents of slots. Slots
//! are the marks of groups, the counts of loops, the heights of the stack at which atomic parts began.

use super::UNSET;
use super::case::{at as at_position, category, lower, lower_ascii, lower_locale, upper_locale};
use super::charset;
use super::program::{Program, header, op};
use python_text::{Unit, Units};

/// Why a search has no result.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Failure {
    /// The poll said so.
    Interrupted,
    /// No memory for the stack.
    Memory,
}

/// The number of repetitions that means any.
const ANY_NUMBER: u32 = u32::MAX;
/// Steps between polls.
const POLL_STEPS: usize = 1 << 15;

enum Frame {
    /// Go on at an instruction.
    Choice { pc: u32, at: usize },
    /// A slot's old content.
    Slot { slot: u32, old: usize },
    /// Give characters of a greedy repetition back: go on at `pc` from `high` down to `low`.
    Greedy { pc: u32, low: usize, high: usize },
    /// Take one more character in the lazy repetition at `pc`; `left` more are allowed.
    Lazy { pc: u32, at: usize, left: usize },
}

/// A program, a subject, and the working memory of searches.
pub struct Matcher<'p, 'u> {
    pub(super) program: Program<'p>,
    pub(super) units: Units<'u>,
    pub(super) slots: Vec<usize>,
    stack: Vec<Frame>,
    steps: usize,
}

impl<'p, 'u> Matcher<'p, 'u> {
    /// Prepares searches in a subject, which ends where matches must end at the latest.
    pub fn new(program: Program<'p>, units: Units<'u>) -> Result<Matcher<'p, 'u>, Failure> {
        let mut slots = Vec::new();
        let count = program.number(header::SLOTS);
        slots.try_reserve_exact(count).map_err(|_| Failure::Memory)?;
        slots.resize(count, UNSET);
        Ok(Matcher { program, units, slots, stack: Vec::new(), steps: 0 })
    }
    /// Forgets the last match.
    pub(super) fn reset(&mut self) {
        self.stack.clear();
        self.slots.fill(UNSET);
    }
    /// The span of a group in the last match, from 1 on.
    pub(super) fn group(&self, group: usize) -> Option<(usize, usize)> {
        let (start, end) = (self.slots[group * 2 - 2], self.slots[group * 2 - 1]);
        if start == UNSET || end == UNSET || end < start { None } else { Some((start, end)) }
    }
    #[inline]
    fn push(&mut self, frame: Frame) -> Result<(), Failure> {
        if self.stack.len() == self.stack.capacity() {
            self.stack.try_reserve(64).map_err(|_| Failure::Memory)?;
        }
        self.stack.push(frame);
        Ok(())
    }
    #[inline]
    fn set(&mut self, slot: usize, v: usize) -> Result<(), Failure> {
        let old = std::mem::replace(&mut self.slots[slot], v);
        self.push(Frame::Slot { slot: slot as u32, old })
    }
    /// Drops what may be tried above a height, but not what is to be undone.
    fn cut(&mut self, height: usize) {
        let mut kept = height;
        for i in height..self.stack.len() {
            if let Frame::Slot { .. } = self.stack[i] {
                self.stack.swap(kept, i);
                kept += 1;
            }
        }
        self.stack.truncate(kept);
    }
    /// Undoes what happened above a height.
    fn unwind(&mut self, height: usize) {
        for frame in self.stack.drain(height..).rev() {
            if let Frame::Slot { slot, old } = frame {
                self.slots[slot as usize] = old;
            }
        }
    }
    pub(super) fn step(&mut self, n: usize, poll: &mut dyn FnMut() -> bool) -> Result<(), Failure> {
        self.steps += n;
        if self.steps >= POLL_STEPS {
            self.steps = 0;
            if poll() {
                return Err(Failure::Interrupted);
            }
        }
        Ok(())
    }

    /// Does the character pass the test?
    #[inline(always)]
    fn test(&self, kind: u32, operand: u32, c: u32) -> bool {
        let set = |c| charset::test(self.program, operand as usize, c);
        match kind {
            op::ANY => c != 10,
            op::ANY_ALL => true,
            op::LITERAL => c == operand,
            op::NOT_LITERAL => c != operand,
            op::LITERAL_IGNORE => lower_ascii(c) == operand,
            op::NOT_LITERAL_IGNORE => lower_ascii(c) != operand,
            op::LITERAL_LOC_IGNORE => c == operand || lower_locale(c) == operand || upper_locale(c) == operand,
            op::NOT_LITERAL_LOC_IGNORE => c != operand && lower_locale(c) != operand && upper_locale(c) != operand,
            op::LITERAL_UNI_IGNORE => lower(c) == operand,
            op::NOT_LITERAL_UNI_IGNORE => lower(c) != operand,
            op::IN => set(c),
            op::IN_IGNORE => set(lower_ascii(c)),
            op::IN_LOC_IGNORE => set(lower_locale(c)) || set(upper_locale(c)),
            op::IN_UNI_IGNORE => set(lower(c)),
            _ => category(operand, c),
        }
    }
    /// How many characters from `at` on pass the test, at most `most`.
    fn run_length<U: Unit>(&self, units: &[U], at: usize, most: u32, kind: u32, operand: u32) -> usize {
        let rest = &units[at..];
        let rest = if most == ANY_NUMBER { rest } else { &rest[..rest.len().min(most as usize)] };
        let count = |test: &dyn Fn(u32) -> bool| rest.iter().position(|u| !test(u.point())).unwrap_or(rest.len());
        match kind {
            op::ANY_ALL => rest.len(),
            op::ANY => U::from_point(10).and_then(|c| U::find_unit(rest, c)).unwrap_or(rest.len()),
            op::NOT_LITERAL => U::from_point(operand).and_then(|c| U::find_unit(rest, c)).unwrap_or(rest.len()),
            op::LITERAL => rest.iter().position(|u| u.point() != operand).unwrap_or(rest.len()),
            op::IN => rest
                .iter()
                .position(|u| !charset::test(self.program, operand as usize, u.point()))
                .unwrap_or(rest.len()),
            _ => count(&|c| self.test(kind, operand, c)),
        }
    }
    /// Can the code at `pc` match at `at`? Quick: looks at one test.
    #[inline]
    fn viable<U: Unit>(&self, units: &[U], pc: usize, at: usize) -> bool {
        let kind = self.program.code(pc);
        kind > op::IN || units.get(at).is_some_and(|u| self.test(kind, self.program.code(pc + 1), u.point()))
    }
    /// Goes on behind a greedy repetition at the greatest place from `high` down to `low` that may do.
    fn greedy<U: Unit>(&mut self, units: &[U], pc: usize, low: usize, high: usize) -> Result<Option<usize>, Failure> {
        let mut at = high;
        while !self.viable(units, pc, at) {
            if at == low {
                return Ok(None);
            }
            at -= 1;
        }
        self.steps += high - at;
        if at > low {
            self.push(Frame::Greedy { pc: pc as u32, low, high: at - 1 })?;
        }
        Ok(Some(at))
    }
    /// Goes on behind the lazy repetition at `pc` at the first place from `at` on that may do.
    fn lazy<U: Unit>(
        &mut self,
        units: &[U],
        pc: usize,
        mut at: usize,
        mut left: usize,
    ) -> Result<Option<usize>, Failure> {
        let (kind, operand, tail) = (self.program.code(pc + 3), self.program.code(pc + 4), pc + 5);
        let start = at;
        while !self.viable(units, tail, at) {
            if left == 0 || !units.get(at).is_some_and(|u| self.test(kind, operand, u.point())) {
                self.steps += at - start;
                return Ok(None);
            }
            (at, left) = (at + 1, left - 1);
        }
        self.steps += at - start;
        if left > 0 {
            self.push(Frame::Lazy { pc: pc as u32, at, left })?;
        }
        Ok(Some(at))
    }
    /// Length of a group's text, if the same text stands at `at`.
    fn reference<U: Unit>(&mut self, units: &[U], kind: u32, group: usize, at: usize) -> Option<usize> {
        let (start, end) = self.group(group + 1)?;
        let n = end - start;
        let here = units.get(at..at.checked_add(n)?)?;
        let mut pairs = units[start..end].iter().zip(here).map(|(a, b)| (a.point(), b.point()));
        let same = match kind {
            op::GROUPREF => pairs.all(|(a, b)| a == b),
            op::GROUPREF_UNI_IGNORE => pairs.all(|(a, b)| lower(a) == lower(b)),
            _ => pairs.all(|(a, b)| lower_ascii(a) == lower_ascii(b)),
        };
        self.steps += n;
        same.then_some(n)
    }

    /// Matches at `start`; returns the end. `full`: only at the subject's end. `advance`: not the empty match.
    pub(super) fn run<U: Unit>(
        &mut self,
        units: &[U],
        start: usize,
        full: bool,
        advance: bool,
        poll: &mut dyn FnMut() -> bool,
    ) -> Result<Option<usize>, Failure> {
        let program = self.program;
        let (mut pc, mut at) = (0, start);
        'next: loop {
            self.step(1, poll)?;
            let kind = program.code(pc);
            // Each instruction either goes on or falls out of the match to go back.
            'fail: {
                match kind {
                    op::ANY..=op::CATEGORY => {
                        let Some(u) = units.get(at) else { break 'fail };
                        if !self.test(kind, program.code(pc + 1), u.point()) {
                            break 'fail;
                        }
                        (pc, at) = (pc + 2, at + 1);
                    }
                    op::MATCH => {
                        if full && at != units.len() || advance && at == start {
                            break 'fail;
                        }
                        return Ok(Some(at));
                    }
                    op::AT => {
                        let before = at.checked_sub(1).map(|i| units[i].point());
                        let behind = units.get(at).map(|u| u.point());
                        if !at_position(program.code(pc + 1), before, behind, at + 1 == units.len()) {
                            break 'fail;
                        }
                        pc += 2;
                    }
                    op::MARK => {
                        let slot = program.operand(pc + 1);
                        self.set(slot, at)?;
                        if slot & 1 == 1 {
                            self.set(program.groups() * 2, slot / 2 + 1)?;
                        }
                        pc += 2;
                    }
                    op::JUMP => pc = program.operand(pc + 1),
                    op::SPLIT => {
                        let other = program.operand(pc + 1);
                        if self.viable(units, pc + 2, at) {
                            self.push(Frame::Choice { pc: other as u32, at })?;
                            pc += 2;
                        } else {
                            pc = other;
                        }
                    }
                    op::REPEAT => {
                        let slots = program.operand(pc + 1);
                        self.set(slots, 0)?;
                        self.set(slots + 1, UNSET)?;
                        pc = program.operand(pc + 2);
                    }
                    op::MAX_UNTIL => {
                        let slots = program.operand(pc + 1);
                        let (least, most, body) = (program.code(pc + 2), program.code(pc + 3), program.operand(pc + 4));
                        let count = self.slots[slots];
                        if count < least as usize {
                            self.set(slots, count + 1)?;
                            pc = body;
                        } else if (most == ANY_NUMBER || count < most as usize) && self.slots[slots + 1] != at {
                            self.push(Frame::Choice { pc: pc as u32 + 5, at })?;
                            self.set(slots, count + 1)?;
                            self.set(slots + 1, at)?;
                            pc = body;
                        } else {
                            pc += 5;
                        }
                    }
                    op::MIN_UNTIL => {
                        let slots = program.operand(pc + 1);
                        let count = self.slots[slots];
                        if count < program.operand(pc + 2) {
                            self.set(slots, count + 1)?;
                            pc = program.operand(pc + 4);
                        } else {
                            self.push(Frame::Choice { pc: pc as u32 + 5, at })?;
                            pc += 9;
                        }
                    }
                    op::MIN_MORE => {
                        let (slots, most) = (program.operand(pc + 1), program.code(pc + 2));
                        let count = self.slots[slots];
                        if most != ANY_NUMBER && count >= most as usize || self.slots[slots + 1] == at {
                            break 'fail;
                        }
                        self.set(slots, count + 1)?;
                        self.set(slots + 1, at)?;
                        pc = program.operand(pc + 3);
                    }
                    op::REPEAT_ONE | op::POSSESSIVE_ONE => {
                        let (least, most) = (program.operand(pc + 1), program.code(pc + 2));
                        let n = self.run_length(units, at, most, program.code(pc + 3), program.code(pc + 4));
                        self.steps += n;
                        if n < least {
                            break 'fail;
                        }
                        let low = if kind == op::REPEAT_ONE { at + least } else { at + n };
                        let Some(place) = self.greedy(units, pc + 5, low, at + n)? else { break 'fail };
                        (pc, at) = (pc + 5, place);
                    }
                    op::MIN_REPEAT_ONE => {
                        let (least, most) = (program.code(pc + 1), program.code(pc + 2));
                        let n = self.run_length(units, at, least, program.code(pc + 3), program.code(pc + 4));
                        self.steps += n;
                        if n < least as usize {
                            break 'fail;
                        }
                        let left = if most == ANY_NUMBER { usize::MAX } else { (most - least) as usize };
                        let Some(place) = self.lazy(units, pc, at + n, left)? else { break 'fail };
                        (pc, at) = (pc + 5, place);
                    }
                    op::POSSESSIVE => {
                        let slots = program.operand(pc + 1);
                        self.set(slots, 0)?;
                        self.set(slots + 1, UNSET)?;
                        pc += 2;
                    }
                    op::POSSESSIVE_TEST => {
                        let (slots, most) = (program.operand(pc + 1), program.code(pc + 3));
                        let count = self.slots[slots];
                        if count < program.operand(pc + 2) {
                            self.set(slots + 2, self.stack.len() + 1)?;
                            pc += 5;
                        } else if (most == ANY_NUMBER || count < most as usize) && self.slots[slots + 1] != at {
                            self.set(slots + 1, at)?;
                            self.set(slots + 2, self.stack.len() + 1)?;
                            self.push(Frame::Choice { pc: program.code(pc + 4), at })?;
                            pc += 5;
                        } else {
                            pc = program.operand(pc + 4);
                        }
                    }
                    op::POSSESSIVE_END => {
                        let slots = program.operand(pc + 1);
                        self.cut(self.slots[slots + 2]);
                        self.set(slots, self.slots[slots] + 1)?;
                        pc = program.operand(pc + 2);
                    }
                    op::ATOMIC => {
                        self.set(program.operand(pc + 1), self.stack.len() + 1)?;
                        pc += 2;
                    }
                    op::ATOMIC_END => {
                        self.cut(self.slots[program.operand(pc + 1)]);
                        pc += 2;
                    }
                    op::ASSERT => {
                        let slots = program.operand(pc + 1);
                        let Some(back) = at.checked_sub(program.operand(pc + 2)) else { break 'fail };
                        self.set(slots + 1, at)?;
                        self.set(slots, self.stack.len() + 1)?;
                        (pc, at) = (pc + 3, back);
                    }
                    op::ASSERT_END => {
                        let slots = program.operand(pc + 1);
                        self.cut(self.slots[slots]);
                        (pc, at) = (pc + 2, self.slots[slots + 1]);
                    }
                    op::ASSERT_NOT => match at.checked_sub(program.operand(pc + 2)) {
                        None => pc = program.operand(pc + 3),
                        Some(back) => {
                            self.set(program.operand(pc + 1), self.stack.len() + 1)?;
                            self.push(Frame::Choice { pc: program.code(pc + 3), at })?;
                            (pc, at) = (pc + 4, back);
                        }
                    },
                    op::ASSERT_NOT_END => {
                        self.unwind(self.slots[program.operand(pc + 1)]);
                        break 'fail;
                    }
                    op::GROUPREF..=op::GROUPREF_UNI_IGNORE => {
                        let group = program.operand(pc + 1);
                        let Some(n) = self.reference(units, kind, group, at) else { break 'fail };
                        (pc, at) = (pc + 2, at + n);
                    }
                    op::GROUPREF_EXISTS => {
                        let is_set = self.group(program.operand(pc + 1) + 1).is_some();
                        pc = if is_set { pc + 3 } else { program.operand(pc + 2) };
                    }
                    // FAIL
                    _ => break 'fail,
                }
                continue 'next;
            }
            // Back to the last choice.
            loop {
                let Some(frame) = self.stack.pop() else { return Ok(None) };
                match frame {
                    Frame::Slot { slot, old } => self.slots[slot as usize] = old,
                    Frame::Choice { pc: other, at: place } => {
                        (pc, at) = (other as usize, place);
                        break;
                    }
                    Frame::Greedy { pc: tail, low, high } => {
                        if let Some(place) = self.greedy(units, tail as usize, low, high)? {
                            (pc, at) = (tail as usize, place);
                            break;
                        }
                    }
                    Frame::Lazy { pc: one, at: place, left } => {
                        let (kind, operand) = (program.code(one as usize + 3), program.code(one as usize + 4));
                        if units.get(place).is_some_and(|u| self.test(kind, operand, u.point()))
                            && let Some(place) = self.lazy(units, one as usize, place + 1, left - 1)?
                        {
                            (pc, at) = (one as usize + 5, place);
                            break;
                        }
                    }
                }
            }
        }
    }
}
