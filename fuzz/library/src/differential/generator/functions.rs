//! Functions: parameters of all sorts, bodies within a budget, generators, recursion, closures.

use super::scope::{Function, KINDS, Kind, Passing, Variable};
use super::{Generator, Place, STEPS_OF_A_CALL};
use crate::differential::minimize::BOUND;

impl Generator<'_, '_> {
    /// A function that may call those before it.
    pub(super) fn function(&mut self) {
        let names = self.scope.len();
        let is_generator = self.decisions.chance(20);
        let name = self.name(if is_generator { "y" } else { "f" });
        if !is_generator && self.decisions.chance(12) {
            return self.recursive(name);
        }
        let parameters = self.parameters();
        let header: Vec<String> = parameters.iter().map(|(_, text)| text.clone()).collect();
        self.line(&format!("def {name}({}):", header.join(", ")));
        let around = (self.turns, self.steps, self.most_steps, self.place, self.in_loop);
        (self.turns, self.steps, self.most_steps, self.in_loop) = (1, 0, STEPS_OF_A_CALL, false);
        self.place = if is_generator { Place::Generator } else { Place::Function };
        self.nested(|g| {
            g.body(&parameters);
            let last = if is_generator { "yield " } else { "return " };
            let result = g.expression(Kind::Any);
            g.line(&format!("{last}{result}"));
        });
        self.scope.truncate(names);
        let steps = self.steps + 2;
        (self.turns, self.steps, self.most_steps, self.place, self.in_loop) = around;
        for variable in &mut self.scope {
            variable.assignable = true;
        }
        let parameters = parameters.into_iter().map(|((name, kind, passing), _)| (name, kind, passing)).collect();
        self.functions.push(Function { name, parameters, steps, is_generator });
    }
    /// The statements of a function.
    fn body(&mut self, parameters: &[((String, Kind, Passing), String)]) {
        // Globals are read, or declared and written, but never locals under the same name.
        let mut declared: Vec<String> = Vec::new();
        for at in 0..self.scope.len() {
            let written = self.decisions.chance(20) && !matches!(self.scope[at].kind, Kind::Instance(_));
            self.scope[at].assignable = written;
            if written {
                declared.push(self.scope[at].name.clone());
            }
        }
        if self.decisions.chance(15)
            && let Some(function) = self.functions.last()
        {
            declared.push(function.name.clone());
            let rebound = format!("{} = lambda *p, **q: p", function.name);
            self.line(&format!("global {}", declared.join(", ")));
            let condition = self.condition();
            self.line(&format!("if {condition}:\n {rebound}"));
        } else if !declared.is_empty() {
            self.line(&format!("global {}", declared.join(", ")));
        }
        for ((name, kind, passing), _) in parameters {
            let kind = match passing {
                Passing::Rest => Kind::Tuple,
                Passing::Named => Kind::Dict,
                _ => *kind,
            };
            self.scope.push(Variable { name: name.clone(), kind, assignable: true });
        }
        if !self.classes.is_empty() && self.decisions.chance(30) {
            let class = self.decisions.below(self.classes.len());
            self.instance(class);
        }
        for _ in 0..self.some([1, 1, 1, 2, 2], [2, 3, 3, 4, 5]) {
            self.statement(0);
        }
    }
    /// Parameters, each with its text.
    fn parameters(&mut self) -> Vec<((String, Kind, Passing), String)> {
        let mut parameters = Vec::new();
        let mut add = |g: &mut Self, passing| {
            let (name, kind) = (g.name("p"), *g.decisions.pick(KINDS));
            let text = match passing {
                Passing::Plain => name.clone(),
                Passing::Default | Passing::Keyword => format!("{name}={}", g.literal(kind)),
                Passing::Rest => format!("*{name}"),
                Passing::Named => format!("**{name}"),
            };
            parameters.push(((name, kind, passing), text));
        };
        for _ in 0..self.decisions.below(4) {
            add(self, Passing::Plain);
        }
        if self.decisions.chance(30) {
            add(self, Passing::Default);
        }
        if self.decisions.chance(20) {
            add(self, Passing::Rest);
            if self.decisions.chance(50) {
                add(self, Passing::Keyword);
            }
        }
        if self.decisions.chance(10) {
            add(self, Passing::Named);
        }
        parameters
    }

    /// A function that calls itself, some times.
    fn recursive(&mut self, name: String) {
        const DEPTH: u64 = 12;
        let (n, p) = (self.name("p"), self.name("p"));
        let names = self.scope.len();
        let globals = std::mem::take(&mut self.scope);
        self.scope.push(Variable { name: n.clone(), kind: Kind::Int, assignable: false });
        self.scope.push(Variable { name: p.clone(), kind: Kind::Number, assignable: true });
        let (value, condition, result) = (self.plain("($N) % $M"), self.plain("$C"), self.plain("$N"));
        self.line(&format!("def {name}({n}, {p}=0):"));
        self.line(&format!(" {n} = min(int({n}), {DEPTH}){BOUND}\n if {n} <= 0:{BOUND}\n  return {p}"));
        match self.decisions.below(3) {
            0 => self.line(&format!(" return {name}({n} - 1, {value})")),
            1 => self.line(&format!(
                " try:\n  if {condition}:\n   raise Failure({p})\n  return {name}({n} - 1, {value})\n finally:\n  {p} = {result}"
            )),
            _ => self.line(&format!(
                " try:\n  {p} = {name}({n} - 1, {value})\n except (TypeError, Failure) as e:\n  {p} = e.args\n return {p} if {condition} else {result}"
            )),
        }
        self.scope = globals;
        debug_assert_eq!(self.scope.len(), names);
        let parameters = vec![(n, Kind::Int, Passing::Plain), (p, Kind::Number, Passing::Default)];
        self.functions.push(Function { name, parameters, steps: DEPTH * 4, is_generator: false });
    }

    /// A function in this one that shares a variable with it, and a loop that calls it.
    pub(super) fn closure(&mut self) {
        let (name, parameter) = (self.name("c"), self.name("p"));
        let shared = match self.variable(Kind::Number, true) {
            Some(v) if self.place != Place::Module && !self.declares(&v.name) => v.name,
            _ => return self.line("pass"),
        };
        let update = self.plain(&format!("{shared} = ({shared} + $N) % $M"));
        let result = self.plain(&format!("({shared}, {parameter})[$k % 2]"));
        self.line(&format!("def {name}({parameter}=1):\n nonlocal {shared}\n {update}\n return {result}"));
        let turns = self.turns(4).min(25);
        if turns > 0 {
            let (variable, argument) = (self.name("v"), self.plain("$N"));
            self.line(&format!("for {variable} in range({turns}):\n print({name}({argument}))\n {shared} = {shared} if {variable} else 0"));
            self.steps += self.turns * turns * 4;
        }
    }
    /// Is this the name of a global?
    pub(super) fn declares(&self, name: &str) -> bool {
        self.scope.iter().take(self.globals).any(|v| v.name == name)
    }
}
