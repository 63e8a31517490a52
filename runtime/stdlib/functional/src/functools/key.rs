//! `cmp_to_key`: keys that compare by a function of two.

use crate::support::make;
use python_objects::compare::CompareOp;
use python_objects::symbol::sym;
use python_objects::{Args, Native, Py, R, TypeSpec, Value};

static KEY: TypeSpec = TypeSpec::values("functools", "KeyWrapper", 2, METHODS, "");
/// Fields: the function, what is compared (EMPTY in what `cmp_to_key` returns).
static METHODS: &[Native] = &[
    Native::wrapper("__call__", "self, /, obj", call, "Call self as a function."),
    Native::getter("obj", object, "Value wrapped by a key function."),
    Native::setter("obj", set_object),
    Native::wrapper("__lt__", "self, value, /", |py, a| compare(py, a, CompareOp::Lt), "Return self<value."),
    Native::wrapper("__le__", "self, value, /", |py, a| compare(py, a, CompareOp::Le), "Return self<=value."),
    Native::wrapper("__eq__", "self, value, /", |py, a| compare(py, a, CompareOp::Eq), "Return self==value."),
    Native::wrapper("__ne__", "self, value, /", |py, a| compare(py, a, CompareOp::Ne), "Return self!=value."),
    Native::wrapper("__gt__", "self, value, /", |py, a| compare(py, a, CompareOp::Gt), "Return self>value."),
    Native::wrapper("__ge__", "self, value, /", |py, a| compare(py, a, CompareOp::Ge), "Return self>=value."),
];

/// Makes a key of a function and, if there is one, a value.
fn new(py: Py<'_>, f: Value, object: Value) -> R {
    let class = py.native_type(&KEY)?;
    if !py.class_defines(class, sym::HASH) {
        py.add_no_hash(class)?;
    }
    make(py, class.value(), &KEY, &[f, object])
}
pub(super) fn cmp_to_key(py: Py<'_>, args: Args<'_>) -> R {
    new(py, args.at(0), Value::EMPTY)
}
fn call(py: Py<'_>, args: Args<'_>) -> R {
    let o = py.native_self(args.at(0), &KEY)?;
    new(py, o.get(1), args.at(1))
}
fn object(py: Py<'_>, args: Args<'_>) -> R {
    let o = py.native_self(args.at(0), &KEY)?;
    match o.get(2) {
        v if v.is_empty() => {
            let name = py.intern("obj")?;
            Err(py.no_attribute(args.at(0), name))
        }
        v => Ok(v),
    }
}
fn set_object(py: Py<'_>, args: Args<'_>) -> R {
    let o = py.native_self(args.at(0), &KEY)?;
    py.store(o, 2, args.at(1));
    Ok(Value::NONE)
}
fn compare(py: Py<'_>, args: Args<'_>, op: CompareOp) -> R {
    let o = py.native_self(args.at(0), &KEY)?;
    let Some(other) = py.of_kind(args.at(1), KEY.kind) else {
        return py.type_error("other argument must be K instance");
    };
    let (x, y) = (o.get(2), other.get(2));
    if x.is_empty() || y.is_empty() {
        let name = py.intern("object")?;
        return Err(py.no_attribute(args.at(0), name));
    }
    let order = py.call(o.get(1), &[x, y])?;
    py.rich_compare(op, order, Value::int(0))
}
