//! Basic blocks with exception edges: what the analyses iterate over.
//!
//! A block also ends where the innermost handler changes, so every block has at most one. Total on malformed code: jumps
//! that lead nowhere, unknown opcodes and odd exception entries give fewer edges.

use crate::code::Code;
use crate::instruction::Instruction;
use crate::opcode::OpcodeInfo;
use std::ops::Range;

const NONE: u32 = u32::MAX;

/// The blocks of a code, in the order of their instructions.
pub(crate) struct Flow {
    starts: Vec<u32>,
    block_of: Vec<u32>,
    /// Per block, the exception entry in force.
    handlers: Vec<u32>,
    /// Per block, the blocks that control goes to normally.
    successors: Vec<[u32; 2]>,
    /// Per block, offset into `edges` of the blocks that may come before it, by exception too.
    offsets: Vec<u32>,
    edges: Vec<u32>,
}

/// Where the instruction at `at` jumps to, if it jumps to an instruction.
pub(crate) fn target(code: &Code, info: &OpcodeInfo, at: usize, i: &Instruction) -> Option<usize> {
    if info.jumps() { Code::target(at, i).filter(|&t| t < code.instructions.len()) } else { None }
}

impl Flow {
    pub(crate) fn new(code: &Code, table: &[OpcodeInfo]) -> Flow {
        let n = code.instructions.len();
        let mut leader = vec![false; n + 1];
        leader[0] = true;
        let mut mark = |pc: usize| {
            if let Some(l) = leader.get_mut(pc) {
                *l = true;
            }
        };
        for (at, i) in code.instructions.iter().enumerate() {
            let Some(info) = table.get(usize::from(i.op)) else {
                mark(at + 1);
                continue;
            };
            if let Some(t) = target(code, info, at, i) {
                mark(t);
            }
            if info.jumps() || info.ends {
                mark(at + 1);
            }
        }
        for e in &code.exceptions {
            mark(e.start as usize);
            mark(e.end as usize);
            mark(e.handler as usize);
        }
        let starts: Vec<u32> = (0..n).filter(|&pc| leader[pc]).map(|pc| pc as u32).collect();
        let mut block_of = vec![0; n];
        for (b, range) in ranges(&starts, n).enumerate() {
            block_of[range].fill(b as u32);
        }
        let mut flow =
            Flow { starts, block_of, handlers: Vec::new(), successors: Vec::new(), offsets: vec![], edges: vec![] };
        flow.find_handlers(code);
        flow.find_edges(code, table);
        flow
    }

    /// Gives each block the first entry that covers it. `next[b]` leads over blocks that have one already.
    fn find_handlers(&mut self, code: &Code) {
        let n = code.instructions.len();
        self.handlers = vec![NONE; self.len()];
        let mut next: Vec<u32> = (0..=self.len() as u32).collect();
        let block_at = |pc: u32| self.block_of.get(pc as usize).map_or(self.starts.len(), |&b| b as usize);
        for (k, e) in code.exceptions.iter().enumerate() {
            if e.handler as usize >= n {
                continue;
            }
            let (mut b, end) = (block_at(e.start), block_at(e.end));
            while b < end {
                while next[b] as usize != b {
                    next[b] = next[next[b] as usize];
                    b = next[b] as usize;
                }
                if b < end {
                    self.handlers[b] = k as u32;
                    next[b] = b as u32 + 1;
                }
            }
        }
    }

    fn find_edges(&mut self, code: &Code, table: &[OpcodeInfo]) {
        let blocks = self.len();
        self.successors = (0..blocks)
            .map(|b| {
                let mut out = [NONE; 2];
                let at = self.range(b).end - 1;
                let i = &code.instructions[at];
                if let Some(info) = table.get(usize::from(i.op)) {
                    if info.falls_through() && b + 1 < blocks {
                        out[0] = b as u32 + 1;
                    }
                    if let Some(t) = target(code, info, at, i) {
                        out[1] = self.block_of[t];
                    }
                }
                out
            })
            .collect();
        let mut pairs: Vec<(u32, u32)> = Vec::new();
        for b in 0..blocks {
            pairs.extend(self.successors(b).map(|s| (s as u32, b as u32)));
            if let Some((handler, _)) = self.handler(code, b)
                && code.instructions[self.range(b)]
                    .iter()
                    .any(|i| table.get(usize::from(i.op)).is_some_and(OpcodeInfo::may_raise))
            {
                pairs.push((handler as u32, b as u32));
            }
        }
        self.offsets = vec![0; blocks + 1];
        for &(to, _) in &pairs {
            self.offsets[to as usize + 1] += 1;
        }
        for b in 0..blocks {
            self.offsets[b + 1] += self.offsets[b];
        }
        let mut fill = self.offsets.clone();
        self.edges = vec![0; pairs.len()];
        for (to, from) in pairs {
            let slot = &mut fill[to as usize];
            self.edges[*slot as usize] = from;
            *slot += 1;
        }
    }

    /// Number of blocks.
    pub(crate) fn len(&self) -> usize {
        self.starts.len()
    }
    /// Instructions of block `b`; not empty.
    pub(crate) fn range(&self, b: usize) -> Range<usize> {
        let end = self.starts.get(b + 1).map_or(self.block_of.len(), |&s| s as usize);
        self.starts[b] as usize..end
    }
    /// Where control goes from the end of block `b`.
    pub(crate) fn successors(&self, b: usize) -> impl Iterator<Item = usize> + '_ {
        self.successors[b].iter().filter(|&&s| s != NONE).map(|&s| s as usize)
    }
    /// Where control may come from, by exception too.
    pub(crate) fn predecessors(&self, b: usize) -> impl Iterator<Item = usize> + '_ {
        self.edges[self.offsets[b] as usize..self.offsets[b + 1] as usize].iter().map(|&p| p as usize)
    }
    /// Block of the handler in force in block `b`, and the register that receives the exception.
    pub(crate) fn handler(&self, code: &Code, b: usize) -> Option<(usize, usize)> {
        let e = code.exceptions.get(self.handlers[b] as usize)?;
        Some((self.block_of[e.handler as usize] as usize, usize::from(e.register)))
    }
    /// The block of an instruction.
    pub(crate) fn block_of(&self, pc: usize) -> usize {
        self.block_of[pc] as usize
    }
}

fn ranges(starts: &[u32], n: usize) -> impl Iterator<Item = Range<usize>> + '_ {
    (0..starts.len()).map(move |b| starts[b] as usize..starts.get(b + 1).map_or(n, |&s| s as usize))
}

/// Blocks waiting to be looked at, each at most once, the most urgent first.
pub(crate) struct Worklist {
    waiting: Vec<bool>,
    heap: std::collections::BinaryHeap<u32>,
}

impl Worklist {
    /// A list of `blocks` numbers, all waiting if `full`; the highest comes first.
    pub(crate) fn new(blocks: usize, full: bool) -> Worklist {
        let heap = if full { (0..blocks as u32).collect() } else { std::collections::BinaryHeap::new() };
        Worklist { waiting: vec![full; blocks], heap }
    }
    pub(crate) fn push(&mut self, b: usize) {
        if !std::mem::replace(&mut self.waiting[b], true) {
            self.heap.push(b as u32);
        }
    }
    pub(crate) fn pop(&mut self) -> Option<usize> {
        let b = self.heap.pop()? as usize;
        self.waiting[b] = false;
        Some(b)
    }
}
