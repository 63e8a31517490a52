//! Every `.rs` file belongs to a crate, and every module declaration has its file.

use super::Finding;
use crate::modules::Modules;
use crate::tree::Project;

pub(super) fn check(project: &Project) -> Vec<Finding> {
    let modules = Modules::of(project);
    let orphans = project
        .with_extension("rs")
        .filter(|(path, _)| !modules.reachable.contains_key(*path))
        .map(|(path, _)| Finding::new(path, 0, "no crate compiles this file"));
    let missing = modules
        .missing
        .iter()
        .map(|(path, line, name)| Finding::new(path, *line, format!("module {name} has no file that git would track")));
    orphans.chain(missing).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::packages::{Package, Root};

    #[test]
    fn refuses_an_orphan_and_a_declaration_without_a_file() {
        let mut project = Project::of(&[("a/src/lib.rs", "mod b; mod gone;"), ("a/src/b.rs", ""), ("a/src/c.rs", "")]);
        project.packages = vec![Package {
            name: "a".to_owned(),
            folder: "a".to_owned(),
            roots: vec![Root { name: "a".to_owned(), main: true, path: "a/src/lib.rs".to_owned() }],
            ..Package::default()
        }];
        let found: Vec<_> = check(&project).into_iter().map(|finding| (finding.path, finding.line)).collect();
        assert_eq!(found, [("a/src/c.rs".to_owned(), 0), ("a/src/lib.rs".to_owned(), 1)]);
    }
}
