//! Code generation: the tree to register bytecode, directed by destinations.
//!
//! An expression is compiled *into* a register ([`Compiler::expr_to`]) or to wherever it can be read
//! ([`Compiler::operand`]): a bound variable is used in place. A destination that is a variable is written by the last
//! instruction of an expression only, so that an exception, or a use of the variable within the expression, sees the old
//! value.
//!
//! Code that control cannot reach is compiled for its errors and warnings, and not emitted.

mod assign;
mod bound;
mod calls;
mod checks;
mod comprehension;
mod condition;
mod control;
mod display;
mod exceptions;
mod expr;
mod function;
mod generic;
mod import;
mod names;
mod operators;
mod pattern;
mod peephole;
mod stmt;
mod suspend;
mod unit;
mod with;

use crate::Options;
use crate::error::{CompileError, Compiled, SyntaxWarning, syntax_error};
use crate::extra::{note_attributes, note_visits};
use crate::fold::Folder;
use crate::future::{self, Future};
use crate::opcodes::*;
use crate::scope::{Kind, Owner, ScopeId, SymbolTables, mangle};
use bound::Bound;
use control::Block;
use function::Finished;
use python_syntax::ast::*;
use std::sync::Arc;
use unit::{Unit, UnitKind};
use vm_code::builder::{Label, Region};
use vm_code::{BuildError, Code, Constant as K, Position};

/// A register.
type Reg = u16;

/// Functions within functions: with [`crate::fold::MAX_DEPTH`] together below what [`vm_code::MAX_NESTING`] allows.
const MAX_UNITS: usize = 250;

/// Registers that a display takes at most before it is built piece by piece.
const MAX_WINDOW: usize = 30;

/// Everything that outlives a function being compiled.
pub(crate) struct Compiler<'a> {
    ast: &'a Ast,
    tables: SymbolTables,
    folder: Folder<'a>,
    options: &'a Options,
    future: Future,
    source: &'a str,
    /// The functions we are in, the innermost last.
    units: Vec<Unit>,
    pub(crate) warnings: Vec<SyntaxWarning>,
}

/// Compiles a whole tree.
pub(crate) fn compile<'a>(ast: &'a Ast, source: &'a str, options: &'a Options) -> Compiled<(Code, Vec<SyntaxWarning>)> {
    let mut future = future::find(ast)?;
    future.flags |= options.inherited_flags & future::ALL;
    let tables = SymbolTables::new(ast, future.flags & flag::FUTURE_ANNOTATIONS != 0)?;
    let folder = Folder::new(ast, options.optimize);
    let mut compiler =
        Compiler { ast, tables, folder, options, future, source, units: Vec::new(), warnings: Vec::new() };
    let code = compiler.source()?;
    Ok((code, compiler.warnings))
}

impl<'a> Compiler<'a> {
    fn source(&mut self) -> Compiled<Code> {
        let at = Span { lineno: 1, end_lineno: 1, ..Span::default() };
        self.enter(UnitKind::Module, "<module>", 0, at)?;
        match self.ast.root {
            Root::Module { body, .. } => {
                self.body(body, Span { lineno: 0, end_lineno: 0, ..at })?;
                self.return_none();
            }
            Root::Interactive { body } => {
                if self.annotates(body) {
                    self.emit(at, SETUP_ANNOTATIONS, 0, 0, 0, 0);
                }
                self.statements(body)?;
                self.return_none();
            }
            Root::Expression { body } => {
                let value = self.operand(body)?;
                self.emit(at, RETURN, value, 0, 0, 0);
            }
            Root::FunctionType { .. } => return Err(crate::depth::no_code()),
        }
        Ok(self.leave()?.code)
    }

    /// The statements of a module or class: annotations' dict, documentation, the rest.
    fn body(&mut self, body: List<StmtId>, at: Span) -> Compiled {
        if self.annotates(body) {
            self.emit(at, SETUP_ANNOTATIONS, 0, 0, 0, 0);
        }
        let mut rest = self.ast.list(body);
        if let Some(documentation) = self.docstring(body) {
            if self.options.optimize < 2
                && let Some(&first) = rest.first()
            {
                let register = self.constant_operand(K::Str(documentation.into()), self.ast.span(first));
                self.store_named("__doc__", register, self.ast.span(first))?;
                self.release_to(register);
            }
            rest = &rest[1..];
        }
        rest.iter().try_for_each(|&stmt| self.stmt(stmt))
    }

    /// The documentation at the beginning of a body.
    fn docstring(&self, body: List<StmtId>) -> Option<&'a [u8]> {
        let ast = self.ast;
        let &first = ast.list(body).first()?;
        let Stmt::Expr { value } = ast[first] else { return None };
        let Expr::Constant { value: Constant::Str(text), .. } = ast[value] else { return None };
        Some(ast.str(text).as_wtf8())
    }

    /// Does the body contain an annotated assignment outside of inner functions and classes?
    fn annotates(&self, body: List<StmtId>) -> bool {
        let ast = self.ast;
        ast.list(body).iter().any(|&stmt| match ast[stmt] {
            Stmt::AnnAssign { .. } => true,
            Stmt::For { body, orelse, .. }
            | Stmt::AsyncFor { body, orelse, .. }
            | Stmt::While { body, orelse, .. }
            | Stmt::If { body, orelse, .. } => self.annotates(body) || self.annotates(orelse),
            Stmt::Match { cases, .. } => ast.list(cases).iter().any(|&case| self.annotates(ast[case].body)),
            Stmt::With { body, .. } | Stmt::AsyncWith { body, .. } => self.annotates(body),
            Stmt::Try { body, handlers, orelse, finalbody } | Stmt::TryStar { body, handlers, orelse, finalbody } => {
                self.annotates(body)
                    || ast.list(handlers).iter().any(|&handler| self.annotates(ast[handler].body))
                    || self.annotates(orelse)
                    || self.annotates(finalbody)
            }
            _ => false,
        })
    }

    fn statements(&mut self, body: List<StmtId>) -> Compiled {
        let ast = self.ast;
        ast.list(body).iter().try_for_each(|&stmt| self.stmt(stmt))
    }

    // ---- units

    fn enter(&mut self, kind: UnitKind, name: &str, scope: ScopeId, at: Span) -> Compiled {
        if self.units.len() >= MAX_UNITS {
            return Err(CompileError::Recursion);
        }
        let class = match kind {
            UnitKind::Module => None,
            _ => self.units.last().and_then(|unit| unit.class),
        };
        let qualified_name = self.qualified_name(kind, name);
        let unit = Unit::new(&self.tables, kind, scope, name, self.source, class);
        self.units.push(unit);
        let flags = self.code_flags(kind, scope);
        let unit = self.unit();
        unit.builder.qualified_name(&qualified_name);
        unit.qualified_name = qualified_name;
        unit.builder.first_line(at.lineno);
        unit.builder.add_flags(flags);
        self.enter_cells();
        Ok(())
    }

    /// Ends the innermost unit and returns its code.
    fn leave(&mut self) -> Compiled<Finished> {
        let Some(unit) = self.units.pop() else {
            return Err(CompileError::TooLarge("no function is being compiled".into()));
        };
        let mut free: Vec<(u16, Symbol)> = unit.free.iter().map(|(&name, &index)| (index, name)).collect();
        free.sort_unstable();
        let mut code = unit.builder.finish()?;
        let visits = peephole::shorten(&mut code).map_err(BuildError::from)?;
        note_attributes(&mut code);
        note_visits(&mut code, &visits);
        Ok(Finished { code, free: free.into_iter().map(|(_, name)| name).collect() })
    }

    fn unit(&mut self) -> &mut Unit {
        self.units.last_mut().expect("code is generated inside a unit")
    }

    fn unit_ref(&self) -> &Unit {
        self.units.last().expect("code is generated inside a unit")
    }

    fn scope(&self) -> &crate::scope::Scope {
        &self.tables.scopes[self.unit_ref().scope]
    }

    // ---- errors

    fn error<T>(&self, message: impl Into<String>, at: Span) -> Compiled<T> {
        Err(syntax_error(message, at))
    }

    fn warn(&mut self, message: String, at: Span) {
        self.warnings.push(SyntaxWarning { message, span: at });
    }

    // ---- emission

    /// Appends an instruction unless control cannot get here.
    fn emit(&mut self, at: Span, op: u16, a: Reg, b: Reg, c: Reg, d: i32) {
        let unit = self.unit();
        if unit.bound.is_none() {
            return;
        }
        let at = unit.place(position(at));
        unit.builder.position(at);
        unit.builder.emit(op, a, b, c, d);
        if OPCODES[usize::from(op)].ends {
            unit.bound = None;
        }
    }

    /// Appends a jump or branch.
    fn jump(&mut self, at: Span, op: u16, a: Reg, b: Reg, c: Reg, target: Label) {
        let unit = self.unit();
        if unit.bound.is_none() {
            return;
        }
        let at = unit.place(position(at));
        let Some(bound) = &unit.bound else { return };
        bound::merge(&mut unit.labels, target, bound);
        unit.builder.position(at);
        unit.builder.jump(op, a, b, c, target);
        if !OPCODES[usize::from(op)].falls_through() {
            unit.bound = None;
        }
    }

    /// A line that tracers are to see although it may need no instruction.
    fn visit_line(&mut self, at: Span) {
        let unit = self.unit();
        if unit.line.is_some_and(|line| line.line == at.lineno) {
            return;
        }
        unit.flush_line();
        if unit.bound.is_some() {
            unit.line = Some(position(at));
        }
    }

    fn label(&mut self) -> Label {
        self.unit().builder.label()
    }

    /// Binds a label that earlier code jumps to.
    fn bind(&mut self, label: Label) {
        let unit = self.unit();
        unit.flush_line();
        match (unit.labels.remove(&label), &mut unit.bound) {
            (Some(state), Some(bound)) => bound.intersect(&state),
            (Some(state), bound) => *bound = Some(state),
            (None, _) => {}
        }
        if unit.bound.is_some() {
            unit.builder.bind(label);
        }
    }

    /// Binds the head of a loop, to which later code jumps back. `deletes` says that the loop may unbind variables.
    fn bind_head(&mut self, deletes: bool) -> Label {
        let unit = self.unit();
        unit.flush_line();
        let label = unit.builder.label();
        if let Some(bound) = &mut unit.bound {
            if deletes {
                bound.remove_all(&unit.deleted);
            }
            unit.builder.bind(label);
        }
        label
    }

    /// Opens a region whose exceptions go to `handler`.
    fn begin_region(&mut self, handler: Label, register: Reg) -> Region {
        let unit = self.unit();
        if let Some(bound) = &unit.bound {
            let mut state = bound.clone();
            state.remove_all(&unit.deleted);
            unit.handlers.push((handler, state, unit.builder.here()));
        } else {
            unit.handlers.push((handler, Bound::default(), u32::MAX));
        }
        unit.builder.begin_region(handler, register)
    }

    /// Closes the region opened last. Its handler is reachable if the region holds code.
    fn end_region(&mut self, region: Region) {
        let unit = self.unit();
        unit.builder.end_region(region);
        if let Some((handler, state, start)) = unit.handlers.pop()
            && unit.builder.here() > start
        {
            bound::merge(&mut unit.labels, handler, &state);
        }
    }

    // ---- temporaries

    fn top(&mut self) -> Reg {
        self.unit().builder.top()
    }

    fn temporary(&mut self) -> Reg {
        self.unit().builder.temporary()
    }

    fn window(&mut self, n: usize) -> Reg {
        self.unit().builder.temporaries(n)
    }

    fn release_to(&mut self, top: Reg) {
        let unit = self.unit();
        // A variable's register is no temporary; releasing "from there on" releases none.
        if top >= unit.first_temporary {
            unit.builder.release_to(top);
        }
    }

    /// Is the register a temporary, which may hold intermediate values?
    fn is_temporary(&self, register: Reg) -> bool {
        register >= self.unit_ref().first_temporary
    }

    // ---- pools

    fn constant(&mut self, constant: K) -> i32 {
        self.unit().builder.constant(constant)
    }

    fn load_constant(&mut self, dst: Reg, constant: K, at: Span) {
        let index = self.constant(constant);
        self.emit(at, LOAD_CONST, dst, 0, 0, index);
    }

    /// A constant in a new temporary.
    fn constant_operand(&mut self, constant: K, at: Span) -> Reg {
        let register = self.temporary();
        self.load_constant(register, constant, at);
        register
    }

    fn move_to(&mut self, dst: Reg, src: Reg, at: Span) {
        if dst != src {
            self.emit(at, MOVE, dst, src, 0, 0);
        }
    }

    /// Returns None at the end of a body: of no line.
    fn return_none(&mut self) {
        let none = self.constant(K::None);
        self.emit(Span::default(), RETURN_K, 0, 0, 0, none);
    }

    /// A name after mangling.
    fn mangled(&mut self, name: Symbol) -> Symbol {
        let class = self.unit_ref().class;
        mangle(&mut self.tables.names, class, name)
    }

    /// Index of a name, after mangling, for an instruction.
    fn name_index(&mut self, name: Symbol) -> i32 {
        let name = self.mangled(name);
        let Compiler { tables, units, .. } = self;
        let unit = units.last_mut().expect("code is generated inside a unit");
        unit.builder.name(tables.names.name(name))
    }

    fn tuple_of_names(&mut self, names: &[Symbol]) -> K {
        K::Tuple(names.iter().map(|&name| self.text(name)).collect())
    }

    fn text(&self, name: Symbol) -> K {
        K::Str(self.tables.names.name(name).as_bytes().into())
    }

    fn scope_of(&self, owner: Owner, at: Span) -> Compiled<ScopeId> {
        self.tables.of(owner).map_or_else(|| self.error("no symbol table for this block", at), Ok)
    }
}

fn position(span: Span) -> Position {
    Position { line: span.lineno, end_line: span.end_lineno, column: span.col_offset, end_column: span.end_col_offset }
}

/// A nested code as a constant.
fn code_constant(code: Code) -> K {
    K::Code(Arc::new(code))
}
