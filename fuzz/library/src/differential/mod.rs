//! Python programs on every engine and collector: what they print, raise and leave must not depend on the configuration.
//!
//! A program is made from a seed ([`program`]), runs in the interpreter and in another configuration that the seed picks, and
//! what is seen of it is compared ([`check`]). One VM runs a batch of programs, since to start one costs as much as many of
//! them, each in a module of its own; a difference is then made small: programs that it does not need are left out ([`fewer`]), then statements
//! ([`minimized`]). The program `campaign` does that, in processes of their own.
//!
//! | module | holds |
//! | --- | --- |
//! | `decisions` | numbers out of bytes or of a seed |
//! | `generator` | programs out of decisions; they end, whatever is decided |
//! | `configuration` | collector, JIT and stress settings, as `prism`'s options |
//! | `machine` | a VM that runs a batch and says what was seen |
//! | `compare` | the oracle |
//! | `batch` | many seeds at a time |
//! | `minimize` | smaller programs that still differ |
//!
//! # Invariants
//!
//! * A program shows nothing that may differ between configurations: no address, no size, no moment of a collection. Where an
//!   address comes with a `repr`, `machine` takes it out.

pub mod batch;
mod compare;
mod configuration;
mod decisions;
mod generator;
mod machine;
mod minimize;

pub use compare::{Compared, Difference, check, differs};
pub use configuration::Configuration;
pub use decisions::Decisions;
pub use generator::program;
pub use machine::{Outcome, run};
pub use minimize::{fewer, minimized};

/// Bytes as a seed and decisions: a program and a configuration.
///
/// # Panics
/// The configuration makes a difference.
pub fn target(data: &[u8]) -> bool {
    let source = program(&mut Decisions::from_bytes(data));
    let configuration = Configuration::pick(&mut Decisions::from_bytes(data));
    match check(&Configuration::reference(), &configuration, &[source]) {
        None => true,
        Some(difference) => panic!("{configuration}\n{difference}"),
    }
}
