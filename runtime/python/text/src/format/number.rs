//! Sign, prefix, grouped digits and rest of a number, padded.

use super::{Align, FormatSpec, Separator, Sign};
use crate::{TextBuilder, Units};

/// How the type `n` groups digits and writes the point: C's `localeconv()`.
#[derive(Clone, Copy, Debug)]
pub struct Locale<'a> {
    pub decimal_point: &'a str,
    pub thousands_separator: &'a str,
    /// Sizes of the groups from the point leftwards: the last repeats, but 127 and above end the grouping.
    pub grouping: &'a [u8],
}

impl Locale<'static> {
    /// The locale that programs begin in.
    pub const C: Locale<'static> = Locale { decimal_point: ".", thousands_separator: "", grouping: &[] };
}

impl FormatSpec {
    fn groups<'a>(&self, locale: &Locale<'a>) -> Locale<'a> {
        let four = matches!(self.kind, Some('b' | 'o' | 'x' | 'X'));
        match self.separator {
            _ if self.kind == Some('n') => *locale,
            None => Locale::C,
            Some(separator @ (Separator::Comma | Separator::Underscore)) => Locale {
                decimal_point: ".",
                thousands_separator: separator.text(),
                grouping: if four { &[4] } else { &[3] },
            },
        }
    }

    /// Puts out a number: `digits`, then the parts of `rest`, of which a point at its very beginning is the locale's;
    /// each part is text and how many zeros follow it.
    pub(super) fn put_number(
        &self,
        negative: bool,
        prefix: &str,
        digits: &str,
        rest: &[(&str, usize)],
        locale: &Locale<'_>,
        out: &mut TextBuilder,
    ) {
        let groups = self.groups(locale);
        let sign = match (negative, self.sign) {
            (true, _) => "-",
            (false, Some(Sign::Plus)) => "+",
            (false, Some(Sign::Space)) => " ",
            (false, _) => "",
        };
        let has_point = rest.first().is_some_and(|(text, _)| text.starts_with('.'));
        let point = if has_point { groups.decimal_point } else { "" };
        let rest_length =
            rest.iter().fold(0_usize, |sum, (text, zeros)| sum.saturating_add(text.len()).saturating_add(*zeros));
        let others =
            (sign.len() + prefix.len() + point.chars().count() - usize::from(has_point)).saturating_add(rest_length);
        // Zeros for padding are grouped like digits.
        let zeros = self.fill == u32::from('0') && self.align == Align::AfterSign;
        let least = if zeros { self.width.unwrap_or(0).saturating_sub(others) } else { 0 };
        let chunks = Chunks::new(digits.len(), least, &groups, out);
        let Some(chunks) = chunks else { return };
        let length = others.saturating_add(chunks.length);
        let mut spec = *self;
        if self.align == Align::AfterSign {
            out.push_str(sign);
            out.push_str(prefix);
            // All that is left of the padding goes here.
            out.push_repeated(self.fill, self.width.unwrap_or(0).saturating_sub(length));
            spec.width = None;
        }
        spec.pad(length, out, |out| {
            if self.align != Align::AfterSign {
                out.push_str(sign);
                out.push_str(prefix);
            }
            chunks.put(digits, groups.thousands_separator, out);
            out.push_str(point);
            for (index, (text, zeros)) in rest.iter().enumerate() {
                let skip = usize::from(has_point && index == 0);
                out.push_units(Units::One(&text.as_bytes()[skip..]));
                out.push_repeated(u32::from('0'), *zeros);
            }
        });
    }
}

/// The groups of digits, the rightmost first: how many zeros and how many digits each has.
struct Chunks {
    chunks: Vec<(usize, usize)>,
    /// Of all, separators included.
    length: usize,
}

impl Chunks {
    /// Digits and, to come to a width of `least` with separators, zeros before them. `None`, with a builder that refuses,
    /// for more than that may hold.
    fn new(digits: usize, least: usize, groups: &Locale<'_>, out: &mut TextBuilder) -> Option<Self> {
        // No group begins with a separator, so the width may come out one greater.
        if !out.may_add(least) {
            return None;
        }
        let separator = groups.thousands_separator.chars().count();
        let mut chunks = Vec::new();
        let mut length = 0;
        let (mut digits, mut least) = (digits, least);
        if digits == 0 {
            return Some(Chunks { chunks, length });
        }
        let mut sizes = groups.grouping.iter().copied();
        let mut size = None;
        loop {
            size = sizes.next().or(size);
            let whole = digits.max(least).max(1);
            // A group without end takes all.
            let (taken, last) = match size {
                None | Some(0 | 127..) => (whole, true),
                Some(size) => (whole.min(size.into()), false),
            };
            let shown = digits.min(taken);
            if !chunks.is_empty() {
                length += separator;
            }
            chunks.push((taken - shown, shown));
            length += taken;
            digits -= shown;
            least = least.saturating_sub(taken);
            if last || digits == 0 && least == 0 {
                return Some(Chunks { chunks, length });
            }
            least = least.saturating_sub(separator);
        }
    }

    fn put(&self, digits: &str, separator: &str, out: &mut TextBuilder) {
        let mut rest = digits.as_bytes();
        for (index, &(zeros, shown)) in self.chunks.iter().rev().enumerate() {
            if index > 0 {
                out.push_str(separator);
            }
            out.push_repeated(u32::from('0'), zeros);
            let (chunk, behind) = rest.split_at(shown.min(rest.len()));
            out.push_units(Units::One(chunk));
            rest = behind;
        }
    }
}
