//! Looking into units while they run: stack walks, and registers of frames that are not in memory.
//!
//! An evaluation that calls out shows its [`Site`] for as long as the call runs. Frames are found by their registers'
//! address, which no two live frames share. A site that has no frame state is not shown: nothing that asks can run there.

use super::Running;
use super::environment::Evaluation;
use crate::tier::frames::id_at;
use runtime_core::State;
use vm_api::engine::{CodeIndex, FrameId, Language, VisitFrame};
use vm_api::heap::Value;
use vm_api::vir::eval::Site;

/// An evaluation at a call, for the call's duration.
pub(super) struct Published<L: 'static> {
    evaluation: *const Evaluation<'static, L>,
    site: *const Site<'static>,
    registers: *mut Value,
}

impl<L: Language> Evaluation<'_, L> {
    /// Calls out with the site shown.
    pub(super) fn showing<T>(&self, site: &Site<'_>, call: impl FnOnce() -> T) -> T {
        if site.state.is_none() {
            return call();
        }
        let (evaluation, site) = (std::ptr::from_ref(self).cast(), std::ptr::from_ref(site).cast());
        self.running.sites.borrow_mut().push(Published { evaluation, site, registers: self.frame.registers });
        let result = call();
        self.running.sites.borrow_mut().pop();
        result
    }
}

impl<L: Language> Running<L> {
    /// Calls `f` with what runs in the frame at `state`.
    fn at_call<T>(&self, state: State, f: impl FnOnce(&Evaluation<'_, L>, &Site<'_>) -> T) -> Option<T> {
        let found = |p: &&Published<L>| p.registers == state.registers;
        let (evaluation, site) = self.sites.borrow().iter().rev().find(found).map(|p| (p.evaluation, p.site))?;
        // SAFETY: both are alive and not written to while the call runs, and it does: it is not popped.
        Some(f(unsafe { &*evaluation }, unsafe { &*site }))
    }

    pub(in crate::tier) fn walk_frames(&self, state: State, f: VisitFrame<'_>) -> bool {
        let shown = self.at_call(state, |evaluation, site| {
            let unit = site.program.unit();
            site.state.into_iter().flat_map(|s| unit.frames(s)).all(|(_, frame)| {
                let function = site.value(evaluation, frame.function).expect("a function is a tagged value");
                f(id_at(state, frame.offset), CodeIndex(frame.code.0), frame.position, function)
            })
        });
        // SAFETY: the state is that of a live frame; register -1 is its function.
        shown.unwrap_or_else(|| unsafe { f(state.id(), (*state.unit).index, 0, *state.registers.sub(1)) })
    }

    /// The innermost frame, or this one.
    pub(in crate::tier) fn reveal_one(&self, state: State, wanted: Option<FrameId>) -> Option<State> {
        self.at_call(state, |evaluation, site| {
            let (unit, innermost) = (site.program.unit(), site.state.expect("a site that is shown has a state"));
            let (id, frame) = match wanted {
                None => (innermost, *unit.state(innermost)),
                Some(wanted) => {
                    unit.frames(innermost).map(|(id, f)| (id, *f)).find(|(_, f)| id_at(state, f.offset) == wanted)?
                }
            };
            // SAFETY: the state's registers lie in the unit's extent, which is dead while the unit runs.
            let mut revealed =
                unsafe { evaluation.write_frame(site, id) }.expect("what a frame state mentions has a value");
            // SAFETY: the position is that of one of the code's instructions.
            revealed.pc = unsafe { (*revealed.unit).instructions.add(frame.position as usize + 1) };
            Some(revealed)
        })?
    }

    pub(in crate::tier) fn leave_if(&self, state: State, wanted: Option<FrameId>) {
        self.at_call(state, |evaluation, site| {
            let unit = site.program.unit();
            let mut frames = site.state.into_iter().flat_map(|s| unit.frames(s));
            if frames.any(|(_, frame)| wanted.is_none_or(|wanted| id_at(state, frame.offset) == wanted)) {
                evaluation.observed.set(true);
            }
        });
    }
}
