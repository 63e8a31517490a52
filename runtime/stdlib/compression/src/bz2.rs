//! `_bz2`: the block-sorting compression of bzip2.

use crate::output::Output;
use crate::payload;
use crate::stream::{content, no_pickling};
use bzip2::{Action, Compress, Compression, Decompress, Error, Status};
use python_objects::{Args, Exc, Native, Object, Py, R, TypeSpec, Value, bytes};
use vm_api::heap::OutOfMemory;

/// What states take outside the heap, about: that of a compressor for each level.
const COMPRESSOR_BYTES: usize = 900 << 10;
const DECOMPRESSOR_BYTES: usize = 4 << 20;
/// How much is compressed between two looks at whether to stop: some milliseconds' work.
const STEP: usize = 64 << 10;

static COMPRESSOR: TypeSpec = TypeSpec::values(
    "_bz2",
    "BZ2Compressor",
    2,
    &[
        Native::static_method("__new__", "cls, compresslevel=9, /", new_compressor, "Create and return a new object."),
        Native::method(
            "compress",
            "self, data, /",
            compress,
            "Compress a part; what it returns goes before what later calls return.",
        ),
        Native::method("flush", "self, /", flush, "Finish the stream; return what is left of it."),
        Native::method("__reduce__", "self, /", no_pickling, "raises an exception to avoid pickling"),
        Native::method("__reduce_ex__", "self, protocol, /", no_pickling, "raises an exception to avoid pickling"),
        Native::method("__del__", "self, /", payload::release::<Compress>, ""),
    ],
    "Compresses a stream that comes in parts.\n\nThe level, from 1 to 9, is the size of the blocks in units of 100,000 bytes.",
);
/// Words beside the state's handle.
mod compressor {
    /// Was the stream finished?
    pub(super) const FLUSHED: usize = 2;
}

static DECOMPRESSOR: TypeSpec = TypeSpec::values(
    "_bz2",
    "BZ2Decompressor",
    5,
    &[
        Native::static_method("__new__", "cls, /", new_decompressor, "Create and return a new object."),
        Native::method(
            "decompress",
            "self, /, data, max_length=-1",
            decompress,
            "Decompress data, at most max_length bytes of output if it is not negative.",
        ),
        Native::method("__reduce__", "self, /", no_pickling, "raises an exception to avoid pickling"),
        Native::method("__reduce_ex__", "self, protocol, /", no_pickling, "raises an exception to avoid pickling"),
        Native::method("__del__", "self, /", payload::release::<Decompress>, ""),
        Native::member("eof", |py, args| field(py, args, word::EOF), "True if the stream's end has been reached."),
        Native::member(
            "needs_input",
            |py, args| field(py, args, word::NEEDS_INPUT),
            "True if only more input gives more output.",
        ),
        Native::member(
            "unused_data",
            |py, args| field(py, args, word::UNUSED),
            "What was found behind the stream's end.",
        ),
    ],
    "Decompresses a stream that comes in parts.",
);
/// Words of a decompressor beside the state's handle.
mod word {
    /// Input that was not used yet: bytes.
    pub(super) const PENDING: usize = 2;
    pub(super) const UNUSED: usize = 3;
    pub(super) const EOF: usize = 4;
    pub(super) const NEEDS_INPUT: usize = 5;
}

pub(crate) fn init(py: Py<'_>, module: Object) -> R<()> {
    for spec in [&COMPRESSOR, &DECOMPRESSOR] {
        stdlib_core::support::add(py, module, spec.name, py.native_type(spec)?.value())?;
    }
    Ok(())
}

fn failed<T>(py: Py<'_>, e: Error) -> R<T> {
    match e {
        Error::Data | Error::DataMagic => py.err(Exc::OSError, "Invalid data stream"),
        Error::Param => py.value_error("Internal error - invalid parameters passed to libbzip2"),
        Error::Sequence => py.err(Exc::RuntimeError, "Internal error - Invalid sequence of commands sent to libbzip2"),
    }
}

fn new_compressor(py: Py<'_>, args: Args<'_>) -> R {
    let level = args.opt(1).map_or(Ok(9), |v| py.index_i32(v))?;
    if !(1..=9).contains(&level) {
        return py.value_error("compresslevel must be between 1 and 9");
    }
    let o = py.new_native_of(args.at(0), &COMPRESSOR)?;
    o.init(compressor::FLUSHED, Value::FALSE);
    payload::attach(py, o, COMPRESSOR_BYTES * level as usize, || Compress::new(Compression::new(level as u32), 0))?;
    Ok(o.value())
}
/// Compresses input to its end, or to the end of the stream.
fn run(py: Py<'_>, o: Object, mut input: &[u8], action: Action) -> R {
    let mut out = Output::new();
    loop {
        py.poll()?;
        let part = &input[..input.len().min(STEP)];
        let room = out.room(py, usize::MAX)?;
        let step = payload::with(py, o, |stream: &mut Compress| {
            let (read, written) = (stream.total_in(), stream.total_out());
            let status = stream.compress(part, room, action);
            (status, (stream.total_in() - read) as usize, (stream.total_out() - written) as usize)
        });
        let Some((status, read, written)) = step else { return failed(py, Error::Sequence) };
        input = &input[read..];
        out.length += written;
        match status {
            Err(e) => return failed(py, e),
            Ok(Status::MemNeeded) => return Err(py.out_of_memory(OutOfMemory)),
            Ok(Status::StreamEnd) => break,
            Ok(_) if action == Action::Run && input.is_empty() => break,
            Ok(_) => {}
        }
    }
    py.bytes(&out.finish()).map(Object::value)
}
fn compress(py: Py<'_>, args: Args<'_>) -> R {
    let o = py.native_self(args.at(0), &COMPRESSOR)?;
    let data = content(py, args.at(1))?;
    if o.get(compressor::FLUSHED) == Value::TRUE {
        return py.value_error("Compressor has been flushed");
    }
    if data.is_empty() { py.bytes(&[]).map(Object::value) } else { run(py, o, &data, Action::Run) }
}
fn flush(py: Py<'_>, args: Args<'_>) -> R {
    let o = py.native_self(args.at(0), &COMPRESSOR)?;
    if o.get(compressor::FLUSHED) == Value::TRUE {
        return py.value_error("Repeated call to flush()");
    }
    py.store(o, compressor::FLUSHED, Value::TRUE);
    let end = run(py, o, &[], Action::Finish)?;
    payload::release::<Compress>(py, args)?;
    Ok(end)
}

fn field(py: Py<'_>, args: Args<'_>, word: usize) -> R {
    Ok(py.native_self(args.at(0), &DECOMPRESSOR)?.get(word))
}
fn new_decompressor(py: Py<'_>, args: Args<'_>) -> R {
    let empty = py.bytes(&[])?.value();
    let o = py.new_native_of(args.at(0), &DECOMPRESSOR)?;
    o.init(word::PENDING, empty);
    o.init(word::UNUSED, empty);
    o.init(word::EOF, Value::FALSE);
    o.init(word::NEEDS_INPUT, Value::TRUE);
    payload::attach(py, o, DECOMPRESSOR_BYTES, || Decompress::new(false))?;
    Ok(o.value())
}
fn decompress(py: Py<'_>, args: Args<'_>) -> R {
    let o = py.native_self(args.at(0), &DECOMPRESSOR)?;
    let data = content(py, args.at(1))?;
    let most = args.opt(2).map_or(Ok(-1), |v| py.index_i64(v))?;
    let most = usize::try_from(most).unwrap_or(usize::MAX);
    if o.get(word::EOF) == Value::TRUE {
        return py.err(Exc::EOFError, "End of stream already reached");
    }
    let input = [bytes::slice(Object::of(o.get(word::PENDING))), &data[..]].concat();
    let (mut out, mut read_in_all, mut ended) = (Output::new(), 0, false);
    // What has been given to the library must not be given to it again if this ends early.
    let keep = |read: usize| -> R<()> {
        py.store(o, word::PENDING, py.bytes(&input[read..])?.value());
        Ok(())
    };
    loop {
        if let Err(stop) = py.poll() {
            keep(read_in_all)?;
            return Err(stop);
        }
        let part = &input[read_in_all..input.len().min(read_in_all + STEP)];
        let room = out.room(py, most)?;
        let step = payload::with(py, o, |stream: &mut Decompress| {
            let (read, written) = (stream.total_in(), stream.total_out());
            let status = stream.decompress(part, room);
            (status, (stream.total_in() - read) as usize, (stream.total_out() - written) as usize)
        });
        let Some((status, read, written)) = step else { return failed(py, Error::Sequence) };
        read_in_all += read;
        out.length += written;
        match status {
            Err(e) => return failed(py, e),
            Ok(Status::MemNeeded) => return Err(py.out_of_memory(OutOfMemory)),
            Ok(Status::StreamEnd) => ended = true,
            Ok(_) if read_in_all == input.len() || out.length >= most => {}
            Ok(_) => continue,
        }
        break;
    }
    let (rest, empty) = (py.bytes(&input[read_in_all..])?.value(), py.bytes(&[])?.value());
    py.store(o, word::EOF, Value::bool(ended));
    py.store(o, word::UNUSED, if ended { rest } else { empty });
    py.store(o, word::PENDING, if ended { empty } else { rest });
    py.store(o, word::NEEDS_INPUT, Value::bool(!ended && read_in_all == input.len()));
    if ended {
        payload::release::<Decompress>(py, args)?;
    }
    py.bytes(&out.finish()).map(Object::value)
}
