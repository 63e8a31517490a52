//! Exceptions: tracebacks as frames are left, and the windows of `with` and `except*`.

use crate::stub::{CLASS_OF, SPLIT_GROUP, TRACEBACK_OF};
use crate::{NO_SLOT, nothing};
use python_compile::opcodes::{CLEANUP_THROW, END_ASYNC_FOR, LOAD_ATTR, LOAD_METHOD, RAISE_CURRENT, RERAISE};
use python_objects::exception::{traceback, word};
use python_objects::frame::{self, Place};
use python_objects::kind::{Kind, shape};
use python_objects::py::root;
use python_objects::{Py, Symbol};
use vm_api::code::Instruction;
use vm_api::engine::{FrameId, Machine, R};
use vm_api::heap::{Object, Value};

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

/// Adds the frame to the exception's traceback, unless the instruction raised again what had passed here before. Without
/// memory for the entry the exception goes on without it.
pub(crate) fn trace(py: Py<'_>, exception: Value, place: Place) -> Value {
    let Place { code, at, function, .. } = place;
    let Some(e) = Object::from_value(exception).filter(|_| py.is_exception(exception)) else { return exception };
    let instruction = py.ops().code(py.0, code).instructions.get(at as usize);
    if let Some(i) = instruction
        && matches!(i.op, LOAD_ATTR | LOAD_METHOD)
        && place.id != FrameId::UNKNOWN
    {
        // It may come from a property, whose frame is entered without coming back.
        let mut asked = Value::EMPTY;
        py.ops().inspect_frame(py.0, place.id, &mut |_, _, _, registers| asked = registers[usize::from(i.b)].get());
        if !asked.is_empty() {
            py.note_attribute(exception, asked, Symbol(i.d as u32));
        }
    }
    if instruction.is_some_and(|i| raises_again(i.op)) {
        let entry = Object::from_value(e.get(word::TRACEBACK));
        if let Some(f) = entry.and_then(|entry| py.of_kind(entry.get(traceback::FUNCTION), Kind::FRAME))
            && f.get(frame::word::FUNCTION) == function
        {
            py.frame_stands(f, place);
        }
        return exception;
    }
    // The entry keeps the frame with its variables, as far as the engine says which one it is.
    let frame = match place.id {
        FrameId::UNKNOWN => function,
        _ => match py.frame_object(place) {
            Ok(f) => {
                py.frame_stands(f, place);
                f.value()
            }
            Err(_) => function,
        },
    };
    py.take_exception();
    let next = match e.get(word::TRACEBACK) {
        v if v.is_empty() => Value::NONE,
        v => v,
    };
    let fields = [next, Value::int(i64::from(code.0)), Value::int(i64::from(at)), frame];
    if let Ok(entry) = py.heap().alloc(shape::TRACEBACK, traceback::WORDS) {
        for (i, v) in fields.into_iter().enumerate() {
            entry.init(1 + i, v);
        }
        py.store(e, word::TRACEBACK, entry.value());
    }
    exception
}
