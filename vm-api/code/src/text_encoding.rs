//! The encoding of [`crate::Constant::Str`]: UTF-8 in which surrogates may stand as their three-byte forms ("generalized
//! UTF-8"; unlike WTF-8 it allows a high one before a low one, since Python tells that from the character they would
//! make together).

/// Splits `bytes` into texts and surrogates. Stops with an error at the first malformed byte, giving its index.
pub(crate) fn pieces(bytes: &[u8]) -> impl Iterator<Item = Result<Piece<'_>, usize>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let rest = bytes.get(at..).filter(|r| !r.is_empty())?;
        let valid = match std::str::from_utf8(rest) {
            Ok(text) => text,
            // The prefix up to there is valid.
            Err(e) => std::str::from_utf8(&rest[..e.valid_up_to()]).unwrap_or_default(),
        };
        if !valid.is_empty() {
            at += valid.len();
            return Some(Ok(Piece::Text(valid)));
        }
        if let [0xED, b @ 0xA0..=0xBF, c @ 0x80..=0xBF, ..] = *rest {
            at += 3;
            return Some(Ok(Piece::Surrogate(0xD000 | u16::from(b & 0x3F) << 6 | u16::from(c & 0x3F))));
        }
        let malformed = at;
        at = bytes.len();
        Some(Err(malformed))
    })
}

/// A stretch of text in generalized UTF-8.
pub(crate) enum Piece<'a> {
    Text(&'a str),
    Surrogate(u16),
}

/// Appends the three-byte form of `surrogate`.
pub(crate) fn push_surrogate(out: &mut Vec<u8>, surrogate: u16) {
    out.extend([0xE0 | (surrogate >> 12) as u8, 0x80 | (surrogate >> 6 & 0x3F) as u8, 0x80 | (surrogate & 0x3F) as u8]);
}

/// Is `bytes` well-formed?
pub(crate) fn is_generalized_utf8(bytes: &[u8]) -> bool {
    pieces(bytes).all(|p| p.is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn surrogates_and_malformed_bytes() {
        let mut text = b"a\xC3\xA9".to_vec();
        push_surrogate(&mut text, 0xD800);
        push_surrogate(&mut text, 0xDFFF);
        text.push(b'z');
        assert_eq!(text, b"a\xC3\xA9\xED\xA0\x80\xED\xBF\xBFz");
        let show = |p| match p {
            Ok(Piece::Text(t)) => t.to_string(),
            Ok(Piece::Surrogate(s)) => format!("{s:x}"),
            Err(at) => format!("!{at}"),
        };
        let found: Vec<String> = pieces(&text).map(show).collect();
        assert_eq!(found, ["aé", "d800", "dfff", "z"]);
        for bad in [&b"\xFF"[..], b"a\xC3", b"\xED\xA0", b"\xF4\x90\x80\x80", b"\xC0\x80"] {
            assert!(!is_generalized_utf8(bad), "{bad:?}");
        }
    }
}
