//! Classes: attributes, slots, bases, methods, and methods with special names.

use super::Generator;
use super::scope::{Class, Kind, Variable};

impl Generator<'_, '_> {
    /// A class; perhaps with another as its base.
    pub(super) fn class(&mut self) {
        let name = self.name("K");
        let base = if self.classes.is_empty() || self.decisions.chance(50) {
            None
        } else {
            Some(self.decisions.below(self.classes.len()))
        };
        let bases = base.map_or(String::new(), |base| format!("({})", self.classes[base].name));
        self.line(&format!("class {name}{bases}:"));
        // Methods see the globals, and what they name is theirs.
        let names = self.scope.len();
        self.indent += 1;
        match self.decisions.below(8) {
            0 => self.line("__slots__ = ('x', 'y')"),
            1 => self.line("__slots__ = ('x', 'y', '__dict__')"),
            _ => {}
        }
        let limit = self.literal(Kind::Int);
        self.line(&format!("limit = {limit}"));
        if base.is_none() {
            // The default one shows an address, which a program might count the letters of.
            self.line("def __repr__(self):\n return f'<{type(self).__name__}>'");
        }
        if base.is_none() || self.decisions.chance(40) {
            let y = self.plain("$E");
            let body = match self.decisions.below(3) {
                0 => format!("def __init__(self, x=1, y={y}):\n self.x = x\n self.y = y"),
                1 => format!("def __init__(self, x=2):\n self.y = {y}\n self.x = x"),
                _ => "def __init__(self, x=3):\n self.x = x".to_owned(),
            };
            self.line(&body);
        }
        let mut methods = base.map_or(Vec::new(), |base| self.classes[base].methods.clone());
        for _ in 0..=self.decisions.below(3) {
            let method = match methods.is_empty() || self.decisions.chance(50) {
                true => self.name("m"),
                // One of the base's, overridden.
                false => self.decisions.pick(&methods).clone(),
            };
            let body = *self.decisions.pick(&self.tables.method.usual);
            let body = self.plain(body);
            let through_super = base.is_some() && self.decisions.chance(30);
            self.line(&format!("def {method}(self, p=1):"));
            self.indent += 1;
            if through_super {
                self.line("if hasattr(super(), 'limit'):\n p = super().limit");
            }
            self.line(&body);
            self.indent -= 1;
            if !methods.contains(&method) {
                methods.push(method);
            }
        }
        for _ in 0..self.decisions.below(5) {
            let special = *self.decisions.pick(&self.tables.special.usual);
            let special = self.plain(special);
            self.line(&special);
        }
        self.indent -= 1;
        self.scope.truncate(names);
        self.classes.push(Class { name, methods });
    }
    /// A variable that holds an instance.
    pub(super) fn instance(&mut self, class: usize) {
        let (variable, value) = (self.name("o"), self.expression(Kind::Int));
        let name = self.classes[class].name.clone();
        self.line(&format!("try:\n {variable} = {name}({value})\nexcept Exception:\n {variable} = {name}()"));
        self.scope.push(Variable { name: variable, kind: Kind::Instance(class), assignable: false });
    }
}
