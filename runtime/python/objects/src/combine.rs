//! Iterators over other iterators or calls: `enumerate`, `zip`, `map`, `filter`, `reversed` by index, `iter(f, sentinel)`.
//!
//! Words. `enumerate`: the next count, the iterator. `zip`: tuple of iterators, strictness. `map`: function, tuple of
//! iterators. `filter`: function, iterator. `reversed`: raw index, sequence. `iter(f, sentinel)`: function, sentinel; both
//! EMPTY at the end, as is the sequence of `reversed`.

use crate::exception::Exc;
use crate::kind::{Kind, class};
use crate::operator::BinaryOp;
use crate::py::{Py, R};
use vm_api::heap::{Object, ShapeIndex, Value};

/// Iterators of `map` that need no array for their items.
const FEW: usize = 8;

/// Is it one of these kinds?
pub fn is_combined(kind: Kind) -> bool {
    kind == Kind::CALLABLE_ITERATOR || (Kind::ENUMERATE.0..=Kind::REVERSED.0).contains(&kind.0)
}
/// Is the object an exact instance of its kind's built-in class?
pub(crate) fn is_exact(o: Object, kind: Kind) -> bool {
    o.shape() == ShapeIndex(ShapeIndex::FIRST.0 + kind.0)
}

impl Py<'_> {
    /// `__next__` of these types; `None` at the end. Runs Python code.
    pub fn next_combined(self, o: Object) -> R<Option<Value>> {
        // They may stand upon one another in any number.
        self.check_native_stack()?;
        match self.object_kind(o) {
            Kind::ENUMERATE => self.next_enumerated(o),
            Kind::ZIP => self.next_zipped(o),
            Kind::MAP => self.next_mapped(o),
            Kind::FILTER => self.next_filtered(o),
            Kind::REVERSED => self.next_reversed(o),
            _ => self.next_called(o),
        }
    }
    fn next_enumerated(self, o: Object) -> R<Option<Value>> {
        let Some(v) = self.next(o.get(2))? else { return Ok(None) };
        let i = o.get(1);
        let next = match i.is_int() {
            true => self.int(i.as_int() + 1)?,
            false => self.binary(BinaryOp::Add, i, Value::int(1))?,
        };
        self.store(o, 1, next);
        self.tuple(&[i, v]).map(Some)
    }
    fn next_zipped(self, o: Object) -> R<Option<Value>> {
        let iterators = Object::of(o.get(1));
        let n = iterators.length();
        if n == 0 {
            return Ok(None);
        }
        let t = self.new_tuple(n)?;
        for i in 0..n {
            match self.next(iterators.element(i))? {
                Some(v) => self.heap().store_element(t, i, v),
                None if o.get(2) == Value::TRUE => return self.uneven(iterators, i),
                None => return Ok(None),
            }
        }
        Ok(Some(t.value()))
    }
    /// Iterator `ended` of a strict `zip` came to its end: do all others?
    #[cold]
    fn uneven(self, iterators: Object, ended: usize) -> R<Option<Value>> {
        let message = |i: usize, what: &str| {
            let others = if i == 1 { " " } else { "s 1-" };
            format!("zip() argument {} is {what} than argument{others}{i}", i + 1)
        };
        if ended > 0 {
            return self.value_error(&message(ended, "shorter"));
        }
        for i in 1..iterators.length() {
            if self.next(iterators.element(i))?.is_some() {
                return self.value_error(&message(i, "longer"));
            }
        }
        Ok(None)
    }
    fn next_mapped(self, o: Object) -> R<Option<Value>> {
        let (f, iterators) = (o.get(1), Object::of(o.get(2)));
        let n = iterators.length();
        if n == 1 {
            return match self.next(iterators.element(0))? {
                Some(v) => self.call(f, &[v]).map(Some),
                None => Ok(None),
            };
        }
        if n <= FEW {
            let mut items = [Value::EMPTY; FEW];
            for (i, item) in items.iter_mut().enumerate().take(n) {
                match self.next(iterators.element(i))? {
                    Some(v) => *item = v,
                    None => return Ok(None),
                }
            }
            return self.call(f, &items[..n]).map(Some);
        }
        let items = self.new_tuple(n)?;
        for i in 0..n {
            match self.next(iterators.element(i))? {
                Some(v) => self.heap().store_element(items, i, v),
                None => return Ok(None),
            }
        }
        self.call_tuple(f, items, Value::EMPTY).map(Some)
    }
    fn next_filtered(self, o: Object) -> R<Option<Value>> {
        let (f, iterator) = (o.get(1), o.get(2));
        let plain = f == Value::NONE || f == self.root(class::BOOL);
        let mut n = 0u32;
        while let Some(v) = self.next(iterator)? {
            let passes = if plain { v } else { self.call(f, &[v])? };
            if self.truth(passes)? {
                return Ok(Some(v));
            }
            n = n.wrapping_add(1);
            if n & 0xFFF == 0 {
                self.poll()?;
            }
        }
        Ok(None)
    }
    fn next_reversed(self, o: Object) -> R<Option<Value>> {
        let (i, over) = (o.word(1) as i64, o.get(2));
        if over.is_empty() {
            return Ok(None);
        }
        if i >= 0 {
            let r = self.get_item(over, Value::int(i));
            match r {
                Ok(v) => {
                    o.set_word(1, (i - 1) as u64);
                    return Ok(Some(v));
                }
                Err(stop) => {
                    if self.catch(Exc::IndexError).is_none() && self.catch(Exc::StopIteration).is_none() {
                        return Err(stop);
                    }
                }
            }
        }
        o.set_word(1, -1i64 as u64);
        self.store(o, 2, Value::EMPTY);
        Ok(None)
    }
    fn next_called(self, o: Object) -> R<Option<Value>> {
        let (f, sentinel) = (o.get(1), o.get(2));
        if f.is_empty() {
            return Ok(None);
        }
        let r = self.call(f, &[]);
        if let Some(v) = self.caught(r, Exc::StopIteration)?
            // The function may have run the iterator itself, to its end.
            && !o.get(1).is_empty()
            && !self.equal_or_same(sentinel, v)?
        {
            return Ok(Some(v));
        }
        self.store(o, 1, Value::EMPTY);
        self.store(o, 2, Value::EMPTY);
        Ok(None)
    }
}
