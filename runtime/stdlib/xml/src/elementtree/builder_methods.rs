//! The methods of `TreeBuilder`.

use super::builder::{self, BUILDER, word};
use super::element::shown_class;
use super::kept;
use python_objects::{Args, Native, Object, Py, R, Value, dict, list};

pub(super) static METHODS: &[Native] = &[
    Native::static_method("__new__", "type, /, *args, **kwargs", new, "Create and return a new object.")
        .ignoring_arguments(),
    Native::wrapper(
        "__init__",
        "self, /, element_factory=None, *, comment_factory=None, pi_factory=None, insert_comments=False, insert_pis=False",
        init,
        "Initialize self.",
    ),
    Native::method("data", "self, data, /", data, ""),
    Native::method("start", "self, tag, attrs, /", start, ""),
    Native::method("end", "self, tag, /", end, ""),
    Native::method("comment", "self, text, /", comment, ""),
    Native::method("pi", "self, target, text=None, /", instruction, ""),
    Native::method("close", "self, /", close, ""),
];

fn this(py: Py<'_>, args: Args<'_>) -> R<Object> {
    py.native_self(args.at(0), &BUILDER)
}
fn new(py: Py<'_>, args: Args<'_>) -> R {
    Ok(py.new_native_of(args.at(0), &BUILDER)?.value())
}
fn init(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    py.store(o, word::ELEMENT_FACTORY, args.some(1).unwrap_or(Value::EMPTY));
    let factories = kept::get(py)?.factories(py);
    for (i, word) in [word::COMMENT_FACTORY, word::INSTRUCTION_FACTORY].into_iter().enumerate() {
        let given = args.some(2 + i).unwrap_or_else(|| list::item(factories, i));
        py.store(o, word, if given == Value::NONE { Value::EMPTY } else { given });
    }
    for (i, word) in [word::INSERTS_COMMENTS, word::INSERTS_INSTRUCTIONS].into_iter().enumerate() {
        let inserts = args.opt(4 + i).map_or(Ok(false), |v| py.truth(v))?;
        py.store(o, word, if inserts { Value::TRUE } else { Value::EMPTY });
    }
    Ok(Value::NONE)
}
fn data(py: Py<'_>, args: Args<'_>) -> R {
    builder::data(py, this(py, args)?, args.at(1))?;
    Ok(Value::NONE)
}
fn start(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    let Some(given) = py.as_dict(args.at(2)) else {
        return py.type_error(&format!("start() argument 2 must be dict, not {}", shown_class(py, args.at(2))));
    };
    let attributes = if dict::length(given) == 0 { Value::EMPTY } else { given.value() };
    builder::start(py, o, &*kept::get(py)?, args.at(1), attributes)
}
fn end(py: Py<'_>, args: Args<'_>) -> R {
    builder::end(py, this(py, args)?, &*kept::get(py)?)
}
fn comment(py: Py<'_>, args: Args<'_>) -> R {
    builder::comment(py, this(py, args)?, args.at(1))
}
fn instruction(py: Py<'_>, args: Args<'_>) -> R {
    builder::instruction(py, this(py, args)?, args.at(1), args.opt(2).unwrap_or(Value::NONE))
}
fn close(py: Py<'_>, args: Args<'_>) -> R {
    Ok(builder::close(this(py, args)?))
}
