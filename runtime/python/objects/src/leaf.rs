//! Plain Rust data in a leaf: state of native objects that holds no values and must live as long as they do.

use crate::py::{Py, R};
use python_algorithms::mt19937::Mt19937;
use vm_api::heap::Object;

/// Data that any bytes are valid for, that needs no drop and no alignment beyond 8.
///
/// # Safety
/// All of that must hold.
pub unsafe trait Plain: 'static {}

// SAFETY: integers and arrays of them.
unsafe impl Plain for Mt19937 {}
// SAFETY: integers.
unsafe impl<const N: usize> Plain for [u64; N] {}
// SAFETY: integers.
unsafe impl<const N: usize> Plain for [u32; N] {}

impl Py<'_> {
    /// A fresh leaf for a `T`, all zero bytes.
    pub fn new_plain<T: Plain>(self) -> R<Object> {
        self.new_leaf(size_of::<T>())
    }
    /// Runs `f` on the `T` in a leaf that [`Py::new_plain`] made. `f` must not use the heap.
    #[inline]
    pub fn with_plain<T: Plain, U>(self, leaf: Object, f: impl FnOnce(&mut T) -> U) -> U {
        const { assert!(align_of::<T>() <= 8) };
        assert!(leaf.length() >= size_of::<T>() && self.object_kind(leaf) == crate::Kind::LEAF);
        // SAFETY: the leaf is large and aligned enough and stays in place while its address is on the native stack; any
        // bytes are a valid `T`; collectors do not look into leaves, and `f` reaches the data by no other way.
        f(unsafe { &mut *leaf.bytes_address().cast::<T>() })
    }
}
