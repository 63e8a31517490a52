//! `re.Pattern`

use crate::engine::{Mode, Program};
use crate::subject::{self, Subject};
use crate::{class_getitem, identity, matched, scanner, substitute};
use python_objects::kind::{shape, special};
use python_objects::{Args, Native, Object, Py, R, TypeSpec, Value, bytes, string};

pub(crate) static PATTERN: TypeSpec =
    TypeSpec::values("re", "Pattern", 6, METHODS, "Compiled regular expression object.").weakly_referenced();

pub(crate) mod word {
    /// The string or bytes-like object it was compiled from, or None.
    pub(crate) const SOURCE: usize = 1;
    pub(crate) const FLAGS: usize = 2;
    /// `bytes`: the program.
    pub(crate) const PROGRAM: usize = 3;
    /// Numbers of groups by name.
    pub(crate) const GROUP_INDEX: usize = 4;
    /// Names of groups by number.
    pub(crate) const INDEX_GROUP: usize = 5;
    /// Is it for bytes? None: for both.
    pub(crate) const IS_BYTES: usize = 6;
}

static METHODS: &[Native] = &[
    Native::method(
        "match",
        "self, /, string, pos=0, endpos=sys.maxsize",
        |py, a| one(py, a, Mode::Match),
        "Matches zero or more characters at the beginning of the string.",
    ),
    Native::method(
        "fullmatch",
        "self, /, string, pos=0, endpos=sys.maxsize",
        |py, a| one(py, a, Mode::Full),
        "Matches against all of the string.",
    ),
    Native::method(
        "search",
        "self, /, string, pos=0, endpos=sys.maxsize",
        |py, a| one(py, a, Mode::Search),
        "Scan through string looking for a match, and return a corresponding match object instance.\n\nReturn None if no position in the string matches.",
    ),
    Native::method(
        "findall",
        "self, /, string, pos=0, endpos=sys.maxsize",
        substitute::findall,
        "Return a list of all non-overlapping matches of pattern in string.",
    ),
    Native::method(
        "finditer",
        "self, /, string, pos=0, endpos=sys.maxsize",
        scanner::finditer,
        "Return an iterator over all non-overlapping matches for the RE pattern in string.\n\nFor each match, the iterator returns a match object.",
    ),
    Native::method("scanner", "self, /, string, pos=0, endpos=sys.maxsize", scanner::scanner, ""),
    Native::method(
        "split",
        "self, /, string, maxsplit=0",
        substitute::split,
        "Split string by the occurrences of pattern.",
    ),
    Native::method(
        "sub",
        "self, /, repl, string, count=0",
        substitute::sub,
        "Return the string obtained by replacing the leftmost non-overlapping occurrences of pattern in string by the replacement repl.",
    ),
    Native::method(
        "subn",
        "self, /, repl, string, count=0",
        substitute::subn,
        "Return the tuple (new_string, number_of_subs_made) found by replacing the leftmost non-overlapping occurrences of pattern with the replacement repl.",
    ),
    Native::getter(
        "pattern",
        |py, a| field(py, a, word::SOURCE),
        "The pattern string from which the RE object was compiled.",
    ),
    Native::getter("flags", |py, a| field(py, a, word::FLAGS), "The regex matching flags."),
    Native::getter(
        "groups",
        |py, a| py.int_usize(program(this(py, a)?).groups()),
        "The number of capturing groups in the pattern.",
    ),
    Native::getter("groupindex", groupindex, "A dictionary mapping group names to group numbers."),
    Native::wrapper("__repr__", "self, /", repr, "Return repr(self)."),
    Native::wrapper("__eq__", "self, value, /", equal, "Return self==value."),
    Native::wrapper("__hash__", "self, /", hash, "Return hash(self)."),
    Native::method("__copy__", "self, /", identity, ""),
    Native::method("__deepcopy__", "self, memo, /", identity, ""),
    Native::class_method("__class_getitem__", "cls, item, /", class_getitem, "See PEP 585"),
];

/// The pattern a method was called on.
pub(crate) fn this(py: Py<'_>, args: Args<'_>) -> R<Object> {
    py.native_self(args.at(0), &PATTERN)
}
/// The program of a pattern: in place as long as the pattern is on the native stack.
pub(crate) fn program<'p>(p: Object) -> Program<'p> {
    Program::new(bytes::slice(Object::of(p.get(word::PROGRAM))))
}
fn field(py: Py<'_>, args: Args<'_>, word: usize) -> R {
    Ok(this(py, args)?.get(word))
}
fn groupindex(py: Py<'_>, args: Args<'_>) -> R {
    let names = this(py, args)?.get(word::GROUP_INDEX);
    Ok(py.new_object(shape::MAPPINGPROXY, 2, &[names])?.value())
}
fn one(py: Py<'_>, args: Args<'_>, mode: Mode) -> R {
    let p = this(py, args)?;
    let (subject, (start, end)) = Subject::with_bounds(py, p, args)?;
    let mut matcher = subject::matcher(py, p, &subject, end)?;
    match subject::find(py, &mut matcher, mode, start, false)? {
        Some(found) => matched::new(py, p, args.at(1), (start, end), &found),
        None => Ok(Value::NONE),
    }
}

/// Names of the flags, by bit.
const FLAGS: [&str; 9] =
    ["TEMPLATE", "IGNORECASE", "LOCALE", "MULTILINE", "DOTALL", "UNICODE", "VERBOSE", "DEBUG", "ASCII"];
const LOCALE: i64 = 4;
const UNICODE: i64 = 32;
const ASCII: i64 = 256;

fn repr(py: Py<'_>, args: Args<'_>) -> R {
    let p = this(py, args)?;
    let mut flags = p.get(word::FLAGS).as_int();
    // That text is Unicode goes without saying.
    if p.get(word::IS_BYTES) == Value::FALSE && flags & (LOCALE | UNICODE | ASCII) == UNICODE {
        flags &= !UNICODE;
    }
    let mut names = Vec::new();
    for (i, name) in FLAGS.iter().enumerate() {
        if flags & 1 << i != 0 {
            flags &= !(1 << i);
            names.push(format!("re.{name}"));
        }
    }
    if flags != 0 {
        names.push(format!("{flags:#x}"));
    }
    let source = py.repr(p.get(word::SOURCE))?;
    let text = py.text_with(|out| {
        out.push_str("re.compile(");
        out.push_units(string::units(source).slice(0..200));
        if !names.is_empty() {
            out.push_str(", ");
            out.push_str(&names.join("|"));
        }
        out.push_str(")");
    })?;
    Ok(text.value())
}
fn equal(py: Py<'_>, args: Args<'_>) -> R {
    let p = this(py, args)?;
    let Some(other) = py.of_kind(args.at(1), PATTERN.kind) else { return Ok(special::NOT_IMPLEMENTED) };
    let code = |p: Object| bytes::slice(Object::of(p.get(word::PROGRAM)));
    let same = [word::FLAGS, word::IS_BYTES].iter().all(|w| p.get(*w) == other.get(*w)) && code(p) == code(other);
    Ok(Value::bool(same && py.equal_or_same(p.get(word::SOURCE), other.get(word::SOURCE))?))
}
fn hash(py: Py<'_>, args: Args<'_>) -> R {
    let p = this(py, args)?;
    let (source, code) = (py.hash(p.get(word::SOURCE))?, bytes::hash(py, Object::of(p.get(word::PROGRAM))));
    let mixed = source.rotate_left(7) ^ code ^ p.get(word::FLAGS).as_int();
    py.int(if mixed == -1 { -2 } else { mixed })
}
