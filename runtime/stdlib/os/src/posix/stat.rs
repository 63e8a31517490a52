//! What is known of files and file systems.

use super::{File, Of};
use super::{descriptor, folder, is_false, ok, path, path_or_descriptor};
use python_objects::struct_sequence::{self, StructSequence};
use python_objects::{Args, Native, Object, Py, R, Value};
use stdlib_system::HERE;

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
pub(super) static STATVFS_RESULT: StructSequence = StructSequence {
    name: "statvfs_result",
    module: "os",
    fields: &[
        "f_bsize",
        "f_frsize",
        "f_blocks",
        "f_bfree",
        "f_bavail",
        "f_files",
        "f_ffree",
        "f_favail",
        "f_flag",
        "f_namemax",
        "f_fsid",
    ],
    visible: 10,
    constructible: true,
    doc: "statvfs_result: Result from statvfs or fstatvfs.",
};

static STAT_RESULT_NEW: &[Native] = &[Native::static_method("__new__", "cls, sequence, dict={}", new_result, "")];

pub(super) fn result_class(py: Py<'_>) -> R<Object> {
    let class = py.struct_sequence_type(&STAT_RESULT)?;
    py.add_methods(class, STAT_RESULT_NEW)?;
    Ok(class)
}
/// Where the times as floats are not given, they are those as ints.
fn new_result(py: Py<'_>, args: Args<'_>) -> R {
    const TIMES: usize = 7;
    const FLOATS: usize = 10;
    let given = py.tuple_from(args.at(1))?;
    let n = given.length();
    if !(FLOATS..FLOATS + 3).contains(&n) || args.some(2).is_some() {
        return struct_sequence::construct(py, args);
    }
    let all = py.tuple_with(FLOATS + 3, |i| given.element(if i < n { i } else { i - FLOATS + TIMES }))?;
    struct_sequence::construct(py, Args::of(&[args.at(0), all]))
}

pub(super) static FUNCTIONS: &[Native] = &[
    Native::function("stat", "path, *, dir_fd=None, follow_symlinks=True", stat, "Return what is known of a file."),
    Native::function("lstat", "path, *, dir_fd=None", lstat, "The same, of a symbolic link itself."),
    Native::function("fstat", "fd", fstat, "Return what is known of an open file."),
    Native::function("statvfs", "path", statvfs, "Return what is known of a file system."),
    Native::function("fstatvfs", "fd, /", fstatvfs, "The same by an open file of it."),
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

/// What is known of a file; entries of directories ask too.
pub(super) fn of_file(py: Py<'_>, file: &File, folder: i32, follow: bool) -> R {
    let asked = py.restarting(|| match &file.of {
        Of::Descriptor(fd) => stdlib_system::stat_descriptor(*fd),
        Of::Path(path) => stdlib_system::stat_at(folder, path, follow),
    })?;
    to_result(py, &file.ok(py, asked)?)
}

fn stat(py: Py<'_>, args: Args<'_>) -> R {
    let file = path_or_descriptor(py, args.at(0), "stat")?;
    let (folder, follow) = (folder(py, args.some(1))?, !is_false(py, args.opt(2))?);
    file.check(py, "stat", folder, follow)?;
    of_file(py, &file, folder, follow)
}
fn lstat(py: Py<'_>, args: Args<'_>) -> R {
    let p = path(py, args.at(0), "lstat")?;
    let file = File { of: Of::Path(p.path), name: Some(args.at(0)), is_bytes: p.is_bytes };
    of_file(py, &file, folder(py, args.some(1))?, false)
}
fn fstat(py: Py<'_>, args: Args<'_>) -> R {
    let file = File { of: Of::Descriptor(descriptor(py, args.at(0))?), name: None, is_bytes: false };
    of_file(py, &file, HERE, true)
}

fn file_system(py: Py<'_>, system: stdlib_system::FileSystem) -> R {
    let mut fields = [Value::NONE; 11];
    for (field, n) in fields.iter_mut().zip(system) {
        *field = py.int_u64(n)?;
    }
    py.struct_sequence(&STATVFS_RESULT, &fields)
}
fn statvfs(py: Py<'_>, args: Args<'_>) -> R {
    let file = path_or_descriptor(py, args.at(0), "statvfs")?;
    let asked = py.restarting(|| match &file.of {
        Of::Descriptor(fd) => stdlib_system::file_system_of(*fd),
        Of::Path(path) => stdlib_system::file_system_of_path(path),
    })?;
    file_system(py, file.ok(py, asked)?)
}
fn fstatvfs(py: Py<'_>, args: Args<'_>) -> R {
    let fd = descriptor(py, args.at(0))?;
    let asked = py.restarting(|| stdlib_system::file_system_of(fd))?;
    file_system(py, ok(py, asked)?)
}
