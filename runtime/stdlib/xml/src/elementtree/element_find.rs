//! Finding elements by paths. Paths that are just a tag are looked for here, others by `xml.etree.ElementPath`.

use super::element::{child, word};
use super::element_methods::this;
use super::kept;
use python_objects::{Args, Native, Object, Py, R, Value, string};

pub(super) static METHODS: &[Native] = &[
    Native::method("find", "self, /, path, namespaces=None", find, ""),
    Native::method("findall", "self, /, path, namespaces=None", find_all, ""),
    Native::method("findtext", "self, /, path, default=None, namespaces=None", find_text, ""),
    Native::method("iterfind", "self, /, path, namespaces=None", iterate, ""),
];

/// May it be something else than a tag?
fn is_path(py: Py<'_>, path: Value) -> bool {
    let Some(s) = string::exact_or_payload(py, path) else { return true };
    let is_wildcard = |prefix: &str| string::code_points(s).take(prefix.len()).eq(prefix.chars().map(u32::from));
    if is_wildcard("{}") || is_wildcard("{*}") {
        return true;
    }
    let mut is_in_namespace = false;
    for c in string::code_points(s) {
        match char::from_u32(c) {
            Some('{') => is_in_namespace = true,
            Some('}') => is_in_namespace = false,
            Some('/' | '*' | '[' | '@' | '.') if !is_in_namespace => return true,
            _ => {}
        }
    }
    false
}
/// What the module for paths answers.
fn by_path(py: Py<'_>, function: &str, args: &[Value]) -> R {
    let module = kept::get(py)?.element_path(py);
    let function = py.get_attribute(module, py.intern(function)?)?;
    py.call(function, args)
}
/// The first child from `from` on with this tag, and its place.
fn next_with_tag(py: Py<'_>, o: Object, tag: Value, from: usize) -> R<Option<(usize, Object)>> {
    let mut i = from;
    while let Some(c) = child(o, i) {
        if py.equal_or_same(c.get(word::TAG), tag)? {
            return Ok(Some((i, c)));
        }
        i += 1;
        py.poll()?;
    }
    Ok(None)
}
fn find(py: Py<'_>, args: Args<'_>) -> R {
    let (o, path) = (this(py, args)?, args.at(1));
    if is_path(py, path) || args.some(2).is_some() {
        return by_path(py, "find", &[o.value(), path, args.opt(2).unwrap_or(Value::NONE)]);
    }
    Ok(next_with_tag(py, o, path, 0)?.map_or(Value::NONE, |(_, c)| c.value()))
}
fn find_text(py: Py<'_>, args: Args<'_>) -> R {
    let (o, path) = (this(py, args)?, args.at(1));
    let default = args.opt(2).unwrap_or(Value::NONE);
    if is_path(py, path) || args.some(3).is_some() {
        return by_path(py, "findtext", &[o.value(), path, default, args.opt(3).unwrap_or(Value::NONE)]);
    }
    match next_with_tag(py, o, path, 0)? {
        Some((_, c)) if c.get(word::TEXT) == Value::NONE => py.str(""),
        Some((_, c)) => Ok(c.get(word::TEXT)),
        None => Ok(default),
    }
}
fn find_all(py: Py<'_>, args: Args<'_>) -> R {
    let (o, path) = (this(py, args)?, args.at(1));
    if is_path(py, path) || args.some(2).is_some() {
        return by_path(py, "findall", &[o.value(), path, args.opt(2).unwrap_or(Value::NONE)]);
    }
    let (found, mut from) = (py.new_list(0)?, 0);
    while let Some((i, c)) = next_with_tag(py, o, path, from)? {
        py.list_push(found, c.value())?;
        from = i + 1;
    }
    Ok(found.value())
}
fn iterate(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    by_path(py, "iterfind", &[o.value(), args.at(1), args.opt(2).unwrap_or(Value::NONE)])
}
