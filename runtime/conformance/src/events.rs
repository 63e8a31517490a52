//! What the driver writes, and what becomes of a case.

use serde::{Deserialize, Serialize};

/// What the driver is to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Mode {
    Run,
    /// Name the cases, run none.
    List,
    /// Run them under another name of the implementation, and watch what they touch of the C API.
    Marks,
}

impl Mode {
    /// As the driver is told.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Mode::Run => "run",
            Mode::List => "list",
            Mode::Marks => "marks",
        }
    }
}

/// What becomes of a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Outcome {
    Passed,
    /// It failed, as its author says it does.
    ExpectedFailure,
    Skipped,
    Failed,
    Error,
    /// It ended by a `MemoryError`.
    MemoryOut,
    TimeOut,
    /// The process ended in it.
    Crash,
    /// It did not come to run: its file, class or module could not be set up, or is not there.
    NotRun,
}

/// Every outcome, for tables.
pub(crate) const OUTCOMES: [Outcome; 9] = [
    Outcome::Passed,
    Outcome::ExpectedFailure,
    Outcome::Skipped,
    Outcome::Failed,
    Outcome::Error,
    Outcome::MemoryOut,
    Outcome::TimeOut,
    Outcome::Crash,
    Outcome::NotRun,
];

impl Outcome {
    /// Whether the case shows what it is meant to show.
    pub(crate) fn is_good(self) -> bool {
        matches!(self, Outcome::Passed | Outcome::ExpectedFailure)
    }
    /// Its name, as in reports.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Outcome::Passed => "passed",
            Outcome::ExpectedFailure => "expected-failure",
            Outcome::Skipped => "skipped",
            Outcome::Failed => "failed",
            Outcome::Error => "error",
            Outcome::MemoryOut => "memory-out",
            Outcome::TimeOut => "time-out",
            Outcome::Crash => "crash",
            Outcome::NotRun => "not-run",
        }
    }
}

/// What is known of an outcome.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Detail {
    pub(crate) outcome: Outcome,
    /// The exception's class.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(crate) kind: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(crate) message: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(crate) trace: String,
}

impl Detail {
    pub(crate) fn new(outcome: Outcome, message: impl Into<String>) -> Detail {
        Detail { outcome, kind: String::new(), message: message.into(), trace: String::new() }
    }
    /// A `MemoryError` is an outcome of its own.
    pub(crate) fn sorted(mut self) -> Detail {
        if self.outcome == Outcome::Error && self.kind == "MemoryError" {
            self.outcome = Outcome::MemoryOut;
        }
        self
    }
}

/// A line of the driver's.
#[derive(Debug, Deserialize)]
#[serde(tag = "event", rename_all = "kebab-case")]
pub(crate) enum Event {
    /// The file could not be loaded, or says that it is to be skipped.
    Load {
        #[serde(flatten)]
        detail: Detail,
    },
    /// The file is loaded, and has these cases.
    Plan {
        names: Vec<String>,
    },
    Start {
        index: usize,
    },
    End {
        index: usize,
        seconds: f64,
        #[serde(flatten)]
        detail: Detail,
    },
    /// The set-up or tear-down of a class or module failed or skipped what belongs to it.
    Fixture {
        name: String,
        #[serde(flatten)]
        detail: Detail,
    },
    /// The case uses the C API.
    Touches {
        index: usize,
    },
    /// All cases have run.
    Done,
    /// The driver itself failed.
    Driver {
        kind: String,
        message: String,
        trace: String,
    },
}
