//! `_stat`: what the bits of a file's mode mean.

use python_objects::kind::Kind;
use python_objects::{Args, Exc, Native, Object, Py, R, Value, int};
use stdlib_core::support::constants;

/// A question of the type bits.
macro_rules! is_type {
    ($name:literal, $bits:expr, $what:literal) => {
        Native::function(
            $name,
            "mode, /",
            |py, args| Ok(Value::bool($bits != 0 && mode_of(py, args)? & FORMAT == $bits)),
            concat!("Is it the mode of ", $what, "?"),
        )
    };
}

static FUNCTIONS: &[Native] = &[
    is_type!("S_ISDIR", 0o04_0000, "a directory"),
    is_type!("S_ISCHR", 0o02_0000, "a character device"),
    is_type!("S_ISBLK", 0o06_0000, "a block device"),
    is_type!("S_ISREG", 0o10_0000, "a regular file"),
    is_type!("S_ISFIFO", 0o01_0000, "a pipe"),
    is_type!("S_ISLNK", 0o12_0000, "a symbolic link"),
    is_type!("S_ISSOCK", 0o14_0000, "a socket"),
    // These are of other systems.
    is_type!("S_ISDOOR", 0, "a door"),
    is_type!("S_ISPORT", 0, "an event port"),
    is_type!("S_ISWHT", 0, "a whiteout"),
    Native::function(
        "S_IMODE",
        "mode, /",
        |py, a| py.int((mode_of(py, a)? & 0o7777).into()),
        "The bits of a mode that chmod can set.",
    ),
    Native::function(
        "S_IFMT",
        "mode, /",
        |py, a| py.int((mode_of(py, a)? & FORMAT).into()),
        "The type bits of a mode.",
    ),
    Native::function("filemode", "mode, /", file_mode, "A mode as text, like '-rwxr-xr-x'."),
];

const FORMAT: u32 = 0o17_0000;

const CONSTANTS: &[(&str, i64)] = &[
    ("S_IFDIR", 0o04_0000),
    ("S_IFCHR", 0o02_0000),
    ("S_IFBLK", 0o06_0000),
    ("S_IFREG", 0o10_0000),
    ("S_IFIFO", 0o01_0000),
    ("S_IFLNK", 0o12_0000),
    ("S_IFSOCK", 0o14_0000),
    ("S_IFDOOR", 0),
    ("S_IFPORT", 0),
    ("S_IFWHT", 0),
    ("S_ISUID", 0o4000),
    ("S_ISGID", 0o2000),
    ("S_ISVTX", 0o1000),
    ("S_ENFMT", 0o2000),
    ("S_IREAD", 0o400),
    ("S_IWRITE", 0o200),
    ("S_IEXEC", 0o100),
    ("S_IRWXU", 0o700),
    ("S_IRUSR", 0o400),
    ("S_IWUSR", 0o200),
    ("S_IXUSR", 0o100),
    ("S_IRWXG", 0o070),
    ("S_IRGRP", 0o040),
    ("S_IWGRP", 0o020),
    ("S_IXGRP", 0o010),
    ("S_IRWXO", 0o007),
    ("S_IROTH", 0o004),
    ("S_IWOTH", 0o002),
    ("S_IXOTH", 0o001),
    ("UF_NODUMP", 0x1),
    ("UF_IMMUTABLE", 0x2),
    ("UF_APPEND", 0x4),
    ("UF_OPAQUE", 0x8),
    ("UF_NOUNLINK", 0x10),
    ("UF_COMPRESSED", 0x20),
    ("UF_HIDDEN", 0x8000),
    ("SF_ARCHIVED", 0x1_0000),
    ("SF_IMMUTABLE", 0x2_0000),
    ("SF_APPEND", 0x4_0000),
    ("SF_NOUNLINK", 0x10_0000),
    ("SF_SNAPSHOT", 0x20_0000),
    ("ST_MODE", 0),
    ("ST_INO", 1),
    ("ST_DEV", 2),
    ("ST_NLINK", 3),
    ("ST_UID", 4),
    ("ST_GID", 5),
    ("ST_SIZE", 6),
    ("ST_ATIME", 7),
    ("ST_MTIME", 8),
    ("ST_CTIME", 9),
];

pub(crate) fn init(py: Py<'_>, module: Object) -> R<()> {
    py.add_functions(module, FUNCTIONS)?;
    constants(py, module, CONSTANTS)
}

fn mode_of(py: Py<'_>, args: Args<'_>) -> R<u32> {
    let v = args.at(0);
    if ![Kind::INT, Kind::BOOL].contains(&py.kind(v)) {
        return py.type_error("an integer is required");
    }
    match int::to_i64(py.index(v)?) {
        Some(n) if n < 0 => py.err(Exc::OverflowError, "can't convert negative value to unsigned int"),
        Some(n) => u32::try_from(n).or_else(|_| py.err(Exc::OverflowError, "mode out of range")),
        None => py.err(Exc::OverflowError, "Python int too large to convert to C unsigned long"),
    }
}

fn file_mode(py: Py<'_>, args: Args<'_>) -> R {
    let mode = mode_of(py, args)?;
    let kind = match mode & FORMAT {
        0o10_0000 => '-',
        0o04_0000 => 'd',
        0o12_0000 => 'l',
        0o06_0000 => 'b',
        0o02_0000 => 'c',
        0o01_0000 => 'p',
        0o14_0000 => 's',
        _ => '?',
    };
    let mut text = String::from(kind);
    // For each of owner, group and others: their bits, and the bit that stands in the place of the last one.
    for (shift, special, mark) in [(6, 0o4000, 's'), (3, 0o2000, 's'), (0, 0o1000, 't')] {
        let bits = mode >> shift;
        text.push(if bits & 4 != 0 { 'r' } else { '-' });
        text.push(if bits & 2 != 0 { 'w' } else { '-' });
        text.push(match (mode & special != 0, bits & 1 != 0) {
            (false, false) => '-',
            (false, true) => 'x',
            (true, false) => mark.to_ascii_uppercase(),
            (true, true) => mark,
        });
    }
    py.str(&text)
}
