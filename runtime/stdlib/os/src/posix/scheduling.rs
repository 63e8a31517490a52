//! Scheduling of processes.

use super::{none, ok, small};
use python_objects::kind::shape;
use python_objects::struct_sequence::StructSequence;
use python_objects::{Args, Exc, Native, Object, Py, R, Value, int};
use stdlib_system::scheduling;

static PARAMETER: StructSequence = StructSequence {
    name: "sched_param",
    module: "posix",
    fields: &["sched_priority"],
    visible: 1,
    constructible: true,
    doc: "What a scheduling policy is told of a process: its priority.",
};
static PARAMETER_METHODS: &[Native] = &[
    Native::static_method("__new__", "cls, sched_priority=None", new_parameter, ""),
    Native::method("__reduce__", "self, /", reduce, ""),
];

pub(super) static FUNCTIONS: &[Native] = &[
    Native::function(
        "sched_get_priority_max",
        "policy",
        |py, a| number(py, scheduling::most_priority(py.index_i32(a.at(0))?)),
        "Return the highest priority of a policy.",
    ),
    Native::function(
        "sched_get_priority_min",
        "policy",
        |py, a| number(py, scheduling::least_priority(py.index_i32(a.at(0))?)),
        "Return the lowest priority of a policy.",
    ),
    Native::function(
        "sched_getscheduler",
        "pid, /",
        |py, a| number(py, scheduling::policy(py.index_i32(a.at(0))?)),
        "Return a process's policy.",
    ),
    Native::function("sched_setscheduler", "pid, policy, param, /", sched_setscheduler, "Set a process's policy."),
    Native::function("sched_getparam", "pid, /", sched_getparam, "Return a process's priority."),
    Native::function("sched_setparam", "pid, param, /", sched_setparam, "Set a process's priority."),
    Native::function(
        "sched_rr_get_interval",
        "pid, /",
        sched_rr_get_interval,
        "Return how long a process runs at a time.",
    ),
    Native::function("sched_getaffinity", "pid, /", sched_getaffinity, "Return the processors that a process may use."),
    Native::function(
        "sched_setaffinity",
        "pid, mask, /",
        sched_setaffinity,
        "Set the processors that a process may use.",
    ),
    Native::function("sched_yield", "", sched_yield, "Let others run."),
    Native::function(
        "unshare",
        "flags",
        |py, a| none(py, scheduling::unshare(py.index_i32(a.at(0))?)),
        "Leave what is shared with other processes.",
    ),
    Native::function("setns", "fd, nstype=0", setns, "Enter another process's namespace."),
];

pub(super) fn parameter_class(py: Py<'_>) -> R<Object> {
    let class = py.struct_sequence_type(&PARAMETER)?;
    py.add_methods(class, PARAMETER_METHODS)?;
    Ok(class)
}
fn new_parameter(py: Py<'_>, args: Args<'_>) -> R {
    match args.opt(1) {
        Some(priority) => py.struct_sequence(&PARAMETER, &[priority]),
        None => py.type_error("sched_param() missing required argument 'sched_priority' (pos 1)"),
    }
}
fn reduce(py: Py<'_>, args: Args<'_>) -> R {
    let own = py.tuple_from(args.at(0))?;
    let arguments = py.tuple(&[own.element(0)])?;
    py.tuple(&[py.class_of(args.at(0)).value(), arguments])
}

fn number(py: Py<'_>, r: std::io::Result<i64>) -> R {
    ok(py, r).map(Value::int)
}
/// The priority of a `sched_param`.
pub(super) fn priority_of(py: Py<'_>, v: Value) -> R<i32> {
    if py.class_of(v) != py.struct_sequence_type(&PARAMETER)? {
        return py.type_error("must have a sched_param object");
    }
    let priority = py.index(py.tuple_from(v)?.element(0))?;
    match int::to_i64(priority).and_then(|n| i32::try_from(n).ok()) {
        Some(n) => Ok(n),
        None => py.err(Exc::OverflowError, "sched_priority out of range"),
    }
}
fn sched_setscheduler(py: Py<'_>, args: Args<'_>) -> R {
    let (process, policy) = (py.index_i32(args.at(0))?, py.index_i32(args.at(1))?);
    let priority = priority_of(py, args.at(2))?;
    none(py, scheduling::set_policy(process, policy, priority))
}
fn sched_getparam(py: Py<'_>, args: Args<'_>) -> R {
    let priority = ok(py, scheduling::priority(py.index_i32(args.at(0))?))?;
    py.struct_sequence(&PARAMETER, &[small(priority)])
}
fn sched_setparam(py: Py<'_>, args: Args<'_>) -> R {
    let (process, priority) = (py.index_i32(args.at(0))?, priority_of(py, args.at(1))?);
    none(py, scheduling::set_priority(process, priority))
}
fn sched_rr_get_interval(py: Py<'_>, args: Args<'_>) -> R {
    ok(py, scheduling::round_robin_interval(py.index_i32(args.at(0))?)).map(Value::float)
}
fn sched_getaffinity(py: Py<'_>, args: Args<'_>) -> R {
    let set = py.new_set(shape::SET)?;
    for cpu in ok(py, scheduling::processors(py.index_i32(args.at(0))?))? {
        py.set_add(set, Value::int(cpu as i64))?;
    }
    Ok(set.value())
}
fn sched_setaffinity(py: Py<'_>, args: Args<'_>) -> R {
    let process = py.index_i32(args.at(0))?;
    let mut cpus = Vec::new();
    py.each(args.at(1), |cpu| {
        if py.as_int(cpu).is_none() {
            return py.type_error(&format!(
                "expected an iterator of ints, but iterator yielded {}",
                py.repr_text(py.class_of(cpu).value())?
            ));
        }
        match int::to_i64(py.index(cpu)?) {
            Some(n) if n < 0 => py.value_error("negative CPU number"),
            Some(n) if n < i64::from(i32::MAX) => {
                cpus.push(n as usize);
                Ok(())
            }
            _ => py.err(Exc::OverflowError, "CPU number too large"),
        }
    })?;
    none(py, scheduling::set_processors(process, &cpus))
}
fn sched_yield(py: Py<'_>, _: Args<'_>) -> R {
    py.blocking(std::thread::yield_now);
    py.poll().map(|()| Value::NONE)
}
fn setns(py: Py<'_>, args: Args<'_>) -> R {
    let fd = super::descriptor_of(py, args.at(0))?;
    let kind = args.opt(1).map_or(Ok(0), |v| py.index_i32(v))?;
    none(py, scheduling::enter_namespace(fd, kind))
}
