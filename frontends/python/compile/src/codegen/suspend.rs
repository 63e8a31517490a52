//! `yield`, `yield from`, `await`, and the loop that both of the latter are.

use super::*;

impl<'a> Compiler<'a> {
    pub(super) fn yield_expression(&mut self, id: ExprId, value: Option<ExprId>, dst: Reg) -> Compiled {
        let at = self.ast.span(id);
        if !self.scope().kind.is_function_like() {
            return self.error("'yield' outside function", at);
        }
        let value = match value {
            Some(value) => self.operand(value)?,
            None => self.constant_operand(K::None, at),
        };
        self.yield_register(at, value, dst);
        Ok(())
    }

    /// Yields a register; `dst` receives what is sent.
    pub(super) fn yield_register(&mut self, at: Span, value: Reg, dst: Reg) {
        let mut value = value;
        if self.scope().generator && self.scope().coroutine {
            let wrapped = self.temporary();
            self.emit(at, ASYNC_GEN_WRAP, wrapped, value, 0, 0);
            value = wrapped;
        }
        self.emit(at, YIELD_VALUE, dst, value, 0, 0);
    }

    pub(super) fn yield_from(&mut self, id: ExprId, value: ExprId, dst: Reg) -> Compiled {
        let at = self.ast.span(id);
        if !self.scope().kind.is_function_like() {
            return self.error("'yield' outside function", at);
        }
        if self.unit_ref().kind == UnitKind::AsyncFunction {
            return self.error("'yield from' inside async function", at);
        }
        let iterator = self.temporary();
        let value = self.operand_hinted(value, iterator)?;
        self.emit(at, GET_YIELD_FROM_ITER, iterator, value, 0, 0);
        self.delegate(at, iterator, dst);
        Ok(())
    }

    pub(super) fn await_expression(&mut self, id: ExprId, value: ExprId, dst: Reg) -> Compiled {
        let at = self.ast.span(id);
        self.check_await(at)?;
        let iterator = self.temporary();
        let value = self.operand_hinted(value, iterator)?;
        self.await_register(at, value, iterator, awaiting::EXPRESSION, dst);
        Ok(())
    }

    fn check_await(&self, at: Span) -> Compiled {
        if self.awaits_at_top() {
            return Ok(());
        }
        if !self.scope().kind.is_function_like() {
            return self.error("'await' outside function", at);
        }
        if !matches!(self.unit_ref().kind, UnitKind::AsyncFunction | UnitKind::Comprehension) {
            return self.error("'await' outside async function", at);
        }
        Ok(())
    }

    /// May this unit await although it is no function (`PyCF_ALLOW_TOP_LEVEL_AWAIT`)?
    pub(super) fn awaits_at_top(&self) -> bool {
        self.options.top_level_await && self.unit_ref().kind == UnitKind::Module
    }

    /// May this unit hold `async for`, `async with` and asynchronous comprehensions?
    pub(super) fn is_async(&self) -> bool {
        self.unit_ref().kind == UnitKind::AsyncFunction || self.awaits_at_top()
    }

    /// Awaits the value in a register; `iterator` is a temporary (possibly the same).
    pub(super) fn await_register(&mut self, at: Span, value: Reg, iterator: Reg, what: u16, dst: Reg) {
        self.emit(at, GET_AWAITABLE, iterator, value, what, 0);
        self.delegate(at, iterator, dst);
    }

    /// Passes what an iterator yields on, and what is sent on to it, until it returns; `dst` receives what it returns.
    ///
    /// `throw()` and `close()` reach the iterator through the suspension's operand. When that ends it, the StopIteration
    /// is raised at the suspension, and its value is the result.
    pub(super) fn delegate(&mut self, at: Span, iterator: Reg, dst: Reg) {
        let top = self.top();
        let result = if self.is_temporary(dst) && dst != iterator { dst } else { self.temporary() };
        let sent = self.temporary();
        let exception = self.temporary();
        let (thrown, done) = (self.label(), self.label());
        self.load_constant(sent, K::None, at);
        let head = self.bind_head(false);
        self.jump(at, SEND, result, iterator, sent, done);
        self.jump(at, JUMP_IF_COMPLETED, result, 0, 0, done);
        let region = self.begin_region(thrown, exception);
        self.emit(at, YIELD_DELEGATED, sent, result, iterator, 0);
        self.end_region(region);
        self.jump(at, LOOP_BACK, 0, 0, 0, head);
        self.bind(thrown);
        self.emit(at, CLEANUP_THROW, result, exception, 0, 0);
        self.bind(done);
        self.move_to(dst, result, at);
        self.release_to(top);
    }
}
