//! `typing.TypeAliasType`.

use super::{calling_module, field, module_of, name_argument};
use crate::types::union::union;
use python_objects::kind::{class as builtin, shape};
use python_objects::type_parameter::alias;
use python_objects::{Args, Native, Object, Py, R, Value};

static METHODS: &[Native] = &[
    Native::static_method("__new__", "cls, name, value, *, type_params=()", new, "Create and return a new object."),
    Native::wrapper("__repr__", "self, /", |_, args| Ok(field(args, alias::NAME)), "Return repr(self)."),
    Native::wrapper("__or__", "self, value, /", |py, a| union(py, a.at(0), a.at(1)), "Return self|value."),
    Native::wrapper("__ror__", "self, value, /", |py, a| union(py, a.at(1), a.at(0)), "Return value|self."),
    Native::wrapper("__getitem__", "self, key, /", get_item, "Return self[key]."),
    Native::method("__reduce__", "self, /", |_, args| Ok(field(args, alias::NAME)), ""),
    Native::member("__name__", |_, args| Ok(field(args, alias::NAME)), ""),
    Native::getter("__parameters__", parameters, ""),
    Native::getter("__type_params__", |py, args| Ok(type_params(py, args)), ""),
    Native::getter("__value__", value, ""),
    Native::getter("__module__", module, ""),
];

pub(super) fn install(py: Py<'_>) -> R<()> {
    py.add_methods(py.builtin_class(builtin::TYPE_ALIAS), METHODS)
}

fn new(py: Py<'_>, args: Args<'_>) -> R {
    py.class_argument(args.at(0), builtin::TYPE_ALIAS)?;
    let name = name_argument(py, "typealias", args.at(1))?;
    let parameters = match args.opt(3) {
        None => Value::EMPTY,
        Some(v) => match py.as_tuple(v) {
            Some(t) if t.length() == 0 => Value::EMPTY,
            Some(_) => v,
            None => return py.type_error("type_params must be a tuple"),
        },
    };
    let module = calling_module(py);
    let fields = [name, parameters, Value::EMPTY, args.at(2), module];
    Ok(py.new_object(shape::TYPE_ALIAS, alias::WORDS, &fields)?.value())
}
fn type_params(py: Py<'_>, args: Args<'_>) -> Value {
    // The opcode leaves None where there are none.
    match field(args, alias::TYPE_PARAMS) {
        v if v.is_empty() || v == Value::NONE => py.empty_tuple(),
        v => v,
    }
}
fn get_item(py: Py<'_>, args: Args<'_>) -> R {
    if py.as_tuple(type_params(py, args)).is_none_or(|t| t.length() == 0) {
        return py.type_error("Only generic type aliases are subscriptable");
    }
    py.generic_alias(args.at(0), args.at(1))
}
/// The type parameters, of which those that stand for several are unpacked.
fn parameters(py: Py<'_>, args: Args<'_>) -> R {
    let all = type_params(py, args);
    match py.as_tuple(all) {
        Some(t) => py.unpacked_type_parameters(t),
        None => Ok(all),
    }
}
fn value(py: Py<'_>, args: Args<'_>) -> R {
    if field(args, alias::VALUE).is_empty() {
        let v = py.call(field(args, alias::COMPUTE), &[])?;
        py.store(Object::of(args.at(0)), alias::VALUE, v);
    }
    Ok(field(args, alias::VALUE))
}
fn module(py: Py<'_>, args: Args<'_>) -> R {
    let own = field(args, alias::MODULE);
    let v = if own.is_empty() { module_of(py, field(args, alias::COMPUTE)) } else { own };
    Ok(if v.is_empty() { Value::NONE } else { v })
}
