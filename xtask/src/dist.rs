//! `cargo xtask dist`: the binary for users, which carries its library compiled.
//!
//! It is built twice. The first one compiles the embedded library into a cache of its own, the second one is linked with
//! that cache (`runtime/stdlib/frozen`); nothing else changes between them, so the second build is short, and no build
//! compiles the front end for the build machine.

use std::path::{Path, PathBuf};
use std::process::Command;

/// Asks for the code of every module of the library, which leaves it in the cache.
const FREEZE: &str = "
import _imp, pkgutil, sys
def freeze(folder):
    finder = pkgutil.get_importer(folder)
    for name, is_package in finder.iter_modules():
        spec = finder.find_spec(name)
        spec.loader.get_code(name)
        if is_package:
            freeze(spec.submodule_search_locations[0])
for name in _imp._frozen_module_names():
    _imp.get_frozen_object(name)
freeze(next(path for path in sys.path if path.startswith('/prism/')))
";

pub(crate) fn run(root: &Path) -> Result<(), String> {
    let folder = root.join("target/dist/frozen");
    if folder.exists() {
        std::fs::remove_dir_all(&folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    }
    let prism = root.join("target/dist/prism");
    build(root, None)?;
    let mut freeze = Command::new(&prism);
    // Alone: nothing of the user's, no site, no environment.
    freeze.args(["-I", "-S", "-c", FREEZE]).env("XDG_CACHE_HOME", &folder).env_remove("PRISM_STDLIB");
    succeed(&mut freeze)?;
    let cache = only_entry(&folder.join("prism/library"))?;
    build(root, Some(&cache))?;
    succeed(Command::new(&prism).arg("-VV"))
}

fn build(root: &Path, frozen: Option<&Path>) -> Result<(), String> {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.args(["build", "--profile", "dist", "--package", "runtime-cli", "--bin", "prism"]).current_dir(root);
    match frozen {
        Some(folder) => cargo.env("PRISM_FROZEN", folder),
        None => cargo.env_remove("PRISM_FROZEN"),
    };
    succeed(&mut cargo)
}

fn succeed(command: &mut Command) -> Result<(), String> {
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("{}: {status}", command.get_program().display())),
        Err(e) => Err(format!("{}: {e}", command.get_program().display())),
    }
}

fn only_entry(folder: &Path) -> Result<PathBuf, String> {
    let entries = std::fs::read_dir(folder).and_then(|entries| entries.map(|e| Ok(e?.path())).collect());
    let entries: Vec<PathBuf> = entries.map_err(|e: std::io::Error| format!("{}: {e}", folder.display()))?;
    match &entries[..] {
        [only] => Ok(only.clone()),
        _ => Err(format!("{} entries in {}, not one", entries.len(), folder.display())),
    }
}
