//! `prism` as users meet it: as a process.

mod bad_input;
mod collect;
mod components;
mod crash;
mod imports;
mod jit_log;
mod library;
mod lox;
mod options;
mod prompt;
mod python;
mod roots;
mod start;

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// The command with these arguments.
fn prism<S: AsRef<std::ffi::OsStr>>(arguments: &[S]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_prism"));
    command.args(arguments).env_remove("PRISM_STDLIB").env("RUST_BACKTRACE", "0");
    command
}

/// Runs the command to its end.
fn run<S: AsRef<std::ffi::OsStr>>(arguments: &[S]) -> Output {
    prism(arguments).output().expect("prism starts")
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("UTF-8")
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("UTF-8")
}

fn code(output: &Output) -> i32 {
    output.status.code().expect("not ended by a signal")
}

/// The names of the collectors of this build.
fn collectors() -> Vec<String> {
    let listing = stdout(&run(&["--gc=help"]));
    listing.lines().filter_map(|line| line.split_whitespace().next()).map(str::to_owned).collect()
}

/// A file that is gone at the end of the test.
struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str, content: &str) -> Scratch {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{}-{name}", std::process::id()));
        std::fs::write(&path, content).expect("writable");
        Scratch(path)
    }
    fn path(&self) -> &str {
        self.0.to_str().expect("UTF-8")
    }
    fn text(&self) -> String {
        std::fs::read_to_string(&self.0).expect("readable")
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // Left over if it fails; the folder is the build's own.
        _ = std::fs::remove_file(&self.0);
    }
}
