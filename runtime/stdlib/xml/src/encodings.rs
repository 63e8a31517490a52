//! Encodings that the parser does not know.

use crate::parser::NO_CHAR;
use python_objects::{Py, R, string};

/// What each byte stands for in an encoding that Python's codecs know. ValueError unless that is one character each.
pub(crate) fn table(py: Py<'_>, encoding: &str) -> R<Box<[u32; 256]>> {
    let all: Vec<u8> = (0..=255).collect();
    let all = py.bytes(&all)?.value();
    let text = py.call_method(all, py.intern("decode")?, &[py.str(encoding)?, py.str("replace")?])?;
    let Some(s) = string::exact_or_payload(py, text).filter(|s| string::length(*s) == 256) else {
        return py.value_error("multi-byte encodings are not supported");
    };
    let mut table = Box::new([NO_CHAR; 256]);
    for (entry, c) in table.iter_mut().zip(string::code_points(s)) {
        if c != 0xFFFD {
            *entry = c;
        }
    }
    Ok(table)
}
