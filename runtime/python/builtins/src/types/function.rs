//! `function`: making functions from code, and their attributes.

use python_objects::class_new::{instance_dict, set_instance_dict};
use python_objects::code::code_word;
use python_objects::function::word;
use python_objects::kind::{Kind, class as builtin};
use python_objects::native::Native;
use python_objects::symbol::sym;
use python_objects::{Args, Exc, Object, Py, R, Value, dict, string, tuple};

static METHODS: &[Native] = &[
    Native::static_method(
        "__new__",
        "cls, /, code, globals, name=None, argdefs=None, closure=None",
        new,
        "Create a function object.",
    ),
    Native::wrapper("__call__", "self, /, *args, **kwargs", call, "Call self as a function."),
    Native::wrapper("__get__", "self, instance, owner=None, /", get, "Return an attribute of instance."),
    Native::wrapper("__repr__", "self, /", repr, "Return repr(self)."),
    Native::getter("__code__", |_, a| Ok(field(a, word::CODE_OBJECT)), ""),
    Native::setter("__code__", set_code),
    Native::member("__globals__", |_, a| Ok(field(a, word::GLOBALS)), ""),
    Native::setter("__globals__", read_only),
    Native::member("__builtins__", |_, a| Ok(or_none(field(a, word::BUILTINS))), ""),
    Native::setter("__builtins__", read_only),
    Native::member("__closure__", get_closure, ""),
    Native::setter("__closure__", read_only),
    Native::getter("__defaults__", |_, a| Ok(or_none(field(a, word::DEFAULTS))), ""),
    Native::setter("__defaults__", set_defaults),
    Native::getter("__kwdefaults__", |_, a| Ok(or_none(field(a, word::KEYWORD_DEFAULTS))), ""),
    Native::setter("__kwdefaults__", set_keyword_defaults),
    Native::getter("__annotations__", |py, a| Ok(annotations(py, Object::of(a.at(0)))?.value()), ""),
    Native::setter("__annotations__", set_annotations),
    Native::getter("__name__", |_, a| Ok(field(a, word::NAME)), ""),
    Native::setter("__name__", |py, a| set_string(py, a, word::NAME, "__name__")),
    Native::getter("__qualname__", |_, a| Ok(field(a, word::QUALNAME)), ""),
    Native::setter("__qualname__", |py, a| set_string(py, a, word::QUALNAME, "__qualname__")),
    Native::member("__doc__", documentation, ""),
    Native::setter("__doc__", |py, a| set_any(py, a, word::DOC)),
    Native::member("__module__", get_module, ""),
    Native::setter("__module__", |py, a| set_any(py, a, word::MODULE)),
    Native::getter("__type_params__", get_type_params, ""),
    Native::setter("__type_params__", set_type_params),
    Native::getter("__dict__", instance_dict, ""),
    Native::setter("__dict__", set_dict),
];

pub(crate) fn install(py: Py<'_>) -> R<()> {
    py.add_methods(py.builtin_class(builtin::FUNCTION), METHODS)
}

fn field(args: Args<'_>, word: usize) -> Value {
    Object::of(args.at(0)).get(word)
}

fn or_none(v: Value) -> Value {
    if v.is_empty() { Value::NONE } else { v }
}

fn free_variables(py: Py<'_>, code: Object) -> R<usize> {
    Ok(py.ops().code(py.0, py.index_of(code)?).free.len())
}

fn new(py: Py<'_>, args: Args<'_>) -> R {
    py.class_argument(args.at(0), builtin::FUNCTION)?;
    let Some(code) = py.of_kind(args.at(1), Kind::CODE) else {
        return py.type_error(&format!("function() argument 'code' must be code, not {}", py.class_name(args.at(1))));
    };
    let Some(globals) = py.as_dict(args.at(2)) else {
        return py
            .type_error(&format!("function() argument 'globals' must be dict, not {}", py.class_name(args.at(2))));
    };
    let name = match args.some(3) {
        Some(n) => match string::exact_or_payload(py, n) {
            Some(s) => Some(s.value()),
            None => return py.type_error("arg 3 (name) must be None or string"),
        },
        None => None,
    };
    let defaults = match args.some(4) {
        Some(d) => match py.as_tuple(d) {
            Some(t) => t.value(),
            None => return py.type_error("arg 4 (defaults) must be None or tuple"),
        },
        None => Value::EMPTY,
    };
    let free = free_variables(py, code)?;
    let closure = match args.some(5) {
        Some(c) => match py.as_tuple(c) {
            Some(t) => Some(t),
            None => return py.type_error("arg 5 (closure) must be tuple"),
        },
        None if free > 0 => return py.type_error("arg 5 (closure) must be tuple"),
        None => None,
    };
    let given = closure.map_or(0, Object::length);
    if given != free {
        let code_name = py.str_text(code.get(code_word::NAME))?;
        return py.value_error(&format!("{code_name} requires closure of length {free}, not {given}"));
    }
    let cells = match closure.filter(|_| free > 0) {
        Some(t) => {
            let cells = py.new_array(free)?;
            for (i, c) in tuple::items(t).enumerate() {
                if py.kind(c) != Kind::CELL {
                    return py.type_error(&format!("arg 5 (closure) expected cell, found {}", py.class_name(c)));
                }
                py.heap().store_element(cells, i, c);
            }
            cells.value()
        }
        None => Value::EMPTY,
    };
    let f = py.new_function(code, globals, cells, Value::EMPTY)?;
    if let Some(name) = name {
        py.store(f, word::NAME, name);
    }
    py.store(f, word::DEFAULTS, defaults);
    Ok(f.value())
}

fn call(py: Py<'_>, args: Args<'_>) -> R {
    py.call_tuple(args.at(0), Object::of(args.at(1)), args.at(2))
}

fn get(py: Py<'_>, args: Args<'_>) -> R {
    match args.some(1) {
        Some(instance) => py.bind(args.at(0), instance),
        None if args.some(2) == Some(py.root(builtin::NONE)) => py.bind(args.at(0), Value::NONE),
        None if args.some(2).is_none() => py.type_error("__get__(None, None) is invalid"),
        None => Ok(args.at(0)),
    }
}

fn repr(py: Py<'_>, args: Args<'_>) -> R {
    let mut out = Vec::new();
    py.native_repr_into(args.at(0), &mut out)?;
    Ok(py.str_from_wtf8(&out)?.value())
}

pub(crate) fn read_only(py: Py<'_>, _: Args<'_>) -> R {
    py.err(Exc::AttributeError, "readonly attribute")
}

/// That of the code, until another is set.
fn documentation(py: Py<'_>, args: Args<'_>) -> R {
    let own = field(args, word::DOC);
    if own.is_empty() { py.documentation_of(Object::of(field(args, word::CODE_OBJECT))) } else { Ok(own) }
}

fn set_any(py: Py<'_>, args: Args<'_>, word: usize) -> R {
    py.store(Object::of(args.at(0)), word, args.opt(1).unwrap_or(Value::NONE));
    Ok(Value::NONE)
}

fn set_string(py: Py<'_>, args: Args<'_>, word: usize, name: &str) -> R {
    match args.opt(1).and_then(|v| string::exact_or_payload(py, v)) {
        Some(s) => {
            py.store(Object::of(args.at(0)), word, s.value());
            Ok(Value::NONE)
        }
        None => py.type_error(&format!("{name} must be set to a string object")),
    }
}

fn set_code(py: Py<'_>, args: Args<'_>) -> R {
    let f = Object::of(args.at(0));
    let Some(code) = args.opt(1).and_then(|v| py.of_kind(v, Kind::CODE)) else {
        return py.type_error("__code__ must be set to a code object");
    };
    let (has, needs) = (Object::from_value(f.get(word::CLOSURE)).map_or(0, Object::length), free_variables(py, code)?);
    if has != needs {
        let name = py.str_text(f.get(word::NAME))?;
        return py.value_error(&format!("{name}() requires a code object with {has} free vars, not {needs}"));
    }
    let index = py.index_of(code)?;
    py.store(f, word::CODE_OBJECT, code.value());
    py.store(f, word::NAMESPACE, py.default_namespace(code, Object::of(f.get(word::GLOBALS))));
    f.set_word(word::CODE, Value::int(i64::from(index.0)).bits());
    // Call sites may have been specialized for the old code.
    py.flush_attribute_caches();
    Ok(Value::NONE)
}

fn get_closure(py: Py<'_>, args: Args<'_>) -> R {
    match Object::from_value(field(args, word::CLOSURE)) {
        Some(cells) => py.tuple_with(cells.length(), |i| cells.element(i)),
        None => Ok(Value::NONE),
    }
}

fn set_defaults(py: Py<'_>, args: Args<'_>) -> R {
    let new = match args.some(1) {
        Some(v) => match py.as_tuple(v) {
            Some(t) => t.value(),
            None => return py.type_error("__defaults__ must be set to a tuple object"),
        },
        None => Value::EMPTY,
    };
    py.store(Object::of(args.at(0)), word::DEFAULTS, new);
    py.flush_attribute_caches();
    Ok(Value::NONE)
}

fn set_keyword_defaults(py: Py<'_>, args: Args<'_>) -> R {
    let new = match args.some(1) {
        Some(v) => match py.as_dict(v) {
            Some(d) => d.value(),
            None => return py.type_error("__kwdefaults__ must be set to a dict object"),
        },
        None => Value::EMPTY,
    };
    py.store(Object::of(args.at(0)), word::KEYWORD_DEFAULTS, new);
    py.flush_attribute_caches();
    Ok(Value::NONE)
}

/// The dictionary of annotations, made from the compiler's tuple when it is first asked for.
fn annotations(py: Py<'_>, f: Object) -> R<Object> {
    let v = f.get(word::ANNOTATIONS);
    if let Some(d) = py.as_dict(v) {
        return Ok(d);
    }
    let d = py.new_dict()?;
    if let Some(t) = py.as_tuple(v) {
        for i in 0..t.length() / 2 {
            py.dict_set(d, t.element(2 * i), t.element(2 * i + 1))?;
        }
    }
    py.store(f, word::ANNOTATIONS, d.value());
    Ok(d)
}

fn set_annotations(py: Py<'_>, args: Args<'_>) -> R {
    let new = match args.some(1) {
        Some(v) => match py.as_dict(v) {
            Some(d) => d.value(),
            None => return py.type_error("__annotations__ must be set to a dict object"),
        },
        None => Value::EMPTY,
    };
    py.store(Object::of(args.at(0)), word::ANNOTATIONS, new);
    Ok(Value::NONE)
}

fn get_module(py: Py<'_>, args: Args<'_>) -> R {
    let f = Object::of(args.at(0));
    if !f.get(word::MODULE).is_empty() {
        return Ok(f.get(word::MODULE));
    }
    let globals = Object::from_value(f.get(word::GLOBALS));
    Ok(globals.and_then(|g| dict::get_symbol(py, g, sym::NAME)).unwrap_or(Value::NONE))
}

fn get_type_params(py: Py<'_>, args: Args<'_>) -> R {
    let v = field(args, word::TYPE_PARAMS);
    Ok(if v.is_empty() { py.empty_tuple() } else { v })
}

fn set_type_params(py: Py<'_>, args: Args<'_>) -> R {
    match args.opt(1).and_then(|v| py.as_tuple(v)) {
        Some(t) => {
            py.store(Object::of(args.at(0)), word::TYPE_PARAMS, t.value());
            Ok(Value::NONE)
        }
        None => py.type_error("__type_params__ must be set to a tuple"),
    }
}

fn set_dict(py: Py<'_>, args: Args<'_>) -> R {
    if args.opt(1).is_none() {
        return py.type_error("cannot delete __dict__");
    }
    set_instance_dict(py, args)
}
