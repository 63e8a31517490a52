//! Directories: the current one, and lists.

use super::{File, Of};
use super::{descriptor_of, none, ok, path_or_descriptor, path_value};
use python_objects::{Args, Native, Py, R, Value};
use std::os::unix::ffi::OsStrExt;
use stdlib_core::audit;
use stdlib_system::{Directory, Entry};

pub(super) static FUNCTIONS: &[Native] = &[
    Native::function("getcwd", "", |py, _| current(py, false), "Return the current directory."),
    Native::function("getcwdb", "", |py, _| current(py, true), "Return the current directory as bytes."),
    Native::function("chdir", "path", chdir, "Change the current directory."),
    Native::function("fchdir", "fd", fchdir, "Change the current directory to an open one."),
    Native::function("chroot", "path", chroot, "Change the root directory."),
    Native::function("listdir", "path=None", listdir, "Return the names in a directory."),
    Native::function("scandir", "path=None", super::entries::scandir, "Return an iterator over a directory's entries."),
];

fn current(py: Py<'_>, as_bytes: bool) -> R {
    let folder = ok(py, std::env::current_dir())?;
    path_value(py, folder.as_os_str().as_bytes(), as_bytes)
}
fn chdir(py: Py<'_>, args: Args<'_>) -> R {
    let file = path_or_descriptor(py, args.at(0), "chdir")?;
    audit::event(py, "os.chdir", &[args.at(0)])?;
    let r = py.blocking(|| match &file.of {
        Of::Descriptor(fd) => stdlib_system::change_directory_to(*fd).map(|_| ()),
        Of::Path(path) => stdlib_system::change_directory(path),
    });
    file.done(py, r)
}
fn fchdir(py: Py<'_>, args: Args<'_>) -> R {
    let fd = descriptor_of(py, args.at(0))?;
    audit::event(py, "os.chdir", &[args.at(0)])?;
    let r = py.restarting(|| stdlib_system::change_directory_to(fd))?;
    none(py, r)
}
fn chroot(py: Py<'_>, args: Args<'_>) -> R {
    let p = super::path(py, args.at(0), "chroot")?;
    let r = py.blocking(|| stdlib_system::change_root(&p.path));
    super::done(py, r, args.at(0))
}

/// All entries of a directory.
pub(super) fn entries(py: Py<'_>, file: &File) -> R<Vec<Entry>> {
    let open = || match &file.of {
        Of::Descriptor(fd) => Directory::of_descriptor(*fd),
        Of::Path(path) => Directory::open(path),
    };
    let mut folder = file.ok(py, py.blocking(open))?;
    let mut all = Vec::new();
    let mut work = py.work();
    loop {
        let entry = py.blocking(|| folder.next_entry());
        match file.ok(py, entry)? {
            Some(entry) => all.push(entry),
            None => return Ok(all),
        }
        work.spend(1).map_err(|interrupted| py.interrupted(interrupted))?;
    }
}

fn listdir(py: Py<'_>, args: Args<'_>) -> R {
    let file = super::arguments::path_or_descriptor_or_here(py, args.some(0), "listdir")?;
    audit::event(py, "os.listdir", &[args.opt(0).unwrap_or(Value::NONE)])?;
    let names = py.new_list(8)?;
    for entry in entries(py, &file)? {
        let name = path_value(py, &entry.name, file.is_bytes)?;
        py.list_push(names, name)?;
    }
    Ok(names.value())
}
