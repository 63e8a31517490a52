//! What is compiled, how often, and when it is given up.

use super::{Kept, UnitKey};
use crate::build::{BuildOptions, Mode};
use runtime_arena::Mapping;
use runtime_core::CodeUnit;
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;
use vm_api::engine::CodeIndex;

/// Switches of the tier.
#[derive(Clone, Copy, Debug)]
pub struct TierOptions {
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
    pub(super) fn build_options(&self, round: Round) -> BuildOptions {
        let mode = if round.builds > self.most_builds { Mode::Baseline } else { self.build.mode };
        let times = if round.large { LARGE } else { 1 };
        let leave_unreached = round.builds <= BUILDS_BY_REACH;
        let most_instructions = self.build.most_instructions.saturating_mul(times);
        BuildOptions { mode, most_instructions, leave_unreached, ..self.build }
    }
}

/// Builds of one entry that leave where nothing was executed before.
const BUILDS_BY_REACH: u32 = 4;

/// How much larger a unit may be than others whose entry is this much hotter ([`LARGE_HEAT`]): compiling takes time by the size.
const LARGE: usize = 8;
/// See [`LARGE`].
const LARGE_HEAT: u32 = 16;

/// Which build of an entry it is.
#[derive(Clone, Copy)]
pub(super) struct Round {
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
    builds: u32,
    large: bool,
    /// It cannot be built.
    hopeless: bool,
}

/// All entry points that were ever hot.
pub(super) struct Entries {
    options: TierOptions,
    entries: RefCell<HashMap<(CodeIndex, UnitKey), Entry>>,
    /// Units that are not entered any more, with the number of the last collection before. Something may run in them: calls between
    /// units keep none.
    retired: RefCell<Vec<(Kept, u64)>>,
    pub(super) stats: Rc<Cell<TierStats>>,
}

impl Entries {
    pub(super) fn new(options: TierOptions) -> Entries {
        Entries { options, entries: RefCell::default(), retired: RefCell::default(), stats: Rc::default() }
    }
    pub(super) fn count(&self, f: impl FnOnce(&mut TierStats)) {
        let mut stats = self.stats.get();
        f(&mut stats);
        self.stats.set(stats);
    }
    /// The unit for an entry of a code, compiled if need be by `compile`; or how much hotter the code must become, in entries or back
    /// edges, before it is asked again.
    pub(super) fn installed(
        &self,
        unit: &CodeUnit,
        key: UnitKey,
        compile: impl FnOnce(Round) -> Result<Kept, Unbuilt>,
    ) -> Result<Kept, u32> {
        let threshold = self.options.threshold.max(1);
        let mut entries = self.entries.borrow_mut();
        let entry = entries.entry((unit.index, key)).or_default();
        if entry.installed.is_none() && !entry.hopeless {
            entry.builds += 1;
            match compile(Round { builds: entry.builds, large: entry.large }) {
                Ok(installed) => {
                    if key.is_none() {
                        unit.set_compiled(Rc::as_ptr(&installed).cast(), installed.entry());
                    }
                    entry.installed = Some(installed);
                    self.count(|s| s.built += 1);
                }
                Err(Unbuilt::TooLarge) if !entry.large => {
                    entry.builds -= 1;
                    entry.large = true;
                    return Err(threshold.saturating_mul(LARGE_HEAT));
                }
                Err(_) => {
                    entry.hopeless = true;
                    self.count(|s| s.bailouts += 1);
                }
            }
        }
        // Loops have one countdown with the rest of their code, which need not be hopeless.
        let again = if key.is_some() { threshold } else { u32::MAX };
        entry.installed.clone().ok_or(again)
    }
    /// A unit was left for the interpreter. `scan`: the number of the last collection that was shown all frames.
    pub(super) fn note_exit(&self, unit: &CodeUnit, key: UnitKey, installed: &Kept, forced: bool, scan: u64) {
        if forced {
            self.count(|s| s.forced += 1);
            return;
        }
        self.count(|s| s.exits += 1);
        installed.exits.set(installed.exits.get() + 1);
        if installed.exits.get() >= self.options.most_exits
            && let Some(entry) = self.entries.borrow_mut().get_mut(&(unit.index, key))
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
