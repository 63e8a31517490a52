//! The tier that runs VIR through the reference evaluator: slow, always right.
//!
//! Every entry and back edge that the policy picks is built into a unit ([`mod@crate::build`]), verified, and evaluated; what
//! leaves a unit goes on in the interpreter ([`leave`]). Compiling backends take the evaluator's place behind the same
//! frames, exits and policy.
//!
//! # Invariants
//!
//! * While a speculative unit runs, its frame's registers in memory are dead, but for the running function in front of them;
//!   tagged values stand in the thread's [`Roots::stack`], which never reallocates, since stubs hold pointers into it.
//! * A trap other than a full stack is a fault of the builder, not of the program, and panics.

mod environment;
mod leave;
mod site;

use crate::build::{BuildOptions, Mode, build};
use environment::Evaluation;
use runtime_core::{CodeUnit, Entered, Runtime, State, Tier};
use site::Published;
use std::any::Any;
use std::cell::{Cell, RefCell, UnsafeCell};
use std::collections::HashMap;
use std::marker::PhantomData;
use std::rc::{Rc, Weak};
use vm_api::engine::{CodeIndex, FrameId, Language, VisitFrame};
use vm_api::heap::Value;
use vm_api::heap::roots::{RootScope, SlotVisitor};
use vm_api::vir::UnitKind;
use vm_api::vir::eval::{Outcome, Program, Trap, evaluate_from};

/// Switches of the tier.
#[derive(Clone, Copy, Debug)]
pub struct EvalOptions {
    /// Entries and back edges before a code is built; at least 1.
    pub threshold: u32,
    /// Make every so many-th guard fail.
    pub deopt_every: Option<u64>,
    /// Leave units after every so many-th call, as if they had become invalid meanwhile.
    pub invalidate_every: Option<u64>,
    /// How to build.
    pub build: BuildOptions,
    /// Exits (forced ones not counted) after which a unit is built anew with what the interpreter has learnt.
    pub most_exits: u32,
    /// Builds of one entry after which it is built without speculation.
    pub most_builds: u32,
}

impl Default for EvalOptions {
    fn default() -> Self {
        EvalOptions {
            threshold: 2,
            deopt_every: None,
            invalidate_every: None,
            build: BuildOptions::default(),
            most_exits: 4,
            most_builds: 8,
        }
    }
}

/// Counters, for logs and tests that must know that something was compiled at all.
#[derive(Clone, Copy, Debug, Default)]
pub struct EvalStats {
    /// Units built.
    pub built: u64,
    /// Entries into units.
    pub entered: u64,
    /// Exits to the interpreter because a guard failed.
    pub exits: u64,
    /// Exits that `deopt_every` and `invalidate_every` forced.
    pub forced: u64,
    /// Codes that could not be built.
    pub bailouts: u64,
}

/// What runs in one thread.
struct Running<L: 'static> {
    roots: UnsafeCell<Roots>,
    /// Evaluations that are at a call, innermost last.
    sites: RefCell<Vec<Published<L>>>,
}

/// Tagged values of a thread's running evaluations.
struct Roots {
    stack: Vec<Value>,
}

/// Most slots of all running evaluations of a thread.
const STACK_SLOTS: usize = 1 << 20;

/// A unit ready to run.
struct Compiled {
    program: Program,
    /// The values of the unit's cells: roots.
    cells: UnsafeCell<Vec<Value>>,
    exits: Cell<u32>,
}

/// What the policy knows about one entry point.
#[derive(Default)]
struct Entry {
    compiled: Option<Rc<Compiled>>,
    builds: u32,
    /// It cannot be built.
    hopeless: bool,
}

/// The tier. One per VM.
pub struct EvalTier<L: 'static> {
    options: EvalOptions,
    entries: RefCell<HashMap<(CodeIndex, UnitKey), Entry>>,
    live: RefCell<Vec<Weak<Compiled>>>,
    guards: Cell<u64>,
    calls: Cell<u64>,
    stats: Rc<Cell<EvalStats>>,
    language: PhantomData<L>,
}

/// Position of an OSR entry; `None` for the function's own.
type UnitKey = Option<u32>;

impl<L: Language> EvalTier<L> {
    /// A tier that has built nothing.
    pub fn new(options: EvalOptions) -> EvalTier<L> {
        EvalTier {
            options,
            entries: RefCell::new(HashMap::new()),
            live: RefCell::new(Vec::new()),
            guards: Cell::new(0),
            calls: Cell::new(0),
            stats: Rc::default(),
            language: PhantomData,
        }
    }
    /// The counters, also after the tier went to its runtime.
    pub fn stats(&self) -> Rc<Cell<EvalStats>> {
        self.stats.clone()
    }
    fn count(&self, f: impl FnOnce(&mut EvalStats)) {
        let mut stats = self.stats.get();
        f(&mut stats);
        self.stats.set(stats);
    }

    /// The unit for an entry, built if need be.
    fn unit_for(&self, runtime: &Runtime, unit: &CodeUnit, key: UnitKey) -> Option<Rc<Compiled>> {
        let mut entries = self.entries.borrow_mut();
        let entry = entries.entry((unit.index, key)).or_default();
        if entry.compiled.is_none() && !entry.hopeless {
            entry.builds += 1;
            let mut options = self.options.build;
            if entry.builds > self.options.most_builds {
                options.mode = Mode::Baseline;
            }
            let kind = key.map_or(UnitKind::Function, |position| UnitKind::Osr { position });
            match build::<L>(runtime, unit, unit.feedback, kind, options) {
                Ok(built) => {
                    self.count(|s| s.built += 1);
                    let listing = cfg!(debug_assertions).then(|| built.unit.to_string());
                    let program = Program::new(built.unit).unwrap_or_else(|problems| {
                        panic!(
                            "{}: the builder made an invalid unit: {problems}\n{}",
                            unit.code.name,
                            listing.unwrap_or_default()
                        )
                    });
                    let compiled =
                        Rc::new(Compiled { program, cells: UnsafeCell::new(built.cells), exits: Cell::new(0) });
                    self.live.borrow_mut().retain(|c| c.strong_count() > 0);
                    self.live.borrow_mut().push(Rc::downgrade(&compiled));
                    entry.compiled = Some(compiled);
                }
                Err(_) => {
                    self.count(|s| s.bailouts += 1);
                    entry.hopeless = true;
                }
            }
        }
        entry.compiled.clone()
    }

    /// Runs the frame at `state` in the unit for `key`, if there is one.
    fn run(&self, runtime: &Runtime, state: State, key: UnitKey) -> Entered {
        // SAFETY: the state is that of a live frame.
        let unit = unsafe { &*state.unit };
        if unit.is_hidden() || state.feedback != unit.feedback {
            // Hidden code has feedback per site: it is inlined where it matters.
            unit.countdown.set(u32::MAX);
            return Entered::Interpret;
        }
        if key.is_some() && runtime.is_observed(state.id()) {
            // Who observes it may look at it at any time.
            unit.countdown.set(self.options.threshold.max(1));
            return Entered::Interpret;
        }
        let Some(compiled) = self.unit_for(runtime, unit, key) else {
            unit.countdown.set(u32::MAX);
            return Entered::Interpret;
        };
        unit.countdown.set(1);
        let vir = compiled.program.unit();
        let end = state.registers.wrapping_add(vir.extent as usize + 2);
        if end > runtime.register_limit || !runtime.has_frame_room(self.options.build.inline_depth as usize + 2) {
            return Entered::Interpret;
        }
        self.count(|s| s.entered += 1);
        let registers = vir.entry.iter().map(|r| {
            // SAFETY: entry registers are live in the frame at this point (the builder took them from liveness).
            unsafe { *state.registers.add(usize::from(*r)) }
        });
        let mut evaluation = Evaluation::new(self, runtime, state, &compiled);
        evaluation.publish(None);
        let outcome = evaluate_from(&compiled.program, registers, &mut evaluation);
        if !matches!(outcome, Ok(Outcome::Exit { .. })) {
            Self::end_observed(runtime, state);
        }
        match outcome {
            Ok(Outcome::Return(v)) => Entered::Returned(v),
            Ok(Outcome::Exception) => Entered::Raised,
            Ok(Outcome::Exit { .. }) => {
                let (forced, left) = (evaluation.forced.get(), evaluation.left);
                self.note_exit(unit.index, key, &compiled, forced);
                left.expect("an exit has made its frames")
            }
            Err(Trap::StackOverflow) => {
                let e = L::stack_overflow(&runtime.thread);
                runtime.thread.raise(e);
                Entered::Raised
            }
            Err(trap) => panic!("{}: {trap} in\n{}", unit.code.name, compiled.program.unit()),
        }
    }

    /// The frame at `state` has been run to its end, without being left. If it was observed meanwhile, by what a poll ran, it
    /// ends with nothing to be seen in it.
    fn end_observed(runtime: &Runtime, state: State) {
        if !runtime.is_observed(state.id()) {
            return;
        }
        // SAFETY: the frame is live, its registers in memory are dead; its caller's record is on top.
        unsafe {
            for r in 0..(*state.unit).clear_to {
                *state.registers.add(r as usize) = Value::EMPTY;
            }
            runtime.end_frame(runtime.frame_top.get().wrapping_sub(1), state);
        }
    }

    fn note_exit(&self, index: CodeIndex, key: UnitKey, compiled: &Rc<Compiled>, forced: bool) {
        if forced {
            self.count(|s| s.forced += 1);
            return;
        }
        self.count(|s| s.exits += 1);
        compiled.exits.set(compiled.exits.get() + 1);
        if compiled.exits.get() >= self.options.most_exits
            && let Some(entry) = self.entries.borrow_mut().get_mut(&(index, key))
            && entry.compiled.as_ref().is_some_and(|c| Rc::ptr_eq(c, compiled))
        {
            entry.compiled = None;
        }
    }
}

impl<L: Language> Tier for EvalTier<L> {
    fn attach(&self) -> Box<dyn Any> {
        let roots = UnsafeCell::new(Roots { stack: Vec::with_capacity(STACK_SLOTS) });
        Box::new(Running::<L> { roots, sites: RefCell::new(Vec::new()) })
    }
    fn enter(&self, runtime: &Runtime, state: State) -> Entered {
        self.run(runtime, state, None)
    }
    fn back_edge(&self, runtime: &Runtime, state: State) -> Entered {
        // SAFETY: the state is that of a live frame.
        let unit = unsafe { &*state.unit };
        let head = unit.executing(state.pc).wrapping_add(1);
        self.run(runtime, state, Some(head))
    }
    fn installed(&self, unit: &CodeUnit) {
        unit.countdown.set(self.options.threshold.max(1));
    }
    fn walk(&self, runtime: &Runtime, state: State, f: VisitFrame<'_>) -> bool {
        runtime.tier_state::<Running<L>>().walk_frames(state, f)
    }
    fn reveal_frame(&self, runtime: &Runtime, state: State, frame: FrameId) -> Option<State> {
        runtime.tier_state::<Running<L>>().reveal_one(state, Some(frame))
    }
    fn leave_frame(&self, runtime: &Runtime, state: State, frame: FrameId) {
        runtime.tier_state::<Running<L>>().leave_if(state, frame);
    }
    fn reveal(&self, runtime: &Runtime, state: State) -> Option<State> {
        runtime.tier_state::<Running<L>>().reveal_one(state, None)
    }
    fn slots(&self, _scope: RootScope, visitor: &mut dyn SlotVisitor) {
        for compiled in self.live.borrow().iter().filter_map(Weak::upgrade) {
            // SAFETY: inside a collection nothing else uses the cells.
            for cell in unsafe { &mut *compiled.cells.get() } {
                visitor.slot(cell);
            }
        }
    }
    fn thread_slots(&self, own: &dyn Any, _scope: RootScope, visitor: &mut dyn SlotVisitor) {
        let running = own.downcast_ref::<Running<L>>().expect("what `attach` made");
        // SAFETY: inside a collection nothing else uses the roots: evaluations only touch them between safepoints.
        let roots = unsafe { &mut *running.roots.get() };
        for slot in &mut roots.stack {
            visitor.slot(slot);
        }
    }
    fn weak_slots(&self, _scope: RootScope, _visitor: &mut dyn SlotVisitor) {}
}
