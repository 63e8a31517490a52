//! The table of speeds in a document, between markers, from a run's summary:
//!
//! ```text
//! <!-- measured: NAME -->
//! (whatever stood here is replaced)
//! <!-- end of measured: NAME -->
//! ```

use crate::analysis::{Metric, Summary};
use crate::report::{counted, date, estimate, suites, total};
use std::fmt::Write as _;

/// The table in Markdown.
pub fn table(summary: &Summary) -> Result<String, String> {
    let baseline = summary.baseline.as_ref().ok_or("the run has no subject")?;
    let others: Vec<&str> =
        summary.subjects.iter().map(|subject| subject.name.as_str()).filter(|name| name != baseline).collect();
    if others.is_empty() {
        return Err("the run has one subject: there is nothing to compare".to_owned());
    }
    if summary.done < summary.planned {
        return Err(format!("the run is not complete: {} of {}", summary.done, summary.planned));
    }
    let mut text = String::new();
    for failure in &summary.failures {
        let _ = writeln!(
            text,
            "**{} on {} is {}**, in {} of {}: {}\n",
            cell(&failure.program),
            cell(&failure.subject),
            failure.kind,
            failure.times,
            counted(failure.of, "invocation"),
            cell(&failure.what)
        );
    }
    let names: Vec<String> = others.iter().map(|name| cell(name)).collect();
    let _ = writeln!(text, "| time, {} = 1 | {} |", cell(baseline), names.join(" | "));
    let _ = writeln!(text, "| --- |{}", " ---: |".repeat(others.len()));
    for suite in suites(summary) {
        let means: Vec<String> =
            others.iter().map(|name| format!("**{}**", total(summary, &suite, name, Metric::Time))).collect();
        let _ = writeln!(text, "| **geometric mean of {}** | {} |", cell(&suite), means.join(" | "));
        for program in summary.programs.iter().filter(|program| program.suite == suite) {
            let ratios: Vec<String> = others
                .iter()
                .map(|name| {
                    let ratio = program.cell(name).and_then(|cell| cell.ratios.get(Metric::Time.name()));
                    ratio.map_or_else(|| "-".to_owned(), estimate)
                })
                .collect();
            let _ = writeln!(text, "| {} | {} |", cell(&program.name), ratios.join(" | "));
        }
    }
    text.push('\n');
    for subject in &summary.subjects {
        let _ = writeln!(text, "- {}: {}", cell(&subject.name), cell(&subject.build));
    }
    let day = date(summary.began);
    let _ = writeln!(
        text,
        "- On {}, {}, {}; {}",
        cell(&summary.host.processor),
        counted(summary.host.cores, "core"),
        cell(&summary.host.system),
        day.split(' ').next().unwrap_or_default()
    );
    Ok(text)
}

fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('\n', " ")
}

/// The document with the table between its markers.
pub fn insert(document: &str, summary: &Summary) -> Result<String, String> {
    let (begin, end) =
        (format!("<!-- measured: {} -->\n", summary.name), format!("<!-- end of measured: {} -->", summary.name));
    let missing = |marker: &str| format!("the document has no line {:?}", marker.trim_end());
    let (before, rest) = document.split_once(&begin).ok_or_else(|| missing(&begin))?;
    let (_, after) = rest.split_once(&end).ok_or_else(|| missing(&end))?;
    Ok(format!("{before}{begin}{}{end}{after}", table(summary)?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::Analysis;
    use crate::invocation::Outcome;
    use crate::store::examples;

    const PAGE: &str = "# A\n<!-- measured: t -->\nold\n<!-- end of measured: t -->\nrest\n";

    fn summary(broken: bool) -> Summary {
        let manifest = examples::manifest(3);
        let mut records = examples::records(&manifest);
        if broken {
            records[0].outcome = Outcome::TimeOut;
        }
        Analysis::new(&manifest, &records).summary()
    }

    #[test]
    fn the_table_stands_between_its_markers() {
        let page = insert(PAGE, &summary(false)).unwrap();
        assert!(page.starts_with("# A\n<!-- measured: t -->\n| time, b = 1 | a |\n| --- | ---: |\n| **geometric"));
        assert!(page.ends_with("<!-- end of measured: t -->\nrest\n") && !page.contains("old"));
        assert!(page.contains("- a: a, built <well>") && page.contains("| own/x | 1.9"), "{page}");
        assert_eq!(insert(&page, &summary(false)).unwrap(), page);
    }

    #[test]
    fn failures_stand_above_the_table() {
        let page = insert(PAGE, &summary(true)).unwrap();
        assert!(page.find("not ended in time").unwrap() < page.find("| time").unwrap());
    }

    #[test]
    fn what_is_no_result_is_refused() {
        assert!(insert("# A\n", &summary(false)).unwrap_err().contains("<!-- measured: t -->"));
        let manifest = examples::manifest(3);
        let records = &examples::records(&manifest)[..4];
        let partial = Analysis::new(&manifest, records).summary();
        assert!(insert(PAGE, &partial).unwrap_err().contains("not complete"));
    }
}
