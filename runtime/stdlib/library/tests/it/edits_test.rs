//! The edit files' format.

use crate::edits::{apply, path_of};

const ORIGINAL: &str = "one\ntwo\nthree\nfour\n";

#[test]
fn replaces_removes_and_inserts() {
    let edits = "# remark\n@ 0+ at the top\n|zero\n@ 2-3 two lines become one\n|  2 and 3\n\n@ 4+ at the end\n|five\n|";
    assert_eq!(apply(ORIGINAL, None, edits).unwrap(), "zero\none\n  2 and 3\nfour\nfive\n\n");
    assert_eq!(apply(ORIGINAL, None, "@ 1 gone").unwrap(), "two\nthree\nfour\n");
    assert_eq!(apply(ORIGINAL, None, "").unwrap(), ORIGINAL);
    assert_eq!(apply("a\nb\n", Some(ORIGINAL), "@ 1 why\n|x\n& 2-3\n|y\n").unwrap(), "x\ntwo\nthree\ny\nb\n");
    assert_eq!(path_of("here".as_ref(), "a/b.py").to_str().unwrap(), "here/edits/a/b.py.edit");
}

#[test]
fn refuses_what_does_not_fit() {
    for (edits, reason) in [
        ("|text", "before the first hunk"),
        ("@ 1", "says why"),
        ("@ 1 ", "says why"),
        ("@ 0 why", "count from 1"),
        ("@ 5 why", "no range"),
        ("@ 3-2 why", "no range"),
        ("@ two why", "no line number"),
        ("@ 3 why\n@ 2 why", "out of order"),
        ("@ 2-3 why\n@ 3 why", "overlap"),
        ("text", "neither"),
        ("@ 6+ why", "the file has 4 lines"),
        ("& 1", "before the first hunk"),
        ("@ 1 why\n& 1", "no range of a file of 0 lines"),
    ] {
        let error = apply(ORIGINAL, None, edits).unwrap_err();
        assert!(error.contains(reason), "{edits:?}: {error}");
    }
}
