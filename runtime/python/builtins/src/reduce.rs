//! How objects are copied and pickled by default: `__reduce__`, `__reduce_ex__`, `__getstate__` (PEP 307, PEP 3154).

use python_objects::class;
use python_objects::instance::is_boxed;
use python_objects::kind::Kind;
use python_objects::native::Native;
use python_objects::py::root;
use python_objects::symbol::sym;
use python_objects::{Args, Exc, Object, Py, R, Value, dict, list, string};

static METHODS: &[Native] = &[
    Native::method("__reduce__", "self, /", reduce, "Helper for pickle."),
    Native::method("__reduce_ex__", "self, protocol, /", reduce_ex, "Helper for pickle."),
    Native::method("__getstate__", "self, /", getstate, "Helper for pickle."),
];

pub(crate) fn install(py: Py<'_>) -> R<()> {
    py.add_methods(py.object_class(), METHODS)
}

/// `copyreg.name`
fn copyreg(py: Py<'_>, name: &str) -> R {
    let builtins = Object::of(py.root(root::BUILTINS_DICT));
    let Some(import) = dict::get_symbol(py, builtins, sym::IMPORT) else {
        return py.err(Exc::ImportError, "__import__ not found");
    };
    let module = py.str("copyreg")?;
    let module = py.call(import, &[module])?;
    py.get_attribute_text(module, name)
}

fn reduce(py: Py<'_>, args: Args<'_>) -> R {
    common(py, args.at(0), 0)
}

fn reduce_ex(py: Py<'_>, args: Args<'_>) -> R {
    let (v, protocol) = (args.at(0), py.index_i32(args.at(1))?);
    let own = py.lookup(py.object_class(), sym::REDUCE);
    if py.lookup(py.class_of(v), sym::REDUCE) != own {
        let f = py.get_attribute(v, sym::REDUCE)?;
        return py.call(f, &[]);
    }
    common(py, v, protocol)
}

fn common(py: Py<'_>, v: Value, protocol: i32) -> R {
    if protocol >= 2 {
        return by_new(py, v);
    }
    let f = copyreg(py, "_reduce_ex")?;
    let protocol = py.int(i64::from(protocol))?;
    py.call(f, &[v, protocol])
}

/// Arguments for `__new__` as the object wants them: a tuple and a dictionary, or EMPTY.
fn new_arguments(py: Py<'_>, v: Value) -> R<(Value, Value)> {
    if let Some(r) = py.call_special(v, sym::GETNEWARGS_EX, &[])? {
        let Some(pair) = py.as_tuple(r) else {
            return py.type_error(&format!("__getnewargs_ex__ should return a tuple, not '{}'", py.class_name(r)));
        };
        if pair.length() != 2 {
            return py
                .value_error(&format!("__getnewargs_ex__ should return a tuple of length 2, not {}", pair.length()));
        }
        let (args, keywords) = (pair.element(0), pair.element(1));
        if py.as_tuple(args).is_none() {
            return py.type_error(&format!(
                "first item of the tuple returned by __getnewargs_ex__ must be a tuple, not '{}'",
                py.class_name(args)
            ));
        }
        if py.as_dict(keywords).is_none() {
            return py.type_error(&format!(
                "second item of the tuple returned by __getnewargs_ex__ must be a dict, not '{}'",
                py.class_name(keywords)
            ));
        }
        return Ok((args, keywords));
    }
    if let Some(r) = py.call_special(v, sym::GETNEWARGS, &[])? {
        if py.as_tuple(r).is_none() {
            return py.type_error(&format!("__getnewargs__ should return a tuple, not '{}'", py.class_name(r)));
        }
        return Ok((r, Value::EMPTY));
    }
    Ok((Value::EMPTY, Value::EMPTY))
}

fn by_new(py: Py<'_>, v: Value) -> R {
    let class = py.class_of(v);
    let (args, keywords) = new_arguments(py, v)?;
    let has_keywords = Object::from_value(keywords).is_some_and(|d| dict::length(d) > 0);
    let (maker, maker_args) = if has_keywords {
        (copyreg(py, "__newobj_ex__")?, py.tuple(&[class.value(), args, keywords])?)
    } else {
        let l = py.new_list(1)?;
        py.list_push(l, class.value())?;
        if let Some(t) = py.as_tuple(args) {
            py.list_push_elements(l, t, 0, t.length())?;
        }
        (copyreg(py, "__newobj__")?, py.list_to_tuple(l)?)
    };
    let is_container = py.as_list(v).is_some() || py.as_dict(v).is_some();
    let state = state_of(py, v, args.is_empty() && !is_container)?;
    let items = if py.as_list(v).is_some() { py.iter(v)? } else { Value::NONE };
    let pairs = if py.as_dict(v).is_some() {
        let items = py.call_method(v, sym::ITEMS, &[])?;
        py.iter(items)?
    } else {
        Value::NONE
    };
    py.tuple(&[maker, maker_args, state, items, pairs])
}

fn getstate(py: Py<'_>, args: Args<'_>) -> R {
    default_state(py, args.at(0), false)
}

fn state_of(py: Py<'_>, v: Value, required: bool) -> R {
    let own = py.lookup(py.object_class(), sym::GETSTATE);
    if py.lookup(py.class_of(v), sym::GETSTATE) == own {
        return default_state(py, v, required);
    }
    py.call_method(v, sym::GETSTATE, &[])
}

/// The instance's dictionary or None; with values of `__slots__`, a pair of it and a dictionary of those.
fn default_state(py: Py<'_>, v: Value, required: bool) -> R {
    let class = py.class_of(v);
    let kind = class::kind(class);
    let plain = matches!(kind, Kind::OBJECT | Kind::EXCEPTION);
    if required && is_boxed(kind) {
        return py.type_error(&format!("cannot pickle {} objects", class::name(py, class)));
    }
    if required && !plain {
        return py.type_error(&format!("cannot pickle '{}' object", class::name(py, class)));
    }
    let state = match Object::from_value(v) {
        Some(o) => py.attributes_copy(o)?.filter(|d| dict::length(*d) > 0).map_or(Value::NONE, Object::value),
        None => Value::NONE,
    };
    // `copyreg` keeps the names in the class.
    let kept = py.intern("__slotnames__")?;
    let names = match py.class_item(class, kept) {
        Some(names) => names,
        None if py.shape_info(class::shape(class)).members == 0 => return Ok(state),
        None => {
            let f = copyreg(py, "_slotnames")?;
            py.call(f, &[class.value()])?
        }
    };
    let Some(names) = py.as_list(names) else {
        if names == Value::NONE {
            return Ok(state);
        }
        return py.type_error("copyreg._slotnames didn't return a list or None");
    };
    let slots = py.new_dict()?;
    let mut i = 0;
    while let Some(name) = list::get(names, i) {
        i += 1;
        let Some(s) = string::exact_or_payload(py, name) else { continue };
        let symbol = py.symbol_of(s)?;
        if let Some(value) = py.get_optional(v, symbol)? {
            py.dict_set_symbol(slots, symbol, value)?;
        }
    }
    if dict::length(slots) == 0 {
        return Ok(state);
    }
    py.tuple(&[state, slots.value()])
}
