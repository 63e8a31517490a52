//! `str`: `translate` and `maketrans`.

use super::{text_argument, this};
use python_objects::{Args, Exc, Native, Object, Py, R, Value, dict, int, string};

pub(super) static METHODS: &[Native] = &[
    Native::method(
        "translate",
        "self, table, /",
        translate,
        "A copy with each character replaced by what the table has for its number.",
    ),
    Native::static_method("maketrans", "x, y=None, z=None, /", make_table, "A translation table for str.translate()."),
];

/// What a table says for a character.
enum Mapped {
    Same,
    Nothing,
    Character(u32),
    Text(Object),
}

fn look_up(py: Py<'_>, table: Value, c: u32) -> R<Mapped> {
    let key = Value::int(i64::from(c));
    let found = match Object::from_value(table).filter(|d| d.shape() == python_objects::kind::shape::DICT) {
        Some(d) => py.dict_get(d, key)?,
        None => {
            let r = py.get_item(table, key);
            py.caught(r, Exc::LookupError)?
        }
    };
    let Some(v) = found else { return Ok(Mapped::Same) };
    if v == Value::NONE {
        return Ok(Mapped::Nothing);
    }
    if let Some(i) = py.as_int(v) {
        return match int::to_i64(i).and_then(|i| u32::try_from(i).ok()).filter(|c| *c < 0x11_0000) {
            Some(c) => Ok(Mapped::Character(c)),
            None => py.value_error("character mapping must be in range(0x110000)"),
        };
    }
    match string::exact_or_payload(py, v) {
        Some(s) => Ok(Mapped::Text(s)),
        None => py.type_error("character mapping must return integer, None or str"),
    }
}

fn translate(py: Py<'_>, args: Args<'_>) -> R {
    let (s, table) = (this(py, args)?, args.at(1));
    let mut out = py.text_builder();
    let units = string::units(s);
    for (i, c) in units.points().enumerate() {
        match look_up(py, table, c)? {
            Mapped::Same => out.push(c),
            Mapped::Nothing => {}
            Mapped::Character(c) => out.push(c),
            Mapped::Text(s) => out.push_units(string::units(s)),
        }
        if i & 0xFFF == 0xFFF {
            py.poll()?;
        }
    }
    Ok(py.finish_text(out)?.value())
}

fn make_table(py: Py<'_>, args: Args<'_>) -> R {
    let table = py.new_dict()?;
    let Some(y) = args.opt(1) else {
        let Some(d) = py.as_dict(args.at(0)).filter(|d| d.shape() == python_objects::kind::shape::DICT) else {
            return py.type_error("if you give only one argument to maketrans it must be a dict");
        };
        let mut i = 0;
        while let Some((at, key, value)) = dict::next_entry(d, i) {
            i = at + 1;
            let key = match string::exact_or_payload(py, key) {
                Some(s) if string::length(s) == 1 => Value::int(i64::from(string::at(s, 0))),
                Some(_) => return py.value_error("string keys in translate table must be of length 1"),
                None if py.as_int(key).is_some() => key,
                None => return py.type_error("keys in translate table must be strings or integers"),
            };
            py.dict_set(table, key, value)?;
        }
        return Ok(table.value());
    };
    let Some(from) = string::exact_or_payload(py, args.at(0)) else {
        return py.type_error("first maketrans argument must be a string if there is a second argument");
    };
    let to = text_argument(py, y, "maketrans() argument 2")?;
    let deleted = match args.opt(2) {
        Some(v) => Some(text_argument(py, v, "maketrans() argument 3")?),
        None => None,
    };
    if string::length(from) != string::length(to) {
        return py.value_error("the first two maketrans arguments must have equal length");
    }
    for (c, d) in string::code_points(from).zip(string::code_points(to)) {
        py.dict_set(table, Value::int(i64::from(c)), Value::int(i64::from(d)))?;
    }
    if let Some(deleted) = deleted {
        for c in string::code_points(deleted) {
            py.dict_set(table, Value::int(i64::from(c)), Value::NONE)?;
        }
    }
    Ok(table.value())
}
