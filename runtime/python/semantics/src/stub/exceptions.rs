//! Raising, matching, and what `except*` needs.

use super::{Operands, object};
use crate::exceptions::{note_match, note_raise};
use python_compile::opcodes::flag;
use python_objects::exception::{Exc, word};
use python_objects::function;
use python_objects::kind::Kind;
use python_objects::py::root;
use python_objects::{Object, Py, R, Value, list, tuple};

/// TypeError unless `v` is a class of exceptions or a tuple of such.
fn check_classes(py: Py<'_>, v: Value) -> R<()> {
    let wrong = match py.as_tuple(v) {
        Some(t) => tuple::items(t).any(|c| !py.is_exception_class(c)),
        None => !py.is_exception_class(v),
    };
    if wrong {
        return py.type_error("catching classes that do not inherit from BaseException is not allowed");
    }
    Ok(())
}
fn matches(py: Py<'_>, e: Value, v: Value) -> bool {
    let class = py.class_of(e);
    match py.as_tuple(v) {
        Some(t) => tuple::items(t).any(|c| py.is_subclass(class, object(c))),
        None => py.is_subclass(class, object(v)),
    }
}
pub(super) fn check_match(py: Py<'_>, o: Operands) -> R {
    check_classes(py, o.b)?;
    let matches = matches(py, o.a, o.b);
    if let Some(e) = Object::from_value(o.a) {
        note_match(py, o.site, e, o.b, matches);
    }
    Ok(Value::bool(matches))
}
pub(super) fn split_group(py: Py<'_>, o: Operands) -> R {
    check_classes(py, o.b)?;
    let group = py.exception_class(Exc::BaseExceptionGroup);
    let classes = match py.as_tuple(o.b) {
        Some(t) => tuple::items(t).any(|c| py.is_subclass(object(c), group)),
        None => py.is_subclass(object(o.b), group),
    };
    if classes {
        return py.type_error("catching ExceptionGroup with except* is not allowed. Use except instead.");
    }
    let (matched, rest) = if o.a == Value::NONE {
        (Value::NONE, Value::NONE)
    } else if !py.is_instance(o.a, group) {
        if matches(py, o.a, o.b) {
            // A naked exception is wrapped; the group has no traceback, as under CPython 3.12.
            let message = py.str("")?;
            let one = py.tuple(&[o.a])?;
            let wrapped = py.call(py.exception_class(Exc::ExceptionGroup).value(), &[message, one]);
            let wrapped = match wrapped {
                Ok(v) => v,
                Err(_) => {
                    py.take_exception();
                    py.call(group.value(), &[message, one])?
                }
            };
            (wrapped, Value::NONE)
        } else {
            (Value::NONE, o.a)
        }
    } else {
        let split = py.intern("split")?;
        let pair = py.call_method(o.a, split, &[o.b])?;
        match py.as_tuple(pair).filter(|t| t.length() >= 2) {
            Some(t) => (t.element(0), t.element(1)),
            None => {
                return py.type_error(&format!(
                    "{}.split must return a tuple, not {}",
                    py.class_name(o.a),
                    py.class_name(pair)
                ));
            }
        }
    };
    py.set_root(root::METHOD_FUNCTION, matched);
    Ok(rest)
}
/// PEP 654: the exception to raise after the clauses. `a` is what was caught, list `b` holds what the clauses raised, or None,
/// and what was left over.
pub(super) fn prep_reraise_star(py: Py<'_>, o: Operands) -> R {
    let raised = object(o.b);
    let group = py.exception_class(Exc::BaseExceptionGroup);
    let real = py.new_list(0)?;
    for i in 0..list::length(raised) {
        let v = list::item(raised, i);
        if v != Value::NONE {
            py.list_push(real, v)?;
        }
    }
    let n = list::length(real);
    if n == 0 {
        return Ok(Value::NONE);
    }
    if !py.is_instance(o.a, group) {
        // A naked exception: at most one clause ran.
        return Ok(list::item(real, 0));
    }
    // Parts of the original that are raised again keep its structure and metadata; others are new exceptions.
    let (again, new) = (py.new_list(0)?, py.new_list(0)?);
    for i in 0..n {
        let v = list::item(real, i);
        py.list_push(if is_part_of(py, v, o.a) { again } else { new }, v)?;
    }
    let projection = if list::length(again) == 0 { Value::NONE } else { project(py, o.a, again)? };
    if list::length(new) == 0 {
        return Ok(projection);
    }
    if projection != Value::NONE {
        py.list_push(new, projection)?;
    }
    if list::length(new) == 1 {
        return Ok(list::item(new, 0));
    }
    let message = py.str("")?;
    py.call(group.value(), &[message, new.value()])
}
/// Was it split off the original: same traceback, cause and context, as CPython tells them apart?
fn is_part_of(py: Py<'_>, v: Value, original: Value) -> bool {
    let Some(v) = py.of_kind(v, Kind::EXCEPTION) else { return false };
    let original = object(original);
    [word::TRACEBACK, word::CAUSE, word::CONTEXT].iter().all(|w| v.get(*w) == original.get(*w))
        && py.is_instance(v.value(), py.exception_class(Exc::BaseExceptionGroup))
}
/// The subgroup of the original that has the leaves of the groups in `again`.
fn project(py: Py<'_>, original: Value, again: Object) -> R {
    let leaves = py.new_list(0)?;
    for i in 0..list::length(again) {
        collect_leaves(py, list::item(again, i), leaves)?;
    }
    subgroup(py, original, leaves)
}
fn collect_leaves(py: Py<'_>, v: Value, leaves: Object) -> R<()> {
    py.check_native_stack()?;
    if !py.is_instance(v, py.exception_class(Exc::BaseExceptionGroup)) {
        return py.list_push(leaves, v);
    }
    if let Some(t) = py.as_tuple(object(v).get(word::OWN + 1)) {
        for i in 0..t.length() {
            collect_leaves(py, t.element(i), leaves)?;
        }
    }
    Ok(())
}
fn subgroup(py: Py<'_>, v: Value, leaves: Object) -> R {
    py.check_native_stack()?;
    if !py.is_instance(v, py.exception_class(Exc::BaseExceptionGroup)) {
        let kept = (0..list::length(leaves)).any(|i| list::item(leaves, i) == v);
        return Ok(if kept { v } else { Value::NONE });
    }
    let kept = py.new_list(0)?;
    if let Some(t) = py.as_tuple(object(v).get(word::OWN + 1)) {
        for i in 0..t.length() {
            let part = subgroup(py, t.element(i), leaves)?;
            if part != Value::NONE {
                py.list_push(kept, part)?;
            }
        }
        if list::length(kept) == t.length() && (0..t.length()).all(|i| list::item(kept, i) == t.element(i)) {
            return Ok(v);
        }
    }
    if list::length(kept) == 0 {
        return Ok(Value::NONE);
    }
    let derive = py.intern("derive")?;
    let made = py.call_method(v, derive, &[kept.value()])?;
    if let Some(m) = py.of_kind(made, Kind::EXCEPTION) {
        py.copy_metadata(object(v), m)?;
    }
    Ok(made)
}

pub(super) fn raised(py: Py<'_>, o: Operands) -> R {
    let e = py.make_exception(o.a)?;
    note_raise(py, o.site, o.a);
    if !o.b.is_empty() {
        let cause = if o.b == Value::NONE {
            Value::NONE
        } else if py.is_exception(o.b) || py.is_exception_class(o.b) {
            py.make_exception(o.b)?.value()
        } else {
            return py.type_error("exception causes must derive from BaseException");
        };
        py.store(e, word::CAUSE, if cause == Value::NONE { Value::EMPTY } else { cause });
        py.store(e, word::SUPPRESS, Value::TRUE);
    }
    py.set_context(e);
    Ok(e.value())
}
pub(super) fn current(py: Py<'_>, _: Operands) -> R {
    match py.handled() {
        v if v.is_empty() || v == Value::NONE => py.err(Exc::RuntimeError, "No active exception to reraise"),
        v => Ok(v),
    }
}
pub(super) fn class_of(py: Py<'_>, o: Operands) -> R {
    Ok(py.class_of(o.a).value())
}
pub(super) fn traceback_of(_: Py<'_>, o: Operands) -> R {
    let v = object(o.a).get(word::TRACEBACK);
    Ok(if v.is_empty() { Value::NONE } else { v })
}
pub(super) fn stop_iteration_error(py: Py<'_>, o: Operands) -> R {
    let code = py.ops().code(py.0, function::code_index(object(o.b)));
    let is_async = code.flags & flag::ASYNC_GENERATOR != 0;
    let what = match code.flags {
        f if f & flag::COROUTINE != 0 => "coroutine",
        _ if is_async => "async generator",
        _ => "generator",
    };
    let name = if py.is_instance(o.a, py.exception_class(Exc::StopIteration)) {
        "StopIteration"
    } else if is_async && py.is_instance(o.a, py.exception_class(Exc::StopAsyncIteration)) {
        "StopAsyncIteration"
    } else {
        return Ok(o.a);
    };
    let message = py.str(&format!("{what} raised {name}"))?;
    let e = py.new_exception(Exc::RuntimeError, &[message])?;
    py.store(e, word::CAUSE, o.a);
    py.store(e, word::CONTEXT, o.a);
    py.store(e, word::SUPPRESS, Value::TRUE);
    Ok(e.value())
}
pub(super) fn end_async_for(py: Py<'_>, o: Operands) -> R {
    if py.is_instance(o.a, py.exception_class(Exc::StopAsyncIteration)) {
        return Ok(Value::NONE);
    }
    Err(py.raise(o.a))
}
pub(super) fn cleanup_throw(py: Py<'_>, o: Operands) -> R {
    if py.is_instance(o.a, py.exception_class(Exc::StopIteration)) {
        return Ok(py.stop_value(object(o.a)));
    }
    Err(py.raise(o.a))
}
