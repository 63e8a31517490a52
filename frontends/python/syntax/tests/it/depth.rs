//! Sources far deeper or longer than anyone writes: an answer, never an overflow of the native stack.

use python_syntax::{ErrorKind, Mode, dump};

use crate::parse_text;

const DEPTH: usize = 100_000;

/// What nests in the parser is refused as CPython refuses it.
#[test]
fn nesting_ends_in_an_error() {
    for nested in ["-", "not ", "lambda: ", "1 if 1 else ", "1 ** ", "~", "x if y else lambda: "] {
        let error = parse_text(&(nested.repeat(DEPTH) + "1"), Mode::Eval).expect_err(nested);
        assert_eq!(error.kind, ErrorKind::Memory, "{nested}");
        assert_eq!(error.message, "Parser stack overflowed - Python source too complex to parse");
    }
    let chain = "if 1: pass\n".to_owned() + &"elif 1: pass\n".repeat(DEPTH);
    assert_eq!(parse_text(&chain, Mode::Exec).expect_err("elif").kind, ErrorKind::Memory);
    for open in ["(", "[", "{", "f(", "a[", "{1:"] {
        let error = parse_text(&open.repeat(DEPTH), Mode::Exec).expect_err(open);
        assert_eq!(error.message, "too many nested parentheses", "{open}");
    }
    let indented: String = (0..DEPTH / 100).map(|depth| " ".repeat(depth) + "if 1:\n").collect();
    let error = parse_text(&indented, Mode::Exec).expect_err("indentation");
    assert_eq!((error.kind, error.message.as_str()), (ErrorKind::Indentation, "too many levels of indentation"));
}

/// What only makes the tree deep is accepted, and dumping it works.
#[test]
fn chains_are_no_nesting() {
    for (first, repeated) in
        [("a", ".b"), ("1", " + 1"), ("f", "()"), ("a", "[0]"), ("1", " < 1"), ("a", " and a"), ("1", ", 1")]
    {
        let source = first.to_owned() + &repeated.repeat(DEPTH);
        let parsed = parse_text(&source, Mode::Eval).unwrap_or_else(|error| panic!("{repeated}: {error}"));
        assert!(dump(&parsed.ast, true).len() > DEPTH);
    }
    let parsed = parse_text(&("a = ".repeat(DEPTH) + "1"), Mode::Exec).expect("targets");
    assert!(dump(&parsed.ast, false).len() > DEPTH);
}

/// The same with a mistake at the end, which makes the slower reader of errors work.
#[test]
fn mistakes_behind_long_sources_are_explained() {
    for (first, repeated) in [("a", ".b"), ("1", " + 1"), ("f", "()"), ("a", "[0]"), ("1", ", 1")] {
        let source = first.to_owned() + &repeated.repeat(2_000) + " $";
        let error = parse_text(&source, Mode::Exec).expect_err(repeated);
        assert_eq!((error.message.as_str(), error.offset), ("invalid syntax", Some(source.len() as i64)), "{repeated}");
    }
    for nested in ["-", "not ", "lambda: ", "1 if 1 else "] {
        let error = parse_text(&(nested.repeat(1000) + "$"), Mode::Exec).expect_err(nested);
        assert_eq!(error.message, "invalid syntax", "{nested}");
    }
}

/// Positions at the two sides of CPython's limits (facts found with CPython 3.12.1).
#[test]
fn the_limits_are_cpythons() {
    assert!(parse_text(&("-".repeat(5968) + "1"), Mode::Exec).is_ok());
    assert!(parse_text(&("-".repeat(5970) + "1"), Mode::Exec).is_err());
    assert!(parse_text(&("(".repeat(200) + "1" + &")".repeat(200)), Mode::Exec).is_ok());
    assert!(parse_text(&("(".repeat(201) + "1" + &")".repeat(201)), Mode::Exec).is_err());
}
