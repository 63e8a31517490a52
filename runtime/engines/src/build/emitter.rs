//! The emitter's state: the unit under construction, where it stands, and the log that makes forks by re-execution possible.

mod paths;

use crate::build::knowledge::{Facts, Kind};
use crate::build::{BuildOptions, Mode, Settled};
use paths::Arrival;
use runtime_core::{CodeUnit, Runtime};
use std::hash::{Hash, Hasher};
use vm_api::code::Instruction;
use vm_api::engine::{After, FeedbackSlot, Language, Stub, WordLayout};
use vm_api::heap::hashing::{Mix, NumberMap};
use vm_api::heap::{Object, ShapeIndex, Value};
use vm_api::vir::{
    BlockId, CellId, CodeRef, FeedbackRef, FrameState, Inst, List, Reason, Ref, Resume, StateId, StubCallId, StubId,
    StubOperands, Terminator, Unit, UnitKind, VectorRef,
};

/// What a handler's run emitted or decided, in order.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Event {
    Emitted(Emitted),
    Decided(bool),
    /// Paths have met, with the facts of this number among [`Emitter::met`].
    Met(usize),
    /// The only path has come to where others would meet it.
    Alone,
    /// An entry of an inline cache was found, its payload and value, or none.
    Found(Option<(Ref, Ref)>),
}

/// A value that a run emitted, or found emitted already (baseline mode), and what the run must know of the instruction when it is
/// replayed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Emitted {
    v: Ref,
    /// Its place in [`Emitter::recent`] if its value may be used again, or [`NO_PLACE`].
    place: u8,
    writes: bool,
    /// What memory held before is used no more.
    ends: bool,
    /// What registers held before is used no more (baseline mode): others may write to them.
    forgets: bool,
}

/// A side of a fork that is still to be run.
pub(crate) struct Pending {
    /// So many events at the log's beginning lead to the fork. Forks are taken up last in, first out, so the log still begins with them.
    prefix: usize,
    decision: Event,
    block: BlockId,
}

/// A code that is to be called.
#[derive(Clone, Copy)]
pub(crate) enum CodeValue<'r> {
    Known(&'r CodeUnit),
    /// Its index is a raw word.
    Computed(Ref),
}

/// An entry of an inline cache: as it is now, and what it is called in VIR.
#[derive(Clone, Copy)]
pub(crate) struct Entry<'r> {
    pub(crate) slot: &'r FeedbackSlot,
    pub(crate) name: FeedbackRef,
    /// Payload and value, where they have been read.
    pub(crate) read: Option<(Ref, Ref)>,
}

/// How a handler's run ended.
#[derive(Clone)]
pub(crate) enum Next<'r> {
    /// With the next instruction.
    Fall,
    /// With another one.
    Jump(usize),
    /// By returning.
    Return(Ref),
    /// By leaving the unit at this state, so that the interpreter ends the frame.
    End(StateId),
    /// By calling.
    Call(Call<'r>),
    /// With an exception: this one, or the pending one.
    Raise(Option<Ref>),
    /// In the interpreter.
    Exit,
    /// Where paths meet: one run goes on for all of them.
    Met,
}

/// A call that a handler ended with.
#[derive(Clone)]
pub(crate) struct Call<'r> {
    pub(crate) code: CodeValue<'r>,
    pub(crate) function: Ref,
    /// Empty in baseline mode if they are in place.
    pub(crate) arguments: Vec<Ref>,
    /// Number of arguments that lie in the window already (baseline mode).
    pub(crate) in_place: u16,
    /// Of the callee's register 0, from the unit's own.
    pub(crate) offset: u32,
    /// Feedback for hidden code; null for the code's own.
    pub(crate) feedback: *mut FeedbackSlot,
    pub(crate) destination: u16,
    pub(crate) after: After,
}

/// The function that is being walked: the unit's own or an inlined one.
pub(crate) struct Context<'r> {
    pub(crate) code: &'r CodeUnit,
    pub(crate) feedback: *mut FeedbackSlot,
    pub(crate) vector: VectorRef,
    pub(crate) function: Ref,
    /// Of its register 0, from the unit's own.
    pub(crate) offset: u32,
    /// What each register holds. Baseline mode: what is known of it since other code ran or paths met last; memory holds it, too.
    pub(crate) registers: Vec<Option<Ref>>,
    /// Hash of the inlining path.
    pub(crate) path: u64,
    pub(crate) depth: u32,
    /// Indices of the codes that are being walked, this one's last.
    pub(crate) ancestors: Vec<u32>,
    /// State of the inlining caller.
    pub(crate) caller: Option<StateId>,
    /// May language code run in its instructions after which the unit cannot be left? If the frame was observed then, it is left
    /// before it returns.
    pub(crate) runs_unseen: bool,
}

/// Everything that emitting changes.
pub(crate) struct Emitter<'r> {
    pub(crate) unit: Unit,
    pub(crate) runtime: &'r Runtime,
    pub(crate) mode: Mode,
    /// Does it take what feedback says for granted?
    pub(crate) speculates: bool,
    pub(crate) block: BlockId,
    pub(crate) context: Context<'r>,
    /// Index of the instruction whose handler runs.
    pub(crate) position: usize,
    /// Registers from before the instruction (speculative mode).
    pub(crate) before: Vec<Option<Ref>>,
    pub(crate) facts: Box<Facts>,
    /// Facts that are no more: their memory is used again.
    #[expect(clippy::vec_box, reason = "boxes change hands as they are")]
    spare_facts: Vec<Box<Facts>>,
    /// The same of what registers hold.
    spare_registers: Vec<Vec<Option<Ref>>>,
    pub(crate) next: Next<'r>,
    pending: Vec<Pending>,
    /// Blocks where the running handler ends with the pending exception.
    pub(crate) raising: Vec<BlockId>,
    /// Paths that wait for others where they meet.
    arrivals: Vec<Arrival>,
    /// What is known where paths have met, and what they came with.
    met: Vec<(Box<Facts>, Option<Ref>)>,
    /// Baseline mode: the values of so many events at the log's beginning are there on every path.
    common: usize,
    /// The values of the events from here on may be used again as well.
    reusable_from: usize,
    /// The last events by what they emitted ([`place_of`]): what the table has lost is emitted again.
    recent: [u16; RECENT],
    pub(crate) cells: Vec<Value>,
    pub(crate) settled: Settled,
    /// A join's types did not hold: build again.
    pub(crate) again: bool,
    pub(crate) too_big: bool,
    log: Vec<Event>,
    replayed: usize,
    state: Option<StateId>,
    /// The state of a call stub's frame, with the stub's destination.
    waiting: Option<(u16, StateId)>,
    marked: bool,
    effect: bool,
    /// The unit was left; what the run still emits is never reached.
    left: bool,
    most_instructions: usize,
    keeps_shape: fn(i64) -> bool,
    own_words: fn(ShapeIndex) -> &'static [u32],
    pub(crate) words: Option<&'static WordLayout>,
    /// By kind and bits; see [`Emitter::constant`].
    constants: [NumberMap<u64, Ref>; 4],
    /// Kind, bits and value of those that were asked for lately.
    near_constants: [(Option<u8>, u64, Ref); NEAR_CONSTANTS],
    cell_ids: NumberMap<u64, CellId>,
    /// By the address of the stub.
    stub_ids: NumberMap<usize, StubId>,
}

impl<'r> Emitter<'r> {
    pub(crate) fn new<L: Language>(
        runtime: &'r Runtime,
        unit: &'r CodeUnit,
        feedback: *mut FeedbackSlot,
        kind: UnitKind,
        options: BuildOptions,
        settled: Settled,
    ) -> Emitter<'r> {
        let mut vir = Unit::new(&unit.code.qualified_name, kind, CodeRef(unit.index.0), unit.code.registers);
        vir.registers_in_memory = options.mode == Mode::Baseline;
        vir.feedback = runtime.vector_ref(feedback);
        // About as many as the code that is reached will need.
        let expected = 8 * unit.code.instructions.len();
        vir.insts.reserve(expected);
        vir.blocks.reserve(expected / 4);
        let block = vir.add_block();
        let vector = vir.feedback;
        let mut e = Emitter {
            unit: vir,
            runtime,
            mode: options.mode,
            speculates: options.speculate || options.mode == Mode::Speculative,
            block,
            context: Context {
                code: unit,
                feedback,
                vector,
                function: Ref(0),
                offset: 0,
                registers: match options.mode {
                    Mode::Speculative => vec![None; usize::from(unit.code.registers)],
                    Mode::Baseline => Vec::new(),
                },
                path: 1,
                depth: 0,
                ancestors: vec![unit.index.0],
                caller: None,
                runs_unseen: false,
            },
            position: 0,
            before: Vec::new(),
            facts: Box::default(),
            spare_facts: Vec::new(),
            spare_registers: Vec::new(),
            next: Next::Fall,
            pending: Vec::new(),
            raising: Vec::new(),
            arrivals: Vec::new(),
            met: Vec::new(),
            common: 0,
            reusable_from: 0,
            recent: [u16::MAX; RECENT],
            cells: Vec::new(),
            settled,
            again: false,
            too_big: false,
            log: Vec::new(),
            replayed: 0,
            state: None,
            waiting: None,
            marked: false,
            effect: false,
            left: false,
            most_instructions: options.most_instructions,
            keeps_shape: |shape| u32::try_from(shape).is_ok_and(|shape| L::keeps_shape(ShapeIndex(shape))),
            own_words: L::own_words,
            words: L::WORDS,
            constants: Default::default(),
            near_constants: [(None, 0, Ref(0)); NEAR_CONSTANTS],
            cell_ids: NumberMap::default(),
            stub_ids: NumberMap::default(),
        };
        e.context.function = e.raw(Inst::Function());
        e
    }

    // ---- emitting

    /// Emits, or replays, an instruction of the running handler.
    pub(crate) fn emit(&mut self, inst: Inst) -> Ref {
        if let Some(v) = self.constant(inst) {
            return v;
        }
        match self.mode {
            Mode::Baseline => self.emit_in_memory(inst),
            Mode::Speculative => self.emit_with_facts(inst),
        }
    }
    /// A constant stands in the unit's first block, once, and belongs to no run. `None`: it is none, or an object.
    #[inline]
    fn constant(&mut self, inst: Inst) -> Option<Ref> {
        let (kind, bits) = match inst {
            Inst::ConstInt(x) => (0u8, x as u64),
            Inst::ConstFloat(x) => (1, x.0),
            Inst::ConstBool(x) => (2, u64::from(x)),
            Inst::ConstWord(bits) => (3, bits),
            _ => return None,
        };
        Some(self.near_constant(kind, bits).unwrap_or_else(|| self.far_constant(kind, bits, inst)))
    }
    /// A number.
    #[inline(never)]
    pub(crate) fn number(&mut self, x: i64) -> Ref {
        self.near_constant(0, x as u64).unwrap_or_else(|| self.far_constant(0, x as u64, Inst::ConstInt(x)))
    }
    #[inline]
    fn near_constant(&self, kind: u8, bits: u64) -> Option<Ref> {
        let near = &self.near_constants[near_place(kind, bits)];
        (near.0 == Some(kind) && near.1 == bits).then_some(near.2)
    }
    #[cold]
    #[inline(never)]
    fn far_constant(&mut self, kind: u8, bits: u64, inst: Inst) -> Ref {
        let unit = &mut self.unit;
        let v = *self.constants[usize::from(kind)].entry(bits).or_insert_with(|| unit.push(BlockId(0), inst));
        self.near_constants[near_place(kind, bits)] = (Some(kind), bits, v);
        v
    }
    /// In speculative mode: what the path knows says whether the value is there.
    fn emit_with_facts(&mut self, inst: Inst) -> Ref {
        if let Some(v) = self.facts.value(&inst) {
            return v;
        }
        let facts = self.unit.facts(&inst);
        let v = match self.log.get(self.replayed) {
            Some(Event::Emitted(emitted)) => emitted.v,
            Some(_) => panic!("a handler is not deterministic"),
            None => {
                let v = self.raw(inst);
                self.log.push(Event::Emitted(Emitted {
                    v,
                    place: NO_PLACE,
                    writes: facts.writes,
                    ends: false,
                    forgets: false,
                }));
                v
            }
        };
        self.effect |= facts.writes;
        self.replayed += 1;
        if facts.runs_language && self.facts.knows_words() {
            let known = &mut self.facts;
            self.unit.each_operand(&inst, |_, v| known.forget_words(v));
        }
        self.facts.emitted(inst, facts, v);
        v
    }
    /// In baseline mode: values are used again within a run as long as nothing ends them.
    fn emit_in_memory(&mut self, inst: Inst) -> Ref {
        let emitted = match self.log.get(self.replayed) {
            Some(Event::Emitted(emitted)) => *emitted,
            Some(_) => panic!("a handler is not deterministic"),
            None => {
                let emitted = self.emit_anew(inst);
                self.log.push(Event::Emitted(emitted));
                emitted
            }
        };
        self.replayed += 1;
        self.effect |= emitted.writes;
        if emitted.forgets {
            self.context.registers.clear();
        }
        if emitted.ends {
            (self.common, self.reusable_from) = (0, self.replayed);
        } else if emitted.place != NO_PLACE {
            self.recent[usize::from(emitted.place)] = u16::try_from(self.replayed - 1).unwrap_or(u16::MAX);
        }
        emitted.v
    }
    fn emit_anew(&mut self, inst: Inst) -> Emitted {
        let facts = self.unit.facts(&inst);
        if !facts.removable() {
            let in_window = |call: StubCallId| {
                matches!(self.unit.stub_calls[call.index()].operands, StubOperands::Registers { .. })
            };
            let forgets = facts.runs_language || matches!(inst, Inst::Stub(call) if in_window(call));
            let ends = facts.writes || facts.collects;
            return Emitted { v: self.raw(inst), place: NO_PLACE, writes: facts.writes, ends, forgets };
        }
        let place = place_of(&inst);
        let again = self.emitted(&inst, place);
        let v = again.unwrap_or_else(|| self.raw(inst));
        let place = if again.is_some() { NO_PLACE } else { place };
        Emitted { v, place, writes: false, ends: false, forgets: false }
    }
    /// The value of an instruction that the running handler has emitted before, on the way here (baseline mode). `place`: its own
    /// ([`place_of`]).
    fn emitted(&self, inst: &Inst, place: u8) -> Option<Ref> {
        let at = usize::from(self.recent[usize::from(place)]);
        let is_reusable = at >= self.reusable_from || at < self.common;
        match self.log.get(at) {
            Some(Event::Emitted(e)) if is_reusable && self.unit.insts[e.v.index()] == *inst => Some(e.v),
            _ => None,
        }
    }
    /// Takes the facts; nothing is known here any more.
    pub(crate) fn take_facts(&mut self) -> Box<Facts> {
        let mut nothing = self.spare_facts.pop().unwrap_or_default();
        nothing.clear();
        std::mem::replace(&mut self.facts, nothing)
    }
    pub(crate) fn put_facts(&mut self, facts: Box<Facts>) {
        let before = std::mem::replace(&mut self.facts, facts);
        self.spare_facts.push(before);
    }
    /// Takes what registers hold; there are none here then.
    pub(crate) fn take_registers(&mut self) -> Vec<Option<Ref>> {
        if self.context.registers.is_empty() {
            return Vec::new();
        }
        let mut none = self.spare_registers.pop().unwrap_or_default();
        none.clear();
        std::mem::replace(&mut self.context.registers, none)
    }
    pub(crate) fn put_registers(&mut self, registers: Vec<Option<Ref>>) {
        let before = std::mem::replace(&mut self.context.registers, registers);
        self.discard_registers(before);
    }
    /// These are no more.
    pub(crate) fn discard_facts(&mut self, facts: Option<Box<Facts>>) {
        self.spare_facts.extend(facts);
    }
    /// These are no more.
    pub(crate) fn discard_registers(&mut self, registers: Vec<Option<Ref>>) {
        if registers.capacity() > 0 {
            self.spare_registers.push(registers);
        }
    }
    /// What a register is known to hold.
    pub(crate) fn known_register(&self, r: u16) -> Option<Ref> {
        self.context.registers.get(usize::from(r)).copied().flatten()
    }
    /// A register holds `v` from here on.
    pub(crate) fn hold(&mut self, r: u16, v: Ref) {
        let registers = &mut self.context.registers;
        if registers.is_empty() {
            if registers.capacity() == 0 {
                *registers = self.spare_registers.pop().unwrap_or_default();
                registers.clear();
            }
            registers.resize(usize::from(self.context.code.code.registers), None);
        }
        registers[usize::from(r)] = Some(v);
    }
    /// Emits an instruction outside of a handler's run.
    pub(crate) fn raw(&mut self, inst: Inst) -> Ref {
        if self.unit.insts.len() > self.most_instructions {
            self.too_big = true;
        }
        self.unit.push(self.block, inst)
    }
    /// Does the interpreter end the context's frame? So it does where the frame was entered in the middle: who observes it sees what
    /// it ends with. (One that suspends has another end, too, and is not entered if it is observed.)
    pub(crate) fn is_ended_elsewhere(&self) -> bool {
        self.context.depth == 0 && self.unit.kind != UnitKind::Function && !self.context.code.suspends
    }
    /// Has the running handler had an effect?
    pub(crate) fn has_effect(&self) -> bool {
        self.effect
    }
    /// Is the build to be given up?
    pub(crate) fn abandoned(&self) -> bool {
        self.again || self.too_big
    }
    pub(crate) fn kind(&self, v: Ref) -> Option<Kind> {
        self.facts.kind(&self.unit, v)
    }
    pub(crate) fn learn(&mut self, c: Ref, outcome: bool) {
        self.facts.learn(&self.unit, c, outcome, self.keeps_shape);
    }
    /// The truth of a condition that is a constant.
    pub(crate) fn constant_bool(&self, c: Ref) -> Option<bool> {
        if let Inst::ConstBool(b) = self.unit.inst(c) { Some(b) } else { self.facts.outcome(c) }
    }
    /// The number of a raw word that is a constant.
    pub(crate) fn constant_int(&self, x: Ref) -> Option<i64> {
        if let Inst::ConstInt(i) = self.unit.inst(x) { Some(i) } else { None }
    }
    /// The shape of an object that is a constant or was made here, if it keeps it.
    pub(crate) fn constant_shape<L: Language>(&self, v: Ref) -> Option<i64> {
        let shape = match self.unit.inst(v) {
            Inst::Cell(cell) => Object::of(self.cells[cell.index()]).shape(),
            Inst::TagPtr(p) => match self.unit.inst(p) {
                Inst::Alloc(shape, _) => shape,
                _ => return None,
            },
            _ => return None,
        };
        L::keeps_shape(shape).then_some(i64::from(shape.0))
    }
    /// The offsets of an object's own words ([`Language::own_words`]), if its shape is known by `facts`.
    pub(crate) fn own_words(&self, facts: &Facts, v: Ref) -> &'static [u32] {
        let made = match self.unit.inst(v) {
            Inst::TagPtr(p) => match self.unit.inst(p) {
                Inst::Alloc(shape, _) => Some(shape),
                _ => None,
            },
            _ => None,
        };
        let shape = made.or_else(|| facts.shape(v).and_then(|shape| u32::try_from(shape).ok()).map(ShapeIndex));
        shape.map_or(&[], self.own_words)
    }
    pub(crate) fn has_own_words(&self, shape: ShapeIndex) -> bool {
        !(self.own_words)(shape).is_empty()
    }
    /// The object that an address is of, if the word at `offset` is its own.
    pub(crate) fn owner(&self, p: Ref, offset: u32) -> Option<Ref> {
        match self.unit.inst(p) {
            Inst::UntagPtr(v) if self.own_words(&self.facts, v).contains(&offset) => Some(v),
            _ => None,
        }
    }
    /// Leaves for the interpreter.
    pub(crate) fn exit(&mut self) {
        if self.left {
            return;
        }
        assert!(!self.effect, "an exit follows an effect in {}", self.unit.name);
        let state = self.frame_state();
        self.unit.terminate(self.block, Terminator::Exit(state, Reason::Unreached));
        self.block = self.unit.add_block();
        self.unit.terminate(self.block, Terminator::Unreachable);
        self.left = true;
    }
    /// How the handler's run ended.
    pub(crate) fn end(&mut self) -> Next<'r> {
        let next = std::mem::replace(&mut self.next, Next::Fall);
        if self.left { Next::Exit } else { next }
    }
    /// Leaves for the interpreter unless `c` is `expected`.
    pub(crate) fn guard(&mut self, c: Ref, expected: bool, reason: Reason) {
        if self.facts.outcome(c) != Some(expected) {
            self.guard_untested(c, expected, reason);
        }
    }
    /// The same of a condition whose outcome is not known here.
    pub(crate) fn guard_untested(&mut self, c: Ref, expected: bool, reason: Reason) {
        if self.left {
            return;
        }
        assert!(!self.effect, "a guard follows an effect in {}", self.unit.name);
        let state = self.frame_state();
        self.emit(Inst::Guard(c, expected, reason, state));
        self.learn(c, expected);
    }
    /// The state from before the instruction, marked in the code on this path.
    pub(crate) fn frame_state(&mut self) -> StateId {
        let before = std::mem::take(&mut self.before);
        let state = self.state_before(&before);
        self.before = before;
        if !self.marked && !self.effect {
            self.marked = true;
            self.emit(Inst::State(state));
        }
        state
    }
    /// The state from before the instruction, whose registers were these.
    pub(crate) fn state_before(&mut self, before: &[Option<Ref>]) -> StateId {
        if let Some(state) = self.state {
            return state;
        }
        let registers = match self.mode {
            Mode::Speculative => {
                let live = self.context.code.liveness().frame_in(self.position);
                live_registers(before, live.iter())
            }
            Mode::Baseline => Vec::new(),
        };
        let state = self.add_state(Resume::Execute, registers);
        self.state = Some(state);
        state
    }
    /// A state of the current context at the current position.
    pub(crate) fn add_state(&mut self, resume: Resume, registers: Vec<(u16, Ref)>) -> StateId {
        let c = &self.context;
        let state = FrameState {
            caller: c.caller,
            code: CodeRef(c.code.index.0),
            feedback: c.vector,
            position: self.position as u32,
            resume,
            offset: c.offset,
            function: c.function,
            registers: List::EMPTY,
        };
        self.unit.add_state(state, &registers)
    }
    /// The state of the current context while it waits for a call stub's result.
    pub(crate) fn waiting_for_stub(&mut self, destination: u16) -> StateId {
        if let Some((known, state)) = self.waiting
            && known == destination
        {
            return state;
        }
        let before = std::mem::take(&mut self.before);
        let state = self.waiting_state(destination, After::Next, &before);
        self.before = before;
        self.waiting = Some((destination, state));
        state
    }
    /// The state of the current context while it waits for a call's result. `before`: the registers from before the
    /// instruction, which a handler of an exception that the callee raises sees, the destination's old value among them.
    pub(crate) fn waiting_state(&mut self, destination: u16, after: After, before: &[Option<Ref>]) -> StateId {
        let resume = match after {
            After::Next => Resume::Result { register: destination },
            After::Again => Resume::Again { register: destination },
        };
        if self.mode == Mode::Baseline {
            return self.add_state(resume, Vec::new());
        }
        let code = self.context.code;
        let liveness = code.liveness();
        let position = self.position;
        let live = match after {
            After::Next => liveness.frame_out(position),
            After::Again => liveness.frame_in(position),
        };
        let named = u32::from(destination) < code.clear_to;
        let mut set: Vec<u16> = live.iter().filter(|r| named || *r != destination).collect();
        if let Some(entry) = code.code.handler(position as u32) {
            set.extend(liveness.live_in(entry.handler as usize).iter().filter(|r| *r != entry.register));
            set.sort_unstable();
            set.dedup();
        }
        let registers = live_registers(before, set.into_iter());
        self.add_state(resume, registers)
    }

    // ---- runs of handlers

    /// Begins the runs of the handler at `position`, with registers and facts as they are.
    pub(crate) fn begin(&mut self, position: usize) {
        self.position = position;
        if self.mode == Mode::Speculative {
            self.before.clone_from(&self.context.registers);
        }
        (self.state, self.waiting) = (None, None);
        self.spare_facts.extend(self.met.drain(..).map(|(facts, _)| facts));
        self.log.clear();
        self.begin_run(self.block);
    }
    /// Comes back to the instruction at `position` from where the handlers of others have run.
    pub(crate) fn come_back(&mut self, position: usize) {
        self.position = position;
        (self.state, self.waiting) = (None, None);
    }
    /// Begins the next run: of the side of a fork that is still to be taken, or from where paths have met. False if there is none.
    pub(crate) fn begin_next(&mut self) -> bool {
        let Some(Pending { prefix, decision, block }) = self.pending.pop() else { return self.go_on_from_meeting() };
        self.log.truncate(prefix);
        self.log.push(decision);
        self.begin_run(block);
        true
    }
    /// Begins one run, whose prefix is the log.
    fn begin_run(&mut self, block: BlockId) {
        self.replayed = 0;
        if self.mode == Mode::Baseline {
            (self.common, self.reusable_from) = (usize::MAX, 0);
            self.recent = [u16::MAX; RECENT];
        }
        self.block = block;
        self.next = Next::Fall;
        self.effect = false;
        self.left = false;
        self.marked = false;
    }

    // ---- feedback and constants

    pub(crate) fn slot(&self, slot: u32) -> &'r FeedbackSlot {
        // SAFETY: the verifier checked the index; vectors live as long as the runtime, and nothing writes to them while
        // a unit is built.
        unsafe { &*self.context.feedback.add(slot as usize) }
    }
    pub(crate) fn feedback_ref(&self, slot: u32) -> FeedbackRef {
        if slot == Instruction::NO_FEEDBACK {
            FeedbackRef::NONE
        } else {
            FeedbackRef { vector: self.context.vector, slot }
        }
    }
    /// A stub of the language, as one of the unit's.
    pub(crate) fn stub_id<L: Language>(&mut self, stub: Stub) -> StubId {
        let address = |stub: &Stub| match *stub {
            Stub::Fixed(s) => std::ptr::from_ref(s).addr(),
            Stub::Window(s) => std::ptr::from_ref(s).addr(),
            Stub::FixedCall(s) => std::ptr::from_ref(s).addr(),
            Stub::WindowCall(s) => std::ptr::from_ref(s).addr(),
        };
        let (unit, info) = (&mut self.unit, stub.info());
        *self.stub_ids.entry(address(&stub)).or_insert_with(|| {
            let number = L::stubs().iter().position(|other| address(other) == address(&stub));
            let number = number.unwrap_or_else(|| panic!("the stub {} is not in the language's table", info.name));
            unit.use_stub(number as u32, stub.takes_window(), info.name, info.effects)
        })
    }
    /// The entries of a slot's inline cache: its own, and the further ones that are filled.
    pub(crate) fn entries(&self, slot: u32) -> Vec<Entry<'r>> {
        let own = Entry { slot: self.slot(slot), name: self.feedback_ref(slot), read: None };
        let vector = self.runtime.vector_ref(own.slot.hidden);
        let further = own.slot.further().iter().enumerate().filter(|(_, slot)| slot.key != FeedbackSlot::NO_KEY);
        let further = further.map(|(i, slot)| Entry { slot, name: FeedbackRef { vector, slot: i as u32 }, read: None });
        std::iter::once(own).chain(further).collect()
    }
    /// A value that is known now.
    pub(crate) fn value(&mut self, v: Value) -> Ref {
        if v.is_int() {
            let x = self.number(v.as_int());
            self.emit(Inst::TagInt(x))
        } else if v.is_float() {
            let x = self.emit(Inst::ConstFloat(v.as_float().into()));
            self.emit(Inst::TagFloat(x))
        } else if v.is_bool() {
            let x = self.emit(Inst::ConstBool(v.as_bool()));
            self.emit(Inst::TagBool(x))
        } else if v.is_object() {
            let cell = match self.cell_ids.get(&v.bits()) {
                Some(cell) => *cell,
                None => {
                    let cell = self.unit.add_cell(false, "constant");
                    self.cells.push(v);
                    self.cell_ids.insert(v.bits(), cell);
                    cell
                }
            };
            self.emit(Inst::Cell(cell))
        } else {
            self.emit(Inst::ConstWord(v.bits()))
        }
    }
}

/// Places of [`Emitter::near_constants`].
const NEAR_CONSTANTS: usize = 64;
/// Places of [`Emitter::recent`].
const RECENT: usize = 64;
/// None of them.
const NO_PLACE: u8 = u8::MAX;

/// Where a constant stands among those that were asked for lately.
#[inline]
fn near_place(kind: u8, bits: u64) -> usize {
    (bits as usize ^ (bits >> 32) as usize ^ usize::from(kind) << 4) % NEAR_CONSTANTS
}

/// Where an instruction stands among those that were emitted lately.
#[inline]
fn place_of(inst: &Inst) -> u8 {
    let mut hasher = Mix::default();
    inst.hash(&mut hasher);
    (hasher.finish() % RECENT as u64) as u8
}

/// Pairs the registers of a set with what they hold.
pub(crate) fn live_registers(registers: &[Option<Ref>], live: impl Iterator<Item = u16>) -> Vec<(u16, Ref)> {
    live.filter_map(|r| Some((r, (*registers.get(usize::from(r))?)?))).collect()
}
