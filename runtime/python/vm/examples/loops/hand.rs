//! The interpreter that one would write by hand for a few opcodes: to compare the one made of the semantics with.
//!
//! It runs the same code on the same frames, records the same feedback, and has the same fast paths; only, it is written
//! out as one `match` loop over local variables. It executes activations whose code is called `timed` and leaves all others
//! to the real one. What raises, or calls anything but a simple function directly, ends the process.

use python_compile::opcodes as op;
use python_objects::kind::{shape, special};
use python_objects::{Object, Py, Value, dict, function, list, py::root};
use python_semantics::{Python, stub};
use runtime_core::{CodeUnit, Frame, FrameKind, Runtime, Start, State};
use vm_api::code::Instruction;
use vm_api::engine::{FixedFn, bit};
use vm_api::heap::value::INT_SHIFT;

/// What `run` handles.
const HANDLED: &[u16] = &[
    op::MOVE,
    op::LOAD_CONST,
    op::LOAD_GLOBAL,
    op::ADD,
    op::ADD_K,
    op::EQ,
    op::BRANCH_EQ,
    op::JUMP,
    op::JUMP_IF_FALSE,
    op::LOOP_BACK,
    op::FOR_ITER_LOCAL,
    op::TAKE_ITEM,
    op::GET_ITER,
    op::LOAD_ATTR,
    op::LOAD_ITEM,
    op::LOAD_ITEM_K,
    op::CALL,
    op::RETURN,
    op::RETURN_K,
    op::MUL,
    op::MUL_K,
    op::SUB_K,
    op::FLOOR_DIV_K,
    op::BUILD_LIST,
    op::BUILD_LIST_K,
    op::CHECK_LOCAL,
];

/// Places in attribute caches and the flag of builtins in those of globals, as the semantics define them.
const CLASS_VALUE: u32 = 1 << 16;
const IN_BUILTINS: u32 = 1 << 31;

/// Says, if asked to (`PRISM_LIST`), which opcodes of a function's code are not handled.
pub(crate) fn check(py: Py<'_>, f: Value) {
    if std::env::var_os("PRISM_LIST").is_none() {
        return;
    }
    let Some(f) = Object::from_value(f) else { return };
    let Ok(index) = py.function_code(f) else { return };
    let code = py.ops().code(py.0, index);
    for i in &code.instructions {
        let name = op::OPCODES[usize::from(i.op)].name;
        println!(
            "{name} {} {} {} {}{}",
            i.a,
            i.b,
            i.c,
            i.d,
            if HANDLED.contains(&i.op) { "" } else { "  NOT HANDLED" }
        );
    }
}

#[cold]
#[inline(never)]
fn fail(what: &str) -> ! {
    eprintln!("the loop written by hand cannot {what}");
    std::process::exit(1)
}

#[cold]
#[inline(never)]
fn slow(runtime: &Runtime, state: State, function: FixedFn, operands: [Value; 3], immediate: i32, slot: u32) -> Value {
    runtime.current.set(state);
    // SAFETY: a stub may be called with any values, with the state published; the slot is of the running code.
    let r = unsafe {
        let slot = if slot == Instruction::NO_FEEDBACK {
            std::ptr::null_mut()
        } else {
            let slot = state.feedback.add(slot as usize);
            (*slot).bits |= bit::OTHER;
            slot
        };
        function(&runtime.thread, slot, operands[0], operands[1], operands[2], immediate)
    };
    if r.is_empty() {
        fail("raise");
    }
    r
}

/// Runs an activation; see the module header.
///
/// # Safety
/// As [`runtime_core::EngineHooks::run`].
pub(crate) unsafe fn run(runtime: &Runtime, state: State, start: Start) -> Value {
    // SAFETY: the caller's; registers, constants, slots and instructions are within bounds in verified code, and codes live as
    // long as the runtime.
    unsafe {
        let timed: &CodeUnit = &*state.unit;
        if &*timed.code.name != "timed" {
            return runtime_engines::interpreter::run::<Python>(runtime, state, start);
        }
        if timed.code.instructions.iter().any(|i| !HANDLED.contains(&i.op)) {
            fail("execute every opcode of this loop");
        }
        let State { mut unit, mut pc, mut registers, mut feedback } = state;
        pc = pc.wrapping_sub(1);
        macro_rules! register {
            ($r:expr) => {
                *registers.add($r as usize)
            };
        }
        macro_rules! slot {
            ($i:expr) => {
                (*feedback.add($i.feedback as usize))
            };
        }
        macro_rules! stub {
            ($i:expr, $s:expr, [$a:expr, $b:expr, $c:expr], $immediate:expr) => {
                slow(
                    runtime,
                    State { unit, pc: pc.add(1), registers, feedback },
                    $s.function,
                    [$a, $b, $c],
                    $immediate,
                    $i.feedback,
                )
            };
        }
        macro_rules! constant {
            ($k:expr) => {
                *(*unit).constants.add($k as usize)
            };
        }
        macro_rules! add {
            ($i:ident, $b:expr) => {{
                let (a, b) = (register!($i.b), $b);
                if a.both_int(b) {
                    let (r, over) = (a.as_int() << INT_SHIFT).overflowing_add(b.as_int() << INT_SHIFT);
                    if !over {
                        register!($i.a) = Value::int(r >> INT_SHIFT);
                        continue;
                    }
                    std::hint::cold_path();
                    slot!($i).bits |= bit::RARE;
                } else if a.is_float() & b.is_float() {
                    slot!($i).bits |= bit::FLOAT;
                    register!($i.a) = Value::float(a.as_float() + b.as_float());
                    continue;
                } else if a.is_float() && b.is_int() {
                    slot!($i).bits |= bit::SECOND;
                    register!($i.a) = Value::float(a.as_float() + b.as_int() as f64);
                    continue;
                } else if a.is_int() && b.is_float() {
                    slot!($i).bits |= bit::THIRD;
                    register!($i.a) = Value::float(a.as_int() as f64 + b.as_float());
                    continue;
                }
                register!($i.a) = stub!($i, &stub::BINARY, [a, b, Value::EMPTY], 0);
            }};
        }
        macro_rules! load_item {
            ($i:ident, $index:expr) => {{
                let (container, index) = (register!($i.b), $index);
                if container.is_object() && index.is_int() {
                    slot!($i).bits |= bit::OBJECT;
                    let p = Object::of(container);
                    if p.shape() == shape::LIST {
                        slot!($i).bits |= bit::SECOND;
                        let length = p.word(list::offset::LENGTH as usize / 8) as i64;
                        let mut at = index.as_int();
                        if at < 0 {
                            at += length;
                        }
                        if at >= 0 && at < length {
                            register!($i.a) = Object::of(p.get(list::offset::ITEMS as usize / 8)).element(at as usize);
                            continue;
                        }
                    }
                }
                fail("load this item");
            }};
        }
        macro_rules! leave {
            ($v:expr) => {{
                let v = $v;
                let top = runtime.frame_top.get().wrapping_sub(1);
                runtime.frame_top.set(top);
                let frame = &*top;
                if frame.kind == FrameKind::Activation {
                    return v;
                }
                unit = (&raw const frame.state.unit).read_volatile();
                pc = (&raw const frame.state.pc).read_volatile().sub(1);
                registers = (&raw const frame.state.registers).read_volatile();
                feedback = (&raw const frame.state.feedback).read_volatile();
                register!(frame.destination) = v;
            }};
        }
        loop {
            // It stays at the executing instruction, so that one register is that and the place.
            pc = runtime_engines::direct::opaque(pc.wrapping_add(1));
            let i: &Instruction = &*pc;
            match i.op {
                op::MOVE => register!(i.a) = register!(i.b),
                op::LOAD_CONST => register!(i.a) = constant!(i.d),
                op::CHECK_LOCAL => {
                    if register!(i.a).is_empty() {
                        fail("raise");
                    }
                }
                op::ADD => add!(i, register!(i.c)),
                op::ADD_K => add!(i, constant!(i.d)),
                // Once a run: the check of the result.
                op::MUL | op::MUL_K | op::SUB_K | op::FLOOR_DIV_K => {
                    let number = match i.op {
                        op::MUL | op::MUL_K => 2,
                        op::SUB_K => 1,
                        _ => 12,
                    };
                    let b = if i.op == op::MUL { register!(i.c) } else { constant!(i.d) };
                    register!(i.a) = stub!(i, &stub::BINARY, [register!(i.b), b, Value::EMPTY], number);
                }
                op::EQ | op::BRANCH_EQ => {
                    register!(i.a) = stub!(i, &stub::COMPARE, [register!(i.b), register!(i.c), Value::EMPTY], 2);
                }
                op::BUILD_LIST | op::BUILD_LIST_K => {
                    runtime.current.set(State { unit, pc: pc.add(1), registers, feedback });
                    let thread = &runtime.thread;
                    let none = std::ptr::null_mut();
                    register!(i.a) = if i.op == op::BUILD_LIST {
                        (stub::BUILD_LIST.function)(thread, none, &raw const register!(i.b), i.c as usize, 0)
                    } else {
                        let items = constant!(i.d);
                        (stub::LIST_OF.function)(thread, none, items, Value::EMPTY, Value::EMPTY, 0)
                    };
                }
                op::JUMP => pc = pc.offset(i.d as isize),
                op::JUMP_IF_FALSE => {
                    if !register!(i.a).as_bool() {
                        pc = pc.offset(i.d as isize);
                    }
                }
                op::LOOP_BACK => {
                    if (&raw const (*runtime.thread.fast).poll).read_volatile() != 0 {
                        std::hint::cold_path();
                        runtime.current.set(State { unit, pc: pc.add(1), registers, feedback });
                        runtime.safepoint();
                    }
                    pc = pc.offset(i.d as isize);
                    count_down(&*unit);
                }
                op::GET_ITER => {
                    register!(i.a) = stub!(i, &stub::GET_ITER, [register!(i.b), Value::EMPTY, Value::EMPTY], 0);
                }
                op::FOR_ITER_LOCAL => {
                    let iterator = register!(i.b);
                    if iterator.is_object() {
                        slot!(i).bits |= bit::OBJECT;
                        let p = Object::of(iterator);
                        if p.shape() == shape::RANGE_ITERATOR {
                            slot!(i).bits |= bit::FLOAT;
                            let left = p.word(2);
                            if left == 0 {
                                pc = pc.offset(i.d as isize);
                                continue;
                            }
                            let v = p.word(1);
                            p.set_word(1, v.wrapping_add(p.word(3)));
                            p.set_word(2, left - 1);
                            register!(i.c) = Value::int(v as i64);
                            pc = pc.add(1);
                            continue;
                        }
                    }
                    register!(i.a) = stub!(i, &stub::FOR_ITER, [iterator, Value::EMPTY, Value::EMPTY], 0);
                }
                op::TAKE_ITEM => {
                    let v = register!(i.a);
                    if v == special::END {
                        pc = pc.offset(i.d as isize);
                    } else {
                        register!(i.b) = v;
                    }
                }
                op::LOAD_ATTR => {
                    let v = register!(i.b);
                    if v.is_object() {
                        slot!(i).bits |= bit::OBJECT;
                        let p = Object::of(v);
                        let key = slot!(i).key;
                        if u64::from(p.shape().0) == key >> 32 && (key as u32) < CLASS_VALUE {
                            let r = p.get(key as u32 as usize / 8);
                            if !r.is_empty() {
                                register!(i.a) = r;
                                continue;
                            }
                        }
                    }
                    register!(i.a) = stub!(i, &stub::LOAD_ATTR, [v, Value::EMPTY, Value::EMPTY], i.d);
                }
                op::LOAD_ITEM => load_item!(i, register!(i.c)),
                op::LOAD_ITEM_K => load_item!(i, constant!(i.d)),
                op::LOAD_GLOBAL => {
                    let f = *registers.sub(1);
                    let d = Object::of(Object::of(f).get(function::word::GLOBALS));
                    let key = slot!(i).key;
                    if d.word(dict::offset::VERSION as usize / 8) == key >> 32 {
                        let place = key as u32;
                        let entries = dict::offset::ENTRIES as usize / 8;
                        if place < IN_BUILTINS {
                            register!(i.a) = Object::of(d.get(entries)).element(place as usize);
                            continue;
                        }
                        let builtins = Object::of(runtime.thread.root(root::BUILTINS_DICT));
                        let version = builtins.word(dict::offset::VERSION as usize / 8);
                        if Value::int(version as i64) == slot!(i).value {
                            register!(i.a) = Object::of(builtins.get(entries)).element((place ^ IN_BUILTINS) as usize);
                            continue;
                        }
                    }
                    register!(i.a) = stub!(i, &stub::LOAD_GLOBAL, [f, Value::EMPTY, Value::EMPTY], i.d);
                }
                op::CALL => {
                    let callee = register!(i.b);
                    if callee.is_object() {
                        slot!(i).bits |= bit::OBJECT;
                        let p = Object::of(callee);
                        if p.shape() == shape::FUNCTION {
                            slot!(i).bits |= bit::SECOND;
                            let index = p.get(function::word::CODE).as_int();
                            if slot!(i).key != index as u64 {
                                std::hint::cold_path();
                                slot!(i).fill(index as u64, Value::EMPTY);
                            }
                            let code: &CodeUnit = &**runtime.unit_table.get().add(index as usize);
                            if code.simple_parameters == i32::from(i.c) {
                                let window = registers.add(i.b as usize + 1);
                                let waiting = State { unit, pc: pc.add(1), registers, feedback };
                                let frame = Frame::new(waiting, i.a, FrameKind::Next);
                                if window.wrapping_add(code.registers as usize + 2) > runtime.register_limit
                                    || !runtime.push_frame(frame)
                                {
                                    fail("recurse so deeply");
                                }
                                for r in code.clear_from..code.clear_to {
                                    *window.add(r as usize) = Value::EMPTY;
                                }
                                unit = code;
                                registers = window;
                                feedback = code.feedback;
                                pc = code.instructions.wrapping_sub(1);
                                count_down(code);
                                continue;
                            }
                        }
                    }
                    runtime.current.set(State { unit, pc: pc.add(1), registers, feedback });
                    let (window, slot) = (registers.add(i.b as usize), &raw mut slot!(i));
                    let r = (stub::CALL.function)(&runtime.thread, slot, window, i.c as usize + 1, 0);
                    if r.is_empty() {
                        fail("call this");
                    }
                    register!(i.a) = r;
                }
                op::RETURN => leave!(register!(i.a)),
                op::RETURN_K => leave!(constant!(i.d)),
                // SAFETY: the code of `timed` was looked through; that of what it calls is the preamble's.
                _ => std::hint::unreachable_unchecked(),
            }
        }
    }
}

/// Counts entries and back edges, as the interpreter does; no tier is asked.
#[inline(always)]
fn count_down(unit: &CodeUnit) {
    let left = unit.countdown.get().wrapping_sub(1);
    unit.countdown.set(left);
    if left == 0 {
        std::hint::cold_path();
    }
}
