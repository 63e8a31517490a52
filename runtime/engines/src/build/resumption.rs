//! Frames that are suspended and resumed: where a unit of code that suspends is entered, and how it suspends.
//!
//! Such a unit is entered with its function, which holds the frame, and what is sent; from its position it goes on where it was
//! suspended, with what lives there loaded. As the frame is not written to memory, nothing is but what the suspension lists name.

use crate::build::edges::Leads;
use crate::build::emitter::{Emitter, Next};
use crate::build::{Build, Mode};
use vm_api::engine::{Language, Machine, R, SuspendedFrame};
use vm_api::vir::{Cond, Inst, Ref, Terminator};

/// What a unit knows when it has been entered.
struct Entered {
    layout: &'static SuspendedFrame,
    position: Ref,
    sent: Ref,
}

impl<L: Language> Build<'_, L> {
    /// Leads from the unit's beginning to each place where its frame may go on.
    pub(crate) fn resumptions(&self, leads: &mut Leads) {
        let layout = L::SUSPENDED.expect("a language whose codes suspend says how");
        self.with(|e| {
            let sent = match e.mode {
                Mode::Baseline => e.raw(Inst::GetReg(0)),
                Mode::Speculative => e.unit.add_entry(0),
            };
            let object = e.raw(Inst::UntagPtr(e.context.function));
            let position = e.raw(Inst::LoadWord(object, layout.position));
            let running = e.raw(Inst::ConstInt(layout.running as i64));
            e.raw(Inst::StoreWord(object, layout.state, running));
            let code = &e.context.code.code;
            let suspends = |(at, i): (usize, &vm_api::code::Instruction)| {
                L::OPCODES[usize::from(i.op)].suspends().then_some(at + 1)
            };
            let mut places = vec![0];
            places.extend(code.instructions.iter().enumerate().filter_map(suspends));
            e.lead_by_position(leads, &Entered { layout, position, sent }, &places);
        });
    }

    /// Suspends the frame: what its function object lacks is written there.
    pub(crate) fn suspend_with(&self, suspension: u32, v: Ref) -> R {
        self.leave_if_observed();
        let layout = L::SUSPENDED.expect("a language whose codes suspend says how");
        let (code, position) = self.with(|e| (e.context.code, e.position));
        let object = self.ptr(Machine::function(self));
        let array = self.ptr(self.load(object, layout.registers));
        for r in &code.code.suspensions[suspension as usize].dirty {
            self.store_element(array, self.int_const(i64::from(*r)), self.get(*r));
        }
        self.store_word(object, layout.position, self.int_const(position as i64 + 1));
        self.store_word(object, layout.state, self.int_const(layout.suspended as i64));
        self.with(|e| e.next = Next::Return(v));
        Ok(())
    }
}

impl Emitter<'_> {
    /// Searches for the position among `places`, which are ascending: one of them is.
    fn lead_by_position(&mut self, leads: &mut Leads, entered: &Entered, places: &[usize]) {
        if let [place] = places {
            self.load_at(entered, *place);
            self.edge(leads, *place, false);
            return;
        }
        let (low, high) = places.split_at(places.len() / 2);
        let first = self.raw(Inst::ConstInt(high[0] as i64));
        let is_low = self.raw(Inst::IntCmp(Cond::Lt, entered.position, first));
        let (yes, no) = (self.unit.add_block(), self.unit.add_block());
        self.unit.terminate(self.block, Terminator::Branch(is_low, yes, no));
        for (block, places) in [(yes, low), (no, high)] {
            self.block = block;
            self.lead_by_position(leads, entered, places);
        }
    }
    /// Loads the registers that are kept for going on at `place`.
    fn load_at(&mut self, entered: &Entered, place: usize) {
        let code = self.context.code;
        let before = place.checked_sub(1).map(|before| &code.code.instructions[before]);
        let variables: Vec<u16> = (0..code.clear_to as u16).collect();
        let live = before.map_or(&variables[..], |i| &code.code.suspensions[i.d as usize].live);
        if self.mode == Mode::Speculative {
            self.context.registers.fill(None);
        }
        let object = self.raw(Inst::UntagPtr(self.context.function));
        let array = self.raw(Inst::Load(object, entered.layout.registers));
        let array = self.raw(Inst::UntagPtr(array));
        for r in live {
            let i = self.raw(Inst::ConstInt(i64::from(*r)));
            let v = self.raw(Inst::LoadElement(array, i));
            self.put(*r, v);
        }
        if let Some(i) = before {
            self.put(i.a, entered.sent);
        }
    }
    fn put(&mut self, r: u16, v: Ref) {
        match self.mode {
            Mode::Baseline => drop(self.raw(Inst::SetReg(r, v))),
            Mode::Speculative => self.context.registers[usize::from(r)] = Some(v),
        }
    }
}
