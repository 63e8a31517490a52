//! From the front end's tree to objects, with an explicit stack: trees may be as deep as their source is long.

use super::classes::{Classes, classes};
use python_objects::{Object, Py, R, Symbol, Value};
use python_syntax::ast::{AnyList, AnyNode, Ast, Field, Root, Span};
use std::rc::Rc;
use vm_api::heap::RootedVec;

/// A node to be made, and where it goes.
struct Work {
    node: AnyNode,
    /// Number of the object or list that it goes to.
    parent: usize,
    place: Spot,
}

enum Spot {
    /// An attribute.
    Field(Symbol),
    /// An element of a list, which has it already.
    Item(usize),
}

struct Writer<'t, 'a> {
    py: Py<'t>,
    ast: &'a Ast,
    classes: Rc<Classes>,
    /// The objects and lists that have been made.
    made: RootedVec<'t>,
    work: Vec<Work>,
}

pub(super) fn write(py: Py<'_>, ast: &Ast) -> R {
    let made = RootedVec::new(py.0.heap());
    let mut writer = Writer { py, ast, classes: classes(py)?, made, work: Vec::new() };
    let root = match ast.root {
        Root::Module { .. } => "Module",
        Root::Interactive { .. } => "Interactive",
        Root::Expression { .. } => "Expression",
        Root::FunctionType { .. } => "FunctionType",
    };
    let root = writer.object(root)?;
    let mut waiting = Vec::new();
    match ast.root {
        Root::Module { body, type_ignores } => {
            writer.field(root, "body", Field::Nodes(AnyList::Stmt(body)), &mut waiting)?;
            let ignores = py.new_list(0)?;
            writer.made.push(ignores.value());
            for ignore in ast.list(type_ignores) {
                let o = writer.object("TypeIgnore")?;
                writer.set(o, "lineno", Value::int(i64::from(ignore.lineno)))?;
                let tag = py.str_from_wtf8(ast.str(ignore.tag).as_wtf8())?.value();
                writer.set(o, "tag", tag)?;
                py.list_push(ignores, writer.at(o).value())?;
            }
            writer.set(root, "type_ignores", ignores.value())?;
        }
        Root::Interactive { body } => writer.field(root, "body", Field::Nodes(AnyList::Stmt(body)), &mut waiting)?,
        Root::Expression { body } => writer.field(root, "body", Field::Node(AnyNode::Expr(body)), &mut waiting)?,
        Root::FunctionType { argtypes, returns } => {
            writer.field(root, "argtypes", Field::Nodes(AnyList::Expr(argtypes)), &mut waiting)?;
            writer.field(root, "returns", Field::Node(AnyNode::Expr(returns)), &mut waiting)?;
        }
    }
    writer.work.extend(waiting.into_iter().rev());
    while let Some(work) = writer.work.pop() {
        writer.node(&work)?;
    }
    Ok(writer.at(root).value())
}

impl Writer<'_, '_> {
    fn at(&self, number: usize) -> Object {
        Object::of(self.made.get(number).unwrap_or(Value::NONE))
    }
    /// A fresh object of a class; its number.
    fn object(&mut self, class: &str) -> R<usize> {
        let o = self.py.alloc_instance(self.classes.class(self.py, class))?;
        self.made.push(o.value());
        Ok(self.made.len() - 1)
    }
    fn set(&self, number: usize, name: &str, v: Value) -> R<()> {
        let name = self.py.intern(name)?;
        self.py.set_own_attribute(self.at(number), name, v)?;
        Ok(())
    }
    fn node(&mut self, work: &Work) -> R<()> {
        let fields = self.ast.any(work.node);
        let own = self.object(fields.class_name())?;
        let v = self.at(own).value();
        match work.place {
            Spot::Field(name) => {
                self.py.set_own_attribute(self.at(work.parent), name, v)?;
            }
            Spot::Item(i) => self.py.list_set(self.at(work.parent), i, v),
        }
        let mut found = Vec::new();
        fields.fields(&mut |name, field| found.push((name, field)));
        let mut waiting = Vec::new();
        for (name, field) in found {
            self.field(own, name, field, &mut waiting)?;
        }
        if let Some(span) = self.ast.any_span(work.node) {
            self.positions(own, span)?;
        }
        self.work.extend(waiting.into_iter().rev());
        Ok(())
    }
    fn positions(&self, own: usize, span: Span) -> R<()> {
        for (name, n) in [
            ("lineno", span.lineno),
            ("col_offset", span.col_offset),
            ("end_lineno", span.end_lineno),
            ("end_col_offset", span.end_col_offset),
        ] {
            self.set(own, name, Value::int(i64::from(n)))?;
        }
        Ok(())
    }
    /// Sets an attribute; children are made later, and stand in `waiting` until then.
    fn field(&mut self, own: usize, name: &'static str, field: Field, waiting: &mut Vec<Work>) -> R<()> {
        let (py, ast) = (self.py, self.ast);
        let text = |symbol| py.intern(ast.name(symbol)).map(|s| py.symbol_string(s).value());
        let v = match field {
            Field::Node(node) | Field::Optional(Some(node)) => {
                let place = Spot::Field(py.intern(name)?);
                waiting.push(Work { node, parent: own, place });
                Value::NONE
            }
            Field::Optional(None)
            | Field::OptionalIdentifier(None)
            | Field::OptionalText(None)
            | Field::Kind(false) => Value::NONE,
            Field::Nodes(list) => {
                let l = py.new_list(list.len())?;
                self.made.push(l.value());
                let parent = self.made.len() - 1;
                for i in 0..list.len() {
                    py.list_push(l, Value::NONE)?;
                    waiting.extend(ast.any_item(list, i).map(|node| Work { node, parent, place: Spot::Item(i) }));
                }
                l.value()
            }
            Field::Identifier(symbol) | Field::OptionalIdentifier(Some(symbol)) => text(symbol)?,
            Field::Identifiers(list) => {
                let l = py.new_list(list.len())?;
                for symbol in ast.list(list) {
                    py.list_push(l, text(*symbol)?)?;
                }
                l.value()
            }
            Field::Operators(list) => {
                let l = py.new_list(list.len())?;
                for op in ast.list(list) {
                    py.list_push(l, self.classes.operator(py, op.class_name()))?;
                }
                l.value()
            }
            Field::Name(class) => self.classes.operator(py, class),
            Field::Constant(constant) => py.constant(&python_compile::literal(ast, constant))?,
            Field::Int(number) => py.int(number)?,
            Field::Kind(true) => py.str("u")?,
            Field::OptionalText(Some(text)) => py.str_from_wtf8(ast.str(text).as_wtf8())?.value(),
        };
        self.set(own, name, v)
    }
}
