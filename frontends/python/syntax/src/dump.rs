//! `ast.dump(tree, include_attributes=…)`, byte for byte.
//!
//! Trees may be as deep as their source is long, so the work to do is on an explicit stack.

use std::fmt::Write;

use crate::ast::{AnyList, AnyNode, Ast, Constant, Field, List, Root, Span, StmtId};
use crate::repr;

enum Work {
    Text(&'static str),
    Node(AnyNode),
    /// Elements of a list from this index on.
    Elements(AnyList, usize),
    /// A field without nodes.
    Leaf(Field),
    Attributes(Span),
}

/// The text of `ast.dump`; `attributes` adds the positions.
pub fn dump(ast: &Ast, attributes: bool) -> String {
    let mut dumper = Dumper { ast, attributes, out: String::new(), work: Vec::new(), items: Vec::new() };
    match ast.root {
        Root::Module { body, type_ignores } => {
            let mut after = String::from(", type_ignores=[");
            for (index, ignore) in ast.list(type_ignores).iter().enumerate() {
                let _ = write!(after, "{}TypeIgnore(lineno={}, tag=", if index > 0 { ", " } else { "" }, ignore.lineno);
                repr::write_str(&mut after, ast.str(ignore.tag));
                after.push(')');
            }
            after.push_str("])");
            dumper.statements("Module(body=", body, "");
            dumper.run();
            dumper.out.push_str(&after);
        }
        Root::Interactive { body } => dumper.statements("Interactive(body=", body, ")"),
        Root::FunctionType { argtypes, returns } => {
            dumper.out.push_str("FunctionType(argtypes=[");
            for work in [
                Work::Text(")"),
                Work::Node(AnyNode::Expr(returns)),
                Work::Text("], returns="),
                Work::Elements(AnyList::Expr(argtypes), 0),
            ] {
                dumper.work.push(work);
            }
        }
        Root::Expression { body } => {
            dumper.out.push_str("Expression(body=");
            dumper.work.push(Work::Text(")"));
            dumper.work.push(Work::Node(AnyNode::Expr(body)));
        }
    }
    dumper.run();
    dumper.out
}

struct Dumper<'a> {
    ast: &'a Ast,
    attributes: bool,
    out: String,
    work: Vec<Work>,
    /// What a node consists of, before it goes on the stack in reverse.
    items: Vec<Work>,
}

impl Dumper<'_> {
    fn statements(&mut self, before: &str, body: List<StmtId>, after: &'static str) {
        self.out.push_str(before);
        self.work.push(Work::Text(after));
        self.work.push(Work::Text("]"));
        self.work.push(Work::Elements(AnyList::Stmt(body), 0));
        self.work.push(Work::Text("["));
    }

    fn run(&mut self) {
        while let Some(work) = self.work.pop() {
            match work {
                Work::Text(text) => self.out.push_str(text),
                Work::Node(node) => self.node(node),
                Work::Elements(list, index) => self.element(list, index),
                Work::Leaf(field) => write_leaf(self.ast, &mut self.out, field),
                Work::Attributes(span) => {
                    // Writing to a String does not fail.
                    let _ = write!(
                        self.out,
                        "lineno={}, col_offset={}, end_lineno={}, end_col_offset={}",
                        span.lineno, span.col_offset, span.end_lineno, span.end_col_offset
                    );
                }
            }
        }
    }

    fn element(&mut self, list: AnyList, index: usize) {
        if index >= list.len() {
            return;
        }
        if index > 0 {
            self.out.push_str(", ");
        }
        self.work.push(Work::Elements(list, index + 1));
        match self.ast.any_item(list, index) {
            Some(node) => self.work.push(Work::Node(node)),
            None => self.out.push_str("None"),
        }
    }

    /// Writes the class and the fields up to the first that has children; the rest goes on the stack.
    fn node(&mut self, node: AnyNode) {
        let ast = self.ast;
        let fields = ast.any(node);
        self.out.push_str(fields.class_name());
        self.out.push('(');
        let mut first = true;
        let (mut out, mut items) = (std::mem::take(&mut self.out), std::mem::take(&mut self.items));
        // Text goes straight out as long as nothing waits, and is kept as items behind that.
        fields.fields(&mut |name, field| {
            if matches!(
                field,
                Field::Optional(None)
                    | Field::OptionalIdentifier(None)
                    | Field::OptionalText(None)
                    | Field::Kind(false)
            ) {
                return;
            }
            let separator = if std::mem::take(&mut first) { "" } else { ", " };
            if items.is_empty() {
                out.push_str(separator);
                out.push_str(name);
                out.push('=');
            } else {
                items.push(Work::Text(separator));
                items.push(Work::Text(name));
                items.push(Work::Text("="));
            }
            match field {
                Field::Node(child) | Field::Optional(Some(child)) => items.push(Work::Node(child)),
                Field::Nodes(list) => {
                    items.push(Work::Text("["));
                    items.push(Work::Elements(list, 0));
                    items.push(Work::Text("]"));
                }
                leaf if items.is_empty() => write_leaf(ast, &mut out, leaf),
                leaf => items.push(Work::Leaf(leaf)),
            }
        });
        if self.attributes
            && let Some(span) = ast.any_span(node)
        {
            if !first {
                items.push(Work::Text(", "));
            }
            items.push(Work::Attributes(span));
        }
        items.push(Work::Text(")"));
        self.work.extend(items.drain(..).rev());
        (self.out, self.items) = (out, items);
    }
}

/// A field without nodes.
fn write_leaf(ast: &Ast, out: &mut String, field: Field) {
    let name = |out: &mut String, symbol| repr::write_str(out, ast.name(symbol).into());
    match field {
        Field::Identifier(symbol) | Field::OptionalIdentifier(Some(symbol)) => name(out, symbol),
        Field::Identifiers(list) => {
            out.push('[');
            for (index, &symbol) in ast.list(list).iter().enumerate() {
                out.push_str(if index > 0 { ", " } else { "" });
                name(out, symbol);
            }
            out.push(']');
        }
        Field::Operators(list) => {
            out.push('[');
            for (index, op) in ast.list(list).iter().enumerate() {
                let _ = write!(out, "{}{}()", if index > 0 { ", " } else { "" }, op.class_name());
            }
            out.push(']');
        }
        Field::Name(class) => {
            out.push_str(class);
            out.push_str("()");
        }
        Field::Constant(constant) => write_constant(ast, out, constant),
        Field::Int(number) => {
            let _ = write!(out, "{number}");
        }
        Field::Kind(true) => out.push_str("'u'"),
        Field::OptionalText(Some(text)) => repr::write_str(out, ast.str(text)),
        Field::OptionalIdentifier(None) | Field::OptionalText(None) | Field::Kind(false) => out.push_str("None"),
        Field::Node(_) | Field::Optional(_) | Field::Nodes(_) => {}
    }
}

/// `repr` of a constant.
pub fn write_constant(ast: &Ast, out: &mut String, constant: Constant) {
    match constant {
        Constant::None => out.push_str("None"),
        Constant::True => out.push_str("True"),
        Constant::False => out.push_str("False"),
        Constant::Ellipsis => out.push_str("Ellipsis"),
        Constant::Int(value) => {
            let _ = write!(out, "{value}");
        }
        Constant::BigInt(text) => repr::write_big_int(out, ast.big_int(text)),
        Constant::Float(value) => repr::write_float(out, value),
        Constant::Complex(real, imaginary) => repr::write_complex(out, real, imaginary),
        Constant::Str(text) => repr::write_str(out, ast.str(text)),
        Constant::Bytes(text) => repr::write_bytes(out, ast.bytes(text)),
        Constant::Tuple(items) => {
            let items = ast.list(items);
            out.push('(');
            write_constants(ast, out, items);
            out.push_str(if items.len() == 1 { ",)" } else { ")" });
        }
        Constant::FrozenSet(items) if items.is_empty() => out.push_str("frozenset()"),
        Constant::FrozenSet(items) => {
            out.push_str("frozenset({");
            write_constants(ast, out, ast.list(items));
            out.push_str("})");
        }
    }
}

/// Groups nest as deep as the program that made the tree nested them, which whoever reads such trees bounds.
fn write_constants(ast: &Ast, out: &mut String, items: &[Constant]) {
    for (index, item) in items.iter().enumerate() {
        out.push_str(if index > 0 { ", " } else { "" });
        write_constant(ast, out, *item);
    }
}
