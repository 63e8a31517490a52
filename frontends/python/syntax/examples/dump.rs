//! Prints the tree of each file named, or its error: `cargo run --example dump -- FILE…`, one line each.
//! With `--quiet` only parses. With `--str` takes the files as `compile()` takes text. `--eval`, `--single`: the mode.

use std::process::ExitCode;

use python_syntax::{Mode, Options, dump, parse};

fn main() -> ExitCode {
    let (flags, paths): (Vec<String>, Vec<String>) =
        std::env::args().skip(1).partition(|argument| argument.starts_with("--"));
    let has = |name: &str| flags.iter().any(|flag| flag == name);
    let mode = if has("--eval") {
        Mode::Eval
    } else if has("--single") {
        Mode::Single
    } else {
        Mode::Exec
    };
    let options = Options { ignore_cookie: has("--str"), ..Options::default() };
    let mut failed = false;
    for path in paths {
        match std::fs::read(&path) {
            Ok(source) => match parse(&source, &path, mode, options) {
                Ok(_) if has("--quiet") => {}
                Ok(parsed) => println!("{}", dump(&parsed.ast, true)),
                Err(error) => println!(
                    "{}: {} {:?}",
                    error.kind.class_name(),
                    error.message,
                    (error.lineno, error.offset, error.end_lineno, error.end_offset)
                ),
            },
            Err(error) => {
                eprintln!("{path}: {error}");
                failed = true;
            }
        }
    }
    if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}
