//! Expressions: templates with their places filled in.

use super::Generator;
use super::scope::{Function, Kind, Passing, Variable};
use super::templates::{Table, Tables};

/// What nothing below may contain: what runs the program's other code. For bodies that such code itself runs.
const CALLS: &[&str] = &["$F", "$O", "$V", "$B", "$m"];

/// Expressions no deeper than this.
const DEEPEST: usize = 3;

impl Generator<'_, '_> {
    /// An expression that is meant to be of a kind.
    pub(super) fn expression(&mut self, kind: Kind) -> String {
        self.deep(kind, 0)
    }
    /// One that calls nothing of the program's.
    pub(super) fn plain(&mut self, template: &str) -> String {
        let before = std::mem::replace(&mut self.calls_nothing, true);
        let filled = self.fill(template, 1);
        self.calls_nothing = before;
        filled
    }
    /// A condition.
    pub(super) fn condition(&mut self) -> String {
        self.out_of(|tables| &tables.condition, 0)
    }

    fn deep(&mut self, kind: Kind, depth: usize) -> String {
        if let Kind::Instance(_) = kind {
            return self.leaf(kind);
        }
        if self.decisions.chance(1) {
            return self.surprise();
        }
        let leaves = if self.large { [20, 50, 80, 100] } else { [40, 75, 95, 100] }[depth.min(DEEPEST)];
        if self.decisions.chance(leaves) {
            return self.leaf(kind);
        }
        self.out_of(
            |tables| match kind {
                Kind::Int => &tables.int,
                Kind::Number => &tables.number,
                Kind::Text => &tables.text,
                Kind::List => &tables.list,
                Kind::Dict => &tables.dict,
                Kind::Tuple => &tables.tuple,
                Kind::Any | Kind::Instance(_) => &tables.any,
            },
            depth,
        )
    }
    /// What is not meant.
    pub(super) fn surprise(&mut self) -> String {
        // Not as it stands: compilers warn of what they see is no use.
        format!("(lambda: {})()", self.decisions.pick(&self.tables.surprises.usual))
    }
    /// A template of a table, filled.
    pub(super) fn out_of(&mut self, table: impl Fn(&Tables) -> &Table, depth: usize) -> String {
        let table = table(&self.tables);
        // Most templates are allowed anywhere, so that this ends.
        loop {
            let risky = !table.risky.is_empty() && self.decisions.chance(8);
            let template = *self.decisions.pick(if risky { &table.risky } else { &table.usual });
            if !self.calls_nothing || !CALLS.iter().any(|call| template.contains(call)) {
                return self.fill(template, depth + 1);
            }
        }
    }

    /// A variable, or else a literal.
    fn leaf(&mut self, kind: Kind) -> String {
        if self.decisions.chance(25) && !matches!(kind, Kind::Instance(_)) {
            return self.literal(kind);
        }
        match self.variable(kind, false) {
            Some(variable) => variable.name,
            None => self.literal(kind),
        }
    }
    /// Some variable that can be of the kind; those named last are likelier.
    pub(super) fn variable(&mut self, kind: Kind, assignable: bool) -> Option<Variable> {
        let calls_nothing = self.calls_nothing;
        let fits = |v: &&Variable| {
            let may_call = matches!(v.kind, Kind::Any | Kind::Instance(_));
            kind.takes(v.kind) && (v.assignable || !assignable) && !(calls_nothing && may_call)
        };
        let fitting: Vec<&Variable> = self.scope.iter().filter(fits).collect();
        let count = fitting.len();
        if count == 0 {
            return None;
        }
        let at = self.decisions.below(count).max(self.decisions.below(count));
        Some(fitting[at].clone())
    }
    /// A literal in parentheses, unless it needs none.
    pub(super) fn literal(&mut self, kind: Kind) -> String {
        let tables = &self.tables;
        let small = self.decisions.chance(50);
        let text = match kind {
            Kind::Int | Kind::Any | Kind::Instance(_) if small => return self.decisions.below(10).to_string(),
            Kind::Number if small => *self.decisions.pick(&tables.floats.usual),
            Kind::Int | Kind::Number | Kind::Any | Kind::Instance(_) => *self.decisions.pick(&tables.integers.usual),
            Kind::Text => *self.decisions.pick(&tables.texts.usual),
            Kind::List => "[1, 2.5, 'e']",
            Kind::Dict => "{1: 2, 'x': 0.5}",
            Kind::Tuple => "(3, -0.0)",
        };
        let simple = text.chars().all(|c| c.is_ascii_alphanumeric() || c == '.') || text.starts_with(['(', '[', '{']);
        if simple { text.to_owned() } else { format!("({text})") }
    }

    /// A template with expressions in its places.
    pub(super) fn fill(&mut self, template: &str, depth: usize) -> String {
        let mut parts = template.split('$');
        let mut out = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let Some(place) = part.chars().next() else { continue };
            let text = self.place(place, depth);
            out.push_str(&text);
            out.push_str(&part[place.len_utf8()..]);
        }
        out.replace(";;", "\n")
    }
    fn place(&mut self, place: char, depth: usize) -> String {
        let kind = match place.to_ascii_uppercase() {
            'I' => Kind::Int,
            'N' => Kind::Number,
            'S' => Kind::Text,
            'L' => Kind::List,
            'D' => Kind::Dict,
            'T' => Kind::Tuple,
            _ => Kind::Any,
        };
        match place {
            'I' | 'N' | 'S' | 'L' | 'D' | 'T' | 'A' => self.deep(kind, depth),
            'i' | 'n' | 's' | 'l' | 'd' | 't' | 'a' => match self.variable(kind, false) {
                Some(variable) => variable.name,
                None => self.literal(kind),
            },
            'E' => self.out_of(|tables| &tables.element, depth),
            'C' if depth >= DEEPEST => format!("{} < {}", self.leaf(Kind::Number), self.leaf(Kind::Int)),
            'C' => self.out_of(|tables| &tables.condition, depth),
            'F' => self.call(),
            'k' => self.decisions.below(8).to_string(),
            'K' => self.literal(Kind::Number),
            'M' => (*self.decisions.pick(&[
                "3",
                "7",
                "1000",
                "(2**47)",
                "(2**48 - 1)",
                "(2**49 + 3)",
                "(-5)",
                "65537",
                "(2**61)",
                "2.5",
            ]))
            .to_owned(),
            'B' => (*self.decisions.pick(&self.tables.built_in.usual)).to_owned(),
            'X' => (*self.decisions.pick(&self.tables.exceptions.usual)).to_owned(),
            'O' => match self.decisions.below(self.classes.len().max(1)) {
                class if class < self.classes.len() => match self.variable(Kind::Instance(class), false) {
                    Some(variable) => variable.name,
                    None => format!("{}({})", self.classes[class].name, self.decisions.below(5)),
                },
                _ => "Failure()".to_owned(),
            },
            'V' => self.some_class().map_or("Failure".to_owned(), |class| self.classes[class].name.clone()),
            'm' => match self.some_class() {
                Some(class) => self.decisions.pick(&self.classes[class].methods).clone(),
                None => "m1".to_owned(),
            },
            _ => unreachable!("templates have no place ${place}"),
        }
    }
    fn some_class(&mut self) -> Option<usize> {
        if self.classes.is_empty() { None } else { Some(self.decisions.below(self.classes.len())) }
    }

    /// A call of some function that can be afforded, else a literal.
    pub(super) fn call(&mut self) -> String {
        let instead = format!("abs({})", self.decisions.below(10));
        if self.functions.is_empty() || self.calls_nothing {
            return instead;
        }
        let function = self.decisions.below(self.functions.len());
        let Function { name, steps, is_generator, .. } = self.functions[function].clone();
        if !self.affords(steps) {
            return instead;
        }
        self.steps += self.turns * steps;
        let arguments = self.arguments(function, true);
        if is_generator { format!("sum(1 for _ in {name}({arguments}))") } else { format!("{name}({arguments})") }
    }
    /// Arguments for a function: now and then too few or too many.
    pub(super) fn arguments(&mut self, function: usize, leaves: bool) -> String {
        let parameters = self.functions[function].parameters.clone();
        let mut arguments = Vec::new();
        let mut named = false;
        for (name, kind, passing) in parameters {
            let value = if leaves { self.leaf(kind) } else { self.expression(kind) };
            match passing {
                Passing::Plain if self.decisions.chance(10) => {
                    named = true;
                    arguments.push(format!("{name}={value}"));
                }
                Passing::Plain if named => arguments.push(format!("{name}={value}")),
                Passing::Plain => arguments.push(value),
                Passing::Default | Passing::Keyword if self.decisions.chance(40) => {}
                Passing::Default if !named && self.decisions.chance(50) => arguments.push(value),
                Passing::Default | Passing::Keyword => {
                    named = true;
                    arguments.push(format!("{name}={value}"));
                }
                Passing::Rest if !named => match self.decisions.below(3) {
                    0 => {}
                    1 => arguments.push(format!("*{}", self.leaf(Kind::Tuple))),
                    _ => arguments.extend([value, self.leaf(Kind::Int)]),
                },
                Passing::Rest => {}
                Passing::Named => match self.decisions.below(3) {
                    0 => {}
                    1 => arguments.push(format!("**{{'w': {value}}}")),
                    _ => arguments.push(format!("u={value}")),
                },
            }
        }
        if self.decisions.chance(2) {
            arguments.pop();
        }
        arguments.join(", ")
    }
}
