//! Objects: loads, stores with their barriers, allocation. Cells, roots, the pending exception.

use super::calls::Argument;
use super::ops::{arithmetic, asm, cc, reg};
use super::{Emitter, FIRST_ELEMENT};
use dynasm::dynasm;
use dynasmrt::DynasmApi;
use vm_api::engine::backend::{Helper, Target};
use vm_api::engine::thread::LOCAL_ROOT;
use vm_api::heap::{Header, ShapeIndex, fast};
use vm_api::vir::{Inst, Ref};

/// An address as instructions have it.
#[derive(Clone, Copy)]
struct Address {
    base: u8,
    at: i32,
}

impl Emitter<'_> {
    /// Memory; false if it is something else.
    pub(super) fn memory(&mut self, v: Ref, inst: &Inst) -> bool {
        let l = self.lowering;
        match *inst {
            Inst::Shape(p) => {
                let a = self.displaced(p, l.object_shape);
                let d = self.define(v);
                self.code.load_u32(d, a.base, a.at);
            }
            Inst::LoadWord(p, at) | Inst::Load(p, at) => {
                let a = self.displaced(p, at);
                let d = self.define(v);
                self.code.load(d, a.base, a.at);
            }
            Inst::LoadAt(p, at) => {
                let a = self.computed(p, at);
                let d = self.define(v);
                self.code.load(d, a.base, a.at);
            }
            Inst::LoadU8(p, at) => {
                let a = self.computed(p, at);
                let d = self.define(v);
                self.code.load_u8(d, a.base, a.at);
            }
            Inst::LoadU16(p, at) => {
                let a = self.computed(p, at);
                let d = self.define(v);
                self.code.load_u16(d, a.base, a.at);
            }
            Inst::LoadU32(p, at) => {
                let a = self.computed(p, at);
                let d = self.define(v);
                self.code.load_u32(d, a.base, a.at);
            }
            Inst::LoadFloat(p, at) => {
                let a = self.computed(p, at);
                let d = self.define_float(v);
                self.code.load_float(d, a.base, a.at);
            }
            Inst::LoadElement(p, i) => {
                if let Some(at) = self.element_at(i) {
                    let p = self.get(p);
                    let d = self.define(v);
                    self.code.load(d, p, at);
                    return true;
                }
                let (p, i) = (self.get(p), self.get(i));
                let d = self.define(v);
                asm!(self.code; mov Rq(d), [DWORD Rq(p) + Rq(i) * 8 + FIRST_ELEMENT]);
            }
            Inst::StoreWord(p, at, x) | Inst::InitWord(p, at, x) | Inst::Init(p, at, x) => {
                let a = self.displaced(p, at);
                self.store_to(a, x);
            }
            Inst::Store(p, at, x) => {
                self.object_barrier(p);
                let a = self.displaced(p, at);
                self.store_to(a, x);
            }
            Inst::StoreAt(p, at, x) => {
                self.object_barrier(p);
                let a = self.computed(p, at);
                self.store_to(a, x);
            }
            Inst::StoreFloat(p, at, x) => {
                let a = self.computed(p, at);
                let x = self.get_float(x);
                self.code.store_float(a.base, a.at, x);
            }
            Inst::StoreElement(p, i, x) => {
                let (p, i, x) = (self.get(p), self.get(i), self.get(x));
                self.element_barrier(p, i);
                asm!(self.code; mov [DWORD Rq(p) + Rq(i) * 8 + FIRST_ELEMENT], Rq(x));
            }
            Inst::SetShape(p, shape) => {
                let shape = self.get(shape);
                let a = self.displaced(p, l.object_shape);
                self.code.store_u32(a.base, a.at, shape);
            }
            Inst::Alloc(shape, words) => self.allocation(v, shape, words),
            Inst::Cell(cell) => {
                let d = self.define(v);
                let word = self.code.word(Target::Cell(cell));
                self.code.load_word_at(reg::RAX, word);
                self.code.load(d, reg::RAX, 0);
                self.weak_read(d);
            }
            Inst::Root(i) => {
                let from = if i & LOCAL_ROOT == 0 { l.thread_roots } else { l.thread_locals };
                let d = self.define(v);
                self.code.load(reg::RAX, reg::THREAD, from as i32);
                self.code.load(d, reg::RAX, 8 * (i & !LOCAL_ROOT) as i32);
            }
            Inst::SetRoot(i, x) => {
                let from = if i & LOCAL_ROOT == 0 { l.thread_roots } else { l.thread_locals };
                let roots = self.temporary();
                self.code.load(roots, reg::THREAD, from as i32);
                self.store_value(x, roots, 8 * (i & !LOCAL_ROOT) as i32);
            }
            Inst::PendingException() => {
                let d = self.define(v);
                self.code.load(d, reg::THREAD, l.thread_exception as i32);
            }
            Inst::TakeException() => {
                let d = self.define(v);
                self.code.load(d, reg::THREAD, l.thread_exception as i32);
                self.code.store_imm(reg::THREAD, l.thread_exception as i32, 0);
            }
            Inst::Raise(x) => self.store_value(x, reg::THREAD, l.thread_exception as i32),
            _ => return false,
        }
        true
    }
    /// The address at an offset from an object.
    fn displaced(&mut self, p: Ref, at: u32) -> Address {
        let p = self.get(p);
        match i32::try_from(at) {
            Ok(at) => Address { base: p, at },
            Err(_) => {
                let base = self.temporary();
                self.code.constant(base, at.into());
                asm!(self.code; add Rq(base), Rq(p));
                Address { base, at: 0 }
            }
        }
    }
    /// The address at a computed offset.
    fn computed(&mut self, p: Ref, at: Ref) -> Address {
        let p = self.get(p);
        if let Some(at) = self.small_constant(at) {
            return Address { base: p, at };
        }
        let at = self.get(at);
        let base = self.temporary();
        asm!(self.code; lea Rq(base), [Rq(p) + Rq(at)]);
        Address { base, at: 0 }
    }
    /// The displacement of an element whose number is known.
    fn element_at(&self, i: Ref) -> Option<i32> {
        self.small_constant(i)?.checked_mul(8)?.checked_add(FIRST_ELEMENT)
    }
    fn store_to(&mut self, a: Address, x: Ref) {
        self.store_value(x, a.base, a.at);
    }

    // ---- barriers

    /// Has the flags say "not equal" if an object's collector byte shares a bit with the barrier mask.
    fn test_barrier(&mut self, object: u8) {
        self.code.load_u8(reg::RAX, object, self.lowering.object_gc_byte as i32);
        self.code.test_u8_al(reg::FAST, fast::offset::MASK as i32);
    }
    fn object_barrier(&mut self, p: Ref) {
        if self.lowering.barriers {
            let p = self.get(p);
            self.test_barrier(p);
            self.far(cc::NOT_EQUAL, |e| {
                e.slow_call(Helper::BarrierSlow, &[Argument::Thread, Argument::Register(p)], None);
            });
        }
    }
    fn element_barrier(&mut self, p: u8, i: u8) {
        if !self.lowering.barriers {
            return;
        }
        self.test_barrier(p);
        let (there, back) = (self.code.label(), self.code.label());
        self.code.jump_if(cc::NOT_EQUAL, there);
        self.far_at(there, back, |e| {
            let shift = e.lowering.card_shift as i8;
            let cards = fast::offset::CARDS as i32;
            asm!(e.code; lea rax, [DWORD Rq(p) + Rq(i) * 8 + FIRST_ELEMENT]; shr rax, BYTE shift);
            e.code.add_memory(reg::RAX, reg::FAST, cards);
            e.code.load_u8(reg::RAX, reg::RAX, 0);
            e.code.test_u8_al(reg::FAST, fast::offset::MASK as i32);
            e.code.jump_if(cc::EQUAL, back);
            let arguments = [Argument::Thread, Argument::Register(p), Argument::Element(p, i)];
            e.slow_call(Helper::ElementSlow, &arguments, None);
        });
    }
    /// Tells the collector of an object that was read from a weak word, if it wants to know. The word may hold anything.
    pub(super) fn weak_read(&mut self, v: u8) {
        if !self.lowering.barriers {
            return;
        }
        self.code.compare_u8_imm(reg::FAST, fast::offset::WEAK_READS as i32, 0);
        let (there, back) = (self.code.label(), self.code.label());
        self.code.jump_if(cc::NOT_EQUAL, there);
        self.far_at(there, back, |e| {
            e.test_object(v);
            e.code.jump_if(cc::NOT_EQUAL, back);
            e.slow_call(Helper::WeakRead, &[Argument::Thread, Argument::Register(v)], None);
        });
    }

    // ---- allocation

    fn allocation(&mut self, v: Ref, shape: ShapeIndex, words: u32) {
        let d = self.define(v);
        let header = Header::new(shape, 0).0;
        // Before the jump: what is done to make room must be done on both ways.
        let other = if i32::try_from(header).is_err() { Some(self.temporary()) } else { None };
        let bytes = i64::from(words) * 8;
        self.code.load(d, reg::FAST, fast::offset::CURSOR as i32);
        match i32::try_from(bytes) {
            Ok(bytes) => self.code.address(reg::RAX, d, bytes),
            Err(_) => {
                self.code.constant(reg::RAX, bytes as u64);
                asm!(self.code; add rax, Rq(d));
            }
        }
        self.code.compare_with_memory(reg::RAX, reg::FAST, fast::offset::LIMIT as i32);
        let (there, back) = (self.code.label(), self.code.label());
        self.code.jump_if(cc::ABOVE, there);
        self.code.store(reg::FAST, fast::offset::CURSOR as i32, reg::RAX);
        self.code.load_u8(reg::RAX, reg::FAST, fast::offset::NEW_GC_BYTE as i32);
        // Where the byte stands in a header, by what a header with nothing else looks like.
        let at = Header::new(ShapeIndex(0), 1).0.trailing_zeros() as i8;
        asm!(self.code; shl rax, BYTE at);
        match other {
            None => self.code.arithmetic_imm(arithmetic::OR, reg::RAX, header as i32),
            Some(other) => {
                self.code.constant(other, header);
                asm!(self.code; or rax, Rq(other));
            }
        }
        self.code.store(d, 0, reg::RAX);
        self.far_at(there, back, |e| {
            e.site(None);
            let arguments = [Argument::Thread, Argument::Word(shape.0.into()), Argument::Word(words.into())];
            e.slow_call(Helper::AllocSlow, &arguments, Some(d));
        });
    }
}
