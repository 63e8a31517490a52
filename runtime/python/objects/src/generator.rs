//! Generators, coroutines and asynchronous generators: suspended frames as objects.
//!
//! A frame of theirs runs on the register stack like any other, with the generator in the place of the running function.
//! Suspending copies what the code's suspension lists name into the generator's array, resuming copies it back
//! ([`vm_api::code::Suspension`]). What a resumption delivers to whoever asked is a value that was yielded, or, when the
//! generator returns, `END` (for None) or a completion object with the value.

use crate::arguments::Args;
use crate::exception::{self, Exc, traceback};
use crate::function;
use crate::kind::{Kind, shape, special};
use crate::list;
use crate::py::{Py, R, root};
use crate::symbol::sym;
use python_compile::opcodes::{JUMP_IF_COMPLETED, LOOP_BACK, SEND, STOP_ITERATION_ERROR, YIELD_DELEGATED, flag};
use std::sync::Arc;
use vm_api::code::Code;
use vm_api::engine::{CodeIndex, Delegation, Stop, SuspendedFrame};
use vm_api::heap::{Layout, Object, Value};

/// Words of a generator.
pub mod word {
    pub use crate::function::word::{BUILTINS, CLOSURE, CODE, GLOBALS, NAMESPACE};
    /// `__name__`
    pub const NAME: usize = 6;
    /// `__qualname__`
    pub const QUALNAME: usize = 7;
    /// The exception that the body was handling when it was suspended, or EMPTY. EMPTY while it runs.
    pub const HANDLED: usize = 8;
    /// The exception that the resumer was handling, while the body runs; EMPTY otherwise. It is in [`root::OUTER_HANDLED`] too.
    pub const OUTER: usize = 9;
    /// Raw: [`super::state`].
    pub const STATE: usize = 10;
    /// Raw: index of the instruction to go on with.
    pub const POSITION: usize = 11;
    /// `cr_origin`; for asynchronous generators: whether the hooks were called, whether it runs.
    pub const EXTRA: usize = 12;
    /// Array of the frame's registers.
    pub const REGISTERS: usize = 13;
    /// The frame object, once asked for, or EMPTY.
    pub const FRAME: usize = 14;
    /// Words in all.
    pub const WORDS: usize = 15;
}
/// Layout of a generator.
pub const LAYOUT: Layout = Layout::Bitmap {
    words: word::WORDS as u32,
    bits: ((1 << word::WORDS) - 2) & !(1 << word::STATE) & !(1 << word::POSITION),
};
/// Flag in [`word::EXTRA`] of an asynchronous generator: the hook for first iterations was called.
pub const STARTED: i64 = 1;
/// States of a generator.
pub mod state {
    /// Never resumed.
    pub const CREATED: u64 = 0;
    /// At a yield.
    pub const SUSPENDED: u64 = 1;
    /// On the stack.
    pub const RUNNING: u64 = 2;
    /// Done.
    pub const FINISHED: u64 = 3;
}

/// Where engines find the suspended frame.
pub static FRAME: SuspendedFrame = SuspendedFrame {
    shapes: &[shape::GENERATOR, shape::COROUTINE],
    code: 8 * word::CODE as u32,
    registers: 8 * word::REGISTERS as u32,
    position: 8 * word::POSITION as u32,
    state: 8 * word::STATE as u32,
    suspended: state::SUSPENDED,
    running: state::RUNNING,
    settled: &[8 * word::HANDLED as u32, 8 * word::OUTER as u32],
    settled_root: Some(root::HANDLED),
    delegation: Some(Delegation { resume: SEND, test: JUMP_IF_COMPLETED, suspend: YIELD_DELEGATED, back: LOOP_BACK }),
};

/// What a resumption delivered.
#[derive(Clone, Copy)]
pub enum Step {
    /// It yielded.
    Yielded(Value),
    /// It returned.
    Returned(Value),
}

/// Is this kind resumed as a generator?
#[inline]
pub fn is_generator(kind: Kind) -> bool {
    kind == Kind::GENERATOR || kind == Kind::COROUTINE || kind == Kind::ASYNC_GENERATOR
}

/// A generator of a function whose parameters are bound: `registers` are those of the parameters.
pub fn create(py: Py<'_>, f: Object, code: &Arc<Code>, registers: Args<'_>) -> R {
    let shape = match code.flags {
        flags if flags & flag::COROUTINE != 0 => shape::COROUTINE,
        flags if flags & flag::ASYNC_GENERATOR != 0 => shape::ASYNC_GENERATOR,
        _ => shape::GENERATOR,
    };
    let array = py.new_array(usize::from(code.registers))?;
    for (i, v) in registers.iter().enumerate() {
        array.init(2 + i, v);
    }
    let g = py.alloc(shape, word::WORDS)?;
    for w in [word::CODE, word::GLOBALS, word::CLOSURE, word::NAMESPACE, word::BUILTINS] {
        g.init(w, f.get(w));
    }
    g.init(word::REGISTERS, array.value());
    g.init(word::NAME, f.get(function::word::NAME));
    g.init(word::QUALNAME, f.get(function::word::QUALNAME));
    if shape != shape::GENERATOR || has_handlers(code) {
        py.heap().make_finalizable(g);
    }
    match py.state().origin_depth.get() {
        depth if depth > 0 && shape == shape::COROUTINE => {
            let origin = origin(py, depth)?;
            py.store(g, word::EXTRA, origin);
        }
        _ => {}
    }
    Ok(g.value())
}

/// Has the code handlers beside the one that turns a StopIteration into a RuntimeError? Only then something happens when a
/// generator that is suspended is closed.
fn has_handlers(code: &Code) -> bool {
    let own = |handler: u32| code.instructions[handler as usize].op == STOP_ITERATION_ERROR;
    code.exceptions.iter().any(|entry| !own(entry.handler))
}

/// `cr_origin`: file, line and name of the frames that made the coroutine, innermost first.
fn origin(py: Py<'_>, depth: usize) -> R {
    let frames = py.new_list(0)?;
    for place in (0..depth).map_while(|at| py.place_at(at, |_| false)) {
        let code = py.ops().code(py.0, place.code).clone();
        let line = code.positions.get(place.at as usize).map_or(0, |p| p.line);
        let entry = py.tuple(&[py.str(&code.source)?, Value::int(i64::from(line)), py.str(&code.name)?])?;
        py.list_push(frames, entry)?;
    }
    py.list_to_tuple(frames)
}

/// Word of the state.
#[inline(always)]
pub fn state_of(g: Object) -> u64 {
    g.word(word::STATE)
}

/// What kind of thing it is, for messages.
pub fn describe(py: Py<'_>, g: Object) -> &'static str {
    match py.object_kind(g) {
        Kind::COROUTINE => "coroutine",
        Kind::ASYNC_GENERATOR => "async generator",
        _ => "generator",
    }
}

impl Py<'_> {
    /// Prepares the resumption of a generator with `sent` as the value of its yield; returns `ENTER`, or `END` if it is
    /// finished. ValueError if it runs; TypeError for a value sent to a fresh one.
    pub fn prepare_generator(self, g: Object, sent: Value) -> R {
        match state_of(g) {
            state::RUNNING => {
                return self.value_error(&format!("{} already executing", describe(self, g)));
            }
            state::FINISHED => {
                if self.object_kind(g) == Kind::COROUTINE {
                    return self.err(Exc::RuntimeError, "cannot reuse already awaited coroutine");
                }
                return Ok(special::END);
            }
            state::CREATED if sent != Value::NONE => {
                return self.type_error(&format!("can't send non-None value to a just-started {}", describe(self, g)));
            }
            _ => {}
        }
        self.prepare_frame(g, Some(sent))
    }
    /// Puts the frame of a generator on the register stack. `sent`: what its yield evaluates to, unless an exception is to be
    /// raised there.
    fn prepare_frame(self, g: Object, sent: Option<Value>) -> R {
        // What can fail comes first: nothing collects between the preparing and the entering.
        let (handled, own) = (self.root(root::HANDLED), g.get(word::HANDLED));
        if !handled.is_empty() {
            let outer = match Object::from_value(self.root(root::OUTER_HANDLED)) {
                Some(outer) => outer,
                None => self.new_list(1)?,
            };
            self.set_root(root::OUTER_HANDLED, outer.value());
            self.list_push(outer, handled)?;
        }
        let entered = match self.ops().prepare_resume(self.0, g.value(), sent) {
            Ok(entered) => entered,
            Err(stop) => {
                self.drop_outer(handled);
                return Err(stop);
            }
        };
        if !handled.is_empty() || !own.is_empty() {
            self.store(g, word::OUTER, handled);
            self.store(g, word::HANDLED, Value::EMPTY);
            self.set_root(root::HANDLED, own);
        }
        Ok(entered)
    }
    /// A running generator is left whose resumer handles `outer`, or nothing if that is EMPTY.
    fn drop_outer(self, outer: Value) {
        if let Some(all) = Object::from_value(self.root(root::OUTER_HANDLED))
            && !outer.is_empty()
        {
            let last = list::length(all).saturating_sub(1);
            self.list_remove_range(all, last, last + 1);
            // Where nobody handles anything, raising need not look into a list.
            if last == 0 {
                self.set_root(root::OUTER_HANDLED, Value::EMPTY);
            }
        }
    }
    /// The exception being handled (`sys.exception()`), or EMPTY: where a generator handles none, that of who resumed it.
    #[inline]
    pub fn handled(self) -> Value {
        match self.root(root::HANDLED) {
            own if own.is_empty() => self.outer_handled(),
            own => own,
        }
    }
    fn outer_handled(self) -> Value {
        let Some(all) = Object::from_value(self.root(root::OUTER_HANDLED)) else { return Value::EMPTY };
        list::length(all).checked_sub(1).map_or(Value::EMPTY, |last| list::item(all, last))
    }
    /// Suspends running generator `g` at its yield: copies the frame's registers into it. For the handler of `yield`.
    pub fn suspend_generator(self, g: Object) {
        self.ops().suspend(self.0);
        let (handled, outer) = (self.root(root::HANDLED), g.get(word::OUTER));
        self.store(g, word::HANDLED, handled);
        self.store(g, word::OUTER, Value::EMPTY);
        self.set_root(root::HANDLED, outer);
        self.drop_outer(outer);
    }
    /// The running generator returned or raised: its frame is gone.
    pub fn finish_generator(self, g: Object) {
        g.set_word(word::STATE, state::FINISHED);
        self.store(g, word::REGISTERS, Value::EMPTY);
        let outer = g.get(word::OUTER);
        self.store(g, word::OUTER, Value::EMPTY);
        self.store(g, word::HANDLED, Value::EMPTY);
        self.set_root(root::HANDLED, outer);
        self.drop_outer(outer);
    }
    /// What the resumer of a generator that returned `v` gets.
    pub fn completion(self, v: Value) -> R {
        if v == Value::NONE {
            return Ok(special::END);
        }
        Ok(self.new_object(shape::COMPLETION, 2, &[v])?.value())
    }
    /// Tells a yielded value from a completion.
    #[inline]
    pub fn step_of(self, delivered: Value) -> Step {
        match Object::from_value(delivered) {
            Some(o) if o.shape() == shape::COMPLETION => Step::Returned(o.get(1)),
            None if delivered == special::END => Step::Returned(Value::NONE),
            _ => Step::Yielded(delivered),
        }
    }
    /// `g.send(v)` from native code, in a nested activation.
    pub fn resume_generator(self, g: Object, sent: Value) -> R<Step> {
        let entered = self.prepare_generator(g, sent)?;
        if entered == special::END {
            return Ok(Step::Returned(Value::NONE));
        }
        let delivered = self.ops().run_prepared(self.0)?;
        Ok(self.step_of(delivered))
    }
    /// `g.throw(e)`: raises a ready exception at the yield. An iterator that the generator delegates to gets it first.
    pub fn throw_into_generator(self, g: Object, e: Object) -> R<Step> {
        match state_of(g) {
            state::RUNNING => {
                return self.value_error(&format!("{} already executing", describe(self, g)));
            }
            state::FINISHED => {
                if self.object_kind(g) == Kind::COROUTINE {
                    return self.err(Exc::RuntimeError, "cannot reuse already awaited coroutine");
                }
                return Err(self.raise(e.value()));
            }
            state::CREATED => return self.throw_at_beginning(g, e),
            _ => {}
        }
        if let Some(inner) = self.delegate(g) {
            // An asynchronous generator that is closed passes GeneratorExit on, so that what it awaits can await in turn.
            if self.object_kind(g) != Kind::ASYNC_GENERATOR
                && self.is_instance(e.value(), self.exception_class(Exc::GeneratorExit))
            {
                g.set_word(word::STATE, state::RUNNING);
                let closed = self.close_iterator(inner);
                g.set_word(word::STATE, state::SUSPENDED);
                if let Err(stop) = closed {
                    return self.raise_pending(g, stop);
                }
            } else {
                let mut thrown = Err(Stop);
                if [Kind::GENERATOR, Kind::COROUTINE].contains(&self.kind(inner)) {
                    // Its frame stands on the stack meanwhile, as if it ran: what is thrown goes through it.
                    self.ops().prepare_resume(self.0, g.value(), None)?;
                    self.ops().stand_by(self.0, &mut || thrown = self.throw_into(inner, e))?;
                } else {
                    g.set_word(word::STATE, state::RUNNING);
                    thrown = self.throw_into(inner, e);
                    g.set_word(word::STATE, state::SUSPENDED);
                }
                return match thrown {
                    Ok(Some(Step::Yielded(v))) => Ok(Step::Yielded(v)),
                    Ok(Some(Step::Returned(v))) => self.after_delegate(g, v),
                    // It has no `throw`: the exception is raised in the generator itself.
                    Ok(None) => {
                        let stop = self.raise(e.value());
                        self.raise_pending(g, stop)
                    }
                    Err(stop) => self.raise_pending(g, stop),
                };
            }
        }
        let stop = self.raise(e.value());
        self.raise_pending(g, stop)
    }
    /// Raises an exception where a generator begins, which is in the line of its definition.
    fn throw_at_beginning(self, g: Object, e: Object) -> R<Step> {
        let stop = self.raise(e.value());
        let r = self.raise_pending(g, stop);
        if r.is_err()
            && let Some(raised) = Object::from_value(self.take_exception())
        {
            let code = g.get(word::CODE);
            if let Some(entry) = self.of_kind(raised.get(exception::word::TRACEBACK), Kind::TRACEBACK)
                && entry.get(traceback::CODE) == code
            {
                let line = self.ops().code(self.0, CodeIndex(code.as_int() as u32)).first_line;
                self.store(entry, traceback::LINE, Value::int(i64::from(line)));
                self.store(entry, traceback::AT, Value::int(-1));
            }
            return Err(self.raise(raised.value()));
        }
        r
    }
    /// Raises the pending exception at the generator's yield.
    fn raise_pending(self, g: Object, _: Stop) -> R<Step> {
        let e = self.take_exception();
        self.prepare_frame(g, None)?;
        // What the generator handles itself is its context.
        if let (Some(o), Some(own)) = (Object::from_value(e), Object::from_value(self.root(root::HANDLED))) {
            self.set_context_to(o, own);
        }
        self.raise(e);
        let delivered = self.ops().run_prepared_raising(self.0)?;
        Ok(self.step_of(delivered))
    }
    /// The iterator that a suspended generator delegates to, if it is at a `yield from` or `await`.
    pub fn delegate(self, g: Object) -> Option<Value> {
        if state_of(g) != state::SUSPENDED {
            return None;
        }
        let code = self.ops().code(self.0, CodeIndex(g.get(word::CODE).as_int() as u32));
        let at = &code.instructions[g.word(word::POSITION) as usize - 1];
        (at.op == YIELD_DELEGATED).then(|| Object::of(g.get(word::REGISTERS)).element(usize::from(at.c)))
    }
    /// The iterator that the generator delegated to returned `v` on being thrown into: the delegation ends with that value,
    /// as if by a StopIteration at the yield (which `cleanup_throw` takes).
    fn after_delegate(self, g: Object, v: Value) -> R<Step> {
        let stop = self.stop_iteration(v);
        self.raise_pending(g, stop)
    }
    /// `iterator.throw(e)`; `None` if it has no such method.
    pub fn throw_into(self, iterator: Value, e: Object) -> R<Option<Step>> {
        if let Some(o) = Object::from_value(iterator)
            && is_generator(self.object_kind(o))
        {
            return self.throw_into_generator(o, e).map(Some);
        }
        match self.get_optional(iterator, sym::THROW)? {
            None => Ok(None),
            Some(f) => {
                let r = self.call(f, &[e.value()]);
                match r {
                    Ok(v) => Ok(Some(Step::Yielded(v))),
                    Err(stop) => match self.catch(Exc::StopIteration) {
                        Some(e) => Ok(Some(Step::Returned(self.stop_value(e)))),
                        None => Err(stop),
                    },
                }
            }
        }
    }
    /// `value` of a StopIteration.
    pub fn stop_value(self, e: Object) -> Value {
        let v = e.get(crate::exception::word::OWN);
        if v.is_empty() { Value::NONE } else { v }
    }
    /// `iterator.close()`, if it has that.
    pub fn close_iterator(self, iterator: Value) -> R<()> {
        if let Some(o) = Object::from_value(iterator)
            && is_generator(self.object_kind(o))
        {
            return self.close_generator(o).map(|_| ());
        }
        match self.get_optional(iterator, sym::CLOSE)? {
            Some(f) => self.call(f, &[]).map(|_| ()),
            None => Ok(()),
        }
    }
    /// `g.close()`: raises GeneratorExit at the yield. RuntimeError if the generator yields instead of ending.
    pub fn close_generator(self, g: Object) -> R {
        match state_of(g) {
            state::CREATED => {
                g.set_word(word::STATE, state::FINISHED);
                self.store(g, word::REGISTERS, Value::EMPTY);
                return Ok(Value::NONE);
            }
            state::FINISHED => return Ok(Value::NONE),
            state::RUNNING => return self.value_error(&format!("{} already executing", describe(self, g))),
            _ => {}
        }
        let e = self.new_exception(Exc::GeneratorExit, &[])?;
        match self.throw_into_generator(g, e) {
            Ok(Step::Yielded(_)) => {
                self.err(Exc::RuntimeError, &format!("{} ignored GeneratorExit", describe(self, g)))
            }
            // CPython 3.12 drops what a closed generator returns.
            Ok(Step::Returned(_)) => Ok(Value::NONE),
            Err(stop) => {
                if self.catch(Exc::GeneratorExit).is_some() || self.catch(Exc::StopIteration).is_some() {
                    return Ok(Value::NONE);
                }
                Err(stop)
            }
        }
    }
    /// What `next(g)` and `g.send(v)` give from a step: StopIteration for the end.
    pub fn step_result(self, step: Step) -> R {
        match step {
            Step::Yielded(v) => Ok(v),
            Step::Returned(v) => Err(self.stop_iteration(v)),
        }
    }
}
