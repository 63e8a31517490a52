//! The tier beyond the interpreter: what is hot is built into units, a backend compiles them, frames enter and leave them.
//!
//! There may be several stages, each with a backend of its own ([`Stage`]): code begins in the interpreter, and what is hot in one stage
//! is compiled by the next. Backends work while the program goes on, if that is wanted ([`background`]).
//!
//! Every entry and back edge that the policy picks is built ([`mod@crate::build`]), verified, and compiled. What comes back is a
//! program for the reference evaluator ([`eval`]) or machine code ([`native`]); both run behind the same frames, exits and
//! policy, and what leaves a unit goes on in the interpreter ([`frames`]).
//!
//! # Invariants
//!
//! * While a speculative unit runs, its frame's registers in memory are dead, but for the running function in front of them, and
//!   for what native code has written there at the call that it stands at.
//! * A unit is kept as long as something runs in it, whatever becomes of its entry meanwhile.
//! * Units hold no addresses of objects: these stand in cells, which collections visit.

mod background;
mod cells;
mod compile;
mod eval;
mod frames;
mod log;
mod native;
mod policy;

pub use log::{JitLog, PerfDump, PerfMap, Profilers};
pub use policy::{Stage, TierOptions, TierStats};

use crate::interpreter;
use background::Background;
use cells::Cells;
use log::{Refusal, UnitLog};
use policy::Entries;
use runtime_core::{CodeUnit, CompiledFrame, Entered, EntryFn, Runtime, State, Tier, stack_lowering};
use std::any::Any;
use std::cell::{Cell, RefCell};
use std::io;
use std::marker::PhantomData;
use std::rc::{Rc, Weak};
use std::sync::Arc;
use vm_api::engine::backend::{Completion, Lowering, PlainCompileEnv};
use vm_api::engine::{Backend, CompileOptions, FrameId, Language, VisitFrame};
use vm_api::heap::roots::{RootScope, SlotVisitor};
use vm_api::heap::{CollectorDescriptor, Value};
use vm_api::vir::Unit;
use vm_api::vir::eval::Program;

/// What runs in one thread.
struct Running<L: 'static> {
    tier: *const JitTier<L>,
    evaluations: eval::Running<L>,
    leaving: native::Leaving,
    /// Native code's calls so far, where some force it to leave.
    calls: Cell<u64>,
    invalidate_every: Option<u64>,
}

impl<L> Running<L> {
    fn tier(&self) -> &JitTier<L> {
        // SAFETY: the VM keeps its tier as long as there are threads.
        unsafe { &*self.tier }
    }
    /// Native code has called: is it to leave, although nothing requires it?
    fn forces_leaving(&self) -> bool {
        let Some(period) = self.invalidate_every else { return false };
        self.calls.set(self.calls.get() + 1);
        self.calls.get().is_multiple_of(period)
    }
}

/// A unit ready to run.
pub(crate) struct Installed {
    runs: Runs,
    /// The values of the unit's cells: roots. They stay where they are.
    cells: Cells,
    exits: Cell<u32>,
    /// The number of the collection that last found something running in it.
    seen: Cell<u64>,
    /// What has compiled it.
    stage: usize,
    logged: UnitLog,
}

enum Runs {
    Program(Program),
    Native(native::NativeUnit),
}

/// A unit is kept by its entry and by what runs in it.
type Kept = Rc<Installed>;

impl Installed {
    /// Where native code enters it.
    fn entry(&self) -> Option<EntryFn> {
        if let Runs::Native(native) = &self.runs { Some(native.entry) } else { None }
    }
    /// The unit; of one that has machine code its frames alone.
    fn unit(&self) -> &Unit {
        match &self.runs {
            Runs::Program(program) => program.unit(),
            Runs::Native(native) => &native.unit,
        }
    }
    /// Entries and back edges until it is hot.
    fn set_heat(&self, heat: u64) {
        if let Runs::Native(native) = &self.runs {
            native.heat.set(heat);
        }
    }
}

/// Position of an OSR entry; `None` for the function's own.
type UnitKey = Option<u32>;

/// The tier. One per VM.
pub struct JitTier<L: 'static> {
    options: TierOptions,
    stages: Rc<[Stage]>,
    environment: Arc<PlainCompileEnv>,
    background: Background,
    /// Where native code goes.
    code: Option<native::Code>,
    entries: Entries,
    live: RefCell<Vec<Weak<Installed>>>,
    /// Collections so far that were shown all frames.
    scans: Cell<u64>,
    /// Evaluated guards and calls so far, for those that are forced.
    guards: Cell<u64>,
    calls: Cell<u64>,
    log: Option<Rc<JitLog>>,
    language: PhantomData<L>,
}

impl<L: Language> JitTier<L> {
    /// A tier that has built nothing.
    ///
    /// # Errors
    /// The system gives no memory for code.
    pub fn new(
        backend: Box<dyn Backend>,
        collector: &CollectorDescriptor,
        options: TierOptions,
    ) -> io::Result<JitTier<L>> {
        JitTier::staged(vec![Stage::only(backend.into(), &options)], collector, options)
    }
    /// The same with several stages, one at least, all native or the only one. What a stage says stands for what the options do.
    ///
    /// # Errors
    /// As [`JitTier::new`].
    pub fn staged(stages: Vec<Stage>, collector: &CollectorDescriptor, options: TierOptions) -> io::Result<JitTier<L>> {
        let stages: Rc<[Stage]> = stages.into();
        let native = stages.iter().all(|stage| stage.backend.capabilities().native);
        assert!(!stages.is_empty() && (native || stages.len() == 1), "units of several stages share their frames");
        let count_guards = options.deopt_every.is_some();
        // One for its own caller, one for each inlined frame, one for a call.
        let records = options.build.inline_depth + 2;
        let environment = PlainCompileEnv {
            options: CompileOptions { count_guards, listing: options.dump_code.is_some(), ..CompileOptions::default() },
            lowering: Lowering {
                keeps_registers: native::KEEPS_REGISTERS,
                ..Lowering::new(collector.barriers, stack_lowering(records, options.invalidate_every.is_none()))
            },
        };
        Ok(JitTier {
            options,
            stages: stages.clone(),
            environment: Arc::new(environment),
            background: Background::new(),
            code: if native { Some(native::Code::new(options.deopt_every, options.code)?) } else { None },
            entries: Entries::new(stages),
            live: RefCell::new(Vec::new()),
            scans: Cell::new(0),
            guards: Cell::new(0),
            calls: Cell::new(0),
            log: None,
            language: PhantomData,
        })
    }
    /// The same, telling a log what it does.
    pub fn with_log(self, log: Option<Rc<JitLog>>) -> JitTier<L> {
        if let Some(log) = &log {
            log.interprets(interpreter::run::<L> as *const () as u64);
        }
        JitTier { log, ..self }
    }
    /// The counters, also after the tier went to its runtime.
    pub fn stats(&self) -> Rc<Cell<TierStats>> {
        self.entries.stats.clone()
    }

    /// What is hot is interpreted for now, although it may be possible to compile it.
    #[cold]
    #[inline(never)]
    fn refuse(&self, unit: &CodeUnit, key: UnitKey, why: Refusal) {
        if let Some(log) = &self.log {
            log.refused(unit, key, why);
        }
    }

    /// Runs the frame at `state` in the unit for `key`, if there is one.
    fn run(&self, runtime: &Runtime, state: State, key: UnitKey) -> Entered {
        // SAFETY: the state is that of a live frame.
        let unit = unsafe { &*state.unit };
        if unit.is_hidden() || state.feedback != unit.feedback {
            // Hidden code has feedback per site: it is inlined where it matters.
            self.refuse(unit, key, if unit.is_hidden() { Refusal::Hidden } else { Refusal::ForeignFeedback });
            unit.countdown.set(u32::MAX);
            return Entered::Interpret;
        }
        if key.is_some() && unit.suspends && runtime.is_observed(state.id()) {
            // Who observes it may look at it at any time.
            self.refuse(unit, key, Refusal::Observed);
            unit.countdown.set(self.stages[0].threshold.max(1));
            return Entered::Interpret;
        }
        let compile = |round, pending| self.compile(runtime, state, key, round, pending);
        let known = if key.is_none() { compiled(unit) } else { None };
        let scan = self.scans.get();
        let installed = match known.map_or_else(|| self.entries.installed(unit, key, scan, compile), Ok) {
            Ok(installed) => installed,
            Err(again) => {
                unit.countdown.set(again);
                return Entered::Interpret;
            }
        };
        unit.countdown.set(1);
        self.entries.count(|s| s.entered += 1);
        let ran = match &installed.runs {
            Runs::Program(program) => self.evaluate(runtime, state, &installed, program),
            Runs::Native(native) => self.run_native(runtime, runtime.tier_state(), state, native),
        };
        match ran {
            Ran::Left { entered, forced } => {
                self.entries.note_exit(unit, key, &installed, forced, self.scans.get());
                return entered;
            }
            Ran::Full => {
                self.refuse(unit, key, Refusal::FullStack);
                return Entered::Interpret;
            }
            Ran::Returned(_) | Ran::Raised => {}
        }
        end_observed(runtime, state);
        if let Ran::Returned(v) = ran { Entered::Returned(v) } else { Entered::Raised }
    }
}

/// The unit for a code's entry, if there is one.
#[inline(always)]
fn compiled(unit: &CodeUnit) -> Option<Kept> {
    let compiled: *const Installed = unit.compiled.get().cast();
    if compiled.is_null() {
        return None;
    }
    // SAFETY: entries keep what codes point to, and this does from here on.
    unsafe {
        Rc::increment_strong_count(compiled);
        Some(Rc::from_raw(compiled))
    }
}

/// What became of a run of a unit.
enum Ran {
    Returned(Value),
    /// An exception is pending.
    Raised,
    /// For the interpreter. `forced`: nothing required it.
    Left {
        entered: Entered,
        forced: bool,
    },
    /// It may not begin now: a stack is too full, or there is something to poll for.
    Full,
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

impl<L: Language> Tier for JitTier<L> {
    fn attach(&self) -> Box<dyn Any> {
        let evaluations = eval::Running::<L>::new(!self.is_native());
        let (leaving, calls) = Default::default();
        Box::new(Running { tier: self, evaluations, leaving, calls, invalidate_every: self.options.invalidate_every })
    }
    fn enter(&self, runtime: &Runtime, state: State) -> Entered {
        self.run(runtime, state, None)
    }
    fn finish(&self, runtime: &Runtime, state: State, caller: State, completion: Completion) -> Value {
        self.finish_native(runtime, runtime.tier_state(), state, caller, completion)
    }
    fn back_edge(&self, runtime: &Runtime, state: State) -> Entered {
        // SAFETY: the state is that of a live frame.
        let unit = unsafe { &*state.unit };
        let head = unit.executing(state.pc).wrapping_add(1);
        self.run(runtime, state, Some(head))
    }
    fn installed(&self, unit: &CodeUnit) {
        unit.countdown.set(self.stages[0].threshold.max(1));
    }
    fn compiled_frame(&self, runtime: &Runtime, state: State) -> CompiledFrame {
        if self.is_native() {
            return native::stands::frame(runtime, state, self.scans.get());
        }
        eval::frame(state)
    }
    fn walk(&self, runtime: &Runtime, state: State, f: VisitFrame<'_>) -> bool {
        match self.is_native() {
            true => native::stands::walk(runtime, state, f),
            false => runtime.tier_state::<Running<L>>().evaluations.walk_frames(state, f),
        }
    }
    fn reveal_frame(&self, runtime: &Runtime, state: State, frame: FrameId) -> Option<State> {
        self.reveal_one(runtime, state, Some(frame))
    }
    fn leave_frame(&self, runtime: &Runtime, state: State, frame: Option<FrameId>) {
        let running = runtime.tier_state::<Running<L>>();
        match self.is_native() {
            true => running.leaving.leave_if(runtime, state, frame),
            false => running.evaluations.leave_if(state, frame),
        }
    }
    fn reveal(&self, runtime: &Runtime, state: State) -> Option<State> {
        self.reveal_one(runtime, state, None)
    }
    fn slots(&self, scope: RootScope, visitor: &mut dyn SlotVisitor) {
        if scope == RootScope::All {
            self.scans.set(self.scans.get() + 1);
        }
        for installed in self.live.borrow().iter().filter_map(Weak::upgrade) {
            installed.cells.slots(visitor);
        }
        self.entries.each_pending(|cells| cells.slots(visitor));
    }
    fn thread_slots(&self, runtime: &Runtime, _scope: RootScope, visitor: &mut dyn SlotVisitor) {
        runtime.tier_state::<Running<L>>().evaluations.slots(visitor);
    }
    fn frame_slots(&self, runtime: &Runtime, state: State, visitor: &mut dyn SlotVisitor) -> bool {
        match self.is_native() {
            true => native::stands::slots(runtime, state, visitor),
            // SAFETY: the state is that of a live frame; register -1 is its function. Inside a collection nobody else uses it.
            false => visitor.slot(unsafe { &mut *state.registers.sub(1) }),
        }
    }
    fn before_fork(&self) -> io::Result<()> {
        self.background.pause();
        let ready = self.code.as_ref().map_or(Ok(()), native::Code::before_fork);
        if ready.is_err() {
            self.background.go_on();
        }
        ready
    }
    fn after_fork(&self, in_child: bool) {
        if in_child {
            self.background.abandon();
            self.entries.abandon_pending();
        } else {
            self.background.go_on();
        }
        if let Some(log) = self.log.as_ref().filter(|_| in_child) {
            log.forked();
        }
        if let Some(code) = &self.code {
            code.after_fork(in_child);
        }
    }
    fn weak_slots(&self, _scope: RootScope, _visitor: &mut dyn SlotVisitor) {}
}

impl<L: Language> JitTier<L> {
    fn is_native(&self) -> bool {
        self.code.is_some()
    }
    fn reveal_one(&self, runtime: &Runtime, state: State, wanted: Option<FrameId>) -> Option<State> {
        match self.is_native() {
            true => native::stands::reveal_one(runtime, state, wanted),
            false => runtime.tier_state::<Running<L>>().evaluations.reveal_one(state, wanted),
        }
    }
}
