//! Conversions between numbers: what `int(v)` and `float(v)` make of numbers, and of objects that say which number they are.

use crate::exception::Exc;
use crate::int;
use crate::kind::shape;
use crate::py::{Py, R};
use crate::symbol::sym;
use python_numbers::bigint;
use vm_api::heap::{Object, Value};

impl Py<'_> {
    /// The double that a real number is, or says it is (`__float__`, `__index__`). Runs Python code; TypeError for
    /// anything else, OverflowError for integers that are too large.
    #[inline]
    pub fn real(self, v: Value) -> R<f64> {
        if v.is_float() { Ok(v.as_float()) } else { self.real_slow(v) }
    }
    fn real_slow(self, v: Value) -> R<f64> {
        match self.real_or_none(v)? {
            Some(f) => Ok(f),
            None => self.type_error(&format!("must be real number, not {}", self.class_name(v))),
        }
    }
    /// The same; `None` for what is no real number.
    pub fn real_or_none(self, v: Value) -> R<Option<f64>> {
        if let Some(f) = self.as_float(v) {
            // `float(v)` of a subclass that overrides `__float__` asks it; C's conversions take the value.
            return Ok(Some(f));
        }
        if let Some(i) = self.exact_int(v) {
            return self.int_as_real(i).map(Some);
        }
        if let Some(f) = self.float_by_method(v)? {
            return Ok(Some(f));
        }
        if let Some(i) = self.as_int(v) {
            return self.int_as_real(i).map(Some);
        }
        if self.special(v, sym::INDEX).is_some() {
            let i = self.index(v)?;
            return self.int_as_real(i).map(Some);
        }
        Ok(None)
    }
    /// What `__float__` of an object answers; `None` if its class has none.
    pub fn float_by_method(self, v: Value) -> R<Option<f64>> {
        let Some(r) = self.call_special(v, sym::FLOAT, &[])? else { return Ok(None) };
        match self.as_float(r) {
            Some(f) if r.is_float() => Ok(Some(f)),
            Some(f) => {
                let method = format!("{}.__float__", self.class_name(v));
                self.strict_subclass(&method, "non-float", r, "float").map(|()| Some(f))
            }
            None => self.type_error(&format!(
                "{}.__float__ returned non-float (type {})",
                self.class_name(v),
                self.class_name(r)
            )),
        }
    }
    /// An exact integer as a double; OverflowError if it is too large.
    pub fn int_as_real(self, i: Value) -> R<f64> {
        match int::to_f64(i) {
            Some(f) => Ok(f),
            None => self.err(Exc::OverflowError, "int too large to convert to float"),
        }
    }
    /// The integer of an exact `int` or `bool`; not of subclasses, which may say something else.
    #[inline]
    pub fn exact_int(self, v: Value) -> Option<Value> {
        if v.is_int() {
            return Some(v);
        }
        match Object::from_value(v) {
            None => v.is_bool().then(|| Value::int(i64::from(v.as_bool()))),
            Some(o) => (o.shape() == shape::INT).then_some(v),
        }
    }
    /// Is it an `int`, of no subclass (as `bool` is one)?
    pub(crate) fn is_exact_int(self, v: Value) -> bool {
        v.is_int() || Object::from_value(v).is_some_and(|o| o.shape() == shape::INT)
    }
    /// Warns that a conversion's method returned an instance of a subclass of what it ought to.
    pub fn strict_subclass(self, method: &str, what: &str, returned: Value, of: &str) -> R<()> {
        let message = format!(
            "{method} returned {what} (type {}).  The ability to return an instance of a strict subclass of {of} is \
             deprecated, and may be removed in a future version of Python.",
            self.class_name(returned)
        );
        self.state().deprecated.get()(self, &message)
    }
    /// The integer that a float truncates to; OverflowError or ValueError for what is not finite.
    pub fn int_from_f64(self, f: f64) -> R {
        if f.abs() < 1e14 {
            return self.int(f as i64);
        }
        match bigint::from_f64(f) {
            Some(i) => self.int_from(i.as_int()),
            None if f.is_nan() => self.value_error("cannot convert float NaN to integer"),
            None => self.err(Exc::OverflowError, "cannot convert float infinity to integer"),
        }
    }
    /// The integer that a number is or says it is: by `__int__`, `__index__` or `__trunc__`. `None` if it is no number.
    /// Runs Python code.
    pub fn int_of_number(self, v: Value) -> R<Option<Value>> {
        if let Some(i) = self.exact_int(v) {
            return Ok(Some(i));
        }
        if v.is_float() {
            return self.int_from_f64(v.as_float()).map(Some);
        }
        if let Some(r) = self.call_special(v, sym::INT, &[])? {
            return match self.as_int(r) {
                Some(i) if self.is_exact_int(r) => Ok(Some(i)),
                Some(i) => self.strict_subclass("__int__", "non-int", r, "int").map(|()| Some(i)),
                None => self.type_error(&format!("__int__ returned non-int (type {})", self.class_name(r))),
            };
        }
        if self.special(v, sym::INDEX).is_some() {
            return self.index(v).map(Some);
        }
        if self.special(v, sym::TRUNC).is_some() {
            self.state().deprecated.get()(self, "The delegation of int() to __trunc__ is deprecated.")?;
        }
        match self.call_special(v, sym::TRUNC, &[])? {
            None => Ok(None),
            Some(r) => match self.as_int(r) {
                Some(i) => Ok(Some(i)),
                None if self.special(r, sym::INDEX).is_some() => self.index(r).map(Some),
                None => self.type_error(&format!("__trunc__ returned non-Integral (type {})", self.class_name(r))),
            },
        }
    }
}
