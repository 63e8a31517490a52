//! Loops, and the ways out of nested statements.

use super::*;

/// A statement around the code being generated.
#[derive(Clone, Copy)]
pub(super) enum Block {
    /// A loop: where `continue` and `break` lead.
    Loop { next: Label, exit: Label },
    /// The body of a `try` with handlers.
    Try { region: Region },
    /// The body of a `try` with a `finally` clause, which every way out runs.
    Finally { region: Region, body: List<StmtId> },
    /// The `finally` clause as an exception handler; the register holds what `enter_handler` saved.
    FinallyHandler { region: Region, saved: Reg },
    /// The dispatch among the clauses of a `try`.
    Dispatch,
    /// The same for `except*`, which nothing may leave.
    DispatchGroup,
    /// An `except` clause.
    Handler { region: Region, saved: Reg, name: Option<Symbol> },
    /// The body of a `with`; the method window of the exit method.
    With { region: Region, exit: Reg, is_async: bool, at: Span },
    /// The handler of a `with`.
    WithHandler { region: Region, saved: Reg },
    /// Counts only.
    Other,
}

/// CPython's limit of nested blocks.
const MAX_BLOCKS: usize = 20;

impl<'a> Compiler<'a> {
    pub(super) fn push_block(&mut self, block: Block, at: Span) -> Compiled {
        if self.unit_ref().blocks.len() >= MAX_BLOCKS {
            return self.error("too many statically nested blocks", at);
        }
        self.unit().blocks.push(block);
        Ok(())
    }

    pub(super) fn pop_block(&mut self) {
        self.unit().blocks.pop();
    }

    /// Stores the next item of an iterator in a target, or goes to `exit`.
    pub(super) fn next_item(&mut self, at: Span, iterator: Reg, target: ExprId, exit: Label) -> Compiled {
        let item = self.temporary();
        match self.variable_target(target)? {
            Some(variable) => {
                self.jump(at, FOR_ITER_LOCAL, item, iterator, variable, exit);
                self.jump(at, TAKE_ITEM, item, variable, 0, exit);
                self.mark_bound(variable);
            }
            None => {
                self.jump(at, FOR_ITER, item, iterator, 0, exit);
                self.jump(at, JUMP_IF_END, item, 0, 0, exit);
                self.store(target, item)?;
            }
        }
        self.release_to(item);
        Ok(())
    }

    /// The same for an asynchronous iterator, whose end is an exception: returns its handler, where the exception is in
    /// the register. The register is a temporary that must stay allocated until then.
    pub(super) fn next_async(&mut self, at: Span, iterator: Reg, target: ExprId) -> Compiled<(Label, Reg)> {
        let exception = self.temporary();
        let ended = self.label();
        let item = self.temporary();
        let region = self.begin_region(ended, exception);
        self.emit(at, GET_ANEXT, item, iterator, 0, 0);
        self.await_register(at, item, item, awaiting::EXPRESSION, item);
        self.end_region(region);
        self.store(target, item)?;
        self.release_to(item);
        Ok((ended, exception))
    }

    pub(super) fn for_loop(
        &mut self,
        id: StmtId,
        target: ExprId,
        iter: ExprId,
        body: List<StmtId>,
        orelse: List<StmtId>,
        is_async: bool,
    ) -> Compiled {
        let at = self.ast.span(id);
        let span = self.ast.span(iter);
        if is_async && !self.is_async() {
            return self.error("'async for' outside async function", at);
        }
        let top = self.top();
        let iterator = self.temporary();
        let (next, finished, exit) = (self.label(), self.label(), self.label());
        if !is_async {
            self.push_block(Block::Loop { next, exit }, at)?;
        }
        let iterable =
            if is_async { self.operand_hinted(iter, iterator)? } else { self.iterable_operand(iter, iterator)? };
        match is_async {
            true => self.emit(at, GET_AITER, iterator, iterable, 0, 0),
            false => self.emit(at, GET_ITER, iterator, iterable, 1, 0),
        }
        if is_async {
            self.push_block(Block::Loop { next, exit }, at)?;
        }
        let head = self.bind_head(true);
        let ended = if is_async {
            Some(self.next_async(at, iterator, target)?)
        } else {
            self.next_item(at, iterator, target, finished)?;
            None
        };
        self.statements(body)?;
        self.loop_back(span, next, head);
        self.pop_block();
        if let Some((ended, exception)) = ended {
            self.bind(ended);
            self.emit(span, END_ASYNC_FOR, exception, 0, 0, 0);
        }
        self.bind(finished);
        self.release_to(top);
        self.statements(orelse)?;
        self.bind(exit);
        Ok(())
    }

    /// The end of a loop's body, where `next` leads as well. The jump back is the line of a last statement without instructions if
    /// nothing else comes to it; otherwise that of the loop.
    fn loop_back(&mut self, at: Span, next: Label, head: Label) {
        if self.unit_ref().labels.contains_key(&next) {
            self.bind(next);
            return self.jump(at, LOOP_BACK, 0, 0, 0, head);
        }
        let line = self.unit().line.take();
        self.bind(next);
        if self.unit_ref().bound.is_some() {
            self.unit().line = line;
        }
        self.jump(if line.is_some() { Span::default() } else { at }, LOOP_BACK, 0, 0, 0, head);
    }

    pub(super) fn while_loop(
        &mut self,
        id: StmtId,
        test: ExprId,
        body: List<StmtId>,
        orelse: List<StmtId>,
    ) -> Compiled {
        let at = self.ast.span(id);
        let (next, finished, exit) = (self.label(), self.label(), self.label());
        self.push_block(Block::Loop { next, exit }, at)?;
        if self.folder.constant(test).is_some() {
            self.visit_line(self.ast.span(test));
        }
        let head = self.bind_head(true);
        self.jump_if(test, finished, false)?;
        self.statements(body)?;
        self.loop_back(at, next, head);
        self.pop_block();
        self.bind(finished);
        self.statements(orelse)?;
        self.bind(exit);
        Ok(())
    }

    pub(super) fn break_or_continue(&mut self, id: StmtId, is_break: bool) -> Compiled {
        let at = self.ast.span(id);
        let blocks = &self.unit_ref().blocks;
        let depth = blocks.iter().rposition(|block| matches!(block, Block::Loop { .. } | Block::DispatchGroup));
        match depth.map(|depth| (depth, blocks[depth])) {
            Some((depth, Block::Loop { next, exit })) => {
                let target = if is_break { exit } else { next };
                self.visit_line(at);
                self.unwinding(depth + 1, at, |compiler, at| {
                    compiler.jump(at, JUMP, 0, 0, 0, target);
                    Ok(())
                })
            }
            Some(_) => self.error("'break', 'continue' and 'return' cannot appear in an except* block", at),
            None if is_break => self.error("'break' outside loop", at),
            None => self.error("'continue' not properly in loop", at),
        }
    }

    pub(super) fn return_statement(&mut self, id: StmtId, value: Option<ExprId>) -> Compiled {
        let at = self.ast.span(id);
        if !self.scope().kind.is_function_like() {
            return self.error("'return' outside function", at);
        }
        if value.is_some() && self.scope().coroutine && self.scope().generator {
            return self.error("'return' with value in async generator", at);
        }
        if self.unit_ref().blocks.iter().any(|block| matches!(block, Block::DispatchGroup)) {
            return self.error("'break', 'continue' and 'return' cannot appear in an except* block", at);
        }
        let top = self.top();
        let constant = match value {
            None => Some(K::None),
            Some(value) => self.folder.constant(value),
        };
        if constant.is_some() {
            self.visit_line(at);
        }
        match (constant, value) {
            (Some(constant), _) => self.unwinding(0, at, |compiler, at| {
                let constant = compiler.constant(constant);
                compiler.emit(at, RETURN_K, 0, 0, 0, constant);
                Ok(())
            })?,
            (None, Some(value)) => {
                let runs_code = self.unit_ref().blocks.iter().any(|block| {
                    matches!(block, Block::Finally { .. } | Block::With { .. } | Block::Handler { name: Some(_), .. })
                });
                // A `finally` clause may rebind the variable that is returned.
                let register = if runs_code { self.push(value)? } else { self.operand(value)? };
                self.unwinding(0, at, |compiler, at| {
                    compiler.emit(at, RETURN, register, 0, 0, 0);
                    Ok(())
                })?;
            }
            (None, None) => {}
        }
        self.release_to(top);
        Ok(())
    }

    /// Leaves the blocks from `depth` on, innermost first, running what they owe, then generates `exit` outside of them: at a place
    /// of its own only if none of them had one.
    fn unwinding(&mut self, depth: usize, mut at: Span, exit: impl FnOnce(&mut Self, Span) -> Compiled) -> Compiled {
        let blocks = self.unit_ref().blocks.clone();
        let mut paused = Vec::new();
        let mut result = Ok(());
        while self.unit_ref().blocks.len() > depth {
            let Some(block) = self.unit().blocks.pop() else { break };
            if let Some(region) = block.region() {
                paused.push(self.unit().builder.pause_regions(region));
            }
            result = self.leave_block(block, at);
            if result.is_err() {
                break;
            }
            match block {
                Block::Finally { .. } => at = Span::default(),
                Block::With { at: with, .. } => at = with,
                _ => {}
            }
        }
        if result.is_ok() {
            result = exit(self, at);
        }
        while let Some(paused) = paused.pop() {
            self.unit().builder.resume_regions(paused);
        }
        self.unit().blocks = blocks;
        result
    }

    fn leave_block(&mut self, block: Block, at: Span) -> Compiled {
        match block {
            Block::Loop { .. } | Block::Try { .. } | Block::Dispatch | Block::DispatchGroup | Block::Other => Ok(()),
            Block::Finally { body, .. } => self.statements(body),
            Block::FinallyHandler { saved, .. } | Block::WithHandler { saved, .. } => {
                self.emit(at, LEAVE_HANDLER, saved, 0, 0, 0);
                Ok(())
            }
            Block::Handler { saved, name, .. } => {
                self.emit(at, LEAVE_HANDLER, saved, 0, 0, 0);
                self.forget_exception(name, at)
            }
            Block::With { exit, is_async, at, .. } => {
                self.exit_with_none(exit, is_async, at);
                Ok(())
            }
        }
    }

    /// At the end of `except … as name`: `name = None; del name`.
    pub(super) fn forget_exception(&mut self, name: Option<Symbol>, at: Span) -> Compiled {
        let Some(name) = name else { return Ok(()) };
        let mangled = self.mangled(name);
        if let names::Place::Register(register) = self.place(mangled) {
            self.emit(at, CLEAR, register, 0, 0, 0);
            self.mark_unbound(register);
            return Ok(());
        }
        let none = self.constant_operand(K::None, at);
        self.store_name(name, none, at)?;
        self.release_to(none);
        self.delete_name(name, at)
    }
}

impl Block {
    /// The exception region that is left with the block.
    fn region(self) -> Option<Region> {
        match self {
            Block::Try { region }
            | Block::Finally { region, .. }
            | Block::FinallyHandler { region, .. }
            | Block::Handler { region, .. }
            | Block::With { region, .. }
            | Block::WithHandler { region, .. } => Some(region),
            Block::Loop { .. } | Block::Dispatch | Block::DispatchGroup | Block::Other => None,
        }
    }
}
