//! The process: its environment, times, end.

use super::arguments::system_text;
use super::{none, ok, small};
use python_objects::struct_sequence::StructSequence;
use python_objects::{Args, Native, Py, R, Value};
use std::os::unix::ffi::OsStrExt;
use stdlib_core::audit;
use stdlib_core::support::decode_path;

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
    Native::function("urandom", "size, /", urandom, "Return random bytes."),
    Native::function("getrandom", "size, flags=0", getrandom, "Return random bytes."),
    Native::function("times", "", times, "Return the process's times."),
    Native::function("uname", "", uname, "Return what is known of the system."),
    Native::function("cpu_count", "", cpu_count, "Return the number of processors."),
    Native::function("getloadavg", "", getloadavg, "Return how busy the system is."),
    Native::function("strerror", "code, /", strerror, "Return the text of an error number."),
    Native::function("kill", "pid, signal, /", kill, "Send a signal."),
    Native::function("killpg", "pgid, signal, /", killpg, "Send a signal to a group of processes."),
    Native::function("putenv", "name, value, /", putenv, "Set a variable of the environment."),
    Native::function("unsetenv", "name, /", unsetenv, "Remove a variable of the environment."),
    Native::function("system", "command", system, "Run a command in a shell; return its wait status."),
    Native::function("_exit", "status", exit, "End the process at once."),
    Native::function("abort", "", abort, "End the process by a signal."),
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

fn getrandom(py: Py<'_>, args: Args<'_>) -> R {
    let mut buffer = vec![0; super::size(py, args.at(0))?];
    let flags = args.opt(1).map_or(Ok(0), |v| py.index_i32(v))?;
    let r = py.restarting(|| stdlib_system::random_with(&mut buffer, flags as u32))?;
    let n = ok(py, r)?;
    Ok(py.bytes(&buffer[..n])?.value())
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
        Err(e) => Err(py.os_error(&e, None)),
    }
}
fn times(py: Py<'_>, _: Args<'_>) -> R {
    match stdlib_system::process_times() {
        Ok(times) => py.struct_sequence(&TIMES_RESULT, &times.map(Value::float)),
        Err(e) => Err(py.os_error(&e, None)),
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
        Err(e) => Err(py.os_error(&e, None)),
    }
}
fn cpu_count(py: Py<'_>, _: Args<'_>) -> R {
    match stdlib_system::system_limit(libc::_SC_NPROCESSORS_ONLN) {
        Ok(n @ 1..) => py.int(n),
        _ => Ok(Value::NONE),
    }
}
fn getloadavg(py: Py<'_>, _: Args<'_>) -> R {
    match stdlib_system::load_averages() {
        Some(loads) => py.tuple(&loads.map(Value::float)),
        None => py.err(python_objects::Exc::OSError, "Load averages are unobtainable"),
    }
}
fn strerror(py: Py<'_>, args: Args<'_>) -> R {
    py.str(&stdlib_system::error_text(py.index_i32(args.at(0))?))
}
fn kill(py: Py<'_>, args: Args<'_>) -> R {
    let (process, signal) = (py.index_i32(args.at(0))?, py.index_i32(args.at(1))?);
    audit::event(py, "os.kill", &[args.at(0), small(signal)])?;
    ok(py, stdlib_system::kill(process, signal))?;
    py.poll().map(|()| Value::NONE)
}
fn killpg(py: Py<'_>, args: Args<'_>) -> R {
    let (group, signal) = (py.index_i32(args.at(0))?, py.index_i32(args.at(1))?);
    audit::event(py, "os.killpg", &[args.at(0), small(signal)])?;
    ok(py, stdlib_system::kill_group(group, signal))?;
    py.poll().map(|()| Value::NONE)
}
fn putenv(py: Py<'_>, args: Args<'_>) -> R {
    let (name, value) = (system_text(py, args.at(0))?, system_text(py, args.at(1))?);
    if name.as_bytes().contains(&b'=') {
        return py.value_error("illegal environment variable name");
    }
    audit::event(py, "os.putenv", &[args.at(0), args.at(1)])?;
    none(py, stdlib_system::set_environment(name.as_bytes(), Some(value.as_bytes())))
}
fn unsetenv(py: Py<'_>, args: Args<'_>) -> R {
    let name = system_text(py, args.at(0))?;
    audit::event(py, "os.unsetenv", &[args.at(0)])?;
    none(py, stdlib_system::set_environment(name.as_bytes(), None))
}
fn system(py: Py<'_>, args: Args<'_>) -> R {
    let command = system_text(py, args.at(0))?;
    audit::event(py, "os.system", &[args.at(0)])?;
    let status = py.blocking(|| stdlib_system::shell(&command));
    ok(py, status).map(small)
}
fn exit(py: Py<'_>, args: Args<'_>) -> R {
    stdlib_system::exit_at_once(py.index_i32(args.at(0))?)
}
fn abort(_: Py<'_>, _: Args<'_>) -> R {
    std::process::abort()
}
