//! Phase 5: what must hold on every path.

use super::{Place, Report};
use crate::cfg::ControlFlow;
use crate::entity::{BlockId, Ref, StateId, Type};
use crate::inst::Inst;
use crate::liveness::Liveness;
use crate::unit::{Resume, Terminator, Unit};

pub(super) fn check(unit: &Unit, cfg: &ControlFlow, report: &mut Report) {
    addresses(unit, cfg, report);
    states(unit, cfg, report);
}

/// No `Ptr` lives across anything that may collect.
fn addresses(unit: &Unit, cfg: &ControlFlow, report: &mut Report) {
    // Nearly all addresses are used in the block that makes them: those need no sets.
    let mut home = vec![None; unit.insts.len()];
    for b in unit.block_ids() {
        let params = unit.block(b).params.iter().map(|v| (*v, false));
        for (v, local) in params.chain(unit.block(b).insts.iter().map(|v| (*v, true))) {
            if unit.ty(v) == Type::Ptr {
                home[v.index()] = Some((b, local));
            }
        }
    }
    for b in unit.block_ids() {
        let mut leave = |v: Ref| {
            if let Some((at, local)) = &mut home[v.index()] {
                *local &= *at == b;
            }
        };
        for v in &unit.block(b).insts {
            unit.each_operand(&unit.inst(*v), |_, x| leave(x));
        }
        unit.each_terminator_ref(&unit.block(b).terminator, leave);
    }
    let mut numbers = vec![None; unit.insts.len()];
    let travellers = (0..).map(Ref).zip(&home).filter(|(_, h)| matches!(h, Some((_, false)))).map(|(v, _)| v);
    let mut count = 0;
    for v in travellers {
        numbers[v.index()] = Some(count);
        count += 1;
    }
    let mut complain = |v: Ref| {
        let message = || "a raw address lives across an instruction that may collect".to_owned();
        report.unless(false, Place::Inst(v), message);
    };
    if count > 0 {
        let number = |v: Ref| numbers[v.index()];
        let liveness = Liveness::new(unit, cfg, count, &number);
        for b in cfg.order.iter().copied() {
            liveness.walk(b, |v, inst, live| {
                if unit.facts(inst).collects && live.iter().next().is_some() {
                    complain(v);
                }
            });
        }
    }
    let is_local = |v: Ref| matches!(home[v.index()], Some((_, true)));
    let mut live = vec![false; unit.insts.len()];
    for b in cfg.order.iter().copied() {
        local_addresses(unit, b, &is_local, &mut live, &mut complain);
    }
}

/// The addresses of one block that it makes and uses itself. `live` is all false before and after.
fn local_addresses(
    unit: &Unit,
    b: BlockId,
    is_local: &dyn Fn(Ref) -> bool,
    live: &mut [bool],
    complain: &mut dyn FnMut(Ref),
) {
    let mut count = 0;
    let used = |v: Ref, live: &mut [bool], count: &mut u32| {
        if is_local(v) && !std::mem::replace(&mut live[v.index()], true) {
            *count += 1;
        }
    };
    unit.each_terminator_ref(&unit.block(b).terminator, |v| used(v, live, &mut count));
    for v in unit.block(b).insts.iter().rev() {
        let inst = unit.inst(*v);
        if std::mem::replace(&mut live[v.index()], false) {
            count -= 1;
        }
        if count > 0 && unit.facts(&inst).collects {
            complain(*v);
        }
        unit.each_operand(&inst, |_, x| used(x, live, &mut count));
    }
}

/// A place between instructions: after so many of a block's.
type Point = (BlockId, usize);

/// The states of guards, polls and exits hold where they are used: a declaration dominates the use, and what was last changed
/// is the same there.
///
/// "What was last changed" is a number as in memory SSA: each effect makes a new one, and so does each block whose predecessors
/// disagree. If the numbers at a declaration and at a use that it dominates are the same, no path between them has an effect: a
/// path with one could only come back to the number through the block that made it, and from there it passes the declaration
/// again.
fn states(unit: &Unit, cfg: &ControlFlow, report: &mut Report) {
    let last = last_changes(unit, cfg);
    let mut declared: Vec<Vec<(Point, Change)>> = vec![Vec::new(); unit.states.len()];
    for b in cfg.order.iter().copied() {
        walk(unit, b, last[b.index()], |_, at, change, found| {
            if let Found::Declaration(s) = found {
                declared[s.index()].push((at, change));
            }
        });
    }
    for b in cfg.order.iter().copied() {
        walk(unit, b, last[b.index()], |place, at, change, found| {
            let Found::Use(s) = found else { return };
            let holds = declared[s.index()]
                .iter()
                .any(|(d, c)| *c == change && if d.0 == at.0 { d.1 <= at.1 } else { cfg.dominates(d.0, at.0) });
            report.unless(holds, place, || {
                format!("{s} does not hold here: it was not declared, or an effect came after it")
            });
        });
    }
}

/// What the last effect before a point was.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Change {
    /// Nothing in this unit.
    Entry,
    /// This instruction.
    Effect(Ref),
    /// One of several: they meet at this block.
    Meeting(BlockId),
}

/// The last change at each block's beginning.
///
/// Blocks become meetings where minimal SSA has phis: where a predecessor's last change is another than that of the immediate
/// dominator, that is, where some block between them has an effect or is a meeting. Meetings are only ever added, so this ends.
fn last_changes(unit: &Unit, cfg: &ControlFlow) -> Vec<Change> {
    let effect = |b: BlockId| {
        let insts = &unit.block(b).insts;
        insts.iter().rev().find(|v| unit.facts(&unit.inst(**v)).writes).map(|v| Change::Effect(*v))
    };
    let own: Vec<Option<Change>> = unit.block_ids().map(effect).collect();
    let mut start = vec![Change::Entry; unit.blocks.len()];
    let mut meeting = vec![false; unit.blocks.len()];
    loop {
        let out = |b: BlockId, start: &[Change]| own[b.index()].unwrap_or(start[b.index()]);
        for b in cfg.order.iter().copied() {
            start[b.index()] = match cfg.immediate_dominator(b) {
                None => Change::Entry,
                Some(_) if meeting[b.index()] => Change::Meeting(b),
                Some(d) => out(d, &start),
            };
        }
        let mut added = false;
        for b in cfg.order.iter().copied().filter(|b| !meeting[b.index()]).collect::<Vec<_>>() {
            let disagrees = |p: &BlockId| cfg.reachable(*p) && out(*p, &start) != start[b.index()];
            if b != BlockId(0) && cfg.predecessors[b.index()].iter().any(disagrees) {
                meeting[b.index()] = true;
                added = true;
            }
        }
        if !added {
            return start;
        }
    }
}

/// What [`walk`] finds.
#[derive(Clone, Copy)]
enum Found {
    Declaration(StateId),
    Use(StateId),
}

/// Goes through a block; `f` is given each declaration of a state and each use that it must hold for.
fn walk(unit: &Unit, b: BlockId, start: Change, mut f: impl FnMut(Place, Point, Change, Found)) {
    let mut change = start;
    for (i, v) in unit.block(b).insts.iter().enumerate() {
        let inst = unit.inst(*v);
        match inst {
            Inst::State(s) => f(Place::Inst(*v), (b, i), change, Found::Declaration(s)),
            Inst::Guard(_, _, _, s) | Inst::Count(s) | Inst::Poll(s) => {
                f(Place::Inst(*v), (b, i), change, Found::Use(s))
            }
            _ => {}
        }
        if unit.facts(&inst).writes {
            change = Change::Effect(*v);
        }
    }
    // What waits is not executed again.
    if let Terminator::Exit(s, _) = unit.block(b).terminator
        && unit.state(s).resume == Resume::Execute
    {
        f(Place::Block(b), (b, unit.block(b).insts.len()), change, Found::Use(s));
    }
}
