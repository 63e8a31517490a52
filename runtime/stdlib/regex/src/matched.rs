//! `re.Match`

use crate::engine::Found;
use crate::pattern;
use crate::subject::Subject;
use crate::template;
use crate::{class_getitem, identity};
use python_objects::native::variadic;
use python_objects::symbol::sym;
use python_objects::{Args, Exc, Native, Object, Py, R, TypeSpec, Value, dict, int, string};

pub(crate) static MATCH: TypeSpec = TypeSpec::values(
    "re",
    "Match",
    6,
    METHODS,
    "The result of re.match() and re.search().\nMatch objects always have a boolean value of True.",
)
.weakly_referenced();

mod word {
    pub(super) const PATTERN: usize = 1;
    pub(super) const STRING: usize = 2;
    pub(super) const POS: usize = 3;
    pub(super) const ENDPOS: usize = 4;
    /// Tuple: start and end of each group, from the whole match on; -1 and -1 if it is not set.
    pub(super) const SPANS: usize = 5;
    /// Number of the group that was closed last, or None.
    pub(super) const LAST: usize = 6;
}

static METHODS: &[Native] = &[
    Native::method(
        "group",
        "self, /, *args",
        group,
        "group([group1, ...]) -> str or tuple.\n    Return subgroup(s) of the match by indices or names.\n    For 0 returns the entire match.",
    ),
    Native::method(
        "groups",
        "self, /, default=None",
        groups,
        "Return a tuple containing all the subgroups of the match, from 1.\n\n  default\n    Is used for groups that did not participate in the match.",
    ),
    Native::method(
        "groupdict",
        "self, /, default=None",
        groupdict,
        "Return a dictionary containing all the named subgroups of the match, keyed by the subgroup name.\n\n  default\n    Is used for groups that did not participate in the match.",
    ),
    Native::method(
        "start",
        "self, group=0, /",
        |py, a| edge(py, a, 0),
        "Return index of the start of the substring matched by group.",
    ),
    Native::method(
        "end",
        "self, group=0, /",
        |py, a| edge(py, a, 1),
        "Return index of the end of the substring matched by group.",
    ),
    Native::method(
        "span",
        "self, group=0, /",
        span_of,
        "For match object m, return the 2-tuple (m.start(group), m.end(group)).",
    ),
    Native::method(
        "expand",
        "self, /, template",
        expand,
        "Return the string obtained by doing backslash substitution on the string template, as done by the sub() method.",
    ),
    Native::wrapper("__getitem__", "self, key, /", getitem, "Return self[key]."),
    Native::wrapper("__repr__", "self, /", repr, "Return repr(self)."),
    Native::getter("re", |py, a| field(py, a, word::PATTERN), "The regular expression object."),
    Native::getter("string", |py, a| field(py, a, word::STRING), "The string passed to match() or search()."),
    Native::getter(
        "pos",
        |py, a| field(py, a, word::POS),
        "The index into the string at which the RE engine started looking for a match.",
    ),
    Native::getter(
        "endpos",
        |py, a| field(py, a, word::ENDPOS),
        "The index into the string beyond which the RE engine will not go.",
    ),
    Native::getter(
        "lastindex",
        |py, a| field(py, a, word::LAST),
        "The integer index of the last matched capturing group.",
    ),
    Native::getter("lastgroup", lastgroup, "The name of the last matched capturing group."),
    Native::getter("regs", regs, ""),
    Native::method("__copy__", "self, /", identity, ""),
    Native::method("__deepcopy__", "self, memo, /", identity, ""),
    Native::class_method("__class_getitem__", "cls, item, /", class_getitem, "See PEP 585"),
];

/// A match object. `string` is what the program gave, `bounds` where it was searched.
pub(crate) fn new(py: Py<'_>, p: Object, string: Value, bounds: (usize, usize), found: &Found) -> R {
    let spans = py.tuple_with(found.groups.len() * 2 + 2, |i| {
        let span = if i < 2 { Some((found.start, found.end)) } else { found.groups[i / 2 - 1] };
        Value::int(span.map_or(-1, |(start, end)| if i & 1 == 0 { start } else { end } as i64))
    })?;
    let o = py.new_native(&MATCH)?;
    o.init(word::PATTERN, p.value());
    o.init(word::STRING, string);
    o.init(word::POS, Value::int(bounds.0 as i64));
    o.init(word::ENDPOS, Value::int(bounds.1 as i64));
    o.init(word::SPANS, spans);
    o.init(word::LAST, found.last.map_or(Value::NONE, |g| Value::int(g as i64)));
    Ok(o.value())
}

pub(crate) fn this(py: Py<'_>, v: Value) -> R<Object> {
    py.native_self(v, &MATCH)
}
fn field(py: Py<'_>, args: Args<'_>, word: usize) -> R {
    Ok(this(py, args.at(0))?.get(word))
}
/// How many groups there are, the whole match included.
fn count(m: Object) -> usize {
    Object::of(m.get(word::SPANS)).length() / 2
}
fn span(m: Object, group: usize) -> (i64, i64) {
    let spans = Object::of(m.get(word::SPANS));
    (spans.element(group * 2).as_int(), spans.element(group * 2 + 1).as_int())
}
fn no_such_group<T>(py: Py<'_>) -> R<T> {
    py.err(Exc::IndexError, "no such group")
}
/// The text of a group by number, `default` if it is not set; IndexError if there is none.
pub(crate) fn text(py: Py<'_>, m: Object, group: usize, default: Value) -> R {
    if group >= count(m) {
        return no_such_group(py);
    }
    match span(m, group) {
        (start, end) if start >= 0 => Subject::new(py, m.get(word::STRING))?.part(py, start as usize, end as usize),
        _ => Ok(default),
    }
}
/// The number of a group, from a number or name.
fn index(py: Py<'_>, m: Object, v: Value) -> R<usize> {
    let number = if py.as_int(v).is_some() || py.special(v, sym::INDEX).is_some() {
        Some(py.index_clamped(v)?)
    } else {
        let names = Object::of(Object::of(m.get(word::PATTERN)).get(pattern::word::GROUP_INDEX));
        py.dict_get(names, v)?.and_then(|v| py.as_int(v)).and_then(int::to_i64)
    };
    match number.and_then(|i| usize::try_from(i).ok()) {
        Some(i) if i < count(m) => Ok(i),
        _ => no_such_group(py),
    }
}
fn group(py: Py<'_>, args: Args<'_>) -> R {
    let m = this(py, args.at(0))?;
    let wanted = variadic(args, 1);
    if wanted.len() < 2 {
        let i = match variadic(args, 1).next() {
            Some(v) => index(py, m, v)?,
            None => 0,
        };
        return text(py, m, i, Value::NONE);
    }
    let texts = py.new_list(wanted.len())?;
    for v in wanted {
        let i = index(py, m, v)?;
        py.list_push(texts, text(py, m, i, Value::NONE)?)?;
    }
    py.list_to_tuple(texts)
}
fn getitem(py: Py<'_>, args: Args<'_>) -> R {
    let m = this(py, args.at(0))?;
    let i = index(py, m, args.at(1))?;
    text(py, m, i, Value::NONE)
}
fn groups(py: Py<'_>, args: Args<'_>) -> R {
    let (m, default) = (this(py, args.at(0))?, args.opt(1).unwrap_or(Value::NONE));
    let texts = py.new_list(count(m))?;
    for i in 1..count(m) {
        py.list_push(texts, text(py, m, i, default)?)?;
    }
    py.list_to_tuple(texts)
}
fn groupdict(py: Py<'_>, args: Args<'_>) -> R {
    let (m, default) = (this(py, args.at(0))?, args.opt(1).unwrap_or(Value::NONE));
    let names = Object::of(Object::of(m.get(word::PATTERN)).get(pattern::word::GROUP_INDEX));
    let (d, mut i) = (py.new_dict()?, 0);
    while let Some((at, name, number)) = dict::next_entry(names, i) {
        i = at + 1;
        let group = index(py, m, number)?;
        py.dict_set(d, name, text(py, m, group, default)?)?;
    }
    Ok(d.value())
}
fn wanted(py: Py<'_>, args: Args<'_>) -> R<(i64, i64)> {
    let m = this(py, args.at(0))?;
    let i = match args.opt(1) {
        Some(v) => index(py, m, v)?,
        None => 0,
    };
    Ok(span(m, i))
}
fn edge(py: Py<'_>, args: Args<'_>, side: usize) -> R {
    let (start, end) = wanted(py, args)?;
    py.int(if side == 0 { start } else { end })
}
fn span_of(py: Py<'_>, args: Args<'_>) -> R {
    let (start, end) = wanted(py, args)?;
    py.tuple(&[Value::int(start), Value::int(end)])
}
fn lastgroup(py: Py<'_>, args: Args<'_>) -> R {
    let m = this(py, args.at(0))?;
    let names = Object::of(Object::of(m.get(word::PATTERN)).get(pattern::word::INDEX_GROUP));
    match m.get(word::LAST) {
        Value::NONE => Ok(Value::NONE),
        i if (i.as_int() as usize) < names.length() => Ok(names.element(i.as_int() as usize)),
        _ => Ok(Value::NONE),
    }
}
fn regs(py: Py<'_>, args: Args<'_>) -> R {
    let m = this(py, args.at(0))?;
    let spans = py.new_list(count(m))?;
    for i in 0..count(m) {
        let (start, end) = span(m, i);
        py.list_push(spans, py.tuple(&[Value::int(start), Value::int(end)])?)?;
    }
    py.list_to_tuple(spans)
}
fn expand(py: Py<'_>, args: Args<'_>) -> R {
    let m = this(py, args.at(0))?;
    let t = template::compiled(py, m.get(word::PATTERN), args.at(1))?;
    template::expand(py, t, m)
}
fn repr(py: Py<'_>, args: Args<'_>) -> R {
    let m = this(py, args.at(0))?;
    let whole = text(py, m, 0, Value::NONE)?;
    let (text, (start, end)) = (py.repr(whole)?, span(m, 0));
    let name = py.class_name(args.at(0));
    let text = py.text_with(|out| {
        out.push_str(&format!("<{name} object; span=({start}, {end}), match="));
        out.push_units(string::units(text));
        out.push_str(">");
    })?;
    Ok(text.value())
}
