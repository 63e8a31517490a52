//! Elements of value arrays by the dozen: one barrier for all that are overwritten, and then plain moves of words.
//!
//! Each method asserts once that what it touches lies inside of the arrays. None is a safepoint.
//!
//! Short ranges of ever different lengths are what programs move most, and a loop that ends where the processor does not expect it
//! costs more than a dozen moves. So words are moved by fours, the rest by two groups that may overlap: all of both is read before
//! any of it is written.

use crate::heap::Heap;
use crate::layout::Layout;
use crate::object::Object;
use crate::value::Value;

/// Word of element `i`.
#[inline(always)]
fn word(i: usize) -> usize {
    Layout::FIRST_ELEMENT + i
}

/// `N` words from index `at` on.
#[inline(always)]
fn words<const N: usize>(object: Object, at: usize) -> [u64; N] {
    std::array::from_fn(|i| object.word(at + i))
}
#[inline(always)]
fn set_words<const N: usize>(object: Object, at: usize, words: [u64; N]) {
    words.into_iter().enumerate().for_each(|(i, bits)| object.set_word(at + i, bits));
}
fn reversed<const N: usize>(mut words: [u64; N]) -> [u64; N] {
    words.reverse();
    words
}
/// Copies at most eight words, all of which are read before one is written.
#[inline(always)]
fn copy_few(source: Object, from: usize, target: Object, to: usize, count: usize) {
    match count {
        0 => {}
        1 => target.set_word(to, source.word(from)),
        2..4 => copy_ends::<2>(source, from, target, to, count),
        _ => copy_ends::<4>(source, from, target, to, count),
    }
}
/// Copies `N` to `2 * N` words: the first ones and the last ones.
#[inline(always)]
fn copy_ends<const N: usize>(source: Object, from: usize, target: Object, to: usize, count: usize) {
    let (first, last) = (words::<N>(source, from), words::<N>(source, from + count - N));
    set_words(target, to, first);
    set_words(target, to + count - N, last);
}
/// Copies words by index, upwards: those that are overwritten before they are read lie below.
#[inline(always)]
fn copy_up(source: Object, mut from: usize, target: Object, mut to: usize, mut count: usize) {
    while count > 8 {
        set_words(target, to, words::<4>(source, from));
        (from, to, count) = (from + 4, to + 4, count - 4);
    }
    copy_few(source, from, target, to, count);
}
/// Moves words by index, downwards.
#[inline(always)]
fn move_down(array: Object, from: usize, to: usize, mut count: usize) {
    while count > 8 {
        count -= 4;
        set_words(array, to + count, words::<4>(array, from + count));
    }
    copy_few(array, from, array, to, count);
}
/// Puts the `N` words from `low` on in reverse order where the last ones before `high` are, and those there: twice `N` or less in all.
#[inline(always)]
fn swap_ends<const N: usize>(array: Object, low: usize, high: usize) {
    let (first, last) = (words::<N>(array, low), words::<N>(array, high - N));
    set_words(array, high - N, reversed(first));
    set_words(array, low, reversed(last));
}
/// Reverses at most eight words.
#[inline(always)]
fn reverse_few(array: Object, low: usize, high: usize) {
    match high - low {
        0 | 1 => {}
        2 | 3 => swap_ends::<1>(array, low, high),
        _ => swap_ends::<4>(array, low, high),
    }
}
/// Reverses more of them. Not inlined, so that it costs nothing where there are few.
#[inline(never)]
fn reverse_many(array: Object, mut low: usize, mut high: usize) {
    while high - low > 8 {
        swap_ends::<4>(array, low, high);
        (low, high) = (low + 4, high - 4);
    }
    reverse_few(array, low, high);
}

impl Heap {
    /// Moves `count` elements of a value array from index `from` to index `to` (they may overlap).
    #[inline]
    pub fn move_elements(&self, array: Object, from: usize, to: usize, count: usize) {
        assert!(from + count <= array.length() && to + count <= array.length());
        self.range_barrier(array, to, to + count);
        if to <= from {
            copy_up(array, word(from), array, word(to), count);
        } else {
            move_down(array, word(from), word(to), count);
        }
    }
    /// Copies `count` elements between two different value arrays.
    #[inline]
    pub fn copy_elements(&self, source: Object, from: usize, target: Object, to: usize, count: usize) {
        assert!(from + count <= source.length() && to + count <= target.length());
        self.range_barrier(target, to, to + count);
        copy_up(source, word(from), target, word(to), count);
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
        if to - from <= 8 {
            reverse_few(array, word(from), word(to));
        } else {
            reverse_many(array, word(from), word(to));
        }
    }
    /// Takes element `i` out of the first `n` of a value array: those behind it come down, and the last place is empty.
    #[inline]
    pub fn remove_element(&self, array: Object, i: usize, n: usize) -> Value {
        assert!(i < n && n <= array.length());
        self.range_barrier(array, i, n);
        let v = array.element(i);
        copy_up(array, word(i + 1), array, word(i), n - i - 1);
        array.set_word(word(n - 1), Value::EMPTY.bits());
        v
    }
    /// Puts `v` before element `i` of the first `n` of a value array, which has room: those from there on go up.
    #[inline]
    pub fn insert_element(&self, array: Object, i: usize, n: usize, v: Value) {
        assert!(i <= n && n < array.length());
        self.range_barrier(array, i, n + 1);
        move_down(array, word(i), word(i + 1), n - i);
        array.set_word(word(i), v.bits());
    }
}
