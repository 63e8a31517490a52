//! `prism`.

// Where the command line is known without Rust's own start of a program.
#![cfg_attr(all(target_os = "linux", target_env = "gnu", not(test)), no_main)]

use std::ffi::OsString;

/// Knows all Rust blocks, so that values left in them are found.
#[cfg(feature = "debug-alloc")]
#[global_allocator]
static ALLOCATOR: gc_debug_alloc::DebugAllocator = gc_debug_alloc::DebugAllocator;

#[cfg(not(feature = "debug-alloc"))]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn run() -> u8 {
    let arguments: Vec<OsString> = std::env::args_os().skip(1).collect();
    runtime_cli::main(&arguments, &[])
}

#[cfg(all(target_os = "linux", target_env = "gnu", not(test)))]
stdlib_system::program!(run);

#[cfg(not(all(target_os = "linux", target_env = "gnu", not(test))))]
fn main() -> std::process::ExitCode {
    run().into()
}
