//! `try`, `except`, `except*`, `finally`, `raise`, `assert`.
//!
//! A handler receives the exception in a register, makes it the exception being handled (`enter_handler`, which saves the
//! one before), and restores that on every way out. If it raises itself, a region around it does so.

use super::*;

/// A handler being generated: where the exception is, what was being handled before, and the region around it.
struct Handling {
    exception: Reg,
    saved: Reg,
    region: Region,
    cleanup: Label,
}

impl<'a> Compiler<'a> {
    pub(super) fn raise(&mut self, id: StmtId, exc: Option<ExprId>, cause: Option<ExprId>) -> Compiled {
        let at = self.ast.span(id);
        let top = self.top();
        match (exc, cause) {
            (None, _) => self.emit(at, RAISE_CURRENT, 0, 0, 0, 0),
            (Some(exc), None) => {
                let exc = self.operand(exc)?;
                self.emit(at, RAISE, exc, 0, 0, 0);
            }
            (Some(exc), Some(cause)) => {
                let exc = self.operand(exc)?;
                let cause = self.operand(cause)?;
                self.emit(at, RAISE_FROM, exc, cause, 0, 0);
            }
        }
        self.release_to(top);
        Ok(())
    }

    pub(super) fn assert(&mut self, id: StmtId, test: ExprId, message: Option<ExprId>) -> Compiled {
        let ast = self.ast;
        let at = ast.span(id);
        let display = matches!(ast[test], Expr::Tuple { elts, .. } if !elts.is_empty());
        if display || matches!(self.folder.constant(test), Some(K::Tuple(items)) if !items.is_empty()) {
            self.warn("assertion is always true, perhaps remove parentheses?".into(), at);
        }
        if self.options.optimize > 0 {
            return Ok(());
        }
        let end = self.label();
        self.jump_if(test, end, true)?;
        let error = self.temporary();
        self.emit(at, LOAD_ASSERTION_ERROR, error, 0, 0, 0);
        if let Some(message) = message {
            self.push(message)?;
            self.emit(at, CALL, error, error, 1, 0);
        }
        self.emit(at, RAISE, error, 0, 0, 0);
        self.release_to(error);
        self.bind(end);
        Ok(())
    }

    /// `try` with any clauses.
    pub(super) fn try_statement(
        &mut self,
        id: StmtId,
        body: List<StmtId>,
        handlers: List<ExceptHandlerId>,
        orelse: List<StmtId>,
        finalbody: List<StmtId>,
        star: bool,
    ) -> Compiled {
        if finalbody.is_empty() {
            return self.try_except(id, body, handlers, orelse, star);
        }
        let at = self.ast.span(id);
        self.visit_line(at);
        let top = self.top();
        let exception = self.temporary();
        let saved = self.temporary();
        let (handler, exit) = (self.label(), self.label());
        let region = self.begin_region(handler, exception);
        self.push_block(Block::Finally { region, body: finalbody }, at)?;
        if handlers.is_empty() {
            self.statements(body)?;
        } else {
            self.try_except(id, body, handlers, orelse, star)?;
        }
        self.pop_block();
        self.end_region(region);
        self.statements(finalbody)?;
        self.jump(Span::default(), JUMP, 0, 0, 0, exit);
        let handling = self.enter_handler(handler, exception, saved);
        self.push_block(Block::FinallyHandler { region: handling.region, saved }, at)?;
        self.statements(finalbody)?;
        // The end of a last statement on a line of its own raises it again.
        let simple = |id: &&StmtId| matches!(self.ast[**id], Stmt::Pass {} | Stmt::Expr { .. } | Stmt::Assign { .. });
        let end = self.ast.list(finalbody).last().filter(simple).map_or(Span::default(), |&id| self.ast.span(id));
        self.emit(end, RERAISE, exception, 0, 0, 0);
        self.pop_block();
        self.leave_handler(handling);
        self.bind(exit);
        self.release_to(top);
        Ok(())
    }

    fn enter_handler(&mut self, handler: Label, exception: Reg, saved: Reg) -> Handling {
        self.bind(handler);
        self.emit(Span::default(), ENTER_HANDLER, saved, exception, 0, 0);
        let cleanup = self.label();
        let region = self.begin_region(cleanup, exception);
        Handling { exception, saved, region, cleanup }
    }

    /// Ends the region around a handler, all of whose ways out have been generated.
    fn leave_handler(&mut self, handling: Handling) {
        let Handling { exception, saved, region, cleanup } = handling;
        self.end_region(region);
        self.bind(cleanup);
        self.emit(Span::default(), LEAVE_HANDLER, saved, 0, 0, 0);
        self.emit(Span::default(), RERAISE, exception, 0, 0, 0);
    }

    fn try_except(
        &mut self,
        id: StmtId,
        body: List<StmtId>,
        handlers: List<ExceptHandlerId>,
        orelse: List<StmtId>,
        star: bool,
    ) -> Compiled {
        let at = self.ast.span(id);
        self.visit_line(at);
        let top = self.top();
        let exception = self.temporary();
        let saved = self.temporary();
        let (handler, end) = (self.label(), self.label());
        let region = self.begin_region(handler, exception);
        self.push_block(Block::Try { region }, at)?;
        self.statements(body)?;
        self.pop_block();
        self.end_region(region);
        self.statements(orelse)?;
        self.jump(Span::default(), JUMP, 0, 0, 0, end);
        let handling = self.enter_handler(handler, exception, saved);
        if star {
            self.group_handlers(at, &handling, handlers, end)?;
        } else {
            self.push_block(Block::Dispatch, at)?;
            self.handlers(&handling, handlers, end)?;
            self.pop_block();
        }
        self.leave_handler(handling);
        self.bind(end);
        self.release_to(top);
        Ok(())
    }

    fn handlers(&mut self, handling: &Handling, handlers: List<ExceptHandlerId>, end: Label) -> Compiled {
        let ast = self.ast;
        let handlers = ast.list(handlers);
        for (index, &id) in handlers.iter().enumerate() {
            let at = ast.span(id);
            let ExceptHandler { type_, name, body } = ast[id];
            let next = self.label();
            match type_ {
                Some(type_) => {
                    let top = self.top();
                    let class = self.operand(type_)?;
                    let matches = self.temporary();
                    self.emit(at, CHECK_EXC_MATCH, matches, handling.exception, class, 0);
                    self.jump(at, JUMP_IF_FALSE, matches, 0, 0, next);
                    self.release_to(top);
                }
                None if index + 1 < handlers.len() => return self.error("default 'except:' must be last", at),
                None => self.visit_line(at),
            }
            if let Some(name) = name {
                self.store_name(name, handling.exception, at)?;
            }
            let block = Block::Handler { region: handling.region, saved: handling.saved, name };
            let cleanup = self.label();
            let region = name.map(|_| self.begin_region(cleanup, handling.exception));
            self.push_block(block, at)?;
            self.statements(body)?;
            self.pop_block();
            if let Some(region) = region {
                self.end_region(region);
            }
            self.leave_clause(handling, name, end)?;
            if region.is_some() {
                self.bind(cleanup);
                self.forget_exception(name, Span::default())?;
                self.emit(Span::default(), RERAISE, handling.exception, 0, 0, 0);
            }
            self.bind(next);
        }
        // Where no clause fits, the last one raises it again.
        let at = handlers.last().map_or(Span::default(), |&id| ast.span(id));
        self.emit(at, RERAISE, handling.exception, 0, 0, 0);
        Ok(())
    }

    /// The normal end of an `except` clause.
    fn leave_clause(&mut self, handling: &Handling, name: Option<Symbol>, end: Label) -> Compiled {
        let paused = self.unit().builder.pause_regions(handling.region);
        self.emit(Span::default(), LEAVE_HANDLER, handling.saved, 0, 0, 0);
        let result = self.forget_exception(name, Span::default());
        self.jump(Span::default(), JUMP, 0, 0, 0, end);
        self.unit().builder.resume_regions(paused);
        result
    }

    /// The clauses of `except*`: each takes its part of what is left, and what they raise is collected.
    fn group_handlers(
        &mut self,
        at: Span,
        handling: &Handling,
        handlers: List<ExceptHandlerId>,
        end: Label,
    ) -> Compiled {
        let ast = self.ast;
        // What no line of the source says.
        let nowhere = Span::default();
        let top = self.top();
        let raised = self.temporary();
        self.emit(nowhere, BUILD_LIST, raised, raised, 0, 0);
        // (rest, match) of the last split; before the first, all is left.
        let rest = self.window(2);
        let matched = rest + 1;
        self.move_to(rest, handling.exception, nowhere);
        let inner_exception = self.temporary();
        let inner_saved = self.temporary();
        self.push_block(Block::DispatchGroup, at)?;
        for &id in ast.list(handlers) {
            let at = ast.span(id);
            let ExceptHandler { type_, name, body } = ast[id];
            let Some(type_) = type_ else { return self.error("expected one or more exception types", at) };
            let inner = self.top();
            let class = self.operand(type_)?;
            let (next, failed) = (self.label(), self.label());
            self.emit(at, CHECK_EG_MATCH, rest, rest, class, 0);
            self.release_to(inner);
            self.jump(at, JUMP_IF_NONE, matched, 0, 0, next);
            if let Some(name) = name {
                self.store_name(name, matched, at)?;
            }
            self.emit(at, ENTER_HANDLER, inner_saved, matched, 0, 0);
            let region = self.begin_region(failed, inner_exception);
            self.push_block(Block::Other, at)?;
            self.statements(body)?;
            self.pop_block();
            self.end_region(region);
            self.emit(nowhere, LEAVE_HANDLER, inner_saved, 0, 0, 0);
            self.forget_exception(name, nowhere)?;
            self.jump(nowhere, JUMP, 0, 0, 0, next);
            self.bind(failed);
            self.emit(nowhere, LEAVE_HANDLER, inner_saved, 0, 0, 0);
            self.forget_exception(name, nowhere)?;
            self.emit(nowhere, LIST_APPEND, raised, inner_exception, 0, 0);
            self.bind(next);
        }
        self.pop_block();
        self.emit(nowhere, LIST_APPEND, raised, rest, 0, 0);
        self.emit(nowhere, PREP_RERAISE_STAR, rest, handling.exception, raised, 0);
        let reraise = self.label();
        self.jump(nowhere, JUMP_IF_NOT_NONE, rest, 0, 0, reraise);
        let paused = self.unit().builder.pause_regions(handling.region);
        self.emit(nowhere, LEAVE_HANDLER, handling.saved, 0, 0, 0);
        self.jump(nowhere, JUMP, 0, 0, 0, end);
        self.unit().builder.resume_regions(paused);
        self.bind(reraise);
        self.emit(nowhere, RERAISE, rest, 0, 0, 0);
        self.release_to(top);
        Ok(())
    }
}
