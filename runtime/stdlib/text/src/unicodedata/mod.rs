//! `unicodedata`: the Unicode Character Database, version 15.0 as in CPython 3.12, and 3.2 as `ucd_3_2_0`.
//!
//! Characters are looked up by name and alias; sequences that have a name are not known.

mod database;
mod normalize;
mod tables_decompositions;
mod tables_numbers;
mod tables_old;
mod tables_parts;
mod tables_properties;

use database::Version;
use normalize::Form;
use python_objects::{Args, Exc, Native, Object, Py, R, TypeSpec, Value, class, string};
use std::collections::HashMap;

/// The functions of the module, and as methods those of the older database.
macro_rules! functions {
    ($($name:literal $signature:literal $f:ident $doc:literal;)*) => {
        static FUNCTIONS: &[Native] = &[
            $(Native::function($name, concat!($signature, ", /"), |py, args| $f(py, Version::Current, args), $doc)),*
        ];
        static METHODS: &[Native] = &[
            $(Native::method($name, concat!("self, ", $signature, ", /"), |py, args| $f(py, Version::Old, args.from(1)), $doc),)*
            Native::member("unidata_version", |py, _| py.str("3.2.0"), ""),
        ];
    };
}
functions! {
    "bidirectional" "chr" bidirectional "The bidirectional class of a character, as a string.";
    "category" "chr" category "The general category of a character, as a string.";
    "combining" "chr" combining "The canonical combining class of a character; 0 if it has none.";
    "decimal" "chr, default=None" decimal "The value of a decimal digit, else the default or ValueError.";
    "decomposition" "chr" decomposition "What a character decomposes to, as a string of hexadecimal numbers.";
    "digit" "chr, default=None" digit "The value of a digit, else the default or ValueError.";
    "east_asian_width" "chr" east_asian_width "The East Asian width of a character, as a string.";
    "is_normalized" "form, unistr" is_normalized "Is the string in this normal form?";
    "lookup" "name" lookup "The character of this name or alias; KeyError if there is none.";
    "mirrored" "chr" mirrored "1 if a character is mirrored in text from right to left, else 0.";
    "name" "chr, default=None" name "The name of a character, else the default or ValueError.";
    "normalize" "form, unistr" normalized "The string in a normal form: NFC, NFD, NFKC, NFKD.";
    "numeric" "chr, default=None" numeric "The numeric value of a character as a float, else the default or ValueError.";
}
static UCD: TypeSpec = TypeSpec::values("unicodedata", "UCD", 1, METHODS, "");

pub(crate) fn init(py: Py<'_>, module: Object) -> R<()> {
    let d = py.module_dict(module);
    let class = py.native_type(&UCD)?;
    class::add_flags(class, class::flag::NO_INSTANCES);
    py.dict_set_text(d, "UCD", class.value())?;
    py.dict_set_text(d, "ucd_3_2_0", py.new_native(&UCD)?.value())?;
    py.dict_set_text(d, "unidata_version", py.str("15.0.0")?)?;
    py.add_functions(module, FUNCTIONS)
}

/// The one character of an argument. `position`: whether messages say which argument it is.
fn character(py: Py<'_>, args: Args<'_>, function: &str, position: bool) -> R<u32> {
    match string::exact_or_payload(py, args.at(0)).filter(|s| string::length(*s) == 1) {
        Some(s) => Ok(string::at(s, 0)),
        None => {
            let (which, class) = (if position { " 1" } else { "" }, py.class_name(args.at(0)));
            py.type_error(&format!("{function}() argument{which} must be a unicode character, not {class}"))
        }
    }
}
/// A value, else the default or ValueError.
fn or_default(py: Py<'_>, v: Option<Value>, args: Args<'_>, message: &str) -> R {
    match v.or(args.opt(1)) {
        Some(v) => Ok(v),
        None => py.value_error(message),
    }
}
fn bidirectional(py: Py<'_>, version: Version, args: Args<'_>) -> R {
    py.str(database::bidirectional(version, character(py, args, "bidirectional", false)?))
}
fn category(py: Py<'_>, version: Version, args: Args<'_>) -> R {
    py.str(database::category(version, character(py, args, "category", false)?))
}
fn combining(py: Py<'_>, version: Version, args: Args<'_>) -> R {
    py.int(database::combining(version, character(py, args, "combining", false)?).into())
}
fn east_asian_width(py: Py<'_>, version: Version, args: Args<'_>) -> R {
    py.str(database::east_asian_width(version, character(py, args, "east_asian_width", false)?))
}
fn mirrored(py: Py<'_>, version: Version, args: Args<'_>) -> R {
    py.int(database::mirrored(version, character(py, args, "mirrored", false)?).into())
}
fn decimal(py: Py<'_>, version: Version, args: Args<'_>) -> R {
    let point = character(py, args, "decimal", true)?;
    or_default(py, database::decimal(version, point).map(|n| Value::int(n.into())), args, "not a decimal")
}
fn digit(py: Py<'_>, _: Version, args: Args<'_>) -> R {
    let point = character(py, args, "digit", true)?;
    or_default(py, database::digit(point).map(|n| Value::int(n.into())), args, "not a digit")
}
fn numeric(py: Py<'_>, version: Version, args: Args<'_>) -> R {
    let point = character(py, args, "numeric", true)?;
    or_default(py, database::numeric(version, point).map(Value::float), args, "not a numeric character")
}
fn decomposition(py: Py<'_>, version: Version, args: Args<'_>) -> R {
    let point = character(py, args, "decomposition", false)?;
    let Some((kind, parts)) = database::decomposition(version, point) else { return py.str("") };
    let mut texts: Vec<String> = parts.iter().map(|part| format!("{part:04X}")).collect();
    if kind != 0 {
        texts.insert(0, format!("<{}>", database::tag(kind)));
    }
    py.str(&texts.join(" "))
}
fn name(py: Py<'_>, version: Version, args: Args<'_>) -> R {
    let point = character(py, args, "name", true)?;
    let name = database::name(version, point).map(|name| py.str(&name)).transpose()?;
    or_default(py, name, args, "no such name")
}
/// Longer than any name.
const LONGEST: usize = 256;

fn lookup(py: Py<'_>, version: Version, args: Args<'_>) -> R {
    let name = match string::exact_or_payload(py, args.at(0)) {
        Some(s) => string::to_rust(s),
        None => match py.content_of(args.at(0)) {
            Some(content) => String::from_utf8_lossy(&content).into_owned(),
            None => {
                let class = py.class_name(args.at(0));
                return py.type_error(&format!("a bytes-like object is required, not '{class}'"));
            }
        },
    };
    if name.len() > LONGEST {
        return Err(py.error(Exc::KeyError, "name too long"));
    }
    match database::character(version, &name) {
        Some(point) => py.character(point).map(Object::value),
        None => Err(py.error(Exc::KeyError, &format!("undefined character name '{name}'"))),
    }
}
/// Form and string.
fn form_and_text(py: Py<'_>, args: Args<'_>, function: &str) -> R<(Form, Object)> {
    let text = |i: usize| match string::exact_or_payload(py, args.at(i)) {
        Some(s) => Ok(s),
        None => {
            py.type_error(&format!("{function}() argument {} must be str, not {}", i + 1, py.class_name(args.at(i))))
        }
    };
    let (form, s) = (text(0)?, text(1)?);
    let form = match string::to_rust(form).as_str() {
        "NFC" => Form { composed: true, compatible: false },
        "NFKC" => Form { composed: true, compatible: true },
        "NFD" => Form { composed: false, compatible: false },
        "NFKD" => Form { composed: false, compatible: true },
        // An empty string is itself in whatever form.
        _ if function == "normalize" && string::length(s) == 0 => Form { composed: true, compatible: false },
        _ => return py.value_error("invalid normalization form"),
    };
    Ok((form, s))
}
/// The normal form; `None`: the string itself is in it.
fn changed(py: Py<'_>, version: Version, form: Form, s: Object) -> R<Option<Vec<u32>>> {
    if string::most(s) < 128 {
        return Ok(None);
    }
    let pairs = py.state().data::<HashMap<(u32, u32), u32>>("unicodedata", database::compositions);
    let made = normalize::normalize(version, form, string::code_points(s), &pairs, &mut py.work());
    let made = made.map_err(|e| py.interrupted(e))?;
    let same = made.len() == string::length(s) && made.iter().copied().eq(string::code_points(s));
    Ok((!same).then_some(made))
}
fn normalized(py: Py<'_>, version: Version, args: Args<'_>) -> R {
    let (form, s) = form_and_text(py, args, "normalize")?;
    match changed(py, version, form, s)? {
        Some(made) => py.str_from_code_points(&made).map(Object::value),
        None => Ok(s.value()),
    }
}
fn is_normalized(py: Py<'_>, version: Version, args: Args<'_>) -> R {
    let (form, s) = form_and_text(py, args, "is_normalized")?;
    Ok(Value::bool(changed(py, version, form, s)?.is_none()))
}
