//! Operators, comparisons, truth.

use super::{Operands, Site, complete, object};
use crate::arithmetic::seen;
use crate::compare;
use python_objects::compare::COMPARISONS;
use python_objects::kind::Kind;
use python_objects::operator::{BINARY, BinaryOp, Operation, UnaryOp};
use python_objects::symbol::sym;
use python_objects::{Object, Py, R, Symbol, Value, int, number};

/// The integers of both operands, if they fit words.
fn words(o: &Operands) -> Option<(i64, i64)> {
    Some((int::as_word(o.a)?, int::as_word(o.b)?))
}
/// Records whether it was words. That it was not is only of interest where it was before.
fn note_words(site: Site, are_words: bool) {
    if are_words {
        site.record(seen::WORDS);
    } else if site.has_recorded(seen::WORDS) {
        site.record(seen::NO_WORDS);
    }
}
/// The result of an operator on words that is one. Recorded.
fn word_result(py: Py<'_>, op: BinaryOp, o: &Operands) -> Option<R> {
    let result = words(o).and_then(|(x, y)| number::words(x, y, op));
    note_words(o.site, result.is_some());
    result.map(|r| py.int(r))
}
pub(super) fn binary(py: Py<'_>, o: Operands) -> R {
    let op = BINARY[o.immediate as usize];
    if let Some(r) = word_result(py, op, &o) {
        return r;
    }
    if let Some(r) = py.quick_binary(op, o.a, o.b)? {
        return Ok(r);
    }
    match py.operate(op, o.a, o.b, false)? {
        Operation::Done(r) => Ok(r),
        Operation::Enter(f) => complete::binary(py, f, o.immediate, o.a, o.b),
    }
}
pub(super) fn inplace(py: Py<'_>, o: Operands) -> R {
    let op = BINARY[o.immediate as usize];
    if let Some(r) = word_result(py, op, &o) {
        return r;
    }
    if let Some(r) = py.quick_inplace(op, o.a, o.b)? {
        return Ok(r);
    }
    match py.lookup(py.class_of(o.a), op.inplace()) {
        Some(f) if py.kind(f) == Kind::FUNCTION => complete::inplace(py, object(f), o.immediate, o.a, o.b),
        Some(_) => py.inplace(op, o.a, o.b),
        // What has quick answers and no such method gave one above.
        None => match py.operate(op, o.a, o.b, true)? {
            Operation::Done(r) => Ok(r),
            Operation::Enter(f) => complete::binary_inplace(py, f, o.immediate, o.a, o.b),
        },
    }
}
pub(super) fn unary(py: Py<'_>, o: Operands) -> R {
    // The smallest word is not one once it is negated.
    let is_word = int::as_word(o.a).is_some_and(|x| x != i64::MIN);
    note_words(o.site, is_word);
    py.unary([UnaryOp::Neg, UnaryOp::Pos, UnaryOp::Invert][o.immediate as usize], o.a)
}
pub(super) fn compare(py: Py<'_>, o: Operands) -> R {
    let op = COMPARISONS[o.immediate as usize];
    let both = words(&o);
    note_words(o.site, both.is_some());
    if let Some((x, y)) = both {
        return Ok(Value::bool(op.holds(x.cmp(&y))));
    }
    if o.immediate == 2 || o.immediate == 3 {
        // Equality of strings is frequent and needs no result object.
        if let Some(same) = py.quick_equal(o.a, o.b) {
            return Ok(Value::bool(same == (o.immediate == 2)));
        }
        if note_instance(py, o.site, o.a) && (!o.b.is_object() || note_instance(py, o.site, o.b)) {
            o.site.record(if o.b.is_object() { compare::seen::WITH_INSTANCE } else { compare::seen::WITH_OTHER });
            return Ok(Value::bool((o.a == o.b) == (o.immediate == 2)));
        }
    }
    if let Some(f) = py.left_comparison(op, o.a, o.b) {
        return complete::compare(py, f, o.immediate, o.a, o.b);
    }
    py.rich_compare(op, o.a, o.b)
}
/// Is this an instance that is compared by identity, since its class leaves `==` and `!=` to `object`? Noted, if it stays so.
fn note_instance(py: Py<'_>, site: Site, v: Value) -> bool {
    let Some(o) = Object::from_value(v).filter(|o| py.object_kind(*o) == Kind::OBJECT) else { return false };
    let (class, names) = (py.class_of(v), [sym::EQ, sym::NE]);
    let leaves = |name: &Symbol| py.lookup(class, *name) == py.lookup(py.object_class(), *name);
    if !names.iter().all(leaves) {
        return false;
    }
    if site.wants() && names.iter().all(|name| py.may_cache(class, *name)) {
        site.add(py, o.shape().0, 0, Value::EMPTY);
    }
    true
}
pub(super) fn contains(py: Py<'_>, o: Operands) -> R {
    Ok(Value::bool(py.contains(o.b, o.a)? == (o.immediate == 0)))
}
pub(super) fn truth(py: Py<'_>, o: Operands) -> R {
    if o.site.wants()
        // The metaclasses of classes, which share a shape, may say so.
        && let Some(target) = Object::from_value(o.a).filter(|t| py.object_kind(*t) != Kind::TYPE)
    {
        let class = py.class_of(o.a);
        // Nothing says when such an instance is false, so it never is.
        let names = [sym::BOOL, sym::LEN];
        let says_nothing = names.iter().all(|name| py.lookup(class, *name).is_none());
        if says_nothing && names.iter().all(|name| py.may_cache(class, *name)) {
            o.site.add(py, target.shape().0, 0, Value::EMPTY);
            return Ok(Value::TRUE);
        }
    }
    py.truth(o.a).map(Value::bool)
}
