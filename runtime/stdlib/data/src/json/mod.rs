//! `_json`: what `json` reads and writes with: strings, the scanner of texts, the encoder of values.

mod encoder;
mod numbers;
mod scanner;
mod strings;

use python_objects::{Native, Object, Py, R, Value, string};
use stdlib_core::support;

static FUNCTIONS: &[Native] = &[
    Native::function(
        "encode_basestring",
        "string, /",
        |py, args| strings::encode(py, args, strings::Form::Plain),
        "Return the string as JSON writes it, characters beyond ASCII as they are.",
    ),
    Native::function(
        "encode_basestring_ascii",
        "string, /",
        |py, args| strings::encode(py, args, strings::Form::Ascii),
        "Return the string as JSON writes it, in ASCII.",
    ),
    Native::function(
        "scanstring",
        "string, end, strict=True, /",
        scanner::scanstring,
        "Read the JSON string whose first character, behind the quote, is at index end.\n\nReturn its value and the \
         index behind its closing quote. If strict is false, it may contain control characters.",
    ),
];
const ENCODE_PLAIN: usize = 0;
const ENCODE_ASCII: usize = 1;

pub(crate) fn init(py: Py<'_>, module: Object) -> R<()> {
    support::add(py, module, "make_scanner", py.native_type(&scanner::SCANNER)?.value())?;
    support::add(py, module, "make_encoder", py.native_type(&encoder::ENCODER)?.value())?;
    py.add_functions(module, FUNCTIONS)
}

/// The form in which one of this module's own functions writes strings.
fn own_form(py: Py<'_>, callee: Value) -> Option<strings::Form> {
    let native = py.plain_native(callee)?;
    if std::ptr::eq(native, &raw const FUNCTIONS[ENCODE_ASCII]) {
        return Some(strings::Form::Ascii);
    }
    std::ptr::eq(native, &raw const FUNCTIONS[ENCODE_PLAIN]).then_some(strings::Form::Plain)
}
/// The string that functions of this module work on.
fn string_argument(py: Py<'_>, v: Value) -> R<Object> {
    match string::exact_or_payload(py, v) {
        Some(s) => Ok(s),
        None => py.type_error(&format!("first argument must be a string, not {}", py.class_name(v))),
    }
}
