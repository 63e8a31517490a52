//! VIR to machine code in one linear pass: fast to compile, for code that has just become warm.
//!
//! | module | holds |
//! | --- | --- |
//! | `graph` | the order of blocks, and the trees that they form |
//! | `plan` | one pass backwards: next uses, what is dead, forms of numbers |
//! | `homes` | places of values that live in several trees of blocks |
//! | `x64` | the pass forwards, which emits code for x86-64 |
//!
//! What is above `x64` knows no machine: another one is a module beside it.
//!
//! # Invariants
//!
//! * **Linear**: each pass looks at each instruction once, and no hash map is asked on the way. Work beyond that is by what lives
//!   across joins (sets of globals) and by what frame states mention.
//! * **No stack maps**: a tagged value that lives across a call is in a register that calls preserve or in the native frame, as
//!   itself. The collector scans both and pins what it finds. Addresses of objects are never stored while something collects.
//! * **The slow path pays**: in the middle of an instruction, what calls something keeps registers by itself; the fast path is
//!   compiled as if there were no call.
//!
//! May import `vm-api`'s crates, the assembler and the disassembler only.

#[cfg(target_arch = "x86_64")]
mod graph;
#[cfg(target_arch = "x86_64")]
mod homes;
#[cfg(target_arch = "x86_64")]
mod plan;
#[cfg(target_arch = "x86_64")]
#[allow(clippy::useless_conversion, reason = "the assembler's macro converts every register")]
mod x64;

use vm_api::engine::{Backend, Bailout, Capabilities, CompileEnv, CompiledCode};
use vm_api::vir::Unit;

/// The backend. It keeps nothing.
#[derive(Clone, Copy, Default)]
pub struct Template;

impl Backend for Template {
    fn capabilities(&self) -> Capabilities {
        Capabilities {
            name: "template",
            summary: "VIR to x86-64 code in one linear pass",
            native: cfg!(target_arch = "x86_64"),
            in_memory: true,
            guards: true,
            osr: true,
        }
    }
    #[cfg(target_arch = "x86_64")]
    fn compile(&self, unit: &Unit, environment: &dyn CompileEnv) -> Result<CompiledCode, Bailout> {
        x64::compile(unit, environment).map(CompiledCode::Native)
    }
    #[cfg(not(target_arch = "x86_64"))]
    fn compile(&self, _unit: &Unit, _environment: &dyn CompileEnv) -> Result<CompiledCode, Bailout> {
        Err(Bailout::Unsupported("code for this machine".into()))
    }
}
