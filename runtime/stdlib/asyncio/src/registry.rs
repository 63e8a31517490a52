//! Which tasks there are, and which one runs in which loop.

use crate::future::as_future;
use crate::kept::{self, Thing};
use crate::loops;
use python_objects::{Args, Exc, Native, Object, Py, R, Value};

pub(crate) static FUNCTIONS: &[Native] = &[
    Native::function("current_task", "loop=None", current_task, "Return the task that runs in a loop, or None."),
    Native::function("_register_task", "task", |py, a| register(py, a.at(0)), "Register a new task."),
    Native::function("_unregister_task", "task", |py, a| unregister(py, a.at(0)), "Unregister a task."),
    Native::function("_register_eager_task", "task", |py, a| register_eager(py, a.at(0)), "Register an eager task."),
    Native::function(
        "_unregister_eager_task",
        "task",
        |py, a| unregister_eager(py, a.at(0)),
        "Unregister an eager task.",
    ),
    Native::function(
        "_enter_task",
        "loop, task",
        |py, a| enter(py, a.at(0), a.at(1)).map(|()| Value::NONE),
        "Note that a task begins to run in a loop that runs none.",
    ),
    Native::function(
        "_leave_task",
        "loop, task",
        |py, a| leave(py, a.at(0), a.at(1)).map(|()| Value::NONE),
        "Note that a task that runs in a loop runs no more.",
    ),
    Native::function(
        "_swap_current_task",
        "loop, task",
        |py, a| swap(py, a.at(0), a.at(1)),
        "Set the task that runs in a loop, or None; return the one before.",
    ),
];

/// What programs see of the collections.
pub(crate) static ATTRIBUTES: &[(&str, Thing)] = &[
    ("_scheduled_tasks", Thing::ScheduledTasks),
    ("_eager_tasks", Thing::EagerTasks),
    ("_current_tasks", Thing::CurrentTasks),
];

fn current_tasks(py: Py<'_>) -> R<Object> {
    Ok(Object::of(kept::get(py, Thing::CurrentTasks)?))
}
fn current_task(py: Py<'_>, args: Args<'_>) -> R {
    let l = match args.some(0) {
        Some(l) => l,
        None => match loops::running(py) {
            Some(l) => l,
            None => return py.err(Exc::RuntimeError, "no running event loop"),
        },
    };
    Ok(py.dict_get(current_tasks(py)?, l)?.unwrap_or(Value::NONE))
}

pub(crate) fn register(py: Py<'_>, task: Value) -> R {
    py.call_method(kept::get(py, Thing::ScheduledTasks)?, kept::data(py)?.add, &[task])?;
    Ok(Value::NONE)
}
pub(crate) fn unregister(py: Py<'_>, task: Value) -> R {
    py.call_method(kept::get(py, Thing::ScheduledTasks)?, kept::data(py)?.discard, &[task])?;
    Ok(Value::NONE)
}
pub(crate) fn register_eager(py: Py<'_>, task: Value) -> R {
    py.set_add(Object::of(kept::get(py, Thing::EagerTasks)?), task)?;
    Ok(Value::NONE)
}
pub(crate) fn unregister_eager(py: Py<'_>, task: Value) -> R {
    py.set_discard(Object::of(kept::get(py, Thing::EagerTasks)?), task)?;
    Ok(Value::NONE)
}

pub(crate) fn enter(py: Py<'_>, l: Value, task: Value) -> R<()> {
    let tasks = current_tasks(py)?;
    if let Some(other) = py.dict_get(tasks, l)? {
        let (task, other) = (py.repr_text(task)?, py.repr_text(other)?);
        let message = format!("Cannot enter into task {task} while another task {other} is being executed.");
        return py.err(Exc::RuntimeError, &message);
    }
    py.dict_set(tasks, l, task)
}
pub(crate) fn leave(py: Py<'_>, l: Value, task: Value) -> R<()> {
    let tasks = current_tasks(py)?;
    let current = py.dict_get(tasks, l)?.unwrap_or(Value::NONE);
    if current != task {
        let (task, current) = (py.repr_text(task)?, py.repr_text(current)?);
        let message = format!("Leaving task {task} does not match the current task {current}.");
        return py.err(Exc::RuntimeError, &message);
    }
    py.dict_remove(tasks, l)?;
    Ok(())
}
pub(crate) fn swap(py: Py<'_>, l: Value, task: Value) -> R {
    let tasks = current_tasks(py)?;
    let before = py.dict_get(tasks, l)?;
    if task == Value::NONE {
        py.dict_remove(tasks, l)?;
    } else {
        py.dict_set(tasks, l, task)?;
    }
    Ok(before.unwrap_or(Value::NONE))
}

/// Is it exactly a future or a task, whose class no program derived?
pub(crate) fn as_exact(py: Py<'_>, v: Value) -> R<Option<Object>> {
    let Some(o) = as_future(py, v) else { return Ok(None) };
    let class = py.class_of(v);
    let exact = class == crate::future::class(py)? || class == crate::task::class(py)?;
    Ok(exact.then_some(o))
}
