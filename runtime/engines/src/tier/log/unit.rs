//! What becomes of a unit, as the log sees it.

use super::{JitLog, line_of};
use runtime_core::Runtime;
use std::rc::Rc;
use vm_api::engine::CodeIndex;
use vm_api::vir::Unit;
use vm_api::vir::eval::Leave;

/// Lines for exits at one place of a unit for one reason.
const MOST_LINES: u32 = 16;

/// A unit, as the log sees it; it is freed when this is dropped.
pub(in crate::tier) struct UnitLog(pub(super) Option<(Rc<JitLog>, u64)>);

impl UnitLog {
    /// The unit is left for the interpreter.
    #[inline]
    pub(in crate::tier) fn exit(&self, runtime: &Runtime, unit: &Unit, leave: &Leave, forced: bool) {
        if let Some((log, number)) = &self.0 {
            log.exit(*number, runtime, unit, leave, forced);
        }
    }
    /// It was left so often that its entry is built anew.
    pub(in crate::tier) fn discarded(&self, exits: u32) {
        let Some((log, number)) = &self.0 else { return };
        let Some(function) = log.recorded.borrow().units.get(number).map(|known| known.function) else { return };
        log.recorded.borrow_mut().summary.count(function, |counts| counts.discarded += 1);
        log.line("discard", function, |line| line.number("unit", *number).number("exits", exits.into()));
    }
}

impl Drop for UnitLog {
    fn drop(&mut self) {
        let Some((log, number)) = self.0.take() else { return };
        let function = {
            let recorded = &mut *log.recorded.borrow_mut();
            let Some(known) = recorded.units.remove(&number) else { return };
            recorded.summary.sample(&known, &mut recorded.shares);
            recorded.summary.count(known.function, |counts| counts.freed += 1);
            known.function
        };
        log.line("free", function, |line| line.number("unit", number));
    }
}

impl JitLog {
    #[cold]
    #[inline(never)]
    fn exit(&self, number: u64, runtime: &Runtime, unit: &Unit, leave: &Leave, forced: bool) {
        let function = {
            let recorded = &mut *self.recorded.borrow_mut();
            let Some(known) = recorded.units.get_mut(&number) else { return };
            let times = known.exits.entry((leave.state, leave.reason, forced)).or_default();
            *times += 1;
            recorded.summary.count(known.function, |counts| counts.exit(leave.reason.name(), forced));
            if *times > MOST_LINES {
                return;
            }
            known.function
        };
        let frame = unit.state(leave.state);
        let code = &runtime.unit(CodeIndex(frame.code.0)).code;
        self.line("exit", function, |line| {
            line.number("unit", number)
                .text("reason", leave.reason.name())
                .flag("forced", forced)
                .text("at_function", &code.qualified_name)
                .number("at_position", frame.position.into())
                .number_if_known("at_line", line_of(code, frame.position))
        });
    }
}
