//! Templates of replacements: what `re._compile_template` makes of a string with backslashes.

use crate::matched;
use crate::pattern::PATTERN;
use python_objects::py::root;
use python_objects::symbol::sym;
use python_objects::{Args, Exc, Kind, Object, Py, R, TypeSpec, Value, dict, int, list, string, tuple};

/// Field: a tuple of literals and numbers of groups, in turn, a literal at both ends.
pub(crate) static TEMPLATE: TypeSpec = TypeSpec::values("_sre", "SRE_Template", 1, &[], "");
const ITEMS: usize = 1;

/// `_sre.template`
pub(crate) fn template(py: Py<'_>, args: Args<'_>) -> R {
    py.native_self(args.at(0), &PATTERN)?;
    let Some(items) = py.as_list(args.at(1)) else {
        return py.type_error(&format!("template() argument 2 must be list, not {}", py.class_name(args.at(1))));
    };
    let n = list::length(items);
    let group = |v: Value| py.as_int(v).and_then(int::to_i64).is_some_and(|i| i >= 0);
    if n & 1 == 0 || (1..n).step_by(2).any(|i| !group(list::item(items, i))) {
        return py.type_error("invalid template");
    }
    let items = py.list_of_elements(list::array(items), 0, n)?;
    let items = py.list_to_tuple(items)?;
    let o = py.new_native(&TEMPLATE)?;
    o.init(ITEMS, items);
    Ok(o.value())
}

/// The template that `re` compiles of a value.
pub(crate) fn compiled(py: Py<'_>, p: Value, source: Value) -> R<Object> {
    let compile = py.get_attribute_text(module_re(py)?, "_compile_template")?;
    let first = py.call(compile, &[p, source]);
    let result = match first {
        // What is not hashable is tried again as a plain string or bytes.
        Err(_) if py.pending_is(Exc::TypeError) && !is_plain(py, source) => {
            let plain = match string::exact_or_payload(py, source) {
                Some(s) => Some(s.value()),
                None => match py.bytes_like(source) {
                    Some(copy) => Some(py.bytes(&copy)?.value()),
                    None => None,
                },
            };
            match plain {
                Some(plain) => {
                    py.catch(Exc::TypeError);
                    py.call(compile, &[p, plain])?
                }
                None => first?,
            }
        }
        r => r?,
    };
    match py.of_kind(result, TEMPLATE.kind) {
        Some(t) => Ok(t),
        None => py.err(
            Exc::RuntimeError,
            &format!("the result of compiling a replacement string is {}, not re.Template", py.class_name(result)),
        ),
    }
}
/// Exactly a string or bytes?
fn is_plain(py: Py<'_>, v: Value) -> bool {
    let class = py.class_of(v);
    [Kind::STR, Kind::BYTES].iter().any(|k| class == py.builtin_class(k.0))
}
fn module_re(py: Py<'_>) -> R {
    let name = py.intern("re")?;
    if let Some(module) = dict::get_symbol(py, Object::of(py.root(root::MODULES)), name) {
        return Ok(module);
    }
    match dict::get_symbol(py, Object::of(py.root(root::BUILTINS_DICT)), sym::IMPORT) {
        Some(import) => py.call(import, &[py.symbol_string(name).value()]),
        None => py.err(Exc::ImportError, "__import__ not found"),
    }
}

/// The literal that a template is, if it names no groups.
pub(crate) fn literal(t: Object) -> Option<Value> {
    let items = Object::of(t.get(ITEMS));
    if items.length() == 1 { Some(items.element(0)) } else { None }
}
/// The replacement for a match.
pub(crate) fn expand(py: Py<'_>, t: Object, m: Object) -> R {
    if let Some(literal) = literal(t) {
        return Ok(literal);
    }
    let items = Object::of(t.get(ITEMS));
    let parts = py.new_list(items.length())?;
    for (i, v) in tuple::items(items).enumerate() {
        let part = if i & 1 == 0 {
            v
        } else {
            let group = py.as_int(v).and_then(int::to_i64).unwrap_or(i64::MAX);
            matched::text(py, m, group as usize, Value::NONE)?
        };
        if part != Value::NONE {
            py.list_push(parts, part)?;
        }
    }
    join(py, py.as_bytes(items.element(0)).is_some(), parts)
}
/// The parts as one string or `bytes`.
pub(crate) fn join(py: Py<'_>, is_bytes: bool, parts: Object) -> R {
    let empty = if is_bytes { py.root(root::EMPTY_BYTES) } else { py.root(root::EMPTY_STRING) };
    if list::length(parts) == 0 {
        return Ok(empty);
    }
    py.call_method(empty, sym::JOIN, &[parts.value()])
}
