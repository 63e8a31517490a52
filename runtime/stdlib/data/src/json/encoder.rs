//! The encoder: values as text, collected in one buffer.

use super::own_form;
use super::strings::{Form, push_quoted};
use python_algorithms::timsort;
use python_numbers::{bigint, float};
use python_objects::symbol::sym;
use python_objects::{Args, Exc, Kind, Native, Object, Py, R, TypeSpec, Value, dict, int, list, string};
use python_text::TextBuilder;
use std::cell::Cell;

pub(super) static ENCODER: TypeSpec =
    TypeSpec::values("_json", "Encoder", 9, METHODS, "A callable that gives the JSON text of an object, in a tuple.");
mod word {
    pub(super) const MARKERS: usize = 1;
    pub(super) const DEFAULT: usize = 2;
    pub(super) const ENCODER: usize = 3;
    pub(super) const INDENT: usize = 4;
    pub(super) const KEY_SEPARATOR: usize = 5;
    pub(super) const ITEM_SEPARATOR: usize = 6;
    pub(super) const SORT_KEYS: usize = 7;
    pub(super) const SKIPKEYS: usize = 8;
    pub(super) const ALLOW_NAN: usize = 9;
}
static METHODS: &[Native] = &[
    Native::static_method(
        "__new__",
        "cls, /, markers, default, encoder, indent, key_separator, item_separator, sort_keys, skipkeys, allow_nan",
        new,
        "Create and return a new object.",
    ),
    Native::wrapper("__call__", "self, /, obj, _current_indent_level", call, "Call self as a function."),
    Native::member("markers", |py, args| field(py, args, word::MARKERS), ""),
    Native::member("default", |py, args| field(py, args, word::DEFAULT), ""),
    Native::member("encoder", |py, args| field(py, args, word::ENCODER), ""),
    Native::member("indent", |py, args| field(py, args, word::INDENT), ""),
    Native::member("key_separator", |py, args| field(py, args, word::KEY_SEPARATOR), ""),
    Native::member("item_separator", |py, args| field(py, args, word::ITEM_SEPARATOR), ""),
    Native::member("sort_keys", |py, args| field(py, args, word::SORT_KEYS), ""),
    Native::member("skipkeys", |py, args| field(py, args, word::SKIPKEYS), ""),
];

fn field(py: Py<'_>, args: Args<'_>, word: usize) -> R {
    Ok(py.native_self(args.at(0), &ENCODER)?.get(word))
}
fn new(py: Py<'_>, args: Args<'_>) -> R {
    let argument = |word: usize| args.at(word);
    let markers = argument(word::MARKERS);
    let mut truths = [Value::FALSE; 3];
    for (word, name) in [(word::KEY_SEPARATOR, "5"), (word::ITEM_SEPARATOR, "6")] {
        if string::exact_or_payload(py, argument(word)).is_none() {
            let class = named_class(py, argument(word));
            return py.type_error(&format!("make_encoder() argument {name} must be str, not {class}"));
        }
    }
    for (word, truth) in [word::SORT_KEYS, word::SKIPKEYS, word::ALLOW_NAN].into_iter().zip(&mut truths) {
        *truth = Value::bool(py.truth(argument(word))?);
    }
    if markers != Value::NONE && py.as_dict(markers).is_none() {
        let class = py.class_name(markers);
        return py.type_error(&format!("make_encoder() argument 1 must be dict or None, not {class}"));
    }
    let o = py.new_native_of(args.at(0), &ENCODER)?;
    for word in word::MARKERS..=word::ITEM_SEPARATOR {
        o.init(word, argument(word));
    }
    for (i, truth) in truths.into_iter().enumerate() {
        o.init(word::SORT_KEYS + i, truth);
    }
    Ok(o.value())
}
/// A value's class for messages about arguments, which say None for what None is of.
fn named_class(py: Py<'_>, v: Value) -> String {
    if v == Value::NONE { "None".to_owned() } else { py.class_name(v) }
}
fn call(py: Py<'_>, args: Args<'_>) -> R {
    let o = py.native_self(args.at(0), &ENCODER)?;
    py.index_i64(args.at(2))?;
    let text = |word: usize| string::exact_or_payload(py, o.get(word));
    let (Some(key_separator), Some(item_separator)) = (text(word::KEY_SEPARATOR), text(word::ITEM_SEPARATOR)) else {
        unreachable!("they were checked when the encoder was made")
    };
    let mut encode = Encode {
        py,
        out: py.text_builder(),
        markers: py.as_dict(o.get(word::MARKERS)),
        default: o.get(word::DEFAULT),
        form: own_form(py, o.get(word::ENCODER)),
        encoder: o.get(word::ENCODER),
        key_separator,
        item_separator,
        sort_keys: o.get(word::SORT_KEYS) == Value::TRUE,
        skipkeys: o.get(word::SKIPKEYS) == Value::TRUE,
        allow_nan: o.get(word::ALLOW_NAN) == Value::TRUE,
    };
    encode.value(args.at(1), None)?;
    let text = py.finish_text(encode.out)?;
    py.tuple(&[text.value()])
}

/// What is being encoded around a value, from the inside outwards. It stands on the native stack, which keeps the values where
/// they are.
struct Around<'a> {
    value: Value,
    depth: usize,
    outer: Option<&'a Around<'a>>,
}
/// So deep, cycles are looked for among what is around; deeper, in the dictionary of markers, too. That one wants the
/// identities of objects, which cost more than they are worth in what is as flat as usual.
const MOST_COMPARED: usize = 64;

struct Encode<'t> {
    py: Py<'t>,
    out: TextBuilder<'t>,
    /// The dictionary by which cycles are found; without it nobody looks.
    markers: Option<Object>,
    default: Value,
    /// How strings are written, if it is by this module's functions.
    form: Option<Form>,
    encoder: Value,
    key_separator: Object,
    item_separator: Object,
    sort_keys: bool,
    skipkeys: bool,
    allow_nan: bool,
}

impl Encode<'_> {
    fn value(&mut self, v: Value, around: Option<&Around<'_>>) -> R<()> {
        let py = self.py;
        match py.kind(v) {
            Kind::NONE => self.out.push_str("null"),
            Kind::BOOL => self.out.push_str(if v == Value::TRUE { "true" } else { "false" }),
            Kind::STR => return self.string(v),
            Kind::INT => return self.int(v),
            Kind::FLOAT => {
                let text = self.float(v)?;
                self.out.push_str(&text);
            }
            Kind::LIST | Kind::TUPLE => return self.array(v, around),
            Kind::DICT => return self.object(v, around),
            _ => return self.other(v, around),
        }
        Ok(())
    }
    fn string(&mut self, v: Value) -> R<()> {
        let form = self.form.zip(string::exact_or_payload(self.py, v));
        if let Some((form, s)) = form {
            push_quoted(s, form, &mut self.out);
            return Ok(());
        }
        let made = self.py.call(self.encoder, &[v])?;
        let Some(s) = string::exact_or_payload(self.py, made) else {
            let class = self.py.class_name(made);
            return self.py.type_error(&format!("encoder() must return a string, not {class}"));
        };
        self.out.push_units(string::units(s));
        Ok(())
    }
    /// `int.__repr__`
    fn int_text(&self, v: Value) -> R<String> {
        let (py, limit) = (self.py, self.py.digits_limit());
        let i = py.as_int(v).unwrap_or(v);
        int::with_operand(i, |i| bigint::to_decimal(i, limit, py.poller())).map_err(|e| py.int_error(e))
    }
    fn int(&mut self, v: Value) -> R<()> {
        if !v.is_int() {
            let text = self.int_text(v)?;
            self.out.push_str(&text);
            return Ok(());
        }
        self.out.push_integer(v.as_int());
        Ok(())
    }
    /// `float.__repr__`, with other names for what is not finite.
    fn float(&self, v: Value) -> R<String> {
        let f = self.py.as_float(v).unwrap_or(0.0);
        if f.is_finite() {
            return Ok(float::repr(f));
        }
        if !self.allow_nan {
            let repr = self.py.repr(v)?;
            return Err(self.py.error_quoting(
                Exc::ValueError,
                "Out of range float values are not JSON compliant: ",
                repr,
                "",
            ));
        }
        let name = if f.is_nan() {
            "NaN"
        } else if f > 0.0 {
            "Infinity"
        } else {
            "-Infinity"
        };
        Ok(name.to_owned())
    }
    fn separator(&mut self, separator: Object) {
        self.out.push_units(string::units(separator));
    }
    /// Between items: stops what is to stop.
    fn go_on(&self) -> R<()> {
        if let Some(reason) = self.out.refusal() {
            return Err(self.py.refused(reason));
        }
        self.py.poll()
    }

    /// Runs `f` within a value. ValueError if that is around already.
    fn within(
        &mut self,
        v: Value,
        around: Option<&Around<'_>>,
        f: impl FnOnce(&mut Self, Option<&Around<'_>>) -> R<()>,
    ) -> R<()> {
        let py = self.py;
        let _nesting = py.descend(" while encoding a JSON object")?;
        let Some(markers) = self.markers else { return f(self, None) };
        let mut outer = around;
        while let Some(one) = outer {
            if one.value == v {
                return py.value_error("Circular reference detected");
            }
            outer = one.outer;
        }
        let depth = around.map_or(0, |around| around.depth + 1);
        if depth < MOST_COMPARED && dict::length(markers) == 0 {
            let result = f(self, Some(&Around { value: v, depth, outer: around }));
            if result.is_err() {
                // As if it had been there all the time; the exception that is pending says more than a failure here.
                let _ = py.int_u64(py.identity(v)).and_then(|mark| py.dict_set(markers, mark, v));
            }
            return result;
        }
        let mark = py.int_u64(py.identity(v))?;
        if py.dict_get(markers, mark)?.is_some() {
            return py.value_error("Circular reference detected");
        }
        py.dict_set(markers, mark, v)?;
        f(self, around)?;
        py.dict_remove(markers, mark)?;
        Ok(())
    }
    fn array(&mut self, v: Value, around: Option<&Around<'_>>) -> R<()> {
        let tuple = self.py.as_tuple(v);
        let length = || tuple.map_or_else(|| list::length(Object::of(v)), Object::length);
        if length() == 0 {
            self.out.push_str("[]");
            return Ok(());
        }
        self.within(v, around, |this, around| {
            this.out.push(u32::from(b'['));
            let mut i = 0;
            while i < length() {
                if i > 0 {
                    this.separator(this.item_separator);
                }
                let item = tuple.map_or_else(|| list::item(Object::of(v), i), |t| t.element(i));
                this.value(item, around)?;
                this.go_on()?;
                i += 1;
            }
            this.out.push(u32::from(b']'));
            Ok(())
        })
    }
    fn object(&mut self, v: Value, around: Option<&Around<'_>>) -> R<()> {
        let d = Object::of(v);
        if dict::length(d) == 0 {
            self.out.push_str("{}");
            return Ok(());
        }
        self.within(v, around, |this, around| {
            this.out.push(u32::from(b'{'));
            let is_first = &mut true;
            if d.shape() == python_objects::kind::shape::DICT {
                this.entries(d, around, is_first)?;
            } else {
                let items = this.items_of(v)?;
                if this.sort_keys {
                    this.py.call_method(items.value(), sym::SORT, &[])?;
                }
                this.pairs(items, around, is_first)?;
            }
            this.out.push(u32::from(b'}'));
            Ok(())
        })
    }
    /// The list of what `items()` of a subclass says.
    fn items_of(&self, v: Value) -> R<Object> {
        let py = self.py;
        let items = py.call_method(v, sym::ITEMS, &[])?;
        if !py.is_iterable(items) {
            let (class, given) = (py.class_name(v), py.class_name(items));
            return py.type_error(&format!("{class}.items() returned a non-iterable (type {given})"));
        }
        py.list_from(items)
    }
    fn pairs(&mut self, items: Object, around: Option<&Around<'_>>, is_first: &mut bool) -> R<()> {
        let mut i = 0;
        while let Some(pair) = list::get(items, i) {
            let Some(pair) = self.py.as_tuple(pair).filter(|pair| pair.length() == 2) else {
                return self.py.value_error("items must return 2-tuples");
            };
            self.entry(pair.element(0), pair.element(1), around, is_first)?;
            i += 1;
        }
        Ok(())
    }
    /// The entries of a dictionary: as they come, although what runs meanwhile may change them; or sorted as they are now.
    fn entries(&mut self, d: Object, around: Option<&Around<'_>>, is_first: &mut bool) -> R<()> {
        let py = self.py;
        if !self.sort_keys {
            let mut i = 0;
            while let Some((at, key, v)) = dict::next_entry(d, i) {
                self.entry(key, v, around, is_first)?;
                i = at + 1;
            }
            return Ok(());
        }
        let words = 2 * dict::fill(d);
        let entries = py.new_array(words)?;
        py.copy_elements(Object::of(dict::storage(d)), 0, entries, 0, words)?;
        let is_exact = |i: usize| Object::from_value(entries.element(i)).is_some_and(string::is_exact);
        let live = || (0..words).step_by(2).filter(|i| !entries.element(*i).is_empty());
        if live().all(is_exact) {
            for i in sorted(py, entries, live().map(|i| Cell::new(i as u32)).collect())? {
                let i = i.get() as usize;
                self.entry(entries.element(i), entries.element(i + 1), around, is_first)?;
            }
            return Ok(());
        }
        let items = py.new_list(words / 2)?;
        for i in live() {
            py.list_push(items, py.tuple(&[entries.element(i), entries.element(i + 1)])?)?;
        }
        py.call_method(items.value(), sym::SORT, &[])?;
        self.pairs(items, around, is_first)
    }
    fn entry(&mut self, key: Value, v: Value, around: Option<&Around<'_>>, is_first: &mut bool) -> R<()> {
        let py = self.py;
        let text = match py.kind(key) {
            Kind::STR => None,
            Kind::FLOAT => Some(self.float(key)?),
            Kind::BOOL => Some(if key == Value::TRUE { "true" } else { "false" }.to_owned()),
            Kind::NONE => Some("null".to_owned()),
            Kind::INT => Some(self.int_text(key)?),
            _ if self.skipkeys => return Ok(()),
            _ => {
                let class = py.class_name(key);
                return py.type_error(&format!("keys must be str, int, float, bool or None, not {class}"));
            }
        };
        if !std::mem::take(is_first) {
            self.separator(self.item_separator);
        }
        self.string(text.map_or(Ok(key), |text| py.str(&text))?)?;
        self.separator(self.key_separator);
        self.value(v, around)?;
        self.go_on()
    }
    /// What JSON has nothing for, by what the program says of it.
    fn other(&mut self, v: Value, around: Option<&Around<'_>>) -> R<()> {
        self.within(v, around, |this, around| {
            let instead = this.py.call(this.default, &[v])?;
            this.value(instead, around)
        })
    }
}

/// The indices of keys that are strings, sorted by these.
fn sorted(py: Py<'_>, entries: Object, indices: Vec<Cell<u32>>) -> R<Vec<Cell<u32>>> {
    let scratch = vec![Cell::new(0); timsort::scratch_len(indices.len())];
    let compared = Cell::new(0_u32);
    timsort::sort(&indices, &scratch, |a: u32, b: u32| {
        compared.set(compared.get().wrapping_add(1));
        if compared.get().is_multiple_of(4096) {
            py.poll()?;
        }
        let (a, b) = (Object::of(entries.element(a as usize)), Object::of(entries.element(b as usize)));
        Ok(string::compare(a, b).is_lt())
    })?;
    Ok(indices)
}
