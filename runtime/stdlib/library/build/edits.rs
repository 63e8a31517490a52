//! Our changes to files of a dependency, by line number, so that no text of the original stands in this repository.
//!
//! An edit file is a list of hunks in ascending order. `@ 12-15 why` replaces lines 12 to 15 of the original, `@ 12+
//! why` inserts after line 12 (`0+`: at the top); the lines that follow are the new text. Each is either a line behind
//! `|`, or `& 30-40`, which stands for lines 30 to 40 of the same file in the dependency's other version. Lines that
//! begin with `#` are remarks. The numbers are right because the dependencies' versions are pinned; `examples/draft.rs`
//! drafts such files anew.

use std::path::{Path, PathBuf};

/// Where the edits of a library file stand: `edits/email/header.py` for `email/header.py`.
pub(crate) fn path_of(here: &Path, file: &str) -> PathBuf {
    here.join("edits").join(format!("{file}.edit"))
}

/// A hunk's header: lines `first..last` (from 0, half open) give way to what follows.
fn header(line: &str, lines: usize) -> Result<(usize, usize), String> {
    let (range, reason) = line.split_once(' ').ok_or("a hunk says why it is there")?;
    if reason.trim().is_empty() {
        return Err("a hunk says why it is there".to_owned());
    }
    match range.strip_suffix('+') {
        Some(after) => {
            let after = number(after)?;
            if after > lines { Err(format!("the file has {lines} lines")) } else { Ok((after, after)) }
        }
        None => span(range, lines),
    }
}

/// `7` or `7-9` as a half-open range from 0.
fn span(range: &str, lines: usize) -> Result<(usize, usize), String> {
    let (first, last) = range.split_once('-').unwrap_or((range, range));
    let (first, last) = (number(first)?, number(last)?);
    if first > last {
        return Err(format!("{range} is no range of lines"));
    }
    if last > lines {
        return Err(format!("{range} is no range of a file of {lines} lines"));
    }
    Ok((first.checked_sub(1).ok_or("lines count from 1")?, last))
}

fn number(digits: &str) -> Result<usize, String> {
    digits.parse().map_err(|_| format!("{digits:?} is no line number"))
}

/// The original with the hunks of `edits` applied. `other` is the same file in the dependency's other version.
pub(crate) fn apply(original: &str, other: Option<&str>, edits: &str) -> Result<String, String> {
    let lines: Vec<&str> = original.split_inclusive('\n').collect();
    let other: Vec<&str> = other.unwrap_or_default().split_inclusive('\n').collect();
    let mut done = 0;
    let mut result = String::with_capacity(original.len());
    let mut inside = false;
    for (index, line) in edits.lines().enumerate() {
        let located = |error: String| format!("line {}: {error}", index + 1);
        if let Some(text) = line.strip_prefix('|') {
            if !inside {
                return Err(located("text before the first hunk".to_owned()));
            }
            result.push_str(text);
            result.push('\n');
        } else if let Some(range) = line.strip_prefix("& ") {
            if !inside {
                return Err(located("text before the first hunk".to_owned()));
            }
            let (first, last) = span(range, other.len()).map_err(located)?;
            result.extend(other[first..last].iter().copied());
        } else if let Some(hunk) = line.strip_prefix("@ ") {
            let (first, last) = header(hunk, lines.len()).map_err(located)?;
            if first < done {
                return Err(located("hunks overlap or are out of order".to_owned()));
            }
            result.extend(lines[done..first].iter().copied());
            done = last;
            inside = true;
        } else if !line.is_empty() && !line.starts_with('#') {
            return Err(located("neither a hunk, nor its text, nor a remark".to_owned()));
        }
    }
    result.extend(lines[done..].iter().copied());
    Ok(result)
}
