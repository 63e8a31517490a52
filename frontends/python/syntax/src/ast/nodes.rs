//! The node types: CPython 3.12's `Python.asdl` as one table.
//!
//! Names, fields and their order are those of the `ast` module, so that a reader of one knows the other.
//! From the table come the types, their pools in the [`Ast`](super::Ast), [`Fields`] (the reflection that `ast.dump` and
//! walkers use), [`CLASSES`] (what the `ast` module says of its classes) and [`Read`] (making nodes of what lies outside),
//! so that none of them repeats the list.

use super::id::{Id, List};
use super::read::{Read, ReadNode, Source};
use super::symbol::Symbol;
use super::value::{Constant, Text};

/// What one field of a node holds, for code that treats all nodes alike.
#[derive(Clone, Copy, Debug)]
pub enum Field {
    /// A child that is always there.
    Node(AnyNode),
    /// A child that may be absent (`expr?`).
    Optional(Option<AnyNode>),
    /// Children (`expr*`).
    Nodes(AnyList),
    /// An identifier.
    Identifier(Symbol),
    /// An identifier that may be absent.
    OptionalIdentifier(Option<Symbol>),
    /// Identifiers.
    Identifiers(List<Symbol>),
    /// Comparison operators.
    Operators(List<CmpOp>),
    /// An operator or context: a class of `ast` without fields.
    Name(&'static str),
    /// A constant.
    Constant(Constant),
    /// An integer.
    Int(i64),
    /// `Constant.kind`: `'u'` or absent.
    Kind(bool),
    /// Text that may be absent.
    OptionalText(Option<Text>),
}

/// How often a field's type stands in it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Quantity {
    /// Once.
    One,
    /// Once or not at all.
    Optional,
    /// Any number of times.
    Many,
}

/// What the `ast` module says of a field.
#[derive(Clone, Copy, Debug)]
pub struct FieldInfo {
    name: &'static str,
    /// Its type in the grammar of trees.
    pub kind: &'static str,
    /// How often.
    pub quantity: Quantity,
}

impl FieldInfo {
    /// A field that is in no node type of the table.
    pub const fn new(name: &'static str, kind: &'static str, quantity: Quantity) -> FieldInfo {
        FieldInfo { name, kind, quantity }
    }
    /// Its name.
    pub fn name(&self) -> &'static str {
        super::field_name(self.name)
    }
}

/// What the `ast` module says of a class.
#[derive(Clone, Copy, Debug)]
pub struct ClassInfo {
    /// Its name.
    pub name: &'static str,
    /// The type in the grammar of trees that it is one of; its own name for a type with one form and no name for it.
    pub sum: &'static str,
    /// Its fields in order.
    pub fields: &'static [FieldInfo],
    /// Have its nodes positions?
    pub located: bool,
}

/// A type of fields.
pub(super) trait FieldKind {
    /// Its name in the grammar of trees.
    const KIND: &'static str;
    const QUANTITY: Quantity;
}

const fn field<T: FieldKind>(name: &'static str) -> FieldInfo {
    FieldInfo { name, kind: T::KIND, quantity: T::QUANTITY }
}

/// A type whose fields can be listed.
pub trait Fields {
    /// Name of the class in the `ast` module.
    fn class_name(&self) -> &'static str;
    /// Calls `visit` with each field's name and content, in the order of `_fields`.
    fn fields(&self, visit: &mut dyn FnMut(&'static str, Field));
}

macro_rules! enumerations {
    ($($(#[$attribute:meta])* $Name:ident $asdl:literal { $($Variant:ident),* $(,)? })*) => {
        /// The operators and contexts: the classes of `ast` without fields, in order.
        pub static OPERATORS: &[ClassInfo] = &[$($(
            ClassInfo { name: stringify!($Variant), sum: $asdl, fields: &[], located: false },
        )*)*];
    $(
        $(#[$attribute])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[repr(u8)]
        #[allow(missing_docs, reason = "the names are those of the ast module")]
        pub enum $Name { $($Variant),* }

        impl $Name {
            /// All of them.
            pub const ALL: &[$Name] = &[$($Name::$Variant),*];
            /// Name of the class in the `ast` module.
            pub fn class_name(self) -> &'static str {
                match self { $($Name::$Variant => stringify!($Variant)),* }
            }
        }
        impl FieldKind for $Name {
            const KIND: &'static str = $asdl;
            const QUANTITY: Quantity = Quantity::One;
        }
        impl Read for $Name {
            fn read<S: Source>(source: &mut S, node: &S::Node, class: &'static str, field: &'static str) -> Result<Self, S::Error> {
                let named = source.name(node, class, field, $asdl)?;
                $( if named == stringify!($Variant) { return Ok($Name::$Variant); } )*
                Err(source.unexpected(node, field, $asdl))
            }
        }
    )* };
}

enumerations! {
    /// `expr_context`
    ExprContext "expr_context" { Load, Store, Del }
    /// `boolop`
    BoolOp "boolop" { And, Or }
    /// `operator`
    Operator "operator" { Add, Sub, Mult, MatMult, Div, Mod, Pow, LShift, RShift, BitOr, BitXor, BitAnd, FloorDiv }
    /// `unaryop`
    UnaryOp "unaryop" { Invert, Not, UAdd, USub }
    /// `cmpop`
    CmpOp "cmpop" { Eq, NotEq, Lt, LtE, Gt, GtE, Is, IsNot, In, NotIn }
}

macro_rules! nodes {
    (
        sums { $( $(#[$sum_attribute:meta])* $Sum:ident, $SumId:ident, $sum_pool:ident, $sum_asdl:literal, located $sum_located:literal {
            $( $Variant:ident { $($field:ident : $Type:ty),* $(,)? } )*
        } )* }
        products { $( $(#[$product_attribute:meta])* $Product:ident, $ProductId:ident, $product_pool:ident, $class:literal, $product_asdl:literal, located $product_located:literal {
            $($product_field:ident : $ProductType:ty),* $(,)?
        } )* }
    ) => {
        $(
            $(#[$sum_attribute])*
            #[derive(Clone, Copy, Debug)]
            #[allow(missing_docs, reason = "the names are those of the ast module")]
            pub enum $Sum { $( $Variant { $($field: $Type),* } ),* }

            /// Index of a node of this type.
            pub type $SumId = Id<$Sum>;

            impl Fields for $Sum {
                fn class_name(&self) -> &'static str {
                    match self { $( $Sum::$Variant { .. } => stringify!($Variant) ),* }
                }
                fn fields(&self, visit: &mut dyn FnMut(&'static str, Field)) {
                    match *self { $( $Sum::$Variant { $($field),* } => {
                        $( visit(super::field_name(stringify!($field)), Field::from($field)); )*
                    } ),* }
                    let _ = visit;
                }
            }

            impl ReadNode for $Sum {
                const KIND: &'static str = $sum_asdl;
                const LOCATED: bool = $sum_located;
                fn read_node<S: Source>(source: &mut S, node: &S::Node, class: &str) -> Result<Option<Self>, S::Error> {
                    $( if class == stringify!($Variant) {
                        let class = stringify!($Variant);
                        let _ = (class, node, &source);
                        return Ok(Some($Sum::$Variant {
                            $( $field: <$Type as Read>::read(source, node, class, super::field_name(stringify!($field)))? ),*
                        }));
                    } )*
                    Ok(None)
                }
            }
        )*
        $(
            $(#[$product_attribute])*
            #[derive(Clone, Copy, Debug)]
            #[allow(missing_docs, reason = "the names are those of the ast module")]
            pub struct $Product { $( pub $product_field: $ProductType ),* }

            /// Index of a node of this type.
            pub type $ProductId = Id<$Product>;

            impl Fields for $Product {
                fn class_name(&self) -> &'static str {
                    $class
                }
                fn fields(&self, visit: &mut dyn FnMut(&'static str, Field)) {
                    $( visit(super::field_name(stringify!($product_field)), Field::from(self.$product_field)); )*
                }
            }

            impl ReadNode for $Product {
                const KIND: &'static str = $product_asdl;
                const LOCATED: bool = $product_located;
                fn read_node<S: Source>(source: &mut S, node: &S::Node, class: &str) -> Result<Option<Self>, S::Error> {
                    if class != $class {
                        return Ok(None);
                    }
                    Ok(Some($Product {
                        $( $product_field: Read::read(source, node, $class, super::field_name(stringify!($product_field)))? ),*
                    }))
                }
            }
        )*

        /// The classes of `ast` with fields, but for the roots, in order.
        pub static CLASSES: &[ClassInfo] = &[
            $($( ClassInfo {
                name: stringify!($Variant),
                sum: $sum_asdl,
                fields: &[$( field::<$Type>(stringify!($field)) ),*],
                located: $sum_located,
            }, )*)*
            $( ClassInfo {
                name: $class,
                sum: $product_asdl,
                fields: &[$( field::<$ProductType>(stringify!($product_field)) ),*],
                located: $product_located,
            }, )*
        ];

        nodes!(@pools $( $Sum $SumId $sum_pool $sum_located; )* $( $Product $ProductId $product_pool $product_located; )*);
    };
    (@pools $( $Node:ident $NodeId:ident $pool:ident $located:literal; )*) => {
        /// The pools of nodes and of lists of nodes.
        #[derive(Clone, Debug, Default)]
        pub(super) struct Pools { $( pub(super) $pool: super::Pool<$Node> ),* }

        /// The id of a node of any type.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[allow(missing_docs, reason = "one variant for each node type")]
        pub enum AnyNode { $( $Node($NodeId) ),* }

        /// A list of nodes of any type.
        #[derive(Clone, Copy, Debug)]
        #[allow(missing_docs, reason = "one variant for each node type")]
        pub enum AnyList { $( $Node(List<$NodeId>), )* OptionalExpr(List<Option<ExprId>>) }

        impl AnyList {
            /// Number of elements.
            pub fn len(self) -> usize {
                match self { $( AnyList::$Node(list) => list.len(), )* AnyList::OptionalExpr(list) => list.len() }
            }

            /// Whether there are no elements.
            pub fn is_empty(self) -> bool {
                self.len() == 0
            }
        }

        impl super::Ast {
            /// The node behind an id of any type.
            pub fn any(&self, node: AnyNode) -> &dyn Fields {
                match node { $( AnyNode::$Node(id) => &self[id] ),* }
            }

            /// Where a node of any type stands; `None` for types without positions.
            pub fn any_span(&self, node: AnyNode) -> Option<super::Span> {
                match node { $( AnyNode::$Node(id) => if $located { Some(self.span(id)) } else { None } ),* }
            }

            /// Element `index` of a list, which must have it; `None` is an absent key of a dict display.
            pub fn any_item(&self, list: AnyList, index: usize) -> Option<AnyNode> {
                match list {
                    $( AnyList::$Node(list) => Some(AnyNode::$Node(self.list(list)[index])), )*
                    AnyList::OptionalExpr(list) => self.list(list)[index].map(AnyNode::Expr),
                }
            }
        }

        $(
            impl super::Node for $Node {
                fn pool(ast: &super::Ast) -> &super::Pool<Self> { &ast.pools.$pool }
                fn pool_mut(ast: &mut super::Ast) -> &mut super::Pool<Self> { &mut ast.pools.$pool }
            }
            impl super::Listed for $NodeId {
                fn items(ast: &super::Ast) -> &Vec<Self> { &ast.pools.$pool.lists }
                fn items_mut(ast: &mut super::Ast) -> &mut Vec<Self> { &mut ast.pools.$pool.lists }
            }
            impl From<$NodeId> for AnyNode {
                fn from(id: $NodeId) -> Self { AnyNode::$Node(id) }
            }
            impl From<$NodeId> for Field {
                fn from(id: $NodeId) -> Self { Field::Node(AnyNode::$Node(id)) }
            }
            impl From<Option<$NodeId>> for Field {
                fn from(id: Option<$NodeId>) -> Self { Field::Optional(id.map(AnyNode::$Node)) }
            }
            impl From<List<$NodeId>> for Field {
                fn from(list: List<$NodeId>) -> Self { Field::Nodes(AnyList::$Node(list)) }
            }
            impl FieldKind for $NodeId {
                const KIND: &'static str = <$Node as ReadNode>::KIND;
                const QUANTITY: Quantity = Quantity::One;
            }
        )*
    };
}

impl<T> FieldKind for Option<T>
where
    T: FieldKind,
{
    const KIND: &'static str = T::KIND;
    const QUANTITY: Quantity = Quantity::Optional;
}

impl<T> FieldKind for List<T>
where
    T: FieldKind,
{
    const KIND: &'static str = T::KIND;
    const QUANTITY: Quantity = Quantity::Many;
}

macro_rules! plain_fields {
    ($($Type:ty => |$value:ident| $field:expr;)*) => { $(
        impl From<$Type> for Field {
            fn from($value: $Type) -> Self { $field }
        }
    )* };
}

macro_rules! plain_kinds {
    ($($Type:ty => $kind:literal $quantity:ident;)*) => { $(
        impl FieldKind for $Type {
            const KIND: &'static str = $kind;
            const QUANTITY: Quantity = Quantity::$quantity;
        }
    )* };
}

plain_kinds! {
    Symbol => "identifier" One;
    Constant => "constant" One;
    i32 => "int" One;
    u32 => "int" One;
    Level => "int" Optional;
    UnicodePrefix => "string" Optional;
    TypeComment => "string" Optional;
}

plain_fields! {
    List<Option<ExprId>> => |list| Field::Nodes(AnyList::OptionalExpr(list));
    Symbol => |symbol| Field::Identifier(symbol);
    Option<Symbol> => |symbol| Field::OptionalIdentifier(symbol);
    List<Symbol> => |list| Field::Identifiers(list);
    List<CmpOp> => |list| Field::Operators(list);
    ExprContext => |ctx| Field::Name(ctx.class_name());
    BoolOp => |op| Field::Name(op.class_name());
    Operator => |op| Field::Name(op.class_name());
    UnaryOp => |op| Field::Name(op.class_name());
    Constant => |constant| Field::Constant(constant);
    i32 => |number| Field::Int(i64::from(number));
    u32 => |number| Field::Int(i64::from(number));
    Level => |level| Field::Int(i64::from(level.0));
    UnicodePrefix => |prefix| Field::Kind(prefix.0);
    TypeComment => |comment| Field::OptionalText(comment.0);
}

/// `Constant.kind`: whether the literal began with `u`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct UnicodePrefix(pub bool);

/// `ImportFrom.level`: how many packages up. The grammar of trees lets it be absent, which means 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Level(pub u32);

/// A `# type:` comment.
#[derive(Clone, Copy, Debug, Default)]
pub struct TypeComment(pub Option<Text>);

/// A `# type: ignore` comment.
#[derive(Clone, Copy, Debug)]
pub struct TypeIgnore {
    /// Its line.
    pub lineno: u32,
    /// What stands behind `ignore`.
    pub tag: Text,
}

nodes! {
    sums {
        /// `stmt`
        Stmt, StmtId, stmts, "stmt", located true {
            FunctionDef {
                name: Symbol, args: ArgumentsId, body: List<StmtId>, decorator_list: List<ExprId>,
                returns: Option<ExprId>, type_comment: TypeComment,
                type_params: List<TypeParamId>,
            }
            AsyncFunctionDef {
                name: Symbol, args: ArgumentsId, body: List<StmtId>, decorator_list: List<ExprId>,
                returns: Option<ExprId>, type_comment: TypeComment,
                type_params: List<TypeParamId>,
            }
            ClassDef {
                name: Symbol, bases: List<ExprId>, keywords: List<KeywordId>, body: List<StmtId>,
                decorator_list: List<ExprId>, type_params: List<TypeParamId>,
            }
            Return { value: Option<ExprId> }
            Delete { targets: List<ExprId> }
            Assign { targets: List<ExprId>, value: ExprId, type_comment: TypeComment }
            TypeAlias { name: ExprId, type_params: List<TypeParamId>, value: ExprId }
            AugAssign { target: ExprId, op: Operator, value: ExprId }
            AnnAssign { target: ExprId, annotation: ExprId, value: Option<ExprId>, simple: u32 }
            For {
                target: ExprId, iter: ExprId, body: List<StmtId>, orelse: List<StmtId>, type_comment: TypeComment,
            }
            AsyncFor {
                target: ExprId, iter: ExprId, body: List<StmtId>, orelse: List<StmtId>, type_comment: TypeComment,
            }
            While { test: ExprId, body: List<StmtId>, orelse: List<StmtId> }
            If { test: ExprId, body: List<StmtId>, orelse: List<StmtId> }
            With { items: List<WithItemId>, body: List<StmtId>, type_comment: TypeComment }
            AsyncWith { items: List<WithItemId>, body: List<StmtId>, type_comment: TypeComment }
            Match { subject: ExprId, cases: List<MatchCaseId> }
            Raise { exc: Option<ExprId>, cause: Option<ExprId> }
            Try { body: List<StmtId>, handlers: List<ExceptHandlerId>, orelse: List<StmtId>, finalbody: List<StmtId> }
            TryStar {
                body: List<StmtId>, handlers: List<ExceptHandlerId>, orelse: List<StmtId>, finalbody: List<StmtId>,
            }
            Assert { test: ExprId, msg: Option<ExprId> }
            Import { names: List<AliasId> }
            ImportFrom { module: Option<Symbol>, names: List<AliasId>, level: Level }
            Global { names: List<Symbol> }
            Nonlocal { names: List<Symbol> }
            Expr { value: ExprId }
            Pass {}
            Break {}
            Continue {}
        }
        /// `expr`
        Expr, ExprId, exprs, "expr", located true {
            BoolOp { op: BoolOp, values: List<ExprId> }
            NamedExpr { target: ExprId, value: ExprId }
            BinOp { left: ExprId, op: Operator, right: ExprId }
            UnaryOp { op: UnaryOp, operand: ExprId }
            Lambda { args: ArgumentsId, body: ExprId }
            IfExp { test: ExprId, body: ExprId, orelse: ExprId }
            Dict { keys: List<Option<ExprId>>, values: List<ExprId> }
            Set { elts: List<ExprId> }
            ListComp { elt: ExprId, generators: List<ComprehensionId> }
            SetComp { elt: ExprId, generators: List<ComprehensionId> }
            DictComp { key: ExprId, value: ExprId, generators: List<ComprehensionId> }
            GeneratorExp { elt: ExprId, generators: List<ComprehensionId> }
            Await { value: ExprId }
            Yield { value: Option<ExprId> }
            YieldFrom { value: ExprId }
            Compare { left: ExprId, ops: List<CmpOp>, comparators: List<ExprId> }
            Call { func: ExprId, args: List<ExprId>, keywords: List<KeywordId> }
            FormattedValue { value: ExprId, conversion: i32, format_spec: Option<ExprId> }
            JoinedStr { values: List<ExprId> }
            Constant { value: Constant, kind: UnicodePrefix }
            Attribute { value: ExprId, attr: Symbol, ctx: ExprContext }
            Subscript { value: ExprId, slice: ExprId, ctx: ExprContext }
            Starred { value: ExprId, ctx: ExprContext }
            Name { id: Symbol, ctx: ExprContext }
            List { elts: List<ExprId>, ctx: ExprContext }
            Tuple { elts: List<ExprId>, ctx: ExprContext }
            Slice { lower: Option<ExprId>, upper: Option<ExprId>, step: Option<ExprId> }
        }
        /// `pattern`
        Pattern, PatternId, patterns, "pattern", located true {
            MatchValue { value: ExprId }
            MatchSingleton { value: Constant }
            MatchSequence { patterns: List<PatternId> }
            MatchMapping { keys: List<ExprId>, patterns: List<PatternId>, rest: Option<Symbol> }
            MatchClass {
                cls: ExprId, patterns: List<PatternId>, kwd_attrs: List<Symbol>, kwd_patterns: List<PatternId>,
            }
            MatchStar { name: Option<Symbol> }
            MatchAs { pattern: Option<PatternId>, name: Option<Symbol> }
            MatchOr { patterns: List<PatternId> }
        }
        /// `type_param`
        TypeParam, TypeParamId, type_params, "type_param", located true {
            TypeVar { name: Symbol, bound: Option<ExprId> }
            ParamSpec { name: Symbol }
            TypeVarTuple { name: Symbol }
        }
    }
    products {
        /// `excepthandler`
        ExceptHandler, ExceptHandlerId, handlers, "ExceptHandler", "excepthandler", located true {
            type_: Option<ExprId>, name: Option<Symbol>, body: List<StmtId>,
        }
        /// `arguments`; `defaults` belong to the last of `posonlyargs` followed by `args`, `kw_defaults` has one entry
        /// for each of `kwonlyargs`.
        Arguments, ArgumentsId, arguments, "arguments", "arguments", located false {
            posonlyargs: List<ArgId>, args: List<ArgId>, vararg: Option<ArgId>, kwonlyargs: List<ArgId>,
            kw_defaults: List<Option<ExprId>>, kwarg: Option<ArgId>, defaults: List<ExprId>,
        }
        /// `arg`
        Arg, ArgId, args, "arg", "arg", located true {
            arg: Symbol, annotation: Option<ExprId>, type_comment: TypeComment,
        }
        /// `keyword`; without `arg` it is `**value`.
        Keyword, KeywordId, keywords, "keyword", "keyword", located true { arg: Option<Symbol>, value: ExprId }
        /// `alias` of an import; the name may be dotted, or `*`.
        Alias, AliasId, aliases, "alias", "alias", located true { name: Symbol, asname: Option<Symbol> }
        /// `withitem`
        WithItem, WithItemId, with_items, "withitem", "withitem", located false {
            context_expr: ExprId, optional_vars: Option<ExprId>,
        }
        /// `match_case`
        MatchCase, MatchCaseId, match_cases, "match_case", "match_case", located false {
            pattern: PatternId, guard: Option<ExprId>, body: List<StmtId>,
        }
        /// `comprehension`
        Comprehension, ComprehensionId, comprehensions, "comprehension", "comprehension", located false {
            target: ExprId, iter: ExprId, ifs: List<ExprId>, is_async: u32,
        }
    }
}
