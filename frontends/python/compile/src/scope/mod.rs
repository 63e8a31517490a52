//! Symbol tables: which name means what in which block.
//!
//! [`build`] collects, block by block, how names are used; [`analyze`] then decides for each name of each block whether it
//! is local, global, free or in a cell, and which comprehensions are compiled into the block around them (PEP 709). Both
//! follow CPython 3.12's `symtable`, whose results Python programs can observe, and whose errors they can read.
//!
//! Names are symbols after mangling, of a table that extends that of the tree.

mod analyze;
mod build;
mod mangle;

use crate::error::Compiled;
use python_syntax::ast::{Ast, ExprId, Span, StmtId, Symbol, SymbolTable, TypeParamId};
use std::collections::HashMap;

pub(crate) use mangle::{mangle, mangled_text};

/// How a block uses a name.
pub mod usage {
    /// `global` statement.
    pub const GLOBAL: u16 = 1;
    /// Assigned in the block.
    pub const LOCAL: u16 = 2;
    /// Parameter.
    pub const PARAMETER: u16 = 4;
    /// `nonlocal` statement.
    pub const NONLOCAL: u16 = 8;
    /// Read in the block.
    pub const USE: u16 = 16;
    /// In a class (or annotation scope in one): also free in a function inside.
    pub const FREE_CLASS: u16 = 64;
    /// Bound by `import`.
    pub const IMPORT: u16 = 128;
    /// Annotated.
    pub const ANNOTATED: u16 = 256;
    /// Iteration variable of a comprehension.
    pub const ITERATION: u16 = 512;
    /// Type parameter.
    pub const TYPE_PARAMETER: u16 = 1024;
    /// Lives in a cell in an inlined comprehension.
    pub const COMPREHENSION_CELL: u16 = 2048;
    /// Unbound somewhere in the block by `del` or at the end of an `except … as` clause (not in CPython's tables).
    pub const DELETED: u16 = 4096;
    /// Bound by `:=`, also in a comprehension inside (not in CPython's tables).
    pub const WALRUS: u16 = 8192;
    /// Only known from a comprehension that is compiled into the block (not in CPython's tables).
    pub const INLINED: u16 = 16384;
    /// Bound in the block in any way.
    pub const BOUND: u16 = LOCAL | PARAMETER | IMPORT | TYPE_PARAMETER;
}

/// Where a name is looked up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Resolution {
    /// Not decided (before the analysis).
    #[default]
    Unknown,
    /// A variable of the block.
    Local,
    /// Declared `global`.
    GlobalExplicit,
    /// Found nowhere else.
    GlobalImplicit,
    /// A variable of an enclosing function.
    Free,
    /// A variable of the block that inner functions use.
    Cell,
}

/// What a block knows of one name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Entry {
    /// [`usage`] bits.
    pub usage: u16,
    /// The decision.
    pub resolution: Resolution,
}

impl Entry {
    /// Has all or some of these [`usage`] bits.
    pub fn is(self, usage: u16) -> bool {
        self.usage & usage != 0
    }
}

/// The names of a block, in the order of their first occurrence.
#[derive(Clone, Debug, Default)]
pub struct Symbols {
    entries: Vec<(Symbol, Entry)>,
    index: HashMap<Symbol, u32>,
}

impl Symbols {
    /// What is known of `name`.
    pub fn get(&self, name: Symbol) -> Option<Entry> {
        self.index.get(&name).map(|&at| self.entries[at as usize].1)
    }
    /// All names.
    pub fn iter(&self) -> impl Iterator<Item = (Symbol, Entry)> {
        self.entries.iter().copied()
    }
    fn entry(&mut self, name: Symbol) -> &mut Entry {
        let at = *self.index.entry(name).or_insert_with(|| {
            self.entries.push((name, Entry::default()));
            self.entries.len() as u32 - 1
        });
        &mut self.entries[at as usize].1
    }
}

/// Kind of a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A whole source.
    Module,
    /// Function, lambda or comprehension.
    Function,
    /// Class body.
    Class,
    /// Annotations under `from __future__ import annotations`: never compiled.
    Annotation,
    /// Bound or constraints of a type variable.
    TypeVarBound,
    /// Value of a `type` statement.
    TypeAlias,
    /// Around a generic definition: its type parameters.
    TypeParameters,
}

impl Kind {
    /// Are its variables visible in functions inside?
    pub fn is_function_like(self) -> bool {
        matches!(self, Kind::Function | Kind::TypeVarBound | Kind::TypeAlias | Kind::TypeParameters)
    }
}

/// Which comprehension a function block is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comprehension {
    /// `[…]`
    List,
    /// `{…}`
    Set,
    /// `{…: …}`
    Dict,
    /// `(…)`
    Generator,
}

/// Index of a block.
pub type ScopeId = usize;

/// A block.
#[derive(Clone, Debug)]
pub struct Scope {
    /// Its kind.
    pub kind: Kind,
    /// Its name; of functions and classes as written.
    pub name: Symbol,
    /// Its names.
    pub symbols: Symbols,
    /// Blocks directly inside.
    pub children: Vec<ScopeId>,
    /// Comprehensions that are compiled into this block; their own children are among `children`.
    pub inlined_comprehensions: Vec<ScopeId>,
    /// The parameters in the order of their registers.
    pub parameters: Vec<Symbol>,
    /// Where `global`, `nonlocal` and the like stand, by name.
    directives: Vec<(Symbol, Span)>,
    /// Inside a function.
    pub nested: bool,
    /// Contains `yield`, or is a generator expression.
    pub generator: bool,
    /// Is `async`, or contains `await` or `async for` of its own.
    pub coroutine: bool,
    /// Catches exceptions: contains `try` or `with` of its own.
    pub catches: bool,
    /// Is a comprehension.
    pub comprehension: Option<Comprehension>,
    /// Compiled into the block around it.
    pub inlined: bool,
    /// In a class: `__class__` is needed in a cell.
    pub needs_class_cell: bool,
    /// In a class: the namespace is needed in a cell, as `__classdict__`.
    pub needs_class_dict: bool,
    /// An annotation scope directly in a class, which sees the class's names.
    pub sees_class: bool,
    /// The node it belongs to.
    pub span: Span,
    /// While being built: in the target of a comprehension.
    in_target: bool,
    /// While being built: how many iterables of comprehensions we are in.
    in_iterable: u32,
}

/// What a block belongs to.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Owner {
    /// The whole source.
    Source,
    /// Function, class, or value of a `type` statement.
    Stmt(StmtId),
    /// The type parameters of such a statement.
    TypeParameters(StmtId),
    /// Lambda or comprehension.
    Expr(ExprId),
    /// Bound of a type variable.
    Bound(TypeParamId),
}

/// All blocks of a source.
#[derive(Clone, Debug)]
pub struct SymbolTables {
    /// The blocks; the first is the source itself.
    pub scopes: Vec<Scope>,
    /// The names: those of the tree, and the mangled and internal ones.
    pub names: SymbolTable,
    owners: HashMap<Owner, ScopeId>,
}

impl SymbolTables {
    /// The tables of a source.
    ///
    /// # Errors
    /// CPython's `SyntaxError`s about scopes. The tree must not be nested more deeply than the native stack allows
    /// ([`crate::depth`]).
    pub fn new(ast: &Ast, future_annotations: bool) -> Compiled<SymbolTables> {
        let mut tables = build::build(ast, future_annotations)?;
        analyze::analyze(&mut tables)?;
        Ok(tables)
    }

    /// The block of a node.
    pub fn of(&self, owner: Owner) -> Option<ScopeId> {
        self.owners.get(&owner).copied()
    }
}
