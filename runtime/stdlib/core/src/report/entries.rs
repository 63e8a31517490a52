//! The entries of a traceback: where each stood, the source line, marks under it.

use super::{Report, marks, source};
use python_objects::exception::{traceback, word};
use python_objects::kind::Kind;
use python_objects::{Exc, Object, Py, int};
use std::rc::Rc;
use vm_api::code::Position;
use vm_api::engine::CodeIndex;

/// Entries for the same line in a row that are shown; the rest is counted.
const SHOWN_REPEATS: usize = 3;
/// Entries that are shown, the innermost ones, where `sys.tracebacklimit` does not say otherwise.
const MOST_ENTRIES: i64 = 1000;

/// The source that was looked at last, by its name: entries in a row are mostly of one file.
#[derive(Default)]
pub(super) struct Sources {
    file: Box<str>,
    text: Option<Rc<[u8]>>,
}

impl Sources {
    fn of(&mut self, py: Py<'_>, file: &str) -> Option<Rc<[u8]>> {
        if *self.file != *file {
            *self = Sources { file: file.into(), text: source::read(py, file).map(Into::into) };
        }
        self.text.clone()
    }
}

/// A place in a program.
#[derive(PartialEq, Eq, Clone, Copy)]
struct Place {
    code: CodeIndex,
    line: i64,
}

fn place(py: Py<'_>, entry: Object) -> (Place, Position) {
    let code = CodeIndex(entry.get(traceback::CODE).as_int() as u32);
    let at = entry.get(traceback::AT).as_int();
    let positions = &py.ops().code(py.0, code).positions;
    let position = usize::try_from(at).ok().and_then(|at| positions.get(at)).copied().unwrap_or_default();
    let set = py.as_int(entry.get(traceback::LINE)).and_then(int::to_i64);
    // As CPython tells of a place that is in no line.
    let line = if position.line == 0 { -1 } else { i64::from(position.line) };
    (Place { code, line: set.unwrap_or(line) }, position)
}

fn next(entry: Object) -> Option<Object> {
    Object::from_value(entry.get(traceback::NEXT)).filter(|o| o.value() != vm_api::heap::Value::NONE)
}

/// How many entries are to be shown; `None`: no traceback at all.
fn limit(py: Py<'_>) -> Option<i64> {
    let name = py.intern("tracebacklimit");
    if name.is_err() {
        py.take_exception();
    }
    let set = name.ok().and_then(|name| py.sys_item(name)).and_then(|v| py.as_int(v));
    match set {
        None => Some(MOST_ENTRIES),
        Some(n) => match int::to_i64(n) {
            Some(n) if n <= 0 => None,
            Some(n) => Some(n),
            // Beyond 64 bits: all, or none.
            None => (!int::is_negative(n)).then_some(i64::MAX),
        },
    }
}

impl Report<'_> {
    /// The traceback of an exception, if it has one.
    pub(super) fn traceback(&mut self, e: Object) {
        let py = self.py;
        let Some(first) = Object::from_value(e.get(word::TRACEBACK)).filter(|o| py.kind(o.value()) == Kind::TRACEBACK)
        else {
            return;
        };
        let Some(most) = limit(py) else { return };
        if py.is_instance(e.value(), py.exception_class(Exc::BaseExceptionGroup)) {
            if self.depth == 1 {
                self.indent();
                self.push("+ ");
            } else {
                self.margin();
            }
            self.push("Exception Group Traceback (most recent call last):\n");
        } else {
            self.line("Traceback (most recent call last):");
        }
        let count = std::iter::successors(Some(first), |entry| next(*entry)).count() as i64;
        let (mut at, mut skip) = (Some(first), count.saturating_sub(most));
        let (mut last, mut times) = (None, 0);
        while let Some(entry) = at {
            at = next(entry);
            if skip > 0 {
                skip -= 1;
                continue;
            }
            let (place, position) = place(py, entry);
            if last != Some(place) {
                self.repeated(times);
                (last, times) = (Some(place), 0);
            }
            times += 1;
            if times <= SHOWN_REPEATS {
                self.entry(place, position);
            }
        }
        self.repeated(times);
    }

    /// Says how often a line came besides those shown. Without the margin, as CPython does it.
    fn repeated(&mut self, times: usize) {
        let more = times.saturating_sub(SHOWN_REPEATS);
        if more > 0 {
            self.push(&format!("  [Previous line repeated {more} more time{}]\n", if more == 1 { "" } else { "s" }));
        }
    }

    fn entry(&mut self, place: Place, position: Position) {
        let py = self.py;
        let code = py.ops().code(py.0, place.code).clone();
        self.line(&format!("  File \"{}\", line {}, in {}", code.source, place.line, code.name));
        let Some(text) = self.sources.of(py, &code.source) else { return };
        let Some(line) = usize::try_from(place.line).ok().and_then(|n| source::line(&text, n)) else { return };
        self.line(&format!("    {}", line.trim_start_matches(source::INDENTATION)));
        if !py.state().settings.no_debug_ranges
            && let Some(marks) = marks::under(line, position)
        {
            self.line(&format!("    {marks}"));
        }
    }
}
