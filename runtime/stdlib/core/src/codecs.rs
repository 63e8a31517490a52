//! `_codecs`: the registry of encodings and error handlers, and the built-in ones as functions.

use crate::io::encoding;
use crate::support::expect_text;
use python_builtins::string::codec::{decode, encode};
use python_objects::exception::word;
use python_objects::{Args, Exc, Native, Object, Py, R, Value, dict, list, string};
use python_text::codec::{ByteOrder, Codec, Handler};

struct Registry {
    /// Numbers of the kept list of search functions, and of the dictionaries of found codecs and of error handlers.
    searches: u32,
    found: u32,
    handlers: u32,
}

macro_rules! pairs {
    ($($encode:ident $encode_name:literal $decode:ident $decode_name:literal $encoding:literal;)*) => {
        $(
            fn $encode(py: Py<'_>, args: Args<'_>) -> R {
                encode_with(py, args, $encoding, $encode_name)
            }
            fn $decode(py: Py<'_>, args: Args<'_>) -> R {
                decode_with(py, args, $encoding)
            }
        )*
        static BUILT_IN: &[Native] = &[
            $(
                Native::function($encode_name, "str, errors=None, /", $encode, ""),
                Native::function($decode_name, "data, errors=None, final=False, /", $decode, ""),
            )*
        ];
    };
}
pairs! {
    utf_8_encode "utf_8_encode" utf_8_decode "utf_8_decode" "utf-8";
    ascii_encode "ascii_encode" ascii_decode "ascii_decode" "ascii";
    latin_1_encode "latin_1_encode" latin_1_decode "latin_1_decode" "latin-1";
    utf_16_encode "utf_16_encode" utf_16_decode "utf_16_decode" "utf-16";
    utf_16_le_encode "utf_16_le_encode" utf_16_le_decode "utf_16_le_decode" "utf-16-le";
    utf_16_be_encode "utf_16_be_encode" utf_16_be_decode "utf_16_be_decode" "utf-16-be";
    utf_32_encode "utf_32_encode" utf_32_decode "utf_32_decode" "utf-32";
    utf_32_le_encode "utf_32_le_encode" utf_32_le_decode "utf_32_le_decode" "utf-32-le";
    utf_32_be_encode "utf_32_be_encode" utf_32_be_decode "utf_32_be_decode" "utf-32-be";
}

static FUNCTIONS: &[Native] = &[
    Native::function("register", "search_function, /", register, "Register a codec search function."),
    Native::function("unregister", "search_function, /", unregister, "Unregister it and forget what it found."),
    Native::function("lookup", "encoding, /", lookup, "Look up a codec."),
    Native::function("encode", "obj, encoding='utf-8', errors='strict'", encode_any, "Encode by any codec."),
    Native::function("decode", "obj, encoding='utf-8', errors='strict'", decode_any, "Decode by any codec."),
    Native::function("register_error", "errors, handler, /", register_error, "Register an error handler."),
    Native::function("lookup_error", "name, /", lookup_error, "Look up an error handler."),
    Native::function("_forget_codec", "encoding, /", forget, "Forget a codec that was found."),
    Native::function("readbuffer_encode", "data, errors=None, /", readbuffer_encode, ""),
    Native::function("utf_16_ex_decode", "data, errors=None, byteorder=0, final=False, /", utf_16_ex_decode, ""),
    Native::function("utf_32_ex_decode", "data, errors=None, byteorder=0, final=False, /", utf_32_ex_decode, ""),
    Native::function("charmap_build", "map, /", charmap_build, ""),
    Native::function("charmap_encode", "str, errors=None, mapping=None, /", charmap_encode, ""),
    Native::function("charmap_decode", "data, errors=None, mapping=None, /", charmap_decode, ""),
];

static HANDLERS: &[Native] = &[
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

pub(crate) fn init(py: Py<'_>, module: Object) -> R<()> {
    py.add_functions(module, FUNCTIONS)?;
    py.add_functions(module, BUILT_IN)
}

fn registry(py: Py<'_>) -> R<std::rc::Rc<Registry>> {
    if !py.state().module_data.borrow().contains_key("_codecs") {
        let (searches, found, handlers) = (py.new_list(1)?, py.new_dict()?, py.new_dict()?);
        for native in HANDLERS {
            let number = Value::int(i64::from(py.state().native_number(native)));
            let f = py.new_builtin(number, Value::EMPTY, Value::EMPTY, Value::EMPTY)?;
            let name = native.name.strip_suffix("_errors").unwrap_or(native.name);
            py.dict_set_text(handlers, name, f)?;
        }
        let numbers = [py.keep(searches.value())?, py.keep(found.value())?, py.keep(handlers.value())?];
        py.state().data("_codecs", || Registry { searches: numbers[0], found: numbers[1], handlers: numbers[2] });
        // The search function of the library registers itself.
        crate::import::import_name(py, "encodings")?;
    }
    Ok(py.state().data("_codecs", || unreachable!("made above")))
}
fn kept(py: Py<'_>, number: u32) -> Object {
    Object::of(py.kept(number))
}

fn register(py: Py<'_>, args: Args<'_>) -> R {
    if !py.is_callable(args.at(0)) {
        return py.type_error("argument must be callable");
    }
    let searches = kept(py, registry(py)?.searches);
    py.list_push(searches, args.at(0))?;
    Ok(Value::NONE)
}

fn unregister(py: Py<'_>, args: Args<'_>) -> R {
    let registry = registry(py)?;
    let searches = kept(py, registry.searches);
    for i in 0..list::length(searches) {
        if list::item(searches, i) == args.at(0) {
            py.list_pop(searches, i);
            py.dict_clear(kept(py, registry.found));
            break;
        }
    }
    Ok(Value::NONE)
}

/// The codec's tuple of an encoding. LookupError if nobody knows it.
fn find(py: Py<'_>, name: &str) -> R<Object> {
    let normal: String = name.chars().map(|c| if c == ' ' { '-' } else { c.to_ascii_lowercase() }).collect();
    let registry = registry(py)?;
    let key = py.new_str(&normal)?;
    if let Some(found) = dict::get_str(py, kept(py, registry.found), key).and_then(|v| py.as_tuple(v).map(|_| v)) {
        return Ok(Object::of(found));
    }
    let searches = kept(py, registry.searches);
    let mut i = 0;
    while let Some(search) = list::get(searches, i) {
        i += 1;
        let found = py.call(search, &[key.value()])?;
        if found == Value::NONE {
            continue;
        }
        if py.as_tuple(found).is_none_or(|t| t.length() != 4) {
            return py.type_error("codec search functions must return 4-tuples");
        }
        py.dict_set_str(kept(py, registry.found), key, found)?;
        return Ok(Object::of(found));
    }
    py.err(Exc::LookupError, &format!("unknown encoding: {name}"))
}

fn lookup(py: Py<'_>, args: Args<'_>) -> R {
    let name = expect_text(py, args.at(0), "lookup", 0)?;
    Ok(find(py, &name)?.value())
}

fn forget(py: Py<'_>, args: Args<'_>) -> R {
    let name = expect_text(py, args.at(0), "_forget_codec", 0)?;
    let key = py.new_str(&name)?;
    py.dict_remove_str(kept(py, registry(py)?.found), key);
    Ok(Value::NONE)
}

fn convert(py: Py<'_>, args: Args<'_>, which: usize, what: &str) -> R {
    let name = match args.opt(1) {
        Some(v) => expect_text(py, v, what, 2)?,
        None => "utf-8".to_owned(),
    };
    let codec = find(py, &name)?;
    let Some(t) = py.as_tuple(codec.value()) else { return py.type_error("codec must be a tuple") };
    let r = match args.opt(2) {
        Some(errors) => py.call(t.element(which), &[args.at(0), errors])?,
        None => py.call(t.element(which), &[args.at(0)])?,
    };
    match py.as_tuple(r).filter(|t| t.length() == 2) {
        Some(t) => Ok(t.element(0)),
        None => py.type_error(&format!("{what}r must return a tuple (object, integer)")),
    }
}
fn encode_any(py: Py<'_>, args: Args<'_>) -> R {
    convert(py, args, 0, "encode")
}
fn decode_any(py: Py<'_>, args: Args<'_>) -> R {
    convert(py, args, 1, "decode")
}

fn register_error(py: Py<'_>, args: Args<'_>) -> R {
    let name = expect_text(py, args.at(0), "register_error", 1)?;
    if !py.is_callable(args.at(1)) {
        return py.type_error("handler must be callable");
    }
    py.dict_set_text(kept(py, registry(py)?.handlers), &name, args.at(1))?;
    Ok(Value::NONE)
}

fn lookup_error(py: Py<'_>, args: Args<'_>) -> R {
    let name = expect_text(py, args.at(0), "lookup_error", 0)?;
    let key = py.new_str(&name)?;
    match dict::get_str(py, kept(py, registry(py)?.handlers), key) {
        Some(handler) => Ok(handler),
        None => py.err(Exc::LookupError, &format!("unknown error handler name '{name}'")),
    }
}

// ---- the built-in encodings

fn optional_errors(py: Py<'_>, v: Option<Value>) -> R<Option<Object>> {
    match v {
        None => Ok(None),
        Some(v) => Ok(Some(crate::support::string_argument(py, v, "errors")?)),
    }
}

fn pair(py: Py<'_>, v: Value, n: usize) -> R {
    py.tuple(&[v, py.int_usize(n)?])
}

fn encode_with(py: Py<'_>, args: Args<'_>, name: &str, function: &str) -> R {
    let Some(s) = string::exact_or_payload(py, args.at(0)) else {
        return py.type_error(&format!("{function}() argument 1 must be str, not {}", py.class_name(args.at(0))));
    };
    let name = py.new_str(name)?;
    let encoded = encode(py, s, Some(name), optional_errors(py, args.some(1))?)?;
    pair(py, encoded, string::length(s))
}

fn decode_with(py: Py<'_>, args: Args<'_>, name: &str) -> R {
    let is_final = match args.opt(2) {
        Some(v) => py.truth(v)?,
        None => false,
    };
    decode_part(py, args, name, is_final)
}

/// Decodes; without `is_final` a character cut off at the end is left.
fn decode_part(py: Py<'_>, args: Args<'_>, name: &str, is_final: bool) -> R {
    let v = args.at(0);
    let content = match string::exact_or_payload(py, v) {
        // As C's buffers of text: UTF-8.
        Some(s) => encoding::encode(py, Codec::Utf8, s, Handler::Strict)?,
        None => match py.content_of(v) {
            Some(content) => content.to_vec(),
            None => return py.type_error(&format!("a bytes-like object is required, not '{}'", py.class_name(v))),
        },
    };
    let errors = optional_errors(py, args.some(1))?;
    let built_in = match errors {
        None => Some(Handler::Strict),
        Some(errors) => Handler::from_name(&string::to_rust(errors)),
    };
    match built_in {
        Some(handler) => {
            let codec = encoding::codec(encoding::find(py, name)?);
            let (text, used) = encoding::decode(py, codec, &content, handler, is_final)?;
            pair(py, text.value(), used)
        }
        None => {
            let name = py.new_str(name)?;
            let text = decode(py, v, &content, Some(name), errors)?;
            pair(py, text.value(), content.len())
        }
    }
}

/// Decoding that tells the byte order that was found: -1, 0 or 1.
fn ex_decode(py: Py<'_>, args: Args<'_>, names: [&str; 3], marked: Codec) -> R {
    let order = args.opt(2).map_or(Ok(0), |v| py.index_i32(v))?;
    let is_final = match args.opt(3) {
        Some(v) => py.truth(v)?,
        None => false,
    };
    let found = match order {
        0 => {
            let content = py.content_of(args.at(0)).map(|c| c.to_vec()).unwrap_or_default();
            match marked.resolve(&content) {
                (_, 0) => 0,
                (Codec::Utf16(ByteOrder::Big) | Codec::Utf32(ByteOrder::Big), _) => 1,
                _ => -1,
            }
        }
        order => order.signum(),
    };
    let name = match order {
        0 => names[1],
        1.. => names[2],
        _ => names[0],
    };
    let decoded = decode_part(py, args, name, is_final)?;
    let t = py.tuple_from(decoded)?;
    py.tuple(&[t.element(0), t.element(1), Value::int(i64::from(found))])
}
fn utf_16_ex_decode(py: Py<'_>, args: Args<'_>) -> R {
    ex_decode(py, args, ["utf-16-le", "utf-16", "utf-16-be"], Codec::Utf16(ByteOrder::Marked))
}
fn utf_32_ex_decode(py: Py<'_>, args: Args<'_>) -> R {
    ex_decode(py, args, ["utf-32-le", "utf-32", "utf-32-be"], Codec::Utf32(ByteOrder::Marked))
}

fn readbuffer_encode(py: Py<'_>, args: Args<'_>) -> R {
    let v = args.at(0);
    let content = match string::exact_or_payload(py, v) {
        Some(s) => encoding::encode(py, Codec::Utf8, s, Handler::Strict)?,
        None => match py.content_of(v) {
            Some(content) => content.to_vec(),
            None => return py.type_error(&format!("a bytes-like object is required, not '{}'", py.class_name(v))),
        },
    };
    let n = content.len();
    pair(py, py.bytes(&content)?.value(), n)
}

// ---- character maps

/// The dictionary from code points to bytes of a decoding table.
fn charmap_build(py: Py<'_>, args: Args<'_>) -> R {
    let Some(s) = string::exact_or_payload(py, args.at(0)) else {
        return py.type_error(&format!("charmap_build() argument must be str, not {}", py.class_name(args.at(0))));
    };
    let d = py.new_dict()?;
    for (i, point) in string::code_points(s).enumerate() {
        if point != 0xFFFE {
            py.dict_set(d, Value::int(i64::from(point)), Value::int(i as i64))?;
        }
    }
    Ok(d.value())
}

/// The handler of an argument; LookupError for one that a program registered.
fn simple_handler(py: Py<'_>, errors: Option<Value>) -> R<Handler> {
    match errors {
        None => Ok(Handler::Strict),
        Some(v) => encoding::handler(py, &expect_text(py, v, "charmap", 2)?),
    }
}

fn charmap_encode(py: Py<'_>, args: Args<'_>) -> R {
    let Some(s) = string::exact_or_payload(py, args.at(0)) else {
        return py.type_error(&format!("charmap_encode() argument 1 must be str, not {}", py.class_name(args.at(0))));
    };
    let Some(mapping) = args.some(2) else { return encode_with(py, args, "latin-1", "charmap_encode") };
    let handler = simple_handler(py, args.some(1))?;
    let mut out: Vec<u8> = Vec::new();
    for (i, point) in string::code_points(s).enumerate() {
        if let Some(bytes) = mapped(py, mapping, point)? {
            out.extend_from_slice(&bytes);
            continue;
        }
        let stand_in: String = match handler {
            Handler::Ignore => continue,
            Handler::Replace => "?".to_owned(),
            Handler::XmlCharRefReplace => format!("&#{point};"),
            Handler::BackslashReplace => match point {
                0..0x100 => format!("\\x{point:02x}"),
                0x100..0x1_0000 => format!("\\u{point:04x}"),
                _ => format!("\\U{point:08x}"),
            },
            Handler::SurrogateEscape if (0xDC80..0xDD00).contains(&point) => {
                out.push((point - 0xDC00) as u8);
                continue;
            }
            _ => {
                let e = python_text::codec::CodecError {
                    encoding: "charmap",
                    start: i,
                    end: i + 1,
                    reason: "character maps to <undefined>",
                };
                let e = python_builtins::string::codec::encode_error(py, s, e)?;
                return Err(py.throw(e));
            }
        };
        for c in stand_in.chars() {
            match mapped(py, mapping, u32::from(c))? {
                Some(bytes) => out.extend_from_slice(&bytes),
                None => out.push(c as u8),
            }
        }
    }
    pair(py, py.bytes(&out)?.value(), string::length(s))
}

/// What a mapping has for a code point; `None` where it has nothing.
fn mapped(py: Py<'_>, mapping: Value, point: u32) -> R<Option<Vec<u8>>> {
    let found = py.get_item(mapping, Value::int(i64::from(point)));
    let Some(v) = py.caught(found, Exc::LookupError)?.filter(|v| *v != Value::NONE) else { return Ok(None) };
    if let Some(b) = py.as_bytes(v) {
        return Ok(Some(python_objects::bytes::slice(b).to_vec()));
    }
    match py.as_int(v).map(|_| py.index_i64(v)).transpose()?.map(u8::try_from) {
        Some(Ok(b)) => Ok(Some(vec![b])),
        Some(Err(_)) => py.type_error("character mapping must be in range(256)"),
        None => {
            py.type_error(&format!("character mapping must return integer, bytes or None, not {}", py.class_name(v)))
        }
    }
}

fn charmap_decode(py: Py<'_>, args: Args<'_>) -> R {
    let Some(content) = py.content_of(args.at(0)).map(|c| c.to_vec()) else {
        return py.type_error(&format!("a bytes-like object is required, not '{}'", py.class_name(args.at(0))));
    };
    let Some(mapping) = args.some(2) else { return decode_part(py, args, "latin-1", true) };
    let handler = simple_handler(py, args.some(1))?;
    let mut points: Vec<u32> = Vec::with_capacity(content.len());
    for (i, byte) in content.iter().enumerate() {
        let found = match string::exact_or_payload(py, mapping) {
            Some(table) if usize::from(*byte) < string::length(table) => {
                let point = string::at(table, usize::from(*byte));
                if point == 0xFFFE { None } else { Some(vec![point]) }
            }
            Some(_) => None,
            None => decode_mapped(py, mapping, *byte)?,
        };
        match (found, handler) {
            (Some(found), _) => points.extend(found),
            (None, Handler::Ignore) => {}
            (None, Handler::Replace) => points.push(0xFFFD),
            (None, Handler::BackslashReplace) => points.extend(format!("\\x{byte:02x}").chars().map(u32::from)),
            (None, Handler::SurrogateEscape) if *byte >= 0x80 => points.push(0xDC00 + u32::from(*byte)),
            (None, _) => {
                let e = python_text::codec::CodecError {
                    encoding: "charmap",
                    start: i,
                    end: i + 1,
                    reason: "character maps to <undefined>",
                };
                let e = python_builtins::string::codec::decode_error(py, &content, e)?;
                return Err(py.throw(e));
            }
        }
    }
    pair(py, py.str_from_code_points(&points)?.value(), content.len())
}

fn decode_mapped(py: Py<'_>, mapping: Value, byte: u8) -> R<Option<Vec<u32>>> {
    let found = py.get_item(mapping, Value::int(i64::from(byte)));
    let Some(v) = py.caught(found, Exc::LookupError)?.filter(|v| *v != Value::NONE) else { return Ok(None) };
    if let Some(s) = string::exact_or_payload(py, v) {
        let points: Vec<u32> = string::code_points(s).collect();
        return Ok(if points == [0xFFFE] { None } else { Some(points) });
    }
    match py.as_int(v).map(|_| py.index_i64(v)).transpose()?.map(u32::try_from) {
        Some(Ok(0xFFFE)) => Ok(None),
        Some(Ok(point @ 0..0x11_0000)) => Ok(Some(vec![point])),
        Some(_) => py.type_error("character mapping must be in range(0x110000)"),
        None => py.type_error("character mapping must return integer, None or str"),
    }
}

// ---- error handlers as functions

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
    Ok((e, e.get(word::OWN + 1), start, end.max(start)))
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
