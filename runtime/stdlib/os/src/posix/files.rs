//! Files by their paths.

use super::{descriptor, done, failed, failed_with_two, is_false, only_default, path, path_value};
use python_objects::struct_sequence::StructSequence;
use python_objects::{Args, Native, Py, R, Value};
use std::os::unix::fs::symlink as make_symlink;
use stdlib_core::audit;

pub(super) static STAT_RESULT: StructSequence = StructSequence {
    name: "stat_result",
    module: "os",
    fields: &[
        "st_mode",
        "st_ino",
        "st_dev",
        "st_nlink",
        "st_uid",
        "st_gid",
        "st_size",
        "",
        "",
        "",
        "st_atime",
        "st_mtime",
        "st_ctime",
        "st_atime_ns",
        "st_mtime_ns",
        "st_ctime_ns",
        "st_blksize",
        "st_blocks",
        "st_rdev",
    ],
    visible: 10,
    constructible: true,
    doc: "stat_result: Result from stat, fstat, or lstat.",
};

pub(super) static FUNCTIONS: &[Native] = &[
    Native::function("stat", "path, *, dir_fd=None, follow_symlinks=True", stat, "Return what is known of a file."),
    Native::function("lstat", "path, *, dir_fd=None", lstat, "The same, of a symbolic link itself."),
    Native::function("fstat", "fd", fstat, "Return what is known of an open file."),
    Native::function("access", "path, mode, *, dir_fd=None, effective_ids=False, follow_symlinks=True", access, ""),
    Native::function("chmod", "path, mode, *, dir_fd=None, follow_symlinks=True", chmod, "Change permissions."),
    Native::function("mkdir", "path, mode=511, *, dir_fd=None", mkdir, "Make a directory."),
    Native::function("rmdir", "path, *, dir_fd=None", rmdir, "Remove a directory."),
    Native::function("remove", "path, *, dir_fd=None", remove, "Remove a file."),
    Native::function("unlink", "path, *, dir_fd=None", remove, "Remove a file."),
    Native::function("rename", "src, dst, *, src_dir_fd=None, dst_dir_fd=None", rename, "Rename a file."),
    Native::function("replace", "src, dst, *, src_dir_fd=None, dst_dir_fd=None", rename, "Rename a file."),
    Native::function("link", "src, dst, *, src_dir_fd=None, dst_dir_fd=None, follow_symlinks=True", link, ""),
    Native::function("symlink", "src, dst, target_is_directory=False, *, dir_fd=None", symlink, ""),
    Native::function("readlink", "path, *, dir_fd=None", readlink, "Return what a symbolic link says."),
    Native::function("truncate", "path, length", truncate, "Cut or extend a file."),
    Native::function("utime", "path, times=None, *, ns=None, dir_fd=None, follow_symlinks=True", utime, "Set times."),
    Native::function("umask", "mask, /", umask, "Set the mask of permissions; return the old one."),
    Native::function("_path_normpath", "path", normpath, "Normalize a path."),
    Native::function("fspath", "path", fspath, "Return the path as str or bytes."),
];

#[allow(clippy::unnecessary_cast, reason = "the widths depend on the platform")]
fn to_result(py: Py<'_>, s: &stdlib_system::Stat) -> R {
    let times = [(s.st_atime, s.st_atime_nsec), (s.st_mtime, s.st_mtime_nsec), (s.st_ctime, s.st_ctime_nsec)];
    let mut fields = [Value::NONE; 19];
    let numbers = [
        u64::from(s.st_mode),
        s.st_ino,
        s.st_dev,
        s.st_nlink as u64,
        u64::from(s.st_uid),
        u64::from(s.st_gid),
        s.st_size as u64,
    ];
    for (i, n) in numbers.iter().enumerate() {
        fields[i] = py.int_u64(*n)?;
    }
    for (i, (seconds, ns)) in times.iter().enumerate() {
        fields[7 + i] = py.int(*seconds)?;
        fields[10 + i] = Value::float(*seconds as f64 + *ns as f64 * 1e-9);
        fields[13 + i] = py.int_i128(i128::from(*seconds) * 1_000_000_000 + i128::from(*ns))?;
    }
    fields[16] = py.int(s.st_blksize as i64)?;
    fields[17] = py.int(s.st_blocks)?;
    fields[18] = py.int_u64(s.st_rdev)?;
    py.struct_sequence(&STAT_RESULT, &fields)
}

/// The answer about a path; directory entries ask too.
pub(super) fn stat_path(py: Py<'_>, path: &std::path::Path, name: Value, follow: bool) -> R {
    match stdlib_system::stat(path, follow) {
        Ok(s) => to_result(py, &s),
        Err(e) => failed(py, &e, Some(name)),
    }
}

fn stat(py: Py<'_>, args: Args<'_>) -> R {
    if py.as_int(args.at(0)).is_some() {
        return fstat(py, args);
    }
    only_default(py, args.some(1), "stat", "dir_fd")?;
    let p = path(py, args.at(0), "stat")?;
    let follow = !is_false(py, args.opt(2))?;
    stat_path(py, &p.path, args.at(0), follow)
}
fn lstat(py: Py<'_>, args: Args<'_>) -> R {
    only_default(py, args.some(1), "lstat", "dir_fd")?;
    let p = path(py, args.at(0), "lstat")?;
    stat_path(py, &p.path, args.at(0), false)
}
fn fstat(py: Py<'_>, args: Args<'_>) -> R {
    match stdlib_system::stat_descriptor(descriptor(py, args.at(0))?) {
        Ok(s) => to_result(py, &s),
        Err(e) => failed(py, &e, None),
    }
}
fn access(py: Py<'_>, args: Args<'_>) -> R {
    only_default(py, args.some(2), "access", "dir_fd")?;
    let p = path(py, args.at(0), "access")?;
    Ok(Value::bool(stdlib_system::access(&p.path, py.index_i32(args.at(1))?).is_ok()))
}
fn chmod(py: Py<'_>, args: Args<'_>) -> R {
    only_default(py, args.some(2), "chmod", "dir_fd")?;
    let p = path(py, args.at(0), "chmod")?;
    let mode = py.index_i32(args.at(1))?;
    done(py, stdlib_system::change_mode(&p.path, mode as u32), args.at(0))
}
fn mkdir(py: Py<'_>, args: Args<'_>) -> R {
    only_default(py, args.some(2), "mkdir", "dir_fd")?;
    let p = path(py, args.at(0), "mkdir")?;
    let mode = args.opt(1).map_or(Ok(0o777), |v| py.index_i32(v))?;
    audit::event(py, "os.mkdir", &[args.at(0), Value::int(i64::from(mode)), Value::int(-1)])?;
    done(py, stdlib_system::make_directory(&p.path, mode as u32), args.at(0))
}
fn rmdir(py: Py<'_>, args: Args<'_>) -> R {
    only_default(py, args.some(1), "rmdir", "dir_fd")?;
    let p = path(py, args.at(0), "rmdir")?;
    audit::event(py, "os.rmdir", &[args.at(0), Value::int(-1)])?;
    done(py, std::fs::remove_dir(&p.path), args.at(0))
}
fn remove(py: Py<'_>, args: Args<'_>) -> R {
    only_default(py, args.some(1), "remove", "dir_fd")?;
    let p = path(py, args.at(0), "remove")?;
    audit::event(py, "os.remove", &[args.at(0), Value::int(-1)])?;
    done(py, stdlib_system::unlink(&p.path), args.at(0))
}
fn rename(py: Py<'_>, args: Args<'_>) -> R {
    let (from, to) = (path(py, args.at(0), "rename")?, path(py, args.at(1), "rename")?);
    audit::event(py, "os.rename", &[args.at(0), args.at(1), Value::int(-1), Value::int(-1)])?;
    match std::fs::rename(&from.path, &to.path) {
        Ok(()) => Ok(Value::NONE),
        Err(e) => failed_with_two(py, &e, args.at(0), args.at(1)),
    }
}
fn link(py: Py<'_>, args: Args<'_>) -> R {
    let (from, to) = (path(py, args.at(0), "link")?, path(py, args.at(1), "link")?);
    match std::fs::hard_link(&from.path, &to.path) {
        Ok(()) => Ok(Value::NONE),
        Err(e) => failed_with_two(py, &e, args.at(0), args.at(1)),
    }
}
fn symlink(py: Py<'_>, args: Args<'_>) -> R {
    let (from, to) = (path(py, args.at(0), "symlink")?, path(py, args.at(1), "symlink")?);
    match make_symlink(&from.path, &to.path) {
        Ok(()) => Ok(Value::NONE),
        Err(e) => failed_with_two(py, &e, args.at(0), args.at(1)),
    }
}
fn readlink(py: Py<'_>, args: Args<'_>) -> R {
    only_default(py, args.some(1), "readlink", "dir_fd")?;
    let p = path(py, args.at(0), "readlink")?;
    match std::fs::read_link(&p.path) {
        Ok(target) => path_value(py, &target, p.is_bytes),
        Err(e) => failed(py, &e, Some(args.at(0))),
    }
}
fn truncate(py: Py<'_>, args: Args<'_>) -> R {
    let length = py.index_i64(args.at(1))?;
    if py.as_int(args.at(0)).is_some() {
        return done(py, stdlib_system::truncate(descriptor(py, args.at(0))?, length), args.at(0));
    }
    let p = path(py, args.at(0), "truncate")?;
    let Ok(length) = u64::try_from(length) else {
        return failed(py, &std::io::Error::from_raw_os_error(22), Some(args.at(0)));
    };
    let r = std::fs::OpenOptions::new().write(true).open(&p.path).and_then(|f| f.set_len(length));
    done(py, r, args.at(0))
}
fn utime(py: Py<'_>, args: Args<'_>) -> R {
    use std::time::{Duration, SystemTime, UNIX_EPOCH};
    only_default(py, args.some(3), "utime", "dir_fd")?;
    let p = path(py, args.at(0), "utime")?;
    if args.some(1).is_some() && args.opt(2).is_some() {
        return py.value_error("utime: you may specify either 'times' or 'ns' but not both");
    }
    let mut times = [SystemTime::now(); 2];
    let (given, is_ns) = match (args.some(1), args.opt(2)) {
        (Some(times), _) => (Some(times), false),
        (None, Some(ns)) => (Some(ns), true),
        (None, None) => (None, false),
    };
    if let Some(given) = given {
        let Some(t) = py.as_tuple(given).filter(|t| t.length() == 2) else {
            let which = if is_ns { "'ns' must be" } else { "'times' must be either" };
            let rest = if is_ns { "" } else { " or None" };
            return py.type_error(&format!("utime: {which} a tuple of two ints{rest}"));
        };
        for (i, time) in times.iter_mut().enumerate() {
            let ns = if is_ns { py.index_i64(t.element(i))? } else { (py.real(t.element(i))? * 1e9) as i64 };
            let away = Duration::from_nanos(ns.unsigned_abs());
            *time = if ns < 0 { UNIX_EPOCH - away } else { UNIX_EPOCH + away };
        }
    }
    let times = std::fs::FileTimes::new().set_accessed(times[0]).set_modified(times[1]);
    done(py, std::fs::File::open(&p.path).and_then(|f| f.set_times(times)), args.at(0))
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
    use std::os::unix::ffi::OsStrExt;
    let p = stdlib_core::support::path_argument_with_nul(py, args.at(0))?;
    let bytes = p.path.as_os_str().as_bytes();
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
    if out.is_empty() {
        out.push(b'.');
    }
    let out = std::path::PathBuf::from(std::ffi::OsStr::from_bytes(&out));
    path_value(py, &out, p.is_bytes)
}
