//! `from __future__ import …`.

use crate::error::{CompileError, Compiled, syntax_error};
use crate::opcodes::flag;
use python_syntax::ast::*;

/// The features and their flags. Those that have long been mandatory only set a bit of `co_flags`.
const FEATURES: [(&str, u32); 10] = [
    ("nested_scopes", 0),
    ("generators", 0),
    ("division", flag::FUTURE_OTHERS),
    ("absolute_import", flag::FUTURE_OTHERS << 1),
    ("with_statement", flag::FUTURE_OTHERS << 2),
    ("print_function", flag::FUTURE_OTHERS << 3),
    ("unicode_literals", flag::FUTURE_OTHERS << 4),
    ("barry_as_FLUFL", flag::FUTURE_BARRY_AS_BDFL),
    ("generator_stop", flag::FUTURE_OTHERS << 5),
    ("annotations", flag::FUTURE_ANNOTATIONS),
];

/// All flags that a future statement may set: what code compiled inside other code inherits.
pub const ALL: u32 = (flag::FUTURE_OTHERS * 0x3F) | flag::FUTURE_BARRY_AS_BDFL | flag::FUTURE_ANNOTATIONS;

/// What the future statements of a source say.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Future {
    /// Flags of [`FEATURES`].
    pub(crate) flags: u32,
    /// Line and column of the last future statement at the beginning; zero without one.
    pub(crate) last: (u32, u32),
}

/// Reads the future statements at the beginning of a source.
pub(crate) fn find(ast: &Ast) -> Compiled<Future> {
    let mut future = Future::default();
    let (Root::Module { body, .. } | Root::Interactive { body }) = ast.root else { return Ok(future) };
    for (index, &stmt) in ast.list(body).iter().enumerate() {
        match ast[stmt] {
            Stmt::ImportFrom { module: Some(module), names, level: Level(0) } if ast.name(module) == "__future__" => {
                let span = ast.span(stmt);
                for &alias in ast.list(names) {
                    future.flags |= feature(ast.name(ast[alias].name), span)?;
                }
                future.last = (span.lineno, span.col_offset);
            }
            Stmt::Expr { value } if index == 0 && is_text(ast, value) => {}
            _ => break,
        }
    }
    Ok(future)
}

fn is_text(ast: &Ast, expr: ExprId) -> bool {
    matches!(ast[expr], Expr::Constant { value: Constant::Str(_), .. })
}

fn feature(name: &str, at: Span) -> Compiled<u32> {
    if name == "braces" {
        return Err(located("not a chance".into(), at));
    }
    let known = FEATURES.iter().find(|(feature, _)| *feature == name);
    // CPython cuts the name off after 100 bytes.
    let shown: String = String::from_utf8_lossy(name.as_bytes().get(..100).unwrap_or(name.as_bytes())).into_owned();
    known.map(|(_, flags)| *flags).ok_or_else(|| located(format!("future feature {shown} is not defined"), at))
}

/// These two errors say where they begin, not where they end.
fn located(message: String, at: Span) -> CompileError {
    let mut error = syntax_error(message, at);
    if let CompileError::Syntax(error) = &mut error {
        (error.end_lineno, error.end_offset) = (error.lineno, None);
    }
    error
}
