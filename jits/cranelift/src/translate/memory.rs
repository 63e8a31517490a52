//! Objects: loads, stores with their barriers, allocation. Cells, roots, the pending exception.

use super::{Region, Translator};
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::types::{F64, I8, I32, I64};
use cranelift_codegen::ir::{InstBuilder, Value};
use vm_api::engine::backend::{Helper, Target};
use vm_api::engine::thread::LOCAL_ROOT;
use vm_api::heap::{Header, Layout, ShapeIndex, fast};
use vm_api::vir::{CellId, Inst, Ref};

/// Bytes of a word.
const WORD: u32 = 8;

impl Translator<'_> {
    /// Memory; `None` if it is something else, else what it defines.
    pub(super) fn memory(&mut self, inst: &Inst) -> Option<Option<Value>> {
        let l = self.lowering;
        Some(match *inst {
            Inst::Shape(p) => {
                let (p, flags) = (self.value(p), self.flags(Region::Object));
                let (p, at) = self.displaced(p, l.object_shape);
                Some(self.ins().uload32(flags, p, at))
            }
            Inst::LoadWord(p, at) | Inst::Load(p, at) => {
                let p = self.value(p);
                Some(self.load(Region::Object, I64, p, at))
            }
            Inst::LoadAt(p, at) => {
                let p = self.at(p, at);
                Some(self.load(Region::Object, I64, p, 0))
            }
            Inst::LoadU8(p, at) => {
                let p = self.at(p, at);
                Some(self.load_byte(Region::Object, p, 0))
            }
            Inst::LoadU16(p, at) => {
                let (p, flags) = (self.at(p, at), self.flags(Region::Object));
                Some(self.ins().uload16(I64, flags, p, 0))
            }
            Inst::LoadU32(p, at) => {
                let (p, flags) = (self.at(p, at), self.flags(Region::Object));
                Some(self.ins().uload32(flags, p, 0))
            }
            Inst::LoadFloat(p, at) => {
                let p = self.at(p, at);
                Some(self.load(Region::Object, F64, p, 0))
            }
            Inst::LoadElement(p, i) => {
                let (p, at) = self.element(p, i);
                Some(self.load(Region::Object, I64, p, at))
            }
            Inst::StoreWord(p, at, x) | Inst::InitWord(p, at, x) | Inst::Init(p, at, x) => {
                let (p, x) = (self.value(p), self.value(x));
                self.store(Region::Object, x, p, at);
                None
            }
            Inst::Store(p, at, x) => {
                let (p, x) = (self.value(p), self.value(x));
                self.object_barrier(p);
                self.store(Region::Object, x, p, at);
                None
            }
            Inst::StoreAt(p, at, x) => {
                let (object, x) = (self.value(p), self.value(x));
                self.object_barrier(object);
                let place = self.at(p, at);
                self.store(Region::Object, x, place, 0);
                None
            }
            Inst::StoreFloat(p, at, x) => {
                let (place, x) = (self.at(p, at), self.value(x));
                self.store(Region::Object, x, place, 0);
                None
            }
            Inst::StoreElement(p, i, x) => {
                let (array, x) = (self.value(p), self.value(x));
                let (place, at) = self.element(p, i);
                self.element_barrier(array, place, at);
                self.store(Region::Object, x, place, at);
                None
            }
            Inst::SetShape(p, shape) => {
                let (p, shape) = (self.value(p), self.value(shape));
                let shape = self.ins().ireduce(I32, shape);
                self.store(Region::Object, shape, p, l.object_shape);
                None
            }
            Inst::Alloc(shape, words) => Some(self.allocation(shape, words)),
            Inst::Cell(cell) => Some(self.cell(cell)),
            Inst::Root(i) => {
                let root = self.root(i);
                Some(self.load(Region::State, I64, root, 0))
            }
            Inst::SetRoot(i, x) => {
                let (root, x) = (self.root(i), self.value(x));
                self.store(Region::State, x, root, 0);
                None
            }
            Inst::PendingException() => Some(self.exception()),
            Inst::TakeException() => {
                let (exception, empty) = (self.exception(), self.int(0));
                self.set_exception(empty);
                Some(exception)
            }
            Inst::Raise(x) => {
                let x = self.value(x);
                self.set_exception(x);
                None
            }
            _ => return None,
        })
    }
    /// The address of a root's cell.
    fn root(&mut self, i: u32) -> Value {
        let l = self.lowering;
        let from = if i & LOCAL_ROOT == 0 { l.thread_roots } else { l.thread_locals };
        let thread = self.thread;
        let roots = self.constant_load(thread, from);
        self.ins().iadd_imm_s(roots, i64::from(WORD) * i64::from(i & !LOCAL_ROOT))
    }
    fn at(&mut self, p: Ref, at: Ref) -> Value {
        let (p, at) = (self.value(p), self.value(at));
        self.ins().iadd(p, at)
    }
    /// The address of an element, less a displacement.
    fn element(&mut self, array: Ref, i: Ref) -> (Value, u32) {
        let (array, i) = (self.value(array), self.value(i));
        let bytes = self.ins().ishl_imm_u(i, 3);
        (self.ins().iadd(array, bytes), WORD * Layout::FIRST_ELEMENT as u32)
    }

    // ---- barriers

    /// The bits that an object's collector byte shares with the barrier mask, and the mask.
    fn barrier_bits(&mut self, object: Value) -> (Value, Value) {
        let fast = self.fast;
        let byte = self.load(Region::Object, I8, object, self.lowering.object_gc_byte);
        let mask = self.load(Region::State, I8, fast, fast::offset::MASK);
        (self.ins().band(byte, mask), mask)
    }
    fn object_barrier(&mut self, object: Value) {
        if self.lowering.barriers {
            let (bits, _) = self.barrier_bits(object);
            self.rarely(bits, |t| t.slow_call(Helper::BarrierSlow, &[I64; 2], &[t.thread, object]));
        }
    }
    fn element_barrier(&mut self, array: Value, place: Value, at: u32) {
        if !self.lowering.barriers {
            return;
        }
        let (bits, mask) = self.barrier_bits(array);
        self.rarely(bits, |t| {
            let slot = t.ins().iadd_imm_s(place, i64::from(at));
            let fast = t.fast;
            let cards = t.load(Region::State, I64, fast, fast::offset::CARDS);
            let shift = i64::from(t.lowering.card_shift);
            let card = t.ins().ushr_imm_u(slot, shift);
            let card = t.ins().iadd(cards, card);
            let card = t.load(Region::State, I8, card, 0);
            let bits = t.ins().band(card, mask);
            t.rarely(bits, |t| t.slow_call(Helper::ElementSlow, &[I64; 3], &[t.thread, array, slot]));
        });
    }
    /// Tells the collector of an object that was read from a weak word, if it wants to know. The word may hold anything.
    pub(super) fn weak_read(&mut self, v: Value) {
        if !self.lowering.barriers {
            return;
        }
        let fast = self.fast;
        let wanted = self.load(Region::State, I8, fast, fast::offset::WEAK_READS);
        self.rarely(wanted, |t| {
            let object = t.is_object(v);
            t.rarely(object, |t| t.slow_call(Helper::WeakRead, &[I64; 2], &[t.thread, v]));
        });
    }

    // ---- allocation

    fn allocation(&mut self, shape: ShapeIndex, words: u32) -> Value {
        let fast = self.fast;
        let start = self.load(Region::State, I64, fast, fast::offset::CURSOR);
        let limit = self.load(Region::State, I64, fast, fast::offset::LIMIT);
        let end = self.ins().iadd_imm_s(start, i64::from(words) * i64::from(WORD));
        let full = self.ins().icmp(IntCC::UnsignedGreaterThan, end, limit);
        let inline = |t: &mut Self| {
            t.store(Region::State, end, fast, fast::offset::CURSOR);
            let byte = t.load_byte(Region::State, fast, fast::offset::NEW_GC_BYTE);
            // Where the byte stands in a header, by what a header with nothing else looks like.
            let byte = t.ins().ishl_imm_u(byte, i64::from(Header::new(ShapeIndex(0), 1).0.trailing_zeros()));
            let header = t.ins().bor_imm_s(byte, Header::new(shape, 0).0 as i64);
            t.store(Region::Object, header, start, 0);
            start
        };
        self.rarely_instead(full, I64, inline, |t| {
            t.site(None);
            let shape = t.ins().iconst(I32, i64::from(shape.0));
            let words = t.ins().iconst(I32, i64::from(words));
            t.slow_result(Helper::AllocSlow, &[I64, I32, I32], &[t.thread, shape, words])
        })
    }

    // ---- what stands elsewhere

    fn cell(&mut self, cell: CellId) -> Value {
        let address = self.address(Target::Cell(cell));
        let v = self.load(Region::State, I64, address, 0);
        if self.unit.cells[cell.index()].weak {
            self.weak_read(v);
        }
        v
    }
    fn exception(&mut self) -> Value {
        let thread = self.thread;
        self.load(Region::State, I64, thread, self.lowering.thread_exception)
    }
    fn set_exception(&mut self, x: Value) {
        let thread = self.thread;
        self.store(Region::State, x, thread, self.lowering.thread_exception);
    }
}
