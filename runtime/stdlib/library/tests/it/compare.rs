//! `modules.txt` against CPython 3.12.1's own `Lib`, where one is installed (`$PRISM_CPYTHON`, else `python3.12`).
//!
//! The count of a row is the edit distance between the two files' lines of code: lines that are neither blank nor a
//! comment.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use stdlib_library::{Fit, Source, files, module};

use crate::difference::difference;

/// Folders of `Lib` that the library does not cover: see the crate's header.
const LEFT_OUT: &[&str] = &[
    "__pycache__",
    "config-3.12-x86_64-linux-gnu",
    "ensurepip",
    "idlelib",
    "lib-dynload",
    "lib2to3",
    "site-packages",
    "test",
    "tests",
    "tkinter",
    "turtledemo",
];

/// The interpreter to compare with.
pub(crate) fn python() -> String {
    std::env::var("PRISM_CPYTHON").unwrap_or_else(|_| "python3.12".to_owned())
}

/// The `Lib` folder of an installed CPython 3.12.1.
pub(crate) fn lib() -> Option<PathBuf> {
    let output = Command::new(python())
        .args(["-I", "-c", "import os, sys; print(sys.version.split()[0], os.path.dirname(os.__file__))"])
        .output()
        .ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    text.trim_end().strip_prefix("3.12.1 ").map(PathBuf::from)
}

fn sources(folder: &Path, prefix: &str, found: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(folder).expect("an installed Lib can be listed") {
        let entry = entry.expect("an installed Lib can be listed");
        let name = entry.file_name().into_string().expect("names in Lib are ASCII");
        if entry.path().is_dir() {
            if !LEFT_OUT.contains(&name.as_str()) {
                sources(&entry.path(), &format!("{prefix}{name}/"), found);
            }
        // Made by each build of CPython from its configuration.
        } else if name.ends_with(".py") && !name.starts_with("_sysconfigdata_") {
            found.insert(format!("{prefix}{name}"));
        }
    }
}

fn code(source: &[u8]) -> Vec<&[u8]> {
    source
        .split(|&byte| byte == b'\n')
        .filter(|line| line.trim_ascii().first().is_some_and(|&first| first != b'#'))
        .collect()
}

/// The least number of lines to remove and add.
fn distance(a: &[&[u8]], b: &[&[u8]]) -> u32 {
    let lines: usize = difference(a, b).iter().map(|(removed, inserted)| removed.len() + inserted.len()).sum();
    u32::try_from(lines).expect("files are smaller than that")
}

#[test]
fn blank_lines_and_comments_do_not_count() {
    fn of(a: &str, b: &str) -> u32 {
        distance(&code(a.as_bytes()), &code(b.as_bytes()))
    }
    assert_eq!(of("a\nb\n", "a\n\n  # remark\nb"), 0);
    assert_eq!(of("a\nb\nc", "a\nx\nc"), 2);
    assert_eq!(of("# a", "a # b"), 1);
}

#[test]
fn the_table_is_true_of_cpython_3_12_1() {
    let Some(lib) = lib() else {
        println!("skipped: no CPython 3.12.1 (set PRISM_CPYTHON)");
        return;
    };
    let mut theirs = BTreeSet::new();
    sources(&lib, "", &mut theirs);
    let listed: BTreeSet<_> = files().filter(|file| file.fit != Fit::Ours).map(|file| file.path.to_owned()).collect();
    let (missing, extra) = (theirs.difference(&listed), listed.difference(&theirs));
    let mut wrong: Vec<_> = missing.map(|path| format!("{path}: no row")).collect();
    wrong.extend(extra.map(|path| format!("{path}: not in CPython 3.12.1")));

    for file in files().filter(|file| file.source != Source::Absent && theirs.contains(file.path)) {
        let original = std::fs::read(lib.join(file.path)).unwrap();
        let name = file.path.trim_end_matches(".py").trim_end_matches("/__init__").replace('/', ".");
        let ours = module(&name).unwrap().source;
        let changed = distance(&code(&ours), &code(&original));
        if file.changed != Some(changed) {
            wrong.push(format!("{}: {changed} lines changed, the table says {:?}", file.path, file.changed));
        }
        if (ours == original) != (file.fit == Fit::Same) {
            wrong.push(format!("{}: the table says {:?}", file.path, file.fit));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
