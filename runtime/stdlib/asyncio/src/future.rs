//! What a future is: its fields, and how its state changes. Tasks are futures, too.

use crate::future_methods;
use crate::kept::{self, Thing, invalid_state};
use crate::loops::{self, call_soon};
use crate::task::TASK;
use python_objects::exception::word as exception_word;
use python_objects::{Exc, Object, Py, R, TypeSpec, Value, list};
use stdlib_functional::contextvars;
use vm_api::heap::header::flag;

pub(crate) static FUTURE: TypeSpec = TypeSpec::values(
    "_asyncio",
    "Future",
    FIELDS,
    future_methods::METHODS,
    "A result that is not there yet, in a loop.\n\nUnlike one of concurrent.futures, it never blocks: result() and exception() raise an error\nwhile it is pending, and callbacks are called by the loop, soon after.",
)
.inheritable()
.weakly_referenced()
.finalized_unless(word::SETTLED)
.with_dict(word::DICT);

pub(crate) mod word {
    /// The loop; EMPTY before `__init__`.
    pub(crate) const LOOP: usize = 1;
    /// One of [`super::state`].
    pub(crate) const STATE: usize = 2;
    /// `_asyncio_future_blocking`: a truth value.
    pub(crate) const BLOCKING: usize = 3;
    /// Pairs of callback and context: the first as two fields, the others in a list.
    pub(crate) const CALLBACK: usize = 4;
    pub(crate) const CALLBACK_CONTEXT: usize = 5;
    pub(crate) const CALLBACKS: usize = 6;
    pub(crate) const RESULT: usize = 7;
    pub(crate) const EXCEPTION: usize = 8;
    /// Its traceback when it was set.
    pub(crate) const TRACEBACK: usize = 9;
    /// Is there an exception that nobody has asked for? A truth value.
    pub(crate) const UNSEEN: usize = 10;
    pub(crate) const SOURCE: usize = 11;
    pub(crate) const CANCEL_MESSAGE: usize = 12;
    /// The CancelledError that a task's coroutine ended with.
    pub(crate) const CANCELLED: usize = 13;
    /// Has its finalizer nothing to do, since it is done and nobody need be told of an exception? True or EMPTY.
    pub(crate) const SETTLED: usize = 14;
    pub(crate) const DICT: usize = 15;
}
pub(crate) const FIELDS: u32 = 15;

pub(crate) mod state {
    use python_objects::Value;
    pub(crate) const PENDING: Value = Value::int(0);
    pub(crate) const CANCELLED: Value = Value::int(1);
    pub(crate) const FINISHED: Value = Value::int(2);
}

pub(crate) fn class(py: Py<'_>) -> R<Object> {
    py.native_type(&FUTURE)
}

/// The future or task that a value is, subclasses included.
pub(crate) fn as_future(py: Py<'_>, v: Value) -> Option<Object> {
    let o = Object::from_value(v)?;
    let kind = py.object_kind(o);
    (kind == FUTURE.kind || kind == TASK.kind).then_some(o)
}
/// The same of a method's instance.
pub(crate) fn this(py: Py<'_>, v: Value) -> R<Object> {
    match as_future(py, v) {
        Some(o) => Ok(o),
        None => py.native_self(v, &FUTURE),
    }
}
/// The loop of a future that was initialized: RuntimeError if it was not.
pub(crate) fn loop_of(py: Py<'_>, o: Object) -> R {
    match o.get(word::LOOP) {
        l if l.is_empty() => py.err(Exc::RuntimeError, "Future object is not initialized."),
        l => Ok(l),
    }
}
/// A field, or None.
pub(crate) fn field(o: Object, word: usize) -> Value {
    Some(o.get(word)).filter(|v| !v.is_empty()).unwrap_or(Value::NONE)
}
/// Is it not done? One that was not initialized is not, either.
pub(crate) fn is_pending(o: Object) -> bool {
    let state = o.get(word::STATE);
    state == state::PENDING || state.is_empty()
}

/// `Future.__init__`
pub(crate) fn init(py: Py<'_>, o: Object, l: Option<Value>) -> R<()> {
    let l = match l {
        Some(l) => l,
        None => loops::current(py)?,
    };
    unsettle(py, o);
    for word in word::CALLBACK..word::DICT {
        py.store(o, word, Value::EMPTY);
    }
    py.store(o, word::LOOP, l);
    py.store(o, word::STATE, state::PENDING);
    py.store(o, word::BLOCKING, Value::FALSE);
    py.store(o, word::UNSEEN, Value::FALSE);
    let name = kept::data(py)?.get_debug;
    let debug = py.call_method(l, name, &[])?;
    if py.truth(debug)? {
        let source = py.call(kept::get(py, Thing::ExtractStack)?, &[])?;
        py.store(o, word::SOURCE, source);
    }
    Ok(())
}

/// Nobody need be told of an exception.
pub(crate) fn seen(py: Py<'_>, o: Object) {
    py.store(o, word::UNSEEN, Value::FALSE);
    if !is_pending(o) {
        py.store(o, word::SETTLED, Value::TRUE);
    }
}
/// Its finalizer has something to do (again).
fn unsettle(py: Py<'_>, o: Object) {
    if o.get(word::SETTLED) == Value::TRUE {
        py.store(o, word::SETTLED, Value::EMPTY);
        o.change_flags(0, flag::FINALIZABLE);
        py.heap().make_finalizable(o);
    }
}

/// Hands all callbacks to the loop.
fn schedule(py: Py<'_>, o: Object) -> R<()> {
    let l = o.get(word::LOOP);
    let first = o.get(word::CALLBACK);
    if !first.is_empty() {
        let context = o.get(word::CALLBACK_CONTEXT);
        py.store(o, word::CALLBACK, Value::EMPTY);
        py.store(o, word::CALLBACK_CONTEXT, Value::EMPTY);
        call_soon(py, l, first, Some(o.value()), context)?;
    }
    let Some(callbacks) = Object::from_value(o.get(word::CALLBACKS)) else { return Ok(()) };
    py.store(o, word::CALLBACKS, Value::EMPTY);
    let mut i = 0;
    while let Some(pair) = list::get(callbacks, i) {
        let pair = Object::of(pair);
        call_soon(py, l, pair.element(0), Some(o.value()), pair.element(1))?;
        i += 1;
    }
    Ok(())
}

/// `add_done_callback`; without a context, in a copy of the current one.
pub(crate) fn add_callback(py: Py<'_>, o: Object, callback: Value, context: Option<Value>) -> R<()> {
    let l = o.get(word::LOOP);
    if l.is_empty() {
        return py.err(Exc::RuntimeError, "uninitialized Future object");
    }
    let context = match context {
        Some(context) => context,
        None => contextvars::copy_current(py)?.value(),
    };
    if !is_pending(o) {
        return call_soon(py, l, callback, Some(o.value()), context);
    }
    match Object::from_value(o.get(word::CALLBACKS)) {
        None if o.get(word::CALLBACK).is_empty() => {
            py.store(o, word::CALLBACK, callback);
            py.store(o, word::CALLBACK_CONTEXT, context);
        }
        callbacks => {
            let pair = py.tuple(&[callback, context])?;
            let callbacks = match callbacks {
                Some(callbacks) => callbacks,
                None => {
                    let callbacks = py.new_list(2)?;
                    py.store(o, word::CALLBACKS, callbacks.value());
                    callbacks
                }
            };
            py.list_push(callbacks, pair)?;
        }
    }
    Ok(())
}

/// `remove_done_callback`: how many were removed. Comparing may run Python code, which may change the callbacks.
pub(crate) fn remove_callback(py: Py<'_>, o: Object, callback: Value) -> R<usize> {
    loop_of(py, o)?;
    let mut removed = 0;
    let first = o.get(word::CALLBACK);
    if !first.is_empty() && py.equal(first, callback)? {
        py.store(o, word::CALLBACK, Value::EMPTY);
        py.store(o, word::CALLBACK_CONTEXT, Value::EMPTY);
        removed += 1;
    }
    let Some(callbacks) = Object::from_value(o.get(word::CALLBACKS)) else { return Ok(removed) };
    let (left, mut i) = (py.new_list(list::length(callbacks))?, 0);
    while let Some(pair) = list::get(callbacks, i) {
        if py.equal(Object::of(pair).element(0), callback)? {
            removed += 1;
        } else {
            py.list_push(left, pair)?;
        }
        i += 1;
    }
    // Callbacks that were scheduled meanwhile are gone.
    if o.get(word::CALLBACKS) == callbacks.value() {
        let left = if list::length(left) == 0 { Value::EMPTY } else { left.value() };
        py.store(o, word::CALLBACKS, left);
    }
    Ok(removed)
}

/// `set_result`
pub(crate) fn set_result(py: Py<'_>, o: Object, v: Value) -> R<()> {
    loop_of(py, o)?;
    if !is_pending(o) {
        return invalid_state(py, "invalid state");
    }
    py.store(o, word::RESULT, v);
    py.store(o, word::STATE, state::FINISHED);
    py.store(o, word::SETTLED, Value::TRUE);
    schedule(py, o)
}

/// `set_exception`
pub(crate) fn set_exception(py: Py<'_>, o: Object, v: Value) -> R<()> {
    loop_of(py, o)?;
    if !is_pending(o) {
        return invalid_state(py, "invalid state");
    }
    let e = if py.is_exception_class(v) { py.call(v, &[])? } else { v };
    if !py.is_exception(e) {
        return py.type_error("invalid exception object");
    }
    if py.class_of(e) == py.exception_class(Exc::StopIteration) {
        return py.type_error("StopIteration interacts badly with generators and cannot be raised into a Future");
    }
    py.store(o, word::EXCEPTION, e);
    py.store(o, word::TRACEBACK, Object::of(e).get(exception_word::TRACEBACK));
    py.store(o, word::STATE, state::FINISHED);
    // Callbacks may look at it.
    schedule(py, o)?;
    unsettle(py, o);
    py.store(o, word::UNSEEN, Value::TRUE);
    Ok(())
}

/// `cancel` of a future: false if it is done.
pub(crate) fn cancel(py: Py<'_>, o: Object, message: Value) -> R<bool> {
    py.store(o, word::UNSEEN, Value::FALSE);
    if !is_pending(o) {
        return Ok(false);
    }
    py.store(o, word::STATE, state::CANCELLED);
    py.store(o, word::SETTLED, Value::TRUE);
    py.store(o, word::CANCEL_MESSAGE, message);
    schedule(py, o)?;
    Ok(true)
}

/// The CancelledError of a future: the one that its coroutine ended with, once; or a new one with the message.
pub(crate) fn cancelled_error(py: Py<'_>, o: Object) -> R<Object> {
    if let Some(e) = Object::from_value(o.get(word::CANCELLED)) {
        py.store(o, word::CANCELLED, Value::EMPTY);
        return Ok(e);
    }
    let class = kept::get(py, Thing::CancelledError)?;
    let made = match field(o, word::CANCEL_MESSAGE) {
        Value::NONE => py.call(class, &[])?,
        message => py.call(class, &[message])?,
    };
    py.make_exception(made)
}

/// How a future ended.
pub(crate) enum Outcome {
    Result(Value),
    Exception(Object),
}

/// What `result` returns or raises. Raises itself where the future was cancelled, or is not done, with these words.
pub(crate) fn outcome(py: Py<'_>, o: Object, unset: &str) -> R<Outcome> {
    match o.get(word::STATE) {
        _ if o.get(word::LOOP).is_empty() => return invalid_state(py, "Future object is not initialized."),
        state::FINISHED => {}
        state::CANCELLED => {
            let e = cancelled_error(py, o)?;
            return Err(py.throw(e));
        }
        _ => return invalid_state(py, unset),
    }
    seen(py, o);
    Ok(match Object::from_value(o.get(word::EXCEPTION)) {
        Some(e) => Outcome::Exception(e),
        None => Outcome::Result(field(o, word::RESULT)),
    })
}
/// The exception of a future, to be raised with the traceback that it had.
pub(crate) fn fresh_traceback(py: Py<'_>, o: Object, e: Object) {
    py.store(e, exception_word::TRACEBACK, o.get(word::TRACEBACK));
    py.store(o, word::TRACEBACK, Value::EMPTY);
}

/// `result`
pub(crate) fn result(py: Py<'_>, o: Object) -> R {
    match outcome(py, o, "Result is not set.")? {
        Outcome::Result(v) => Ok(v),
        Outcome::Exception(e) => {
            fresh_traceback(py, o, e);
            Err(py.throw(e))
        }
    }
}

/// Tells the loop of an exception that nobody has asked for: the future is garbage.
pub(crate) fn finalize(py: Py<'_>, o: Object) -> R<()> {
    if o.get(word::UNSEEN) != Value::TRUE {
        return Ok(());
    }
    py.store(o, word::UNSEEN, Value::FALSE);
    let name = python_objects::class::name(py, py.class_of(o.value()));
    let message = py.str(&format!("{name} exception was never retrieved"))?;
    let source = o.get(word::SOURCE);
    let context = [
        ("message", message),
        ("exception", field(o, word::EXCEPTION)),
        ("future", o.value()),
        ("source_traceback", source),
    ];
    let n = if source.is_empty() { 3 } else { 4 };
    loops::report(py, o.get(word::LOOP), o.value(), &context[..n])
}
