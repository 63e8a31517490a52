//! `typing.Generic`: a base without a layout of its own, whose two hooks are functions of `typing`.

use super::typing_attribute;
use python_objects::kind::class as builtin;
use python_objects::{Args, Native, Object, Py, R, TypeSpec, Value};

static GENERIC: TypeSpec = TypeSpec::values(
    "typing",
    "Generic",
    0,
    &[
        Native::class_method(
            "__class_getitem__",
            "cls, /, *args, **kwargs",
            get_item,
            "Parameterizes a generic class.",
        ),
        Native::class_method(
            "__init_subclass__",
            "cls, /, *args, **kwargs",
            init_subclass,
            "Finds out which type parameters a new generic class has.",
        ),
    ],
    "Base of classes with type parameters.\n\nInheriting from Generic[T] is what `class C[T]` does by itself.",
);

/// The class, made at the first call. Programs may change it, as any class of theirs.
pub(super) fn class(py: Py<'_>) -> R<Object> {
    let (class, _) = py.native_subclass(&GENERIC, builtin::OBJECT, 0)?;
    python_objects::class::add_flags(class, python_objects::class::flag::HEAP);
    Ok(class)
}

fn forward(py: Py<'_>, name: &str, args: Args<'_>) -> R {
    let f = typing_attribute(py, name)?;
    let first = Object::of(py.tuple(&[args.at(0)])?);
    let all = py.concat_tuples(first, Object::of(args.at(1)))?;
    py.call_tuple(f, Object::of(all), args.at(2))
}
fn get_item(py: Py<'_>, args: Args<'_>) -> R {
    forward(py, "_generic_class_getitem", args)
}
fn init_subclass(py: Py<'_>, args: Args<'_>) -> R {
    forward(py, "_generic_init_subclass", args)?;
    Ok(Value::NONE)
}
