//! Integration tests: what the compiler accepts, refuses and warns about, and what code it makes.

mod annotations;
mod errors;
mod limits;
mod listings;
mod modes;
