//! Weak references: making them, and finding those of an object.
//!
//! The table in [`root::WEAKREFS`] goes from an object's identity to a weak cell, or a list of several, which hold the
//! references weakly: a reference that nobody holds is gone, and its callback with it. Entries of dead objects are swept out
//! when the table has doubled.

use crate::kind::{Kind, shape};
use crate::py::{Py, R, root};
use crate::{class, dict, list};
use vm_api::heap::{Object, Value};

/// Words of a weak reference, behind the weak one.
pub mod word {
    /// The object, or EMPTY once it is gone.
    pub const TARGET: usize = 1;
    /// The callback, or EMPTY.
    pub const CALLBACK: usize = 2;
    /// The object's hash, once asked for.
    pub const HASH: usize = 3;
    /// Words in all.
    pub const WORDS: usize = 5;
}

/// Entries of the table at which it is swept for the first time.
const FIRST_SWEEP: usize = 1024;

struct Sweep(std::cell::Cell<usize>);

/// Is the reference gone that the cell held?
fn is_gone(cell: Object) -> bool {
    cell.get(word::TARGET).is_empty()
}

impl Py<'_> {
    /// The object of a weak reference, cell or proxy.
    pub fn weak_target(self, reference: Object) -> Option<Object> {
        let target = Object::from_value(reference.get(word::TARGET))?;
        self.heap().weak_read(target);
        Some(target)
    }
    /// Can the value be referenced weakly?
    pub fn is_weakrefable(self, v: Value) -> bool {
        v.is_object() && class::has(self.class_of(v), class::flag::WEAKREFS)
    }
    fn weak_table(self) -> R<Object> {
        if let Some(table) = Object::from_value(self.root(root::WEAKREFS)) {
            return Ok(table);
        }
        let table = self.new_dict()?;
        self.set_root(root::WEAKREFS, table.value());
        Ok(table)
    }
    /// The references and proxies to an object that live, in the order in which they were made.
    pub fn weak_references(self, v: Value) -> R<Object> {
        let found = self.new_list(2)?;
        if let Some(entry) = self.weak_entry(v)? {
            for reference in self.living(entry) {
                self.list_push(found, reference.value())?;
            }
        }
        Ok(found)
    }
    /// What the table has for a value.
    fn weak_entry(self, v: Value) -> R<Option<Value>> {
        if !v.is_object() {
            return Ok(None);
        }
        let key = self.int_u64(self.identity(v))?;
        self.dict_get(self.weak_table()?, key)
    }
    /// The references and proxies of an entry that live.
    fn living(self, entry: Value) -> impl Iterator<Item = Object> {
        (0..self.weak_cells(entry)).filter_map(move |i| self.weak_target(self.weak_cell(entry, i)))
    }
    /// Makes a fresh reference or proxy refer to an object, with a callback or EMPTY. TypeError if it cannot be referenced.
    pub fn set_weak_target(self, reference: Object, target: Value, callback: Value) -> R<()> {
        if !self.is_weakrefable(target) {
            return self.type_error(&format!("cannot create weak reference to '{}' object", self.class_name(target)));
        }
        let table = self.weak_table()?;
        self.sweep_weak_table(table)?;
        let key = self.int_u64(self.identity(target))?;
        let entry = self.dict_get(table, key)?;
        let cell = self.alloc(shape::WEAKREF, word::WORDS)?;
        self.store(cell, word::TARGET, reference.value());
        match entry {
            Some(entry) => match self.as_list(entry) {
                Some(cells) => {
                    // Cells of references that are gone make room.
                    let mut i = 0;
                    while i < list::length(cells) {
                        if is_gone(Object::of(list::item(cells, i))) {
                            self.list_pop(cells, i);
                        } else {
                            i += 1;
                        }
                    }
                    self.list_push(cells, cell.value())?;
                }
                None if is_gone(Object::of(entry)) => self.dict_set(table, key, cell.value())?,
                None => {
                    let cells = self.new_list(2)?;
                    self.list_push(cells, entry)?;
                    self.list_push(cells, cell.value())?;
                    self.dict_set(table, key, cells.value())?;
                }
            },
            None => self.dict_set(table, key, cell.value())?,
        }
        self.store(reference, word::TARGET, target);
        self.store(reference, word::CALLBACK, callback);
        Ok(())
    }
    /// How many cells an entry of the table has.
    fn weak_cells(self, entry: Value) -> usize {
        self.as_list(entry).map_or(1, list::length)
    }
    /// One of them.
    fn weak_cell(self, entry: Value, i: usize) -> Object {
        Object::of(self.as_list(entry).map_or(entry, |cells| list::item(cells, i)))
    }
    /// Removes the entries without living references, if the table has grown enough since the last time.
    fn sweep_weak_table(self, table: Object) -> R<()> {
        let sweep = self.state().data("weak references", || Sweep(std::cell::Cell::new(FIRST_SWEEP)));
        if dict::length(table) < sweep.0.get() {
            return Ok(());
        }
        let mut i = 0;
        while let Some((at, _, entry)) = dict::next_entry(table, i) {
            i = at + 1;
            if (0..self.weak_cells(entry)).all(|i| is_gone(self.weak_cell(entry, i))) {
                self.dict_remove_entry(table, at);
            }
        }
        sweep.0.set((dict::length(table) * 2).max(FIRST_SWEEP));
        Ok(())
    }
    /// A plain weak reference without a callback: the one that there is, or a new one.
    pub fn weak_reference(self, target: Value) -> R<Object> {
        if let Some(entry) = self.weak_entry(target)? {
            let is_plain = |o: &Object| o.shape() == shape::WEAKREF && o.get(word::CALLBACK).is_empty();
            if let Some(o) = self.living(entry).find(is_plain) {
                return Ok(o);
            }
        }
        let o = self.alloc(shape::WEAKREF, word::WORDS)?;
        self.set_weak_target(o, target, Value::EMPTY)?;
        Ok(o)
    }
    /// The value as a weak reference (of kind `WEAKREF`, subclasses included).
    pub fn as_weak_reference(self, v: Value) -> Option<Object> {
        self.of_kind(v, Kind::WEAKREF)
    }
}
