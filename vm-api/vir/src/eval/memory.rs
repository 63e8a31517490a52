//! The parts of an environment that a real heap provides, for environments to be made of.

use super::Trap;
use super::environment::{Store, Width};
use vm_heap::{Heap, Layout, Object, OutOfMemory, RootedVec, ShapeIndex, Value};

/// Memory operations on a heap. Accesses outside of an object are refused as far as its header can tell.
#[derive(Clone, Copy)]
pub struct HeapMemory<'h> {
    /// The heap.
    pub heap: &'h Heap,
}

impl HeapMemory<'_> {
    fn object(self, address: u64) -> Result<Object, Trap> {
        Object::from_value(Value::from_bits(address)).ok_or(Trap::Memory(address))
    }
    /// The object and the word index that the access touches, if it lies inside of it.
    fn place(self, address: u64, offset: i64, width: Width) -> Result<(Object, usize), Trap> {
        let object = self.object(address)?;
        let trap = Trap::Memory(address.wrapping_add_signed(offset));
        let at = u64::try_from(offset).map_err(|_| trap)?;
        let known = self.heap.layouts().get(object.shape()).is_some();
        if !known || !at.is_multiple_of(width.bytes()) {
            return Err(trap);
        }
        let index = (at / 8) as usize;
        if index < object.size_words(self.heap.layouts()) { Ok((object, index)) } else { Err(trap) }
    }
    /// See [`super::Environment::load`].
    pub fn load(self, address: u64, offset: i64, width: Width) -> Result<u64, Trap> {
        let (object, index) = self.place(address, offset, width)?;
        let word = object.word(index) >> (8 * (offset as u64 % 8));
        Ok(match width {
            Width::U8 => word & 0xFF,
            Width::U16 => word & 0xFFFF,
            Width::U32 => word & 0xFFFF_FFFF,
            Width::Word => word,
        })
    }
    /// See [`super::Environment::store`].
    pub fn store(self, address: u64, offset: i64, bits: u64, how: Store) -> Result<(), Trap> {
        if how == Store::Fresh {
            // The length of a fresh array may not be written yet, so its header does not tell the size.
            let at = u64::try_from(offset).map_err(|_| Trap::Memory(address))?;
            self.object(address)?.set_word((at / 8) as usize, bits);
            return Ok(());
        }
        let (object, index) = self.place(address, offset, Width::Word)?;
        match how {
            Store::Word | Store::Fresh => object.set_word(index, bits),
            Store::Value => self.heap.store(object, index, Value::from_bits(bits)),
            Store::Element => {
                let i = index.checked_sub(Layout::FIRST_ELEMENT).filter(|i| *i < object.length());
                let i = i.ok_or(Trap::Memory(address))?;
                self.heap.store_element(object, i, Value::from_bits(bits));
            }
        }
        Ok(())
    }
    /// See [`super::Environment::set_shape`].
    pub fn set_shape(self, address: u64, shape: ShapeIndex) -> Result<(), Trap> {
        if self.heap.layouts().get(shape).is_none() {
            return Err(Trap::Memory(address));
        }
        self.object(address)?.set_shape(shape);
        Ok(())
    }
    /// See [`super::Environment::alloc`]; the caller makes the exception.
    pub fn alloc(self, shape: ShapeIndex, words: u32) -> Result<Result<u64, OutOfMemory>, Trap> {
        let fits = match self.heap.layouts().get(shape) {
            None => false,
            Some(layout) => layout.is_variable() || layout.size_words(0) == words as usize,
        };
        if !fits {
            return Err(Trap::Refused("an allocation whose size is not that of its shape"));
        }
        Ok(self.heap.alloc(shape, words as usize).map(Object::address))
    }
}

/// Slots in a rooted vector.
pub struct EvalStack<'h> {
    slots: RootedVec<'h>,
    limit: usize,
}

impl<'h> EvalStack<'h> {
    /// Room for at most `limit` slots.
    pub fn new(heap: &'h Heap, limit: usize) -> EvalStack<'h> {
        EvalStack { slots: RootedVec::new(heap), limit }
    }
    /// See [`super::Environment::enter`].
    pub fn enter(&self, count: usize) -> Result<usize, Trap> {
        let base = self.slots.len();
        if count > self.limit - base.min(self.limit) {
            return Err(Trap::StackOverflow);
        }
        (0..count).for_each(|_| self.slots.push(Value::EMPTY));
        Ok(base)
    }
    /// See [`super::Environment::leave`].
    pub fn leave(&self, base: usize) {
        self.slots.truncate(base);
    }
    /// A slot's value; `EMPTY` outside.
    pub fn slot(&self, i: usize) -> Value {
        self.slots.get(i).unwrap_or(Value::EMPTY)
    }
    /// Sets a slot.
    pub fn set_slot(&self, i: usize, v: Value) {
        let inside = self.slots.set(i, v);
        debug_assert!(inside, "slot {i} was not entered");
    }
}
