//! One evaluation's surroundings: the real heap, stubs, nested activations.

use super::{Running, STACK_SLOTS};
use crate::direct::poll;
use crate::tier::frames::{self, Left, clear_unlisted, state_of};
use crate::tier::{Installed, JitTier};
use runtime_core::{Entered, Runtime, State};
use std::cell::Cell;
use vm_api::code::Instruction;
use vm_api::engine::stub::{FixedFn, WindowFn};
use vm_api::engine::{CodeIndex, FeedbackSlot, Language, Stub, bit};
use vm_api::heap::{ShapeIndex, Value};
use vm_api::vir::eval::{Arguments, Environment, HeapMemory, Leave, Outcome, Program, Site, Store, Trap, Width};
use vm_api::vir::{CellId, CodeRef, FeedbackRef, FrameState, Invoke, Reason, StateId, StubCall};

/// A unit that is running on behalf of the frame at `frame`.
pub(super) struct Evaluation<'t, L: 'static> {
    pub(super) tier: &'t JitTier<L>,
    pub(super) runtime: &'t Runtime,
    pub(super) running: &'t Running<L>,
    pub(super) frame: State,
    installed: &'t Installed,
    program: &'t Program,
    memory: HeapMemory<'t>,
    /// Index of the executing instruction, in units whose registers are in memory.
    position: Option<u32>,
    /// The unit is about to be left although nothing requires it.
    pub(super) forced: Cell<bool>,
    /// Somebody observes one of the unit's frames.
    pub(super) observed: Cell<bool>,
    /// What to go on with after an exit.
    pub(super) left: Option<Entered>,
}

impl<'t, L: Language> Evaluation<'t, L> {
    pub(super) fn new(
        tier: &'t JitTier<L>,
        runtime: &'t Runtime,
        frame: State,
        installed: &'t Installed,
        program: &'t Program,
    ) -> Evaluation<'t, L> {
        let memory = HeapMemory { heap: runtime.heap() };
        let running = &runtime.tier_state::<crate::tier::Running<L>>().evaluations;
        Evaluation {
            tier,
            runtime,
            running,
            frame,
            installed,
            program,
            memory,
            position: None,
            forced: Cell::new(false),
            observed: Cell::new(false),
            left: None,
        }
    }
    /// Shows where the frame stands to collections and stack walks. `position`: of the executing instruction, for units
    /// whose registers are in memory.
    pub(super) fn publish(&self, position: Option<u32>) {
        let pc = match position {
            Some(at) if self.program.unit().registers_in_memory => {
                // SAFETY: positions in a unit are those of its code's instructions.
                unsafe { (*self.frame.unit).instructions.add(at as usize + 1) }
            }
            _ => std::ptr::null(),
        };
        self.runtime.current.set(State { pc, ..self.frame });
    }
    /// Calls out of the evaluation at `site`.
    fn at_site<T>(&self, site: &Site<'_>, call: impl FnOnce() -> T) -> T {
        self.publish(site.state.map(|s| site.program.unit().state(s).position).or(self.position));
        self.showing(site, call)
    }
    /// Counts one occasion to leave the unit: is it taken?
    fn force(&self, period: Option<u64>, occasions: &Cell<u64>) -> bool {
        let Some(period) = period else { return false };
        let n = occasions.get() + 1;
        occasions.set(n);
        self.forced.set(n.is_multiple_of(period));
        self.forced.get()
    }
    fn with_stack<T>(&self, f: impl FnOnce(&mut Vec<Value>) -> T) -> T {
        // SAFETY: a thread's evaluations nest, the closures here call nothing, and collections happen inside calls.
        f(unsafe { &mut (*self.running.roots.get()).stack })
    }
    fn feedback_slot(&self, slot: FeedbackRef) -> Result<*mut FeedbackSlot, Trap> {
        if !slot.is_some() {
            return Ok(std::ptr::null_mut());
        }
        let vector = self.runtime.vector(slot.vector);
        if vector.is_null() {
            return Err(Trap::Refused("an unknown feedback vector"));
        }
        Ok(vector.wrapping_add(slot.slot as usize))
    }
    /// Address of the first argument of a call, and their number. Roots that do not move in memory.
    fn arguments(&self, arguments: Arguments) -> (*mut Value, usize) {
        match arguments {
            Arguments::Slots { first, count } => (self.with_stack(|s| s.as_mut_ptr().wrapping_add(first)), count),
            Arguments::Registers { base, count } => (self.frame.registers.wrapping_add(base as usize), count as usize),
        }
    }
    fn out_of_memory(&self) {
        let e = L::out_of_memory(&self.runtime.thread);
        self.runtime.thread.raise(e);
    }
}

impl<L: Language> Environment for Evaluation<'_, L> {
    fn charge(&mut self, _count: u64) -> Result<(), Trap> {
        Ok(())
    }
    fn force_exit(&mut self) -> bool {
        self.force(self.tier.options.deopt_every, &self.tier.guards)
    }
    fn count_down(&mut self) -> bool {
        // Nothing is faster than what the evaluator runs.
        false
    }
    fn pass_state(&mut self, frame: &FrameState) {
        self.position = Some(frame.position);
    }
    fn still_valid(&self) -> bool {
        // Nothing is assumed that a guard does not test.
        let forced = self.force(self.tier.options.invalidate_every, &self.tier.calls);
        if self.observed.get() {
            self.forced.set(true);
        }
        !forced && !self.observed.get()
    }

    fn enter(&mut self, count: usize) -> Result<usize, Trap> {
        self.with_stack(|stack| {
            let base = stack.len();
            if count > STACK_SLOTS - base {
                return Err(Trap::StackOverflow);
            }
            stack.resize(base + count, Value::EMPTY);
            Ok(base)
        })
    }
    fn leave(&mut self, base: usize) {
        self.with_stack(|s| s.truncate(base));
    }
    fn slot(&self, i: usize) -> Value {
        self.with_stack(|s| s[i])
    }
    fn set_slot(&mut self, i: usize, v: Value) {
        self.with_stack(|s| s[i] = v);
    }

    fn register(&self, r: u16) -> Value {
        // SAFETY: the verifier checked that the register lies within the unit's frame.
        unsafe { *self.frame.registers.add(usize::from(r)) }
    }
    fn set_register(&mut self, r: u16, v: Value) {
        // SAFETY: as above.
        unsafe { *self.frame.registers.add(usize::from(r)) = v }
    }
    fn function(&self) -> Value {
        // SAFETY: the word before register 0 holds the callee.
        unsafe { *self.frame.registers.sub(1) }
    }
    fn cell(&self, cell: CellId) -> Result<Value, Trap> {
        self.installed.cells.get(cell).ok_or(Trap::Refused("an unknown cell"))
    }
    fn root(&self, i: u32) -> Result<Value, Trap> {
        let thread = &self.runtime.thread;
        if thread.has_root(i) { Ok(thread.root(i)) } else { Err(Trap::Refused("an unknown root")) }
    }
    fn set_root(&mut self, i: u32, v: Value) -> Result<(), Trap> {
        let thread = &self.runtime.thread;
        if !thread.has_root(i) {
            return Err(Trap::Refused("an unknown root"));
        }
        thread.set_root(i, v);
        Ok(())
    }

    fn load(&mut self, address: u64, offset: i64, width: Width) -> Result<u64, Trap> {
        self.memory.load(address, offset, width)
    }
    fn store(&mut self, address: u64, offset: i64, bits: u64, how: Store) -> Result<(), Trap> {
        self.memory.store(address, offset, bits, how)
    }
    fn set_shape(&mut self, address: u64, shape: ShapeIndex) -> Result<(), Trap> {
        self.memory.set_shape(address, shape)
    }
    fn alloc(&mut self, shape: ShapeIndex, words: u32) -> Result<u64, Trap> {
        self.publish(self.position);
        match self.memory.alloc(shape, words)? {
            Ok(address) => Ok(address),
            Err(_) => {
                self.out_of_memory();
                Ok(0)
            }
        }
    }

    fn box_word(&mut self, x: i64) -> Result<Value, Trap> {
        self.publish(self.position);
        Ok(L::box_word(&self.runtime.thread, x))
    }

    fn feedback_key(&self, slot: FeedbackRef) -> Result<u64, Trap> {
        // SAFETY: a slot of a live vector; the builder took its number from verified code.
        Ok(unsafe { (*self.feedback_slot(slot)?).key })
    }
    fn feedback_value(&self, slot: FeedbackRef) -> Result<Value, Trap> {
        // SAFETY: as above.
        let v = unsafe { (*self.feedback_slot(slot)?).value };
        if let Some(o) = vm_api::heap::Object::from_value(v) {
            self.runtime.heap().weak_read(o);
        }
        Ok(v)
    }
    fn record(&mut self, slot: FeedbackRef, bits: u32) -> Result<(), Trap> {
        // SAFETY: as above.
        unsafe { (*self.feedback_slot(slot)?).bits |= bits };
        Ok(())
    }
    fn record_expected(&mut self, slot: FeedbackRef, x: i64) -> Result<(), Trap> {
        let slot = self.feedback_slot(slot)?;
        // SAFETY: as above.
        unsafe {
            if (*slot).key != x as u64 {
                (*slot).fill(x as u64, Value::EMPTY);
            }
        }
        Ok(())
    }

    fn poll(&mut self, site: &Site<'_>) -> Result<bool, Trap> {
        // SAFETY: the inline state of this thread.
        if unsafe { (&raw const (*self.runtime.thread.fast).poll).read_volatile() } == 0 {
            return Ok(true);
        }
        Ok(self.at_site(site, || poll::<L>(self.runtime).is_ok()))
    }
    fn stub(&mut self, site: &Site<'_>, call: &StubCall, arguments: Arguments) -> Result<Value, Trap> {
        let slot = self.feedback_slot(call.feedback)?;
        let number = site.program.unit().stubs[call.stub.index()].number as usize;
        let (at, count) = self.arguments(arguments);
        let thread = &self.runtime.thread;
        // SAFETY: a stub may be called with any values; `slot` is null or live; the window stays where it is. A fixed stub's
        // arguments are three.
        unsafe {
            if let Some(slot) = slot.as_mut() {
                slot.bits |= bit::OTHER;
            }
            let fixed = |f: FixedFn| f(thread, slot, *at, *at.add(1), *at.add(2), call.immediate);
            let window = |f: WindowFn| f(thread, slot, at, count, call.immediate);
            self.at_site(site, || match L::stubs().get(number) {
                Some(Stub::Fixed(s)) if count == 3 => Ok(fixed(s.function)),
                Some(Stub::FixedCall(s)) if count == 3 => Ok(fixed(s.function)),
                Some(Stub::Window(s)) => Ok(window(s.function)),
                Some(Stub::WindowCall(s)) => Ok(window(s.function)),
                _ => Err(Trap::Refused("an unknown stub")),
            })
        }
    }
    fn invoke(
        &mut self,
        site: &Site<'_>,
        invoke: &Invoke,
        code: CodeRef,
        function: Value,
        arguments: Arguments,
    ) -> Result<Value, Trap> {
        let unit = self.runtime.unit(CodeIndex(code.0));
        let vector = self.runtime.vector(invoke.feedback);
        let feedback = if vector.is_null() { unit.feedback } else { vector };
        let (at, count) = self.arguments(arguments);
        // SAFETY: `arguments` lie in roots; the callee's window is above the frame's registers, so they are not overwritten
        // while they are copied.
        let values = unsafe { std::slice::from_raw_parts(at, count) };
        let called = self.at_site(site, || self.runtime.call_unit(unit, feedback, function, values));
        Ok(called.unwrap_or(Value::EMPTY))
    }
    fn simple_parameters(&self, code: CodeRef) -> Result<i64, Trap> {
        Ok(i64::from(self.runtime.unit(CodeIndex(code.0)).simple_parameters))
    }

    fn exception(&self) -> Value {
        self.runtime.thread.exception()
    }
    fn set_exception(&mut self, exception: Value) {
        if exception.is_empty() {
            self.runtime.thread.take_exception();
        } else {
            self.runtime.thread.raise(exception);
        }
    }
    fn trace(&mut self, site: &Site<'_>, state: StateId) -> Result<Value, Trap> {
        let unit = site.program.unit();
        let FrameState { code, position, function, .. } = *unit.state(state);
        let (frame, of) = state_of(self.runtime, self.frame, unit.state(state));
        let trace = |registers| {
            // SAFETY: the registers are roots, with the function before them, and nobody else uses them while this runs.
            self.at_site(site, || unsafe {
                frames::trace::<L>(self.runtime, CodeIndex(code.0), position, frame.id(), registers)
            })
        };
        if unit.registers_in_memory {
            return Ok(trace(frame.registers));
        }
        // In memory they would be no roots.
        let mut copies = vec![Value::EMPTY; of.registers as usize + 1];
        copies[0] = site.value(self, function)?;
        for (r, v) in unit.registers_of(state) {
            copies[usize::from(*r) + 1] = site.value(self, *v)?;
        }
        let (first, registers) = self.with_stack(|stack| {
            if stack.capacity() - stack.len() < copies.len() {
                return Err(Trap::StackOverflow);
            }
            let first = stack.len();
            stack.extend_from_slice(&copies);
            Ok((first, stack.as_mut_ptr().wrapping_add(first + 1)))
        })?;
        let kept = trace(registers);
        self.with_stack(|stack| stack.truncate(first));
        Ok(kept)
    }

    fn leave_for(&mut self, site: &Site<'_>, leave: Leave) -> Result<Outcome, Trap> {
        let (state, reason): (StateId, _) = (leave.state, leave.reason);
        if reason == Reason::Ends {
            self.forced.set(true);
        }
        let left =
            Left { runtime: self.runtime, installed: self.installed, frame: self.frame, forced: self.forced.get() };
        // SAFETY: the tier checked on entry that the unit's whole extent is free on the register stack.
        let entered = left.make_frames(leave, &mut |id| unsafe { self.write_frame(site, id) })?;
        self.left = Some(entered);
        Ok(Outcome::Exit { state, reason })
    }
}

impl<L: Language> Evaluation<'_, L> {
    /// Writes one frame to the register stack; its state, which stands at the instruction of its position.
    ///
    /// # Safety
    /// Nobody else may use the words of the frame, which lies in the unit's extent.
    pub(super) unsafe fn write_frame(&self, site: &Site<'_>, id: StateId) -> Result<State, Trap> {
        let unit = site.program.unit();
        let frame = unit.state(id);
        let (state, code) = state_of(self.runtime, self.frame, frame);
        // SAFETY: the caller's; registers in a frame state lie within their frame.
        unsafe {
            *state.registers.sub(1) = site.value(self, frame.function)?;
            if !unit.registers_in_memory {
                clear_unlisted(code, state.registers, unit.registers_of(id).iter().map(|(r, _)| *r));
                for (r, v) in unit.registers_of(id) {
                    *state.registers.add(usize::from(*r)) = site.value(self, *v)?;
                }
            }
        }
        Ok(state)
    }
}

/// No feedback slot has this number.
const _: () = assert!(Instruction::NO_FEEDBACK == u32::MAX);
