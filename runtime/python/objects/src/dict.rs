//! `dict`: insertion-ordered hash tables, probed and grown as CPython's are.
//!
//! The object holds how many entries live, how many were made, and a version, raw; then the table (a power of two
//! of 32-bit indices, then hashes of the entries) and the entries (keys and values in turn). Table and entries never change
//! their size; growing replaces both. A deleted entry has an EMPTY key.
//!
//! **Version**: 0 unless somebody cached where a key is. Then it is a number that no other dictionary ever has, and whatever
//! changes the set of keys or moves entries makes it 0 again. So "version is still what I cached" means "entry `i` still
//! belongs to the key I looked for" (or that the key is still missing). It stands for values, too, where these are definitions
//! ([`DEFINITIONS`]): who replaces one takes the version away, until so many were replaced that definitions do not seem to last in this
//! dictionary ([`is_settled`]). Replacing other values leaves it alone. Code that stores to entries by itself leaves definitions, and
//! dictionaries with versions of which it knows nothing, to [`Py::dict_set_entry`].

use crate::kind::{Kind, shape};
use crate::py::{Py, R};
use crate::string;
use crate::symbol::Symbol;
use python_algorithms::dict_table::{Probe, slots_for_entries, slots_when_full, usable};
use vm_api::heap::{Object, OutOfMemory, ShapeIndex, Value};

const USED: usize = 1;
const FILL: usize = 2;
const VERSION: usize = 3;
const TABLE: usize = 4;
const ENTRIES: usize = 5;
/// Words of a dictionary.
pub const WORDS: u32 = 6;
/// Byte offsets for compiled code.
pub mod offset {
    /// Of the version.
    pub const VERSION: u32 = 24;
    /// Of the entries' array; the value of entry `i` is its element `2 * i + 1`.
    pub const ENTRIES: u32 = 40;
    /// Of the number of live entries.
    pub const USED: u32 = 8;
    /// Of the number of entries made, raw.
    pub const FILL: u32 = 16;
    /// Of the table.
    pub const TABLE: u32 = 32;
    /// Within the table: of the number of slots, raw.
    pub const SLOTS: u32 = 16;
    /// Within the table: of the first index, 32 bits; the hashes follow the last.
    pub const INDICES: u32 = 32;
}

/// Byte offsets of iterators over dictionaries.
pub mod iterator {
    /// Of the number of entries passed, raw.
    pub const POSITION: u32 = 8;
    /// Of the expected number of items, raw, with the number of those left in the upper half.
    pub const COUNTS: u32 = 16;
    /// Of the dictionary, EMPTY at the end.
    pub const OVER: u32 = 24;
}

/// Shapes of what programs define and hardly ever replace: functions and classes. See [`is_settled`].
pub const DEFINITIONS: [ShapeIndex; 3] = [shape::TYPE, shape::FUNCTION, shape::BUILTIN];

/// An index that says that the slot's entry was deleted. Others, not 0, are of the entry with the number before.
pub const DELETED: u32 = u32::MAX;

/// The table's parts: the number of slots, how many of them were ever used (never more than `usable`: so there is always one
/// where a search ends), with how many definitions were replaced in the upper half of that word, the indices (0: never used, else
/// entry number plus one), then `usable` hashes.
#[derive(Clone, Copy)]
struct Table(Object);

impl Table {
    fn slots(self) -> usize {
        // SAFETY: the first word of the payload is written when the table is made.
        unsafe { *self.0.bytes_address().cast::<u64>() as usize }
    }
    fn hashes(self) -> *mut i64 {
        self.indices().wrapping_add(self.slots()).cast()
    }
    fn indices(self) -> *mut u32 {
        self.0.bytes_address().wrapping_add(16).cast()
    }
    fn occupied(self) -> usize {
        // SAFETY: as above.
        unsafe { *self.0.bytes_address().cast::<u32>().add(2) as usize }
    }
    fn set_occupied(self, n: usize) {
        // SAFETY: as above.
        unsafe { *self.0.bytes_address().cast::<u32>().add(2) = n as u32 }
    }
    /// How many definitions have been replaced, at most [`MOST_REPLACED`].
    fn replaced(self) -> u32 {
        // SAFETY: as above.
        unsafe { *self.0.bytes_address().cast::<u32>().add(3) }
    }
    fn set_replaced(self, n: u32) {
        // SAFETY: as above.
        unsafe { *self.0.bytes_address().cast::<u32>().add(3) = n }
    }
    /// The hash of entry `i`, which must be one that the table has room for.
    fn hash(self, i: usize) -> i64 {
        // SAFETY: the caller's.
        unsafe { *self.hashes().add(i) }
    }
    fn set_hash(self, i: usize, hash: i64) {
        // SAFETY: as above.
        unsafe { *self.hashes().add(i) = hash }
    }
    fn new(py: Py<'_>, slots: usize) -> R<Table> {
        if slots >= 1 << 31 {
            return Err(py.out_of_memory(OutOfMemory));
        }
        let leaf = py.new_leaf(16 + usable(slots) * 8 + slots * 4)?;
        // SAFETY: the fresh leaf has room for its first word.
        unsafe { *leaf.bytes_address().cast::<u64>() = slots as u64 };
        Ok(Table(leaf))
    }
    /// Puts entry `i` into the first slot that was never used. There must be one besides it.
    fn link(self, slots: usize, hash: i64, i: usize) {
        self.set_occupied(self.occupied() + 1);
        let (indices, mut probe) = (self.indices(), Probe::new(hash, slots - 1));
        // SAFETY: probes stay within the indices.
        unsafe {
            while *indices.add(probe.slot()) != 0 {
                probe.advance();
            }
            *indices.add(probe.slot()) = i as u32 + 1;
        }
    }
}

/// Number of items.
#[inline(always)]
pub fn length(d: Object) -> usize {
    d.word(USED) as usize
}
/// Slots of the index table; 0 if there is none yet.
pub fn slots(d: Object) -> usize {
    Object::from_value(d.get(TABLE)).map_or(0, |t| Table(t).slots())
}
/// Entries made so far, deleted ones included: iteration goes over these.
#[inline(always)]
pub fn fill(d: Object) -> usize {
    d.word(FILL) as usize
}
/// Key and value of entry `i < fill`; `None` if it was deleted.
#[inline(always)]
pub fn entry(d: Object, i: usize) -> Option<(Value, Value)> {
    let entries = Object::of(d.get(ENTRIES));
    let key = entries.element(2 * i);
    (!key.is_empty()).then(|| (key, entries.element(2 * i + 1)))
}
/// The array of the entries (EMPTY: none yet): another one when they have moved.
pub fn storage(d: Object) -> Value {
    d.get(ENTRIES)
}
/// The hash of entry `i < fill`.
pub fn entry_hash(d: Object, i: usize) -> i64 {
    Table(Object::of(d.get(TABLE))).hash(i)
}
/// The value of entry `i`, EMPTY if deleted.
#[inline(always)]
pub fn entry_value(d: Object, i: usize) -> Value {
    Object::of(d.get(ENTRIES)).element(2 * i + 1)
}
/// Functions and classes replaced in a dictionary, since it last grew, after which its entries are taken to change.
const MOST_REPLACED: u32 = 4;

fn is_definition(v: Value) -> bool {
    Object::from_value(v).is_some_and(|o| DEFINITIONS.contains(&o.shape()))
}
/// Is entry `i` a definition that stays as long as the version does, so that a cache of the version may hold its value?
pub fn is_settled(d: Object, i: usize) -> bool {
    is_definition(entry_value(d, i)) && Table(Object::of(d.get(TABLE))).replaced() < MOST_REPLACED
}
/// A definition is about to be replaced in a dictionary with a version.
#[cold]
fn replaces_definition(d: Object) {
    let table = Table(Object::of(d.get(TABLE)));
    // Caches of a version that was made after the last of them hold no values.
    if table.replaced() < MOST_REPLACED {
        table.set_replaced(table.replaced() + 1);
        d.set_word(VERSION, 0);
    }
}

/// The version, made now if there is none; `None` if numbers have run out.
pub fn version(py: Py<'_>, d: Object) -> Option<u32> {
    if d.word(VERSION) == 0 {
        let next = py.state().next_version();
        if next >= u64::from(u32::MAX) {
            return None;
        }
        d.set_word(VERSION, next);
    }
    Some(d.word(VERSION) as u32)
}

/// Where a key is, for keys whose comparison runs no Python code: `same` tells for a stored key with the same hash.
#[inline]
fn search(d: Object, hash: i64, mut same: impl FnMut(Value) -> bool) -> Option<(usize, usize)> {
    let table = Table(Object::from_value(d.get(TABLE))?);
    let entries = Object::of(d.get(ENTRIES));
    let slots = table.slots();
    let (indices, mut probe) = (table.indices(), Probe::new(hash, slots - 1));
    loop {
        // SAFETY: probes stay within the indices.
        match unsafe { *indices.add(probe.slot()) } {
            0 => return None,
            DELETED => {}
            i => {
                let i = i as usize - 1;
                if table.hash(i) == hash && same(entries.element(2 * i)) {
                    return Some((probe.slot(), i));
                }
            }
        }
        probe.advance();
    }
}

/// The entry of a string key. Runs no Python code.
#[inline]
pub fn find_str(py: Py<'_>, d: Object, key: Object) -> Option<usize> {
    search_str(py, d, key).map(|(_, i)| i)
}
fn search_str(py: Py<'_>, d: Object, key: Object) -> Option<(usize, usize)> {
    search(d, string::hash(py, key), |k| {
        k == key.value() || string::exact_or_payload(py, k).is_some_and(|k| string::equal(k, key))
    })
}
/// The value under a string key.
#[inline]
pub fn get_str(py: Py<'_>, d: Object, key: Object) -> Option<Value> {
    find_str(py, d, key).map(|i| entry_value(d, i))
}
/// The value under a symbol.
#[inline]
pub fn get_symbol(py: Py<'_>, d: Object, key: Symbol) -> Option<Value> {
    get_str(py, d, py.symbol_string(key))
}

impl Py<'_> {
    /// An empty dictionary.
    #[inline]
    pub fn new_dict(self) -> R<Object> {
        self.alloc(shape::DICT, WORDS as usize)
    }
    /// An empty dictionary with room for `entries` items.
    pub fn new_dict_for(self, entries: usize) -> R<Object> {
        let d = self.new_dict()?;
        if entries > 5 {
            self.resize(d, slots_for_entries(entries))?;
        }
        Ok(d)
    }
    /// Makes room for so many further items.
    pub fn dict_reserve(self, d: Object, entries: usize) -> R<()> {
        let wanted = length(d).saturating_add(entries);
        let room = Object::from_value(d.get(TABLE)).map_or(5, |table| usable(Table(table).slots()));
        if wanted > room { self.resize(d, slots_for_entries(wanted)) } else { Ok(()) }
    }
    /// Moves the live entries to a table of `slots` slots.
    fn resize(self, d: Object, slots: usize) -> R<()> {
        let table = Table::new(self, slots)?;
        let entries = self.new_array(usable(slots) * 2)?;
        let mut n = 0;
        if let Some(old) = Object::from_value(d.get(ENTRIES)) {
            let hashes = Table(Object::of(d.get(TABLE)));
            let mut take = |i: usize| {
                let key = old.element(2 * i);
                if !key.is_empty() {
                    self.heap().store_element(entries, 2 * n, key);
                    self.heap().store_element(entries, 2 * n + 1, old.element(2 * i + 1));
                    table.set_hash(n, hashes.hash(i));
                    table.link(slots, hashes.hash(i), n);
                    n += 1;
                }
            };
            self.in_pieces(fill(d), |from, to| (from..to).for_each(&mut take))?;
        }
        self.store(d, TABLE, table.0.value());
        self.store(d, ENTRIES, entries.value());
        d.set_word(FILL, n as u64);
        d.set_word(VERSION, 0);
        Ok(())
    }
    /// Appends an entry for a key that is known to be missing. Runs no Python code.
    pub fn dict_append(self, d: Object, key: Value, hash: i64, value: Value) -> R<()> {
        // No more entries than slots were used: each took one.
        let full = match Object::from_value(d.get(TABLE)) {
            None => true,
            Some(t) => Table(t).occupied() >= usable(Table(t).slots()),
        };
        if full {
            self.resize(d, slots_when_full(length(d)))?;
        }
        let (table, entries, i) = (Table(Object::of(d.get(TABLE))), Object::of(d.get(ENTRIES)), fill(d));
        self.heap().store_element(entries, 2 * i, key);
        self.heap().store_element(entries, 2 * i + 1, value);
        let slots = table.slots();
        table.set_hash(i, hash);
        // Deleted slots are passed over: a table is rebuilt before they fill it.
        table.link(slots, hash, i);
        d.set_word(FILL, i as u64 + 1);
        d.set_word(USED, d.word(USED) + 1);
        d.set_word(VERSION, 0);
        Ok(())
    }
    /// Where `key` is. May run `__eq__`.
    fn search_any(self, d: Object, key: Value, hash: i64) -> R<Option<(usize, usize)>> {
        'again: loop {
            let Some(table) = Object::from_value(d.get(TABLE)).map(Table) else { return Ok(None) };
            let entries = Object::of(d.get(ENTRIES));
            let slots = table.slots();
            let mut probe = Probe::new(hash, slots - 1);
            loop {
                // SAFETY: probes stay within the indices.
                let i = match unsafe { *table.indices().add(probe.slot()) } {
                    0 => return Ok(None),
                    DELETED => {
                        probe.advance();
                        continue;
                    }
                    i => i as usize - 1,
                };
                if table.hash(i) == hash {
                    let k = entries.element(2 * i);
                    if k == key {
                        return Ok(Some((probe.slot(), i)));
                    }
                    let same = match self.quick_equal(k, key) {
                        Some(same) => same,
                        None => {
                            let same = self.equal(k, key)?;
                            if d.get(TABLE) != table.0.value() || entries.element(2 * i) != k {
                                // The comparison changed the dictionary.
                                continue 'again;
                            }
                            same
                        }
                    };
                    if same {
                        return Ok(Some((probe.slot(), i)));
                    }
                }
                probe.advance();
            }
        }
    }
    /// The entry of `key`, whose hash is known. May run `__eq__`.
    pub fn dict_find(self, d: Object, key: Value, hash: i64) -> R<Option<usize>> {
        match Object::from_value(key) {
            Some(o) if string::is_exact(o) => self.find_text(d, o, hash).map(|(i, _)| i),
            _ => Ok(self.search_any(d, key, hash)?.map(|(_, i)| i)),
        }
    }
    /// The entry of an exact string, and whether that was found without asking a key that is none.
    #[inline(always)]
    fn find_text(self, d: Object, key: Object, hash: i64) -> R<(Option<usize>, bool)> {
        // Other keys with the same hash are rare; then the general search decides.
        let mut plain = true;
        let found = search(d, hash, |k| match Object::from_value(k) {
            Some(k) if string::is_exact(k) => string::equal(k, key),
            _ => {
                plain = false;
                false
            }
        });
        if plain {
            return Ok((found.map(|(_, i)| i), true));
        }
        Ok((self.search_any(d, key.value(), hash)?.map(|(_, i)| i), false))
    }
    /// The entry of a name, and whether a cache may keep that: not if other keys than exact strings were asked whether they are
    /// the name. May run `__eq__`.
    pub fn dict_find_name(self, d: Object, name: Symbol) -> R<(Option<usize>, bool)> {
        let key = self.symbol_string(name);
        self.find_text(d, key, string::hash(self, key))
    }
    /// The value under a name. May run `__eq__`, where [`get_symbol`] does not.
    pub fn dict_get_name(self, d: Object, name: Symbol) -> R<Option<Value>> {
        Ok(self.dict_find_name(d, name)?.0.map(|i| entry_value(d, i)))
    }
    /// Sets the value under a name. May run `__eq__`, where [`Py::dict_set_symbol`] does not.
    pub fn dict_set_name(self, d: Object, name: Symbol, value: Value) -> R<()> {
        match self.dict_find_name(d, name)?.0 {
            Some(i) => {
                self.dict_set_entry(d, i, value);
                Ok(())
            }
            None => {
                let key = self.symbol_string(name);
                self.dict_append(d, key.value(), string::hash(self, key), value)
            }
        }
    }
    /// `d.get(key)`. May run `__hash__` and `__eq__`; TypeError for an unhashable key.
    pub fn dict_get(self, d: Object, key: Value) -> R<Option<Value>> {
        let hash = self.hash(key)?;
        Ok(self.dict_find(d, key, hash)?.map(|i| entry_value(d, i)))
    }
    /// `d[key] = value`. May run `__hash__` and `__eq__`.
    pub fn dict_set(self, d: Object, key: Value, value: Value) -> R<()> {
        let hash = self.hash(key)?;
        self.dict_set_hashed(d, key, hash, value)
    }
    /// The same with the key's hash known.
    pub fn dict_set_hashed(self, d: Object, key: Value, hash: i64, value: Value) -> R<()> {
        match self.dict_find(d, key, hash)? {
            Some(i) => {
                self.dict_set_entry(d, i, value);
                Ok(())
            }
            None => self.dict_append(d, key, hash, value),
        }
    }
    /// `d[key] = value` for a string key; runs no Python code.
    pub fn dict_set_str(self, d: Object, key: Object, value: Value) -> R<()> {
        match find_str(self, d, key) {
            Some(i) => {
                self.dict_set_entry(d, i, value);
                Ok(())
            }
            None => self.dict_append(d, key.value(), string::hash(self, key), value),
        }
    }
    /// The same for a symbol.
    pub fn dict_set_symbol(self, d: Object, key: Symbol, value: Value) -> R<()> {
        self.dict_set_str(d, self.symbol_string(key), value)
    }
    /// The same for a text, which is interned.
    pub fn dict_set_text(self, d: Object, key: &str, value: Value) -> R<()> {
        let symbol = self.intern(key)?;
        self.dict_set_symbol(d, symbol, value)
    }
    /// Replaces the value of entry `i`.
    #[inline]
    pub fn dict_set_entry(self, d: Object, i: usize, value: Value) {
        let entries = Object::of(d.get(ENTRIES));
        if d.word(VERSION) != 0 && is_definition(entries.element(2 * i + 1)) {
            replaces_definition(d);
        }
        self.heap().store_element(entries, 2 * i + 1, value);
    }
    fn remove_at(self, d: Object, slot: usize, i: usize) -> Value {
        let (table, entries) = (Table(Object::of(d.get(TABLE))), Object::of(d.get(ENTRIES)));
        let value = entries.element(2 * i + 1);
        // SAFETY: the slot comes from a search of this table.
        unsafe { *table.indices().add(slot) = DELETED };
        self.heap().store_element(entries, 2 * i, Value::EMPTY);
        self.heap().store_element(entries, 2 * i + 1, Value::EMPTY);
        d.set_word(USED, d.word(USED) - 1);
        d.set_word(VERSION, 0);
        value
    }
    /// Removes `key`; its value if it was there. May run `__hash__` and `__eq__`.
    pub fn dict_remove(self, d: Object, key: Value) -> R<Option<Value>> {
        let hash = self.hash(key)?;
        Ok(self.search_any(d, key, hash)?.map(|(slot, i)| self.remove_at(d, slot, i)))
    }
    /// Removes a string key. Runs no Python code.
    pub fn dict_remove_str(self, d: Object, key: Object) -> Option<Value> {
        search_str(self, d, key).map(|(slot, i)| self.remove_at(d, slot, i))
    }
    /// Removes entry `i`.
    pub fn dict_remove_entry(self, d: Object, i: usize) {
        let hash = entry_hash(d, i);
        let key = Object::of(d.get(ENTRIES)).element(2 * i);
        if let Some((slot, _)) = search(d, hash, |k| k == key) {
            self.remove_at(d, slot, i);
        }
    }
    /// Removes the last entry; its key and value.
    pub fn dict_pop_last(self, d: Object) -> Option<(Value, Value)> {
        let (i, key, value) = previous_entry(d, fill(d).checked_sub(1)?)?;
        self.dict_remove_entry(d, i);
        // What lies behind it is deleted as well: the next call need not pass over it again.
        d.set_word(FILL, i as u64);
        Some((key, value))
    }
    /// `d.clear()`
    pub fn dict_clear(self, d: Object) {
        self.store(d, TABLE, Value::EMPTY);
        self.store(d, ENTRIES, Value::EMPTY);
        d.set_word(USED, 0);
        d.set_word(FILL, 0);
        d.set_word(VERSION, 0);
    }
    /// A new dictionary of the items.
    pub fn dict_copy(self, from: Object) -> R<Object> {
        let d = self.new_dict()?;
        self.dict_copy_into(d, from)?;
        Ok(d)
    }
    /// Gives an empty dictionary table and entries as they stand in another, if that has no gaps and just the room that it
    /// needs.
    fn clone_into(self, d: Object, from: Object) -> R<bool> {
        let (n, Some(old)) = (length(from), Object::from_value(from.get(TABLE))) else { return Ok(false) };
        let slots = Table(old).slots();
        if n == 0 || Table(old).occupied() != n || fill(from) != n || slots_for_entries(n) != slots {
            return Ok(false);
        }
        let entries = self.new_array(usable(slots) * 2)?;
        let table = self.new_leaf(old.length())?;
        // SAFETY: both leaves are so long, and one is fresh.
        self.in_pieces(old.length(), |a, b| unsafe {
            std::ptr::copy_nonoverlapping(old.bytes_address().add(a), table.bytes_address().add(a), b - a);
        })?;
        let source = Object::of(from.get(ENTRIES));
        self.in_pieces(2 * n, |a, b| self.heap().copy_elements(source, a, entries, a, b - a))?;
        self.store(d, TABLE, table.value());
        self.store(d, ENTRIES, entries.value());
        d.set_word(FILL, n as u64);
        d.set_word(USED, n as u64);
        d.set_word(VERSION, 0);
        Ok(true)
    }
    /// `d.update(from)` for a dictionary whose keys are known to be hashable: their hashes are taken over.
    pub fn dict_copy_into(self, d: Object, from: Object) -> R<()> {
        if d.get(TABLE).is_empty() {
            if self.clone_into(d, from)? {
                return Ok(());
            }
            self.dict_reserve(d, length(from))?;
        }
        let mut i = 0;
        while i < fill(from) {
            if i & 0xFFFF == 0xFFFF {
                self.check_interrupt()?;
            }
            if let Some((key, value)) = entry(from, i) {
                let hash = entry_hash(from, i);
                self.dict_set_hashed(d, key, hash, value)?;
            }
            i += 1;
        }
        Ok(())
    }
    /// `d.update(from)` for a dictionary that nobody else has, and that is given up.
    pub fn dict_take(self, d: Object, from: Object) -> R<()> {
        if !d.get(TABLE).is_empty() {
            return self.dict_copy_into(d, from);
        }
        for word in [TABLE, ENTRIES] {
            self.store(d, word, from.get(word));
        }
        for word in [USED, FILL] {
            d.set_word(word, from.word(word));
        }
        d.set_word(VERSION, 0);
        self.dict_clear(from);
        Ok(())
    }
    /// The dictionary of a value of kind `DICT` (subclasses included).
    #[inline]
    pub fn as_dict(self, v: Value) -> Option<Object> {
        self.of_kind(v, Kind::DICT)
    }
}

/// The next live entry at or after `i`: its number, key and value.
#[inline]
pub fn next_entry(d: Object, mut i: usize) -> Option<(usize, Value, Value)> {
    let n = fill(d);
    while i < n {
        if let Some((k, v)) = entry(d, i) {
            return Some((i, k, v));
        }
        i += 1;
    }
    None
}
/// The last live entry at or before `i`.
pub fn previous_entry(d: Object, i: usize) -> Option<(usize, Value, Value)> {
    (0..=i).rev().find_map(|i| (i < fill(d)).then(|| entry(d, i)).flatten().map(|(k, v)| (i, k, v)))
}
