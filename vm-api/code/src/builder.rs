//! The assembler that front ends use.
//!
//! It knows nothing of a language but its opcode table. From that it allocates feedback slots, numbers suspension points,
//! and works out what suspended frames keep. Its caller gives instructions in order, with labels for jumps and regions for
//! exception handlers:
//!
//! ```
//! # use vm_code::*;
//! # use vm_code::{Immediate as I, Operand as O};
//! # const fn op(name: &'static str, operands: [O; 3], immediate: I, ends: bool) -> OpcodeInfo {
//! #     OpcodeInfo { name, operands, immediate, slot: SlotKind::None, ends, raises: false, skips_next: false }
//! # }
//! # const TABLE: [OpcodeInfo; 3] = [
//! #     op("constant", [O::Write, O::Unused, O::Unused], I::Constant, false),
//! #     op("jump_if", [O::Read, O::Unused, O::Unused], I::Branch, false),
//! #     op("return", [O::Read, O::Unused, O::Unused], I::Unused, true),
//! # ];
//! # const CONSTANT: u16 = 0;
//! # const JUMP_IF: u16 = 1;
//! # const RETURN: u16 = 2;
//! let mut b = Builder::new(&TABLE, "choose", "choose.lox");
//! b.parameters(Parameters { positional: 1, ..Parameters::default() });
//! let x = b.variable("x");
//! let t = b.temporary();
//! let yes = b.label();
//! b.position(Position { line: 1, end_line: 1, column: 0, end_column: 9 });
//! b.jump(JUMP_IF, x, 0, 0, yes);
//! let one = b.constant(Constant::Int(1));
//! b.emit(CONSTANT, t, 0, 0, one);
//! b.emit(RETURN, t, 0, 0, 0);
//! b.bind(yes);
//! b.emit(RETURN, x, 0, 0, 0);
//! let code = b.finish().unwrap();
//! assert_eq!(code.instructions[0].d, 2);
//! ```
//!
//! # Errors
//!
//! Too large a function (registers, constants, jumps) is the program's fault; everything else is the front end's. Neither
//! is reported where it happens: the first error is kept and [`Builder::finish`] returns it, so that emitting needs no `?`.

use crate::code::{Code, ExceptionEntry, Parameters, Position, code_flag};
use crate::constant::{Constant, MAX_NESTING, depth};
use crate::instruction::Instruction;
use crate::liveness::TooComplex;
use crate::opcode::{OpcodeInfo, SlotKind};
use crate::verify::{Fault, VerifyError, verify_one};
use std::cmp::Reverse;
use std::collections::HashMap;

mod regions;
pub use regions::{Paused, Region};

/// Why a code could not be made.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum BuildError {
    /// More registers, names, constants, instructions or bytes of jump than the fields of an instruction hold: the message
    /// says which. The program is to blame.
    TooLarge(&'static str),
    /// The builder was used wrongly; the message says how.
    Misuse(&'static str),
    /// The verifier refused it: the front end is to blame. Only debug builds look.
    Refused(VerifyError),
}

impl std::fmt::Display for BuildError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            BuildError::TooLarge(what) => write!(f, "function too large: {what}"),
            BuildError::Misuse(how) => write!(f, "malformed code: {how}"),
            BuildError::Refused(e) => write!(f, "malformed code: {e}"),
        }
    }
}

impl std::error::Error for BuildError {}

impl From<TooComplex> for BuildError {
    fn from(_: TooComplex) -> BuildError {
        BuildError::TooLarge("registers and instructions")
    }
}

impl From<VerifyError> for BuildError {
    fn from(e: VerifyError) -> BuildError {
        if e.fault == Fault::TooComplex { TooComplex.into() } else { BuildError::Refused(e) }
    }
}

/// A place in the code that jumps go to, bound or to be bound. Belongs to the builder that made it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub struct Label(u32);

const UNBOUND: u32 = u32::MAX;

/// Assembles one [`Code`].
pub struct Builder<'t> {
    table: &'t [OpcodeInfo],
    code: Code,
    instructions: Vec<Instruction>,
    positions: Vec<Position>,
    position: Position,
    /// Where each label is bound.
    labels: Vec<u32>,
    /// Instructions whose `d` is a distance to a label.
    jumps: Vec<(u32, Label)>,
    /// Where a label was bound last: code there can be reached.
    bound_at: u32,
    variables: Vec<Box<str>>,
    cells: Vec<u16>,
    free: Vec<Box<str>>,
    names: Vec<Box<str>>,
    name_index: HashMap<Box<str>, i32>,
    constants: Vec<Constant>,
    constant_index: HashMap<Constant, i32>,
    feedback: Vec<SlotKind>,
    regions: regions::Regions,
    /// The next temporary.
    top: u16,
    /// Registers used so far.
    high: usize,
    error: Option<BuildError>,
}

impl<'t> Builder<'t> {
    /// A builder for a code called `name`, of the source called `source`. The qualified name is `name` until set.
    pub fn new(table: &'t [OpcodeInfo], name: &str, source: &str) -> Builder<'t> {
        let code = Code { name: name.into(), qualified_name: name.into(), source: source.into(), ..Code::default() };
        Builder {
            table,
            code,
            instructions: Vec::new(),
            positions: Vec::new(),
            position: Position::default(),
            labels: Vec::new(),
            jumps: Vec::new(),
            bound_at: 0,
            variables: Vec::new(),
            cells: Vec::new(),
            free: Vec::new(),
            names: Vec::new(),
            name_index: HashMap::new(),
            constants: Vec::new(),
            constant_index: HashMap::new(),
            feedback: Vec::new(),
            regions: regions::Regions::default(),
            top: 0,
            high: 0,
            error: None,
        }
    }

    fn fail(&mut self, error: BuildError) {
        self.error.get_or_insert(error);
    }

    // ---- header

    /// Sets the qualified name.
    pub fn qualified_name(&mut self, name: &str) {
        self.code.qualified_name = name.into();
    }
    /// Sets the line of the definition.
    pub fn first_line(&mut self, line: u32) {
        self.code.first_line = line;
    }
    /// Sets bits of [`crate::code::code_flag`] or of the language.
    pub fn add_flags(&mut self, flags: u32) {
        self.code.flags |= flags;
    }
    /// Declares the parameters. They are the first variables, in the order that [`Parameters`] says.
    pub fn parameters(&mut self, parameters: Parameters) {
        self.code.parameters = parameters;
    }
    /// Appends to the language's extra data.
    pub fn extra(&mut self, constant: Constant) {
        self.check_nesting(&constant);
        let mut extra = std::mem::take(&mut self.code.extra).into_vec();
        extra.push(constant);
        self.code.extra = extra.into();
    }

    // ---- registers

    /// Declares the next named variable; returns its register. All variables come before the first temporary.
    pub fn variable(&mut self, name: &str) -> u16 {
        if usize::from(self.top) != self.variables.len() || self.high > self.variables.len() {
            self.fail(BuildError::Misuse("a variable declared after a temporary"));
        }
        let register = self.temporaries(1);
        self.variables.push(name.into());
        register
    }
    /// Declares the variable in which the language keeps what it needs of exceptions that are caught ([`Code::caught`]).
    pub fn caught(&mut self, name: &str) {
        self.code.caught = Some(self.variable(name));
    }
    /// Number of variables so far: the register of the first temporary.
    pub fn variable_count(&self) -> usize {
        self.variables.len()
    }
    /// Says that the variable in `register` lives in a cell.
    pub fn cell(&mut self, register: u16) {
        if usize::from(register) >= self.variables.len() {
            self.fail(BuildError::Misuse("a cell that is no variable"));
        }
        if !self.cells.contains(&register) {
            self.cells.push(register);
        }
    }
    /// Declares the next variable of an enclosing function; returns its index in the closure.
    pub fn free(&mut self, name: &str) -> u16 {
        let index = self.index(self.free.len(), "free variables");
        self.free.push(name.into());
        index
    }
    /// Takes the next temporary. Temporaries are a stack: see [`Builder::release_to`].
    pub fn temporary(&mut self) -> u16 {
        self.temporaries(1)
    }
    /// Takes the next `n` temporaries, a window; returns the first.
    pub fn temporaries(&mut self, n: usize) -> u16 {
        let first = self.top;
        match u16::try_from(usize::from(first).saturating_add(n)) {
            Ok(top) => {
                self.top = top;
                self.high = self.high.max(usize::from(top));
            }
            Err(_) => self.fail(BuildError::TooLarge("registers")),
        }
        first
    }
    /// The register that the next temporary gets.
    pub fn top(&self) -> u16 {
        self.top
    }
    /// Gives back all temporaries from `register` on.
    pub fn release_to(&mut self, register: u16) {
        if register > self.top || usize::from(register) < self.variables.len() {
            self.fail(BuildError::Misuse("temporaries released out of order"));
        } else {
            self.top = register;
        }
    }

    // ---- pools

    fn index(&mut self, len: usize, what: &'static str) -> u16 {
        u16::try_from(len).unwrap_or_else(|_| {
            self.fail(BuildError::TooLarge(what));
            0
        })
    }
    fn wide_index(&mut self, len: usize, what: &'static str) -> i32 {
        i32::try_from(len).unwrap_or_else(|_| {
            self.fail(BuildError::TooLarge(what));
            0
        })
    }
    /// Index of `name` among the names, for an `Immediate::Name`. An `Operand::Name` has room for the first 65,536.
    pub fn name(&mut self, name: &str) -> i32 {
        if let Some(&index) = self.name_index.get(name) {
            return index;
        }
        let index = self.wide_index(self.names.len(), "names");
        self.names.push(name.into());
        self.name_index.insert(name.into(), index);
        index
    }
    /// Index of `constant` among the constants. Equal ones share an index, except codes, each of which gets its own.
    pub fn constant(&mut self, constant: Constant) -> i32 {
        if let Some(&index) = self.constant_index.get(&constant) {
            return index;
        }
        self.check_nesting(&constant);
        let index = self.wide_index(self.constants.len(), "constants");
        if !matches!(constant, Constant::Code(_)) {
            self.constant_index.insert(constant.clone(), index);
        }
        self.constants.push(constant);
        index
    }
    /// Codes bring their own nesting, which the verifier of the outermost one sees.
    fn check_nesting(&mut self, constant: &Constant) {
        if depth(constant) >= MAX_NESTING {
            self.fail(BuildError::TooLarge("nesting of constants"));
        }
    }

    // ---- instructions

    /// Sets the source position of the instructions that follow.
    pub fn position(&mut self, position: Position) {
        self.position = position;
    }
    /// The source position of the next instruction.
    pub fn current_position(&self) -> Position {
        self.position
    }
    /// Index of the next instruction.
    pub fn here(&self) -> u32 {
        self.instructions.len() as u32
    }
    /// Can control reach the next instruction? Only by a label bound here or by falling through; a front end may leave out
    /// what it would emit where this is `false`.
    pub fn reachable(&self) -> bool {
        let here = self.here();
        if here == 0 || self.bound_at == here {
            return true;
        }
        let last = self.instructions.last().and_then(|i| self.table.get(usize::from(i.op)));
        last.is_none_or(OpcodeInfo::falls_through)
    }
    /// Appends an instruction and returns its index. A feedback slot is allocated if the opcode has one. Of a suspending
    /// opcode `d` is replaced by the number of the suspension point in the end; of a jump use [`Builder::jump`].
    pub fn emit(&mut self, op: u16, a: u16, b: u16, c: u16, d: i32) -> u32 {
        let at = self.here();
        let mut i = Instruction::new(op, a, b, c, d);
        match self.table.get(usize::from(op)) {
            None => self.fail(BuildError::Misuse("an opcode that the table lacks")),
            Some(info) => {
                if info.slot != SlotKind::None {
                    i.feedback = self.feedback.len() as u32;
                    self.feedback.push(info.slot);
                }
                let end = info.accesses(&i).map(|(_, r)| r.end).max().unwrap_or(0);
                self.high = self.high.max(end);
            }
        }
        // Distances between instructions and the number `UNBOUND` must fit.
        if at >= i32::MAX as u32 - 1 {
            self.fail(BuildError::TooLarge("instructions"));
            return at;
        }
        self.instructions.push(i);
        self.positions.push(self.position);
        at
    }
    /// Appends a jump, branch or jump back to `target`.
    pub fn jump(&mut self, op: u16, a: u16, b: u16, c: u16, target: Label) -> u32 {
        if !self.table.get(usize::from(op)).is_some_and(OpcodeInfo::jumps) {
            self.fail(BuildError::Misuse("a jump with an opcode that does not jump"));
        }
        let at = self.emit(op, a, b, c, 0);
        self.jumps.push((at, target));
        at
    }
    /// A new label, not bound yet.
    pub fn label(&mut self) -> Label {
        self.labels.push(UNBOUND);
        Label(self.labels.len() as u32 - 1)
    }
    /// Binds `label` to the next instruction. Once only.
    pub fn bind(&mut self, label: Label) {
        let here = self.here();
        match self.labels.get_mut(label.0 as usize) {
            Some(at) if *at == UNBOUND => *at = here,
            _ => self.fail(BuildError::Misuse("a label bound twice")),
        }
        self.bound_at = here;
    }
    /// A label bound to the next instruction.
    pub fn bound_label(&mut self) -> Label {
        let label = self.label();
        self.bind(label);
        label
    }
    /// Is `label` bound?
    pub fn is_bound(&self, label: Label) -> bool {
        self.labels.get(label.0 as usize).is_some_and(|&at| at != UNBOUND)
    }

    // ---- exception regions

    /// Opens a region: exceptions raised by the instructions from here to its end go to `handler`, in `register`. Regions
    /// nest; the innermost counts.
    pub fn begin_region(&mut self, handler: Label, register: u16) -> Region {
        self.high = self.high.max(usize::from(register) + 1);
        self.regions.begin(self.instructions.len() as u32, handler, register)
    }
    /// Closes the region opened last.
    pub fn end_region(&mut self, region: Region) {
        if let Err(e) = self.regions.end(self.instructions.len() as u32, region) {
            self.fail(e);
        }
    }
    /// Leaves `region` and all regions inside it for a while: for a `finally` body that stands in line before a `return`,
    /// say. Regions opened meanwhile must be closed before [`Builder::resume_regions`].
    pub fn pause_regions(&mut self, region: Region) -> Paused {
        self.regions.pause(self.instructions.len() as u32, region)
    }
    /// Enters again what [`Builder::pause_regions`] left.
    pub fn resume_regions(&mut self, paused: Paused) {
        if let Err(e) = self.regions.resume(self.instructions.len() as u32, paused) {
            self.fail(e);
        }
    }

    // ---- end

    fn bound(&self, label: Label) -> Result<u32, BuildError> {
        match self.labels.get(label.0 as usize) {
            Some(&at) if (at as usize) < self.instructions.len() => Ok(at),
            Some(&UNBOUND) => Err(BuildError::Misuse("a label that was never bound")),
            Some(_) => Err(BuildError::Misuse("a label bound behind the last instruction")),
            None => Err(BuildError::Misuse("a label of another builder")),
        }
    }

    /// Patches the jumps, makes the tables and hands the code over. A code with suspension points is flagged
    /// `SUSPENDS`. Debug builds verify it (nested codes were verified when they were made).
    pub fn finish(mut self) -> Result<Code, BuildError> {
        if let Some(error) = self.error.take() {
            return Err(error);
        }
        for (at, label) in std::mem::take(&mut self.jumps) {
            let target = self.bound(label)?;
            self.instructions[at as usize].d = target as i32 - at as i32 - 1;
        }
        let mut exceptions = Vec::new();
        for range in std::mem::take(&mut self.regions).finish()? {
            let handler = self.bound(range.handler)?;
            exceptions.push((
                ExceptionEntry { start: range.start, end: range.end, handler, register: range.register },
                range.depth,
            ));
        }
        // Inner before outer: of ranges that are nested or disjoint, the inner one ends first or begins last.
        exceptions.sort_by_key(|(e, depth)| (e.end, Reverse(e.start), Reverse(*depth)));
        // One at least: a frame that waits for a result names a register.
        let registers = u16::try_from(self.high.max(1)).map_err(|_| BuildError::TooLarge("registers"))?;
        self.cells.sort_unstable();
        let mut code = Code {
            registers,
            variables: self.variables.into(),
            cells: self.cells.into(),
            free: self.free.into(),
            names: self.names.into(),
            constants: self.constants.into(),
            instructions: self.instructions.into(),
            positions: self.positions.into(),
            exceptions: exceptions.into_iter().map(|(e, _)| e).collect(),
            feedback: self.feedback.into(),
            ..self.code
        };
        code.number_suspensions(self.table)?;
        if !code.suspensions.is_empty() {
            code.flags |= code_flag::SUSPENDS;
            code.caught = None;
        }
        if cfg!(debug_assertions) {
            verify_one(&code, self.table)?;
        }
        Ok(code)
    }
}
