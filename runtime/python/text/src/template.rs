//! `str.format`: replacement fields in text (PEP 3101), and the names of what fields take.
//!
//! [`Parser`] gives literal text and fields; a field's specification may hold fields again ([`Field::nested`]), which
//! the caller puts out with another parser, one level deep ([`too_deep`]). [`FieldName`] takes a name apart, and
//! [`Numbering`] numbers the fields that have none.

use std::ops::Range;

use crate::Units;
use crate::error::Error;
use crate::format::parse_number;

/// Levels of fields: a field in a field's specification is the second.
pub const MAX_DEPTH: usize = 2;

/// The ValueError for fields beyond [`MAX_DEPTH`].
pub fn too_deep() -> Error {
    Error::value("Max string recursion exceeded")
}

/// ValueError: `format_map` with a field that takes a positional argument.
pub const POSITIONAL_IN_MAP: &str = "Format string contains positional fields";

/// Literal text, which may be empty, and the field behind it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    pub literal: Range<usize>,
    pub field: Option<Field>,
}

/// A replacement field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    pub name: Range<usize>,
    /// The character behind an exclamation mark; `r`, `s` and `a` mean something (see [`unknown_conversion`]).
    pub conversion: Option<u32>,
    /// The specification; empty if there is none.
    pub spec: Range<usize>,
    /// Whether the specification has fields in it.
    pub nested: bool,
}

/// The parser of a template or of a part of one. Ranges are of the whole template.
#[derive(Clone, Debug)]
pub struct Parser<'a> {
    template: Units<'a>,
    at: usize,
    end: usize,
}

impl<'a> Parser<'a> {
    /// For the part of a template in a range.
    pub fn new(template: Units<'a>, range: Range<usize>) -> Self {
        Parser { template, at: range.start, end: range.end.min(template.len()) }
    }

    /// The character at an index; what is no Rust character means nothing in a template.
    fn peek(&self) -> Option<char> {
        if self.at >= self.end {
            return None;
        }
        self.template.get(self.at).map(|point| char::from_u32(point).unwrap_or('\u{FFFD}'))
    }

    fn take(&mut self) -> Option<char> {
        let found = self.peek();
        self.at += usize::from(found.is_some());
        found
    }

    /// The next piece; `None` at the end. A doubled brace ends a piece with the brace as its last character.
    ///
    /// # Errors
    /// A ValueError for braces that do not match.
    pub fn next_piece(&mut self) -> Result<Option<Piece>, Error> {
        let start = self.at;
        let brace = loop {
            match self.take() {
                None if self.at == start => return Ok(None),
                None => return Ok(Some(Piece { literal: start..self.at, field: None })),
                Some(brace @ ('{' | '}')) => break brace,
                Some(_) => {}
            }
        };
        let literal = start..self.at;
        let next = self.peek();
        if next == Some(brace) {
            self.at += 1;
            return Ok(Some(Piece { literal, field: None }));
        }
        if brace == '}' {
            return Err(Error::value("Single '}' encountered in format string"));
        }
        if next.is_none() {
            return Err(Error::value("Single '{' encountered in format string"));
        }
        let field = self.field()?;
        Ok(Some(Piece { literal: start..literal.end - 1, field: Some(field) }))
    }

    fn field(&mut self) -> Result<Field, Error> {
        let start = self.at;
        let ends = loop {
            match self.take() {
                None => return Err(Error::value("expected '}' before end of string")),
                Some('{') => return Err(Error::value("unexpected '{' in field name")),
                Some('[') => {
                    // Up to the bracket, anything goes.
                    while self.peek().is_some_and(|c| c != ']') {
                        self.at += 1;
                    }
                }
                Some(ends @ ('}' | ':' | '!')) => break ends,
                Some(_) => {}
            }
        };
        let mut field = Field { name: start..self.at - 1, conversion: None, spec: self.at..self.at, nested: false };
        if ends == '}' {
            return Ok(field);
        }
        if ends == '!' {
            let conversion = self.template.get(self.at).filter(|_| self.at < self.end);
            self.at += 1;
            field.conversion =
                Some(conversion.ok_or_else(|| Error::value("end of string while looking for conversion specifier"))?);
            match self.take() {
                Some('}') => return Ok(field),
                Some(':') | None => {}
                Some(_) => return Err(Error::value("expected ':' after conversion specifier")),
            }
        }
        let start = self.at;
        let mut depth = 1_usize;
        loop {
            match self.take() {
                None => return Err(Error::value("unmatched '{' in format spec")),
                Some('{') => {
                    field.nested = true;
                    depth += 1;
                }
                Some('}') => {
                    depth -= 1;
                    if depth == 0 {
                        field.spec = start..self.at - 1;
                        return Ok(field);
                    }
                }
                Some(_) => {}
            }
        }
    }
}

/// The ValueError for a conversion character that is none of `r`, `s` and `a`.
pub fn unknown_conversion(conversion: u32) -> Error {
    Error::value(&match char::from_u32(conversion) {
        Some(c @ '!'..='~') => format!("Unknown conversion specifier {c}"),
        _ => format!("Unknown conversion specifier \\x{conversion:x}"),
    })
}

/// What a field's name begins with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum First {
    /// Nothing: the next positional argument.
    Automatic,
    /// A positional argument.
    Index(usize),
    /// A keyword argument.
    Name(Range<usize>),
}

/// A step from an object to a part of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Accessor {
    /// `.name`
    Attribute(Range<usize>),
    /// `[3]`: an integer key.
    Index(usize),
    /// `[name]`: a text key.
    Key(Range<usize>),
}

/// A field's name taken apart: its beginning, then its accessors in order.
#[derive(Clone, Debug)]
pub struct FieldName<'a> {
    template: Units<'a>,
    at: usize,
    end: usize,
}

/// An index or not, of a range.
fn index_in(template: Units<'_>, range: Range<usize>) -> Result<Option<usize>, Error> {
    let text = template.slice(0..range.end);
    // Digits that do not go to the end are no index, however many they are, unless they are too many first.
    let (value, end) =
        parse_number(text, range.start).map_err(|()| Error::value("Too many decimal digits in format string"))?;
    Ok((end == range.end && !range.is_empty()).then_some(value))
}

impl<'a> FieldName<'a> {
    /// Takes the name in a range of a template apart.
    ///
    /// # Errors
    /// A ValueError for an index that is too great.
    pub fn new(template: Units<'a>, range: Range<usize>) -> Result<(First, Self), Error> {
        let mut rest = FieldName { template, at: range.start, end: range.end.min(template.len()) };
        let name = rest.until_accessor();
        let first = match index_in(template, name.clone())? {
            _ if name.is_empty() => First::Automatic,
            Some(index) => First::Index(index),
            None => First::Name(name),
        };
        Ok((first, rest))
    }

    fn until_accessor(&mut self) -> Range<usize> {
        let start = self.at;
        let ends = |point: u32| point == u32::from('.') || point == u32::from('[');
        while self.at < self.end && !self.template.get(self.at).is_some_and(ends) {
            self.at += 1;
        }
        start..self.at
    }

    /// The next accessor; `None` at the end.
    ///
    /// # Errors
    /// A ValueError for what is none.
    pub fn next_accessor(&mut self) -> Result<Option<Accessor>, Error> {
        if self.at >= self.end {
            return Ok(None);
        }
        let opening = self.template.get(self.at).and_then(char::from_u32);
        self.at += 1;
        let (name, accessor) = match opening {
            Some('.') => {
                let name = self.until_accessor();
                (name.clone(), Accessor::Attribute(name))
            }
            Some('[') => {
                let rest = self.template.slice(self.at..self.end);
                let length =
                    crate::find::find_ascii(rest, b']').ok_or_else(|| Error::value("Missing ']' in format string"))?;
                let name = self.at..self.at + length;
                self.at = name.end + 1;
                let index = index_in(self.template, name.clone())?;
                (name.clone(), index.map_or(Accessor::Key(name), Accessor::Index))
            }
            _ => return Err(Error::value("Only '.' or '[' may follow ']' in format field specifier")),
        };
        if name.is_empty() {
            return Err(Error::value("Empty attribute in format string"));
        }
        Ok(Some(accessor))
    }
}

/// Which fields take positional arguments: all by number, or all in order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Numbering {
    /// `None` until the first such field.
    automatic: Option<bool>,
    next: usize,
}

impl Numbering {
    /// The index of the positional argument that a field takes, `None` for a keyword argument.
    ///
    /// # Errors
    /// A ValueError for a mixture of both.
    pub fn index(&mut self, first: &First) -> Result<Option<usize>, Error> {
        let (automatic, index) = match *first {
            First::Name(_) => return Ok(None),
            First::Automatic => (true, self.next),
            First::Index(index) => (false, index),
        };
        if *self.automatic.get_or_insert(automatic) != automatic {
            return Err(Error::value(if automatic {
                "cannot switch from manual field specification to automatic field numbering"
            } else {
                "cannot switch from automatic field numbering to manual field specification"
            }));
        }
        self.next += usize::from(automatic);
        Ok(Some(index))
    }
}
