//! No attribute or manifest lets dead code stay: what nobody calls is deleted or tested.
//!
//! `allow` and `expect` of `dead_code`, and of the groups that hold it (`unused`, `warnings`), in source and in the
//! `[lints]` tables. The compiler itself finds the dead code.

use super::Finding;
use crate::lexer::{Kind, lex_code};
use crate::tree::Project;

const LINTS: &[&str] = &["dead_code", "unused", "warnings"];

pub(super) fn check(project: &Project) -> Vec<Finding> {
    let sources = project.with_extension("rs").flat_map(|(path, text)| in_source(path, text));
    let manifests = project
        .files
        .iter()
        .filter(|(path, _)| path.ends_with("Cargo.toml"))
        .flat_map(|(path, text)| in_manifest(path, text));
    sources.chain(manifests).collect()
}

fn in_source(path: &str, text: &str) -> Vec<Finding> {
    let tokens = lex_code(text);
    let mut findings = Vec::new();
    let mut attribute = None;
    for (at, token) in tokens.iter().enumerate() {
        let called = tokens.get(at + 1).is_some_and(|next| next.is("("));
        match token.kind {
            Kind::Ident if matches!(token.text, "allow" | "expect") && called => attribute = Some(token.text),
            Kind::Punct if token.text == ")" => attribute = None,
            Kind::Ident if LINTS.contains(&token.text) => {
                let whole = |ahead: usize| tokens.get(at + ahead).is_none_or(|next| next.is(",") || next.is(")"));
                if let Some(attribute) = attribute.filter(|_| whole(1)) {
                    findings.push(Finding::new(path, token.line, format!("{attribute}({})", token.text)));
                }
            }
            _ => {}
        }
    }
    findings
}

fn in_manifest(path: &str, text: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let Some((key, value)) = line.split('#').next().and_then(|code| code.split_once('=')) else { continue };
        if LINTS.contains(&key.trim()) && value.contains("\"allow\"") {
            findings.push(Finding::new(path, index + 1, format!("{} = \"allow\"", key.trim())));
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(path: &str, text: &str) -> usize {
        check(&Project::of(&[(path, text)])).len()
    }

    #[test]
    fn refuses_each_form() {
        assert_eq!(count("a.rs", "#[allow(dead_code)] fn f() {}"), 1);
        assert_eq!(count("a.rs", "#![allow(clippy::all, unused)]"), 1);
        assert_eq!(count("a.rs", "#[cfg_attr(test, expect(dead_code))] fn f() {}"), 1);
        assert_eq!(count("x/Cargo.toml", "[lints.rust]\ndead_code = \"allow\""), 1);
    }

    #[test]
    fn accepts_text_and_other_lints() {
        assert_eq!(count("a.rs", "// allow(dead_code)\nconst S: &str = \"allow(dead_code)\";"), 0);
        assert_eq!(count("a.rs", "#[allow(clippy::too_many_lines)] fn f() { option.expect(unused.name) }"), 0);
        assert_eq!(count("x/Cargo.toml", "dead_code = \"deny\" # not \"allow\""), 0);
    }
}
