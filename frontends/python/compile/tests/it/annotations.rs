//! The text of annotations, against CPython's in `tests/cases/annotations.txt`.

use python_compile::{Options, compile};
use python_syntax::{Mode, parse};
use vm_code::Constant;

#[test]
fn texts_are_cpythons() {
    let (mut count, mut wrong) = (0, String::new());
    for line in include_str!("../cases/annotations.txt").lines().skip(1) {
        let (annotation, expected) = line.split_once(" => ").expect("a case has an answer");
        let source = format!("from __future__ import annotations\nx: {annotation}\n");
        let parsed = parse(source.as_bytes(), "<source>", Mode::Exec, python_syntax::Options::default());
        let parsed = parsed.unwrap_or_else(|error| panic!("{annotation}: {error}"));
        let compiled = compile(&parsed.ast, "<source>", &Options::default());
        let (code, _) = compiled.unwrap_or_else(|error| panic!("{annotation}: {error}"));
        let found = code.constants.iter().any(|constant| *constant == Constant::Str(expected.as_bytes().into()));
        if !found {
            wrong += &format!("{annotation}: expected {expected}\n");
        }
        count += 1;
    }
    assert!(wrong.is_empty(), "{wrong}");
    assert!(count > 80, "only {count} cases");
}
