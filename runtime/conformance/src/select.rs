//! Which files and cases are asked for.

use crate::arguments::Arguments;
use crate::cpython::Cpython;
use crate::lists::Lists;
use std::path::Path;

/// The suite of everything there is.
const ALL: &str = "@all";

/// The files that the arguments name, each once, in their order.
///
/// # Errors
/// A name is none of a file or suite.
pub(crate) fn files(arguments: &Arguments, cpython: &Cpython, lists: &Lists) -> Result<Vec<String>, String> {
    let folder = cpython.lib.join("test");
    let mut files: Vec<String> = Vec::new();
    for name in &arguments.tests {
        let named = match lists.suites.get(name) {
            Some(suite) => suite.clone(),
            None if name == ALL => all(&folder)?,
            None if name.starts_with('@') => {
                let suites: Vec<&str> = lists.suites.keys().map(String::as_str).chain([ALL]).collect();
                return Err(format!("there is no suite {name}; there are {}", suites.join(", ")));
            }
            None => vec![name.strip_suffix(".py").unwrap_or(name).to_owned()],
        };
        for file in named {
            if !is_there(&folder, &file) {
                return Err(format!("there is no {file} in {}", folder.display()));
            }
            if !files.contains(&file) {
                files.push(file);
            }
        }
    }
    if let Some(start) = &arguments.start {
        let at = files.iter().position(|file| file == start);
        files.drain(..at.ok_or_else(|| format!("--start: {start} is not among the files"))?);
    }
    Ok(files)
}

fn is_there(folder: &Path, file: &str) -> bool {
    let path = folder.join(file.replace('.', "/"));
    path.join("__init__.py").is_file() || path.with_extension("py").is_file()
}

/// Every file and package of tests.
fn all(folder: &Path) -> Result<Vec<String>, String> {
    let entries = std::fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let mut files: Vec<String> = entries
        .flatten()
        .filter_map(|entry| entry.file_name().to_str().map(|name| name.trim_end_matches(".py").to_owned()))
        .filter(|name| name.starts_with("test_") && !name.contains('.') && is_there(folder, name))
        .collect();
    files.sort();
    Ok(files)
}

/// Whether a case, by its full name, is asked for: all are unless there are patterns. The driver decides alike.
pub(crate) fn is_selected(patterns: &[String], name: &str) -> bool {
    let parts = || std::iter::once(name).chain(name.split('.'));
    patterns.is_empty() || patterns.iter().any(|pattern| parts().any(|part| fits(pattern, part)))
}

/// Whether `text` is like `pattern`, in which `*` stands for any text and `?` for a character.
fn fits(pattern: &str, text: &str) -> bool {
    let text: Vec<char> = text.chars().collect();
    let mut reached = vec![false; text.len() + 1];
    reached[0] = true;
    for c in pattern.chars() {
        if c == '*' {
            if let Some(first) = reached.iter().position(|&is| is) {
                reached[first..].fill(true);
            }
        } else {
            for at in (0..text.len()).rev() {
                reached[at + 1] = reached[at] && (c == '?' || c == text[at]);
            }
            reached[0] = false;
        }
    }
    reached[text.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns() {
        for (pattern, text) in
            [("a*", "abc"), ("*", ""), ("a?c", "abc"), ("*b*", "abc"), ("abc", "abc"), ("**c", "abc")]
        {
            assert!(fits(pattern, text), "{pattern} {text}");
        }
        for (pattern, text) in [("a", "abc"), ("?", ""), ("b*", "abc"), ("abcd", "abc"), ("", "a")] {
            assert!(!fits(pattern, text), "{pattern} {text}");
        }
        let patterns = ["test_b*".to_owned()];
        assert!(is_selected(&patterns, "test_a.C.test_bb") && !is_selected(&patterns, "test_a.C.test_c"));
    }
}
