//! Native modules of functional tools and containers. A file or folder holds one module: its functions, and a table of them.

use python_objects::{Object, Py, R};

mod itertools;
mod support;

/// The modules by name, each with the function that makes it.
pub static MODULES: &[(&str, fn(Py<'_>) -> R<Object>)] = &[("itertools", itertools::module)];
