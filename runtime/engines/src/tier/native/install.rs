//! Machine code in its place: with addresses filled in.

use super::EntryFn;
use super::helpers;
use crate::tier::cells::Cells;
use runtime_arena::{Arena, CodeBlock, ForkCopy};
use runtime_core::Runtime;
use std::cell::{Cell, RefCell};
use std::io;
use std::rc::Rc;
use vm_api::engine::backend::{Exit, Target};
use vm_api::engine::{FeedbackSlot, Language, NativeCode, Stub};
use vm_api::vir::{StateId, Unit};

/// Address space for code, and how much of it may be used: a program that compiles more than this is not helped by more.
const RESERVE: usize = 256 << 20;
const BUDGET: usize = 128 << 20;

/// Where a VM's native code is, with the words that it shares.
pub(in crate::tier) struct Code {
    arena: Rc<Arena>,
    deopt_every: Option<u64>,
    countdown: Box<Cell<u64>>,
    /// What the child of a fork that is about to be will need.
    copy: RefCell<Option<ForkCopy>>,
}

/// A unit that has been installed.
pub(in crate::tier) struct NativeUnit {
    pub(in crate::tier) unit: Unit,
    pub(super) entry: EntryFn,
    /// Bytes of native stack that an activation takes.
    pub(super) stack: u32,
    pub(super) exits: Vec<Exit>,
    pub(super) sites: Vec<Option<StateId>>,
    /// What the code reads to know whether it is still valid.
    valid: Box<Cell<u64>>,
    /// Activations that are to leave it.
    leaving: Cell<u32>,
    block: Option<CodeBlock>,
    arena: Rc<Arena>,
}

impl Drop for NativeUnit {
    fn drop(&mut self) {
        if let Some(block) = self.block.take() {
            self.arena.free(block);
        }
    }
}

impl NativeUnit {
    /// One more activation is to leave it as soon as it can; so do the others, which does no harm.
    pub(super) fn leave(&self) {
        self.leaving.set(self.leaving.get() + 1);
        self.valid.set(0);
    }
    /// One of those that were to leave has ended.
    pub(super) fn stay(&self) {
        self.leaving.set(self.leaving.get() - 1);
        if self.leaving.get() == 0 {
            self.valid.set(1);
        }
    }
}

impl Code {
    pub(in crate::tier) fn new(deopt_every: Option<u64>) -> io::Result<Code> {
        let countdown = Box::new(Cell::new(deopt_every.unwrap_or(0)));
        Ok(Code { arena: Rc::new(Arena::new(RESERVE, BUDGET)?), deopt_every, countdown, copy: RefCell::new(None) })
    }
    pub(in crate::tier) fn before_fork(&self) -> io::Result<()> {
        self.copy.replace(Some(self.arena.before_fork()?));
        Ok(())
    }
    pub(in crate::tier) fn after_fork(&self, in_child: bool) {
        let copy = self.copy.take();
        if let Some(copy) = copy.filter(|_| in_child)
            && let Err(e) = self.arena.after_fork(copy)
        {
            // What runs here, and what this returns to, may be code.
            panic!("no memory for the code of a forked process: {e}");
        }
    }
    /// Has a guard's failing been forced? Begins to count anew then.
    pub(super) fn restart_countdown(&self) -> bool {
        let forced = self.deopt_every.is_some() && self.countdown.get() == 0;
        if forced {
            self.countdown.set(self.deopt_every.unwrap_or(0));
        }
        forced
    }
    /// Installs a unit's code; `None` if there is no room for it, or where it does not say what a collection must know.
    pub(in crate::tier) fn install<L: Language>(
        &self,
        runtime: &Runtime,
        unit: Unit,
        code: &NativeCode,
        cells: &Cells,
    ) -> Option<NativeUnit> {
        if unit.registers_in_memory && code.sites.contains(&None) {
            // Nobody would know what in its frame is live.
            return None;
        }
        let valid = Box::new(Cell::new(1));
        let slot = |vector: *mut FeedbackSlot, slot: u32| vector.wrapping_add(slot as usize) as u64;
        let mut fix = |bytes: &mut [u8], address: u64| {
            for relocation in &code.relocations {
                let target = match relocation.target {
                    Target::Code => address,
                    Target::Stub(number) => stub::<L>(number),
                    Target::Helper(helper) => helpers::address::<L>(helper),
                    Target::Feedback(f) => slot(runtime.vector(f.vector), f.slot),
                    Target::Vector(v) => slot(runtime.vector(v), 0),
                    Target::Cell(cell) => cells.address(cell),
                    Target::Valid => valid.as_ptr() as u64,
                    Target::GuardCountdown => self.countdown.as_ptr() as u64,
                };
                let at = relocation.offset as usize;
                let word = target.wrapping_add_signed(relocation.addend);
                bytes[at..at + 8].copy_from_slice(&word.to_le_bytes());
            }
        };
        let block = self.arena.install(&code.bytes, code.alignment, &mut fix).ok()?;
        // SAFETY: a backend's entry is a function of this type at this offset.
        let entry =
            unsafe { std::mem::transmute::<*const u8, EntryFn>((block.address + u64::from(code.entry)) as *const u8) };
        Some(NativeUnit {
            unit,
            entry,
            stack: code.stack,
            exits: code.exits.clone(),
            sites: code.sites.clone(),
            valid,
            leaving: Cell::new(0),
            block: Some(block),
            arena: self.arena.clone(),
        })
    }
}

/// Address of a stub's function.
fn stub<L: Language>(number: u32) -> u64 {
    match L::stubs()[number as usize] {
        Stub::Fixed(s) => s.function as *const () as u64,
        Stub::FixedCall(s) => s.function as *const () as u64,
        Stub::Window(s) => s.function as *const () as u64,
        Stub::WindowCall(s) => s.function as *const () as u64,
    }
}
