//! Looking for parts, replacing them.

use super::{Subject, most};
use python_objects::{Args, Native, Py, R, Value, tuple};
use python_text::{Interrupted, Units, Work, find};
use std::marker::PhantomData;
use std::ops::Range;

pub(super) struct Methods<S>(PhantomData<S>);

impl<S: Subject> Methods<S> {
    pub(super) const TABLE: &'static [Native] = &[
        Native::method(
            "find",
            "self, sub, start=None, end=None, /",
            |py, a| found::<S>(py, a, find::find),
            "The lowest index where sub is found, or -1.",
        ),
        Native::method(
            "rfind",
            "self, sub, start=None, end=None, /",
            |py, a| found::<S>(py, a, find::rfind),
            "The highest index where sub is found, or -1.",
        ),
        Native::method(
            "index",
            "self, sub, start=None, end=None, /",
            |py, a| index::<S>(py, a, find::find),
            "The lowest index where sub is found; ValueError if it is not.",
        ),
        Native::method(
            "rindex",
            "self, sub, start=None, end=None, /",
            |py, a| index::<S>(py, a, find::rfind),
            "The highest index where sub is found; ValueError if it is not.",
        ),
        Native::method(
            "count",
            "self, sub, start=None, end=None, /",
            count::<S>,
            "The number of non-overlapping occurrences of sub.",
        ),
        Native::method(
            "startswith",
            "self, prefix, start=None, end=None, /",
            |py, a| affix::<S>(py, a, "startswith", find::starts_with),
            "True if it begins with prefix, or one of a tuple of them.",
        ),
        Native::method(
            "endswith",
            "self, suffix, start=None, end=None, /",
            |py, a| affix::<S>(py, a, "endswith", find::ends_with),
            "True if it ends with suffix, or one of a tuple of them.",
        ),
        Native::method(
            "replace",
            "self, old, new, count=-1, /",
            replace::<S>,
            "A copy with the first count occurrences of old (all of them by default) replaced by new.",
        ),
        Native::method(
            "removeprefix",
            "self, prefix, /",
            remove_prefix::<S>,
            "A copy without the prefix, if it begins with it.",
        ),
        Native::method(
            "removesuffix",
            "self, suffix, /",
            remove_suffix::<S>,
            "A copy without the suffix, if it ends with it.",
        ),
    ];
}

/// The range that `start` and `end` arguments (at slots 2 and 3) select; `None` if they are crossed. Runs Python code.
fn selected(py: Py<'_>, length: usize, args: Args<'_>) -> R<Option<Range<usize>>> {
    let bound = |i| args.opt(i).unwrap_or(Value::EMPTY);
    let (start, end) = py.sub_bounds(bound(2), bound(3), length)?;
    Ok((start <= end).then_some(start..end))
}

type Find = fn(Units<'_>, Units<'_>, &mut Work<'_>) -> Result<Option<usize>, Interrupted>;

fn search<S: Subject>(py: Py<'_>, args: Args<'_>, find: Find) -> R<Option<usize>> {
    let needle = S::needle(py, args.at(1))?;
    let content = S::this(py, args)?;
    let units = S::units(&content);
    let Some(range) = selected(py, units.len(), args)? else { return Ok(None) };
    let start = range.start;
    let found = find(units.slice(range), S::units(&needle), &mut py.work());
    Ok(found.map_err(|e| py.interrupted(e))?.map(|i| i + start))
}

fn found<S: Subject>(py: Py<'_>, args: Args<'_>, find: Find) -> R {
    Ok(match search::<S>(py, args, find)? {
        Some(i) => Value::int(i as i64),
        None => Value::int(-1),
    })
}

fn index<S: Subject>(py: Py<'_>, args: Args<'_>, find: Find) -> R {
    match search::<S>(py, args, find)? {
        Some(i) => Ok(Value::int(i as i64)),
        None => py.value_error(S::NOT_FOUND),
    }
}

fn count<S: Subject>(py: Py<'_>, args: Args<'_>) -> R {
    let needle = S::needle(py, args.at(1))?;
    let content = S::this(py, args)?;
    let units = S::units(&content);
    match selected(py, units.len(), args)? {
        Some(range) => {
            let count = find::count(units.slice(range), S::units(&needle), &mut py.work());
            py.int_usize(count.map_err(|e| py.interrupted(e))?)
        }
        None => Ok(Value::int(0)),
    }
}

fn affix<S: Subject>(py: Py<'_>, args: Args<'_>, method: &str, has: fn(Units<'_>, Units<'_>) -> bool) -> R {
    let (content, affix) = (S::this(py, args)?, args.at(1));
    let units = S::units(&content);
    let text = selected(py, units.len(), args)?.map(|range| units.slice(range));
    let test = |affix: S::Content<'_>| text.is_some_and(|text| has(text, S::units(&affix)));
    if let Some(t) = py.as_tuple(affix) {
        for v in tuple::items(t) {
            if test(S::affix(py, v, method)?) {
                return Ok(Value::TRUE);
            }
        }
        return Ok(Value::FALSE);
    }
    match S::content(py, affix) {
        Some(affix) => Ok(Value::bool(test(affix))),
        None => S::not_affix(py, affix, method),
    }
}

fn replace<S: Subject>(py: Py<'_>, args: Args<'_>) -> R {
    let old = S::argument(py, args.at(1), Some("replace() argument 1"))?;
    let new = S::argument(py, args.at(2), Some("replace() argument 2"))?;
    let most = most(py, args.opt(3))?;
    let content = S::this(py, args)?;
    if let (Some(text), Some(old), Some(new)) = (S::short(&content), S::short(&old), S::short(&new))
        && let Some(places) = Places::find(text, old, new, most)
    {
        if places.count == 0 {
            return S::whole(py, args, &content);
        }
        let length = text.len() - places.count * old.len() + places.count * new.len();
        return S::with_bytes(py, args, length, |to| places.replace(text, old.len(), new, to));
    }
    let mut out = py.text_builder();
    if !find::replace(S::units(&content), S::units(&old), S::units(&new), most, &mut out) {
        return S::whole(py, args, &content);
    }
    S::built(py, args, out)
}

/// A few places in a short text where something is to be replaced.
struct Places {
    at: [u16; 16],
    count: usize,
}

impl Places {
    /// `None` if there are too many places, or nothing is looked for.
    fn find(text: &[u8], old: &[u8], new: &[u8], most: usize) -> Option<Places> {
        let mut places = Places { at: [0; 16], count: 0 };
        if old.is_empty() {
            return None;
        }
        let mut from = 0;
        while places.count < most
            && let Some(found) = find::find_in_short(&text[from..], old)
        {
            *places.at.get_mut(places.count)? = (from + found) as u16;
            places.count += 1;
            from += found + old.len();
        }
        // What is replaced by the like is the text itself.
        if old == new {
            places.count = 0;
        }
        Some(places)
    }
    fn replace(&self, text: &[u8], old: usize, new: &[u8], to: &mut [u8]) {
        let (mut from, mut at) = (0, 0);
        let mut put = |part: &[u8]| {
            to[at..at + part.len()].copy_from_slice(part);
            at += part.len();
        };
        for place in &self.at[..self.count] {
            let place = usize::from(*place);
            put(&text[from..place]);
            put(new);
            from = place + old;
        }
        put(&text[from..]);
    }
}

fn remove_prefix<S: Subject>(py: Py<'_>, args: Args<'_>) -> R {
    let prefix = S::argument(py, args.at(1), Some("removeprefix() argument"))?;
    let content = S::this(py, args)?;
    let (text, prefix) = (S::units(&content), S::units(&prefix));
    let from = if find::starts_with(text, prefix) { prefix.len() } else { 0 };
    S::part(py, args, &content, from..text.len())
}

fn remove_suffix<S: Subject>(py: Py<'_>, args: Args<'_>) -> R {
    let suffix = S::argument(py, args.at(1), Some("removesuffix() argument"))?;
    let content = S::this(py, args)?;
    let (text, suffix) = (S::units(&content), S::units(&suffix));
    let cut = if find::ends_with(text, suffix) { suffix.len() } else { 0 };
    S::part(py, args, &content, 0..text.len() - cut)
}
