//! `cell`: a variable that functions share. Word 1 is its content, or EMPTY.

use python_objects::compare::CompareOp;
use python_objects::kind::{Kind, class as builtin, shape, special};
use python_objects::native::Native;
use python_objects::{Args, Object, Py, R, Value};

static METHODS: &[Native] = &[
    Native::static_method("__new__", "cls, contents=None, /", new, "Create and return a new object."),
    Native::wrapper("__repr__", "self, /", repr, "Return repr(self)."),
    Native::wrapper("__eq__", "self, value, /", |py, a| compare(py, CompareOp::Eq, a), "Return self==value."),
    Native::wrapper("__ne__", "self, value, /", |py, a| compare(py, CompareOp::Ne, a), "Return self!=value."),
    Native::wrapper("__lt__", "self, value, /", |py, a| compare(py, CompareOp::Lt, a), "Return self<value."),
    Native::wrapper("__le__", "self, value, /", |py, a| compare(py, CompareOp::Le, a), "Return self<=value."),
    Native::wrapper("__gt__", "self, value, /", |py, a| compare(py, CompareOp::Gt, a), "Return self>value."),
    Native::wrapper("__ge__", "self, value, /", |py, a| compare(py, CompareOp::Ge, a), "Return self>=value."),
    Native::getter("cell_contents", get_contents, ""),
    Native::setter("cell_contents", set_contents),
];

pub(crate) fn install(py: Py<'_>) -> R<()> {
    let class = py.builtin_class(builtin::CELL);
    py.add_methods(class, METHODS)?;
    py.add_no_hash(class)?;
    Ok(())
}

fn new(py: Py<'_>, args: Args<'_>) -> R {
    py.class_argument(args.at(0), builtin::CELL)?;
    Ok(py.new_object(shape::CELL, 2, &[args.opt(1).unwrap_or(Value::EMPTY)])?.value())
}

fn repr(py: Py<'_>, args: Args<'_>) -> R {
    let mut out = Vec::new();
    py.native_repr_into(args.at(0), &mut out)?;
    Ok(py.str_from_wtf8(&out)?.value())
}

/// By content; an empty cell comes first.
fn compare(py: Py<'_>, op: CompareOp, args: Args<'_>) -> R {
    let Some(other) = py.of_kind(args.at(1), Kind::CELL) else { return Ok(special::NOT_IMPLEMENTED) };
    let (a, b) = (Object::of(args.at(0)).get(1), other.get(1));
    if a.is_empty() || b.is_empty() {
        return Ok(Value::bool(op.holds((!a.is_empty()).cmp(&!b.is_empty()))));
    }
    py.rich_compare(op, a, b)
}

fn get_contents(py: Py<'_>, args: Args<'_>) -> R {
    match Object::of(args.at(0)).get(1) {
        v if v.is_empty() => py.value_error("Cell is empty"),
        v => Ok(v),
    }
}

fn set_contents(py: Py<'_>, args: Args<'_>) -> R {
    py.store(Object::of(args.at(0)), 1, args.at(1));
    Ok(Value::NONE)
}
