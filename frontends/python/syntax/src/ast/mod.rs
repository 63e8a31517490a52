//! The abstract syntax tree: CPython 3.12's `ast`, in an index arena.
//!
//! An [`Ast`] owns everything: nodes by type in pools, lists as ranges of per-type pools, names in a
//! [`SymbolTable`], texts in one buffer. Nothing in a node owns memory: every node type is `Copy`. The tree may be
//! as deep as the source has long operator chains (`a.b.c…`, `1+1+1…`), so consumers must bound or avoid native
//! recursion; the reflection in [`Fields`] serves walks with an explicit stack.
//!
//! ```
//! # use python_syntax::ast::*;
//! # let mut ast = Ast::default();
//! let name = Expr::Name { id: ast.symbols.intern("x"), ctx: ExprContext::Load };
//! let id = ast.add(name, Span::default());
//! if let Expr::Name { id: symbol, .. } = ast[id] {
//!     assert_eq!(ast.name(symbol), "x");
//! }
//! ```

mod id;
mod nodes;
mod pystr;
mod read;
mod symbol;
mod value;

use std::ops::Index;

pub use id::{Id, List};
pub use nodes::*;
pub use pystr::{CodePoints, PyStr, push_code_point};
pub use read::{ReadNode, Source};
pub use symbol::{Symbol, SymbolTable};
pub use value::{BigInt, Constant, Text};

/// Where a node stands: lines from 1, columns in UTF-8 bytes from 0, the end exclusive, as in the `ast` module.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the names are those of the ast module")]
pub struct Span {
    pub lineno: u32,
    pub col_offset: u32,
    pub end_lineno: u32,
    pub end_col_offset: u32,
}

impl Span {
    /// From the beginning of `self` to the end of `last`.
    pub fn to(self, last: Span) -> Span {
        Span { end_lineno: last.end_lineno, end_col_offset: last.end_col_offset, ..self }
    }
}

/// The whole of a parsed source (`mod`).
#[derive(Clone, Copy, Debug)]
pub enum Root {
    /// A file or `exec` source.
    Module {
        /// Its statements.
        body: List<StmtId>,
        /// Its `# type: ignore` comments.
        type_ignores: List<TypeIgnore>,
    },
    /// One interactive entry (`single`).
    Interactive {
        /// Its statements.
        body: List<StmtId>,
    },
    /// An `eval` source.
    Expression {
        /// The expression.
        body: ExprId,
    },
    /// The type of a function as a type comment (`func_type`).
    FunctionType {
        /// Types of the arguments.
        argtypes: List<ExprId>,
        /// Type of the result.
        returns: ExprId,
    },
}

/// A syntax tree with all it refers to.
#[derive(Clone, Debug)]
pub struct Ast {
    pools: Pools,
    optional_exprs: Vec<Option<ExprId>>,
    symbol_lists: Vec<Symbol>,
    operators: Vec<CmpOp>,
    type_ignores: Vec<TypeIgnore>,
    constants: Vec<Constant>,
    text: Vec<u8>,
    /// The identifiers.
    pub symbols: SymbolTable,
    /// The top of the tree.
    pub root: Root,
}

impl Default for Ast {
    /// The tree of an empty module.
    fn default() -> Self {
        Ast {
            pools: Pools::default(),
            optional_exprs: Vec::new(),
            symbol_lists: Vec::new(),
            operators: Vec::new(),
            type_ignores: Vec::new(),
            constants: Vec::new(),
            text: Vec::new(),
            symbols: SymbolTable::default(),
            root: Root::Module { body: List::EMPTY, type_ignores: List::EMPTY },
        }
    }
}

/// The nodes of one type, and the lists of their ids.
#[derive(Clone, Debug)]
pub struct Pool<T> {
    nodes: Vec<(T, Span)>,
    lists: Vec<Id<T>>,
}

impl<T> Default for Pool<T> {
    fn default() -> Self {
        Pool { nodes: Vec::new(), lists: Vec::new() }
    }
}

/// A type that has a pool in the arena. Implemented by the node types only.
pub trait Node: Sized {
    #[doc(hidden)]
    fn pool(ast: &Ast) -> &Pool<Self>;
    #[doc(hidden)]
    fn pool_mut(ast: &mut Ast) -> &mut Pool<Self>;
}

/// A type of which the arena keeps lists.
pub trait Listed: Copy {
    #[doc(hidden)]
    fn items(ast: &Ast) -> &Vec<Self>;
    #[doc(hidden)]
    fn items_mut(ast: &mut Ast) -> &mut Vec<Self>;
}

macro_rules! listed {
    ($($Type:ty => $pool:ident),* $(,)?) => { $(
        impl Listed for $Type {
            fn items(ast: &Ast) -> &Vec<Self> { &ast.$pool }
            fn items_mut(ast: &mut Ast) -> &mut Vec<Self> { &mut ast.$pool }
        }
    )* };
}

listed! {
    Option<ExprId> => optional_exprs, Symbol => symbol_lists, CmpOp => operators, TypeIgnore => type_ignores,
    Constant => constants,
}

/// Ids are 32-bit; the parser refuses sources of 1 GiB and more, which is below what could exhaust them.
const FULL: &str = "the syntax tree has 2^32 nodes of one type";

impl Ast {
    /// An empty module, with room for the tree of a source of `bytes` bytes.
    pub(crate) fn with_capacity(bytes: usize) -> Self {
        let mut ast = Ast::default();
        ast.pools.exprs.nodes.reserve(bytes / 8);
        ast.pools.exprs.lists.reserve(bytes / 16);
        ast.pools.stmts.nodes.reserve(bytes / 32);
        ast.text.reserve(bytes / 8);
        ast
    }

    /// Several texts as one.
    pub(crate) fn join_texts(&mut self, texts: &[Text]) -> Text {
        let [first, rest @ ..] = texts else { return Text { start: 0, len: 0 } };
        let mut whole = *first;
        for text in rest {
            if text.start != whole.start + whole.len {
                let bytes: Vec<u8> = texts.iter().flat_map(|&text| self.bytes(text).to_vec()).collect();
                return self.add_text(&bytes);
            }
            whole.len += text.len;
        }
        whole
    }

    /// Adds a node.
    ///
    /// # Panics
    /// At 2^32 - 1 nodes of one type, which no accepted source can reach.
    pub fn add<T: Node>(&mut self, node: T, span: Span) -> Id<T> {
        let pool = T::pool_mut(self);
        let id = Id::from_index(pool.nodes.len()).expect(FULL);
        pool.nodes.push((node, span));
        id
    }

    /// Replaces a node, keeping its position.
    pub fn replace<T: Node>(&mut self, id: Id<T>, node: T) {
        T::pool_mut(self).nodes[id.index()].0 = node;
    }

    /// Moves a node.
    pub fn set_span<T: Node>(&mut self, id: Id<T>, span: Span) {
        T::pool_mut(self).nodes[id.index()].1 = span;
    }

    /// Where a node stands. All zero for types without positions.
    pub fn span<T: Node>(&self, id: Id<T>) -> Span {
        T::pool(self).nodes[id.index()].1
    }

    /// Number of nodes of a type, the unreachable ones included: the size of a side table indexed by [`Id::index`].
    pub fn count<T: Node>(&self) -> usize {
        T::pool(self).nodes.len()
    }

    /// Stores a list.
    pub fn add_list<T: Listed>(&mut self, items: &[T]) -> List<T> {
        if items.is_empty() {
            return List::EMPTY;
        }
        let pool = T::items_mut(self);
        let list = List::new(pool.len(), items.len()).expect(FULL);
        pool.extend_from_slice(items);
        list
    }

    /// The elements of a list.
    pub fn list<T: Listed>(&self, list: List<T>) -> &[T] {
        &T::items(self)[list.range()]
    }

    /// The text of an identifier.
    pub fn name(&self, symbol: Symbol) -> &str {
        self.symbols.name(symbol)
    }

    /// Stores text in generalised UTF-8 (see [`push_code_point`]) or bytes.
    pub fn add_text(&mut self, bytes: &[u8]) -> Text {
        let start = u32::try_from(self.text.len()).expect("texts of the tree exceed 4 GiB");
        self.text.extend_from_slice(bytes);
        Text { start, len: u32::try_from(bytes.len()).expect("texts of the tree exceed 4 GiB") }
    }

    /// Stores an integer of any size: digits of `radix` (2, 8, 10 or 16) without underscores, with a minus sign before them
    /// if it is negative. Gives [`Constant::Int`] if it fits.
    pub fn add_int(&mut self, digits: &str, radix: u32) -> Constant {
        if let Ok(value) = i64::from_str_radix(digits, radix) {
            return Constant::Int(value);
        }
        let (negative, digits) = digits.strip_prefix('-').map_or((false, digits), |digits| (true, digits));
        let digits = digits.trim_start_matches('0');
        if digits.is_empty() {
            return Constant::Int(0);
        }
        let tag = match radix {
            2 => b'b',
            8 => b'o',
            16 => b'x',
            _ => b'd',
        };
        let mut bytes = Vec::with_capacity(digits.len() + 1);
        bytes.push(if negative { tag.to_ascii_uppercase() } else { tag });
        bytes.extend(digits.bytes().map(|digit| digit.to_ascii_lowercase()));
        Constant::BigInt(self.add_text(&bytes))
    }

    /// The value of a [`Constant::Str`].
    pub fn str(&self, text: Text) -> PyStr<'_> {
        PyStr::from_wtf8(self.bytes(text))
    }

    /// The value of a [`Constant::Bytes`].
    pub fn bytes(&self, text: Text) -> &[u8] {
        &self.text[text.start as usize..text.start as usize + text.len as usize]
    }

    /// The value of a [`Constant::BigInt`].
    pub fn big_int(&self, text: Text) -> BigInt<'_> {
        let bytes = self.bytes(text);
        let radix = match bytes.first().map(u8::to_ascii_lowercase) {
            Some(b'b') => 2,
            Some(b'o') => 8,
            Some(b'x') => 16,
            _ => 10,
        };
        let negative = bytes.first().is_some_and(u8::is_ascii_uppercase);
        BigInt {
            negative,
            radix,
            digits: bytes.get(1..).and_then(|digits| std::str::from_utf8(digits).ok()).unwrap_or("0"),
        }
    }
}

impl<T: Node> Index<Id<T>> for Ast {
    type Output = T;

    fn index(&self, id: Id<T>) -> &T {
        &T::pool(self).nodes[id.index()].0
    }
}

/// Field names that are Rust keywords carry an underscore in the table.
fn field_name(name: &'static str) -> &'static str {
    name.strip_suffix('_').unwrap_or(name)
}
