//! Replays the seeds of every target, and inputs from a small random generator, on stable Rust.

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

#[test]
fn replay_random_bytes_find_nothing() {
    let mut random = Random(7);
    for target in TARGETS {
        for _ in 0..50 {
            (target.run)(&random.bytes(120));
        }
    }
}
