//! What a parser tells of a document.

use super::names::Name;
use std::ops::Range;
use std::rc::Rc;

/// The handlers that tokens of a document type are for: without it, the default handler gets the token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum For {
    StartDoctype,
    EntityDecl,
    NotationDecl,
    ElementDecl,
    AttlistDecl,
    /// It is for nobody else.
    Default,
}

/// Something that is told.
#[derive(Debug)]
pub(crate) enum Event {
    /// Its attributes are [`super::Parser::attributes`].
    StartElement {
        name: Name,
        /// How many of them are not defaults.
        specified: usize,
        /// Is the end told by the same tag?
        is_empty: bool,
    },
    EndElement {
        name: Name,
        is_empty: bool,
    },
    StartNamespace {
        prefix: Option<Rc<str>>,
        uri: Option<Rc<str>>,
    },
    EndNamespace {
        prefix: Option<Rc<str>>,
    },
    /// A range for [`super::Parser::text`].
    Text(Range<usize>),
    Comment(String),
    StartCdata,
    EndCdata,
    EndDoctype {
        /// Is it the only thing that its token tells?
        is_alone: bool,
    },
    /// Answered by [`super::Parser::refuse`], or not.
    NotStandalone,
    /// A token that is told to the default handler, unless the other one is there.
    Token(For),
    /// What is told now and then is kept apart, so that the others are small.
    Rare(Box<Rare>),
}

/// Something that is told now and then.
#[derive(Debug)]
pub(crate) enum Rare {
    Instruction {
        target: String,
        data: String,
    },
    /// Of a document, or (without a version, or with one) of an external entity.
    XmlDecl {
        version: Option<String>,
        encoding: Option<String>,
        standalone: i64,
    },
    StartDoctype {
        name: String,
        system: Option<Rc<str>>,
        public: Option<Rc<str>>,
        has_subset: bool,
    },
    ElementDecl {
        name: Rc<str>,
        model: Model,
    },
    AttlistDecl {
        element: Rc<str>,
        attribute: Rc<str>,
        kind: String,
        value: Option<String>,
        is_required: bool,
    },
    EntityDecl(Declared),
    UnparsedEntity(Declared),
    Notation {
        name: String,
        base: Option<Rc<str>>,
        system: Option<Rc<str>>,
        public: Option<Rc<str>>,
    },
    /// Answered by [`super::Parser::refuse`], or not.
    ExternalEntity {
        context: Option<String>,
        base: Option<Rc<str>>,
        system: Option<Rc<str>>,
        public: Option<Rc<str>>,
    },
    Skipped {
        name: String,
        is_parameter: bool,
    },
    /// Answered by [`super::Parser::set_table`].
    UnknownEncoding(String),
}

/// An attribute of a start tag.
#[derive(Clone, Debug)]
pub(crate) struct Attribute {
    pub(crate) name: Name,
    /// A range for [`super::Parser::text`].
    pub(crate) value: Range<usize>,
}

/// An entity as it was declared.
#[derive(Debug)]
pub(crate) struct Declared {
    pub(crate) name: Rc<str>,
    pub(crate) is_parameter: bool,
    pub(crate) value: Option<Rc<str>>,
    pub(crate) base: Option<Rc<str>>,
    pub(crate) system: Option<Rc<str>>,
    pub(crate) public: Option<Rc<str>>,
    pub(crate) notation: Option<Rc<str>>,
}

/// The numbers of content models.
pub(crate) mod model {
    pub(crate) const EMPTY: i64 = 1;
    pub(crate) const ANY: i64 = 2;
    pub(crate) const MIXED: i64 = 3;
    pub(crate) const NAME: i64 = 4;
    pub(crate) const CHOICE: i64 = 5;
    pub(crate) const SEQUENCE: i64 = 6;
    pub(crate) const ONCE: i64 = 0;
    pub(crate) const OPTIONAL: i64 = 1;
    pub(crate) const ANY_NUMBER: i64 = 2;
    pub(crate) const SOME: i64 = 3;
}

/// A content model: its parts, each behind all parts of its own, the whole last.
pub(crate) type Model = Vec<Part>;
#[derive(Debug)]
pub(crate) struct Part {
    pub(crate) kind: i64,
    pub(crate) times: i64,
    pub(crate) name: Option<String>,
    /// How many of the parts before, that are not yet another's, are its own.
    pub(crate) parts: usize,
}
