//! Arrays from and to bytes, lists, text, files and pickles.

use super::code::{CODES, Code, Item};
use super::{ARRAY, changes, code, content, item, length, new_array, this};
use python_objects::py::root;
use python_objects::symbol::sym;
use python_objects::{Args, Exc, Kind, Native, Object, Py, R, Value, class, dict, int, list, string};

pub(super) static FUNCTIONS: &[Native] = &[Native::function(
    "_array_reconstructor",
    "arraytype, typecode, mformat_code, items, /",
    reconstruct,
    "Internal. Used for pickling support.",
)];

fn append_raw(py: Py<'_>, o: Object, bytes: &[u8]) -> R<()> {
    let n = python_objects::bytes::array_length(content(o));
    py.bytearray_splice(content(o), n, n, bytes)
}
pub(super) fn append_bytes(py: Py<'_>, o: Object, v: Value) -> R<()> {
    let Some(bytes) = py.content_of(v) else {
        return py.type_error(&format!("a bytes-like object is required, not '{}'", py.class_name(v)));
    };
    if bytes.len() % code(o).size != 0 {
        return py.value_error("bytes length not a multiple of item size");
    }
    append_raw(py, o, &bytes)
}
pub(super) fn frombytes(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    append_bytes(py, o, args.at(1))?;
    Ok(Value::NONE)
}
pub(super) fn tobytes(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    py.bytes(&py.bytearray_long_content(content(o))?).map(Object::value)
}
pub(super) fn tolist(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    let l = py.new_list(length(o))?;
    let mut i = 0;
    while let Some(v) = item(py, o, i)? {
        py.list_push(l, v)?;
        i += 1;
        if i & 0xFFFF == 0 {
            py.check_interrupt()?;
        }
    }
    Ok(l.value())
}
pub(super) fn fromlist(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    let Some(l) = py.as_list(args.at(1)) else { return py.type_error("arg must be list") };
    let n = list::length(l);
    let mut bytes = Vec::new();
    for i in 0..n {
        let Some(v) = list::get(l, i) else { break };
        bytes.extend_from_slice(&code(o).put(py, v)?[..code(o).size]);
        if list::length(l) != n {
            return py.err(Exc::RuntimeError, "list changed size during iteration");
        }
        if i & 0xFFFF == 0 {
            py.check_interrupt()?;
        }
    }
    append_raw(py, o, &bytes)?;
    Ok(Value::NONE)
}
pub(super) fn append_text(py: Py<'_>, o: Object, v: Value) -> R<()> {
    let Some(s) = string::exact_or_payload(py, v) else {
        return py.type_error(&format!("fromunicode() argument must be str, not {}", py.class_name(v)));
    };
    let bytes: Vec<u8> = string::code_points(s).flat_map(u32::to_ne_bytes).collect();
    append_raw(py, o, &bytes)
}
pub(super) fn fromunicode(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    if code(o).item != Item::Character {
        return py.value_error("fromunicode() may only be called on unicode type arrays");
    }
    append_text(py, o, args.at(1))?;
    Ok(Value::NONE)
}
pub(super) fn tounicode(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    if code(o).item != Item::Character {
        return py.value_error("tounicode() may only be called on unicode type arrays");
    }
    let mut points = Vec::with_capacity(length(o));
    for bytes in py.bytearray_content(content(o)).chunks_exact(4) {
        match bytes.try_into().map_or(u32::MAX, u32::from_ne_bytes) {
            c @ 0..=0x10_FFFF => points.push(c),
            c => return py.value_error(&format!("character U+{c:x} is not in range [U+0000; U+10ffff]")),
        }
    }
    py.str_from_code_points(&points).map(Object::value)
}

/// Bytes written at once.
const BLOCK: usize = 64 << 10;

pub(super) fn tofile(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    let all = py.bytearray_content(content(o));
    for part in all.chunks(BLOCK) {
        let part = py.bytes(part)?;
        py.call_method(args.at(1), sym::WRITE, &[part.value()])?;
    }
    Ok(Value::NONE)
}
pub(super) fn fromfile(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    let n = py.index_i64(args.at(2))?;
    if n < 0 {
        return py.value_error("negative count");
    }
    let Some(wanted) = (n as usize).checked_mul(code(o).size).and_then(|w| i64::try_from(w).ok()) else {
        return Err(py.out_of_memory(vm_api::heap::OutOfMemory));
    };
    let count = py.int(wanted)?;
    let read = py.call_method(args.at(1), sym::READ, &[count])?;
    let Some(bytes) = py.as_bytes(read) else { return py.type_error("read() didn't return bytes") };
    append_bytes(py, o, bytes.value())?;
    if python_objects::bytes::slice(bytes).len() as i64 != wanted {
        return py.err(Exc::EOFError, "read() didn't return enough bytes");
    }
    Ok(Value::NONE)
}

pub(super) fn reduce(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    let Some(protocol) = py.as_int(args.at(1)).and_then(int::to_i64) else {
        return py.type_error("__reduce_ex__ argument should be an integer");
    };
    let state = match py.attributes_copy(o)? {
        Some(d) => d.value(),
        None => Value::NONE,
    };
    let (class, letter) = (py.class_of(o.value()).value(), py.character(u32::from(code(o).letter))?.value());
    if protocol < 3 {
        let items = if code(o).item == Item::Character { tounicode(py, args)? } else { tolist(py, args)? };
        let items = if code(o).item == Item::Character { py.list_from(items)?.value() } else { items };
        let arguments = py.tuple(&[letter, items])?;
        return py.tuple(&[class, arguments, state]);
    }
    let function = reconstructor(py)?;
    let content = tobytes(py, args)?;
    let arguments = py.tuple(&[class, letter, Value::int(i64::from(code(o).format)), content])?;
    py.tuple(&[function, arguments, state])
}

/// `array._array_reconstructor`, the very object, which pickles name.
fn reconstructor(py: Py<'_>) -> R {
    let modules = Object::of(py.root(root::MODULES));
    let name = py.intern("array")?;
    let module = dict::get_symbol(py, modules, name).and_then(|m| py.of_kind(m, Kind::MODULE));
    let found = match module {
        Some(m) => py.module_item(m, FUNCTIONS[0].name)?,
        None => None,
    };
    match found {
        Some(f) => Ok(f),
        None => py.err(Exc::ImportError, "cannot import name '_array_reconstructor' from 'array'"),
    }
}

/// Items in a format that another machine may have written.
fn reconstruct(py: Py<'_>, args: Args<'_>) -> R {
    let Some(class) = py.of_kind(args.at(0), Kind::TYPE) else {
        return py.type_error(&format!("first argument must be a type object, not {}", py.class_name(args.at(0))));
    };
    let own = py.native_type(&ARRAY)?;
    if !py.is_subclass(class, own) {
        let name = class::name(py, class);
        return py.type_error(&format!("{name} is not a subtype of array.array"));
    }
    let letter = string::exact_or_payload(py, args.at(1)).filter(|s| string::length(*s) == 1);
    let Some(letter) = letter else {
        let given = py.class_name(args.at(1));
        return py.type_error(&format!("_array_reconstructor() argument 2 must be a unicode character, not {given}"));
    };
    let Some(target) = Code::of(string::at(letter, 0)) else {
        return py.value_error("second argument must be a valid type code");
    };
    let format = py.index_i32(args.at(2))?;
    let Some(content) = py.as_bytes(args.at(3)) else {
        let given = py.class_name(args.at(3));
        return py.type_error(&format!("fourth argument should be bytes, not {given}"));
    };
    if i32::from(target.format) == format {
        let array = new_array(py, args.at(0), target, &[])?;
        append_bytes(py, array, content.value())?;
        return Ok(array.value());
    }
    if !(0..=21).contains(&format) {
        return py.value_error("third argument must be a valid machine format code.");
    }
    let big = format % 2 == 1 && format > 1;
    let native_big = cfg!(target_endian = "big");
    let base = if big { format - 1 } else { format };
    // The typecode that has this format here; bytes are turned where the order differs.
    let source =
        CODES.into_iter().rfind(|c| i32::from(c.format) == if native_big && c.size > 1 { base + 1 } else { base });
    let is_utf16 = base == 18;
    // Integers keep the type that they were written with, if there is one.
    let target = match source {
        Some(source) if matches!(source.item, Item::Signed(_) | Item::Unsigned(..)) => source,
        _ => target,
    };
    let array = new_array(py, args.at(0), target, &[])?;
    let content = python_objects::bytes::slice(content);
    if is_utf16 {
        // CPython's tables give text units of twice their size.
        if content.len() % 4 != 0 {
            return py.value_error("string length not a multiple of item size");
        }
        let units = content
            .chunks_exact(2)
            .map(|p| if big { u16::from_be_bytes([p[0], p[1]]) } else { u16::from_le_bytes([p[0], p[1]]) });
        let points: Vec<u32> = char::decode_utf16(units)
            .map(|c| c.map_or_else(|e| u32::from(e.unpaired_surrogate()), u32::from))
            .collect();
        let text = py.str_from_code_points(&points)?;
        append_text(py, array, text.value())?;
        return Ok(array.value());
    }
    let Some(source) = source else {
        return py.value_error("third argument must be a valid machine format code.");
    };
    let unit = if base == 20 { 8 } else { source.size };
    if content.len() % unit != 0 {
        return py.value_error("string length not a multiple of item size");
    }
    for bytes in content.chunks_exact(source.size) {
        let mut word = [0; 8];
        word[..source.size].copy_from_slice(bytes);
        if big != native_big {
            word[..source.size].reverse();
        }
        let v = source.get(py, word)?;
        let one = py.tuple(&[v])?;
        changes::append_items(py, array, one)?;
    }
    Ok(array.value())
}
