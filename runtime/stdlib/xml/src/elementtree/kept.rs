//! What the module keeps: its classes, and what it uses of Python modules. Made once for an interpreter.

use super::builder::BUILDER;
use super::element::ELEMENT;
use python_objects::{Exc, Object, Py, R, Symbol, Value, class};
use std::rc::Rc;
use stdlib_core::support::exception_class;
use vm_api::heap::ShapeIndex;

const NAME: &str = "elementtree";

pub(super) struct Kept {
    /// Of elements that are instances of `Element` itself, and of such builders.
    pub(super) element_shape: ShapeIndex,
    pub(super) builder_shape: ShapeIndex,
    /// Numbers of kept values ([`Py::kept`]).
    element: u32,
    builder: u32,
    parse_error: u32,
    factories: u32,
    deepcopy: u32,
    element_path: u32,
    pub(super) names: Names,
}
/// Names of attributes.
pub(super) struct Names {
    pub(super) append: Symbol,
    pub(super) text: Symbol,
    pub(super) tail: Symbol,
    pub(super) read: Symbol,
}
impl Kept {
    pub(super) fn element(&self, py: Py<'_>) -> Object {
        Object::of(py.kept(self.element))
    }
    pub(super) fn builder(&self, py: Py<'_>) -> Object {
        Object::of(py.kept(self.builder))
    }
    pub(super) fn parse_error(&self, py: Py<'_>) -> Object {
        Object::of(py.kept(self.parse_error))
    }
    /// A list: what makes comments, what makes processing instructions; or None.
    pub(super) fn factories(&self, py: Py<'_>) -> Object {
        Object::of(py.kept(self.factories))
    }
    /// `copy.deepcopy`
    pub(super) fn deepcopy(&self, py: Py<'_>) -> Value {
        py.kept(self.deepcopy)
    }
    /// The module `xml.etree.ElementPath`.
    pub(super) fn element_path(&self, py: Py<'_>) -> Value {
        py.kept(self.element_path)
    }
}

/// The module's data, made at the first call.
#[inline]
pub(super) fn get(py: Py<'_>) -> R<Rc<Kept>> {
    match py.state().known_data(NAME) {
        Some(kept) => Ok(kept),
        None => make(py),
    }
}
#[cold]
fn make(py: Py<'_>) -> R<Rc<Kept>> {
    let copy = stdlib_core::import_module(py, "copy")?;
    let deepcopy = py.get_attribute_text(copy.value(), "deepcopy")?;
    let element_path = stdlib_core::import_module(py, "xml.etree.ElementPath")?;
    let (element, builder) = (py.native_type(&ELEMENT)?, py.native_type(&BUILDER)?);
    let error = exception_class(py, "xml.etree.ElementTree", "ParseError", Exc::SyntaxError)?;
    let kept = Kept {
        element_shape: class::shape(element),
        builder_shape: class::shape(builder),
        element: py.keep(element.value())?,
        builder: py.keep(builder.value())?,
        parse_error: py.keep(error.value())?,
        factories: py.keep(py.list(&[Value::NONE, Value::NONE])?)?,
        deepcopy: py.keep(deepcopy)?,
        element_path: py.keep(element_path.value())?,
        names: Names {
            append: py.intern("append")?,
            text: py.intern("text")?,
            tail: py.intern("tail")?,
            read: py.intern("read")?,
        },
    };
    Ok(py.state().data(NAME, || kept))
}
