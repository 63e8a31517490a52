//! The verifier: what every unit must keep to, whoever made it.
//!
//! What is checked, in phases; a phase runs only if those before it found nothing:
//!
//! 1. `tables`: every index is in range, lists lie in their pools, callers of frame states come before them, names of stubs
//!    are identifiers and unique.
//! 2. `graph`: each value is defined in one place, blocks have ends, the entry has no predecessors and takes tagged registers,
//!    jumps pass what their targets want, branches lead to blocks without parameters.
//! 3. `values`: operands have the right types and definitions that dominate them; operators and immediates make sense where
//!    they stand; registers are only touched in memory where they are in memory; stub calls fit their declaration.
//! 4. `frames`: frame states describe frames (ascending registers, callers that wait, no raw addresses), and each use finds
//!    the kind of state that it needs.
//! 5. `flow`: no `Ptr` lives across anything that may collect; the state of a guard, poll or exit was declared
//!    ([`crate::Inst::State`]) at a place that dominates it, with no effect since on any path.
//!
//! Blocks that cannot be reached are checked up to phase 3, dominance left out.
//!
//! Not checkable here, so an emitter must see to it: that tags, bounds and divisors were tested before `pinned` operations,
//! that offsets lie inside objects, and that `init` operations fill objects that are still fresh.

mod flow;
mod frames;
mod graph;
mod tables;
mod values;

use crate::cfg::ControlFlow;
use crate::entity::{BlockId, Ref, StateId};
use crate::unit::Unit;
use std::fmt;

/// Where something is wrong.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Place {
    /// In the unit's head or tables.
    Unit,
    /// In a frame state.
    State(StateId),
    /// In a block, its parameters or end.
    Block(BlockId),
    /// In an instruction.
    Inst(Ref),
}

/// Something that is wrong.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Problem {
    /// Where.
    pub place: Place,
    /// What.
    pub message: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.place {
            Place::Unit => write!(f, "unit: {}", self.message),
            Place::State(s) => write!(f, "{s}: {}", self.message),
            Place::Block(b) => write!(f, "{b}: {}", self.message),
            Place::Inst(v) => write!(f, "{v}: {}", self.message),
        }
    }
}

/// Everything that the first phase with a finding found.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Problems(pub Vec<Problem>);

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|p| writeln!(f, "{p}"))
    }
}

impl std::error::Error for Problems {}

/// Checks a unit.
pub fn verify(unit: &Unit) -> Result<(), Problems> {
    let mut report = Report::default();
    tables::check(unit, &mut report);
    report.phase()?;
    graph::check(unit, &mut report);
    report.phase()?;
    let cfg = ControlFlow::new(unit);
    values::check(unit, &cfg, &mut report);
    report.phase()?;
    frames::check(unit, &cfg, &mut report);
    report.phase()?;
    flow::check(unit, &cfg, &mut report);
    report.phase()
}

/// Collects problems.
#[derive(Default)]
struct Report {
    problems: Vec<Problem>,
}

impl Report {
    fn unless(&mut self, good: bool, place: Place, message: impl FnOnce() -> String) {
        if !good {
            self.problems.push(Problem { place, message: message() });
        }
    }
    fn phase(&mut self) -> Result<(), Problems> {
        if self.problems.is_empty() { Ok(()) } else { Err(Problems(std::mem::take(&mut self.problems))) }
    }
}
