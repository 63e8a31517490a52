//! Names as elements have them: `{namespace}name`, one string for each of a parser's.

use super::xml_parser::word;
use crate::parser::{Name, Parser};
use python_objects::{Object, Py, R};

/// The string of a name.
#[inline]
pub(super) fn get(py: Py<'_>, o: Object, parser: &Parser, name: Name) -> R {
    if let Some(known) = Object::from_value(o.get(word::NAMES))
        && name.number() < known.length()
    {
        let v = known.element(name.number());
        if !v.is_empty() {
            return Ok(v);
        }
    }
    make(py, o, parser, name)
}
#[cold]
fn make(py: Py<'_>, o: Object, parser: &Parser, name: Name) -> R {
    let text = parser.name(name);
    let v = if text.contains('}') { py.str(&format!("{{{text}"))? } else { py.str(text)? };
    let known = match Object::from_value(o.get(word::NAMES)) {
        Some(known) if name.number() < known.length() => known,
        old => {
            let larger = py.new_array((2 * name.number()).max(30) + 2)?;
            if let Some(old) = old {
                py.copy_elements(old, 0, larger, 0, old.length())?;
            }
            py.store(o, word::NAMES, larger.value());
            larger
        }
    };
    py.heap().store_element(known, name.number(), v);
    Ok(v)
}
