//! Phase 2: the graph's shape.

use super::{Place, Report};
use crate::entity::{BlockId, Ref, Type};
use crate::inst::Inst;
use crate::unit::{Terminator, Unit};

pub(super) fn check(unit: &Unit, report: &mut Report) {
    report.unless(!unit.blocks.is_empty(), Place::Unit, || "there is no block".into());
    let mut placed = vec![false; unit.insts.len()];
    for b in unit.block_ids() {
        let block = unit.block(b);
        let params = block.params.iter().map(|v| (*v, true));
        for (v, is_param) in params.chain(block.insts.iter().map(|v| (*v, false))) {
            let once = !std::mem::replace(&mut placed[v.index()], true);
            report.unless(once, Place::Inst(v), || "it stands in two places".into());
            let fits = matches!(unit.inst(v), Inst::Param(_)) == is_param;
            report.unless(fits, Place::Inst(v), || "parameters, and only they, stand at the head of a block".into());
            report.unless(!is_param || unit.ty(v) != Type::Void, Place::Inst(v), || "a parameter has a type".into());
        }
        end(unit, b, report);
    }
    if let Some(entry) = unit.blocks.first() {
        entry_block(unit, &entry.params, report);
    }
}

fn entry_block(unit: &Unit, params: &[Ref], report: &mut Report) {
    let place = Place::Block(BlockId(0));
    let tagged = params.iter().all(|v| unit.ty(*v) == Type::Tagged);
    report.unless(tagged, place, || "the entry takes tagged values".into());
    report.unless(params.len() == unit.entry.len(), place, || "each entry parameter comes from a register".into());
    let in_range = unit.entry.iter().all(|r| *r < unit.registers);
    report.unless(in_range, place, || "the frame has no such register".into());
    let extent = u32::from(unit.registers) <= unit.extent;
    report.unless(extent, Place::Unit, || "the extent is smaller than the frame".into());
}

fn end(unit: &Unit, b: BlockId, report: &mut Report) {
    let place = Place::Block(b);
    let terminator = unit.block(b).terminator;
    report.unless(terminator != Terminator::None, place, || "the block has no end".into());
    for s in Unit::successors(&terminator) {
        report.unless(s != BlockId(0), place, || "the entry must have no predecessors".into());
    }
    match terminator {
        Terminator::Jump(target, list) => {
            let (given, wanted) = (unit.operands(list), &unit.block(target).params);
            report.unless(given.len() == wanted.len(), place, || {
                format!("{target} takes {} arguments, not {}", wanted.len(), given.len())
            });
            for (v, param) in given.iter().zip(wanted) {
                let (found, want) = (unit.ty(*v), unit.ty(*param));
                report.unless(found == want, place, || format!("{v} is {}, not {}", found.name(), want.name()));
            }
        }
        Terminator::Branch(_, yes, no) => {
            for target in [yes, no] {
                let plain = unit.block(target).params.is_empty();
                report.unless(plain, place, || format!("a branch cannot pass arguments to {target}"));
            }
        }
        _ => {}
    }
}
