//! The code that guides show is code that compiles and is tested: each block stands, as it is, in the file that it names.
//!
//! A guide is a page `docs/writing-*.md`. A block of code in it has above it the line `<!-- PATH -->`; its lines, moved
//! to the right as a whole if need be, are consecutive lines of that file. Blocks of commands (`sh`) and of pictures and output
//! (`text`) name no file.

use super::Finding;
use crate::tree::Project;

pub(super) fn check(project: &Project) -> Vec<Finding> {
    let guides = project.with_extension("md").filter(|(path, _)| path.starts_with("docs/writing-"));
    guides.flat_map(|(path, text)| check_guide(project, path, text)).collect()
}

fn check_guide(project: &Project, path: &str, text: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut above = "";
    let mut lines = text.lines().enumerate();
    while let Some((index, line)) = lines.next() {
        let Some(language) = line.strip_prefix("```") else {
            if !line.trim().is_empty() {
                above = line;
            }
            continue;
        };
        let block: Vec<&str> = lines.by_ref().map(|(_, line)| line).take_while(|line| *line != "```").collect();
        let named = std::mem::take(&mut above).strip_prefix("<!-- ").and_then(|rest| rest.strip_suffix(" -->"));
        let problem = match named {
            None if matches!(language, "sh" | "text") => continue,
            None => "a block of code that names no file".to_owned(),
            Some(file) => match project.text(file) {
                None => format!("there is no file {file}"),
                Some(source) if stands_in(source, &block) => continue,
                Some(_) => format!("what it quotes does not stand in {file}"),
            },
        };
        findings.push(Finding::new(path, index + 1, problem));
    }
    findings
}

/// Whether `block` is consecutive lines of `source`, all indented by the same.
fn stands_in(source: &str, block: &[&str]) -> bool {
    let lines: Vec<&str> = source.lines().collect();
    let Some(first) = block.iter().position(|line| !line.is_empty()) else { return false };
    lines.windows(block.len()).any(|window| {
        let Some(indentation) = window[first].strip_suffix(block[first]) else { return false };
        indentation.trim().is_empty()
            && window.iter().zip(block).all(|(found, wanted)| match wanted.is_empty() {
                true => found.is_empty(),
                false => found.strip_prefix(indentation) == Some(*wanted),
            })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOURCE: &str = "fn f() {\n    if true {\n        g();\n\n        h();\n    }\n}\n";

    fn messages(guide: &str) -> Vec<String> {
        let project = Project::of(&[("a.rs", SOURCE), ("docs/writing-a-thing.md", guide)]);
        check(&project).into_iter().map(|finding| format!("{}: {}", finding.line, finding.message)).collect()
    }

    #[test]
    fn accepts_what_stands_in_the_file() {
        assert_eq!(messages("Text.\n\n<!-- a.rs -->\n```rust\nif true {\n    g();\n\n    h();\n}\n```\n"), [""; 0]);
        assert_eq!(messages("<!-- a.rs -->\n\n```rust\n    if true {\n        g();\n```\n"), [""; 0]);
        assert_eq!(messages("```sh\ncargo run\n```\n```text\na\n```\n"), [""; 0]);
    }

    #[test]
    fn refuses_what_does_not() {
        let drifted = "2: what it quotes does not stand in a.rs";
        assert_eq!(messages("<!-- a.rs -->\n```rust\nif true {\n    i();\n```\n"), [drifted]);
        assert_eq!(messages("<!-- a.rs -->\n```rust\nif true {\n  g();\n```\n"), [drifted]);
        assert_eq!(messages("<!-- a.rs -->\n```rust\ng();\nh();\n```\n"), [drifted]);
        assert_eq!(messages("<!-- a.rs -->\n```rust\n```\n"), [drifted]);
    }

    #[test]
    fn refuses_code_without_a_file() {
        assert_eq!(messages("```rust\ng();\n```\n"), ["1: a block of code that names no file"]);
        assert_eq!(messages("<!-- b.rs -->\n```rust\ng();\n```\n"), ["2: there is no file b.rs"]);
        // The line above the first block is not above the second.
        let twice = "<!-- a.rs -->\n```rust\ng();\n```\n```rust\nh();\n```\n";
        assert_eq!(messages(twice), ["5: a block of code that names no file"]);
    }
}
