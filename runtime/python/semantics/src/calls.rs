//! Calls: of Python functions whose parameters fit directly; all others by call stub, which sorts the arguments and lets the
//! engine enter the callee.

use crate::attributes::has_shape;
use crate::construct;
use crate::stub::{CALL, CALL_METHOD};
use python_objects::function::{method, word};
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

/// Arguments, besides the object, up to which bound methods are entered directly.
const MOST_BOUND: u16 = 3;

/// Calls a bound method of a Python function with the `c` registers from `first` on; false if it is none that fits.
#[inline(always)]
fn call_bound<M: Machine>(m: &M, i: &Instruction, callee: M::Val, first: u16) -> R<bool> {
    if i.c > MOST_BOUND
        || !m.spec(m.is_object(callee), i.feedback, bit::OBJECT)
        || !m.spec(has_shape(m, m.ptr(callee), shape::METHOD), i.feedback, bit::FOURTH)
    {
        return Ok(false);
    }
    let f = m.load(m.ptr(callee), 8 * method::FUNCTION as u32);
    if !m.spec(m.is_object(f), i.feedback, bit::FOURTH)
        || !m.spec(has_shape(m, m.ptr(f), shape::FUNCTION), i.feedback, bit::FIFTH)
    {
        return Ok(false);
    }
    let Some(code) = direct(m, i, f, i.c + 1) else { return Ok(false) };
    let mut arguments = [m.load(m.ptr(callee), 8 * method::OBJECT as u32); 1 + MOST_BOUND as usize];
    for k in 0..i.c {
        arguments[1 + usize::from(k)] = m.get(first + k);
    }
    m.invoke_with(code, f, &arguments[..1 + usize::from(i.c)], i.a, After::Next)?;
    Ok(true)
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
    if call_bound(m, i, callee, i.b + 1)? || construct::call(m, i, callee, i.b + 1)? {
        return Ok(());
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
        if call_bound(m, i, callee, i.b + 2)? {
            return Ok(());
        }
    }
    m.call_stub(&CALL_METHOD, i.b, i.c + 2, 0, i.a, i.feedback)
}
