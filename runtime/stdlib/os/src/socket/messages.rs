//! Messages with ancillary data.

use super::address::{from_value, to_value};
use super::object::{family, operate, this};
use super::transfer::{flags, not_bytes, room};
use crate::posix::small;
use python_objects::{Args, Exc, Native, Py, R, Value, list};
use stdlib_core::audit;
use stdlib_core::buffers::{fill_target, target_length};
use stdlib_system::net::{self, Ancillary, Received};
use vm_api::heap::OutOfMemory;

pub(super) static FUNCTIONS: &[Native] = &[
    Native::function(
        "CMSG_LEN",
        "length, /",
        |py, a| length(py, a, "CMSG_LEN", net::ancillary_length),
        "Length of an item of ancillary data.",
    ),
    Native::function(
        "CMSG_SPACE",
        "length, /",
        |py, a| length(py, a, "CMSG_SPACE", net::ancillary_space),
        "Room of an item of ancillary data.",
    ),
];

fn length(py: Py<'_>, args: Args<'_>, name: &str, of: fn(usize) -> Option<usize>) -> R {
    let n = py.index_i64(args.at(0))?;
    match usize::try_from(n).ok().and_then(of) {
        Some(n) => py.int_usize(n),
        None => py.err(Exc::OverflowError, &format!("{name}() argument out of range")),
    }
}

fn ancillary_room(py: Py<'_>, args: Args<'_>) -> R<usize> {
    match usize::try_from(args.opt(2).map_or(Ok(0), |v| py.index_i64(v))?) {
        Ok(n) if n > py.heap().options().limit => Err(py.out_of_memory(OutOfMemory)),
        Ok(n) if n <= i32::MAX as usize => Ok(n),
        _ => py.value_error("invalid ancillary data buffer length"),
    }
}
/// Ancillary data, flags and sender, behind what else a call returns.
fn to_tuple(py: Py<'_>, first: Value, received: &Received) -> R {
    let items = py.new_list(received.ancillary.len())?;
    for (level, kind, content) in &received.ancillary {
        let content = py.bytes(content)?.value();
        let item = py.tuple(&[small(*level), small(*kind), content])?;
        py.list_push(items, item)?;
    }
    py.tuple(&[first, items.value(), small(received.flags), to_value(py, &received.from)?])
}
pub(super) fn recvmsg(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    let mut buffers = [room(py, args.at(1), "negative buffer size in recvmsg()")?];
    let (ancillary, flags) = (ancillary_room(py, args)?, flags(py, args, 3)?);
    let received = operate(py, o, libc::POLLIN, |fd| net::receive_message(fd, &mut buffers, ancillary, flags))?;
    let content = py.bytes(&buffers[0][..received.length.min(buffers[0].len())])?.value();
    to_tuple(py, content, &received)
}
pub(super) fn recvmsg_into(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    if !py.is_iterable(args.at(1)) {
        return py.type_error("recvmsg_into() argument 1 must be an iterable");
    }
    let targets = py.list_from(args.at(1))?;
    let mut buffers = Vec::new();
    for i in 0..list::length(targets) {
        let Some(length) = target_length(py, list::item(targets, i)) else {
            return py.type_error("recvmsg_into() argument 1 must be an iterable of single-segment read-write buffers");
        };
        buffers.push(vec![0; length]);
    }
    let (ancillary, flags) = (ancillary_room(py, args)?, flags(py, args, 3)?);
    let received = operate(py, o, libc::POLLIN, |fd| net::receive_message(fd, &mut buffers, ancillary, flags))?;
    let mut left = received.length;
    for (i, buffer) in buffers.iter().enumerate() {
        let n = left.min(buffer.len());
        left -= n;
        if let Some(target) = list::get(targets, i) {
            fill_target(py, target, 0, &buffer[..n]);
        }
    }
    to_tuple(py, py.int_usize(received.length)?, &received)
}

/// Items of level, type and content.
fn ancillary(py: Py<'_>, v: Value) -> R<Vec<Ancillary>> {
    if !py.is_iterable(v) {
        return py.type_error("sendmsg() argument 2 must be an iterable");
    }
    let items = py.list_from(v)?;
    let mut all = Vec::new();
    for i in 0..list::length(items) {
        let item = list::item(items, i);
        const WHAT: &str = "[sendmsg() ancillary data items]() argument must be";
        if py.special(item, python_objects::symbol::sym::GETITEM).is_none() {
            return py.type_error(&format!("{WHAT} 3-item sequence, not {}", py.class_name(item)));
        }
        let parts = py.tuple_from(item)?;
        if parts.length() != 3 {
            return py.type_error(&format!("{WHAT} sequence of length 3, not {}", parts.length()));
        }
        let (level, kind) = (py.index_i32(parts.element(0))?, py.index_i32(parts.element(1))?);
        let Some(content) = py.bytes_like(parts.element(2)) else { return not_bytes(py, parts.element(2)) };
        if net::ancillary_space(content.len()).is_none() {
            return py.err(Exc::OSError, "ancillary data item too large");
        }
        all.push((level, kind, content));
    }
    Ok(all)
}
pub(super) fn sendmsg(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    if !py.is_iterable(args.at(1)) {
        return py.type_error("sendmsg() argument 1 must be an iterable");
    }
    let sources = py.list_from(args.at(1))?;
    let (mut contents, mut all) = (Vec::new(), 0usize);
    for i in 0..list::length(sources) {
        let source = list::item(sources, i);
        let Some(content) = py.bytes_like(source) else { return not_bytes(py, source) };
        all = all.saturating_add(content.len());
        if all > py.heap().options().limit {
            return Err(py.out_of_memory(OutOfMemory));
        }
        contents.push(content);
    }
    let ancillary = args.opt(2).map_or_else(|| Ok(Vec::new()), |v| ancillary(py, v))?;
    let flags = flags(py, args, 3)?;
    let to = args.some(4).map(|v| from_value(py, family(o), v, "sendmsg")).transpose()?;
    audit::event(py, "socket.sendmsg", &[o.value(), args.some(4).unwrap_or(Value::NONE)])?;
    let parts: Vec<&[u8]> = contents.iter().map(Vec::as_slice).collect();
    let call = |fd| net::send_message(fd, &parts, &ancillary, flags, to.as_ref());
    py.int_usize(operate(py, o, libc::POLLOUT, call)?)
}
