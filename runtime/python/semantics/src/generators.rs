//! Generators and coroutines: suspending, resuming, delivering.

use crate::attributes::has_shape;
use crate::stub::{FINISH, RESUME, SEND, SUSPEND};
use crate::{NO_SLOT, nothing, to};
use python_objects::generator::{FRAME, state, word};
use python_objects::kind::{shape, special};
use python_objects::py::root;
use vm_api::code::Instruction;
use vm_api::engine::{Cond, Machine, R, bit};
use vm_api::heap::Value;

/// Is nobody handling an exception, so that suspending and resuming change nothing but the frame? `other` is the word that
/// keeps the exception of the other side.
#[inline(always)]
fn calm<M: Machine>(m: &M, generator: M::Ptr, other: usize) -> bool {
    m.test(m.is_word(m.root(root::HANDLED), Value::EMPTY.bits()))
        && m.test(m.is_word(m.load(generator, other as u32 * 8), Value::EMPTY.bits()))
}

/// Yields `b`: the registers go to the generator, the value to whoever resumed it.
#[inline(always)]
pub(crate) fn suspend<M: Machine>(m: &M, i: &Instruction) -> R {
    let v = m.get(i.b);
    if calm(m, m.ptr(m.function()), word::OUTER) {
        m.suspend(&SUSPEND, &FRAME, i.d as u32)?;
    } else {
        m.stub(&SUSPEND, [nothing(m), nothing(m), nothing(m)], 0, NO_SLOT)?;
    }
    m.ret(v)
}

/// Ends the generator's frame with a value.
#[inline(always)]
pub(crate) fn finish<M: Machine>(m: &M, v: M::Val) -> R {
    let g = m.ptr(m.function());
    if m.test(m.is_word(v, Value::NONE.bits())) && calm(m, g, word::OUTER) {
        m.store_word(g, FRAME.state, m.int_const(state::FINISHED as i64));
        m.store(g, FRAME.registers, nothing(m));
        return m.ret(m.word(special::END.bits()));
    }
    let delivered = m.stub(&FINISH, [m.function(), v, nothing(m)], 0, NO_SLOT)?;
    m.ret(delivered)
}

/// Resumes generator or coroutine `g` at `p` with `sent`; what it delivers goes to `a`.
#[inline(always)]
pub(crate) fn resume<M: Machine>(m: &M, i: &Instruction, g: M::Val, p: M::Ptr, sent: M::Val) -> R {
    let suspended = m.int_cmp(Cond::Eq, m.load_word(p, FRAME.state), m.int_const(state::SUSPENDED as i64));
    if m.test(suspended) && calm(m, p, word::HANDLED) {
        let code = m.code(m.int(m.load(p, word::CODE as u32 * 8)));
        return m.resume(&RESUME, &FRAME, code, g, sent, i.a, i.feedback);
    }
    m.call_stub_fixed(&RESUME, [g, sent, nothing(m)], 0, i.a, i.feedback)
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
            return resume(m, i, iterator, p, v);
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
