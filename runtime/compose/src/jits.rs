//! The table of JITs.

use runtime_core::Tier;
use vm_api::engine::Language;

/// How bytecode is executed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Jit {
    /// By the interpreter alone.
    Off,
}

impl Jit {
    /// What runs beyond the interpreter, for one runtime of language `L`; `None`: nothing.
    pub fn tier<L: Language>(self) -> Option<Box<dyn Tier>> {
        match self {
            Jit::Off => None,
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
pub static JITS: &[JitEntry] =
    &[JitEntry { name: "off", summary: "the interpreter alone", deoptimizes: false, jit: Jit::Off }];

/// The JIT with this name.
pub fn jit(name: &str) -> Option<&'static JitEntry> {
    JITS.iter().find(|entry| entry.name == name)
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
