//! A work list that asks for what it gives out soon.
//!
//! What a marking costs in a large heap is waiting for headers of objects that are in no cache. So an object that leaves the stack
//! waits a little longer in a short queue, while its first line is fetched. (Cher, Hosking and Vitek, "Software prefetching for
//! mark-sweep garbage collection", 2004.)

use crate::list::ObjectList;
use vm_heap::Object;

/// Objects that wait in the queue: as many as memory is asked for at a time.
const AHEAD: usize = 8;

/// See the module header.
#[derive(Default)]
pub struct GrayList {
    stack: ObjectList,
    soon: [Option<Object>; AHEAD],
    next: usize,
}

impl GrayList {
    /// Enters an object.
    #[inline(always)]
    pub fn push(&mut self, object: Object) {
        self.stack.push(object);
    }
    /// Takes one out; `None`: there is none left.
    #[inline]
    pub fn pop(&mut self) -> Option<Object> {
        while let Some(object) = self.stack.pop() {
            fetch(object.address());
            let ready = self.soon[self.next].replace(object);
            self.next = (self.next + 1) % AHEAD;
            if ready.is_some() {
                return ready;
            }
        }
        for _ in 0..AHEAD {
            let ready = self.soon[self.next].take();
            self.next = (self.next + 1) % AHEAD;
            if ready.is_some() {
                return ready;
            }
        }
        None
    }
}

/// Bytes of a line of the cache, on the machines that we know.
const LINE_BYTES: usize = 64;

/// Has the lines from an address to another one brought into the cache.
#[inline(always)]
pub fn fetch_range(from: u64, to: u64) {
    (from..to).step_by(LINE_BYTES).for_each(fetch);
}

/// Has the line of an address brought into the cache. A hint: on other targets nothing happens.
#[inline(always)]
pub fn fetch(address: u64) {
    #[cfg(target_arch = "x86_64")]
    // SAFETY: a prefetch has no effect that a program sees, whatever the address.
    unsafe {
        use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
        _mm_prefetch::<_MM_HINT_T0>(address as *const i8);
    }
    #[cfg(target_arch = "aarch64")]
    // SAFETY: as above.
    unsafe {
        std::arch::asm!("prfm pldl1keep, [{0}]", in(reg) address, options(nostack, preserves_flags, readonly));
    }
    #[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
    let _ = address;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::list::object_at;

    #[test]
    fn everything_that_goes_in_comes_out_once() {
        let memory = vec![0u64; 4096];
        let start = memory.as_ptr() as u64;
        let mut list = GrayList::default();
        let (mut entered, mut left, mut turn) = (0, Vec::new(), 0u64);
        while left.len() < 1000 {
            turn = turn.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            if entered < 1000 && turn >> 60 < 9 {
                list.push(object_at(start + 8 * entered));
                entered += 1;
            } else if let Some(object) = list.pop() {
                left.push((object.address() - start) / 8);
            } else {
                assert_eq!(left.len() as u64, entered, "empty, and something is still in it");
            }
        }
        assert!(list.pop().is_none());
        left.sort_unstable();
        assert!(left.iter().copied().eq(0..1000));
    }
}
