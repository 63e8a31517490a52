//! `_asyncio`: futures and tasks as native types, the running loop, and which task runs in which loop.
//!
//! Loops are Python objects; what is here calls their methods (`call_soon`, `get_debug`, `call_exception_handler`). A task is a
//! future whose layout goes on behind a future's: [`future`] has what both are, [`task`] the rest, [`step`] how a task's
//! coroutine is driven.

mod future;
mod future_iterator;
mod future_methods;
mod kept;
mod loops;
mod registry;
mod step;
mod task;
mod task_methods;

use python_objects::module::NativeModule;
use python_objects::{Object, Py, R};
use stdlib_core::support::add;

/// The module of this crate.
pub const MODULES: &[NativeModule] = &[NativeModule { name: "_asyncio", init }];

fn init(py: Py<'_>, module: Object) -> R<()> {
    for table in [loops::FUNCTIONS, registry::FUNCTIONS] {
        py.add_functions(module, table)?;
    }
    add(py, module, "Future", future::class(py)?.value())?;
    add(py, module, "Task", task::class(py)?.value())?;
    for (name, thing) in registry::ATTRIBUTES {
        add(py, module, name, kept::get(py, *thing)?)?;
    }
    Ok(())
}
