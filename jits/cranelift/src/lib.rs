//! VIR to machine code through Cranelift.
//!
//! A unit becomes one Cranelift function with the signature of native code's convention (`vm_engine::backend`). Values are
//! Cranelift values: tagged ones, raw words and addresses 64-bit integers, floats floats, conditions bytes. What the convention
//! names ([`Target`](vm_api::engine::backend::Target)) are symbols, whose addresses the VM fills in where relocations say.
//!
//! | module | holds |
//! | --- | --- |
//! | `host` | settings for the machine that this runs on |
//! | `symbols` | targets as symbols of the function |
//! | `translate` | the translation: blocks, values, memory, calls, exits |
//! | `finish` | from what Cranelift made to what the VM takes |
//!
//! # Invariants
//!
//! * **Guards leave the fast path**: a guard is one branch to a cold block. The write-back of a frame state is one block for
//!   all exits that leave at it; boxing happens there.
//! * **No stack maps**: a tagged value that lives across a call is in a register that calls preserve or in the native frame, as
//!   itself; across a slow path that keeps all registers ([`Target::Keeping`](vm_api::engine::backend::Target)) it is in any, and saved on
//!   the native stack. The collector scans both and pins what it finds. Addresses that Cranelift derives from one are inside of the same
//!   object or one past its end, which scanning finds too.
//! * **Memory has three regions** for Cranelift's alias analysis: objects, frames (registers and windows of arguments), and the
//!   rest (thread, cells, feedback). Calls end all that it knows, so nothing that was read before a safepoint is reused after it.
//!
//! May import `vm-api`'s crates and Cranelift only.

mod finish;
mod host;
mod symbols;
mod translate;

use cranelift_codegen::CodegenError;
use cranelift_codegen::Context;
use cranelift_codegen::control::ControlPlane;
use cranelift_codegen::isa::OwnedTargetIsa;
use cranelift_frontend::FunctionBuilderContext;
use std::sync::OnceLock;
use vm_api::engine::{Backend, Bailout, Capabilities, CompileEnv, CompiledCode};
use vm_api::vir::Unit;

/// Passes that [`CompileOptions::without`](vm_api::engine::CompileOptions::without) may name: `optimize` is the whole middle end
/// (value numbering, code motion, rewriting, redundant loads).
pub const PASSES: &[&str] = &["optimize"];

/// Units with more instructions are refused: Cranelift's work is not linear in their number.
const INSTRUCTIONS_MAX: usize = 100_000;

/// The backend. What it keeps are the settings of the machine.
#[derive(Default)]
pub struct Cranelift {
    optimizing: OnceLock<Result<OwnedTargetIsa, String>>,
    plain: OnceLock<Result<OwnedTargetIsa, String>>,
}

impl Cranelift {
    /// A backend.
    pub fn new() -> Cranelift {
        Cranelift::default()
    }
}

impl Backend for Cranelift {
    fn capabilities(&self) -> Capabilities {
        Capabilities {
            name: "cranelift",
            summary: "VIR to machine code through Cranelift",
            native: true,
            in_memory: true,
            guards: true,
            osr: true,
        }
    }
    fn compile(&self, unit: &Unit, environment: &dyn CompileEnv) -> Result<CompiledCode, Bailout> {
        let options = environment.options();
        let optimize = !options.without.iter().any(|pass| pass == "optimize");
        let cell = if optimize { &self.optimizing } else { &self.plain };
        let isa = match cell.get_or_init(|| host::isa(optimize)) {
            Ok(isa) => &**isa,
            Err(e) => return Err(Bailout::Unsupported(e.clone())),
        };
        if unit.insts.len() > INSTRUCTIONS_MAX {
            return Err(Bailout::TooLarge);
        }
        let mut context = Context::new();
        let mut builder = FunctionBuilderContext::new();
        let tables = translate::translate(unit, environment, isa, &mut context.func, &mut builder)?;
        let text = options.listing.then(|| context.func.display().to_string());
        context.set_disasm(options.listing);
        match context.compile(isa, &mut ControlPlane::default()) {
            Ok(code) => finish::native_code(code, tables, text).map(CompiledCode::Native),
            Err(e) => Err(bailout(&e.inner)),
        }
    }
}

fn bailout(e: &CodegenError) -> Bailout {
    match e {
        CodegenError::CodeTooLarge | CodegenError::ImplLimitExceeded => Bailout::TooLarge,
        CodegenError::Unsupported(what) => Bailout::Unsupported(what.clone()),
        // The unit was verified, so this is a fault of the translation's; the VM goes on without the code.
        e => Bailout::Invalid(format!("Cranelift refuses the function: {e}")),
    }
}
