//! What collections leave to run: callbacks of weak references, then finalizers, each once.

use crate::sys::hooks::report_unraisable;
use python_objects::symbol::sym;
use python_objects::weakref::word;
use python_objects::{Object, Py, R, Value, dict, list};
use vm_api::heap::RootedVec;

/// What the interpreter does when its poll flag is set.
pub(crate) fn poll(py: Py<'_>) -> R<()> {
    if py.heap().has_pending() {
        run(py)?;
    }
    Ok(())
}

/// Runs what is pending. Errors of callbacks and finalizers go to `sys.unraisablehook`; an exception that is pending stays.
pub fn run(py: Py<'_>) -> R<()> {
    let interrupted = py.take_exception();
    let done = run_all(py);
    if !interrupted.is_empty() {
        py.raise(interrupted);
    }
    done
}

fn run_all(py: Py<'_>) -> R<()> {
    let (cleared, finalizable) = (RootedVec::new(py.heap()), RootedVec::new(py.heap()));
    py.heap().take_pending(|v| cleared.push(v), |v| finalizable.push(v));
    for i in 0..cleared.len() {
        let Some(reference) = cleared.get(i).and_then(Object::from_value) else { continue };
        let callback = reference.get(word::CALLBACK);
        py.store(reference, word::CALLBACK, Value::EMPTY);
        if callback.is_empty() || callback == Value::NONE {
            continue;
        }
        if py.call(callback, &[reference.value()]).is_err() {
            report_unraisable(py, None, callback);
        }
    }
    for i in 0..finalizable.len() {
        let Some(v) = finalizable.get(i) else { continue };
        finalize(py, v);
    }
    Ok(())
}

/// Runs an object's finalizer.
fn finalize(py: Py<'_>, v: Value) {
    let class = py.class_of(v);
    let Some(finalizer) = py.lookup(class, sym::DEL) else { return };
    if py.call_descriptor(finalizer, v, class, &[]).is_err() {
        report_unraisable(py, None, finalizer);
    }
}

/// At the end of a program: the finalizers of what `__main__` and the other modules keep alive. Their dictionaries are
/// emptied in the order in which modules are in `sys.modules`, `__main__` first, names with one underscore before the rest.
pub(crate) fn finalize_modules(py: Py<'_>) -> R<()> {
    let modules = Object::of(py.root(python_objects::py::root::MODULES));
    let order = py.new_list(8)?;
    let main = py.str("__main__")?;
    if let Some(m) = py.dict_get(modules, main)? {
        py.list_push(order, m)?;
    }
    let mut i = 0;
    while let Some(m) = list::get(order, i) {
        i += 1;
        let Some(m) = py.of_kind(m, python_objects::Kind::MODULE) else { continue };
        clear_names(py, py.module_dict(m));
    }
    py.heap().collect(vm_api::heap::CollectKind::Full, vm_api::heap::Trigger::Explicit);
    run(py)
}

fn clear_names(py: Py<'_>, d: Object) {
    for private in [true, false] {
        let mut i = 0;
        while let Some((at, key, value)) = dict::next_entry(d, i) {
            i = at + 1;
            let Some(name) = python_objects::string::exact_or_payload(py, key) else { continue };
            let name = python_objects::string::to_rust(name);
            let is_private = name.starts_with('_') && !name.starts_with("__");
            if value != Value::NONE && name != "__builtins__" && is_private == private {
                py.dict_set_entry(d, at, Value::NONE);
            }
        }
    }
}
