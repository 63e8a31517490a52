//! One invocation: a fresh process of a subject with a program, and what became of it.

use crate::definition::Suite;
use crate::events::{self, EventSummary};
use crate::interrupt::Interrupts;
use crate::plan::Task;
use crate::process::{self, End, Ended};
use crate::program::{ITERATION, Program, STATUS};
use crate::subject::{Subject, clean};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// The part of a process's time that `prism-test` gives a file.
const OF_THE_TIME: f64 = 0.9;

/// What the journal keeps of an invocation. Times are nanoseconds, sizes bytes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Record {
    pub task: usize,
    pub block: usize,
    pub subject: String,
    pub program: String,
    pub outcome: Outcome,
    /// The time of each iteration.
    pub iterations: Vec<u64>,
    /// What it computed: each digest by what it is of. Of iterations the first one that differs from the ones before is
    /// kept as well, under a name with its number.
    pub computed: BTreeMap<String, String>,
    pub wall: u64,
    pub user: u64,
    pub system: u64,
    /// The peak of resident memory, where it is known.
    pub peak: Option<u64>,
    pub counters: BTreeMap<String, u64>,
    pub events: Option<EventSummary>,
    /// Seconds since 1970.
    pub began: u64,
    /// The load average of the last minute when it began, where the system tells it.
    pub load: Option<f64>,
    /// The end of its output, if it did not go well.
    pub output: String,
}

/// What became of an invocation, whatever it computed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    Completed,
    /// It ended with another status than 0.
    Failed(i32),
    Crashed(i32),
    TimeOut,
    /// It said that all went well, and yet something is missing.
    Incomplete(String),
    /// Not run: this program failed on this subject before, so often that it is not tried again.
    GivenUp,
}

/// Whether a record is as it should be, or how it is not.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    Good,
    /// What it computed is not what it had to.
    Wrong(String),
    /// How it ended.
    Broken(String),
    GivenUp,
}

impl Record {
    /// The record of an invocation that is left out.
    pub fn given_up(task: &Task) -> Record {
        Record {
            task: task.index,
            block: task.block,
            subject: task.subject.clone(),
            program: task.program.clone(),
            outcome: Outcome::GivenUp,
            iterations: Vec::new(),
            computed: BTreeMap::new(),
            wall: 0,
            user: 0,
            system: 0,
            peak: None,
            counters: BTreeMap::new(),
            events: None,
            began: now(),
            load: None,
            output: String::new(),
        }
    }

    /// What the process used.
    fn account(&mut self, ended: &Ended) {
        let nanoseconds = |duration: Duration| u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX);
        self.wall = nanoseconds(ended.wall);
        self.user = nanoseconds(ended.user);
        self.system = nanoseconds(ended.system);
        self.counters = ended.counters.clone();
        if self.peak.is_none() && process::own_peak().is_some_and(|own| ended.peak > own) {
            self.peak = Some(ended.peak);
        }
    }

    /// Judges it. `also_right` is what a CPython on this machine computed, for programs that depend on the C library.
    pub fn verdict(&self, program: &Program, also_right: Option<&BTreeMap<String, String>>) -> Verdict {
        match &self.outcome {
            Outcome::GivenUp => return Verdict::GivenUp,
            Outcome::Failed(_) if self.output.lines().last().is_some_and(|line| line.starts_with("MemoryError")) => {
                return Verdict::Broken("out of memory".to_owned());
            }
            Outcome::Failed(status) => return Verdict::Broken(format!("exit status {status}")),
            Outcome::Crashed(signal) => return Verdict::Broken(format!("ended by signal {signal}")),
            Outcome::TimeOut => return Verdict::Broken("not ended in time".to_owned()),
            Outcome::Incomplete(what) => return Verdict::Broken(what.clone()),
            Outcome::Completed => {}
        }
        if self.computed == program.expected || program.libm && Some(&self.computed) == also_right {
            return Verdict::Good;
        }
        let expected = &program.expected;
        let mut wrong: Vec<String> = expected
            .iter()
            .filter(|(what, digest)| self.computed.get(*what) != Some(digest))
            .map(|(what, digest)| {
                let found = self.computed.get(what).map_or("nothing", String::as_str);
                format!("{what} is {found}, not {digest}")
            })
            .collect();
        let unknown = self.computed.iter().filter(|(what, _)| !expected.contains_key(*what));
        wrong.extend(unknown.map(|(what, digest)| format!("{what} is {digest}")));
        Verdict::Wrong(wrong.join("; "))
    }
}

/// What running needs besides the task.
#[derive(Clone, Copy)]
pub struct Setting<'a> {
    /// The folder `experiments` of the project.
    pub folder: &'a Path,
    /// A folder for files of the moment.
    pub scratch: &'a Path,
    pub iterations: usize,
    pub timeout: Duration,
    pub events: bool,
    pub interrupts: &'a Interrupts,
}

/// Runs a task, in a heap of so many bytes if that is given. `None` if it was interrupted: such an invocation is no result.
pub fn run(
    setting: &Setting<'_>,
    task: &Task,
    subject: &Subject,
    program: &Program,
    heap: Option<u64>,
) -> Result<Option<Record>, String> {
    let records = setting.scratch.join("records.jsonl");
    let (log, counters) = (setting.scratch.join("events.jsonl"), setting.scratch.join("counters.json"));
    for path in [&records, &log, &counters] {
        match std::fs::remove_file(path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(format!("{}: {error}", path.display()));
            }
            _ => {}
        }
    }
    let mut options = subject.arguments.clone();
    if let Some(bytes) = heap {
        // Options take whole kibibytes.
        options.push(format!("--heap={}K", bytes.div_ceil(1024)));
    }
    let mut command = match program.suite {
        Suite::Conformance => {
            let mut command = Command::new(&program.arguments[0]);
            command.arg(format!("--interpreter={}", subject.executable.display())).arg("--jobs=1");
            // A file whose time is up still tells which case took it.
            let seconds = setting.timeout.as_secs_f64() * OF_THE_TIME;
            command.arg(format!("--timeout={seconds}")).arg(format!("--suite-timeout={seconds}"));
            command.args(options.iter().map(|option| format!("--option={option}"))).args(&program.arguments[1..]);
            command
        }
        Suite::Own | Suite::Pyperformance | Suite::Lox => {
            let mut command = Command::new(&subject.executable);
            command.args(&options);
            command
        }
    };
    clean(&mut command).env("PYTHONHASHSEED", task.hash_seed.to_string()).current_dir(setting.scratch);
    // pyperformance's 2to3 installs what an interpreter lacks; here that is a failure, and nothing is changed.
    command.env("PIP_NO_INDEX", "1");
    if program.suite == Suite::Lox {
        command.args(&program.arguments);
    }
    if matches!(program.suite, Suite::Conformance | Suite::Lox) {
        let (began, load) = (now(), load());
        let ended = process::run(command, setting.timeout, setting.interrupts)
            .map_err(|error| format!("{}: {error}", subject.executable.display()))?;
        let record = Record { began, load, ..judge_by_status(task, &ended) };
        return Ok((ended.end != End::Interrupted).then_some(record));
    }
    let with_events = setting.events && subject.ours;
    if with_events {
        command.arg(format!("--gc-log={}", log.display())).arg(format!("--gc-stats={}", counters.display()));
    }
    command.arg(setting.folder.join("drive.py")).arg(&records).arg(setting.iterations.to_string());
    command.args(&program.arguments);
    let (began, load) = (now(), load());
    let ended = process::run(command, setting.timeout, setting.interrupts)
        .map_err(|error| format!("{}: {error}", subject.executable.display()))?;
    if ended.end == End::Interrupted {
        return Ok(None);
    }
    let written = std::fs::read_to_string(&records).unwrap_or_default();
    let mut record = judge(task, &ended, &written, setting.iterations);
    (record.began, record.load) = (began, load);
    if with_events {
        match events::read(&log) {
            Ok(summary) => record.events = Some(EventSummary { allocated: events::allocated(&counters), ..summary }),
            // A process that does not come to its program writes none.
            Err(_) if record.outcome != Outcome::Completed => {}
            Err(error) => record.outcome = Outcome::Incomplete(error),
        }
    }
    Ok(Some(record))
}

/// The record of a program without the driver: one iteration, which is all of it.
fn judge_by_status(task: &Task, ended: &Ended) -> Record {
    let mut record = Record::given_up(task);
    record.account(ended);
    record.outcome = match ended.end {
        End::Signal(signal) => Outcome::Crashed(signal),
        End::TimeOut | End::Interrupted => Outcome::TimeOut,
        End::Exit(status) => {
            record.iterations.push(record.wall);
            record.computed.insert(STATUS.to_owned(), status.to_string());
            Outcome::Completed
        }
    };
    if ended.end != End::Exit(0) {
        record.output = ended.output.clone();
    }
    record
}

/// A line of the driver's.
#[derive(Deserialize)]
struct Line {
    ns: Option<u64>,
    check: Option<Check>,
    peak: Option<u64>,
    end: Option<bool>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Check {
    Iteration(String),
    Digests(BTreeMap<String, String>),
}

fn judge(task: &Task, ended: &Ended, written: &str, iterations: usize) -> Record {
    let mut record = Record::given_up(task);
    let mut complete = false;
    let mut unread = None;
    // The last line of a process that was killed may be torn.
    for line in written.split_inclusive('\n').filter_map(|line| line.strip_suffix('\n')) {
        let line: Line = match serde_json::from_str(line) {
            Ok(line) => line,
            Err(_) => {
                unread = Some(format!("the driver wrote {line:?}"));
                break;
            }
        };
        match line.check {
            Some(Check::Digests(digests)) => record.computed.extend(digests),
            Some(Check::Iteration(checksum)) => {
                let first = record.computed.entry(ITERATION.to_owned()).or_insert_with(|| checksum.clone());
                if *first != checksum {
                    let name = format!("{ITERATION} in iteration {}", record.iterations.len() + 1);
                    record.computed.entry(name).or_insert(checksum);
                }
            }
            None => {}
        }
        record.iterations.extend(line.ns);
        record.peak = line.peak.or(record.peak);
        complete |= line.end == Some(true);
    }
    record.outcome = match (ended.end, unread) {
        (End::Signal(signal), _) => Outcome::Crashed(signal),
        (End::TimeOut | End::Interrupted, _) => Outcome::TimeOut,
        (End::Exit(0), Some(what)) => Outcome::Incomplete(what),
        (End::Exit(0), None) if complete && record.iterations.len() == iterations => Outcome::Completed,
        (End::Exit(0), None) => {
            Outcome::Incomplete(format!("ended after {} of {iterations} iterations", record.iterations.len()))
        }
        (End::Exit(status), _) => Outcome::Failed(status),
    };
    record.account(ended);
    if record.outcome != Outcome::Completed {
        record.output = ended.output.clone();
    }
    record
}

/// Seconds since 1970.
pub fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

fn load() -> Option<f64> {
    std::fs::read_to_string("/proc/loadavg").ok()?.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ended(end: End) -> Ended {
        let second = Duration::from_secs(1);
        let (counters, output) = (BTreeMap::new(), "some words".to_owned());
        Ended { end, wall: second, user: second, system: second, peak: 0, counters, output }
    }

    fn judged(end: End, written: &str) -> Record {
        let (subject, program) = ("s".to_owned(), "p".to_owned());
        judge(&Task { index: 3, block: 1, subject, program, hash_seed: 1 }, &ended(end), written, 2)
    }

    fn program(expected: &[(&str, &str)], libm: bool) -> Program {
        let expected = expected.iter().map(|(what, digest)| ((*what).to_owned(), (*digest).to_owned())).collect();
        Program { name: "p".to_owned(), suite: Suite::Own, arguments: Vec::new(), expected, libm }
    }

    const GOOD: &str =
        "{\"ns\": 5, \"check\": \"17\"}\n{\"ns\": 6, \"check\": \"17\"}\n{\"peak\": 4096}\n{\"end\": true}\n";

    #[test]
    fn a_complete_record_is_good_if_it_computed_what_it_had_to() {
        let record = judged(End::Exit(0), GOOD);
        assert_eq!((record.outcome.clone(), record.iterations.clone()), (Outcome::Completed, vec![5, 6]));
        assert_eq!((record.peak, record.output.as_str()), (Some(4096), ""));
        assert_eq!(record.verdict(&program(&[("run", "17")], false), None), Verdict::Good);
        let wrong = record.verdict(&program(&[("run", "18")], false), None);
        assert_eq!(wrong, Verdict::Wrong("run is 17, not 18".to_owned()));
    }

    #[test]
    fn an_iteration_that_computes_something_else_is_wrong() {
        let record = judged(End::Exit(0), &GOOD.replace("6, \"check\": \"17\"", "6, \"check\": \"16\""));
        let wrong = record.verdict(&program(&[("run", "17")], false), None);
        assert_eq!(wrong, Verdict::Wrong("run in iteration 2 is 16".to_owned()));
    }

    #[test]
    fn where_the_c_library_decides_a_cpython_beside_it_is_right_too() {
        let record = judged(End::Exit(0), "{\"ns\": 5}\n{\"ns\": 5}\n{\"check\": {\"x\": \"ab\"}}\n{\"end\": true}\n");
        let beside = record.computed.clone();
        assert_eq!(record.verdict(&program(&[("x", "cd")], true), Some(&beside)), Verdict::Good);
        assert!(matches!(record.verdict(&program(&[("x", "cd")], false), Some(&beside)), Verdict::Wrong(_)));
        assert!(matches!(record.verdict(&program(&[("x", "cd")], true), None), Verdict::Wrong(_)));
    }

    #[test]
    fn what_does_not_come_to_its_end_is_broken_and_keeps_its_output() {
        assert_eq!(judged(End::Signal(11), GOOD).outcome, Outcome::Crashed(11));
        assert_eq!(judged(End::TimeOut, "{\"ns\": 5}\n{\"n").outcome, Outcome::TimeOut);
        let failed = judged(End::Exit(1), "{\"ns\": 5}\n");
        assert_eq!((failed.outcome.clone(), failed.output.as_str()), (Outcome::Failed(1), "some words"));
        assert_eq!(failed.verdict(&program(&[], false), None), Verdict::Broken("exit status 1".to_owned()));
        let full = Record { output: "Traceback:\nMemoryError: the heap is full\n".to_owned(), ..failed };
        assert_eq!(full.verdict(&program(&[], false), None), Verdict::Broken("out of memory".to_owned()));
    }

    #[test]
    fn without_the_driver_the_exit_status_says_whether_it_is_right() {
        let task = Task { index: 0, block: 0, subject: "s".to_owned(), program: "p".to_owned(), hash_seed: 1 };
        let verdict = |end| judge_by_status(&task, &ended(end)).verdict(&program(&[(STATUS, "0")], false), None);
        assert_eq!(verdict(End::Exit(0)), Verdict::Good);
        assert_eq!(verdict(End::Exit(1)), Verdict::Wrong("status is 1, not 0".to_owned()));
        assert_eq!(verdict(End::Signal(11)), Verdict::Broken("ended by signal 11".to_owned()));
        assert_eq!(judge_by_status(&task, &ended(End::Exit(1))).output, "some words");
    }

    #[test]
    fn an_exit_without_all_that_was_asked_for_is_incomplete() {
        let early = judged(End::Exit(0), "{\"ns\": 5}\n{\"ns\": 5}\n").outcome;
        assert_eq!(early, Outcome::Incomplete("ended after 2 of 2 iterations".to_owned()));
        assert!(matches!(judged(End::Exit(0), "").outcome, Outcome::Incomplete(_)));
        assert!(matches!(judged(End::Exit(0), "hello\n").outcome, Outcome::Incomplete(_)));
    }
}
