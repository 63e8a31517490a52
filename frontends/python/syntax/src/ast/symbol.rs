//! Identifiers, interned: equal names have equal [`Symbol`]s within one tree.

use std::fmt;
use std::num::NonZeroU32;

/// An interned identifier (or dotted module name). Only comparable with symbols of the same [`SymbolTable`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Symbol(NonZeroU32);

impl Symbol {
    /// Position in the table, counted from zero in order of first occurrence: dense.
    pub fn index(self) -> usize {
        self.0.get() as usize - 1
    }
}

impl fmt::Debug for Symbol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "sym{}", self.index())
    }
}

/// The names of a tree. Texts stand one after the other in one buffer; the index is an open-addressing table with
/// linear probing, kept at most half full.
#[derive(Clone, Debug, Default)]
pub struct SymbolTable {
    text: String,
    /// End of each name in `text`; its start is the end of the one before.
    ends: Vec<u32>,
    /// Symbol number plus one, zero for free. The length is a power of two or zero.
    slots: Vec<u32>,
}

/// Multiply-rotate over eight bytes at a time, as in rustc's FxHash: names are short and not chosen to collide with
/// security at stake (a degenerate table costs time linear in the number of names per name).
fn hash(bytes: &[u8]) -> u64 {
    const MULTIPLIER: u64 = 0x517c_c1b7_2722_0a95;
    let mut state = bytes.len() as u64;
    let mut chunks = bytes.chunks_exact(8);
    for chunk in &mut chunks {
        let mut word = [0; 8];
        word.copy_from_slice(chunk);
        state = (state.rotate_left(5) ^ u64::from_le_bytes(word)).wrapping_mul(MULTIPLIER);
    }
    let mut last = [0; 8];
    let rest = chunks.remainder();
    last[..rest.len()].copy_from_slice(rest);
    state = (state.rotate_left(5) ^ u64::from_le_bytes(last)).wrapping_mul(MULTIPLIER);
    state ^ (state >> 32)
}

impl SymbolTable {
    /// The symbol for `name`, made if it is new.
    ///
    /// # Panics
    /// When the names together exceed 4 GiB; the parser refuses such sources before.
    pub fn intern(&mut self, name: &str) -> Symbol {
        if self.slots.len() < 2 * (self.ends.len() + 1) {
            self.grow();
        }
        let mask = self.slots.len() - 1;
        let mut slot = hash(name.as_bytes()) as usize & mask;
        loop {
            match NonZeroU32::new(self.slots[slot]) {
                Some(number) if self.name(Symbol(number)) == name => return Symbol(number),
                Some(_) => slot = (slot + 1) & mask,
                None => break,
            }
        }
        self.text.push_str(name);
        self.ends.push(u32::try_from(self.text.len()).expect("identifiers exceed 4 GiB"));
        let symbol = Symbol(NonZeroU32::MIN.saturating_add(self.ends.len() as u32 - 1));
        self.slots[slot] = symbol.0.get();
        symbol
    }

    /// The symbol of `name` if it occurs.
    pub fn find(&self, name: &str) -> Option<Symbol> {
        let mask = self.slots.len().checked_sub(1)?;
        let mut slot = hash(name.as_bytes()) as usize & mask;
        loop {
            let number = NonZeroU32::new(self.slots[slot])?;
            if self.name(Symbol(number)) == name {
                return Some(Symbol(number));
            }
            slot = (slot + 1) & mask;
        }
    }

    /// The text of a symbol of this table.
    pub fn name(&self, symbol: Symbol) -> &str {
        let index = symbol.index();
        let start = if index == 0 { 0 } else { self.ends[index - 1] as usize };
        &self.text[start..self.ends[index] as usize]
    }

    /// Number of distinct names.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there are no names.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    fn grow(&mut self) {
        let size = (self.slots.len() * 2).max(64);
        let mut slots = vec![0; size];
        for number in 1..=self.ends.len() as u32 {
            let symbol = Symbol(NonZeroU32::MIN.saturating_add(number - 1));
            let mut slot = hash(self.name(symbol).as_bytes()) as usize & (size - 1);
            while slots[slot] != 0 {
                slot = (slot + 1) & (size - 1);
            }
            slots[slot] = number;
        }
        self.slots = slots;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_names_are_one_symbol_across_growth() {
        let mut table = SymbolTable::default();
        let names: Vec<String> = (0..1000).map(|i| format!("name_{i}")).collect();
        let first: Vec<Symbol> = names.iter().map(|n| table.intern(n)).collect();
        let second: Vec<Symbol> = names.iter().map(|n| table.intern(n)).collect();
        assert_eq!(first, second);
        assert_eq!(table.len(), 1000);
        assert!(names.iter().zip(&first).all(|(n, s)| table.name(*s) == n && table.find(n) == Some(*s)));
        assert_eq!(table.find("absent"), None);
    }
}
