//! Extended attributes of files.

use super::arguments::{File, Of, path_or_descriptor_or_here, system_text};
use super::{is_false, path_or_descriptor};
use python_objects::{Args, Native, Py, R};
use stdlib_core::audit;
use stdlib_core::support::decode_path;
use stdlib_system::AttributesOf;

pub(super) static FUNCTIONS: &[Native] = &[
    Native::function("getxattr", "path, attribute, *, follow_symlinks=True", getxattr, "Return an attribute's value."),
    Native::function(
        "setxattr",
        "path, attribute, value, flags=0, *, follow_symlinks=True",
        setxattr,
        "Set an attribute's value.",
    ),
    Native::function("removexattr", "path, attribute, *, follow_symlinks=True", removexattr, "Remove an attribute."),
    Native::function("listxattr", "path=None, *, follow_symlinks=True", listxattr, "Return the names of attributes."),
];

fn of(file: &File, follow: bool) -> AttributesOf<'_> {
    match &file.of {
        Of::Descriptor(fd) => AttributesOf::Descriptor(*fd),
        Of::Path(path) => AttributesOf::Path(path, follow),
    }
}

fn getxattr(py: Py<'_>, args: Args<'_>) -> R {
    let file = path_or_descriptor(py, args.at(0), "getxattr")?;
    let name = system_text(py, args.at(1))?;
    let follow = !is_false(py, args.opt(2))?;
    file.check(py, "getxattr", stdlib_system::HERE, follow)?;
    audit::event(py, "os.getxattr", &[args.at(0), args.at(1)])?;
    let value = file.ok(py, py.blocking(|| stdlib_system::attribute(of(&file, follow), &name)))?;
    Ok(py.bytes(&value)?.value())
}
fn setxattr(py: Py<'_>, args: Args<'_>) -> R {
    let file = path_or_descriptor(py, args.at(0), "setxattr")?;
    let name = system_text(py, args.at(1))?;
    let Some(value) = py.content_of(args.at(2)) else {
        return py.type_error(&format!("a bytes-like object is required, not '{}'", py.class_name(args.at(2))));
    };
    let flags = args.opt(3).map_or(Ok(0), |v| py.index_i32(v))?;
    let follow = !is_false(py, args.opt(4))?;
    file.check(py, "setxattr", stdlib_system::HERE, follow)?;
    audit::event(py, "os.setxattr", &[args.at(0), args.at(1), args.at(2), super::small(flags)])?;
    let r = py.blocking(|| stdlib_system::set_attribute(of(&file, follow), &name, &value, flags));
    file.done(py, r)
}
fn removexattr(py: Py<'_>, args: Args<'_>) -> R {
    let file = path_or_descriptor(py, args.at(0), "removexattr")?;
    let name = system_text(py, args.at(1))?;
    let follow = !is_false(py, args.opt(2))?;
    file.check(py, "removexattr", stdlib_system::HERE, follow)?;
    audit::event(py, "os.removexattr", &[args.at(0), args.at(1)])?;
    let r = py.blocking(|| stdlib_system::remove_attribute(of(&file, follow), &name));
    file.done(py, r)
}
fn listxattr(py: Py<'_>, args: Args<'_>) -> R {
    let file = path_or_descriptor_or_here(py, args.some(0), "listxattr")?;
    let follow = !is_false(py, args.opt(1))?;
    file.check(py, "listxattr", stdlib_system::HERE, follow)?;
    audit::event(py, "os.listxattr", &[args.opt(0).unwrap_or(python_objects::Value::NONE)])?;
    let names = file.ok(py, py.blocking(|| stdlib_system::attributes(of(&file, follow))))?;
    let list = py.new_list(names.len())?;
    for name in names {
        let name = decode_path(py, &name)?;
        py.list_push(list, name)?;
    }
    Ok(list.value())
}
