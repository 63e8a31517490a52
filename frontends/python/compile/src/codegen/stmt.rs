//! Statements: the dispatch, and those that need no file of their own.

use super::*;
use crate::fold;

impl<'a> Compiler<'a> {
    pub(super) fn stmt(&mut self, id: StmtId) -> Compiled {
        let ast = self.ast;
        match ast[id] {
            Stmt::FunctionDef { .. } | Stmt::AsyncFunctionDef { .. } => self.function_statement(id),
            Stmt::ClassDef { .. } => self.class_statement(id),
            Stmt::TypeAlias { name, type_params, value } => self.type_alias(id, name, type_params, value),
            Stmt::Return { value } => self.return_statement(id, value),
            Stmt::Delete { targets } => ast.list(targets).iter().try_for_each(|&target| self.delete(target)),
            Stmt::Assign { targets, value, .. } => self.assign(targets, value),
            Stmt::AugAssign { target, op, value } => self.augmented(id, target, op, value),
            Stmt::AnnAssign { target, annotation, value, simple } => {
                self.annotated(id, target, annotation, value, simple != 0)
            }
            Stmt::For { target, iter, body, orelse, .. } => self.for_loop(id, target, iter, body, orelse, false),
            Stmt::AsyncFor { target, iter, body, orelse, .. } => self.for_loop(id, target, iter, body, orelse, true),
            Stmt::While { test, body, orelse } => self.while_loop(id, test, body, orelse),
            Stmt::If { test, body, orelse } => self.if_statement(test, body, orelse),
            Stmt::With { items, body, .. } => self.with_statement(id, items, body, false),
            Stmt::AsyncWith { items, body, .. } => self.with_statement(id, items, body, true),
            Stmt::Match { subject, cases } => self.match_statement(subject, cases),
            Stmt::Raise { exc, cause } => self.raise(id, exc, cause),
            Stmt::Try { body, handlers, orelse, finalbody } => {
                self.try_statement(id, body, handlers, orelse, finalbody, false)
            }
            Stmt::TryStar { body, handlers, orelse, finalbody } => {
                self.try_statement(id, body, handlers, orelse, finalbody, true)
            }
            Stmt::Assert { test, msg } => self.assert(id, test, msg),
            Stmt::Import { names } => self.import(id, names),
            Stmt::ImportFrom { module, names, level } => self.import_from(id, module, names, level.0),
            Stmt::Global { .. } | Stmt::Nonlocal { .. } => Ok(()),
            Stmt::Expr { value } => self.expression_statement(id, value),
            Stmt::Pass {} => {
                self.visit_line(self.ast.span(id));
                Ok(())
            }
            Stmt::Break {} => self.break_or_continue(id, true),
            Stmt::Continue {} => self.break_or_continue(id, false),
        }
    }

    fn if_statement(&mut self, test: ExprId, body: List<StmtId>, orelse: List<StmtId>) -> Compiled {
        if let Some(value) = self.folder.constant(test) {
            let truth = fold::truth(&value);
            self.visit_line(self.ast.span(test));
            self.statements_if(truth, body)?;
            return self.statements_if(!truth, orelse);
        }
        let (otherwise, end) = (self.label(), self.label());
        self.jump_if(test, otherwise, false)?;
        self.statements(body)?;
        if !orelse.is_empty() {
            self.jump(Span::default(), JUMP, 0, 0, 0, end);
        }
        self.bind(otherwise);
        self.statements(orelse)?;
        self.bind(end);
        Ok(())
    }

    /// Statements that are compiled for their errors only, unless `reached`.
    fn statements_if(&mut self, reached: bool, body: List<StmtId>) -> Compiled {
        if reached {
            return self.statements(body);
        }
        self.unit().flush_line();
        let bound = self.unit().bound.take();
        let result = self.statements(body);
        self.unit().bound = bound;
        result
    }

    fn expression_statement(&mut self, id: StmtId, value: ExprId) -> Compiled {
        let at = self.ast.span(id);
        let interactive = matches!(self.ast.root, Root::Interactive { .. }) && self.units.len() == 1;
        if interactive {
            let top = self.top();
            let value = self.operand(value)?;
            self.emit(at, PRINT_EXPR, value, 0, 0, 0);
            self.release_to(top);
            return Ok(());
        }
        if self.folder.constant(value).is_some() {
            self.visit_line(at);
            return Ok(());
        }
        self.effect(value)
    }
}
