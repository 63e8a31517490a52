//! The compiler: a resolved tree to register bytecode.
//!
//! A frame's registers are the slots of its locals, then temporaries, which are taken and given back like a stack; a
//! call's window is the top of it. A local that is never captured *is* its register, so reading it takes no
//! instruction; a captured one has a cell in its register.
//!
//! Recursion is as deep as the parser let the program nest; chains of operators, which may be long, are walked in a loop
//! ([`Compiler::value`]).

use std::collections::HashMap;
use std::sync::Arc;

use vm_code::code::Parameters;
use vm_code::{Code, Constant, Instruction, Position, SlotKind};

use crate::ast::*;
use crate::opcode::Op;
use crate::parser::CompileError;
use crate::scanner::Token;

/// The longest back edge of a loop: part of the language, since its test suite has it fail.
const MAX_LOOP: usize = i16::MAX as usize;

/// Compiles a program; the result is the script's code, which holds the others among its constants.
pub fn compile(program: &Program<'_>, source: &str) -> Result<Arc<Code>, Vec<CompileError>> {
    let mut codes: Vec<Arc<Code>> = Vec::new();
    let mut errors = Vec::new();
    for function in &program.functions {
        let mut compiler = Compiler::new(program, function, &codes);
        compiler.function();
        errors.append(&mut compiler.errors);
        codes.push(Arc::new(compiler.finish(source)));
    }
    match codes.pop() {
        Some(script) if errors.is_empty() => Ok(script),
        _ => Err(errors),
    }
}

/// The most registers a frame may have; only nested calls with hundreds of arguments each come near.
const MAX_REGISTERS: u16 = 32_000;

/// What makes two constants the same. A number is told by its bits, since `0` and `-0` are two.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum ConstantKey<'s> {
    Nil,
    Bool(bool),
    Number(u64),
    String(&'s str),
    Symbol(&'s str),
    Global(&'s str),
    Code(FunctionId),
}

struct Compiler<'p, 's> {
    program: &'p Program<'s>,
    function: &'p Function<'s>,
    /// The codes of the functions before this one.
    codes: &'p [Arc<Code>],
    instructions: Vec<Instruction>,
    positions: Vec<Position>,
    feedback: Vec<SlotKind>,
    constants: Vec<Constant>,
    known: HashMap<ConstantKey<'s>, i32>,
    /// The first free register, and the most that were ever in use.
    next: u16,
    registers: u16,
    line: u32,
    errors: Vec<CompileError>,
}

/// Instructions that jump to a place not yet known.
type Jumps = Vec<usize>;

impl<'p, 's> Compiler<'p, 's> {
    fn new(program: &'p Program<'s>, function: &'p Function<'s>, codes: &'p [Arc<Code>]) -> Self {
        Compiler {
            program,
            function,
            codes,
            instructions: Vec::new(),
            positions: Vec::new(),
            feedback: Vec::new(),
            constants: Vec::new(),
            known: HashMap::new(),
            next: function.slots,
            registers: function.slots,
            line: 1,
            errors: Vec::new(),
        }
    }

    fn function(&mut self) {
        let parameters = usize::from(self.function.arity) + 1;
        for local in self.function.locals.iter().take(parameters).filter(|local| local.captured) {
            let register = u16::from(local.slot);
            self.emit(Op::NewCell, register, register, 0, 0);
        }
        self.statements(&self.function.body);
        self.line = self.function.end_line;
        self.return_statement(None);
    }

    fn finish(self, source: &str) -> Code {
        let parameters = &self.function.locals[..usize::from(self.function.arity) + 1];
        let captured = parameters.iter().filter(|local| local.captured);
        Code {
            name: self.function.name.into(),
            qualified_name: self.function.name.into(),
            source: source.into(),
            first_line: self.positions.first().map_or(1, |position| position.line),
            parameters: Parameters { positional: parameters.len() as u16, ..Parameters::default() },
            registers: self.registers,
            variables: parameters.iter().map(|local| local.name.into()).collect(),
            cells: captured.map(|local| u16::from(local.slot)).collect(),
            free: self.function.captures.iter().map(|&(name, _)| name.into()).collect(),
            constants: self.constants.into(),
            instructions: self.instructions.into(),
            positions: self.positions.into(),
            feedback: self.feedback.into(),
            ..Code::default()
        }
    }

    // Instructions.

    fn emit(&mut self, op: Op, a: u16, b: u16, c: u16, d: i32) -> usize {
        let mut instruction = Instruction::new(op as u16, a, b, c, d);
        if op.info().slot != SlotKind::None {
            instruction.feedback = self.feedback.len() as u32;
            self.feedback.push(op.info().slot);
        }
        self.instructions.push(instruction);
        self.positions.push(Position { line: self.line, end_line: self.line, column: 0, end_column: 0 });
        self.instructions.len() - 1
    }

    fn constant(&mut self, key: ConstantKey<'s>) -> i32 {
        if let Some(&index) = self.known.get(&key) {
            return index;
        }
        let text = |text: &str| text.as_bytes().into();
        let constant = match key {
            ConstantKey::Nil => Constant::None,
            ConstantKey::Bool(value) => Constant::Bool(value),
            ConstantKey::Number(bits) => number_constant(f64::from_bits(bits)),
            ConstantKey::String(string) => Constant::Str(text(string)),
            ConstantKey::Symbol(name) => Constant::Bytes(text(name)),
            ConstantKey::Global(name) => Constant::Tuple([Constant::Str(text(name))].into()),
            ConstantKey::Code(FunctionId(function)) => Constant::Code(self.codes[function as usize].clone()),
        };
        let index = self.constants.len() as i32;
        self.constants.push(constant);
        self.known.insert(key, index);
        index
    }

    fn load(&mut self, key: ConstantKey<'s>, target: Option<u16>) -> u16 {
        let (constant, register) = (self.constant(key), self.target(target));
        self.emit(Op::LoadConstant, register, 0, 0, constant);
        register
    }

    fn here(&self) -> usize {
        self.instructions.len()
    }

    /// Lets `jumps` go to the next instruction.
    fn land(&mut self, jumps: Jumps) {
        for at in jumps {
            self.instructions[at].d = (self.here() - at - 1) as i32;
        }
    }

    fn loop_back(&mut self, head: usize, end: Token<'s>) {
        let distance = self.here() + 1 - head;
        if distance > MAX_LOOP {
            self.errors.push(CompileError::at(end, "Loop body too large."));
        }
        self.emit(Op::Loop, 0, 0, 0, -(distance as i32));
    }

    // Registers.

    /// Takes the next temporary.
    fn temporary(&mut self) -> u16 {
        let register = self.next;
        self.reserve(register);
        register
    }

    /// Takes all temporaries up to `register`.
    fn reserve(&mut self, register: u16) {
        if register >= MAX_REGISTERS {
            let message = "Expression needs too many registers.";
            self.errors.push(CompileError { line: self.line, place: String::new(), message });
            self.next = self.function.slots;
        }
        self.next = self.next.max(register + 1);
        self.registers = self.registers.max(self.next);
    }

    fn target(&mut self, target: Option<u16>) -> u16 {
        target.unwrap_or_else(|| self.temporary())
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
        let mark = self.next;
        match statement {
            Statement::Expression(value) => _ = self.value(*value, None),
            Statement::Print(value, line) => {
                let register = self.value(*value, None);
                self.line = *line;
                self.emit(Op::Print, register, 0, 0, 0);
            }
            Statement::Var(variable, value) => self.variable_declaration(*variable, *value),
            Statement::Function(variable, function) => self.function_declaration(*variable, *function),
            Statement::Class(class) => self.class_declaration(class),
            Statement::Block(body) => self.statements(body),
            Statement::If(condition, then, otherwise) => {
                let skip = self.condition(*condition, false);
                self.statement(then);
                match otherwise {
                    None => self.land(skip),
                    Some(otherwise) => {
                        let end = self.emit(Op::Jump, 0, 0, 0, 0);
                        self.land(skip);
                        self.statement(otherwise);
                        self.land(vec![end]);
                    }
                }
            }
            Statement::While(parts) => {
                let head = self.here();
                let exit = parts.condition.map_or_else(Vec::new, |condition| self.condition(condition, false));
                self.statement(&parts.body);
                if let Some(increment) = parts.increment {
                    self.value(increment, None);
                }
                self.loop_back(head, parts.end);
                self.land(exit);
            }
            Statement::Return(value, line) => {
                self.line = *line;
                self.return_statement(*value);
            }
        }
        self.next = mark;
    }

    fn return_statement(&mut self, value: Option<ExpressionId>) {
        let register = match value {
            Some(value) => self.value(value, None),
            None if self.function.kind == FunctionKind::Initializer => self.get(Variable::Local(LocalId(0)), None),
            None => self.load(ConstantKey::Nil, None),
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
            None => self.load(ConstantKey::Nil, target),
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
                let cell = self.constant(ConstantKey::Global(name));
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
                self.load(ConstantKey::Nil, Some(cell));
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
        let mark = self.next;
        let captures = &self.program.functions[function.0 as usize].captures;
        for &(_, capture) in captures {
            let cell = self.temporary();
            match capture {
                Capture::Local(local) => self.emit(Op::Move, cell, self.local(local).0, 0, 0),
                Capture::Captured(index) => self.emit(Op::GetCaptureCell, cell, 0, 0, i32::from(index)),
            };
        }
        let code = self.constant(ConstantKey::Code(function));
        let window = if captures.is_empty() { register } else { mark };
        self.emit(Op::Closure, register, window, captures.len() as u16, code);
        self.next = mark;
        register
    }

    fn class_declaration(&mut self, class: &'p Class<'s>) {
        // The class is built in a temporary: its variable may be a cell by then.
        let register = self.temporary();
        let name = self.constant(ConstantKey::String(class.name));
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
            self.line = superclass.line;
            self.get(superclass.class, Some(slot));
            self.emit(Op::Inherit, register, slot, 0, 0);
            if captured {
                self.emit(Op::NewCell, slot, slot, 0, 0);
            }
        }
        for &(name, function) in &class.methods {
            let mark = self.next;
            let method = self.closure(function, None);
            let symbol = self.constant(ConstantKey::Symbol(name));
            self.emit(Op::Method, register, method, 0, symbol);
            self.next = mark;
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
                let (cell, register) = (self.constant(ConstantKey::Global(name)), self.target(target));
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
        self.line = line;
        match variable {
            Variable::Local(local) => self.emit(Op::SetCell, self.local(local).0, register, 0, 0),
            Variable::Captured(index) => self.emit(Op::SetCapture, register, 0, 0, i32::from(index)),
            Variable::Global(name) => {
                let cell = self.constant(ConstantKey::Global(name));
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
        let mark = self.next;
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
            self.next = mark;
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
        self.line = line;
        match &expression.kind {
            ExpressionKind::Nil => self.load(ConstantKey::Nil, wanted),
            ExpressionKind::Bool(value) => self.load(ConstantKey::Bool(*value), wanted),
            ExpressionKind::Number(value) => self.load(ConstantKey::Number(value.to_bits()), wanted),
            ExpressionKind::String(value) => self.load(ConstantKey::String(value), wanted),
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
                let end = self.emit(Op::JumpIf, target, 0, decided, 0);
                self.value(*right, Some(target));
                self.land(vec![end]);
                target
            }
            ExpressionKind::GetProperty(_, name) => {
                let symbol = self.constant(ConstantKey::Symbol(name));
                self.finish_link(Op::GetProperty, line, target, left, 0, symbol)
            }
            ExpressionKind::SetProperty(before, name, value) => {
                let (left, value) = self.operands(left, *before, *value);
                let symbol = self.constant(ConstantKey::Symbol(name));
                self.finish_link(Op::SetProperty, line, left, value, 0, symbol);
                self.copy(value, wanted)
            }
            ExpressionKind::Call(_, arguments) => {
                self.arguments(arguments);
                self.finish_link(Op::Call, line, target, left, arguments.len() as u16, 0)
            }
            ExpressionKind::Invoke(_, name, arguments) => {
                self.arguments(arguments);
                let symbol = self.constant(ConstantKey::Symbol(name));
                self.finish_link(Op::Invoke, line, target, left, arguments.len() as u16, symbol)
            }
            ExpressionKind::Super(reference) => {
                let this = self.get(reference.this, None);
                let superclass = self.get(reference.superclass, None);
                let symbol = self.constant(ConstantKey::Symbol(reference.name));
                self.finish_link(Op::GetSuper, line, target, this, superclass, symbol)
            }
            ExpressionKind::SuperInvoke(reference, arguments) => {
                let receiver = mark + 1;
                self.reserve(receiver);
                self.get(reference.this, Some(receiver));
                self.arguments(arguments);
                let superclass = self.temporary();
                self.line = line;
                self.get(reference.superclass, Some(superclass));
                let symbol = self.constant(ConstantKey::Symbol(reference.name));
                self.finish_link(Op::SuperInvoke, line, target, receiver, arguments.len() as u16, symbol)
            }
        }
    }

    /// Emits a link's last instruction, which `line` is the line of; gives back `a`.
    fn finish_link(&mut self, op: Op, line: u32, a: u16, b: u16, c: u16, d: i32) -> u16 {
        self.reserve(a);
        self.line = line;
        self.emit(op, a, b, c, d);
        a
    }

    /// Arguments, one register after the other.
    fn arguments(&mut self, arguments: &'p [ExpressionId]) {
        for &argument in arguments {
            let register = self.temporary();
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
            let saved = self.temporary();
            left = self.copy(left, Some(saved));
        }
        (left, self.value(right, None))
    }

    // Conditions.

    /// Compiles a condition: what jumps if its truth is `when`; otherwise control falls through.
    fn condition(&mut self, id: ExpressionId, when: bool) -> Jumps {
        let mark = self.next;
        let expression = self.expression(id);
        let jumps = match &expression.kind {
            ExpressionKind::Nil => self.jump_always(!when),
            ExpressionKind::Bool(value) => self.jump_always(*value == when),
            ExpressionKind::Unary(UnaryOperator::Not, operand) => self.condition(*operand, !when),
            ExpressionKind::Logical(operator, ..) => self.logical_condition(*operator, id, when),
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
                self.line = expression.line;
                vec![self.emit(op, a, b, u16::from(when), 0)]
            }
            _ => {
                let register = self.value(id, None);
                vec![self.emit(Op::JumpIf, register, 0, u16::from(when), 0)]
            }
        };
        self.next = mark;
        jumps
    }

    fn jump_always(&mut self, always: bool) -> Jumps {
        if always { vec![self.emit(Op::Jump, 0, 0, 0, 0)] } else { Vec::new() }
    }

    fn logical_condition(&mut self, operator: LogicalOperator, mut id: ExpressionId, when: bool) -> Jumps {
        let mut operands = Vec::new();
        while let ExpressionKind::Logical(same, left, right) = self.expression(id).kind
            && same == operator
        {
            operands.push(right);
            id = left;
        }
        let decided = operator == LogicalOperator::Or;
        let last = operands.remove(0);
        let mut early = self.condition(id, decided);
        for &operand in operands.iter().rev() {
            early.append(&mut self.condition(operand, decided));
        }
        let mut jumps = self.condition(last, when);
        if decided == when {
            jumps.append(&mut early)
        } else {
            self.land(early)
        }
        jumps
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
