//! `str.format` and its parsers.

use python_text::format::{FormatSpec, Target};
use python_text::repr::{push_ascii, push_repr};
use python_text::template::{Accessor, FieldName, First, MAX_DEPTH, Numbering, Parser, too_deep, unknown_conversion};
use python_text::{Error, Text, TextBuilder, Units};

use crate::{built, check, show, show_error};

fn parse(template: Units<'_>) -> Result<Vec<String>, Error> {
    let mut parser = Parser::new(template, 0..template.len());
    let mut pieces = Vec::new();
    while let Some(piece) = parser.next_piece()? {
        let part = |range| format!("+{}", show(template.slice(range)));
        let literal = part(piece.literal);
        pieces.push(match piece.field {
            None => format!("{literal}/-/-/-"),
            Some(field) => {
                let conversion =
                    field.conversion.map_or("-".into(), |point| format!("+{}", show(Units::Four(&[point]))));
                format!("{literal}/{}/{}/{conversion}", part(field.name), part(field.spec))
            }
        });
    }
    Ok(pieces)
}

fn name(template: Units<'_>) -> Result<Vec<String>, Error> {
    let (first, mut rest) = FieldName::new(template, 0..template.len())?;
    let mut parts = vec![match first {
        First::Automatic => String::new(),
        First::Index(index) => index.to_string(),
        First::Name(range) => show(template.slice(range)),
    }];
    while let Some(accessor) = rest.next_accessor()? {
        parts.push(match accessor {
            Accessor::Attribute(range) => format!(".{}", show(template.slice(range))),
            Accessor::Index(index) => format!("#{index}"),
            Accessor::Key(range) => format!("[{}", show(template.slice(range))),
        });
    }
    Ok(parts)
}

fn list(parts: Result<Vec<String>, Error>) -> Vec<String> {
    match parts {
        Ok(parts) => {
            vec![format!("{}{}", parts.len(), parts.iter().map(|part| format!("|{part}")).collect::<String>())]
        }
        Err(error) => show_error(&error),
    }
}

#[test]
fn parsing() {
    check("template.parse", |arguments| list(parse(arguments[0].text().units())));
    check("template.name", |arguments| list(name(arguments[0].text().units())));
}

/// `template.format("one", "é4", x="<6")`.
fn format(
    template: Units<'_>,
    range: std::ops::Range<usize>,
    depth: usize,
    numbering: &mut Numbering,
    out: &mut TextBuilder,
) -> Result<(), Vec<String>> {
    let fail = |error: Error| show_error(&error);
    if depth == 0 {
        return Err(fail(too_deep()));
    }
    let mut parser = Parser::new(template, range);
    while let Some(piece) = parser.next_piece().map_err(fail)? {
        out.push_units(template.slice(piece.literal));
        let Some(field) = piece.field else { continue };
        let (first, mut rest) = FieldName::new(template, field.name).map_err(fail)?;
        let mut value: Text = match (numbering.index(&first).map_err(fail)?, first) {
            (Some(0), _) => "one".into(),
            (Some(1), _) => "é4".into(),
            (Some(index), _) => {
                let message = format!("Replacement index {index} out of range for positional args tuple");
                return Err(vec!["!IndexError".into(), message]);
            }
            (None, First::Name(name)) if template.slice(name.clone()).equals(Units::One(b"x")) => "<6".into(),
            (None, First::Name(name)) => {
                let key = built(|out| push_repr(template.slice(name), out));
                return Err(vec!["!KeyError".into(), show(key.units())]);
            }
            (None, _) => unreachable!("only names have no index"),
        };
        assert_eq!(rest.next_accessor(), Ok(None), "no accessors are generated");
        match field.conversion.map(|point| (point, char::from_u32(point))) {
            None | Some((_, Some('s'))) => {}
            Some((_, Some('r'))) => value = built(|out| push_repr(value.units(), out)),
            Some((_, Some('a'))) => {
                let repr = built(|out| push_repr(value.units(), out));
                value = built(|out| push_ascii(repr.units(), out));
            }
            Some((point, _)) => return Err(fail(unknown_conversion(point))),
        }
        let mut spec = TextBuilder::new();
        if field.nested {
            format(template, field.spec, depth - 1, numbering, &mut spec)?;
        } else {
            spec.push_units(template.slice(field.spec));
        }
        if spec.is_empty() {
            out.push_units(value.units());
        } else {
            let spec = FormatSpec::parse(spec.units(), Target::Text, "str").map_err(fail)?;
            spec.format_text(value.units(), out).map_err(fail)?;
        }
    }
    Ok(())
}

#[test]
fn formatting() {
    check("template.format", |arguments| {
        let template = arguments[0].text();
        let mut out = TextBuilder::new();
        let range = 0..template.units().len();
        match format(template.units(), range, MAX_DEPTH, &mut Numbering::default(), &mut out) {
            Ok(()) => vec![show(out.units())],
            Err(error) => error,
        }
    });
}
