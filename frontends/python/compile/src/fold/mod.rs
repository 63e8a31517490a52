//! Constant expressions, folded as CPython's AST optimizer folds them.
//!
//! What cannot be folded (an error, a result above CPython's size limits, a case that needs more than 127 bits) is left
//! to run time, which cannot be told apart.

mod arithmetic;

use python_syntax::ast::{self, Ast, CmpOp, Expr, ExprContext, ExprId, List, Operator, UnaryOp};
use std::cell::RefCell;
use vm_code::Constant;

/// Tuples within tuples that are folded; CPython's parser allows no more parentheses.
pub(crate) const MAX_DEPTH: usize = 200;
/// Largest tuple that repetition folds.
const MAX_ITEMS: usize = 256;
/// Largest text or bytes that repetition folds.
const MAX_TEXT: usize = 4096;

/// Folds the expressions of one tree, each at most once.
pub(crate) struct Folder<'a> {
    ast: &'a Ast,
    optimize: u8,
    /// By expression: not asked yet, not constant, or its value.
    memo: RefCell<Vec<Memo>>,
}

#[derive(Clone)]
enum Memo {
    Unknown,
    No,
    Yes(Constant),
}

impl<'a> Folder<'a> {
    pub(crate) fn new(ast: &'a Ast, optimize: u8) -> Folder<'a> {
        Folder { ast, optimize, memo: RefCell::new(vec![Memo::Unknown; ast.count::<Expr>()]) }
    }

    /// The value of an expression, if it is constant.
    pub(crate) fn constant(&self, id: ExprId) -> Option<Constant> {
        match &self.memo.borrow()[id.index()] {
            Memo::Unknown => {}
            Memo::No => return None,
            Memo::Yes(value) => return Some(value.clone()),
        }
        let value = self.fold(id);
        self.memo.borrow_mut()[id.index()] = value.clone().map_or(Memo::No, Memo::Yes);
        value
    }

    /// The values of a list of expressions, if all are constant.
    pub(crate) fn constants(&self, list: List<ExprId>) -> Option<Box<[Constant]>> {
        self.ast.list(list).iter().map(|&item| self.constant(item)).collect()
    }

    /// What a loop or `in` may go over instead of a list or set display: a constant tuple or frozenset.
    pub(crate) fn iterable(&self, id: ExprId) -> Option<Constant> {
        match self.ast[id] {
            Expr::List { elts, ctx: ExprContext::Load } => self.constants(elts).map(Constant::Tuple),
            Expr::Set { elts } => self.constants(elts).map(|items| Constant::FrozenSet(distinct(items))),
            _ => self.constant(id),
        }
    }

    fn fold(&self, id: ExprId) -> Option<Constant> {
        match self.ast[id] {
            Expr::Constant { value, .. } => Some(literal(self.ast, value)),
            Expr::Name { id, ctx: ExprContext::Load } if self.ast.name(id) == "__debug__" => {
                Some(Constant::Bool(self.optimize == 0))
            }
            Expr::Tuple { elts, ctx: ExprContext::Load } => {
                let items = self.constants(elts)?;
                items.iter().all(|item| depth(item) < MAX_DEPTH).then_some(Constant::Tuple(items))
            }
            Expr::UnaryOp { op, operand } => {
                let operand = self.constant(operand)?;
                match op {
                    UnaryOp::Not => Some(Constant::Bool(!truth(&operand))),
                    UnaryOp::Invert => arithmetic::invert(&operand),
                    UnaryOp::UAdd => arithmetic::positive(&operand),
                    UnaryOp::USub => arithmetic::negative(&operand),
                }
            }
            Expr::BinOp { left, op, right } => {
                let (left, right) = (self.constant(left)?, self.constant(right)?);
                sequence_operation(op, &left, &right).or_else(|| arithmetic::binary(op, &left, &right))
            }
            Expr::Subscript { value, slice, ctx: ExprContext::Load } => {
                item(&self.constant(value)?, &self.constant(slice)?)
            }
            _ => None,
        }
    }
}

fn literals(ast: &Ast, items: List<ast::Constant>) -> Box<[Constant]> {
    ast.list(items).iter().map(|item| literal(ast, *item)).collect()
}

/// A literal as a constant of code.
pub(crate) fn literal(ast: &Ast, value: ast::Constant) -> Constant {
    match value {
        ast::Constant::None => Constant::None,
        ast::Constant::True => Constant::Bool(true),
        ast::Constant::False => Constant::Bool(false),
        ast::Constant::Ellipsis => Constant::Ellipsis,
        ast::Constant::Int(value) => Constant::Int(value),
        ast::Constant::BigInt(text) => arithmetic::big_int(ast.big_int(text)),
        ast::Constant::Float(value) => Constant::Float(value),
        ast::Constant::Complex(real, imaginary) => Constant::Complex(real, imaginary),
        ast::Constant::Str(text) => Constant::Str(ast.str(text).as_wtf8().into()),
        ast::Constant::Bytes(text) => Constant::Bytes(ast.bytes(text).into()),
        // Whoever makes such trees bounds how deep they nest.
        ast::Constant::Tuple(items) => Constant::Tuple(literals(ast, items)),
        ast::Constant::FrozenSet(items) => Constant::FrozenSet(distinct(literals(ast, items))),
    }
}

/// Python's truth of a constant.
pub(crate) fn truth(value: &Constant) -> bool {
    match value {
        Constant::None => false,
        Constant::Bool(value) => *value,
        Constant::Int(value) => *value != 0,
        Constant::Float(value) => *value != 0.0,
        Constant::Complex(real, imaginary) => *real != 0.0 || *imaginary != 0.0,
        Constant::Str(bytes) | Constant::Bytes(bytes) => !bytes.is_empty(),
        Constant::Tuple(items) | Constant::FrozenSet(items) => !items.is_empty(),
        Constant::BigInt { .. }
        | Constant::Ellipsis
        | Constant::Empty
        | Constant::Special(_)
        | Constant::Code(_)
        | Constant::Deferred(_) => true,
    }
}

/// Name of a constant's type.
pub(crate) fn type_name(value: &Constant) -> &'static str {
    match value {
        Constant::None => "NoneType",
        Constant::Ellipsis => "ellipsis",
        Constant::Bool(_) => "bool",
        Constant::Int(_) | Constant::BigInt { .. } => "int",
        Constant::Float(_) => "float",
        Constant::Complex(..) => "complex",
        Constant::Str(_) => "str",
        Constant::Bytes(_) => "bytes",
        Constant::Tuple(_) => "tuple",
        Constant::FrozenSet(_) => "frozenset",
        Constant::Code(_) | Constant::Deferred(_) => "code",
        Constant::Empty | Constant::Special(_) => "object",
    }
}

/// `not (a op b)` as one comparison, where that is exact.
pub(crate) fn negated(op: CmpOp) -> Option<CmpOp> {
    match op {
        CmpOp::Is => Some(CmpOp::IsNot),
        CmpOp::IsNot => Some(CmpOp::Is),
        CmpOp::In => Some(CmpOp::NotIn),
        CmpOp::NotIn => Some(CmpOp::In),
        _ => None,
    }
}

/// Drops literal repetitions, so that the set needs no hashing here. Numbers that are equal across types may remain: the
/// runtime removes them.
fn distinct(items: Box<[Constant]>) -> Box<[Constant]> {
    let mut seen = std::collections::HashSet::new();
    items.into_vec().into_iter().filter(|item| seen.insert(item.clone())).collect()
}

/// Concatenation and repetition of text, bytes and tuples.
fn sequence_operation(op: Operator, left: &Constant, right: &Constant) -> Option<Constant> {
    use Constant::{Bytes, Int, Str, Tuple};
    match (op, left, right) {
        (Operator::Add, Str(a), Str(b)) => Some(Str([&**a, &**b].concat().into())),
        (Operator::Add, Bytes(a), Bytes(b)) => Some(Bytes([&**a, &**b].concat().into())),
        (Operator::Add, Tuple(a), Tuple(b)) => Some(Tuple([&**a, &**b].concat().into())),
        (Operator::Mult, sequence @ (Str(_) | Bytes(_) | Tuple(_)), Int(count))
        | (Operator::Mult, Int(count), sequence @ (Str(_) | Bytes(_) | Tuple(_))) => repeat(sequence, *count),
        _ => None,
    }
}

fn repeat(sequence: &Constant, count: i64) -> Option<Constant> {
    let count = usize::try_from(count).unwrap_or(0);
    match sequence {
        Constant::Str(text) => {
            let characters = text.iter().filter(|&&byte| byte & 0xC0 != 0x80).count();
            (characters.checked_mul(count)? <= MAX_TEXT).then(|| Constant::Str(text.repeat(count).into()))
        }
        Constant::Bytes(bytes) => {
            (bytes.len().checked_mul(count)? <= MAX_TEXT).then(|| Constant::Bytes(bytes.repeat(count).into()))
        }
        Constant::Tuple(items) => {
            let total: usize = items.iter().map(weight).sum();
            let fits = items.is_empty() || total.max(1).checked_mul(count)? <= MAX_ITEMS;
            (fits && items.len() * count <= MAX_ITEMS)
                .then(|| Constant::Tuple(std::iter::repeat_n(items.iter(), count).flatten().cloned().collect()))
        }
        _ => None,
    }
}

/// How deep tuples nest.
fn depth(value: &Constant) -> usize {
    match value {
        Constant::Tuple(items) => 1 + items.iter().map(depth).max().unwrap_or(0),
        _ => 0,
    }
}

/// Items of a constant with those of the tuples in it.
fn weight(value: &Constant) -> usize {
    match value {
        Constant::Tuple(items) => 1 + items.iter().map(weight).sum::<usize>(),
        _ => 1,
    }
}

/// `value[index]`
fn item(value: &Constant, index: &Constant) -> Option<Constant> {
    let index = match index {
        Constant::Int(index) => *index,
        Constant::Bool(index) => i64::from(*index),
        _ => return None,
    };
    let at = |len: usize| {
        let at = if index < 0 { index.checked_add(i64::try_from(len).ok()?)? } else { index };
        usize::try_from(at).ok().filter(|&at| at < len)
    };
    match value {
        Constant::Tuple(items) => items.get(at(items.len())?).cloned(),
        Constant::Bytes(bytes) => bytes.get(at(bytes.len())?).map(|&byte| Constant::Int(i64::from(byte))),
        Constant::Str(text) => {
            let starts: Vec<usize> = (0..text.len()).filter(|&i| text[i] & 0xC0 != 0x80).collect();
            let at = at(starts.len())?;
            let end = starts.get(at + 1).copied().unwrap_or(text.len());
            Some(Constant::Str(text[starts[at]..end].into()))
        }
        _ => None,
    }
}
