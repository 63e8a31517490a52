//! `marshal`: plain data in CPython's format, versions 0 to 4, and code objects in ours: a `c`, a length, and the bytes that
//! [`code`] makes.
//!
//! From version 3 on objects that occur again are written as references. CPython numbers those alone that are referred to
//! from elsewhere when they are written; nothing counts references here, so all are numbered.

mod code;
mod read;
mod write;

pub(crate) use code::{code_bytes, code_of, own_code_of};

use crate::support::constants;
use python_objects::{Args, Native, Object, Py, R, Value};
use read::{Reader, Source};

/// Values within one another, as under CPython.
const MOST_NESTED: usize = 2000;
/// The version that is written unless another is asked for.
const VERSION: i32 = 4;
/// With a kind: the value has the next number.
const NUMBERED: u8 = 0x80;

static FUNCTIONS: &[Native] = &[
    Native::function("dumps", "value, version=4, /", dumps, "Return the bytes of a value."),
    Native::function("loads", "bytes, /", loads, "Return the value of bytes."),
    Native::function("dump", "value, file, version=4, /", dump, "Write a value to a file."),
    Native::function("load", "file, /", load, "Read a value from a file."),
];

pub(crate) fn init(py: Py<'_>, module: Object) -> R<()> {
    py.add_functions(module, FUNCTIONS)?;
    constants(py, module, &[("version", i64::from(VERSION))])
}

/// The bytes of a value.
pub(crate) fn to_bytes(py: Py<'_>, v: Value) -> R {
    write::to_bytes(py, v, VERSION)
}
fn dumps(py: Py<'_>, args: Args<'_>) -> R {
    dumped(py, args.at(0), args.opt(1))
}
fn dump(py: Py<'_>, args: Args<'_>) -> R {
    let bytes = dumped(py, args.at(0), args.opt(2))?;
    py.call_method(args.at(1), python_objects::symbol::sym::WRITE, &[bytes])
}
fn dumped(py: Py<'_>, v: Value, version: Option<Value>) -> R {
    let version = match version {
        Some(version) => py.index_i32(version)?,
        None => VERSION,
    };
    write::to_bytes(py, v, version)
}

fn loads(py: Py<'_>, args: Args<'_>) -> R {
    of_bytes(py, args.at(0))
}
/// The value of bytes.
pub(crate) fn of_bytes(py: Py<'_>, v: Value) -> R {
    match py.content_of(v).map(|c| c.to_vec()) {
        Some(content) => Reader::new(py, Source::Bytes(&content))?.whole(),
        None => py.type_error(&format!("a bytes-like object is required, not '{}'", py.class_name(v))),
    }
}
fn load(py: Py<'_>, args: Args<'_>) -> R {
    // Whether it is a file of bytes at all is asked first.
    let nothing = py.call_method(args.at(0), python_objects::symbol::sym::READ, &[Value::int(0)])?;
    if py.as_bytes(nothing).is_none() {
        return py.type_error(&format!("file.read() returned not bytes but {}", py.class_name(nothing)));
    }
    Reader::new(py, Source::File(args.at(0)))?.whole()
}
