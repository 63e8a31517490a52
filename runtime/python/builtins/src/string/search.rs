//! `str`: looking for substrings, replacing them.

use super::{most, plain_text, text_argument, this};
use python_objects::{Args, Kind, Native, Object, Py, R, Value, string, tuple};
use python_text::{Units, find};

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
        |py, a| affix(py, a, "startswith", find::starts_with),
        "True if the string begins with prefix, or one of a tuple of them.",
    ),
    Native::method(
        "endswith",
        "self, suffix, start=None, end=None, /",
        |py, a| affix(py, a, "endswith", find::ends_with),
        "True if the string ends with suffix, or one of a tuple of them.",
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
        "The string without the prefix, if it begins with it.",
    ),
    Native::method(
        "removesuffix",
        "self, suffix, /",
        remove_suffix,
        "The string without the suffix, if it ends with it.",
    ),
];

/// The part that `start` and `end` arguments (at slots 2 and 3) select, and where it begins; `None` if they are crossed.
fn part<'a>(py: Py<'_>, s: Object, args: Args<'_>) -> R<Option<(Units<'a>, usize)>> {
    let n = string::length(s);
    if args.opt(2).is_none() && args.opt(3).is_none() {
        return Ok(Some((string::units(s), 0)));
    }
    let bound = |i| args.opt(i).unwrap_or(Value::EMPTY);
    let (start, end) = py.sub_bounds(bound(2), bound(3), n)?;
    Ok((start <= end).then(|| (string::units(s).slice(start..end), start)))
}

type Find = fn(Units<'_>, Units<'_>) -> Option<usize>;

fn search(py: Py<'_>, args: Args<'_>, find: Find) -> R<Option<usize>> {
    let (s, needle) = (this(py, args)?, plain_text(py, args.at(1))?);
    let Some((text, start)) = part(py, s, args)? else { return Ok(None) };
    Ok(find(text, string::units(needle)).map(|i| i + start))
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
        None => py.value_error("substring not found"),
    }
}

fn count(py: Py<'_>, args: Args<'_>) -> R {
    let (s, needle) = (this(py, args)?, plain_text(py, args.at(1))?);
    match part(py, s, args)? {
        Some((text, _)) => py.int_usize(find::count(text, string::units(needle))),
        None => Ok(Value::int(0)),
    }
}

fn affix(py: Py<'_>, args: Args<'_>, name: &str, has: fn(Units<'_>, Units<'_>) -> bool) -> R {
    let (s, affix) = (this(py, args)?, args.at(1));
    let text = part(py, s, args)?.map(|(text, _)| text);
    let test = |affix: Units<'_>| text.is_some_and(|text| has(text, affix));
    if let Some(units) = py.units_of(affix) {
        return Ok(Value::bool(test(units)));
    }
    let Some(t) = py.as_tuple(affix).filter(|_| py.kind(affix) == Kind::TUPLE) else {
        return py.type_error(&format!("{name} first arg must be str or a tuple of str, not {}", py.class_name(affix)));
    };
    for v in tuple::items(t) {
        match py.units_of(v) {
            Some(units) if test(units) => return Ok(Value::TRUE),
            Some(_) => {}
            None => {
                return py.type_error(&format!("tuple for {name} must only contain str, not {}", py.class_name(v)));
            }
        }
    }
    Ok(Value::FALSE)
}

fn replace(py: Py<'_>, args: Args<'_>) -> R {
    let s = this(py, args)?;
    let old = text_argument(py, args.at(1), "replace() argument 1")?;
    let new = text_argument(py, args.at(2), "replace() argument 2")?;
    let most = most(py, args.opt(3))?;
    let mut out = py.text_builder();
    if !find::replace(string::units(s), string::units(old), string::units(new), most, &mut out) {
        return Ok(s.value());
    }
    Ok(py.finish_text(out)?.value())
}

fn remove_prefix(py: Py<'_>, args: Args<'_>) -> R {
    let (s, prefix) = (this(py, args)?, text_argument(py, args.at(1), "removeprefix() argument")?);
    let from = if find::starts_with(string::units(s), string::units(prefix)) { string::length(prefix) } else { 0 };
    Ok(py.substring(s, from, string::length(s))?.value())
}

fn remove_suffix(py: Py<'_>, args: Args<'_>) -> R {
    let (s, suffix) = (this(py, args)?, text_argument(py, args.at(1), "removesuffix() argument")?);
    let cut = if find::ends_with(string::units(s), string::units(suffix)) { string::length(suffix) } else { 0 };
    Ok(py.substring(s, 0, string::length(s) - cut)?.value())
}
