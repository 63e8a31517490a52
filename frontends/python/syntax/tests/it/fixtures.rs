//! The fixtures.

use std::path::{Path, PathBuf};

use python_syntax::ast::Root;
use python_syntax::{Mode, dump, unparse};

use crate::parse_text;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures")
}

#[test]
fn accepted_sources_give_the_same_tree() {
    let mut compared = 0;
    for entry in std::fs::read_dir(folder()).expect("the folder of fixtures") {
        let path = entry.expect("an entry").path();
        if path.extension().is_none_or(|extension| extension != "py") {
            continue;
        }
        let source = std::fs::read_to_string(&path).expect("a fixture");
        let expected = std::fs::read_to_string(path.with_extension("dump")).expect("its dump");
        let parsed = parse_text(&source, Mode::Exec).unwrap_or_else(|error| panic!("{}: {error:?}", path.display()));
        let found = dump(&parsed.ast, true) + "\n";
        let same = found.bytes().zip(expected.bytes()).take_while(|(a, b)| a == b).count();
        let around = |text: &str| {
            String::from_utf8_lossy(&text.as_bytes()[same.saturating_sub(80).min(text.len())..])
                .chars()
                .take(200)
                .collect::<String>()
        };
        assert!(found == expected, "{}:\n{}\nexpected:\n{}", path.display(), around(&found), around(&expected));
        compared += 1;
    }
    assert_eq!(compared, 4, "fixtures");
}

#[test]
fn refused_sources_give_the_same_error() {
    let text = std::fs::read_to_string(folder().join("errors.txt")).expect("the fixture of errors");
    let mut source = String::new();
    let mut mode = Mode::Exec;
    let mut failures = Vec::new();
    let mut compared = 0;
    for line in text.split_inclusive('\n') {
        if let Some(expected) = line.strip_prefix("### => ") {
            compared += 1;
            let found = match parse_text(&source, mode) {
                Ok(_) => "accepted".to_owned(),
                Err(error) => {
                    let place = [error.lineno, error.offset, error.end_lineno, error.end_offset];
                    let place: Vec<String> = place.iter().map(|n| n.map_or("None".into(), |n| n.to_string())).collect();
                    format!("{} | {} | {}", error.kind.class_name(), error.message, place.join(" | "))
                }
            };
            if found != expected.trim_end() {
                failures.push(format!("{source}expected {expected}found    {found}"));
            }
        } else if let Some(header) = line.strip_prefix("### ") {
            source.clear();
            mode = match header.trim_end() {
                "eval" => Mode::Eval,
                "single" => Mode::Single,
                _ => Mode::Exec,
            };
        } else {
            source.push_str(line);
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
    assert!(compared > 150, "only {compared} cases");
}

#[test]
fn expressions_are_written_alike() {
    let text = std::fs::read_to_string(folder().join("unparse.txt")).expect("the fixture");
    let mut compared = 0;
    for line in text.lines() {
        let (source, expected) = line.split_once('\t').expect("an expression and its text");
        let parsed = parse_text(&format!("({source})"), Mode::Eval).unwrap_or_else(|error| panic!("{source}: {error}"));
        let Root::Expression { body } = parsed.ast.root else { panic!("no expression") };
        assert_eq!(unparse(&parsed.ast, body), expected, "{source}");
        compared += 1;
    }
    assert!(compared > 100, "only {compared} expressions");
}
