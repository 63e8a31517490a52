//! Smaller programs that still differ: statements are left out, with what is indented below them, as long as that can be done.

/// The comment behind a statement without which a loop might not end: it stays as long as the loop does.
pub(super) const BOUND: &str = "  # bound";

/// Indentation of a line; `None` for an empty one.
fn indentation(line: &str) -> Option<usize> {
    line.find(|c: char| c != ' ')
}

/// The line after the block that line `at` begins.
fn end(lines: &[String], at: usize) -> usize {
    let own = indentation(&lines[at]).unwrap_or(0);
    let inner = lines[at + 1..].iter().take_while(|line| indentation(line).is_none_or(|deep| deep > own)).count();
    at + 1 + inner
}

/// The program without the lines `from..to`; a block that this leaves empty gets a `pass`.
fn without(lines: &[String], from: usize, to: usize) -> Vec<String> {
    let mut rest = lines[..from].to_vec();
    let own = indentation(&lines[from]).unwrap_or(0);
    let opened =
        rest.last().is_some_and(|line| line.ends_with(':') && indentation(line).is_some_and(|deep| deep < own));
    let goes_on = lines.get(to).and_then(|line| indentation(line)).is_some_and(|deep| deep >= own);
    if opened && !goes_on {
        rest.push(format!("{:own$}pass", ""));
    }
    rest.extend_from_slice(&lines[to..]);
    rest
}

/// The program with the block below line `at` in place of the statement that holds it.
fn unwrapped(lines: &[String], at: usize) -> Option<Vec<String>> {
    let (own, to) = (indentation(&lines[at])?, end(lines, at));
    let inner = indentation(lines.get(at + 1)?).filter(|inner| *inner > own && lines[at].ends_with(':'))?;
    let mut rest = lines[..at].to_vec();
    rest.extend(lines[at + 1..to].iter().map(|line| line.get(inner - own..).unwrap_or_default().to_owned()));
    rest.extend_from_slice(&lines[to..]);
    Some(rest)
}

/// Fewer of the items, for which `still` holds as it does for all of them: halves are left out first, single ones at last.
pub fn fewer<T: Clone>(items: &[T], still: &mut dyn FnMut(&[T]) -> bool) -> Vec<T> {
    let mut items = items.to_vec();
    let mut length = items.len() / 2;
    while length > 0 {
        let mut at = 0;
        while at < items.len() && items.len() > 1 {
            let mut rest = items.clone();
            rest.drain(at..(at + length).min(items.len()));
            if !rest.is_empty() && still(&rest) {
                items = rest;
            } else {
                at += length;
            }
        }
        length /= 2;
    }
    items
}

/// The statements of the module, each with what is indented below it.
fn statements(source: &str) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for line in source.lines() {
        // What goes on with a statement before it (`else:`) is no statement, but to leave it out alone makes no program.
        match all.last_mut() {
            Some(last) if line.starts_with(' ') => *last = format!("{last}{line}\n"),
            _ => all.push(format!("{line}\n")),
        }
    }
    all
}

/// The smallest program that leaving out finds for which `still` holds, as it must for `source`. `still` is asked at most
/// `most` times.
pub fn minimized(source: &str, most: usize, still: &mut dyn FnMut(&str) -> bool) -> String {
    let mut asked = 0;
    let statements = fewer(&statements(source), &mut |rest| {
        asked += 1;
        asked <= most && still(&rest.concat())
    });
    let mut lines: Vec<String> = statements.concat().lines().map(str::to_owned).collect();
    let mut holds = |lines: &[String]| {
        asked += 1;
        (asked <= most).then(|| still(&(lines.join("\n") + "\n")))
    };
    loop {
        let before = lines.len();
        // From the end: what comes last depends on what comes first, not the other way around.
        let mut at = lines.len();
        while at > 0 {
            at -= 1;
            if lines[at].ends_with(BOUND) {
                continue;
            }
            let to = end(&lines, at);
            let mut smaller = vec![without(&lines, at, to)];
            smaller.extend(unwrapped(&lines, at));
            for candidate in smaller {
                match holds(&candidate) {
                    None => return lines.join("\n") + "\n",
                    Some(true) => {
                        lines = candidate;
                        at = at.min(lines.len());
                        break;
                    }
                    Some(false) => {}
                }
            }
        }
        if lines.len() == before {
            return lines.join("\n") + "\n";
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_matter_is_left_out() {
        let source =
            "a = 1\ndef f():\n    if a:\n        b = 2\n        wanted()\n    return 3\nfor x in y:\n    c = 4\n";
        let small = minimized(source, 1000, &mut |text| text.contains("wanted()"));
        assert_eq!(small, "wanted()\n");
        let small = minimized(source, 1000, &mut |text| text.contains("    c = 4"));
        assert_eq!(small, "for x in y:\n    c = 4\n");
        let small = minimized(source, 1000, &mut |text| text.contains("for x in y:\n    "));
        assert_eq!(small, "for x in y:\n    pass\n");
    }
    #[test]
    fn items_that_do_not_matter_are_left_out() {
        let items: Vec<u64> = (0..32).collect();
        assert_eq!(fewer(&items, &mut |rest| rest.contains(&7)), [7]);
        assert_eq!(fewer(&items, &mut |rest| rest.contains(&3) && rest.contains(&29)), [3, 29]);
        assert_eq!(fewer(&[5], &mut |_| true), [5]);
    }
    #[test]
    fn it_ends_after_so_many_questions() {
        let mut questions = 0;
        minimized("a\nb\nc\nd\n", 3, &mut |_| {
            questions += 1;
            false
        });
        assert_eq!(questions, 3);
    }
}
