//! `Direct`: the machine that executes. Every method is one or a few machine instructions.
//!
//! `&Direct` is never passed to a function that is not inlined: the optimizer then keeps the cells in registers. One escape
//! would put them in memory and double the interpreter's instruction count (a callgrind gate watches this). Slow paths
//! therefore take the runtime and values, and are `#[cold] #[inline(never)]`.
//!
//! What bounds the speed of a loop with an arm for each of hundreds of opcodes is registers: what lives through the whole
//! loop must find one that calls preserve (six, on x86-64), or is spilled and loaded in every arm. Hence:
//!
//! * three cells: the executing instruction, the frame's registers, the runtime. Unit and feedback vector stay in
//!   [`Runtime::current`], since one load where they are used is less than what they cost all others;
//! * [`opaque`] values at each dispatch, so that nothing derived from them (fields' addresses) is computed before the loop
//!   and kept;
//! * no wide constants, which the optimizer would keep as well: the value encoding comes from [`Runtime::encoding`];
//! * stubs are called through cold functions, so that registers are saved there and not before a fast path.

mod machine;
mod slow;

pub(crate) use slow::{poll, poll_between, suspend};

use runtime_core::{CodeUnit, Entered, Frame, FrameKind, Runtime, State, WINDOW_RESERVE};
use slow::{complete, end_frame, loaded, offer_entry, overflow, poll_or_stop};
use std::cell::Cell;
use std::marker::PhantomData;
use vm_api::code::Instruction;
use vm_api::engine::{After, ENTER, FeedbackSlot, Language, Machine, R, Stop, SuspendedFrame, bit};
use vm_api::heap::Value;

/// The executing machine: where the frame stands, in cells.
pub struct Direct<'r, L> {
    /// The executing instruction: the one before the state's. The loop advances it, so that one register is both the
    /// instruction's operands and the place.
    pub(crate) pc: Cell<*const Instruction>,
    pub(crate) registers: Cell<*mut Value>,
    pub(crate) runtime: Cell<&'r Runtime>,
    language: PhantomData<L>,
}

/// An entry of an inline cache.
#[derive(Clone, Copy)]
pub struct Entry(*const FeedbackSlot);

const _: () = assert!(FeedbackSlot::FURTHER == 3, "`cached` looks at so many");

impl<'r, L: Language> Direct<'r, L> {
    #[inline(always)]
    pub(crate) fn new(runtime: &'r Runtime, state: State) -> Direct<'r, L> {
        runtime.current.set(state);
        Direct {
            pc: Cell::new(state.pc.wrapping_sub(1)),
            registers: Cell::new(state.registers),
            runtime: Cell::new(runtime),
            language: PhantomData,
        }
    }
    #[inline(always)]
    pub(crate) fn state(&self) -> State {
        State {
            unit: self.unit(),
            pc: self.pc.get().wrapping_add(1),
            registers: self.registers.get(),
            feedback: self.runtime().current.feedback.get(),
        }
    }
    #[inline(always)]
    pub(crate) fn set_state(&self, s: State) {
        self.runtime().current.unit.set(s.unit);
        self.pc.set(s.pc.wrapping_sub(1));
        self.registers.set(s.registers);
        self.runtime().current.feedback.set(s.feedback);
    }
    /// Goes on to the next instruction.
    #[inline(always)]
    pub(crate) fn advance(&self) -> *const Instruction {
        let pc = opaque(self.pc.get().wrapping_add(1));
        self.pc.set(pc);
        // SAFETY: the same runtime.
        self.runtime.set(unsafe { &*opaque(self.runtime.get()) });
        pc
    }
    /// Completes the state where stubs, collections and stack walks find it.
    #[inline(always)]
    fn publish(&self) {
        self.runtime().current.pc.set(self.pc.get().wrapping_add(1));
        self.runtime().current.registers.set(self.registers.get());
    }
    #[inline(always)]
    fn runtime(&self) -> &'r Runtime {
        self.runtime.get()
    }
    #[inline(always)]
    fn unit(&self) -> *const CodeUnit {
        self.runtime().current.unit.get()
    }
    #[inline(always)]
    fn slot(&self, i: u32) -> *mut FeedbackSlot {
        // SAFETY: the verifier checked that the index is within the code's feedback vector.
        unsafe { self.runtime().current.feedback.get().add(i as usize) }
    }
    #[inline(always)]
    fn register(&self, r: u16) -> *mut Value {
        // SAFETY: the verifier checked that the register is within the frame.
        unsafe { self.registers.get().add(r as usize) }
    }
    #[inline(always)]
    fn record(&self, feedback: u32, bit: u32) {
        // SAFETY: as in `slot`; handlers pass a real slot where they name a recorded bit.
        unsafe { (*self.slot(feedback)).bits |= bit }
    }
    /// The slot that a stub gets, with the note that the stub ran.
    #[inline(always)]
    fn stub_slot(&self, feedback: u32) -> *mut FeedbackSlot {
        if feedback == Instruction::NO_FEEDBACK {
            return std::ptr::null_mut();
        }
        self.record(feedback, bit::OTHER);
        self.slot(feedback)
    }
    /// Enters `code` with a window whose arguments begin at `registers`.
    #[inline(always)]
    fn enter(
        &self,
        unit: &CodeUnit,
        registers: *mut Value,
        feedback: *mut FeedbackSlot,
        destination: u16,
        after: After,
    ) -> R {
        // SAFETY: the frame's end is compared with the limit before it is written to.
        unsafe {
            let kind = if after == After::Next { FrameKind::Next } else { FrameKind::Again };
            let end = registers.wrapping_add(unit.registers as usize + 2);
            if end > self.runtime().register_limit
                || !self.runtime().push_frame(Frame::new(self.state(), destination, kind))
            {
                std::hint::cold_path();
                self.publish();
                return Err(overflow::<L>(self.runtime()));
            }
            let mut r = registers.add(unit.clear_from as usize);
            let clear_end = registers.add(unit.clear_to as usize);
            while r < clear_end {
                *r = Value::EMPTY;
                r = r.add(1);
            }
            self.runtime().current.unit.set(unit);
            self.registers.set(registers);
            self.runtime().current.feedback.set(feedback);
            self.pc.set(unit.instructions.wrapping_sub(1));
            if count_down(unit) {
                std::hint::cold_path();
                return self.offer(offer_entry(self.runtime(), self.state()));
            }
        }
        self.poll_at_entry()
    }
    /// A frame was entered, at its first instruction: a program that only calls comes to safepoints here.
    #[inline(always)]
    fn poll_at_entry(&self) -> R {
        // SAFETY: the inline state of this thread.
        if unsafe { (&raw const (*self.runtime().thread.fast).poll).read_volatile() } != 0 {
            std::hint::cold_path();
            self.publish();
            return poll_or_stop::<L>(self.runtime());
        }
        Ok(())
    }
    /// A back edge's poll stopped the loop: where nothing was raised, the instruction is still to be executed.
    #[inline(always)]
    fn again_unless_raised(&self, stop: Stop) -> Stop {
        if self.runtime().thread.exception().is_empty() {
            self.pc.set(self.pc.get().wrapping_sub(1));
        }
        stop
    }
    /// Returns a result to the frame of the record at `top`, which does not just go on with it.
    #[inline(always)]
    fn ret_to(&self, top: *mut Frame, result: Value) -> R {
        // SAFETY: the caller's record.
        if unsafe { (*top).kind }.is_observed() {
            std::hint::cold_path();
            end_frame(self.runtime(), top, self.state());
        }
        // SAFETY: the same; the record on top.
        unsafe {
            if (*top).kind == FrameKind::Delegating {
                self.runtime().load_delegating(top);
            }
        }
        // SAFETY: the same; nobody writes to it from here on.
        let frame = unsafe { &*top };
        let mut v = result;
        match frame.kind {
            FrameKind::Next | FrameKind::Again => {}
            FrameKind::Completed => {
                // The caller waits on while its result is completed; if that raises, unwinding begins with its record.
                let Ok(completed) = complete::<L>(self.runtime(), self.registers.get(), result) else {
                    self.set_state(State::NOWHERE);
                    return Err(Stop);
                };
                v = completed;
            }
            _ => {
                self.runtime().frame_top.set(top);
                self.runtime().result.set(result);
                return Err(Stop);
            }
        }
        self.runtime().frame_top.set(top);
        self.set_state(frame.state);
        self.set(frame.destination, v);
        if frame.kind == FrameKind::Again {
            self.pc.set(self.pc.get().wrapping_sub(1));
        }
        Ok(())
    }
    /// Takes what a call stub's `prepare` returned.
    #[inline(always)]
    fn take_call(&self, r: Value, destination: u16) -> R {
        if r == ENTER {
            // The loop enters it: once there, not once in every handler that may call.
            self.runtime().prepared_destination.set(destination);
            return Err(Stop);
        }
        if r.is_empty() {
            std::hint::cold_path();
            return Err(Stop);
        }
        self.set(destination, r);
        Ok(())
    }
    /// Enters the frame that was prepared.
    #[inline(always)]
    pub(crate) fn enter_prepared(&self) -> R {
        self.push_prepared();
        self.begin()
    }
    /// Makes the frame that was prepared the running one.
    #[inline(always)]
    pub(crate) fn push_prepared(&self) {
        let state = self.runtime().prepared.replace(State::NOWHERE);
        let destination = self.runtime().prepared_destination.get();
        let kind = self.runtime().prepared_kind.get();
        let pushed = self.runtime().push_frame(Frame::new(self.state(), destination, kind));
        debug_assert!(pushed, "preparing makes sure that there is room");
        self.set_state(state);
    }
    /// Goes on after the frame was offered to the tier.
    #[inline(always)]
    fn offer(&self, entered: Entered) -> R {
        match entered {
            Entered::Interpret => Ok(()),
            Entered::Returned(v) => self.ret(v),
            Entered::Continue(state) => {
                self.set_state(state);
                Ok(())
            }
            // What raised is done with: unwinding begins with the innermost record.
            Entered::Raised => {
                self.set_state(State::NOWHERE);
                Err(Stop)
            }
        }
    }
    /// Offers a frame that was just entered, unless it is loaded already.
    #[inline(always)]
    pub(crate) fn begin(&self) -> R {
        // SAFETY: an entered frame's unit is installed.
        let unit = unsafe { &*self.unit() };
        if self.state().pc != unit.instructions {
            return Ok(());
        }
        if count_down(unit) {
            std::hint::cold_path();
            return self.offer_begun();
        }
        if unit.suspends {
            self.load();
            return Ok(());
        }
        self.poll_at_entry()
    }
    /// Offers the frame that was just entered, which may be a resumed one that is not loaded.
    #[inline(always)]
    fn offer_begun(&self) -> R {
        match offer_entry(self.runtime(), self.state()) {
            Entered::Interpret => {
                self.load();
                Ok(())
            }
            entered => self.offer(entered),
        }
    }
    /// Makes the frame that was just entered one that can be interpreted.
    #[inline(always)]
    pub(crate) fn load(&self) {
        self.set_state(loaded(self.runtime(), self.state()));
    }
    #[inline(always)]
    fn place(&self, callee: Value, arguments: &[Value]) -> *mut Value {
        assert!(arguments.len() < WINDOW_RESERVE, "a window for a handful of arguments");
        // SAFETY: the frame ends below the limit (`enter` checks), and so many words lie between that and the stack's end.
        // The words are above the frame, so nothing live is there.
        unsafe {
            let window = self.registers.get().add((*self.unit()).registers as usize);
            *window = callee;
            for (i, a) in arguments.iter().enumerate() {
                *window.add(1 + i) = *a;
            }
            window.add(1)
        }
    }
}

/// The same address, but the optimizer does not know. See the module header. (Of the instruction, it would also keep the one
/// before, and address the operands relative to that.)
#[inline(always)]
#[allow(clippy::pointers_in_nomem_asm_block, reason = "what the pointer points to is neither read nor written")]
pub fn opaque<T>(mut p: *const T) -> *const T {
    // SAFETY: no instruction at all.
    unsafe { std::arch::asm!("/* {0} */", inout(reg) p, options(pure, nomem, nostack, preserves_flags)) };
    p
}

/// How the language's objects hold suspended frames.
#[inline(always)]
pub(crate) const fn layout<L: Language>() -> &'static SuspendedFrame {
    L::SUSPENDED.expect("a language whose codes suspend says how")
}

/// One entry or back edge less until the tier is asked: now?
#[inline(always)]
fn count_down(unit: &CodeUnit) -> bool {
    let left = unit.countdown.get().wrapping_sub(1);
    unit.countdown.set(left);
    left == 0
}
