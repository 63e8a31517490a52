//! Simple statements, blocks, and the sequence of statements.

use super::{Failed, Parse, Parser};
use crate::ast::{Alias, AliasId, Expr, ExprContext, ExprId, Level, List, Operator, Stmt, StmtId, Symbol, TypeComment};
use crate::lexer::TokenKind;

impl Parser<'_> {
    /// Statements up to a token that ends them, which is consumed.
    pub(super) fn statements_until(&mut self, end: TokenKind) -> Parse<List<StmtId>> {
        let mark = self.stmts.len();
        while self.kind() != end {
            self.statement()?;
        }
        self.advance();
        Ok(self.take_stmts(mark))
    }

    /// One interactive entry.
    pub(super) fn interactive(&mut self) -> Parse<List<StmtId>> {
        let mark = self.stmts.len();
        if self.eat(TokenKind::Newline) {
            let pass = self.add_stmt(Stmt::Pass {}, 0);
            self.stmts.push(pass);
        } else if self.kind() == TokenKind::EndMarker {
            return Err(Failed);
        } else if self.compound_statement()? {
            self.expect(TokenKind::Newline)?;
        } else {
            self.simple_statements()?;
        }
        Ok(self.take_stmts(mark))
    }

    /// A statement (or several in a line), pushed on the stack.
    fn statement(&mut self) -> Parse<()> {
        if self.compound_statement()? { Ok(()) } else { self.simple_statements() }
    }

    /// The body of a compound statement, behind its colon.
    pub(super) fn block(&mut self) -> Parse<List<StmtId>> {
        self.expect(TokenKind::Colon)?;
        self.block_body()
    }

    /// The same with a comment about a type behind the colon.
    pub(super) fn commented_block(&mut self) -> Parse<(TypeComment, List<StmtId>)> {
        self.expect(TokenKind::Colon)?;
        Ok((self.type_comment(), self.block_body()?))
    }

    /// The same for functions, where the comment may have the first line of the block to itself.
    pub(super) fn function_block(&mut self) -> Parse<(TypeComment, List<StmtId>)> {
        self.expect(TokenKind::Colon)?;
        use TokenKind::{Indent, Newline, TypeComment};
        if [0, 1, 2, 3].map(|at| self.kind_at(at)) == [Newline, TypeComment, Newline, Indent] {
            self.advance();
        }
        let comment = self.type_comment();
        if [0, 1, 2, 3].map(|at| self.kind_at(at)) == [Newline, TypeComment, Newline, Indent] {
            return Err(Failed);
        }
        Ok((comment, self.block_body()?))
    }

    fn block_body(&mut self) -> Parse<List<StmtId>> {
        self.enter(2)?;
        let body = if self.eat(TokenKind::Newline) {
            self.expect(TokenKind::Indent)?;
            if self.kind() == TokenKind::Dedent {
                return Err(Failed);
            }
            self.statements_until(TokenKind::Dedent)?
        } else {
            let mark = self.stmts.len();
            self.simple_statements()?;
            self.take_stmts(mark)
        };
        self.leave(2);
        Ok(body)
    }

    /// Simple statements separated by semicolons, up to the newline.
    pub(super) fn simple_statements(&mut self) -> Parse<()> {
        loop {
            let stmt = self.simple_statement()?;
            self.stmts.push(stmt);
            if self.eat(TokenKind::Newline) {
                return Ok(());
            }
            self.expect(TokenKind::Semicolon)?;
            if self.eat(TokenKind::Newline) {
                return Ok(());
            }
        }
    }

    fn simple_statement(&mut self) -> Parse<StmtId> {
        let start = self.index;
        let stmt = match self.kind() {
            TokenKind::Return => {
                self.advance();
                let value = if self.at_expression() { Some(self.star_expressions()?) } else { None };
                Stmt::Return { value }
            }
            TokenKind::Import => {
                self.advance();
                let mut names = Vec::with_capacity(1);
                loop {
                    names.push(self.dotted_alias()?);
                    if !self.eat(TokenKind::Comma) {
                        break;
                    }
                }
                Stmt::Import { names: self.ast.add_list(&names) }
            }
            TokenKind::From => self.import_from()?,
            TokenKind::Raise => {
                self.advance();
                let exc = if self.at_expression() { Some(self.expression()?) } else { None };
                let cause = if exc.is_some() && self.eat(TokenKind::From) { Some(self.expression()?) } else { None };
                Stmt::Raise { exc, cause }
            }
            TokenKind::Pass => {
                self.advance();
                Stmt::Pass {}
            }
            TokenKind::Break => {
                self.advance();
                Stmt::Break {}
            }
            TokenKind::Continue => {
                self.advance();
                Stmt::Continue {}
            }
            TokenKind::Del => {
                self.advance();
                let targets = self.del_targets()?;
                Stmt::Delete { targets }
            }
            TokenKind::Assert => {
                self.advance();
                let test = self.expression()?;
                let msg = if self.eat(TokenKind::Comma) { Some(self.expression()?) } else { None };
                Stmt::Assert { test, msg }
            }
            TokenKind::Global => {
                self.advance();
                Stmt::Global { names: self.names()? }
            }
            TokenKind::Nonlocal => {
                self.advance();
                Stmt::Nonlocal { names: self.names()? }
            }
            TokenKind::Yield => Stmt::Expr { value: self.yield_expression()? },
            TokenKind::Name if self.kind_at(1) == TokenKind::Name && self.at_word("type") => self.type_alias()?,
            _ => self.expression_statement()?,
        };
        Ok(self.add_stmt(stmt, start))
    }

    /// An expression, an assignment, or an annotation.
    fn expression_statement(&mut self) -> Parse<Stmt> {
        let start = self.index;
        let first = self.star_expressions()?;
        let op = match self.kind() {
            TokenKind::Equal => return self.assignment(first),
            TokenKind::Colon => return self.annotation(first, start),
            TokenKind::PlusEqual => Operator::Add,
            TokenKind::MinusEqual => Operator::Sub,
            TokenKind::StarEqual => Operator::Mult,
            TokenKind::AtEqual => Operator::MatMult,
            TokenKind::SlashEqual => Operator::Div,
            TokenKind::PercentEqual => Operator::Mod,
            TokenKind::AmpersandEqual => Operator::BitAnd,
            TokenKind::BarEqual => Operator::BitOr,
            TokenKind::CaretEqual => Operator::BitXor,
            TokenKind::LeftShiftEqual => Operator::LShift,
            TokenKind::RightShiftEqual => Operator::RShift,
            TokenKind::DoubleStarEqual => Operator::Pow,
            TokenKind::DoubleSlashEqual => Operator::FloorDiv,
            _ => return Ok(Stmt::Expr { value: first }),
        };
        self.make_single_target(first)?;
        self.advance();
        let value = self.yield_or_star_expressions()?;
        Ok(Stmt::AugAssign { target: first, op, value })
    }

    fn assignment(&mut self, first: ExprId) -> Parse<Stmt> {
        let mark = self.exprs.len();
        let mut value = first;
        let mut yielded = false;
        while self.kind() == TokenKind::Equal {
            if yielded {
                return Err(Failed);
            }
            self.make_target(value, ExprContext::Store)?;
            self.exprs.push(value);
            self.advance();
            yielded = self.kind() == TokenKind::Yield;
            value = self.yield_or_star_expressions()?;
        }
        let targets = self.take_exprs(mark);
        let type_comment = self.type_comment();
        Ok(Stmt::Assign { targets, value, type_comment })
    }

    fn annotation(&mut self, target: ExprId, start: usize) -> Parse<Stmt> {
        self.make_single_target(target)?;
        let plain = matches!(self.ast[target], Expr::Name { .. });
        let simple = u32::from(plain && self.tokens[start].kind == TokenKind::Name);
        self.advance();
        let annotation = self.expression()?;
        let value = if self.eat(TokenKind::Equal) { Some(self.yield_or_star_expressions()?) } else { None };
        Ok(Stmt::AnnAssign { target, annotation, value, simple })
    }

    fn type_alias(&mut self) -> Parse<Stmt> {
        self.advance();
        let start = self.index;
        let id = self.name()?;
        let name = self.add_expr(Expr::Name { id, ctx: ExprContext::Store }, start);
        let type_params = self.type_params()?;
        self.expect(TokenKind::Equal)?;
        let value = self.expression()?;
        Ok(Stmt::TypeAlias { name, type_params, value })
    }

    fn del_targets(&mut self) -> Parse<List<ExprId>> {
        let mark = self.exprs.len();
        loop {
            let target = self.primary()?;
            self.make_target(target, ExprContext::Del)?;
            self.exprs.push(target);
            if !self.eat(TokenKind::Comma) || !self.at_expression() {
                break;
            }
        }
        if !matches!(self.kind(), TokenKind::Semicolon | TokenKind::Newline) {
            return Err(Failed);
        }
        Ok(self.take_exprs(mark))
    }

    fn names(&mut self) -> Parse<List<Symbol>> {
        let mut names = vec![self.name()?];
        while self.eat(TokenKind::Comma) {
            names.push(self.name()?);
        }
        Ok(self.ast.add_list(&names))
    }

    /// A name with dots.
    fn dotted_name(&mut self) -> Parse<Symbol> {
        let first = self.name()?;
        if self.kind() != TokenKind::Dot {
            return Ok(first);
        }
        let mut whole = self.ast.name(first).to_owned();
        while self.eat(TokenKind::Dot) {
            let next = self.name()?;
            whole.push('.');
            whole.push_str(self.ast.name(next));
        }
        Ok(self.ast.symbols.intern(&whole))
    }

    fn dotted_alias(&mut self) -> Parse<AliasId> {
        let start = self.index;
        let name = self.dotted_name()?;
        let asname = if self.eat(TokenKind::As) { Some(self.name()?) } else { None };
        let span = self.span_from(start);
        Ok(self.ast.add(Alias { name, asname }, span))
    }

    fn import_from(&mut self) -> Parse<Stmt> {
        self.advance();
        let mut level = 0;
        loop {
            match self.kind() {
                TokenKind::Dot => level += 1,
                TokenKind::Ellipsis => level += 3,
                _ => break,
            }
            self.advance();
        }
        let module = if level > 0 && self.kind() == TokenKind::Import { None } else { Some(self.dotted_name()?) };
        self.expect(TokenKind::Import)?;
        let mut names = Vec::with_capacity(1);
        let start = self.index;
        if self.eat(TokenKind::Star) {
            let name = self.ast.symbols.intern("*");
            let span = self.span_from(start);
            names.push(self.ast.add(Alias { name, asname: None }, span));
        } else {
            let parenthesized = self.eat(TokenKind::LeftParen);
            loop {
                let start = self.index;
                let name = self.name()?;
                let asname = if self.eat(TokenKind::As) { Some(self.name()?) } else { None };
                let span = self.span_from(start);
                names.push(self.ast.add(Alias { name, asname }, span));
                if !self.eat(TokenKind::Comma) || (parenthesized && self.kind() == TokenKind::RightParen) {
                    break;
                }
            }
            if parenthesized {
                self.expect(TokenKind::RightParen)?;
            }
        }
        Ok(Stmt::ImportFrom { module, names: self.ast.add_list(&names), level: Level(level) })
    }
}
