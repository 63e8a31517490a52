//! The marks under a source line (PEP 657): carets below what failed, and for binary operators and subscripts tildes below
//! the operands.
//!
//! Left out where carets would stand below the whole line and so tell nothing. A wide character gets two marks.

use super::source::INDENTATION;
use python_syntax::ast::{Expr, Root, Stmt};
use python_syntax::{Mode, Options};
use unicode_width::UnicodeWidthChar;
use vm_api::code::Position;

/// Part of an expression's range, in bytes, that gets carets while the rest gets tildes.
struct Anchors {
    left: usize,
    right: usize,
}

/// The marks under a line, which is shown without its indentation.
pub(super) fn under(line: &str, position: Position) -> Option<String> {
    if position.line == 0 {
        return None;
    }
    // Positions may belong to another version of the file.
    let boundary = |column: u32| line.is_char_boundary(column as usize).then_some(column as usize);
    let start = boundary(position.column)?;
    let (mut end, mut anchors) = (line.len(), None);
    if position.line == position.end_line {
        end = boundary(position.end_column)?;
        anchors = self::anchors(line.get(start..end)?);
    } else {
        end -= line.len() - line.trim_end_matches(INDENTATION).len();
    }
    let indentation = line.len() - line.trim_start_matches(INDENTATION).len();
    let characters = |from: usize, to: usize| line.get(from..to).map_or(0, |part| part.chars().count());
    if anchors.is_none() && characters(start, end) == characters(indentation, line.len()) {
        return None;
    }
    let Anchors { left, right } = anchors.unwrap_or(Anchors { left: 0, right: end - start });
    let (left, right) = (start + left.min(end - start), start + right.min(end - start));
    let parts = [(" ", indentation.min(start), start), ("~", start, left), ("^", left, right), ("~", right, end)];
    Some(parts.map(|(mark, from, to)| mark.repeat(line.get(from..to).map_or(0, width))).concat())
}

/// Columns that a text takes.
fn width(text: &str) -> usize {
    text.chars().map(|c| if c.width() == Some(2) { 2 } else { 1 }).sum()
}

/// Where the operator of an expression stands, if it is one with two operands or a subscript.
fn anchors(segment: &str) -> Option<Anchors> {
    let parsed =
        python_syntax::parse(segment.as_bytes(), "", Mode::Exec, Options { ignore_cookie: true, ..Options::default() });
    let ast = parsed.ok()?.ast;
    let Root::Module { body, .. } = ast.root else { return None };
    let [statement] = ast.list(body) else { return None };
    let Stmt::Expr { value } = ast[*statement] else { return None };
    let bytes = segment.as_bytes();
    let is_space = |b: u8| matches!(b, b' ' | b'\t' | b'\x0c');
    // Ends of operands leave brackets around them out: what comes first behind them may be one.
    match ast[value] {
        Expr::BinOp { left, right, .. } => {
            let (from, to) = (ast.span(left).end_col_offset as usize, ast.span(right).col_offset as usize);
            let at = (from..to).find(|i| !is_space(bytes[*i]) && (bytes[*i] != b')' || *i + 1 == to))?;
            let is_double = at + 1 < to && !is_space(bytes[at + 1]);
            Some(Anchors { left: at, right: at + 1 + usize::from(is_double) })
        }
        Expr::Subscript { value, slice, .. } => {
            let from = ast.span(value).end_col_offset as usize;
            let to = ast.span(slice).end_col_offset as usize + 1;
            let find = |from: usize, bracket: u8| (from..bytes.len()).find(|i| bytes[*i] == bracket);
            Some(Anchors {
                left: find(from, b'[').unwrap_or(bytes.len()),
                right: find(to, b']').map_or(bytes.len().max(to), |i| i + 1),
            })
        }
        _ => None,
    }
}
