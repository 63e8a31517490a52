//! Tables that are made from the tree, in regions of the documents:
//!
//! ```text
//! <!-- generated: NAME -->
//! (whatever stood here is replaced)
//! <!-- end: NAME -->
//! ```
//!
//! A generator reads the project and returns Markdown; it must be deterministic, for `tidy` compares.

pub(crate) mod features;
mod tables;

use std::ops::Range;

use crate::tree::Project;

/// Makes the text of a region.
type Generator = fn(&Project) -> Result<String, String>;

/// Every generator by the name that regions use.
const GENERATORS: &[(&str, Generator)] = &[
    ("features", features::table),
    ("crates", tables::crates),
    ("edges", tables::edges),
    ("unsafe", tables::unsafe_packages),
    ("rules", tables::rules),
];

/// A region of a document; `lines` are the indices between the markers.
#[derive(Debug)]
pub(crate) struct Region {
    pub name: String,
    pub lines: Range<usize>,
}

/// What is wrong with a document's regions; `line` is 1-based.
#[derive(Debug)]
pub(crate) struct RegionError {
    pub line: usize,
    pub message: String,
}

/// The generated regions of a document.
pub(crate) fn regions(text: &str) -> Result<Vec<Region>, RegionError> {
    let mut found = Vec::new();
    let mut open: Option<(String, usize)> = None;
    for (index, line) in text.lines().enumerate() {
        let error = |message: String| Err(RegionError { line: index + 1, message });
        if let Some(name) = marker(line, "generated") {
            if let Some((outer, _)) = open {
                return error(format!("region {name} begins inside region {outer}"));
            }
            open = Some((name.to_owned(), index + 1));
        } else if let Some(name) = marker(line, "end") {
            match open.take() {
                Some((begun, start)) if begun == name => found.push(Region { name: begun, lines: start..index }),
                _ => return error(format!("the end of region {name}, which is not open")),
            }
        }
    }
    match open {
        None => Ok(found),
        Some((name, start)) => Err(RegionError { line: start, message: format!("region {name} does not end") }),
    }
}

fn marker<'a>(line: &'a str, kind: &str) -> Option<&'a str> {
    line.strip_prefix("<!-- ")?.strip_suffix(" -->")?.strip_prefix(kind)?.strip_prefix(": ")
}

/// The document with its regions made anew.
pub(crate) fn rewrite(project: &Project, text: &str) -> Result<String, RegionError> {
    let regions = regions(text)?;
    let mut out = String::with_capacity(text.len());
    for (index, line) in text.lines().enumerate() {
        if let Some(region) = regions.iter().find(|region| region.lines.start == index + 1) {
            let error = |message| RegionError { line: index + 1, message };
            let (_, generator) = GENERATORS
                .iter()
                .find(|(name, _)| *name == region.name)
                .ok_or_else(|| error(format!("nothing generates region {}", region.name)))?;
            out.push_str(line);
            out.push('\n');
            out.push_str(generator(project).map_err(error)?.trim_end());
            out.push('\n');
        } else if !regions.iter().any(|region| region.lines.contains(&index)) {
            out.push_str(line);
            out.push('\n');
        }
    }
    Ok(out)
}

/// Rewrites the documents whose regions are stale, and gives their paths.
pub(crate) fn write_all(project: &Project) -> Result<Vec<String>, String> {
    let mut written = Vec::new();
    for (path, text) in project.with_extension("md") {
        let expected = rewrite(project, text).map_err(|error| format!("{path}:{}: {}", error.line, error.message))?;
        if expected != text {
            std::fs::write(project.root.join(path), expected)
                .map_err(|error| format!("cannot write {path}: {error}"))?;
            written.push(path.to_owned());
        }
    }
    Ok(written)
}
