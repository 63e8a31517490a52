//! `types.SimpleNamespace`. Word 1 is its dictionary, or EMPTY.

use python_objects::class_new::{instance_dict, set_instance_dict};
use python_objects::compare::CompareOp;
use python_objects::kind::{Kind, class as builtin, shape, special};
use python_objects::native::{Native, variadic};
use python_objects::{Args, Object, Py, R, Value, dict, string};

static METHODS: &[Native] = &[
    Native::static_method("__new__", "cls, /, *args, **kwargs", new, "Create and return a new object.")
        .ignoring_arguments(),
    Native::wrapper("__init__", "self, /, *args, **kwargs", init, "Initialize self."),
    Native::wrapper("__repr__", "self, /", repr, "Return repr(self)."),
    Native::wrapper("__eq__", "self, value, /", eq, "Return self==value."),
    Native::wrapper("__ne__", "self, value, /", ne, "Return self!=value."),
    Native::method("__reduce__", "self, /", reduce, "Return state information for pickling"),
    Native::member("__dict__", instance_dict, ""),
    Native::setter("__dict__", set_instance_dict),
];

pub(crate) fn install(py: Py<'_>) -> R<()> {
    let class = py.builtin_class(builtin::NAMESPACE);
    py.add_methods(class, METHODS)?;
    py.add_no_hash(class)?;
    Ok(())
}

fn new(py: Py<'_>, args: Args<'_>) -> R {
    let class = py.class_argument(args.at(0), builtin::NAMESPACE)?;
    Ok(py.alloc_instance(class)?.value())
}

fn content(py: Py<'_>, v: Value) -> R<Object> {
    match py.instance_dict(Object::of(v))? {
        Some(d) => Ok(d),
        None => py.new_dict(),
    }
}

fn init(py: Py<'_>, args: Args<'_>) -> R {
    if variadic(args, 1).len() > 0 {
        return py.type_error("no positional arguments expected");
    }
    if let Some(keywords) = Object::from_value(args.at(2)) {
        let d = content(py, args.at(0))?;
        py.dict_copy_into(d, keywords)?;
    }
    Ok(Value::NONE)
}

fn repr(py: Py<'_>, args: Args<'_>) -> R {
    let v = args.at(0);
    let name = if Object::of(v).shape() == shape::NAMESPACE { "namespace".to_owned() } else { py.class_name(v) };
    let mut out = Vec::new();
    py.nested(v, &mut out, format!("{name}(...)").as_bytes(), |py, out| {
        out.extend_from_slice(format!("{name}(").as_bytes());
        let d = content(py, v)?;
        let (mut i, mut first) = (0, true);
        while let Some((at, key, value)) = dict::next_entry(d, i) {
            i = at + 1;
            let Some(key) = string::exact_or_payload(py, key).filter(|k| string::length(*k) > 0) else { continue };
            if !first {
                out.extend_from_slice(b", ");
            }
            first = false;
            string::push_wtf8(key, out);
            out.push(b'=');
            py.repr_into(value, out)?;
        }
        out.push(b')');
        Ok(())
    })?;
    Ok(py.str_from_wtf8(&out)?.value())
}

fn compare(py: Py<'_>, op: CompareOp, args: Args<'_>) -> R {
    if py.kind(args.at(1)) != Kind::NAMESPACE {
        return Ok(special::NOT_IMPLEMENTED);
    }
    let (a, b) = (content(py, args.at(0))?, content(py, args.at(1))?);
    py.rich_compare(op, a.value(), b.value())
}

fn eq(py: Py<'_>, args: Args<'_>) -> R {
    compare(py, CompareOp::Eq, args)
}

fn ne(py: Py<'_>, args: Args<'_>) -> R {
    compare(py, CompareOp::Ne, args)
}

fn reduce(py: Py<'_>, args: Args<'_>) -> R {
    let class = py.class_of(args.at(0)).value();
    let d = content(py, args.at(0))?.value();
    py.tuple(&[class, py.empty_tuple(), d])
}
