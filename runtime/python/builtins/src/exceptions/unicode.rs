//! `UnicodeEncodeError`, `UnicodeDecodeError`, `UnicodeTranslateError`.

use super::{fields, init_base, no_keywords, this};
use python_objects::exception::word;
use python_objects::native::Native;
use python_objects::{Args, Exc, Object, Py, R, Value, bytes, string};

const ENCODING: usize = word::OWN;
const OBJECT: usize = word::OWN + 1;
const START: usize = word::OWN + 2;
const END: usize = word::OWN + 3;
const REASON: usize = word::OWN + 4;
const INIT: &str = "self, /, *args, **kwargs";

static ENCODE: &[Native] = &[
    Native::wrapper("__init__", INIT, init_encode, "Initialize self."),
    Native::wrapper("__str__", "self, /", encode_str, "Return str(self)."),
];
static DECODE: &[Native] = &[
    Native::wrapper("__init__", INIT, init_decode, "Initialize self."),
    Native::wrapper("__str__", "self, /", decode_str, "Return str(self)."),
];
static TRANSLATE: &[Native] = &[
    Native::wrapper("__init__", INIT, init_translate, "Initialize self."),
    Native::wrapper("__str__", "self, /", translate_str, "Return str(self)."),
];
static FIELDS: [Native; 10] = fields![
    0 "encoding" "exception encoding",
    1 "object" "exception object",
    2 "start" "exception start",
    3 "end" "exception end",
    4 "reason" "exception reason",
];

pub(super) fn install(py: Py<'_>) -> R<()> {
    let tables =
        [(Exc::UnicodeEncodeError, ENCODE), (Exc::UnicodeDecodeError, DECODE), (Exc::UnicodeTranslateError, TRANSLATE)];
    for (e, methods) in tables {
        py.add_methods(py.exception_class(e), methods)?;
        py.add_methods(py.exception_class(e), &FIELDS)?;
    }
    Ok(())
}

/// Arguments as they are declared: their number is checked, strings and indices by the letter in `types`.
fn init(py: Py<'_>, args: Args<'_>, words: &[usize], types: &[u8]) -> R {
    no_keywords(py, args, 2)?;
    let (e, given) = (this(args), init_base(py, args));
    if given.length() != words.len() {
        return py.type_error(&format!("function takes exactly {} arguments ({} given)", words.len(), given.length()));
    }
    for (i, (word, what)) in words.iter().zip(types).enumerate() {
        let v = given.element(i);
        let v = match what {
            b's' => match string::exact_or_payload(py, v) {
                Some(_) => v,
                None => {
                    return py.type_error(&format!("argument {} must be str, not {}", i + 1, py.class_name(v)));
                }
            },
            b'b' if py.as_bytes(v).is_some() => v,
            b'b' => match py.bytes_like(v) {
                Some(content) => py.bytes(&content)?.value(),
                None => {
                    return py.type_error(&format!("a bytes-like object is required, not '{}'", py.class_name(v)));
                }
            },
            _ => py.int(py.index_i64(v)?)?,
        };
        py.store(e, *word, v);
    }
    Ok(Value::NONE)
}

fn init_encode(py: Py<'_>, args: Args<'_>) -> R {
    init(py, args, &[ENCODING, OBJECT, START, END, REASON], b"ssnns")
}

fn init_decode(py: Py<'_>, args: Args<'_>) -> R {
    init(py, args, &[ENCODING, OBJECT, START, END, REASON], b"sbnns")
}

fn init_translate(py: Py<'_>, args: Args<'_>) -> R {
    init(py, args, &[OBJECT, START, END, REASON], b"snns")
}

/// Start and end, as far as they are numbers.
fn range(e: Object) -> (i64, i64) {
    let number = |w: usize| if e.get(w).is_int() { e.get(w).as_int() } else { 0 };
    (number(START), number(END))
}

fn text(py: Py<'_>, v: Value) -> R<String> {
    if v.is_empty() { Ok(String::new()) } else { py.str_text(v) }
}

/// The code point at the start, if it alone is concerned.
fn single(py: Py<'_>, e: Object) -> Option<String> {
    let (start, end) = range(e);
    let s = string::exact_or_payload(py, e.get(OBJECT))?;
    let at = usize::try_from(start).ok().filter(|at| *at < string::length(s) && end == start + 1)?;
    Some(match string::at(s, at) {
        c if c <= 0xFF => format!("'\\x{c:02x}'"),
        c if c <= 0xFFFF => format!("'\\u{c:04x}'"),
        c => format!("'\\U{c:08x}'"),
    })
}

fn encode_str(py: Py<'_>, args: Args<'_>) -> R {
    let e = this(args);
    if e.get(OBJECT).is_empty() {
        return py.str("");
    }
    let (start, end) = range(e);
    let (encoding, reason) = (text(py, e.get(ENCODING))?, text(py, e.get(REASON))?);
    py.str(&match single(py, e) {
        Some(c) => format!("'{encoding}' codec can't encode character {c} in position {start}: {reason}"),
        None => format!(
            "'{encoding}' codec can't encode characters in position {start}-{}: {reason}",
            end.saturating_sub(1)
        ),
    })
}

fn decode_str(py: Py<'_>, args: Args<'_>) -> R {
    let e = this(args);
    let Some(content) = py.as_bytes(e.get(OBJECT)) else { return py.str("") };
    let (start, end) = range(e);
    let (encoding, reason) = (text(py, e.get(ENCODING))?, text(py, e.get(REASON))?);
    let byte = usize::try_from(start).ok().filter(|_| end == start.saturating_add(1));
    py.str(&match byte.and_then(|at| bytes::slice(content).get(at)) {
        Some(b) => format!("'{encoding}' codec can't decode byte 0x{b:02x} in position {start}: {reason}"),
        None => {
            format!("'{encoding}' codec can't decode bytes in position {start}-{}: {reason}", end.saturating_sub(1))
        }
    })
}

fn translate_str(py: Py<'_>, args: Args<'_>) -> R {
    let e = this(args);
    if e.get(OBJECT).is_empty() {
        return py.str("");
    }
    let (start, end) = range(e);
    let reason = text(py, e.get(REASON))?;
    py.str(&match single(py, e) {
        Some(c) => format!("can't translate character {c} in position {start}: {reason}"),
        None => format!("can't translate characters in position {start}-{}: {reason}", end.saturating_sub(1)),
    })
}
