//! Predecessors, orders and dominators of a unit's blocks.

use crate::entity::BlockId;
use crate::unit::Unit;

/// What the shape of the graph says about its blocks. Targets must be in range.
pub struct ControlFlow {
    /// Predecessors of each block, once per edge; unreachable ones included.
    pub predecessors: Vec<Vec<BlockId>>,
    /// Reachable blocks in reverse postorder, the entry first.
    pub order: Vec<BlockId>,
    /// Place of each block in `order`; `None` for unreachable ones.
    pub rank: Vec<Option<u32>>,
    /// Immediate dominator of each reachable block; the entry's is itself.
    dominator: Vec<BlockId>,
    /// For each reachable block, when a walk of the dominator tree enters and leaves it.
    interval: Vec<(u32, u32)>,
}

impl ControlFlow {
    /// Analyses a unit that has at least one block.
    pub fn new(unit: &Unit) -> ControlFlow {
        let n = unit.blocks.len();
        let mut predecessors = vec![Vec::new(); n];
        for b in unit.block_ids() {
            for s in Unit::successors(&unit.block(b).terminator) {
                predecessors[s.index()].push(b);
            }
        }
        let order = reverse_postorder(unit);
        let mut rank = vec![None; n];
        (0..).zip(&order).for_each(|(i, b)| rank[b.index()] = Some(i));
        let dominator = dominators(&order, &rank, &predecessors);
        let interval = intervals(&order, &dominator);
        ControlFlow { predecessors, order, rank, dominator, interval }
    }
    /// Can control get there?
    pub fn reachable(&self, b: BlockId) -> bool {
        self.rank[b.index()].is_some()
    }
    /// The immediate dominator of a reachable block other than the entry.
    pub fn immediate_dominator(&self, b: BlockId) -> Option<BlockId> {
        if b == BlockId(0) || !self.reachable(b) { None } else { Some(self.dominator[b.index()]) }
    }
    /// Does every path to `b` go through `a`? A block dominates itself; unreachable ones dominate nothing.
    pub fn dominates(&self, a: BlockId, b: BlockId) -> bool {
        let (outer, inner) = (self.interval[a.index()], self.interval[b.index()]);
        self.reachable(a) && self.reachable(b) && outer.0 <= inner.0 && inner.1 <= outer.1
    }
}

/// Entry and exit times of a walk of the dominator tree.
fn intervals(order: &[BlockId], dominator: &[BlockId]) -> Vec<(u32, u32)> {
    // Sizes of subtrees, from the leaves: a dominator comes before what it dominates in reverse postorder.
    let mut size = vec![1u32; dominator.len()];
    for b in order.iter().skip(1).rev() {
        size[dominator[b.index()].index()] += size[b.index()];
    }
    // Each block takes the next part of its dominator's interval.
    let mut interval = vec![(0, 0); dominator.len()];
    let mut free = vec![0; dominator.len()];
    for (i, b) in order.iter().enumerate() {
        let start = if i == 0 {
            0
        } else {
            let d = dominator[b.index()].index();
            let start = free[d];
            free[d] += size[b.index()];
            start
        };
        interval[b.index()] = (start, start + size[b.index()] - 1);
        free[b.index()] = start + 1;
    }
    interval
}

fn reverse_postorder(unit: &Unit) -> Vec<BlockId> {
    let mut seen = vec![false; unit.blocks.len()];
    let mut order = Vec::with_capacity(unit.blocks.len());
    // Each entry is a block and whether its successors have been pushed.
    let mut stack = vec![(BlockId(0), false)];
    while let Some((b, expanded)) = stack.pop() {
        if expanded {
            order.push(b);
            continue;
        }
        if std::mem::replace(&mut seen[b.index()], true) {
            continue;
        }
        stack.push((b, true));
        let fresh = Unit::successors(&unit.block(b).terminator).filter(|s| !seen[s.index()]);
        stack.extend(fresh.map(|s| (s, false)));
    }
    order.reverse();
    order
}

/// The iterative algorithm of Cooper, Harvey and Kennedy, "A Simple, Fast Dominance Algorithm".
fn dominators(order: &[BlockId], rank: &[Option<u32>], predecessors: &[Vec<BlockId>]) -> Vec<BlockId> {
    const NONE: u32 = u32::MAX;
    let mut idom = vec![NONE; order.len()];
    idom[0] = 0;
    let mut changed = true;
    while changed {
        changed = false;
        for (i, b) in order.iter().enumerate().skip(1) {
            let mut new = NONE;
            for p in predecessors[b.index()].iter().filter_map(|p| rank[p.index()]) {
                if idom[p as usize] == NONE {
                    continue;
                }
                new = if new == NONE { p } else { intersect(&idom, new, p) };
            }
            changed |= idom[i] != new;
            idom[i] = new;
        }
    }
    let mut dominator = vec![BlockId(0); rank.len()];
    order.iter().zip(&idom).for_each(|(b, d)| dominator[b.index()] = order[*d as usize]);
    dominator
}

fn intersect(idom: &[u32], mut a: u32, mut b: u32) -> u32 {
    while a != b {
        while a > b {
            a = idom[a as usize];
        }
        while b > a {
            b = idom[b as usize];
        }
    }
    a
}
