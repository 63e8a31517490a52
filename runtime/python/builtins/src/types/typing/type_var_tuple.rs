//! `typing.TypeVarTuple`.

use super::{call_typing, field, name_argument, no_base, set_module, unpack};
use python_objects::kind::{class as builtin, shape};
use python_objects::type_parameter::word;
use python_objects::{Args, Native, Py, R};

static METHODS: &[Native] = &[
    Native::static_method("__new__", "cls, name", new, "Create and return a new object."),
    Native::wrapper("__repr__", "self, /", |_, args| Ok(field(args, word::NAME)), "Return repr(self)."),
    Native::wrapper("__iter__", "self, /", iter, "Implement iter(self)."),
    Native::method("__typing_subst__", "self, arg", subst, ""),
    Native::method("__typing_prepare_subst__", "self, alias, args", prepare_subst, ""),
    Native::method("__reduce__", "self, /", |_, args| Ok(field(args, word::NAME)), ""),
    Native::method("__mro_entries__", "self, bases, /", no_base, ""),
    Native::member("__name__", |_, args| Ok(field(args, word::NAME)), ""),
];

pub(super) fn install(py: Py<'_>) -> R<()> {
    py.add_methods(py.builtin_class(builtin::TYPE_VAR_TUPLE), METHODS)
}

fn new(py: Py<'_>, args: Args<'_>) -> R {
    py.class_argument(args.at(0), builtin::TYPE_VAR_TUPLE)?;
    let name = name_argument(py, "typevartuple", args.at(1))?;
    let o = py.new_type_parameter(shape::TYPE_VAR_TUPLE, name)?;
    set_module(py, o)?;
    Ok(o.value())
}
/// One item: `Unpack[self]`, for `*Ts`.
fn iter(py: Py<'_>, args: Args<'_>) -> R {
    let unpacked = unpack(py, args.at(0))?;
    let t = py.tuple(&[unpacked])?;
    py.iter(t)
}
fn subst(py: Py<'_>, _: Args<'_>) -> R {
    py.type_error("Substitution of bare TypeVarTuple is not supported")
}
fn prepare_subst(py: Py<'_>, args: Args<'_>) -> R {
    call_typing(py, "_typevartuple_prepare_subst", &[args.at(0), args.at(1), args.at(2)])
}
