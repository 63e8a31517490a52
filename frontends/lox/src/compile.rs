//! The compiler: a resolved tree to register bytecode.
//!
//! A frame's registers are the slots of its locals, then temporaries, which are taken and given back like a stack; a
//! call's window is the top of it. A local that is never captured *is* its register, so reading it takes no
//! instruction; a captured one has a cell in its register.
//!
//! Recursion is as deep as the parser let the program nest; chains of operators, which may be long, are walked in a loop
//! ([`Compiler::value`]).

use std::sync::Arc;

use vm_code::builder::{BuildError, Builder, Label};
use vm_code::code::{Parameters, code_flag};
use vm_code::{Code, Constant, Position};

use crate::ast::*;
use crate::opcode::{OPCODES, Op};
use crate::parser::CompileError;
use crate::scanner::Token;

/// The longest back edge of a loop: part of the language, since its test suite has it fail.
const MAX_LOOP: u32 = i16::MAX as u32;

/// The flag of a script's code.
pub const SCRIPT: u32 = code_flag::LANGUAGE;

/// Compiles a program; the result is the script's code, which holds the others among its constants. `source` is the
/// name of the source.
pub fn compile(program: &Program<'_>, source: &str) -> Result<Arc<Code>, Vec<CompileError>> {
    let mut codes: Vec<Arc<Code>> = Vec::new();
    let mut errors = Vec::new();
    for function in &program.functions {
        let mut compiler = Compiler::new(program, function, &codes, source);
        compiler.function();
        errors.append(&mut compiler.errors);
        match compiler.code.finish() {
            Ok(code) => codes.push(Arc::new(code)),
            Err(BuildError::TooLarge(_)) => {
                let (line, message) = (function.end_line, "Function too large.");
                return Err(vec![CompileError { line, place: String::new(), message }]);
            }
            Err(error @ (BuildError::Misuse(_) | BuildError::Refused(_))) => {
                unreachable!("the compiler's own fault: {error}")
            }
        }
    }
    match codes.pop() {
        Some(script) if errors.is_empty() => Ok(script),
        _ => Err(errors),
    }
}

struct Compiler<'p, 's> {
    program: &'p Program<'s>,
    function: &'p Function<'s>,
    /// The codes of the functions before this one.
    codes: &'p [Arc<Code>],
    code: Builder<'static>,
    errors: Vec<CompileError>,
}

impl<'p, 's> Compiler<'p, 's> {
    fn new(program: &'p Program<'s>, function: &'p Function<'s>, codes: &'p [Arc<Code>], source: &str) -> Self {
        let mut code = Builder::new(OPCODES, function.name, source);
        if function.kind == FunctionKind::Script {
            code.add_flags(SCRIPT);
        }
        let parameters = function.parameters();
        code.parameters(Parameters { positional: parameters.len() as u16, ..Parameters::default() });
        for parameter in parameters {
            let register = code.variable(parameter.name);
            if parameter.captured {
                code.cell(register);
            }
        }
        for (name, _) in &function.captures {
            code.free(name);
        }
        // The other locals share registers, so they are no variables to an engine.
        code.temporaries(usize::from(function.slots) - parameters.len());
        Compiler { program, function, codes, code, errors: Vec::new() }
    }

    fn function(&mut self) {
        self.code.first_line(self.function.line);
        self.line(self.function.line);
        for parameter in self.function.parameters().iter().filter(|local| local.captured) {
            let register = u16::from(parameter.slot);
            self.emit(Op::NewCell, register, register, 0, 0);
        }
        self.statements(&self.function.body);
        self.line(self.function.end_line);
        self.return_statement(None);
    }

    // Instructions.

    fn emit(&mut self, op: Op, a: u16, b: u16, c: u16, d: i32) {
        self.code.emit(op as u16, a, b, c, d);
    }

    fn jump(&mut self, op: Op, a: u16, b: u16, c: u16, target: Label) {
        self.code.jump(op as u16, a, b, c, target);
    }

    /// Sets the line of the instructions that follow.
    fn line(&mut self, line: u32) {
        self.code.position(Position { line, end_line: line, column: 0, end_column: 0 });
    }

    fn symbol(&mut self, name: &str) -> i32 {
        self.code.constant(Constant::Bytes(name.as_bytes().into()))
    }

    fn string(text: &str) -> Constant {
        Constant::Str(text.as_bytes().into())
    }

    fn global(&mut self, name: &str) -> i32 {
        self.code.constant(Constant::Tuple([Self::string(name)].into()))
    }

    fn load(&mut self, constant: Constant, target: Option<u16>) -> u16 {
        let (constant, register) = (self.code.constant(constant), self.target(target));
        self.emit(Op::LoadConstant, register, 0, 0, constant);
        register
    }

    fn loop_back(&mut self, head: u32, label: Label, end: Token<'s>) {
        if self.code.here() + 1 - head > MAX_LOOP {
            self.errors.push(CompileError::at(end, "Loop body too large."));
        }
        self.jump(Op::Loop, 0, 0, 0, label);
    }

    // Registers.

    /// Takes all temporaries up to `register`.
    fn reserve(&mut self, register: u16) {
        let missing = (usize::from(register) + 1).saturating_sub(usize::from(self.code.top()));
        self.code.temporaries(missing);
    }

    fn target(&mut self, target: Option<u16>) -> u16 {
        target.unwrap_or_else(|| self.code.temporary())
    }

    fn copy(&mut self, from: u16, target: Option<u16>) -> u16 {
        match target {
            Some(target) if target != from => {
                self.emit(Op::Move, target, from, 0, 0);
                target
            }
            _ => from,
        }
    }

    fn local(&self, local: LocalId) -> (u16, bool) {
        let Local { slot, captured, .. } = self.function.locals[local.0 as usize];
        (u16::from(slot), captured)
    }

    // Statements.

    fn statements(&mut self, statements: &'p [Statement<'s>]) {
        for statement in statements {
            self.statement(statement);
        }
    }

    /// Compiles a statement. It leaves no temporary behind.
    fn statement(&mut self, statement: &'p Statement<'s>) {
        let mark = self.code.top();
        match statement {
            Statement::Expression(value) => _ = self.value(*value, None),
            Statement::Print(value, line) => {
                let register = self.value(*value, None);
                self.line(*line);
                self.emit(Op::Print, register, 0, 0, 0);
            }
            Statement::Var(variable, value) => self.variable_declaration(*variable, *value),
            Statement::Function(variable, function) => self.function_declaration(*variable, *function),
            Statement::Class(class) => self.class_declaration(class),
            Statement::Block(body) => self.statements(body),
            Statement::If(condition, then, otherwise) => {
                let (skip, end) = (self.code.label(), self.code.label());
                self.condition(*condition, false, skip);
                self.statement(then);
                if otherwise.is_some() && self.code.reachable() {
                    self.jump(Op::Jump, 0, 0, 0, end);
                }
                self.code.bind(skip);
                if let Some(otherwise) = otherwise {
                    self.statement(otherwise);
                }
                self.code.bind(end);
            }
            Statement::While(parts) => {
                let (head, label, exit) = (self.code.here(), self.code.bound_label(), self.code.label());
                if let Some(condition) = parts.condition {
                    self.condition(condition, false, exit);
                }
                self.statement(&parts.body);
                if let Some(increment) = parts.increment {
                    self.value(increment, None);
                }
                self.loop_back(head, label, parts.end);
                self.code.bind(exit);
            }
            Statement::Return(value, line) => {
                self.line(*line);
                self.return_statement(*value);
            }
        }
        self.code.release_to(mark);
    }

    fn return_statement(&mut self, value: Option<ExpressionId>) {
        let register = match value {
            Some(value) => self.value(value, None),
            None if self.function.kind == FunctionKind::Initializer => self.get(Variable::Local(LocalId(0)), None),
            None => self.load(Constant::None, None),
        };
        self.emit(Op::Return, register, 0, 0, 0);
    }

    fn variable_declaration(&mut self, variable: Variable<'s>, value: Option<ExpressionId>) {
        let target = match variable {
            Variable::Local(local) => Some(self.local(local).0),
            _ => None,
        };
        let register = match value {
            Some(value) => self.value(value, target),
            None => self.load(Constant::None, target),
        };
        self.define(variable, register);
    }

    /// Binds the value in `register` to a variable that is declared here. A local's value is in its register already.
    fn define(&mut self, variable: Variable<'s>, register: u16) {
        match variable {
            Variable::Local(local) => {
                if self.local(local).1 {
                    self.emit(Op::NewCell, register, register, 0, 0);
                }
            }
            Variable::Global(name) => {
                let cell = self.global(name);
                self.emit(Op::DefineGlobal, register, 0, 0, cell);
            }
            Variable::Captured(_) => unreachable!("what is declared is not captured here"),
        }
    }

    fn function_declaration(&mut self, variable: Variable<'s>, function: FunctionId) {
        match variable {
            // The function may refer to itself, so its cell has to be there first.
            Variable::Local(local) if self.local(local).1 => {
                let cell = self.local(local).0;
                self.load(Constant::None, Some(cell));
                self.emit(Op::NewCell, cell, cell, 0, 0);
                let closure = self.closure(function, None);
                self.emit(Op::SetCell, cell, closure, 0, 0);
            }
            Variable::Local(local) => _ = self.closure(function, Some(self.local(local).0)),
            _ => {
                let closure = self.closure(function, None);
                self.define(variable, closure);
            }
        }
    }

    fn closure(&mut self, function: FunctionId, target: Option<u16>) -> u16 {
        let register = self.target(target);
        let mark = self.code.top();
        let captures = &self.program.functions[function.0 as usize].captures;
        for &(_, capture) in captures {
            let cell = self.code.temporary();
            match capture {
                Capture::Local(local) => self.emit(Op::Move, cell, self.local(local).0, 0, 0),
                Capture::Captured(index) => self.emit(Op::GetCaptureCell, cell, 0, 0, i32::from(index)),
            };
        }
        let code = self.code.constant(Constant::Code(self.codes[function.0 as usize].clone()));
        let window = if captures.is_empty() { register } else { mark };
        self.emit(Op::Closure, register, window, captures.len() as u16, code);
        self.code.release_to(mark);
        register
    }

    fn class_declaration(&mut self, class: &'p Class<'s>) {
        // The class is built in a temporary: its variable may be a cell by then.
        let register = self.code.temporary();
        self.line(class.line);
        let name = self.code.constant(Self::string(class.name));
        self.emit(Op::Class, register, 0, 0, name);
        if let Variable::Local(local) = class.variable {
            let (slot, _) = self.local(local);
            self.emit(Op::Move, slot, register, 0, 0);
            self.define(class.variable, slot);
        } else {
            self.define(class.variable, register);
        }
        if let Some(superclass) = &class.superclass {
            let (slot, captured) = self.local(superclass.local);
            self.line(superclass.line);
            self.get(superclass.class, Some(slot));
            self.emit(Op::Inherit, register, slot, 0, 0);
            if captured {
                self.emit(Op::NewCell, slot, slot, 0, 0);
            }
        }
        for &(name, function) in &class.methods {
            let mark = self.code.top();
            let method = self.closure(function, None);
            let symbol = self.symbol(name);
            self.emit(Op::Method, register, method, 0, symbol);
            self.code.release_to(mark);
        }
    }

    // Variables.

    /// Reads a variable: its own register for a local that is not captured and not wanted elsewhere.
    fn get(&mut self, variable: Variable<'s>, target: Option<u16>) -> u16 {
        match variable {
            Variable::Local(local) => match self.local(local) {
                (slot, false) => self.copy(slot, target),
                (slot, true) => {
                    let register = self.target(target);
                    self.emit(Op::GetCell, register, slot, 0, 0);
                    register
                }
            },
            Variable::Captured(index) => {
                let register = self.target(target);
                self.emit(Op::GetCapture, register, 0, 0, i32::from(index));
                register
            }
            Variable::Global(name) => {
                let (cell, register) = (self.global(name), self.target(target));
                self.emit(Op::GetGlobal, register, 0, 0, cell);
                register
            }
        }
    }

    fn set(&mut self, variable: Variable<'s>, value: ExpressionId, line: u32, target: Option<u16>) -> u16 {
        if let Variable::Local(local) = variable
            && let (slot, false) = self.local(local)
        {
            // `a = b or a` writes its target before it reads it.
            let logical = matches!(self.expression(value).kind, ExpressionKind::Logical(..));
            let register = self.value(value, if logical { None } else { Some(slot) });
            self.copy(register, Some(slot));
            return self.copy(slot, target);
        }
        let register = self.value(value, None);
        self.line(line);
        match variable {
            Variable::Local(local) => self.emit(Op::SetCell, self.local(local).0, register, 0, 0),
            Variable::Captured(index) => self.emit(Op::SetCapture, register, 0, 0, i32::from(index)),
            Variable::Global(name) => {
                let cell = self.global(name);
                self.emit(Op::SetGlobal, register, 0, 0, cell)
            }
        };
        self.copy(register, target)
    }

    // Expressions.

    fn expression(&self, id: ExpressionId) -> &'p Expression<'s> {
        &self.program.expressions[id.0 as usize]
    }

    /// Compiles an expression. Its value is in `target` if that is given, and else wherever it is cheapest: the register
    /// of a local, or the next temporary. `target` is written last, except by `and` and `or`.
    fn value(&mut self, id: ExpressionId, target: Option<u16>) -> u16 {
        let mut links = vec![id];
        while let Some(left) = links.last().and_then(|&last| self.expression(last).kind.left()) {
            links.push(left);
        }
        let mark = self.code.top();
        let mut left = mark;
        while let Some(id) = links.pop() {
            let wanted = match links.last() {
                None => target,
                Some(&outer) => self.expression(outer).kind.is_call().then_some(mark + 1),
            };
            if let Some(wanted) = wanted {
                self.reserve(wanted);
            }
            left = self.link(id, left, mark, wanted);
            self.code.release_to(mark);
            if left >= mark {
                self.reserve(left);
            }
        }
        left
    }

    /// Compiles one link of a chain, whose left operand (if it has one) is in `left`. Registers from `mark` on are the
    /// chain's own. The left operand of a call is in `mark + 1`.
    fn link(&mut self, id: ExpressionId, left: u16, mark: u16, wanted: Option<u16>) -> u16 {
        let expression = self.expression(id);
        let line = expression.line;
        let target = wanted.unwrap_or(mark);
        self.line(line);
        match &expression.kind {
            ExpressionKind::Nil => self.load(Constant::None, wanted),
            ExpressionKind::Bool(value) => self.load(Constant::Bool(*value), wanted),
            ExpressionKind::Number(value) => self.load(number_constant(*value), wanted),
            ExpressionKind::String(value) => self.load(Self::string(value), wanted),
            ExpressionKind::Get(variable) => self.get(*variable, wanted),
            ExpressionKind::Set(variable, value) => self.set(*variable, *value, line, wanted),
            ExpressionKind::Unary(operator, operand) => {
                let operand = self.value(*operand, None);
                let op = match operator {
                    UnaryOperator::Negate => Op::Negate,
                    UnaryOperator::Not => Op::Not,
                };
                self.finish_link(op, line, target, operand, 0, 0)
            }
            ExpressionKind::Binary(operator, before, right) => {
                let (left, right) = self.operands(left, *before, *right);
                let (op, b, c) = match operator {
                    BinaryOperator::Add => (Op::Add, left, right),
                    BinaryOperator::Subtract => (Op::Subtract, left, right),
                    BinaryOperator::Multiply => (Op::Multiply, left, right),
                    BinaryOperator::Divide => (Op::Divide, left, right),
                    BinaryOperator::Equal | BinaryOperator::NotEqual => (Op::Equal, left, right),
                    BinaryOperator::Less => (Op::Less, left, right),
                    BinaryOperator::Greater => (Op::Less, right, left),
                    BinaryOperator::LessEqual => (Op::LessEqual, left, right),
                    BinaryOperator::GreaterEqual => (Op::LessEqual, right, left),
                };
                self.finish_link(op, line, target, b, c, 0);
                if *operator == BinaryOperator::NotEqual {
                    self.emit(Op::Not, target, target, 0, 0);
                }
                target
            }
            ExpressionKind::Logical(operator, _, right) => {
                self.reserve(target);
                self.copy(left, Some(target));
                let decided = u16::from(*operator == LogicalOperator::Or);
                let end = self.code.label();
                self.jump(Op::JumpIf, target, 0, decided, end);
                self.value(*right, Some(target));
                self.code.bind(end);
                target
            }
            ExpressionKind::GetProperty(_, name) => {
                let symbol = self.symbol(name);
                self.finish_link(Op::GetProperty, line, target, left, 0, symbol)
            }
            ExpressionKind::SetProperty(before, name, value) => {
                let (left, value) = self.operands(left, *before, *value);
                let symbol = self.symbol(name);
                self.finish_link(Op::SetProperty, line, left, value, 0, symbol);
                self.copy(value, wanted)
            }
            ExpressionKind::Call(_, arguments) => {
                self.arguments(arguments);
                self.finish_link(Op::Call, line, target, left, arguments.len() as u16, 0)
            }
            ExpressionKind::Invoke(_, name, arguments) => {
                self.arguments(arguments);
                let symbol = self.symbol(name);
                self.finish_link(Op::Invoke, line, target, left, arguments.len() as u16, symbol)
            }
            ExpressionKind::Super(reference) => {
                let this = self.get(reference.this, None);
                let superclass = self.get(reference.superclass, None);
                let symbol = self.symbol(reference.name);
                self.finish_link(Op::GetSuper, line, target, this, superclass, symbol)
            }
            ExpressionKind::SuperInvoke(reference, arguments) => {
                let receiver = mark + 1;
                self.reserve(receiver);
                self.get(reference.this, Some(receiver));
                self.arguments(arguments);
                let superclass = self.code.temporary();
                self.line(line);
                self.get(reference.superclass, Some(superclass));
                let symbol = self.symbol(reference.name);
                self.finish_link(Op::SuperInvoke, line, target, receiver, arguments.len() as u16, symbol)
            }
        }
    }

    /// Emits a link's last instruction, which `line` is the line of; gives back `a`.
    fn finish_link(&mut self, op: Op, line: u32, a: u16, b: u16, c: u16, d: i32) -> u16 {
        self.reserve(a);
        self.line(line);
        self.emit(op, a, b, c, d);
        a
    }

    /// Arguments, one register after the other.
    fn arguments(&mut self, arguments: &'p [ExpressionId]) {
        for &argument in arguments {
            let register = self.code.temporary();
            self.value(argument, Some(register));
        }
    }

    /// Compiles a right operand, and saves the left one if it is a local that the right one assigns to.
    fn operands(&mut self, mut left: u16, before: ExpressionId, right: ExpressionId) -> (u16, u16) {
        // The parser made the right operand's expressions in one go after the left operand.
        let within = &self.program.expressions[before.0 as usize + 1..=right.0 as usize];
        let assigns = |expression: &Expression<'s>| match expression.kind {
            ExpressionKind::Set(Variable::Local(local), _) => self.local(local).0 == left,
            _ => false,
        };
        if left < self.function.slots && within.iter().any(assigns) {
            let saved = self.code.temporary();
            left = self.copy(left, Some(saved));
        }
        (left, self.value(right, None))
    }

    // Conditions.

    /// Compiles a condition: jumps to `label` if its truth is `when`; otherwise control falls through.
    fn condition(&mut self, id: ExpressionId, when: bool, label: Label) {
        let mark = self.code.top();
        let expression = self.expression(id);
        match &expression.kind {
            ExpressionKind::Nil | ExpressionKind::Bool(_) => {
                if matches!(expression.kind, ExpressionKind::Bool(true)) == when {
                    self.jump(Op::Jump, 0, 0, 0, label);
                }
            }
            ExpressionKind::Unary(UnaryOperator::Not, operand) => self.condition(*operand, !when, label),
            ExpressionKind::Logical(operator, ..) => self.logical_condition(*operator, id, when, label),
            ExpressionKind::Binary(operator, left, right) if operator.is_comparison() => {
                let register = self.value(*left, None);
                let (left, right) = self.operands(register, *left, *right);
                let (op, a, b, when) = match operator {
                    BinaryOperator::Equal => (Op::JumpIfEqual, left, right, when),
                    BinaryOperator::NotEqual => (Op::JumpIfEqual, left, right, !when),
                    BinaryOperator::Less => (Op::JumpIfLess, left, right, when),
                    BinaryOperator::Greater => (Op::JumpIfLess, right, left, when),
                    BinaryOperator::LessEqual => (Op::JumpIfLess, right, left, !when),
                    _ => (Op::JumpIfLess, left, right, !when),
                };
                self.line(expression.line);
                self.jump(op, a, b, u16::from(when), label);
            }
            _ => {
                let register = self.value(id, None);
                self.jump(Op::JumpIf, register, 0, u16::from(when), label);
            }
        }
        self.code.release_to(mark);
    }

    fn logical_condition(&mut self, operator: LogicalOperator, mut id: ExpressionId, when: bool, label: Label) {
        let mut operands = Vec::new();
        while let ExpressionKind::Logical(same, left, right) = self.expression(id).kind
            && same == operator
        {
            operands.push(right);
            id = left;
        }
        operands.push(id);
        let decisive = operator == LogicalOperator::Or;
        let end = self.code.label();
        let last = operands.remove(0);
        for &operand in operands.iter().rev() {
            self.condition(operand, decisive, if decisive == when { label } else { end });
        }
        self.condition(last, when, label);
        self.code.bind(end);
    }
}

/// A whole number as an integer, if it fits one and is not `-0`.
fn number_constant(value: f64) -> Constant {
    let whole = value as i64;
    if whole as f64 == value && vm_heap::value::int_fits(whole) && (whole != 0 || value.is_sign_positive()) {
        Constant::Int(whole)
    } else {
        Constant::Float(value)
    }
}
