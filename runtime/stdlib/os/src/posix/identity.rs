//! Users, groups, sessions, priorities of processes.

use super::arguments::{sequence, system_text};
use super::{group_number, none, ok, small, user_number};
use python_objects::{Args, Native, Py, R, Value, list};
use stdlib_core::support::decode_path;
use stdlib_system::{identities, identity};

pub(super) static FUNCTIONS: &[Native] = &[
    Native::function("getpid", "", |_, _| number(0), "Return the process's number."),
    Native::function("getppid", "", |_, _| number(1), "Return the parent's number."),
    Native::function("getuid", "", |_, _| number(2), "Return the user's number."),
    Native::function("geteuid", "", |_, _| number(3), "Return the effective user's number."),
    Native::function("getgid", "", |_, _| number(4), "Return the group's number."),
    Native::function("getegid", "", |_, _| number(5), "Return the effective group's number."),
    Native::function("getresuid", "", |py, _| three(py, identity::users()), "Return the user's three numbers."),
    Native::function(
        "getresgid",
        "",
        |py, _| three(py, identity::groups_of_process()),
        "Return the group's three numbers.",
    ),
    Native::function(
        "setuid",
        "uid, /",
        |py, a| none(py, identity::set_user(user_number(py, a.at(0))?)),
        "Set the user.",
    ),
    Native::function(
        "seteuid",
        "euid, /",
        |py, a| none(py, identity::set_effective_user(user_number(py, a.at(0))?)),
        "Set the effective user.",
    ),
    Native::function(
        "setreuid",
        "ruid, euid, /",
        |py, a| none(py, identity::set_real_user(user_number(py, a.at(0))?, user_number(py, a.at(1))?)),
        "Set the real and the effective user.",
    ),
    Native::function(
        "setresuid",
        "ruid, euid, suid, /",
        |py, a| {
            none(
                py,
                identity::set_users(user_number(py, a.at(0))?, user_number(py, a.at(1))?, user_number(py, a.at(2))?),
            )
        },
        "Set the user's three numbers.",
    ),
    Native::function(
        "setgid",
        "gid, /",
        |py, a| none(py, identity::set_group(group_number(py, a.at(0))?)),
        "Set the group.",
    ),
    Native::function(
        "setegid",
        "egid, /",
        |py, a| none(py, identity::set_effective_group(group_number(py, a.at(0))?)),
        "Set the effective group.",
    ),
    Native::function(
        "setregid",
        "rgid, egid, /",
        |py, a| none(py, identity::set_real_group(group_number(py, a.at(0))?, group_number(py, a.at(1))?)),
        "Set the real and the effective group.",
    ),
    Native::function(
        "setresgid",
        "rgid, egid, sgid, /",
        |py, a| {
            none(
                py,
                identity::set_groups_of_process(
                    group_number(py, a.at(0))?,
                    group_number(py, a.at(1))?,
                    group_number(py, a.at(2))?,
                ),
            )
        },
        "Set the group's three numbers.",
    ),
    Native::function("getgroups", "", getgroups, "Return the supplementary groups."),
    Native::function("setgroups", "groups, /", setgroups, "Set the supplementary groups."),
    Native::function("getgrouplist", "user, group, /", getgrouplist, "Return the groups of a user."),
    Native::function("initgroups", "username, gid, /", initgroups, "Take the groups of a user."),
    Native::function("getlogin", "", getlogin, "Return the name that the user logged in with."),
    Native::function(
        "getpgid",
        "pid",
        |py, a| small_result(py, identity::process_group(py.index_i32(a.at(0))?)),
        "Return a process's group.",
    ),
    Native::function(
        "getpgrp",
        "",
        |py, _| small_result(py, identity::process_group(0)),
        "Return the process's group.",
    ),
    Native::function(
        "setpgid",
        "pid, pgrp, /",
        |py, a| none(py, identity::set_process_group(py.index_i32(a.at(0))?, py.index_i32(a.at(1))?)),
        "Set a process's group.",
    ),
    Native::function(
        "setpgrp",
        "",
        |py, _| none(py, identity::set_process_group(0, 0)),
        "Make the process a group of its own.",
    ),
    Native::function(
        "getsid",
        "pid, /",
        |py, a| small_result(py, identity::session(py.index_i32(a.at(0))?)),
        "Return a process's session.",
    ),
    Native::function("setsid", "", |py, _| none(py, identity::new_session()), "Make the process a session of its own."),
    Native::function("getpriority", "which, who", getpriority, "Return the priority of processes."),
    Native::function("setpriority", "which, who, priority", setpriority, "Set the priority of processes."),
    Native::function(
        "nice",
        "increment, /",
        |py, a| small_result(py, identity::nice(py.index_i32(a.at(0))?)),
        "Change the process's priority.",
    ),
];

fn number(i: usize) -> R {
    Ok(small(identities()[i]))
}
fn small_result(py: Py<'_>, r: std::io::Result<i64>) -> R {
    ok(py, r).map(Value::int)
}
fn three(py: Py<'_>, r: std::io::Result<[u32; 3]>) -> R {
    py.tuple(&ok(py, r)?.map(small))
}
fn number_list(py: Py<'_>, numbers: &[u32]) -> R {
    let all = py.new_list(numbers.len())?;
    for n in numbers {
        py.list_push(all, small(*n))?;
    }
    Ok(all.value())
}
fn getgroups(py: Py<'_>, _: Args<'_>) -> R {
    number_list(py, &ok(py, identity::groups())?)
}
fn setgroups(py: Py<'_>, args: Args<'_>) -> R {
    let Some(groups) = sequence(py, args.at(0))? else {
        return py.type_error("setgroups argument must be a sequence");
    };
    if list::length(groups) > 65536 {
        return py.value_error("too many groups");
    }
    let mut numbers = Vec::new();
    for i in 0..list::length(groups) {
        let group = list::item(groups, i);
        if py.as_int(group).is_none() {
            return py.type_error("groups must be integers");
        }
        numbers.push(group_number(py, group)?);
    }
    none(py, identity::set_groups(&numbers))
}
fn getgrouplist(py: Py<'_>, args: Args<'_>) -> R {
    let (user, group) = (system_text(py, args.at(0))?, group_number(py, args.at(1))?);
    let groups = py.blocking(|| identity::groups_of_user(&user, group));
    number_list(py, &ok(py, groups)?)
}
fn initgroups(py: Py<'_>, args: Args<'_>) -> R {
    let (user, group) = (system_text(py, args.at(0))?, group_number(py, args.at(1))?);
    none(py, py.blocking(|| identity::take_groups_of_user(&user, group)))
}
fn getlogin(py: Py<'_>, _: Args<'_>) -> R {
    decode_path(py, &ok(py, identity::login_name())?)
}
fn getpriority(py: Py<'_>, args: Args<'_>) -> R {
    small_result(py, identity::priority(py.index_i32(args.at(0))?, py.index_i32(args.at(1))? as u32))
}
fn setpriority(py: Py<'_>, args: Args<'_>) -> R {
    let (which, who) = (py.index_i32(args.at(0))?, py.index_i32(args.at(1))? as u32);
    none(py, identity::set_priority(which, who, py.index_i32(args.at(2))?))
}
