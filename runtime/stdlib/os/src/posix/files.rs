//! Files by their paths.

use super::Of;
use super::{done, done_with_two, folder, is_false, none, path, path_or_descriptor, path_value};
use crate::time;
use python_objects::{Args, Exc, Native, Object, Py, R, Value, int, string};
use stdlib_core::audit;
use stdlib_system::FileTime;

pub(super) static FUNCTIONS: &[Native] = &[
    Native::function(
        "access",
        "path, mode, *, dir_fd=None, effective_ids=False, follow_symlinks=True",
        access,
        "May the process use a file so?",
    ),
    Native::function("chmod", "path, mode, *, dir_fd=None, follow_symlinks=True", chmod, "Change permissions."),
    Native::function("chown", "path, uid, gid, *, dir_fd=None, follow_symlinks=True", chown, "Change owner and group."),
    Native::function("lchown", "path, uid, gid", lchown, "The same, of a symbolic link itself."),
    Native::function("mkdir", "path, mode=511, *, dir_fd=None", mkdir, "Make a directory."),
    Native::function("mkfifo", "path, mode=438, *, dir_fd=None", mkfifo, "Make a named pipe."),
    Native::function("mknod", "path, mode=384, device=0, *, dir_fd=None", mknod, "Make a node of the file system."),
    Native::function("rmdir", "path, *, dir_fd=None", rmdir, "Remove a directory."),
    Native::function("remove", "path, *, dir_fd=None", remove, "Remove a file."),
    Native::function("unlink", "path, *, dir_fd=None", unlink, "Remove a file."),
    Native::function(
        "rename",
        "src, dst, *, src_dir_fd=None, dst_dir_fd=None",
        |py, a| rename(py, a, "rename"),
        "Rename a file.",
    ),
    Native::function(
        "replace",
        "src, dst, *, src_dir_fd=None, dst_dir_fd=None",
        |py, a| rename(py, a, "replace"),
        "Rename a file.",
    ),
    Native::function(
        "link",
        "src, dst, *, src_dir_fd=None, dst_dir_fd=None, follow_symlinks=True",
        link,
        "Give a file another name.",
    ),
    Native::function(
        "symlink",
        "src, dst, target_is_directory=False, *, dir_fd=None",
        symlink,
        "Make a symbolic link.",
    ),
    Native::function("readlink", "path, *, dir_fd=None", readlink, "Return what a symbolic link says."),
    Native::function("truncate", "path, length", truncate, "Cut or extend a file."),
    Native::function("utime", "path, times=None, *, ns=None, dir_fd=None, follow_symlinks=True", utime, "Set times."),
    Native::function(
        "major",
        "device, /",
        |py, a| device_part(py, a, |d| libc::major(d)),
        "Return the major part of a device.",
    ),
    Native::function(
        "minor",
        "device, /",
        |py, a| device_part(py, a, |d| libc::minor(d)),
        "Return the minor part of a device.",
    ),
    Native::function("makedev", "major, minor, /", makedev, "Compose a device's number of its parts."),
    Native::function("umask", "mask, /", umask, "Set the mask of permissions; return the old one."),
    Native::function("_path_normpath", "path", normpath, "Normalize a path."),
    Native::function("fspath", "path", fspath, "Return the path as str or bytes."),
];

/// The folder as audit events show it.
fn shown(folder: i32) -> Value {
    Value::int(if folder == stdlib_system::HERE { -1 } else { i64::from(folder) })
}

fn access(py: Py<'_>, args: Args<'_>) -> R {
    let p = path(py, args.at(0), "access")?;
    let (mode, folder) = (py.index_i32(args.at(1))?, folder(py, args.some(2))?);
    let effective = args.opt(3).map_or(Ok(false), |v| py.truth(v))?;
    let follow = !is_false(py, args.opt(4))?;
    Ok(Value::bool(py.blocking(|| stdlib_system::access_at(folder, &p.path, mode, effective, follow)).is_ok()))
}
fn chmod(py: Py<'_>, args: Args<'_>) -> R {
    let file = path_or_descriptor(py, args.at(0), "chmod")?;
    let (mode, folder) = (py.index_i32(args.at(1))?, folder(py, args.some(2))?);
    let follow = !is_false(py, args.opt(3))?;
    audit::event(py, "os.chmod", &[args.at(0), Value::int(i64::from(mode)), shown(folder)])?;
    let r = py.blocking(|| match &file.of {
        Of::Descriptor(fd) => stdlib_system::change_mode_of(*fd, mode as u32).map(|_| ()),
        Of::Path(path) => stdlib_system::change_mode_at(folder, path, mode as u32, follow),
    });
    match r {
        Err(e) if !follow && [Some(libc::ENOTSUP), Some(libc::EINVAL)].contains(&e.raw_os_error()) => {
            let message = if folder == stdlib_system::HERE {
                "chmod: follow_symlinks unavailable on this platform"
            } else {
                "chmod: cannot use dir_fd and follow_symlinks together"
            };
            let class = if folder == stdlib_system::HERE { Exc::NotImplementedError } else { Exc::ValueError };
            py.err(class, message)
        }
        r => file.done(py, r),
    }
}
fn chown(py: Py<'_>, args: Args<'_>) -> R {
    let file = path_or_descriptor(py, args.at(0), "chown")?;
    let (user, group) = (super::user_number(py, args.at(1))?, super::group_number(py, args.at(2))?);
    let (folder, follow) = (folder(py, args.some(3))?, !is_false(py, args.opt(4))?);
    file.check(py, "chown", folder, follow)?;
    audit::event(py, "os.chown", &[args.at(0), args.at(1), args.at(2), shown(folder)])?;
    let r = py.blocking(|| match &file.of {
        Of::Descriptor(fd) => stdlib_system::change_owner_of(*fd, user, group).map(|_| ()),
        Of::Path(path) => stdlib_system::change_owner_at(folder, path, user, group, follow),
    });
    file.done(py, r)
}
fn lchown(py: Py<'_>, args: Args<'_>) -> R {
    let p = path(py, args.at(0), "lchown")?;
    let (user, group) = (super::user_number(py, args.at(1))?, super::group_number(py, args.at(2))?);
    audit::event(py, "os.chown", &[args.at(0), args.at(1), args.at(2), Value::int(-1)])?;
    let r = py.blocking(|| stdlib_system::change_owner_at(stdlib_system::HERE, &p.path, user, group, false));
    done(py, r, args.at(0))
}
fn mkdir(py: Py<'_>, args: Args<'_>) -> R {
    let p = path(py, args.at(0), "mkdir")?;
    let mode = args.opt(1).map_or(Ok(0o777), |v| py.index_i32(v))?;
    let folder = folder(py, args.some(2))?;
    audit::event(py, "os.mkdir", &[args.at(0), Value::int(i64::from(mode)), shown(folder)])?;
    let r = py.blocking(|| stdlib_system::make_directory_at(folder, &p.path, mode as u32));
    done(py, r, args.at(0))
}
fn mkfifo(py: Py<'_>, args: Args<'_>) -> R {
    let p = path(py, args.at(0), "mkfifo")?;
    let mode = args.opt(1).map_or(Ok(0o666), |v| py.index_i32(v))?;
    let folder = folder(py, args.some(2))?;
    let r = py.restarting(|| stdlib_system::make_pipe_at(folder, &p.path, mode as u32))?;
    none(py, r)
}
fn mknod(py: Py<'_>, args: Args<'_>) -> R {
    let p = path(py, args.at(0), "mknod")?;
    let mode = args.opt(1).map_or(Ok(0o600), |v| py.index_i32(v))?;
    let device = args.opt(2).map_or(Ok(0), |v| device_number(py, v))?;
    let folder = folder(py, args.some(3))?;
    let r = py.restarting(|| stdlib_system::make_node_at(folder, &p.path, mode as u32, device))?;
    none(py, r)
}
/// The number of a device.
pub(super) fn device_number(py: Py<'_>, v: Value) -> R<u64> {
    let n = py.index(v)?;
    match int::with_operand(n, |n| n.to_u64()) {
        Some(n) => Ok(n),
        None if int::is_negative(n) => py.err(Exc::OverflowError, "can't convert negative int to unsigned"),
        None => py.err(Exc::OverflowError, "int too big to convert"),
    }
}
fn device_part(py: Py<'_>, args: Args<'_>, part: fn(u64) -> u32) -> R {
    Ok(super::small(part(device_number(py, args.at(0))?)))
}
fn makedev(py: Py<'_>, args: Args<'_>) -> R {
    let (major, minor) = (py.index_i32(args.at(0))?, py.index_i32(args.at(1))?);
    py.int_u64(libc::makedev(major as u32, minor as u32))
}
fn rmdir(py: Py<'_>, args: Args<'_>) -> R {
    unlink_at(py, args, "rmdir", true)
}
fn remove(py: Py<'_>, args: Args<'_>) -> R {
    unlink_at(py, args, "remove", false)
}
fn unlink(py: Py<'_>, args: Args<'_>) -> R {
    unlink_at(py, args, "unlink", false)
}
fn unlink_at(py: Py<'_>, args: Args<'_>, function: &str, is_directory: bool) -> R {
    let p = path(py, args.at(0), function)?;
    let folder = folder(py, args.some(1))?;
    audit::event(py, if is_directory { "os.rmdir" } else { "os.remove" }, &[args.at(0), shown(folder)])?;
    let r = py.blocking(|| stdlib_system::unlink_at(folder, &p.path, is_directory));
    done(py, r, args.at(0))
}
fn rename(py: Py<'_>, args: Args<'_>, function: &str) -> R {
    let (from, to) = (named(py, args.at(0), function, "src")?, named(py, args.at(1), function, "dst")?);
    let (from_folder, to_folder) = (folder(py, args.some(2))?, folder(py, args.some(3))?);
    audit::event(py, "os.rename", &[args.at(0), args.at(1), shown(from_folder), shown(to_folder)])?;
    let r = py.blocking(|| stdlib_system::rename_at(from_folder, &from.path, to_folder, &to.path));
    done_with_two(py, r, args.at(0), args.at(1))
}
/// A path argument with a name of its own.
fn named(py: Py<'_>, v: Value, function: &str, name: &str) -> R<stdlib_core::support::PathArgument> {
    stdlib_core::support::path_argument(py, v, &format!("{function}: {name}"))
}
fn link(py: Py<'_>, args: Args<'_>) -> R {
    let (from, to) = (named(py, args.at(0), "link", "src")?, named(py, args.at(1), "link", "dst")?);
    let (from_folder, to_folder) = (folder(py, args.some(2))?, folder(py, args.some(3))?);
    let is_plain = from_folder == to_folder && from_folder == stdlib_system::HERE;
    let follow = !is_false(py, args.opt(4))?;
    audit::event(py, "os.link", &[args.at(0), args.at(1), shown(from_folder), shown(to_folder)])?;
    // The plain call, which follows nothing on Linux, is what the default is.
    let follow = follow && !is_plain;
    let r = py.blocking(|| stdlib_system::link_at(from_folder, &from.path, to_folder, &to.path, follow));
    done_with_two(py, r, args.at(0), args.at(1))
}
fn symlink(py: Py<'_>, args: Args<'_>) -> R {
    let (target, at) = (named(py, args.at(0), "symlink", "src")?, named(py, args.at(1), "symlink", "dst")?);
    let folder = folder(py, args.some(3))?;
    audit::event(py, "os.symlink", &[args.at(0), args.at(1), shown(folder)])?;
    let r = py.blocking(|| stdlib_system::make_link_at(&target.path, folder, &at.path));
    done_with_two(py, r, args.at(0), args.at(1))
}
fn readlink(py: Py<'_>, args: Args<'_>) -> R {
    let p = path(py, args.at(0), "readlink")?;
    let folder = folder(py, args.some(1))?;
    match py.blocking(|| stdlib_system::read_link_at(folder, &p.path)) {
        Ok(target) => path_value(py, &target, p.is_bytes),
        Err(e) => Err(py.os_error(&e, Some(args.at(0)))),
    }
}
fn truncate(py: Py<'_>, args: Args<'_>) -> R {
    let file = path_or_descriptor(py, args.at(0), "truncate")?;
    let length = py.index_i64(args.at(1))?;
    audit::event(py, "os.truncate", &[args.at(0), args.at(1)])?;
    let r = py.restarting(|| match &file.of {
        Of::Descriptor(fd) => stdlib_system::truncate(*fd, length),
        Of::Path(path) => stdlib_system::truncate_path(path, length),
    })?;
    file.done(py, r)
}

/// The two times of a tuple, by what one of them is.
fn pair(py: Py<'_>, v: Value, message: &str, one: impl Fn(Value) -> R<FileTime>) -> R<[FileTime; 2]> {
    match py.as_tuple(v).filter(|t| t.length() == 2) {
        Some(t) => Ok([one(t.element(0))?, one(t.element(1))?]),
        None => py.type_error(message),
    }
}
fn utime(py: Py<'_>, args: Args<'_>) -> R {
    let file = path_or_descriptor(py, args.at(0), "utime")?;
    let (folder, follow) = (folder(py, args.some(3))?, !is_false(py, args.opt(4))?);
    let times = match (args.some(1), args.opt(2)) {
        (Some(_), Some(_)) => return py.value_error("utime: you may specify either 'times' or 'ns' but not both"),
        (Some(times), None) => {
            let message = "utime: 'times' must be either a tuple of two ints or None";
            Some(pair(py, times, message, |v| time::file_time(py, v))?)
        }
        (None, Some(ns)) => {
            Some(pair(py, ns, "utime: 'ns' must be a tuple of two ints", |v| time::file_time_of_nanoseconds(py, v))?)
        }
        (None, None) => None,
    };
    file.check(py, "utime", folder, follow)?;
    let shown_times = args.some(1).unwrap_or(Value::NONE);
    audit::event(py, "os.utime", &[args.at(0), shown_times, args.opt(2).unwrap_or(Value::NONE), shown(folder)])?;
    let r = py.blocking(|| match &file.of {
        Of::Descriptor(fd) => stdlib_system::set_times(*fd, times),
        Of::Path(path) => stdlib_system::set_times_at(folder, path, times, follow),
    });
    file.done(py, r)
}
fn umask(py: Py<'_>, args: Args<'_>) -> R {
    let mask = py.index_i32(args.at(0))?;
    Ok(Value::int(i64::from(stdlib_system::set_umask(mask as u32))))
}
fn fspath(py: Py<'_>, args: Args<'_>) -> R {
    let v = args.at(0);
    if python_objects::string::exact_or_payload(py, v).is_some() || py.as_bytes(v).is_some() {
        return Ok(v);
    }
    stdlib_core::support::fspath(py, v, "")
}

/// `posixpath.normpath`
fn normpath(py: Py<'_>, args: Args<'_>) -> R {
    let Some(text) = string::exact_or_payload(py, args.at(0)) else {
        let class = py.class_name(args.at(0));
        return py.type_error(&format!("expected 'str', not '{class}'"));
    };
    // With what no path can have, too: nobody asks the system.
    let mut bytes = Vec::new();
    string::push_wtf8(text, &mut bytes);
    // Two slashes at the beginning, no more and no less, stay (POSIX).
    let slashes = bytes.iter().take_while(|b| **b == b'/').count();
    let root: &[u8] = match slashes {
        0 => b"",
        2 => b"//",
        _ => b"/",
    };
    let mut parts: Vec<&[u8]> = Vec::new();
    for part in bytes.split(|b| *b == b'/') {
        match part {
            b"" | b"." => {}
            b".." if parts.last().is_some_and(|p| *p != b"..") => {
                parts.pop();
            }
            b".." if !root.is_empty() => {}
            part => parts.push(part),
        }
    }
    let mut out = root.to_vec();
    out.extend_from_slice(&parts.join(&b'/'));
    if out.is_empty() && !bytes.is_empty() {
        out.push(b'.');
    }
    py.str_from_wtf8(&out).map(Object::value)
}
