//! One way to run a program. As text it is the options of `prism` that ask for the same.

use super::Decisions;
use runtime_compose::{COLLECTORS, CollectorEntry, JITS, JitEntry, JitOptions, collector, jit, no_jit};
use std::fmt;
use std::str::FromStr;
use vm_api::heap::HeapOptions;
use vm_api::heap::options::parse_size;
use vm_api::heap::stress::Stress;

/// Most bytes of a heap: enough for a batch under the collector that never collects.
const HEAP_LIMIT: usize = 2 << 30;

/// Collector, JIT and stress settings.
#[derive(Clone, Debug)]
pub struct Configuration {
    /// The collector.
    pub collector: &'static CollectorEntry,
    /// What is said about its heap.
    pub heap: HeapOptions,
    /// The engine.
    pub jit: &'static JitEntry,
    /// What is said about it.
    pub options: JitOptions,
}

impl Configuration {
    /// The interpreter without any stress.
    pub fn reference() -> Configuration {
        let collector = collector("marksweep").unwrap_or(&COLLECTORS[0]);
        let heap = HeapOptions { limit: HEAP_LIMIT, ..HeapOptions::default() };
        Configuration { collector, heap, jit: no_jit(), options: JitOptions::default() }
    }
    /// What these decisions pick: anything but the interpreter.
    pub fn pick(decisions: &mut Decisions<'_>) -> Configuration {
        // Those that make machine code take several times as long, nearly all of it to compile: they come less often, and later. The
        // evaluator runs the same units as they do.
        let often = |entry: &JitEntry| if entry.fast { 1 } else { 4 };
        let compiling = JITS.iter().filter(|entry| entry.compiles());
        let compiling: Vec<&'static JitEntry> =
            compiling.flat_map(|entry| std::iter::repeat_n(entry, often(entry))).collect();
        let mut picked = Configuration::reference();
        picked.jit = *decisions.pick(&compiling[..]);
        picked.collector = decisions.pick(COLLECTORS);
        let thresholds: &[u32] = if picked.jit.fast { &[1, 2, 5, 20, 20, 40] } else { &[1, 2, 2, 5, 20] };
        picked.options.threshold = Some(*decisions.pick(thresholds));
        if picked.jit.deoptimizes {
            picked.options.deopt_every =
                *decisions.pick(&[None, None, None, Some(1), Some(2), Some(3), Some(7), Some(31)]);
        }
        picked.options.invalidate_every =
            *decisions.pick(&[None, None, None, None, Some(1), Some(2), Some(3), Some(13)]);
        let heap = &mut picked.heap;
        heap.stress = match decisions.below(20) {
            0..=9 => Stress::Off,
            10 | 11 => Stress::Safepoint(*decisions.pick(&[97, 499])),
            12 => Stress::Safepoint(31),
            13..=15 => Stress::Alloc(*decisions.pick(&[211, 911])),
            16 => Stress::Alloc(67),
            _ => Stress::Random(decisions.below(250) as u64),
        };
        let verify = picked.collector.descriptor.collects && heap.stress != Stress::Off && decisions.chance(12);
        (heap.verify_pre, heap.verify_post) = (verify, verify);
        heap.poison = decisions.chance(50);
        heap.conservative_all = decisions.chance(10);
        heap.nursery = *decisions.pick(&[None, None, Some(64 << 10), Some(256 << 10)]);
        picked
    }
}

impl fmt::Display for Configuration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "--gc={} --jit={}", self.collector.descriptor.name, self.jit.name)?;
        let JitOptions { deopt_every, invalidate_every, threshold, dump_vir: _, dump_code: _, background: _ } =
            self.options;
        for (name, value) in [
            ("jit-threshold", threshold.map(u64::from)),
            ("deopt-every", deopt_every),
            ("invalidate-every", invalidate_every),
            ("nursery", self.heap.nursery.map(|bytes| bytes as u64)),
        ] {
            if let Some(value) = value {
                write!(f, " --{name}={value}")?;
            }
        }
        match self.heap.stress {
            Stress::Off => {}
            Stress::Alloc(n) => write!(f, " --gc-stress=alloc:{n}")?,
            Stress::Safepoint(n) => write!(f, " --gc-stress=safepoint:{n}")?,
            Stress::Once(k) => write!(f, " --gc-stress=once:{k}")?,
            Stress::Random(seed) => write!(f, " --gc-stress=random:{seed}")?,
            Stress::Count => write!(f, " --gc-stress=count")?,
            Stress::Budget { collections, allocations } => {
                write!(f, " --gc-stress=budget:{collections}:{allocations}")?
            }
        }
        match (self.heap.verify_pre, self.heap.verify_post) {
            (true, true) => write!(f, " --gc-verify=pre,post")?,
            (true, false) => write!(f, " --gc-verify=pre")?,
            (false, true) => write!(f, " --gc-verify=post")?,
            (false, false) => {}
        }
        for (on, name) in [(self.heap.poison, "gc-poison"), (self.heap.conservative_all, "gc-conservative-all")] {
            if on {
                write!(f, " --{name}")?;
            }
        }
        Ok(())
    }
}

impl FromStr for Configuration {
    type Err = String;

    fn from_str(text: &str) -> Result<Configuration, String> {
        let mut read = Configuration::reference();
        for option in text.split_whitespace() {
            read.set(option).ok_or_else(|| format!("{option} is no option of a configuration"))?;
        }
        Ok(read)
    }
}

impl Configuration {
    /// Takes one option; `None` if there is no such one.
    fn set(&mut self, option: &str) -> Option<()> {
        let (name, value) = option.strip_prefix("--")?.split_once('=').unwrap_or((&option[2..], ""));
        match name {
            "gc" => self.collector = collector(value)?,
            "jit" => self.jit = jit(value)?,
            "jit-threshold" => self.options.threshold = Some(value.parse().ok()?),
            "deopt-every" => self.options.deopt_every = Some(value.parse().ok()?),
            "invalidate-every" => self.options.invalidate_every = Some(value.parse().ok()?),
            "nursery" => self.heap.nursery = Some(parse_size(value)?),
            "gc-stress" => self.heap.stress = Stress::parse(value).ok()?,
            "gc-verify" => {
                (self.heap.verify_pre, self.heap.verify_post) = (value.contains("pre"), value.contains("post"));
            }
            "gc-poison" => self.heap.poison = true,
            "gc-conservative-all" => self.heap.conservative_all = true,
            _ => return None,
        }
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_configuration_reads_back_from_its_text() {
        for seed in 0..500 {
            let picked = Configuration::pick(&mut Decisions::from_seed(seed)).to_string();
            assert_eq!(picked.parse::<Configuration>().map(|read| read.to_string()), Ok(picked));
        }
        assert!("--gc=no-such-collector".parse::<Configuration>().is_err());
        assert!("gc=none".parse::<Configuration>().is_err());
    }
}
