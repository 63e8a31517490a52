//! `fcntl`: control of descriptors, and locks on files.

use crate::posix::{descriptor_of, none, ok};
use python_objects::{Args, Exc, Native, Object, Py, R, Value, int, string};
use stdlib_core::audit;
use stdlib_core::buffers::{fill_target, target_length};
use stdlib_core::support::constants;
use stdlib_system::control;

static FUNCTIONS: &[Native] = &[
    Native::function("fcntl", "fd, cmd, arg=0, /", fcntl, "Control a descriptor."),
    Native::function("ioctl", "fd, request, arg=0, mutate_flag=True, /", ioctl, "Control a device."),
    Native::function("flock", "fd, operation, /", flock, "Lock a file."),
    Native::function("lockf", "fd, cmd, len=0, start=0, whence=0, /", lockf, "Lock a part of a file."),
];

pub(crate) fn init(py: Py<'_>, module: Object) -> R<()> {
    py.add_functions(module, FUNCTIONS)?;
    constants(py, module, CONSTANTS)
}

/// Room for what the system writes: more than any structure that these calls know.
const ROOM: usize = 1024;

/// An argument that is text or bytes, in a buffer with room; and its length.
fn buffer(py: Py<'_>, v: Value) -> Option<(Vec<u8>, usize)> {
    let content = match string::exact_or_payload(py, v) {
        Some(s) => string::to_rust(s).into_bytes(),
        None => py.bytes_like(v)?,
    };
    let length = content.len();
    let mut buffer = content;
    buffer.resize(length.max(ROOM) + 8, 0);
    Some((buffer, length))
}

fn fcntl(py: Py<'_>, args: Args<'_>) -> R {
    let (fd, command) = (descriptor_of(py, args.at(0))?, py.index_i32(args.at(1))?);
    audit::event(py, "fcntl.fcntl", &[args.at(0), args.at(1), args.opt(2).unwrap_or(Value::NONE)])?;
    if let Some(argument) = args.opt(2)
        && let Some((mut buffer, length)) = buffer(py, argument)
    {
        if length > ROOM {
            return py.value_error("fcntl string arg too long");
        }
        let r = py.restarting(|| control::control_with(fd, command, &mut buffer))?;
        ok(py, r)?;
        return Ok(py.bytes(&buffer[..length])?.value());
    }
    let argument = args.opt(2).map_or(Ok(0), |v| unsigned(py, v))?;
    let r = py.restarting(|| control::control(fd, command, argument as i64))?;
    py.int(ok(py, r)?)
}

/// An argument as C's unsigned int: its lowest bits.
fn unsigned(py: Py<'_>, v: Value) -> R<u32> {
    let n = py.index(v)?;
    match int::to_i64(n) {
        Some(n) => Ok(n as u32),
        None => py.err(Exc::OverflowError, "Python int too large to convert to C long"),
    }
}

fn ioctl(py: Py<'_>, args: Args<'_>) -> R {
    let (fd, request) = (descriptor_of(py, args.at(0))?, unsigned(py, args.at(1))?);
    audit::event(py, "fcntl.ioctl", &[args.at(0), args.at(1), args.opt(2).unwrap_or(Value::NONE)])?;
    if let Some(argument) = args.opt(2)
        && let Some((mut buffer, length)) = buffer(py, argument)
    {
        let mutates = match args.opt(3) {
            Some(v) => py.truth(v)?,
            None => true,
        };
        let target = target_length(py, argument).filter(|_| mutates);
        if target.is_none() && length > ROOM {
            return py.value_error("ioctl string arg too long");
        }
        let r = py.restarting(|| control::device_control_with(fd, u64::from(request), &mut buffer))?;
        let result = ok(py, r)?;
        if target.is_some() {
            fill_target(py, argument, 0, &buffer[..length]);
            return py.int(result);
        }
        return Ok(py.bytes(&buffer[..length])?.value());
    }
    let argument = args.opt(2).map_or(Ok(0), |v| unsigned(py, v))?;
    // Signed, as C's int is.
    let argument = i64::from(argument as i32);
    let r = py.restarting(|| control::device_control(fd, u64::from(request), argument))?;
    py.int(ok(py, r)?)
}

fn flock(py: Py<'_>, args: Args<'_>) -> R {
    let (fd, operation) = (descriptor_of(py, args.at(0))?, py.index_i32(args.at(1))?);
    audit::event(py, "fcntl.flock", &[args.at(0), args.at(1)])?;
    let r = py.restarting(|| control::lock_file(fd, operation))?;
    none(py, r)
}

fn lockf(py: Py<'_>, args: Args<'_>) -> R {
    let (fd, command) = (descriptor_of(py, args.at(0))?, py.index_i32(args.at(1))?);
    let number = |i| args.opt(i).map_or(Ok(0), |v| py.index_i64(v));
    let (length, start, whence) = (number(2)?, number(3)?, number(4)?);
    audit::event(py, "fcntl.lockf", &[args.at(0), args.at(1)])?;
    let kind = match command {
        libc::LOCK_UN => libc::F_UNLCK,
        c if c & libc::LOCK_SH != 0 => libc::F_RDLCK,
        c if c & libc::LOCK_EX != 0 => libc::F_WRLCK,
        _ => return py.value_error("unrecognized lockf argument"),
    };
    let wait = command & libc::LOCK_NB == 0;
    let r = py.restarting(|| control::lock_record(fd, wait, kind as i16, start, length, whence as i16))?;
    none(py, r)
}

const CONSTANTS: &[(&str, i64)] = &[
    ("FD_CLOEXEC", libc::FD_CLOEXEC as i64),
    ("FICLONE", libc::FICLONE as i64),
    ("FICLONERANGE", libc::FICLONERANGE as i64),
    ("F_ADD_SEALS", libc::F_ADD_SEALS as i64),
    ("F_DUPFD", libc::F_DUPFD as i64),
    ("F_DUPFD_CLOEXEC", libc::F_DUPFD_CLOEXEC as i64),
    ("F_GETFD", libc::F_GETFD as i64),
    ("F_GETFL", libc::F_GETFL as i64),
    ("F_GETLEASE", libc::F_GETLEASE as i64),
    ("F_GETLK", libc::F_GETLK as i64),
    ("F_GETOWN", libc::F_GETOWN as i64),
    ("F_GETPIPE_SZ", libc::F_GETPIPE_SZ as i64),
    ("F_GET_SEALS", libc::F_GET_SEALS as i64),
    ("F_NOTIFY", libc::F_NOTIFY as i64),
    ("F_OFD_GETLK", libc::F_OFD_GETLK as i64),
    ("F_OFD_SETLK", libc::F_OFD_SETLK as i64),
    ("F_OFD_SETLKW", libc::F_OFD_SETLKW as i64),
    ("F_RDLCK", libc::F_RDLCK as i64),
    ("F_SEAL_GROW", libc::F_SEAL_GROW as i64),
    ("F_SEAL_SEAL", libc::F_SEAL_SEAL as i64),
    ("F_SEAL_SHRINK", libc::F_SEAL_SHRINK as i64),
    ("F_SEAL_WRITE", libc::F_SEAL_WRITE as i64),
    ("F_SETFD", libc::F_SETFD as i64),
    ("F_SETFL", libc::F_SETFL as i64),
    ("F_SETLEASE", libc::F_SETLEASE as i64),
    ("F_SETLK", libc::F_SETLK as i64),
    ("F_SETLKW", libc::F_SETLKW as i64),
    ("F_SETOWN", libc::F_SETOWN as i64),
    ("F_SETPIPE_SZ", libc::F_SETPIPE_SZ as i64),
    ("F_UNLCK", libc::F_UNLCK as i64),
    ("F_WRLCK", libc::F_WRLCK as i64),
    ("LOCK_EX", libc::LOCK_EX as i64),
    ("LOCK_NB", libc::LOCK_NB as i64),
    ("LOCK_SH", libc::LOCK_SH as i64),
    ("LOCK_UN", libc::LOCK_UN as i64),
    // Those of Linux that Rust's declarations lack.
    ("DN_ACCESS", 1),
    ("DN_ATTRIB", 32),
    ("DN_CREATE", 4),
    ("DN_DELETE", 8),
    ("DN_MODIFY", 2),
    ("DN_MULTISHOT", 2147483648),
    ("DN_RENAME", 16),
    ("FASYNC", 8192),
    ("F_EXLCK", 4),
    ("F_GETLK64", 5),
    ("F_GETSIG", 11),
    ("F_SETLK64", 6),
    ("F_SETLKW64", 7),
    ("F_SETSIG", 10),
    ("F_SHLCK", 8),
    ("LOCK_MAND", 32),
    ("LOCK_READ", 64),
    ("LOCK_RW", 192),
    ("LOCK_WRITE", 128),
];
