//! Calls: of Python functions whose parameters fit directly; all others by call stub, which sorts the arguments and lets the
//! engine enter the callee.

use crate::attributes::has_shape;
use crate::stub::{CALL, CALL_METHOD};
use python_objects::function::word;
use python_objects::kind::shape;
use vm_api::code::Instruction;
use vm_api::engine::{After, Cond, Machine, R, bit};
use vm_api::heap::Value;

/// The code of a function that takes exactly `count` arguments without further ado.
#[inline(always)]
fn direct<M: Machine>(m: &M, i: &Instruction, callee: M::Val, count: u16) -> Option<M::Code> {
    let index = m.int(m.load(m.ptr(callee), word::CODE as u32 * 8));
    let code = m.code(m.expect(index, i.feedback));
    let fits = m.int_cmp(Cond::Eq, m.simple_parameters(code), m.int_const(i64::from(count)));
    m.test(fits).then_some(code)
}

#[inline(always)]
fn is_function<M: Machine>(m: &M, v: M::Val, feedback: u32) -> bool {
    m.spec(m.is_object(v), feedback, bit::OBJECT)
        && m.spec(has_shape(m, m.ptr(v), shape::FUNCTION), feedback, bit::SECOND)
}

/// `a` = callee `b` called with the `c` registers after it
#[inline(always)]
pub(crate) fn call<M: Machine>(m: &M, i: &Instruction) -> R {
    let callee = m.get(i.b);
    if is_function(m, callee, i.feedback)
        && let Some(code) = direct(m, i, callee, i.c)
    {
        return m.invoke(code, i.b, i.c, i.a, After::Next);
    }
    m.call_stub(&CALL, i.b, i.c + 1, 0, i.a, i.feedback)
}

/// `a` = method window (`b`, `b+1`) called with the `c` registers after it
#[inline(always)]
pub(crate) fn call_method<M: Machine>(m: &M, i: &Instruction) -> R {
    let f = m.get(i.b);
    if is_function(m, f, i.feedback) {
        if let Some(code) = direct(m, i, f, i.c + 1) {
            return m.invoke(code, i.b, i.c + 1, i.a, After::Next);
        }
    } else if m.spec(m.is_word(f, Value::EMPTY.bits()), i.feedback, bit::THIRD) {
        let callee = m.get(i.b + 1);
        if is_function(m, callee, i.feedback)
            && let Some(code) = direct(m, i, callee, i.c)
        {
            return m.invoke(code, i.b + 1, i.c, i.a, After::Next);
        }
    }
    m.call_stub(&CALL_METHOD, i.b, i.c + 2, 0, i.a, i.feedback)
}
