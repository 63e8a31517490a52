//! Scope analysis: which variable a name means, which locals are captured, and the language's limits on them.
//!
//! It runs as the parser reads, since Lox is defined by a compiler of one pass: a name means what is declared *before*
//! it, and an error of scope silences the syntax errors that follow from it just as any other error does.

use crate::ast::{Capture, FunctionKind, Local, LocalId, Variable};

/// Locals (with slot 0), captured variables and literals a function may have: what the reference implementation can
/// count in a byte, and part of the public test suite.
const LIMIT: usize = 256;

/// The functions being read, outermost first.
#[derive(Default)]
pub struct Scopes<'s> {
    functions: Vec<FunctionScope<'s>>,
}

/// What is known of a function while its body is read.
pub struct FunctionScope<'s> {
    /// What kind of code it is.
    pub kind: FunctionKind,
    /// Every local so far.
    pub locals: Vec<Local<'s>>,
    /// Every captured variable so far.
    pub captures: Vec<(&'s str, Capture)>,
    /// The most locals alive at once.
    pub slots: u16,
    depth: u32,
    alive: Vec<Alive<'s>>,
    literals: usize,
}

/// A local in scope, whose slot is its index in [`FunctionScope::alive`].
struct Alive<'s> {
    name: &'s str,
    local: LocalId,
    depth: u32,
    initialized: bool,
}

type Outcome<T> = Result<T, &'static str>;

impl<'s> Scopes<'s> {
    /// Begins a function. Its first local, in slot 0, is `this` in a method and unnamed elsewhere.
    pub fn begin_function(&mut self, kind: FunctionKind) {
        let receiver = if matches!(kind, FunctionKind::Method | FunctionKind::Initializer) { "this" } else { "" };
        let depth = u32::from(kind != FunctionKind::Script);
        let alive = vec![Alive { name: receiver, local: LocalId(0), depth: 0, initialized: true }];
        let locals = vec![Local { name: receiver, slot: 0, captured: false }];
        self.functions.push(FunctionScope { kind, locals, captures: Vec::new(), slots: 1, depth, alive, literals: 0 });
    }

    /// Ends the innermost function.
    ///
    /// # Panics
    /// If there is none.
    pub fn end_function(&mut self) -> FunctionScope<'s> {
        self.functions.pop().expect("a function was begun")
    }

    /// What kind of code is being read.
    pub fn kind(&mut self) -> FunctionKind {
        self.innermost().kind
    }

    /// Enters a block.
    pub fn begin_scope(&mut self) {
        self.innermost().depth += 1;
    }

    /// Leaves a block; its variables are no longer visible.
    pub fn end_scope(&mut self) {
        let function = self.innermost();
        function.depth -= 1;
        while function.alive.last().is_some_and(|alive| alive.depth > function.depth) {
            function.alive.pop();
        }
    }

    /// Whether a declaration here makes a global.
    pub fn is_global(&mut self) -> bool {
        self.innermost().depth == 0
    }

    /// Whether `name` is declared in the innermost block already.
    pub fn is_declared_here(&mut self, name: &str) -> bool {
        let function = self.innermost();
        let here = function.alive.iter().rev().take_while(|alive| alive.depth == function.depth);
        here.into_iter().any(|alive| alive.name == name)
    }

    /// Declares a local of the innermost block, not yet readable.
    pub fn declare(&mut self, name: &'s str) -> Outcome<LocalId> {
        let function = self.innermost();
        let Ok(slot) = u8::try_from(function.alive.len()) else {
            return Err("Too many local variables in function.");
        };
        let local = LocalId(function.locals.len() as u32);
        function.locals.push(Local { name, slot, captured: false });
        function.alive.push(Alive { name, local, depth: function.depth, initialized: false });
        function.slots = function.slots.max(u16::from(slot) + 1);
        Ok(local)
    }

    /// Makes the local declared last readable.
    pub fn mark_initialized(&mut self) {
        if let Some(alive) = self.innermost().alive.last_mut() {
            alive.initialized = true;
        }
    }

    /// What `name` means here.
    pub fn resolve(&mut self, name: &'s str) -> Outcome<Variable<'s>> {
        let innermost = self.functions.len() - 1;
        if let Some(local) = self.local(innermost, name)? {
            return Ok(Variable::Local(local));
        }
        Ok(self.capture(innermost, name)?.map_or(Variable::Global(name), Variable::Captured))
    }

    /// Counts a literal of the innermost function.
    pub fn count_literal(&mut self) -> Outcome<()> {
        let function = self.innermost();
        function.literals += 1;
        if function.literals > LIMIT { Err("Too many constants in one chunk.") } else { Ok(()) }
    }

    fn innermost(&mut self) -> &mut FunctionScope<'s> {
        self.functions.last_mut().expect("a function is being read")
    }

    fn local(&self, function: usize, name: &str) -> Outcome<Option<LocalId>> {
        match self.functions[function].alive.iter().rev().find(|alive| alive.name == name) {
            Some(alive) if !alive.initialized => Err("Can't read local variable in its own initializer."),
            found => Ok(found.map(|alive| alive.local)),
        }
    }

    /// The capture of `function` that stands for `name`, added there and in the functions between if it is new.
    /// Recursion is bounded by the nesting the parser allows.
    fn capture(&mut self, function: usize, name: &'s str) -> Outcome<Option<u8>> {
        let Some(enclosing) = function.checked_sub(1) else { return Ok(None) };
        let capture = if let Some(local) = self.local(enclosing, name)? {
            self.functions[enclosing].locals[local.0 as usize].captured = true;
            Capture::Local(local)
        } else if let Some(index) = self.capture(enclosing, name)? {
            Capture::Captured(index)
        } else {
            return Ok(None);
        };
        let captures = &mut self.functions[function].captures;
        if let Some(index) = captures.iter().position(|known| known.1 == capture) {
            return Ok(Some(index as u8));
        }
        let Ok(index) = u8::try_from(captures.len()) else {
            return Err("Too many closure variables in function.");
        };
        captures.push((name, capture));
        Ok(Some(index))
    }
}
