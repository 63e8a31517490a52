//! The dependency edges of the architecture, from the manifests.
//!
//! Normal and build dependencies obey [`EDGES`] strictly; development dependencies may also name [`FOR_TESTS`] and,
//! since a package's integration tests exercise its public face, the package itself.

use super::Finding;
use crate::packages::{DependencyKind, Package};
use crate::policy::{EDGES, FOR_TESTS, fits};
use crate::tree::Project;

pub(super) fn check(project: &Project) -> Vec<Finding> {
    project.packages.iter().flat_map(check_package).collect()
}

fn check_package(package: &Package) -> Vec<Finding> {
    let manifest = format!("{}/Cargo.toml", package.folder);
    let Some(edges) = EDGES.iter().find(|edges| fits(edges.folder, &package.folder)) else {
        return vec![Finding::new(&manifest, 0, "its folder has no place in the table of dependency edges")];
    };
    let mut findings = Vec::new();
    for dependency in &package.dependencies {
        let Some(folder) = &dependency.folder else { continue };
        let allowed = |groups: &[&[&str]]| groups.iter().copied().flatten().any(|pattern| fits(pattern, folder));
        let dev = dependency.kind == DependencyKind::Dev;
        if !(allowed(edges.may_use) || (dev && (allowed(FOR_TESTS) || *folder == package.folder))) {
            let kind = if dev { "development-depend" } else { "depend" };
            findings.push(Finding::new(&manifest, 0, format!("{} may not {kind} on {folder}", package.folder)));
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::packages::Dependency;

    fn findings(folder: &str, kind: DependencyKind, on: &str) -> Vec<Finding> {
        let dependency = Dependency { name: on.to_owned(), kind, folder: Some(on.to_owned()) };
        check_package(&Package {
            name: folder.to_owned(),
            folder: folder.to_owned(),
            dependencies: vec![dependency],
            ..Package::default()
        })
    }

    #[test]
    fn refuses_what_the_architecture_forbids() {
        for (from, to) in [
            ("gcs/semispace", "gcs/marksweep"),
            ("gcs/semispace", "frontends/python/syntax"),
            ("gcs/toolkit", "runtime/core"),
            ("jits/cranelift", "gcs/toolkit"),
            ("jits/cranelift", "runtime/engines"),
            ("vm-api/heap", "vm-api/vir"),
            ("vm-api/code", "gcs/toolkit"),
            ("frontends/lox", "frontends/python/syntax"),
            ("runtime/core", "gcs/semispace"),
            ("runtime/core", "runtime/engines"),
            ("runtime/cli", "gcs/semispace"),
            ("runtime/cli", "jits/eval"),
            ("runtime/python/objects", "runtime/python/builtins"),
            ("xtask", "vm-api/heap"),
        ] {
            assert_eq!(findings(from, DependencyKind::Normal, to).len(), 1, "{from} -> {to}");
            assert_eq!(findings(from, DependencyKind::Build, to).len(), 1, "{from} -> {to}");
        }
    }

    #[test]
    fn accepts_what_it_allows() {
        for (from, to) in [
            ("gcs/semispace", "gcs/toolkit"),
            ("vm-api/engine", "vm-api/heap"),
            ("runtime/compose", "gcs/semispace"),
            ("runtime/cli", "runtime/compose"),
            ("runtime/python/semantics", "runtime/python/objects"),
        ] {
            assert_eq!(findings(from, DependencyKind::Normal, to), [], "{from} -> {to}");
        }
    }

    #[test]
    fn tests_may_name_components_but_not_the_composition() {
        assert_eq!(findings("gcs/semispace", DependencyKind::Dev, "vm-api/testkit"), []);
        assert_eq!(findings("frontends/lox", DependencyKind::Dev, "gcs/semispace"), []);
        assert_eq!(findings("gcs/semispace", DependencyKind::Dev, "runtime/compose").len(), 1);
        assert_eq!(findings("gcs/semispace", DependencyKind::Dev, "runtime/python/objects").len(), 1);
    }

    #[test]
    fn a_folder_outside_the_table_is_refused() {
        assert_eq!(findings("misc/helpers", DependencyKind::Normal, "vm-api/heap").len(), 1);
    }
}
