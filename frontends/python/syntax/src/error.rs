//! Errors and warnings of reading a source.

/// The Python exception that an error becomes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ErrorKind {
    /// `SyntaxError`
    Syntax,
    /// `IndentationError`
    Indentation,
    /// `TabError`
    Tab,
    /// `MemoryError`, without a position: the source is nested too deeply ("too complex") for the parser.
    Memory,
}

impl ErrorKind {
    /// Name of the exception class.
    pub fn class_name(self) -> &'static str {
        match self {
            ErrorKind::Syntax => "SyntaxError",
            ErrorKind::Indentation => "IndentationError",
            ErrorKind::Tab => "TabError",
            ErrorKind::Memory => "MemoryError",
        }
    }
}

/// A source that is not Python. The positions are the attributes of CPython's exception: lines from 1, offsets in
/// characters (not bytes) from 1; where the exception has `None` or 0 or -1, so has this (`None` only where CPython
/// passes no details at all).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyntaxError {
    /// Which exception.
    pub kind: ErrorKind,
    /// `msg`
    pub message: String,
    /// `lineno`
    pub lineno: Option<i64>,
    /// `offset`
    pub offset: Option<i64>,
    /// `end_lineno`
    pub end_lineno: Option<i64>,
    /// `end_offset`
    pub end_offset: Option<i64>,
    /// `text`: the line, with its newline
    pub text: Option<String>,
}

impl std::fmt::Display for SyntaxError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.kind.class_name(), self.message)?;
        match self.lineno {
            Some(line) => write!(f, " (line {line})"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for SyntaxError {}

/// The Python warning category.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum WarningKind {
    /// `SyntaxWarning`
    Syntax,
    /// `DeprecationWarning`
    Deprecation,
}

impl WarningKind {
    /// Name of the category.
    pub fn class_name(self) -> &'static str {
        match self {
            WarningKind::Syntax => "SyntaxWarning",
            WarningKind::Deprecation => "DeprecationWarning",
        }
    }
}

/// A warning of the lexer or of string decoding (invalid escape sequences, number literals run into keywords), in the
/// order CPython issues them. Where a filter turns it into an error, CPython raises a `SyntaxError` with the same
/// message at this position instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning {
    /// The category.
    pub kind: WarningKind,
    /// The text.
    pub message: String,
    /// The line, from 1.
    pub lineno: u32,
    /// Where the error that it may become begins: a character of that line, from 1.
    pub offset: u32,
    /// The line of its end.
    pub end_lineno: u32,
    /// Its end in that line.
    pub end_offset: u32,
}
