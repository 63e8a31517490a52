//! Runs the error grammar: a packrat parser with backtracking that attempts what CPython's parser attempts, in the
//! same order, keeping the same results, so that it fails at the same token and finds the same mistakes.
//!
//! Semantics that matter (all of them pegen's): tokens are read only when needed, and the furthest one read is where
//! a plain "invalid syntax" points; results are kept for `memo` and left-recursive rules only; an alternative whose
//! action yields nothing ends its rule without trying others; once an error is raised, everything fails.
//! Rules nest natively up to [`MAX_LEVEL`], so the machine runs on a thread with room for that.

use super::notation::{Action, Alternative, Expr, GRAMMAR, Grammar, NodeKind, Rule, SLOTS};
use crate::ast::Span;
use crate::error::{ErrorKind, SyntaxError};
use crate::lexer::{Lexer, Token, TokenKind};
use crate::parser::MAX_LEVEL;
use crate::source::{Source, has_code};
use crate::{Mode, Options};

/// The result of matching something.
#[derive(Clone, Copy, Debug)]
pub(super) enum Value {
    /// It matched, and that is all.
    Nothing,
    /// A token, by index.
    Token(usize),
    /// A node, by index.
    Node(usize),
    /// A range of `Machine::lists`.
    List(usize, usize),
}

/// What messages need to know of a tree.
#[derive(Clone, Copy, Debug)]
pub(super) struct Node {
    pub(super) kind: NodeKind,
    pub(super) span: Span,
    /// A range of `Machine::children`.
    pub(super) children: (usize, usize),
    /// The token it was made from first.
    pub(super) token: usize,
}

/// A kept result: rule, value, position behind it.
type Memo = (usize, Option<Value>, usize);

pub(super) struct Machine<'s> {
    pub(super) source: &'s [u8],
    pub(super) encoding_known: bool,
    pub(super) lexer: Lexer<'s>,
    pub(super) tokens: Vec<Token>,
    memos: Vec<Vec<Memo>>,
    pub(super) mark: usize,
    level: u32,
    call_invalid: bool,
    pub(super) error: Option<SyntaxError>,
    pub(super) nodes: Vec<Node>,
    pub(super) children: Vec<usize>,
    pub(super) lists: Vec<Value>,
    mode: Mode,
    options: Options,
    /// Something of an interactive entry was read.
    started: bool,
    pub(super) flufl: bool,
    grammar: &'static Grammar,
}

pub(super) type Slots = [Option<Value>; SLOTS];

impl<'s> Machine<'s> {
    pub(super) fn new(source: &'s Source, mode: Mode, options: Options) -> Self {
        let mut lexer = Lexer::new(&source.bytes);
        lexer.type_comments = options.type_comments;
        Machine {
            source: &source.bytes,
            encoding_known: source.encoding_known,
            lexer,
            tokens: Vec::new(),
            memos: Vec::new(),
            mark: 0,
            level: 0,
            call_invalid: false,
            error: None,
            nodes: Vec::new(),
            children: Vec::new(),
            lists: Vec::new(),
            mode,
            options,
            started: false,
            flufl: options.barry_as_flufl,
            grammar: &GRAMMAR,
        }
    }

    /// The error of the source; `None` if the grammar accepts it.
    pub(super) fn run(mut self) -> Option<SyntaxError> {
        let root = match self.mode {
            Mode::Exec => "file",
            Mode::Eval => "eval",
            Mode::Single => "interactive",
            Mode::FunctionType => "function_type",
        };
        let root = self.grammar.rule(root);
        if self.rule(root).is_some() {
            if self.mode == Mode::Single && has_code(&self.source[self.lexer.cursor..self.source.len() - 1]) {
                let message = "multiple statements found while compiling a single statement";
                self.raise_last(ErrorKind::Syntax, message);
            }
            return self.error;
        }
        if self.options.allow_incomplete_input && self.at_end() {
            self.error = None;
            self.raise_last(ErrorKind::Syntax, "incomplete input");
            return self.error;
        }
        let last = self.tokens.last().copied();
        if self.error.is_none() {
            self.mark = 0;
            self.level = 0;
            self.call_invalid = true;
            self.memos.iter_mut().for_each(Vec::clear);
            self.rule(root);
        }
        match (&self.error, last) {
            (Some(error), _) => {
                if error.kind != ErrorKind::Memory && self.lexer.error.is_none() && !self.lexer.at_end {
                    self.lexical_errors_behind();
                }
            }
            (None, Some(last)) => self.raise_generic(last),
            (None, None) => self.raise_last(ErrorKind::Syntax, "error at start before reading any input"),
        }
        self.error
    }

    /// Whether the lexer has seen the end of the source.
    fn at_end(&self) -> bool {
        self.lexer.at_end
    }

    /// The token at the mark, read if need be. `None` with an error if there is none.
    fn token(&mut self) -> Option<Token> {
        if self.mark == self.tokens.len() {
            let mut token = self.lexer.next_token();
            while token.kind == TokenKind::TypeIgnore {
                token = self.lexer.next_token();
            }
            if self.mode == Mode::Single && token.kind == TokenKind::EndMarker && self.started {
                token.kind = TokenKind::Newline;
                self.started = false;
                if !self.options.dont_imply_dedent {
                    self.lexer.end_blocks();
                }
            } else {
                self.started = true;
            }
            self.tokens.push(token);
            self.memos.push(Vec::new());
            if token.kind == TokenKind::Error {
                self.raise_lexical();
                return None;
            }
        }
        self.tokens.get(self.mark).copied()
    }

    pub(super) fn bytes(&self, token: usize) -> &'s [u8] {
        let source = self.source;
        self.tokens.get(token).map_or(&[], |token| &source[token.start as usize..token.end as usize])
    }

    /// Counts a level down; fails at the depth CPython gives up at.
    fn enter(&mut self) -> Option<()> {
        if self.error.is_some() {
            return None;
        }
        self.level += 1;
        if self.level > MAX_LEVEL {
            self.error = Some(super::too_complex());
            return None;
        }
        Some(())
    }

    fn kept(&self, rule: usize) -> Option<Memo> {
        self.memos.get(self.mark)?.iter().find(|memo| memo.0 == rule).copied()
    }

    fn keep(&mut self, at: usize, rule: usize, value: Option<Value>, behind: usize) {
        let Some(memos) = self.memos.get_mut(at) else { return };
        match memos.iter_mut().find(|memo| memo.0 == rule) {
            Some(memo) => *memo = (rule, value, behind),
            None => memos.push((rule, value, behind)),
        }
    }

    pub(super) fn rule(&mut self, index: usize) -> Option<Value> {
        let grammar = self.grammar;
        let rule = &grammar.rules[index];
        self.enter()?;
        let value = self.rule_inside(index, rule);
        self.level -= 1;
        value
    }

    fn rule_inside(&mut self, index: usize, rule: &Rule) -> Option<Value> {
        if rule.memo || rule.left {
            // A memo belongs to a token, so that is read first.
            self.token()?;
            if let Some((_, value, behind)) = self.kept(index) {
                self.mark = behind;
                return value;
            }
        }
        if rule.left {
            return self.grow(index, rule);
        }
        let start = self.mark;
        let invalid = self.call_invalid;
        if rule.without_invalid {
            self.call_invalid = false;
        }
        let value = self.alternatives(&rule.alternatives);
        self.call_invalid = invalid;
        if rule.memo && self.error.is_none() {
            self.keep(start, index, value, self.mark);
        }
        value
    }

    /// A left-recursive rule: begins with failure as its kept result, and goes on as long as it gets further.
    fn grow(&mut self, index: usize, rule: &Rule) -> Option<Value> {
        let start = self.mark;
        let (mut best, mut behind) = (None, start);
        loop {
            self.keep(start, index, best, behind);
            self.mark = start;
            self.enter()?;
            let value = self.alternatives(&rule.alternatives);
            self.level -= 1;
            if self.error.is_some() {
                return None;
            }
            if value.is_none() || self.mark <= behind {
                break;
            }
            (best, behind) = (value, self.mark);
        }
        self.mark = behind;
        best
    }

    fn alternatives(&mut self, alternatives: &[Alternative]) -> Option<Value> {
        let start = self.mark;
        for alternative in alternatives {
            if alternative.invalid && !self.call_invalid {
                continue;
            }
            if self.error.is_some() {
                return None;
            }
            let mut slots: Slots = [None; SLOTS];
            let mut first = None;
            let mut cut = false;
            let mut matched = true;
            for item in &alternative.items {
                if matches!(item.expr, Expr::Cut) {
                    cut = true;
                    continue;
                }
                let Some(value) = self.expression(&item.expr) else {
                    matched = false;
                    break;
                };
                if let Some(slot) = item.slot {
                    slots[slot] = Some(value);
                }
                if first.is_none() && !matches!(item.expr, Expr::Lookahead { .. }) {
                    first = Some(value);
                }
            }
            if self.error.is_some() {
                return None;
            }
            if matched {
                return match &alternative.action {
                    Action::Default => first.or(Some(Value::Nothing)),
                    Action::Slot(slot) => slots[*slot].or(Some(Value::Nothing)),
                    action => self.act(action, &slots, start),
                };
            }
            self.mark = start;
            if cut {
                return None;
            }
        }
        None
    }

    fn expect(&mut self, kind: TokenKind) -> Option<Value> {
        let token = self.token()?;
        if token.kind != kind {
            return None;
        }
        let index = self.mark;
        self.mark += 1;
        Some(match kind {
            TokenKind::Name => self.leaf(NodeKind::Name, index),
            TokenKind::Number => {
                self.check_number(index)?;
                let imaginary = matches!(self.bytes(index).last(), Some(b'j' | b'J'));
                self.leaf(if imaginary { NodeKind::Imaginary } else { NodeKind::Literal }, index)
            }
            _ => Value::Token(index),
        })
    }

    /// A node made of one token.
    pub(super) fn leaf(&mut self, kind: NodeKind, token: usize) -> Value {
        let span = self.tokens[token].span();
        self.nodes.push(Node { kind, span, children: (0, 0), token });
        Value::Node(self.nodes.len() - 1)
    }

    fn soft(&mut self, matches: impl Fn(&[u8]) -> bool) -> Option<Value> {
        let token = self.token()?;
        if token.kind != TokenKind::Name || !matches(self.bytes(self.mark)) {
            return None;
        }
        self.mark += 1;
        Some(self.leaf(NodeKind::Name, self.mark - 1))
    }

    fn expression(&mut self, expr: &Expr) -> Option<Value> {
        if self.error.is_some() {
            return None;
        }
        match expr {
            Expr::Token(kind) => self.expect(*kind),
            Expr::Soft(word) => self.soft(|bytes| bytes == word.as_bytes()),
            // CPython compares only as many characters as the name has: `c` and `typ` count as well.
            Expr::AnySoft => {
                self.soft(|bytes| ["_", "case", "match", "type"].iter().any(|word| word.as_bytes().starts_with(bytes)))
            }
            Expr::Rule(rule) => self.rule(*rule),
            Expr::Group(alternatives) => {
                self.enter()?;
                let value = self.alternatives(alternatives);
                self.level -= 1;
                value
            }
            Expr::Optional(element) => {
                let start = self.mark;
                match self.expression(element) {
                    Some(value) => Some(value),
                    None if self.error.is_some() => None,
                    None => {
                        self.mark = start;
                        Some(Value::Nothing)
                    }
                }
            }
            Expr::Repeat { element, at_least_one } => {
                self.enter()?;
                let mut found = Vec::new();
                self.repeat(&mut found, |machine| machine.expression(element));
                self.level -= 1;
                if self.error.is_some() || (*at_least_one && found.is_empty()) {
                    return None;
                }
                Some(self.list(&found))
            }
            Expr::Gather { separator, element } => {
                self.enter()?;
                let mut found = Vec::new();
                let first = self.expression(element);
                if let Some(first) = first {
                    found.push(first);
                    self.enter()?;
                    self.repeat(&mut found, |machine| {
                        machine.expression(separator)?;
                        machine.expression(element)
                    });
                    self.level -= 1;
                }
                self.level -= 1;
                if self.error.is_some() || found.is_empty() {
                    return None;
                }
                Some(self.list(&found))
            }
            Expr::Lookahead { element, positive } => {
                let start = self.mark;
                let found = self.expression(element).is_some();
                self.mark = start;
                (self.error.is_none() && found == *positive).then_some(Value::Nothing)
            }
            Expr::Forced(kind) => {
                let token = self.token()?;
                if token.kind != *kind {
                    self.raise_at(token.span(), format!("expected '{}'", kind.text()));
                    return None;
                }
                self.mark += 1;
                Some(Value::Token(self.mark - 1))
            }
            Expr::Cut => Some(Value::Nothing),
        }
    }

    fn repeat(&mut self, found: &mut Vec<Value>, mut element: impl FnMut(&mut Self) -> Option<Value>) {
        loop {
            let start = self.mark;
            match element(self) {
                Some(value) => found.push(value),
                None => {
                    self.mark = start;
                    return;
                }
            }
        }
    }

    pub(super) fn list(&mut self, values: &[Value]) -> Value {
        let start = self.lists.len();
        self.lists.extend_from_slice(values);
        Value::List(start, values.len())
    }

    /// The span from a token to the last one read that is more than layout.
    pub(super) fn span_from(&self, start: usize) -> Span {
        let layout =
            |kind| matches!(kind, TokenKind::Newline | TokenKind::Indent | TokenKind::Dedent | TokenKind::EndMarker);
        let first = self.tokens.get(start).map(Token::span).unwrap_or_default();
        let last = self.tokens[..self.mark].iter().rev().find(|token| !layout(token.kind));
        last.map_or(first, |last| first.to(last.span()))
    }

    /// Depth of brackets behind the last token used.
    pub(super) fn bracket_level(&self) -> u8 {
        self.mark.checked_sub(1).and_then(|last| self.tokens.get(last)).map_or(0, |token| token.level)
    }
}
