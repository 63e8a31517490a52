//! Phase 4: frame states.

use super::values::Scope;
use super::{Place, Report};
use crate::cfg::ControlFlow;
use crate::entity::{BlockId, Reason, StateId, Type};
use crate::inst::Inst;
use crate::unit::{FrameState, Resume, StubOperands, Terminator, Unit};

pub(super) fn check(unit: &Unit, cfg: &ControlFlow, report: &mut Report) {
    for i in 0..unit.states.len() as u32 {
        state(unit, StateId(i), report);
    }
    let scope = Scope::new(unit, cfg);
    for b in unit.block_ids() {
        for (i, v) in unit.block(b).insts.iter().enumerate() {
            let inst = unit.inst(*v);
            let place = Place::Inst(*v);
            let named = if let Inst::State(s) = inst { Some(s) } else { unit.state_of(&inst) };
            if let Some(s) = named {
                reaches(unit, &scope, (s, b, i), place, report);
            }
            using(unit, &inst, place, report);
        }
        if let Terminator::Exit(s, reason) = unit.block(b).terminator {
            reaches(unit, &scope, (s, b, unit.block(b).insts.len()), Place::Block(b), report);
            // What waits in a frame that ends gets no result, but the pending exception.
            let executes = unit.state(s).resume == Resume::Execute || reason == Reason::Ends;
            report.unless(executes, Place::Block(b), || format!("{s} waits for a result, but nothing is called"));
        }
    }
}

/// A frame state in itself.
fn state(unit: &Unit, id: StateId, report: &mut Report) {
    let place = Place::State(id);
    let frame = unit.state(id);
    let registers = unit.registers_of(id);
    let mut unless = |good: bool, message: &str| report.unless(good, place, || message.to_owned());
    let is_value = unit.ty(frame.function) == Type::Tagged && !matches!(unit.inst(frame.function), Inst::TagWord(_));
    unless(is_value, "the function is a tagged value");
    unless(registers.windows(2).all(|w| w[0].0 < w[1].0), "the registers are not ascending");
    let describable = registers.iter().all(|(_, v)| !matches!(unit.ty(*v), Type::Void | Type::Ptr));
    unless(describable, "a register holds a raw address or nothing");
    let top = registers.last().map_or(0, |(r, _)| u64::from(*r) + 1);
    unless(u64::from(frame.offset) + top <= unit.extent.into(), "a register lies outside of the unit's extent");
    if unit.registers_in_memory {
        unless(frame.caller.is_none() && registers.is_empty(), "the frame is in memory, so the state is empty");
    }
    match frame.caller {
        None => own_frame(unit, frame, top, unless),
        Some(c) => {
            let caller = unit.state(c);
            unless(caller.resume != Resume::Execute, "the caller must wait for a result");
            unless(caller.offset < frame.offset, "the frame must lie above its caller's beginning");
        }
    }
}

/// What holds for the unit's own frame.
fn own_frame(unit: &Unit, frame: &FrameState, top: u64, mut unless: impl FnMut(bool, &str)) {
    unless(frame.offset == 0, "the unit's own frame has offset 0");
    unless(frame.code == unit.code, "the unit's own frame runs another code");
    let result = match frame.resume {
        Resume::Execute => 0,
        Resume::Result { register } | Resume::Again { register } => u64::from(register) + 1,
    };
    unless(top.max(result) <= unit.registers.into(), "the frame has no such register");
}

/// All that a frame state mentions is defined where it is used.
fn reaches(unit: &Unit, scope: &Scope<'_>, at: (StateId, BlockId, usize), place: Place, report: &mut Report) {
    let (s, b, i) = at;
    unit.each_state_ref(s, |v| {
        report.unless(scope.reaches(v, b, i), place, || format!("{v} of {s} is not defined on every path to here"));
    });
}

/// An instruction finds the kind of state that it needs.
fn using(unit: &Unit, inst: &Inst, place: Place, report: &mut Report) {
    match *inst {
        Inst::Guard(_, _, _, s) | Inst::Count(s) | Inst::Poll(s) | Inst::State(s) | Inst::Trace(s) => {
            let executes = unit.state(s).resume == Resume::Execute;
            report.unless(executes, place, || format!("{s} waits for a result, but nothing is called"));
        }
        Inst::Invoke(call) => {
            let s = unit.invokes[call.index()].state;
            let waits = unit.state(s).resume != Resume::Execute;
            report.unless(waits, place, || format!("{s} does not wait for the result"));
            let above = unit.invokes[call.index()].offset > unit.state(s).offset;
            report.unless(above, place, || "the callee's frame must lie above its caller's beginning".into());
        }
        Inst::Stub(call) => {
            let call = unit.stub_calls[call.index()];
            let told = call.state.is_some() || !unit.stubs[call.stub.index()].effects.runs_language;
            report.unless(told, place, || "a stub that runs language code needs a frame state".into());
            if let (StubOperands::Registers { .. }, Some(s)) = (call.operands, call.state) {
                let own = unit.state(s).caller.is_none();
                report.unless(own, place, || "registers in memory are those of the unit's own frame".into());
            }
        }
        _ => {}
    }
}
