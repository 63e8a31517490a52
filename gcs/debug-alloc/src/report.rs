//! Looking for stale addresses, and saying where they are.

use crate::list;
use std::backtrace::Backtrace;
use std::cell::{Cell, RefCell};
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use vm_heap::audit::Vacated;
use vm_heap::{Heap, Value};

/// A word of a live Rust block that is an address of no object any more.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct StaleWord {
    /// The word.
    pub word: u64,
    /// Size of the block in bytes.
    pub block_bytes: usize,
    /// Offset of the word in it.
    pub offset: usize,
    /// Serial number of the block's allocation on this thread; what [`trap`] takes.
    pub serial: u64,
}

impl std::fmt::Display for StaleWord {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let StaleWord { word, block_bytes, offset, serial } = self;
        write!(f, "{word:#x} at offset {offset} of a block of {block_bytes} bytes, allocation {serial} of this thread")
    }
}

/// Most words in one report.
const MOST: usize = 16;

/// Looks through the live blocks of this thread for object addresses in ranges that hold no object any more. Returns at
/// most 16, and how many there are.
pub fn scan(vacated: Vacated<'_>) -> (Vec<StaleWord>, usize) {
    scan_since(vacated, 0)
}

/// The same in blocks from a serial number on.
fn scan_since(vacated: Vacated<'_>, first: u64) -> (Vec<StaleWord>, usize) {
    let mut found = [StaleWord::default(); MOST];
    let mut n = 0;
    list::each_word(|header, offset, word| {
        if header.serial < first || !Value::from_bits(word).is_object() {
            return;
        }
        let i = vacated.partition_point(|(_, to)| *to <= word);
        if vacated.get(i).is_some_and(|(from, _)| *from <= word) {
            if n < MOST {
                found[n] = StaleWord { word, block_bytes: header.size, offset, serial: header.serial };
            }
            n += 1;
        }
    });
    (found[..n.min(MOST)].to_vec(), n)
}

/// From now on, a moving collection of `heap` that leaves a stale address in a Rust block of this thread panics and names
/// the blocks. Nothing is found unless [`crate::DebugAllocator`] is the global allocator.
///
/// Blocks that are older than the watch are left out: tables of libraries, moved into place from a stack, may hold there
/// what was never written.
pub fn watch(heap: &Heap) {
    let first = list::last_serial() + 1;
    heap.set_vacated_hook(Box::new(move |vacated| {
        let (found, n) = scan_since(vacated, first);
        if n > 0 {
            let lines: String = found.iter().map(|s| format!("\n  {s}")).collect();
            panic!(
                "{n} stale object addresses in Rust memory after a moving collection:{lines}\nrun again with \
                 PRISM_ALLOC_TRAP={} to see where the first block is allocated",
                found[0].serial
            );
        }
    }));
}

/// No trap.
const OFF: u64 = u64::MAX;
/// Not asked for yet: the environment decides at the first allocation.
const UNKNOWN: u64 = u64::MAX - 1;

static FROM_ENVIRONMENT: AtomicU64 = AtomicU64::new(UNKNOWN);

thread_local! {
    static TRAP: Cell<u64> = const { Cell::new(OFF) };
    static BUSY: Cell<bool> = const { Cell::new(false) };
    static CAPTURED: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Captures the backtrace of this thread's allocation with this serial number when it happens, counting from now on:
/// serial numbers begin again at 1.
pub fn trap(serial: u64) {
    TRAP.with(|t| t.set(serial));
    list::set_serial(0);
}

/// The backtrace that [`trap`] captured.
pub fn trapped_backtrace() -> Option<String> {
    CAPTURED.with(|c| c.borrow_mut().take())
}

/// An allocation has happened.
pub(crate) fn allocated(serial: u64) {
    let trap = TRAP.try_with(Cell::get).unwrap_or(OFF);
    let environment = FROM_ENVIRONMENT.load(Relaxed);
    if (serial != trap && serial != environment && environment != UNKNOWN) || BUSY.try_with(Cell::get).unwrap_or(true) {
        return;
    }
    // What is allocated in here must neither trap nor count.
    let _gone = BUSY.try_with(|b| b.set(true));
    if environment == UNKNOWN {
        let wanted = std::env::var("PRISM_ALLOC_TRAP").ok().and_then(|n| n.parse().ok());
        FROM_ENVIRONMENT.store(wanted.unwrap_or(OFF), Relaxed);
    }
    if serial == trap || serial == FROM_ENVIRONMENT.load(Relaxed) {
        let backtrace = Backtrace::force_capture().to_string();
        if serial != trap {
            eprintln!("allocation {serial} of this thread:\n{backtrace}");
        }
        let _gone = CAPTURED.try_with(|c| *c.borrow_mut() = Some(backtrace));
    }
    list::set_serial(serial);
    let _gone = BUSY.try_with(|b| b.set(false));
}
