//! Homes of values that live in more than one tree of blocks: liveness, then slots and registers by intervals.
//!
//! An interval reaches over all positions where the value lives or its home is written, so two values whose intervals do not
//! meet may share a home.

use crate::graph::{Graph, NONE};
use crate::plan::{Analysis, flag};
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use vm_api::vir::{Ref, Terminator, Type, Unit};

/// Where globals live, and what homes there are.
pub(crate) struct Homes {
    pub(crate) words: usize,
    pub(crate) live_in: Vec<u64>,
    pub(crate) live_out: Vec<u64>,
    pub(crate) slots: u32,
    pub(crate) registers: usize,
}

/// More words of sets are not made: the unit is too large.
const SET_WORDS_MAX: usize = 1 << 24;
/// As many values as are looked at for a register.
const CANDIDATES_MAX: usize = 64;

#[derive(Clone, Copy)]
struct Interval {
    v: Ref,
    start: u32,
    end: u32,
}

impl Interval {
    fn cover(&mut self, at: u32) {
        (self.start, self.end) = (self.start.min(at), self.end.max(at));
    }
}

/// Numbers the globals of an analysis and gives them homes; `None` if there are too many.
pub(crate) fn assign(analysis: &mut Analysis<'_>, registers: &[u8]) -> Option<Homes> {
    let (unit, graph) = (analysis.unit, analysis.graph);
    // The globals that each block defines are a range.
    let globals = std::mem::take(&mut analysis.globals);
    let mut intervals = Vec::with_capacity(globals.len());
    let mut defined = Vec::with_capacity(graph.order.len() + 1);
    for (v, at) in globals.into_iter().rev() {
        while defined.len() < graph.order.len() && graph.first[defined.len()] <= at {
            defined.push(intervals.len());
        }
        let value = &mut analysis.values[v.index()];
        value.global = intervals.len() as u32;
        let end = if value.last == NONE { at } else { value.last };
        intervals.push(Interval { v, start: at, end });
    }
    defined.resize(graph.order.len() + 1, intervals.len());
    let words = intervals.len().div_ceil(64);
    let size = words.checked_mul(graph.order.len()).filter(|size| *size <= SET_WORDS_MAX)?;
    let (mut live_in, mut live_out) = (vec![0u64; size], vec![0u64; size]);
    if words > 0 {
        for (rank, v) in &analysis.exposed {
            let global = analysis.values[v.index()].global as usize;
            let range = &defined[*rank as usize..][..2];
            if analysis.values[v.index()].global != NONE && !(range[0]..range[1]).contains(&global) {
                live_in[*rank as usize * words + global / 64] |= 1 << (global % 64);
            }
        }
        flow(graph, words, &defined, &mut live_in, &mut live_out);
        extend(unit, graph, words, &live_out, &mut intervals, |v| analysis.values[v.index()].global as usize);
    }
    let registers = register_homes(analysis, &intervals, registers);
    let slots = slot_homes(analysis, &mut intervals);
    Some(Homes { words, live_in, live_out, slots, registers })
}

/// Liveness, backwards until nothing changes: once, where nothing goes back.
fn flow(graph: &Graph, words: usize, defined: &[usize], live_in: &mut [u64], live_out: &mut [u64]) {
    let loops = (0..graph.order.len()).any(|rank| graph.successors(rank).any(|s| s <= rank));
    let mut again = true;
    while std::mem::take(&mut again) {
        for rank in (0..graph.order.len()).rev() {
            for s in graph.successors(rank) {
                let s = s * words;
                for w in 0..words {
                    let out = live_out[rank * words + w] | live_in[s + w];
                    let fresh = out & !live_out[rank * words + w];
                    if fresh != 0 {
                        live_out[rank * words + w] = out;
                        live_in[rank * words + w] |= fresh & !range_word(defined[rank], defined[rank + 1], w);
                        again = loops;
                    }
                }
            }
        }
    }
}

/// The bits of word `w` that stand for numbers from `start` to before `end`.
fn range_word(start: usize, end: usize, w: usize) -> u64 {
    let below = |n: usize| match n.saturating_sub(64 * w) {
        n if n >= 64 => u64::MAX,
        n => (1 << n) - 1,
    };
    below(end) & !below(start)
}

fn extend(
    unit: &Unit,
    graph: &Graph,
    words: usize,
    live_out: &[u64],
    intervals: &mut [Interval],
    number: impl Fn(Ref) -> usize,
) {
    for rank in 0..graph.order.len() {
        let end = graph.last(rank as u32);
        for w in 0..words {
            let mut rest = live_out[rank * words + w];
            while rest != 0 {
                intervals[64 * w + rest.trailing_zeros() as usize].cover(end);
                rest &= rest - 1;
            }
        }
        // Homes of a block's parameters are written where others jump to it.
        if let Terminator::Jump(target, _) = unit.block(graph.order[rank]).terminator {
            let homes = unit.block(target).params.iter().map(|v| number(*v)).filter(|n| *n != NONE as usize);
            homes.for_each(|n| intervals[n].cover(end));
        }
    }
}

/// Gives registers to what is used most. How many were given.
fn register_homes(analysis: &mut Analysis<'_>, intervals: &[Interval], registers: &[u8]) -> usize {
    let mut candidates: Vec<(u32, Interval)> = intervals
        .iter()
        .filter(|i| analysis.unit.ty(i.v) != Type::F64)
        .map(|i| (analysis.uses[i.v.index()].weight, *i))
        .filter(|(weight, _)| *weight > 2)
        .collect();
    if candidates.len() > CANDIDATES_MAX {
        candidates.select_nth_unstable_by_key(CANDIDATES_MAX, |(weight, i)| (Reverse(*weight), i.v));
        candidates.truncate(CANDIDATES_MAX);
    }
    candidates.sort_unstable_by_key(|(weight, i)| (Reverse(*weight), i.v));
    let mut taken: Vec<Vec<Interval>> = vec![Vec::new(); registers.len()];
    for (_, interval) in candidates {
        let free = |others: &Vec<Interval>| others.iter().all(|o| o.end < interval.start || interval.end < o.start);
        if let Some(i) = taken.iter().position(free) {
            taken[i].push(interval);
            let value = &mut analysis.values[interval.v.index()];
            value.reg = registers[i];
            value.flags |= flag::IN_HOME;
        }
    }
    taken.iter().filter(|t| !t.is_empty()).count()
}

/// Gives slots to the others. How many there are.
fn slot_homes(analysis: &mut Analysis<'_>, intervals: &mut [Interval]) -> u32 {
    intervals.sort_unstable_by_key(|i| (i.start, i.v));
    let mut slots = 0;
    let mut busy: BinaryHeap<Reverse<(u32, u32)>> = BinaryHeap::new();
    for interval in intervals {
        let value = &mut analysis.values[interval.v.index()];
        if value.flags & flag::IN_HOME != 0 {
            continue;
        }
        value.slot = match busy.peek() {
            Some(Reverse((end, slot))) if *end < interval.start => {
                let slot = *slot;
                busy.pop();
                slot
            }
            _ => {
                slots += 1;
                slots - 1
            }
        };
        busy.push(Reverse((interval.end, value.slot)));
    }
    slots
}
