//! Names: from a symbol to the instruction that loads, stores or deletes it.

use super::*;
use crate::scope::{Resolution, usage};

/// Where a name lives, seen from the code being generated.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Place {
    /// In a register.
    Register(Reg),
    /// In the cell that a register holds.
    Cell(Reg),
    /// In a cell of the closure.
    Free(u16),
    /// In a cell of the closure, unless the class namespace has it.
    ClassOrFree(u16),
    /// Among the globals.
    Global,
    /// Among the globals, unless the class around this annotation scope has it.
    ClassOrGlobal,
    /// In the frame's namespace.
    Name,
}

impl<'a> Compiler<'a> {
    /// Where a (mangled) name lives.
    pub(super) fn place(&self, name: Symbol) -> Place {
        let unit = self.unit_ref();
        let scope = &self.tables.scopes[unit.scope];
        let in_comprehension = !unit.inlined.is_empty();
        for inlined in unit.inlined.iter().rev() {
            if let Some(&register) = inlined.variables.get(&name) {
                let entry = self.tables.scopes[inlined.scope].symbols.get(name);
                let cell = entry.is_some_and(|entry| entry.resolution == Resolution::Cell);
                return if cell { Place::Cell(register) } else { Place::Register(register) };
            }
        }
        let own = scope.symbols.get(name).filter(|entry| !entry.is(usage::INLINED));
        let entry = match unit.inlined.last() {
            // Code in a class's comprehension does not see the class's names; nor does a name that only another
            // comprehension binds exist in this one.
            Some(innermost) if scope.kind == Kind::Class || own.is_none() => {
                self.tables.scopes[innermost.scope].symbols.get(name)
            }
            _ => own,
        };
        let free = || unit.free.get(&name).copied();
        match entry.map(|entry| entry.resolution) {
            Some(Resolution::Local | Resolution::Cell) if scope.kind.is_function_like() => {
                let cell = entry.is_some_and(|entry| entry.resolution == Resolution::Cell);
                match unit.variables.get(&name) {
                    Some(&register) if cell => Place::Cell(register),
                    Some(&register) => Place::Register(register),
                    None => Place::Global,
                }
            }
            Some(Resolution::Free) => match (free(), unit.variables.get(&name)) {
                (Some(index), _) if scope.kind == Kind::Class && !in_comprehension => Place::ClassOrFree(index),
                (Some(index), _) if scope.sees_class => Place::ClassOrFree(index),
                (Some(index), _) => Place::Free(index),
                // `__class__` in a comprehension of a class body.
                (None, Some(&register)) => Place::Cell(register),
                (None, None) => Place::Global,
            },
            Some(Resolution::GlobalExplicit) => Place::Global,
            Some(Resolution::GlobalImplicit) if scope.sees_class => Place::ClassOrGlobal,
            _ if scope.kind.is_function_like() || (in_comprehension && scope.kind == Kind::Class) => Place::Global,
            _ if scope.kind == Kind::Module && self.options.plain_module => Place::Global,
            _ => Place::Name,
        }
    }

    fn forbidden(&self, name: Symbol, verb: &str, at: Span) -> Compiled {
        if self.tables.names.name(name) == "__debug__" {
            return self.error(format!("cannot {verb} __debug__"), at);
        }
        Ok(())
    }

    /// Refuses to bind `__debug__`.
    pub(super) fn check_bindable(&self, name: Symbol, at: Span) -> Compiled {
        self.forbidden(name, "assign to", at)
    }

    /// The register of a variable that may be read in place, if the name is one. Makes sure that it is bound.
    pub(super) fn name_in_place(&mut self, name: Symbol, at: Span) -> Option<Reg> {
        let name = self.mangled(name);
        let Place::Register(register) = self.place(name) else { return None };
        self.check_bound(register, at);
        Some(register)
    }

    /// May `:=` rebind this variable within an expression that reads it?
    pub(super) fn is_rebound(&self, register: Reg) -> bool {
        self.unit_ref().rebound.contains(register)
    }

    fn check_bound(&mut self, register: Reg, at: Span) {
        if self.unit_ref().bound.as_ref().is_some_and(|bound| !bound.contains(register)) {
            self.emit(at, CHECK_LOCAL, register, 0, 0, 0);
            self.mark_bound(register);
        }
    }

    pub(super) fn mark_bound(&mut self, register: Reg) {
        if !self.is_temporary(register)
            && let Some(bound) = &mut self.unit().bound
        {
            bound.insert(register);
        }
    }

    pub(super) fn mark_unbound(&mut self, register: Reg) {
        if let Some(bound) = &mut self.unit().bound {
            bound.remove(register);
        }
    }

    /// Loads a name.
    pub(super) fn load_name(&mut self, name: Symbol, dst: Reg, at: Span) {
        let symbol = self.mangled(name);
        match self.place(symbol) {
            Place::Register(register) => {
                self.check_bound(register, at);
                self.move_to(dst, register, at);
            }
            Place::Cell(register) => self.emit(at, LOAD_CELL, dst, register, 0, 0),
            Place::Free(free) => self.emit(at, LOAD_FREE, dst, free, 0, 0),
            Place::ClassOrFree(free) => {
                let namespace = self.class_namespace(at);
                self.emit(at, LOAD_FROM_DICT_OR_FREE, dst, namespace, free, 0);
                self.release_to(namespace);
            }
            Place::Global => {
                let index = self.name_index(name);
                self.emit(at, LOAD_GLOBAL, dst, 0, 0, index);
            }
            Place::ClassOrGlobal => {
                let index = self.name_index(name);
                let namespace = self.class_namespace(at);
                self.emit(at, LOAD_FROM_DICT_OR_GLOBALS, dst, namespace, 0, index);
                self.release_to(namespace);
            }
            Place::Name => {
                let index = self.name_index(name);
                self.emit(at, LOAD_NAME, dst, 0, 0, index);
            }
        }
    }

    /// The class namespace in a new temporary: the frame's own, or that of the class around an annotation scope.
    fn class_namespace(&mut self, at: Span) -> Reg {
        let register = self.temporary();
        let class_dict = self.tables.names.find("__classdict__");
        let free = class_dict.and_then(|name| self.unit_ref().free.get(&name).copied());
        match free.filter(|_| self.scope().kind != Kind::Class) {
            Some(free) => self.emit(at, LOAD_FREE, register, free, 0, 0),
            None => self.emit(at, LOAD_LOCALS, register, 0, 0, 0),
        }
        register
    }

    /// Loads a name that the compiler made up or knows.
    pub(super) fn load_named(&mut self, name: &str, dst: Reg, at: Span) {
        let name = self.tables.names.intern(name);
        self.load_name(name, dst, at);
    }

    /// Binds a name that the compiler made up or knows.
    pub(super) fn store_named(&mut self, name: &str, value: Reg, at: Span) -> Compiled {
        let name = self.tables.names.intern(name);
        self.store_name(name, value, at)
    }

    /// Binds a name to the value in a register.
    pub(super) fn store_name(&mut self, name: Symbol, value: Reg, at: Span) -> Compiled {
        self.check_bindable(name, at)?;
        let symbol = self.mangled(name);
        match self.place(symbol) {
            Place::Register(register) => {
                self.move_to(register, value, at);
                self.mark_bound(register);
            }
            Place::Cell(register) => self.emit(at, STORE_CELL, register, value, 0, 0),
            Place::Free(free) | Place::ClassOrFree(free) => self.emit(at, STORE_FREE, value, free, 0, 0),
            Place::Global | Place::ClassOrGlobal => {
                let index = self.name_index(name);
                self.emit(at, STORE_GLOBAL, value, 0, 0, index);
            }
            Place::Name => {
                let index = self.name_index(name);
                self.emit(at, STORE_NAME, value, 0, 0, index);
            }
        }
        Ok(())
    }

    /// Unbinds a name.
    pub(super) fn delete_name(&mut self, name: Symbol, at: Span) -> Compiled {
        self.forbidden(name, "delete", at)?;
        let symbol = self.mangled(name);
        match self.place(symbol) {
            Place::Register(register) => {
                self.emit(at, DELETE_LOCAL, register, 0, 0, 0);
                self.mark_unbound(register);
            }
            Place::Cell(register) => self.emit(at, DELETE_CELL, register, 0, 0, 0),
            Place::Free(free) | Place::ClassOrFree(free) => self.emit(at, DELETE_FREE, 0, free, 0, 0),
            Place::Global | Place::ClassOrGlobal => {
                let index = self.name_index(name);
                self.emit(at, DELETE_GLOBAL, 0, 0, 0, index);
            }
            Place::Name => {
                let index = self.name_index(name);
                self.emit(at, DELETE_NAME, 0, 0, 0, index);
            }
        }
        Ok(())
    }

    /// The register of a simple name that can be written directly, if the target is one.
    pub(super) fn variable_target(&mut self, target: ExprId) -> Compiled<Option<Reg>> {
        let Expr::Name { id: name, ctx: ExprContext::Store } = self.ast[target] else { return Ok(None) };
        self.check_bindable(name, self.ast.span(target))?;
        let name = self.mangled(name);
        Ok(match self.place(name) {
            Place::Register(register) => Some(register),
            _ => None,
        })
    }

    /// The cell that a closure takes for a free variable of an inner function: in `dst`.
    pub(super) fn load_closure_cell(&mut self, name: Symbol, dst: Reg, at: Span) -> Compiled {
        let unit = self.unit_ref();
        let of_comprehension = unit.inlined.iter().rev().find_map(|inlined| inlined.variables.get(&name)).copied();
        let own_cell = unit.variables.get(&name).copied().filter(|_| {
            let own = self.scope().symbols.get(name).map(|entry| entry.resolution);
            self.scope().kind == Kind::Class || own == Some(Resolution::Cell)
        });
        let free = unit.free.get(&name).copied();
        match (of_comprehension.or(own_cell), free) {
            (Some(register), _) => self.emit(at, MOVE, dst, register, 0, 0),
            (None, Some(free)) => self.emit(at, LOAD_CLOSURE, dst, free, 0, 0),
            // The analysis gives every free name a cell further out.
            (None, None) => return self.error("a free variable without a cell", at),
        }
        Ok(())
    }
}
