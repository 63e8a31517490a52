//! `array`: rows of numbers of one C type.
//!
//! Words of an array: a bytearray with the content, then the raw index of its typecode in [`code::CODES`].

mod changes;
mod code;
mod iterator;
mod transfer;

use code::{CODES, Code};
use python_objects::bytes::{self, NATIVE_ARRAY, NATIVE_ARRAY_CONTENT};
use python_objects::compare::CompareOp;
use python_objects::kind::{Kind, special};
use python_objects::symbol::sym;
use python_objects::{Args, Exc, Native, Object, Py, R, TypeSpec, Value, class, string};
use vm_api::heap::Layout;

const CODE: usize = 2;

static ARRAY: TypeSpec = TypeSpec::new(
    "array",
    "array",
    Layout::Bitmap { words: 3, bits: 0b10 },
    METHODS,
    "array(typecode [, initializer]) -> array\n\nReturn a new array whose items are restricted by typecode, and\ninitialized from the optional initializer value, which must be a list,\nstring or iterable over elements of the appropriate type.",
)
.inheritable()
.weakly_referenced();
static METHODS: &[Native] = &[
    Native::static_method("__new__", "cls, /, *args, **kwargs", new, "Create and return a new object."),
    Native::wrapper("__len__", "self, /", len, "Return len(self)."),
    Native::wrapper("__getitem__", "self, key, /", getitem, "Return self[key]."),
    Native::wrapper("__setitem__", "self, key, value, /", changes::setitem, "Set self[key] to value."),
    Native::wrapper("__delitem__", "self, key, /", changes::delitem, "Delete self[key]."),
    Native::wrapper("__contains__", "self, key, /", contains, "Return bool(key in self)."),
    Native::wrapper("__iter__", "self, /", iterator::iter, "Implement iter(self)."),
    Native::wrapper("__repr__", "self, /", repr, "Return repr(self)."),
    Native::wrapper("__add__", "self, value, /", changes::add, "Return self+value."),
    Native::wrapper("__mul__", "self, value, /", changes::mul, "Return self*value."),
    Native::wrapper("__rmul__", "self, value, /", changes::mul, "Return value*self."),
    Native::wrapper("__iadd__", "self, value, /", changes::iadd, "Implement self+=value."),
    Native::wrapper("__imul__", "self, value, /", changes::imul, "Implement self*=value."),
    Native::wrapper("__lt__", "self, value, /", |py, a| compare(py, a, CompareOp::Lt), "Return self<value."),
    Native::wrapper("__le__", "self, value, /", |py, a| compare(py, a, CompareOp::Le), "Return self<=value."),
    Native::wrapper("__eq__", "self, value, /", |py, a| compare(py, a, CompareOp::Eq), "Return self==value."),
    Native::wrapper("__ne__", "self, value, /", |py, a| compare(py, a, CompareOp::Ne), "Return self!=value."),
    Native::wrapper("__gt__", "self, value, /", |py, a| compare(py, a, CompareOp::Gt), "Return self>value."),
    Native::wrapper("__ge__", "self, value, /", |py, a| compare(py, a, CompareOp::Ge), "Return self>=value."),
    Native::wrapper(
        "__buffer__",
        "self, flags, /",
        buffer,
        "Return a buffer object that exposes the underlying memory of the object.",
    ),
    Native::getter("typecode", typecode, "the typecode character used to create the array"),
    Native::getter("itemsize", itemsize, "the size, in bytes, of one array item"),
    Native::method("append", "self, v, /", changes::append, "Append new value v to the end of the array."),
    Native::method(
        "buffer_info",
        "self, /",
        buffer_info,
        "Return a tuple (address, length) giving the current memory address and the length in items of the buffer used to hold array's contents.",
    ),
    Native::method("byteswap", "self, /", changes::byteswap, "Byteswap all items of the array."),
    Native::method("count", "self, v, /", count, "Return number of occurrences of v in the array."),
    Native::method("extend", "self, bb, /", changes::extend, "Append items to the end of the array."),
    Native::method(
        "frombytes",
        "self, buffer, /",
        transfer::frombytes,
        "Appends items from the string, interpreting it as an array of machine values, as if it had been read from a file using the fromfile() method.",
    ),
    Native::method(
        "fromfile",
        "self, f, n, /",
        transfer::fromfile,
        "Read n objects from the file object f and append them to the end of the array.",
    ),
    Native::method("fromlist", "self, list, /", transfer::fromlist, "Append items to array from list."),
    Native::method(
        "fromunicode",
        "self, ustr, /",
        transfer::fromunicode,
        "Extends this array with data from the unicode string ustr.",
    ),
    Native::method(
        "index",
        "self, v, start=0, stop=sys.maxsize, /",
        index,
        "Return index of first occurrence of v in the array.\n\nRaise ValueError if the value is not present.",
    ),
    Native::method("insert", "self, i, v, /", changes::insert, "Insert a new item v into the array before position i."),
    Native::method(
        "pop",
        "self, i=-1, /",
        changes::pop,
        "Return the i-th element and delete it from the array.\n\ni defaults to -1.",
    ),
    Native::method("remove", "self, v, /", changes::remove, "Remove the first occurrence of v in the array."),
    Native::method("reverse", "self, /", changes::reverse, "Reverse the order of the items in the array."),
    Native::method(
        "tobytes",
        "self, /",
        transfer::tobytes,
        "Convert the array to an array of machine values and return the bytes representation.",
    ),
    Native::method(
        "tofile",
        "self, f, /",
        transfer::tofile,
        "Write all items (as machine values) to the file object f.",
    ),
    Native::method("tolist", "self, /", transfer::tolist, "Convert array to an ordinary list with the same items."),
    Native::method(
        "tounicode",
        "self, /",
        transfer::tounicode,
        "Extends this array with data from the unicode string ustr.",
    ),
    Native::method("__copy__", "self, /", copy, "Return a copy of the array."),
    Native::method("__deepcopy__", "self, unused, /", copy, "Return a copy of the array."),
    Native::method("__reduce_ex__", "self, value, /", transfer::reduce, "Return state information for pickling."),
    Native::class_method(
        "__class_getitem__",
        "cls, item, /",
        |py, a| py.generic_alias(a.at(0), a.at(1)),
        "See PEP 585",
    ),
];

/// Fills the module.
pub(crate) fn init(py: Py<'_>, m: Object) -> R<()> {
    let d = py.module_dict(m);
    let class = py.native_type(&ARRAY)?;
    py.add_no_hash(class)?;
    class::add_flags(class, class::flag::SEQUENCE);
    py.dict_set_text(d, "array", class.value())?;
    py.dict_set_text(d, "ArrayType", class.value())?;
    let letters: String = CODES.iter().map(|c| char::from(c.letter)).collect();
    let letters = py.str(&letters)?;
    py.dict_set_text(d, "typecodes", letters)?;
    py.add_functions(m, transfer::FUNCTIONS)
}

fn this(py: Py<'_>, args: Args<'_>) -> R<Object> {
    py.native_self(args.at(0), &ARRAY)
}
fn as_array(py: Py<'_>, v: Value) -> Option<Object> {
    py.of_kind(v, NATIVE_ARRAY)
}
#[inline]
fn code(o: Object) -> Code {
    CODES[(o.word(CODE) as usize).min(CODES.len() - 1)]
}
/// The bytearray with the content.
#[inline]
fn content(o: Object) -> Object {
    Object::of(o.get(NATIVE_ARRAY_CONTENT))
}
#[inline]
fn length(o: Object) -> usize {
    bytes::array_length(content(o)) / code(o).size
}
/// The bytes of item `i`, the first so many as an item has; `None` beyond the end.
#[inline]
fn raw(py: Py<'_>, o: Object, i: usize) -> Option<[u8; 8]> {
    let (size, content) = (code(o).size, content(o));
    let at = i.checked_mul(size)?;
    if at.checked_add(size)? > bytes::array_length(content) {
        return None;
    }
    let mut word = [0; 8];
    match size {
        8 => word = py.bytearray_read(content, at),
        4 => word[..4].copy_from_slice(&py.bytearray_read::<4>(content, at)),
        2 => word[..2].copy_from_slice(&py.bytearray_read::<2>(content, at)),
        _ => word[0] = py.bytearray_get(content, at),
    }
    Some(word)
}
/// Item `i`; `None` beyond the end.
#[inline]
fn item(py: Py<'_>, o: Object, i: usize) -> R<Option<Value>> {
    raw(py, o, i).map(|word| code(o).get(py, word)).transpose()
}
/// A new array of this class with these bytes.
fn new_array(py: Py<'_>, class: Value, code: Code, bytes: &[u8]) -> R<Object> {
    new_around(py, class, code, py.bytearray(bytes)?)
}
/// The same with this content.
fn new_around(py: Py<'_>, class: Value, code: Code, content: Object) -> R<Object> {
    let o = py.new_native_of(class, &ARRAY)?;
    o.init(NATIVE_ARRAY_CONTENT, content.value());
    o.set_word(CODE, CODES.iter().position(|c| *c == code).unwrap_or_default() as u64);
    Ok(o)
}
/// The same of the exact class.
fn new_exact(py: Py<'_>, code: Code, bytes: &[u8]) -> R<Object> {
    exact_around(py, code, py.bytearray(bytes)?)
}
/// The same with this content.
fn exact_around(py: Py<'_>, code: Code, content: Object) -> R<Object> {
    let class = py.native_type(&ARRAY)?;
    new_around(py, class.value(), code, content)
}

fn new(py: Py<'_>, args: Args<'_>) -> R {
    let given = Object::of(args.at(1));
    let own = py.native_type(&ARRAY)?;
    if !args.at(2).is_empty() && args.at(0) == own.value() {
        return py.type_error("array.array() takes no keyword arguments");
    }
    if !(1..=2).contains(&given.length()) {
        let (bound, s, n) = if given.length() == 0 { ("least 1", "", 0) } else { ("most 2", "s", given.length()) };
        return py.type_error(&format!("array() takes at {bound} argument{s} ({n} given)"));
    }
    let letter = string::exact_or_payload(py, given.element(0)).filter(|s| string::length(*s) == 1);
    let Some(letter) = letter else {
        let class = py.class_name(given.element(0));
        return py.type_error(&format!("array() argument 1 must be a unicode character, not {class}"));
    };
    let initial = if given.length() == 2 { given.element(1) } else { Value::NONE };
    let Some(code) = Code::of(string::at(letter, 0)) else {
        return py.value_error("bad typecode (must be b, B, u, h, H, i, I, l, L, q, Q, f or d)");
    };
    let is_text = code.item == code::Item::Character;
    let what = match py.kind(initial) {
        Kind::STR => Some("str"),
        NATIVE_ARRAY if as_array(py, initial).is_some_and(|a| self::code(a).letter == b'u') => Some("unicode array"),
        _ => None,
    };
    if let Some(what) = what.filter(|_| !is_text) {
        let letter = char::from(code.letter);
        return py.type_error(&format!("cannot use a {what} to initialize an array with typecode '{letter}'"));
    }
    let o = new_array(py, args.at(0), code, &[])?;
    match py.kind(initial) {
        Kind::NONE if given.length() < 2 || initial == Value::NONE => {}
        Kind::BYTES | Kind::BYTEARRAY => transfer::append_bytes(py, o, initial)?,
        Kind::STR => transfer::append_text(py, o, initial)?,
        _ => changes::append_items(py, o, initial)?,
    }
    Ok(o.value())
}
fn len(py: Py<'_>, args: Args<'_>) -> R {
    py.int_usize(length(this(py, args)?))
}
/// A view of the content as items of the array's type.
fn buffer(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    let content = Object::of(o.get(NATIVE_ARRAY_CONTENT));
    let format = typecode(py, args)?;
    let view = py.new_memoryview(content, 0, bytes::array_length(content), format, false)?;
    py.store(view, python_objects::memoryview::word::EXPORTER, o.value());
    Ok(view.value())
}
fn typecode(py: Py<'_>, args: Args<'_>) -> R {
    py.character(u32::from(code(this(py, args)?).letter)).map(Object::value)
}
fn itemsize(py: Py<'_>, args: Args<'_>) -> R {
    py.int_usize(code(this(py, args)?).size)
}
fn buffer_info(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    let address = py.int_u64(py.identity(content(o).value()))?;
    let n = py.int_usize(length(o))?;
    py.tuple(&[address, n])
}
/// The place that an index means.
fn place(py: Py<'_>, o: Object, key: Value, message: &str) -> R<usize> {
    if py.as_int(key).is_none() && py.special(key, sym::INDEX).is_none() {
        return py.type_error("array indices must be integers");
    }
    let i = py.index_fitting(key, Exc::IndexError)?;
    py.checked_index(i, length(o), message)
}
fn getitem(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    if let Some(slice) = py.as_slice(args.at(1)) {
        let selection = py.slice_bounds(slice)?.fit(length(o));
        let size = code(o).size;
        let mut bytes = Vec::with_capacity(selection.count * size);
        let mut words = selection.indices().filter_map(|i| raw(py, o, i));
        py.in_pieces(selection.count, |a, b| {
            words.by_ref().take(b - a).for_each(|word| bytes.extend_from_slice(&word[..size]));
        })?;
        return new_exact(py, code(o), &bytes).map(Object::value);
    }
    let i = place(py, o, args.at(1), "array index out of range")?;
    match item(py, o, i)? {
        Some(v) => Ok(v),
        None => py.err(Exc::IndexError, "array index out of range"),
    }
}
/// The first item from `from` to `to` that equals `v`.
fn find(py: Py<'_>, o: Object, v: Value, from: usize, to: usize) -> R<Option<usize>> {
    for i in from..to {
        let Some(w) = item(py, o, i)? else { break };
        if py.equal(w, v)? {
            return Ok(Some(i));
        }
        if i & 0xFFF == 0 {
            py.poll()?;
        }
    }
    Ok(None)
}
fn contains(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    Ok(Value::bool(find(py, o, args.at(1), 0, usize::MAX)?.is_some()))
}
fn count(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    let (mut n, mut i) = (0, 0);
    while let Some(found) = find(py, o, args.at(1), i, usize::MAX)? {
        n += 1;
        i = found + 1;
    }
    py.int(n)
}
fn index(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    let bound = |i: usize, default: i64| args.opt(i).map_or(Ok(default), |v| py.slice_index(v));
    let (start, stop) = (bound(2, 0)?, bound(3, i64::MAX)?);
    let n = length(o) as i64;
    let fitted = |i: i64| if i < 0 { i.saturating_add(n).max(0) } else { i } as usize;
    match find(py, o, args.at(1), fitted(start), fitted(stop))? {
        Some(i) => py.int_usize(i),
        None => py.value_error("array.index(x): x not in array"),
    }
}
fn copy(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    new_exact(py, code(o), &py.bytearray_content(content(o))).map(Object::value)
}
fn compare(py: Py<'_>, args: Args<'_>, op: CompareOp) -> R {
    let o = this(py, args)?;
    let Some(other) = as_array(py, args.at(1)) else { return Ok(special::NOT_IMPLEMENTED) };
    if matches!(op, CompareOp::Eq | CompareOp::Ne) && length(o) != length(other) {
        return Ok(Value::bool(op == CompareOp::Ne));
    }
    let mut i = 0;
    loop {
        match (item(py, o, i)?, item(py, other, i)?) {
            (Some(x), Some(y)) => {
                if !py.equal(x, y)? {
                    return match op {
                        CompareOp::Eq => Ok(Value::FALSE),
                        CompareOp::Ne => Ok(Value::TRUE),
                        _ => py.rich_compare(op, x, y),
                    };
                }
            }
            (x, y) => return Ok(Value::bool(op.holds(x.is_some().cmp(&y.is_some())))),
        }
        i += 1;
        if i & 0xFFF == 0 {
            py.poll()?;
        }
    }
}
fn repr(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    let name = class::name(py, py.class_of(o.value()));
    let mut out = format!("{name}('{}'", char::from(code(o).letter)).into_bytes();
    if length(o) > 0 {
        out.extend_from_slice(b", ");
        let items = if code(o).letter == b'u' { transfer::tounicode(py, args)? } else { transfer::tolist(py, args)? };
        py.repr_into(items, &mut out)?;
    }
    out.push(b')');
    py.str_from_wtf8(&out).map(Object::value)
}
