//! Nothing panics or hangs, whatever the input: random units, some of them no code points at all.

use python_text::codec::{ByteOrder, Codec, EncodingTable, Handler, decode, decode_step, encode, encode_step};
use python_text::format::{FormatSpec, IntegerForm, Locale, Target};
use python_text::predicates::is;
use python_text::template::FieldName;
use python_text::{Alphabet, TextBuilder, Units, case, find, layout, percent, repr, split, strip, template};

use crate::kernels::{CASES, PROPERTIES};
use crate::{pieces, whole};

struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit
    }

    fn units(&mut self, length: usize) -> Vec<u32> {
        const LIKELY: &[u8] = b"{}[].:!%()*0123456789<>=^+- z#,_bcdoxXneEfFgGs\\uUNx\t\n\r'\"";
        const RARE: &[u32] = &[0xDF, 0x130, 0x3A3, 0x345, 0xD800, 0xDC80, 0xFB03, 0x1F600, 0x11_0000, u32::MAX];
        (0..self.below(length))
            .map(|_| match self.below(8) {
                0 => RARE[self.below(RARE.len())],
                _ => LIKELY[self.below(LIKELY.len())].into(),
            })
            .collect()
    }
}

fn builder() -> TextBuilder<'static> {
    TextBuilder::with_limit(1 << 12)
}

#[test]
fn kernels_and_codecs() {
    let mut random = Random(1);
    for _ in 0..3000 {
        let (text, needle) = (random.units(30), random.units(4));
        let (text, needle) = (Units::Four(&text), Units::Four(&needle));
        let out = &mut builder();
        for alphabet in [Alphabet::Unicode, Alphabet::Ascii] {
            CASES.iter().for_each(|&case| case::change_case(text, case, alphabet, out));
            PROPERTIES.iter().for_each(|&property| _ = whole(|work| is(text, property, alphabet, work)));
            pieces(split::split_words(text, alphabet, 3));
            pieces(split::rsplit_words(text, alphabet, 3));
            pieces(split::split_lines(text, alphabet, true));
        }
        find::replace(text, needle, text, usize::MAX, out);
        whole(|work| find::count(text, needle, work));
        split::split(text, needle, 2).map(pieces);
        whole(|work| strip::strip(text, strip::Ends::Both, needle, work));
        layout::expand_tabs(text, random.below(9) as isize, out);
        repr::push_repr(text, out);
        repr::push_ascii(text, out);
        let _ = repr::parse_hex(text, out);
        EncodingTable::new(text);
        let bytes: Vec<u8> = text.points().map(|point| point as u8).collect();
        let (from, beyond) = (random.below(40), random.below(2) == 0);
        for codec in [
            Codec::Utf8,
            Codec::Utf7,
            Codec::Ascii,
            Codec::Latin1,
            Codec::Utf16(ByteOrder::Marked),
            Codec::Utf32(ByteOrder::Big),
            Codec::UnicodeEscape,
            Codec::RawUnicodeEscape,
        ] {
            for handler in
                [Handler::Replace, Handler::SurrogateEscape, Handler::BackslashReplace, Handler::SurrogatePass]
            {
                let _ = encode(codec, text, handler, out);
                let _ = decode(codec, &bytes, handler, beyond, out);
            }
            let _ = encode_step(codec, text, from, out);
            let _ = decode_step(codec, &bytes, from, beyond, out);
        }
    }
}

#[test]
fn mini_languages() {
    let mut random = Random(2);
    for _ in 0..30_000 {
        let text = random.units(14);
        let text = Units::Four(&text);
        let out = &mut builder();
        for target in [Target::Text, Target::Integer, Target::Float, Target::Complex] {
            let Ok(spec) = FormatSpec::parse(text, target, "x") else { continue };
            let _ = match target {
                Target::Text => spec.format_text(text, out),
                Target::Integer => match spec.integer_form() {
                    IntegerForm::Character => spec.format_character(random.below(1 << 22) as i64, out),
                    _ => spec.format_integer(true, "12345678901234567890", &Locale::C, out),
                },
                Target::Float => spec.format_float(-1.5e300, &Locale::C, out),
                Target::Complex => spec.format_complex(0.0, f64::NAN, &Locale::C, out),
            };
        }
        let mut parser = percent::Parser::new(text, random.below(2) == 0, false);
        while let Ok(Some(piece)) = parser.next_piece() {
            match piece {
                percent::Piece::Width => parser.set_width(isize::MIN),
                percent::Piece::Precision => parser.set_precision(i32::MAX),
                percent::Piece::Convert(field) => {
                    field.put_text(text, out);
                    field.put_integer(false, "7", out);
                    field.put_float(0.1, out);
                    field.unsupported();
                    field.not_a_number("x");
                }
                _ => {}
            }
        }
        let mut parser = template::Parser::new(text, 0..text.len());
        let mut numbering = template::Numbering::default();
        while let Ok(Some(piece)) = parser.next_piece() {
            let Some(field) = piece.field else { continue };
            let Ok((first, mut rest)) = FieldName::new(text, field.name) else { continue };
            let _ = numbering.index(&first);
            while let Ok(Some(_)) = rest.next_accessor() {}
            field.conversion.map(template::unknown_conversion);
        }
    }
}

#[test]
fn long_inputs_take_linear_time() {
    // A quadratic step over these would take minutes.
    const LONG: usize = 200_000;
    let out = &mut TextBuilder::new();
    let sigmas = vec![0x3A3_u16; LONG];
    case::change_case(Units::Two(&sigmas), case::Case::Lower, Alphabet::Unicode, out);
    let mut ignorable = vec![0x345_u16; LONG];
    ignorable[LONG / 2] = 0x3A3;
    case::change_case(Units::Two(&ignorable), case::Case::Lower, Alphabet::Unicode, out);
    let text = vec![0x400_u16; LONG];
    let mut needle = vec![0x400_u16; LONG / 2];
    needle[0] = 0x401;
    assert_eq!(whole(|work| find::find(Units::Two(&text), Units::Two(&needle), work)), None);
    assert_eq!(whole(|work| find::rfind(Units::Two(&text), Units::Two(&needle), work)), None);
    needle.reverse();
    assert_eq!(whole(|work| find::count(Units::Two(&text), Units::Two(&needle), work)), 0);
    let surrogates = vec![0xDC80_u16; LONG];
    for codec in [Codec::Utf8, Codec::Utf16(ByteOrder::Little)] {
        encode(codec, Units::Two(&surrogates), Handler::Replace, out).unwrap();
    }
    let bytes = vec![0xFF; LONG];
    decode(Codec::Utf8, &bytes, Handler::SurrogateEscape, true, out).unwrap();
    decode(Codec::Ascii, &bytes, Handler::Replace, true, out).unwrap();
    let braces = b"{".repeat(LONG);
    let mut parser = template::Parser::new(Units::One(&braces), 0..LONG);
    while let Ok(Some(_)) = parser.next_piece() {}
    let nested = b"{:".repeat(LONG);
    assert!(template::Parser::new(Units::One(&nested), 0..nested.len()).next_piece().is_err());
    let keys = b"%(".repeat(LONG);
    assert!(percent::Parser::new(Units::One(&keys), true, false).next_piece().is_err());
}
