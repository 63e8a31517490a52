//! The listings of components.

use super::*;

#[test]
fn collectors_and_jits_are_listed_with_their_summaries() {
    for list in ["--gc=help", "--jit=help"] {
        let output = run(&[list]);
        assert_eq!((code(&output), stderr(&output).as_str()), (0, ""));
        let listing = stdout(&output);
        assert_eq!(listing.lines().filter(|line| line.ends_with(" (default)")).count(), 1, "{listing}");
        assert!(listing.lines().all(|line| line.split_whitespace().count() > 2), "{listing}");
    }
    for name in ["none", "marksweep", "semispace", "generational", "satb"] {
        assert!(collectors().iter().any(|collector| collector == name), "{name} is not built in");
    }
}

#[test]
fn jits_are_built_in() {
    for name in ["off", "eval", "cranelift", "template", "tiered"] {
        assert!(stdout(&run(&["--jit=help"])).lines().any(|line| line.starts_with(&format!("{name} "))), "{name}");
    }
}
