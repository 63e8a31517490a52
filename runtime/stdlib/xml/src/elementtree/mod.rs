//! `_elementtree`: what `xml.etree.ElementTree` has in Python as native types.
//!
//! [`element`] is what an element is; `element_*` are its methods. [`builder`] makes a tree of what it is told, and
//! [`xml_parser`] tells it what a document says: where both are the native types, [`drive`] does so without any call of Python.

mod builder;
mod builder_methods;
mod drive;
mod element;
mod element_copy;
mod element_find;
mod element_items;
mod element_methods;
mod events;
mod iterator;
mod kept;
mod names;
mod xml_parser;

use element::{as_element, attributes_of_call, expected_element};
use python_objects::{Args, Native, Object, Py, R, Value, class, list};
use stdlib_core::support::add;

static FUNCTIONS: &[Native] = &[
    Native::function(
        "SubElement",
        "parent=<unrepresentable>, tag=<unrepresentable>, attrib=<unrepresentable>, /, **extra",
        sub_element,
        "",
    ),
    Native::function(
        "_set_factories",
        "comment_factory, pi_factory, /",
        set_factories,
        "Change the factories used to create comments and processing instructions.\n\nFor internal use only.",
    ),
];

pub(crate) fn init(py: Py<'_>, module: Object) -> R<()> {
    let kept = kept::get(py)?;
    class::add_flags(py.native_type(&iterator::ITERATOR)?, class::flag::NO_INSTANCES);
    for (name, class) in [
        ("Element", kept.element(py)),
        ("TreeBuilder", kept.builder(py)),
        ("XMLParser", py.native_type(&xml_parser::XML_PARSER)?),
        ("ParseError", kept.parse_error(py)),
    ] {
        add(py, module, name, class.value())?;
    }
    py.add_functions(module, FUNCTIONS)
}

/// `SubElement(parent, tag, attrib={}, /, **extra)`
fn sub_element(py: Py<'_>, args: Args<'_>) -> R {
    let (Some(parent), Some(tag)) = (args.opt(0), args.opt(1)) else {
        let given = usize::from(args.opt(0).is_some());
        return py.type_error(&format!("SubElement() takes at least 2 arguments ({given} given)"));
    };
    let Some(parent) = as_element(py, parent) else { return expected_element(py, "SubElement() argument 1", parent) };
    let attributes = attributes_of_call(py, args.at(2), args.at(3), "SubElement() argument 3")?;
    let made = element::make(py, &*kept::get(py)?, tag, attributes)?;
    element::push(py, parent, made.value())?;
    Ok(made.value())
}
/// Sets what makes comments and processing instructions where builders are not told; answers what did so before.
fn set_factories(py: Py<'_>, args: Args<'_>) -> R {
    for (i, what) in ["Comment", "PI"].into_iter().enumerate() {
        let v = args.at(i);
        if v != Value::NONE && !py.is_callable(v) {
            return py.type_error(&format!("{what} factory must be callable, not {}", py.class_name(v)));
        }
    }
    let factories = kept::get(py)?.factories(py);
    let old = py.list_to_tuple(factories)?;
    for i in 0..list::length(factories) {
        py.list_set(factories, i, args.at(i));
    }
    Ok(old)
}
