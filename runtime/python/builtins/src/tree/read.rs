//! From objects to the front end's tree. What the objects are is up to the program: every attribute is asked for once, and
//! the depth is bounded.

use super::attribute;
use super::classes::{Classes, classes};
use python_objects::kind::Kind;
use python_objects::{Exc, Object, Py, R, Stop, Value, class, list, string, tuple};
use python_syntax::Mode;
use python_syntax::ast::{
    Ast, CLASSES, Constant, Id, List, Listed, Node, Quantity, ReadNode, Root, Source, Span, Symbol, Text, TypeIgnore,
};
use std::rc::Rc;

struct Reader<'t> {
    py: Py<'t>,
    ast: Ast,
    classes: Rc<Classes>,
}

pub(super) fn read(py: Py<'_>, v: Value, mode: Mode) -> R<Ast> {
    let mut reader = Reader { py, ast: Ast::default(), classes: classes(py)? };
    let wanted = match mode {
        Mode::Exec => "Module",
        Mode::Eval => "Expression",
        Mode::Single => "Interactive",
        Mode::FunctionType => "FunctionType",
    };
    if !py.is_instance(v, reader.classes.class(py, wanted)) {
        return py.type_error(&format!("expected {wanted} node, got {}", py.class_name(v)));
    }
    reader.ast.root = match mode {
        Mode::Exec => Root::Module { body: reader.list(v, wanted, "body")?, type_ignores: reader.type_ignores(v)? },
        Mode::Single => Root::Interactive { body: reader.list(v, wanted, "body")? },
        Mode::Eval => match reader.child(&v, wanted, "body", Quantity::One)? {
            Some(body) => Root::Expression { body },
            None => return Err(reader.missing("body", wanted)),
        },
        Mode::FunctionType => {
            let argtypes = reader.list(v, wanted, "argtypes")?;
            match reader.child(&v, wanted, "returns", Quantity::One)? {
                Some(returns) => Root::FunctionType { argtypes, returns },
                None => return Err(reader.missing("returns", wanted)),
            }
        }
    };
    Ok(reader.ast)
}

impl<'t> Reader<'t> {
    fn list<T: ReadNode + Node>(&mut self, node: Value, class: &'static str, field: &'static str) -> R<List<Id<T>>>
    where
        Id<T>: Listed,
    {
        let items: Option<Vec<_>> = self.children(&node, class, field)?.into_iter().collect();
        match items {
            Some(items) => Ok(self.ast.add_list(&items)),
            None => Err(self.absent_element(T::KIND)),
        }
    }
    fn type_ignores(&mut self, module: Value) -> R<List<TypeIgnore>> {
        let mut ignores = Vec::new();
        self.each(module, "Module", "type_ignores", |reader, v| {
            let Some(info) = reader.classes.of(reader.py, v, "type_ignore") else {
                return Err(reader.wrong(v, "type_ignore"));
            };
            let line = reader.int(&v, info.name, "lineno", Quantity::One)?.unwrap_or(0);
            let tag = match reader.text(&v, info.name, "tag")? {
                Some(tag) => tag,
                None => reader.ast.add_text(b""),
            };
            ignores.push(TypeIgnore { lineno: line.max(0) as u32, tag });
            Ok(())
        })?;
        Ok(self.ast.add_list(&ignores))
    }
    #[cold]
    fn missing(&self, field: &str, class: &str) -> Stop {
        self.py.error(Exc::TypeError, &format!("required field \"{field}\" missing from {class}"))
    }
    #[cold]
    fn wrong(&self, v: Value, kind: &str) -> Stop {
        match self.py.repr_text(v) {
            Ok(text) => self.py.error(Exc::TypeError, &format!("expected some sort of {kind}, but got {text}")),
            Err(stop) => stop,
        }
    }
    /// A field; `None` if it is absent, which it may not be if there must be one, or if it is optional and None.
    fn field(&self, node: Value, class: &str, field: &str, quantity: Quantity) -> R<Option<Value>> {
        match (attribute(self.py, node, field)?, quantity) {
            (None, Quantity::Optional | Quantity::Many) | (Some(Value::NONE), Quantity::Optional) => Ok(None),
            (None, Quantity::One) => Err(self.missing(field, class)),
            (Some(Value::NONE), Quantity::One) => {
                self.py.value_error(&format!("field '{field}' is required for {class}"))
            }
            (found, _) => Ok(found),
        }
    }
    /// Calls `f` with each element of a field that is a list.
    fn each(&mut self, node: Value, class: &str, field: &str, mut f: impl FnMut(&mut Self, Value) -> R<()>) -> R<()> {
        let py = self.py;
        let Some(v) = self.field(node, class, field, Quantity::Many)? else { return Ok(()) };
        let Some(l) = py.as_list(v) else {
            let given = py.class_name(v);
            return py.type_error(&format!("{class} field \"{field}\" must be a list, not a {given}"));
        };
        let length = list::length(l);
        for i in 0..length {
            f(self, list::item(l, i))?;
            if list::length(l) != length {
                return py.err(Exc::RuntimeError, &format!("{class} field \"{field}\" changed size during iteration"));
            }
        }
        Ok(())
    }
    fn node<T: ReadNode + Node>(&mut self, v: Value) -> R<Option<Id<T>>> {
        if v == Value::NONE {
            return Ok(None);
        }
        let _nesting = self.py.descend(&format!(" while traversing '{}' node", T::KIND))?;
        // Types with one form and no other name are taken from anything that has the attributes.
        let plain = CLASSES.iter().any(|c| c.name == T::KIND);
        let span = if T::LOCATED { self.span(v, T::KIND)? } else { Span::default() };
        let class = if plain { Some(T::KIND) } else { self.classes.of(self.py, v, T::KIND).map(|info| info.name) };
        let Some(class) = class else { return Err(self.wrong(v, T::KIND)) };
        match T::read_node(self, &v, class)? {
            Some(node) => Ok(Some(self.ast.add(node, span))),
            None => Err(self.wrong(v, T::KIND)),
        }
    }
    /// Where a node stands. Positions before the first line mean nothing; the tree has zeros for them.
    fn span(&mut self, v: Value, kind: &'static str) -> R<Span> {
        let line = self.int(&v, kind, "lineno", Quantity::One)?.unwrap_or(0);
        let column = self.int(&v, kind, "col_offset", Quantity::One)?.unwrap_or(0);
        let optional = if matches!(kind, "pattern" | "type_param") { Quantity::One } else { Quantity::Optional };
        let end_line = self.int(&v, kind, "end_lineno", optional)?.unwrap_or(line);
        let end_column = self.int(&v, kind, "end_col_offset", optional)?.unwrap_or(column);
        if line > end_line {
            return self.py.value_error(&format!("AST node line range ({line}, {end_line}) is not valid"));
        }
        if line < 0 && end_line != line || column < 0 && end_column != column {
            return self.py.value_error(&format!(
                "AST node column range ({column}, {end_column}) for line range ({line}, {end_line}) is not valid"
            ));
        }
        if line == end_line && column > end_column {
            return self.py.value_error(&format!("line {line}, column {column}-{end_column} is not a valid range"));
        }
        let [lineno, col_offset, end_lineno, end_col_offset] =
            [line, column, end_line, end_column].map(|n| n.max(0) as u32);
        Ok(Span { lineno, col_offset, end_lineno, end_col_offset })
    }
    fn symbol(&mut self, v: Value) -> R<Symbol> {
        match self.py.kind(v) {
            Kind::STR => {
                let Some(s) = string::exact_or_payload(self.py, v) else {
                    return self.py.type_error("AST identifier must be of type str");
                };
                Ok(self.ast.symbols.intern(&string::text(s)))
            }
            _ => self.py.type_error("AST identifier must be of type str"),
        }
    }
    fn literal(&mut self, v: Value) -> R<Constant> {
        let py = self.py;
        let _nesting = py.descend(" during compilation")?;
        Ok(match v {
            Value::NONE => Constant::None,
            Value::TRUE => Constant::True,
            Value::FALSE => Constant::False,
            v if v == python_objects::kind::special::ELLIPSIS => Constant::Ellipsis,
            // Instances of subclasses are no constants.
            _ if class::has(py.class_of(v), class::flag::HEAP) => return Err(self.no_constant(v)),
            _ => match py.kind(v) {
                Kind::INT => match python_objects::int::to_i64(v) {
                    Some(i) => Constant::Int(i),
                    None => {
                        // Base 16, since the conversion takes no more than linear time.
                        let text = python_objects::int::with_operand(v, |i| hexadecimal(i.negative, i.magnitude));
                        self.ast.add_int(&text, 16)
                    }
                },
                Kind::FLOAT => Constant::Float(py.as_float(v).unwrap_or(0.0)),
                Kind::COMPLEX => {
                    let (real, imaginary) = py.as_complex(v).unwrap_or((0.0, 0.0));
                    Constant::Complex(real, imaginary)
                }
                Kind::STR | Kind::BYTES => {
                    let text = self.content(v)?;
                    if py.kind(v) == Kind::STR { Constant::Str(text) } else { Constant::Bytes(text) }
                }
                Kind::TUPLE => {
                    let items = tuple::items(Object::of(v)).map(|v| self.literal(v)).collect::<R<Vec<_>>>()?;
                    Constant::Tuple(self.ast.add_list(&items))
                }
                Kind::FROZENSET => {
                    let (s, mut at, mut items) = (Object::of(v), 0, Vec::new());
                    while let Some((i, item)) = python_objects::set::next_item(s, at) {
                        items.push(self.literal(item)?);
                        at = i + 1;
                    }
                    Constant::FrozenSet(self.ast.add_list(&items))
                }
                _ => return Err(self.no_constant(v)),
            },
        })
    }
    #[cold]
    fn no_constant(&self, v: Value) -> Stop {
        self.py.error(Exc::TypeError, &format!("got an invalid type in Constant: {}", self.py.class_name(v)))
    }
    fn content(&mut self, v: Value) -> R<Text> {
        if let Some(s) = string::exact_or_payload(self.py, v) {
            let mut text = Vec::new();
            string::push_wtf8(s, &mut text);
            return Ok(self.ast.add_text(&text));
        }
        match self.py.as_bytes(v) {
            Some(b) => Ok(self.ast.add_text(python_objects::bytes::slice(b))),
            None => self.py.type_error("AST string must be of type str"),
        }
    }
}

fn hexadecimal(negative: bool, magnitude: &[u64]) -> String {
    let sign = if negative { "-" } else { "" };
    std::iter::once(sign.to_owned()).chain(magnitude.iter().rev().map(|limb| format!("{limb:016x}"))).collect()
}

impl Source for Reader<'_> {
    type Node = Value;
    type Error = Stop;

    fn tree(&mut self) -> &mut Ast {
        &mut self.ast
    }
    fn child<T: ReadNode + Node>(
        &mut self,
        node: &Value,
        class: &'static str,
        field: &'static str,
        quantity: Quantity,
    ) -> R<Option<Id<T>>> {
        match self.field(*node, class, field, quantity)? {
            Some(v) => self.node(v),
            None => Ok(None),
        }
    }
    fn children<T: ReadNode + Node>(
        &mut self,
        node: &Value,
        class: &'static str,
        field: &'static str,
    ) -> R<Vec<Option<Id<T>>>> {
        let mut found = Vec::new();
        self.each(*node, class, field, |reader, v| {
            found.push(reader.node(v)?);
            Ok(())
        })?;
        Ok(found)
    }
    fn identifier(
        &mut self,
        node: &Value,
        class: &'static str,
        field: &'static str,
        quantity: Quantity,
    ) -> R<Option<Symbol>> {
        match self.field(*node, class, field, quantity)? {
            Some(v) => self.symbol(v).map(Some),
            None => Ok(None),
        }
    }
    fn identifiers(&mut self, node: &Value, class: &'static str, field: &'static str) -> R<Vec<Symbol>> {
        let mut found = Vec::new();
        self.each(*node, class, field, |reader, v| {
            found.push(reader.symbol(v)?);
            Ok(())
        })?;
        Ok(found)
    }
    fn name(&mut self, node: &Value, class: &'static str, field: &'static str, kind: &'static str) -> R<&'static str> {
        let Some(v) = self.field(*node, class, field, Quantity::Many)? else {
            return Err(self.missing(field, class));
        };
        match self.classes.of(self.py, v, kind) {
            Some(info) => Ok(info.name),
            None => Err(self.wrong(v, kind)),
        }
    }
    fn operators(&mut self, node: &Value, class: &'static str, field: &'static str) -> R<Vec<&'static str>> {
        let mut found = Vec::new();
        self.each(*node, class, field, |reader, v| match reader.classes.of(reader.py, v, "cmpop") {
            Some(info) => {
                found.push(info.name);
                Ok(())
            }
            None => Err(reader.wrong(v, "cmpop")),
        })?;
        Ok(found)
    }
    fn constant(&mut self, node: &Value, class: &'static str, field: &'static str) -> R<Constant> {
        match self.field(*node, class, field, Quantity::Many)? {
            Some(v) => self.literal(v),
            None => Err(self.missing(field, class)),
        }
    }
    fn int(&mut self, node: &Value, class: &'static str, field: &'static str, quantity: Quantity) -> R<Option<i32>> {
        // None is no number, where a number must be.
        let wanted = if quantity == Quantity::One { Quantity::Many } else { quantity };
        let Some(v) = self.field(*node, class, field, wanted)? else {
            return if quantity == Quantity::One { Err(self.missing(field, class)) } else { Ok(None) };
        };
        if !matches!(self.py.kind(v), Kind::INT | Kind::BOOL) {
            let text = self.py.repr_text(v)?;
            return self.py.value_error(&format!("invalid integer value: {text}"));
        }
        self.py.index_i32(v).map(Some)
    }
    fn text(&mut self, node: &Value, class: &'static str, field: &'static str) -> R<Option<Text>> {
        match self.field(*node, class, field, Quantity::Optional)? {
            Some(v) => self.content(v).map(Some),
            None => Ok(None),
        }
    }
    fn absent_element(&mut self, kind: &'static str) -> Stop {
        let list = if kind == "stmt" { "statement" } else { "expression" };
        self.py.error(Exc::ValueError, &format!("None disallowed in {list} list"))
    }
    fn unexpected(&mut self, node: &Value, field: &'static str, kind: &'static str) -> Stop {
        let found = attribute(self.py, *node, field);
        match found {
            Ok(found) => self.wrong(found.unwrap_or(Value::NONE), kind),
            Err(stop) => stop,
        }
    }
}
