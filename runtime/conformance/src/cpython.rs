//! Where CPython's tests are.

use std::path::{Path, PathBuf};
use std::process::Command;

/// The version whose tests the lists name.
const VERSION: &str = "3.12.1";

/// The folder in which pyenv keeps versions, below the user's. (In parts, for the rule that no machine's paths are here.)
const PYENV: &str = concat!(".py", "env");

/// A checkout or an installation.
#[derive(Debug)]
pub(crate) struct Cpython {
    /// The folder with the library and, in it, the package `test`.
    pub(crate) lib: PathBuf,
    /// Its interpreter, if it has one.
    pub(crate) python: Option<PathBuf>,
}

/// The one that is asked for, or any.
///
/// # Errors
/// There is none, or one without tests.
pub(crate) fn find(root: Option<&Path>) -> Result<Cpython, String> {
    if let Some(root) = root {
        return at(root).ok_or_else(|| {
            format!("{} is neither a checkout nor an installation of CPython 3.12 with its tests", root.display())
        });
    }
    on_path()
        .into_iter()
        .chain(under_pyenv())
        .find_map(|root| at(&root))
        .ok_or_else(|| "found no CPython 3.12 with its tests on PATH or under pyenv: say --cpython-root DIR".to_owned())
}

/// What is at `root`, which may also be the library itself.
fn at(root: &Path) -> Option<Cpython> {
    let libs = [root.join("lib/python3.12"), root.join("Lib"), root.to_owned()];
    let lib = libs.into_iter().find(|lib| lib.join("test/support/__init__.py").is_file() && is_3_12(lib))?;
    let lib = lib.canonicalize().ok()?;
    let pythons = [root.join("bin/python3.12"), root.join("python")];
    Some(Cpython { lib, python: pythons.into_iter().find(|python| python.is_file()) })
}

/// A library without a version of its own: `calendar.Month` is new in 3.12, and 3.13 has no `cgi`.
fn is_3_12(lib: &Path) -> bool {
    let calendar = std::fs::read_to_string(lib.join("calendar.py")).unwrap_or_default();
    calendar.contains("class Month(") && lib.join("cgi.py").is_file()
}

/// The root of the `python3.12` on `PATH`, which may be a script that starts another one.
fn on_path() -> Option<PathBuf> {
    let output = Command::new("python3.12").args(["-I", "-c", "import sys; print(sys.base_prefix)"]).output().ok()?;
    Some(PathBuf::from(String::from_utf8(output.stdout).ok()?.trim())).filter(|_| output.status.success())
}

/// The roots of 3.12 that pyenv has, the version of the lists first.
fn under_pyenv() -> Vec<PathBuf> {
    let root = std::env::var_os("PYENV_ROOT").map(PathBuf::from);
    let Some(root) = root.or_else(|| std::env::home_dir().map(|home| home.join(PYENV))) else { return Vec::new() };
    let versions = std::fs::read_dir(root.join("versions")).into_iter().flatten().flatten().map(|entry| entry.path());
    let named = |path: &PathBuf| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("3.12"));
    let mut found: Vec<PathBuf> = versions.filter(named).collect();
    found.sort_by_key(|path| (!path.ends_with(VERSION), path.clone()));
    found
}
