//! Statements.

use super::scope::{KINDS, Kind, Variable};
use super::{Generator, Place};
use crate::differential::minimize::BOUND;

/// Blocks in blocks, at most.
pub(super) const DEEPEST: usize = 3;

impl Generator<'_, '_> {
    /// Some statement, `depth` blocks deep.
    pub(super) fn statement(&mut self, depth: usize) {
        self.steps += self.turns;
        let deepest = if self.large { DEEPEST } else { DEEPEST - 1 };
        let kinds = if depth < deepest { 100 } else { 55 };
        match self.decisions.below(kinds) {
            0..=21 => self.assignment(),
            22..=29 => self.augmented(),
            30..=42 => self.simple(),
            43..=46 => self.unpacking(),
            47..=49 => self.jump(),
            50..=51 => self.change(),
            52 => self.deletion(),
            53..=54 => self.generator_use(),
            55..=66 => self.conditional(depth),
            67..=79 => self.for_loop(depth),
            80..=84 => self.while_loop(depth),
            85..=92 => self.try_statement(depth),
            93..=94 => self.with_statement(depth),
            95..=96 => self.match_statement(depth),
            97 => self.closure(),
            _ => self.conditional(depth),
        }
    }
    /// Statements of a block.
    fn block(&mut self, depth: usize) {
        for _ in 0..self.some([1, 1, 1, 1, 2], [1, 1, 2, 3, 3]) {
            self.statement(depth + 1);
        }
    }

    /// A value that may be stored, again and again: neither numbers nor texts nor containers grow by it.
    fn stored(&mut self, kind: Kind) -> String {
        let value = self.expression(kind);
        let grows = value.contains(['*', '+', '%', '(']);
        match kind {
            _ if !grows => value,
            Kind::Int | Kind::Number if value.contains("<<") || value.contains('*') => {
                self.fill(&format!("{value} % $M"), 3)
            }
            Kind::Text => format!("({value})[:40]"),
            Kind::List | Kind::Tuple => format!("({value})[:12]"),
            Kind::Any => format!("clip({value})"),
            _ => value,
        }
    }
    /// The name of a variable to be assigned to, perhaps a new one, which is known when the statement is over.
    fn target(&mut self, kind: Kind) -> (String, Option<Variable>) {
        if self.decisions.chance(75)
            && let Some(variable) = self.variable(kind, true)
            && kind.takes(variable.kind)
        {
            return (variable.name, None);
        }
        let name = self.name("v");
        (name.clone(), Some(Variable { name, kind, assignable: true }))
    }
    fn assignment(&mut self) {
        let kind = *self.decisions.pick(KINDS);
        let value = if self.decisions.chance(2) { self.surprise() } else { self.stored(kind) };
        let (name, new) = self.target(kind);
        self.line(&format!("{name} = {value}"));
        self.scope.extend(new);
    }
    fn augmented(&mut self) {
        let kind = *self.decisions.pick(&[Kind::Int, Kind::Int, Kind::Number, Kind::Text, Kind::List, Kind::Tuple]);
        let Some(variable) = self.variable(kind, true) else { return self.assignment() };
        let name = variable.name;
        let template = match kind {
            Kind::Int => *self.decisions.pick(&[
                "$V += $I",
                "$V += 1",
                "$V += $i",
                "$V -= $I",
                "$V -= 1",
                "$V %= $M",
                "$V //= 3",
                "$V ^= $I",
                "$V &= $I",
                "$V |= $k",
                "$V >>= $k",
                "$V = $V * $I % $M",
                "$V += 2**46",
                "if isinstance($V, (int, float)): $V *= 3",
            ]),
            Kind::Number => *self.decisions.pick(&[
                "$V += $N",
                "$V -= $N",
                "$V *= 0.5",
                "$V /= $M",
                "$V += 0.5",
                "$V %= $M",
                "if isinstance($V, (int, float)): $V *= 3",
            ]),
            Kind::Text => *self.decisions.pick(&[
                "if len($V) < 40: $V += $S",
                "$V += 'c'",
                "$V %= ()",
                "if len($V) < 40: $V *= 2",
            ]),
            Kind::List => "if len($V) < 12: $V += $L",
            _ => "if len($V) < 12: $V += $T",
        };
        let text = self.fill(&template.replace("$V", &name), 1);
        self.line(&text);
    }
    pub(super) fn simple(&mut self) {
        let text = self.out_of(|tables| &tables.simple, 0);
        self.line(&text);
    }
    fn unpacking(&mut self) {
        let (a, b) = (self.target(Kind::Int), self.target(Kind::Number));
        let template = match self.decisions.below(6) {
            0 => "$a, $b = $I, $I",
            1 => "$a, $b = $b, $a",
            2 => "$a, *$b = $L",
            3 => "$a, ($b, *_) = $I, $T",
            4 => "($a, $b), c = ($I, $n), $E",
            _ => "$a = $b = $I",
        };
        if template == "$a, $b = $b, $a" {
            match (self.variable(Kind::Int, true), self.variable(Kind::Number, true)) {
                (Some(a), Some(b)) => self.line(&format!("{0}, {1} = {1}, {0}", a.name, b.name)),
                _ => self.line("pass"),
            }
            return;
        }
        if a.0 == b.0 {
            return self.line("pass");
        }
        let text = self.fill(&template.replace("$a", &a.0).replace("$b", &b.0), 2);
        self.line(&text);
        let list_behind = template.contains('*');
        self.scope.extend(a.1);
        self.scope.extend(b.1.map(|v| Variable { kind: if list_behind { Kind::Any } else { v.kind }, ..v }));
    }
    /// Leaves the loop or the function, under a condition.
    fn jump(&mut self) {
        let condition = self.condition();
        let result = self.expression(Kind::Any);
        let what = match (self.decisions.below(5), self.in_loop, self.place) {
            (0 | 1, true, _) => "break".to_owned(),
            (2, true, _) => "continue".to_owned(),
            (4, _, _) => {
                self.fill("raise $X", 2).replace("(", "").replace(", TypeError)", "").replace(", ArithmeticError)", "")
            }
            (_, _, Place::Function) => format!("return {result}"),
            (_, _, Place::Generator) => format!("yield {result}"),
            (_, _, Place::Module) => format!("print({result})"),
        };
        self.line(&format!("if {condition}:\n {what}"));
    }
    /// Changes what compiled code may rely on.
    pub(super) fn change(&mut self) {
        let template = *self.decisions.pick(&self.tables.changes.usual);
        let text = if self.classes.is_empty() { "pass".to_owned() } else { self.plain(template) };
        match self.decisions.below(5) {
            0 if self.place == Place::Module && !self.functions.is_empty() => {
                let function = self.decisions.pick(&self.functions).name.clone();
                let body = self.plain("$E");
                self.line(&format!("{function} = lambda *p, **q: {body}"));
            }
            1 if self.place == Place::Module => {
                let value = self.surprise();
                match self.variable(Kind::Number, true) {
                    Some(variable) => self.line(&format!("{} = {value}", variable.name)),
                    None => self.line(&text),
                }
            }
            2 if self.place == Place::Module => {
                // A built-in function hidden by a global of that name, for a while.
                let text = self.plain("$B = lambda *p: $k");
                let name = text.split(' ').next().unwrap_or_default().to_owned();
                self.line(&text);
                self.simple();
                self.line(&format!("globals().pop('{name}', None)"));
            }
            _ => self.line(&text),
        }
    }
    fn deletion(&mut self) {
        match self.variable(Kind::Number, true) {
            Some(variable) => {
                let (condition, value) = (self.condition(), self.expression(Kind::Int));
                self.line(&format!("if {condition}:\n {0} = 0; del {0}\n {0} = {value}", variable.name));
            }
            None => self.line("pass"),
        }
    }
    /// A generator by hand: next, send, throw, close.
    fn generator_use(&mut self) {
        let Some(function) = self.functions.iter().rposition(|f| f.is_generator && self.affords(f.steps)) else {
            return self.assignment();
        };
        self.steps += self.turns * self.functions[function].steps;
        let (arguments, name) = (self.arguments(function, true), self.functions[function].name.clone());
        let variable = self.name("g");
        self.line(&format!("{variable} = {name}({arguments})"));
        for _ in 0..=self.decisions.below(3) {
            let use_ = *self.decisions.pick(&[
                "print(next($g, None))",
                "attempt(next, $g)",
                "attempt($g.send, None)",
                "attempt($g.send, $E)",
                "attempt($g.throw, ValueError(1))",
                "$g.close()",
                "for v in $g: print(v); break",
                "print([v for v in $g])",
                "print(*$g)",
            ]);
            let text = self.fill(&use_.replace("$g", &variable), 1);
            self.line(&format!("try:\n {text}\nexcept Exception as e:\n print(chain(e))"));
        }
    }

    fn conditional(&mut self, depth: usize) {
        let condition = self.condition();
        self.line(&format!("if {condition}:"));
        self.nested(|g| g.block(depth));
        if self.decisions.chance(25) {
            let condition = self.condition();
            self.line(&format!("elif {condition}:"));
            self.nested(|g| g.block(depth));
        }
        self.otherwise(depth, 40);
    }
    fn otherwise(&mut self, depth: usize, percent: usize) {
        if self.decisions.chance(percent) {
            self.line("else:");
            self.nested(|g| g.block(depth));
        }
    }
    fn for_loop(&mut self, depth: usize) {
        let turns = self.turns(3);
        if turns == 0 {
            return self.assignment();
        }
        let variable = self.name("v");
        let named = |kind| vec![Variable { name: variable.clone(), kind, assignable: false }];
        let pair = |g: &mut Self, kind| {
            let second = g.name("w");
            vec![
                Variable { name: variable.clone(), kind: Kind::Int, assignable: false },
                Variable { name: second, kind, assignable: true },
            ]
        };
        let (names, values) = match self.decisions.below(22) {
            0..=7 => (named(Kind::Int), format!("range({turns})")),
            8 => (named(Kind::Int), self.fill(&format!("range($k, {turns} * 2, 2)"), 3)),
            9 => (named(Kind::Int), format!("range(2**49 - {}, 2**49 + {})", turns / 2, turns - turns / 2)),
            10 => (named(Kind::Int), format!("range({turns}, 0, -1)")),
            11 | 12 => (named(Kind::Any), format!("({})[:{turns}]", self.expression(Kind::List))),
            13 => (named(Kind::Any), format!("({} * 4)[:{turns}]", self.expression(Kind::List))),
            14 => (named(Kind::Any), format!("({} * 3)[:{turns}]", self.expression(Kind::Tuple))),
            15 => (named(Kind::Text), format!("({} * 5)[:{turns}]", self.expression(Kind::Text))),
            16 => (named(Kind::Any), self.fill("list($D)[:9]", 2)),
            17 => (pair(self, Kind::Any), format!("enumerate(({})[:{turns}])", self.expression(Kind::List))),
            18 => (pair(self, Kind::Text), format!("zip(range({turns}), {} * 3)", self.expression(Kind::Text))),
            19 => (named(Kind::Any), format!("reversed(({})[:{turns}])", self.expression(Kind::List))),
            20 => (named(Kind::Number), self.fill(&format!("map(lambda v: v + $n, range({turns}))"), 3)),
            _ => match self.functions.iter().rposition(|f| f.is_generator && self.affords(f.steps)) {
                Some(function) => {
                    let steps = self.functions[function].steps;
                    self.steps += self.turns * steps;
                    let name = self.functions[function].name.clone();
                    (named(Kind::Any), format!("{name}({})", self.arguments(function, true)))
                }
                None => (named(Kind::Int), format!("range({turns})")),
            },
        };
        let targets: Vec<&str> = names.iter().map(|v| v.name.as_str()).collect();
        self.line(&format!("for {} in {values}:", targets.join(", ")));
        let after = names.last().cloned().filter(|_| self.decisions.chance(25));
        self.looped(turns, |g| {
            g.scope.extend(names);
            g.block(depth);
        });
        self.otherwise(depth, 20);
        self.scope.extend(after);
    }
    fn while_loop(&mut self, depth: usize) {
        let turns = self.turns(4);
        if turns == 0 {
            return self.assignment();
        }
        let variable = self.name("w");
        let (before, condition, first) = match self.decisions.below(3) {
            0 => (turns + 1, format!("({variable} := {variable} - 1) > 0"), None),
            1 => {
                let condition = self.condition();
                (turns, format!("{variable} > 0 and ({condition})"), Some(format!("{variable} -= 1{BOUND}")))
            }
            _ => (turns, format!("{variable} > 0"), Some(format!("{variable} -= 1{BOUND}"))),
        };
        self.line(&format!("{variable} = {before}\nwhile {condition}:"));
        self.looped(turns, |g| {
            if let Some(first) = first {
                g.line(&first);
            }
            g.scope.push(Variable { name: variable, kind: Kind::Int, assignable: false });
            g.block(depth);
        });
        self.otherwise(depth, 20);
    }
    fn try_statement(&mut self, depth: usize) {
        self.line("try:");
        self.nested(|g| g.block(depth));
        let only_finally = self.place != Place::Generator && self.decisions.chance(15);
        if !only_finally {
            for _ in 0..=self.decisions.below(2) {
                let class = self.fill("$X", 0);
                self.handler(&class, depth);
            }
            if self.decisions.chance(60) {
                self.handler("Exception", depth);
            }
            self.otherwise(depth, 20);
        }
        if only_finally || self.place != Place::Generator && self.decisions.chance(25) {
            self.line("finally:");
            self.nested(|g| g.block(depth));
        }
    }
    fn handler(&mut self, class: &str, depth: usize) {
        self.line(&format!("except {class} as e:"));
        self.nested(|g| match g.decisions.below(8) {
            0 => g.line("raise"),
            1 => g.line("raise Failure(3) from e"),
            2 => {
                g.block(depth);
                g.line("print(chain(e))");
            }
            3 => g.block(depth),
            _ => g.line("print(chain(e), e, lines(e))"),
        });
    }
    fn with_statement(&mut self, depth: usize) {
        if self.place == Place::Generator {
            return self.conditional(depth);
        }
        let header = match self.decisions.below(3) {
            0 => self.plain("with swapped('$B', lambda *p: $k):"),
            1 => "with Guard(True):".to_owned(),
            _ => "with Guard(False) as guard, Guard(True):".to_owned(),
        };
        self.line(&header);
        self.nested(|g| g.block(depth));
    }
    fn match_statement(&mut self, depth: usize) {
        let subject = self.expression(Kind::Any);
        self.line(&format!("match {subject}:"));
        for _ in 0..=self.decisions.below(2) {
            let pattern = *self.decisions.pick(&[
                "case int():",
                "case float() | str():",
                "case [first, *_]:",
                "case (first, second):",
                "case {'x': first}:",
                "case None:",
                "case 0 | 1:",
                "case True:",
                "case Failure(x=first):",
            ]);
            self.indent += 1;
            self.line(pattern);
            self.nested(|g| g.block(depth));
            self.indent -= 1;
        }
        self.indent += 1;
        self.line("case _:");
        self.nested(|g| g.block(depth));
        self.indent -= 1;
    }
}
