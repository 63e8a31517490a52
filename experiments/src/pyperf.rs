//! The samples as pyperf reads them: its JSON format, version 1.0, a file for each subject. `pyperf compare_to a.json
//! b.json` and its other commands work on these.

use crate::analysis::{Analysis, Metric};
use crate::report::date;
use serde_json::{Value, json};

/// The file of a subject; `None` if it has no program that went well. Failures are not to be told in this format.
pub fn file(analysis: &Analysis<'_>, subject: &str) -> Option<Value> {
    let manifest = analysis.manifest;
    let found = manifest.subjects.iter().find(|found| found.name == subject)?;
    let benchmarks: Vec<Value> = manifest
        .programs
        .iter()
        .filter_map(|program| {
            let sound = analysis.sound(program, subject)?;
            let runs: Vec<Value> = sound
                .records
                .iter()
                .zip(&sound.warmups)
                .zip(sound.metric(Metric::Time))
                .map(|((record, warmup), values)| {
                    let seconds = |ns: f64| ns / 1e9;
                    let warmups: Vec<Value> = record.iterations[..warmup.steady.start]
                        .iter()
                        .map(|ns| json!([1, seconds(*ns as f64)]))
                        .collect();
                    let mut metadata = json!({"date": date(record.began), "duration": seconds(record.wall as f64)});
                    if let (Some(peak), Some(map)) = (record.peak, metadata.as_object_mut()) {
                        map.insert("command_max_rss".to_owned(), json!(peak));
                    }
                    let values: Vec<f64> = values.into_iter().map(seconds).collect();
                    json!({"metadata": metadata, "warmups": warmups, "values": values})
                })
                .collect();
            Some(json!({"metadata": {"name": program.name, "unit": "second", "loops": 1}, "runs": runs}))
        })
        .collect();
    if benchmarks.is_empty() {
        return None;
    }
    let metadata = json!({
        "python_implementation": found.build.implementation,
        "python_version": found.build.version,
        "description": found.build.summary,
        "cpu_model_name": manifest.host.processor,
        "platform": manifest.host.system,
        "unit": "second",
    });
    Some(json!({"version": "1.0", "metadata": metadata, "benchmarks": benchmarks}))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::examples;

    #[test]
    fn values_are_seconds_of_the_steady_state_and_the_rest_are_warmups() {
        let manifest = examples::manifest(2);
        let records = examples::records(&manifest);
        let file = file(&Analysis::new(&manifest, &records), "a").unwrap();
        assert_eq!(file["version"], "1.0");
        let benchmark = &file["benchmarks"][0];
        assert_eq!(benchmark["metadata"]["name"], "own/x");
        assert_eq!(benchmark["runs"][0]["warmups"], json!([[1, 6000.0 / 1e9]]));
        assert_eq!(benchmark["runs"][0]["values"][0], json!(2000.0 / 1e9));
    }

    #[test]
    fn a_subject_without_a_result_has_no_file() {
        let manifest = examples::manifest(2);
        assert!(file(&Analysis::new(&manifest, &[]), "a").is_none());
        assert!(file(&Analysis::new(&manifest, &[]), "nobody").is_none());
    }
}
