//! The summary for readers: as text on the terminal, and as a page of its own.

pub mod html;
pub mod svg;

use crate::analysis::{Metric, Summary};
use crate::statistics::bootstrap::Estimate;
use std::fmt::Write as _;

/// Seconds since 1970 as date and time, UTC.
pub fn date(seconds: u64) -> String {
    // The civil calendar from days, in eras of 400 years that begin in March.
    let (days, rest) = (seconds / 86_400 + 719_468, seconds % 86_400);
    let (era, day) = (days / 146_097, days % 146_097);
    let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let (day, month, wraps) =
        (day - (153 * month + 2) / 5 + 1, if month < 10 { month + 3 } else { month - 9 }, u64::from(month >= 10));
    let year = year + era * 400 + wraps;
    format!("{year:04}-{month:02}-{day:02} {:02}:{:02}:{:02}", rest / 3600, rest / 60 % 60, rest % 60)
}

/// A figure with three digits that count.
pub fn figure(value: f64) -> String {
    let places = if value >= 100.0 {
        0
    } else if value >= 10.0 {
        1
    } else if value >= 0.1 {
        2
    } else {
        4
    };
    format!("{value:.places$}")
}

/// A figure with its interval.
pub fn estimate(estimate: &Estimate) -> String {
    match estimate.interval {
        Some((low, high)) => format!("{} [{}, {}]", figure(estimate.value), figure(low), figure(high)),
        None => format!("{} [?]", figure(estimate.value)),
    }
}

/// How a count of things is said.
pub fn counted(count: usize, one: &str) -> String {
    if count == 1 { format!("1 {one}") } else { format!("{count} {one}s") }
}

/// What the terminal shows: failures first.
pub fn text(summary: &Summary) -> String {
    let mut text = String::new();
    let _ = writeln!(text, "{}: {} of {}", summary.name, summary.done, counted(summary.planned, "invocation"));
    for failure in &summary.failures {
        let _ = writeln!(
            text,
            "{}: {} on {}, {} of {}: {}",
            failure.kind.to_uppercase(),
            failure.program,
            failure.subject,
            failure.times,
            counted(failure.of, "invocation"),
            failure.what
        );
        for line in failure.output.lines().rev().take(5).collect::<Vec<_>>().into_iter().rev() {
            let _ = writeln!(text, "    | {line}");
        }
    }
    for left_out in &summary.left_out {
        let _ = writeln!(text, "left out: {}: {}", left_out.name, left_out.reason);
    }
    let Some(baseline) = &summary.baseline else {
        // Nothing of this run is said by times.
        return text;
    };
    for subject in &summary.subjects {
        let _ = writeln!(text, "{}: {}", subject.name, subject.build);
    }
    collectors(&mut text, summary);
    claims(&mut text, summary);
    let others: Vec<&str> =
        summary.subjects.iter().map(|subject| subject.name.as_str()).filter(|name| name != baseline).collect();
    if others.is_empty() {
        let _ = writeln!(text, "one subject alone: there is nothing to compare it with");
        return text;
    }
    let mut rows: Vec<Vec<String>> = vec![
        std::iter::once(format!("{}, {baseline} = 1", Metric::Time.name()))
            .chain(others.iter().map(|name| (*name).to_owned()))
            .collect(),
    ];
    for program in &summary.programs {
        let cells = others.iter().map(|name| {
            let cell = program.cell(name);
            let ratio = cell.and_then(|cell| cell.ratios.get(Metric::Time.name()));
            ratio.map_or_else(|| "-".to_owned(), estimate)
        });
        rows.push(std::iter::once(program.name.clone()).chain(cells).collect());
    }
    for suite in suites(summary) {
        let mean = |name: &str| total(summary, &suite, name, Metric::Time);
        rows.push(
            std::iter::once(format!("geometric mean of {suite}")).chain(others.iter().map(|n| mean(n))).collect(),
        );
    }
    table(&mut text, &rows);
    if rows.iter().flatten().any(|cell| cell.ends_with("[?]")) {
        let _ = writeln!(text, "[?]: too few invocations for an interval");
    }
    text
}

/// What the event logs say, in short.
fn collectors(text: &mut String, summary: &Summary) {
    let heads = ["collections", "subject", "pauses' share", "longest, ms", "minor 99 %, ms", "ns a byte allocated"];
    let mut rows: Vec<Vec<String>> = vec![heads.iter().map(|head| (*head).to_owned()).collect()];
    for program in &summary.programs {
        for cell in &program.cells {
            let Some(events) = &cell.events else { continue };
            rows.push(vec![
                program.name.clone(),
                cell.subject.clone(),
                format!("{:.1} %", cell.paused.unwrap_or(0.0) * 100.0),
                figure(events.longest as f64 / 1e6),
                figure(events.minor_ninety_nine as f64 / 1e6),
                cell.byte_cost.map_or_else(|| "-".to_owned(), figure),
            ]);
        }
    }
    if rows.len() > 1 {
        table(text, &rows);
    }
}

fn claims(text: &mut String, summary: &Summary) {
    for claim in &summary.claims {
        let place = claim.program.as_ref().map_or_else(String::new, |program| format!("{program} on "));
        let _ = writeln!(
            text,
            "{}: {place}{}: {}: {}, at most {}",
            if claim.holds { "holds" } else { "DOES NOT HOLD" },
            claim.subject,
            claim.measure.what(),
            claim.found.map_or_else(|| "not measured".to_owned(), figure),
            figure(claim.at_most)
        );
    }
}

/// The suites of a run, in order.
pub fn suites(summary: &Summary) -> Vec<String> {
    let mut suites: Vec<String> = summary.programs.iter().map(|program| program.suite.clone()).collect();
    suites.dedup();
    suites
}

/// A mean of ratios, with the number of programs in it where that is not all.
pub fn total(summary: &Summary, suite: &str, subject: &str, metric: Metric) -> String {
    let fits = |total: &&crate::analysis::Total| {
        (total.suite.as_str(), total.subject.as_str(), total.metric) == (suite, subject, metric)
    };
    match summary.totals.iter().find(fits) {
        None => "-".to_owned(),
        Some(total) if total.programs < total.of => {
            format!("{} ({} of {})", estimate(&total.ratio), total.programs, total.of)
        }
        Some(total) => estimate(&total.ratio),
    }
}

/// Rows in columns, the first one to the left.
pub fn table(text: &mut String, rows: &[Vec<String>]) {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |column: usize| rows.iter().filter_map(|row| row.get(column)).map(|c| c.chars().count()).max();
    let widths: Vec<usize> = (0..columns).map(|column| width(column).unwrap_or(0)).collect();
    for row in rows {
        for (column, (cell, width)) in row.iter().zip(&widths).enumerate() {
            let _ = if column == 0 { write!(text, "{cell:width$}") } else { write!(text, "  {cell:>width$}") };
        }
        text.push('\n');
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::Analysis;
    use crate::invocation::Outcome;
    use crate::store::examples;

    #[test]
    fn dates_are_those_of_the_calendar() {
        assert_eq!(date(0), "1970-01-01 00:00:00");
        assert_eq!(date(951_782_399), "2000-02-28 23:59:59");
        assert_eq!(date(951_782_400), "2000-02-29 00:00:00");
        assert_eq!(date(1_700_000_000), "2023-11-14 22:13:20");
        assert_eq!(date(4_102_444_800), "2100-01-01 00:00:00");
    }

    #[test]
    fn failures_stand_before_everything_else() {
        let manifest = examples::manifest(2);
        let mut records = examples::records(&manifest);
        records[0].outcome = Outcome::Crashed(11);
        records[0].output = "a\nb\nc\nd\ne\nlast words\n".to_owned();
        let text = text(&Analysis::new(&manifest, &records).summary());
        let lines: Vec<&str> = text.lines().collect();
        assert!(
            lines[1].starts_with("BROKEN: ") && lines[1].ends_with("1 of 2 invocations: ended by signal 11"),
            "{text}"
        );
        assert!(text.contains("| last words") && !text.contains("| a\n"));
        assert!(text.contains("left out: c: not <installed>"));
        assert!(text.contains("geometric mean of own"));
    }

    #[test]
    fn claims_are_told_with_what_was_found() {
        let mut manifest = examples::manifest(2);
        manifest.definition.claims =
            vec![crate::definition::ClaimDefinition { measure: crate::definition::Measure::Time, at_most: 1.0 }];
        let records = examples::records(&manifest);
        let text = text(&Analysis::new(&manifest, &records).summary());
        assert!(text.contains("DOES NOT HOLD: own/x on a: time, the baseline's = 1: 1.9"), "{text}");
    }

    #[test]
    fn figures_have_three_digits() {
        assert_eq!([figure(123.4), figure(12.34), figure(1.234), figure(0.01234)], ["123", "12.3", "1.23", "0.0123"]);
        assert_eq!(estimate(&Estimate { value: 1.5, interval: None }), "1.50 [?]");
        assert_eq!(estimate(&Estimate { value: 1.5, interval: Some((1.0, 2.0)) }), "1.50 [1.00, 2.00]");
    }
}
