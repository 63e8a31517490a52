//! Crash reports.

use super::*;

#[test]
fn a_panic_in_the_vm_ends_in_a_report_that_says_how_to_repeat_it() {
    let program =
        Scratch::new("crash.lox", "var a = \"a\"; for (var i = 0; i < 1000; i = i + 1) { print i; a = a + \"b\"; }\n");
    let output = run(&["--gc-stress=random:5", "-X", "crash-after=3", "--heap=64M", program.path()]);
    let report = stderr(&output);
    assert_eq!(code(&output), 79, "{report}");
    assert!(stdout(&output).starts_with("0\n1\n2\n"), "what was printed is written");
    for part in [
        "\npanic:         -X crash-after\n",
        "\nconfiguration: gc=",
        " jit=tiered heap=67108864 stress=random:5 seed=5 ",
        "\ncollections:   3 had ended\n",
        &format!("prism --gc-stress=random:5 -X crash-after=3 --heap=64M {}\n", program.path()),
    ] {
        assert!(report.contains(part), "'{part}' is not in\n{report}");
    }
}

#[test]
fn the_replay_of_a_counted_budget_names_its_total() {
    let program =
        Scratch::new("budget-crash.lox", "var a = \"a\"; for (var i = 0; i < 50; i = i + 1) a = a + \"b\";\n");
    let output = run(&["--gc-stress=budget:10", "-X", "crash-after=3", program.path()]);
    let report = stderr(&output);
    assert_eq!(code(&output), 79, "{report}");
    let replay = report.lines().find_map(|line| line.strip_prefix("replay: ")).expect("a replay line");
    assert!(replay.contains(" --gc-stress=budget:10:"), "{replay}");
    let again = Command::new("sh").args(["-c", replay]).output().expect("sh starts");
    assert_eq!(code(&again), 79);
    assert!(stderr(&again).contains("\ncollections:   3 had ended\n"), "{}", stderr(&again));
}
