//! Compound statements.

use super::{Failed, Parse, Parser};
use crate::ast::{
    ExceptHandler, ExceptHandlerId, ExprContext, ExprId, List, Span, Stmt, StmtId, TypeParam, TypeParamId, WithItem,
    WithItemId,
};
use crate::lexer::TokenKind;

impl Parser<'_> {
    /// A compound statement, pushed on the stack; `false` if none begins here.
    pub(super) fn compound_statement(&mut self) -> Parse<bool> {
        let start = self.index;
        let stmt = match self.kind() {
            TokenKind::If => self.if_statement()?,
            TokenKind::For => {
                let stmt = self.for_statement(false)?;
                self.add_stmt(stmt, start)
            }
            TokenKind::While => {
                self.enter(2)?;
                self.advance();
                let test = self.named_expression()?;
                let body = self.block()?;
                let orelse = self.else_block()?;
                self.leave(2);
                self.add_stmt(Stmt::While { test, body, orelse }, start)
            }
            TokenKind::Try => self.try_statement()?,
            TokenKind::With => {
                let stmt = self.with_statement(false)?;
                self.add_stmt(stmt, start)
            }
            TokenKind::Def => self.function(List::EMPTY)?,
            TokenKind::Class => self.class(List::EMPTY)?,
            TokenKind::At => self.decorated()?,
            TokenKind::Async => match self.kind_at(1) {
                TokenKind::Def => self.function(List::EMPTY)?,
                TokenKind::For => {
                    self.advance();
                    let stmt = self.for_statement(true)?;
                    self.add_stmt(stmt, start)
                }
                TokenKind::With => {
                    self.advance();
                    let stmt = self.with_statement(true)?;
                    self.add_stmt(stmt, start)
                }
                _ => return Err(Failed),
            },
            TokenKind::Name if self.at_word("match") => match self.match_statement()? {
                Some(stmt) => stmt,
                None => return Ok(false),
            },
            _ => return Ok(false),
        };
        self.stmts.push(stmt);
        Ok(true)
    }

    fn else_block(&mut self) -> Parse<List<StmtId>> {
        if self.eat(TokenKind::Else) { self.block() } else { Ok(List::EMPTY) }
    }

    /// `if` or `elif` and what belongs to it. Chains of `elif` nest in the tree, but not in the parser.
    fn if_statement(&mut self) -> Parse<StmtId> {
        let level = self.level;
        let mut parts = Vec::with_capacity(1);
        let mut orelse = List::EMPTY;
        loop {
            let start = self.index;
            self.enter(if parts.is_empty() { 2 } else { 1 })?;
            self.advance();
            let test = self.named_expression()?;
            let body = self.block()?;
            parts.push((start, test, body));
            if self.kind() != TokenKind::Elif {
                orelse = if self.kind() == TokenKind::Else { self.else_block()? } else { orelse };
                break;
            }
        }
        self.level = level;
        loop {
            let Some((start, test, body)) = parts.pop() else { return Err(Failed) };
            let stmt = self.add_stmt(Stmt::If { test, body, orelse }, start);
            if parts.is_empty() {
                return Ok(stmt);
            }
            orelse = self.ast.add_list(&[stmt]);
        }
    }

    fn for_statement(&mut self, is_async: bool) -> Parse<Stmt> {
        self.enter(2)?;
        self.advance();
        let target = self.star_targets(ExprContext::Store)?;
        self.expect(TokenKind::In)?;
        let iter = self.star_expressions()?;
        let (type_comment, body) = self.commented_block()?;
        let orelse = self.else_block()?;
        self.leave(2);
        Ok(if is_async {
            Stmt::AsyncFor { target, iter, body, orelse, type_comment }
        } else {
            Stmt::For { target, iter, body, orelse, type_comment }
        })
    }

    fn with_statement(&mut self, is_async: bool) -> Parse<Stmt> {
        self.enter(2)?;
        self.advance();
        let parenthesized = if self.kind() == TokenKind::LeftParen {
            self.attempt(|parser| {
                parser.advance();
                let items = parser.with_items(true)?;
                parser.expect(TokenKind::RightParen)?;
                // Where a comment about a type follows, CPython's grammar knows no parentheses here but those of expressions.
                let is_alone = parser.kind() == TokenKind::Colon && parser.kind_at(1) != TokenKind::TypeComment;
                if is_alone { Ok(items) } else { Err(Failed) }
            })
        } else {
            None
        };
        if self.too_deep {
            return Err(Failed);
        }
        let items = match parenthesized {
            Some(items) => items,
            None => self.with_items(false)?,
        };
        let (type_comment, body) = self.commented_block()?;
        self.leave(2);
        Ok(if is_async {
            Stmt::AsyncWith { items, body, type_comment }
        } else {
            Stmt::With { items, body, type_comment }
        })
    }

    fn with_items(&mut self, parenthesized: bool) -> Parse<List<WithItemId>> {
        let mut items = Vec::with_capacity(1);
        loop {
            let context_expr = self.expression()?;
            let optional_vars = if self.eat(TokenKind::As) { Some(self.star_target()?) } else { None };
            items.push(self.ast.add(WithItem { context_expr, optional_vars }, Span::default()));
            if !self.eat(TokenKind::Comma) || (parenthesized && self.kind() == TokenKind::RightParen) {
                break;
            }
        }
        Ok(self.ast.add_list(&items))
    }

    fn try_statement(&mut self) -> Parse<StmtId> {
        let start = self.index;
        self.enter(2)?;
        self.advance();
        let body = self.block()?;
        let mut handlers: Vec<ExceptHandlerId> = Vec::new();
        let mut star = false;
        while self.kind() == TokenKind::Except {
            let this_star = self.kind_at(1) == TokenKind::Star;
            if !handlers.is_empty() && this_star != star {
                return Err(Failed);
            }
            star = this_star;
            handlers.push(self.except_handler(star)?);
        }
        let orelse = if handlers.is_empty() { List::EMPTY } else { self.else_block()? };
        let finalbody = if self.eat(TokenKind::Finally) {
            self.block()?
        } else if handlers.is_empty() {
            return Err(Failed);
        } else {
            List::EMPTY
        };
        self.leave(2);
        let handlers = self.ast.add_list(&handlers);
        let stmt = if star {
            Stmt::TryStar { body, handlers, orelse, finalbody }
        } else {
            Stmt::Try { body, handlers, orelse, finalbody }
        };
        Ok(self.add_stmt(stmt, start))
    }

    fn except_handler(&mut self, star: bool) -> Parse<ExceptHandlerId> {
        let start = self.index;
        self.advance();
        if star {
            self.advance();
        }
        let type_ = if self.kind() == TokenKind::Colon && !star { None } else { Some(self.expression()?) };
        let name = if type_.is_some() && self.eat(TokenKind::As) { Some(self.name()?) } else { None };
        let body = self.block()?;
        let span = self.span_from(start);
        Ok(self.ast.add(ExceptHandler { type_, name, body }, span))
    }

    fn decorated(&mut self) -> Parse<StmtId> {
        let mark = self.exprs.len();
        while self.eat(TokenKind::At) {
            let decorator = self.named_expression()?;
            self.expect(TokenKind::Newline)?;
            self.exprs.push(decorator);
        }
        let decorators = self.take_exprs(mark);
        match self.kind() {
            TokenKind::Class => self.class(decorators),
            TokenKind::Def | TokenKind::Async => self.function(decorators),
            _ => Err(Failed),
        }
    }

    fn function(&mut self, decorator_list: List<ExprId>) -> Parse<StmtId> {
        let start = self.index;
        self.enter(3)?;
        let is_async = self.eat(TokenKind::Async);
        self.expect(TokenKind::Def)?;
        let name = self.name()?;
        let type_params = self.type_params()?;
        self.expect(TokenKind::LeftParen)?;
        let args = self.parameters(TokenKind::RightParen)?;
        self.expect(TokenKind::RightParen)?;
        let returns = if self.eat(TokenKind::Arrow) { Some(self.expression()?) } else { None };
        let (type_comment, body) = self.function_block()?;
        self.leave(3);
        let stmt = if is_async {
            Stmt::AsyncFunctionDef { name, args, body, decorator_list, returns, type_comment, type_params }
        } else {
            Stmt::FunctionDef { name, args, body, decorator_list, returns, type_comment, type_params }
        };
        Ok(self.add_stmt(stmt, start))
    }

    fn class(&mut self, decorator_list: List<ExprId>) -> Parse<StmtId> {
        let start = self.index;
        self.enter(3)?;
        self.advance();
        let name = self.name()?;
        let type_params = self.type_params()?;
        let (bases, keywords) =
            if self.eat(TokenKind::LeftParen) { self.class_arguments()? } else { (List::EMPTY, List::EMPTY) };
        let body = self.block()?;
        self.leave(3);
        Ok(self.add_stmt(Stmt::ClassDef { name, bases, keywords, body, decorator_list, type_params }, start))
    }

    /// `[T, *Ts, **P]`, if there (PEP 695).
    pub(super) fn type_params(&mut self) -> Parse<List<TypeParamId>> {
        if !self.eat(TokenKind::LeftBracket) {
            return Ok(List::EMPTY);
        }
        let mut params = Vec::with_capacity(1);
        loop {
            let start = self.index;
            let param = if self.eat(TokenKind::Star) {
                TypeParam::TypeVarTuple { name: self.name()? }
            } else if self.eat(TokenKind::DoubleStar) {
                TypeParam::ParamSpec { name: self.name()? }
            } else {
                let name = self.name()?;
                let bound = if self.eat(TokenKind::Colon) { Some(self.expression()?) } else { None };
                TypeParam::TypeVar { name, bound }
            };
            let span = self.span_from(start);
            params.push(self.ast.add(param, span));
            if !self.eat(TokenKind::Comma) || self.kind() == TokenKind::RightBracket {
                break;
            }
        }
        self.expect(TokenKind::RightBracket)?;
        Ok(self.ast.add_list(&params))
    }
}
