//! Targets of assignment, `for`, `with`, `del`: expressions of certain forms, with another context.

use super::{Failed, Parse, Parser};
use crate::ast::{Expr, ExprContext, ExprId};
use crate::lexer::TokenKind;

impl Parser<'_> {
    /// Targets as they stand before `in`: one, or several that make a tuple.
    pub(super) fn star_targets(&mut self, ctx: ExprContext) -> Parse<ExprId> {
        let start = self.index;
        let first = self.star_target()?;
        if self.kind() != TokenKind::Comma {
            return Ok(first);
        }
        let mark = self.exprs.len();
        self.exprs.push(first);
        while self.eat(TokenKind::Comma) {
            if !matches!(self.kind(), TokenKind::Star | TokenKind::Name | TokenKind::LeftParen | TokenKind::LeftBracket)
                && !self.at_expression()
            {
                break;
            }
            let next = self.star_target()?;
            self.exprs.push(next);
        }
        let elts = self.take_exprs(mark);
        Ok(self.add_expr(Expr::Tuple { elts, ctx }, start))
    }

    /// One target to store into, possibly starred.
    pub(super) fn star_target(&mut self) -> Parse<ExprId> {
        let start = self.index;
        if self.eat(TokenKind::Star) {
            let value = self.primary()?;
            self.make_target(value, ExprContext::Store)?;
            return Ok(self.add_expr(Expr::Starred { value, ctx: ExprContext::Store }, start));
        }
        let target = self.primary()?;
        self.make_target(target, ExprContext::Store)?;
        Ok(target)
    }

    /// Gives an expression the context of a target, if its form allows that.
    pub(super) fn make_target(&mut self, target: ExprId, context: ExprContext) -> Parse<()> {
        let node = match self.ast[target] {
            Expr::Name { id, .. } => Expr::Name { id, ctx: context },
            Expr::Attribute { value, attr, .. } => Expr::Attribute { value, attr, ctx: context },
            Expr::Subscript { value, slice, .. } => Expr::Subscript { value, slice, ctx: context },
            Expr::Starred { value, .. } if context == ExprContext::Store => {
                self.make_target(value, context)?;
                Expr::Starred { value, ctx: context }
            }
            Expr::Tuple { elts, .. } => {
                for index in 0..elts.len() {
                    self.make_target(self.ast.list(elts)[index], context)?;
                }
                Expr::Tuple { elts, ctx: context }
            }
            Expr::List { elts, .. } => {
                for index in 0..elts.len() {
                    self.make_target(self.ast.list(elts)[index], context)?;
                }
                Expr::List { elts, ctx: context }
            }
            _ => return Err(Failed),
        };
        self.ast.replace(target, node);
        Ok(())
    }

    /// A target that is no sequence: of annotations and augmented assignment.
    pub(super) fn make_single_target(&mut self, target: ExprId) -> Parse<()> {
        match self.ast[target] {
            Expr::Name { .. } | Expr::Attribute { .. } | Expr::Subscript { .. } => {
                self.make_target(target, ExprContext::Store)
            }
            _ => Err(Failed),
        }
    }
}
