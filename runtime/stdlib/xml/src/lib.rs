//! `pyexpat`: XML as `xml.etree`, `xml.sax`, `xml.dom` and `plistlib` parse it.
//!
//! [`parser`] knows XML and no Python; [`pyexpat`] hands what it tells to handlers.

mod encodings;
mod parser;
mod pyexpat;

use python_objects::module::NativeModule;

/// The module of this crate.
pub const MODULES: &[NativeModule] = &[NativeModule { name: "pyexpat", init: pyexpat::init }];
