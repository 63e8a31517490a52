//! Follows `mod` declarations, `#[path]` and `include!` from the crate roots, as rustc does.
//!
//! The result says which `.rs` files are compiled and what each test is called. Conditional compilation is ignored: a
//! module behind any `cfg` counts as reachable. Not seen: modules that a macro declares by a name it computes.

use std::collections::BTreeMap;

use crate::lexer::{Kind, Token, lex_code};
use crate::packages::{Package, Root};
use crate::tree::Project;

/// What is reachable from the crate roots.
#[derive(Default)]
pub(crate) struct Modules {
    /// The reachable files, each with its module path beginning with the package's name.
    pub reachable: BTreeMap<String, String>,
    /// Module declarations without a file: the declaring file, the line, the module's name.
    pub missing: Vec<(String, usize, String)>,
    /// The tests by full name (package, then the target for integration tests, then modules, then function), with the
    /// file that holds each. A module that a macro names by a variable stands as `$variable`.
    pub tests: BTreeMap<String, String>,
}

impl Modules {
    /// Walks every crate of the project.
    pub(crate) fn of(project: &Project) -> Modules {
        let mut modules = Modules::default();
        for package in &project.packages {
            for root in &package.roots {
                modules.file(project, &root.path, &crate_name(package, root), true);
            }
        }
        modules
    }

    /// Whether there is a test of this full name. Where a macro names a module, a name in the macro's file serves.
    pub(crate) fn has_test(&self, project: &Project, name: &str) -> bool {
        self.tests.contains_key(name)
            || self.tests.iter().filter(|(pattern, _)| pattern.contains("::$")).any(|(pattern, path)| {
                let (pattern, name): (Vec<_>, Vec<_>) = (pattern.split("::").collect(), name.split("::").collect());
                let tokens = lex_code(project.text(path).unwrap_or_default());
                pattern.len() == name.len()
                    && pattern.iter().zip(&name).all(|(wanted, found)| {
                        wanted == found || (wanted.starts_with('$') && tokens.iter().any(|token| token.is(found)))
                    })
            })
    }

    /// Walks one file. `owns_directory` says that its modules stand beside it (crate roots, `mod.rs`, `#[path]`).
    fn file(&mut self, project: &Project, path: &str, module: &str, owns_directory: bool) {
        let Some(text) = project.text(path) else { return };
        if self.reachable.contains_key(path) {
            return;
        }
        self.reachable.insert(path.to_owned(), module.to_owned());
        let (directory, name) = path.rsplit_once('/').unwrap_or(("", path));
        let stem = name.trim_end_matches(".rs");
        let modules_in =
            if owns_directory || stem == "mod" { directory.to_owned() } else { format!("{directory}/{stem}") };
        let tokens = lex_code(text);
        let mut walk =
            Walk { modules: self, project, path, directory, modules_in, tokens: &tokens, open: Vec::new(), at: 0 };
        walk.run(module);
    }
}

fn crate_name(package: &Package, root: &Root) -> String {
    if root.main { package.name.clone() } else { format!("{}::{}", package.name, root.name) }
}

/// The walk through one file's tokens.
struct Walk<'a> {
    modules: &'a mut Modules,
    project: &'a Project,
    path: &'a str,
    directory: &'a str,
    modules_in: String,
    tokens: &'a [Token<'a>],
    /// One entry for each open brace: the name of the inline module that it opens, if it opens one.
    open: Vec<Option<String>>,
    at: usize,
}

impl<'a> Walk<'a> {
    fn token(&self, ahead: usize) -> Option<&'a Token<'a>> {
        self.tokens.get(self.at + ahead)
    }

    fn is(&self, ahead: usize, text: &str) -> bool {
        self.token(ahead).is_some_and(|token| token.is(text))
    }

    fn inline_path(&self, separator: &str) -> String {
        self.open.iter().flatten().map(|name| format!("{separator}{name}")).collect()
    }

    fn run(&mut self, module: &str) {
        // The last `#[path = "…"]` and `#[test]` of the attributes in front of the item at hand.
        let (mut explicit_path, mut test) = (None, false);
        while let Some(token) = self.token(0) {
            if token.is("#") && (self.is(1, "[") || (self.is(1, "!") && self.is(2, "["))) {
                let (found, is_test) = self.attribute();
                explicit_path = found.or(explicit_path);
                test |= is_test;
                continue;
            }
            let name = self.token(1).filter(|next| next.kind == Kind::Ident).map(|next| next.text);
            match (token.kind, token.text, name) {
                (Kind::Ident, "mod", Some(name)) if self.is(2, ";") => {
                    self.declared(module, name, explicit_path.take(), token.line);
                    self.at += 3;
                    continue;
                }
                (Kind::Ident, "mod", Some(name)) if self.is(2, "{") => {
                    self.open.push(Some(name.to_owned()));
                    self.at += 3;
                    continue;
                }
                (Kind::Ident, "mod", None) if self.is(1, "$") && self.is(3, "{") => {
                    self.open.push(self.token(2).map(|variable| format!("${}", variable.text)));
                    self.at += 4;
                    continue;
                }
                (Kind::Ident, "fn", Some(name)) if test => {
                    let test = format!("{module}{}::{name}", self.inline_path("::"));
                    self.modules.tests.insert(test, self.path.to_owned());
                }
                (Kind::Ident, "include", _) if self.is(1, "!") => self.included(module),
                (Kind::Punct, "{", _) => self.open.push(None),
                (Kind::Punct, "}", _) => {
                    self.open.pop();
                }
                _ => {}
            }
            // Attributes last until the item that they are on begins its body or ends.
            if token.is("{") || token.is("}") || token.is(";") {
                (explicit_path, test) = (None, false);
            }
            self.at += 1;
        }
    }

    /// Steps over an attribute; gives the path of `path = "…"` in it, and whether it makes a function a test.
    fn attribute(&mut self) -> (Option<&'a str>, bool) {
        let (mut path, mut depth, mut last) = (None, 0usize, "");
        let mut head = None;
        while let Some(token) = self.token(0) {
            self.at += 1;
            match token.text {
                "[" if token.kind == Kind::Punct => depth += 1,
                "]" if token.kind == Kind::Punct => {
                    depth -= 1;
                    if depth == 0 {
                        break;
                    }
                }
                "path" if self.is(0, "=") => {
                    path =
                        self.token(1).filter(|value| value.kind == Kind::Str).map(|value| value.text.trim_matches('"'));
                }
                _ => {}
            }
            // `#[test]` or `#[some::path::test]`: the last word before any argument.
            if depth == 1 && token.kind == Kind::Ident && head.is_none() {
                last = token.text;
                if !self.is(0, "::") {
                    head = Some(last);
                }
            }
        }
        (path, last == "test")
    }

    fn declared(&mut self, module: &str, name: &str, explicit_path: Option<&str>, line: usize) {
        let inline = self.inline_path("/");
        let child = format!("{module}{}::{name}", self.inline_path("::"));
        let candidates = match explicit_path {
            // Outside inline modules, `#[path]` is relative to the directory of the file.
            Some(path) if inline.is_empty() => vec![(join(self.directory, path), true)],
            Some(path) => vec![(join(&format!("{}{inline}", self.modules_in), path), true)],
            None => vec![
                (join(&self.modules_in, &format!("{}{name}.rs", relative(&inline))), false),
                (join(&self.modules_in, &format!("{}{name}/mod.rs", relative(&inline))), true),
            ],
        };
        for (path, owns_directory) in candidates {
            if self.project.text(&path).is_some() {
                self.modules.file(self.project, &path, &child, owns_directory);
                return;
            }
        }
        self.modules.missing.push((self.path.to_owned(), line, name.to_owned()));
    }

    /// `include!("file.rs")`; other forms (generated files under `OUT_DIR`) are not in the tree.
    fn included(&mut self, module: &str) {
        if let Some(name) = self.token(3).filter(|name| name.kind == Kind::Str) {
            let path = join(self.directory, name.text.trim_matches('"'));
            let within = format!("{module}{}", self.inline_path("::"));
            self.modules.file(self.project, &path, &within, true);
        }
    }
}

fn relative(inline: &str) -> String {
    if inline.is_empty() { String::new() } else { format!("{}/", inline.trim_start_matches('/')) }
}

/// Joins two paths and resolves `..` and `.`.
fn join(directory: &str, path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in directory.split('/').chain(path.split('/')) {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn project(files: &[(&str, &str)]) -> Project {
        let mut project = Project::of(files);
        let root = |name: &str, main, path: &str| Root { name: name.to_owned(), main, path: path.to_owned() };
        project.packages = vec![Package {
            name: "lox".to_owned(),
            folder: "lox".to_owned(),
            roots: vec![root("lox", true, "lox/src/lib.rs"), root("it", false, "lox/tests/it/main.rs")],
            ..Package::default()
        }];
        project
    }

    fn reachable(files: &[(&str, &str)]) -> Vec<String> {
        Modules::of(&project(files)).reachable.into_keys().collect()
    }

    #[test]
    fn follows_files_directories_and_inline_modules() {
        let found = reachable(&[
            ("lox/src/lib.rs", "mod scanner; pub(crate) mod parser; mod inline { mod deep; }"),
            ("lox/src/scanner.rs", "mod tokens;"),
            ("lox/src/scanner/tokens.rs", ""),
            ("lox/src/parser/mod.rs", "mod rules;"),
            ("lox/src/parser/rules.rs", ""),
            ("lox/src/inline/deep.rs", ""),
            ("lox/src/orphan.rs", ""),
            ("lox/tests/it/main.rs", "mod suite;"),
            ("lox/tests/it/suite.rs", ""),
        ]);
        assert!(!found.contains(&"lox/src/orphan.rs".to_owned()));
        assert_eq!(found.len(), 8);
    }

    #[test]
    fn follows_path_attributes_and_includes() {
        let found = reachable(&[
            ("lox/src/lib.rs", "#[path = \"odd/name.rs\"] mod a; include!(\"../table.rs\"); mod b;"),
            ("lox/src/odd/name.rs", "mod child;"),
            ("lox/src/odd/child.rs", ""),
            ("lox/table.rs", ""),
            ("lox/src/b.rs", "#[cfg_attr(unix, path = \"c_unix.rs\")] mod c;"),
            ("lox/src/c_unix.rs", ""),
        ]);
        assert_eq!(found.len(), 6);
    }

    #[test]
    fn declarations_in_strings_and_comments_do_not_count() {
        let found = reachable(&[
            ("lox/src/lib.rs", "// mod a;\nconst S: &str = \"mod a;\"; /* mod a; */"),
            ("lox/src/a.rs", ""),
        ]);
        assert_eq!(found, ["lox/src/lib.rs"]);
    }

    #[test]
    fn a_declaration_without_a_file_is_reported() {
        let modules = Modules::of(&project(&[("lox/src/lib.rs", "\nmod gone;")]));
        assert_eq!(modules.missing, [("lox/src/lib.rs".to_owned(), 2, "gone".to_owned())]);
    }

    #[test]
    fn tests_have_full_names() {
        let modules = Modules::of(&project(&[
            ("lox/src/lib.rs", "mod scanner;"),
            (
                "lox/src/scanner.rs",
                "fn not_a_test() {} mod tests { #[test] #[should_panic] fn scans() {} fn helper() {} }",
            ),
            ("lox/tests/it/main.rs", "#[some::test] fn runs() {} #[cfg(test)] fn not_either() {}"),
        ]));
        let names: Vec<_> = modules.tests.keys().map(String::as_str).collect();
        assert_eq!(names, ["lox::it::runs", "lox::scanner::tests::scans"]);
    }

    #[test]
    fn macros_may_name_the_modules_of_tests() {
        let source =
            "macro_rules! all { ($($name:ident)*) => { $(mod $name { #[test] fn conforms() {} })* } } all! { one two }";
        let project = project(&[("lox/src/lib.rs", ""), ("lox/tests/it/main.rs", source)]);
        let modules = Modules::of(&project);
        assert!(modules.has_test(&project, "lox::it::two::conforms"));
        assert!(!modules.has_test(&project, "lox::it::three::conforms"));
        assert!(!modules.has_test(&project, "lox::it::two::complies"));
        assert!(!modules.has_test(&project, "lox::it::conforms"));
    }
}
