//! The syntax tree, with every name already resolved.
//!
//! Expressions stand in one arena and refer to each other by index, because a chain of operators nests to the left as
//! deep as the program is long: dropping or walking boxes would recurse as deep. Whatever nests to the *right* is
//! bounded by the parser ([`crate::parser::MAX_NESTING`]), so statements are ordinary boxes.

use crate::scanner::Token;

/// A whole program: its functions (each after those nested in it; the script last) and their expressions.
#[derive(Debug, Default)]
pub struct Program<'s> {
    /// The arena.
    pub expressions: Vec<Expression<'s>>,
    /// Every function; the last one is the script.
    pub functions: Vec<Function<'s>>,
}

/// An index into [`Program::expressions`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ExpressionId(pub u32);

/// An index into [`Program::functions`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct FunctionId(pub u32);

/// An index into [`Function::locals`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct LocalId(pub u32);

/// What a name means at one place of the program.
#[derive(Clone, Copy, Debug)]
pub enum Variable<'s> {
    /// A local variable of the function itself.
    Local(LocalId),
    /// A variable of an enclosing function: an index into [`Function::captures`].
    Captured(u8),
    /// A global, looked up when the program runs.
    Global(&'s str),
}

/// A local variable. Two variables may have one slot if they are never alive together.
#[derive(Clone, Copy, Debug)]
pub struct Local<'s> {
    /// Its name; `""` for slot 0 of a plain function.
    pub name: &'s str,
    /// Its place in the frame; 0 is the receiver (or, in a plain function, unused).
    pub slot: u8,
    /// Whether a nested function refers to it, so that it has to live in a cell.
    pub captured: bool,
}

/// Where a new closure takes a captured variable's cell from.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Capture {
    /// A local variable of the directly enclosing function.
    Local(LocalId),
    /// One of the enclosing function's own captures.
    Captured(u8),
}

/// What kind of code a function body is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum FunctionKind {
    /// The top level.
    Script,
    /// `fun name() {}`.
    Function,
    /// A method other than `init`.
    Method,
    /// `init`, which always returns its receiver.
    Initializer,
}

/// A function, method or script.
#[derive(Debug)]
pub struct Function<'s> {
    /// Its name; the script's is `"script"`.
    pub name: &'s str,
    /// What kind of code it is.
    pub kind: FunctionKind,
    /// How many parameters; they are the locals 1 to `arity`, in slots of the same numbers.
    pub arity: u8,
    /// Its statements.
    pub body: Vec<Statement<'s>>,
    /// Every variable declared anywhere in it. The first is the receiver.
    pub locals: Vec<Local<'s>>,
    /// The cells its closure holds, with the variables' names.
    pub captures: Vec<(&'s str, Capture)>,
    /// How many slots its locals need, 1 to 256.
    pub slots: u16,
    /// The line of its name; 1 for the script.
    pub line: u32,
    /// The line on which it ends.
    pub end_line: u32,
}

impl<'s> Function<'s> {
    /// The receiver and the parameters.
    pub fn parameters(&self) -> &[Local<'s>] {
        &self.locals[..usize::from(self.arity) + 1]
    }
}

/// A statement or declaration.
#[derive(Debug)]
pub enum Statement<'s> {
    /// `e;`
    Expression(ExpressionId),
    /// `print e;`, with the line of its end.
    Print(ExpressionId, u32),
    /// `var name = e;`
    Var(Variable<'s>, Option<ExpressionId>),
    /// `fun name() {}`
    Function(Variable<'s>, FunctionId),
    /// `class name {}`
    Class(Box<Class<'s>>),
    /// `{ … }`
    Block(Vec<Statement<'s>>),
    /// `if (e) s else s`
    If(ExpressionId, Box<Statement<'s>>, Option<Box<Statement<'s>>>),
    /// `while` and `for`; the latter's initializer stands in a block around it.
    While(Box<While<'s>>),
    /// `return e;`
    Return(Option<ExpressionId>, u32),
}

/// A loop.
#[derive(Debug)]
pub struct While<'s> {
    /// The condition, if any.
    pub condition: Option<ExpressionId>,
    /// What is repeated.
    pub body: Statement<'s>,
    /// Evaluated after the body.
    pub increment: Option<ExpressionId>,
    /// The body's last token, where a body that is too large is reported.
    pub end: Token<'s>,
}

/// A class declaration.
#[derive(Debug)]
pub struct Class<'s> {
    /// Its name, as printed.
    pub name: &'s str,
    /// The line of its name.
    pub line: u32,
    /// The variable it is bound to.
    pub variable: Variable<'s>,
    /// The variable it inherits from, if any.
    pub superclass: Option<Superclass<'s>>,
    /// The methods by name, in the order they stand.
    pub methods: Vec<(&'s str, FunctionId)>,
}

/// `< Name` in a class declaration.
#[derive(Debug)]
pub struct Superclass<'s> {
    /// What the name means.
    pub class: Variable<'s>,
    /// The hidden local named `super`, which methods capture.
    pub local: LocalId,
    /// The line of the name.
    pub line: u32,
}

/// An expression. `line` is where the last token of it that was read before its operation stands: what a stack trace
/// reports.
#[derive(Debug)]
pub struct Expression<'s> {
    /// The line to report.
    pub line: u32,
    /// What it is.
    pub kind: ExpressionKind<'s>,
}

/// The forms of expression.
#[derive(Debug)]
pub enum ExpressionKind<'s> {
    /// `nil`
    Nil,
    /// `true`, `false`
    Bool(bool),
    /// A number.
    Number(f64),
    /// A string, without its quotes.
    String(&'s str),
    /// An operator before its operand.
    Unary(UnaryOperator, ExpressionId),
    /// An operator between two operands.
    Binary(BinaryOperator, ExpressionId, ExpressionId),
    /// `a and b`, `a or b`
    Logical(LogicalOperator, ExpressionId, ExpressionId),
    /// A variable read (`this` among them).
    Get(Variable<'s>),
    /// `name = e`
    Set(Variable<'s>, ExpressionId),
    /// `e.name`
    GetProperty(ExpressionId, &'s str),
    /// `e.name = e`
    SetProperty(ExpressionId, &'s str, ExpressionId),
    /// `e(…)`
    Call(ExpressionId, Vec<ExpressionId>),
    /// `e.name(…)`
    Invoke(ExpressionId, &'s str, Vec<ExpressionId>),
    /// `super.name`
    Super(SuperReference<'s>),
    /// `super.name(…)`
    SuperInvoke(SuperReference<'s>, Vec<ExpressionId>),
}

impl ExpressionKind<'_> {
    /// The operand that stands before the operator, if there is one: the way chains nest.
    pub fn left(&self) -> Option<ExpressionId> {
        match *self {
            Self::Binary(_, left, _)
            | Self::Logical(_, left, _)
            | Self::GetProperty(left, _)
            | Self::SetProperty(left, ..)
            | Self::Call(left, _)
            | Self::Invoke(left, ..) => Some(left),
            _ => None,
        }
    }
    /// Is it a call of its left operand or of a property of it?
    pub fn is_call(&self) -> bool {
        matches!(self, Self::Call(..) | Self::Invoke(..))
    }
}

impl BinaryOperator {
    /// Is the result always true or false?
    pub fn is_comparison(self) -> bool {
        !matches!(self, Self::Add | Self::Subtract | Self::Multiply | Self::Divide)
    }
}

/// What `super.name` is made of.
#[derive(Clone, Copy, Debug)]
pub struct SuperReference<'s> {
    /// The receiver.
    pub this: Variable<'s>,
    /// The class to look in.
    pub superclass: Variable<'s>,
    /// The method's name.
    pub name: &'s str,
}

/// The unary operators.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum UnaryOperator {
    /// `-`
    Negate,
    /// `!`
    Not,
}

/// The operators that evaluate both operands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[expect(missing_docs, reason = "each variant is named for its meaning")]
pub enum BinaryOperator {
    Add,
    Subtract,
    Multiply,
    Divide,
    Equal,
    NotEqual,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
}

/// The operators that may leave the right operand alone.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum LogicalOperator {
    /// `and`
    And,
    /// `or`
    Or,
}
