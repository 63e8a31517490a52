//! Anonymous memory from the operating system, reserved without being committed, at addresses that pointers can have.

use std::sync::atomic::{AtomicU8, AtomicU64};
use vm_heap::value::POINTER_END;

/// Bytes of a huge page on the machines that we know.
const HUGE_PAGE_BYTES: u64 = 2 << 20;

/// A range of zeroed, readable and writable, not yet backed memory; unmapped when dropped.
pub struct Mapping {
    start: u64,
    bytes: usize,
}

impl Mapping {
    /// Maps `bytes`; `None` if the system refuses.
    pub fn new(bytes: usize) -> Option<Mapping> {
        if bytes == 0 {
            return Some(Mapping { start: 0, bytes: 0 });
        }
        // Where a system gives out addresses that are too high, it still heeds a wish for a lower one.
        Mapping::at(0, bytes)?.usable().or_else(|| Mapping::at(POINTER_END / 4, bytes)?.usable())
    }
    /// Maps `bytes`, at `wish` if the system likes.
    fn at(wish: u64, bytes: usize) -> Option<Mapping> {
        // SAFETY: a fresh private anonymous mapping at an address of the system's choice touches no existing memory.
        let p = unsafe {
            libc::mmap(
                wish as *mut libc::c_void,
                bytes,
                libc::PROT_READ | libc::PROT_WRITE,
                libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | libc::MAP_NORESERVE,
                -1,
                0,
            )
        };
        if p == libc::MAP_FAILED { None } else { Some(Mapping { start: p as u64, bytes }) }
    }
    /// The mapping, if pointers can have its addresses.
    fn usable(self) -> Option<Mapping> {
        (self.start + self.bytes as u64 <= POINTER_END).then_some(self)
    }
    /// First address.
    pub fn start(&self) -> u64 {
        self.start
    }
    /// Length in bytes.
    pub fn bytes(&self) -> usize {
        self.bytes
    }
    /// The memory as words. Only for side metadata, which nothing else refers to.
    #[inline(always)]
    pub fn words(&self) -> &[AtomicU64] {
        if self.bytes == 0 {
            return &[];
        }
        // SAFETY: the mapping is that long, page-aligned, zeroed at first, and lives as long as `self`; all access to
        // it is atomic.
        unsafe { std::slice::from_raw_parts(self.start as *const AtomicU64, self.bytes / 8) }
    }
    /// The memory as bytes; see [`Mapping::words`].
    #[inline(always)]
    pub fn octets(&self) -> &[AtomicU8] {
        if self.bytes == 0 {
            return &[];
        }
        // SAFETY: as in `words`.
        unsafe { std::slice::from_raw_parts(self.start as *const AtomicU8, self.bytes) }
    }
    /// Asks for huge pages where whole ones lie in a range: what is as large as this is written faster then, and above all given
    /// back faster, page by page as the system does it. A wish: the system may not know them.
    pub fn prefer_huge_pages(&self, from: u64, to: u64) {
        let (from, to) = (from.next_multiple_of(HUGE_PAGE_BYTES), to & !(HUGE_PAGE_BYTES - 1));
        if from < to {
            assert!(self.start <= from && to <= self.start + self.bytes as u64, "outside the mapping");
            // SAFETY: the range lies in our private mapping; its contents do not change.
            unsafe { libc::madvise(from as *mut libc::c_void, (to - from) as usize, libc::MADV_HUGEPAGE) };
        }
    }
    /// Asks for the physical pages of a page-aligned range, all at once. A wish: where the system does not know it, pages come as they
    /// are touched.
    pub fn populate(&self, from: u64, to: u64) {
        assert!(self.start <= from && from <= to && to <= self.start + self.bytes as u64, "outside the mapping");
        // SAFETY: the range lies in our private mapping; its contents do not change.
        unsafe { libc::madvise(from as *mut libc::c_void, (to - from) as usize, libc::MADV_POPULATE_WRITE) };
    }
    /// Gives the physical pages of a page-aligned range back; it reads as zero afterwards. False if the system refuses.
    pub fn discard(&self, from: u64, to: u64) -> bool {
        assert!(self.start <= from && from <= to && to <= self.start + self.bytes as u64, "outside the mapping");
        // SAFETY: the range lies in our private mapping; its contents are given up by the caller.
        unsafe { libc::madvise(from as *mut libc::c_void, (to - from) as usize, libc::MADV_DONTNEED) == 0 }
    }
}

impl Drop for Mapping {
    fn drop(&mut self) {
        if self.bytes != 0 {
            // SAFETY: our own mapping; whoever held addresses in it has lost them with the heap.
            let failed = unsafe { libc::munmap(self.start as *mut libc::c_void, self.bytes) };
            debug_assert_eq!(failed, 0);
        }
    }
}
