//! Struct sequences: tuples whose items also have names (`sys.version_info`, `os.stat_result`, `time.struct_time`).
//!
//! An instance is a box as those of all subclasses of `tuple`, with one word more: the tuple of all fields, of which the
//! boxed tuple has the first ones.

use crate::arguments::Args;
use crate::class::{self, flag};
use crate::create::new_builtin_class;
use crate::exception::Exc;
use crate::instance::PAYLOAD;
use crate::kind::{Kind, class as builtin, shape};
use crate::native::Native;
use crate::py::{Py, R};
use crate::symbol::sym;
use crate::{dict, string};
use vm_api::heap::{Layout, Object, Value};

/// Word of the tuple of all fields.
const FIELDS: usize = 3;

/// A struct sequence type.
pub struct StructSequence {
    /// `__name__`
    pub name: &'static str,
    /// `__module__`
    pub module: &'static str,
    /// Names of the fields; `""` for those that have an index only.
    pub fields: &'static [&'static str],
    /// How many of them the tuple shows.
    pub visible: usize,
    /// May programs make instances?
    pub constructible: bool,
    /// Documentation, which no two types share: they are told apart by it.
    pub doc: &'static str,
}

struct Made(u32);

macro_rules! getters {
    ($($i:literal)*) => {
        /// The getter of each field, by index.
        static GETTERS: &[Native] = &[$(Native::getter("field", field::<$i>, "")),*];
    };
}
getters! { 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 }

static METHODS: &[Native] = &[
    Native::wrapper("__repr__", "self, /", repr, "Return repr(self)."),
    Native::method("__reduce__", "self, /", reduce, ""),
];
/// The setter of all fields.
static READ_ONLY: Native = Native::setter("field", read_only);
static CONSTRUCTOR: &[Native] = &[Native::static_method("__new__", "cls, sequence, dict={}", construct, "")];

impl Py<'_> {
    /// The class of a struct sequence, made at the first call.
    pub fn struct_sequence_type(self, spec: &'static StructSequence) -> R<Object> {
        let key = spec.doc;
        if let Some(made) = self.state().module_data.borrow().get(key)
            && let Some(Made(number)) = made.downcast_ref::<Made>()
        {
            return Ok(Object::of(self.kept(*number)));
        }
        let tuple = self.builtin_class(builtin::TUPLE);
        let name = self.new_str(spec.name)?;
        let layout = Layout::Values { words: FIELDS as u32 + 1 };
        let class = new_builtin_class(self, name, &[tuple.value()], tuple, layout, Kind::TUPLE)?;
        class::clear_flags(class, flag::BASE);
        class::add_flags(class, flag::SEQUENCE);
        self.add_module_name(class, spec.module)?;
        self.add_doc(class, spec.doc)?;
        self.add_methods(class, METHODS)?;
        if spec.constructible {
            self.add_methods(class, CONSTRUCTOR)?;
        } else {
            class::add_flags(class, flag::NO_INSTANCES);
        }
        let names = self.new_list(spec.visible)?;
        for (i, field) in spec.fields.iter().enumerate() {
            if field.is_empty() {
                continue;
            }
            let symbol = self.intern(field)?;
            let name = self.symbol_string(symbol).value();
            let number = Value::int(i64::from(self.state().native_number(&GETTERS[i])));
            let setter = Value::int(i64::from(self.state().native_number(&READ_ONLY)));
            let getter = self.new_object(shape::GETSET, 5, &[number, setter, name, class.value()])?;
            self.class_set(class, symbol, Some(getter.value()))?;
            if i < spec.visible {
                self.list_push(names, name)?;
            }
        }
        let names = self.list_to_tuple(names)?;
        self.class_set(class, sym::MATCH_ARGS, Some(names))?;
        let unnamed = spec.fields.iter().filter(|f| f.is_empty()).count();
        for (name, n) in
            [("n_fields", spec.fields.len()), ("n_sequence_fields", spec.visible), ("n_unnamed_fields", unnamed)]
        {
            let symbol = self.intern(name)?;
            self.class_set(class, symbol, Some(Value::int(n as i64)))?;
        }
        let number = self.keep(class.value())?;
        self.state().data(key, || Made(number));
        Ok(class)
    }
    /// An instance from all of its fields.
    pub fn struct_sequence(self, spec: &'static StructSequence, fields: &[Value]) -> R {
        let class = self.struct_sequence_type(spec)?;
        let all = self.tuple(fields)?;
        self.boxed_fields(class, Object::of(all), spec.visible)
    }
    fn boxed_fields(self, class: Object, all: Object, visible: usize) -> R {
        let shown = self.tuple_slice(all, 0, visible.min(all.length()))?;
        let o = self.alloc(class::shape(class), FIELDS + 1)?;
        o.init(PAYLOAD, shown);
        o.init(FIELDS, all.value());
        Ok(o.value())
    }
}

fn all_fields(py: Py<'_>, v: Value) -> Option<Object> {
    Object::from_value(py.of_kind(v, Kind::TUPLE).filter(|o| o.shape() != shape::TUPLE)?.get(FIELDS))
}

fn field<const I: usize>(py: Py<'_>, args: Args<'_>) -> R {
    match all_fields(py, args.at(0)).filter(|f| I < f.length()) {
        Some(f) => Ok(f.element(I)),
        None => Ok(Value::NONE),
    }
}

fn read_only(py: Py<'_>, _: Args<'_>) -> R {
    py.err(Exc::AttributeError, "readonly attribute")
}

fn repr(py: Py<'_>, args: Args<'_>) -> R {
    let class = py.class_of(args.at(0));
    let mut out = format!("{}(", py.class_full_name(class)).into_bytes();
    let shown = number_of(py, class, "n_sequence_fields")?;
    if let Some(fields) = all_fields(py, args.at(0)) {
        // Fields that have no name are shown under the names of those that follow, as CPython counts them.
        let (mut i, mut at) = (0, 0);
        while let Some((entry, key, value)) = dict::next_entry(py.class_dict(class)?, at).filter(|_| i < shown) {
            at = entry + 1;
            let Some(name) = string::exact_or_payload(py, key).filter(|_| py.of_kind(value, Kind::GETSET).is_some())
            else {
                continue;
            };
            if i > 0 {
                out.extend_from_slice(b", ");
            }
            string::push_wtf8(name, &mut out);
            out.push(b'=');
            py.repr_into(fields.element(i), &mut out)?;
            i += 1;
        }
    }
    out.push(b')');
    Ok(py.str_from_wtf8(&out)?.value())
}

fn number_of(py: Py<'_>, class: Object, name: &str) -> R<usize> {
    let symbol = py.intern(name)?;
    Ok(py.lookup(class, symbol).filter(|v| v.is_int()).map_or(0, |v| v.as_int() as usize))
}

/// `__new__(cls, sequence, dict={})` of every struct sequence that programs may make.
pub fn construct(py: Py<'_>, args: Args<'_>) -> R {
    let Some(class) = py.of_kind(args.at(0), Kind::TYPE) else {
        return py.type_error("__new__() requires a type object");
    };
    let (visible, most) = (number_of(py, class, "n_sequence_fields")?, number_of(py, class, "n_fields")?);
    let given = py.tuple_from(args.at(1));
    let Some(given) = py.caught(given, Exc::TypeError)? else {
        return py.type_error("constructor requires a sequence");
    };
    let name = py.class_full_name(class);
    let count = given.length();
    if count < visible || count > most {
        let (bound, limit) = match (visible == most, count < visible) {
            (true, _) => ("a", visible),
            (false, true) => ("an at least", visible),
            (false, false) => ("an at most", most),
        };
        return py.type_error(&format!("{name}() takes {bound} {limit}-sequence ({count}-sequence given)"));
    }
    let extra = args.some(2).and_then(|d| py.as_dict(d));
    let all = py.new_list(most)?;
    py.list_push_elements(all, given, 0, count)?;
    for getter in &GETTERS[count..most] {
        let mut found = Value::NONE;
        if let Some(d) = extra {
            let mut at = 0;
            while let Some((entry, key, value)) = dict::next_entry(py.class_dict(class)?, at) {
                at = entry + 1;
                let is_field = py
                    .of_kind(value, Kind::GETSET)
                    .is_some_and(|g| g.get(1).as_int() as u32 == py.state().native_number(getter));
                if is_field && let Some(v) = string::exact_or_payload(py, key).and_then(|k| dict::get_str(py, d, k)) {
                    found = v;
                }
            }
        }
        py.list_push(all, found)?;
    }
    let all = py.list_to_tuple(all)?;
    py.boxed_fields(class, Object::of(all), visible)
}

fn reduce(py: Py<'_>, args: Args<'_>) -> R {
    let class = py.class_of(args.at(0));
    let (Some(shown), d) = (py.as_tuple(args.at(0)), py.new_dict()?) else { return Ok(Value::NONE) };
    // Fields that the tuple does not show, by name.
    let number = |v: Value| py.of_kind(v, Kind::GETSET).map(|g| g.get(1).as_int() as u32);
    if let Some(fields) = all_fields(py, args.at(0)) {
        for (i, getter) in GETTERS.iter().enumerate().take(fields.length()).skip(shown.length()) {
            let mut at = 0;
            while let Some((entry, key, value)) = dict::next_entry(py.class_dict(class)?, at) {
                at = entry + 1;
                if number(value) == Some(py.state().native_number(getter)) {
                    py.dict_set(d, key, fields.element(i))?;
                }
            }
        }
    }
    let arguments = py.tuple(&[shown.value(), d.value()])?;
    py.tuple(&[class.value(), arguments])
}
