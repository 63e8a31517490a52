//! Phase 5: what must hold on every path.

use super::{Place, Report};
use crate::cfg::ControlFlow;
use crate::entity::{BlockId, StateId, Type};
use crate::inst::Inst;
use crate::liveness::{BitSet, Liveness};
use crate::unit::{Terminator, Unit};

pub(super) fn check(unit: &Unit, cfg: &ControlFlow, report: &mut Report) {
    addresses(unit, cfg, report);
    states(unit, cfg, report);
}

/// No `Ptr` lives across anything that may collect.
fn addresses(unit: &Unit, cfg: &ControlFlow, report: &mut Report) {
    let mut numbers = vec![None; unit.insts.len()];
    let mut count = 0;
    for (number, inst) in numbers.iter_mut().zip(&unit.insts) {
        if inst.result() == Type::Ptr {
            *number = Some(count);
            count += 1;
        }
    }
    if count == 0 {
        return;
    }
    let number = |v: crate::Ref| numbers[v.index()];
    let liveness = Liveness::new(unit, cfg, count, &number);
    for b in cfg.order.iter().copied() {
        liveness.walk(b, |v, inst, live| {
            if unit.facts(inst).collects {
                let address = live.iter().next();
                report.unless(address.is_none(), Place::Inst(v), || {
                    "a raw address lives across an instruction that may collect".into()
                });
            }
        });
    }
}

/// The states of guards, polls and exits hold where they are used.
fn states(unit: &Unit, cfg: &ControlFlow, report: &mut Report) {
    let count = unit.states.len();
    if count == 0 {
        return;
    }
    // What holds at the end of each block: at first everything, then less and less.
    let mut out = vec![BitSet::full(count); unit.blocks.len()];
    let mut changed = true;
    while changed {
        changed = false;
        for b in cfg.order.iter().copied() {
            let mut holding = entry(cfg, &out, count, b);
            walk(unit, b, &mut holding, |_, _, _| {});
            if holding != out[b.index()] {
                out[b.index()] = holding;
                changed = true;
            }
        }
    }
    for b in cfg.order.iter().copied() {
        let mut holding = entry(cfg, &out, count, b);
        walk(unit, b, &mut holding, |place, s, holding| {
            report.unless(holding.contains(s.index()), place, || {
                format!("{s} does not hold here: it was not declared, or an effect came after it")
            });
        });
    }
}

fn entry(cfg: &ControlFlow, out: &[BitSet], count: usize, b: BlockId) -> BitSet {
    if b == BlockId(0) {
        return BitSet::new(count);
    }
    let mut holding = BitSet::full(count);
    for p in cfg.predecessors[b.index()].iter().filter(|p| cfg.reachable(**p)) {
        holding.intersect(&out[p.index()]);
    }
    holding
}

/// Goes through a block; `f` is given each use of a state that must hold.
fn walk(unit: &Unit, b: BlockId, holding: &mut BitSet, mut f: impl FnMut(Place, StateId, &BitSet)) {
    for v in &unit.block(b).insts {
        let inst = unit.inst(*v);
        match inst {
            Inst::State(s) => holding.insert(s.index()),
            Inst::Guard(_, _, _, s) | Inst::Poll(s) => f(Place::Inst(*v), s, holding),
            _ => {}
        }
        if unit.facts(&inst).writes {
            holding.clear();
        }
    }
    if let Terminator::Exit(s, _) = unit.block(b).terminator {
        f(Place::Block(b), s, holding);
    }
}
