//! What the fuzz targets run, as functions of bytes that panic on a finding.
//!
//! The targets themselves ([`TARGETS`], one file each in `fuzz/fuzz_targets`) are glue for a nightly toolchain. Everything
//! that can be wrong is here, on stable Rust, so that CI replays the seeds in `fuzz/seeds` (the tests named `replay_`) and
//! a finding can be debugged as an ordinary test.
//!
//! May import the contracts, the front ends, the registry and all of Python's runtime.

pub mod differential;
pub mod python;

use runtime_compose::COLLECTORS;

/// One target.
pub struct Target {
    /// Its name, and that of its folder of seeds.
    pub name: &'static str,
    /// Runs one input; says whether it was accepted, that is, came past the first checks. Panics on a finding.
    pub run: fn(&[u8]) -> bool,
}

/// Every target.
pub static TARGETS: &[Target] = &[
    Target { name: "python_front_end", run: python::front_end },
    Target { name: "python_programs", run: python::generated },
    Target { name: "python_differential", run: differential::target },
    Target { name: "bytecode_loader", run: vm_code::fuzzing::fuzz_loader },
    Target { name: "vir", run: vir },
    Target { name: "heap_ops", run: heap_ops },
];

/// Runs one input of the target called `name`.
///
/// # Panics
/// On a finding, and if there is no such target.
pub fn run(name: &str, data: &[u8]) -> bool {
    match TARGETS.iter().find(|target| target.name == name) {
        Some(target) => (target.run)(data),
        None => panic!("there is no fuzz target called {name}"),
    }
}

/// VIR text: parser, verifier, evaluator.
fn vir(data: &[u8]) -> bool {
    vm_vir::fuzz::fuzz_vir(data);
    std::str::from_utf8(data).is_ok_and(|text| vm_vir::text::parse(text).is_ok())
}

/// A program of heap operations on every collector that collects, against the model of the object graph.
fn heap_ops(data: &[u8]) -> bool {
    for entry in COLLECTORS.iter().filter(|entry| entry.descriptor.collects) {
        vm_testkit::model::heap_ops(&[entry.create], data);
    }
    true
}
