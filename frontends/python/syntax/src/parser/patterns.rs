//! The `match` statement and its patterns.

use super::{Failed, Parse, Parser};
use crate::ast::{
    Constant, Expr, ExprContext, ExprId, List, MatchCase, Operator, Pattern, PatternId, Span, Stmt, StmtId, Symbol,
    UnaryOp, UnicodePrefix,
};
use crate::lexer::TokenKind;

impl Parser<'_> {
    /// A `match` statement; `None`, at the place it was, if the word is a name here.
    pub(super) fn match_statement(&mut self) -> Parse<Option<StmtId>> {
        let start = self.index;
        let subject = self.attempt(|parser| {
            parser.advance();
            let subject = parser.match_subject()?;
            parser.expect(TokenKind::Colon)?;
            parser.expect(TokenKind::Newline)?;
            parser.expect(TokenKind::Indent)?;
            Ok(subject)
        });
        if self.too_deep {
            return Err(Failed);
        }
        let Some(subject) = subject else { return Ok(None) };
        self.enter(3)?;
        let mut cases = Vec::new();
        while self.kind() != TokenKind::Dedent {
            if !self.at_word("case") {
                return Err(Failed);
            }
            self.advance();
            let pattern = self.patterns()?;
            let guard = if self.eat(TokenKind::If) { Some(self.named_expression()?) } else { None };
            let body = self.block()?;
            cases.push(self.ast.add(MatchCase { pattern, guard, body }, Span::default()));
        }
        self.advance();
        self.leave(3);
        if cases.is_empty() {
            return Err(Failed);
        }
        let cases = self.ast.add_list(&cases);
        Ok(Some(self.add_stmt(Stmt::Match { subject, cases }, start)))
    }

    fn match_subject(&mut self) -> Parse<ExprId> {
        let start = self.index;
        let starred = self.kind() == TokenKind::Star;
        let first = self.star_named_expression()?;
        if self.kind() != TokenKind::Comma {
            return if starred { Err(Failed) } else { Ok(first) };
        }
        let mark = self.exprs.len();
        self.exprs.push(first);
        while self.eat(TokenKind::Comma) {
            if self.kind() == TokenKind::Colon {
                break;
            }
            let next = self.star_named_expression()?;
            self.exprs.push(next);
        }
        let elts = self.take_exprs(mark);
        Ok(self.add_expr(Expr::Tuple { elts, ctx: ExprContext::Load }, start))
    }

    fn add_pattern(&mut self, pattern: Pattern, start: usize) -> PatternId {
        let span = self.span_from(start);
        self.ast.add(pattern, span)
    }

    /// The patterns of a case: one, or a sequence without brackets.
    fn patterns(&mut self) -> Parse<PatternId> {
        let start = self.index;
        let starred = self.kind() == TokenKind::Star;
        let first = self.maybe_star_pattern()?;
        if self.kind() != TokenKind::Comma {
            return if starred { Err(Failed) } else { Ok(first) };
        }
        let patterns = self.pattern_sequence(first, TokenKind::Colon)?;
        Ok(self.add_pattern(Pattern::MatchSequence { patterns }, start))
    }

    /// The rest of a sequence whose first element is there, with a comma next.
    fn pattern_sequence(&mut self, first: PatternId, close: TokenKind) -> Parse<List<PatternId>> {
        let mut patterns = vec![first];
        while self.eat(TokenKind::Comma) {
            if self.kind() == close || self.kind() == TokenKind::If {
                break;
            }
            patterns.push(self.maybe_star_pattern()?);
        }
        Ok(self.ast.add_list(&patterns))
    }

    fn maybe_star_pattern(&mut self) -> Parse<PatternId> {
        if self.kind() != TokenKind::Star {
            return self.pattern();
        }
        let start = self.index;
        self.advance();
        let name = if self.at_word("_") {
            self.advance();
            if matches!(self.kind(), TokenKind::Dot | TokenKind::LeftParen | TokenKind::Equal) {
                return Err(Failed);
            }
            None
        } else {
            Some(self.capture_target()?)
        };
        Ok(self.add_pattern(Pattern::MatchStar { name }, start))
    }

    /// A name to bind, not `_`.
    fn capture_target(&mut self) -> Parse<Symbol> {
        if self.at_word("_") {
            return Err(Failed);
        }
        let name = self.name()?;
        if matches!(self.kind(), TokenKind::Dot | TokenKind::LeftParen | TokenKind::Equal) {
            return Err(Failed);
        }
        Ok(name)
    }

    /// An or-pattern with an optional `as`.
    fn pattern(&mut self) -> Parse<PatternId> {
        let start = self.index;
        self.enter(4)?;
        let first = self.closed_pattern()?;
        let pattern = if self.kind() == TokenKind::Bar {
            let mut patterns = vec![first];
            while self.eat(TokenKind::Bar) {
                patterns.push(self.closed_pattern()?);
            }
            let patterns = self.ast.add_list(&patterns);
            self.add_pattern(Pattern::MatchOr { patterns }, start)
        } else {
            first
        };
        self.leave(4);
        if !self.eat(TokenKind::As) {
            return Ok(pattern);
        }
        let name = Some(self.capture_target()?);
        Ok(self.add_pattern(Pattern::MatchAs { pattern: Some(pattern), name }, start))
    }

    fn singleton(&mut self, value: Constant) -> PatternId {
        let start = self.index;
        self.advance();
        self.add_pattern(Pattern::MatchSingleton { value }, start)
    }

    fn closed_pattern(&mut self) -> Parse<PatternId> {
        let start = self.index;
        match self.kind() {
            TokenKind::None => Ok(self.singleton(Constant::None)),
            TokenKind::True => Ok(self.singleton(Constant::True)),
            TokenKind::False => Ok(self.singleton(Constant::False)),
            TokenKind::Number | TokenKind::Minus => {
                let value = self.pattern_number()?;
                Ok(self.add_pattern(Pattern::MatchValue { value }, start))
            }
            TokenKind::String | TokenKind::FStringStart => {
                let value = self.strings()?;
                Ok(self.add_pattern(Pattern::MatchValue { value }, start))
            }
            TokenKind::Name => self.name_pattern(),
            TokenKind::LeftParen => self.group_pattern(),
            TokenKind::LeftBracket => {
                self.advance();
                let patterns = if self.kind() == TokenKind::RightBracket {
                    List::EMPTY
                } else {
                    let first = self.maybe_star_pattern()?;
                    self.pattern_sequence(first, TokenKind::RightBracket)?
                };
                self.expect(TokenKind::RightBracket)?;
                Ok(self.add_pattern(Pattern::MatchSequence { patterns }, start))
            }
            TokenKind::LeftBrace => self.mapping_pattern(),
            _ => Err(Failed),
        }
    }

    fn group_pattern(&mut self) -> Parse<PatternId> {
        let start = self.index;
        self.advance();
        if self.eat(TokenKind::RightParen) {
            return Ok(self.add_pattern(Pattern::MatchSequence { patterns: List::EMPTY }, start));
        }
        let starred = self.kind() == TokenKind::Star;
        let first = self.maybe_star_pattern()?;
        if self.kind() == TokenKind::RightParen && !starred {
            self.advance();
            return Ok(first);
        }
        if self.kind() != TokenKind::Comma {
            return Err(Failed);
        }
        let patterns = self.pattern_sequence(first, TokenKind::RightParen)?;
        self.expect(TokenKind::RightParen)?;
        Ok(self.add_pattern(Pattern::MatchSequence { patterns }, start))
    }

    /// A capture, a wildcard, a dotted value or a class pattern.
    fn name_pattern(&mut self) -> Parse<PatternId> {
        let start = self.index;
        if !matches!(self.kind_at(1), TokenKind::Dot | TokenKind::LeftParen) {
            if self.kind_at(1) == TokenKind::Equal {
                return Err(Failed);
            }
            let wildcard = self.at_word("_");
            let name = self.name()?;
            let name = if wildcard { None } else { Some(name) };
            return Ok(self.add_pattern(Pattern::MatchAs { pattern: None, name }, start));
        }
        let value = self.dotted_value()?;
        match self.kind() {
            TokenKind::LeftParen => self.class_pattern(value, start),
            TokenKind::Equal => Err(Failed),
            _ => Ok(self.add_pattern(Pattern::MatchValue { value }, start)),
        }
    }

    fn dotted_value(&mut self) -> Parse<ExprId> {
        let start = self.index;
        let id = self.name()?;
        let mut value = self.add_expr(Expr::Name { id, ctx: ExprContext::Load }, start);
        while self.eat(TokenKind::Dot) {
            let attr = self.name()?;
            value = self.add_expr(Expr::Attribute { value, attr, ctx: ExprContext::Load }, start);
        }
        Ok(value)
    }

    fn class_pattern(&mut self, cls: ExprId, start: usize) -> Parse<PatternId> {
        self.advance();
        let (mut patterns, mut kwd_attrs, mut kwd_patterns) = (Vec::new(), Vec::new(), Vec::new());
        while self.kind() != TokenKind::RightParen {
            if self.kind() == TokenKind::Name && self.kind_at(1) == TokenKind::Equal {
                kwd_attrs.push(self.name()?);
                self.advance();
                kwd_patterns.push(self.pattern()?);
            } else if kwd_attrs.is_empty() {
                patterns.push(self.pattern()?);
            } else {
                return Err(Failed);
            }
            if !self.eat(TokenKind::Comma) {
                break;
            }
            if self.kind() == TokenKind::RightParen {
                break;
            }
        }
        self.expect(TokenKind::RightParen)?;
        let patterns = self.ast.add_list(&patterns);
        let kwd_attrs = self.ast.add_list(&kwd_attrs);
        let kwd_patterns = self.ast.add_list(&kwd_patterns);
        Ok(self.add_pattern(Pattern::MatchClass { cls, patterns, kwd_attrs, kwd_patterns }, start))
    }

    fn mapping_pattern(&mut self) -> Parse<PatternId> {
        let start = self.index;
        self.advance();
        let mut rest = None;
        let mut patterns = Vec::new();
        let mut keys = Vec::new();
        while self.kind() != TokenKind::RightBrace {
            if self.eat(TokenKind::DoubleStar) {
                rest = Some(self.capture_target()?);
                self.eat(TokenKind::Comma);
                break;
            }
            keys.push(self.mapping_key()?);
            self.expect(TokenKind::Colon)?;
            patterns.push(self.pattern()?);
            if !self.eat(TokenKind::Comma) {
                break;
            }
        }
        self.expect(TokenKind::RightBrace)?;
        let keys = self.ast.add_list(&keys);
        let patterns = self.ast.add_list(&patterns);
        Ok(self.add_pattern(Pattern::MatchMapping { keys, patterns, rest }, start))
    }

    fn mapping_key(&mut self) -> Parse<ExprId> {
        let start = self.index;
        let value = match self.kind() {
            TokenKind::Number | TokenKind::Minus => return self.pattern_number(),
            TokenKind::String | TokenKind::FStringStart => return self.strings(),
            TokenKind::Name if self.kind_at(1) == TokenKind::Dot => return self.dotted_value(),
            TokenKind::None => Constant::None,
            TokenKind::True => Constant::True,
            TokenKind::False => Constant::False,
            _ => return Err(Failed),
        };
        self.advance();
        Ok(self.add_expr(Expr::Constant { value, kind: UnicodePrefix(false) }, start))
    }

    /// A number with an optional minus, or a complex number: a real part, a sign, an imaginary part.
    fn pattern_number(&mut self) -> Parse<ExprId> {
        let start = self.index;
        let negative = self.eat(TokenKind::Minus);
        let (mut left, real) = self.pattern_digits()?;
        if negative {
            left = self.add_expr(Expr::UnaryOp { op: UnaryOp::USub, operand: left }, start);
        }
        let op = match self.kind() {
            TokenKind::Plus => Operator::Add,
            TokenKind::Minus => Operator::Sub,
            _ => return Ok(left),
        };
        self.advance();
        let (right, second_real) = self.pattern_digits()?;
        if !real || second_real {
            return Err(Failed);
        }
        Ok(self.add_expr(Expr::BinOp { left, op, right }, start))
    }

    /// A NUMBER, and whether it is real.
    fn pattern_digits(&mut self) -> Parse<(ExprId, bool)> {
        if self.kind() != TokenKind::Number {
            return Err(Failed);
        }
        let start = self.index;
        let value = self.number_value()?;
        self.advance();
        let real = !matches!(value, Constant::Complex(..));
        Ok((self.add_expr(Expr::Constant { value, kind: UnicodePrefix(false) }, start), real))
    }
}
