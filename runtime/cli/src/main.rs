//! `prism`.

use std::ffi::OsString;
use std::process::ExitCode;

/// Knows all Rust blocks, so that values left in them are found.
#[cfg(feature = "debug-alloc")]
#[global_allocator]
static ALLOCATOR: gc_debug_alloc::DebugAllocator = gc_debug_alloc::DebugAllocator;

#[cfg(not(feature = "debug-alloc"))]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let arguments: Vec<OsString> = std::env::args_os().skip(1).collect();
    runtime_cli::main(&arguments, &[])
}
