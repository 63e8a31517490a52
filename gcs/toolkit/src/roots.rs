//! Showing roots to a tracing: ambiguous ones first, then precise ones, weak ones last.

use crate::ambiguous::Candidates;
use crate::list::ObjectList;
use crate::memory::Memory;
use crate::weak::Tracing;
use vm_heap::{HeapOptions, LayoutTable, Object, Pending, RootScope, RootSource, SlotVisitor, Value};

/// A slot visitor made of a closure.
pub struct Slots<F>(pub F);

impl<F: FnMut(&mut Value) -> bool> SlotVisitor for Slots<F> {
    fn slot(&mut self, slot: &mut Value) -> bool {
        (self.0)(slot)
    }
}

/// The objects that must stay in place for this collection: what ambiguous words reach, and under `conservative_all`
/// what precise slots hold. Some may be named twice. Blocks must parse (close the buffer first).
pub fn pinned_objects(
    memory: &Memory,
    layouts: &LayoutTable,
    options: &HeapOptions,
    roots: &mut dyn RootSource,
) -> ObjectList {
    let mut found = ObjectList::new();
    let mut candidates = Candidates::default();
    candidates.add_ranges(memory, roots);
    candidates.resolve(memory, layouts, &mut found);
    if options.conservative_all {
        roots.slots(
            RootScope::All,
            &mut Slots(|slot: &mut Value| {
                found.extend(Object::from_value(*slot));
                true
            }),
        );
    }
    found
}

/// Visits every precise root and all pending work with `visit`, which returns the new value and whether the slot must be
/// shown to the next young collection. How many slots there were.
pub fn visit_roots(
    roots: &mut dyn RootSource,
    pending: &mut Pending,
    scope: RootScope,
    mut visit: impl FnMut(Value) -> (Value, bool),
) -> usize {
    let mut count = 0;
    for slot in pending.cleared.iter_mut().chain(pending.finalizable.iter_mut()) {
        *slot = visit(*slot).0;
    }
    roots.slots(
        scope,
        &mut Slots(|slot: &mut Value| {
            count += 1;
            let (now, again) = visit(*slot);
            *slot = now;
            again
        }),
    );
    count
}

/// Step 6: updates or clears the roots' weak slots. `young` says of an object whether its slot must be shown again.
/// How many slots there were.
pub fn visit_weak_roots<T: Tracing>(
    t: &T,
    roots: &mut dyn RootSource,
    scope: RootScope,
    young: impl Fn(&T, Object) -> bool,
) -> usize {
    let mut count = 0;
    roots.weak_slots(
        scope,
        &mut Slots(|slot: &mut Value| {
            count += 1;
            let Some(object) = Object::from_value(*slot) else { return false };
            let now = t.survivor(object);
            *slot = now.map_or(Value::EMPTY, Object::value);
            now.is_some_and(|now| young(t, now))
        }),
    );
    count
}
