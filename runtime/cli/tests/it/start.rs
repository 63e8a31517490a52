//! What a process finds when it begins, and how it ends.

use super::*;

/// Runs a program that a shell starts with some of its streams closed.
fn with_closed(streams: &str, program: &str) -> Output {
    let mut shell = Command::new("sh");
    shell.args(["-c", &format!("exec \"$0\" -c \"$1\" {streams}"), env!("CARGO_BIN_EXE_prism"), program]);
    shell.output().expect("a shell starts")
}

#[cfg(all(target_os = "linux", target_env = "gnu"))]
#[test]
fn streams_that_are_closed_stay_closed_and_are_none() {
    assert_eq!(stdout(&with_closed("<&-", "import sys; print(sys.stdin)")), "None\n");
    assert_eq!(stderr(&with_closed(">&-", "import sys; print(sys.stdout, file=sys.stderr); print(1)")), "None\n");
    let output = with_closed("2>&-", "import sys; print(sys.stderr)");
    assert_eq!((stdout(&output).as_str(), code(&output)), ("None\n", 0));
    let free = "import sys; print(open(sys.executable).fileno(), file=sys.stderr)";
    assert_eq!(stderr(&with_closed("<&- >&-", free)), "0\n");
}

#[test]
fn writing_to_a_closed_pipe_is_an_error() {
    let program = "import os
r, w = os.pipe()
os.close(r)
try:
    os.write(w, b'x')
except BrokenPipeError:
    print('told')";
    let output = run(&["-c", program]);
    assert_eq!((stdout(&output).as_str(), code(&output)), ("told\n", 0), "{}", stderr(&output));
}

#[test]
fn what_was_written_last_arrives_and_the_exit_code_is_the_program_s() {
    let output = run(&["-c", "import sys; print('last', end=''); sys.exit(3)"]);
    assert_eq!((stdout(&output).as_str(), code(&output)), ("last", 3));
    let output = run(&["-c", "import os; os._exit(4)"]);
    assert_eq!(code(&output), 4);
}
