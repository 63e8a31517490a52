//! `-X max-steps=N`: the end of a program after N steps, at the same place each time.
//!
//! A step is a look of the interpreter at its poll word: at calls, at the ends of loops' bodies, in long native work. To count
//! instructions would take a second instance of the interpreter in the binary, for a number that nobody compares with anything;
//! to count polls takes nothing while nobody asks, since the word is simply never at rest while somebody does.

use python_objects::{Py, R};
use std::cell::Cell;

/// The exit code of a program that was stopped so: EX_TEMPFAIL of `sysexits.h`.
pub const EXIT_CODE: u8 = 75;

struct Steps {
    left: Cell<u64>,
    /// What polls did before.
    then: for<'t> fn(Py<'t>) -> R<()>,
}

/// Stops the process after so many steps.
pub(crate) fn limit(py: Py<'_>, steps: u64) {
    let then = py.state().poll.get();
    py.state().data("steps", || Steps { left: Cell::new(steps), then });
    py.state().poll.set(count);
    again(py);
}

/// Sets the poll word, so that the next poll counts as well.
fn again(py: Py<'_>) {
    // SAFETY: the inline state of this thread, which lives as long as `py`.
    unsafe { (&raw mut (*py.0.fast).poll).write_volatile(1) };
}

fn count(py: Py<'_>) -> R<()> {
    let Some(steps) = py.state().known_data::<Steps>("steps") else { return Ok(()) };
    match steps.left.get().checked_sub(1) {
        Some(left) => steps.left.set(left),
        None => {
            stdlib_core::shutdown::flush(py);
            std::process::exit(i32::from(EXIT_CODE));
        }
    }
    let done = (steps.then)(py);
    again(py);
    done
}
