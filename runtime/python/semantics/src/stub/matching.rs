//! `match` statements.

use super::{Operands, object};
use python_objects::class::{self, flag as class_flag};
use python_objects::exception::Exc;
use python_objects::kind::{Kind, special};
use python_objects::symbol::sym;
use python_objects::{Args, Object, Py, R, Value, string, tuple};

pub(super) fn flag(py: Py<'_>, o: Operands) -> R {
    let flag = if o.immediate == 0 { class_flag::SEQUENCE } else { class_flag::MAPPING };
    Ok(Value::bool(class::has(py.class_of(o.a), flag)))
}
pub(super) fn keys(py: Py<'_>, o: Operands) -> R {
    let (mapping, keys) = (o.a, object(o.b));
    if keys.length() == 0 {
        return Ok(py.empty_tuple());
    }
    let get = py.get_attribute(mapping, sym::GET_METHOD)?;
    let seen = py.empty_set()?;
    let values = py.new_list(keys.length())?;
    for key in tuple::items(keys) {
        if !py.set_add(seen, key)? {
            return py.err(Exc::ValueError, &format!("mapping pattern checks duplicate key ({})", py.repr_text(key)?));
        }
        // The class of a fresh object as the default: nothing else is the same as `DUMMY`.
        let v = py.call(get, &[key, special::DUMMY])?;
        if v == special::DUMMY {
            return Ok(Value::NONE);
        }
        py.list_push(values, v)?;
    }
    py.list_to_tuple(values)
}
pub(super) fn rest(py: Py<'_>, o: Operands) -> R {
    let d = py.new_dict()?;
    let ks = py.call_method(o.a, sym::KEYS, &[])?;
    py.each(ks, |key| {
        let v = py.get_item(o.a, key)?;
        py.dict_set(d, key, v)
    })?;
    for key in tuple::items(object(o.b)) {
        py.dict_remove(d, key)?;
    }
    Ok(d.value())
}

/// Subject, class, tuple of keyword names; the immediate counts positional patterns.
pub(super) fn class(py: Py<'_>, w: Args<'_>, immediate: i32) -> R {
    let (subject, class_value, names) = (w.at(0), w.at(1), object(w.at(2)));
    let Some(class) = py.of_kind(class_value, Kind::TYPE) else {
        return py.type_error("called match pattern must be a class");
    };
    if !py.isinstance(subject, class_value)? {
        return Ok(Value::NONE);
    }
    let positional = immediate as usize;
    let seen = py.empty_set()?;
    let values = py.new_list(positional + names.length())?;
    if positional > 0 {
        let match_args = py.get_optional(class_value, sym::MATCH_ARGS)?;
        let match_self = match_args.is_none() && class::has(class, class_flag::MATCH_SELF);
        let match_args = match match_args {
            Some(t) => match py.as_tuple(t) {
                Some(t) => t,
                None => {
                    return py.type_error(&format!(
                        "{}.__match_args__ must be a tuple (got {})",
                        class::name(py, class),
                        py.class_name(t)
                    ));
                }
            },
            None => object(py.empty_tuple()),
        };
        let allowed = if match_self { 1 } else { match_args.length() };
        if allowed < positional {
            let s = if allowed == 1 { "" } else { "s" };
            return py.type_error(&format!(
                "{}() accepts {allowed} positional sub-pattern{s} ({positional} given)",
                class::name(py, class)
            ));
        }
        if match_self {
            py.list_push(values, subject)?;
        } else {
            for i in 0..positional {
                let name = match_args.element(i);
                if string::exact_or_payload(py, name).is_none() {
                    return py
                        .type_error(&format!("__match_args__ elements must be strings (got {})", py.class_name(name)));
                }
                match attribute(py, subject, class, name, seen)? {
                    Some(v) => py.list_push(values, v)?,
                    None => return Ok(Value::NONE),
                }
            }
        }
    }
    for i in 0..names.length() {
        match attribute(py, subject, class, names.element(i), seen)? {
            Some(v) => py.list_push(values, v)?,
            None => return Ok(Value::NONE),
        }
    }
    py.list_to_tuple(values)
}
fn attribute(py: Py<'_>, subject: Value, class: Object, name: Value, seen: Object) -> R<Option<Value>> {
    if !py.set_add(seen, name)? {
        return py.type_error(&format!(
            "{}() got multiple sub-patterns for attribute {}",
            class::name(py, class),
            py.repr_text(name)?
        ));
    }
    match py.symbol_of_value(name)? {
        Some(symbol) => py.get_optional(subject, symbol),
        None => Ok(None),
    }
}
