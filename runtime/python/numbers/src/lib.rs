//! The arithmetic of Python's numbers on plain data: integers of any size as limbs, floats and their text, complex
//! numbers, and the algorithms of the `math` module that are Python's own.

pub mod bigint;
pub mod complex;
pub mod float;
pub mod math;
pub mod unicode;
