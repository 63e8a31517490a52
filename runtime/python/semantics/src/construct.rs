//! Calls of classes that only make a plain instance and call its `__init__`, a function that takes the arguments as they are.
//!
//! What is called after the instance was made is hidden code, so that engines need to know nothing of classes, and a compiler that
//! inlines the hidden code inlines `__init__` with it. The call's inline cache holds `__init__`, by the number of the class; a
//! change of the class flushes it as any other of its attributes ([`python_objects::class`]). Everything else about calling
//! classes is the call stub's.

use crate::attributes::{CLASS_KEYS, class_key, has_shape};
use crate::stub::{NEW_INSTANCE, Site};
use crate::{NO_SLOT, nothing};
use python_compile::opcodes::{CALL, INIT_RESULT, MOVE, OPCODES, RETURN};
use python_objects::class::{self, flag};
use python_objects::kind::shape;
use python_objects::py::root;
use python_objects::symbol::sym;
use python_objects::{Object, Py};
use std::sync::Arc;
use vm_api::code::builder::Builder;
use vm_api::code::code::code_flag;
use vm_api::code::{Instruction, Parameters, Position};
use vm_api::engine::{After, Cond, HiddenCode, HiddenId, IntOp, Machine, R, bit};
use vm_api::heap::{LayoutTable, ShapeIndex, Value};

/// Most arguments of such a call.
const MOST: u16 = 6;

/// The bits of a payload that hold the shape of new instances; the others hold their words.
const SHAPE_BITS: u32 = LayoutTable::CAPACITY.trailing_zeros();

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
        || !m.spec(m.is_object(callee), i.feedback, bit::OBJECT)
        || !m.spec(has_shape(m, m.ptr(callee), shape::TYPE), i.feedback, bit::THIRD)
    {
        return Ok(false);
    }
    let number = m.load_word(m.ptr(callee), 8 * class::word::NUMBER as u32);
    let key = m.int_op(IntOp::Add, number, m.int_const(i64::from(CLASS_KEYS)));
    if !m.spec(m.int_cmp(Cond::Eq, key, m.cached_shape(i.feedback)), i.feedback, bit::CACHED) {
        return Ok(false);
    }
    m.assume(root::TYPE_EPOCH);
    let init = m.cached_value(i.feedback);
    if m.rare(m.is_word(init, Value::EMPTY.bits()), i.feedback, bit::RARE) {
        return Ok(false);
    }
    let made = match m.known(m.cached_payload(i.feedback)) {
        Some(made) => {
            let (shape, words) = (made as u32 & ((1 << SHAPE_BITS) - 1), made as u32 >> SHAPE_BITS);
            m.make_object(m.alloc(ShapeIndex(shape), words)?)
        }
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

/// Notes that the class, which is called with so many arguments, only makes an instance and calls this `__init__`.
pub(crate) fn note(py: Py<'_>, site: Site, class: Object, init: Object, arguments: usize) {
    let shape = class::shape(class);
    let words = py.shape_info(shape).words;
    if !site.wants()
        || arguments > usize::from(MOST)
        || class.shape() != shape::TYPE
        || class::has(class, flag::FINALIZER)
        || words >> (u32::BITS - SHAPE_BITS) != 0
    {
        return;
    }
    let Some(key) = class_key(class::number(class)) else { return };
    let Ok(code) = py.function_code(init) else {
        // The call itself will say it.
        py.take_exception();
        return;
    };
    let parameters = &py.ops().code(py.0, code).parameters;
    let fits = parameters.registers() == 1 + arguments && usize::from(parameters.positional) == 1 + arguments;
    if fits && py.may_cache(class, sym::NEW) && py.may_cache(class, sym::INIT) {
        site.cache(py, key, shape.0 | words << SHAPE_BITS, init.value());
    }
}
