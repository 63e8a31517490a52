//! Round trips, the verifier against damaged codes, the analyses against listings, the loader against arbitrary bytes.

mod analyses;
mod assembling;
mod forms;
mod generated;
mod limits;
mod verifier;

use vm_code::fuzzing::TABLE;
use vm_code::{Code, text};

/// The code of a listing whose header up to the registers is left out: `rest` begins with `registers`.
fn code(rest: &str) -> Code {
    let text = format!("code 0 \"test\"\nqualified \"test\"\nsource \"test\"\nline 1\n{rest}");
    match text::parse(&text, &TABLE) {
        Ok(code) => code,
        Err(e) => panic!("{e} in\n{text}"),
    }
}
