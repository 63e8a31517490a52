//! Open files by their descriptors.

use super::arguments::{embedded_null, system_text};
use super::descriptor_of;
use super::{descriptor, folder, is_false, none, ok, path, small};
use python_objects::{Args, Native, Py, R, Value};
use stdlib_core::audit;

pub(super) static FUNCTIONS: &[Native] = &[
    Native::function("open", "path, flags, mode=511, *, dir_fd=None", open, "Open a file; return its descriptor."),
    Native::function("close", "fd", close, "Close a descriptor."),
    Native::function("closerange", "fd_low, fd_high, /", closerange, "Close descriptors, ignoring errors."),
    Native::function("lseek", "fd, position, whence, /", lseek, "Change the position."),
    Native::function("isatty", "fd, /", isatty, "Is it a terminal?"),
    Native::function("ftruncate", "fd, length, /", ftruncate, "Cut or extend a file."),
    Native::function("fsync", "fd", fsync, "Write a file to disk."),
    Native::function("fdatasync", "fd", fdatasync, "Write a file's content to disk."),
    Native::function("sync", "", sync, "Write everything to disk."),
    Native::function("fchmod", "fd, mode", fchmod, "Change permissions."),
    Native::function("fchown", "fd, uid, gid", fchown, "Change owner and group."),
    Native::function("dup", "fd, /", dup, "Duplicate a descriptor."),
    Native::function("dup2", "fd, fd2, inheritable=True", dup2, "Duplicate a descriptor to a number."),
    Native::function("pipe", "", pipe, "Make a pipe."),
    Native::function("pipe2", "flags, /", pipe2, "Make a pipe with flags."),
    Native::function("get_inheritable", "fd, /", get_inheritable, "Do child processes inherit it?"),
    Native::function("set_inheritable", "fd, inheritable, /", set_inheritable, "Say whether they do."),
    Native::function("get_blocking", "fd, /", get_blocking, "Do reads and writes wait?"),
    Native::function("set_blocking", "fd, blocking, /", set_blocking, "Say whether they wait."),
    Native::function("device_encoding", "fd", device_encoding, "Return the encoding of a terminal."),
    Native::function("lockf", "fd, command, length, /", lockf, "Lock a part of a file."),
    Native::function("posix_fadvise", "fd, offset, length, advice, /", posix_fadvise, "Say how a file will be used."),
    Native::function("posix_fallocate", "fd, offset, length, /", posix_fallocate, "Make sure that there is room."),
    Native::function("eventfd", "initval, flags=524288", eventfd, "Make a descriptor of events."),
    Native::function("eventfd_read", "fd", eventfd_read, "Read the count of events."),
    Native::function("eventfd_write", "fd, value", eventfd_write, "Add to the count of events."),
    Native::function("memfd_create", "name, flags=1", memfd_create, "Make a file in memory."),
    Native::function("pidfd_open", "pid, flags=0", pidfd_open, "Return a descriptor of a process."),
];

fn open(py: Py<'_>, args: Args<'_>) -> R {
    let p = path(py, args.at(0), "open")?;
    let flags = py.index_i32(args.at(1))?;
    let mode = args.opt(2).map_or(Ok(0o777), |v| py.index_i32(v))?;
    let folder = folder(py, args.some(3))?;
    audit::event(py, "open", &[args.at(0), Value::NONE, small(flags)])?;
    let opened = py.restarting(|| stdlib_system::open_at(folder, &p.path, flags, mode as u32))?;
    opened.map(small).map_err(|e| py.os_error(&e, Some(args.at(0))))
}
fn close(py: Py<'_>, args: Args<'_>) -> R {
    let fd = descriptor(py, args.at(0))?;
    none(py, py.blocking(|| stdlib_system::close(fd)))
}
fn closerange(py: Py<'_>, args: Args<'_>) -> R {
    let (from, to) = (descriptor(py, args.at(0))?, descriptor(py, args.at(1))?);
    py.blocking(|| stdlib_system::close_range(from.max(0), to));
    Ok(Value::NONE)
}
fn lseek(py: Py<'_>, args: Args<'_>) -> R {
    let (fd, offset) = (descriptor(py, args.at(0))?, py.index_i64(args.at(1))?);
    py.int(ok(py, stdlib_system::seek(fd, offset, py.index_i32(args.at(2))?))?)
}
fn isatty(py: Py<'_>, args: Args<'_>) -> R {
    Ok(Value::bool(stdlib_system::is_terminal(descriptor(py, args.at(0))?)))
}
fn ftruncate(py: Py<'_>, args: Args<'_>) -> R {
    let (fd, length) = (descriptor(py, args.at(0))?, py.index_i64(args.at(1))?);
    audit::event(py, "os.truncate", &[args.at(0), args.at(1)])?;
    let r = py.restarting(|| stdlib_system::truncate(fd, length))?;
    none(py, r)
}
fn fsync(py: Py<'_>, args: Args<'_>) -> R {
    let fd = descriptor_of(py, args.at(0))?;
    let r = py.restarting(|| stdlib_system::synchronize(fd))?;
    none(py, r)
}
fn fdatasync(py: Py<'_>, args: Args<'_>) -> R {
    let fd = descriptor_of(py, args.at(0))?;
    let r = py.restarting(|| stdlib_system::synchronize_data(fd))?;
    none(py, r)
}
fn sync(py: Py<'_>, _: Args<'_>) -> R {
    py.blocking(stdlib_system::synchronize_all);
    Ok(Value::NONE)
}
fn fchmod(py: Py<'_>, args: Args<'_>) -> R {
    let (fd, mode) = (descriptor(py, args.at(0))?, py.index_i32(args.at(1))?);
    audit::event(py, "os.chmod", &[args.at(0), small(mode), Value::int(-1)])?;
    let r = py.restarting(|| stdlib_system::change_mode_of(fd, mode as u32))?;
    none(py, r)
}
fn fchown(py: Py<'_>, args: Args<'_>) -> R {
    let fd = descriptor(py, args.at(0))?;
    let (user, group) = (super::user_number(py, args.at(1))?, super::group_number(py, args.at(2))?);
    audit::event(py, "os.chown", &[args.at(0), args.at(1), args.at(2), Value::int(-1)])?;
    let r = py.restarting(|| stdlib_system::change_owner_of(fd, user, group))?;
    none(py, r)
}
fn dup(py: Py<'_>, args: Args<'_>) -> R {
    ok(py, stdlib_system::duplicate(descriptor(py, args.at(0))?)).map(small)
}
fn dup2(py: Py<'_>, args: Args<'_>) -> R {
    let (fd, target) = (descriptor(py, args.at(0))?, descriptor(py, args.at(1))?);
    let inheritable = !is_false(py, args.opt(2))?;
    if fd < 0 || target < 0 {
        return none(py, Err::<(), _>(std::io::Error::from_raw_os_error(libc::EBADF)));
    }
    ok(py, py.blocking(|| stdlib_system::duplicate_to(fd, target, inheritable))).map(small)
}
fn ends(py: Py<'_>, pipe: std::io::Result<(i32, i32)>) -> R {
    let (read, write) = ok(py, pipe)?;
    py.tuple(&[small(read), small(write)])
}
fn pipe(py: Py<'_>, _: Args<'_>) -> R {
    ends(py, stdlib_system::pipe())
}
fn pipe2(py: Py<'_>, args: Args<'_>) -> R {
    let flags = py.index_i32(args.at(0))?;
    ends(py, stdlib_system::pipe_with(flags))
}
fn get_inheritable(py: Py<'_>, args: Args<'_>) -> R {
    ok(py, stdlib_system::is_inheritable(descriptor(py, args.at(0))?)).map(Value::bool)
}
fn set_inheritable(py: Py<'_>, args: Args<'_>) -> R {
    let (fd, inheritable) = (descriptor(py, args.at(0))?, py.index_i32(args.at(1))? != 0);
    none(py, stdlib_system::set_inheritable(fd, inheritable))
}
fn get_blocking(py: Py<'_>, args: Args<'_>) -> R {
    ok(py, stdlib_system::is_blocking(descriptor(py, args.at(0))?)).map(Value::bool)
}
fn set_blocking(py: Py<'_>, args: Args<'_>) -> R {
    let (fd, blocking) = (descriptor(py, args.at(0))?, py.truth(args.at(1))?);
    none(py, stdlib_system::set_blocking(fd, blocking))
}
fn device_encoding(py: Py<'_>, args: Args<'_>) -> R {
    if stdlib_system::is_terminal(descriptor(py, args.at(0))?) { py.str("UTF-8") } else { Ok(Value::NONE) }
}
fn lockf(py: Py<'_>, args: Args<'_>) -> R {
    let (fd, command, length) = (descriptor(py, args.at(0))?, py.index_i32(args.at(1))?, py.index_i64(args.at(2))?);
    audit::event(py, "os.lockf", &[args.at(0), args.at(1), args.at(2)])?;
    let r = py.restarting(|| stdlib_system::lock_range(fd, command, length))?;
    none(py, r)
}
fn posix_fadvise(py: Py<'_>, args: Args<'_>) -> R {
    let (fd, offset, length) = (descriptor(py, args.at(0))?, py.index_i64(args.at(1))?, py.index_i64(args.at(2))?);
    let advice = py.index_i32(args.at(3))?;
    let r = py.restarting(|| stdlib_system::advise(fd, offset, length, advice))?;
    none(py, r)
}
fn posix_fallocate(py: Py<'_>, args: Args<'_>) -> R {
    let (fd, offset, length) = (descriptor(py, args.at(0))?, py.index_i64(args.at(1))?, py.index_i64(args.at(2))?);
    let r = py.restarting(|| stdlib_system::allocate(fd, offset, length))?;
    none(py, r)
}
fn eventfd(py: Py<'_>, args: Args<'_>) -> R {
    let value = py.index_i64(args.at(0))?;
    let Ok(value) = u32::try_from(value) else {
        return if value < 0 {
            py.value_error("value must be positive")
        } else {
            py.err(python_objects::Exc::OverflowError, "Python int too large to convert to C unsigned int")
        };
    };
    let flags = args.opt(1).map_or(Ok(libc::EFD_CLOEXEC), |v| py.index_i32(v))?;
    py.int(ok(py, stdlib_system::event_descriptor(value, flags))?)
}
fn eventfd_read(py: Py<'_>, args: Args<'_>) -> R {
    let fd = descriptor(py, args.at(0))?;
    let mut count = [0; 8];
    let r = py.restarting(|| stdlib_system::read(fd, &mut count))?;
    ok(py, r)?;
    py.int_u64(u64::from_ne_bytes(count))
}
fn eventfd_write(py: Py<'_>, args: Args<'_>) -> R {
    let fd = descriptor(py, args.at(0))?;
    let count = super::files::device_number(py, args.at(1))?.to_ne_bytes();
    let r = py.restarting(|| stdlib_system::write(fd, &count))?;
    none(py, r)
}
fn memfd_create(py: Py<'_>, args: Args<'_>) -> R {
    let name = system_text(py, args.at(0))?;
    let flags = args.opt(1).map_or(Ok(libc::MFD_CLOEXEC as i32), |v| py.index_i32(v))?;
    if name.as_bytes().contains(&0) {
        return Err(embedded_null(py));
    }
    ok(py, stdlib_system::memory_file(&name, flags as u32)).map(small)
}
fn pidfd_open(py: Py<'_>, args: Args<'_>) -> R {
    let process = py.index_i32(args.at(0))?;
    let flags = args.opt(1).map_or(Ok(0), |v| py.index_i32(v))?;
    ok(py, stdlib_system::open_pidfd(process, flags as u32)).map(small)
}
