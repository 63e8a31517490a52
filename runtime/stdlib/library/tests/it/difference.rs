//! The least difference of two lists of lines (Myers, "An O(ND) Difference Algorithm and Its Variations", 1986).

use std::ops::Range;

/// What to replace to get from `a` to `b`: ranges of `a`, each with the range of `b` that takes its place, ascending.
pub(crate) fn difference<T: PartialEq>(a: &[T], b: &[T]) -> Vec<(Range<usize>, Range<usize>)> {
    // Diagonals are `x - y`, counted so that `middle` is diagonal 0; `reached` has the furthest `x` on each.
    let middle = a.len() + b.len() + 1;
    let mut reached = vec![0; 2 * middle + 1];
    // For each number of changes, what was reached with one fewer, from diagonal `middle - changes - 1` on.
    let mut history = Vec::new();
    'search: for changes in 0..middle {
        history.push(reached[middle - changes - 1..=middle + changes + 1].to_vec());
        for diagonal in (middle - changes..=middle + changes).step_by(2) {
            let added = adds(reached[diagonal - 1], reached[diagonal + 1], diagonal, middle, changes);
            let mut x = if added { reached[diagonal + 1] } else { reached[diagonal - 1] + 1 };
            while x < a.len() && x + middle - diagonal < b.len() && a[x] == b[x + middle - diagonal] {
                x += 1;
            }
            reached[diagonal] = x;
            if x >= a.len() && x + middle - diagonal >= b.len() {
                break 'search;
            }
        }
    }

    let mut hunks: Vec<(Range<usize>, Range<usize>)> = Vec::new();
    let (mut x, mut y) = (a.len(), b.len());
    for (changes, before) in history.iter().enumerate().skip(1).rev() {
        let diagonal = middle + x - y;
        let before = |diagonal: usize| before[diagonal + changes + 1 - middle];
        let added = adds(before(diagonal - 1), before(diagonal + 1), diagonal, middle, changes);
        let (next_x, next_y) = (x, y);
        x = before(if added { diagonal + 1 } else { diagonal - 1 });
        y = x + middle - if added { diagonal + 1 } else { diagonal - 1 };
        debug_assert!(next_x >= x && next_y >= y);
        let (end_x, end_y) = if added { (x, y + 1) } else { (x + 1, y) };
        match hunks.last_mut() {
            // Hunks are found from the end; this one may touch the one found before it.
            Some((removed, inserted)) if removed.start == end_x && inserted.start == end_y => {
                removed.start = x;
                inserted.start = y;
            }
            _ => hunks.push((x..end_x, y..end_y)),
        }
    }
    hunks.reverse();
    hunks
}

/// Whether the furthest path on a diagonal ends by adding a line of `b` (else by removing one of `a`).
fn adds(below: usize, above: usize, diagonal: usize, middle: usize, changes: usize) -> bool {
    diagonal == middle - changes || (diagonal != middle + changes && below < above)
}

#[cfg(test)]
mod tests {
    use super::difference;

    /// Applies the difference, and returns how many lines it touches.
    fn applied(a: &str, b: &str) -> (String, usize) {
        let (old, new): (Vec<_>, Vec<_>) = (a.chars().collect(), b.chars().collect());
        let (mut result, mut done, mut touched) = (String::new(), 0, 0);
        for (removed, inserted) in difference(&old, &new) {
            result.extend(&old[done..removed.start]);
            result.extend(&new[inserted.clone()]);
            done = removed.end;
            touched += removed.len() + inserted.len();
        }
        result.extend(&old[done..]);
        (result, touched)
    }

    #[test]
    fn leads_from_one_to_the_other_in_the_fewest_changes() {
        for (a, b, least) in [
            ("", "", 0),
            ("", "ab", 2),
            ("ab", "", 2),
            ("abc", "abc", 0),
            ("abc", "ac", 1),
            ("ac", "abc", 1),
            ("abc", "axc", 2),
            ("abcabba", "cbabac", 5),
            ("xaxbxcx", "abc", 4),
        ] {
            assert_eq!(applied(a, b), (b.to_owned(), least), "{a:?} to {b:?}");
        }
    }
}
