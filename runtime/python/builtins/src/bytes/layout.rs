//! `bytes` and `bytearray`: padding and stripping.

use super::{buffer, made, made_with, this};
use python_objects::kind::Kind;
use python_objects::{Args, Native, Py, R};
use python_text::Units;
use python_text::layout::{self, Justify};
use python_text::strip::{self, Ends};

pub(super) static METHODS: &[Native] = &[
    Native::method(
        "center",
        "self, width, fillchar=b' ', /",
        |py, a| justify(py, a, Justify::Center, "center"),
        "A copy centered in a field of the width.",
    ),
    Native::method(
        "ljust",
        "self, width, fillchar=b' ', /",
        |py, a| justify(py, a, Justify::Left, "ljust"),
        "A copy at the left of a field of the width.",
    ),
    Native::method(
        "rjust",
        "self, width, fillchar=b' ', /",
        |py, a| justify(py, a, Justify::Right, "rjust"),
        "A copy at the right of a field of the width.",
    ),
    Native::method("zfill", "self, width, /", zero_fill, "A copy with zeros at the left, behind a sign."),
    Native::method("expandtabs", "self, /, tabsize=8", expand_tabs, "A copy with spaces for tabs."),
    Native::method(
        "strip",
        "self, bytes=None, /",
        |py, a| strip(py, a, Ends::Both),
        "A copy without white space, or the bytes given, at both ends.",
    ),
    Native::method(
        "lstrip",
        "self, bytes=None, /",
        |py, a| strip(py, a, Ends::Left),
        "A copy without white space, or the bytes given, at the beginning.",
    ),
    Native::method(
        "rstrip",
        "self, bytes=None, /",
        |py, a| strip(py, a, Ends::Right),
        "A copy without white space, or the bytes given, at the end.",
    ),
];

fn justify(py: Py<'_>, args: Args<'_>, justify: Justify, name: &str) -> R {
    let width = py.index_i64(args.at(1))?;
    let fill = match args.opt(2) {
        None => u32::from(b' '),
        Some(v) => {
            let content = py.content_of(v).filter(|_| matches!(py.kind(v), Kind::BYTES | Kind::BYTEARRAY));
            match content.as_deref() {
                Some([b]) => u32::from(*b),
                _ => {
                    return py.type_error(&format!(
                        "{name}() argument 2 must be a byte string of length 1, not {}",
                        py.class_name(v)
                    ));
                }
            }
        }
    };
    let content = this(py, args)?;
    made_with(py, args, |out| layout::justify(Units::One(&content), width as isize, fill, justify, out))
}

fn zero_fill(py: Py<'_>, args: Args<'_>) -> R {
    let width = py.index_i64(args.at(1))?;
    let content = this(py, args)?;
    made_with(py, args, |out| layout::zero_fill(Units::One(&content), width as isize, out))
}

fn expand_tabs(py: Py<'_>, args: Args<'_>) -> R {
    let size = match args.opt(1) {
        Some(v) => py.index_i32(v)?,
        None => 8,
    };
    let content = this(py, args)?;
    made_with(py, args, |out| layout::expand_tabs(Units::One(&content), size as isize, out))
}

fn strip(py: Py<'_>, args: Args<'_>, ends: Ends) -> R {
    let set = match args.some(1) {
        None => None,
        Some(v) => Some(buffer(py, v)?),
    };
    let content = this(py, args)?;
    let units = Units::One(&content);
    let rest = match set {
        // As C's isspace: vertical tab and form feed, too.
        None => strip::strip_by(units, ends, |c| matches!(c, 9..=13 | 32)),
        Some(set) => strip::strip(units, ends, Units::One(&set)),
    };
    made(py, args, &content[rest])
}
