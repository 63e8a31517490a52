//! Open files by their descriptors.

use super::{descriptor, failed, path};
use python_objects::{Args, Native, Py, R, Value};
use std::io::ErrorKind;
use stdlib_core::audit;

pub(super) static FUNCTIONS: &[Native] = &[
    Native::function("open", "path, flags, mode=511, *, dir_fd=None", open, "Open a file; return its descriptor."),
    Native::function("close", "fd", close, "Close a descriptor."),
    Native::function("closerange", "fd_low, fd_high, /", closerange, "Close descriptors, ignoring errors."),
    Native::function("read", "fd, length, /", read, "Read from a descriptor."),
    Native::function("write", "fd, data, /", write, "Write to a descriptor."),
    Native::function("lseek", "fd, position, whence, /", lseek, "Change the position."),
    Native::function("isatty", "fd, /", isatty, "Is it a terminal?"),
    Native::function("ftruncate", "fd, length, /", ftruncate, "Cut or extend a file."),
    Native::function("fsync", "fd", fsync, "Write a file to disk."),
    Native::function("dup", "fd, /", dup, "Duplicate a descriptor."),
    Native::function("dup2", "fd, fd2, inheritable=True", dup2, "Duplicate a descriptor to a number."),
    Native::function("pipe", "", pipe, "Make a pipe."),
    Native::function("get_inheritable", "fd, /", get_inheritable, "Do child processes inherit it?"),
    Native::function("set_inheritable", "fd, inheritable, /", set_inheritable, "Say whether they do."),
    Native::function("get_blocking", "fd, /", get_blocking, "Do reads and writes wait?"),
    Native::function("set_blocking", "fd, blocking, /", set_blocking, "Say whether they wait."),
    Native::function("device_encoding", "fd", device_encoding, "Return the encoding of a terminal."),
];

fn open(py: Py<'_>, args: Args<'_>) -> R {
    super::only_default(py, args.some(3), "open", "dir_fd")?;
    let p = path(py, args.at(0), "open")?;
    let flags = py.index_i32(args.at(1))?;
    let mode = args.opt(2).map_or(Ok(0o777), |v| py.index_i32(v))?;
    audit::event(py, "open", &[args.at(0), Value::NONE, Value::int(i64::from(flags))])?;
    loop {
        py.poll()?;
        match py.blocking(|| stdlib_system::open(&p.path, flags, mode as u32)) {
            Ok(fd) => return Ok(Value::int(i64::from(fd))),
            Err(e) if e.kind() == ErrorKind::Interrupted => {}
            Err(e) => return failed(py, &e, Some(args.at(0))),
        }
    }
}
fn close(py: Py<'_>, args: Args<'_>) -> R {
    match stdlib_system::close(descriptor(py, args.at(0))?) {
        Ok(()) => Ok(Value::NONE),
        Err(e) => failed(py, &e, None),
    }
}
fn closerange(py: Py<'_>, args: Args<'_>) -> R {
    for fd in descriptor(py, args.at(0))?..descriptor(py, args.at(1))?.min(1 << 20) {
        // Errors are ignored, as documented.
        _ = stdlib_system::close(fd);
    }
    Ok(Value::NONE)
}
fn read(py: Py<'_>, args: Args<'_>) -> R {
    let fd = descriptor(py, args.at(0))?;
    let n = py.index_i64(args.at(1))?;
    let Ok(n) = usize::try_from(n) else { return failed(py, &std::io::Error::from_raw_os_error(22), None) };
    if n > py.heap().options().limit {
        return Err(py.out_of_memory(vm_api::heap::OutOfMemory));
    }
    let mut buffer = vec![0; n];
    loop {
        py.poll()?;
        match py.blocking(|| stdlib_system::read(fd, &mut buffer)) {
            Ok(n) => return Ok(py.bytes(&buffer[..n])?.value()),
            Err(e) if e.kind() == ErrorKind::Interrupted => {}
            Err(e) => return failed(py, &e, None),
        }
    }
}
fn write(py: Py<'_>, args: Args<'_>) -> R {
    let fd = descriptor(py, args.at(0))?;
    let Some(content) = py.content_of(args.at(1)) else {
        return py.type_error(&format!("a bytes-like object is required, not '{}'", py.class_name(args.at(1))));
    };
    loop {
        py.poll()?;
        match py.blocking(|| stdlib_system::write(fd, &content)) {
            Ok(n) => return py.int_usize(n),
            Err(e) if e.kind() == ErrorKind::Interrupted => {}
            Err(e) => return failed(py, &e, None),
        }
    }
}
fn lseek(py: Py<'_>, args: Args<'_>) -> R {
    let (fd, offset) = (descriptor(py, args.at(0))?, py.index_i64(args.at(1))?);
    match stdlib_system::seek(fd, offset, py.index_i32(args.at(2))?) {
        Ok(n) => py.int(n),
        Err(e) => failed(py, &e, None),
    }
}
fn isatty(py: Py<'_>, args: Args<'_>) -> R {
    Ok(Value::bool(stdlib_system::is_terminal(descriptor(py, args.at(0))?)))
}
fn nothing(py: Py<'_>, r: std::io::Result<()>) -> R {
    match r {
        Ok(()) => Ok(Value::NONE),
        Err(e) => failed(py, &e, None),
    }
}
fn ftruncate(py: Py<'_>, args: Args<'_>) -> R {
    let (fd, length) = (descriptor(py, args.at(0))?, py.index_i64(args.at(1))?);
    nothing(py, stdlib_system::truncate(fd, length))
}
/// The descriptor of a number or of what has `fileno`.
fn fsync(py: Py<'_>, args: Args<'_>) -> R {
    let v = args.at(0);
    let v = if py.as_int(v).is_some() {
        v
    } else {
        let name = py.intern("fileno")?;
        py.call_method(v, name, &[])?
    };
    let fd = descriptor(py, v)?;
    nothing(py, py.blocking(|| stdlib_system::synchronize(fd)))
}
fn dup(py: Py<'_>, args: Args<'_>) -> R {
    match stdlib_system::duplicate(descriptor(py, args.at(0))?) {
        Ok(fd) => Ok(Value::int(i64::from(fd))),
        Err(e) => failed(py, &e, None),
    }
}
fn dup2(py: Py<'_>, args: Args<'_>) -> R {
    let inheritable = !super::is_false(py, args.opt(2))?;
    match stdlib_system::duplicate_to(descriptor(py, args.at(0))?, descriptor(py, args.at(1))?, inheritable) {
        Ok(fd) => Ok(Value::int(i64::from(fd))),
        Err(e) => failed(py, &e, None),
    }
}
fn pipe(py: Py<'_>, _: Args<'_>) -> R {
    match stdlib_system::pipe() {
        Ok((r, w)) => py.tuple(&[Value::int(i64::from(r)), Value::int(i64::from(w))]),
        Err(e) => failed(py, &e, None),
    }
}
fn get_inheritable(py: Py<'_>, args: Args<'_>) -> R {
    match stdlib_system::is_inheritable(descriptor(py, args.at(0))?) {
        Ok(b) => Ok(Value::bool(b)),
        Err(e) => failed(py, &e, None),
    }
}
fn set_inheritable(py: Py<'_>, args: Args<'_>) -> R {
    let inheritable = py.truth(args.at(1))?;
    nothing(py, stdlib_system::set_inheritable(descriptor(py, args.at(0))?, inheritable))
}
fn device_encoding(py: Py<'_>, args: Args<'_>) -> R {
    if stdlib_system::is_terminal(descriptor(py, args.at(0))?) { py.str("UTF-8") } else { Ok(Value::NONE) }
}
fn get_blocking(py: Py<'_>, args: Args<'_>) -> R {
    match stdlib_system::is_blocking(descriptor(py, args.at(0))?) {
        Ok(blocking) => Ok(Value::bool(blocking)),
        Err(e) => failed(py, &e, None),
    }
}
fn set_blocking(py: Py<'_>, args: Args<'_>) -> R {
    let (fd, blocking) = (descriptor(py, args.at(0))?, py.truth(args.at(1))?);
    match stdlib_system::set_blocking(fd, blocking) {
        Ok(()) => Ok(Value::NONE),
        Err(e) => failed(py, &e, None),
    }
}
