//! `repr`, `ascii()`, hexadecimal.

use python_text::Text;
use python_text::repr::{parse_hex, push_ascii, push_bytes_repr, push_hex, push_repr};

use crate::{Argument, built, check, show};

fn bytes(argument: &Argument) -> Vec<u8> {
    match argument.text() {
        Text::One(bytes) => bytes,
        other => panic!("no bytes: {other:?}"),
    }
}

#[test]
fn reprs() {
    check("repr", |arguments| {
        let repr = built(|out| push_repr(arguments[0].text().units(), out));
        let ascii = built(|out| push_ascii(repr.units(), out));
        vec![show(repr.units()), show(ascii.units())]
    });
    check("bytes.repr", |arguments| {
        let bytes = bytes(&arguments[0]);
        let made = [
            built(|out| push_bytes_repr(&bytes, out)),
            built(|out| push_hex(&bytes, None, out)),
            built(|out| push_hex(&bytes, Some((b':', arguments[1].number())), out)),
        ];
        made.iter().map(|text| show(text.units())).collect()
    });
}

#[test]
fn from_hexadecimal() {
    check("fromhex", |arguments| {
        let mut found = Ok(());
        let made = built(|out| found = parse_hex(arguments[0].text().units(), out));
        match found {
            Ok(()) => vec![show(made.units())],
            Err(index) => {
                let message = format!("non-hexadecimal number found in fromhex() arg at position {index}");
                vec!["!ValueError".into(), message]
            }
        }
    });
}
