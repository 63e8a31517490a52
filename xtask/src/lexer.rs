//! A tokenizer for Rust source that tells code from strings and comments.
//!
//! It keeps comments as tokens, joins only the punctuation that the rules must not split (`->`, `=>`, `::`), and never
//! fails: an unterminated string or comment runs to the end of the file, which rustc reports better than we could.

/// What a token is. The rules look at identifiers, punctuation and comments; literals exist to be skipped or read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// An identifier or keyword; raw identifiers come without their `r#`.
    Ident,
    /// `'a`, without being a character literal.
    Lifetime,
    /// A string literal of any form; [`Token::text`] still has prefix and quotes.
    Str,
    /// A character, byte or number literal.
    Scalar,
    /// One punctuation character, or `->`, `=>`, `::`.
    Punct,
    /// A line or block comment, documentation included.
    Comment,
}

/// A piece of the source, with the 1-based line on which it begins.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Token<'a> {
    pub kind: Kind,
    pub text: &'a str,
    pub line: usize,
}

impl Token<'_> {
    /// Whether this is the punctuation or identifier `text` (never a comment or literal that reads the same).
    pub(crate) fn is(&self, text: &str) -> bool {
        matches!(self.kind, Kind::Ident | Kind::Punct) && self.text == text
    }
}

/// Splits `source` into tokens, without white space.
pub(crate) fn lex(source: &str) -> Vec<Token<'_>> {
    let mut lexer = Lexer { source, bytes: source.as_bytes(), at: 0, line: 1 };
    let mut tokens = Vec::new();
    while let Some(token) = lexer.next() {
        tokens.push(token);
    }
    tokens
}

/// The tokens of `source` that are not comments.
pub(crate) fn lex_code(source: &str) -> Vec<Token<'_>> {
    let mut tokens = lex(source);
    tokens.retain(|token| token.kind != Kind::Comment);
    tokens
}

struct Lexer<'a> {
    source: &'a str,
    bytes: &'a [u8],
    at: usize,
    line: usize,
}

impl<'a> Lexer<'a> {
    fn byte(&self, ahead: usize) -> u8 {
        self.bytes.get(self.at + ahead).copied().unwrap_or(0)
    }

    fn next(&mut self) -> Option<Token<'a>> {
        while self.byte(0).is_ascii_whitespace() {
            self.line += usize::from(self.byte(0) == b'\n');
            self.at += 1;
        }
        if self.at >= self.bytes.len() {
            return None;
        }
        let (start, line) = (self.at, self.line);
        let kind = self.scan();
        let end = self.at.min(self.bytes.len());
        let mut text = self.source.get(start..end).unwrap_or("");
        self.line += text.bytes().filter(|&byte| byte == b'\n').count();
        if kind == Kind::Ident {
            text = text.strip_prefix("r#").unwrap_or(text);
        }
        Some(Token { kind, text, line })
    }

    fn scan(&mut self) -> Kind {
        match (self.byte(0), self.byte(1)) {
            (b'/', b'/') => {
                while self.at < self.bytes.len() && self.byte(0) != b'\n' {
                    self.at += 1;
                }
                Kind::Comment
            }
            (b'/', b'*') => {
                self.block_comment();
                Kind::Comment
            }
            (b'"', _) => {
                self.at += 1;
                self.until_quote(b'"');
                Kind::Str
            }
            (b'\'', _) => self.quote(),
            (b'0'..=b'9', _) => {
                self.number();
                Kind::Scalar
            }
            (first, _) if is_ident(first) => self.ident_or_prefixed(),
            (b'-', b'>') | (b'=', b'>') | (b':', b':') => {
                self.at += 2;
                Kind::Punct
            }
            _ => {
                self.at += 1;
                Kind::Punct
            }
        }
    }

    fn block_comment(&mut self) {
        let mut depth = 0usize;
        while self.at < self.bytes.len() {
            match (self.byte(0), self.byte(1)) {
                (b'/', b'*') => {
                    depth += 1;
                    self.at += 2;
                }
                (b'*', b'/') => {
                    depth -= 1;
                    self.at += 2;
                    if depth == 0 {
                        return;
                    }
                }
                _ => self.at += 1,
            }
        }
    }

    /// Behind the opening quote: runs past the closing one, minding backslashes.
    fn until_quote(&mut self, quote: u8) {
        while self.at < self.bytes.len() {
            match self.byte(0) {
                b'\\' => self.at += 2,
                byte => {
                    self.at += 1;
                    if byte == quote {
                        return;
                    }
                }
            }
        }
    }

    /// A lifetime or a character: `'a` is a lifetime unless a quote follows the one character.
    fn quote(&mut self) -> Kind {
        let rest = self.source.get(self.at + 1..).unwrap_or("");
        let mut characters = rest.chars();
        let (first, second) = (characters.next(), characters.next());
        let lifetime = first.is_some_and(|c| c == '_' || c.is_alphabetic()) && second != Some('\'');
        self.at += 1;
        if lifetime {
            while is_ident(self.byte(0)) {
                self.at += 1;
            }
            return Kind::Lifetime;
        }
        self.until_quote(b'\'');
        Kind::Scalar
    }

    fn number(&mut self) {
        let decimal = self.byte(1) != b'x';
        loop {
            let (byte, next) = (self.byte(0), self.byte(1));
            let part = is_ident(byte)
                || (byte == b'.' && next.is_ascii_digit())
                || (decimal && matches!(byte, b'+' | b'-') && self.exponent_before());
            if !part {
                return;
            }
            self.at += 1;
        }
    }

    /// Whether a sign here continues a decimal exponent, as in `1e-9`.
    fn exponent_before(&self) -> bool {
        let before = |back: usize| self.at.checked_sub(back).and_then(|at| self.bytes.get(at)).copied().unwrap_or(0);
        matches!(before(1), b'e' | b'E') && before(2).is_ascii_digit() && self.byte(1).is_ascii_digit()
    }

    /// An identifier, or a string or character with a prefix (`b""`, `r#""#`, `br""`, `c""`, `b''`).
    fn ident_or_prefixed(&mut self) -> Kind {
        let start = self.at;
        while is_ident(self.byte(0)) {
            self.at += 1;
        }
        let word = self.bytes.get(start..self.at).unwrap_or(b"");
        match (word, self.byte(0)) {
            (b"b", b'\'') => {
                self.at += 1;
                self.until_quote(b'\'');
                Kind::Scalar
            }
            (b"b" | b"c", b'"') => {
                self.at += 1;
                self.until_quote(b'"');
                Kind::Str
            }
            (b"r" | b"br" | b"cr", b'"' | b'#') => {
                let mut hashes = 0;
                while self.byte(hashes) == b'#' {
                    hashes += 1;
                }
                if self.byte(hashes) == b'"' {
                    self.at += hashes + 1;
                    self.raw_string(hashes);
                    return Kind::Str;
                }
                // A raw identifier: `r#name`.
                self.at += 1;
                while is_ident(self.byte(0)) {
                    self.at += 1;
                }
                Kind::Ident
            }
            _ => Kind::Ident,
        }
    }

    fn raw_string(&mut self, hashes: usize) {
        while self.at < self.bytes.len() {
            self.at += 1;
            if self.bytes.get(self.at - 1) == Some(&b'"') && (0..hashes).all(|i| self.byte(i) == b'#') {
                self.at += hashes;
                return;
            }
        }
    }
}

fn is_ident(byte: u8) -> bool {
    byte == b'_' || byte.is_ascii_alphanumeric() || byte >= 0x80
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(source: &str) -> Vec<(Kind, &str)> {
        lex(source).into_iter().map(|token| (token.kind, token.text)).collect()
    }

    #[test]
    fn strings_and_comments_hide_what_looks_like_code() {
        let code = r####"a /* unsafe { /* nested */ } */ "unsafe \" {" r#"un"safe"# b"x" 'u' b'\'' // unsafe"####;
        let idents: Vec<_> = lex(code).into_iter().filter(|t| t.kind == Kind::Ident).map(|t| t.text).collect();
        assert_eq!(idents, ["a"]);
    }

    #[test]
    fn lifetimes_and_characters_differ() {
        use Kind::*;
        assert_eq!(
            texts("&'a T 'x' '\\n' 'é'"),
            [(Punct, "&"), (Lifetime, "'a"), (Ident, "T"), (Scalar, "'x'"), (Scalar, "'\\n'"), (Scalar, "'é'")]
        );
    }

    #[test]
    fn arrows_and_paths_are_joined_and_shifts_are_not() {
        use Kind::*;
        assert_eq!(
            texts("-> => a::b >>"),
            [(Punct, "->"), (Punct, "=>"), (Ident, "a"), (Punct, "::"), (Ident, "b"), (Punct, ">"), (Punct, ">")]
        );
    }

    #[test]
    fn numbers_keep_exponents_and_leave_ranges() {
        use Kind::*;
        assert_eq!(texts("1e-9"), [(Scalar, "1e-9")]);
        assert_eq!(texts("0..10"), [(Scalar, "0"), (Punct, "."), (Punct, "."), (Scalar, "10")]);
        assert_eq!(texts("0x1e-9"), [(Scalar, "0x1e"), (Punct, "-"), (Scalar, "9")]);
    }

    #[test]
    fn lines_count_through_multi_line_tokens() {
        let tokens = lex("\"a\nb\"\n/* c\n\n */ d");
        assert_eq!(tokens.iter().map(|token| token.line).collect::<Vec<_>>(), [1, 3, 5]);
    }

    #[test]
    fn raw_identifiers_lose_their_prefix_and_unterminated_input_ends() {
        assert_eq!(texts("r#fn"), [(Kind::Ident, "fn")]);
        assert_eq!(lex("\"abc").len(), 1);
        assert_eq!(lex("/* abc").len(), 1);
        assert_eq!(lex("'").len(), 1);
        assert_eq!(lex("r#\"abc").len(), 1);
    }
}
