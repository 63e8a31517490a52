//! `LZMACompressor`.

use super::filters::{chain, parse_chain, preset_bytes};
use super::{STEP, check, content, failed, format, no_pickling, unsigned_32};
use crate::output::Output;
use crate::payload;
use liblzma::stream::{Action, Check, Error, LzmaOptions, PRESET_DEFAULT, Status, Stream};
use python_objects::{Args, Native, Object, Py, R, TypeSpec, Value};

pub(super) static COMPRESSOR: TypeSpec = TypeSpec::values(
    "_lzma",
    "LZMACompressor",
    2,
    &[
        Native::static_method(
            "__new__",
            "cls, format=FORMAT_XZ, check=-1, preset=None, filters=None",
            new,
            "Create and return a new object.",
        ),
        Native::method(
            "compress",
            "self, data, /",
            compress,
            "Compress a part; what it returns goes before what later calls return.",
        ),
        Native::method("flush", "self, /", flush, "Finish the stream; return what is left of it."),
        Native::method("__reduce__", "self, /", no_pickling, "raises an exception to avoid pickling"),
        Native::method("__reduce_ex__", "self, protocol, /", no_pickling, "raises an exception to avoid pickling"),
        Native::method("__del__", "self, /", payload::release::<Stream>, ""),
    ],
    "Compresses a stream that comes in parts, in a container, with a preset or a chain of filters.",
);
/// Word behind the state's handle: was the stream finished?
const FLUSHED: usize = 2;

fn new(py: Py<'_>, args: Args<'_>) -> R {
    let format = args.opt(1).map_or(Ok(1), |v| py.index_i32(v))?;
    let wanted = i64::from(args.opt(2).map_or(Ok(-1), |v| py.index_i32(v))?);
    let (preset, filters) = (args.some(3), args.some(4));
    if i64::from(format) != format::XZ && wanted != -1 && wanted != check::NONE {
        return py.value_error("Integrity checks are only supported by FORMAT_XZ");
    }
    if preset.is_some() && filters.is_some() {
        return py.value_error("Cannot specify both preset and filter chain");
    }
    let preset = preset.map_or(Ok(PRESET_DEFAULT), |v| unsigned_32(py, v))?;
    let parsed = |v: Value| parse_chain(py, v);
    let (made, bytes) = match i64::from(format) {
        format::XZ => {
            let filters = filters.map(parsed).transpose()?;
            let bytes =
                filters.as_ref().map_or(preset_bytes(preset), |f| f.iter().map(super::filters::Filter::bytes).sum());
            let check = match wanted {
                -1 | check::CRC64 => Some(Check::Crc64),
                check::NONE => Some(Check::None),
                check::CRC32 => Some(Check::Crc32),
                check::SHA256 => Some(Check::Sha256),
                _ => None,
            };
            let made = match (check, &filters) {
                (None, _) => Err(Error::UnsupportedCheck),
                (Some(check), Some(filters)) => chain(filters).and_then(|f| Stream::new_stream_encoder(&f, check)),
                (Some(check), None) => Stream::new_easy_encoder(preset, check),
            };
            (made, bytes)
        }
        format::ALONE => {
            let (options, bytes) = match filters.map(parsed).transpose()? {
                None => (LzmaOptions::new_preset(preset), preset_bytes(preset)),
                Some(filters) => match &filters[..] {
                    [filter] if let Some(options) = filter.lzma1() => (options, filter.bytes()),
                    _ => {
                        return py.value_error("Invalid filter chain for FORMAT_ALONE - must be a single LZMA1 filter");
                    }
                },
            };
            (options.and_then(|options| Stream::new_lzma_encoder(&options)), bytes)
        }
        format::RAW => {
            let Some(filters) = filters else { return py.value_error("Must specify filters for FORMAT_RAW") };
            let filters = parsed(filters)?;
            let bytes = filters.iter().map(super::filters::Filter::bytes).sum();
            (chain(&filters).and_then(|f| Stream::new_raw_encoder(&f)), bytes)
        }
        _ => return py.value_error(&format!("Invalid container format: {format}")),
    };
    let stream = made.or_else(|e| failed(py, e))?;
    let o = py.new_native_of(args.at(0), &COMPRESSOR)?;
    o.init(FLUSHED, Value::FALSE);
    payload::attach(py, o, bytes, || stream)?;
    Ok(o.value())
}
/// Compresses input to its end, or to the end of the stream.
fn run(py: Py<'_>, o: Object, mut input: &[u8], is_end: bool) -> R {
    let mut out = Output::new();
    loop {
        py.poll()?;
        let part = &input[..input.len().min(STEP)];
        let room = out.room(py, usize::MAX)?;
        let step = payload::with(py, o, |stream: &mut Stream| {
            let (read, written) = (stream.total_in(), stream.total_out());
            let status = stream.process(part, room, if is_end { Action::Finish } else { Action::Run });
            (status, (stream.total_in() - read) as usize, (stream.total_out() - written) as usize)
        });
        let Some((status, read, written)) = step else { return failed(py, Error::Program) };
        input = &input[read..];
        out.length += written;
        match status {
            Err(e) => return failed(py, e),
            Ok(Status::StreamEnd) => break,
            Ok(_) if !is_end && input.is_empty() => break,
            Ok(_) => {}
        }
    }
    py.bytes(&out.finish()).map(Object::value)
}
fn compress(py: Py<'_>, args: Args<'_>) -> R {
    let o = py.native_self(args.at(0), &COMPRESSOR)?;
    let data = content(py, args.at(1))?;
    if o.get(FLUSHED) == Value::TRUE {
        return py.value_error("Compressor has been flushed");
    }
    if data.is_empty() { py.bytes(&[]).map(Object::value) } else { run(py, o, &data, false) }
}
fn flush(py: Py<'_>, args: Args<'_>) -> R {
    let o = py.native_self(args.at(0), &COMPRESSOR)?;
    if o.get(FLUSHED) == Value::TRUE {
        return py.value_error("Repeated call to flush()");
    }
    py.store(o, FLUSHED, Value::TRUE);
    let end = run(py, o, &[], true)?;
    payload::release::<Stream>(py, args)?;
    Ok(end)
}
