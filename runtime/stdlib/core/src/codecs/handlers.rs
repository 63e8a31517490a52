//! The built-in error handlers as functions: what stands for what could not be converted, and where to go on.

use super::pair;
use crate::io::encoding;
use python_objects::exception::word;
use python_objects::{Args, Exc, Native, Object, Py, R, Value, string};
use python_text::codec::{Codec, Handler};

pub(super) static HANDLERS: &[Native] = &[
    Native::function("strict_errors", "exception, /", strict, "Implements the 'strict' error handling, which raises."),
    Native::function("ignore_errors", "exception, /", ignore, "Implements the 'ignore' error handling."),
    Native::function("replace_errors", "exception, /", replace, "Implements the 'replace' error handling."),
    Native::function(
        "backslashreplace_errors",
        "exception, /",
        backslash,
        "Implements the 'backslashreplace' handling.",
    ),
    Native::function("xmlcharrefreplace_errors", "exception, /", xml, "Implements the 'xmlcharrefreplace' handling."),
    Native::function("namereplace_errors", "exception, /", names, "Implements the 'namereplace' error handling."),
    Native::function("surrogateescape", "exception, /", escape, "Implements the 'surrogateescape' handling."),
    Native::function("surrogatepass", "exception, /", pass, "Implements the 'surrogatepass' error handling."),
];

/// Object, start and end of a Unicode error.
fn fields(py: Py<'_>, args: Args<'_>) -> R<(Object, Value, usize, usize)> {
    let v = args.at(0);
    let ours = [Exc::UnicodeEncodeError, Exc::UnicodeDecodeError, Exc::UnicodeTranslateError];
    if !ours.iter().any(|e| py.is_instance(v, py.exception_class(*e))) {
        return py.type_error(&format!("don't know how to handle {} in error callback", py.class_name(v)));
    }
    let e = Object::of(v);
    let position = |i: usize| py.index_i64(e.get(word::OWN + i)).map(|n| usize::try_from(n).unwrap_or(0));
    let (start, end) = (position(2)?, position(3)?);
    let object = e.get(word::OWN + 1);
    if is(py, e, Exc::UnicodeDecodeError) {
        if py.as_bytes(object).is_none() {
            return py.type_error("object attribute must be bytes");
        }
    } else if string::exact_or_payload(py, object).is_none() {
        return py.type_error("object attribute must be unicode");
    }
    Ok((e, object, start, end.max(start)))
}
fn is(py: Py<'_>, e: Object, class: Exc) -> bool {
    py.is_instance(e.value(), py.exception_class(class))
}
fn refuse(py: Py<'_>, e: Object) -> R {
    py.type_error(&format!("don't know how to handle {} in error callback", py.class_name(e.value())))
}
fn strict(py: Py<'_>, args: Args<'_>) -> R {
    if py.is_exception(args.at(0)) {
        return Err(py.throw(Object::of(args.at(0))));
    }
    py.type_error("codec must pass exception instance")
}
fn ignore(py: Py<'_>, args: Args<'_>) -> R {
    let (.., end) = fields(py, args)?;
    pair(py, py.str("")?, end)
}
fn replace(py: Py<'_>, args: Args<'_>) -> R {
    let (e, _, start, end) = fields(py, args)?;
    let text = if is(py, e, Exc::UnicodeEncodeError) {
        "?".repeat(end - start)
    } else if is(py, e, Exc::UnicodeDecodeError) {
        "\u{FFFD}".to_owned()
    } else {
        "\u{FFFD}".repeat(end - start)
    };
    pair(py, py.str(&text)?, end)
}
/// The code points that could not be converted.
fn points(py: Py<'_>, object: Value, start: usize, end: usize) -> Vec<u32> {
    string::exact_or_payload(py, object)
        .map(|s| string::code_points(s).skip(start).take(end - start).collect())
        .unwrap_or_default()
}
fn backslash(py: Py<'_>, args: Args<'_>) -> R {
    let (e, object, start, end) = fields(py, args)?;
    let mut text = String::new();
    if is(py, e, Exc::UnicodeDecodeError) {
        let content = py.content_of(object).map(|c| c.to_vec()).unwrap_or_default();
        for b in content.iter().skip(start).take(end - start) {
            text.push_str(&format!("\\x{b:02x}"));
        }
    } else {
        for point in points(py, object, start, end) {
            text.push_str(&match point {
                0..0x100 => format!("\\x{point:02x}"),
                0x100..0x1_0000 => format!("\\u{point:04x}"),
                _ => format!("\\U{point:08x}"),
            });
        }
    }
    pair(py, py.str(&text)?, end)
}
fn xml(py: Py<'_>, args: Args<'_>) -> R {
    let (e, object, start, end) = fields(py, args)?;
    if !is(py, e, Exc::UnicodeEncodeError) {
        return refuse(py, e);
    }
    let text: String = points(py, object, start, end).iter().map(|p| format!("&#{p};")).collect();
    pair(py, py.str(&text)?, end)
}
fn names(py: Py<'_>, args: Args<'_>) -> R {
    let (e, object, start, end) = fields(py, args)?;
    if !is(py, e, Exc::UnicodeEncodeError) {
        return refuse(py, e);
    }
    let name = crate::import::import_name(py, "unicodedata")?;
    let name = py.get_attribute_text(name.value(), "name")?;
    let mut text = String::new();
    for point in points(py, object, start, end) {
        let (c, none) = (py.character(point)?.value(), py.str("")?);
        let found = py.str_text(py.call(name, &[c, none])?)?;
        text.push_str(&match (found.as_str(), point) {
            ("", 0..0x100) => format!("\\x{point:02x}"),
            ("", 0x100..0x1_0000) => format!("\\u{point:04x}"),
            ("", _) => format!("\\U{point:08x}"),
            (found, _) => format!("\\N{{{found}}}"),
        });
    }
    pair(py, py.str(&text)?, end)
}
fn escape(py: Py<'_>, args: Args<'_>) -> R {
    let (e, object, start, end) = fields(py, args)?;
    if is(py, e, Exc::UnicodeEncodeError) {
        let mut out: Vec<u8> = Vec::new();
        for point in points(py, object, start, end) {
            match point {
                0xDC80..0xDD00 => out.push((point - 0xDC00) as u8),
                _ => return Err(py.throw(e)),
            }
        }
        return pair(py, py.bytes(&out)?.value(), end);
    }
    if !is(py, e, Exc::UnicodeDecodeError) {
        return refuse(py, e);
    }
    let content = py.content_of(object).map(|c| c.to_vec()).unwrap_or_default();
    let bad = content.iter().skip(start).take((end - start).min(4)).take_while(|b| !b.is_ascii());
    let points: Vec<u32> = bad.map(|b| 0xDC00 + u32::from(*b)).collect();
    if points.is_empty() {
        return Err(py.throw(e));
    }
    pair(py, py.str_from_code_points(&points)?.value(), start + points.len())
}
fn pass(py: Py<'_>, args: Args<'_>) -> R {
    let (e, object, start, end) = fields(py, args)?;
    if is(py, e, Exc::UnicodeTranslateError) {
        return refuse(py, e);
    }
    let name = py.str_text(e.get(word::OWN))?;
    let Some(number) = encoding::number(&name) else { return Err(py.throw(e)) };
    let codec = encoding::codec(number).resolve(&[]).0;
    if is(py, e, Exc::UnicodeEncodeError) {
        let bad = points(py, object, start, end);
        if bad.iter().any(|p| !(0xD800..0xE000).contains(p)) {
            return Err(py.throw(e));
        }
        let text = py.str_from_code_points(&bad)?;
        let out = encoding::encode(py, codec, text, Handler::SurrogatePass)?;
        return pair(py, py.bytes(&out)?.value(), end);
    }
    if !is(py, e, Exc::UnicodeDecodeError) {
        return refuse(py, e);
    }
    let content = py.content_of(object).map(|c| c.to_vec()).unwrap_or_default();
    let unit = match codec {
        Codec::Utf8 => 3,
        Codec::Utf16(_) => 2,
        Codec::Utf32(_) => 4,
        _ => return Err(py.throw(e)),
    };
    let Some(bad) = content.get(start..start + unit) else { return Err(py.throw(e)) };
    match encoding::decode(py, codec, bad, Handler::SurrogatePass, true) {
        Ok((text, _)) => pair(py, text.value(), start + unit),
        Err(_) => {
            py.take_exception();
            Err(py.throw(e))
        }
    }
}
