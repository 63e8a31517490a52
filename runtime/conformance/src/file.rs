//! One file of tests: its process, and the processes after it that go on behind cases that ended one.

use crate::arguments::Runner;
use crate::events::{Detail, Event, Mode, Outcome};
use crate::interpreter::Interpreter;
use crate::process::{self, End, Limits};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// What runs in the tested interpreter.
const DRIVER: &str = include_str!("../driver/driver.py");
/// What the driver imports to take doctests apart.
const EXAMPLES: &str = include_str!("../driver/examples.py");
/// What the driver imports to see marks.
const MARKS: &str = include_str!("../driver/marks.py");

/// How a file is run.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Options<'a> {
    pub(crate) mode: Mode,
    pub(crate) runner: Runner,
    pub(crate) patterns: &'a [String],
    pub(crate) case_limit: Duration,
    pub(crate) file_limit: Duration,
    pub(crate) scratch: &'a Path,
}

/// What became of a file.
#[derive(Debug)]
pub(crate) struct FileRun {
    pub(crate) file: String,
    pub(crate) seconds: f64,
    /// Why it did not come to its cases.
    pub(crate) load: Option<Detail>,
    pub(crate) cases: Vec<CaseRun>,
    /// Set-ups and tear-downs that failed, by name.
    pub(crate) fixtures: Vec<(String, Detail)>,
    /// Cases that use the C API, if that was to be watched.
    pub(crate) touches: Vec<String>,
}

/// What became of a case.
#[derive(Clone, Debug)]
pub(crate) struct CaseRun {
    pub(crate) name: String,
    pub(crate) seconds: f64,
    pub(crate) detail: Detail,
}

/// Runs a file.
///
/// # Errors
/// No process can be started or understood.
pub(crate) fn run(file: &str, interpreter: &Interpreter, options: &Options<'_>) -> Result<FileRun, String> {
    let started = Instant::now();
    let failed = |error: std::io::Error| format!("cannot make temporary files: {error}");
    let folder = tempfile::Builder::new().prefix("file-").tempdir_in(options.scratch).map_err(failed)?;
    let place = Place { file, interpreter, options, folder: folder.path(), deadline: started + options.file_limit };
    std::fs::write(place.driver(), DRIVER).map_err(failed)?;
    std::fs::write(folder.path().join("examples.py"), EXAMPLES).map_err(failed)?;
    if options.mode == Mode::Marks {
        std::fs::write(folder.path().join("marks.py"), MARKS).map_err(failed)?;
    }
    let mut run = FileRun {
        file: file.to_owned(),
        seconds: 0.0,
        load: None,
        cases: Vec::new(),
        fixtures: Vec::new(),
        touches: Vec::new(),
    };
    if options.runner == Runner::Regrtest {
        run.cases = vec![place.regrtest()?];
    } else {
        place.cases(&mut run)?;
    }
    run.seconds = started.elapsed().as_secs_f64();
    Ok(run)
}

/// Where and how a file's processes run.
struct Place<'a> {
    file: &'a str,
    interpreter: &'a Interpreter,
    options: &'a Options<'a>,
    folder: &'a Path,
    deadline: Instant,
}

impl Place<'_> {
    fn driver(&self) -> PathBuf {
        self.folder.join("driver.py")
    }
    fn limits(&self) -> Limits {
        Limits { case: self.options.case_limit, deadline: self.deadline }
    }

    /// Runs all cases, in as many processes as that takes.
    fn cases(&self, run: &mut FileRun) -> Result<(), String> {
        let mut progress = Progress::default();
        for round in 0.. {
            let end = self.round(round, &mut progress)?;
            if progress.done || progress.load.is_some() {
                break;
            }
            let output = || process::tail(&self.output(round));
            let (outcome, message) = match end {
                End::Exited(status) => (Outcome::Crash, process::describe(status)),
                End::Silent => (Outcome::TimeOut, "it took longer than a case may take".to_owned()),
                End::Late => (Outcome::TimeOut, "the file took longer than a file may take".to_owned()),
            };
            let late = matches!(end, End::Late);
            let mut detail = Detail { trace: output(), ..Detail::new(outcome, message) };
            if let Some(driver) = progress.driver.take() {
                (detail.kind, detail.trace) = (driver.kind, driver.trace);
                detail.message = format!("{} ended the driver: {}", detail.kind, driver.message);
            }
            let Some(names) = &progress.names else {
                progress.load = Some(detail);
                break;
            };
            if let Some(slot) = progress.results.get_mut(progress.next) {
                if !progress.inside {
                    detail.message.push_str(" (before the case began)");
                }
                *slot = Some((detail, progress.since.map_or(0.0, |since| since.elapsed().as_secs_f64())));
            } else {
                // Behind the last case: a tear-down.
                progress.fixtures.push(("the end of the file".to_owned(), detail));
            }
            progress.next += 1;
            if progress.next >= names.len() {
                break;
            }
            if late {
                for slot in progress.results.iter_mut().skip(progress.next).filter(|slot| slot.is_none()) {
                    *slot = Some((Detail::new(Outcome::NotRun, "the file's time was up"), 0.0));
                }
                break;
            }
        }
        if self.options.mode != Mode::List {
            self.settle(progress, run);
        } else {
            let names = progress.names.unwrap_or_default();
            let listed = |name| CaseRun { name, seconds: 0.0, detail: Detail::new(Outcome::NotRun, "") };
            run.cases = names.into_iter().map(listed).collect();
            run.load = progress.load;
        }
        Ok(())
    }

    /// Runs one process, from the case on that is next.
    fn round(&self, round: usize, progress: &mut Progress) -> Result<End, String> {
        let cwd = self.folder.join(format!("cwd-{round}"));
        std::fs::create_dir(&cwd).map_err(|error| format!("cannot make {}: {error}", cwd.display()))?;
        let events = self.folder.join(format!("events-{round}"));
        let mut command = self.interpreter.command(&cwd);
        let mode = if self.options.runner == Runner::Import { "import" } else { self.options.mode.name() };
        command.arg(self.driver()).arg(&events).args([mode, self.file]).arg(progress.next.to_string());
        command.arg(self.interpreter.tests.as_deref().unwrap_or(Path::new(""))).args(self.options.patterns);
        progress.inside = false;
        let end = process::watch(command, &events, &self.output(round), self.limits(), |event| progress.hear(event));
        if progress.changed {
            return Err(format!("{} has other cases each time it is loaded", self.file));
        }
        end
    }

    fn output(&self, round: usize) -> PathBuf {
        self.folder.join(format!("output-{round}"))
    }

    /// Puts what is known in the order of the cases, and says of every case without a result why it has none.
    fn settle(&self, progress: Progress, run: &mut FileRun) {
        let Progress { names, results, fixtures, load, touches, .. } = progress;
        let known = names.as_deref().unwrap_or_default();
        run.touches = touches.iter().filter_map(|&index| known.get(index)).cloned().collect();
        for (name, result) in names.unwrap_or_default().into_iter().zip(results) {
            let (detail, seconds) = result.unwrap_or_else(|| (without_result(&name, &fixtures), 0.0));
            run.cases.push(CaseRun { name, seconds, detail: detail.sorted() });
        }
        run.load = load.map(Detail::sorted);
        run.fixtures = fixtures.into_iter().filter(|(_, detail)| detail.outcome != Outcome::Skipped).collect();
    }

    /// Leaves the file to regrtest.
    fn regrtest(&self) -> Result<CaseRun, String> {
        let started = Instant::now();
        let output = self.output(0);
        let mut command = self.interpreter.command(self.folder);
        if let Some(tests) = &self.interpreter.tests {
            command.env("PYTHONPATH", tests);
        }
        command.args(["-m", "test", "-v"]);
        for pattern in self.options.patterns {
            command.args(["-m", pattern]);
        }
        command.arg(self.file);
        let limits = Limits { case: self.options.file_limit, deadline: self.deadline };
        let end = process::watch(command, &self.folder.join("events"), &output, limits, |_| {})?;
        let detail = match end {
            End::Exited(status) if status.success() => Detail::new(Outcome::Passed, ""),
            End::Exited(status) if status.code().is_some_and(|code| code != i32::from(runtime_cli::CRASHED)) => {
                Detail { trace: process::tail(&output), ..Detail::new(Outcome::Failed, process::describe(status)) }
            }
            End::Exited(status) => {
                Detail { trace: process::tail(&output), ..Detail::new(Outcome::Crash, process::describe(status)) }
            }
            End::Silent | End::Late => {
                Detail { trace: process::tail(&output), ..Detail::new(Outcome::TimeOut, "it took too long") }
            }
        };
        Ok(CaseRun { name: "regrtest".to_owned(), seconds: started.elapsed().as_secs_f64(), detail })
    }
}

/// What has been heard of a file so far.
#[derive(Default)]
struct Progress {
    names: Option<Vec<String>>,
    results: Vec<Option<(Detail, f64)>>,
    fixtures: Vec<(String, Detail)>,
    load: Option<Detail>,
    driver: Option<Detail>,
    touches: Vec<usize>,
    done: bool,
    /// The case that runs or is to run next.
    next: usize,
    /// It runs.
    inside: bool,
    since: Option<Instant>,
    /// A second loading gave other cases.
    changed: bool,
}

impl Progress {
    fn hear(&mut self, event: Event) {
        match event {
            Event::Load { detail } => self.load = Some(detail),
            Event::Plan { names } => match &self.names {
                Some(known) => self.changed |= *known != names,
                None => {
                    self.results = vec![None; names.len()];
                    self.names = Some(names);
                }
            },
            Event::Start { index } => {
                (self.next, self.inside) = (index, true);
                self.since = Some(Instant::now());
            }
            Event::End { index, seconds, detail } => {
                if let Some(slot) = self.results.get_mut(index) {
                    *slot = Some((detail, seconds));
                }
                (self.next, self.inside) = (index + 1, false);
            }
            Event::Fixture { name, detail } => self.fixtures.push((name, detail)),
            Event::Touches { index } => self.touches.push(index),
            Event::Done => self.done = true,
            Event::Driver { kind, message, trace } => {
                self.driver = Some(Detail { outcome: Outcome::Crash, kind, message, trace });
            }
        }
    }
}

/// Why a case has no result: what its class or module could not be set up for.
fn without_result(name: &str, fixtures: &[(String, Detail)]) -> Detail {
    let class = name.rsplit_once('.').map_or("", |(class, _)| class).trim_start_matches('/');
    // `setUpClass (test.test_x.Class)`, `setUpModule (test.test_x)`
    let own = fixtures.iter().find(|(fixture, _)| !class.is_empty() && fixture.ends_with(&format!(".{class})")));
    let modules = || fixtures.iter().find(|(fixture, _)| fixture.starts_with("setUpModule"));
    match own.or_else(modules) {
        Some((_, detail)) if detail.outcome == Outcome::Skipped => detail.clone(),
        Some((fixture, detail)) => {
            let message = format!("{fixture}: {}", detail.message);
            Detail { outcome: Outcome::NotRun, message, ..detail.clone() }
        }
        None => Detail::new(Outcome::NotRun, "it did not run, and nothing says why"),
    }
}
