//! What can go wrong, and what is only worth a warning.

use python_syntax::ast::Span;
use python_syntax::{ErrorKind, SyntaxError};
use std::fmt;
use vm_code::BuildError;

/// Why a tree was not compiled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CompileError {
    /// A `SyntaxError`. Its offsets count bytes, as those of CPython's compiler do; `text` is not set (CPython reads it
    /// from the file, if there is one).
    Syntax(Box<SyntaxError>),
    /// A `RecursionError`: the tree is nested too deeply.
    Recursion,
    /// A function needs more registers, constants or bytes than the bytecode has numbers for (`OverflowError`).
    TooLarge(String),
}

/// The message of [`CompileError::Recursion`].
pub const RECURSION: &str = "maximum recursion depth exceeded during compilation";

impl fmt::Display for CompileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            CompileError::Syntax(error) => error.fmt(f),
            CompileError::Recursion => write!(f, "RecursionError: {RECURSION}"),
            CompileError::TooLarge(what) => write!(f, "OverflowError: {what}"),
        }
    }
}

impl std::error::Error for CompileError {}

impl From<BuildError> for CompileError {
    fn from(error: BuildError) -> Self {
        CompileError::TooLarge(error.to_string())
    }
}

/// Result of everything that may refuse the tree.
pub(crate) type Compiled<T = ()> = Result<T, CompileError>;

/// A `SyntaxError` at a node.
pub(crate) fn syntax_error(message: impl Into<String>, at: Span) -> CompileError {
    CompileError::Syntax(Box::new(SyntaxError {
        kind: ErrorKind::Syntax,
        message: message.into(),
        lineno: Some(i64::from(at.lineno)),
        offset: Some(i64::from(at.col_offset) + 1),
        end_lineno: Some(i64::from(at.end_lineno)),
        end_offset: Some(i64::from(at.end_col_offset) + 1),
        text: None,
    }))
}

/// A `SyntaxWarning`. Where a filter makes an error of it, CPython raises a `SyntaxError` with the same message at the
/// same place instead: [`SyntaxWarning::into_error`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyntaxWarning {
    /// The text.
    pub message: String,
    /// The node it is about.
    pub span: Span,
}

impl SyntaxWarning {
    /// The error that it becomes under an `error` filter.
    pub fn into_error(self) -> CompileError {
        syntax_error(self.message, self.span)
    }
}
