//! Machine code in its place: with addresses filled in.

use super::stands::Site;
use super::{helpers, keeping};
use crate::tier::Installed;
use crate::tier::cells::Cells;
use crate::tier::log::Refusal;
use runtime_arena::{Arena, CodeBlock, ForkCopy, Mapping};
use runtime_core::{EntryFn, Runtime};
use std::cell::{Cell, RefCell};
use std::io;
use std::rc::Rc;
use vm_api::engine::backend::{Exit, Target};
use vm_api::engine::{CodeIndex, FeedbackSlot, Language, NativeCode, Stub};
use vm_api::vir::Unit;

/// Address space for code, and how much of it may be used: a program that compiles more than this is not helped by more.
const RESERVE: usize = 256 << 20;
const BUDGET: usize = 128 << 20;

/// Most bytes of an activation's native frame.
const NATIVE_FRAME_MAX: u32 = 64 << 10;

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
    /// Its frames, without blocks and instructions ([`frames_of`]).
    pub(in crate::tier) unit: Unit,
    pub(in crate::tier) entry: EntryFn,
    exits: Box<[ExitPoint]>,
    sites: Box<[Site]>,
    /// Where it stands when it is entered.
    pub(super) entered: Box<Site>,
    /// What the code reads to know whether it is still valid.
    valid: Box<Cell<u64>>,
    /// Entries and back edges until it is hot, if it counts.
    pub(in crate::tier) heat: Box<Cell<u64>>,
    /// Activations that are to leave it.
    leaving: Cell<u32>,
    block: Option<CodeBlock>,
    arena: Rc<Arena>,
}

/// Where a unit leaves. Its address is the status with which it does.
pub(super) struct ExitPoint {
    pub(super) installed: Cell<*const Installed>,
    pub(super) exit: Exit,
}

impl Drop for NativeUnit {
    fn drop(&mut self) {
        if let Some(block) = self.block.take() {
            self.arena.free(block);
        }
    }
}

impl NativeUnit {
    /// Tells what it is part of, which keeps its address.
    pub(in crate::tier) fn set_owner(&self, installed: *const Installed) {
        self.exits.iter().for_each(|exit| exit.installed.set(installed));
        self.sites.iter().chain([&*self.entered]).for_each(|site| site.installed.set(installed));
    }
    /// Its code, and where it is executed.
    pub(in crate::tier) fn place(&self) -> Option<(u64, &[u8])> {
        self.block.as_ref().map(|block| (block.address, self.arena.bytes(block)))
    }
    /// One more activation is to leave it as soon as it can; so do the others, which does no harm.
    pub(super) fn leave(&self) {
        self.leaving.set(self.leaving.get() + 1);
        self.valid.set(0);
    }
    /// Are there some that are to leave?
    pub(super) fn is_left(&self) -> bool {
        self.valid.get() == 0
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
    pub(in crate::tier) fn new(deopt_every: Option<u64>, mapping: Mapping) -> io::Result<Code> {
        let countdown = Box::new(Cell::new(deopt_every.unwrap_or(0)));
        Ok(Code {
            arena: Rc::new(Arena::new(RESERVE, BUDGET, mapping)?),
            deopt_every,
            countdown,
            copy: RefCell::new(None),
        })
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
    /// Installs a unit's code.
    ///
    /// # Errors
    /// There is no room for it, or it does not say what a collection must know.
    pub(in crate::tier) fn install<L: Language>(
        &self,
        runtime: &Runtime,
        unit: Unit,
        code: &NativeCode,
        cells: &Cells,
    ) -> Result<NativeUnit, Refusal> {
        if unit.registers_in_memory && code.sites.contains(&None) {
            // Nobody would know what in its frame is live.
            return Err(Refusal::UnknownSite);
        }
        if code.stack > NATIVE_FRAME_MAX {
            // Its entry looks for room only when that much has been taken.
            return Err(Refusal::LargeFrame);
        }
        let exits: Box<[ExitPoint]> =
            code.exits.iter().map(|exit| ExitPoint { installed: Cell::new(std::ptr::null()), exit: *exit }).collect();
        let sites: Box<[Site]> = code.sites.iter().map(|state| Site::new(*state)).collect();
        let (valid, heat) = (Box::new(Cell::new(1)), Box::new(Cell::new(u64::MAX)));
        let slot = |vector: *mut FeedbackSlot, slot: u32| vector.wrapping_add(slot as usize) as u64;
        let mut fix = |bytes: &mut [u8], address: u64| {
            for relocation in &code.relocations {
                let target = match relocation.target {
                    Target::Code => address,
                    Target::Stub(number) => stub::<L>(number),
                    Target::Helper(helper) => helpers::address::<L>(helper),
                    Target::Keeping(helper) => {
                        keeping::address::<L>(helper).expect("the backend was told which there are")
                    }
                    Target::Feedback(f) => slot(runtime.vector(f.vector), f.slot),
                    Target::Vector(v) => slot(runtime.vector(v), 0),
                    Target::Unit(code) => std::ptr::from_ref(runtime.unit(CodeIndex(code.0))) as u64,
                    Target::Site(number) => &raw const sites[number as usize] as u64,
                    Target::Exit(number) => &raw const exits[number as usize] as u64,
                    Target::Cell(cell) => cells.address(cell),
                    Target::Valid => valid.as_ptr() as u64,
                    Target::Heat => heat.as_ptr() as u64,
                    Target::GuardCountdown => self.countdown.as_ptr() as u64,
                };
                let at = relocation.offset as usize;
                let word = target.wrapping_add_signed(relocation.addend);
                bytes[at..at + 8].copy_from_slice(&word.to_le_bytes());
            }
        };
        let block = self.arena.install(&code.bytes, code.alignment, &mut fix);
        let block = block.map_err(|full| Refusal::NoRoom(full.to_string()))?;
        // SAFETY: a backend's entry is a function of this type at this offset.
        let entry =
            unsafe { std::mem::transmute::<*const u8, EntryFn>((block.address + u64::from(code.entry)) as *const u8) };
        Ok(NativeUnit {
            unit: frames_of(unit),
            entry,
            exits,
            sites,
            entered: Box::new(Site::new(None)),
            valid,
            heat,
            leaving: Cell::new(0),
            block: Some(block),
            arena: self.arena.clone(),
        })
    }
}

/// What is needed of a unit that has machine code: its frames. The rest, which is most of it, makes room for the next one's.
fn frames_of(unit: Unit) -> Unit {
    let Unit { name, kind, code, feedback, registers, extent, registers_in_memory, states, state_registers, .. } = unit;
    let mut frames = Unit::new(&name, kind, code, registers);
    (frames.feedback, frames.extent, frames.registers_in_memory) = (feedback, extent, registers_in_memory);
    (frames.states, frames.state_registers) = (states, state_registers);
    frames.states.shrink_to_fit();
    frames.state_registers.shrink_to_fit();
    frames
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
