//! The scanner: source text to tokens, one at a time, as the parser asks for them.
//!
//! A malformed token is a token too ([`TokenKind::Error`]), so that the parser is the only
//! place that reports errors and knows when to keep quiet about the ones that follow from another.

/// What a token is. Keywords stand in [`KEYWORDS`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[expect(missing_docs, reason = "each variant is named for its spelling")]
pub enum TokenKind {
    LeftParen,
    RightParen,
    LeftBrace,
    RightBrace,
    Comma,
    Dot,
    Minus,
    Plus,
    Semicolon,
    Slash,
    Star,
    Bang,
    BangEqual,
    Equal,
    EqualEqual,
    Greater,
    GreaterEqual,
    Less,
    LessEqual,
    Identifier,
    String,
    Number,
    And,
    Class,
    Else,
    False,
    For,
    Fun,
    If,
    Nil,
    Or,
    Print,
    Return,
    Super,
    This,
    True,
    Var,
    While,
    /// No token at all, with what is wrong.
    Error(&'static str),
    End,
}

const KEYWORDS: &[(&str, TokenKind)] = &[
    ("and", TokenKind::And),
    ("class", TokenKind::Class),
    ("else", TokenKind::Else),
    ("false", TokenKind::False),
    ("for", TokenKind::For),
    ("fun", TokenKind::Fun),
    ("if", TokenKind::If),
    ("nil", TokenKind::Nil),
    ("or", TokenKind::Or),
    ("print", TokenKind::Print),
    ("return", TokenKind::Return),
    ("super", TokenKind::Super),
    ("this", TokenKind::This),
    ("true", TokenKind::True),
    ("var", TokenKind::Var),
    ("while", TokenKind::While),
];

/// One token. `line` counts from one and is the line on which the token ends, which differs from where it began only
/// for a string with line breaks.
#[derive(Clone, Copy, Debug)]
pub struct Token<'s> {
    /// What it is.
    pub kind: TokenKind,
    /// Its spelling in the source.
    pub text: &'s str,
    /// The line on which it ends, from one.
    pub line: u32,
}

/// Reads tokens off a source text; after the last one, [`TokenKind::End`] for ever.
pub struct Scanner<'s> {
    source: &'s str,
    start: usize,
    at: usize,
    line: u32,
}

impl<'s> Scanner<'s> {
    /// A scanner at the beginning of `source`.
    pub fn new(source: &'s str) -> Self {
        Scanner { source, start: 0, at: 0, line: 1 }
    }

    /// The next token.
    pub fn token(&mut self) -> Token<'s> {
        self.skip_blanks();
        self.start = self.at;
        let Some(first) = self.rest().chars().next() else { return self.make(TokenKind::End) };
        self.at += first.len_utf8();
        match first {
            'a'..='z' | 'A'..='Z' | '_' => self.word(),
            '0'..='9' => self.number(),
            '"' => self.string(),
            '(' => self.make(TokenKind::LeftParen),
            ')' => self.make(TokenKind::RightParen),
            '{' => self.make(TokenKind::LeftBrace),
            '}' => self.make(TokenKind::RightBrace),
            ';' => self.make(TokenKind::Semicolon),
            ',' => self.make(TokenKind::Comma),
            '.' => self.make(TokenKind::Dot),
            '-' => self.make(TokenKind::Minus),
            '+' => self.make(TokenKind::Plus),
            '/' => self.make(TokenKind::Slash),
            '*' => self.make(TokenKind::Star),
            '!' => self.with_equal(TokenKind::BangEqual, TokenKind::Bang),
            '=' => self.with_equal(TokenKind::EqualEqual, TokenKind::Equal),
            '<' => self.with_equal(TokenKind::LessEqual, TokenKind::Less),
            '>' => self.with_equal(TokenKind::GreaterEqual, TokenKind::Greater),
            _ => self.error("Unexpected character."),
        }
    }

    fn rest(&self) -> &'s str {
        &self.source[self.at..]
    }

    /// The byte `ahead` of the current one, or 0 beyond the end. Every byte the grammar asks for is ASCII.
    fn byte(&self, ahead: usize) -> u8 {
        self.source.as_bytes().get(self.at + ahead).copied().unwrap_or(0)
    }

    /// Advances over the longest run of bytes that satisfy `wanted`.
    fn run(&mut self, wanted: impl Fn(u8) -> bool) {
        self.at += self.rest().bytes().take_while(|&byte| wanted(byte)).count();
    }

    fn make(&self, kind: TokenKind) -> Token<'s> {
        Token { kind, text: &self.source[self.start..self.at], line: self.line }
    }

    fn error(&self, message: &'static str) -> Token<'s> {
        self.make(TokenKind::Error(message))
    }

    fn with_equal(&mut self, with: TokenKind, without: TokenKind) -> Token<'s> {
        if self.byte(0) != b'=' {
            return self.make(without);
        }
        self.at += 1;
        self.make(with)
    }

    fn skip_blanks(&mut self) {
        loop {
            match self.byte(0) {
                b' ' | b'\r' | b'\t' => self.at += 1,
                b'\n' => {
                    self.line += 1;
                    self.at += 1;
                }
                b'/' if self.byte(1) == b'/' => self.run(|byte| byte != b'\n'),
                _ => return,
            }
        }
    }

    fn word(&mut self) -> Token<'s> {
        self.run(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        let text = &self.source[self.start..self.at];
        let keyword = KEYWORDS.iter().find(|(spelling, _)| *spelling == text);
        self.make(keyword.map_or(TokenKind::Identifier, |&(_, kind)| kind))
    }

    fn number(&mut self) -> Token<'s> {
        self.run(|byte| byte.is_ascii_digit());
        if self.byte(0) == b'.' && self.byte(1).is_ascii_digit() {
            self.at += 1;
            self.run(|byte| byte.is_ascii_digit());
        }
        self.make(TokenKind::Number)
    }

    fn string(&mut self) -> Token<'s> {
        let length = self.rest().bytes().take_while(|&byte| byte != b'"').count();
        self.line += self.rest()[..length].matches('\n').count() as u32;
        self.at += length;
        if self.at == self.source.len() {
            return self.error("Unterminated string.");
        }
        self.at += 1;
        self.make(TokenKind::String)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scan(source: &str) -> Vec<(TokenKind, &str, u32)> {
        let mut scanner = Scanner::new(source);
        let mut tokens = Vec::new();
        loop {
            let token = scanner.token();
            tokens.push((token.kind, token.text, token.line));
            if token.kind == TokenKind::End {
                return tokens;
            }
        }
    }

    #[test]
    fn numbers_need_a_digit_on_each_side_of_the_point() {
        use TokenKind::*;
        let kinds = |source| scan(source).into_iter().map(|token| token.0).collect::<Vec<_>>();
        assert_eq!(kinds("12.5"), [Number, End]);
        assert_eq!(kinds("12."), [Number, Dot, End]);
        assert_eq!(kinds(".5"), [Dot, Number, End]);
        assert_eq!(kinds("1e3"), [Number, Identifier, End]);
    }

    #[test]
    fn a_string_ends_on_its_last_line() {
        assert_eq!(scan("\"a\nb\" x")[0], (TokenKind::String, "\"a\nb\"", 2));
        assert_eq!(scan("\n\"a\nb")[0], (TokenKind::Error("Unterminated string."), "\"a\nb", 3));
    }

    #[test]
    fn what_is_not_lox_is_one_error_a_character() {
        let kinds = scan("é\0|").into_iter().map(|token| token.0).collect::<Vec<_>>();
        let error = TokenKind::Error("Unexpected character.");
        assert_eq!(kinds, [error, error, error, TokenKind::End]);
    }

    #[test]
    fn keywords_are_whole_words() {
        let kinds = scan("or orchid _or for_").into_iter().map(|token| token.0).collect::<Vec<_>>();
        let identifier = TokenKind::Identifier;
        assert_eq!(kinds, [TokenKind::Or, identifier, identifier, identifier, TokenKind::End]);
    }
}
