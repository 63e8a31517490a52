//! Waiting for what another thread changes: a lock, an import.
//!
//! Who waits stands in a queue under the identity of the object that it waits for. Who changes the object wakes the first in
//! the queue, which looks at the object again: somebody else may have been faster, and then it waits on, again as the first.

use super::{Patience, is_main, threads};
use python_objects::{Py, R};
use std::cell::RefCell;
use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::time::{Duration, Instant};
use stdlib_system::Parker;

/// Who waits for what.
#[derive(Default)]
pub(super) struct Table(RefCell<HashMap<u64, VecDeque<Arc<Parker>>>>);

impl Table {
    fn change<T>(&self, of: u64, change: impl FnOnce(&mut VecDeque<Arc<Parker>>) -> T) -> T {
        let mut table = self.0.borrow_mut();
        let queue = table.entry(of).or_default();
        let result = change(queue);
        if queue.is_empty() {
            table.remove(&of);
        }
        result
    }
    /// Nobody waits any more.
    pub(super) fn clear(&self) {
        self.0.borrow_mut().clear();
    }
    pub(super) fn is_empty(&self) -> bool {
        self.0.borrow().is_empty()
    }
}

/// At most so long the main thread waits without looking for signals: one may come between looking and waiting.
const SLICE: Duration = Duration::from_millis(50);

/// Waits until `take` has got what it wants of the object with identity `of`; false if that took too long. `take` is a quick
/// look at state that changes under the global lock; who changes it calls [`wake`].
///
/// # Errors
/// A signal's handler raised.
pub(crate) fn wait(py: Py<'_>, of: u64, patience: Patience, take: impl Fn() -> bool) -> R<bool> {
    if take() {
        return Ok(true);
    }
    let deadline = match patience {
        Patience::None => return Ok(false),
        Patience::For(time) => Instant::now().checked_add(time),
        Patience::Endless => None,
    };
    let threads = threads(py);
    let parker = Arc::new(Parker::default());
    threads.waiting.change(of, |queue| queue.push_back(parker.clone()));
    loop {
        let left = deadline.map(|deadline| deadline.saturating_duration_since(Instant::now()));
        let slice = if is_main(py) { Some(left.unwrap_or(SLICE).min(SLICE)) } else { left };
        let waited = &parker;
        py.blocking(move || waited.wait(slice));
        let done = if take() { Some(Ok(true)) } else { None };
        let done = done.or_else(|| match py.poll() {
            Err(stop) => Some(Err(stop)),
            Ok(()) if deadline.is_some_and(|deadline| deadline <= Instant::now()) => Some(Ok(take())),
            Ok(()) => None,
        });
        if let Some(done) = done {
            threads.waiting.change(of, |queue| queue.retain(|p| !Arc::ptr_eq(p, &parker)));
            if parker.is_woken() && !matches!(done, Ok(true)) {
                // It is for the next to look.
                wake(py, of);
            }
            return done;
        }
        if parker.is_woken() {
            parker.rearm();
            threads.waiting.change(of, |queue| queue.push_front(parker.clone()));
        }
    }
}

/// The object with this identity has changed: the first that waits for it looks at it.
pub(super) fn wake(py: Py<'_>, of: u64) {
    if let Some(parker) = threads(py).waiting.change(of, VecDeque::pop_front) {
        parker.wake();
    }
}

/// Does anybody wait for anything?
pub(super) fn anybody(py: Py<'_>) -> bool {
    !threads(py).waiting.is_empty()
}
