//! Properties of characters, in the Unicode version of Python 3.12 (15.0), which crates that follow the newest
//! version cannot give: a character printable there but not here would change `repr`.

mod tables;

fn contains(table: &[(u32, u32)], point: u32) -> bool {
    let next = table.partition_point(|&(_, last)| last < point);
    table.get(next).is_some_and(|&(first, _)| first <= point)
}

/// `str.isprintable` for one code point (surrogates are not).
pub fn is_printable(point: u32) -> bool {
    if point < 128 { (0x20..0x7F).contains(&point) } else { contains(&tables::PRINTABLE, point) }
}

/// XID_Start, as `str.isidentifier` has it, without the underscore.
pub fn is_xid_start(c: char) -> bool {
    c.is_ascii_alphabetic() || (c >= '\u{80}' && contains(&tables::XID_START, u32::from(c)))
}

/// XID_Continue, as `str.isidentifier` has it.
pub fn is_xid_continue(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_' || (c >= '\u{80}' && contains(&tables::XID_CONTINUE, u32::from(c)))
}

/// The character that `\N{…}` names: by name or alias, whatever the case.
pub fn character_named(name: &str) -> Option<char> {
    let loose = |text: &str| -> String { text.chars().filter(char::is_ascii_alphanumeric).collect() };
    // No name begins with a hyphen, and the crate looks at what stands before one.
    if name.starts_with('-') {
        return None;
    }
    let character = unicode_names2::character(name)?;
    let canonical = unicode_names2::name(character).map(|name| name.to_string()).unwrap_or_default();
    if canonical.eq_ignore_ascii_case(name) {
        return Some(character);
    }
    // The crate ignores blanks, hyphens and underscores in names; Python does not. Otherwise it is an alias.
    let same = loose(&canonical).eq_ignore_ascii_case(&loose(name));
    (!same && !name.contains('_')).then_some(character)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        assert_eq!(character_named("GREEK SMALL LETTER alpha"), Some('α'));
        assert_eq!(character_named("HANGUL JUNGSEONG O-E"), Some('\u{1180}'));
        for wrong in ["", "-", "--", "-A", "A-", " -", "_-", "GREEK SMALL LETTER_ALPHA", "é"] {
            assert_eq!(character_named(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn edges() {
        // Facts about Unicode 15.0: U+31350 (CJK extension H) is new in it, U+2EBF0 (extension I) came with 15.1.
        assert!(is_printable(0x31350) && !is_printable(0x2EBF0));
        assert!(!is_printable(0x7F) && !is_printable(0xAD) && !is_printable(0xD800) && is_printable(0xE9));
        assert!(is_xid_start('é') && !is_xid_start('·') && is_xid_continue('·') && is_xid_start('℘'));
        assert!(!is_xid_start('_') && !is_xid_start('1') && is_xid_continue('1'));
    }
}
