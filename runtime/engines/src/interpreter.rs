//! The interpreter's loop, unwinding, and the making of a runtime that is driven by it.

use crate::direct::Direct;
use crate::step::{Left, go_on};
use runtime_core::{EngineHooks, FrameKind, Runtime, RuntimeOptions, Start, State, Tier};
use std::io;
use vm_api::engine::{FrameView, Language, Spot};
use vm_api::heap::{Heap, Value};

/// A runtime for language `L`, driven by the interpreter and, if there is one, a tier beyond it.
pub fn new_runtime<L: Language>(
    heap: Box<Heap>,
    tier: Option<Box<dyn Tier>>,
    options: RuntimeOptions,
) -> io::Result<Box<Runtime>> {
    let hooks = EngineHooks {
        run: run::<L>,
        stack_overflow: L::stack_overflow,
        left: L::left,
        ended: L::ended,
        complete: L::complete,
        opcodes: L::OPCODES,
        suspended: L::SUSPENDED,
    };
    Runtime::new(heap, hooks, L::hidden_code(), tier, options)
}

/// Runs a prepared frame until it returns to native code; `EMPTY` if an exception is pending.
///
/// # Safety
/// As [`EngineHooks::run`].
#[inline(never)]
pub unsafe fn run<L: Language>(runtime: &Runtime, state: State, start: Start) -> Value {
    let m = Direct::<L>::new(runtime, state);
    let stepping = runtime.stepping.get();
    let mut begins = Some(start).filter(|start| stepping && *start != Start::Left);
    let mut stopped = match start {
        Start::Next => stepping || m.begin().is_err(),
        Start::Left if stepping => {
            runtime.left.set(state);
            true
        }
        Start::Left => false,
        Start::Raising => true,
    };
    loop {
        if !stopped {
            loop {
                let pc = m.advance();
                // SAFETY: verified code never leaves its instructions: every path ends in an instruction that sets `pc`.
                if L::exec(&m, unsafe { &*pc }).is_err() {
                    break;
                }
            }
        }
        if runtime.stepping.get() {
            match go_on::<L>(runtime, m.state(), begins.take()) {
                Left::Ended(result) => return result,
                Left::Fast(state) => m.set_state(state),
            }
            stopped = false;
            continue;
        }
        if !runtime.prepared.get().unit.is_null() {
            stopped = m.enter_prepared().is_err();
            continue;
        }
        let result = runtime.result.replace(Value::EMPTY);
        if !result.is_empty() {
            return result;
        }
        match unwind::<L>(runtime, m.state()) {
            Some((state, _)) => {
                m.set_state(state);
                stopped = false;
            }
            None => return Value::EMPTY,
        }
    }
}

/// Finds the handler for the pending exception, from the frame at `state` outwards; if that is nowhere, from the innermost
/// waiting frame, whose callee raised. Where that goes on, and the instruction that raised. `None`: the activation is left, its
/// frame popped, the exception still pending.
#[cold]
#[inline(never)]
pub(crate) fn unwind<L: Language>(runtime: &Runtime, mut state: State) -> Option<(State, u32)> {
    let mut waits = false;
    loop {
        if !state.unit.is_null() {
            // SAFETY: the state is that of a live frame.
            let (unit, function) = unsafe { (&*state.unit, *state.registers.sub(1)) };
            let begun = unit.begun(state.pc);
            // A caller's registers are to be seen as its waiting record says: those that its call read may have been
            // overwritten by the callee, and were no roots meanwhile.
            runtime.current.set(if waits { State::NOWHERE } else { state });
            let mut exception = runtime.thread.take_exception();
            debug_assert!(!exception.is_empty(), "unwinding without an exception");
            let spot = Spot { frame: state.id(), code: unit.index, at: begun.unwrap_or(0), function };
            let handler = begun.and_then(|at| unit.code.handler(at));
            if !unit.is_hidden() {
                // SAFETY: the state is that of a live frame, whose registers are in memory.
                let cells = unsafe { state.cells() };
                let registers = if waits { &cells[..unit.clear_to as usize] } else { cells };
                let view = FrameView { spot, code: &unit.code, registers, compiled: false };
                exception = L::trace(&runtime.thread, exception, &view, handler.is_some());
            }
            if runtime.stepping.get() && !unit.is_hidden() {
                if waits {
                    stand_in_caller(runtime, state);
                }
                exception = L::step_raised(&runtime.thread, exception, spot, handler.is_none());
            }
            if waits {
                runtime.frame_top.set(runtime.frame_top.get().wrapping_sub(1));
            }
            if let (Some(at), Some(entry)) = (begun, handler) {
                // SAFETY: the verifier checked handler and register.
                unsafe {
                    *state.registers.add(entry.register as usize) = exception;
                    state.pc = unit.instructions.add(entry.handler as usize);
                }
                return Some((state, at));
            }
            runtime.thread.raise(exception);
            let top = runtime.frame_top.get().wrapping_sub(1);
            // SAFETY: the frame returns through the record on top; its registers are in memory.
            unsafe {
                if (*top).kind.is_observed() {
                    runtime.end_frame(top, state);
                }
            }
            if unit.suspends {
                // SAFETY: as above; the function may have moved since.
                L::left(&runtime.thread, unsafe { *state.registers.sub(1) });
            }
        }
        let top = runtime.frame_top.get().wrapping_sub(1);
        // SAFETY: the frame was entered by pushing its caller's record.
        let frame = unsafe {
            runtime.load_delegating(top);
            *top
        };
        if frame.kind.plain() == FrameKind::Activation {
            runtime.frame_top.set(top);
            return None;
        }
        // The record stays until the caller has been traced.
        state = frame.state;
        waits = true;
    }
}

/// Makes native code nest above a frame that waits, whose callee has raised and is gone.
fn stand_in_caller(runtime: &Runtime, state: State) {
    // SAFETY: the state is that of a live frame, whose record is on top; above its registers nothing is live, and there is as much
    // room as the limit keeps free.
    unsafe {
        let top = runtime.frame_top.get().wrapping_sub(1);
        if (*top).kind.plain() == FrameKind::Completed {
            // There will be no result to complete.
            (*top).kind = FrameKind::Next;
        }
        let above = state.registers.add((*state.unit).registers as usize);
        *above = Value::EMPTY;
        runtime.current.set(runtime.gap(above.add(1)));
    }
}
