//! How a task's coroutine is driven: a step resumes it, and what it gives says when the next one is due.

use crate::future::{self, Outcome, is_pending, word as future_word};
use crate::kept::{Thing, invalid_state, is, is_cancelled_error, take_pending};
use crate::loops::{self, call_soon};
use crate::registry::{self, as_exact};
use crate::task::{self, this, word};
use python_objects::generator::{self, Step};
use python_objects::symbol::sym;
use python_objects::{Args, Exc, Kind, Native, NativeKind, Object, Py, R, TypeSpec, Value};

/// What the loop calls for a step.
static WRAPPER: TypeSpec = TypeSpec::values("_asyncio", "TaskStepMethWrapper", 2, WRAPPER_METHODS, "");
mod wrapper {
    pub(super) const TASK: usize = 1;
    /// The exception that the coroutine gets, or EMPTY.
    pub(super) const EXCEPTION: usize = 2;
}
static WRAPPER_METHODS: &[Native] = &[
    Native::wrapper("__call__", "self, /, *args, **kwargs", call_wrapper, "Call self as a function."),
    Native::getter("__self__", |py, a| Ok(py.native_self(a.at(0), &WRAPPER)?.get(wrapper::TASK)), ""),
];
fn call_wrapper(py: Py<'_>, args: Args<'_>) -> R {
    let o = py.native_self(args.at(0), &WRAPPER)?;
    if !args.at(2).is_empty() {
        return py.type_error("function takes no keyword arguments");
    }
    if Object::of(args.at(1)).length() > 0 {
        return py.type_error("function takes no positional arguments");
    }
    step(py, this(py, o.get(wrapper::TASK))?, Object::from_value(o.get(wrapper::EXCEPTION)))?;
    Ok(Value::NONE)
}

/// What a future that a task waits for calls when it is done: bound to the task.
static WAKEUP: Native = Native::new(NativeKind::Function, "task_wakeup", "self, future, /", wake_up, "");
fn wakeup_of(py: Py<'_>, task: Object) -> R {
    let number = Value::int(i64::from(py.state().native_number(&WAKEUP)));
    py.new_builtin(number, task.value(), Value::EMPTY, Value::EMPTY)
}
fn wake_up(py: Py<'_>, args: Args<'_>) -> R {
    let (task, done) = (this(py, args.at(0))?, args.at(1));
    let raised = match as_exact(py, done)? {
        Some(o) => match future::outcome(py, o, "Result is not set.") {
            Ok(Outcome::Result(_)) => None,
            Ok(Outcome::Exception(e)) => {
                future::fresh_traceback(py, o, e);
                Some(e)
            }
            Err(stop) => Some(take_pending(py).ok_or(stop)?),
        },
        None => {
            let name = py.intern("result")?;
            match py.call_method(done, name, &[]) {
                Ok(_) => None,
                Err(stop) => Some(take_pending(py).ok_or(stop)?),
            }
        }
    };
    step(py, task, raised)?;
    Ok(Value::NONE)
}

/// Has the loop call a step soon, with an exception or without.
pub(crate) fn step_soon(py: Py<'_>, task: Object, e: Option<Object>) -> R<()> {
    let o = py.new_native(&WRAPPER)?;
    o.init(wrapper::TASK, task.value());
    o.init(wrapper::EXCEPTION, e.map_or(Value::EMPTY, Object::value));
    call_soon(py, task.get(future_word::LOOP), o.value(), None, task.get(word::CONTEXT))
}

/// A step, as the task that runs in its loop.
fn step(py: Py<'_>, task: Object, e: Option<Object>) -> R<()> {
    let l = task.get(future_word::LOOP);
    registry::enter(py, l, task.value())?;
    let stepped = step_of(py, task, e);
    let raised = if stepped.is_err() { take_pending(py) } else { None };
    registry::leave(py, l, task.value())?;
    match raised {
        Some(e) => Err(py.raise(e.value())),
        None => stepped,
    }
}

/// A step itself.
pub(crate) fn step_of(py: Py<'_>, task: Object, e: Option<Object>) -> R<()> {
    if !is_pending(task) {
        let shown = match e {
            Some(e) => py.repr_text(e.value())?,
            None => "''".to_owned(),
        };
        let message = format!("_step(): already done: {} {shown}", py.repr_text(task.value())?);
        return invalid_state(py, &message);
    }
    let mut e = e;
    if task.get(word::MUST_CANCEL) == Value::TRUE {
        let cancelled = match e {
            Some(e) => is_cancelled_error(py, e.value())?,
            None => false,
        };
        if !cancelled {
            e = Some(future::cancelled_error(py, task)?);
        }
        py.store(task, word::MUST_CANCEL, Value::FALSE);
    }
    py.store(task, word::WAITER, Value::EMPTY);
    let coroutine = task.get(word::COROUTINE);
    if coroutine.is_empty() {
        return py.err(Exc::RuntimeError, "uninitialized Task object");
    }
    match resume(py, coroutine, e) {
        Ok(Step::Yielded(v)) => wait_for(py, task, v),
        Ok(Step::Returned(v)) => {
            if task.get(word::MUST_CANCEL) == Value::TRUE {
                // It was cancelled right before its coroutine ended.
                py.store(task, word::MUST_CANCEL, Value::FALSE);
                future::cancel(py, task, future::field(task, future_word::CANCEL_MESSAGE))?;
                return Ok(());
            }
            future::set_result(py, task, v)
        }
        Err(stop) => {
            let e = take_pending(py).ok_or(stop)?;
            if is_cancelled_error(py, e.value())? {
                py.store(task, future_word::CANCELLED, e.value());
                future::cancel(py, task, Value::NONE)?;
                return Ok(());
            }
            future::set_exception(py, task, e.value())?;
            if is(py, e.value(), Exc::KeyboardInterrupt) || is(py, e.value(), Exc::SystemExit) {
                return Err(py.raise(e.value()));
            }
            Ok(())
        }
    }
}

/// Resumes a coroutine, with None or by raising an exception.
fn resume(py: Py<'_>, coroutine: Value, e: Option<Object>) -> R<Step> {
    let own = Object::from_value(coroutine).filter(|g| generator::is_generator(py.object_kind(*g)));
    let r = match (own, e) {
        (Some(g), None) => return py.resume_generator(g, Value::NONE),
        (Some(g), Some(e)) => return py.throw_into_generator(g, e),
        (None, None) => py.call_method(coroutine, sym::SEND, &[Value::NONE]),
        (None, Some(e)) => py.call_method(coroutine, sym::THROW, &[e.value()]),
    };
    match r {
        Ok(v) => Ok(Step::Yielded(v)),
        Err(stop) => match py.catch(Exc::StopIteration) {
            Some(e) => Ok(Step::Returned(py.stop_value(e))),
            None => Err(stop),
        },
    }
}

/// What a coroutine gave: the future that it waits for, or None if it only lets others run. All else is an error that it gets.
fn wait_for(py: Py<'_>, task: Object, v: Value) -> R<()> {
    if v == Value::NONE {
        return step_soon(py, task, None);
    }
    let shown = |v: Value| py.repr_text(v);
    if v == task.value() {
        return fail_soon(py, task, &format!("Task cannot await on itself: {}", shown(v)?));
    }
    let exact = as_exact(py, v)?;
    let blocking = match exact {
        Some(o) => Some(o.get(future_word::BLOCKING) == Value::TRUE),
        None => {
            let name = py.intern("_asyncio_future_blocking")?;
            match py.get_optional(v, name)?.filter(|v| *v != Value::NONE) {
                Some(blocking) => Some(py.truth(blocking)?),
                None => None,
            }
        }
    };
    let Some(blocking) = blocking else {
        let message = if py.kind(v) == Kind::GENERATOR {
            format!(
                "yield was used instead of yield from for generator in task {} with {}",
                shown(task.value())?,
                shown(v)?
            )
        } else {
            format!("Task got bad yield: {}", shown(v)?)
        };
        return fail_soon(py, task, &message);
    };
    let l = match exact {
        Some(o) => o.get(future_word::LOOP),
        None => foreign_loop(py, v)?,
    };
    if l != task.get(future_word::LOOP) {
        let (task_shown, future) = (shown(task.value())?, shown(v)?);
        let message = format!("Task {task_shown} got Future {future} attached to a different loop");
        return fail_soon(py, task, &message);
    }
    if !blocking {
        let (task_shown, future) = (shown(task.value())?, shown(v)?);
        let message = format!("yield was used instead of yield from in task {task_shown} with {future}");
        return fail_soon(py, task, &message);
    }
    let (wakeup, context) = (wakeup_of(py, task)?, task.get(word::CONTEXT));
    match exact {
        Some(o) => {
            py.store(o, future_word::BLOCKING, Value::FALSE);
            future::add_callback(py, o, wakeup, Some(context))?;
        }
        None => {
            let name = py.intern("_asyncio_future_blocking")?;
            py.set_attribute(v, name, Some(Value::FALSE))?;
            let name = py.intern("add_done_callback")?;
            loops::call_with_keyword(py, v, name, &[wakeup, context], Thing::ContextKeyword)?;
        }
    }
    py.store(task, word::WAITER, v);
    if task.get(word::MUST_CANCEL) == Value::TRUE
        && task::cancel_waiter(py, v, future::field(task, future_word::CANCEL_MESSAGE))?
    {
        py.store(task, word::MUST_CANCEL, Value::FALSE);
    }
    Ok(())
}
/// The loop of a future that is not one of ours.
fn foreign_loop(py: Py<'_>, v: Value) -> R {
    let name = py.intern("get_loop")?;
    if let Some(f) = py.get_optional(v, name)? {
        return py.call(f, &[]);
    }
    py.get_attribute_text(v, "_loop")
}
/// The coroutine gets a RuntimeError at its next step.
fn fail_soon(py: Py<'_>, task: Object, message: &str) -> R<()> {
    let message = py.str(message)?;
    let e = py.new_exception(Exc::RuntimeError, &[message])?;
    step_soon(py, task, Some(e))
}
