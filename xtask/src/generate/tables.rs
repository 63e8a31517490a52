//! Tables about the structure of the project: its packages, their edges, the rules.

use std::fmt::Write;

use crate::lexer::lex_code;
use crate::packages::Package;
use crate::policy::{EDGES, STAND_INS, UNSAFE, fits};
use crate::tidy::RULES;
use crate::tree::Project;

/// Every package with its folder, and its description from the manifest.
pub(crate) fn crates(project: &Project) -> Result<String, String> {
    let mut out = String::from("| folder | crate | what it is |\n| --- | --- | --- |\n");
    for package in &project.packages {
        let Package { folder, name, description, .. } = package;
        let state = if !fits(STAND_INS, folder) && is_empty(project, package) { " *(nothing there yet)*" } else { "" };
        let _ = writeln!(out, "| `{folder}/` | `{name}` | {description}{state} |");
    }
    Ok(out)
}

/// Whether the package has no code at all.
fn is_empty(project: &Project, package: &Package) -> bool {
    package.roots.iter().filter_map(|root| project.text(&root.path)).all(|text| lex_code(text).is_empty())
}

/// The table of allowed dependencies, for the folders that exist.
pub(super) fn edges(project: &Project) -> Result<String, String> {
    let mut out = String::from("| folder | may depend on |\n| --- | --- |\n");
    for edges in EDGES {
        if project.packages.iter().any(|package| fits(edges.folder, &package.folder)) {
            let may_use: Vec<String> =
                edges.may_use.iter().copied().flatten().map(|folder| format!("`{folder}`")).collect();
            let may_use = if may_use.is_empty() { "nothing of ours".to_owned() } else { may_use.join(", ") };
            let _ = writeln!(out, "| `{}` | {may_use} |", edges.folder);
        }
    }
    Ok(out)
}

/// The packages that may hold `unsafe`, and what for.
pub(super) fn unsafe_packages(project: &Project) -> Result<String, String> {
    let mut out = String::from("| folder | what `unsafe` is for there |\n| --- | --- |\n");
    for (folder, reason) in UNSAFE {
        if project.packages.iter().any(|package| fits(folder, &package.folder)) {
            let _ = writeln!(out, "| `{folder}` | {reason} |");
        }
    }
    Ok(out)
}

/// The rules of `cargo xtask tidy`.
pub(super) fn rules(_: &Project) -> Result<String, String> {
    let mut out = String::from("| rule | what it asks |\n| --- | --- |\n");
    for rule in RULES {
        let _ = writeln!(out, "| `{}` | {} |", rule.name, rule.about);
    }
    Ok(out)
}
