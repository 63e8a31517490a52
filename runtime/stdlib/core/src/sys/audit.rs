//! Audit hooks (PEP 578): what programs add is called for events that programs and native modules raise.

use super::functions::event_name;
use python_objects::{Args, Native, Object, Py, R, Value, list};

struct Hooks {
    /// Number of the kept list.
    list: u32,
}

pub(super) static FUNCTIONS: &[Native] = &[
    Native::function("audit", "event, /, *args", audit, "Pass the event to all audit hooks."),
    Native::function("addaudithook", "hook", add_hook, "Add a hook that is called for all audit events."),
];

/// Raises an event. An error of a hook is the caller's.
pub fn event(py: Py<'_>, name: &str, args: &[Value]) -> R<()> {
    let Some(hooks) = hooks(py) else { return Ok(()) };
    let (name, args) = (py.str(name)?, py.tuple(args)?);
    call(py, hooks, name, args)
}

fn hooks(py: Py<'_>) -> Option<Object> {
    let number = py.state().module_data.borrow().get("audit hooks")?.downcast_ref::<Hooks>()?.list;
    Some(Object::of(py.kept(number)))
}

fn call(py: Py<'_>, hooks: Object, name: Value, args: Value) -> R<()> {
    let mut i = 0;
    while let Some(hook) = list::get(hooks, i) {
        py.call(hook, &[name, args])?;
        i += 1;
    }
    Ok(())
}

fn audit(py: Py<'_>, args: Args<'_>) -> R {
    event_name(py, args.at(0))?;
    if let Some(hooks) = hooks(py) {
        let items = py.tuple_from(args.at(1))?;
        call(py, hooks, args.at(0), items.value())?;
    }
    Ok(Value::NONE)
}

fn add_hook(py: Py<'_>, args: Args<'_>) -> R {
    if let Err(stop) = event(py, "sys.addaudithook", &[]) {
        // A hook may refuse others by an Exception, which is taken.
        return match py.catch(python_objects::Exc::Exception) {
            Some(_) => Ok(Value::NONE),
            None => Err(stop),
        };
    }
    let hooks = match hooks(py) {
        Some(hooks) => hooks,
        None => {
            let list = py.new_list(1)?;
            let number = py.keep(list.value())?;
            py.state().data("audit hooks", || Hooks { list: number });
            list
        }
    };
    py.list_push(hooks, args.at(0))?;
    Ok(Value::NONE)
}
