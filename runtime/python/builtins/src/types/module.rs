//! `module`. Word 1 is its dictionary.

use crate::object::attribute_name;
use python_objects::class_new::instance_dict;
use python_objects::kind::{Kind, class as builtin};
use python_objects::native::Native;
use python_objects::py::root;
use python_objects::symbol::sym;
use python_objects::{Args, Exc, Object, Py, R, Value, dict, represent, string};

static METHODS: &[Native] = &[
    Native::static_method("__new__", "cls, /, *args, **kwargs", new, "Create and return a new object.")
        .ignoring_arguments(),
    Native::wrapper("__init__", "self, /, name, doc=None", init, "Initialize self."),
    Native::wrapper("__repr__", "self, /", repr, "Return repr(self)."),
    Native::wrapper("__getattribute__", "self, name, /", get_attribute, "Return getattr(self, name)."),
    Native::method("__dir__", "self, /", dir, ""),
    Native::member("__dict__", instance_dict, ""),
    Native::setter("__dict__", super::function::read_only),
    Native::getter("__annotations__", get_annotations, ""),
    Native::setter("__annotations__", set_annotations),
];

pub(crate) fn install(py: Py<'_>) -> R<()> {
    py.add_methods(py.builtin_class(builtin::MODULE), METHODS)
}

fn new(py: Py<'_>, args: Args<'_>) -> R {
    let class = py.class_argument(args.at(0), builtin::MODULE)?;
    let d = py.new_dict()?;
    let m = py.alloc_instance(class)?;
    m.init(1, d.value());
    Ok(m.value())
}

fn init(py: Py<'_>, args: Args<'_>) -> R {
    let Some(name) = string::exact_or_payload(py, args.at(1)) else {
        return py.type_error(&format!("module() argument 'name' must be str, not {}", py.class_name(args.at(1))));
    };
    let d = py.module_dict(Object::of(args.at(0)));
    let doc = args.opt(2).unwrap_or(Value::NONE);
    py.dict_set_symbol(d, sym::NAME, name.value())?;
    py.dict_set_symbol(d, sym::DOC, doc)?;
    for key in [sym::PACKAGE, sym::LOADER, sym::SPEC] {
        py.dict_set_symbol(d, key, Value::NONE)?;
    }
    Ok(Value::NONE)
}

/// As importlib words it: by the spec, else by `__file__` or the loader.
fn repr(py: Py<'_>, args: Args<'_>) -> R {
    let d = py.module_dict(Object::of(args.at(0)));
    let item = |name| dict::get_symbol(py, d, name).filter(|v| *v != Value::NONE);
    let quoted = |v: Value| py.repr_text(v);
    let loader = item(sym::LOADER);
    let (name, place) = match item(sym::SPEC) {
        Some(spec) => {
            let name = py.get_attribute(spec, sym::NAME_ATTRIBUTE)?;
            let name = if name == Value::NONE { "'?'".to_owned() } else { quoted(name)? };
            let (origin, has_location) = (py.intern("origin")?, py.intern("has_location")?);
            let origin = py.get_attribute(spec, origin)?;
            let place = if origin == Value::NONE {
                match py.get_attribute(spec, sym::LOADER_ATTRIBUTE)? {
                    v if v == Value::NONE => String::new(),
                    v => match namespace_path(py, v)? {
                        Some(path) => format!(" (namespace) from {path}"),
                        None => format!(" ({})", quoted(v)?),
                    },
                }
            } else {
                let located = py.get_attribute(spec, has_location)?;
                if py.truth(located)? {
                    format!(" from {}", quoted(origin)?)
                } else {
                    format!(" ({})", py.str_text(origin)?)
                }
            };
            (name, place)
        }
        None => {
            let name = item(sym::NAME).map_or_else(|| Ok("'?'".to_owned()), quoted)?;
            let place = match (item(sym::FILE), loader) {
                (Some(file), _) => format!(" from {}", quoted(file)?),
                (None, Some(loader)) => format!(" ({})", quoted(loader)?),
                (None, None) => String::new(),
            };
            (name, place)
        }
    };
    py.str(&format!("<module {name}{place}>"))
}

/// The folders of a namespace package, if the loader is of importlib's class for them.
fn namespace_path(py: Py<'_>, loader: Value) -> R<Option<String>> {
    let name = py.new_str("_frozen_importlib_external")?;
    let Some(external) = dict::get_str(py, Object::of(py.root(root::MODULES)), name) else { return Ok(None) };
    let class = py.get_attribute_text(external, "NamespaceLoader")?;
    if !py.of_kind(class, Kind::TYPE).is_some_and(|class| py.is_instance(loader, class)) {
        return Ok(None);
    }
    let path = py.get_attribute_text(loader, "_path")?;
    let path = py.list_from(path)?;
    py.repr_text(path.value()).map(Some)
}

fn get_attribute(py: Py<'_>, args: Args<'_>) -> R {
    let (v, name) = (args.at(0), attribute_name(py, args.at(1))?);
    let class = py.class_of(v);
    match py.default_attribute(v, class, name)? {
        Some(found) => Ok(found),
        None => Err(py.no_attribute(v, name)),
    }
}

fn dir(py: Py<'_>, args: Args<'_>) -> R {
    let d = py.get_attribute(args.at(0), sym::DICT)?;
    let Some(d) = py.as_dict(d) else {
        let name = represent::quoted(py.str_of(args.at(0))?);
        return py.type_error(&format!("{name}.__dict__ is not a dictionary"));
    };
    match dict::get_symbol(py, d, sym::DIR) {
        Some(hook) => py.call(hook, &[]),
        None => Ok(py.list_from(d.value())?.value()),
    }
}

fn get_annotations(py: Py<'_>, args: Args<'_>) -> R {
    let d = py.module_dict(Object::of(args.at(0)));
    if let Some(v) = dict::get_symbol(py, d, sym::ANNOTATIONS) {
        return Ok(v);
    }
    let new = py.new_dict()?.value();
    py.dict_set_symbol(d, sym::ANNOTATIONS, new)?;
    Ok(new)
}

fn set_annotations(py: Py<'_>, args: Args<'_>) -> R {
    let d = py.module_dict(Object::of(args.at(0)));
    match args.opt(1) {
        Some(v) => py.dict_set_symbol(d, sym::ANNOTATIONS, v)?,
        None => {
            if py.dict_remove_str(d, py.symbol_string(sym::ANNOTATIONS)).is_none() {
                return py.err(Exc::AttributeError, "__annotations__");
            }
        }
    }
    Ok(Value::NONE)
}
