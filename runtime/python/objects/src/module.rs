//! The registry of native modules: names and what fills them, by which imports find them.

use crate::py::{Py, R};
use std::cell::RefCell;
use std::collections::BTreeMap;
use vm_api::heap::Object;

/// Fills a fresh module object. What it needs from other modules it imports itself.
pub type ModuleInit = for<'t> fn(Py<'t>, Object) -> R<()>;

/// A native module: a crate of them exports `pub const MODULES: &[NativeModule]`.
#[derive(Clone, Copy, Debug)]
pub struct NativeModule {
    /// Its name, as `import` takes it.
    pub name: &'static str,
    /// What fills it.
    pub init: ModuleInit,
}

type Registry = RefCell<BTreeMap<&'static str, ModuleInit>>;

fn registry(py: Py<'_>) -> std::rc::Rc<Registry> {
    py.state().data("native modules", Registry::default)
}

impl Py<'_> {
    /// Makes native modules known to imports. A later one of the same name replaces the earlier.
    pub fn register_modules(self, modules: &[NativeModule]) {
        registry(self).borrow_mut().extend(modules.iter().map(|m| (m.name, m.init)));
    }
    /// What fills the native module of this name.
    pub fn native_module(self, name: &str) -> Option<ModuleInit> {
        registry(self).borrow().get(name).copied()
    }
    /// The names of all native modules, sorted.
    pub fn native_module_names(self) -> Vec<&'static str> {
        registry(self).borrow().keys().copied().collect()
    }
}
