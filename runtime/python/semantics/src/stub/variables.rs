//! Names: of globals, builtins, namespaces; unbound variables.

use super::{Operands, Site, object};
use crate::variables::IN_BUILTINS;
use python_objects::exception::Exc;
use python_objects::function::word;
use python_objects::kind::{Kind, shape};
use python_objects::symbol::sym;
use python_objects::{Object, Py, R, Symbol, Value, dict, string};
use vm_api::engine::CodeIndex;

/// The code of a running function or generator.
fn code_of<'t>(py: Py<'t>, function: Value) -> &'t vm_api::code::Code {
    py.ops().code(py.0, CodeIndex(object(function).get(word::CODE).as_int() as u32))
}

pub(super) fn unbound_local(py: Py<'_>, o: Operands) -> R {
    let code = code_of(py, o.a);
    let name = py.new_str(&code.variables[o.immediate as usize])?;
    let message =
        format!("cannot access local variable '{}' where it is not associated with a value", string::to_rust(name));
    Err(py.name_error(Exc::UnboundLocalError, name, &message))
}
pub(super) fn unbound_free(py: Py<'_>, o: Operands) -> R {
    raise_unbound_free(py, o.a, o.immediate)
}
fn raise_unbound_free(py: Py<'_>, function: Value, number: i32) -> R {
    let code = code_of(py, function);
    let name = py.new_str(&code.free[number as usize])?;
    let message = format!(
        "cannot access free variable '{}' where it is not associated with a value in enclosing scope",
        string::to_rust(name)
    );
    Err(py.name_error(Exc::NameError, name, &message))
}

fn symbol(o: Operands) -> Symbol {
    Symbol(o.immediate as u32)
}
fn undefined<T>(py: Py<'_>, name: Symbol) -> R<T> {
    let text = format!("name '{}' is not defined", py.symbol_text(name));
    Err(py.name_error(Exc::NameError, py.symbol_string(name), &text))
}
fn globals(function: Value) -> Object {
    object(object(function).get(word::GLOBALS))
}
/// The builtins that a function sees: a dictionary of any class.
fn builtins(function: Value) -> Object {
    object(object(function).get(word::BUILTINS))
}
/// An item of the builtins that a function sees.
pub(super) fn builtin(py: Py<'_>, function: Value, name: Symbol) -> R<Option<Value>> {
    let b = builtins(function);
    if let Some(v) = namespace_get(py, b.value(), name)? {
        return Ok(Some(v));
    }
    // Builtins that are no dictionary stand in the globals only.
    match dict::get_symbol(py, globals(function), sym::BUILTINS) {
        Some(v) if py.as_dict(v).is_none() && py.kind(v) != Kind::MODULE => namespace_get(py, v, name),
        _ => Ok(None),
    }
}
/// Notes in a slot where `name` is in `d`, and what it is if that is known by the version; false if the slot takes nothing.
pub(super) fn cache(py: Py<'_>, site: Site, d: Object, entry: usize) -> bool {
    if site.wants()
        && let Some(version) = dict::version(py, d)
    {
        let value = if dict::is_settled(d, entry) { dict::entry_value(d, entry) } else { Value::EMPTY };
        site.cache(py, version, 2 * entry as u32 + 1, value);
        return true;
    }
    false
}
/// The same for a store.
fn cache_place(py: Py<'_>, site: Site, d: Object, entry: usize) {
    if site.wants()
        && let Some(version) = dict::version(py, d)
    {
        site.fill(version, 2 * entry as u32 + 1, Value::EMPTY);
    }
}
/// The same for a name that `d` lacks and the builtins have.
fn cache_builtin(py: Py<'_>, site: Site, d: Object, builtins: Object, entry: usize) {
    if site.wants()
        && let (Some(version), Some(of_builtins)) = (dict::version(py, d), dict::version(py, builtins))
    {
        site.fill(version, (2 * entry as u32 + 1) | IN_BUILTINS, Value::int(i64::from(of_builtins)));
    }
}
/// A global or builtin, seen through `d` (the globals, or a namespace that is the globals).
fn find_global(py: Py<'_>, site: Site, d: Object, function: Value, name: Symbol) -> R<Option<Value>> {
    let b = builtins(function);
    let (own, plain) = py.dict_find_name(d, name)?;
    if let Some(i) = own {
        if plain {
            cache(py, site, d, i);
        }
        return Ok(Some(dict::entry_value(d, i)));
    }
    if b.shape() == shape::DICT {
        let (found, plain_too) = py.dict_find_name(b, name)?;
        if let Some(i) = found {
            if plain && plain_too {
                cache_builtin(py, site, d, b, i);
            }
            return Ok(Some(dict::entry_value(b, i)));
        }
    }
    builtin(py, function, name)
}

pub(super) fn load_global(py: Py<'_>, o: Operands) -> R {
    let (name, g) = (symbol(o), globals(o.a));
    let found = if g.shape() == shape::DICT {
        find_global(py, o.site, g, o.a, name)?
    } else {
        match namespace_get(py, g.value(), name)? {
            None => builtin(py, o.a, name)?,
            found => found,
        }
    };
    match found {
        Some(v) => Ok(v),
        None => undefined(py, name),
    }
}
pub(super) fn store_global(py: Py<'_>, o: Operands) -> R {
    store_in_dict(py, o.site, globals(o.a), symbol(o), o.b)
}
fn store_in_dict(py: Py<'_>, site: Site, d: Object, name: Symbol, v: Value) -> R {
    match py.dict_find_name(d, name)? {
        (Some(i), plain) => {
            py.dict_set_entry(d, i, v);
            if plain {
                cache_place(py, site, d, i);
            }
        }
        (None, _) => py.dict_set_name(d, name, v)?,
    }
    Ok(Value::NONE)
}
pub(super) fn delete_global(py: Py<'_>, o: Operands) -> R {
    match py.dict_remove(globals(o.a), py.symbol_string(symbol(o)).value())? {
        Some(_) => Ok(Value::NONE),
        None => undefined(py, symbol(o)),
    }
}

/// The namespace of a module, class body or `exec` source.
fn namespace(function: Value) -> Value {
    object(function).get(word::NAMESPACE)
}
fn exact_dict(v: Value) -> Option<Object> {
    Object::from_value(v).filter(|o| o.shape() == shape::DICT)
}
/// An item of a namespace that may be any mapping.
fn namespace_get(py: Py<'_>, mapping: Value, name: Symbol) -> R<Option<Value>> {
    if let Some(d) = exact_dict(mapping) {
        return py.dict_get_name(d, name);
    }
    let r = py.get_item(mapping, py.symbol_string(name).value());
    py.caught(r, Exc::KeyError)
}

pub(super) fn load_name(py: Py<'_>, o: Operands) -> R {
    let (name, mapping, g) = (symbol(o), namespace(o.a), globals(o.a));
    if mapping == g.value() && g.shape() == shape::DICT {
        return load_global(py, o);
    }
    let found = match namespace_get(py, mapping, name)? {
        Some(v) => Some(v),
        None => find_global(py, Site(std::ptr::null_mut()), g, o.a, name)?,
    };
    match found {
        Some(v) => Ok(v),
        None => undefined(py, name),
    }
}
pub(super) fn store_name(py: Py<'_>, o: Operands) -> R {
    let mapping = namespace(o.a);
    match exact_dict(mapping) {
        Some(d) => store_in_dict(py, o.site, d, symbol(o), o.b),
        None => {
            py.set_item(mapping, py.symbol_string(symbol(o)).value(), o.b)?;
            Ok(Value::NONE)
        }
    }
}
pub(super) fn delete_name(py: Py<'_>, o: Operands) -> R {
    let (mapping, name) = (namespace(o.a), symbol(o));
    let r = py.delete_item(mapping, py.symbol_string(name).value());
    match py.caught(r, Exc::KeyError)? {
        Some(()) => Ok(Value::NONE),
        None => undefined(py, name),
    }
}
pub(super) fn load_from_dict_or_globals(py: Py<'_>, o: Operands) -> R {
    let name = symbol(o);
    if let Some(v) = namespace_get(py, o.a, name)? {
        return Ok(v);
    }
    match find_global(py, Site(std::ptr::null_mut()), globals(o.b), o.b, name)? {
        Some(v) => Ok(v),
        None => undefined(py, name),
    }
}
pub(super) fn load_from_dict_or_free(py: Py<'_>, o: Operands) -> R {
    let code = code_of(py, o.c);
    let name = py.intern(&code.free[o.immediate as usize])?;
    if let Some(v) = namespace_get(py, o.a, name)? {
        return Ok(v);
    }
    let v = object(o.b).get(1);
    if v.is_empty() { raise_unbound_free(py, o.c, o.immediate) } else { Ok(v) }
}
pub(super) fn load_locals(_: Py<'_>, o: Operands) -> R {
    Ok(namespace(o.a))
}
pub(super) fn setup_annotations(py: Py<'_>, o: Operands) -> R {
    let mapping = namespace(o.a);
    if namespace_get(py, mapping, sym::ANNOTATIONS)?.is_none() {
        let d = py.new_dict()?;
        py.set_item(mapping, py.symbol_string(sym::ANNOTATIONS).value(), d.value())?;
    }
    Ok(Value::NONE)
}
pub(super) fn load_build_class(py: Py<'_>, o: Operands) -> R {
    match builtin(py, o.a, sym::BUILD_CLASS)? {
        Some(v) => Ok(v),
        None => {
            let name = py.symbol_string(sym::BUILD_CLASS);
            Err(py.name_error(Exc::NameError, name, "__build_class__ not found"))
        }
    }
}

/// Is it a module?
pub(super) fn is_module(py: Py<'_>, v: Value) -> Option<Object> {
    py.of_kind(v, Kind::MODULE)
}
