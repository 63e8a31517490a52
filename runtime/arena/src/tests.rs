//! Code that runs, memory that is given back, children of forks.

use super::*;

/// A function that returns a constant, which `fix` puts in.
#[cfg(target_arch = "x86_64")]
const RETURN: (&[u8], usize) = (&[0x48, 0xB8, 0, 0, 0, 0, 0, 0, 0, 0, 0xC3], 2);
/// `ldr x0, 8; ret`, then the constant.
#[cfg(target_arch = "aarch64")]
const RETURN: (&[u8], usize) = (&[0x40, 0, 0, 0x58, 0xC0, 0x03, 0x5F, 0xD6, 0, 0, 0, 0, 0, 0, 0, 0], 8);

fn install(arena: &Arena, result: u64) -> Result<CodeBlock, Full> {
    arena.install(RETURN.0, 16, &mut |code, _| code[RETURN.1..][..8].copy_from_slice(&result.to_le_bytes()))
}

fn call(block: &CodeBlock) -> u64 {
    // SAFETY: the block holds a function of this type.
    let f = unsafe { std::mem::transmute::<u64, extern "C" fn() -> u64>(block.address) };
    f()
}

const BOTH: [Mapping; 2] = [Mapping::Best, Mapping::Anonymous];

#[test]
fn code_runs_and_is_replaced() {
    BOTH.into_iter().for_each(runs_and_is_replaced);
}

fn runs_and_is_replaced(mapping: Mapping) {
    let arena = Arena::new(1 << 20, 1 << 20, mapping).expect("memory");
    let blocks: Vec<CodeBlock> = (0..100).map(|i| install(&arena, i).expect("room")).collect();
    assert!(blocks.iter().zip(0..).all(|(b, i)| call(b) == i && arena.contains(b.address)));
    assert!(!arena.contains(0) && !arena.contains(arena.region.address(0) + (1 << 20)));
    assert_eq!(arena.used(), 1600);
    let addresses: Vec<u64> = blocks.iter().map(|b| b.address).collect();
    blocks.into_iter().for_each(|b| arena.free(b));
    assert_eq!(arena.used(), 0);
    let again: Vec<CodeBlock> = (0..100).map(|i| install(&arena, i + 1000).expect("room")).collect();
    assert!(again.iter().zip(0..).all(|(b, i)| call(b) == i + 1000));
    assert_eq!(again.iter().map(|b| b.address).collect::<Vec<_>>(), addresses, "freed memory is used again");
}

#[test]
fn the_budget_and_the_region_end() {
    let arena = Arena::new(1 << 16, 64, Mapping::Best).expect("memory");
    let blocks: Vec<CodeBlock> = (0..4).map(|i| install(&arena, i).expect("room")).collect();
    assert_eq!(install(&arena, 5), Err(Full { wanted: RETURN.0.len(), used: 64 }));
    for block in blocks {
        arena.free(block);
    }
    let whole = Arena::new(1 << 16, usize::MAX, Mapping::Best).expect("memory");
    assert_eq!(whole.budget(), 1 << 16);
    let block = whole.install(&[0; 1 << 16], 1, &mut |_, _| {}).expect("room for exactly as much");
    assert!(whole.install(&[], 1, &mut |_, _| {}).is_err());
    whole.free(block);
    assert!(whole.install(&[0; (1 << 16) + 1], 1, &mut |_, _| {}).is_err());
}

#[test]
fn blocks_are_aligned_and_filled() {
    BOTH.into_iter().for_each(are_aligned_and_filled);
}

fn are_aligned_and_filled(mapping: Mapping) {
    let arena = Arena::new(1 << 16, 1 << 16, mapping).expect("memory");
    let small = arena.install(&[1], 1, &mut |_, _| {}).expect("room");
    let mut given = 0;
    let block = arena.install(&[2; 5], 4096, &mut |code, at| (given, code[0]) = (at, 7)).expect("room");
    assert_eq!((block.address % 4096, block.len, given), (0, 5, block.address));
    // SAFETY: the block and what fills it up, mapped and readable.
    let bytes = unsafe { std::slice::from_raw_parts(block.address as *const u8, 16) };
    assert_eq!(bytes[..5], [7, 2, 2, 2, 2]);
    assert_ne!(bytes[5..], [0; 11], "the rest traps");
    let traps = bytes[12..].to_vec();
    arena.free(block);
    // SAFETY: as above; freed memory stays mapped.
    let bytes = unsafe { std::slice::from_raw_parts(small.address as *const u8, 4112) };
    assert_eq!(bytes[4096..4100], traps[..]);
    arena.free(small);
}

/// No mapping of this process is writable and executable, and the block's is not writable.
#[cfg(target_os = "linux")]
#[test]
fn nothing_is_writable_and_executable() {
    BOTH.into_iter().for_each(is_never_writable_and_executable);
}

#[cfg(target_os = "linux")]
fn is_never_writable_and_executable(mapping: Mapping) {
    let arena = Arena::new(1 << 16, 1 << 16, mapping).expect("memory");
    let block = install(&arena, 3).expect("room");
    let maps = std::fs::read_to_string("/proc/self/maps").expect("the system's list");
    let mut seen = false;
    for line in maps.lines() {
        let (range, rest) = line.split_once(' ').expect("a range");
        assert!(!rest.starts_with("rwx"), "{line}");
        let (from, to) = range.split_once('-').expect("two addresses");
        let number = |s: &str| u64::from_str_radix(s, 16).expect("an address");
        if (number(from)..number(to)).contains(&block.address) {
            assert!(rest.starts_with("r-x"), "{line}");
            let is_anonymous = rest.split_whitespace().nth(4).is_none();
            assert_eq!(is_anonymous, mapping == Mapping::Anonymous, "{line}");
            seen = true;
        }
    }
    assert!(seen);
    arena.free(block);
}

/// A child runs the code that its parent had, and neither sees what the other installs afterwards.
#[cfg(target_os = "linux")]
#[test]
fn children_of_forks_have_their_own_code() {
    let arena = Arena::new(1 << 16, 1 << 16, Mapping::Best).expect("memory");
    let (kept, freed) = (install(&arena, 11).expect("room"), install(&arena, 12).expect("room"));
    let copy = arena.before_fork().expect("memory");
    let freed_at = freed.address;
    // What the parent does right after the fork, done before it: the child must not notice.
    arena.free(freed);
    let parents = install(&arena, 13).expect("room");
    assert_eq!(parents.address, freed_at);
    // SAFETY: the child calls nothing that takes a lock which another thread may hold: its own arena, and `_exit`.
    let child = unsafe { libc::fork() };
    assert!(child >= 0);
    if child == 0 {
        let mut good = arena.after_fork(copy).is_ok();
        good &= call(&kept) == 11 && call(&CodeBlock { address: freed_at, len: RETURN.0.len() }) == 12;
        arena.region.write(arena.region.offset(kept.address).unwrap_or(0), 16, &mut |memory| {
            memory[RETURN.1] = 99;
        });
        good &= call(&kept) == 99;
        // SAFETY: ends the child without running what the parent would.
        unsafe { libc::_exit(if good { 0 } else { 1 }) };
    }
    drop(copy);
    let mut status = -1;
    // SAFETY: waits for our own child.
    assert_eq!(unsafe { libc::waitpid(child, &raw mut status, 0) }, child);
    assert_eq!(status, 0, "the child's code");
    assert_eq!((call(&kept), call(&parents)), (11, 13));
}
