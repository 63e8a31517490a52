//! What is compiled, how often, and when it is given up.

use super::background::Ticket;
use super::cells::Cells;
use super::log::Attempt;
use super::{Kept, UnitKey};
use crate::build::{BuildOptions, Mode};
use runtime_arena::Mapping;
use runtime_core::CodeUnit;
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;
use vm_api::engine::{Backend, CodeIndex};

/// What compiles what has become this hot. The tier's stages are in the order of heat: code begins in the interpreter, and what is hot
/// in a stage is compiled by the next one.
#[derive(Clone)]
pub struct Stage {
    /// What compiles.
    pub backend: Arc<dyn Backend>,
    /// Entries and back edges in what is before this stage; at least 1.
    pub threshold: u32,
    /// How units are built. All stages but the last are [`Mode::Baseline`]: their units count.
    pub mode: Mode,
    /// Most VIR instructions of a unit.
    pub most_instructions: usize,
    /// Exits (forced ones not counted) after which a unit is built anew with what the interpreter has learnt.
    pub most_exits: u32,
}

impl Stage {
    /// The only stage of a tier with these options.
    pub fn only(backend: Arc<dyn Backend>, options: &TierOptions) -> Stage {
        let TierOptions { threshold, build, most_exits, .. } = *options;
        Stage { backend, threshold, mode: build.mode, most_instructions: build.most_instructions, most_exits }
    }
}

/// Switches of the tier.
#[derive(Clone, Copy, Debug)]
pub struct TierOptions {
    /// Entries and back edges before a code is built; at least 1.
    pub threshold: u32,
    /// Does the program run on while backends work? What they make is there some time later then.
    pub background: bool,
    /// Make every so many-th guard fail.
    pub deopt_every: Option<u64>,
    /// Leave units after every so many-th call, as if they had become invalid meanwhile.
    pub invalidate_every: Option<u64>,
    /// How to build.
    pub build: BuildOptions,
    /// Exits (forced ones not counted) after which an entry's first unit is built anew with what the interpreter has learnt.
    pub most_exits: u32,
    /// Name, qualified or not, of functions whose units are printed to standard error as they are compiled.
    pub dump_vir: Option<&'static str>,
    /// The same for the backend's listing of what it makes.
    pub dump_code: Option<&'static str>,
    /// Builds of one entry after which it is built without speculation.
    pub most_builds: u32,
    /// How the memory of machine code is mapped.
    pub code: Mapping,
}

impl Default for TierOptions {
    fn default() -> Self {
        TierOptions {
            threshold: 2,
            background: false,
            deopt_every: None,
            invalidate_every: None,
            build: BuildOptions::default(),
            most_exits: 4,
            dump_vir: None,
            dump_code: None,
            most_builds: 12,
            code: Mapping::Best,
        }
    }
}

impl TierOptions {
    /// How an entry is built.
    pub(super) fn build_options(&self, stages: &[Stage], round: Round) -> BuildOptions {
        let stage = &stages[round.stage];
        let mode = if round.builds > self.most_builds { Mode::Baseline } else { stage.mode };
        let times = if round.large { LARGE } else { 1 };
        let leave_unreached = round.builds <= BUILDS_BY_REACH;
        let most_instructions = stage.most_instructions.saturating_mul(times);
        let counts = round.stage + 1 < stages.len();
        let speculate = self.build.speculate && round.builds <= self.most_builds;
        BuildOptions { mode, speculate, most_instructions, leave_unreached, counts, ..self.build }
    }
}

/// Builds of one entry that leave where nothing was executed before.
const BUILDS_BY_REACH: u32 = 4;

/// Each build of an entry is kept for twice as many exits as the one before, but for no more than so many, unless the first is: what was
/// wrong with the first soon shows, what is wrong with the tenth is some rare case.
const EXITS_OF_LATER_BUILDS: u32 = 200;

/// How much larger a unit may be than others whose entry is this much hotter ([`LARGE_HEAT`]): compiling takes time by the size.
const LARGE: usize = 8;
/// See [`LARGE`].
const LARGE_HEAT: u32 = 16;

/// Entries and back edges after which a unit that is being compiled is asked for again.
const RECHECK: u32 = 100;

/// Which build of an entry it is.
#[derive(Clone, Copy)]
pub(super) struct Round {
    /// By which stage.
    pub(super) stage: usize,
    /// How often it has been built, this time included.
    pub(super) builds: u32,
    /// May the unit be large?
    pub(super) large: bool,
}

/// Why an entry has no unit.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Unbuilt {
    /// It would be too large for how hot it is.
    TooLarge,
    /// It cannot be built.
    Hopeless,
}

/// What came of an attempt to compile.
pub(super) enum Made {
    Installed(Kept),
    /// The backend is at work.
    Pending(Box<Pending>),
}

/// A unit that a backend is at work on.
pub(super) struct Pending {
    pub(super) ticket: Ticket,
    pub(super) round: Round,
    /// The values of its cells: roots.
    pub(super) cells: Cells,
    pub(super) attempt: Attempt,
}

/// Counters, for logs and tests that must know that something was compiled at all.
#[derive(Clone, Copy, Debug, Default)]
pub struct TierStats {
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

/// What the policy knows about one entry point.
#[derive(Default)]
struct Entry {
    installed: Option<Kept>,
    pending: Option<Box<Pending>>,
    /// Which stage compiles it.
    stage: usize,
    /// Its unit, of an earlier stage, has counted enough.
    hot: bool,
    /// By this stage.
    builds: u32,
    large: bool,
    /// It cannot be built by this stage.
    hopeless: bool,
}

impl Entry {
    fn is_wanted(&self) -> bool {
        self.pending.is_some() || !self.hopeless && (self.hot || self.installed.is_none())
    }
    /// Its unit, if it has one, is to be that much hotter before there is a better one.
    fn cool(&self, heat: u32) {
        if let Some(installed) = &self.installed {
            installed.set_heat(if heat == u32::MAX { u64::MAX } else { heat.into() });
        }
    }
}

/// All entry points that were ever hot.
pub(super) struct Entries {
    stages: Rc<[Stage]>,
    entries: RefCell<HashMap<(CodeIndex, UnitKey), Entry>>,
    /// Units that are not entered any more, with the number of the last collection before. Something may run in them: calls between
    /// units keep none.
    retired: RefCell<Vec<(Kept, u64)>>,
    pub(super) stats: Rc<Cell<TierStats>>,
}

impl Entries {
    pub(super) fn new(stages: Rc<[Stage]>) -> Entries {
        Entries { stages, entries: RefCell::default(), retired: RefCell::default(), stats: Rc::default() }
    }
    pub(super) fn count(&self, f: impl FnOnce(&mut TierStats)) {
        let mut stats = self.stats.get();
        f(&mut stats);
        self.stats.set(stats);
    }
    /// Entries and back edges until a unit of this stage is hot.
    pub(super) fn heat(&self, stage: usize) -> u64 {
        self.stages.get(stage + 1).map_or(u64::MAX, |next| u64::from(next.threshold.max(1)))
    }
    /// The unit for an entry of a code, compiled if need be by `compile`; or how much hotter the code must become, in entries or back
    /// edges, before it is asked again. `scan` as for [`note_exit`](Entries::note_exit).
    pub(super) fn installed(
        &self,
        unit: &CodeUnit,
        key: UnitKey,
        scan: u64,
        compile: impl FnOnce(Round, Option<Box<Pending>>) -> Result<Made, Unbuilt>,
    ) -> Result<Kept, u32> {
        let mut entries = self.entries.borrow_mut();
        let entry = entries.entry((unit.index, key)).or_default();
        let threshold = self.stages[entry.stage].threshold.max(1);
        // Loops have one countdown with the rest of their code, which need not be hopeless.
        let mut again = if key.is_some() { threshold } else { u32::MAX };
        if entry.is_wanted() {
            let pending = entry.pending.take();
            if pending.is_none() {
                entry.builds += 1;
            }
            entry.hot = false;
            match compile(Round { stage: entry.stage, builds: entry.builds, large: entry.large }, pending) {
                Ok(Made::Installed(installed)) => {
                    if key.is_none() {
                        unit.set_compiled(Rc::as_ptr(&installed).cast(), installed.entry());
                    }
                    let before = entry.installed.replace(installed);
                    self.retired.borrow_mut().extend(before.map(|unit| (unit, scan)));
                    self.count(|s| s.built += 1);
                }
                Ok(Made::Pending(pending)) => {
                    entry.pending = Some(pending);
                    again = RECHECK;
                    entry.cool(RECHECK);
                }
                Err(Unbuilt::TooLarge) if !entry.large => {
                    entry.builds -= 1;
                    entry.large = true;
                    again = threshold.saturating_mul(LARGE_HEAT);
                    entry.cool(again);
                }
                Err(_) => {
                    entry.hopeless = true;
                    entry.cool(u32::MAX);
                    self.count(|s| s.bailouts += 1);
                }
            }
        }
        entry.installed.clone().ok_or(again)
    }
    /// A unit has used its heat up; `key` is the entry that begins where it was left.
    pub(super) fn note_hot(&self, unit: &CodeUnit, key: UnitKey, installed: &Kept) {
        installed.set_heat(self.heat(installed.stage));
        let stage = installed.stage + 1;
        if stage < self.stages.len() {
            let mut entries = self.entries.borrow_mut();
            let entry = entries.entry((unit.index, key)).or_default();
            if entry.stage < stage {
                *entry = Entry { stage, installed: entry.installed.take(), ..Entry::default() };
            }
            entry.hot = entry.installed.as_ref().is_some_and(|installed| installed.stage < entry.stage);
        }
    }
    /// Shows the roots of what backends are at work on.
    pub(super) fn each_pending(&self, mut f: impl FnMut(&Cells)) {
        self.entries.borrow().values().filter_map(|entry| entry.pending.as_ref()).for_each(|pending| f(&pending.cells));
    }
    /// In the child of a fork: nothing will come of what backends were at work on.
    pub(super) fn abandon_pending(&self) {
        for entry in self.entries.borrow_mut().values_mut() {
            if let Some(pending) = entry.pending.take() {
                pending.ticket.abandon();
                entry.builds -= 1;
                entry.hot = entry.installed.is_some();
            }
        }
    }
    /// A unit was left for the interpreter. `scan`: the number of the last collection that was shown all frames.
    pub(super) fn note_exit(&self, unit: &CodeUnit, key: UnitKey, installed: &Kept, forced: bool, scan: u64) {
        if forced {
            self.count(|s| s.forced += 1);
            return;
        }
        self.count(|s| s.exits += 1);
        installed.exits.set(installed.exits.get() + 1);
        if installed.exits.get() >= self.stages[installed.stage].most_exits
            && let Some(entry) = self.entries.borrow_mut().get_mut(&(unit.index, key))
            && installed.exits.get() >= exits_allowed(self.stages[installed.stage].most_exits, entry.builds)
            && entry.installed.as_ref().is_some_and(|i| Rc::ptr_eq(i, installed))
        {
            installed.logged.discarded(installed.exits.get());
            let retired = entry.installed.take().map(|unit| (unit, scan));
            self.retired.borrow_mut().extend(retired);
            if key.is_none() {
                unit.set_compiled(std::ptr::null(), None);
            }
        }
    }
    /// Frees units that no collection up to this one has found running since they were retired.
    pub(super) fn free_retired(&self, scan: u64) {
        self.retired.borrow_mut().retain(|(unit, since)| *since == scan || unit.seen.get() == scan);
    }
}

/// Exits after which the unit of an entry that was built so often is built anew.
fn exits_allowed(first: u32, builds: u32) -> u32 {
    let doublings = builds.saturating_sub(1).min(8);
    (first << doublings.min(first.leading_zeros())).min(EXITS_OF_LATER_BUILDS.max(first))
}

#[cfg(test)]
mod tests {
    use super::exits_allowed;

    #[test]
    fn later_builds_are_kept_for_longer_but_not_for_ever() {
        let of = |first| [0, 1, 2, 3, 7, 12, u32::MAX].map(|builds| exits_allowed(first, builds));
        assert_eq!(of(4), [4, 4, 8, 16, 200, 200, 200]);
        assert_eq!(of(50), [50, 50, 100, 200, 200, 200, 200]);
        assert_eq!(of(1000), [1000; 7]);
        assert_eq!(of(u32::MAX), [u32::MAX; 7]);
    }
}
