//! The library is one library: CPython 3.12.1, given it in place of its own, can import every module of it.
//!
//! So no file asks another for what only a later version has, nor a native module for what 3.12's does not have.

use std::path::Path;
use std::process::Command;

use stdlib_library::{ROOT, module, names};

use crate::compare::{lib, python};

/// What cannot be imported there, and why not.
const REFUSED: &[(&str, &str)] = &[
    ("asyncio.windows_events", "win32 only"),
    ("asyncio.windows_utils", "win32 only"),
    ("dbm.gnu", "No module named '_gdbm'"),
    ("dbm.ndbm", "No module named '_dbm'"),
    ("encodings.mbcs", "cannot import name 'mbcs_encode'"),
    ("encodings.oem", "cannot import name 'oem_encode'"),
    ("multiprocessing.popen_spawn_win32", "No module named 'msvcrt'"),
    ("ssl", "cannot import name 'HAS_PSK'"),
];

/// Native modules that a build of CPython may come without: where they are missing, so is what needs them.
const OPTIONAL: &[&str] = &["_bz2", "_ctypes", "_lzma", "_sqlite3", "_ssl"];

/// Modules whose import does something.
const WITH_EFFECTS: &[&str] = &["__main__", "antigravity", "this"];

#[test]
fn cpython_imports_every_module() {
    let Some(cpython) = lib() else {
        println!("skipped: no CPython 3.12.1 (set PRISM_CPYTHON)");
        return;
    };
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("stdlib-library");
    if folder.exists() {
        std::fs::remove_dir_all(&folder).unwrap();
    }
    for module in names().filter_map(module) {
        let path = folder.join(module.origin.trim_start_matches(ROOT).trim_start_matches('/'));
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, module.source).unwrap();
    }
    let wanted: Vec<_> =
        names().filter(|name| name.rsplit('.').next().is_some_and(|last| !WITH_EFFECTS.contains(&last))).collect();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/imports.py");
    let output = Command::new(python())
        .args(["-I", "-S", "-B", "-X", "frozen_modules=off", "-W", "ignore"])
        .args([&script, &folder, &cpython.join("lib-dynload")])
        .args(wanted)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));

    let mut wrong = Vec::new();
    let mut refused = Vec::new();
    let report = String::from_utf8(output.stdout).unwrap();
    for line in report.lines() {
        let (name, error) = line.split_once(' ').unwrap();
        let expected = REFUSED.iter().find(|(refused, _)| *refused == name);
        let missing = OPTIONAL.iter().any(|native| error.contains(&format!("No module named '{native}'")));
        if !missing && expected.is_none_or(|(_, why)| !error.contains(why)) {
            wrong.push(line);
        }
        refused.push(name);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    for (name, why) in REFUSED {
        assert!(refused.contains(name), "{name} can be imported: {why} holds no more");
    }
}
