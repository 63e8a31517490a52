//! Operands and results of instructions.
//!
//! A result may take the register of an operand that dies ([`Emitter::define_from`]), so other operands are read before.

use super::Emitter;
use super::ops::{asm, reg};
use super::registers::{CALLEE_SAVED, FLOAT, FLOATS, GENERAL};
use crate::plan::{NO_REGISTER, flag};
use dynasm::dynasm;
use dynasmrt::DynasmApi;
use vm_api::engine::backend::Target;
use vm_api::vir::{CellId, Inst, Ref, Type};

/// Where a value can be read.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Register(u8),
    /// By its displacement from the stack pointer.
    Slot(i32),
    Constant(u64),
    Function,
    Cell(CellId),
}

impl Emitter<'_> {
    /// Where a value is.
    pub(super) fn place(&self, v: Ref) -> Place {
        let value = &self.plan.values[v.index()];
        if value.reg != NO_REGISTER {
            return Place::Register(value.reg);
        }
        if value.flags & flag::REMADE == 0 {
            debug_assert!(self.in_memory(v), "{v} is nowhere");
            return Place::Slot(self.slot_place(value.slot));
        }
        match self.unit.inst(v) {
            Inst::ConstInt(x) => Place::Constant(x as u64),
            Inst::ConstFloat(x) => Place::Constant(x.0),
            Inst::ConstBool(x) => Place::Constant(x.into()),
            Inst::ConstWord(bits) => Place::Constant(bits),
            Inst::Cell(cell) => Place::Cell(cell),
            _ => Place::Function,
        }
    }
    /// Reads a value that is in no general register into one. Changes neither flags nor where values are.
    pub(super) fn read(&mut self, r: u8, place: Place) {
        match place {
            Place::Register(from) if from < FLOATS => self.code.copy(r, from),
            Place::Register(from) => asm!(self.code; movq Rq(r), Rx(from - FLOATS)),
            Place::Slot(at) => self.code.load_slot(r, at),
            Place::Constant(bits) => self.code.constant(r, bits),
            Place::Function => self.code.load(r, reg::FRAME, -8),
            Place::Cell(cell) => {
                let word = self.code.word(Target::Cell(cell));
                self.code.load_word_at(reg::RAX, word);
                self.code.load(r, reg::RAX, 0);
            }
        }
    }
    /// A value of any type but a float, in a register as it is held.
    pub(super) fn held(&mut self, v: Ref) -> u8 {
        match self.place(v) {
            Place::Register(r) => {
                self.lock(r);
                r
            }
            place => {
                let r = self.allocate(GENERAL, self.preferred(v));
                self.read(r, place);
                self.occupy(v, r);
                r
            }
        }
    }
    /// A value of any type but a float, in a register; a number as it is.
    pub(super) fn get(&mut self, v: Ref) -> u8 {
        let r = self.held(v);
        if !self.is_shifted(v) {
            return r;
        }
        let plain = self.temporary();
        self.code.copy(plain, r);
        self.code.shift_right_signed(plain, self.lowering.encoding.int_shift);
        plain
    }
    /// A float, in a register.
    pub(super) fn get_float(&mut self, v: Ref) -> u8 {
        let place = self.place(v);
        if let Place::Register(r) = place {
            self.lock(r);
            return r - FLOATS;
        }
        let r = self.allocate(FLOAT, 0);
        self.read_float(r - FLOATS, place);
        self.occupy(v, r);
        r - FLOATS
    }
    /// Reads a float that is in no register into one.
    pub(super) fn read_float(&mut self, x: u8, place: Place) {
        match place {
            Place::Slot(at) => self.code.load_slot_float(x, at),
            Place::Register(from) if from >= FLOATS => self.code.copy_float(x, from - FLOATS),
            place => {
                self.read(reg::RAX, place);
                asm!(self.code; movq Rx(x), rax);
            }
        }
    }
    /// What lives across the next call is better off in a register that calls preserve. Of calls in other blocks it is not known
    /// whether they are on its way.
    fn preferred(&self, v: Ref) -> u32 {
        let next = self.plan.calls.get(self.next_call).filter(|call| **call < self.graph.last(self.rank));
        if next.is_some_and(|call| self.plan.values[v.index()].last > *call) { CALLEE_SAVED } else { 0 }
    }
    /// The register of a result that is no float.
    pub(super) fn define(&mut self, v: Ref) -> u8 {
        if self.has(v, flag::IN_HOME) {
            return self.plan.values[v.index()].reg;
        }
        let r = self.allocate(GENERAL, self.preferred(v));
        self.occupy(v, r);
        r
    }
    pub(super) fn define_float(&mut self, v: Ref) -> u8 {
        let r = self.allocate(FLOAT, 0);
        self.occupy(v, r);
        r - FLOATS
    }
    /// The register of a result, with the operand `x` in it as it is held.
    pub(super) fn define_from(&mut self, v: Ref, x: Ref) -> u8 {
        let place = self.place(x);
        if let Place::Register(r) = place
            && !self.has(x, flag::IN_HOME)
            && !self.has(v, flag::IN_HOME)
            && !self.is_live(x)
        {
            self.vacate(x);
            self.occupy(v, r);
            self.lock(r);
            return r;
        }
        let d = self.define(v);
        self.read(d, place);
        d
    }
    /// The same for floats.
    pub(super) fn define_float_from(&mut self, v: Ref, x: Ref) -> u8 {
        let place = self.place(x);
        if let Place::Register(r) = place
            && !self.is_live(x)
        {
            self.vacate(x);
            self.occupy(v, r);
            self.lock(r);
            return r - FLOATS;
        }
        let d = self.define_float(v);
        self.read_float(d, place);
        d
    }
    /// A constant operand of a general type, if it has 32 bits. Conditions and shapes are none.
    pub(super) fn small_constant(&self, v: Ref) -> Option<i32> {
        match self.unit.inst(v) {
            Inst::ConstInt(x) => i32::try_from(x).ok(),
            Inst::ConstWord(bits) => i32::try_from(bits as i64).ok(),
            _ => None,
        }
    }
    /// Stores a value of any type, as it is, to memory that is no slot.
    pub(super) fn store_value(&mut self, v: Ref, base: u8, at: i32) {
        if let Some(x) = self.small_constant(v) {
            return self.code.store_imm(base, at, x);
        }
        debug_assert!(self.ty(v) != Type::F64);
        let r = self.get(v);
        self.code.store(base, at, r);
    }
}
