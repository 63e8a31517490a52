//! Where the process begins: C's `main` instead of what Rust puts before its own.
//!
//! Rust asks the C library where the first thread's stack ends, which scans `/proc/self/maps` with formatted input, and gives
//! every thread another stack, so that it can say of an overflow that it was one. Every start would pay for that: some twenty
//! system calls and a quarter of a megabyte. Here threads know their stacks and check them before they recurse; what overflows
//! nevertheless ends by SIGSEGV, as in CPython. Streams that are closed stay so, as there.

use crate::signals;
use std::panic::catch_unwind;

/// Defines the process's `main` in a binary that is `#![no_main]`: it runs a `fn() -> u8`, which gives the exit code.
#[macro_export]
macro_rules! program {
    ($run:path) => {
        // SAFETY: this is where C's start of a process goes, and nothing else in the binary has the name.
        #[unsafe(no_mangle)]
        extern "C" fn main(_: ::std::ffi::c_int, _: *const *const ::std::ffi::c_char) -> ::std::ffi::c_int {
            $crate::run_program($run)
        }
    };
}

/// What [`program`] makes of its function.
#[doc(hidden)]
pub fn run_program(run: fn() -> u8) -> ! {
    // Who writes to a closed pipe gets an error. The system refuses it of no process.
    let ignored = signals::set_disposition(libc::SIGPIPE, true);
    debug_assert!(ignored.is_ok(), "{ignored:?}");
    // After a panic, the exit code that Rust gives.
    let code = catch_unwind(run).map_or(101, i32::from);
    // Flushes what Rust has buffered.
    std::process::exit(code)
}
