//! A row of `modules.txt`.

/// Where a file comes from.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Source {
    Pylib312,
    Pylib314,
    Own,
    Absent,
}

pub(crate) struct Row<'a> {
    pub path: &'a str,
    pub source: Source,
    changed: Option<u32>,
    fit: &'static str,
    note: &'a str,
}

impl<'a> Row<'a> {
    /// Reads `PATH SOURCE CHANGED FIT [NOTE]`.
    pub(crate) fn parse(line: &'a str) -> Result<Row<'a>, String> {
        let mut rest = line;
        let mut column = |name: &str| -> Result<&'a str, String> {
            let (word, after) = rest.split_once(' ').unwrap_or((rest, ""));
            rest = after.trim_start();
            if word.is_empty() { Err(format!("no {name}")) } else { Ok(word) }
        };
        let path = column("path")?;
        let source = match column("source")? {
            "3.12" => Source::Pylib312,
            "3.14" => Source::Pylib314,
            "own" => Source::Own,
            "-" => Source::Absent,
            other => return Err(format!("{other:?} is no source")),
        };
        let changed = match column("count of changed lines")? {
            "-" => None,
            number => Some(number.parse().map_err(|_| format!("{number:?} is no count of lines"))?),
        };
        let fit = match column("fit")? {
            "same" => "Same",
            "near" => "Near",
            "gap" => "Gap",
            "absent" => "Absent",
            "ours" => "Ours",
            other => return Err(format!("{other:?} is no fit")),
        };
        if (source == Source::Absent) != (fit == "Absent") {
            return Err("a file without a source is absent, and no other".to_owned());
        }
        if fit != "Same" && rest.is_empty() {
            return Err("the note is missing".to_owned());
        }
        Ok(Row { path, source, changed, fit, note: rest })
    }

    /// The row as a Rust expression of the library's type `File`.
    pub(crate) fn as_rust(&self, edited: bool) -> String {
        let source = match self.source {
            Source::Pylib312 => "Pylib { version: \"0.4.0\", edited: EDITED }",
            Source::Pylib314 => "Pylib { version: \"0.5.0\", edited: EDITED }",
            Source::Own => "Own",
            Source::Absent => "Absent",
        };
        format!(
            "File {{ path: {:?}, source: Source::{}, changed: {:?}, fit: Fit::{}, note: {:?} }}",
            self.path,
            source.replace("EDITED", if edited { "true" } else { "false" }),
            self.changed,
            self.fit,
            self.note
        )
    }
}
