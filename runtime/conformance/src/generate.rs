//! The lists of names, made anew by the CPython whose tests they name.
//!
//! `cargo run --bin prism-test -- --make-lists runtime/conformance/lists @core` makes the sections of those files anew and
//! leaves the others as they are. Each file runs twice: as it is, which tells what passes, and with the marks of the driver
//! (mode `marks`), which tells what is CPython's own.

use crate::arguments::{Arguments, Runner};
use crate::cpython::Cpython;
use crate::events::{Mode, Outcome};
use crate::file::{self, FileRun};
use crate::interpreter;
use crate::lists::{C_API, IMPLEMENTATION, Lists, Names, PASSED};
use crate::{report, schedule, select, summary};
use std::collections::{BTreeSet, HashMap};
use std::path::Path;
use std::process::Command;

/// The version that the lists are of.
const VERSION: &str = "Python 3.12.1";

const COMMAND: &str =
    "Made by `cargo run --bin prism-test -- --make-lists runtime/conformance/lists TEST...`; not edited.";

/// Makes the sections of the files that the arguments name.
///
/// # Errors
/// There is no CPython 3.12.1, or something cannot be run, read or written.
pub(crate) fn generate(
    arguments: &Arguments,
    cpython: &Cpython,
    options: &file::Options<'_>,
    folder: &Path,
) -> Result<(), String> {
    let python =
        cpython.python.as_ref().ok_or("the lists need an interpreter of CPython: it is a checkout without one")?;
    let version = Command::new(python).arg("-V").output().map_err(|error| format!("{}: {error}", python.display()))?;
    if version.stdout.trim_ascii() != VERSION.as_bytes() {
        return Err(format!("the lists are of {VERSION}; {} says otherwise", python.display()));
    }
    let mut lists = Lists::read(folder)?;
    let files = select::files(arguments, cpython, &lists)?;
    let reference = interpreter::cpython_at(python, &arguments.memory)?;
    let work: Vec<(&String, Mode)> = files.iter().flat_map(|file| [(file, Mode::Run), (file, Mode::Marks)]).collect();
    let mut runs = HashMap::new();
    let mut problem = None;
    let mut done = 0;
    schedule::run(
        arguments.threads(),
        &work,
        |&(file, mode)| {
            let options = file::Options { mode, runner: Runner::Unittest, patterns: &[], ..*options };
            (file, mode, file::run(file, &reference, &options))
        },
        |(file, mode, run)| {
            done += 1;
            match run {
                Ok(run) => {
                    eprintln!("{} {}", summary::progress_alone(done, work.len(), &run), mode.name());
                    runs.insert((file.clone(), mode), run);
                }
                Err(error) => problem = Some(error),
            }
            problem.is_none()
        },
    );
    if let Some(problem) = problem {
        return Err(problem);
    }
    for file in &files {
        if let (Some(run), Some(marks)) = (runs.get(&(file.clone(), Mode::Run)), runs.get(&(file.clone(), Mode::Marks)))
        {
            let passed: BTreeSet<String> =
                run.cases.iter().filter(|case| case.detail.outcome.is_good()).map(|case| case.name.clone()).collect();
            let (implementation, c_api) = marked(&passed, marks);
            lists.passed.0.insert(file.clone(), passed);
            lists.implementation.0.insert(file.clone(), implementation);
            lists.c_api.0.insert(file.clone(), c_api);
        }
    }
    let write = |name: &str, what: &str, names: &Names| {
        report::write(&folder.join(name), &names.to_text(&format!("{what}\n{COMMAND}")))
    };
    write(PASSED, "Cases that CPython 3.12.1 passes, by file.", &lists.passed)?;
    write(IMPLEMENTATION, "Of these, what CPython's own marks say of its implementation only.", &lists.implementation)?;
    write(C_API, "Of these, what tests CPython's C API, by `_testcapi` and its like.", &lists.c_api)
}

/// Of the cases that pass: what is skipped or gone where the implementation has another name, and what touches the C API.
fn marked(passed: &BTreeSet<String>, marks: &FileRun) -> (BTreeSet<String>, BTreeSet<String>) {
    let outcomes: HashMap<&str, Outcome> =
        marks.cases.iter().map(|case| (case.name.as_str(), case.detail.outcome)).collect();
    let touches: BTreeSet<&str> = marks.touches.iter().map(String::as_str).collect();
    let (mut implementation, mut c_api) = (BTreeSet::new(), BTreeSet::new());
    for name in passed {
        if touches.contains(name.as_str()) {
            c_api.insert(name.clone());
        } else if matches!(outcomes.get(name.as_str()), None | Some(Outcome::Skipped)) && marks.load.is_none() {
            implementation.insert(name.clone());
        }
    }
    (implementation, c_api)
}
