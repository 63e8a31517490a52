//! What a definition claims, beside what was found.
//!
//! A claim bounds a measure for every subject on every program; one that compares programs with each other is judged once a
//! subject. What was not measured does not hold: a program that failed would else keep every bound.

use crate::analysis::{Metric, ProgramLine};
use crate::definition::{ClaimDefinition, Measure};
use serde::{Deserialize, Serialize};

/// A claim about a subject, on one program or (between them) on all.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Claim {
    pub measure: Measure,
    pub subject: String,
    pub program: Option<String>,
    /// Nothing was measured: `null`.
    pub found: Option<f64>,
    pub at_most: f64,
    pub holds: bool,
}

impl Measure {
    /// What it is, for readers.
    pub fn what(self) -> &'static str {
        match self {
            Measure::Paused => "share of the time that was pauses",
            Measure::MinorPause => "99th percentile of the minor collections' work, ms",
            Measure::ByteCost => "time for each byte allocated, largest over smallest of the programs",
            Measure::Time => "time, the baseline's = 1",
            Measure::Slowdown => "time from the start, the baseline's = 1, lower end of the interval",
        }
    }
}

/// Judges the claims of a definition.
pub fn judge(claims: &[ClaimDefinition], programs: &[ProgramLine], baseline: Option<&str>) -> Vec<Claim> {
    let mut judged = Vec::new();
    let Some(first) = programs.first() else { return judged };
    for ClaimDefinition { measure, at_most } in claims.iter().cloned() {
        let mut say = |subject: &str, program: Option<&str>, found: Option<f64>| {
            let (subject, program) = (subject.to_owned(), program.map(str::to_owned));
            let holds = found.is_some_and(|found| found <= at_most);
            judged.push(Claim { measure, subject, program, found, at_most, holds });
        };
        for subject in first.cells.iter().map(|cell| cell.subject.as_str()) {
            let cells = programs.iter().filter_map(|program| Some((program.name.as_str(), program.cell(subject)?)));
            match measure {
                Measure::ByteCost => say(subject, None, spread(cells.map(|(_, cell)| cell.byte_cost))),
                Measure::Time | Measure::Slowdown if baseline == Some(subject) => {}
                Measure::Slowdown => cells.for_each(|(program, cell)| {
                    let of_baseline = baseline.and_then(|name| of(programs, program)?.cell(name)?.process);
                    if of_baseline.is_some_and(|ns| ns < SECOND) {
                        return;
                    }
                    let ratio = cell.ratios.get(Metric::Process.name());
                    say(subject, Some(program), ratio.map(|ratio| ratio.interval.map_or(ratio.value, |(low, _)| low)));
                }),
                Measure::Time => cells.for_each(|(program, cell)| {
                    let ratio = cell.ratios.get(Metric::Time.name()).map(|ratio| ratio.value);
                    say(subject, Some(program), ratio);
                }),
                Measure::Paused => cells.for_each(|(program, cell)| say(subject, Some(program), cell.paused)),
                Measure::MinorPause => cells.for_each(|(program, cell)| {
                    let work = cell.events.as_ref().map(|events| events.minor_ninety_nine as f64 / 1e6);
                    say(subject, Some(program), work);
                }),
            }
        }
    }
    judged
}

/// In nanoseconds.
const SECOND: f64 = 1e9;

fn of<'a>(programs: &'a [ProgramLine], name: &str) -> Option<&'a ProgramLine> {
    programs.iter().find(|program| program.name == name)
}

/// The largest over the smallest; nothing if one is not known.
fn spread(costs: impl Iterator<Item = Option<f64>>) -> Option<f64> {
    let costs: Vec<f64> = costs.collect::<Option<_>>()?;
    let largest = costs.iter().copied().max_by(f64::total_cmp)?;
    let smallest = costs.iter().copied().min_by(f64::total_cmp).filter(|cost| *cost > 0.0)?;
    Some(largest / smallest)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::Analysis;
    use crate::events::EventSummary;
    use crate::invocation::Outcome;
    use crate::store::examples;

    /// One claim, with what is known of `a` on `x` and `y`: allocated bytes, nanoseconds paused of 1000, minor pauses' work.
    fn judged(measure: Measure, at_most: f64, known: [(u64, u64, u64); 2]) -> Vec<Claim> {
        let mut manifest = examples::manifest(1);
        manifest.definition.claims = vec![ClaimDefinition { measure, at_most }];
        let mut records = examples::records(&manifest);
        for record in records.iter_mut().filter(|record| record.subject == "a") {
            let (allocated, paused, minor_ninety_nine) = known[usize::from(record.program == "own/y")];
            record.iterations = vec![500, 500];
            record.wall = 1000;
            record.events =
                Some(EventSummary { allocated: Some(allocated), paused, minor_ninety_nine, ..EventSummary::default() });
        }
        let claims = Analysis::new(&manifest, &records).summary().claims;
        claims.into_iter().filter(|claim| claim.subject == "a").collect()
    }

    fn holds(claims: &[Claim]) -> Vec<bool> {
        claims.iter().map(|claim| claim.holds).collect()
    }

    #[test]
    fn shares_and_pauses_are_judged_program_by_program() {
        let shares = judged(Measure::Paused, 0.15, [(1, 150, 0), (1, 151, 0)]);
        assert_eq!((holds(&shares), shares[1].found), (vec![true, false], Some(0.151)));
        let pauses = judged(Measure::MinorPause, 1.0, [(1, 0, 1_000_001), (1, 0, 999_999)]);
        assert_eq!(holds(&pauses), [false, true]);
    }

    #[test]
    fn the_cost_of_a_byte_is_compared_between_programs() {
        let claims = judged(Measure::ByteCost, 1.5, [(100, 0, 0), (150, 0, 0)]);
        assert_eq!((holds(&claims), claims[0].found, &claims[0].program), (vec![true], Some(1.5), &None));
        assert_eq!(holds(&judged(Measure::ByteCost, 1.5, [(100, 0, 0), (151, 0, 0)])), [false]);
        // A heap without its counters.
        assert_eq!(holds(&judged(Measure::ByteCost, 1.5, [(100, 0, 0), (0, 0, 0)])), [false]);
    }

    #[test]
    fn what_is_slower_from_the_start_is_found_among_longer_programs() {
        let mut manifest = examples::manifest(3);
        manifest.definition.claims = vec![ClaimDefinition { measure: Measure::Slowdown, at_most: 1.0 }];
        let mut records = examples::records(&manifest);
        for record in &mut records {
            let (seconds, factor) = if record.program == "own/y" { (2, 2) } else { (0, 3) };
            let times = if record.subject == "a" { factor } else { 1 };
            record.wall = times * (seconds * 1_000_000_000 + 1_000_000);
        }
        let claims = Analysis::new(&manifest, &records).summary().claims;
        assert_eq!(claims.len(), 1, "programs of a millisecond are left out, and the baseline");
        assert_eq!((claims[0].program.as_deref(), claims[0].holds), (Some("own/y"), false));
        assert!(claims[0].found.is_some_and(|found| (found - 2.0).abs() < 1e-6), "{:?}", claims[0].found);
    }

    #[test]
    fn what_failed_keeps_no_bound() {
        let mut manifest = examples::manifest(1);
        manifest.definition.claims = vec![ClaimDefinition { measure: Measure::Time, at_most: 100.0 }];
        let mut records = examples::records(&manifest);
        let fits = |record: &&mut crate::invocation::Record| record.subject == "a" && record.program == "own/x";
        records.iter_mut().filter(fits).for_each(|record| record.outcome = Outcome::Crashed(11));
        let claims = Analysis::new(&manifest, &records).summary().claims;
        assert_eq!(holds(&claims), [false, true], "of a alone, since b is the baseline");
    }
}
