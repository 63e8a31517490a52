//! The types of the interpreter itself: classes, functions, descriptors, modules and the like.

mod generic_alias;
mod super_type;
mod type_type;
mod union;

use python_objects::{Py, R};

pub(crate) fn install(py: Py<'_>) -> R<()> {
    generic_alias::install(py)?;
    super_type::install(py)?;
    type_type::install(py)?;
    union::install(py)
}
