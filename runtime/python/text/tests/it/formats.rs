//! The format specification mini-language.

use python_text::format::{FormatSpec, IntegerForm, Locale, Target};
use python_text::{Error, TextBuilder};

use crate::{Argument, check, from_hexadecimal, show, show_error};

fn answer(format: impl FnOnce(&mut TextBuilder) -> Result<(), Error>) -> Vec<String> {
    let mut out = TextBuilder::with_limit(1 << 30);
    match format(&mut out) {
        Ok(()) if out.refuses() => vec!["!MemoryError".into(), String::new()],
        Ok(()) => vec![show(out.units())],
        Err(error) => show_error(&error),
    }
}

#[test]
fn text() {
    check("format.str", |arguments| {
        let (spec, text) = (arguments[0].text(), arguments[1].text());
        answer(|out| FormatSpec::parse(spec.units(), Target::Text, "str")?.format_text(text.units(), out))
    });
}

/// Digits of a number below 2 ** 127.
pub(crate) fn digits(mut value: u128, radix: u32) -> String {
    let mut digits = Vec::new();
    loop {
        digits.push(char::from_digit((value % u128::from(radix)) as u32, radix).expect("a digit"));
        value /= u128::from(radix);
        if value == 0 {
            return digits.iter().rev().collect();
        }
    }
}

#[test]
fn integers() {
    check("format.int", |arguments| {
        let spec = arguments[0].text();
        let value: i128 = arguments[1].0.parse().unwrap();
        answer(|out| {
            let spec = FormatSpec::parse(spec.units(), Target::Integer, "int")?;
            match spec.integer_form() {
                IntegerForm::Digits(radix) => {
                    spec.format_integer(value < 0, &digits(value.unsigned_abs(), radix), &Locale::C, out)
                }
                // What does not fit: CPython's own conversion fails first, but for the checks of the specification.
                IntegerForm::Character => match i64::try_from(value) {
                    Ok(value) => spec.format_character(value, out),
                    Err(_) => spec.format_character(65, &mut TextBuilder::new()).map(|()| out.push_str("too large")),
                },
                IntegerForm::Float => spec.format_float(value as f64, &Locale::C, out),
            }
        })
        .into_iter()
        .flat_map(|answer| match answer.as_str() {
            "too large" => vec!["!OverflowError".into(), "Python int too large to convert to C long".into()],
            _ => vec![answer],
        })
        .collect()
    });
}

fn float(spec: &Argument, value: f64) -> Vec<String> {
    let spec = spec.text();
    answer(|out| FormatSpec::parse(spec.units(), Target::Float, "float")?.format_float(value, &Locale::C, out))
}

#[test]
fn floats() {
    check("format.float", |arguments| float(&arguments[0], from_hexadecimal(arguments[1].0)));
    check("format.digest", |arguments| {
        let [text] = float(&arguments[0], from_hexadecimal(arguments[1].0)).try_into().unwrap();
        vec![text.len().to_string(), crate::code_points::digest(text.chars().map(u32::from))]
    });
}

#[test]
fn complex_numbers() {
    check("format.complex", |arguments| {
        let spec = arguments[0].text();
        let [real, imaginary] = [1, 2].map(|index| from_hexadecimal(arguments[index].0));
        answer(|out| {
            FormatSpec::parse(spec.units(), Target::Complex, "complex")?.format_complex(
                real,
                imaginary,
                &Locale::C,
                out,
            )
        })
    });
}

#[test]
fn locales() {
    let french = Locale { decimal_point: ",", thousands_separator: "\u{202F}", grouping: &[3] };
    // The zeros are as in format(1234567.25, "018,.2f"), which is 000,001,234,567.25.
    // As the C library's documentation of `struct lconv` has it: groups of 2, then 3 without end; of 3, then the rest.
    let uneven = Locale { thousands_separator: "'", grouping: &[2, 3], ..Locale::C };
    let once = Locale { thousands_separator: "'", grouping: &[3, 127], ..Locale::C };
    let cases = [
        ("n", french, "1,23457e+06"),
        (".10n", french, "1\u{202F}234\u{202F}567,25"),
        ("018.10n", french, "000\u{202F}001\u{202F}234\u{202F}567,25"),
        (".10n", uneven, "12'345'67.25"),
        (".10n", once, "1234'567.25"),
    ];
    for (spec, locale, expected) in cases {
        let mut out = TextBuilder::new();
        let spec = FormatSpec::parse(spec.as_bytes().into(), Target::Float, "float").unwrap();
        spec.format_float(1_234_567.25, &locale, &mut out).unwrap();
        assert_eq!(out.finish().unwrap(), expected.into(), "{spec:?}");
    }
}

#[test]
fn what_would_be_too_long_overflows() {
    for spec in ["9223372036854775807", "09223372036854775807", "09223372036854775807,", "*^9223372036854775807"] {
        let mut out = TextBuilder::with_limit(1 << 20);
        let spec = FormatSpec::parse(spec.as_bytes().into(), Target::Float, "float").unwrap();
        spec.format_float(1.0, &Locale::C, &mut out).unwrap();
        assert!(out.finish().is_err());
    }
    let mut out = TextBuilder::with_limit(1 << 20);
    let spec = FormatSpec::parse(b".2147483647f"[..].into(), Target::Float, "float").unwrap();
    spec.format_float(1.0, &Locale::C, &mut out).unwrap();
    assert!(out.finish().is_err());
    let mut out = TextBuilder::with_limit(1 << 20);
    spec.format_complex(1.0, 1.0, &Locale::C, &mut out).unwrap();
    assert!(out.finish().is_err());
}
