//! `--gc-stress=budget:N` without a total: a first run in a child process counts the allocations.
//!
//! The child is this very command with `--gc-stress=count` added; its output is dropped and its standard input is empty. A
//! program that must know finds [`COUNTING_RUN`] in its environment.
//! A program that reads its input, or leaves files behind that its second run minds, needs `budget:N:TOTAL`.

use std::ffi::OsString;
use std::fs;
use std::os::unix::process::CommandExt;
use std::process::{Command, Stdio};

/// The variable of the environment that says that this is the run that counts.
const COUNTING_RUN: &str = "PRISM_COUNTING_RUN";

/// The arguments with more options added, such that the added ones win: right before the program.
pub(crate) fn with_options(arguments: &[OsString], program_at: usize, added: &[OsString]) -> Vec<OsString> {
    let (options, program) = arguments.split_at(program_at.min(arguments.len()));
    // An explicit end of the options stays their end.
    let (options, end) = match options.split_last() {
        Some((last, before)) if last == "--" => (before, &options[options.len() - 1..]),
        _ => (options, &[][..]),
    };
    [options, added, end, program].concat()
}

/// How many objects the program allocates.
///
/// # Errors
/// The child could not run, or did not come to an end that writes counters.
pub(crate) fn count_allocations(arguments: &[OsString], program_at: usize) -> Result<u64, String> {
    let program = std::env::current_exe().map_err(|error| format!("cannot find its own executable: {error}"))?;
    let counters = std::env::temp_dir().join(format!("prism-count-{}.json", std::process::id()));
    let mut statistics = OsString::from("--gc-stats=");
    statistics.push(&counters);
    let mut command = Command::new(program);
    // Programs that are more than one thing go by their name.
    if let Some(name) = std::env::args_os().next() {
        command.arg0(name);
    }
    let status = command
        .env(COUNTING_RUN, "1")
        .args(with_options(arguments, program_at, &["--gc-stress=count".into(), statistics]))
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .map_err(|error| format!("cannot start the run that counts allocations: {error}"))?;
    let text = fs::read_to_string(&counters);
    _ = fs::remove_file(&counters);
    let text = text.map_err(|_| format!("the run that counts allocations failed ({status})"))?;
    crate::statistics::allocations(&text).ok_or_else(|| "the run that counts allocations wrote no count".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::options::parse::parse;
    use crate::options::{Action, Program};
    use vm_api::heap::stress::Stress;

    #[test]
    fn added_options_win_and_the_program_stays() {
        let lines: [&[&str]; 4] = [
            &["--gc-stress=budget:3", "a.lox", "--gc-stress=off"],
            &["--gc-stress", "budget:3", "-Oc", "code", "x"],
            &["--gc-stress=budget:3", "--", "-a.lox"],
            &["--gc-stress=budget:3", "--lox-suite", "dir"],
        ];
        for line in lines {
            let arguments: Vec<OsString> = line.iter().map(Into::into).collect();
            let before = parse(&arguments).expect("good options");
            assert_eq!(before.uncounted_budget, Some(3));
            let added = with_options(&arguments, before.program_at, &["--gc-stress=once:9".into()]);
            let after = parse(&added).expect("good options");
            assert_eq!(after.heap.stress, Stress::Once(9), "{added:?}");
            assert_eq!(after.uncounted_budget, None);
            assert_eq!(after.action, before.action);
        }
        let code = parse(&["-Oc", "code"].map(OsString::from)).expect("good options");
        assert_eq!(code.action, Action::Run(Program::Command("code".to_owned()), Vec::new()));
    }
}
