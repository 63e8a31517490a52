//! What the module keeps: its collections of tasks, and what it uses of the library's Python modules, once that was needed.

use python_objects::{Exc, Object, Py, R, Symbol, Value};
use std::cell::Cell;
use std::rc::Rc;
use stdlib_core::import_module;

/// Something that is kept.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Thing {
    CancelledError,
    InvalidStateError,
    FutureRepr,
    TaskRepr,
    TaskGetStack,
    TaskPrintStack,
    GetEventLoopPolicy,
    IsCoroutine,
    ExtractStack,
    /// The tasks that were not started eagerly: a `WeakSet`.
    ScheduledTasks,
    /// The tasks that are being started eagerly.
    EagerTasks,
    /// The task that runs in a loop.
    CurrentTasks,
    /// The names of `call_soon`'s keywords.
    ContextKeyword,
    /// The names of `cancel`'s keywords.
    MessageKeyword,
}
const COUNT: usize = Thing::MessageKeyword as usize + 1;

/// Numbers of what is kept, and of tasks that got no name.
pub(crate) struct Data {
    numbers: [Cell<Option<u32>>; COUNT],
    pub(crate) tasks: Cell<i64>,
    pub(crate) call_soon: Symbol,
    pub(crate) get_debug: Symbol,
    pub(crate) is_running: Symbol,
    pub(crate) add: Symbol,
    pub(crate) discard: Symbol,
}

pub(crate) fn data(py: Py<'_>) -> R<Rc<Data>> {
    if let Some(data) = py.state().known_data("_asyncio") {
        return Ok(data);
    }
    let made = Data {
        numbers: [const { Cell::new(None) }; COUNT],
        tasks: Cell::new(0),
        call_soon: py.intern("call_soon")?,
        get_debug: py.intern("get_debug")?,
        is_running: py.intern("is_running")?,
        add: py.intern("add")?,
        discard: py.intern("discard")?,
    };
    Ok(py.state().data("_asyncio", || made))
}

pub(crate) fn get(py: Py<'_>, thing: Thing) -> R {
    let data = data(py)?;
    let number = &data.numbers[thing as usize];
    if let Some(number) = number.get() {
        return Ok(py.kept(number));
    }
    let made = make(py, thing)?;
    // Importing may have asked for it as well.
    if number.get().is_none() {
        number.set(Some(py.keep(made)?));
    }
    Ok(number.get().map_or(made, |number| py.kept(number)))
}

fn make(py: Py<'_>, thing: Thing) -> R {
    let names = |name: &str| py.tuple(&[py.str(name)?]);
    let (module, name) = match thing {
        Thing::CancelledError => ("asyncio.exceptions", "CancelledError"),
        Thing::InvalidStateError => ("asyncio.exceptions", "InvalidStateError"),
        Thing::FutureRepr => ("asyncio.base_futures", "_future_repr"),
        Thing::TaskRepr => ("asyncio.base_tasks", "_task_repr"),
        Thing::TaskGetStack => ("asyncio.base_tasks", "_task_get_stack"),
        Thing::TaskPrintStack => ("asyncio.base_tasks", "_task_print_stack"),
        Thing::GetEventLoopPolicy => ("asyncio.events", "get_event_loop_policy"),
        Thing::IsCoroutine => ("asyncio.coroutines", "iscoroutine"),
        Thing::ExtractStack => ("traceback", "extract_stack"),
        Thing::ScheduledTasks => {
            let class = attribute(py, "weakref", "WeakSet")?;
            return py.call(class, &[]);
        }
        Thing::EagerTasks => return py.new_set(python_objects::kind::shape::SET).map(Object::value),
        Thing::CurrentTasks => return py.new_dict().map(Object::value),
        Thing::ContextKeyword => return names("context"),
        Thing::MessageKeyword => return names("msg"),
    };
    attribute(py, module, name)
}
fn attribute(py: Py<'_>, module: &str, name: &str) -> R {
    let module = import_module(py, module)?;
    py.get_attribute_text(module.value(), name)
}

/// Raises `InvalidStateError(message)`.
pub(crate) fn invalid_state<T>(py: Py<'_>, message: &str) -> R<T> {
    let class = get(py, Thing::InvalidStateError)?;
    let made = py.call(class, &[py.str(message)?])?;
    Err(py.throw(py.make_exception(made)?))
}

/// Is it a CancelledError?
pub(crate) fn is_cancelled_error(py: Py<'_>, v: Value) -> R<bool> {
    let class = get(py, Thing::CancelledError)?;
    Ok(Object::from_value(class).is_some_and(|class| py.is_instance(v, class)))
}

/// Takes the exception that is pending, if there is one: an interrupted program has none.
pub(crate) fn take_pending(py: Py<'_>) -> Option<Object> {
    Object::from_value(py.take_exception())
}

/// Is it an instance of this built-in class?
pub(crate) fn is(py: Py<'_>, v: Value, class: Exc) -> bool {
    py.is_instance(v, py.exception_class(class))
}
