//! Making a tree of nodes that lie elsewhere, such as objects of a program: the table of nodes says which fields to ask
//! for, a [`Source`] answers.

use super::id::{Id, List};
use super::nodes::{CmpOp, Level, Quantity, TypeComment, UnicodePrefix};
use super::symbol::Symbol;
use super::value::{Constant, Text};
use super::{Ast, Node};

/// Where nodes come from. Fields are asked for by the node, its class and the field's name. A source bounds its recursion.
pub trait Source {
    /// A node over there.
    type Node;
    /// Why it cannot be read.
    type Error;

    /// The tree that is being made.
    fn tree(&mut self) -> &mut Ast;
    /// A child, read by [`read_child`]; `None` only where the quantity allows it.
    fn child<T: ReadNode + Node>(
        &mut self,
        node: &Self::Node,
        class: &'static str,
        field: &'static str,
        quantity: Quantity,
    ) -> Result<Option<Id<T>>, Self::Error>;
    /// Children; absent ones as `None`.
    fn children<T: ReadNode + Node>(
        &mut self,
        node: &Self::Node,
        class: &'static str,
        field: &'static str,
    ) -> Result<Vec<Option<Id<T>>>, Self::Error>;
    /// An identifier.
    fn identifier(
        &mut self,
        node: &Self::Node,
        class: &'static str,
        field: &'static str,
        quantity: Quantity,
    ) -> Result<Option<Symbol>, Self::Error>;
    /// Identifiers.
    fn identifiers(
        &mut self,
        node: &Self::Node,
        class: &'static str,
        field: &'static str,
    ) -> Result<Vec<Symbol>, Self::Error>;
    /// The class of an operator or context of type `kind`.
    fn name(
        &mut self,
        node: &Self::Node,
        class: &'static str,
        field: &'static str,
        kind: &'static str,
    ) -> Result<&'static str, Self::Error>;
    /// The classes of comparison operators.
    fn operators(
        &mut self,
        node: &Self::Node,
        class: &'static str,
        field: &'static str,
    ) -> Result<Vec<&'static str>, Self::Error>;
    /// A constant.
    fn constant(
        &mut self,
        node: &Self::Node,
        class: &'static str,
        field: &'static str,
    ) -> Result<Constant, Self::Error>;
    /// A number.
    fn int(
        &mut self,
        node: &Self::Node,
        class: &'static str,
        field: &'static str,
        quantity: Quantity,
    ) -> Result<Option<i32>, Self::Error>;
    /// Text or bytes that may be absent.
    fn text(
        &mut self,
        node: &Self::Node,
        class: &'static str,
        field: &'static str,
    ) -> Result<Option<Text>, Self::Error>;
    /// The error for a list that has an absent element where none may be.
    fn absent_element(&mut self, kind: &'static str) -> Self::Error;
    /// The error for what is of another type than `kind`.
    fn unexpected(&mut self, node: &Self::Node, field: &'static str, kind: &'static str) -> Self::Error;
}

/// A type of nodes.
pub trait ReadNode: Sized {
    /// Its name in the grammar of trees.
    const KIND: &'static str;
    /// Have its nodes positions?
    const LOCATED: bool;
    /// Reads the fields of a node of the class; `None` if the class is not of this type.
    ///
    /// # Errors
    /// What the source says.
    fn read_node<S: Source>(source: &mut S, node: &S::Node, class: &str) -> Result<Option<Self>, S::Error>;
}

/// A type of fields.
pub(super) trait Read: Sized {
    fn read<S: Source>(
        source: &mut S,
        node: &S::Node,
        class: &'static str,
        field: &'static str,
    ) -> Result<Self, S::Error>;
}

impl<T: ReadNode + Node> Read for Id<T> {
    fn read<S: Source>(
        source: &mut S,
        node: &S::Node,
        class: &'static str,
        field: &'static str,
    ) -> Result<Self, S::Error> {
        match source.child(node, class, field, Quantity::One)? {
            Some(id) => Ok(id),
            None => Err(source.unexpected(node, field, T::KIND)),
        }
    }
}

impl<T: ReadNode + Node> Read for Option<Id<T>> {
    fn read<S: Source>(
        source: &mut S,
        node: &S::Node,
        class: &'static str,
        field: &'static str,
    ) -> Result<Self, S::Error> {
        source.child(node, class, field, Quantity::Optional)
    }
}

impl<T: ReadNode + Node> Read for List<Id<T>>
where
    Id<T>: super::Listed,
{
    fn read<S: Source>(
        source: &mut S,
        node: &S::Node,
        class: &'static str,
        field: &'static str,
    ) -> Result<Self, S::Error> {
        let items: Option<Vec<Id<T>>> = source.children(node, class, field)?.into_iter().collect();
        match items {
            Some(items) => Ok(source.tree().add_list(&items)),
            None => Err(source.absent_element(T::KIND)),
        }
    }
}

impl<T: ReadNode + Node> Read for List<Option<Id<T>>>
where
    Option<Id<T>>: super::Listed,
{
    fn read<S: Source>(
        source: &mut S,
        node: &S::Node,
        class: &'static str,
        field: &'static str,
    ) -> Result<Self, S::Error> {
        let items = source.children(node, class, field)?;
        Ok(source.tree().add_list(&items))
    }
}

impl Read for List<CmpOp> {
    fn read<S: Source>(
        source: &mut S,
        node: &S::Node,
        class: &'static str,
        field: &'static str,
    ) -> Result<Self, S::Error> {
        let mut operators = Vec::new();
        for name in source.operators(node, class, field)? {
            match CmpOp::ALL.iter().find(|op| op.class_name() == name) {
                Some(op) => operators.push(*op),
                None => return Err(source.unexpected(node, field, "cmpop")),
            }
        }
        Ok(source.tree().add_list(&operators))
    }
}

macro_rules! plain {
    ($($Type:ty: |$source:ident, $node:ident, $class:ident, $field:ident| $read:expr;)*) => { $(
        impl Read for $Type {
            fn read<S: Source>(
                $source: &mut S,
                $node: &S::Node,
                $class: &'static str,
                $field: &'static str,
            ) -> Result<Self, S::Error> {
                $read
            }
        }
    )* };
}

plain! {
    Symbol: |source, node, class, field| match source.identifier(node, class, field, Quantity::One)? {
        Some(symbol) => Ok(symbol),
        None => Err(source.unexpected(node, field, "identifier")),
    };
    Option<Symbol>: |source, node, class, field| source.identifier(node, class, field, Quantity::Optional);
    List<Symbol>: |source, node, class, field| {
        let symbols = source.identifiers(node, class, field)?;
        Ok(source.tree().add_list(&symbols))
    };
    Constant: |source, node, class, field| source.constant(node, class, field);
    i32: |source, node, class, field| match source.int(node, class, field, Quantity::One)? {
        Some(number) => Ok(number),
        None => Err(source.unexpected(node, field, "int")),
    };
    u32: |source, node, class, field| match source.int(node, class, field, Quantity::One)? {
        // All numbers of the tree but for conversions, which are signed, and levels are truth values.
        Some(number) => Ok(u32::from(number != 0)),
        None => Err(source.unexpected(node, field, "int")),
    };
    Level: |source, node, class, field| match source.int(node, class, field, Quantity::Optional)? {
        // A negative one is found by whoever checks the tree.
        Some(number) => Ok(Level(number as u32)),
        None => Ok(Level(0)),
    };
    UnicodePrefix: |source, node, class, field| Ok(UnicodePrefix(source.text(node, class, field)?.is_some()));
    TypeComment: |source, node, class, field| Ok(TypeComment(source.text(node, class, field)?));
}
