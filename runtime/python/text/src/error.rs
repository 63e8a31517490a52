//! What the mini-languages of formatting raise.

use crate::{Text, TextBuilder, Units};

/// The exception's class.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    Value,
    Type,
    Overflow,
}

/// An exception with CPython's message (which may quote lone surrogates, so it is not Rust text).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    pub kind: ErrorKind,
    pub message: Text,
}

impl Error {
    pub(crate) fn new(kind: ErrorKind, message: &str) -> Self {
        Error { kind, message: message.into() }
    }

    pub(crate) fn value(message: &str) -> Self {
        Self::new(ErrorKind::Value, message)
    }

    /// A ValueError whose message quotes a part of the program's text.
    pub(crate) fn value_quoting(before: &str, quoted: Units<'_>, after: &str) -> Self {
        let mut message = TextBuilder::new();
        message.push_str(before);
        message.push_units(quoted);
        message.push_str(after);
        match message.finish() {
            Ok(message) => Error { kind: ErrorKind::Value, message },
            // No memory for the quotation: without it.
            Err(_) => Self::value(&format!("{before}{after}")),
        }
    }
}
