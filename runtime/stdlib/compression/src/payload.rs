//! States of compressors, which live outside the heap: objects hold a handle in their first word, and give the state back
//! when they are finalized.

use python_objects::{Args, Object, Py, R, Value};

/// The word with the handle; EMPTY: there is no state any more.
pub(crate) const HANDLE: usize = 1;

struct Payload<T> {
    state: Option<T>,
    bytes: usize,
}

/// Gives a fresh object its state, which takes about so many bytes. MemoryError beyond the heap's limit. May run Python code.
pub(crate) fn attach<T: 'static>(py: Py<'_>, o: Object, bytes: usize, make: impl FnOnce() -> T) -> R<()> {
    if py.heap().charge_external(bytes).is_err() {
        // That has collected: states that nobody reaches any more are given back by finalizers, which run now.
        py.poll()?;
        py.heap().charge_external(bytes).map_err(|e| py.out_of_memory(e))?;
    }
    let payload = Payload { state: Some(make()), bytes };
    let handle = py.state().foreign.borrow_mut().add(Box::new(payload));
    py.store(o, HANDLE, Value::int(handle.into()));
    Ok(())
}
fn handle(o: Object) -> Option<u32> {
    let v = o.get(HANDLE);
    v.is_int().then(|| v.as_int() as u32)
}
/// Runs `f` on the state, which must not use the heap; `None` if there is none (any more).
pub(crate) fn with<T: 'static, U>(py: Py<'_>, o: Object, f: impl FnOnce(&mut T) -> U) -> Option<U> {
    let mut foreign = py.state().foreign.borrow_mut();
    let payload = foreign.get::<Payload<T>>(handle(o)?)?;
    payload.state.as_mut().map(f)
}
/// `__del__`: gives the state back.
pub(crate) fn release<T: 'static>(py: Py<'_>, args: Args<'_>) -> R {
    let Some(o) = Object::from_value(args.at(0)) else { return Ok(Value::NONE) };
    if let Some(handle) = handle(o) {
        py.store(o, HANDLE, Value::EMPTY);
        let payload = py.state().foreign.borrow_mut().remove(handle);
        if let Some(payload) = payload.and_then(|p| p.downcast::<Payload<T>>().ok()) {
            py.heap().release_external(payload.bytes);
        }
    }
    Ok(Value::NONE)
}
