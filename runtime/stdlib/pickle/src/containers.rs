//! Writing containers: in batches, so that a reader's stack stays small.

use crate::kept::call_method;
use crate::opcode::*;
use crate::pickler::Saver;
use python_objects::kind::class;
use python_objects::{Exc, Object, R, Value, dict, list, set, tuple};

/// Items between two opcodes that add them.
const BATCH: usize = 1000;
/// Containers within one another, from which on `fast` looks whether they contain themselves.
const FAST_NESTING: usize = 50;

impl Saver<'_> {
    /// Without a memo, a container that contains itself would never end.
    fn enter(&mut self, v: Value) -> R<()> {
        if !self.fast {
            return Ok(());
        }
        let py = self.py;
        self.nested += 1;
        if self.nested >= FAST_NESTING {
            if self.open.is_empty() {
                self.open = py.new_dict()?.value();
            }
            let (open, key) = (Object::of(self.open), py.int(py.identity(v) as i64)?);
            if py.dict_get(open, key)?.is_some() {
                let (class, address) = (py.class_name(v), py.address_text(v));
                return py.value_error(&format!(
                    "fast mode: can't pickle cyclic objects including object type {class} at {address}"
                ));
            }
            py.dict_set(open, key, Value::NONE)?;
        }
        Ok(())
    }
    fn leave(&mut self, v: Value) -> R<()> {
        if !self.fast {
            return Ok(());
        }
        let py = self.py;
        if self.nested >= FAST_NESTING && !self.open.is_empty() {
            let key = py.int(py.identity(v) as i64)?;
            py.dict_remove(Object::of(self.open), key)?;
        }
        self.nested -= 1;
        Ok(())
    }
    pub(crate) fn save_tuple(&mut self, v: Value) -> R<()> {
        let t = Object::of(v);
        let length = t.length();
        if length == 0 {
            return if self.bin { self.out.op(EMPTY_TUPLE) } else { self.out.push(&[MARK, TUPLE]) };
        }
        let short = length <= 3 && self.protocol >= 2;
        if !short {
            self.out.op(MARK)?;
        }
        for item in tuple::items(t) {
            self.save(item)?;
        }
        // One that contains itself is in the memo by now: what was put on the stack is thrown away.
        if let Some(number) = self.known(v) {
            if short || !self.bin {
                let count = length + usize::from(!short);
                for _ in 0..count {
                    self.out.op(POP)?;
                }
            } else {
                self.out.op(POP_MARK)?;
            }
            return self.get(number);
        }
        self.out.op(if short { [TUPLE1, TUPLE2, TUPLE3][length - 1] } else { TUPLE })?;
        self.put(v)
    }
    pub(crate) fn save_list(&mut self, v: Value) -> R<()> {
        let py = self.py;
        self.enter(v)?;
        if self.bin {
            self.out.op(EMPTY_LIST)?
        } else {
            self.out.push(&[MARK, LIST])?
        }
        self.put(v)?;
        let l = Object::of(v);
        if list::length(l) > 0 {
            if self.protocol > 0 {
                let _nesting = py.descend(" while pickling an object")?;
                self.list_items(l)?;
            } else {
                let items = py.iter(v)?;
                self.save_items(items)?;
            }
        }
        self.leave(v)
    }
    fn list_items(&mut self, l: Object) -> R<()> {
        if let (1, Some(item)) = (list::length(l), list::get(l, 0)) {
            self.save(item)?;
            return self.out.op(APPEND);
        }
        let mut i = 0;
        loop {
            self.out.op(MARK)?;
            let end = i + BATCH;
            while i < end
                && let Some(item) = list::get(l, i)
            {
                self.save(item)?;
                i += 1;
            }
            self.out.op(APPENDS)?;
            if i >= list::length(l) {
                return Ok(());
            }
        }
    }
    /// What an iterator gives, to be appended.
    pub(crate) fn save_items(&mut self, items: Value) -> R<()> {
        self.batches(items, APPEND, APPENDS, |saver, item| saver.save(item))
    }
    /// Pairs of key and value.
    pub(crate) fn save_pairs(&mut self, items: Value) -> R<()> {
        self.batches(items, SETITEM, SETITEMS, |saver, item| {
            let py = saver.py;
            match py.as_tuple(item).filter(|t| t.length() == 2) {
                Some(pair) => {
                    saver.save(pair.element(0))?;
                    saver.save(pair.element(1))
                }
                None => py.type_error("dict items iterator must return 2-tuples"),
            }
        })
    }
    fn batches(&mut self, items: Value, one: u8, many: u8, save: fn(&mut Self, Value) -> R<()>) -> R<()> {
        let py = self.py;
        if self.protocol == 0 {
            while let Some(item) = py.next(items)? {
                save(self, item)?;
                self.out.op(one)?;
            }
            return Ok(());
        }
        loop {
            let Some(first) = py.next(items)? else { return Ok(()) };
            let Some(second) = py.next(items)? else {
                save(self, first)?;
                return self.out.op(one);
            };
            self.out.op(MARK)?;
            save(self, first)?;
            let (mut next, mut count) = (Some(second), 1);
            while let Some(item) = next {
                save(self, item)?;
                count += 1;
                if count == BATCH {
                    break;
                }
                next = py.next(items)?;
            }
            self.out.op(many)?;
            if count < BATCH {
                return Ok(());
            }
        }
    }
    pub(crate) fn save_dict(&mut self, v: Value) -> R<()> {
        let py = self.py;
        self.enter(v)?;
        if self.bin {
            self.out.op(EMPTY_DICT)?
        } else {
            self.out.push(&[MARK, DICT])?
        }
        self.put(v)?;
        let d = Object::of(v);
        if dict::length(d) > 0 {
            if self.protocol > 0 {
                let _nesting = py.descend(" while pickling an object")?;
                self.dict_items(d)?;
            } else {
                let items = call_method(py, v, "items", &[])?;
                let items = py.iter(items)?;
                self.save_pairs(items)?;
            }
        }
        self.leave(v)
    }
    fn dict_items(&mut self, d: Object) -> R<()> {
        let length = dict::length(d);
        if length == 1
            && let Some((_, key, value)) = dict::next_entry(d, 0)
        {
            self.save(key)?;
            self.save(value)?;
            return self.out.op(SETITEM);
        }
        let mut i = 0;
        loop {
            let mut count = 0;
            self.out.op(MARK)?;
            while count < BATCH
                && let Some((at, key, value)) = dict::next_entry(d, i)
            {
                i = at + 1;
                self.save(key)?;
                self.save(value)?;
                count += 1;
            }
            self.out.op(SETITEMS)?;
            if dict::length(d) != length {
                return self.py.err(Exc::RuntimeError, "dictionary changed size during iteration");
            }
            if count < BATCH {
                return Ok(());
            }
        }
    }
    /// A set before protocol 4: made of a list.
    fn save_set_by_list(&mut self, v: Value, class: u32) -> R<()> {
        let py = self.py;
        let items = py.list_from(v)?;
        let arguments = py.tuple(&[items.value()])?;
        let reduced = py.tuple(&[py.root(class), arguments])?;
        self.save_reduced(Object::of(reduced), Some(v))
    }
    pub(crate) fn save_set(&mut self, v: Value) -> R<()> {
        if self.protocol < 4 {
            return self.save_set_by_list(v, class::SET);
        }
        self.out.op(EMPTY_SET)?;
        self.put(v)?;
        let s = Object::of(v);
        let length = set::length(s);
        if length == 0 {
            return Ok(());
        }
        let mut i = 0;
        loop {
            let mut count = 0;
            self.out.op(MARK)?;
            while count < BATCH
                && let Some((at, item)) = set::next_item(s, i)
            {
                i = at + 1;
                self.save(item)?;
                count += 1;
            }
            self.out.op(ADDITEMS)?;
            if set::length(s) != length {
                return self.py.err(Exc::RuntimeError, "set changed size during iteration");
            }
            if count < BATCH {
                return Ok(());
            }
        }
    }
    pub(crate) fn save_frozenset(&mut self, v: Value) -> R<()> {
        self.enter(v)?;
        if self.protocol < 4 {
            self.save_set_by_list(v, class::FROZENSET)?;
            return self.leave(v);
        }
        self.out.op(MARK)?;
        let (s, mut i) = (Object::of(v), 0);
        while let Some((at, item)) = set::next_item(s, i) {
            i = at + 1;
            self.save(item)?;
        }
        if let Some(number) = self.known(v) {
            self.out.op(POP_MARK)?;
            return self.get(number);
        }
        self.out.op(FROZENSET)?;
        self.put(v)?;
        self.leave(v)
    }
}
