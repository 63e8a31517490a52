//! Which variables are certainly bound.
//!
//! One forward pass suffices: a variable that is never unbound only becomes bound, so what holds at the entry of a loop
//! or `try` statement holds at every jump back to its head, and at its handlers. Variables that are unbound somewhere in
//! the function are taken out at those places.

use std::collections::HashMap;
use vm_code::builder::Label;

/// A set of variables, by register.
#[derive(Clone, Default, Debug)]
pub(super) struct Bound(Vec<u64>);

impl Bound {
    pub(super) fn contains(&self, register: u16) -> bool {
        self.0.get(usize::from(register) / 64).is_some_and(|word| word >> (register % 64) & 1 != 0)
    }

    pub(super) fn insert(&mut self, register: u16) {
        let at = usize::from(register) / 64;
        if self.0.len() <= at {
            self.0.resize(at + 1, 0);
        }
        self.0[at] |= 1 << (register % 64);
    }

    pub(super) fn remove(&mut self, register: u16) {
        if let Some(word) = self.0.get_mut(usize::from(register) / 64) {
            *word &= !(1 << (register % 64));
        }
    }

    pub(super) fn remove_all(&mut self, other: &Bound) {
        for (word, other) in self.0.iter_mut().zip(&other.0) {
            *word &= !other;
        }
    }

    pub(super) fn intersect(&mut self, other: &Bound) {
        self.0.truncate(other.0.len());
        for (word, other) in self.0.iter_mut().zip(&other.0) {
            *word &= other;
        }
    }
}

/// Notes that control may come to `label` in this state.
pub(super) fn merge(labels: &mut HashMap<Label, Bound>, label: Label, state: &Bound) {
    labels.entry(label).and_modify(|known| known.intersect(state)).or_insert_with(|| state.clone());
}
