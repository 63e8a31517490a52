//! Where the prompt's lines come from.

use python_vm::{Console, PlainConsole};

/// Lines of standard input.
pub(crate) fn console() -> Box<dyn Console> {
    Box::new(PlainConsole::default())
}
