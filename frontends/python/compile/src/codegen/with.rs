//! `with` and `async with`.

use super::*;

impl<'a> Compiler<'a> {
    pub(super) fn with_statement(
        &mut self,
        id: StmtId,
        items: List<WithItemId>,
        body: List<StmtId>,
        is_async: bool,
    ) -> Compiled {
        let ast = self.ast;
        if is_async && !self.is_async() {
            return self.error("'async with' outside async function", ast.span(id));
        }
        self.with_items(id, ast.list(items), body, is_async)
    }

    fn with_items(&mut self, id: StmtId, items: &[WithItemId], body: List<StmtId>, is_async: bool) -> Compiled {
        let ast = self.ast;
        let at = ast.span(id);
        let Some((&item, rest)) = items.split_first() else { return self.statements(body) };
        let WithItem { context_expr, optional_vars } = ast[item];
        let top = self.top();
        let exception = self.temporary();
        let saved = self.temporary();
        // The exit method's window stands at the top of what lives on, so that it can be called in place.
        let exit = self.window(2);
        let enter = self.window(2);
        let object = self.operand(context_expr)?;
        let (enter_method, exit_method) =
            if is_async { (special::AENTER, special::AEXIT) } else { (special::ENTER, special::EXIT) };
        self.emit(at, LOAD_SPECIAL, enter, object, enter_method, 0);
        self.emit(at, LOAD_SPECIAL, exit, object, exit_method, 0);
        self.release_to(enter + 2);
        self.emit(at, CALL_METHOD, enter, enter, 0, 0);
        self.release_to(enter + 1);
        if is_async {
            self.await_register(at, enter, enter, awaiting::AENTER, enter);
        }
        let (handler, end) = (self.label(), self.label());
        let region = self.begin_region(handler, exception);
        self.push_block(Block::With { region, exit, is_async, at }, at)?;
        if let Some(target) = optional_vars {
            self.store(target, enter)?;
        }
        self.release_to(exit + 2);
        self.with_items(id, rest, body, is_async)?;
        self.pop_block();
        self.end_region(region);
        self.exit_with_none(exit, is_async, at);
        self.jump(Span::default(), JUMP, 0, 0, 0, end);

        self.bind(handler);
        self.emit(at, ENTER_HANDLER, saved, exception, 0, 0);
        let cleanup = self.label();
        let region = self.begin_region(cleanup, exception);
        self.push_block(Block::WithHandler { region, saved }, at)?;
        let details = self.window(3);
        self.emit(at, EXCEPTION_DETAILS, details, exception, 0, 0);
        self.emit(at, CALL_METHOD, exit, exit, 3, 0);
        self.release_to(exit + 1);
        if is_async {
            self.await_register(at, exit, exit, awaiting::AEXIT, exit);
        }
        let suppressed = self.label();
        self.jump(at, JUMP_IF_TRUE, exit, 0, 0, suppressed);
        self.emit(Span::default(), RERAISE, exception, 0, 0, 0);
        self.pop_block();
        self.end_region(region);
        self.bind(suppressed);
        self.emit(at, LEAVE_HANDLER, saved, 0, 0, 0);
        self.jump(Span::default(), JUMP, 0, 0, 0, end);
        self.bind(cleanup);
        self.emit(Span::default(), LEAVE_HANDLER, saved, 0, 0, 0);
        self.emit(Span::default(), RERAISE, exception, 0, 0, 0);
        self.bind(end);
        self.release_to(top);
        Ok(())
    }

    /// Calls the exit method without an exception. What lives above its window (a value being returned) stays: the window
    /// is then copied.
    pub(super) fn exit_with_none(&mut self, exit: Reg, is_async: bool, at: Span) {
        let top = self.top();
        let window = if top == exit + 2 {
            exit
        } else {
            let window = self.window(2);
            self.move_to(window, exit, at);
            self.move_to(window + 1, exit + 1, at);
            window
        };
        for _ in 0..3 {
            self.constant_operand(K::None, at);
        }
        self.emit(at, CALL_METHOD, window, window, 3, 0);
        self.release_to(window + 1);
        if is_async {
            self.await_register(at, window, window, awaiting::AEXIT, window);
        }
        self.unit().builder.temporaries(usize::from(top.saturating_sub(window + 1)));
        self.release_to(top);
    }
}
