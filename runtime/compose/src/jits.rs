//! The table of JITs.

use runtime_core::Tier;
use runtime_engines::build::Mode;
use runtime_engines::{JitLog, JitTier, Stage, TierOptions};
use std::io;
use std::rc::Rc;
use std::sync::Arc;
use vm_api::engine::{Backend, Language};
use vm_api::heap::CollectorDescriptor;

/// What can be said about any JIT.
#[derive(Clone, Copy, Debug, Default)]
pub struct JitOptions {
    /// Every this many guards, one fails although its condition holds.
    pub deopt_every: Option<u64>,
    /// After every this many calls of a unit it is left, as if it had become invalid meanwhile.
    pub invalidate_every: Option<u64>,
    /// Entries and back edges before a code is compiled; `None`: as many as suit the JIT.
    pub threshold: Option<u32>,
    /// Functions whose units are printed to standard error as they are compiled: see [`TierOptions`].
    pub dump_vir: Option<&'static str>,
    /// The same with what becomes of them.
    pub dump_code: Option<&'static str>,
    /// Does the program run on while backends work? `None`: where there are several processors, and nothing else here is asked for.
    pub background: Option<bool>,
}

/// One JIT of this build.
#[derive(Debug)]
pub struct JitEntry {
    /// The name that `--jit=` takes.
    pub name: &'static str,
    /// One line for `--jit=help`.
    pub summary: &'static str,
    /// Does it make code that can deoptimize, so that `--deopt-every=` means something?
    pub deoptimizes: bool,
    /// Is it faster than the interpreter?
    pub fast: bool,
    /// What compiles, in the order of heat; none: bytecode is executed by the interpreter alone.
    stages: &'static [StageEntry],
}

/// A stage of a JIT: see [`Stage`].
#[derive(Debug)]
struct StageEntry {
    backend: fn() -> Arc<dyn Backend>,
    threshold: u32,
    mode: Mode,
    most_instructions: usize,
}

#[cfg(feature = "jit-eval")]
const EVAL: StageEntry = StageEntry {
    backend: || Arc::new(jit_eval::Evaluator),
    threshold: 2,
    mode: Mode::Speculative,
    most_instructions: 200_000,
};

#[cfg(feature = "jit-cranelift")]
const CRANELIFT: StageEntry = StageEntry {
    backend: || Arc::new(jit_cranelift::Cranelift::new()),
    threshold: 1000,
    mode: Mode::Speculative,
    // Some fifty milliseconds of work.
    most_instructions: 6_000,
};

#[cfg(feature = "jit-template")]
const TEMPLATE: StageEntry = StageEntry {
    backend: || Arc::new(jit_template::Template),
    threshold: 200,
    mode: Mode::Baseline,
    most_instructions: 100_000,
};

/// The JITs of this build, the default first: the fastest, or the interpreter alone in a build without any.
pub static JITS: &[JitEntry] = &[
    #[cfg(all(feature = "jit-template", feature = "jit-cranelift"))]
    JitEntry {
        name: "tiered",
        summary: "what is warm by the template, what is hot by Cranelift",
        deoptimizes: true,
        fast: true,
        // What it is the default for are programs that end soon, too: the template's code is good enough to wait for what will last.
        stages: &[StageEntry { threshold: 500, ..TEMPLATE }, StageEntry { threshold: 5000, ..CRANELIFT }],
    },
    #[cfg(feature = "jit-cranelift")]
    JitEntry {
        name: "cranelift",
        summary: "machine code through Cranelift, with guards on what was seen before",
        deoptimizes: true,
        fast: true,
        stages: &[CRANELIFT],
    },
    #[cfg(feature = "jit-template")]
    JitEntry {
        name: "template",
        summary: "machine code in one pass, with the interpreter's frames, and guards on what was seen before",
        deoptimizes: true,
        fast: true,
        stages: &[TEMPLATE],
    },
    JitEntry { name: "off", summary: "the interpreter alone", deoptimizes: false, fast: false, stages: &[] },
    #[cfg(feature = "jit-eval")]
    JitEntry {
        name: "eval",
        summary: "VIR through the reference evaluator: slow, always right",
        deoptimizes: true,
        fast: false,
        stages: &[EVAL],
    },
    #[cfg(feature = "jit-lean")]
    JitEntry {
        name: "lean",
        summary: "the evaluator, without instructions that nobody needs (docs/writing-a-jit.md)",
        deoptimizes: true,
        fast: false,
        stages: &[StageEntry {
            backend: || Arc::new(guide_jit::Lean),
            threshold: 2,
            mode: Mode::Speculative,
            most_instructions: 200_000,
        }],
    },
];

impl JitEntry {
    /// Is there anything beyond the interpreter?
    pub fn compiles(&self) -> bool {
        !self.stages.is_empty()
    }
    fn stages(&self, options: JitOptions) -> Vec<Stage> {
        let least_exits = TierOptions::default().most_exits;
        let stage = |entry: &StageEntry| {
            let threshold = options.threshold.unwrap_or(entry.threshold);
            Stage {
                backend: (entry.backend)(),
                threshold,
                mode: entry.mode,
                most_instructions: entry.most_instructions,
                // To compile costs as much as some hundreds of exits; but where everything is compiled soon, so it is again.
                most_exits: (threshold / 20).max(least_exits),
            }
        };
        let mut stages: Vec<Stage> = self.stages.iter().map(stage).collect();
        if stages.len() > 1 {
            // On a machine for which a backend makes no code there is a stage less.
            stages.retain(|stage| stage.backend.capabilities().native);
        }
        stages
    }
    /// What runs beyond the interpreter, for one runtime of language `L` on a heap of this collector; `None`: nothing. `log` is told what it does.
    ///
    /// # Errors
    /// The system gives no memory for code.
    pub fn tier<L: Language>(
        &self,
        collector: &CollectorDescriptor,
        options: JitOptions,
        log: Option<Rc<JitLog>>,
    ) -> io::Result<Option<Box<dyn Tier>>> {
        let stages = self.stages(options);
        if stages.is_empty() {
            return Ok(None);
        }
        let tier = JitTier::<L>::staged(stages, collector, options.tier(log.as_deref()))?;
        Ok(Some(Box::new(tier.with_log(log))))
    }
    /// The same for Python, whose instantiation stands in one crate.
    ///
    /// # Errors
    /// As [`JitEntry::tier`].
    pub fn python_tier(
        &self,
        collector: &CollectorDescriptor,
        options: JitOptions,
        log: Option<Rc<JitLog>>,
    ) -> io::Result<Option<Box<dyn Tier>>> {
        let stages = self.stages(options);
        if stages.is_empty() {
            return Ok(None);
        }
        python_semantics::jit_tier(stages, collector, options.tier(log.as_deref()), log).map(Some)
    }
}

impl JitOptions {
    /// Whoever says when what is to be compiled or left waits for it; so does who looks at what is made.
    fn works_in_background(&self) -> bool {
        let JitOptions { deopt_every, invalidate_every, threshold, dump_vir, dump_code, background } = *self;
        let as_said = threshold.is_some() || deopt_every.is_some() || invalidate_every.is_some();
        let looks = dump_vir.is_some() || dump_code.is_some();
        let several = || std::thread::available_parallelism().is_ok_and(|processors| processors.get() > 1);
        background.unwrap_or_else(|| !as_said && !looks && several())
    }
    fn tier(&self, log: Option<&JitLog>) -> TierOptions {
        let JitOptions { deopt_every, invalidate_every, dump_vir, dump_code, .. } = *self;
        let (code, background) = (log.map(JitLog::mapping).unwrap_or_default(), self.works_in_background());
        TierOptions { deopt_every, invalidate_every, dump_vir, dump_code, code, background, ..TierOptions::default() }
    }
}

/// The JIT with this name.
pub fn jit(name: &str) -> Option<&'static JitEntry> {
    JITS.iter().find(|entry| entry.name == name)
}

/// The JIT that `-X jit=on` stands for: the first in the table that is faster than the interpreter.
pub fn fastest_jit() -> Option<&'static JitEntry> {
    JITS.iter().find(|entry| entry.fast)
}

/// The entry that compiles nothing.
pub fn no_jit() -> &'static JitEntry {
    JITS.iter().find(|entry| !entry.compiles()).expect("the table has one")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_interpreter_is_always_there_and_names_are_unique() {
        assert_eq!(no_jit().name, "off");
        assert!(JITS[0].fast || !JITS[0].compiles(), "the default is slower than the interpreter");
        for entry in JITS {
            assert!(std::ptr::eq(jit(entry.name).expect("listed"), entry), "two JITs are called {}", entry.name);
        }
        assert!(jit("no such JIT").is_none());
    }
}
