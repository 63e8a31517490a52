//! `locals`: the namespace of the running code.

use python_objects::frame::has_inlined_variables;
use python_objects::function::word;
use python_objects::native::Native;
use python_objects::{Args, Exc, Py, R};

static FUNCTIONS: &[Native] =
    &[Native::function("locals", "", locals_function, "The current scope's local variables, as a dictionary.")];

pub(crate) fn install(py: Py<'_>) -> R<()> {
    super::add(py, FUNCTIONS)
}

fn locals_function(py: Py<'_>, _: Args<'_>) -> R {
    locals(py)
}

/// The namespace of the innermost frame: that of a module, class body or `exec` source itself; of a function its bound
/// variables in the frame's own dictionary.
pub(crate) fn locals(py: Py<'_>) -> R {
    let Some(f) = py.running_function() else {
        return py.err(Exc::SystemError, "frame does not exist");
    };
    // A generator's frame has the word in the same place. Most namespaces need no frame object.
    let namespace = f.get(word::NAMESPACE);
    let Some(place) = py.place_at(0, |_| false) else {
        return py.err(Exc::SystemError, "frame does not exist");
    };
    if !namespace.is_empty() && !has_inlined_variables(py.ops().code(py.0, place.code)) {
        return Ok(namespace);
    }
    py.frame_locals(py.frame_object(place)?)
}
