//! Sources that are too deep or too large end in an error, at CPython's limit where it has one.

use python_compile::{CompileError, Options, compile, opcodes::OPCODES};
use python_syntax::{Mode, parse};

/// Compiles and verifies. `None` if the source does not parse (its own limits come first).
fn compiled(source: &str) -> Option<Result<(), CompileError>> {
    let parsed = parse(source.as_bytes(), "<source>", Mode::Exec, python_syntax::Options::default()).ok()?;
    Some(compile(&parsed.ast, "<source>", &Options::default()).map(|(code, _)| {
        vm_code::verify(&code, &OPCODES).expect("what is compiled verifies");
    }))
}

/// CPython 3.12 takes 2,994 operators and refuses one more, whichever they are.
#[test]
fn nesting_ends_where_cpython_ends_it() {
    type Form = (&'static str, fn(usize) -> String);
    let forms: [Form; 4] = [
        ("sums", |n| format!("x{}", "+x".repeat(n))),
        ("attributes", |n| format!("x{}", ".x".repeat(n))),
        ("calls", |n| format!("x{}", "()".repeat(n))),
        ("elif", |n| format!("if x: pass\n{}", "elif x: pass\n".repeat(n))),
    ];
    for (name, form) in forms {
        if let Some(result) = compiled(&form(2_994)) {
            assert_eq!(result, Ok(()), "{name}");
        }
        for n in [2_995, 100_000] {
            if let Some(result) = compiled(&form(n)) {
                assert_eq!(result, Err(CompileError::Recursion), "{name} {n}");
            }
        }
    }
}

#[test]
fn more_variables_than_registers_are_an_error() {
    let targets: String = (0..70_000).map(|n| format!("v{n} = ")).collect();
    let result = compiled(&format!("def f():\n  {targets} 1\n")).expect("this parses");
    assert!(matches!(result, Err(CompileError::TooLarge(_))), "{result:?}");
    let targets: String = (0..70_000).map(|n| format!("v.a{n}, ")).collect();
    let result = compiled(&format!("{targets} = x\n")).expect("this parses");
    assert!(matches!(result, Err(CompileError::TooLarge(_))), "{result:?}");
}

#[test]
fn a_module_may_have_many_names_and_constants() {
    let source: String = (0..100_000).map(|n| format!("v{n} = {n}\nx.a{n}\n")).collect();
    assert_eq!(compiled(&source), Some(Ok(())));
}

#[test]
fn long_displays_and_calls_need_few_registers() {
    for (open, item, close) in
        [("[", "x, ", "]"), ("(", "x, ", ")"), ("{", "x, ", "}"), ("{", "x: y, ", "}"), ("f(", "x, ", ")")]
    {
        let source = format!("v = {open}{}{close}\n", item.repeat(5_000));
        let parsed = parse(source.as_bytes(), "<source>", Mode::Exec, python_syntax::Options::default());
        let parsed = parsed.expect("displays parse");
        let (code, _) = compile(&parsed.ast, "<source>", &Options::default()).expect("displays compile");
        vm_code::verify(&code, &OPCODES).expect("what is compiled verifies");
        assert!(code.registers < 100, "{open} {}", code.registers);
    }
}

/// Each lambda is a code within the code before it, and codes nest 250 deep (CPython takes what its parser takes).
#[test]
fn nested_functions_end_in_an_error() {
    for (n, expected) in [(249, Ok(())), (250, Err(CompileError::Recursion)), (2_500, Err(CompileError::Recursion))] {
        if let Some(result) = compiled(&format!("{}x\n", "lambda: ".repeat(n))) {
            assert_eq!(result, expected, "{n}");
        }
    }
}
