//! Tests of VIR from outside: `.vir` files and properties of random units.

mod files;
mod model;
mod random;
