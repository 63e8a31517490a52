//! The files in `tests/files`.

use std::path::PathBuf;
use vm_vir::filetest::{Test, cases};

fn files() -> Vec<(PathBuf, String)> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/files");
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .expect("the folder of test files")
        .map(|entry| entry.expect("an entry").path())
        .map(|path| (path.clone(), std::fs::read_to_string(path).expect("a text file")))
        .collect();
    files.sort();
    files
}

#[test]
fn every_file_passes() {
    let mut failures = Vec::new();
    let mut count = 0;
    for (path, text) in files() {
        match cases(&text) {
            Err(e) => failures.push(format!("{}: {e}", path.display())),
            Ok(cases) => {
                for case in cases {
                    count += 1;
                    if let Err(e) = case.check() {
                        failures.push(format!("{}: {e}", path.display()));
                    }
                }
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    assert!(count > 30, "only {count} units were found");
}

#[test]
fn a_wrong_expectation_fails() {
    let text = "; test eval(1) = return 2\nunit \"x\" code0 none registers 1 extent 1 function\n\
                block0(v0: tagged r0):\n  return v0\n";
    let cases = cases(text).expect("a file");
    assert!(matches!(cases[0].tests[0], Test::Eval { .. }));
    let error = cases[0].check().expect_err("1 is not 2");
    assert!(error.contains("found `return 1`"), "{error}");
}
