//! `LZMADecompressor`.

use super::filters::{chain, parse_chain};
use super::{STEP, check, content, failed, format, no_pickling, unsigned};
use crate::output::Output;
use crate::payload;
use liblzma::stream::{Action, Error, Status, Stream, TELL_ANY_CHECK, TELL_NO_CHECK};
use python_objects::{Args, Exc, Native, Object, Py, R, TypeSpec, Value, bytes};
use vm_api::heap::OutOfMemory;

/// What a state takes outside the heap, about: with the dictionary of the default preset.
const BYTES: usize = 9 << 20;
/// Where the header of an xz stream names the check.
const CHECK_AT: usize = 7;

pub(super) static DECOMPRESSOR: TypeSpec = TypeSpec::values(
    "_lzma",
    "LZMADecompressor",
    8,
    &[
        Native::static_method(
            "__new__",
            "cls, format=FORMAT_AUTO, memlimit=None, filters=None",
            new,
            "Create and return a new object.",
        ),
        Native::method(
            "decompress",
            "self, /, data, max_length=-1",
            decompress,
            "Decompress data, at most max_length bytes of output if it is not negative.",
        ),
        Native::method("__reduce__", "self, /", no_pickling, "raises an exception to avoid pickling"),
        Native::method("__reduce_ex__", "self, protocol, /", no_pickling, "raises an exception to avoid pickling"),
        Native::method("__del__", "self, /", payload::release::<Stream>, ""),
        Native::member(
            "check",
            |py, args| field(py, args, word::CHECK),
            "The integrity check of the stream; CHECK_UNKNOWN as long as too little was read of it.",
        ),
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
/// Words beside the state's handle.
mod word {
    /// Input that was not used yet: bytes.
    pub(super) const PENDING: usize = 2;
    pub(super) const UNUSED: usize = 3;
    pub(super) const EOF: usize = 4;
    pub(super) const NEEDS_INPUT: usize = 5;
    pub(super) const CHECK: usize = 6;
    /// The stream's byte that names the check, as soon as it was read.
    pub(super) const CHECK_BYTE: usize = 7;
    /// The limit that the program set, if that is below the heap's.
    pub(super) const LIMITED: usize = 8;
}

fn field(py: Py<'_>, args: Args<'_>, word: usize) -> R {
    Ok(py.native_self(args.at(0), &DECOMPRESSOR)?.get(word))
}
fn new(py: Py<'_>, args: Args<'_>) -> R {
    let format = i64::from(args.opt(1).map_or(Ok(0), |v| py.index_i32(v))?);
    let (memory, filters) = (args.some(2), args.some(3));
    if memory.is_some() && format == format::RAW {
        return py.value_error("Cannot specify memory limit with FORMAT_RAW");
    }
    let heap = py.heap().options().limit as u64;
    let memory = memory.map_or(Ok(u64::MAX), |v| unsigned(py, v))?;
    if format == format::RAW && filters.is_none() {
        return py.value_error("Must specify filters for FORMAT_RAW");
    }
    if format != format::RAW && filters.is_some() {
        return py.value_error("Cannot specify filters except with FORMAT_RAW");
    }
    let (limit, flags) = (memory.min(heap), TELL_ANY_CHECK | TELL_NO_CHECK);
    let made = match (format, filters) {
        (format::AUTO, _) => Stream::new_auto_decoder(limit, flags),
        (format::XZ, _) => Stream::new_stream_decoder(limit, flags),
        (format::ALONE, _) => Stream::new_lzma_decoder(limit),
        (format::RAW, Some(filters)) => {
            chain(&parse_chain(py, filters)?).and_then(|filters| Stream::new_raw_decoder(&filters))
        }
        _ => return py.value_error(&format!("Invalid container format: {format}")),
    };
    let stream = made.or_else(|e| failed(py, e))?;
    let empty = py.bytes(&[])?.value();
    let o = py.new_native_of(args.at(0), &DECOMPRESSOR)?;
    o.init(word::PENDING, empty);
    o.init(word::UNUSED, empty);
    o.init(word::EOF, Value::FALSE);
    o.init(word::NEEDS_INPUT, Value::TRUE);
    let has_check = matches!(format, format::AUTO | format::XZ);
    o.init(word::CHECK, Value::int(if has_check { check::UNKNOWN } else { check::NONE }));
    o.init(word::CHECK_BYTE, Value::int(check::NONE));
    o.init(word::LIMITED, Value::bool(memory < heap));
    payload::attach(py, o, BYTES, || stream)?;
    Ok(o.value())
}
fn decompress(py: Py<'_>, args: Args<'_>) -> R {
    let o = py.native_self(args.at(0), &DECOMPRESSOR)?;
    let data = content(py, args.at(1))?;
    let most = args.opt(2).map_or(Ok(-1), |v| py.index_i64(v))?;
    let most = usize::try_from(most).unwrap_or(usize::MAX);
    if o.get(word::EOF) == Value::TRUE {
        return py.err(Exc::EOFError, "Already at end of stream");
    }
    let input = [bytes::slice(Object::of(o.get(word::PENDING))), &data[..]].concat();
    let (mut out, mut read_in_all, mut ended) = (Output::new(), 0, false);
    loop {
        if let Err(stop) = py.poll() {
            // What has been given to the library must not be given to it again.
            py.store(o, word::PENDING, py.bytes(&input[read_in_all..])?.value());
            return Err(stop);
        }
        let part = &input[read_in_all..input.len().min(read_in_all + STEP)];
        let room = out.room(py, most)?;
        let step = payload::with(py, o, |stream: &mut Stream| {
            let (read, written) = (stream.total_in(), stream.total_out());
            let status = stream.process(part, room, Action::Run);
            let check = CHECK_AT.checked_sub(read as usize).and_then(|at| part.get(at).copied());
            (status, check, (stream.total_in() - read) as usize, (stream.total_out() - written) as usize)
        });
        let Some((status, check_byte, read, written)) = step else { return failed(py, Error::Program) };
        if let Some(byte) = check_byte {
            py.store(o, word::CHECK_BYTE, Value::int(i64::from(byte) & check::MAX));
        }
        read_in_all += read;
        out.length += written;
        match status {
            Ok(Status::GetCheck) => py.store(o, word::CHECK, o.get(word::CHECK_BYTE)),
            Err(Error::NoCheck) => py.store(o, word::CHECK, Value::int(check::NONE)),
            Err(Error::MemLimit) if o.get(word::LIMITED) == Value::FALSE => return Err(py.out_of_memory(OutOfMemory)),
            Err(e) => return failed(py, e),
            Ok(Status::StreamEnd) => ended = true,
            Ok(_) => {}
        }
        if ended || read_in_all == input.len() && out.has_room() || out.length >= most {
            break;
        }
        // Room was left over, and input, but there is no way on.
        if status == Ok(Status::MemNeeded) {
            break;
        }
    }
    let (rest, empty) = (py.bytes(&input[read_in_all..])?.value(), py.bytes(&[])?.value());
    let full = out.length >= most;
    py.store(o, word::EOF, Value::bool(ended));
    py.store(o, word::UNUSED, if ended { rest } else { empty });
    py.store(o, word::PENDING, if ended { empty } else { rest });
    // What did not fit may still be inside.
    py.store(o, word::NEEDS_INPUT, Value::bool(!ended && !full && read_in_all == input.len()));
    if ended {
        payload::release::<Stream>(py, args)?;
    }
    py.bytes(&out.finish()).map(Object::value)
}
