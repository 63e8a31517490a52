//! From the journal to the summary: verdicts first, then ratios to the baseline with their intervals.
//!
//! A program counts for a subject only if all its invocations there are good, and for a ratio only if that is so on both
//! sides: a mean over those that happened to go well would hide the others.

use crate::claim::{self, Claim};
use crate::events::EventSummary;
use crate::invocation::{Record, Verdict};
use crate::program::Program;
use crate::statistics::bootstrap::{Estimate, Nested, mean_ratio, nested_mean, ratio};
use crate::statistics::warmup::{Course, Warmup, classify, common};
use crate::store::{FORMAT_VERSION, Host, Manifest};
use crate::subject::LeftOut;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Metric {
    /// Iterations in the steady state.
    Time,
    /// The first iteration.
    First,
    /// The whole process.
    Process,
    /// The whole process's user and system time.
    Processor,
    /// Peak of resident memory.
    Memory,
}

impl Metric {
    pub const ALL: [Metric; 5] = [Metric::Time, Metric::First, Metric::Process, Metric::Processor, Metric::Memory];

    pub fn name(self) -> &'static str {
        match self {
            Metric::Time => "time",
            Metric::First => "first",
            Metric::Process => "process",
            Metric::Processor => "processor",
            Metric::Memory => "memory",
        }
    }

    pub fn what(self) -> &'static str {
        match self {
            Metric::Time => "time of an iteration in the steady state",
            Metric::First => "time of the first iteration",
            Metric::Process => "time of the whole process",
            Metric::Processor => "user and system time of the whole process",
            Metric::Memory => "peak of resident memory",
        }
    }

    /// The measurements of an invocation; none where they are not known.
    fn of(self, record: &Record, warmup: &Warmup) -> Vec<f64> {
        let one = |value: u64| vec![value as f64];
        match self {
            Metric::Time => record.iterations[warmup.steady.clone()].iter().map(|ns| *ns as f64).collect(),
            Metric::First => record.iterations.first().map(|ns| *ns as f64).into_iter().collect(),
            Metric::Process => one(record.wall),
            Metric::Processor => one(record.user + record.system),
            Metric::Memory => record.peak.map(|peak| peak as f64).into_iter().collect(),
        }
    }
}

/// All that is said about a run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Summary {
    pub v: u32,
    pub name: String,
    pub description: String,
    pub baseline: Option<String>,
    /// Invocations that the plan has, and those that are done.
    pub planned: usize,
    pub done: usize,
    /// First of all: what went wrong.
    pub failures: Vec<Failure>,
    pub left_out: Vec<LeftOut>,
    pub subjects: Vec<SubjectLine>,
    pub totals: Vec<Total>,
    pub overheads: Vec<TotalOverhead>,
    pub programs: Vec<ProgramLine>,
    /// What the definition claims, and what was found.
    #[serde(default)]
    pub claims: Vec<Claim>,
    /// The minimum heaps, in bytes, by entry of the definition and program.
    pub minima: BTreeMap<String, BTreeMap<String, Option<u64>>>,
    pub host: Host,
    /// The highest load average that an invocation began under.
    pub load: Option<f64>,
    /// Seconds since 1970.
    pub began: u64,
}

/// Invocations of a program on a subject that went wrong in the same way.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Failure {
    pub subject: String,
    pub program: String,
    /// `wrong` or `broken`.
    pub kind: String,
    pub what: String,
    pub times: usize,
    pub of: usize,
    /// The end of the first one's output.
    pub output: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SubjectLine {
    pub name: String,
    pub build: String,
    pub arguments: Vec<String>,
}

/// The geometric mean over a suite's programs of a subject's ratios to the baseline.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Total {
    pub suite: String,
    pub subject: String,
    pub metric: Metric,
    pub ratio: Estimate,
    /// So many programs counted, of so many.
    pub programs: usize,
    pub of: usize,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ProgramLine {
    pub name: String,
    pub suite: String,
    pub cells: Vec<Cell>,
}

/// A program on a subject.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Cell {
    pub subject: String,
    pub invocations: usize,
    /// The course that all invocations take; none if they differ or something failed.
    pub course: Option<Course>,
    /// How many take which.
    pub courses: BTreeMap<String, usize>,
    /// To the baseline's; empty if there is nothing to compare.
    pub ratios: BTreeMap<String, Estimate>,
    /// Sums over all invocations, and the share of their time that was pauses.
    pub events: Option<EventSummary>,
    pub paused: Option<f64>,
    /// Nanoseconds that a process takes, in the mean.
    #[serde(default)]
    pub process: Option<f64>,
    /// Nanoseconds of the iterations for each byte that was allocated, the process's beginning included.
    pub byte_cost: Option<f64>,
    /// What the collector costs at least, for ours.
    pub overhead: Option<Overhead>,
}

/// The lower bound of a collector's overhead (Cai et al., "Distilling the real cost of production garbage collectors",
/// 2022): the cost of a process over the least cost that any of the subjects has with its pauses taken away. That is more
/// than the program alone would cost, since barriers and allocation are in it, so the true overhead is no less.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Overhead {
    /// Of the time of the process.
    pub process: Estimate,
    /// Of its user and system time.
    pub processor: Estimate,
}

/// The geometric mean of a subject's overheads over a suite's programs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TotalOverhead {
    pub suite: String,
    pub subject: String,
    pub overhead: Overhead,
    pub programs: usize,
    pub of: usize,
}

impl ProgramLine {
    pub fn cell(&self, subject: &str) -> Option<&Cell> {
        self.cells.iter().find(|cell| cell.subject == subject)
    }
}

/// The records of a program on a subject, all good.
pub struct Sound<'a> {
    pub records: Vec<&'a Record>,
    pub warmups: Vec<Warmup>,
}

impl Sound<'_> {
    pub fn metric(&self, metric: Metric) -> Nested {
        self.records.iter().zip(&self.warmups).map(|(record, warmup)| metric.of(record, warmup)).collect()
    }
}

/// A run with its records sorted out.
pub struct Analysis<'a> {
    pub manifest: &'a Manifest,
    records: &'a [Record],
    also_right: BTreeMap<&'a str, &'a BTreeMap<String, String>>,
}

impl<'a> Analysis<'a> {
    pub fn new(manifest: &'a Manifest, records: &'a [Record]) -> Analysis<'a> {
        // What the first CPython computed, for programs in which the C library has a say.
        let is_cpython = |name: &str| {
            manifest.subjects.iter().any(|subject| subject.name == name && subject.build.implementation == "cpython")
        };
        let mut also_right = BTreeMap::new();
        for record in records.iter().filter(|record| !record.computed.is_empty() && is_cpython(&record.subject)) {
            also_right.entry(record.program.as_str()).or_insert(&record.computed);
        }
        Analysis { manifest, records, also_right }
    }

    pub fn of<'b>(&'b self, program: &'b str, subject: &'b str) -> impl Iterator<Item = &'a Record> + 'b {
        let fits = move |record: &&Record| record.program == program && record.subject == subject;
        self.records.iter().filter(fits)
    }

    pub fn verdict(&self, program: &Program, record: &Record) -> Verdict {
        record.verdict(program, self.also_right.get(program.name.as_str()).copied())
    }

    /// The records of a program on a subject, if there are any and all are good.
    pub fn sound(&self, program: &Program, subject: &str) -> Option<Sound<'a>> {
        let records: Vec<&Record> = self.of(&program.name, subject).collect();
        let good = records.iter().all(|record| self.verdict(program, record) == Verdict::Good);
        if records.is_empty() || !good {
            return None;
        }
        let series = |record: &&Record| record.iterations.iter().map(|ns| *ns as f64).collect::<Vec<f64>>();
        let warmups = records.iter().map(|record| classify(&series(record))).collect();
        Some(Sound { records, warmups })
    }

    fn failures(&self) -> Vec<Failure> {
        let mut failures: Vec<Failure> = Vec::new();
        for program in &self.manifest.programs {
            for subject in &self.manifest.subjects {
                let of = self.of(&program.name, &subject.name).count();
                for record in self.of(&program.name, &subject.name) {
                    let (kind, what) = match self.verdict(program, record) {
                        Verdict::Good | Verdict::GivenUp => continue,
                        Verdict::Wrong(what) => ("wrong", what),
                        Verdict::Broken(what) => ("broken", what),
                    };
                    let same = |failure: &&mut Failure| {
                        (failure.subject.as_str(), failure.program.as_str(), failure.what.as_str())
                            == (subject.name.as_str(), program.name.as_str(), what.as_str())
                    };
                    if let Some(failure) = failures.iter_mut().find(same) {
                        failure.times += 1;
                        continue;
                    }
                    let (subject, program) = (subject.name.clone(), program.name.clone());
                    let (kind, output) = (kind.to_owned(), record.output.clone());
                    failures.push(Failure { subject, program, kind, what, times: 1, of, output });
                }
            }
        }
        // A wrong answer is worse than none.
        failures.sort_by_key(|failure| failure.kind != "wrong");
        failures
    }

    fn cell(&self, program: &Program, subject: &str, baseline: Option<&Sound<'_>>) -> Cell {
        let sound = self.sound(program, subject);
        let mut cell = Cell {
            subject: subject.to_owned(),
            invocations: self.of(&program.name, subject).count(),
            course: None,
            courses: BTreeMap::new(),
            ratios: BTreeMap::new(),
            events: None,
            paused: None,
            process: None,
            byte_cost: None,
            overhead: None,
        };
        let Some(sound) = sound else { return cell };
        cell.course = common(sound.warmups.iter().map(|warmup| warmup.course));
        for warmup in &sound.warmups {
            *cell.courses.entry(warmup.course.name().to_owned()).or_default() += 1;
        }
        if let Some(baseline) = baseline {
            for metric in Metric::ALL {
                let seed = self.seed(&[&program.name, subject, metric.name()]);
                if let Some(estimate) = ratio(&sound.metric(metric), &baseline.metric(metric), seed) {
                    cell.ratios.insert(metric.name().to_owned(), estimate);
                }
            }
        }
        cell.events = sum_up(&sound.records);
        let wall: u64 = sound.records.iter().map(|record| record.wall).sum();
        cell.process = Some(wall as f64 / sound.records.len().max(1) as f64);
        if cell.events.is_some() {
            cell.overhead = self.overhead(&[program], subject).map(|(overhead, _)| overhead);
        }
        let iterations: u64 = sound.records.iter().flat_map(|record| &record.iterations).sum();
        let allocated = cell.events.as_ref().and_then(|events| events.allocated).filter(|bytes| *bytes > 0);
        cell.byte_cost = allocated.map(|bytes| iterations as f64 / bytes as f64);
        cell.paused = cell.events.as_ref().map(|events| events.paused as f64 / wall.max(1) as f64);
        cell
    }

    /// What a program costs on a subject, and the least that it costs without pauses on any.
    fn overhead_data(&self, program: &Program, subject: &str, metric: Metric) -> Option<(Nested, Nested)> {
        let cost = self.sound(program, subject).filter(|sound| sum_up(&sound.records).is_some())?.metric(metric);
        let ours = self.manifest.subjects.iter().filter(|subject| subject.ours);
        let without: Vec<Nested> = ours
            .filter_map(|subject| {
                let sound = self.sound(program, &subject.name)?;
                let records = sound.records.iter().zip(sound.metric(metric));
                records
                    .map(|(record, cost)| {
                        let paused = record.events.as_ref()?.paused as f64;
                        Some(cost.into_iter().map(|cost| (cost - paused).max(1.0)).collect())
                    })
                    .collect()
            })
            .collect();
        let mean = |data: &Nested| nested_mean(data).unwrap_or(f64::INFINITY);
        Some((cost, without.into_iter().min_by(|a, b| mean(a).total_cmp(&mean(b)))?))
    }

    /// The lower bound over the programs, which may be one.
    fn overhead(&self, programs: &[&Program], subject: &str) -> Option<(Overhead, usize)> {
        let estimate = |metric: Metric| {
            let data: Vec<(Nested, Nested)> =
                programs.iter().filter_map(|program| self.overhead_data(program, subject, metric)).collect();
            let name = programs.first().filter(|_| programs.len() == 1).map_or("all", |program| program.name.as_str());
            let seed = self.seed(&["overhead", name, subject, metric.name()]);
            Some((mean_ratio(&data, seed)?, data.len()))
        };
        let ((process, count), (processor, _)) = (estimate(Metric::Process)?, estimate(Metric::Processor)?);
        Some((Overhead { process, processor }, count))
    }

    fn overheads(&self) -> Vec<TotalOverhead> {
        let mut found = Vec::new();
        for suite in self.suites() {
            let programs: Vec<&Program> = self.programs_of(suite).collect();
            for subject in self.manifest.subjects.iter().filter(|subject| subject.ours) {
                if let Some((overhead, count)) = self.overhead(&programs, &subject.name) {
                    let (suite, subject, of) = (suite.to_owned(), subject.name.clone(), programs.len());
                    found.push(TotalOverhead { suite, subject, overhead, programs: count, of });
                }
            }
        }
        found
    }

    fn suites(&self) -> Vec<&'a str> {
        let mut suites: Vec<&str> = Vec::new();
        for program in &self.manifest.programs {
            if !suites.contains(&program.suite.name()) {
                suites.push(program.suite.name());
            }
        }
        suites
    }

    fn programs_of(&self, suite: &str) -> impl Iterator<Item = &'a Program> {
        self.manifest.programs.iter().filter(move |program| program.suite.name() == suite)
    }

    fn totals(&self, baseline: &str) -> Vec<Total> {
        let mut totals = Vec::new();
        for suite in self.suites() {
            let programs: Vec<&Program> = self.programs_of(suite).collect();
            for subject in self.manifest.subjects.iter().filter(|subject| subject.name != baseline) {
                let pairs: Vec<(Sound<'_>, Sound<'_>)> = programs
                    .iter()
                    .filter_map(|program| Some((self.sound(program, &subject.name)?, self.sound(program, baseline)?)))
                    .collect();
                for metric in Metric::ALL {
                    let data: Vec<(Nested, Nested)> =
                        pairs.iter().map(|(above, below)| (above.metric(metric), below.metric(metric))).collect();
                    let Some(ratio) = mean_ratio(&data, self.seed(&[suite, &subject.name, metric.name()])) else {
                        continue;
                    };
                    let (suite, subject) = (suite.to_owned(), subject.name.clone());
                    totals.push(Total { suite, subject, metric, ratio, programs: data.len(), of: programs.len() });
                }
            }
        }
        totals
    }

    /// A seed of its own for each interval, whatever else is computed.
    fn seed(&self, names: &[&str]) -> u64 {
        seed(self.manifest.definition.seed, names)
    }

    pub fn summary(&self) -> Summary {
        let manifest = self.manifest;
        let baseline = manifest.baseline();
        let programs = manifest.programs.iter().map(|program| {
            let below = baseline.and_then(|baseline| self.sound(program, baseline));
            let cells = manifest.subjects.iter().map(|subject| {
                let below = below.as_ref().filter(|_| baseline != Some(&subject.name));
                self.cell(program, &subject.name, below)
            });
            ProgramLine { name: program.name.clone(), suite: program.suite.name().to_owned(), cells: cells.collect() }
        });
        let subjects = manifest.subjects.iter().map(|subject| SubjectLine {
            name: subject.name.clone(),
            build: subject.build.summary.clone(),
            arguments: subject.arguments.clone(),
        });
        let programs: Vec<ProgramLine> = programs.collect();
        Summary {
            v: FORMAT_VERSION,
            name: manifest.definition.name.clone(),
            description: manifest.definition.description.clone(),
            baseline: baseline.map(str::to_owned),
            planned: manifest.plan().len(),
            done: self.records.len(),
            failures: self.failures(),
            left_out: manifest.left_out.clone(),
            subjects: subjects.collect(),
            totals: baseline.map(|baseline| self.totals(baseline)).unwrap_or_default(),
            overheads: self.overheads(),
            claims: claim::judge(&manifest.definition.claims, &programs, baseline),
            programs,
            minima: manifest.minima.clone(),
            host: manifest.host.clone(),
            load: self.records.iter().filter_map(|record| record.load).max_by(f64::total_cmp),
            began: manifest.began,
        }
    }
}

/// A seed from a seed and names (FNV-1a).
pub fn seed(seed: u64, names: &[&str]) -> u64 {
    let bytes = names.iter().flat_map(|name| name.bytes().chain([0]));
    bytes.fold(0xCBF2_9CE4_8422_2325 ^ seed, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3))
}

/// Sums of events; of percentiles and the longest pause the highest.
fn sum_up(records: &[&Record]) -> Option<EventSummary> {
    let all: Option<Vec<&EventSummary>> = records.iter().map(|record| record.events.as_ref()).collect();
    let all = all.filter(|all| !all.is_empty())?;
    let sum = |field: fn(&EventSummary) -> u64| all.iter().map(|events| field(events)).sum();
    let most = |field: fn(&EventSummary) -> u64| all.iter().map(|events| field(events)).max().unwrap_or(0);
    Some(EventSummary {
        pauses: sum(|e| e.pauses),
        minor: sum(|e| e.minor),
        full: sum(|e| e.full),
        steps: sum(|e| e.steps),
        paused: sum(|e| e.paused),
        half: most(|e| e.half),
        nine_tenths: most(|e| e.nine_tenths),
        ninety_nine: most(|e| e.ninety_nine),
        longest: most(|e| e.longest),
        minor_ninety_nine: most(|e| e.minor_ninety_nine),
        copied: sum(|e| e.copied),
        promoted: sum(|e| e.promoted),
        pinned: sum(|e| e.pinned),
        refused: sum(|e| e.refused),
        allocated: all.iter().map(|events| events.allocated).sum(),
        utilisation: least_utilisation(&all),
    })
}

/// The least utilisation in any of the logs, for the windows that all of them have.
fn least_utilisation(all: &[&EventSummary]) -> BTreeMap<u64, f64> {
    let Some((first, rest)) = all.split_first() else { return BTreeMap::new() };
    let least = |window: &u64, share: &f64| {
        rest.iter().try_fold(*share, |least, events| Some(least.min(*events.utilisation.get(window)?)))
    };
    first.utilisation.iter().filter_map(|(window, share)| Some((*window, least(window, share)?))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::invocation::Outcome;
    use crate::store::examples;

    fn summary(change: impl Fn(&mut Vec<Record>)) -> Summary {
        let manifest = examples::manifest(4);
        let mut records = examples::records(&manifest);
        change(&mut records);
        Analysis::new(&manifest, &records).summary()
    }

    #[test]
    fn ratios_are_to_the_baseline_with_its_interval() {
        let summary = summary(|_| ());
        assert_eq!((summary.baseline.as_deref(), summary.done, summary.planned), (Some("b"), 16, 16));
        assert!(summary.failures.is_empty());
        let cell = summary.programs[0].cell("a").unwrap();
        let time = cell.ratios["time"];
        let (low, high) = time.interval.unwrap();
        assert!(low < time.value && time.value < high && (1.9..2.0).contains(&time.value), "{time:?}");
        assert_eq!(cell.ratios["first"].value, 2.0);
        assert_eq!(cell.ratios["memory"].value, 1.0);
        assert!(summary.programs[0].cell("b").unwrap().ratios.is_empty());
        let total = summary.totals.iter().find(|total| total.metric == Metric::Time).unwrap();
        assert_eq!((total.subject.as_str(), total.programs, total.of), ("a", 2, 2));
    }

    #[test]
    fn what_failed_stands_first_and_takes_part_in_no_ratio() {
        let summary = summary(|records| {
            let on = |records: &mut Vec<Record>, subject: &str, program: &str| {
                let fits = |record: &Record| record.subject == subject && record.program == program;
                records.iter().position(fits).unwrap()
            };
            let crashed = on(records, "a", "own/x");
            records[crashed].outcome = Outcome::Crashed(11);
            records[crashed].output = "last words".to_owned();
            let wrong = on(records, "a", "own/y");
            records[wrong].computed.insert("run".to_owned(), "8".to_owned());
        });
        let kinds: Vec<&str> = summary.failures.iter().map(|failure| failure.kind.as_str()).collect();
        assert_eq!(kinds, ["wrong", "broken"]);
        assert_eq!(summary.failures[0].what, "run is 8, not 7");
        assert_eq!((summary.failures[1].times, summary.failures[1].of), (1, 4));
        assert_eq!(summary.failures[1].output, "last words");
        assert!(summary.programs.iter().all(|program| program.cell("a").unwrap().ratios.is_empty()));
        assert!(summary.totals.is_empty());
    }

    #[test]
    fn a_baseline_that_fails_leaves_nothing_to_compare_with() {
        let summary = summary(|records| {
            let baseline = records.iter_mut().filter(|record| record.subject == "b" && record.program == "own/x");
            baseline.for_each(|record| record.outcome = Outcome::Failed(1));
        });
        assert_eq!(summary.failures[0].times, 4);
        assert!(summary.programs[0].cell("a").unwrap().ratios.is_empty());
        let total = summary.totals.iter().find(|total| total.metric == Metric::Time).unwrap();
        assert_eq!((total.programs, total.of), (1, 2));
    }

    #[test]
    fn a_run_that_has_hardly_begun_has_a_summary() {
        let nothing = summary(Vec::clear);
        assert_eq!((nothing.done, nothing.totals.len()), (0, 0));
        let few = summary(|records| records.truncate(3));
        assert_eq!(few.done, 3);
        assert!(
            few.programs.iter().flat_map(|p| &p.cells).flat_map(|c| c.ratios.values()).all(|r| r.interval.is_none())
        );
    }

    #[test]
    fn the_summary_is_a_function_of_the_records() {
        assert_eq!(summary(|_| ()), summary(|_| ()));
    }

    #[test]
    fn names_give_seeds_of_their_own() {
        assert_ne!(seed(1, &["ab", "c"]), seed(1, &["a", "bc"]));
        assert_ne!(seed(1, &["a"]), seed(2, &["a"]));
    }

    #[test]
    fn the_overhead_is_over_the_cheapest_program_without_pauses() {
        let mut manifest = examples::manifest(3);
        manifest.subjects.iter_mut().for_each(|subject| subject.ours = true);
        let mut records = examples::records(&manifest);
        for record in &mut records {
            // Of a's 10 units are 4 pauses, of b's 9 are 1: the bound is a's 6.
            let (wall, paused, window) = if record.subject == "a" { (10, 4, 0.5) } else { (9, 1, 0.75) };
            (record.wall, record.user, record.system) = (wall * 1000, wall * 1000, 0);
            let utilisation = BTreeMap::from([(1, window)]);
            record.events = Some(EventSummary { paused: paused * 1000, utilisation, ..EventSummary::default() });
        }
        records[0].events.as_mut().unwrap().utilisation = BTreeMap::from([(1, 0.25), (2, 0.9)]);
        let first = (records[0].program.clone(), records[0].subject.clone());
        let summary = Analysis::new(&manifest, &records).summary();
        let near = |estimate: Estimate, value: f64| (estimate.value - value).abs() < 1e-12;
        for program in &summary.programs {
            let overhead = |subject| program.cell(subject).unwrap().overhead.unwrap();
            assert!(near(overhead("a").process, 10.0 / 6.0) && near(overhead("b").processor, 1.5));
        }
        assert!(summary.overheads.len() == 2 && near(summary.overheads[1].overhead.process, 1.5));
        let cell = summary.programs.iter().find(|program| program.name == first.0).unwrap().cell(&first.1).unwrap();
        assert_eq!(cell.events.as_ref().unwrap().utilisation, BTreeMap::from([(1, 0.25)]));
    }

    #[test]
    fn without_an_event_log_there_is_no_overhead() {
        let summary = summary(|_| ());
        assert!(summary.overheads.is_empty());
        assert!(summary.programs.iter().flat_map(|p| &p.cells).all(|cell| cell.overhead.is_none()));
    }
}
