//! The least heap in which a program does what it must, by doubling and then halving the difference.
//!
//! Whether it does may be a matter of luck close to the minimum, and a process may take very long there: one that takes
//! more than [`PATIENCE`] times what the first success took counts as one that does not come through.

use crate::invocation::{self, Setting, Verdict};
use crate::plan::Task;
use crate::program::Program;
use crate::subject::Subject;
use std::time::Duration;

const SMALLEST: u64 = 1 << 20;
const LARGEST: u64 = 8 << 30;

/// The minimum is known to this share of it, or to [`STEP`].
const PRECISION: f64 = 0.02;
const STEP: u64 = 64 << 10;

const PATIENCE: u32 = 10;

/// What a search found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    Bytes(u64),
    /// None up to the largest one tried.
    Nothing,
    Interrupted,
}

/// Seeks a program's minimum heap on a subject.
pub fn seek(setting: &Setting<'_>, subject: &Subject, program: &Program, seed: u32) -> Result<Found, String> {
    let task =
        Task { index: 0, block: 0, subject: subject.name.clone(), program: program.name.clone(), hash_seed: seed };
    let mut timeout = setting.timeout;
    let mut interrupted = false;
    let found = bisect(&mut |bytes| {
        let setting = Setting { timeout, events: false, ..*setting };
        let Some(record) = invocation::run(&setting, &task, subject, program, Some(bytes))? else {
            interrupted = true;
            return Err(String::new());
        };
        let good = record.verdict(program, None) == Verdict::Good
            || program.libm && record.outcome == invocation::Outcome::Completed;
        if good {
            let patience = PATIENCE * Duration::from_nanos(record.wall) + Duration::from_secs(1);
            timeout = timeout.min(patience);
        }
        Ok(good)
    });
    match found {
        Err(_) if interrupted => Ok(Found::Interrupted),
        Err(error) => Err(error),
        Ok(None) => Ok(Found::Nothing),
        Ok(Some(bytes)) => Ok(Found::Bytes(bytes)),
    }
}

/// The least size that is good, where every larger one is good as well.
fn bisect(good: &mut dyn FnMut(u64) -> Result<bool, String>) -> Result<Option<u64>, String> {
    let (mut bad, mut enough) = (0, SMALLEST);
    while !good(enough)? {
        if enough >= LARGEST {
            return Ok(None);
        }
        (bad, enough) = (enough, enough * 2);
    }
    while enough - bad > STEP.max((enough as f64 * PRECISION) as u64) {
        let middle = bad + (enough - bad) / 2;
        if good(middle)? {
            enough = middle;
        } else {
            bad = middle;
        }
    }
    Ok(Some(enough))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn least(limit: u64) -> (Option<u64>, usize) {
        let mut tries = 0;
        let found = bisect(&mut |bytes| {
            tries += 1;
            Ok(bytes >= limit)
        });
        (found.unwrap(), tries)
    }

    #[test]
    fn the_minimum_is_found_as_precisely_as_promised() {
        for limit in [1, 100_000, 1 << 20, 5_000_000, 77_777_777, 3 << 30, LARGEST] {
            let (found, tries) = least(limit);
            let found = found.unwrap();
            let slack = STEP.max((found as f64 * PRECISION) as u64);
            assert!(found >= limit && found <= limit + slack, "{limit} {found}");
            assert!(tries <= 24, "{tries}");
        }
    }

    #[test]
    fn what_fits_nowhere_has_none_and_errors_are_passed_on() {
        assert_eq!(least(LARGEST + 1).0, None);
        assert!(bisect(&mut |_| Err("no".to_owned())).is_err());
    }
}
