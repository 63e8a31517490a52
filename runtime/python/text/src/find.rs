//! `find`, `rfind`, `count`, `in`, `startswith`, `endswith`, `replace`, on code points (or bytes).

use std::ops::Range;

use crate::TextBuilder;
use crate::search::{Pattern, RPattern};
use crate::units::{Unit, Units, each_width};

/// The range that `start` and `end` arguments mean in a string of `length`: negative ones count from the end, large
/// ends are cut. `None` if it is reversed, or begins behind the end: then not even the empty string is found.
pub fn search_range(start: isize, end: isize, length: usize) -> Option<Range<usize>> {
    let place = |index: isize| {
        if index < 0 { length.saturating_sub(index.unsigned_abs()) } else { index.unsigned_abs() }
    };
    let (start, end) = (place(start), place(end).min(length));
    (start <= end).then_some(start..end)
}

/// The index of the first occurrence.
pub fn find(text: Units<'_>, needle: Units<'_>) -> Option<usize> {
    each_width!(text, text => needle.with_width(text).and_then(|needle| Pattern::new(&needle).find(text)))
}

/// The index of the last occurrence.
pub fn rfind(text: Units<'_>, needle: Units<'_>) -> Option<usize> {
    each_width!(text, text => needle.with_width(text).and_then(|needle| RPattern::new(&needle).find(text)))
}

/// Whether there is an occurrence.
pub fn contains(text: Units<'_>, needle: Units<'_>) -> bool {
    find(text, needle).is_some()
}

/// How many occurrences, without overlap; of the empty string, one more than there are code points.
pub fn count(text: Units<'_>, needle: Units<'_>) -> usize {
    if needle.is_empty() {
        return text.len() + 1;
    }
    each_width!(text, text => {
        needle.with_width(text).map_or(0, |needle| match *needle {
            [unit] => Unit::count_unit(text, unit),
            _ => occurrences(text, &needle, usize::MAX).count(),
        })
    })
}

/// Where the needle, which is not empty, occurs, without overlap, at most so many times.
fn occurrences<'a, U: Unit>(text: &'a [U], needle: &'a [U], most: usize) -> impl Iterator<Item = usize> + 'a {
    let pattern = Pattern::new(needle);
    let mut from = 0;
    std::iter::from_fn(move || {
        let found = from + pattern.find(&text[from..])?;
        from = found + needle.len();
        Some(found)
    })
    .take(most)
}

/// Whether the text begins with the prefix.
pub fn starts_with(text: Units<'_>, prefix: Units<'_>) -> bool {
    prefix.len() <= text.len() && text.slice(0..prefix.len()).equals(prefix)
}

/// Whether the text ends with the suffix.
pub fn ends_with(text: Units<'_>, suffix: Units<'_>) -> bool {
    suffix.len() <= text.len() && text.slice(text.len() - suffix.len()..text.len()).equals(suffix)
}

/// `replace` of at most `most` occurrences from the left (a negative count of Python's is `usize::MAX`).
///
/// Returns false, with nothing added to `out`, where there is nothing to replace: the result is the text itself.
pub fn replace(text: Units<'_>, old: Units<'_>, new: Units<'_>, most: usize, out: &mut TextBuilder) -> bool {
    if most == 0 || old.equals(new) {
        return false;
    }
    each_width!(text, text => {
        old.with_width(text).is_some_and(|old| {
            if old.is_empty() { insert_everywhere(text, new, most, out) } else { replace_units(text, &old, new, most, out) }
        })
    })
}

fn replace_units<U: Unit>(text: &[U], old: &[U], new: Units<'_>, most: usize, out: &mut TextBuilder) -> bool {
    let mut from = 0;
    for found in occurrences(text, old, most) {
        out.push_units(U::wrap(&text[from..found]));
        out.push_units(new);
        from = found + old.len();
        if out.overflowed() {
            return true;
        }
    }
    if from > 0 {
        out.push_units(U::wrap(&text[from..]));
    }
    // The old text is not empty: an occurrence moves `from`.
    from > 0
}

/// What replacing the empty string is: `new` before each code point and at the end.
fn insert_everywhere<U: Unit>(text: &[U], new: Units<'_>, most: usize, out: &mut TextBuilder) -> bool {
    for (index, unit) in text.iter().enumerate() {
        if index == most {
            out.push_units(U::wrap(&text[index..]));
            return true;
        }
        out.push_units(new);
        out.push(unit.point());
        if out.overflowed() {
            return true;
        }
    }
    if text.len() < most {
        out.push_units(new);
    }
    true
}
