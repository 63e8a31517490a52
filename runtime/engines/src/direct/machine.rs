//! The operations of [`Machine`], executed.

use super::slow::{
    cold_fixed, cold_fixed_call, cold_window, cold_window_call, offer_back_edge, out_of_memory, overflow, pass_on,
    poll_or_stop, record_expectation, resume, suspend,
};
use super::{Direct, Entry, count_down, layout};
use runtime_core::{CodeUnit, Frame, FrameKind};
use vm_api::engine::{
    After, Cond, FixedCallStub, FixedStub, FloatOp, HiddenId, IntOp, Language, Machine, R, Stop, WindowCallStub,
    WindowStub, bit,
};
use vm_api::heap::value::{INT_SHIFT, int_fits};
use vm_api::heap::{Object, ShapeIndex, Value};
use vm_api::vir::floor_divide;

/// Forces inlining of everything in the machine; see the module header.
macro_rules! inlined {
    ($($item:item)*) => { $( #[inline(always)] $item )* };
}

impl<'r, L: Language> Machine for Direct<'r, L> {
    type Val = Value;
    type Int = i64;
    type Flt = f64;
    type Bool = bool;
    type Ptr = Object;
    type Code = &'r CodeUnit;
    type Entry = Entry;

    inlined! {
    fn get(&self, r: u16) -> Value {
        // SAFETY: `register`.
        unsafe { *self.register(r) }
    }
    fn set(&self, r: u16, v: Value) {
        // SAFETY: `register`.
        unsafe { *self.register(r) = v }
    }
    fn constant(&self, k: i32) -> Value {
        // SAFETY: the verifier checked that the index is within the constants.
        unsafe { *(*self.unit()).constants.add(k as usize) }
    }
    fn function(&self) -> Value {
        // SAFETY: the word before register 0 holds the callee.
        unsafe { *self.registers.get().sub(1) }
    }
    fn root(&self, i: u32) -> Value {
        self.runtime().thread.root(i)
    }
    fn set_root(&self, i: u32, v: Value) {
        self.runtime().thread.set_root(i, v);
    }
    fn test(&self, c: bool) -> bool {
        c
    }
    fn spec(&self, c: bool, feedback: u32, bit: u32) -> bool {
        if bit::is_recorded(bit) && c {
            self.record(feedback, bit);
        }
        c
    }
    fn rare(&self, c: bool, feedback: u32, bit: u32) -> bool {
        if c {
            std::hint::cold_path();
            self.record(feedback, bit);
        }
        c
    }
    fn expect(&self, x: i64, feedback: u32) -> i64 {
        // SAFETY: `slot`.
        if unsafe { (*self.slot(feedback)).key } != x as u64 {
            std::hint::cold_path();
            record_expectation(self.slot(feedback), x);
        }
        x
    }
    fn known(&self, x: i64) -> Option<i64> {
        Some(x)
    }
    fn assume(&self, _root: u32) {}
    fn meet(&self, _place: u32) -> R {
        Ok(())
    }
    fn meet_with(&self, _place: u32, x: i64) -> R<i64> {
        Ok(x)
    }
    fn jump(&self, d: i32) {
        self.pc.set(self.pc.get().wrapping_offset(d as isize));
    }
    fn loop_back(&self, d: i32) -> R {
        let mut distance = d as isize;
        // SAFETY: the inline state of this thread.
        if unsafe { (&raw const (*self.runtime().thread.fast).poll).read_volatile() } != 0 {
            std::hint::cold_path();
            self.publish();
            if let Err(stop) = poll_or_stop::<L>(self.runtime()) {
                return Err(self.again_unless_raised(stop));
            }
            // SAFETY: the executing instruction, whose `d` is the distance. Volatile, so that it is read again and not kept in a
            // register across the call.
            distance = unsafe { (&raw const (*self.pc.get()).d).read_volatile() } as isize;
        }
        self.pc.set(self.pc.get().wrapping_offset(distance));
        // SAFETY: the running unit is installed.
        if count_down(unsafe { &*self.unit() }) {
            std::hint::cold_path();
            return self.offer(offer_back_edge(self.runtime(), self.state()));
        }
        Ok(())
    }
    fn ret(&self, v: Value) -> R {
        let top = self.runtime().frame_top.get().wrapping_sub(1);
        // SAFETY: the frame was entered by pushing its caller's record.
        let frame = unsafe { &*top };
        if frame.kind != FrameKind::Next {
            std::hint::cold_path();
            return self.ret_to(top, v);
        }
        self.runtime().frame_top.set(top);
        self.set_state(frame.state);
        self.set(frame.destination, v);
        Ok(())
    }
    fn raise(&self, exception: Value) -> R {
        Err(self.runtime().thread.raise(exception))
    }
    fn invoke(&self, code: &'r CodeUnit, base: u16, _arguments: u16, dst: u16, after: After) -> R {
        self.enter(code, self.register(base).wrapping_add(1), code.feedback, dst, after)
    }
    fn invoke_with(&self, code: &'r CodeUnit, callee: Value, arguments: &[Value], dst: u16, after: After) -> R {
        let registers = self.place(callee, arguments);
        self.enter(code, registers, code.feedback, dst, after)
    }
    fn hidden(&self, id: HiddenId, arguments: &[Value], dst: u16, feedback: u32, after: After) -> R {
        // SAFETY: hidden ids come from the language's own list, which is installed whole; `slot`.
        unsafe {
            let code = &**self.runtime().hidden_units.get().add(id.0 as usize);
            let registers = self.place(Value::NONE, arguments);
            let slot = self.slot(feedback);
            let mut vector = (*slot).hidden;
            if vector.is_null() {
                std::hint::cold_path();
                vector = self.runtime().hidden_feedback(slot, id);
            }
            self.enter(code, registers, vector, dst, after)
        }
    }
    fn code(&self, index: i64) -> &'r CodeUnit {
        // SAFETY: function objects hold indices of installed codes, which live as long as the runtime.
        // Read as references, which are known not to be null.
        unsafe { *self.runtime().unit_table.get().cast::<&CodeUnit>().add(index as usize) }
    }
    fn simple_parameters(&self, code: &'r CodeUnit) -> i64 {
        i64::from(code.simple_parameters)
    }
    fn is_int(&self, v: Value) -> bool {
        v.bits() >= self.runtime().encoding.int_tag
    }
    fn both_int(&self, v: Value, w: Value) -> bool {
        v.bits() & w.bits() >= self.runtime().encoding.int_tag
    }
    fn is_float(&self, v: Value) -> bool {
        v.is_float()
    }
    fn both_float(&self, v: Value, w: Value) -> bool {
        v.is_float() & w.is_float()
    }
    fn is_object(&self, v: Value) -> bool {
        v.is_object()
    }
    fn is_bool(&self, v: Value) -> bool {
        v.is_bool()
    }
    fn same(&self, v: Value, w: Value) -> bool {
        v == w
    }
    fn is_word(&self, v: Value, bits: u64) -> bool {
        v.bits() == bits
    }
    fn word(&self, bits: u64) -> Value {
        Value::from_bits(bits)
    }
    fn int(&self, v: Value) -> i64 {
        v.as_int()
    }
    fn float(&self, v: Value) -> f64 {
        f64::from_bits(v.bits().wrapping_sub(self.runtime().encoding.double_offset))
    }
    fn ptr(&self, v: Value) -> Object {
        Object::of(v)
    }
    fn boolean(&self, v: Value) -> bool {
        v.as_bool()
    }
    fn make_int(&self, i: i64) -> Value {
        debug_assert!(int_fits(i));
        Value::from_bits(i as u64 | self.runtime().encoding.int_tag)
    }
    fn make_float(&self, f: f64) -> Value {
        Value::from_bits(f.to_bits().wrapping_add(self.runtime().encoding.double_offset))
    }
    fn make_bool(&self, b: bool) -> Value {
        Value::bool(b)
    }
    fn make_object(&self, p: Object) -> Value {
        p.value()
    }
    fn int_const(&self, i: i64) -> i64 {
        i
    }
    fn float_const(&self, f: f64) -> f64 {
        f
    }
    fn bool_const(&self, b: bool) -> bool {
        b
    }
    fn int_arith(&self, op: IntOp, x: i64, y: i64) -> (i64, bool) {
        // Shifted up, the small-integer range is the whole word, so the machine's overflow flag is the test; the shifts
        // cancel against those of untagging.
        let (r, over) = match op {
            IntOp::Add => (x << INT_SHIFT).overflowing_add(y << INT_SHIFT),
            IntOp::Sub => (x << INT_SHIFT).overflowing_sub(y << INT_SHIFT),
            IntOp::Mul => x.overflowing_mul(y << INT_SHIFT),
            _ => unreachable!("checked arithmetic is Add, Sub, Mul"),
        };
        (r >> INT_SHIFT, over)
    }
    fn int_op(&self, op: IntOp, x: i64, y: i64) -> i64 {
        match op {
            IntOp::Add => x.wrapping_add(y),
            IntOp::Sub => x.wrapping_sub(y),
            IntOp::Mul => x.wrapping_mul(y),
            // SAFETY: Machine::int_op's contract: the handler has tested the divisor.
            IntOp::FloorDiv => { if y == 0 { unsafe { std::hint::unreachable_unchecked() } } floor_divide(x, y).0 }
            // SAFETY: as above.
            IntOp::Mod => { if y == 0 { unsafe { std::hint::unreachable_unchecked() } } floor_divide(x, y).1 }
            IntOp::And => x & y,
            IntOp::Or => x | y,
            IntOp::Xor => x ^ y,
            IntOp::Shl => x.wrapping_shl(y as u32),
            IntOp::Sar => x.wrapping_shr(y as u32),
            IntOp::Shr => (x as u64).wrapping_shr(y as u32) as i64,
        }
    }
    fn int_cmp(&self, c: Cond, x: i64, y: i64) -> bool {
        c.apply_int(x, y)
    }
    fn int_fits(&self, x: i64) -> bool {
        int_fits(x)
    }
    fn float_op(&self, op: FloatOp, x: f64, y: f64) -> f64 {
        op.apply(x, y)
    }
    fn float_cmp(&self, c: Cond, x: f64, y: f64) -> bool {
        c.apply_float(x, y)
    }
    fn int_to_float(&self, x: i64) -> f64 {
        x as f64
    }
    fn float_to_int(&self, x: f64) -> i64 {
        x as i64
    }
    fn not(&self, b: bool) -> bool {
        !b
    }
    fn bool_to_int(&self, b: bool) -> i64 {
        i64::from(b)
    }
    fn shape(&self, p: Object) -> i64 {
        i64::from(p.shape().0)
    }
    fn load_word(&self, p: Object, offset: u32) -> i64 {
        p.word(offset as usize / 8) as i64
    }
    fn load(&self, p: Object, offset: u32) -> Value {
        p.get(offset as usize / 8)
    }
    fn load_at(&self, p: Object, offset: i64) -> Value {
        p.get(offset as usize / 8)
    }
    fn load_u8(&self, p: Object, offset: i64) -> i64 {
        // SAFETY: handlers compute offsets within the object's payload.
        i64::from(unsafe { *((p.address() + offset as u64) as *const u8) })
    }
    fn load_u16(&self, p: Object, offset: i64) -> i64 {
        // SAFETY: as above, and aligned, since payloads of 16-bit units are.
        i64::from(unsafe { *((p.address() + offset as u64) as *const u16) })
    }
    fn load_u32(&self, p: Object, offset: i64) -> i64 {
        // SAFETY: as above.
        i64::from(unsafe { *((p.address() + offset as u64) as *const u32) })
    }
    fn load_float(&self, p: Object, offset: i64) -> f64 {
        // SAFETY: as above.
        unsafe { *((p.address() + offset as u64) as *const f64) }
    }
    fn load_element(&self, array: Object, i: i64) -> Value {
        array.element(i as usize)
    }
    fn store_word(&self, p: Object, offset: u32, x: i64) {
        p.set_word(offset as usize / 8, x as u64);
    }
    fn store(&self, p: Object, offset: u32, v: Value) {
        self.runtime().heap().store(p, offset as usize / 8, v);
    }
    fn store_at(&self, p: Object, offset: i64, v: Value) {
        self.runtime().heap().store(p, offset as usize / 8, v);
    }
    fn store_float(&self, p: Object, offset: i64, x: f64) {
        // SAFETY: handlers compute offsets within the object's payload, which is no value.
        unsafe { *((p.address() + offset as u64) as *mut f64) = x }
    }
    fn store_element(&self, array: Object, i: i64, v: Value) {
        self.runtime().heap().store_element(array, i as usize, v);
    }
    fn set_shape(&self, p: Object, shape: i64) {
        p.set_shape(ShapeIndex(shape as u32));
    }
    fn alloc(&self, shape: ShapeIndex, words: u32) -> R<Object> {
        self.publish();
        match self.runtime().heap().alloc(shape, words as usize) {
            Ok(object) => Ok(object),
            Err(_) => Err(out_of_memory::<L>(self.runtime())),
        }
    }
    fn init(&self, p: Object, offset: u32, v: Value) {
        p.init(offset as usize / 8, v);
    }
    fn init_word(&self, p: Object, offset: u32, x: i64) {
        p.set_word(offset as usize / 8, x as u64);
    }
    fn cached_shape(&self, feedback: u32) -> i64 {
        // SAFETY: `slot`.
        (unsafe { (*self.slot(feedback)).key } >> 32) as i64
    }
    fn cached_payload(&self, feedback: u32) -> i64 {
        // SAFETY: `slot`.
        i64::from(unsafe { (*self.slot(feedback)).key } as u32)
    }
    fn cached_value(&self, feedback: u32) -> Value {
        // SAFETY: `slot`.
        let v = unsafe { (*self.slot(feedback)).value };
        if let Some(o) = Object::from_value(v) {
            self.runtime().heap().weak_read(o);
        }
        v
    }
    fn cached(&self, shape: i64, feedback: u32) -> Option<Entry> {
        let slot = self.slot(feedback).cast_const();
        // SAFETY: `slot`; a slot whose opcode looks for entries here has that many further ones, or none.
        unsafe {
            if ((*slot).key >> 32) as i64 == shape {
                return Some(Entry(slot));
            }
            let further = (*slot).hidden.cast_const();
            if !further.is_null() {
                for entry in [further, further.add(1), further.add(2)] {
                    if ((*entry).key >> 32) as i64 == shape {
                        return Some(Entry(entry));
                    }
                }
            }
        }
        None
    }
    fn entry_payload(&self, entry: Entry) -> i64 {
        // SAFETY: an entry that `cached` found.
        i64::from(unsafe { (*entry.0).key } as u32)
    }
    fn entry_value(&self, entry: Entry) -> Value {
        // SAFETY: as above.
        let v = unsafe { (*entry.0).value };
        if let Some(o) = Object::from_value(v) {
            self.runtime().heap().weak_read(o);
        }
        v
    }
    fn stub(&self, s: &'static FixedStub, arguments: [Value; 3], immediate: i32, feedback: u32) -> R<Value> {
        std::hint::cold_path();
        self.publish();
        let slot = self.stub_slot(feedback);
        // SAFETY: a stub may be called with any values, with the state published.
        let r = unsafe { cold_fixed(&self.runtime().thread, slot, arguments[0], arguments[1], arguments[2], immediate, s.function) };
        if r.is_empty() {
            std::hint::cold_path();
            return Err(Stop);
        }
        Ok(r)
    }
    fn stub_window(&self, s: &'static WindowStub, base: u16, count: u16, immediate: i32, feedback: u32) -> R<Value> {
        std::hint::cold_path();
        self.publish();
        let slot = self.stub_slot(feedback);
        // SAFETY: as above; the verifier checked that the window is within the frame.
        let r = unsafe {
            cold_window(&self.runtime().thread, slot, self.register(base), count as usize, immediate, s.function)
        };
        if r.is_empty() {
            std::hint::cold_path();
            return Err(Stop);
        }
        Ok(r)
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
        std::hint::cold_path();
        self.publish();
        let slot = self.stub_slot(feedback);
        // SAFETY: as above.
        let r = unsafe { cold_window_call(self.runtime(), slot, self.register(base), count as usize, immediate, s.prepare) };
        self.take_call(r, dst)
    }
    fn call_stub_fixed(
        &self,
        s: &'static FixedCallStub,
        arguments: [Value; 3],
        immediate: i32,
        dst: u16,
        feedback: u32,
    ) -> R {
        std::hint::cold_path();
        self.publish();
        let slot = self.stub_slot(feedback);
        // SAFETY: as above.
        let r = unsafe { cold_fixed_call(self.runtime(), slot, arguments[0], arguments[1], arguments[2], immediate, s.prepare) };
        self.take_call(r, dst)
    }
    fn suspend(&self, suspension: u32, v: Value) -> R {
        let frame = layout::<L>();
        suspend(self.runtime(), frame, self.state(), suspension);
        pass_on(self.runtime(), frame, v);
        self.ret(v)
    }
    fn resume(
        &self,
        _: &'static FixedCallStub,
        code: &'r CodeUnit,
        suspended: Value,
        sent: Value,
        dst: u16,
        _feedback: u32,
    ) -> R {
        let runtime = self.runtime();
        // SAFETY: the running unit is installed; the window begins above its frame. The frame's end is compared with the
        // limit before it is written to. The handler has tested the object.
        let offers = unsafe {
            let registers = self.registers.get().add((*self.unit()).registers as usize + 1);
            let end = registers.wrapping_add(code.registers as usize + 2);
            if end > runtime.register_limit
                || !runtime.push_frame(Frame::new(self.state(), dst, FrameKind::Next))
            {
                std::hint::cold_path();
                self.publish();
                return Err(overflow::<L>(runtime));
            }
            resume(runtime, layout::<L>(), code, registers, Object::of(suspended), sent)
        };
        self.pc.set(runtime.current.pc.get().wrapping_sub(1));
        self.registers.set(runtime.current.registers.get());
        if offers {
            std::hint::cold_path();
            return self.offer_begun();
        }
        Ok(())
    }
    }
}
