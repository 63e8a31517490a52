//! The cache of the embedded library's compiled modules, in the user's folder for caches.
//!
//! ```text
//! $XDG_CACHE_HOME/prism/library/KEY/NAME.LEVEL        KEY: of the library and the front end; LEVEL: of optimization
//! ```
//!
//! A file is a code as `marshal` keeps it, with its sum; what is inside the module's code is read from it when it is called.
//! Nothing here fails: what cannot be read, or is damaged, is compiled
//! again, and what cannot be written is not kept. Files come into being whole, by renaming. A folder that somebody else owns
//! is not looked into, or who may write to it could run code as this user.
//!
//! A build may carry the files of its own cache within itself (`stdlib-frozen`); they come first.
//!
//! `-B` and PYTHONDONTWRITEBYTECODE are about files beside sources and say nothing of this one: where they are set for good, in
//! containers say, every start would compile the same modules again.

use crate::marshal;
use python_compile::IDENTITY;
use python_objects::Py;
use std::fs;
use std::os::unix::fs::{DirBuilderExt, MetadataExt};
use std::path::{Path, PathBuf};
use std::rc::Rc;
use vm_api::code::Code;

/// Of the library and the front end.
const KEY: u64 = IDENTITY ^ stdlib_library::IDENTITY.rotate_left(1);

/// Folders of other libraries and front ends that stay when a new one is made.
const KEPT_FOLDERS: usize = 8;

/// The folder of this build, if there is one to use.
struct Folder(Option<PathBuf>);

fn folder(py: Py<'_>) -> Rc<Folder> {
    py.state().data("cache of the library", || Folder(find()))
}

fn find() -> Option<PathBuf> {
    let absolute = |name| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let caches = absolute("XDG_CACHE_HOME").or_else(|| Some(absolute("HOME")?.join(".cache")))?;
    Some(caches.join("prism").join("library").join(format!("{KEY:016x}")))
}

/// Is it a folder of the user who runs this?
fn is_own(folder: &Path) -> bool {
    let [_, _, _, user, ..] = stdlib_system::identities();
    fs::metadata(folder).is_ok_and(|m| m.is_dir() && m.uid() == user)
}

/// The compiled module of this name, if it is there and whole.
pub(super) fn read(py: Py<'_>, name: &str, level: u8) -> Option<Code> {
    let file = format!("{name}.{level}");
    if stdlib_frozen::KEY == KEY
        && let Some(bytes) = stdlib_frozen::file(&file)
    {
        return marshal::own_code_of(bytes).ok();
    }
    let folder = folder(py);
    let path = folder.0.as_ref()?.join(file);
    let bytes = fs::read(&path).ok()?;
    is_own(path.parent()?).then_some(())?;
    marshal::code_of(bytes).ok()
}

/// Keeps a compiled module.
pub(super) fn write(py: Py<'_>, name: &str, level: u8, code: &Code) {
    let folder = folder(py);
    let Some(folder) = folder.0.as_ref() else { return };
    if !folder.is_dir() {
        make(folder);
    }
    if !is_own(folder) {
        return;
    }
    let own = folder.join(format!(".{name}.{level}.{}", std::process::id()));
    let written = fs::write(&own, marshal::code_bytes(code));
    if written.and_then(|()| fs::rename(&own, folder.join(format!("{name}.{level}")))).is_err() {
        // A full disk or the like: the module is compiled again next time. If this fails too, nothing can be done.
        _ = fs::remove_file(&own);
    }
}

/// Makes the folder, and removes those that were left longest by other builds.
fn make(folder: &Path) {
    // That there is none shows when it is written to.
    _ = fs::DirBuilder::new().recursive(true).mode(0o700).create(folder);
    let Some(entries) = folder.parent().and_then(|all| fs::read_dir(all).ok()) else { return };
    let mut others: Vec<_> = entries
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path != folder)
        .filter_map(|path| Some((fs::metadata(&path).ok()?.modified().ok()?, path)))
        .collect();
    others.sort();
    let surplus = others.len().saturating_sub(KEPT_FOLDERS);
    for (_, path) in &others[..surplus] {
        // Another process may be doing the same.
        _ = fs::remove_dir_all(path);
    }
}
