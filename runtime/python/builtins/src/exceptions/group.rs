//! `BaseExceptionGroup` and `ExceptionGroup` (PEP 654).

use super::{first_non_exception, init_base, no_keywords, this};
use crate::types::function::read_only;
use python_objects::exception::word;
use python_objects::kind::{Kind, class as builtin};
use python_objects::native::Native;
use python_objects::{Args, Exc, Object, Py, R, Value, class, list, string, tuple};

const MESSAGE: usize = word::OWN;
const EXCEPTIONS: usize = word::OWN + 1;

static METHODS: &[Native] = &[
    Native::static_method("__new__", "cls, /, *args, **kwargs", new, "Create and return a new object."),
    Native::wrapper("__init__", "self, /, *args, **kwargs", init, "Initialize self."),
    Native::wrapper("__str__", "self, /", str, "Return str(self)."),
    Native::method("derive", "self, excs, /", derive, "A group with the same message and other exceptions."),
    Native::method("split", "self, matcher_value, /", split, "The groups of what matches and of what does not."),
    Native::method("subgroup", "self, matcher_value, /", subgroup, "The group of what matches."),
    Native::class_method("__class_getitem__", "cls, item, /", class_getitem, "See PEP 585"),
];
static FIELDS: &[Native] = &[
    Native::member("message", |_, a| Ok(this(a).get(MESSAGE)), "exception message"),
    Native::setter("message", read_only),
    Native::member("exceptions", |_, a| Ok(this(a).get(EXCEPTIONS)), "nested exceptions"),
    Native::setter("exceptions", read_only),
];

pub(super) fn install(py: Py<'_>) -> R<()> {
    let class = py.exception_class(Exc::BaseExceptionGroup);
    py.add_methods(class, METHODS)?;
    py.add_methods(class, FIELDS)
}

fn new(py: Py<'_>, args: Args<'_>) -> R {
    let mut class = py.class_argument(args.at(0), builtin::EXCEPTION)?;
    let given = Object::of(args.at(1));
    if given.length() != 2 {
        return py
            .type_error(&format!("BaseExceptionGroup.__new__() takes exactly 2 arguments ({} given)", given.length()));
    }
    let (message, members) = (given.element(0), given.element(1));
    if string::exact_or_payload(py, message).is_none() {
        return py.type_error(&format!(
            "BaseExceptionGroup.__new__() argument 1 must be str, not {}",
            py.class_name(message)
        ));
    }
    if py.special(members, python_objects::symbol::sym::GETITEM).is_none() || py.as_dict(members).is_some() {
        return py.type_error("second argument (exceptions) must be a sequence");
    }
    let members = py.tuple_from(members)?;
    if members.length() == 0 {
        return py.value_error("second argument (exceptions) must be a non-empty sequence");
    }
    if let Some(i) = first_non_exception(py, members) {
        return py.value_error(&format!("Item {i} of second argument (exceptions) is not an exception"));
    }
    let exception = py.exception_class(Exc::Exception);
    let has_base = tuple::items(members).any(|v| !py.is_instance(v, exception));
    let group = py.exception_class(Exc::ExceptionGroup);
    if class == py.exception_class(Exc::BaseExceptionGroup) {
        class = if has_base { class } else { group };
    } else if has_base && class == group {
        return py.type_error("Cannot nest BaseExceptions in an ExceptionGroup");
    } else if has_base && py.is_subclass(class, exception) {
        return py.type_error(&format!("Cannot nest BaseExceptions in '{}'", class::name(py, class)));
    }
    let e = py.alloc_instance(class)?;
    e.init(word::ARGS, given.value());
    e.init(MESSAGE, message);
    e.init(EXCEPTIONS, members.value());
    Ok(e.value())
}

fn init(py: Py<'_>, args: Args<'_>) -> R {
    no_keywords(py, args, 2)?;
    init_base(py, args);
    Ok(Value::NONE)
}

fn members(e: Object) -> Object {
    Object::of(e.get(EXCEPTIONS))
}

fn str(py: Py<'_>, args: Args<'_>) -> R {
    let e = this(args);
    let n = members(e).length();
    let s = if n == 1 { "" } else { "s" };
    py.str(&format!("{} ({n} sub-exception{s})", py.str_text(e.get(MESSAGE))?))
}

fn derive(py: Py<'_>, args: Args<'_>) -> R {
    let class = py.exception_class(Exc::BaseExceptionGroup).value();
    py.call(class, &[this(args).get(MESSAGE), args.at(1)])
}

fn class_getitem(py: Py<'_>, args: Args<'_>) -> R {
    py.generic_alias(args.at(0), args.at(1))
}

/// Does the exception match a class, a tuple of classes, or what a function says?
fn matches(py: Py<'_>, e: Value, matcher: Value) -> R<bool> {
    if py.kind(matcher) == Kind::FUNCTION {
        let r = py.call(matcher, &[e])?;
        return py.truth(r);
    }
    let class = py.class_of(e);
    let of = |c: Value| py.of_kind(c, Kind::TYPE).is_some_and(|c| py.is_subclass(class, c));
    Ok(match py.as_tuple(matcher) {
        Some(t) => tuple::items(t).any(of),
        None => of(matcher),
    })
}

fn check_matcher(py: Py<'_>, matcher: Value) -> R<()> {
    let valid = match py.as_tuple(matcher) {
        Some(t) => tuple::items(t).all(|c| py.is_exception_class(c)),
        None => py.is_exception_class(matcher) || py.kind(matcher) == Kind::FUNCTION,
    };
    if valid {
        return Ok(());
    }
    py.type_error("expected a function, exception type or tuple of exception types")
}

/// What matches and, if it is wanted, what does not: None for nothing.
fn divide(py: Py<'_>, e: Value, matcher: Value, wants_rest: bool) -> R<(Value, Value)> {
    py.check_native_stack()?;
    if matches(py, e, matcher)? {
        return Ok((e, Value::NONE));
    }
    let group = py.exception_class(Exc::BaseExceptionGroup);
    if !py.is_instance(e, group) {
        return Ok((Value::NONE, if wants_rest { e } else { Value::NONE }));
    }
    let (matched, rest) = (py.new_list(0)?, py.new_list(0)?);
    for v in tuple::items(members(Object::of(e))) {
        let (m, r) = divide(py, v, matcher, wants_rest)?;
        if m != Value::NONE {
            py.list_push(matched, m)?;
        }
        if r != Value::NONE {
            py.list_push(rest, r)?;
        }
    }
    let matched = subset(py, Object::of(e), matched)?;
    let rest = if wants_rest { subset(py, Object::of(e), rest)? } else { Value::NONE };
    Ok((matched, rest))
}

/// A group like `of` with these members; None without any.
fn subset(py: Py<'_>, of: Object, members: Object) -> R {
    if list::length(members) == 0 {
        return Ok(Value::NONE);
    }
    let name = py.intern("derive")?;
    let made = py.call_method(of.value(), name, &[members.value()])?;
    if !py.is_instance(made, py.exception_class(Exc::BaseExceptionGroup)) {
        return py.type_error("derive must return an instance of BaseExceptionGroup");
    }
    py.copy_metadata(of, Object::of(made))?;
    Ok(made)
}

fn split(py: Py<'_>, args: Args<'_>) -> R {
    check_matcher(py, args.at(1))?;
    let (matched, rest) = divide(py, args.at(0), args.at(1), true)?;
    py.tuple(&[matched, rest])
}

fn subgroup(py: Py<'_>, args: Args<'_>) -> R {
    check_matcher(py, args.at(1))?;
    Ok(divide(py, args.at(0), args.at(1), false)?.0)
}
