//! Line ends: what reading and writing make of them, and `IncrementalNewlineDecoder`.

use python_objects::{Args, Native, Object, Py, R, TypeSpec, Value, string};

/// Line ends that were seen: bits.
pub(super) const SEEN_CR: i64 = 1;
pub(super) const SEEN_LF: i64 = 2;
pub(super) const SEEN_CRLF: i64 = 4;

/// Notes the line ends in a text, and with `translate` makes them all `\n`.
pub(super) fn normalize(py: Py<'_>, s: Object, translate: bool, seen: &mut i64) -> R<Object> {
    let length = string::length(s);
    let (mut has_cr, mut i) = (false, 0);
    while i < length {
        match string::at(s, i) {
            0x0D if i + 1 < length && string::at(s, i + 1) == 0x0A => {
                *seen |= SEEN_CRLF;
                has_cr = true;
                i += 1;
            }
            0x0D => {
                *seen |= SEEN_CR;
                has_cr = true;
            }
            0x0A => *seen |= SEEN_LF,
            _ => {}
        }
        i += 1;
    }
    if !has_cr || !translate {
        return Ok(s);
    }
    let mut points: Vec<u32> = Vec::with_capacity(length);
    let mut after_cr = false;
    for c in string::code_points(s) {
        match c {
            0x0D => points.push(0x0A),
            0x0A if after_cr => {}
            c => points.push(c),
        }
        after_cr = c == 0x0D;
    }
    py.str_from_code_points(&points)
}

/// `newlines` of what was seen: None, a string, or a tuple of strings.
pub(super) fn describe(py: Py<'_>, seen: i64) -> R {
    let kinds = [(SEEN_CR, "\r"), (SEEN_LF, "\n"), (SEEN_CRLF, "\r\n")];
    let list = py.new_list(3)?;
    for (bit, text) in kinds {
        if seen & bit != 0 {
            let text = py.str(text)?;
            py.list_push(list, text)?;
        }
    }
    match python_objects::list::length(list) {
        0 => Ok(Value::NONE),
        1 => Ok(python_objects::list::item(list, 0)),
        _ => py.list_to_tuple(list),
    }
}

/// A text with `\n` replaced, for writing.
pub(super) fn replace_lf(py: Py<'_>, s: Object, newline: &str) -> R<Object> {
    if newline == "\n" || !string::code_points(s).any(|c| c == 0x0A) {
        return Ok(s);
    }
    let mut points: Vec<u32> = Vec::new();
    for c in string::code_points(s) {
        if c == 0x0A { points.extend(newline.chars().map(u32::from)) } else { points.push(c) }
    }
    py.str_from_code_points(&points)
}

// ---- the class

// Words: dictionary, then these.
const DECODER: usize = 2;
const TRANSLATE: usize = 3;
const ERRORS: usize = 4;
const PENDING: usize = 5;
const SEEN: usize = 6;

static DECODER_TYPE: TypeSpec = TypeSpec::values(
    "_io",
    "IncrementalNewlineDecoder",
    6,
    &[
        Native::wrapper("__init__", "self, decoder, translate, errors='strict'", init, ""),
        Native::method("decode", "self, input, final=False", decode, "Decode, with line ends made one."),
        Native::method("getstate", "self, /", getstate, "Return the state."),
        Native::method("setstate", "self, state, /", setstate, "Set the state."),
        Native::method("reset", "self, /", reset, "Begin anew."),
        Native::getter("newlines", newlines, "The line ends seen."),
        Native::getter("errors", errors, "The error handler."),
    ],
    "Decoder that makes all line ends one.",
)
.inheritable()
.weakly_referenced()
.with_dict(1);

pub(super) fn class(py: Py<'_>) -> R<Object> {
    py.native_type(&DECODER_TYPE)
}

fn this(py: Py<'_>, args: Args<'_>) -> R<Object> {
    match py.of_kind(args.at(0), DECODER_TYPE.kind) {
        Some(o) if o.get(SEEN).is_int() => Ok(o),
        Some(_) => py.value_error("IncrementalNewlineDecoder.__init__() not called"),
        None => py.type_error("an IncrementalNewlineDecoder is required"),
    }
}

fn init(py: Py<'_>, args: Args<'_>) -> R {
    let Some(o) = py.of_kind(args.at(0), DECODER_TYPE.kind) else {
        return py.type_error("an IncrementalNewlineDecoder is required");
    };
    let translate = Value::bool(py.truth(args.at(2))?);
    let errors = match args.opt(3) {
        Some(errors) => errors,
        None => py.str("strict")?,
    };
    py.store(o, DECODER, args.at(1));
    py.store(o, TRANSLATE, translate);
    py.store(o, ERRORS, errors);
    py.store(o, PENDING, Value::FALSE);
    py.store(o, SEEN, Value::int(0));
    Ok(Value::NONE)
}

fn decode(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    let is_final = match args.opt(2) {
        Some(v) => py.truth(v)?,
        None => false,
    };
    let mut text = args.at(1);
    if o.get(DECODER) != Value::NONE {
        text = super::base::method(py, o.get(DECODER), "decode", &[text, Value::bool(is_final)])?;
    }
    let Some(mut s) = string::exact_or_payload(py, text) else {
        return py.type_error(&format!("decoder should return a string result, not '{}'", py.class_name(text)));
    };
    let length = string::length(s);
    if o.get(PENDING) == Value::TRUE && (is_final || length > 0) {
        s = py.concat(py.new_str("\r")?, s)?;
        py.store(o, PENDING, Value::FALSE);
    }
    let length = string::length(s);
    if !is_final && length > 0 && string::at(s, length - 1) == 0x0D {
        s = py.substring(s, 0, length - 1)?;
        py.store(o, PENDING, Value::TRUE);
    }
    let mut seen = o.get(SEEN).as_int();
    let s = normalize(py, s, o.get(TRANSLATE) == Value::TRUE, &mut seen)?;
    py.store(o, SEEN, Value::int(seen));
    Ok(s.value())
}

fn getstate(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    let (buffer, flag) = if o.get(DECODER) == Value::NONE {
        (py.bytes(b"")?.value(), 0)
    } else {
        let state = super::base::method(py, o.get(DECODER), "getstate", &[])?;
        match py.as_tuple(state).filter(|t| t.length() == 2) {
            Some(t) => (t.element(0), py.index_i64(t.element(1))?),
            None => return py.type_error("illegal decoder state"),
        }
    };
    py.tuple(&[buffer, py.int(flag << 1 | i64::from(o.get(PENDING) == Value::TRUE))?])
}

fn setstate(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    let Some(state) = py.as_tuple(args.at(1)).filter(|t| t.length() == 2) else {
        return py.type_error("state argument must be a tuple");
    };
    let flag = py.index_i64(state.element(1))?;
    py.store(o, PENDING, Value::bool(flag & 1 != 0));
    if o.get(DECODER) != Value::NONE {
        let inner = py.tuple(&[state.element(0), py.int(flag >> 1)?])?;
        return super::base::method(py, o.get(DECODER), "setstate", &[inner]);
    }
    Ok(Value::NONE)
}

fn reset(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    py.store(o, PENDING, Value::FALSE);
    py.store(o, SEEN, Value::int(0));
    if o.get(DECODER) != Value::NONE {
        return super::base::method(py, o.get(DECODER), "reset", &[]);
    }
    Ok(Value::NONE)
}

fn newlines(py: Py<'_>, args: Args<'_>) -> R {
    describe(py, this(py, args)?.get(SEEN).as_int())
}
fn errors(py: Py<'_>, args: Args<'_>) -> R {
    Ok(this(py, args)?.get(ERRORS))
}
