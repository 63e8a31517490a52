//! Threads that are traced, profiled or monitored: which instruction is which event.
//!
//! CPython tells of a line where its code has an instruction that begins one; here an instruction does if the one that was
//! executed before it, in the same frame, is of another line, or if it was reached by a jump back. Instructions without a line
//! tell nothing. Lines that are visited without an instruction (`python_compile::extra`) count as executed before the one
//! behind them.

use crate::exceptions::raises_again;
use crate::place_of;
use python_compile::extra::visits;
use python_compile::opcodes as op;
use python_objects::exception::{traceback, word};
use python_objects::frame::Place;
use python_objects::kind::{Kind, shape, special};
use python_objects::monitoring::event;
use python_objects::py::root;
use python_objects::tracing::{Event, Standing};
use python_objects::{Object, Py, R, Value};
use vm_api::code::code::ExceptionEntry;
use vm_api::code::definitions::Definition;
use vm_api::code::{Code, Instruction};
use vm_api::engine::{Reached, Spot, Stepping};

fn line(code: &Code, at: u32) -> u32 {
    code.positions.get(at as usize).map_or(0, |p| p.line)
}

/// Is it the jump back of a loop, which is of the loop's own line? The line begins anew where it leads.
fn is_end_of_loop(code: &Code, at: u32) -> bool {
    let i = &code.instructions[at as usize];
    i.op == op::LOOP_BACK && Code::target(at as usize, i).is_some_and(|head| line(code, head as u32) == line(code, at))
}

/// Is it reached from `before` by a jump back, which begins its line anew? Not by that of a delegation, which is one visit of the
/// line, nor where it is executed again with a truth value in the place of its operand.
fn goes_round(code: &Code, at: u32, before: u32) -> bool {
    let op = code.instructions[at as usize].op;
    op != op::SEND && (at < before || at == before && op == op::LOOP_BACK)
}

/// See `Language::step`.
pub(crate) fn step(py: Py<'_>, spot: Spot, reached: Reached) -> R<Stepping> {
    let (place, at) = (place_of(spot), spot.at);
    let code = py.ops().code(py.0, spot.code);
    let stay = Ok(Stepping { at, called: Value::EMPTY });
    let before = match reached {
        Reached::Thrown(exception) => {
            told(py, place, event::PY_THROW, exception)?;
            called(py, place, Standing::at(at))?;
            return stay;
        }
        Reached::Entered => {
            py.monitor(place, Standing::at(at), event::PY_START, &[offset(at)])?;
            called(py, place, START)?;
            return stay;
        }
        Reached::Begun => None,
        Reached::Resumed => at.checked_sub(1),
        Reached::From(before) => {
            if py.monitors(event::JUMP) || py.monitors(event::BRANCH) {
                decided(py, code, place, before)?;
            }
            Some(before)
        }
    };
    if reached == Reached::Resumed {
        py.monitor(place, Standing::at(at), event::PY_RESUME, &[offset(at)])?;
        called(py, place, before.map_or(START, Standing::at))?;
    }
    if let Some(to) = lines(py, code, place, before)? {
        leave_handlers(py, code, place, to);
        return Ok(Stepping { at: to, called: Value::EMPTY });
    }
    let this = line(code, at);
    if py.state().traces_opcodes.get() {
        py.trace_event(place, Event::Opcode, Value::NONE)?;
    }
    py.monitor(place, Standing::at(at), event::INSTRUCTION, &[offset(at)])?;
    let i = &code.instructions[at as usize];
    // The return at the end of a body has no line: it says that it is where the frame was before.
    let place = if this == 0 { Place { at: before.unwrap_or(at), ..place } } else { place };
    match i.op {
        op::RETURN | op::FINISH => returned(py, place, register(py, i.a), event::PY_RETURN)?,
        op::YIELD_VALUE | op::YIELD_DELEGATED => returned(py, place, register(py, i.b), event::PY_YIELD)?,
        op::JUMP_IF_COMPLETED => {
            let delegate = before.map(|before| &code.instructions[before as usize]).filter(|i| i.op == op::SEND);
            let always =
                delegate.is_some_and(|send| matches!(py.kind(register(py, send.b)), Kind::GENERATOR | Kind::COROUTINE));
            completed(py, place, register(py, i.a), always)?;
        }
        op::TAKE_ITEM | op::JUMP_IF_END => completed(py, place, register(py, i.a), false)?,
        op::RETURN_K | op::FINISH_K => {
            returned(py, place, py.ops().constant(py.0, spot.code, i.d as u32), event::PY_RETURN)?;
        }
        op::CALL | op::CALL_KW | op::CALL_METHOD | op::CALL_METHOD_KW | op::CALL_EX => {
            return Ok(Stepping { at, called: call(py, place, i)? });
        }
        _ => {}
    }
    stay
}

/// A frame before its first instruction.
const START: Standing = Standing { at: -1, visited: 0 };

/// Tells of the lines that begin with an instruction, those that are visited before it first. Where to go on, if not with it.
fn lines(py: Py<'_>, code: &Code, place: Place, before: Option<u32>) -> R<Option<u32>> {
    let at = place.at;
    // Where a trace function has let the frame go on: lines before that one are passed over.
    let mut wanted = py.take_jump(at);
    let mut from = before.map_or(0, |before| line(code, before));
    let mut goes_back = before.is_some_and(|before| goes_round(code, at, before));
    loop {
        let mut again = None;
        let own = Some(line(code, at)).filter(|_| !is_end_of_loop(code, at));
        let visited = visits(code, at).map(|v| v.position.line);
        for (this, visited) in visited.map(|line| (line, line)).chain(own.map(|line| (line, 0))) {
            if let Some(to) = wanted {
                // Nor does the one that it was sent to tell: who sent it there knows.
                if to == visited {
                    (wanted, from, goes_back) = (None, this, false);
                }
                continue;
            }
            if this == 0 || this == from && !goes_back {
                continue;
            }
            (from, goes_back) = (this, false);
            let standing = Standing { at: i64::from(at), visited };
            py.monitor(place, standing, event::LINE, &[Value::int(i64::from(this))])?;
            match py.trace_line(place, standing)? {
                None => {}
                Some(to) if to.at == i64::from(at) => {
                    again = Some(to.visited);
                    break;
                }
                Some(to) => {
                    py.goes_to(to);
                    return Ok(Some(to.at as u32));
                }
            }
        }
        match again {
            None => return Ok(None),
            again => wanted = again,
        }
    }
}

/// Where handlers are left, the exception that was being handled before the outermost of them is so again.
fn leave_handlers(py: Py<'_>, code: &Code, place: Place, to: u32) {
    let index = place.code;
    let kept = py.ops().live_temporaries(py.0, index, to);
    let left = py.ops().live_temporaries(py.0, index, place.at).into_iter().filter(|r| !kept.contains(r));
    let saved = left.filter(|&r| {
        let here = py.ops().definitions(py.0, index, place.at, r);
        here.iter().all(|d| {
            matches!(d, Definition::Instruction(at)
                if code.instructions[*at as usize].op == op::ENTER_HANDLER && code.instructions[*at as usize].a == r)
        })
    });
    // Registers are taken as statements nest.
    if let Some(register) = saved.min() {
        py.ops().inspect_frame(py.0, place.id, &mut |_, _, _, registers| {
            py.set_root(root::HANDLED, registers[usize::from(register)].get());
        });
    }
}

/// A frame has been entered or resumed, and says that it is at `at`.
fn called(py: Py<'_>, place: Place, at: Standing) -> R<()> {
    py.profile_event(place, at, Event::Call, Value::NONE)?;
    py.trace_call(place, at)
}

/// A frame is about to be left with a value.
fn returned(py: Py<'_>, place: Place, v: Value, how: u32) -> R<()> {
    py.monitor(place, Standing::at(place.at), how, &[offset(place.at), v])?;
    py.profile_event(place, Standing::at(place.at), Event::Return, v)?;
    py.trace_event(place, Event::Return, v)?;
    Ok(())
}

/// An iterator has delivered a value: where a generator has returned it, CPython's tracers see the exception that brings it; if it
/// is None only where they `always` do.
fn completed(py: Py<'_>, place: Place, v: Value, always: bool) -> R<()> {
    let returned = match Object::from_value(v).filter(|o| o.shape() == shape::COMPLETION) {
        Some(completion) => completion.get(1),
        None if always && v == special::END => Value::NONE,
        None => return Ok(()),
    };
    let traced = !py.root(root::TRACE).is_empty() && py.known_frame(place).is_some();
    if !traced && !py.monitors(event::STOP_ITERATION) {
        return Ok(());
    }
    py.stop_iteration(returned);
    let Some(e) = Object::from_value(py.take_exception()) else { return Ok(()) };
    told(py, place, event::STOP_ITERATION, e.value())?;
    if traced { tell(py, place, e) } else { Ok(()) }
}

/// A register of the running frame; EMPTY if there is none.
fn register(py: Py<'_>, r: u16) -> Value {
    let mut v = Value::EMPTY;
    py.ops().current_frame(py.0, &mut |_, _, _, registers| {
        v = registers.get(usize::from(r)).map_or(Value::EMPTY, std::cell::Cell::get);
    });
    v
}

/// Tells who monitors of an exception in a frame.
fn told(py: Py<'_>, place: Place, event: u32, exception: Value) -> R<()> {
    py.monitor(place, Standing::at(place.at), event, &[offset(place.at), exception])
}

/// Where an instruction is, as `f_lasti` says it.
fn offset(at: u32) -> Value {
    Value::int(i64::from(at) * 2)
}

/// The frame has come to an instruction from the one `before`: where that jumps, who monitors is told where to.
fn decided(py: Py<'_>, code: &Code, place: Place, before: u32) -> R<()> {
    let i = &code.instructions[before as usize];
    let info = &op::OPCODES[usize::from(i.op)];
    let Some(target) = Code::target(before as usize, i).filter(|_| info.jumps()) else { return Ok(()) };
    let goes_on = before + if info.skips_next { 2 } else { 1 };
    // Where a delegation waits is no decision of the program, and an exception leads elsewhere.
    let waits = |at: usize| code.instructions.get(at).is_some_and(|i| i.op == op::SEND);
    if place.at as usize != target && place.at != goes_on || i.op == op::SEND || waits(target) {
        return Ok(());
    }
    // CPython has handlers at the end of the code: no jump leads around them there.
    let around = |e: &ExceptionEntry| before < e.handler && (e.handler as usize) < target;
    if i.op == op::JUMP && code.exceptions.iter().any(around) {
        return Ok(());
    }
    let event = if info.falls_through() { event::BRANCH } else { event::JUMP };
    py.monitor(Place { at: before, ..place }, Standing::at(before), event, &[offset(before), offset(place.at)])
}

/// A call is about to happen: what [`stepped`] is to be given.
fn call(py: Py<'_>, place: Place, i: &Instruction) -> R {
    let monitored = py.monitors(event::CALL);
    if !monitored && py.root(root::PROFILE).is_empty() {
        return Ok(Value::EMPTY);
    }
    let (callee, this) = callee(py, i);
    let mut called = match native(py, callee, this)? {
        Some(native) if !py.root(root::PROFILE).is_empty() => native,
        _ => Value::EMPTY,
    };
    if monitored {
        let (function, this) = match py.of_kind(callee, Kind::METHOD) {
            Some(method) => (method.get(1), method.get(2)),
            None if this.is_empty() => (callee, py.monitoring_missing()),
            None => (callee, this),
        };
        py.monitor(place, Standing::at(place.at), event::CALL, &[offset(place.at), function, this])?;
        if py.kind(function) != Kind::FUNCTION {
            let profiled = if called.is_empty() { Value::NONE } else { called };
            let all = py.tuple(&[profiled, function, this])?;
            if called.is_empty() {
                return Ok(all);
            }
            py.profile_event(place, Standing::at(place.at), Event::NativeCall, called)?;
            called = all;
            return Ok(called);
        }
    }
    if !called.is_empty() {
        py.profile_event(place, Standing::at(place.at), Event::NativeCall, called)?;
    }
    Ok(called)
}

/// What a call instruction is about to call, and its first argument, or EMPTY.
fn callee(py: Py<'_>, i: &Instruction) -> (Value, Value) {
    let (first, second) = (register(py, i.b), register(py, i.b + 1));
    let method = matches!(i.op, op::CALL_METHOD | op::CALL_METHOD_KW);
    match method {
        true if first.is_empty() => (second, if i.c > 0 { register(py, i.b + 2) } else { Value::EMPTY }),
        true => (first, second),
        false if i.op == op::CALL_EX => {
            (first, py.as_tuple(second).filter(|t| t.length() > 0).map_or(Value::EMPTY, |t| t.element(0)))
        }
        false => (first, if i.c > 0 { second } else { Value::EMPTY }),
    }
}

/// The native function that is about to be called, if it is one.
fn native(py: Py<'_>, callee: Value, this: Value) -> R<Option<Value>> {
    match py.kind(callee) {
        Kind::BUILTIN => Ok(Some(callee)),
        Kind::METHOD_DESCRIPTOR => {
            let d = Object::of(callee);
            if this.is_empty() || !py.is_instance(this, Object::of(d.get(4))) {
                return Ok(None);
            }
            py.descriptor_get(callee, this, py.class_of(this).value()).map(Some)
        }
        _ => Ok(None),
    }
}

/// See `Language::stepped`.
pub(crate) fn stepped(py: Py<'_>, spot: Spot, called: Value) -> R<()> {
    let e = py.take_exception();
    let (place, standing) = (place_of(spot), Standing::at(spot.at));
    let (event, monitored) = match e.is_empty() {
        true => (Event::NativeReturn, event::C_RETURN),
        false => (Event::NativeException, event::C_RAISE),
    };
    let mut profiled = called;
    // Native functions are no tuples.
    if let Some(all) = py.as_tuple(called) {
        py.monitor(place, standing, monitored, &[offset(spot.at), all.element(1), all.element(2)])?;
        profiled = all.element(0);
    }
    if profiled != Value::NONE {
        py.profile_event(place, standing, event, profiled)?;
    }
    if !e.is_empty() {
        py.raise(e);
    }
    Ok(())
}

/// See `Language::step_raised`.
pub(crate) fn raised(py: Py<'_>, mut exception: Value, spot: Spot, leaves: bool) -> Value {
    let mut place = place_of(spot);
    let code = py.ops().code(py.0, spot.code);
    let again = code.instructions.get(spot.at as usize).is_some_and(|i| raises_again(i.op));
    if told(py, place, if again { event::RERAISE } else { event::RAISE }, exception).is_err() {
        exception = py.take_exception();
    }
    if !again
        && let Some(e) = Object::from_value(exception)
        && let Err(_) = tell(py, place, e)
    {
        exception = py.take_exception();
    }
    if !leaves && let Some(handler) = code.handler(spot.at) {
        let handler = Place { at: handler.handler, ..place };
        if told(py, handler, event::EXCEPTION_HANDLED, exception).is_err() {
            exception = py.take_exception();
        }
    }
    if leaves {
        if told(py, place, event::PY_UNWIND, exception).is_err() {
            exception = py.take_exception();
        }
        if again && let Some(at) = raised_at(py, place, exception) {
            place.at = at;
        }
        let told = py
            .profile_event(place, Standing::at(place.at), Event::Return, Value::NONE)
            .and_then(|()| py.trace_event(place, Event::Return, Value::NONE));
        if told.is_err() {
            exception = py.take_exception();
        }
    }
    exception
}

/// Where in the frame the exception came from, which it says at the head of its traceback.
fn raised_at(py: Py<'_>, place: Place, exception: Value) -> Option<u32> {
    let entry = Object::from_value(Object::from_value(exception)?.get(word::TRACEBACK))
        .filter(|t| py.kind(t.value()) == Kind::TRACEBACK)?;
    let frame = py.known_frame(place)?;
    (entry.get(traceback::FRAME) == frame.value()).then(|| entry.get(traceback::AT).as_int() as u32)
}

/// Tells the trace function of an exception.
fn tell(py: Py<'_>, place: Place, e: Object) -> R<()> {
    let traceback = match e.get(word::TRACEBACK) {
        v if v.is_empty() => Value::NONE,
        v => v,
    };
    let arg = py.tuple(&[py.class_of(e.value()).value(), e.value(), traceback])?;
    py.trace_event(place, Event::Exception, arg)?;
    Ok(())
}
