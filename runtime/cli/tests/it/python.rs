//! Python programs with their expected output, on every collector and engine of the build.
//!
//! `tests/python/NAME.py` (or `tests/heavy/NAME.py`) prints what `NAME.out` holds, as CPython 3.12 does. New expectations come from CPython alone:
//! `PRISM_CPYTHON=python3.12 cargo test -p runtime-cli bless_python -- --ignored` writes them. `PRISM_PROGRAMS=threads,slices` is
//! for the work on a few: only programs with such a part in their name.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Options under which every program must print the same: one of each row, as the program's name deals them ([`dealt`]), so that each
/// program runs on each collector, in the interpreter and under each JIT, and all rows' entries have their share of the programs. With
/// `-S` where all is slow: `site` is no part of the programs.
const CONFIGURATIONS: &[&[&[&str]]] = &[
    &[&["--gc=generational"]],
    &[&["--gc=none"]],
    &[&["-S", "--gc=marksweep", "--gc-verify=post"]],
    &[&["-S", "--gc=semispace", "--gc-verify=post"]],
    &[&["-S", "--gc=satb", "--gc-verify=post"]],
    &[
        &["-S", "--gc=generational", "--gc-stress=random:7", "--gc-verify=post", "--gc-poison"],
        &["-S", "--gc=semispace", "--gc-stress=random:11", "--gc-verify=post", "--gc-poison"],
    ],
    &[
        &["-S", "--jit=eval", "--deopt-every=7"],
        &["-S", "--jit=eval", "--deopt-every=3", "--gc=semispace", "--gc-stress=random:1000"],
    ],
    &[
        &["-S", "--jit=cranelift", "--jit-threshold=20"],
        &["-S", "--jit=cranelift", "--jit-threshold=50", "--deopt-every=7", "--gc=semispace", "--gc-verify=post"],
    ],
    &[
        &["-S", "--jit=template", "--jit-threshold=20", "--gc=semispace", "--gc-verify=post"],
        &["-S", "--jit=template", "--jit-threshold=20", "--gc=generational", "--gc-verify=post"],
    ],
    &[&["-S", "--jit=tiered"], &["-S", "--jit=tiered", "--jit-threshold=3"]],
];

/// For programs that import so much that a collection every few allocations would take minutes.
const HEAVY: &[&[&[&str]]] = &[&[&["--gc=generational"]], &[&["-S", "--gc=semispace"]], &[&["-S", "--gc=satb"]]];

/// The entry of each row for the program of this name. Which it is must not change when programs are added, and those of several rows
/// should combine in all ways.
fn dealt<'c>(rows: &'c [&'c [&'c [&'c str]]], name: &str) -> impl Iterator<Item = &'c [&'c str]> + use<'c> {
    let hash = name.bytes().fold(5381u64, |h, b| h.wrapping_mul(33) ^ u64::from(b)).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    rows.iter().enumerate().map(move |(i, row)| row[(hash >> (8 + 5 * i)) as usize % row.len()])
}

fn programs(folder: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(folder);
    let mut found: Vec<PathBuf> = std::fs::read_dir(folder)
        .expect("the folder of programs")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|e| e == "py"))
        .collect();
    if let Ok(wanted) = std::env::var("PRISM_PROGRAMS") {
        let names = |path: &Path, part: &str| path.file_stem().is_some_and(|n| n.to_string_lossy().contains(part));
        found.retain(|path| wanted.split(',').any(|part| names(path, part)));
    }
    found.sort();
    assert!(!found.is_empty() || std::env::var_os("PRISM_PROGRAMS").is_some());
    found
}

/// Standard output, and the exit code if it is not 0, of a program run in its own folder.
fn output(command: &mut Command, program: &Path) -> String {
    let out = command
        .arg(program.file_name().expect("a file"))
        .current_dir(program.parent().expect("a folder"))
        .env("PYTHONHASHSEED", "0")
        .output()
        .expect("the interpreter starts");
    let mut text = String::from_utf8_lossy(&out.stdout).into_owned();
    if !out.status.success() {
        text += &format!("[exit {:?}]\n", out.status.code());
        // What went wrong stands in the test's own report, not in the comparison.
        eprintln!("{}: {}", program.display(), String::from_utf8_lossy(&out.stderr));
    }
    text
}

#[test]
fn programs_print_what_cpython_prints() {
    check("python", CONFIGURATIONS);
}

/// The same for programs that use much of the standard library.
#[test]
fn heavy_programs_print_what_cpython_prints() {
    check("heavy", HEAVY);
}

fn check(folder: &str, configurations: &[&[&[&str]]]) {
    let (programs, next, failures) = (programs(folder), AtomicUsize::new(0), Mutex::new(Vec::new()));
    let workers = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                while let Some(program) = programs.get(next.fetch_add(1, Ordering::Relaxed)) {
                    if let Some(failure) = difference(program, configurations) {
                        failures.lock().expect("no worker panics").push(failure);
                    }
                }
            });
        }
    });
    let failures = failures.into_inner().expect("no worker panics");
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// How a program's output differs from what is expected in the first configuration in which it does.
fn difference(program: &Path, configurations: &[&[&[&str]]]) -> Option<String> {
    let expected = std::fs::read_to_string(program.with_extension("out")).unwrap_or_default();
    let name = program.file_stem().unwrap_or_default().to_string_lossy();
    dealt(configurations, &name).find_map(|options| {
        let got = output(Command::new(env!("CARGO_BIN_EXE_prism")).args(options), program);
        (got != expected).then(|| {
            let line = got.lines().zip(expected.lines()).position(|(a, b)| a != b);
            let at = line.unwrap_or(got.lines().count().min(expected.lines().count()));
            format!(
                "{} {options:?}: line {}: got {:?}, expected {:?}",
                program.file_name().unwrap_or_default().display(),
                at + 1,
                got.lines().nth(at),
                expected.lines().nth(at)
            )
        })
    })
}

/// Writes the expectations from the CPython that `PRISM_CPYTHON` names.
#[test]
#[ignore = "writes files; needs CPython 3.12"]
fn bless_python() {
    let Ok(cpython) = std::env::var("PRISM_CPYTHON") else { panic!("PRISM_CPYTHON must name a CPython 3.12") };
    for program in programs("python").into_iter().chain(programs("heavy")) {
        let text = output(&mut Command::new(&cpython), &program);
        std::fs::write(program.with_extension("out"), text).expect("the file can be written");
    }
}
