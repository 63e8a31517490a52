//! What a fuzz target runs.

use crate::eval::{Program, Sandbox, evaluate};
use crate::filetest::round_trip;
use crate::text::parse;
use vm_heap::Value;

/// Parses, verifies and evaluates arbitrary text in a sandbox, for at most a fixed number of steps. Panics if something does
/// not hold that must hold for every unit: a verified unit prints and parses back, and evaluates the same twice.
pub fn fuzz_vir(data: &[u8]) {
    const FUEL: u64 = 10_000;
    let Ok(text) = std::str::from_utf8(data) else { return };
    let Ok(unit) = parse(text) else { return };
    let Ok(program) = Program::new(unit) else { return };
    if let Err(e) = round_trip(program.unit()) {
        panic!("{e}");
    }
    let samples = [Value::int(3), Value::float(0.5), Value::TRUE, Value::NONE, Value::int(-1)];
    for rotation in 0..samples.len() {
        let count = program.unit().entry.len();
        let mut arguments = [Value::EMPTY; 8];
        if count > arguments.len() {
            return;
        }
        for (i, argument) in arguments.iter_mut().enumerate() {
            *argument = samples[(i + rotation) % samples.len()];
        }
        let run = || {
            let mut sandbox = Sandbox::new(FUEL);
            sandbox.set_cells(program.unit().cells.iter().map(|_| Value::int(7)));
            let outcome = evaluate(&program, &arguments[..count], &mut sandbox);
            (outcome, sandbox.observed)
        };
        assert_eq!(run(), run(), "evaluation is deterministic");
    }
}
