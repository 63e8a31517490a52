//! Tests of VIR from outside: `.vir` files and properties.

mod files;
