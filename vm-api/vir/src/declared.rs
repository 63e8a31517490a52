//! Which frame state was last declared before each block, for units whose registers are in memory: their calls that carry no
//! state of their own happen there.

use crate::entity::{BlockId, StateId};
use crate::inst::Inst;
use crate::unit::{Block, Unit};

/// What is known of a block's beginning.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Known {
    /// No predecessor has been looked at.
    Nothing,
    /// The same on every path so far; `None`: none was declared.
    One(Option<StateId>),
    /// Paths disagree.
    Several,
}

impl Known {
    fn meet(self, other: Known) -> Known {
        match (self, other) {
            (Known::Nothing, known) | (known, Known::Nothing) => known,
            (a, b) if a == b => a,
            _ => Known::Several,
        }
    }
}

/// The state at the beginning of each block, by its number; `None` where there is none, or not the same on every path. `order`: the
/// blocks that are reached, in an order in which few rounds settle it, such as reverse postorder.
pub fn declared_states(unit: &Unit, order: &[BlockId]) -> Vec<Option<StateId>> {
    let declared = |inst: &Inst| if let Inst::State(s) = inst { Some(*s) } else { None };
    let last = |b: &Block| b.insts.iter().rev().find_map(|v| declared(&unit.inst(*v)));
    let last: Vec<Option<StateId>> = order.iter().map(|b| last(unit.block(*b))).collect();
    declared_states_after(unit, order, &last)
}

/// The same for who knows which state each of the blocks in `order` declares last.
pub fn declared_states_after(unit: &Unit, order: &[BlockId], last: &[Option<StateId>]) -> Vec<Option<StateId>> {
    let mut start = vec![Known::Nothing; unit.blocks.len()];
    let mut visited = vec![false; unit.blocks.len()];
    if let Some(entry) = start.first_mut() {
        *entry = Known::One(None);
    }
    let mut again = true;
    while std::mem::take(&mut again) {
        for (b, last) in order.iter().zip(last) {
            let out = last.map_or(start[b.index()], |s| Known::One(Some(s)));
            visited[b.index()] = true;
            for successor in Unit::successors(&unit.block(*b).terminator) {
                let met = start[successor.index()].meet(out);
                if met != start[successor.index()] {
                    start[successor.index()] = met;
                    // Those that follow in this round see it.
                    again |= visited[successor.index()];
                }
            }
        }
        visited.fill(false);
    }
    start.into_iter().map(|known| if let Known::One(state) = known { state } else { None }).collect()
}
