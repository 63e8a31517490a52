//! Operators: what `a + b` and its kin do, from native types' quick answers to the protocol of special methods.

use crate::class;
use crate::exception::Exc;
use crate::kind::{Kind, shape, special};
use crate::number;
use crate::py::{Py, R};
use crate::symbol::{Symbol, sym};
use crate::{bytes, dict, int, list, set, string};
use vm_api::heap::{Object, Value};

macro_rules! binary_ops {
    ($($Name:ident $text:literal $plain:ident $reflected:ident $inplace:ident;)*) => {
        /// Binary operators, in the order of their opcodes.
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        #[allow(missing_docs, reason = "they are named as the operators are")]
        pub enum BinaryOp { $($Name),* }

        /// All of them, in order.
        pub const BINARY: &[BinaryOp] = &[$(BinaryOp::$Name),*];

        impl BinaryOp {
            /// As it is written.
            pub const fn text(self) -> &'static str {
                match self { $(BinaryOp::$Name => $text),* }
            }
            /// The special method.
            pub const fn method(self) -> Symbol {
                match self { $(BinaryOp::$Name => sym::$plain),* }
            }
            /// The special method of the right operand.
            pub const fn reflected(self) -> Symbol {
                match self { $(BinaryOp::$Name => sym::$reflected),* }
            }
            /// The special method of augmented assignment.
            pub const fn inplace(self) -> Symbol {
                match self { $(BinaryOp::$Name => sym::$inplace),* }
            }
        }
    };
}

binary_ops! {
    Add "+" ADD RADD IADD;
    Sub "-" SUB RSUB ISUB;
    Mul "*" MUL RMUL IMUL;
    MatMul "@" MATMUL RMATMUL IMATMUL;
    TrueDiv "/" TRUEDIV RTRUEDIV ITRUEDIV;
    Mod "%" MOD RMOD IMOD;
    Pow "** or pow()" POW RPOW IPOW;
    LShift "<<" LSHIFT RLSHIFT ILSHIFT;
    RShift ">>" RSHIFT RRSHIFT IRSHIFT;
    Or "|" OR ROR IOR;
    Xor "^" XOR RXOR IXOR;
    And "&" AND RAND IAND;
    FloorDiv "//" FLOORDIV RFLOORDIV IFLOORDIV;
    // No opcode: `divmod`.
    DivMod "divmod()" DIVMOD RDIVMOD DIVMOD;
}

/// Unary operators.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[allow(missing_docs, reason = "they are named as the operators are")]
pub enum UnaryOp {
    Neg,
    Pos,
    Invert,
}

impl UnaryOp {
    /// As it is written.
    pub const fn text(self) -> &'static str {
        match self {
            UnaryOp::Neg => "-",
            UnaryOp::Pos => "+",
            UnaryOp::Invert => "~",
        }
    }
    /// The special method.
    pub const fn method(self) -> Symbol {
        match self {
            UnaryOp::Neg => sym::NEG,
            UnaryOp::Pos => sym::POS,
            UnaryOp::Invert => sym::INVERT,
        }
    }
}

/// How far [`Py::operate`] came.
#[derive(Clone, Copy, Debug)]
pub enum Operation {
    /// The result.
    Done(Value),
    /// The left operand's method is a Python function and the first to be asked: it is yet to be called.
    Enter(Object),
}

/// Does the kind concatenate and repeat as a sequence, not as a number?
fn is_sequence(kind: Kind) -> bool {
    [Kind::STR, Kind::BYTES, Kind::BYTEARRAY, Kind::LIST, Kind::TUPLE].contains(&kind)
}

impl Py<'_> {
    /// `a op b`
    pub fn binary(self, op: BinaryOp, a: Value, b: Value) -> R {
        if let Some(r) = self.quick_binary(op, a, b)? {
            return Ok(r);
        }
        let r = self.binary_by_methods(op, a, b)?;
        if r == special::NOT_IMPLEMENTED {
            return Err(self.unsupported(op, a, b, false));
        }
        Ok(r)
    }
    /// `a op b`, or `a op= b` where the left operand has no method of its own for that, after no quick answer was found.
    pub fn operate(self, op: BinaryOp, a: Value, b: Value, inplace: bool) -> R<Operation> {
        let (ca, cb) = (self.class_of(a), self.class_of(b));
        let left = self.lookup(ca, op.method());
        if let Some(f) = left.and_then(|f| self.of_kind(f, Kind::FUNCTION))
            && (ca == cb || !self.is_subclass(cb, ca))
        {
            return Ok(Operation::Enter(f));
        }
        let r = self.by_methods(op, (a, ca), (b, cb), left)?;
        if r == special::NOT_IMPLEMENTED {
            return Err(self.unsupported(op, a, b, inplace));
        }
        Ok(Operation::Done(r))
    }
    /// `a op b` after the function of [`Operation::Enter`] declined.
    #[cold]
    pub fn binary_declined(self, op: BinaryOp, a: Value, b: Value, inplace: bool) -> R {
        let (ca, cb) = (self.class_of(a), self.class_of(b));
        if ca != cb
            && let Some(f) = self.lookup(cb, op.reflected())
        {
            let r = self.call_descriptor(f, b, cb, &[a])?;
            if r != special::NOT_IMPLEMENTED {
                return Ok(r);
            }
        }
        Err(self.unsupported(op, a, b, inplace))
    }
    /// Answers for exact built-in operands without looking anything up.
    #[inline]
    pub fn quick_binary(self, op: BinaryOp, a: Value, b: Value) -> R<Option<Value>> {
        if let Some(r) = number::binary(self, op, a, b)? {
            return Ok(Some(r));
        }
        if let (Some(x), Some(y)) = (Object::from_value(a), Object::from_value(b))
            && op == BinaryOp::Add
        {
            if string::is_exact(x) && string::is_exact(y) {
                return self.concat(x, y).map(|s| Some(s.value()));
            }
            match x.shape() {
                s if s != y.shape() => {}
                shape::LIST => return self.concat_lists(x, y).map(Some),
                shape::TUPLE => return self.concat_tuples(x, y).map(Some),
                _ => {}
            }
        }
        Ok(None)
    }
    /// The protocol: the left operand's method, then the right one's reflected, or the other way round if the right one's
    /// class is derived from the left one's. `NotImplemented` if nobody knows.
    pub fn binary_by_methods(self, op: BinaryOp, a: Value, b: Value) -> R {
        let (ca, cb) = (self.class_of(a), self.class_of(b));
        self.by_methods(op, (a, ca), (b, cb), self.lookup(ca, op.method()))
    }
    /// The same with the operands' classes and the left one's method.
    fn by_methods(self, op: BinaryOp, (a, ca): (Value, Object), (b, cb): (Value, Object), left: Option<Value>) -> R {
        if ca == cb {
            // Nobody else is asked.
            return left.map_or(Ok(special::NOT_IMPLEMENTED), |f| self.call_descriptor(f, a, ca, &[b]));
        }
        let right = self.lookup(cb, op.reflected());
        let overrides = right.is_some() && self.is_subclass(cb, ca) && self.lookup(ca, op.reflected()) != right;
        // Sequences concatenate and repeat only after the right operand's number methods had their chance.
        let last = matches!(op, BinaryOp::Add | BinaryOp::Mul)
            && is_sequence(self.kind(a))
            && !is_sequence(self.kind(b))
            && left.is_some_and(|f| self.kind(f) == Kind::WRAPPER_DESCRIPTOR);
        let mut tried_right = false;
        if let Some(f) = right
            && (overrides || last)
        {
            tried_right = true;
            let r = self.call_descriptor(f, b, cb, &[a])?;
            if r != special::NOT_IMPLEMENTED {
                return Ok(r);
            }
        }
        if let Some(f) = left {
            let r = self.call_descriptor(f, a, ca, &[b])?;
            if r != special::NOT_IMPLEMENTED {
                return Ok(r);
            }
        }
        if let Some(f) = right
            && !tried_right
        {
            return self.call_descriptor(f, b, cb, &[a]);
        }
        Ok(special::NOT_IMPLEMENTED)
    }
    /// The TypeError of an operator that no operand supports.
    #[cold]
    pub fn unsupported(self, op: BinaryOp, a: Value, b: Value, inplace: bool) -> vm_api::engine::Stop {
        if op == BinaryOp::RShift && self.kind(a) == Kind::BUILTIN && self.callable_name(a) == "print" {
            return self.error(
                Exc::TypeError,
                &format!(
                    "unsupported operand type(s) for >>: 'builtin_function_or_method' and '{}'. Did you mean \"print(<message>, file=<output_stream>)\"?",
                    self.class_name(b)
                ),
            );
        }
        let text = match (op, inplace) {
            (BinaryOp::Pow, true) => "**=".to_owned(),
            (_, true) => format!("{}=", op.text()),
            (_, false) => op.text().to_owned(),
        };
        self.error(
            Exc::TypeError,
            &format!("unsupported operand type(s) for {text}: '{}' and '{}'", self.class_name(a), self.class_name(b)),
        )
    }
    /// Answers `a op= b` for exact built-in operands without looking anything up.
    #[inline]
    pub fn quick_inplace(self, op: BinaryOp, a: Value, b: Value) -> R<Option<Value>> {
        // Strings and tuples have no method for it.
        if Object::from_value(a).is_some_and(|o| string::is_exact(o) || o.shape() == shape::TUPLE) {
            return self.quick_binary(op, a, b);
        }
        number::binary(self, op, a, b)
    }
    /// The result of `a op= b`.
    pub fn inplace(self, op: BinaryOp, a: Value, b: Value) -> R {
        if let Some(r) = self.quick_inplace(op, a, b)? {
            return Ok(r);
        }
        let ca = self.class_of(a);
        if op != BinaryOp::DivMod
            && let Some(f) = self.lookup(ca, op.inplace())
        {
            let r = self.call_descriptor(f, a, ca, &[b])?;
            if r != special::NOT_IMPLEMENTED {
                return Ok(r);
            }
        }
        self.inplace_declined(op, a, b)
    }
    /// `a op= b` after the method for it declined.
    pub fn inplace_declined(self, op: BinaryOp, a: Value, b: Value) -> R {
        if let Some(r) = self.quick_binary(op, a, b)? {
            return Ok(r);
        }
        let r = self.binary_by_methods(op, a, b)?;
        if r == special::NOT_IMPLEMENTED {
            return Err(self.unsupported(op, a, b, true));
        }
        Ok(r)
    }
    /// `pow(a, b, modulus)`
    pub fn power_modulo(self, a: Value, b: Value, modulus: Value) -> R {
        let class = self.class_of(a);
        if !class::has(class, class::flag::HEAP)
            && let (Some(x), Some(y), Some(m)) = (self.as_int(a), self.as_int(b), self.as_int(modulus))
        {
            return number::pow_mod(self, x, y, m);
        }
        if let Some(f) = self.lookup(class, sym::POW) {
            let r = self.call_descriptor(f, a, class, &[b, modulus])?;
            if r != special::NOT_IMPLEMENTED {
                return Ok(r);
            }
        }
        self.type_error(&format!(
            "unsupported operand type(s) for ** or pow(): '{}', '{}', '{}'",
            self.class_name(a),
            self.class_name(b),
            self.class_name(modulus)
        ))
    }
    /// `op a`
    pub fn unary(self, op: UnaryOp, a: Value) -> R {
        if let Some(r) = number::unary(self, op, a)? {
            return Ok(r);
        }
        match self.call_special(a, op.method(), &[])? {
            Some(r) => Ok(r),
            None => self.type_error(&format!("bad operand type for unary {}: '{}'", op.text(), self.class_name(a))),
        }
    }

    // ---- truth and length

    /// The truth of a value that needs no Python code to tell.
    #[inline]
    pub fn quick_truth(self, v: Value) -> Option<bool> {
        if v.is_bool() {
            return Some(v.as_bool());
        }
        if v.is_int() {
            return Some(v.as_int() != 0);
        }
        if v == Value::NONE {
            return Some(false);
        }
        if v.is_float() {
            return Some(v.as_float() != 0.0);
        }
        let Some(o) = Object::from_value(v) else { return (v != special::NOT_IMPLEMENTED).then_some(true) };
        match o.shape() {
            shape::STR
            | shape::STR_VIEW
            | shape::LIST
            | shape::TUPLE
            | shape::DICT
            | shape::SET
            | shape::FROZENSET
            | shape::BYTES
            | shape::BYTEARRAY
            | shape::RANGE
            | shape::DICT_KEYS
            | shape::DICT_VALUES
            | shape::DICT_ITEMS => self.native_length(v).map(|n| n != 0),
            shape::INT => Some(true),
            shape::COMPLEX => self.as_complex(v).map(|(re, im)| re != 0.0 || im != 0.0),
            s if s.0 <= shape::LEAF.0 && s != shape::TYPE && s != shape::MEMORYVIEW && s != shape::MAPPINGPROXY => {
                Some(true)
            }
            _ => None,
        }
    }
    /// `bool(v)`. Runs Python code.
    pub fn truth(self, v: Value) -> R<bool> {
        if let Some(t) = self.quick_truth(v) {
            return Ok(t);
        }
        let class = self.class_of(v);
        if let Some(f) = self.lookup(class, sym::BOOL) {
            if f == Value::NONE {
                return self.type_error("'NoneType' object is not callable");
            }
            let r = self.call_descriptor(f, v, class, &[])?;
            if !r.is_bool() {
                return self.type_error(&format!("__bool__ should return bool, returned {}", self.class_name(r)));
            }
            return Ok(r.as_bool());
        }
        if self.lookup(class, sym::LEN).is_some() {
            return Ok(self.length(v)? != 0);
        }
        Ok(true)
    }
    /// The length of a built-in container (subclasses included, whatever they override).
    pub fn native_length(self, v: Value) -> Option<usize> {
        let o = Object::from_value(v)?;
        Some(match self.object_kind(o) {
            Kind::STR => string::length(string::exact_or_payload(self, v)?),
            Kind::LIST => list::length(o),
            Kind::TUPLE => self.as_tuple(v)?.length(),
            Kind::DICT => dict::length(o),
            Kind::SET | Kind::FROZENSET => set::length(o),
            Kind::BYTES => bytes::slice(self.as_bytes(v)?).len(),
            Kind::BYTEARRAY => bytes::array_length(o),
            Kind::DICT_KEYS | Kind::DICT_VALUES | Kind::DICT_ITEMS => dict::length(Object::of(o.get(1))),
            Kind::RANGE => usize::try_from(int::to_i64(o.get(4))?).ok()?,
            _ => return None,
        })
    }
    /// `len(v)`. Runs Python code.
    pub fn length(self, v: Value) -> R<usize> {
        if let Some(o) = Object::from_value(v)
            && o.shape().0 <= shape::LEAF.0
            && let Some(n) = self.native_length(v)
        {
            return Ok(n);
        }
        let Some(r) = self.call_special(v, sym::LEN, &[])? else {
            return self.type_error(&format!("object of type '{}' has no len()", self.class_name(v)));
        };
        let n = self.index(r)?;
        if int::is_negative(n) {
            return self.value_error("__len__() should return >= 0");
        }
        match int::to_i64(n).and_then(|n| usize::try_from(n).ok()) {
            Some(n) => Ok(n),
            None => self.err(Exc::OverflowError, "cannot fit 'int' into an index-sized integer"),
        }
    }

    // ---- items

    /// `v[key]`
    pub fn get_item(self, v: Value, key: Value) -> R {
        if let Some(o) = Object::from_value(v) {
            match o.shape() {
                shape::LIST if key.is_int() => return self.list_item(o, key),
                shape::TUPLE if key.is_int() => return self.tuple_item(o, key),
                shape::DICT => {
                    return match self.dict_get(o, key)? {
                        Some(v) => Ok(v),
                        None => Err(self.key_error(key)),
                    };
                }
                shape::STR | shape::STR_VIEW if key.is_int() => {
                    let i = self.checked_index(key.as_int(), string::length(o), "string index out of range")?;
                    return self.character(string::at(o, i)).map(Object::value);
                }
                _ => {}
            }
        }
        let class = self.class_of(v);
        if let Some(f) = self.lookup(class, sym::GETITEM) {
            return self.call_descriptor(f, v, class, &[key]);
        }
        if let Some(c) = self.of_kind(v, Kind::TYPE) {
            if c.value() == self.root(crate::kind::class::TYPE) {
                return self.generic_alias(v, key);
            }
            let hook = self.find_attribute(v, sym::CLASS_GETITEM)?;
            return match hook {
                Some(f) => self.call(f, &[key]),
                None => self.type_error(&format!("type '{}' is not subscriptable", crate::class::name(self, c))),
            };
        }
        self.type_error(&format!("'{}' object is not subscriptable", self.class_name(v)))
    }
    /// `origin[args]` as a `types.GenericAlias`.
    pub fn generic_alias(self, origin: Value, args: Value) -> R {
        let args = if self.kind(args) == Kind::TUPLE { args } else { self.tuple(&[args])? };
        Ok(self.new_object(shape::GENERIC_ALIAS, 5, &[origin, args, Value::EMPTY, Value::FALSE])?.value())
    }
    fn list_item(self, l: Object, key: Value) -> R {
        let i = self.checked_index(key.as_int(), list::length(l), "list index out of range")?;
        Ok(list::item(l, i))
    }
    fn tuple_item(self, t: Object, key: Value) -> R {
        let i = self.checked_index(key.as_int(), t.length(), "tuple index out of range")?;
        Ok(t.element(i))
    }
    /// An index counted from either end, checked against a length.
    #[inline]
    pub fn checked_index(self, i: i64, length: usize, message: &str) -> R<usize> {
        let at = if i < 0 { i.wrapping_add(length as i64) } else { i };
        if at < 0 || at as usize >= length {
            return self.err(Exc::IndexError, message);
        }
        Ok(at as usize)
    }
    /// `v[key] = value`
    pub fn set_item(self, v: Value, key: Value, value: Value) -> R<()> {
        if let Some(o) = Object::from_value(v) {
            match o.shape() {
                shape::LIST if key.is_int() => {
                    let i = self.checked_index(key.as_int(), list::length(o), "list assignment index out of range")?;
                    self.list_set(o, i, value);
                    return Ok(());
                }
                shape::DICT => return self.dict_set(o, key, value),
                _ => {}
            }
        }
        match self.call_special(v, sym::SETITEM, &[key, value])? {
            Some(_) => Ok(()),
            None => self.type_error(&format!("'{}' object does not support item assignment", self.class_name(v))),
        }
    }
    /// `del v[key]`
    pub fn delete_item(self, v: Value, key: Value) -> R<()> {
        if let Some(o) = Object::from_value(v)
            && o.shape() == shape::DICT
        {
            return match self.dict_remove(o, key)? {
                Some(_) => Ok(()),
                None => Err(self.key_error(key)),
            };
        }
        match self.call_special(v, sym::DELITEM, &[key])? {
            Some(_) => Ok(()),
            None => self.type_error(&format!("'{}' object doesn't support item deletion", self.class_name(v))),
        }
    }
    /// `item in container`
    pub fn contains(self, container: Value, item: Value) -> R<bool> {
        if let Some(o) = Object::from_value(container) {
            match o.shape() {
                shape::DICT => return Ok(self.dict_get(o, item)?.is_some()),
                shape::LIST | shape::TUPLE => return self.sequence_contains(container, item),
                shape::SET | shape::FROZENSET if self.kind(item) != Kind::SET => return self.set_contains(o, item),
                _ => {}
            }
        }
        let class = self.class_of(container);
        match self.lookup(class, sym::CONTAINS) {
            Some(f) if f != Value::NONE => {
                let r = self.call_descriptor(f, container, class, &[item])?;
                self.truth(r)
            }
            Some(_) => self.type_error(&format!("'{}' object is not a container", self.class_name(container))),
            None => {
                let is_iterable = self.lookup(class, sym::ITER).is_some() || self.lookup(class, sym::GETITEM).is_some();
                if !is_iterable {
                    return self
                        .type_error(&format!("argument of type '{}' is not iterable", self.class_name(container)));
                }
                self.sequence_contains(container, item)
            }
        }
    }
    /// Looks for an equal item by iteration.
    pub fn sequence_contains(self, container: Value, item: Value) -> R<bool> {
        let mut found = false;
        let look = |v: Value| -> R<bool> {
            if v.both_int(item) {
                return Ok(v == item);
            }
            Ok(v == item && !v.is_float() || self.equal_or_same(v, item)?)
        };
        if let Some(o) = Object::from_value(container)
            && (o.shape() == shape::LIST || o.shape() == shape::TUPLE)
        {
            let mut i = 0;
            loop {
                let v = if o.shape() == shape::LIST { list::get(o, i) } else { (i < o.length()).then(|| o.element(i)) };
                match v {
                    Some(v) if look(v)? => return Ok(true),
                    Some(_) => i += 1,
                    None => return Ok(false),
                }
            }
        }
        let iterator = self.iter(container)?;
        let mut n = 0u32;
        while let Some(v) = self.next(iterator)? {
            if look(v)? {
                found = true;
                break;
            }
            n = n.wrapping_add(1);
            if n & 0xFFF == 0 {
                self.poll()?;
            }
        }
        Ok(found)
    }
    /// `a + b` for exact lists.
    pub fn concat_lists(self, a: Object, b: Object) -> R {
        let (n, m) = (list::length(a), list::length(b));
        let r = self.new_list(n + m)?;
        if n > 0 {
            self.list_push_elements(r, list::array(a), 0, n)?;
        }
        if m > 0 {
            self.list_push_elements(r, list::array(b), 0, m)?;
        }
        Ok(r.value())
    }
    /// `a + b` for exact tuples.
    pub fn concat_tuples(self, a: Object, b: Object) -> R {
        match (a.length(), b.length()) {
            (0, _) => Ok(b.value()),
            (_, 0) => Ok(a.value()),
            (n, m) => self.tuple_with(n + m, |i| if i < n { a.element(i) } else { b.element(i - n) }),
        }
    }
}
