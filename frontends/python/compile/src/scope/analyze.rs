//! Second pass: from how names are used to where they are looked up.

use super::{Comprehension, Entry, Kind, Resolution, Scope, ScopeId, SymbolTables, Symbols, usage};
use crate::error::{CompileError, Compiled, syntax_error};
use python_syntax::ast::{Symbol, SymbolTable};
use std::collections::{HashMap, HashSet};

type Set = HashSet<Symbol>;

/// What the blocks around a block hand down.
#[derive(Clone, Default)]
struct Outer {
    /// Names bound in enclosing functions; none in a module.
    bound: Option<Set>,
    /// Names declared global further out.
    global: Set,
    /// Of the bound names, type parameters.
    type_parameters: Set,
    /// For annotation scopes in a class: the class.
    class: Option<ScopeId>,
}

struct Analyzer<'a> {
    scopes: &'a mut Vec<Scope>,
    names: &'a SymbolTable,
    class_cell: Symbol,
    class_dict: Symbol,
}

/// Decides all names of all blocks.
pub(super) fn analyze(tables: &mut SymbolTables) -> Compiled {
    let class_cell = tables.names.intern("__class__");
    let class_dict = tables.names.intern("__classdict__");
    let mut analyzer = Analyzer { scopes: &mut tables.scopes, names: &tables.names, class_cell, class_dict };
    analyzer.block(0, Outer::default()).map(drop)
}

/// Names as the block itself sees them while it is analyzed.
#[derive(Default)]
struct Sets {
    local: Set,
    resolutions: HashMap<Symbol, Resolution>,
}

impl Analyzer<'_> {
    /// Analyzes a block and those inside it; returns the names that are free in it or in them.
    fn block(&mut self, id: ScopeId, mut outer: Outer) -> Compiled<Set> {
        let kind = self.scopes[id].kind;
        let mut inner = Outer::default();
        if kind == Kind::Class {
            // A class's names are not visible in functions inside, so these see what is visible here.
            inner.global.clone_from(&outer.global);
            inner.bound = Some(outer.bound.clone().unwrap_or_default());
        }
        let mut sets = Sets::default();
        let mut free = Set::new();
        let symbols = self.scopes[id].symbols.entries.clone();
        for &(name, entry) in &symbols {
            self.name(id, name, entry, &mut outer, &mut sets, &mut free)?;
        }
        let mut visible = inner.bound.unwrap_or_default();
        if kind == Kind::Class {
            visible.extend([self.class_cell, self.class_dict]);
        } else {
            if kind.is_function_like() {
                visible.extend(&sets.local);
            }
            visible.extend(outer.bound.iter().flatten());
            inner.global.extend(&outer.global);
        }
        inner.bound = Some(visible);
        inner.type_parameters.clone_from(&outer.type_parameters);

        let mut inlined_cells = Set::new();
        let mut children_free = Set::new();
        let children = self.scopes[id].children.clone();
        for &child in &children {
            let mut handed = inner.clone();
            if self.scopes[child].sees_class {
                handed.class = if kind == Kind::Class { Some(id) } else { outer.class };
            }
            let mut child_free = self.block(child, handed)?;
            let comprehension = self.scopes[child].comprehension;
            if comprehension.is_some_and(|c| c != Comprehension::Generator) {
                self.inline(id, child, &mut sets.resolutions, &mut child_free, &mut inlined_cells);
                self.scopes[child].inlined = true;
                self.scopes[id].inlined_comprehensions.push(child);
            }
            children_free.extend(child_free);
        }
        let spliced = children.iter().flat_map(|&child| {
            if self.scopes[child].inlined { self.scopes[child].children.clone() } else { vec![child] }
        });
        self.scopes[id].children = spliced.collect();

        if kind.is_function_like() {
            for (name, resolution) in &mut sets.resolutions {
                if *resolution == Resolution::Local && (children_free.contains(name) || inlined_cells.contains(name)) {
                    *resolution = Resolution::Cell;
                    children_free.remove(name);
                }
            }
        } else if kind == Kind::Class {
            self.scopes[id].needs_class_cell = children_free.remove(&self.class_cell);
            self.scopes[id].needs_class_dict = children_free.remove(&self.class_dict);
        }
        let sees_class = kind == Kind::Class || self.scopes[id].sees_class;
        let symbols = &mut self.scopes[id].symbols;
        update(
            symbols,
            &sets.resolutions,
            outer.bound.as_ref(),
            &children_free,
            &inlined_cells,
            sees_class,
            self.names,
        );
        free.extend(children_free);
        Ok(free)
    }

    /// Decides one name from what the block itself and those around it say.
    fn name(
        &mut self,
        id: ScopeId,
        name: Symbol,
        entry: Entry,
        outer: &mut Outer,
        sets: &mut Sets,
        free: &mut Set,
    ) -> Compiled {
        let resolution = if entry.is(usage::GLOBAL) {
            if entry.is(usage::NONLOCAL) {
                return Err(self.directive_error(id, name, "name '", "' is nonlocal and global"));
            }
            outer.global.insert(name);
            if let Some(bound) = &mut outer.bound {
                bound.remove(&name);
            }
            Resolution::GlobalExplicit
        } else if entry.is(usage::NONLOCAL) {
            let Some(bound) = &outer.bound else {
                return Err(self.directive_error(id, name, "nonlocal declaration not allowed at module level", ""));
            };
            if !bound.contains(&name) {
                return Err(self.directive_error(id, name, "no binding for nonlocal '", "' found"));
            }
            if outer.type_parameters.contains(&name) {
                let message = "nonlocal binding not allowed for type parameter '";
                return Err(self.directive_error(id, name, message, "'"));
            }
            Resolution::Free
        } else if entry.is(usage::BOUND) {
            sets.local.insert(name);
            outer.global.remove(&name);
            if entry.is(usage::TYPE_PARAMETER) {
                outer.type_parameters.insert(name);
            } else {
                outer.type_parameters.remove(&name);
            }
            Resolution::Local
        } else {
            // A name that the class around an annotation scope binds is looked up in the class, then among the globals,
            // never in functions further out.
            let in_class = outer.class.and_then(|class| self.scopes[class].symbols.get(name));
            match in_class {
                Some(class) if class.is(usage::GLOBAL) => Resolution::GlobalExplicit,
                Some(class) if class.is(usage::BOUND) && !class.is(usage::NONLOCAL) => Resolution::GlobalImplicit,
                _ if outer.bound.as_ref().is_some_and(|bound| bound.contains(&name)) => Resolution::Free,
                _ => Resolution::GlobalImplicit,
            }
        };
        if resolution == Resolution::Free {
            free.insert(name);
        }
        sets.resolutions.insert(name, resolution);
        Ok(())
    }

    fn directive_error(&self, id: ScopeId, name: Symbol, before: &str, after: &str) -> CompileError {
        let scope = &self.scopes[id];
        let span =
            scope.directives.iter().find(|(directive, _)| *directive == name).map_or(scope.span, |(_, span)| *span);
        let text = if after.is_empty() { "" } else { self.names.name(name) };
        syntax_error(format!("{before}{text}{after}"), span)
    }

    /// Merges the names of a comprehension into the block that it is compiled into.
    fn inline(
        &mut self,
        id: ScopeId,
        comprehension: ScopeId,
        resolutions: &mut HashMap<Symbol, Resolution>,
        comprehension_free: &mut Set,
        inlined_cells: &mut Set,
    ) {
        let is_class = self.scopes[id].kind == Kind::Class;
        let entries = self.scopes[comprehension].symbols.entries.clone();
        for (name, entry) in entries {
            if entry.is(usage::PARAMETER) {
                continue;
            }
            if entry.resolution == Resolution::Cell || entry.is(usage::COMPREHENSION_CELL) {
                inlined_cells.insert(name);
            }
            match self.scopes[id].symbols.get(name) {
                None => {
                    let mut resolution = entry.resolution;
                    if resolution == Resolution::Free && is_class && name == self.class_cell {
                        resolution = Resolution::GlobalImplicit;
                        comprehension_free.remove(&name);
                    }
                    self.scopes[id].symbols.entry(name).usage = entry.usage | usage::INLINED;
                    resolutions.insert(name, resolution);
                }
                Some(existing) => {
                    if existing.is(usage::BOUND) && !is_class && !self.free_in_children(comprehension, name) {
                        comprehension_free.remove(&name);
                    }
                }
            }
        }
    }

    fn free_in_children(&self, id: ScopeId, name: Symbol) -> bool {
        self.scopes[id].children.iter().any(|&child| {
            self.scopes[child].symbols.get(name).is_some_and(|entry| entry.resolution == Resolution::Free)
        })
    }
}

/// Writes the decisions down, and lets the free names of inner blocks pass through this one.
fn update(
    symbols: &mut Symbols,
    resolutions: &HashMap<Symbol, Resolution>,
    bound: Option<&Set>,
    free: &Set,
    inlined_cells: &Set,
    sees_class: bool,
    names: &SymbolTable,
) {
    for (name, entry) in &mut symbols.entries {
        if inlined_cells.contains(name) {
            entry.usage |= usage::COMPREHENSION_CELL;
        }
        entry.resolution = resolutions.get(name).copied().unwrap_or(entry.resolution);
    }
    let mut free: Vec<Symbol> = free.iter().copied().collect();
    free.sort_unstable_by_key(|&name| names.name(name));
    for name in free {
        match symbols.get(name) {
            Some(_) => {
                if sees_class {
                    symbols.entry(name).usage |= usage::FREE_CLASS;
                }
            }
            None if bound.is_some_and(|bound| !bound.contains(&name)) => {}
            None => symbols.entry(name).resolution = Resolution::Free,
        }
    }
}
