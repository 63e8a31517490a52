//! `itertools`: a file holds a family of iterators, each a native type whose fields are values.
//!
//! Integers in fields are small ones: positions in sequences that exist.

mod combinatoric;
mod endless;
mod filters;
mod grouping;
mod joining;
mod permute;
mod selection;
mod tee;

use crate::support::builtin;
use python_objects::class;
use python_objects::{Exc, Object, Py, R, TypeSpec};

/// Types that the module shows.
const TYPES: &[&TypeSpec] = &[
    &joining::ACCUMULATE,
    &grouping::BATCHED,
    &joining::CHAIN,
    &combinatoric::COMBINATIONS,
    &combinatoric::COMBINATIONS_WITH_REPLACEMENT,
    &filters::COMPRESS,
    &endless::COUNT,
    &endless::CYCLE,
    &filters::DROPWHILE,
    &filters::FILTERFALSE,
    &grouping::GROUPBY,
    &grouping::GROUPER,
    &selection::ISLICE,
    &grouping::PAIRWISE,
    &permute::PERMUTATIONS,
    &combinatoric::PRODUCT,
    &endless::REPEAT,
    &filters::STARMAP,
    &filters::TAKEWHILE,
    &tee::TEE,
    &tee::TEE_DATA,
    &joining::ZIP_LONGEST,
];

/// Fills the module.
pub(crate) fn init(py: Py<'_>, m: Object) -> R<()> {
    let d = py.module_dict(m);
    let doc = py.str("Functional tools for creating and using iterators.")?;
    py.dict_set_text(d, "__doc__", doc)?;
    for spec in TYPES {
        let class = py.native_type(spec)?;
        py.dict_set_text(d, &class::name(py, class), class.value())?;
    }
    py.add_functions(m, tee::FUNCTIONS)?;
    Ok(())
}

/// Warns that pickling and copying iterators will go away; an error if a filter says so.
fn deprecated(py: Py<'_>) -> R<()> {
    let (import, name) = (builtin(py, "__import__")?, py.str("_warnings")?);
    let module = py.call(import, &[name])?;
    let warn = py.get_attribute_text(module, "warn")?;
    let text = py.str("Pickle, copy, and deepcopy support will be removed from itertools in Python 3.14.")?;
    py.call(warn, &[text, py.exception_class(Exc::DeprecationWarning).value()])?;
    Ok(())
}
