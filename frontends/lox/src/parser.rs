//! The parser: tokens to a resolved syntax tree, by recursive descent for statements and precedence climbing for
//! expressions.
//!
//! Errors follow the reference bytecode compiler to the letter, since the public test suite compares them: after an
//! error the parser goes on *without unwinding*, quietly, until the end of the declaration, then skips to the next
//! statement and reports again. A tree made meanwhile is never used.

use std::fmt;

use crate::ast::*;
use crate::scanner::{Scanner, Token, TokenKind};
use crate::scope::Scopes;

/// How many statements and right operands may nest. It bounds the native stack that parsing and compiling use.
pub const MAX_NESTING: u32 = 255;

/// An error of syntax or scope. It prints as `[line 3] Error at 'x': Expect expression.`
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CompileError {
    /// The line, from one.
    pub line: u32,
    /// ` at 'x'`, ` at end`, or nothing for what is not even a token.
    pub place: String,
    /// What is wrong.
    pub message: &'static str,
}

impl CompileError {
    /// `message` about `token`.
    pub fn at(token: Token<'_>, message: &'static str) -> Self {
        let place = match token.kind {
            TokenKind::End => " at end".to_owned(),
            TokenKind::Error(_) => String::new(),
            _ => format!(" at '{}'", token.text),
        };
        CompileError { line: token.line, place, message }
    }
}

impl fmt::Display for CompileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "[line {}] Error{}: {}", self.line, self.place, self.message)
    }
}

/// Reads a whole program; or all its errors, of which there is at least one.
pub fn parse(source: &str) -> Result<Program<'_>, Vec<CompileError>> {
    let mut parser = Parser::new(source);
    parser.advance();
    parser.scopes.begin_function(FunctionKind::Script);
    let mut body = Vec::new();
    while !parser.matches(TokenKind::End) {
        body.push(parser.declaration());
    }
    parser.end_function("script", 1, 0, body);
    if parser.errors.is_empty() { Ok(parser.program) } else { Err(parser.errors) }
}

/// How tightly an operator binds.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Precedence {
    None,
    Assignment,
    Or,
    And,
    Equality,
    Comparison,
    Term,
    Factor,
    Unary,
    Call,
}

/// What a token means after an operand.
#[derive(Clone, Copy)]
enum Infix {
    Binary(BinaryOperator),
    Logical(LogicalOperator),
    Call,
    Dot,
}

/// The grammar of operators: how tightly a token binds after an operand, how tightly its right operand has to bind,
/// and what it means. All are left-associative; assignment is handled with the operand it assigns to.
fn infix(kind: TokenKind) -> Option<(Precedence, Precedence, Infix)> {
    use Precedence::*;
    use TokenKind as T;
    let binary = |left, right, operator| Some((left, right, Infix::Binary(operator)));
    match kind {
        T::Or => Some((Or, And, Infix::Logical(LogicalOperator::Or))),
        T::And => Some((And, Equality, Infix::Logical(LogicalOperator::And))),
        T::EqualEqual => binary(Equality, Comparison, BinaryOperator::Equal),
        T::BangEqual => binary(Equality, Comparison, BinaryOperator::NotEqual),
        T::Less => binary(Comparison, Term, BinaryOperator::Less),
        T::LessEqual => binary(Comparison, Term, BinaryOperator::LessEqual),
        T::Greater => binary(Comparison, Term, BinaryOperator::Greater),
        T::GreaterEqual => binary(Comparison, Term, BinaryOperator::GreaterEqual),
        T::Plus => binary(Term, Factor, BinaryOperator::Add),
        T::Minus => binary(Term, Factor, BinaryOperator::Subtract),
        T::Star => binary(Factor, Unary, BinaryOperator::Multiply),
        T::Slash => binary(Factor, Unary, BinaryOperator::Divide),
        T::LeftParen => Some((Call, None, Infix::Call)),
        T::Dot => Some((Call, None, Infix::Dot)),
        _ => Option::None,
    }
}

struct Parser<'s> {
    scanner: Scanner<'s>,
    previous: Token<'s>,
    current: Token<'s>,
    errors: Vec<CompileError>,
    /// Whether an error was reported in this declaration, so that further ones are not.
    panicking: bool,
    nesting: u32,
    scopes: Scopes<'s>,
    /// For each class around: whether it has a superclass.
    classes: Vec<bool>,
    program: Program<'s>,
}

impl<'s> Parser<'s> {
    fn new(source: &'s str) -> Self {
        let nothing = Token { kind: TokenKind::End, text: "", line: 1 };
        Parser {
            scanner: Scanner::new(source),
            previous: nothing,
            current: nothing,
            errors: Vec::new(),
            panicking: false,
            nesting: 0,
            scopes: Scopes::default(),
            classes: Vec::new(),
            program: Program::default(),
        }
    }

    // Errors.

    fn error_at(&mut self, token: Token<'s>, message: &'static str) {
        if !self.panicking {
            self.panicking = true;
            self.errors.push(CompileError::at(token, message));
        }
    }

    fn error(&mut self, message: &'static str) {
        self.error_at(self.previous, message);
    }

    fn error_at_current(&mut self, message: &'static str) {
        self.error_at(self.current, message);
    }

    /// Ends the quiet, after skipping to where a statement seems to begin.
    fn synchronize(&mut self) {
        use TokenKind::*;
        self.panicking = false;
        while self.current.kind != End && self.previous.kind != Semicolon {
            if matches!(self.current.kind, Class | Fun | Var | For | If | While | Print | Return) {
                return;
            }
            self.advance();
        }
    }

    // Tokens.

    fn advance(&mut self) {
        self.previous = self.current;
        loop {
            self.current = self.scanner.token();
            let TokenKind::Error(message) = self.current.kind else { return };
            self.error_at_current(message);
        }
    }

    fn check(&self, kind: TokenKind) -> bool {
        self.current.kind == kind
    }

    fn matches(&mut self, kind: TokenKind) -> bool {
        let found = self.check(kind);
        if found {
            self.advance();
        }
        found
    }

    fn consume(&mut self, kind: TokenKind, message: &'static str) {
        if !self.matches(kind) {
            self.error_at_current(message);
        }
    }

    fn at_block_end(&self) -> bool {
        self.check(TokenKind::RightBrace) || self.check(TokenKind::End)
    }

    // Names.

    fn resolve(&mut self, name: &'s str) -> Variable<'s> {
        self.scopes.resolve(name).unwrap_or_else(|message| {
            self.error(message);
            Variable::Global(name)
        })
    }

    fn declare_local(&mut self, name: &'s str) -> LocalId {
        self.scopes.declare(name).unwrap_or_else(|message| {
            self.error(message);
            LocalId(0)
        })
    }

    /// Declares the name just read.
    fn declare(&mut self) -> Variable<'s> {
        let name = self.previous.text;
        if self.scopes.is_global() {
            return Variable::Global(name);
        }
        if self.scopes.is_declared_here(name) {
            self.error("Already a variable with this name in this scope.");
        }
        Variable::Local(self.declare_local(name))
    }

    // Declarations and statements.

    /// Counts a level of nesting around `parse`. Beyond the limit it reads one token instead, so that every caller
    /// still gets on.
    fn nested<T>(&mut self, parse: impl FnOnce(&mut Self) -> T, instead: impl FnOnce(&mut Self) -> T) -> T {
        if self.nesting == MAX_NESTING {
            self.advance();
            self.error("Too much nesting.");
            return instead(self);
        }
        self.nesting += 1;
        let parsed = parse(self);
        self.nesting -= 1;
        parsed
    }

    fn declaration(&mut self) -> Statement<'s> {
        let parsed = self.nested(
            |parser| match parser.current.kind {
                TokenKind::Class => parser.class_declaration(),
                TokenKind::Fun => parser.function_declaration(),
                TokenKind::Var => parser.variable_declaration(),
                _ => parser.statement(),
            },
            |_| Statement::Block(Vec::new()),
        );
        if self.panicking {
            self.synchronize();
        }
        parsed
    }

    fn class_declaration(&mut self) -> Statement<'s> {
        self.advance();
        self.consume(TokenKind::Identifier, "Expect class name.");
        let Token { text: name, line, .. } = self.previous;
        let variable = self.declare();
        self.scopes.mark_initialized();
        let inherits = self.matches(TokenKind::Less);
        let superclass = if inherits { Some(self.superclass(name)) } else { None };
        self.classes.push(inherits);
        self.consume(TokenKind::LeftBrace, "Expect '{' before class body.");
        let mut methods = Vec::new();
        while !self.at_block_end() {
            self.consume(TokenKind::Identifier, "Expect method name.");
            let name = self.previous.text;
            let kind = if name == "init" { FunctionKind::Initializer } else { FunctionKind::Method };
            methods.push((name, self.function(name, kind)));
        }
        self.consume(TokenKind::RightBrace, "Expect '}' after class body.");
        self.classes.pop();
        if inherits {
            self.scopes.end_scope();
        }
        Statement::Class(Box::new(Class { name, line, variable, superclass, methods }))
    }

    /// Reads a superclass and begins the scope of its hidden variable.
    fn superclass(&mut self, name: &'s str) -> Superclass<'s> {
        self.consume(TokenKind::Identifier, "Expect superclass name.");
        let class = self.resolve(self.previous.text);
        if self.previous.text == name {
            self.error("A class can't inherit from itself.");
        }
        self.scopes.begin_scope();
        let local = self.declare_local("super");
        self.scopes.mark_initialized();
        Superclass { class, local, line: self.previous.line }
    }

    fn function_declaration(&mut self) -> Statement<'s> {
        self.advance();
        self.consume(TokenKind::Identifier, "Expect function name.");
        let name = self.previous.text;
        let variable = self.declare();
        self.scopes.mark_initialized();
        Statement::Function(variable, self.function(name, FunctionKind::Function))
    }

    fn function(&mut self, name: &'s str, kind: FunctionKind) -> FunctionId {
        let line = self.previous.line;
        self.scopes.begin_function(kind);
        self.consume(TokenKind::LeftParen, "Expect '(' after function name.");
        let mut arity = 0_u8;
        if !self.check(TokenKind::RightParen) {
            loop {
                match arity.checked_add(1) {
                    Some(more) => arity = more,
                    None => self.error_at_current("Can't have more than 255 parameters."),
                }
                self.consume(TokenKind::Identifier, "Expect parameter name.");
                self.declare();
                self.scopes.mark_initialized();
                if !self.matches(TokenKind::Comma) {
                    break;
                }
            }
        }
        self.consume(TokenKind::RightParen, "Expect ')' after parameters.");
        self.consume(TokenKind::LeftBrace, "Expect '{' before function body.");
        let body = self.block();
        self.end_function(name, line, arity, body)
    }

    fn end_function(&mut self, name: &'s str, line: u32, arity: u8, body: Vec<Statement<'s>>) -> FunctionId {
        let scope = self.scopes.end_function();
        let id = FunctionId(self.program.functions.len() as u32);
        self.program.functions.push(Function {
            name,
            kind: scope.kind,
            arity,
            body,
            locals: scope.locals,
            captures: scope.captures,
            slots: scope.slots,
            line,
            end_line: self.previous.line,
        });
        id
    }

    fn variable_declaration(&mut self) -> Statement<'s> {
        self.advance();
        self.consume(TokenKind::Identifier, "Expect variable name.");
        let variable = self.declare();
        let value = if self.matches(TokenKind::Equal) { Some(self.expression()) } else { None };
        self.consume(TokenKind::Semicolon, "Expect ';' after variable declaration.");
        self.scopes.mark_initialized();
        Statement::Var(variable, value)
    }

    fn statement(&mut self) -> Statement<'s> {
        match self.current.kind {
            TokenKind::Print => {
                self.advance();
                let value = self.expression();
                self.consume(TokenKind::Semicolon, "Expect ';' after value.");
                Statement::Print(value, self.previous.line)
            }
            TokenKind::For => self.for_statement(),
            TokenKind::If => self.if_statement(),
            TokenKind::Return => self.return_statement(),
            TokenKind::While => self.while_statement(),
            TokenKind::LeftBrace => {
                self.advance();
                self.scopes.begin_scope();
                let body = self.block();
                self.scopes.end_scope();
                Statement::Block(body)
            }
            _ => self.expression_statement(),
        }
    }

    /// A statement where no declaration may stand: the body of a loop or a branch.
    fn nested_statement(&mut self) -> Statement<'s> {
        self.nested(Self::statement, |_| Statement::Block(Vec::new()))
    }

    fn block(&mut self) -> Vec<Statement<'s>> {
        let mut body = Vec::new();
        while !self.at_block_end() {
            body.push(self.declaration());
        }
        self.consume(TokenKind::RightBrace, "Expect '}' after block.");
        body
    }

    fn expression_statement(&mut self) -> Statement<'s> {
        let value = self.expression();
        self.consume(TokenKind::Semicolon, "Expect ';' after expression.");
        Statement::Expression(value)
    }

    fn for_statement(&mut self) -> Statement<'s> {
        self.advance();
        self.scopes.begin_scope();
        self.consume(TokenKind::LeftParen, "Expect '(' after 'for'.");
        let mut parts = match self.current.kind {
            TokenKind::Semicolon => {
                self.advance();
                Vec::new()
            }
            TokenKind::Var => vec![self.variable_declaration()],
            _ => vec![self.expression_statement()],
        };
        let mut condition = None;
        if !self.matches(TokenKind::Semicolon) {
            condition = Some(self.expression());
            self.consume(TokenKind::Semicolon, "Expect ';' after loop condition.");
        }
        let mut increment = None;
        if !self.matches(TokenKind::RightParen) {
            increment = Some(self.expression());
            self.consume(TokenKind::RightParen, "Expect ')' after for clauses.");
        }
        let body = self.nested_statement();
        parts.push(Statement::While(Box::new(While { condition, body, increment, end: self.previous })));
        self.scopes.end_scope();
        Statement::Block(parts)
    }

    fn while_statement(&mut self) -> Statement<'s> {
        self.advance();
        self.consume(TokenKind::LeftParen, "Expect '(' after 'while'.");
        let condition = Some(self.expression());
        self.consume(TokenKind::RightParen, "Expect ')' after condition.");
        let body = self.nested_statement();
        Statement::While(Box::new(While { condition, body, increment: None, end: self.previous }))
    }

    fn if_statement(&mut self) -> Statement<'s> {
        self.advance();
        self.consume(TokenKind::LeftParen, "Expect '(' after 'if'.");
        let condition = self.expression();
        self.consume(TokenKind::RightParen, "Expect ')' after condition.");
        let then = Box::new(self.nested_statement());
        let otherwise = if self.matches(TokenKind::Else) { Some(Box::new(self.nested_statement())) } else { None };
        Statement::If(condition, then, otherwise)
    }

    fn return_statement(&mut self) -> Statement<'s> {
        self.advance();
        if self.scopes.kind() == FunctionKind::Script {
            self.error("Can't return from top-level code.");
        }
        if self.matches(TokenKind::Semicolon) {
            return Statement::Return(None, self.previous.line);
        }
        if self.scopes.kind() == FunctionKind::Initializer {
            self.error("Can't return a value from an initializer.");
        }
        let value = self.expression();
        self.consume(TokenKind::Semicolon, "Expect ';' after return value.");
        Statement::Return(Some(value), self.previous.line)
    }

    // Expressions.

    fn make(&mut self, kind: ExpressionKind<'s>) -> ExpressionId {
        let id = ExpressionId(self.program.expressions.len() as u32);
        self.program.expressions.push(Expression { line: self.previous.line, kind });
        id
    }

    fn expression(&mut self) -> ExpressionId {
        self.operators(Precedence::Assignment)
    }

    /// An operand and the operators after it that bind at least as tightly as `least`.
    fn operators(&mut self, least: Precedence) -> ExpressionId {
        let can_assign = least == Precedence::Assignment;
        self.nested(
            |parser| {
                let Some(mut left) = parser.operand(can_assign) else {
                    parser.error("Expect expression.");
                    return parser.make(ExpressionKind::Nil);
                };
                while let Some((precedence, right, meaning)) = infix(parser.current.kind) {
                    if precedence < least {
                        break;
                    }
                    parser.advance();
                    left = parser.after_operand(left, meaning, right, can_assign);
                }
                if can_assign && parser.matches(TokenKind::Equal) {
                    parser.error("Invalid assignment target.");
                }
                left
            },
            |parser| parser.make(ExpressionKind::Nil),
        )
    }

    /// Reads what an expression may begin with; `None`, with one token read, if this is not one.
    fn operand(&mut self, can_assign: bool) -> Option<ExpressionId> {
        self.advance();
        let token = self.previous;
        Some(match token.kind {
            TokenKind::Nil => self.make(ExpressionKind::Nil),
            TokenKind::True => self.make(ExpressionKind::Bool(true)),
            TokenKind::False => self.make(ExpressionKind::Bool(false)),
            TokenKind::Number => {
                self.count_literal();
                // Digits with at most one point among them: no other number exists, and no error.
                let value = token.text.parse().unwrap_or(f64::NAN);
                self.make(ExpressionKind::Number(value))
            }
            TokenKind::String => {
                self.count_literal();
                self.make(ExpressionKind::String(&token.text[1..token.text.len() - 1]))
            }
            TokenKind::LeftParen => {
                let inner = self.expression();
                self.consume(TokenKind::RightParen, "Expect ')' after expression.");
                inner
            }
            TokenKind::Minus => self.unary(UnaryOperator::Negate),
            TokenKind::Bang => self.unary(UnaryOperator::Not),
            TokenKind::Identifier => self.variable(token.text, can_assign),
            TokenKind::This => {
                if self.classes.is_empty() {
                    self.error("Can't use 'this' outside of a class.");
                }
                let this = self.resolve("this");
                self.make(ExpressionKind::Get(this))
            }
            TokenKind::Super => self.super_expression(),
            _ => return None,
        })
    }

    fn after_operand(
        &mut self,
        left: ExpressionId,
        meaning: Infix,
        right: Precedence,
        can_assign: bool,
    ) -> ExpressionId {
        let kind = match meaning {
            Infix::Binary(operator) => ExpressionKind::Binary(operator, left, self.operators(right)),
            Infix::Logical(operator) => ExpressionKind::Logical(operator, left, self.operators(right)),
            Infix::Call => ExpressionKind::Call(left, self.arguments()),
            Infix::Dot => {
                self.consume(TokenKind::Identifier, "Expect property name after '.'.");
                let name = self.previous.text;
                if can_assign && self.matches(TokenKind::Equal) {
                    ExpressionKind::SetProperty(left, name, self.expression())
                } else if self.matches(TokenKind::LeftParen) {
                    ExpressionKind::Invoke(left, name, self.arguments())
                } else {
                    ExpressionKind::GetProperty(left, name)
                }
            }
        };
        self.make(kind)
    }

    fn unary(&mut self, operator: UnaryOperator) -> ExpressionId {
        let operand = self.operators(Precedence::Unary);
        self.make(ExpressionKind::Unary(operator, operand))
    }

    fn variable(&mut self, name: &'s str, can_assign: bool) -> ExpressionId {
        let variable = self.resolve(name);
        if can_assign && self.matches(TokenKind::Equal) {
            let value = self.expression();
            return self.make(ExpressionKind::Set(variable, value));
        }
        self.make(ExpressionKind::Get(variable))
    }

    fn super_expression(&mut self) -> ExpressionId {
        match self.classes.last() {
            None => self.error("Can't use 'super' outside of a class."),
            Some(false) => self.error("Can't use 'super' in a class with no superclass."),
            Some(true) => {}
        }
        self.consume(TokenKind::Dot, "Expect '.' after 'super'.");
        self.consume(TokenKind::Identifier, "Expect superclass method name.");
        let name = self.previous.text;
        let this = self.resolve("this");
        let arguments = if self.matches(TokenKind::LeftParen) { Some(self.arguments()) } else { None };
        let reference = SuperReference { this, superclass: self.resolve("super"), name };
        self.make(match arguments {
            Some(arguments) => ExpressionKind::SuperInvoke(reference, arguments),
            None => ExpressionKind::Super(reference),
        })
    }

    fn arguments(&mut self) -> Vec<ExpressionId> {
        let mut arguments = Vec::new();
        if !self.check(TokenKind::RightParen) {
            loop {
                arguments.push(self.expression());
                if arguments.len() == 256 {
                    self.error("Can't have more than 255 arguments.");
                }
                if !self.matches(TokenKind::Comma) {
                    break;
                }
            }
        }
        self.consume(TokenKind::RightParen, "Expect ')' after arguments.");
        arguments
    }

    fn count_literal(&mut self) {
        if let Err(message) = self.scopes.count_literal() {
            self.error(message);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn errors(source: &str) -> Vec<String> {
        parse(source).err().unwrap_or_default().iter().map(ToString::to_string).collect()
    }

    #[test]
    fn one_error_a_declaration() {
        assert_eq!(
            errors("print ;\nvar 1 + + ;\nfun f( { }"),
            [
                "[line 1] Error at ';': Expect expression.",
                "[line 2] Error at '1': Expect variable name.",
                "[line 3] Error at '{': Expect parameter name.",
            ]
        );
    }

    #[test]
    fn an_error_of_scope_silences_the_rest_of_its_declaration() {
        assert_eq!(
            errors("{ class A < A {} }"),
            [
                "[line 1] Error at 'A': A class can't inherit from itself.",
                "[line 1] Error at end: Expect '}' after block."
            ]
        );
    }

    #[test]
    fn deep_nesting_is_an_error_and_no_overflow() {
        for opening in ["(", "!", "-", "{", "a=", "if(a)", "for(;;)", "f(", "fun f(){", "class A{m(){"] {
            let found = errors(&opening.repeat(100_000));
            assert!(found[0].ends_with(": Too much nesting."), "{opening}: {}", found[0]);
        }
    }

    #[test]
    fn long_chains_are_not_deep() {
        for link in ["+a", " and a", " or a", ".a", "()", ".a()"] {
            assert!(parse(&format!("a{};", link.repeat(100_000))).is_ok(), "{link}");
        }
    }

    #[test]
    fn a_captured_variable_is_known_by_all_its_readers() {
        let program = parse("fun f(a) { fun g() { fun h() { return a; } return a; } }").expect("valid");
        let [h, g, f, _] = &program.functions[..] else { panic!("four functions") };
        assert_eq!(h.captures, [("a", Capture::Captured(0))]);
        assert_eq!(g.captures, [("a", Capture::Local(LocalId(1)))]);
        assert!(f.locals[1].captured && !f.locals[2].captured && f.captures.is_empty());
    }
}
