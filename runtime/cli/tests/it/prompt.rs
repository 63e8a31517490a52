//! The prompt behind a program: what `-i` keeps from ending, and what ends it. Expected is what CPython 3.12.1 does.

use super::*;
use std::io::Write as _;
use std::process::Stdio;

/// Runs with `input` on standard input; output, exit code, and what is told on standard error without prompts and greeting.
fn told<S: AsRef<std::ffi::OsStr>>(mut command: Command, more: &[S], input: &str) -> (String, i32, String) {
    command.args(more).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("prism starts");
    // Whoever ends early does not read it all.
    _ = child.stdin.take().expect("piped").write_all(input.as_bytes());
    let output = child.wait_with_output().expect("prism ends");
    (stdout(&output), code(&output), stderr(&output).replace(">>> ", ""))
}

#[test]
fn at_the_prompt_system_exit_ends_it_even_with_i() {
    let (out, code, err) = told(prism(&["-i", "-q"]), &[] as &[&str], "print(1)\nraise SystemExit(3)\nprint(2)\n");
    assert_eq!((out.as_str(), code, err.as_str()), ("1\n", 3, ""));
    let (out, code, err) =
        told(prism(&["-i", "-q"]), &[] as &[&str], "1/0\nimport sys\nprint(sys.flags.inspect)\nexit('why')\n");
    assert_eq!((out.as_str(), code), ("1\n", 1));
    assert!(err.ends_with("ZeroDivisionError: division by zero\nwhy\n"), "{err}");
}

#[test]
fn programs_that_exit_are_told_of_and_prompted_behind_with_i() {
    let (out, code, err) = told(
        prism(&["-i", "-q"]),
        &["-c", "import sys; x = 5; sys.exit(4)"],
        "print(x, sys.last_value.code)\nexit(6)\n",
    );
    assert_eq!((out.as_str(), code), ("5 4\n", 6));
    assert!(err.ends_with("SystemExit: 4\n"), "{err}");
}

#[test]
fn without_a_terminal_the_variable_has_exits_told_of_and_prompts_for_nothing() {
    let mut command = prism(&["-c", "raise SystemExit(4)"]);
    command.env("PYTHONINSPECT", "1");
    let (out, code, err) = told(command, &[] as &[&str], "print(9)\n");
    assert_eq!((out.as_str(), code), ("", 1));
    assert!(err.ends_with("SystemExit: 4\n"), "{err}");
    let program = "import os; os.environ['PYTHONINSPECT'] = '1'; raise SystemExit(4)";
    let (out, code, err) = told(prism(&["-i", "-E", "-c", "pass"]), &[] as &[&str], "");
    assert_eq!((out.as_str(), code, err.trim_end()), ("", 0, ""));
    let (out, code, err) = told(prism(&["-c", program]), &[] as &[&str], "print(9)\n");
    assert_eq!((out.as_str(), code, err.as_str()), ("", 4, ""));
}
