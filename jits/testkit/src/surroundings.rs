//! The surroundings of one run: what [`vm_testkit::backend::HeapSandbox`] is for the evaluator.

use crate::functions::linked_entry;
use crate::runner::Recorded;
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::mem::offset_of;
use vm_api::engine::backend::{Lowering, NativeCode, StackLowering};
use vm_api::engine::{FeedbackSlot, bit};
use vm_api::heap::{MutatorFast, Object, Value};
use vm_api::vir::eval::Sandbox;
use vm_api::vir::eval::sandbox::describe_call;
use vm_api::vir::filetest::Setup;
use vm_api::vir::{FeedbackRef, Inst, StateId, Unit, VectorRef};
use vm_testkit::mock::MockVm;

/// What code takes for the thread. The fields that it uses lie elsewhere than in the VM's thread.
#[repr(C)]
pub(crate) struct Thread<'a> {
    /// Nothing of this run's is at offset 0.
    _unused: u64,
    locals: *const Cell<u64>,
    units: *const *const FakeUnit,
    current: [Cell<u64>; 3],
    pub(crate) exception: Cell<Value>,
    entry_fast: *const u64,
    frame_limit: *const Record,
    frame_top: Cell<*const Record>,
    register_limit: u64,
    roots: *const Cell<u64>,
    native_limit: u64,
    fast: *const MutatorFast,
    pub(crate) surroundings: &'a Surroundings<'a>,
}

/// What code takes for a unit that it calls.
#[repr(C)]
struct FakeUnit {
    simple_parameters: i32,
    entry: u64,
}

/// What code takes for a record.
#[repr(C)]
#[derive(Default)]
pub(crate) struct Record {
    kind: Cell<u32>,
    pub(crate) place: [Cell<u64>; 3],
    pc: Cell<u64>,
}

/// What a record's kind is said to be.
const KIND_BITS: u32 = 0x00AB_00CD;

/// A unit says where it stands by this much, so that no address of it can be taken for another one's.
const SITE_BYTES: u64 = 16;

impl<'a> Thread<'a> {
    pub(crate) fn new(surroundings: &'a Surroundings<'a>) -> Thread<'a> {
        let record = surroundings.records.as_ptr();
        Thread {
            _unused: u64::MAX,
            locals: surroundings.locals.as_ptr(),
            units: surroundings.unit_table.as_ptr(),
            current: Default::default(),
            exception: Cell::new(Value::EMPTY),
            entry_fast: surroundings.calm.as_ptr(),
            frame_limit: record.wrapping_add(2),
            frame_top: Cell::new(record),
            register_limit: u64::MAX,
            roots: surroundings.roots.as_ptr(),
            native_limit: 0,
            fast: surroundings.vm.heap.fast(),
            surroundings,
        }
    }
    /// The facts of this build, but for this thread.
    pub(crate) fn lowering(barriers: bool) -> Lowering {
        const fn at(offset: usize) -> u32 {
            offset as u32
        }
        let current = at(offset_of!(Thread<'_>, current));
        let place = at(offset_of!(Record, place));
        let stack = StackLowering {
            current_unit: current + 8,
            current_registers: current,
            current_site: current + 16,
            frame_top: at(offset_of!(Thread<'_>, frame_top)),
            frame_limit: at(offset_of!(Thread<'_>, frame_limit)),
            register_limit: at(offset_of!(Thread<'_>, register_limit)),
            native_limit: at(offset_of!(Thread<'_>, native_limit)),
            entry_fast: at(offset_of!(Thread<'_>, entry_fast)),
            units: at(offset_of!(Thread<'_>, units)),
            record_unit: place + 8,
            record_pc: at(offset_of!(Record, pc)),
            record_registers: place,
            record_site: place + 16,
            record_kind: at(offset_of!(Record, kind)),
            record_kind_bits: KIND_BITS,
            record_bytes: at(size_of::<Record>()),
            record_room: at(size_of::<Record>()),
            unit_entry: at(offset_of!(FakeUnit, entry)),
            unit_simple_parameters: at(offset_of!(FakeUnit, simple_parameters)),
            linked: true,
        };
        Lowering {
            thread_fast: at(offset_of!(Thread<'_>, fast)),
            thread_exception: at(offset_of!(Thread<'_>, exception)),
            thread_roots: at(offset_of!(Thread<'_>, roots)),
            thread_locals: at(offset_of!(Thread<'_>, locals)),
            ..Lowering::new(barriers, stack)
        }
    }
    /// The state of the site at which the thread says to stand, where code must have said so.
    pub(crate) fn site_state(&self) -> Option<StateId> {
        self.surroundings.state_of_place(&self.current)
    }
    /// The same for the record of a linked call.
    pub(crate) fn record_state(&self) -> Option<StateId> {
        let run = self.surroundings;
        let record = &run.records[0];
        if self.frame_top.get() != run.records.as_ptr().wrapping_add(1) {
            run.problem("a linked call pushed no record, or too many");
        }
        if record.kind.replace(0) != KIND_BITS || record.pc.replace(1) != 0 {
            run.problem("a record is not whole");
        }
        run.state_of_place(&record.place)
    }
    /// Takes the record of a linked call off.
    pub(crate) fn pop_record(&self) {
        self.frame_top.set(self.frame_top.get().wrapping_sub(1));
    }
    /// Looks whether all records were popped.
    pub(crate) fn check_records(&self) {
        if self.frame_top.get() != self.surroundings.records.as_ptr() {
            self.surroundings.problem("a record was not popped");
        }
    }
}

/// What the sandbox does not observe: recorded by stubs, or beside what was asked to be recorded.
const UNOBSERVED: u32 = bit::OTHER | bit::CACHED | bit::POLYMORPHIC | bit::MEGAMORPHIC;

/// A frame's dead registers hold this: a special constant that no test uses.
pub(crate) const DEAD: Value = Value::special(0x5A5A_5A5A);

/// Codes that may be invoked.
const CODES: u32 = 64;

/// See the module's description.
pub(crate) struct Surroundings<'a> {
    pub(crate) vm: &'a MockVm,
    pub(crate) unit: &'a Unit,
    code: &'a NativeCode,
    pub(crate) valid: Cell<u64>,
    pub(crate) countdown: Cell<u64>,
    pub(crate) heat: Cell<u64>,
    pub(crate) cells: Vec<u64>,
    units: Vec<FakeUnit>,
    unit_table: Vec<*const FakeUnit>,
    /// One more than may be used.
    records: [Record; 3],
    /// Inline state that wants no poll.
    calm: Box<[u64; size_of::<MutatorFast>() / 8]>,
    roots: Vec<Cell<u64>>,
    /// The language's roots of the thread's own: the same values, backwards.
    locals: Vec<Cell<u64>>,
    /// The function's word, then the registers. Shown as native memory.
    memory: Vec<Cell<u64>>,
    /// The memory as it was when code last went on.
    before: RefCell<Vec<u64>>,
    vectors: BTreeMap<u32, Box<[Cell<FeedbackSlot>]>>,
    /// What was last seen of the bits of each slot.
    recorded: RefCell<BTreeMap<(u32, u32), u32>>,
    pub(crate) slow_allocations: Cell<u64>,
    pub(crate) events: RefCell<Vec<String>>,
    problems: RefCell<Vec<String>>,
}

impl<'a> Surroundings<'a> {
    pub(crate) fn new(
        vm: &'a MockVm,
        unit: &'a Unit,
        code: &'a NativeCode,
        setup: &Setup,
    ) -> Result<Surroundings<'a>, String> {
        let words = unit.extent as usize + 1;
        let dead = if unit.registers_in_memory { Value::EMPTY } else { DEAD };
        let memory: Vec<Cell<u64>> = (0..words).map(|_| Cell::new(dead.bits())).collect();
        memory[0].set(Value::NONE.bits());
        if unit.registers_in_memory {
            memory[1..].iter().zip(&setup.registers).for_each(|(m, v)| m.set(*v));
        }
        if setup.arguments.len() != unit.entry.len() {
            return Err("wrong number of arguments".into());
        }
        for (i, (r, v)) in unit.entry.iter().zip(&setup.arguments).enumerate() {
            let taken = unit.entry[..i].iter().zip(&setup.arguments).any(|(q, w)| q == r && w != v);
            if taken {
                return Err("two arguments in one register".into());
            }
            memory[1 + usize::from(*r)].set(*v);
        }
        let before = RefCell::new(memory.iter().map(Cell::get).collect());
        let unit_of = |code| FakeUnit { simple_parameters: code as i32 % 4 - 1, entry: linked_entry(code) };
        let units: Vec<FakeUnit> = (0..CODES).map(unit_of).collect();
        let surroundings = Surroundings {
            vm,
            unit,
            code,
            valid: Cell::new(1),
            heat: Cell::new(Sandbox::HEAT),
            countdown: Cell::new(setup.deopt_every.filter(|n| *n != 0).unwrap_or(u64::MAX)),
            cells: setup.cells.to_vec(),
            unit_table: units.iter().map(std::ptr::from_ref).collect(),
            units,
            records: Default::default(),
            calm: Box::new([0; size_of::<MutatorFast>() / 8]),
            roots: setup.roots.iter().copied().map(Cell::new).collect(),
            locals: setup.roots.iter().rev().copied().map(Cell::new).collect(),
            memory,
            before,
            vectors: vectors(unit),
            recorded: RefCell::default(),
            slow_allocations: Cell::new(0),
            events: RefCell::default(),
            problems: RefCell::default(),
        };
        let words: *const [u64] =
            std::ptr::slice_from_raw_parts(surroundings.memory.as_ptr().cast(), surroundings.memory.len());
        // SAFETY: the memory lives as long as the run, and nothing collects after it. It does not move with `surroundings`.
        unsafe { vm.borrow_native(words) };
        Ok(surroundings)
    }
    /// Address of register 0.
    pub(crate) fn registers(&self) -> *const Cell<u64> {
        self.memory.as_ptr().wrapping_add(1)
    }
    /// The distance of an address from register 0, in registers, if so many words from the one before it are within the memory.
    pub(crate) fn window(&self, registers: *const Value, words: usize) -> Option<usize> {
        let offset = (registers as usize).wrapping_sub(self.registers() as usize);
        let offset = offset.is_multiple_of(8).then_some(offset / 8)?;
        (offset > 0 && offset.checked_add(words)? < self.memory.len()).then_some(offset)
    }
    /// The word in front of the registers of a frame at `offset`, or its register `r` at `offset + r + 1`.
    pub(crate) fn word(&self, at: usize) -> Value {
        Value::from_bits(self.memory[at].get())
    }
    /// Address of a feedback slot, or of a vector's first; 0 for none.
    pub(crate) fn feedback(&self, slot: FeedbackRef) -> u64 {
        if !slot.is_some() {
            return 0;
        }
        self.vectors.get(&slot.vector.0).map_or(0, |v| &raw const v[slot.slot as usize] as u64)
    }
    pub(crate) fn vector(&self, vector: VectorRef) -> u64 {
        if vector == VectorRef::NONE { 0 } else { self.feedback(FeedbackRef { vector, slot: 0 }) }
    }
    /// Notes that the convention or a promise was broken.
    pub(crate) fn problem(&self, what: impl Into<String>) {
        self.problems.borrow_mut().push(what.into());
    }
    /// What was noted.
    pub(crate) fn problems(&self) -> Option<String> {
        let problems = self.problems.borrow();
        (!problems.is_empty()).then(|| problems.join("; "))
    }
    /// Every value that calls and exits see must be one that is alive.
    pub(crate) fn check(&self, v: Value) -> Value {
        if v == DEAD {
            self.problem("a dead register is used");
        }
        if let Some(o) = Object::from_value(v)
            && self.vm.heap.layouts().get(o.shape()).is_none()
        {
            self.problem(format!("{v:?} is no live object"));
        }
        v
    }

    // ---- events

    pub(crate) fn event(&self, line: String) {
        self.note_recorded();
        self.events.borrow_mut().push(line);
    }
    pub(crate) fn call_event(&self, what: &str, operands: &[Value]) {
        operands.iter().for_each(|v| _ = self.check(*v));
        self.event(describe_call(what, operands.iter().copied()));
    }
    /// Makes events of what code recorded since the last one.
    pub(crate) fn note_recorded(&self) {
        for (vector, slots) in &self.vectors {
            for (i, slot) in (0..).zip(slots) {
                // SAFETY: nobody holds a reference to a slot.
                let bits = unsafe { (*slot.as_ptr()).bits } & !UNOBSERVED;
                let old = self.recorded.borrow_mut().insert((*vector, i), bits).unwrap_or(0);
                if bits != old {
                    let line = format!("record {}[{i}] {}", VectorRef(*vector), bits & !old);
                    self.events.borrow_mut().push(line);
                }
            }
        }
    }
    /// What stands in each slot.
    pub(crate) fn recorded(&self) -> BTreeMap<(u32, u32), Recorded> {
        let slots = self.vectors.iter().flat_map(|(vector, slots)| (0..).zip(slots).map(|(i, s)| ((*vector, i), s)));
        let read = |slot: &Cell<FeedbackSlot>| {
            // SAFETY: nobody holds a reference to a slot.
            let slot = unsafe { &*slot.as_ptr() };
            Recorded { bits: slot.bits, count: slot.count, key: slot.key }
        };
        slots.map(|(at, slot)| (at, read(slot))).collect()
    }

    // ---- the frame's memory

    /// The state of the site that three words name, where code must have put it.
    fn state_of_place(&self, [registers, unit, site]: &[Cell<u64>; 3]) -> Option<StateId> {
        let own = self.unit_address(self.unit.code.0);
        if registers.replace(0) != self.registers() as u64 || Some(unit.replace(0)) != own {
            self.problem("code says to stand in another frame");
        }
        let site = site.replace(0);
        let number = site.wrapping_sub(self.site_address(0));
        let number = number.is_multiple_of(SITE_BYTES).then_some((number / SITE_BYTES) as usize);
        match number.and_then(|i| self.code.sites.get(i)) {
            Some(state) => *state,
            None => {
                self.problem(format!("there is no site {site:#x}"));
                None
            }
        }
    }
    /// Where a site is said to be.
    pub(crate) fn site_address(&self, number: u32) -> u64 {
        self.calm.as_ptr() as u64 + (1 << 32) + SITE_BYTES * u64::from(number)
    }
    /// Where an exit is said to be.
    pub(crate) fn exit_address(&self, number: u32) -> u64 {
        1 + SITE_BYTES * (1 + u64::from(number))
    }
    /// The number of the exit that is said to be there.
    pub(crate) fn exit_number(&self, address: u64) -> Option<usize> {
        let offset = address.checked_sub(self.exit_address(0))?;
        offset.is_multiple_of(SITE_BYTES).then_some((offset / SITE_BYTES) as usize)
    }
    /// The code whose unit is said to be there.
    pub(crate) fn code_of(&self, unit: u64) -> Option<u32> {
        (0..CODES).find(|code| self.unit_address(*code) == Some(unit))
    }
    /// What code takes for the unit of a code.
    pub(crate) fn unit_address(&self, code: u32) -> Option<u64> {
        self.units.get(code as usize).map(|unit| &raw const *unit as u64)
    }
    /// Looks whether code has written a site's frames, and else only where it may (`and` more), and fills what is dead then: all but
    /// functions, since nothing looks at the registers.
    pub(crate) fn suspend(&self, state: Option<StateId>, and: impl Fn(usize) -> bool) {
        let functions = self.functions(state);
        let registers = self.registers_of(state);
        for at in functions.iter().chain(&registers) {
            self.check(self.word(*at));
        }
        self.check_writes(|at| functions.contains(&at) || registers.contains(&at) || and(at));
        if !self.unit.registers_in_memory {
            let dead = self.memory.iter().enumerate().filter(|(at, _)| !functions.contains(at));
            dead.for_each(|(_, word)| word.set(DEAD.bits()));
        }
        *self.before.borrow_mut() = self.memory.iter().map(Cell::get).collect();
    }
    /// Where the functions of a state's frames stand.
    pub(crate) fn functions(&self, state: Option<StateId>) -> Vec<usize> {
        let frames = state.into_iter().flat_map(|s| self.unit.frames(s));
        std::iter::once(0).chain(frames.map(|(_, frame)| frame.offset as usize)).collect()
    }
    /// Where the registers stand that a state's frames list.
    pub(crate) fn registers_of(&self, state: Option<StateId>) -> Vec<usize> {
        let frames = state.into_iter().flat_map(|s| self.unit.frames(s));
        let places = frames.flat_map(|(id, frame)| {
            let listed = self.unit.registers_of(id).iter();
            listed.map(move |(r, _)| frame.offset as usize + 1 + usize::from(*r))
        });
        places.collect()
    }
    /// Looks whether code wrote only where it may since it last went on. In units whose registers are in memory it may write
    /// any register.
    pub(crate) fn check_writes(&self, may: impl Fn(usize) -> bool) {
        let registers = if self.unit.registers_in_memory { usize::from(self.unit.registers) } else { 0 };
        for (at, (word, before)) in self.memory.iter().zip(self.before.borrow().iter()).enumerate() {
            if word.get() != *before && !may(at) && !(1..=registers).contains(&at) {
                self.problem(format!("the word {at} of the frame was written: {:?}", Value::from_bits(word.get())));
            }
        }
    }
}

/// Room for every slot that a unit mentions.
fn vectors(unit: &Unit) -> BTreeMap<u32, Box<[Cell<FeedbackSlot>]>> {
    let mut lengths: BTreeMap<u32, u32> = BTreeMap::new();
    let mut mention = |vector: VectorRef, slot: u32| {
        if vector != VectorRef::NONE && slot != u32::MAX {
            let length = lengths.entry(vector.0).or_insert(0);
            *length = (*length).max(slot + 1);
        }
    };
    for inst in &unit.insts {
        match *inst {
            Inst::SlotShape(s) | Inst::SlotPayload(s) | Inst::SlotValue(s) => mention(s.vector, s.slot),
            Inst::Record(s, _) | Inst::RecordExpected(s, _) => mention(s.vector, s.slot),
            _ => {}
        }
    }
    unit.stub_calls.iter().for_each(|c| mention(c.feedback.vector, c.feedback.slot));
    unit.invokes.iter().for_each(|i| mention(i.feedback, 0));
    let slots = |n: u32| (0..n).map(|_| Cell::new(FeedbackSlot { key: 0, ..FeedbackSlot::EMPTY })).collect();
    lengths.into_iter().map(|(vector, n)| (vector, slots(n))).collect()
}
