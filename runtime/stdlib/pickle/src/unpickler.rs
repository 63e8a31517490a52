//! The type `Unpickler`.

use crate::global::{deep, dotted, import, new_names};
use crate::input::Input;
use crate::kept::{attribute, call_method, unpickling_error};
use crate::load::Loader;
use crate::memo::{self, UNPICKLER_MEMO};
use crate::persistent;
use python_objects::{Args, Exc, Native, Object, Py, R, TypeSpec, Value, dict, int, list, string};

pub(crate) static UNPICKLER: TypeSpec = TypeSpec::values(
    "_pickle",
    "Unpickler",
    13,
    METHODS,
    "Reads pickles from a file, which has methods read(size) and readline().\n\nThe protocol is found out. With fix_imports, names of Python 2 are those of Python 3. encoding and errors say how its\nstrings are decoded ('bytes': not at all), buffers gives what was left out of the pickle.",
)
.inheritable()
.weakly_referenced();
pub(crate) mod word {
    /// Methods of the file; EMPTY: none.
    pub(crate) const READ: usize = 1;
    pub(crate) const READLINE: usize = 2;
    pub(crate) const PEEK: usize = 3;
    /// Bytes that were read of it and not used.
    pub(crate) const REST: usize = 4;
    /// Objects by number: a list of those that were numbered in order from 0 on, which is how pickles number them.
    pub(crate) const MEMO: usize = 5;
    pub(crate) const ENCODING: usize = 6;
    pub(crate) const ERRORS: usize = 7;
    /// An iterator of buffers, or EMPTY.
    pub(crate) const BUFFERS: usize = 8;
    pub(crate) const FIX_IMPORTS: usize = 9;
    pub(crate) const PERSISTENT: usize = 10;
    pub(crate) const PROTOCOL: usize = 11;
    /// Was it initialized?
    pub(crate) const READY: usize = 12;
    /// Objects with other numbers: a dictionary, or EMPTY.
    pub(crate) const ODD: usize = 13;
}
static METHODS: &[Native] = &[
    Native::static_method(
        "__new__",
        "cls, /, *args, **kwargs",
        |py, a| make(py, a.at(0)).map(Object::value),
        "Create and return a new object.",
    ),
    Native::wrapper(
        "__init__",
        "self, file, *, fix_imports=True, encoding='ASCII', errors='strict', buffers=()",
        init,
        "Initialize self.  See help(type(self)) for accurate signature.",
    ),
    Native::method("load", "self, /", load_method, "Read a pickle from the file, and return the object."),
    Native::method(
        "find_class",
        "self, module_name, global_name, /",
        find_class_method,
        "An object of a module, which is imported if need be.",
    ),
    Native::method("__sizeof__", "self, /", size, "Returns size in memory, in bytes."),
    Native::getter("memo", |py, a| memo::make(py, &UNPICKLER_MEMO, this(py, a)?), ""),
    Native::setter("memo", set_memo),
    Native::getter("persistent_load", persistent_load, ""),
    Native::setter("persistent_load", set_persistent_load),
];

fn this(py: Py<'_>, args: Args<'_>) -> R<Object> {
    py.native_self(args.at(0), &UNPICKLER)
}
/// One that is not initialized.
pub(crate) fn make(py: Py<'_>, class: Value) -> R<Object> {
    let o = py.new_native_of(class, &UNPICKLER)?;
    fresh_memo(py, o)?;
    Ok(o)
}
/// What the keyword arguments say.
pub(crate) fn set_up(
    py: Py<'_>,
    o: Object,
    fix: Option<Value>,
    encoding: Option<Value>,
    errors: Option<Value>,
    buffers: Option<Value>,
) -> R<()> {
    let fix = match fix {
        None => true,
        Some(v) => py.truth(v)?,
    };
    py.store(o, word::FIX_IMPORTS, Value::bool(fix));
    for (word, v, usual) in [(word::ENCODING, encoding, "ASCII"), (word::ERRORS, errors, "strict")] {
        let v = match v {
            None => py.str(usual)?,
            Some(v) => py.expect_str(v, "encoding and errors")?.value(),
        };
        py.store(o, word, v);
    }
    let buffers = match buffers.filter(|v| *v != Value::NONE) {
        None => Value::EMPTY,
        Some(v) => py.iter(v)?,
    };
    py.store(o, word::BUFFERS, buffers);
    py.store(o, word::PROTOCOL, Value::int(0));
    py.store(o, word::READY, Value::TRUE);
    Ok(())
}
/// Where pickles are read from.
pub(crate) fn set_file(py: Py<'_>, o: Object, file: Value) -> R<()> {
    let (read, readline) = (attribute(py, file, "read")?, attribute(py, file, "readline")?);
    let (Some(read), Some(readline)) = (read, readline) else {
        return py.type_error("file must have 'read' and 'readline' attributes");
    };
    let peek = attribute(py, file, "peek")?;
    py.store(o, word::READ, read);
    py.store(o, word::READLINE, readline);
    py.store(o, word::PEEK, peek.unwrap_or(Value::EMPTY));
    let rest = py.bytes(&[])?;
    py.store(o, word::REST, rest.value());
    Ok(())
}
fn init(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    set_file(py, o, args.at(1))?;
    set_up(py, o, args.opt(2), args.opt(3), args.opt(4), args.opt(5))?;
    let persistent = attribute(py, o.value(), "persistent_load")?;
    py.store(o, word::PERSISTENT, persistent.unwrap_or(Value::EMPTY));
    fresh_memo(py, o)?;
    Ok(Value::NONE)
}
fn load_method(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    let (read, readline, peek) = (o.get(word::READ), o.get(word::READLINE), o.get(word::PEEK));
    if read.is_empty() {
        let class = py.class_name(o.value());
        return unpickling_error(py, &format!("Unpickler.__init__() was not called by {class}.__init__()"));
    }
    load(py, o, Input::of_file(py, Object::of(o.get(word::REST)), read, readline, peek))
}
/// Reads an object; a file is behind its pickle then.
pub(crate) fn load(py: Py<'_>, o: Object, input: Input<'_>) -> R {
    let mut loader = Loader::new(py, o, input)?;
    let v = loader.load()?;
    loader.input.settle()?;
    let rest = loader.input.rest()?;
    py.store(o, word::REST, rest.value());
    Ok(v)
}
fn find_class_method(py: Py<'_>, args: Args<'_>) -> R {
    find_class(py, this(py, args)?, args.at(1), args.at(2))
}
/// The object that a pickle means by these names.
pub(crate) fn find_class(py: Py<'_>, o: Object, module: Value, name: Value) -> R {
    stdlib_core::audit::event(py, "pickle.find_class", &[module, name])?;
    let protocol = int::to_i64(o.get(word::PROTOCOL)).unwrap_or(0);
    let (mut module, mut name) = (module, name);
    if protocol < 3 && o.get(word::FIX_IMPORTS) == Value::TRUE {
        (module, name) = new_names(py, module, name)?;
    }
    let module = import(py, module)?;
    if string::exact_or_payload(py, name).is_none() {
        return py.type_error("attribute name must be string");
    }
    let found = if protocol >= 4 {
        let parts = dotted(py, name, Some(module))?;
        deep(py, module, parts)?.map(|(v, _)| v)
    } else {
        py.get_optional(module, py.symbol_of(py.expect_str(name, "attribute name")?)?)?
    };
    match found {
        Some(v) => Ok(v),
        None => {
            let (name, module) = (py.repr_text(name)?, py.repr_text(module)?);
            py.err(Exc::AttributeError, &format!("Can't get attribute {name} on {module}"))
        }
    }
}
fn persistent_load(py: Py<'_>, args: Args<'_>) -> R {
    persistent::get(py, this(py, args)?, word::PERSISTENT, "persistent_load")
}
fn set_persistent_load(py: Py<'_>, args: Args<'_>) -> R {
    persistent::set(py, this(py, args)?, word::PERSISTENT, "persistent_load", args.at(1))
}
fn size(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    py.int_usize(352 + 8 * memo_length(o))
}

// ---- the memo

fn fresh_memo(py: Py<'_>, o: Object) -> R<()> {
    let memo = py.new_list(0)?;
    py.store(o, word::MEMO, memo.value());
    py.store(o, word::ODD, Value::EMPTY);
    Ok(())
}
/// How many objects there are.
pub(crate) fn memo_length(o: Object) -> usize {
    list::length(Object::of(o.get(word::MEMO))) + Object::from_value(o.get(word::ODD)).map_or(0, dict::length)
}
#[inline]
pub(crate) fn memo_get(py: Py<'_>, o: Object, number: u64) -> R<Option<Value>> {
    match list::get(Object::of(o.get(word::MEMO)), number as usize) {
        Some(v) => Ok(Some(v)),
        None => match Object::from_value(o.get(word::ODD)) {
            Some(odd) => py.dict_get(odd, py.int_u64(number)?),
            None => Ok(None),
        },
    }
}
#[inline]
pub(crate) fn memo_put(py: Py<'_>, o: Object, number: u64, v: Value) -> R<()> {
    let memo = Object::of(o.get(word::MEMO));
    let (length, number) = (list::length(memo), number as usize);
    if number == length && o.get(word::ODD).is_empty() {
        return py.list_push(memo, v);
    }
    if number < length {
        py.list_set(memo, number, v);
        return Ok(());
    }
    memo_put_odd(py, o, number, v)
}
#[cold]
fn memo_put_odd(py: Py<'_>, o: Object, number: usize, v: Value) -> R<()> {
    let odd = match Object::from_value(o.get(word::ODD)) {
        Some(odd) => odd,
        None => {
            let odd = py.new_dict()?;
            py.store(o, word::ODD, odd.value());
            odd
        }
    };
    py.dict_set(odd, py.int_usize(number)?, v)
}
pub(crate) fn memo_clear(py: Py<'_>, o: Object) -> R {
    fresh_memo(py, o)?;
    Ok(Value::NONE)
}
pub(crate) fn memo_copy(py: Py<'_>, o: Object) -> R {
    let memo = Object::of(o.get(word::MEMO));
    let copy = py.new_dict_for(memo_length(o))?;
    for i in 0..list::length(memo) {
        if let Some(v) = list::get(memo, i) {
            py.dict_set(copy, py.int_usize(i)?, v)?;
        }
    }
    if let Some(odd) = Object::from_value(o.get(word::ODD)) {
        let mut i = 0;
        while let Some((at, key, v)) = dict::next_entry(odd, i) {
            i = at + 1;
            py.dict_set(copy, key, v)?;
        }
    }
    Ok(copy.value())
}
fn set_memo(py: Py<'_>, args: Args<'_>) -> R {
    let (o, v) = (this(py, args)?, args.at(1));
    if v.is_empty() {
        return py.type_error("attribute deletion is not supported");
    }
    let source = match memo::owner_of(py, v, &UNPICKLER_MEMO) {
        Some(other) => memo_copy(py, other)?,
        None if py.as_dict(v).is_some() => v,
        None => {
            let class = py.class_name(v);
            return py
                .type_error(&format!("'memo' attribute must be an UnpicklerMemoProxy object or dict, not {class}"));
        }
    };
    let pairs = memo::pairs(py, source)?;
    // What a pickle can name: others are refused before anything changes.
    for i in 0..list::length(pairs) {
        let Some(key) = py.as_int(Object::of(list::item(pairs, i)).element(0)) else {
            return py.type_error("memo key must be integers");
        };
        if int::is_negative(key) {
            return py.value_error("memo key must be positive integers.");
        }
        if int::to_i64(key).is_none() {
            return py.err(Exc::OverflowError, "Python int too large to convert to C ssize_t");
        }
    }
    fresh_memo(py, o)?;
    for i in 0..list::length(pairs) {
        let pair = Object::of(list::item(pairs, i));
        if let Some(key) = py.as_int(pair.element(0)).and_then(int::to_i64) {
            memo_put(py, o, key as u64, pair.element(1))?;
        }
    }
    Ok(Value::NONE)
}
/// `o.find_class(module, name)`, which a subclass may have its own of.
pub(crate) fn call_find_class(py: Py<'_>, o: Object, module: Value, name: Value) -> R {
    if py.class_of(o.value()) == py.native_type(&UNPICKLER)? {
        return find_class(py, o, module, name);
    }
    call_method(py, o.value(), "find_class", &[module, name])
}
