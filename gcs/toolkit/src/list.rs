//! Lists of objects that a collector keeps for itself: work lists, remembered sets, registered finalizables.
//!
//! The one place where collectors hold object addresses in Rust memory. It is theirs to keep right: a list is either
//! emptied before a collection ends, or each collection replaces its entries by where the objects are now.

use std::ops::{Deref, DerefMut};
use vm_heap::Object;

/// A list of objects.
#[derive(Default)]
pub struct ObjectList(Vec<Object>);

impl ObjectList {
    /// An empty list.
    pub const fn new() -> ObjectList {
        ObjectList(Vec::new())
    }
}

impl Deref for ObjectList {
    type Target = Vec<Object>;
    #[inline(always)]
    fn deref(&self) -> &Vec<Object> {
        &self.0
    }
}

impl DerefMut for ObjectList {
    #[inline(always)]
    fn deref_mut(&mut self) -> &mut Vec<Object> {
        &mut self.0
    }
}

/// The object at `address`. The caller knows that one is there: collectors find addresses by parsing.
#[inline(always)]
pub fn object_at(address: u64) -> Object {
    Object::of(vm_heap::Value::from_bits(address))
}
