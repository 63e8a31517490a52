//! The two directions of DEFLATE, over plain bytes.

use super::{STEP, numbered};
use crate::output::Output;
use python_objects::{Py, R};
use vm_api::heap::OutOfMemory;
use zlib_rs::{Deflate, DeflateConfig, DeflateFlush, Inflate, InflateError, InflateFlush, Method, Status, Strategy};

/// What a stream takes outside the heap, about.
pub(super) const DEFLATE_BYTES: usize = 300 << 10;
pub(super) const INFLATE_BYTES: usize = 48 << 10;

/// A compressor; `None` for options that there are not.
pub(super) fn deflate(level: i32, method: i32, wbits: i32, memory: i32, strategy: i32) -> Option<Deflate> {
    let strategy = match strategy {
        0 => Strategy::Default,
        1 => Strategy::Filtered,
        2 => Strategy::HuffmanOnly,
        3 => Strategy::Rle,
        4 => Strategy::Fixed,
        _ => return None,
    };
    let windows = matches!(wbits, 8..=15 | -15..=-9 | 25..=31);
    let valid = (-1..=9).contains(&level) && method == 8 && windows && (1..=9).contains(&memory);
    let config = DeflateConfig { level, method: Method::Deflated, window_bits: wbits, mem_level: memory, strategy };
    valid.then(|| Deflate::new_with_config(config))
}
/// A decompressor; `None` for window sizes that there are not.
pub(super) fn inflate(wbits: i32) -> Option<Inflate> {
    match wbits {
        0 | 8..=15 | 24..=31 | 40..=47 => Some(Inflate::new(true, wbits as u8)),
        // Of whatever size the header says.
        16 => Some(Inflate::new(true, 31)),
        32 => Some(Inflate::new(true, 47)),
        -15..=-8 => Some(Inflate::new(false, -wbits as u8)),
        _ => None,
    }
}
/// A flush mode from its number, but for the one that flushes nothing.
pub(super) fn flush_mode(number: i32) -> Option<DeflateFlush> {
    Some(match number {
        1 => DeflateFlush::PartialFlush,
        2 => DeflateFlush::SyncFlush,
        3 => DeflateFlush::FullFlush,
        4 => DeflateFlush::Finish,
        5 => DeflateFlush::Block,
        _ => return None,
    })
}

/// The state on which a step of work is done, wherever it is.
pub(super) type OnDeflate<'a> = &'a mut dyn FnMut(&mut dyn FnMut(&mut Deflate)) -> bool;
pub(super) type OnInflate<'a> = &'a mut dyn FnMut(&mut dyn FnMut(&mut Inflate)) -> bool;

/// Compresses input to its end; `Err` inside: zlib's number. Says whether the stream ended.
pub(super) fn run_deflate(
    py: Py<'_>,
    state: OnDeflate<'_>,
    mut input: &[u8],
    mode: DeflateFlush,
) -> R<Result<(Vec<u8>, bool), i32>> {
    let mut out = Output::new();
    loop {
        py.poll()?;
        let part = &input[..input.len().min(STEP)];
        // Only the last part is flushed.
        let mode = if part.len() < input.len() { DeflateFlush::NoFlush } else { mode };
        let room = out.room(py, usize::MAX)?;
        let (free, mut step) = (room.len(), None);
        let there = state(&mut |stream| {
            let (read, written) = (stream.total_in(), stream.total_out());
            let status = stream.compress(part, room, mode);
            step = Some((status, (stream.total_in() - read) as usize, (stream.total_out() - written) as usize));
        });
        let Some((status, read, written)) = step.filter(|_| there) else { return Ok(Err(-2)) };
        input = &input[read..];
        out.length += written;
        match status {
            Err(e) => return Ok(Err(e as i32)),
            Ok(Status::StreamEnd) => return Ok(Ok((out.finish(), true))),
            Ok(_) if input.is_empty() && written < free => return Ok(Ok((out.finish(), false))),
            Ok(_) => {}
        }
    }
}

/// What decompression came to.
pub(super) struct Inflated {
    pub(super) output: Vec<u8>,
    /// How much of the input was used.
    pub(super) read: usize,
    /// Did the stream end?
    pub(super) ended: bool,
}
/// Why it failed.
pub(super) struct Failure {
    /// zlib's number.
    number: i32,
    /// What it says.
    message: Option<&'static str>,
    /// What it was doing, if not what the caller thinks.
    doing: Option<&'static str>,
}
impl Failure {
    /// Raises it as the error that it is.
    pub(super) fn raise<T>(&self, py: Py<'_>, doing: &str) -> R<T> {
        numbered(py, self.number, self.doing.unwrap_or(doing), self.message)
    }
}

/// Decompresses input to its end, the stream's end, or `most` bytes of output.
pub(super) fn run_inflate(
    py: Py<'_>,
    state: OnInflate<'_>,
    input: &[u8],
    most: usize,
    dictionary: Option<&[u8]>,
    mode: InflateFlush,
) -> R<Result<Inflated, Failure>> {
    let (mut out, mut read, mut doing) = (Output::new(), 0, None);
    loop {
        py.poll()?;
        let part = &input[read..input.len().min(read + STEP)];
        let room = out.room(py, most)?;
        let (free, mut step) = (room.len(), None);
        let there = state(&mut |stream| {
            let (read, written) = (stream.total_in(), stream.total_out());
            let mut status = stream.decompress(part, room, mode);
            let mut used = (stream.total_in() - read) as usize;
            if let (Err(InflateError::NeedDict { .. }), Some(dictionary)) = (status, dictionary) {
                status = match stream.set_dictionary(dictionary) {
                    Ok(_) => stream.decompress(&part[used..], room, mode),
                    Err(e) => {
                        doing = Some("setting zdict");
                        Err(e)
                    }
                };
                used = (stream.total_in() - read) as usize;
            }
            let message = stream.error_message();
            step = Some((status, message, used, (stream.total_out() - written) as usize));
        });
        let Some((status, message, used, written)) = step.filter(|_| there) else {
            return Ok(Err(Failure { number: -2, message: None, doing }));
        };
        read += used;
        out.length += written;
        let done = match status {
            Err(InflateError::MemError) => return Err(py.out_of_memory(OutOfMemory)),
            Err(e) => {
                let number = match e {
                    InflateError::NeedDict { .. } => 2,
                    InflateError::DataError => -3,
                    _ => -2,
                };
                return Ok(Err(Failure { number, message, doing }));
            }
            Ok(Status::StreamEnd) => true,
            // Where room is left over, there was no more input for it.
            Ok(_) => out.length >= most || written < free && read == input.len() || used == 0 && written == 0,
        };
        if done {
            return Ok(Ok(Inflated { output: out.finish(), read, ended: status == Ok(Status::StreamEnd) }));
        }
    }
}
