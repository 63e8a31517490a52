//! What `__anext__`, `asend`, `athrow` and `aclose` of an asynchronous generator give: awaitables that resume it once.
//!
//! Words: the generator; the value to send, or the tuple of what is to be thrown (EMPTY: `aclose`); the state.
//! The generator's own yields arrive wrapped and end the await with their value; what it awaits passes through.

use super::async_generator::{change, flag, has};
use super::{this, thrown};
use python_objects::generator::{Step, state, state_of};
use python_objects::kind::{class as builtin, shape};
use python_objects::native::Native;
use python_objects::{Args, Exc, Object, Py, R, Stop, Value};

const GENERATOR: usize = 1;
const ARGUMENT: usize = 2;
const STATE: usize = 3;

// States; EMPTY before the first step.
const ITERATING: Value = Value::int(1);
const CLOSED: Value = Value::int(2);

static ASEND: &[Native] = &[
    Native::wrapper("__await__", "self, /", |_, a| Ok(a.at(0)), "Return an iterator to be used in await expression."),
    Native::wrapper("__iter__", "self, /", |_, a| Ok(a.at(0)), "Implement iter(self)."),
    Native::wrapper("__next__", "self, /", |py, a| send_step(py, this(a), Value::NONE), "Implement next(self)."),
    Native::method("send", "self, arg, /", |py, a| send_step(py, this(a), a.at(1)), "Resumes the generator."),
    Native::method("throw", "self, typ, val=None, tb=None, /", send_throw, "Raises an exception in the generator."),
    Native::method("close", "self, /", close, "The awaitable is not to be used again."),
];
static ATHROW: &[Native] = &[
    Native::wrapper("__await__", "self, /", |_, a| Ok(a.at(0)), "Return an iterator to be used in await expression."),
    Native::wrapper("__iter__", "self, /", |_, a| Ok(a.at(0)), "Implement iter(self)."),
    Native::wrapper("__next__", "self, /", |py, a| throw_step(py, this(a), Value::NONE), "Implement next(self)."),
    Native::method("send", "self, arg, /", |py, a| throw_step(py, this(a), a.at(1)), "Resumes the generator."),
    Native::method("throw", "self, typ, val=None, tb=None, /", throw_throw, "Raises an exception in the generator."),
    Native::method("close", "self, /", close, "The awaitable is not to be used again."),
];

pub(super) fn install(py: Py<'_>) -> R<()> {
    py.add_methods(py.builtin_class(builtin::ASYNC_GENERATOR_ASEND), ASEND)?;
    py.add_methods(py.builtin_class(builtin::ASYNC_GENERATOR_ATHROW), ATHROW)
}

fn generator(a: Object) -> Object {
    Object::of(a.get(GENERATOR))
}

fn close(py: Py<'_>, args: Args<'_>) -> R {
    py.store(this(args), STATE, CLOSED);
    Ok(Value::NONE)
}

fn reused<T>(py: Py<'_>, what: &str) -> R<T> {
    py.err(Exc::RuntimeError, &format!("cannot reuse already awaited {what}"))
}

/// RuntimeError, and the end of the awaitable, if the generator runs in another one.
fn check_idle(py: Py<'_>, a: Object, what: &str) -> R<()> {
    if !has(generator(a), flag::RUNNING) {
        return Ok(());
    }
    py.store(a, STATE, CLOSED);
    py.err(Exc::RuntimeError, &format!("{what}(): asynchronous generator is already running"))
}

/// A step of the generator as the awaitable's caller sees it: what it awaits is passed on, a value that it yields ends the
/// await, its own end is a StopAsyncIteration.
fn unwrapped(py: Py<'_>, g: Object, step: R<Step>) -> R {
    let stop = match step {
        Ok(Step::Yielded(v)) => match wrapped(v) {
            None => return Ok(v),
            Some(v) => {
                change(py, g, 0, flag::RUNNING);
                return Err(py.stop_iteration(v));
            }
        },
        Ok(Step::Returned(_)) => finished(py),
        Err(stop) => stop,
    };
    if py.pending_is(Exc::StopAsyncIteration) || py.pending_is(Exc::GeneratorExit) {
        change(py, g, flag::CLOSED, 0);
    }
    change(py, g, 0, flag::RUNNING);
    Err(stop)
}

/// The value in what the generator's own yield delivers.
fn wrapped(v: Value) -> Option<Value> {
    Object::from_value(v).filter(|o| o.shape() == shape::ASYNC_WRAPPED).map(|o| o.get(1))
}

fn finished(py: Py<'_>) -> Stop {
    match py.new_exception(Exc::StopAsyncIteration, &[]) {
        Ok(e) => py.throw(e),
        Err(stop) => stop,
    }
}

/// `r`; an error ends the awaitable.
fn ending(py: Py<'_>, a: Object, r: R) -> R {
    if r.is_err() {
        py.store(a, STATE, CLOSED);
    }
    r
}

fn send_step(py: Py<'_>, a: Object, sent: Value) -> R {
    let g = generator(a);
    let mut sent = sent;
    if a.get(STATE) == CLOSED {
        return reused(py, "__anext__()/asend()");
    }
    if a.get(STATE).is_empty() {
        if has(g, flag::RUNNING) {
            return py.err(Exc::RuntimeError, "anext(): asynchronous generator is already running");
        }
        if sent == Value::NONE {
            sent = a.get(ARGUMENT);
        }
        py.store(a, STATE, ITERATING);
    }
    change(py, g, flag::RUNNING, 0);
    let step = py.resume_generator(g, sent);
    ending(py, a, unwrapped(py, g, step))
}

fn send_throw(py: Py<'_>, args: Args<'_>) -> R {
    let a = this(args);
    if a.get(STATE) == CLOSED {
        return reused(py, "__anext__()/asend()");
    }
    let g = generator(a);
    if a.get(STATE).is_empty() {
        check_idle(py, a, "anext")?;
        py.store(a, STATE, ITERATING);
    }
    let step = thrown(py, args).and_then(|e| {
        change(py, g, flag::RUNNING, 0);
        py.throw_into_generator(g, e)
    });
    ending(py, a, unwrapped(py, g, step))
}

/// How `aclose` sees a step: a yield is an error, the end is what was wanted.
fn closing(py: Py<'_>, a: Object, step: R<Step>) -> R {
    let g = generator(a);
    let stop = match step {
        Ok(Step::Yielded(v)) if wrapped(v).is_none() => return Ok(v),
        Ok(Step::Yielded(_)) => {
            change(py, g, 0, flag::RUNNING);
            py.store(a, STATE, CLOSED);
            return py.err(Exc::RuntimeError, "async generator ignored GeneratorExit");
        }
        Ok(Step::Returned(_)) => finished(py),
        Err(stop) => stop,
    };
    change(py, g, 0, flag::RUNNING);
    py.store(a, STATE, CLOSED);
    if py.catch(Exc::StopAsyncIteration).is_some() || py.catch(Exc::GeneratorExit).is_some() {
        return Err(py.stop_iteration(Value::NONE));
    }
    Err(stop)
}

fn throw_step(py: Py<'_>, a: Object, sent: Value) -> R {
    let g = generator(a);
    let closes = a.get(ARGUMENT).is_empty();
    if a.get(STATE) == CLOSED {
        return reused(py, "aclose()/athrow()");
    }
    if state_of(g) == state::FINISHED {
        py.store(a, STATE, CLOSED);
        return Err(py.stop_iteration(Value::NONE));
    }
    let step = if a.get(STATE).is_empty() {
        check_idle(py, a, if closes { "aclose" } else { "athrow" })?;
        if has(g, flag::CLOSED) {
            py.store(a, STATE, CLOSED);
            return Err(finished(py));
        }
        if sent != Value::NONE {
            return py.err(Exc::RuntimeError, "can't send non-None value to a just-started coroutine");
        }
        py.store(a, STATE, ITERATING);
        change(py, g, flag::RUNNING, 0);
        let e = if closes {
            change(py, g, flag::CLOSED, 0);
            py.new_exception(Exc::GeneratorExit, &[])
        } else {
            let given = Object::of(a.get(ARGUMENT));
            py.with_arguments(4, |i| if i == 0 { g.value() } else { given.element(i - 1) }, |py, args| thrown(py, args))
        };
        e.and_then(|e| py.throw_into_generator(g, e))
    } else {
        py.resume_generator(g, sent)
    };
    if closes { closing(py, a, step) } else { ending(py, a, unwrapped(py, g, step)) }
}

fn throw_throw(py: Py<'_>, args: Args<'_>) -> R {
    let a = this(args);
    if a.get(STATE) == CLOSED {
        return reused(py, "aclose()/athrow()");
    }
    let (g, closes) = (generator(a), a.get(ARGUMENT).is_empty());
    if a.get(STATE).is_empty() {
        check_idle(py, a, if closes { "aclose" } else { "athrow" })?;
        py.store(a, STATE, ITERATING);
    }
    let step = thrown(py, args).and_then(|e| {
        change(py, g, flag::RUNNING, 0);
        py.throw_into_generator(g, e)
    });
    if closes { closing(py, a, step) } else { ending(py, a, unwrapped(py, g, step)) }
}
