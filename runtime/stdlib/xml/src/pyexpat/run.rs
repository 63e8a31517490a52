//! Parsing: pieces go to the parser, what it tells to the handlers.

use super::call;
use super::object::{slot, this, with, word};
use crate::parser::Code;
use python_objects::{Args, Object, Py, R, Value, bytes, string};
use vm_api::engine::Stop;

/// Bytes that the parser is fed with at once.
const PIECE: usize = 1 << 20;
/// Bytes that are asked of a file at once.
const READ: usize = 2048;

/// Charges what the parser takes outside of the heap, and so many bytes more.
pub(super) fn charge(py: Py<'_>, o: Object, more: usize) -> R<()> {
    let (wanted, charged) = with(py, o, |state| (state.parser.size() + state.text.capacity() + more, state.charged))?;
    if wanted > charged {
        let growth = (wanted - charged).max(charged / 2);
        py.heap().charge_external(growth).map_err(|e| py.out_of_memory(e))?;
        with(py, o, |state| state.charged += growth)?;
    } else if wanted < charged / 4 {
        with(py, o, |state| state.charged = wanted)?;
        py.heap().release_external(charged - wanted);
    }
    Ok(())
}
/// The exception of a document that is wrong.
#[cold]
pub(super) fn failed(py: Py<'_>, o: Object, code: Code) -> Stop {
    let place = with(py, o, |state| {
        state.code = Some(code);
        state.parser.place()
    });
    match place {
        Ok(place) => super::error(py, code, place.line, place.column),
        Err(stop) => stop,
    }
}

pub(super) fn parse(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    let is_final = args.opt(2).map_or(Ok(false), |v| py.truth(v))?;
    let data = args.at(1);
    let text;
    let copy;
    let content = if let Some(s) = string::exact_or_payload(py, data) {
        text = py.utf8(s)?;
        with(py, o, |state| state.parser.set_encoding("utf-8"))?;
        text.as_bytes()
    } else if let Some(b) = py.as_bytes(data) {
        bytes::slice(b)
    } else if let Some(content) = py.bytes_like(data) {
        copy = content;
        &copy
    } else {
        return py.type_error(&format!("a bytes-like object is required, not '{}'", py.class_name(data)));
    };
    run(py, o, content, is_final)?;
    call::flush(py, o)?;
    Ok(Value::int(1))
}
pub(super) fn parse_file(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    let Some(read) = py.get_optional(args.at(1), py.intern("read")?)? else {
        return py.type_error("argument must have 'read' attribute");
    };
    loop {
        let read = py.call(read, &[Value::int(READ as i64)])?;
        let content = match (py.as_bytes(read), py.of_kind(read, python_objects::Kind::BYTEARRAY)) {
            (Some(b), _) => bytes::slice(b).to_vec(),
            (None, Some(b)) => py.bytearray_content(b),
            (None, None) => {
                let class = py.class_name(read);
                return py.type_error(&format!("read() did not return a bytes object (type={class})"));
            }
        };
        if content.len() > READ {
            let length = content.len();
            return py
                .value_error(&format!("read() returned too much data: {READ} bytes requested, {length} returned"));
        }
        run(py, o, &content, content.is_empty())?;
        if content.is_empty() {
            break;
        }
    }
    call::flush(py, o)?;
    Ok(Value::int(1))
}
/// Parses a part of the document, in pieces.
fn run(py: Py<'_>, o: Object, content: &[u8], is_final: bool) -> R<()> {
    if with(py, o, |state| std::mem::replace(&mut state.is_running, true))? {
        return py.err(python_objects::Exc::RuntimeError, "the parser is parsing already");
    }
    let mut rest = content;
    let done = loop {
        let (piece, more) = rest.split_at(rest.len().min(PIECE));
        rest = more;
        if let Err(stop) = run_piece(py, o, piece, is_final && rest.is_empty()) {
            break Err(stop);
        }
        if rest.is_empty() {
            break Ok(());
        }
    };
    with(py, o, |state| state.is_running = false)?;
    done
}
fn run_piece(py: Py<'_>, o: Object, piece: &[u8], last: bool) -> R<()> {
    charge(py, o, 2 * piece.len())?;
    if let Err(code) = with(py, o, |state| state.parser.feed(piece, last))? {
        return Err(failed(py, o, code));
    }
    loop {
        let event = match with(py, o, |state| state.parser.next())? {
            Ok(Some(event)) => event,
            Ok(None) => break,
            Err(code) => return Err(failed(py, o, code)),
        };
        if let Err(stop) = call::tell(py, o, event).and_then(|()| py.poll()) {
            // That was all of this document.
            for i in 0..slot::COUNT {
                py.store(o, word::HANDLERS + i, Value::EMPTY);
            }
            with(py, o, |state| {
                state.default = None;
                state.text.clear();
                state.parser.stop();
            })?;
            return Err(stop);
        }
    }
    charge(py, o, 0)
}
