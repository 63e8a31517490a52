//! What a task is: a future whose result its coroutine makes, step by step, in the loop.

use crate::future::{self, FIELDS, field, is_pending, word as future_word};
use crate::kept::{self, Thing, data};
use crate::{loops, registry, step, task_methods};
use python_objects::{Kind, Object, Py, R, TypeSpec, Value};
use stdlib_functional::contextvars;

pub(crate) static TASK: TypeSpec =
    TypeSpec::values("_asyncio", "Task", FIELDS + OWN_FIELDS, task_methods::METHODS, "A future that runs a coroutine.")
        .inheritable()
        .weakly_referenced()
        .finalized_unless(future_word::SETTLED)
        .with_dict(future_word::DICT);

pub(crate) mod word {
    use super::FIELDS;
    const FIRST: usize = 1 + FIELDS as usize;
    pub(crate) const COROUTINE: usize = FIRST;
    /// A string; or an int, of a task that got no name.
    pub(crate) const NAME: usize = FIRST + 1;
    pub(crate) const CONTEXT: usize = FIRST + 2;
    /// The future that it waits for.
    pub(crate) const WAITER: usize = FIRST + 3;
    /// Is its coroutine to get a CancelledError at the next step? A truth value.
    pub(crate) const MUST_CANCEL: usize = FIRST + 4;
    /// Is the loop to be told if it dies while it is pending? A truth value.
    pub(crate) const LOG_DESTROY: usize = FIRST + 5;
    /// How many requests to cancel it were not taken back: an int.
    pub(crate) const CANCELS: usize = FIRST + 6;
}
const OWN_FIELDS: u32 = 7;

pub(crate) fn class(py: Py<'_>) -> R<Object> {
    let base = future::class(py)?;
    py.native_subtype(&TASK, base)
}
pub(crate) fn this(py: Py<'_>, v: Value) -> R<Object> {
    py.native_self(v, &TASK)
}

/// The arguments of `Task.__init__` beside the coroutine.
pub(crate) struct Options {
    pub(crate) l: Option<Value>,
    pub(crate) name: Option<Value>,
    pub(crate) context: Option<Value>,
    pub(crate) eager: bool,
}

pub(crate) fn init(py: Py<'_>, o: Object, coroutine: Value, options: Options) -> R<()> {
    future::init(py, o, options.l)?;
    if !is_coroutine(py, coroutine)? {
        py.store(o, word::LOG_DESTROY, Value::FALSE);
        let shown = py.repr_text(coroutine)?;
        return py.type_error(&format!("a coroutine was expected, got {shown}"));
    }
    let context = match options.context {
        Some(context) => context,
        None => contextvars::copy_current(py)?.value(),
    };
    let name = match options.name {
        None => {
            let tasks = &data(py)?.tasks;
            tasks.set(tasks.get() + 1);
            Value::int(tasks.get())
        }
        Some(name) => name_of(py, name)?,
    };
    py.store(o, word::CONTEXT, context);
    py.store(o, word::WAITER, Value::EMPTY);
    py.store(o, word::MUST_CANCEL, Value::FALSE);
    py.store(o, word::LOG_DESTROY, Value::TRUE);
    py.store(o, word::CANCELS, Value::int(0));
    py.store(o, word::COROUTINE, coroutine);
    py.store(o, word::NAME, name);
    if options.eager {
        let running = py.call_method(o.get(future_word::LOOP), data(py)?.is_running, &[])?;
        if py.truth(running)? {
            return start_eagerly(py, o);
        }
    }
    step::step_soon(py, o, None)?;
    registry::register(py, o.value())?;
    Ok(())
}
fn is_coroutine(py: Py<'_>, v: Value) -> R<bool> {
    if py.kind(v) == Kind::COROUTINE {
        return Ok(true);
    }
    let is_coroutine = py.call(kept::get(py, Thing::IsCoroutine)?, &[v])?;
    py.truth(is_coroutine)
}
/// The first step at once.
fn start_eagerly(py: Py<'_>, o: Object) -> R<()> {
    let l = o.get(future_word::LOOP);
    let before = registry::swap(py, l, o.value())?;
    registry::register_eager(py, o.value())?;
    let ended = contextvars::run_in(py, o.get(word::CONTEXT), |py| step::step_of(py, o, None));
    // What the step raised, if anything, is raised behind this.
    let raised = if ended.is_err() { kept::take_pending(py) } else { None };
    registry::swap(py, l, before)?;
    registry::unregister_eager(py, o.value())?;
    match (ended, raised) {
        (Err(_), Some(e)) => return Err(py.raise(e.value())),
        (Err(stop), None) => return Err(stop),
        (Ok(()), _) => {}
    }
    if is_pending(o) {
        registry::register(py, o.value())?;
    } else {
        py.store(o, word::COROUTINE, Value::EMPTY);
    }
    Ok(())
}

/// A name as it is kept: exactly a string.
pub(crate) fn name_of(py: Py<'_>, v: Value) -> R {
    let is_exact = Object::from_value(v).is_some_and(|o| o.shape() == python_objects::kind::shape::STR);
    if is_exact { Ok(v) } else { py.str_of(v).map(Object::value) }
}
/// `get_name`
pub(crate) fn name(py: Py<'_>, o: Object) -> R {
    match field(o, word::NAME) {
        v if v.is_int() => py.str(&format!("Task-{}", v.as_int())),
        v => Ok(v),
    }
}

/// `cancel` of a task: the future that it waits for is cancelled, or its coroutine gets an error at its next step.
pub(crate) fn cancel(py: Py<'_>, o: Object, message: Value) -> R<bool> {
    py.store(o, future_word::UNSEEN, Value::FALSE);
    if !is_pending(o) {
        return Ok(false);
    }
    py.store(o, word::CANCELS, Value::int(number_of_cancels(o) + 1));
    let waiter = o.get(word::WAITER);
    if !waiter.is_empty() && cancel_waiter(py, waiter, message)? {
        return Ok(true);
    }
    py.store(o, word::MUST_CANCEL, Value::TRUE);
    py.store(o, future_word::CANCEL_MESSAGE, message);
    Ok(true)
}
/// `waiter.cancel(msg=message)`
pub(crate) fn cancel_waiter(py: Py<'_>, waiter: Value, message: Value) -> R<bool> {
    let name = py.intern("cancel")?;
    let done = loops::call_with_keyword(py, waiter, name, &[message], Thing::MessageKeyword)?;
    py.truth(done)
}
pub(crate) fn number_of_cancels(o: Object) -> i64 {
    let v = o.get(word::CANCELS);
    if v.is_int() { v.as_int() } else { 0 }
}

/// Tells the loop of a task that is garbage before it was done.
pub(crate) fn finalize(py: Py<'_>, o: Object) -> R<()> {
    if is_pending(o) && o.get(word::LOG_DESTROY) == Value::TRUE {
        let message = py.str("Task was destroyed but it is pending!")?;
        let source = o.get(future_word::SOURCE);
        let context = [("message", message), ("task", o.value()), ("source_traceback", source)];
        let n = if source.is_empty() { 2 } else { 3 };
        loops::report(py, o.get(future_word::LOOP), o.value(), &context[..n])?;
    }
    future::finalize(py, o)
}
