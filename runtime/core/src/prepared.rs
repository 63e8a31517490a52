//! Nested activations and prepared frames: the ways by which native code has language code run.
//!
//! A frame is first *prepared*: its registers are written above the current frame's. Then either an activation runs it on
//! the native stack, or the interpreter, told by [`ENTER`], enters it without recursing. A prepared frame is in no record, so
//! no root source sees it; nothing may collect until it is entered. See `RuntimeOps` for the operations.
//!
//! A suspended frame that is resumed with a value is prepared *unloaded*: its function and, in register 0, what is sent are all that is
//! written, and it stands at its code's first instruction. So it is offered to the tier, whose code takes the rest from the
//! function object; whoever interprets it loads it first ([`Runtime::loaded`]). Frames of codes that suspend begin in no other way.

use crate::frame::{Frame, FrameKind, Start, State};
use crate::runtime::Runtime;
use crate::suspended;
use crate::tier::Entered;
use crate::unit::CodeUnit;
use std::cell::Cell;
use vm_api::engine::{CallArguments, CodeIndex, Context, ENTER, FeedbackSlot, InspectFrame, R, Stop};
use vm_api::heap::heap::with_spilled_registers;
use vm_api::heap::{Object, Value};

/// Where the context lies that the frame with these registers stands on, if it was prepared with one.
pub fn context_slots(registers: *mut Value) -> *mut Context {
    const WORDS: usize = size_of::<Context>() / size_of::<Value>();
    // The function lies between.
    registers.wrapping_sub(1 + WORDS).cast()
}

/// Copies values, mostly one or two; where the next one goes.
///
/// # Safety
/// There must be room, apart from `values`.
#[inline(always)]
unsafe fn copy(values: &[Value], to: *mut Value) -> *mut Value {
    // SAFETY: the caller's.
    unsafe {
        match values {
            [] => {}
            [a] => *to = *a,
            [a, b] => {
                *to = *a;
                *to.add(1) = *b;
            }
            _ => to.copy_from_nonoverlapping(values.as_ptr(), values.len()),
        }
        to.add(values.len())
    }
}

impl Runtime {
    /// See [`RuntimeOps::call`](vm_api::engine::RuntimeOps::call).
    pub fn call(&self, code: CodeIndex, callee: Value, arguments: &[Value]) -> R<Value> {
        let unit = self.unit(code);
        self.call_unit(unit, unit.feedback, callee, arguments)
    }
    /// The same for a unit with a feedback vector of the caller's choice. One that suspends is resumed: `callee` holds its frame, the
    /// argument is sent.
    pub fn call_unit(
        &self,
        unit: &CodeUnit,
        feedback: *mut FeedbackSlot,
        callee: Value,
        arguments: &[Value],
    ) -> R<Value> {
        let state = match arguments {
            [sent] if unit.suspends => self.resumed(unit, Object::of(callee), *sent)?,
            _ => self.place(unit, feedback, callee, CallArguments::plain(arguments), &[])?,
        };
        self.activate(state, Start::Next)
    }

    /// The same, where function and arguments, or what is sent, already lie in memory: those in front of and at `registers`.
    ///
    /// # Safety
    /// They do, above everything that is live, within what [`Runtime::register_limit`] keeps free.
    pub unsafe fn call_placed(
        &self,
        unit: &CodeUnit,
        feedback: *mut FeedbackSlot,
        registers: *mut Value,
        arguments: u32,
    ) -> R<Value> {
        assert_eq!(arguments, unit.arguments(), "a call with the wrong number of registers");
        if registers.wrapping_add(unit.registers as usize + 2) > self.register_limit || !self.has_frame_room(1) {
            return Err(self.overflow());
        }
        if !unit.suspends {
            for r in arguments..unit.clear_to {
                // SAFETY: there is room for the frame, and nothing live.
                unsafe { *registers.add(r as usize) = Value::EMPTY };
            }
        }
        self.activate(State { unit, pc: unit.instructions, registers, feedback }, Start::Next)
    }

    /// Goes on where compiled code was left that native code had called: below its frames a record of kind
    /// [`FrameKind::Activation`] with `caller` was pushed.
    ///
    /// # Safety
    /// It was; `entered` is what a tier made of frames of its own.
    pub unsafe fn go_on(&self, entered: Entered, caller: State) -> R<Value> {
        let (state, start) = match entered {
            Entered::Continue(state) => (state, Start::Left),
            _ => (State::NOWHERE, Start::Raising),
        };
        // SAFETY: the caller's.
        unsafe { self.run_nested(state, start, caller) }
    }

    pub(crate) fn prepare_call(&self, code: CodeIndex, callee: Value, arguments: CallArguments<'_>) -> R<Value> {
        let unit = self.unit(code);
        assert!(!unit.suspends, "a code that suspends is resumed");
        let state = self.place(unit, unit.feedback, callee, arguments, &[])?;
        self.set_prepared(state, FrameKind::Next);
        Ok(ENTER)
    }
    pub(crate) fn prepare_completed(
        &self,
        code: CodeIndex,
        callee: Value,
        arguments: CallArguments<'_>,
        context: &Context,
    ) -> R<Value> {
        let unit = self.unit(code);
        assert!(!unit.suspends, "the call of a code that suspends has no result to complete");
        let state = self.place(unit, unit.feedback, callee, arguments, context)?;
        self.set_prepared(state, FrameKind::Completed);
        Ok(ENTER)
    }
    pub(crate) fn prepare_resume(&self, suspended: Object, sent: Option<Value>) -> R<Value> {
        let frame = self.layout();
        let unit = self.unit(suspended::code_of(frame, suspended));
        let position = suspended.word(frame.position as usize / 8);
        assert!(position < unit.code.instructions.len() as u64, "resumed outside of the code");
        assert!(suspended.word(frame.state as usize / 8) != frame.running, "a running frame was resumed");
        let state = match sent {
            Some(sent) => self.resumed(unit, suspended, sent)?,
            None => {
                let registers = self.room_for(unit, 0)?;
                // SAFETY: there is room for the frame; above the current one, nobody else uses the words.
                let pc = unsafe { suspended::load(frame, unit, registers, suspended, sent) };
                State { unit, pc, registers, feedback: unit.feedback }
            }
        };
        self.set_prepared(state, FrameKind::Next);
        Ok(ENTER)
    }
    /// An unloaded frame above the current one.
    fn resumed(&self, unit: &CodeUnit, suspended: Object, sent: Value) -> R<State> {
        let registers = self.room_for(unit, 0)?;
        // SAFETY: there is room for the frame and two words more; above the current one, nobody else uses them.
        unsafe {
            *registers.sub(1) = suspended.value();
            *registers = sent;
        }
        Ok(State { unit, pc: unit.instructions, registers, feedback: unit.feedback })
    }
    /// A frame that was prepared, as the interpreter needs it: see the module header.
    ///
    /// # Safety
    /// It was, and is above all others; nobody has begun to run it.
    #[inline(always)]
    pub unsafe fn loaded(&self, state: State) -> State {
        // SAFETY: the caller's: an unloaded frame's function holds it, what is sent stands in register 0.
        unsafe {
            let unit = &*state.unit;
            if !unit.suspends || state.pc != unit.instructions {
                return state;
            }
            let (suspended, sent) = (Object::of(*state.registers.sub(1)), *state.registers);
            State { pc: suspended::load(self.layout(), unit, state.registers, suspended, Some(sent)), ..state }
        }
    }
    pub(crate) fn suspend(&self) {
        let mut state = self.current.get();
        if state.pc.is_null()
            && let Some(tier) = self.tier()
        {
            state = tier.reveal(self, state).unwrap_or(State::NOWHERE);
        }
        assert!(!state.unit.is_null(), "a frame that suspends says where it stands");
        // SAFETY: a current unit is installed and its instruction executes; the language suspends with the layout of its own
        // objects.
        unsafe {
            let unit = &*state.unit;
            let at = &unit.code.instructions[unit.executing(state.pc) as usize];
            suspended::save(self.heap(), self.layout(), state, at.d as u32);
        }
    }
    pub(crate) fn run_prepared(&self, start: Start) -> R<Value> {
        let state = self.prepared.replace(State::NOWHERE);
        assert!(!state.unit.is_null(), "no frame was prepared");
        if self.prepared_kind.get() != FrameKind::Completed {
            return self.activate(state, start);
        }
        // SAFETY: the frame was placed with a context.
        let context = unsafe { context_slots(state.registers).read() };
        let result = self.activate(state, start)?;
        (self.hooks.complete)(&self.thread, context, result)
    }
    fn set_prepared(&self, state: State, kind: FrameKind) {
        debug_assert!(self.prepared.get().unit.is_null(), "a frame was prepared and not entered");
        self.prepared.set(state);
        self.prepared_kind.set(kind);
    }

    /// Register 0 of a frame above the current one, if a record and registers are free for it and `arguments` words.
    fn room_for(&self, unit: &CodeUnit, arguments: usize) -> R<*mut Value> {
        let window = self.window();
        let end = window as usize + (unit.registers as usize + 2 + arguments) * 8;
        if end > self.register_limit as usize || !self.has_frame_room(1) {
            return Err(self.overflow());
        }
        Ok(window.wrapping_add(1))
    }
    /// Writes the frame of a call.
    fn place(
        &self,
        unit: &CodeUnit,
        feedback: *mut FeedbackSlot,
        callee: Value,
        arguments: CallArguments<'_>,
        context: &[Value],
    ) -> R<State> {
        let CallArguments { first, given, last } = arguments;
        let count = usize::from(!first.is_empty()) + given.len() + last.len();
        assert_eq!(count, unit.clear_from as usize, "a call with the wrong number of registers");
        let window = self.room_for(unit, count + context.len())?;
        // SAFETY: there is room for the context and the frame.
        let registers = unsafe {
            copy(context, window.sub(1));
            window.add(context.len())
        };
        // SAFETY: as above.
        unsafe {
            *registers.sub(1) = callee;
            *registers = first;
            let mut next = copy(last, copy(given, registers.add(usize::from(!first.is_empty()))));
            let end = registers.add(unit.clear_to as usize);
            while next < end {
                *next = Value::EMPTY;
                next = next.add(1);
            }
        }
        Ok(State { unit, pc: unit.instructions, registers, feedback })
    }
    /// Runs a frame that was written in a nested activation.
    fn activate(&self, state: State, start: Start) -> R<Value> {
        if start == Start::Next
            && let Some(result) = self.call_entry(state)
        {
            return if result.is_empty() { Err(Stop) } else { Ok(result) };
        }
        let here = 0u8;
        let frame = Frame::new(self.current.get(), 0, FrameKind::Activation);
        if (&raw const here as u64) < self.thread.native_limit() || !self.push_frame(frame) {
            // SAFETY: a written frame's unit is installed, its function stands before its registers.
            unsafe {
                if (*state.unit).suspends {
                    (self.hooks.left)(&self.thread, *state.registers.sub(1));
                }
            }
            return Err(self.overflow());
        }
        // SAFETY: the frame is written, its caller's record pushed.
        unsafe { self.run_nested(state, start, frame.state) }
    }
    /// Has the engine run an activation whose record was pushed.
    ///
    /// # Safety
    /// As [`EngineHooks::run`](crate::EngineHooks::run).
    unsafe fn run_nested(&self, state: State, start: Start, caller: State) -> R<Value> {
        let result = with_spilled_registers(|low| {
            let outer = self.caller_stack.replace(low);
            // SAFETY: the caller's.
            let result = unsafe { (self.hooks.run)(self, state, start) };
            self.caller_stack.set(outer);
            result
        });
        // The engine leaves with the activation's frame popped.
        self.current.set(caller);
        if result.is_empty() { Err(Stop) } else { Ok(result) }
    }
    /// See [`RuntimeOps::stand_by`](vm_api::engine::RuntimeOps::stand_by).
    pub(crate) fn stand_by(&self, f: &mut dyn FnMut()) -> R<()> {
        let frame = self.layout();
        let state = self.prepared.replace(State::NOWHERE);
        assert!(!state.unit.is_null(), "no frame was prepared");
        // SAFETY: a written frame's function, an object of this layout, stands before its registers.
        let suspended = Object::of(unsafe { *state.registers.sub(1) });
        let (here, outer) = (0u8, self.current.get());
        let waiting = Frame::new(outer, 0, FrameKind::Activation);
        let room = (&raw const here as u64) >= self.thread.native_limit() && self.push_frame(waiting);
        if room {
            self.current.set(state);
            f();
        }
        suspended.set_word(frame.state as usize / 8, frame.suspended);
        if !room {
            return Err(self.overflow());
        }
        let top = self.frame_top.get().wrapping_sub(1);
        // SAFETY: the record that was pushed above; what came later is gone. The frame is written.
        unsafe {
            if (*top).kind.is_observed() {
                self.end_frame(top, state);
            }
        }
        self.frame_top.set(top);
        self.current.set(outer);
        Ok(())
    }
    #[cold]
    fn overflow(&self) -> Stop {
        self.thread.raise((self.hooks.stack_overflow)(&self.thread))
    }

    pub(crate) fn current_frame(&self, f: InspectFrame<'_>) {
        let mut state = self.current.get();
        if state.unit.is_null() || self.is_gap(state.unit) {
            return;
        }
        if state.pc.is_null() {
            match self.tier().and_then(|tier| tier.reveal(self, state)) {
                Some(revealed) => state = revealed,
                None => return,
            }
        }
        // SAFETY: the state is that of a live frame whose registers are in memory, function before them; Cell has its
        // content's layout.
        unsafe {
            let unit = &*state.unit;
            let registers = std::slice::from_raw_parts(state.registers.cast::<Cell<Value>>(), unit.registers as usize);
            f(unit.index, unit.begun(state.pc).unwrap_or(0), *state.registers.sub(1), registers);
        }
    }
}
