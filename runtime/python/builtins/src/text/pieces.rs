//! Splitting, and what joining begins with.

use super::{Subject, most, reverse};
use python_objects::{Args, Exc, Kind, Native, Object, Py, R, Value};
use python_text::find;
use python_text::split::{self, Pieces};
use std::marker::PhantomData;

pub(super) struct Methods<S>(PhantomData<S>);

impl<S: Subject> Methods<S> {
    pub(super) const TABLE: &'static [Native] = &[
        Native::method(
            "split",
            "self, /, sep=None, maxsplit=-1",
            split_left::<S>,
            "A list of the parts between separators, from the left.",
        ),
        Native::method(
            "rsplit",
            "self, /, sep=None, maxsplit=-1",
            split_right::<S>,
            "A list of the parts between separators, split from the right.",
        ),
        Native::method("splitlines", "self, /, keepends=False", split_lines::<S>, "A list of the lines."),
        Native::method(
            "partition",
            "self, sep, /",
            |py, a| partition::<S>(py, a, false),
            "The part before the first separator, the separator, and the part after it.",
        ),
        Native::method(
            "rpartition",
            "self, sep, /",
            |py, a| partition::<S>(py, a, true),
            "The part before the last separator, the separator, and the part after it.",
        ),
    ];
}

/// A list of the parts in these ranges.
fn parts<S: Subject>(py: Py<'_>, args: Args<'_>, content: &S::Content<'_>, mut ranges: impl Pieces) -> R<Object> {
    let l = py.new_list(0)?;
    let work = &mut py.work();
    while let Some(range) = ranges.next(work).map_err(|e| py.interrupted(e))? {
        let length = range.len();
        let piece = S::part(py, args, content, range)?;
        py.list_push(l, piece)?;
        // An object costs as much as many characters.
        work.spend(length + 64).map_err(|e| py.interrupted(e))?;
    }
    Ok(l)
}

fn split_left<S: Subject>(py: Py<'_>, args: Args<'_>) -> R {
    let most = most(py, args.opt(2))?;
    let content = S::this(py, args)?;
    let units = S::units(&content);
    let Some(separator) = args.some(1) else {
        return Ok(parts::<S>(py, args, &content, split::split_words(units, S::ALPHABET, most))?.value());
    };
    let separator = S::separator(py, separator)?;
    if let (Some(text), Some(separator)) = (S::short(&content), S::short(&separator))
        && !separator.is_empty()
    {
        return Ok(short_parts::<S>(py, args, &content, text, separator, most)?.value());
    }
    match split::split(units, S::units(&separator), most) {
        Some(ranges) => Ok(parts::<S>(py, args, &content, ranges)?.value()),
        None => py.value_error("empty separator"),
    }
}

/// The parts of a short text between separators.
fn short_parts<S: Subject>(
    py: Py<'_>,
    args: Args<'_>,
    content: &S::Content<'_>,
    text: &[u8],
    separator: &[u8],
    mut most: usize,
) -> R<Object> {
    let room = match separator {
        [byte] => text.iter().filter(|b| *b == byte).count().min(most) + 1,
        _ => 0,
    };
    let l = py.new_list(room)?;
    let mut from = 0;
    while most > 0
        && let Some(found) = find::find_in_short(&text[from..], separator)
    {
        let part = S::part(py, args, content, from..from + found)?;
        py.list_push(l, part)?;
        from += found + separator.len();
        most -= 1;
    }
    let rest = S::part(py, args, content, from..text.len())?;
    py.list_push(l, rest)?;
    Ok(l)
}

fn split_right<S: Subject>(py: Py<'_>, args: Args<'_>) -> R {
    let most = most(py, args.opt(2))?;
    let content = S::this(py, args)?;
    let units = S::units(&content);
    let l = match args.some(1) {
        None => parts::<S>(py, args, &content, split::rsplit_words(units, S::ALPHABET, most))?,
        Some(separator) => {
            let separator = S::separator(py, separator)?;
            match split::rsplit(units, S::units(&separator), most) {
                Some(ranges) => parts::<S>(py, args, &content, ranges)?,
                None => return py.value_error("empty separator"),
            }
        }
    };
    reverse(py, l);
    Ok(l.value())
}

fn split_lines<S: Subject>(py: Py<'_>, args: Args<'_>) -> R {
    let keep = match args.opt(1) {
        Some(v) => py.truth(v)?,
        None => false,
    };
    let content = S::this(py, args)?;
    Ok(parts::<S>(py, args, &content, split::split_lines(S::units(&content), S::ALPHABET, keep))?.value())
}

fn partition<S: Subject>(py: Py<'_>, args: Args<'_>, from_right: bool) -> R {
    let separator = S::argument(py, args.at(1), None)?;
    let needle = S::units(&separator);
    if needle.is_empty() {
        return py.value_error("empty separator");
    }
    let content = S::this(py, args)?;
    let text = S::units(&content);
    let find = if from_right { find::rfind } else { find::find };
    let at = find(text, needle, &mut py.work()).map_err(|e| py.interrupted(e))?;
    let part = |range| S::part(py, args, &content, range);
    match at {
        Some(i) => {
            let (before, after) = (part(0..i)?, part(i + needle.len()..text.len())?);
            py.tuple(&[before, S::whole(py, args, &separator)?, after])
        }
        None if from_right => py.tuple(&[part(0..0)?, part(0..0)?, part(0..text.len())?]),
        None => py.tuple(&[part(0..text.len())?, part(0..0)?, part(0..0)?]),
    }
}

/// The items of an iterable as a tuple, which Python code that runs meanwhile cannot change; `None` if it is none.
pub(crate) fn joinable(py: Py<'_>, iterable: Value) -> R<Option<Object>> {
    if matches!(py.kind(iterable), Kind::LIST | Kind::TUPLE) {
        return py.tuple_from(iterable).map(Some);
    }
    let iterator = py.iter(iterable);
    match py.caught(iterator, Exc::TypeError)? {
        Some(iterator) => py.tuple_from(iterator).map(Some),
        None => Ok(None),
    }
}
