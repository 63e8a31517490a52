//! The built-in iterators' classes. What `next` does stands in `python-objects` (`iterate` and `combine`).

mod combined;
mod positions;
mod tables;

use python_objects::{Py, R, Value};

pub(crate) fn install(py: Py<'_>) -> R<()> {
    positions::install(py)?;
    tables::install(py)?;
    combined::install(py)
}

/// The result of `__reduce__`: `callable(*arguments)`, then its state if there is one.
fn reduced(py: Py<'_>, callable: Value, arguments: &[Value], state: Option<Value>) -> R {
    let arguments = py.tuple(arguments)?;
    match state {
        Some(state) => py.tuple(&[callable, arguments, state]),
        None => py.tuple(&[callable, arguments]),
    }
}
