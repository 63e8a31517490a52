//! Arguments of calls and parameters of functions and lambdas.

use super::{Failed, Parse, Parser};
use crate::ast::{Arg, ArgId, Arguments, ArgumentsId, Expr, ExprId, Keyword, KeywordId, List, Span, TypeComment};
use crate::lexer::TokenKind;

impl Parser<'_> {
    /// `(…)` behind a primary that began at token `start`.
    pub(super) fn call(&mut self, func: ExprId, start: usize) -> Parse<ExprId> {
        let open = self.index;
        self.enter(5)?;
        self.advance();
        let mark = self.exprs.len();
        let mut keywords = Vec::new();
        let mut generator = false;
        if self.kind() != TokenKind::RightParen {
            generator = self.call_arguments(&mut keywords, open, true)?;
        }
        if !generator {
            self.expect(TokenKind::RightParen)?;
        }
        self.leave(5);
        let args = self.take_exprs(mark);
        let keywords = self.ast.add_list(&keywords);
        Ok(self.add_expr(Expr::Call { func, args, keywords }, start))
    }

    /// The bases and keywords of a class, behind its opening parenthesis.
    pub(super) fn class_arguments(&mut self) -> Parse<(List<ExprId>, List<KeywordId>)> {
        let mark = self.exprs.len();
        let mut keywords = Vec::new();
        if self.kind() != TokenKind::RightParen {
            self.call_arguments(&mut keywords, self.index, false)?;
        }
        self.expect(TokenKind::RightParen)?;
        let bases = self.take_exprs(mark);
        Ok((bases, self.ast.add_list(&keywords)))
    }

    /// Pushes positional arguments on the stack of expressions. Says whether the arguments were one generator
    /// expression, whose closing parenthesis (the call's) is then consumed.
    fn call_arguments(&mut self, keywords: &mut Vec<KeywordId>, open: usize, generator_allowed: bool) -> Parse<bool> {
        let first = self.index;
        let mut unpacked = false;
        loop {
            let start = self.index;
            match self.kind() {
                TokenKind::DoubleStar => {
                    self.advance();
                    let value = self.expression()?;
                    let span = self.span_from(start);
                    keywords.push(self.ast.add(Keyword { arg: None, value }, span));
                    unpacked = true;
                }
                TokenKind::Star => {
                    if unpacked {
                        return Err(Failed);
                    }
                    let value = self.starred_expression()?;
                    self.exprs.push(value);
                }
                TokenKind::Name if self.kind_at(1) == TokenKind::Equal => {
                    let arg = Some(self.name()?);
                    self.advance();
                    let value = self.expression()?;
                    let span = self.span_from(start);
                    keywords.push(self.ast.add(Keyword { arg, value }, span));
                }
                _ => {
                    if !keywords.is_empty() {
                        return Err(Failed);
                    }
                    let value = self.named_expression()?;
                    if generator_allowed && start == first && matches!(self.kind(), TokenKind::For | TokenKind::Async) {
                        let generators = self.comprehension_clauses()?;
                        self.expect(TokenKind::RightParen)?;
                        let expr = self.add_expr(Expr::GeneratorExp { elt: value, generators }, open);
                        self.exprs.push(expr);
                        return Ok(true);
                    }
                    self.exprs.push(value);
                }
            }
            if !self.eat(TokenKind::Comma) || self.kind() == TokenKind::RightParen {
                return Ok(false);
            }
        }
    }

    /// Parameters up to `close` (not consumed): `)` of a def, `:` of a lambda.
    pub(super) fn parameters(&mut self, close: TokenKind) -> Parse<ArgumentsId> {
        let annotated = close == TokenKind::RightParen;
        let (mut posonlyargs, mut args, mut kwonlyargs) = (Vec::new(), Vec::new(), Vec::new());
        let (mut defaults, mut kw_defaults) = (Vec::new(), Vec::new());
        let (mut vararg, mut kwarg) = (None, None);
        let mut slash = false;
        let mut star = false;
        while self.kind() != close {
            let mut comment = None;
            match self.kind() {
                TokenKind::Slash => {
                    if slash || star || args.is_empty() {
                        return Err(Failed);
                    }
                    slash = true;
                    self.advance();
                    posonlyargs = std::mem::take(&mut args);
                }
                TokenKind::Star => {
                    if star {
                        return Err(Failed);
                    }
                    star = true;
                    self.advance();
                    if self.kind() == TokenKind::Comma {
                        // A bare star needs a parameter behind it.
                        if self.kind_at(1) != TokenKind::Name {
                            return Err(Failed);
                        }
                    } else {
                        vararg = Some(self.parameter(annotated, true)?);
                        comment = vararg;
                    }
                }
                TokenKind::DoubleStar => {
                    self.advance();
                    kwarg = Some(self.parameter(annotated, false)?);
                    self.eat(TokenKind::Comma);
                    self.comment_parameter(kwarg);
                    if self.kind() != close {
                        return Err(Failed);
                    }
                    break;
                }
                _ => {
                    let parameter = self.parameter(annotated, false)?;
                    comment = Some(parameter);
                    let default = if self.eat(TokenKind::Equal) { Some(self.expression()?) } else { None };
                    if star {
                        kwonlyargs.push(parameter);
                        kw_defaults.push(default);
                    } else {
                        if default.is_none() && !defaults.is_empty() {
                            return Err(Failed);
                        }
                        args.push(parameter);
                        defaults.extend(default);
                    }
                }
            }
            // The comment about a parameter's type stands behind the comma, or before the end.
            let goes_on = self.eat(TokenKind::Comma);
            self.comment_parameter(comment);
            if !goes_on {
                break;
            }
        }
        if self.kind() != close {
            return Err(Failed);
        }
        let arguments = Arguments {
            posonlyargs: self.ast.add_list(&posonlyargs),
            args: self.ast.add_list(&args),
            vararg,
            kwonlyargs: self.ast.add_list(&kwonlyargs),
            kw_defaults: self.ast.add_list(&kw_defaults),
            kwarg,
            defaults: self.ast.add_list(&defaults),
        };
        Ok(self.ast.add(arguments, Span::default()))
    }

    /// Gives a parameter the comment about a type that stands here.
    fn comment_parameter(&mut self, parameter: Option<ArgId>) {
        if let Some(parameter) = parameter
            && self.kind() == TokenKind::TypeComment
        {
            let node = &self.ast[parameter];
            let (arg, annotation) = (node.arg, node.annotation);
            let type_comment = self.type_comment();
            self.ast.replace(parameter, Arg { arg, annotation, type_comment });
        }
    }

    /// A name with its annotation; that of `*args` may be starred (PEP 646).
    fn parameter(&mut self, annotated: bool, variadic: bool) -> Parse<ArgId> {
        let start = self.index;
        let arg = self.name()?;
        let annotation = if annotated && self.eat(TokenKind::Colon) {
            Some(if variadic { self.star_expression()? } else { self.expression()? })
        } else {
            None
        };
        let span = self.span_from(start);
        Ok(self.ast.add(Arg { arg, annotation, type_comment: TypeComment::default() }, span))
    }
}
