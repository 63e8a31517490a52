//! `find`, `rfind`, `count`, `in`, `startswith`, `endswith`, `replace`, on code points (or bytes).

use crate::TextBuilder;
use python_algorithms::work::{BLOCK, Interrupted, UNINTERRUPTED, Work};

use crate::search::{Pattern, RPattern};
use crate::units::{Unit, Units, each_width};

/// The first place of an ASCII character.
pub(crate) fn find_ascii(text: Units<'_>, character: u8) -> Option<usize> {
    each_width!(text, text => Unit::find_unit(text, Unit::from_point(character.into())?))
}

/// The index of the first occurrence.
///
/// # Errors
/// If the search was interrupted.
pub fn find(text: Units<'_>, needle: Units<'_>, work: &mut Work) -> Result<Option<usize>, Interrupted> {
    each_width!(text, text => match needle.with_width(text) {
        Some(needle) if text.len() <= SHORT => find_short(text, &needle, work),
        Some(needle) => Pattern::new(&needle).find(text, work),
        None => Ok(None),
    })
}

/// The index of the first occurrence in a short text.
#[inline]
pub fn find_in_short(text: &[u8], needle: &[u8]) -> Option<usize> {
    if let [byte] = needle
        && text.len() <= 16
    {
        return text.iter().position(|b| b == byte);
    }
    find_short(text, needle, &mut Work::new(UNINTERRUPTED)).ok().flatten()
}

/// In texts of so many units the preparation of a search costs more than trying every place.
const SHORT: usize = 64;

fn find_short<U: Unit>(text: &[U], needle: &[U], work: &mut Work) -> Result<Option<usize>, Interrupted> {
    work.spend(text.len())?;
    let [first, rest @ ..] = needle else { return Ok(Some(0)) };
    if rest.is_empty() {
        return Ok(U::find_unit(text, *first));
    }
    let mut from = 0;
    while needle.len() <= text.len() - from {
        let Some(found) = U::find_unit(&text[from..=text.len() - needle.len()], *first) else { return Ok(None) };
        let at = from + found;
        if text[at + 1..at + needle.len()] == *rest {
            return Ok(Some(at));
        }
        from = at + 1;
    }
    Ok(None)
}

/// The index of the last occurrence.
///
/// # Errors
/// If the search was interrupted.
pub fn rfind(text: Units<'_>, needle: Units<'_>, work: &mut Work) -> Result<Option<usize>, Interrupted> {
    each_width!(text, text => match needle.with_width(text) {
        Some(needle) => RPattern::new(&needle).find(text, work),
        None => Ok(None),
    })
}

/// Whether there is an occurrence.
///
/// # Errors
/// If the search was interrupted.
pub fn contains(text: Units<'_>, needle: Units<'_>, work: &mut Work) -> Result<bool, Interrupted> {
    Ok(find(text, needle, work)?.is_some())
}

/// How many occurrences, without overlap; of the empty string, one more than there are code points.
///
/// # Errors
/// If the search was interrupted.
pub fn count(text: Units<'_>, needle: Units<'_>, work: &mut Work) -> Result<usize, Interrupted> {
    if needle.is_empty() {
        return Ok(text.len() + 1);
    }
    each_width!(text, text => {
        let Some(needle) = needle.with_width(text) else { return Ok(0) };
        let mut count = 0;
        if let [unit] = *needle {
            for block in text.chunks(16 * BLOCK) {
                work.spend(block.len())?;
                count += Unit::count_unit(block, unit);
            }
        } else {
            let mut found = Occurrences::new(text, &needle);
            while found.next(work)?.is_some() {
                count += 1;
            }
        }
        Ok(count)
    })
}

/// Where a needle, which is not empty, occurs, without overlap.
struct Occurrences<'a, U: Unit> {
    text: &'a [U],
    needle: &'a [U],
    /// `None` in a short text.
    pattern: Option<Pattern<'a, U>>,
    from: usize,
}

impl<'a, U: Unit> Occurrences<'a, U> {
    fn new(text: &'a [U], needle: &'a [U]) -> Self {
        Occurrences { text, needle, pattern: (text.len() > SHORT).then(|| Pattern::new(needle)), from: 0 }
    }

    fn next(&mut self, work: &mut Work) -> Result<Option<usize>, Interrupted> {
        let rest = &self.text[self.from..];
        let found = match &self.pattern {
            Some(pattern) => pattern.find(rest, work)?,
            None => find_short(rest, self.needle, work)?,
        };
        let Some(found) = found else { return Ok(None) };
        let at = self.from + found;
        self.from = at + self.needle.len();
        Ok(Some(at))
    }
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
    let mut occurrences = Occurrences::new(text, old);
    for _ in 0..most {
        let found = match occurrences.next(out.work()) {
            Ok(Some(found)) => found,
            Ok(None) => break,
            Err(interrupted) => {
                out.interrupt(interrupted);
                return true;
            }
        };
        out.push_units(U::wrap(&text[from..found]));
        out.push_units(new);
        from = found + old.len();
        if out.refuses() {
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
        if out.refuses() {
            return true;
        }
    }
    if text.len() < most {
        out.push_units(new);
    }
    true
}
