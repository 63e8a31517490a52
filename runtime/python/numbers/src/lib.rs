//! The arithmetic of Python 3.12's numbers on plain data.
//!
//! The object model calls this crate from native functions: it takes slices, floats and texts out of objects, and makes
//! objects of what comes back. Here is no value, no heap and no exception; every error is an enum's variant that names
//! the case, and the caller writes CPython's message for it.
//!
//! - [`bigint`]: integers of any size, as a sign and limbs that may lie in a heap object.
//! - [`float`]: what Python adds to IEEE 754: text forms, hash, floor division, powers, decimal rounding.
//! - [`complex`]: complex numbers; [`cmath`]: their elementary functions.
//! - [`decimal`]: texts of machine integers.
//! - [`math`]: algorithms of the `math` module that are Python's own.
//! - [`unicode`]: text of any script as ASCII, which the parsers read.
//!
//! # Invariants
//!
//! - Results are those of CPython 3.12 to the last bit, where CPython's own are certain; where it calls the C library
//!   (`pow`, `exp`, `log`, …), so does Rust's standard library, and both give what that library gives. CPython's answers
//!   are data of the tests.
//! - No operand panics, overflows the stack or runs without end: recursion is at most as deep as a length has bits, what
//!   takes long asks a [`bigint::Poll`], and what the allocator refuses is [`bigint::Error::Memory`]. A panic is stated at
//!   the function (a radix out of range).
//! - Work space beside the result is some small multiple of the operands (at most about 100 MB for a product by
//!   transform, three times the operands beyond that). It does not count in the estimates of [`mod@bigint::size`].
//!
//! The crate depends on nothing but the standard library.

pub mod bigint;
pub mod cmath;
pub mod complex;
pub mod decimal;
pub mod float;
pub mod math;
pub mod unicode;
