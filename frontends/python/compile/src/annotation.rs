//! The text of annotations under `from __future__ import annotations` (PEP 563).
//!
//! Programs see it in `__annotations__`, so it is CPython's to the character: the fewest parentheses that keep the
//! meaning, with CPython's exceptions. (`ast.unparse` writes some things differently.)

use python_syntax::ast::*;
use python_syntax::{repr, write_constant};

/// Binding strength, from the weakest.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Level(u8);

const NAMED: Level = Level(0);
const TUPLE: Level = Level(1);
const TEST: Level = Level(2);
const OR: Level = Level(3);
const AND: Level = Level(4);
const NOT: Level = Level(5);
const COMPARISON: Level = Level(6);
const EXPR: Level = Level(7);
const BIT_OR: Level = EXPR;
const BIT_XOR: Level = Level(8);
const BIT_AND: Level = Level(9);
const SHIFT: Level = Level(10);
const ARITHMETIC: Level = Level(11);
const TERM: Level = Level(12);
const FACTOR: Level = Level(13);
const POWER: Level = Level(14);
const AWAIT: Level = Level(15);
const ATOM: Level = Level(16);

impl Level {
    fn tighter(self) -> Level {
        Level(self.0 + 1)
    }
}

/// The text of an expression.
pub(crate) fn text(ast: &Ast, id: ExprId) -> String {
    let mut writer = Writer { ast, out: String::new() };
    writer.expr(id, TEST);
    writer.out
}

struct Writer<'a> {
    ast: &'a Ast,
    out: String,
}

impl<'a> Writer<'a> {
    fn put(&mut self, text: &str) {
        self.out.push_str(text);
    }

    fn parenthesized(&mut self, needed: bool, inner: impl FnOnce(&mut Self)) {
        if needed {
            self.put("(");
        }
        inner(self);
        if needed {
            self.put(")");
        }
    }

    fn separated<T>(
        &mut self,
        separator: &str,
        items: impl IntoIterator<Item = T>,
        mut each: impl FnMut(&mut Self, T),
    ) {
        for (index, item) in items.into_iter().enumerate() {
            if index > 0 {
                self.put(separator);
            }
            each(self, item);
        }
    }

    fn list(&mut self, list: List<ExprId>) {
        let ast = self.ast;
        self.separated(", ", ast.list(list), |writer, &item| writer.expr(item, TEST));
    }

    fn expr(&mut self, id: ExprId, level: Level) {
        let ast = self.ast;
        match ast[id] {
            Expr::BoolOp { op, values } => {
                let (text, own) = if op == BoolOp::And { (" and ", AND) } else { (" or ", OR) };
                self.parenthesized(level > own, |writer| {
                    writer.separated(text, ast.list(values), |writer, &value| writer.expr(value, own.tighter()));
                });
            }
            Expr::NamedExpr { target, value } => self.parenthesized(level > NAMED, |writer| {
                writer.expr(target, ATOM);
                writer.put(" := ");
                writer.expr(value, ATOM);
            }),
            Expr::BinOp { left, op, right } => {
                let (text, own) = binary(op);
                let to_right = op == Operator::Pow;
                self.parenthesized(level > own, |writer| {
                    writer.expr(left, if to_right { own.tighter() } else { own });
                    writer.put(text);
                    writer.expr(right, if to_right { own } else { own.tighter() });
                });
            }
            Expr::UnaryOp { op, operand } => {
                let (text, own) = match op {
                    UnaryOp::Invert => ("~", FACTOR),
                    UnaryOp::Not => ("not ", NOT),
                    UnaryOp::UAdd => ("+", FACTOR),
                    UnaryOp::USub => ("-", FACTOR),
                };
                self.parenthesized(level > own, |writer| {
                    writer.put(text);
                    writer.expr(operand, own);
                });
            }
            Expr::Lambda { args, body } => self.parenthesized(level > TEST, |writer| {
                // CPython leaves the space out where there are no positional parameters.
                let positional = !ast[args].posonlyargs.is_empty() || !ast[args].args.is_empty();
                writer.put(if positional { "lambda " } else { "lambda" });
                writer.parameters(args);
                writer.put(": ");
                writer.expr(body, TEST);
            }),
            Expr::IfExp { test, body, orelse } => self.parenthesized(level > TEST, |writer| {
                writer.expr(body, TEST.tighter());
                writer.put(" if ");
                writer.expr(test, TEST.tighter());
                writer.put(" else ");
                writer.expr(orelse, TEST);
            }),
            Expr::Dict { keys, values } => {
                self.put("{");
                let pairs = ast.list(keys).iter().zip(ast.list(values));
                self.separated(", ", pairs, |writer, (key, &value)| match *key {
                    Some(key) => {
                        writer.expr(key, TEST);
                        writer.put(": ");
                        writer.expr(value, TEST);
                    }
                    None => {
                        writer.put("**");
                        writer.expr(value, EXPR);
                    }
                });
                self.put("}");
            }
            Expr::Set { elts } => {
                self.put("{");
                self.list(elts);
                self.put("}");
            }
            Expr::ListComp { elt, generators } => self.comprehension("[", elt, None, generators, "]"),
            Expr::SetComp { elt, generators } => self.comprehension("{", elt, None, generators, "}"),
            Expr::GeneratorExp { elt, generators } => self.comprehension("(", elt, None, generators, ")"),
            Expr::DictComp { key, value, generators } => self.comprehension("{", key, Some(value), generators, "}"),
            Expr::Await { value } => self.parenthesized(level > AWAIT, |writer| {
                writer.put("await ");
                writer.expr(value, ATOM);
            }),
            Expr::Yield { value: None } => self.put("(yield)"),
            Expr::Yield { value: Some(value) } => {
                self.put("(yield ");
                self.expr(value, TEST);
                self.put(")");
            }
            Expr::YieldFrom { value } => {
                self.put("(yield from ");
                self.expr(value, TEST);
                self.put(")");
            }
            Expr::Compare { left, ops, comparators } => self.parenthesized(level > COMPARISON, |writer| {
                writer.expr(left, COMPARISON.tighter());
                for (&op, &right) in ast.list(ops).iter().zip(ast.list(comparators)) {
                    writer.put(comparison(op));
                    writer.expr(right, COMPARISON.tighter());
                }
            }),
            Expr::Call { func, args, keywords } => self.call(func, ast.list(args), ast.list(keywords)),
            Expr::FormattedValue { .. } | Expr::JoinedStr { .. } => {
                let mut body = String::new();
                self.format_part(id, &mut body);
                self.put("f");
                repr::write_str(&mut self.out, body.as_str().into());
            }
            Expr::Constant { value, kind } => {
                if kind.0 {
                    self.put("u");
                }
                self.constant(value);
            }
            Expr::Attribute { value, attr, .. } => {
                self.expr(value, ATOM);
                // The dot after an integer would be taken for a decimal point.
                let integer =
                    matches!(ast[value], Expr::Constant { value: Constant::Int(_) | Constant::BigInt(_), .. });
                self.put(if integer { " ." } else { "." });
                self.put(ast.name(attr));
            }
            Expr::Subscript { value, slice, .. } => {
                self.expr(value, ATOM);
                self.put("[");
                self.expr(slice, TUPLE);
                self.put("]");
            }
            Expr::Starred { value, .. } => {
                self.put("*");
                self.expr(value, EXPR);
            }
            Expr::Name { id: name, .. } => self.put(ast.name(name)),
            Expr::List { elts, .. } => {
                self.put("[");
                self.list(elts);
                self.put("]");
            }
            Expr::Tuple { elts, .. } => {
                if elts.is_empty() {
                    self.put("()");
                    return;
                }
                self.parenthesized(level > TUPLE, |writer| {
                    writer.list(elts);
                    if elts.len() == 1 {
                        writer.put(",");
                    }
                });
            }
            Expr::Slice { lower, upper, step } => {
                if let Some(lower) = lower {
                    self.expr(lower, TEST);
                }
                self.put(":");
                if let Some(upper) = upper {
                    self.expr(upper, TEST);
                }
                if let Some(step) = step {
                    self.put(":");
                    self.expr(step, TEST);
                }
            }
        }
    }

    fn constant(&mut self, value: Constant) {
        if matches!(value, Constant::Ellipsis) {
            self.put("...");
            return;
        }
        let start = self.out.len();
        write_constant(self.ast, &mut self.out, value);
        // There is no literal for infinity; this overflows to it.
        if matches!(value, Constant::Float(_) | Constant::Complex(..)) {
            let text = self.out.split_off(start).replace("inf", "1e309");
            self.put(&text);
        }
    }

    fn call(&mut self, func: ExprId, args: &[ExprId], keywords: &[KeywordId]) {
        let ast = self.ast;
        self.expr(func, ATOM);
        if let (&[only], []) = (args, keywords)
            && matches!(ast[only], Expr::GeneratorExp { .. })
        {
            // Its own parentheses are the call's.
            self.expr(only, TEST);
            return;
        }
        self.put("(");
        self.separated(", ", args, |writer, &arg| writer.expr(arg, TEST));
        if !args.is_empty() && !keywords.is_empty() {
            self.put(", ");
        }
        self.separated(", ", keywords, |writer, &keyword| match ast[keyword].arg {
            Some(name) => {
                writer.put(ast.name(name));
                writer.put("=");
                writer.expr(ast[keyword].value, TEST);
            }
            None => {
                writer.put("**");
                writer.expr(ast[keyword].value, TEST);
            }
        });
        self.put(")");
    }

    fn comprehension(
        &mut self,
        open: &str,
        element: ExprId,
        value: Option<ExprId>,
        generators: List<ComprehensionId>,
        close: &str,
    ) {
        let ast = self.ast;
        self.put(open);
        self.expr(element, TEST);
        if let Some(value) = value {
            self.put(": ");
            self.expr(value, TEST);
        }
        for &generator in ast.list(generators) {
            let Comprehension { target, iter, ifs, is_async } = ast[generator];
            self.put(if is_async != 0 { " async for " } else { " for " });
            self.expr(target, TUPLE);
            self.put(" in ");
            self.expr(iter, TEST.tighter());
            for &condition in ast.list(ifs) {
                self.put(" if ");
                self.expr(condition, TEST.tighter());
            }
        }
        self.put(close);
    }

    fn parameters(&mut self, id: ArgumentsId) {
        let ast = self.ast;
        let Arguments { posonlyargs, args, vararg, kwonlyargs, kw_defaults, kwarg, defaults } = ast[id];
        let positional: Vec<ArgId> = ast.list(posonlyargs).iter().chain(ast.list(args)).copied().collect();
        let defaults = ast.list(defaults);
        let without = positional.len().saturating_sub(defaults.len());
        let mut first = true;
        let comma = |writer: &mut Self, first: &mut bool| {
            if !std::mem::take(first) {
                writer.put(", ");
            }
        };
        for (index, &arg) in positional.iter().enumerate() {
            comma(self, &mut first);
            self.parameter(arg, index.checked_sub(without).and_then(|index| defaults.get(index).copied()));
            if index + 1 == posonlyargs.len() {
                self.put(", /");
            }
        }
        if vararg.is_some() || !kwonlyargs.is_empty() {
            comma(self, &mut first);
            self.put("*");
            if let Some(vararg) = vararg {
                self.parameter(vararg, None);
            }
        }
        for (&arg, &default) in ast.list(kwonlyargs).iter().zip(ast.list(kw_defaults)) {
            comma(self, &mut first);
            self.parameter(arg, default);
        }
        if let Some(kwarg) = kwarg {
            comma(self, &mut first);
            self.put("**");
            self.parameter(kwarg, None);
        }
    }

    fn parameter(&mut self, arg: ArgId, default: Option<ExprId>) {
        let Arg { arg, annotation, .. } = self.ast[arg];
        self.put(self.ast.name(arg));
        if let Some(annotation) = annotation {
            self.put(": ");
            self.expr(annotation, TEST);
        }
        if let Some(default) = default {
            self.put("=");
            self.expr(default, TEST);
        }
    }

    /// The inside of an f-string.
    fn format_part(&mut self, id: ExprId, body: &mut String) {
        let ast = self.ast;
        match ast[id] {
            Expr::Constant { value: Constant::Str(text), .. } => {
                let text = String::from_utf8_lossy(ast.str(text).as_wtf8()).into_owned();
                body.push_str(&text.replace('{', "{{").replace('}', "}}"));
            }
            Expr::JoinedStr { values } => {
                for &value in ast.list(values) {
                    self.format_part(value, body);
                }
            }
            Expr::FormattedValue { value, conversion, format_spec } => {
                let mut inner = Writer { ast, out: String::new() };
                inner.expr(value, TEST.tighter());
                body.push('{');
                // A brace right behind the brace would be an escape.
                if inner.out.starts_with('{') {
                    body.push(' ');
                }
                body.push_str(&inner.out);
                if let Some(conversion) = u8::try_from(conversion).ok().filter(u8::is_ascii_alphabetic) {
                    body.push('!');
                    body.push(char::from(conversion));
                }
                if let Some(spec) = format_spec {
                    body.push(':');
                    self.format_part(spec, body);
                }
                body.push('}');
            }
            _ => {}
        }
    }
}

fn binary(op: Operator) -> (&'static str, Level) {
    match op {
        Operator::Add => (" + ", ARITHMETIC),
        Operator::Sub => (" - ", ARITHMETIC),
        Operator::Mult => (" * ", TERM),
        Operator::MatMult => (" @ ", TERM),
        Operator::Div => (" / ", TERM),
        Operator::Mod => (" % ", TERM),
        Operator::LShift => (" << ", SHIFT),
        Operator::RShift => (" >> ", SHIFT),
        Operator::BitOr => (" | ", BIT_OR),
        Operator::BitXor => (" ^ ", BIT_XOR),
        Operator::BitAnd => (" & ", BIT_AND),
        Operator::FloorDiv => (" // ", TERM),
        Operator::Pow => (" ** ", POWER),
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
