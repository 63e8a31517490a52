//! `SignalDict`: a context's flags or traps as a mapping from signals.

use crate::context::{self, word};
use crate::signals;
use python_objects::compare::CompareOp;
use python_objects::kind::special;
use python_objects::symbol::sym;
use python_objects::{Args, Native, Object, Py, R, TypeSpec, Value, list};

/// What `SignalDict` inherits from, beside the abstract mapping.
static MIXIN: TypeSpec = TypeSpec::values("decimal", "SignalDictMixin", 2, METHODS, "").inheritable();
mod field {
    pub(super) const CONTEXT: usize = 1;
    /// Word of the bits in the context, as an int.
    pub(super) const WORD: usize = 2;
}
static METHODS: &[Native] = &[
    Native::static_method("__new__", "cls, /, *args, **kwargs", new, "Create and return a new object."),
    Native::wrapper("__init__", "self, /, *args, **kwargs", |_, _| Ok(Value::NONE), "Initialize self."),
    Native::wrapper("__repr__", "self, /", repr, "Return repr(self)."),
    Native::wrapper("__len__", "self, /", length, "Return len(self)."),
    Native::wrapper("__iter__", "self, /", iterate, "Implement iter(self)."),
    Native::wrapper("__getitem__", "self, key, /", get, "Return self[key]."),
    Native::wrapper("__setitem__", "self, key, value, /", set, "Set self[key] to value."),
    Native::wrapper("__delitem__", "self, key, /", delete, "Delete self[key]."),
    Native::wrapper("__eq__", "self, value, /", |py, a| compare(py, a, CompareOp::Eq), "Return self==value."),
    Native::wrapper("__ne__", "self, value, /", |py, a| compare(py, a, CompareOp::Ne), "Return self!=value."),
    Native::method("copy", "self, /", copy, ""),
];

/// Which bits.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Which {
    Flags,
    Traps,
}
impl Which {
    /// The word that they are in.
    pub(crate) fn word(self) -> usize {
        match self {
            Which::Flags => word::STATUS,
            Which::Traps => word::TRAPPED,
        }
    }
}

/// The class `SignalDict`.
pub(crate) fn make_class(py: Py<'_>, mapping: Value) -> R {
    let mixin = py.native_type(&MIXIN)?;
    if !py.class_defines(mixin, sym::HASH) {
        py.add_no_hash(mixin)?;
    }
    let bases = py.tuple(&[mixin.value(), mapping])?;
    let meta = py.class_of(mapping).value();
    let namespace = py.new_dict()?;
    py.dict_set_text(namespace, "__module__", py.str("abc")?)?;
    py.call(meta, &[py.str("SignalDict")?, bases, namespace.value()])
}
/// A view of a context's flags or traps.
pub(crate) fn make(py: Py<'_>, class: Value, context: Object, which: Which) -> R {
    let o = py.new_native_of(class, &MIXIN)?;
    o.init(field::CONTEXT, context.value());
    o.init(field::WORD, Value::int(which.word() as i64));
    Ok(o.value())
}
fn new(py: Py<'_>, args: Args<'_>) -> R {
    py.new_native_of(args.at(0), &MIXIN).map(Object::value)
}
/// The context and the word of the bits; ValueError if it has none.
fn place(py: Py<'_>, v: Value) -> R<(Object, usize)> {
    let o = py.native_self(v, &MIXIN)?;
    match (py.of_kind(o.get(field::CONTEXT), context::CONTEXT.kind), o.get(field::WORD)) {
        (Some(context), word) if word.is_int() => Ok((context, word.as_int() as usize)),
        _ => py.value_error("invalid signal dict"),
    }
}
fn bits(py: Py<'_>, v: Value) -> R<u32> {
    let (context, word) = place(py, v)?;
    Ok(context.word(word) as u32)
}
fn length(py: Py<'_>, args: Args<'_>) -> R {
    bits(py, args.at(0))?;
    Ok(Value::int(signals::SIGNALS as i64))
}
fn iterate(py: Py<'_>, args: Args<'_>) -> R {
    bits(py, args.at(0))?;
    let all = list_of(py, u32::MAX)?;
    let keys = py.tuple_from(all)?;
    py.iter(keys.value())
}
fn not_a_signal<T>(py: Py<'_>) -> R<T> {
    let key = py.str(WRONG_SIGNALS)?;
    Err(py.key_error(key))
}
fn get(py: Py<'_>, args: Args<'_>) -> R {
    let bits = bits(py, args.at(0))?;
    match signals::flag_of(py, args.at(1))? {
        Some(flag) => Ok(Value::bool(bits & flag != 0)),
        None => not_a_signal(py),
    }
}
fn set(py: Py<'_>, args: Args<'_>) -> R {
    let (context, word) = place(py, args.at(0))?;
    let Some(flag) = signals::flag_of(py, args.at(1))? else { return not_a_signal(py) };
    let on = py.truth(args.at(2))?;
    let old = context.word(word);
    context.set_word(word, if on { old | u64::from(flag) } else { old & !u64::from(flag) });
    Ok(Value::NONE)
}
fn delete(py: Py<'_>, args: Args<'_>) -> R {
    bits(py, args.at(0))?;
    py.value_error("signal keys cannot be deleted")
}
fn copy(py: Py<'_>, args: Args<'_>) -> R {
    let bits = bits(py, args.at(0))?;
    let d = py.new_dict()?;
    for (_, flag, class) in signals::signals(py)? {
        py.dict_set(d, class, Value::bool(bits & flag != 0))?;
    }
    Ok(d.value())
}
fn repr(py: Py<'_>, args: Args<'_>) -> R {
    let bits = bits(py, args.at(0))?;
    let shown: Vec<String> = signals::signals(py)?
        .map(|(name, flag, _)| {
            let on = if bits & flag != 0 { "True" } else { "False" };
            format!("<class 'decimal.{name}'>:{on}")
        })
        .collect();
    py.str(&format!("{{{}}}", shown.join(", ")))
}
fn compare(py: Py<'_>, args: Args<'_>, op: CompareOp) -> R {
    let bits_here = bits(py, args.at(0))?;
    let other = args.at(1);
    let there = if py.of_kind(other, MIXIN.kind).is_some() {
        bits(py, other)?
    } else if py.as_dict(other).is_some() {
        match flags_of_dict(py, other) {
            Ok(bits) => bits,
            // Not all of the signals, or others.
            Err(_) if py.catch(python_objects::Exc::KeyError).is_some() => return Ok(Value::bool(op == CompareOp::Ne)),
            Err(stop) => return Err(stop),
        }
    } else {
        return Ok(special::NOT_IMPLEMENTED);
    };
    // Several conditions are one signal.
    let mut same = true;
    for (_, flag, _) in signals::signals(py)? {
        same &= (bits_here & flag != 0) == (there & flag != 0);
    }
    Ok(Value::bool(same == (op == CompareOp::Eq)))
}
/// The signals of these flags, as a list.
pub(crate) fn list_of(py: Py<'_>, flags: u32) -> R {
    let found = py.new_list(signals::SIGNALS)?;
    for (_, flag, class) in signals::signals(py)? {
        if flags & flag != 0 {
            py.list_push(found, class)?;
        }
    }
    Ok(found.value())
}
const WRONG_SIGNALS: &str = "valid values for signals are:\n  [InvalidOperation, FloatOperation, DivisionByZero,\n   Overflow, Underflow, Subnormal, Inexact, Rounded,\n   Clamped]";
/// The flags of a list of signals.
pub(crate) fn flags_of_list(py: Py<'_>, v: Value) -> R<u32> {
    let Some(l) = py.as_list(v) else { return py.type_error(WRONG_SIGNALS) };
    let mut flags = 0;
    for i in 0..list::length(l) {
        match signals::flag_of(py, list::item(l, i))? {
            Some(flag) => flags |= flag,
            None => return not_a_signal(py),
        }
    }
    Ok(flags)
}
/// The flags of a mapping from all signals to truth values.
pub(crate) fn flags_of_dict(py: Py<'_>, v: Value) -> R<u32> {
    if py.of_kind(v, MIXIN.kind).is_some() {
        return bits(py, v);
    }
    let Some(d) = py.as_dict(v) else { return py.type_error("argument must be a signal dict") };
    if python_objects::dict::length(d) != signals::SIGNALS {
        let key = py.str("invalid signal dict")?;
        return Err(py.key_error(key));
    }
    let mut flags = 0;
    let mut i = 0;
    while let Some((at, key, value)) = python_objects::dict::next_entry(d, i) {
        i = at + 1;
        let Some(flag) = signals::flag_of(py, key)? else { return not_a_signal(py) };
        if py.truth(value)? {
            flags |= flag;
        }
    }
    Ok(flags)
}
