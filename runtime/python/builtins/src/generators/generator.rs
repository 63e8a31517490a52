//! `generator`

use super::{
    del, get_code, get_delegate, get_frame, get_name, get_qualname, get_running, get_suspended, repr, set_name,
    set_qualname, this, thrown,
};
use python_objects::class::{add_flags, flag};
use python_objects::generator::Step;
use python_objects::kind::{class as builtin, special};
use python_objects::native::Native;
use python_objects::{Args, Py, R, Value};

static METHODS: &[Native] = &[
    Native::wrapper("__iter__", "self, /", |_, a| Ok(a.at(0)), "Implement iter(self)."),
    Native::wrapper("__next__", "self, /", next, "Implement next(self)."),
    Native::wrapper("__repr__", "self, /", repr, "Return repr(self)."),
    Native::wrapper("__del__", "self, /", del, "Called when the instance is about to be destroyed."),
    Native::method("send", "self, arg, /", send, "Resumes the generator: its yield evaluates to arg."),
    Native::method("throw", "self, typ, val=None, tb=None, /", throw, "Raises an exception at the generator's yield."),
    Native::method("close", "self, /", close, "Raises GeneratorExit at the generator's yield."),
    Native::getter("__name__", get_name, "name of the generator"),
    Native::setter("__name__", set_name),
    Native::getter("__qualname__", get_qualname, "qualified name of the generator"),
    Native::setter("__qualname__", set_qualname),
    Native::getter("gi_frame", get_frame, ""),
    Native::getter("gi_running", get_running, ""),
    Native::getter("gi_suspended", get_suspended, ""),
    Native::getter("gi_code", get_code, ""),
    Native::getter("gi_yieldfrom", get_delegate, "object being iterated by yield from, or None"),
];

pub(super) fn install(py: Py<'_>) -> R<()> {
    add_flags(py.builtin_class(builtin::GENERATOR), flag::FINALIZER);
    py.add_methods(py.builtin_class(builtin::GENERATOR), METHODS)
}

/// The end without a value stays the end of a native iterator.
fn next(py: Py<'_>, args: Args<'_>) -> R {
    match py.resume_generator(this(args), Value::NONE)? {
        Step::Returned(v) if v == Value::NONE => Ok(special::END),
        step => py.step_result(step),
    }
}

pub(super) fn send(py: Py<'_>, args: Args<'_>) -> R {
    let step = py.resume_generator(this(args), args.at(1))?;
    py.step_result(step)
}

pub(super) fn throw(py: Py<'_>, args: Args<'_>) -> R {
    let e = thrown(py, args)?;
    let step = py.throw_into_generator(this(args), e)?;
    py.step_result(step)
}

pub(super) fn close(py: Py<'_>, args: Args<'_>) -> R {
    py.close_generator(this(args))
}
