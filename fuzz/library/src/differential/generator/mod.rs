//! Programs out of decisions, made to be compiled, entered and left: functions and loops that get hot, whose operands change
//! kind, and whose classes, globals and built-ins change while they run.
//!
//! # Invariants
//!
//! * A program ends, after some thousands of steps: loops are counted, a function calls those before it only, what rebinds one
//!   calls nothing, and the turns of loops are multiplied up against a budget ([`Generator::turns`]).
//! * Values stay small: products are reduced where they are stored, texts and containers cut; containers hold scalars.
//! * It is a text in parts ([`PART`]), each a code of its own with the program's globals: what a loop in module code compiles is what
//!   can follow, which is the part's rest. One in [`WHOLE`] has a single part.
//! * It shows nothing that depends on when something is collected: generators hold no `finally` or `with`, sets hold no instances.

mod classes;
mod expressions;
mod functions;
mod scope;
mod statements;
mod templates;

use super::Decisions;
use scope::{Class, Function, Kind, Variable};
use statements::DEEPEST;
use templates::Tables;

/// What programs use besides their own: in a module that a VM makes once, or in the program's own text.
pub(in crate::differential) const HELPERS: &str = include_str!("helpers.py");
/// The name of that module.
pub(in crate::differential) const HELPERS_NAME: &str = "helpers";
/// The line that ends a part of a program.
pub(in crate::differential) const PART: &str = "# ---\n";

/// What a program always has itself, since it changes it.
const OWN: &str = "class Failure(Exception):\n def __init__(self, x=0):\n  self.x = x\n";

/// Of a hundred programs, how many have the helpers in their own text: as functions that know no other callers.
const HELPED: usize = 10;
/// Of a hundred programs, how many are a single part.
const WHOLE: usize = 1;
/// Of a hundred programs, how many are several times as large as the others. What a program costs is above all the compiling of its
/// functions, which takes time by their sizes: a hundred small ones find more than ten large ones.
const LARGE: usize = 2;
/// Steps of the whole program, about.
const STEPS: u64 = 1200;
/// Steps of one call of a function, about.
const STEPS_OF_A_CALL: u64 = 120;

/// The program that these decisions make.
pub fn program(decisions: &mut Decisions<'_>) -> String {
    let mut generator = Generator::new(decisions);
    generator.whole = generator.decisions.chance(WHOLE);
    generator.large = generator.decisions.chance(LARGE);
    if generator.decisions.chance(HELPED) {
        generator.out += HELPERS;
    } else {
        generator.out += &format!("from {HELPERS_NAME} import *\n");
    }
    generator.out += OWN;
    generator.define_globals();
    for _ in 0..generator.some([0, 0, 0, 1, 1], [0, 1, 1, 2, 2]) {
        generator.class();
    }
    for _ in 0..generator.some([1, 1, 1, 1, 2], [1, 2, 3, 4, 4]) {
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
    /// Is the program a single part?
    whole: bool,
    /// Is it one of the large ones?
    large: bool,
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
            out: String::new(),
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
            whole: false,
            large: false,
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
    /// One of these numbers, by the program's size.
    fn some(&mut self, small: [usize; 5], large: [usize; 5]) -> usize {
        *self.decisions.pick(if self.large { &large } else { &small })
    }
    /// Ends a part of the program here, between statements of the module.
    fn part(&mut self) {
        if !self.whole {
            self.out += PART;
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
        for _ in 0..self.some([1, 1, 1, 2, 2], [1, 2, 3, 3, 4]) {
            for function in 0..self.functions.len() {
                self.part();
                self.calls(function);
            }
            for _ in 0..self.some([0, 0, 0, 1, 1], [0, 1, 2, 3, 4]) {
                self.part();
                // Loops of the module are compiled as functions' are, but take several times as long.
                let depth = if self.large || self.decisions.chance(15) { 0 } else { DEEPEST };
                if self.decisions.chance(20) {
                    self.statement(depth);
                    continue;
                }
                self.line("try:");
                self.nested(|g| g.statement(depth));
                self.line("except Exception as e:\n print(chain(e), e, lines(e))");
            }
            self.change();
        }
        self.line("print(sorted(k for k in globals() if k[0] != '_'))");
    }
    /// A loop that calls a function: one of the helpers', or one of the module's own.
    fn calls(&mut self, function: usize) {
        let turns = self.turns(self.functions[function].steps + 2);
        if turns == 0 {
            return;
        }
        let i = self.name("i");
        let driven = self.decisions.chance(90);
        if !driven {
            self.line(&format!("for {i} in range({turns}):"));
        }
        self.looped(turns, |g| {
            g.scope.push(Variable { name: i.clone(), kind: Kind::Int, assignable: false });
            let arguments = g.arguments(function, false);
            let Function { name, is_generator, steps, .. } = g.functions[function].clone();
            let comma = if arguments.is_empty() { "" } else { ", " };
            let call = match is_generator {
                true => format!("attempt(lambda: list({name}({arguments})))"),
                false => format!("attempt({name}{comma}{arguments})"),
            };
            g.steps += g.turns * (steps + 2);
            if driven {
                g.indent -= 1;
                g.line(&format!("drive({turns}, lambda {i}: {call})"));
                g.indent += 1;
                return;
            }
            g.line(&call);
            if g.decisions.chance(30) {
                let at = g.decisions.below(turns as usize);
                g.line(&format!("if {i} == {at}:"));
                g.nested(Self::change);
            }
        });
    }
}
