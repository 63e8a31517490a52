//! A feature that the README claims names a test that exists; states are generated, never written by hand.
//!
//! `docs/features.txt` is the source (its head describes the form). The README shows it through the generated region
//! `features`. A table anywhere in the documents with a column `state` outside generated regions is a claim that
//! nothing checks, and is refused.

use super::Finding;
use crate::generate::features::{FEATURES, parse};
use crate::generate::regions;
use crate::modules::Modules;
use crate::tree::Project;

pub(super) fn check(project: &Project) -> Vec<Finding> {
    let mut findings = Vec::new();
    match project.text(FEATURES) {
        None => findings.push(Finding::new(FEATURES, 0, "missing")),
        Some(text) => match parse(text) {
            Err((line, message)) => findings.push(Finding::new(FEATURES, line, message)),
            Ok(features) => {
                let modules = Modules::of(project);
                for feature in features {
                    for test in feature.tests.iter().filter(|test| !exists(project, &modules, test)) {
                        findings.push(Finding::new(FEATURES, feature.line, format!("no test {test}")));
                    }
                }
            }
        },
    }
    let readme = project.text("README.md").unwrap_or_default();
    if !regions(readme).is_ok_and(|regions| regions.iter().any(|region| region.name == "features")) {
        findings.push(Finding::new("README.md", 0, "has no generated region `features`"));
    }
    for (path, text) in project.with_extension("md") {
        let generated = regions(text).unwrap_or_default();
        for (index, line) in text.lines().enumerate() {
            let stated = line.starts_with('|') && line.split('|').any(|cell| cell.trim().eq_ignore_ascii_case("state"));
            if stated && !generated.iter().any(|region| region.lines.contains(&index)) {
                findings.push(Finding::new(path, index + 1, "a table of states that is not generated"));
            }
        }
    }
    findings
}

/// A test is a function's full name, or the path of a data file or folder that a harness runs.
fn exists(project: &Project, modules: &Modules, test: &str) -> bool {
    if test.contains('/') {
        let folder = format!("{}/", test.trim_end_matches('/'));
        project.files.contains_key(test) || project.files.keys().any(|path| path.starts_with(&folder))
    } else {
        modules.has_test(project, test)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::packages::{Package, Root};

    const README: &str = "<!-- generated: features -->\n<!-- end: features -->\n";

    fn messages(features: &str, readme: &str) -> Vec<String> {
        let mut project = Project::of(&[
            (FEATURES, features),
            ("README.md", readme),
            ("lox/src/lib.rs", "#[test] fn adds() {}"),
            ("lox/tests/data/add.lox", ""),
        ]);
        project.packages = vec![Package {
            name: "lox".to_owned(),
            folder: "lox".to_owned(),
            roots: vec![Root { name: "lox".to_owned(), main: true, path: "lox/src/lib.rs".to_owned() }],
            ..Package::default()
        }];
        check(&project).into_iter().map(|finding| finding.message).collect()
    }

    #[test]
    fn refuses_a_feature_whose_test_is_not_there() {
        assert_eq!(messages("[Lox]\nsums | lox::subtracts", README), ["no test lox::subtracts"]);
        assert_eq!(messages("[Lox]\nsums | lox/tests/data/sub.lox", README), ["no test lox/tests/data/sub.lox"]);
        assert_eq!(messages("sums | lox::adds", README).len(), 1, "no section");
    }

    #[test]
    fn accepts_tests_data_and_what_is_not_yet() {
        assert_eq!(
            messages("[Lox]\nsums | lox::adds, lox/tests/data/add.lox, lox/tests/data\nclasses |", README),
            [] as [&str; 0]
        );
    }

    #[test]
    fn refuses_a_readme_without_the_region_and_states_by_hand() {
        assert_eq!(messages("", "# Prism").len(), 1);
        assert_eq!(messages("", &format!("{README}\n| feature | State |\n")).len(), 1);
        assert_eq!(
            messages("", "<!-- generated: features -->\n| feature | state |\n<!-- end: features -->\n"),
            [] as [&str; 0]
        );
    }
}
