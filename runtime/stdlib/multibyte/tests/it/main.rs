//! The tables are what a CPython 3.12.1 makes of `data/make.py`, where one is installed (`$PRISM_CPYTHON`, else `python3.12`).

use std::process::Command;

#[test]
fn the_tables_are_cpythons() {
    let cpython = std::env::var("PRISM_CPYTHON").unwrap_or_else(|_| "python3.12".to_owned());
    let version = Command::new(&cpython).arg("--version").output();
    if !version.is_ok_and(|output| output.stdout.starts_with(b"Python 3.12.")) {
        println!("skipped: no CPython 3.12 (set PRISM_CPYTHON)");
        return;
    }
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/data/make.py");
    let output = Command::new(&cpython).args([script, "--check"]).output().expect("CPython starts");
    assert!(output.status.success(), "make.py makes other tables: {}", String::from_utf8_lossy(&output.stderr));
}
