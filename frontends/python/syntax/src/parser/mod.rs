//! The parser: tokens to tree, by recursive descent.
//!
//! It accepts exactly the sources that CPython 3.12's grammar accepts and builds the same tree, in one pass with at
//! most two attempts at a statement (`with (`, `match`). It says nothing about sources that it refuses: those are read
//! again by [`crate::errors`], which follows CPython's order of attempts to find CPython's message.
//!
//! Recursion is bounded twice: by a level that counts as CPython's parser does, so that what is too deeply nested
//! there is so here, and by the bytes of native stack used. Left-recursive constructs (`a.b.c`, `1+1+1`) are loops.

mod arguments;
mod atoms;
mod compound;
pub(crate) mod escapes;
mod expressions;
mod numbers;
mod patterns;
mod statements;
mod strings;
mod targets;

use crate::ast::{self, Ast, ExprId, List, Span, StmtId, Symbol};
use crate::error::Warning;
use crate::lexer::{DebugText, Lexer, Token, TokenKind};
use crate::{Mode, Options};

pub(crate) use numbers::{NumberError, int_literal};

/// The source is refused. Why, the error pass says; see [`Parser::too_deep`] for the exception.
#[derive(Debug)]
pub(crate) struct Failed;

pub(crate) type Parse<T> = Result<T, Failed>;

/// Nesting of rules at which CPython's parser gives up.
pub(crate) const MAX_LEVEL: u32 = 6000;
/// Rules of CPython's grammar above the expression of a statement.
const BASE_LEVEL: u32 = 8;
/// Native stack the parser may use. What runs into it before the level is as complex for us as that.
const STACK_BUDGET: usize = 1 << 20;

/// See the module.
pub(crate) struct Parser<'s> {
    source: &'s [u8],
    tokens: Vec<Token>,
    debug_texts: Vec<DebugText>,
    /// The comments that are put aside.
    type_ignores: Vec<Token>,
    index: usize,
    level: u32,
    stack_base: usize,
    /// The reason of a failure was depth.
    pub(crate) too_deep: bool,
    pub(crate) ast: Ast,
    pub(crate) warnings: Vec<Warning>,
    /// Stacks of list elements under way.
    exprs: Vec<ExprId>,
    stmts: Vec<StmtId>,
    /// Decoded text of the string under way.
    text: Vec<u8>,
    flufl: bool,
}

/// The address of a local variable: how far down the stack we are.
#[inline(always)]
fn stack_position() -> usize {
    let marker = 0u8;
    std::ptr::from_ref(std::hint::black_box(&marker)).addr()
}

impl<'s> Parser<'s> {
    /// Lexes the source to its end or first error.
    pub(crate) fn new(source: &'s [u8], mode: Mode, options: Options) -> Self {
        let mut lexer = Lexer::new(source);
        lexer.type_comments = options.type_comments;
        let mut type_ignores = Vec::new();
        let mut tokens = Vec::with_capacity(source.len() / 4 + 8);
        let mut started = false;
        loop {
            let mut token = lexer.next_token();
            if token.kind == TokenKind::TypeIgnore {
                type_ignores.push(token);
                continue;
            }
            if mode == Mode::Single && token.kind == TokenKind::EndMarker && started {
                // An interactive entry ends with a NEWLINE and the DEDENTs, whatever stands in the text.
                token.kind = TokenKind::Newline;
                started = false;
                if !options.dont_imply_dedent {
                    lexer.end_blocks();
                }
            } else {
                started = true;
            }
            tokens.push(token);
            if matches!(token.kind, TokenKind::EndMarker | TokenKind::Error) {
                break;
            }
        }
        Parser {
            source,
            tokens,
            debug_texts: lexer.debug_texts,
            type_ignores,
            index: 0,
            level: BASE_LEVEL,
            stack_base: stack_position(),
            too_deep: false,
            ast: Ast::with_capacity(source.len()),
            warnings: lexer.warnings,
            exprs: Vec::new(),
            stmts: Vec::new(),
            text: Vec::new(),
            flufl: options.barry_as_flufl,
        }
    }

    /// Parses the whole.
    pub(crate) fn parse(&mut self, mode: Mode) -> Parse<()> {
        self.ast.root = match mode {
            Mode::Exec => {
                let body = self.statements_until(TokenKind::EndMarker)?;
                ast::Root::Module { body, type_ignores: self.type_ignores() }
            }
            Mode::Eval => {
                let body = self.star_expressions()?;
                while self.eat(TokenKind::Newline) {}
                self.expect(TokenKind::EndMarker)?;
                ast::Root::Expression { body }
            }
            Mode::Single => ast::Root::Interactive { body: self.interactive()? },
            Mode::FunctionType => self.function_type()?,
        };
        Ok(())
    }

    fn type_ignores(&mut self) -> List<ast::TypeIgnore> {
        let ignores: Vec<_> = std::mem::take(&mut self.type_ignores)
            .into_iter()
            .map(|token| ast::TypeIgnore { lineno: token.lineno, tag: self.ast.add_text(self.bytes(&token)) })
            .collect();
        self.ast.add_list(&ignores)
    }

    /// A comment about a type, if one stands here.
    fn type_comment(&mut self) -> ast::TypeComment {
        let token = *self.token();
        if token.kind != TokenKind::TypeComment {
            return ast::TypeComment::default();
        }
        self.advance();
        let text = self.bytes(&token);
        ast::TypeComment(Some(self.ast.add_text(text)))
    }

    /// `(int, *str, **Any) -> None`
    fn function_type(&mut self) -> Parse<ast::Root> {
        self.expect(TokenKind::LeftParen)?;
        let mark = self.exprs.len();
        // Which of `*` and `**` have been.
        let mut stars = 0;
        while self.kind() != TokenKind::RightParen {
            let star = match self.kind() {
                TokenKind::Star => 1,
                TokenKind::DoubleStar => 2,
                _ => 0,
            };
            if star > 0 {
                self.advance();
            }
            if star < stars || (star == stars && star > 0) || (star == 0 && stars > 0) {
                return Err(Failed);
            }
            stars = star;
            let argument = self.expression()?;
            self.exprs.push(argument);
            if !self.eat(TokenKind::Comma) {
                break;
            }
            if self.kind() == TokenKind::RightParen {
                return Err(Failed);
            }
        }
        let argtypes = self.take_exprs(mark);
        self.expect(TokenKind::RightParen)?;
        self.expect(TokenKind::Arrow)?;
        let returns = self.expression()?;
        while self.eat(TokenKind::Newline) {}
        self.expect(TokenKind::EndMarker)?;
        Ok(ast::Root::FunctionType { argtypes, returns })
    }

    /// Whether anything but blanks and comments follows an interactive entry.
    pub(crate) fn stopped_early(&self) -> bool {
        let used = self.tokens[self.index.saturating_sub(1)].end as usize;
        crate::source::has_code(&self.source[used..self.source.len() - 1])
    }

    /// The line the parse came to.
    pub(crate) fn last_line(&self) -> u32 {
        self.token().lineno
    }

    #[inline(always)]
    fn token(&self) -> &Token {
        &self.tokens[self.index]
    }

    #[inline(always)]
    fn kind(&self) -> TokenKind {
        self.tokens[self.index].kind
    }

    /// The kind of a token further on; the last token again beyond the end.
    fn kind_at(&self, distance: usize) -> TokenKind {
        self.tokens[(self.index + distance).min(self.tokens.len() - 1)].kind
    }

    /// Goes on to the next token. The last one (ENDMARKER or ERRORTOKEN) is never passed.
    #[inline(always)]
    fn advance(&mut self) {
        if self.index + 1 < self.tokens.len() {
            self.index += 1;
        }
    }

    #[inline(always)]
    fn eat(&mut self, kind: TokenKind) -> bool {
        let found = self.kind() == kind;
        if found {
            self.advance();
        }
        found
    }

    #[inline(always)]
    fn expect(&mut self, kind: TokenKind) -> Parse<()> {
        if self.eat(kind) { Ok(()) } else { Err(Failed) }
    }

    /// Counts `levels` rules down; the caller gives them back with [`Self::leave`] (a failure need not).
    #[inline(always)]
    fn enter(&mut self, levels: u32) -> Parse<()> {
        self.level += levels;
        if self.level > MAX_LEVEL || self.stack_base.abs_diff(stack_position()) > STACK_BUDGET {
            self.too_deep = true;
            return Err(Failed);
        }
        Ok(())
    }

    #[inline(always)]
    fn leave(&mut self, levels: u32) {
        self.level -= levels;
    }

    /// The span from the token at index `start` to the last used one that is more than layout.
    #[inline(always)]
    fn span_from(&self, start: usize) -> Span {
        let first = &self.tokens[start];
        let mut last = self.index.saturating_sub(1);
        while last > start
            && matches!(
                self.tokens[last].kind,
                TokenKind::Newline | TokenKind::Indent | TokenKind::Dedent | TokenKind::EndMarker
            )
        {
            last -= 1;
        }
        let last = &self.tokens[last];
        Span { lineno: first.lineno, col_offset: first.col, end_lineno: last.end_lineno, end_col_offset: last.end_col }
    }

    fn add_expr(&mut self, expr: ast::Expr, start: usize) -> ExprId {
        let span = self.span_from(start);
        self.ast.add(expr, span)
    }

    fn add_stmt(&mut self, stmt: ast::Stmt, start: usize) -> StmtId {
        let span = self.span_from(start);
        self.ast.add(stmt, span)
    }

    /// Takes the expressions above `mark` off the stack as a list.
    fn take_exprs(&mut self, mark: usize) -> List<ExprId> {
        let list = self.ast.add_list(&self.exprs[mark..]);
        self.exprs.truncate(mark);
        list
    }

    fn take_stmts(&mut self, mark: usize) -> List<StmtId> {
        let list = self.ast.add_list(&self.stmts[mark..]);
        self.stmts.truncate(mark);
        list
    }

    /// Bytes of a token.
    #[inline(always)]
    fn bytes(&self, token: &Token) -> &'s [u8] {
        &self.source[token.start as usize..token.end as usize]
    }

    /// Whether the current token is the name `word` (a soft keyword).
    fn at_word(&self, word: &str) -> bool {
        self.kind() == TokenKind::Name && self.bytes(self.token()) == word.as_bytes()
    }

    /// The identifier of a NAME token.
    fn symbol(&mut self, token: Token) -> Symbol {
        let bytes = self.bytes(&token);
        match std::str::from_utf8(bytes) {
            Ok(name) if name.is_ascii() => self.ast.symbols.intern(name),
            // The lexer has checked that identifiers are UTF-8.
            _ => self.ast.symbols.intern(&normalize_identifier(&String::from_utf8_lossy(bytes))),
        }
    }

    /// Consumes a NAME.
    fn name(&mut self) -> Parse<Symbol> {
        if self.kind() != TokenKind::Name {
            return Err(Failed);
        }
        let token = *self.token();
        self.advance();
        Ok(self.symbol(token))
    }

    /// Tries `attempt`; if it fails, stands where it stood.
    fn attempt<T>(&mut self, attempt: impl FnOnce(&mut Self) -> Parse<T>) -> Option<T> {
        let (index, level) = (self.index, self.level);
        let (exprs, stmts) = (self.exprs.len(), self.stmts.len());
        let result = attempt(self);
        if result.is_err() {
            self.index = index;
            self.exprs.truncate(exprs);
            self.stmts.truncate(stmts);
        }
        self.level = level;
        result.ok()
    }
}

/// Identifiers are compared in NFKC (PEP 3131).
pub(crate) fn normalize_identifier(name: &str) -> String {
    use unicode_normalization::UnicodeNormalization;
    name.nfkc().collect()
}
