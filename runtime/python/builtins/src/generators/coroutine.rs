//! `coroutine`, and the iterator that its `__await__` gives. That one's word 1 is the coroutine.

use super::generator::{close, send, throw};
use super::{
    del, get_code, get_delegate, get_frame, get_name, get_qualname, get_running, get_suspended, repr, set_name,
    set_qualname, this, thrown,
};
use python_objects::class::{add_flags, flag};
use python_objects::generator::{Step, word};
use python_objects::kind::{class as builtin, shape, special};
use python_objects::native::Native;
use python_objects::{Args, Object, Py, R, Value};

static METHODS: &[Native] = &[
    Native::wrapper("__await__", "self, /", await_, "Return an iterator to be used in await expression."),
    Native::wrapper("__repr__", "self, /", repr, "Return repr(self)."),
    Native::wrapper("__del__", "self, /", del, "Called when the instance is about to be destroyed."),
    Native::method(
        "send",
        "self, arg, /",
        send,
        "Sends arg into coroutine and resumes it: what it awaits evaluates to arg.",
    ),
    Native::method(
        "throw",
        "self, typ, val=None, tb=None, /",
        throw,
        "Raises an exception in coroutine code, where it waits.",
    ),
    Native::method("close", "self, /", close, "Raises GeneratorExit inside coroutine code, where it waits."),
    Native::getter("__name__", get_name, "name of the coroutine"),
    Native::setter("__name__", set_name),
    Native::getter("__qualname__", get_qualname, "qualified name of the coroutine"),
    Native::setter("__qualname__", set_qualname),
    Native::getter("cr_frame", get_frame, ""),
    Native::getter("cr_running", get_running, ""),
    Native::getter("cr_suspended", get_suspended, ""),
    Native::getter("cr_code", get_code, ""),
    Native::getter("cr_await", get_delegate, "object being awaited on, or None"),
    Native::member("cr_origin", get_origin, ""),
];
static WRAPPER: &[Native] = &[
    Native::wrapper("__iter__", "self, /", |_, a| Ok(a.at(0)), "Implement iter(self)."),
    Native::wrapper("__next__", "self, /", wrapper_next, "Implement next(self)."),
    Native::method("send", "self, arg, /", wrapper_send, "Resumes the coroutine."),
    Native::method("throw", "self, typ, val=None, tb=None, /", wrapper_throw, "Raises an exception in the coroutine."),
    Native::method("close", "self, /", wrapper_close, "Raises GeneratorExit in the coroutine."),
];

pub(super) fn install(py: Py<'_>) -> R<()> {
    add_flags(py.builtin_class(builtin::COROUTINE), flag::FINALIZER);
    py.add_methods(py.builtin_class(builtin::COROUTINE), METHODS)?;
    py.add_methods(py.builtin_class(builtin::COROUTINE_WRAPPER), WRAPPER)
}

fn await_(py: Py<'_>, args: Args<'_>) -> R {
    Ok(py.new_object(shape::COROUTINE_WRAPPER, 2, &[args.at(0)])?.value())
}

fn get_origin(_: Py<'_>, args: Args<'_>) -> R {
    let v = this(args).get(word::EXTRA);
    Ok(if v.is_empty() { Value::NONE } else { v })
}

fn wrapped(args: Args<'_>) -> Object {
    Object::of(this(args).get(1))
}

fn wrapper_next(py: Py<'_>, args: Args<'_>) -> R {
    match py.resume_generator(wrapped(args), Value::NONE)? {
        Step::Returned(v) if v == Value::NONE => Ok(special::END),
        step => py.step_result(step),
    }
}

fn wrapper_send(py: Py<'_>, args: Args<'_>) -> R {
    let step = py.resume_generator(wrapped(args), args.at(1))?;
    py.step_result(step)
}

fn wrapper_throw(py: Py<'_>, args: Args<'_>) -> R {
    let e = thrown(py, args)?;
    let step = py.throw_into_generator(wrapped(args), e)?;
    py.step_result(step)
}

fn wrapper_close(py: Py<'_>, args: Args<'_>) -> R {
    py.close_generator(wrapped(args))
}
