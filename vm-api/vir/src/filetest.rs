//! Tests as `.vir` files.
//!
//! A file holds units, each with the tests that it must pass in comments before it:
//!
//! ```text
//! ; test eval(3, 4) = return 7
//! ; test eval(3, 1.5) = exit speculation | code1 at 0 + 0 r0: 3 r1: 1.5
//! unit "add" …
//! ```
//!
//! | test | passes if |
//! | --- | --- |
//! | `parse-error: TEXT` | the text does not parse, and the error contains `TEXT` |
//! | `verify-error: TEXT` | the verifier refuses the unit, and a problem's message contains `TEXT` |
//! | `eval(ARGUMENTS) = RESULT` | in a [`Sandbox`], the evaluation ends so |
//! | `observe(ARGUMENTS) = EVENT / … / RESULT` | the same, with every event before it |
//!
//! Results are `return VALUE`, `exception VALUE`, `exit …` (the sandbox's line for it) and `trap …`. Settings for the tests that
//! follow them: `; with cells VALUES`, `; with roots VALUES`, `; with registers VALUES`, `; with deopt-every N`, `; with fuel N`.
//! Every unit without an expected error also has to verify, and to print and parse back in canonical form.

use crate::eval::sandbox::describe;
use crate::eval::{Environment, Outcome, Program, Sandbox, Trap, evaluate};
use crate::text::parse;
use crate::unit::Unit;
use crate::verify::verify;
use vm_heap::Value;

/// Values as their bits: there is no heap in a test file.
type Words = Box<[u64]>;

/// What an evaluation is given.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Setup {
    /// Values of the entry's parameters.
    pub arguments: Words,
    /// Values of the unit's cells.
    pub cells: Words,
    /// Values of the language's roots.
    pub roots: Words,
    /// Registers of the unit's own frame.
    pub registers: Words,
    /// See [`Sandbox::deopt_every`].
    pub deopt_every: Option<u64>,
    /// See [`Sandbox::fuel`].
    pub fuel: u64,
}

/// A test of a unit.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Test {
    /// It does not parse.
    ParseError(String),
    /// It does not verify.
    VerifyError(String),
    /// It evaluates.
    Eval {
        /// With this.
        setup: Setup,
        /// Are events looked at too?
        observe: bool,
        /// To this.
        expected: String,
    },
}

/// A unit with its tests.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Case {
    /// Line of the file on which the unit begins.
    pub line: usize,
    /// The unit's text, with its line numbers kept by empty lines before it.
    pub text: String,
    /// The tests.
    pub tests: Vec<Test>,
}

/// Splits a file into cases.
pub fn cases(file: &str) -> Result<Vec<Case>, String> {
    let mut cases: Vec<Case> = Vec::new();
    let mut tests = Vec::new();
    let mut setup = Setup {
        arguments: Box::new([]),
        cells: Box::new([]),
        roots: Box::new([]),
        registers: Box::new([]),
        deopt_every: None,
        fuel: 100_000,
    };
    let fresh = setup.clone();
    for (i, line) in file.lines().enumerate() {
        let problem = |what: &str| format!("line {}: {what}", i + 1);
        if line.starts_with("unit") {
            let tests = std::mem::take(&mut tests);
            if tests.is_empty() {
                return Err(problem("the unit has no tests"));
            }
            setup = fresh.clone();
            cases.push(Case { line: i + 1, text: "\n".repeat(i), tests });
        }
        if let Some(command) = line.strip_prefix("; test ") {
            tests.push(test(command, &setup).ok_or_else(|| problem("no such test"))?);
        } else if let Some(setting) = line.strip_prefix("; with ") {
            set(setting, &mut setup).ok_or_else(|| problem("no such setting"))?;
        } else if let (Some(case), true) = (cases.last_mut(), tests.is_empty()) {
            case.text.push_str(line);
            case.text.push('\n');
        }
    }
    if tests.is_empty() { Ok(cases) } else { Err("tests without a unit at the end".into()) }
}

fn test(command: &str, setup: &Setup) -> Option<Test> {
    if let Some(text) = command.strip_prefix("parse-error: ") {
        return Some(Test::ParseError(text.trim().into()));
    }
    if let Some(text) = command.strip_prefix("verify-error: ") {
        return Some(Test::VerifyError(text.trim().into()));
    }
    let (observe, rest) = match command.strip_prefix("observe(") {
        Some(rest) => (true, rest),
        None => (false, command.strip_prefix("eval(")?),
    };
    let (arguments, expected) = rest.split_once(") = ")?;
    let setup = Setup { arguments: values(arguments)?, ..setup.clone() };
    Some(Test::Eval { setup, observe, expected: expected.trim().into() })
}

fn set(setting: &str, setup: &mut Setup) -> Option<()> {
    let (name, rest) = setting.split_once(' ')?;
    match name {
        "cells" => setup.cells = values(rest)?,
        "roots" => setup.roots = values(rest)?,
        "registers" => setup.registers = values(rest)?,
        "deopt-every" => setup.deopt_every = Some(rest.trim().parse().ok()?),
        "fuel" => setup.fuel = rest.trim().parse().ok()?,
        _ => return None,
    }
    Some(())
}

fn values(text: &str) -> Option<Words> {
    text.split(',').map(str::trim).filter(|t| !t.is_empty()).map(|t| value(t).map(Value::bits)).collect()
}

/// A value as [`Value`]'s `Debug` writes it.
fn value(text: &str) -> Option<Value> {
    match text {
        "EMPTY" => Some(Value::EMPTY),
        "NONE" => Some(Value::NONE),
        "true" => Some(Value::TRUE),
        "false" => Some(Value::FALSE),
        _ => match text.parse::<i64>() {
            Ok(i) => Value::try_int(i),
            Err(_) => text.parse::<f64>().ok().map(Value::float),
        },
    }
}

impl Setup {
    /// The values that words are.
    pub fn values(words: &[u64]) -> impl Iterator<Item = Value> {
        words.iter().map(|b| Value::from_bits(*b))
    }
    /// A sandbox with these settings.
    pub fn sandbox(&self) -> Sandbox {
        let mut sandbox = Sandbox::new(self.fuel);
        sandbox.set_cells(Setup::values(&self.cells));
        sandbox.set_roots(Setup::values(&self.roots));
        sandbox.set_registers(Setup::values(&self.registers));
        sandbox.deopt_every = self.deopt_every;
        sandbox
    }
    /// Evaluates a program in a sandbox: its events, and the result as test files write it.
    pub fn run(&self, program: &Program) -> (Vec<String>, String) {
        let mut sandbox = self.sandbox();
        let outcome = self.with_arguments(|arguments| evaluate(program, arguments, &mut sandbox));
        let Some(outcome) = outcome else { return (Vec::new(), "more than 16 arguments".into()) };
        let mut events = std::mem::take(&mut sandbox.observed.events);
        let result = result(outcome, &sandbox, &mut events);
        (events, result)
    }
    /// Calls `f` with the arguments; `None` if there are more than 16.
    pub fn with_arguments<T>(&self, f: impl FnOnce(&[Value]) -> T) -> Option<T> {
        let mut arguments = [Value::EMPTY; 16];
        let arguments = arguments.get_mut(..self.arguments.len())?;
        arguments.iter_mut().zip(Setup::values(&self.arguments)).for_each(|(a, v)| *a = v);
        Some(f(arguments))
    }
}

/// How test files write an outcome. The line of an exit, the last event, is taken out of the events.
pub fn result<E: Environment + ?Sized>(
    outcome: Result<Outcome, Trap>,
    environment: &E,
    events: &mut Vec<String>,
) -> String {
    match outcome {
        Ok(Outcome::Return(v)) => format!("return {}", describe(v)),
        Ok(Outcome::Exception) => format!("exception {}", describe(environment.exception())),
        Ok(Outcome::Exit { .. }) => events.pop().unwrap_or_default(),
        Err(trap) => format!("trap {trap}"),
    }
}

impl Case {
    /// Runs every test; the error says which failed, and how.
    pub fn check(&self) -> Result<(), String> {
        let problem = |what: String| Err(format!("unit at line {}: {what}", self.line));
        let parsed = parse(&self.text);
        let program = match &parsed {
            Ok(unit) => verify(unit).map(|()| unit),
            Err(e) => {
                let expected = |t: &Test| matches!(t, Test::ParseError(text) if e.to_string().contains(text));
                return if self.tests.iter().all(expected) { Ok(()) } else { problem(format!("does not parse: {e}")) };
            }
        };
        let unit = match program {
            Ok(unit) => unit,
            Err(problems) => {
                let all = problems.to_string();
                let expected = |t: &Test| matches!(t, Test::VerifyError(text) if all.contains(text));
                return if self.tests.iter().all(expected) {
                    Ok(())
                } else {
                    problem(format!("does not verify: {all}"))
                };
            }
        };
        round_trip(unit).or_else(problem)?;
        let program = match Program::new(unit.clone()) {
            Ok(program) => program,
            Err(problems) => return problem(problems.to_string()),
        };
        for test in &self.tests {
            let Test::Eval { setup, observe, expected } = test else {
                return problem("it has no error".into());
            };
            let (mut events, result) = setup.run(&program);
            events.push(result);
            let found = if *observe { events.join(" / ") } else { events.pop().unwrap_or_default() };
            if found != *expected {
                return problem(format!("expected `{expected}`, found `{found}`"));
            }
        }
        Ok(())
    }
}

/// Does the canonical form of a verified unit survive printing and parsing?
pub fn round_trip(unit: &Unit) -> Result<(), String> {
    let canonical = unit.canonical();
    let text = canonical.to_string();
    match parse(&text) {
        Ok(again) if again == canonical => Ok(()),
        Ok(again) => Err(format!("parsed back as\n{again}instead of\n{text}")),
        Err(e) => Err(format!("does not parse back: {e}\n{text}")),
    }
}
