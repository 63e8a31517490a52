//! The report as one page that needs nothing else. What went wrong stands first.

use super::svg::{COLOURS, Course, Curve, Row, courses, escape, forest, utilisation};
use super::{counted, date, estimate, figure, suites, total};
use crate::analysis::{Analysis, Cell, Metric, ProgramLine, Summary};
use crate::events::EventSummary;
use crate::statistics::bootstrap::{CONFIDENCE, Estimate, REPLICATES, nested_mean};
use std::fmt::Write as _;

const STYLE: &str = include_str!("style.css");

/// Lines of a plot of iterations: more invocations than these are not drawn for each subject.
const DRAWN: usize = 10;

/// The page.
pub fn page(analysis: &Analysis<'_>, summary: &Summary) -> String {
    let name = escape(&summary.name);
    let mut html = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" \
         content=\"width=device-width\">\n<title>{name}</title>\n<style>\n{STYLE}"
    );
    for (index, colour) in COLOURS.iter().enumerate() {
        let _ = writeln!(html, ".s{index} {{ stroke: {colour}; fill: {colour}; background: {colour}; }}");
    }
    html.push_str("</style>\n</head>\n<body>\n");
    let _ = writeln!(html, "<h1>{name}</h1>\n<p class=\"what\">{}</p>", escape(&summary.description));
    failures(&mut html, summary);
    if summary.done < summary.planned {
        let _ = writeln!(
            html,
            "<p><strong>Not complete: {} of {}.</strong></p>",
            summary.done,
            counted(summary.planned, "invocation")
        );
    }
    claims(&mut html, summary);
    if let Some(baseline) = &summary.baseline {
        let others: Vec<(usize, &str)> = summary
            .subjects
            .iter()
            .enumerate()
            .map(|(index, subject)| (index, subject.name.as_str()))
            .filter(|(_, name)| name != baseline)
            .collect();
        if !others.is_empty() {
            ratios(&mut html, summary, baseline, &others);
            programs(&mut html, summary, baseline, &others);
        }
        iterations(&mut html, analysis, summary, baseline);
    }
    collections(&mut html, summary);
    setting(&mut html, analysis, summary);
    html.push_str("</body>\n</html>\n");
    html
}

fn failures(html: &mut String, summary: &Summary) {
    if summary.failures.is_empty() {
        return;
    }
    html.push_str("<section class=\"failures\">\n<h2>What went wrong</h2>\n");
    for failure in &summary.failures {
        let _ = writeln!(
            html,
            "<p><strong>{}</strong> on <strong>{}</strong> is {}, in {} of {}: {}</p>",
            escape(&failure.program),
            escape(&failure.subject),
            failure.kind,
            failure.times,
            counted(failure.of, "invocation"),
            escape(&failure.what)
        );
        if !failure.output.is_empty() {
            let _ = writeln!(
                html,
                "<details><summary>its last words</summary><pre>{}</pre></details>",
                escape(&failure.output)
            );
        }
    }
    html.push_str("<p>These take part in no ratio.</p>\n</section>\n");
}

fn claims(html: &mut String, summary: &Summary) {
    if summary.claims.is_empty() {
        return;
    }
    html.push_str(
        "<h2>Claims</h2>\n<div class=\"wide\"><table>\n<tr><th>measure</th><th class=\"text\">subject</th><th \
         class=\"text\">program</th><th>found</th><th>at most</th><th></th></tr>\n",
    );
    for claim in &summary.claims {
        let _ = writeln!(
            html,
            "<tr><td>{}</td><td class=\"text\">{}</td><td class=\"text\">{}</td><td>{}</td><td>{}</td><td>{}</td></tr>",
            claim.measure.what(),
            escape(&claim.subject),
            escape(claim.program.as_deref().unwrap_or("all")),
            claim.found.map_or_else(|| "not measured".to_owned(), figure),
            figure(claim.at_most),
            if claim.holds { "holds" } else { "<strong>does not hold</strong>" }
        );
    }
    html.push_str("</table></div>\n");
}

fn key(html: &mut String, subjects: &[(usize, &str)]) {
    html.push_str("<p class=\"key\">");
    for (index, name) in subjects {
        let _ = write!(html, "<span><i class=\"s{}\"></i>{}</span>", index % COLOURS.len(), escape(name));
    }
    html.push_str("</p>\n");
}

fn find(summary: &Summary, suite: &str, subject: &str, metric: Metric) -> Option<Estimate> {
    let fits = |total: &&crate::analysis::Total| {
        (total.suite.as_str(), total.subject.as_str(), total.metric) == (suite, subject, metric)
    };
    summary.totals.iter().find(fits).map(|total| total.ratio)
}

fn ratios(html: &mut String, summary: &Summary, baseline: &str, others: &[(usize, &str)]) {
    let baseline = escape(baseline);
    let _ = writeln!(
        html,
        "<h2>Against {baseline}</h2>\n<p>How many times as much as {baseline} each needs: 2 is twice as slow, 0.5 twice \
         as fast. Geometric means, with {:.0} % intervals.</p>",
        CONFIDENCE * 100.0
    );
    let indices: Vec<usize> = others.iter().map(|(index, _)| *index).collect();
    for suite in suites(summary) {
        html.push_str("<div class=\"wide\"><table>\n<tr>");
        let _ = write!(html, "<th>{}</th>", escape(&suite));
        for (_, name) in others {
            let _ = write!(html, "<th>{}</th>", escape(name));
        }
        html.push_str("</tr>\n");
        for metric in Metric::ALL {
            let _ = write!(html, "<tr><td>{}</td>", metric.what());
            for (_, name) in others {
                let _ = write!(html, "<td>{}</td>", total(summary, &suite, name, metric));
            }
            html.push_str("</tr>\n");
        }
        html.push_str("</table></div>\n");
        key(html, others);
        let mut rows: Vec<Row> = vec![Row {
            label: "geometric mean".to_owned(),
            strong: true,
            estimates: others.iter().map(|(_, name)| find(summary, &suite, name, Metric::Time)).collect(),
        }];
        rows.extend(summary.programs.iter().filter(|program| program.suite == suite).map(|program| Row {
            label: short(program),
            strong: false,
            estimates:
                others.iter().map(|(_, name)| program.cell(name)?.ratios.get(Metric::Time.name()).copied()).collect(),
        }));
        html.push_str(&forest(&rows, &indices));
    }
}

fn short(program: &ProgramLine) -> String {
    program.name.split_once('/').map_or_else(|| program.name.clone(), |(_, name)| name.to_owned())
}

fn programs(html: &mut String, summary: &Summary, baseline: &str, others: &[(usize, &str)]) {
    let _ = writeln!(
        html,
        "<h2>Programs</h2>\n<p>Time of an iteration in the steady state, {} = 1; bold where the interval leaves out 1. \
         Below, the course that its invocations take.</p>",
        escape(baseline)
    );
    html.push_str("<div class=\"wide\"><table>\n<tr><th>program</th>");
    for (_, name) in others {
        let _ = write!(html, "<th>{}</th>", escape(name));
    }
    let _ = writeln!(html, "<th>{}</th></tr>", escape(baseline));
    for program in &summary.programs {
        let _ = write!(html, "<tr><td>{}</td>", escape(&program.name));
        for name in others.iter().map(|(_, name)| *name).chain([baseline]) {
            let Some(cell) = program.cell(name) else {
                html.push_str("<td></td>");
                continue;
            };
            let course = match (cell.course, cell.courses.is_empty()) {
                (Some(course), _) => course.name().to_owned(),
                (None, true) => "-".to_owned(),
                (None, false) => {
                    let parts: Vec<String> = cell.courses.iter().map(|(name, n)| format!("{n} {name}")).collect();
                    format!("inconsistent: {}", parts.join(", "))
                }
            };
            html.push_str("<td>");
            if let Some(ratio) = cell.ratios.get(Metric::Time.name()) {
                let class = if ratio.differs_from_one() { " class=\"sure\"" } else { "" };
                let _ = write!(html, "<span{class}>{}</span><br>", estimate(ratio));
            }
            let _ = write!(html, "<span class=\"faint\">{}</span></td>", escape(&course));
        }
        html.push_str("</tr>\n");
    }
    html.push_str("</table></div>\n");
}

fn iterations(html: &mut String, analysis: &Analysis<'_>, summary: &Summary, baseline: &str) {
    let all: Vec<(usize, &str)> =
        summary.subjects.iter().enumerate().map(|(index, subject)| (index, subject.name.as_str())).collect();
    let mut figures = String::new();
    for program in &analysis.manifest.programs {
        let sound = analysis.sound(program, baseline);
        let unit = sound.and_then(|sound| nested_mean(&sound.metric(Metric::Time))).filter(|unit| *unit > 0.0);
        let Some(unit) = unit else { continue };
        let mut lines = Vec::new();
        for (index, name) in &all {
            let Some(sound) = analysis.sound(program, name) else { continue };
            for (record, warmup) in sound.records.iter().zip(&sound.warmups).take(DRAWN) {
                let values = record.iterations.iter().map(|ns| *ns as f64 / unit).collect();
                lines.push(Course { subject: *index, values, changes: warmup.changes.clone() });
            }
        }
        let _ =
            writeln!(figures, "<figure><figcaption>{}</figcaption>{}</figure>", escape(&program.name), courses(&lines));
    }
    if figures.is_empty() {
        return;
    }
    let _ = writeln!(
        html,
        "<h2>Iterations</h2>\n<p>A line an invocation (of each subject {DRAWN} at most): iterations to the right, upwards \
         their time with {}'s steady state as 1. A stroke across a line is a change of its level.</p>",
        escape(baseline)
    );
    key(html, &all);
    let _ = writeln!(html, "<div class=\"grid\">\n{figures}</div>");
}

fn collections(html: &mut String, summary: &Summary) {
    let cells: Vec<(&ProgramLine, &Cell, &EventSummary)> = summary
        .programs
        .iter()
        .flat_map(|program| program.cells.iter().map(move |cell| (program, cell)))
        .filter_map(|(program, cell)| Some((program, cell, cell.events.as_ref()?)))
        .collect();
    if cells.is_empty() {
        return;
    }
    html.push_str("<h2>Collectors</h2>\n");
    overheads(html, summary);
    html.push_str(
        "<p>From the event log and the heap's counters, an invocation on average: pauses and their share of the time, bytes \
         allocated, copied within the young generation and promoted, objects pinned. Percentiles of pauses, the longest \
         one, and the 99th percentile of the minor collections' work are in milliseconds, of the worst invocation; last, \
         the time of the iterations for each byte allocated.</p>\n<div class=\"wide\"><table>\n<tr><th>program</th><th \
         class=\"text\">subject</th><th>overhead</th><th>pauses</th><th>share</th><th>allocated</th><th>copied</th>\
         <th>promoted</th><th>pinned</th><th>50 %</th><th>90 %</th><th>99 %</th><th>longest</th>\
         <th>minor 99 %</th><th>ns a byte</th></tr>\n",
    );
    for (program, cell, events) in &cells {
        let each = |sum: u64| sum as f64 / cell.invocations.max(1) as f64;
        let overhead = cell.overhead.map_or_else(|| "-".to_owned(), |overhead| estimate(&overhead.process));
        let allocated = events.allocated.map_or_else(|| "-".to_owned(), |sum| bytes(each(sum)));
        let _ = write!(
            html,
            "<tr><td>{}</td><td class=\"text\">{}</td><td>{overhead}</td><td>{:.0}</td><td>{:.2} %</td><td>{allocated}</td>\
             <td>{}</td><td>{}</td><td>{:.0}</td>",
            escape(&program.name),
            escape(&cell.subject),
            each(events.pauses),
            cell.paused.unwrap_or(0.0) * 100.0,
            bytes(each(events.copied)),
            bytes(each(events.promoted)),
            each(events.pinned)
        );
        for pause in [events.half, events.nine_tenths, events.ninety_nine, events.longest, events.minor_ninety_nine] {
            let _ = write!(html, "<td>{}</td>", figure(pause as f64 / 1e6));
        }
        let byte = cell.byte_cost.map_or_else(|| "-".to_owned(), figure);
        let _ = writeln!(html, "<td>{byte}</td></tr>");
    }
    html.push_str("</table></div>\n");
    utilisations(html, summary);
    minima(html, summary);
}

fn overheads(html: &mut String, summary: &Summary) {
    if summary.overheads.is_empty() {
        return;
    }
    html.push_str(
        "<p>Lower bounds of what collecting costs (after Cai et al. 2022): a process's time over the least that any subject \
         here takes for the program with its pauses taken away. Geometric means.</p>\n<div class=\"wide\"><table>\n<tr>\
         <th>suite</th><th class=\"text\">subject</th><th>time</th><th>user and system time</th><th>programs</th></tr>\n",
    );
    for total in &summary.overheads {
        let _ = writeln!(
            html,
            "<tr><td>{}</td><td class=\"text\">{}</td><td>{}</td><td>{}</td><td>{} of {}</td></tr>",
            escape(&total.suite),
            escape(&total.subject),
            estimate(&total.overhead.process),
            estimate(&total.overhead.processor),
            total.programs,
            total.of
        );
    }
    html.push_str("</table></div>\n");
}

fn utilisations(html: &mut String, summary: &Summary) {
    let mut figures = String::new();
    let mut seen = Vec::new();
    for program in &summary.programs {
        let mut curves = Vec::new();
        for (index, cell) in program.cells.iter().enumerate() {
            let Some(events) = cell.events.as_ref().filter(|events| !events.utilisation.is_empty()) else { continue };
            let points = events.utilisation.iter().map(|(window, share)| (*window as f64 / 1e6, *share)).collect();
            curves.push(Curve { subject: index, points });
            if !seen.contains(&(index, cell.subject.as_str())) {
                seen.push((index, cell.subject.as_str()));
            }
        }
        if !curves.is_empty() {
            let (name, plot) = (escape(&program.name), utilisation(&curves));
            let _ = writeln!(figures, "<figure><figcaption>{name}</figcaption>{plot}</figure>");
        }
    }
    if !figures.is_empty() {
        html.push_str(
            "<h3>Minimum mutator utilisation</h3>\n<p>To the right the length of a window in milliseconds, upwards the least \
             share of any such window that was no pause, in the worst invocation.</p>\n",
        );
        key(html, &seen);
        let _ = writeln!(html, "<div class=\"grid\">\n{figures}</div>");
    }
}

fn minima(html: &mut String, summary: &Summary) {
    if summary.minima.is_empty() {
        return;
    }
    html.push_str(
        "<h3>Minimum heaps</h3>\n<table>\n<tr><th>program</th><th class=\"text\">of</th><th>least heap</th></tr>\n",
    );
    for (of, programs) in &summary.minima {
        for (program, least) in programs {
            let least = least.map_or_else(|| "none suffices".to_owned(), |least| bytes(least as f64));
            let _ = writeln!(
                html,
                "<tr><td>{}</td><td class=\"text\">{}</td><td>{least}</td></tr>",
                escape(program),
                escape(of)
            );
        }
    }
    html.push_str("</table>\n");
}

fn bytes(count: f64) -> String {
    match count {
        count if count >= 1024.0 * 1024.0 => format!("{:.1} MiB", count / 1024.0 / 1024.0),
        count if count >= 1024.0 => format!("{:.1} KiB", count / 1024.0),
        count => format!("{count:.0}"),
    }
}

fn setting(html: &mut String, analysis: &Analysis<'_>, summary: &Summary) {
    html.push_str("<h2>What was measured, and how</h2>\n<table>\n");
    for subject in &summary.subjects {
        let options = escape(&subject.arguments.join(" "));
        let (name, build) = (escape(&subject.name), escape(&subject.build));
        let _ = writeln!(
            html,
            "<tr><td>{name}</td><td class=\"text\">{build}<br><code class=\"faint\">{options}</code></td></tr>"
        );
    }
    for left_out in &summary.left_out {
        let (name, reason) = (escape(&left_out.name), escape(&left_out.reason));
        let _ = writeln!(html, "<tr><td>{name}</td><td class=\"text\">left out: {reason}</td></tr>");
    }
    let host = &summary.host;
    let mut machine = format!("{}, {}, {}", host.processor, counted(host.cores, "core"), host.system);
    if let Some(governor) = &host.governor {
        let _ = write!(machine, ", governor {governor}");
    }
    if let Some(load) = summary.load {
        let _ = write!(machine, ", load average up to {load}");
    }
    let _ = writeln!(html, "<tr><td>machine</td><td class=\"text\">{}</td></tr>", escape(&machine));
    let missing: Vec<String> =
        host.counters.iter().filter_map(|(name, reason)| Some(format!("{name} ({})", reason.as_ref()?))).collect();
    if !missing.is_empty() {
        let missing = escape(&missing.join(", "));
        let _ = writeln!(html, "<tr><td>no counters of</td><td class=\"text\">{missing}</td></tr>");
    }
    let _ = writeln!(html, "<tr><td>begun</td><td class=\"text\">{} UTC</td></tr>\n</table>", date(summary.began));
    let definition = &analysis.manifest.definition;
    let _ = writeln!(
        html,
        "<p>{} of {}, each in a fresh process; blocks with one invocation of each program on each subject, shuffled by the \
         seed {}. Intervals: {REPLICATES} replicates of a hierarchical bootstrap over invocations and iterations (after \
         Kalibera and Jones 2013). Steady state: by changepoints (after Barrett et al. 2017); in invocations of fewer than \
         {} iterations all but the first.</p>",
        counted(definition.invocations, "invocation"),
        counted(definition.iterations, "iteration"),
        definition.seed,
        crate::statistics::warmup::SHORTEST
    );
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::invocation::{Outcome, Record};
    use crate::store::examples;

    fn page_of(change: impl Fn(&mut Vec<Record>)) -> String {
        let manifest = examples::manifest(3);
        let mut records = examples::records(&manifest);
        change(&mut records);
        let analysis = Analysis::new(&manifest, &records);
        page(&analysis, &analysis.summary())
    }

    #[test]
    fn a_crash_and_a_wrong_output_stand_before_all_figures() {
        let html = page_of(|records| {
            records[0].outcome = Outcome::Crashed(11);
            records[0].output = "<script>alert(1)</script>".to_owned();
            records[1].computed.insert("run".to_owned(), "9".to_owned());
        });
        let wrong = html.find("run is 9, not 7").unwrap();
        let crash = html.find("ended by signal 11").unwrap();
        let figures = html.find("<h2>Against").unwrap();
        assert!(wrong < crash && crash < figures);
        assert!(!html.contains("<script"));
    }

    #[test]
    fn the_page_needs_nothing_else_and_has_finite_numbers() {
        for html in [page_of(|_| ()), page_of(Vec::clear), page_of(|records| records.truncate(2))] {
            assert!(!html.contains("http") && !html.contains("src="));
            assert!(!html.contains("NaN") && !html.contains(">inf"));
            assert_eq!(html.matches("<svg").count(), html.matches("</svg>").count());
        }
        let html = page_of(|_| ());
        assert!(!html.contains("What went wrong") && !html.contains("Not complete"));
        assert!(html.contains("left out: not &lt;installed&gt;") && html.contains("a, built &lt;well&gt;"));
        assert!(page_of(|records| records.truncate(2)).contains("Not complete: 2 of 12"));
    }

    #[test]
    fn collectors_are_told_with_overhead_utilisation_and_minima() {
        let mut manifest = examples::manifest(3);
        manifest.subjects.iter_mut().for_each(|subject| subject.ours = true);
        manifest.minima.entry("p".to_owned()).or_default().extend([("own/x".to_owned(), Some(3 << 20))]);
        let mut records = examples::records(&manifest);
        for record in &mut records {
            let utilisation = [(1_000_000, 0.0), (10_000_000, 0.9)].into();
            record.events =
                Some(EventSummary { pauses: 4, longest: 5_000_000, utilisation, ..EventSummary::default() });
        }
        let analysis = Analysis::new(&manifest, &records);
        let html = page(&analysis, &analysis.summary());
        for part in ["Lower bounds", "<td>5.00</td>", "Minimum mutator utilisation", "<td>3.0 MiB</td>", "2 of 2"] {
            assert!(html.contains(part), "{part}");
        }
        assert!(!html.contains("NaN"));
    }
}
