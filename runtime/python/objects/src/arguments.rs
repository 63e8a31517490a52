//! Arguments of native functions.

use std::cell::Cell;
use vm_api::heap::Value;

/// Values in cells that a collector may update while the function runs: on the register stack (roots) or on the native
/// stack (which pins what they hold).
#[derive(Clone, Copy)]
pub struct Args<'a>(pub &'a [Cell<Value>]);

impl<'a> Args<'a> {
    /// Argument `i`. EMPTY: an optional one that was not given.
    #[inline(always)]
    pub fn at(self, i: usize) -> Value {
        self.0[i].get()
    }
    /// Argument `i`, if it was given.
    #[inline]
    pub fn opt(self, i: usize) -> Option<Value> {
        self.0.get(i).map(Cell::get).filter(|v| !v.is_empty())
    }
    /// Argument `i`, if it was given and is not None.
    #[inline]
    pub fn some(self, i: usize) -> Option<Value> {
        self.opt(i).filter(|v| *v != Value::NONE)
    }
    /// How many there are.
    #[inline]
    pub fn len(self) -> usize {
        self.0.len()
    }
    /// None at all?
    pub fn is_empty(self) -> bool {
        self.0.is_empty()
    }
    /// One after the other.
    pub fn iter(self) -> impl DoubleEndedIterator<Item = Value> + ExactSizeIterator + 'a {
        self.0.iter().map(Cell::get)
    }
    /// Those from `start` on.
    #[inline]
    pub fn from(self, start: usize) -> Args<'a> {
        Args(&self.0[start..])
    }
    /// The first `n`.
    #[inline]
    pub fn first(self, n: usize) -> Args<'a> {
        Args(&self.0[..n])
    }
    /// A view of values on the native stack.
    #[inline]
    pub fn of(values: &'a [Value]) -> Args<'a> {
        // SAFETY: Cell<Value> has Value's layout; the values are only read through the view, and a collector does not write
        // to the native stack (what is there is pinned).
        Args(unsafe { &*(std::ptr::from_ref(values) as *const [Cell<Value>]) })
    }
    /// A view of registers, as stubs get them.
    ///
    /// # Safety
    /// `registers` must point to `count` registers that stay roots as long as the view is used.
    #[inline]
    pub unsafe fn from_registers(registers: *const Value, count: usize) -> Args<'a> {
        // SAFETY: the caller's; the collector's updates are seen through the cells.
        Args(unsafe { std::slice::from_raw_parts(registers.cast::<Cell<Value>>(), count) })
    }
}
