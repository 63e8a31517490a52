//! The table of JITs.

use runtime_core::Tier;
use runtime_engines::build::{BuildOptions, Mode};
use runtime_engines::{JitLog, JitTier, TierOptions};
use std::io;
use std::rc::Rc;
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
    /// Makes what compiles; `None`: bytecode is executed by the interpreter alone.
    backend: Option<fn() -> Box<dyn Backend>>,
    /// Entries and back edges before a code is compiled.
    threshold: u32,
    /// How units are built.
    mode: Mode,
    /// Most instructions of a unit; what would have more must be hotter, or stays interpreted.
    most_instructions: usize,
}

/// The JITs of this build. The first one is the default.
pub static JITS: &[JitEntry] = &[
    JitEntry {
        name: "off",
        summary: "the interpreter alone",
        deoptimizes: false,
        fast: false,
        backend: None,
        threshold: 0,
        mode: Mode::Baseline,
        most_instructions: 0,
    },
    #[cfg(feature = "jit-eval")]
    JitEntry {
        name: "eval",
        summary: "VIR through the reference evaluator: slow, always right",
        deoptimizes: true,
        fast: false,
        backend: Some(|| Box::new(jit_eval::Evaluator)),
        threshold: 2,
        mode: Mode::Speculative,
        most_instructions: 200_000,
    },
    #[cfg(feature = "jit-cranelift")]
    JitEntry {
        name: "cranelift",
        summary: "machine code through Cranelift, with guards on what was seen before",
        deoptimizes: true,
        fast: true,
        backend: Some(|| Box::new(jit_cranelift::Cranelift::new())),
        threshold: 1000,
        mode: Mode::Speculative,
        // Some fifty milliseconds of work, during which the program waits.
        most_instructions: 6_000,
    },
    #[cfg(feature = "jit-template")]
    JitEntry {
        name: "template",
        summary: "machine code in one pass, with the interpreter's frames; takes nothing for granted",
        deoptimizes: false,
        fast: true,
        backend: Some(|| Box::new(jit_template::Template)),
        threshold: 200,
        mode: Mode::Baseline,
        most_instructions: 100_000,
    },
];

impl JitEntry {
    /// Is there anything beyond the interpreter?
    pub fn compiles(&self) -> bool {
        self.backend.is_some()
    }
    fn tier_options(&self, options: JitOptions, log: Option<&JitLog>) -> TierOptions {
        let JitOptions { deopt_every, invalidate_every, threshold, dump_vir, dump_code } = options;
        let code = log.map(JitLog::mapping).unwrap_or_default();
        let build = BuildOptions { mode: self.mode, most_instructions: self.most_instructions, ..Default::default() };
        let threshold = threshold.unwrap_or(self.threshold);
        let rest = TierOptions::default();
        // To compile costs as much as some hundreds of exits; but where everything is compiled soon, so it is again.
        let most_exits = (threshold / 20).max(rest.most_exits);
        TierOptions { deopt_every, invalidate_every, threshold, build, most_exits, dump_vir, dump_code, code, ..rest }
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
        let Some(backend) = self.backend else { return Ok(None) };
        let tier = JitTier::<L>::new(backend(), collector, self.tier_options(options, log.as_deref()))?;
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
        let Some(backend) = self.backend else { return Ok(None) };
        python_semantics::jit_tier(backend(), collector, self.tier_options(options, log.as_deref()), log).map(Some)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_interpreter_is_always_there_and_names_are_unique() {
        assert!(jit("off").is_some_and(|entry| entry.backend.is_none()));
        for entry in JITS {
            assert!(std::ptr::eq(jit(entry.name).expect("listed"), entry), "two JITs are called {}", entry.name);
        }
        assert!(jit("no such JIT").is_none());
    }
}
