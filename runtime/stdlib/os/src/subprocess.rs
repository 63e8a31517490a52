//! `_posixsubprocess`: the fork with everything between it and `exec` that `subprocess` asks for.

use crate::posix;
use python_objects::{Args, Native, Object, Py, R, Value, list};
use std::ffi::CString;
use stdlib_core::audit;
use stdlib_system::spawn::{Child, Texts};

static FUNCTIONS: &[Native] = &[Native::function(
    "fork_exec",
    "args, executable_list, close_fds, pass_fds, cwd, env, p2cread, p2cwrite, c2pread, c2pwrite, errread, errwrite, \
     errpipe_read, errpipe_write, restore_signals, call_setsid, pgid_to_set, gid, extra_groups, uid, child_umask, \
     preexec_fn, allow_vfork, /",
    fork_exec,
    "Run a program in a child process, set up as subprocess wants it.",
)];

pub(crate) fn init(py: Py<'_>, module: Object) -> R<()> {
    py.add_functions(module, FUNCTIONS)
}

/// Descriptors to keep: a tuple of numbers that rise.
fn descriptors(py: Py<'_>, v: Value) -> R<Vec<i32>> {
    let Some(given) = py.as_tuple(v) else {
        return py.type_error(&format!("fork_exec() argument 4 must be tuple, not {}", py.class_name(v)));
    };
    let mut numbers: Vec<i32> = Vec::new();
    for i in 0..given.length() {
        let number = python_objects::int::to_i64(given.element(i)).filter(|_| py.as_int(given.element(i)).is_some());
        match number.and_then(|n| i32::try_from(n).ok()) {
            Some(n) if n >= 0 && numbers.last().is_none_or(|last| *last < n) => numbers.push(n),
            _ => return py.value_error("bad value(s) in fds_to_keep"),
        }
    }
    Ok(numbers)
}

fn texts(py: Py<'_>, v: Value) -> R<Vec<CString>> {
    posix::argument_texts(py, py.list_from(v)?)
}

fn groups(py: Py<'_>, v: Option<Value>) -> R<Option<Vec<u32>>> {
    let Some(v) = v else { return Ok(None) };
    if py.as_list(v).is_none() {
        return py.type_error("setgroups argument must be a sequence");
    }
    let items = py.list_from(v)?;
    let mut numbers = Vec::new();
    for i in 0..list::length(items) {
        let group = list::item(items, i);
        if py.as_int(group).is_none() {
            return py.type_error("groups must be integers");
        }
        numbers.push(posix::group_number(py, group)?);
    }
    Ok(Some(numbers))
}

fn fork_exec(py: Py<'_>, args: Args<'_>) -> R {
    let number = |i| py.index_i32(args.at(i));
    let close_others = py.truth(args.at(2))?;
    let keep = descriptors(py, args.at(3))?;
    let report = number(13)?;
    if close_others && report < 3 {
        return py.value_error("errpipe_write must be >= 3");
    }
    let arguments = match args.at(0) {
        Value::NONE => Vec::new(),
        v => texts(py, v)?,
    };
    let child = Child {
        programs: texts(py, args.at(1))?,
        arguments: Texts::new(arguments),
        environment: args.some(5).map(|v| texts(py, v)).transpose()?.map(Texts::new),
        folder: args.some(4).map(|v| posix::system_text(py, v)).transpose()?,
        keep,
        close_others,
        input: [number(6)?, number(7)?],
        output: [number(8)?, number(9)?],
        error: [number(10)?, number(11)?],
        report,
        restore_signals: number(14)? != 0,
        new_session: number(15)? != 0,
        process_group: number(16)?,
        group: args.some(17).map(|v| posix::group_number(py, v)).transpose()?,
        groups: groups(py, args.some(18))?,
        user: args.some(19).map(|v| posix::user_number(py, v)).transpose()?,
        mask: number(20)?,
    };
    audit::event(py, "_posixsubprocess.fork_exec", &[args.at(1), args.at(0), args.at(5)])?;
    let started = match args.some(21) {
        // Without Python in the child, hooks have nothing to set right there.
        None => child.start(None),
        Some(first) => {
            posix::fork::before(py)?;
            let mut in_child = || {
                posix::fork::after_in_child(py);
                py.call(first, &[]).is_ok()
            };
            let started = child.start(Some(&mut in_child));
            posix::fork::after_in_parent(py);
            started
        }
    };
    posix::ok(py, started).map(posix::small)
}
