//! `isalpha`, `isdigit`, `isidentifier` and the others.

use crate::unicode::{
    is_alphabetic, is_alphanumeric, is_decimal, is_digit, is_identifier_continue, is_identifier_start, is_lower,
    is_numeric, is_printable, is_space, is_title, is_upper,
};
use crate::units::each_width;
use crate::{Alphabet, Unit, Units};

/// A question about all characters of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Property {
    Alphabetic,
    Alphanumeric,
    Ascii,
    Decimal,
    Digit,
    Identifier,
    Lower,
    Numeric,
    Printable,
    Space,
    Title,
    Upper,
}

/// Whether the text is so. The ASCII alphabet (`bytes`) knows no properties beyond 127.
pub fn is(text: Units<'_>, property: Property, alphabet: Alphabet) -> bool {
    if property == Property::Ascii {
        return text.is_ascii();
    }
    if alphabet == Alphabet::Ascii {
        // Nor are the separators 0x1C to 0x1F white space there.
        let has = |point, property| point < 0x80 && has(point, property) && !matches!(point, 0x1C..=0x1F);
        return each_width!(text, units => test(units, property, has));
    }
    each_width!(text, units => test(units, property, has))
}

fn has(point: u32, property: Property) -> bool {
    match property {
        Property::Alphabetic => is_alphabetic(point),
        Property::Alphanumeric => is_alphanumeric(point),
        Property::Ascii => point < 0x80,
        Property::Decimal => is_decimal(point),
        Property::Digit => is_digit(point),
        Property::Identifier => is_identifier_continue(point),
        Property::Lower => is_lower(point),
        Property::Numeric => is_numeric(point),
        Property::Printable => is_printable(point),
        Property::Space => is_space(point),
        Property::Title => is_title(point),
        Property::Upper => is_upper(point),
    }
}

fn test<U: Unit>(units: &[U], property: Property, has: impl Fn(u32, Property) -> bool) -> bool {
    let mut points = units.iter().map(|&unit| unit.point());
    match property {
        Property::Printable | Property::Ascii => points.all(|point| has(point, property)),
        Property::Identifier => {
            points.next().is_some_and(is_identifier_start) && points.all(|point| has(point, property))
        }
        // At least one cased character, and none of another case.
        Property::Lower | Property::Upper => {
            let other = if property == Property::Lower { Property::Upper } else { Property::Lower };
            let mut found = false;
            for point in points {
                if has(point, other) || has(point, Property::Title) {
                    return false;
                }
                found |= has(point, property);
            }
            found
        }
        Property::Title => {
            let (mut found, mut after_cased) = (false, false);
            for point in points {
                let capital = has(point, Property::Upper) || has(point, Property::Title);
                let small = has(point, Property::Lower);
                if capital && after_cased || small && !after_cased {
                    return false;
                }
                after_cased = capital || small;
                found |= after_cased;
            }
            found
        }
        _ => !units.is_empty() && points.all(|point| has(point, property)),
    }
}
