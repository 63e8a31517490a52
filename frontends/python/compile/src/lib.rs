//! Python 3.12 syntax trees to register bytecode.
//!
//! [`compile`] takes a tree to a [`vm_code::Code`] of the opcodes in [`opcodes`], by way of the symbol tables in [`scope`]
//! and constant folding. It accepts what CPython 3.12's compiler accepts, and otherwise raises its errors, with their
//! positions; warnings likewise. The crate knows nothing of the VM but the bytecode container.

mod annotation;
mod codegen;
mod depth;
mod error;
pub mod extra;
mod fold;
mod future;
pub mod opcodes;
pub mod references;
pub mod scope;

pub use depth::LIMIT as MAX_DEPTH;
pub use error::{CompileError, RECURSION, SyntaxWarning};
pub use future::ALL as FUTURE_FLAGS;

use python_syntax::ast::Ast;
use vm_code::Code;

/// The name of the variable for what was caught ([`Code::caught`]), which programs do not see.
pub const CAUGHT: &str = ".caught";

/// Which front end this is: a hash of its sources. What is kept of compiled code is only used by the same one.
pub const IDENTITY: u64 = match u64::from_str_radix(env!("PRISM_FRONT_END"), 16) {
    Ok(identity) => identity,
    Err(_) => panic!("the build script writes a number"),
};

/// What `compile()` is told besides the source. The mode is that of the tree's root.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    /// 0, or 1 for `-O` (no `assert`, `__debug__` is false), or 2 for `-OO` (no documentation either).
    pub optimize: u8,
    /// Flags of `from __future__` statements ([`FUTURE_FLAGS`]) that hold without being written: those of the code that
    /// calls `compile()`, unless it says `dont_inherit`.
    pub inherited_flags: u32,
    /// The code will run with its globals as its namespace, as an imported module or a script does. Names at its top are
    /// then globals. `compile()` cannot know, and leaves it off.
    pub plain_module: bool,
    /// `await` and the like are allowed at the top (`PyCF_ALLOW_TOP_LEVEL_AWAIT`).
    pub top_level_await: bool,
}

/// Compiles a tree. `source_name` is what `co_filename` will be.
///
/// # Errors
/// What CPython 3.12's compiler raises for the same tree.
pub fn compile(ast: &Ast, source_name: &str, options: &Options) -> Result<(Code, Vec<SyntaxWarning>), CompileError> {
    let depth = depth::measure(ast)?;
    depth::with_stack(depth, || codegen::compile(ast, source_name, options))
}

/// A literal of a tree as a constant of code.
pub fn literal(ast: &Ast, value: python_syntax::ast::Constant) -> vm_code::Constant {
    fold::literal(ast, value)
}

/// The symbol tables of a tree, for the `symtable` module.
///
/// # Errors
/// The errors of names and scopes that [`compile`] raises.
pub fn symbol_tables(ast: &Ast) -> Result<scope::SymbolTables, CompileError> {
    let depth = depth::measure(ast)?;
    let future = future::find(ast)?;
    depth::with_stack(depth, || scope::SymbolTables::new(ast, future.flags & opcodes::flag::FUTURE_ANNOTATIONS != 0))
}
