//! Algorithms that programs can observe, on plain data: hashing, random numbers, sorting, the probing of tables.
//!
//! Each is CPython 3.12's, step for step where a program can tell: the hash of a string under `PYTHONHASHSEED`, the
//! numbers of `random.seed(1)`, the order in which `sort` compares, the order in which a set iterates. The crate knows
//! no values and no heap: items are `Copy` words in cells that the caller owns (and roots), comparisons are closures.

pub mod dict_table;
pub mod hash;
pub mod mt19937;
pub mod set_table;
pub mod siphash;
pub mod timsort;
pub mod work;
