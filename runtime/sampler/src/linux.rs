//! `perf_event_open`.
//!
//! An event that is inherited by threads can share its memory with the process only if it is bound to a processor, so there is
//! one event a processor. The children of forks inherit it too; their samples are dropped as they are read.

use crate::Samples;
use std::ffi::c_void;
use std::fs::File;
use std::io;
use std::os::fd::{AsRawFd, FromRawFd};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// `struct perf_event_attr` of the first kernels that had it: later ones take it as well.
#[repr(C)]
#[derive(Default)]
struct Attributes {
    kind: u32,
    size: u32,
    config: u64,
    sample_period: u64,
    sample_type: u64,
    read_format: u64,
    flags: u64,
    wakeup_events: u32,
    bp_type: u32,
    bp_addr: u64,
}

const TYPE_SOFTWARE: u32 = 1;
const CPU_CLOCK: u64 = 0;
const SAMPLE_ADDRESS: u64 = 1;
const SAMPLE_PROCESS_AND_THREAD: u64 = 1 << 1;
const INHERIT: u64 = 1 << 1;
const EXCLUDE_KERNEL: u64 = 1 << 5;
const EXCLUDE_HYPERVISOR: u64 = 1 << 6;
const CLOSE_ON_EXEC: libc::c_ulong = 8;

const RECORD_LOST: u32 = 2;
const RECORD_SAMPLE: u32 = 9;

/// Of a sample's record: the header, the address, process and thread.
const SAMPLE_BYTES: u64 = 24;
/// Pages of a buffer: a power of two. Some six hundred samples.
const PAGES: usize = 4;
/// Where the kernel's end of the buffer and ours stand in its first page: `data_head`, `data_tail`.
const HEAD: usize = 1024;
const TAIL: usize = 1032;

/// What the kernel writes the samples of one processor to.
#[derive(Debug)]
pub(crate) struct Buffer {
    memory: *mut u8,
    page: usize,
    process: u32,
    /// Open as long as there are to be samples.
    _event: File,
}

// SAFETY: the mapping belongs to this value alone, and may be used by any thread.
unsafe impl Send for Buffer {}

/// Opens an event on each processor, for the calling thread and those that it starts.
pub(crate) fn open(period: Duration) -> io::Result<Vec<Buffer>> {
    // SAFETY: a number for a number.
    let processors = unsafe { libc::sysconf(libc::_SC_NPROCESSORS_CONF) };
    let mut buffers = Vec::new();
    for processor in 0..processors.max(1) as libc::c_int {
        match Buffer::open(processor, period) {
            Ok(buffer) => buffers.push(buffer),
            // It is switched off.
            Err(error) if error.raw_os_error() == Some(libc::ENODEV) => {}
            Err(error) => return Err(io::Error::new(error.kind(), format!("perf_event_open: {error}"))),
        }
    }
    Ok(buffers)
}

impl Buffer {
    fn open(processor: libc::c_int, period: Duration) -> io::Result<Buffer> {
        let attributes = Attributes {
            kind: TYPE_SOFTWARE,
            size: size_of::<Attributes>() as u32,
            config: CPU_CLOCK,
            sample_period: period.as_nanos() as u64,
            sample_type: SAMPLE_ADDRESS | SAMPLE_PROCESS_AND_THREAD,
            flags: INHERIT | EXCLUDE_KERNEL | EXCLUDE_HYPERVISOR,
            ..Attributes::default()
        };
        let (this_thread, no_group) = (0 as libc::pid_t, -1 as libc::c_int);
        // SAFETY: the attributes are as long as they say, and the kernel only reads them.
        let fd = unsafe {
            libc::syscall(
                libc::SYS_perf_event_open,
                &raw const attributes,
                this_thread,
                processor,
                no_group,
                CLOSE_ON_EXEC,
            )
        };
        if fd < 0 {
            return Err(io::Error::last_os_error());
        }
        // SAFETY: it was just opened, for us.
        let event = unsafe { File::from_raw_fd(fd as libc::c_int) };
        // SAFETY: a number for a number.
        let page = unsafe { libc::sysconf(libc::_SC_PAGESIZE) } as usize;
        let access = libc::PROT_READ | libc::PROT_WRITE;
        // SAFETY: a new mapping, of the size that events have: a page, and a power of two of them.
        let memory = unsafe {
            let length = (1 + PAGES) * page;
            libc::mmap(std::ptr::null_mut(), length, access, libc::MAP_SHARED, event.as_raw_fd(), 0)
        };
        if memory == libc::MAP_FAILED {
            return Err(io::Error::last_os_error());
        }
        Ok(Buffer { memory: memory.cast(), page, process: std::process::id(), _event: event })
    }
    /// One of the two counters of the buffer's ends.
    fn end(&self, offset: usize) -> &AtomicU64 {
        // SAFETY: within the mapping's first page, aligned, and shared with the kernel as an atomic word.
        unsafe { &*self.memory.add(offset).cast::<AtomicU64>() }
    }
    /// A word of the records, which wrap around. Records are whole words.
    fn word(&self, at: u64) -> u64 {
        let offset = self.page + at as usize % (PAGES * self.page);
        // SAFETY: within the mapping, aligned, and the kernel does not write it before we say that it was read.
        unsafe { self.memory.add(offset).cast::<u64>().read_volatile() }
    }
    /// Reads what is there.
    pub(crate) fn empty(&mut self, into: &mut Samples) {
        let head = self.end(HEAD).load(Ordering::Acquire);
        let mut at = self.end(TAIL).load(Ordering::Relaxed);
        while at < head {
            // `u32 type, u16 misc, u16 size`
            let header = self.word(at);
            let size = header >> 48;
            match header as u32 {
                RECORD_SAMPLE if size == SAMPLE_BYTES && self.word(at + 16) as u32 == self.process => {
                    *into.at.entry(self.word(at + 8)).or_default() += 1;
                }
                // `u64 id, u64 lost`
                RECORD_LOST => into.lost += self.word(at + 16),
                _ => {}
            }
            // A record of no size would never end.
            at += size.max(8);
        }
        self.end(TAIL).store(at, Ordering::Release);
    }
}

impl Drop for Buffer {
    fn drop(&mut self) {
        // SAFETY: the mapping of `open`, which nothing else refers to.
        unsafe { libc::munmap(self.memory.cast(), (1 + PAGES) * self.page) };
    }
}

unsafe extern "C" {
    /// Where the function begins that holds an address, by the tables for unwinding; null if there is none. Of the library that
    /// Rust's own unwinding uses.
    fn _Unwind_FindEnclosingFunction(address: *mut c_void) -> *mut c_void;
}

/// Where the function of our own begins that holds this address.
pub(crate) fn function_at(address: u64) -> Option<u64> {
    // SAFETY: any address may be asked for.
    let begin = unsafe { _Unwind_FindEnclosingFunction(address as *mut c_void) };
    (!begin.is_null()).then_some(begin as u64)
}
