//! Every dependency from outside the project has a comment with its reason: at its line's end or right above it.
//!
//! It reads manifests line by line, which is all that our manifests need: one dependency a line, or a table of its own.
//! A dependency by `workspace = true` has its reason in the workspace's table, one by `path` needs none.

use super::Finding;
use crate::tree::Project;

pub(super) fn check(project: &Project) -> Vec<Finding> {
    project
        .files
        .iter()
        .filter(|(path, _)| path.as_str() == "Cargo.toml" || path.ends_with("/Cargo.toml"))
        .flat_map(|(path, text)| check_manifest(path, text))
        .collect()
}

fn check_manifest(path: &str, text: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut inside = false;
    // Whether the line before was a comment.
    let mut explained = false;
    for (index, line) in text.lines().enumerate() {
        let line = line.trim();
        let (code, comment) = split(line);
        if code.is_empty() {
            explained = !comment.is_empty();
            continue;
        }
        if let Some(table) = code.strip_prefix('[').and_then(|table| table.strip_suffix(']')) {
            inside = is_dependency_table(table);
            let single = table.rsplit_once('.').filter(|(parent, _)| is_dependency_table(parent));
            if let Some((_, name)) = single
                && comment.is_empty()
                && !explained
                && !body(text, index).any(is_internal)
            {
                findings.push(missing(path, index + 1, name));
            }
        } else if let Some((name, _)) = code.split_once('=').filter(|_| inside)
            && !is_internal(code)
            && comment.is_empty()
            && !explained
        {
            findings.push(missing(path, index + 1, name.trim()));
        }
        explained = false;
    }
    findings
}

fn missing(path: &str, line: usize, name: &str) -> Finding {
    Finding::new(path, line, format!("dependency {name} has no comment with its reason"))
}

/// `dependencies`, `dev-dependencies`, `workspace.dependencies`, `target.'cfg(unix)'.dependencies`, …
fn is_dependency_table(table: &str) -> bool {
    let last = table.rsplit('.').next().unwrap_or(table);
    matches!(last, "dependencies" | "dev-dependencies" | "build-dependencies")
}

/// Whether a line refers to the project itself or to the workspace's table.
fn is_internal(code: &str) -> bool {
    let spaceless: String = code.chars().filter(|c| !c.is_whitespace()).collect();
    spaceless.contains("path=\"") || spaceless.contains("workspace=true")
}

/// The lines of the table whose head stands at `head`.
fn body(text: &str, head: usize) -> impl Iterator<Item = &str> {
    text.lines().skip(head + 1).map(str::trim).take_while(|line| !line.starts_with('['))
}

/// Splits a line into code and comment, minding strings.
fn split(line: &str) -> (&str, &str) {
    let mut quoted = false;
    for (at, c) in line.char_indices() {
        match c {
            '"' => quoted = !quoted,
            '#' if !quoted => {
                let (code, comment) = line.split_at(at);
                return (code.trim_end(), comment.trim_start_matches('#').trim());
            }
            _ => {}
        }
    }
    (line, "")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str) -> usize {
        check_manifest("Cargo.toml", text).len()
    }

    #[test]
    fn refuses_a_dependency_without_a_reason() {
        assert_eq!(names("[dependencies]\nfoo = \"1\""), 1);
        assert_eq!(names("[workspace.dependencies]\nfoo = { version = \"1\" }"), 1);
        assert_eq!(names("[target.'cfg(unix)'.dev-dependencies]\nfoo = \"1\""), 1);
        assert_eq!(names("[dependencies.foo]\nversion = \"1\""), 1);
        assert_eq!(names("[dependencies]\n# reason\n\nfoo = \"1\"\n"), 1, "an empty line parts them");
        assert_eq!(names("[dependencies]\n# reason\nfoo = \"1\"\nbar = \"1\""), 1, "a comment serves one dependency");
        assert_eq!(names("[dependencies]\nfoo = \"1\" #"), 1);
    }

    #[test]
    fn accepts_reasons_and_internal_dependencies() {
        assert_eq!(names("[dependencies]\n# parses numbers\nfoo = \"1\"\nbar = \"1\" # maps memory"), 0);
        assert_eq!(names("[dependencies]\nfoo.workspace = true\nbar = { path = \"../bar\" }"), 0);
        assert_eq!(names("# reason\n[dependencies.foo]\nversion = \"1\""), 0);
        assert_eq!(names("[dependencies.foo]\nworkspace = true"), 0);
        assert_eq!(names("[package]\nname = \"foo\""), 0);
    }
}
