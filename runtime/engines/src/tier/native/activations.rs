//! The native code that runs in a thread: where it stands, and its frames.
//!
//! An activation stands at the site whose number the thread's word says ([`Thread::site`](vm_api::engine::Thread)); when another
//! one begins above it, that one keeps the number for it. A site's frames were written back before the call, so
//! everything about them is in memory.

use crate::tier::frames::{clear_unlisted, id_at, state_of};
use crate::tier::native::NativeUnit;
use crate::tier::{Installed, Runs};
use runtime_core::{CompiledFrame, Runtime, State};
use std::cell::{Cell, RefCell};
use vm_api::engine::{CodeIndex, FrameId, VisitFrame};
use vm_api::heap::Value;
use vm_api::heap::roots::SlotVisitor;
use vm_api::vir::StateId;

struct Activation {
    /// Register 0 of its frame.
    registers: *mut Value,
    /// Whoever runs it keeps it.
    installed: *const Installed,
    /// The number of the site of the activation below.
    below: u64,
    /// Somebody observes one of its frames: it is left as soon as it can.
    observed: Cell<bool>,
}

impl Activation {
    fn native(&self) -> &NativeUnit {
        // SAFETY: kept as long as it runs.
        match unsafe { &(*self.installed).runs } {
            Runs::Native(native) => native,
            Runs::Program(_) => unreachable!("native code alone is activated"),
        }
    }
    #[cold]
    fn leave(&self) {
        if !self.observed.replace(true) {
            self.native().leave();
        }
    }
}

/// Those of one thread, innermost last.
#[derive(Default)]
pub(in crate::tier) struct Activations(RefCell<Vec<Activation>>);

impl Activations {
    /// A frame enters native code, which is kept until [`Activations::pop`].
    #[inline]
    pub(super) fn push(&self, runtime: &Runtime, registers: *mut Value, installed: &Installed) {
        let below = runtime.thread.site.get();
        self.0.borrow_mut().push(Activation { registers, installed, below, observed: Cell::new(false) });
    }
    /// The innermost one has ended; was it observed?
    #[inline]
    pub(super) fn pop(&self, runtime: &Runtime) -> bool {
        let mut all = self.0.borrow_mut();
        let Some(activation) = all.last() else { unreachable!("what runs was activated") };
        // Word by word: as a whole it would be read while its words are still being written.
        runtime.thread.site.set(activation.below);
        let observed = activation.observed.get();
        if observed {
            activation.native().stay();
        }
        let below = all.len() - 1;
        all.truncate(below);
        observed
    }
    /// Has the innermost one left when its call is done.
    pub(super) fn leave_innermost(&self) {
        if let Some(activation) = self.0.borrow().last() {
            activation.leave();
        }
    }
    /// The activation of the frame at `state`, and the frames it shows.
    fn find<T>(&self, runtime: &Runtime, state: State, f: impl FnOnce(&Activation, Option<StateId>) -> T) -> Option<T> {
        let all = self.0.borrow();
        // Each stands above those before it.
        let at = all.binary_search_by_key(&state.registers, |a| a.registers).ok()?;
        let site = all.get(at + 1).map_or(runtime.thread.site.get(), |above| above.below);
        let activation = &all[at];
        Some(f(activation, activation.native().sites.get(site as usize).copied().flatten()))
    }

    /// See [`Tier::compiled_frame`](runtime_core::Tier::compiled_frame).
    pub(in crate::tier) fn frame(&self, runtime: &Runtime, state: State) -> CompiledFrame {
        let found = self.find(runtime, state, |activation, site| {
            let unit = &activation.native().unit;
            let pc = match site {
                Some(site) if unit.registers_in_memory => {
                    let (at, _) = state_of(runtime, state, unit.state(site));
                    at.pc.wrapping_add(1)
                }
                _ => std::ptr::null(),
            };
            CompiledFrame { pc, top: state.registers.wrapping_add(unit.extent as usize) }
        });
        found.unwrap_or_else(|| {
            // SAFETY: the state is that of a live frame.
            let registers = unsafe { (*state.unit).registers };
            CompiledFrame { pc: std::ptr::null(), top: state.registers.wrapping_add(registers as usize) }
        })
    }
    /// See [`Tier::walk`](runtime_core::Tier::walk); `None` if no native code runs in the frame.
    pub(in crate::tier) fn walk(&self, runtime: &Runtime, state: State, f: VisitFrame<'_>) -> Option<bool> {
        let shown = self.find(runtime, state, |activation, site| {
            let unit = &activation.native().unit;
            let site = site?;
            let frames: Vec<_> = unit.frames(site).map(|(_, frame)| *frame).collect();
            Some(frames)
        })?;
        let Some(frames) = shown else {
            // SAFETY: the state is that of a live frame; register -1 is its function.
            return Some(unsafe { f(state.id(), (*state.unit).index, 0, *state.registers.sub(1)) });
        };
        Some(frames.into_iter().all(|frame| {
            // SAFETY: the functions of a site's frames stand in front of their registers.
            let function = unsafe { *state.registers.add(frame.offset as usize).sub(1) };
            f(id_at(state, frame.offset), CodeIndex(frame.code.0), frame.position, function)
        }))
    }
    /// The innermost frame of the code that runs in the frame at `state`, or this one, with its registers in memory.
    pub(in crate::tier) fn reveal_one(
        &self,
        runtime: &Runtime,
        state: State,
        wanted: Option<FrameId>,
    ) -> Option<State> {
        self.find(runtime, state, |activation, site| {
            let unit = &activation.native().unit;
            let is_it = |offset| wanted.is_none_or(|wanted| id_at(state, offset) == wanted);
            let (id, frame) = unit.frames(site?).find(|(_, frame)| is_it(frame.offset))?;
            let (mut revealed, code) = state_of(runtime, state, frame);
            if !unit.registers_in_memory {
                // SAFETY: the frame lies in the extent of a unit that is at a call, for which its frames were written.
                unsafe { clear_unlisted(code, revealed.registers, unit.registers_of(id).iter().map(|(r, _)| *r)) };
            }
            revealed.pc = revealed.pc.wrapping_add(1);
            Some(revealed)
        })?
    }
    /// See [`Tier::leave_frame`](runtime_core::Tier::leave_frame).
    pub(in crate::tier) fn leave_if(&self, runtime: &Runtime, state: State, wanted: FrameId) {
        self.find(runtime, state, |activation, site| {
            let unit = &activation.native().unit;
            let mut frames = site.into_iter().flat_map(|site| unit.frames(site));
            if frames.any(|(_, frame)| id_at(state, frame.offset) == wanted) {
                activation.leave();
            }
        });
    }
    /// Shows what the frames of all of them hold in memory.
    pub(in crate::tier) fn slots(&self, runtime: &Runtime, visitor: &mut dyn SlotVisitor) {
        let all = self.0.borrow();
        let mut number = runtime.thread.site.get();
        for activation in all.iter().rev() {
            let unit = &activation.native().unit;
            let site = activation.native().sites.get(number as usize).copied().flatten();
            number = activation.below;
            if unit.registers_in_memory {
                continue;
            }
            for (id, frame) in site.into_iter().flat_map(|site| unit.frames(site)) {
                let registers = activation.registers.wrapping_add(frame.offset as usize);
                // SAFETY: at a site the listed registers and the functions are written, and inside a collection nobody else
                // uses them.
                unsafe {
                    visitor.slot(&mut *registers.sub(1));
                    for (r, _) in unit.registers_of(id) {
                        visitor.slot(&mut *registers.add(usize::from(*r)));
                    }
                }
            }
        }
    }
}
