//! A SyntaxError as it is shown when nobody caught it: file, line, the text and carets under what is wrong.

use python_objects::exception::{Exc, word};
use python_objects::represent::exception_line;
use python_objects::{Object, Py, Value, int, string};

/// Own fields of the exception, in their order from [`word::OWN`] on.
mod field {
    pub(super) const MESSAGE: usize = 0;
    pub(super) const FILENAME: usize = 1;
    pub(super) const LINE: usize = 2;
    pub(super) const OFFSET: usize = 3;
    pub(super) const TEXT: usize = 4;
    pub(super) const END_OFFSET: usize = 6;
}

/// What stands after the traceback of an exception: several lines for a SyntaxError, one for all others.
pub(crate) fn last_lines(py: Py<'_>, e: Object) -> String {
    if !py.is_instance(e.value(), py.exception_class(Exc::SyntaxError)) {
        return exception_line(py, e) + "\n";
    }
    let own = |i: usize| e.get(word::OWN + i);
    let text = |i: usize| string::exact_or_payload(py, own(i)).map(string::to_rust);
    let number = |i: usize| py.as_int(own(i)).and_then(int::to_i64);
    let (mut out, mut suffix) = (String::new(), String::new());
    match (number(field::LINE), text(field::FILENAME)) {
        (Some(line), file) => {
            out += &format!("  File \"{}\", line {line}\n", file.as_deref().unwrap_or("<string>"));
            if let Some(line) = text(field::TEXT) {
                marked(&line, number(field::OFFSET), number(field::END_OFFSET), &mut out);
            }
        }
        (None, Some(file)) => suffix = format!(" ({file})"),
        (None, None) => {}
    }
    let message = match own(field::MESSAGE) {
        v if v.is_empty() || v == Value::NONE => "<no detail available>".to_owned(),
        v => py.str_text(v).unwrap_or_else(|_| {
            py.take_exception();
            "<exception str() failed>".to_owned()
        }),
    };
    let class = py.class_full_name(py.class_of(e.value()));
    let class = class.strip_prefix("__main__.").unwrap_or(&class);
    out + &format!("{class}: {message}{suffix}\n")
}

/// The line without its indentation, and carets from `offset` to `end` (1-based, in characters; `end` is exclusive).
fn marked(line: &str, offset: Option<i64>, end: Option<i64>, out: &mut String) {
    let line = line.trim_end_matches('\n');
    let shown = line.trim_start_matches([' ', '\n', '\x0c']);
    let cut = (line.chars().count() - shown.chars().count()) as i64;
    *out += &format!("    {shown}\n");
    let Some(offset) = offset else { return };
    let end = match end {
        None | Some(0 | -1) => offset + 1,
        Some(end) if end == offset => offset + 1,
        Some(end) => end,
    };
    let Some(from) = offset.checked_sub(1 + cut).filter(|from| *from >= 0) else { return };
    // What the program itself puts into the fields may be as large as it likes.
    let width = shown.chars().count() as i64;
    let carets = end.saturating_sub(offset).clamp(0, width + 1) as usize;
    // Tabs stay, so that the carets stand where the text does.
    let space: String = shown.chars().take(from as usize).map(|c| if c.is_whitespace() { c } else { ' ' }).collect();
    *out += &format!("    {space}{}\n", "^".repeat(carets));
}
