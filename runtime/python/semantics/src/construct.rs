//! Calls of classes that only make a plain instance and call its `__init__`, a function that takes the arguments as they are. An exception
//! is plain, too, with the arguments in it.
//!
//! What is called after the instance was made is hidden code, so that engines need to know nothing of classes, and a compiler that
//! inlines the hidden code inlines `__init__` with it. The call's inline cache holds `__init__`, by the number of the class; a
//! change of the class flushes it as any other of its attributes ([`python_objects::class`]).
//!
//! Calls of `range`, `int` and `float` with numbers are done here, too, and those of classes of exceptions that only keep their arguments:
//! the cache holds None and which of them it is. Everything else about calling classes is the call stub's.

use crate::attributes::{class_key, class_key_of, has_shape};
use crate::calls::seen;
use crate::making;
use crate::stub::{NEW_INSTANCE, Site};
use crate::{NO_SLOT, nothing};
use python_compile::opcodes::{CALL, INIT_RESULT, MOVE, OPCODES, RETURN};
use python_objects::call::PythonConstructor;
use python_objects::class::{self, flag};
use python_objects::exception::word;
use python_objects::kind::{class as builtin, shape};
use python_objects::py::root;
use python_objects::symbol::sym;
use python_objects::{Args, Object, Py};
use std::sync::Arc;
use vm_api::code::builder::Builder;
use vm_api::code::code::code_flag;
use vm_api::code::{Instruction, Parameters, Position};
use vm_api::engine::{After, Cond, HiddenCode, HiddenId, IntOp, Machine, R, bit};
use vm_api::heap::{LayoutTable, ShapeIndex, Value};

/// Most arguments of such a call.
const MOST: u16 = 6;

/// The bits of a payload that hold the shape of new instances; those above hold their words.
const SHAPE_BITS: u32 = LayoutTable::CAPACITY.trailing_zeros();

/// The bit of a payload that says that the instances are exceptions, which keep the arguments before `__init__` is called.
const KEEPS_ARGUMENTS: u32 = 1 << 31;

/// The payload for instances of the class, if it can hold their words.
fn payload(py: Py<'_>, class: Object) -> Option<u32> {
    let shape = class::shape(class);
    let words = py.shape_info(shape).words;
    (words < KEEPS_ARGUMENTS >> SHAPE_BITS).then_some(shape.0 | words << SHAPE_BITS)
}

/// What is made where a payload says it.
#[inline(always)]
fn shape_and_words(made: i64) -> (ShapeIndex, u32) {
    let made = made as u32 & !KEEPS_ARGUMENTS;
    (ShapeIndex(made & ((1 << SHAPE_BITS) - 1)), made >> SHAPE_BITS)
}

/// The hidden codes, by their number of arguments.
pub(crate) fn hidden_codes() -> Vec<HiddenCode> {
    (0..=MOST).map(|arguments| Arc::new(hidden_code(arguments))).collect()
}

/// Calls `__init__` with the instance and so many arguments; the instance.
fn hidden_code(arguments: u16) -> vm_api::code::Code {
    let mut b = Builder::new(&OPCODES, "__init__", "");
    b.add_flags(code_flag::HIDDEN);
    b.parameters(Parameters { positional: 2 + arguments, ..Parameters::default() });
    b.position(Position { line: 0, end_line: 0, column: 0, end_column: 0 });
    b.variable("init");
    let made = b.variable("made");
    for k in 0..arguments {
        b.variable(&format!("argument{k}"));
    }
    let window = b.temporaries(usize::from(2 + arguments));
    for r in 0..2 + arguments {
        b.emit(MOVE, window + r, r, 0, 0);
    }
    b.emit(CALL, window, window, 1 + arguments, 0);
    b.emit(INIT_RESULT, window, 0, 0, 0);
    b.emit(RETURN, made, 0, 0, 0);
    b.finish().unwrap_or_else(|e| panic!("a hidden code that cannot be: {e:?}"))
}

/// Calls a class as this module says, with the `c` registers from `first` on; false if it is none of these.
#[inline(always)]
pub(crate) fn call<M: Machine>(m: &M, i: &Instruction, callee: M::Val, first: u16) -> R<bool> {
    if i.c > MOST
        || !m.spec(m.is_object(callee), i.feedback, seen::CALLEE)
        || !m.spec(has_shape(m, m.ptr(callee), shape::TYPE), i.feedback, seen::CLASS | seen::FLOAT_ARGUMENT)
    {
        return Ok(false);
    }
    let key = class_key_of(m, m.ptr(callee));
    if !m.spec(m.int_cmp(Cond::Eq, key, m.cached_shape(i.feedback)), i.feedback, bit::CACHED) {
        return Ok(false);
    }
    m.assume(root::TYPE_EPOCH);
    let init = m.cached_value(i.feedback);
    if m.test(m.is_word(init, Value::NONE.bits())) {
        return of_builtin(m, i, first);
    }
    if m.rare(m.is_word(init, Value::EMPTY.bits()), i.feedback, bit::RARE) {
        return Ok(false);
    }
    m.spec(m.bool_const(true), i.feedback, seen::CLASS);
    let made = match m.known(m.cached_payload(i.feedback)) {
        Some(made) if made as u32 & KEEPS_ARGUMENTS != 0 => exception(m, made, arguments_of(m, i, first)?)?,
        Some(made) => {
            let (shape, words) = shape_and_words(made);
            m.make_object(m.alloc(shape, words)?)
        }
        None if m.test(m.int_cmp(Cond::Ne, keeps_arguments(m, i), m.int_const(0))) => return Ok(false),
        None => m.stub(&NEW_INSTANCE, [callee, nothing(m), nothing(m)], 0, NO_SLOT)?,
    };
    let mut arguments = [made; 2 + MOST as usize];
    arguments[0] = init;
    for k in 0..i.c {
        arguments[2 + usize::from(k)] = m.get(first + k);
    }
    m.hidden(HiddenId(i.c), &arguments[..2 + usize::from(i.c)], i.a, i.feedback, After::Next)?;
    Ok(true)
}

#[inline(always)]
fn keeps_arguments<M: Machine>(m: &M, i: &Instruction) -> M::Int {
    m.int_op(IntOp::And, m.cached_payload(i.feedback), m.int_const(i64::from(KEEPS_ARGUMENTS)))
}

/// The tuple of the arguments of a call.
#[inline(always)]
fn arguments_of<M: Machine>(m: &M, i: &Instruction, first: u16) -> R<M::Val> {
    if i.c == 0 { Ok(m.root(root::EMPTY_TUPLE)) } else { making::array(m, shape::TUPLE, first, i.c) }
}

/// An exception of the class that a payload of [`exception_key`] stands for, with a tuple of arguments.
#[inline(always)]
pub(crate) fn exception<M: Machine>(m: &M, made: i64, arguments: M::Val) -> R<M::Val> {
    let (shape, words) = shape_and_words(made);
    let e = m.alloc(shape, words)?;
    m.init(e, 8 * word::ARGS as u32, arguments);
    Ok(m.make_object(e))
}

/// The key of a class of exceptions whose instances only keep their arguments, as long as no class changes, and the payload for it.
pub(crate) fn exception_key(py: Py<'_>, class: Object) -> Option<(u32, u32)> {
    if class.shape() != shape::TYPE || !py.keeps_arguments(class) || class::has(class, flag::FINALIZER) {
        return None;
    }
    let (key, made) = (class_key(class::number(class))?, payload(py, class)?);
    (py.may_cache(class, sym::NEW) && py.may_cache(class, sym::INIT)).then_some((key, made))
}

/// Which built-in class is called, in payloads: less than any of an exception's, whose words are above its shape.
mod builtin_class {
    pub(super) const RANGE: i64 = 1;
    pub(super) const INT: i64 = 2;
    pub(super) const FLOAT: i64 = 3;
}

/// Floats within this bound, exclusive, are small integers when truncated.
const SMALL: f64 = (1u64 << 48) as f64;

/// Calls a built-in class with numbers.
#[inline(always)]
fn of_builtin<M: Machine>(m: &M, i: &Instruction, first: u16) -> R<bool> {
    let Some(class) = m.known(m.cached_payload(i.feedback)) else { return Ok(false) };
    if class > builtin_class::FLOAT {
        m.spec(m.bool_const(true), i.feedback, seen::CLASS);
        m.set(i.a, exception(m, class, arguments_of(m, i, first)?)?);
        return Ok(true);
    }
    if i.c == 0 || i.c > 2 {
        return Ok(false);
    }
    let x = m.get(first);
    let is_int = |v| m.spec(m.is_int(v), i.feedback, seen::CLASS);
    match (class, i.c) {
        (builtin_class::RANGE, _) => {
            let (start, stop) = if i.c == 1 { (m.word(Value::int(0).bits()), x) } else { (x, m.get(first + 1)) };
            if !is_int(start) || !is_int(stop) {
                return Ok(false);
            }
            let n = m.int_op(IntOp::Sub, m.int(stop), m.int(start));
            // All bits are set if it is not negative.
            let mask = m.int_op(IntOp::Xor, m.int_op(IntOp::Sar, n, m.int_const(63)), m.int_const(-1));
            let n = m.int_op(IntOp::And, n, mask);
            if m.rare(m.not(m.int_fits(n)), i.feedback, bit::RARE) {
                return Ok(false);
            }
            let range = m.alloc(shape::RANGE, 5)?;
            for (k, v) in [start, stop, m.word(Value::int(1).bits()), m.make_int(n)].into_iter().enumerate() {
                m.init(range, 8 + 8 * k as u32, v);
            }
            m.set(i.a, m.make_object(range));
        }
        (builtin_class::INT, 1) => {
            if m.spec(m.is_float(x), i.feedback, seen::FLOAT_ARGUMENT) {
                let x = m.float(x);
                if m.rare(m.not(m.float_cmp(Cond::Lt, x, m.float_const(SMALL))), i.feedback, bit::RARE)
                    || m.rare(m.not(m.float_cmp(Cond::Gt, x, m.float_const(-SMALL))), i.feedback, bit::RARE)
                {
                    return Ok(false);
                }
                m.set(i.a, m.make_int(m.float_to_int(x)));
            } else if is_int(x) {
                m.set(i.a, x);
            } else {
                return Ok(false);
            }
        }
        (builtin_class::FLOAT, 1) => {
            if m.spec(m.is_float(x), i.feedback, seen::FLOAT_ARGUMENT) {
                m.set(i.a, x);
            } else if is_int(x) {
                m.set(i.a, m.make_float(m.int_to_float(m.int(x))));
            } else {
                return Ok(false);
            }
        }
        _ => return Ok(false),
    }
    Ok(true)
}

/// Notes that one of these classes is called with numbers, or a class of exceptions.
pub(crate) fn note_builtin(py: Py<'_>, site: Site, class: Object, args: Args<'_>) {
    let is_number = |v: Value| v.is_int() || v.is_float();
    let called = match class.value() {
        c if c == py.root(builtin::RANGE) && args.iter().all(|v| v.is_int()) => builtin_class::RANGE,
        c if c == py.root(builtin::INT) && args.iter().all(is_number) => builtin_class::INT,
        c if c == py.root(builtin::FLOAT) && args.iter().all(is_number) => builtin_class::FLOAT,
        _ => {
            if args.len() <= usize::from(MOST)
                && site.wants()
                && let Some((key, made)) = exception_key(py, class)
            {
                site.cache(py, key, made, Value::NONE);
                site.record(seen::CLASS);
            }
            return;
        }
    };
    if site.wants()
        && (1..=2).contains(&args.len())
        && let Some(key) = class_key(class::number(class))
    {
        site.cache(py, key, called as u32, Value::NONE);
        site.record(if args.at(0).is_float() { seen::FLOAT_ARGUMENT } else { seen::CLASS });
    }
}

/// Notes that the class, which is called with so many arguments, only makes an instance and calls an `__init__`.
pub(crate) fn note(py: Py<'_>, site: Site, class: Object, maker: PythonConstructor, arguments: usize) {
    if !site.wants()
        || arguments > usize::from(MOST)
        || class.shape() != shape::TYPE
        || class::has(class, flag::FINALIZER)
    {
        return;
    }
    let (Some(key), Some(made)) = (class_key(class::number(class)), payload(py, class)) else { return };
    let Ok(code) = py.function_code(maker.init) else {
        // The call itself will say it.
        py.take_exception();
        return;
    };
    let parameters = &py.ops().code(py.0, code).parameters;
    let fits = parameters.registers() == 1 + arguments && usize::from(parameters.positional) == 1 + arguments;
    if fits && py.may_cache(class, sym::NEW) && py.may_cache(class, sym::INIT) {
        let keeps = if maker.keeps_arguments { KEEPS_ARGUMENTS } else { 0 };
        site.cache(py, key, made | keeps, maker.init.value());
        site.record(seen::CLASS);
    }
}
