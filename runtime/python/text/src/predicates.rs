//! `isalpha`, `isdigit`, `isidentifier` and the others.

use python_algorithms::work::{BLOCK, Interrupted, Work};

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
///
/// # Errors
/// If the look at it was interrupted.
pub fn is(text: Units<'_>, property: Property, alphabet: Alphabet, work: &mut Work) -> Result<bool, Interrupted> {
    if property == Property::Ascii {
        return Ok(text.is_ascii());
    }
    if alphabet == Alphabet::Ascii {
        // Nor are the separators 0x1C to 0x1F white space there.
        let has = |point, property| point < 0x80 && has(point, property) && !matches!(point, 0x1C..=0x1F);
        return each_width!(text, units => test(units, property, has, work));
    }
    each_width!(text, units => test(units, property, has, work))
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

fn test<U: Unit>(
    units: &[U],
    property: Property,
    has: impl Fn(u32, Property) -> bool,
    work: &mut Work,
) -> Result<bool, Interrupted> {
    // Whether there was a character that counts, and whether the one before was cased.
    let (mut found, mut after_cased) = (false, false);
    // Whether a character may stand where it does.
    let mut fits = |point: u32, first: bool| match property {
        Property::Identifier if first => {
            found = true;
            is_identifier_start(point)
        }
        // At least one cased character, and none of another case.
        Property::Lower | Property::Upper => {
            let other = if property == Property::Lower { Property::Upper } else { Property::Lower };
            found |= has(point, property);
            !has(point, other) && !has(point, Property::Title)
        }
        Property::Title => {
            let capital = has(point, Property::Upper) || has(point, Property::Title);
            let small = has(point, Property::Lower);
            let fits = !(capital && after_cased || small && !after_cased);
            after_cased = capital || small;
            found |= after_cased;
            fits
        }
        _ => {
            found = true;
            has(point, property)
        }
    };
    for (index, block) in units.chunks(BLOCK).enumerate() {
        let first = index == 0;
        if !block.iter().enumerate().all(|(place, unit)| fits(unit.point(), first && place == 0)) {
            return Ok(false);
        }
        work.spend(4 * block.len())?;
    }
    Ok(found || property == Property::Printable)
}
