//! `scandir` and its entries.
//!
//! A directory is read as a whole when it is asked for: nothing stays open that would have to be closed.

use super::arguments::{File, Of, folder, path_or_descriptor_or_here};
use super::{is_false, path, path_value, stat};
use python_objects::kind::special;
use python_objects::{Args, Exc, Native, Object, Py, R, TypeSpec, Value, list};
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use stdlib_core::audit;
use stdlib_system::EntryKind;

/// Words of an entry.
mod word {
    pub(super) const NAME: usize = 1;
    pub(super) const PATH: usize = 2;
    /// An [`super::EntryKind`] as a number.
    pub(super) const KIND: usize = 3;
    pub(super) const INODE: usize = 4;
    /// Descriptor of the folder, where that was given; None: by the path.
    pub(super) const FOLDER: usize = 5;
    /// What `stat` returned, links followed; EMPTY: not asked yet.
    pub(super) const STAT: usize = 6;
    /// The same of the entry itself.
    pub(super) const OWN_STAT: usize = 7;
    pub(super) const FIELDS: u32 = 7;
}

static ENTRY: TypeSpec = TypeSpec::values(
    "posix",
    "DirEntry",
    word::FIELDS,
    &[
        Native::static_method("__new__", "cls, /, *args, **kwargs", no_instances, ""),
        Native::getter("name", |py, a| Ok(entry(py, a)?.get(word::NAME)), "The name."),
        Native::getter("path", |py, a| Ok(entry(py, a)?.get(word::PATH)), "The path."),
        Native::method("is_dir", "self, /, *, follow_symlinks=True", is_dir, "Is it a directory?"),
        Native::method("is_file", "self, /, *, follow_symlinks=True", is_file, "Is it a file?"),
        Native::method("is_symlink", "self, /", is_symlink, "Is it a symbolic link?"),
        Native::method("is_junction", "self, /", |py, a| entry(py, a).map(|_| Value::FALSE), "Never."),
        Native::method("stat", "self, /, *, follow_symlinks=True", stat_method, "Return what is known of it."),
        Native::method("inode", "self, /", |py, a| Ok(entry(py, a)?.get(word::INODE)), "Return the inode number."),
        Native::method("__fspath__", "self, /", |py, a| Ok(entry(py, a)?.get(word::PATH)), "Return the path."),
        Native::wrapper("__repr__", "self, /", repr, "Return repr(self)."),
        Native::class_method("__class_getitem__", "cls, item, /", class_getitem, "See PEP 585."),
    ],
    "",
);
/// Words: list of entries (EMPTY when closed), position.
static ITERATOR: TypeSpec = TypeSpec::values(
    "posix",
    "ScandirIterator",
    2,
    &[
        Native::static_method("__new__", "cls, /, *args, **kwargs", no_instances, ""),
        Native::wrapper("__iter__", "self, /", |_, a| Ok(a.at(0)), ""),
        Native::wrapper("__next__", "self, /", next, ""),
        Native::method("__enter__", "self, /", |_, a| Ok(a.at(0)), ""),
        Native::method("__exit__", "self, /, *args", close, ""),
        Native::method("close", "self, /", close, "Close the iterator."),
    ],
    "",
);

pub(super) fn class(py: Py<'_>) -> R<Object> {
    py.native_type(&ENTRY)
}

fn no_instances(py: Py<'_>, args: Args<'_>) -> R {
    let name = Object::from_value(args.at(0)).map(|class| py.class_full_name(class)).unwrap_or_default();
    py.type_error(&format!("cannot create '{name}' instances"))
}
fn class_getitem(py: Py<'_>, args: Args<'_>) -> R {
    let types = stdlib_core::import_module(py, "types")?;
    let alias = py.get_attribute_text(types.value(), "GenericAlias")?;
    py.call(alias, &[args.at(0), args.at(1)])
}

pub(super) fn scandir(py: Py<'_>, args: Args<'_>) -> R {
    let file = path_or_descriptor_or_here(py, args.some(0), "scandir")?;
    audit::event(py, "os.scandir", &[args.opt(0).unwrap_or(Value::NONE)])?;
    let entries = super::directories::entries(py, &file)?;
    let made = py.new_list(entries.len())?;
    for entry in entries {
        let o = py.new_native(&ENTRY)?;
        let name = path_value(py, &entry.name, file.is_bytes)?;
        py.store(o, word::NAME, name);
        let full = match &file.of {
            Of::Descriptor(fd) => {
                py.store(o, word::FOLDER, Value::int(i64::from(*fd)));
                name
            }
            Of::Path(folder) => {
                py.store(o, word::FOLDER, Value::NONE);
                path_value(py, &joined(folder, &entry.name), file.is_bytes)?
            }
        };
        py.store(o, word::PATH, full);
        py.store(o, word::KIND, Value::int(entry.kind as i64));
        let inode = py.int_u64(entry.inode)?;
        py.store(o, word::INODE, inode);
        py.list_push(made, o.value())?;
    }
    let iterator = py.new_native(&ITERATOR)?;
    py.store(iterator, 1, made.value());
    py.store(iterator, 2, Value::int(0));
    Ok(iterator.value())
}

fn joined(folder: &Path, name: &[u8]) -> Vec<u8> {
    let folder = folder.as_os_str().as_bytes();
    let slash: &[u8] = if folder.is_empty() || folder.ends_with(b"/") { b"" } else { b"/" };
    [folder, slash, name].concat()
}

fn next(py: Py<'_>, args: Args<'_>) -> R {
    let o = py.native_self(args.at(0), &ITERATOR)?;
    let Some(entries) = Object::from_value(o.get(1)) else { return Ok(special::END) };
    let at = o.get(2).as_int();
    match list::get(entries, at as usize) {
        Some(entry) => {
            py.store(o, 2, Value::int(at + 1));
            Ok(entry)
        }
        None => Ok(special::END),
    }
}
fn close(py: Py<'_>, args: Args<'_>) -> R {
    let o = py.native_self(args.at(0), &ITERATOR)?;
    py.store(o, 1, Value::EMPTY);
    Ok(Value::NONE)
}

fn entry(py: Py<'_>, args: Args<'_>) -> R<Object> {
    py.native_self(args.at(0), &ENTRY)
}

/// What `stat` says, asked once.
fn stat_of(py: Py<'_>, o: Object, follow: bool) -> R {
    // What is no link is the same either way.
    let follow = follow && is_link(py, o)?;
    let word = if follow { word::STAT } else { word::OWN_STAT };
    if o.get(word).is_empty() {
        let p = path(py, o.get(word::PATH), "stat")?;
        let folder = folder(py, Some(o.get(word::FOLDER)).filter(|f| *f != Value::NONE))?;
        let file = File { of: Of::Path(p.path), name: Some(o.get(word::PATH)), is_bytes: p.is_bytes };
        let known = stat::of_file(py, &file, folder, follow)?;
        py.store(o, word, known);
    }
    Ok(o.get(word))
}

fn kind(o: Object) -> i64 {
    o.get(word::KIND).as_int()
}
/// The bits of the mode that say what it is, or `None` where nothing is there.
fn type_bits(py: Py<'_>, o: Object, follow: bool) -> R<Option<u32>> {
    let known = match stat_of(py, o, follow) {
        Ok(known) => known,
        Err(stop) => {
            return match py.catch(Exc::FileNotFoundError) {
                Some(_) => Ok(None),
                None => Err(stop),
            };
        }
    };
    let mode = py.index_i64(py.tuple_from(known)?.element(0))?;
    Ok(Some(mode as u32 & libc::S_IFMT))
}
fn is_link(py: Py<'_>, o: Object) -> R<bool> {
    if kind(o) != EntryKind::Unknown as i64 {
        return Ok(kind(o) == EntryKind::Link as i64);
    }
    // Asked of the entry itself, so that `stat_of` does not ask this again.
    if o.get(word::OWN_STAT).is_empty() {
        let p = path(py, o.get(word::PATH), "stat")?;
        let folder = folder(py, Some(o.get(word::FOLDER)).filter(|f| *f != Value::NONE))?;
        let file = File { of: Of::Path(p.path), name: Some(o.get(word::PATH)), is_bytes: p.is_bytes };
        let known = match stat::of_file(py, &file, folder, false) {
            Ok(known) => known,
            Err(stop) => {
                return match py.catch(Exc::FileNotFoundError) {
                    Some(_) => Ok(false),
                    None => Err(stop),
                };
            }
        };
        py.store(o, word::OWN_STAT, known);
    }
    let mode = py.index_i64(py.tuple_from(o.get(word::OWN_STAT))?.element(0))?;
    Ok(mode as u32 & libc::S_IFMT == libc::S_IFLNK)
}
/// Is the entry of a kind? Links are followed unless `follow_symlinks` says not to.
fn is_kind(py: Py<'_>, args: Args<'_>, wanted: EntryKind, bits: u32) -> R {
    let o = entry(py, args)?;
    let follow = !is_false(py, args.opt(1))?;
    let needs_stat = kind(o) == EntryKind::Unknown as i64 || follow && kind(o) == EntryKind::Link as i64;
    if needs_stat {
        return Ok(Value::bool(type_bits(py, o, follow)? == Some(bits)));
    }
    Ok(Value::bool(kind(o) == wanted as i64))
}
fn is_dir(py: Py<'_>, args: Args<'_>) -> R {
    is_kind(py, args, EntryKind::Directory, libc::S_IFDIR)
}
fn is_file(py: Py<'_>, args: Args<'_>) -> R {
    is_kind(py, args, EntryKind::Regular, libc::S_IFREG)
}
fn is_symlink(py: Py<'_>, args: Args<'_>) -> R {
    Ok(Value::bool(is_link(py, entry(py, args)?)?))
}
fn stat_method(py: Py<'_>, args: Args<'_>) -> R {
    let follow = !is_false(py, args.opt(1))?;
    stat_of(py, entry(py, args)?, follow)
}
fn repr(py: Py<'_>, args: Args<'_>) -> R {
    let name = entry(py, args)?.get(word::NAME);
    py.str(&format!("<DirEntry {}>", py.repr_text(name)?))
}
