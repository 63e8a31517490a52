//! `--jit=lean`: drops the instructions whose results nobody uses, and has the reference evaluator run what is left.
//!
//! The JIT of `docs/writing-a-jit.md`, which quotes this crate.
//!
//! May import `vm-api`'s crates only.

mod dead;

use vm_api::engine::{Backend, Bailout, Capabilities, CompileEnv, CompiledCode};
use vm_api::vir::Unit;
use vm_api::vir::eval::Program;

/// The names that [`CompileOptions::without`](vm_api::engine::backend::CompileOptions::without) may say.
pub const PASSES: &[&str] = &["dead"];

/// The backend.
#[derive(Clone, Copy, Debug, Default)]
pub struct Lean;

impl Backend for Lean {
    fn capabilities(&self) -> Capabilities {
        Capabilities {
            name: "lean",
            summary: "the evaluator, without instructions that nobody needs (docs/writing-a-jit.md)",
            native: false,
            in_memory: true,
            guards: true,
            osr: true,
        }
    }

    fn compile(&self, unit: &Unit, environment: &dyn CompileEnv) -> Result<CompiledCode, Bailout> {
        let mut unit = unit.clone();
        if !environment.options().without.iter().any(|pass| pass == "dead") {
            dead::drop_unused(&mut unit);
        }
        match Program::new(unit) {
            Ok(program) => Ok(CompiledCode::Program(program)),
            Err(problems) => Err(Bailout::Invalid(problems.to_string())),
        }
    }
}
