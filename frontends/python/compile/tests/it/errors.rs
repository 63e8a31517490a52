//! Errors and warnings, with their positions, against CPython's answers in `tests/cases/errors.txt`.

use python_compile::{CompileError, Options, SyntaxWarning, compile, opcodes::OPCODES};
use python_syntax::{Mode, parse};
use std::fmt::Write;

const CASES: &str = include_str!("../cases/errors.txt");

fn shown(value: Option<i64>) -> String {
    value.map_or("None".into(), |value| value.to_string())
}

/// The answer in the form of `tools/oracle.py`.
fn outcome(result: Result<Vec<SyntaxWarning>, CompileError>) -> String {
    match result {
        Ok(warnings) => {
            let mut out = String::from("ok");
            for warning in warnings {
                write!(out, " warning {}: {}", warning.span.lineno, warning.message).expect("a string takes all");
            }
            out
        }
        Err(CompileError::Syntax(error)) => format!(
            "{} ({}, {}, {}, {}): {}",
            error.kind.class_name(),
            shown(error.lineno),
            shown(error.offset),
            shown(error.end_lineno),
            shown(error.end_offset),
            error.message
        ),
        Err(error) => error.to_string(),
    }
}

#[test]
fn errors_and_warnings_are_cpythons() {
    let mut wrong = String::new();
    let mut count = 0;
    for case in CASES.split("=====\n").skip(1) {
        let (source, expected) = case.split_once("\n-----\n").expect("a case has an answer");
        let parsed = parse(source.as_bytes(), "<source>", Mode::Exec, python_syntax::Options::default());
        let parsed = match parsed {
            Ok(parsed) => parsed,
            Err(error) => {
                writeln!(wrong, "{source}\n  does not parse: {error}").expect("a string takes all");
                continue;
            }
        };
        let result = compile(&parsed.ast, "<source>", &Options::default());
        if let Ok((code, _)) = &result
            && let Err(error) = vm_code::verify(code, &OPCODES)
        {
            writeln!(wrong, "{source}\n  does not verify: {error}").expect("a string takes all");
        }
        let actual = outcome(result.map(|(_, warnings)| warnings));
        // After an error CPython may have warned already; the warnings of a refused source are not kept here.
        let expected = expected.trim_end();
        let expected =
            if expected.starts_with("ok") { expected } else { expected.split(" warning ").next().unwrap_or(expected) };
        if actual != expected {
            writeln!(wrong, "{source}\n  expected {expected}\n  got      {actual}").expect("a string takes all");
        }
        count += 1;
    }
    assert!(count > 250, "only {count} cases");
    assert!(wrong.is_empty(), "{wrong}");
}
