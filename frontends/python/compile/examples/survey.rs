//! Compiles every `.py` file below the given folders (or the given files) and verifies what comes out; with `--list`,
//! prints the listings.
//!
//! `cargo run --release -p python-compile --example survey -- [--list] PATH…`. The exit code says whether a code failed
//! verification; sources that are refused are listed, not counted as failures.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use vm_code::{Code, Constant};

use python_compile::{Options, compile, opcodes::OPCODES};
use python_syntax::{Mode, parse};

fn files(path: &Path, found: &mut Vec<PathBuf>) {
    if path.is_dir() {
        let Ok(entries) = std::fs::read_dir(path) else { return };
        let mut entries: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
        entries.sort();
        entries.iter().filter(|path| !path.is_symlink()).for_each(|path| files(path, found));
    } else if path.extension().is_some_and(|extension| extension == "py") {
        found.push(path.into());
    }
}

fn count(code: &Code) -> (usize, usize) {
    let nested = code.constants.iter().filter_map(|constant| match constant {
        Constant::Code(code) => Some(count(code)),
        _ => None,
    });
    nested.fold((1, code.instructions.len()), |sum, other| (sum.0 + other.0, sum.1 + other.1))
}

fn main() -> ExitCode {
    let mut list = false;
    let mut sources = Vec::new();
    for argument in std::env::args().skip(1) {
        if argument == "--list" {
            list = true;
        } else {
            files(Path::new(&argument), &mut sources);
        }
    }
    let (mut compiled, mut refused, mut failed) = (0, 0, 0);
    let mut total = (0, 0);
    for path in &sources {
        let name = path.display().to_string();
        let Ok(bytes) = std::fs::read(path) else { continue };
        let parsed = match parse(&bytes, &name, Mode::Exec, python_syntax::Options::default()) {
            Ok(parsed) => parsed,
            Err(error) => {
                println!("{name}: {error}");
                refused += 1;
                continue;
            }
        };
        for options in [Options::default(), Options { optimize: 2, plain_module: true, ..Options::default() }] {
            match compile(&parsed.ast, &name, &options) {
                Err(error) => {
                    println!("{name}: {error}");
                    refused += 1;
                }
                Ok((code, _)) => {
                    compiled += 1;
                    let (codes, instructions) = count(&code);
                    total = (total.0 + codes, total.1 + instructions);
                    if let Err(error) = vm_code::verify(&code, &OPCODES) {
                        println!("{name}: does not verify: {error:?}");
                        failed += 1;
                    }
                    if list {
                        println!("{}", vm_code::text::print(&code, &OPCODES));
                    }
                }
            }
        }
    }
    println!("{compiled} compiled, {refused} refused, {failed} failed verification");
    println!("{} codes, {} instructions", total.0, total.1);
    if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
