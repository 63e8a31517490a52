//! XML: `pyexpat`, as `xml.sax`, `xml.dom` and `plistlib` parse it, and `_elementtree`, the trees of `xml.etree`.
//!
//! [`parser`] knows XML and no Python; [`pyexpat`] hands what it tells to handlers, [`elementtree`] makes elements of it.

mod elementtree;
mod encodings;
mod parser;
mod pyexpat;

use python_objects::module::NativeModule;

/// The modules of this crate.
pub const MODULES: &[NativeModule] = &[
    NativeModule { name: "_elementtree", init: elementtree::init },
    NativeModule { name: "pyexpat", init: pyexpat::init },
];
