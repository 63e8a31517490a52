//! The pure-Python standard library, compressed into the binary.
//!
//! The sources are those of CPython's `Lib` as the registry package `rustpython-pylib` carries it; no module of CPython
//! is copied into this repository. `modules.txt` has a row for every file of CPython 3.12.1's `Lib`: where ours comes
//! from, how many lines differ, and what that means. Files under `edits/` correct a dependency's file by line number;
//! files under `own/` are written anew. The build script picks, edits and packs.
//!
//! The crate knows nothing of values, imports or the VM: it hands out bytes. It depends on nothing of ours, so that no
//! change of the VM packs the library again.
//!
//! Not here: modules that are native in CPython, test packages, `idlelib`, `tkinter`, `lib2to3`, `turtledemo` and
//! `ensurepip`, for which a whole `Lib` can be named on the command line.

mod provenance;

use std::borrow::Cow;

pub use provenance::{File, Fit, Source, files};

/// The folder that modules of the embedded library seem to stand in: the beginning of every [`Module::origin`].
///
/// No file stands there. It is absolute, so that `os.path` leaves it as it is, and it does not look like the pseudo
/// file names in angle brackets, for which tracebacks show no source.
pub const ROOT: &str = "/prism/lib/python3.12";

/// The license of the embedded sources (Python Software Foundation), for programs that must show it.
pub const LICENSE: &str = include_str!(concat!(env!("OUT_DIR"), "/license.txt"));

/// Which library this is: a hash of all its sources, for the keys of caches.
pub const IDENTITY: u64 = CONTENT;

/// A module of the library.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Module {
    /// The source text in the encoding that the file declares (UTF-8 for nearly all).
    pub source: Cow<'static, [u8]>,
    /// Whether the module is a package: its file is an `__init__.py`.
    pub is_package: bool,
    /// What stands in `__file__` and in tracebacks: a path below [`ROOT`].
    pub origin: String,
}

/// One file in the packed library.
struct Packed {
    name: &'static str,
    path: &'static str,
    is_package: bool,
    start: usize,
    end: usize,
    size: usize,
}

include!(concat!(env!("OUT_DIR"), "/library.rs"));

/// Raw DEFLATE streams, one after the other.
const LIBRARY: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/library.deflate"));

/// The module of this dotted name, unpacked, or `None` if the library has none.
///
/// Unpacks each time it is called: the caller keeps what it wants to keep.
///
/// # Panics
/// If the embedded data are damaged.
pub fn module(name: &str) -> Option<Module> {
    let packed = find(name)?;
    let source = if packed.size == 0 {
        Cow::Borrowed(&[][..])
    } else {
        miniz_oxide::inflate::decompress_to_vec_with_limit(&LIBRARY[packed.start..packed.end], packed.size)
            .map(Cow::Owned)
            .expect("the build script packed these bytes")
    };
    Some(Module { source, is_package: packed.is_package, origin: format!("{ROOT}/{}", packed.path) })
}

/// Whether the library has a module of this dotted name, without unpacking it: `Some(is_package)`.
pub fn contains(name: &str) -> Option<bool> {
    find(name).map(|packed| packed.is_package)
}

/// The dotted names of all modules, sorted.
pub fn names() -> impl Iterator<Item = &'static str> {
    PACKED.iter().map(|packed| packed.name)
}

/// The size of the packed library in bytes.
pub fn packed_size() -> usize {
    LIBRARY.len()
}

fn find(name: &str) -> Option<&'static Packed> {
    PACKED.binary_search_by(|packed| packed.name.cmp(name)).ok().map(|index| &PACKED[index])
}
