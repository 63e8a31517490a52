//! Which frame state was last declared before each block, for units whose registers are in memory: their calls that carry no
//! state of their own happen there.

use crate::graph::Graph;
use vm_api::vir::{Inst, StateId, Unit};

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

/// The state at the beginning of each block, by rank; `None` where there is none, or not the same on every path.
pub(crate) fn positions(unit: &Unit, graph: &Graph) -> Vec<Option<StateId>> {
    let declared = |inst: &Inst| if let Inst::State(s) = inst { Some(*s) } else { None };
    let last = |rank: usize| {
        let block = unit.block(graph.order[rank]);
        block.insts.iter().rev().find_map(|v| declared(&unit.inst(*v)))
    };
    let last: Vec<Option<StateId>> = (0..graph.order.len()).map(last).collect();
    let mut start = vec![Known::Nothing; graph.order.len()];
    if let Some(entry) = start.first_mut() {
        *entry = Known::One(None);
    }
    let mut changed = true;
    while changed {
        changed = false;
        for rank in 0..graph.order.len() {
            let out = last[rank].map_or(start[rank], |s| Known::One(Some(s)));
            for successor in graph.successors(rank) {
                let met = start[successor].meet(out);
                changed |= met != start[successor];
                start[successor] = met;
            }
        }
    }
    start.into_iter().map(|known| if let Known::One(state) = known { state } else { None }).collect()
}
