//! Exceptions: raising and matching them, tracebacks as frames are left, and the windows of `with` and `except*`.

use crate::attributes::{class_key_of, has_shape};
use crate::construct;
use crate::stub::{CHECK_EXC_MATCH, CLASS_OF, RAISED, SPLIT_GROUP, Site, TRACEBACK_OF};
use crate::{LAST, NO_SLOT, nothing, place_of, to};
use python_compile::opcodes::{
    CLEANUP_THROW, END_ASYNC_FOR, LOAD_ATTR, LOAD_METHOD, RAISE, RAISE_CURRENT, RAISE_FROM, RERAISE, SEND,
    YIELD_DELEGATED, YIELD_VALUE,
};
use python_objects::exception::{traceback, word};
use python_objects::frame::has_line;
use python_objects::kind::shape;
use python_objects::py::root;
use python_objects::{Py, Symbol};
use std::cell::Cell;
use vm_api::code::Instruction;
use vm_api::code::code::code_flag;
use vm_api::engine::{Cond, FrameView, Machine, R, bit};
use vm_api::heap::{Object, Value};

/// Bits of the feedback of `raise`: what is raised.
mod seen {
    use super::bit;
    pub(super) const INSTANCE: u32 = bit::SECOND;
    pub(super) const CLASS: u32 = bit::THIRD;
    /// With the bit that a failed guard leaves.
    pub(super) const ANY: u32 = INSTANCE | CLASS | bit::INT;
}

/// `a` = does exception `b` match `c`? A class is cached by the shape of exceptions, with the answer, as long as no class changes.
#[inline(always)]
pub(crate) fn check_match<M: Machine>(m: &M, i: &Instruction) -> R {
    let (e, of) = (m.get(i.b), m.get(i.c));
    if m.spec(m.is_object(e), i.feedback, bit::OBJECT)
        && let Some(entry) = m.cached(m.shape(m.ptr(e)), i.feedback)
    {
        m.assume(root::TYPE_EPOCH);
        if m.spec(m.same(of, m.entry_value(entry)), i.feedback, bit::OBJECT) {
            m.set(i.a, m.make_bool(m.int_cmp(Cond::Ne, m.entry_payload(entry), m.int_const(0))));
            return Ok(());
        }
    }
    m.meet(LAST)?;
    to(m, i, &CHECK_EXC_MATCH, [e, of, nothing(m)], 0)
}

/// Notes for [`check_match`] how exceptions of this class match.
pub(crate) fn note_match(py: Py<'_>, site: Site, e: Object, of: Value, matches: bool) {
    let plain = Object::from_value(of).is_some_and(|c| c.shape() == shape::TYPE);
    // An entry for another class is kept, so that what was compiled for that one is not left for each that comes.
    if plain && site.wants() && !site.has(e.shape().0) {
        site.add(py, e.shape().0, u32::from(matches), of);
        site.record(bit::OBJECT);
    }
}

/// Raises `a`. While nothing is being handled, an exception is raised as it is, and classes whose instances only keep their arguments
/// are made one of in place: the cache holds how, by the class's number.
#[inline(always)]
pub(crate) fn raise<M: Machine>(m: &M, i: &Instruction) -> R {
    let v = m.get(i.a);
    if m.spec(m.is_object(v), i.feedback, seen::ANY)
        && m.spec(m.is_word(m.root(root::HANDLED), Value::EMPTY.bits()), i.feedback, seen::ANY)
        && m.spec(m.is_word(m.root(root::OUTER_HANDLED), Value::EMPTY.bits()), i.feedback, seen::ANY)
    {
        if m.spec(has_shape(m, m.ptr(v), shape::TYPE), i.feedback, seen::CLASS) {
            // An entry for instances says 0.
            if let Some(made) = m.known(m.cached_payload(i.feedback)).filter(|made| *made != 0)
                && m.spec(is_key(m, i, class_key_of(m, m.ptr(v))), i.feedback, bit::CACHED)
            {
                m.assume(root::TYPE_EPOCH);
                return m.raise(construct::exception(m, made, m.root(root::EMPTY_TUPLE))?);
            }
        } else if m.spec(is_key(m, i, m.shape(m.ptr(v))), i.feedback, bit::CACHED) {
            m.spec(m.bool_const(true), i.feedback, seen::INSTANCE);
            return m.raise(v);
        }
    }
    m.meet(LAST)?;
    m.raise(m.stub(&RAISED, [v, nothing(m), nothing(m)], 0, i.feedback)?)
}

#[inline(always)]
fn is_key<M: Machine>(m: &M, i: &Instruction, key: M::Int) -> M::Bool {
    m.int_cmp(Cond::Eq, key, m.cached_shape(i.feedback))
}

/// Notes for [`raise`] what is raised.
pub(crate) fn note_raise(py: Py<'_>, site: Site, v: Value) {
    let calm = py.root(root::HANDLED).is_empty() && py.root(root::OUTER_HANDLED).is_empty();
    let Some(o) = Object::from_value(v).filter(|_| calm && site.wants()) else { return };
    if py.is_exception(v) {
        site.cache(py, o.shape().0, 0, Value::EMPTY);
        site.record(seen::INSTANCE);
    } else if let Some((key, made)) = construct::exception_key(py, o) {
        site.cache(py, key, made, Value::EMPTY);
        site.record(seen::CLASS);
    }
}

/// (`a`, `a+1`, `a+2`) = (type, value, traceback) of exception `b`
#[inline(always)]
pub(crate) fn details<M: Machine>(m: &M, i: &Instruction) -> R {
    let e = m.get(i.b);
    let class = m.stub(&CLASS_OF, [e, nothing(m), nothing(m)], 0, NO_SLOT)?;
    let traceback = m.stub(&TRACEBACK_OF, [e, nothing(m), nothing(m)], 0, NO_SLOT)?;
    m.set(i.a, class);
    m.set(i.a + 1, e);
    m.set(i.a + 2, traceback);
    Ok(())
}

/// (`a`, `a+1`) = (rest, match) of splitting exception or group `b` by `c`
#[inline(always)]
pub(crate) fn check_group<M: Machine>(m: &M, i: &Instruction) -> R {
    let rest = m.stub(&SPLIT_GROUP, [m.get(i.b), m.get(i.c), nothing(m)], 0, NO_SLOT)?;
    m.set(i.a, rest);
    m.set(i.a + 1, m.root(root::METHOD_FUNCTION));
    Ok(())
}

/// Does the instruction raise again what has passed here before?
pub(crate) fn raises_again(op: u16) -> bool {
    matches!(op, RERAISE | RAISE_CURRENT | END_ASYNC_FOR | CLEANUP_THROW)
}

/// May an exception that the instruction raises have left a frame that it called? What others raise has a traceback from before.
fn comes_from_callee(op: u16) -> bool {
    !matches!(op, RAISE | RAISE_FROM | YIELD_VALUE | YIELD_DELEGATED | SEND)
}

/// Adds the frame to the exception's traceback, unless the instruction raised again what had passed here before. Without
/// memory for the entry the exception goes on without it.
#[inline(always)]
pub(crate) fn trace(py: Py<'_>, exception: Value, view: &FrameView<'_>, caught: bool) -> Value {
    let FrameView { spot, code, registers, compiled } = *view;
    let place = place_of(spot);
    let Some(e) = Object::from_value(exception).filter(|_| py.is_exception(exception)) else { return exception };
    let instruction = code.instructions.get(place.at as usize);
    let op = instruction.map_or(RAISE, |i| i.op);
    if let Some(i) = instruction
        && matches!(op, LOAD_ATTR | LOAD_METHOD)
    {
        // It may come from a property, whose frame is entered without coming back.
        let asked = registers.get(usize::from(i.b)).map_or(Value::EMPTY, Cell::get);
        if !asked.is_empty() {
            py.note_attribute(exception, asked, Symbol(i.d as u32));
        }
    }
    if !caught && code.flags & code_flag::SUSPENDS != 0 {
        py.generator_left(place, registers);
    }
    if raises_again(op) {
        passes_again(py, e, view, caught);
        return exception;
    }
    // The entry keeps the frame with its variables.
    let known = if compiled { py.known_frame_of(code, place) } else { py.frame_object(place).ok() };
    // Compiled code is not left for it.
    let frame = match known {
        Some(f) => {
            py.frame_stands(f, place);
            f.value()
        }
        None if !compiled => place.function,
        None if caught => py.catching_frame(code, place, registers).unwrap_or(place.function),
        None => py.left_frame(code, place, registers).map_or(place.function, Object::value),
    };
    py.take_exception();
    let next = match e.get(word::TRACEBACK) {
        v if v.is_empty() => Value::NONE,
        v => v,
    };
    let fields = [next, Value::int(i64::from(place.code.0)), Value::int(i64::from(place.at)), frame];
    if let Ok(entry) = py.heap().alloc(shape::TRACEBACK, traceback::WORDS) {
        for (i, v) in fields.into_iter().enumerate() {
            entry.init(1 + i, v);
        }
        py.store(e, word::TRACEBACK, entry.value());
        if comes_from_callee(op) {
            py.called_from(next, entry);
        }
    }
    exception
}

/// Notes where a frame stands that an exception has passed before.
#[inline(never)]
fn passes_again(py: Py<'_>, e: Object, view: &FrameView<'_>, caught: bool) {
    if has_line(view.code, view.spot.at)
        && let Some(entry) = Object::from_value(e.get(word::TRACEBACK))
    {
        py.entry_stands(entry, view.code, place_of(view.spot));
    }
    if view.compiled && !caught {
        py.caught_raised(view.code, view.registers);
    }
}
