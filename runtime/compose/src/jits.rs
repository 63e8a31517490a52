//! The table of JITs.

use runtime_core::Tier;
#[cfg(feature = "jit-eval")]
use runtime_engines::{EvalOptions, EvalTier};
use vm_api::engine::Language;

/// How bytecode is executed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Jit {
    /// By the interpreter alone.
    Off,
    /// By the reference evaluator of VIR, beyond the interpreter.
    #[cfg(feature = "jit-eval")]
    Eval,
}

/// What can be said about any JIT.
#[derive(Clone, Copy, Debug, Default)]
pub struct JitOptions {
    /// Every this many guards, one fails although its condition holds.
    pub deopt_every: Option<u64>,
}

impl Jit {
    /// What runs beyond the interpreter, for one runtime of language `L`; `None`: nothing.
    #[cfg_attr(not(feature = "jit-eval"), allow(unused_variables, reason = "the interpreter has no options"))]
    pub fn tier<L: Language>(self, options: JitOptions) -> Option<Box<dyn Tier>> {
        match self {
            Jit::Off => None,
            #[cfg(feature = "jit-eval")]
            Jit::Eval => {
                let options = EvalOptions { deopt_every: options.deopt_every, ..EvalOptions::default() };
                Some(Box::new(EvalTier::<L>::new(options)))
            }
        }
    }

    /// The same for Python, whose instantiation stands in one crate.
    #[cfg_attr(not(feature = "jit-eval"), allow(unused_variables, reason = "the interpreter has no options"))]
    pub fn python_tier(self, options: JitOptions) -> Option<Box<dyn Tier>> {
        match self {
            Jit::Off => None,
            #[cfg(feature = "jit-eval")]
            Jit::Eval => {
                let options = EvalOptions { deopt_every: options.deopt_every, ..EvalOptions::default() };
                Some(python_semantics::eval_tier(options))
            }
        }
    }
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
    /// Which one it is.
    pub jit: Jit,
}

/// The JITs of this build. The first one is the default.
pub static JITS: &[JitEntry] = &[
    JitEntry { name: "off", summary: "the interpreter alone", deoptimizes: false, jit: Jit::Off },
    #[cfg(feature = "jit-eval")]
    JitEntry {
        name: "eval",
        summary: "VIR through the reference evaluator: slow, always right",
        deoptimizes: true,
        jit: Jit::Eval,
    },
];

/// The JIT with this name.
pub fn jit(name: &str) -> Option<&'static JitEntry> {
    JITS.iter().find(|entry| entry.name == name)
}

/// The JIT that `-X jit=on` stands for: the first in the table that is faster than the interpreter.
pub fn fastest_jit() -> Option<&'static JitEntry> {
    JITS.iter().find(|entry| !matches!(entry.name, "off" | "eval"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_interpreter_is_always_there_and_names_are_unique() {
        assert_eq!(jit("off").map(|entry| entry.jit), Some(Jit::Off));
        for entry in JITS {
            assert!(std::ptr::eq(jit(entry.name).expect("listed"), entry), "two JITs are called {}", entry.name);
        }
        assert!(jit("no such JIT").is_none());
    }
}
