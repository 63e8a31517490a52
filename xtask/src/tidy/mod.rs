//! The rules of the project as checks. One module a rule, each with tests that show it refusing a bad input.

mod dead_code;
mod dependencies;
mod edges;
mod features;
mod file_size;
mod formats;
mod generated;
mod guides;
mod heap_values;
mod machine;
mod reachable;
mod unsafe_code;

use std::process::ExitCode;

use crate::tree::Project;

/// One check over the whole project.
pub(crate) struct Rule {
    pub name: &'static str,
    pub about: &'static str,
    check: fn(&Project) -> Vec<Finding>,
}

/// Every rule, in the order in which they run.
pub(crate) const RULES: &[Rule] = &[
    Rule { name: "edges", about: "packages depend only on what the architecture allows", check: edges::check },
    Rule { name: "reachable", about: "every .rs file is compiled by some crate", check: reachable::check },
    Rule { name: "dead-code", about: "nothing allows dead code", check: dead_code::check },
    Rule { name: "heap-values", about: "no Value in a Rust-heap container", check: heap_values::check },
    Rule { name: "unsafe", about: "unsafe has its reason and stands where it belongs", check: unsafe_code::check },
    Rule { name: "file-size", about: "a file holds one thing", check: file_size::check },
    Rule { name: "features", about: "a feature that works names a test that exists", check: features::check },
    Rule { name: "formats", about: "formats that others read are described at their version", check: formats::check },
    Rule { name: "generated", about: "generated regions of documents are up to date", check: generated::check },
    Rule { name: "guides", about: "code in guides stands in files that are compiled", check: guides::check },
    Rule { name: "machine", about: "no machine's paths or private hosts", check: machine::check },
    Rule { name: "dependencies", about: "a dependency has its reason beside it", check: dependencies::check },
];

/// What a rule has to say about one place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Finding {
    pub path: String,
    /// 1-based; 0 for the file as a whole.
    pub line: usize,
    pub message: String,
    /// Whether it fails the check; the others are only listed.
    pub fails: bool,
}

impl Finding {
    /// A finding that fails the check.
    pub(crate) fn new(path: &str, line: usize, message: impl Into<String>) -> Finding {
        Finding { path: path.to_owned(), line, message: message.into(), fails: true }
    }

    /// A finding that is only listed.
    pub(crate) fn note(path: &str, line: usize, message: impl Into<String>) -> Finding {
        Finding { fails: false, ..Finding::new(path, line, message) }
    }
}

/// Runs the named rules, or all of them, and prints what they find.
pub(crate) fn run(project: &Project, names: &[String]) -> Result<ExitCode, String> {
    if let Some(unknown) = names.iter().find(|name| RULES.iter().all(|rule| rule.name != name.as_str())) {
        return Err(format!("no rule is called {unknown:?}; cargo xtask tidy --list names them"));
    }
    let mut failures = 0;
    for rule in RULES.iter().filter(|rule| names.is_empty() || names.iter().any(|name| name == rule.name)) {
        for finding in (rule.check)(project) {
            failures += usize::from(finding.fails);
            let severity = if finding.fails { "error" } else { "note" };
            println!("{severity}[{}] {}:{}: {}", rule.name, finding.path, finding.line, finding.message);
        }
    }
    if failures == 0 {
        println!("tidy: {} files, {} packages, no errors", project.files.len(), project.packages.len());
        Ok(ExitCode::SUCCESS)
    } else {
        println!("tidy: {failures} errors");
        Ok(ExitCode::FAILURE)
    }
}
