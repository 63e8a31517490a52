//! Decompressing, at once or in parts.

use super::stream::{Failure, INFLATE_BYTES, Inflated, inflate, run_inflate};
use super::{content, number, numbered};
use crate::payload;
use python_objects::{Args, Native, Object, Py, R, TypeSpec, Value, bytes};
use zlib_rs::{Inflate, InflateFlush};

pub(super) static DECOMPRESS: TypeSpec = TypeSpec::values("zlib", "Decompress", 5, METHODS, "");
/// Words; the first is the state's handle.
mod word {
    pub(super) const UNUSED: usize = 2;
    pub(super) const TAIL: usize = 3;
    pub(super) const EOF: usize = 4;
    /// Bytes, or EMPTY.
    pub(super) const DICTIONARY: usize = 5;
}
static METHODS: &[Native] = &[
    Native::method(
        "decompress",
        "self, data, /, max_length=0",
        decompress,
        "Decompress a part. What max_length leaves over is in unconsumed_tail.",
    ),
    Native::method("flush", "self, length=16384, /", flush, "Return what can still be decompressed."),
    Native::method("__del__", "self, /", payload::release::<Inflate>, ""),
    Native::member(
        "unused_data",
        |py, args| field(py, args, word::UNUSED),
        "Data found after the end of the compressed stream.",
    ),
    Native::member("unconsumed_tail", |py, args| field(py, args, word::TAIL), "Data left unconsumed."),
    Native::member("eof", |py, args| field(py, args, word::EOF), "True if the end-of-stream marker has been reached."),
];

fn this(py: Py<'_>, args: Args<'_>) -> R<Object> {
    py.native_self(args.at(0), &DECOMPRESS)
}
fn field(py: Py<'_>, args: Args<'_>, word: usize) -> R {
    Ok(this(py, args)?.get(word))
}
pub(super) fn one_shot(py: Py<'_>, args: Args<'_>) -> R {
    let data = content(py, args.at(0))?;
    let wbits = number(py, args, 1, 15)?;
    if args.opt(2).map_or(Ok(0), |v| py.index_i64(v))? < 0 {
        return py.value_error("bufsize must be non-negative");
    }
    let Some(mut stream) = inflate(wbits) else { return numbered(py, -2, "preparing to decompress data", None) };
    let mut state = |f: &mut dyn FnMut(&mut Inflate)| {
        f(&mut stream);
        true
    };
    match run_inflate(py, &mut state, &data, usize::MAX, None, InflateFlush::SyncFlush)? {
        Ok(done) if done.ended => py.bytes(&done.output).map(Object::value),
        Ok(_) => numbered(py, -5, "decompressing data", None),
        Err(failure) => failure.raise(py, "decompressing data"),
    }
}
/// The dictionary argument, as bytes of its own.
pub(super) fn dictionary(py: Py<'_>, v: Option<Value>) -> R {
    let Some(v) = v else { return Ok(Value::EMPTY) };
    match py.content_of(v) {
        Some(content) if content.is_empty() => Ok(Value::EMPTY),
        Some(content) => py.bytes(&content).map(Object::value),
        None => py.type_error("zdict argument must support the buffer protocol"),
    }
}
/// A decompressor with its dictionary, if that is to be there from the beginning.
pub(super) fn prepared(py: Py<'_>, wbits: i32, dictionary: Value) -> R<Inflate> {
    let Some(mut stream) = inflate(wbits) else { return py.value_error("Invalid initialization option") };
    if let Some(dictionary) = Object::from_value(dictionary).filter(|_| wbits < 0)
        && stream.set_dictionary(bytes::slice(dictionary)).is_err()
    {
        return py.value_error("Invalid dictionary");
    }
    Ok(stream)
}
pub(super) fn make(py: Py<'_>, args: Args<'_>) -> R {
    let dictionary = dictionary(py, args.opt(1))?;
    let stream = prepared(py, number(py, args, 0, 15)?, dictionary)?;
    let (o, empty) = (py.new_native(&DECOMPRESS)?, py.bytes(&[])?.value());
    o.init(word::UNUSED, empty);
    o.init(word::TAIL, empty);
    o.init(word::EOF, Value::FALSE);
    o.init(word::DICTIONARY, dictionary);
    payload::attach(py, o, INFLATE_BYTES, || stream)?;
    Ok(o.value())
}
/// Runs the state of an object.
pub(super) fn run(
    py: Py<'_>,
    o: Object,
    input: &[u8],
    most: usize,
    dictionary: Value,
    mode: InflateFlush,
) -> R<Result<Inflated, Failure>> {
    let dictionary = Object::from_value(dictionary).map(bytes::slice);
    let mut state = |f: &mut dyn FnMut(&mut Inflate)| payload::with::<Inflate, _>(py, o, |stream| f(stream)).is_some();
    run_inflate(py, &mut state, input, most, dictionary, mode)
}
/// Decompresses, and keeps what is left of the input.
fn go_on(py: Py<'_>, o: Object, input: &[u8], most: usize, mode: InflateFlush) -> R<Result<Vec<u8>, Failure>> {
    let done = match run(py, o, input, most, o.get(word::DICTIONARY), mode)? {
        Ok(done) => done,
        Err(failure) => return Ok(Err(failure)),
    };
    let rest = &input[done.read..];
    if done.ended {
        let old = Object::of(o.get(word::UNUSED));
        let unused = [bytes::slice(old), rest].concat();
        py.store(o, word::UNUSED, py.bytes(&unused)?.value());
        py.store(o, word::EOF, Value::TRUE);
    }
    // At the end the tail is what is left, but only if there was one.
    let tail = Object::of(o.get(word::TAIL));
    let tail = py.bytes(if done.ended && bytes::slice(tail).is_empty() { &[] } else { rest })?;
    py.store(o, word::TAIL, tail.value());
    Ok(Ok(done.output))
}
fn decompress(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    let data = content(py, args.at(1))?;
    let most = match args.opt(2).map_or(Ok(0), |v| py.index_i64(v))? {
        ..0 => return py.value_error("max_length must be non-negative"),
        0 => usize::MAX,
        n => n as usize,
    };
    if o.get(word::EOF) == Value::TRUE {
        if o.get(payload::HANDLE).is_empty() {
            return numbered(py, -2, "decompressing data", None);
        }
        let old = Object::of(o.get(word::UNUSED));
        let unused = [bytes::slice(old), &data[..]].concat();
        py.store(o, word::UNUSED, py.bytes(&unused)?.value());
        return py.bytes(&[]).map(Object::value);
    }
    match go_on(py, o, &data, most, InflateFlush::SyncFlush)? {
        Ok(out) => py.bytes(&out).map(Object::value),
        Err(failure) => failure.raise(py, "decompressing data"),
    }
}
fn flush(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    if args.opt(1).map_or(Ok(1), |v| py.index_i64(v))? <= 0 {
        return py.value_error("length must be greater than zero");
    }
    if o.get(word::EOF) == Value::TRUE {
        // Nothing more is decompressed then.
        payload::release::<Inflate>(py, args.first(1))?;
        return py.bytes(&[]).map(Object::value);
    }
    let tail = Object::of(o.get(word::TAIL));
    // An end that does not come is no error.
    match go_on(py, o, bytes::slice(tail), usize::MAX, InflateFlush::Finish)? {
        Ok(out) => py.bytes(&out).map(Object::value),
        Err(failure) => failure.raise(py, "flushing"),
    }
}
