//! Classes of characters.
//!
//! Names are those of XML 1.0's fifth edition without what lies beyond the basic plane.

/// Classes of ASCII characters, as bits: what can be passed without a further look.
pub(crate) mod class {
    /// In names.
    pub(crate) const NAME: u8 = 1;
    /// In the values of attributes.
    pub(crate) const VALUE: u8 = 2;
    /// In text.
    pub(crate) const TEXT: u8 = 4;
    pub(crate) const OF: [u8; 256] = {
        let (mut classes, mut b) = ([0; 256], 0u8);
        while b < 0x80 {
            let is_plain = b >= b' ' || b == b'\t';
            let mut of = 0;
            if b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.') {
                of |= NAME;
            }
            if is_plain && !matches!(b, b'<' | b'&' | b'"' | b'\'') {
                of |= VALUE;
            }
            if is_plain && !matches!(b, b'<' | b'&' | b']') {
                of |= TEXT;
            }
            classes[b as usize] = of;
            b += 1;
        }
        classes
    };
}
pub(crate) fn is_space(b: u8) -> bool {
    matches!(b, b' ' | b'\t' | b'\r' | b'\n')
}
/// May it be in a document?
pub(crate) fn is_xml(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..)
}
/// May a name begin with it? Colons are left to the caller.
pub(crate) fn starts_name(c: char) -> bool {
    matches!(c, 'a'..='z' | 'A'..='Z' | '_' | '\u{C0}'..='\u{D6}' | '\u{D8}'..='\u{F6}' | '\u{F8}'..='\u{2FF}'
        | '\u{370}'..='\u{37D}' | '\u{37F}'..='\u{1FFF}' | '\u{200C}' | '\u{200D}' | '\u{2070}'..='\u{218F}'
        | '\u{2C00}'..='\u{2FEF}' | '\u{3001}'..='\u{D7FF}' | '\u{F900}'..='\u{FDCF}' | '\u{FDF0}'..='\u{FFFD}')
}
/// May it be in a name? Colons are left to the caller.
pub(crate) fn is_in_name(c: char) -> bool {
    starts_name(c) || matches!(c, '-' | '.' | '0'..='9' | '\u{B7}' | '\u{300}'..='\u{36F}' | '\u{203F}' | '\u{2040}')
}
/// May it be in a public identifier?
pub(crate) fn is_public(b: u8) -> bool {
    b.is_ascii_alphanumeric() || b" \r\n-'()+,./:=?;!*#@$_%".contains(&b)
}
/// May it be in a URI, by its grammar?
pub(crate) fn is_uri(c: char) -> bool {
    c.is_ascii_alphanumeric() || "%-._~:/?#[]@!$&'()*+,;=".contains(c)
}
/// The character that a reference's number stands for.
pub(crate) fn of_number(n: u32) -> Option<char> {
    char::from_u32(n).filter(|c| is_xml(*c))
}
/// The character of one of the five entities that are always there.
pub(crate) fn predefined(name: &str) -> Option<char> {
    Some(match name {
        "lt" => '<',
        "gt" => '>',
        "amp" => '&',
        "quot" => '"',
        "apos" => '\'',
        _ => return None,
    })
}
