//! `_ZlibDecompressor`: as those of `bz2` and `lzma`, for `gzip`.

use super::decompress::{dictionary, prepared, run};
use super::stream::INFLATE_BYTES;
use super::{content, number};
use crate::payload;
use python_objects::{Args, Exc, Native, Object, Py, R, TypeSpec, Value, bytes};
use zlib_rs::{Inflate, InflateFlush};

pub(super) static DECOMPRESSOR: TypeSpec = TypeSpec::values(
    "zlib",
    "_ZlibDecompressor",
    6,
    METHODS,
    "Decompresses a stream that comes in parts, with what is left over kept inside.",
);
/// Words; the first is the state's handle.
mod word {
    /// Input that was not used yet: bytes.
    pub(super) const PENDING: usize = 2;
    pub(super) const UNUSED: usize = 3;
    pub(super) const EOF: usize = 4;
    pub(super) const NEEDS_INPUT: usize = 5;
    /// Bytes, or EMPTY.
    pub(super) const DICTIONARY: usize = 6;
}
static METHODS: &[Native] = &[
    Native::static_method("__new__", "cls, wbits=15, zdict=b''", new, "Create and return a new object."),
    Native::method(
        "decompress",
        "self, data, max_length=-1",
        decompress,
        "Decompress data, at most max_length bytes of output if it is not negative.",
    ),
    Native::method("__del__", "self, /", payload::release::<Inflate>, ""),
    Native::member("eof", |py, args| field(py, args, word::EOF), "True if the end-of-stream marker has been reached."),
    Native::member(
        "unused_data",
        |py, args| field(py, args, word::UNUSED),
        "Data found after the end of the compressed stream.",
    ),
    Native::member(
        "needs_input",
        |py, args| field(py, args, word::NEEDS_INPUT),
        "True if more input is needed before more decompressed data can be produced.",
    ),
];

fn field(py: Py<'_>, args: Args<'_>, word: usize) -> R {
    Ok(py.native_self(args.at(0), &DECOMPRESSOR)?.get(word))
}
fn new(py: Py<'_>, args: Args<'_>) -> R {
    let dictionary = dictionary(py, args.opt(2))?;
    let stream = prepared(py, number(py, args, 1, 15)?, dictionary)?;
    let empty = py.bytes(&[])?.value();
    let o = py.new_native_of(args.at(0), &DECOMPRESSOR)?;
    o.init(word::PENDING, empty);
    o.init(word::UNUSED, empty);
    o.init(word::EOF, Value::FALSE);
    o.init(word::NEEDS_INPUT, Value::TRUE);
    o.init(word::DICTIONARY, dictionary);
    payload::attach(py, o, INFLATE_BYTES, || stream)?;
    Ok(o.value())
}
fn decompress(py: Py<'_>, args: Args<'_>) -> R {
    let o = py.native_self(args.at(0), &DECOMPRESSOR)?;
    if o.get(word::EOF) == Value::TRUE {
        return py.err(Exc::EOFError, "End of stream already reached");
    }
    let data = content(py, args.at(1))?;
    let most = match args.opt(2).map_or(Ok(-1), |v| py.index_i64(v))? {
        ..0 => usize::MAX,
        n => n as usize,
    };
    let pending = Object::of(o.get(word::PENDING));
    let input =
        if bytes::slice(pending).is_empty() { data.to_vec() } else { [bytes::slice(pending), &data[..]].concat() };
    let done = match run(py, o, &input, most, o.get(word::DICTIONARY), InflateFlush::SyncFlush)? {
        Ok(done) => done,
        Err(failure) => return failure.raise(py, "decompressing data"),
    };
    let (rest, empty) = (py.bytes(&input[done.read..])?.value(), py.bytes(&[])?.value());
    let full = done.output.len() >= most;
    py.store(o, word::EOF, Value::bool(done.ended));
    py.store(o, word::UNUSED, if done.ended { rest } else { empty });
    py.store(o, word::PENDING, if done.ended { empty } else { rest });
    // What did not fit may still be inside.
    py.store(o, word::NEEDS_INPUT, Value::bool(!done.ended && !full && done.read == input.len()));
    py.bytes(&done.output).map(Object::value)
}
