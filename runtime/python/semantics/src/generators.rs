//! Generators and coroutines: suspending, resuming, delivering.

use crate::attributes::has_shape;
use crate::making::boxed;
use crate::stub::{FINISH, GET_AITER, GET_ANEXT, GET_AWAITABLE, GET_YIELD_FROM_ITER, RESUME, SEND, SUSPEND};
use crate::{LAST, NO_SLOT, nothing, to};
use python_objects::generator::{FRAME, STARTED, state, word};
use python_objects::kind::{shape, special};
use python_objects::py::root;
use vm_api::code::Instruction;
use vm_api::engine::{Cond, IntOp, Machine, R, bit};
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
        return m.suspend(i.d as u32, v);
    }
    m.stub(&SUSPEND, [m.function(), nothing(m), nothing(m)], 0, NO_SLOT)?;
    m.ret(v)
}

/// Ends the generator's frame with a value.
#[inline(always)]
pub(crate) fn finish<M: Machine>(m: &M, v: M::Val) -> R {
    let unseen = m.is_word(m.load(m.ptr(m.function()), word::FRAME as u32 * 8), Value::EMPTY.bits());
    if m.test(unseen) && calm(m, m.ptr(m.function()), word::OUTER) {
        let none = m.test(m.is_word(v, Value::NONE.bits()));
        let delivered = if none { m.word(special::END.bits()) } else { boxed(m, shape::COMPLETION, v)? };
        let g = m.ptr(m.function());
        m.store_word(g, FRAME.state, m.int_const(state::FINISHED as i64));
        m.store(g, FRAME.registers, nothing(m));
        return m.ret(delivered);
    }
    let delivered = m.stub(&FINISH, [m.function(), v, nothing(m)], 0, NO_SLOT)?;
    m.ret(delivered)
}

/// Where paths meet before the stub that resumes.
const RESUMED: u32 = LAST - 1;

/// Resumes generator or coroutine `g` at `p` with `sent`; what it delivers goes to `a`.
#[inline(always)]
pub(crate) fn resume<M: Machine>(m: &M, i: &Instruction, g: M::Val, p: M::Ptr, sent: M::Val) -> R {
    let (now, is) = (m.load_word(p, FRAME.state), |s: u64| m.int_const(s as i64));
    let ready = m.test(m.int_cmp(Cond::Eq, now, is(state::SUSPENDED)))
        || m.test(m.int_cmp(Cond::Eq, now, is(state::CREATED))) && m.test(m.is_word(sent, Value::NONE.bits()));
    if ready && calm(m, p, word::HANDLED) {
        let code = m.code(m.int(m.load(p, word::CODE as u32 * 8)));
        return m.resume(&RESUME, code, g, sent, i.a, i.feedback);
    }
    m.meet(RESUMED)?;
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
    m.meet(LAST)?;
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

/// `a` = iterator for `yield from b`
#[inline(always)]
pub(crate) fn get_yield_from_iter<M: Machine>(m: &M, i: &Instruction) -> R {
    let v = m.get(i.b);
    if m.spec(m.is_object(v), i.feedback, bit::OBJECT)
        && m.spec(has_shape(m, m.ptr(v), shape::GENERATOR), i.feedback, bit::SECOND)
    {
        m.set(i.a, v);
        return Ok(());
    }
    m.meet(LAST)?;
    to(m, i, &GET_YIELD_FROM_ITER, [v, m.function(), nothing(m)], 0)
}

/// `a` = iterator that awaits `b`: a coroutine that nobody has begun to await, or an asynchronous generator's awaitable.
#[inline(always)]
pub(crate) fn get_awaitable<M: Machine>(m: &M, i: &Instruction) -> R {
    let v = m.get(i.b);
    if m.spec(m.is_object(v), i.feedback, bit::OBJECT) {
        let p = m.ptr(v);
        let created = m.int_const(state::CREATED as i64);
        if m.spec(has_shape(m, p, shape::COROUTINE), i.feedback, bit::SECOND) {
            if m.test(m.int_cmp(Cond::Eq, m.load_word(p, FRAME.state), created)) {
                m.set(i.a, v);
                return Ok(());
            }
        } else if m.spec(has_shape(m, p, shape::ASYNC_GENERATOR_ASEND), i.feedback, bit::THIRD) {
            m.set(i.a, v);
            return Ok(());
        }
    }
    m.meet(LAST)?;
    to(m, i, &GET_AWAITABLE, [v, nothing(m), nothing(m)], i32::from(i.c))
}

/// The object, if it is an asynchronous generator.
#[inline(always)]
fn async_generator<M: Machine>(m: &M, i: &Instruction, v: M::Val) -> Option<M::Ptr> {
    if !m.spec(m.is_object(v), i.feedback, bit::OBJECT) {
        return None;
    }
    let p = m.ptr(v);
    m.spec(has_shape(m, p, shape::ASYNC_GENERATOR), i.feedback, bit::SECOND).then_some(p)
}

/// `a = type(b).__aiter__(b)`
#[inline(always)]
pub(crate) fn get_aiter<M: Machine>(m: &M, i: &Instruction) -> R {
    let v = m.get(i.b);
    if async_generator(m, i, v).is_some() {
        m.set(i.a, v);
        return Ok(());
    }
    m.meet(LAST)?;
    to(m, i, &GET_AITER, [v, nothing(m), nothing(m)], 0)
}

/// `a` = the awaitable of `type(b).__anext__(b)`: inline once the event loop knows of the generator.
#[inline(always)]
pub(crate) fn get_anext<M: Machine>(m: &M, i: &Instruction) -> R {
    let v = m.get(i.b);
    if let Some(g) = async_generator(m, i, v) {
        let flags = m.load(g, word::EXTRA as u32 * 8);
        if m.test(m.is_int(flags)) {
            let started = m.int_op(IntOp::And, m.int(flags), m.int_const(STARTED));
            if m.test(m.int_cmp(Cond::Ne, started, m.int_const(0))) {
                let awaitable = m.alloc(shape::ASYNC_GENERATOR_ASEND, 4)?;
                m.init(awaitable, 8, v);
                m.init(awaitable, 16, m.word(Value::NONE.bits()));
                m.set(i.a, m.make_object(awaitable));
                return Ok(());
            }
        }
    }
    m.meet(LAST)?;
    to(m, i, &GET_ANEXT, [v, nothing(m), nothing(m)], 0)
}
