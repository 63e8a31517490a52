//! Case and categories of characters. The locale is C: its letters are those of ASCII.

use python_text::unicode::{is_alphanumeric, is_decimal, is_line_break, is_space, to_simple_lower, to_simple_upper};

pub(super) fn lower_ascii(c: u32) -> u32 {
    if c.wrapping_sub(u32::from(b'A')) < 26 { c + 32 } else { c }
}
fn upper_ascii(c: u32) -> u32 {
    if c.wrapping_sub(u32::from(b'a')) < 26 { c - 32 } else { c }
}
#[inline]
pub(super) fn lower(c: u32) -> u32 {
    if c < 0x80 { lower_ascii(c) } else { to_simple_lower(c) }
}
#[inline]
pub(super) fn upper(c: u32) -> u32 {
    if c < 0x80 { upper_ascii(c) } else { to_simple_upper(c) }
}
pub(super) fn lower_locale(c: u32) -> u32 {
    lower_ascii(c)
}
pub(super) fn upper_locale(c: u32) -> u32 {
    upper_ascii(c)
}

/// How many categories `re/_constants.py` has.
pub(super) const CATEGORIES: u32 = 18;

fn word_ascii(c: u32) -> bool {
    c < 0x80 && ((c as u8).is_ascii_alphanumeric() || c == u32::from(b'_'))
}
pub(super) fn word_unicode(c: u32) -> bool {
    if c < 0x80 { word_ascii(c) } else { is_alphanumeric(c) }
}

/// Is the character of the category? The numbers are those of `re/_constants.py`, in pairs of a category and its opposite.
pub(super) fn category(number: u32, c: u32) -> bool {
    let is = match number & !1 {
        0 => c.wrapping_sub(u32::from(b'0')) < 10,
        2 => c == 32 || (9..=13).contains(&c),
        4 | 8 => word_ascii(c),
        6 => c == 10,
        10 => is_decimal(c),
        12 => is_space(c),
        14 => word_unicode(c),
        _ => is_line_break(c),
    };
    is != (number & 1 == 1)
}

/// How many positions `re/_constants.py` has.
pub(super) const POSITIONS: u32 = 12;

/// Positions, by their numbers.
pub(super) mod position {
    pub(in crate::engine) const BEGINNING: u32 = 0;
    pub(in crate::engine) const BEGINNING_LINE: u32 = 1;
    pub(in crate::engine) const BEGINNING_STRING: u32 = 2;
    pub(in crate::engine) const BOUNDARY: u32 = 3;
    pub(in crate::engine) const NON_BOUNDARY: u32 = 4;
    pub(in crate::engine) const END: u32 = 5;
    pub(in crate::engine) const END_LINE: u32 = 6;
    pub(in crate::engine) const END_STRING: u32 = 7;
    pub(in crate::engine) const LOC_BOUNDARY: u32 = 8;
    pub(in crate::engine) const LOC_NON_BOUNDARY: u32 = 9;
    pub(in crate::engine) const UNI_BOUNDARY: u32 = 10;
}

/// Is the position there, in a subject of units from `before` on one side to `behind` on the other?
pub(super) fn at(position: u32, before: Option<u32>, behind: Option<u32>, behind_is_last: bool) -> bool {
    const LINE_FEED: Option<u32> = Some(10);
    match position {
        position::BEGINNING | position::BEGINNING_STRING => before.is_none(),
        position::BEGINNING_LINE => before.is_none() || before == LINE_FEED,
        position::END => behind.is_none() || behind == LINE_FEED && behind_is_last,
        position::END_LINE => behind.is_none() || behind == LINE_FEED,
        position::END_STRING => behind.is_none(),
        // An empty subject has neither boundaries nor places that are none.
        _ if before.is_none() && behind.is_none() => false,
        position::BOUNDARY | position::LOC_BOUNDARY => before.is_some_and(word_ascii) != behind.is_some_and(word_ascii),
        position::NON_BOUNDARY | position::LOC_NON_BOUNDARY => {
            before.is_some_and(word_ascii) == behind.is_some_and(word_ascii)
        }
        position::UNI_BOUNDARY => before.is_some_and(word_unicode) != behind.is_some_and(word_unicode),
        _ => before.is_some_and(word_unicode) == behind.is_some_and(word_unicode),
    }
}
