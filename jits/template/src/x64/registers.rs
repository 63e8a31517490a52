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
use super::ops::reg;
use crate::graph::NONE;
use crate::plan::{NO_REGISTER, flag};
use vm_api::vir::Ref;

/// Where float registers begin in masks of registers.
pub(super) const FLOATS: u8 = 16;
/// The registers that hold values.
pub(super) const ALLOCATABLE: u32 = GENERAL | FLOAT;
pub(super) const GENERAL: u32 = CALLER_SAVED_GENERAL | CALLEE_SAVED;
const CALLER_SAVED_GENERAL: u32 = 1 << reg::RCX
    | 1 << reg::RDX
    | 1 << reg::RSI
    | 1 << reg::RDI
    | 1 << reg::R8
    | 1 << reg::R9
    | 1 << reg::R10
    | 1 << reg::R11;
pub(super) const CALLEE_SAVED: u32 = 1 << reg::RBP | 1 << reg::R15;
pub(super) const FLOAT: u32 = 0x3FFF << FLOATS;
/// Those that calls change.
pub(super) const CALLER_SAVED: u32 = CALLER_SAVED_GENERAL | FLOAT;
/// Registers that some instructions ask for by name, which others get last.
const NAMED: u32 = 1 << reg::RCX | 1 << reg::RDX;

/// The registers of a set.
pub(super) fn registers(mut mask: u32) -> impl Iterator<Item = u8> {
    std::iter::from_fn(move || {
        let r = mask.trailing_zeros() as u8;
        mask &= mask.wrapping_sub(1);
        (r < 32).then_some(r)
    })
}

/// Words of the set of slots in use. Slots beyond are never used again.
pub(super) const SLOT_WORDS: usize = 4;

/// What registers hold at a block's end, for a successor that is emitted later.
#[derive(Clone, Copy)]
pub(super) struct Saved {
    occupant: [Ref; 32],
    occupied: u32,
    used_slots: [u64; SLOT_WORDS],
    stored: u32,
}

impl Emitter<'_> {
    // ---- life

    /// Is the value needed after the instruction that is emitted?
    #[inline]
    pub(super) fn is_live(&self, v: Ref) -> bool {
        let value = &self.plan.values[v.index()];
        if value.flags & flag::GLOBAL == 0 { value.next <= self.limit } else { self.is_global_live(v) }
    }
    fn is_global_live(&self, v: Ref) -> bool {
        let value = &self.plan.values[v.index()];
        let (word, bit) = (value.global as usize / 64, value.global % 64);
        let lives_out = || self.plan.live_out[self.rank as usize * self.plan.words + word] >> bit & 1 != 0;
        value.next <= self.graph.last(self.rank) || lives_out()
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
            if !self.is_live(v) {
                self.forget(v);
            }
        }
    }
    /// A value that is not needed any more is nowhere.
    fn forget(&mut self, v: Ref) {
        let value = &mut self.plan.values[v.index()];
        let (flags, slot) = (value.flags, value.slot);
        if value.reg != NO_REGISTER && flags & flag::IN_HOME == 0 {
            self.occupied &= !(1 << value.reg);
            value.reg = NO_REGISTER;
        }
        if flags & (flag::STORED | flag::GLOBAL) == flag::STORED {
            self.free_slot(slot);
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
            // What was kept later was kept for blocks that have been emitted meanwhile.
            self.saved.truncate(saved as usize + 1);
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
            self.occupied = saved.occupied;
            for r in registers(saved.occupied) {
                let v = saved.occupant[usize::from(r)];
                self.plan.values[v.index()].reg = r;
            }
        }
        self.rank = rank;
        self.tree = self.graph.root[rank as usize];
        self.limit = self.graph.last(self.graph.subtree[rank as usize]);
        for r in registers(self.occupied) {
            let v = self.occupant[usize::from(r)];
            if !self.is_live(v) {
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
                let (occupant, occupied, used_slots) = (self.occupant, self.occupied, self.used_slots);
                self.saved.push(Saved { occupant, occupied, used_slots, stored: self.stored.len() as u32 });
            }
            self.saved_of[s as usize] = kept;
        }
    }

    // ---- registers

    pub(super) fn occupy(&mut self, v: Ref, r: u8) {
        self.occupant[usize::from(r)] = v;
        self.occupied |= 1 << r;
        self.plan.values[v.index()].reg = r;
    }
    pub(super) fn vacate(&mut self, v: Ref) {
        let value = &mut self.plan.values[v.index()];
        if value.reg != NO_REGISTER && value.flags & flag::IN_HOME == 0 {
            self.occupied &= !(1 << value.reg);
            value.reg = NO_REGISTER;
        }
    }
    /// Empties the registers of a set.
    pub(super) fn vacate_all(&mut self, mask: u32) {
        for r in registers(self.occupied & mask) {
            let v = self.occupant[usize::from(r)];
            self.plan.values[v.index()].reg = NO_REGISTER;
        }
        self.occupied &= !mask;
    }
    pub(super) fn lock(&mut self, r: u8) {
        self.locked |= 1 << r;
    }
    /// A register of a class that nothing is in, locked.
    pub(super) fn allocate(&mut self, class: u32, prefer: u32) -> u8 {
        let free = class & self.allocatable & !self.locked & !self.occupied;
        let choices = [free & prefer, free & CALLER_SAVED & !NAMED, free & CALLER_SAVED, free];
        let r = match choices.iter().find(|mask| **mask != 0) {
            Some(mask) => mask.trailing_zeros() as u8,
            None => self.evict(class),
        };
        self.lock(r);
        self.touched |= 1 << r;
        r
    }
    /// Frees the register whose value is needed last, preferring those that need not be stored.
    fn evict(&mut self, class: u32) -> u8 {
        let mut best = None;
        for r in registers(class & self.occupied & !self.locked) {
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
                let v = self.occupant[usize::from(r)];
                self.store(v);
                self.vacate(v);
                r
            }
            // An instruction locks fewer registers than there are.
            None => unreachable!("every register is in use by one instruction"),
        }
    }
    /// Makes a register by its name free and locks it. To be called before operands are read.
    pub(super) fn take(&mut self, r: u8) {
        self.lock(r);
        if self.occupied >> r & 1 == 0 {
            return;
        }
        let v = self.occupant[usize::from(r)];
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
}
