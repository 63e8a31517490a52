//! Iteration from native code: `iter`, `next`, and running through any iterable.

use crate::arguments::Args;
use crate::combine::{is_combined, is_exact};
use crate::exception::Exc;
use crate::generator::{self, Step};
use crate::kind::{Kind, shape, special};
use crate::py::{Py, R};
use crate::symbol::sym;
use crate::{bytes, dict, int, list, native, set, string};
use vm_api::heap::{Object, ShapeIndex, Value};

impl Py<'_> {
    /// An iterator of one of the built-in kinds: raw position 0, then what is iterated.
    fn position_iterator(self, shape: ShapeIndex, over: Value) -> R {
        let o = self.alloc(shape, 3)?;
        o.init(2, over);
        Ok(o.value())
    }
    fn table_iterator(self, shape: ShapeIndex, size: usize, over: Object) -> R {
        let o = self.alloc(shape, 4)?;
        o.set_word(2, size as u64);
        o.init(3, over.value());
        Ok(o.value())
    }
    /// An iterator over a dictionary: one of the six dictionary iterators' shapes. The reverse ones begin at the end.
    pub fn dict_iterator(self, shape: ShapeIndex, d: Object) -> R {
        let n = dict::length(d) as u64;
        let v = self.table_iterator(shape, 0, d)?;
        Object::of(v).set_word(2, n | n << 32);
        let reverse =
            [shape::DICT_REVERSE_KEY_ITERATOR, shape::DICT_REVERSE_VALUE_ITERATOR, shape::DICT_REVERSE_ITEM_ITERATOR];
        if reverse.contains(&shape) {
            Object::of(v).set_word(1, dict::fill(d) as u64);
        }
        Ok(v)
    }
    /// What `iter(v)` gives for a built-in kind whose `__iter__` is not overridden; `None` for the others.
    pub fn native_iterator(self, v: Value) -> R<Option<Value>> {
        let Some(o) = Object::from_value(v) else { return Ok(None) };
        Ok(Some(match self.object_kind(o) {
            Kind::LIST => self.position_iterator(shape::LIST_ITERATOR, v)?,
            Kind::TUPLE => {
                let exact = self.as_tuple(v).unwrap_or(o);
                self.position_iterator(shape::TUPLE_ITERATOR, exact.value())?
            }
            Kind::STR => {
                let exact = string::exact_or_payload(self, v).unwrap_or(o);
                self.position_iterator(shape::STR_ITERATOR, exact.value())?
            }
            Kind::BYTES => {
                let exact = self.as_bytes(v).unwrap_or(o);
                self.position_iterator(shape::BYTES_ITERATOR, exact.value())?
            }
            Kind::BYTEARRAY => self.position_iterator(shape::BYTEARRAY_ITERATOR, v)?,
            Kind::DICT => self.dict_iterator(shape::DICT_KEY_ITERATOR, o)?,
            Kind::DICT_KEYS => self.dict_iterator(shape::DICT_KEY_ITERATOR, Object::of(o.get(1)))?,
            Kind::DICT_VALUES => self.dict_iterator(shape::DICT_VALUE_ITERATOR, Object::of(o.get(1)))?,
            Kind::DICT_ITEMS => self.dict_iterator(shape::DICT_ITEM_ITERATOR, Object::of(o.get(1)))?,
            Kind::SET | Kind::FROZENSET => self.table_iterator(shape::SET_ITERATOR, set::length(o), o)?,
            Kind::RANGE => self.range_iterator(o.get(1), o.get(4), o.get(3))?,
            Kind::GENERATOR => v,
            kind if is_native_iterator(kind) => v,
            _ => return Ok(None),
        }))
    }
    /// An iterator over `length` integers from `start` on.
    pub fn range_iterator(self, start: Value, length: Value, step: Value) -> R {
        if start.is_int() && length.is_int() && step.is_int() {
            let end = i128::from(start.as_int()) + i128::from(length.as_int()) * i128::from(step.as_int());
            if end.unsigned_abs() < 1 << 49 {
                let o = self.alloc(shape::RANGE_ITERATOR, 4)?;
                o.set_word(1, start.as_int() as u64);
                o.set_word(2, length.as_int() as u64);
                o.set_word(3, step.as_int() as u64);
                return Ok(o.value());
            }
        }
        Ok(self.new_object(shape::LONG_RANGE_ITERATOR, 4, &[start, length, step])?.value())
    }
    /// `iter(v)`. Runs Python code; TypeError if it is not iterable.
    pub fn iter(self, v: Value) -> R {
        if let Some(o) = Object::from_value(v)
            && o.shape().0 <= shape::LEAF.0
            && let Some(i) = self.native_iterator(v)?
        {
            return Ok(i);
        }
        let class = self.class_of(v);
        match self.lookup(class, sym::ITER) {
            Some(hook) if hook != Value::NONE => {
                let i = self.call_descriptor(hook, v, class, &[])?;
                if !self.is_iterator(i) {
                    return self.type_error(&format!("iter() returned non-iterator of type '{}'", self.class_name(i)));
                }
                Ok(i)
            }
            None if self.lookup(class, sym::GETITEM).is_some() && self.kind(v) != Kind::DICT => {
                self.position_iterator(shape::SEQUENCE_ITERATOR, v)
            }
            _ => self.type_error(&format!("'{}' object is not iterable", self.class_name(v))),
        }
    }
    /// Has its class a `__next__`?
    pub fn is_iterator(self, v: Value) -> bool {
        match self.kind(v) {
            Kind::GENERATOR => true,
            kind if is_native_iterator(kind) => true,
            _ => self.special(v, sym::NEXT).is_some(),
        }
    }
    /// `next(i)`; `None` at the end. Runs Python code.
    #[inline]
    pub fn next(self, i: Value) -> R<Option<Value>> {
        // Native loops over iterators without end need no polls of their own.
        self.poll()?;
        if let Some(o) = Object::from_value(i)
            && let Some(r) = self.native_next(o)
        {
            return r;
        }
        self.next_slow(i)
    }
    fn next_slow(self, i: Value) -> R<Option<Value>> {
        let class = self.class_of(i);
        let Some(hook) = self.lookup(class, sym::NEXT) else {
            return self.type_error(&format!("'{}' object is not an iterator", self.class_name(i)));
        };
        // Native `__next__`s of other modules answer with END instead of raising StopIteration.
        let r = match self.native_method_of(hook, class) {
            Some(native) => self.entered(native::call(self, native, Args::of(&[i]), Value::EMPTY)),
            None => self.call_descriptor(hook, i, class, &[]),
        };
        match r {
            Ok(v) if v == special::END => Ok(None),
            Ok(v) => Ok(Some(v)),
            Err(stop) => {
                if self.catch(Exc::StopIteration).is_some() {
                    return Ok(None);
                }
                Err(stop)
            }
        }
    }
    /// `next` of the built-in iterators; `None` if it is none of them. At the end they let go of what they iterate.
    #[inline]
    pub fn native_next(self, o: Object) -> Option<R<Option<Value>>> {
        let kind = self.object_kind(o);
        Some(match kind {
            Kind::LIST_ITERATOR => Ok(self.next_at(o, list::get)),
            Kind::TUPLE_ITERATOR => Ok(self.next_at(o, |t, i| (i < t.length()).then(|| t.element(i)))),
            Kind::STR_ITERATOR => {
                let Some(s) = Object::from_value(o.get(2)) else { return Some(Ok(None)) };
                let i = o.word(1) as usize;
                if i >= string::length(s) {
                    self.store(o, 2, Value::EMPTY);
                    return Some(Ok(None));
                }
                o.set_word(1, i as u64 + 1);
                self.character(string::at(s, i)).map(|c| Some(c.value()))
            }
            Kind::BYTES_ITERATOR => {
                Ok(self.next_at(o, |b, i| bytes::slice(b).get(i).map(|b| Value::int(i64::from(*b)))))
            }
            Kind::BYTEARRAY_ITERATOR => Ok(self.next_at(o, |b, i| {
                (i < bytes::array_length(b)).then(|| Value::int(i64::from(self.bytearray_get(b, i))))
            })),
            Kind::RANGE_ITERATOR => {
                let left = o.word(2);
                if left == 0 {
                    return Some(Ok(None));
                }
                let v = o.word(1) as i64;
                o.set_word(1, (v + o.word(3) as i64) as u64);
                o.set_word(2, left - 1);
                Ok(Some(Value::int(v)))
            }
            Kind::LONG_RANGE_ITERATOR => self.next_long(o),
            Kind::DICT_KEY_ITERATOR | Kind::DICT_VALUE_ITERATOR | Kind::DICT_ITEM_ITERATOR => {
                self.next_of_dict(o, kind, false)
            }
            Kind::DICT_REVERSE_KEY_ITERATOR | Kind::DICT_REVERSE_VALUE_ITERATOR | Kind::DICT_REVERSE_ITEM_ITERATOR => {
                self.next_of_dict(o, kind, true)
            }
            Kind::SET_ITERATOR => {
                let Some(s) = Object::from_value(o.get(3)) else { return Some(Ok(None)) };
                if set::length(s) as u64 != o.word(2) {
                    o.set_word(2, u64::MAX);
                    return Some(self.err(Exc::RuntimeError, "Set changed size during iteration"));
                }
                match set::next_item(s, o.word(1) as usize) {
                    Some((i, v)) => {
                        o.set_word(1, i as u64 + 1);
                        Ok(Some(v))
                    }
                    None => {
                        self.store(o, 3, Value::EMPTY);
                        Ok(None)
                    }
                }
            }
            Kind::SEQUENCE_ITERATOR => self.next_by_index(o),
            Kind::LIST_REVERSE_ITERATOR => {
                let Some(l) = Object::from_value(o.get(2)) else { return Some(Ok(None)) };
                let i = o.word(1) as i64;
                match usize::try_from(i).ok().and_then(|i| list::get(l, i)) {
                    Some(v) => {
                        o.set_word(1, (i - 1) as u64);
                        Ok(Some(v))
                    }
                    None => {
                        self.store(o, 2, Value::EMPTY);
                        Ok(None)
                    }
                }
            }
            Kind::GENERATOR => match self.resume_generator(o, Value::NONE) {
                Ok(Step::Yielded(v)) => Ok(Some(v)),
                Ok(Step::Returned(_)) => Ok(None),
                Err(stop) => Err(stop),
            },
            // Subclasses may have a `__next__` of their own.
            kind if is_combined(kind) && is_exact(o, kind) => match self.next_combined(o) {
                // A StopIteration of a function that they call ends them as well.
                Err(stop) => self.catch(Exc::StopIteration).map(|_| None).ok_or(stop),
                r => r,
            },
            _ => return None,
        })
    }
    #[inline]
    fn next_at(self, o: Object, get: impl Fn(Object, usize) -> Option<Value>) -> Option<Value> {
        let over = Object::from_value(o.get(2))?;
        let i = o.word(1) as usize;
        match get(over, i) {
            Some(v) => {
                o.set_word(1, i as u64 + 1);
                Some(v)
            }
            None => {
                self.store(o, 2, Value::EMPTY);
                None
            }
        }
    }
    fn next_long(self, o: Object) -> R<Option<Value>> {
        use crate::operator::BinaryOp;
        let left = o.get(2);
        if int::is_zero(left) || int::is_negative(left) {
            return Ok(None);
        }
        let v = o.get(1);
        let next = self.binary(BinaryOp::Add, v, o.get(3))?;
        let left = self.binary(BinaryOp::Sub, left, Value::int(1))?;
        self.store(o, 1, next);
        self.store(o, 2, left);
        Ok(Some(v))
    }
    fn next_of_dict(self, o: Object, kind: Kind, reverse: bool) -> R<Option<Value>> {
        let Some(d) = Object::from_value(o.get(3)) else { return Ok(None) };
        // The size expected, and above it how many items are left.
        let (size, left) = (o.word(2) & 0xFFFF_FFFF, o.word(2) >> 32);
        if dict::length(d) as u64 != size {
            o.set_word(2, u64::MAX);
            return self.err(Exc::RuntimeError, "dictionary changed size during iteration");
        }
        let at = o.word(1) as usize;
        let found = match (reverse, at) {
            (false, _) => dict::next_entry(d, at),
            (true, 0) => None,
            (true, _) => dict::previous_entry(d, at - 1),
        };
        let Some((i, key, value)) = found else {
            self.store(o, 3, Value::EMPTY);
            return Ok(None);
        };
        if left == 0 && !reverse {
            self.store(o, 3, Value::EMPTY);
            return self.err(Exc::RuntimeError, "dictionary keys changed during iteration");
        }
        o.set_word(1, if reverse { i } else { i + 1 } as u64);
        o.set_word(2, size | left.saturating_sub(1) << 32);
        match kind {
            Kind::DICT_KEY_ITERATOR | Kind::DICT_REVERSE_KEY_ITERATOR => Ok(Some(key)),
            Kind::DICT_VALUE_ITERATOR | Kind::DICT_REVERSE_VALUE_ITERATOR => Ok(Some(value)),
            _ => self.tuple(&[key, value]).map(Some),
        }
    }
    fn next_by_index(self, o: Object) -> R<Option<Value>> {
        let over = o.get(2);
        if over.is_empty() {
            return Ok(None);
        }
        let i = o.word(1);
        let r = self.get_item(over, Value::int(i as i64));
        match r {
            Ok(v) => {
                o.set_word(1, i + 1);
                Ok(Some(v))
            }
            Err(stop) => {
                if self.catch(Exc::IndexError).is_some() || self.catch(Exc::StopIteration).is_some() {
                    self.store(o, 2, Value::EMPTY);
                    return Ok(None);
                }
                Err(stop)
            }
        }
    }
    /// Runs `f` on each item of an iterable.
    pub fn each(self, iterable: Value, mut f: impl FnMut(Value) -> R<()>) -> R<()> {
        // Exact lists and tuples need no iterator; a list may change on the way, as under CPython.
        if let Some(o) = Object::from_value(iterable) {
            if o.shape() == shape::TUPLE {
                for i in 0..o.length() {
                    f(o.element(i))?;
                }
                return Ok(());
            }
            if o.shape() == shape::LIST {
                let mut i = 0;
                while let Some(v) = list::get(o, i) {
                    f(v)?;
                    i += 1;
                }
                return Ok(());
            }
        }
        let iterator = self.iter(iterable)?;
        let mut n = 0u32;
        while let Some(v) = self.next(iterator)? {
            f(v)?;
            n = n.wrapping_add(1);
            if n & 0xFF == 0 {
                self.poll()?;
            }
        }
        Ok(())
    }
    /// A new list of the items of an iterable.
    pub fn list_from(self, iterable: Value) -> R<Object> {
        let l = self.new_list(0)?;
        self.extend_list(l, iterable)?;
        Ok(l)
    }
    /// `l.extend(iterable)`
    pub fn extend_list(self, l: Object, iterable: Value) -> R<()> {
        if let Some(o) = Object::from_value(iterable) {
            if o.shape() == shape::LIST {
                let n = list::length(o);
                if n > 0 {
                    self.list_reserve(l, n)?;
                    let source = list::array(o);
                    return self.list_push_elements(l, source, 0, n);
                }
                return Ok(());
            }
            if o.shape() == shape::TUPLE {
                return self.list_push_elements(l, o, 0, o.length());
            }
        }
        let iterator = self.iter(iterable)?;
        if let Some(n) = self.length_hint(iterable)? {
            self.list_reserve(l, n.min(1 << 20))?;
        }
        let mut n = 0u32;
        while let Some(v) = self.next(iterator)? {
            self.list_push(l, v)?;
            n = n.wrapping_add(1);
            if n & 0xFFF == 0 {
                self.poll()?;
            }
        }
        Ok(())
    }
    /// `operator.length_hint`, for built-in kinds and objects with `__len__` or `__length_hint__`.
    pub fn length_hint(self, v: Value) -> R<Option<usize>> {
        if let Some(n) = self.native_length(v) {
            return Ok(Some(n));
        }
        if let Some(o) = Object::from_value(v) {
            match self.object_kind(o) {
                Kind::RANGE_ITERATOR => return Ok(Some(o.word(2) as usize)),
                Kind::GENERATOR | Kind::MAP | Kind::FILTER | Kind::ZIP => return Ok(None),
                _ => {}
            }
        }
        if self.special(v, sym::LEN).is_some() {
            let r = self.length(v);
            return self.caught(r, Exc::TypeError);
        }
        let r = self.call_special(v, sym::LENGTH_HINT, &[]);
        match self.caught(r, Exc::TypeError)?.flatten() {
            Some(n) if n.is_int() => match usize::try_from(n.as_int()) {
                Ok(n) => Ok(Some(n)),
                Err(_) => self.value_error("__length_hint__() should return >= 0"),
            },
            Some(n) if n == special::NOT_IMPLEMENTED => Ok(None),
            Some(n) if self.as_int(n).is_some() => Ok(None),
            Some(n) => self.type_error(&format!("__length_hint__ must be an integer, not {}", self.class_name(n))),
            None => Ok(None),
        }
    }
    /// An exact tuple of the items of an iterable.
    pub fn tuple_from(self, iterable: Value) -> R<Object> {
        if let Some(o) = Object::from_value(iterable) {
            if o.shape() == shape::TUPLE {
                return Ok(o);
            }
            if o.shape() == shape::LIST {
                return self.list_to_tuple(o).map(Object::of);
            }
        }
        let l = self.list_from(iterable)?;
        self.list_to_tuple(l).map(Object::of)
    }
    /// Is it one of the generator kinds?
    pub fn is_generator(self, v: Value) -> bool {
        Object::from_value(v).is_some_and(|o| generator::is_generator(self.object_kind(o)))
    }
}

/// Built-in iterators that [`Py::native_next`] knows.
pub fn is_native_iterator(kind: Kind) -> bool {
    (Kind::LIST_ITERATOR.0..=Kind::SEQUENCE_ITERATOR.0).contains(&kind.0)
}

impl Py<'_> {
    /// Would `iter(v)` find a way? Runs no Python code.
    pub fn is_iterable(self, v: Value) -> bool {
        let class = self.class_of(v);
        match self.lookup(class, sym::ITER) {
            Some(f) => f != Value::NONE,
            None => {
                self.lookup(class, sym::GETITEM).is_some()
                    || Object::from_value(v).is_some_and(|o| is_native_iterator(self.object_kind(o)))
            }
        }
    }
    /// `type(i).__next__(i)` as a program sees it: StopIteration at the end.
    pub fn call_next(self, i: Value) -> R {
        let class = self.class_of(i);
        match self.lookup(class, sym::NEXT) {
            Some(f) => {
                let r = self.call_descriptor(f, i, class, &[]);
                self.visible(r)
            }
            None => self.type_error(&format!("'{}' object is not an iterator", self.class_name(i))),
        }
    }
    /// The step of a native iterator as `send` delivers it.
    pub fn completed(self, next: Option<Value>) -> R {
        Ok(next.unwrap_or(special::END))
    }
}
