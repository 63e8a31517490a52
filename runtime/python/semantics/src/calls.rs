//! Calls: of Python functions whose parameters fit directly; all others by call stub, which sorts the arguments and lets the
//! engine enter the callee.

use crate::LAST;
use crate::attributes::has_shape;
use crate::construct;
use crate::intrinsics;
use crate::stub::{CALL, CALL_METHOD};
use crate::tables::HASHED;
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

/// Bits of the feedback of calls: what the callee was.
pub(crate) mod seen {
    use super::bit;
    /// A function, of a method window the method.
    pub(crate) const FUNCTION: u32 = bit::SECOND;
    /// A bound method of a function.
    pub(crate) const BOUND: u32 = bit::FOURTH;
    /// A class.
    pub(crate) const CLASS: u32 = bit::THIRD;
    /// The argument of a built-in class that is called was a float.
    pub(crate) const FLOAT_ARGUMENT: u32 = bit::EIGHTH;
    /// Of a method window, a function that does not take the object.
    pub(crate) const PLAIN: u32 = bit::FIFTH;
    /// A native function that is done in place; the bits say what its first argument was.
    pub(crate) const OF_OBJECT: u32 = bit::SIXTH;
    pub(crate) const OF_FLOAT: u32 = bit::FLOAT;
    pub(crate) const OF_OTHER: u32 = bit::SEVENTH;
    /// Of a method window, a native method that is done in place.
    pub(crate) const NATIVE_METHOD: u32 = bit::EIGHTH;
    pub(crate) const NATIVE_FUNCTION: u32 = OF_OBJECT | OF_FLOAT | OF_OTHER;
    pub(crate) const NATIVE: u32 = NATIVE_FUNCTION | NATIVE_METHOD;
    /// Any of these in a call without a method window, or where there is no method; with the bit that a failed guard leaves:
    /// integers are not called.
    pub(crate) const CALLEE: u32 = FUNCTION | BOUND | CLASS | FLOAT_ARGUMENT | PLAIN | NATIVE | bit::INT;
    /// Of a method window, a method.
    pub(crate) const METHOD: u32 = FUNCTION | NATIVE_METHOD;
    /// Of a method window, any of those without a method.
    pub(crate) const NO_METHOD: u32 = BOUND | PLAIN | NATIVE_FUNCTION;
}

/// Where paths meet: the callee is no function that fits.
const NO_FUNCTION: u32 = 0;
/// Nor is it such a bound method.
const NO_METHOD: u32 = 1;
/// Nor is it a class whose calls are known.
const NO_CLASS: u32 = 2;
const _: () = assert!(NO_CLASS < HASHED);

/// Is it a function? `seen`: the bit that says so; `object`: those that say that it is an object.
#[inline(always)]
fn is_function<M: Machine>(m: &M, v: M::Val, feedback: u32, seen: u32, object: u32) -> bool {
    m.spec(m.is_object(v), feedback, object) && m.spec(has_shape(m, m.ptr(v), shape::FUNCTION), feedback, seen)
}

/// Arguments, besides the object, up to which bound methods are entered directly.
const MOST_BOUND: u16 = 3;

/// Calls a bound method of a Python function with the `c` registers from `first` on; false if it is none that fits.
#[inline(always)]
fn call_bound<M: Machine>(m: &M, i: &Instruction, callee: M::Val, first: u16) -> R<bool> {
    if i.c > MOST_BOUND
        || !m.spec(m.is_object(callee), i.feedback, seen::CALLEE)
        || !m.spec(has_shape(m, m.ptr(callee), shape::METHOD), i.feedback, seen::BOUND)
    {
        return Ok(false);
    }
    let f = m.load(m.ptr(callee), 8 * method::FUNCTION as u32);
    if !m.spec(m.is_object(f), i.feedback, seen::BOUND)
        || !m.spec(has_shape(m, m.ptr(f), shape::FUNCTION), i.feedback, seen::BOUND)
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

/// Calls a native function, or a method of one that is bound to an object, in place with the `c` registers from `first` on; false if it
/// is none, or not done so.
#[inline(always)]
fn call_native<M: Machine>(m: &M, i: &Instruction, callee: M::Val, first: u16) -> R<bool> {
    if !m.spec(m.is_object(callee), i.feedback, seen::CALLEE)
        || !m.spec(has_shape(m, m.ptr(callee), shape::BUILTIN), i.feedback, seen::NATIVE_FUNCTION)
    {
        return Ok(false);
    }
    let f = m.ptr(callee);
    let this = m.load(f, 16);
    if intrinsics::is_bound(m, i) {
        let (second, third) = (argument(m, first, 0, i.c, this), argument(m, first, 1, i.c, this));
        return intrinsics::call(m, i, f, [this, second, third], i.c + 1, seen::OF_OBJECT);
    }
    if i.c == 0 || !m.spec(m.is_word(this, Value::EMPTY.bits()), i.feedback, seen::NATIVE_FUNCTION) {
        return Ok(false);
    }
    let x = m.get(first);
    let (second, third) = (argument(m, first, 1, i.c, x), argument(m, first, 2, i.c, x));
    intrinsics::call(m, i, f, [x, second, third], i.c, seen::OF_OBJECT)
}

/// Argument `k` of the `count` from register `first` on, or anything where there is none.
#[inline(always)]
fn argument<M: Machine>(m: &M, first: u16, k: u16, count: u16, otherwise: M::Val) -> M::Val {
    if k < count { m.get(first + k) } else { otherwise }
}

/// `a` = callee `b` called with the `c` registers after it
#[inline(always)]
pub(crate) fn call<M: Machine>(m: &M, i: &Instruction) -> R {
    let callee = m.get(i.b);
    if is_function(m, callee, i.feedback, seen::FUNCTION, seen::CALLEE)
        && let Some(code) = direct(m, i, callee, i.c)
    {
        return m.invoke(code, i.b, i.c, i.a, After::Next);
    }
    m.meet(NO_FUNCTION)?;
    if call_bound(m, i, callee, i.b + 1)? {
        return Ok(());
    }
    m.meet(NO_METHOD)?;
    if construct::call(m, i, callee, i.b + 1)? {
        return Ok(());
    }
    m.meet(NO_CLASS)?;
    if call_native(m, i, callee, i.b + 1)? {
        return Ok(());
    }
    m.meet(LAST)?;
    m.call_stub(&CALL, i.b, i.c + 1, 0, i.a, i.feedback)
}

/// The same for the native method of a method window.
#[inline(always)]
fn call_native_method<M: Machine>(m: &M, i: &Instruction, f: M::Val) -> R<bool> {
    let x = m.get(i.b + 1);
    let (second, third) = (argument(m, i.b + 2, 0, i.c, x), argument(m, i.b + 2, 1, i.c, x));
    intrinsics::call(m, i, m.ptr(f), [x, second, third], i.c + 1, seen::NATIVE_METHOD)
}

/// `a` = method window (`b`, `b+1`) called with the `c` registers after it
#[inline(always)]
pub(crate) fn call_method<M: Machine>(m: &M, i: &Instruction) -> R {
    let f = m.get(i.b);
    if is_function(m, f, i.feedback, seen::FUNCTION, seen::METHOD) {
        if let Some(code) = direct(m, i, f, i.c + 1) {
            return m.invoke(code, i.b, i.c + 1, i.a, After::Next);
        }
    } else if m.spec(m.is_word(f, Value::EMPTY.bits()), i.feedback, seen::NO_METHOD) {
        let callee = m.get(i.b + 1);
        if is_function(m, callee, i.feedback, seen::PLAIN, seen::CALLEE)
            && let Some(code) = direct(m, i, callee, i.c)
        {
            return m.invoke(code, i.b + 1, i.c, i.a, After::Next);
        }
        m.meet(NO_FUNCTION)?;
        if call_bound(m, i, callee, i.b + 2)? {
            return Ok(());
        }
        m.meet(NO_METHOD)?;
        if call_native(m, i, callee, i.b + 2)? {
            return Ok(());
        }
    } else if m.spec(m.is_object(f), i.feedback, seen::METHOD)
        && m.spec(has_shape(m, m.ptr(f), shape::METHOD_DESCRIPTOR), i.feedback, seen::NATIVE_METHOD)
        && call_native_method(m, i, f)?
    {
        return Ok(());
    }
    m.meet(LAST)?;
    m.call_stub(&CALL_METHOD, i.b, i.c + 2, 0, i.a, i.feedback)
}
