//! Functions that ask about objects: attributes, classes, identity, names.

use crate::object::attribute_name;
use python_objects::kind::shape;
use python_objects::native::Intrinsic;
use python_objects::native::Native;
use python_objects::symbol::sym;
use python_objects::{Args, Exc, Object, Py, R, Value};

static FUNCTIONS: &[Native] = &[
    Native::function("getattr", "object, name, default=None, /", getattr, "Get a named attribute from an object."),
    Native::function("setattr", "obj, name, value, /", setattr, "Sets the named attribute on the given object."),
    Native::function("delattr", "obj, name, /", delattr, "Deletes the named attribute from the given object."),
    Native::function("hasattr", "obj, name, /", hasattr, "Return whether the object has an attribute of that name."),
    Native::function("isinstance", "obj, class_or_tuple, /", isinstance, "Is obj an instance of a class?")
        .in_place(Intrinsic::IsInstance),
    Native::function("issubclass", "cls, class_or_tuple, /", issubclass, "Is cls derived from another class?"),
    Native::function("callable", "obj, /", callable, "Return whether the object can be called."),
    Native::function("id", "obj, /", id, "Return the identity of an object."),
    Native::function("vars", "object=None, /", vars, "The __dict__ of an object, or the local variables."),
    Native::function("dir", "object=None, /", dir, "Names of an object's attributes, or in the current scope."),
    Native::function("globals", "", globals, "The dictionary of the current scope's global variables."),
];

pub(crate) fn install(py: Py<'_>) -> R<()> {
    super::add(py, FUNCTIONS)
}

fn getattr(py: Py<'_>, args: Args<'_>) -> R {
    let (v, name) = (args.at(0), attribute_name(py, args.at(1))?);
    let Some(default) = args.opt(2) else { return py.get_attribute(v, name) };
    let r = py.find_attribute(v, name);
    Ok(py.caught(r, Exc::AttributeError)?.flatten().unwrap_or(default))
}

fn setattr(py: Py<'_>, args: Args<'_>) -> R {
    let name = attribute_name(py, args.at(1))?;
    py.set_attribute(args.at(0), name, Some(args.at(2)))?;
    Ok(Value::NONE)
}

fn delattr(py: Py<'_>, args: Args<'_>) -> R {
    let name = attribute_name(py, args.at(1))?;
    py.set_attribute(args.at(0), name, None)?;
    Ok(Value::NONE)
}

fn hasattr(py: Py<'_>, args: Args<'_>) -> R {
    let (v, name) = (args.at(0), attribute_name(py, args.at(1))?);
    let r = py.find_attribute(v, name);
    Ok(Value::bool(py.caught(r, Exc::AttributeError)?.flatten().is_some()))
}

fn isinstance(py: Py<'_>, args: Args<'_>) -> R {
    Ok(Value::bool(py.isinstance(args.at(0), args.at(1))?))
}

fn issubclass(py: Py<'_>, args: Args<'_>) -> R {
    Ok(Value::bool(py.issubclass(args.at(0), args.at(1))?))
}

fn callable(py: Py<'_>, args: Args<'_>) -> R {
    Ok(Value::bool(py.is_callable(args.at(0))))
}

fn id(py: Py<'_>, args: Args<'_>) -> R {
    py.int_u64(py.identity(args.at(0)))
}

fn vars(py: Py<'_>, args: Args<'_>) -> R {
    let Some(v) = args.opt(0) else { return super::scope::locals(py) };
    match py.get_optional(v, sym::DICT)? {
        Some(d) => Ok(d),
        None => py.type_error("vars() argument must have __dict__ attribute"),
    }
}

fn dir(py: Py<'_>, args: Args<'_>) -> R {
    let Some(v) = args.opt(0) else {
        let names = super::scope::locals(py)?;
        let is_plain = Object::from_value(names).is_some_and(|d| d.shape() == shape::DICT);
        let names = match is_plain {
            true => names,
            false => py.call_method(names, sym::KEYS, &[])?,
        };
        return sorted(py, names);
    };
    match py.call_special(v, sym::DIR, &[])? {
        Some(names) => sorted(py, names),
        None => py.type_error("object does not provide __dir__"),
    }
}

fn sorted(py: Py<'_>, names: Value) -> R {
    let names = py.list_from(names)?;
    crate::containers::sort::sort(py, names, None, false)?;
    Ok(names.value())
}

fn globals(py: Py<'_>, _: Args<'_>) -> R {
    match py.running_globals() {
        Some(d) => Ok(d.value()),
        None => Ok(Value::NONE),
    }
}
