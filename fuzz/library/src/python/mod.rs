//! The Python front end: lexer, parser, compiler.
//!
//! Oracles: nothing panics or overflows; what the parser accepts can be dumped; what the compiler accepts satisfies the
//! bytecode verifier and reads back from both of its forms. Generated programs ([`generate`]) must moreover be accepted.

mod generate;

pub use generate::program;

use python_compile::compile;
use python_compile::opcodes::OPCODES;
use python_syntax::{Mode, dump, parse};
use vm_code::{serial, text, verify};

/// Arbitrary bytes as a source. The first byte chooses mode and optimization.
pub fn front_end(data: &[u8]) -> bool {
    let Some((&choice, source)) = data.split_first() else { return false };
    let mode = match choice % 4 {
        0 => Mode::Eval,
        1 => Mode::Single,
        _ => Mode::Exec,
    };
    check(source, mode, choice / 4 % 3).is_ok()
}

/// Bytes as decisions of the generator: the program must be accepted.
pub fn generated(data: &[u8]) -> bool {
    let source = program(data);
    let optimize = data.first().map_or(0, |byte| byte % 3);
    match check(source.as_bytes(), Mode::Exec, optimize) {
        Ok(()) => true,
        Err(refusal) => panic!("refused: {refusal}\n{source}"),
    }
}

/// Is this a program? The error says who refuses it, and why.
///
/// # Errors
/// Parser or compiler refuse it.
pub fn accepted(source: &str) -> Result<(), String> {
    check(source.as_bytes(), Mode::Exec, 0)
}

/// Parses and compiles; panics where an oracle says so. The error says who refused the source, and why.
fn check(source: &[u8], mode: Mode, optimize: u8) -> Result<(), String> {
    let parsed = parse(source, "<fuzz>", mode, python_syntax::Options::default()).map_err(|error| error.to_string())?;
    dump(&parsed.ast, true);
    let options = python_compile::Options { optimize, ..python_compile::Options::default() };
    let (code, _) = compile(&parsed.ast, "<fuzz>", &options).map_err(|error| error.to_string())?;
    if let Err(error) = verify(&code, &OPCODES) {
        panic!("the verifier refuses what was compiled: {error:?}\n{}", text::print(&code, &OPCODES));
    }
    assert_eq!(serial::load(&serial::write(&code, &OPCODES), &OPCODES).as_ref(), Ok(&code), "serialised form");
    let listing = text::print(&code, &OPCODES);
    assert_eq!(text::parse(&listing, &OPCODES).as_ref(), Ok(&code), "text form:\n{listing}");
    Ok(())
}
