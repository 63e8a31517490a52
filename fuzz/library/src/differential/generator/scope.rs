//! What a program's places can name.

/// What a variable or expression is meant to be. Now and then it is something else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Int,
    /// An int or a float.
    Number,
    Text,
    List,
    Dict,
    Tuple,
    /// An instance of the class of this index.
    Instance(usize),
    Any,
}

impl Kind {
    /// Can a variable of kind `other` stand where one of this kind is wanted?
    pub(super) fn takes(self, other: Kind) -> bool {
        match self {
            Kind::Any => true,
            Kind::Number => matches!(other, Kind::Int | Kind::Number),
            _ => self == other,
        }
    }
}

/// The kinds that variables are made of.
pub(super) const KINDS: &[Kind] = &[
    Kind::Int,
    Kind::Int,
    Kind::Int,
    Kind::Number,
    Kind::Number,
    Kind::Text,
    Kind::List,
    Kind::Dict,
    Kind::Tuple,
    Kind::Any,
];

#[derive(Clone, Debug)]
pub(super) struct Variable {
    pub(super) name: String,
    pub(super) kind: Kind,
    /// May statements assign to it here?
    pub(super) assignable: bool,
}

/// How a parameter is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Passing {
    /// By position or name.
    Plain,
    /// Perhaps not at all.
    Default,
    /// By name, perhaps not at all.
    Keyword,
    /// By position, any number of them.
    Rest,
    /// By any names.
    Named,
}

#[derive(Clone, Debug)]
pub(super) struct Function {
    pub(super) name: String,
    pub(super) parameters: Vec<(String, Kind, Passing)>,
    /// Steps of a call, about.
    pub(super) steps: u64,
    pub(super) is_generator: bool,
}

#[derive(Clone, Debug)]
pub(super) struct Class {
    pub(super) name: String,
    /// Names of methods that take one argument.
    pub(super) methods: Vec<String>,
}
