//! The crate against independent implementations: `num-bigint` on random operands, CPython's answers as data.

mod bigint;
mod float;
mod interrupt;
mod oracle;
