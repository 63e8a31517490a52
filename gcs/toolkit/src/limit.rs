//! The hard limit, and when a heap has grown enough to be worth a full collection.

use crate::memory::Memory;
use vm_heap::GcContext;

/// Is there room for `extra` more bytes (copy reserve included by the caller) below the hard limit?
pub fn fits(memory: &Memory, cx: &GcContext<'_>, extra: usize) -> bool {
    memory.held().saturating_add(cx.external_bytes).saturating_add(extra) <= cx.options.limit
}

/// Used bytes at which the next full collection begins: a factor over what survived the last one, so that the cost of
/// collecting stays in proportion to allocation.
#[derive(Debug)]
pub struct Threshold {
    at: usize,
    minimum: usize,
}

impl Threshold {
    /// Growth below `minimum` bytes never triggers.
    pub const fn new(minimum: usize) -> Threshold {
        Threshold { at: minimum, minimum }
    }
    /// Is it time, with so many bytes in use?
    pub fn reached(&self, used: usize) -> bool {
        used >= self.at
    }
    /// A full collection has left `used` bytes: the next comes after three quarters more.
    pub fn reset(&mut self, used: usize) {
        self.at = used + (used / 4 * 3).max(self.minimum);
    }
}
