//! Private names of classes.

use python_syntax::ast::{Symbol, SymbolTable};

/// The mangled form of `name` in a class, if it differs: `__name` in class `_Class` is `_Class__name`. Names that end in
/// two underscores, and dotted ones, stay.
pub(crate) fn mangled_text(class: &str, name: &str) -> Option<String> {
    if !name.starts_with("__") || name.ends_with("__") || name.contains('.') {
        return None;
    }
    let class = class.trim_start_matches('_');
    (!class.is_empty()).then(|| format!("_{class}{name}"))
}

/// `name` as it is known in `class`.
pub(crate) fn mangle(names: &mut SymbolTable, class: Option<Symbol>, name: Symbol) -> Symbol {
    match class.and_then(|class| mangled_text(names.name(class), names.name(name))) {
        Some(mangled) => names.intern(&mangled),
        None => name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn follows_the_language_reference() {
        let cases = [
            ("C", "__x", "_C__x"),
            ("__C", "__x", "_C__x"),
            ("__", "__x", "__x"),
            ("C", "__x__", "__x__"),
            ("C", "_x", "_x"),
            ("C", "__a.b", "__a.b"),
        ];
        for (class, name, expected) in cases {
            let mut names = SymbolTable::default();
            let (class, name) = (names.intern(class), names.intern(name));
            let mangled = mangle(&mut names, Some(class), name);
            assert_eq!(names.name(mangled), expected);
            assert_eq!(mangle(&mut names, None, name), name);
        }
    }
}
