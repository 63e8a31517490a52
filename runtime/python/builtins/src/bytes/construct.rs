//! `bytes` and `bytearray`: construction, and conversion to other types.

use super::memoryview::FULL_READ_ONLY;
use super::{RANGE, buffer, byte, this};
use crate::string::{decode, decode_arguments, encode, optional_text};
use crate::wrappers::new_class;
use python_objects::kind::{Kind, class};
use python_objects::symbol::sym;
use python_objects::{Args, Exc, Native, Object, Py, R, Value, int, string};
use python_text::repr::{parse_hex, push_hex};

pub(super) static BYTES: &[Native] = &[
    Native::static_method(
        "__new__",
        "cls, source=b'', encoding='utf-8', errors='strict'",
        new,
        "Create and return a new object.",
    ),
    Native::method("__bytes__", "self, /", to_bytes, "Convert this value to exact type bytes."),
    Native::method("__getnewargs__", "self, /", |py, a| py.tuple(&[to_bytes(py, a)?]), ""),
];

/// `str()` without an encoding is the representation.
pub(super) static STR: &[Native] = &[Native::wrapper("__str__", "self, /", to_str, "Return str(self).")];

fn to_str(py: Py<'_>, args: Args<'_>) -> R {
    if py.state().settings.flags.bytes_warning > 0 {
        let kind = if py.as_bytes(args.at(0)).is_some() { "bytes" } else { "bytearray" };
        crate::warnings::warn(py, Exc::BytesWarning, &format!("str() on a {kind} instance"), 1)?;
    }
    Ok(py.repr(args.at(0))?.value())
}

pub(super) static SHARED: &[Native] = &[
    Native::method(
        "decode",
        "self, /, encoding='utf-8', errors='strict'",
        decode_method,
        "Decode the bytes using the codec registered for encoding.",
    ),
    Native::method(
        "hex",
        "self, /, sep=None, bytes_per_sep=1",
        hex,
        "A string of hexadecimal numbers, with separators after so many bytes.\n\n>>> value = b'\\x0a\\xff\\x00'\n>>> value.hex()\n'0aff00'\n>>> value.hex(':')\n'0a:ff:00'\n>>> value.hex('_', 2)\n'0a_ff00'",
    ),
    Native::class_method("fromhex", "type, string, /", from_hex, "Create bytes from a string of hexadecimal numbers."),
];

const BYTES_RANGE: &str = "bytes must be in range(0, 256)";

fn new(py: Py<'_>, args: Args<'_>) -> R {
    let class = new_class(py, args.at(0), class::BYTES)?;
    if let (Some(v), None, None) = (args.opt(1), args.opt(2), args.opt(3)) {
        // What is exactly bytes already is its own copy.
        let exact = py.as_bytes(v).filter(|o| o.value() == v);
        if let Some(o) = exact {
            return py.box_instance(class, o.value());
        }
        if let Some(r) = by_method(py, v)? {
            // What a subclass's instance holds is exact.
            let is_exact = class == py.builtin_class(class::BYTES);
            return py.box_instance(class, if is_exact { r } else { py.as_bytes(r).map_or(r, Object::value) });
        }
    }
    let exact = match content_from(py, args, BYTES_RANGE)? {
        Source::Content(content) => py.bytes(&content)?,
        Source::Zeros(n) => py.bytes_zeroed(n)?,
    };
    py.box_instance(class, exact.value())
}

/// What `__bytes__` of an object answers, if its class has one.
pub(super) fn by_method(py: Py<'_>, v: Value) -> R<Option<Value>> {
    match py.call_special(v, sym::BYTES, &[])? {
        None if py.lookup(py.class_of(v), sym::BYTES).is_some() => py.type_error("'NoneType' object is not callable"),
        None => Ok(None),
        Some(r) => match py.as_bytes(r) {
            Some(_) => Ok(Some(r)),
            None => py.type_error(&format!("__bytes__ returned non-bytes (type {})", py.class_name(r))),
        },
    }
}

/// What a `bytes` or `bytearray` is made from.
pub(super) enum Source {
    Content(Vec<u8>),
    /// So many zeros: fresh memory as it is.
    Zeros(usize),
}

/// The content that source, encoding and errors (slots 1 to 3) make, for both types. Runs Python code.
pub(super) fn content_from(py: Py<'_>, args: Args<'_>, range: &str) -> R<Source> {
    let name = target(range);
    let encoding = optional_text(py, args.opt(2), &format!("{name}() argument 'encoding'"))?;
    let errors = optional_text(py, args.opt(3), &format!("{name}() argument 'errors'"))?;
    let source = args.opt(1);
    if let Some(s) = source.and_then(|v| string::exact_or_payload(py, v)) {
        if encoding.is_none() {
            return py.type_error("string argument without an encoding");
        }
        let made = encode(py, s, encoding, errors)?;
        return Ok(Source::Content(buffer(py, made)?.to_vec()));
    }
    if encoding.is_some() || errors.is_some() {
        let what = if encoding.is_some() { "encoding" } else { "errors" };
        return py.type_error(&format!("{what} without a string argument"));
    }
    let Some(v) = source else { return Ok(Source::Zeros(0)) };
    if py.as_int(v).is_some() || py.content_of(v).is_none() && py.special(v, sym::INDEX).is_some() {
        let r = py.index(v);
        if let Some(i) = py.caught(r, Exc::TypeError)? {
            let Some(n) = int::to_i64(i) else {
                return py.err(
                    Exc::OverflowError,
                    &format!("cannot fit '{}' into an index-sized integer", py.class_name(v)),
                );
            };
            let Ok(n) = usize::try_from(n) else { return py.value_error("negative count") };
            py.check_bits(n as u128 * 8)?;
            return Ok(Source::Zeros(n));
        }
    }
    content_of_iterable(py, v, range).map(Source::Content)
}

/// The type that converts, by its message for what is no byte.
fn target(range: &str) -> &'static str {
    if range == RANGE { "bytearray" } else { "bytes" }
}

/// The content of a bytes-like object or an iterable of integers. Runs Python code.
pub(super) fn content_of_iterable(py: Py<'_>, v: Value, range: &str) -> R<Vec<u8>> {
    if let Some(content) = py.content_of(v) {
        return Ok(content.to_vec());
    }
    // What gives a view of itself (PEP 688).
    if let Some(view) = py.call_special(v, sym::BUFFER, &[Value::int(FULL_READ_ONLY)])? {
        return match py.of_kind(view, Kind::MEMORYVIEW).map(|view| py.memoryview_long_content(view)).transpose()? {
            Some(Some(content)) => Ok(content),
            _ => py.type_error("__buffer__ returned non-memoryview object"),
        };
    }
    let refused = || format!("cannot convert '{}' object to {}", py.class_name(v), target(range));
    if py.kind(v) == Kind::STR {
        return py.type_error(&refused());
    }
    let iterator = match v {
        v if matches!(py.kind(v), Kind::LIST | Kind::TUPLE) => v,
        v => {
            let r = py.iter(v);
            match py.caught(r, Exc::TypeError)? {
                Some(i) => i,
                None => return py.type_error(&refused()),
            }
        }
    };
    let mut content = Vec::new();
    let limit = py.heap().options().limit;
    py.each(iterator, |item| {
        content.push(byte(py, item, range)?);
        if content.len() > limit {
            return Err(py.out_of_memory(vm_api::heap::OutOfMemory));
        }
        Ok(())
    })?;
    Ok(content)
}

/// The content of what converts to bytes: by `__bytes__`, as a buffer, or as an iterable of integers. Runs Python code.
pub(crate) fn bytes_from_object(py: Py<'_>, v: Value) -> R<Vec<u8>> {
    match by_method(py, v)? {
        Some(r) => Ok(buffer(py, r)?.to_vec()),
        None => content_of_iterable(py, v, BYTES_RANGE),
    }
}

fn to_bytes(py: Py<'_>, args: Args<'_>) -> R {
    match py.as_bytes(args.at(0)) {
        Some(o) => Ok(o.value()),
        None => crate::wrappers::wrong_self(py, args.at(0)),
    }
}

fn decode_method(py: Py<'_>, args: Args<'_>) -> R {
    let (encoding, errors) = decode_arguments(py, args)?;
    let content = this(py, args)?;
    Ok(decode(py, args.at(0), &content, encoding, errors)?.value())
}

pub(super) fn hex(py: Py<'_>, args: Args<'_>) -> R {
    let group = match args.opt(2) {
        Some(v) => i64::from(py.index_i32(v)?),
        None => 1,
    };
    let separator = match args.opt(1) {
        None => None,
        Some(v) => {
            if py.length(v)? != 1 {
                return py.value_error("sep must be length 1.");
            }
            let point = if let Some(s) = string::exact_or_payload(py, v) {
                string::at(s, 0)
            } else if let Some(content) = py.content_of(v).filter(|_| py.kind(v) == Kind::BYTES) {
                content.first().copied().map_or(0, u32::from)
            } else {
                return py.type_error("sep must be str or bytes.");
            };
            match u8::try_from(point) {
                Ok(b) if b.is_ascii() => (group != 0).then_some((b, group as isize)),
                _ => return py.value_error("sep must be ASCII."),
            }
        }
    };
    let content = this(py, args)?;
    Ok(py.text_with(|out| push_hex(&content, separator, out))?.value())
}

fn from_hex(py: Py<'_>, args: Args<'_>) -> R {
    let Some(text) = py.units_of(args.at(1)) else {
        return py.type_error(&format!("fromhex() argument must be str, not {}", py.class_name(args.at(1))));
    };
    let mut out = py.text_builder();
    if let Err(at) = parse_hex(text, &mut out) {
        return py.value_error(&format!("non-hexadecimal number found in fromhex() arg at position {at}"));
    }
    let content = out.finish_bytes().map_err(|refused| py.refused(refused))?;
    let class = Object::of(args.at(0));
    let exact = match python_objects::class::kind(class) {
        Kind::BYTEARRAY => py.bytearray(&content)?,
        _ => py.bytes(&content)?,
    };
    let is_builtin = [class::BYTES, class::BYTEARRAY].iter().any(|c| py.root(*c) == class.value());
    if is_builtin { Ok(exact.value()) } else { py.call(class.value(), &[exact.value()]) }
}
