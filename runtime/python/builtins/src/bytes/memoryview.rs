//! `memoryview`: methods. Views are of `bytes` and bytearrays; other objects give one by their `__buffer__` (PEP 688).

use super::memory_items::{pack, unpack};
use super::{buffer, construct};
use crate::wrappers::{new_class, wrong_self};
use python_objects::kind::{Kind, class, shape, special};
use python_objects::memoryview::{self, word};
use python_objects::symbol::sym;
use python_objects::{Args, Exc, Native, Object, Py, R, Value, int, list, string, tuple};

/// `inspect.BufferFlags.FULL_RO`, which a view asks other objects for.
pub(super) const FULL_READ_ONLY: i64 = 0x11C;

pub(super) static METHODS: &[Native] = &[
    Native::static_method(
        "__new__",
        "cls, object",
        new,
        "Create a new memoryview object which references the given object.",
    ),
    Native::class_method(
        "_from_flags",
        "type, object, flags",
        |py, a| view_of(py, a.at(1)).map(Object::value),
        "Create a new memoryview object with buffer flags.",
    ),
    Native::wrapper("__repr__", "self, /", repr, "Return repr(self)."),
    Native::wrapper("__hash__", "self, /", hash, "Return hash(self)."),
    Native::wrapper("__eq__", "self, value, /", |py, a| compare(py, a, true), "Return self==value."),
    Native::wrapper("__ne__", "self, value, /", |py, a| compare(py, a, false), "Return self!=value."),
    Native::wrapper("__lt__", "self, value, /", |_, _| Ok(special::NOT_IMPLEMENTED), "Return self<value."),
    Native::wrapper("__le__", "self, value, /", |_, _| Ok(special::NOT_IMPLEMENTED), "Return self<=value."),
    Native::wrapper("__gt__", "self, value, /", |_, _| Ok(special::NOT_IMPLEMENTED), "Return self>value."),
    Native::wrapper("__ge__", "self, value, /", |_, _| Ok(special::NOT_IMPLEMENTED), "Return self>=value."),
    Native::wrapper("__len__", "self, /", length, "Return len(self)."),
    Native::wrapper("__iter__", "self, /", iter, "Implement iter(self)."),
    Native::wrapper("__getitem__", "self, key, /", get_item, "Return self[key]."),
    Native::wrapper("__setitem__", "self, key, value, /", set_item, "Set self[key] to value."),
    Native::wrapper("__delitem__", "self, key, /", delete_item, "Delete self[key]."),
    Native::method("__enter__", "self, /", |py, a| Ok(view(py, a)?.value()), ""),
    Native::method("__exit__", "self, /, *exc_info", release, ""),
    Native::method("release", "self, /", release, "Release the underlying buffer."),
    Native::method("tobytes", "self, /, order='C'", to_bytes, "Return the data in the buffer as a byte string."),
    Native::method(
        "hex",
        "self, /, sep=None, bytes_per_sep=1",
        hex,
        "A string of hexadecimal numbers, with separators after so many bytes.\n\n>>> value = memoryview(b'\\x0a\\xff\\x00')\n>>> value.hex()\n'0aff00'\n>>> value.hex(':')\n'0a:ff:00'",
    ),
    Native::method("tolist", "self, /", to_list, "Return the data in the buffer as a list of elements."),
    Native::method("toreadonly", "self, /", to_readonly, "Return a readonly version of the memoryview."),
    Native::method("cast", "self, /, format, shape=None", cast, "Cast a memoryview to a new format or shape."),
    Native::wrapper(
        "__buffer__",
        "self, flags, /",
        |py, a| Ok(copy(py, view(py, a)?)?.value()),
        "Return a buffer object that exposes the underlying memory of the object.",
    ),
    Native::wrapper(
        "__release_buffer__",
        "self, buffer, /",
        |_, _| Ok(Value::NONE),
        "Release the buffer object that exposes the underlying memory of the object.",
    ),
    Native::getter("obj", exporter, "The underlying object of the memoryview."),
    Native::getter(
        "nbytes",
        |py, a| py.int_usize(memoryview::byte_length(view(py, a)?)),
        "The size in bytes that the items would use.",
    ),
    Native::getter(
        "readonly",
        |py, a| Ok(Value::bool(py.memoryview_readonly(view(py, a)?))),
        "Whether the memory is read only.",
    ),
    Native::getter("itemsize", |py, a| py.int_usize(memoryview::size(view(py, a)?)), "The size in bytes of each item."),
    Native::getter("format", format, "The format of each item."),
    Native::getter("ndim", |py, a| py.int_usize(dimensions(view(py, a)?).len()), "How many dimensions the memory has."),
    Native::getter("shape", |py, a| integers(py, dimensions(view(py, a)?)), "The length of each dimension."),
    Native::getter(
        "strides",
        |py, a| integers(py, strides(view(py, a)?)),
        "How many bytes it is from item to item in each dimension.",
    ),
    Native::getter(
        "suboffsets",
        |py, a| {
            view(py, a)?;
            Ok(py.empty_tuple())
        },
        "Always empty.",
    ),
    Native::getter("c_contiguous", contiguous, "Whether the items lie one behind the other in C's order."),
    Native::getter(
        "f_contiguous",
        |py, a| {
            let v = view(py, a)?;
            Ok(Value::bool(memoryview::is_contiguous(v) && dimensions(v).len() <= 1))
        },
        "Whether the items lie one behind the other in Fortran's order.",
    ),
    Native::getter("contiguous", contiguous, "Whether the items lie one behind the other."),
];

/// `__buffer__` of `bytes` and `bytearray`.
pub(super) static BUFFER: &[Native] = &[Native::wrapper(
    "__buffer__",
    "self, flags, /",
    |py, a| view_of(py, a.at(0)).map(Object::value),
    "Return a buffer object that exposes the underlying memory of the object.",
)];
/// `__release_buffer__` of `bytearray`.
pub(super) static RELEASE: &[Native] = &[Native::wrapper(
    "__release_buffer__",
    "self, buffer, /",
    |_, _| Ok(Value::NONE),
    "Release the buffer object that exposes the underlying memory of the object.",
)];

/// The view that `self` is; ValueError if it was released.
fn view(py: Py<'_>, args: Args<'_>) -> R<Object> {
    match py.of_kind(args.at(0), Kind::MEMORYVIEW) {
        Some(v) if memoryview::base(v).is_some() => Ok(v),
        Some(_) => py.value_error("operation forbidden on released memoryview object"),
        None => wrong_self(py, args.at(0)),
    }
}

fn new(py: Py<'_>, args: Args<'_>) -> R {
    new_class(py, args.at(0), class::MEMORYVIEW)?;
    view_of(py, args.at(1)).map(Object::value)
}

/// A view of a bytes-like object. Runs Python code.
fn view_of(py: Py<'_>, v: Value) -> R<Object> {
    match py.kind(v) {
        Kind::BYTES => {
            if let Some(b) = py.as_bytes(v) {
                let view = py.new_memoryview(b, 0, python_objects::bytes::slice(b).len(), Value::EMPTY, true)?;
                if b.value() != v {
                    py.store(view, word::EXPORTER, v);
                }
                return Ok(view);
            }
        }
        Kind::BYTEARRAY => {
            let b = Object::of(v);
            return py.new_memoryview(b, 0, python_objects::bytes::array_length(b), Value::EMPTY, false);
        }
        Kind::MEMORYVIEW => return copy(py, view(py, Args::of(&[v]))?),
        _ => {
            if let Some(r) = py.call_special(v, sym::BUFFER, &[Value::int(FULL_READ_ONLY)])? {
                return match py.of_kind(r, Kind::MEMORYVIEW) {
                    Some(r) => copy(py, view(py, Args::of(&[r.value()]))?),
                    None => py.type_error("__buffer__ returned non-memoryview object"),
                };
            }
        }
    }
    py.type_error(&format!("memoryview: a bytes-like object is required, not '{}'", py.class_name(v)))
}

/// Another view of the same.
fn copy(py: Py<'_>, v: Object) -> R<Object> {
    let base = memoryview::base(v).unwrap_or(v);
    let readonly = v.get(word::READONLY) == Value::TRUE;
    let o = py.new_memoryview(
        base,
        v.word(word::START) as usize,
        memoryview::byte_length(v),
        v.get(word::FORMAT),
        readonly,
    )?;
    o.set_word(word::STRIDE, v.word(word::STRIDE));
    py.store(o, word::EXPORTER, v.get(word::EXPORTER));
    py.store(o, word::SHAPE, v.get(word::SHAPE));
    Ok(o)
}

/// What the program made the view of.
fn exporter(py: Py<'_>, args: Args<'_>) -> R {
    let v = view(py, args)?;
    let exporter = v.get(word::EXPORTER);
    Ok(if exporter.is_empty() { v.get(word::BASE) } else { exporter })
}

/// Lengths of the dimensions.
fn dimensions(v: Object) -> Vec<usize> {
    match Object::from_value(v.get(word::SHAPE)) {
        Some(t) => tuple::items(t).map(|n| n.as_int() as usize).collect(),
        None => vec![memoryview::count(v)],
    }
}

fn strides(v: Object) -> Vec<i64> {
    let dimensions = dimensions(v);
    if v.get(word::SHAPE).is_empty() {
        return vec![v.word(word::STRIDE) as i64];
    }
    let size = memoryview::size(v) as i64;
    (0..dimensions.len()).map(|i| dimensions[i + 1..].iter().fold(size, |product, n| product * *n as i64)).collect()
}

fn integers<T: TryInto<i64>>(py: Py<'_>, all: Vec<T>) -> R {
    let l = py.new_list(all.len())?;
    for n in all {
        let n = py.int(n.try_into().unwrap_or(i64::MAX))?;
        py.list_push(l, n)?;
    }
    py.list_to_tuple(l)
}

fn contiguous(py: Py<'_>, args: Args<'_>) -> R {
    Ok(Value::bool(memoryview::is_contiguous(view(py, args)?)))
}

fn format(py: Py<'_>, args: Args<'_>) -> R {
    match view(py, args)?.get(word::FORMAT) {
        f if f.is_empty() => py.str("B"),
        f => Ok(f),
    }
}

fn repr(py: Py<'_>, args: Args<'_>) -> R {
    let Some(v) = py.of_kind(args.at(0), Kind::MEMORYVIEW) else { return wrong_self(py, args.at(0)) };
    let what = if memoryview::base(v).is_some() { "memory" } else { "released memory" };
    py.str(&format!("<{what} at {}>", py.address_text(v.value())))
}

/// What was viewed has shrunk since.
#[cold]
fn gone<T>(py: Py<'_>) -> R<T> {
    py.err(Exc::BufferError, "memoryview: the underlying object was resized")
}

fn content(py: Py<'_>, v: Object) -> R<Vec<u8>> {
    match py.memoryview_long_content(v)? {
        Some(content) => Ok(content),
        None => gone(py),
    }
}

fn hash(py: Py<'_>, args: Args<'_>) -> R {
    if let Some(v) = py.of_kind(args.at(0), Kind::MEMORYVIEW)
        && v.word(word::HASH) != 0
    {
        return py.int(v.word(word::HASH) as i64);
    }
    let v = view(py, args)?;
    if !py.memoryview_readonly(v) {
        return py.value_error("cannot hash writable memoryview object");
    }
    if !matches!(memoryview::format(v), 'B' | 'b' | 'c') {
        return py.value_error("memoryview: hashing is restricted to formats 'B', 'b' or 'c'");
    }
    let content = py.bytes(&content(py, v)?)?;
    let hash = py.hash(content.value())?;
    v.set_word(word::HASH, hash as u64);
    py.int(hash)
}

fn compare(py: Py<'_>, args: Args<'_>, equal: bool) -> R {
    let Some(v) = py.of_kind(args.at(0), Kind::MEMORYVIEW) else { return wrong_self(py, args.at(0)) };
    let other = args.at(1);
    if args.at(0) == other && !matches!(memoryview::format(v), 'f' | 'd') {
        return Ok(Value::bool(equal));
    }
    if memoryview::base(v).is_none() {
        return Ok(Value::bool(!equal));
    }
    let w = match py.kind(other) {
        Kind::MEMORYVIEW if memoryview::base(Object::of(other)).is_none() => return Ok(Value::bool(!equal)),
        Kind::MEMORYVIEW => Object::of(other),
        Kind::BYTES | Kind::BYTEARRAY => view_of(py, other)?,
        _ if py.special(other, sym::BUFFER).is_some() => view_of(py, other)?,
        _ => return Ok(special::NOT_IMPLEMENTED),
    };
    if dimensions(v) != dimensions(w) {
        return Ok(Value::bool(!equal));
    }
    let (f, g) = (memoryview::format(v), memoryview::format(w));
    let (a, b) = (content(py, v)?, content(py, w)?);
    if f == g && !matches!(f, 'f' | 'd' | '?') {
        return Ok(Value::bool((a == b) == equal));
    }
    for (x, y) in a.chunks(memoryview::size(v)).zip(b.chunks(memoryview::size(w))) {
        let (x, y) = (unpack(py, f, x)?, unpack(py, g, y)?);
        if !py.equal(x, y)? {
            return Ok(Value::bool(!equal));
        }
    }
    Ok(Value::bool(equal))
}

fn length(py: Py<'_>, args: Args<'_>) -> R {
    match dimensions(view(py, args)?).first() {
        Some(n) => py.int_usize(*n),
        None => py.type_error("0-dim memory has no length"),
    }
}

fn iter(py: Py<'_>, args: Args<'_>) -> R {
    let v = view(py, args)?;
    match dimensions(v).len() {
        0 => py.type_error("invalid indexing of 0-dim memory"),
        1 => {
            let i = py.alloc(shape::SEQUENCE_ITERATOR, 3)?;
            py.store(i, 2, v.value());
            Ok(i.value())
        }
        _ => py.err(Exc::NotImplementedError, "multi-dimensional sub-views are not implemented"),
    }
}

/// What a key selects.
enum Selected {
    Item(usize),
    Slice(Object),
    /// A 0-dimensional view as a whole.
    Whole,
}

fn select(py: Py<'_>, v: Object, key: Value) -> R<Selected> {
    let lengths = dimensions(v);
    if lengths.is_empty() {
        let is_whole = key == special::ELLIPSIS || py.as_tuple(key).is_some_and(|t| t.length() == 0);
        return if is_whole { Ok(Selected::Whole) } else { py.type_error("invalid indexing of 0-dim memory") };
    }
    if let Some(slice) = py.as_slice(key) {
        return Ok(Selected::Slice(slice));
    }
    let is_index = |v: Value| py.as_int(v).is_some() || py.special(v, sym::INDEX).is_some();
    let outside = |i: usize| format!("index out of bounds on dimension {}", i + 1);
    if is_index(key) {
        if lengths.len() > 1 {
            return py.err(Exc::NotImplementedError, "multi-dimensional sub-views are not implemented");
        }
        return Ok(Selected::Item(py.checked_index(
            py.index_fitting(key, Exc::IndexError)?,
            lengths[0],
            &outside(0),
        )?));
    }
    if py.as_tuple(key).is_some_and(|t| t.length() > 0 && tuple::items(t).all(|v| py.as_slice(v).is_some())) {
        return py.err(Exc::NotImplementedError, "multi-dimensional slicing is not implemented");
    }
    let Some(t) = py.as_tuple(key).filter(|t| tuple::items(*t).all(is_index)) else {
        return py.type_error("memoryview: invalid slice key");
    };
    if t.length() < lengths.len() {
        return py.err(Exc::NotImplementedError, "sub-views are not implemented");
    }
    if t.length() > lengths.len() {
        let (n, given) = (lengths.len(), t.length());
        return py.type_error(&format!("cannot index {n}-dimension view with {given}-element tuple"));
    }
    let mut at = 0;
    for (d, n) in lengths.iter().enumerate() {
        at = at * n + py.checked_index(py.index_fitting(t.element(d), Exc::IndexError)?, *n, &outside(d))?;
    }
    Ok(Selected::Item(at))
}

fn item(py: Py<'_>, v: Object, i: usize) -> R {
    match py.memoryview_item(v, i) {
        Some(item) => unpack(py, memoryview::format(v), &item),
        None => gone(py),
    }
}

fn get_item(py: Py<'_>, args: Args<'_>) -> R {
    let v = view(py, args)?;
    if let Some(slice) = py.as_slice(args.at(1))
        && !dimensions(v).is_empty()
    {
        return Ok(sliced(py, v, slice)?.value());
    }
    let selected = select(py, v, args.at(1))?;
    // An `__index__` may have released it.
    let v = view(py, args)?;
    match selected {
        Selected::Item(i) => item(py, v, i),
        Selected::Whole if args.at(1) == special::ELLIPSIS => Ok(v.value()),
        Selected::Whole => item(py, v, 0),
        Selected::Slice(slice) => Ok(sliced(py, v, slice)?.value()),
    }
}

/// The view of a slice of the first dimension.
fn sliced(py: Py<'_>, v: Object, slice: Object) -> R<Object> {
    let lengths = dimensions(v);
    // Made first: Python code that the bounds run may release `v`.
    let r = copy(py, v)?;
    let stride = strides(v)[0];
    let selection = py.slice_indices(slice, lengths[0])?;
    if selection.count > 0 {
        r.set_word(word::START, (v.word(word::START) as i64 + selection.start * stride) as u64);
    }
    if lengths.len() > 1 {
        if selection.step != 1 {
            return py.err(Exc::NotImplementedError, "multi-dimensional slicing is not implemented");
        }
        let mut new = lengths;
        new[0] = selection.count;
        let shape = integers(py, new)?;
        py.store(r, word::SHAPE, shape);
        r.set_word(word::LENGTH, (selection.count as i64 * stride) as u64);
        return Ok(r);
    }
    r.set_word(word::STRIDE, (stride.saturating_mul(selection.step)) as u64);
    r.set_word(word::LENGTH, (selection.count * memoryview::size(v)) as u64);
    Ok(r)
}

fn set_item(py: Py<'_>, args: Args<'_>) -> R {
    let (v, value) = (view(py, args)?, args.at(2));
    if py.memoryview_readonly(v) {
        return py.type_error("cannot modify read-only memory");
    }
    let (format, size) = (memoryview::format(v), memoryview::size(v));
    match select(py, v, args.at(1))? {
        selected @ (Selected::Item(_) | Selected::Whole) => {
            let i = if let Selected::Item(i) = selected { i } else { 0 };
            let item = pack(py, format, size, value)?;
            if !py.memoryview_write(view(py, args)?, i, &item) {
                return gone(py);
            }
        }
        Selected::Slice(slice) => {
            if dimensions(v).len() > 1 {
                return py.err(
                    Exc::NotImplementedError,
                    "memoryview slice assignments are currently restricted to ndim = 1",
                );
            }
            let target = sliced(py, v, slice)?;
            view(py, args)?;
            buffer(py, value)?;
            let source = view_of(py, value)?;
            if memoryview::format(source) != format || dimensions(source) != dimensions(target) {
                return py.value_error("memoryview assignment: lvalue and rvalue have different structures");
            }
            let new = content(py, source)?;
            for (i, item) in new.chunks(size).enumerate() {
                if !py.memoryview_write(target, i, item) {
                    return gone(py);
                }
            }
        }
    }
    Ok(Value::NONE)
}

fn delete_item(py: Py<'_>, args: Args<'_>) -> R {
    let v = view(py, args)?;
    py.type_error(if py.memoryview_readonly(v) { "cannot modify read-only memory" } else { "cannot delete memory" })
}

fn release(py: Py<'_>, args: Args<'_>) -> R {
    match py.of_kind(args.at(0), Kind::MEMORYVIEW) {
        Some(v) => {
            py.store(v, word::BASE, Value::NONE);
            Ok(Value::NONE)
        }
        None => wrong_self(py, args.at(0)),
    }
}

fn to_bytes(py: Py<'_>, args: Args<'_>) -> R {
    let v = view(py, args)?;
    match args.some(1) {
        None => {}
        Some(order) => match string::exact_or_payload(py, order) {
            Some(s) if string::is(s, "C") || string::is(s, "A") => {}
            Some(s) if string::is(s, "F") && dimensions(v).len() <= 1 => {}
            Some(s) if string::is(s, "F") => {
                return py.err(Exc::NotImplementedError, "memoryview: Fortran's order of more than one dimension");
            }
            Some(_) => return py.value_error("order must be 'C', 'F' or 'A'"),
            None => {
                let given = py.class_name(order);
                return py.type_error(&format!("tobytes() argument 'order' must be str or None, not {given}"));
            }
        },
    }
    Ok(py.bytes(&content(py, v)?)?.value())
}

fn hex(py: Py<'_>, args: Args<'_>) -> R {
    view(py, args)?;
    construct::hex(py, args)
}

fn to_list(py: Py<'_>, args: Args<'_>) -> R {
    let v = view(py, args)?;
    let all = content(py, v)?;
    let (format, size) = (memoryview::format(v), memoryview::size(v));
    let lengths = dimensions(v);
    if lengths.is_empty() {
        return unpack(py, format, &all);
    }
    let l = py.new_list(0)?;
    for (i, item) in all.chunks(size).enumerate() {
        py.list_push(l, unpack(py, format, item)?)?;
        if i & 0xFFF == 0xFFF {
            py.poll()?;
        }
    }
    // From the last dimension on, groups become lists of their own.
    let mut flat = l;
    for n in lengths[1..].iter().rev() {
        let groups = py.new_list(0)?;
        let count = if *n == 0 { 0 } else { list::length(flat) / n };
        for g in 0..count {
            let group = py.list_of_elements(list::array(flat), g * n, (g + 1) * n)?;
            py.list_push(groups, group.value())?;
        }
        flat = groups;
    }
    Ok(flat.value())
}

fn to_readonly(py: Py<'_>, args: Args<'_>) -> R {
    let r = copy(py, view(py, args)?)?;
    py.store(r, word::READONLY, Value::TRUE);
    Ok(r.value())
}

fn cast(py: Py<'_>, args: Args<'_>) -> R {
    let v = view(py, args)?;
    let Some(format) = string::exact_or_payload(py, args.at(1)) else {
        return py.type_error(&format!("cast() argument 'format' must be str, not {}", py.class_name(args.at(1))));
    };
    if !memoryview::is_contiguous(v) {
        return py.type_error("memoryview: casts are restricted to C-contiguous views");
    }
    let lengths = match args.some(2) {
        None => None,
        Some(shape) => Some(lengths_from(py, shape)?),
    };
    if let Some(lengths) = &lengths
        && (lengths.len() > 1 || dimensions(v).len() > 1)
        && !(lengths.len() == 1 || dimensions(v).len() == 1)
    {
        return py.type_error("memoryview: cast must be 1D -> ND or ND -> 1D");
    }
    let text = string::text(format);
    let code = text.strip_prefix('@').unwrap_or(&text);
    let size = match code.chars().next() {
        Some(c) if code.len() == 1 => memoryview::item_size(c).map(|size| (c, size)),
        _ => None,
    };
    let Some((new, size)) = size else {
        return py.value_error(
            "memoryview: destination format must be a native single character format prefixed with an optional '@'",
        );
    };
    let is_byte = |c: char| matches!(c, 'B' | 'b' | 'c');
    if !is_byte(new) && !is_byte(memoryview::format(v)) {
        return py.type_error("memoryview: cannot cast between two non-byte formats");
    }
    let length = memoryview::byte_length(v);
    if !length.is_multiple_of(size) {
        return py.type_error("memoryview: length is not a multiple of itemsize");
    }
    let r = copy(py, v)?;
    py.store(r, word::FORMAT, format.value());
    py.store(r, word::SHAPE, Value::EMPTY);
    r.set_word(word::STRIDE, size as u64);
    if let Some(lengths) = lengths {
        let product = lengths.iter().fold(size as u128, |product, n| product.saturating_mul(*n as u128));
        if product != length as u128 {
            return py.type_error("memoryview: product(shape) * itemsize != buffer size");
        }
        if lengths.len() != 1 {
            let shape = integers(py, lengths)?;
            py.store(r, word::SHAPE, shape);
        }
    }
    Ok(r.value())
}

/// The dimensions that `cast` is asked for.
fn lengths_from(py: Py<'_>, shape: Value) -> R<Vec<usize>> {
    if !matches!(py.kind(shape), Kind::LIST | Kind::TUPLE) {
        return py.type_error("shape must be a list or a tuple");
    }
    let t = py.tuple_from(shape)?;
    if t.length() > 64 {
        return py.value_error("memoryview: number of dimensions must not exceed 64");
    }
    let mut lengths = Vec::new();
    for n in tuple::items(t) {
        let Some(i) = py.as_int(n) else {
            return py.type_error("memoryview.cast(): elements of shape must be integers");
        };
        match int::to_i64(i).and_then(|i| usize::try_from(i).ok()).filter(|i| *i > 0) {
            Some(n) => lengths.push(n),
            None => return py.value_error("memoryview.cast(): elements of shape must be integers > 0"),
        }
    }
    Ok(lengths)
}
