//! `str`: padding and stripping.

use super::this;
use python_objects::{Args, Native, Py, R, string};
use python_text::layout::{self, Justify};
use python_text::strip::{self, Ends};
use python_text::unicode::is_space;

pub(super) static METHODS: &[Native] = &[
    Native::method(
        "center",
        "self, width, fillchar=' ', /",
        |py, a| justify(py, a, Justify::Center),
        "A copy centered in a field of the width.",
    ),
    Native::method(
        "ljust",
        "self, width, fillchar=' ', /",
        |py, a| justify(py, a, Justify::Left),
        "A copy at the left of a field of the width.",
    ),
    Native::method(
        "rjust",
        "self, width, fillchar=' ', /",
        |py, a| justify(py, a, Justify::Right),
        "A copy at the right of a field of the width.",
    ),
    Native::method("zfill", "self, width, /", zero_fill, "A copy with zeros at the left, behind a sign."),
    Native::method("expandtabs", "self, /, tabsize=8", expand_tabs, "A copy with spaces for tabs."),
    Native::method(
        "strip",
        "self, chars=None, /",
        |py, a| strip(py, a, Ends::Both, "strip"),
        "A copy without white space, or the characters given, at both ends.",
    ),
    Native::method(
        "lstrip",
        "self, chars=None, /",
        |py, a| strip(py, a, Ends::Left, "lstrip"),
        "A copy without white space, or the characters given, at the beginning.",
    ),
    Native::method(
        "rstrip",
        "self, chars=None, /",
        |py, a| strip(py, a, Ends::Right, "rstrip"),
        "A copy without white space, or the characters given, at the end.",
    ),
];

fn justify(py: Py<'_>, args: Args<'_>, justify: Justify) -> R {
    let s = this(py, args)?;
    let width = py.index_i64(args.at(1))?;
    let fill = match args.opt(2) {
        None => u32::from(' '),
        Some(v) => match string::exact_or_payload(py, v) {
            Some(c) if string::length(c) == 1 => string::at(c, 0),
            Some(_) => return py.type_error("The fill character must be exactly one character long"),
            None => {
                return py
                    .type_error(&format!("The fill character must be a unicode character, not {}", py.class_name(v)));
            }
        },
    };
    if width <= string::length(s) as i64 {
        return Ok(s.value());
    }
    Ok(py.text_with(|out| layout::justify(string::units(s), width as isize, fill, justify, out))?.value())
}

fn zero_fill(py: Py<'_>, args: Args<'_>) -> R {
    let s = this(py, args)?;
    let width = py.index_i64(args.at(1))?;
    if width <= string::length(s) as i64 {
        return Ok(s.value());
    }
    Ok(py.text_with(|out| layout::zero_fill(string::units(s), width as isize, out))?.value())
}

fn expand_tabs(py: Py<'_>, args: Args<'_>) -> R {
    let s = this(py, args)?;
    let size = match args.opt(1) {
        Some(v) => i64::from(py.index_i32(v)?),
        None => 8,
    };
    Ok(py.text_with(|out| layout::expand_tabs(string::units(s), size as isize, out))?.value())
}

fn strip(py: Py<'_>, args: Args<'_>, ends: Ends, name: &str) -> R {
    let s = this(py, args)?;
    let units = string::units(s);
    let rest = match args.some(1) {
        None => strip::strip_by(units, ends, is_space),
        Some(v) => match py.units_of(v) {
            Some(set) => strip::strip(units, ends, set),
            None => return py.type_error(&format!("{name} arg must be None or str")),
        },
    };
    Ok(py.substring(s, rest.start, rest.end)?.value())
}
