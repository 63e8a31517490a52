//! The types of the interpreter itself: classes, functions, descriptors, modules and the like.

mod cell;
mod code;
mod descriptors;
mod frame;
mod frame_jump;
pub(crate) mod function;
mod generic_alias;
mod method;
mod module;
mod namespace;
mod property;
mod singletons;
mod super_type;
mod type_type;
pub(crate) mod typing;
mod union;

pub(crate) use code::future_flags;
use python_objects::{Py, R};

pub(crate) fn install(py: Py<'_>) -> R<()> {
    cell::install(py)?;
    code::install(py)?;
    descriptors::install(py)?;
    frame::install(py)?;
    function::install(py)?;
    generic_alias::install(py)?;
    method::install(py)?;
    module::install(py)?;
    namespace::install(py)?;
    property::install(py)?;
    singletons::install(py)?;
    super_type::install(py)?;
    type_type::install(py)?;
    typing::install(py)?;
    union::install(py)?;
    Ok(())
}
