//! Waiting for child processes, and what their wait statuses say.

use super::{ok, small};
use python_objects::struct_sequence::StructSequence;
use python_objects::{Args, Exc, Native, Py, R, Value, int};
use stdlib_system::WaitStatus;

pub(super) static WAITID_RESULT: StructSequence = StructSequence {
    name: "waitid_result",
    module: "posix",
    fields: &["si_pid", "si_uid", "si_signo", "si_status", "si_code"],
    visible: 5,
    constructible: true,
    doc: "waitid_result: Result from waitid.",
};

pub(super) static FUNCTIONS: &[Native] = &[
    Native::function("wait", "", |py, _| wait_for(py, -1, 0), "Wait for a child process."),
    Native::function(
        "waitpid",
        "pid, options, /",
        |py, a| wait_for(py, py.index_i32(a.at(0))?, py.index_i32(a.at(1))?),
        "Wait for child processes.",
    ),
    Native::function(
        "wait3",
        "options",
        |py, a| wait_with_usage(py, -1, py.index_i32(a.at(0))?),
        "Wait for a child process; return what it used as well.",
    ),
    Native::function(
        "wait4",
        "pid, options",
        |py, a| wait_with_usage(py, py.index_i32(a.at(0))?, py.index_i32(a.at(1))?),
        "Wait for child processes; return what it used as well.",
    ),
    Native::function("waitid", "idtype, id, options, /", waitid, "Wait for child processes to change."),
    Native::function("waitstatus_to_exitcode", "status", exit_code, "Return the exit code that a wait status means."),
    Native::function("WIFEXITED", "status", |py, a| says(py, a, |s| s.exit_code().is_some()), "Did it exit?"),
    Native::function("WIFSIGNALED", "status", |py, a| says(py, a, |s| s.ended_by().is_some()), "Did a signal end it?"),
    Native::function(
        "WIFSTOPPED",
        "status",
        |py, a| says(py, a, |s| s.stopped_by().is_some()),
        "Did a signal stop it?",
    ),
    Native::function("WIFCONTINUED", "status", |py, a| says(py, a, WaitStatus::continued), "Does it go on?"),
    Native::function("WCOREDUMP", "status, /", |py, a| says(py, a, WaitStatus::has_core), "Is there a core file?"),
    Native::function("WEXITSTATUS", "status", |py, a| Ok(small(status(py, a)?.0 >> 8 & 0xFF)), "Return the exit code."),
    Native::function(
        "WTERMSIG",
        "status",
        |py, a| Ok(small(status(py, a)?.0 & 0x7F)),
        "Return the signal that ended it.",
    ),
    Native::function(
        "WSTOPSIG",
        "status",
        |py, a| Ok(small(status(py, a)?.0 >> 8 & 0xFF)),
        "Return the signal that stopped it.",
    ),
];

fn wait_for(py: Py<'_>, process: i32, options: i32) -> R {
    let r = py.restarting(|| stdlib_system::wait(process, options))?;
    let (process, status) = ok(py, r)?;
    py.tuple(&[small(process), small(status)])
}
fn wait_with_usage(py: Py<'_>, process: i32, options: i32) -> R {
    let r = py.restarting(|| stdlib_system::wait_with_usage(process, options))?;
    let (process, status, usage) = ok(py, r)?;
    let usage = crate::resource::usage(py, &usage)?;
    py.tuple(&[small(process), small(status), usage])
}
fn waitid(py: Py<'_>, args: Args<'_>) -> R {
    let (kind, options) = (py.index_i32(args.at(0))?, py.index_i32(args.at(2))?);
    let id = py.index(args.at(1))?;
    let Some(id) = int::to_i64(id).and_then(|n| i32::try_from(n).ok()) else {
        let which = if int::is_negative(id) { "less than minimum" } else { "greater than maximum" };
        return py.err(Exc::OverflowError, &format!("signed integer is {which}"));
    };
    let r = py.restarting(|| stdlib_system::wait_for_state(kind as u32, id as u32, options))?;
    match ok(py, r)? {
        None => Ok(Value::NONE),
        Some(fields) => py.struct_sequence(&WAITID_RESULT, &fields.map(Value::int)),
    }
}

fn status(py: Py<'_>, args: Args<'_>) -> R<WaitStatus> {
    py.index_i32(args.at(0)).map(WaitStatus)
}
fn says(py: Py<'_>, args: Args<'_>, what: impl Fn(WaitStatus) -> bool) -> R {
    Ok(Value::bool(what(status(py, args)?)))
}
fn exit_code(py: Py<'_>, args: Args<'_>) -> R {
    let status = status(py, args)?;
    if let Some(code) = status.exit_code() {
        return Ok(small(code));
    }
    if let Some(signal) = status.ended_by() {
        return if signal > 0 { Ok(small(-signal)) } else { py.value_error(&format!("invalid WTERMSIG: {signal}")) };
    }
    match status.stopped_by() {
        Some(signal) => py.value_error(&format!("process stopped by delivery of signal {signal}")),
        None => py.value_error(&format!("invalid wait status: {}", status.0)),
    }
}
