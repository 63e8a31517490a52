//! The operations: each emits its VIR instruction, folding what is known.

use crate::build::emitter::{Call, CodeValue, Emitter, Entry, Next};
use crate::build::knowledge::Kind;
use crate::build::{Build, Mode};
use vm_api::code::{Effects, StubInfo};
use vm_api::engine::{
    After, CodeIndex, Cond, FixedCallStub, FixedStub, FloatOp, HiddenId, IntOp, Language, Machine, R, Stop, Stub,
    WindowCallStub, WindowStub, bit,
};
use vm_api::heap::value::int_fits;
use vm_api::heap::{LayoutTable, ShapeIndex, Value};
use vm_api::vir::{Inst, Reason, Ref, StubCall, StubOperands};

/// Bits that say which kinds of operands a slot has seen.
const KINDS: u32 = bit::INT | bit::OTHER | bit::RECORDED;

/// What to do about an optional fast path.
enum Choice {
    /// The instruction was never executed.
    Unreached,
    Never,
    Always,
    Both,
}

/// A condition. It is emitted where it is asked for: many of the tests that a handler makes are on ways that feedback rules out.
#[derive(Clone, Copy)]
pub(crate) enum Condition {
    Known(bool),
    Value(Ref),
    /// What is to be emitted. It reads nothing that changes.
    Test(Inst),
}

impl Emitter<'_> {
    /// The outcome, if it is known here; else the condition's value.
    pub(crate) fn decided(&mut self, c: Condition) -> Result<bool, Ref> {
        let v = match c {
            Condition::Known(b) => return Ok(b),
            Condition::Value(v) => v,
            Condition::Test(inst) => self.emit_boxing(inst),
        };
        self.constant_bool(v).ok_or(v)
    }
}

/// The policy of [`Machine::spec`] in speculative mode.
fn choose(bits: u32, bit: u32) -> Choice {
    // Only small integers leave no trace.
    if bits == 0 && bit != bit::INT {
        return Choice::Unreached;
    }
    if bit == bit::CACHED {
        return match bits & (bit::CACHED | bit::POLYMORPHIC | bit::MEGAMORPHIC) {
            // Where the stub ran since without filling the cache, there are operands that it does not know.
            bit::CACHED if bits & bit::OTHER == 0 => Choice::Always,
            b if b & bit::CACHED != 0 && b & bit::MEGAMORPHIC == 0 => Choice::Both,
            _ => Choice::Never,
        };
    }
    let seen = match bits & KINDS {
        // What an inline cache knows is an object.
        seen if bits & bit::CACHED != 0 && seen & !(bit::INT | bit::OTHER) == 0 => seen | bit::OBJECT,
        0 => bit::INT,
        seen => seen,
    };
    match seen & bit != 0 {
        false => Choice::Never,
        true if seen & !bit == 0 => Choice::Always,
        true => Choice::Both,
    }
}

impl<'r, L: Language> Build<'r, L> {
    pub(crate) fn with<T>(&self, f: impl FnOnce(&mut Emitter<'r>) -> T) -> T {
        f(&mut self.state.borrow_mut())
    }
    fn speculates(&self) -> bool {
        self.with(|e| e.speculates)
    }
    #[inline(never)]
    fn emit(&self, inst: Inst) -> Ref {
        self.with(|e| e.emit_boxing(inst))
    }
    fn inst(&self, v: Ref) -> Inst {
        self.with(|e| e.unit.inst(v))
    }
    fn condition(&self, c: Condition) -> Ref {
        match c {
            Condition::Known(b) => self.emit(Inst::ConstBool(b)),
            Condition::Value(v) => v,
            Condition::Test(inst) => self.emit(inst),
        }
    }
    /// A test of one value's kind.
    pub(crate) fn kind_test(&self, v: Ref, kind: Kind, test: Inst) -> Condition {
        match self.with(|e| e.kind(v)) {
            None => Condition::Test(test),
            Some(Kind::Word) if kind == Kind::Int => self.int_fits(self.int(v)),
            Some(Kind::Word) if kind == Kind::Object => self.not(self.int_fits(self.int(v))),
            Some(k) => Condition::Known(k == kind),
        }
    }
    /// A test of two values' kind; `one` tests a single one.
    #[inline(never)]
    fn both_test(&self, v: Ref, w: Ref, kind: Kind, test: Inst, one: fn(Ref) -> Inst) -> Condition {
        let (k, l) = self.with(|e| (e.kind(v), e.kind(w)));
        if (k == Some(Kind::Word) || l == Some(Kind::Word)) && kind == Kind::Int {
            return self.both_fit(v, w, one);
        }
        match (k, l) {
            (Some(k), Some(l)) => Condition::Known(k == kind && l == kind),
            (Some(k), None) if k == kind => Condition::Test(one(w)),
            (None, Some(l)) if l == kind => Condition::Test(one(v)),
            (None, None) => Condition::Test(test),
            _ => Condition::Known(false),
        }
    }
    /// Leaves before the frame returns or is suspended, if it was observed where the unit could not be left.
    pub(crate) fn leave_if_observed(&self) {
        let looks = self.with(|e| e.context.runs_unseen && !e.has_effect());
        if looks {
            let valid = self.emit(Inst::StillValid());
            self.with(|e| e.guard(valid, true, Reason::Invalidated));
        }
    }
    /// Ends the handler with a call.
    fn call(&self, call: Call<'r>) -> R {
        self.with(|e| e.next = Next::Call(call));
        Ok(())
    }
    /// Where a fresh window's register 0 is, from the unit's own.
    fn fresh_window(&self) -> u32 {
        self.with(|e| e.context.offset + e.context.code.registers + 1)
    }
    /// A condition whose false side ends the handler with the pending exception.
    fn check(&self, ok: Ref) {
        self.with(|e| e.fork_or_raise(ok));
    }
    /// `destination`: of a call stub's result, for which the frame waits.
    #[inline(never)]
    fn stub_call(
        &self,
        stub: Stub,
        operands: StubOperands,
        immediate: i32,
        feedback: u32,
        destination: Option<u16>,
    ) -> R<Ref> {
        let info: &'static StubInfo = stub.info();
        let operands = match operands {
            StubOperands::Fixed(values) if self.options.mode == Mode::Speculative => {
                StubOperands::Fixed(self.with(|e| values.map(|v| e.boxed(v))))
            }
            operands => operands,
        };
        let v = self.with(|e| {
            // With registers in memory, a collection must know where the frame stands.
            let needed = info.effects.runs_language || e.mode == Mode::Baseline;
            let state = match destination {
                Some(register) => Some(e.waiting_for_stub(register)),
                None => needed.then(|| e.frame_state()),
            };
            e.context.runs_unseen |= info.effects.runs_language && destination.is_none();
            let stub = e.stub_id::<L>(stub);
            let feedback = e.feedback_ref(feedback);
            let call = e.unit.add_stub_call(StubCall { stub, operands, immediate, feedback, state });
            e.emit(Inst::Stub(call))
        });
        if info.effects.raises {
            let ok = self.emit(Inst::Ok(v));
            self.check(ok);
        }
        Ok(v)
    }
    /// Ends the handler with a call stub.
    fn finish_with_stub(&self, stub: Stub, operands: StubOperands, immediate: i32, dst: u16, feedback: u32) -> R {
        let info = stub.info();
        assert_eq!(info.effects, Effects::ANY, "{}: a call stub runs language code", info.name);
        let v = self.stub_call(stub, operands, immediate, feedback, Some(dst))?;
        self.set(dst, v);
        Ok(())
    }
    /// Registers as the operands of a stub.
    fn window(&self, base: u16, count: u16) -> StubOperands {
        match self.options.mode {
            Mode::Baseline => StubOperands::Registers { base, count },
            Mode::Speculative => {
                let values: Vec<Ref> = (0..count).map(|i| self.get(base + i)).collect();
                StubOperands::Window(self.with(|e| e.unit.list(&values)))
            }
        }
    }
}

impl<'r, L: Language> Machine for Build<'r, L> {
    type Val = Ref;
    type Int = Ref;
    type Flt = Ref;
    type Bool = Condition;
    type Ptr = Ref;
    type Code = CodeValue<'r>;
    type Entry = Entry<'r>;

    fn get(&self, r: u16) -> Ref {
        match self.options.mode {
            Mode::Baseline => self.with(|e| {
                e.known_register(r).unwrap_or_else(|| {
                    let v = e.emit(Inst::GetReg(r));
                    e.hold(r, v);
                    v
                })
            }),
            Mode::Speculative => self.with(|e| match e.context.registers[usize::from(r)] {
                Some(v) => v,
                None => panic!("{}: register {r} is read at {} without a value", e.context.code.code.name, e.position),
            }),
        }
    }
    fn set(&self, r: u16, v: Ref) {
        match self.options.mode {
            Mode::Baseline => self.with(|e| {
                e.emit(Inst::SetReg(r, v));
                e.hold(r, v);
            }),
            Mode::Speculative => self.with(|e| e.context.registers[usize::from(r)] = Some(v)),
        }
    }
    fn constant(&self, k: i32) -> Ref {
        // SAFETY: the verifier checked the index; constants live as long as the code.
        let v = self.with(|e| unsafe { *e.context.code.constants.add(k as usize) });
        self.with(|e| e.value(v))
    }
    fn function(&self) -> Ref {
        self.with(|e| e.context.function)
    }
    fn root(&self, i: u32) -> Ref {
        self.emit(Inst::Root(i))
    }
    fn set_root(&self, i: u32, v: Ref) {
        self.emit(Inst::SetRoot(i, v));
    }

    fn test(&self, c: Condition) -> bool {
        self.with(|e| match e.decided(c) {
            Ok(b) => b,
            Err(c) => e.fork(c),
        })
    }
    #[inline(never)]
    fn spec(&self, c: Condition, feedback: u32, bit: u32) -> bool {
        if let Condition::Known(b) = c {
            return b;
        }
        self.with(|e| {
            let choice = if e.speculates { choose(e.slot(feedback).bits, bit) } else { Choice::Both };
            match choice {
                Choice::Unreached if self.options.leave_unreached => {
                    e.exit();
                    false
                }
                Choice::Unreached | Choice::Never => false,
                Choice::Always => match e.decided(c) {
                    Ok(b) => b,
                    Err(c) => {
                        e.guard_untested(c, true, Reason::Speculation);
                        true
                    }
                },
                Choice::Both => match e.decided(c) {
                    Ok(b) => b,
                    Err(c) => {
                        let taken = e.fork(c);
                        if taken && e.mode == Mode::Baseline && bit::is_recorded(bit) {
                            let slot = e.feedback_ref(feedback);
                            e.emit(Inst::Record(slot, bit));
                        }
                        taken
                    }
                },
            }
        })
    }
    #[inline(never)]
    fn rare(&self, c: Condition, feedback: u32, bit: u32) -> bool {
        self.with(|e| {
            let c = match e.decided(c) {
                Ok(b) => return b,
                Err(c) => c,
            };
            if !e.speculates {
                let taken = e.fork(c);
                if taken {
                    let slot = e.feedback_ref(feedback);
                    e.emit(Inst::Record(slot, bit));
                }
                return taken;
            }
            if e.slot(feedback).bits & bit != 0 {
                return e.fork(c);
            }
            e.guard_untested(c, false, Reason::Rare);
            false
        })
    }
    #[inline(never)]
    fn expect(&self, x: Ref, feedback: u32) -> Ref {
        self.with(|e| {
            if e.constant_int(x).is_some() {
                return x;
            }
            let slot = e.feedback_ref(feedback);
            if !e.speculates {
                e.emit(Inst::RecordExpected(slot, x));
                return x;
            }
            let seen = e.slot(feedback);
            // It may have been another number the first time, before what it stands for was ready.
            if seen.bits & bit::CACHED == 0 || seen.count > 1 {
                return x;
            }
            let known = e.number(seen.key as i64);
            let same = e.emit(Inst::IntCmp(Cond::Eq, x, known));
            e.guard(same, true, Reason::Expected);
            known
        })
    }
    fn known(&self, x: Ref) -> Option<i64> {
        self.with(|e| e.constant_int(x))
    }
    fn meet(&self, place: u32) -> R {
        self.with(|e| e.meet(place, None)).map_or(Err(Stop), |_| Ok(()))
    }
    fn meet_with(&self, place: u32, x: Ref) -> R<Ref> {
        self.with(|e| e.meet(place, Some(x))).flatten().ok_or(Stop)
    }
    #[inline(never)]
    fn assume(&self, root: u32) {
        if !self.speculates() {
            return;
        }
        let now = self.runtime.thread.root(root);
        assert!(now.is_int(), "root {root} is no version");
        let v = self.emit(Inst::Root(root));
        let same = self.emit(Inst::IsWord(v, now.bits()));
        self.with(|e| e.guard(same, true, Reason::Invalidated));
    }

    fn jump(&self, d: i32) {
        self.with(|e| e.next = Next::Jump((e.position as i64 + 1 + i64::from(d)) as usize));
    }
    fn loop_back(&self, d: i32) -> R {
        let state = self.with(Emitter::frame_state);
        let ok = self.emit(Inst::Poll(state));
        self.check(ok);
        self.jump(d);
        Ok(())
    }
    fn ret(&self, v: Ref) -> R {
        if self.with(|e| e.is_ended_elsewhere() && !e.has_effect()) {
            self.with(|e| e.next = Next::End(e.frame_state()));
            return Ok(());
        }
        self.leave_if_observed();
        self.with(|e| e.next = Next::Return(v));
        Ok(())
    }
    fn raise(&self, exception: Ref) -> R {
        self.with(|e| e.next = Next::Raise(Some(exception)));
        Err(Stop)
    }
    fn invoke(&self, code: CodeValue<'r>, base: u16, arguments: u16, dst: u16, after: After) -> R {
        let baseline = self.options.mode == Mode::Baseline;
        let function = self.get(base);
        let values = if baseline { Vec::new() } else { (0..arguments).map(|i| self.get(base + 1 + i)).collect() };
        self.call(Call {
            code,
            function,
            arguments: values,
            in_place: if baseline { arguments } else { 0 },
            offset: self.with(|e| e.context.offset) + u32::from(base) + 1,
            feedback: std::ptr::null_mut(),
            destination: dst,
            after,
        })
    }
    fn invoke_with(&self, code: CodeValue<'r>, callee: Ref, arguments: &[Ref], dst: u16, after: After) -> R {
        self.call(Call {
            code,
            function: callee,
            arguments: arguments.to_vec(),
            in_place: 0,
            offset: self.fresh_window(),
            feedback: std::ptr::null_mut(),
            destination: dst,
            after,
        })
    }
    fn hidden(&self, id: HiddenId, arguments: &[Ref], dst: u16, feedback: u32, after: After) -> R {
        let function = self.word(Value::NONE.bits());
        let (slot, code) = self.with(|e| {
            let slot: *const _ = e.slot(feedback);
            // SAFETY: hidden ids come from the language's own list, which is installed whole.
            let code = unsafe { &**self.runtime.hidden_units.get().add(usize::from(id.0)) };
            (slot.cast_mut(), code)
        });
        // SAFETY: a live slot. Making its sub-vector changes nothing that this build has read.
        let vector = unsafe { self.runtime.hidden_feedback(slot, id) };
        self.call(Call {
            code: CodeValue::Known(code),
            function,
            arguments: arguments.to_vec(),
            in_place: 0,
            offset: self.fresh_window(),
            feedback: vector,
            destination: dst,
            after,
        })
    }

    fn code(&self, index: Ref) -> CodeValue<'r> {
        // What a slot recorded may be something else than a code, where other paths use it: then the path is never taken.
        let known = self.with(|e| e.constant_int(index)).and_then(|i| u32::try_from(i).ok());
        match known.and_then(|i| self.runtime.find_unit(CodeIndex(i))) {
            Some(unit) => CodeValue::Known(unit),
            None => CodeValue::Computed(index),
        }
    }
    fn simple_parameters(&self, code: CodeValue<'r>) -> Ref {
        match code {
            CodeValue::Known(unit) => self.int_const(i64::from(unit.simple_parameters)),
            CodeValue::Computed(index) => self.emit(Inst::SimpleParameters(index)),
        }
    }

    fn is_int(&self, v: Ref) -> Condition {
        self.kind_test(v, Kind::Int, Inst::IsInt(v))
    }
    fn both_int(&self, v: Ref, w: Ref) -> Condition {
        self.both_test(v, w, Kind::Int, Inst::BothInt(v, w), Inst::IsInt)
    }
    fn is_float(&self, v: Ref) -> Condition {
        self.kind_test(v, Kind::Float, Inst::IsFloat(v))
    }
    fn both_float(&self, v: Ref, w: Ref) -> Condition {
        self.both_test(v, w, Kind::Float, Inst::BothFloat(v, w), Inst::IsFloat)
    }
    fn is_object(&self, v: Ref) -> Condition {
        self.kind_test(v, Kind::Object, Inst::IsObject(v))
    }
    fn is_bool(&self, v: Ref) -> Condition {
        self.kind_test(v, Kind::Bool, Inst::IsBool(v))
    }
    #[inline(never)]
    fn same(&self, v: Ref, w: Ref) -> Condition {
        let (k, l, words) = self.with(|e| (e.kind(v), e.kind(w), (e.unit.inst(v), e.unit.inst(w))));
        match (k, l, words) {
            _ if v == w => Condition::Known(true),
            // Integers are the same if they are the same number.
            (Some(Kind::Word), Some(Kind::Word | Kind::Int), _) | (Some(Kind::Int), Some(Kind::Word), _) => {
                self.int_cmp(Cond::Eq, self.int(v), self.int(w))
            }
            (Some(Kind::Word), Some(Kind::Object), _) | (Some(Kind::Object), Some(Kind::Word), _) => {
                Condition::Test(Inst::Same(v, w))
            }
            (Some(k), Some(l), _) if k != l => Condition::Known(false),
            (_, _, (Inst::ConstWord(a), Inst::ConstWord(b))) => Condition::Known(a == b),
            _ => Condition::Test(Inst::Same(v, w)),
        }
    }
    #[inline(never)]
    fn is_word(&self, v: Ref, bits: u64) -> Condition {
        let (kind, inst) = self.with(|e| (e.kind(v), e.unit.inst(v)));
        match (kind, inst) {
            (_, Inst::ConstWord(b)) => Condition::Known(b == bits),
            (Some(Kind::Word), _) => match Value::from_bits(bits) {
                number if number.is_int() => self.int_cmp(Cond::Eq, self.int(v), self.int_const(number.as_int())),
                _ => Condition::Known(false),
            },
            (Some(k), _) if k != Kind::of(Value::from_bits(bits)) => Condition::Known(false),
            (Some(Kind::Int), Inst::TagInt(x)) if let Inst::ConstInt(i) = self.inst(x) => {
                Condition::Known(Value::int(i).bits() == bits)
            }
            _ => Condition::Test(Inst::IsWord(v, bits)),
        }
    }
    fn word(&self, bits: u64) -> Ref {
        self.with(|e| e.value(Value::from_bits(bits)))
    }
    fn int(&self, v: Ref) -> Ref {
        match self.inst(v) {
            Inst::TagInt(x) | Inst::TagWord(x) | Inst::BoxWord(x) => x,
            _ => self.emit(Inst::UntagInt(v)),
        }
    }
    fn float(&self, v: Ref) -> Ref {
        if let Inst::TagFloat(x) = self.inst(v) { x } else { self.emit(Inst::UntagFloat(v)) }
    }
    fn ptr(&self, v: Ref) -> Ref {
        self.emit(Inst::UntagPtr(v))
    }
    fn boolean(&self, v: Ref) -> Condition {
        Condition::Value(if let Inst::TagBool(x) = self.inst(v) { x } else { self.emit(Inst::UntagBool(v)) })
    }
    fn make_int(&self, i: Ref) -> Ref {
        self.emit(Inst::TagInt(i))
    }
    fn make_float(&self, f: Ref) -> Ref {
        self.emit(Inst::TagFloat(f))
    }
    fn make_bool(&self, b: Condition) -> Ref {
        self.emit(Inst::TagBool(self.condition(b)))
    }
    fn make_object(&self, p: Ref) -> Ref {
        self.emit(Inst::TagPtr(p))
    }

    fn int_const(&self, i: i64) -> Ref {
        self.with(|e| e.number(i))
    }
    fn float_const(&self, f: f64) -> Ref {
        self.emit(Inst::ConstFloat(f.into()))
    }
    fn bool_const(&self, b: bool) -> Condition {
        Condition::Known(b)
    }
    #[inline(never)]
    fn int_arith(&self, op: IntOp, x: Ref, y: Ref) -> (Ref, Condition) {
        if let (Inst::ConstInt(a), Inst::ConstInt(b)) = (self.inst(x), self.inst(y))
            && !op.overflows(a, b)
            && let Some(r) = op.apply(a, b)
        {
            return (self.int_const(r), Condition::Known(false));
        }
        let r = self.emit(Inst::IntArith(op, x, y));
        // Right behind it, where a backend takes both from one machine instruction.
        (r, Condition::Value(self.emit(Inst::Overflow(op, x, y, r))))
    }
    #[inline(never)]
    fn int_op(&self, op: IntOp, x: Ref, y: Ref) -> Ref {
        if let (Inst::ConstInt(a), Inst::ConstInt(b)) = (self.inst(x), self.inst(y))
            && let Some(r) = op.apply(a, b)
        {
            return self.int_const(r);
        }
        self.emit(Inst::IntOp(op, x, y))
    }
    #[inline(never)]
    fn int_cmp(&self, c: Cond, x: Ref, y: Ref) -> Condition {
        if let (Inst::ConstInt(a), Inst::ConstInt(b)) = (self.inst(x), self.inst(y)) {
            return Condition::Known(c.apply_int(a, b));
        }
        // Inline caches hold shapes or other numbers (versions) in one place: what is above all shapes is none.
        if let (Cond::Eq, Inst::Shape(_), Inst::ConstInt(k)) = (c, self.inst(x), self.inst(y))
            && k >= LayoutTable::CAPACITY as i64
        {
            return Condition::Known(false);
        }
        Condition::Test(Inst::IntCmp(c, x, y))
    }
    fn int_fits(&self, x: Ref) -> Condition {
        match self.inst(x) {
            Inst::ConstInt(a) => Condition::Known(int_fits(a)),
            _ => Condition::Test(Inst::IntFits(x)),
        }
    }
    fn float_op(&self, op: FloatOp, x: Ref, y: Ref) -> Ref {
        let y = if op.is_unary() { x } else { y };
        self.emit(Inst::FloatOp(op, x, y))
    }
    fn float_cmp(&self, c: Cond, x: Ref, y: Ref) -> Condition {
        Condition::Test(Inst::FloatCmp(c, x, y))
    }
    fn int_to_float(&self, x: Ref) -> Ref {
        self.emit(Inst::IntToFloat(x))
    }
    fn float_to_int(&self, x: Ref) -> Ref {
        self.emit(Inst::FloatToInt(x))
    }
    fn not(&self, b: Condition) -> Condition {
        let x = match b {
            Condition::Known(b) => return Condition::Known(!b),
            c => self.condition(c),
        };
        if let Inst::Not(y) = self.inst(x) { Condition::Value(y) } else { Condition::Test(Inst::Not(x)) }
    }
    fn bool_to_int(&self, b: Condition) -> Ref {
        match b {
            Condition::Known(b) => self.int_const(i64::from(b)),
            c => self.emit(Inst::BoolToInt(self.condition(c))),
        }
    }

    fn takes_words(&self, feedback: u32, wide: u32, other: u32) -> bool {
        let is_asked = self.options.mode == Mode::Speculative && L::WORDS.is_some();
        is_asked && self.with(|e| e.slot(feedback).bits & (wide | other)) == wide
    }
    fn known_word(&self, v: Ref) -> Option<Ref> {
        matches!(self.with(|e| e.kind(v)), Some(Kind::Int | Kind::Word)).then(|| self.int(v))
    }
    fn word_of(&self, v: Ref, place: u32) -> R<Ref> {
        let (None, Some(layout)) = (self.known_word(v), L::WORDS) else { return Ok(self.int(v)) };
        let x = if self.test(self.is_int(v)) { self.int(v) } else { self.large_word(layout, v) };
        self.meet_with(place, x)
    }
    fn word_arith(&self, op: IntOp, x: Ref, y: Ref) -> (Ref, Condition) {
        if let (Inst::ConstInt(a), Inst::ConstInt(b)) = (self.inst(x), self.inst(y))
            && !op.leaves_words(a, b)
            && let Some(r) = op.apply(a, b)
        {
            return (self.int_const(r), Condition::Known(false));
        }
        let r = self.emit(Inst::WordArith(op, x, y));
        (r, Condition::Value(self.emit(Inst::WordOverflow(op, x, y, r))))
    }
    fn make_word(&self, x: Ref) -> Ref {
        match self.inst(x) {
            Inst::ConstInt(i) if int_fits(i) => self.make_int(x),
            _ => self.emit(Inst::TagWord(x)),
        }
    }

    fn shape(&self, p: Ref) -> Ref {
        let known = self.with(|e| match e.unit.inst(p) {
            Inst::Alloc(shape, _) if L::keeps_shape(shape) => Some(i64::from(shape.0)),
            Inst::UntagPtr(v) => e.facts.shape(v).or_else(|| e.constant_shape::<L>(v)),
            _ => None,
        });
        known.map_or_else(|| self.emit(Inst::Shape(p)), |shape| self.int_const(shape))
    }
    fn load_word(&self, p: Ref, offset: u32) -> Ref {
        self.with(|e| {
            let owner = if e.mode == Mode::Speculative { e.owner(p, offset) } else { None };
            if let Some(x) = owner.and_then(|v| e.facts.word(v, offset)) {
                return x;
            }
            let x = e.emit(Inst::LoadWord(p, offset));
            if let Some(v) = owner {
                e.facts.set_word(v, offset, x);
            }
            x
        })
    }
    fn load(&self, p: Ref, offset: u32) -> Ref {
        self.emit(Inst::Load(p, offset))
    }
    fn load_at(&self, p: Ref, offset: Ref) -> Ref {
        match self.inst(offset) {
            Inst::ConstInt(o) if (0..1 << 31).contains(&o) => self.load(p, o as u32),
            _ => self.emit(Inst::LoadAt(p, offset)),
        }
    }
    fn load_u8(&self, p: Ref, offset: Ref) -> Ref {
        self.emit(Inst::LoadU8(p, offset))
    }
    fn load_u16(&self, p: Ref, offset: Ref) -> Ref {
        self.emit(Inst::LoadU16(p, offset))
    }
    fn load_u32(&self, p: Ref, offset: Ref) -> Ref {
        self.emit(Inst::LoadU32(p, offset))
    }
    fn load_float(&self, p: Ref, offset: Ref) -> Ref {
        self.emit(Inst::LoadFloat(p, offset))
    }
    fn load_element(&self, array: Ref, i: Ref) -> Ref {
        self.emit(Inst::LoadElement(array, i))
    }
    fn store_word(&self, p: Ref, offset: u32, x: Ref) {
        self.with(|e| {
            e.emit(Inst::StoreWord(p, offset, x));
            if e.mode == Mode::Speculative
                && let Some(v) = e.owner(p, offset)
            {
                e.facts.set_word(v, offset, x);
            }
        });
    }
    fn store(&self, p: Ref, offset: u32, v: Ref) {
        self.emit(Inst::Store(p, offset, v));
    }
    fn store_at(&self, p: Ref, offset: Ref, v: Ref) {
        match self.inst(offset) {
            Inst::ConstInt(o) if (0..1 << 31).contains(&o) => self.store(p, o as u32, v),
            _ => {
                self.emit(Inst::StoreAt(p, offset, v));
            }
        }
    }
    fn store_float(&self, p: Ref, offset: Ref, x: Ref) {
        self.emit(Inst::StoreFloat(p, offset, x));
    }
    fn store_element(&self, array: Ref, i: Ref, v: Ref) {
        self.emit(Inst::StoreElement(array, i, v));
    }
    fn set_shape(&self, p: Ref, shape: Ref) {
        self.emit(Inst::SetShape(p, shape));
    }
    fn alloc(&self, shape: ShapeIndex, words: u32) -> R<Ref> {
        if self.options.mode == Mode::Baseline {
            self.with(Emitter::frame_state);
        }
        let p = self.emit(Inst::Alloc(shape, words));
        let ok = self.emit(Inst::Allocated(p));
        self.check(ok);
        Ok(p)
    }
    fn init(&self, p: Ref, offset: u32, v: Ref) {
        self.emit(Inst::Init(p, offset, v));
    }
    fn init_word(&self, p: Ref, offset: u32, x: Ref) {
        self.emit(Inst::InitWord(p, offset, x));
    }

    fn cached_shape(&self, feedback: u32) -> Ref {
        self.with(|e| match e.speculates {
            false => {
                let slot = e.feedback_ref(feedback);
                e.emit(Inst::SlotShape(slot))
            }
            true => {
                let shape = e.slot(feedback).key >> 32;
                e.number(shape as i64)
            }
        })
    }
    fn cached_payload(&self, feedback: u32) -> Ref {
        self.with(|e| match e.speculates {
            false => {
                let slot = e.feedback_ref(feedback);
                e.emit(Inst::SlotPayload(slot))
            }
            true => {
                let payload = e.slot(feedback).key as u32;
                e.number(i64::from(payload))
            }
        })
    }
    fn cached_value(&self, feedback: u32) -> Ref {
        self.with(|e| match e.speculates {
            false => {
                let slot = e.feedback_ref(feedback);
                e.emit(Inst::SlotValue(slot))
            }
            true => {
                let v = e.slot(feedback).value;
                if let Some(o) = vm_api::heap::Object::from_value(v) {
                    self.runtime.heap().weak_read(o);
                }
                e.value(v)
            }
        })
    }

    #[inline(never)]
    fn cached(&self, shape: Ref, feedback: u32) -> Option<Entry<'r>> {
        let (entries, bits) = self.with(|e| (e.entries(feedback), e.slot(feedback).bits));
        if !self.speculates() {
            let read = self.with(|e| e.find(shape, &entries));
            return read.map(|read| Entry { read: Some(read), ..entries[0] });
        }
        let is = |entry: &Entry<'_>| self.int_cmp(Cond::Eq, shape, self.int_const((entry.slot.key >> 32) as i64));
        match entries[..] {
            _ if bits & bit::CACHED == 0 => None,
            [only] if bits & bit::MEGAMORPHIC == 0 => self.spec(is(&only), feedback, bit::CACHED).then_some(only),
            _ => entries.into_iter().find(|entry| self.test(is(entry))),
        }
    }
    fn entry_payload(&self, entry: Entry<'r>) -> Ref {
        match entry.read {
            Some((payload, _)) => payload,
            None => self.int_const(i64::from(entry.slot.key as u32)),
        }
    }
    fn entry_value(&self, entry: Entry<'r>) -> Ref {
        if let Some((_, value)) = entry.read {
            return value;
        }
        if let Some(o) = vm_api::heap::Object::from_value(entry.slot.value) {
            self.runtime.heap().weak_read(o);
        }
        self.with(|e| e.value(entry.slot.value))
    }

    fn stub(&self, s: &'static FixedStub, arguments: [Ref; 3], immediate: i32, feedback: u32) -> R<Ref> {
        self.stub_call(Stub::Fixed(s), StubOperands::Fixed(arguments), immediate, feedback, None)
    }
    fn stub_window(&self, s: &'static WindowStub, base: u16, count: u16, immediate: i32, feedback: u32) -> R<Ref> {
        self.stub_call(Stub::Window(s), self.window(base, count), immediate, feedback, None)
    }
    fn call_stub(
        &self,
        s: &'static WindowCallStub,
        base: u16,
        count: u16,
        immediate: i32,
        dst: u16,
        feedback: u32,
    ) -> R {
        self.finish_with_stub(Stub::WindowCall(s), self.window(base, count), immediate, dst, feedback)
    }
    fn call_stub_fixed(
        &self,
        s: &'static FixedCallStub,
        arguments: [Ref; 3],
        immediate: i32,
        dst: u16,
        feedback: u32,
    ) -> R {
        self.finish_with_stub(Stub::FixedCall(s), StubOperands::Fixed(arguments), immediate, dst, feedback)
    }
    fn suspend(&self, suspension: u32, v: Ref) -> R {
        self.suspend_with(suspension, v)
    }
    fn resume(
        &self,
        _: &'static FixedCallStub,
        code: CodeValue<'r>,
        suspended: Ref,
        sent: Ref,
        dst: u16,
        _feedback: u32,
    ) -> R {
        self.invoke_with(code, suspended, &[sent], dst, After::Next)
    }
}
