//! Everything about a run, as JSON.

use crate::verdict::FileVerdict;
use serde::{Deserialize, Serialize};
use std::path::Path;
use std::time::Duration;

/// Raised when a field changes its meaning or goes; `docs/formats.md` describes the format.
pub(crate) const FORMAT_VERSION: u32 = 1;

/// A run: every configuration, file and case.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Report {
    pub(crate) v: u32,
    pub(crate) configurations: Vec<Configuration>,
    pub(crate) seconds: f64,
    pub(crate) files: Vec<FileVerdict>,
}

/// The sums of a configuration.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Configuration {
    pub(crate) name: String,
    /// The denominator.
    pub(crate) counted: usize,
    pub(crate) passed: usize,
    /// Cases that do not go as the checked-in files say.
    pub(crate) unexpected: usize,
}

impl Report {
    pub(crate) fn new(configurations: &[String], files: Vec<FileVerdict>, took: Duration) -> Report {
        let sum = |name: &String| {
            let of = || files.iter().filter(|file| file.configuration == *name);
            Configuration {
                name: name.clone(),
                counted: of().map(FileVerdict::counted).sum(),
                passed: of().map(FileVerdict::good).sum(),
                unexpected: of().map(|file| file.unexpected().count()).sum(),
            }
        };
        let configurations = configurations.iter().map(sum).collect();
        Report { v: FORMAT_VERSION, configurations, seconds: took.as_secs_f64(), files }
    }
    /// Did everything go as the checked-in files say?
    pub(crate) fn is_as_expected(&self) -> bool {
        self.configurations.iter().all(|configuration| configuration.unexpected == 0)
    }
    /// # Errors
    /// It is too big.
    pub(crate) fn to_json(&self) -> Result<String, String> {
        serde_json::to_string(self).map_err(|error| format!("cannot write a report: {error}"))
    }
}

/// Reads a report.
///
/// # Errors
/// It cannot be read, or is of another version.
pub(crate) fn read(path: &Path) -> Result<Report, String> {
    let wrong = |error: &dyn std::fmt::Display| format!("{}: {error}", path.display());
    let text = std::fs::read_to_string(path).map_err(|error| wrong(&error))?;
    let version: Version = serde_json::from_str(&text).map_err(|error| wrong(&error))?;
    if version.v != FORMAT_VERSION {
        return Err(wrong(&format!("a report of version {}, where {FORMAT_VERSION} is understood", version.v)));
    }
    serde_json::from_str(&text).map_err(|error| wrong(&error))
}

/// What every version has.
#[derive(Deserialize)]
struct Version {
    v: u32,
}

/// Writes a file.
///
/// # Errors
/// It cannot be written.
pub(crate) fn write(path: &Path, text: &str) -> Result<(), String> {
    std::fs::write(path, text).map_err(|error| format!("{}: {error}", path.display()))
}
