//! Replays the seeds of every target, and inputs from a small random generator, on stable Rust.

use fuzzing::differential::batch::programs;
use fuzzing::differential::{Configuration, check};
use fuzzing::{TARGETS, python};
use std::path::Path;

#[test]
fn replay_seeds_of_every_target() {
    for target in TARGETS {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../seeds").join(target.name);
        let mut seeds = 0;
        for file in std::fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display())) {
            let path = file.expect("readable").path();
            let data = std::fs::read(&path).expect("readable");
            eprintln!("{}", path.display());
            (target.run)(&data);
            seeds += 1;
        }
        assert!(seeds > 0, "{} has no seeds", target.name);
    }
}

/// xorshift64 (Marsaglia 2003).
struct Random(u64);

impl Random {
    fn bytes(&mut self, most: u64) -> Vec<u8> {
        let length = self.next() % most;
        (0..length).map(|_| (self.next() >> 32) as u8).collect()
    }
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }
}

#[test]
fn replay_generated_programs_are_accepted() {
    let mut random = Random(0x5EED);
    let mut text = String::new();
    for _ in 0..300 {
        let data = random.bytes(400);
        python::generated(&data);
        text += &python::program(&data);
    }
    for construct in
        ["match ", "except*", "async for", "await ", "yield from", "lambda", ":=", "f'", "type A", "class C", "global "]
    {
        assert!(text.contains(construct), "'{construct}' was never generated");
    }
}

/// Lines of seeds, separated by commas, and the options of a configuration in which they ran in one VM.
#[test]
fn replay_the_list_of_the_campaign() {
    let list = Path::new(env!("CARGO_MANIFEST_DIR")).join("../seeds/campaign.txt");
    let list = std::fs::read_to_string(&list).unwrap_or_else(|error| panic!("{}: {error}", list.display()));
    let mut replayed = 0;
    for line in list.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let (seeds, options) = line.split_once(' ').expect("seeds and options");
        let seeds: Vec<u64> = seeds.split(',').map(|seed| seed.parse().expect("a seed")).collect();
        let configuration: Configuration = options.parse().expect("options of a configuration");
        eprintln!("{line}");
        let found = check(&Configuration::reference(), &configuration, &programs(&seeds));
        assert!(found.is_none(), "{line}\n{}", found.expect("just seen"));
        replayed += seeds.len();
    }
    assert!(replayed > 0, "the list is empty");
}

#[test]
fn replay_seeds_make_programs_that_compile() {
    let seeds: Vec<u64> = (0..400).collect();
    let programs = programs(&seeds);
    for (seed, source) in seeds.iter().zip(&programs) {
        if let Err(refusal) = python::accepted(source) {
            panic!("seed {seed}: {refusal}\n{source}");
        }
    }
    let text = programs.concat();
    for construct in [
        "__slots__",
        "@property",
        "yield ",
        "nonlocal ",
        "global ",
        "finally:",
        "with swapped(",
        "match ",
        "while ",
        ".__class__",
        "float('nan')",
        "2**47",
        "*p",
        "**p",
        " := ",
        "except ",
        "lambda",
        "del ",
        "else:",
        "__getattr__ = ",
        "locals()",
        "[:40]",
    ] {
        assert!(text.contains(construct), "'{construct}' was never generated");
    }
}

#[test]
fn replay_random_bytes_find_nothing() {
    let mut random = Random(7);
    for target in TARGETS {
        // Two VMs an input.
        let inputs = if target.name == "python_differential" { 4 } else { 50 };
        for _ in 0..inputs {
            (target.run)(&random.bytes(120));
        }
    }
}
