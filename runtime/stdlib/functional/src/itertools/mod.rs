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

use python_objects::class;
use python_objects::{Object, Py, R, TypeSpec};

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

/// Warns that pickling and copying iterators will go away, through `warnings` if the program has imported it.
fn deprecated(py: Py<'_>) -> R<()> {
    use python_objects::py::root;
    use python_objects::{Exc, dict};
    let modules = Object::of(py.root(root::MODULES));
    let (warnings, warn) = (py.intern("warnings")?, py.intern("warn")?);
    let Some(module) = dict::get_symbol(py, modules, warnings).and_then(Object::from_value) else { return Ok(()) };
    let Some(f) = py.get_optional(module.value(), warn)? else { return Ok(()) };
    let text = py.str("Pickle, copy, and deepcopy support will be removed from itertools in Python 3.14.")?;
    py.call(f, &[text, py.exception_class(Exc::DeprecationWarning).value()])?;
    Ok(())
}
