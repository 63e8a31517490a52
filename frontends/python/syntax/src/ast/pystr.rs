//! Python string values, which may hold lone surrogates (`"\ud800"`), as Rust's `str` may not.
//!
//! The representation is generalised UTF-8 ("WTF-8", <https://simonsapin.github.io/wtf-8/>, but without joining
//! surrogate pairs: Python keeps `"\ud83d\ude00"` as two code points). All other strings are plain UTF-8, so they are
//! a `&str` for the cost of a check.

/// A Python `str` value: a sequence of code points 0 to 0x10FFFF, surrogates included.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct PyStr<'a>(&'a [u8]);

impl<'a> PyStr<'a> {
    /// Takes generalised UTF-8 as written by [`push_code_point`].
    pub fn from_wtf8(bytes: &'a [u8]) -> Self {
        PyStr(bytes)
    }

    /// The generalised UTF-8 (valid UTF-8 unless there are surrogates).
    pub fn as_wtf8(self) -> &'a [u8] {
        self.0
    }

    /// The value as Rust text, if it holds no surrogates.
    pub fn to_str(self) -> Option<&'a str> {
        std::str::from_utf8(self.0).ok()
    }

    /// Whether the string has no code points.
    pub fn is_empty(self) -> bool {
        self.0.is_empty()
    }

    /// The code points, surrogates included.
    pub fn code_points(self) -> CodePoints<'a> {
        CodePoints(self.0)
    }
}

impl<'a> From<&'a str> for PyStr<'a> {
    fn from(text: &'a str) -> Self {
        PyStr(text.as_bytes())
    }
}

impl std::fmt::Debug for PyStr<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.to_str() {
            Some(text) => write!(f, "{text:?}"),
            None => f.debug_list().entries(self.code_points()).finish(),
        }
    }
}

/// Iterator over the code points of a [`PyStr`].
#[derive(Clone, Debug)]
pub struct CodePoints<'a>(&'a [u8]);

impl Iterator for CodePoints<'_> {
    type Item = u32;

    fn next(&mut self) -> Option<u32> {
        let (&first, rest) = self.0.split_first()?;
        let (length, bits) = match first {
            0..0x80 => (0, u32::from(first)),
            0x80..0xE0 => (1, u32::from(first & 0x1F)),
            0xE0..0xF0 => (2, u32::from(first & 0x0F)),
            _ => (3, u32::from(first & 0x07)),
        };
        let (tail, rest) = rest.split_at_checked(length)?;
        self.0 = rest;
        Some(tail.iter().fold(bits, |value, byte| value << 6 | u32::from(byte & 0x3F)))
    }
}

/// Appends one code point (0 to 0x10FFFF, surrogates allowed) in generalised UTF-8.
pub fn push_code_point(buffer: &mut Vec<u8>, code_point: u32) {
    if let Some(c) = char::from_u32(code_point) {
        buffer.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
    } else {
        buffer.extend([
            0xE0 | (code_point >> 12) as u8 & 0x0F,
            0x80 | (code_point >> 6) as u8 & 0x3F,
            0x80 | code_point as u8 & 0x3F,
        ]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn surrogates_survive() {
        let mut buffer = Vec::new();
        let points = [0x41, 0xE9, 0xD83D, 0xDE00, 0x1F600, 0x10FFFF, 0xD800];
        for point in points {
            push_code_point(&mut buffer, point);
        }
        let string = PyStr::from_wtf8(&buffer);
        assert_eq!(string.code_points().collect::<Vec<_>>(), points);
        assert_eq!(string.to_str(), None);
        assert_eq!(PyStr::from("aé😀").code_points().collect::<Vec<_>>(), [0x61, 0xE9, 0x1F600]);
    }
}
