//! The order of blocks, and the trees that they form.
//!
//! Blocks are emitted in reverse postorder, cold ones to another place. A block with one predecessor continues it: what is in
//! registers at the predecessor's end is there at its beginning. So blocks form trees, whose roots are the entry and the
//! joins. In this order all that a depth-first walk finds below a block follows it without a gap ([`Graph::subtree`]), which makes
//! "is it used below?" a comparison of positions.

use vm_api::vir::{BlockId, Inst, Terminator, Unit};

/// No block, no position, no value.
pub(crate) const NONE: u32 = u32::MAX;

/// Reachable blocks by their rank in the order. Positions number block heads, instructions and terminators in this order.
pub(crate) struct Graph {
    /// The order.
    pub(crate) order: Vec<BlockId>,
    /// Rank of each block; [`NONE`] if it is never reached.
    pub(crate) rank: Vec<u32>,
    /// The last rank of what is below each.
    pub(crate) subtree: Vec<u32>,
    /// Ranks of the successors of each; [`NONE`] where there are fewer.
    pub(crate) successors: Vec<[u32; 2]>,
    /// Rank of the only predecessor; [`NONE`] for roots of trees.
    pub(crate) parent: Vec<u32>,
    /// Rank of the root of the tree.
    pub(crate) root: Vec<u32>,
    /// How many loops it may be in.
    pub(crate) depth: Vec<u8>,
    /// Is it laid out away from the others?
    pub(crate) cold: Vec<bool>,
    /// What is laid out behind each; [`NONE`] if nothing is.
    pub(crate) follower: Vec<u32>,
    /// Position of the head.
    pub(crate) first: Vec<u32>,
}

impl Graph {
    /// `None` if positions would not fit.
    pub(crate) fn new(unit: &Unit) -> Option<Graph> {
        let (order, sizes) = depth_first(unit);
        let n = order.len();
        let mut rank = vec![NONE; unit.blocks.len()];
        (0..).zip(&order).for_each(|(i, b)| rank[b.index()] = i);
        let subtree = (0..).zip(&sizes).map(|(i, size)| i + size - 1).collect();
        let mut entering = vec![0u32; n];
        let mut parent = vec![NONE; n];
        let mut latch = vec![0u32; n + 1];
        let mut successors_of = Vec::with_capacity(n);
        for (i, b) in (0..).zip(&order) {
            let next = successors(&unit.block(*b).terminator).map(|s| s.map_or(NONE, |s| rank[s.index()]));
            successors_of.push(next);
            for s in next.into_iter().filter(|s| *s != NONE) {
                let s = s as usize;
                entering[s] += 1;
                parent[s] = i;
                if s as u32 <= i {
                    latch[s] = i + 1;
                }
            }
        }
        let mut root: Vec<u32> = Vec::with_capacity(n);
        let mut first: Vec<u32> = Vec::with_capacity(n + 1);
        let mut at = 0u32;
        for i in 0..n {
            if entering[i] != 1 {
                parent[i] = NONE;
            }
            root.push(if parent[i] == NONE { i as u32 } else { root[parent[i] as usize] });
            first.push(at);
            let insts = u32::try_from(unit.block(order[i]).insts.len()).ok()?;
            at = at.checked_add(insts)?.checked_add(2)?;
        }
        first.push(at);
        let cold = cold(unit, &order, &parent);
        let follower = followers(&cold);
        let depth = depths(&latch, n);
        (at < NONE - 1).then_some(Graph {
            order,
            rank,
            subtree,
            successors: successors_of,
            parent,
            root,
            depth,
            cold,
            follower,
            first,
        })
    }
    /// Position of a block's terminator.
    pub(crate) fn last(&self, rank: u32) -> u32 {
        self.first[rank as usize + 1] - 1
    }
    /// The ranks of a block's successors.
    pub(crate) fn successors(&self, rank: usize) -> impl Iterator<Item = usize> + use<> {
        self.successors[rank].into_iter().filter(|s| *s != NONE).map(|s| s as usize)
    }
    /// The rank of a reachable block.
    pub(crate) fn rank(&self, b: BlockId) -> u32 {
        self.rank[b.index()]
    }
    /// Does a block begin a tree?
    pub(crate) fn is_root(&self, rank: u32) -> bool {
        self.parent[rank as usize] == NONE
    }
}

#[inline]
fn successors(terminator: &Terminator) -> [Option<BlockId>; 2] {
    match *terminator {
        Terminator::Jump(target, _) => [Some(target), None],
        Terminator::Branch(_, yes, no) => [Some(yes), Some(no)],
        _ => [None, None],
    }
}

/// Reverse postorder, and how many blocks a depth-first walk finds from each, itself included.
fn depth_first(unit: &Unit) -> (Vec<BlockId>, Vec<u32>) {
    const NEW: u32 = u32::MAX;
    let mut seen = vec![false; unit.blocks.len()];
    let (mut order, mut sizes) = (Vec::new(), Vec::new());
    // A block to look at, or with the number of those that were done when it was found.
    let mut stack = vec![(BlockId(0), NEW)];
    while let Some((b, done)) = stack.pop() {
        if done != NEW {
            order.push(b);
            sizes.push(order.len() as u32 - done);
            continue;
        }
        if std::mem::replace(&mut seen[b.index()], true) {
            continue;
        }
        stack.push((b, order.len() as u32));
        let next = successors(&unit.block(b).terminator).into_iter().flatten();
        stack.extend(next.filter(|s| !seen[s.index()]).map(|s| (s, NEW)));
    }
    order.reverse();
    sizes.reverse();
    (order, sizes)
}

/// Which blocks are laid out away from the others: those that are said to be, and where a branch has the choice between a block
/// that calls something and one that does not, the former, with what continues it.
fn cold(unit: &Unit, order: &[BlockId], parent: &[u32]) -> Vec<bool> {
    let is_call = |inst: Inst| matches!(inst, Inst::Stub(_) | Inst::Invoke(_));
    let calls = |b: BlockId| unit.block(b).insts.iter().any(|v| is_call(unit.inst(*v)));
    let mut cold: Vec<bool> = Vec::with_capacity(order.len());
    for (i, b) in order.iter().enumerate() {
        let slow = match parent[i] {
            NONE => false,
            p if cold[p as usize] => true,
            p => match unit.block(order[p as usize]).terminator {
                Terminator::Branch(_, yes, no) => calls(*b) && !calls(if yes == *b { no } else { yes }),
                _ => false,
            },
        };
        cold.push(slow || unit.block(*b).cold);
    }
    cold
}

/// For each block the next one that goes to the same place.
fn followers(cold: &[bool]) -> Vec<u32> {
    let mut follower = vec![NONE; cold.len()];
    let mut next = [NONE; 2];
    for i in (0..cold.len()).rev() {
        follower[i] = std::mem::replace(&mut next[usize::from(cold[i])], i as u32);
    }
    follower
}

/// Loops reach from their header to the last block that goes back to it.
fn depths(latch: &[u32], n: usize) -> Vec<u8> {
    let mut ends = vec![0u32; n + 1];
    let mut depth = 0u32;
    let depth_of = |i: usize| {
        depth -= ends[i];
        if latch[i] as usize > i {
            depth += 1;
            ends[latch[i] as usize] += 1;
        }
        depth.min(u8::MAX.into()) as u8
    };
    (0..n).map(depth_of).collect()
}
