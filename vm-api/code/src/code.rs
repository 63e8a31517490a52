//! A code object: instructions with everything that belongs to them.

use crate::constant::Constant;
use crate::instruction::Instruction;
use crate::opcode::SlotKind;
use crate::positions::Positions;

/// Source range of an instruction. Lines are 1-based, columns 0-based in UTF-8 bytes, as in PEP 657; all zero: none.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Hash)]
pub struct Position {
    /// First line.
    pub line: u32,
    /// Last line.
    pub end_line: u32,
    /// First column.
    pub column: u32,
    /// Column after the last one.
    pub end_column: u32,
}

impl Position {
    /// A column that is not known.
    pub const NO_COLUMN: u32 = u32::MAX;
    /// Of an instruction of which nothing was written down, which is less than that it has no place.
    pub const UNRECORDED: Position =
        Position { line: 0, end_line: 0, column: Position::NO_COLUMN, end_column: Position::NO_COLUMN };
}

/// A range of instructions and where exceptions raised in it go. Entries do not overlap in part; they are sorted by their
/// ends, for equal ends by descending start. So an inner range stands before the ranges that enclose it, and the first that
/// matches is taken.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ExceptionEntry {
    /// First instruction covered.
    pub start: u32,
    /// Instruction after the last one covered.
    pub end: u32,
    /// First instruction of the handler.
    pub handler: u32,
    /// Register that receives the exception.
    pub register: u16,
}

/// How many parameters of which kind. Parameters occupy the first registers in this order: positional-only, positional,
/// keyword-only, then the variadic positional one, then the variadic keyword one.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Parameters {
    /// Positional parameters, positional-only ones included.
    pub positional: u16,
    /// Of these, positional-only ones.
    pub positional_only: u16,
    /// Keyword-only ones.
    pub keyword_only: u16,
    /// Is there a variadic positional parameter?
    pub variadic: bool,
    /// Is there a variadic keyword parameter?
    pub keywords: bool,
}

impl Parameters {
    /// Registers that the parameters take.
    pub const fn registers(&self) -> usize {
        self.positional as usize + self.keyword_only as usize + self.variadic as usize + self.keywords as usize
    }
}

/// Flags of a code that engines know. The upper 16 bits are the language's own.
pub mod code_flag {
    /// Calling it makes a generator-like object instead of running it.
    pub const SUSPENDS: u32 = 1;
    /// Runtime's own code: tracebacks leave it out.
    pub const HIDDEN: u32 = 2;
    /// First bit that languages may use.
    pub const LANGUAGE: u32 = 1 << 16;
}

/// A function body, class body, module or script.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Code {
    /// Simple name.
    pub name: Box<str>,
    /// Qualified name.
    pub qualified_name: Box<str>,
    /// Name of the source, as given.
    pub source: Box<str>,
    /// Line of the definition.
    pub first_line: u32,
    /// [`code_flag`]s.
    pub flags: u32,
    /// Parameters.
    pub parameters: Parameters,
    /// Number of registers, parameters included. Callee windows may begin here.
    pub registers: u16,
    /// Names of the registers that hold named variables, from register 0 on: parameters first. Registers from
    /// `variables.len()` on are temporaries.
    pub variables: Box<[Box<str>]>,
    /// Of the variables, those that live in cells because inner functions use them (indices into `variables`; the
    /// register then holds the cell).
    pub cells: Box<[u16]>,
    /// The last variable, if it is one of the language's, which no instruction names and no suspending code has: `EMPTY` until the
    /// language notes there, as an exception is caught in the frame, what it wants to complete when the frame ends. See
    /// `vm_engine::Language::trace`.
    pub caught: Option<u16>,
    /// Names of variables of enclosing functions, in the order of the closure.
    pub free: Box<[Box<str>]>,
    /// Names that instructions refer to.
    pub names: Box<[Box<str>]>,
    /// Constants.
    pub constants: Box<[Constant]>,
    /// The instructions.
    pub instructions: Box<[Instruction]>,
    /// One position per instruction.
    pub positions: Positions,
    /// Exception table.
    pub exceptions: Box<[ExceptionEntry]>,
    /// Kinds of the feedback slots.
    pub feedback: Box<[SlotKind]>,
    /// What to keep at each suspension point, by its number.
    pub suspensions: Box<[Suspension]>,
    /// Language-specific extra data, opaque to engines (documentation, annotations' source, …).
    pub extra: Box<[Constant]>,
}

/// What a suspended frame keeps at one suspension point: registers, ascending. Suspending stores into the generator-like
/// object, resuming loads from it.
///
/// The object starts as the frame does when a call has set it up: parameters in their registers, every other variable
/// `EMPTY`. What resuming itself writes (the sent value into the instruction's destination, or an exception into a
/// handler's register) comes after the loading and counts as assigned. A live register that is not dirty was live at the
/// suspension before on every path, so the object holds it already.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Suspension {
    /// To load: every named variable, and the temporaries that survive the instruction, which are those that are live after
    /// it and not written by it, or read by its handler.
    pub live: Box<[u16]>,
    /// To store: of these, what some path may have assigned since the frame began or was last resumed.
    pub dirty: Box<[u16]>,
}

/// A feedback slot and the instruction that owns it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Slot {
    /// Index in the feedback vector.
    pub index: u32,
    /// What it keeps.
    pub kind: SlotKind,
    /// The instruction.
    pub at: u32,
}

impl Code {
    /// The handler for an exception raised by instruction `at`, if this code has one: its entry.
    #[inline]
    pub fn handler(&self, at: u32) -> Option<&ExceptionEntry> {
        self.exceptions.iter().find(|e| e.start <= at && at < e.end)
    }
    /// The feedback slots in order. A slot without an instruction (no verified code has one) is left out.
    pub fn slots(&self) -> impl Iterator<Item = Slot> + '_ {
        let mut owners = vec![None; self.feedback.len()];
        for (at, i) in self.instructions.iter().enumerate() {
            if let Some(owner) = owners.get_mut(i.feedback as usize) {
                *owner = Some(at as u32);
            }
        }
        let kinds = self.feedback.iter().zip(owners).zip(0..);
        kinds.filter_map(|((&kind, owner), index)| owner.map(|at| Slot { index, kind, at }))
    }
    /// Index of the instruction that `i`, standing at `at`, jumps to. `None` if that is before the beginning.
    pub fn target(at: usize, i: &Instruction) -> Option<usize> {
        usize::try_from(at as i64 + 1 + i64::from(i.d)).ok()
    }
}
