//! Why a source is refused: CPython's message and its place.
//!
//! The parser proper only finds that a source is wrong. Then this module reads it again as CPython 3.12 does: in one
//! pass to see where it fails, and in a second that knows common mistakes. See `grammar.txt` for the grammar of
//! attempts and `machine.rs` for how it runs.

mod actions;
mod machine;
mod notation;
mod report;

use crate::error::SyntaxError;
use crate::source::Source;
use crate::{Mode, Options};

pub(crate) use actions::too_complex;

/// Native stack for the machine: [`crate::parser::MAX_LEVEL`] levels with several frames each, unoptimized.
const STACK: usize = 128 << 20;

/// The error of a source that the parser refused. `None` if the error grammar accepts it after all.
pub(crate) fn explain(source: &Source, mode: Mode, options: Options) -> Option<SyntaxError> {
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new()
            .stack_size(STACK)
            .spawn_scoped(scope, || machine::Machine::new(source, mode, options).run());
        match thread {
            Ok(thread) => thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)),
            Err(_) => Some(too_complex()),
        }
    })
}
