//! Oracles and generators for this crate's tests and for the loader's fuzz target: a small opcode table, programs made from
//! arbitrary bytes, and checks that hold for every code that the verifier accepts.

mod generate;
mod mutate;
mod opcodes;
mod walk;

pub use generate::generate;
pub use mutate::mutate;
pub use opcodes::{TABLE, op};
pub use walk::walk;

use crate::code::Code;
use crate::{serial, text, verify::verify};

/// Numbers taken from bytes; zeros when they are used up.
pub struct Bytes<'a> {
    rest: &'a [u8],
}

impl<'a> Bytes<'a> {
    /// Takes from `data`.
    pub fn new(data: &'a [u8]) -> Bytes<'a> {
        Bytes { rest: data }
    }
    /// The next byte.
    pub fn byte(&mut self) -> u8 {
        let (first, rest) = self.rest.split_first().unwrap_or((&0, &[]));
        self.rest = rest;
        *first
    }
    /// A number below `n`, which is not 0.
    pub fn below(&mut self, n: usize) -> usize {
        let wide = if n > 256 { usize::from(self.byte()) << 8 | usize::from(self.byte()) } else { self.byte().into() };
        wide % n
    }
    /// Are they used up?
    pub fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }
    /// What is left.
    pub fn rest(&self) -> &'a [u8] {
        self.rest
    }
}

/// One execution of the loader's fuzz target. The first byte says how to use the others: as a file, as a file behind a
/// right header, as damage to a generated program's file, fields or
/// listing, or as text. Panics on a finding; returns
/// whether some code was accepted.
pub fn fuzz_loader(data: &[u8]) -> bool {
    let mut bytes = Bytes::new(data);
    let mode = bytes.byte() % 6;
    let code = match mode {
        0 => serial::load(bytes.rest(), &TABLE).ok(),
        1 => serial::load(&[&serial::header(&TABLE), bytes.rest()].concat(), &TABLE).ok(),
        2 => {
            let mut file = serial::write(&generate(&mut bytes), &TABLE);
            for _ in 0..bytes.below(4) {
                let at = bytes.below(file.len());
                file[at] = bytes.byte();
            }
            serial::load(&file, &TABLE).ok()
        }
        3 => {
            let mut code = generate(&mut bytes);
            for _ in 0..bytes.below(3) {
                mutate(&mut code, &mut bytes);
            }
            text::print(&code, &TABLE);
            verify(&code, &TABLE).is_ok().then_some(code)
        }
        4 => {
            let mut listing = text::print(&generate(&mut bytes), &TABLE).into_bytes();
            for _ in 0..bytes.below(4) {
                let at = bytes.below(listing.len());
                const SIGNS: &[u8] = b"0123456789rfknsL:,. \"\n({";
                listing[at] = SIGNS[bytes.below(SIGNS.len())];
            }
            from_text(&listing)
        }
        _ => from_text(bytes.rest()),
    };
    if let Some(code) = &code {
        check_accepted(code, data);
    }
    code.is_some()
}

fn from_text(listing: &[u8]) -> Option<Code> {
    let code = text::parse(std::str::from_utf8(listing).ok()?, &TABLE).ok()?;
    // Printing stands what verification refuses.
    text::print(&code, &TABLE);
    verify(&code, &TABLE).is_ok().then_some(code)
}

/// What must hold for a code that the verifier accepts: both forms round-trip, and execution finds in every register that
/// it reads what it last wrote there. `decisions` steer the execution.
pub fn check_accepted(code: &Code, decisions: &[u8]) {
    let file = serial::write(code, &TABLE);
    assert_eq!(serial::load(&file, &TABLE).as_ref(), Ok(code), "serialised form");
    let listing = text::print(code, &TABLE);
    let parsed = text::parse(&listing, &TABLE);
    assert_eq!(parsed.as_ref(), Ok(code), "text form:\n{listing}");
    assert_eq!(text::print(code, &TABLE), listing);
    walk(code, &mut Bytes::new(decisions));
}
