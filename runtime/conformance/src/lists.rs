//! The checked-in lists of names, and named suites.
//!
//! A list has a section `[test_int]` for each file of tests and in it the names of cases without the file's, a line each. The
//! lists in `lists/` are made by [`generate`](crate::generate) and never edited.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;

/// Names of cases by the name of their file.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Names(pub(crate) BTreeMap<String, BTreeSet<String>>);

impl Names {
    /// Reads a list.
    ///
    /// # Errors
    /// A line is neither a section, nor a name in one, nor a comment.
    pub(crate) fn parse(text: &str) -> Result<Names, String> {
        let mut names = BTreeMap::<String, BTreeSet<String>>::new();
        let mut section = None;
        for (index, line) in text.lines().enumerate() {
            if line.is_empty() || line.starts_with("# ") {
                continue;
            }
            if let Some(file) = line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
                section = Some(names.entry(file.to_owned()).or_default());
            } else {
                let section =
                    section.as_mut().ok_or_else(|| format!("line {}: a name outside any section", index + 1))?;
                section.insert(line.to_owned());
            }
        }
        Ok(Names(names))
    }
    /// The list as text, below lines of comment.
    pub(crate) fn to_text(&self, comment: &str) -> String {
        let mut out = comment.lines().fold(String::new(), |out, line| out + "# " + line + "\n");
        for (file, names) in self.0.iter().filter(|(_, names)| !names.is_empty()) {
            _ = writeln!(out, "\n[{file}]");
            for name in names {
                _ = writeln!(out, "{name}");
            }
        }
        out
    }
    /// Is this case in the list?
    pub(crate) fn has(&self, file: &str, name: &str) -> bool {
        self.0.get(file).is_some_and(|names| names.contains(name))
    }
}

/// What is checked in.
#[derive(Debug)]
pub(crate) struct Lists {
    /// What CPython passes.
    pub(crate) passed: Names,
    /// What CPython's own marks say of its implementation only.
    pub(crate) implementation: Names,
    /// What tests CPython's C API.
    pub(crate) c_api: Names,
    /// Files by the name of a suite.
    pub(crate) suites: BTreeMap<String, Vec<String>>,
}

/// The file names of the lists.
pub(crate) const PASSED: &str = "passed.txt";
pub(crate) const IMPLEMENTATION: &str = "implementation.txt";
pub(crate) const C_API: &str = "c-api.txt";
const SUITES: &str = "suites.txt";

impl Lists {
    /// The lists of this build.
    ///
    /// # Errors
    /// One is malformed.
    pub(crate) fn checked_in() -> Result<Lists, String> {
        Lists::parse(
            include_str!("../lists/passed.txt"),
            include_str!("../lists/implementation.txt"),
            include_str!("../lists/c-api.txt"),
            include_str!("../lists/suites.txt"),
        )
    }
    /// The lists in a folder.
    ///
    /// # Errors
    /// One cannot be read or is malformed.
    pub(crate) fn read(folder: &Path) -> Result<Lists, String> {
        let text = |name: &str| {
            let path = folder.join(name);
            std::fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))
        };
        Lists::parse(&text(PASSED)?, &text(IMPLEMENTATION)?, &text(C_API)?, &text(SUITES)?)
    }
    fn parse(passed: &str, implementation: &str, c_api: &str, named: &str) -> Result<Lists, String> {
        let read = |name: &str, text| Names::parse(text).map_err(|problem| format!("{name}: {problem}"));
        Ok(Lists {
            passed: read(PASSED, passed)?,
            implementation: read(IMPLEMENTATION, implementation)?,
            c_api: read(C_API, c_api)?,
            suites: suites(named)?,
        })
    }
    /// Why a case does not count, if it does not.
    pub(crate) fn left_out(&self, file: &str, name: &str) -> Option<&'static str> {
        if self.implementation.has(file, name) {
            Some("implementation")
        } else if self.c_api.has(file, name) {
            Some("c-api")
        } else if self.passed.has(file, name) {
            None
        } else {
            Some("unlisted")
        }
    }
}

/// Reads the named suites.
fn suites(text: &str) -> Result<BTreeMap<String, Vec<String>>, String> {
    let mut suites = BTreeMap::<String, Vec<String>>::new();
    for line in text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let mut words = line.split_whitespace();
        let name = words.next().filter(|name| name.starts_with('@'));
        let name = name.ok_or_else(|| format!("{SUITES}: '{line}' begins with no name"))?;
        suites.entry(name.to_owned()).or_default().extend(words.map(str::to_owned));
    }
    Ok(suites)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_read_back() {
        let text = "# About\n\n[test_a]\nA.test_one\nA.test_two\n\n[test_b]\n__main__\n";
        let names = Names::parse(text).expect("a list");
        assert!(names.has("test_a", "A.test_two") && !names.has("test_b", "A.test_two"));
        assert_eq!(names.to_text("About"), text);
        assert!(Names::parse("A.test_one\n").is_err());
    }

    #[test]
    fn what_is_checked_in_holds_together() {
        let lists = Lists::checked_in().expect("well-formed");
        for (list, names) in [("implementation", &lists.implementation), ("c-api", &lists.c_api)] {
            for (file, names) in &names.0 {
                for name in names {
                    assert!(lists.passed.has(file, name), "{list}: CPython does not pass {file}.{name}");
                }
            }
        }
        for file in &lists.suites["@core"] {
            assert!(lists.passed.0.contains_key(file), "@core: nothing is known of {file}");
        }
    }
}
