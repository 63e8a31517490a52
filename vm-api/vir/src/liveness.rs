//! Which values live where.

use crate::cfg::ControlFlow;
use crate::entity::{BlockId, Ref};
use crate::inst::Inst;
use crate::unit::{Terminator, Unit};

/// A set of small numbers.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct BitSet {
    words: Vec<u64>,
}

impl BitSet {
    /// An empty set of numbers below `n`.
    pub fn new(n: usize) -> BitSet {
        BitSet { words: vec![0; n.div_ceil(64)] }
    }
    /// Every number below `n`.
    pub fn full(n: usize) -> BitSet {
        let mut set = BitSet { words: vec![u64::MAX; n.div_ceil(64)] };
        if !n.is_multiple_of(64)
            && let Some(last) = set.words.last_mut()
        {
            *last = (1 << (n % 64)) - 1;
        }
        set
    }
    /// Adds a number.
    pub fn insert(&mut self, i: usize) {
        self.words[i / 64] |= 1 << (i % 64);
    }
    /// Takes a number away.
    pub fn remove(&mut self, i: usize) {
        self.words[i / 64] &= !(1 << (i % 64));
    }
    /// Is a number in it?
    pub fn contains(&self, i: usize) -> bool {
        self.words[i / 64] >> (i % 64) & 1 != 0
    }
    /// Takes everything away.
    pub fn clear(&mut self) {
        self.words.fill(0);
    }
    /// Adds what is in `other`; true if that was anything new.
    pub fn union(&mut self, other: &BitSet) -> bool {
        let mut changed = false;
        for (a, b) in self.words.iter_mut().zip(&other.words) {
            changed |= *b & !*a != 0;
            *a |= *b;
        }
        changed
    }
    /// Takes away what is not in `other`; true if that was anything.
    pub fn intersect(&mut self, other: &BitSet) -> bool {
        let mut changed = false;
        for (a, b) in self.words.iter_mut().zip(&other.words) {
            changed |= *a & !*b != 0;
            *a &= *b;
        }
        changed
    }
    /// The numbers, ascending.
    pub fn iter(&self) -> impl Iterator<Item = usize> {
        self.words.iter().enumerate().flat_map(|(i, word)| {
            let mut rest = *word;
            std::iter::from_fn(move || {
                if rest == 0 {
                    return None;
                }
                let bit = rest.trailing_zeros() as usize;
                rest &= rest - 1;
                Some(i * 64 + bit)
            })
        })
    }
}

/// Liveness of some of the values of a unit: those that have a number.
pub struct Liveness<'u> {
    unit: &'u Unit,
    /// Number of each value that is looked at.
    number: &'u dyn Fn(Ref) -> Option<usize>,
    live_out: Vec<BitSet>,
}

impl<'u> Liveness<'u> {
    /// Analyses the values to which `number` gives a number below `count`.
    pub fn new(
        unit: &'u Unit,
        cfg: &ControlFlow,
        count: usize,
        number: &'u dyn Fn(Ref) -> Option<usize>,
    ) -> Liveness<'u> {
        let mut liveness = Liveness { unit, number, live_out: vec![BitSet::new(count); unit.blocks.len()] };
        // Backwards, until nothing changes; postorder makes that quick.
        let mut queue: Vec<BlockId> = cfg.order.clone();
        let mut queued = vec![true; unit.blocks.len()];
        while let Some(b) = queue.pop() {
            queued[b.index()] = false;
            let live_in = liveness.walk(b, |_, _, _| {});
            for p in &cfg.predecessors[b.index()] {
                if liveness.live_out[p.index()].union(&live_in) && !std::mem::replace(&mut queued[p.index()], true) {
                    queue.push(*p);
                }
            }
        }
        liveness
    }
    /// Walks a block backwards. `f` is given each instruction with the set of values that live **across** it: after it, its
    /// own result left out, and in its frame state. Returns what lives at the block's beginning, parameters left out.
    pub fn walk(&self, b: BlockId, mut f: impl FnMut(Ref, &Inst, &BitSet)) -> BitSet {
        let block = self.unit.block(b);
        let mut live = self.live_out[b.index()].clone();
        self.unit.each_terminator_ref(&block.terminator, |v| self.add(&mut live, v));
        if let Terminator::Exit(state, _) = block.terminator {
            self.unit.each_state_ref(state, |v| self.add(&mut live, v));
        }
        for v in block.insts.iter().rev() {
            let inst = self.unit.inst(*v);
            self.take(&mut live, *v);
            if let Some(state) = self.unit.state_of(&inst) {
                self.unit.each_state_ref(state, |v| self.add(&mut live, v));
            }
            f(*v, &inst, &live);
            self.unit.each_operand(&inst, |_, v| self.add(&mut live, v));
        }
        block.params.iter().for_each(|v| self.take(&mut live, *v));
        live
    }
    fn add(&self, live: &mut BitSet, v: Ref) {
        if let Some(i) = (self.number)(v) {
            live.insert(i);
        }
    }
    fn take(&self, live: &mut BitSet, v: Ref) {
        if let Some(i) = (self.number)(v) {
            live.remove(i);
        }
    }
}
