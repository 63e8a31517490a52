//! Threads that step: the language is asked before each instruction ([`Language::step`]), so that tracers and debuggers see
//! everything. The fast loop knows nothing of it: it stops where it polls, or where native code comes back to it, and hands
//! the activation over to [`go_on`], which drives a machine of its own until the thread steps no more.
//!
//! [`Step`] executes as [`Direct`] does, but takes no fast path that a machine may leave out: so the second instance of all
//! handlers is small. It suspends and resumes one frame at a time: each frame of a chain of generators gets its events.

use crate::direct::{Direct, Entry, layout, poll_between, suspend};
use crate::interpreter::unwind;
use runtime_core::{CodeUnit, Runtime, Start, State};
use vm_api::engine::{
    After, Cond, FixedCallStub, FixedStub, FloatOp, HiddenId, IntOp, Language, Machine, R, Reached, Spot, Stepping,
    WindowCallStub, WindowStub,
};
use vm_api::heap::{Object, ShapeIndex, Value};

struct Step<'r, L>(Direct<'r, L>);

/// Why the loop is left.
pub(crate) enum Left {
    /// The activation has ended: its result; `EMPTY` if an exception is pending.
    Ended(Value),
    /// The thread steps no more: go on here.
    Fast(State),
}

/// Drives an activation of a thread that steps. `begins`: it has just begun; otherwise the loop that does not step has
/// stopped.
#[cold]
#[inline(never)]
pub(crate) fn go_on<L: Language>(runtime: &Runtime, state: State, begins: Option<Start>) -> Left {
    let left = runtime.left.replace(State::NOWHERE);
    let state = if left.unit.is_null() { state } else { left };
    let m = Step(Direct::<L>::new(runtime, state));
    if begins == Some(Start::Next) {
        m.0.load();
    }
    let mut stopped = begins != Some(Start::Next);
    // SAFETY: a state with a unit is that of a live frame.
    let mut reached = match unsafe { state.unit.as_ref() } {
        Some(unit) => arrival(unit, m.0.state(), begins.is_none()),
        None => Reached::Entered,
    };
    if begins.is_none() && !runtime.aside.get().is_empty() {
        if left.unit.is_null() {
            reached = behind(state);
        } else {
            stopped = m.0.ret(runtime.aside.replace(Value::EMPTY)).is_err();
            if !stopped {
                reached = behind(m.0.state());
            }
        }
    }
    // Where compiled code was left with an exception, the frames that wait come next.
    if begins == Some(Start::Raising) && !state.unit.is_null() {
        // SAFETY: a state with a unit is that of a live frame.
        let unit = unsafe { &*state.unit };
        let exception = runtime.thread.take_exception();
        let spot = spot(state, unit.begun(state.pc).unwrap_or(0));
        if unit.is_hidden() || L::step(&runtime.thread, spot, Reached::Thrown(exception)).is_ok() {
            runtime.thread.raise(exception);
        }
    }
    loop {
        if stopped {
            m.take_aside();
            if !runtime.prepared.get().unit.is_null() {
                m.0.push_prepared();
                m.0.load();
                reached = m.entered();
            } else if !runtime.result.get().is_empty() {
                return Left::Ended(runtime.result.replace(Value::EMPTY));
            } else if !runtime.thread.exception().is_empty() {
                let Some((state, at)) = unwind::<L>(runtime, m.0.state()) else { return Left::Ended(Value::EMPTY) };
                m.0.set_state(state);
                reached = Reached::From(at);
            }
            stopped = false;
        }
        if !runtime.stepping.get() {
            return Left::Fast(m.0.state());
        }
        let before = m.0.state();
        // SAFETY: the running unit is installed, and execution stands at one of its instructions.
        let unit = unsafe { &*before.unit };
        let at = unit.executing(before.pc).wrapping_add(1);
        if runtime.wants_collection() {
            m.0.set_state(State { pc: before.pc.wrapping_add(1), ..before });
            runtime.current.set(m.0.state());
            if poll_between::<L>(runtime).is_err() {
                stopped = true;
                continue;
            }
            m.0.set_state(before);
        }
        let mut called = Value::EMPTY;
        if !unit.is_hidden() {
            // As if it were executing: what it and those behind it read is live.
            m.0.set_state(State { pc: before.pc.wrapping_add(1), ..before });
            runtime.current.set(m.0.state());
            if reached == Reached::Entered {
                stopped = L::step(&runtime.thread, spot(before, at), reached).is_err();
                m.0.set_state(before);
                reached = Reached::Begun;
                continue;
            }
            match L::step(&runtime.thread, spot(before, at), reached) {
                Ok(Stepping { at: to, .. }) if to != at => {
                    assert!((to as usize) < unit.code.instructions.len(), "no instruction to go on with");
                    m.0.set_state(State { pc: unit.instructions.wrapping_add(to as usize), ..before });
                    reached = Reached::From(at);
                    continue;
                }
                Ok(stepping) => called = stepping.called,
                Err(_) => {
                    stopped = true;
                    continue;
                }
            }
            m.0.set_state(before);
        }
        let depth = runtime.frame_top.get();
        let pc = m.0.advance();
        // SAFETY: as in the loop that does not step.
        stopped = L::exec(&m, unsafe { &*pc }).is_err() && !m.take_aside();
        let now = m.0.state();
        if now.unit.is_null() {
            continue;
        }
        if runtime.frame_top.get() > depth {
            reached = m.entered();
            continue;
        }
        reached = if now.registers == before.registers { Reached::From(at) } else { behind(now) };
        if !called.is_empty() && runtime.stepping.get() && runtime.prepared.get().unit.is_null() {
            if !stopped {
                // What it left is live.
                runtime.current.set(State { pc: now.pc.wrapping_add(1), ..now });
            }
            if L::stepped(&runtime.thread, spot(before, at), called).is_err() {
                stopped = true;
            }
        }
    }
}

/// How the next instruction of a frame is reached by what does not step: `again`: it was stopped before an instruction that
/// has nothing new.
fn arrival(unit: &CodeUnit, state: State, again: bool) -> Reached {
    match unit.begun(state.pc) {
        None => Reached::Entered,
        Some(at) if again => Reached::From(at + 1),
        Some(_) => Reached::Resumed,
    }
}

/// A frame goes on behind an instruction.
fn behind(state: State) -> Reached {
    // SAFETY: the state is that of a live frame.
    Reached::From(unsafe { &*state.unit }.executing(state.pc))
}

fn spot(state: State, at: u32) -> Spot {
    // SAFETY: the state is that of a live frame: its function stands before its registers.
    let (code, function) = unsafe { ((*state.unit).index, *state.registers.sub(1)) };
    Spot { frame: state.id(), code, at, function }
}

impl<L: Language> Step<'_, L> {
    /// How the first instruction of a frame that has just been entered is reached.
    fn entered(&self) -> Reached {
        let state = self.0.state();
        // SAFETY: an entered frame's unit is installed.
        arrival(unsafe { &*state.unit }, state, false)
    }
    /// Puts the result of a native call where the instruction wants it, if there is one.
    fn take_aside(&self) -> bool {
        let runtime = self.0.runtime.get();
        let v = runtime.aside.replace(Value::EMPTY);
        if v.is_empty() {
            return false;
        }
        self.0.set(runtime.prepared_destination.get(), v);
        true
    }
}

/// What is done as `Direct` does it. Not inlined: the handlers stay small, and nobody waits for them.
macro_rules! as_direct {
    ($(fn $name:ident(&self $(, $a:ident: $t:ty)*) $(-> $r:ty)?;)*) => {
        $(
            #[inline(never)]
            fn $name(&self $(, $a: $t)*) $(-> $r)? {
                Machine::$name(&self.0 $(, $a)*)
            }
        )*
    };
}

impl<'r, L: Language> Machine for Step<'r, L> {
    type Val = Value;
    type Int = i64;
    type Flt = f64;
    type Bool = bool;
    type Ptr = Object;
    type Code = &'r CodeUnit;
    type Entry = Entry;

    #[inline(always)]
    fn spec(&self, _: bool, _: u32, _: u32) -> bool {
        false
    }
    #[inline(always)]
    fn cached(&self, _: i64, _: u32) -> Option<Entry> {
        None
    }
    fn loop_back(&self, d: i32) -> R {
        let runtime = self.0.runtime.get();
        runtime.current.set(self.0.state());
        poll_between::<L>(runtime)?;
        self.0.jump(d);
        Ok(())
    }
    fn suspend(&self, suspension: u32, v: Value) -> R {
        suspend(self.0.runtime.get(), layout::<L>(), self.0.state(), suspension);
        self.0.ret(v)
    }
    fn resume(
        &self,
        stub: &'static FixedCallStub,
        _: &'r CodeUnit,
        suspended: Value,
        sent: Value,
        dst: u16,
        feedback: u32,
    ) -> R {
        self.0.call_stub_fixed(stub, [suspended, sent, Value::EMPTY], 0, dst, feedback)
    }
    fn call_stub(
        &self,
        s: &'static WindowCallStub,
        base: u16,
        count: u16,
        immediate: i32,
        dst: u16,
        feedback: u32,
    ) -> R {
        self.0.call_stub(s, base, count, immediate, dst, feedback)
    }
    fn call_stub_fixed(
        &self,
        s: &'static FixedCallStub,
        arguments: [Value; 3],
        immediate: i32,
        dst: u16,
        feedback: u32,
    ) -> R {
        self.0.call_stub_fixed(s, arguments, immediate, dst, feedback)
    }
    as_direct! {
        fn get(&self, r: u16) -> Value;
        fn set(&self, r: u16, v: Value);
        fn constant(&self, k: i32) -> Value;
        fn function(&self) -> Value;
        fn root(&self, i: u32) -> Value;
        fn set_root(&self, i: u32, v: Value);
        fn test(&self, c: bool) -> bool;
        fn rare(&self, c: bool, feedback: u32, bit: u32) -> bool;
        fn expect(&self, x: i64, feedback: u32) -> i64;
        fn known(&self, x: i64) -> Option<i64>;
        fn assume(&self, root: u32);
        fn meet(&self, place: u32) -> R;
        fn meet_with(&self, place: u32, x: i64) -> R<i64>;
        fn jump(&self, d: i32);
        fn ret(&self, v: Value) -> R;
        fn raise(&self, exception: Value) -> R;
        fn invoke(&self, code: &'r CodeUnit, base: u16, arguments: u16, dst: u16, after: After) -> R;
        fn invoke_with(&self, code: &'r CodeUnit, callee: Value, arguments: &[Value], dst: u16, after: After) -> R;
        fn hidden(&self, id: HiddenId, arguments: &[Value], dst: u16, feedback: u32, after: After) -> R;
        fn code(&self, index: i64) -> &'r CodeUnit;
        fn simple_parameters(&self, code: &'r CodeUnit) -> i64;
        fn is_int(&self, v: Value) -> bool;
        fn both_int(&self, v: Value, w: Value) -> bool;
        fn is_float(&self, v: Value) -> bool;
        fn both_float(&self, v: Value, w: Value) -> bool;
        fn is_object(&self, v: Value) -> bool;
        fn is_bool(&self, v: Value) -> bool;
        fn same(&self, v: Value, w: Value) -> bool;
        fn is_word(&self, v: Value, bits: u64) -> bool;
        fn word(&self, bits: u64) -> Value;
        fn int(&self, v: Value) -> i64;
        fn float(&self, v: Value) -> f64;
        fn ptr(&self, v: Value) -> Object;
        fn boolean(&self, v: Value) -> bool;
        fn make_int(&self, i: i64) -> Value;
        fn make_float(&self, f: f64) -> Value;
        fn make_bool(&self, b: bool) -> Value;
        fn make_object(&self, p: Object) -> Value;
        fn int_const(&self, i: i64) -> i64;
        fn float_const(&self, f: f64) -> f64;
        fn bool_const(&self, b: bool) -> bool;
        fn int_arith(&self, op: IntOp, x: i64, y: i64) -> (i64, bool);
        fn int_op(&self, op: IntOp, x: i64, y: i64) -> i64;
        fn int_cmp(&self, c: Cond, x: i64, y: i64) -> bool;
        fn int_fits(&self, x: i64) -> bool;
        fn float_op(&self, op: FloatOp, x: f64, y: f64) -> f64;
        fn float_cmp(&self, c: Cond, x: f64, y: f64) -> bool;
        fn int_to_float(&self, x: i64) -> f64;
        fn float_to_int(&self, x: f64) -> i64;
        fn not(&self, b: bool) -> bool;
        fn bool_to_int(&self, b: bool) -> i64;
        fn shape(&self, p: Object) -> i64;
        fn load_word(&self, p: Object, offset: u32) -> i64;
        fn load(&self, p: Object, offset: u32) -> Value;
        fn load_at(&self, p: Object, offset: i64) -> Value;
        fn load_u8(&self, p: Object, offset: i64) -> i64;
        fn load_u16(&self, p: Object, offset: i64) -> i64;
        fn load_u32(&self, p: Object, offset: i64) -> i64;
        fn load_float(&self, p: Object, offset: i64) -> f64;
        fn load_element(&self, array: Object, i: i64) -> Value;
        fn store_word(&self, p: Object, offset: u32, x: i64);
        fn store(&self, p: Object, offset: u32, v: Value);
        fn store_at(&self, p: Object, offset: i64, v: Value);
        fn store_float(&self, p: Object, offset: i64, x: f64);
        fn store_element(&self, array: Object, i: i64, v: Value);
        fn set_shape(&self, p: Object, shape: i64);
        fn alloc(&self, shape: ShapeIndex, words: u32) -> R<Object>;
        fn init(&self, p: Object, offset: u32, v: Value);
        fn init_word(&self, p: Object, offset: u32, x: i64);
        fn cached_shape(&self, feedback: u32) -> i64;
        fn cached_payload(&self, feedback: u32) -> i64;
        fn cached_value(&self, feedback: u32) -> Value;
        fn entry_payload(&self, entry: Entry) -> i64;
        fn entry_value(&self, entry: Entry) -> Value;
        fn stub(&self, s: &'static FixedStub, arguments: [Value; 3], immediate: i32, feedback: u32) -> R<Value>;
        fn stub_window(&self, s: &'static WindowStub, base: u16, count: u16, immediate: i32, feedback: u32) -> R<Value>;
    }
}
