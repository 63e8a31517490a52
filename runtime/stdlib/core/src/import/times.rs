//! `-X importtime`: how long each import took, without and with those that it led to.

use python_objects::{Py, R, Value};
use std::cell::Cell;
use std::time::{Duration, Instant};

#[derive(Default)]
struct Times {
    /// Imports around the one that runs.
    depth: Cell<usize>,
    /// What the imports within the one that runs took together.
    inner: Cell<Duration>,
}

/// Runs an import and writes its line.
pub(super) fn measure(py: Py<'_>, name: Value, import: impl FnOnce() -> R) -> R {
    let times = py.state().data("import times", || {
        py.write_stderr("import time: self [us] | cumulative | imported package\n");
        Times::default()
    });
    let depth = times.depth.get();
    times.depth.set(depth + 1);
    let siblings = times.inner.replace(Duration::ZERO);
    let begin = Instant::now();
    let result = import();
    let whole = begin.elapsed();
    let own = whole.saturating_sub(times.inner.get());
    times.depth.set(depth);
    times.inner.set(siblings + whole);
    let shown = py.str_text(name)?;
    py.write_stderr(&format!(
        "import time: {:9} | {:10} | {:indent$}{shown}\n",
        own.as_micros(),
        whole.as_micros(),
        "",
        indent = 2 * depth
    ));
    result
}
