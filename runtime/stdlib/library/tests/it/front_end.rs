//! Our own front end reads the library: every module parses, compiles and verifies, and is no cause of a warning.

use python_compile::opcodes::OPCODES;
use python_syntax::{Mode, Options, parse};
use stdlib_library::{module, names};

/// What is wrong with a module, if anything.
fn fault(name: &str) -> Option<String> {
    let module = module(name)?;
    let parsed = match parse(&module.source, &module.origin, Mode::Exec, Options::default()) {
        Ok(parsed) => parsed,
        Err(error) => return Some(format!("{}:{:?}: {}", module.origin, error.lineno, error.message)),
    };
    if let Some(warning) = parsed.warnings.first() {
        return Some(format!("{}: {warning:?}", module.origin));
    }
    let options = python_compile::Options { plain_module: true, ..Default::default() };
    match python_compile::compile(&parsed.ast, &module.origin, &options) {
        Err(error) => Some(format!("{}: {error:?}", module.origin)),
        Ok((_, warnings)) if !warnings.is_empty() => Some(format!("{}: {warnings:?}", module.origin)),
        Ok((code, _)) => vm_code::verify(&code, &OPCODES).err().map(|error| format!("{}: {error}", module.origin)),
    }
}

#[test]
fn every_module_compiles() {
    let faults: Vec<_> = names().filter_map(fault).collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
