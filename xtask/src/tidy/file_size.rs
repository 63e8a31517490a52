//! Long files are listed, very long ones fail: a file holds one pass, one object type, one module, one space.
//!
//! It counts lines of Rust, Python and shell. Data, documents and lock files may be as long as they are.

use super::Finding;
use crate::policy::{FILE_LINES_LISTED, FILE_LINES_MAX, LONG_FILES};
use crate::tree::Project;

pub(super) fn check(project: &Project) -> Vec<Finding> {
    check_with(project, LONG_FILES)
}

fn check_with(project: &Project, excused: &[(&str, &str)]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, text) in ["rs", "py", "sh"].into_iter().flat_map(|extension| project.with_extension(extension)) {
        let lines = text.lines().count();
        let reason = excused.iter().find(|(excused, _)| *excused == path).map(|(_, reason)| reason);
        match reason {
            None if lines > FILE_LINES_MAX => {
                findings.push(Finding::new(path, 0, format!("{lines} lines; at most {FILE_LINES_MAX}")));
            }
            None if lines > FILE_LINES_LISTED => {
                findings.push(Finding::note(path, 0, format!("{lines} lines; is it still one thing?")));
            }
            Some(reason) if lines > FILE_LINES_MAX => {
                findings.push(Finding::note(path, 0, format!("{lines} lines, excused: {reason}")));
            }
            _ => {}
        }
    }
    for (path, _) in excused {
        if project.text(path).is_none_or(|text| text.lines().count() <= FILE_LINES_MAX) {
            findings.push(Finding::new(path, 0, "excused for its length and no longer long: take it off the list"));
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fails(lines: usize, excused: &[(&str, &str)]) -> Vec<bool> {
        let text = "\n".repeat(lines);
        check_with(&Project::of(&[("a.rs", &text)]), excused).iter().map(|finding| finding.fails).collect()
    }

    #[test]
    fn lists_long_files_and_refuses_very_long_ones() {
        assert_eq!(fails(FILE_LINES_LISTED, &[]), [] as [bool; 0]);
        assert_eq!(fails(FILE_LINES_LISTED + 1, &[]), [false]);
        assert_eq!(fails(FILE_LINES_MAX, &[]), [false]);
        assert_eq!(fails(FILE_LINES_MAX + 1, &[]), [true]);
    }

    #[test]
    fn an_excuse_serves_as_long_as_it_is_needed() {
        assert_eq!(fails(FILE_LINES_MAX + 1, &[("a.rs", "a table")]), [false]);
        assert_eq!(fails(10, &[("a.rs", "a table")]), [true]);
    }
}
