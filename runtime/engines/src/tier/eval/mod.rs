//! Units that the reference evaluator runs: slow, always right.
//!
//! # Invariants
//!
//! * Tagged values stand in the thread's [`Roots::stack`], which never reallocates, since stubs hold pointers into it.
//! * A trap other than a full stack is a fault of the builder, not of the program, and panics.

mod environment;
mod site;

use super::{JitTier, Kept, Ran};
use environment::Evaluation;
use runtime_core::{CompiledFrame, Runtime, State};
use site::Published;
use std::cell::{RefCell, UnsafeCell};
use vm_api::engine::Language;
use vm_api::engine::backend::REGISTER_ROOM;
use vm_api::heap::Value;
use vm_api::heap::roots::SlotVisitor;
use vm_api::vir::eval::{Outcome, Program, Trap, evaluate_from};

/// The evaluations of one thread.
pub(super) struct Running<L: 'static> {
    roots: UnsafeCell<Roots>,
    /// Those that are at a call, innermost last.
    sites: RefCell<Vec<Published<L>>>,
}

/// Tagged values of a thread's running evaluations.
struct Roots {
    stack: Vec<Value>,
}

/// Most slots of all running evaluations of a thread.
const STACK_SLOTS: usize = 1 << 20;

impl<L: Language> Running<L> {
    /// `used`: will there be any?
    pub(super) fn new(used: bool) -> Running<L> {
        let stack = Vec::with_capacity(if used { STACK_SLOTS } else { 0 });
        Running { roots: UnsafeCell::new(Roots { stack }), sites: RefCell::new(Vec::new()) }
    }
    pub(super) fn slots(&self, visitor: &mut dyn SlotVisitor) {
        // SAFETY: inside a collection nothing else uses the roots: evaluations only touch them between safepoints.
        let roots = unsafe { &mut *self.roots.get() };
        for slot in &mut roots.stack {
            visitor.slot(slot);
        }
    }
}

/// What is known of a frame that is evaluated and not in memory.
pub(super) fn frame(state: State) -> CompiledFrame {
    // SAFETY: the state is that of a live frame.
    let registers = unsafe { (*state.unit).registers };
    CompiledFrame { pc: std::ptr::null(), top: state.registers.wrapping_add(registers as usize) }
}

impl<L: Language> JitTier<L> {
    /// Runs the frame at `state` by evaluating a program.
    pub(super) fn evaluate(&self, runtime: &Runtime, state: State, installed: &Kept, program: &Program) -> Ran {
        let end = state.registers.wrapping_add(program.unit().extent as usize + REGISTER_ROOM as usize);
        if end > runtime.register_limit || !runtime.has_frame_room(self.options.build.inline_depth as usize + 2) {
            return Ran::Full;
        }
        let registers = program.unit().entry.iter().map(|r| {
            // SAFETY: entry registers are live in the frame at this point (the builder took them from liveness).
            unsafe { *state.registers.add(usize::from(*r)) }
        });
        let mut evaluation = Evaluation::new(self, runtime, state, installed, program);
        evaluation.publish(None);
        match evaluate_from(program, registers, &mut evaluation) {
            Ok(Outcome::Return(v)) => Ran::Returned(v),
            Ok(Outcome::Exception) => Ran::Raised,
            Ok(Outcome::Exit { .. }) => {
                let entered = evaluation.left.expect("an exit has made its frames");
                Ran::Left { entered, forced: evaluation.forced.get() }
            }
            Err(Trap::StackOverflow) => {
                let e = L::stack_overflow(&runtime.thread);
                runtime.thread.raise(e);
                Ran::Raised
            }
            // SAFETY: the state is that of a live frame.
            Err(trap) => panic!("{}: {trap} in\n{}", unsafe { &*state.unit }.code.name, program.unit()),
        }
    }
}
