//! The table of features, from `docs/features.txt`: a feature works when a test for it is named, and is otherwise
//! "not yet".

use std::fmt::Write;

use crate::tree::Project;

/// Where the features are listed.
pub(crate) const FEATURES: &str = "docs/features.txt";

/// A line of the list.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Feature<'a> {
    pub section: &'a str,
    pub text: &'a str,
    /// Full names of test functions, or paths of data that a harness runs; none for what does not work yet.
    pub tests: Vec<&'a str>,
    /// 1-based.
    pub line: usize,
}

/// Reads the list. Lines are `[Section]`, `feature | test, test`, `feature |`, empty, or comments after `#`.
pub(crate) fn parse(text: &str) -> Result<Vec<Feature<'_>>, (usize, String)> {
    let mut features = Vec::new();
    let mut section = None;
    for (index, line) in text.lines().enumerate() {
        let (line, number) = (line.trim(), index + 1);
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        if let Some(name) = line.strip_prefix('[').and_then(|name| name.strip_suffix(']')) {
            section = Some(name);
            continue;
        }
        let section = section.ok_or((number, "a feature in front of the first [Section]".to_owned()))?;
        let (text, tests) = line.rsplit_once('|').ok_or((number, "expected `feature | test, …`".to_owned()))?;
        let tests = tests.split(',').map(str::trim).filter(|test| !test.is_empty()).collect();
        features.push(Feature { section, text: text.trim(), tests, line: number });
    }
    Ok(features)
}

/// One table for each section.
pub(crate) fn table(project: &Project) -> Result<String, String> {
    let text = project.text(FEATURES).ok_or(format!("{FEATURES} is missing"))?;
    let features = parse(text).map_err(|(line, message)| format!("{FEATURES}:{line}: {message}"))?;
    let mut out = String::new();
    let mut section = "";
    for feature in &features {
        if feature.section != section {
            section = feature.section;
            let gap = if out.is_empty() { "" } else { "\n" };
            let _ = write!(out, "{gap}| {section} | state | test |\n| --- | --- | --- |\n");
        }
        let state = if feature.tests.is_empty() { "not yet" } else { "works" };
        let tests: Vec<String> = feature.tests.iter().map(|test| format!("`{test}`")).collect();
        let _ = writeln!(out, "| {} | {state} | {} |", feature.text, tests.join(" "));
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_feature_without_a_test_does_not_work_yet() {
        let project = Project::of(&[(FEATURES, "# list\n[Lox]\nsums | lox::adds\nclasses |\n[Python]\nint |\n")]);
        assert_eq!(
            table(&project).as_deref(),
            Ok(
                "| Lox | state | test |\n| --- | --- | --- |\n| sums | works | `lox::adds` |\n| classes | not yet |  |\n\
                \n| Python | state | test |\n| --- | --- | --- |\n| int | not yet |  |\n"
            )
        );
    }

    #[test]
    fn lines_of_another_form_are_errors() {
        assert_eq!(parse("[A]\nno bar").map_err(|(line, _)| line), Err(2));
        assert_eq!(parse("early |").map_err(|(line, _)| line), Err(1));
    }
}
