//! The scanner: values from text, in one pass over its units.

use super::numbers::{extent, float_of, int_of};
use super::string_argument;
use super::strings::{Scanned, Wrong, scan};
use python_objects::kind::class;
use python_objects::string::{self, Units};
use python_objects::{Args, Native, Object, Py, R, Stop, TypeSpec, Value, dict};
use python_text::Unit;

pub(super) static SCANNER: TypeSpec =
    TypeSpec::values("_json", "Scanner", 6, METHODS, "A callable that reads the JSON value at an index of a string.");
mod word {
    pub(super) const STRICT: usize = 1;
    pub(super) const OBJECT_HOOK: usize = 2;
    pub(super) const OBJECT_PAIRS_HOOK: usize = 3;
    pub(super) const PARSE_FLOAT: usize = 4;
    pub(super) const PARSE_INT: usize = 5;
    pub(super) const PARSE_CONSTANT: usize = 6;
}
/// In the order in which they are asked for.
const OPTIONS: [(&str, usize); 6] = [
    ("strict", word::STRICT),
    ("object_hook", word::OBJECT_HOOK),
    ("object_pairs_hook", word::OBJECT_PAIRS_HOOK),
    ("parse_float", word::PARSE_FLOAT),
    ("parse_int", word::PARSE_INT),
    ("parse_constant", word::PARSE_CONSTANT),
];
static METHODS: &[Native] = &[
    Native::static_method("__new__", "cls, /, context", new, "Create and return a new object."),
    Native::wrapper("__call__", "self, /, string, idx", call, "Call self as a function."),
    Native::member("strict", |py, args| field(py, args, word::STRICT), "May strings contain no control characters?"),
    Native::member("object_hook", |py, args| field(py, args, word::OBJECT_HOOK), ""),
    Native::member("object_pairs_hook", |py, args| field(py, args, word::OBJECT_PAIRS_HOOK), ""),
    Native::member("parse_float", |py, args| field(py, args, word::PARSE_FLOAT), ""),
    Native::member("parse_int", |py, args| field(py, args, word::PARSE_INT), ""),
    Native::member("parse_constant", |py, args| field(py, args, word::PARSE_CONSTANT), ""),
];

fn field(py: Py<'_>, args: Args<'_>, word: usize) -> R {
    Ok(py.native_self(args.at(0), &SCANNER)?.get(word))
}
fn new(py: Py<'_>, args: Args<'_>) -> R {
    let context = args.at(1);
    let mut found = [Value::EMPTY; OPTIONS.len()];
    for ((name, word), v) in OPTIONS.iter().zip(&mut found) {
        *v = py.get_attribute_text(context, name)?;
        if *word == word::STRICT {
            *v = Value::bool(py.truth(*v)?);
        }
    }
    let o = py.new_native_of(args.at(0), &SCANNER)?;
    for ((_, word), v) in OPTIONS.iter().zip(found) {
        o.init(*word, v);
    }
    Ok(o.value())
}
fn call(py: Py<'_>, args: Args<'_>) -> R {
    let o = py.native_self(args.at(0), &SCANNER)?;
    let text = string_argument(py, args.at(1))?;
    let start = py.index_i64(args.at(2))?;
    let Ok(start) = usize::try_from(start) else { return py.value_error("idx cannot be negative") };
    let (v, end) = match string::units(text) {
        Units::One(u) => Scan::new(py, o, text, u).value(start)?,
        Units::Two(u) => Scan::new(py, o, text, u).value(start)?,
        Units::Four(u) => Scan::new(py, o, text, u).value(start)?,
    };
    py.tuple(&[v, py.int_usize(end)?])
}

pub(super) fn scanstring(py: Py<'_>, args: Args<'_>) -> R {
    let end = py.index_i64(args.at(1))?;
    let strict = args.opt(2).map_or(Ok(true), |v| py.truth(v))?;
    let text = string_argument(py, args.at(0))?;
    let Some(start) = usize::try_from(end).ok().filter(|start| *start <= string::length(text)) else {
        return py.value_error("end is out of bounds");
    };
    let (s, end) = match string::units(text) {
        Units::One(u) => read_string(py, text, u, start, strict)?,
        Units::Two(u) => read_string(py, text, u, start, strict)?,
        Units::Four(u) => read_string(py, text, u, start, strict)?,
    };
    py.tuple(&[s.value(), py.int_usize(end)?])
}
/// The string whose first character is at `start`, and the index behind its quote.
fn read_string<U: Unit>(py: Py<'_>, whole: Object, text: &[U], start: usize, strict: bool) -> R<(Object, usize)> {
    match scan(py, text, start, strict)? {
        Scanned::Plain(end) => Ok((py.str_from_units(U::wrap(&text[start..end]))?, end + 1)),
        Scanned::Built(s, end) => Ok((s, end)),
        Scanned::Wrong(wrong) => Err(wrong_string(py, whole, start, &wrong)),
    }
}
#[cold]
fn wrong_string(py: Py<'_>, whole: Object, start: usize, wrong: &Wrong) -> Stop {
    match *wrong {
        Wrong::Unterminated => decode_error(py, "Unterminated string starting at", whole, start as i64 - 1),
        Wrong::Control(at) => decode_error(py, "Invalid control character at", whole, at as i64),
        Wrong::Escape(at) => decode_error(py, "Invalid \\escape", whole, at as i64),
        Wrong::Number(at) => decode_error(py, "Invalid \\uXXXX escape", whole, at as i64),
    }
}
/// Raises `json.decoder.JSONDecodeError`.
#[cold]
fn decode_error(py: Py<'_>, message: &str, whole: Object, at: i64) -> Stop {
    let error = || {
        let decoder = stdlib_core::import_module(py, "json.decoder")?;
        let class = py.get_attribute_text(decoder.value(), "JSONDecodeError")?;
        py.make_exception(py.call(class, &[py.str(message)?, whole.value(), py.int(at)?])?)
    };
    match error() {
        Ok(e) => py.throw(e),
        Err(stop) => stop,
    }
}

/// Keys that were met lately, by a hash of their units.
const RECENT: usize = 64;
/// Longer keys are not looked for among them.
const MOST_UNITS: usize = 32;

struct Scan<'a, 't, U> {
    py: Py<'t>,
    whole: Object,
    text: &'a [U],
    strict: bool,
    /// What is called with the parts of objects; EMPTY if nothing.
    object_hook: Value,
    object_pairs_hook: Value,
    /// What is called with the texts of numbers; EMPTY for `float` and `int` themselves.
    parse_float: Value,
    parse_int: Value,
    parse_constant: Value,
    /// The keys so far, each as key and value, so that equal ones are one string; made for the first object.
    keys: Option<(Object, Object)>,
}

impl<'a, 't, U: Unit> Scan<'a, 't, U> {
    fn new(py: Py<'t>, o: Object, whole: Object, text: &'a [U]) -> Self {
        let unless = |word: usize, plain: Value| Some(o.get(word)).filter(|v| *v != plain).unwrap_or(Value::EMPTY);
        Scan {
            py,
            whole,
            text,
            strict: o.get(word::STRICT) == Value::TRUE,
            object_hook: unless(word::OBJECT_HOOK, Value::NONE),
            object_pairs_hook: unless(word::OBJECT_PAIRS_HOOK, Value::NONE),
            parse_float: unless(word::PARSE_FLOAT, py.root(class::FLOAT)),
            parse_int: unless(word::PARSE_INT, py.root(class::INT)),
            parse_constant: o.get(word::PARSE_CONSTANT),
            keys: None,
        }
    }
    #[inline(always)]
    fn is(&self, at: usize, c: u8) -> bool {
        self.text.get(at).is_some_and(|u| u.point() == u32::from(c))
    }
    fn is_word(&self, at: usize, word: &[u8]) -> bool {
        self.text
            .get(at..at + word.len())
            .is_some_and(|text| text.iter().zip(word).all(|(u, c)| u.point() == u32::from(*c)))
    }
    /// The index of what follows white space.
    #[inline]
    fn skip_space(&self, mut at: usize) -> R<usize> {
        while self.text.get(at).is_some_and(|u| matches!(u.point(), 0x20 | 0x09 | 0x0A | 0x0D)) {
            at += 1;
            if at & 0xFFFF == 0 {
                self.py.check_interrupt()?;
            }
        }
        Ok(at)
    }
    #[cold]
    fn wrong<T>(&self, message: &str, at: usize) -> R<T> {
        Err(decode_error(self.py, message, self.whole, at as i64))
    }
    /// Says that no value begins there: `StopIteration` with the index.
    #[cold]
    fn no_value<T>(&self, at: usize) -> R<T> {
        Err(self.py.stop_iteration(self.py.int_usize(at)?))
    }

    /// The value at an index, and the index behind it.
    fn value(&mut self, at: usize) -> R<(Value, usize)> {
        let Some(c) = self.text.get(at) else { return self.no_value(at) };
        match u8::try_from(c.point()).unwrap_or(0) {
            b'"' => {
                let (s, end) = read_string(self.py, self.whole, self.text, at + 1, self.strict)?;
                return Ok((s.value(), end));
            }
            b'{' => return self.object(at + 1),
            b'[' => return self.array(at + 1),
            b'n' if self.is_word(at, b"null") => return Ok((Value::NONE, at + 4)),
            b't' if self.is_word(at, b"true") => return Ok((Value::TRUE, at + 4)),
            b'f' if self.is_word(at, b"false") => return Ok((Value::FALSE, at + 5)),
            b'N' if self.is_word(at, b"NaN") => return self.constant(at, 3),
            b'I' if self.is_word(at, b"Infinity") => return self.constant(at, 8),
            b'-' if self.is_word(at, b"-Infinity") => return self.constant(at, 9),
            _ => {}
        }
        match extent(self.py, self.text, at)? {
            None => self.no_value(at),
            Some(number) => {
                let text = &self.text[at..number.end];
                let callee = if number.is_float { self.parse_float } else { self.parse_int };
                let v = if !callee.is_empty() {
                    self.py.call(callee, &[self.py.str_from_units(U::wrap(text))?.value()])?
                } else if number.is_float {
                    float_of(self.py, text)?
                } else {
                    int_of(self.py, text)?
                };
                Ok((v, number.end))
            }
        }
    }
    fn constant(&self, at: usize, length: usize) -> R<(Value, usize)> {
        let name = self.py.substring(self.whole, at, at + length)?;
        Ok((self.py.call(self.parse_constant, &[name.value()])?, at + length))
    }
    /// The list whose bracket is before the index.
    fn array(&mut self, at: usize) -> R<(Value, usize)> {
        let _nesting = self.py.descend(" while decoding a JSON array from a unicode string")?;
        let list = self.py.new_list(0)?;
        let mut at = self.skip_space(at)?;
        if self.is(at, b']') {
            return Ok((list.value(), at + 1));
        }
        loop {
            let (v, end) = self.value(at)?;
            self.py.list_push(list, v)?;
            at = self.skip_space(end)?;
            if self.is(at, b']') {
                return Ok((list.value(), at + 1));
            }
            if !self.is(at, b',') {
                return self.wrong("Expecting ',' delimiter", at);
            }
            at = self.skip_space(at + 1)?;
            self.py.poll()?;
        }
    }
    /// The object whose bracket is before the index.
    fn object(&mut self, at: usize) -> R<(Value, usize)> {
        let _nesting = self.py.descend(" while decoding a JSON object from a unicode string")?;
        let py = self.py;
        let as_pairs = !self.object_pairs_hook.is_empty();
        let into = if as_pairs { py.new_list(0)? } else { py.new_dict()? };
        let mut at = self.skip_space(at)?;
        let mut is_end = self.is(at, b'}');
        while !is_end {
            if !self.is(at, b'"') {
                return self.wrong("Expecting property name enclosed in double quotes", at);
            }
            let (key, end) = self.key(at + 1)?;
            at = self.skip_space(end)?;
            if !self.is(at, b':') {
                return self.wrong("Expecting ':' delimiter", at);
            }
            at = self.skip_space(at + 1)?;
            let (v, end) = self.value(at)?;
            if as_pairs {
                py.list_push(into, py.tuple(&[key.value(), v])?)?;
            } else {
                py.dict_set_str(into, key, v)?;
            }
            at = self.skip_space(end)?;
            is_end = self.is(at, b'}');
            if !is_end {
                if !self.is(at, b',') {
                    return self.wrong("Expecting ',' delimiter", at);
                }
                at = self.skip_space(at + 1)?;
                py.poll()?;
            }
        }
        let hook = if as_pairs { self.object_pairs_hook } else { self.object_hook };
        let v = if hook.is_empty() { into.value() } else { py.call(hook, &[into.value()])? };
        Ok((v, at + 1))
    }
    /// A key: the same string for the same text.
    fn key(&mut self, start: usize) -> R<(Object, usize)> {
        let py = self.py;
        let (recent, all) = match self.keys {
            Some(keys) => keys,
            None => *self.keys.insert((py.new_array(RECENT)?, py.new_dict()?)),
        };
        let (key, end) = match scan(py, self.text, start, self.strict)? {
            Scanned::Wrong(wrong) => return Err(wrong_string(py, self.whole, start, &wrong)),
            Scanned::Built(key, end) => (known(py, all, key)?, end),
            Scanned::Plain(end) => {
                let units = &self.text[start..end];
                if units.len() > MOST_UNITS {
                    let key = py.str_from_units(U::wrap(units))?;
                    return Ok((known(py, all, key)?, end + 1));
                }
                let hash = units.iter().fold(units.len() as u32, |h, u| (h ^ u.point()).wrapping_mul(0x0100_0193));
                let place = (hash ^ hash >> 16) as usize % RECENT;
                let met = Object::from_value(recent.element(place));
                let key = match met.filter(|key| string::units(*key).equals(U::wrap(units))) {
                    Some(key) => key,
                    None => {
                        let key = known(py, all, py.str_from_units(U::wrap(units))?)?;
                        py.heap().store_element(recent, place, key.value());
                        key
                    }
                };
                (key, end + 1)
            }
        };
        Ok((key, end))
    }
}
/// The string among those so far that is equal; else this one, from now on.
fn known(py: Py<'_>, all: Object, key: Object) -> R<Object> {
    if let Some(v) = dict::get_str(py, all, key) {
        return Ok(Object::of(v));
    }
    py.dict_set_str(all, key, key.value())?;
    Ok(key)
}
