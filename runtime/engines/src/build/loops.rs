//! What the jumps of a code say about it: targets, loops, and what a loop writes.
//!
//! A loop is taken to be what lies between its head and the last jump back to it. That is a guess, since handlers may stand elsewhere:
//! joins check what they make of it ([`super::edges`]).

use vm_api::code::{Code, Immediate};
use vm_api::engine::Language;
use vm_api::heap::hashing::NumberMap;

/// Registers that the instructions of a loop may write.
pub(crate) struct Written(Vec<bool>);

impl Written {
    pub(crate) fn contains(&self, r: u16) -> bool {
        self.0[usize::from(r)]
    }
}

/// Where jumps lead within a code.
pub(crate) struct Targets {
    any: Vec<bool>,
    /// The last jump back to each loop's head.
    ends: NumberMap<usize, usize>,
}

impl Targets {
    pub(crate) fn of<L: Language>(code: &Code) -> Targets {
        let mut any = vec![false; code.instructions.len() + 1];
        let mut ends: NumberMap<usize, usize> = NumberMap::default();
        for (at, i) in code.instructions.iter().enumerate() {
            let info = &L::OPCODES[usize::from(i.op)];
            if info.jumps()
                && let Some(to) = Code::target(at, i)
            {
                any[to] = true;
                if to <= at || info.immediate == Immediate::LoopBack {
                    ends.entry(to).and_modify(|end| *end = at.max(*end)).or_insert(at);
                }
            }
            if info.skips_next {
                any[at + 2] = true;
            }
        }
        code.exceptions.iter().for_each(|e| any[e.handler as usize] = true);
        Targets { any, ends }
    }
    /// Is the instruction one that jumps lead to?
    pub(crate) fn contains(&self, at: usize) -> bool {
        self.any[at]
    }
    /// What the loop writes whose head it is.
    pub(crate) fn written<L: Language>(&self, code: &Code, at: usize) -> Option<Written> {
        self.ends.get(&at).map(|end| written::<L>(code, at, *end))
    }
    /// May an instruction come after those that stand behind it?
    pub(crate) fn has_loops(&self) -> bool {
        !self.ends.is_empty()
    }
}

fn written<L: Language>(code: &Code, head: usize, end: usize) -> Written {
    let mut written = vec![false; usize::from(code.registers)];
    for i in &code.instructions[head.min(end)..=end] {
        let info = &L::OPCODES[usize::from(i.op)];
        if info.suspends() {
            // Where it goes on, everything has been loaded anew.
            written.fill(true);
        }
        for (_, registers) in info.accesses(i).filter(|(o, _)| o.writes()) {
            written[registers].fill(true);
        }
    }
    for entry in &code.exceptions {
        if (head..=end).contains(&(entry.handler as usize)) {
            written[usize::from(entry.register)] = true;
        }
    }
    Written(written)
}
