//! `epoll` objects: a descriptor of the system's that knows others.

use super::{Deadline, timeout_of};
use crate::posix::{descriptor_of, none, ok, small};
use python_objects::{Args, Exc, Native, Object, Py, R, TypeSpec, Value, int};
use stdlib_system::polling::{self, EpollChange};

/// Word of the descriptor; -1 when closed.
const FD: usize = 1;

static EPOLL: TypeSpec = TypeSpec::values(
    "select",
    "epoll",
    1,
    &[
        Native::static_method("__new__", "cls, sizehint=-1, flags=0", new, ""),
        Native::class_method("fromfd", "cls, fd, /", fromfd, "Make an epoll object of a descriptor."),
        Native::method("close", "self, /", close, "Close the descriptor."),
        Native::wrapper("__del__", "self, /", finalize, ""),
        Native::method("fileno", "self, /", |py, a| Ok(small(this(py, a)?.1)), "Return the descriptor."),
        Native::method("register", "self, fd, eventmask=7", register, "Wait for events of a descriptor."),
        Native::method("modify", "self, fd, eventmask", modify, "Wait for other events of a descriptor."),
        Native::method("unregister", "self, fd", unregister, "No longer wait for a descriptor."),
        Native::method("poll", "self, timeout=None, maxevents=-1", poll, "Wait; return descriptors with their events."),
        Native::method("__enter__", "self, /", |py, a| this(py, a).map(|_| a.at(0)), ""),
        Native::method("__exit__", "self, exc_type=None, exc_value=None, exc_tb=None, /", close, ""),
        Native::getter("closed", |py, a| Ok(Value::bool(fd(py.native_self(a.at(0), &EPOLL)?) < 0)), "Is it closed?"),
    ],
    "epoll(sizehint=-1, flags=0)\n\nA set of descriptors that the system watches.",
);

pub(super) fn class(py: Py<'_>) -> R<Object> {
    py.native_type(&EPOLL)
}

fn fd(o: Object) -> i32 {
    if o.get(FD).is_int() { o.get(FD).as_int() as i32 } else { -1 }
}
/// The object and its descriptor; ValueError if it is closed.
fn this(py: Py<'_>, args: Args<'_>) -> R<(Object, i32)> {
    let o = py.native_self(args.at(0), &EPOLL)?;
    match fd(o) {
        -1 => py.value_error("I/O operation on closed epoll object"),
        fd => Ok((o, fd)),
    }
}
fn new(py: Py<'_>, args: Args<'_>) -> R {
    let hint = args.opt(1).map_or(Ok(-1), |v| py.index_i32(v))?;
    if hint != -1 && hint <= 0 {
        return py.value_error("negative sizehint");
    }
    let flags = args.opt(2).map_or(Ok(0), |v| py.index_i32(v))?;
    if flags & !libc::EPOLL_CLOEXEC != 0 {
        return py.err(Exc::OSError, "invalid flags");
    }
    let o = py.new_native_of(args.at(0), &EPOLL)?;
    py.store(o, FD, small(-1));
    let fd = ok(py, polling::new_epoll(libc::EPOLL_CLOEXEC))?;
    py.store(o, FD, small(fd));
    Ok(o.value())
}
fn fromfd(py: Py<'_>, args: Args<'_>) -> R {
    let fd = py.index_i32(args.at(1))?;
    let o = py.new_native(&EPOLL)?;
    py.store(o, FD, small(fd));
    Ok(o.value())
}
fn close(py: Py<'_>, args: Args<'_>) -> R {
    let o = py.native_self(args.at(0), &EPOLL)?;
    let own = fd(o);
    py.store(o, FD, small(-1));
    if own < 0 { Ok(Value::NONE) } else { none(py, py.blocking(|| stdlib_system::close(own))) }
}
/// Nobody is left whom an error would concern.
fn finalize(py: Py<'_>, args: Args<'_>) -> R {
    let o = py.native_self(args.at(0), &EPOLL)?;
    let own = fd(o);
    py.store(o, FD, small(-1));
    if own >= 0 {
        _ = stdlib_system::close(own);
    }
    Ok(Value::NONE)
}
fn events(py: Py<'_>, v: Option<Value>) -> R<u32> {
    let Some(v) = v else { return Ok((libc::EPOLLIN | libc::EPOLLPRI | libc::EPOLLOUT) as u32) };
    let n = py.index(v)?;
    match int::to_i64(n) {
        Some(n) if u32::try_from(n).is_ok() => Ok(n as u32),
        // As C's conversion takes them: the lowest bits.
        Some(n) if i32::try_from(n).is_ok() => Ok(n as u32),
        _ => py.err(Exc::OverflowError, "Python int too large to convert to C unsigned int"),
    }
}
fn change(py: Py<'_>, args: Args<'_>, change: impl FnOnce(u32) -> EpollChange) -> R {
    let (_, epoll) = this(py, args)?;
    let fd = descriptor_of(py, args.at(1))?;
    let change = change(events(py, args.opt(2))?);
    none(py, py.blocking(|| polling::change_epoll(epoll, fd, change)))
}
fn register(py: Py<'_>, args: Args<'_>) -> R {
    change(py, args, EpollChange::Add)
}
fn modify(py: Py<'_>, args: Args<'_>) -> R {
    change(py, args, EpollChange::Modify)
}
fn unregister(py: Py<'_>, args: Args<'_>) -> R {
    change(py, args, |_| EpollChange::Remove)
}
fn poll(py: Py<'_>, args: Args<'_>) -> R {
    let (_, epoll) = this(py, args)?;
    // A negative time is for ever, as None is.
    let wait = match args.some(1) {
        None => None,
        Some(v) => timeout_of(py, v, "timeout must be an integer or None")?,
    };
    if wait.is_some_and(|wait| wait.as_millis() > i32::MAX as u128) {
        return py.err(Exc::OverflowError, "timeout is too large");
    }
    let most = match args.opt(2).map_or(Ok(-1), |v| py.index_i32(v))? {
        -1 => polling::SELECT_LIMIT - 1,
        most if most < 1 => return py.value_error(&format!("maxevents must be greater than 0, got {most}")),
        most => most,
    };
    let deadline = Deadline::new(wait);
    let r = py.restarting(|| polling::wait_epoll(epoll, most as usize, deadline.milliseconds()))?;
    let ready = py.new_list(4)?;
    for (fd, events) in ok(py, r)? {
        let pair = py.tuple(&[small(fd), small(events)])?;
        py.list_push(ready, pair)?;
    }
    Ok(ready.value())
}
