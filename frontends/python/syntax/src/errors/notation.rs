//! Reads the notation of `grammar.txt` (described at its top) into what the machine runs.
//!
//! The text is part of the program: a mistake in it is a bug that the tests of this module find, so reading it panics.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::lexer::TokenKind;

/// The grammar, read when the first error is to be explained.
pub(super) static GRAMMAR: LazyLock<Grammar> = LazyLock::new(|| read(include_str!("grammar.txt")));

pub(super) struct Grammar {
    pub(super) rules: Vec<Rule>,
    names: HashMap<&'static str, usize>,
}

impl Grammar {
    /// Index of a rule that exists.
    pub(super) fn rule(&self, name: &str) -> usize {
        self.names[name]
    }
}

pub(super) struct Rule {
    pub(super) memo: bool,
    pub(super) left: bool,
    pub(super) without_invalid: bool,
    pub(super) alternatives: Vec<Alternative>,
}

pub(super) struct Alternative {
    pub(super) items: Vec<Item>,
    pub(super) action: Action,
    /// Is just a rule of known mistakes. Where such a rule is one item of several, it counts in the first pass as well.
    pub(super) invalid: bool,
}

pub(super) struct Item {
    /// Slot of the name given to the result.
    pub(super) slot: Option<usize>,
    pub(super) expr: Expr,
}

pub(super) enum Expr {
    Token(TokenKind),
    /// A particular soft keyword.
    Soft(&'static str),
    /// Any soft keyword.
    AnySoft,
    Rule(usize),
    Group(Vec<Alternative>),
    Optional(Box<Expr>),
    Repeat {
        element: Box<Expr>,
        at_least_one: bool,
    },
    Gather {
        separator: Box<Expr>,
        element: Box<Expr>,
    },
    Lookahead {
        element: Box<Expr>,
        positive: bool,
    },
    Forced(TokenKind),
    Cut,
}

/// Names in an alternative: single letters from `a`.
pub(super) const SLOTS: usize = 16;

/// What an argument of an action refers to.
#[derive(Clone, Copy, Debug)]
pub(super) enum Argument {
    Slot(usize),
    First(usize),
    Last(usize),
    /// The last expression of the last clause of a comprehension.
    LastOfComprehension(usize),
    Text(&'static str),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    At,
    Range,
    From,
    Last,
    Next,
    Indent,
}

pub(super) enum Action {
    /// The first result.
    Default,
    Slot(usize),
    Node(NodeKind, Vec<Argument>),
    Error(Place, Vec<Argument>, &'static str),
    Call(&'static str, Vec<Argument>),
}

macro_rules! node_kinds {
    ($($Kind:ident $description:literal),* $(,)?) => {
        /// What a node is, as far as messages tell.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(super) enum NodeKind { $($Kind),* }

        impl NodeKind {
            fn from_name(name: &str) -> NodeKind {
                match name {
                    $(stringify!($Kind) => NodeKind::$Kind,)*
                    _ => panic!("no kind of node {name}"),
                }
            }

            /// What messages call it.
            pub(super) fn description(self) -> &'static str {
                match self { $(NodeKind::$Kind => $description),* }
            }
        }
    };
}

node_kinds! {
    Attribute "attribute", Subscript "subscript", Starred "starred", Name "name", List "list", Tuple "tuple",
    Lambda "lambda", Call "function call", Operation "expression", GeneratorExp "generator expression",
    Yield "yield expression", Await "await expression", ListComp "list comprehension",
    SetComp "set comprehension", DictComp "dict comprehension", Dict "dict literal", Set "set display",
    JoinedStr "f-string expression", FormattedValue "f-string expression", None "None", True "True", False "False",
    Ellipsis "ellipsis", Literal "literal", BytesLiteral "literal", Imaginary "literal", Compare "comparison",
    CompareIn "comparison", IfExp "conditional expression", NamedExpr "named expression",
    Slice "slice", Comprehension "comprehension", Arguments "arguments", Keyword "keyword",
    KeywordUnpacking "keyword", Items "items", Param "parameter", Pattern "pattern",
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Word {
    Plain(&'static str),
    /// In quotes.
    Quoted(&'static str),
    Sign(char),
    Arrow,
    /// `&&`
    Force,
}

/// Splits a line into words.
fn words(line: &'static str) -> Vec<Word> {
    let mut words = Vec::new();
    let mut rest = line.trim_start();
    while let Some(first) = rest.chars().next() {
        let length;
        if rest.starts_with("=>") {
            length = 2;
            words.push(Word::Arrow);
        } else if rest.starts_with("&&") {
            length = 2;
            words.push(Word::Force);
        } else if first == '\'' || first == '"' {
            let mut end = 1;
            while !rest[end..].starts_with(first) {
                end += if rest[end..].starts_with('\\') { 2 } else { 1 };
            }
            words.push(Word::Quoted(&rest[1..end]));
            length = end + 1;
        } else if first.is_alphabetic() || first == '_' {
            length = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
            words.push(Word::Plain(&rest[..length]));
        } else {
            length = first.len_utf8();
            words.push(Word::Sign(first));
        }
        rest = rest[length..].trim_start();
    }
    words
}

fn read(text: &'static str) -> Grammar {
    let lines = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    let mut headers = Vec::new();
    for line in lines {
        if line.starts_with(' ') {
            let (_, bodies): &mut (&str, Vec<&'static str>) = headers.last_mut().expect("a rule before alternatives");
            bodies.push(line.trim_start().strip_prefix('|').expect("an alternative"));
        } else {
            headers.push((line.strip_suffix(':').expect("a rule's header"), Vec::new()));
        }
    }
    let header_words = |header: &'static str| header.split(' ');
    let names: HashMap<&'static str, usize> = headers
        .iter()
        .enumerate()
        .map(|(index, (header, _))| (header_words(header).next().unwrap_or_default(), index))
        .collect();
    let rules = headers
        .iter()
        .map(|(header, bodies)| {
            let name = header_words(header).next().unwrap_or_default();
            let flag = |flag: &str| header_words(header).skip(1).any(|word| word == flag);
            let alternatives = bodies
                .iter()
                .map(|body| {
                    let words = words(body);
                    let mut reader = Reader { names: &names, words: &words, at: 0, invalid: false };
                    let alternative = reader.alternative();
                    assert_eq!(reader.at, words.len(), "rest of {body}");
                    alternative
                })
                .collect();
            Rule {
                memo: flag("memo"),
                left: flag("left"),
                without_invalid: name.ends_with("_without_invalid"),
                alternatives,
            }
        })
        .collect();
    Grammar { rules, names }
}

struct Reader<'a> {
    names: &'a HashMap<&'static str, usize>,
    words: &'a [Word],
    at: usize,
    /// The last item read was a rule of known mistakes.
    invalid: bool,
}

impl Reader<'_> {
    fn peek(&self) -> Option<Word> {
        self.words.get(self.at).copied()
    }

    fn eat(&mut self, word: Word) -> bool {
        let found = self.peek() == Some(word);
        self.at += usize::from(found);
        found
    }

    fn expect(&mut self, sign: char) {
        assert!(self.eat(Word::Sign(sign)), "{sign} at {} of {:?}", self.at, self.words);
    }

    /// Alternatives in brackets, which count as a rule of their own, unless they are just one item.
    fn group(&mut self, close: char) -> Expr {
        let mut alternatives = vec![self.alternative()];
        while self.eat(Word::Sign('|')) {
            alternatives.push(self.alternative());
        }
        self.expect(close);
        match alternatives.as_mut_slice() {
            [Alternative { items, action: Action::Default, .. }] if items.len() == 1 => items.remove(0).expr,
            _ => Expr::Group(alternatives),
        }
    }

    fn alternative(&mut self) -> Alternative {
        self.invalid = false;
        let mut items = Vec::new();
        while !matches!(self.peek(), None | Some(Word::Arrow | Word::Sign('|' | ')' | ']'))) {
            items.push(self.item());
        }
        let action = if self.eat(Word::Arrow) { self.action() } else { Action::Default };
        let invalid = self.invalid && items.len() == 1;
        Alternative { items, action, invalid }
    }

    fn item(&mut self) -> Item {
        let mut slot = None;
        if let Some(Word::Plain(name)) = self.peek()
            && name.len() == 1
            && self.words.get(self.at + 1) == Some(&Word::Sign('='))
        {
            self.at += 2;
            slot = Some(slot_of(name));
        }
        Item { slot, expr: self.expression() }
    }

    fn expression(&mut self) -> Expr {
        if self.eat(Word::Sign('&')) || self.peek() == Some(Word::Sign('!')) {
            let positive = !self.eat(Word::Sign('!'));
            return Expr::Lookahead { element: Box::new(self.atom()), positive };
        }
        if self.eat(Word::Force) {
            let Some(Word::Quoted(text)) = self.peek() else { panic!("a token behind &&") };
            self.at += 1;
            return Expr::Forced(token(text));
        }
        if self.eat(Word::Sign('~')) {
            return Expr::Cut;
        }
        let atom = self.atom();
        if self.eat(Word::Sign('?')) {
            Expr::Optional(Box::new(atom))
        } else if self.eat(Word::Sign('*')) {
            Expr::Repeat { element: Box::new(atom), at_least_one: false }
        } else if self.eat(Word::Sign('+')) {
            Expr::Repeat { element: Box::new(atom), at_least_one: true }
        } else if self.eat(Word::Sign('.')) {
            let element = Box::new(self.atom());
            self.expect('+');
            Expr::Gather { separator: Box::new(atom), element }
        } else {
            atom
        }
    }

    fn atom(&mut self) -> Expr {
        let word = self.peek();
        self.at += 1;
        match word {
            Some(Word::Sign('(')) => self.group(')'),
            Some(Word::Sign('[')) => Expr::Optional(Box::new(self.group(']'))),
            Some(Word::Quoted(text @ ("match" | "case" | "type" | "_"))) => Expr::Soft(text),
            Some(Word::Quoted(text)) => Expr::Token(token(text)),
            Some(Word::Plain("SOFT_KEYWORD")) => Expr::AnySoft,
            Some(Word::Plain(name)) if name.starts_with(|c: char| c.is_ascii_uppercase()) => Expr::Token(token(name)),
            Some(Word::Plain(name)) => {
                self.invalid = name.starts_with("invalid_");
                Expr::Rule(*self.names.get(name).unwrap_or_else(|| panic!("no rule {name}")))
            }
            other => panic!("{other:?} at {} of {:?}", self.at, self.words),
        }
    }

    fn action(&mut self) -> Action {
        if self.eat(Word::Sign('@')) {
            let name = self.plain();
            return Action::Call(name, self.arguments());
        }
        let name = self.plain();
        let place = match name {
            "at" => Place::At,
            "range" => Place::Range,
            "from" => Place::From,
            "last" => Place::Last,
            "next" => Place::Next,
            "indent" => Place::Indent,
            _ if name.len() == 1 => return Action::Slot(slot_of(name)),
            _ => return Action::Node(NodeKind::from_name(name), self.arguments()),
        };
        let arguments = if self.peek() == Some(Word::Sign('(')) { self.arguments() } else { Vec::new() };
        let Some(Word::Quoted(message)) = self.peek() else { panic!("a message behind {place:?}") };
        self.at += 1;
        Action::Error(place, arguments, message)
    }

    fn plain(&mut self) -> &'static str {
        let Some(Word::Plain(name)) = self.peek() else { panic!("a name at {} of {:?}", self.at, self.words) };
        self.at += 1;
        name
    }

    fn arguments(&mut self) -> Vec<Argument> {
        let mut arguments = Vec::new();
        self.expect('(');
        while !self.eat(Word::Sign(')')) {
            if let Some(Word::Quoted(text)) = self.peek() {
                self.at += 1;
                arguments.push(Argument::Text(text));
            } else {
                let name = self.plain();
                arguments.push(if name.len() == 1 {
                    Argument::Slot(slot_of(name))
                } else {
                    self.expect('(');
                    let slot = slot_of(self.plain());
                    self.expect(')');
                    match name {
                        "first" => Argument::First(slot),
                        "last" => Argument::Last(slot),
                        "lastcomp" => Argument::LastOfComprehension(slot),
                        _ => panic!("no selector {name}"),
                    }
                });
            }
            self.eat(Word::Sign(','));
        }
        arguments
    }
}

fn slot_of(name: &str) -> usize {
    let slot = usize::from(name.as_bytes()[0].wrapping_sub(b'a'));
    assert!(name.len() == 1 && slot < SLOTS, "slot {name}");
    slot
}

fn token(text: &str) -> TokenKind {
    TokenKind::from_text(text).unwrap_or_else(|| panic!("no token {text}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The text is read without a panic, and every rule can be reached.
    #[test]
    fn the_grammar_is_whole() {
        let grammar = &*GRAMMAR;
        let mut reached = vec![false; grammar.rules.len()];
        let mut work: Vec<usize> =
            ["file", "interactive", "eval", "function_type"].map(|name| grammar.rule(name)).to_vec();
        fn rules_in(alternatives: &[Alternative], found: &mut Vec<usize>) {
            fn visit(expr: &Expr, found: &mut Vec<usize>) {
                match expr {
                    Expr::Rule(rule) => found.push(*rule),
                    Expr::Group(alternatives) => rules_in(alternatives, found),
                    Expr::Optional(element) | Expr::Repeat { element, .. } | Expr::Lookahead { element, .. } => {
                        visit(element, found);
                    }
                    Expr::Gather { separator, element } => {
                        visit(separator, found);
                        visit(element, found);
                    }
                    Expr::Token(_) | Expr::Soft(_) | Expr::AnySoft | Expr::Forced(_) | Expr::Cut => {}
                }
            }
            alternatives.iter().flat_map(|alternative| &alternative.items).for_each(|item| visit(&item.expr, found));
        }
        while let Some(rule) = work.pop() {
            if !std::mem::replace(&mut reached[rule], true) {
                rules_in(&grammar.rules[rule].alternatives, &mut work);
            }
        }
        let missed: Vec<_> = grammar.names.iter().filter(|(_, index)| !reached[**index]).collect();
        assert!(missed.is_empty(), "unreachable: {missed:?}");
    }
}
