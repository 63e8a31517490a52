//! Generators and coroutines: suspending, resuming, delivering.

use crate::attributes::has_shape;
use crate::stub::{FINISH, RESUME, SEND, SUSPEND};
use crate::{NO_SLOT, nothing, to};
use python_objects::kind::{shape, special};
use vm_api::code::Instruction;
use vm_api::engine::{Machine, R, bit};
use vm_api::heap::Value;

/// Yields `b`: the registers go to the generator, the value to whoever resumed it.
#[inline(always)]
pub(crate) fn suspend<M: Machine>(m: &M, i: &Instruction) -> R {
    let v = m.get(i.b);
    m.stub(&SUSPEND, [nothing(m), nothing(m), nothing(m)], 0, NO_SLOT)?;
    m.ret(v)
}

/// Ends the generator's frame with a value.
#[inline(always)]
pub(crate) fn finish<M: Machine>(m: &M, v: M::Val) -> R {
    let delivered = m.stub(&FINISH, [m.function(), v, nothing(m)], 0, NO_SLOT)?;
    m.ret(delivered)
}

/// `a` = what iterator `b` yields on being sent `c`; a completion if it returns.
#[inline(always)]
pub(crate) fn send<M: Machine>(m: &M, i: &Instruction) -> R {
    let (iterator, v) = (m.get(i.b), m.get(i.c));
    if m.spec(m.is_object(iterator), i.feedback, bit::OBJECT) {
        let p = m.ptr(iterator);
        if m.spec(has_shape(m, p, shape::COROUTINE), i.feedback, bit::SECOND)
            || m.spec(has_shape(m, p, shape::GENERATOR), i.feedback, bit::THIRD)
        {
            return m.call_stub_fixed(&RESUME, [iterator, v, nothing(m)], 0, i.a, i.feedback);
        }
    }
    to(m, i, &SEND, [iterator, v, nothing(m)], 0)
}

/// If `a` is a completion, `a` = its value and goes to `d`.
#[inline(always)]
pub(crate) fn jump_if_completed<M: Machine>(m: &M, i: &Instruction) -> R {
    let v = m.get(i.a);
    if m.test(m.is_word(v, special::END.bits())) {
        m.set(i.a, m.word(Value::NONE.bits()));
        m.jump(i.d);
    } else if m.test(m.is_object(v)) {
        let p = m.ptr(v);
        if m.test(has_shape(m, p, shape::COMPLETION)) {
            m.set(i.a, m.load(p, 8));
            m.jump(i.d);
        }
    }
    Ok(())
}
