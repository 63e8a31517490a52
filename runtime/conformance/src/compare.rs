//! What changed since an older report.

use crate::report::Report;
use crate::verdict::CaseVerdict;
use std::collections::HashMap;
use std::fmt::Write as _;

/// The changes, as Markdown, and whether a case that passed does not any more.
pub(crate) fn compare(older: &Report, newer: &Report) -> (String, bool) {
    let old = by_name(older);
    let (mut worse, mut better, mut other) = (Vec::new(), Vec::new(), Vec::new());
    for (key, case) in by_name(newer) {
        let Some(before) = old.get(&key) else { continue };
        let (was, is) = (before.detail.outcome, case.detail.outcome);
        if was == is {
            continue;
        }
        let (configuration, file, name) = key;
        let line = format!("- {file}.{name} ({configuration}): {} → {}", was.name(), is.name());
        match (was.is_good(), is.is_good()) {
            (true, false) => worse.push(line),
            (false, true) => better.push(line),
            _ => other.push(line),
        }
    }
    let mut out = String::new();
    for (title, mut lines) in [("Got worse", worse.clone()), ("Got better", better), ("Changed otherwise", other)] {
        _ = writeln!(out, "\n## {title}: {}\n", lines.len());
        lines.sort();
        lines.iter().for_each(|line| _ = writeln!(out, "{line}"));
    }
    (out, !worse.is_empty())
}

type Key<'a> = (&'a str, &'a str, &'a str);

fn by_name(report: &Report) -> HashMap<Key<'_>, &CaseVerdict> {
    let files = report.files.iter();
    files
        .flat_map(|file| {
            file.cases.iter().map(|case| ((file.configuration.as_str(), file.file.as_str(), case.name.as_str()), case))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::events::{Detail, Outcome};
    use crate::verdict::FileVerdict;
    use std::time::Duration;

    fn report(outcomes: &[Outcome]) -> Report {
        let case = |(index, &outcome): (usize, &Outcome)| CaseVerdict {
            name: format!("C.test_{index}"),
            seconds: 0.0,
            detail: Detail::new(outcome, ""),
            left_out: None,
            expected: None,
            reference: None,
        };
        let file = FileVerdict {
            file: "test_a".to_owned(),
            configuration: "prism".to_owned(),
            seconds: 0.0,
            load: None,
            cases: outcomes.iter().enumerate().map(case).collect(),
            fixtures: Vec::new(),
        };
        Report::new(&["prism".to_owned()], vec![file], Duration::ZERO)
    }

    #[test]
    fn changes_are_sorted_by_what_they_mean() {
        use Outcome::{Crash, Error, Failed, Passed};
        let older = report(&[Passed, Failed, Failed, Passed]);
        let (text, worse) = compare(&older, &report(&[Crash, Passed, Error, Passed]));
        assert!(worse);
        for line in [
            "## Got worse: 1\n\n- test_a.C.test_0 (prism): passed → crash",
            "## Got better: 1\n\n- test_a.C.test_1 (prism): failed → passed",
            "## Changed otherwise: 1\n\n- test_a.C.test_2 (prism): failed → error",
        ] {
            assert!(text.contains(line), "{text}");
        }
        assert!(!compare(&older, &older).1);
    }
}
