//! Python 3.12 source text to syntax tree.
//!
//! [`parse`] takes bytes as they stand in a file (or text as `compile()` gets it) to an [`ast::Ast`] that equals
//! CPython's, positions included, or to CPython's exception with its wording and positions.
//!
//! What belongs to later stages is not reported here, as in CPython's own `ast.parse`: `return` outside a function,
//! clashes of scopes, duplicate arguments, `is` with a literal. The crate knows nothing of the VM.

pub mod ast;
mod dump;
mod error;
mod errors;
mod lexer;
mod parser;
pub mod repr;
mod source;
pub mod unicode;
mod unparse;
mod validate;

pub use dump::{dump, write_constant};
pub use error::{ErrorKind, SyntaxError, Warning, WarningKind};
pub use lexer::listing;
pub use unparse::unparse;
pub use validate::{Invalid, validate};

/// What a source is: the `mode` of Python's `compile()`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Mode {
    /// A sequence of statements.
    Exec,
    /// One expression.
    Eval,
    /// One interactive entry.
    Single,
    /// The type of a function, as a type comment has it.
    FunctionType,
}

/// Flags of `compile()` that matter to the parser.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// The source is text encoded as UTF-8: an encoding cookie in it has no meaning (`PyCF_IGNORE_COOKIE`, what
    /// `compile()` and `exec()` use for `str`).
    pub ignore_cookie: bool,
    /// The source is a file run as a script: bytes that are no UTF-8 are refused wherever they stand, and messages name
    /// the file. (CPython is laxer with bytes given to `compile()`, as imports do.)
    pub from_file: bool,
    /// The source may stop early (`PyCF_ALLOW_INCOMPLETE_INPUT`, what `codeop` uses): then the error is
    /// "incomplete input".
    pub allow_incomplete_input: bool,
    /// Do not supply the DEDENTs at the end of the source (`PyCF_DONT_IMPLY_DEDENT`, what `codeop` uses).
    pub dont_imply_dedent: bool,
    /// Comments about types are kept in the tree (`PyCF_TYPE_COMMENTS`).
    pub type_comments: bool,
    /// `from __future__ import barry_as_FLUFL`: `<>` instead of `!=`.
    pub barry_as_flufl: bool,
}

/// A successful parse.
#[derive(Clone, Debug)]
pub struct Parsed {
    /// The tree.
    pub ast: ast::Ast,
    /// Warnings in the order CPython issues them.
    pub warnings: Vec<Warning>,
}

/// The text of a source file as it is parsed: UTF-8 (bytes that are none are left where no encoding is declared), `\n` at the
/// ends of lines.
///
/// # Errors
/// The declared encoding is unknown, or the bytes are not of it.
pub fn decode(source: &[u8], filename: &str) -> Result<Vec<u8>, SyntaxError> {
    let mut text = source::read(source, filename, Mode::Exec, Options::default())?.bytes;
    // The sentinel.
    text.pop();
    Ok(text)
}

/// The encoding that a source declares, if it is not UTF-8, Latin-1 or ASCII. Who has codecs of his own decodes such a source
/// himself, and says so by [`Options::ignore_cookie`]; [`parse`] knows the commonest.
pub fn declared_encoding(source: &[u8]) -> Option<String> {
    source::declared_elsewhere(source)
}

/// Parses a source. `filename` occurs in messages about encodings only.
///
/// # Errors
/// What CPython 3.12 raises for the same source.
pub fn parse(source: &[u8], filename: &str, mode: Mode, options: Options) -> Result<Parsed, SyntaxError> {
    let decoded = source::read(source, filename, mode, options)?;
    let mut parser = parser::Parser::new(&decoded.bytes, mode, options);
    let parsed = parser.parse(mode);
    if parsed.is_ok() && !(mode == Mode::Single && parser.stopped_early()) {
        let mut warnings = parser.warnings;
        warnings.sort_by_key(|warning| warning.lineno);
        return Ok(Parsed { ast: parser.ast, warnings });
    }
    if parser.too_deep {
        return Err(errors::too_complex());
    }
    let last_line = parser.last_line();
    Err(errors::explain(&decoded, mode, options).unwrap_or_else(|| SyntaxError {
        // Parser and error grammar disagree: a bug, but not one to hide the refusal for.
        kind: ErrorKind::Syntax,
        message: "invalid syntax".into(),
        lineno: Some(i64::from(last_line)),
        offset: Some(0),
        end_lineno: Some(i64::from(last_line)),
        end_offset: Some(0),
        text: None,
    }))
}
