//! The tables of what programs are made of: `templates.txt`.

const TEXT: &str = include_str!("templates.txt");

/// One table: templates that mostly go well, and those that often raise.
#[derive(Debug, Default)]
pub(super) struct Table {
    pub(super) usual: Vec<&'static str>,
    pub(super) risky: Vec<&'static str>,
}

macro_rules! tables {
    ($($field:ident = $name:literal)*) => {
        /// All tables.
        #[derive(Debug, Default)]
        pub(super) struct Tables {
            $(pub(super) $field: Table,)*
        }

        impl Tables {
            fn named(&mut self, name: &str) -> Option<&mut Table> {
                match name {
                    $($name => Some(&mut self.$field),)*
                    _ => None,
                }
            }
            #[cfg(test)]
            fn all(&self) -> Vec<(&'static str, &Table)> {
                vec![$(($name, &self.$field),)*]
            }
        }
    };
}

tables! {
    integers = "integers"
    floats = "floats"
    texts = "texts"
    surprises = "surprises"
    int = "int"
    number = "number"
    text = "text"
    list = "list"
    dict = "dict"
    tuple = "tuple"
    condition = "condition"
    any = "any"
    element = "element"
    simple = "simple"
    changes = "changes"
    built_in = "built-in"
    exceptions = "exceptions"
    method = "method"
    special = "special"
}

impl Tables {
    /// Reads the file.
    pub(super) fn read() -> Tables {
        let mut tables = Tables::default();
        let mut current = "";
        for line in TEXT.lines().filter(|line| !line.is_empty()) {
            if let Some(name) =
                line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).filter(|n| !n.contains('$'))
            {
                current = name;
            } else if let Some(table) = tables.named(current) {
                match line.strip_prefix('!') {
                    Some(risky) => table.risky.push(risky),
                    None => table.usual.push(line),
                }
            }
        }
        tables
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_table_has_templates_and_every_section_is_a_table() {
        let mut tables = Tables::read();
        for (name, table) in tables.all() {
            assert!(!table.usual.is_empty(), "{name}");
        }
        let names = TEXT.lines().filter_map(|line| line.strip_prefix('[')?.strip_suffix(']'));
        for name in names.filter(|name| !name.contains('$')) {
            assert!(tables.named(name).is_some(), "{name}");
        }
    }
}
