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
use crate::constant::{Constant, items};
use crate::{serial, text, verify::verify};

/// [`TABLE`] with its fingerprint.
pub static SET: serial::OpcodeSet = serial::OpcodeSet::new(&TABLE);

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
        0 => from_file(bytes.rest()),
        1 => from_file(&[&serial::header(&TABLE), bytes.rest()].concat()),
        2 => {
            let mut file = serial::write(&generate(&mut bytes), &TABLE);
            for _ in 0..bytes.below(4) {
                let at = bytes.below(file.len());
                file[at] = bytes.byte();
            }
            from_file(&file)
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

/// Loads a file in both ways, at once and code by code.
fn from_file(file: &[u8]) -> Option<Code> {
    let code = serial::load(file, &TABLE).ok();
    let opened = serial::open(file.to_vec(), 0, &SET).ok();
    if let Some(opened) = &opened {
        each_deferred(opened);
    }
    if let Some(code) = &code {
        let opened = opened.expect("what can be loaded can be opened");
        assert_eq!(opened.complete().as_ref(), Ok(code));
    }
    code
}

/// Reads all codes that `code` leaves in its file, as far as they are right; says of how many that was so.
fn each_deferred(code: &Code) -> usize {
    let mut read = 0;
    let mut waiting: Vec<Constant> = code.constants.iter().chain(&code.extra).cloned().collect();
    while let Some(constant) = waiting.pop() {
        waiting.extend(items(&constant).iter().cloned());
        let Constant::Deferred(deferred) = constant else { continue };
        let (header, extra) = (deferred.header(), deferred.extra());
        // It may be damaged, and may nest too deep as a whole.
        let whole = deferred.load_whole();
        let Ok(code) = deferred.load() else {
            assert!(whole.is_err(), "a part that is not right in a whole that is");
            continue;
        };
        read += 1;
        let header = header.expect("a code that is right has a header");
        assert_eq!(
            (header.name, header.qualified_name, header.source),
            (&*code.name, &*code.qualified_name, &*code.source)
        );
        assert_eq!((header.first_line, header.flags), (code.first_line, code.flags));
        assert_eq!(extra.as_ref(), Ok(&code.extra));
        if let Ok(whole) = whole {
            assert_eq!(code.complete(), Ok(whole));
        }
        waiting.extend(code.constants.into_iter().chain(code.extra));
    }
    read
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
    let opened = serial::open(file, 0, &SET).expect("serialised form, code by code");
    assert_eq!(opened.complete().as_ref(), Ok(code), "serialised form, code by code");
    assert_eq!(each_deferred(&opened), count(code) - 1, "codes that are read when they are asked for");
    let listing = text::print(code, &TABLE);
    let parsed = text::parse(&listing, &TABLE);
    assert_eq!(parsed.as_ref(), Ok(code), "text form:\n{listing}");
    assert_eq!(text::print(code, &TABLE), listing);
    walk(code, &mut Bytes::new(decisions));
}

/// How many codes there are, the inner ones as often as constants have them.
fn count(code: &Code) -> usize {
    let mut waiting: Vec<&Constant> = code.constants.iter().chain(&code.extra).collect();
    let mut count = 1;
    while let Some(constant) = waiting.pop() {
        waiting.extend(items(constant));
        if let Constant::Code(code) = constant {
            count += 1;
            waiting.extend(code.constants.iter().chain(&code.extra));
        }
    }
    count
}
