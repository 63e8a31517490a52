//! `_lzma`: the compression of xz, in its containers and without one.

mod compressor;
mod decompressor;
mod filters;

use crate::stream::{content, no_pickling};
use liblzma::stream::Error;
use python_objects::{Args, Exc, Native, Object, Py, R, Value, int};
use std::cell::Cell;
use stdlib_core::support;
use vm_api::heap::OutOfMemory;

/// Containers.
mod format {
    pub(super) const AUTO: i64 = 0;
    pub(super) const XZ: i64 = 1;
    pub(super) const ALONE: i64 = 2;
    pub(super) const RAW: i64 = 3;
}
/// What checks a stream.
mod check {
    pub(super) const NONE: i64 = 0;
    pub(super) const CRC32: i64 = 1;
    pub(super) const CRC64: i64 = 4;
    pub(super) const SHA256: i64 = 10;
    /// The greatest number that a stream has room for.
    pub(super) const MAX: i64 = 15;
    pub(super) const UNKNOWN: i64 = 16;
}
/// How much is done between two looks at whether to stop: some milliseconds' work.
const STEP: usize = 64 << 10;

static FUNCTIONS: &[Native] = &[
    Native::function("is_check_supported", "check_id, /", is_check_supported, "Is there this integrity check?"),
    Native::function(
        "_encode_filter_properties",
        "filter, /",
        filters::encode_properties,
        "Return the properties of a filter (its id aside) as a container has them.",
    ),
    Native::function(
        "_decode_filter_properties",
        "filter_id, encoded_props, /",
        filters::decode_properties,
        "Return a filter, as a dict, from its properties as a container has them.",
    ),
];
const CONSTANTS: &[(&str, i64)] = &[
    ("CHECK_CRC32", check::CRC32),
    ("CHECK_CRC64", check::CRC64),
    ("CHECK_ID_MAX", check::MAX),
    ("CHECK_NONE", check::NONE),
    ("CHECK_SHA256", check::SHA256),
    ("CHECK_UNKNOWN", check::UNKNOWN),
    ("FILTER_ARM", filters::ARM as i64),
    ("FILTER_ARMTHUMB", filters::ARM_THUMB as i64),
    ("FILTER_DELTA", filters::DELTA as i64),
    ("FILTER_IA64", filters::IA64 as i64),
    ("FILTER_LZMA1", filters::LZMA1 as i64),
    ("FILTER_LZMA2", filters::LZMA2 as i64),
    ("FILTER_POWERPC", filters::POWERPC as i64),
    ("FILTER_SPARC", filters::SPARC as i64),
    ("FILTER_X86", filters::X86 as i64),
    ("FORMAT_ALONE", format::ALONE),
    ("FORMAT_AUTO", format::AUTO),
    ("FORMAT_RAW", format::RAW),
    ("FORMAT_XZ", format::XZ),
    ("MF_BT2", 0x12),
    ("MF_BT3", 0x13),
    ("MF_BT4", 0x14),
    ("MF_HC3", 3),
    ("MF_HC4", 4),
    ("MODE_FAST", 1),
    ("MODE_NORMAL", 2),
    ("PRESET_DEFAULT", 6),
    ("PRESET_EXTREME", 1 << 31),
];

/// Number of the kept class `LZMAError`.
#[derive(Default)]
struct Kept(Cell<Option<u32>>);

pub(crate) fn init(py: Py<'_>, module: Object) -> R<()> {
    let error = support::exception_class(py, "_lzma", "LZMAError", Exc::Exception)?;
    let doc = py.intern("__doc__")?;
    py.class_set(error, doc, Some(py.str("An error of compressed data, or of what was asked for.")?))?;
    py.state().data("_lzma", Kept::default).0.set(Some(py.keep(error.value())?));
    support::add(py, module, "LZMAError", error.value())?;
    for spec in [&compressor::COMPRESSOR, &decompressor::DECOMPRESSOR] {
        support::add(py, module, spec.name, py.native_type(spec)?.value())?;
    }
    support::constants(py, module, CONSTANTS)?;
    py.add_functions(module, FUNCTIONS)
}

/// Raises `LZMAError`.
#[cold]
fn error<T>(py: Py<'_>, message: &str) -> R<T> {
    let class = py.state().data("_lzma", Kept::default).0.get();
    let class = class.map_or(py.root(Exc::Exception.root()), |number| py.kept(number));
    let e = py.call(class, &[py.str(message)?])?;
    Err(py.throw(py.make_exception(e)?))
}
/// Raises what an error of the library is.
#[cold]
fn failed<T>(py: Py<'_>, e: Error) -> R<T> {
    let message = match e {
        Error::Mem => return Err(py.out_of_memory(OutOfMemory)),
        Error::Data => "Corrupt input data",
        Error::Options => "Invalid or unsupported options",
        Error::Format => "Input format not supported by decoder",
        Error::MemLimit => "Memory usage limit exceeded",
        Error::UnsupportedCheck | Error::NoCheck => "Unsupported integrity check",
        Error::Program => "Internal error",
    };
    error(py, message)
}
/// A number without sign, of 64 bits.
fn unsigned(py: Py<'_>, v: Value) -> R<u64> {
    let Some(i) = py.as_int(v) else { return py.type_error("an integer is required") };
    if int::is_negative(i) {
        return py.err(Exc::OverflowError, "can't convert negative int to unsigned");
    }
    match int::with_operand(i, |i| i.to_u64()) {
        Some(n) => Ok(n),
        None => py.err(Exc::OverflowError, "int too big to convert"),
    }
}
/// The same of 32 bits.
fn unsigned_32(py: Py<'_>, v: Value) -> R<u32> {
    match u32::try_from(unsigned(py, v)?) {
        Ok(n) => Ok(n),
        Err(_) => py.err(Exc::OverflowError, "Value too large for uint32_t type"),
    }
}
fn is_check_supported(py: Py<'_>, args: Args<'_>) -> R {
    let id = i64::from(py.index_i32(args.at(0))?);
    Ok(Value::bool([check::NONE, check::CRC32, check::CRC64, check::SHA256].contains(&id)))
}
