//! `typing.ParamSpec`, and the types of its `args` and `kwargs`.

use super::{call_typing, checked_type, field, flag, name_argument, no_base, or, refuse_both, ror, set_module};
use super::{truth, variance_repr};
use python_objects::compare::CompareOp;
use python_objects::kind::{class as builtin, shape, special};
use python_objects::symbol::sym;
use python_objects::type_parameter::word;
use python_objects::{Args, Native, Object, Py, R, TypeSpec, Value, string};

static METHODS: &[Native] = &[
    Native::static_method(
        "__new__",
        "cls, name, *, bound=None, covariant=False, contravariant=False, infer_variance=False",
        new,
        "Create and return a new object.",
    ),
    Native::wrapper("__repr__", "self, /", variance_repr, "Return repr(self)."),
    Native::wrapper("__or__", "self, value, /", or, "Return self|value."),
    Native::wrapper("__ror__", "self, value, /", ror, "Return value|self."),
    Native::method("__typing_subst__", "self, arg", subst, ""),
    Native::method("__typing_prepare_subst__", "self, alias, args", prepare_subst, ""),
    Native::method("__reduce__", "self, /", |_, args| Ok(field(args, word::NAME)), ""),
    Native::method("__mro_entries__", "self, bases, /", no_base, ""),
    Native::member("__name__", |_, args| Ok(field(args, word::NAME)), ""),
    Native::member("__bound__", bound, ""),
    Native::member("__covariant__", |_, args| Ok(flag(args, word::COVARIANT)), ""),
    Native::member("__contravariant__", |_, args| Ok(flag(args, word::CONTRAVARIANT)), ""),
    Native::member("__infer_variance__", infer_variance, ""),
    Native::getter("args", |py, args| part(py, args.at(0), &ARGS), "The positional arguments."),
    Native::getter("kwargs", |py, args| part(py, args.at(0), &KWARGS), "The keyword arguments."),
];
pub(super) static ARGS: TypeSpec = TypeSpec::values(
    "typing",
    "ParamSpecArgs",
    1,
    &[
        Native::static_method(
            "__new__",
            "cls, origin",
            |py, a| part_new(py, a, &ARGS),
            "Create and return a new object.",
        ),
        Native::wrapper("__repr__", "self, /", |py, args| part_repr(py, args, b".args"), "Return repr(self)."),
    ],
    "The positional arguments that a ParamSpec stands for.",
)
.with_methods(PART)
.weakly_referenced();
pub(super) static KWARGS: TypeSpec = TypeSpec::values(
    "typing",
    "ParamSpecKwargs",
    1,
    &[
        Native::static_method(
            "__new__",
            "cls, origin",
            |py, a| part_new(py, a, &KWARGS),
            "Create and return a new object.",
        ),
        Native::wrapper("__repr__", "self, /", |py, args| part_repr(py, args, b".kwargs"), "Return repr(self)."),
    ],
    "The keyword arguments that a ParamSpec stands for.",
)
.with_methods(PART)
.weakly_referenced();
/// Word of the `ParamSpec` that they are a part of.
const ORIGIN: usize = 1;
static PART: &[Native] = &[
    Native::wrapper(
        "__eq__",
        "self, value, /",
        |py, args| part_compare(py, args, CompareOp::Eq),
        "Return self==value.",
    ),
    Native::wrapper(
        "__ne__",
        "self, value, /",
        |py, args| part_compare(py, args, CompareOp::Ne),
        "Return self!=value.",
    ),
    Native::method("__mro_entries__", "self, bases, /", no_base, ""),
    Native::member("__origin__", |_, args| Ok(field(args, ORIGIN)), ""),
];

pub(super) fn install(py: Py<'_>) -> R<()> {
    py.add_methods(py.builtin_class(builtin::PARAM_SPEC), METHODS)
}

/// Slots: class, name, bound, covariant, contravariant, infer_variance.
fn new(py: Py<'_>, args: Args<'_>) -> R {
    py.class_argument(args.at(0), builtin::PARAM_SPEC)?;
    let name = name_argument(py, "paramspec", args.at(1))?;
    let (covariant, contravariant) = (truth(py, args.opt(3))?, truth(py, args.opt(4))?);
    let infer = truth(py, args.opt(5))?;
    refuse_both(py, covariant, contravariant, infer)?;
    let bound = checked_type(py, args.opt(2).unwrap_or(Value::NONE), "Bound must be a type.")?;
    let o = py.new_type_parameter(shape::PARAM_SPEC, name)?;
    o.init(word::BOUND, bound);
    o.init(word::COVARIANT, Value::bool(covariant));
    o.init(word::CONTRAVARIANT, Value::bool(contravariant));
    o.init(word::INFER_VARIANCE, Value::bool(infer));
    set_module(py, o)?;
    Ok(o.value())
}
fn subst(py: Py<'_>, args: Args<'_>) -> R {
    call_typing(py, "_paramspec_subst", &[args.at(0), args.at(1)])
}
fn prepare_subst(py: Py<'_>, args: Args<'_>) -> R {
    call_typing(py, "_paramspec_prepare_subst", &[args.at(0), args.at(1), args.at(2)])
}
fn bound(_: Py<'_>, args: Args<'_>) -> R {
    let v = field(args, word::BOUND);
    Ok(if v.is_empty() { Value::NONE } else { v })
}
fn infer_variance(_: Py<'_>, args: Args<'_>) -> R {
    Ok(Value::bool(field(args, word::INFER_VARIANCE) != Value::FALSE))
}

fn part(py: Py<'_>, origin: Value, spec: &'static TypeSpec) -> R {
    let class = part_class(py, spec)?;
    let o = py.alloc_instance(class)?;
    o.init(ORIGIN, origin);
    Ok(o.value())
}
fn part_new(py: Py<'_>, args: Args<'_>, spec: &'static TypeSpec) -> R {
    let o = py.new_native_of(args.at(0), spec)?;
    o.init(ORIGIN, args.at(1));
    Ok(o.value())
}
fn part_repr(py: Py<'_>, args: Args<'_>, suffix: &[u8]) -> R {
    let (origin, mut out) = (field(args, ORIGIN), Vec::new());
    match Object::from_value(origin).filter(|o| o.shape() == shape::PARAM_SPEC) {
        Some(p) => string::push_wtf8(py.expect_str(p.get(word::NAME), "__name__")?, &mut out),
        None => {
            let _nesting = py.descend(" while getting the repr of an object")?;
            py.repr_into(origin, &mut out)?;
        }
    }
    out.extend_from_slice(suffix);
    Ok(py.str_from_wtf8(&out)?.value())
}
fn part_compare(py: Py<'_>, args: Args<'_>, op: CompareOp) -> R {
    let (this, other) = (Object::of(args.at(0)), args.at(1));
    match py.of_kind(other, py.object_kind(this)) {
        Some(other) => {
            let _nesting = py.descend(" in comparison")?;
            py.rich_compare(op, this.get(ORIGIN), other.get(ORIGIN))
        }
        None => Ok(special::NOT_IMPLEMENTED),
    }
}
/// The class of one of the parts. What compares by what it belongs to has no hash.
pub(super) fn part_class(py: Py<'_>, spec: &'static TypeSpec) -> R<Object> {
    let class = py.native_type(spec)?;
    if !py.class_defines(class, sym::HASH) {
        py.add_no_hash(class)?;
    }
    Ok(class)
}
