//! The generated regions of the documents are what `cargo xtask generate` would write.

use super::Finding;
use crate::generate;
use crate::tree::Project;

pub(super) fn check(project: &Project) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, text) in project.with_extension("md") {
        match generate::rewrite(project, text) {
            Err(error) => findings.push(Finding::new(path, error.line, error.message)),
            Ok(expected) if expected != text => {
                let line = expected.lines().zip(text.lines()).take_while(|(a, b)| a == b).count() + 1;
                findings.push(Finding::new(path, line, "out of date: run `cargo xtask generate`"));
            }
            Ok(_) => {}
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str) -> Vec<usize> {
        check(&Project::of(&[("docs/page.md", text)])).into_iter().map(|finding| finding.line).collect()
    }

    #[test]
    fn refuses_a_stale_region() {
        assert_eq!(lines("intro\n<!-- generated: rules -->\nby hand\n<!-- end: rules -->\n"), [3]);
    }

    #[test]
    fn refuses_unknown_and_unclosed_regions() {
        assert_eq!(lines("<!-- generated: nonsense -->\n<!-- end: nonsense -->\n"), [1]);
        assert_eq!(lines("\n<!-- generated: rules -->\n"), [2]);
    }

    #[test]
    fn accepts_what_generate_writes() {
        let project = Project::of(&[]);
        let text = generate::rewrite(&project, "<!-- generated: rules -->\n<!-- end: rules -->\n")
            .expect("rules need no input");
        assert_eq!(lines(&text), [] as [usize; 0]);
        assert!(text.contains("heap-values"));
    }
}
