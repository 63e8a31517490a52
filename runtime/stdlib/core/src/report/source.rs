//! Source lines of the files that traceback entries name.

use crate::import;
use python_objects::symbol::sym;
use python_objects::{Py, list, string};
use std::path::Path;

/// What does not count as text at the beginning of a line.
pub(super) const INDENTATION: [char; 3] = [' ', '\t', '\x0c'];

/// The text of a source file, UTF-8 with `\n` at the ends of lines; `None` if it cannot be had. A file that is not where it
/// was compiled from is looked for by its last name along `sys.path`.
pub(super) fn read(py: Py<'_>, file: &str) -> Option<Vec<u8>> {
    if file.starts_with('<') && file.ends_with('>') {
        return None;
    }
    let bytes = import::source_bytes(file).ok().or_else(|| find(py, file))?;
    python_builtins::compile::shown_source(py, &bytes, file)
}

fn find(py: Py<'_>, file: &str) -> Option<Vec<u8>> {
    let tail = file.rsplit('/').next().filter(|tail| !tail.is_empty())?;
    let path = py.sys_item(sym::PATH_ATTRIBUTE).and_then(|path| py.as_list(path))?;
    (0..list::length(path)).find_map(|i| {
        let folder = list::get(path, i).and_then(|v| string::exact_or_payload(py, v))?;
        std::fs::read(Path::new(&string::to_rust(folder)).join(tail)).ok()
    })
}

/// Line `number` (from 1) of a text, without its end.
pub(super) fn line(text: &[u8], number: usize) -> Option<&str> {
    let line = text.split(|b| *b == b'\n').nth(number.checked_sub(1)?)?;
    // What the decoder gave is UTF-8 as a whole, unless the file is not: then there is no line to show.
    std::str::from_utf8(line).ok()
}
