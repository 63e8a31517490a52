//! Batches of seeds: what one is run with, and what is told of a difference.

use super::{Configuration, Decisions, differs, program, run};
use std::fmt;

/// Programs of a batch, which share a VM: to start one, and to compile what its library does, costs as much as some dozens of them.
pub const BATCH: u64 = 128;

/// What mixes a batch's first seed into that of its configurations.
const CONFIGURATIONS: u64 = 0xC0F1_6000_0000_0000;

/// The configurations that the batch of this first seed runs in.
pub fn configurations(first: u64, count: usize) -> Vec<Configuration> {
    let mut decisions = Decisions::from_seed(first ^ CONFIGURATIONS);
    (0..count).map(|_| Configuration::pick(&mut decisions)).collect()
}

/// A difference, as it is told.
#[derive(Clone, Debug)]
pub struct Finding {
    /// The seeds of the programs that ran before in the VM and matter, and that of the one that differs.
    pub seeds: Vec<u64>,
    /// Where it differs.
    pub configuration: Configuration,
    /// How.
    pub what: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seeds: Vec<String> = self.seeds.iter().map(u64::to_string).collect();
        writeln!(f, "DIFFERENCE: {}", self.what)?;
        write!(f, "replay: campaign --replay {} {}", seeds.join(","), self.configuration)
    }
}

/// Runs the programs of these seeds in one VM for each configuration. `told` is called before each, and `compared` after it, with the
/// number of programs that were compared.
pub fn run_batch(
    seeds: &[u64],
    configurations: &[Configuration],
    told: &mut dyn FnMut(&Configuration),
    compared: &mut dyn FnMut(&Configuration, usize),
) -> Vec<Finding> {
    let programs = programs(seeds);
    let reference = Configuration::reference();
    told(&reference);
    let expected = run(&reference, &programs);
    let mut findings = Vec::new();
    for configuration in configurations {
        told(configuration);
        let seen = differs(&expected, configuration, &programs);
        compared(configuration, seen.alike);
        if let Some(difference) = seen.difference {
            findings.push(Finding {
                seeds: difference.program.map_or(seeds, |last| &seeds[..=last]).to_vec(),
                configuration: configuration.clone(),
                what: difference.what,
            });
        }
    }
    findings
}

/// The programs of seeds.
pub fn programs(seeds: &[u64]) -> Vec<String> {
    seeds.iter().map(|seed| program(&mut Decisions::from_seed(*seed))).collect()
}
