//! Sending and receiving.

use super::address::{from_value, to_value};
use super::messages;
use super::object::{deadline, family, operate, operate_until, this};
use crate::posix::small;
use python_objects::{Args, Native, Object, Py, R, Value};
use stdlib_core::audit;
use stdlib_core::buffers::{fill_target, target_length};
use stdlib_system::net::{self, Address};
use vm_api::heap::OutOfMemory;

pub(super) static METHODS: &[Native] = &[
    Native::method("recv", "self, bufsize, flags=0, /", recv, "Receive bytes."),
    Native::method("recv_into", "self, buffer, nbytes=0, flags=0", recv_into, "Receive into a buffer."),
    Native::method("recvfrom", "self, bufsize, flags=0, /", recvfrom, "Receive bytes; return the sender as well."),
    Native::method("recvfrom_into", "self, buffer, nbytes=0, flags=0", recvfrom_into, "The same into a buffer."),
    Native::method("recvmsg", "self, bufsize, ancbufsize=0, flags=0, /", messages::recvmsg, "Receive a message."),
    Native::method(
        "recvmsg_into",
        "self, buffers, ancbufsize=0, flags=0, /",
        messages::recvmsg_into,
        "Receive a message into buffers.",
    ),
    Native::method("send", "self, data, flags=0, /", send, "Send bytes; return how many went."),
    Native::method("sendall", "self, data, flags=0, /", sendall, "Send all bytes."),
    Native::method("sendto", "self, *args", sendto, "Send bytes to an address."),
    Native::method(
        "sendmsg",
        "self, buffers, ancdata=(), flags=0, address=None, /",
        messages::sendmsg,
        "Send a message.",
    ),
];

pub(super) fn flags(py: Py<'_>, args: Args<'_>, i: usize) -> R<i32> {
    args.opt(i).map_or(Ok(0), |v| py.index_i32(v))
}
/// Room for as many bytes as an argument says.
pub(super) fn room(py: Py<'_>, v: Value, message: &str) -> R<Vec<u8>> {
    match usize::try_from(py.index_i64(v)?) {
        Err(_) => py.value_error(message),
        Ok(n) if n > py.heap().options().limit => Err(py.out_of_memory(OutOfMemory)),
        Ok(n) => Ok(vec![0; n]),
    }
}
fn recv(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    let mut buffer = room(py, args.at(1), "negative buffersize in recv")?;
    let flags = flags(py, args, 2)?;
    let n = operate(py, o, libc::POLLIN, |fd| net::receive(fd, &mut buffer, flags))?;
    Ok(py.bytes(&buffer[..n])?.value())
}
fn recvfrom(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    let mut buffer = room(py, args.at(1), "negative buffersize in recvfrom")?;
    let flags = flags(py, args, 2)?;
    let (n, from) = operate(py, o, libc::POLLIN, |fd| net::receive_from(fd, &mut buffer, flags))?;
    py.tuple(&[py.bytes(&buffer[..n])?.value(), to_value(py, &from)?])
}
/// Room for what a buffer takes: as much as it has, or as the argument behind it says.
fn room_of(py: Py<'_>, args: Args<'_>, function: &str) -> R<Vec<u8>> {
    let Some(length) = target_length(py, args.at(1)) else {
        let given = py.class_name(args.at(1));
        return py.type_error(&format!("{function}() argument 1 must be read-write bytes-like object, not {given}"));
    };
    let wanted = args.opt(2).map_or(Ok(0), |v| py.index_i64(v))?;
    match usize::try_from(wanted) {
        Err(_) => py.value_error(&format!("negative buffersize in {function}")),
        Ok(0) => Ok(vec![0; length]),
        Ok(wanted) if wanted > length => match function {
            "recv_into" => py.value_error("buffer too small for requested bytes"),
            _ => py.value_error("nbytes is greater than the length of the buffer"),
        },
        Ok(wanted) => Ok(vec![0; wanted]),
    }
}
fn recv_into(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    let mut buffer = room_of(py, args, "recv_into")?;
    let flags = flags(py, args, 3)?;
    let n = operate(py, o, libc::POLLIN, |fd| net::receive(fd, &mut buffer, flags))?;
    fill_target(py, args.at(1), 0, &buffer[..n]);
    py.int_usize(n)
}
fn recvfrom_into(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    let mut buffer = room_of(py, args, "recvfrom_into")?;
    let flags = flags(py, args, 3)?;
    let (n, from) = operate(py, o, libc::POLLIN, |fd| net::receive_from(fd, &mut buffer, flags))?;
    fill_target(py, args.at(1), 0, &buffer[..n]);
    py.tuple(&[py.int_usize(n)?, to_value(py, &from)?])
}
pub(super) fn not_bytes<T>(py: Py<'_>, v: Value) -> R<T> {
    py.type_error(&format!("a bytes-like object is required, not '{}'", py.class_name(v)))
}
fn send(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    let Some(content) = py.content_of(args.at(1)) else { return not_bytes(py, args.at(1)) };
    let flags = flags(py, args, 2)?;
    py.int_usize(operate(py, o, libc::POLLOUT, |fd| net::send(fd, &content, flags))?)
}
fn sendall(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    let Some(content) = py.content_of(args.at(1)) else { return not_bytes(py, args.at(1)) };
    let flags = flags(py, args, 2)?;
    // The limit is for all of it.
    let deadline = deadline(o);
    let mut rest: &[u8] = &content;
    loop {
        let n = operate_until(py, o, libc::POLLOUT, &deadline, |fd| net::send(fd, rest, flags))?;
        rest = &rest[n.min(rest.len())..];
        if rest.is_empty() {
            return Ok(Value::NONE);
        }
        py.poll()?;
    }
}
fn sendto(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    let given = Object::of(args.at(1));
    let (flags, address) = match given.length() {
        2 => (0, given.element(1)),
        3 => (py.index_i32(given.element(1))?, given.element(2)),
        n => return py.type_error(&format!("sendto() takes 2 or 3 arguments ({n} given)")),
    };
    let Some(content) = py.content_of(given.element(0)) else { return not_bytes(py, given.element(0)) };
    let to: Address = from_value(py, family(o), address, "sendto")?;
    audit::event(py, "socket.sendto", &[o.value(), address])?;
    let sent = operate(py, o, libc::POLLOUT, |fd| net::send_to(fd, &content, flags, &to))?;
    Ok(small(sent as i64))
}
