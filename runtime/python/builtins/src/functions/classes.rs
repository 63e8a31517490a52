//! `__build_class__`: what a `class` statement calls.

use python_objects::function::word as function_word;
use python_objects::kind::{Kind, class, shape};
use python_objects::native::Native;
use python_objects::symbol::sym;
use python_objects::{Args, Exc, Object, Py, R, Value, string, tuple};

static FUNCTIONS: &[Native] = &[Native::function(
    "__build_class__",
    "func=None, name=None, /, *bases, **kwds",
    build_class,
    "__build_class__(func, name, /, *bases, [metaclass], **kwds) -> class\n\nInternal helper function used by the class \
     statement.",
)];

pub(crate) fn install(py: Py<'_>) -> R<()> {
    super::add(py, FUNCTIONS)
}

fn build_class(py: Py<'_>, args: Args<'_>) -> R {
    let (Some(f), Some(name)) = (args.opt(0), args.opt(1)) else {
        return py.type_error("__build_class__: not enough arguments");
    };
    let Some(body) = py.of_kind(f, Kind::FUNCTION) else {
        return py.type_error("__build_class__: func must be a function");
    };
    let Some(name) = string::exact_or_payload(py, name) else {
        return py.type_error("__build_class__: name is not a string");
    };
    let given = Object::of(args.at(2));
    let bases = resolve_bases(py, given)?;
    let keywords = args.at(3);
    let metaclass = match Object::from_value(keywords) {
        Some(d) => py.dict_remove_str(d, py.symbol_string(sym::METACLASS)),
        None => None,
    };
    let metaclass = match metaclass {
        Some(m) => m,
        None if bases.length() == 0 => py.root(class::TYPE),
        None => py.class_of(bases.element(0)).value(),
    };
    let metaclass = match py.of_kind(metaclass, Kind::TYPE) {
        Some(m) => py.winner_metaclass(m, bases)?.value(),
        None => metaclass,
    };
    let namespace = match py.get_optional(metaclass, sym::PREPARE)? {
        None => py.new_dict()?.value(),
        Some(prepare) => {
            let args = py.tuple(&[name.value(), bases.value()])?;
            py.call_tuple(prepare, Object::of(args), keywords)?
        }
    };
    if py.special(namespace, sym::GETITEM).is_none() && py.as_dict(namespace).is_none() {
        let whose = match py.of_kind(metaclass, Kind::TYPE) {
            Some(m) => python_objects::class::name(py, m),
            None => "<metaclass>".to_owned(),
        };
        return py
            .type_error(&format!("{whose}.__prepare__() must return a mapping, not {}", py.class_name(namespace)));
    }
    let cell = run_body(py, body, namespace)?;
    if bases != given {
        let key = py.symbol_string(sym::ORIG_BASES).value();
        py.set_item(namespace, key, given.value())?;
    }
    let arguments = py.tuple(&[name.value(), bases.value(), namespace])?;
    let made = py.call_tuple(metaclass, Object::of(arguments), keywords)?;
    if let (Some(made_class), Some(cell)) = (py.of_kind(made, Kind::TYPE), py.of_kind(cell, Kind::CELL)) {
        check_cell(py, made_class, cell, name)?;
    }
    Ok(made)
}

/// The bases with those that are no classes replaced by what their `__mro_entries__` says (PEP 560); `given` itself if there
/// are none.
pub(crate) fn resolve_bases(py: Py<'_>, given: Object) -> R<Object> {
    let mut resolved: Option<Object> = None;
    for (i, base) in tuple::items(given).enumerate() {
        let hook = if py.is_class(base) { None } else { py.get_optional(base, sym::MRO_ENTRIES)? };
        let Some(hook) = hook else {
            if let Some(l) = resolved {
                py.list_push(l, base)?;
            }
            continue;
        };
        let entries = py.call(hook, &[given.value()])?;
        let Some(entries) = py.as_tuple(entries) else {
            return py.type_error("__mro_entries__ must return a tuple");
        };
        let l = match resolved {
            Some(l) => l,
            None => py.list_of_elements(given, 0, i)?,
        };
        py.list_push_elements(l, entries, 0, entries.length())?;
        resolved = Some(l);
    }
    match resolved {
        Some(l) => py.list_to_tuple(l).map(Object::of),
        None => Ok(given),
    }
}

/// Runs a class body in a namespace: as a copy of its function that knows the namespace.
fn run_body(py: Py<'_>, body: Object, namespace: Value) -> R {
    let f = py.alloc(shape::FUNCTION, function_word::WORDS)?;
    for w in 1..function_word::WORDS {
        f.init(w, body.get(w));
    }
    f.init(function_word::NAMESPACE, namespace);
    let index = py.function_code(f)?;
    if py.ops().code(py.0, index).parameters.registers() > 0 {
        // Only a function that is no class body has parameters; let it complain.
        return py.call(f.value(), &[]);
    }
    py.ops().call(py.0, index, f.value(), &[])
}

fn check_cell(py: Py<'_>, made: Object, cell: Object, name: Object) -> R<()> {
    let content = cell.get(1);
    if content == made.value() {
        return Ok(());
    }
    let (name, class_text) = (py.repr_text(name.value())?, py.repr_text(made.value())?);
    if content.is_empty() {
        return py.err(
            Exc::RuntimeError,
            &format!(
                "__class__ not set defining {name} as {class_text}. Was __classcell__ propagated to type.__new__?"
            ),
        );
    }
    let content = py.repr_text(content)?;
    py.type_error(&format!("__class__ set to {content} defining {name} as {class_text}"))
}
