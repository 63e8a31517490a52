//! Elements of value arrays by the dozen: one barrier for all that are overwritten, and then plain moves of words.
//!
//! Each method asserts once that what it touches lies inside of the arrays. None is a safepoint.

use crate::heap::Heap;
use crate::layout::Layout;
use crate::object::Object;
use crate::value::Value;

/// Word of element `i`.
#[inline(always)]
fn word(i: usize) -> usize {
    Layout::FIRST_ELEMENT + i
}

/// Copies word by word, upwards.
#[inline(always)]
fn copy_up(source: Object, from: usize, target: Object, to: usize, count: usize) {
    (0..count).for_each(|i| target.set_word(word(to + i), source.word(word(from + i))));
}

impl Heap {
    /// Moves `count` elements of a value array from index `from` to index `to` (they may overlap).
    #[inline]
    pub fn move_elements(&self, array: Object, from: usize, to: usize, count: usize) {
        assert!(from + count <= array.length() && to + count <= array.length());
        self.range_barrier(array, to, to + count);
        if to <= from {
            copy_up(array, from, array, to, count);
        } else {
            (0..count).rev().for_each(|i| array.set_word(word(to + i), array.word(word(from + i))));
        }
    }
    /// Copies `count` elements between two different value arrays.
    #[inline]
    pub fn copy_elements(&self, source: Object, from: usize, target: Object, to: usize, count: usize) {
        assert!(from + count <= source.length() && to + count <= target.length());
        self.range_barrier(target, to, to + count);
        copy_up(source, from, target, to, count);
    }
    /// Copies `count` elements between two different value arrays, those up to index `last` in reverse order.
    #[inline]
    pub fn copy_reversed(&self, source: Object, last: usize, target: Object, to: usize, count: usize) {
        assert!(count <= last + 1 && last < source.length() && to + count <= target.length());
        self.range_barrier(target, to, to + count);
        (0..count).for_each(|i| target.set_word(word(to + i), source.word(word(last - i))));
    }
    /// Reverses the elements `from..to` of a value array.
    #[inline]
    pub fn reverse_elements(&self, array: Object, from: usize, to: usize) {
        assert!(from <= to && to <= array.length());
        self.range_barrier(array, from, to);
        let (mut low, mut high) = (word(from), word(to));
        while low + 1 < high {
            high -= 1;
            let (first, last) = (array.word(low), array.word(high));
            array.set_word(low, last);
            array.set_word(high, first);
            low += 1;
        }
    }
    /// Takes element `i` out of the first `n` of a value array: those behind it come down, and the last place is empty.
    #[inline]
    pub fn remove_element(&self, array: Object, i: usize, n: usize) -> Value {
        assert!(i < n && n <= array.length());
        self.range_barrier(array, i, n);
        let v = array.element(i);
        copy_up(array, i + 1, array, i, n - i - 1);
        array.set_word(word(n - 1), Value::EMPTY.bits());
        v
    }
    /// Puts `v` before element `i` of the first `n` of a value array, which has room: those from there on go up.
    #[inline]
    pub fn insert_element(&self, array: Object, i: usize, n: usize, v: Value) {
        assert!(i <= n && n < array.length());
        self.range_barrier(array, i, n + 1);
        (i..n).rev().for_each(|k| array.set_word(word(k + 1), array.word(word(k))));
        array.set_word(word(i), v.bits());
    }
}
