//! What the tier does, as lines of JSON: `--jit-log`.
//!
//! Without it whoever wonders why a program is slow sees neither what was compiled nor why something was not: bailouts end
//! where they are met, exits are numbers. `docs/formats.md` describes the events.
//!
//! The tier holds an optional [`JitLog`] and tells it what happens, through [`Attempt`] as it compiles and through [`UnitLog`]
//! of each unit afterwards. None of these places is on the way into a unit or out of it by returning, so a run without a log
//! pays a test when it compiles, when a unit is left for the interpreter, and when one is dropped.
//!
//! # Invariants
//!
//! * Nothing here runs the language, allocates in the heap or enters the tier again.
//! * The log's size is bounded by that of what is compiled: of the exits at one place only the first have lines, the
//!   others are counted.
//! * The child of a fork goes on with the log of its parent, under its own number of a process.

mod attempt;
mod caches;
mod json;
mod output;
mod perf_dump;
mod perf_map;
mod refusal;
mod shares;
mod summary;
mod unit;

pub use perf_dump::PerfDump;
pub use perf_map::PerfMap;

pub(super) use attempt::{Attempt, Wanted};
pub(super) use refusal::Refusal;
pub(super) use unit::UnitLog;

use super::UnitKey;
use json::Json;
use output::Output;
use runtime_arena::Mapping;
use runtime_core::CodeUnit;
use shares::Shares;
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::io::Write;
use std::ops::Range;
use std::time::Instant;
use summary::{FunctionIndex, Summary, entry};
use vm_api::code::Code;
use vm_api::vir::{Reason, StateId};

/// Version of the form of the lines; raised when a field changes its meaning.
const FORMAT_VERSION: u32 = 1;

/// The log of a process, of all its tiers.
pub struct JitLog {
    began: Instant,
    process: Cell<u32>,
    recorded: RefCell<Recorded>,
}

struct Recorded {
    output: Output,
    summary: Summary,
    shares: Shares,
    profilers: Profilers,
    /// Those that were installed and not freed, by their numbers.
    units: HashMap<u64, Known>,
    /// Units so far.
    numbered: u64,
}

/// What `perf` is told of what is compiled.
#[derive(Debug, Default)]
pub struct Profilers {
    /// By a map of addresses to names.
    pub map: Option<PerfMap>,
    /// By the code itself.
    pub dump: Option<PerfDump>,
}

impl Profilers {
    /// Is there anybody to tell?
    pub fn is_none(&self) -> bool {
        self.map.is_none() && self.dump.is_none()
    }
    fn add(&mut self, address: u64, code: &[u8], name: impl Fn() -> String) {
        if let Some(map) = &mut self.map {
            map.add(address, code.len(), &name());
        }
        if let Some(dump) = &mut self.dump {
            dump.add(address, code, &name());
        }
    }
    fn forked(&mut self) {
        self.map.iter_mut().for_each(PerfMap::forked);
        self.dump.iter_mut().for_each(PerfDump::forked);
    }
    fn end(&mut self) -> Result<(), String> {
        let mapped = self.map.as_mut().map_or(Ok(()), PerfMap::end);
        mapped.map_err(|error| format!("the map for perf is incomplete: {error}"))?;
        let dumped = self.dump.as_mut().map_or(Ok(()), PerfDump::end);
        dumped.map_err(|error| format!("the dump for perf is incomplete: {error}"))
    }
}

/// What is known of a unit.
struct Known {
    function: FunctionIndex,
    /// Where its machine code is.
    code: Option<Range<u64>>,
    /// How often it was left, by where, why, and whether that was forced.
    exits: HashMap<(StateId, Reason, bool), u32>,
}

impl std::fmt::Debug for JitLog {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("JitLog").finish_non_exhaustive()
    }
}

impl JitLog {
    /// A log that is written to each of `to`, with shares of the time of the calling thread and those that it will start, and what
    /// profilers are told.
    pub fn new(to: Vec<Box<dyn Write>>, profilers: Profilers) -> JitLog {
        let shares = if !to.is_empty() { Shares::begin() } else { Shares::none("there is no log".to_owned()) };
        let recorded = Recorded {
            output: Output::new(to),
            summary: Summary::default(),
            shares,
            profilers,
            units: HashMap::new(),
            numbered: 0,
        };
        JitLog { began: Instant::now(), process: Cell::new(std::process::id()), recorded: RefCell::new(recorded) }
    }
    /// Ends the log with the summary; what happens later is not recorded.
    ///
    /// # Errors
    /// Why the log, the map or the dump could not be written, now or before.
    pub fn finish(&self) -> Result<(), String> {
        let recorded = &mut *self.recorded.borrow_mut();
        if recorded.output.is_open() {
            for known in recorded.units.values() {
                recorded.summary.sample(known, &mut recorded.shares);
            }
            let line = recorded.shares.end(self.event("summary"));
            recorded.output.line(recorded.summary.object(line).finish());
        }
        recorded.output.close().map_err(|error| format!("the log of the JIT is incomplete: {error}"))?;
        recorded.profilers.end()
    }
    /// How machine code is mapped so that whoever reads the log's outputs finds it: `perf` looks its map up for memory of no file.
    pub fn mapping(&self) -> Mapping {
        if self.recorded.borrow().profilers.map.is_some() { Mapping::Anonymous } else { Mapping::Best }
    }
    /// This is the child of a fork.
    pub(super) fn forked(&self) {
        self.process.set(std::process::id());
        let recorded = &mut *self.recorded.borrow_mut();
        recorded.shares.forked();
        recorded.profilers.forked();
    }
    /// The function at this address is an interpreter's loop.
    pub(super) fn interprets(&self, function: u64) {
        self.recorded.borrow_mut().shares.interprets(function);
    }

    fn event(&self, event: &'static str) -> Json {
        Json::new()
            .number("v", FORMAT_VERSION.into())
            .text("event", event)
            .number("at_ns", self.began.elapsed().as_nanos() as u64)
            .number("process", self.process.get().into())
    }
    /// Writes a line about a function, which `more` completes.
    fn line(&self, event: &'static str, function: FunctionIndex, more: impl FnOnce(Json) -> Json) {
        let recorded = &mut *self.recorded.borrow_mut();
        if recorded.output.is_open() {
            let line = more(recorded.summary.functions[function].place(self.event(event)));
            recorded.output.line(line.finish());
        }
    }
    fn function(&self, code: &Code) -> FunctionIndex {
        self.recorded.borrow_mut().summary.function(code)
    }
    /// What is hot is not compiled now, although nothing was tried.
    pub(super) fn refused(&self, unit: &CodeUnit, key: UnitKey, why: Refusal) {
        let function = self.function(&unit.code);
        self.recorded.borrow_mut().summary.functions[function].refuse(key, &why);
        if matches!(why, Refusal::Hidden | Refusal::ForeignFeedback) {
            self.give_up(function, key, "entry", why.reason());
        }
    }
    fn give_up(&self, function: FunctionIndex, key: UnitKey, what: &str, reason: &str) {
        self.line("give-up", function, |line| entry(line, key).text("what", what).text("reason", reason));
    }
}

/// The line of an instruction.
fn line_of(code: &Code, position: u32) -> Option<u64> {
    code.positions.get(position as usize).map(|position| position.line.into())
}
