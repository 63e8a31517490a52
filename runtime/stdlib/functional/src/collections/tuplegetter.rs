//! `_tuplegetter`: the descriptor of a named tuple's field.

use crate::support::{class_value, make};
use python_objects::{Args, Exc, Native, Object, Py, R, TypeSpec, Value};

pub(super) static TUPLEGETTER: TypeSpec = TypeSpec::values("_collections", "_tuplegetter", 2, METHODS, "");
/// Fields: index, documentation.
static METHODS: &[Native] = &[
    Native::static_method("__new__", "cls, index, doc, /", new, "Create and return a new object."),
    Native::wrapper(
        "__get__",
        "self, instance, owner=None, /",
        get,
        "Return an attribute of instance, which is of type owner.",
    ),
    Native::wrapper("__set__", "self, instance, value, /", set, "Set an attribute of instance to value."),
    Native::wrapper("__delete__", "self, instance, /", delete, "Delete an attribute of instance."),
    Native::wrapper("__repr__", "self, /", repr, "Return repr(self)."),
    Native::method("__reduce__", "self, /", reduce, ""),
    Native::getter("__doc__", doc, ""),
    Native::setter("__doc__", set_doc),
];

fn new(py: Py<'_>, args: Args<'_>) -> R {
    let i = py.index_i64(args.at(1))?;
    let i = py.int(i)?;
    make(py, args.at(0), &TUPLEGETTER, &[i, args.at(2)])
}
fn this(py: Py<'_>, args: Args<'_>) -> R<Object> {
    py.native_self(args.at(0), &TUPLEGETTER)
}
fn get(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    let index = python_objects::int::to_i64(o.get(1)).unwrap_or(-1);
    match py.as_tuple(args.at(1)) {
        Some(t) => match usize::try_from(index).ok().filter(|i| *i < t.length()) {
            Some(i) => Ok(t.element(i)),
            None => py.err(Exc::IndexError, "tuple index out of range"),
        },
        None if args.at(1) == Value::NONE => Ok(o.value()),
        None => py.type_error(&format!(
            "descriptor for index '{index}' for tuple subclasses doesn't apply to '{}' object",
            py.class_name(args.at(1))
        )),
    }
}
fn set(py: Py<'_>, _: Args<'_>) -> R {
    py.err(Exc::AttributeError, "can't set attribute")
}
fn delete(py: Py<'_>, _: Args<'_>) -> R {
    py.err(Exc::AttributeError, "can't delete attribute")
}
fn repr(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    let (index, doc) = (py.repr_text(o.get(1))?, py.repr_text(o.get(2))?);
    py.str(&format!("_tuplegetter({index}, {doc})"))
}
fn reduce(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    let arguments = py.tuple(&[o.get(1), o.get(2)])?;
    py.tuple(&[class_value(py, o), arguments])
}
fn doc(py: Py<'_>, args: Args<'_>) -> R {
    Ok(crate::functools::or_none(this(py, args)?.get(2)))
}
fn set_doc(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    py.store(o, 2, args.at(1));
    Ok(Value::NONE)
}
