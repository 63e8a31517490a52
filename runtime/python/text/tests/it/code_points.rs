//! Properties and mappings of every code point.

use python_text::case::{Case, change_case};
use python_text::predicates::is;
use python_text::{Alphabet, TextBuilder, Units, unicode};

use crate::kernels::PROPERTIES;
use crate::{check, whole};

/// FNV-1a over whole numbers, as the oracle has it.
pub(crate) fn digest(numbers: impl IntoIterator<Item = u32>) -> String {
    let hash = numbers
        .into_iter()
        .fold(0xCBF2_9CE4_8422_2325, |value: u64, number| (value ^ u64::from(number)).wrapping_mul(0x100_0000_01B3));
    format!("{hash:016x}")
}

#[test]
fn all() {
    const NAMES: [&str; 12] = [
        "alnum",
        "alpha",
        "ascii",
        "digit",
        "lower",
        "space",
        "title",
        "upper",
        "decimal",
        "identifier",
        "numeric",
        "printable",
    ];
    let points = 0..0x11_0000;
    check("points", |arguments| {
        let case = |case| {
            digest(points.clone().flat_map(|point| {
                let mut builder = TextBuilder::new();
                change_case(Units::Four(&[point]), case, Alphabet::Unicode, &mut builder);
                builder.units().points().collect::<Vec<_>>()
            }))
        };
        let test = |fits: fn(u32) -> bool| digest(points.clone().map(|point| fits(point).into()));
        let value = |value: fn(u32) -> Option<u8>| {
            digest(points.clone().map(|point| value(point).map_or(99, |value| value.into())))
        };
        let name = arguments[0].0;
        vec![match name {
            "to_upper" => case(Case::Upper),
            "to_lower" => case(Case::Lower),
            "to_title" => case(Case::Title),
            "capitalize" => case(Case::Capitalize),
            "swapcase" => case(Case::Swap),
            "casefold" => case(Case::Fold),
            "decimal_value" => value(unicode::decimal_value),
            "digit_value" => value(unicode::digit_value),
            "simple_lower" => digest(points.clone().map(unicode::to_simple_lower)),
            "simple_case" => test(unicode::has_simple_case),
            "line_break" => test(unicode::is_line_break),
            "identifier_continue" => test(unicode::is_identifier_continue),
            _ => {
                let index = NAMES.iter().position(|&known| known == name).unwrap();
                let property = PROPERTIES[index];
                digest(
                    points
                        .clone()
                        .map(|point| whole(|work| is(Units::Four(&[point]), property, Alphabet::Unicode, work)).into()),
                )
            }
        }]
    });
}

#[test]
fn beyond_unicode() {
    for point in [0x11_0000, u32::MAX] {
        assert!(!unicode::is_alphanumeric(point) && !unicode::is_printable(point) && !unicode::is_cased(point));
        assert_eq!(unicode::to_upper(point).points(), [point]);
        assert_eq!(unicode::digit_value(point), None);
    }
}
