//! Directories: the current one, lists, and `scandir` with its entries.

use super::{done, failed, files, is_false, path, path_value};
use python_objects::kind::special;
use python_objects::{Args, Native, Object, Py, R, TypeSpec, Value, list};
use std::os::unix::fs::DirEntryExt;
use std::path::PathBuf;
use stdlib_core::audit;

pub(super) static FUNCTIONS: &[Native] = &[
    Native::function("getcwd", "", getcwd, "Return the current directory."),
    Native::function("getcwdb", "", getcwdb, "Return the current directory as bytes."),
    Native::function("chdir", "path", chdir, "Change the current directory."),
    Native::function("listdir", "path=None", listdir, "Return the names in a directory."),
    Native::function("scandir", "path=None", scandir, "Return an iterator over a directory's entries."),
];

/// Words: dictionary, name, path, kind (d, f, l or o), inode.
static ENTRY: TypeSpec = TypeSpec::values(
    "posix",
    "DirEntry",
    5,
    &[
        Native::getter("name", entry_name, "The name."),
        Native::getter("path", entry_path, "The path."),
        Native::method("is_dir", "self, /, *, follow_symlinks=True", entry_is_dir, "Is it a directory?"),
        Native::method("is_file", "self, /, *, follow_symlinks=True", entry_is_file, "Is it a file?"),
        Native::method("is_symlink", "self, /", entry_is_symlink, "Is it a symbolic link?"),
        Native::method("is_junction", "self, /", entry_is_junction, "Never."),
        Native::method("stat", "self, /, *, follow_symlinks=True", entry_stat, "Return what is known of it."),
        Native::method("inode", "self, /", entry_inode, "Return the inode number."),
        Native::method("__fspath__", "self, /", entry_path, "Return the path."),
        Native::wrapper("__repr__", "self, /", entry_repr, "Return repr(self)."),
    ],
    "",
);
/// Words: unused, list of entries (EMPTY when closed), position.
static ITERATOR: TypeSpec = TypeSpec::values(
    "posix",
    "ScandirIterator",
    3,
    &[
        Native::wrapper("__iter__", "self, /", myself, ""),
        Native::wrapper("__next__", "self, /", next, ""),
        Native::method("__enter__", "self, /", myself, ""),
        Native::method("__exit__", "self, /, *args", close, ""),
        Native::method("close", "self, /", close, "Close the iterator."),
    ],
    "",
);

pub(super) fn entry_class(py: Py<'_>) -> R<Object> {
    py.native_type(&ENTRY)
}

fn current(py: Py<'_>, as_bytes: bool) -> R {
    match std::env::current_dir() {
        Ok(folder) => path_value(py, &folder, as_bytes),
        Err(e) => failed(py, &e, None),
    }
}
fn getcwd(py: Py<'_>, _: Args<'_>) -> R {
    current(py, false)
}
fn getcwdb(py: Py<'_>, _: Args<'_>) -> R {
    current(py, true)
}
fn chdir(py: Py<'_>, args: Args<'_>) -> R {
    let p = path(py, args.at(0), "chdir")?;
    done(py, std::env::set_current_dir(&p.path), args.at(0))
}

/// The directory of an argument, its name for errors and messages, and whether results are bytes.
fn folder(py: Py<'_>, args: Args<'_>, function: &str) -> R<(PathBuf, Value, bool)> {
    match args.some(0) {
        None => Ok((PathBuf::from("."), py.str(".")?, false)),
        Some(v) => {
            let p = path(py, v, function)?;
            Ok((p.path, v, p.is_bytes))
        }
    }
}

fn listdir(py: Py<'_>, args: Args<'_>) -> R {
    let (folder, name, is_bytes) = folder(py, args, "listdir")?;
    audit::event(py, "os.listdir", &[name])?;
    let names = py.new_list(8)?;
    let entries = match std::fs::read_dir(&folder) {
        Ok(entries) => entries,
        Err(e) => return failed(py, &e, Some(name)),
    };
    for entry in entries {
        match entry {
            Ok(entry) => py.list_push(names, path_value(py, entry.file_name().as_ref(), is_bytes)?)?,
            Err(e) => return failed(py, &e, Some(name)),
        }
    }
    Ok(names.value())
}

fn scandir(py: Py<'_>, args: Args<'_>) -> R {
    let (folder, name, is_bytes) = folder(py, args, "scandir")?;
    audit::event(py, "os.scandir", &[name])?;
    let entries = match std::fs::read_dir(&folder) {
        Ok(entries) => entries,
        Err(e) => return failed(py, &e, Some(name)),
    };
    let made = py.new_list(8)?;
    for entry in entries {
        let entry = match entry {
            Ok(entry) => entry,
            Err(e) => return failed(py, &e, Some(name)),
        };
        let kind = entry.file_type().map_or('o', |t| match () {
            () if t.is_symlink() => 'l',
            () if t.is_dir() => 'd',
            () if t.is_file() => 'f',
            () => 'o',
        });
        let joined = if args.some(0).is_none() && !is_bytes {
            // Without a path the entries' paths begin with `./`.
            PathBuf::from("./").join(entry.file_name())
        } else {
            folder.join(entry.file_name())
        };
        let o = py.new_native(&ENTRY)?;
        let shown = path_value(py, entry.file_name().as_ref(), is_bytes)?;
        py.store(o, 2, shown);
        let full = path_value(py, &joined, is_bytes)?;
        py.store(o, 3, full);
        py.store(o, 4, Value::int(i64::from(kind as u32)));
        let inode = py.int_u64(entry.ino())?;
        py.store(o, 5, inode);
        py.list_push(made, o.value())?;
    }
    let iterator = py.new_native(&ITERATOR)?;
    py.store(iterator, 2, made.value());
    py.store(iterator, 3, Value::int(0));
    Ok(iterator.value())
}

fn iterator(py: Py<'_>, args: Args<'_>) -> R<Object> {
    match py.of_kind(args.at(0), ITERATOR.kind) {
        Some(o) => Ok(o),
        None => py.type_error("a ScandirIterator is required"),
    }
}
fn myself(_: Py<'_>, args: Args<'_>) -> R {
    Ok(args.at(0))
}
fn next(py: Py<'_>, args: Args<'_>) -> R {
    let o = iterator(py, args)?;
    let Some(entries) = Object::from_value(o.get(2)) else { return Ok(special::END) };
    let at = o.get(3).as_int();
    match list::get(entries, at as usize) {
        Some(entry) => {
            py.store(o, 3, Value::int(at + 1));
            Ok(entry)
        }
        None => Ok(special::END),
    }
}
fn close(py: Py<'_>, args: Args<'_>) -> R {
    let o = iterator(py, args)?;
    py.store(o, 2, Value::EMPTY);
    Ok(Value::NONE)
}

fn entry(py: Py<'_>, args: Args<'_>) -> R<Object> {
    match py.of_kind(args.at(0), ENTRY.kind) {
        Some(o) => Ok(o),
        None => py.type_error("a DirEntry is required"),
    }
}
fn entry_name(py: Py<'_>, args: Args<'_>) -> R {
    Ok(entry(py, args)?.get(2))
}
fn entry_path(py: Py<'_>, args: Args<'_>) -> R {
    Ok(entry(py, args)?.get(3))
}
fn entry_inode(py: Py<'_>, args: Args<'_>) -> R {
    Ok(entry(py, args)?.get(5))
}
/// Is the entry of a kind? Links are followed unless `follow_symlinks` says not to.
fn entry_is(py: Py<'_>, args: Args<'_>, kind: char) -> R {
    let o = entry(py, args)?;
    let own = o.get(4).as_int() as u32;
    if own != u32::from('l') || is_false(py, args.opt(1))? {
        return Ok(Value::bool(own == u32::from(kind)));
    }
    let p = path(py, o.get(3), "stat")?;
    Ok(Value::bool(if kind == 'd' { p.path.is_dir() } else { p.path.is_file() }))
}
fn entry_is_dir(py: Py<'_>, args: Args<'_>) -> R {
    entry_is(py, args, 'd')
}
fn entry_is_file(py: Py<'_>, args: Args<'_>) -> R {
    entry_is(py, args, 'f')
}
fn entry_is_symlink(py: Py<'_>, args: Args<'_>) -> R {
    Ok(Value::bool(entry(py, args)?.get(4).as_int() as u32 == u32::from('l')))
}
fn entry_is_junction(py: Py<'_>, args: Args<'_>) -> R {
    entry(py, args).map(|_| Value::FALSE)
}
fn entry_stat(py: Py<'_>, args: Args<'_>) -> R {
    let o = entry(py, args)?;
    let p = path(py, o.get(3), "stat")?;
    let follow = !is_false(py, args.opt(1))?;
    files::stat_path(py, &p.path, o.get(3), follow)
}
fn entry_repr(py: Py<'_>, args: Args<'_>) -> R {
    let name = entry(py, args)?.get(2);
    py.str(&format!("<DirEntry {}>", py.repr_text(name)?))
}
