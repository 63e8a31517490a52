//! `_csv`: comma-separated values, read and written in many dialects.

mod dialect;
mod reader;
mod writer;

use python_objects::{Args, Exc, Native, Object, Py, R, Value, dict, int, string};
use std::cell::Cell;

/// How much is quoted.
mod quote {
    pub(super) const MINIMAL: i64 = 0;
    pub(super) const ALL: i64 = 1;
    pub(super) const NONNUMERIC: i64 = 2;
    pub(super) const NONE: i64 = 3;
    pub(super) const STRINGS: i64 = 4;
    pub(super) const NOTNULL: i64 = 5;
}

static FUNCTIONS: &[Native] = &[
    Native::function(
        "field_size_limit",
        "new_limit=None",
        field_size_limit,
        "Set how long a field may be; return the limit that held before.",
    ),
    Native::function("get_dialect", "name", get_dialect, "Return the dialect of this name."),
    Native::function(
        "list_dialects",
        "",
        |py, _| Ok(py.list_from(dialects(py).value())?.value()),
        "Return a list of all known dialects' names.",
    ),
    Native::function(
        "reader",
        "*args, **kwargs",
        reader::make,
        "reader(iterable, dialect='excel', **options) -> iterator over rows",
    ),
    Native::function(
        "register_dialect",
        "*args, **kwargs",
        register_dialect,
        "register_dialect(name, dialect='excel', **options)",
    ),
    Native::function("unregister_dialect", "name", unregister_dialect, "Forget the dialect of this name."),
    Native::function(
        "writer",
        "*args, **kwargs",
        writer::make,
        "writer(file, dialect='excel', **options) -> object with writerow()",
    ),
];

/// What the module keeps: numbers of kept values ([`Py::keep`]), and the limit.
struct Kept {
    error: Cell<Option<u32>>,
    dialects: Cell<Option<u32>>,
    limit: Cell<i64>,
}
fn kept(py: Py<'_>) -> std::rc::Rc<Kept> {
    py.state().data("_csv", || Kept { error: Cell::default(), dialects: Cell::default(), limit: Cell::new(131_072) })
}

pub(crate) fn init(py: Py<'_>, module: Object) -> R<()> {
    let d = py.module_dict(module);
    let error = stdlib_core::support::exception_class(py, "_csv", "Error", Exc::Exception)?;
    kept(py).error.set(Some(py.keep(error.value())?));
    py.dict_set_text(d, "Error", error.value())?;
    let dialects = py.new_dict()?;
    kept(py).dialects.set(Some(py.keep(dialects.value())?));
    py.dict_set_text(d, "_dialects", dialects.value())?;
    for (name, spec) in [("Dialect", &dialect::DIALECT), ("Reader", &reader::READER), ("Writer", &writer::WRITER)] {
        py.dict_set_text(d, name, py.native_type(spec)?.value())?;
    }
    for spec in [&reader::READER, &writer::WRITER] {
        python_objects::class::add_flags(py.native_type(spec)?, python_objects::class::flag::NO_INSTANCES);
    }
    py.dict_set_text(d, "__version__", py.str("1.0")?)?;
    stdlib_core::support::constants(
        py,
        module,
        &[
            ("QUOTE_MINIMAL", quote::MINIMAL),
            ("QUOTE_ALL", quote::ALL),
            ("QUOTE_NONNUMERIC", quote::NONNUMERIC),
            ("QUOTE_NONE", quote::NONE),
            ("QUOTE_STRINGS", quote::STRINGS),
            ("QUOTE_NOTNULL", quote::NOTNULL),
        ],
    )?;
    py.add_functions(module, FUNCTIONS)
}

/// Raises `_csv.Error`.
#[cold]
fn error<T>(py: Py<'_>, message: &str) -> R<T> {
    let class = kept(py).error.get().map_or(py.root(Exc::Exception.root()), |number| py.kept(number));
    let message = py.str(message)?;
    let e = py.call(class, &[message])?;
    Err(py.throw(py.make_exception(e)?))
}
/// The dialects by name.
fn dialects(py: Py<'_>) -> Object {
    match kept(py).dialects.get().and_then(|number| Object::from_value(py.kept(number))) {
        Some(d) => d,
        None => unreachable!("the module keeps it as long as it has functions"),
    }
}
/// The dialect of a name.
fn known_dialect(py: Py<'_>, name: Value) -> R {
    match py.dict_get(dialects(py), name)? {
        Some(found) => Ok(found),
        None => error(py, "unknown dialect"),
    }
}
/// The arguments of functions that take one, perhaps a dialect, and options.
fn with_dialect(py: Py<'_>, args: Args<'_>) -> R<(Value, Object)> {
    let given = Object::of(args.at(0));
    if given.length() == 0 {
        return py.type_error(" expected at least 1 argument, got 0");
    }
    if given.length() > 2 {
        return py.type_error(&format!(" expected at most 2 arguments, got {}", given.length()));
    }
    let rest = py.tuple_slice(given, 1, given.length())?;
    Ok((given.element(0), Object::of(rest)))
}
/// The dialect that such arguments stand for.
fn make_dialect(py: Py<'_>, arguments: Object, options: Value) -> R<Object> {
    let class = py.native_type(&dialect::DIALECT)?;
    py.call_tuple(class.value(), arguments, options).map(Object::of)
}

fn field_size_limit(py: Py<'_>, args: Args<'_>) -> R {
    let old = kept(py).limit.get();
    if let Some(new) = args.opt(0) {
        let Some(new) = py.exact_int(new).filter(|_| !new.is_bool()) else {
            return py.type_error("limit must be an integer");
        };
        match int::to_i64(new) {
            Some(new) => kept(py).limit.set(new),
            None => return py.err(Exc::OverflowError, "Python int too large to convert to C long"),
        }
    }
    py.int(old)
}
fn get_dialect(py: Py<'_>, args: Args<'_>) -> R {
    known_dialect(py, args.at(0))
}
fn register_dialect(py: Py<'_>, args: Args<'_>) -> R {
    let (name, arguments) = with_dialect(py, args)?;
    if string::exact_or_payload(py, name).is_none() {
        return py.type_error("dialect name must be a string");
    }
    let made = make_dialect(py, arguments, args.at(1))?;
    py.dict_set(dialects(py), name, made.value())?;
    Ok(Value::NONE)
}
fn unregister_dialect(py: Py<'_>, args: Args<'_>) -> R {
    match py.dict_remove(dialects(py), args.at(0))? {
        Some(_) => Ok(Value::NONE),
        None => error(py, "unknown dialect"),
    }
}
/// Do the keywords say anything?
fn is_empty(keywords: Value) -> bool {
    Object::from_value(keywords).is_none_or(|d| dict::length(d) == 0)
}
