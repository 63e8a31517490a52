//! The evaluator's loop.

use super::environment::{Arguments, Environment, Leave, Site, Store, Width};
use super::program::{Kind, Program};
use super::{Outcome, Trap};
use crate::arithmetic::truncate;
use crate::entity::{BlockId, CodeRef, InvokeId, Reason, Ref, StateId, StubCallId, Type};
use crate::inst::Inst;
use crate::unit::{Callee, List, Resume, StubOperands, Terminator, Unit};
use crate::verify::Problems;
use vm_heap::{Layout, Object, ShapeIndex, Value};

/// Runs a program from its entry. `arguments` are the values of the entry's parameters.
pub fn evaluate<E: Environment + ?Sized>(
    program: &Program,
    arguments: &[Value],
    environment: &mut E,
) -> Result<Outcome, Trap> {
    evaluate_from(program, arguments.iter().copied(), environment)
}

/// The same for arguments that stand nowhere but in roots of the caller's: they go from there to slots, one by one.
pub fn evaluate_from<E: Environment + ?Sized>(
    program: &Program,
    arguments: impl ExactSizeIterator<Item = Value>,
    environment: &mut E,
) -> Result<Outcome, Trap> {
    let entry = &program.unit().block(BlockId(0)).params;
    if arguments.len() != entry.len() {
        return Err(Trap::ArgumentCount);
    }
    let base = environment.enter(program.all_slots())?;
    let raw = program.raws().to_vec();
    let mut run = Run { program, unit: program.unit(), environment, base, raw, scratch: Vec::new() };
    for (v, argument) in entry.iter().zip(arguments) {
        run.set_tagged(*v, argument);
    }
    let outcome = run.blocks();
    run.environment.leave(base);
    outcome
}

/// Verifies a unit and runs it.
pub fn evaluate_verified<E: Environment + ?Sized>(
    unit: &Unit,
    arguments: &[Value],
    environment: &mut E,
) -> Result<Result<Outcome, Trap>, Problems> {
    Ok(evaluate(&Program::new(unit.clone())?, arguments, environment))
}

struct Run<'a, E: ?Sized> {
    program: &'a Program,
    unit: &'a Unit,
    environment: &'a mut E,
    base: usize,
    raw: Vec<u64>,
    /// What a jump passes; empty between jumps.
    scratch: Vec<u64>,
}

/// Whether an instruction was the last.
type Step = Result<Option<Outcome>, Trap>;

impl<E: Environment + ?Sized> Run<'_, E> {
    // ---- values

    fn tagged(&self, v: Ref) -> Value {
        self.environment.slot(self.base + self.program.place(v).index as usize)
    }
    fn set_tagged(&mut self, v: Ref, value: Value) {
        self.environment.set_slot(self.base + self.program.place(v).index as usize, value);
    }
    fn raw(&self, v: Ref) -> u64 {
        self.raw[self.program.place(v).index as usize]
    }
    fn set_raw(&mut self, v: Ref, bits: u64) {
        self.raw[self.program.place(v).index as usize] = bits;
    }
    fn int(&self, v: Ref) -> i64 {
        self.raw(v) as i64
    }
    fn float(&self, v: Ref) -> f64 {
        f64::from_bits(self.raw(v))
    }
    fn bool(&self, v: Ref) -> bool {
        self.raw(v) != 0
    }

    // ---- control

    fn blocks(&mut self) -> Result<Outcome, Trap> {
        let unit = self.unit;
        let mut at = BlockId(0);
        loop {
            let (block, program) = (unit.block(at), self.program);
            let insts = program.insts(at);
            self.environment.charge(insts.len() as u64 + 1)?;
            for v in insts {
                if let Some(outcome) = self.inst(*v)? {
                    return Ok(outcome);
                }
            }
            at = match block.terminator {
                Terminator::Jump(target, list) => {
                    self.pass(list, target);
                    target
                }
                Terminator::Branch(c, yes, no) => {
                    if self.bool(c) {
                        yes
                    } else {
                        no
                    }
                }
                Terminator::Return(v) => {
                    let v = self.tagged(v);
                    return Ok(if v.is_empty() { Outcome::Exception } else { Outcome::Return(v) });
                }
                Terminator::Fail => return Ok(Outcome::Exception),
                Terminator::Exit(state, reason) => return self.leave(state, reason, None),
                Terminator::None | Terminator::Unreachable => return Err(Trap::Unreachable(at)),
            };
        }
    }
    /// Gives a block's parameters their values, all at once.
    fn pass(&mut self, list: List, target: BlockId) {
        let unit = self.unit;
        let params = &unit.block(target).params;
        let mut given = std::mem::take(&mut self.scratch);
        given.extend(unit.operands(list).iter().map(|v| self.bits(*v)));
        for (v, bits) in params.iter().zip(given.drain(..)) {
            self.set_bits(*v, bits);
        }
        self.scratch = given;
    }
    /// A value of any type. Nothing may collect before it is set again.
    fn bits(&self, v: Ref) -> u64 {
        if self.program.place(v).kind == Kind::Slot { self.tagged(v).bits() } else { self.raw(v) }
    }
    fn set_bits(&mut self, v: Ref, bits: u64) {
        match self.unit.ty(v) {
            Type::Tagged => self.set_tagged(v, Value::from_bits(bits)),
            Type::Void => {}
            _ => self.set_raw(v, bits),
        }
    }
    /// Boxes the words that a frame state names, so that its frames can be read. `result` lives across that. May collect.
    fn box_words(&mut self, state: StateId, result: &mut Option<Value>) -> Result<(), Trap> {
        let unit = self.unit;
        for (id, _) in unit.frames(state) {
            for (_, v) in unit.registers_of(id) {
                let Inst::TagWord(x) = unit.inst(*v) else { continue };
                let kept = result.map(|value| self.place_value(value));
                let boxed = self.environment.box_word(self.int(x))?;
                self.set_tagged(*v, boxed);
                if let Some(kept) = kept {
                    *result = Some(self.environment.slot(kept));
                    self.environment.set_slot(kept, Value::EMPTY);
                }
            }
        }
        Ok(())
    }
    fn leave(&mut self, state: StateId, reason: Reason, mut result: Option<Value>) -> Result<Outcome, Trap> {
        self.box_words(state, &mut result)?;
        let site = Site { program: self.program, base: self.base, raw: &self.raw, state: Some(state) };
        self.environment.leave_for(&site, Leave { state, reason, result })
    }

    // ---- safepoints

    /// Empties the slots of values that do not live across `v`.
    fn safepoint(&mut self, v: Ref) {
        if let Some(live) = self.program.live_across(v) {
            for i in (0..self.program.slots()).filter(|i| !live.contains(*i)) {
                self.environment.set_slot(self.base + i, Value::EMPTY);
            }
        }
    }
    /// Puts arguments where calls find them.
    fn place_arguments(&mut self, refs: &[Ref]) -> Arguments {
        let first = self.base + self.program.slots();
        for (i, v) in refs.iter().enumerate() {
            let value = self.tagged(*v);
            self.environment.set_slot(first + i, value);
        }
        Arguments::Slots { first, count: refs.len() }
    }
    /// Puts a value where arguments of calls stand.
    fn place_value(&mut self, value: Value) -> usize {
        let slot = self.base + self.program.slots();
        self.environment.set_slot(slot, value);
        slot
    }
    fn forget_arguments(&mut self, arguments: Arguments) {
        if let Arguments::Slots { first, count } = arguments {
            (first..first + count).for_each(|i| self.environment.set_slot(i, Value::EMPTY));
        }
    }
    fn stub(&mut self, v: Ref, call: StubCallId) -> Result<Value, Trap> {
        let unit = self.unit;
        let call = &unit.stub_calls[call.index()];
        if let Some(state) = call.state {
            self.box_words(state, &mut None)?;
        }
        let arguments = match &call.operands {
            StubOperands::Fixed(refs) => self.place_arguments(refs),
            StubOperands::Window(list) => self.place_arguments(unit.operands(*list)),
            StubOperands::Registers { base, count } => {
                Arguments::Registers { base: (*base).into(), count: (*count).into() }
            }
        };
        self.safepoint(v);
        let site = Site { program: self.program, base: self.base, raw: &self.raw, state: call.state };
        let result = self.environment.stub(&site, call, arguments)?;
        self.forget_arguments(arguments);
        Ok(result)
    }
    fn invoke(&mut self, v: Ref, call: InvokeId) -> Step {
        let unit = self.unit;
        let invoke = &unit.invokes[call.index()];
        self.box_words(invoke.state, &mut None)?;
        let code = match invoke.callee {
            Callee::Known(code) => code,
            Callee::Computed(x) => CodeRef(u32::try_from(self.int(x)).map_err(|_| Trap::Range(x))?),
        };
        let arguments = match invoke.in_place {
            0 => self.place_arguments(unit.operands(invoke.arguments)),
            n => Arguments::Registers { base: invoke.offset, count: n.into() },
        };
        let function = self.tagged(invoke.function);
        self.safepoint(v);
        let site = Site { program: self.program, base: self.base, raw: &self.raw, state: Some(invoke.state) };
        let result = self.environment.invoke(&site, invoke, code, function, arguments)?;
        self.forget_arguments(arguments);
        if !self.environment.still_valid() {
            return self.leave(invoke.state, Reason::Invalidated, Some(result)).map(Some);
        }
        self.set_tagged(v, result);
        Ok(None)
    }

    // ---- instructions

    fn inst(&mut self, v: Ref) -> Step {
        match self.unit.inst(v) {
            Inst::Param(_) => {}
            Inst::State(state) => self.environment.pass_state(self.unit.state(state)),
            Inst::ConstInt(x) => self.set_raw(v, x as u64),
            Inst::ConstFloat(x) => self.set_raw(v, x.0),
            Inst::ConstBool(x) => self.set_raw(v, x.into()),
            Inst::ConstWord(bits) => self.set_tagged(v, Value::from_bits(bits)),
            Inst::Cell(cell) => {
                let value = self.environment.cell(cell)?;
                self.set_tagged(v, value);
            }
            Inst::Root(i) => {
                let value = self.environment.root(i)?;
                self.set_tagged(v, value);
            }
            Inst::SetRoot(i, x) => {
                let value = self.tagged(x);
                self.environment.set_root(i, value)?;
            }
            Inst::Function() => {
                let value = self.environment.function();
                self.set_tagged(v, value);
            }
            Inst::GetReg(r) => {
                let value = self.environment.register(r);
                self.set_tagged(v, value);
            }
            Inst::SetReg(r, x) => {
                let value = self.tagged(x);
                self.environment.set_register(r, value);
            }
            Inst::Guard(c, expected, reason, state) => {
                if self.bool(c) != expected || self.environment.force_exit() {
                    return self.leave(state, reason, None).map(Some);
                }
            }
            Inst::Count(state) => {
                if self.environment.count_down() {
                    return self.leave(state, Reason::Hot, None).map(Some);
                }
            }
            Inst::StillValid() => self.set_raw(v, self.environment.still_valid().into()),
            Inst::TagWord(_) => {}
            Inst::BoxWord(x) => {
                self.safepoint(v);
                let boxed = self.environment.box_word(self.int(x))?;
                self.set_tagged(v, boxed);
            }
            Inst::Poll(state) => {
                self.safepoint(v);
                self.box_words(state, &mut None)?;
                let site = Site { program: self.program, base: self.base, raw: &self.raw, state: Some(state) };
                let ok = self.environment.poll(&site)?;
                if ok && !self.environment.still_valid() {
                    return self.leave(state, Reason::Invalidated, None).map(Some);
                }
                self.set_raw(v, ok.into());
            }
            Inst::Stub(call) => {
                let result = self.stub(v, call)?;
                // Only where a frame waits for the result can it be gone on with.
                let waiting = self.unit.stub_calls[call.index()].state;
                if let Some(state) = waiting.filter(|s| self.unit.state(*s).resume != Resume::Execute)
                    && !self.environment.still_valid()
                {
                    return self.leave(state, Reason::Invalidated, Some(result)).map(Some);
                }
                self.set_tagged(v, result);
            }
            Inst::Invoke(call) => return self.invoke(v, call),
            Inst::SimpleParameters(x) => {
                let code = CodeRef(u32::try_from(self.int(x)).map_err(|_| Trap::Range(x))?);
                let count = self.environment.simple_parameters(code)?;
                self.set_raw(v, count as u64);
            }
            Inst::PendingException() => {
                let e = self.environment.exception();
                self.set_tagged(v, e);
            }
            Inst::TakeException() => {
                let e = self.environment.exception();
                self.environment.set_exception(Value::EMPTY);
                self.set_tagged(v, e);
            }
            Inst::Raise(x) => {
                let e = self.tagged(x);
                self.environment.set_exception(e);
            }
            Inst::Trace(state) => {
                self.safepoint(v);
                self.box_words(state, &mut None)?;
                let site = Site { program: self.program, base: self.base, raw: &self.raw, state: Some(state) };
                let kept = self.environment.trace(&site, state)?;
                self.set_tagged(v, kept);
            }
            inst => match self.memory(v, &inst) {
                Some(done) => done?,
                None => self.pure(v, &inst)?,
            },
        }
        Ok(None)
    }

    /// Loads, stores, allocation, feedback; `None` if it is something else.
    fn memory(&mut self, v: Ref, inst: &Inst) -> Option<Result<(), Trap>> {
        let element = |i: i64| i.checked_add(Layout::FIRST_ELEMENT as i64).and_then(|i| i.checked_mul(8));
        Some(match *inst {
            Inst::Shape(p) => self.load(v, p, 0, Width::U32),
            Inst::LoadWord(p, at) | Inst::Load(p, at) => self.load(v, p, at.into(), Width::Word),
            Inst::LoadAt(p, at) => self.load(v, p, self.int(at), Width::Word),
            Inst::LoadU8(p, at) => self.load(v, p, self.int(at), Width::U8),
            Inst::LoadU16(p, at) => self.load(v, p, self.int(at), Width::U16),
            Inst::LoadU32(p, at) => self.load(v, p, self.int(at), Width::U32),
            Inst::LoadFloat(p, at) => self.load(v, p, self.int(at), Width::Word),
            Inst::LoadElement(p, i) => match element(self.int(i)) {
                Some(at) => self.load(v, p, at, Width::Word),
                None => Err(Trap::Range(i)),
            },
            Inst::StoreWord(p, at, x) => self.store(p, at.into(), self.raw(x), Store::Word),
            Inst::InitWord(p, at, x) => self.store(p, at.into(), self.raw(x), Store::Fresh),
            Inst::Store(p, at, x) => self.store(p, at.into(), self.tagged(x).bits(), Store::Value),
            Inst::StoreAt(p, at, x) => self.store(p, self.int(at), self.tagged(x).bits(), Store::Value),
            Inst::StoreFloat(p, at, x) => self.store(p, self.int(at), self.float(x).to_bits(), Store::Word),
            Inst::Init(p, at, x) => self.store(p, at.into(), self.tagged(x).bits(), Store::Fresh),
            Inst::StoreElement(p, i, x) => match element(self.int(i)) {
                Some(at) => self.store(p, at, self.tagged(x).bits(), Store::Element),
                None => Err(Trap::Range(i)),
            },
            Inst::SetShape(p, x) => match u32::try_from(self.int(x)) {
                Ok(shape) => self.environment.set_shape(self.raw(p), ShapeIndex(shape)),
                Err(_) => Err(Trap::Range(x)),
            },
            Inst::Alloc(shape, words) => {
                self.safepoint(v);
                self.environment.alloc(shape, words).map(|p| self.set_raw(v, p))
            }
            Inst::SlotShape(slot) => self.environment.feedback_key(slot).map(|key| self.set_raw(v, key >> 32)),
            Inst::SlotPayload(slot) => {
                self.environment.feedback_key(slot).map(|key| self.set_raw(v, key & 0xFFFF_FFFF))
            }
            Inst::SlotValue(slot) => self.environment.feedback_value(slot).map(|value| self.set_tagged(v, value)),
            Inst::Record(slot, bits) => self.environment.record(slot, bits),
            Inst::RecordExpected(slot, x) => self.environment.record_expected(slot, self.int(x)),
            _ => return None,
        })
    }
    fn load(&mut self, v: Ref, p: Ref, offset: i64, width: Width) -> Result<(), Trap> {
        let bits = self.environment.load(self.raw(p), offset, width)?;
        self.set_bits(v, bits);
        Ok(())
    }
    fn store(&mut self, p: Ref, offset: i64, bits: u64, how: Store) -> Result<(), Trap> {
        self.environment.store(self.raw(p), offset, bits, how)
    }

    /// What depends on operands alone.
    fn pure(&mut self, v: Ref, inst: &Inst) -> Result<(), Trap> {
        let bits: u64 = match *inst {
            Inst::IsInt(x) => self.tagged(x).is_int().into(),
            Inst::BothInt(x, y) => self.tagged(x).both_int(self.tagged(y)).into(),
            Inst::IsFloat(x) => self.tagged(x).is_float().into(),
            Inst::BothFloat(x, y) => (self.tagged(x).is_float() && self.tagged(y).is_float()).into(),
            Inst::IsObject(x) => self.tagged(x).is_object().into(),
            Inst::IsBool(x) => self.tagged(x).is_bool().into(),
            Inst::Same(x, y) => (self.tagged(x) == self.tagged(y)).into(),
            Inst::IsWord(x, bits) => (self.tagged(x).bits() == bits).into(),
            Inst::Ok(x) => (!self.tagged(x).is_empty()).into(),
            Inst::UntagInt(x) => self.with_tag(x, Value::is_int)?.as_int() as u64,
            Inst::UntagFloat(x) => self.with_tag(x, Value::is_float)?.as_float().to_bits(),
            Inst::UntagPtr(x) => self.with_tag(x, Value::is_object)?.bits(),
            Inst::UntagBool(x) => self.with_tag(x, Value::is_bool)?.as_bool().into(),
            Inst::TagInt(x) => Value::try_int(self.int(x)).ok_or(Trap::Range(x))?.bits(),
            Inst::TagFloat(x) => Value::float(self.float(x)).bits(),
            Inst::TagBool(x) => Value::bool(self.bool(x)).bits(),
            Inst::TagPtr(p) => self.address(p)?,
            Inst::IntArith(op, x, y) | Inst::IntOp(op, x, y) => {
                op.apply(self.int(x), self.int(y)).ok_or(Trap::Range(y))? as u64
            }
            Inst::WordArith(op, x, y) => op.apply(self.int(x), self.int(y)).ok_or(Trap::Range(y))? as u64,
            Inst::WordOverflow(op, x, y, _) => op.leaves_words(self.int(x), self.int(y)).into(),
            Inst::Overflow(op, x, y, _) => op.overflows(self.int(x), self.int(y)).into(),
            Inst::IntCmp(c, x, y) => c.apply_int(self.int(x), self.int(y)).into(),
            Inst::IntFits(x) => Value::try_int(self.int(x)).is_some().into(),
            Inst::FloatOp(op, x, y) => op.apply(self.float(x), self.float(y)).to_bits(),
            Inst::FloatCmp(c, x, y) => c.apply_float(self.float(x), self.float(y)).into(),
            Inst::IntToFloat(x) => (self.int(x) as f64).to_bits(),
            Inst::FloatToInt(x) => {
                let f = self.float(x);
                if f.abs() > 4_611_686_018_427_387_904.0 || f.is_nan() {
                    return Err(Trap::Range(x));
                }
                truncate(f) as u64
            }
            Inst::Not(x) => (!self.bool(x)).into(),
            Inst::BoolToInt(x) => self.bool(x).into(),
            Inst::Allocated(p) => (self.raw(p) != 0).into(),
            _ => return Err(Trap::Refused("an instruction that the evaluator does not know")),
        };
        self.set_bits(v, bits);
        Ok(())
    }
    fn with_tag(&self, x: Ref, good: impl Fn(Value) -> bool) -> Result<Value, Trap> {
        let value = self.tagged(x);
        if good(value) { Ok(value) } else { Err(Trap::Tag(x)) }
    }
    fn address(&self, p: Ref) -> Result<u64, Trap> {
        let bits = self.raw(p);
        Object::from_value(Value::from_bits(bits)).map(Object::address).ok_or(Trap::Memory(bits))
    }
}
