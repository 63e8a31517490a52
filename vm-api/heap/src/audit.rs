//! Hooks for finding values that were kept where no collector sees them.
//!
//! A moving collector tells which ranges it has taken every object out of ([`crate::GcContext::vacated`]); whoever set a
//! hook with [`crate::Heap::set_vacated_hook`] is shown them after the collection, before anything is allocated there. A
//! debug allocator then looks for addresses in these ranges in live Rust memory. What the heap itself, its collector and
//! its root sources keep is right by construction but may hold old words in spare capacity: memory allocated under an
//! [`Internal`] guard is left out.

use std::cell::Cell;

thread_local! {
    static DEPTH: Cell<u32> = const { Cell::new(0) };
}

/// What is allocated on this thread while it lives belongs to a heap or a root source.
#[must_use]
pub struct Internal(());

/// Begins an internal scope.
#[inline]
pub fn internal() -> Internal {
    DEPTH.with(|d| d.set(d.get() + 1));
    Internal(())
}

/// Is an internal scope open on this thread?
#[inline]
pub fn is_internal() -> bool {
    // A thread that is going down has no heap any more.
    DEPTH.try_with(|d| d.get() > 0).unwrap_or(false)
}

impl Drop for Internal {
    #[inline]
    fn drop(&mut self) {
        DEPTH.with(|d| d.set(d.get() - 1));
    }
}

/// Ranges of addresses, sorted and disjoint, that no object lives in any more.
pub type Vacated<'a> = &'a [(u64, u64)];

/// What is shown the ranges. Must not use the heap.
pub type VacatedHook = Box<dyn FnMut(Vacated<'_>)>;

/// Sorts ranges and joins those that touch.
pub(crate) fn join(ranges: &mut Vec<(u64, u64)>) {
    ranges.sort_unstable();
    let mut kept = 0;
    for i in 0..ranges.len() {
        let (from, to) = ranges[i];
        if kept > 0 && from <= ranges[kept - 1].1 {
            ranges[kept - 1].1 = ranges[kept - 1].1.max(to);
        } else {
            ranges[kept] = (from, to);
            kept += 1;
        }
    }
    ranges.truncate(kept);
}

#[cfg(test)]
mod tests {
    #[test]
    fn touching_ranges_become_one() {
        let mut ranges = vec![(30, 40), (0, 10), (10, 20), (35, 50), (60, 61)];
        super::join(&mut ranges);
        assert_eq!(ranges, [(0, 20), (30, 50), (60, 61)]);
    }
}
