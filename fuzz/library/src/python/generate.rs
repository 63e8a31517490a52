//! Python 3.12 programs out of bytes: every program is valid, every construct occurs, every decision is a byte.
//!
//! When the bytes run out, all decisions are 0, which end blocks and give atoms; so programs are as long as their input.
//! What Python forbids by context (`return` outside functions, `await` outside `async`, `yield` in comprehensions, `break` in
//! `except*`, …) is kept in [`Context`].

use std::fmt::Write as _;
use vm_code::fuzzing::Bytes;

/// Deepest nesting of statements, and of expressions.
const DEEPEST: usize = 8;
/// Blocks around a statement that opens more, at most: CPython refuses more than 20, and none here opens more than three.
const MOST_BLOCKS: usize = 17;

/// The program that these decisions make.
pub fn program(decisions: &[u8]) -> String {
    let mut generator = Generator { bytes: Bytes::new(decisions), out: String::new(), indent: 0, fresh: 0 };
    if generator.bytes.below(4) == 1 {
        generator.out.push_str("from __future__ import annotations\n");
    }
    while !generator.bytes.is_empty() {
        generator.statement(Context::default());
    }
    generator.out
}

/// What the place allows.
#[derive(Clone, Copy, Default)]
struct Context {
    function: bool,
    asynchronous: bool,
    in_loop: bool,
    /// In the body of `except*`: no `break`, `continue`, `return`.
    star: bool,
    /// Directly in a class: annotation scopes may not hold comprehensions or lambdas.
    class: bool,
    /// In a comprehension, lambda or type scope: no `yield`, no `:=`, and no `await` either, to be simple.
    nested: bool,
    /// Blocks of the function around the place, as CPython counts them: `with` has one an item, `try` up to three.
    blocks: usize,
}

struct Generator<'a> {
    bytes: Bytes<'a>,
    out: String,
    indent: usize,
    /// Number of the next name that must be new.
    fresh: usize,
}

const NAMES: &[&str] = &["a", "b", "c", "x", "self", "print", "__private", "é", "match", "case", "type", "_"];
const BINARY: &[&str] = &["+", "-", "*", "/", "//", "%", "@", "**", "<<", ">>", "&", "|", "^"];
const COMPARE: &[&str] = &["==", "!=", "<", "<=", ">", ">=", "in", "not in", "is", "is not"];
const ATOMS: &[&str] = &[
    "None",
    "True",
    "False",
    "...",
    "0",
    "1",
    "0xFF",
    "10**40",
    "1_000",
    "1.5",
    "1e400",
    "2j",
    "''",
    "'text'",
    "b'\\x00'",
    "\"\"\"long\ntext\"\"\"",
    "r'\\d'",
    "'\\N{BULLET}'",
    "'a' 'b'",
    "__debug__",
    "()",
    "[]",
    "{}",
];

impl Generator<'_> {
    fn pick<'t>(&mut self, from: &[&'t str]) -> &'t str {
        from[self.bytes.below(from.len())]
    }
    fn name(&mut self) -> &'static str {
        self.pick(NAMES)
    }
    fn fresh(&mut self, prefix: &str) -> String {
        self.fresh += 1;
        format!("{prefix}{}", self.fresh)
    }
    fn line(&mut self, text: &str) {
        _ = writeln!(self.out, "{:width$}{text}", "", width = self.indent);
    }

    /// A header and its block.
    fn block(&mut self, header: &str, cx: Context) {
        self.line(header);
        self.indent += 1;
        self.statement(cx);
        for _ in 0..self.bytes.below(4) {
            self.statement(cx);
        }
        self.indent -= 1;
    }

    fn statement(&mut self, cx: Context) {
        let kinds = if self.indent < DEEPEST && cx.blocks <= MOST_BLOCKS { 28 } else { 13 };
        match self.bytes.below(kinds) {
            0 => self.line("pass"),
            1 => {
                let (target, value) = (self.target(cx), self.expression(cx, 0));
                self.line(&format!("{target} = {value}"));
            }
            2 => {
                let (target, operator, value) = (self.single_target(cx), self.pick(BINARY), self.expression(cx, 0));
                self.line(&format!("{target} {operator}= {value}"));
            }
            3 => {
                let annotation = self.expression(Context { nested: true, ..cx }, 2);
                let (name, value) = (self.fresh("n"), self.expression(cx, 0));
                self.line(&format!("{name}: {annotation} = {value}"));
            }
            4 => {
                let value = self.expression(cx, 0);
                self.line(&value);
            }
            5 => {
                let target = self.single_target(cx);
                self.line(&format!("del {target}"));
            }
            6 => {
                let (test, message) = (self.expression(cx, 1), self.expression(cx, 1));
                self.line(&format!("assert {test}, {message}"));
            }
            7 => {
                let (exception, cause) = (self.expression(cx, 1), self.expression(cx, 1));
                self.line(&format!("raise {exception} from {cause}"));
            }
            8 => self.jump(cx),
            9 => {
                let line = self.pick(&[
                    "import a.b as c, d",
                    "from . import x",
                    "from ..p.q import (r as s, t,)",
                    "import os.path",
                ]);
                self.line(line);
            }
            10 => {
                let depth = if cx.class { DEEPEST } else { 1 };
                let value = self.expression(Context { nested: true, ..cx }, depth);
                let (alias, parameter) = (self.fresh("A"), self.fresh("T"));
                self.line(&format!("type {alias}[{parameter}: int, *{parameter}s, **{parameter}p] = {value}"));
            }
            11 => {
                let (a, b, value) = (self.fresh("m"), self.fresh("m"), self.expression(cx, 0));
                self.line(&format!("{a} = ({b}, *c), [] = {value}"));
            }
            12 => {
                let name = self.fresh("g");
                if cx.function {
                    self.line(&format!("global {name}; {name} = 1"));
                } else {
                    self.line(&format!("{name} = 1; {name}"));
                }
            }
            13 | 14 => self.conditional(cx),
            15 | 16 => self.while_loop(cx),
            17 | 18 => self.for_loop(cx),
            19 | 20 => self.try_statement(cx),
            21 => self.with_statement(cx),
            22 => self.match_statement(cx),
            23..=25 => self.function(cx),
            _ => self.class(cx),
        }
    }

    fn jump(&mut self, cx: Context) {
        let loops = cx.in_loop && !cx.star;
        match self.bytes.below(6) {
            0 if loops => self.line("break"),
            1 if loops => self.line("continue"),
            2 if cx.function && !cx.star && !cx.asynchronous => {
                let value = self.expression(cx, 0);
                self.line(&format!("return {value}"));
            }
            3 if cx.function && !cx.star => self.line("return"),
            _ => self.line("raise"),
        }
    }

    fn conditional(&mut self, cx: Context) {
        let test = self.expression(cx, 0);
        self.block(&format!("if {test}:"), cx);
        for _ in 0..self.bytes.below(3) {
            let test = self.expression(cx, 0);
            self.block(&format!("elif {test}:"), cx);
        }
        self.maybe_else(cx);
    }
    fn maybe_else(&mut self, cx: Context) {
        if self.bytes.below(3) == 1 {
            self.block("else:", cx);
        }
    }
    fn while_loop(&mut self, cx: Context) {
        let test = self.expression(cx, 0);
        self.block(
            &format!("while {test}:"),
            Context { in_loop: true, star: false, blocks: cx.blocks + 1, ..cx }.keep_return(cx),
        );
        self.maybe_else(cx);
    }
    fn for_loop(&mut self, cx: Context) {
        let (target, values) = (self.target(cx), self.expression(cx, 0));
        let prefix = if cx.asynchronous && self.bytes.below(2) == 1 { "async " } else { "" };
        let body = Context { in_loop: true, star: false, blocks: cx.blocks + 1, ..cx }.keep_return(cx);
        self.block(&format!("{prefix}for {target} in {values}:"), body);
        self.maybe_else(cx);
    }
    fn try_statement(&mut self, cx: Context) {
        let cx = Context { blocks: cx.blocks + 3, ..cx };
        self.block("try:", cx);
        let star = self.bytes.below(3) == 1;
        let handlers = self.bytes.below(3);
        for _ in 0..handlers {
            let class = self.expression(cx, 2);
            let mark = if star { "*" } else { "" };
            let binding = if self.bytes.below(2) == 1 { " as e" } else { "" };
            self.block(&format!("except{mark} {class}{binding}:"), Context { star: cx.star || star, ..cx });
        }
        if handlers > 0 {
            self.maybe_else(cx);
        }
        if handlers == 0 || self.bytes.below(2) == 1 {
            self.block("finally:", cx);
        }
    }
    fn with_statement(&mut self, cx: Context) {
        let prefix = if cx.asynchronous && self.bytes.below(2) == 1 { "async " } else { "" };
        let count = 1 + self.bytes.below(3);
        let items: Vec<String> = (0..count)
            .map(|_| {
                let manager = self.expression(cx, 1);
                if self.bytes.below(2) == 1 { format!("{manager} as {}", self.single_target(cx)) } else { manager }
            })
            .collect();
        let body = Context { blocks: cx.blocks + count, ..cx };
        self.block(&format!("{prefix}with ({}):", items.join(", ")), body);
    }
    fn match_statement(&mut self, cx: Context) {
        let subject = self.expression(cx, 0);
        self.line(&format!("match ({subject}):"));
        self.indent += 1;
        for _ in 0..self.bytes.below(3) {
            let pattern = self.pattern(0);
            // A guard, so that no pattern but the last is irrefutable.
            let guard = self.expression(cx, 1);
            self.block(&format!("case {pattern} if {guard}:"), cx);
        }
        self.block("case _:", cx);
        self.indent -= 1;
    }
    fn pattern(&mut self, depth: usize) -> String {
        let kinds = if depth < 3 { 10 } else { 5 };
        match self.bytes.below(kinds) {
            0 => "_".to_owned(),
            1 => self.fresh("p"),
            2 => self.pick(&["None", "True", "0", "-1.5", "1+2j", "'text'", "b'x' b'y'"]).to_owned(),
            3 => "a.b".to_owned(),
            4 => "{}".to_owned(),
            5 => format!("[{}, *{}, {}]", self.pattern(depth + 1), self.fresh("p"), self.pattern(depth + 1)),
            6 => format!("({},)", self.pattern(depth + 1)),
            7 => {
                format!("{{'k': {}, a.c: {}, **{}}}", self.pattern(depth + 1), self.pattern(depth + 1), self.fresh("p"))
            }
            8 => format!("Point({}, y={})", self.pattern(depth + 1), self.pattern(depth + 1)),
            // Alternatives bind the same names: none.
            _ => format!("(1 | None | [2, *_] | int()) as {}", self.fresh("p")),
        }
    }

    fn function(&mut self, cx: Context) {
        for _ in 0..self.bytes.below(3) {
            let decorator = self.expression(cx, 1);
            self.line(&format!("@{decorator}"));
        }
        let asynchronous = self.bytes.below(3) == 1;
        let (name, parameters) = (self.name(), self.parameters(cx));
        let generic = if self.bytes.below(4) == 1 { "[T, *Ts, **P]" } else { "" };
        let arrow = if self.bytes.below(3) == 1 { " -> 'int'" } else { "" };
        let prefix = if asynchronous { "async " } else { "" };
        let inner = Context { function: true, asynchronous, ..Context::default() };
        // The names that must stay unused are spelt with a mark that no other name has.
        self.block(&format!("{prefix}def {name}_{generic}({parameters}){arrow}:"), inner);
    }
    fn parameters(&mut self, cx: Context) -> String {
        let default = |g: &mut Self| g.expression(Context { nested: true, ..cx }, 2);
        match self.bytes.below(6) {
            0 => String::new(),
            1 => "self".to_owned(),
            2 => format!("a, /, b, c={}, *rest, d, e={}, **more", default(self), default(self)),
            3 => format!("a={}, /, *, b", default(self)),
            4 => "*a, **b".to_owned(),
            _ => format!("__private, x={}", default(self)),
        }
    }
    fn class(&mut self, cx: Context) {
        let bases = self.expression(cx, 2);
        let generic = if self.bytes.below(4) == 1 { "[T: (int, str)]" } else { "" };
        let name = self.fresh("C");
        // A generic class has a scope around its bases, in which some expressions are not allowed.
        let header = if generic.is_empty() {
            format!("class {name}({bases}, metaclass=type):")
        } else {
            format!("class {name}{generic}:")
        };
        self.block(&header, Context { class: true, ..Context::default() });
    }

    fn single_target(&mut self, cx: Context) -> String {
        match self.bytes.below(4) {
            0 | 1 => self.fresh("v"),
            2 => format!("a.{}", self.name()),
            _ => format!("a[{}]", self.expression(cx, 2)),
        }
    }
    fn target(&mut self, cx: Context) -> String {
        match self.bytes.below(3) {
            0 | 1 => self.single_target(cx),
            _ => format!("{}, (*{}, {})", self.single_target(cx), self.single_target(cx), self.single_target(cx)),
        }
    }

    /// An expression, in parentheses unless it is an atom.
    fn expression(&mut self, cx: Context, depth: usize) -> String {
        if depth >= DEEPEST || self.bytes.is_empty() {
            return self.name().to_owned();
        }
        let d = depth + 1;
        let inner = Context { nested: true, ..cx };
        match self.bytes.below(26) {
            0..=2 => self.name().to_owned(),
            3 | 4 => self.pick(ATOMS).to_owned(),
            5 => format!("({} {} {})", self.expression(cx, d), self.pick(BINARY), self.expression(cx, d)),
            6 => format!("({} {} {} < a)", self.expression(cx, d), self.pick(COMPARE), self.expression(cx, d)),
            7 => format!("({} {} {} or b)", self.expression(cx, d), self.pick(&["and", "or"]), self.expression(cx, d)),
            8 => format!("({}{})", self.pick(&["not ", "-", "~", "+"]), self.expression(cx, d)),
            9 => format!("({} if {} else {})", self.expression(cx, d), self.expression(cx, d), self.expression(cx, d)),
            10 => format!("({}).{}", self.expression(cx, d), self.name()),
            11 => format!("a[{}, {}:, ::{}]", self.expression(cx, d), self.expression(cx, d), self.expression(cx, d)),
            12 => format!(
                "print({}, *{}, k={}, **b)",
                self.expression(cx, d),
                self.expression(cx, d),
                self.expression(cx, d)
            ),
            13 => format!("[{}, *{}]", self.expression(cx, d), self.expression(cx, d)),
            14 => format!("{{{}: {}, **a}}", self.expression(cx, d), self.expression(cx, d)),
            15 => format!("{{{}, {}}}", self.expression(cx, d), self.expression(cx, d)),
            16 => format!("({}, *a)", self.expression(cx, d)),
            17 => format!("[{} {}]", self.expression(inner, d), self.clauses(inner, d)),
            18 => format!("{{{} {}}}", self.expression(inner, d), self.clauses(inner, d)),
            19 => {
                format!("{{{}: {} {}}}", self.expression(inner, d), self.expression(inner, d), self.clauses(inner, d))
            }
            20 => format!("({} {})", self.expression(inner, d), self.clauses(inner, d)),
            21 => format!("(lambda {}: {})", self.lambda_parameters(), self.expression(inner, d)),
            22 => format!("f'{{ {} !r:>{{ {} }}}} {{{{}}}}'", self.expression(cx, d), self.expression(cx, d)),
            23 if !cx.nested && cx.function => format!("({} := {})", self.fresh("w"), self.expression(cx, d)),
            24 if !cx.nested && cx.function => match (cx.asynchronous, self.bytes.below(3)) {
                (true, 0 | 1) => format!("(await {})", self.expression(cx, d)),
                (false, 1) => format!("(yield from {})", self.expression(cx, d)),
                _ => format!("(yield {})", self.expression(cx, d)),
            },
            // Not where a class's own comprehension could use it: CPython 3.12.1 fails with a SystemError there.
            25 if cx.function => self.pick(&["super().x", "__class__"]).to_owned(),
            _ => self.name().to_owned(),
        }
    }
    fn lambda_parameters(&mut self) -> &'static str {
        self.pick(&["", "a", "a, b=1", "*a, b, **c", "a, /, *, b=2"])
    }
    fn clauses(&mut self, cx: Context, depth: usize) -> String {
        let mut out = String::new();
        for _ in 0..=self.bytes.below(2) {
            _ = write!(out, "for {} in {} ", self.fresh("i"), self.expression(cx, depth));
            if self.bytes.below(2) == 1 {
                _ = write!(out, "if {} ", self.expression(cx, depth));
            }
        }
        out
    }
}

impl Context {
    /// In a loop inside `except*`, `break` is allowed again but `return` is not: stay with neither.
    fn keep_return(mut self, outer: Context) -> Context {
        self.star = outer.star;
        self
    }
}
