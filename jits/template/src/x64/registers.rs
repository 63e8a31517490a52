//! Which value is where, and the allocator.
//!
//! Within a tree of blocks values are in registers, and in slots only where registers were short or a call came. A block takes over
//! the registers of its only predecessor's end. What was stored since then on the way through another successor is forgotten:
//! [`Emitter::stored`] lists stores in the order of emission, which is such that each way's stores are a suffix.
//!
//! # Invariants
//!
//! * An occupied register's value is needed: what dies is taken out when its last user is emitted, or at the next block's
//!   beginning.
//! * A value that is needed is in a register, in its slot ([`flag::STORED`], or it comes from another tree and its home is
//!   written), or made again.
//! * Within an instruction, registers of operands and results are locked: they are not given to anything else.

use super::Emitter;
use super::ops::{asm, reg};
use crate::graph::NONE;
use crate::plan::{NO_REGISTER, flag};
use dynasm::dynasm;
use dynasmrt::DynasmApi;
use vm_api::engine::backend::Target;
use vm_api::vir::{CellId, Inst, Ref, Type};

/// Nobody.
pub(super) const NO_OCCUPANT: Ref = Ref(NONE);
/// Where float registers begin in masks of registers.
pub(super) const FLOATS: u8 = 16;
/// The registers that hold values.
pub(super) const ALLOCATABLE: u32 = GENERAL | FLOAT;
const GENERAL: u32 = CALLER_SAVED_GENERAL | CALLEE_SAVED;
const CALLER_SAVED_GENERAL: u32 = 1 << reg::RCX
    | 1 << reg::RDX
    | 1 << reg::RSI
    | 1 << reg::RDI
    | 1 << reg::R8
    | 1 << reg::R9
    | 1 << reg::R10
    | 1 << reg::R11;
const CALLEE_SAVED: u32 = 1 << reg::RBP | 1 << reg::R15;
const FLOAT: u32 = 0x3FFF << FLOATS;
/// Those that calls change.
pub(super) const CALLER_SAVED: u32 = CALLER_SAVED_GENERAL | FLOAT;
/// Registers that some instructions ask for by name, which others get last.
const NAMED: u32 = 1 << reg::RCX | 1 << reg::RDX;

/// Words of the set of slots in use. Slots beyond are never used again.
pub(super) const SLOT_WORDS: usize = 4;

/// What registers hold at a block's end, for a successor that is emitted later.
#[derive(Clone, Copy)]
pub(super) struct Saved {
    occupant: [Ref; 32],
    used_slots: [u64; SLOT_WORDS],
    stored: u32,
}

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
    // ---- life

    /// Is the value needed after the instruction that is emitted?
    pub(super) fn is_live(&self, v: Ref) -> bool {
        let value = &self.plan.values[v.index()];
        if value.flags & flag::GLOBAL == 0 {
            return value.next <= self.limit;
        }
        value.next <= self.graph.last(self.rank) || self.lives_out(value.global)
    }
    fn lives_out(&self, global: u32) -> bool {
        let at = self.rank as usize * self.plan.words + global as usize / 64;
        self.plan.live_out[at] >> (global % 64) & 1 != 0
    }
    /// Does its slot hold it?
    pub(super) fn in_memory(&self, v: Ref) -> bool {
        let value = &self.plan.values[v.index()];
        value.flags & flag::STORED != 0 || value.flags & flag::GLOBAL != 0 && value.tree != self.tree
    }
    /// Ends an instruction: what it used and is not needed any more is nowhere.
    pub(super) fn end(&mut self) {
        self.locked = 0;
        while let Some(v) = self.uses.pop() {
            self.forget_dead(v);
        }
    }
    pub(super) fn forget_dead(&mut self, v: Ref) {
        if !self.is_live(v) {
            self.vacate(v);
            let value = &self.plan.values[v.index()];
            if value.flags & (flag::STORED | flag::GLOBAL) == flag::STORED {
                self.free_slot(value.slot);
            }
        }
    }

    // ---- blocks

    /// Takes over what registers held at the end of the only predecessor, or nothing.
    pub(super) fn enter(&mut self, rank: u32) {
        let saved = self.saved_of[rank as usize];
        if self.graph.is_root(rank) {
            self.vacate_all(u32::MAX);
            self.used_slots = Default::default();
        } else if saved != NONE {
            let saved = self.saved[saved as usize];
            self.vacate_all(u32::MAX);
            self.used_slots = saved.used_slots;
            for v in self.stored.drain(saved.stored as usize..) {
                let value = &mut self.plan.values[v.index()];
                value.flags &= !flag::STORED;
                if value.flags & flag::GLOBAL == 0 {
                    value.slot = NONE;
                }
            }
            self.occupant = saved.occupant;
            for (r, v) in (0..).zip(saved.occupant).filter(|(_, v)| *v != NO_OCCUPANT) {
                self.plan.values[v.index()].reg = r;
            }
        }
        self.rank = rank;
        self.tree = self.graph.root[rank as usize];
        self.limit = self.graph.last(self.graph.subtree[rank as usize]);
        for r in 0..32 {
            let v = self.occupant[r];
            if v != NO_OCCUPANT && !self.is_live(v) {
                self.vacate(v);
            }
        }
    }
    /// Keeps what registers hold now for those of the successors that continue this block and do not come next.
    pub(super) fn keep_for(&mut self, successors: impl Iterator<Item = u32>) {
        let mut kept = NONE;
        for s in successors.filter(|s| *s != self.rank + 1) {
            if self.graph.is_root(s) {
                continue;
            }
            if kept == NONE {
                kept = self.saved.len() as u32;
                let (occupant, used_slots) = (self.occupant, self.used_slots);
                self.saved.push(Saved { occupant, used_slots, stored: self.stored.len() as u32 });
            }
            self.saved_of[s as usize] = kept;
        }
    }

    // ---- registers

    fn occupy(&mut self, v: Ref, r: u8) {
        self.occupant[usize::from(r)] = v;
        self.plan.values[v.index()].reg = r;
    }
    pub(super) fn vacate(&mut self, v: Ref) {
        let value = &mut self.plan.values[v.index()];
        if value.reg != NO_REGISTER && value.flags & flag::IN_HOME == 0 {
            self.occupant[usize::from(value.reg)] = NO_OCCUPANT;
            value.reg = NO_REGISTER;
        }
    }
    /// Empties the registers of a set.
    pub(super) fn vacate_all(&mut self, mask: u32) {
        for r in (0..32).filter(|r| mask >> r & 1 != 0) {
            let v = std::mem::replace(&mut self.occupant[r], NO_OCCUPANT);
            if v != NO_OCCUPANT {
                self.plan.values[v.index()].reg = NO_REGISTER;
            }
        }
    }
    pub(super) fn lock(&mut self, r: u8) {
        self.locked |= 1 << r;
    }
    /// A register of a class that nothing is in, locked.
    fn allocate(&mut self, class: u32, prefer: u32) -> u8 {
        let free = |e: &Self, mask: u32| {
            let mut rest = mask & e.allocatable & !e.locked;
            while rest != 0 {
                let r = rest.trailing_zeros();
                if e.occupant[r as usize] == NO_OCCUPANT {
                    return Some(r as u8);
                }
                rest &= rest - 1;
            }
            None
        };
        let found = free(self, class & prefer)
            .or_else(|| free(self, class & CALLER_SAVED & !NAMED))
            .or_else(|| free(self, class & CALLER_SAVED))
            .or_else(|| free(self, class));
        let r = found.unwrap_or_else(|| self.evict(class));
        self.lock(r);
        self.touched |= 1 << r;
        r
    }
    /// Frees the register whose value is needed last, preferring those that need not be stored.
    fn evict(&mut self, class: u32) -> u8 {
        let mut best = None;
        for r in (0..32u8).filter(|r| class & self.allocatable & !self.locked & 1 << r != 0) {
            let v = self.occupant[usize::from(r)];
            let needed = self.uses.contains(&v);
            let free = self.has(v, flag::REMADE) || self.in_memory(v);
            let key = (!needed, free, self.plan.values[v.index()].next);
            if best.is_none_or(|(most, _)| key > most) {
                best = Some((key, r));
            }
        }
        match best {
            Some((_, r)) => {
                self.push_out(r);
                r
            }
            // An instruction locks fewer registers than there are.
            None => unreachable!("every register is in use by one instruction"),
        }
    }
    /// Takes the value in a register out, storing it if need be.
    fn push_out(&mut self, r: u8) {
        let v = self.occupant[usize::from(r)];
        if v != NO_OCCUPANT {
            self.store(v);
            self.vacate(v);
        }
    }
    /// Makes a register by its name free and locks it. To be called before operands are read.
    pub(super) fn take(&mut self, r: u8) {
        let v = self.occupant[usize::from(r)];
        self.lock(r);
        self.touched |= 1 << r;
        if v == NO_OCCUPANT {
            return;
        }
        self.vacate(v);
        let to = self.allocate(GENERAL, 0);
        self.locked &= !(1 << to);
        self.code.copy(to, r);
        self.occupy(v, to);
    }
    /// A register for an intermediate result.
    pub(super) fn temporary(&mut self) -> u8 {
        self.allocate(GENERAL, 0)
    }

    // ---- slots

    pub(super) fn slot_place(&self, slot: u32) -> i32 {
        self.window + 8 * slot as i32
    }
    fn free_slot(&mut self, slot: u32) {
        let i = (slot - self.plan.home_slots) as usize;
        if i < 64 * SLOT_WORDS {
            self.used_slots[i / 64] &= !(1 << (i % 64));
        }
    }
    /// A slot that nothing is in.
    pub(super) fn new_slot(&mut self) -> u32 {
        let free = self.used_slots.iter().position(|w| *w != u64::MAX);
        let i = match free {
            Some(w) => {
                let bit = self.used_slots[w].trailing_ones();
                self.used_slots[w] |= 1 << bit;
                64 * w as u32 + bit
            }
            None => {
                self.extra_slots += 1;
                64 * SLOT_WORDS as u32 + self.extra_slots - 1
            }
        };
        self.slots_max = self.slots_max.max(i + 1);
        self.plan.home_slots + i
    }
    /// Sees to it that a value in a register is elsewhere as well.
    pub(super) fn store(&mut self, v: Ref) {
        if self.has(v, flag::REMADE | flag::IN_HOME) || self.in_memory(v) {
            return;
        }
        if self.plan.values[v.index()].slot == NONE {
            self.plan.values[v.index()].slot = self.new_slot();
        }
        let value = &mut self.plan.values[v.index()];
        value.flags |= flag::STORED;
        let (r, at) = (value.reg, self.window + 8 * value.slot as i32);
        self.stored.push(v);
        match r.checked_sub(FLOATS) {
            Some(x) => self.code.store_slot_float(at, x),
            None => self.code.store_slot(at, r),
        }
    }

    // ---- values

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
    /// What lives across the next call is better off in a register that calls preserve.
    fn preferred(&self, v: Ref) -> u32 {
        let next = self.plan.calls.get(self.next_call);
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
