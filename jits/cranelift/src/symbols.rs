//! What code refers to, as symbols of the function: the number of an external name is the place of its target in a table.

use cranelift_codegen::ir::{
    ExtFuncData, ExternalName, FuncRef, Function, GlobalValue, GlobalValueData, Signature, UserExternalName,
    UserExternalNameRef,
};
use std::collections::HashMap;
use vm_api::engine::backend::Target;

/// What tells targets apart.
type Key = (u8, u32, u32);

/// The targets that a function refers to, each once.
#[derive(Default)]
pub(crate) struct Symbols {
    targets: Vec<Target>,
    data: HashMap<Key, GlobalValue>,
    functions: HashMap<Key, FuncRef>,
}

fn key(target: Target) -> Key {
    match target {
        Target::Code => (0, 0, 0),
        Target::Stub(number) => (1, number, 0),
        Target::Helper(helper) => (2, helper as u32, 0),
        Target::Feedback(slot) => (3, slot.vector.0, slot.slot),
        Target::Vector(vector) => (4, vector.0, 0),
        Target::Cell(cell) => (5, cell.0, 0),
        Target::Valid => (6, 0, 0),
        Target::GuardCountdown => (7, 0, 0),
        Target::Unit(code) => (8, code.0, 0),
        Target::Site(number) => (9, number, 0),
        Target::Exit(number) => (10, number, 0),
        Target::Heat => (11, 0, 0),
        Target::Keeping(helper) => (12, helper as u32, 0),
    }
}

impl Symbols {
    fn name(&mut self, function: &mut Function, target: Target) -> ExternalName {
        let index = self.targets.len() as u32;
        self.targets.push(target);
        ExternalName::user(function.declare_imported_user_function(UserExternalName { namespace: 0, index }))
    }
    /// A symbol for memory.
    pub(crate) fn data(&mut self, function: &mut Function, target: Target) -> GlobalValue {
        if let Some(known) = self.data.get(&key(target)) {
            return *known;
        }
        let name = self.name(function, target);
        let symbol = GlobalValueData::Symbol { name, offset: 0.into(), colocated: false, tls: false };
        let symbol = function.create_global_value(symbol);
        self.data.insert(key(target), symbol);
        symbol
    }
    /// A function of the runtime. The same target must always come with the same signature.
    pub(crate) fn function(
        &mut self,
        function: &mut Function,
        target: Target,
        signature: impl FnOnce() -> Signature,
    ) -> FuncRef {
        if let Some(known) = self.functions.get(&key(target)) {
            return *known;
        }
        let name = self.name(function, target);
        let signature = function.import_signature(signature());
        let data = ExtFuncData { name, signature, colocated: false, patchable: false };
        let imported = function.import_function(data);
        self.functions.insert(key(target), imported);
        imported
    }
    /// The target of a name: names are declared once each, in the order of the table.
    pub(crate) fn named(&self, name: UserExternalNameRef) -> Option<Target> {
        self.targets.get(name.as_u32() as usize).copied()
    }
}
