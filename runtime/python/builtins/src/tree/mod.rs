//! Syntax trees as objects: the classes of `ast`, and the way from the front end's trees to objects and back.

mod classes;
mod read;
mod write;

use python_objects::{Exc, Py, R, Stop, Value};
use python_syntax::ast::Ast;
use python_syntax::{Invalid, Mode};

pub use classes::fill_module;

/// The tree as objects.
pub(crate) fn to_objects(py: Py<'_>, ast: &Ast) -> R {
    write::write(py, ast)
}

/// Is the value a node of a tree?
pub(crate) fn is_node(py: Py<'_>, v: Value) -> R<bool> {
    // Before anybody has asked for the classes there are no nodes.
    Ok(classes::known(py).is_some_and(|classes| py.is_instance(v, classes.base(py))))
}

/// The tree of a node that is a root as `mode` wants it, checked.
pub(crate) fn from_object(py: Py<'_>, v: Value, mode: Mode) -> R<Ast> {
    let ast = read::read(py, v, mode)?;
    python_syntax::validate(&ast).map_err(|fault| refused(py, &fault))?;
    Ok(ast)
}

#[cold]
fn refused(py: Py<'_>, fault: &Invalid) -> Stop {
    match fault {
        Invalid::Value(message) => py.error(Exc::ValueError, message),
        Invalid::Type(message) => py.error(Exc::TypeError, message),
    }
}

/// An attribute of a node.
fn attribute(py: Py<'_>, node: Value, name: &str) -> R<Option<Value>> {
    let name = py.intern(name)?;
    py.get_optional(node, name)
}
