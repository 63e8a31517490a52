//! Imports, and the interactive mode's printing.

use super::{Operands, object};
use python_objects::exception::Exc;
use python_objects::function::word;
use python_objects::kind::Kind;
use python_objects::py::root;
use python_objects::symbol::sym;
use python_objects::{Object, Py, R, Symbol, Value, dict, list, string};

pub(super) fn import_name(py: Py<'_>, o: Operands) -> R {
    let f = object(o.c);
    let Some(import) = super::variables::builtin(py, o.c, sym::IMPORT)? else {
        return py.err(Exc::ImportError, "__import__ not found");
    };
    let name = py.symbol_string(Symbol(o.immediate as u32)).value();
    let namespace = match f.get(word::NAMESPACE) {
        v if v.is_empty() => Value::NONE,
        v => v,
    };
    py.call(import, &[name, f.get(word::GLOBALS), namespace, o.a, o.b])
}

pub(super) fn import_from(py: Py<'_>, o: Operands) -> R {
    let name = Symbol(o.immediate as u32);
    if let Some(v) = py.get_optional(o.a, name)? {
        return Ok(v);
    }
    // A submodule that is being imported is in `sys.modules`, but not yet an attribute of its package.
    let package = match py.get_optional(o.a, sym::NAME)? {
        Some(n) => string::exact_or_payload(py, n).map(string::to_rust),
        None => None,
    };
    let text = py.symbol_text(name);
    if let Some(package) = &package {
        let full = py.new_str(&format!("{package}.{text}"))?;
        let modules = object(py.root(root::MODULES));
        if let Some(m) = dict::get_str(py, modules, full) {
            return Ok(m);
        }
    }
    let unknown = "<unknown module name>".to_owned();
    let shown = package.clone().unwrap_or(unknown);
    let file = py.get_optional(o.a, sym::FILE)?.and_then(|f| string::exact_or_payload(py, f));
    let initializing = py.is_initializing(o.a)?;
    let place = file.map_or("unknown location".to_owned(), string::to_rust);
    let message = if initializing {
        format!(
            "cannot import name '{text}' from partially initialized module '{shown}' (most likely due to a circular import) ({place})"
        )
    } else {
        format!("cannot import name '{text}' from '{shown}' ({place})")
    };
    let message = py.str(&message)?;
    let e = py.new_exception(Exc::ImportError, &[message])?;
    let set = |field: &str, v: Value| {
        if let Some(w) = Py::exception_field(Exc::ImportError, field) {
            py.store(e, w, v);
        }
    };
    set("msg", message);
    if let Some(package) = package {
        let package = py.str(&package)?;
        set("name", package);
    }
    set("path", file.map_or(Value::NONE, Object::value));
    set("name_from", py.symbol_string(name).value());
    Err(py.throw(e))
}

pub(super) fn import_star(py: Py<'_>, o: Operands) -> R {
    let f = object(o.b);
    let target = match f.get(word::NAMESPACE) {
        v if v.is_empty() => f.get(word::GLOBALS),
        v => v,
    };
    let (names, all) = match py.get_optional(o.a, sym::ALL)? {
        Some(all) => (py.list_from(all)?, true),
        None => {
            let Some(d) = py.get_optional(o.a, sym::DICT)? else {
                return py.err(Exc::ImportError, "from-import-* object has no __dict__ and no __all__");
            };
            let keys = py.call_method(d, sym::KEYS, &[])?;
            (py.list_from(keys)?, false)
        }
    };
    for i in 0..list::length(names) {
        let name = list::item(names, i);
        let Some(s) = string::exact_or_payload(py, name) else {
            let module = match py.of_kind(o.a, Kind::MODULE) {
                Some(_) => py.get_attribute(o.a, sym::NAME).and_then(|n| py.str_text(n))?,
                None => String::new(),
            };
            let what = if all { "Item in" } else { "Key in" };
            let of = if all { "__all__" } else { "__dict__" };
            return py.type_error(&format!("{what} {module}.{of} must be str, not {}", py.class_name(name)));
        };
        if !all && string::length(s) > 0 && string::at(s, 0) == u32::from('_') {
            continue;
        }
        let symbol = py.symbol_of(s)?;
        let v = py.get_attribute(o.a, symbol)?;
        py.set_item(target, s.value(), v)?;
    }
    Ok(Value::NONE)
}

pub(super) fn print_expr(py: Py<'_>, o: Operands) -> R {
    match py.sys_item(sym::DISPLAYHOOK) {
        Some(hook) => {
            py.call(hook, &[o.a])?;
            Ok(Value::NONE)
        }
        None => py.err(Exc::RuntimeError, "lost sys.displayhook"),
    }
}
