//! Every format that others read is described in `docs/formats.md`, at its current version.
//!
//! A format is a file with a constant `FORMAT_VERSION`; the page has the line "Version N, `path`." for it.

use super::Finding;
use crate::lexer::lex_code;
use crate::tree::Project;

const PAGE: &str = "docs/formats.md";

pub(crate) fn check(project: &Project) -> Vec<Finding> {
    let page = project.text(PAGE).unwrap_or_default();
    let mut described: Vec<(usize, &str, &str)> = page.lines().enumerate().filter_map(described).collect();
    let mut findings = Vec::new();
    for (path, line, version) in project.with_extension("rs").filter_map(|(path, text)| version(path, text)) {
        match described.iter().position(|(_, _, file)| *file == path) {
            None => findings.push(Finding::new(path, line, format!("a format that {PAGE} does not describe"))),
            Some(index) => {
                let (described_at, described_version, _) = described.remove(index);
                if described_version != version {
                    let message = format!("describes version {described_version} of {path}, which is at {version}");
                    findings.push(Finding::new(PAGE, described_at, message));
                }
            }
        }
    }
    let gone =
        described.into_iter().map(|(line, _, path)| Finding::new(PAGE, line, format!("{path} has no FORMAT_VERSION")));
    findings.extend(gone);
    findings
}

/// The 1-based line, version and path of a line "Version N, `path`."
fn described((index, line): (usize, &str)) -> Option<(usize, &str, &str)> {
    let (version, path) = line.strip_prefix("Version ")?.split_once(", `")?;
    Some((index + 1, version, path.trim_end_matches('.').strip_suffix('`')?))
}

/// The path, line and version of a file that defines a format: `const FORMAT_VERSION: u32 = N;`.
fn version<'a>(path: &'a str, text: &'a str) -> Option<(&'a str, usize, &'a str)> {
    let tokens = lex_code(text);
    let at = tokens.windows(2).position(|pair| pair[0].is("const") && pair[1].is("FORMAT_VERSION"))?;
    Some((path, tokens[at].line, tokens.get(at + 5)?.text))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(source: &str, page: &str) -> Vec<(String, usize)> {
        check(&Project::of(&[("a.rs", source), (PAGE, page)])).into_iter().map(|f| (f.path, f.line)).collect()
    }

    const SOURCE: &str = "/// Text.\npub const FORMAT_VERSION: u32 = 2;";

    #[test]
    fn refuses_a_format_without_a_description() {
        assert_eq!(places(SOURCE, "# Formats\n"), [("a.rs".to_owned(), 2)]);
    }

    #[test]
    fn refuses_another_version_and_a_format_that_is_gone() {
        assert_eq!(places(SOURCE, "# Formats\nVersion 1, `a.rs`.\n"), [(PAGE.to_owned(), 2)]);
        assert_eq!(places("", "Version 1, `a.rs`.\n"), [(PAGE.to_owned(), 1)]);
    }

    #[test]
    fn accepts_the_current_version() {
        assert_eq!(places(SOURCE, "Version 2, `a.rs`.\n"), []);
        assert_eq!(places("// const FORMAT_VERSION: u32 = 3;", ""), []);
    }
}
