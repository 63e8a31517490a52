//! Codes as they are kept: in marshalled data, in compiled files, within this program.
//!
//! The front end's identity, a sum of what follows, the form of `vm_code::serial`. So what another build wrote, or what was
//! damaged, is refused and not misread. Bytes that somebody made to pass are the same as a program of theirs: the loader
//! verifies them as bytecode, and then they may do anything that bytecode can. It verifies each code when it is read, which for
//! nested ones is when they are first called.

use python_compile::IDENTITY;
use python_compile::opcodes::{OPCODES, SET};
use vm_api::code::{Code, serial};

/// A code as it is kept.
pub(crate) fn code_bytes(code: &Code) -> Vec<u8> {
    let form = serial::write(code, &OPCODES);
    [&IDENTITY.to_le_bytes()[..], &sum(&form).to_le_bytes(), &form].concat()
}

/// Differs wherever damage changed a single word, and nearly surely otherwise: against accidents, not against intent.
fn sum(bytes: &[u8]) -> u64 {
    let step = |sum: u64, word: u64| (sum ^ word).wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(31);
    let (words, rest) = bytes.as_chunks();
    let sum = words.iter().fold(IDENTITY ^ bytes.len() as u64, |sum, word| step(sum, u64::from_le_bytes(*word)));
    let mut last = [0; 8];
    last[..rest.len()].copy_from_slice(rest);
    step(sum, u64::from_le_bytes(last))
}

/// A code that this program kept and carries within itself.
pub(crate) fn own_code_of(bytes: &'static [u8]) -> Result<Code, String> {
    serial::open_own(bytes, 2 * size_of::<u64>(), &SET).map_err(|e| e.to_string())
}

/// A kept code; those inside it stay in the bytes until they are wanted. The error completes "bad marshal data".
pub(crate) fn code_of(bytes: Vec<u8>) -> Result<Code, String> {
    let Some((identity, rest)) = bytes.split_first_chunk() else { return Err("code too short".to_owned()) };
    if u64::from_le_bytes(*identity) != IDENTITY {
        return Err("code of another build".to_owned());
    }
    let Some((kept, form)) = rest.split_first_chunk() else { return Err("code too short".to_owned()) };
    if u64::from_le_bytes(*kept) != sum(form) {
        return Err("damaged code".to_owned());
    }
    let start = bytes.len() - form.len();
    serial::open(bytes, start, &SET).map_err(|e| e.to_string())
}
