//! Frozen modules: those of the embedded library that imports need before they can look anywhere, those by which CPython's
//! tests see that there are frozen modules, and those that know the bytecode, where another library knows another one.

use super::library;
use python_objects::{Exc, Object, Py, R};

/// A frozen module.
pub(super) struct Frozen {
    name: &'static str,
    /// Which module of the library its source is.
    pub(super) origin: Option<&'static str>,
}

/// Of the embedded library, whichever library is in use.
static OF_THE_BYTECODE: &[Frozen] =
    &[Frozen { name: "dis", origin: Some("dis") }, Frozen { name: "opcode", origin: Some("opcode") }];

static TABLE: &[Frozen] = &[
    Frozen { name: "_frozen_importlib", origin: Some("importlib._bootstrap") },
    Frozen { name: "_frozen_importlib_external", origin: Some("importlib._bootstrap_external") },
    Frozen { name: "zipimport", origin: Some("zipimport") },
    Frozen { name: "__hello__", origin: Some("__hello__") },
    Frozen { name: "__hello_alias__", origin: Some("__hello__") },
    Frozen { name: "__phello__", origin: Some("__phello__") },
    Frozen { name: "__phello__.spam", origin: Some("__phello__.spam") },
    Frozen { name: "__phello_alias__", origin: Some("__hello__") },
    Frozen { name: "__phello_alias__.spam", origin: Some("__hello__") },
];

impl Frozen {
    /// Is it more than something for tests to see?
    pub(super) fn is_essential(&self) -> bool {
        !self.name.starts_with("__")
    }
    pub(super) fn is_package(&self) -> bool {
        matches!(self.name, "__phello__" | "__phello_alias__")
    }
}

fn all(py: Py<'_>) -> impl Iterator<Item = &'static Frozen> {
    let others = py.state().settings.library.is_some();
    TABLE.iter().chain(OF_THE_BYTECODE.iter().filter(move |_| others))
}

pub(super) fn find(py: Py<'_>, name: &str) -> Option<&'static Frozen> {
    all(py).find(|frozen| frozen.name == name)
}

pub(super) fn names(py: Py<'_>) -> impl Iterator<Item = &'static str> {
    all(py).map(|frozen| frozen.name)
}

/// The code object of a frozen module.
pub(super) fn code(py: Py<'_>, frozen: &Frozen) -> R<Object> {
    let source = frozen.origin.unwrap_or(frozen.name);
    match library::code(py, source, &format!("<frozen {source}>"))? {
        Some(code) => Ok(code),
        None => py.err(Exc::ImportError, &format!("the library has no module {source}")),
    }
}
