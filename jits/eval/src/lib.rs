//! The reference evaluator of VIR as a backend: slow, always right.
//!
//! What it "compiles" to is a [`Program`], which the VM evaluates in the surroundings that it also gives compiled code. It is
//! what other backends are compared with, and what runs where none of them has been ported to.
//!
//! May import `vm-api`'s crates only.

use vm_api::engine::{Backend, Bailout, Capabilities, CompileEnv, CompiledCode};
use vm_api::vir::Unit;
use vm_api::vir::eval::Program;

/// The backend.
#[derive(Clone, Copy, Debug, Default)]
pub struct Evaluator;

impl Backend for Evaluator {
    fn capabilities(&self) -> Capabilities {
        Capabilities {
            name: "eval",
            summary: "VIR through the reference evaluator: slow, always right",
            native: false,
            in_memory: true,
            guards: true,
            osr: true,
        }
    }
    fn compile(&self, unit: &Unit, _environment: &dyn CompileEnv) -> Result<CompiledCode, Bailout> {
        match Program::new(unit.clone()) {
            Ok(program) => Ok(CompiledCode::Program(program)),
            Err(problems) => Err(Bailout::Invalid(problems.to_string())),
        }
    }
}
