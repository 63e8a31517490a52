//! Issuing warnings by filters, as CPython's `_warnings` does: for native code, for the compiler, and for the module itself.
//!
//! Filters and registries live in a dictionary that [`state`] keeps; once a program has imported `warnings`, its
//! attributes of the same names count, and its `_showwarnmsg` shows.

use python_objects::kind::Kind;
use python_objects::py::root;
use python_objects::symbol::sym;
use python_objects::{Exc, Object, Py, R, Value, class, dict, list, string};

/// Where a warning belongs.
#[derive(Clone, Copy)]
pub struct Place<'a> {
    /// The file.
    pub filename: &'a str,
    /// The line, from 1.
    pub line: i64,
    /// The module's name; `None`: made from the file's.
    pub module: Option<&'a str>,
    /// The module's `__warningregistry__`, or EMPTY.
    pub registry: Value,
}

struct Kept {
    /// Number of the kept dictionary.
    state: u32,
}

/// The dictionary with `filters`, `_defaultaction` and `_onceregistry`.
pub fn state(py: Py<'_>) -> R<Object> {
    if let Some(kept) = py.state().module_data.borrow().get("_warnings")
        && let Some(kept) = kept.downcast_ref::<Kept>()
    {
        return Ok(Object::of(py.kept(kept.state)));
    }
    let d = py.new_dict()?;
    let filters = py.new_list(5)?;
    let rows = [
        ("default", Exc::DeprecationWarning, Some("__main__")),
        ("ignore", Exc::DeprecationWarning, None),
        ("ignore", Exc::PendingDeprecationWarning, None),
        ("ignore", Exc::ImportWarning, None),
        ("ignore", Exc::ResourceWarning, None),
    ];
    for (action, category, module) in rows {
        let action = py.str(action)?;
        let module = module.map_or(Ok(Value::NONE), |m| py.str(m))?;
        let row = py.tuple(&[action, Value::NONE, py.root(category.root()), module, Value::int(0)])?;
        py.list_push(filters, row)?;
    }
    py.dict_set_text(d, "filters", filters.value())?;
    let action = py.str("default")?;
    py.dict_set_text(d, "_defaultaction", action)?;
    let once = py.new_dict()?;
    py.dict_set_text(d, "_onceregistry", once.value())?;
    py.dict_set_text(d, "version", Value::int(0))?;
    let number = py.keep(d.value())?;
    py.state().data("_warnings", || Kept { state: number });
    Ok(d)
}

/// The attribute of the imported `warnings` module.
fn module_attribute(py: Py<'_>, name: &str) -> R<Option<Value>> {
    let modules = Object::of(py.root(root::MODULES));
    let key = py.intern("warnings")?;
    match dict::get_symbol(py, modules, key) {
        Some(m) if m != Value::NONE => {
            let name = py.intern(name)?;
            py.get_optional(m, name)
        }
        _ => Ok(None),
    }
}

/// `filters`, `defaultaction` or `onceregistry` as they hold now.
fn setting(py: Py<'_>, name: &str, own: &str) -> R<Value> {
    if let Some(v) = module_attribute(py, name)? {
        return Ok(v);
    }
    let d = state(py)?;
    let own = py.intern(own)?;
    Ok(dict::get_symbol(py, d, own).unwrap_or(Value::NONE))
}

/// Issues a warning of a built-in category for a place in a source. An error if a filter says so.
pub fn warn_explicit(py: Py<'_>, category: Exc, message: &str, place: Place<'_>) -> R<()> {
    let category = py.exception_class(category);
    let message = py.str(message)?;
    warn_at(py, category, message, place, Value::NONE)
}

/// Issues a warning of a built-in category for the line that runs. An error if a filter says so.
pub fn warn(py: Py<'_>, category: Exc, message: &str, level: usize) -> R<()> {
    let category = py.exception_class(category);
    let message = py.str(message)?;
    warn_here(py, category, message, level, Value::NONE)
}

/// The same for any category and message, which may be a Warning already. `level` counts visible frames, from 1.
pub fn warn_here(py: Py<'_>, category: Object, message: Value, level: usize, source: Value) -> R<()> {
    let (mut globals, mut line, mut filename, mut left) = (Value::EMPTY, 1, "<sys>".to_owned(), level.max(1));
    let mut skips = None;
    py.ops().walk_frames(py.0, &mut |index, at, function| {
        let code = py.ops().code(py.0, index);
        let hidden = code.flags & vm_api::code::code::code_flag::HIDDEN != 0;
        if hidden {
            return true;
        }
        // Frames of the import system do not count, unless it warns itself.
        let internal = code.source.contains("importlib") && code.source.contains("_bootstrap");
        if *skips.get_or_insert(!internal) && internal {
            return true;
        }
        left -= 1;
        if left > 0 {
            return true;
        }
        globals = Object::from_value(function).map_or(Value::EMPTY, |f| f.get(python_objects::function::word::GLOBALS));
        line = code.positions.get(at as usize).map_or(1, |p| p.line);
        filename = code.source.to_string();
        false
    });
    let Some(globals) = Object::from_value(globals) else {
        let place = Place { filename: "<sys>", line: 0, module: Some("sys"), registry: Value::EMPTY };
        return warn_at(py, category, message, place, source);
    };
    let name = py.intern("__name__")?;
    let module = dict::get_symbol(py, globals, name)
        .and_then(|v| string::exact_or_payload(py, v))
        .map_or_else(|| "<string>".to_owned(), string::to_rust);
    let key = py.intern("__warningregistry__")?;
    let registry = match dict::get_symbol(py, globals, key) {
        Some(r) => r,
        None => {
            let r = py.new_dict()?.value();
            py.dict_set_symbol(globals, key, r)?;
            r
        }
    };
    let place = Place { filename: &filename, line: i64::from(line), module: Some(&module), registry };
    warn_at(py, category, message, place, source)
}

/// Issues a warning at a place. `message` is a Warning (then its class is the category) or what makes one.
pub fn warn_at(py: Py<'_>, category: Object, message: Value, place: Place<'_>, source: Value) -> R<()> {
    if place.module.is_none() && place.filename.is_empty() {
        return Ok(());
    }
    let module = match place.module {
        Some(m) => m.to_owned(),
        None => place.filename.strip_suffix(".py").unwrap_or(place.filename).to_owned(),
    };
    let is_warning = py.is_instance(message, py.exception_class(Exc::Warning));
    let (message, category) =
        if is_warning { (message, py.class_of(message)) } else { (py.call(category.value(), &[message])?, category) };
    let text = py.str_of(message)?.value();
    let key = py.tuple(&[text, category.value(), py.int(place.line)?])?;
    let registry = py.as_dict(place.registry);
    if let Some(registry) = registry
        && already_warned(py, registry, key)?
    {
        return Ok(());
    }
    let action = find_action(py, text, category, &module, place.line)?;
    match action.as_str() {
        "error" => {
            let e = py.make_exception(message)?;
            return Err(py.throw(e));
        }
        "ignore" => return Ok(()),
        "always" => {}
        "once" | "module" | "default" => {
            if let Some(registry) = registry {
                py.dict_set(registry, key, Value::TRUE)?;
            }
            let short = py.tuple(&[text, category.value()])?;
            let seen = match action.as_str() {
                "once" => {
                    let once = setting(py, "onceregistry", "_onceregistry")?;
                    py.as_dict(once)
                }
                "module" => registry,
                _ => None,
            };
            if let Some(seen) = seen {
                if already_warned(py, seen, short)? {
                    return Ok(());
                }
                py.dict_set(seen, short, Value::TRUE)?;
            }
        }
        _ => {
            return py
                .err(Exc::RuntimeError, &format!("Unrecognized action ({action}) in warnings.filters:\n {action}"));
        }
    }
    show(py, message, text, category, place, source)
}

/// Is the key in the registry, which is emptied when the filters have changed?
fn already_warned(py: Py<'_>, registry: Object, key: Value) -> R<bool> {
    let d = state(py)?;
    let version = py.intern("version")?;
    let now = dict::get_symbol(py, d, version).unwrap_or(Value::int(0));
    if dict::get_symbol(py, registry, version) != Some(now) {
        py.dict_clear(registry);
        py.dict_set_symbol(registry, version, now)?;
        return Ok(false);
    }
    match py.dict_get(registry, key)? {
        Some(v) => py.truth(v),
        None => Ok(false),
    }
}

/// What the first filter that fits says, or the default action.
fn find_action(py: Py<'_>, text: Value, category: Object, module: &str, line: i64) -> R<String> {
    let filters = setting(py, "filters", "filters")?;
    let Some(filters) = py.as_list(filters) else {
        return py.value_error("_warnings.filters must be a list");
    };
    let module = py.str(module)?;
    let mut i = 0;
    while let Some(row) = list::get(filters, i) {
        i += 1;
        let Some(row) = py.as_tuple(row).filter(|r| r.length() == 5) else {
            return py.value_error(&format!("_warnings.filters item {} isn't a 5-tuple", i - 1));
        };
        let at = py.index_i64(row.element(4))?;
        let fits = matches(py, row.element(1), text)?
            && matches(py, row.element(3), module)?
            && (at == 0 || at == line)
            && match py.of_kind(row.element(2), Kind::TYPE) {
                Some(c) => py.is_subclass(category, c),
                None => false,
            };
        if fits {
            return py.str_text(row.element(0));
        }
    }
    let action = setting(py, "defaultaction", "_defaultaction")?;
    py.str_text(action)
}

/// Does a filter's pattern (None, a string, or a compiled regular expression) fit?
fn matches(py: Py<'_>, pattern: Value, text: Value) -> R<bool> {
    if pattern == Value::NONE {
        return Ok(true);
    }
    if string::exact_or_payload(py, pattern).is_some() {
        return py.equal(pattern, text);
    }
    let name = py.intern("match")?;
    let found = py.call_method(pattern, name, &[text])?;
    py.truth(found)
}

/// Shows a warning: by the `warnings` module where it is imported, else on `sys.stderr`.
fn show(py: Py<'_>, message: Value, text: Value, category: Object, place: Place<'_>, source: Value) -> R<()> {
    let filename = py.str(place.filename)?;
    let line = py.int(place.line)?;
    if let Some(hook) = module_attribute(py, "_showwarnmsg")? {
        let Some(make) = module_attribute(py, "WarningMessage")? else {
            return py.err(Exc::RuntimeError, "unable to get warnings.WarningMessage");
        };
        let shown = py.call(make, &[message, category.value(), filename, line, Value::NONE, Value::NONE, source])?;
        py.call(hook, &[shown])?;
        return Ok(());
    }
    let text = py.str_text(text)?;
    let mut out = format!("{}:{}: {}: {text}\n", place.filename, place.line, class::name(py, category));
    if let Ok(content) = std::fs::read(place.filename)
        && let Some(line) = content.split(|b| *b == b'\n').nth((place.line.max(1) - 1) as usize)
    {
        out.push_str("  ");
        out.push_str(String::from_utf8_lossy(line).trim());
        out.push('\n');
    }
    match py.sys_item(sym::STDERR) {
        None => py.write_stderr(&out),
        Some(v) if v == Value::NONE => {}
        Some(stream) => {
            let out = py.str(&out)?;
            py.call_method(stream, sym::WRITE, &[out])?;
        }
    }
    Ok(())
}
