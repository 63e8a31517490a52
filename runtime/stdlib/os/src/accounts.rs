//! `pwd` and `grp`: users and groups that the system knows.

use crate::posix::{group_number, ok, small, user_number};
use python_objects::struct_sequence::StructSequence;
use python_objects::{Args, Exc, Native, Object, Py, R, Value, string};
use std::ffi::CString;
use stdlib_core::support::{add, decode_path, encode_path};
use stdlib_system::accounts::{self, Account, Group, User};

static PASSWD: StructSequence = StructSequence {
    name: "struct_passwd",
    module: "pwd",
    fields: &["pw_name", "pw_passwd", "pw_uid", "pw_gid", "pw_gecos", "pw_dir", "pw_shell"],
    visible: 7,
    constructible: true,
    doc: "pwd.struct_passwd: Results from getpw*() routines.",
};
static GROUP: StructSequence = StructSequence {
    name: "struct_group",
    module: "grp",
    fields: &["gr_name", "gr_passwd", "gr_gid", "gr_mem"],
    visible: 4,
    constructible: true,
    doc: "grp.struct_group: Results from getgr*() routines.",
};

static PWD_FUNCTIONS: &[Native] = &[
    Native::function("getpwuid", "uidobj, /", getpwuid, "Return the user with a number."),
    Native::function("getpwnam", "name, /", getpwnam, "Return the user with a name."),
    Native::function("getpwall", "", getpwall, "Return all users."),
];
static GRP_FUNCTIONS: &[Native] = &[
    Native::function("getgrgid", "id", getgrgid, "Return the group with a number."),
    Native::function("getgrnam", "name", getgrnam, "Return the group with a name."),
    Native::function("getgrall", "", getgrall, "Return all groups."),
];

pub(crate) fn init_pwd(py: Py<'_>, module: Object) -> R<()> {
    py.add_functions(module, PWD_FUNCTIONS)?;
    add(py, module, "struct_passwd", py.struct_sequence_type(&PASSWD)?.value())
}
pub(crate) fn init_grp(py: Py<'_>, module: Object) -> R<()> {
    py.add_functions(module, GRP_FUNCTIONS)?;
    add(py, module, "struct_group", py.struct_sequence_type(&GROUP)?.value())
}

fn to_user(py: Py<'_>, user: &User) -> R {
    let [name, password, about, folder, shell] = &user.texts;
    let number = |n: u32| if n == u32::MAX { small(-1) } else { small(n) };
    let fields = [
        decode_path(py, name)?,
        decode_path(py, password)?,
        number(user.numbers[0]),
        number(user.numbers[1]),
        decode_path(py, about)?,
        decode_path(py, folder)?,
        decode_path(py, shell)?,
    ];
    py.struct_sequence(&PASSWD, &fields)
}
fn to_group(py: Py<'_>, group: &Group) -> R {
    let members = py.new_list(group.members.len())?;
    for member in &group.members {
        let member = decode_path(py, member)?;
        py.list_push(members, member)?;
    }
    let [name, password] = &group.texts;
    let fields = [decode_path(py, name)?, decode_path(py, password)?, small(group.number), members.value()];
    py.struct_sequence(&GROUP, &fields)
}

/// The name of an argument.
fn name(py: Py<'_>, v: Value, what: &str) -> R<CString> {
    let Some(s) = string::exact_or_payload(py, v) else {
        return py.type_error(&format!("{what} must be str, not {}", py.class_name(v)));
    };
    match CString::new(encode_path(py, s)?) {
        Ok(name) => Ok(name),
        Err(_) => py.value_error("embedded null byte"),
    }
}
fn missing<T>(py: Py<'_>, message: &str) -> R<T> {
    py.err(Exc::KeyError, message)
}
/// The number of an account; a KeyError (as CPython's) if no account can have it.
fn number(py: Py<'_>, v: Value, of: fn(Py<'_>, Value) -> R<u32>, message: &str) -> R<u32> {
    match of(py, v) {
        Ok(n) => Ok(n),
        Err(stop) => match py.catch(Exc::OverflowError) {
            Some(_) => missing(py, message),
            None => Err(stop),
        },
    }
}

fn getpwuid(py: Py<'_>, args: Args<'_>) -> R {
    let uid = number(py, args.at(0), user_number, "getpwuid(): uid not found")?;
    match ok(py, py.blocking(|| accounts::user(&Account::Number(uid))))? {
        Some(user) => to_user(py, &user),
        None => missing(py, &format!("getpwuid(): uid not found: {}", py.str_text(args.at(0))?)),
    }
}
fn getpwnam(py: Py<'_>, args: Args<'_>) -> R {
    let account = Account::Name(name(py, args.at(0), "getpwnam() argument")?);
    match ok(py, py.blocking(|| accounts::user(&account)))? {
        Some(user) => to_user(py, &user),
        None => missing(py, &format!("getpwnam(): name not found: {}", py.repr_text(args.at(0))?)),
    }
}
fn getpwall(py: Py<'_>, _: Args<'_>) -> R {
    let all = py.new_list(8)?;
    for user in py.blocking(accounts::users) {
        let user = to_user(py, &user)?;
        py.list_push(all, user)?;
    }
    Ok(all.value())
}
fn getgrgid(py: Py<'_>, args: Args<'_>) -> R {
    let gid = number(py, args.at(0), group_number, "getgrgid(): gid not found")?;
    match ok(py, py.blocking(|| accounts::group(&Account::Number(gid))))? {
        Some(group) => to_group(py, &group),
        None => missing(py, &format!("getgrgid(): gid not found: {}", py.str_text(args.at(0))?)),
    }
}
fn getgrnam(py: Py<'_>, args: Args<'_>) -> R {
    let account = Account::Name(name(py, args.at(0), "getgrnam() argument 'name'")?);
    match ok(py, py.blocking(|| accounts::group(&account)))? {
        Some(group) => to_group(py, &group),
        None => missing(py, &format!("getgrnam(): name not found: {}", py.repr_text(args.at(0))?)),
    }
}
fn getgrall(py: Py<'_>, _: Args<'_>) -> R {
    let all = py.new_list(8)?;
    for group in py.blocking(accounts::groups) {
        let group = to_group(py, &group)?;
        py.list_push(all, group)?;
    }
    Ok(all.value())
}
