//! Programs out of decisions, made to be compiled, entered and left: functions and loops that get hot, whose operands change
//! kind, and whose classes, globals and built-ins change while they run.
//!
//! # Invariants
//!
//! * A program ends, after some thousands of steps: loops are counted, a function calls those before it only, what rebinds one
//!   calls nothing, and the turns of loops are multiplied up against a budget ([`Generator::turns`]).
//! * Values stay small: products are reduced where they are stored, texts and containers cut; containers hold scalars.
//! * It shows nothing that depends on when something is collected: generators hold no `finally` or `with`, sets hold no instances.

mod classes;
mod expressions;
mod functions;
mod scope;
mod statements;
mod templates;

use super::Decisions;
use scope::{Class, Function, Kind, Variable};
use templates::Tables;

/// Helpers that every program begins with.
const PRELUDE: &str = include_str!("prelude.py");

/// Steps of the whole program, about.
const STEPS: u64 = 3000;
/// Steps of one call of a function, about.
const STEPS_OF_A_CALL: u64 = 250;

/// The program that these decisions make.
pub fn program(decisions: &mut Decisions<'_>) -> String {
    let mut generator = Generator::new(decisions);
    generator.define_globals();
    for _ in 0..generator.decisions.below(3) {
        generator.class();
    }
    for _ in 0..=generator.decisions.below(4) {
        generator.function();
    }
    generator.main();
    generator.out
}

/// The state of making a program.
struct Generator<'g, 'd> {
    decisions: &'g mut Decisions<'d>,
    out: String,
    indent: usize,
    /// Number of the next name that must be new.
    fresh: usize,
    /// What can be named here.
    scope: Vec<Variable>,
    functions: Vec<Function>,
    classes: Vec<Class>,
    tables: Tables,
    /// How many at the beginning of the scope are globals.
    globals: usize,
    /// Is this code that the program's other code runs, whenever?
    calls_nothing: bool,
    /// Turns of all loops around this place.
    turns: u64,
    /// Steps so far, of the function or of the program.
    steps: u64,
    /// Most of them.
    most_steps: u64,
    /// What kind of code this is.
    place: Place,
    in_loop: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Module,
    Function,
    Generator,
}

impl<'g, 'd> Generator<'g, 'd> {
    fn new(decisions: &'g mut Decisions<'d>) -> Generator<'g, 'd> {
        Generator {
            decisions,
            out: PRELUDE.to_owned(),
            indent: 0,
            fresh: 0,
            scope: Vec::new(),
            functions: Vec::new(),
            classes: Vec::new(),
            tables: Tables::read(),
            globals: 0,
            calls_nothing: false,
            turns: 1,
            steps: 0,
            most_steps: STEPS,
            place: Place::Module,
            in_loop: false,
        }
    }
    /// Writes lines, indented as this place is.
    fn line(&mut self, text: &str) {
        for line in text.lines() {
            self.out.extend(std::iter::repeat_n(' ', self.indent));
            self.out.push_str(line);
            self.out.push('\n');
        }
    }
    /// A name that is new.
    fn name(&mut self, prefix: &str) -> String {
        self.fresh += 1;
        format!("{prefix}{}", self.fresh)
    }
    /// Runs `body` one deeper; what it names is gone afterwards, or now and then not, although it may never have run.
    fn nested(&mut self, body: impl FnOnce(&mut Self)) {
        let names = self.scope.len();
        self.indent += 1;
        body(self);
        self.indent -= 1;
        if !self.decisions.chance(4) {
            self.scope.truncate(names);
        }
    }
    /// The same in a loop of so many turns.
    fn looped(&mut self, turns: u64, body: impl FnOnce(&mut Self)) {
        let around = (self.turns, self.in_loop);
        (self.turns, self.in_loop) = (self.turns * turns, true);
        self.nested(body);
        (self.turns, self.in_loop) = around;
    }
    /// Turns that a loop may have here, if each takes `steps`; 0: none.
    fn turns(&mut self, steps: u64) -> u64 {
        let most = self.most_steps.saturating_sub(self.steps) / (self.turns * steps);
        let wanted = *self.decisions.pick(&[2, 3, 5, 8, 12, 25, 25, 40]);
        if most < 2 { 0 } else { most.min(wanted) }
    }
    /// Is there room for so many steps here, more than once?
    fn affords(&self, steps: u64) -> bool {
        self.steps + self.turns * steps <= self.most_steps
    }

    /// The program's own globals.
    fn define_globals(&mut self) {
        for (prefix, kind) in [
            ("i", Kind::Int),
            ("i", Kind::Int),
            ("n", Kind::Number),
            ("s", Kind::Text),
            ("l", Kind::List),
            ("d", Kind::Dict),
            ("t", Kind::Tuple),
        ] {
            let value = self.literal(kind);
            let name = self.name(prefix);
            self.line(&format!("{name} = {value}"));
            self.scope.push(Variable { name, kind, assignable: true });
        }
        self.globals = self.scope.len();
    }

    /// What the program does with all that: calls its functions again and again, changes things, and calls them again.
    fn main(&mut self) {
        (self.steps, self.most_steps) = (0, STEPS);
        for class in 0..self.classes.len() {
            self.instance(class);
        }
        for _ in 0..2 + self.decisions.below(3) {
            for function in 0..self.functions.len() {
                self.calls(function);
            }
            for _ in 0..self.decisions.below(4) {
                if self.decisions.chance(20) {
                    self.statement(0);
                    continue;
                }
                self.line("try:");
                self.nested(|g| g.statement(0));
                self.line("except Exception as e:\n print(chain(e), e, lines(e))");
            }
            self.change();
        }
        self.line("print(sorted(k for k in globals() if k[0] != '_'))");
    }
    /// A loop that calls a function.
    fn calls(&mut self, function: usize) {
        let turns = self.turns(self.functions[function].steps + 2);
        if turns == 0 {
            return;
        }
        let i = self.name("i");
        self.line(&format!("for {i} in range({turns}):"));
        self.looped(turns, |g| {
            g.scope.push(Variable { name: i.clone(), kind: Kind::Int, assignable: false });
            let arguments = g.arguments(function, false);
            let Function { name, is_generator, steps, .. } = g.functions[function].clone();
            let comma = if arguments.is_empty() { "" } else { ", " };
            match is_generator {
                true => g.line(&format!("attempt(lambda: list({name}({arguments})))")),
                false => g.line(&format!("attempt({name}{comma}{arguments})")),
            }
            g.steps += g.turns * (steps + 2);
            if g.decisions.chance(30) {
                let at = g.decisions.below(turns as usize);
                g.line(&format!("if {i} == {at}:"));
                g.nested(Self::change);
            }
        });
    }
}
