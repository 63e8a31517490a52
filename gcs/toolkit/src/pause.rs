//! Pause events: what a collection did, with time stamps only if somebody listens.

use crate::weak::WeakCounts;
use std::time::{Duration, Instant};
use vm_heap::events::{Event, EventLog, Pause};
use vm_heap::{CollectKind, Trigger};

/// Counts that a collection gathers for its event.
#[derive(Clone, Copy, Default, Debug)]
pub struct Work {
    /// Bytes copied within the young generation (or at all, without generations).
    pub copied: usize,
    /// Bytes promoted.
    pub promoted: usize,
    /// Objects pinned.
    pub pinned: usize,
    /// Weak references and finalizers.
    pub weak: WeakCounts,
    /// Root slots looked at.
    pub roots: usize,
    /// Bytes that may be allocated before the next minor collection.
    pub nursery: usize,
    /// Collections that an object lives through before it is old.
    pub age: usize,
    /// Bytes of old objects moved out of sparse blocks.
    pub compacted: usize,
}

/// A pause that has begun.
pub struct PauseClock {
    number: u64,
    kind: CollectKind,
    trigger: Trigger,
    step: bool,
    before: usize,
    began: Option<Instant>,
}

impl PauseClock {
    /// Begins pause `number` with `before` bytes in use.
    pub fn start(
        events: &EventLog,
        number: u64,
        (kind, trigger, step): (CollectKind, Trigger, bool),
        before: usize,
    ) -> PauseClock {
        PauseClock { number, kind, trigger, step, before, began: events.enabled().then(Instant::now) }
    }
    /// Ends it with `after` bytes in use.
    pub fn finish(self, events: &mut EventLog, after: usize, work: Work) {
        events.pause_ended();
        if let Some(began) = self.began {
            events.record(Event::Pause(Pause {
                number: self.number,
                kind: self.kind,
                trigger: self.trigger,
                step: self.step,
                // One thread, which is the one that collects: there is nobody to wait for.
                stop: Duration::ZERO,
                work: began.elapsed(),
                before: self.before,
                after,
                copied: work.copied,
                promoted: work.promoted,
                pinned: work.pinned,
                cleared: work.weak.cleared,
                finalizable: work.weak.finalizable,
                roots: work.roots,
                nursery: work.nursery,
                age: work.age,
                compacted: work.compacted,
            }));
        }
    }
}
