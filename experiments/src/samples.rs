//! `samples.csv`: every iteration of every invocation, for whoever computes with other tools.

use crate::analysis::Analysis;
use crate::invocation::{Record, Verdict};
use std::fmt::Write as _;

/// One row an iteration, and one without an iteration for an invocation that came to none.
pub fn csv(analysis: &Analysis<'_>, records: &[Record]) -> String {
    let mut text = String::from(
        "invocation,block,subject,program,verdict,iteration,steady,ns,process_wall_ns,process_user_ns,process_system_ns,\
         peak_bytes,load",
    );
    let counters: Vec<&str> = {
        let mut names: Vec<&str> =
            records.iter().flat_map(|record| record.counters.keys()).map(String::as_str).collect();
        names.sort_unstable();
        names.dedup();
        names
    };
    for name in &counters {
        let _ = write!(text, ",{}", field(name));
    }
    text.push('\n');
    for record in records {
        let Some(program) = analysis.manifest.programs.iter().find(|program| program.name == record.program) else {
            continue;
        };
        let verdict = match analysis.verdict(program, record) {
            Verdict::Good => "good".to_owned(),
            Verdict::Wrong(_) => "wrong".to_owned(),
            Verdict::Broken(what) => what,
            Verdict::GivenUp => "given up".to_owned(),
        };
        let series: Vec<f64> = record.iterations.iter().map(|ns| *ns as f64).collect();
        let steady = crate::statistics::warmup::classify(&series).steady;
        let begin = format!(
            "{},{},{},{},{}",
            record.task,
            record.block,
            field(&record.subject),
            field(&record.program),
            field(&verdict)
        );
        let or_empty = |value: Option<String>| value.unwrap_or_default();
        let mut end = format!(
            "{},{},{},{},{}",
            record.wall,
            record.user,
            record.system,
            or_empty(record.peak.map(|peak| peak.to_string())),
            or_empty(record.load.map(|load| load.to_string()))
        );
        for name in &counters {
            let _ = write!(end, ",{}", or_empty(record.counters.get(*name).map(u64::to_string)));
        }
        if record.iterations.is_empty() {
            let _ = writeln!(text, "{begin},,,,{end}");
        }
        for (index, ns) in record.iterations.iter().enumerate() {
            let _ = writeln!(text, "{begin},{},{},{ns},{end}", index + 1, u8::from(steady.contains(&index)));
        }
    }
    text
}

/// A field by RFC 4180.
fn field(text: &str) -> String {
    if text.contains([',', '"', '\n', '\r']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::invocation::Outcome;
    use crate::store::examples;

    #[test]
    fn every_iteration_has_a_row_and_a_crash_has_one() {
        let manifest = examples::manifest(2);
        let mut records = examples::records(&manifest);
        records[0].outcome = Outcome::Crashed(6);
        records[0].iterations.clear();
        records[1].counters.insert("page-faults".to_owned(), 12);
        let text = csv(&Analysis::new(&manifest, &records), &records);
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines.len(), 1 + 1 + 7 * 3);
        let columns = lines[0].split(',').count();
        assert!(lines.iter().all(|line| line.split(',').count() == columns));
        assert!(lines[0].ends_with(",page-faults") && lines[1].contains(",ended by signal 6,,,,"));
        assert!(lines[2].ends_with(",12") && lines[2].contains(",1,0,"));
    }

    #[test]
    fn fields_are_quoted_where_they_must_be() {
        assert_eq!(field("a"), "a");
        assert_eq!(field("a,\"b\""), "\"a,\"\"b\"\"\"");
    }
}
