//! `_struct`: values in bytes, as C's structures have them.

mod format;
mod half;
mod items;
mod iterator;
mod object;

use crate::buffer::Window;
use format::{Field, fields};
use python_builtins::codec;
use python_objects::{Args, Exc, Kind, Native, Object, Py, R, Value, dict, string};
use std::cell::Cell;

static FUNCTIONS: &[Native] = &[
    Native::function("_clearcache", "", clear_cache, "Forget the formats that functions of this module were given."),
    Native::function("calcsize", "format, /", calcsize, "How many bytes a format stands for."),
    Native::function("iter_unpack", "format, buffer, /", iter_unpack, "Iterate over a buffer that repeats a format."),
    Native::function("pack", "*args", pack, "pack(format, v1, v2, ...) -> bytes"),
    Native::function(
        "pack_into",
        "*args",
        pack_into,
        "pack_into(format, buffer, offset, v1, v2, ...)\n\nPack values into a buffer that can be written to.",
    ),
    Native::function("unpack", "format, buffer, /", unpack, "The values in a buffer of exactly the size of a format."),
    Native::function(
        "unpack_from",
        "format, /, buffer, offset=0",
        unpack_from,
        "The values in a buffer from an offset on.",
    ),
];

/// What the module keeps: numbers of kept values ([`Py::keep`]).
#[derive(Default)]
struct Kept {
    error: Cell<Option<u32>>,
    cache: Cell<Option<u32>>,
}
fn kept(py: Py<'_>) -> std::rc::Rc<Kept> {
    py.state().data("_struct", Kept::default)
}

pub(crate) fn init(py: Py<'_>, module: Object) -> R<()> {
    let error = stdlib_core::support::exception_class(py, "struct", "error", Exc::Exception)?;
    kept(py).error.set(Some(py.keep(error.value())?));
    let cache = py.new_dict()?;
    kept(py).cache.set(Some(py.keep(cache.value())?));
    let d = py.module_dict(module);
    py.dict_set_text(d, "error", error.value())?;
    py.dict_set_text(d, "Struct", py.native_type(&object::STRUCT)?.value())?;
    py.add_functions(module, FUNCTIONS)
}

/// Raises `struct.error`.
#[cold]
fn error<T>(py: Py<'_>, message: &str) -> R<T> {
    let class = kept(py).error.get().map_or(py.root(Exc::Exception.root()), |number| py.kept(number));
    let message = py.str(message)?;
    let e = py.call(class, &[message])?;
    Err(py.throw(py.make_exception(e)?))
}

/// The most formats that are remembered.
const CACHED: usize = 100;

/// The `Struct` of a format that a function was given.
fn cached(py: Py<'_>, text: Value) -> R<Object> {
    let cache = kept(py).cache.get().and_then(|number| Object::from_value(py.kept(number)));
    let Some(cache) = cache.filter(|_| matches!(py.kind(text), Kind::STR | Kind::BYTES)) else {
        return object::make(py, text);
    };
    if let Some(found) = py.dict_get(cache, text)? {
        return Ok(Object::of(found));
    }
    let made = object::make(py, text)?;
    if dict::length(cache) >= CACHED {
        py.dict_clear(cache);
    }
    py.dict_set(cache, text, made.value())?;
    Ok(made)
}
fn clear_cache(py: Py<'_>, _: Args<'_>) -> R {
    if let Some(cache) = kept(py).cache.get().and_then(|number| Object::from_value(py.kept(number))) {
        py.dict_clear(cache);
    }
    Ok(Value::NONE)
}
/// The ASCII text of a format.
fn format_bytes(py: Py<'_>, v: Value) -> R<Object> {
    if let Some(s) = string::exact_or_payload(py, v) {
        let ascii = py.new_str("ascii")?;
        let encoded = codec::encode(py, s, Some(ascii), None)?;
        return Ok(Object::of(encoded));
    }
    match py.as_bytes(v) {
        Some(b) => Ok(b),
        None => py.type_error(&format!("Struct() argument 1 must be a str or bytes object, not {}", py.class_name(v))),
    }
}
/// A leading argument of a function that takes any number.
fn first(py: Py<'_>, given: Object) -> R {
    if given.length() == 0 {
        return py.type_error("missing format argument");
    }
    Ok(given.element(0))
}

/// The bytes of the items of `values` from `from` on.
fn packed(py: Py<'_>, this: Object, values: Object, from: usize, function: &str) -> R<Vec<u8>> {
    let (given, expected) = (values.length() - from.min(values.length()), object::items(this));
    if given as i64 != expected {
        return error(py, &format!("{function} expected {expected} items for packing (got {given})"));
    }
    let size = object::size(this).max(0) as usize;
    if size > py.heap().options().limit {
        return Err(py.out_of_memory(vm_api::heap::OutOfMemory));
    }
    let (mut out, mut next) = (Vec::with_capacity(size), from);
    let kept = object::kept_fields(this);
    for field in fields(kept) {
        out.resize(field.offset, 0);
        for _ in 0..field.count {
            items::pack(py, &field, values.element(next), &mut out)?;
            next += 1;
        }
    }
    out.resize(size, 0);
    Ok(out)
}
fn pack_values(py: Py<'_>, this: Object, values: Object, from: usize) -> R {
    let out = packed(py, this, values, from, "pack")?;
    py.bytes(&out).map(Object::value)
}
fn pack(py: Py<'_>, args: Args<'_>) -> R {
    let given = Object::of(args.at(0));
    let this = cached(py, first(py, given)?)?;
    pack_values(py, this, given, 1)
}
/// `pack_into`: the buffer is argument `at`, the offset follows, then the values.
fn pack_values_into(py: Py<'_>, this: Object, given: Object, at: usize) -> R {
    let count = given.length() - at;
    if count < 2 {
        return match count {
            0 => error(py, "pack_into expected buffer argument"),
            _ => error(py, "pack_into expected offset argument"),
        };
    }
    // Their number is checked before anything else is looked at.
    if count as i64 - 2 != object::items(this) {
        packed(py, this, given, at + 2, "pack_into")?;
    }
    let Some(target) = Window::for_writing(py, given.element(at))? else {
        let class = py.class_name(given.element(at));
        return py.type_error(&format!("argument must be read-write bytes-like object, not {class}"));
    };
    let offset = py.index_i64(given.element(at + 1))?;
    let size = object::size(this).max(0);
    let length = target.length as i64;
    let start = if offset < 0 {
        if offset + size > 0 {
            return error(py, &format!("no space to pack {size} bytes at offset {offset}"));
        }
        if offset + length < 0 {
            return error(py, &format!("offset {offset} out of range for {length}-byte buffer"));
        }
        offset + length
    } else {
        offset
    };
    if length - start < size {
        let needed = start as i128 + size as i128;
        return error(
            py,
            &format!(
                "pack_into requires a buffer of at least {needed} bytes for packing {size} bytes at offset {start} (actual buffer size is {length})"
            ),
        );
    }
    let out = packed(py, this, given, at + 2, "pack_into")?;
    target.write(py, start as usize, &out)?;
    Ok(Value::NONE)
}
fn pack_into(py: Py<'_>, args: Args<'_>) -> R {
    let given = Object::of(args.at(0));
    let this = cached(py, first(py, given)?)?;
    pack_values_into(py, this, given, 1)
}

/// The values in bytes, which are as many as the format says.
fn values(py: Py<'_>, this: Object, content: &[u8]) -> R {
    let count = object::items(this).max(0) as usize;
    if count > py.heap().options().limit / 8 {
        return Err(py.out_of_memory(vm_api::heap::OutOfMemory));
    }
    let (result, mut next) = (py.new_tuple(count)?, 0);
    let kept = object::kept_fields(this);
    for field in fields(kept) {
        let Field { offset, size, count, .. } = field;
        for i in 0..count {
            let from = offset + i * size;
            let v = items::unpack(py, &field, &content[from..from + size])?;
            py.heap().store_element(result, next, v);
            next += 1;
            if next % 4096 == 0 {
                py.poll()?;
            }
        }
    }
    Ok(result.value())
}
fn unpack_buffer(py: Py<'_>, this: Object, buffer: Value) -> R {
    let size = object::size(this);
    // The usual case first: exactly the bytes.
    let window = Window::for_reading(py, buffer)?;
    if window.length as i64 != size {
        return error(py, &format!("unpack requires a buffer of {size} bytes"));
    }
    let content = window.read(py, 0, window.length)?;
    values(py, this, &content)
}
fn unpack(py: Py<'_>, args: Args<'_>) -> R {
    let this = cached(py, args.at(0))?;
    unpack_buffer(py, this, args.at(1))
}
fn unpack_buffer_from(py: Py<'_>, this: Object, buffer: Value, offset: Option<Value>) -> R {
    let size = object::size(this).max(0);
    let offset = offset.map_or(Ok(0), |v| py.index_i64(v))?;
    let window = Window::for_reading(py, buffer)?;
    let length = window.length as i64;
    let start = if offset < 0 {
        if offset + size > 0 {
            return error(py, &format!("not enough data to unpack {size} bytes at offset {offset}"));
        }
        if offset + length < 0 {
            return error(py, &format!("offset {offset} out of range for {length}-byte buffer"));
        }
        offset + length
    } else {
        offset
    };
    if length - start < size {
        let needed = start as i128 + size as i128;
        return error(
            py,
            &format!(
                "unpack_from requires a buffer of at least {needed} bytes for unpacking {size} bytes at offset {start} (actual buffer size is {length})"
            ),
        );
    }
    let content = window.read(py, start as usize, size as usize)?;
    values(py, this, &content)
}
fn unpack_from(py: Py<'_>, args: Args<'_>) -> R {
    let this = cached(py, args.at(0))?;
    unpack_buffer_from(py, this, args.at(1), args.opt(2))
}
fn iter_unpack(py: Py<'_>, args: Args<'_>) -> R {
    let this = cached(py, args.at(0))?;
    iterator::make(py, this, args.at(1))
}
fn calcsize(py: Py<'_>, args: Args<'_>) -> R {
    let this = cached(py, args.at(0))?;
    py.int(object::size(this))
}
