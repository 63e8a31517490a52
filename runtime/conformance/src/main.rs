//! `prism-test`: CPython's own tests, case by case.
//!
//! A file of tests runs in a process of its own, in which [`driver/driver.py`](../driver/driver.py) loads it through
//! `unittest` and writes what becomes of each case. The tested interpreter is this very binary under another name (see
//! [`interpreter`]), so that `cargo run --bin prism-test` tests what was just edited, or any other by `--interpreter`.
//!
//! | module | holds |
//! | --- | --- |
//! | [`arguments`] | the command line |
//! | [`cpython`] | where the tests are: a checkout or an installation of CPython 3.12 |
//! | [`interpreter`] | what is tested: a command, its limits, its configurations |
//! | [`events`] | what the driver writes |
//! | [`process`] | one process, watched |
//! | [`file`] | one file of tests, started again behind cases that end the process |
//! | [`schedule`] | all files, some at a time |
//! | [`lists`] | the checked-in lists of names, named suites |
//! | [`shims`] | native modules that only tests see |
//! | [`select`] | which files and cases are asked for |
//! | [`expectations`] | cases that are known to fail, with the reason |
//! | [`verdict`] | outcomes against lists, expectations and a reference |
//! | [`report`], [`compare`], [`summary`] | as JSON, against an older one, for people |
//! | [`generate`] | the lists, made anew by CPython |

mod arguments;
mod compare;
mod cpython;
mod events;
mod expectations;
mod file;
mod generate;
mod interpreter;
mod lists;
mod process;
mod report;
mod schedule;
mod select;
mod shims;
mod summary;
mod verdict;

use arguments::{Arguments, Runner};
use clap::Parser;
use file::FileRun;
use interpreter::Interpreter;
use std::ffi::{OsStr, OsString};
use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;
use verdict::FileVerdict;

/// Something else than a test went wrong.
const REFUSED: u8 = 2;

fn main() -> ExitCode {
    let mut arguments = std::env::args_os();
    let name = arguments.next().unwrap_or_default();
    if Path::new(&name).file_name() == Some(OsStr::new(interpreter::LINK)) {
        let rest: Vec<OsString> = arguments.collect();
        return ExitCode::from(runtime_cli::main(&rest, shims::MODULES));
    }
    match run(&Arguments::parse()) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(problem) => {
            eprintln!("prism-test: {problem}");
            ExitCode::from(REFUSED)
        }
    }
}

/// Does what is asked; says whether all went as expected.
fn run(arguments: &Arguments) -> Result<bool, String> {
    let cpython = cpython::find(arguments.cpython_root.as_deref())?;
    let scratch = tempfile::Builder::new()
        .prefix("prism-test-")
        .tempdir()
        .map_err(|error| format!("cannot make a folder for temporary files: {error}"))?;
    let options = arguments.options(scratch.path());
    if let Some(folder) = &arguments.make_lists {
        return generate::generate(arguments, &cpython, &options, folder).map(|()| true);
    }
    let older = arguments.compare.as_deref().map(report::read).transpose()?;
    let lists = lists::Lists::checked_in()?;
    let expectations = expectations::Expectations::checked_in()?;
    let files = select::files(arguments, &cpython, &lists)?;
    let interpreters = interpreter::chosen(arguments, &cpython, scratch.path())?;
    if arguments.list_tests {
        print!("{}", summary::names(&run_alone(arguments, &interpreters[0], &files, &options)?));
        return Ok(true);
    }
    let mut reference = None;
    if let Some(interpreter) = interpreter::reference(arguments, &cpython)? {
        eprintln!("the reference, {}:", interpreter.name);
        let runs = run_alone(arguments, &interpreter, &files, &options)?;
        reference = Some(verdict::outcomes(&runs));
    }
    let against_reference = reference.is_some();
    let judge = verdict::Judge {
        lists: &lists,
        expectations: &expectations,
        reference,
        patterns: &arguments.r#match,
        by_case: arguments.runner == Runner::Unittest,
    };
    let started = Instant::now();
    let files = run_judged(arguments, &interpreters, &files, &options, &judge)?;
    let names: Vec<String> = interpreters.iter().map(|interpreter| interpreter.name.clone()).collect();
    let report = report::Report::new(&names, files, started.elapsed());
    let mut markdown = summary::markdown(&report, against_reference);
    let mut worse = false;
    if let Some(older) = older {
        let (changes, any) = compare::compare(&older, &report);
        markdown.push_str(&changes);
        worse = any;
    }
    print!("{markdown}");
    if let Some(path) = &arguments.markdown {
        report::write(path, &markdown)?;
    }
    if let Some(path) = &arguments.json_report {
        report::write(path, &report.to_json()?)?;
    }
    Ok(report.is_as_expected() && !worse)
}

/// Runs files on one interpreter, with nobody to judge them.
fn run_alone(
    arguments: &Arguments,
    interpreter: &Interpreter,
    files: &[String],
    options: &file::Options<'_>,
) -> Result<Vec<FileRun>, String> {
    let mut runs = Vec::new();
    let mut problem = None;
    schedule::run(
        arguments.threads(),
        files,
        |file| file::run(file, interpreter, options),
        |run| {
            match run {
                Ok(run) => {
                    eprintln!("{}", summary::progress_alone(runs.len() + 1, files.len(), &run));
                    runs.push(run);
                }
                Err(error) => problem = Some(error),
            }
            problem.is_none()
        },
    );
    problem.map_or(Ok(runs), Err)
}

/// Runs files on every interpreter.
fn run_judged(
    arguments: &Arguments,
    interpreters: &[Interpreter],
    files: &[String],
    options: &file::Options<'_>,
    judge: &verdict::Judge<'_>,
) -> Result<Vec<FileVerdict>, String> {
    let work: Vec<(usize, &Interpreter, &String)> = files
        .iter()
        .flat_map(|file| interpreters.iter().map(move |interpreter| (interpreter, file)))
        .enumerate()
        .map(|(index, (interpreter, file))| (index, interpreter, file))
        .collect();
    let mut verdicts = Vec::new();
    let mut problem = None;
    schedule::run(
        arguments.threads(),
        &work,
        |&(index, interpreter, file)| (index, interpreter, file::run(file, interpreter, options)),
        |(index, interpreter, run)| match run {
            Ok(run) => {
                let verdict = judge.judge(run, &interpreter.name);
                eprintln!("{}", summary::progress(verdicts.len() + 1, work.len(), &verdict));
                let go_on = !arguments.fail_fast || verdict.unexpected().next().is_none();
                verdicts.push((index, verdict));
                go_on
            }
            Err(error) => {
                problem = Some(error);
                false
            }
        },
    );
    verdicts.sort_by_key(|(index, _)| *index);
    problem.map_or(Ok(verdicts.into_iter().map(|(_, verdict)| verdict).collect()), Err)
}
