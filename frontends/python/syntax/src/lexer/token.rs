//! Tokens: what the lexer hands to the parser.

use crate::ast::Span;

macro_rules! tokens {
    (
        classes { $($Class:ident $class_name:literal),* $(,)? }
        operators { $($Operator:ident $text:literal),* $(,)? }
        keywords { $($Keyword:ident $word:literal),* $(,)? }
    ) => {
        /// The kind of a token. Soft keywords are names.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[repr(u8)]
        pub(crate) enum TokenKind { $($Class,)* $($Operator,)* $($Keyword,)* }

        impl TokenKind {
            /// The kind that the error grammar writes as `text`: an operator, a keyword or a token class.
            pub(crate) fn from_text(text: &str) -> Option<TokenKind> {
                match text {
                    $($class_name => Some(TokenKind::$Class),)*
                    $($text => Some(TokenKind::$Operator),)*
                    $($word => Some(TokenKind::$Keyword),)*
                    _ => None,
                }
            }

            /// The spelling of an operator or keyword, or the name of the class.
            pub(crate) fn text(self) -> &'static str {
                match self {
                    $(TokenKind::$Class => $class_name,)*
                    $(TokenKind::$Operator => $text,)*
                    $(TokenKind::$Keyword => $word,)*
                }
            }
        }

        /// The keywords.
        const KEYWORDS: &[(&str, TokenKind)] = &[$(($word, TokenKind::$Keyword)),*];
    };
}

tokens! {
    classes {
        EndMarker "ENDMARKER", Name "NAME", Number "NUMBER", String "STRING", Newline "NEWLINE", Indent "INDENT",
        Dedent "DEDENT", FStringStart "FSTRING_START", FStringMiddle "FSTRING_MIDDLE", FStringEnd "FSTRING_END",
        // Comments that are asked for: behind `# type:`, and behind `# type: ignore` (those the parser puts aside).
        TypeComment "TYPE_COMMENT", TypeIgnore "TYPE_IGNORE",
        // What the lexer could not read; the error stands in the lexer.
        Error "ERRORTOKEN",
        // An ASCII character that begins no token (`$`, `?`, a lone `!` outside f-strings).
        Other "OP",
    }
    operators {
        LeftParen "(", RightParen ")", LeftBracket "[", RightBracket "]", LeftBrace "{", RightBrace "}",
        Colon ":", Comma ",", Semicolon ";", Plus "+", Minus "-", Star "*", Slash "/", Bar "|", Ampersand "&",
        Less "<", Greater ">", Equal "=", Dot ".", Percent "%", Tilde "~", Caret "^", At "@", Exclamation "!",
        EqualEqual "==", NotEqual "!=", LessEqual "<=", GreaterEqual ">=", LeftShift "<<", RightShift ">>",
        DoubleStar "**", DoubleSlash "//", PlusEqual "+=", MinusEqual "-=", StarEqual "*=", SlashEqual "/=",
        PercentEqual "%=", AmpersandEqual "&=", BarEqual "|=", CaretEqual "^=", AtEqual "@=",
        LeftShiftEqual "<<=", RightShiftEqual ">>=", DoubleStarEqual "**=", DoubleSlashEqual "//=",
        Arrow "->", ColonEqual ":=", Ellipsis "...",
    }
    keywords {
        False "False", None "None", True "True", And "and", As "as", Assert "assert", Async "async",
        Await "await", Break "break", Class "class", Continue "continue", Def "def", Del "del", Elif "elif",
        Else "else", Except "except", Finally "finally", For "for", From "from", Global "global", If "if",
        Import "import", In "in", Is "is", Lambda "lambda", Nonlocal "nonlocal", Not "not", Or "or",
        Pass "pass", Raise "raise", Return "return", Try "try", While "while", With "with", Yield "yield",
    }
}

/// Slots of the keyword table; a power of two well above the number of keywords.
const SLOTS: usize = 128;

const fn slot(word: &[u8]) -> usize {
    (word[0] as usize ^ (word[word.len() - 1] as usize) << 2 ^ word.len() << 4) & (SLOTS - 1)
}

/// Open addressing over [`KEYWORDS`]: index plus one, zero for free.
static KEYWORD_SLOTS: [u8; SLOTS] = {
    let mut slots = [0; SLOTS];
    let mut index = 0;
    while index < KEYWORDS.len() {
        let mut at = slot(KEYWORDS[index].0.as_bytes());
        while slots[at] != 0 {
            at = (at + 1) & (SLOTS - 1);
        }
        slots[at] = index as u8 + 1;
        index += 1;
    }
    slots
};

/// The keyword spelled `word`, which must not be empty.
#[inline]
pub(super) fn keyword(word: &[u8]) -> Option<TokenKind> {
    let mut at = slot(word);
    loop {
        let index = KEYWORD_SLOTS[at].checked_sub(1)?;
        let (text, kind) = KEYWORDS[index as usize];
        if text.as_bytes() == word {
            return Some(kind);
        }
        at = (at + 1) & (SLOTS - 1);
    }
}

/// Column of a token that has no place in the text (INDENT, DEDENT, ENDMARKER).
pub(crate) const NO_COLUMN: u32 = u32::MAX;

/// A token: a kind and a place. `start..end` are byte offsets into the decoded source.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Token {
    pub(crate) kind: TokenKind,
    /// Depth of open brackets after the token.
    pub(crate) level: u8,
    pub(crate) start: u32,
    pub(crate) end: u32,
    pub(crate) lineno: u32,
    /// Byte column of the start, or [`NO_COLUMN`].
    pub(crate) col: u32,
    pub(crate) end_lineno: u32,
    /// Byte column of the end, or [`NO_COLUMN`].
    pub(crate) end_col: u32,
}

impl Token {
    pub(crate) fn span(&self) -> Span {
        Span { lineno: self.lineno, col_offset: self.col, end_lineno: self.end_lineno, end_col_offset: self.end_col }
    }
}
