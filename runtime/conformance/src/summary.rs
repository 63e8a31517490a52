//! Results for people: a line a file while it runs, Markdown at the end.

use crate::events::{OUTCOMES, Outcome};
use crate::file::FileRun;
use crate::report::Report;
use crate::verdict::{CaseVerdict, FileVerdict};
use std::collections::HashMap;
use std::fmt::Write as _;

/// How much of a message is shown.
const MESSAGE_SHOWN: usize = 160;

/// What becomes of a file, in a line.
pub(crate) fn progress(done: usize, total: usize, file: &FileVerdict) -> String {
    let mut line = format!("[{done:3}/{total}] {:32} {:>5}/{:<5}", file.file, file.good(), file.counted());
    let mut counts = HashMap::new();
    for case in file.cases.iter().filter(|case| case.counts() && !case.detail.outcome.is_good()) {
        *counts.entry(case.detail.outcome).or_insert(0) += 1;
    }
    for outcome in OUTCOMES {
        if let Some(count) = counts.get(&outcome) {
            _ = write!(line, " {}: {count}", outcome.name());
        }
    }
    if let Some(load) = &file.load {
        _ = write!(line, " | {}: {} {}", load.outcome.name(), load.kind, first_line(&load.message));
    }
    _ = write!(line, " ({:.1} s, {})", file.seconds, file.configuration);
    line
}

/// Likewise, of a file that nobody judges.
pub(crate) fn progress_alone(done: usize, total: usize, run: &FileRun) -> String {
    let good = run.cases.iter().filter(|case| case.detail.outcome.is_good()).count();
    let load =
        run.load.as_ref().map_or_else(String::new, |load| format!(" | {} {}", load.kind, first_line(&load.message)));
    format!("[{done:3}/{total}] {:32} {good:>5}/{:<5}{load} ({:.1} s)", run.file, run.cases.len(), run.seconds)
}

/// The names of all cases.
pub(crate) fn names(runs: &[FileRun]) -> String {
    let mut out = String::new();
    for run in runs {
        if let Some(load) = &run.load {
            _ = writeln!(out, "{}: {}: {} {}", run.file, load.outcome.name(), load.kind, first_line(&load.message));
        }
        run.cases.iter().for_each(|case| _ = writeln!(out, "{}.{}", run.file, case.name));
    }
    out
}

/// The summary of a run. With a reference, only what differs from it is listed.
pub(crate) fn markdown(report: &Report, against_reference: bool) -> String {
    let mut out = String::from("# CPython's tests\n\n| configuration | pass | of | % | unexpected |\n");
    out.push_str("| --- | ---: | ---: | ---: | ---: |\n");
    for sum in &report.configurations {
        let share = if sum.counted == 0 { 0.0 } else { 100.0 * sum.passed as f64 / sum.counted as f64 };
        let (passed, counted, unexpected) = (sum.passed, sum.counted, sum.unexpected);
        _ = writeln!(out, "| {} | {passed} | {counted} | {share:.1} | {unexpected} |", sum.name);
    }
    for sum in &report.configurations {
        let files: Vec<&FileVerdict> = report.files.iter().filter(|file| file.configuration == sum.name).collect();
        _ = write!(out, "\n## {}\n\n", sum.name);
        table(&mut out, &files);
        for file in files {
            let shown = |case: &&CaseVerdict| if against_reference { case.differs() } else { !case.is_as_expected() };
            let cases: Vec<&CaseVerdict> = file.cases.iter().filter(shown).collect();
            details(&mut out, file, &cases);
        }
    }
    out
}

/// The files and their counts.
fn table(out: &mut String, files: &[&FileVerdict]) {
    let bad: Vec<Outcome> = OUTCOMES.into_iter().filter(|outcome| !outcome.is_good()).collect();
    let heads: Vec<&str> = bad.iter().map(|outcome| outcome.name()).collect();
    _ = writeln!(out, "| file | pass | of | {} | seconds |", heads.join(" | "));
    _ = writeln!(out, "| --- {}|", "| ---: ".repeat(bad.len() + 3));
    for file in files {
        let count = |outcome: &Outcome| {
            let count = file.cases.iter().filter(|case| case.counts() && case.detail.outcome == *outcome).count();
            if count == 0 { String::new() } else { count.to_string() }
        };
        let counts: Vec<String> = bad.iter().map(count).collect();
        let (good, counted, seconds) = (file.good(), file.counted(), file.seconds);
        _ = writeln!(out, "| {} | {good} | {counted} | {} | {seconds:.1} |", file.file, counts.join(" | "));
    }
}

/// What there is to say of single cases, or of the file.
fn details(out: &mut String, file: &FileVerdict, cases: &[&CaseVerdict]) {
    if cases.is_empty() && file.fixtures.is_empty() {
        return;
    }
    _ = write!(out, "\n### {}\n\n", file.file);
    if let Some(load) = &file.load {
        let (outcome, kind) = (load.outcome.name(), &load.kind);
        _ = writeln!(out, "It could not be loaded ({outcome}): {kind} {}\n", escaped(&load.message));
    }
    for (name, detail) in &file.fixtures {
        _ = writeln!(out, "- {name}: {} {}", detail.kind, escaped(&detail.message));
    }
    // One line is enough for cases that all share the file's fate.
    if file.load.is_some() && file.cases.iter().all(|case| case.detail.trace.is_empty() && case.seconds == 0.0) {
        return;
    }
    for case in cases {
        let detail = &case.detail;
        let good = if detail.outcome.is_good() { " (is expected to fail)" } else { "" };
        let kind = if detail.kind.is_empty() { String::new() } else { format!(" {}:", detail.kind) };
        let reference = case.reference.map_or_else(String::new, |it| format!(" (reference: {})", it.name()));
        let message = escaped(&detail.message);
        _ = writeln!(out, "- {}: {}{good}{reference}{kind} {message}", case.name, detail.outcome.name());
    }
}

fn first_line(text: &str) -> String {
    let line = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let mut short: String = line.chars().take(MESSAGE_SHOWN).collect();
    if short.len() < line.len() {
        short.push('…');
    }
    short
}

/// A line that Markdown takes as it is.
fn escaped(text: &str) -> String {
    let line = first_line(text);
    if line.is_empty() { line } else { format!("`{}`", line.replace('`', "'")) }
}
