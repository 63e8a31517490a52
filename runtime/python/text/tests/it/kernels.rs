//! The methods of `str` and `bytes`.

use python_text::case::{Case, change_case};
use python_text::layout::{Justify, expand_tabs, justify, zero_fill};
use python_text::predicates::{Property, is};
use python_text::split::{rsplit, rsplit_words, split, split_lines, split_words};
use python_text::strip::{Ends, strip, strip_space};
use python_text::{Alphabet, Text, TextBuilder, Units, find};

use crate::{built, check, pieces, show, show_list, whole};

const ALPHABETS: [(&str, Alphabet); 2] = [("", Alphabet::Unicode), ("bytes.", Alphabet::Ascii)];

/// The same text at its own and at all greater widths.
fn widths(text: &Text) -> Vec<Text> {
    let points: Vec<u32> = text.units().points().collect();
    let mut widths = vec![text.clone(), Text::Four(points.clone())];
    if text.units().max() < 0x1_0000 {
        widths.push(Text::Two(points.iter().map(|&point| point as u16).collect()));
    }
    widths
}

#[test]
fn searches() {
    for (prefix, _) in ALPHABETS {
        check(&format!("{prefix}find"), |arguments| {
            let (text, needle) = (arguments[0].text(), arguments[1].text());
            let mut answers = Vec::new();
            for text in widths(&text) {
                for needle in widths(&needle) {
                    let (text, needle) = (text.units(), needle.units());
                    let index = |found: Option<usize>| found.map_or("-1".into(), |index| index.to_string());
                    let first = whole(|work| find::find(text, needle, work));
                    answers.push(vec![
                        index(first),
                        index(whole(|work| find::rfind(text, needle, work))),
                        whole(|work| find::count(text, needle, work)).to_string(),
                    ]);
                    assert_eq!(first.is_some(), whole(|work| find::contains(text, needle, work)));
                    assert_eq!(first == Some(0), find::starts_with(text, needle));
                    let ends = text.len() >= needle.len()
                        && whole(|work| find::rfind(text, needle, work)) == Some(text.len() - needle.len());
                    assert_eq!(ends, find::ends_with(text, needle));
                }
            }
            assert!(answers.iter().all(|answer| answer == &answers[0]), "{answers:?}");
            answers.remove(0)
        });
    }
}

fn limit(most: isize) -> usize {
    usize::try_from(most).unwrap_or(usize::MAX)
}

#[test]
fn replacements() {
    for (prefix, _) in ALPHABETS {
        check(&format!("{prefix}replace"), |arguments| {
            let [text, old, new] = [0, 1, 2].map(|index| arguments[index].text());
            let mut changed = false;
            let made = built(|out| {
                changed = find::replace(text.units(), old.units(), new.units(), limit(arguments[3].number()), out);
            });
            vec![show(if changed { made.units() } else { text.units() })]
        });
    }
}

#[test]
fn splitting() {
    for (prefix, alphabet) in ALPHABETS {
        let list = |text: Units<'_>, mut ranges: Vec<std::ops::Range<usize>>, reversed: bool| {
            if reversed {
                ranges.reverse();
            }
            show_list(ranges.into_iter().map(|range| text.slice(range)))
        };
        check(&format!("{prefix}split"), |arguments| {
            let (text, separator, most) = (arguments[0].text(), arguments[1].text(), limit(arguments[2].number()));
            let mut answers = Vec::new();
            for text in widths(&text) {
                let (text, separator) = (text.units(), separator.units());
                answers.push(vec![
                    list(text, pieces(split(text, separator, most).unwrap()), false),
                    list(text, pieces(rsplit(text, separator, most).unwrap()), true),
                ]);
            }
            assert!(answers.iter().all(|answer| answer == &answers[0]), "{answers:?}");
            answers.remove(0)
        });
        check(&format!("{prefix}words"), |arguments| {
            let (text, most) = (arguments[0].text(), limit(arguments[1].number()));
            let text = text.units();
            vec![
                list(text, pieces(split_words(text, alphabet, most)), false),
                list(text, pieces(rsplit_words(text, alphabet, most)), true),
            ]
        });
        check(&format!("{prefix}lines"), |arguments| {
            let text = arguments[0].text();
            let text = text.units();
            [false, true].map(|keep| list(text, pieces(split_lines(text, alphabet, keep)), false)).into()
        });
        check(&format!("{prefix}strip"), |arguments| {
            let (text, set) = (arguments[0].text(), arguments[1].text());
            let (text, set) = (text.units(), set.units());
            let mut ranges: Vec<_> = [Ends::Both, Ends::Left, Ends::Right]
                .map(|ends| whole(|work| strip_space(text, ends, alphabet, work)))
                .into();
            ranges.extend([Ends::Both, Ends::Left].map(|ends| whole(|work| strip(text, ends, set, work))));
            ranges.into_iter().map(|range| show(text.slice(range))).collect()
        });
    }
}

pub(crate) const CASES: [Case; 6] = [Case::Upper, Case::Lower, Case::Title, Case::Capitalize, Case::Swap, Case::Fold];
pub(crate) const PROPERTIES: [Property; 12] = [
    Property::Alphanumeric,
    Property::Alphabetic,
    Property::Ascii,
    Property::Digit,
    Property::Lower,
    Property::Space,
    Property::Title,
    Property::Upper,
    Property::Decimal,
    Property::Identifier,
    Property::Numeric,
    Property::Printable,
];

#[test]
fn cases_and_properties() {
    for (prefix, alphabet) in ALPHABETS {
        let unicode = alphabet == Alphabet::Unicode;
        check(&format!("{prefix}case"), |arguments| {
            let text = arguments[0].text();
            let cases = &CASES[..if unicode { 6 } else { 5 }];
            cases
                .iter()
                .map(|&case| show(built(|out| change_case(text.units(), case, alphabet, out)).units()))
                .collect()
        });
        check(&format!("{prefix}is"), |arguments| {
            let text = arguments[0].text();
            let properties = &PROPERTIES[..if unicode { 12 } else { 8 }];
            let bit = |&property| if whole(|work| is(text.units(), property, alphabet, work)) { "1" } else { "0" };
            vec![properties.iter().map(bit).collect()]
        });
    }
}

#[test]
fn long_ascii_crosses_blocks() {
    let text = "aB c".repeat(200) + "éZ";
    let expected = [text.to_ascii_uppercase(), text.to_ascii_lowercase()];
    for (case, expected) in [Case::Upper, Case::Lower].into_iter().zip(expected) {
        let bytes = Units::One(text.as_bytes());
        assert_eq!(built(|out| change_case(bytes, case, Alphabet::Ascii, out)), Text::One(expected.into_bytes()));
    }
    let title = built(|out| change_case(Units::One(&[b'X'; 600]), Case::Title, Alphabet::Ascii, out));
    assert_eq!(title, Text::One(("X".to_owned() + &"x".repeat(599)).into_bytes()));
    let title = built(|out| change_case(Units::One(&[b'X'; 600]), Case::Capitalize, Alphabet::Ascii, out));
    assert_eq!(title, Text::One(("X".to_owned() + &"x".repeat(599)).into_bytes()));
}

#[test]
fn layouts() {
    for (prefix, _) in ALPHABETS {
        check(&format!("{prefix}layout"), |arguments| {
            let (text, width, tabs, fill) =
                (arguments[0].text(), arguments[1].number(), arguments[2].number(), arguments[3].text());
            let (text, fill) = (text.units(), fill.units().get(0).unwrap());
            let mut made: Vec<Text> = [Justify::Center, Justify::Left, Justify::Right]
                .map(|side| built(|out| justify(text, width, fill, side, out)))
                .into();
            made.push(built(|out| zero_fill(text, width, out)));
            made.push(built(|out| expand_tabs(text, tabs, out)));
            made.iter().map(|text| show(text.units())).collect()
        });
    }
}

#[test]
fn what_would_be_too_long_is_an_error() {
    let ends = |build: &dyn Fn(&mut TextBuilder)| {
        let mut builder = TextBuilder::with_limit(1 << 20);
        build(&mut builder);
        assert!(builder.finish().is_err());
    };
    let text = Units::One(b"\t-a\t");
    ends(&|out| justify(text, isize::MAX, 0x20, Justify::Center, out));
    ends(&|out| zero_fill(text, isize::MAX, out));
    ends(&|out| expand_tabs(text, isize::MAX, out));
    let big = vec![b'x'; 1 << 16];
    ends(&|out| assert!(find::replace(Units::One(&big), Units::One(b""), Units::One(&big), usize::MAX, out)));
    ends(&|out| assert!(find::replace(Units::One(&big), Units::One(b"x"), Units::One(&big), usize::MAX, out)));
}
