//! Two runs against each other: of a subject before and after a change, say.

use crate::analysis::{Analysis, Metric, seed};
use crate::report;
use crate::statistics::bootstrap::{Estimate, Nested, mean_ratio, ratio};
use crate::store::Store;
use std::fmt::Write as _;
use std::path::Path;

/// What is compared with what: names of subjects of the first and the second run.
fn pairs(first: &[String], second: &[String], only: Option<&str>) -> Result<Vec<(String, String)>, String> {
    let common: Vec<(String, String)> =
        first.iter().filter(|name| second.contains(name)).map(|name| (name.clone(), name.clone())).collect();
    if let Some(only) = only {
        let chosen: Vec<(String, String)> = common.into_iter().filter(|(name, _)| name == only).collect();
        return if chosen.is_empty() { Err(format!("not both runs have a subject {only:?}")) } else { Ok(chosen) };
    }
    match (first, second) {
        _ if !common.is_empty() => Ok(common),
        ([one], [other]) => Ok(vec![(one.clone(), other.clone())]),
        _ => Err(format!("the runs have no subject in common: {} and {}", first.join(", "), second.join(", "))),
    }
}

/// The comparison as text: the second run as a multiple of the first.
pub fn compare(first: &Path, second: &Path, only: Option<&str>, metric: Metric) -> Result<String, String> {
    let (before, before_records) = Store::read(first)?;
    let (after, after_records) = Store::read(second)?;
    let names = |manifest: &crate::store::Manifest| -> Vec<String> {
        manifest.subjects.iter().map(|subject| subject.name.clone()).collect()
    };
    let pairs = pairs(&names(&before), &names(&after), only)?;
    let (before, after) = (Analysis::new(&before, &before_records), Analysis::new(&after, &after_records));
    let mut text = String::new();
    for (analysis, path) in [(&before, first), (&after, second)] {
        for failure in analysis.summary().failures {
            let _ = writeln!(
                text,
                "{} in {}: {} on {}: {}",
                failure.kind.to_uppercase(),
                path.display(),
                failure.program,
                failure.subject,
                failure.what
            );
        }
    }
    for (one, other) in pairs {
        for (analysis, name, path) in [(&before, &one, first), (&after, &other, second)] {
            let subject = analysis.manifest.subjects.iter().find(|subject| subject.name == *name);
            let build = subject.map(|subject| subject.build.summary.as_str()).unwrap_or_default();
            let _ = writeln!(text, "{}: {name}: {build}", path.display());
        }
        let mut rows =
            vec![vec![metric.what().to_owned(), format!("{} / {}", second.display(), first.display()), String::new()]];
        let mut data: Vec<(Nested, Nested)> = Vec::new();
        let mut alone = Vec::new();
        for program in &after.manifest.programs {
            let same = before.manifest.programs.iter().find(|candidate| candidate.name == program.name);
            let Some(same) = same.filter(|same| same.arguments == program.arguments) else {
                alone.push(program.name.as_str());
                continue;
            };
            let sides = (after.sound(program, &other), before.sound(same, &one));
            let (Some(above), Some(below)) = sides else { continue };
            let (above, below) = (above.metric(metric), below.metric(metric));
            let seed = seed(after.manifest.definition.seed, &[&program.name, &other, metric.name()]);
            if let Some(estimate) = ratio(&above, &below, seed) {
                rows.push(vec![program.name.clone(), report::estimate(&estimate), verdict(&estimate).to_owned()]);
                data.push((above, below));
            }
        }
        if data.is_empty() {
            return Err(format!("{one} and {other} have no program in common that went well in both runs"));
        }
        let seed = seed(after.manifest.definition.seed, &["all", &other, metric.name()]);
        if let Some(mean) = mean_ratio(&data, seed) {
            let verdict = verdict(&mean).to_owned();
            rows.push(vec![format!("geometric mean of {}", data.len()), report::estimate(&mean), verdict]);
        }
        report::table(&mut text, &rows);
        if !alone.is_empty() {
            let _ = writeln!(text, "not the same in both: {}", alone.join(", "));
        }
    }
    Ok(text)
}

fn verdict(estimate: &Estimate) -> &'static str {
    match (estimate.interval, estimate.differs_from_one()) {
        (None, _) => "unknown",
        (Some(_), false) => "no difference seen",
        (Some(_), true) if estimate.value < 1.0 => "less",
        (Some(_), true) => "more",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::invocation::Outcome;
    use crate::store::examples;

    fn run_in(folder: &Path, scale: u64) {
        let manifest = examples::manifest(4);
        let records = examples::records(&manifest);
        let mut store = Store::open(folder, manifest, crate::plan::Shard::default()).unwrap();
        for mut record in records {
            record.iterations.iter_mut().for_each(|ns| *ns *= scale);
            if record.subject == "b" && record.program == "own/y" {
                record.outcome = Outcome::Crashed(9);
            }
            store.add(record).unwrap();
        }
    }

    #[test]
    fn the_second_run_is_told_as_a_multiple_of_the_first() {
        let folder = tempfile::tempdir().unwrap();
        let (first, second) = (folder.path().join("first"), folder.path().join("second"));
        run_in(&first, 1);
        run_in(&second, 3);
        let text = compare(&first, &second, None, Metric::Time).unwrap();
        assert!(text.starts_with("BROKEN in ") && text.contains("3.00 ["), "{text}");
        assert!(text.contains("geometric mean of 2") && text.contains("geometric mean of 1"), "{text}");
        let same = compare(&first, &first, Some("a"), Metric::Memory).unwrap();
        assert!(same.contains("no difference seen"), "{same}");
        assert!(compare(&first, &second, Some("z"), Metric::Time).unwrap_err().contains("\"z\""));
        assert!(compare(&first, &folder.path().join("third"), None, Metric::Time).is_err());
    }

    #[test]
    fn runs_of_one_subject_each_are_compared_whatever_its_name() {
        let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        let pair = |a: &str, b: &str| (a.to_owned(), b.to_owned());
        assert_eq!(pairs(&names(&["a"]), &names(&["b"]), None).unwrap(), [pair("a", "b")]);
        assert_eq!(pairs(&names(&["a", "c"]), &names(&["c", "d"]), None).unwrap(), [pair("c", "c")]);
        assert!(pairs(&names(&["a", "c"]), &names(&["b"]), None).is_err());
    }
}
