//! Functions to register bytecode, in one pass: each expression's value ends up in a register.
//!
//! A frame's registers are its parameters, its variables, and temporaries, which are taken and given back like a stack.

use crate::opcode::*;
use crate::syntax::{Function, Kind, Token, functions};
use std::sync::Arc;
use vm_api::code::builder::Builder;
use vm_api::code::{Code, Constant, Parameters, Position};

/// How deep expressions and blocks may nest: the compiler recurs as deep.
const MAX_DEPTH: u32 = 100;

/// Compiles a program. The first code is the one that runs.
///
/// # Errors
/// What is wrong, and where.
pub fn compile(source: &str) -> Result<Vec<Arc<Code>>, String> {
    let functions = functions(source)?;
    functions.iter().map(|function| Compiler::new(&functions, function).function()).collect()
}

struct Compiler<'p> {
    /// Every function: a call says which by its number.
    functions: &'p [Function],
    function: &'p Function,
    variables: Vec<&'p str>,
    /// The next token.
    at: usize,
    depth: u32,
    code: Builder<'static>,
}

impl<'p> Compiler<'p> {
    fn new(functions: &'p [Function], function: &'p Function) -> Self {
        let mut code = Builder::new(OPCODES, &function.name, "tally");
        code.parameters(Parameters { positional: function.parameters.len() as u16, ..Parameters::default() });
        // The builder wants all variables before the first temporary: parameters, then whatever follows a `let`.
        let mut variables: Vec<&str> = function.parameters.iter().map(String::as_str).collect();
        for pair in function.body.windows(2) {
            if let [Token { kind: Kind::Word(word), .. }, Token { kind: Kind::Word(name), .. }] = pair
                && word == "let"
                && !variables.contains(&name.as_str())
            {
                variables.push(name);
            }
        }
        for name in &variables {
            code.variable(name);
        }
        Compiler { functions, function, variables, at: 0, depth: 0, code }
    }

    fn function(mut self) -> Result<Arc<Code>, String> {
        // A variable is 0 until something else is said: no register is ever read empty.
        for register in self.function.parameters.len()..self.variables.len() {
            self.load(0.0, register as u16);
        }
        while self.peek() != &Kind::End {
            self.statement()?;
        }
        let result = self.code.temporary();
        self.load(0.0, result);
        self.code.emit(RETURN, result, 0, 0, 0);
        Ok(Arc::new(self.code.finish().map_err(|error| format!("{}: {error}", self.function.name))?))
    }

    // Tokens.

    fn peek(&self) -> &'p Kind {
        &self.function.body[self.at].kind
    }

    fn next(&mut self) -> &'p Kind {
        let token = &self.function.body[self.at];
        self.at = (self.at + 1).min(self.function.body.len() - 1);
        self.code.position(Position { line: token.line, end_line: token.line, column: 0, end_column: 0 });
        &token.kind
    }

    fn accept(&mut self, symbol: char) -> bool {
        let found = self.peek() == &Kind::Symbol(symbol);
        if found {
            self.next();
        }
        found
    }

    fn expect(&mut self, symbol: char) -> Result<(), String> {
        if self.accept(symbol) { Ok(()) } else { self.wrong(&format!("{symbol:?} is missing")) }
    }

    fn wrong<T>(&self, what: &str) -> Result<T, String> {
        Err(format!("line {}: {what}", self.function.body[self.at].line))
    }

    // Statements.

    fn statement(&mut self) -> Result<(), String> {
        let mark = self.code.top();
        let Kind::Word(word) = self.next() else { return self.wrong("a statement begins with a word") };
        match word.as_str() {
            "let" => {
                let Kind::Word(name) = self.next() else { return self.wrong("a variable has a name") };
                let variable = self.variable(name)?;
                self.expect('=')?;
                let value = self.expression()?;
                self.code.emit(MOVE, variable, value, 0, 0);
            }
            "print" => {
                let value = self.expression()?;
                self.code.emit(PRINT, value, 0, 0, 0);
            }
            "return" => {
                let value = self.expression()?;
                self.code.emit(RETURN, value, 0, 0, 0);
            }
            "if" => {
                let end = self.code.label();
                let condition = self.expression()?;
                self.code.jump(JUMP_UNLESS, condition, 0, 0, end);
                self.block()?;
                self.code.bind(end);
            }
            "while" => {
                let (head, end) = (self.code.bound_label(), self.code.label());
                let condition = self.expression()?;
                self.code.jump(JUMP_UNLESS, condition, 0, 0, end);
                self.block()?;
                self.code.jump(LOOP, 0, 0, 0, head);
                self.code.bind(end);
            }
            other => return self.wrong(&format!("no statement begins with {other:?}")),
        }
        self.code.release_to(mark);
        Ok(())
    }

    fn block(&mut self) -> Result<(), String> {
        self.nest(|this| {
            this.expect('{')?;
            while !this.accept('}') {
                this.statement()?;
            }
            Ok(())
        })
    }

    // Expressions. Each gives the register that holds its value: a variable's own, or a new temporary.

    fn expression(&mut self) -> Result<u16, String> {
        self.nest(|this| {
            let mark = this.code.top();
            let left = this.sum()?;
            if !this.accept('<') {
                return Ok(left);
            }
            let right = this.sum()?;
            Ok(this.operation(LESS, left, right, mark))
        })
    }

    fn sum(&mut self) -> Result<u16, String> {
        let mark = self.code.top();
        let mut left = self.product()?;
        loop {
            let opcode = match self.peek() {
                Kind::Symbol('+') => ADD,
                Kind::Symbol('-') => SUBTRACT,
                _ => return Ok(left),
            };
            self.next();
            let right = self.product()?;
            left = self.operation(opcode, left, right, mark);
        }
    }

    fn product(&mut self) -> Result<u16, String> {
        let mark = self.code.top();
        let mut left = self.operand()?;
        while self.accept('*') {
            let right = self.operand()?;
            left = self.operation(MULTIPLY, left, right, mark);
        }
        Ok(left)
    }

    /// The operands' temporaries are given back; the result may take the place of one.
    fn operation(&mut self, opcode: u16, left: u16, right: u16, mark: u16) -> u16 {
        self.code.release_to(mark);
        let result = self.code.temporary();
        self.code.emit(opcode, result, left, right, 0);
        result
    }

    fn operand(&mut self) -> Result<u16, String> {
        match self.next() {
            Kind::Number(number) => {
                let register = self.code.temporary();
                self.load(*number, register);
                Ok(register)
            }
            Kind::Word(name) if self.accept('(') => self.call(name),
            Kind::Word(name) => self.variable(name),
            Kind::Symbol('(') => {
                let value = self.expression()?;
                self.expect(')')?;
                Ok(value)
            }
            _ => self.wrong("an operand is missing"),
        }
    }

    /// A call's window is the top of the frame: what stands for the function, which is no value in Tally, then the arguments. The callee's
    /// frame lies over it.
    fn call(&mut self, name: &str) -> Result<u16, String> {
        let Some(number) = self.functions.iter().skip(1).position(|function| function.name == name) else {
            return self.wrong(&format!("there is no function {name}"));
        };
        let number = number + 1;
        let window = self.code.temporary();
        self.load(0.0, window);
        let mut count = 0;
        while !self.accept(')') {
            let mark = self.code.top();
            let value = self.expression()?;
            if value != mark {
                let argument = self.code.temporary();
                self.code.emit(MOVE, argument, value, 0, 0);
            }
            count += 1;
            self.accept(',');
        }
        if count != self.functions[number].parameters.len() {
            return self.wrong(&format!("{name} does not take {count} arguments"));
        }
        self.code.release_to(window);
        let result = self.code.temporary();
        self.code.emit(CALL, result, window, count as u16, number as i32);
        Ok(result)
    }

    fn variable(&self, name: &str) -> Result<u16, String> {
        match self.variables.iter().position(|variable| *variable == name) {
            Some(register) => Ok(register as u16),
            None => self.wrong(&format!("there is no variable {name}")),
        }
    }

    /// A whole number is a small integer, as long as it fits one.
    fn load(&mut self, number: f64, register: u16) {
        let whole = number as i64;
        let constant = if whole as f64 == number && vm_api::heap::value::int_fits(whole) {
            Constant::Int(whole)
        } else {
            Constant::Float(number)
        };
        let constant = self.code.constant(constant);
        self.code.emit(CONSTANT, register, 0, 0, constant);
    }

    fn nest<T>(&mut self, parse: impl FnOnce(&mut Self) -> Result<T, String>) -> Result<T, String> {
        if self.depth == MAX_DEPTH {
            return self.wrong("it nests too deep");
        }
        self.depth += 1;
        let result = parse(self);
        self.depth -= 1;
        result
    }
}
