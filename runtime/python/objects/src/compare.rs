//! Comparison and hashing: natively for built-in types, by special methods for the rest.

use crate::class;
use crate::int::{self, with_operands};
use crate::kind::{Kind, shape, special};
use crate::py::{Py, R};
use crate::symbol::{Symbol, sym};
use crate::{bytes, dict, list, set, string, weakref};
use python_algorithms::hash::{FrozensetHash, TupleHash};
use python_numbers::{bigint, complex, float};
use std::cmp::Ordering;
use vm_api::heap::{Object, Value};

/// Rich comparisons, in the order of their opcodes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[allow(missing_docs, reason = "they are named as the operators are")]
pub enum CompareOp {
    Lt,
    Le,
    Eq,
    Ne,
    Gt,
    Ge,
}

/// All of them, in order.
pub const COMPARISONS: [CompareOp; 6] =
    [CompareOp::Lt, CompareOp::Le, CompareOp::Eq, CompareOp::Ne, CompareOp::Gt, CompareOp::Ge];

impl CompareOp {
    /// As it is written.
    pub const fn text(self) -> &'static str {
        match self {
            CompareOp::Lt => "<",
            CompareOp::Le => "<=",
            CompareOp::Eq => "==",
            CompareOp::Ne => "!=",
            CompareOp::Gt => ">",
            CompareOp::Ge => ">=",
        }
    }
    /// The special method.
    pub const fn method(self) -> Symbol {
        match self {
            CompareOp::Lt => sym::LT,
            CompareOp::Le => sym::LE,
            CompareOp::Eq => sym::EQ,
            CompareOp::Ne => sym::NE,
            CompareOp::Gt => sym::GT,
            CompareOp::Ge => sym::GE,
        }
    }
    /// With the operands exchanged.
    pub const fn reflected(self) -> CompareOp {
        match self {
            CompareOp::Lt => CompareOp::Gt,
            CompareOp::Le => CompareOp::Ge,
            CompareOp::Gt => CompareOp::Lt,
            CompareOp::Ge => CompareOp::Le,
            same => same,
        }
    }
    /// The answer for this order.
    pub fn holds(self, o: Ordering) -> bool {
        match self {
            CompareOp::Lt => o.is_lt(),
            CompareOp::Le => o.is_le(),
            CompareOp::Eq => o.is_eq(),
            CompareOp::Ne => o.is_ne(),
            CompareOp::Gt => o.is_gt(),
            CompareOp::Ge => o.is_ge(),
        }
    }
    fn is_equality(self) -> bool {
        matches!(self, CompareOp::Eq | CompareOp::Ne)
    }
}

impl Py<'_> {
    /// Equality of two values that needs no Python code: of exact strings, numbers and immediate values. `None`: ask.
    #[inline]
    pub fn quick_equal(self, a: Value, b: Value) -> Option<bool> {
        match (Object::from_value(a), Object::from_value(b)) {
            (Some(x), Some(y)) if string::is_exact(x) && string::is_exact(y) => Some(string::equal(x, y)),
            (Some(_), Some(_)) => None,
            (None, None) => {
                if a.is_int() && b.is_int() {
                    return Some(a == b);
                }
                match self.compare_numbers(CompareOp::Eq, a, b) {
                    Some(r) => Some(r),
                    None => Some(a == b),
                }
            }
            (Some(x), None) | (None, Some(x)) if string::is_exact(x) => Some(false),
            _ => None,
        }
    }
    /// Comparison of numbers; `None` if one is no exact number or the comparison is not defined (complex order).
    fn compare_numbers(self, op: CompareOp, a: Value, b: Value) -> Option<bool> {
        let int_of = |v: Value| {
            if v.is_int() || Object::from_value(v).is_some_and(|o| o.shape() == shape::INT) {
                Some(v)
            } else if v.is_bool() {
                Some(Value::int(i64::from(v.as_bool())))
            } else {
                None
            }
        };
        match (int_of(a), int_of(b)) {
            (Some(x), Some(y)) => {
                if x.both_int(y) {
                    return Some(op.holds(x.as_int().cmp(&y.as_int())));
                }
                Some(op.holds(with_operands(x, y, bigint::compare)))
            }
            (Some(x), None) if b.is_float() => {
                Some(float_order(op, int::with_operand(x, |i| bigint::compare_f64(i, b.as_float()))))
            }
            (None, Some(y)) if a.is_float() => {
                let o = int::with_operand(y, |i| bigint::compare_f64(i, a.as_float()));
                Some(float_order(op, o.map(Ordering::reverse)))
            }
            (None, None) if a.is_float() && b.is_float() => {
                Some(float_order(op, a.as_float().partial_cmp(&b.as_float())))
            }
            _ => None,
        }
    }
    /// What a built-in type's own comparison method answers: a truth value or `NotImplemented`. `a` decides the type.
    pub fn native_compare(self, op: CompareOp, a: Value, b: Value) -> R {
        let answer = |r: bool| Ok(Value::bool(r));
        match self.kind(a) {
            Kind::INT | Kind::BOOL | Kind::FLOAT => {
                let exact =
                    |v: Value| -> Option<Value> { self.as_int(v).or_else(|| self.as_float(v).map(Value::float)) };
                let Some(y) = exact(b) else { return Ok(special::NOT_IMPLEMENTED) };
                // An int leaves comparison with a float to it.
                if y.is_float() && self.as_int(a).is_some() {
                    return Ok(special::NOT_IMPLEMENTED);
                }
                let x = exact(a).unwrap_or(a);
                match self.compare_numbers(op, x, y) {
                    Some(r) => answer(r),
                    None => Ok(special::NOT_IMPLEMENTED),
                }
            }
            Kind::COMPLEX => {
                let Some((re, im)) = self.as_complex(a) else { return Ok(special::NOT_IMPLEMENTED) };
                if !op.is_equality() {
                    return Ok(special::NOT_IMPLEMENTED);
                }
                let same = if let Some((re2, im2)) = self.as_complex(b) {
                    re == re2 && im == im2
                } else if let Some(y) = self.as_int(b).or_else(|| self.as_float(b).map(Value::float)) {
                    im == 0.0 && self.compare_numbers(CompareOp::Eq, Value::float(re), y) == Some(true)
                } else {
                    return Ok(special::NOT_IMPLEMENTED);
                };
                answer(same == (op == CompareOp::Eq))
            }
            Kind::STR => match (string::exact_or_payload(self, a), string::exact_or_payload(self, b)) {
                (Some(x), Some(y)) if op.is_equality() => answer(string::equal(x, y) == (op == CompareOp::Eq)),
                (Some(x), Some(y)) => answer(op.holds(string::compare(x, y))),
                _ => Ok(special::NOT_IMPLEMENTED),
            },
            // Other bytes-like objects compare themselves with bytes.
            Kind::BYTES => match (self.as_bytes(a), self.as_bytes(b)) {
                (Some(x), Some(y)) => answer(op.holds(bytes::slice(x).cmp(bytes::slice(y)))),
                _ => Ok(special::NOT_IMPLEMENTED),
            },
            Kind::BYTEARRAY => match (self.bytes_like(a), self.bytes_like(b)) {
                (Some(x), Some(y)) => answer(op.holds(x.cmp(&y))),
                _ => Ok(special::NOT_IMPLEMENTED),
            },
            Kind::TUPLE => match (self.as_tuple(a), self.as_tuple(b)) {
                (Some(x), Some(y)) => self.compare_sequences(op, x, y, Object::length, Object::element),
                _ => Ok(special::NOT_IMPLEMENTED),
            },
            Kind::LIST => match (self.as_list(a), self.as_list(b)) {
                (Some(x), Some(y)) if op.is_equality() && list::length(x) != list::length(y) => {
                    answer(op == CompareOp::Ne)
                }
                (Some(x), Some(y)) => self.compare_sequences(op, x, y, list::length, list::item),
                _ => Ok(special::NOT_IMPLEMENTED),
            },
            Kind::DICT => match (self.as_dict(a), self.as_dict(b)) {
                (Some(x), Some(y)) if op.is_equality() => answer(self.dicts_equal(x, y)? == (op == CompareOp::Eq)),
                _ => Ok(special::NOT_IMPLEMENTED),
            },
            Kind::SET | Kind::FROZENSET => match (self.as_any_set(a), self.as_any_set(b)) {
                (Some(x), Some(y)) => answer(self.compare_sets(op, x, y)?),
                _ => Ok(special::NOT_IMPLEMENTED),
            },
            Kind::RANGE => match (self.of_kind(a, Kind::RANGE), self.of_kind(b, Kind::RANGE)) {
                (Some(x), Some(y)) if op.is_equality() => answer(self.ranges_equal(x, y)? == (op == CompareOp::Eq)),
                _ => Ok(special::NOT_IMPLEMENTED),
            },
            Kind::SLICE => match (self.of_kind(a, Kind::SLICE), self.of_kind(b, Kind::SLICE)) {
                (Some(x), Some(y)) => {
                    let (t, u) = (self.tuple_with(3, |i| x.get(1 + i))?, self.tuple_with(3, |i| y.get(1 + i))?);
                    self.rich_compare(op, t, u)
                }
                _ => Ok(special::NOT_IMPLEMENTED),
            },
            _ if op.is_equality() && a == b => answer(op == CompareOp::Eq),
            _ => Ok(special::NOT_IMPLEMENTED),
        }
    }
    fn compare_sequences(
        self,
        op: CompareOp,
        a: Object,
        b: Object,
        length: fn(Object) -> usize,
        item: fn(Object, usize) -> Value,
    ) -> R {
        let _nesting = self.descend(" in comparison")?;
        let mut i = 0;
        while i < length(a) && i < length(b) {
            let (x, y) = (item(a, i), item(b, i));
            if !self.equal_or_same(x, y)? {
                // The comparison may have shortened a list: then the lengths decide.
                if i >= length(a) || i >= length(b) {
                    break;
                }
                return match op {
                    CompareOp::Eq => Ok(Value::FALSE),
                    CompareOp::Ne => Ok(Value::TRUE),
                    _ => self.rich_compare(op, x, y),
                };
            }
            i += 1;
            if i & 0xFFF == 0 {
                self.poll()?;
            }
        }
        Ok(Value::bool(op.holds(length(a).cmp(&length(b)))))
    }
    fn dicts_equal(self, a: Object, b: Object) -> R<bool> {
        let _nesting = self.descend(" in comparison")?;
        if dict::length(a) != dict::length(b) {
            return Ok(false);
        }
        let mut i = 0;
        while let Some((at, key, value)) = dict::next_entry(a, i) {
            i = at + 1;
            if i & 0xFFF == 0 {
                self.poll()?;
            }
            let hash = dict::entry_hash(a, at);
            let Some(other) = self.dict_find(b, key, hash)? else { return Ok(false) };
            if !self.equal_or_same(value, dict::entry_value(b, other))? {
                return Ok(false);
            }
        }
        Ok(true)
    }
    fn compare_sets(self, op: CompareOp, a: Object, b: Object) -> R<bool> {
        let (n, m) = (set::length(a), set::length(b));
        match op {
            CompareOp::Eq => Ok(n == m && self.is_subset(a, b)?),
            CompareOp::Ne => Ok(!(n == m && self.is_subset(a, b)?)),
            CompareOp::Le => Ok(n <= m && self.is_subset(a, b)?),
            CompareOp::Lt => Ok(n < m && self.is_subset(a, b)?),
            CompareOp::Ge => Ok(n >= m && self.is_subset(b, a)?),
            CompareOp::Gt => Ok(n > m && self.is_subset(b, a)?),
        }
    }
    /// Is every item of set `a` in set `b`?
    pub fn is_subset(self, a: Object, b: Object) -> R<bool> {
        let mut i = 0;
        while let Some((at, v)) = set::next_item(a, i) {
            i = at + 1;
            if i & 0xFFF == 0 {
                self.poll()?;
            }
            if !self.set_contains_hashed(b, v, set::item_hash(a, at))? {
                return Ok(false);
            }
        }
        Ok(true)
    }
    /// Ranges are equal as the sequences that they stand for. Words: start, stop, step, length.
    fn ranges_equal(self, a: Object, b: Object) -> R<bool> {
        if !self.equal(a.get(4), b.get(4))? {
            return Ok(false);
        }
        if int::is_zero(a.get(4)) {
            return Ok(true);
        }
        if !self.equal(a.get(1), b.get(1))? {
            return Ok(false);
        }
        Ok(int::to_i64(a.get(4)) == Some(1) || self.equal(a.get(3), b.get(3))?)
    }
    /// `a op b` as a value. Runs Python code; TypeError for an order that nobody defines.
    pub fn rich_compare(self, op: CompareOp, a: Value, b: Value) -> R {
        if let Some(r) = self.compare_numbers(op, a, b) {
            return Ok(Value::bool(r));
        }
        if let (Some(x), Some(y)) = (Object::from_value(a), Object::from_value(b))
            && (string::is_exact(x) && string::is_exact(y)
                || x.shape() == y.shape() && [shape::TUPLE, shape::LIST].contains(&x.shape()))
        {
            return self.native_compare(op, a, b);
        }
        self.check_native_stack()?;
        let (ca, cb) = (self.class_of(a), self.class_of(b));
        let reflected = op.reflected().method();
        let mut tried = false;
        if ca != cb
            && self.is_subclass(cb, ca)
            && let Some(f) = self.lookup(cb, reflected)
        {
            tried = true;
            let r = self.call_comparison(f, b, cb, a)?;
            if r != special::NOT_IMPLEMENTED {
                return Ok(r);
            }
        }
        if let Some(f) = self.lookup(ca, op.method())
            && f != Value::NONE
        {
            let r = self.call_comparison(f, a, ca, b)?;
            if r != special::NOT_IMPLEMENTED {
                return Ok(r);
            }
        }
        if !tried
            && let Some(f) = self.lookup(cb, reflected)
            && f != Value::NONE
        {
            let r = self.call_comparison(f, b, cb, a)?;
            if r != special::NOT_IMPLEMENTED {
                return Ok(r);
            }
        }
        self.compare_identity(op, a, b)
    }
    /// Calls the method of a comparison that the class of `v` has. One that cannot be got counts as not there.
    fn call_comparison(self, found: Value, v: Value, class: Object, other: Value) -> R {
        if [Kind::FUNCTION, Kind::METHOD_DESCRIPTOR, Kind::WRAPPER_DESCRIPTOR].contains(&self.kind(found)) {
            return self.call_descriptor(found, v, class, &[other]);
        }
        match self.descriptor_get(found, v, class.value()) {
            Ok(bound) => self.call(bound, &[other]),
            Err(_) => {
                self.take_exception();
                Ok(special::NOT_IMPLEMENTED)
            }
        }
    }
    /// The left operand's method, if that is a Python function and the first to be asked.
    pub fn left_comparison(self, op: CompareOp, a: Value, b: Value) -> Option<Object> {
        let (ca, cb) = (self.class_of(a), self.class_of(b));
        let f = self.of_kind(self.lookup(ca, op.method())?, Kind::FUNCTION)?;
        (ca == cb || !self.is_subclass(cb, ca)).then_some(f)
    }
    /// `a op b` after [`Py::left_comparison`] declined.
    #[cold]
    pub fn compare_declined(self, op: CompareOp, a: Value, b: Value) -> R {
        let cb = self.class_of(b);
        if let Some(f) = self.lookup(cb, op.reflected().method())
            && f != Value::NONE
        {
            let r = self.call_descriptor(f, b, cb, &[a])?;
            if r != special::NOT_IMPLEMENTED {
                return Ok(r);
            }
        }
        self.compare_identity(op, a, b)
    }
    /// What a comparison is that no method decides.
    fn compare_identity(self, op: CompareOp, a: Value, b: Value) -> R {
        match op {
            CompareOp::Eq => Ok(Value::bool(a == b)),
            CompareOp::Ne => Ok(Value::bool(a != b)),
            _ => self.type_error(&format!(
                "'{}' not supported between instances of '{}' and '{}'",
                op.text(),
                self.class_name(a),
                self.class_name(b)
            )),
        }
    }
    /// `bool(a op b)`
    pub fn compare(self, op: CompareOp, a: Value, b: Value) -> R<bool> {
        let r = self.rich_compare(op, a, b)?;
        self.truth(r)
    }
    /// `bool(a == b)`
    #[inline]
    pub fn equal(self, a: Value, b: Value) -> R<bool> {
        match self.quick_equal(a, b) {
            Some(r) => Ok(r),
            None => self.compare(CompareOp::Eq, a, b),
        }
    }
    /// `a is b or a == b`, as containers compare. (A NaN is the same as itself by its bits.)
    #[inline]
    pub fn equal_or_same(self, a: Value, b: Value) -> R<bool> {
        if a == b { Ok(true) } else { self.equal(a, b) }
    }

    // ---- hashing

    /// `hash(v)`. Runs Python code; TypeError for what is unhashable.
    #[inline]
    pub fn hash(self, v: Value) -> R<i64> {
        if let Some(o) = Object::from_value(v) {
            if string::is_exact(o) {
                return Ok(string::hash(self, o));
            }
            return self.hash_object(v, o);
        }
        Ok(self.hash_immediate(v))
    }
    fn hash_immediate(self, v: Value) -> i64 {
        if v.is_int() {
            bigint::hash_i64(v.as_int())
        } else if v.is_float() {
            float::hash(v.as_float()).unwrap_or((v.bits() >> 4) as i64)
        } else if v.is_bool() {
            i64::from(v.as_bool())
        } else if v == Value::NONE {
            // As under CPython 3.12 it is the same in each run.
            0xFCA8_6420
        } else {
            (v.bits() >> 3) as i64 + 0x1234_5670
        }
    }
    fn hash_object(self, v: Value, o: Object) -> R<i64> {
        match o.shape() {
            shape::TUPLE => return self.hash_tuple(o),
            shape::LIST | shape::DICT | shape::SET | shape::BYTEARRAY => {
                return self.type_error(&format!("unhashable type: '{}'", self.class_name(v)));
            }
            // A reference of the very class knows its object's hash once it was asked for.
            shape::WEAKREF if o.get(weakref::word::HASH).is_int() => return Ok(o.get(weakref::word::HASH).as_int()),
            s if s.0 <= shape::LEAF.0 => {
                if let Some(h) = self.native_hash(v)? {
                    return Ok(h);
                }
            }
            _ => {}
        }
        let class = self.class_of(v);
        match self.lookup(class, sym::HASH) {
            Some(f) if f != Value::NONE => {
                if self.lookup(self.object_class(), sym::HASH) == Some(f) {
                    return Ok(self.identity_hash(o));
                }
                if self.is_inherited_hash(f, v)
                    && let Some(h) = self.native_hash(v)?
                {
                    return Ok(h);
                }
                let r = self.call_descriptor(f, v, class, &[])?;
                match self.as_int(r) {
                    Some(i) => Ok(match int::to_i64(i) {
                        Some(-1) => -2,
                        Some(h) => h,
                        None => int::with_operand(i, bigint::hash),
                    }),
                    None => self.type_error("__hash__ method should return an integer"),
                }
            }
            _ => self.type_error(&format!("unhashable type: '{}'", self.class_name(v))),
        }
    }
    /// Is `f`, the `__hash__` of an instance of a subclass, that of the built-in class whose content the instance has?
    fn is_inherited_hash(self, f: Value, v: Value) -> bool {
        let kind = self.kind(v);
        matches!(kind, Kind::STR | Kind::INT | Kind::FLOAT | Kind::BYTES | Kind::TUPLE | Kind::FROZENSET)
            && self.of_kind(f, Kind::WRAPPER_DESCRIPTOR).is_some_and(|w| {
                let owner = Object::of(w.get(4));
                !class::has(owner, class::flag::HEAP) && class::kind(owner) == kind
            })
    }
    /// The hash by identity.
    pub fn identity_hash(self, o: Object) -> i64 {
        // Multiples of 16, rotated as CPython does with addresses.
        self.heap().identity(o) as i64
    }
    fn hash_tuple(self, t: Object) -> R<i64> {
        let _nesting = self.descend("")?;
        let mut h = TupleHash::new();
        for i in 0..t.length() {
            h.add(self.hash(t.element(i))?);
            if i & 0xFFF == 0xFFF {
                self.poll()?;
            }
        }
        Ok(h.finish())
    }
    /// What a built-in type's own `__hash__` answers; `None` if it hashes by identity.
    pub fn native_hash(self, v: Value) -> R<Option<i64>> {
        Ok(Some(match self.kind(v) {
            Kind::STR => match string::exact_or_payload(self, v) {
                Some(s) => string::hash(self, s),
                None => return Ok(None),
            },
            Kind::INT => match self.as_int(v) {
                Some(i) => int::with_operand(i, bigint::hash),
                None => return Ok(None),
            },
            Kind::BOOL => i64::from(v.as_bool()),
            Kind::FLOAT => {
                let f = self.as_float(v).unwrap_or(0.0);
                match (float::hash(f), Object::from_value(v)) {
                    (Some(h), _) => h,
                    (None, Some(o)) => self.identity_hash(o),
                    (None, None) => (v.bits() >> 4) as i64,
                }
            }
            Kind::COMPLEX => {
                let (re, im) = self.as_complex(v).unwrap_or((0.0, 0.0));
                complex::hash(complex::Complex::new(re, im), Object::from_value(v).map_or(0, |o| self.identity_hash(o)))
            }
            Kind::BYTES => match self.as_bytes(v) {
                Some(b) => bytes::hash(self, b),
                None => return Ok(None),
            },
            Kind::TUPLE => match self.as_tuple(v) {
                Some(t) => self.hash_tuple(t)?,
                None => return Ok(None),
            },
            Kind::FROZENSET => {
                let s = Object::of(v);
                if s.word(set::EXTRA) == 0 {
                    let mut h = FrozensetHash::new();
                    let mut i = 0;
                    while let Some((at, _)) = set::next_item(s, i) {
                        h.add(set::item_hash(s, at));
                        i = at + 1;
                    }
                    s.set_word(set::EXTRA, h.finish() as u64);
                }
                s.word(set::EXTRA) as i64
            }
            Kind::RANGE => {
                let r = Object::of(v);
                let one = int::to_i64(r.get(4)) == Some(1);
                let (start, step) = if int::is_zero(r.get(4)) {
                    (Value::NONE, Value::NONE)
                } else {
                    (r.get(1), if one { Value::NONE } else { r.get(3) })
                };
                let t = self.tuple(&[r.get(4), start, step])?;
                self.hash(t)?
            }
            Kind::METHOD => {
                let _nesting = self.descend("")?;
                let m = Object::of(v);
                let this = match Object::from_value(m.get(2)) {
                    Some(o) => self.identity_hash(o),
                    None => self.hash_immediate(m.get(2)),
                };
                this ^ self.hash(m.get(1))?
            }
            Kind::SLICE => {
                let s = Object::of(v);
                let t = self.tuple_with(3, |i| s.get(1 + i))?;
                self.hash(t)?
            }
            _ => return Ok(None),
        }))
    }
    /// `sorted(iterable)` of strings, for messages.
    pub fn sorted_list(self, iterable: Value) -> R<Object> {
        let l = self.list_from(iterable)?;
        // Short lists of names: insertion sort suffices.
        for i in 1..list::length(l) {
            let mut j = i;
            while j > 0 && self.compare(CompareOp::Lt, list::item(l, j), list::item(l, j - 1))? {
                let (a, b) = (list::item(l, j - 1), list::item(l, j));
                self.list_set(l, j - 1, b);
                self.list_set(l, j, a);
                j -= 1;
            }
        }
        Ok(l)
    }
}

fn float_order(op: CompareOp, o: Option<Ordering>) -> bool {
    match o {
        Some(o) => op.holds(o),
        None => op == CompareOp::Ne,
    }
}
