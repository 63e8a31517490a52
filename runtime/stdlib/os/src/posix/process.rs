//! The process: its environment, numbers, times, end.

use super::failed;
use python_objects::struct_sequence::StructSequence;
use python_objects::{Args, Native, Py, R, Value, string};
use std::os::unix::ffi::OsStrExt;
use stdlib_core::support::{decode_path, encode_path};

pub(super) static TERMINAL_SIZE: StructSequence = StructSequence {
    name: "terminal_size",
    module: "os",
    fields: &["columns", "lines"],
    visible: 2,
    constructible: true,
    doc: "A tuple of (columns, lines) for holding terminal window size",
};
pub(super) static TIMES_RESULT: StructSequence = StructSequence {
    name: "times_result",
    module: "posix",
    fields: &["user", "system", "children_user", "children_system", "elapsed"],
    visible: 5,
    constructible: true,
    doc: "times_result: Result from os.times().",
};
pub(super) static UNAME_RESULT: StructSequence = StructSequence {
    name: "uname_result",
    module: "posix",
    fields: &["sysname", "nodename", "release", "version", "machine"],
    visible: 5,
    constructible: true,
    doc: "uname_result: Result from os.uname().",
};

pub(super) static FUNCTIONS: &[Native] = &[
    Native::function("getpid", "", |_, _| number(0), "Return the process's number."),
    Native::function("getppid", "", |_, _| number(1), "Return the parent's number."),
    Native::function("getuid", "", |_, _| number(2), "Return the user's number."),
    Native::function("geteuid", "", |_, _| number(3), "Return the effective user's number."),
    Native::function("getgid", "", |_, _| number(4), "Return the group's number."),
    Native::function("getegid", "", |_, _| number(5), "Return the effective group's number."),
    Native::function("urandom", "size, /", urandom, "Return random bytes."),
    Native::function("getrandom", "size, flags=0", urandom, "Return random bytes."),
    Native::function("times", "", times, "Return the process's times."),
    Native::function("uname", "", uname, "Return what is known of the system."),
    Native::function("cpu_count", "", cpu_count, "Return the number of processors."),
    Native::function("get_terminal_size", "fd=1, /", get_terminal_size, "Return the size of the terminal."),
    Native::function("strerror", "code, /", strerror, "Return the text of an error number."),
    Native::function("kill", "pid, signal, /", kill, "Send a signal."),
    Native::function("putenv", "name, value, /", putenv, "Set a variable of the environment."),
    Native::function("unsetenv", "name, /", unsetenv, "Remove a variable of the environment."),
    Native::function("_exit", "status", |py, a| std::process::exit(py.index_i32(a.at(0))?), "End the process at once."),
    Native::function("abort", "", abort, "End the process by a signal."),
    Native::function("sched_yield", "", sched_yield, "Let others run."),
];

/// The environment as a dictionary of bytes, which `os` decodes.
pub(super) fn environ(py: Py<'_>) -> R {
    let d = py.new_dict()?;
    for (name, value) in std::env::vars_os() {
        let (name, value) = (py.bytes(name.as_bytes())?, py.bytes(value.as_bytes())?);
        py.dict_set(d, name.value(), value.value())?;
    }
    Ok(d.value())
}

fn number(i: usize) -> R {
    Ok(Value::int(i64::from(stdlib_system::identities()[i])))
}
fn urandom(py: Py<'_>, args: Args<'_>) -> R {
    let n = py.index_i64(args.at(0))?;
    let Ok(n) = usize::try_from(n) else { return py.value_error("negative argument not allowed") };
    if n > py.heap().options().limit {
        return Err(py.out_of_memory(vm_api::heap::OutOfMemory));
    }
    let mut buffer = vec![0; n];
    match stdlib_system::random(&mut buffer) {
        Ok(()) => Ok(py.bytes(&buffer)?.value()),
        Err(e) => failed(py, &e, None),
    }
}
fn times(py: Py<'_>, _: Args<'_>) -> R {
    match stdlib_system::process_times() {
        Ok(times) => py.struct_sequence(&TIMES_RESULT, &times.map(Value::float)),
        Err(e) => failed(py, &e, None),
    }
}
fn uname(py: Py<'_>, _: Args<'_>) -> R {
    match stdlib_system::system_names() {
        Ok(names) => {
            let mut fields = [Value::NONE; 5];
            for (field, name) in fields.iter_mut().zip(&names) {
                *field = decode_path(py, name)?;
            }
            py.struct_sequence(&UNAME_RESULT, &fields)
        }
        Err(e) => failed(py, &e, None),
    }
}
fn cpu_count(py: Py<'_>, _: Args<'_>) -> R {
    match std::thread::available_parallelism() {
        Ok(n) => py.int_usize(n.get()),
        Err(_) => Ok(Value::NONE),
    }
}
fn get_terminal_size(py: Py<'_>, args: Args<'_>) -> R {
    let fd = args.opt(0).map_or(Ok(1), |v| py.index_i32(v))?;
    match stdlib_system::terminal_size(fd) {
        Ok((columns, lines)) => py.struct_sequence(&TERMINAL_SIZE, &[columns, lines].map(|n| Value::int(i64::from(n)))),
        Err(e) => failed(py, &e, None),
    }
}
fn strerror(py: Py<'_>, args: Args<'_>) -> R {
    py.str(&stdlib_system::error_text(py.index_i32(args.at(0))?))
}
fn kill(py: Py<'_>, args: Args<'_>) -> R {
    match stdlib_system::kill(py.index_i32(args.at(0))?, py.index_i32(args.at(1))?) {
        Ok(()) => py.poll().map(|()| Value::NONE),
        Err(e) => failed(py, &e, None),
    }
}

/// A name or value of the environment.
fn environment_text(py: Py<'_>, v: Value) -> R<Vec<u8>> {
    let bytes = match (string::exact_or_payload(py, v), py.as_bytes(v)) {
        (Some(s), _) => encode_path(py, s)?,
        (None, Some(b)) => python_objects::bytes::slice(b).to_vec(),
        (None, None) => {
            return py.type_error(&format!("expected str, bytes or os.PathLike object, not {}", py.class_name(v)));
        }
    };
    if bytes.contains(&0) {
        return py.value_error("embedded null byte");
    }
    Ok(bytes)
}
fn putenv(py: Py<'_>, args: Args<'_>) -> R {
    let (name, value) = (environment_text(py, args.at(0))?, environment_text(py, args.at(1))?);
    if name.contains(&b'=') {
        return py.value_error("illegal environment variable name");
    }
    match stdlib_system::set_environment(&name, Some(&value)) {
        Ok(()) => Ok(Value::NONE),
        Err(e) => failed(py, &e, None),
    }
}
fn unsetenv(py: Py<'_>, args: Args<'_>) -> R {
    let name = environment_text(py, args.at(0))?;
    match stdlib_system::set_environment(&name, None) {
        Ok(()) => Ok(Value::NONE),
        Err(e) => failed(py, &e, None),
    }
}
fn abort(_: Py<'_>, _: Args<'_>) -> R {
    std::process::abort()
}
fn sched_yield(py: Py<'_>, _: Args<'_>) -> R {
    std::thread::yield_now();
    py.poll().map(|()| Value::NONE)
}
