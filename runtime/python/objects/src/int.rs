//! `int`: 50-bit ones are immediate; others are a sign word and limbs in a leaf. A number that fits is never in a leaf.
//!
//! Instances of subclasses are boxes: a dictionary and the exact integer. `bool` is immediate; its instances count as 0 and 1.

use crate::exception::Exc;
use crate::kind::{Kind, shape};
use crate::py::{Py, R};
use python_numbers::bigint::{self, BigInt, Error, Int, IntBuffer};
use vm_api::engine::WordLayout;
use vm_api::heap::{Object, Value};

/// The limbs of a big integer's object.
fn limbs<'a>(o: Object) -> &'a [u64] {
    let count = (o.length() - 8) / 8;
    // SAFETY: so many limbs follow the sign word; the object never changes, and stays in place while the slice's pointer
    // is on the native stack.
    unsafe { std::slice::from_raw_parts(o.bytes_address().add(8).cast(), count) }
}

/// An exact integer as an operand. `buffer` holds the limbs of small ones.
#[inline]
pub fn operand(v: Value, buffer: &mut IntBuffer) -> Int<'_> {
    match Object::from_value(v) {
        Some(o) => Int { negative: o.word(2) != 0, magnitude: limbs(o) },
        None => {
            *buffer = IntBuffer::from(if v.is_int() { v.as_int() } else { i64::from(v.as_bool()) });
            buffer.as_int()
        }
    }
}

/// Runs `f` on two exact integers.
pub fn with_operands<T>(a: Value, b: Value, f: impl FnOnce(Int<'_>, Int<'_>) -> T) -> T {
    let (mut x, mut y) = (IntBuffer::from(0), IntBuffer::from(0));
    f(operand(a, &mut x), operand(b, &mut y))
}
/// Runs `f` on an exact integer.
pub fn with_operand<T>(a: Value, f: impl FnOnce(Int<'_>) -> T) -> T {
    let mut x = IntBuffer::from(0);
    f(operand(a, &mut x))
}
/// The exact integer as a machine word, if it fits.
#[inline]
pub fn to_i64(v: Value) -> Option<i64> {
    if v.is_int() { Some(v.as_int()) } else { with_operand(v, |i| i.to_i64()) }
}
/// As a double; `None` if it is too large.
pub fn to_f64(v: Value) -> Option<f64> {
    if v.is_int() { Some(v.as_int() as f64) } else { with_operand(v, bigint::to_f64) }
}
/// Big integers whose magnitude is one limb, for engines that keep integers raw.
pub const WORDS: WordLayout =
    WordLayout { shape: shape::INT, length_at: 8, length: 16, negative_at: 16, magnitude_at: 24 };

/// The integer of an exact one that is small or as [`WORDS`] says.
#[inline]
pub fn as_word(v: Value) -> Option<i64> {
    if v.is_int() {
        return Some(v.as_int());
    }
    let o = Object::from_value(v).filter(|o| o.shape() == shape::INT && o.length() == WORDS.length as usize)?;
    let magnitude = i64::try_from(limbs(o)[0]).ok()?;
    Some(if o.word(2) != 0 { -magnitude } else { magnitude })
}
/// The integer as a value; beyond the limit of memory, if need be.
pub fn box_word(py: Py<'_>, x: i64) -> Value {
    let new = || py.heap().alloc_array(shape::INT, WORDS.length as usize);
    match Value::try_int(x) {
        Some(v) => v,
        None => {
            let made = new().or_else(|_| py.heap().beyond_limit(new));
            let o = made.unwrap_or_else(|_| panic!("no memory for an integer beyond the limit"));
            fill(o, x < 0, &[x.unsigned_abs()]);
            o.value()
        }
    }
}
/// Writes a fresh big integer.
fn fill(o: Object, negative: bool, magnitude: &[u64]) {
    o.set_word(2, u64::from(negative));
    // SAFETY: the fresh object has room for them.
    unsafe {
        std::ptr::copy_nonoverlapping(magnitude.as_ptr(), o.bytes_address().add(8).cast(), magnitude.len());
    }
}
/// Is it zero?
pub fn is_zero(v: Value) -> bool {
    v == Value::int(0) || v == Value::FALSE
}
/// Is it below zero?
pub fn is_negative(v: Value) -> bool {
    with_operand(v, |i| i.negative)
}

impl Py<'_> {
    /// An integer.
    #[inline]
    pub fn int(self, i: i64) -> R {
        match Value::try_int(i) {
            Some(v) => Ok(v),
            None => self.new_big(i < 0, &[i.unsigned_abs()]),
        }
    }
    /// An integer.
    pub fn int_u64(self, i: u64) -> R {
        match i64::try_from(i) {
            Ok(i) => self.int(i),
            Err(_) => self.new_big(false, &[i]),
        }
    }
    /// An integer.
    pub fn int_i128(self, i: i128) -> R {
        self.int_from(BigInt::from_i128(i).as_int())
    }
    /// A length or index.
    #[inline]
    pub fn int_usize(self, i: usize) -> R {
        self.int_u64(i as u64)
    }
    fn new_big(self, negative: bool, magnitude: &[u64]) -> R {
        let o = self.alloc_array(shape::INT, 8 + magnitude.len() * 8)?;
        fill(o, negative, magnitude);
        Ok(o.value())
    }
    /// An integer from any operand.
    pub fn int_from(self, i: Int<'_>) -> R {
        match i.to_i64().and_then(Value::try_int) {
            Some(v) => Ok(v),
            None => self.new_big(i.negative, i.magnitude),
        }
    }
    /// The result of an operation on integers, its errors as exceptions.
    pub fn int_result(self, r: Result<BigInt, Error>) -> R {
        match r {
            Ok(i) => self.int_from(i.as_int()),
            Err(e) => Err(self.int_error(e)),
        }
    }
    /// The exception for an error of integer arithmetic.
    pub fn int_error(self, e: Error) -> vm_api::engine::Stop {
        match e {
            Error::ZeroDivision => self.error(Exc::ZeroDivisionError, "integer division or modulo by zero"),
            Error::Overflow => self.error(Exc::OverflowError, "int too large to convert to float"),
            Error::Negative => self.error(Exc::ValueError, "negative shift count"),
            Error::NotInvertible => self.error(Exc::ValueError, "base is not invertible for the given modulus"),
            Error::TooManyDigits => self.error(
                Exc::ValueError,
                "Exceeds the limit (4300 digits) for integer string conversion; use sys.set_int_max_str_digits() to increase the limit",
            ),
            Error::Memory => self.out_of_memory(vm_api::heap::OutOfMemory),
            // The poll that said to stop left its exception pending.
            Error::Interrupted => vm_api::engine::Stop,
        }
    }
    /// Refuses results of more bits than memory may hold, before they are computed.
    pub fn check_bits(self, bits: u128) -> R<()> {
        if bits / 8 > self.heap().options().limit as u128 {
            return Err(self.out_of_memory(vm_api::heap::OutOfMemory));
        }
        Ok(())
    }
    /// The exact integer of a value of kind `INT` or `BOOL` (subclasses included): immediate, big, or `True`/`False`
    /// as 1 and 0.
    #[inline]
    pub fn as_int(self, v: Value) -> Option<Value> {
        if v.is_int() {
            return Some(v);
        }
        match Object::from_value(v) {
            None if v.is_bool() => Some(Value::int(i64::from(v.as_bool()))),
            None => None,
            Some(o) if o.shape() == shape::INT => Some(v),
            Some(o) if self.object_kind(o) == Kind::INT => Some(crate::instance::payload(o)),
            Some(_) => None,
        }
    }
    /// The double of a value of kind `FLOAT` (subclasses included).
    #[inline]
    pub fn as_float(self, v: Value) -> Option<f64> {
        if v.is_float() {
            return Some(v.as_float());
        }
        let o = self.of_kind(v, Kind::FLOAT)?;
        Some(crate::instance::payload(o).as_float())
    }
    /// Real and imaginary part of a value of kind `COMPLEX`.
    pub fn as_complex(self, v: Value) -> Option<(f64, f64)> {
        let o = self.of_kind(v, Kind::COMPLEX)?;
        let o = if o.shape() == shape::COMPLEX { o } else { Object::of(crate::instance::payload(o)) };
        Some((f64::from_bits(o.word(1)), f64::from_bits(o.word(2))))
    }
    /// A complex number.
    pub fn complex(self, re: f64, im: f64) -> R {
        let o = self.alloc(shape::COMPLEX, 3)?;
        o.set_word(1, re.to_bits());
        o.set_word(2, im.to_bits());
        Ok(o.value())
    }
    /// `operator.index(v)`: an exact integer. TypeError if there is none.
    pub fn index(self, v: Value) -> R {
        match self.as_int(v) {
            Some(i) => Ok(i),
            None => self.index_slow(v),
        }
    }
    #[cold]
    fn index_slow(self, v: Value) -> R {
        let message = || format!("'{}' object cannot be interpreted as an integer", self.class_name(v));
        let Some(r) = self.call_special(v, crate::symbol::sym::INDEX, &[])? else {
            return self.err(Exc::TypeError, &message());
        };
        match self.as_int(r) {
            Some(i) if self.is_exact_int(r) => Ok(i),
            Some(i) => self.strict_subclass("__index__", "non-int", r, "int").map(|()| i),
            None => self.err(Exc::TypeError, &format!("__index__ returned non-int (type {})", self.class_name(r))),
        }
    }
    /// The same as a machine word; `OverflowError` (`Python int too large to convert to C ssize_t`) if it does not fit.
    pub fn index_i64(self, v: Value) -> R<i64> {
        let i = self.index(v)?;
        match to_i64(i) {
            Some(i) => Ok(i),
            None => self.err(Exc::OverflowError, "Python int too large to convert to C ssize_t"),
        }
    }
    /// The same for an index into a sequence, or how often one is repeated; `exception` if it does not fit.
    pub fn index_fitting(self, v: Value, exception: Exc) -> R<i64> {
        let i = self.index(v)?;
        match to_i64(i) {
            Some(i) => Ok(i),
            None => self.err(exception, &format!("cannot fit '{}' into an index-sized integer", self.class_name(v))),
        }
    }
    /// The same, clamped to the range of words: for slices' bounds.
    pub fn index_clamped(self, v: Value) -> R<i64> {
        let i = self.index(v)?;
        Ok(to_i64(i).unwrap_or(if is_negative(i) { i64::MIN } else { i64::MAX }))
    }
    /// The same for C's `int`.
    pub fn index_i32(self, v: Value) -> R<i32> {
        let i = self.index(v)?;
        match to_i64(i).and_then(|i| i32::try_from(i).ok()) {
            Some(i) => Ok(i),
            None => self.err(Exc::OverflowError, "Python int too large to convert to C int"),
        }
    }
}
