//! `zlib`: DEFLATE in its three wrappings, and checksums.
//!
//! Streams cannot be copied: there is no `copy` method.

mod compress;
mod decompress;
mod decompressor;
mod stream;

use python_objects::{Args, Exc, Native, Object, Py, R, Value, class, int};
use std::cell::Cell;
use stdlib_data::buffer::Window;

static FUNCTIONS: &[Native] = &[
    Native::function("adler32", "data, value=1, /", adler32, "The Adler-32 checksum of data, going on from value."),
    Native::function(
        "compress",
        "data, /, level=Z_DEFAULT_COMPRESSION, wbits=MAX_WBITS",
        compress::one_shot,
        "Compress data at once.",
    ),
    Native::function(
        "compressobj",
        "level=Z_DEFAULT_COMPRESSION, method=DEFLATED, wbits=MAX_WBITS, memLevel=DEF_MEM_LEVEL, strategy=Z_DEFAULT_STRATEGY, zdict=None",
        compress::make,
        "Make a compressor for data that comes in parts.",
    ),
    Native::function("crc32", "data, value=0, /", crc32, "The CRC-32 checksum of data, going on from value."),
    Native::function(
        "decompress",
        "data, /, wbits=MAX_WBITS, bufsize=DEF_BUF_SIZE",
        decompress::one_shot,
        "Decompress data at once.",
    ),
    Native::function(
        "decompressobj",
        "wbits=MAX_WBITS, zdict=b''",
        decompress::make,
        "Make a decompressor for data that comes in parts.",
    ),
];
const CONSTANTS: &[(&str, i64)] = &[
    ("DEFLATED", 8),
    ("DEF_BUF_SIZE", 16384),
    ("DEF_MEM_LEVEL", 8),
    ("MAX_WBITS", 15),
    ("Z_BEST_COMPRESSION", 9),
    ("Z_BEST_SPEED", 1),
    ("Z_BLOCK", 5),
    ("Z_DEFAULT_COMPRESSION", -1),
    ("Z_DEFAULT_STRATEGY", 0),
    ("Z_FILTERED", 1),
    ("Z_FINISH", 4),
    ("Z_FIXED", 4),
    ("Z_FULL_FLUSH", 3),
    ("Z_HUFFMAN_ONLY", 2),
    ("Z_NO_COMPRESSION", 0),
    ("Z_NO_FLUSH", 0),
    ("Z_PARTIAL_FLUSH", 1),
    ("Z_RLE", 3),
    ("Z_SYNC_FLUSH", 2),
    ("Z_TREES", 6),
];

/// Number of the kept class `error`.
#[derive(Default)]
struct Kept(Cell<Option<u32>>);

pub(crate) fn init(py: Py<'_>, module: Object) -> R<()> {
    let d = py.module_dict(module);
    let error = stdlib_core::support::exception_class(py, "zlib", "error", Exc::Exception)?;
    py.state().data("zlib", Kept::default).0.set(Some(py.keep(error.value())?));
    py.dict_set_text(d, "error", error.value())?;
    for spec in [&compress::COMPRESS, &decompress::DECOMPRESS] {
        class::add_flags(py.native_type(spec)?, class::flag::NO_INSTANCES);
    }
    py.dict_set_text(d, "_ZlibDecompressor", py.native_type(&decompressor::DECOMPRESSOR)?.value())?;
    // The version of zlib whose interface this is.
    for name in ["ZLIB_VERSION", "ZLIB_RUNTIME_VERSION"] {
        py.dict_set_text(d, name, py.str("1.2.13")?)?;
    }
    py.dict_set_text(d, "__version__", py.str("1.0")?)?;
    stdlib_core::support::constants(py, module, CONSTANTS)?;
    py.add_functions(module, FUNCTIONS)
}

/// Raises `zlib.error`.
#[cold]
fn error<T>(py: Py<'_>, message: &str) -> R<T> {
    let class = py.state().data("zlib", Kept::default).0.get();
    let class = class.map_or(py.root(Exc::Exception.root()), |number| py.kept(number));
    let message = py.str(message)?;
    let e = py.call(class, &[message])?;
    Err(py.throw(py.make_exception(e)?))
}
/// Raises `zlib.error` for a number of zlib's and what it says.
#[cold]
fn numbered<T>(py: Py<'_>, number: i32, doing: &str, message: Option<&str>) -> R<T> {
    let message = message.or(match number {
        -5 => Some("incomplete or truncated stream"),
        -2 => Some("inconsistent stream state"),
        -3 => Some("invalid input data"),
        _ => None,
    });
    match message {
        Some(message) => error(py, &format!("Error {number} while {doing}: {message}")),
        None => error(py, &format!("Error {number} while {doing}")),
    }
}
fn content(py: Py<'_>, v: Value) -> R<python_objects::text::Content<'_>> {
    let window = Window::for_reading(py, v)?;
    window.read(py, 0, window.length)
}
fn number(py: Py<'_>, args: Args<'_>, i: usize, otherwise: i32) -> R<i32> {
    args.opt(i).map_or(Ok(otherwise), |v| py.index_i32(v))
}
/// The lowest 32 bits of an integer argument.
fn masked(py: Py<'_>, v: Option<Value>, otherwise: u32) -> R<u32> {
    let Some(v) = v else { return Ok(otherwise) };
    let (i, mask) = (py.index(v)?, py.int(0xffff_ffff)?);
    let low = python_objects::number::ints(py, python_objects::operator::BinaryOp::And, i, mask)?;
    Ok(int::to_i64(low).unwrap_or(0) as u32)
}
/// How many bytes are done between two looks for signals.
const STEP: usize = 1 << 20;

fn checksum(py: Py<'_>, args: Args<'_>, start: u32, sum: fn(u32, &[u8]) -> u32) -> R {
    let data = content(py, args.at(0))?;
    let mut value = masked(py, args.opt(1), start)?;
    for part in data.chunks(STEP) {
        value = sum(value, part);
        py.poll()?;
    }
    py.int(value.into())
}
fn adler32(py: Py<'_>, args: Args<'_>) -> R {
    checksum(py, args, 1, zlib_rs::adler32::adler32)
}
fn crc32(py: Py<'_>, args: Args<'_>) -> R {
    checksum(py, args, 0, zlib_rs::crc32::crc32)
}
