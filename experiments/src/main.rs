//! The command line of the measuring instrument; the library has the rest.

use clap::{Parser, Subcommand, ValueEnum};
use experiments::analysis::{Metric, Summary};
use experiments::definition::{Definition, Suite};
use experiments::interrupt::{EXIT_STATUS, Interrupts};
use experiments::plan::Shard;
use experiments::program::Library;
use experiments::run::{self, Options};
use experiments::store::{Manifest, Store, write_whole};
use experiments::{compare, readme, report};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// A program computed something wrong, crashed, or did not end.
const FAILURES: u8 = 1;
/// What was asked for could not be done.
const REFUSED: u8 = 2;

/// Runs interpreters as processes, interleaved, and says how they compare and how sure that is.
#[derive(Parser)]
#[command(name = "experiments", version)]
struct Arguments {
    #[command(subcommand)]
    command: Action,
}

#[derive(Subcommand)]
enum Action {
    /// Run an experiment, or what is left of it.
    Run {
        /// A file, or a name of experiments/definitions.
        definition: String,
        #[command(flatten)]
        place: Place,
        /// Folder of the run (default: target/experiments/NAME). A run that is there is gone on with.
        #[arg(long, value_name = "DIR")]
        out: Option<PathBuf>,
        /// Begin anew; the old folder is kept under another name.
        #[arg(long)]
        fresh: bool,
        /// Every N-th invocation only, from the I-th on (0 to N-1): so runners share a run.
        #[arg(long, value_name = "I/N", default_value = "0/1", conflicts_with = "fresh", hide_default_value = true)]
        shard: Shard,
        /// No progress.
        #[arg(long, short)]
        quiet: bool,
    },
    /// Show the definitions and programs, or what a definition comes to on this machine.
    List {
        definition: Option<String>,
        #[command(flatten)]
        place: Place,
    },
    /// Compare two runs: B as a multiple of A.
    Compare {
        a: PathBuf,
        b: PathBuf,
        /// This subject alone.
        #[arg(long)]
        subject: Option<String>,
        #[arg(long, value_enum, default_value = "time")]
        metric: MetricName,
    },
    /// Make the files of a run anew from its journal, and show the summary.
    Report { dir: PathBuf },
    /// Put the table of a complete run into a document, between its markers.
    Readme {
        dir: PathBuf,
        /// The document (default: the project's README.md).
        #[arg(long)]
        document: Option<PathBuf>,
    },
}

/// Where things are.
#[derive(clap::Args)]
struct Place {
    /// Our interpreter (default: built by cargo).
    #[arg(long, value_name = "FILE")]
    prism: Option<PathBuf>,
    /// What runs CPython's tests (default: built by cargo).
    #[arg(long, value_name = "FILE")]
    prism_test: Option<PathBuf>,
    /// The cargo profile to build them in.
    #[arg(long, default_value = "release", conflicts_with = "prism")]
    profile: String,
    /// Where pyperformance's bm_* folders are, besides the installed package; may be repeated.
    #[arg(long = "lib", value_name = "DIR")]
    libraries: Vec<PathBuf>,
    /// The executable of an entry of the definition; may be repeated.
    #[arg(long = "subject", value_name = "NAME=FILE", value_parser = name_and_file)]
    executables: Vec<(String, String)>,
}

fn name_and_file(text: &str) -> Result<(String, String), String> {
    let (name, file) = text.split_once('=').ok_or("NAME=FILE is wanted")?;
    Ok((name.to_owned(), file.to_owned()))
}

impl Place {
    fn options(self) -> Options {
        Options {
            prism: self.prism,
            prism_test: self.prism_test,
            profile: self.profile,
            libraries: self.libraries,
            executables: self.executables,
            ..Options::default()
        }
    }
}

#[derive(Clone, Copy, ValueEnum)]
enum MetricName {
    Time,
    First,
    Process,
    Processor,
    Memory,
}

impl From<MetricName> for Metric {
    fn from(name: MetricName) -> Metric {
        match name {
            MetricName::Time => Metric::Time,
            MetricName::First => Metric::First,
            MetricName::Process => Metric::Process,
            MetricName::Processor => Metric::Processor,
            MetricName::Memory => Metric::Memory,
        }
    }
}

fn main() -> ExitCode {
    match act(Arguments::parse().command) {
        Ok(status) => ExitCode::from(status),
        Err(message) => {
            eprintln!("experiments: {message}");
            ExitCode::from(REFUSED)
        }
    }
}

fn act(action: Action) -> Result<u8, String> {
    match action {
        Action::Run { definition, place, out, fresh, shard, quiet } => {
            let definition = Definition::read(&run::find_definition(&definition)?)?;
            let options = Options { out, fresh, shard, quiet, ..place.options() };
            let interrupts = Interrupts::install().map_err(|error| format!("signals: {error}"))?;
            let outcome = run::run(&definition, &options, &interrupts)?;
            show(&format!("{}{}\n", report::text(&outcome.summary), outcome.folder.join("report.html").display()))?;
            if outcome.interrupted {
                eprintln!("interrupted; the same command goes on");
                return Ok(EXIT_STATUS);
            }
            Ok(status(&outcome.summary))
        }
        Action::List { definition: None, .. } => show(&list()?).map(|()| 0),
        Action::List { definition: Some(name), place } => {
            let definition = Definition::read(&run::find_definition(&name)?)?;
            let manifest = run::resolve(&definition, &place.options())?;
            show(&resolved(&definition, &manifest)).map(|()| 0)
        }
        Action::Compare { a, b, subject, metric } => {
            show(&compare::compare(&a, &b, subject.as_deref(), metric.into())?).map(|()| 0)
        }
        Action::Report { dir } => {
            let (manifest, records) = Store::read(&dir)?;
            let summary = run::write_reports(&dir, &manifest, &records)?;
            show(&report::text(&summary))?;
            Ok(status(&summary))
        }
        Action::Readme { dir, document } => {
            let (manifest, records) = Store::read(&dir)?;
            let summary = run::write_reports(&dir, &manifest, &records)?;
            let path = document.unwrap_or_else(|| run::folder().join("../README.md"));
            let text = std::fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
            let text = readme::insert(&text, &summary).map_err(|error| format!("{}: {error}", path.display()))?;
            write_whole(&path, text.as_bytes())?;
            Ok(0)
        }
    }
}

fn status(summary: &Summary) -> u8 {
    // As long as a run is not complete, nothing is said of what it claims.
    let claims_hold = summary.done < summary.planned || summary.claims.iter().all(|claim| claim.holds);
    if summary.failures.is_empty() && claims_hold { 0 } else { FAILURES }
}

/// What there is, as text.
fn list() -> Result<String, String> {
    let folder = run::folder();
    let definitions = folder.join("definitions");
    let entries = std::fs::read_dir(&definitions).map_err(|error| format!("{}: {error}", definitions.display()))?;
    let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).filter(|path| is_toml(path)).collect();
    paths.sort();
    let mut text = "definitions (`list NAME` shows what one comes to here):\n".to_owned();
    for path in paths {
        let definition = Definition::read(&path)?;
        text += &format!("    {:12} {}\n", definition.name, definition.description);
        text += &format!("    {:12} subjects: {}\n", "", definition.subjects().join(", "));
    }
    let library = Library { folder, pyperformance: Vec::new(), prism_test: Err("not looked for".to_owned()) };
    for suite in [Suite::Own, Suite::Pyperformance, Suite::Conformance, Suite::Lox] {
        text += &format!("suite {:?}: {}\n", suite.name(), library.names(suite)?.join(", "));
    }
    Ok(text)
}

/// What a definition comes to on this machine, as text.
fn resolved(definition: &Definition, manifest: &Manifest) -> String {
    let mut text = String::new();
    for subject in &manifest.subjects {
        let baseline = if manifest.baseline() == Some(&subject.name) { " (the baseline)" } else { "" };
        text += &format!("subject {}{baseline}: {}\n", subject.name, subject.build.summary);
        text += &format!("    {} {}\n", subject.executable.display(), subject.arguments.join(" "));
    }
    for program in &manifest.programs {
        text += &format!("program {}\n", program.name);
    }
    for left_out in &manifest.left_out {
        text += &format!("left out: {}: {}\n", left_out.name, left_out.reason);
    }
    let (each, all) = (definition.iterations, manifest.plan().len());
    text + &format!("{} of {}\n", report::counted(all, "invocation"), report::counted(each, "iteration"))
}

/// Prints. Whoever reads may have seen enough (`list | head`).
fn show(text: &str) -> Result<(), String> {
    match std::io::stdout().write_all(text.as_bytes()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(format!("cannot print: {error}")),
        _ => Ok(()),
    }
}

fn is_toml(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "toml")
}
