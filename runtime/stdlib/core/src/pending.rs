//! What collections leave to run: callbacks of weak references, then finalizers, each once.

use crate::io::unclosed;
use crate::sys::hooks::report_unraisable;
use python_objects::generator;
use python_objects::py::root;
use python_objects::symbol::sym;
use python_objects::weakref::word;
use python_objects::{Object, Py, R, Value};
use std::cell::Cell;
use std::rc::Rc;
use vm_api::heap::RootedVec;

/// What the interpreter does when its poll flag is set.
pub fn poll(py: Py<'_>) -> R<()> {
    if py.heap().has_pending() {
        run(py)?;
    }
    Ok(())
}

/// How many callbacks and finalizers have run.
pub(crate) fn count(py: Py<'_>) -> Rc<Cell<usize>> {
    py.state().data("pending", || Cell::new(0))
}

/// Runs within one another in a thread. What a finalizer allocates may lead to further ones, which come at its next poll; without
/// a bound, each of them within the one before, until the stack is full.
const MOST_NESTED: i64 = 3;
/// Goes at what is pending in one run.
const MOST_ROUNDS: u32 = 100;

/// Runs what is pending, unless the thread is in several such runs already: then that is left to them. Errors of callbacks and finalizers go to `sys.unraisablehook`; an exception that is pending stays.
pub fn run(py: Py<'_>) -> R<()> {
    let depth = Some(py.root(root::FINALIZING)).filter(|v| v.is_int()).map_or(0, Value::as_int);
    if depth == MOST_NESTED {
        return Ok(());
    }
    let interrupted = py.take_exception();
    py.set_root(root::FINALIZING, Value::int(depth + 1));
    let mut done = run_all(py);
    // What inner runs have left, and what has come meanwhile. Finalizers that always make further ones wait for a collection.
    let mut rounds = if depth == 0 { MOST_ROUNDS } else { 0 };
    while done.is_ok() && rounds > 0 && py.heap().has_pending() {
        done = run_all(py);
        rounds -= 1;
    }
    py.set_root(root::FINALIZING, Value::int(depth));
    crate::census::count_the_rest(py);
    if !interrupted.is_empty() {
        py.raise(interrupted);
    }
    done
}

fn run_all(py: Py<'_>) -> R<()> {
    let (cleared, finalizable) = (RootedVec::new(py.heap()), RootedVec::new(py.heap()));
    py.heap().take_pending(|v| cleared.push(v), |v| finalizable.push(v));
    let count = count(py);
    count.set(count.get() + cleared.len() + finalizable.len());
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
    let mut ranks = Vec::with_capacity(finalizable.len());
    for i in 0..finalizable.len() {
        ranks.push(unclosed::rank(py, finalizable.get(i).unwrap_or(Value::NONE)));
    }
    for rank in 0..unclosed::RANKS {
        for i in (0..ranks.len()).filter(|i| ranks[*i] == rank) {
            if let Some(v) = finalizable.get(i) {
                finalize(py, v);
            }
        }
    }
    Ok(())
}

/// Runs an object's finalizer.
fn finalize(py: Py<'_>, v: Value) {
    if let Some(g) = Object::from_value(v).filter(|o| generator::is_generator(py.object_kind(*o))) {
        return crate::unfinished::finalize(py, g);
    }
    let class = py.class_of(v);
    let Some(finalizer) = py.lookup(class, sym::DEL) else { return };
    if py.call_descriptor(finalizer, v, class, &[]).is_err() {
        report_unraisable(py, None, finalizer);
    }
}

/// All objects that still have a finalizer.
pub(crate) fn finalizable(py: Py<'_>) -> RootedVec<'_> {
    let alive = RootedVec::new(py.0.heap());
    py.heap().each_finalizable(&mut |o| alive.push(o.value()));
    alive
}

/// At the end of a program: runs the finalizers of all objects that still have one, but for streams. The streams, if there was
/// nothing else, so that there are no new ones.
pub(crate) fn finalize_all(py: Py<'_>) -> R<Option<RootedVec<'_>>> {
    let before = count(py).get();
    run(py)?;
    let mut quiet = count(py).get() == before;
    let alive = finalizable(py);
    let base = crate::io::base_class(py)?;
    for i in 0..alive.len() {
        let Some(v) = alive.get(i).filter(|v| !py.is_instance(*v, base)) else { continue };
        finalize(py, v);
        quiet = false;
    }
    Ok(quiet.then_some(alive))
}
