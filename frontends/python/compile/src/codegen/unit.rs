//! A function, class body or source being compiled: its registers and the state of code generation in it.

use super::bound::Bound;
use super::control::Block;
use super::{Compiler, Reg};
use crate::opcodes::{MAKE_CELL, NOP, OPCODES, flag};
use crate::scope::{Kind, Resolution, ScopeId, SymbolTables, mangled_text, usage};
use python_syntax::ast::{Span, Symbol};
use std::collections::HashMap;
use vm_code::Position;
use vm_code::builder::{Builder, Label};
use vm_code::code::code_flag;

/// What is being compiled.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum UnitKind {
    Module,
    Class,
    Function,
    AsyncFunction,
    Lambda,
    /// A generator expression; other comprehensions are part of the unit around them.
    Comprehension,
    /// Around a generic definition.
    TypeParameters,
    /// Bound of a type variable, or value of a `type` statement.
    Lazy,
}

/// A comprehension that is being compiled into the unit.
pub(super) struct Inlined {
    pub(super) scope: ScopeId,
    /// Registers of the names that it binds.
    pub(super) variables: HashMap<Symbol, Reg>,
}

/// See the module header.
pub(super) struct Unit {
    pub(super) builder: Builder<'static>,
    pub(super) kind: UnitKind,
    pub(super) scope: ScopeId,
    pub(super) qualified_name: String,
    /// The class whose name mangles private names.
    pub(super) class: Option<Symbol>,
    /// Registers of the block's own variables.
    pub(super) variables: HashMap<Symbol, Reg>,
    /// Indices of the enclosing functions' variables in the closure.
    pub(super) free: HashMap<Symbol, u16>,
    /// Registers of inlined comprehensions' variables, by name and depth of nesting.
    pub(super) comprehension_variables: HashMap<(Symbol, usize), Reg>,
    pub(super) inlined: Vec<Inlined>,
    /// Variables that are used in place only after a copy, since `:=` may rebind them within an expression.
    pub(super) rebound: Bound,
    /// Variables that are unbound somewhere.
    pub(super) deleted: Bound,
    /// Variables certainly bound here; `None` where control cannot come.
    pub(super) bound: Option<Bound>,
    /// A line that has no instruction yet, and is to have one; see `visit_line`. Only in code that can be reached.
    pub(super) line: Option<Position>,
    /// The same at labels that are yet to be bound.
    pub(super) labels: HashMap<Label, Bound>,
    /// Handlers of the open regions, with the state where the region begins and its first instruction.
    pub(super) handlers: Vec<(Label, Bound, u32)>,
    /// The statements we are in that matter to `break`, `continue` and `return`.
    pub(super) blocks: Vec<Block>,
    pub(super) first_temporary: Reg,
}

impl Unit {
    pub(super) fn new(
        tables: &SymbolTables,
        kind: UnitKind,
        scope_id: ScopeId,
        name: &str,
        source: &str,
        class: Option<Symbol>,
    ) -> Unit {
        let mut builder = Builder::new(&OPCODES, name, source);
        let scope = &tables.scopes[scope_id];
        let text = |symbol| tables.names.name(symbol);
        let mut variables = HashMap::new();
        let (mut rebound, mut deleted, mut bound) = (Bound::default(), Bound::default(), Bound::default());
        for &parameter in &scope.parameters {
            let register = builder.variable(text(parameter));
            bound.insert(register);
            variables.insert(parameter, register);
        }
        let mut cells = Vec::new();
        if scope.kind.is_function_like() {
            for (symbol, entry) in scope.symbols.iter() {
                // What only an inlined comprehension binds has registers of its own, below.
                if entry.is(usage::INLINED) || !matches!(entry.resolution, Resolution::Local | Resolution::Cell) {
                    continue;
                }
                let register = *variables.entry(symbol).or_insert_with(|| builder.variable(text(symbol)));
                if entry.is(usage::WALRUS) {
                    rebound.insert(register);
                }
                if entry.is(usage::DELETED) {
                    deleted.insert(register);
                }
                if entry.resolution == Resolution::Cell {
                    cells.push(register);
                }
            }
        } else if scope.kind == Kind::Class {
            for (needed, name) in [(scope.needs_class_cell, "__class__"), (scope.needs_class_dict, "__classdict__")] {
                if let Some(symbol) = tables.names.find(name).filter(|_| needed) {
                    let register = builder.variable(name);
                    variables.insert(symbol, register);
                    cells.push(register);
                }
            }
        }
        let mut comprehension_variables = HashMap::new();
        let mut work: Vec<(ScopeId, usize)> = scope.inlined_comprehensions.iter().rev().map(|&id| (id, 0)).collect();
        while let Some((id, depth)) = work.pop() {
            for (symbol, entry) in tables.scopes[id].symbols.iter() {
                if binds(entry) {
                    let register = *comprehension_variables
                        .entry((symbol, depth))
                        .or_insert_with(|| builder.variable(text(symbol)));
                    if entry.resolution == Resolution::Cell {
                        builder.cell(register);
                    }
                }
            }
            work.extend(tables.scopes[id].inlined_comprehensions.iter().rev().map(|&id| (id, depth + 1)));
        }
        cells.iter().for_each(|&register| builder.cell(register));
        let suspends = scope.generator || scope.coroutine;
        if (scope.catches || !scope.inlined_comprehensions.is_empty()) && !suspends {
            builder.caught(crate::CAUGHT);
        }
        let mut free: Vec<Symbol> = scope
            .symbols
            .iter()
            .filter(|(_, entry)| entry.resolution == Resolution::Free || entry.is(usage::FREE_CLASS))
            .map(|(symbol, _)| symbol)
            .collect();
        free.sort_unstable_by_key(|&symbol| text(symbol));
        let free = free.into_iter().map(|symbol| (symbol, builder.free(text(symbol)))).collect();
        let first_temporary = builder.top();
        Unit {
            builder,
            kind,
            scope: scope_id,
            qualified_name: String::new(),
            class,
            variables,
            free,
            comprehension_variables,
            inlined: Vec::new(),
            rebound,
            deleted,
            bound: Some(bound),
            line: None,
            labels: HashMap::new(),
            handlers: Vec::new(),
            blocks: Vec::new(),
            first_temporary,
        }
    }
}

/// Does a comprehension itself bind this name of its table?
pub(super) fn binds(entry: crate::scope::Entry) -> bool {
    entry.is(usage::LOCAL)
        && !entry.is(usage::NONLOCAL | usage::GLOBAL)
        && matches!(entry.resolution, Resolution::Local | Resolution::Cell)
}

impl Unit {
    /// The position of the next instruction, which would be at `at`: it takes that of a line that has none yet if it has none
    /// itself; otherwise that line gets one of its own.
    pub(super) fn place(&mut self, at: Position) -> Position {
        if at.line == 0
            && let Some(line) = self.line.take()
        {
            return line;
        }
        if self.line.is_some_and(|line| line.line == at.line) {
            self.line = None;
        }
        self.flush_line();
        at
    }
    /// Gives a line that has no instruction yet one.
    pub(super) fn flush_line(&mut self) {
        if let Some(line) = self.line.take()
            && self.bound.is_some()
        {
            self.builder.position(line);
            self.builder.emit(NOP, 0, 0, 0, 0);
        }
    }
}

impl Compiler<'_> {
    /// Puts the block's cell variables into cells, parameters with their values.
    pub(super) fn enter_cells(&mut self) {
        let scope = self.scope();
        let mut cells: Vec<Reg> = Vec::new();
        for (symbol, entry) in scope.symbols.iter() {
            if entry.resolution == Resolution::Cell
                && scope.kind.is_function_like()
                && !entry.is(usage::INLINED)
                && let Some(&register) = self.unit_ref().variables.get(&symbol)
            {
                cells.push(register);
            }
        }
        if scope.kind == Kind::Class {
            cells.extend(self.unit_ref().variables.values());
        }
        cells.sort_unstable();
        for register in cells {
            self.emit(Span::default(), MAKE_CELL, register, 0, 0, 0);
        }
    }

    pub(super) fn code_flags(&self, kind: UnitKind, id: ScopeId) -> u32 {
        let scope = &self.tables.scopes[id];
        let mut flags = self.future.flags;
        if scope.kind.is_function_like() {
            flags |= flag::FUNCTION;
            if scope.nested {
                flags |= flag::NESTED;
            }
        }
        if scope.kind.is_function_like() || (kind == UnitKind::Module && self.options.top_level_await) {
            let generator = match (scope.generator, scope.coroutine) {
                (true, true) => flag::ASYNC_GENERATOR,
                (true, false) => flag::GENERATOR,
                (false, true) => flag::COROUTINE,
                (false, false) => 0,
            };
            if generator != 0 {
                flags |= generator | code_flag::SUSPENDS;
            }
        }
        if kind == UnitKind::Class {
            flags |= flag::CLASS;
        }
        flags
    }

    /// CPython's rule for `__qualname__`.
    pub(super) fn qualified_name(&self, kind: UnitKind, name: &str) -> String {
        let Some(mut parent) = self.units.len().checked_sub(1) else { return name.into() };
        if parent == 0 {
            return name.into();
        }
        if self.units[parent].kind == UnitKind::TypeParameters {
            // The wrapper of a generic definition does not show.
            parent -= 1;
            if parent == 0 {
                return name.into();
            }
        }
        let unit = &self.units[parent];
        let names = &self.tables.names;
        let mangled = unit.class.and_then(|class| mangled_text(names.name(class), name));
        let declared_global = names.find(mangled.as_deref().unwrap_or(name)).is_some_and(|symbol| {
            let entry = self.tables.scopes[unit.scope].symbols.get(symbol);
            entry.is_some_and(|entry| entry.resolution == Resolution::GlobalExplicit)
        });
        if declared_global && matches!(kind, UnitKind::Function | UnitKind::AsyncFunction | UnitKind::Class) {
            return name.into();
        }
        match unit.kind {
            UnitKind::Function | UnitKind::AsyncFunction | UnitKind::Lambda => {
                format!("{}.<locals>.{name}", unit.qualified_name)
            }
            _ => format!("{}.{name}", unit.qualified_name),
        }
    }
}
