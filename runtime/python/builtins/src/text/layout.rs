//! Padding and stripping.

use super::{Subject, build};
use python_objects::{Args, Native, Py, R};
use python_text::layout::{self, Justify};
use python_text::strip::{self, Ends};
use std::marker::PhantomData;

pub(super) struct Methods<S>(PhantomData<S>);

impl<S: Subject> Methods<S> {
    pub(super) const TABLE: &'static [Native] = &[
        Native::method(
            "center",
            S::JUSTIFY,
            |py, a| justify::<S>(py, a, Justify::Center, "center"),
            "A copy centered in a field of the width.",
        ),
        Native::method(
            "ljust",
            S::JUSTIFY,
            |py, a| justify::<S>(py, a, Justify::Left, "ljust"),
            "A copy at the left of a field of the width.",
        ),
        Native::method(
            "rjust",
            S::JUSTIFY,
            |py, a| justify::<S>(py, a, Justify::Right, "rjust"),
            "A copy at the right of a field of the width.",
        ),
        Native::method("zfill", "self, width, /", zero_fill::<S>, "A copy with zeros at the left, behind a sign."),
        Native::method("expandtabs", "self, /, tabsize=8", expand_tabs::<S>, "A copy with spaces for tabs."),
        Native::method(
            "strip",
            S::STRIP,
            |py, a| strip::<S>(py, a, Ends::Both, "strip"),
            "A copy without white space, or the characters given, at both ends.",
        ),
        Native::method(
            "lstrip",
            S::STRIP,
            |py, a| strip::<S>(py, a, Ends::Left, "lstrip"),
            "A copy without white space, or the characters given, at the beginning.",
        ),
        Native::method(
            "rstrip",
            S::STRIP,
            |py, a| strip::<S>(py, a, Ends::Right, "rstrip"),
            "A copy without white space, or the characters given, at the end.",
        ),
    ];
}

fn justify<S: Subject>(py: Py<'_>, args: Args<'_>, justify: Justify, method: &str) -> R {
    let width = py.index_i64(args.at(1))?;
    let fill = match args.opt(2) {
        None => u32::from(' '),
        Some(v) => S::fill(py, v, method)?,
    };
    let content = S::this(py, args)?;
    let units = S::units(&content);
    if width <= units.len() as i64 {
        return S::whole(py, args, &content);
    }
    build::<S>(py, args, |out| layout::justify(units, width as isize, fill, justify, out))
}

fn zero_fill<S: Subject>(py: Py<'_>, args: Args<'_>) -> R {
    let width = py.index_i64(args.at(1))?;
    let content = S::this(py, args)?;
    let units = S::units(&content);
    if width <= units.len() as i64 {
        return S::whole(py, args, &content);
    }
    build::<S>(py, args, |out| layout::zero_fill(units, width as isize, out))
}

fn expand_tabs<S: Subject>(py: Py<'_>, args: Args<'_>) -> R {
    let size = match args.opt(1) {
        Some(v) => py.index_i32(v)?,
        None => 8,
    };
    let content = S::this(py, args)?;
    build::<S>(py, args, |out| layout::expand_tabs(S::units(&content), size as isize, out))
}

fn strip<S: Subject>(py: Py<'_>, args: Args<'_>, ends: Ends, method: &str) -> R {
    let set = match args.some(1) {
        None => None,
        Some(v) => Some(S::strip_set(py, v, method)?),
    };
    let content = S::this(py, args)?;
    let units = S::units(&content);
    let work = &mut py.work();
    let rest = match set {
        None => strip::strip_space(units, ends, S::ALPHABET, work),
        Some(set) => strip::strip(units, ends, S::units(&set), work),
    };
    S::part(py, args, &content, rest.map_err(|e| py.interrupted(e))?)
}
