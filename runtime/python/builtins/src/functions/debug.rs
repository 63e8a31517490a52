//! `breakpoint`.

use python_objects::native::Native;
use python_objects::{Args, Exc, Py, R};

static FUNCTIONS: &[Native] = &[Native::function(
    "breakpoint",
    "*args, **kws",
    breakpoint,
    "Stop here in a debugger: calls sys.breakpointhook with the arguments, by which programs choose the debugger.",
)];

pub(crate) fn install(py: Py<'_>) -> R<()> {
    super::add(py, FUNCTIONS)
}

fn breakpoint(py: Py<'_>, args: Args<'_>) -> R {
    let name = py.intern("breakpointhook")?;
    match py.sys_item(name) {
        Some(hook) => {
            let positional = py.tuple_from(args.at(0))?;
            py.call_tuple(hook, positional, args.at(1))
        }
        None => py.err(Exc::RuntimeError, "lost sys.breakpointhook"),
    }
}
