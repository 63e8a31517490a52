//! What the parsers of numbers need to know of Unicode: decimal digits and white space outside ASCII.
//!
//! Digits are of Unicode 15.0, as in Python 3.12. Text reaches the parsers as ASCII bytes: text of other characters goes
//! through [`to_ascii`] first.

/// The zeros of the runs of ten decimal digits (general category Nd) beyond ASCII; Unicode 15.0.
#[rustfmt::skip]
const ZEROS: [u32; 67] = [
    0x0660, 0x06F0, 0x07C0, 0x0966, 0x09E6, 0x0A66, 0x0AE6, 0x0B66, 0x0BE6, 0x0C66,
    0x0CE6, 0x0D66, 0x0DE6, 0x0E50, 0x0ED0, 0x0F20, 0x1040, 0x1090, 0x17E0, 0x1810,
    0x1946, 0x19D0, 0x1A80, 0x1A90, 0x1B50, 0x1BB0, 0x1C40, 0x1C50, 0xA620, 0xA8D0,
    0xA900, 0xA9D0, 0xA9F0, 0xAA50, 0xABF0, 0xFF10, 0x104A0, 0x10D30, 0x11066, 0x110F0,
    0x11136, 0x111D0, 0x112F0, 0x11450, 0x114D0, 0x11650, 0x116C0, 0x11730, 0x118E0, 0x11950,
    0x11C50, 0x11D50, 0x11DA0, 0x11F50, 0x16A60, 0x16AC0, 0x16B50, 0x1D7CE, 0x1D7D8, 0x1D7E2,
    0x1D7EC, 0x1D7F6, 0x1E140, 0x1E2F0, 0x1E4F0, 0x1E950, 0x1FBF0,
];

/// White space in C's sense: what `int()` and `float()` strip from ASCII text.
#[inline]
pub fn is_ascii_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t'..=b'\r')
}

/// White space as `str.isspace` has it.
pub fn is_space(code_point: u32) -> bool {
    matches!(
        code_point,
        0x09 | 0x0A
            | 0x0B
            | 0x0C
            | 0x0D
            | 0x1C
            | 0x1D
            | 0x1E
            | 0x1F
            | 0x20
            | 0x85
            | 0xA0
            | 0x1680
            | 0x2000
            | 0x2001
            | 0x2002
            | 0x2003
            | 0x2004
            | 0x2005
            | 0x2006
            | 0x2007
            | 0x2008
            | 0x2009
            | 0x200A
            | 0x2028
            | 0x2029
            | 0x202F
            | 0x205F
            | 0x3000
    )
}

/// The value of a decimal digit of any script.
pub fn decimal_digit(code_point: u32) -> Option<u32> {
    if let digit @ 0..=9 = code_point.wrapping_sub(u32::from(b'0')) {
        return Some(digit);
    }
    let run = ZEROS.partition_point(|&zero| zero <= code_point).checked_sub(1)?;
    Some(code_point - ZEROS[run]).filter(|&digit| digit < 10)
}

/// Code points as ASCII text with the same number in it: ASCII stays as it is, digits of other scripts become ASCII
/// digits, other white space becomes a space, and what is left becomes `?`, which no number contains.
///
/// So the ASCII separators 0x1C to 0x1F, white space to `str.isspace` but not to C, stay and are not stripped, as in
/// CPython.
pub fn to_ascii(code_points: impl IntoIterator<Item = u32>) -> Vec<u8> {
    let ascii = |code_point: u32| match u8::try_from(code_point) {
        Ok(byte) if byte.is_ascii() => byte,
        _ if is_space(code_point) => b' ',
        _ => decimal_digit(code_point).map_or(b'?', |digit| b'0' + digit as u8),
    };
    code_points.into_iter().map(ascii).collect()
}
