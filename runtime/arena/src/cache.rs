//! Instruction caches, and the bytes of an instruction that traps.

/// An instruction that ends in a signal.
#[cfg(not(target_arch = "aarch64"))]
const TRAP: [u8; 1] = [0xCC];
/// `brk #0`.
#[cfg(target_arch = "aarch64")]
const TRAP: [u8; 4] = 0xD420_0000u32.to_le_bytes();

/// Fills memory with instructions that trap. Where instructions are longer than a byte it must end at a multiple of their length.
pub(crate) fn fill_with_traps(memory: &mut [u8]) {
    // From the end, so that instructions are whole whatever the code before them is long.
    for piece in memory.rchunks_mut(TRAP.len()) {
        let skip = TRAP.len() - piece.len();
        piece.copy_from_slice(&TRAP[skip..]);
    }
}

/// Makes what was written at `written` visible to who executes it at `executed`.
#[cfg(target_arch = "x86_64")]
pub(crate) fn flush(_written: u64, _executed: u64, _len: usize) {
    // Caches are coherent, also between two mappings of the same memory.
}

#[cfg(all(target_arch = "aarch64", not(target_vendor = "apple")))]
pub(crate) fn flush(written: u64, executed: u64, len: usize) {
    let sizes: u64;
    // SAFETY: reads which lines the caches have; allowed to programs.
    unsafe { std::arch::asm!("mrs {}, ctr_el0", out(reg) sizes) };
    let (data, code) = (4u64 << (sizes >> 16 & 15), 4u64 << (sizes & 15));
    let lines = |start: u64, line: u64| (start & !(line - 1)..start + len as u64).step_by(line as usize);
    for at in lines(written, data) {
        // SAFETY: writes a cache line of mapped memory back.
        unsafe { std::arch::asm!("dc cvau, {}", in(reg) at) };
    }
    // SAFETY: orders the above before what follows.
    unsafe { std::arch::asm!("dsb ish") };
    for at in lines(executed, code) {
        // SAFETY: drops a line of the instruction cache.
        unsafe { std::arch::asm!("ic ivau, {}", in(reg) at) };
    }
    // SAFETY: orders the above before any instruction that is fetched from now on.
    unsafe { std::arch::asm!("dsb ish", "isb") };
}

#[cfg(all(target_arch = "aarch64", target_vendor = "apple"))]
pub(crate) fn flush(_written: u64, executed: u64, len: usize) {
    unsafe extern "C" {
        fn sys_icache_invalidate(start: *mut libc::c_void, len: usize);
    }
    // SAFETY: the system's own function for this, on mapped memory.
    unsafe { sys_icache_invalidate(executed as *mut libc::c_void, len) };
}
