//! What the alternatives of the error grammar yield: nodes and errors.

use super::machine::{Machine, Node, Slots, Value};
use super::notation::{Action, Argument, NodeKind, Place};
use super::report::Column;
use crate::ast::Span;
use crate::error::{ErrorKind, SyntaxError};
use crate::lexer::TokenKind;
use crate::parser::escapes::{BytesError, decode_bytes, decode_text, literal};
use crate::parser::{NumberError, int_literal};
use crate::repr;

impl Machine<'_> {
    pub(super) fn act(&mut self, action: &Action, slots: &Slots, start: usize) -> Option<Value> {
        match action {
            Action::Default | Action::Slot(_) => Some(Value::Nothing),
            Action::Node(kind, arguments) => {
                let mut children = Vec::new();
                for &argument in arguments {
                    self.collect(self.value(argument, slots), &mut children);
                }
                let span = self.span_from(start);
                Some(self.add_node(*kind, span, &children, start))
            }
            Action::Error(place, arguments, message) => {
                self.raise(*place, arguments, message, slots);
                None
            }
            Action::Call(name, arguments) => self.call(name, arguments, slots, start),
        }
    }

    fn add_node(&mut self, kind: NodeKind, span: Span, children: &[usize], token: usize) -> Value {
        let first = self.children.len();
        self.children.extend_from_slice(children);
        self.nodes.push(Node { kind, span, children: (first, children.len()), token });
        Value::Node(self.nodes.len() - 1)
    }

    fn value(&self, argument: Argument, slots: &Slots) -> Value {
        let slot = |slot: usize| slots[slot].unwrap_or(Value::Nothing);
        match argument {
            Argument::Slot(index) => slot(index),
            Argument::First(index) => match slot(index) {
                Value::List(start, length) if length > 0 => self.lists[start],
                other => other,
            },
            Argument::Last(index) => match slot(index) {
                Value::List(start, length) if length > 0 => self.lists[start + length - 1],
                other => other,
            },
            Argument::LastOfComprehension(_) => {
                let clause = match argument {
                    Argument::LastOfComprehension(index) => self.value(Argument::Last(index), slots),
                    _ => Value::Nothing,
                };
                self.node_children(clause).last().map_or(clause, |&child| Value::Node(child))
            }
            Argument::Text(_) => Value::Nothing,
        }
    }

    /// The nodes in a value: itself, or those of a list; `Items` stand for what they hold.
    fn collect(&self, value: Value, children: &mut Vec<usize>) {
        match value {
            Value::Node(node) if self.nodes[node].kind == NodeKind::Items => {
                children.extend_from_slice(self.node_children(value));
            }
            Value::Node(node) => children.push(node),
            Value::List(start, length) => {
                for index in start..start + length {
                    self.collect(self.lists[index], children);
                }
            }
            Value::Token(_) | Value::Nothing => {}
        }
    }

    fn node_children(&self, value: Value) -> &[usize] {
        match value {
            Value::Node(node) => {
                let (start, length) = self.nodes[node].children;
                &self.children[start..start + length]
            }
            _ => &[],
        }
    }

    fn kind(&self, value: Value) -> Option<NodeKind> {
        match value {
            Value::Node(node) => Some(self.nodes[node].kind),
            _ => None,
        }
    }

    fn span(&self, value: Value) -> Span {
        match value {
            Value::Token(token) => self.tokens[token].span(),
            Value::Node(node) => self.nodes[node].span,
            Value::List(start, length) if length > 0 => {
                self.span(self.lists[start]).to(self.span(self.lists[start + length - 1]))
            }
            Value::List(..) | Value::Nothing => Span::default(),
        }
    }

    fn text(&self, value: Value) -> String {
        let token = match value {
            Value::Token(token) => token,
            Value::Node(node) => self.nodes[node].token,
            _ => return String::new(),
        };
        String::from_utf8_lossy(self.bytes(token)).into_owned()
    }

    fn raise(&mut self, place: Place, arguments: &[Argument], message: &str, slots: &Slots) {
        let mut text = message.replace("\\\"", "\"");
        if message.contains('{') {
            for (index, slot) in slots.iter().enumerate() {
                let Some(value) = *slot else { continue };
                let name = char::from(b'a' + index as u8);
                let description = self.kind(value).map_or("", NodeKind::description);
                text = text
                    .replace(&format!("{{{name}.line}}"), &self.span(value).lineno.to_string())
                    .replace(&format!("{{{name}.text}}"), &self.text(value))
                    .replace(&format!("{{{name}}}"), description);
            }
        }
        let spans: Vec<Span> = arguments.iter().map(|&argument| self.span(self.value(argument, slots))).collect();
        match (place, spans.as_slice()) {
            (Place::At, [at]) => self.raise_at(*at, text),
            (Place::Range, [first, last]) => self.raise_at(first.to(*last), text),
            (Place::From, [from]) => {
                let start = (from.lineno, i64::from(from.col_offset));
                self.raise_between(ErrorKind::Syntax, start, (None, Column::Lexer), text);
            }
            (Place::Next, _) => {
                let token = self.tokens.get(self.mark).or(self.tokens.last()).copied();
                self.raise_at_token(ErrorKind::Syntax, token, text);
            }
            (Place::Indent, _) => self.raise_last(ErrorKind::Indentation, text),
            _ => self.raise_last(ErrorKind::Syntax, text),
        }
    }

    fn call(&mut self, name: &str, arguments: &[Argument], slots: &Slots, start: usize) -> Option<Value> {
        let values: Vec<Value> = arguments.iter().map(|&argument| self.value(argument, slots)).collect();
        let a = values.first().copied().unwrap_or(Value::Nothing);
        let b = values.get(1).copied().unwrap_or(Value::Nothing);
        let word = |index: usize| match arguments.get(index) {
            Some(Argument::Text(text)) => *text,
            _ => "",
        };
        match name {
            "fail" => None,
            "ensure_real" if self.kind(a) == Some(NodeKind::Imaginary) => {
                self.raise_at(self.span(a), "real number required in complex literal".into());
                None
            }
            "ensure_imaginary" if self.kind(a) != Some(NodeKind::Imaginary) => {
                self.raise_at(self.span(a), "imaginary number required in complex literal".into());
                None
            }
            "ensure_real" | "ensure_imaginary" => Some(a),
            "type_bound" => {
                let what = if self.kind(b) == Some(NodeKind::Tuple) { "constraints" } else { "bound" };
                let message = format!("cannot use {what} with {}", word(2));
                let from = self.span(a);
                let place = (from.lineno, i64::from(from.col_offset));
                self.raise_between(ErrorKind::Syntax, place, (None, Column::Lexer), message);
                None
            }
            "comparison" => {
                let first = match b {
                    Value::List(first, _) => self.lists[first],
                    other => other,
                };
                let is_in = matches!(first, Value::Token(token) if self.tokens[token].kind == TokenKind::In);
                let kind = if is_in { NodeKind::CompareIn } else { NodeKind::Compare };
                let mut children = Vec::new();
                self.collect(a, &mut children);
                Some(self.add_node(kind, self.span_from(start), &children, start))
            }
            "not_equal" => {
                let diamond = self.text(a) == "<>";
                if self.flufl && !diamond {
                    self.raise_last(ErrorKind::Syntax, "with Barry as BDFL, use '<>' instead of '!='");
                }
                (diamond == self.flufl).then_some(a)
            }
            "nonparen_genexp" => self.nonparenthesized_generator(a, b),
            "arguments_error" => {
                let unpacking =
                    self.node_children(a).iter().any(|&child| self.nodes[child].kind == NodeKind::KeywordUnpacking);
                let message = if unpacking {
                    "positional argument follows keyword argument unpacking"
                } else {
                    "positional argument follows keyword argument"
                };
                self.raise_last(ErrorKind::Syntax, message);
                None
            }
            "legacy" => {
                let statement = self.text(a);
                if matches!(statement.as_str(), "print" | "exec") {
                    let message =
                        format!("Missing parentheses in call to '{statement}'. Did you mean {statement}(...)?");
                    self.raise_at(self.span(a).to(self.span(b)), message);
                }
                None
            }
            "forgot_comma" => {
                let legacy = self.kind(a) == Some(NodeKind::Name) && matches!(self.text(a).as_str(), "print" | "exec");
                if !legacy && self.bracket_level() != 0 {
                    let message = "invalid syntax. Perhaps you forgot a comma?";
                    self.raise_at(self.span(a).to(self.span(b)), message.into());
                }
                None
            }
            "invalid_target" => {
                let targets = word(0);
                if let Some(bad) = self.invalid_target(b, targets) {
                    let verb = if targets == "del" { "delete" } else { "assign to" };
                    let message = format!("cannot {verb} {}", self.nodes[bad].kind.description());
                    self.raise_at(self.nodes[bad].span, message);
                }
                None
            }
            "missing_colon" => {
                let span = self.span(a);
                let end = (Some(span.end_lineno), Column::At(-1));
                let place = (span.lineno, i64::from(span.end_col_offset) - 1);
                self.raise_between(ErrorKind::Syntax, place, end, "':' expected after dictionary key".into());
                None
            }
            "conversion" => self.conversion(a, b),
            "formatted_value" => self.formatted_value(a, start),
            "format_text" => {
                let Value::Token(token) = a else { return Some(a) };
                self.check_text(self.bytes(token), false, true)?;
                Some(self.leaf(NodeKind::Literal, token))
            }
            "joined_string" => self.joined_string(a, b, start),
            "string" => self.string(a),
            "concatenation" => self.concatenation(a, start),
            _ => Some(Value::Nothing),
        }
    }

    fn nonparenthesized_generator(&mut self, arguments: Value, clauses: Value) -> Option<Value> {
        let positional: Vec<usize> = self
            .node_children(arguments)
            .iter()
            .copied()
            .filter(|&child| !matches!(self.nodes[child].kind, NodeKind::Keyword | NodeKind::KeywordUnpacking))
            .collect();
        if let [_, .., last] = positional.as_slice() {
            let clause = match clauses {
                Value::List(start, length) if length > 0 => self.lists[start + length - 1],
                other => other,
            };
            let end = self.node_children(clause).last().map_or(clause, |&child| Value::Node(child));
            let span = self.nodes[*last].span.to(self.span(end));
            self.raise_at(span, "Generator expression must be parenthesized".into());
        }
        None
    }

    /// The first node within that cannot be assigned to (or deleted), in source order. Displays nest at most as deep
    /// as brackets do, so this recursion is bounded.
    fn invalid_target(&self, value: Value, targets: &str) -> Option<usize> {
        let Value::Node(node) = value else { return None };
        let children = self.node_children(value);
        match self.nodes[node].kind {
            NodeKind::List | NodeKind::Tuple => {
                children.iter().find_map(|&child| self.invalid_target(Value::Node(child), targets))
            }
            NodeKind::Starred if targets == "del" => Some(node),
            NodeKind::Starred => children.first().and_then(|&child| self.invalid_target(Value::Node(child), targets)),
            NodeKind::CompareIn if targets == "for" => {
                children.first().and_then(|&child| self.invalid_target(Value::Node(child), targets))
            }
            NodeKind::Compare if targets == "for" => None,
            NodeKind::Name | NodeKind::Subscript | NodeKind::Attribute => None,
            _ => Some(node),
        }
    }

    fn conversion(&mut self, mark: Value, name: Value) -> Option<Value> {
        let (first, second) = (self.span(mark), self.span(name));
        if first.lineno != second.lineno || first.end_col_offset != second.col_offset {
            let message = "f-string: conversion type must come right after the exclamanation mark";
            self.raise_at(first.to(second), message.into());
            return None;
        }
        Some(name)
    }

    fn formatted_value(&mut self, conversion: Value, start: usize) -> Option<Value> {
        let text = self.text(conversion);
        if !matches!(conversion, Value::Nothing) && !matches!(text.as_str(), "s" | "r" | "a") {
            let mut shown = String::new();
            repr::write_str(&mut shown, text.as_str().into());
            let message = format!("f-string: invalid conversion character {shown}: expected 's', 'r', or 'a'");
            self.raise_at(self.span(conversion), message);
            return None;
        }
        Some(self.add_node(NodeKind::FormattedValue, self.span_from(start), &[], start))
    }

    /// Raises the codec's error for a text that does not decode.
    fn check_text(&mut self, body: &[u8], raw: bool, formatted: bool) -> Option<()> {
        if let Err(message) = decode_text(body, raw, formatted, &mut Vec::new()) {
            self.raise_last(ErrorKind::Syntax, message);
            return None;
        }
        Some(())
    }

    fn joined_string(&mut self, open: Value, parts: Value, start: usize) -> Option<Value> {
        let raw = self.text(open).contains(['r', 'R']);
        if let Value::List(first, length) = parts {
            for index in first..first + length {
                if let Value::Token(token) = self.lists[index] {
                    self.check_text(self.bytes(token), raw, true)?;
                }
            }
        }
        let span = self.span_from(start);
        Some(self.add_node(NodeKind::JoinedStr, span, &[], start))
    }

    fn string(&mut self, value: Value) -> Option<Value> {
        let Value::Token(token) = value else { return Some(value) };
        let literal = literal(self.bytes(token));
        if !literal.bytes {
            self.check_text(literal.body, literal.raw, false)?;
            return Some(self.leaf(NodeKind::Literal, token));
        }
        match decode_bytes(literal.body, literal.raw, &mut Vec::new()) {
            Ok(_) => Some(self.leaf(NodeKind::BytesLiteral, token)),
            Err(BytesError::NotAscii) => {
                let span = self.tokens[token].span();
                self.raise_at(span, "bytes can only contain ASCII literal characters".into());
                None
            }
            Err(BytesError::Value(message)) => {
                self.raise_last(ErrorKind::Syntax, message);
                None
            }
        }
    }

    fn concatenation(&mut self, parts: Value, start: usize) -> Option<Value> {
        let mut nodes = Vec::new();
        self.collect(parts, &mut nodes);
        let has = |kind| nodes.iter().any(|&node| self.nodes[node].kind == kind);
        let (formatted, bytes) = (has(NodeKind::JoinedStr), has(NodeKind::BytesLiteral));
        if bytes && (formatted || has(NodeKind::Literal)) {
            self.raise_last(ErrorKind::Syntax, "cannot mix bytes and nonbytes literals");
            return None;
        }
        let kind = if formatted {
            NodeKind::JoinedStr
        } else if bytes {
            NodeKind::BytesLiteral
        } else {
            NodeKind::Literal
        };
        Some(self.add_node(kind, self.span_from(start), &[], start))
    }

    /// Refuses integers with more digits than CPython converts.
    pub(super) fn check_number(&mut self, token: usize) -> Option<()> {
        let bytes = self.bytes(token);
        if bytes.len() <= 4300 || bytes.iter().any(|byte| matches!(byte, b'.' | b'j' | b'J')) {
            return Some(());
        }
        let text: String = bytes.iter().filter(|&&byte| byte != b'_').map(|&byte| char::from(byte)).collect();
        let decimal = text.bytes().all(|byte| byte.is_ascii_digit());
        let Err(NumberError::TooManyDigits(digits)) = int_literal(&text) else { return Some(()) };
        if !decimal {
            return Some(());
        }
        let span = self.tokens[token].span();
        let message = format!(
            "Exceeds the limit (4300 digits) for integer string conversion: value has {digits} digits; use \
             sys.set_int_max_str_digits() to increase the limit - Consider hexadecimal for huge integer literals to \
             avoid decimal conversion limits."
        );
        let end = (Some(span.end_lineno), Column::At(-1));
        self.raise_between(ErrorKind::Syntax, (span.lineno, -1), end, message);
        None
    }
}

/// The error for sources nested beyond what CPython's parser takes.
pub(crate) fn too_complex() -> SyntaxError {
    SyntaxError {
        kind: ErrorKind::Memory,
        message: "Parser stack overflowed - Python source too complex to parse".into(),
        lineno: None,
        offset: None,
        end_lineno: None,
        end_offset: None,
        text: None,
    }
}
