//! `prism-test` as a process, on a CPython that is none: a folder that looks like a library with tests.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A root with this one file of tests; gone at the end of the test.
struct Root(PathBuf);

impl Root {
    fn new(name: &str, file: &str, text: &str) -> Root {
        let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{}-{name}", std::process::id()));
        let support = root.join("Lib/test/support");
        std::fs::create_dir_all(&support).expect("writable");
        for (path, text) in [
            ("Lib/calendar.py", "class Month(object): pass\n"),
            ("Lib/cgi.py", ""),
            ("Lib/test/__init__.py", ""),
            ("Lib/test/support/__init__.py", ""),
        ] {
            std::fs::write(root.join(path), text).expect("writable");
        }
        std::fs::write(root.join("Lib/test").join(file), text).expect("writable");
        Root(root)
    }
    /// `prism-test` on these tests and our own library.
    fn run(&self, arguments: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_prism-test"))
            .arg(format!("--cpython-root={}", self.0.display()))
            .arg("--embedded")
            .args(arguments)
            .output()
            .expect("prism-test starts")
    }
}

impl Drop for Root {
    fn drop(&mut self) {
        // Left over if it fails; the folder is the build's own.
        _ = std::fs::remove_dir_all(&self.0);
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("UTF-8")
}

/// The outcomes in a report by the names of the cases.
fn outcomes(report: &Path) -> Vec<(String, String)> {
    let report: serde_json::Value =
        serde_json::from_str(&std::fs::read_to_string(report).expect("a report")).expect("JSON");
    let cases = report["files"][0]["cases"].as_array().expect("cases").iter();
    let field = |case: &serde_json::Value, name: &str| case[name].as_str().expect("a text").to_owned();
    cases.map(|case| (field(case, "name"), field(case, "outcome"))).collect()
}

#[test]
fn what_a_module_makes_of_being_imported_is_told() {
    for (name, body, outcome, code) in [
        ("good", "import sys\n", "passed", 0),
        ("bad", "import no_such_module\n", "error", 1),
        ("gone", "import os\nos._exit(3)\n", "crash", 1),
        ("slow", "while True: pass\n", "time-out", 1),
        ("fat", "x = [None]\nwhile True: x += x\n", "memory-out", 1),
    ] {
        let root = Root::new(name, "test_it.py", body);
        let report = root.0.join("report.json");
        let report_to = format!("--json-report={}", report.display());
        let limits = ["--timeout=6", "--memory=64M"];
        let output = root.run(&[&["test_it", "--runner=import", &report_to], &limits[..]].concat());
        assert_eq!(outcomes(&report), [("import".to_owned(), outcome.to_owned())], "{}", text(&output.stderr));
        assert_eq!(output.status.code(), Some(code), "{name}");
    }
}

/// Under the name `prism` this binary is a prism, as any other.
#[test]
fn another_prism_is_given_options() {
    let root = Root::new("other", "test_it.py", "import sys\nassert sys.implementation.name == 'prism'\n");
    let link = root.0.join("prism");
    std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_prism-test"), &link).expect("writable");
    let interpreter = format!("--interpreter={}", link.display());
    let report = root.0.join("report.json");
    let report_to = format!("--json-report={}", report.display());
    // One that a prism takes, and one that it refuses: both come to it.
    for (option, outcome) in [("--option=--jit=eval", ("import", "passed")), ("--option=--jit=none", ("", ""))] {
        let output = root.run(&["test_it", "--runner=import", &interpreter, "--gc=semispace", option, &report_to]);
        let told = text(&output.stderr);
        let seen = outcomes(&report);
        let first = seen.first().map_or(("", ""), |(name, outcome)| (name.as_str(), outcome.as_str()));
        assert_eq!((first, told.contains("exit code 2")), (outcome, outcome.0.is_empty()), "{told}");
    }
}

#[test]
fn what_is_not_there_is_refused() {
    let root = Root::new("refused", "test_it.py", "");
    for arguments in [&["test_other"][..], &["@other"], &["test_it", "--start=test_other"], &["test_it", "--memory=2T"]]
    {
        let output = root.run(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {}", text(&output.stderr));
    }
}
