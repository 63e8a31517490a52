//! Compressing.

use super::stream::{DEFLATE_BYTES, deflate, flush_mode, run_deflate};
use super::{content, error, number, numbered};
use crate::payload;
use python_objects::{Args, Native, Object, Py, R, TypeSpec};
use zlib_rs::{Deflate, DeflateFlush};

/// Words: the state's handle.
pub(super) static COMPRESS: TypeSpec = TypeSpec::values("zlib", "Compress", 1, METHODS, "");
static METHODS: &[Native] = &[
    Native::method(
        "compress",
        "self, data, /",
        compress,
        "Compress a part; what it returns goes before what later parts return.",
    ),
    Native::method("flush", "self, mode=4, /", flush, "Return what is left inside, by default finishing the stream."),
    Native::method("__del__", "self, /", payload::release::<Deflate>, ""),
];

pub(super) fn one_shot(py: Py<'_>, args: Args<'_>) -> R {
    let data = content(py, args.at(0))?;
    let (level, wbits) = (number(py, args, 1, -1)?, number(py, args, 2, 15)?);
    let Some(mut stream) = deflate(level, 8, wbits, 8, 0) else { return error(py, "Bad compression level") };
    let done = run_deflate(
        py,
        &mut |f| {
            f(&mut stream);
            true
        },
        &data,
        DeflateFlush::Finish,
    )?;
    match done {
        Ok((out, _)) => py.bytes(&out).map(Object::value),
        Err(number) => numbered(py, number, "compressing data", None),
    }
}
pub(super) fn make(py: Py<'_>, args: Args<'_>) -> R {
    let (level, method, wbits) = (number(py, args, 0, -1)?, number(py, args, 1, 8)?, number(py, args, 2, 15)?);
    let (memory, strategy) = (number(py, args, 3, 8)?, number(py, args, 4, 0)?);
    let dictionary = args.some(5).map(|v| content(py, v)).transpose()?;
    let Some(mut stream) = deflate(level, method, wbits, memory, strategy) else {
        return py.value_error("Invalid initialization option");
    };
    if let Some(dictionary) = dictionary
        && stream.set_dictionary(&dictionary).is_err()
    {
        return py.value_error("Invalid dictionary");
    }
    let o = py.new_native(&COMPRESS)?;
    payload::attach(py, o, DEFLATE_BYTES, || stream)?;
    Ok(o.value())
}
fn run(py: Py<'_>, o: Object, input: &[u8], mode: DeflateFlush, doing: &str) -> R {
    let done = run_deflate(py, &mut |f| payload::with::<Deflate, _>(py, o, |stream| f(stream)).is_some(), input, mode)?;
    match done {
        Ok((out, ended)) => {
            if ended {
                payload::release::<Deflate>(py, Args::of(&[o.value()]))?;
            }
            py.bytes(&out).map(Object::value)
        }
        Err(number) => numbered(py, number, doing, None),
    }
}
fn compress(py: Py<'_>, args: Args<'_>) -> R {
    let o = py.native_self(args.at(0), &COMPRESS)?;
    let data = content(py, args.at(1))?;
    run(py, o, &data, DeflateFlush::NoFlush, "compressing data")
}
fn flush(py: Py<'_>, args: Args<'_>) -> R {
    let o = py.native_self(args.at(0), &COMPRESS)?;
    match number(py, args, 1, 4)? {
        // There is nothing that this flushes.
        0 => py.bytes(&[]).map(Object::value),
        mode => match flush_mode(mode) {
            Some(mode) => run(py, o, &[], mode, "flushing"),
            None => numbered(py, -2, "flushing", None),
        },
    }
}
