//! What every backend must pass: `.vir` files, and random units that work on objects.
//!
//! A backend makes code; only a VM can run it. So a test hands in a [`Runner`], which compiles a unit and runs it with a
//! [`Setup`] in surroundings that behave like those of [`vm_vir::eval::Sandbox`], and the suite compares what it reports with
//! what the files say and with what the evaluator does. [`EvalRunner`] runs units that were compiled for the evaluator on a real
//! heap, under any collector and stress: that is the reference's own test.

mod arithmetic;
mod heap;
mod units;

pub use arithmetic::{Choices, arithmetic_unit};
pub use heap::{EvalRunner, HeapSandbox};
pub use units::{object_unit, run_setup};

use std::path::Path;
use vm_engine::Bailout;
use vm_heap::Value;
use vm_vir::Unit;
use vm_vir::eval::{Program, Trap};
use vm_vir::filetest::{Case, Setup, Test, cases};

/// What a run reports: the events, and the result as test files write it.
pub type Ran = (Vec<String>, String);

/// Compiles and runs units.
pub trait Runner {
    /// Compiles a verified unit and runs it once.
    fn run(&mut self, unit: &Unit, setup: &Setup) -> Result<Ran, Bailout>;
}

/// The cases of every `.vir` file in a folder, with the file's name.
pub fn load(folder: &Path) -> Result<Vec<(String, Case)>, String> {
    let problem = |e: std::io::Error| format!("{}: {e}", folder.display());
    let mut all = Vec::new();
    let mut paths = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(problem)? {
        paths.push(entry.map_err(problem)?.path());
    }
    paths.sort();
    for path in paths.iter().filter(|p| p.extension().is_some_and(|e| e == "vir")) {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let text = std::fs::read_to_string(path).map_err(problem)?;
        let cases = cases(&text).map_err(|e| format!("{name}: {e}"))?;
        all.extend(cases.into_iter().map(|c| (name.clone(), c)));
    }
    Ok(all)
}

/// What became of the evaluations of a suite.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Tally {
    /// They gave what was expected.
    pub passed: usize,
    /// The backend does not do what they need.
    pub unsupported: usize,
}

/// Runs every evaluation in the cases that `suits` picks. Errors name each one that went wrong.
pub fn run_cases(
    cases: &[(String, Case)],
    runner: &mut dyn Runner,
    suits: &dyn Fn(&Unit, &str) -> bool,
) -> Result<Tally, String> {
    let mut tally = Tally::default();
    let mut failures = Vec::new();
    for (file, case) in cases {
        // Units that are refused are the verifier's tests.
        let Ok(unit) = vm_vir::parse(&case.text) else { continue };
        if vm_vir::verify(&unit).is_err() {
            continue;
        }
        for test in &case.tests {
            let Test::Eval { setup, observe, expected } = test else { continue };
            if !suits(&unit, expected) {
                continue;
            }
            match runner.run(&unit, setup) {
                Err(Bailout::Unsupported(_)) => tally.unsupported += 1,
                Err(e) => failures.push(format!("{file}: unit at line {}: {e}", case.line)),
                Ok((mut events, result)) => {
                    events.push(result);
                    let found = if *observe { events.join(" / ") } else { events.pop().unwrap_or_default() };
                    if found == *expected {
                        tally.passed += 1;
                    } else {
                        let line = case.line;
                        failures.push(format!("{file}: unit at line {line}: expected `{expected}`, found `{found}`"));
                    }
                }
            }
        }
    }
    if failures.is_empty() { Ok(tally) } else { Err(failures.join("\n")) }
}

/// Makes a unit from bytes and compares the runner with the evaluator in its sandbox, without and with forced exits. False if
/// the backend does not do what the unit needs.
pub fn agrees_on(data: &[u8], runner: &mut dyn Runner) -> Result<bool, String> {
    let unit = object_unit(data);
    let program = Program::new(unit.clone()).map_err(|e| format!("the generator made a bad unit: {e}\n{unit}"))?;
    for deopt_every in [None, Some(1), Some(3), Some(7)] {
        let setup = run_setup(data, deopt_every);
        let expected = setup.run(&program);
        // The sandbox is the same evaluator, so this it cannot be trusted with: everything in these frame states has a value.
        if expected.1.contains("EMPTY") {
            return Err(format!("a value is lost on the way out: {}\n{unit}", expected.1));
        }
        match runner.run(&unit, &setup) {
            Err(Bailout::Unsupported(_)) => return Ok(false),
            Err(e) => return Err(format!("{e}\n{unit}")),
            Ok(found) if found == expected => {}
            Ok(found) => {
                return Err(format!("deopt-every {deopt_every:?}: expected {expected:?}\nfound {found:?}\n{unit}"));
            }
        }
    }
    Ok(true)
}

/// As [`agrees_on`], with a unit that computes on these arguments: a small integer, a float, a truth value. `words` as in
/// [`arithmetic_unit`].
pub fn arithmetic_agrees_on(
    numbers: &[u32],
    words: bool,
    arguments: [Value; 3],
    runner: &mut dyn Runner,
) -> Result<bool, String> {
    let unit = arithmetic_unit(numbers, words);
    let program = Program::new(unit.clone()).map_err(|e| format!("the generator made a bad unit: {e}\n{unit}"))?;
    for deopt_every in [None, Some(1), Some(2), Some(5)] {
        let setup = Setup {
            arguments: arguments.map(Value::bits).into(),
            cells: Box::new([]),
            roots: Box::new([]),
            registers: Box::new([]),
            deopt_every,
            fuel: 500,
        };
        let expected = setup.run(&program);
        if expected.1 == format!("trap {}", Trap::Fuel) {
            continue;
        }
        match runner.run(&unit, &setup) {
            Err(Bailout::Unsupported(_)) => return Ok(false),
            Err(e) => return Err(format!("{e}\n{unit}")),
            Ok(found) if found == expected => {}
            Ok(found) => {
                return Err(format!("deopt-every {deopt_every:?}: expected {expected:?}\nfound {found:?}\n{unit}"));
            }
        }
    }
    Ok(true)
}
