//! `typing.TypeVar`.

use super::{call_typing, checked_type, field, flag, name_argument, no_base, or, refuse_both, ror, set_module};
use super::{truth, variance_repr};
use python_objects::kind::{class as builtin, shape};
use python_objects::type_parameter::word;
use python_objects::{Args, Native, Object, Py, R, Value};

static METHODS: &[Native] = &[
    Native::static_method(
        "__new__",
        "cls, name, *constraints, bound=None, covariant=False, contravariant=False, infer_variance=False",
        new,
        "Create and return a new object.",
    ),
    Native::wrapper("__repr__", "self, /", variance_repr, "Return repr(self)."),
    Native::wrapper("__or__", "self, value, /", or, "Return self|value."),
    Native::wrapper("__ror__", "self, value, /", ror, "Return value|self."),
    Native::method("__typing_subst__", "self, arg", subst, ""),
    Native::method("__reduce__", "self, /", |_, args| Ok(field(args, word::NAME)), ""),
    Native::method("__mro_entries__", "self, bases, /", no_base, ""),
    Native::member("__name__", |_, args| Ok(field(args, word::NAME)), ""),
    Native::member("__covariant__", |_, args| Ok(flag(args, word::COVARIANT)), ""),
    Native::member("__contravariant__", |_, args| Ok(flag(args, word::CONTRAVARIANT)), ""),
    Native::member("__infer_variance__", infer_variance, ""),
    Native::getter("__bound__", bound, ""),
    Native::getter("__constraints__", constraints, ""),
];

pub(super) fn install(py: Py<'_>) -> R<()> {
    py.add_methods(py.builtin_class(builtin::TYPE_VAR), METHODS)
}

/// Slots: class, name, bound, covariant, contravariant, infer_variance, constraints.
fn new(py: Py<'_>, args: Args<'_>) -> R {
    py.class_argument(args.at(0), builtin::TYPE_VAR)?;
    let name = name_argument(py, "typevar", args.at(1))?;
    let (covariant, contravariant) = (truth(py, args.opt(3))?, truth(py, args.opt(4))?);
    let infer = truth(py, args.opt(5))?;
    refuse_both(py, covariant, contravariant, infer)?;
    let bound = match args.some(2) {
        Some(v) => checked_type(py, v, "Bound must be a type.")?,
        None => Value::EMPTY,
    };
    let constraints = Object::of(args.at(6));
    if constraints.length() == 1 {
        return py.type_error("A single constraint is not allowed");
    }
    if constraints.length() > 0 && !bound.is_empty() {
        return py.type_error("Constraints cannot be combined with bound=...");
    }
    let o = py.new_type_parameter(shape::TYPE_VAR, name)?;
    o.init(word::BOUND, bound);
    o.init(word::CONSTRAINTS, if constraints.length() > 0 { constraints.value() } else { Value::EMPTY });
    o.init(word::COVARIANT, Value::bool(covariant));
    o.init(word::CONTRAVARIANT, Value::bool(contravariant));
    o.init(word::INFER_VARIANCE, Value::bool(infer));
    set_module(py, o)?;
    Ok(o.value())
}
fn subst(py: Py<'_>, args: Args<'_>) -> R {
    call_typing(py, "_typevar_subst", &[args.at(0), args.at(1)])
}
fn infer_variance(_: Py<'_>, args: Args<'_>) -> R {
    Ok(Value::bool(field(args, word::INFER_VARIANCE) != Value::FALSE))
}
/// What is in a word, computed first if it must be; `otherwise` if there is nothing.
fn computed(py: Py<'_>, args: Args<'_>, value: usize, compute: usize, otherwise: Value) -> R {
    if field(args, value).is_empty() {
        let f = field(args, compute);
        if f.is_empty() {
            return Ok(otherwise);
        }
        let v = py.call(f, &[])?;
        py.store(Object::of(args.at(0)), value, v);
    }
    Ok(field(args, value))
}
fn bound(py: Py<'_>, args: Args<'_>) -> R {
    computed(py, args, word::BOUND, word::COMPUTE_BOUND, Value::NONE)
}
fn constraints(py: Py<'_>, args: Args<'_>) -> R {
    computed(py, args, word::CONSTRAINTS, word::COMPUTE_CONSTRAINTS, py.empty_tuple())
}
