//! Programs made by hand; patterns as programs write them are tested through `re`.

use super::program::code::*;
use super::{Failure, Matcher, Mode, Program, assemble};
use python_text::Units;

const ANY_NUMBER: u32 = u32::MAX;

fn find(
    words: &[u32],
    groups: usize,
    subject: &[u8],
    poll: &mut dyn FnMut() -> bool,
) -> Result<Option<(usize, usize)>, Failure> {
    let program = assemble(words, groups).expect("valid code");
    let mut matcher = Matcher::new(Program::new(&program), Units::One(subject))?;
    Ok(matcher.find(Mode::Search, 0, false, poll)?.map(|f| (f.start, f.end)))
}

/// `(a*)*b`
fn nested() -> Vec<u32> {
    vec![
        REPEAT, 13, 0, ANY_NUMBER, MARK, 0, REPEAT_ONE, 6, 0, ANY_NUMBER, LITERAL, 97, SUCCESS, MARK, 1, MAX_UNTIL,
        LITERAL, 98, SUCCESS,
    ]
}

#[test]
fn a_loop_of_loops_matches_and_fails() {
    let mut words = nested();
    words[1] = 14;
    assert_eq!(find(&words, 1, b"xaaab", &mut || false), Ok(Some((1, 5))));
    assert_eq!(find(&words, 1, b"xaaac", &mut || false), Ok(None));
}

#[test]
fn exponential_backtracking_ends_when_the_poll_says_so() {
    let mut words = nested();
    words[1] = 14;
    let mut polls = 0;
    let found = find(&words, 1, &[b'a'; 64], &mut || {
        polls += 1;
        polls == 10
    });
    assert_eq!((found, polls), (Err(Failure::Interrupted), 10));
}

#[test]
fn long_subjects_use_no_native_stack() {
    // `(?:ab)*$`, then the same without the anchor at the end of a subject that does not fit.
    let words = [REPEAT, 7, 0, ANY_NUMBER, LITERAL, 97, LITERAL, 98, MAX_UNTIL, AT, 5, SUCCESS];
    let subject: Vec<u8> = b"ab".repeat(500_000);
    assert_eq!(find(&words, 0, &subject, &mut || false), Ok(Some((0, 1_000_000))));
}

#[test]
fn deep_nesting_is_assembled_without_native_stack() {
    let depth = 20_000;
    let mut words = Vec::new();
    for i in 0..depth {
        // Each group holds the rest: two words here, one behind.
        words.extend([ATOMIC_GROUP, 1 + 3 * (depth - i - 1) + 2 + 1]);
    }
    words.extend([LITERAL, 97]);
    words.extend(vec![SUCCESS; depth as usize + 1]);
    assert_eq!(find(&words, 0, b"b", &mut || false), Ok(None));
}

#[test]
fn damaged_code_is_refused_or_harmless() {
    // Every word of a program with most constructs is replaced by others: what is still accepted must run.
    let mut original = nested();
    original[1] = 14;
    original.pop();
    original.extend([ASSERT, 5, 1, LITERAL, 98, SUCCESS, BRANCH, 5, LITERAL, 97, JUMP, 7, 5, LITERAL, 98, JUMP, 2, 0]);
    original.extend([GROUPREF_EXISTS, 0, 6, LITERAL, 97, JUMP, 3, LITERAL, 98, IN, 5, RANGE, 97, 99, FAILURE, SUCCESS]);
    let mut accepted = 0;
    for i in 0..original.len() {
        for word in (0..50).chain([255, 65_535, u32::MAX - 1, u32::MAX]) {
            let mut words = original.clone();
            words[i] = word;
            let Ok(program) = assemble(&words, 1) else { continue };
            accepted += 1;
            let mut matcher = Matcher::new(Program::new(&program), Units::One(b"aabababccc")).expect("memory");
            let mut polls = 0;
            let _ = matcher.find(Mode::Search, 0, false, &mut || {
                polls += 1;
                polls > 3
            });
        }
    }
    assert!(accepted > original.len(), "{accepted}");
    for end in 0..original.len() {
        assert!(assemble(&original[..end], 1).is_err(), "cut at {end}");
    }
}
