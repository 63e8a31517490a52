//! The command line.

use crate::events::Mode;
use crate::file::Options;
use clap::{Parser, ValueEnum};
use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Runs CPython 3.12's own tests, each file in a process of its own, and tells what becomes of every case.
///
/// The exit code is 0 if all went as expected, 1 if not, 2 if something else than a test went wrong.
#[derive(Debug, Parser)]
#[command(name = "prism-test", version, max_term_width = 110)]
pub(crate) struct Arguments {
    /// Files of Lib/test such as test_int or test_json, or named suites: @core, @all
    #[arg(value_name = "TEST", default_value = "@core")]
    pub(crate) tests: Vec<String>,
    /// A checkout or an installation of CPython 3.12; otherwise one is looked for on PATH and under pyenv
    #[arg(long, value_name = "DIR")]
    pub(crate) cpython_root: Option<PathBuf>,
    /// Use Prism's embedded library, and only the tests of CPython
    #[arg(long)]
    pub(crate) embedded: bool,
    /// Print the names of the cases instead of running them
    #[arg(long)]
    pub(crate) list_tests: bool,
    /// What a process does with a file
    #[arg(long, value_enum, default_value = "unittest")]
    pub(crate) runner: Runner,
    /// Files that run at the same time; otherwise as many as there are cores
    #[arg(short, long, value_name = "N")]
    pub(crate) jobs: Option<usize>,
    /// Leave out the files before this one
    #[arg(long, value_name = "TEST")]
    pub(crate) start: Option<String>,
    /// Start no further file after the first one that does not go as expected
    #[arg(long)]
    pub(crate) fail_fast: bool,
    /// Only cases whose name, or a part of it between dots, is like PATTERN (* and ?); may be repeated
    #[arg(long, value_name = "PATTERN")]
    pub(crate) r#match: Vec<String>,
    /// Collectors, each to be tested: generational,satb
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    pub(crate) gc: Vec<String>,
    /// JITs, each to be tested with each collector: off,eval
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    pub(crate) jit: Vec<String>,
    /// A further option for Prism, such as --option=--gc-stress=random:7; may be repeated
    #[arg(long, value_name = "OPTION", allow_hyphen_values = true)]
    pub(crate) option: Vec<String>,
    /// Test another interpreter: a prism, or any Python 3.12
    #[arg(long, value_name = "PATH")]
    pub(crate) interpreter: Option<PathBuf>,
    /// Seconds that one case may take
    #[arg(long, value_name = "SECONDS", default_value_t = 120.0, value_parser = seconds)]
    pub(crate) timeout: f64,
    /// Seconds that one file may take
    #[arg(long, value_name = "SECONDS", default_value_t = 1200.0, value_parser = seconds)]
    pub(crate) suite_timeout: f64,
    /// Memory that a process may use: the heap's limit for Prism, address space for others
    #[arg(long, value_name = "SIZE", default_value = "2G")]
    pub(crate) memory: String,
    /// Run CPython beside it, take what it fails here out of account, and show only differences
    #[arg(long, value_name = "PYTHON")]
    pub(crate) reference: Option<PathBuf>,
    /// Write everything to FILE; docs/formats.md describes it
    #[arg(long, value_name = "FILE")]
    pub(crate) json_report: Option<PathBuf>,
    /// Show what changed since this report; what got worse counts as a failure
    #[arg(long, value_name = "OLD.json")]
    pub(crate) compare: Option<PathBuf>,
    /// Write the summary to FILE, too
    #[arg(long, value_name = "FILE")]
    pub(crate) markdown: Option<PathBuf>,
    /// Make the lists of names anew for the files named: with CPython 3.12.1, into DIR (runtime/conformance/lists)
    #[arg(long, value_name = "DIR")]
    pub(crate) make_lists: Option<PathBuf>,
}

impl Arguments {
    /// How files are run, with temporary files in `scratch`.
    pub(crate) fn options<'a>(&'a self, scratch: &'a Path) -> Options<'a> {
        Options {
            mode: if self.list_tests { Mode::List } else { Mode::Run },
            runner: self.runner,
            patterns: &self.r#match,
            case_limit: Duration::from_secs_f64(self.timeout),
            file_limit: Duration::from_secs_f64(self.suite_timeout),
            scratch,
        }
    }
    /// How many files run at the same time.
    pub(crate) fn threads(&self) -> usize {
        self.jobs.unwrap_or_else(|| std::thread::available_parallelism().map_or(1, NonZero::get)).max(1)
    }
}

/// A number of seconds.
fn seconds(text: &str) -> Result<f64, String> {
    let number: f64 = text.parse().map_err(|_| "it is no number".to_owned())?;
    if number > 0.0 && number < 1e9 {
        Ok(number)
    } else {
        Err("it must be more than 0 and less than a billion".to_owned())
    }
}

/// What a process does with a file of tests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Runner {
    /// Imports it: a single case
    Import,
    /// Runs its cases one by one
    Unittest,
    /// Leaves it to CPython's regrtest: a single case
    Regrtest,
}
