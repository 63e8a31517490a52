//! The embedded library's compiled modules, where the build was given them: `cargo xtask dist` lets a finished `prism` compile
//! its library and links the result into the next one, so that a start reads, checks and compiles nothing.
//!
//! The crate hands out bytes and knows nothing of their form. It depends on nothing of ours, so that the second build makes
//! little anew.

/// One module's file in the blob.
struct Frozen {
    file: &'static str,
    start: usize,
    end: usize,
}

include!(concat!(env!("OUT_DIR"), "/frozen.rs"));

const BLOB: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/frozen.bin"));

/// Which library and front end they are of: the number by which the cache's folder is called. 0 if nothing is frozen.
pub const KEY: u64 = FOLDER;

/// The content of the cache's file of this name.
pub fn file(name: &str) -> Option<&'static [u8]> {
    let at = FROZEN.binary_search_by(|frozen| frozen.file.cmp(name)).ok()?;
    Some(&BLOB[FROZEN[at].start..FROZEN[at].end])
}

/// How many files there are.
pub fn count() -> usize {
    FROZEN.len()
}
