//! Comprehensions and generator expressions.
//!
//! A list, set or dict comprehension is a loop in the function around it (PEP 709). Its variables have named registers of
//! their own, so nothing has to be saved; they are cleared when it ends, also by an exception, since their values must
//! not live on, nor be seen by `locals()`.

use super::unit::{Inlined, binds};
use super::*;
use crate::scope::Resolution;
use std::collections::HashMap;

/// What a comprehension does with each element.
#[derive(Clone, Copy)]
enum Sink {
    /// Adds it to the collection in a register by this opcode.
    Add(u16, Reg, ExprId),
    /// Sets a key of the dict in a register.
    Set(Reg, ExprId, ExprId),
    /// Yields it.
    Yield(ExprId),
}

impl<'a> Compiler<'a> {
    pub(super) fn comprehension(&mut self, id: ExprId, dst: Reg) -> Compiled {
        let ast = self.ast;
        let at = ast.span(id);
        let scope = self.scope_of(Owner::Expr(id), at)?;
        let (Expr::ListComp { generators, .. }
        | Expr::SetComp { generators, .. }
        | Expr::DictComp { generators, .. }
        | Expr::GeneratorExp { generators, .. }) = ast[id]
        else {
            return Ok(());
        };
        let generators = ast.list(generators);
        let Some(&first) = generators.first() else { return self.error("comprehension with no generators", at) };
        if let Expr::GeneratorExp { elt, .. } = ast[id] {
            return self.generator_expression(id, scope, generators, elt, dst);
        }
        let is_async = self.tables.scopes[scope].coroutine;
        if is_async && !self.is_async() && self.unit_ref().kind != UnitKind::Comprehension {
            return self.error("asynchronous comprehension outside of an asynchronous function", at);
        }
        let top = self.top();
        let collection = if self.is_temporary(dst) { dst } else { self.temporary() };
        let iterator = self.temporary();
        self.outermost_iterator(at, first, iterator)?;
        let variables = self.enter_inlined(scope, at);
        let exception = self.temporary();
        let cleanup = self.label();
        let region = (!variables.is_empty()).then(|| self.begin_region(cleanup, exception));
        let (build, sink) = match ast[id] {
            Expr::ListComp { elt, .. } => (BUILD_LIST, Sink::Add(LIST_APPEND, collection, elt)),
            Expr::SetComp { elt, .. } => (BUILD_SET, Sink::Add(SET_ADD, collection, elt)),
            Expr::DictComp { key, value, .. } => (BUILD_DICT, Sink::Set(collection, key, value)),
            _ => return Ok(()),
        };
        self.emit(at, build, collection, self.unit_ref().first_temporary, 0, 0);
        self.generator(at, generators, Some(iterator), sink)?;
        self.unit().inlined.pop();
        if let Some(region) = region {
            self.end_region(region);
            let end = self.label();
            self.clear(&variables, at);
            self.jump(at, JUMP, 0, 0, 0, end);
            self.bind(cleanup);
            self.clear(&variables, at);
            self.emit(at, RERAISE, exception, 0, 0, 0);
            self.bind(end);
        }
        self.move_to(dst, collection, at);
        self.release_to(top);
        Ok(())
    }

    /// Makes the names of an inlined comprehension known, with fresh cells for those that need one; returns their
    /// registers.
    fn enter_inlined(&mut self, scope: ScopeId, at: Span) -> Vec<Reg> {
        let depth = self.unit_ref().inlined.len();
        let mut variables = HashMap::new();
        let mut registers = Vec::new();
        let mut cells = Vec::new();
        for (symbol, entry) in self.tables.scopes[scope].symbols.iter().filter(|(_, entry)| binds(*entry)) {
            if let Some(&register) = self.unit_ref().comprehension_variables.get(&(symbol, depth)) {
                variables.insert(symbol, register);
                registers.push(register);
                if entry.resolution == Resolution::Cell {
                    cells.push(register);
                }
            }
        }
        for register in cells {
            self.emit(at, MAKE_CELL, register, 0, 0, 0);
        }
        self.unit().inlined.push(Inlined { scope, variables });
        registers
    }

    fn clear(&mut self, variables: &[Reg], at: Span) {
        for &register in variables {
            self.emit(at, CLEAR, register, 0, 0, 0);
            self.mark_unbound(register);
        }
    }

    /// The iterator over the first iterable, which is evaluated outside of the comprehension's scope.
    fn outermost_iterator(&mut self, at: Span, first: ComprehensionId, dst: Reg) -> Compiled {
        let Comprehension { iter, is_async, .. } = self.ast[first];
        if let Some(value) = self.folder.iterable(iter).filter(|_| is_async == 0) {
            self.load_constant(dst, value, self.ast.span(iter));
            self.emit(at, GET_ITER, dst, dst, 0, 0);
            return Ok(());
        }
        let iterable = self.iterable_operand(iter, dst)?;
        self.emit(at, if is_async != 0 { GET_AITER } else { GET_ITER }, dst, iterable, 0, 0);
        Ok(())
    }

    /// What a loop goes over. A list display need not be a list.
    pub(super) fn iterable_operand(&mut self, iter: ExprId, hint: Reg) -> Compiled<Reg> {
        let at = self.ast.span(iter);
        if let Some(value) = self.folder.iterable(iter) {
            self.load_constant(hint, value, at);
            return Ok(hint);
        }
        if let Expr::List { elts, ctx: ExprContext::Load } = self.ast[iter]
            && !self.ast.list(elts).iter().any(|&id| matches!(self.ast[id], Expr::Starred { .. }))
        {
            self.tuple_of(at, self.ast.list(elts), hint)?;
            return Ok(hint);
        }
        self.operand_hinted(iter, hint)
    }

    /// One `for` of a comprehension, and what is inside it.
    fn generator(&mut self, at: Span, generators: &[ComprehensionId], iterator: Option<Reg>, sink: Sink) -> Compiled {
        let ast = self.ast;
        let Some((&generator, rest)) = generators.split_first() else { return self.element(sink) };
        let Comprehension { target, iter, ifs, is_async } = ast[generator];
        let span = ast.span(iter);
        let top = self.top();
        let (next, exit) = (self.label(), self.label());
        // `for y in [expression]` is an assignment.
        if iterator.is_none()
            && is_async == 0
            && let Expr::List { elts, .. } | Expr::Tuple { elts, .. } = ast[iter]
            && let &[only] = ast.list(elts)
            && !matches!(ast[only], Expr::Starred { .. })
        {
            let value = self.push(only)?;
            self.store(target, value)?;
            self.release_to(top);
            for &condition in ast.list(ifs) {
                self.jump_if(condition, next, false)?;
            }
            self.generator(at, rest, None, sink)?;
            self.bind(next);
            return Ok(());
        }
        let iterator = match iterator {
            Some(iterator) => iterator,
            None => {
                let register = self.temporary();
                let iterable = self.iterable_operand(iter, register)?;
                match is_async {
                    0 => self.emit(at, GET_ITER, register, iterable, 1, 0),
                    _ => self.emit(at, GET_AITER, register, iterable, 0, 0),
                }
                register
            }
        };
        let head = self.bind_head(false);
        let ended = if is_async != 0 {
            Some(self.next_async(at, iterator, target)?)
        } else {
            self.next_item(at, iterator, target, exit)?;
            None
        };
        for &condition in ast.list(ifs) {
            self.jump_if(condition, next, false)?;
        }
        self.generator(at, rest, None, sink)?;
        self.bind(next);
        self.jump(at, LOOP_BACK, 0, 0, 0, head);
        if let Some((ended, exception)) = ended {
            self.bind(ended);
            self.emit(span, END_ASYNC_FOR, exception, 0, 0, 0);
        }
        self.bind(exit);
        self.release_to(top);
        Ok(())
    }

    fn element(&mut self, sink: Sink) -> Compiled {
        let top = self.top();
        match sink {
            Sink::Add(op, collection, element) => {
                let value = self.operand(element)?;
                self.emit(self.ast.span(element), op, collection, value, 0, 0);
            }
            Sink::Set(dict, key, value) => {
                let span = self.ast.span(key).to(self.ast.span(value));
                let key = self.operand(key)?;
                let value = self.operand(value)?;
                self.emit(span, DICT_SET, dict, key, value, 0);
            }
            Sink::Yield(element) => {
                let value = self.operand(element)?;
                let sent = self.temporary();
                self.yield_register(self.ast.span(element), value, sent);
            }
        }
        self.release_to(top);
        Ok(())
    }

    fn generator_expression(
        &mut self,
        id: ExprId,
        scope: ScopeId,
        generators: &[ComprehensionId],
        element: ExprId,
        dst: Reg,
    ) -> Compiled {
        let at = self.ast.span(id);
        self.enter(UnitKind::Comprehension, "<genexpr>", scope, at)?;
        let parameters = vm_code::Parameters { positional: 1, ..vm_code::Parameters::default() };
        self.unit().builder.parameters(parameters);
        let body = self.begin_generator();
        self.generator(at, generators, Some(0), Sink::Yield(element))?;
        self.return_none();
        self.end_generator(body);
        let finished = self.leave()?;
        let window = self.temporary();
        self.make_function(at, finished, window)?;
        let iterator = self.temporary();
        self.outermost_iterator(at, generators[0], iterator)?;
        self.emit(at, CALL, dst, window, 1, 0);
        self.release_to(window);
        Ok(())
    }

    /// Opens the region of a generator's whole body that turns a StopIteration into a RuntimeError (PEP 479).
    pub(super) fn begin_generator(&mut self) -> Option<(Region, Label, Reg)> {
        let scope = self.scope();
        if !scope.generator && !scope.coroutine {
            return None;
        }
        let handler = self.label();
        let exception = self.temporary();
        let region = self.begin_region(handler, exception);
        Some((region, handler, exception))
    }

    pub(super) fn end_generator(&mut self, body: Option<(Region, Label, Reg)>) {
        if let Some((region, handler, exception)) = body {
            self.end_region(region);
            self.bind(handler);
            self.emit(Span::default(), STOP_ITERATION_ERROR, exception, exception, 0, 0);
            self.emit(Span::default(), RERAISE, exception, 0, 0, 0);
        }
    }
}
