//! `unsafe` stands only in the packages that are for it, and each block and implementation says why it is sound.
//!
//! The reason is a comment with `SAFETY:` in the statement or item that the `unsafe` belongs to, in front of it, right
//! above its line, or first inside the block. Clippy's `undocumented_unsafe_blocks` checks blocks more precisely; this rule also sees
//! code inside macros and code that the current configuration leaves out. That a `pub unsafe fn` documents `# Safety` is clippy's
//! `missing_safety_doc`.

use super::Finding;
use crate::lexer::{Kind, Token, lex};
use crate::policy::{UNSAFE, fits};
use crate::tree::Project;

pub(super) fn check(project: &Project) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, text) in project.with_extension("rs") {
        let folder = project.package_of(path).map_or("", |package| package.folder.as_str());
        findings.extend(check_file(path, text, UNSAFE.iter().any(|(pattern, _)| fits(pattern, folder))));
    }
    findings
}

fn check_file(path: &str, text: &str, is_for_it: bool) -> Vec<Finding> {
    let tokens = lex(text);
    let mut findings = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        if !token.is("unsafe") {
            continue;
        }
        if !is_for_it {
            findings.push(Finding::new(path, token.line, "unsafe outside the packages that are for it"));
        }
        let needs_reason = tokens.get(at + 1).is_some_and(|next| next.is("{") || next.is("impl"));
        if needs_reason && !has_reason(&tokens, at) {
            findings.push(Finding::new(path, token.line, "unsafe without a SAFETY: comment"));
        }
    }
    findings
}

fn has_reason(tokens: &[Token<'_>], at: usize) -> bool {
    let says = |token: &Token<'_>| token.kind == Kind::Comment && token.text.contains("SAFETY:");
    if tokens.get(at + 2).is_some_and(says) {
        return true;
    }
    let before = tokens.get(..at).unwrap_or_default();
    // The comment lines that end right above.
    let own_line = tokens.get(at).map_or(0, |token| token.line);
    let mut line = own_line;
    for comment in before.iter().rev().skip_while(|token| token.line >= own_line) {
        if comment.kind != Kind::Comment || comment.line + comment.text.lines().count() != line {
            break;
        }
        if says(comment) {
            return true;
        }
        line = comment.line;
    }
    before.iter().rev().take_while(|token| !(token.is(";") || token.is("{") || token.is("}"))).any(says)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_blocks_and_impls_without_a_reason() {
        assert_eq!(check_file("a.rs", "fn f() { unsafe { g() } }", true).len(), 1);
        assert_eq!(check_file("a.rs", "// A comment.\nunsafe impl Send for T {}", true).len(), 1);
        let second = "fn f() { // SAFETY: g asks for nothing.\n unsafe { g() };\n unsafe { h() } }";
        assert_eq!(check_file("a.rs", second, true).len(), 1, "one reason does not serve the next statement");
    }

    #[test]
    fn accepts_reasons_in_front_and_inside() {
        assert_eq!(check_file("a.rs", "fn f() {\n // SAFETY: fine.\n let x = unsafe { g() };\n}", true), []);
        assert_eq!(check_file("a.rs", "fn f() { unsafe { // SAFETY: fine.\n g() } }", true), []);
        assert_eq!(check_file("a.rs", "// SAFETY: T has no thread-bound state.\nunsafe impl Send for T {}", true), []);
        let arm = "// SAFETY: tested,\n// by the caller.\nX => { if zero { unsafe { g() } } }";
        assert_eq!(check_file("a.rs", arm, true), []);
        assert_eq!(check_file("a.rs", "unsafe fn f() {} // text: unsafe { }", true), []);
    }

    #[test]
    fn refuses_unsafe_where_it_does_not_belong() {
        assert_eq!(check_file("a.rs", "unsafe fn f() {}", false).len(), 1);
        assert_eq!(check_file("a.rs", "const S: &str = \"unsafe\"; // unsafe", false), []);
    }
}
