//! String literals: concatenation, f-strings.

use super::escapes::{InvalidEscape, decode_bytes, decode_text, literal};
use super::{Failed, Parse, Parser};
use crate::ast::{Constant, Expr, ExprId, List, Span, Text, UnicodePrefix};
use crate::error::{Warning, WarningKind};
use crate::lexer::{Token, TokenKind, count_characters};

/// An element of a concatenation of literals.
#[derive(Clone, Copy)]
enum Piece {
    Text { text: Text, span: Span, unicode: bool },
    Field(ExprId),
}

impl Parser<'_> {
    /// One or more literals next to each other.
    pub(super) fn strings(&mut self) -> Parse<ExprId> {
        let start = self.index;
        if self.kind() == TokenKind::String && !matches!(self.kind_at(1), TokenKind::String | TokenKind::FStringStart) {
            let token = *self.token();
            self.advance();
            let (constant, unicode) = self.string_constant(token)?;
            return Ok(self.ast.add(Expr::Constant { value: constant, kind: UnicodePrefix(unicode) }, token.span()));
        }
        let mut pieces = Vec::new();
        let mut bytes = Vec::new();
        let (mut formatted, mut textual) = (false, false);
        loop {
            match self.kind() {
                TokenKind::String => {
                    let token = *self.token();
                    self.advance();
                    match self.string_constant(token)? {
                        (Constant::Bytes(part), _) => bytes.push(part),
                        (Constant::Str(text), unicode) => {
                            textual = true;
                            pieces.push(Piece::Text { text, span: token.span(), unicode });
                        }
                        _ => return Err(Failed),
                    }
                }
                TokenKind::FStringStart => {
                    formatted = true;
                    self.fstring(&mut pieces)?;
                }
                _ => break,
            }
        }
        if !bytes.is_empty() {
            if formatted || textual {
                return Err(Failed);
            }
            let whole = self.ast.join_texts(&bytes);
            let expr = Expr::Constant { value: Constant::Bytes(whole), kind: UnicodePrefix(false) };
            return Ok(self.add_expr(expr, start));
        }
        if !formatted {
            let Piece::Text { text, unicode, .. } = self.join_pieces(&pieces)? else { return Err(Failed) };
            let expr = Expr::Constant { value: Constant::Str(text), kind: UnicodePrefix(unicode) };
            return Ok(self.add_expr(expr, start));
        }
        let values = self.fold_pieces(&pieces)?;
        Ok(self.add_expr(Expr::JoinedStr { values }, start))
    }

    /// The value of a STRING token, and whether it began with `u`.
    fn string_constant(&mut self, token: Token) -> Parse<(Constant, bool)> {
        let bytes = self.bytes(&token);
        let literal = literal(bytes);
        self.text.clear();
        if literal.bytes {
            let invalid = decode_bytes(literal.body, literal.raw, &mut self.text).map_err(|_| Failed)?;
            self.warn_escape(invalid, &token);
            return Ok((Constant::Bytes(self.ast.add_text(&self.text)), false));
        }
        let invalid = decode_text(literal.body, literal.raw, false, &mut self.text).map_err(|_| Failed)?;
        self.warn_escape(invalid, &token);
        Ok((Constant::Str(self.ast.add_text(&self.text)), literal.unicode))
    }

    fn warn_escape(&mut self, invalid: Option<InvalidEscape>, token: &Token) {
        if let Some(InvalidEscape { message }) = invalid {
            let offset = |end: u32, column: u32| {
                let before = &self.source[end.saturating_sub(column) as usize..end as usize];
                count_characters(before) as u32 + 1
            };
            self.warnings.push(Warning {
                kind: WarningKind::Syntax,
                message,
                lineno: token.lineno,
                offset: offset(token.start, token.col),
                end_lineno: token.end_lineno,
                end_offset: offset(token.end, token.end_col),
            });
        }
    }

    /// Texts next to each other as one; its prefix is the first's.
    fn join_pieces(&mut self, pieces: &[Piece]) -> Parse<Piece> {
        let mut texts = Vec::with_capacity(pieces.len());
        let (mut whole, mut first_unicode) = (Span::default(), false);
        for (index, piece) in pieces.iter().enumerate() {
            let Piece::Text { text, span, unicode } = *piece else { return Err(Failed) };
            if index == 0 {
                (whole, first_unicode) = (span, unicode);
            }
            whole = whole.to(span);
            texts.push(text);
        }
        Ok(Piece::Text { text: self.ast.join_texts(&texts), span: whole, unicode: first_unicode })
    }

    /// The values of a JoinedStr: texts joined, empty ones left out.
    fn fold_pieces(&mut self, pieces: &[Piece]) -> Parse<List<ExprId>> {
        let mark = self.exprs.len();
        let mut index = 0;
        while index < pieces.len() {
            if let Piece::Field(expr) = pieces[index] {
                self.exprs.push(expr);
                index += 1;
                continue;
            }
            let run = pieces[index..].iter().take_while(|piece| matches!(piece, Piece::Text { .. })).count();
            let Piece::Text { text, span, unicode } = self.join_pieces(&pieces[index..index + run])? else {
                return Err(Failed);
            };
            index += run;
            if !self.ast.bytes(text).is_empty() {
                let expr = Expr::Constant { value: Constant::Str(text), kind: UnicodePrefix(unicode) };
                let id = self.ast.add(expr, span);
                self.exprs.push(id);
            }
        }
        Ok(self.take_exprs(mark))
    }

    /// An f-string, its pieces appended.
    fn fstring(&mut self, pieces: &mut Vec<Piece>) -> Parse<()> {
        self.enter(2)?;
        let token = *self.token();
        let raw = self.bytes(&token).iter().any(|letter| letter | 0x20 == b'r');
        self.advance();
        loop {
            match self.kind() {
                TokenKind::FStringMiddle => {
                    let piece = self.fstring_text(raw)?;
                    pieces.push(piece);
                }
                TokenKind::LeftBrace => {
                    let (debug, field) = self.replacement_field()?;
                    pieces.extend(debug.map(|(piece, _)| piece));
                    pieces.push(Piece::Field(field));
                }
                _ => break,
            }
        }
        self.expect(TokenKind::FStringEnd)?;
        self.leave(2);
        Ok(())
    }

    /// An FSTRING_MIDDLE.
    fn fstring_text(&mut self, raw: bool) -> Parse<Piece> {
        let token = *self.token();
        self.advance();
        self.text.clear();
        let body = self.bytes(&token);
        let invalid = decode_text(body, raw, true, &mut self.text).map_err(|_| Failed)?;
        self.warn_escape(invalid, &token);
        Ok(Piece::Text { text: self.ast.add_text(&self.text), span: token.span(), unicode: false })
    }

    /// `{…}`: the FormattedValue, and for `{x=}` the text before it with the end of both.
    fn replacement_field(&mut self) -> Parse<(Option<(Piece, Span)>, ExprId)> {
        let start = self.index;
        self.enter(2)?;
        self.expect(TokenKind::LeftBrace)?;
        let value = self.yield_or_star_expressions()?;
        let debug = self.eat(TokenKind::Equal);
        // Where the text of a debug expression ends: the first token behind it, and the place CPython gives.
        let mut terminator = *self.token();
        let mut text_end = None;
        let mut conversion = -1;
        if self.kind() == TokenKind::Exclamation {
            let mark = *self.token();
            self.advance();
            let name = *self.token();
            if self.kind() != TokenKind::Name || mark.lineno != name.lineno || mark.end_col != name.col {
                return Err(Failed);
            }
            conversion = match self.bytes(&name) {
                [letter @ (b's' | b'r' | b'a')] => i32::from(*letter),
                _ => return Err(Failed),
            };
            text_end = Some((name.lineno, name.col));
            self.advance();
        }
        let mut format_spec = None;
        if self.kind() == TokenKind::Colon {
            let colon = *self.token();
            format_spec = Some(self.format_spec()?);
            text_end.get_or_insert((colon.lineno, colon.col + 1));
        }
        if text_end.is_none() {
            terminator = *self.token();
        }
        self.expect(TokenKind::RightBrace)?;
        if debug && conversion == -1 && format_spec.is_none() {
            conversion = i32::from(b'r');
        }
        self.leave(2);
        let span = self.span_from(start);
        let field = self.ast.add(Expr::FormattedValue { value, conversion, format_spec }, span);
        if !debug {
            return Ok((None, field));
        }
        let (end_lineno, end_col) = text_end.unwrap_or((span.end_lineno, span.end_col_offset));
        let text = self.debug_text(terminator);
        let text_span = Span {
            lineno: span.lineno,
            col_offset: span.col_offset + 1,
            end_lineno,
            end_col_offset: end_col.saturating_sub(1),
        };
        let whole = Span { end_lineno, end_col_offset: end_col, ..span };
        Ok((Some((Piece::Text { text, span: text_span, unicode: false }, whole)), field))
    }

    /// The source of a debug expression that ends at this token, without comments.
    fn debug_text(&mut self, terminator: Token) -> Text {
        let found = self.debug_texts.binary_search_by_key(&terminator.start, |text| text.token_start);
        let range = found.map_or(0..0, |index| {
            let text = self.debug_texts[index];
            text.start as usize..text.end.max(text.start) as usize
        });
        let source = &self.source[range];
        if !source.contains(&b'#') {
            return self.ast.add_text(source);
        }
        let mut text = Vec::with_capacity(source.len());
        let mut comment = false;
        for &byte in source {
            comment = (comment || byte == b'#') && byte != b'\n';
            if !comment {
                text.push(byte);
            }
        }
        self.ast.add_text(&text)
    }

    /// `:` and what follows up to the closing brace.
    fn format_spec(&mut self) -> Parse<ExprId> {
        let start = self.index;
        self.expect(TokenKind::Colon)?;
        let mark = self.exprs.len();
        loop {
            match self.kind() {
                TokenKind::FStringMiddle => {
                    // Escapes count here also in raw f-strings, as in CPython 3.12.
                    let Piece::Text { text, span, unicode } = self.fstring_text(false)? else { return Err(Failed) };
                    // CPython 3.12 keeps empty texts, unless there is nothing else.
                    let alone = self.exprs.len() == mark && self.kind() == TokenKind::RightBrace;
                    if !alone || !self.ast.bytes(text).is_empty() {
                        let expr = Expr::Constant { value: Constant::Str(text), kind: UnicodePrefix(unicode) };
                        let id = self.ast.add(expr, span);
                        self.exprs.push(id);
                    }
                }
                TokenKind::LeftBrace => {
                    let (debug, field) = self.replacement_field()?;
                    let id = match debug {
                        Some((Piece::Text { text, span, unicode }, whole)) => {
                            let expr = Expr::Constant { value: Constant::Str(text), kind: UnicodePrefix(unicode) };
                            let first = self.ast.add(expr, span);
                            let values = self.ast.add_list(&[first, field]);
                            self.ast.add(Expr::JoinedStr { values }, whole)
                        }
                        _ => field,
                    };
                    self.exprs.push(id);
                }
                _ => break,
            }
        }
        let values = self.take_exprs(mark);
        Ok(self.add_expr(Expr::JoinedStr { values }, start))
    }
}
