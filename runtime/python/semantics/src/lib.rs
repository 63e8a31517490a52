//! What Python's opcodes mean: written once, over [`Machine`], for the interpreter and every compiler.
//!
//! A handler tries the cases that compiled code should have inline and leaves the rest to a stub ([`stub`]), which is right
//! for all operands. `spec` marks a fast path that an engine may leave out, `rare` a case that it may assume away until it
//! happens, `test` a plain branch. See `vm-engine`'s header for what handlers must keep to, and
//! [`python_compile::opcodes`] for what each opcode does.
//!
//! The one instantiation of the interpreter for Python is here too: [`new_runtime`].

mod arithmetic;
mod attributes;
mod calls;
mod compare;
mod construct;
mod control;
mod exceptions;
mod generators;
mod imports;
mod intrinsics;
mod items;
mod iteration;
mod making;
pub mod stub;
mod tables;
mod tracing;
mod variables;

use python_compile::opcodes as op;
use python_objects::frame::Place;
use python_objects::kind::{self, shape};
use python_objects::{Py, exception, generator, int, py::root};
use runtime_core::{Runtime, RuntimeOptions, Tier};
use std::io;
use std::rc::Rc;
use vm_api::code::{Instruction, OpcodeInfo};
use vm_api::engine::{
    Context, FloatOp, FrameView, HiddenCode, IntOp, Language, Machine, R, Reached, Spot, Stepping, Stub, StubPair,
    SuspendedFrame, Thread, WordLayout,
};
use vm_api::heap::{CollectorDescriptor, Heap, Object, ShapeIndex, Value};

/// The language, for engines.
pub struct Python;

/// A runtime for Python, driven by the interpreter and, if there is one, a tier beyond it.
pub fn new_runtime(heap: Box<Heap>, tier: Option<Box<dyn Tier>>, options: RuntimeOptions) -> io::Result<Box<Runtime>> {
    runtime_engines::interpreter::new_runtime::<Python>(heap, tier, options)
}

impl Language for Python {
    const NAME: &'static str = "python";
    const OPCODES: &'static [OpcodeInfo] = &op::OPCODES;
    const SUSPENDED: Option<&'static SuspendedFrame> = Some(&generator::FRAME);
    const WORDS: Option<&'static WordLayout> = Some(&int::WORDS);

    #[inline(always)]
    fn exec<M: Machine>(m: &M, i: &Instruction) -> R {
        use stub::*;
        match i.op {
            op::MOVE => m.set(i.a, m.get(i.b)),
            op::LOAD_CONST => m.set(i.a, m.constant(i.d)),
            op::CLEAR => m.set(i.a, nothing(m)),
            op::CHECK_LOCAL => variables::check_local(m, i)?,
            op::DELETE_LOCAL => variables::delete_local(m, i)?,
            op::MAKE_CELL => variables::make_cell(m, i)?,
            op::LOAD_CELL => variables::load_cell(m, i, m.get(i.b), &UNBOUND_CELL)?,
            op::STORE_CELL => m.store(m.ptr(m.get(i.a)), 8, m.get(i.b)),
            op::DELETE_CELL => variables::delete_cell(m, m.get(i.a), i, &UNBOUND_CELL)?,
            op::LOAD_FREE => variables::load_cell(m, i, variables::free_cell(m, i), &UNBOUND_FREE)?,
            op::STORE_FREE => m.store(m.ptr(variables::free_cell(m, i)), 8, m.get(i.a)),
            op::DELETE_FREE => variables::delete_cell(m, variables::free_cell(m, i), i, &UNBOUND_FREE)?,
            op::LOAD_CLOSURE => m.set(i.a, variables::free_cell(m, i)),
            op::LOAD_GLOBAL => variables::load_global(m, i)?,
            op::STORE_GLOBAL => variables::store_global(m, i)?,
            op::DELETE_GLOBAL => run(m, &DELETE_GLOBAL, [m.function(), nothing(m), nothing(m)], i)?,
            op::LOAD_NAME => variables::load_name(m, i)?,
            op::STORE_NAME => variables::store_name(m, i)?,
            op::DELETE_NAME => run(m, &DELETE_NAME, [m.function(), nothing(m), nothing(m)], i)?,
            op::LOAD_FROM_DICT_OR_GLOBALS => {
                to(m, i, &LOAD_FROM_DICT_OR_GLOBALS, [m.get(i.b), m.function(), nothing(m)], i.d)?
            }
            op::LOAD_FROM_DICT_OR_FREE => variables::load_from_dict_or_free(m, i)?,
            op::LOAD_LOCALS => to(m, i, &LOAD_LOCALS, [m.function(), nothing(m), nothing(m)], 0)?,
            op::SETUP_ANNOTATIONS => run(m, &SETUP_ANNOTATIONS, [m.function(), nothing(m), nothing(m)], i)?,

            op::NEG => arithmetic::negate(m, i)?,
            op::POS => to(m, i, &UNARY, [m.get(i.b), nothing(m), nothing(m)], 1)?,
            op::INVERT => arithmetic::invert(m, i)?,
            op::NOT => m.set(i.a, m.make_bool(m.not(control::truth(m, m.get(i.b), i)?))),
            op::ADD => arithmetic::checked(m, i, IntOp::Add, FloatOp::Add, m.get(i.c), &BINARY, 0)?,
            op::SUB => arithmetic::checked(m, i, IntOp::Sub, FloatOp::Sub, m.get(i.c), &BINARY, 1)?,
            op::MUL => arithmetic::checked(m, i, IntOp::Mul, FloatOp::Mul, m.get(i.c), &BINARY, 2)?,
            op::MATMUL => arithmetic::general(m, i, m.get(i.c), &BINARY, 3)?,
            op::TRUE_DIV => arithmetic::true_divide(m, i, m.get(i.c), &BINARY)?,
            op::MOD => arithmetic::modulo(m, i, m.get(i.c), &BINARY)?,
            op::POW => arithmetic::power(m, i, m.get(i.c), &BINARY)?,
            op::LSHIFT => arithmetic::shift_left(m, i, m.get(i.c), &BINARY)?,
            op::RSHIFT => arithmetic::shift_right(m, i, m.get(i.c), &BINARY)?,
            op::OR => arithmetic::bitwise(m, i, IntOp::Or, m.get(i.c), &BINARY, 9)?,
            op::XOR => arithmetic::bitwise(m, i, IntOp::Xor, m.get(i.c), &BINARY, 10)?,
            op::AND => arithmetic::bitwise(m, i, IntOp::And, m.get(i.c), &BINARY, 11)?,
            op::FLOOR_DIV => arithmetic::floor_divide(m, i, m.get(i.c), &BINARY)?,
            op::ADD_K => arithmetic::checked(m, i, IntOp::Add, FloatOp::Add, m.constant(i.d), &BINARY, 0)?,
            op::SUB_K => arithmetic::checked(m, i, IntOp::Sub, FloatOp::Sub, m.constant(i.d), &BINARY, 1)?,
            op::MUL_K => arithmetic::checked(m, i, IntOp::Mul, FloatOp::Mul, m.constant(i.d), &BINARY, 2)?,
            op::MATMUL_K => arithmetic::general(m, i, m.constant(i.d), &BINARY, 3)?,
            op::TRUE_DIV_K => arithmetic::true_divide(m, i, m.constant(i.d), &BINARY)?,
            op::MOD_K => arithmetic::modulo(m, i, m.constant(i.d), &BINARY)?,
            op::POW_K => arithmetic::power(m, i, m.constant(i.d), &BINARY)?,
            op::LSHIFT_K => arithmetic::shift_left(m, i, m.constant(i.d), &BINARY)?,
            op::RSHIFT_K => arithmetic::shift_right(m, i, m.constant(i.d), &BINARY)?,
            op::OR_K => arithmetic::bitwise(m, i, IntOp::Or, m.constant(i.d), &BINARY, 9)?,
            op::XOR_K => arithmetic::bitwise(m, i, IntOp::Xor, m.constant(i.d), &BINARY, 10)?,
            op::AND_K => arithmetic::bitwise(m, i, IntOp::And, m.constant(i.d), &BINARY, 11)?,
            op::FLOOR_DIV_K => arithmetic::floor_divide(m, i, m.constant(i.d), &BINARY)?,
            op::INPLACE_ADD => arithmetic::checked(m, i, IntOp::Add, FloatOp::Add, m.get(i.c), &INPLACE, 0)?,
            op::INPLACE_SUB => arithmetic::checked(m, i, IntOp::Sub, FloatOp::Sub, m.get(i.c), &INPLACE, 1)?,
            op::INPLACE_MUL => arithmetic::checked(m, i, IntOp::Mul, FloatOp::Mul, m.get(i.c), &INPLACE, 2)?,
            op::INPLACE_MATMUL => arithmetic::general(m, i, m.get(i.c), &INPLACE, 3)?,
            op::INPLACE_TRUE_DIV => arithmetic::true_divide(m, i, m.get(i.c), &INPLACE)?,
            op::INPLACE_MOD => arithmetic::modulo(m, i, m.get(i.c), &INPLACE)?,
            op::INPLACE_POW => arithmetic::power(m, i, m.get(i.c), &INPLACE)?,
            op::INPLACE_LSHIFT => arithmetic::shift_left(m, i, m.get(i.c), &INPLACE)?,
            op::INPLACE_RSHIFT => arithmetic::shift_right(m, i, m.get(i.c), &INPLACE)?,
            op::INPLACE_OR => arithmetic::bitwise(m, i, IntOp::Or, m.get(i.c), &INPLACE, 9)?,
            op::INPLACE_XOR => arithmetic::bitwise(m, i, IntOp::Xor, m.get(i.c), &INPLACE, 10)?,
            op::INPLACE_AND => arithmetic::bitwise(m, i, IntOp::And, m.get(i.c), &INPLACE, 11)?,
            op::INPLACE_FLOOR_DIV => arithmetic::floor_divide(m, i, m.get(i.c), &INPLACE)?,
            op::INPLACE_ADD_K => arithmetic::checked(m, i, IntOp::Add, FloatOp::Add, m.constant(i.d), &INPLACE, 0)?,
            op::INPLACE_SUB_K => arithmetic::checked(m, i, IntOp::Sub, FloatOp::Sub, m.constant(i.d), &INPLACE, 1)?,
            op::INPLACE_MUL_K => arithmetic::checked(m, i, IntOp::Mul, FloatOp::Mul, m.constant(i.d), &INPLACE, 2)?,
            op::INPLACE_MATMUL_K => arithmetic::general(m, i, m.constant(i.d), &INPLACE, 3)?,
            op::INPLACE_TRUE_DIV_K => arithmetic::true_divide(m, i, m.constant(i.d), &INPLACE)?,
            op::INPLACE_MOD_K => arithmetic::modulo(m, i, m.constant(i.d), &INPLACE)?,
            op::INPLACE_POW_K => arithmetic::power(m, i, m.constant(i.d), &INPLACE)?,
            op::INPLACE_LSHIFT_K => arithmetic::shift_left(m, i, m.constant(i.d), &INPLACE)?,
            op::INPLACE_RSHIFT_K => arithmetic::shift_right(m, i, m.constant(i.d), &INPLACE)?,
            op::INPLACE_OR_K => arithmetic::bitwise(m, i, IntOp::Or, m.constant(i.d), &INPLACE, 9)?,
            op::INPLACE_XOR_K => arithmetic::bitwise(m, i, IntOp::Xor, m.constant(i.d), &INPLACE, 10)?,
            op::INPLACE_AND_K => arithmetic::bitwise(m, i, IntOp::And, m.constant(i.d), &INPLACE, 11)?,
            op::INPLACE_FLOOR_DIV_K => arithmetic::floor_divide(m, i, m.constant(i.d), &INPLACE)?,
            // Each opcode has an arm of its own: a range of them is a test before the jump table, at every dispatch.
            op::LT => compare::compare(m, i, 0, m.get(i.c))?,
            op::LE => compare::compare(m, i, 1, m.get(i.c))?,
            op::EQ => compare::compare(m, i, 2, m.get(i.c))?,
            op::NE => compare::compare(m, i, 3, m.get(i.c))?,
            op::GT => compare::compare(m, i, 4, m.get(i.c))?,
            op::GE => compare::compare(m, i, 5, m.get(i.c))?,
            op::LT_K => compare::compare(m, i, 0, m.constant(i.d))?,
            op::LE_K => compare::compare(m, i, 1, m.constant(i.d))?,
            op::EQ_K => compare::compare(m, i, 2, m.constant(i.d))?,
            op::NE_K => compare::compare(m, i, 3, m.constant(i.d))?,
            op::GT_K => compare::compare(m, i, 4, m.constant(i.d))?,
            op::GE_K => compare::compare(m, i, 5, m.constant(i.d))?,
            op::CONTAINS => compare::contains(m, i, m.get(i.c), 0)?,
            op::NOT_CONTAINS => compare::contains(m, i, m.get(i.c), 1)?,
            op::CONTAINS_K => compare::contains(m, i, m.constant(i.d), 0)?,
            op::NOT_CONTAINS_K => compare::contains(m, i, m.constant(i.d), 1)?,
            op::IS => m.set(i.a, m.make_bool(m.same(m.get(i.b), m.get(i.c)))),
            op::IS_NOT => m.set(i.a, m.make_bool(m.not(m.same(m.get(i.b), m.get(i.c))))),

            op::JUMP => m.jump(i.d),
            op::LOOP_BACK => m.loop_back(i.d)?,
            op::JUMP_IF_TRUE => control::jump_if(m, i, true)?,
            op::JUMP_IF_FALSE => control::jump_if(m, i, false)?,
            op::JUMP_IF_NONE => control::jump_when(m, i, m.is_word(m.get(i.a), Value::NONE.bits())),
            op::JUMP_IF_NOT_NONE => control::jump_when(m, i, m.not(m.is_word(m.get(i.a), Value::NONE.bits()))),
            op::BRANCH_LT => compare::branch(m, i, 0, m.get(i.c))?,
            op::BRANCH_LE => compare::branch(m, i, 1, m.get(i.c))?,
            op::BRANCH_EQ => compare::branch(m, i, 2, m.get(i.c))?,
            op::BRANCH_NE => compare::branch(m, i, 3, m.get(i.c))?,
            op::BRANCH_GT => compare::branch(m, i, 4, m.get(i.c))?,
            op::BRANCH_GE => compare::branch(m, i, 5, m.get(i.c))?,
            op::BRANCH_LT_K => compare::branch(m, i, 0, m.constant(i32::from(i.c)))?,
            op::BRANCH_LE_K => compare::branch(m, i, 1, m.constant(i32::from(i.c)))?,
            op::BRANCH_EQ_K => compare::branch(m, i, 2, m.constant(i32::from(i.c)))?,
            op::BRANCH_NE_K => compare::branch(m, i, 3, m.constant(i32::from(i.c)))?,
            op::BRANCH_GT_K => compare::branch(m, i, 4, m.constant(i32::from(i.c)))?,
            op::BRANCH_GE_K => compare::branch(m, i, 5, m.constant(i32::from(i.c)))?,
            op::BRANCH_CONTAINS => compare::branch_contains(m, i, m.get(i.c), 0)?,
            op::BRANCH_NOT_CONTAINS => compare::branch_contains(m, i, m.get(i.c), 1)?,
            op::BRANCH_CONTAINS_K => compare::branch_contains(m, i, m.constant(i32::from(i.c)), 0)?,
            op::BRANCH_NOT_CONTAINS_K => compare::branch_contains(m, i, m.constant(i32::from(i.c)), 1)?,
            op::BRANCH_TRUE => control::branch(m, i, true)?,
            op::BRANCH_FALSE => control::branch(m, i, false)?,
            op::BRANCH_IS => control::jump_when(m, i, m.not(m.same(m.get(i.b), m.get(i.c)))),
            op::BRANCH_IS_NOT => control::jump_when(m, i, m.same(m.get(i.b), m.get(i.c))),
            op::FOR_ITER => iteration::for_iter(m, i, i.a)?,
            op::JUMP_IF_END => {
                if iteration::is_end(m, m.get(i.a)) {
                    m.jump(i.d);
                }
            }
            op::FOR_ITER_LOCAL => iteration::for_iter(m, i, i.c)?,
            op::TAKE_ITEM => {
                let v = m.get(i.a);
                if iteration::is_end(m, v) {
                    m.jump(i.d);
                } else {
                    m.set(i.b, v);
                }
            }
            op::RETURN => m.ret(m.get(i.a))?,
            op::RETURN_K => m.ret(m.constant(i.d))?,
            op::FINISH => generators::finish(m, m.get(i.a))?,
            op::FINISH_K => generators::finish(m, m.constant(i.d))?,

            op::LOAD_ATTR => attributes::load(m, i)?,
            op::STORE_ATTR => attributes::store(m, i)?,
            op::DELETE_ATTR => run(m, &DELETE_ATTR, [m.get(i.a), nothing(m), nothing(m)], i)?,
            op::LOAD_METHOD => attributes::load_method(m, i)?,
            op::LOAD_SUPER_ATTR => {
                let operands = [i.b, i.b + 1, i.b + 2].map(|r| m.get(r));
                let r = m.stub(&LOAD_SUPER, operands, super_immediate(i, false), i.feedback)?;
                m.set(i.a, r);
            }
            op::LOAD_SUPER_METHOD => attributes::load_super_method(m, i)?,
            op::LOAD_SPECIAL => {
                let r = m.stub(&LOAD_SPECIAL, [m.get(i.b), nothing(m), nothing(m)], i32::from(i.c), NO_SLOT)?;
                attributes::set_pair(m, i.a, r);
            }
            op::LOAD_ITEM => items::load(m, i, m.get(i.c))?,
            op::LOAD_ITEM_K => items::load(m, i, m.constant(i.d))?,
            op::STORE_ITEM => items::store(m, i, m.get(i.b), m.get(i.c))?,
            op::STORE_ITEM_K => items::store(m, i, m.constant(i.d), m.get(i.b))?,
            op::DELETE_ITEM => run(m, &DELETE_ITEM, [m.get(i.a), m.get(i.b), nothing(m)], i)?,
            op::LOAD_SLICE => items::load_slice(m, i)?,
            op::STORE_SLICE => items::store_slice(m, i)?,
            op::BUILD_SLICE => making::slice(m, i)?,

            op::BUILD_TUPLE => making::tuple(m, i)?,
            op::BUILD_LIST => making::list(m, i)?,
            op::BUILD_SET => making::set(m, i)?,
            op::BUILD_DICT => making::dict(m, i)?,
            op::BUILD_DICT_K => {
                let values = m.stub_window(&BUILD_TUPLE, i.b, i.c, 0, NO_SLOT)?;
                to(m, i, &DICT_OF, [m.constant(i.d), values, nothing(m)], 0)?;
            }
            op::BUILD_STRING => window_to(m, i, &BUILD_STRING, i.b, i.c, 0)?,
            op::BUILD_LIST_K => to(m, i, &LIST_OF, [m.constant(i.d), nothing(m), nothing(m)], 0)?,
            op::BUILD_SET_K => to(m, i, &SET_OF, [m.constant(i.d), nothing(m), nothing(m)], 0)?,
            op::LIST_APPEND => making::list_append(m, i)?,
            op::SET_ADD => run(m, &SET_ADD, [m.get(i.a), m.get(i.b), nothing(m)], i)?,
            op::DICT_SET => run(m, &STORE_ITEM, [m.get(i.a), m.get(i.b), m.get(i.c)], i)?,
            op::LIST_EXTEND => run(m, &LIST_EXTEND, [m.get(i.a), m.get(i.b), nothing(m)], i)?,
            op::SET_UPDATE => run(m, &SET_UPDATE, [m.get(i.a), m.get(i.b), nothing(m)], i)?,
            op::DICT_UPDATE => run(m, &DICT_UPDATE, [m.get(i.a), m.get(i.b), nothing(m)], i)?,
            op::DICT_MERGE => run(m, &DICT_MERGE, [m.get(i.a), m.get(i.b), m.get(i.c)], i)?,
            op::LIST_TO_TUPLE => to(m, i, &LIST_TO_TUPLE, [m.get(i.b), nothing(m), nothing(m)], 0)?,
            op::FORMAT_VALUE => to(m, i, &FORMAT_VALUE, [m.get(i.b), nothing(m), nothing(m)], i32::from(i.c))?,
            op::FORMAT_VALUE_SPEC => to(m, i, &FORMAT_VALUE, [m.get(i.b), m.get(i.c), nothing(m)], i.d)?,

            op::UNPACK_SEQUENCE => items::unpack(m, i)?,
            op::UNPACK_EX => items::unpack_ex(m, i)?,
            op::GET_ITER => iteration::get_iter(m, i)?,
            op::GET_LEN => to(m, i, &GET_LEN, [m.get(i.b), nothing(m), nothing(m)], 0)?,

            op::CALL => calls::call(m, i)?,
            op::CALL_KW => m.call_stub(&CALL_KW, i.b, i.c + 1, i.d, i.a, i.feedback)?,
            op::CALL_METHOD => calls::call_method(m, i)?,
            op::CALL_METHOD_KW => m.call_stub(&CALL_METHOD_KW, i.b, i.c + 2, i.d, i.a, i.feedback)?,
            op::CALL_EX => m.call_stub(&CALL_EX, i.b, 3, 0, i.a, i.feedback)?,

            op::MAKE_FUNCTION => to(m, i, &MAKE_FUNCTION, [m.constant(i.d), m.function(), nothing(m)], 0)?,
            op::MAKE_CLOSURE => {
                let cells = m.stub_window(&BUILD_ARRAY, i.b, i.c, 0, NO_SLOT)?;
                to(m, i, &MAKE_FUNCTION, [m.constant(i.d), m.function(), cells], 0)?;
            }
            op::SET_FUNCTION_PART => {
                m.stub(&SET_FUNCTION_PART, [m.get(i.a), m.get(i.b), nothing(m)], i32::from(i.c), NO_SLOT)?;
            }
            op::LOAD_BUILD_CLASS => to(m, i, &LOAD_BUILD_CLASS, [m.function(), nothing(m), nothing(m)], 0)?,
            op::TYPE_VAR => to(m, i, &TYPE_VAR, [nothing(m), nothing(m), nothing(m)], i.d)?,
            op::TYPE_VAR_BOUND => to(m, i, &TYPE_VAR_BOUND, [m.get(i.b), nothing(m), nothing(m)], i.d)?,
            op::TYPE_VAR_CONSTRAINTS => to(m, i, &TYPE_VAR_CONSTRAINTS, [m.get(i.b), nothing(m), nothing(m)], i.d)?,
            op::PARAM_SPEC => to(m, i, &PARAM_SPEC, [nothing(m), nothing(m), nothing(m)], i.d)?,
            op::TYPE_VAR_TUPLE => to(m, i, &TYPE_VAR_TUPLE, [nothing(m), nothing(m), nothing(m)], i.d)?,
            op::TYPE_ALIAS => window_to(m, i, &TYPE_ALIAS, i.b, 3, 0)?,
            op::SUBSCRIPT_GENERIC => to(m, i, &SUBSCRIPT_GENERIC, [m.get(i.b), nothing(m), nothing(m)], 0)?,

            op::ENTER_HANDLER => {
                // Read first: `a` may be `b`.
                let (before, e) = (m.root(root::HANDLED), m.get(i.b));
                m.set(i.a, before);
                m.set_root(root::HANDLED, e);
            }
            op::LEAVE_HANDLER => m.set_root(root::HANDLED, m.get(i.a)),
            op::CHECK_EXC_MATCH => exceptions::check_match(m, i)?,
            op::CHECK_EG_MATCH => exceptions::check_group(m, i)?,
            op::PREP_RERAISE_STAR => to(m, i, &PREP_RERAISE_STAR, [m.get(i.b), m.get(i.c), nothing(m)], 0)?,
            op::RAISE => return exceptions::raise(m, i),
            op::RAISE_FROM => return m.raise(m.stub(&RAISED, [m.get(i.a), m.get(i.b), nothing(m)], 0, NO_SLOT)?),
            op::RAISE_CURRENT => {
                let e = m.stub(&CURRENT, [nothing(m), nothing(m), nothing(m)], 0, NO_SLOT)?;
                return m.raise(e);
            }
            op::RERAISE => return m.raise(m.get(i.a)),
            op::LOAD_ASSERTION_ERROR => m.set(i.a, m.root(exception::Exc::AssertionError.root())),
            op::EXCEPTION_DETAILS => exceptions::details(m, i)?,
            op::STOP_ITERATION_ERROR => {
                to(m, i, &STOP_ITERATION_ERROR, [m.get(i.b), m.function(), nothing(m)], 0)?;
            }

            op::YIELD_VALUE | op::YIELD_DELEGATED => generators::suspend(m, i)?,
            op::SEND => generators::send(m, i)?,
            op::JUMP_IF_COMPLETED => generators::jump_if_completed(m, i)?,
            op::GET_YIELD_FROM_ITER => generators::get_yield_from_iter(m, i)?,
            op::GET_AWAITABLE => generators::get_awaitable(m, i)?,
            op::GET_AITER => generators::get_aiter(m, i)?,
            op::GET_ANEXT => generators::get_anext(m, i)?,
            op::END_ASYNC_FOR => run(m, &END_ASYNC_FOR, [m.get(i.a), nothing(m), nothing(m)], i)?,
            op::CLEANUP_THROW => to(m, i, &CLEANUP_THROW, [m.get(i.b), nothing(m), nothing(m)], 0)?,
            op::ASYNC_GEN_WRAP => {
                m.set(i.a, making::boxed(m, shape::ASYNC_WRAPPED, m.get(i.b))?);
            }

            op::MATCH_SEQUENCE => to(m, i, &MATCH_FLAG, [m.get(i.b), nothing(m), nothing(m)], 0)?,
            op::MATCH_MAPPING => to(m, i, &MATCH_FLAG, [m.get(i.b), nothing(m), nothing(m)], 1)?,
            op::MATCH_KEYS => to(m, i, &MATCH_KEYS, [m.get(i.b), m.get(i.c), nothing(m)], 0)?,
            op::DICT_REST => to(m, i, &DICT_REST, [m.get(i.b), m.get(i.c), nothing(m)], 0)?,
            op::MATCH_CLASS => window_to(m, i, &MATCH_CLASS, i.b, 3, i32::from(i.c))?,

            op::IMPORT_NAME => imports::import_name(m, i)?,
            op::IMPORT_FROM => to(m, i, &IMPORT_FROM, [m.get(i.b), nothing(m), nothing(m)], i.d)?,
            op::IMPORT_STAR => run(m, &IMPORT_STAR, [m.get(i.a), m.function(), nothing(m)], i)?,
            op::NOP => {}
            op::INIT_RESULT => {
                let result = m.get(i.a);
                if !m.test(m.is_word(result, Value::NONE.bits())) {
                    run(m, &INIT_RESULT, [result, nothing(m), nothing(m)], i)?;
                }
            }
            op::PRINT_EXPR => run(m, &PRINT_EXPR, [m.get(i.a), nothing(m), nothing(m)], i)?,
            // SAFETY: engines run verified code, whose opcodes are those of the table; the match above names each of them
            // (`every_opcode_has_a_handler` tests it).
            _ => unsafe { std::hint::unreachable_unchecked() },
        }
        Ok(())
    }

    fn stubs() -> &'static [Stub] {
        stub::STUBS
    }
    fn hidden_code() -> Vec<HiddenCode> {
        construct::hidden_codes()
    }
    fn box_word(thread: &Thread, x: i64) -> Value {
        int::box_word(Py(thread), x)
    }
    fn takes_words(opcode: u16) -> bool {
        matches!(
            opcode,
            op::MOVE
                | op::CHECK_LOCAL
                | op::NEG..=op::INPLACE_FLOOR_DIV_K
                | op::LT..=op::GE
                | op::LT_K..=op::GE_K
                | op::JUMP_IF_TRUE
                | op::JUMP_IF_FALSE
                | op::BRANCH_LT..=op::BRANCH_GE
                | op::BRANCH_LT_K..=op::BRANCH_GE_K
                | op::BRANCH_TRUE
                | op::BRANCH_FALSE
                | op::RETURN
        )
    }
    fn keeps_shape(shape: ShapeIndex) -> bool {
        kind::keeps_shape(shape)
    }
    fn own_words(shape: ShapeIndex) -> &'static [u32] {
        kind::own_words(shape)
    }
    fn pairs() -> &'static [StubPair] {
        stub::PAIRS
    }
    fn stack_overflow(thread: &Thread) -> Value {
        let py = Py(thread);
        py.recursion_error();
        py.take_exception()
    }
    fn out_of_memory(thread: &Thread) -> Value {
        Py(thread).memory_error()
    }
    #[inline(always)]
    fn trace(thread: &Thread, exception: Value, frame: &FrameView<'_>, caught: bool) -> Value {
        exceptions::trace(Py(thread), exception, frame, caught)
    }
    fn ended(thread: &Thread, frame: &FrameView<'_>) {
        Py(thread).frame_ended(frame.code, place_of(frame.spot), frame.registers);
    }
    fn left(thread: &Thread, callee: Value) {
        if let Some(g) = Object::from_value(callee) {
            let py = Py(thread);
            if generator::is_generator(py.object_kind(g)) {
                py.finish_generator(g);
            }
        }
    }
    fn complete(thread: &Thread, context: Context, result: Value) -> R<Value> {
        stub::complete(Py(thread), context, result)
    }
    fn step(thread: &Thread, spot: Spot, reached: Reached) -> R<Stepping> {
        tracing::step(Py(thread), spot, reached)
    }
    fn stepped(thread: &Thread, spot: Spot, called: Value) -> R {
        tracing::stepped(Py(thread), spot, called)
    }
    fn step_raised(thread: &Thread, exception: Value, spot: Spot, leaves: bool) -> Value {
        tracing::raised(Py(thread), exception, spot, leaves)
    }
    fn poll(thread: &Thread) -> R {
        let py = Py(thread);
        (py.state().poll.get())(py)
    }
}

/// A spot as the objects have it.
#[inline]
fn place_of(spot: Spot) -> Place {
    Place { id: spot.frame, code: spot.code, at: spot.at, function: spot.function }
}

/// No feedback slot.
const NO_SLOT: u32 = Instruction::NO_FEEDBACK;

/// Where paths meet ([`Machine::meet`]) before the stub that knows everything.
const LAST: u32 = u32::MAX;

/// An operand that a stub does not use.
#[inline(always)]
fn nothing<M: Machine>(m: &M) -> M::Val {
    m.word(Value::EMPTY.bits())
}

/// Runs a stub for its effect; the immediate is the instruction's.
#[inline(always)]
fn run<M: Machine>(m: &M, stub: &'static vm_api::engine::FixedStub, operands: [M::Val; 3], i: &Instruction) -> R {
    m.stub(stub, operands, i.d, i.feedback)?;
    Ok(())
}

/// Runs a stub for its result, which goes to `a`.
#[inline(always)]
fn to<M: Machine>(
    m: &M,
    i: &Instruction,
    stub: &'static vm_api::engine::FixedStub,
    operands: [M::Val; 3],
    immediate: i32,
) -> R {
    m.set(i.a, m.stub(stub, operands, immediate, i.feedback)?);
    Ok(())
}

/// Runs a stub over a window for its result, which goes to `a`.
#[inline(always)]
fn window_to<M: Machine>(
    m: &M,
    i: &Instruction,
    stub: &'static vm_api::engine::WindowStub,
    base: u16,
    count: u16,
    immediate: i32,
) -> R {
    m.set(i.a, m.stub_window(stub, base, count, immediate, NO_SLOT)?);
    Ok(())
}

/// The immediate of the super stubs: symbol, whether with two arguments, whether a method is wanted.
#[inline(always)]
fn super_immediate(i: &Instruction, method: bool) -> i32 {
    i.d << 2 | i32::from(i.c & 1) << 1 | i32::from(method)
}

/// The tier beyond the interpreter with these stages, instantiated for Python here once.
///
/// # Errors
/// The system gives no memory for code.
pub fn jit_tier(
    stages: Vec<runtime_engines::Stage>,
    collector: &CollectorDescriptor,
    options: runtime_engines::TierOptions,
    log: Option<Rc<runtime_engines::JitLog>>,
) -> io::Result<Box<dyn Tier>> {
    Ok(Box::new(runtime_engines::JitTier::<Python>::staged(stages, collector, options)?.with_log(log)))
}
