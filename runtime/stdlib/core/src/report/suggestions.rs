//! What may have been meant: names like one that was not found, as CPython adds them to the message of AttributeError,
//! NameError and ImportError.
//!
//! Names are compared by the least number of edits that make one of the other, with a bound that shrinks as better names are
//! found; long names and long lists are left alone.

use python_objects::exception::{traceback, word};
use python_objects::function::word as function_word;
use python_objects::kind::Kind;
use python_objects::py::root;
use python_objects::{Exc, Object, Py, R, Value, dict, list, string};
use vm_api::engine::CodeIndex;

/// Names that are compared at most.
const MOST_NAMES: usize = 750;
/// Characters of a name that is compared at most, without what both have in common at the ends.
const LONGEST: usize = 40;
/// What inserting, deleting or replacing a character costs.
const EDIT: usize = 2;
/// What changing its case costs.
const CASE: usize = 1;

/// The suggestion for an exception, as it stands behind its message; empty if there is none.
pub(super) fn of(py: Py<'_>, e: Object) -> String {
    let is = |class: Exc| py.is_instance(e.value(), py.exception_class(class));
    let found = if is(Exc::AttributeError) {
        of_attribute(py, e)
    } else if is(Exc::NameError) {
        of_name(py, e)
    } else if is(Exc::ImportError) {
        of_import(py, e)
    } else {
        Ok(String::new())
    };
    found.unwrap_or_else(|_| {
        py.take_exception();
        String::new()
    })
}

fn field(e: Object, class: Exc, name: &str) -> Option<Value> {
    Py::exception_field(class, name).map(|at| e.get(at)).filter(|v| !v.is_empty() && *v != Value::NONE)
}

fn text_field(py: Py<'_>, e: Object, class: Exc, name: &str) -> Option<String> {
    field(e, class, name).and_then(|v| string::exact_or_payload(py, v)).map(string::to_rust)
}

fn did_you_mean(py: Py<'_>, name: Option<String>) -> R<String> {
    match name {
        Some(name) => {
            let name = py.str(&name)?;
            Ok(format!(". Did you mean: {}?", py.repr_text(name)?))
        }
        None => Ok(String::new()),
    }
}

fn of_attribute(py: Py<'_>, e: Object) -> R<String> {
    let (Some(name), Some(of)) = (text_field(py, e, Exc::AttributeError, "name"), field(e, Exc::AttributeError, "obj"))
    else {
        return Ok(String::new());
    };
    did_you_mean(py, best(py, &name, directory(py, of)?))
}

fn of_import(py: Py<'_>, e: Object) -> R<String> {
    let (Some(module), Some(name)) =
        (field(e, Exc::ImportError, "name"), text_field(py, e, Exc::ImportError, "name_from"))
    else {
        return Ok(String::new());
    };
    let modules = Object::of(py.root(root::MODULES));
    let Some(module) = py.dict_get(modules, module)? else { return Ok(String::new()) };
    did_you_mean(py, best(py, &name, directory(py, module)?))
}

/// `dir(v)` as a list.
fn directory(py: Py<'_>, v: Value) -> R<Object> {
    let name = py.intern("dir")?;
    let Some(dir) = dict::get_symbol(py, Object::of(py.root(root::BUILTINS_DICT)), name) else { return py.new_list(0) };
    let names = py.call(dir, &[v])?;
    py.list_from(names)
}

fn of_name(py: Py<'_>, e: Object) -> R<String> {
    let Some(name) = text_field(py, e, Exc::NameError, "name") else { return Ok(String::new()) };
    let mut found = did_you_mean(py, seen_from_frame(py, e, &name)?)?;
    // A name of the library was perhaps to be imported.
    let known = py.intern("stdlib_module_names")?;
    if let Some(modules) = py.sys_item(known) {
        let key = py.str(&name)?;
        if py.contains(modules, key)? {
            let or = if found.is_empty() { ". Did" } else { " Or did" };
            found.push_str(&format!("{or} you forget to import '{name}'?"));
        }
    }
    Ok(found)
}

/// A name that is known where the exception was raised.
fn seen_from_frame(py: Py<'_>, e: Object, name: &str) -> R<Option<String>> {
    let mut at = Object::from_value(e.get(word::TRACEBACK)).filter(|o| py.kind(o.value()) == Kind::TRACEBACK);
    let Some(mut last) = at else { return Ok(None) };
    while let Some(entry) = at {
        last = entry;
        at = Object::from_value(entry.get(traceback::NEXT)).filter(|o| py.kind(o.value()) == Kind::TRACEBACK);
    }
    let code = py.ops().code(py.0, CodeIndex(last.get(traceback::CODE).as_int() as u32)).clone();
    let locals = py.new_list(8)?;
    for name in code.variables.iter().chain(&code.free) {
        let name = py.str(name)?;
        py.list_push(locals, name)?;
    }
    if let Some(found) = best(py, name, locals) {
        return Ok(Some(found));
    }
    let globals =
        Object::from_value(py.entry_function(last)).map(|f| f.get(function_word::GLOBALS)).and_then(|d| py.as_dict(d));
    if let Some(globals) = globals
        && let Some(found) = best(py, name, py.list_from(globals.value())?)
    {
        return Ok(Some(found));
    }
    Ok(best(py, name, py.list_from(py.root(root::BUILTINS_DICT))?))
}

/// The name most like `wanted` in a list.
fn best(py: Py<'_>, wanted: &str, names: Object) -> Option<String> {
    let count = list::length(names);
    if count >= MOST_NAMES {
        return None;
    }
    let wanted_length = wanted.len();
    let (mut found, mut bound) = (None, usize::MAX);
    for i in 0..count {
        let Some(name) = list::get(names, i).and_then(|v| string::exact_or_payload(py, v)).map(string::to_rust) else {
            continue;
        };
        if name == wanted {
            continue;
        }
        // A third of the characters may differ.
        let most = ((wanted_length + name.len() + 3) * EDIT / 6).min(bound - 1);
        let distance = distance(wanted.as_bytes(), name.as_bytes(), most);
        if distance <= most {
            (found, bound) = (Some(name), distance);
        }
        if bound == 0 {
            break;
        }
    }
    found
}

fn cost(a: u8, b: u8) -> usize {
    match (a == b, a.eq_ignore_ascii_case(&b)) {
        (true, _) => 0,
        (_, true) => CASE,
        _ => EDIT,
    }
}

/// The edit distance of two names (Wagner and Fischer, one row), or more than `most` if it is more.
fn distance(a: &[u8], b: &[u8], most: usize) -> usize {
    let front = a.iter().zip(b).take_while(|(x, y)| x == y).count();
    let (a, b) = (&a[front..], &b[front..]);
    let back = a.iter().rev().zip(b.iter().rev()).take_while(|(x, y)| x == y).count();
    let (a, b) = (&a[..a.len() - back], &b[..b.len() - back]);
    if a.is_empty() || b.is_empty() {
        return (a.len() + b.len()) * EDIT;
    }
    if a.len() > LONGEST || b.len() > LONGEST {
        return most + 1;
    }
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    if (long.len() - short.len()) * EDIT > most {
        return most + 1;
    }
    let mut row: Vec<usize> = (1..=short.len()).map(|i| i * EDIT).collect();
    let mut result = 0;
    for (i, &y) in long.iter().enumerate() {
        // Diagonal and left neighbour of the cell.
        let mut diagonal = i * EDIT;
        result = diagonal;
        let mut least = usize::MAX;
        for (cell, &x) in row.iter_mut().zip(short) {
            let replaced = diagonal + cost(y, x);
            diagonal = *cell;
            result = replaced.min(result.min(diagonal) + EDIT);
            *cell = result;
            least = least.min(result);
        }
        if least > most {
            return most + 1;
        }
    }
    result
}
