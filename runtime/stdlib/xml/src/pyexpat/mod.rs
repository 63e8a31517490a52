//! The module: parsers for programs, errors, numbers.

mod arguments;
mod attributes;
mod call;
mod object;
mod run;

use crate::parser::{CODES, Code, model};
use python_objects::py::root;
use python_objects::{Args, Exc, Native, Object, Py, R, Value};
use std::rc::Rc;
use stdlib_core::support::{add, constants, exception_class, set};
use vm_api::engine::Stop;

const NAME: &str = "pyexpat";
/// The version of the library whose behaviour this is.
pub(crate) const VERSION: (i64, i64, i64) = (2, 5, 0);

/// Numbers of kept values ([`Py::kept`]).
struct Kept {
    error: u32,
}
fn kept(py: Py<'_>) -> R<Rc<Kept>> {
    if let Some(kept) = py.state().known_data(NAME) {
        return Ok(kept);
    }
    let error = exception_class(py, "xml.parsers.expat", "ExpatError", Exc::Exception)?;
    let kept = Kept { error: py.keep(error.value())? };
    Ok(py.state().data(NAME, || kept))
}

static FUNCTIONS: &[Native] = &[
    Native::function(
        "ParserCreate",
        "encoding=None, namespace_separator=None, intern=<unrepresentable>",
        object::create,
        "Return a new XML parser object.",
    ),
    Native::function("ErrorString", "code, /", error_string, "Return the message that belongs to an error's number."),
];

pub(crate) fn init(py: Py<'_>, module: Object) -> R<()> {
    let error = py.kept(kept(py)?.error);
    add(py, module, "ExpatError", error)?;
    add(py, module, "error", error)?;
    add(py, module, "XMLParserType", py.native_type(&object::PARSER)?.value())?;
    let (major, minor, micro) = VERSION;
    add(py, module, "EXPAT_VERSION", py.str(&format!("expat_{major}.{minor}.{micro}"))?)?;
    add(py, module, "version_info", py.tuple(&[Value::int(major), Value::int(minor), Value::int(micro)])?)?;
    add(py, module, "native_encoding", py.str("UTF-8")?)?;
    let features = py.new_list(8)?;
    for (name, n) in [
        ("sizeof(XML_Char)", 1),
        ("sizeof(XML_LChar)", 1),
        ("XML_DTD", 0),
        ("XML_CONTEXT_BYTES", 1024),
        ("XML_NS", 0),
        ("XML_BLAP_MAX_AMP", 100),
        ("XML_BLAP_ACT_THRES", 8 << 20),
    ] {
        let pair = py.tuple(&[py.str(name)?, Value::int(n)])?;
        py.list_push(features, pair)?;
    }
    add(py, module, "features", features.value())?;
    let modes = [("NEVER", 0), ("UNLESS_STANDALONE", 1), ("ALWAYS", 2)];
    for (name, n) in modes {
        add(py, module, &format!("XML_PARAM_ENTITY_PARSING_{name}"), Value::int(n))?;
    }
    let errors = submodule(py, module, "errors", "The messages of errors, and their numbers.")?;
    let (codes, messages) = (py.new_dict()?, py.new_dict()?);
    for (number, name, message) in CODES {
        let message = py.str(message)?;
        add(py, errors, name, message)?;
        py.dict_set(codes, message, Value::int(*number))?;
        py.dict_set(messages, Value::int(*number), message)?;
    }
    add(py, errors, "codes", codes.value())?;
    add(py, errors, "messages", messages.value())?;
    let numbers = submodule(py, module, "model", "The numbers of which content models are made.")?;
    constants(
        py,
        numbers,
        &[
            ("XML_CTYPE_EMPTY", model::EMPTY),
            ("XML_CTYPE_ANY", model::ANY),
            ("XML_CTYPE_MIXED", model::MIXED),
            ("XML_CTYPE_NAME", model::NAME),
            ("XML_CTYPE_CHOICE", model::CHOICE),
            ("XML_CTYPE_SEQ", model::SEQUENCE),
            ("XML_CQUANT_NONE", model::ONCE),
            ("XML_CQUANT_OPT", model::OPTIONAL),
            ("XML_CQUANT_REP", model::ANY_NUMBER),
            ("XML_CQUANT_PLUS", model::SOME),
        ],
    )?;
    py.add_functions(module, FUNCTIONS)
}
/// A module within the module, which imports find, too.
fn submodule(py: Py<'_>, module: Object, name: &str, doc: &str) -> R<Object> {
    let full = format!("{NAME}.{name}");
    let inner = py.new_module(&full)?;
    add(py, inner, "__doc__", py.str(doc)?)?;
    add(py, module, name, inner.value())?;
    set(py, Object::of(py.root(root::MODULES)), &full, inner.value())?;
    Ok(inner)
}
fn message(code: i64) -> Option<&'static str> {
    CODES.iter().find(|(number, ..)| *number == code).map(|(.., message)| *message)
}
fn error_string(py: Py<'_>, args: Args<'_>) -> R {
    let code = py.index_i64(args.at(0))?;
    message(code).map_or(Ok(Value::NONE), |message| py.str(message))
}
/// An ExpatError for a place in a document.
#[cold]
fn error(py: Py<'_>, code: Code, line: i64, column: i64) -> Stop {
    let raised = || {
        let number = code as i64;
        let text = format!("{}: line {line}, column {column}", message(number).unwrap_or_default());
        let e = py.call(py.kept(kept(py)?.error), &[py.str(&text)?])?;
        for (name, n) in [("code", number), ("offset", column), ("lineno", line)] {
            py.set_attribute(e, py.intern(name)?, Some(py.int(n)?))?;
        }
        Ok(py.throw(py.make_exception(e)?))
    };
    raised().unwrap_or_else(|stop: Stop| stop)
}
