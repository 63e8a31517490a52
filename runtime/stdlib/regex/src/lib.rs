//! `_sre`: regular expressions. [`engine`] matches code units; the rest are the types over it that `re` shows.

mod compile;
pub mod engine;
mod matched;
mod pattern;
mod scanner;
mod subject;
mod substitute;
mod template;

use python_objects::module::NativeModule;

/// The modules by name, each with the function that fills it.
pub const MODULES: &[NativeModule] = &[NativeModule { name: "_sre", init: compile::init }];

use python_objects::{Args, Py, R};

/// `__copy__` and `__deepcopy__` of what cannot change.
fn identity(_: Py<'_>, args: Args<'_>) -> R {
    Ok(args.at(0))
}
/// `__class_getitem__`
fn class_getitem(py: Py<'_>, args: Args<'_>) -> R {
    py.generic_alias(args.at(0), args.at(1))
}
