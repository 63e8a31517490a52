//! `mappingproxy`: a read-only view of a mapping. Word 1 is the mapping.

use crate::wrappers::{self, this};
use python_objects::compare::CompareOp;
use python_objects::kind::{class, shape};
use python_objects::operator::BinaryOp;
use python_objects::symbol::sym;
use python_objects::{Args, Kind, Native, Py, R, Value};

fn mapping_of(py: Py<'_>, args: Args<'_>) -> R {
    Ok(this(py, args, Kind::MAPPINGPROXY)?.get(1))
}
/// What the proxy stands for; other values stand for themselves.
fn behind(py: Py<'_>, v: Value) -> Value {
    py.of_kind(v, Kind::MAPPINGPROXY).map_or(v, |p| p.get(1))
}

fn new(py: Py<'_>, args: Args<'_>) -> R {
    wrappers::new_class(py, args.at(0), class::MAPPINGPROXY)?;
    let mapping = args.at(1);
    let refused = [Kind::LIST, Kind::TUPLE].contains(&py.kind(mapping));
    if refused || py.special(mapping, sym::GETITEM).is_none() {
        let given = py.class_name(mapping);
        return py.type_error(&format!("mappingproxy() argument must be a mapping, not {given}"));
    }
    Ok(py.new_object(shape::MAPPINGPROXY, 2, &[mapping])?.value())
}
fn getitem(py: Py<'_>, args: Args<'_>) -> R {
    py.get_item(mapping_of(py, args)?, args.at(1))
}
fn contains(py: Py<'_>, args: Args<'_>) -> R {
    py.contains(mapping_of(py, args)?, args.at(1)).map(Value::bool)
}
fn len(py: Py<'_>, args: Args<'_>) -> R {
    let n = py.length(mapping_of(py, args)?)?;
    py.int_usize(n)
}
fn iter(py: Py<'_>, args: Args<'_>) -> R {
    py.iter(mapping_of(py, args)?)
}
fn hash(py: Py<'_>, args: Args<'_>) -> R {
    let h = py.hash(mapping_of(py, args)?)?;
    py.int(h)
}
fn str(py: Py<'_>, args: Args<'_>) -> R {
    Ok(py.str_of(mapping_of(py, args)?)?.value())
}
fn reversed(py: Py<'_>, args: Args<'_>) -> R {
    py.call_method(mapping_of(py, args)?, sym::REVERSED, &[])
}
fn get(py: Py<'_>, args: Args<'_>) -> R {
    let default = args.opt(2).unwrap_or(Value::NONE);
    py.call_method(mapping_of(py, args)?, sym::GET_METHOD, &[args.at(1), default])
}
fn keys(py: Py<'_>, args: Args<'_>) -> R {
    py.call_method(mapping_of(py, args)?, sym::KEYS, &[])
}
fn values(py: Py<'_>, args: Args<'_>) -> R {
    py.call_method(mapping_of(py, args)?, sym::VALUES, &[])
}
fn items(py: Py<'_>, args: Args<'_>) -> R {
    py.call_method(mapping_of(py, args)?, sym::ITEMS, &[])
}
fn copy(py: Py<'_>, args: Args<'_>) -> R {
    py.call_method(mapping_of(py, args)?, sym::COPY, &[])
}
fn or(py: Py<'_>, args: Args<'_>) -> R {
    py.binary(BinaryOp::Or, behind(py, args.at(0)), behind(py, args.at(1)))
}
fn ror(py: Py<'_>, args: Args<'_>) -> R {
    py.binary(BinaryOp::Or, behind(py, args.at(1)), behind(py, args.at(0)))
}
fn ior(py: Py<'_>, args: Args<'_>) -> R {
    mapping_of(py, args)?;
    py.type_error("'|=' is not supported by mappingproxy; use '|' instead")
}
fn compare(py: Py<'_>, op: CompareOp, args: Args<'_>) -> R {
    py.rich_compare(op, mapping_of(py, args)?, args.at(1))
}

static COMPARISONS: &[Native] = wrappers::comparison_methods!(compare);
static METHODS: &[Native] = &[
    Native::static_method("__new__", "cls, mapping", new, "Create and return a new object."),
    Native::wrapper("__getitem__", "self, key, /", getitem, "Return self[key]."),
    Native::wrapper("__contains__", "self, key, /", contains, "Return bool(key in self)."),
    Native::wrapper("__len__", "self, /", len, "Return len(self)."),
    Native::wrapper("__iter__", "self, /", iter, "Implement iter(self)."),
    Native::wrapper("__hash__", "self, /", hash, "Return hash(self)."),
    Native::wrapper("__str__", "self, /", str, "Return str(self)."),
    Native::wrapper("__or__", "self, value, /", or, "Return self|value."),
    Native::wrapper("__ror__", "self, value, /", ror, "Return value|self."),
    Native::wrapper("__ior__", "self, value, /", ior, "Return self|=value."),
    Native::method("__reversed__", "self, /", reversed, "Return a reverse iterator over the mapping's keys."),
    Native::method("get", "self, key, default=None, /", get, "Return the value for key, or the default."),
    Native::method("keys", "self, /", keys, "A set-like view on the mapping's keys."),
    Native::method("values", "self, /", values, "A view on the mapping's values."),
    Native::method("items", "self, /", items, "A set-like view on the mapping's items."),
    Native::method("copy", "self, /", copy, "A shallow copy of the mapping."),
];

pub(crate) fn install(py: Py<'_>) -> R<()> {
    wrappers::add(py, class::MAPPINGPROXY, &[METHODS, COMPARISONS, wrappers::REPR, wrappers::CLASS_GETITEM])?;
    wrappers::document(py, class::MAPPINGPROXY, "Read-only proxy of a mapping.")
}
