//! The emitter's state: the unit under construction, where it stands, and the log that makes forks by re-execution possible.

use crate::build::knowledge::{Facts, Kind};
use crate::build::{BuildOptions, Mode, Settled};
use runtime_core::{CodeUnit, Runtime};
use std::collections::HashMap;
use vm_api::code::Instruction;
use vm_api::engine::{After, FeedbackSlot, Language};
use vm_api::heap::{Object, ShapeIndex, Value};
use vm_api::vir::{
    BlockId, CellId, CodeRef, FeedbackRef, FrameState, Inst, List, Reason, Ref, Resume, StateId, Terminator, Unit,
    UnitKind, VectorRef,
};

/// What a handler's run emitted or decided, in order.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Event {
    Emitted(Ref),
    Decided(bool),
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
    /// Speculative mode: what each register holds.
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
    pub(crate) block: BlockId,
    pub(crate) context: Context<'r>,
    /// Index of the instruction whose handler runs.
    pub(crate) position: usize,
    /// Registers from before the instruction.
    pub(crate) before: Vec<Option<Ref>>,
    pub(crate) facts: Facts,
    pub(crate) next: Next<'r>,
    /// Sides of forks that are still to be run: the events up to the fork, and the block.
    pub(crate) pending: Vec<(Vec<Event>, BlockId)>,
    pub(crate) cells: Vec<Value>,
    pub(crate) settled: Settled,
    /// A join's types did not hold: build again.
    pub(crate) again: bool,
    pub(crate) too_big: bool,
    log: Vec<Event>,
    replayed: usize,
    state: Option<StateId>,
    marked: bool,
    effect: bool,
    /// The unit was left; what the run still emits is never reached.
    left: bool,
    most_instructions: usize,
    keeps_shape: fn(i64) -> bool,
    cell_ids: HashMap<u64, CellId>,
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
        let block = vir.add_block();
        let vector = vir.feedback;
        let mut e = Emitter {
            unit: vir,
            runtime,
            mode: options.mode,
            block,
            context: Context {
                code: unit,
                feedback,
                vector,
                function: Ref(0),
                offset: 0,
                registers: vec![None; usize::from(unit.code.registers)],
                path: 1,
                depth: 0,
                ancestors: vec![unit.index.0],
                caller: None,
                runs_unseen: false,
            },
            position: 0,
            before: Vec::new(),
            facts: Facts::default(),
            next: Next::Fall,
            pending: Vec::new(),
            cells: Vec::new(),
            settled,
            again: false,
            too_big: false,
            log: Vec::new(),
            replayed: 0,
            state: None,
            marked: false,
            effect: false,
            left: false,
            most_instructions: options.most_instructions,
            keeps_shape: |shape| u32::try_from(shape).is_ok_and(|shape| L::keeps_shape(ShapeIndex(shape))),
            cell_ids: HashMap::new(),
        };
        e.context.function = e.raw(Inst::Function());
        e
    }

    // ---- emitting

    /// Emits, or replays, an instruction of the running handler.
    pub(crate) fn emit(&mut self, inst: Inst) -> Ref {
        let facts = self.unit.facts(&inst);
        if let Some(v) = self.facts.value(&inst) {
            return v;
        }
        self.effect |= facts.writes;
        let v = if self.replayed < self.log.len() {
            let Event::Emitted(v) = self.log[self.replayed] else { panic!("a handler is not deterministic") };
            v
        } else {
            let v = self.raw(inst);
            self.log.push(Event::Emitted(v));
            v
        };
        self.replayed += 1;
        if self.mode == Mode::Speculative {
            self.facts.emitted(inst, facts, v);
        }
        v
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
    /// Decides a condition by taking both sides: true now, false later.
    pub(crate) fn fork(&mut self, c: Ref) -> bool {
        if self.left {
            return true;
        }
        if self.replayed < self.log.len() {
            let Event::Decided(b) = self.log[self.replayed] else { panic!("a handler is not deterministic") };
            self.replayed += 1;
            self.learn(c, b);
            return b;
        }
        let (yes, no) = (self.unit.add_block(), self.unit.add_block());
        self.unit.terminate(self.block, Terminator::Branch(c, yes, no));
        let mut other = self.log.clone();
        other.push(Event::Decided(false));
        self.pending.push((other, no));
        self.log.push(Event::Decided(true));
        self.replayed += 1;
        self.block = yes;
        self.learn(c, true);
        true
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
    pub(crate) fn end(&self) -> Next<'r> {
        if self.left { Next::Exit } else { self.next.clone() }
    }
    /// Leaves for the interpreter unless `c` is `expected`.
    pub(crate) fn guard(&mut self, c: Ref, expected: bool, reason: Reason) {
        if self.left {
            return;
        }
        assert!(!self.effect, "a guard follows an effect in {}", self.unit.name);
        if self.facts.outcome(c) == Some(expected) {
            return;
        }
        let state = self.frame_state();
        self.emit(Inst::Guard(c, expected, reason, state));
        self.learn(c, expected);
    }
    /// The state from before the instruction, marked in the code on this path.
    pub(crate) fn frame_state(&mut self) -> StateId {
        let state = match self.state {
            Some(s) => s,
            None => {
                let live = self.context.code.liveness().frame_in(self.position);
                let registers = live_registers(&self.before, live.iter());
                let s = self.add_state(Resume::Execute, registers);
                self.state = Some(s);
                s
            }
        };
        if !self.marked && !self.effect {
            self.marked = true;
            self.emit(Inst::State(state));
        }
        state
    }
    /// A state of the current context at the current position.
    pub(crate) fn add_state(&mut self, resume: Resume, registers: Vec<(u16, Ref)>) -> StateId {
        let c = &self.context;
        let registers = if self.mode == Mode::Baseline { Vec::new() } else { registers };
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
    /// The state of the current context while it waits for a call's result. `before`: the registers from before the
    /// instruction, which a handler of an exception that the callee raises sees, the destination's old value among them.
    pub(crate) fn waiting_state(&mut self, destination: u16, after: After, before: &[Option<Ref>]) -> StateId {
        let code = self.context.code;
        let liveness = code.liveness();
        let position = self.position;
        let (live, resume) = match after {
            After::Next => (liveness.frame_out(position), Resume::Result { register: destination }),
            After::Again => (liveness.frame_in(position), Resume::Again { register: destination }),
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
        self.before.clone_from(&self.context.registers);
        self.state = None;
        self.begin_run(Vec::new(), self.block);
    }
    /// Begins one run, with the log of its prefix.
    pub(crate) fn begin_run(&mut self, log: Vec<Event>, block: BlockId) {
        self.log = log;
        self.replayed = 0;
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
    /// The entries of a slot's inline cache: its own, and the further ones that are filled.
    pub(crate) fn entries(&self, slot: u32) -> Vec<Entry<'r>> {
        let own = Entry { slot: self.slot(slot), name: self.feedback_ref(slot) };
        let vector = self.runtime.vector_ref(own.slot.hidden);
        let further = own.slot.further().iter().enumerate().filter(|(_, slot)| slot.key != FeedbackSlot::NO_KEY);
        let further = further.map(|(i, slot)| Entry { slot, name: FeedbackRef { vector, slot: i as u32 } });
        std::iter::once(own).chain(further).collect()
    }
    /// A value that is known now.
    pub(crate) fn value(&mut self, v: Value) -> Ref {
        if v.is_int() {
            let x = self.emit(Inst::ConstInt(v.as_int()));
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

/// Pairs the registers of a set with what they hold.
pub(crate) fn live_registers(registers: &[Option<Ref>], live: impl Iterator<Item = u16>) -> Vec<(u16, Ref)> {
    live.filter_map(|r| Some((r, (*registers.get(usize::from(r))?)?))).collect()
}
