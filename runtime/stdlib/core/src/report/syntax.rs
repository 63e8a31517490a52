//! The special form of a SyntaxError: file and line of the source, its text, carets under what is wrong.

use super::{Report, source};
use python_objects::exception::word;
use python_objects::{Exc, Object, Py, Value, int, string};

/// Own fields of the exception, in their order from [`word::OWN`] on.
mod field {
    pub(super) const MESSAGE: usize = 0;
    pub(super) const FILENAME: usize = 1;
    pub(super) const LINE: usize = 2;
    pub(super) const OFFSET: usize = 3;
    pub(super) const TEXT: usize = 4;
    pub(super) const END_LINE: usize = 5;
    pub(super) const END_OFFSET: usize = 6;
}

fn own(e: Object, field: usize) -> Option<Value> {
    Some(e.get(word::OWN + field)).filter(|v| !v.is_empty() && *v != Value::NONE)
}

fn number(py: Py<'_>, e: Object, field: usize) -> Option<i64> {
    own(e, field).and_then(|v| py.as_int(v)).and_then(int::to_i64)
}

impl Report<'_> {
    /// Shows a SyntaxError that says where it is; false for all other exceptions.
    pub(super) fn syntax_error(&mut self, e: Object) -> bool {
        let py = self.py;
        if !py.is_instance(e.value(), py.exception_class(Exc::SyntaxError)) {
            return false;
        }
        let Some(line) = number(py, e, field::LINE) else { return false };
        self.margin();
        self.push("  File \"");
        match own(e, field::FILENAME) {
            Some(file) => {
                let file = py.str_of(file).map(|s| string::exact_or_payload(py, s.value()).unwrap_or(s));
                self.push_or(file, "<string>");
            }
            None => self.push("<string>"),
        }
        self.push(&format!("\", line {line}\n"));
        if let Some(text) = own(e, field::TEXT).and_then(|v| string::exact_or_payload(py, v)) {
            let text = string::to_rust(text);
            let offset = number(py, e, field::OFFSET).unwrap_or(-1);
            // Of a range over several lines the first is shown, marked to its end.
            let end = match number(py, e, field::END_LINE) {
                Some(end_line) if end_line > line => text.len() as i64,
                _ => number(py, e, field::END_OFFSET).unwrap_or(-1),
            };
            self.marked(&text, offset, end);
        }
        self.class_and_message(e, own(e, field::MESSAGE).or(Some(Value::NONE)));
        true
    }

    /// The text without its indentation, and carets from `offset` to `end` (1-based, in characters; `end` is exclusive). Of
    /// several lines the one that the offset is in. Numbers may be anything: programs set them.
    fn marked(&mut self, text: &str, offset: i64, end: i64) {
        let carets = if end > 0 && end > offset { end.saturating_sub(offset) } else { 1 };
        let shown = text.trim_start_matches(source::INDENTATION);
        let mut offset = offset.saturating_sub(1).saturating_sub((text.len() - shown.len()) as i64);
        let mut shown = shown.strip_suffix('\n').unwrap_or(shown);
        offset = offset.min(shown.len() as i64);
        while let Some(at) = shown.find('\n').filter(|at| (*at as i64) < offset) {
            shown = &shown[at + 1..];
            offset -= at as i64 + 1;
        }
        // Without the margin, as CPython does it.
        self.push(&format!("    {shown}\n"));
        let Ok(offset) = usize::try_from(offset) else { return };
        // Where the range ends behind the text, carets end with the text.
        let room = shown.chars().count().saturating_sub(offset).max(1);
        let carets = usize::try_from(carets).unwrap_or(usize::MAX).min(room);
        self.push(&format!("    {}{}\n", " ".repeat(offset), "^".repeat(carets)));
    }
}
