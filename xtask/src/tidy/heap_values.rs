//! No `Value` (and no `Object`, which is one) in a container on the Rust heap, where a collector neither finds nor updates it.
//!
//! The check is lexical. It sees container types that name a pointer type (`Vec<Value>`, `HashMap<K, Option<Value>>`,
//! `Box<[Value]>`, `vec![Value::NIL; n]`), and containers of structs and enums that hold one by value, as far as these
//! are defined in the same crate or in `vm-heap` (a box of such a struct is as bad as a box of a Value). References,
//! raw pointers, function types and `PhantomData` hold nothing.
//!
//! It does not see: types behind aliases and generic parameters (`Vec<T>` with `T = Value`), inferred types
//! (`.collect()`, `Vec::new()`), carriers of another crate than `vm-heap`, and Values disguised as integers. Those are
//! for the debug allocator, which scans live Rust blocks after moving collections.

use std::collections::BTreeSet;

use super::Finding;
use crate::lexer::{Kind, Token, lex_code};
use crate::packages::Package;
use crate::policy::{RUST_HEAP_CONTAINERS, RUST_HEAP_VALUES};
use crate::tree::Project;

/// The types of `vm-heap` that are, or may be, the address of an object.
const POINTERS: &[&str] = &["Value", "Object"];

/// The package that defines them.
const HOME: &str = "vm-heap";

/// First words of paths and imports that lead to the pointer types (the crate's own words lead there by re-export).
const LEADS: &[&str] = &["vm_heap", "vm_api", "heap", "value", "crate", "self", "super"];

pub(super) fn check(project: &Project) -> Vec<Finding> {
    check_with(project, RUST_HEAP_VALUES)
}

fn check_with(project: &Project, excused: &[(&str, &str)]) -> Vec<Finding> {
    let home: Vec<Source<'_>> = project
        .packages
        .iter()
        .filter(|package| package.name == HOME)
        .flat_map(|package| sources(project, package))
        .collect();
    let at_home = carriers(&home, POINTERS.iter().map(|name| (*name).to_owned()).collect());
    let mut findings = Vec::new();
    let mut used = BTreeSet::new();
    for package in project.packages.iter().filter(|package| sees_values(project, package)) {
        let sources = sources(project, package);
        let mut names = at_home.clone();
        if package.name != HOME
            && sources.iter().any(|source| POINTERS.iter().any(|name| defines(&source.tokens, name)))
        {
            // The crate has a type of its own by that name.
            names.retain(|name| !POINTERS.contains(&name.as_str()));
        }
        let names = carriers(&sources, names);
        for source in &sources {
            let mut names = names.clone();
            names.retain(|name| !imports_another(&source.tokens, name));
            for (line, what) in containers(&source.tokens, &names) {
                if let Some((path, _)) = excused.iter().find(|(path, _)| *path == source.path) {
                    used.insert(*path);
                } else {
                    findings.push(Finding::new(
                        source.path,
                        line,
                        format!("{what} on the Rust heap: use RootedVec, Global or a heap object"),
                    ));
                }
            }
        }
    }
    for (path, _) in excused.iter().filter(|(path, _)| !used.contains(path)) {
        findings.push(Finding::new(path, 0, "excused and without such a container: take it off the list"));
    }
    findings
}

struct Source<'a> {
    path: &'a str,
    tokens: Vec<Token<'a>>,
}

fn sources<'a>(project: &'a Project, package: &Package) -> Vec<Source<'a>> {
    project
        .with_extension("rs")
        .filter(|(path, _)| project.package_of(path).is_some_and(|owner| owner.folder == package.folder))
        .map(|(path, text)| Source { path, tokens: lex_code(text) })
        .collect()
}

/// Whether the package is `vm-heap` or depends on it, directly or not, within the project.
fn sees_values(project: &Project, package: &Package) -> bool {
    let mut seen = BTreeSet::from([package.folder.as_str()]);
    let mut queue = vec![package];
    while let Some(package) = queue.pop() {
        if package.name == HOME {
            return true;
        }
        for folder in package.dependencies.iter().filter_map(|dependency| dependency.folder.as_deref()) {
            if seen.insert(folder) {
                queue.extend(project.packages.iter().find(|package| package.folder == folder));
            }
        }
    }
    false
}

/// `names` and the structs and enums of these sources that hold one of them by value.
fn carriers(sources: &[Source<'_>], mut names: BTreeSet<String>) -> BTreeSet<String> {
    let definitions: Vec<_> = sources.iter().flat_map(|source| definitions(&source.tokens)).collect();
    loop {
        let before = names.len();
        for (name, body) in &definitions {
            if !names.contains(*name) && holds(body, &names, true) {
                names.insert((*name).to_owned());
            }
        }
        if names.len() == before {
            return names;
        }
    }
}

fn defines(tokens: &[Token<'_>], name: &str) -> bool {
    tokens.windows(2).any(|pair| {
        matches!(pair[0].text, "struct" | "enum" | "union" | "type") && pair[0].kind == Kind::Ident && pair[1].is(name)
    })
}

/// The structs and enums with the tokens of their fields' types (variant names left out).
fn definitions<'a>(tokens: &[Token<'a>]) -> Vec<(&'a str, Vec<Token<'a>>)> {
    let mut found = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        let is_enum = token.is("enum");
        if !(is_enum || token.is("struct")) {
            continue;
        }
        let Some(name) = tokens.get(at + 1).filter(|name| name.kind == Kind::Ident) else { continue };
        let mut body = at + 2;
        while tokens.get(body).is_some_and(|token| !(token.is("{") || token.is("(") || token.is(";"))) {
            body = if tokens[body].is("<") { past_group(tokens, body) } else { body + 1 };
        }
        if tokens.get(body).is_none_or(|token| token.is(";")) {
            continue;
        }
        let end = past_group(tokens, body);
        let mut fields = Vec::new();
        let mut next = body + 1;
        while next + 1 < end {
            let group = matches!(tokens[next].text, "(" | "{" | "[") && tokens[next].kind == Kind::Punct;
            let after = if group { past_group(tokens, next) } else { next + 1 };
            if !is_enum || group {
                fields.extend_from_slice(tokens.get(next..after.min(end - 1)).unwrap_or_default());
            }
            next = after;
        }
        found.push((name.text, fields));
    }
    found
}

/// The index behind the bracketed group that opens at `open`.
fn past_group(tokens: &[Token<'_>], open: usize) -> usize {
    let mut depth = 0usize;
    for (at, token) in tokens.iter().enumerate().skip(open) {
        if token.kind == Kind::Punct {
            match token.text {
                "(" | "[" | "{" | "<" => depth += 1,
                ")" | "]" | "}" | ">" => depth = depth.saturating_sub(1),
                _ => {}
            }
        }
        if depth == 0 {
            return at + 1;
        }
    }
    tokens.len()
}

/// Whether a type made of these tokens holds one of `names` by value. With `skip_containers`, what stands in a
/// Rust-heap container does not count: that is a finding of its own.
fn holds(tokens: &[Token<'_>], names: &BTreeSet<String>, skip_containers: bool) -> bool {
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        let opens = |ahead: usize, text: &str| tokens.get(at + ahead).is_some_and(|token| token.is(text));
        match token.text {
            "&" if token.kind == Kind::Punct => {
                at += 1;
                while tokens.get(at).is_some_and(|token| token.kind == Kind::Lifetime || token.is("mut")) {
                    at += 1;
                }
                at = past_type(tokens, at);
            }
            "*" if opens(1, "const") || opens(1, "mut") => at = past_type(tokens, at + 2),
            "fn" | "Fn" | "FnMut" | "FnOnce" if opens(1, "(") => {
                at = past_group(tokens, at + 1);
                if tokens.get(at).is_some_and(|token| token.is("->")) {
                    at = past_type(tokens, at + 1);
                }
            }
            "PhantomData" | "NonNull" if opens(1, "<") => at = past_group(tokens, at + 1),
            name if skip_containers && RUST_HEAP_CONTAINERS.contains(&name) && opens(1, "<") => {
                at = past_group(tokens, at + 1)
            }
            name if token.kind == Kind::Ident && names.contains(name) && leads_here(tokens, at) && !opens(1, ":") => {
                return true;
            }
            _ => at += 1,
        }
    }
    false
}

/// The index behind the type that begins at `at`: a group, or a path with its arguments.
fn past_type(tokens: &[Token<'_>], mut at: usize) -> usize {
    if tokens.get(at).is_some_and(|token| token.is("[") || token.is("(")) {
        return past_group(tokens, at);
    }
    while tokens.get(at).is_some_and(|token| token.kind == Kind::Ident || token.is("::")) {
        at += 1;
    }
    if tokens.get(at).is_some_and(|token| token.is("<")) { past_group(tokens, at) } else { at }
}

/// Whether the path in front of the name at `at` may lead to our type, and not to another crate's of that name.
fn leads_here(tokens: &[Token<'_>], at: usize) -> bool {
    let qualified = at >= 2 && tokens[at - 1].is("::") && tokens[at - 2].kind == Kind::Ident;
    !qualified || LEADS.contains(&tokens[at - 2].text)
}

/// Whether a `use` brings in another type by this name.
fn imports_another(tokens: &[Token<'_>], name: &str) -> bool {
    tokens.iter().enumerate().filter(|(_, token)| token.is("use")).any(|(at, _)| {
        let rest = tokens.get(at + 1..).unwrap_or_default();
        let tree = &rest[..rest.iter().position(|token| token.is(";")).unwrap_or(rest.len())];
        let Some(position) = tree.iter().position(|token| token.is(name)) else { return false };
        let first = tree.iter().find(|token| token.kind == Kind::Ident).map_or("", |token| token.text);
        let parent = position.checked_sub(2).and_then(|at| tree.get(at)).map_or("", |token| token.text);
        !LEADS.contains(&first) || parent == "vir"
    })
}

/// The containers in these tokens that hold one of `names`.
fn containers(tokens: &[Token<'_>], names: &BTreeSet<String>) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        at += 1;
        if token.kind != Kind::Ident {
            continue;
        }
        let is = |ahead: usize, text: &str| tokens.get(at + ahead).is_some_and(|token| token.is(text));
        if token.text == "vec" && is(0, "!") {
            if let Some(element) =
                tokens.get(at + 2).filter(|element| element.kind == Kind::Ident && names.contains(element.text))
                && (is(3, "::") || is(3, "(") || is(3, "{"))
            {
                found.push((token.line, format!("vec![{}…]", element.text)));
            }
        } else if RUST_HEAP_CONTAINERS.contains(&token.text) {
            let open = at + usize::from(is(0, "::"));
            if tokens.get(open).is_some_and(|token| token.is("<")) {
                let end = past_group(tokens, open);
                if holds(tokens.get(open..end).unwrap_or_default(), names, false) {
                    let text: String =
                        tokens.get(open..end).unwrap_or_default().iter().map(|token| token.text).collect();
                    found.push((token.line, format!("{}{text}", token.text)));
                    // What is nested in a reported container is not reported again.
                    at = end;
                }
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::packages::{Dependency, DependencyKind};

    fn package(name: &str, folder: &str, on: &[&str]) -> Package {
        let dependency = |on: &&str| Dependency {
            name: (*on).to_owned(),
            kind: DependencyKind::Normal,
            folder: Some((*on).to_owned()),
        };
        Package {
            name: name.to_owned(),
            folder: folder.to_owned(),
            dependencies: on.iter().map(dependency).collect(),
            ..Package::default()
        }
    }

    fn project(text: &str) -> Project {
        let mut project = Project::of(&[
            ("heap/src/lib.rs", "pub struct Value(u64); pub struct Slot { value: Cell<Value> }"),
            ("a/src/lib.rs", text),
        ]);
        project.packages = vec![package("vm-heap", "heap", &[]), package("a", "a", &["heap"])];
        project
    }

    fn count(text: &str) -> usize {
        check_with(&project(text), &[]).len()
    }

    #[test]
    fn refuses_containers_of_values() {
        for text in [
            "struct S { v: Vec<Value> }",
            "fn f(v: Box<[Value]>) {}",
            "type T = HashMap<u32, Option<Value>>;",
            "fn f() { let v = Vec::<(u32, vm_heap::Value)>::new(); }",
            "struct S(Option<Box<Value>>);",
            "type T = Rc<RefCell<Value>>;",
            "fn f() { let v = vec![Value::NIL; 4]; }",
            "type T = Vec<Vec<Value>>;",
            "static S: OnceLock<Value> = OnceLock::new();",
        ] {
            assert_eq!(count(text), 1, "{text}");
        }
    }

    #[test]
    fn refuses_containers_of_what_holds_a_value() {
        assert_eq!(count("struct Frame { function: Value, pc: u32 } struct S { frames: Vec<Frame> }"), 1);
        assert_eq!(count("enum E { Empty, Full(Cell<Value>) } type T = Box<E>;"), 1);
        assert_eq!(count("struct A(Value); struct B { a: A } type T = Arc<B>;"), 1, "through two structs");
        assert_eq!(count("type T = Vec<Slot>;"), 1, "defined in vm-heap");
    }

    #[test]
    fn accepts_what_holds_no_value() {
        for text in [
            "fn f(v: &[Value], w: [Value; 4], o: Option<Value>) {}",
            "type T = Vec<&'static Value>;",
            "type T = Vec<&'static [Value]>;",
            "type T = Vec<*mut Value>;",
            "type T = Box<dyn Fn(&Thread, Value) -> Result<Value, Raised>>;",
            "type T = Vec<fn(Value) -> Value>;",
            "type T = Vec<serde_json::Value>;",
            "use serde_json::Value; type T = Vec<Value>;",
            "use vm_api::vir::Value; type T = Vec<Value>;",
            "struct Value(u32); type T = Vec<Value>;",
            "enum Operand { Value(u32), Constant } type T = Vec<Operand>;",
            "struct S<'a> { v: &'a Value, p: PhantomData<Value> } type T = Vec<S<'static>>;",
            "// Vec<Value>\nconst S: &str = \"Vec<Value>\";",
        ] {
            assert_eq!(count(text), 0, "{text}");
        }
    }

    #[test]
    fn crates_that_cannot_see_values_are_not_asked() {
        let mut project = project("type T = Vec<Value>;");
        project.packages[1].dependencies.clear();
        assert_eq!(check_with(&project, &[]), []);
    }

    #[test]
    fn an_excuse_serves_as_long_as_it_is_needed() {
        assert_eq!(check_with(&project("type T = Vec<Value>;"), &[("a/src/lib.rs", "a test's model")]), []);
        assert_eq!(check_with(&project(""), &[("a/src/lib.rs", "a test's model")]).len(), 1);
    }
}
