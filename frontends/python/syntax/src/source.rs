//! From bytes to what the lexer reads: encoding (PEP 263), newlines, NUL bytes.

use std::borrow::Cow;

use crate::error::{ErrorKind, SyntaxError};
use crate::{Mode, Options};

/// A decoded source.
pub(crate) struct Source {
    /// The text, with `\n` for newlines and one NUL behind it.
    pub(crate) bytes: Vec<u8>,
    /// The encoding is known: the source was text, or said so by a BOM or cookie. Where it is not, the bytes are taken
    /// for UTF-8 as far as looked at, and CPython counts columns in errors in bytes.
    pub(crate) encoding_known: bool,
}

/// An error without a place in the source.
fn bare_error(message: impl Into<String>) -> SyntaxError {
    SyntaxError {
        kind: ErrorKind::Syntax,
        message: message.into(),
        lineno: None,
        offset: None,
        end_lineno: None,
        end_offset: None,
        text: None,
    }
}

/// An error of decoding, for which CPython passes line 0, offset -1.
fn decoding_error(message: impl Into<String>) -> SyntaxError {
    SyntaxError { lineno: Some(0), offset: Some(-1), ..bare_error(message) }
}

/// The message of Python's UTF-8 codec for the first error in `bytes`, at `position`.
pub(crate) fn utf8_error(bytes: &[u8], position: usize) -> String {
    let first = bytes.get(position).copied().unwrap_or(0);
    let error = std::str::from_utf8(&bytes[position.min(bytes.len())..]).err();
    let length = error.and_then(|error| error.error_len());
    let expected = match first {
        0xC2..0xE0 => 2,
        0xE0..0xF0 => 3,
        0xF0..0xF5 => 4,
        _ => 0,
    };
    let span = length.unwrap_or(bytes.len() - position.min(bytes.len()));
    if expected == 0 {
        return format!("'utf-8' codec can't decode byte 0x{first:02x} in position {position}: invalid start byte");
    }
    let reason = if length.is_none() { "unexpected end of data" } else { "invalid continuation byte" };
    if span <= 1 {
        format!("'utf-8' codec can't decode byte 0x{first:02x} in position {position}: {reason}")
    } else {
        let last = position + span - 1;
        format!("'utf-8' codec can't decode bytes in position {position}-{last}: {reason}")
    }
}

/// Whether the name means UTF-8, and what CPython calls it otherwise.
fn normalize_encoding(name: &str) -> String {
    let lower: String = name.chars().take(12).map(|c| if c == '_' { '-' } else { c.to_ascii_lowercase() }).collect();
    if lower == "utf-8" || lower.starts_with("utf-8-") {
        return "utf-8".into();
    }
    let latin = ["latin-1", "iso-8859-1", "iso-latin-1"];
    if latin.iter().any(|known| lower == *known || lower.starts_with(&format!("{known}-"))) {
        return "iso-8859-1".into();
    }
    name.into()
}

/// The encoding that a comment in this line names.
fn cookie(line: &[u8]) -> Option<String> {
    let blank = line.iter().take_while(|byte| matches!(byte, b' ' | b'\t' | b'\x0c')).count();
    if line.get(blank) != Some(&b'#') {
        return None;
    }
    let mut rest = &line[blank..];
    loop {
        let at = rest.windows(6).position(|window| window == b"coding")?;
        rest = &rest[at + 6..];
        if !matches!(rest.first(), Some(b':' | b'=')) {
            continue;
        }
        let value = &rest[1..];
        let start = value.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
        let name: String = value[start..]
            .iter()
            .take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'))
            .map(|&byte| char::from(byte))
            .collect();
        if !name.is_empty() {
            return Some(normalize_encoding(&name));
        }
    }
}

/// The cookie of a source: in the first line, or in the second if the first holds nothing but a comment.
fn find_cookie(bytes: &[u8]) -> Option<String> {
    let mut lines = bytes.split(|&byte| byte == b'\n' || byte == b'\r').filter({
        // The `\n` of a `\r\n` is no line of its own.
        let mut first = true;
        move |line: &&[u8]| std::mem::take(&mut first) || !line.is_empty() || !bytes.contains(&b'\r')
    });
    let first = lines.next()?;
    if let Some(name) = cookie(first) {
        return Some(name);
    }
    let blank = first.iter().take_while(|byte| matches!(byte, b' ' | b'\t' | b'\x0c')).count();
    if !matches!(first.get(blank), None | Some(b'#')) {
        return None;
    }
    cookie(lines.next()?)
}

/// Decodes by a named encoding. `None` if nobody knows it, otherwise the text or the codec's message.
fn decode<'a>(name: &str, bytes: &'a [u8]) -> Option<Result<Cow<'a, str>, String>> {
    let plain: String = name.chars().map(|c| if c == '_' { '-' } else { c.to_ascii_lowercase() }).collect();
    match plain.as_str() {
        "utf8" | "u8" | "cp65001" => Some(match std::str::from_utf8(bytes) {
            Ok(text) => Ok(Cow::Borrowed(text)),
            Err(error) => Err(utf8_error(bytes, error.valid_up_to())),
        }),
        "iso-8859-1" | "iso8859-1" | "latin1" | "latin-1" | "l1" | "latin" | "8859" | "cp819" => {
            Some(Ok(bytes.iter().map(|&byte| char::from(byte)).collect::<String>().into()))
        }
        "ascii" | "us-ascii" | "646" => Some(match bytes.iter().position(|byte| !byte.is_ascii()) {
            None => Ok(String::from_utf8_lossy(bytes)),
            Some(at) => Err(format!(
                "'ascii' codec can't decode byte 0x{:02x} in position {at}: ordinal not in range(128)",
                bytes[at]
            )),
        }),
        _ => {
            let label = match plain.as_str() {
                "cp932" | "ms932" | "mskanji" => "windows-31j".into(),
                "cp936" | "ms936" => "gbk".into(),
                "cp949" | "ms949" | "uhc" => "euc-kr".into(),
                "cp950" | "ms950" => "big5".into(),
                "mac-roman" | "macroman" => "macintosh".into(),
                _ => match plain.strip_prefix("cp125") {
                    Some(digit) => format!("windows-125{digit}"),
                    None => plain.clone(),
                },
            };
            let encoding = encoding_rs::Encoding::for_label_no_replacement(label.as_bytes())?;
            match encoding.decode_without_bom_handling_and_without_replacement(bytes) {
                Some(text) => Some(Ok(text)),
                None => Some(Err(format!("'{plain}' codec can't decode the source"))),
            }
        }
    }
}

/// The encoding that a source declares, if it is another than those that are the same wherever this is read.
pub(crate) fn declared_elsewhere(source: &[u8]) -> Option<String> {
    if source.starts_with(b"\xEF\xBB\xBF") || source.contains(&0) {
        return None;
    }
    let name = find_cookie(source)?;
    let plain: String = name.chars().map(|c| if c == '_' { '-' } else { c.to_ascii_lowercase() }).collect();
    let known = ["utf-8", "utf8", "iso-8859-1", "latin1", "latin-1", "ascii", "us-ascii"];
    (!known.contains(&plain.as_str())).then_some(name)
}

/// The error of a script that is not UTF-8 and declares no encoding.
fn undeclared(body: &[u8], filename: &str) -> SyntaxError {
    let at = std::str::from_utf8(body).map_or_else(|error| error.valid_up_to(), str::len);
    let byte = body.get(at).copied().unwrap_or(0);
    let line = 1 + body[..at].iter().filter(|&&byte| byte == b'\n').count();
    bare_error(format!(
        "Non-UTF-8 code starting with '\\x{byte:02x}' in file {filename} on line {line}, but no encoding declared; see \
         https://peps.python.org/pep-0263/ for details"
    ))
}

/// Reads a source as CPython's `compile()` does.
pub(crate) fn read(source: &[u8], filename: &str, mode: Mode, options: Options) -> Result<Source, SyntaxError> {
    if source.len() >= 1 << 30 {
        return Err(bare_error("source code is too large"));
    }
    if let Some(at) = source.iter().position(|&byte| byte == 0) {
        if !options.from_file {
            return Err(bare_error("source code string cannot contain null bytes"));
        }
        let line = 1 + source[..at].iter().filter(|&&byte| byte == b'\n').count() as i64;
        let text = source[..at].rsplit(|&byte| byte == b'\n').next().unwrap_or_default();
        return Err(SyntaxError {
            lineno: Some(line),
            end_lineno: Some(line),
            text: Some(String::from_utf8_lossy(text).into_owned()),
            ..bare_error("source code cannot contain null bytes")
        });
    }
    if options.ignore_cookie {
        return Ok(Source { bytes: normalize_newlines(source, mode), encoding_known: true });
    }
    let (body, bom) = match source.strip_prefix(b"\xEF\xBB\xBF") {
        Some(body) => (body, true),
        None => (source, false),
    };
    let encoding = find_cookie(body);
    if bom
        && let Some(name) = &encoding
        && name != "utf-8"
    {
        return Err(decoding_error(format!("encoding problem: {name} with BOM")));
    }
    let encoding = match (encoding, bom) {
        (Some(name), _) => name,
        (None, true) => "utf-8".into(),
        (None, false) if options.from_file && std::str::from_utf8(body).is_err() => {
            return Err(undeclared(body, filename));
        }
        (None, false) => return Ok(Source { bytes: normalize_newlines(body, mode), encoding_known: false }),
    };
    // Nothing is decoded then: what is no UTF-8 is an error where it stands in a name or a string, and passes elsewhere.
    if encoding == "utf-8" {
        return Ok(Source { bytes: normalize_newlines(body, mode), encoding_known: true });
    }
    match decode(&encoding, body) {
        None if options.from_file => Err(bare_error(format!("encoding problem: {encoding}"))),
        None => Err(decoding_error(format!("unknown encoding: {encoding}"))),
        Some(Err(message)) => Err(decoding_error(message)),
        Some(Ok(text)) => Ok(Source { bytes: normalize_newlines(text.as_bytes(), mode), encoding_known: true }),
    }
}

/// One newline character, a newline at the end of a file, and the sentinel.
fn normalize_newlines(source: &[u8], mode: Mode) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(source.len() + 2);
    if source.contains(&b'\r') {
        let mut rest = source;
        while let Some(at) = rest.iter().position(|&byte| byte == b'\r') {
            bytes.extend_from_slice(&rest[..at]);
            bytes.push(b'\n');
            rest = &rest[at + 1..];
            rest = rest.strip_prefix(b"\n").unwrap_or(rest);
        }
        bytes.extend_from_slice(rest);
    } else {
        bytes.extend_from_slice(source);
    }
    if mode == Mode::Exec && bytes.last() != Some(&b'\n') {
        bytes.push(b'\n');
    }
    bytes.push(0);
    bytes
}

/// Whether there is anything but blanks and comments.
pub(crate) fn has_code(text: &[u8]) -> bool {
    let mut comment = false;
    text.iter().any(|&byte| {
        comment = (comment || byte == b'#') && byte != b'\n';
        !comment && !matches!(byte, b' ' | b'\t' | b'\n' | b'\x0c')
    })
}
