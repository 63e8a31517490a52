//! From an entry that is wanted to a unit that is ready to run: built, verified, compiled, installed.

use super::background::{self, Done};
use super::cells::Cells;
use super::log::{Attempt, Refusal, Wanted};
use super::policy::{Made, Pending, Round, Unbuilt};
use super::{Installed, JitTier, Kept, Runs, UnitKey};
use crate::build::{self, build};
use runtime_core::{CodeUnit, Runtime, State};
use std::rc::Rc;
use vm_api::engine::{Bailout, CodeIndex, CompiledCode, Language};
use vm_api::vir::{Unit, UnitKind, verify};

/// Builds of an entry that take the kinds of its registers for granted.
const BUILDS_BY_ENTRY: u32 = 2;

impl<L: Language> JitTier<L> {
    /// Builds and compiles a unit, or goes on with one that a backend was at work on.
    pub(super) fn compile(
        &self,
        runtime: &Runtime,
        state: State,
        key: UnitKey,
        round: Round,
        pending: Option<Box<Pending>>,
    ) -> Result<Made, Unbuilt> {
        let (done, round, cells, mut attempt) = match pending {
            Some(pending) => match pending.ticket.done() {
                Ok(None) => return Ok(Made::Pending(pending)),
                Ok(Some(done)) => (done, pending.round, pending.cells, pending.attempt),
                Err(background::Lost) => return Err(refused(pending.attempt, Refusal::Lost)),
            },
            None => {
                // SAFETY: the state is that of a live frame.
                let unit = unsafe { &*state.unit };
                let mut attempt = self.attempt(unit, key, round);
                let (built, cells) = match self.build(runtime, state, key, round, &mut attempt) {
                    Ok(built) => built,
                    Err(why) => return Err(refused(attempt, why)),
                };
                let backend = &self.stages[round.stage].backend;
                let built = match self.in_background() {
                    false => Box::new(built),
                    true => match self.background.submit(built, backend, &self.environment) {
                        Ok(ticket) => return Ok(Made::Pending(Box::new(Pending { ticket, round, cells, attempt }))),
                        Err(built) => built,
                    },
                };
                (background::compile(*built, &**backend, &self.environment), round, cells, attempt)
            }
        };
        match self.install(runtime, done, &cells, &mut attempt) {
            Ok(runs) => Ok(Made::Installed(self.keep(runs, cells, round.stage, attempt))),
            Err(why) => Err(refused(attempt, why)),
        }
    }
    fn in_background(&self) -> bool {
        self.options.background && self.is_native()
    }
    fn attempt(&self, unit: &CodeUnit, key: UnitKey, round: Round) -> Attempt {
        let (builds, stage) = (round.builds, &self.stages[round.stage]);
        let (mode, backend) = (self.options.build_options(&self.stages, round).mode, stage.backend.capabilities().name);
        let despaired = builds == self.options.most_builds + 1;
        Attempt::new(self.log.as_ref(), &Wanted { unit, key, builds, mode, despaired, backend })
    }
    /// Builds a unit.
    fn build(
        &self,
        runtime: &Runtime,
        state: State,
        key: UnitKey,
        round: Round,
        attempt: &mut Attempt,
    ) -> Result<(Unit, Cells), Refusal> {
        // SAFETY: the state is that of a live frame.
        let unit = unsafe { &*state.unit };
        let kind = key.map_or(UnitKind::Function, |position| UnitKind::Osr { position });
        // A loop that is entered with numbers of other kinds each time goes without.
        let entry = |r: u16| {
            // SAFETY: the registers of the frame are in memory.
            (round.builds <= BUILDS_BY_ENTRY).then(|| unsafe { *state.registers.add(usize::from(r)) })
        };
        let options = self.options.build_options(&self.stages, round);
        let built = build::<L>(runtime, unit, unit.feedback, kind, &entry, options)?;
        attempt.built(&built.unit);
        // To check what the builder makes takes as long as to make it.
        if cfg!(debug_assertions)
            && let Err(problems) = verify(&built.unit)
        {
            panic!("{}: the builder made an invalid unit: {problems}\n{}", unit.code.name, built.unit);
        }
        if is_wanted(self.options.dump_vir, unit) {
            eprintln!("{}", built.unit);
        }
        Ok((built.unit, Cells::new(built.cells)))
    }
    /// Puts what a backend has made in its place.
    fn install(&self, runtime: &Runtime, done: Done, cells: &Cells, attempt: &mut Attempt) -> Result<Runs, Refusal> {
        let Done { unit, code, spent } = done;
        match code {
            Err(Bailout::Invalid(why)) if cfg!(debug_assertions) => panic!("{}: {why}\n{unit}", unit.name),
            Err(why) => Err(why.into()),
            Ok(CompiledCode::Program(program)) => {
                attempt.compiled(None, spent);
                Ok(Runs::Program(program))
            }
            Ok(CompiledCode::Native(code)) => {
                attempt.compiled(Some(code.bytes.len()), spent);
                if is_wanted(self.options.dump_code, runtime.unit(CodeIndex(unit.code.0))) {
                    eprintln!("{}\n{}", unit.name, code.listing.as_deref().unwrap_or("no listing"));
                }
                let place = self.code.as_ref().expect("a backend that makes machine code says so");
                Ok(Runs::Native(place.install::<L>(runtime, unit, &code, cells)?))
            }
        }
    }
    /// A unit that is ready to run.
    fn keep(&self, runs: Runs, cells: Cells, stage: usize, attempt: Attempt) -> Kept {
        let logged = attempt.installed(match &runs {
            Runs::Program(_) => None,
            Runs::Native(native) => native.place(),
        });
        let (exits, seen) = Default::default();
        let installed = Rc::new(Installed { runs, cells, exits, seen, stage, logged });
        installed.set_heat(self.entries.heat(stage));
        if let Runs::Native(native) = &installed.runs {
            native.set_owner(Rc::as_ptr(&installed));
        }
        self.entries.free_retired(self.scans.get());
        self.live.borrow_mut().retain(|c| c.strong_count() > 0);
        self.live.borrow_mut().push(Rc::downgrade(&installed));
        installed
    }
    /// A unit was left because it is hot, for the instruction where `state` stands: the next stage compiles what begins there.
    #[cold]
    #[inline(never)]
    pub(super) fn heat_used_up(&self, runtime: &Runtime, state: State, installed: &Kept) {
        // SAFETY: the state is that of a live frame.
        let unit = unsafe { &*state.unit };
        let position = unit.executing(state.pc).wrapping_add(1);
        let of_function = installed.unit().kind == UnitKind::Function;
        let at_entry = of_function && position == 0;
        if !at_entry {
            // The interpreter asks for it at the loop's next turn.
            self.entries.note_hot(unit, Some(position), installed);
        }
        // Calls of compiled code do not ask.
        if at_entry || of_function && unit.suspends {
            self.entries.note_hot(unit, None, installed);
            let compile = |round, pending| self.compile(runtime, state, None, round, pending);
            let _ = self.entries.installed(unit, None, self.scans.get(), compile);
        }
    }
}

/// The log is told why there is no unit.
fn refused(attempt: Attempt, why: Refusal) -> Unbuilt {
    attempt.refused(&why);
    if why == Refusal::Build(build::Bailout::TooBig) { Unbuilt::TooLarge } else { Unbuilt::Hopeless }
}

/// Is this the function that somebody wants to see?
fn is_wanted(wanted: Option<&str>, unit: &CodeUnit) -> bool {
    wanted.is_some_and(|name| *name == *unit.code.name || *name == *unit.code.qualified_name)
}
