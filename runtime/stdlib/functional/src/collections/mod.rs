//! `_collections`: `deque`, `defaultdict`, `OrderedDict`, and what `collections` wants done fast.

mod counting;
mod defaultdict;
mod deque;
mod deque_changes;
mod deque_iterators;
mod ordered_dict;
mod ring;
mod tuplegetter;

use python_objects::class;
use python_objects::{Object, Py, R};

/// Fills the module.
pub(crate) fn init(py: Py<'_>, m: Object) -> R<()> {
    let d = py.module_dict(m);
    let doc = py.str("High performance data structures.\n- deque:        ordered collection accessible from endpoints only\n- defaultdict:  dict subclass with a default value factory\n")?;
    py.dict_set_text(d, "__doc__", doc)?;
    py.add_functions(m, counting::FUNCTIONS)?;
    let deque = py.native_type(&deque::DEQUE)?;
    py.add_no_hash(deque)?;
    class::add_flags(deque, class::flag::SEQUENCE);
    for class in [
        deque,
        py.native_type(&deque_iterators::FORWARD)?,
        py.native_type(&deque_iterators::REVERSE)?,
        py.native_type(&tuplegetter::TUPLEGETTER)?,
        defaultdict::class(py)?,
        ordered_dict::class(py)?,
    ] {
        py.dict_set_text(d, &class::name(py, class), class.value())?;
    }
    Ok(())
}
