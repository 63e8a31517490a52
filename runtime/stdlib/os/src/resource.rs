//! `resource`: what processes use, and their limits.

use crate::posix::{ok, small};
use python_objects::struct_sequence::StructSequence;
use python_objects::{Args, Exc, Native, Object, Py, R, Value, int};
use stdlib_core::audit;
use stdlib_core::support::{add, constants};
use stdlib_system::{Limits, Usage};

static USAGE: StructSequence = StructSequence {
    name: "struct_rusage",
    module: "resource",
    fields: &[
        "ru_utime",
        "ru_stime",
        "ru_maxrss",
        "ru_ixrss",
        "ru_idrss",
        "ru_isrss",
        "ru_minflt",
        "ru_majflt",
        "ru_nswap",
        "ru_inblock",
        "ru_oublock",
        "ru_msgsnd",
        "ru_msgrcv",
        "ru_nsignals",
        "ru_nvcsw",
        "ru_nivcsw",
    ],
    visible: 16,
    constructible: true,
    doc: "struct_rusage: Result from getrusage.",
};

static FUNCTIONS: &[Native] = &[
    Native::function("getrusage", "who, /", getrusage, "Return what processes used."),
    Native::function("getrlimit", "resource, /", getrlimit, "Return the limits of a resource."),
    Native::function("setrlimit", "resource, limits, /", setrlimit, "Set the limits of a resource."),
    Native::function(
        "prlimit",
        "pid, resource, limits=None, /",
        prlimit,
        "Set a process's limits; return what they were.",
    ),
    Native::function("getpagesize", "", getpagesize, "Return the size of a page of memory."),
];

pub(crate) fn init(py: Py<'_>, module: Object) -> R<()> {
    py.add_functions(module, FUNCTIONS)?;
    add(py, module, "error", py.root(Exc::OSError.root()))?;
    add(py, module, "struct_rusage", py.struct_sequence_type(&USAGE)?.value())?;
    constants(
        py,
        module,
        &[
            ("RLIMIT_CPU", libc::RLIMIT_CPU.into()),
            ("RLIMIT_FSIZE", libc::RLIMIT_FSIZE.into()),
            ("RLIMIT_DATA", libc::RLIMIT_DATA.into()),
            ("RLIMIT_STACK", libc::RLIMIT_STACK.into()),
            ("RLIMIT_CORE", libc::RLIMIT_CORE.into()),
            ("RLIMIT_NOFILE", libc::RLIMIT_NOFILE.into()),
            ("RLIMIT_OFILE", libc::RLIMIT_NOFILE.into()),
            ("RLIMIT_AS", libc::RLIMIT_AS.into()),
            ("RLIMIT_RSS", libc::RLIMIT_RSS.into()),
            ("RLIMIT_NPROC", libc::RLIMIT_NPROC.into()),
            ("RLIMIT_MEMLOCK", libc::RLIMIT_MEMLOCK.into()),
            ("RLIMIT_MSGQUEUE", libc::RLIMIT_MSGQUEUE.into()),
            ("RLIMIT_NICE", libc::RLIMIT_NICE.into()),
            ("RLIMIT_RTPRIO", libc::RLIMIT_RTPRIO.into()),
            ("RLIMIT_RTTIME", libc::RLIMIT_RTTIME.into()),
            ("RLIMIT_SIGPENDING", libc::RLIMIT_SIGPENDING.into()),
            ("RUSAGE_SELF", libc::RUSAGE_SELF.into()),
            ("RUSAGE_CHILDREN", libc::RUSAGE_CHILDREN.into()),
            ("RUSAGE_THREAD", libc::RUSAGE_THREAD.into()),
            ("RLIM_INFINITY", -1),
        ],
    )
}

/// What a process used, as Python sees it.
pub(crate) fn usage(py: Py<'_>, (times, counters): &Usage) -> R {
    let mut fields = [Value::NONE; 16];
    for (field, seconds) in fields.iter_mut().zip(times) {
        *field = Value::float(*seconds);
    }
    for (field, n) in fields[2..].iter_mut().zip(counters) {
        *field = py.int(*n)?;
    }
    py.struct_sequence(&USAGE, &fields)
}

fn getrusage(py: Py<'_>, args: Args<'_>) -> R {
    match stdlib_system::usage(py.index_i32(args.at(0))?) {
        Ok(used) => usage(py, &used),
        Err(e) if e.raw_os_error() == Some(libc::EINVAL) => py.value_error("invalid who parameter"),
        Err(e) => Err(py.os_error(&e, None)),
    }
}

/// Infinity is -1 to programs.
fn to_tuple(py: Py<'_>, limits: Limits) -> R {
    let mut values = [Value::NONE; 2];
    for (value, limit) in values.iter_mut().zip(limits) {
        *value = if limit == u64::MAX { small(-1) } else { py.int_u64(limit)? };
    }
    py.tuple(&values)
}
fn from_tuple(py: Py<'_>, v: Value) -> R<Limits> {
    let t = py.tuple_from(v)?;
    if t.length() != 2 {
        return py.value_error("expected a tuple of 2 integers");
    }
    let mut limits = [0; 2];
    for (i, limit) in limits.iter_mut().enumerate() {
        let n = py.index(t.element(i))?;
        *limit = match int::to_i64(n) {
            Some(n) => n as u64,
            None => match int::with_operand(n, |n| n.to_u64()) {
                Some(n) => n,
                None => return py.err(Exc::OverflowError, "Python int too large to convert to C rlim_t"),
            },
        };
    }
    Ok(limits)
}
fn resource(py: Py<'_>, v: Value) -> R<u32> {
    match u32::try_from(py.index_i32(v)?) {
        Ok(resource) if resource <= libc::RLIMIT_RTTIME => Ok(resource),
        _ => py.value_error("invalid resource specified"),
    }
}
fn changed(py: Py<'_>, r: std::io::Result<Limits>) -> R<Limits> {
    match r {
        Err(e) if e.raw_os_error() == Some(libc::EINVAL) => py.value_error("current limit exceeds maximum limit"),
        Err(e) if e.raw_os_error() == Some(libc::EPERM) => py.value_error("not allowed to raise maximum limit"),
        r => ok(py, r),
    }
}
fn getrlimit(py: Py<'_>, args: Args<'_>) -> R {
    let resource = resource(py, args.at(0))?;
    let limits = ok(py, stdlib_system::limits(0, resource, None))?;
    to_tuple(py, limits)
}
fn setrlimit(py: Py<'_>, args: Args<'_>) -> R {
    let resource = resource(py, args.at(0))?;
    let limits = from_tuple(py, args.at(1))?;
    audit::event(py, "resource.setrlimit", &[Value::int(0), args.at(0), args.at(1)])?;
    changed(py, stdlib_system::limits(0, resource, Some(limits))).map(|_| Value::NONE)
}
fn prlimit(py: Py<'_>, args: Args<'_>) -> R {
    let process = py.index_i32(args.at(0))?;
    let resource = resource(py, args.at(1))?;
    let limits = args.some(2).map(|v| from_tuple(py, v)).transpose()?;
    audit::event(py, "resource.prlimit", &[args.at(0), args.at(1), args.some(2).unwrap_or(Value::NONE)])?;
    let before = match stdlib_system::limits(process, resource, limits) {
        Err(e) if e.raw_os_error() == Some(libc::EINVAL) => {
            return py.value_error("current limit exceeds maximum limit");
        }
        r => ok(py, r)?,
    };
    to_tuple(py, before)
}
fn getpagesize(py: Py<'_>, _: Args<'_>) -> R {
    py.int(ok(py, stdlib_system::system_limit(libc::_SC_PAGESIZE))?)
}
