//! Sequences, mappings and sets: a file for each type.

mod dict;
mod dict_views;
mod frozenset;
mod list;
mod mapping_proxy;
pub(crate) mod range;
mod set;
mod set_operations;
mod slice;
pub(crate) mod sort;
mod tuple;

use python_objects::{Py, R};

pub(crate) fn install(py: Py<'_>) -> R<()> {
    list::install(py)?;
    tuple::install(py)?;
    dict::install(py)?;
    dict_views::install(py)?;
    mapping_proxy::install(py)?;
    set::install(py)?;
    frozenset::install(py)?;
    range::install(py)?;
    slice::install(py)
}
