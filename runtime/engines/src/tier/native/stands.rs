//! Where native code stands, and its frames.
//!
//! The state of a frame that runs native code says itself at which site it stands: the address of a [`Site`] is where an
//! interpreted frame has its feedback ([`State::feedback`]). Native code writes it before it calls, to the thread's words or,
//! if it calls other native code, to the record that it pushes. A site's frames were written back before, so everything about
//! them is in memory.

use crate::tier::frames::{clear_unlisted, id_at, state_of};
use crate::tier::native::NativeUnit;
use crate::tier::{Installed, Kept, Runs};
use runtime_core::{CompiledFrame, Runtime, State};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use vm_api::engine::{CodeIndex, FrameId, VisitFrame};
use vm_api::heap::Value;
use vm_api::heap::roots::SlotVisitor;
use vm_api::vir::StateId;

/// A place at which a unit calls.
pub(super) struct Site {
    /// Kept as long as anything runs in it.
    pub(super) installed: Cell<*const Installed>,
    pub(super) state: Option<StateId>,
}

impl Site {
    pub(super) fn new(state: Option<StateId>) -> Site {
        Site { installed: Cell::new(std::ptr::null()), state }
    }
    /// The site at which the frame at `state` stands; `None` outside of any frame.
    fn of(_: &Runtime, state: State) -> Option<&Site> {
        debug_assert!(state.pc.is_null(), "native code runs in the frame");
        // SAFETY: native code's frames say so, and a unit is kept as long as anything runs in it.
        unsafe { state.feedback.cast::<Site>().as_ref() }
    }
    fn installed(&self) -> &Installed {
        // SAFETY: set when the unit was installed; the site is one of its own.
        unsafe { &*self.installed.get() }
    }
    fn native(&self) -> &NativeUnit {
        native_of(self.installed())
    }
}

/// The machine code of a unit that has some.
pub(super) fn native_of(installed: &Installed) -> &NativeUnit {
    match &installed.runs {
        Runs::Native(native) => native,
        Runs::Program(_) => unreachable!("it has machine code"),
    }
}

/// A handle that keeps a unit.
///
/// # Safety
/// It must be alive.
pub(super) unsafe fn kept(installed: *const Installed) -> Kept {
    // SAFETY: the caller's; installed units are in an `Rc` from the beginning.
    unsafe {
        Rc::increment_strong_count(installed);
        Rc::from_raw(installed)
    }
}

/// The frames of a thread that are to be left as soon as they can, since somebody observes them: by their register 0.
#[derive(Default)]
pub(in crate::tier) struct Leaving(RefCell<Vec<(*mut Value, Kept)>>);

impl Leaving {
    /// Has the frame at `state` left when what it calls is done.
    #[cold]
    pub(super) fn leave(&self, runtime: &Runtime, state: State) {
        let Some(site) = Site::of(runtime, state) else { return };
        let mut all = self.0.borrow_mut();
        if all.iter().all(|(registers, _)| *registers != state.registers) {
            site.native().leave();
            // SAFETY: something runs in it.
            all.push((state.registers, unsafe { kept(site.installed.get()) }));
        }
    }
    /// A frame with these registers has been left: was it to be?
    pub(super) fn has_left(&self, registers: *mut Value) -> bool {
        let mut all = self.0.borrow_mut();
        let Some(at) = all.iter().position(|(r, _)| *r == registers) else { return false };
        let (_, installed) = all.swap_remove(at);
        native_of(&installed).stay();
        true
    }
    /// The frame with these registers and those above it have ended.
    #[inline]
    pub(super) fn ended(&self, registers: *mut Value) {
        if !self.0.borrow().is_empty() {
            self.forget_from(registers);
        }
    }
    #[cold]
    fn forget_from(&self, registers: *mut Value) {
        let mut all = self.0.borrow_mut();
        all.iter().filter(|(r, _)| *r >= registers).for_each(|(_, installed)| native_of(installed).stay());
        all.retain(|(r, _)| *r < registers);
    }
    /// See [`Tier::leave_frame`](runtime_core::Tier::leave_frame).
    pub(in crate::tier) fn leave_if(&self, runtime: &Runtime, state: State, wanted: Option<FrameId>) {
        let Some(site) = Site::of(runtime, state) else { return };
        let unit = &site.native().unit;
        let mut frames = site.state.into_iter().flat_map(|at| unit.frames(at));
        if frames.any(|(_, frame)| wanted.is_none_or(|wanted| id_at(state, frame.offset) == wanted)) {
            self.leave(runtime, state);
        }
    }
}

/// See [`Tier::compiled_frame`](runtime_core::Tier::compiled_frame). `scan`: the number of the last collection that was shown all.
pub(in crate::tier) fn frame(runtime: &Runtime, state: State, scan: u64) -> CompiledFrame {
    let Some(site) = Site::of(runtime, state) else {
        return CompiledFrame { pc: std::ptr::null(), top: state.registers };
    };
    site.installed().seen.set(scan);
    let unit = &site.native().unit;
    let pc = match site.state {
        Some(at) if unit.registers_in_memory => state_of(runtime, state, unit.state(at)).0.pc.wrapping_add(1),
        _ => std::ptr::null(),
    };
    CompiledFrame { pc, top: state.registers.wrapping_add(unit.extent as usize) }
}

/// See [`Tier::walk`](runtime_core::Tier::walk).
pub(in crate::tier) fn walk(runtime: &Runtime, state: State, f: VisitFrame<'_>) -> bool {
    let Some(site) = Site::of(runtime, state) else { return true };
    let unit = &site.native().unit;
    let Some(at) = site.state else {
        // SAFETY: the state is that of a live frame; register -1 is its function.
        return unsafe { f(state.id(), (*state.unit).index, 0, *state.registers.sub(1)) };
    };
    unit.frames(at).all(|(_, frame)| {
        // SAFETY: the functions of a site's frames stand in front of their registers.
        let function = unsafe { *state.registers.add(frame.offset as usize).sub(1) };
        f(id_at(state, frame.offset), CodeIndex(frame.code.0), frame.position, function)
    })
}

/// The innermost frame of the code that runs in the frame at `state`, or this one, with its registers in memory.
pub(in crate::tier) fn reveal_one(runtime: &Runtime, state: State, wanted: Option<FrameId>) -> Option<State> {
    let site = Site::of(runtime, state)?;
    let unit = &site.native().unit;
    let is_it = |offset| wanted.is_none_or(|wanted| id_at(state, offset) == wanted);
    let (id, frame) = unit.frames(site.state?).find(|(_, frame)| is_it(frame.offset))?;
    let (mut revealed, code) = state_of(runtime, state, frame);
    if !unit.registers_in_memory {
        // SAFETY: the frame lies in the extent of a unit that is at a call, for which its frames were written.
        unsafe { clear_unlisted(code, revealed.registers, unit.registers_of(id).iter().map(|(r, _)| *r)) };
    }
    revealed.pc = revealed.pc.wrapping_add(1);
    Some(revealed)
}

/// See [`Tier::frame_slots`](runtime_core::Tier::frame_slots).
pub(in crate::tier) fn slots(runtime: &Runtime, state: State, visitor: &mut dyn SlotVisitor) -> bool {
    let Some(site) = Site::of(runtime, state) else { return false };
    let unit = &site.native().unit;
    let mut again = false;
    // SAFETY: the functions of frames stand in front of their registers; at a site, what its frames list is written where registers
    // are not in memory anyway. Inside a collection nobody else uses it.
    unsafe {
        again |= visitor.slot(&mut *state.registers.sub(1));
        for (id, frame) in site.state.into_iter().flat_map(|at| unit.frames(at)) {
            let registers = state.registers.wrapping_add(frame.offset as usize);
            if frame.offset != 0 {
                again |= visitor.slot(&mut *registers.sub(1));
            }
            for (r, _) in unit.registers_of(id) {
                again |= visitor.slot(&mut *registers.add(usize::from(*r)));
            }
        }
    }
    again
}
