//! Sources against what CPython 3.12 says about them (`tests/fixtures`, written by `tools/fixtures.py`), and what no
//! fixture can hold: depth, encodings, interactive entries.

mod depth;
mod encodings;
mod fixtures;

use python_syntax::{Mode, Options, Parsed, SyntaxError, parse};

/// Parses text as `compile()` does.
fn parse_text(source: &str, mode: Mode) -> Result<Parsed, SyntaxError> {
    parse(source.as_bytes(), "<string>", mode, Options { ignore_cookie: true, ..Options::default() })
}
