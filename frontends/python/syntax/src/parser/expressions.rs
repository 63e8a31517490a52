//! Expressions above the atoms: operators, conditions, lambda, yield.

use super::{Failed, Parse, Parser};
use crate::ast::{BoolOp, CmpOp, Expr, ExprContext, ExprId, Operator, UnaryOp};
use crate::lexer::TokenKind;

/// Rules between `expression` and `factor`, between `factor` and `atom` in CPython's grammar (left-recursive rules
/// count twice).
const LEVELS_TO_FACTOR: u32 = 17;
const LEVELS_TO_ATOM: u32 = 5;

/// Binding power of a binary operator, or none.
#[inline(always)]
fn binary_operator(kind: TokenKind) -> Option<(u8, Operator)> {
    Some(match kind {
        TokenKind::Bar => (1, Operator::BitOr),
        TokenKind::Caret => (2, Operator::BitXor),
        TokenKind::Ampersand => (3, Operator::BitAnd),
        TokenKind::LeftShift => (4, Operator::LShift),
        TokenKind::RightShift => (4, Operator::RShift),
        TokenKind::Plus => (5, Operator::Add),
        TokenKind::Minus => (5, Operator::Sub),
        TokenKind::Star => (6, Operator::Mult),
        TokenKind::Slash => (6, Operator::Div),
        TokenKind::DoubleSlash => (6, Operator::FloorDiv),
        TokenKind::Percent => (6, Operator::Mod),
        TokenKind::At => (6, Operator::MatMult),
        _ => return None,
    })
}

impl Parser<'_> {
    /// `star_expressions`: one or more, a tuple if there is a comma.
    pub(super) fn star_expressions(&mut self) -> Parse<ExprId> {
        self.expression_list(Self::star_expression)
    }

    fn expression_list(&mut self, element: impl Fn(&mut Self) -> Parse<ExprId>) -> Parse<ExprId> {
        let start = self.index;
        let first = element(self)?;
        if self.kind() != TokenKind::Comma {
            return Ok(first);
        }
        let mark = self.exprs.len();
        self.exprs.push(first);
        while self.eat(TokenKind::Comma) {
            if !self.at_expression() {
                break;
            }
            let next = element(self)?;
            self.exprs.push(next);
        }
        let elts = self.take_exprs(mark);
        Ok(self.add_expr(Expr::Tuple { elts, ctx: ExprContext::Load }, start))
    }

    /// Whether an expression (or a starred one) can begin here.
    pub(super) fn at_expression(&self) -> bool {
        use TokenKind::*;
        matches!(
            self.kind(),
            Name | Number
                | String
                | FStringStart
                | LeftParen
                | LeftBracket
                | LeftBrace
                | Minus
                | Plus
                | Tilde
                | Not
                | Lambda
                | Await
                | None
                | True
                | False
                | Ellipsis
                | Star
        )
    }

    pub(super) fn star_expression(&mut self) -> Parse<ExprId> {
        if self.kind() == TokenKind::Star { self.starred() } else { self.expression() }
    }

    /// `'*' bitwise_or`
    fn starred(&mut self) -> Parse<ExprId> {
        let start = self.index;
        self.expect(TokenKind::Star)?;
        let value = self.bitwise_or()?;
        Ok(self.add_expr(Expr::Starred { value, ctx: ExprContext::Load }, start))
    }

    pub(super) fn star_named_expression(&mut self) -> Parse<ExprId> {
        if self.kind() == TokenKind::Star { self.starred() } else { self.named_expression() }
    }

    /// `'*' expression`, as in calls and subscripts.
    pub(super) fn starred_expression(&mut self) -> Parse<ExprId> {
        let start = self.index;
        self.expect(TokenKind::Star)?;
        let value = self.expression()?;
        Ok(self.add_expr(Expr::Starred { value, ctx: ExprContext::Load }, start))
    }

    /// An expression or `name := expression`.
    pub(super) fn named_expression(&mut self) -> Parse<ExprId> {
        if self.kind() == TokenKind::Name && self.kind_at(1) == TokenKind::ColonEqual {
            let start = self.index;
            let id = self.name()?;
            let target = self.add_expr(Expr::Name { id, ctx: ExprContext::Store }, start);
            self.advance();
            let value = self.expression()?;
            return Ok(self.add_expr(Expr::NamedExpr { target, value }, start));
        }
        let expr = self.expression()?;
        if self.kind() == TokenKind::ColonEqual {
            return Err(Failed);
        }
        Ok(expr)
    }

    pub(super) fn yield_or_star_expressions(&mut self) -> Parse<ExprId> {
        if self.kind() == TokenKind::Yield { self.yield_expression() } else { self.star_expressions() }
    }

    pub(super) fn yield_expression(&mut self) -> Parse<ExprId> {
        let start = self.index;
        self.expect(TokenKind::Yield)?;
        if self.eat(TokenKind::From) {
            let value = self.expression()?;
            return Ok(self.add_expr(Expr::YieldFrom { value }, start));
        }
        let value = if self.at_expression() { Some(self.star_expressions()?) } else { None };
        Ok(self.add_expr(Expr::Yield { value }, start))
    }

    pub(super) fn expression(&mut self) -> Parse<ExprId> {
        self.enter(1)?;
        let start = self.index;
        let expr = if self.kind() == TokenKind::Lambda {
            self.lambda()?
        } else {
            let body = self.disjunction()?;
            if self.kind() == TokenKind::If {
                self.advance();
                let test = self.disjunction()?;
                self.expect(TokenKind::Else)?;
                let orelse = self.expression()?;
                self.add_expr(Expr::IfExp { test, body, orelse }, start)
            } else {
                body
            }
        };
        self.leave(1);
        Ok(expr)
    }

    fn lambda(&mut self) -> Parse<ExprId> {
        let start = self.index;
        self.enter(1)?;
        self.expect(TokenKind::Lambda)?;
        let args = self.parameters(TokenKind::Colon)?;
        self.expect(TokenKind::Colon)?;
        let body = self.expression()?;
        self.leave(1);
        Ok(self.add_expr(Expr::Lambda { args, body }, start))
    }

    #[inline]
    pub(super) fn disjunction(&mut self) -> Parse<ExprId> {
        let start = self.index;
        let first = self.conjunction()?;
        if self.kind() != TokenKind::Or {
            return Ok(first);
        }
        let mark = self.exprs.len();
        self.exprs.push(first);
        while self.eat(TokenKind::Or) {
            let next = self.conjunction()?;
            self.exprs.push(next);
        }
        let values = self.take_exprs(mark);
        Ok(self.add_expr(Expr::BoolOp { op: BoolOp::Or, values }, start))
    }

    #[inline]
    fn conjunction(&mut self) -> Parse<ExprId> {
        let start = self.index;
        let first = self.inversion()?;
        if self.kind() != TokenKind::And {
            return Ok(first);
        }
        let mark = self.exprs.len();
        self.exprs.push(first);
        while self.eat(TokenKind::And) {
            let next = self.inversion()?;
            self.exprs.push(next);
        }
        let values = self.take_exprs(mark);
        Ok(self.add_expr(Expr::BoolOp { op: BoolOp::And, values }, start))
    }

    fn inversion(&mut self) -> Parse<ExprId> {
        if self.kind() == TokenKind::Not {
            let start = self.index;
            self.enter(1)?;
            self.advance();
            let operand = self.inversion()?;
            self.leave(1);
            return Ok(self.add_expr(Expr::UnaryOp { op: UnaryOp::Not, operand }, start));
        }
        self.comparison()
    }

    /// The comparison operator here, consumed.
    #[inline]
    fn comparison_operator(&mut self) -> Option<CmpOp> {
        let op = match self.kind() {
            TokenKind::EqualEqual => CmpOp::Eq,
            TokenKind::NotEqual => {
                // PEP 401.
                let diamond = self.bytes(self.token()) == b"<>";
                if diamond != self.flufl {
                    return None;
                }
                CmpOp::NotEq
            }
            TokenKind::Less => CmpOp::Lt,
            TokenKind::LessEqual => CmpOp::LtE,
            TokenKind::Greater => CmpOp::Gt,
            TokenKind::GreaterEqual => CmpOp::GtE,
            TokenKind::In => CmpOp::In,
            TokenKind::Not if self.kind_at(1) == TokenKind::In => {
                self.advance();
                CmpOp::NotIn
            }
            TokenKind::Is => {
                if self.kind_at(1) == TokenKind::Not {
                    self.advance();
                    CmpOp::IsNot
                } else {
                    CmpOp::Is
                }
            }
            _ => return None,
        };
        self.advance();
        Some(op)
    }

    #[inline]
    fn comparison(&mut self) -> Parse<ExprId> {
        let start = self.index;
        let left = self.bitwise_or()?;
        let Some(first) = self.comparison_operator() else { return Ok(left) };
        let mark = self.exprs.len();
        let right = self.bitwise_or()?;
        self.exprs.push(right);
        let Some(second) = self.comparison_operator() else {
            let ops = self.ast.add_list(&[first]);
            let comparators = self.take_exprs(mark);
            return Ok(self.add_expr(Expr::Compare { left, ops, comparators }, start));
        };
        let mut ops = vec![first, second];
        loop {
            let right = self.bitwise_or()?;
            self.exprs.push(right);
            match self.comparison_operator() {
                Some(op) => ops.push(op),
                None => break,
            }
        }
        let ops = self.ast.add_list(&ops);
        let comparators = self.take_exprs(mark);
        Ok(self.add_expr(Expr::Compare { left, ops, comparators }, start))
    }

    #[inline]
    pub(super) fn bitwise_or(&mut self) -> Parse<ExprId> {
        self.enter(LEVELS_TO_FACTOR)?;
        let expr = self.binary(1)?;
        self.leave(LEVELS_TO_FACTOR);
        Ok(expr)
    }

    /// Operators of at least this binding power, by precedence climbing.
    fn binary(&mut self, power: u8) -> Parse<ExprId> {
        let start = self.index;
        let mut left = self.factor()?;
        while let Some((found, op)) = binary_operator(self.kind()) {
            if found < power {
                break;
            }
            self.advance();
            let right = self.binary(found + 1)?;
            left = self.add_expr(Expr::BinOp { left, op, right }, start);
        }
        Ok(left)
    }

    fn factor(&mut self) -> Parse<ExprId> {
        let op = match self.kind() {
            TokenKind::Minus => UnaryOp::USub,
            TokenKind::Plus => UnaryOp::UAdd,
            TokenKind::Tilde => UnaryOp::Invert,
            _ => return self.power(),
        };
        let start = self.index;
        self.enter(1)?;
        self.advance();
        let operand = self.factor()?;
        self.leave(1);
        Ok(self.add_expr(Expr::UnaryOp { op, operand }, start))
    }

    #[inline]
    fn power(&mut self) -> Parse<ExprId> {
        let start = self.index;
        self.enter(LEVELS_TO_ATOM)?;
        let left = self.await_primary()?;
        self.leave(LEVELS_TO_ATOM);
        if self.kind() != TokenKind::DoubleStar {
            return Ok(left);
        }
        self.enter(2)?;
        self.advance();
        let right = self.factor()?;
        self.leave(2);
        Ok(self.add_expr(Expr::BinOp { left, op: Operator::Pow, right }, start))
    }

    #[inline]
    fn await_primary(&mut self) -> Parse<ExprId> {
        if self.kind() != TokenKind::Await {
            return self.primary();
        }
        let start = self.index;
        self.advance();
        let value = self.primary()?;
        Ok(self.add_expr(Expr::Await { value }, start))
    }
}
