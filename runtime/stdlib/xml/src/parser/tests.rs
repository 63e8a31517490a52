//! Pieces of any size tell the same; no input makes the parser panic, or ask for more than there is.

use super::{Event, Parameters, Parser, Settings};

fn parser(has_namespaces: bool) -> Parser {
    let settings = Settings {
        has_namespaces,
        separator: Some('!'),
        tells_prefixes: false,
        expands: true,
        tells_starts: true,
        has_external: true,
        foreign_dtd: false,
        parameters: Parameters::Always,
        base: None,
    };
    Parser::new(None, settings)
}
/// What is told, text that lies together put together; at last what is wrong.
fn told(document: &[u8], size: usize, has_namespaces: bool) -> Vec<String> {
    let mut parser = parser(has_namespaces);
    let (mut told, mut text) = (Vec::new(), String::new());
    let mut pieces: Vec<&[u8]> = document.chunks(size).collect();
    pieces.push(&[]);
    let count = pieces.len();
    for (i, piece) in pieces.into_iter().enumerate() {
        let mut fed = parser.feed(piece, i + 1 == count);
        while fed.is_ok() {
            match parser.next() {
                Ok(None) => break,
                Ok(Some(Event::Text(more))) => text.push_str(parser.text(more)),
                // White space comes in pieces.
                Ok(Some(Event::Token(_))) => {}
                Ok(Some(event)) => {
                    told.push(std::mem::take(&mut text));
                    let place = parser.place();
                    let attributes = parser.attributes().iter();
                    let attributes =
                        attributes.map(|a| format!(" {}={}", parser.name(a.name), parser.text(a.value.clone())));
                    let attributes = attributes.collect::<String>();
                    told.push(format!("{event:?}{attributes} {} {} {}", place.byte, place.line, place.column));
                }
                Err(code) => fed = Err(code),
            }
        }
        if let Err(code) = fed {
            told.push(text);
            told.push(format!("{code:?}"));
            return told;
        }
    }
    told
}
const DOCUMENTS: &[&str] = &[
    "<?xml version=\"1.0\" encoding='utf-8'?>\r\n<!DOCTYPE a PUBLIC \"p\" 's' [\r<!ENTITY x \"y&#38;<b c='&#60;'/>\u{e9}\">\
     <!ENTITY % pe \"<!ELEMENT a (b|(c,d+)*)>\">%pe;<!ATTLIST a k (x|y) 'x' m NMTOKENS #FIXED ' p  q '>\
     <!NOTATION n PUBLIC 'i'><!ENTITY u SYSTEM 'v' NDATA n><!ENTITY e SYSTEM 'f'>]>\
     <a k=' y ' xmlns:p='urn:x'><!-- \u{20ac} --><?t d?>&x;\r\n]]&#x41;&e;<p:b p:q='&x2;'/></a> <!--z-->",
    "<a xmlns='u'>x&lt;]<![CDATA[ ]]]>y\u{1F600}<b/></a>\n",
    "<!DOCTYPE a [<!ENTITY x '&y;'><!ENTITY y '&x;'>]><a b='&x;'>&x;</a>",
    "<a>\u{e9}<b \u{e9}='1'></b ></a>",
];

#[test]
fn pieces_of_any_size_tell_the_same() {
    for document in DOCUMENTS {
        for has_namespaces in [false, true] {
            let whole = told(document.as_bytes(), usize::MAX, has_namespaces);
            for size in 1..40 {
                assert_eq!(told(document.as_bytes(), size, has_namespaces), whole, "pieces of {size} of {document}");
            }
        }
    }
}

#[test]
fn utf_16_tells_the_same() {
    for document in &DOCUMENTS[1..] {
        let wide: Vec<u8> = document.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let whole = told(&wide, usize::MAX, true);
        let events =
            |told: &[String]| told.iter().map(|e| e.split(" } ").next().map(str::to_owned)).collect::<Vec<_>>();
        assert_eq!(events(&whole).len(), events(&told(document.as_bytes(), usize::MAX, true)).len());
        for size in 1..9 {
            assert_eq!(told(&wide, size, true), whole);
        }
    }
}

#[test]
fn damaged_documents_end() {
    let mut seed: u64 = 88_172_645_463_325_252;
    let mut random = |below: usize| {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        (seed % below as u64) as usize
    };
    const BYTES: &[u8] = b"<>&;%!?[]()-'\"=/:# \r\na1\x00\xFF\xC3\xA9|,*+";
    for round in 0..4000 {
        let mut document = DOCUMENTS[round % DOCUMENTS.len()].as_bytes().to_vec();
        for _ in 0..=random(4) {
            let at = random(document.len());
            match random(3) {
                0 => document[at] = BYTES[random(BYTES.len())],
                1 => document.insert(at, BYTES[random(BYTES.len())]),
                _ => {
                    document.remove(at);
                }
            }
        }
        let whole = told(&document, usize::MAX, round % 2 == 0);
        let pieces = told(&document, 1 + random(9), round % 2 == 0);
        // Junk is junk before it is known whether it is a name.
        if pieces.last().is_none_or(|last| last != "JunkAfterDocElement") {
            assert_eq!(pieces.last(), whole.last(), "{:?}", String::from_utf8_lossy(&document));
        }
    }
}

#[test]
fn a_name_stands_for_what_its_prefix_is_bound_to() {
    let document =
        b"<p:a xmlns:p='1' p:k='' k=''><p:a xmlns:p='2' p:k='' k=''/><p:a xmlns='3' p:k='' k=''><a/></p:a><a/></p:a>";
    let told = told(document, 1000, true);
    let names = told.iter().filter(|event| event.starts_with("StartElement"));
    let attributes: Vec<Vec<&str>> =
        names.map(|event| event.split(' ').filter(|part| part.contains('=')).collect()).collect();
    assert_eq!(attributes, [vec!["1!k=", "k="], vec!["2!k=", "k="], vec!["1!k=", "k="], vec![], vec![]]);
    let mut parser = parser(true);
    assert_eq!(parser.feed(document, true), Ok(()));
    let mut elements = Vec::new();
    while let Ok(Some(event)) = parser.next() {
        if let Event::StartElement { name, .. } = event {
            elements.push(parser.name(name).to_string());
        }
    }
    assert_eq!(elements, ["1!a", "2!a", "1!a", "3!a", "a"]);
}
