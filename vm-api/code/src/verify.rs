//! The verifier: what engines may rely on.
//!
//! A code that [`verify`] accepts has these properties, and so have all codes among its constants (those that are still in
//! their file get verified when they are read, [`crate::serial::Deferred`]):
//!
//! * **Fields.** Every opcode is in the table; every register lies in the frame, every window whole; constants, names and
//!   free variables exist; fields without a use are zero.
//! * **Feedback.** An instruction has a slot exactly if its opcode does, of the opcode's kind, and every slot of the schema
//!   belongs to exactly one instruction.
//! * **Control.** Jumps and branches go forwards, `LoopBack` goes backwards or to itself, handlers stand behind what they
//!   cover: so every cycle passes a `LoopBack`, which is a safepoint. Control never runs off the end. What an instruction skips
//!   ([`OpcodeInfo::skips_next`]) is a plain branch on its register `a` with its own target.
//! * **Exceptions.** Ranges are not empty, lie inside the code, are nested or disjoint, and stand in the table in the
//!   order of their ends, for equal ends the later start first; so the first match is the innermost.
//! * **Initialisation.** No path from the entry reads a temporary before writing it, where an exceptional edge carries the
//!   registers from before the instruction that raised, and the exception. (Variables start out `EMPTY`.)
//! * **Callee windows.** Nothing from a callee's window upwards survives the call: no named variable lies there, and no
//!   register there is read afterwards, in the handler neither, unless the call wrote it.
//! * **Replaced operands.** A temporary that is read and written by an instruction is not read by the handler that it may
//!   raise to: engines differ in whether the handler would see it from before, or as a callee's result replaced it.
//! * **Suspension.** Points are numbered from 0, one instruction each, only in a code flagged `SUSPENDS`, and the lists are
//!   those that [`crate::code::Suspension`] defines.
//! * **Positions.** One per instruction, the last line not before the first.
//! * **Header.** Parameters are variables, variables are registers; cells are variables, ascending.
//! * **What was caught.** The variable for it is the last, neither parameter nor cell, nothing names it, and the code does not suspend.
//! * **Constants.** Nest at most [`MAX_NESTING`](crate::MAX_NESTING) deep, codes included; texts are well-formed; big integers have no shorter
//!   form.
//!
//! [`verify`] is total: for any value of type `Code` and any table it returns, in time about linear in the code's size
//! (the dataflow gives up on codes that would need more than a fixed amount of work or memory), without recursion.

use crate::code::{Code, Suspension};
use crate::constant::Constant;
use crate::instruction::Instruction;
use crate::opcode::{OpcodeInfo, SlotKind};
use std::collections::HashMap;
use std::sync::Arc;

mod data;
mod dataflow;
mod instructions;
mod tables;

/// Why a code was refused.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct VerifyError {
    /// Qualified name of the code, which may be one among the constants.
    pub code: Box<str>,
    /// The instruction, where the fault is one instruction's.
    pub at: Option<u32>,
    /// What is wrong.
    pub fault: Fault,
}

/// What can be wrong with a code.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Fault {
    /// There is no instruction.
    NoInstructions,
    /// The opcode is not in the table.
    Opcode(u16),
    /// A register operand, or the end of a window, lies outside the frame.
    Register(usize),
    /// No such constant.
    ConstantIndex(i64),
    /// No such name.
    NameIndex(i64),
    /// No such variable of the enclosing functions.
    FreeIndex(i64),
    /// A field without a use is not zero (for the feedback field: not `NO_FEEDBACK`).
    UnusedField(char),
    /// The feedback slot does not exist or has another kind than the opcode's.
    FeedbackKind(u32),
    /// The feedback slot belongs to another instruction already.
    FeedbackShared(u32),
    /// The feedback slot belongs to no instruction.
    FeedbackUnused(u32),
    /// The jump leads out of the code.
    JumpTarget,
    /// A jump or branch goes backwards, or a `LoopBack` forwards.
    JumpDirection,
    /// Control runs off the end.
    FallsOff,
    /// What follows an instruction that skips is not a plain branch on its register `a` to its target.
    Pair,
    /// Not one position per instruction.
    PositionCount,
    /// A position ends on a line before its first.
    PositionLines,
    /// An exception range is empty, outside the code, or its handler is not behind it: entry number.
    ExceptionRange(usize),
    /// An exception entry's register lies outside the frame: entry number.
    ExceptionRegister(usize),
    /// Exception ranges overlap in part or stand in the wrong order: entry number.
    ExceptionOrder(usize),
    /// The temporary may be read before it is written.
    Uninitialised(u16),
    /// The register lies in or above a callee's window and is needed afterwards.
    Clobbered(u16),
    /// The temporary, which the instruction may replace before it raises, is read by its handler.
    Replaced(u16),
    /// The number of the suspension point is out of range.
    SuspensionNumber(i32),
    /// Two instructions have this suspension point, or none has.
    SuspensionCount(usize),
    /// The lists of this suspension point are not the computed ones.
    SuspensionLists(usize),
    /// The code suspends but is not flagged.
    SuspendsUnflagged,
    /// The counts of parameters, variables and registers do not fit together.
    RegisterCounts,
    /// The cells are not ascending indices of variables.
    Cells,
    /// The variable for what was caught is a parameter, a cell or not the last, is named by an instruction or a handler, or the code suspends.
    Caught(u16),
    /// A text is not well-formed.
    Text,
    /// A big integer has a shorter form.
    Integer,
    /// Constants nest too deep.
    Nesting,
    /// Too many registers and instructions to analyse.
    TooComplex,
}

impl std::fmt::Display for VerifyError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "in code {:?}", self.code)?;
        if let Some(at) = self.at {
            write!(f, ", instruction {at}")?;
        }
        write!(f, ": {:?}", self.fault)
    }
}

impl std::error::Error for VerifyError {}

/// A fault and the instruction it is at.
type Checked = Result<(), (Option<usize>, Fault)>;

/// Checks `code` and all codes among its constants. See the module's description.
pub fn verify(code: &Code, table: &[OpcodeInfo]) -> Result<(), VerifyError> {
    verify_one(code, table)?;
    // How deep each nested code was met, so that one shared by many is checked once.
    let mut met: HashMap<*const Code, usize> = HashMap::new();
    let mut waiting: Vec<(&Code, usize)> = vec![(code, 1)];
    while let Some((outer, depth)) = waiting.pop() {
        let nested = data::nested(outer, depth).map_err(|fault| error(outer, (None, fault)))?;
        for (inner, depth) in nested {
            let known = met.insert(Arc::as_ptr(inner), depth);
            if known.is_none() {
                verify_one(inner, table)?;
            }
            if known.is_none_or(|known| known < depth) {
                waiting.push((inner, depth));
            } else if let Some(known) = known {
                met.insert(Arc::as_ptr(inner), known);
            }
        }
    }
    Ok(())
}

/// Completes a code that was put together by hand and checks it: whatever its instructions say of them, they get their feedback
/// slots and suspension points anew.
///
/// # Errors
/// What [`verify`] finds. The code is then of no use.
pub fn settle(code: &mut Code, table: &[OpcodeInfo]) -> Result<(), VerifyError> {
    let (mut feedback, mut points) = (Vec::new(), 0);
    for i in &mut code.instructions {
        let Some(info) = table.get(usize::from(i.op)) else { continue };
        i.feedback = Instruction::NO_FEEDBACK;
        if info.slot != SlotKind::None {
            i.feedback = feedback.len() as u32;
            feedback.push(info.slot);
        }
        if info.suspends() {
            i.d = points;
            points += 1;
        }
    }
    code.feedback = feedback.into();
    code.suspensions = vec![Suspension::default(); points as usize].into();
    // What suspensions keep can be told of instructions that are right.
    let fields = tables::header(code)
        .and_then(|()| instructions::check(code, table))
        .and_then(|()| tables::exceptions(code))
        .and_then(|()| code.number_suspensions(table).map_err(|e| (None, e.into())));
    fields.map_err(|fault| error(code, fault))?;
    verify(code, table)
}

/// Checks `code` alone, without the codes among its constants and the depth of nesting.
pub(crate) fn verify_one(code: &Code, table: &[OpcodeInfo]) -> Result<(), VerifyError> {
    let check = || {
        tables::header(code)?;
        instructions::check(code, table)?;
        tables::exceptions(code)?;
        tables::positions(code)?;
        tables::caught(code, table)?;
        data::check(code)?;
        dataflow::check(code, table)
    };
    check().map_err(|fault| error(code, fault))
}

fn error(code: &Code, (at, fault): (Option<usize>, Fault)) -> VerifyError {
    VerifyError { code: code.qualified_name.clone(), at: at.map(|at| at as u32), fault }
}

/// All constants of a code.
fn constants(code: &Code) -> impl Iterator<Item = &Constant> {
    code.constants.iter().chain(&code.extra)
}
