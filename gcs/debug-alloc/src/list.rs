//! All live blocks, as a doubly linked list through their headers.

use std::cell::Cell;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// What stands in front of each block.
#[repr(C)]
pub(crate) struct Header {
    previous: *mut Header,
    next: *mut Header,
    /// Size of the block.
    pub(crate) size: usize,
    /// Number of the allocation, by thread.
    pub(crate) serial: u64,
    /// The thread that allocated it.
    pub(crate) thread: u64,
    /// Allocated by a heap, a collector or a root source.
    pub(crate) internal: bool,
}

impl Header {
    /// Room for a header, a power of two.
    pub(crate) const BYTES: usize = 64;
}

const _: () = assert!(size_of::<Header>() <= Header::BYTES);

/// The newest block.
struct Head(*mut Header);

// SAFETY: the list is only touched under the lock.
unsafe impl Send for Head {}

static BLOCKS: Mutex<Head> = Mutex::new(Head(std::ptr::null_mut()));

thread_local! {
    static SERIAL: Cell<u64> = const { Cell::new(0) };
    /// Address of a thread-local tells threads apart without asking the system.
    static MARK: Cell<u8> = const { Cell::new(0) };
}

/// A number that no other living thread has.
pub(crate) fn this_thread() -> u64 {
    MARK.try_with(|m| m as *const Cell<u8> as u64).unwrap_or(0)
}

/// Serial number of this thread's last allocation.
pub(crate) fn last_serial() -> u64 {
    SERIAL.try_with(Cell::get).unwrap_or(0)
}

/// Goes back to an earlier serial number, so that what was allocated in between does not count.
pub(crate) fn set_serial(n: u64) {
    let _gone = SERIAL.try_with(|s| s.set(n));
}

fn lock() -> MutexGuard<'static, Head> {
    BLOCKS.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Writes the header of the block at `user` and links it.
///
/// # Safety
/// [`Header::BYTES`] in front of `user` are the caller's, aligned to 16.
pub(crate) unsafe fn link(user: *mut u8, size: usize) {
    let serial = last_serial() + 1;
    set_serial(serial);
    let internal = vm_heap::audit::is_internal();
    {
        let mut head = lock();
        let next = head.0;
        // SAFETY: the caller's; `next` is a linked, hence live, block's header or null.
        unsafe {
            let header = user.sub(Header::BYTES).cast::<Header>();
            header.write(Header {
                previous: std::ptr::null_mut(),
                next,
                size,
                serial,
                thread: this_thread(),
                internal,
            });
            if let Some(next) = next.as_mut() {
                next.previous = header;
            }
            head.0 = header;
        }
    }
    crate::report::allocated(serial);
}

/// Unlinks the block at `user`.
///
/// # Safety
/// [`link`] was called for it, and this was not.
pub(crate) unsafe fn unlink(user: *mut u8) {
    let mut head = lock();
    // SAFETY: the caller's; neighbours in the list are live blocks' headers.
    unsafe {
        let header = &*user.sub(Header::BYTES).cast::<Header>();
        match header.previous.as_mut() {
            Some(previous) => previous.next = header.next,
            None => head.0 = header.next,
        }
        if let Some(next) = header.next.as_mut() {
            next.previous = header.previous;
        }
    }
}

/// Shows the words of every live block of this thread that is not internal. `f` must not allocate.
pub(crate) fn each_word(mut f: impl FnMut(&Header, usize, u64)) {
    let (head, thread) = (lock(), this_thread());
    let mut at = head.0;
    // SAFETY: linked headers are live while the lock is held.
    while let Some(header) = unsafe { at.as_ref() } {
        if header.thread == thread && !header.internal {
            // SAFETY: the block's memory begins behind its header.
            let words = unsafe { at.cast::<u8>().add(Header::BYTES).cast::<u64>() };
            for i in 0..header.size / 8 {
                // SAFETY: inside the block, aligned. Volatile: the memory may be uninitialized or borrowed, and its
                // value is only compared.
                f(header, i * 8, unsafe { std::ptr::read_volatile(words.add(i)) });
            }
        }
        at = header.next;
    }
}
