//! Scanners, which go from match to match; `finditer` calls one.

use crate::engine::Mode;
use crate::matched;
use crate::pattern::{self, this};
use crate::subject::{self, Subject};
use python_objects::kind::shape;
use python_objects::{Args, Native, Py, R, TypeSpec, Value};

pub(crate) static SCANNER: TypeSpec = TypeSpec::values("_sre", "SRE_Scanner", 7, METHODS, "");

mod word {
    pub(super) const PATTERN: usize = 1;
    /// What the program gave.
    pub(super) const STRING: usize = 2;
    /// Its content, which does not change.
    pub(super) const CONTENT: usize = 3;
    pub(super) const POS: usize = 4;
    pub(super) const ENDPOS: usize = 5;
    /// Where to go on; None when there are no more matches.
    pub(super) const NEXT: usize = 6;
    /// Was the last match empty?
    pub(super) const ADVANCE: usize = 7;
}

static METHODS: &[Native] = &[
    Native::method("match", "self, /", |py, a| step(py, a, Mode::Match), ""),
    Native::method("search", "self, /", |py, a| step(py, a, Mode::Search), ""),
    Native::getter("pattern", |py, a| Ok(py.native_self(a.at(0), &SCANNER)?.get(word::PATTERN)), ""),
];

pub(crate) fn scanner(py: Py<'_>, args: Args<'_>) -> R {
    let p = this(py, args)?;
    let (subject, (start, end)) = Subject::with_bounds(py, p, args)?;
    let o = py.new_native(&SCANNER)?;
    o.init(word::PATTERN, p.value());
    o.init(word::STRING, args.at(1));
    o.init(word::CONTENT, subject.content.value());
    o.init(word::POS, Value::int(start as i64));
    o.init(word::ENDPOS, Value::int(end as i64));
    o.init(word::NEXT, Value::int(start as i64));
    o.init(word::ADVANCE, Value::FALSE);
    Ok(o.value())
}
pub(crate) fn finditer(py: Py<'_>, args: Args<'_>) -> R {
    let scanner = scanner(py, args)?;
    let search = py.get_attribute_text(scanner, "search")?;
    Ok(py.new_object(shape::CALLABLE_ITERATOR, 3, &[search, Value::NONE])?.value())
}
fn step(py: Py<'_>, args: Args<'_>, mode: Mode) -> R {
    let o = py.native_self(args.at(0), &SCANNER)?;
    let (Some(p), Value::TRUE | Value::FALSE) =
        (py.of_kind(o.get(word::PATTERN), pattern::PATTERN.kind), o.get(word::ADVANCE))
    else {
        return Ok(Value::NONE);
    };
    if o.get(word::NEXT) == Value::NONE {
        return Ok(Value::NONE);
    }
    let subject = Subject::new(py, o.get(word::CONTENT))?;
    let (start, end) = (o.get(word::POS).as_int() as usize, o.get(word::ENDPOS).as_int() as usize);
    let mut matcher = subject::matcher(py, p, &subject, end)?;
    let from = o.get(word::NEXT).as_int() as usize;
    let Some(found) = subject::find(py, &mut matcher, mode, from, o.get(word::ADVANCE) == Value::TRUE)? else {
        py.store(o, word::NEXT, Value::NONE);
        return Ok(Value::NONE);
    };
    py.store(o, word::NEXT, Value::int(found.end as i64));
    py.store(o, word::ADVANCE, Value::bool(found.end == found.start));
    matched::new(py, p, o.get(word::STRING), (start, end), &found)
}
