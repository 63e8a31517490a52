//! `ModuleSpec`: what finders say about a module. Its attributes live in the instance's dictionary.

use crate::support::set;
use python_objects::kind::special;
use python_objects::{Args, Native, Object, Py, R, TypeSpec, Value, dict, string};

static SPEC: TypeSpec =
    TypeSpec::values("_frozen_importlib", "ModuleSpec", 2, METHODS, "What is known of a module that can be imported.")
        .inheritable()
        .weakly_referenced()
        .with_dict(1);

static METHODS: &[Native] = &[
    Native::wrapper("__init__", "self, name, loader, *, origin=None, loader_state=None, is_package=None", init, ""),
    Native::wrapper("__repr__", "self, /", repr, "Return repr(self)."),
    Native::wrapper("__eq__", "self, other, /", equal, "Return self==other."),
    Native::getter("parent", parent, "The name of the package that the module is in."),
    Native::getter("cached", cached, "Where compiled code is kept, or None."),
    Native::setter("cached", set_cached),
    Native::getter("has_location", has_location, "Is origin a place to load from?"),
    Native::setter("has_location", set_has_location),
];

/// The class.
pub(super) fn class(py: Py<'_>) -> R<Object> {
    py.native_type(&SPEC)
}

/// A new spec. `locations`: of a package, a list.
pub(super) fn new(py: Py<'_>, name: &str, loader: Value, origin: Value, locations: Value, has_location: bool) -> R {
    let o = py.new_native(&SPEC)?;
    let name = py.str(name)?;
    fill(py, o, [name, loader, origin, Value::NONE, locations], has_location)?;
    Ok(o.value())
}

fn fill(py: Py<'_>, o: Object, fields: [Value; 5], has_location: bool) -> R<()> {
    let Some(d) = py.instance_dict(o)? else { return Ok(()) };
    let names = ["name", "loader", "origin", "loader_state", "submodule_search_locations"];
    for (name, v) in names.into_iter().zip(fields) {
        set(py, d, name, v)?;
    }
    set(py, d, "_uninitialized_submodules", py.new_list(0)?.value())?;
    set(py, d, "_set_fileattr", Value::bool(has_location))?;
    set(py, d, "_cached", Value::NONE)
}

/// An attribute as the dictionary has it.
pub(super) fn item(py: Py<'_>, v: Value, name: &str) -> R<Option<Value>> {
    let Some(o) = py.of_kind(v, SPEC.kind) else { return Ok(None) };
    let Some(d) = py.instance_dict(o)? else { return Ok(None) };
    let name = py.intern(name)?;
    Ok(dict::get_symbol(py, d, name))
}

fn this(py: Py<'_>, args: Args<'_>) -> R<Object> {
    match py.of_kind(args.at(0), SPEC.kind) {
        Some(o) => Ok(o),
        None => py.type_error("a ModuleSpec is required"),
    }
}

fn init(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    let or_none = |i: usize| args.opt(i).unwrap_or(Value::NONE);
    let is_package = match args.opt(5) {
        Some(v) => py.truth(v)?,
        None => false,
    };
    let locations = if is_package { py.new_list(0)?.value() } else { Value::NONE };
    fill(py, o, [args.at(1), args.at(2), or_none(3), or_none(4), locations], false)?;
    Ok(Value::NONE)
}

fn repr(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?.value();
    let name = py.class_name(o);
    let mut out = format!("{}(", name.rsplit('.').next().unwrap_or_default());
    for (i, name) in ["name", "loader", "origin", "submodule_search_locations"].into_iter().enumerate() {
        let Some(v) = item(py, o, name)? else { continue };
        if i > 1 && v == Value::NONE {
            continue;
        }
        if i > 0 {
            out.push_str(", ");
        }
        out.push_str(&format!("{name}={}", py.repr_text(v)?));
    }
    out.push(')');
    py.str(&out)
}

fn equal(py: Py<'_>, args: Args<'_>) -> R {
    let (a, b) = (this(py, args)?.value(), args.at(1));
    if py.of_kind(b, SPEC.kind).is_none() {
        return Ok(special::NOT_IMPLEMENTED);
    }
    for name in ["name", "loader", "origin", "submodule_search_locations", "_cached", "_set_fileattr"] {
        let (x, y) = (item(py, a, name)?.unwrap_or(Value::NONE), item(py, b, name)?.unwrap_or(Value::NONE));
        if !py.equal_or_same(x, y)? {
            return Ok(Value::FALSE);
        }
    }
    Ok(Value::TRUE)
}

fn parent(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?.value();
    let Some(name) = item(py, o, "name")? else { return Ok(Value::NONE) };
    let is_package = item(py, o, "submodule_search_locations")?.is_some_and(|v| v != Value::NONE);
    let Some(s) = string::exact_or_payload(py, name).filter(|_| !is_package) else { return Ok(name) };
    let text = string::to_rust(s);
    py.str(text.rsplit_once('.').map_or("", |(parent, _)| parent))
}

fn get(py: Py<'_>, args: Args<'_>, name: &str) -> R {
    let o = this(py, args)?.value();
    Ok(item(py, o, name)?.unwrap_or(Value::NONE))
}

fn put(py: Py<'_>, args: Args<'_>, name: &str, v: Value) -> R {
    let o = this(py, args)?;
    if let Some(d) = py.instance_dict(o)? {
        set(py, d, name, v)?;
    }
    Ok(Value::NONE)
}

fn cached(py: Py<'_>, args: Args<'_>) -> R {
    get(py, args, "_cached")
}
fn set_cached(py: Py<'_>, args: Args<'_>) -> R {
    put(py, args, "_cached", args.opt(1).unwrap_or(Value::NONE))
}
fn has_location(py: Py<'_>, args: Args<'_>) -> R {
    get(py, args, "_set_fileattr")
}
fn set_has_location(py: Py<'_>, args: Args<'_>) -> R {
    let v = match args.opt(1) {
        Some(v) => Value::bool(py.truth(v)?),
        None => Value::FALSE,
    };
    put(py, args, "_set_fileattr", v)
}
