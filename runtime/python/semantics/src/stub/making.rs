//! Displays, comprehension steps, formatting, functions.

use super::{Operands, object};
use python_compile::opcodes::{conversion, function_part};
use python_objects::function::word;
use python_objects::kind::{Kind, shape};
use python_objects::symbol::sym;
use python_objects::{Args, Exc, Object, Py, R, Value, dict, list, string};

pub(super) fn tuple(py: Py<'_>, w: Args<'_>, _: i32) -> R {
    py.tuple_with(w.len(), |i| w.at(i))
}
pub(super) fn array(py: Py<'_>, w: Args<'_>, _: i32) -> R {
    let a = py.new_array(w.len())?;
    for (i, v) in w.iter().enumerate() {
        a.init(2 + i, v);
    }
    Ok(a.value())
}
pub(super) fn list(py: Py<'_>, w: Args<'_>, _: i32) -> R {
    let l = py.new_list(w.len())?;
    for v in w.iter() {
        py.list_push(l, v)?;
    }
    Ok(l.value())
}
pub(super) fn pop_item(py: Py<'_>, o: Operands) -> R {
    let l = object(o.a);
    let n = list::length(l);
    if n == 0 {
        return py.err(Exc::IndexError, "pop from empty list");
    }
    let i = py.checked_index(o.b.as_int(), n, "pop index out of range")?;
    Ok(py.list_pop(l, i))
}
pub(super) fn insert_item(py: Py<'_>, o: Operands) -> R {
    let (l, i) = (object(o.a), o.b.as_int());
    let n = list::length(l);
    let at = if i < 0 { (i + n as i64).max(0) as usize } else { (i as usize).min(n) };
    py.list_insert(l, at, o.c)?;
    Ok(Value::NONE)
}
pub(super) fn set(py: Py<'_>, w: Args<'_>, _: i32) -> R {
    let s = py.empty_set()?;
    for v in w.iter() {
        py.set_add(s, v)?;
    }
    Ok(s.value())
}
pub(super) fn dict(py: Py<'_>, w: Args<'_>, _: i32) -> R {
    let d = py.new_dict_for(w.len() / 2)?;
    for i in (0..w.len()).step_by(2) {
        py.dict_set(d, w.at(i), w.at(i + 1))?;
    }
    Ok(d.value())
}
/// Strings that the compiler put next to one another: all are exact strings or subclasses' results of `__format__`.
pub(super) fn string(py: Py<'_>, w: Args<'_>, _: i32) -> R {
    let piece = |v: Value| string::exact_or_payload(py, v);
    let (mut length, mut most) = (0usize, 0);
    for v in w.iter() {
        let Some(s) = piece(v) else { return py.type_error("sequence item: expected str instance") };
        length += string::length(s);
        most = most.max(if string::length(s) == 0 { 0 } else { string::most(s) });
    }
    if length <= 1 {
        let found = w.iter().filter_map(piece).find(|s| string::length(*s) == 1);
        return match found {
            Some(s) => Ok(s.value()),
            None => py.str(""),
        };
    }
    let mut b = py.str_builder(length, most)?;
    for s in w.iter().filter_map(piece) {
        py.push_units(&mut b, string::units(s))?;
    }
    Ok(b.finish().value())
}
pub(super) fn dict_of(py: Py<'_>, o: Operands) -> R {
    let (keys, values) = (object(o.a), object(o.b));
    let d = py.new_dict_for(keys.length())?;
    for i in 0..keys.length() {
        py.dict_set(d, keys.element(i), values.element(i))?;
    }
    Ok(d.value())
}
pub(super) fn list_of(py: Py<'_>, o: Operands) -> R {
    let t = object(o.a);
    Ok(py.list_of_elements(t, 0, t.length())?.value())
}
pub(super) fn set_of(py: Py<'_>, o: Operands) -> R {
    let s = py.empty_set()?;
    py.set_merge(s, object(o.a))?;
    Ok(s.value())
}
pub(super) fn list_append(py: Py<'_>, o: Operands) -> R {
    py.list_push(object(o.a), o.b)?;
    Ok(Value::NONE)
}
pub(super) fn set_add(py: Py<'_>, o: Operands) -> R {
    py.set_add(object(o.a), o.b)?;
    Ok(Value::NONE)
}
pub(super) fn list_extend(py: Py<'_>, o: Operands) -> R {
    if !py.is_iterable(o.b) {
        return py.type_error(&format!("Value after * must be an iterable, not {}", py.class_name(o.b)));
    }
    py.extend_list(object(o.a), o.b)?;
    Ok(Value::NONE)
}
pub(super) fn set_update(py: Py<'_>, o: Operands) -> R {
    let s = object(o.a);
    match py.as_any_set(o.b) {
        Some(other) => py.set_merge(s, other)?,
        None => py.each(o.b, |v| py.set_add(s, v).map(|_| ()))?,
    }
    Ok(Value::NONE)
}
/// Runs `f` on the items of a mapping: a dictionary, or anything with `keys`.
fn each_item(py: Py<'_>, mapping: Value, mut f: impl FnMut(Value, Value) -> R<()>) -> R<bool> {
    if let Some(d) = Object::from_value(mapping).filter(|d| d.shape() == shape::DICT) {
        let mut i = 0;
        while let Some((at, key, value)) = dict::next_entry(d, i) {
            i = at + 1;
            f(key, value)?;
        }
        return Ok(true);
    }
    if py.get_optional(mapping, sym::KEYS)?.is_none() {
        return Ok(false);
    }
    let keys = py.call_method(mapping, sym::KEYS, &[])?;
    py.each(keys, |key| {
        let value = py.get_item(mapping, key)?;
        f(key, value)
    })?;
    Ok(true)
}
pub(super) fn dict_update(py: Py<'_>, o: Operands) -> R {
    let d = object(o.a);
    if !each_item(py, o.b, |key, value| py.dict_set(d, key, value))? {
        return py.type_error(&format!("'{}' object is not a mapping", py.class_name(o.b)));
    }
    Ok(Value::NONE)
}
pub(super) fn dict_merge(py: Py<'_>, o: Operands) -> R {
    let d = object(o.a);
    let callee = || py.described_callable(o.c);
    let done = each_item(py, o.b, |key, value| {
        let Some(name) = string::exact_or_payload(py, key) else {
            // That there are two of one name comes first.
            return match py.dict_get(d, key)? {
                Some(_) => py.type_error(&format!(
                    "{} got multiple values for keyword argument '{}'",
                    callee()?,
                    py.str_text(key)?
                )),
                None => py.dict_set(d, key, value),
            };
        };
        if dict::find_str(py, d, name).is_some() {
            return py.err(
                Exc::TypeError,
                &format!("{} got multiple values for keyword argument '{}'", callee()?, string::to_rust(name)),
            );
        }
        py.dict_set_str(d, name, value)
    })?;
    if !done {
        return py.type_error(&format!(
            "{} argument after ** must be a mapping, not {}",
            callee()?,
            py.class_name(o.b)
        ));
    }
    Ok(Value::NONE)
}
pub(super) fn list_to_tuple(py: Py<'_>, o: Operands) -> R {
    py.list_to_tuple(object(o.a))
}
pub(super) fn format_value(py: Py<'_>, o: Operands) -> R {
    let v = match o.immediate as u16 {
        conversion::STR => py.str_of(o.a)?.value(),
        conversion::REPR => py.repr(o.a)?.value(),
        conversion::ASCII => py.ascii(o.a)?.value(),
        _ => o.a,
    };
    let spec = if o.b.is_empty() { None } else { string::exact_or_payload(py, o.b).filter(|s| string::length(*s) > 0) };
    if spec.is_none() {
        // Without a specification built-in types format as `str` does.
        match Object::from_value(v) {
            Some(s) if string::is_exact(s) => return Ok(v),
            None => return py.str_of(v).map(Object::value),
            _ => {}
        }
    }
    let spec = match spec {
        Some(s) => s.value(),
        None => py.str("")?,
    };
    py.format(v, spec).map(Object::value)
}
pub(super) fn make_function(py: Py<'_>, o: Operands) -> R {
    let f = object(o.b);
    let (globals, builtins) = (object(f.get(word::GLOBALS)), f.get(word::BUILTINS));
    Ok(py.new_function_with(object(o.a), globals, o.c, Value::EMPTY, builtins)?.value())
}
pub(super) fn set_function_part(py: Py<'_>, o: Operands) -> R {
    let target = match o.immediate as u16 {
        function_part::DEFAULTS => word::DEFAULTS,
        function_part::KEYWORD_DEFAULTS => word::KEYWORD_DEFAULTS,
        function_part::ANNOTATIONS => word::ANNOTATIONS,
        _ => word::TYPE_PARAMS,
    };
    debug_assert_eq!(py.kind(o.a), Kind::FUNCTION);
    py.store(object(o.a), target, o.b);
    Ok(Value::NONE)
}
