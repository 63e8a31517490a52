//! Weak references, weak arrays and finalizers: steps 3 to 5 of what [`vm_heap::Collector`] asks of a collection.

use crate::list::{Finalizables, ObjectList};
use crate::roots::Slots;
use crate::scan::{Visitor, visit_slot};
use vm_heap::hashing::NumberSet;
use vm_heap::header::flag;
use vm_heap::{Layout, LayoutTable, Object, Pending, RootScope, RootSource, Value};

/// Objects with weak words that a tracing came by.
#[derive(Default)]
pub struct WeakQueue {
    /// Objects of [`Layout::Weak`].
    pub references: ObjectList,
    /// Objects of [`Layout::WeakArray`].
    pub arrays: ObjectList,
    /// While resurrecting: every object scanned.
    resurrected: Option<NumberSet<u64>>,
}

impl WeakQueue {
    /// To be told of every object that is scanned.
    #[inline(always)]
    pub fn scanned(&mut self, object: Object) {
        if let Some(set) = &mut self.resurrected {
            set.insert(object.address());
        }
    }
}

/// A tracing, as far as weak processing must know it.
pub trait Tracing: Visitor {
    /// Traces until no work is left.
    fn drain(&mut self);
    /// Where the object is now if it was reached; `None` if it was not.
    fn survivor(&self, object: Object) -> Option<Object>;
    /// All weak words of an object have been updated.
    fn weak_done(&mut self, object: Object);
}

/// What weak processing did.
#[derive(Clone, Copy, Default, Debug)]
pub struct WeakCounts {
    /// Weak references cleared.
    pub cleared: usize,
    /// Finalizers queued.
    pub finalizable: usize,
}

/// Clears weak references to unreached objects, queues callbacks and finalizers, resurrects, clears weak arrays.
///
/// Everything reachable has been traced. `registered` holds objects that were made finalizable, in that order; it is
/// left with those that still wait, where they are now.
pub fn process(
    t: &mut impl Tracing,
    layouts: &LayoutTable,
    pending: &mut Pending,
    registered: &mut Finalizables,
) -> WeakCounts {
    let mut counts = WeakCounts::default();
    // Step 3. All of them before any finalizer is queued; a weak object that was reached itself gets its callback.
    for object in std::mem::take(&mut t.weak().references).iter().copied() {
        update_reference(t, object, |t, target| t.survivor(target), Some((layouts, pending)), &mut counts);
    }
    // Step 4. Decide for all before tracing from any, so that parents and children are queued together.
    let mut dead = ObjectList::new();
    registered.retain_mut(|object| match t.survivor(*object) {
        Some(now) => {
            *object = now;
            layouts.awaits_finalizer(now)
        }
        None => {
            if layouts.awaits_finalizer(*object) {
                object.change_flags(0, flag::FINALIZABLE);
                dead.push(*object);
            }
            false
        }
    });
    if !dead.is_empty() {
        counts.finalizable = dead.len();
        t.weak().resurrected = Some(NumberSet::default());
        for object in dead.iter() {
            let now = t.visit(*object);
            pending.finalizable.push(now.value());
        }
        t.drain();
        // Weak references inside the resurrected graph: what was unreachable is cleared although it lives again, and
        // nobody is called, since the reference was unreachable itself (as in CPython).
        let resurrected = t.weak().resurrected.take().unwrap_or_default();
        for object in std::mem::take(&mut t.weak().references).iter().copied() {
            let reached = |t: &_, target| {
                Tracing::survivor(t, target).filter(|now: &Object| !resurrected.contains(&now.address()))
            };
            update_reference(t, object, reached, None, &mut counts);
        }
    }
    // Step 5.
    for array in std::mem::take(&mut t.weak().arrays).iter().copied() {
        for index in Layout::FIRST_ELEMENT..Layout::FIRST_ELEMENT + array.length() {
            if let Some(target) = Object::from_value(array.get(index)) {
                let now = t.survivor(target).map_or(Layout::DEAD_SLOT, Object::value);
                if now != target.value() {
                    array.init(index, now);
                }
            }
        }
        t.weak_done(array);
    }
    counts
}

/// Decides about nothing: whatever is only weakly referenced or waits for its finalizer is traced like the rest, to be judged
/// by the next collection. Everything reachable has been traced.
pub fn keep(t: &mut impl Tracing, roots: &mut dyn RootSource, registered: &mut Finalizables) {
    registered.retain_mut(|object| {
        *object = t.visit(*object);
        true
    });
    roots.weak_slots(
        RootScope::All,
        &mut Slots(|slot: &mut Value| {
            *slot = t.visit_value(*slot);
            false
        }),
    );
    loop {
        t.drain();
        let (references, arrays) = (std::mem::take(&mut t.weak().references), std::mem::take(&mut t.weak().arrays));
        if references.is_empty() && arrays.is_empty() {
            return;
        }
        for object in references.iter().copied() {
            visit_slot(t, object, 1);
            t.weak_done(object);
        }
        for array in arrays.iter().copied() {
            for index in Layout::FIRST_ELEMENT..Layout::FIRST_ELEMENT + array.length() {
                visit_slot(t, array, index);
            }
            t.weak_done(array);
        }
    }
}

/// Updates or clears word 1 of a weak object; a cleared one with a callback is queued in `pending`.
fn update_reference<T: Tracing>(
    t: &mut T,
    object: Object,
    reached: impl Fn(&T, Object) -> Option<Object>,
    pending: Option<(&LayoutTable, &mut Pending)>,
    counts: &mut WeakCounts,
) {
    if let Some(target) = Object::from_value(object.get(1)) {
        match reached(t, target) {
            Some(now) => object.init(1, now.value()),
            None => {
                object.init(1, Value::EMPTY);
                counts.cleared += 1;
                if let Some((layouts, pending)) = pending
                    && layouts.layout(object.shape()).size_words(0) > 2
                    && !matches!(object.get(2), Value::EMPTY | Value::NONE)
                {
                    pending.cleared.push(object.value());
                }
            }
        }
    }
    t.weak_done(object);
}
