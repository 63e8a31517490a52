//! A campaign of `fuzzing::differential` on stable Rust.
//!
//! A child process runs the batches, and a parent starts another one behind a batch that ends it or takes too long: this, too,
//! is a finding. What is done stands in a file, so that a campaign that was stopped goes on where it was, and how many programs were
//! compared on what in another one.

use fuzzing::differential::batch::{self, BATCH};
use fuzzing::differential::{Configuration, Decisions, check, fewer, minimized, program};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

const USAGE: &str = "usage:
  campaign --state FILE [--seed N] [--count M] [--shard I/N] [--configurations C]
      runs the programs of M seeds from N on, those of every N-th batch only; FILE says what is done
  campaign --print SEED                       prints the program of a seed
  campaign --replay SEED[,SEED...] OPTIONS    runs programs of seeds in one VM, and again in the configuration of these options
  campaign --program FILE OPTIONS             the same with the program in a file
  campaign --reduce SEED[,SEED...] OPTIONS    leaves out what the difference does not need: programs, then statements
  campaign --small FILE OPTIONS               makes the program in a file smaller as long as it differs";

/// Seconds of processor time that a batch may take: others may be using the machine.
const LONGEST: u64 = 60;
/// Seconds that it may take in all, those left out in which the process is stopped: what waits for ever takes no processor time.
const LONGEST_WAIT: u64 = 7200;
/// What a child ends with whose batch took longer.
const HUNG: u8 = 3;
/// Findings of one child that are made small; the rest is told as it is.
const REDUCED: usize = 6;
/// How often a smaller program is tried.
const QUESTIONS: usize = 600;
/// Batches that one child runs.
const BATCHES_OF_A_CHILD: u64 = 16;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let done = match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["--print", seed] => number(seed).map(|seed| {
            print!("{}", program(&mut Decisions::from_seed(seed)));
            0
        }),
        ["--replay", seeds, ref options @ ..] => replay(seeds, options),
        ["--program", file, ref options @ ..] => read(file).and_then(|source| compared_alone(source, options)),
        ["--reduce", seeds, ref options @ ..] => list(seeds).map(|seeds| {
            println!("{}", reduced(&seeds, &options.join(" ")));
            0
        }),
        ["--small", file, ref options @ ..] => read(file).map(|source| {
            print!("{}", small(&source, &options.join(" ")));
            0
        }),
        ["--worker", state, first, count, configurations] => worker(Path::new(state), first, count, configurations),
        ["--state", state, ref options @ ..] => Campaign::new(state, options).and_then(|campaign| campaign.run()),
        _ => Err(USAGE.to_owned()),
    };
    match done {
        Ok(code) => ExitCode::from(code),
        Err(why) => {
            eprintln!("{why}");
            ExitCode::from(2)
        }
    }
}

fn number(text: &str) -> Result<u64, String> {
    text.parse().map_err(|_| format!("{text} is no number"))
}

fn read(file: &str) -> Result<String, String> {
    std::fs::read_to_string(file).map_err(|error| format!("cannot read {file}: {error}"))
}

fn list(seeds: &str) -> Result<Vec<u64>, String> {
    seeds.split(',').map(number).collect()
}

fn replay(seeds: &str, options: &[&str]) -> Result<u8, String> {
    compared(&batch::programs(&list(seeds)?), options)
}

/// Exit code 1 if the programs differ.
fn compared(programs: &[String], options: &[&str]) -> Result<u8, String> {
    match check(&Configuration::reference(), &options.join(" ").parse()?, programs) {
        None => Ok(0),
        Some(difference) => {
            println!("{difference}");
            Ok(1)
        }
    }
}

/// The same for one program, if it is one.
fn compared_alone(source: String, options: &[&str]) -> Result<u8, String> {
    fuzzing::python::accepted(&source)?;
    compared(&[source], options)
}

/// Does this program, called so, find a difference, or end in another way than it should? What it said, then.
fn finds(arguments: &[&str]) -> Option<String> {
    let program = std::env::current_exe().unwrap_or_else(|error| panic!("cannot find its own executable: {error}"));
    let output = Command::new(program).args(arguments).output();
    let output = output.unwrap_or_else(|error| panic!("cannot start a child: {error}"));
    match output.status.code() {
        Some(0 | 2) => None,
        Some(1) => Some(String::from_utf8_lossy(&output.stdout).trim_end().to_owned()),
        _ => Some(format!("the process ended ({})", output.status)),
    }
}

/// What a difference needs, as text.
fn reduced(seeds: &[u64], options: &str) -> String {
    let words: Vec<&str> = options.split_whitespace().collect();
    let text = |seeds: &[u64]| seeds.iter().map(u64::to_string).collect::<Vec<_>>().join(",");
    let found = |seeds: &[u64]| finds(&[&["--replay", &text(seeds)][..], &words].concat());
    if found(seeds).is_none() {
        return format!("not again: campaign --replay {} {options}", text(seeds));
    }
    let seeds = fewer(seeds, &mut |seeds| found(seeds).is_some());
    let what = found(&seeds).unwrap_or_default();
    let mut report = format!("DIFFERENCE: {what}\nreplay: campaign --replay {} {options}\n", text(&seeds));
    if let [seed] = seeds[..] {
        report += &small(&program(&mut Decisions::from_seed(seed)), options);
    }
    report
}

/// A smaller program that still differs.
fn small(source: &str, options: &str) -> String {
    let words: Vec<&str> = options.split_whitespace().collect();
    let file = std::env::temp_dir().join(format!("small-{}.py", std::process::id()));
    let name = file.display().to_string();
    let small = minimized(source, QUESTIONS, &mut |text| {
        std::fs::write(&file, text).unwrap_or_else(|error| panic!("cannot write {name}: {error}"));
        finds(&[&["--program", &name][..], &words].concat()).is_some()
    });
    _ = std::fs::remove_file(&file);
    small
}

/// The parent.
struct Campaign {
    state: PathBuf,
    seed: u64,
    count: u64,
    shard: (u64, u64),
    configurations: String,
}

impl Campaign {
    fn new(state: &str, options: &[&str]) -> Result<Campaign, String> {
        let (mut seed, mut count, mut shard, mut configurations) = (0, 1000, (0, 1), "2".to_owned());
        for pair in options.chunks(2) {
            match *pair {
                ["--seed", value] => seed = number(value)?,
                ["--count", value] => count = number(value)?,
                ["--shard", value] => {
                    let (own, all) = value.split_once('/').ok_or(USAGE)?;
                    shard = (number(own)?, number(all)?.max(1));
                }
                ["--configurations", value] => configurations = number(value)?.to_string(),
                _ => return Err(USAGE.to_owned()),
            }
        }
        Ok(Campaign { state: PathBuf::from(state), seed, count, shard, configurations })
    }
    /// The first batch that is not done.
    fn next(&self) -> Result<u64, String> {
        match std::fs::read_to_string(&self.state) {
            Ok(text) => number(text.split_whitespace().next().unwrap_or("0")),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(0),
            Err(error) => Err(format!("cannot read {}: {error}", self.state.display())),
        }
    }
    fn run(&self) -> Result<u8, String> {
        let batches = self.count.div_ceil(BATCH);
        let program = std::env::current_exe().map_err(|error| format!("cannot find its own executable: {error}"))?;
        let mut failed = false;
        let mut next = self.next()?;
        while next < batches {
            if next % self.shard.1 != self.shard.0 {
                next += 1;
                continue;
            }
            // A child runs batches that follow each other, unless these are others' too.
            let count = if self.shard.1 == 1 { BATCHES_OF_A_CHILD.min(batches - next) } else { 1 };
            let first = self.seed + next * BATCH;
            let mut command = Command::new(&program);
            command.arg("--worker").arg(&self.state);
            command.args([first.to_string(), count.to_string(), self.configurations.clone()]);
            let status = command.status().map_err(|error| format!("cannot start a child: {error}"))?;
            failed |= !status.success();
            if status.code().is_some_and(|code| code < i32::from(HUNG)) {
                next += count;
            } else {
                let at = std::fs::read_to_string(progress(&self.state)).unwrap_or_default();
                let (seed, options) = at.trim_end().split_once(' ').unwrap_or_default();
                println!("DIFFERENCE: the process ended ({status}) in the batch of seed {seed} with {options}");
                match seed.parse::<u64>() {
                    Ok(seed) => {
                        next = (seed - self.seed) / BATCH + 1;
                        // To reduce what takes too long takes a multiple of that: it is asked for.
                        if status.code() != Some(i32::from(HUNG)) {
                            println!("{}", reduced(&(seed..seed + BATCH).collect::<Vec<_>>(), options));
                        }
                    }
                    Err(_) => next += count,
                }
            }
            std::fs::write(&self.state, format!("{next}\n"))
                .map_err(|e| format!("cannot write {}: {e}", self.state.display()))?;
        }
        Ok(u8::from(failed))
    }
}

/// Where a child writes what it is about to run.
fn progress(state: &Path) -> PathBuf {
    state.with_extension("progress")
}

/// Where it stands how many programs were compared, by JIT and collector.
fn counts(state: &Path) -> PathBuf {
    state.with_extension("counts")
}

/// That text, with these added.
fn counted(state: &Path, configuration: &Configuration, count: u64) -> String {
    let of = format!("{} {}", configuration.jit.name, configuration.collector.descriptor.name);
    let text = std::fs::read_to_string(counts(state)).unwrap_or_default();
    let lines = text.lines().filter_map(|line| line.rsplit_once(' '));
    let mut counts: BTreeMap<&str, u64> = lines.map(|(of, count)| (of, count.parse().unwrap_or(0))).collect();
    counts.remove("all");
    *counts.entry(&of).or_default() += count;
    let all: u64 = counts.values().sum();
    counts.iter().map(|(of, count)| format!("{of} {count}\n")).collect::<String>() + &format!("all {all}\n")
}

fn worker(state: &Path, first: &str, count: &str, configurations: &str) -> Result<u8, String> {
    let (first, count, configurations) = (number(first)?, number(count)?, number(configurations)? as usize);
    let begun = Arc::new(AtomicU64::new(0));
    watch(begun.clone());
    let mut found = 0;
    for seed in (0..count).map(|batch| first + batch * BATCH) {
        begun.fetch_add(1, Ordering::Relaxed);
        let seeds: Vec<u64> = (seed..seed + BATCH).collect();
        let written = |path: PathBuf, text: String| {
            if let Err(error) = std::fs::write(&path, text) {
                panic!("cannot write {}: {error}", path.display());
            }
        };
        let findings = batch::run_batch(
            &seeds,
            &batch::configurations(seed, configurations),
            // Without it the parent could not tell what was run.
            &mut |configuration| written(progress(state), format!("{seed} {configuration}\n")),
            &mut |configuration, count| written(counts(state), counted(state, configuration, count as u64)),
        );
        for finding in findings {
            found += 1;
            println!("{finding}");
            if found <= REDUCED {
                println!("{}", reduced(&finding.seeds, &finding.configuration.to_string()));
                begun.fetch_add(1, Ordering::Relaxed);
            }
        }
    }
    Ok(u8::from(found > 0))
}

/// Ends the process when a batch takes too long.
fn watch(begun: Arc<AtomicU64>) {
    std::thread::spawn(move || {
        let (mut seen, mut seconds, mut used) = (0, 0, processor_seconds());
        while seconds < LONGEST_WAIT && processor_seconds() - used < LONGEST {
            // Short ones: a process that goes on after a stop has slept once, however long that was.
            std::thread::sleep(Duration::from_secs(1));
            seconds += 1;
            let now = begun.load(Ordering::Relaxed);
            if now != seen {
                (seen, seconds, used) = (now, 0, processor_seconds());
            }
        }
        std::process::exit(i32::from(HUNG));
    });
}

/// Processor time of this process, where the system tells it; else 0.
fn processor_seconds() -> u64 {
    // Fields 14 and 15, in ticks, of which Linux shows a hundred a second. Field 2, a name in brackets, may hold anything.
    let text = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields = text.rsplit_once(')').map_or("", |(_, rest)| rest).split_whitespace();
    fields.skip(11).take(2).filter_map(|ticks| ticks.parse::<u64>().ok()).sum::<u64>() / 100
}
