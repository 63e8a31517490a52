//! `Build`: the machine that emits VIR. Walks bytecode, runs each handler, and turns what the handler does into a unit.
//!
//! Two modes ([`Mode`]): *speculative*, for optimizing backends, keeps registers in SSA form, consults feedback and emits
//! guards; *baseline* keeps registers in memory as the interpreter does. What an instruction has read or written, and what that is,
//! it knows in the next ones until other code runs or paths meet: what they read need not come from memory. It consults feedback and
//! emits guards, too, which makes its units small, until that has failed too often ([`BuildOptions::speculate`]): then it tests
//! everything. Where it tests it records feedback.
//!
//! Where a handler decides ([`Machine::test`](vm_api::engine::Machine::test) and its kin) and both answers are needed, the
//! emitter forks: it emits the branch, takes one side, queues the decisions made so far for the other, and later runs the
//! handler again with the values of the common prefix replayed from a log ([`emitter`]). (After BuildIt: Brahmakshatriya and
//! Amarasinghe, CGO 2021.) Handlers are therefore deterministic, and everything they can ask is restored before a re-run.
//! Paths would multiply; where a handler says that they meet ([`Machine::meet`](vm_api::engine::Machine::meet)), they wait for one
//! another and one run goes on for all.
//!
//! # Invariants
//!
//! * A guard never follows an effect within a handler's run; the emitter refuses it always, not only in debug builds.
//! * Frame states are those of before the instruction, made at a path's first guard, and shared by its guards.
//! * An exceptional edge sees the registers of before the instruction, plus the exception.
//! * Where a language has words ([`Language::WORDS`]), what registers hold may be one that only frame states may name ([`vm_api::vir::Inst::TagWord`]).
//!   It is boxed where anything else uses it: before an instruction whose handler is not to be given words, and where it crosses as a value.
//! * Nothing here allocates in the heap, so values may stand in the builder's tables until the unit is installed.

mod edges;
mod emitter;
mod knowledge;
mod loops;
mod machine;
mod pairs;
mod region;
mod resumption;
mod words;

use crate::build::emitter::Emitter;
use runtime_core::{CodeUnit, Runtime};
use std::cell::RefCell;
use std::collections::HashSet;
use std::marker::PhantomData;
use vm_api::engine::{FeedbackSlot, Language};
use vm_api::heap::Value;
use vm_api::vir::{Reason, Unit, UnitKind};

/// How to build.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Mode {
    /// Guards from feedback; registers in SSA form.
    Speculative,
    /// Registers in memory: each write goes there, and what is known of a register is what memory holds.
    Baseline,
}

/// Limits and switches.
#[derive(Clone, Copy, Debug)]
pub struct BuildOptions {
    /// How.
    pub mode: Mode,
    /// Take what feedback says for granted, with guards: always in speculative mode.
    pub speculate: bool,
    /// Deepest inlining; 0 turns it off.
    pub inline_depth: u32,
    /// Most instructions of a callee that is inlined.
    pub inline_size: usize,
    /// Most copies of a code within one another, its own included.
    pub inline_recursion: usize,
    /// VIR instructions of a unit beyond which nothing more is inlined: what is inlined in what is inlined multiplies.
    pub inline_budget: usize,
    /// Most VIR instructions of a unit.
    pub most_instructions: usize,
    /// Count entries and turns of loops down, in baseline units, and leave when that makes them hot.
    pub counts: bool,
    /// Leave for the interpreter at instructions that have recorded nothing, not even that their stub ran: they were never executed.
    pub leave_unreached: bool,
}

impl Default for BuildOptions {
    fn default() -> Self {
        BuildOptions {
            mode: Mode::Speculative,
            speculate: true,
            inline_depth: 5,
            inline_size: 60,
            inline_recursion: 2,
            inline_budget: 2_000,
            most_instructions: 200_000,
            counts: false,
            leave_unreached: false,
        }
    }
}

/// Why a code was not built.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Bailout {
    /// The unit grew beyond [`BuildOptions::most_instructions`].
    TooBig,
    /// Types at its joins did not settle.
    Unsettled,
}

/// What the registers hold at the entry into a loop that is built: whether they are integers or floats the unit takes for granted,
/// and tests once, so that they go around the loop untagged. `None`: nothing is known of a register.
pub type EntryValues<'a> = &'a dyn Fn(u16) -> Option<Value>;

/// A unit with what belongs to its installation.
pub struct Built {
    /// The unit.
    pub unit: Unit,
    /// Values of its cells, in order. Not rooted: install before anything may collect.
    pub cells: Vec<Value>,
}

/// The emitting machine; see the module header.
pub(crate) struct Build<'r, L> {
    pub(crate) state: RefCell<Emitter<'r>>,
    pub(crate) runtime: &'r Runtime,
    pub(crate) options: BuildOptions,
    pub(crate) language: PhantomData<L>,
}

/// Facts learnt by failed attempts, kept across them.
#[derive(Default)]
pub(crate) struct Settled {
    /// Registers (by inlining path, target, register) that must be tagged at a join.
    pub(crate) tagged: HashSet<(u64, usize, u16)>,
    /// The same that hold integers that are not all small.
    pub(crate) widened: HashSet<(u64, usize, u16)>,
    /// The same that a loop's turns leave as words while it is entered with what may be one.
    pub(crate) unboxed: HashSet<(u64, usize, u16)>,
    /// The same that do not hold at a join what all edges seen had brought.
    pub(crate) varying: HashSet<(u64, usize, u16)>,
    /// Targets (by inlining path) to which later edges lacked facts.
    pub(crate) forgetful: HashSet<(u64, usize)>,
    /// Targets (by inlining path) that have several predecessors although only one had been seen.
    pub(crate) joins: HashSet<(u64, usize)>,
}

/// Attempts after which types at joins count as unsettled.
const MOST_ATTEMPTS: usize = 200;

/// Builds a unit for `unit` entered as `kind` says, with feedback from `feedback` (its own vector, or that of a site for
/// hidden code).
pub fn build<L: Language>(
    runtime: &Runtime,
    unit: &CodeUnit,
    feedback: *mut FeedbackSlot,
    kind: UnitKind,
    entry: EntryValues<'_>,
    options: BuildOptions,
) -> Result<Built, Bailout> {
    let mut settled = Settled::default();
    for _ in 0..MOST_ATTEMPTS {
        let emitter = Emitter::new::<L>(runtime, unit, feedback, kind, options, std::mem::take(&mut settled));
        let m = Build::<L> { state: RefCell::new(emitter), runtime, options, language: PhantomData };
        let outs = m.function(kind, entry);
        let mut e = m.state.into_inner();
        if e.too_big {
            return Err(Bailout::TooBig);
        }
        if e.again {
            settled = e.settled;
            continue;
        }
        e.finish(outs);
        e.unbox_unused();
        if options.mode == Mode::Speculative {
            pairs::join::<L>(&mut e.unit);
        }
        e.unit.thread_jumps();
        return Ok(Built { unit: e.unit, cells: e.cells });
    }
    Err(Bailout::Unsettled)
}

/// Marks what a failed guard teaches that the interpreter does not record itself: a slot that failed a speculation has seen
/// more than its bits say (integers are not recorded on the fast path).
///
/// # Safety
/// `slot` must be null or a live feedback slot.
pub unsafe fn teach(slot: *mut FeedbackSlot, reason: Reason) {
    use vm_api::engine::bit;
    // SAFETY: the caller's.
    if let Some(slot) = unsafe { slot.as_mut() }
        && reason == Reason::Speculation
    {
        slot.bits |= if slot.bits & bit::INT == 0 { bit::INT } else { bit::OTHER };
    }
}
