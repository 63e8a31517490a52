//! Socket objects: making them, their addresses and connections, their time limits.
//!
//! A socket with a time limit is non-blocking in the system, and waits for readiness before each call.

use super::address::{from_value, to_value};
use super::{options, transfer};
use crate::posix::{none, ok, small};
use crate::select::Deadline;
use crate::time::nanoseconds;
use python_objects::{Args, Exc, Native, Object, Py, R, TypeSpec, Value};
use std::cell::Cell;
use std::io::{self, ErrorKind};
use std::time::Duration;
use stdlib_core::audit;
use stdlib_system::{net, polling};

/// Words of a socket.
mod word {
    /// The descriptor; -1 when closed.
    pub(super) const FD: usize = 1;
    pub(super) const FAMILY: usize = 2;
    pub(super) const KIND: usize = 3;
    pub(super) const PROTOCOL: usize = 4;
    /// The time limit in nanoseconds; None: it waits for ever.
    pub(super) const TIMEOUT: usize = 5;
    pub(super) const FIELDS: u32 = 5;
}

static SOCKET: TypeSpec = TypeSpec::values(
    "_socket",
    "socket",
    word::FIELDS,
    &[
        Native::static_method("__new__", "cls, /, *args, **kwargs", new, "").ignoring_arguments(),
        Native::wrapper("__init__", "self, family=-1, type=-1, proto=-1, fileno=None", init, ""),
        Native::wrapper("__del__", "self, /", finalize, ""),
        Native::wrapper("__repr__", "self, /", repr, "Return repr(self)."),
        Native::method(
            "_accept",
            "self, /",
            accept,
            "Take a connection; return its descriptor and the other's address.",
        ),
        Native::method("bind", "self, address, /", bind, "Set the own address."),
        Native::method("close", "self, /", close, "Close the socket."),
        Native::method("connect", "self, address, /", connect, "Connect to an address."),
        Native::method("connect_ex", "self, address, /", connect_ex, "The same; return the number of the error, or 0."),
        Native::method("detach", "self, /", detach, "Close the object, not its descriptor, which is returned."),
        Native::method("fileno", "self, /", |py, a| Ok(small(fd(this(py, a)?))), "Return the descriptor."),
        Native::method(
            "getpeername",
            "self, /",
            |py, a| address_by(py, a, net::peer_address),
            "Return the other's address.",
        ),
        Native::method(
            "getsockname",
            "self, /",
            |py, a| address_by(py, a, net::own_address),
            "Return the own address.",
        ),
        Native::method("listen", "self, backlog=128, /", listen, "Let others connect."),
        Native::method("shutdown", "self, how, /", shutdown, "End one or both directions."),
        Native::method("setblocking", "self, flag, /", setblocking, "Say whether calls wait."),
        Native::method("getblocking", "self, /", getblocking, "Do calls wait?"),
        Native::method("settimeout", "self, timeout, /", settimeout, "Set how long calls wait."),
        Native::method("gettimeout", "self, /", gettimeout, "Return how long calls wait."),
        Native::getter("family", |py, a| Ok(this(py, a)?.get(word::FAMILY)), "The family."),
        Native::getter("type", |py, a| Ok(this(py, a)?.get(word::KIND)), "The type."),
        Native::getter("proto", |py, a| Ok(this(py, a)?.get(word::PROTOCOL)), "The protocol."),
        Native::getter("timeout", gettimeout, "How long calls wait."),
    ],
    "socket(family=AF_INET, type=SOCK_STREAM, proto=0) -> socket object\n\nAn end of a connection.",
)
.with_methods(transfer::METHODS)
.with_methods(options::METHODS)
.inheritable();

pub(super) static FUNCTIONS: &[Native] = &[
    Native::function("close", "fd, /", close_descriptor, "Close a socket's descriptor."),
    Native::function("dup", "fd, /", dup, "Duplicate a socket's descriptor."),
    Native::function("socketpair", "family=1, type=1, proto=0, /", socketpair, "Make two connected sockets."),
    Native::function("getdefaulttimeout", "", getdefaulttimeout, "Return how long calls of new sockets wait."),
    Native::function("setdefaulttimeout", "timeout, /", setdefaulttimeout, "Set how long calls of new sockets wait."),
];

/// How long calls of new sockets wait, in nanoseconds.
struct DefaultTimeout(Cell<Option<u64>>);

fn default_timeout(py: Py<'_>) -> std::rc::Rc<DefaultTimeout> {
    py.state().data("_socket default", || DefaultTimeout(Cell::new(None)))
}

pub(super) fn class(py: Py<'_>) -> R<Object> {
    py.native_type(&SOCKET)
}
pub(super) fn this(py: Py<'_>, args: Args<'_>) -> R<Object> {
    py.native_self(args.at(0), &SOCKET)
}
pub(super) fn fd(o: Object) -> i32 {
    if o.get(word::FD).is_int() { o.get(word::FD).as_int() as i32 } else { -1 }
}
pub(super) fn family(o: Object) -> i32 {
    if o.get(word::FAMILY).is_int() { o.get(word::FAMILY).as_int() as i32 } else { libc::AF_UNSPEC }
}
/// How long calls wait; `None`: for ever.
fn time_limit(o: Object) -> Option<Duration> {
    o.get(word::TIMEOUT).is_int().then(|| Duration::from_nanos(o.get(word::TIMEOUT).as_int() as u64))
}

fn new(py: Py<'_>, args: Args<'_>) -> R {
    let o = py.new_native_of(args.at(0), &SOCKET)?;
    py.store(o, word::FD, small(-1));
    py.store(o, word::TIMEOUT, Value::NONE);
    for w in [word::FAMILY, word::KIND, word::PROTOCOL] {
        py.store(o, w, small(0));
    }
    Ok(o.value())
}

/// A socket object on an open descriptor.
fn fill(py: Py<'_>, o: Object, fd: i32, family: i32, kind: i32, protocol: i32) -> R<()> {
    py.store(o, word::FD, small(fd));
    py.store(o, word::FAMILY, small(family));
    py.store(o, word::KIND, small(kind & !(libc::SOCK_NONBLOCK | libc::SOCK_CLOEXEC)));
    py.store(o, word::PROTOCOL, small(protocol));
    let limit = if kind & libc::SOCK_NONBLOCK != 0 { Some(0) } else { default_timeout(py).0.get() };
    if limit.is_some() {
        ok(py, stdlib_system::set_blocking(fd, false))?;
    }
    set_limit(py, o, limit)
}
fn set_limit(py: Py<'_>, o: Object, limit: Option<u64>) -> R<()> {
    let limit = match limit {
        Some(ns) => small(i64::try_from(ns).unwrap_or(i64::MAX).min((1 << 49) - 1)),
        None => Value::NONE,
    };
    py.store(o, word::TIMEOUT, limit);
    Ok(())
}

fn init(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    let number = |i, default| args.opt(i).map_or(Ok(default), |v| py.index_i32(v));
    let (mut family, mut kind, mut protocol) = (number(1, -1)?, number(2, -1)?, number(3, -1)?);
    audit::event(py, "socket.__new__", &[o.value(), small(family), small(kind), small(protocol)])?;
    let fd = if let Some(given) = args.some(4) {
        let fd = py.index_i32(given)?;
        if fd < 0 {
            return py.value_error("negative file descriptor");
        }
        let address = match net::own_address(fd) {
            Ok(address) => Some(address),
            // Where only the family is to be learned, the caller may have said it.
            Err(e) if family == -1 || matches!(e.raw_os_error(), Some(libc::EBADF | libc::ENOTSOCK)) => {
                return Err(py.os_error(&e, None));
            }
            Err(_) => None,
        };
        if family == -1 {
            family = address.map_or(libc::AF_UNSPEC, |address| address.family());
        }
        if kind == -1 {
            kind = ok(py, net::number_option(fd, libc::SOL_SOCKET, libc::SO_TYPE))?;
        }
        if protocol == -1 {
            protocol = ok(py, net::number_option(fd, libc::SOL_SOCKET, libc::SO_PROTOCOL))?;
        }
        fd
    } else {
        family = if family == -1 { libc::AF_INET } else { family };
        kind = if kind == -1 { libc::SOCK_STREAM } else { kind };
        protocol = protocol.max(0);
        let made = py.blocking(|| net::new_socket(family, kind | libc::SOCK_CLOEXEC, protocol));
        ok(py, made)? as i32
    };
    fill(py, o, fd, family, kind, protocol)?;
    Ok(Value::NONE)
}

/// A socket that nobody closed.
fn finalize(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    let own = fd(o);
    if own < 0 {
        return Ok(Value::NONE);
    }
    let warned = (|| {
        let warnings = stdlib_core::import_module(py, "_warnings")?;
        let warn = py.get_attribute_text(warnings.value(), "warn")?;
        let text = py.str(&format!("unclosed {}", py.repr_text(o.value())?))?;
        py.call(warn, &[text, py.root(Exc::ResourceWarning.root()), small(1), o.value()])
    })();
    py.store(o, word::FD, small(-1));
    // The warning as an error is for the caller, who reports it; the descriptor goes in any case.
    none(py, stdlib_system::close(own)).and(warned.map(|_| Value::NONE))
}
fn repr(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    let [family, kind, protocol] =
        [word::FAMILY, word::KIND, word::PROTOCOL].map(|w| if o.get(w).is_int() { o.get(w).as_int() } else { 0 });
    py.str(&format!("<socket object, fd={}, family={family}, type={kind}, proto={protocol}>", fd(o)))
}

/// Waits until the descriptor is ready; false when the time is over.
fn wait(py: Py<'_>, fd: i32, events: i16, deadline: &Deadline) -> R<bool> {
    let waited = py.restarting(|| polling::poll(&mut [(fd, events, 0)], deadline.milliseconds()))?;
    ok(py, waited).map(|n| n > 0)
}
fn timed_out<T>(py: Py<'_>) -> R<T> {
    py.err(Exc::TimeoutError, "timed out")
}

/// Calls, waiting for readiness first where the socket has a time limit, within what is left of it.
pub(super) fn operate_until<T>(
    py: Py<'_>,
    o: Object,
    events: i16,
    deadline: &Deadline,
    mut call: impl FnMut(i32) -> io::Result<T>,
) -> R<T> {
    let own = fd(o);
    let waits = time_limit(o).is_some_and(|limit| !limit.is_zero());
    loop {
        // A closed socket's error is the call's.
        if waits && own >= 0 && !wait(py, own, events, deadline)? {
            return timed_out(py);
        }
        match py.restarting(|| call(own))? {
            Err(e) if waits && e.kind() == ErrorKind::WouldBlock => {}
            done => return ok(py, done),
        }
    }
}
pub(super) fn deadline(o: Object) -> Deadline {
    Deadline::new(time_limit(o))
}
/// The same for one call.
pub(super) fn operate<T>(py: Py<'_>, o: Object, events: i16, call: impl FnMut(i32) -> io::Result<T>) -> R<T> {
    operate_until(py, o, events, &deadline(o), call)
}

fn accept(py: Py<'_>, args: Args<'_>) -> R {
    let (accepted, address) = operate(py, this(py, args)?, libc::POLLIN, net::accept)?;
    py.tuple(&[small(accepted), to_value(py, &address)?])
}
fn bind(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    let address = from_value(py, family(o), args.at(1), "bind")?;
    audit::event(py, "socket.bind", &[o.value(), args.at(1)])?;
    none(py, py.blocking(|| net::bind(fd(o), &address)))
}
fn close(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    let own = fd(o);
    py.store(o, word::FD, small(-1));
    if own < 0 { Ok(Value::NONE) } else { closed(py, own) }
}
/// Closes a descriptor; that the other end was gone is no error.
fn closed(py: Py<'_>, fd: i32) -> R {
    match py.blocking(|| stdlib_system::close(fd)) {
        Err(e) if e.raw_os_error() != Some(libc::ECONNRESET) => Err(py.os_error(&e, None)),
        _ => Ok(Value::NONE),
    }
}
fn detach(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    let own = fd(o);
    py.store(o, word::FD, small(-1));
    Ok(small(own))
}

/// Connects; the number of the error, or 0. `None`: the time is over.
fn connected(py: Py<'_>, o: Object, address: &net::Address) -> R<Option<i32>> {
    let (own, limit) = (fd(o), time_limit(o));
    let number = |e: &io::Error| e.raw_os_error().unwrap_or(0);
    let waits = match py.blocking(|| net::connect(own, address)) {
        Ok(()) => return Ok(Some(0)),
        // An interrupted connection goes on by itself.
        Err(e) if e.kind() == ErrorKind::Interrupted => {
            py.poll()?;
            limit.is_none_or(|limit| !limit.is_zero())
        }
        Err(e) if number(&e) == libc::EINPROGRESS => limit.is_some_and(|limit| !limit.is_zero()),
        Err(e) => return Ok(Some(number(&e))),
    };
    if !waits {
        return Ok(Some(libc::EINPROGRESS));
    }
    if !wait(py, own, libc::POLLOUT, &Deadline::new(limit))? {
        return Ok(None);
    }
    match net::number_option(own, libc::SOL_SOCKET, libc::SO_ERROR) {
        Ok(libc::EISCONN) => Ok(Some(0)),
        Ok(error) => Ok(Some(error)),
        Err(e) => Ok(Some(number(&e))),
    }
}
fn connect(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    let address = from_value(py, family(o), args.at(1), "connect")?;
    audit::event(py, "socket.connect", &[o.value(), args.at(1)])?;
    match connected(py, o, &address)? {
        None => timed_out(py),
        Some(0) => Ok(Value::NONE),
        Some(error) => Err(py.os_error(&io::Error::from_raw_os_error(error), None)),
    }
}
fn connect_ex(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    let address = from_value(py, family(o), args.at(1), "connect_ex")?;
    audit::event(py, "socket.connect", &[o.value(), args.at(1)])?;
    Ok(small(connected(py, o, &address)?.unwrap_or(libc::EWOULDBLOCK)))
}
fn address_by(py: Py<'_>, args: Args<'_>, call: fn(i32) -> io::Result<net::Address>) -> R {
    let own = fd(this(py, args)?);
    to_value(py, &ok(py, py.blocking(|| call(own)))?)
}
fn listen(py: Py<'_>, args: Args<'_>) -> R {
    let own = fd(this(py, args)?);
    let backlog = args.opt(1).map_or(Ok(128), |v| py.index_i32(v))?.max(0);
    none(py, py.blocking(|| net::listen(own, backlog)))
}
fn shutdown(py: Py<'_>, args: Args<'_>) -> R {
    let own = fd(this(py, args)?);
    let how = py.index_i32(args.at(1))?;
    none(py, py.blocking(|| net::shut_down(own, how)))
}

/// A time limit in nanoseconds; None is for ever.
fn limit(py: Py<'_>, v: Value) -> R<Option<u64>> {
    if v == Value::NONE {
        return Ok(None);
    }
    match nanoseconds(py, v) {
        Ok(ns) if ns < 0 => py.value_error("Timeout value out of range"),
        Ok(ns) if ns < 1 << 49 => Ok(Some(ns as u64)),
        // More than six days are as good as six.
        Ok(_) => Ok(Some((1 << 49) - 1)),
        Err(stop) => match py.catch(Exc::OverflowError) {
            Some(_) => py.err(Exc::OverflowError, "timestamp out of range for platform time_t"),
            None => Err(stop),
        },
    }
}
fn settimeout(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    let limit = limit(py, args.at(1))?;
    set_limit(py, o, limit)?;
    none(py, stdlib_system::set_blocking(fd(o), limit.is_none()))
}
fn setblocking(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    let blocking = py.truth(args.at(1))?;
    set_limit(py, o, if blocking { None } else { Some(0) })?;
    none(py, stdlib_system::set_blocking(fd(o), blocking))
}
fn getblocking(py: Py<'_>, args: Args<'_>) -> R {
    Ok(Value::bool(time_limit(this(py, args)?).is_none_or(|limit| !limit.is_zero())))
}
fn gettimeout(py: Py<'_>, args: Args<'_>) -> R {
    Ok(time_limit(this(py, args)?).map_or(Value::NONE, |limit| Value::float(limit.as_nanos() as f64 / 1e9)))
}

fn close_descriptor(py: Py<'_>, args: Args<'_>) -> R {
    let fd = py.index_i32(args.at(0))?;
    closed(py, fd)
}
fn dup(py: Py<'_>, args: Args<'_>) -> R {
    ok(py, stdlib_system::duplicate(py.index_i32(args.at(0))?)).map(small)
}
fn socketpair(py: Py<'_>, args: Args<'_>) -> R {
    let number = |i, default| args.opt(i).map_or(Ok(default), |v| py.index_i32(v));
    let (family, kind, protocol) = (number(0, libc::AF_UNIX)?, number(1, libc::SOCK_STREAM)?, number(2, 0)?);
    // The objects come first, so that nothing stays open when there is no memory for them.
    let class = class(py)?.value();
    let made = [new(py, Args::of(&[class]))?, new(py, Args::of(&[class]))?];
    let (first, second) = ok(py, net::new_pair(family, kind | libc::SOCK_CLOEXEC, protocol))?;
    for (o, fd) in made.into_iter().zip([first, second]) {
        fill(py, Object::of(o), fd, family, kind, protocol)?;
    }
    py.tuple(&made)
}
fn getdefaulttimeout(py: Py<'_>, _: Args<'_>) -> R {
    Ok(default_timeout(py).0.get().map_or(Value::NONE, |ns| Value::float(ns as f64 / 1e9)))
}
fn setdefaulttimeout(py: Py<'_>, args: Args<'_>) -> R {
    let limit = limit(py, args.at(0))?;
    default_timeout(py).0.set(limit);
    Ok(Value::NONE)
}
