//! `OSError` and its subclasses, which the error number selects (PEP 3151).

use super::{arguments, fields, no_keywords, or_none, this};
use python_objects::exception::{os_error_class, word};
use python_objects::kind::class as builtin;
use python_objects::native::Native;
use python_objects::symbol::sym;
use python_objects::{Args, Exc, Object, Py, R, Value, int};

const ERRNO: usize = word::OWN;
const STRERROR: usize = word::OWN + 1;
const FILENAME: usize = word::OWN + 2;
const FILENAME2: usize = word::OWN + 3;
const WRITTEN: usize = word::OWN + 4;

static METHODS: &[Native] = &[
    Native::static_method("__new__", "cls, /, *args, **kwargs", new, "Create and return a new object."),
    Native::wrapper("__init__", "self, /, *args, **kwargs", init, "Initialize self."),
    Native::wrapper("__str__", "self, /", str, "Return str(self)."),
    Native::method("__reduce__", "self, /", reduce, ""),
    Native::getter("characters_written", get_written, ""),
    Native::setter("characters_written", set_written),
];
static FIELDS: [Native; 8] = fields![
    0 "errno" "POSIX exception code",
    1 "strerror" "exception strerror",
    2 "filename" "exception filename",
    3 "filename2" "second exception filename",
];

pub(super) fn install(py: Py<'_>) -> R<()> {
    let class = py.exception_class(Exc::OSError);
    py.add_methods(class, METHODS)?;
    py.add_methods(class, &FIELDS)
}

/// A subclass with an `__init__` of its own, but no `__new__`, may have other arguments: then `__init__` reads them.
fn reads_in_init(py: Py<'_>, class: Object) -> bool {
    let own = py.exception_class(Exc::OSError);
    py.lookup(class, sym::INIT) != py.lookup(own, sym::INIT) && py.lookup(class, sym::NEW) == py.lookup(own, sym::NEW)
}

fn new(py: Py<'_>, args: Args<'_>) -> R {
    let mut class = py.class_argument(args.at(0), builtin::EXCEPTION)?;
    let given = Object::of(args.at(1));
    if reads_in_init(py, class) {
        let e = py.alloc_instance(class)?;
        e.init(word::ARGS, py.empty_tuple());
        return Ok(e.value());
    }
    if Object::from_value(args.at(2)).is_some_and(|d| python_objects::dict::length(d) > 0) {
        let name = python_objects::class::name(py, class);
        return py.type_error(&format!("{name}() takes no keyword arguments"));
    }
    if class == py.exception_class(Exc::OSError)
        && (2..=5).contains(&given.length())
        && let Some(n) = py.as_int(given.element(0)).and_then(int::to_i64)
        && let Ok(n) = i32::try_from(n)
    {
        class = py.exception_class(os_error_class(n));
    }
    let e = py.alloc_instance(class)?;
    fill(py, e, given)?;
    Ok(e.value())
}

fn init(py: Py<'_>, args: Args<'_>) -> R {
    if !reads_in_init(py, py.class_of(args.at(0))) {
        return Ok(Value::NONE);
    }
    no_keywords(py, args, 2)?;
    fill(py, this(args), Object::of(args.at(1)))?;
    Ok(Value::NONE)
}

fn fill(py: Py<'_>, e: Object, given: Object) -> R<()> {
    let n = given.length();
    py.store(e, word::ARGS, given.value());
    if !(2..=5).contains(&n) {
        return Ok(());
    }
    py.store(e, ERRNO, given.element(0));
    py.store(e, STRERROR, given.element(1));
    let part = |i: usize| (i < n).then(|| given.element(i)).filter(|v| *v != Value::NONE);
    let Some(filename) = part(2) else { return Ok(()) };
    let blocking = py.exception_class(Exc::BlockingIOError);
    if py.class_of(e.value()) == blocking && py.special(filename, sym::INDEX).is_some() {
        let written = py.index(filename)?;
        py.store(e, WRITTEN, written);
        return Ok(());
    }
    py.store(e, FILENAME, filename);
    py.store(e, FILENAME2, part(4).unwrap_or(Value::EMPTY));
    // The names are not among `args`, as in Python 1.
    let short = py.tuple_slice(given, 0, 2)?;
    py.store(e, word::ARGS, short);
    Ok(())
}

fn str(py: Py<'_>, args: Args<'_>) -> R {
    let e = this(args);
    let (errno, strerror) = (e.get(ERRNO), e.get(STRERROR));
    let text = |v: Value| py.str_text(or_none(v));
    if !e.get(FILENAME).is_empty() && e.get(FILENAME) != Value::NONE {
        let mut out = format!("[Errno {}] {}: ", text(errno)?, text(strerror)?).into_bytes();
        py.repr_into(e.get(FILENAME), &mut out)?;
        if !e.get(FILENAME2).is_empty() && e.get(FILENAME2) != Value::NONE {
            out.extend_from_slice(b" -> ");
            py.repr_into(e.get(FILENAME2), &mut out)?;
        }
        return Ok(py.str_from_wtf8(&out)?.value());
    }
    if !errno.is_empty() && !strerror.is_empty() {
        return py.str(&format!("[Errno {}] {}", text(errno)?, text(strerror)?));
    }
    Ok(py.exception_str(e)?.value())
}

fn reduce(py: Py<'_>, args: Args<'_>) -> R {
    let e = this(args);
    let given = arguments(e);
    let mut all = given.value();
    if given.length() == 2 && !e.get(FILENAME).is_empty() {
        let (a, b, f) = (given.element(0), given.element(1), e.get(FILENAME));
        all = match e.get(FILENAME2) {
            g if g.is_empty() => py.tuple(&[a, b, f])?,
            g => py.tuple(&[a, b, f, Value::NONE, g])?,
        };
    }
    let state = py.filled_dict(e)?.map_or(Value::NONE, |d| d.value());
    super::reduced(py, e, all, state)
}

fn get_written(py: Py<'_>, args: Args<'_>) -> R {
    match this(args).get(WRITTEN) {
        v if v.is_empty() => py.err(Exc::AttributeError, "characters_written"),
        v => Ok(v),
    }
}

fn set_written(py: Py<'_>, args: Args<'_>) -> R {
    let new = match args.opt(1) {
        Some(v) => py.int(py.index_i64(v)?)?,
        None if this(args).get(WRITTEN).is_empty() => return py.err(Exc::AttributeError, "characters_written"),
        None => Value::EMPTY,
    };
    py.store(this(args), WRITTEN, new);
    Ok(Value::NONE)
}
