//! `locals`: the namespace of the running code.

use python_objects::function::word;
use python_objects::native::Native;
use python_objects::{Args, Exc, Object, Py, R, Value};

static FUNCTIONS: &[Native] =
    &[Native::function("locals", "", locals_function, "The current scope's local variables, as a dictionary.")];

pub(crate) fn install(py: Py<'_>) -> R<()> {
    super::add(py, FUNCTIONS)
}

fn locals_function(py: Py<'_>, _: Args<'_>) -> R {
    locals(py)
}

/// The namespace of the innermost frame: that of a module, class body or `exec` source itself; of a function its bound
/// variables in a fresh dictionary.
pub(crate) fn locals(py: Py<'_>) -> R {
    let Some(f) = py.running_function() else {
        return py.err(Exc::SystemError, "frame does not exist");
    };
    // A generator's frame has the word in the same place.
    match f.get(word::NAMESPACE) {
        v if !v.is_empty() => Ok(v),
        _ => function_locals(py),
    }
}

fn function_locals(py: Py<'_>) -> R {
    let mut names: Vec<Box<str>> = Vec::new();
    py.ops().current_frame(py.0, &mut |index, _, _, _| {
        let code = py.ops().code(py.0, index);
        names = code.variables.iter().chain(&code.free).cloned().collect();
    });
    // What the frame shows must be copied without a collection: the room is made before.
    let (d, room) = (py.new_dict()?, py.new_array(names.len())?);
    py.ops().current_frame(py.0, &mut |index, _, function, registers| {
        let code = py.ops().code(py.0, index);
        let closure = Object::from_value(function).and_then(|f| Object::from_value(f.get(word::CLOSURE)));
        let content = |cell: Value| Object::from_value(cell).map_or(Value::EMPTY, |cell| cell.get(1));
        for i in 0..names.len() {
            let v = match i.checked_sub(code.variables.len()) {
                Some(free) => closure.filter(|c| free < c.length()).map_or(Value::EMPTY, |c| content(c.element(free))),
                None => {
                    let v = registers.get(i).map_or(Value::EMPTY, std::cell::Cell::get);
                    if code.cells.contains(&(i as u16)) { content(v) } else { v }
                }
            };
            py.heap().store_element(room, i, v);
        }
    });
    for (i, name) in names.iter().enumerate() {
        let v = room.element(i);
        // Names that begin with a dot are the compiler's own.
        if !v.is_empty() && !name.starts_with('.') {
            py.dict_set_text(d, name, v)?;
        }
    }
    Ok(d.value())
}
