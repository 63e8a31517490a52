//! `fork`, and the hooks around it.

use super::{ok, small};
use python_objects::{Args, Native, Object, Py, R, Value, list};
use stdlib_core::{audit, report_unraisable, threads};
use stdlib_system::spawn;

pub(super) static FUNCTIONS: &[Native] = &[
    Native::function("fork", "", fork, "Make a child process; return its number, and 0 in the child."),
    Native::function("forkpty", "", forkpty, "Make a child process with a terminal of its own."),
    Native::function(
        "register_at_fork",
        "*, before=None, after_in_child=None, after_in_parent=None",
        register_at_fork,
        "Register functions that are called around a fork.",
    ),
];

/// The kept lists of functions: before, in the child, in the parent.
struct Hooks([u32; 3]);

const BEFORE: usize = 0;
const IN_CHILD: usize = 1;
const IN_PARENT: usize = 2;

fn hooks(py: Py<'_>, which: usize) -> Option<Object> {
    let hooks = py.state().module_data.borrow().get("fork hooks").cloned()?;
    let Hooks(lists) = hooks.downcast_ref()?;
    Some(Object::of(py.kept(lists[which])))
}

fn register_at_fork(py: Py<'_>, args: Args<'_>) -> R {
    if (0..3).all(|i| args.opt(i).is_none()) {
        return py.type_error("At least one argument is required.");
    }
    for (i, name) in ["before", "after_in_child", "after_in_parent"].into_iter().enumerate() {
        if let Some(v) = args.opt(i).filter(|v| !py.is_callable(*v)) {
            return py.type_error(&format!("'{name}' must be callable, not {}", py.class_name(v)));
        }
    }
    if hooks(py, BEFORE).is_none() {
        let mut lists = [0; 3];
        for number in &mut lists {
            *number = py.keep(py.new_list(1)?.value())?;
        }
        py.state().data("fork hooks", || Hooks(lists));
    }
    for i in 0..3 {
        if let (Some(hook), Some(list)) = (args.opt(i), hooks(py, i)) {
            py.list_push(list, hook)?;
        }
    }
    Ok(Value::NONE)
}

fn run(py: Py<'_>, which: usize) {
    let Some(hooks) = hooks(py, which) else { return };
    let count = list::length(hooks);
    for i in 0..count {
        // What was registered last comes first before the fork, as nested things do.
        let Some(hook) = list::get(hooks, if which == BEFORE { count - 1 - i } else { i }) else { continue };
        if py.call(hook, &[]).is_err() {
            report_unraisable(py, None, hook);
        }
    }
}

/// Before a fork, which must follow unless this raises.
pub(crate) fn before(py: Py<'_>) -> R<()> {
    run(py, BEFORE);
    let ready = py.ops().before_fork(py.0);
    if ready.is_err() {
        after_in_parent(py);
    }
    ok(py, ready)
}
/// After it, in the parent.
pub(crate) fn after_in_parent(py: Py<'_>) {
    py.ops().after_fork_in_parent(py.0);
    run(py, IN_PARENT);
}
/// After it, in the child, which has the running thread alone.
pub(crate) fn after_in_child(py: Py<'_>) {
    threads::after_fork(py);
    crate::signal::after_fork(py);
    run(py, IN_CHILD);
}

fn fork(py: Py<'_>, _: Args<'_>) -> R {
    audit::event(py, "os.fork", &[])?;
    before(py)?;
    let forked = spawn::fork();
    match forked {
        Ok(0) => after_in_child(py),
        _ => after_in_parent(py),
    }
    ok(py, forked).map(small)
}
fn forkpty(py: Py<'_>, _: Args<'_>) -> R {
    audit::event(py, "os.forkpty", &[])?;
    before(py)?;
    let forked = spawn::fork_with_terminal();
    match forked {
        Ok((0, _)) => after_in_child(py),
        _ => after_in_parent(py),
    }
    let (process, terminal) = ok(py, forked)?;
    py.tuple(&[small(process), small(terminal)])
}
