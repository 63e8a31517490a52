//! `types.UnionType`: `int | str` (PEP 604). Words: the alternatives, their type parameters once asked for.

use super::generic_alias::{make_parameters, substitute, write_item};
use python_objects::kind::{Kind, class as builtin, shape, special};
use python_objects::native::Native;
use python_objects::{Args, Object, Py, R, Value, list, tuple};

const ARGS: usize = 1;
const PARAMETERS: usize = 2;

static METHODS: &[Native] = &[
    Native::wrapper("__or__", "self, value, /", or, "Return self|value."),
    Native::wrapper("__ror__", "self, value, /", ror, "Return value|self."),
    Native::wrapper("__repr__", "self, /", repr, "Return repr(self)."),
    Native::wrapper("__eq__", "self, value, /", eq, "Return self==value."),
    Native::wrapper("__hash__", "self, /", hash, "Return hash(self)."),
    Native::wrapper("__getitem__", "self, key, /", get_item, "Return self[key]."),
    Native::method("__instancecheck__", "self, instance, /", instance_check, ""),
    Native::method("__subclasscheck__", "self, subclass, /", subclass_check, ""),
    Native::member("__args__", get_args, ""),
    Native::getter("__parameters__", get_parameters, "Type variables in the types.UnionType."),
];

pub(crate) fn install(py: Py<'_>) -> R<()> {
    py.add_methods(py.builtin_class(builtin::UNION), METHODS)
}

fn alternatives(u: Value) -> Object {
    Object::of(Object::of(u).get(ARGS))
}

/// May it be an alternative?
fn is_unionable(py: Py<'_>, v: Value) -> bool {
    v == Value::NONE || matches!(py.kind(v), Kind::TYPE | Kind::GENERIC_ALIAS | Kind::UNION | Kind::TYPE_ALIAS)
}

/// `a | b` for types, or NotImplemented.
pub(crate) fn union(py: Py<'_>, a: Value, b: Value) -> R {
    if !is_unionable(py, a) || !is_unionable(py, b) {
        return Ok(special::NOT_IMPLEMENTED);
    }
    let all = py.new_list(2)?;
    // The alternatives of a union are there once each.
    let unique = if py.kind(a) == Kind::UNION { alternatives(a).length() } else { 0 };
    for v in [a, b] {
        match py.kind(v) {
            Kind::UNION => py.list_push_elements(all, alternatives(v), 0, alternatives(v).length())?,
            Kind::NONE => py.list_push(all, py.root(builtin::NONE))?,
            _ => py.list_push(all, v)?,
        }
    }
    from_list(py, all, unique)
}

/// The union of the items of a list, each once; the item itself if there is one. The first `differ` differ.
fn from_list(py: Py<'_>, all: Object, differ: usize) -> R {
    let unique = match differ {
        0 => py.new_list(2)?,
        n => py.list_of_elements(list::array(all), 0, n)?,
    };
    let mut i = differ;
    while let Some(v) = list::get(all, i) {
        i += 1;
        py.poll()?;
        let is_alias = py.kind(v) == Kind::GENERIC_ALIAS;
        let (mut known, mut k) = (false, 0);
        while let Some(u) = list::get(unique, k) {
            k += 1;
            // Classes are compared by identity, aliases by what they stand for.
            if u == v || is_alias && py.kind(u) == Kind::GENERIC_ALIAS && py.equal(u, v)? {
                known = true;
                break;
            }
        }
        if !known {
            py.list_push(unique, v)?;
        }
    }
    if list::length(unique) == 1 {
        return Ok(list::item(unique, 0));
    }
    let args = py.list_to_tuple(unique)?;
    Ok(py.new_object(shape::UNION, 3, &[args])?.value())
}

fn or(py: Py<'_>, args: Args<'_>) -> R {
    union(py, args.at(0), args.at(1))
}

fn ror(py: Py<'_>, args: Args<'_>) -> R {
    union(py, args.at(1), args.at(0))
}

fn repr(py: Py<'_>, args: Args<'_>) -> R {
    let mut out = Vec::new();
    for (i, v) in tuple::items(alternatives(args.at(0))).enumerate() {
        if i > 0 {
            out.extend_from_slice(b" | ");
        }
        if v == py.root(builtin::NONE) {
            out.extend_from_slice(b"None");
        } else {
            write_item(py, v, &mut out)?;
        }
    }
    Ok(py.str_from_wtf8(&out)?.value())
}

fn as_set(py: Py<'_>, u: Value) -> R<Object> {
    let s = py.new_set(shape::FROZENSET)?;
    for v in tuple::items(alternatives(u)) {
        py.set_add(s, v)?;
    }
    Ok(s)
}

fn eq(py: Py<'_>, args: Args<'_>) -> R {
    if py.kind(args.at(1)) != Kind::UNION {
        return Ok(special::NOT_IMPLEMENTED);
    }
    let (a, b) = (as_set(py, args.at(0))?, as_set(py, args.at(1))?);
    Ok(Value::bool(py.equal(a.value(), b.value())?))
}

fn hash(py: Py<'_>, args: Args<'_>) -> R {
    let s = as_set(py, args.at(0))?;
    let h = py.hash(s.value())?;
    py.int(h)
}

fn get_item(py: Py<'_>, args: Args<'_>) -> R {
    let this = args.at(0);
    let parameters = Object::of(get_parameters(py, args.first(1))?);
    let new = substitute(py, this, alternatives(this), parameters, args.at(1))?;
    let Some(mut result) = (new.length() > 0).then(|| new.element(0)) else { return Ok(this) };
    for v in tuple::items(new).skip(1) {
        result = py.binary(python_objects::operator::BinaryOp::Or, result, v)?;
    }
    Ok(result)
}

/// TypeError if an alternative is a generic alias: such have no instances of their own.
fn check_plain(py: Py<'_>, u: Value, function: &str) -> R<()> {
    if tuple::items(alternatives(u)).any(|v| py.kind(v) == Kind::GENERIC_ALIAS) {
        return py.type_error(&format!("{function}() argument 2 cannot be a parameterized generic"));
    }
    Ok(())
}

fn instance_check(py: Py<'_>, args: Args<'_>) -> R {
    check_plain(py, args.at(0), "isinstance")?;
    for c in tuple::items(alternatives(args.at(0))) {
        if py.is_class(c) && py.isinstance(args.at(1), c)? {
            return Ok(Value::TRUE);
        }
    }
    Ok(Value::FALSE)
}

fn subclass_check(py: Py<'_>, args: Args<'_>) -> R {
    if !py.is_class(args.at(1)) {
        return py.type_error("issubclass() arg 1 must be a class");
    }
    check_plain(py, args.at(0), "issubclass")?;
    for c in tuple::items(alternatives(args.at(0))) {
        if py.is_class(c) && py.issubclass(args.at(1), c)? {
            return Ok(Value::TRUE);
        }
    }
    Ok(Value::FALSE)
}

fn get_args(_: Py<'_>, args: Args<'_>) -> R {
    Ok(Object::of(args.at(0)).get(ARGS))
}

fn get_parameters(py: Py<'_>, args: Args<'_>) -> R {
    let u = Object::of(args.at(0));
    if u.get(PARAMETERS).is_empty() {
        let parameters = make_parameters(py, Object::of(u.get(ARGS)))?;
        py.store(u, PARAMETERS, parameters.value());
    }
    Ok(u.get(PARAMETERS))
}
