//! Trace and profile functions: who they are, and their calls.
//!
//! While such a function runs, its thread does not step: what it calls is not traced, and runs as fast as ever. What the thread
//! knows of the event meanwhile (which frame, where, what) is for `f_lineno`, which reads and sets it; it is kept when
//! `sys.call_tracing` nests.

use crate::frame::{Place, traced, word};
use crate::py::{Py, R, root};
use vm_api::engine::FrameId;
use vm_api::heap::{Object, Value};

/// What trace and profile functions are told of.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub enum Event {
    /// A frame is entered or resumed.
    Call,
    /// A line begins.
    Line,
    /// A frame is left or suspended.
    Return,
    /// An exception arrives in a frame.
    Exception,
    /// An instruction begins.
    Opcode,
    /// A native function is about to be called.
    NativeCall,
    /// It has returned.
    NativeReturn,
    /// It has raised.
    NativeException,
}

impl Event {
    const ALL: [Event; 8] = [
        Event::Call,
        Event::Line,
        Event::Return,
        Event::Exception,
        Event::Opcode,
        Event::NativeCall,
        Event::NativeReturn,
        Event::NativeException,
    ];
    fn name(self) -> &'static str {
        match self {
            Event::Call => "call",
            Event::Line => "line",
            Event::Return => "return",
            Event::Exception => "exception",
            Event::Opcode => "opcode",
            Event::NativeCall => "c_call",
            Event::NativeReturn => "c_return",
            Event::NativeException => "c_exception",
        }
    }
}

/// Where a frame is: at an instruction (-1: before the first), or at a line that is visited before it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Standing {
    /// The instruction.
    pub at: i64,
    /// The line, if it is not the instruction's own; otherwise 0.
    pub visited: u32,
}

impl Standing {
    /// At an instruction.
    pub fn at(at: u32) -> Standing {
        Standing { at: i64::from(at), visited: 0 }
    }
    fn to_value(self) -> Value {
        Value::int(self.at | i64::from(self.visited) << 32)
    }
    fn of(v: Value) -> Standing {
        match v.as_int() {
            at if at < 0 => Standing { at, visited: 0 },
            both => Standing { at: both & 0xFFFF_FFFF, visited: (both >> 32) as u32 },
        }
    }
}

/// What the thread knows of an event.
const STATE: [u32; 5] = [root::TRACING, root::EVENT_FRAME, root::EVENT_AT, root::EVENT, root::JUMP];

impl Py<'_> {
    /// Sets the trace ([`root::TRACE`]) or profile function; None takes it away.
    pub fn set_tracer(self, which: u32, function: Value) {
        self.set_root(which, if function == Value::NONE { Value::EMPTY } else { function });
        self.begin_stepping();
    }
    /// Has the thread step from now on, if anybody wants it.
    pub(crate) fn begin_stepping(self) {
        self.update_stepping();
        if self.steps() {
            self.ops().leave_compiled(self.0);
        }
    }
    /// The trace or profile function, or None.
    pub fn tracer(self, which: u32) -> Value {
        match self.root(which) {
            v if v.is_empty() => Value::NONE,
            v => v,
        }
    }
    /// Has the thread step if somebody traces, profiles or monitors it, unless such a function runs.
    pub fn update_stepping(self) {
        self.ops().set_stepping(self.0, self.steps());
    }
    fn steps(self) -> bool {
        let wanted = !self.root(root::TRACE).is_empty()
            || !self.root(root::PROFILE).is_empty()
            || self.state().monitoring.is_active();
        wanted && self.root(root::TRACING).is_empty()
    }
    /// Runs `f` with `state` in the place of what the thread knows of an event.
    fn with_event<T>(self, state: [Value; STATE.len()], f: impl FnOnce() -> T) -> (T, Value) {
        let before = STATE.map(|r| self.root(r));
        STATE.into_iter().zip(state).for_each(|(r, v)| self.set_root(r, v));
        self.update_stepping();
        let result = f();
        let jump = self.root(root::JUMP);
        STATE.into_iter().zip(before).for_each(|(r, v)| self.set_root(r, v));
        self.update_stepping();
        (result, jump)
    }
    /// Runs `f`, which calls what monitors the frame at `place`; nothing can be said there of where the frame goes on.
    pub(crate) fn in_callback<T>(self, place: Place, at: Standing, f: impl FnOnce() -> T) -> T {
        const NO_EVENT: Value = Value::int(-1);
        let state = [Value::int(1), Value::int(place.id.0 as i64), at.to_value(), NO_EVENT, Value::EMPTY];
        self.with_event(state, f).0
    }
    /// Runs `f` with tracing as it would be outside of trace functions.
    pub fn while_tracing<T>(self, f: impl FnOnce() -> T) -> T {
        self.with_event([Value::EMPTY; STATE.len()], f).0
    }
    /// Where a frame says that it is, if a trace function is being called about it.
    pub fn traced_position(self, frame: FrameId) -> Option<Standing> {
        (self.root(root::EVENT_FRAME) == Value::int(frame.0 as i64)).then(|| Standing::of(self.root(root::EVENT_AT)))
    }
    /// The frame that the trace function is being called about is to go on there.
    pub fn jump_to(self, to: Standing) {
        self.set_root(root::JUMP, to.to_value());
    }
    /// The event that a trace function is being called for about a frame on the stack.
    pub fn traced_event(self, frame: FrameId) -> Option<Event> {
        self.traced_position(frame)?;
        Event::ALL.get(self.root(root::EVENT).as_int() as usize).copied()
    }
    /// The running frame goes on there, and is asked again if the thread steps still.
    pub fn goes_to(self, to: Standing) {
        if self.steps() {
            self.jump_to(to);
        }
    }
    /// The frame goes on at an instruction: with which line, if it was told to go there.
    pub fn take_jump(self, at: u32) -> Option<u32> {
        let jump = self.root(root::JUMP);
        let to = Some(jump).filter(|jump| !jump.is_empty()).map(Standing::of).filter(|to| to.at == i64::from(at))?;
        self.set_root(root::JUMP, Value::EMPTY);
        Some(to.visited)
    }
    /// Calls `function`, which is the trace or profile function (`which`) or was given by one, about the frame at `place`,
    /// which says that it is at `at`. What it returns, and where the frame is to go on, if it said so. If it raises, the thread is
    /// traced no more.
    pub fn call_tracer(
        self,
        which: u32,
        function: Value,
        place: Place,
        at: Standing,
        event: Event,
        arg: Value,
    ) -> R<(Value, Option<Standing>)> {
        let f = self.frame_object(place)?;
        let state =
            [Value::int(1), Value::int(place.id.0 as i64), at.to_value(), Value::int(event as i64), Value::EMPTY];
        let (result, jump) = self.with_event(state, || {
            if !f.get(word::LOCALS).is_empty() {
                self.frame_locals(f)?;
            }
            let name = self.intern(event.name())?;
            let name = self.symbol_string(name).value();
            let result = self.call(function, &[f.value(), name, arg])?;
            self.store_frame_locals(f, place)?;
            Ok(result)
        });
        if result.is_err() {
            self.set_tracer(which, Value::NONE);
            if which == root::TRACE {
                self.store(f, word::TRACE, Value::EMPTY);
            }
        }
        let to = if jump.is_empty() { None } else { Some(Standing::of(jump)) };
        result.map(|r| (r, to))
    }
    /// Tells the trace function of an event about a frame that has one of its own. Where the frame is to go on, if it said so.
    pub fn trace_event(self, place: Place, event: Event, arg: Value) -> R<Option<Standing>> {
        self.trace_event_at(place, Standing::at(place.at), event, arg)
    }
    /// Tells it that a line begins, as of [`Py::trace_event`].
    pub fn trace_line(self, place: Place, at: Standing) -> R<Option<Standing>> {
        self.trace_event_at(place, at, Event::Line, Value::NONE)
    }
    fn trace_event_at(self, place: Place, at: Standing, event: Event, arg: Value) -> R<Option<Standing>> {
        if self.root(root::TRACE).is_empty() {
            return Ok(None);
        }
        let Some(f) = self.known_frame(place) else { return Ok(None) };
        let wanted = match event {
            Event::Line => traced::LINES,
            Event::Opcode => traced::OPCODES,
            _ => 0,
        };
        let function = f.get(word::TRACE);
        if function.is_empty() || traced::of(f) & wanted != wanted {
            return Ok(None);
        }
        let (own, to) = self.call_tracer(root::TRACE, function, place, at, event, arg)?;
        if own != Value::NONE {
            self.store(f, word::TRACE, own);
        }
        Ok(to)
    }
    /// Tells the trace function that a frame is entered or resumed at `at`; it may give the frame one of its own.
    pub fn trace_call(self, place: Place, at: Standing) -> R<()> {
        let function = self.root(root::TRACE);
        if function.is_empty() {
            return Ok(());
        }
        let (own, _) = self.call_tracer(root::TRACE, function, place, at, Event::Call, Value::NONE)?;
        if own != Value::NONE {
            let f: Object = self.frame_object(place)?;
            self.store(f, word::TRACE, own);
        }
        Ok(())
    }
    /// Tells the profile function of an event.
    pub fn profile_event(self, place: Place, at: Standing, event: Event, arg: Value) -> R<()> {
        let function = self.root(root::PROFILE);
        if !function.is_empty() {
            self.call_tracer(root::PROFILE, function, place, at, event, arg)?;
        }
        Ok(())
    }
}
