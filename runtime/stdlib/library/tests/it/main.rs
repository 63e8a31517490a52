//! The embedded library from outside: what is in it, that our front end reads it, and that the table tells the truth.

mod compare;
mod contents;
mod difference;
#[path = "../../build/edits.rs"]
mod edits;
mod edits_test;
mod front_end;
mod imports;
