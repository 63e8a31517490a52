//! Outcomes against the lists, the expectations and the reference.

use crate::events::{Detail, Outcome};
use crate::expectations::Expectations;
use crate::file::{CaseRun, FileRun};
use crate::lists::Lists;
use crate::select::is_selected;
use serde::{Deserialize, Serialize};
use std::collections::{HashMap, HashSet};

/// A file's outcomes, judged.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct FileVerdict {
    pub(crate) file: String,
    pub(crate) configuration: String,
    pub(crate) seconds: f64,
    /// Why it did not come to its cases.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) load: Option<Detail>,
    pub(crate) cases: Vec<CaseVerdict>,
    /// Set-ups and tear-downs that failed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) fixtures: Vec<(String, Detail)>,
}

/// A case's outcome, judged.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct CaseVerdict {
    /// Without the name of the file.
    pub(crate) name: String,
    pub(crate) seconds: f64,
    #[serde(flatten)]
    pub(crate) detail: Detail,
    /// Why it does not count: `implementation`, `c-api`, `unlisted`, `reference`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) left_out: Option<String>,
    /// Why it is expected not to pass.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) expected: Option<String>,
    /// What the reference makes of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) reference: Option<Outcome>,
}

impl CaseVerdict {
    /// Does it count and pass?
    pub(crate) fn is_good(&self) -> bool {
        self.counts() && self.detail.outcome.is_good()
    }
    /// Is it in the denominator?
    pub(crate) fn counts(&self) -> bool {
        self.left_out.is_none()
    }
    /// Does it go as the checked-in files say? A case that is expected to fail and passes does not.
    pub(crate) fn is_as_expected(&self) -> bool {
        !self.counts() || self.detail.outcome.is_good() == self.expected.is_none()
    }
    /// Is it different from the reference?
    pub(crate) fn differs(&self) -> bool {
        self.reference.is_some_and(|reference| {
            reference != self.detail.outcome && !(reference.is_good() && self.detail.outcome.is_good())
        })
    }
}

impl FileVerdict {
    pub(crate) fn counted(&self) -> usize {
        self.cases.iter().filter(|case| case.counts()).count()
    }
    pub(crate) fn good(&self) -> usize {
        self.cases.iter().filter(|case| case.is_good()).count()
    }
    pub(crate) fn unexpected(&self) -> impl Iterator<Item = &CaseVerdict> {
        self.cases.iter().filter(|case| !case.is_as_expected())
    }
}

/// What became of each case, by file and name.
pub(crate) type Outcomes = HashMap<(String, String), Outcome>;

/// The outcomes of files that nobody judged.
pub(crate) fn outcomes(runs: &[FileRun]) -> Outcomes {
    let of = |run: &FileRun| {
        let file = run.file.clone();
        run.cases.iter().map(move |case| ((file.clone(), case.name.clone()), case.detail.outcome)).collect::<Vec<_>>()
    };
    runs.iter().flat_map(of).collect()
}

/// What outcomes are judged by.
pub(crate) struct Judge<'a> {
    pub(crate) lists: &'a Lists,
    pub(crate) expectations: &'a Expectations,
    /// What the reference made of the cases.
    pub(crate) reference: Option<Outcomes>,
    pub(crate) patterns: &'a [String],
    /// Whether cases are what is run: the other runners have one a file, which counts.
    pub(crate) by_case: bool,
}

impl Judge<'_> {
    /// Judges a file. Cases of the lists that it does not have are counted as not run.
    pub(crate) fn judge(&self, run: FileRun, configuration: &str) -> FileVerdict {
        let FileRun { file, seconds, load, mut cases, fixtures, .. } = run;
        if self.by_case {
            let there: HashSet<&str> = cases.iter().map(|case| case.name.as_str()).collect();
            let listed = self.lists.passed.0.get(&file).into_iter().flatten();
            let absent: Vec<CaseRun> = listed
                .filter(|name| !there.contains(name.as_str()) && is_selected(self.patterns, &format!("{file}.{name}")))
                .map(|name| CaseRun { name: name.clone(), seconds: 0.0, detail: absent(load.as_ref()) })
                .collect();
            cases.extend(absent);
        }
        let cases = cases.into_iter().map(|case| self.judge_case(&file, case)).collect();
        FileVerdict { file, configuration: configuration.to_owned(), seconds, load, cases, fixtures }
    }

    fn judge_case(&self, file: &str, case: CaseRun) -> CaseVerdict {
        let CaseRun { name, seconds, detail } = case;
        let reference = self
            .reference
            .as_ref()
            .map(|outcomes| outcomes.get(&(file.to_owned(), name.clone())).copied().unwrap_or(Outcome::NotRun));
        let listed = if self.by_case { self.lists.left_out(file, &name) } else { None };
        let left_out = listed.or_else(|| reference.filter(|outcome| !outcome.is_good()).map(|_| "reference"));
        let expected = self.expectations.reason(&format!("{file}.{name}")).map(str::to_owned);
        CaseVerdict { name, seconds, detail, left_out: left_out.map(str::to_owned), expected, reference }
    }
}

/// Of a case that should be there and is not.
fn absent(load: Option<&Detail>) -> Detail {
    match load {
        None => Detail::new(Outcome::NotRun, "the file has no such case"),
        // Told once, with the file.
        Some(load) if load.outcome == Outcome::Skipped => Detail::new(Outcome::Skipped, "the file was skipped"),
        Some(load) if matches!(load.outcome, Outcome::Crash | Outcome::TimeOut | Outcome::MemoryOut) => {
            Detail::new(load.outcome, "the file could not be loaded")
        }
        Some(_) => Detail::new(Outcome::NotRun, "the file could not be loaded"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lists::Names;
    use std::collections::BTreeMap;

    fn lists() -> Lists {
        Lists {
            passed: Names::parse("[test_a]\nA.one\nA.two\nA.three\nA.four\n").expect("a list"),
            implementation: Names::parse("[test_a]\nA.three\n").expect("a list"),
            c_api: Names::default(),
            suites: BTreeMap::new(),
        }
    }

    fn run(load: Option<Detail>, outcomes: &[(&str, Outcome)]) -> FileRun {
        let case = |&(name, outcome): &(&str, Outcome)| CaseRun {
            name: name.to_owned(),
            seconds: 0.0,
            detail: Detail::new(outcome, ""),
        };
        FileRun {
            file: "test_a".to_owned(),
            seconds: 0.0,
            load,
            cases: outcomes.iter().map(case).collect(),
            fixtures: Vec::new(),
            touches: Vec::new(),
        }
    }

    fn judge(run: FileRun, reference: Option<Outcomes>) -> FileVerdict {
        let (lists, expectations) = (lists(), Expectations::default());
        let judge = Judge { lists: &lists, expectations: &expectations, reference, patterns: &[], by_case: true };
        judge.judge(run, "")
    }

    #[test]
    fn a_skip_counts_as_a_failure_and_nothing_gets_lost() {
        let outcomes = [("A.one", Outcome::Passed), ("A.two", Outcome::Skipped), ("A.five", Outcome::Passed)];
        let verdict = judge(run(None, &outcomes), None);
        assert_eq!((verdict.good(), verdict.counted()), (1, 3), "three and five do not count, four does");
        let unexpected: Vec<&str> = verdict.unexpected().map(|case| case.name.as_str()).collect();
        assert_eq!(unexpected, ["A.two", "A.four"]);
    }

    #[test]
    fn a_file_that_does_not_load_has_failed_in_all_its_cases() {
        let verdict = judge(run(Some(Detail::new(Outcome::Crash, "")), &[]), None);
        assert_eq!((verdict.good(), verdict.counted()), (0, 3));
        assert!(verdict.cases.iter().all(|case| case.detail.outcome == Outcome::Crash));
    }

    #[test]
    fn what_the_reference_fails_does_not_count() {
        let key = |name: &str| ("test_a".to_owned(), name.to_owned());
        let reference = HashMap::from([(key("A.one"), Outcome::Passed), (key("A.two"), Outcome::Failed)]);
        let verdict = judge(run(None, &[("A.one", Outcome::Failed), ("A.two", Outcome::Failed)]), Some(reference));
        assert_eq!((verdict.good(), verdict.counted()), (0, 1));
        assert_eq!(verdict.cases.iter().filter(|case| case.differs()).count(), 1);
    }
}
