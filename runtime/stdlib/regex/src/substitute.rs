//! Methods of patterns that go through all matches: `findall`, `split`, `sub`, `subn`.

use crate::engine::{Found, Mode};
use crate::pattern::this;
use crate::subject::{self, Subject};
use crate::{matched, template};
use python_objects::{Args, Object, Py, R, Value};

/// Calls `f` with each match in the first `end` units, from `start` on, at most `most` (0: all). Returns how many.
fn each(
    py: Py<'_>,
    p: Object,
    subject: &Subject,
    (start, end): (usize, usize),
    most: i64,
    mut f: impl FnMut(&Found) -> R<()>,
) -> R<i64> {
    let mut matcher = subject::matcher(py, p, subject, end)?;
    let (mut from, mut advance, mut n) = (start, false, 0);
    while most == 0 || n < most {
        let Some(found) = subject::find(py, &mut matcher, Mode::Search, from, advance)? else { break };
        f(&found)?;
        (from, advance, n) = (found.end, found.start == found.end, n + 1);
        if n & 0x3FF == 0 {
            py.poll()?;
        }
    }
    Ok(n)
}
/// The text of a span, `default` if there is none.
fn text(py: Py<'_>, subject: &Subject, span: Option<(usize, usize)>, default: Value) -> R {
    match span {
        Some((start, end)) => subject.part(py, start, end),
        None => Ok(default),
    }
}

pub(crate) fn findall(py: Py<'_>, args: Args<'_>) -> R {
    let p = this(py, args)?;
    let (subject, bounds) = Subject::with_bounds(py, p, args)?;
    let all = py.new_list(0)?;
    let empty = template::join(py, subject.is_bytes(), py.new_list(0)?)?;
    each(py, p, &subject, bounds, 0, |found| {
        let item = match &found.groups[..] {
            [] => subject.part(py, found.start, found.end)?,
            [span] => text(py, &subject, *span, empty)?,
            spans => {
                let parts = py.new_list(spans.len())?;
                for span in spans {
                    py.list_push(parts, text(py, &subject, *span, empty)?)?;
                }
                py.list_to_tuple(parts)?
            }
        };
        py.list_push(all, item)
    })?;
    Ok(all.value())
}

/// A count that was given, 0 if not.
fn count(py: Py<'_>, v: Option<Value>) -> R<i64> {
    v.map_or(Ok(0), |v| py.index_i64(v))
}

pub(crate) fn split(py: Py<'_>, args: Args<'_>) -> R {
    let p = this(py, args)?;
    let most = count(py, args.opt(2))?;
    let subject = Subject::for_pattern(py, p, args.at(1))?;
    let (parts, mut last, length) = (py.new_list(0)?, 0, subject.length());
    each(py, p, &subject, (0, length), most, |found| {
        py.list_push(parts, subject.part(py, last, found.start)?)?;
        for span in &found.groups {
            py.list_push(parts, text(py, &subject, *span, Value::NONE)?)?;
        }
        last = found.end;
        Ok(())
    })?;
    py.list_push(parts, subject.part(py, last, length)?)?;
    Ok(parts.value())
}

/// What each match is replaced by.
enum Replacement {
    Literal(Value),
    Template(Object),
    Call(Value),
}
fn replacement(py: Py<'_>, p: Object, v: Value) -> R<Replacement> {
    if py.is_callable(v) {
        return Ok(Replacement::Call(v));
    }
    let units_of = |v| Subject::new(py, v).map(|s| s.units().points().any(|c| c == u32::from(b'\\')));
    let is_text = py.units_of(v).is_some() || py.bytes_like(v).is_some();
    if is_text && !units_of(v)? {
        return Ok(Replacement::Literal(v));
    }
    let t = template::compiled(py, p.value(), v)?;
    Ok(template::literal(t).map_or(Replacement::Template(t), Replacement::Literal))
}
/// The string with replacements, and how many there are.
fn substitute(py: Py<'_>, args: Args<'_>) -> R<(Value, i64)> {
    let p = this(py, args)?;
    let (string, most) = (args.at(2), count(py, args.opt(3))?);
    let replacement = replacement(py, p, args.at(1))?;
    let subject = Subject::for_pattern(py, p, string)?;
    let (parts, mut last, length) = (py.new_list(0)?, 0, subject.length());
    let n = each(py, p, &subject, (0, length), most, |found| {
        if last < found.start {
            py.list_push(parts, subject.part(py, last, found.start)?)?;
        }
        let item = match replacement {
            Replacement::Literal(v) => v,
            Replacement::Template(t) => {
                let m = matched::new(py, p, string, (0, length), found)?;
                template::expand(py, t, matched::this(py, m)?)?
            }
            Replacement::Call(f) => {
                let m = matched::new(py, p, string, (0, length), found)?;
                py.call(f, &[m])?
            }
        };
        if item != Value::NONE {
            py.list_push(parts, item)?;
        }
        last = found.end;
        Ok(())
    })?;
    if last < length {
        py.list_push(parts, subject.part(py, last, length)?)?;
    }
    Ok((template::join(py, subject.is_bytes(), parts)?, n))
}
pub(crate) fn sub(py: Py<'_>, args: Args<'_>) -> R {
    Ok(substitute(py, args)?.0)
}
pub(crate) fn subn(py: Py<'_>, args: Args<'_>) -> R {
    let (v, n) = substitute(py, args)?;
    py.tuple(&[v, Value::int(n)])
}
