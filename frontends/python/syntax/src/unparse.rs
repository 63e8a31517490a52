//! Expressions back to text, as CPython's compiler writes annotations under `from __future__ import annotations`
//! (PEP 563). Not quite what `ast.unparse` writes: `lambda*a: a` has no blank, and annotations show such things.
//!
//! Trees may be as deep as their source is long, so the work to do is on an explicit stack.

use crate::ast::{
    Arguments, ArgumentsId, Ast, BoolOp, CmpOp, ComprehensionId, Constant, Expr, ExprId, List, Operator, PyStr, UnaryOp,
};
use crate::repr;

/// Binding power, as far as parentheses depend on it, in CPython's order.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Level {
    Tuple,
    Test,
    Or,
    And,
    Not,
    Compare,
    BitOr,
    BitXor,
    BitAnd,
    Shift,
    Arithmetic,
    Term,
    Factor,
    Power,
    Await,
    Atom,
}

impl Level {
    /// The next tighter level.
    fn tighter(self) -> Level {
        match self {
            Level::Tuple => Level::Test,
            Level::Test => Level::Or,
            Level::Or => Level::And,
            Level::And => Level::Not,
            Level::Not => Level::Compare,
            Level::Compare => Level::BitOr,
            Level::BitOr => Level::BitXor,
            Level::BitXor => Level::BitAnd,
            Level::BitAnd => Level::Shift,
            Level::Shift => Level::Arithmetic,
            Level::Arithmetic => Level::Term,
            Level::Term => Level::Factor,
            Level::Factor => Level::Power,
            Level::Power => Level::Await,
            Level::Await | Level::Atom => Level::Atom,
        }
    }
}

#[derive(Clone, Copy)]
enum Work {
    Text(&'static str),
    Name(crate::ast::Symbol),
    Expr(ExprId, Level),
    /// An element of an f-string: text, field, or the JoinedStr of a format spec.
    Element(ExprId),
    /// What follows goes to a buffer of its own.
    Begin,
    /// The buffer is the body of an f-string.
    EndString,
    /// The buffer is the expression of a field.
    EndField,
}

/// The text of an expression.
pub fn unparse(ast: &Ast, expr: ExprId) -> String {
    let mut unparser =
        Unparser { ast, buffers: vec![Vec::new()], work: vec![Work::Expr(expr, Level::Test)], items: Vec::new() };
    // A whole annotation is written at the level of a test: a tuple gets parentheses.
    unparser.run();
    let text = unparser.buffers.pop().unwrap_or_default();
    // Surrogates only occur within string literals, which escape them.
    String::from_utf8_lossy(&text).into_owned()
}

struct Unparser<'a> {
    ast: &'a Ast,
    /// Generalised UTF-8; the last one is written to.
    buffers: Vec<Vec<u8>>,
    work: Vec<Work>,
    /// What a node consists of, before it goes on the stack in reverse.
    items: Vec<Work>,
}

impl Unparser<'_> {
    fn write(&mut self, text: &[u8]) {
        if let Some(buffer) = self.buffers.last_mut() {
            buffer.extend_from_slice(text);
        }
    }

    fn run(&mut self) {
        while let Some(work) = self.work.pop() {
            match work {
                Work::Text(text) => self.write(text.as_bytes()),
                Work::Name(name) => self.write(self.ast.name(name).as_bytes()),
                Work::Expr(expr, level) => self.expr(expr, level),
                Work::Element(expr) => self.element(expr),
                Work::Begin => self.buffers.push(Vec::new()),
                Work::EndString => {
                    let body = self.buffers.pop().unwrap_or_default();
                    let mut text = String::from("f");
                    repr::write_str(&mut text, PyStr::from_wtf8(&body));
                    self.write(text.as_bytes());
                }
                Work::EndField => {
                    let field = self.buffers.pop().unwrap_or_default();
                    // Two braces would be one.
                    self.write(if field.first() == Some(&b'{') { b"{ " } else { b"{" });
                    self.write(&field);
                }
            }
            self.work.extend(self.items.drain(..).rev());
        }
    }

    fn text(&mut self, text: &'static str) {
        self.items.push(Work::Text(text));
    }

    fn child(&mut self, expr: ExprId, level: Level) {
        self.items.push(Work::Expr(expr, level));
    }

    fn separated(&mut self, list: List<ExprId>, separator: &'static str, level: Level) {
        for (index, &expr) in self.ast.list(list).iter().enumerate() {
            if index > 0 {
                self.text(separator);
            }
            self.child(expr, level);
        }
    }

    /// Puts what `inside` pushes in parentheses where the place binds tighter than `own`.
    fn parenthesized(&mut self, level: Level, own: Level, inside: impl FnOnce(&mut Self)) {
        if level > own {
            self.text("(");
        }
        inside(self);
        if level > own {
            self.text(")");
        }
    }

    fn expr(&mut self, expr: ExprId, level: Level) {
        let ast = self.ast;
        match ast[expr] {
            Expr::BoolOp { op, values } => {
                let (own, text) = match op {
                    BoolOp::And => (Level::And, " and "),
                    BoolOp::Or => (Level::Or, " or "),
                };
                self.parenthesized(level, own, |this| this.separated(values, text, own.tighter()));
            }
            Expr::BinOp { left, op, right } => {
                let (own, text) = binary(op);
                let (left_level, right_level) =
                    if op == Operator::Pow { (own.tighter(), own) } else { (own, own.tighter()) };
                self.parenthesized(level, own, |this| {
                    this.child(left, left_level);
                    this.text(text);
                    this.child(right, right_level);
                });
            }
            Expr::UnaryOp { op, operand } => {
                let (own, text) = match op {
                    UnaryOp::Invert => (Level::Factor, "~"),
                    UnaryOp::Not => (Level::Not, "not "),
                    UnaryOp::UAdd => (Level::Factor, "+"),
                    UnaryOp::USub => (Level::Factor, "-"),
                };
                self.parenthesized(level, own, |this| {
                    this.text(text);
                    this.child(operand, own);
                });
            }
            Expr::Lambda { args, body } => self.parenthesized(level, Level::Test, |this| {
                let Arguments { posonlyargs, args: plain, .. } = ast[args];
                this.text(if posonlyargs.is_empty() && plain.is_empty() { "lambda" } else { "lambda " });
                this.arguments(args);
                this.text(": ");
                this.child(body, Level::Test);
            }),
            Expr::IfExp { test, body, orelse } => self.parenthesized(level, Level::Test, |this| {
                this.child(body, Level::Or);
                this.text(" if ");
                this.child(test, Level::Or);
                this.text(" else ");
                this.child(orelse, Level::Test);
            }),
            Expr::NamedExpr { target, value } => self.parenthesized(level, Level::Tuple, |this| {
                this.child(target, Level::Atom);
                this.text(" := ");
                this.child(value, Level::Atom);
            }),
            Expr::Dict { keys, values } => {
                self.text("{");
                for (index, (key, value)) in ast.list(keys).iter().zip(ast.list(values)).enumerate() {
                    self.text(if index > 0 { ", " } else { "" });
                    match *key {
                        Some(key) => {
                            self.child(key, Level::Test);
                            self.text(": ");
                            self.child(*value, Level::Test);
                        }
                        None => {
                            self.text("**");
                            self.child(*value, Level::BitOr);
                        }
                    }
                }
                self.text("}");
            }
            Expr::Set { elts } => {
                self.text("{");
                self.separated(elts, ", ", Level::Test);
                self.text("}");
            }
            Expr::List { elts, .. } => {
                self.text("[");
                self.separated(elts, ", ", Level::Test);
                self.text("]");
            }
            Expr::Tuple { elts, .. } if elts.is_empty() => self.text("()"),
            Expr::Tuple { elts, .. } => self.parenthesized(level, Level::Tuple, |this| {
                this.separated(elts, ", ", Level::Test);
                if elts.len() == 1 {
                    this.text(",");
                }
            }),
            Expr::ListComp { elt, generators } => self.comprehension("[", elt, None, generators, "]"),
            Expr::SetComp { elt, generators } => self.comprehension("{", elt, None, generators, "}"),
            Expr::GeneratorExp { elt, generators } => self.comprehension("(", elt, None, generators, ")"),
            Expr::DictComp { key, value, generators } => self.comprehension("{", key, Some(value), generators, "}"),
            Expr::Await { value } => self.parenthesized(level, Level::Await, |this| {
                this.text("await ");
                this.child(value, Level::Atom);
            }),
            Expr::Yield { value: None } => self.text("(yield)"),
            Expr::Yield { value: Some(value) } => {
                self.text("(yield ");
                self.child(value, Level::Test);
                self.text(")");
            }
            Expr::YieldFrom { value } => {
                self.text("(yield from ");
                self.child(value, Level::Test);
                self.text(")");
            }
            Expr::Compare { left, ops, comparators } => self.parenthesized(level, Level::Compare, |this| {
                this.child(left, Level::BitOr);
                for (&op, &right) in ast.list(ops).iter().zip(ast.list(comparators)) {
                    this.text(comparison(op));
                    this.child(right, Level::BitOr);
                }
            }),
            Expr::Call { func, args, keywords } => {
                self.child(func, Level::Atom);
                if let ([only], []) = (ast.list(args), ast.list(keywords))
                    && matches!(ast[*only], Expr::GeneratorExp { .. })
                {
                    self.child(*only, Level::Tuple);
                    return;
                }
                self.text("(");
                self.separated(args, ", ", Level::Test);
                for (index, &keyword) in ast.list(keywords).iter().enumerate() {
                    self.text(if index > 0 || !args.is_empty() { ", " } else { "" });
                    match ast[keyword].arg {
                        Some(name) => {
                            self.items.push(Work::Name(name));
                            self.text("=");
                        }
                        None => self.text("**"),
                    }
                    self.child(ast[keyword].value, Level::Test);
                }
                self.text(")");
            }
            Expr::FormattedValue { .. } | Expr::JoinedStr { .. } => self.string(expr),
            Expr::Constant { value, kind } => self.constant(value, kind.0),
            Expr::Attribute { value, attr, .. } => {
                self.child(value, Level::Atom);
                let integer =
                    matches!(ast[value], Expr::Constant { value: Constant::Int(_) | Constant::BigInt(_), .. });
                self.text(if integer { " ." } else { "." });
                self.items.push(Work::Name(attr));
            }
            Expr::Subscript { value, slice, .. } => {
                self.child(value, Level::Atom);
                self.text("[");
                self.child(slice, Level::Tuple);
                self.text("]");
            }
            Expr::Starred { value, .. } => {
                self.text("*");
                self.child(value, Level::BitOr);
            }
            Expr::Name { id, .. } => self.items.push(Work::Name(id)),
            Expr::Slice { lower, upper, step } => {
                if let Some(lower) = lower {
                    self.child(lower, Level::Test);
                }
                self.text(":");
                if let Some(upper) = upper {
                    self.child(upper, Level::Test);
                }
                if let Some(step) = step {
                    self.text(":");
                    self.child(step, Level::Test);
                }
            }
        }
    }

    fn comprehension(
        &mut self,
        open: &'static str,
        first: ExprId,
        value: Option<ExprId>,
        generators: List<ComprehensionId>,
        close: &'static str,
    ) {
        let ast = self.ast;
        self.text(open);
        self.child(first, Level::Test);
        if let Some(value) = value {
            self.text(": ");
            self.child(value, Level::Test);
        }
        for &generator in ast.list(generators) {
            let generator = ast[generator];
            self.text(if generator.is_async != 0 { " async for " } else { " for " });
            self.child(generator.target, Level::Tuple);
            self.text(" in ");
            self.child(generator.iter, Level::Or);
            for &test in ast.list(generator.ifs) {
                self.text(" if ");
                self.child(test, Level::Or);
            }
        }
        self.text(close);
    }

    fn arguments(&mut self, id: ArgumentsId) {
        let ast = self.ast;
        let arguments = ast[id];
        let mut first = true;
        let mut separate = |this: &mut Self| this.text(if std::mem::take(&mut first) { "" } else { ", " });
        let positional: Vec<_> = ast.list(arguments.posonlyargs).iter().chain(ast.list(arguments.args)).collect();
        let defaults = ast.list(arguments.defaults);
        let without = positional.len().saturating_sub(defaults.len());
        for (index, &&arg) in positional.iter().enumerate() {
            separate(self);
            self.items.push(Work::Name(ast[arg].arg));
            if let Some(&default) = index.checked_sub(without).and_then(|index| defaults.get(index)) {
                self.text("=");
                self.child(default, Level::Test);
            }
            if index + 1 == arguments.posonlyargs.len() {
                self.text(", /");
            }
        }
        if arguments.vararg.is_some() || !arguments.kwonlyargs.is_empty() {
            separate(self);
            self.text("*");
            if let Some(vararg) = arguments.vararg {
                self.items.push(Work::Name(ast[vararg].arg));
            }
        }
        for (&arg, default) in ast.list(arguments.kwonlyargs).iter().zip(ast.list(arguments.kw_defaults)) {
            separate(self);
            self.items.push(Work::Name(ast[arg].arg));
            if let Some(default) = *default {
                self.text("=");
                self.child(default, Level::Test);
            }
        }
        if let Some(kwarg) = arguments.kwarg {
            separate(self);
            self.text("**");
            self.items.push(Work::Name(ast[kwarg].arg));
        }
    }

    /// An f-string, or a field on its own, which is written as one.
    fn string(&mut self, expr: ExprId) {
        let ast = self.ast;
        self.items.push(Work::Begin);
        match ast[expr] {
            Expr::JoinedStr { values } => {
                self.items.extend(ast.list(values).iter().map(|&value| Work::Element(value)));
            }
            _ => self.items.push(Work::Element(expr)),
        }
        self.items.push(Work::EndString);
    }

    fn element(&mut self, expr: ExprId) {
        let ast = self.ast;
        match ast[expr] {
            Expr::Constant { value: Constant::Str(text), .. } => {
                for &byte in ast.bytes(text) {
                    match byte {
                        b'{' => self.write(b"{{"),
                        b'}' => self.write(b"}}"),
                        _ => self.write(&[byte]),
                    }
                }
            }
            Expr::JoinedStr { values } => {
                self.items.extend(ast.list(values).iter().map(|&value| Work::Element(value)));
            }
            Expr::FormattedValue { value, conversion, format_spec } => {
                self.items.push(Work::Begin);
                self.child(value, Level::Or);
                self.items.push(Work::EndField);
                self.text(match u8::try_from(conversion) {
                    Ok(b'a') => "!a",
                    Ok(b'r') => "!r",
                    Ok(b's') => "!s",
                    _ => "",
                });
                if let Some(spec) = format_spec {
                    self.text(":");
                    self.items.push(Work::Element(spec));
                }
                self.text("}");
            }
            _ => self.child(expr, Level::Test),
        }
    }

    fn constant(&mut self, value: Constant, unicode: bool) {
        let mut text = String::from(if unicode { "u" } else { "" });
        match value {
            Constant::Ellipsis => text.push_str("..."),
            // The largest exponent that reads back as an infinity on every platform.
            Constant::Float(number) if number.is_infinite() => text.push_str("1e309"),
            Constant::Complex(_, number) if number.is_infinite() => text.push_str("1e309j"),
            _ => crate::dump::write_constant(self.ast, &mut text, value),
        }
        self.write(text.as_bytes());
    }
}

fn binary(op: Operator) -> (Level, &'static str) {
    match op {
        Operator::Add => (Level::Arithmetic, " + "),
        Operator::Sub => (Level::Arithmetic, " - "),
        Operator::Mult => (Level::Term, " * "),
        Operator::MatMult => (Level::Term, " @ "),
        Operator::Div => (Level::Term, " / "),
        Operator::Mod => (Level::Term, " % "),
        Operator::FloorDiv => (Level::Term, " // "),
        Operator::LShift => (Level::Shift, " << "),
        Operator::RShift => (Level::Shift, " >> "),
        Operator::BitOr => (Level::BitOr, " | "),
        Operator::BitXor => (Level::BitXor, " ^ "),
        Operator::BitAnd => (Level::BitAnd, " & "),
        Operator::Pow => (Level::Power, " ** "),
    }
}

fn comparison(op: CmpOp) -> &'static str {
    match op {
        CmpOp::Eq => " == ",
        CmpOp::NotEq => " != ",
        CmpOp::Lt => " < ",
        CmpOp::LtE => " <= ",
        CmpOp::Gt => " > ",
        CmpOp::GtE => " >= ",
        CmpOp::Is => " is ",
        CmpOp::IsNot => " is not ",
        CmpOp::In => " in ",
        CmpOp::NotIn => " not in ",
    }
}
