//! Objects made finalizable that the collector has not been told of.
//!
//! Telling it of each at once would make the dear thing (a list that every collection walks) of what is common: a coroutine
//! is made, runs to its end and is garbage before anything is collected. So the heap only notes the object, and tells the
//! collector before anything may move or be freed; what is settled by then ([`LayoutTable::settle`](crate::LayoutTable::settle)) it never hears of.

use crate::audit;
use crate::collector::{Collector, GcContext};
use crate::object::Object;

/// The objects, in the order in which they were made finalizable. Empty while the collector runs.
#[derive(Default)]
pub(crate) struct Registering(Vec<Object>);

impl Registering {
    #[inline]
    pub(crate) fn note(&mut self, object: Object) {
        if self.0.len() == self.0.capacity() {
            self.grow();
        }
        self.0.push(object);
    }
    #[cold]
    fn grow(&mut self) {
        let _internal = audit::internal();
        self.0.reserve(self.0.len().max(64));
    }
    /// Tells the collector of those that are not settled.
    pub(crate) fn hand_over(&mut self, collector: &mut dyn Collector, cx: &mut GcContext<'_>) {
        for object in self.0.drain(..) {
            if cx.layouts.awaits_finalizer(object) {
                collector.register_finalizable(cx, object);
            }
        }
    }
}
