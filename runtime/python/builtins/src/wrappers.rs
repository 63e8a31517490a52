//! What many built-in types share: tables of special methods that answer natively by kind, and checks of arguments.

use python_objects::compare::CompareOp;
use python_objects::kind::special;
use python_objects::symbol::sym;
use python_objects::{Args, Exc, Kind, Native, Object, Py, R, Value};
use python_objects::{class, dict};

fn compare(py: Py<'_>, op: CompareOp, args: Args<'_>) -> R {
    py.native_compare(op, args.at(0), args.at(1))
}
fn hash(py: Py<'_>, args: Args<'_>) -> R {
    match (py.native_hash(args.at(0))?, Object::from_value(args.at(0))) {
        (Some(h), _) => py.int(h),
        (None, Some(o)) => py.int(py.identity_hash(o)),
        (None, None) => py.hash(args.at(0)).and_then(|h| py.int(h)),
    }
}
fn repr(py: Py<'_>, args: Args<'_>) -> R {
    let mut out = py.spare_buffer();
    out.clear();
    py.native_repr_into(args.at(0), &mut out)?;
    let s = py.str_from_wtf8(&out)?;
    py.give_back(out);
    Ok(s.value())
}
fn len(py: Py<'_>, args: Args<'_>) -> R {
    match py.native_length(args.at(0)) {
        Some(n) => py.int_usize(n),
        None => py.err(Exc::OverflowError, "Python int too large to convert to C ssize_t"),
    }
}
fn iter(py: Py<'_>, args: Args<'_>) -> R {
    match py.native_iterator(args.at(0))? {
        Some(i) => Ok(i),
        None => py.type_error(&format!("'{}' object is not iterable", py.class_name(args.at(0)))),
    }
}
fn next(py: Py<'_>, args: Args<'_>) -> R {
    let v = args.at(0);
    match Object::from_value(v).and_then(|o| py.native_next(o)) {
        Some(r) => Ok(r?.unwrap_or(special::END)),
        None => py.type_error(&format!("'{}' object is not an iterator", py.class_name(v))),
    }
}
fn itself(_: Py<'_>, args: Args<'_>) -> R {
    Ok(args.at(0))
}
fn class_getitem(py: Py<'_>, args: Args<'_>) -> R {
    py.generic_alias(args.at(0), args.at(1))
}

/// The methods of the six comparisons: `$compare` takes the context, the operator and the arguments.
macro_rules! comparison_methods {
    ($compare:path) => {
        $crate::wrappers::comparison_methods! { $compare;
            "__lt__" Lt "<"; "__le__" Le "<="; "__eq__" Eq "=="; "__ne__" Ne "!="; "__gt__" Gt ">"; "__ge__" Ge ">=";
        }
    };
    ($compare:path; $($name:literal $Op:ident $sign:literal;)*) => {
        &[$(python_objects::Native::wrapper(
            $name,
            "self, value, /",
            |py, args| $compare(py, python_objects::compare::CompareOp::$Op, args),
            concat!("Return self", $sign, "value."),
        )),*]
    };
}
pub(crate) use comparison_methods;

/// The six comparisons, as [`Py::native_compare`] answers them.
pub(crate) static COMPARISONS: &[Native] = comparison_methods!(compare);
/// `__hash__`, as [`Py::native_hash`] answers it.
pub(crate) static HASH: &[Native] = &[Native::wrapper("__hash__", "self, /", hash, "Return hash(self).")];
/// `__repr__`, as [`Py::native_repr_into`] answers it.
pub(crate) static REPR: &[Native] = &[Native::wrapper("__repr__", "self, /", repr, "Return repr(self).")];
/// `__len__`, as [`Py::native_length`] answers it.
pub(crate) static LEN: &[Native] = &[Native::wrapper("__len__", "self, /", len, "Return len(self).")];
/// `__iter__`, as [`Py::native_iterator`] answers it.
pub(crate) static ITER: &[Native] = &[Native::wrapper("__iter__", "self, /", iter, "Implement iter(self).")];
/// `__iter__` and `__next__` of iterators that [`Py::native_next`] knows.
pub(crate) static ITERATOR: &[Native] = &[
    Native::wrapper("__iter__", "self, /", itself, "Implement iter(self)."),
    Native::wrapper("__next__", "self, /", next, "Implement next(self)."),
];
/// `__class_getitem__` of generic types.
pub(crate) static CLASS_GETITEM: &[Native] =
    &[Native::class_method("__class_getitem__", "cls, object, /", class_getitem, "See PEP 585")];

/// Puts tables of native functions into the class of a root.
pub(crate) fn add(py: Py<'_>, root: u32, tables: &[&'static [Native]]) -> R<()> {
    let class = py.builtin_class(root);
    tables.iter().try_for_each(|t| py.add_methods(class, t))
}
/// Documents the class of a root.
pub(crate) fn document(py: Py<'_>, root: u32, text: &'static str) -> R<()> {
    py.add_doc(py.builtin_class(root), text)
}
/// Makes instances of the class of a root unhashable.
pub(crate) fn unhashable(py: Py<'_>, root: u32) -> R<()> {
    py.add_no_hash(py.builtin_class(root))
}

/// Argument 0 as an object of a kind; TypeError where an unbound function is called with something else.
#[inline]
pub(crate) fn this(py: Py<'_>, args: Args<'_>, kind: Kind) -> R<Object> {
    match py.of_kind(args.at(0), kind) {
        Some(o) => Ok(o),
        None => Err(wrong_this(py, args.at(0), kind)),
    }
}
#[cold]
pub(crate) fn wrong_this(py: Py<'_>, v: Value, kind: Kind) -> python_objects::Stop {
    let expected = python_objects::kind::BUILTINS.get(kind.0 as usize).map_or("native", |b| b.name);
    py.error(
        Exc::TypeError,
        &format!("descriptor requires a '{expected}' object but received a '{}'", py.class_name(v)),
    )
}

/// A method was called with something that is not of its class: calls check that, so only a broken class gets here.
#[cold]
pub(crate) fn wrong_self<T>(py: Py<'_>, v: Value) -> R<T> {
    py.type_error(&format!("method does not apply to a '{}' object", py.class_name(v)))
}

/// The class that `__new__` of the built-in class `root` got: itself or a subclass.
#[inline]
pub(crate) fn new_class(py: Py<'_>, v: Value, root: u32) -> R<Object> {
    if v == py.root(root) { Ok(Object::of(v)) } else { subclass(py, v, root) }
}
fn subclass(py: Py<'_>, v: Value, root: u32) -> R<Object> {
    let name = py.builtin_name(root);
    let Some(c) = py.of_kind(v, Kind::TYPE) else {
        return py.type_error(&format!("{name}.__new__(X): X is not a type object ({})", py.class_name(v)));
    };
    let base = py.builtin_class(root);
    if c != base && !py.is_subclass(c, base) {
        let given = class::name(py, c);
        return py.type_error(&format!("{name}.__new__({given}): {given} is not a subtype of {name}"));
    }
    // An instance would not be laid out as the nearest built-in class lays out its own.
    let kind = class::kind(c);
    if kind.0 != root && kind.0 < python_objects::kind::BUILTINS.len() as u32 {
        let (given, own) = (class::name(py, c), py.builtin_name(kind.0));
        return py.type_error(&format!("{name}.__new__({given}) is not safe, use {own}.__new__()"));
    }
    Ok(c)
}

/// TypeError if there are keywords, which arrived in slot `slot`.
pub(crate) fn no_keywords(py: Py<'_>, args: Args<'_>, slot: usize, name: &str) -> R<()> {
    match args.opt(slot).and_then(Object::from_value) {
        Some(d) if dict::length(d) > 0 => py.type_error(&format!("{name}() takes no keyword arguments")),
        _ => Ok(()),
    }
}
/// The same, for `__new__` of a class that a subclass with an `__init__` of its own may pass any keywords.
pub(crate) fn no_keywords_to_new(py: Py<'_>, cls: Object, root: u32, args: Args<'_>, slot: usize) -> R<()> {
    if args.opt(slot).is_none() {
        return Ok(());
    }
    let base = py.builtin_class(root);
    if cls != base && py.lookup(cls, sym::INIT) != py.lookup(base, sym::INIT) {
        return Ok(());
    }
    no_keywords(py, args, slot, py.builtin_name(root))
}
/// Positional arguments that arrived as a tuple in slot `slot`, checked to be `least` to `most`.
pub(crate) fn positional(py: Py<'_>, args: Args<'_>, slot: usize, name: &str, least: usize, most: usize) -> R<Object> {
    let t = Object::of(args.at(slot));
    let n = t.length();
    if n >= least && n <= most {
        return Ok(t);
    }
    let (bound, limit) = match (n < least, least == most) {
        (_, true) => ("", least),
        (true, _) => ("at least ", least),
        (false, _) => ("at most ", most),
    };
    let s = if limit == 1 { "" } else { "s" };
    py.type_error(&format!("{name} expected {bound}{limit} argument{s}, got {n}"))
}

/// An index into a sequence of the named type: IndexError if it is no machine word, TypeError if it is no integer.
#[inline]
pub(crate) fn sequence_index(py: Py<'_>, key: Value, what: &str) -> R<i64> {
    if key.is_int() { Ok(key.as_int()) } else { index_slow(py, key, what) }
}
#[cold]
fn index_slow(py: Py<'_>, key: Value, what: &str) -> R<i64> {
    if py.as_int(key).is_none() && py.special(key, sym::INDEX).is_none() {
        let given = py.class_name(key);
        return py.type_error(&format!("{what} indices must be integers or slices, not {given}"));
    }
    py.index_fitting(key, Exc::IndexError)
}
/// How often `sequence * v` repeats: TypeError if `v` is no integer, OverflowError if it is no machine word.
pub(crate) fn repetitions(py: Py<'_>, v: Value) -> R<usize> {
    if py.as_int(v).is_none() && py.special(v, sym::INDEX).is_none() {
        return py.type_error(&format!("can't multiply sequence by non-int of type '{}'", py.class_name(v)));
    }
    Ok(py.index_fitting(v, Exc::OverflowError)?.max(0) as usize)
}
/// `(start, stop)` of `index(value, start, stop)`, fitted to a length: slots `slot` and the next.
pub(crate) fn search_bounds(py: Py<'_>, args: Args<'_>, slot: usize, length: usize) -> R<(usize, usize)> {
    let bound = |v: Option<Value>, default: i64| -> R<i64> {
        let Some(v) = v else { return Ok(default) };
        if py.as_int(v).is_none() && py.special(v, sym::INDEX).is_none() {
            return py.type_error("slice indices must be integers or have an __index__ method");
        }
        py.index_clamped(v)
    };
    let (start, stop) = (bound(args.opt(slot), 0)?, bound(args.opt(slot + 1), i64::MAX)?);
    let fit = |i: i64| if i < 0 { i.saturating_add(length as i64).max(0) as usize } else { i as usize };
    Ok((fit(start), fit(stop)))
}
/// `builtins.name`, for `__reduce__`.
pub(crate) fn builtin_named(py: Py<'_>, name: &str) -> R {
    let name = py.intern(name)?;
    let builtins = Object::of(py.root(python_objects::py::root::BUILTINS_DICT));
    // Whatever the key is: it may compare equal to the name.
    match py.dict_get(builtins, py.symbol_string(name).value())? {
        Some(v) => Ok(v),
        None => py.err(Exc::AttributeError, &py.symbol_text(name)),
    }
}
