//! `Struct`: a format that was parsed once.

use super::format;
use super::{error, format_bytes, iterator, pack_values, pack_values_into, unpack_buffer, unpack_buffer_from};
use python_objects::{Args, Native, Object, Py, R, TypeSpec, Value, bytes, int};

pub(super) static STRUCT: TypeSpec = TypeSpec::values(
    "_struct",
    "Struct",
    4,
    METHODS,
    "Struct(fmt) --> compiled struct object\n\nPacks and unpacks values by one format.",
)
.inheritable()
.weakly_referenced();
mod word {
    /// The text, as bytes.
    pub(super) const FORMAT: usize = 1;
    /// Bytes in all.
    pub(super) const SIZE: usize = 2;
    /// Values in all.
    pub(super) const ITEMS: usize = 3;
    /// The fields as they are kept.
    pub(super) const FIELDS: usize = 4;
}
static METHODS: &[Native] = &[
    Native::static_method("__new__", "cls, /, *args, **kwargs", new, "Create and return a new object.")
        .ignoring_arguments(),
    Native::wrapper("__init__", "self, format", init, "Initialize self."),
    Native::method("iter_unpack", "self, buffer, /", iter_unpack, "Iterate over a buffer that repeats the format."),
    Native::method("pack", "self, /, *args", pack, "S.pack(v1, v2, ...) -> bytes"),
    Native::method("pack_into", "self, /, *args", pack_into, "S.pack_into(buffer, offset, v1, v2, ...)"),
    Native::method("unpack", "self, buffer, /", unpack, "The values in a buffer of exactly the format's size."),
    Native::method(
        "unpack_from",
        "self, /, buffer, offset=0",
        unpack_from,
        "The values in a buffer from an offset on.",
    ),
    Native::method("__sizeof__", "self, /", size_of, "S.__sizeof__() -> size of S in memory, in bytes"),
    Native::getter("format", text, "struct format string"),
    Native::getter("size", |py, args| Ok(this(py, args)?.get(word::SIZE)), "struct size in bytes"),
];

fn this(py: Py<'_>, args: Args<'_>) -> R<Object> {
    py.native_self(args.at(0), &STRUCT)
}
/// Bytes in all; -1 before the format is known.
pub(super) fn size(o: Object) -> i64 {
    int::to_i64(o.get(word::SIZE)).unwrap_or(-1)
}
/// Values in all; -1 before the format is known.
pub(super) fn items(o: Object) -> i64 {
    int::to_i64(o.get(word::ITEMS)).unwrap_or(-1)
}
/// The fields as they are kept.
pub(super) fn kept_fields<'a>(o: Object) -> &'a [u8] {
    Object::from_value(o.get(word::FIELDS)).map_or(&[], bytes::slice)
}
fn empty(py: Py<'_>, class: Option<Value>) -> R<Object> {
    let o = match class {
        Some(class) => py.new_native_of(class, &STRUCT)?,
        None => py.new_native(&STRUCT)?,
    };
    o.init(word::FORMAT, Value::NONE);
    o.init(word::SIZE, Value::int(-1));
    o.init(word::ITEMS, Value::int(-1));
    Ok(o)
}
fn fill(py: Py<'_>, o: Object, text: Value) -> R<()> {
    let text = format_bytes(py, text)?;
    let parsed = match format::parse(bytes::slice(text)) {
        Ok(parsed) => parsed,
        Err(message) => return error(py, message),
    };
    let fields = py.bytes(&parsed.kept)?;
    let (size, items) = (py.int_usize(parsed.size)?, py.int_usize(parsed.items)?);
    py.store(o, word::FORMAT, text.value());
    py.store(o, word::FIELDS, fields.value());
    py.store(o, word::SIZE, size);
    py.store(o, word::ITEMS, items);
    Ok(())
}
/// A `Struct` of a format.
pub(super) fn make(py: Py<'_>, text: Value) -> R<Object> {
    let o = empty(py, None)?;
    fill(py, o, text)?;
    Ok(o)
}
fn new(py: Py<'_>, args: Args<'_>) -> R {
    empty(py, Some(args.at(0))).map(Object::value)
}
fn init(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    fill(py, o, args.at(1))?;
    Ok(Value::NONE)
}
fn iter_unpack(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    iterator::make(py, o, args.at(1))
}
fn pack(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    pack_values(py, o, Object::of(args.at(1)), 0)
}
fn pack_into(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    pack_values_into(py, o, Object::of(args.at(1)), 0)
}
fn unpack(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    unpack_buffer(py, o, args.at(1))
}
fn unpack_from(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    unpack_buffer_from(py, o, args.at(1), args.opt(2))
}
fn size_of(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    py.int_usize(8 * 5 + kept_fields(o).len())
}
fn text(py: Py<'_>, args: Args<'_>) -> R {
    match Object::from_value(this(py, args)?.get(word::FORMAT)) {
        Some(b) => py.new_ascii(bytes::slice(b)).map(Object::value),
        None => Ok(Value::NONE),
    }
}
