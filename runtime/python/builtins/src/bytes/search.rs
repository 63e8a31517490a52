//! `bytes` and `bytearray`: looking for parts, replacing them.

use super::{RANGE, buffer, byte, finished, made, this};
use crate::string::most;
use python_objects::symbol::sym;
use python_objects::{Args, Native, Py, R, Value, tuple};
use python_text::{TextBuilder, Units, find};
use std::ops::Range;

pub(super) static METHODS: &[Native] = &[
    Native::method(
        "find",
        "self, sub, start=None, end=None, /",
        |py, a| found(py, a, find::find),
        "The lowest index where sub is found, or -1.",
    ),
    Native::method(
        "rfind",
        "self, sub, start=None, end=None, /",
        |py, a| found(py, a, find::rfind),
        "The highest index where sub is found, or -1.",
    ),
    Native::method(
        "index",
        "self, sub, start=None, end=None, /",
        |py, a| index(py, a, find::find),
        "The lowest index where sub is found; ValueError if it is not.",
    ),
    Native::method(
        "rindex",
        "self, sub, start=None, end=None, /",
        |py, a| index(py, a, find::rfind),
        "The highest index where sub is found; ValueError if it is not.",
    ),
    Native::method(
        "count",
        "self, sub, start=None, end=None, /",
        count,
        "The number of non-overlapping occurrences of sub.",
    ),
    Native::method(
        "startswith",
        "self, prefix, start=None, end=None, /",
        |py, a| affix(py, a, "startswith", <[u8]>::starts_with),
        "True if the bytes begin with prefix, or one of a tuple of them.",
    ),
    Native::method(
        "endswith",
        "self, suffix, start=None, end=None, /",
        |py, a| affix(py, a, "endswith", <[u8]>::ends_with),
        "True if the bytes end with suffix, or one of a tuple of them.",
    ),
    Native::method(
        "replace",
        "self, old, new, count=-1, /",
        replace,
        "A copy with the first count occurrences of old (all of them by default) replaced by new.",
    ),
    Native::method(
        "removeprefix",
        "self, prefix, /",
        remove_prefix,
        "The bytes without the prefix, if they begin with it.",
    ),
    Native::method(
        "removesuffix",
        "self, suffix, /",
        remove_suffix,
        "The bytes without the suffix, if they end with it.",
    ),
    Native::method(
        "translate",
        "self, table, /, delete=b''",
        translate,
        "A copy with each byte mapped by the table, those in delete left out.",
    ),
];

/// The range that `start` and `end` (at slots 2 and 3) select; `None` if they are crossed.
fn part(py: Py<'_>, n: usize, args: Args<'_>) -> R<Option<Range<usize>>> {
    let bound = |i| args.opt(i).unwrap_or(Value::EMPTY);
    let (start, end) = py.sub_bounds(bound(2), bound(3), n)?;
    Ok((start <= end).then_some(start..end))
}

/// What is looked for: an integer's byte, or a buffer.
fn needle(py: Py<'_>, v: Value) -> R<Vec<u8>> {
    if let Some(content) = py.content_of(v) {
        return Ok(content.to_vec());
    }
    if py.as_int(v).is_none() && py.special(v, sym::INDEX).is_none() {
        return py.type_error(&format!("argument should be integer or bytes-like object, not '{}'", py.class_name(v)));
    }
    Ok(vec![byte(py, v, RANGE)?])
}

type Find = fn(Units<'_>, Units<'_>) -> Option<usize>;

fn search(py: Py<'_>, args: Args<'_>, find: Find) -> R<Option<usize>> {
    let needle = needle(py, args.at(1))?;
    let content = this(py, args)?;
    let Some(range) = part(py, content.len(), args)? else { return Ok(None) };
    let start = range.start;
    Ok(find(Units::One(&content[range]), Units::One(&needle)).map(|i| i + start))
}

fn found(py: Py<'_>, args: Args<'_>, find: Find) -> R {
    Ok(match search(py, args, find)? {
        Some(i) => Value::int(i as i64),
        None => Value::int(-1),
    })
}

fn index(py: Py<'_>, args: Args<'_>, find: Find) -> R {
    match search(py, args, find)? {
        Some(i) => Ok(Value::int(i as i64)),
        None => py.value_error("subsection not found"),
    }
}

fn count(py: Py<'_>, args: Args<'_>) -> R {
    let needle = needle(py, args.at(1))?;
    let content = this(py, args)?;
    match part(py, content.len(), args)? {
        Some(range) => py.int_usize(find::count(Units::One(&content[range]), Units::One(&needle))),
        None => Ok(Value::int(0)),
    }
}

fn affix(py: Py<'_>, args: Args<'_>, name: &str, has: fn(&[u8], &[u8]) -> bool) -> R {
    let (content, affix) = (this(py, args)?, args.at(1));
    let part = part(py, content.len(), args)?.map(|range| &content[range]);
    if let Some(t) = py.as_tuple(affix) {
        for v in tuple::items(t) {
            let affix = buffer(py, v)?;
            if part.is_some_and(|part| has(part, &affix)) {
                return Ok(Value::TRUE);
            }
        }
        return Ok(Value::FALSE);
    }
    match py.content_of(affix) {
        Some(affix) => Ok(Value::bool(part.is_some_and(|part| has(part, &affix)))),
        None => {
            py.type_error(&format!("{name} first arg must be bytes or a tuple of bytes, not {}", py.class_name(affix)))
        }
    }
}

fn replace(py: Py<'_>, args: Args<'_>) -> R {
    let (old, new) = (buffer(py, args.at(1))?, buffer(py, args.at(2))?);
    let most = most(py, args.opt(3))?;
    let content = this(py, args)?;
    let mut out: TextBuilder = py.text_builder();
    if !find::replace(Units::One(&content), Units::One(&old), Units::One(&new), most, &mut out) {
        return made(py, args, &content);
    }
    finished(py, args, out)
}

fn remove_prefix(py: Py<'_>, args: Args<'_>) -> R {
    let (content, prefix) = (this(py, args)?, buffer(py, args.at(1))?);
    made(py, args, content.strip_prefix(&*prefix).unwrap_or(&content))
}

fn remove_suffix(py: Py<'_>, args: Args<'_>) -> R {
    let (content, suffix) = (this(py, args)?, buffer(py, args.at(1))?);
    made(py, args, content.strip_suffix(&*suffix).unwrap_or(&content))
}

fn translate(py: Py<'_>, args: Args<'_>) -> R {
    let table = match args.some(1) {
        None => None,
        Some(v) => {
            let table = buffer(py, v)?;
            if table.len() != 256 {
                return py.value_error("translation table must be 256 characters long");
            }
            Some(table)
        }
    };
    let mut deleted = [false; 256];
    if let Some(v) = args.opt(2) {
        buffer(py, v)?.iter().for_each(|b| deleted[usize::from(*b)] = true);
    }
    let content = this(py, args)?;
    let mapped = |b: &u8| table.as_ref().map_or(*b, |t| t[usize::from(*b)]);
    let result: Vec<u8> = content.iter().filter(|b| !deleted[usize::from(**b)]).map(mapped).collect();
    made(py, args, &result)
}
