//! `poll` objects: descriptors with the events that they are asked for.

use super::Deadline;
use crate::posix::{descriptor_of, ok, small};
use crate::time::nanoseconds;
use python_objects::{Args, Exc, Native, Object, Py, R, TypeSpec, Value, dict, int};
use std::time::Duration;
use stdlib_system::polling::{self, Polled};

/// Word of the dictionary from descriptors to events.
const DESCRIPTORS: usize = 1;
/// Word that is true while the object waits.
const WAITING: usize = 2;

static POLL: TypeSpec = TypeSpec::values(
    "select",
    "poll",
    2,
    &[
        Native::method("register", "self, fd, eventmask=7, /", register, "Wait for events of a descriptor."),
        Native::method("modify", "self, fd, eventmask, /", modify, "Wait for other events of a descriptor."),
        Native::method("unregister", "self, fd, /", unregister, "No longer wait for a descriptor."),
        Native::method("poll", "self, timeout=None, /", poll, "Wait; return descriptors with their events."),
    ],
    "",
);

pub(super) fn new(py: Py<'_>, _: Args<'_>) -> R {
    let o = py.new_native(&POLL)?;
    let d = py.new_dict()?;
    py.store(o, DESCRIPTORS, d.value());
    Ok(o.value())
}

fn this(py: Py<'_>, args: Args<'_>) -> R<(Object, Object)> {
    let o = py.native_self(args.at(0), &POLL)?;
    Ok((o, Object::of(o.get(DESCRIPTORS))))
}
fn events(py: Py<'_>, v: Option<Value>) -> R<Value> {
    let Some(v) = v else { return Ok(small(libc::POLLIN | libc::POLLPRI | libc::POLLOUT)) };
    let n = py.index(v)?;
    match int::to_i64(n) {
        _ if int::is_negative(n) => py.value_error("value must be positive"),
        Some(n) if u16::try_from(n).is_ok() => Ok(small(n)),
        _ => py.err(Exc::OverflowError, "Python int too large for C unsigned short"),
    }
}
fn register(py: Py<'_>, args: Args<'_>) -> R {
    let (_, d) = this(py, args)?;
    let (fd, events) = (descriptor_of(py, args.at(1))?, events(py, args.opt(2))?);
    py.dict_set(d, small(fd), events)?;
    Ok(Value::NONE)
}
fn modify(py: Py<'_>, args: Args<'_>) -> R {
    let (_, d) = this(py, args)?;
    let (fd, events) = (descriptor_of(py, args.at(1))?, events(py, args.opt(2))?);
    if py.dict_get(d, small(fd))?.is_none() {
        return Err(py.os_error(&std::io::Error::from_raw_os_error(libc::ENOENT), None));
    }
    py.dict_set(d, small(fd), events)?;
    Ok(Value::NONE)
}
fn unregister(py: Py<'_>, args: Args<'_>) -> R {
    let (_, d) = this(py, args)?;
    let fd = small(descriptor_of(py, args.at(1))?);
    match py.dict_remove(d, fd)? {
        Some(_) => Ok(Value::NONE),
        None => Err(py.key_error(fd)),
    }
}

/// A time in milliseconds; `None` (for ever) if it is None or negative.
fn wait_of(py: Py<'_>, v: Option<Value>) -> R<Option<Duration>> {
    let Some(v) = v else { return Ok(None) };
    // Milliseconds counted as seconds: a thousand times as much.
    let thousandfold = match nanoseconds(py, v) {
        Ok(ns) => ns,
        Err(stop) => {
            return match py.catch(Exc::TypeError) {
                Some(_) => py.type_error("timeout must be an integer or None"),
                None if py.catch(Exc::OverflowError).is_some() => py.err(Exc::OverflowError, "timeout is too large"),
                None => Err(stop),
            };
        }
    };
    if thousandfold < 0 {
        return Ok(None);
    }
    match u64::try_from(thousandfold / 1000) {
        Ok(ns) if ns / 1_000_000 <= i32::MAX as u64 => Ok(Some(Duration::from_nanos(ns))),
        _ => py.err(Exc::OverflowError, "timeout is too large"),
    }
}

fn poll(py: Py<'_>, args: Args<'_>) -> R {
    let (o, d) = this(py, args)?;
    let deadline = Deadline::new(wait_of(py, args.some(1))?);
    if o.get(WAITING) == Value::TRUE {
        return py.err(Exc::RuntimeError, "concurrent poll() invocation");
    }
    let mut entries: Vec<Polled> = Vec::new();
    let mut at = 0;
    while let Some((entry, fd, events)) = dict::next_entry(d, at) {
        at = entry + 1;
        entries.push((fd.as_int() as i32, events.as_int() as u16 as i16, 0));
    }
    py.store(o, WAITING, Value::TRUE);
    let r = py.restarting(|| polling::poll(&mut entries, deadline.milliseconds()));
    py.store(o, WAITING, Value::FALSE);
    ok(py, r?)?;
    let ready = py.new_list(4)?;
    for (fd, _, events) in entries.into_iter().filter(|(_, _, events)| *events != 0) {
        let pair = py.tuple(&[small(fd), small(events as u16)])?;
        py.list_push(ready, pair)?;
    }
    Ok(ready.value())
}
