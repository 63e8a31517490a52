//! An installed code: what engines reach from a frame, at a fixed address as long as it is installed.

use crate::linking::{self, EntryFn};
use std::cell::{Cell, OnceCell, UnsafeCell};
use std::sync::Arc;
use vm_api::code::code::code_flag;
use vm_api::code::definitions::{self, Definition};
use vm_api::code::{Code, Instruction, OpcodeInfo, liveness::Liveness};
use vm_api::engine::{CodeIndex, FeedbackSlot};
use vm_api::heap::Value;

/// A code with its constants and its own feedback vector.
#[repr(C)]
pub struct CodeUnit {
    /// First instruction.
    pub instructions: *const Instruction,
    /// First constant. The cells are roots.
    pub constants: *const Value,
    /// First slot of the code's own feedback vector (hidden code has others, per calling site).
    pub feedback: *mut FeedbackSlot,
    /// See [`vm_api::engine::Machine::simple_parameters`].
    pub simple_parameters: i32,
    /// Registers of a frame.
    pub registers: u32,
    /// First register that entry must clear: the parameters are before it.
    pub clear_from: u32,
    /// Register after the last one that entry must clear: the named variables are before it.
    pub clear_to: u32,
    /// Entries left until the tier policy is asked; saturates at `u32::MAX`, which means never.
    pub countdown: Cell<u32>,
    /// Does the code suspend?
    pub suspends: bool,
    /// Where the tier keeps compiled code that calls may enter at once; null if there is none. The tier alone knows what it points to.
    pub compiled: Cell<*const ()>,
    /// The entry that compiled code calls, with its own feedback vector. It refuses where there is nothing to enter.
    pub entry: Cell<EntryFn>,
    /// Its index in the code table.
    pub index: CodeIndex,
    /// The code.
    pub code: Arc<Code>,
    constant_cells: UnsafeCell<Box<[Value]>>,
    feedback_slots: UnsafeCell<Box<[FeedbackSlot]>>,
    /// A bit an instruction: has it a handler? Nothing behind the last that has.
    caught: Box<[u64]>,
    liveness: OnceCell<Liveness>,
    opcodes: &'static [OpcodeInfo],
}

impl CodeUnit {
    /// Makes a unit. `constants` are in the order of the code's.
    pub fn new(
        index: CodeIndex,
        code: Arc<Code>,
        constants: &[Value],
        opcodes: &'static [OpcodeInfo],
    ) -> Box<CodeUnit> {
        assert_eq!(code.constants.len(), constants.len());
        let p = &code.parameters;
        let simple = p.keyword_only == 0 && !p.variadic && !p.keywords && code.flags & code_flag::SUSPENDS == 0;
        let unit = Box::new(CodeUnit {
            instructions: code.instructions.as_ptr(),
            constants: std::ptr::null(),
            feedback: std::ptr::null_mut(),
            simple_parameters: if simple { i32::from(p.positional) } else { -1 },
            registers: u32::from(code.registers),
            clear_from: p.registers() as u32,
            clear_to: code.variables.len() as u32,
            countdown: Cell::new(u32::MAX),
            suspends: code.flags & code_flag::SUSPENDS != 0,
            compiled: Cell::new(std::ptr::null()),
            entry: Cell::new(linking::refuse),
            index,
            constant_cells: UnsafeCell::new(constants.into()),
            feedback_slots: UnsafeCell::new(new_feedback(&code)),
            caught: caught_instructions(&code),
            liveness: OnceCell::new(),
            opcodes,
            code,
        });
        let mut unit = unit;
        unit.constants = unit.constant_cells.get_mut().as_ptr();
        unit.feedback = unit.feedback_slots.get_mut().as_mut_ptr();
        unit
    }
    /// What a tier has installed for calls: what it keeps of it, and the entry, if compiled code may call it.
    pub fn set_compiled(&self, compiled: *const (), entry: Option<EntryFn>) {
        self.compiled.set(compiled);
        self.entry.set(entry.unwrap_or(linking::refuse));
    }
    /// Where registers are live, computed when first asked for.
    pub fn liveness(&self) -> &Liveness {
        self.liveness
            .get_or_init(|| Liveness::compute(&self.code, self.opcodes).expect("a verified code can be analysed"))
    }
    /// Has the code a handler for an exception that the instruction raises? As [`Code::handler`] says, without looking through its table.
    #[inline]
    pub fn catches(&self, at: u32) -> bool {
        self.caught.get(at as usize / 64).is_some_and(|word| word >> (at % 64) & 1 != 0)
    }
    /// The constant cells, for the root source.
    ///
    /// # Safety
    /// Only while nothing else uses the unit: inside a collection.
    #[allow(clippy::mut_from_ref, reason = "the unit is shared by design; see the contract")]
    pub unsafe fn constant_cells(&self) -> &mut [Value] {
        // SAFETY: the caller's.
        unsafe { &mut *self.constant_cells.get() }
    }
    /// A constant.
    ///
    /// # Panics
    /// The code has not so many.
    pub fn constant(&self, index: u32) -> Value {
        assert!((index as usize) < self.code.constants.len(), "no constant {index}");
        // SAFETY: as many cells as constants.
        unsafe { *self.constants.add(index as usize) }
    }
    /// The temporaries that are live before an instruction.
    pub fn live_temporaries(&self, at: u32) -> Vec<u16> {
        let named = self.code.variables.len();
        self.liveness().live_in(at as usize).iter().filter(|r| usize::from(*r) >= named).collect()
    }
    /// See [`definitions`](vm_api::code::definitions::definitions).
    pub fn definitions(&self, at: u32, register: u16) -> Vec<Definition> {
        definitions::definitions(&self.code, self.opcodes, at, register)
    }
    /// The slots of the code's own feedback vector.
    ///
    /// # Safety
    /// As for [`CodeUnit::constant_cells`].
    #[allow(clippy::mut_from_ref, reason = "the unit is shared by design; see the contract")]
    pub unsafe fn feedback_slots(&self) -> &mut [FeedbackSlot] {
        // SAFETY: the caller's.
        unsafe { &mut *self.feedback_slots.get() }
    }
    /// Index of the instruction before `pc`: the one that is executing when `pc` is an engine's next instruction.
    pub fn executing(&self, pc: *const Instruction) -> u32 {
        ((pc as usize - self.instructions as usize) / size_of::<Instruction>()).wrapping_sub(1) as u32
    }
    /// The same, `None` if none has begun: the frame stands before its first instruction.
    pub fn begun(&self, pc: *const Instruction) -> Option<u32> {
        (pc != self.instructions).then(|| self.executing(pc))
    }
    /// The words that are written behind the function for entering it: parameters, or, if it suspends, what is sent.
    pub fn arguments(&self) -> u32 {
        if self.suspends { 1 } else { self.clear_from }
    }
    /// Is this the runtime's own code?
    pub fn is_hidden(&self) -> bool {
        self.code.flags & code_flag::HIDDEN != 0
    }
}

/// See [`CodeUnit::catches`].
fn caught_instructions(code: &Code) -> Box<[u64]> {
    let end = code.exceptions.iter().map(|entry| entry.end).max().unwrap_or(0);
    let mut bits = vec![0; (end as usize).div_ceil(64)];
    for at in code.exceptions.iter().flat_map(|entry| entry.start..entry.end) {
        bits[at as usize / 64] |= 1 << (at % 64);
    }
    bits.into()
}

/// A feedback vector for `code` that has seen nothing.
pub fn new_feedback(code: &Code) -> Box<[FeedbackSlot]> {
    code.feedback.iter().map(|_| FeedbackSlot::EMPTY).collect()
}
