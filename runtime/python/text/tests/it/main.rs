//! CPython's answers, from `tools/oracle.py`, against ours.

mod code_points;
mod codecs;
mod formats;
mod interrupt;
mod kernels;
mod percents;
mod reprs;
mod robustness;
mod templates;

use std::ops::Range;

use python_text::split::Pieces;
use python_text::{Error, ErrorKind, Interrupted, Text, TextBuilder, UNINTERRUPTED, Units, Work, unicode};

/// Uninterrupted work.
fn whole<T>(run: impl FnOnce(&mut Work) -> Result<T, Interrupted>) -> T {
    run(&mut Work::new(UNINTERRUPTED)).expect("nothing interrupts it")
}

/// All pieces of a text.
fn pieces(mut pieces: impl Pieces) -> Vec<Range<usize>> {
    std::iter::from_fn(|| whole(|work| pieces.next(work))).collect()
}

/// The oracle's lines: those checked in, or more of them from the file that PYTHON_TEXT_EXPECTED names.
fn expected() -> String {
    match std::env::var_os("PYTHON_TEXT_EXPECTED") {
        Some(path) => std::fs::read_to_string(path).expect("the file that PYTHON_TEXT_EXPECTED names"),
        None => include_str!("expected.txt").to_owned(),
    }
}

/// Runs all lines of an operation: from its arguments, `answer` makes what the oracle printed.
fn check(operation: &str, answer: impl Fn(&[Argument]) -> Vec<String>) {
    let expected = expected();
    let mut failures = Vec::new();
    let mut count = 0;
    for line in expected.lines() {
        let mut fields = line.split('\t');
        if fields.next() != Some(operation) {
            continue;
        }
        count += 1;
        let arguments: Vec<Argument> = fields.by_ref().take_while(|&field| field != "=").map(Argument).collect();
        let (expected, found) = (fields.collect::<Vec<_>>(), answer(&arguments));
        if expected != found {
            failures.push(format!("{line}\nexpected {expected:?}\nfound    {found:?}"));
        }
    }
    assert!(count > 0, "no lines of {operation}");
    let shown = failures.iter().take(8).cloned().collect::<Vec<_>>().join("\n");
    assert!(failures.is_empty(), "{} of {count} fail:\n{shown}", failures.len());
}

/// A field of a line.
struct Argument<'a>(&'a str);

impl Argument<'_> {
    fn number(&self) -> isize {
        self.0.parse().expect("a number")
    }

    fn text(&self) -> Text {
        let mut builder = TextBuilder::new();
        let mut rest = self.0;
        while let Some(c) = rest.chars().next() {
            rest = &rest[c.len_utf8()..];
            match rest.strip_prefix("u{").and_then(|rest| rest.split_once('}')) {
                Some((point, behind)) if c == '\\' => {
                    builder.push(u32::from_str_radix(point, 16).expect("a hexadecimal number"));
                    rest = behind;
                }
                _ => builder.push(c.into()),
            }
        }
        builder.finish().expect("enough memory")
    }
}

fn show(text: Units<'_>) -> String {
    let mut shown = String::new();
    for point in text.points() {
        match char::from_u32(point) {
            Some(c) if unicode::is_printable(point) && !"\\|=".contains(c) => shown.push(c),
            _ => shown += &format!("\\u{{{point:x}}}"),
        }
    }
    shown
}

fn show_list<'a>(pieces: impl Iterator<Item = Units<'a>>) -> String {
    let pieces: Vec<String> = pieces.map(|piece| format!("|{}", show(piece))).collect();
    format!("{}{}", pieces.len(), pieces.concat())
}

/// A number as `float.hex` shows it.
fn from_hexadecimal(text: &str) -> f64 {
    python_numbers::float::fromhex(text.as_bytes()).expect("a hexadecimal float")
}

/// An exception as the oracle shows it.
fn show_error(error: &Error) -> Vec<String> {
    let kind = match error.kind {
        ErrorKind::Value => "!ValueError",
        ErrorKind::Type => "!TypeError",
        ErrorKind::Overflow => "!OverflowError",
    };
    vec![kind.into(), show(error.message.units())]
}

/// What a builder gets.
fn built(build: impl FnOnce(&mut TextBuilder)) -> Text {
    let mut builder = TextBuilder::new();
    build(&mut builder);
    builder.finish().expect("enough memory")
}
