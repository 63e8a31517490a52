//! Encoding and decoding with the built-in error handlers.

use python_text::codec::{
    ByteOrder, Codec, CodecError, EncodingTable, Escapes, Handler, Replacement, decode, decode_bytes_escapes,
    decode_table, encode, encode_bytes_escapes, encode_step, first_invalid_escape, push_replacement,
};
use python_text::{Text, TextBuilder, Units};

use crate::{check, show, show_error};

fn codec(name: &str) -> Codec {
    let order = match name.get(6..) {
        Some("-le") => ByteOrder::Little,
        Some("-be") => ByteOrder::Big,
        _ => ByteOrder::Marked,
    };
    match name {
        "utf-8" => Codec::Utf8,
        "utf-7" => Codec::Utf7,
        "ascii" => Codec::Ascii,
        "latin-1" => Codec::Latin1,
        "unicode-escape" => Codec::UnicodeEscape,
        "raw-unicode-escape" => Codec::RawUnicodeEscape,
        _ if name.starts_with("utf-16") => Codec::Utf16(order),
        _ => Codec::Utf32(order),
    }
}

fn answer(result: Result<usize, CodecError>, out: TextBuilder) -> Vec<String> {
    match result {
        Ok(used) => vec![show(out.units()), used.to_string()],
        Err(error) => {
            let reason = show(Units::One(error.reason.as_bytes()));
            vec!["!".into(), error.encoding.into(), error.start.to_string(), error.end.to_string(), reason]
        }
    }
}

#[test]
fn encoding() {
    check("encode", |arguments| {
        let (codec, text) = (codec(arguments[0].0), arguments[1].text());
        let mut out = TextBuilder::new();
        let result = encode(codec, text.units(), Handler::from_name(arguments[2].0).unwrap(), &mut out);
        answer(result.map(|()| text.units().len()), out)
    });
}

#[test]
fn decoding() {
    check("decode", |arguments| {
        let Text::One(bytes) = arguments[1].text() else { panic!("no bytes") };
        let (handler, complete) = (Handler::from_name(arguments[2].0).unwrap(), arguments[3].0 == "True");
        let mut out = TextBuilder::new();
        let result = decode(codec(arguments[0].0), &bytes, handler, complete, &mut out);
        answer(result, out)
    });
}

/// Greek of Windows, which has holes; from Python's `encodings.cp1253`, as far as it is not Latin-1.
fn greek() -> Text {
    let decode = |byte: u8| match byte {
        0..0x80 => u32::from(byte),
        0x80 => 0x20AC,
        0xB4 => 0x384,
        0xC1..=0xD1 => 0x391 + u32::from(byte - 0xC1),
        0xE1..=0xFE => 0x3B1 + u32::from(byte - 0xE1),
        _ => 0xFFFE,
    };
    Text::Two((0..=255).map(|byte| decode(byte) as u16).collect())
}

#[test]
fn tables() {
    check("charmap", |arguments| {
        let (text, handler) = (arguments[0].text(), Handler::from_name(arguments[1].0).unwrap());
        let mut out = TextBuilder::new();
        let result = EncodingTable::new(greek().units()).encode(text.units(), handler, &mut out);
        answer(result.map(|()| text.units().len()), out)
    });
    check("charmap.decode", |arguments| {
        let Text::One(bytes) = arguments[0].text() else { panic!("no bytes") };
        let mut out = TextBuilder::new();
        let result = decode_table(&bytes, greek().units(), Handler::from_name(arguments[1].0).unwrap(), &mut out);
        answer(result.map(|()| bytes.len()), out)
    });
}

#[test]
fn escapes_that_mean_nothing() {
    check("escape.warning", |arguments| {
        let Text::One(bytes) = arguments[0].text() else { panic!("no bytes") };
        vec![match first_invalid_escape(&bytes, Escapes::Text) {
            None => "None".into(),
            Some((at, octal)) => {
                let escape = show(Units::One(&bytes[at + 1..at + if octal { 4 } else { 2 }]));
                format!("invalid {}escape sequence '\\u{{5c}}{escape}'", if octal { "octal " } else { "" })
            }
        }]
    });
}

#[test]
fn escapes_of_bytes() {
    check("escape.bytes", |arguments| {
        let Text::One(bytes) = arguments[0].text() else { panic!("no bytes") };
        let (mut encoded, mut decoded) = (TextBuilder::new(), TextBuilder::new());
        encode_bytes_escapes(&bytes, &mut encoded);
        let mut answer = vec![show(encoded.units())];
        match decode_bytes_escapes(&bytes, Handler::from_name(arguments[1].0).unwrap(), &mut decoded) {
            Ok(()) => answer.push(show(decoded.units())),
            Err(error) => answer.extend(show_error(&error)),
        }
        answer
    });
}

#[test]
fn a_handler_of_the_callers() {
    // "a\udc80b" in UTF-16 with a handler that returns "?!" and goes on behind the error.
    let text = Units::Two(&[0x61, 0xDC80, 0x62]);
    let codec = Codec::Utf16(ByteOrder::Big);
    let mut out = TextBuilder::new();
    let error = encode_step(codec, text, 0, &mut out).unwrap_err();
    assert_eq!((error.start, error.end), (1, 2));
    assert!(!push_replacement(codec, Replacement::Bytes(b"odd"), &mut out));
    assert!(!push_replacement(codec, Replacement::Text(Units::One(&[0xE9])), &mut out));
    assert!(push_replacement(codec, Replacement::Text(Units::One(b"?!")), &mut out));
    encode_step(codec, text, error.end, &mut out).unwrap();
    assert_eq!(out.finish_bytes().as_deref(), Ok(&b"\0a\0?\0!\0b"[..]));
    // Beyond the end, as a handler may say.
    encode_step(codec, text, 9, &mut TextBuilder::new()).unwrap();
}
