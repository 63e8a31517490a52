//! The native modules of this build.

use python_objects::{Py, R};

/// Makes the native modules known to imports.
pub(crate) fn install(py: Py<'_>) -> R<()> {
    stdlib_core::install(
        py,
        &[
            python_builtins::MODULES,
            stdlib_numeric::MODULES,
            stdlib_functional::MODULES,
            stdlib_regex::MODULES,
            stdlib_hashes::MODULES,
            stdlib_data::MODULES,
            stdlib_compression::MODULES,
            stdlib_dates::MODULES,
            stdlib_decimal::MODULES,
            stdlib_asyncio::MODULES,
            stdlib_multibyte::MODULES,
            stdlib_pickle::MODULES,
            stdlib_text::MODULES,
            stdlib_xml::MODULES,
            stdlib_os::MODULES,
            py.state().settings.modules,
        ],
    )
}
