//! `BaseException`.

use super::{arguments, init_base, no_keywords, or_none, reduced, this};
use python_objects::class_new::{instance_dict, set_instance_dict};
use python_objects::exception::word;
use python_objects::kind::{Kind, class as builtin};
use python_objects::native::Native;
use python_objects::symbol::sym;
use python_objects::{Args, Py, R, Value, dict, string};

static METHODS: &[Native] = &[
    Native::static_method("__new__", "cls, /, *args, **kwargs", new, "Create and return a new object.")
        .only_keeping_arguments(),
    Native::wrapper("__init__", "self, /, *args, **kwargs", init, "Initialize self.").only_keeping_arguments(),
    Native::wrapper("__repr__", "self, /", repr, "Return repr(self)."),
    Native::wrapper("__str__", "self, /", str, "Return str(self)."),
    Native::method("__reduce__", "self, /", reduce, ""),
    Native::method("__setstate__", "self, state, /", setstate, ""),
    Native::method("with_traceback", "self, tb, /", with_traceback, "Set self.__traceback__ to tb and return self."),
    Native::method("add_note", "self, note, /", add_note, "Add a note to the exception"),
    Native::getter("args", |_, a| Ok(arguments(this(a)).value()), ""),
    Native::setter("args", set_args),
    Native::getter("__cause__", |_, a| Ok(or_none(this(a).get(word::CAUSE))), "exception cause"),
    Native::setter("__cause__", set_cause),
    Native::getter("__context__", |_, a| Ok(or_none(this(a).get(word::CONTEXT))), "exception context"),
    Native::setter("__context__", set_context),
    Native::getter("__traceback__", |_, a| Ok(or_none(this(a).get(word::TRACEBACK))), ""),
    Native::setter("__traceback__", set_traceback),
    Native::member("__suppress_context__", |_, a| Ok(Value::bool(this(a).get(word::SUPPRESS) == Value::TRUE)), ""),
    Native::setter("__suppress_context__", set_suppress),
    Native::getter("__dict__", instance_dict, ""),
    Native::setter("__dict__", set_dict),
];

pub(super) fn install(py: Py<'_>) -> R<()> {
    py.add_methods(py.builtin_class(builtin::EXCEPTION), METHODS)
}

pub(super) fn new(py: Py<'_>, args: Args<'_>) -> R {
    let class = py.class_argument(args.at(0), builtin::EXCEPTION)?;
    let e = py.alloc_instance(class)?;
    e.init(word::ARGS, args.at(1));
    Ok(e.value())
}

pub(super) fn init(py: Py<'_>, args: Args<'_>) -> R {
    no_keywords(py, args, 2)?;
    init_base(py, args);
    Ok(Value::NONE)
}

fn repr(py: Py<'_>, args: Args<'_>) -> R {
    let mut out = Vec::new();
    py.check_native_stack()?;
    py.native_repr_into(args.at(0), &mut out)?;
    Ok(py.str_from_wtf8(&out)?.value())
}

fn str(py: Py<'_>, args: Args<'_>) -> R {
    Ok(py.exception_str(this(args))?.value())
}

fn reduce(py: Py<'_>, args: Args<'_>) -> R {
    let e = this(args);
    let state = py.filled_dict(e)?.map_or(Value::NONE, |d| d.value());
    reduced(py, e, arguments(e).value(), state)
}

fn setstate(py: Py<'_>, args: Args<'_>) -> R {
    if args.at(1) == Value::NONE {
        return Ok(Value::NONE);
    }
    let Some(d) = py.as_dict(args.at(1)) else { return py.type_error("state is not a dictionary") };
    let d = py.dict_copy(d)?;
    let mut i = 0;
    while let Some((at, key, value)) = dict::next_entry(d, i) {
        i = at + 1;
        let name = crate::object::attribute_name(py, key)?;
        py.set_attribute(args.at(0), name, Some(value))?;
    }
    Ok(Value::NONE)
}

fn with_traceback(py: Py<'_>, args: Args<'_>) -> R {
    set_traceback(py, args)?;
    Ok(args.at(0))
}

fn add_note(py: Py<'_>, args: Args<'_>) -> R {
    let Some(note) = string::exact_or_payload(py, args.at(1)) else {
        return py.type_error(&format!("note must be a str, not '{}'", py.class_name(args.at(1))));
    };
    let notes = match py.get_optional(args.at(0), sym::NOTES)? {
        Some(notes) => notes,
        None => {
            let notes = py.new_list(1)?.value();
            py.set_attribute(args.at(0), sym::NOTES, Some(notes))?;
            notes
        }
    };
    let Some(l) = py.as_list(notes) else { return py.type_error("Cannot add note: __notes__ is not a list") };
    py.list_push(l, note.value())?;
    Ok(Value::NONE)
}

fn set_args(py: Py<'_>, args: Args<'_>) -> R {
    let Some(v) = args.opt(1) else { return py.type_error("args may not be deleted") };
    let t = py.tuple_from(v)?;
    py.store(this(args), word::ARGS, t.value());
    Ok(Value::NONE)
}

/// An exception, or EMPTY for None; TypeError for others.
fn exception_or_none(py: Py<'_>, args: Args<'_>, what: &str) -> R {
    match args.opt(1) {
        None => py.type_error(&format!("__{what}__ may not be deleted")),
        Some(v) if v == Value::NONE => Ok(Value::EMPTY),
        Some(v) if py.is_exception(v) => Ok(v),
        Some(_) => py.type_error(&format!("exception {what} must be None or derive from BaseException")),
    }
}

fn set_cause(py: Py<'_>, args: Args<'_>) -> R {
    let cause = exception_or_none(py, args, "cause")?;
    py.store(this(args), word::CAUSE, cause);
    py.store(this(args), word::SUPPRESS, Value::TRUE);
    Ok(Value::NONE)
}

fn set_context(py: Py<'_>, args: Args<'_>) -> R {
    let context = exception_or_none(py, args, "context")?;
    py.store(this(args), word::CONTEXT, context);
    Ok(Value::NONE)
}

fn set_traceback(py: Py<'_>, args: Args<'_>) -> R {
    let new = match args.opt(1) {
        None => return py.type_error("__traceback__ may not be deleted"),
        Some(v) if v == Value::NONE => Value::EMPTY,
        Some(v) if py.kind(v) == Kind::TRACEBACK => v,
        Some(_) => return py.type_error("__traceback__ must be a traceback or None"),
    };
    py.store(this(args), word::TRACEBACK, new);
    Ok(Value::NONE)
}

fn set_suppress(py: Py<'_>, args: Args<'_>) -> R {
    match args.opt(1) {
        None => py.type_error("can't delete numeric/char attribute"),
        Some(v) if v.is_bool() => {
            py.store(this(args), word::SUPPRESS, v);
            Ok(Value::NONE)
        }
        Some(_) => py.type_error("attribute value type must be bool"),
    }
}

fn set_dict(py: Py<'_>, args: Args<'_>) -> R {
    if args.opt(1).is_none() {
        return py.type_error("cannot delete __dict__");
    }
    set_instance_dict(py, args)
}
