//! `select`

mod epoll;
mod poll;

use crate::posix::descriptor_of;
use crate::time::timeout;
use python_objects::{Args, Exc, Native, Object, Py, R, Value, list};
use std::time::{Duration, Instant};
use stdlib_core::support::{add, constants};
use stdlib_system::polling;

static FUNCTIONS: &[Native] = &[
    Native::function("select", "rlist, wlist, xlist, timeout=None, /", select, "Wait until descriptors are ready."),
    Native::function("poll", "", poll::new, "Return an object that waits for descriptors."),
];

pub(crate) fn init(py: Py<'_>, module: Object) -> R<()> {
    py.add_functions(module, FUNCTIONS)?;
    add(py, module, "error", py.root(Exc::OSError.root()))?;
    add(py, module, "epoll", epoll::class(py)?.value())?;
    constants(py, module, CONSTANTS)
}

const CONSTANTS: &[(&str, i64)] = &[
    ("PIPE_BUF", libc::PIPE_BUF as i64),
    ("POLLIN", libc::POLLIN as i64),
    ("POLLPRI", libc::POLLPRI as i64),
    ("POLLOUT", libc::POLLOUT as i64),
    ("POLLERR", libc::POLLERR as i64),
    ("POLLHUP", libc::POLLHUP as i64),
    ("POLLNVAL", libc::POLLNVAL as i64),
    ("POLLRDNORM", libc::POLLRDNORM as i64),
    ("POLLRDBAND", libc::POLLRDBAND as i64),
    ("POLLWRNORM", libc::POLLWRNORM as i64),
    ("POLLWRBAND", libc::POLLWRBAND as i64),
    // Rust's declarations lack it on this system.
    ("POLLMSG", 0x400),
    ("POLLRDHUP", libc::POLLRDHUP as i64),
    ("EPOLLIN", libc::EPOLLIN as i64),
    ("EPOLLPRI", libc::EPOLLPRI as i64),
    ("EPOLLOUT", libc::EPOLLOUT as i64),
    ("EPOLLERR", libc::EPOLLERR as i64),
    ("EPOLLHUP", libc::EPOLLHUP as i64),
    ("EPOLLRDHUP", libc::EPOLLRDHUP as i64),
    // The highest bit of an unsigned number.
    ("EPOLLET", 1 << 31),
    ("EPOLLONESHOT", libc::EPOLLONESHOT as i64),
    ("EPOLLEXCLUSIVE", libc::EPOLLEXCLUSIVE as i64),
    ("EPOLLRDNORM", libc::EPOLLRDNORM as i64),
    ("EPOLLRDBAND", libc::EPOLLRDBAND as i64),
    ("EPOLLWRNORM", libc::EPOLLWRNORM as i64),
    ("EPOLLWRBAND", libc::EPOLLWRBAND as i64),
    ("EPOLLMSG", libc::EPOLLMSG as i64),
    ("EPOLL_CLOEXEC", libc::EPOLL_CLOEXEC as i64),
];

/// A time to wait from now on, as what is left of it: nothing if it waits for ever.
pub(crate) struct Deadline {
    start: Instant,
    all: Option<Duration>,
}

impl Deadline {
    pub(crate) fn new(all: Option<Duration>) -> Deadline {
        Deadline { start: Instant::now(), all }
    }
    /// What is left.
    pub(crate) fn left(&self) -> Option<Duration> {
        self.all.map(|all| all.saturating_sub(self.start.elapsed()))
    }
    /// The same in milliseconds, rounded up; -1 for ever. At most what the system takes.
    pub(crate) fn milliseconds(&self) -> i32 {
        self.left().map_or(-1, |left| i32::try_from(left.as_nanos().div_ceil(1_000_000)).unwrap_or(i32::MAX))
    }
}

/// The descriptors of a list's objects, which are put into another: asking them may change the list.
fn descriptors(py: Py<'_>, objects: Object, asked: Object) -> R<Vec<i32>> {
    let mut fds = Vec::new();
    let mut i = 0;
    while let Some(object) = list::get(objects, i) {
        let fd = descriptor_of(py, object)?;
        if fd >= polling::SELECT_LIMIT {
            return py.value_error("filedescriptor out of range in select()");
        }
        fds.push(fd);
        py.list_push(asked, object)?;
        i += 1;
    }
    Ok(fds)
}

fn select(py: Py<'_>, args: Args<'_>) -> R {
    let wait = match args.some(3) {
        None => None,
        Some(v) => match timeout_of(py, v, "timeout must be a float or None")? {
            Some(wait) => Some(wait),
            None => return py.value_error("timeout must be non-negative"),
        },
    };
    let mut objects = [Value::NONE; 3];
    for (i, list) in objects.iter_mut().enumerate() {
        if !py.is_iterable(args.at(i)) {
            return py.type_error("arguments 1-3 must be sequences");
        }
        *list = match py.as_list(args.at(i)) {
            Some(_) => args.at(i),
            None => py.list_from(args.at(i))?.value(),
        };
    }
    let [read, write, other] = [py.new_list(4)?, py.new_list(4)?, py.new_list(4)?];
    let [first, second, third] = objects.map(Object::of);
    let given = [descriptors(py, first, read)?, descriptors(py, second, write)?, descriptors(py, third, other)?];
    let deadline = Deadline::new(wait);
    let mut ready = given.clone();
    let r = py.restarting(|| {
        ready.clone_from(&given);
        polling::select(&mut ready, deadline.left())
    })?;
    crate::posix::ok(py, r)?;
    let mut results = [Value::NONE; 3];
    for (i, objects) in [read, write, other].into_iter().enumerate() {
        let found = py.new_list(ready[i].len())?;
        for (at, fd) in given[i].iter().enumerate() {
            if ready[i].contains(fd)
                && let Some(object) = list::get(objects, at)
            {
                py.list_push(found, object)?;
            }
        }
        results[i] = found.value();
    }
    py.tuple(&results)
}

/// A time in seconds; `None` if it is negative. TypeError with this message for what is no number.
fn timeout_of(py: Py<'_>, v: Value, message: &str) -> R<Option<Duration>> {
    match timeout(py, v) {
        Ok(wait) => Ok(wait),
        Err(stop) => match py.catch(Exc::TypeError) {
            Some(_) => py.type_error(message),
            None => Err(stop),
        },
    }
}
