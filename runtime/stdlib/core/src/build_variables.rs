//! The module that `sysconfig` asks how the interpreter was built: its name is made from the platform's.
//!
//! CPython's has the variables of its makefile. Most tell how to build extensions in C, which Prism does not load: they are
//! absent, as they are where `sysconfig` does not know them.

use crate::support::{add, set};
use python_objects::{Object, Py, R};

/// As `sysconfig` makes it from `sys.abiflags` (none), `sys.platform` and a name for the processor (none).
pub(crate) const NAME: &str =
    if cfg!(target_os = "macos") { "_sysconfigdata__macos_" } else { "_sysconfigdata__linux_" };

pub(crate) fn init(py: Py<'_>, module: Object) -> R<()> {
    let variables = py.new_dict()?;
    add(py, module, "build_time_vars", variables.value())?;
    let texts = [
        ("VERSION", "3.12"),
        ("EXE", ""),
        ("MACHDEP", std::env::consts::OS),
        // Where systems have the files of time zones.
        ("TZPATH", "/usr/share/zoneinfo:/usr/lib/zoneinfo:/usr/share/lib/zoneinfo:/etc/zoneinfo"),
    ];
    for (name, text) in texts {
        let text = py.str(text)?;
        set(py, variables, name, text)?;
    }
    let numbers = [
        ("Py_DEBUG", 0),
        ("Py_ENABLE_SHARED", 0),
        ("Py_NOGIL", 0),
        // Objects are not made by malloc at all.
        ("WITH_PYMALLOC", 0),
        ("WITH_DOC_STRINGS", 1),
        ("SIZEOF_VOID_P", size_of::<usize>() as i64),
    ];
    for (name, number) in numbers {
        let number = py.int(number)?;
        set(py, variables, name, number)?;
    }
    Ok(())
}
