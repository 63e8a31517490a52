//! The tracing loop: generic over what a collector does with a reached object.

use crate::weak::WeakQueue;
use vm_heap::fast::CARD_SHIFT;
use vm_heap::object::Weakness;
use vm_heap::{Layout, LayoutTable, Object, Value};

/// What a collection does with a strong reference.
pub trait Visitor {
    /// `object` is reached: on its first visit it is marked or copied and put on a work list. Returns where it is from
    /// now on.
    fn visit(&mut self, object: Object) -> Object;
    /// Where scanning enters objects with weak words.
    fn weak(&mut self) -> &mut WeakQueue;
    /// Visits a value if it is an object; returns the value to store instead.
    #[inline(always)]
    fn visit_value(&mut self, v: Value) -> Value {
        if v.is_object() { self.visit(Object::of(v)).value() } else { v }
    }
}

/// Visits one slot of an object and updates it.
#[inline(always)]
pub fn visit_slot(visitor: &mut impl Visitor, object: Object, index: usize) {
    let v = object.get(index);
    if v.is_object() {
        let now = visitor.visit(Object::of(v)).value();
        if now != v {
            object.init(index, now);
        }
    }
}

/// Visits every strong slot of an object; enters it in the visitor's queue if it has weak ones. Returns whether it has.
#[inline]
pub fn scan(visitor: &mut impl Visitor, layouts: &LayoutTable, object: Object) -> bool {
    visitor.weak().scanned(object);
    match object.each_slot(layouts, |index| visit_slot(visitor, object, index)) {
        Weakness::None => false,
        Weakness::FirstWord => {
            visitor.weak().references.push(object);
            true
        }
        Weakness::AllElements => {
            visitor.weak().arrays.push(object);
            true
        }
    }
}

/// Word indices of the elements of a value array that lie on the card of `slot_address`.
pub fn slots_on_card(array: Object, slot_address: u64) -> std::ops::Range<usize> {
    let card = slot_address >> CARD_SHIFT << CARD_SHIFT;
    let first = array.address() + 8 * Layout::FIRST_ELEMENT as u64;
    let end = first + 8 * array.length() as u64;
    let from = card.clamp(first, end);
    let to = (card + (1 << CARD_SHIFT)).clamp(first, end);
    ((from - array.address()) / 8) as usize..((to - array.address()) / 8) as usize
}
