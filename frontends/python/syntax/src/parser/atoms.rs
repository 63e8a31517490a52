//! Primaries: atoms, displays, comprehensions, and what may follow them.

use super::{Failed, Parse, Parser};
use crate::ast::{Comprehension, ComprehensionId, Constant, Expr, ExprContext, ExprId, List, Span, UnicodePrefix};
use crate::lexer::TokenKind;

impl Parser<'_> {
    /// An atom with attributes, calls and subscripts.
    pub(super) fn primary(&mut self) -> Parse<ExprId> {
        let start = self.index;
        let mut expr = self.atom()?;
        loop {
            match self.kind() {
                TokenKind::Dot => {
                    self.advance();
                    let attr = self.name()?;
                    expr = self.add_expr(Expr::Attribute { value: expr, attr, ctx: ExprContext::Load }, start);
                }
                TokenKind::LeftParen => expr = self.call(expr, start)?,
                TokenKind::LeftBracket => {
                    self.enter(4)?;
                    self.advance();
                    let slice = self.slices()?;
                    self.expect(TokenKind::RightBracket)?;
                    self.leave(4);
                    expr = self.add_expr(Expr::Subscript { value: expr, slice, ctx: ExprContext::Load }, start);
                }
                _ => return Ok(expr),
            }
        }
    }

    fn constant(&mut self, value: Constant) -> ExprId {
        let start = self.index;
        self.advance();
        self.add_expr(Expr::Constant { value, kind: UnicodePrefix(false) }, start)
    }

    fn atom(&mut self) -> Parse<ExprId> {
        match self.kind() {
            TokenKind::Name => {
                let start = self.index;
                let id = self.name()?;
                Ok(self.add_expr(Expr::Name { id, ctx: ExprContext::Load }, start))
            }
            TokenKind::Number => {
                let value = self.number_value()?;
                Ok(self.constant(value))
            }
            TokenKind::String | TokenKind::FStringStart => self.strings(),
            TokenKind::LeftParen => self.parenthesized(),
            TokenKind::LeftBracket => self.list_display(),
            TokenKind::LeftBrace => self.brace_display(),
            TokenKind::None => Ok(self.constant(Constant::None)),
            TokenKind::True => Ok(self.constant(Constant::True)),
            TokenKind::False => Ok(self.constant(Constant::False)),
            TokenKind::Ellipsis => Ok(self.constant(Constant::Ellipsis)),
            _ => Err(Failed),
        }
    }

    /// Elements separated by commas up to the closing bracket; the first has been pushed already.
    fn more_elements(&mut self, mark: usize, close: TokenKind) -> Parse<List<ExprId>> {
        while self.eat(TokenKind::Comma) {
            if self.kind() == close {
                break;
            }
            let next = self.star_named_expression()?;
            self.exprs.push(next);
        }
        Ok(self.take_exprs(mark))
    }

    /// A tuple, a group or a generator expression.
    fn parenthesized(&mut self) -> Parse<ExprId> {
        let start = self.index;
        self.enter(3)?;
        self.advance();
        let expr = match self.kind() {
            TokenKind::RightParen => {
                self.advance();
                self.add_expr(Expr::Tuple { elts: List::EMPTY, ctx: ExprContext::Load }, start)
            }
            TokenKind::Yield => {
                let inner = self.yield_expression()?;
                self.expect(TokenKind::RightParen)?;
                inner
            }
            _ => {
                let starred = self.kind() == TokenKind::Star;
                let first = self.star_named_expression()?;
                match self.kind() {
                    TokenKind::RightParen if !starred => {
                        self.advance();
                        first
                    }
                    TokenKind::Comma => {
                        let mark = self.exprs.len();
                        self.exprs.push(first);
                        let elts = self.more_elements(mark, TokenKind::RightParen)?;
                        self.expect(TokenKind::RightParen)?;
                        self.add_expr(Expr::Tuple { elts, ctx: ExprContext::Load }, start)
                    }
                    TokenKind::For | TokenKind::Async if !starred => {
                        let generators = self.comprehension_clauses()?;
                        self.expect(TokenKind::RightParen)?;
                        self.add_expr(Expr::GeneratorExp { elt: first, generators }, start)
                    }
                    _ => return Err(Failed),
                }
            }
        };
        self.leave(3);
        Ok(expr)
    }

    fn list_display(&mut self) -> Parse<ExprId> {
        let start = self.index;
        self.enter(4)?;
        self.advance();
        let expr = if self.eat(TokenKind::RightBracket) {
            self.add_expr(Expr::List { elts: List::EMPTY, ctx: ExprContext::Load }, start)
        } else {
            let starred = self.kind() == TokenKind::Star;
            let first = self.star_named_expression()?;
            if matches!(self.kind(), TokenKind::For | TokenKind::Async) && !starred {
                let generators = self.comprehension_clauses()?;
                self.expect(TokenKind::RightBracket)?;
                self.add_expr(Expr::ListComp { elt: first, generators }, start)
            } else {
                let mark = self.exprs.len();
                self.exprs.push(first);
                let elts = self.more_elements(mark, TokenKind::RightBracket)?;
                self.expect(TokenKind::RightBracket)?;
                self.add_expr(Expr::List { elts, ctx: ExprContext::Load }, start)
            }
        };
        self.leave(4);
        Ok(expr)
    }

    /// A dict or set, or a comprehension of either.
    fn brace_display(&mut self) -> Parse<ExprId> {
        let start = self.index;
        self.enter(4)?;
        self.advance();
        let expr = match self.kind() {
            TokenKind::RightBrace => {
                self.advance();
                self.add_expr(Expr::Dict { keys: List::EMPTY, values: List::EMPTY }, start)
            }
            TokenKind::DoubleStar => self.dict_items(start, Vec::new())?,
            first_kind => {
                let first_index = self.index;
                let first = self.star_named_expression()?;
                if self.kind() == TokenKind::Colon {
                    // The key is an expression: neither starred nor `:=`.
                    let named =
                        first_kind == TokenKind::Name && self.tokens[first_index + 1].kind == TokenKind::ColonEqual;
                    if first_kind == TokenKind::Star || named {
                        return Err(Failed);
                    }
                    self.advance();
                    let value = self.expression()?;
                    if matches!(self.kind(), TokenKind::For | TokenKind::Async) {
                        let generators = self.comprehension_clauses()?;
                        self.expect(TokenKind::RightBrace)?;
                        self.add_expr(Expr::DictComp { key: first, value, generators }, start)
                    } else {
                        self.dict_items(start, vec![(Some(first), value)])?
                    }
                } else if matches!(self.kind(), TokenKind::For | TokenKind::Async) && first_kind != TokenKind::Star {
                    let generators = self.comprehension_clauses()?;
                    self.expect(TokenKind::RightBrace)?;
                    self.add_expr(Expr::SetComp { elt: first, generators }, start)
                } else {
                    let mark = self.exprs.len();
                    self.exprs.push(first);
                    let elts = self.more_elements(mark, TokenKind::RightBrace)?;
                    self.expect(TokenKind::RightBrace)?;
                    self.add_expr(Expr::Set { elts }, start)
                }
            }
        };
        self.leave(4);
        Ok(expr)
    }

    /// The items of a dict from the second on (or from the first, if it is `**`), and the closing brace.
    fn dict_items(&mut self, start: usize, mut items: Vec<(Option<ExprId>, ExprId)>) -> Parse<ExprId> {
        if !items.is_empty() && !self.eat(TokenKind::Comma) {
            return self.dict(start, &items);
        }
        while self.kind() != TokenKind::RightBrace {
            if self.eat(TokenKind::DoubleStar) {
                let value = self.bitwise_or()?;
                items.push((None, value));
            } else {
                let key = self.expression()?;
                self.expect(TokenKind::Colon)?;
                let value = self.expression()?;
                items.push((Some(key), value));
            }
            if !self.eat(TokenKind::Comma) {
                break;
            }
        }
        self.dict(start, &items)
    }

    fn dict(&mut self, start: usize, items: &[(Option<ExprId>, ExprId)]) -> Parse<ExprId> {
        self.expect(TokenKind::RightBrace)?;
        let keys: Vec<_> = items.iter().map(|item| item.0).collect();
        let values: Vec<_> = items.iter().map(|item| item.1).collect();
        let keys = self.ast.add_list(&keys);
        let values = self.ast.add_list(&values);
        Ok(self.add_expr(Expr::Dict { keys, values }, start))
    }

    pub(super) fn comprehension_clauses(&mut self) -> Parse<List<ComprehensionId>> {
        let mut generators = Vec::with_capacity(1);
        loop {
            let is_async = self.kind() == TokenKind::Async;
            if is_async && self.kind_at(1) != TokenKind::For {
                break;
            }
            if is_async {
                self.advance();
            }
            if !self.eat(TokenKind::For) {
                break;
            }
            self.enter(3)?;
            let target = self.star_targets(ExprContext::Store)?;
            self.expect(TokenKind::In)?;
            let iter = self.disjunction()?;
            let mark = self.exprs.len();
            while self.eat(TokenKind::If) {
                let test = self.disjunction()?;
                self.exprs.push(test);
            }
            let ifs = self.take_exprs(mark);
            self.leave(3);
            let generator = Comprehension { target, iter, ifs, is_async: u32::from(is_async) };
            generators.push(self.ast.add(generator, Span::default()));
        }
        if generators.is_empty() {
            return Err(Failed);
        }
        Ok(self.ast.add_list(&generators))
    }

    /// What stands between the brackets of a subscript.
    fn slices(&mut self) -> Parse<ExprId> {
        let start = self.index;
        let starred = self.kind() == TokenKind::Star;
        let first = self.slice()?;
        if self.kind() != TokenKind::Comma && !starred {
            return Ok(first);
        }
        let mark = self.exprs.len();
        self.exprs.push(first);
        while self.eat(TokenKind::Comma) {
            if self.kind() == TokenKind::RightBracket {
                break;
            }
            let next = self.slice()?;
            self.exprs.push(next);
        }
        let elts = self.take_exprs(mark);
        Ok(self.add_expr(Expr::Tuple { elts, ctx: ExprContext::Load }, start))
    }

    fn slice(&mut self) -> Parse<ExprId> {
        if self.kind() == TokenKind::Star {
            return self.starred_expression();
        }
        let start = self.index;
        let lower = if self.kind() == TokenKind::Colon {
            None
        } else {
            let named = self.kind() == TokenKind::Name && self.kind_at(1) == TokenKind::ColonEqual;
            let expr = self.named_expression()?;
            if self.kind() != TokenKind::Colon {
                return Ok(expr);
            }
            if named {
                return Err(Failed);
            }
            Some(expr)
        };
        self.expect(TokenKind::Colon)?;
        let upper = self.slice_part()?;
        let step = if self.eat(TokenKind::Colon) { self.slice_part()? } else { None };
        Ok(self.add_expr(Expr::Slice { lower, upper, step }, start))
    }

    fn slice_part(&mut self) -> Parse<Option<ExprId>> {
        if matches!(self.kind(), TokenKind::Colon | TokenKind::Comma | TokenKind::RightBracket) {
            return Ok(None);
        }
        Ok(Some(self.expression()?))
    }
}
